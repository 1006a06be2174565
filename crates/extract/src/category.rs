//! What a provision is about: the category whose words it holds most of (`rules/en/categories.toml`).
use crate::error::Error;
use chancery_agreement::CommitmentCategory;
use serde::Deserialize;
use std::collections::HashMap;

/// Word lists of the categories.
#[derive(Debug, Clone, Default)]
pub struct Categories {
    entries: Vec<Entry>,
    /// Whole words, to the categories that list them.
    words: HashMap<String, Vec<usize>>,
    /// Word starts, by their first three letters.
    starts: HashMap<String, Vec<(String, usize)>>,
}

#[derive(Debug, Clone)]
struct Entry {
    category: CommitmentCategory,
    phrases: Vec<String>,
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
    phrases: Vec<String>,
    yes: Vec<String>,
}

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
            for word in entry.words {
                match word.strip_suffix('*') {
                    Some(start) => {
                        let key: String = start.chars().take(3).collect();
                        categories.starts.entry(key).or_default().push((start.to_owned(), index));
                    }
                    None => categories.words.entry(word).or_default().push(index),
                }
            }
            categories.entries.push(Entry { category, phrases: entry.phrases, yes: entry.yes });
        }
        Ok(categories)
    }

    /// The category of a provision; `None` where no list speaks.
    #[must_use]
    pub fn of(&self, provision: &str) -> Option<CommitmentCategory> {
        let lower = provision.to_lowercase();
        let mut scores = vec![0usize; self.entries.len()];
        for word in lower.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| !word.is_empty()) {
            let mut count = |word: &str| {
                for &index in self.words.get(word).map_or(&[][..], Vec::as_slice) {
                    if let Some(score) = scores.get_mut(index) {
                        *score += 1;
                    }
                }
                let key: String = word.chars().take(3).collect();
                for (start, index) in self.starts.get(&key).map_or(&[][..], Vec::as_slice) {
                    if word.starts_with(start.as_str())
                        && let Some(score) = scores.get_mut(*index)
                    {
                        *score += 1;
                    }
                }
            };
            count(word);
            if word.contains('-') {
                word.split('-').for_each(&mut count);
            }
        }
        for (entry, score) in self.entries.iter().zip(&mut scores) {
            *score += 2 * entry.phrases.iter().filter(|phrase| lower.contains(phrase.as_str())).count();
        }
        // Ties go to the category listed first: the lists run from the narrow to the broad.
        let best = scores.iter().copied().max().filter(|&best| best > 0)?;
        let at = scores.iter().position(|&score| score == best)?;
        self.entries.get(at).map(|entry| entry.category)
    }

    /// The sentences that each category carries as its tests.
    pub fn sentences(&self) -> impl Iterator<Item = (CommitmentCategory, &str)> {
        self.entries.iter().flat_map(|entry| entry.yes.iter().map(move |sentence| (entry.category, sentence.as_str())))
    }
}
