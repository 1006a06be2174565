//! Refusals: what a denied acceptance, a refused act and a defeated motion tell of an agreement.
use crate::agreements::Tools;
use crate::events::{Event, clause};
use crate::stage;
use chancery_agreement::{Modality, StageKind};
use std::collections::BTreeSet;

/// "Will not accept the deal" tells of a refusal, not of an acceptance that is denied; "did not observe the truce" of a breach; "was unable
/// to negotiate a deal" of no deal. What only accepts is no refusal and is left out.
pub fn turn_refusals(tools: &Tools<'_, '_, '_>, events: &mut Vec<Event>) {
    let graph = tools.graph;
    // "accepted the deal" is no refusal: only its denial is one.
    let accepted = |event: &Event| {
        let rejects = event.stage == StageKind::Rejected && event.modality != Modality::Denied;
        rejects && accepting(tools, graph.reading().lemma(event.trigger))
    };
    events.retain(|event| !accepted(event));
    for event in events.iter_mut().filter(|event| event.modality == Modality::Denied) {
        let lemma = graph.reading().lemma(event.trigger);
        let above = graph.head(event.trigger).filter(|_| graph.base_relation(event.trigger) == "xcomp");
        let failed = above.is_some_and(|head| tools.lists.contains("failing", &graph.reading().lower_lemma(head)));
        let accepts =
            matches!(event.stage, StageKind::Agreed | StageKind::Approved | StageKind::Implemented | StageKind::Rejected);
        if event.stage == StageKind::Implemented && tools.lists.contains("keeping", lemma) && (failed || !accepting(tools, lemma))
        {
            (event.stage, event.modality) = (StageKind::Violated, Modality::Actual);
        } else if accepts && accepting(tools, lemma) {
            (event.stage, event.modality) = (StageKind::Rejected, Modality::Actual);
        } else if event.stage == StageKind::Negotiating && failed {
            event.stage = StageKind::Agreed;
        }
    }
}

fn accepting(tools: &Tools<'_, '_, '_>, lemma: &str) -> bool {
    tools.lists.contains("accepting", lemma)
}

/// "Refused to ratify the treaty" tells of a refusal, not of a ratification that was denied as well. What a cue alone may tell refuses
/// nothing.
#[must_use]
pub fn without_refused(tools: &Tools<'_, '_, '_>, events: Vec<Event>) -> Vec<Event> {
    let refuses = |event: &&Event| event.stage == StageKind::Rejected && event.rule != stage::CUE;
    let refusals: BTreeSet<(usize, usize)> = events.iter().filter(refuses).map(|event| (event.trigger, event.mention)).collect();
    let refused = |event: &Event| {
        event.stage != StageKind::Rejected
            && tools.graph.head(event.trigger).is_some_and(|head| refusals.contains(&(head, event.mention)))
    };
    events.into_iter().filter(|event| !refused(event)).collect()
}

/// "Rejected a motion to leave the treaty": nobody left, and the treaty was not rejected. "Rejected a bill to ratify it": it was.
pub fn refuse_motions(tools: &Tools<'_, '_, '_>, events: &mut Vec<Event>) {
    let mut stayed = BTreeSet::new();
    let mut refused = BTreeSet::new();
    for (index, event) in events.iter_mut().enumerate() {
        let Some(verb) = refused_motion(tools, event.trigger) else { continue };
        if matches!(event.stage, StageKind::Withdrawn | StageKind::Suspended | StageKind::Terminated) {
            event.modality = Modality::Denied;
            event.governor = event.governor.or(Some(verb));
            event.parties.extend(tools.graph.subjects(verb).into_iter().flat_map(|subject| tools.speaks_for(subject)));
            stayed.insert((verb, event.mention));
        } else if matches!(event.stage, StageKind::Signed | StageKind::Ratified | StageKind::Approved | StageKind::Agreed) {
            event.stage = StageKind::Rejected;
            event.modality = Modality::Actual;
            event.governor = event.governor.or(Some(verb));
            event.span = event.span.join(clause(tools, verb, vec![event.trigger]));
            refused.insert(index);
            stayed.insert((verb, event.mention));
        }
    }
    let mut index = 0;
    events.retain(|event| {
        index += 1;
        refused.contains(&(index - 1)) || event.stage != StageKind::Rejected || !stayed.contains(&(event.trigger, event.mention))
    });
}

/// The verb that refuses the motion to do what stands at `token`.
fn refused_motion(tools: &Tools<'_, '_, '_>, token: usize) -> Option<usize> {
    let graph = tools.graph;
    let lemma = |token: usize| graph.reading().lower_lemma(token);
    let motion = graph.head(token).filter(|_| graph.base_relation(token) == "acl")?;
    let put = matches!(graph.base_relation(motion), "obj" | "nsubj") && tools.lists.contains("motions", &lemma(motion));
    let verb = graph.head(motion).filter(|&verb| put && tools.lists.contains("refusing-motions", &lemma(verb)))?;
    // "was rejected" and "rejected it"; in "Peru rejected" nobody rejected Peru.
    let passive = graph.relation(motion) == "nsubj:pass" || graph.down(verb, "aux").any(|aux| graph.relation(aux) == "aux:pass");
    (graph.base_relation(motion) == "obj" || passive).then_some(verb)
}
