//! The quotations of a reading as attribution needs them: in tokens, outermost ones only.
use chancery_agreement::Span;
use chancery_dissect::{Quotation, QuoteKind, Reading};
use std::ops::Range;

/// One outermost quotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// What stands inside the marks.
    pub content: Span,
    /// With the marks.
    pub outer: Span,
    /// Tokens with the marks.
    pub tokens: Range<usize>,
    /// Tokens between the marks.
    pub inner: Range<usize>,
    /// A whole sentence or more, not a few words set off.
    pub whole: bool,
    /// A title, a term or a word at arm's length.
    pub scare: bool,
}

/// Shortest stretch, in tokens, that is taken for a sentence of somebody's.
const SHORTEST_SENTENCE: usize = 3;

/// All outermost quotations, in order.
#[must_use]
pub fn outermost(reading: &Reading<'_>) -> Vec<Quote> {
    let mut quotes: Vec<Quote> = Vec::new();
    for quotation in &reading.quotations {
        if quotation.depth > 0 || quotes.last().is_some_and(|last| last.outer.overlaps(quotation.span)) {
            continue;
        }
        if let Some(quote) = quote(reading, quotation) {
            quotes.push(quote);
        }
    }
    quotes
}

fn quote(reading: &Reading<'_>, quotation: &Quotation) -> Option<Quote> {
    let tokens = reading.tokens_in(quotation.span);
    let inner = reading.tokens_in(quotation.content);
    if inner.is_empty() {
        return None;
    }
    let words = reading.words(quotation.content).trim();
    let starts = words.chars().find(|c| c.is_alphanumeric() || matches!(c, '.' | '…' | '['));
    let opens = starts.is_some_and(|c| c.is_uppercase() || c.is_numeric() || matches!(c, '.' | '…' | '['));
    let closes = words.ends_with(['.', ',', '!', '?', '…', ';', '-', '—', ']']);
    // "Songs of the Old River," is a title: every long word has a capital.
    let long_words = || {
        inner
            .clone()
            .map(|token| reading.form(token))
            .filter(|form| form.chars().count() > 3 && form.chars().all(char::is_alphabetic))
    };
    let title = inner.len() < 8
        && !words.ends_with(['.', '!', '?'])
        && long_words().all(|form| form.chars().next().is_some_and(char::is_uppercase));
    let long = inner.len() >= 9;
    let whole = inner.len() >= SHORTEST_SENTENCE && ((opens && closes) || (long && (opens || closes)) || inner.len() >= 18);
    Some(Quote {
        content: quotation.content.trimmed(&reading.article.text),
        outer: quotation.span,
        tokens,
        inner,
        whole,
        scare: title || (quotation.kind == QuoteKind::Scare && !whole),
    })
}

/// For each token, the quotation that holds it (marks included).
#[must_use]
pub fn holders(reading: &Reading<'_>, quotes: &[Quote]) -> Vec<Option<u32>> {
    let mut holders = vec![None; reading.tokens.len()];
    for (index, quote) in quotes.iter().enumerate() {
        for holder in holders.get_mut(quote.tokens.clone()).unwrap_or_default() {
            *holder = u32::try_from(index).ok();
        }
    }
    holders
}
