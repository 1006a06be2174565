//! Whether a chain of mentions is an agreement that the register should hold: a logistic model over a handful of features that can
//! be read and checked (`rules/en/recorded.toml`), learnt from hand-labelled news by `chancery-train recorded`.
use crate::agreements::Tools;
use crate::chain::Chain;
use crate::lexicon::Weight;
use crate::logistic::{Features, Model};
use crate::mention::Mention;
use crate::signs::{self, Focused};
use crate::words::Words;
use chancery_agreement::{AgreementKind, Modality, Party, Stage, StageKind};
use chancery_dissect::actors::ActorKind;
use std::collections::BTreeSet;

/// Every feature that [`features`] can give.
pub const NAMES: &[&str] = &[
    "known-instrument",
    "noun-strong",
    "noun-supported",
    "kind-ceasefire",
    "kind-peace",
    "kind-trade",
    "kind-treaty",
    "kind-pact",
    "kind-contract",
    "kind-memorandum",
    "no-party",
    "one-party",
    "two-parties",
    "no-actor-near",
    "one-actor-near",
    "two-actors-near",
    "no-stage",
    "one-stage",
    "two-stages",
    "signed-or-ratified",
    "only-proposed",
    "proper-name",
    "mentions",
    "named-in-first-sentences",
    "bare",
    "plural",
    "no-or-any",
    "indefinite",
    "demonstrative",
    "set-apart",
    "year",
    "modified",
    "foreign-words",
    "in-with-phrase",
    "armed-group",
    "international-body",
    "told-by-verb",
    "related",
    "first-side",
    "second-side",
    "surest-stage",
    "two-powers",
    "no-power",
    "organization",
    "only-own-parties",
    "powers-in-article",
    "foreign-in-article",
    "actors-in-article",
    "mark-known",
    "mark-agreement-most",
    "mark-agreement-mean",
    "mark-stage-beside",
    "mark-commitment-beside",
    "mark-stage-in-article",
    "focus-known",
    "focus-agreement-most",
    "focus-agreement-mean",
    "focus-stage-most",
    "focus-commitment-most",
];

/// True for a chain that the register is to hold: the model takes it for an agreement, or the text ties it to another one by its name.
#[must_use]
pub fn is_recorded(model: &Model, features: &Features, words: &Words) -> bool {
    model.probability_with(features, words) >= model.threshold()
        || features.contains("related") && features.contains("proper-name")
}

/// What a chain would be recorded with.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'c> {
    /// Parties that its own words and events give.
    pub told: &'c [Party],
    /// All its parties.
    pub near: &'c [Party],
    /// Its stages.
    pub stages: &'c [Stage],
    /// True where the text ties it to another agreement ("replaces the accord of 1995").
    pub related: bool,
    /// Probability, 0 to 1, of the likeliest party.
    pub first_side: f64,
    /// Of the one after it.
    pub second_side: f64,
    /// Of the likeliest stage.
    pub surest_stage: f64,
    /// What the words say of it.
    pub focused: &'c Focused,
}

/// What is known of a chain.
#[must_use]
pub fn features(tools: &Tools<'_, '_, '_>, chain: &Chain, mentions: &[&Mention], cells: &Cells<'_>) -> Features {
    let Cells { told, near, stages, related, .. } = *cells;
    let reading = tools.graph.reading();
    let any = |test: &dyn Fn(&Mention) -> bool| mentions.iter().any(|mention| test(mention));
    let mut found = Features::new();
    let mut set = |name: &'static str, holds: bool| {
        if holds {
            found.insert(name, 1.0);
        }
    };
    set("known-instrument", chain.instrument().is_some());
    set("noun-strong", any(&|mention| mention.weight == Weight::Strong));
    set("noun-supported", any(&|mention| tools.lexicon.is_supported(&mention.noun, &mention.modifiers)));
    match chain.kind() {
        AgreementKind::Ceasefire => set("kind-ceasefire", true),
        AgreementKind::PeaceAccord => set("kind-peace", true),
        AgreementKind::TradeDeal => set("kind-trade", true),
        AgreementKind::Treaty | AgreementKind::Protocol => set("kind-treaty", true),
        AgreementKind::Pact => set("kind-pact", true),
        AgreementKind::Contract => set("kind-contract", true),
        AgreementKind::Memorandum => set("kind-memorandum", true),
        AgreementKind::Other => {}
    }
    set(["no-party", "one-party", "two-parties"][told.len().min(2)], true);
    set(["no-actor-near", "one-actor-near", "two-actors-near"][near.len().min(2)], true);
    set(["no-stage", "one-stage", "two-stages"][stages.len().min(2)], true);
    set(
        "signed-or-ratified",
        stages
            .iter()
            .any(|stage| matches!(stage.stage, StageKind::Signed | StageKind::Ratified) && stage.modality == Modality::Actual),
    );
    set("only-proposed", !stages.is_empty() && stages.iter().all(|stage| stage.stage == StageKind::Proposed));
    set("proper-name", any(&|mention| mention.proper));
    set("bare", mentions.iter().all(|mention| mention.is_bare()));
    set("plural", mentions.iter().all(|mention| mention.plural));
    set("no-or-any", any(&|mention| matches!(mention.determiner.as_str(), "no" | "any")));
    set("indefinite", mentions.iter().all(|mention| matches!(mention.determiner.as_str(), "a" | "an")));
    set("demonstrative", any(&|mention| matches!(mention.determiner.as_str(), "this" | "that" | "these" | "those")));
    set("set-apart", mentions.iter().all(|mention| mention.apart));
    set("related", related);
    set("told-by-verb", mentions.iter().all(|mention| mention.verbal));
    set("year", any(&|mention| mention.year.is_some()));
    set("modified", any(&|mention| !mention.modifiers.is_empty()));
    set("in-with-phrase", any(&|mention| mention.parties.iter().any(|party| party.tokens.start >= mention.core.end)));
    let sentences: BTreeSet<usize> = mentions.iter().filter_map(|mention| reading.sentence_of(mention.head)).collect();
    set("named-in-first-sentences", sentences.first().is_some_and(|&first| first < 3));
    let foreign = sentences.iter().filter_map(|&at| reading.sentences.get(at)).any(|sentence| {
        sentence.tokens.clone().any(|token| tools.lists.contains("foreign-context", &reading.lower_lemma(token)))
    });
    set("foreign-words", foreign);
    let kinds: Vec<_> = near.iter().filter_map(|party| tools.actors.kind_of(&party.actor)).collect();
    set("armed-group", kinds.iter().any(|kind| matches!(kind, ActorKind::ArmedGroup)));
    set("international-body", kinds.iter().any(|kind| matches!(kind, ActorKind::International)));
    let is_power = |kind: &ActorKind| {
        matches!(
            kind,
            ActorKind::State
                | ActorKind::Polity
                | ActorKind::Contested
                | ActorKind::International
                | ActorKind::Bloc
                | ActorKind::ArmedGroup
                | ActorKind::Person
        )
    };
    let powers = kinds.iter().filter(|kind| is_power(kind)).count();
    set("two-powers", powers >= 2);
    set("no-power", powers == 0);
    set("organization", kinds.contains(&ActorKind::Organization));
    set(
        "only-own-parties",
        !kinds.is_empty() && kinds.iter().all(|kind| matches!(kind, ActorKind::Party | ActorKind::Territory)),
    );
    let all: BTreeSet<&str> =
        tools.actors.all().iter().filter(|actor| is_power(&actor.kind)).map(|actor| actor.actor.as_str()).collect();
    // Most of the article bears no lemmas: plurals are taken for their singular here.
    let is_foreign = |token: &usize| {
        let form = reading.lower(*token);
        let listed = |form: &str| tools.lists.contains("foreign-context", form);
        listed(&form) || form.strip_suffix('s').is_some_and(listed)
    };
    let foreign = (0..reading.tokens.len()).filter(is_foreign).count();
    let count = |number: usize| f64::from(u32::try_from(number.min(12)).unwrap_or(12)).ln_1p();
    found.insert("first-side", cells.first_side);
    found.insert("second-side", cells.second_side);
    found.insert("surest-stage", cells.surest_stage);
    found.insert("mentions", count(mentions.len()));
    found.insert("powers-in-article", count(all.len()));
    found.insert("foreign-in-article", count(foreign));
    found.insert("actors-in-article", count(tools.actors.counts().len()));
    signs::of_chain(tools, mentions, &mut found);
    signs::of_chain_in_focus(mentions, cells.focused, &mut found);
    found
}
