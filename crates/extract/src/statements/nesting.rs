//! Who reports whom: an attribution inside the content of another is told by the other's source.
use super::Said;
use crate::statements::tree::Tree;
use chancery_agreement::Span;

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
