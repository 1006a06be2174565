//! What a report is about: the names in its text. Two reports of one truce may call it "the ceasefire" and leave out one of its
//! parties; that both tell of the same towns, bodies and people still shows that they speak of one affair.
//!
//! How much a name tells is a matter of how many reports have it (`rules/link/common_names.toml`, learnt from labelled news), so that
//! likeness depends on the two reports alone, not on what else is in the register. Weights are classes of the inverse document
//! frequency (Spärck Jones 1972).
use crate::known::known;
use crate::mention::word_hash;
use crate::names::without_possessive;
use crate::spelling::word_spelling;
use crate::weights::{Rules, Words};
use std::collections::{BTreeMap, BTreeSet};

/// A name in a report: 29 bits of a hash, and in the last three how much it tells, 0 to 7.
pub(crate) type StoryWord = u32;

/// Names kept of one report.
pub(crate) const MOST: usize = 48;

/// Names of fewer letters than this are initials and particles.
const FEWEST_LETTERS: usize = 3;

/// Reports whose names tell less than this together are not compared by them.
pub(crate) const LEAST: u32 = 60;

/// The names in a text, the most telling first, at most 48: words in capitals that do not begin a sentence, in lower case; adjectives
/// of states stand for the state.
#[must_use]
pub fn story_names(text: &str) -> Vec<String> {
    let rules = crate::weights::rules();
    let mut found: Vec<(u64, String)> = names_in(text)
        .into_iter()
        .map(|(name, count)| (u64::from(class(&name, rules)) * (100.0 * f64::from(count).sqrt()) as u64, name))
        .collect();
    found.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    found.into_iter().take(MOST).map(|(_, name)| name).collect()
}

/// Every name in a text with how often it stands there.
pub(crate) fn names_in(text: &str) -> BTreeMap<String, u32> {
    let words = &crate::weights::rules().words;
    let (mut names, mut small): (BTreeMap<String, u32>, BTreeMap<String, u32>) = (BTreeMap::new(), BTreeMap::new());
    // The name before, where nothing but a space stands between: states of two words are one name.
    let mut before: Option<String> = None;
    for line in text.lines() {
        let mut begins = true;
        for piece in line.split_whitespace() {
            let opened = piece.starts_with(['"', '“', '(', '[', '«', '„']);
            for part in piece.split(['-', '–', '—', '/', '‑']) {
                let word = part.trim_matches(|c: char| !c.is_alphanumeric());
                let word = without_possessive(word);
                let Some(first) = word.chars().next() else { continue };
                let lower: String = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
                if !first.is_uppercase() {
                    *small.entry(lower).or_default() += 1;
                    before = None;
                } else if begins || opened {
                    before = Some(lower);
                } else {
                    let two = before.take().map(|before| format!("{before} {lower}")).filter(|two| known().is_state(two));
                    match two {
                        Some(two) => {
                            // "South" was taken for a name by itself.
                            let first = two.split(' ').next().unwrap_or_default();
                            if let Some(count) = names.get_mut(&of_state(first, words)) {
                                *count = count.saturating_sub(1);
                            }
                            *names.entry(two.replace(' ', "_")).or_default() += 1;
                        }
                        None if is_name(&lower, words) => *names.entry(of_state(&lower, words)).or_default() += 1,
                        None => {}
                    }
                    before = Some(lower);
                }
                begins = false;
            }
            if piece.ends_with([',', ';']) {
                before = None;
            }
            begins = piece.trim_end_matches(['"', '”', ')', ']', '\'', '’']).ends_with(['.', '!', '?', ':']) && piece.len() > 3;
        }
    }
    names.retain(|name, count| *count > 0 && small.get(name).is_none_or(|small| small <= count));
    names
}

fn is_name(lower: &str, words: &Words) -> bool {
    lower.chars().count() >= FEWEST_LETTERS
        && !lower.bytes().any(|byte| byte.is_ascii_digit())
        && !words.instrument.contains(lower)
        && !words.describing.contains(lower)
        || words.demonym.contains_key(lower)
}

/// The state that an adjective or short form belongs to, as one word; other names as they are.
fn of_state(lower: &str, words: &Words) -> String {
    let state = words.demonym.get(lower).map(String::as_str).or_else(|| known().state_of(lower));
    state.map_or_else(|| lower.to_owned(), |state| state.replace(' ', "_"))
}

/// How much a name tells, 0 to 7: the logarithm of the share of reports without it.
fn class(name: &str, rules: &Rules) -> u32 {
    let share = rules.common_names.get(name).copied().unwrap_or(RAREST);
    ((1001.0 / f64::from(share + 1)).ln() * 1.4).round().clamp(0.0, 7.0) as u32
}

/// Of a thousand reports so many have a name that is not in the list.
const RAREST: u32 = 6;

/// The number of a name, without how much it tells.
fn number(name: &str) -> u32 {
    let hash = word_hash(&word_spelling(name));
    (((hash >> 32) ^ hash) as u32) & !7
}

/// The names as numbers, sorted.
pub(crate) fn story_words(names: &[String], rules: &Rules) -> BTreeMap<StoryWord, String> {
    names.iter().take(MOST).map(|name| (number(name) | class(name, rules), name.clone())).collect()
}

/// Numbers of the words by which a report names an actor: its whole name where that is a state, and else its telling words, all of
/// which must stand there.
pub(crate) fn actor_words(form: &str, words: &Words) -> Vec<u32> {
    let state = words.demonym.get(form).map_or(form, String::as_str);
    if known().is_state(state) {
        return vec![number(&state.replace(' ', "_"))];
    }
    let telling = form.split(' ').filter(|word| is_name(word, words));
    let numbers: BTreeSet<u32> = telling.map(|word| number(&of_state(word, words))).collect();
    numbers.into_iter().collect()
}

/// True when a report has all these words among its names.
pub(crate) fn tells_of(story: &[StoryWord], words: &[u32]) -> bool {
    !words.is_empty() && words.iter().all(|word| is_in(story, *word))
}

fn is_in(story: &[StoryWord], word: u32) -> bool {
    find(story, word).is_some()
}

fn find(story: &[StoryWord], word: u32) -> Option<StoryWord> {
    let at = story.partition_point(|own| *own < word);
    story.get(at).copied().filter(|own| own & !7 == word)
}

/// How like the names of two reports are, 0 to 1 (cosine), leaving out `known`, the words of their parties. `None` where one of them
/// tells less than `least`.
pub(crate) fn likeness(a: &[StoryWord], b: &[StoryWord], known: impl Iterator<Item = u32> + Clone, least: u32) -> Option<f32> {
    let weight = |word: &StoryWord| (word & 7) * (word & 7);
    let total = |story: &[StoryWord]| story.iter().map(weight).sum::<u32>();
    let (mut of_a, mut of_b) = (total(a), total(b));
    if of_a.min(of_b) < least {
        return None;
    }
    let mut shared: u32 = a.iter().filter(|word| b.binary_search(word).is_ok()).map(weight).sum();
    for (place, word) in known.clone().enumerate() {
        // A party of both is left out once.
        if known.clone().take(place).any(|before| before == word) {
            continue;
        }
        let (in_a, in_b) = (find(a, word).map_or(0, |word| weight(&word)), find(b, word).map_or(0, |word| weight(&word)));
        (of_a, of_b, shared) = (of_a - in_a, of_b - in_b, shared - in_a.min(in_b));
    }
    if of_a.min(of_b) < least {
        return None;
    }
    #[allow(clippy::cast_precision_loss)] // sums of a few dozen small numbers
    Some(shared as f32 / (of_a as f32 * of_b as f32).sqrt())
}

/// The names that both reports have, the most telling first.
pub(crate) fn shared<'s>(a: &'s [StoryWord], b: &'s [StoryWord]) -> Vec<StoryWord> {
    let mut found: Vec<StoryWord> = a.iter().filter(|word| b.binary_search(word).is_ok()).copied().collect();
    found.sort_by_key(|word| (7 - (word & 7), *word));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_capitals_inside_sentences_and_adjectives_stand_for_states() {
        let names = names_in(
            "Shelling stopped in Klemm. The Mexican envoy met Ana Tiber in Klemm; the envoy\u{2019}s plane left.\nTalks go on.",
        );
        let found: Vec<(&str, u32)> = names.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        assert_eq!(found, [("ana", 1), ("klemm", 2), ("mexico", 1), ("tiber", 1)]);
    }

    #[test]
    fn a_state_of_two_words_is_one_name() {
        let names = names_in("Envoys of South Korea, Mexico and South Klow met.");
        assert!(names.contains_key("south_korea") && names.contains_key("klow") && !names.contains_key("korea"), "{names:?}");
    }

    #[test]
    fn reports_with_the_same_rare_names_are_alike() {
        let rules = crate::weights::rules();
        let story = |text: &str| -> Vec<StoryWord> { story_words(&story_names(text), rules).into_keys().collect() };
        let a = story("It met Tiber, Klemm, Varga, Oslik and Brenn.");
        let b = story("We saw Tiber, Klemm, Varga, Dorn and Asti.");
        let c = story("We saw Pell, Quist, Ramm, Dorn and Asti.");
        let none = std::iter::empty();
        let (near, far) = (likeness(&a, &b, none.clone(), LEAST).unwrap(), likeness(&a, &c, none.clone(), LEAST).unwrap());
        assert!(near > 0.5 && far < 0.1, "{near} {far}");
        assert!(tells_of(&a, &actor_words("klemm", &rules.words)) && !tells_of(&a, &actor_words("asti", &rules.words)));
        assert_eq!(likeness(&a, &story("It met Tiber."), none, LEAST), None);
    }
}
