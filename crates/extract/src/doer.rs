//! Who did what befell an agreement, in the words of the text: "Kenya's lower house approved it", "a treaty signed by Joseph Wafula".
use crate::agreements::Tools;
use crate::events::Event;
use crate::mention::{Mention, span_of};
use chancery_agreement::{Span, StageKind};
use chancery_dissect::Upos;
use std::collections::BTreeSet;
use std::ops::Range;

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Doers {
    /// The words, from the first of them to the last.
    pub(crate) span: Span,
    /// The actors that they speak for: canonical names.
    pub(crate) actors: BTreeSet<String>,
}

/// Who did what `event` tells; `None` where the text does not say, or names what can do nothing ("a measure that violates the treaty").
pub(crate) fn doers(tools: &Tools<'_, '_, '_>, mentions: &[Mention], event: &Event) -> Option<Doers> {
    if !is_done(event.stage) {
        return None;
    }
    let graph = tools.graph;
    let own = graph.subjects(event.trigger);
    let found = match event.governor {
        Some(governor) if own.is_empty() => graph.subjects(governor),
        _ => own,
    };
    let is_agreement = |token: usize| mentions.iter().any(|mention| mention.core.contains(&token));
    let mut phrases: Vec<Range<usize>> =
        found.iter().filter(|&&token| !is_agreement(token)).filter_map(|&token| phrase(tools, token)).collect();
    phrases.sort_by_key(|phrase| phrase.start);
    let mut phrases = phrases.into_iter();
    let first = phrases.next()?;
    let words =
        phrases.fold(first, |words, next| if is_joined(tools, words.end..next.start) { words.start..next.end } else { words });
    let actors = found.iter().flat_map(|&token| tools.speaks_for(token)).map(|actor| actor.actor).collect();
    Some(Doers { span: span_of(graph.reading(), &words), actors })
}

/// True for what stands between two names of one enumeration: "Chile, Peru | and the | Peruvian army".
fn is_joined(tools: &Tools<'_, '_, '_>, mut between: Range<usize>) -> bool {
    let tag = |token: usize| tools.graph.tag(token);
    between.clone().all(|token| matches!(tag(token), Upos::Cconj | Upos::Punct | Upos::Det))
        && between.any(|token| matches!(tag(token), Upos::Cconj | Upos::Punct))
}

/// True for what somebody does; what two sides do together ("agreed") and what happens by itself ("expired") is nobody's deed.
fn is_done(stage: StageKind) -> bool {
    !matches!(stage, StageKind::Agreed | StageKind::Negotiating | StageKind::InForce | StageKind::Expired)
}

/// What each does for itself, so that what two do are two events: "Ghana ratified it. Togo did so last year."
pub(crate) fn each_for_itself(stage: StageKind) -> bool {
    matches!(stage, StageKind::Approved | StageKind::Ratified | StageKind::Rejected | StageKind::Withdrawn)
}

/// The words for the person, body or state whose last word is `token`: a name, or a noun of the list `doers` with what stands before it.
fn phrase(tools: &Tools<'_, '_, '_>, token: usize) -> Option<Range<usize>> {
    let graph = tools.graph;
    let reading = graph.reading();
    let noun = || {
        let listed = graph.tag(token) == Upos::Noun && tools.lists.contains("doers", &reading.lower_lemma(token));
        let before = |child: usize| {
            child < token
                && matches!(graph.base_relation(child), "amod" | "compound" | "nmod" | "nummod" | "flat")
                && graph.tag(child) != Upos::Pron
        };
        let first = reading.dependents(token).filter(|&child| before(child)).map(|child| graph.extent(child).0).min();
        let first = first.unwrap_or(token);
        // "The foreign ministers": the article is no part of whom it names.
        let first = if graph.tag(first) == Upos::Det { first + 1 } else { first };
        listed.then(|| first.min(token)..token + 1)
    };
    let named = || reading.names.iter().find(|name| name.tokens.contains(&token)).map(|name| name.tokens.clone());
    let actor = || tools.actors.at(token).map(|actor| actor.tokens.clone());
    named().or_else(actor).or_else(noun)
}
