//! Word lists of the extractor: agreement nouns, known instruments, and the lists that rules name. All are data files.
use crate::error::Error;
use chancery_agreement::AgreementKind;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How far a noun goes towards an agreement by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// An agreement wherever political actors are near.
    Strong,
    /// An agreement only with parties or a supporting modifier.
    Weak,
    /// Points back to an agreement, never brings in a new one.
    Anaphor,
}

/// What is known of an agreement noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noun {
    /// Kind of the bare noun.
    pub kind: AgreementKind,
    /// Its weight.
    pub weight: Weight,
}

/// Nouns and modifiers of `rules/en/agreements.toml`, instruments of `rules/instruments.toml`.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    nouns: FxHashMap<String, Noun>,
    modifiers: Vec<(FxHashSet<String>, FxHashSet<String>, AgreementKind)>,
    foreign: Vec<(FxHashSet<String>, FxHashSet<String>)>,
    supporting: Vec<(FxHashSet<String>, FxHashSet<String>)>,
    apart: FxHashSet<String>,
    plain: FxHashSet<String>,
    governing: FxHashSet<String>,
    partial: FxHashSet<String>,
    renewing: FxHashSet<String>,
    numbering: FxHashSet<String>,
    headline: FxHashSet<String>,
    drawn_up: FxHashSet<String>,
    /// First nouns, what may follow them behind "of", and the noun that both together are like.
    second: Vec<(FxHashSet<String>, FxHashSet<String>, String)>,
    of_unions: FxHashSet<String>,
    proposing: FxHashSet<String>,
    insight: FxHashSet<String>,
    surroundings: FxHashSet<String>,
    private: FxHashSet<String>,
    concord: FxHashSet<String>,
    own_phrases: FxHashSet<String>,
    title_joints: FxHashSet<String>,
    lulls: Lulls,
    lands: FxHashSet<String>,
    classes: FxHashMap<String, NounClass>,
    instruments: Vec<Instrument>,
    by_alias: FxHashMap<String, usize>,
}

/// A known instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instrument {
    /// Its full name.
    pub name: String,
    /// Its kind.
    pub kind: AgreementKind,
    /// True where only its few signatories can be parties: an article that describes an agreement and names this one speaks of one.
    pub few: bool,
    /// The international body that it founds or amends, or under which states concluded it.
    pub body: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NounFile {
    noun: Vec<NounEntry>,
    modifier: Vec<ModifierEntry>,
    foreign: Vec<PairEntry>,
    supporting: Vec<PairEntry>,
    apart: Words,
    plain: Words,
    governing: Words,
    partial: Words,
    renewing: Words,
    numbering: Words,
    headline: Words,
    #[serde(rename = "drawn-up")]
    drawn_up: Words,
    second: Vec<SecondEntry>,
    #[serde(rename = "of-unions")]
    of_unions: Words,
    proposing: Words,
    insight: Words,
    surroundings: Words,
    private: Words,
    concord: Words,
    #[serde(rename = "own-phrases")]
    own_phrases: Words,
    #[serde(rename = "title-joints")]
    title_joints: Words,
    lulls: Lulls,
    lands: Words,
    alike: Vec<AlikeEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlikeEntry {
    class: NounClass,
    nouns: Vec<String>,
}

/// Nouns that may stand for each other when an article speaks of one agreement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NounClass {
    /// Ceasefire, truce.
    Ceasefire,
    /// Treaty, convention, charter.
    Treaty,
    /// Agreement, deal, accord, and what else a treaty or pact may be called.
    Agreement,
    /// Plan, road map, package.
    Plan,
    /// Declaration.
    Declaration,
    /// Memorandum.
    Memorandum,
    /// Protocol.
    Protocol,
    /// Contract.
    Contract,
    /// Any other paper.
    #[default]
    Document,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NounEntry {
    lemmas: Vec<String>,
    kind: String,
    weight: Weight,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModifierEntry {
    words: FxHashSet<String>,
    kind: String,
    nouns: FxHashSet<String>,
}

/// Nouns that mean a truce with certain words before them or behind "in".
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lulls {
    nouns: FxHashSet<String>,
    before: FxHashSet<String>,
    behind: FxHashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SecondEntry {
    nouns: FxHashSet<String>,
    of: FxHashSet<String>,
    like: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PairEntry {
    words: FxHashSet<String>,
    nouns: FxHashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: FxHashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InstrumentFile {
    instrument: Vec<InstrumentEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InstrumentEntry {
    name: String,
    kind: String,
    #[serde(default)]
    few: bool,
    body: Option<String>,
    aliases: Vec<String>,
}

impl Lexicon {
    /// Reads the two files; each is a pair of file name (for errors) and content.
    ///
    /// # Errors
    /// The place in the file and what was expected.
    pub fn read(nouns: (&str, &str), instruments: (&str, &str)) -> Result<Self, Error> {
        let kind_of = |file: &str, word: &str| -> Result<AgreementKind, Error> {
            word.parse().map_err(|error| Error::new(file, None, format!("{error}")))
        };
        let mut lexicon = Self::default();
        let (file, text) = nouns;
        let parsed: NounFile = toml::from_str(text).map_err(|error| Error::toml(file, text, &error))?;
        for entry in parsed.noun {
            let noun = Noun { kind: kind_of(file, &entry.kind)?, weight: entry.weight };
            for lemma in entry.lemmas {
                if lexicon.nouns.insert(lemma.clone(), noun).is_some() {
                    return Err(Error::new(file, None, format!("noun `{lemma}` stands there twice")));
                }
            }
        }
        for entry in parsed.modifier {
            lexicon.modifiers.push((entry.words, entry.nouns, kind_of(file, &entry.kind)?));
        }
        lexicon.foreign = parsed.foreign.into_iter().map(|entry| (entry.words, entry.nouns)).collect();
        lexicon.supporting = parsed.supporting.into_iter().map(|entry| (entry.words, entry.nouns)).collect();
        lexicon.apart = parsed.apart.words;
        lexicon.plain = parsed.plain.words;
        lexicon.governing = parsed.governing.words;
        lexicon.partial = parsed.partial.words;
        lexicon.renewing = parsed.renewing.words;
        lexicon.numbering = parsed.numbering.words;
        lexicon.headline = parsed.headline.words;
        lexicon.drawn_up = parsed.drawn_up.words;
        lexicon.second = parsed.second.into_iter().map(|entry| (entry.nouns, entry.of, entry.like)).collect();
        lexicon.of_unions = parsed.of_unions.words;
        lexicon.proposing = parsed.proposing.words;
        lexicon.insight = parsed.insight.words;
        lexicon.surroundings = parsed.surroundings.words;
        lexicon.private = parsed.private.words;
        lexicon.concord = parsed.concord.words;
        lexicon.own_phrases = parsed.own_phrases.words;
        lexicon.title_joints = parsed.title_joints.words;
        lexicon.lulls = parsed.lulls;
        lexicon.lands = parsed.lands.words;
        for entry in parsed.alike {
            lexicon.classes.extend(entry.nouns.into_iter().map(|noun| (noun, entry.class)));
        }

        let (file, text) = instruments;
        let parsed: InstrumentFile = toml::from_str(text).map_err(|error| Error::toml(file, text, &error))?;
        for entry in parsed.instrument {
            let index = lexicon.instruments.len();
            let kind = kind_of(file, &entry.kind)?;
            for alias in entry.aliases.iter().chain([&entry.name]) {
                if let Some(other) = lexicon.by_alias.insert(alias.clone(), index) {
                    let other = lexicon.instruments.get(other).map_or("itself", |instrument| instrument.name.as_str());
                    return Err(Error::new(file, None, format!("`{alias}` is a name of both `{}` and `{other}`", entry.name)));
                }
            }
            lexicon.instruments.push(Instrument { name: entry.name, kind, few: entry.few, body: entry.body });
        }
        Ok(lexicon)
    }

    /// What is known of the noun with this lemma (lower case, singular or plural).
    #[must_use]
    pub fn noun(&self, lemma: &str) -> Option<Noun> {
        let singular = match lemma {
            "treaties" => "treaty",
            other => other,
        };
        let stripped = singular.strip_suffix('s').filter(|_| !self.nouns.contains_key(singular)).unwrap_or(singular);
        self.nouns.get(stripped).copied()
    }

    /// Kind of `noun` with these modifiers (lower case).
    #[must_use]
    pub fn kind(&self, noun: &str, modifiers: &[String]) -> Option<AgreementKind> {
        let by_modifier = self
            .modifiers
            .iter()
            .find(|(words, nouns, _)| nouns.contains(noun) && modifiers.iter().any(|modifier| words.contains(modifier)))
            .map(|(_, _, kind)| *kind);
        by_modifier.or_else(|| self.noun(noun).map(|noun| noun.kind))
    }

    /// How the documents begin that only their second noun makes agreements: "letter of intent", "letters of intent".
    pub fn two_noun_phrases(&self) -> impl Iterator<Item = String> + '_ {
        let phrases = |(nouns, of, _): &'_ (FxHashSet<String>, FxHashSet<String>, String)| {
            let firsts: Vec<String> = nouns.iter().flat_map(|noun| [noun.clone(), format!("{noun}s")]).collect();
            let phrase = |second: &String| firsts.iter().map(|first| format!("{first} of {second}")).collect::<Vec<_>>();
            of.iter().flat_map(phrase).collect::<Vec<_>>()
        };
        self.second.iter().flat_map(phrases)
    }

    /// The noun that `first` of `second` is like: a letter of intent is a memorandum. Both in lower case.
    #[must_use]
    pub fn told_by_second(&self, first: &str, second: &str) -> Option<&str> {
        let fits = |set: &FxHashSet<String>, word: &str| set.contains(word) || set.contains(word.trim_end_matches('s'));
        self.second.iter().find(|(nouns, of, _)| fits(nouns, first) && fits(of, second)).map(|(_, _, like)| like.as_str())
    }

    /// True for words that tell the kind of an agreement whose noun they stand before.
    #[must_use]
    pub fn is_modifier(&self, word: &str) -> bool {
        self.modifiers.iter().any(|(words, _, _)| words.contains(word))
    }

    /// True when these modifiers make `noun` something else than an agreement of political actors.
    #[must_use]
    pub fn is_foreign(&self, noun: &str, modifiers: &[String]) -> bool {
        fits(&self.foreign, noun, modifiers)
    }

    /// True when one of these modifiers is enough to make a weak noun an agreement.
    #[must_use]
    pub fn is_supported(&self, noun: &str, modifiers: &[String]) -> bool {
        fits(&self.supporting, noun, modifiers)
    }

    /// What nouns the noun may stand for.
    #[must_use]
    pub fn class(&self, noun: &str) -> NounClass {
        self.classes.get(noun).copied().unwrap_or_default()
    }

    /// True for nouns of land that a name follows.
    #[must_use]
    pub fn is_land(&self, noun: &str) -> bool {
        self.lands.contains(noun)
    }

    /// True for prepositions whose phrases belong to the name of an agreement.
    #[must_use]
    pub fn opens_own_phrase(&self, preposition: &str) -> bool {
        self.own_phrases.contains(preposition)
    }

    /// True for the small words inside titles that join capital ones ("for", "of", "and").
    #[must_use]
    pub fn joins_titles(&self, word: &str) -> bool {
        self.title_joints.contains(word)
    }

    /// True for nouns for persons and firms that act for themselves.
    #[must_use]
    pub fn is_private(&self, noun: &str) -> bool {
        self.private.contains(noun)
    }

    /// True for words that make an agreement without an article a likeness of minds.
    #[must_use]
    pub fn is_concord(&self, word: &str) -> bool {
        self.concord.contains(word)
    }

    /// True for nouns that mean surroundings where "in" stands before and "of" follows.
    #[must_use]
    pub fn is_surroundings(&self, noun: &str) -> bool {
        self.surroundings.contains(noun)
    }

    /// True for nouns that mean insight where "of" follows.
    #[must_use]
    pub fn is_insight(&self, noun: &str) -> bool {
        self.insight.contains(noun)
    }

    /// True for nouns of instruments that a body draws up for states.
    #[must_use]
    pub fn is_drawn_up(&self, noun: &str) -> bool {
        self.drawn_up.contains(noun)
    }

    /// True for nouns of what a state has by itself, and several states only by treaty.
    #[must_use]
    pub fn is_of_unions(&self, noun: &str) -> bool {
        self.of_unions.contains(noun)
    }

    /// True for nouns that mean a truce in some company only ("pause").
    #[must_use]
    pub fn is_lull(&self, noun: &str) -> bool {
        self.lulls.nouns.contains(noun)
    }

    /// True where these words before such a noun, or those behind it and "in", make it a truce.
    #[must_use]
    pub fn is_lull_in_fighting(&self, before: &[String], behind: &[Cow<'_, str>]) -> bool {
        before.iter().any(|word| self.lulls.before.contains(word))
            || behind.iter().any(|word| self.lulls.behind.contains(&**word))
    }

    /// True for nouns of what somebody puts forward: who stands before them has put it forward.
    #[must_use]
    pub fn is_proposing(&self, noun: &str) -> bool {
        self.proposing.contains(noun)
    }

    /// True for forms of verbs that headlines put between who agrees and what.
    #[must_use]
    pub fn is_headline_verb(&self, word: &str) -> bool {
        self.headline.contains(word)
    }

    /// True for words that tell of an agreement which follows another: "new".
    #[must_use]
    pub fn renews(&self, word: &str) -> bool {
        self.renewing.contains(word)
    }

    /// True for a word that numbers instruments of one name ("third").
    #[must_use]
    pub fn numbers(&self, word: &str) -> bool {
        self.numbering.contains(word)
    }

    /// True for words that set a mention apart from the agreement just spoken of.
    #[must_use]
    pub fn sets_apart(&self, word: &str) -> bool {
        self.apart.contains(word)
    }

    /// True for words that say nothing about which agreement is meant.
    #[must_use]
    pub fn is_plain(&self, word: &str) -> bool {
        self.plain.contains(word)
    }

    /// True for nouns after "on" that make an agreement a step of the talks ("an understanding on most issues").
    #[must_use]
    pub fn is_partial(&self, word: &str) -> bool {
        self.partial.contains(word)
    }

    /// True for nouns before "of" that stand for the party that follows ("the leadership of Ruvonia").
    #[must_use]
    pub fn is_governing(&self, word: &str) -> bool {
        self.governing.contains(word)
    }

    /// The known instrument with this name, and its number.
    #[must_use]
    pub fn instrument(&self, name: &str) -> Option<(usize, &Instrument)> {
        let index = *self.by_alias.get(name)?;
        Some((index, self.instruments.get(index)?))
    }

    /// The international body of the known instrument with this number, where it has one.
    #[must_use]
    pub fn body_of(&self, instrument: usize) -> Option<&str> {
        self.instruments.get(instrument)?.body.as_deref()
    }

    /// The bodies of all known instruments.
    pub fn bodies(&self) -> impl Iterator<Item = &str> {
        self.instruments.iter().filter_map(|instrument| instrument.body.as_deref())
    }

    /// Every name of every known instrument.
    pub fn instrument_names(&self) -> impl Iterator<Item = &str> {
        self.by_alias.keys().map(String::as_str)
    }

    /// Every agreement noun.
    pub fn noun_lemmas(&self) -> impl Iterator<Item = &str> {
        self.nouns.keys().map(String::as_str)
    }
}

fn fits(pairs: &[(FxHashSet<String>, FxHashSet<String>)], noun: &str, modifiers: &[String]) -> bool {
    pairs.iter().any(|(words, nouns)| nouns.contains(noun) && modifiers.iter().any(|modifier| words.contains(modifier)))
}

/// Named word lists: `[list-name] words = [...]` in `rules/en/lists.toml`.
#[derive(Debug, Clone, Default)]
pub struct WordLists {
    lists: FxHashMap<String, FxHashSet<String>>,
}

impl WordLists {
    /// Reads a file of lists: pair of file name (for errors) and content.
    ///
    /// # Errors
    /// The place in the file and what was expected.
    pub fn read(file: &str, text: &str) -> Result<Self, Error> {
        let parsed: BTreeMap<String, Words> = toml::from_str(text).map_err(|error| Error::toml(file, text, &error))?;
        Ok(Self { lists: parsed.into_iter().map(|(name, words)| (name, words.words)).collect() })
    }

    /// True when `word` is in the list `list`.
    #[must_use]
    pub fn contains(&self, list: &str, word: &str) -> bool {
        self.lists.get(list).is_some_and(|words| words.contains(word))
    }

    /// True when `word` ends in an entry of the list `list`.
    #[must_use]
    pub fn ends(&self, list: &str, word: &str) -> bool {
        self.lists.get(list).is_some_and(|endings| endings.iter().any(|ending| word.ends_with(ending.as_str())))
    }

    /// True when an entry of the list `list` stands in `text` as it is written: for phrases.
    #[must_use]
    pub fn stands_in(&self, list: &str, text: &str) -> bool {
        self.lists.get(list).is_some_and(|phrases| phrases.iter().any(|phrase| text.contains(phrase.as_str())))
    }

    /// True when there is a list of this name.
    #[must_use]
    pub fn has_list(&self, list: &str) -> bool {
        self.lists.contains_key(list)
    }
}
