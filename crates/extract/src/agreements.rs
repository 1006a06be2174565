//! From mentions and matches to agreements: joins what speaks of one agreement, fills its cells, drops what is none.
mod mentioned;
mod names;
mod tellings;

pub use mentioned::{Mentioned, mention_pairs};

use crate::actors::{ActorMention, Actors};
use crate::category::Categories;
use crate::category_model;
use crate::chain::Chain;
use crate::dates::Dates;
use crate::events::{self, Event, Occurrence};
use crate::graph::Graph;
use crate::lexicon::{Lexicon, WordLists};
use crate::logistic::Features;
use crate::mention::{Finder, Mention, is_private, span_of};
use crate::models::Models;
use crate::party;
use crate::provision;
use crate::record;
use crate::roles;
use crate::rule::matching::Scene;
use crate::rule::{Rules, TermKind};
use crate::signs::{self, Focused};
use crate::stage;
use crate::sums;
use crate::words::{Lens, Words, of_chain};
use chancery_agreement::{AgreementFinding, Money, Party, Relation, Span, Stage};
use chancery_dissect::{Number, Reader, Upos};
use chancery_timex::Timex;
use mentioned::{Told, all_mentions, chained, classes, told, told_parties};
use names::names;
use std::collections::{BTreeMap, BTreeSet};
use tellings::{Telling, in_focus, tellings};

/// Everything that finding agreements needs.
pub struct Tools<'t, 'r, 'a> {
    /// The trees.
    pub graph: Graph<'r, 'a>,
    /// Political actors of the article.
    pub actors: &'t Actors,
    /// Its time expressions.
    pub times: &'t [Timex],
    /// Rules.
    pub rules: &'t Rules,
    /// Agreement nouns and known instruments.
    pub lexicon: &'t Lexicon,
    /// Word lists.
    pub lists: &'t WordLists,
    /// Finds mentions.
    pub finder: &'t Finder,
    /// Categories of commitments.
    pub categories: &'t Categories,
    /// Words that may tell of a stage.
    pub stage_cues: &'t stage::Cues,
    /// What chooses among candidates.
    pub models: &'t Models,
    /// Who read the article.
    pub reader: &'t dyn Reader,
}

impl Tools<'_, '_, '_> {
    /// Actors that the phrase headed by `token` speaks for.
    #[must_use]
    pub fn speaks_for(&self, token: usize) -> Vec<ActorMention> {
        let named = self.actors.all_at(token);
        if !named.is_empty() {
            return named.to_vec();
        }
        let mut found: Vec<ActorMention> = Vec::new();
        for child in self.graph.below(token) {
            if child.abs_diff(token) > 12 || self.graph.base_relation(child) == "acl" {
                continue;
            }
            if let Some(actor) = self.actors.starting_at(child).filter(|actor| !self.only_tells_whose(actor)) {
                found.push(actor.clone());
            }
        }
        // "The Palestinian factions Fatah and Hamas": the names say which.
        if let Some(name) = self.actor_beside(token) {
            let all = self.graph.with_conjuncts(name);
            return all.into_iter().flat_map(|fellow| self.actors.all_at(fellow)).cloned().collect();
        }
        // The nearest one: "the foreign minister of Chile", not a state that a longer description also names.
        found.sort_by_key(|actor| actor.tokens.start.abs_diff(token));
        found.truncate(1);
        // "The presidents of Chile and Peru" speak for both; the ambassador to both is one state's.
        let plural = self.graph.reading().syntax(token).is_some_and(|syntax| syntax.features.number == Some(Number::Plur));
        let of = |last: usize| self.graph.base_relation(last) == "nmod" && matches!(self.graph.case(last), Some("of" | "from"));
        if let Some(last) = found.first().map(|nearest| nearest.tokens.end - 1).filter(|&last| plural && of(last)) {
            let fellows = self.graph.with_conjuncts(last).into_iter().skip(1);
            found.extend(fellows.filter_map(|fellow| self.actors.at(fellow).cloned()));
        }
        found
    }

    /// The last token of the actor's name that is set beside the noun at `token`: "the factions Fatah and Hamas".
    fn actor_beside(&self, token: usize) -> Option<usize> {
        let graph = self.graph;
        // Parsers also take the name for a second subject.
        let twice = |name: usize| {
            graph.base_relation(token) == "nsubj" && graph.base_relation(name) == "nsubj" && graph.head(name) == graph.head(token)
        };
        let next = self.actors.starting_at(token + 1).map(|actor| actor.tokens.end - 1).filter(|&name| twice(name));
        let named = |name: &usize| self.actors.at(*name).is_some_and(|actor| actor.tokens.end == name + 1);
        graph.down(token, "appos").find(named).or(next)
    }

    /// "Peru's border", "Peruvian territory", "Peru's disputed northern region", "the capital of Peru"; "a Peruvian striker"; "the Peruvian
    /// group Shining Path".
    #[must_use]
    pub fn only_tells_whose(&self, actor: &ActorMention) -> bool {
        let graph = self.graph;
        if is_private(graph, self.lexicon, actor) {
            return true;
        }
        let reading = graph.reading();
        let last = actor.tokens.end - 1;
        let is_place = |token: usize| self.lists.contains("possessed-places", &reading.lower_lemma(token));
        let possessed = graph.head(last).is_some_and(is_place);
        let relation = graph.relation(last);
        let hangs = matches!(relation, "nmod:poss" | "amod" | "compound") || relation == "nmod" && graph.case(last) == Some("of");
        // "the Palestinian group Hamas"
        let of_named = graph.head(last).is_some_and(|noun| self.actor_beside(noun).is_some());
        if hangs && (possessed || of_named) {
            return true;
        }
        // The tree may hang the possessor on a name inside the phrase: the words up to the verb tell what is possessed.
        let end = actor.tokens.end;
        matches!(reading.form(end), "'s" | "’s" | "'" | "’")
            && (end + 1..end + 8)
                .take_while(|&token| !matches!(graph.tag(token), Upos::Verb | Upos::Aux | Upos::Sconj))
                .any(is_place)
    }
}

/// A chain of mentions, be it recorded or not.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// What the model of [`crate::record`] judges it by.
    pub features: Features,
    /// Words of its mentions and around them, which the model knows, too.
    pub words: Words,
    /// What it would be recorded as.
    pub agreement: AgreementFinding,
    /// The actors that may be its parties, taken for parties or not.
    pub parties: Vec<party::Candidate>,
    /// What may have happened to it, taken for a stage or not.
    pub stages: Vec<StageCandidate>,
    /// Where the text mentions it, by name or not, in order of the text.
    pub mentions: Vec<Span>,
    /// What the words say of it.
    pub focused: Focused,
}

/// The telling of a stage, be it recorded or not.
#[derive(Debug, Clone)]
pub struct StageCandidate {
    /// What the model of [`crate::stage`] judges it by.
    pub features: Features,
    /// Words around it, which the model knows, too.
    pub words: Words,
    /// The cell, should it be one.
    pub stage: Stage,
}

/// The agreements of an article, in order of first mention.
#[derive(Debug, Default)]
pub struct Found {
    /// What is recorded of each.
    pub agreements: Vec<AgreementFinding>,
    /// Where the text mentions each, by name or not.
    pub mentions: Vec<Vec<Span>>,
    /// What the words say of each.
    pub focused: Vec<Focused>,
}

/// All agreements of the article.
#[must_use]
pub fn find(tools: &Tools<'_, '_, '_>) -> Found {
    let recorded = |candidate: &Candidate| record::is_recorded(&tools.models.recorded, &candidate.features, &candidate.words);
    let mut found = Found::default();
    for candidate in candidates(tools, &recorded, false) {
        found.agreements.push(candidate.agreement);
        found.mentions.push(candidate.mentions);
        found.focused.push(candidate.focused);
    }
    found
}

/// Every chain that `kept` holds on to: what the models choose from, and what they are learnt from. `named`: keep the words of their
/// candidates, as learning needs them.
#[must_use]
pub fn candidates(tools: &Tools<'_, '_, '_>, kept: &dyn Fn(&Candidate) -> bool, named: bool) -> Vec<Candidate> {
    with_considered(tools, kept, named, None)
}

/// What may be a cell of the agreements, taken for one or not: what models are learned from.
#[derive(Debug, Default)]
pub struct Considered {
    /// Clauses and phrases, with the words that tell their category.
    pub provisions: Vec<(provision::Candidate, Words)>,
    /// Sums of money.
    pub sums: Vec<sums::Candidate>,
}

/// The same; `considered` gets what may be a cell of those agreements.
pub fn with_considered(
    tools: &Tools<'_, '_, '_>,
    kept: &dyn Fn(&Candidate) -> bool,
    named: bool,
    mut considered: Option<&mut Considered>,
) -> Vec<Candidate> {
    let reading = tools.graph.reading();
    let Told { mentions, dates, at_head, matches, terms, relations, events, clues } = told(tools);
    let (chains, of_mention) = chained(tools, &mentions, &clues);
    if chains.is_empty() {
        return Vec::new();
    }
    let told = told_parties(&mentions, &events, &of_mention);
    let tied = relations.iter().flat_map(|told| [told.from, told.to]).filter_map(|head| at_head.get(&head).copied());
    let lens = Lens::new(tools, &mentions.iter().map(|mention| mention.head).collect());
    let mut around = Around {
        lens: &lens,
        named,
        chains: chains.len(),
        chained: of_mention.keys().copied().collect(),
        related: tied.collect(),
        elsewhere: BTreeSet::new(),
    };
    let mut found: Vec<(usize, Candidate)> = Vec::new();
    for (at, chain) in chains.iter().enumerate() {
        around.elsewhere = told.iter().filter(|(other, _)| *other != at).map(|(_, token)| *token).collect();
        let mut candidate = agreement(tools, &mentions, &events, &dates, chain, &around);
        if kept(&candidate) {
            candidate.agreement.key = format!("a{}", found.len() + 1);
            found.push((at, candidate));
        }
    }
    let place_of = |chain: &usize| found.iter().position(|(at, _)| at == chain);
    let of_found: BTreeMap<usize, usize> =
        of_mention.iter().filter_map(|(&mention, chain)| Some((mention, place_of(chain)?))).collect();
    let parties: Vec<BTreeSet<String>> = found
        .iter()
        .map(|(_, candidate)| candidate.agreement.parties.iter().map(|party| party.actor.clone()).collect())
        .collect();
    let focused: Vec<&Focused> = found.iter().map(|(_, candidate)| &candidate.focused).collect();
    let unseen = Focused::new();
    let told = provision::candidates(&provision::Scope {
        tools,
        mentions: &mentions,
        of_mention: &of_found,
        chained: &around.chained,
        parties: &parties,
        focused: &focused,
        events: &events,
        matches: &matches,
        named: considered.is_some(),
    });
    if let Some(considered) = &mut considered {
        for candidate in &told {
            let Some(named) = mentions.get(candidate.mention) else { continue };
            let words = category_model::words(tools, candidate.commitment.evidence.span(), named, true);
            considered.provisions.push((candidate.clone(), words));
        }
    }
    for mut provision in provision::accepted(&tools.models.provisions, reading.article, told) {
        if let Some(named) = mentions.get(provision.mention).filter(|_| !provision.fixed) {
            let words = category_model::words(tools, provision.commitment.evidence.span(), named, false);
            let focused = found.get(provision.agreement).map_or(&unseen, |(_, candidate)| &candidate.focused);
            let shares = signs::of_category(tools, provision.commitment.evidence.span(), focused);
            provision.commitment.category = tools.models.categories.of(&words, &shares);
        }
        if let Some((_, Candidate { agreement, .. })) = found.get_mut(provision.agreement) {
            agreement.commitments.push(provision.commitment);
        }
    }
    let chain_of = |head: usize| at_head.get(&head).and_then(|mention| of_mention.get(mention)).copied();
    for told in &terms {
        let agreement = found.iter_mut().find(|(at, _)| chain_of(told.agreement) == Some(*at));
        if let Some((_, Candidate { agreement, .. })) = agreement {
            let cell = match told.kind {
                TermKind::Duration => &mut agreement.duration,
                TermKind::Renewal => &mut agreement.renewal,
                TermKind::Articles => &mut agreement.articles,
            };
            cell.get_or_insert_with(|| told.term.clone());
        }
    }
    for told in roles::roles(tools, &matches) {
        let agreement = found.iter_mut().find(|(at, _)| chain_of(told.agreement) == Some(*at));
        if let Some((_, Candidate { agreement, .. })) = agreement
            && !agreement.parties.iter().any(|party| party.actor == told.party.actor)
        {
            agreement.parties.push(told.party);
        }
    }
    let sums = sums::candidates(tools, &mentions, &of_found, &parties, considered.is_some());
    if let Some(considered) = &mut considered {
        considered.sums = sums.clone();
    }
    for (at, money) in sums::accepted(&tools.models.sums, sums) {
        if let Some((_, Candidate { agreement, .. })) = found.get_mut(at) {
            let same = |other: &Money| other.currency == money.currency && (other.amount - money.amount).abs() < 0.5;
            if !agreement.money.iter().any(same) {
                agreement.money.push(money);
            }
        }
    }
    for told in relations {
        let key = found.iter().find(|(at, _)| chain_of(told.to) == Some(*at)).map(|(_, other)| other.agreement.key.clone());
        let from = found.iter_mut().find(|(at, _)| chain_of(told.from) == Some(*at) && chain_of(told.from) != chain_of(told.to));
        if let (Some(to), Some((_, Candidate { agreement, .. }))) = (key, from) {
            agreement.relations.push(Relation { to, kind: told.kind, evidence: told.evidence });
        }
    }
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Captures of the first match of the rule `name`, by argument.
#[must_use]
pub fn try_rule(tools: &Tools<'_, '_, '_>, name: &str) -> Option<Vec<(String, Span)>> {
    let reading = tools.graph.reading();
    let mentions = all_mentions(tools);
    let dates = Dates::new(reading, tools.times);
    let classes = classes(tools, &mentions, &dates);
    let scene = Scene { graph: tools.graph, classes: &classes, lists: tools.lists };
    let mut matches = (0..reading.sentences.len()).flat_map(|sentence| scene.matches(tools.rules, sentence));
    let found = matches.find(|found| found.rule.name == name)?;
    let spans = found.captures.iter().flat_map(|(argument, tokens)| {
        tokens.iter().filter_map(|&token| Some(((*argument).to_owned(), reading.tokens.get(token)?.span)))
    });
    Some(spans.collect())
}

/// What the article tells beside the agreement in hand.
struct Around<'l, 'r, 'a> {
    /// Its words as models see them.
    lens: &'l Lens<'r, 'a>,
    /// True where the words of candidates are to be named.
    named: bool,
    /// Number of agreements that it speaks of.
    chains: usize,
    /// The mentions of any of them.
    chained: BTreeSet<usize>,
    /// Mentions that it ties to another agreement.
    related: BTreeSet<usize>,
    /// First tokens of the actors that its words make parties to another one.
    elsewhere: BTreeSet<usize>,
}

fn agreement(
    tools: &Tools<'_, '_, '_>,
    mentions: &[Mention],
    events: &[Event],
    dates: &Dates<'_>,
    chain: &Chain,
    around: &Around<'_, '_, '_>,
) -> Candidate {
    let related = chain.mentions.iter().any(|mention| around.related.contains(mention));
    let own: Vec<&Mention> = chain.mentions.iter().filter_map(|&index| mentions.get(index)).collect();
    let focused = in_focus(tools, mentions, chain, &around.chained);
    let mut own_events: Vec<&Event> = events.iter().filter(|event| chain.mentions.contains(&event.mention)).collect();
    let more = stage::in_focus(tools, mentions, &chain.mentions, &focused, &own_events);
    own_events.extend(&more);
    let tellings = tellings(tools, (mentions, &own), (&own_events, &focused), dates, chain, around);
    let kept = |telling: &&Telling<'_>| telling.likeliest && telling.probability >= tools.models.stages.threshold();
    let acts: Vec<&Event> = tellings.iter().filter(kept).map(|telling| telling.event).collect();
    let told = |telling: &Telling<'_>| Occurrence {
        stage: telling.stage.clone(),
        dated: telling.event.dated,
        actors: telling.actors.clone(),
    };
    let stages = events::told_together(tellings.iter().filter(kept).map(told).collect());
    let actors = party::candidates(tools, chain, &own, &acts, &around.elsewhere, &focused);
    let mut sides: Vec<f64> = actors.iter().map(|actor| tools.models.parties.probability(&actor.features)).collect();
    sides.sort_by(|a, b| b.total_cmp(a));
    let told: Vec<Party> = actors.iter().filter(|actor| actor.is_told()).map(|actor| actor.party.clone()).collect();
    let parties = party::accepted(&tools.models.parties, chain, &actors);
    let cells = record::Cells {
        told: &told,
        near: &parties,
        stages: &stages,
        related,
        first_side: sides.first().copied().unwrap_or(0.0),
        second_side: sides.get(1).copied().unwrap_or(0.0),
        surest_stage: tellings.iter().map(|telling| telling.probability).fold(0.0, f64::max),
        focused: &focused,
    };
    let features = record::features(tools, chain, &own, &cells);
    let finding = AgreementFinding {
        key: String::new(),
        names: names(tools, &own),
        kind: chain.kind(),
        parties,
        stages,
        commitments: Vec::new(),
        money: Vec::new(),
        duration: None,
        renewal: None,
        articles: None,
        relations: Vec::new(),
    };
    let tellings = tellings.into_iter().map(|telling| StageCandidate {
        features: telling.features,
        words: telling.words,
        stage: telling.stage,
    });
    let words = of_chain(around.lens, &own, Words::new(around.named));
    let places = own.iter().map(|mention| span_of(tools.graph.reading(), &mention.core)).collect();
    Candidate { features, words, agreement: finding, parties: actors, stages: tellings.collect(), mentions: places, focused }
}
