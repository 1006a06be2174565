//! Attributions inside the content of others: who reports whom, and where one speaker's words are two statements or one.
use super::{Said, is_statement};
use crate::statements::attribution::{Attribution, Piece};
use crate::statements::cues::Cues;
use crate::statements::extent;
use crate::statements::speakers::Who;
use crate::statements::tree::Tree;
use chancery_agreement::Span;
use chancery_dissect::VerbForm;

/// Makes statements of one speaker that overlap stand apart: "rejected the plan, saying that it harms farmers" are two, and the first
/// ends where the second begins; "said she hopes that it holds" is one.
pub(super) fn apart(tree: &Tree<'_, '_>, cues: &Cues, attributions: &mut [Attribution], who: &[Option<Who>]) {
    let mut cuts: Vec<(usize, usize, usize)> = Vec::new();
    let mut again = Vec::new();
    for (inner, own) in attributions.iter().enumerate().filter(|(_, own)| !own.cue.is_empty() && is_statement(tree, cues, own)) {
        let cue = tree.span(&own.cue);
        // Attributions stand in order of the text: whatever holds this cue begins before it, in the same sentence.
        let sentence = tree.sentence(own.head);
        let before = attributions.iter().enumerate().take(inner).rev().take_while(|(_, other)| sentence.contains(&other.head));
        for (outer, other) in before.filter(|(_, other)| is_statement(tree, cues, other)) {
            let Some(at) = other.content.iter().position(|piece| !piece.direct && piece.span.contains(cue)) else { continue };
            let Some(piece) = other.content.get(at) else { continue };
            let says = |token: usize| tree.reading().tokens.get(token).is_some_and(|token| piece.span.contains(token.span));
            let same = own.source_head.is_some() && own.source_head == other.source_head
                || named(who, inner).is_some_and(|name| named(who, outer) == Some(name));
            if !same {
                continue;
            }
            if own.source_head.is_some_and(says) {
                let repeats = tree.graph.head(own.head) == Some(other.head) && own.content.iter().all(|piece| !piece.direct);
                if repeats {
                    again.push(inner);
                }
            } else if is_another_clause(tree, own) {
                cuts.push((outer, at, own.cue.start));
            }
        }
    }
    for (outer, at, cue) in cuts {
        let Some(piece) = attributions.get_mut(outer).and_then(|outer| outer.content.get_mut(at)) else { continue };
        *piece = ending_before(tree, piece, cue);
    }
    for inner in again {
        attributions.iter_mut().skip(inner).take(1).for_each(|inner| inner.content.clear());
    }
    for attribution in attributions {
        attribution.content.retain(|piece| !piece.span.is_empty());
    }
}

/// Whom the source names.
fn named(who: &[Option<Who>], attribution: usize) -> Option<usize> {
    who.get(attribution)?.as_ref()?.named
}

/// True for "…, saying that" and "… and said that", but not for "refused to confirm or deny that" and "by denying that".
fn is_another_clause(tree: &Tree<'_, '_>, attribution: &Attribution) -> bool {
    let head = attribution.head;
    let form = tree.reading().syntax(head).and_then(|syntax| syntax.features.verb_form);
    let governed = tree.children(head).any(|child| child < head && matches!(tree.graph.base_relation(child), "mark" | "case"));
    form != Some(VerbForm::Inf) && !governed && matches!(tree.graph.base_relation(head), "advcl" | "acl" | "conj" | "parataxis")
}

/// The piece up to the cue at `cue`, without what joins the two; empty where nothing is left.
fn ending_before(tree: &Tree<'_, '_>, piece: &Piece, cue: usize) -> Piece {
    let tokens = tree.reading().tokens_in(piece.span);
    let joins = |token: usize| tree.is_punct(token) || tree.graph.base_relation(token) == "cc";
    let end = (tokens.start..cue.min(tokens.end)).rev().find(|&token| !joins(token)).map_or(tokens.start, |last| last + 1);
    let kept = extent::trimmed(tree, &(tokens.start..end));
    Piece { span: tree.span(&kept), outer: tree.span(&kept), direct: false }
}

/// For each attribution the one that reports it, where there is one: the smallest content that holds its cue, or all of it.
pub(super) fn reporters<'s>(tree: &Tree<'_, '_>, said: &'s [Said<'s>]) -> Vec<Option<&'s Said<'s>>> {
    let mut contents: Vec<(Span, usize)> = Vec::new();
    for (index, said) in said.iter().enumerate() {
        contents.extend(said.attribution.content.iter().map(|piece| (piece.span, index)));
    }
    contents.sort_unstable();
    // The farthest end of all contents up to each: none of those before reaches beyond it.
    let mut reach = Vec::with_capacity(contents.len());
    for (span, _) in &contents {
        reach.push(reach.last().copied().unwrap_or(0).max(span.end()));
    }
    let reporter = |index: usize, own: &Said<'_>| {
        let mut whole = own.attribution.content.iter().map(|piece| piece.span).reduce(Span::join)?;
        if !own.attribution.cue.is_empty() {
            whole = whole.join(tree.span(&own.attribution.cue));
        }
        let before = contents.partition_point(|(span, _)| span.start() <= whole.start());
        let mut found: Option<(Span, usize)> = None;
        for at in (0..before).rev() {
            if reach.get(at).is_none_or(|&reach| reach < whole.end()) {
                break;
            }
            let Some(&(span, other)) = contents.get(at) else { break };
            let smaller = found.is_none_or(|(best, _)| span.len() < best.len());
            if other != index && span.contains(whole) && span != whole && smaller {
                found = Some((span, other));
            }
        }
        found.and_then(|(_, other)| said.get(other))
    };
    said.iter().enumerate().map(|(index, own)| reporter(index, own)).collect()
}
