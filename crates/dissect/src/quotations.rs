//! Pairs quotation marks over the paragraphs of an article, repairs lost ones, and tells speech from words set off.
//!
//! Shape and neighbors say which end a mark can be; what is left over in a paragraph is speech that goes on in the next one, or
//! a quotation that lost a mark. A lost mark is repaired only where the paragraph shows that somebody speaks; else nothing is
//! guessed.
mod marks;

use crate::reading::{Quotation, QuoteKind};
use chancery_agreement::{Article, Span};
use marks::{Mark, Side, double_marks, single_pairs};
use rustc_hash::FxHashSet;
use serde::Deserialize;
use std::sync::LazyLock;

/// Speech that leaves its quotation open is followed over this many paragraphs at most.
const LONGEST_SPEECH: usize = 6;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cues {
    reporting: FxHashSet<String>,
    labels: FxHashSet<String>,
    elided: FxHashSet<String>,
}

fn cues() -> &'static Cues {
    static CUES: LazyLock<Cues> = LazyLock::new(|| {
        toml::from_str(include_str!("../../../rules/en/quotations.toml")).expect("the embedded cues are checked by the tests")
    });
    &CUES
}

/// The quotations of the story of `article`, in order of their start; nested ones follow the one that holds them.
///
/// Speech over several paragraphs gives one quotation a paragraph; [`Quotation::continues`] joins them.
#[must_use]
pub fn quotations(article: &Article) -> Vec<Quotation> {
    let text = article.text.as_str();
    let blocks: Vec<Span> = article.story().map(|block| block.span).collect();
    let paragraphs: Vec<Paragraph> = blocks.iter().map(|&block| Paragraph::read(text, block)).collect();
    let mut found: Vec<Quotation> = Vec::new();
    // The quotation that the paragraph before left open, and the number of paragraphs in which it has to close.
    let mut open: Option<(usize, usize)> = None;
    for (at, paragraph) in paragraphs.iter().enumerate() {
        let first = found.len();
        let mut lost_opening = paragraph.lost_opening;
        let went_on = open.take();
        if let Some((before, left)) = went_on {
            if let Some(close) = lost_opening.take() {
                let content = Span::new(paragraph.block.start(), close.span.start());
                let piece = quotation(text, content, content.join(close.span), 0, true);
                found.push(Quotation { continues: Some(before), kind: QuoteKind::Speech, ..piece });
            } else if paragraph.begins_open() {
                // The usual way: each paragraph of a speech opens anew. It is among the pairs, or left open once more.
            } else if left > 0 {
                let piece = quotation(text, paragraph.block, paragraph.block, 0, true);
                found.push(Quotation { continues: Some(before), kind: QuoteKind::Speech, ..piece });
                open = Some((found.len() - 1, left - 1));
            }
        }
        for pair in &paragraph.pairs {
            let content = Span::new(pair.open.span.end(), pair.close.span.start()).trimmed(text);
            let span = pair.open.span.join(pair.close.span);
            let mut piece = quotation(text, content, span, pair.depth, false);
            if let Some((before, _)) = went_on
                && pair.open.span.start() == paragraph.block.start()
            {
                piece.continues = Some(before);
                piece.kind = QuoteKind::Speech;
            }
            found.push(piece);
        }
        if let Some(close) = lost_opening {
            found.extend(paragraph.without_opening(text, close));
        }
        if let Some(mark) = paragraph.left_open {
            let continues = went_on.filter(|_| paragraph.begins_open() && paragraph.first_is(mark)).map(|(before, _)| before);
            if let Some(left) = goes_on(text, &paragraphs, at) {
                let span = Span::new(mark.span.start(), paragraph.block.end());
                let content = Span::new(mark.span.end(), span.end()).trimmed(text);
                found.push(Quotation { continues, kind: QuoteKind::Speech, ..quotation(text, content, span, 0, false) });
                open = Some((found.len() - 1, left));
            } else if let Some(piece) = paragraph.without_closing(text, mark) {
                found.push(Quotation { continues, ..piece });
            }
        }
        add_single(text, paragraph.block, &mut found, first);
        open = sort_from(&mut found, first, open);
    }
    found
}

/// Sorts the quotations from `first` on by their place; the index in `open` follows its quotation.
fn sort_from(found: &mut [Quotation], first: usize, open: Option<(usize, usize)>) -> Option<(usize, usize)> {
    let span = open.and_then(|(at, _)| found.get(at)).map(|piece| piece.span);
    if let Some(part) = found.get_mut(first..) {
        part.sort_by_key(|piece| (piece.span.start(), std::cmp::Reverse(piece.span.end())));
    }
    let at = span.and_then(|span| found.iter().rposition(|piece| piece.span == span));
    at.zip(open).map(|(at, (_, left))| (at, left))
}

/// Adds the single-quoted pieces of `block`; their depth is the number of double-quoted ones that hold them.
fn add_single(text: &str, block: Span, found: &mut Vec<Quotation>, first: usize) {
    for (open, close) in single_pairs(text, block, |word| cues().elided.contains(word)) {
        let content = Span::new(open.end(), close.start()).trimmed(text);
        let span = open.join(close);
        let holders = found.get(first..).unwrap_or_default().iter();
        let crossed =
            holders.clone().any(|piece| piece.span.overlaps(span) && !piece.content.contains(span) && !span.contains(piece.span));
        if crossed || content.is_empty() {
            continue;
        }
        let depth = holders.filter(|piece| piece.content.contains(span)).count();
        found.push(quotation(text, content, span, u8::try_from(depth).unwrap_or(u8::MAX), false));
    }
}

fn quotation(text: &str, content: Span, span: Span, depth: u8, repaired: bool) -> Quotation {
    let kind = if is_speech(text, content, span) { QuoteKind::Speech } else { QuoteKind::Scare };
    Quotation { content, span, kind, depth, repaired, continues: None }
}

/// Two marks that belong together.
#[derive(Debug, Clone, Copy)]
struct Pair {
    open: Mark,
    close: Mark,
    depth: u8,
}

/// The marks of one paragraph, paired as far as they can be.
#[derive(Debug)]
struct Paragraph {
    block: Span,
    pairs: Vec<Pair>,
    /// The outermost mark that opens and finds no end.
    left_open: Option<Mark>,
    /// The first mark that closes and finds no beginning.
    lost_opening: Option<Mark>,
    /// The first mark of the paragraph.
    first: Option<Mark>,
}

impl Paragraph {
    fn read(text: &str, block: Span) -> Self {
        let marks = double_marks(text, block);
        let mut pairs: Vec<Pair> = Vec::new();
        let mut stack: Vec<Mark> = Vec::new();
        let mut left_open = None;
        let mut lost_opening = None;
        for (at, &mark) in marks.iter().enumerate() {
            let side = match mark.side {
                Side::Either if !stack.is_empty() => Side::Close,
                Side::Either => {
                    let closable = marks.get(at + 1..).unwrap_or_default().iter().any(|later| later.side != Side::Open);
                    if !closable {
                        continue;
                    }
                    Side::Open
                }
                side => side,
            };
            if side == Side::Close {
                match stack.pop() {
                    Some(open) => pairs.push(Pair { open, close: mark, depth: u8::try_from(stack.len()).unwrap_or(u8::MAX) }),
                    // 6" deep: no end of a quotation where none is open.
                    None if mark.straight && before(text, block, mark).is_some_and(|c| c.is_ascii_digit()) => {}
                    None => lost_opening = lost_opening.or(Some(mark)),
                }
                continue;
            }
            // The same mark twice, the second at the start of a sentence: the first one lost its end.
            if let [open] = stack.as_slice()
                && open.straight == mark.straight
                && starts_sentence(text, block, mark)
            {
                left_open = left_open.or(Some(*open));
                stack.clear();
            }
            stack.push(mark);
        }
        left_open = left_open.or(stack.first().copied());
        // Quotations inside one that never closes are as deep as they look only if it does go on around them.
        pairs.sort_by_key(|pair| pair.open.span.start());
        Self { block, pairs, left_open, lost_opening, first: marks.first().copied() }
    }

    /// True where the paragraph begins with a mark that opens.
    fn begins_open(&self) -> bool {
        self.first.is_some_and(|mark| mark.span.start() == self.block.start() && mark.side != Side::Close)
    }

    fn first_is(&self, mark: Mark) -> bool {
        self.first == Some(mark)
    }

    /// A quotation whose opening mark was lost, ended by `close`: from the start of the paragraph, or of the sentence after the
    /// last quotation, where somebody is said to speak.
    fn without_opening(&self, text: &str, close: Mark) -> Option<Quotation> {
        let after = Span::new(close.span.end(), self.block.end()).of(text);
        let inside_stop = before(text, self.block, close).is_some_and(|c| matches!(c, ',' | '.' | '!' | '?' | '…'));
        if !(inside_stop || after.trim().is_empty() || reports(first_clause(after))) {
            return None;
        }
        let before =
            self.pairs.iter().filter(|pair| pair.close.span.end() <= close.span.start()).map(|pair| pair.close.span.end()).max();
        let start = match before {
            None => self.block.start(),
            Some(end) => end + sentence_end(Span::new(end, close.span.start()).of(text))?,
        };
        // `He said: We will sign."`: the words before the colon are the writer's.
        let words = Span::new(start, close.span.start()).of(text);
        let colon = words.find(": ").filter(|&at| words.get(..at).is_some_and(|lead| lead.len() < 120 && reports(lead)));
        let content = Span::new(start + colon.map_or(0, |at| at + 2), close.span.start()).trimmed(text);
        if content.is_empty() {
            return None;
        }
        Some(Quotation { kind: QuoteKind::Speech, ..quotation(text, content, content.join(close.span), 0, true) })
    }

    /// A quotation that `open` begins and nothing ends: up to the words that report it, else to the end of the paragraph; where
    /// it begins inside a sentence, to the end of that sentence.
    fn without_closing(&self, text: &str, open: Mark) -> Option<Quotation> {
        let next = self
            .pairs
            .iter()
            .map(|pair| pair.open.span.start())
            .find(|&start| start > open.span.end() && starts_sentence_at(text, self.block, start));
        let end = next.unwrap_or(self.block.end());
        let rest = Span::new(open.span.end(), end);
        let lead = Span::new(self.block.start(), open.span.start()).of(text);
        let whole = open.span.start() == self.block.start() || starts_sentence(text, self.block, open);
        let spoken = lead.trim_end().ends_with(':') || reports(last_clause(lead));
        let words = rest.of(text);
        let length = if whole || lead.trim_end().ends_with(':') {
            reported_after(words).unwrap_or(words.len())
        } else if spoken {
            sentence_end(words).unwrap_or(words.len())
        } else {
            return None;
        };
        let content = Span::new(rest.start(), rest.start() + length).trimmed(text);
        if content.is_empty() {
            return None;
        }
        Some(Quotation { kind: QuoteKind::Speech, ..quotation(text, content, open.span.join(content), 0, true) })
    }
}

/// Whether the quotation that paragraph `at` leaves open goes on: in how many further paragraphs without marks of its own.
fn goes_on(text: &str, paragraphs: &[Paragraph], at: usize) -> Option<usize> {
    for ahead in 1..=LONGEST_SPEECH {
        let paragraph = paragraphs.get(at + ahead)?;
        if ahead == 1 && paragraph.begins_open() {
            return Some(0);
        }
        if let Some(close) = paragraph.lost_opening {
            let first_pair = paragraph.pairs.first().is_none_or(|pair| pair.open.span.start() > close.span.start());
            let first_open = paragraph.left_open.is_none_or(|open| open.span.start() > close.span.start());
            return (first_pair && first_open).then_some(ahead - 1);
        }
        // Somebody's reported speech between: the writer has taken over again.
        if paragraph.left_open.is_some() || paragraph.begins_open() || reports(outside_quotes(text, paragraph)) {
            return None;
        }
    }
    None
}

/// The words of a paragraph before its first pair of marks: the writer's, if there are any.
fn outside_quotes<'t>(text: &'t str, paragraph: &Paragraph) -> &'t str {
    let end = paragraph.pairs.first().map_or(paragraph.block.end(), |pair| pair.open.span.start());
    Span::new(paragraph.block.start(), end).of(text)
}

fn before(text: &str, block: Span, mark: Mark) -> Option<char> {
    Span::new(block.start(), mark.span.start()).of(text).trim_end().chars().next_back()
}

fn starts_sentence(text: &str, block: Span, mark: Mark) -> bool {
    starts_sentence_at(text, block, mark.span.start())
}

fn starts_sentence_at(text: &str, block: Span, at: usize) -> bool {
    let lead = Span::new(block.start(), at).of(text).trim_end();
    lead.is_empty() || lead.ends_with(['.', '!', '?', '…', '"', '”'])
}

/// Length of `words` up to the end of their first sentence; `None` where they have none.
fn sentence_end(words: &str) -> Option<usize> {
    words.match_indices(['.', '!', '?']).map(|(at, stop)| at + stop.len()).find(|&end| {
        let rest = words.get(end..).unwrap_or("");
        rest.trim().is_empty() || rest.starts_with(char::is_whitespace) && rest.trim_start().starts_with(char::is_uppercase)
    })
}

/// The words up to the first full stop.
fn first_clause(words: &str) -> &str {
    sentence_end(words).and_then(|end| words.get(..end)).unwrap_or(words)
}

/// The words after the last full stop.
fn last_clause(words: &str) -> &str {
    let mut stop = words.match_indices(['.', '!', '?']).map(|(at, stop)| at + stop.len());
    let stop = stop.rfind(|&end| words.get(end..).is_some_and(|rest| rest.trim_start().starts_with(char::is_uppercase)));
    words.get(stop.unwrap_or(0)..).unwrap_or(words)
}

fn word_list(words: &str) -> impl DoubleEndedIterator<Item = &str> {
    words.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\'' || c == '’')).filter(|word| !word.is_empty())
}

/// True where a word of `words` reports speech. Capitals inside them are names: "the United States" states nothing.
fn reports(words: &str) -> bool {
    let reporting = &cues().reporting;
    word_list(words).enumerate().any(|(at, word)| reporting.contains(word) || at == 0 && reporting.contains(&word.to_lowercase()))
}

/// Length of the words before ", he said" or ", said the minister" in a quotation that lost its end.
fn reported_after(words: &str) -> Option<usize> {
    for (comma, _) in words.match_indices(", ") {
        let clause = words.get(comma + 2..).unwrap_or("");
        let clause = clause.split([',', '.', ';']).next().unwrap_or("");
        let mut said = None;
        for (at, word) in word_list(clause).take(8).enumerate() {
            if matches!(word, "said" | "says" | "told" | "added" | "stated" | "explained" | "noted" | "stressed" | "wrote") {
                said = Some(at);
                break;
            }
        }
        let first = clause.split(' ').next().unwrap_or("");
        let third = matches!(first, "he" | "she" | "they" | "said" | "the" | "a" | "an") || first.starts_with(char::is_uppercase);
        if said.is_some() && third && first != "I" {
            return Some(comma + 1);
        }
    }
    None
}

/// Speech, or a few words set off? Sentences and long stretches are speech unless they are written like a title; a few words are
/// speech where the sentence reports somebody.
fn is_speech(text: &str, content: Span, span: Span) -> bool {
    let words: Vec<&str> = word_list(content.of(text)).collect();
    let lead = clause_before(text, span);
    let tail = clause_after(text, span);
    let capitals = words.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    let small = words.iter().filter(|word| word.len() <= 3 && word.starts_with(char::is_lowercase)).count();
    let last_word = word_list(lead).next_back().unwrap_or("").to_lowercase();
    let stops = content.of(text).trim_end().ends_with(['.', '!', '?', ',']);
    let follows = reports(&tail.chars().take(80).collect::<String>());
    if words.is_empty() {
        return false;
    }
    // "so-called" is the writer's distance, whatever else stands there.
    if last_word == "so-called" {
        return false;
    }
    // A title: nearly every long word has a capital.
    let titled = words.len() >= 2 && capitals >= 2 && capitals + small >= words.len();
    if titled && !(stops && follows) {
        return false;
    }
    if content.of(text).trim_end().ends_with(['.', '!', '?']) && words.len() >= 3 {
        return true;
    }
    if words.len() >= 7 {
        return true;
    }
    let leads = reports(lead);
    if words.len() <= 3 && cues().labels.contains(&last_word) && !matches!(last_word.as_str(), "as" | "called") {
        return false;
    }
    if stops && follows {
        return true;
    }
    if lead.trim_end().ends_with([':', ',']) && leads {
        return true;
    }
    leads && words.len() >= 2 || follows && lead.is_empty() || leads && !cues().labels.contains(&last_word)
}

/// The words of the sentence before a quotation, at most some hundred and fifty bytes.
fn clause_before(text: &str, span: Span) -> &str {
    let mut start = span.start().saturating_sub(150);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let lead = Span::new(start, span.start()).of(text);
    let lead = lead.rsplit('\n').next().unwrap_or(lead);
    let clause = last_clause(lead).trim_start();
    // What stands before another mark belongs to another speaker, but for pairs: `called it "old" and "slow"`.
    let own = clause.rsplit(['"', '“', '”', '«', '»']).next().unwrap_or(clause);
    if word_list(own).all(|word| matches!(word, "and" | "or" | "but")) { clause } else { own.trim_start() }
}

/// The words of the sentence after a quotation, at most some hundred and fifty bytes.
fn clause_after(text: &str, span: Span) -> &str {
    let mut end = (span.end() + 150).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let tail = Span::new(span.end(), end).of(text);
    first_clause(tail.split('\n').next().unwrap_or(tail))
}

#[cfg(test)]
mod tests;
