//! Parts the tokens of one block into sentences by rule.
//!
//! A block (paragraph, headline) never shares a sentence with another. Within it a sentence ends after a final mark and
//! what closes with it (quotation marks, brackets), unless what follows shows that it goes on.
use crate::tokens::{entity_length, is_apostrophe};
use crate::words::WordLists;
use chancery_agreement::Span;
use std::ops::Range;

/// A sentence never has more tokens than this: longer ones (lists, tables, junk) are parted, at a mark where there is one.
pub const LONGEST_SENTENCE: usize = 240;

/// Parts `tokens`, all of one block of `text`, into sentences: ranges of indices of `tokens`, in order, that leave out none.
#[must_use]
pub fn split_sentences(text: &str, tokens: &[Span]) -> Vec<Range<usize>> {
    let words: Vec<&str> = tokens.iter().map(|token| token.of(text)).collect();
    let splitter = Splitter { tokens, words: &words, lists: WordLists::english() };
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut at = 0;
    // Straight quotation marks open and close with the same sign: count them since the start of the block.
    let mut quote_open = false;
    let mut bracket_depth = 0_usize;
    while at < words.len() {
        let word = words.get(at).copied().unwrap_or("");
        match word {
            "\"" | "''" | "``" => quote_open = !quote_open,
            "\u{201c}" => quote_open = true,
            "\u{201d}" => quote_open = false,
            "(" | "[" => bracket_depth += 1,
            ")" | "]" => bracket_depth = bracket_depth.saturating_sub(1),
            _ => {}
        }
        // A caption that runs into the name of its photographer.
        if at > start && splitter.is_credit(at) {
            cap(&words, start..at, &mut sentences);
            start = at;
        }
        at += 1;
        if let Some(end) = splitter.sentence_end(start, at - 1, quote_open, bracket_depth) {
            // The marks that close with the sentence are taken with it.
            for word in words.get(at..end).unwrap_or(&[]) {
                match *word {
                    "\"" | "''" | "\u{201d}" => quote_open = false,
                    ")" | "]" => bracket_depth = bracket_depth.saturating_sub(1),
                    _ => {}
                }
            }
            cap(&words, start..end, &mut sentences);
            start = end;
            at = end;
        }
    }
    cap(&words, start..words.len(), &mut sentences);
    sentences
}

/// Adds `range`, in parts where it is too long.
fn cap(words: &[&str], mut range: Range<usize>, sentences: &mut Vec<Range<usize>>) {
    while range.len() > LONGEST_SENTENCE {
        let window = range.start + LONGEST_SENTENCE / 2..range.start + LONGEST_SENTENCE;
        let best = |marks: &[&str]| window.clone().rev().find(|&at| words.get(at).is_some_and(|word| marks.contains(word)));
        let cut = best(&[";", "|", "\u{2022}", ":"]).or_else(|| best(&[","])).map_or(window.end, |at| at + 1);
        sentences.push(range.start..cut);
        range.start = cut;
    }
    if !range.is_empty() {
        sentences.push(range);
    }
}

struct Splitter<'a> {
    tokens: &'a [Span],
    words: &'a [&'a str],
    lists: &'static WordLists,
}

impl Splitter<'_> {
    fn word(&self, at: usize) -> &str {
        self.words.get(at).copied().unwrap_or("")
    }

    /// True when white space stands before token `at`.
    fn spaced(&self, at: usize) -> bool {
        match (at.checked_sub(1).and_then(|before| self.tokens.get(before)), self.tokens.get(at)) {
            (Some(before), Some(token)) => before.end() < token.start(),
            _ => true,
        }
    }

    /// True when the name of a picture's source starts at `at` ("Photo: ...").
    fn is_credit(&self, at: usize) -> bool {
        let word = self.word(at);
        word.starts_with(char::is_uppercase) && self.lists.is_credit(word) && self.word(at + 1) == ":"
    }

    /// Where the sentence that began at `start` ends (exclusive) if it ends with the token `at` and what closes with it.
    fn sentence_end(&self, start: usize, at: usize, quote_open: bool, bracket_depth: usize) -> Option<usize> {
        let word = self.word(at);
        let strong = is_final_mark(word);
        let shortened = !strong && word.len() > 1 && word.ends_with('.') && word.chars().any(char::is_alphabetic);
        if !strong && !shortened {
            return None;
        }
        // "1." and "2.1." number what follows.
        let numbers = at == start + 1
            && at + 1 < self.words.len()
            && self.word(start).chars().all(|digit| digit.is_numeric() || digit == '.');
        if numbers && start == 0 {
            return None;
        }
        let mut end = at + 1;
        let mut open = quote_open;
        let mut depth = bracket_depth;
        let mut closed_quote = false;
        while end < self.words.len() {
            let next = self.word(end);
            let closes = match next {
                // A straight mark closes where it touches what is before it, or stands alone while a quotation is open.
                "\"" | "''" => {
                    let before_space = end + 1 == self.words.len() || self.spaced(end + 1) || !is_word(self.word(end + 1));
                    before_space && (open || !self.spaced(end))
                }
                "\u{201d}" | "\u{bb}" => true,
                // Opening marks are at times written for closing ones.
                "\u{201c}" => !self.spaced(end) && (end + 1 == self.words.len() || self.spaced(end + 1)),
                "'" | "\u{2019}" => !self.spaced(end),
                ")" | "]" => depth > 0 || !self.spaced(end),
                _ => is_final_mark(next) && !self.spaced(end),
            };
            if !closes {
                break;
            }
            match next {
                "\"" | "''" | "\u{201d}" | "\u{201c}" => {
                    open = false;
                    closed_quote = true;
                }
                "'" | "\u{2019}" => closed_quote = true,
                ")" | "]" => depth = depth.saturating_sub(1),
                _ => {}
            }
            end += 1;
        }
        // Numbers of sources ("[12]") belong to the sentence before them.
        while self.word(end) == "[" && self.word(end + 1).chars().all(char::is_numeric) && self.word(end + 2) == "]" {
            end += 3;
        }
        if end >= self.words.len() {
            return Some(end);
        }
        // Inside brackets a sentence goes on to the closing bracket, if it is near.
        if depth > 0 && self.closes_soon(end) {
            return None;
        }
        (if shortened { self.starts_after_abbreviation(at, end) } else { self.starts_after(at, end, closed_quote) })
            .then_some(end)
    }

    /// True when a closing bracket comes within the next tokens and before any final mark.
    fn closes_soon(&self, from: usize) -> bool {
        let window = self.words.get(from..(from + 60).min(self.words.len())).unwrap_or(&[]);
        window.iter().any(|word| matches!(*word, ")" | "]"))
    }

    /// True when a sentence may start at `next`, after the final mark at `at`.
    fn starts_after(&self, at: usize, next: usize, closed_quote: bool) -> bool {
        let mark = self.word(at);
        let mut first = next;
        while first < self.words.len() && is_opening(self.word(first)) {
            first += 1;
        }
        let word = self.word(first);
        let Some(letter) = word.chars().next() else { return true };
        if letter.is_lowercase() {
            return false;
        }
        if letter.is_uppercase() {
            // "'Why?' Smith asked": the words of speech belong to the sentence.
            if closed_quote && matches!(mark, "?" | "!" | "..." | "\u{2026}" | "?!") && self.speech_follows(first) {
                return false;
            }
            return true;
        }
        if matches!(word, "-" | "--" | "\u{2014}" | "\u{2013}" | "&mdash;" | "&ndash;") {
            // A dash and a name after a quotation tell who said it.
            let next_is_capital = self.word(first + 1).starts_with(char::is_uppercase);
            return self.spaced(first) && !closed_quote && next_is_capital;
        }
        if matches!(word, "," | ";" | ":" | "%" | "/") || entity_length(word).is_some() {
            return false;
        }
        if letter.is_numeric() {
            return self.spaced(first) && !matches!(mark, "..." | "\u{2026}" | "..");
        }
        self.spaced(first) || first > next
    }

    /// True when a sentence starts at `next`, after the abbreviation at `at`.
    fn starts_after_abbreviation(&self, at: usize, next: usize) -> bool {
        let word = self.word(at).trim_end_matches('.');
        let following = self.word(next);
        if is_opening(following) {
            return next > at + 1 && self.spaced(next);
        }
        if !following.chars().next().is_some_and(char::is_uppercase) {
            return false;
        }
        let initial = word.chars().count() == 1;
        if next > at + 1 {
            return true;
        }
        if initial {
            return false;
        }
        let closes = word.contains('.') || self.lists.may_close_sentence(word);
        closes && self.lists.is_starter(following)
    }

    /// True when a verb of speech stands within the next five tokens, before any mark.
    fn speech_follows(&self, from: usize) -> bool {
        for at in from..(from + 6).min(self.words.len()) {
            let word = self.word(at);
            if self.lists.is_speech(word) {
                return true;
            }
            if matches!(word, "," | "." | "?" | "!" | ":" | ";" | "\"") {
                return false;
            }
        }
        false
    }
}

/// True for words and numbers.
fn is_word(word: &str) -> bool {
    word.starts_with(char::is_alphanumeric)
}

/// Marks that end a sentence.
fn is_final_mark(word: &str) -> bool {
    !word.is_empty()
        && (word.chars().all(|mark| matches!(mark, '.' | '!' | '?' | '\u{2026}' | '\u{203d}'))
            || matches!(word, "&hellip;" | "[...]"))
}

/// Marks that stand before the first word of a sentence.
fn is_opening(word: &str) -> bool {
    matches!(word, "\"" | "''" | "``" | "\u{201c}" | "\u{2018}" | "(" | "[" | "'" | "\u{ab}" | "*" | "\u{2022}" | "`")
        || word.len() == 1 && word.chars().all(is_apostrophe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::tokenize;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let tokens = tokenize(text, Span::new(0, text.len()));
        let sentences: Vec<String> = split_sentences(text, &tokens)
            .into_iter()
            .map(|range| tokens[range.start].join(tokens[range.end - 1]).of(text).to_owned())
            .collect();
        assert_eq!(sentences, expected);
    }

    #[test]
    fn final_marks_end_sentences_with_their_quotation_marks() {
        check("He left. \"We won.\" She stayed!", &["He left.", "\"We won.\"", "She stayed!"]);
        check("“Why now?” he asked. “Nobody knows.”", &["“Why now?” he asked.", "“Nobody knows.”"]);
        check("\"Why now?\" Anna Velk asked. It rained.", &["\"Why now?\" Anna Velk asked.", "It rained."]);
    }

    #[test]
    fn abbreviations_end_a_sentence_only_before_a_starter() {
        check(
            "Troops of the U.S. Army left the U.S. The war ended.",
            &["Troops of the U.S. Army left the U.S.", "The war ended."],
        );
        check("Mr. Doe and J. Roe of Harbor Inc. agreed.", &["Mr. Doe and J. Roe of Harbor Inc. agreed."]);
    }

    #[test]
    fn endless_sentences_are_parted() {
        let text = "word ".repeat(10_000);
        let tokens = tokenize(&text, Span::new(0, text.len()));
        let sentences = split_sentences(&text, &tokens);
        assert!(sentences.iter().all(|range| range.len() <= LONGEST_SENTENCE));
        assert_eq!(sentences.iter().map(ExactSizeIterator::len).sum::<usize>(), 10_000);
    }
}
