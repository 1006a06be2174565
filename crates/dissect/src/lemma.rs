//! Lemmas: for each tag, endings of words with what replaces them; the longest ending that was learned decides.
use crate::fast::forms::mix;
use crate::fast::weights::LemmaEntry;
use crate::reading::Upos;
use crate::spelling;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Endings of more characters than this are learned as whole words only.
pub const LONGEST_ENDING: usize = 5;

/// Gives words their lemmas.
#[derive(Debug, Default)]
pub struct Lemmatizer {
    entries: Vec<LemmaEntry>,
    /// Where an entry is, by the hash of its tag, its whole-word mark and its ending.
    places: HashMap<u64, usize, BuildHasherDefault<AsIs>>,
}

impl Lemmatizer {
    /// With the endings that were learned.
    #[must_use]
    pub fn new(entries: Vec<LemmaEntry>) -> Self {
        let mut places = HashMap::with_capacity_and_hasher(entries.len(), BuildHasherDefault::default());
        for (at, entry) in entries.iter().enumerate() {
            let mut hash = start(entry.tag);
            for letter in entry.ending.chars().rev() {
                hash = mix(hash, u64::from(letter));
            }
            places.insert(if entry.whole { whole(hash) } else { hash }, at);
        }
        Self { entries, places }
    }

    /// The entry of the whole word `base` for the tag `tag`, or of its longest ending.
    fn find(&self, tag: usize, base: &str) -> Option<&LemmaEntry> {
        let get = |hash: u64, is_whole: bool, ending: &str| {
            let entry = self.places.get(&hash).and_then(|&at| self.entries.get(at))?;
            (entry.tag == tag && entry.whole == is_whole && entry.ending == ending).then_some(entry)
        };
        // Hashes of the endings, the shortest first, with where they start.
        let mut endings = [(0, base.len()); LONGEST_ENDING + 1];
        let mut hash = start(tag);
        endings[0].0 = hash;
        let mut longest = 0;
        for (at, letter) in base.char_indices().rev() {
            hash = mix(hash, u64::from(letter));
            if let Some(ending) = endings.get_mut(longest + 1) {
                *ending = (hash, at);
                longest += 1;
            }
        }
        let endings = endings.get(..=longest).unwrap_or(&endings).iter().rev();
        get(whole(hash), true, base).or_else(|| endings.copied().find_map(|(hash, at)| get(hash, false, base.get(at..)?)))
    }

    /// The lemma of `form`, whose universal tag is `upos`, where it was learned: as a whole word for the first of `tags` that has
    /// it, or else by its longest ending for the tag `ending`.
    #[must_use]
    pub fn learned(&self, form: &str, upos: Upos, tags: &[usize], ending: Option<usize>) -> Option<Box<str>> {
        let base = base(form, upos);
        if let Some(lemma) = listed(&base, upos) {
            return Some(lemma.into());
        }
        let entry = |tag: usize| self.find(tag, &base);
        // An ending that is all of the word is the word.
        let is_whole = |entry: &&LemmaEntry| entry.whole || entry.ending == base;
        let whole = tags.iter().find_map(|&tag| entry(tag).filter(is_whole));
        whole.or_else(|| entry(ending?)).map(|entry| apply(&base, entry.strip, entry.add).into())
    }

    /// The lemma of `form`, whose universal tag is `upos`; `tag` is the number of its whole tag in the tagger.
    #[must_use]
    pub fn lemma(&self, form: &str, upos: Upos, tag: usize) -> Box<str> {
        let base = base(form, upos);
        if let Some(lemma) = listed(&base, upos) {
            return lemma.into();
        }
        match self.find(tag, &base) {
            Some(entry) => apply(&base, entry.strip, entry.add).into(),
            None => base.into(),
        }
    }
}

/// What a form belongs to whatever was learned: a listed verb, or the noun that is written like it ("boycotts"), or a verb in -our,
/// which the endings of American texts do not teach ("honouring").
fn listed(base: &str, upos: Upos) -> Option<&str> {
    match upos {
        Upos::Verb => spelling::lemma(base)
            .or_else(|| ["ed", "ing"].iter().find_map(|ending| base.strip_suffix(ending)).filter(|stem| stem.ends_with("our"))),
        Upos::Noun if base.ends_with('s') => spelling::lemma(base),
        _ => None,
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

/// Hash of nothing, for the tag `tag`: endings are hashed from their last letter on.
fn start(tag: usize) -> u64 {
    mix(43, tag as u64)
}

/// The hash of a whole word, from that of its letters.
fn whole(hash: u64) -> u64 {
    mix(hash, 1 << 40)
}

/// Takes hashes as they are.
#[derive(Debug, Default, Clone)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = mix(self.0, u64::from(byte));
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
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
