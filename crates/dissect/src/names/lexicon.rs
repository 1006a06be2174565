//! Word lists that hint at kinds of names (`rules/en`): titles, offices, roles, kinds of bodies and places, cities, given names.
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::sync::LazyLock;

/// Kinds of words, as bits of a set.
pub mod class {
    /// Form of address or rank ("Mr.", "General").
    pub const TITLE: u16 = 1;
    /// Word of an office written before a name ("Foreign", "Minister").
    pub const OFFICE: u16 = 1 << 1;
    /// Noun for what a person is or does ("spokesman").
    pub const ROLE: u16 = 1 << 2;
    /// Word that names a kind of organization ("Committee").
    pub const BODY: u16 = 1 << 3;
    /// Legal form at the end of a company's name.
    pub const SUFFIX: u16 = 1 << 4;
    /// Word that names a kind of place ("River").
    pub const PLACE: u16 = 1 << 5;
    /// Part of the world, state or province.
    pub const REGION: u16 = 1 << 6;
    /// City.
    pub const CITY: u16 = 1 << 7;
    /// Given name.
    pub const GIVEN: u16 = 1 << 8;
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Titles {
    titles: Vec<String>,
    offices: Vec<String>,
    modifiers: FxHashSet<String>,
    behind_hyphens: FxHashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Roles {
    roles: FxHashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Organizations {
    heads: Vec<String>,
    suffixes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Places {
    heads: Vec<String>,
    regions: Vec<String>,
    parts: Vec<String>,
    cities: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    given: Vec<String>,
}

/// The lists in the form in which they are asked.
#[derive(Debug)]
pub struct Lexicon {
    /// Classes of single words as written.
    words: FxHashMap<Box<str>, u16>,
    /// Classes of phrases of two to four words, joined by one space.
    phrases: FxHashMap<Box<str>, u16>,
    /// First words of phrases.
    firsts: FxHashSet<Box<str>>,
    /// Words that belong to an office ("de facto", "deputy"), lower case.
    pub(super) modifiers: FxHashSet<String>,
    /// Words that a hyphen ties to a person's name and that are no part of it ("era", "led"), lower case.
    pub(super) behind_hyphens: FxHashSet<String>,
    /// Nouns for roles, lower case.
    pub(super) roles: FxHashSet<String>,
}

impl Lexicon {
    /// The embedded lists.
    ///
    /// # Panics
    /// Never in a program whose tests ran: they load the very same embedded files.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static LISTS: LazyLock<Lexicon> =
            LazyLock::new(|| Lexicon::load().expect("the embedded word lists are checked by the tests"));
        &LISTS
    }

    fn load() -> Result<Self, toml::de::Error> {
        let titles: Titles = toml::from_str(include_str!("../../../../rules/en/titles.toml"))?;
        let roles: Roles = toml::from_str(include_str!("../../../../rules/en/roles.toml"))?;
        let organizations: Organizations = toml::from_str(include_str!("../../../../rules/en/organizations.toml"))?;
        let places: Places = toml::from_str(include_str!("../../../../rules/en/places.toml"))?;
        let given: Given = toml::from_str(include_str!("../../../../rules/en/given-names.toml"))?;
        let mut lexicon = Self {
            words: FxHashMap::default(),
            phrases: FxHashMap::default(),
            firsts: FxHashSet::default(),
            modifiers: titles.modifiers,
            behind_hyphens: titles.behind_hyphens,
            roles: roles.roles,
        };
        lexicon.add(&titles.titles, class::TITLE);
        for office in &titles.offices {
            let words: Vec<String> = office.split([' ', '-']).map(str::to_owned).collect();
            lexicon.add(&words, class::OFFICE);
        }
        let role_words: Vec<String> = lexicon.roles.iter().cloned().collect();
        lexicon.add(&role_words, class::ROLE);
        lexicon.add(&organizations.heads, class::BODY);
        lexicon.add(&organizations.suffixes, class::SUFFIX);
        lexicon.add(&places.heads, class::PLACE);
        lexicon.add(&places.regions, class::REGION);
        lexicon.add(&places.parts, class::REGION);
        lexicon.add(&places.cities, class::CITY);
        lexicon.add(&given.given, class::GIVEN);
        Ok(lexicon)
    }

    fn add(&mut self, entries: &[String], class: u16) {
        for entry in entries {
            match entry.split_once(' ') {
                None => *self.words.entry(entry.as_str().into()).or_insert(0) |= class,
                Some((first, _)) => {
                    self.firsts.insert(first.into());
                    *self.phrases.entry(entry.as_str().into()).or_insert(0) |= class;
                }
            }
        }
    }

    /// Classes of one word.
    #[must_use]
    pub fn classes_of(&self, word: &str) -> u16 {
        self.words.get(word).copied().unwrap_or(0)
    }

    /// Classes of every word of a sentence, phrases included.
    #[must_use]
    pub fn classes(&self, forms: &[&str]) -> Vec<u16> {
        let mut classes: Vec<u16> = forms.iter().map(|form| self.words.get(*form).copied().unwrap_or(0)).collect();
        let mut phrase = String::new();
        for (at, form) in forms.iter().enumerate() {
            if !self.firsts.contains(*form) {
                continue;
            }
            phrase.clear();
            phrase.push_str(form);
            for (more, next) in forms.iter().enumerate().skip(at + 1).take(3) {
                phrase.push(' ');
                phrase.push_str(next);
                if let Some(&class) = self.phrases.get(phrase.as_str()) {
                    for slot in classes.iter_mut().take(more + 1).skip(at) {
                        *slot |= class;
                    }
                }
            }
        }
        classes
    }
}
