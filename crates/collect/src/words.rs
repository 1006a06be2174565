//! The words that mark what is not the story, read out of `rules/en/intake.toml` and checked once.
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The word lists of one language.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    pub related_labels: BTreeSet<String>,
    pub related_starts: Vec<String>,
    pub box_words: BTreeSet<String>,
    pub navigation_lines: BTreeSet<String>,
    pub navigation_starts: Vec<String>,
    pub caption_starts: Vec<String>,
    pub caption_within: Vec<String>,
    /// Matches wherever one of `caption_within` stands.
    pub any_caption_within: Regex,
    pub caption_archive: Vec<String>,
    pub byline_starts: Vec<String>,
    pub byline_lines: BTreeSet<String>,
    pub name_joiners: BTreeSet<String>,
    pub published_words: Vec<String>,
    pub modified_words: Vec<String>,
    pub masthead_words: BTreeSet<String>,
    pub source_starts: Vec<String>,
    pub sentence_starters: BTreeSet<String>,
    pub abbreviations: BTreeSet<String>,
    pub common_words: BTreeSet<String>,
    pub future_cues: BTreeSet<String>,
    pub cut_starts: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsFile {
    related_labels: Vec<String>,
    related_starts: Vec<String>,
    box_words: Vec<String>,
    navigation_lines: Vec<String>,
    navigation_starts: Vec<String>,
    caption_starts: Vec<String>,
    caption_within: Vec<String>,
    caption_archive: Vec<String>,
    byline_starts: Vec<String>,
    byline_lines: Vec<String>,
    name_joiners: Vec<String>,
    published_words: Vec<String>,
    modified_words: Vec<String>,
    masthead_words: Vec<String>,
    source_starts: Vec<String>,
    sentence_starters: Vec<String>,
    abbreviations: Vec<String>,
    common_words: Vec<String>,
    future_cues: Vec<String>,
    cut_starts: Vec<String>,
}

/// The lists that are built in.
pub(crate) fn english() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| {
        parse(include_str!("../../../rules/en/intake.toml")).expect("the built-in word list is checked by a test")
    });
    &WORDS
}

fn parse(toml: &str) -> Result<Words, String> {
    let file: WordsFile = toml::from_str(toml).map_err(|error| format!("rules/en/intake.toml: {error}"))?;
    let list = |name: &str, words: Vec<String>| -> Result<Vec<String>, String> {
        let mut words: Vec<String> = words;
        if let Some(bad) = words.iter().find(|word| word.trim() != word.as_str() || word.is_empty()) {
            return Err(format!(
                "rules/en/intake.toml: {name}: `{bad}` is empty or has white space at an end; write the words alone"
            ));
        }
        for word in &mut words {
            *word = word.to_lowercase();
        }
        // The longest first, so that "photo courtesy" is not taken for "photo".
        words.sort_by_key(|word| (std::cmp::Reverse(word.len()), word.clone()));
        Ok(words)
    };
    let set = |name: &str, words: Vec<String>| -> Result<BTreeSet<String>, String> {
        Ok(list(name, words)?.iter().map(|word| fold(word)).collect())
    };
    let caption_within = list("caption_within", file.caption_within)?;
    let cues: Vec<String> = caption_within.iter().map(|cue| regex::escape(cue)).collect();
    let any_caption_within =
        Regex::new(&cues.join("|")).map_err(|error| format!("rules/en/intake.toml: caption_within: {error}"))?;
    Ok(Words {
        related_labels: set("related_labels", file.related_labels)?,
        related_starts: list("related_starts", file.related_starts)?,
        box_words: set("box_words", file.box_words)?,
        navigation_lines: set("navigation_lines", file.navigation_lines)?,
        navigation_starts: list("navigation_starts", file.navigation_starts)?,
        caption_starts: list("caption_starts", file.caption_starts)?,
        caption_within,
        any_caption_within,
        caption_archive: list("caption_archive", file.caption_archive)?,
        byline_starts: list("byline_starts", file.byline_starts)?,
        byline_lines: set("byline_lines", file.byline_lines)?,
        name_joiners: set("name_joiners", file.name_joiners)?,
        published_words: list("published_words", file.published_words)?,
        modified_words: list("modified_words", file.modified_words)?,
        masthead_words: set("masthead_words", file.masthead_words)?,
        source_starts: list("source_starts", file.source_starts)?,
        sentence_starters: set("sentence_starters", file.sentence_starters)?,
        abbreviations: set("abbreviations", file.abbreviations)?,
        common_words: set("common_words", file.common_words)?,
        future_cues: set("future_cues", file.future_cues)?,
        cut_starts: list("cut_starts", file.cut_starts)?,
    })
}

/// `text` in lower case, words of letters and digits alone with one space between: what lines are compared by.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(&mut folded, text);
    folded
}

/// Puts `text`, folded, in place of what `folded` held.
pub(crate) fn fold_into(folded: &mut String, text: &str) {
    folded.clear();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            folded.push(letter.to_ascii_lowercase());
        } else if letter.is_alphanumeric() {
            folded.extend(letter.to_lowercase());
        } else if letter == '\'' || letter == '\u{2019}' || letter == '\u{2018}' {
            // "Editor's" and "Editor’s" and "Editors" are one label.
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
}

/// `line` in lower case with straight quotation marks, for comparison with the beginnings in the lists.
pub(crate) fn lower(line: &str) -> String {
    let small = line.trim().to_lowercase();
    if small.is_ascii() {
        return small;
    }
    let plain = |letter| match letter {
        '\u{2019}' | '\u{2018}' => '\'',
        '\u{a0}' => ' ',
        letter => letter,
    };
    small.chars().map(plain).collect()
}

/// True when `line` (lower case) begins with one of `starts` and the word ends there.
pub(crate) fn begins<'a>(line: &str, starts: &'a [String]) -> Option<&'a str> {
    starts.iter().map(String::as_str).find(|start| {
        line.strip_prefix(start).is_some_and(|rest| {
            let word_goes_on = rest.starts_with(char::is_alphanumeric) && start.ends_with(char::is_alphanumeric);
            !word_goes_on
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{english, fold, parse};

    #[test]
    fn the_built_in_lists_are_sound() {
        assert!(english().related_labels.contains("editors choice"));
        assert!(parse(include_str!("../../../rules/en/intake.toml")).is_ok());
    }

    #[test]
    fn a_misspelt_list_is_refused_with_its_place() {
        let error = parse("related_lables = []").err().unwrap_or_default();
        assert!(error.contains("intake.toml") && error.contains("related_lables"), "{error}");
    }

    #[test]
    fn marks_and_case_do_not_count() {
        assert_eq!(fold("  Editor’s Choice: "), "editors choice");
    }
}
