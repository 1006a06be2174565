//! The weights and word lists that linking works with: data under `rules/link`, read once.
use crate::spelling::Letters;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Everything linking is told by data.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub weights: Weights,
    pub words: Words,
    pub letters: Letters,
    /// Name → how many of a thousand reports have it (`rules/link/common_names.toml`).
    pub common_names: BTreeMap<String, u32>,
    /// Word → how many of a thousand reports have it (`rules/link/common_words.toml`).
    pub common_words: BTreeMap<String, u32>,
}

/// `rules/link/weights.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Weights {
    pub threshold: Threshold,
    pub weight: Weight,
    pub limit: Limit,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Threshold {
    pub join: f32,
    pub cluster: f32,
    pub silent: f32,
    pub best: f32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limit {
    pub little_days: i64,
    pub block: usize,
    pub edges: usize,
    pub sample: usize,
    pub lasting_gap: f32,
}

macro_rules! signs {
    ($($name:ident: $words:literal,)+) => {
        /// The signs that a pair of mentions can show; one weight each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(non_camel_case_types)]
        pub(crate) enum Sign { $($name,)+ }

        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct Weight { pub bias: f32, $(pub $name: f32,)+ }

        impl Weight {
            pub(crate) fn of(&self, sign: Sign) -> f32 {
                match sign { $(Sign::$name => self.$name,)+ }
            }
        }

        impl Sign {
            /// Its name in the file.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Sign::$name => stringify!($name),)+ }
            }

            /// What the sign says, in plain words; `{}` stands for the detail.
            pub(crate) fn words(self) -> &'static str {
                match self { $(Sign::$name => $words,)+ }
            }
        }
    };
}

signs! {
    parties_equal: "the same parties ({})",
    parties_inside: "its parties are among the other's ({})",
    parties_overlap: "parties in common ({})",
    parties_one: "{} is a party of both",
    parties_single: "the same single party ({})",
    parties_like: "{} is a party of both, the others may be the same",
    parties_part: "only {} is a party of both",
    parties_unsure: "the others are parties by their place in the text alone",
    parties_told: "the stories name the other parties, too",
    parties_told_all: "the stories name each other's parties",
    parties_one_told: "the story with one party names the others",
    parties_unknown_told: "the story that names no parties tells of the other's",
    told_in_time: "the stories name the other parties at the same time",
    parties_differ: "different parties",
    parties_unknown: "one report names no parties",
    name_proper: "the same name ({})",
    name_proper_silent: "and one report names no parties",
    name_proper_other: "and one is marked as another instrument",
    name_crossed: "the words of its name ({})",
    name_words: "the same words in the names ({})",
    name_rare: "the words that the names share are rare",
    name_apart: "no word of the names in common",
    name_plain_apart: "no word of the names in common, none of which is a proper name",
    name_proper_apart: "different proper names",
    name_known_apart: "names of two well-known instruments",
    name_one_proper: "only one has a proper name",
    name_told: "the other story tells of its name ({})",
    name_untold: "the other story tells nothing of its name",
    subject_apart: "the names give other subjects",
    name_generic: "neither has a name of its own",
    name_generic_other: "neither has a name of its own, and the parties may have made many",
    number_apart: "different numbers in the names",
    number_one: "only one has a number in its name",
    year_same: "the same year in the names ({})",
    year_apart: "different years in the names",
    kind_same: "the same kind ({})",
    kind_near: "a like kind",
    kind_unknown: "one report does not say of what kind it is",
    kind_apart: "a memorandum, protocol or contract against another kind",
    kind_far: "another kind",
    made_same_day: "made on the same day ({})",
    made_same_month: "made in the same month ({})",
    made_same_year: "dates of making that agree ({})",
    made_apart_little: "made within few days of each other",
    made_apart: "made at different times",
    made_in_turn: "agreed first, signed later",
    event_met: "what one expects the other reports on the same date",
    event_same: "the same event on the same date ({})",
    fits_week: "the report follows within days after the other has it made",
    fits_life: "the report follows soon after the other has it made",
    could_live: "told of long after the other has it made",
    before_made: "reported as made before the other has it made",
    both_coming: "both have it still to come",
    time_unknown: "no time to compare",
    gap_week: "reported within a week",
    gap_month: "reported within a month",
    gap_quarter: "reported within four months",
    gap_year: "reported within a year and a half",
    gap_far: "reported years apart",
    only_proposed: "one report knows it as a proposal alone",
    refused_made: "one has it refused, the other made",
    order_wrong: "still to come long after the other has it made",
    order_far: "still to come more than a year after the other has it made",
    other_marked: "marked as another instrument",
    commitment_apart: "no commitment in common",
    commitment_shared: "the same commitments ({})",
    story_like: "the stories tell of the same people and places ({})",
    story_one: "the stories tell of few other people and places",
    news_same: "told within a week, of the same people and places",
    story_apart: "the stories tell of other people and places",
    passage_like: "what is told of it is alike ({})",
    passage_one: "little else is told of it",
    passage_apart: "other things are told of it",
    passage_in_time: "what is told of it at the same time is alike",
    passage_party: "what is told of it is alike where a party is missing",
    both_first: "both reports tell of it first",
    both_only: "both reports tell of no other",
    title_shared: "the same subject in the headlines ({})",
}

/// `rules/link/words.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    pub instrument: BTreeSet<String>,
    pub loose_instrument: BTreeSet<String>,
    pub describing: BTreeSet<String>,
    pub field: BTreeSet<String>,
    pub other: BTreeSet<String>,
    pub succession: BTreeSet<String>,
    pub addition: BTreeSet<String>,
    pub compass: BTreeSet<String>,
    pub vague_party: BTreeSet<String>,
    pub movement: BTreeSet<String>,
    pub vague_head: BTreeSet<String>,
    pub possessive: Vec<String>,
    pub plural: Plural,
    pub definite: BTreeSet<String>,
    pub article: BTreeSet<String>,
    pub small: BTreeSet<String>,
    pub and: BTreeSet<String>,
    pub of: BTreeSet<String>,
    pub on: BTreeSet<String>,
    pub after_subject: BTreeSet<String>,
    pub joining: BTreeSet<String>,
    pub added_to: BTreeSet<String>,
    pub prefix: BTreeSet<String>,
    pub ordinal: BTreeMap<String, i16>,
    pub numbered: BTreeSet<String>,
    pub continent: BTreeSet<String>,
    pub part_of_continent: BTreeSet<String>,
    pub people_ending: BTreeSet<String>,
    pub month: Vec<String>,
    pub month_or_name: BTreeSet<String>,
    pub before_month: BTreeSet<String>,
    pub old: BTreeSet<String>,
    pub count: Vec<String>,
    pub unit: BTreeMap<String, i64>,
    pub demonym: BTreeMap<String, String>,
}

/// How a plural is told from its singular.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plural {
    pub ending: String,
    /// Letters that the singular has at least.
    pub letters: usize,
    /// Letters before the ending that make it no plural ("pass", "bus", "crisis").
    pub not_after: String,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules {
    weights: parsed("rules/link/weights.toml", include_str!("../../../rules/link/weights.toml")),
    words: parsed("rules/link/words.toml", include_str!("../../../rules/link/words.toml")),
    letters: parsed("rules/link/letters.toml", include_str!("../../../rules/link/letters.toml")),
    common_names: parsed("rules/link/common_names.toml", include_str!("../../../rules/link/common_names.toml")),
    common_words: parsed("rules/link/common_words.toml", include_str!("../../../rules/link/common_words.toml")),
});

/// The rules, read when first asked for.
pub(crate) fn rules() -> &'static Rules {
    &RULES
}

/// The files are part of the program: a broken one is found by the tests below, never by a user.
pub(crate) fn parsed<T: for<'de> Deserialize<'de>>(file: &str, text: &str) -> T {
    match toml::from_str(text) {
        Ok(rules) => rules,
        Err(error) => panic!("{file}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_whole_and_every_number_is_finite() {
        let rules = rules();
        for sign in [Sign::parties_equal, Sign::made_apart, Sign::title_shared] {
            assert!(rules.weights.weight.of(sign).is_finite() && !sign.words().is_empty());
        }
        assert!(rules.weights.limit.block > 0 && rules.weights.limit.edges > 0 && rules.weights.limit.sample > 0);
    }

    #[test]
    fn words_are_in_the_form_in_which_names_are_compared() {
        let words = &rules().words;
        for list in [&words.instrument, &words.describing, &words.field, &words.other, &words.vague_party, &words.movement] {
            for word in list {
                assert_eq!(word, &word.to_lowercase());
                assert!(!word.contains(char::is_whitespace), "{word}");
            }
        }
    }
}
