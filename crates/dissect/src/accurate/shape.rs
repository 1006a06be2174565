//! The case shape of a word: all that the network, whose vocabulary is lower case, knows of capitals and digits.
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// The names of the classes, in order: what a model must have been trained with.
pub const SHAPES: [&str; 8] = ["root", "digits", "no_letter", "lower", "upper", "single_upper", "capitalized", "mixed"];

/// The class of `word`, an index of [`SHAPES`]; the first that fits, "root" aside.
#[must_use]
pub fn shape(word: &str) -> i32 {
    let is_digit = |c: char| {
        if c.is_ascii() { c.is_ascii_digit() } else { c.general_category() == GeneralCategory::DecimalNumber }
    };
    let is_letter = |c: &char| {
        if c.is_ascii() { c.is_ascii_alphabetic() } else { c.general_category_group() == GeneralCategoryGroup::Letter }
    };
    if word.chars().all(is_digit) {
        return 1;
    }
    let mut letters = word.chars().filter(is_letter).peekable();
    if letters.peek().is_none() {
        return 2;
    }
    if letters.clone().all(char::is_lowercase) {
        return 3;
    }
    if letters.clone().all(char::is_uppercase) {
        return if word.chars().nth(1).is_some() { 4 } else { 5 };
    }
    let first = word.chars().next();
    if first.is_some_and(|c| is_letter(&c) && c.is_uppercase()) && letters.skip(1).all(char::is_lowercase) { 6 } else { 7 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_its_words() {
        let class = |word| SHAPES[usize::try_from(shape(word)).expect("positive")];
        for (word, expected) in [
            ("1998", "digits"),
            ("3.5", "no_letter"),
            ("$", "no_letter"),
            ("n't", "lower"),
            ("na\u{ef}ve", "lower"),
            ("U.S.", "upper"),
            ("A", "single_upper"),
            ("\u{141}\u{f3}d\u{17a}", "capitalized"),
            ("McDonald", "mixed"),
            ("\u{6761}\u{7d04}", "mixed"),
            ("iPhone", "mixed"),
        ] {
            assert_eq!(class(word), expected, "{word}");
        }
    }
}
