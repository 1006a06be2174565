//! Writes attributions in the standoff format of PolNeAR, and maps them to its conventions there, nowhere else.
//!
//! Its content keeps the quotation marks and a leading "that"; a quotation without a cue belongs to the attribution that it
//! goes on from; only the outermost attribution is annotated; a relative pronoun is a source of its own. Offsets are code
//! points.
use crate::statements::attribution::{self, Attribution};
use crate::statements::cues::Cues;
use crate::statements::tree::Tree;
use chancery_agreement::Span;
use chancery_dissect::{Reading, Upos};
use std::fmt::Write as _;
use std::ops::Range;

/// The colon of a headline stands among so many of its first tokens.
const LONGEST_LABEL: usize = 7;
/// Fewest tokens that are said in a headline.
const SHORTEST_HEADLINE: usize = 3;
/// Longest insert that is taken for a part of its source, in tokens.
const LONGEST_INSERT: usize = 30;

/// One attribution as PolNeAR annotates it. Spans are bytes of the article's text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Annotation {
    /// The source, empty where there is none.
    pub source: Vec<Span>,
    /// The cue.
    pub cue: Vec<Span>,
    /// The content, in order of the text.
    pub content: Vec<Span>,
}

/// All attributions of a parsed reading, in order of the text.
#[must_use]
pub fn annotations(reading: &Reading<'_>, cues: &Cues) -> Vec<Annotation> {
    let tree = Tree::new(reading);
    let attributions = attribution::find(&tree, cues, true);
    let mut found: Vec<Annotation> = Vec::new();
    let mut place: Vec<Option<usize>> = Vec::new();
    for attribution in &attributions {
        if let Some(before) = attribution.carried {
            let target = place.get(before).copied().flatten();
            if let Some(annotation) = target.and_then(|at| found.get_mut(at)) {
                annotation.content.extend(attribution.content.iter().map(|piece| piece.outer));
            }
            place.push(target);
            continue;
        }
        place.push(Some(found.len()));
        found.push(annotation(&tree, attribution));
    }
    found.extend(headline(&tree, cues));
    for annotation in &mut found {
        annotation.content = merged(&annotation.content, &reading.article.text);
    }
    outermost(found)
}

fn annotation(tree: &Tree<'_, '_>, attribution: &Attribution) -> Annotation {
    let text = &tree.reading().article.text;
    let mut source = Vec::new();
    if let Some(relative) = attribution.relative {
        source.push(tree.span(&(relative..relative + 1)));
    } else if let Some(tokens) = &attribution.source {
        source.push(tree.span(&with_insert(tree, tokens, &attribution.cue)));
    }
    let content = attribution.content.iter().map(|piece| piece.outer.trimmed(text)).collect();
    Annotation { source, cue: vec![tree.span(&attribution.cue)], content }
}

/// "Port authority: Ferry will sail by noon" as a headline: the colon is the cue.
fn headline(tree: &Tree<'_, '_>, cues: &Cues) -> Option<Annotation> {
    let reading = tree.reading();
    let first = reading.sentences.first()?;
    let last = reading.sentences.iter().take_while(|sentence| sentence.block == first.block).last()?;
    let whole = first.tokens.start..last.tokens.end;
    let colon = whole.clone().take(LONGEST_LABEL).find(|&token| reading.form(token) == ":")?;
    let names = |token: usize| {
        matches!(tree.graph.tag(token), Upos::Propn | Upos::Noun | Upos::Adj | Upos::Part | Upos::Adp | Upos::Det)
            && !cues.word("headline-labels", &tree.lower(token))
    };
    let capital = |token: usize| reading.form(token).starts_with(char::is_uppercase);
    let (source, content) = (whole.start..colon, colon + 1..whole.end);
    let fits = !source.is_empty() && source.clone().all(names) && capital(source.start) && content.len() >= SHORTEST_HEADLINE;
    let next = reading.sentences.iter().any(|sentence| sentence.block != first.block);
    (fits && next).then(|| Annotation {
        source: vec![tree.span(&source)],
        cue: vec![tree.span(&(colon..colon + 1))],
        content: vec![tree.span(&content)],
    })
}

/// The source with what stands between commas behind it, and the closing comma: "Tom Reed, the head of the port, | said".
fn with_insert(tree: &Tree<'_, '_>, tokens: &Range<usize>, cue: &Range<usize>) -> Range<usize> {
    let reading = tree.reading();
    let comma = |token: usize| reading.form(token) == ",";
    let sentence = tree.sentence(tokens.start);
    // "who has led the talks" tells what is not needed to know whom is meant.
    let describes = |first: usize| matches!(tree.graph.tag(first), Upos::Det | Upos::Noun | Upos::Propn | Upos::Adj | Upos::Num);
    let mut source = tokens.clone();
    if cue.start > source.end {
        let last = cue.start - 1;
        // From the comma behind the source to the one before the cue; or one that closes an apposition inside the source.
        let insert = comma(source.end) && comma(last) && describes(source.end + 1) && last - source.end <= LONGEST_INSERT;
        let closes = last == source.end && tokens.clone().any(comma);
        if (insert && last > source.end) || (closes && comma(last)) {
            source.end = cue.start;
        }
    } else if cue.end <= source.start && comma(source.end) {
        // "said Tom Reed, the head of the port."
        let first = source.end + 1;
        let describes = describes(first);
        let end = (first..sentence.end.min(first + LONGEST_INSERT))
            .find(|&token| matches!(reading.form(token), "," | "." | ";" | ":" | "\"" | "“" | "''" | "—" | "–" | "!" | "?"));
        if let Some(end) = end.filter(|_| describes) {
            source.end = if comma(end) { end + 1 } else { end };
        }
    }
    source
}

/// Pieces with nothing but white space between them are one.
fn merged(pieces: &[Span], text: &str) -> Vec<Span> {
    let mut sorted = pieces.to_vec();
    sorted.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for span in sorted {
        match merged.last_mut() {
            Some(last) if span.start() <= last.end() || Span::new(last.end(), span.start()).of(text).trim().is_empty() => {
                *last = last.join(span)
            }
            _ => merged.push(span),
        }
    }
    merged
}

/// Drops what stands inside the content of another.
fn outermost(annotations: Vec<Annotation>) -> Vec<Annotation> {
    let mut contents: Vec<Span> = annotations.iter().flat_map(|annotation| annotation.content.iter().copied()).collect();
    contents.sort_unstable();
    let mut reach: Vec<(usize, usize)> = Vec::new();
    let mut farthest = 0;
    for span in &contents {
        farthest = farthest.max(span.end());
        reach.push((span.start(), farthest));
    }
    let holds = |cue: Span| {
        let at = reach.partition_point(|&(start, _)| start <= cue.start());
        at.checked_sub(1).and_then(|at| reach.get(at)).is_some_and(|&(_, end)| end >= cue.end())
    };
    annotations.into_iter().filter(|annotation| !annotation.cue.iter().any(|&cue| holds(cue))).collect()
}

/// The standoff text: `T` lines for spans, `E` lines for attributions. Offsets count code points of `text`.
#[must_use]
pub fn write(text: &str, annotations: &[Annotation]) -> String {
    let mut bounds: Vec<usize> = annotations
        .iter()
        .flat_map(|annotation| annotation.source.iter().chain(&annotation.cue).chain(&annotation.content))
        .flat_map(|span| [span.start(), span.end()])
        .collect();
    bounds.sort_unstable();
    bounds.dedup();
    // Code points before each bound, in one pass.
    let mut points: Vec<usize> = Vec::with_capacity(bounds.len());
    let (mut count, mut from) = (0, 0);
    for &bound in &bounds {
        count += text.get(from..bound).map_or(0, |part| part.chars().count());
        from = bound;
        points.push(count);
    }
    let point = |byte: usize| bounds.binary_search(&byte).ok().and_then(|at| points.get(at).copied()).unwrap_or(0);
    let mut out = String::new();
    let mut next = 1;
    let mut span_line = |out: &mut String, label: &str, spans: &[Span]| -> usize {
        let offsets: Vec<String> = spans.iter().map(|span| format!("{} {}", point(span.start()), point(span.end()))).collect();
        let words: Vec<&str> = spans.iter().map(|span| span.of(text)).collect();
        let number = next;
        next += 1;
        let _ = writeln!(out, "T{number}\t{label} {}\t{}", offsets.join(";"), words.join(" "));
        number
    };
    for (number, annotation) in annotations.iter().enumerate() {
        let source = (!annotation.source.is_empty()).then(|| span_line(&mut out, "Source", &annotation.source));
        let cue = span_line(&mut out, "Cue", &annotation.cue);
        let content = span_line(&mut out, "Content", &annotation.content);
        let role = if source.is_some() { "Attribution" } else { "Attribution-no-source" };
        let event = span_line(&mut out, role, &annotation.cue);
        let _ = write!(out, "E{}\t{role}:T{event} Content:T{content} Cue:T{cue}", number + 1);
        if let Some(source) = source {
            let _ = write!(out, " Source:T{source}");
        }
        out.push('\n');
    }
    out
}
