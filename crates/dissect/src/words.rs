//! Word lists that the rules for tokens and sentences need: data of `rules/en/abbreviations.toml`.
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The lists, ready for look-up; in lower case but for abbreviations that need a capital letter.
#[derive(Debug)]
pub(crate) struct WordLists {
    abbreviations: BTreeSet<String>,
    closing: BTreeSet<String>,
    numbering: BTreeSet<String>,
    prefixes: BTreeSet<String>,
    units: BTreeSet<String>,
    fused: Vec<(String, usize)>,
    starters: BTreeSet<String>,
    speech: BTreeSet<String>,
    credits: BTreeSet<String>,
}

/// True when `list` has `word`: an entry with a capital letter asks for one.
fn listed(list: &BTreeSet<String>, word: &str) -> bool {
    let mut letters = word.chars();
    let Some(first) = letters.next() else { return false };
    let rest = letters.as_str().to_lowercase();
    let with = |first: String| list.contains(&(first + &rest));
    with(first.to_lowercase().collect()) || first.is_uppercase() && with(first.to_string())
}

impl WordLists {
    /// The English lists.
    pub(crate) fn english() -> &'static Self {
        static LISTS: LazyLock<WordLists> =
            LazyLock::new(|| WordLists::from_toml(include_str!("../../../rules/en/abbreviations.toml")));
        &LISTS
    }

    /// Reads the lists; what is missing or malformed gives an empty list (a test checks the shipped file).
    fn from_toml(source: &str) -> Self {
        let table: toml::Table = source.parse().unwrap_or_default();
        let list = |name: &str| -> BTreeSet<String> {
            let words = table.get(name).and_then(toml::Value::as_array);
            words.into_iter().flatten().filter_map(toml::Value::as_str).map(str::to_owned).collect()
        };
        let fused = list("fused").iter().filter_map(|word| Some((word.replacen('|', "", 1), word.find('|')?))).collect();
        Self {
            abbreviations: list("abbreviations"),
            closing: list("closing"),
            numbering: list("numbering"),
            prefixes: list("prefixes"),
            units: list("units"),
            fused,
            starters: list("starters"),
            speech: list("speech"),
            credits: list("credits"),
        }
    }

    /// True for words that a period may shorten ("Mr", "Sept", "Inc"); given without the period.
    pub(crate) fn is_abbreviation(&self, word: &str) -> bool {
        listed(&self.abbreviations, word) || listed(&self.closing, word)
    }

    /// True for abbreviations that can end a sentence ("etc", "Inc"); given without the last period.
    pub(crate) fn may_close_sentence(&self, word: &str) -> bool {
        listed(&self.closing, word)
    }

    /// True for words that are abbreviations before a number only ("No").
    pub(crate) fn is_number_abbreviation(&self, word: &str) -> bool {
        self.numbering.contains(&word.to_lowercase())
    }

    /// True for prefixes that stay one token with what follows the hyphen ("co", "non").
    pub(crate) fn is_prefix(&self, word: &str) -> bool {
        word.len() <= 8 && self.prefixes.contains(&word.to_lowercase())
    }

    /// True for units that are tokens of their own after a number ("pm", "km").
    pub(crate) fn is_unit(&self, word: &str) -> bool {
        self.units.contains(&word.to_lowercase())
    }

    /// Where a word that is two is cut ("cannot" 3).
    pub(crate) fn fused(&self, word: &str) -> Option<usize> {
        self.fused.iter().find(|(whole, _)| whole.len() == word.len() && whole.eq_ignore_ascii_case(word)).map(|(_, cut)| *cut)
    }

    /// True for words that, with a capital, most often start a sentence ("The", "However").
    pub(crate) fn is_starter(&self, word: &str) -> bool {
        self.starters.contains(&word.to_lowercase())
    }

    /// True for words that, with a colon, name the source of a picture ("Photo").
    pub(crate) fn is_credit(&self, word: &str) -> bool {
        self.credits.contains(&word.to_lowercase())
    }

    /// True for verbs of speech that follow a quotation ("said").
    pub(crate) fn is_speech(&self, word: &str) -> bool {
        self.speech.contains(&word.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::WordLists;

    #[test]
    fn the_shipped_lists_are_read() {
        let lists = WordLists::english();
        assert!(lists.is_abbreviation("Mr") && lists.may_close_sentence("Inc") && lists.is_number_abbreviation("No"));
        assert!(lists.is_prefix("co") && lists.is_unit("pm") && lists.is_starter("The") && lists.is_speech("said"));
        assert_eq!(lists.fused("Cannot"), Some(3));
    }
}
