//! Names of instruments in comparable form: which words tell one instrument from another.
use crate::weights::Words;
use std::collections::BTreeSet;

/// One surface name, taken apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct NameParts {
    /// Distinctive words: neither the sort of instrument nor mere description. Sorted, without repetition.
    pub distinctive: Vec<String>,
    /// True when the distinctive words are written as a proper name or are an abbreviation.
    pub proper: bool,
    /// Four-digit years in the name.
    pub years: Vec<i16>,
    /// Initials of the capitalised words, and the name itself where it is an abbreviation.
    pub short: Vec<String>,
    /// The name is marked as another instrument than the main one.
    pub other: bool,
}

/// Words in lower case: split at white space, hyphens, slashes and punctuation; dots inside abbreviations and
/// possessives are dropped.
pub(crate) fn plain_words(text: &str) -> Vec<String> {
    raw_words(text).into_iter().map(|word| word.to_lowercase()).collect()
}

/// The same with the letters' case kept.
fn raw_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for piece in text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '/' | '‑')) {
        let piece = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let piece = piece.strip_suffix("'s").or_else(|| piece.strip_suffix("’s")).unwrap_or(piece);
        let word: String = piece.chars().filter(|c| c.is_alphanumeric()).collect();
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

/// Takes a name apart. `context` holds words that are no news in this name: those of the parties.
pub(crate) fn name_parts(name: &str, words: &Words, context: &BTreeSet<String>) -> NameParts {
    let mut parts = NameParts::default();
    let mut distinctive = BTreeSet::new();
    let raw = raw_words(name);
    let shouted = raw.iter().filter(|word| is_abbreviation(word)).count() * 2 > raw.len() && raw.len() > 1;
    let (mut capitals, mut proper_words) = (String::new(), 0);
    for word in &raw {
        let lower = word.to_lowercase();
        if words.other.contains(&lower) {
            parts.other = true;
            continue;
        }
        if let Some(year) = year(&lower) {
            parts.years.push(year);
            continue;
        }
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        if capital && !matches!(lower.as_str(), "the" | "a" | "an") {
            capitals.extend(lower.chars().next());
        }
        let generic = words.instrument.contains(&lower)
            || words.describing.contains(&lower)
            || lower.bytes().all(|byte| byte.is_ascii_digit())
            || lower.chars().count() < 2;
        if generic || is_party_word(&lower, words, context) {
            continue;
        }
        if is_abbreviation(word) && !shouted {
            parts.short.push(lower.clone());
            proper_words += 2;
        } else if capital && !words.field.contains(&lower) {
            proper_words += 1;
        }
        distinctive.insert(stem(&lower));
    }
    if capitals.len() >= 3 {
        parts.short.push(capitals);
    }
    let lone_noun = raw.last().is_some_and(|word| words.instrument.contains(&word.to_lowercase()));
    parts.proper = !shouted && proper_words > 0 && (lone_noun || proper_words > 1 || raw.len() <= 2 || name.contains("of"));
    parts.distinctive = distinctive.into_iter().collect();
    parts
}

/// Initials of a name of several words, with and without its small words.
pub(crate) fn initials(form: &str) -> Vec<String> {
    let small = |word: &str| matches!(word, "of" | "the" | "and" | "for" | "de" | "in" | "on" | "to");
    let all: String = form.split(' ').filter_map(|word| word.chars().next()).collect();
    let large: String = form.split(' ').filter(|word| !small(word)).filter_map(|word| word.chars().next()).collect();
    let mut found: Vec<String> = [all, large].into_iter().filter(|short| short.len() >= 2).collect();
    found.dedup();
    found
}

/// A word of a party's name, its adjective or short form.
pub(crate) fn is_party_word(word: &str, words: &Words, context: &BTreeSet<String>) -> bool {
    if context.contains(word) {
        return true;
    }
    if let Some(name) = words.demonym.get(word) {
        return name.split(' ').all(|part| context.contains(part));
    }
    let head: String = word.chars().take(4).collect();
    word.chars().count() >= 5 && context.iter().any(|party| party.chars().count() >= 4 && party.starts_with(&head))
}

fn is_abbreviation(word: &str) -> bool {
    word.chars().count() >= 2 && word.chars().filter(|c| c.is_uppercase()).count() >= 2 && !word.chars().any(char::is_lowercase)
        || (word.chars().count() >= 3 && word.ends_with('s') && word.chars().rev().skip(1).all(char::is_uppercase))
}

fn year(word: &str) -> Option<i16> {
    let year = word.parse::<i16>().ok().filter(|_| word.len() == 4)?;
    (1500..=2200).contains(&year).then_some(year)
}

/// Plurals fall together with their singular.
fn stem(word: &str) -> String {
    match word.strip_suffix('s') {
        Some(short) if short.chars().count() >= 4 && !short.ends_with(['s', 'u', 'i']) => short.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::rules;

    #[track_caller]
    fn check(name: &str, parties: &[&str], distinctive: &[&str], proper: bool) {
        let context = parties.iter().flat_map(|party| plain_words(party)).collect();
        let parts = name_parts(name, &rules().words, &context);
        assert_eq!(
            (parts.distinctive.iter().map(String::as_str).collect::<Vec<_>>(), parts.proper),
            (distinctive.to_vec(), proper)
        );
    }

    #[test]
    fn only_words_that_tell_instruments_apart_are_distinctive() {
        check("the Klow Protocol", &[], &["klow"], true);
        check("a ceasefire agreement", &["Syldavia"], &[], false);
        check("the Syldavian-Bordurian pact on river fishing", &["Syldavia", "Borduria"], &["fishing", "river"], false);
        check("PLSP", &[], &["plsp"], true);
    }

    #[test]
    fn years_and_marks_of_otherness_are_seen() {
        let parts = name_parts("the previous ceasefire of 1995", &rules().words, &BTreeSet::new());
        assert!(parts.other && parts.years == [1995] && parts.distinctive.is_empty());
        assert_eq!(name_parts("Great Northern Fisheries Accord", &rules().words, &BTreeSet::new()).short, ["gnfa"]);
    }
}
