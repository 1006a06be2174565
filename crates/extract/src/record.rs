//! Whether a chain of mentions is an agreement that the register should hold: a logistic model over a handful of features that can
//! be read and checked (`rules/en/recorded.toml`), learnt from hand-labelled news by `chancery-train --recorded`.
use crate::agreements::Tools;
use crate::chain::Chain;
use crate::lexicon::Weight;
use crate::logistic::Features;
use crate::mention::Mention;
use chancery_agreement::{AgreementKind, Modality, Party, Stage, StageKind};
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
    "actors-in-article",
];

/// What is known of a chain. `told` are the parties that its own words and events give, `near` all of them.
#[must_use]
pub fn features(
    tools: &Tools<'_, '_, '_>,
    chain: &Chain,
    mentions: &[&Mention],
    told: &[Party],
    near: &[Party],
    stages: &[Stage],
) -> Features {
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
    set("year", any(&|mention| mention.year.is_some()));
    set("modified", any(&|mention| !mention.modifiers.is_empty()));
    set("in-with-phrase", any(&|mention| mention.parties.iter().any(|party| party.tokens.start >= mention.core.end)));
    let sentences: BTreeSet<usize> = mentions.iter().filter_map(|mention| reading.sentence_of(mention.head)).collect();
    set("named-in-first-sentences", sentences.first().is_some_and(|&first| first < 3));
    let foreign = sentences.iter().filter_map(|&at| reading.sentences.get(at)).any(|sentence| {
        sentence.tokens.clone().any(|token| tools.lists.contains("foreign-context", &reading.lemma(token).to_lowercase()))
    });
    set("foreign-words", foreign);
    let kinds: Vec<_> = near.iter().filter_map(|party| tools.actors.kind_of(&party.actor)).collect();
    set("armed-group", kinds.iter().any(|kind| matches!(kind, chancery_dissect::actors::ActorKind::ArmedGroup)));
    set("international-body", kinds.iter().any(|kind| matches!(kind, chancery_dissect::actors::ActorKind::International)));
    let count = |number: usize| f64::from(u32::try_from(number.min(12)).unwrap_or(12)).ln_1p();
    found.insert("mentions", count(mentions.len()));
    found.insert("actors-in-article", count(tools.actors.counts().len()));
    found
}
