//! Who is a party to an agreement: a logistic model over what the article tells of each actor and the agreement
//! (`rules/en/parties.toml`), learnt from hand-labelled news by `chancery-train parties`.
//!
//! Only an actor that stands in a sentence with the agreement, in one beside it, or in the lead is considered; the evidence is the
//! words that put the two together.
use crate::actors::ActorMention;
use crate::agreements::Tools;
use crate::chain::Chain;
use crate::events::{Event, binds};
use crate::graph::Graph;
use crate::lexicon::Weight;
use crate::logistic::{Features, Model};
use crate::mention::{Mention, span_of};
use crate::signs::{self, Focused};
use chancery_agreement::{AgreementKind, Evidence, Party, PartyRole};
use chancery_dissect::actors::{ActorKind, Relation};
use std::collections::{BTreeMap, BTreeSet};

/// Every feature that [`candidates`] can give.
pub const NAMES: &[&str] = &[
    "in-name",
    "before-noun",
    "between-or-with",
    "does-binding-act",
    "does-other-act",
    "subject-in-sentence",
    "with-in-sentence",
    "in-sentence",
    "in-lead",
    "next-to-sentence",
    "joined-to-told-party",
    "counted-first",
    "counted-second",
    "counted-third",
    "share",
    "only-place",
    "only-demonym",
    "only-described",
    "state",
    "contested",
    "armed-group",
    "international",
    "territory",
    "organization",
    "fighter-in-conflict",
    "first-in-conflict",
    "two-told-without",
    "one-told-without",
    "none-told",
    "known-instrument",
    "known-and-act",
    "known-and-subject",
    "in-title",
    "actors-in-sentence",
    "trade-and-body",
    "mark-known",
    "mark-party-most",
    "mark-party-mean",
    "focus-known",
    "focus-party-most",
    "focus-party-mean",
];

/// An actor that may be a party.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// What is known of it.
    pub features: Features,
    /// The cell, should it be one.
    pub party: Party,
}

impl Candidate {
    /// True when the agreement's own words, or an act of its making, tell that it is a party.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.features.contains("in-name") || self.features.contains("does-binding-act")
    }
}

/// The sentences that tell what the article is about: who acts there mostly acts in what follows.
const LEAD: std::ops::Range<usize> = 0..2;

/// Words and event by which an actor is told to be a party.
struct Told<'t> {
    actor: &'t ActorMention,
    rule: String,
    confidence: f32,
}

/// The actors that may be parties to the agreement of `chain`, in order of the text. `elsewhere` holds the first tokens of those that
/// the words make parties to another agreement of the article, `focused` what the words say of this one.
#[must_use]
pub fn candidates(
    tools: &Tools<'_, '_, '_>,
    chain: &Chain,
    mentions: &[&Mention],
    events: &[&Event],
    elsewhere: &BTreeSet<usize>,
    focused: &Focused,
) -> Vec<Candidate> {
    let reading = tools.graph.reading();
    let strong: Vec<&&Mention> = mentions.iter().filter(|mention| mention.weight != Weight::Anaphor).collect();
    let sentences: BTreeSet<usize> = strong.iter().filter_map(|mention| reading.sentence_of(mention.head)).collect();
    let mut told: BTreeMap<&str, Told<'_>> = BTreeMap::new();
    let mut sets: BTreeMap<&str, BTreeSet<&'static str>> = BTreeMap::new();
    for mention in mentions {
        for actor in &mention.parties {
            let side = if actor.tokens.start >= mention.core.end { "between-or-with" } else { "before-noun" };
            sets.entry(&actor.actor).or_default().extend([side, "in-name"]);
            told.entry(&actor.actor).or_insert(Told { actor, rule: "party-in-name".to_owned(), confidence: 0.9 });
        }
    }
    for event in events {
        let act = if binds(event.stage) { "does-binding-act" } else { "does-other-act" };
        for actor in &event.parties {
            sets.entry(&actor.actor).or_default().insert(act);
            if act == "does-binding-act" {
                let rule = event.rule.clone();
                told.entry(&actor.actor).or_insert(Told { actor, rule, confidence: 0.8 });
            }
        }
    }
    let ranks = ranks(tools);
    let total = tools.actors.all().len().max(1);
    let conflict = matches!(chain.kind(), AgreementKind::Ceasefire | AgreementKind::PeaceAccord);
    let around: BTreeSet<usize> = sentences.iter().flat_map(|&at| [at.saturating_sub(1), at, at + 1]).chain(LEAD).collect();
    let mut near: BTreeMap<&str, Vec<&ActorMention>> = BTreeMap::new();
    for sentence in around.iter().filter_map(|&at| reading.sentences.get(at)) {
        // "The Lima accord" is no accord of Peru's.
        let only_names = |actor: &ActorMention| {
            let seat = matches!(actor.relation, Relation::Capital | Relation::Seat);
            let inside =
                |mention: &&&Mention| (mention.instrument.is_none() || seat) && mention.core.contains(&actor.tokens.start);
            let own = |mention: &&Mention| mention.parties.iter().any(|party| party.tokens == actor.tokens);
            mentions.iter().find(inside).is_some_and(|mention| !own(mention))
        };
        let stands_by = |actor: &&ActorMention| {
            let elsewhere = elsewhere.contains(&actor.tokens.start) || only_names(actor);
            !elsewhere && !tools.only_tells_whose(actor) && !is_onlooker(tools, actor)
        };
        for actor in tools.actors.in_range(&sentence.tokens).filter(stands_by) {
            near.entry(&actor.actor).or_default().push(actor);
        }
    }
    for told in told.values() {
        near.entry(&told.actor.actor).or_default().push(told.actor);
    }
    // The European Union is no party to its own treaties: its members are.
    if let Some(body) = chain.instrument().and_then(|instrument| tools.lexicon.body_of(instrument)) {
        near.remove(body);
    }
    let mut found = Vec::new();
    for (name, standing) in near {
        let flags = sets.get(name);
        let holds = |flag: &str| flags.is_some_and(|flags| flags.contains(flag));
        let mut features = Features::new();
        let mut set = |feature: &'static str, value: bool| {
            if value {
                features.insert(feature, 1.0);
            }
        };
        let here: Vec<&&ActorMention> = standing
            .iter()
            .filter(|actor| reading.sentence_of(actor.tokens.start).is_some_and(|at| sentences.contains(&at)))
            .collect();
        for flag in ["in-name", "before-noun", "between-or-with", "does-binding-act", "does-other-act"] {
            set(flag, holds(flag));
        }
        let subject = here.iter().any(|actor| speaks_as_subject(tools, actor));
        set("subject-in-sentence", subject);
        set("with-in-sentence", here.iter().any(|actor| tools.graph.case(actor.tokens.end - 1) == Some("with")));
        set("in-sentence", !here.is_empty());
        let beside = |actor: &&ActorMention| {
            reading.sentence_of(actor.tokens.start).is_some_and(|at| sentences.iter().any(|&own| own.abs_diff(at) == 1))
        };
        set("next-to-sentence", here.is_empty() && standing.iter().any(beside));
        let lead = standing.iter().any(|actor| reading.sentence_of(actor.tokens.start).is_some_and(|at| LEAD.contains(&at)));
        set("in-lead", lead);
        let joined = standing.iter().any(|actor| {
            let fellows = fellows(tools, actor);
            fellows.iter().any(|fellow| fellow.as_str() != name && told.contains_key(fellow.as_str()))
        });
        set("joined-to-told-party", joined && !told.contains_key(name));
        let others = told.keys().filter(|other| **other != name).count();
        let itself = told.contains_key(name);
        // Who brokers or hosts is no party; nor is a bystander where the words name both sides.
        let helps = !holds("in-name") && standing.iter().any(|actor| is_helper(tools, actor));
        // "They signed it in Khartoum", "talks in Khartoum": where they met tells nothing of whose it is, unlike "the parliament in
        // Skopje".
        let venue = |actor: &&ActorMention| {
            let first = first_of_all(tools.graph, actor.tokens.end - 1);
            let first = in_its_land(tools, first).unwrap_or(first);
            let of_agreement = || {
                tools.graph.head(first).is_some_and(|head| {
                    let gathering = tools.lists.contains("gatherings", &reading.lower_lemma(head));
                    gathering || mentions.iter().any(|mention| mention.head == head)
                })
            };
            matches!(actor.relation, Relation::Capital | Relation::Seat)
                && is_place(tools, actor)
                && (tools.graph.base_relation(first) == "obl" || of_agreement())
        };
        if helps || !itself && (others >= 2 && !joined || standing.iter().all(venue)) {
            continue;
        }
        let rank = ranks.get(name).copied().unwrap_or(9);
        set("counted-first", rank == 0);
        set("counted-second", rank == 1);
        set("counted-third", rank == 2);
        set("only-place", standing.iter().all(|actor| is_place(tools, actor)));
        set("only-demonym", standing.iter().all(|actor| actor.relation == Relation::Demonym));
        set("only-described", standing.iter().all(|actor| actor.relation == Relation::Description));
        let kind = standing.first().map(|actor| actor.kind);
        set("state", matches!(kind, Some(ActorKind::State | ActorKind::Polity)));
        set("contested", kind == Some(ActorKind::Contested));
        set("armed-group", matches!(kind, Some(ActorKind::ArmedGroup | ActorKind::Party)));
        set("international", matches!(kind, Some(ActorKind::International | ActorKind::Bloc)));
        set("territory", kind == Some(ActorKind::Territory));
        set("organization", kind == Some(ActorKind::Organization));
        set("fighter-in-conflict", conflict && kind == Some(ActorKind::ArmedGroup));
        set("first-in-conflict", conflict && rank < 2);
        set(
            "trade-and-body",
            chain.kind() == AgreementKind::TradeDeal && matches!(kind, Some(ActorKind::International | ActorKind::Bloc)),
        );
        set("two-told-without", !itself && others >= 2);
        set("one-told-without", !itself && others == 1);
        set("none-told", !itself && others == 0);
        let known = chain.is_of_many();
        set("known-instrument", known);
        set("known-and-act", known && holds("does-binding-act"));
        set("known-and-subject", known && subject);
        set(
            "in-title",
            standing.iter().any(|actor| reading.article.title.as_ref().is_some_and(|title| title.contains(&actor.words))),
        );
        let count = |number: usize| f64::from(u32::try_from(number.min(200)).unwrap_or(200));
        let share = tools.actors.counts().get(name).copied().unwrap_or(0);
        features.insert("share", count(share) / count(total.min(200)));
        features.insert("actors-in-sentence", count(actors_beside(tools, &sentences)).ln_1p());
        signs::of_party(tools, &standing, focused, &mut features);
        if let Some(party) = cell(tools, name, told.get(name), &here, &standing, mentions) {
            found.push(Candidate { features, party });
        }
    }
    found.sort_by_key(|candidate| (candidate.party.evidence.span().start(), candidate.party.actor.clone()));
    found
}

/// An agreement has two sides: where the model is sure of fewer, the likeliest others in a sentence with it fill up, above this
/// probability.
const SECOND_SIDE: f64 = 0.35;

/// A third side and further ones that no words make parties are parties above this probability: in cross-validation as good a bar as
/// the model's own, and right more often.
const FURTHER_SIDE: f64 = 0.6;

/// An actor that the words themselves make a party is one above this probability.
const TOLD: f64 = 0.25;

/// The parties among the candidates, in their order: those in a sentence with the agreement that the model takes for parties; where
/// they are fewer than two, the likeliest others there, then those near it that the model takes for parties. A known instrument has
/// only those whose doings with it the text tells.
#[must_use]
pub fn accepted(model: &Model, chain: &Chain, candidates: &[Candidate]) -> Vec<Party> {
    let probability = |candidate: &Candidate| model.probability(&candidate.features);
    let sure =
        |candidate: &Candidate| model.accepts(&candidate.features) || candidate.is_told() && probability(candidate) >= TOLD;
    let beside = |candidate: &Candidate| candidate.is_told() || candidate.features.contains("in-sentence");
    let mut kept: Vec<&Candidate> = candidates.iter().filter(|candidate| beside(candidate) && sure(candidate)).collect();
    if !chain.is_of_many() {
        let likely = |candidate: &&Candidate| beside(candidate) && probability(candidate) >= SECOND_SIDE;
        // "Earlier truces collapsed": whose they were, the sentences around do not tell.
        let near = |candidate: &&Candidate| !chain.is_of_others() && !beside(candidate) && model.accepts(&candidate.features);
        let mut others: Vec<&Candidate> = candidates.iter().filter(|candidate| !sure(candidate)).filter(likely).collect();
        others.sort_by(|a, b| probability(b).total_cmp(&probability(a)));
        let mut around: Vec<&Candidate> = candidates.iter().filter(near).collect();
        around.sort_by(|a, b| probability(b).total_cmp(&probability(a)));
        let missing = 2_usize.saturating_sub(kept.len());
        kept.extend(others.into_iter().chain(around).take(missing));
    }
    kept.sort_by(|a, b| probability(b).total_cmp(&probability(a)));
    let further = kept.split_off(kept.len().min(2));
    kept.extend(further.into_iter().filter(|candidate| candidate.is_told() || probability(candidate) >= FURTHER_SIDE));
    kept.sort_by_key(|candidate| (candidate.party.evidence.span().start(), &candidate.party.actor));
    kept.into_iter().map(|candidate| candidate.party.clone()).collect()
}

/// What "the Qatari capital" stands for in "the Qatari capital, Doha": the token that `name` is set beside.
fn in_its_land(tools: &Tools<'_, '_, '_>, name: usize) -> Option<usize> {
    let place = tools.graph.head(name).filter(|_| tools.graph.base_relation(name) == "appos")?;
    tools.lists.contains("possessed-places", &tools.graph.reading().lower_lemma(place)).then_some(place)
}

/// Place of each actor in the order of how often the article names them.
fn ranks<'t>(tools: &'t Tools<'_, '_, '_>) -> BTreeMap<&'t str, usize> {
    let mut order: Vec<(&str, usize)> = tools.actors.counts().iter().map(|(name, &count)| (name.as_str(), count)).collect();
    order.sort_by_key(|&(name, count)| (std::cmp::Reverse(count), name));
    order.into_iter().enumerate().map(|(rank, (name, _))| (name, rank)).collect()
}

/// Fewest different actors that a sentence with the agreement names.
fn actors_beside(tools: &Tools<'_, '_, '_>, sentences: &BTreeSet<usize>) -> usize {
    let reading = tools.graph.reading();
    let named = |&at: &usize| {
        let sentence = reading.sentences.get(at)?;
        Some(tools.actors.in_range(&sentence.tokens).map(|actor| actor.actor.as_str()).collect::<BTreeSet<_>>().len())
    };
    sentences.iter().filter_map(named).min().unwrap_or(0)
}

/// The cell with the words that tell of it: the name or the act, else the words from actor to agreement, else the actor's own.
fn cell(
    tools: &Tools<'_, '_, '_>,
    name: &str,
    told: Option<&Told<'_>>,
    here: &[&&ActorMention],
    standing: &[&ActorMention],
    mentions: &[&Mention],
) -> Option<Party> {
    let article = tools.graph.reading().article;
    let evidence = match (told, here.first(), standing.first()) {
        (Some(told), _, _) => Evidence::new(article, told.actor.span, &told.rule, told.confidence)?,
        (None, Some(actor), _) => {
            let span = span_with_agreement(tools, actor, mentions).unwrap_or(actor.span);
            Evidence::new(article, span, "party-in-sentence", 0.5)?
        }
        (None, None, Some(actor)) => Evidence::new(article, actor.span, "party-near-agreement", 0.4)?,
        (None, None, None) => return None,
    };
    Some(Party { actor: name.to_owned(), role: PartyRole::Party, evidence })
}

/// Longest evidence, in tokens, that reaches from an actor to the agreement.
const LONGEST_EVIDENCE: usize = 30;

fn span_with_agreement(
    tools: &Tools<'_, '_, '_>,
    actor: &ActorMention,
    mentions: &[&Mention],
) -> Option<chancery_agreement::Span> {
    let reading = tools.graph.reading();
    let sentence = reading.sentence_of(actor.tokens.start);
    let nearest = mentions
        .iter()
        .filter(|mention| reading.sentence_of(mention.head) == sentence)
        .min_by_key(|mention| mention.head.abs_diff(actor.tokens.start))?;
    let tokens = actor.tokens.start.min(nearest.core.start)..actor.tokens.end.max(nearest.core.end);
    (tokens.len() <= LONGEST_EVIDENCE).then(|| span_of(reading, &tokens))
}

/// The first of the enumeration in which `token` stands; the token itself where it stands in none.
fn first_of_all(graph: Graph<'_, '_>, token: usize) -> usize {
    graph.head(token).filter(|_| graph.base_relation(token) == "conj").unwrap_or(token)
}

/// Actors that stand in one enumeration with `actor`.
fn fellows(tools: &Tools<'_, '_, '_>, actor: &ActorMention) -> Vec<String> {
    let graph = tools.graph;
    let first = first_of_all(graph, actor.tokens.end - 1);
    graph.with_conjuncts(first).into_iter().filter_map(|token| Some(tools.actors.at(token)?.actor.clone())).collect()
}

/// True when the actor, or the phrase that it is an adjective or possessor of, is the subject of its clause.
fn speaks_as_subject(tools: &Tools<'_, '_, '_>, actor: &ActorMention) -> bool {
    let mut token = actor.tokens.end - 1;
    for _ in 0..4 {
        match tools.graph.base_relation(token) {
            "nsubj" => return true,
            "amod" | "compound" | "nmod" | "flat" | "appos" | "conj" => match tools.graph.head(token) {
                Some(head) => token = head,
                None => return false,
            },
            _ => return false,
        }
    }
    false
}

/// "in Chile", "across the border from Peru".
fn is_place(tools: &Tools<'_, '_, '_>, actor: &ActorMention) -> bool {
    let case = tools.graph.case(first_of_all(tools.graph, actor.tokens.end - 1)).unwrap_or("");
    matches!(actor.relation, Relation::Capital | Relation::Seat | Relation::Name)
        && tools.lists.contains("place-prepositions", case)
}

/// "Egyptian-brokered", "brokered by Egypt", "Egyptian mediators": who helps is no party.
fn is_helper(tools: &Tools<'_, '_, '_>, actor: &ActorMention) -> bool {
    let graph = tools.graph;
    let reading = graph.reading();
    let next = reading.lower(actor.tokens.end);
    let after = if next == "-" { reading.lower(actor.tokens.end + 1) } else { next };
    // "Brokered by Norway and Kenya": both did.
    let last = first_of_all(graph, actor.tokens.end - 1);
    let governor = graph.head(last).map_or("", |head| reading.lemma(head));
    let people = || {
        let attributes = ["amod", "compound", "nmod:poss"].contains(&graph.relation(last));
        attributes && graph.head(last).is_some_and(|noun| tools.lists.contains("mediators", &reading.lower_lemma(noun)))
    };
    tools.lists.contains("mediation", &after)
        || people()
        || graph.case(last) == Some("by") && tools.lists.contains("mediation", governor)
        || graph.base_relation(last) == "nsubj" && tools.lists.contains("mediation", governor)
}

/// "Chile condemned the pact", "Peru does not recognize it": who judges it looks on, and so does who is only told of it ("Peru complained
/// to Chile"). A chamber that supports it approves it.
fn is_onlooker(tools: &Tools<'_, '_, '_>, actor: &ActorMention) -> bool {
    let graph = tools.graph;
    let mut token = actor.tokens.end - 1;
    for _ in 0..4 {
        let Some(head) = graph.head(token) else { return false };
        match graph.base_relation(token) {
            "nsubj" => return tools.lists.contains("onlooking", &graph.reading().lower_lemma(head)),
            "obl" if graph.case(token) == Some("to") => {
                return tools.lists.contains("addressing", &graph.reading().lower_lemma(head));
            }
            "amod" | "compound" | "nmod" | "flat" | "appos" | "conj" => token = head,
            _ => return false,
        }
        if tools.lists.contains("chambers", &graph.reading().lower_lemma(token)) {
            return false;
        }
    }
    false
}
