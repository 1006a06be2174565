//! What the first pass read in a document: a word that is clearly a person in one sentence is likely one in the next.
use super::tagger::Label;
use std::collections::{HashMap, HashSet};

/// Readings of the capitalized words of one document.
#[derive(Debug, Default, Clone)]
pub struct Memory {
    words: HashMap<Box<str>, [u16; 4]>,
    small: HashSet<Box<str>>,
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
            } else if form.chars().all(char::is_alphabetic) {
                self.small.insert((*form).into());
            }
        }
    }

    /// True where the document has `word` in small letters, too: it begins a sentence, more likely than not, and is no name.
    #[must_use]
    pub fn is_small(&self, word: &str) -> bool {
        self.small.contains(word.to_lowercase().as_str())
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

#[cfg(test)]
mod tests {
    use super::Memory;
    use crate::names::{Label, NameKind};

    #[test]
    fn a_document_remembers_kinds_and_small_letters() {
        let mut memory = Memory::default();
        memory.add(&["Firefly", "left", "home"], &[Label::First(NameKind::Person), Label::Outside, Label::Outside]);
        assert_eq!(memory.says("Firefly"), 0, "once is no hint");
        memory.add(&["Home", "for", "Firefly"], &[Label::Outside, Label::Outside, Label::First(NameKind::Person)]);
        assert_eq!(memory.says("Firefly"), 6, "a person, wherever it stands");
        assert!(memory.is_small("Home") && !memory.is_small("Firefly"));
    }
}
