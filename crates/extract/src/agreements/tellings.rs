//! What may have happened to an agreement, each telling with the probability that it is one.
use super::{Around, Tools};
use crate::chain::Chain;
use crate::dates::Dates;
use crate::doer;
use crate::events::{self, Event};
use crate::logistic::Features;
use crate::mention::Mention;
use crate::signs::{self, Focused};
use crate::stage;
use crate::words::{Words, of_stage};
use chancery_agreement::Stage;
use chancery_dissect::{Focus, Upos};
use std::collections::{BTreeMap, BTreeSet};

/// The telling of a stage with the probability that it is one.
pub(super) struct Telling<'e> {
    pub(super) event: &'e Event,
    pub(super) features: Features,
    pub(super) words: Words,
    pub(super) probability: f64,
    /// False where its word tells of another stage more likely.
    pub(super) likeliest: bool,
    pub(super) stage: Stage,
    /// The actors who did it, where the text tells.
    pub(super) actors: BTreeSet<String>,
}

/// What may have happened to the agreement of `chain`: the likeliest stage of each word that tells of any.
pub(super) fn tellings<'e>(
    tools: &Tools<'_, '_, '_>,
    (mentions, own): (&[Mention], &[&Mention]),
    (events, focused): (&[&'e Event], &Focused),
    dates: &Dates<'_>,
    chain: &Chain,
    around: &Around<'_, '_, '_>,
) -> Vec<Telling<'e>> {
    let mut found: Vec<Telling<'e>> = Vec::new();
    for event in events {
        let Some(mention) = mentions.get(event.mention) else { continue };
        if is_setting(tools, event, events) {
            continue;
        }
        let surroundings = stage::Surroundings {
            chain,
            chains: around.chains,
            events,
            dated: events::date(tools, mentions, dates, event).is_some_and(|date| date.value.is_some()),
            date_in_sentence: dates.in_sentence_of(tools.graph, event.trigger),
        };
        let mut features = stage::features(tools, event, mention, &surroundings);
        signs::of_stage(tools, event, mention, own, &mut features);
        signs::of_stage_in_focus(tools, event, focused, &mut features);
        let tie = stage::tie(&features);
        let words = of_stage(around.lens, event.trigger, event.stage.as_str(), mention, tie, Words::new(around.named));
        let probability = tools.models.stages.probability_with(&features, &words);
        let doers = doer::doers(tools, mentions, event);
        let by = doers.as_ref().map(|doers| doers.span);
        let Some(stage) = events::cell(tools, mentions, dates, event, by, probability as f32) else { continue };
        let actors = doers.map(|doers| doers.actors).unwrap_or_default();
        found.push(Telling { event, features, words, probability, stage, actors, likeliest: true });
    }
    // A word tells of one stage, and what a rule or a cue makes of it else is less likely.
    let mut best: BTreeMap<usize, f64> = BTreeMap::new();
    for telling in &found {
        let highest = best.entry(telling.event.trigger).or_insert(telling.probability);
        *highest = highest.max(telling.probability);
    }
    for telling in &mut found {
        telling.likeliest = best.get(&telling.event.trigger).is_none_or(|&highest| telling.probability >= highest);
    }
    found
}

/// What the words say of the agreement of `chain`; `chained` are the mentions of any.
pub(super) fn in_focus(tools: &Tools<'_, '_, '_>, mentions: &[Mention], chain: &Chain, chained: &BTreeSet<usize>) -> Focused {
    let reading = tools.graph.reading();
    if reading.states.is_empty() {
        return Focused::new();
    }
    let tokens = |index: &usize| mentions.get(*index).map(|mention| mention.core.clone());
    let own = chain.mentions.iter().filter_map(tokens).collect();
    let others = chained.iter().filter(|index| !chain.mentions.contains(index)).filter_map(tokens).collect();
    tools.reader.focus(reading, &Focus { mentions: own, others })
}

/// "Initialled the accord in a ceremony": the noun tells in what setting the verb's own stage came about, and of no other.
fn is_setting(tools: &Tools<'_, '_, '_>, event: &Event, events: &[&Event]) -> bool {
    let graph = tools.graph;
    let inside = graph.tag(event.trigger) == Upos::Noun && matches!(graph.case(event.trigger), Some("in" | "at" | "during"));
    let verb = graph.head(event.trigger).filter(|_| inside && graph.base_relation(event.trigger) == "obl");
    verb.is_some_and(|verb| {
        events.iter().any(|other| other.trigger == verb && other.stage != event.stage && other.rule != stage::CUE)
    })
}
