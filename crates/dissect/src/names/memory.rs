//! What the first pass read in a document: a word that is clearly a person in one sentence is likely one in the next.
use super::tagger::Label;
use std::collections::HashMap;

/// Readings of the capitalized words of one document.
#[derive(Debug, Default, Clone)]
pub struct Memory {
    words: HashMap<Box<str>, [u16; 4]>,
}

impl Memory {
    /// Adds what was read in one sentence.
    pub fn add(&mut self, forms: &[&str], labels: &[Label]) {
        for (form, label) in forms.iter().zip(labels) {
            if form.chars().any(char::is_uppercase) {
                let counts = self.words.entry((*form).into()).or_default();
                if let Some(count) = counts.get_mut(label.kind_index()) {
                    *count = count.saturating_add(1);
                }
            }
        }
    }

    /// What the document says of `word`: 0 nothing (the word stands there once), else the kind that most of its places have
    /// (1 none, 2 person, 3 place, 4 organization), plus 4 where all agree.
    #[must_use]
    pub fn says(&self, word: &str) -> u8 {
        let Some(counts) = self.words.get(word) else { return 0 };
        let total: u16 = counts.iter().fold(0, |sum, &count| sum.saturating_add(count));
        let (mut best, mut most) = (0_u8, 0);
        for (at, &count) in (0_u8..).zip(counts) {
            if count > most {
                (best, most) = (at, count);
            }
        }
        if total < 2 { 0 } else { best + 1 + if most == total { 4 } else { 0 } }
    }
}
