//! What a provision is about: the category whose words it holds most of (`rules/en/categories.toml`).
use crate::error::Error;
use chancery_agreement::CommitmentCategory;
use serde::Deserialize;
use std::collections::HashMap;

/// Word lists of the categories.
#[derive(Debug, Clone, Default)]
pub struct Categories {
    entries: Vec<Entry>,
    /// Whole words, to the categories that list them and what they count.
    words: HashMap<String, Vec<(usize, usize)>>,
    /// Word starts, by their first three letters, with the category and what they count.
    starts: HashMap<String, Vec<(String, usize, usize)>>,
}

#[derive(Debug, Clone)]
struct Entry {
    category: CommitmentCategory,
    phrases: Vec<String>,
    pairs: Vec<[String; 2]>,
    yes: Vec<String>,
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

impl Categories {
    /// Reads the lists: file name (for errors) and content.
    ///
    /// # Errors
    /// The place in the file and what was expected; a category without a sentence of its own is refused.
    pub fn read(file: &str, text: &str) -> Result<Self, Error> {
        let parsed: File = toml::from_str(text).map_err(|error| Error::toml(file, text, &error))?;
        let mut categories = Self::default();
        for entry in parsed.category {
            let category: CommitmentCategory = entry.name.parse().map_err(|error| Error::new(file, None, format!("{error}")))?;
            if entry.yes.is_empty() {
                return Err(Error::new(file, None, format!("category `{}` carries no `yes` sentence", entry.name)));
            }
            let index = categories.entries.len();
            let words = entry.words.into_iter().map(|word| (word, WORD));
            for (word, counts) in words.chain(entry.weak.into_iter().map(|word| (word, WEAK))) {
                match word.strip_suffix('*') {
                    Some(start) => {
                        let key: String = start.chars().take(3).collect();
                        categories.starts.entry(key).or_default().push((start.to_owned(), index, counts));
                    }
                    None => categories.words.entry(word).or_default().push((index, counts)),
                }
            }
            categories.entries.push(Entry { category, phrases: entry.phrases, pairs: entry.pairs, yes: entry.yes });
        }
        Ok(categories)
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
        let lower = provision.to_lowercase().replace(['€', '£', '¥'], "$").replace('$', " $ ");
        let words: Vec<&str> = lower
            .split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '$' | '_')))
            .filter(|word| !word.is_empty())
            .flat_map(|word| {
                std::iter::once(word).chain(word.split('-').filter(move |part| word.contains('-') && !part.is_empty()))
            })
            .collect();
        let mut scores = vec![0usize; self.entries.len()];
        for word in &words {
            for &(index, counts) in self.words.get(*word).map_or(&[][..], Vec::as_slice) {
                if let Some(score) = scores.get_mut(index) {
                    *score += counts;
                }
            }
            let key: String = word.chars().take(3).collect();
            for (start, index, counts) in self.starts.get(&key).map_or(&[][..], Vec::as_slice) {
                if word.starts_with(start.as_str())
                    && let Some(score) = scores.get_mut(*index)
                {
                    *score += counts;
                }
            }
        }
        let stands = |wanted: &str| match wanted.strip_suffix('*') {
            Some(start) => words.iter().any(|word| word.starts_with(start)),
            None => words.contains(&wanted),
        };
        for (entry, score) in self.entries.iter().zip(&mut scores) {
            *score += PHRASE * entry.phrases.iter().filter(|phrase| lower.contains(phrase.as_str())).count();
            *score += PHRASE * entry.pairs.iter().filter(|[a, b]| stands(a) && stands(b)).count();
        }
        scores
    }

    /// The sentences that each category carries as its tests.
    pub fn sentences(&self) -> impl Iterator<Item = (CommitmentCategory, &str)> {
        self.entries.iter().flat_map(|entry| entry.yes.iter().map(move |sentence| (entry.category, sentence.as_str())))
    }
}
