//! What a provision is about: the category whose words it holds most of (`rules/en/categories.toml`).
use crate::error::Error;
use aho_corasick::AhoCorasick;
use chancery_agreement::CommitmentCategory;
use chancery_dissect::lower;
use rustc_hash::FxHashMap;
use serde::Deserialize;

/// Word lists of the categories.
#[derive(Debug, Clone)]
pub struct Categories {
    entries: Vec<Entry>,
    signs: Signs,
    /// Words of pairs: the category of each pair, and the numbers of its two words among [`Sign::Half`].
    pairs: Vec<(usize, [usize; 2])>,
    /// Number of words of pairs.
    halves: usize,
    /// Finds every phrase in one pass, with the category of each.
    phrases: AhoCorasick,
    of_phrase: Vec<usize>,
}

#[derive(Debug, Clone)]
struct Entry {
    category: CommitmentCategory,
    yes: Vec<String>,
}

/// What a word is a sign of.
#[derive(Debug, Clone, Copy)]
enum Sign {
    /// It speaks for the category of this number, and counts so much.
    Category(usize, usize),
    /// It is the word of a pair with this number.
    Half(usize),
}

/// Words that are signs.
#[derive(Debug, Clone, Default)]
struct Signs {
    /// Whole words.
    words: FxHashMap<String, Vec<Sign>>,
    /// Starts of words, by their first letters.
    starts: FxHashMap<String, Vec<(String, Sign)>>,
}

/// So many letters of a start are looked up.
const KEY: usize = 3;

impl Signs {
    /// Adds a word, or with a star at its end the start of words; `None` for a start that is too short.
    fn add(&mut self, word: &str, sign: Sign) -> Option<()> {
        match word.strip_suffix('*') {
            Some(start) => self.starts.entry(key(start)?.to_owned()).or_default().push((start.to_owned(), sign)),
            None => self.words.entry(word.to_owned()).or_default().push(sign),
        }
        Some(())
    }

    /// Everything that `word` is a sign of.
    fn of<'s>(&'s self, word: &'s str) -> impl Iterator<Item = Sign> + 's {
        let starts = key(word).and_then(|key| self.starts.get(key)).into_iter().flatten();
        let started = starts.filter(|(start, _)| word.starts_with(start.as_str())).map(|(_, sign)| *sign);
        self.words.get(word).into_iter().flatten().copied().chain(started)
    }
}

/// The first letters of `word`; `None` where it has fewer.
fn key(word: &str) -> Option<&str> {
    word.char_indices().nth(KEY - 1).and_then(|(at, letter)| word.get(..at + letter.len_utf8()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    category: Vec<FileEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileEntry {
    name: String,
    words: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
    phrases: Vec<String>,
    #[serde(default)]
    pairs: Vec<[String; 2]>,
    yes: Vec<String>,
}

/// What a word that speaks for one category, one that fits several, and a phrase or pair of words count.
const WORD: usize = 2;
const WEAK: usize = 1;
const PHRASE: usize = 4;

/// Signs of currencies: any of them stands for all.
const CURRENCIES: [char; 4] = ['$', '€', '£', '¥'];

/// The words of `text`; of one with a hyphen, its parts, too.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let whole = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '$' | '_'))).filter(|word| !word.is_empty());
    whole.flat_map(|word| {
        let parts = word.split('-').filter(move |part| word.contains('-') && !part.is_empty());
        std::iter::once(word).chain(parts)
    })
}

impl Categories {
    /// Reads the lists: file name (for errors) and content.
    ///
    /// # Errors
    /// The place in the file and what was expected; a category without a sentence of its own is refused.
    pub fn read(file: &str, text: &str) -> Result<Self, Error> {
        let parsed: File = toml::from_str(text).map_err(|error| Error::toml(file, text, &error))?;
        let (mut entries, mut signs, mut pairs, mut halves) = (Vec::new(), Signs::default(), Vec::new(), 0);
        let (mut phrases, mut of_phrase) = (Vec::new(), Vec::new());
        for entry in parsed.category {
            let category: CommitmentCategory = entry.name.parse().map_err(|error| Error::new(file, None, format!("{error}")))?;
            if entry.yes.is_empty() {
                return Err(Error::new(file, None, format!("category `{}` carries no `yes` sentence", entry.name)));
            }
            let index = entries.len();
            let mut add = |word: &str, sign: Sign| {
                let short = || Error::new(file, None, format!("category `{}`: `{word}` begins too many words", entry.name));
                signs.add(word, sign).ok_or_else(short)
            };
            for word in &entry.words {
                add(word, Sign::Category(index, WORD))?;
            }
            for word in &entry.weak {
                add(word, Sign::Category(index, WEAK))?;
            }
            for [first, second] in &entry.pairs {
                add(first, Sign::Half(halves))?;
                add(second, Sign::Half(halves + 1))?;
                pairs.push((index, [halves, halves + 1]));
                halves += 2;
            }
            of_phrase.extend(entry.phrases.iter().map(|_| index));
            phrases.extend(entry.phrases);
            entries.push(Entry { category, yes: entry.yes });
        }
        let phrases = AhoCorasick::new(&phrases).map_err(|error| Error::new(file, None, error.to_string()))?;
        Ok(Self { entries, signs, pairs, halves, phrases, of_phrase })
    }

    /// The category of a provision; `None` where no list speaks.
    #[must_use]
    pub fn of(&self, provision: &str) -> Option<CommitmentCategory> {
        let scores = self.scores(provision);
        // Ties go to the category listed first: the lists run from the narrow to the broad.
        let best = scores.iter().copied().max().filter(|&best| best > 0)?;
        let at = scores.iter().position(|&score| score == best)?;
        self.entries.get(at).map(|entry| entry.category)
    }

    /// How much the words speak for the category that they speak for most; 0 where no list speaks.
    #[must_use]
    pub fn weight(&self, provision: &str) -> usize {
        self.scores(provision).into_iter().max().unwrap_or(0)
    }

    fn scores(&self, provision: &str) -> Vec<usize> {
        let mut lower = lower(provision);
        if lower.contains(CURRENCIES) {
            lower = lower.replace(CURRENCIES, " $ ").into();
        }
        let mut scores = vec![0; self.entries.len()];
        let mut count = |category: usize, counts: usize| {
            if let Some(score) = scores.get_mut(category) {
                *score += counts;
            }
        };
        let mut halves = vec![false; self.halves];
        for sign in words(&lower).flat_map(|word| self.signs.of(word)) {
            match sign {
                Sign::Category(category, counts) => count(category, counts),
                Sign::Half(half) => halves.iter_mut().skip(half).take(1).for_each(|half| *half = true),
            }
        }
        for (category, pair) in &self.pairs {
            if pair.iter().all(|&half| halves.get(half) == Some(&true)) {
                count(*category, PHRASE);
            }
        }
        let mut found: Vec<usize> = self.phrases.find_overlapping_iter(&*lower).map(|hit| hit.pattern().as_usize()).collect();
        found.sort_unstable();
        found.dedup();
        for category in found.into_iter().filter_map(|phrase| self.of_phrase.get(phrase)) {
            count(*category, PHRASE);
        }
        scores
    }

    /// The sentences that each category carries as its tests.
    pub fn sentences(&self) -> impl Iterator<Item = (CommitmentCategory, &str)> {
        self.entries.iter().flat_map(|entry| entry.yes.iter().map(move |sentence| (entry.category, sentence.as_str())))
    }
}
