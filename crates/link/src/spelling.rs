//! Spellings of one name in another script's letters: what is left when only the way of transliterating differs falls away
//! ("Kyiv", "Kiev"; "Zelensky", "Zelenskyy"). A rule over letters (`rules/link/letters.toml`), not a list of names.
use crate::weights::rules;
use serde::Deserialize;
use std::collections::BTreeMap;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// `rules/link/letters.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Letters {
    sound: BTreeMap<String, String>,
    run: Run,
    end: BTreeMap<String, String>,
    article: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    letters: String,
    soft: String,
    sound: String,
}

/// Fewer letters than this tell too little: names that short are compared as they stand.
const FEWEST_LETTERS: usize = 4;

/// The form in which spellings of one name fall together: each word of `name` in lower case by its sounds.
#[must_use]
pub fn spelling(name: &str) -> String {
    let words: Vec<String> = crate::names::plain_words(name).iter().map(|word| sounds(word, &rules().letters)).collect();
    words.join(" ")
}

/// A word in lower case by its sounds; short ones, and what has no Latin letters, as they stand.
pub(crate) fn word_spelling(word: &str) -> String {
    sounds(word, &rules().letters)
}

fn sounds(word: &str, letters: &Letters) -> String {
    if let Some(article) = letters.article.get(word) {
        return article.clone();
    }
    if word.chars().filter(|letter| letter.is_alphabetic()).count() < FEWEST_LETTERS {
        return word.to_owned();
    }
    let plain: String = word.nfd().filter(|letter| !is_combining_mark(*letter)).map(without_stroke).collect();
    let mut left = softened(&plain, &letters.run);
    if let Some((end, sound)) = letters.end.iter().find(|(end, _)| left.len() > end.len() && left.ends_with(end.as_str())) {
        left.truncate(left.len() - end.len());
        left.push_str(sound);
    }
    let mut found = String::with_capacity(left.len());
    let mut rest = left.as_str();
    while let Some(letter) = rest.chars().next() {
        let longest = (1..=4).rev().filter_map(|count| rest.get(..count)).find_map(|head| Some((head, letters.sound.get(head)?)));
        let (length, sound) = match longest {
            Some((head, sound)) => (head.len(), sound.as_str()),
            None => (letter.len_utf8(), rest.get(..letter.len_utf8()).unwrap_or_default()),
        };
        // Double letters are one sound.
        if !found.ends_with(sound) {
            found.push_str(sound);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    found
}

/// Letters with a stroke, which do not come apart into a letter and a mark.
fn without_stroke(letter: char) -> char {
    match letter {
        'ł' => 'l',
        'ø' => 'o',
        'đ' => 'd',
        'ı' => 'i',
        'ħ' => 'h',
        'ə' => 'a',
        letter => letter,
    }
}

/// Every run of soft vowels as one.
fn softened(word: &str, run: &Run) -> String {
    let mut found = String::with_capacity(word.len());
    let mut held = String::new();
    for letter in word.chars().chain(std::iter::once('\0')) {
        if run.letters.contains(letter) {
            held.push(letter);
            continue;
        }
        let is_run = held.chars().count() > 1 && held.chars().any(|letter| run.soft.contains(letter));
        found.push_str(if is_run { &run.sound } else { &held });
        held.clear();
        if letter != '\0' {
            found.push(letter);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::spelling;

    #[track_caller]
    fn one(spellings: &[&str]) {
        for other in spellings {
            assert_eq!(spelling(other), spelling(spellings[0]), "{other}");
        }
    }

    #[test]
    fn transliterations_of_one_name_fall_together() {
        one(&["Kyiv", "Kiev", "Kijev", "Kiew"]);
        one(&["Volodymyr Zelensky", "Volodymyr Zelenskyy", "Volodymyr Zelenskiy", "VOLODYMYR ZELENSKYJ"]);
        one(&["Yanukovych", "Yanukovich", "Ianukovich"]);
        one(&["Mohammed Khatami", "Mohamed Hatami"]);
        one(&["Houthi", "Huthi"]);
        one(&["Fatah", "Fata"]);
        one(&["al-Sharq", "El Shark"]);
        one(&["Kyrgyzstan", "Kirgizstan"]);
        one(&["Dushanbe", "Duşanbe"]);
    }

    #[test]
    fn other_names_stay_apart() {
        for (a, b) in [("Iran", "Iraq"), ("Austria", "Australia"), ("Slovakia", "Slovenia"), ("Mali", "Malawi"), ("FARC", "FARK")]
        {
            assert_ne!(spelling(a), spelling(b));
        }
        assert_eq!(spelling("ELN"), "eln");
        assert_eq!(spelling("Łódź"), "lodz");
    }

    #[test]
    fn letters_of_any_script_and_none_at_all_are_taken() {
        assert_eq!(spelling(""), "");
        assert_eq!(spelling("Москва 北京市"), "москва 北京市");
        assert!(!spelling(&"yiye".repeat(10_000)).is_empty());
    }
}
