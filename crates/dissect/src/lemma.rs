//! Lemmas: for each tag, endings of words with what replaces them; the longest ending that was learned decides.
use crate::fast::weights::LemmaEntry;
use crate::reading::Upos;
use std::ops::Range;

/// Endings of more characters than this are learned as whole words only.
pub const LONGEST_ENDING: usize = 5;

/// Gives words their lemmas.
#[derive(Debug, Default)]
pub struct Lemmatizer {
    /// Sorted by tag, whole-word mark and ending.
    entries: Vec<LemmaEntry>,
    /// Where the entries of each tag are.
    ranges: Vec<Range<usize>>,
}

impl Lemmatizer {
    /// With the endings that were learned.
    #[must_use]
    pub fn new(mut entries: Vec<LemmaEntry>) -> Self {
        if !entries.is_sorted() {
            entries.sort();
        }
        let mut ranges = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            while ranges.len() <= entry.tag {
                ranges.push(at..at);
            }
            if let Some(range) = ranges.last_mut() {
                range.end = at + 1;
            }
        }
        Self { entries, ranges }
    }

    /// The lemma of `form`, whose universal tag is `upos`, where it was learned: as a whole word for the first of `tags` that has
    /// it, or else by its longest ending for the tag `ending`.
    #[must_use]
    pub fn learned(&self, form: &str, upos: Upos, tags: &[usize], ending: Option<usize>) -> Option<Box<str>> {
        let base = base(form, upos);
        let entry = |tag: usize| find(self.entries.get(self.ranges.get(tag)?.clone())?, &base);
        // An ending that is all of the word is the word.
        let is_whole = |entry: &&LemmaEntry| entry.whole || entry.ending == base;
        let whole = tags.iter().find_map(|&tag| entry(tag).filter(is_whole));
        whole.or_else(|| entry(ending?)).map(|entry| apply(&base, entry.strip, entry.add).into())
    }

    /// The lemma of `form`, whose universal tag is `upos`; `tag` is the number of its whole tag in the tagger.
    #[must_use]
    pub fn lemma(&self, form: &str, upos: Upos, tag: usize) -> Box<str> {
        let base = base(form, upos);
        let range = self.ranges.get(tag).cloned().unwrap_or_default();
        let entries = self.entries.get(range).unwrap_or(&[]);
        match find(entries, &base) {
            Some(entry) => apply(&base, entry.strip, entry.add).into(),
            None => base.into(),
        }
    }
}

/// What endings are replaced in: lower case but for proper nouns, straight apostrophes.
#[must_use]
pub fn base(form: &str, upos: Upos) -> String {
    let base = if upos == Upos::Propn { form.to_owned() } else { form.to_lowercase() };
    if base.contains('\u{2019}') { base.replace('\u{2019}', "'") } else { base }
}

/// `base` without its last `strip` characters and with `add`.
#[must_use]
pub fn apply(base: &str, strip: usize, add: &str) -> String {
    let end = match strip {
        0 => base.len(),
        _ => base.char_indices().rev().nth(strip - 1).map_or(0, |(at, _)| at),
    };
    let mut lemma = base.get(..end).unwrap_or(base).to_owned();
    lemma.push_str(add);
    if lemma.is_empty() { base.to_owned() } else { lemma }
}

/// The entry of the whole word, or of its longest ending.
fn find<'a>(entries: &'a [LemmaEntry], base: &str) -> Option<&'a LemmaEntry> {
    let get = |whole: bool, ending: &str| {
        let at = entries.binary_search_by(|entry| (entry.whole, entry.ending).cmp(&(whole, ending))).ok()?;
        entries.get(at)
    };
    if entries.is_empty() {
        return None;
    }
    if let Some(entry) = get(true, base) {
        return Some(entry);
    }
    let starts: Vec<usize> = base.char_indices().rev().take(LONGEST_ENDING).map(|(at, _)| at).collect();
    starts.iter().rev().copied().chain([base.len()]).find_map(|at| get(false, base.get(at..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_ending_decides() {
        let entry = |whole, ending, strip, add| LemmaEntry { tag: 1, whole, ending, strip, add };
        let lemmatizer =
            Lemmatizer::new(vec![entry(false, "ed", 2, ""), entry(false, "ied", 3, "y"), entry(true, "went", 4, "go")]);
        assert_eq!(&*lemmatizer.lemma("Signed", Upos::Verb, 1), "sign");
        assert_eq!(&*lemmatizer.lemma("ratified", Upos::Verb, 1), "ratify");
        assert_eq!(&*lemmatizer.lemma("went", Upos::Verb, 1), "go");
        assert_eq!(&*lemmatizer.lemma("Velk", Upos::Propn, 0), "Velk");
    }

    #[test]
    fn of_several_tags_the_one_that_knows_the_whole_word_decides() {
        let entry = |tag, whole, ending, strip, add| LemmaEntry { tag, whole, ending, strip, add };
        let lemmatizer =
            Lemmatizer::new(vec![entry(1, false, "s", 1, ""), entry(2, true, "theirs", 1, ""), entry(2, false, "us", 2, "we")]);
        let learned = |form, ending| lemmatizer.learned(form, Upos::Pron, &[1, 2], ending);
        assert_eq!(learned("Theirs", None).as_deref(), Some("their"));
        assert_eq!(learned("us", None).as_deref(), Some("we"));
        assert_eq!(learned("this", None), None);
        assert_eq!(learned("this", Some(1)).as_deref(), Some("thi"));
    }
}
