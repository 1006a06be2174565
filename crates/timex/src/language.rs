//! The tables of one language: which words speak of time, which patterns they form. Everything that is English is in
//! `rules/en/time-*.toml`; the engine knows slots, not words.
use crate::cue::{Cue, Endings};
use crate::index::Index;
use crate::pattern::{Program, Rule, compile};
use crate::token::{Form, Gap, Token};
use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

/// A word's place in the lexicon; 0 is no word.
pub(crate) type LexemeId = u16;

macro_rules! slots {
    ($($variant:ident $name:literal $doc:literal),* $(,)?) => {
        /// What a word, number or phrase can contribute to a time expression. A language file fills these.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Slot { $(#[doc = $doc] $variant),* }
        impl Slot {
            pub(crate) const ALL: &'static [(Slot, &'static str)] = &[$((Slot::$variant, $name)),*];
        }
    };
}

slots! {
    Month "month" "1 to 12.",
    Weekday "weekday" "1 (Monday) to 7.",
    Weekdays "weekdays" "The same in the plural.",
    Season "season" "1 (spring) to 4.",
    Seasons "seasons" "The same in the plural.",
    Unit "unit" "A span of the calendar or clock.",
    Units "units" "The same in the plural.",
    Few "few" "An unnamed number (0), or one as vague as two.",
    Part "part" "A part of the day, or noon and midnight.",
    Offset "offset" "Days counted from today.",
    Holiday "holiday" "A day whose date can be computed.",
    Zone "zone" "Offset from UTC.",
    Meridiem "meridiem" "0 before noon, 12 after.",
    Modifier "modifier" "Which stretch of a span.",
    Approx "approx" "How exact an amount or date is.",
    Direct "direct" "-1 last, 0 this, 1 next.",
    Way "way" "Which way a stretch is counted, and from when.",
    Every "every" "Each one of them.",
    Frequency "frequency" "How often.",
    Reference "reference" "Past, present or future without a date.",
    Era "era" "-1 before the common era.",
    DecadeWord "decade" "2 to 9: the twenties to the nineties.",
    Cardinal "cardinal" "A number word.",
    OrdinalWord "ordinal-word" "An ordinal written out.",
    // Those below are computed from the form of a token, not listed.
    Day "day" "1 to 31 in digits.",
    Year "year" "Four digits, 1000 to 2199.",
    ShortYear "short-year" "An apostrophe and two digits.",
    Number "number" "Any amount, in digits or words.",
    Digits "digits" "A plain number of one to four digits.",
    Ordinal "ordinal" "First, 25th.",
    Clock "clock" "13:15.",
    Decade "decades" "1990s.",
    Calendar "calendar" "2016-10-25.",
    YearWords "year-words" "nineteen ninety-six.",
    Military "military" "Four digits before hours.",
    YearPair "year-pair" "Two digits after a year and a dash.",
    Any "any" "Any one word.",
}

/// The value of a word in a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sense {
    Number(i64),
    Text(String),
}

/// How a word may be written.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Traits {
    pub capital: bool,
    pub dotted: bool,
    pub needs_dot: bool,
    /// What a word of `capital` is without its capital: the entry that the tables write with a tilde.
    pub lower: LexemeId,
}

#[derive(Debug, Default)]
struct Lexeme {
    word: String,
    traits: Traits,
    /// The slots this word fills by itself.
    senses: Vec<(Slot, Sense)>,
    /// Phrases that begin with this word, longest first: slot, the words after it, value.
    phrases: Vec<(Slot, Vec<LexemeId>, Sense)>,
}

/// Hashes a key that is a good hash already.
#[derive(Default)]
pub(crate) struct Through(u64);

impl Hasher for Through {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

/// A language: lexicon, patterns and lists of cues. [`Language::english`] is built in.
pub struct Language {
    by_hash: HashMap<u64, LexemeId, BuildHasherDefault<Through>>,
    lexemes: Vec<Lexeme>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) programs: Vec<Program>,
    /// Which patterns may begin where.
    index: Index,
    /// For each lexeme the lists of cues it belongs to, one bit each.
    marks: Vec<u128>,
    pub(crate) endings: Endings,
    /// The words that follow an apostrophe: "'s".
    clitics: Vec<(String, LexemeId)>,
}

impl fmt::Debug for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Language({} words, {} rules)", self.lexemes.len(), self.rules.len())
    }
}

/// What is wrong with a language file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// FNV-1a over the lower-case bytes.
fn hash(word: &[u8]) -> u64 {
    word.iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3))
}

impl Language {
    /// English, from the tables in `rules/en`.
    #[must_use]
    pub fn english() -> &'static Self {
        static ENGLISH: OnceLock<Language> = OnceLock::new();
        ENGLISH.get_or_init(|| {
            let built = Self::from_toml(
                include_str!("../../../rules/en/time-words.toml"),
                include_str!("../../../rules/en/time-patterns.toml"),
                include_str!("../../../rules/en/time-cues.toml"),
            );
            // The tables are part of the program and a test loads them; a broken one finds nothing rather than stop the caller.
            built.unwrap_or_else(|_| Self::empty())
        })
    }

    fn empty() -> Self {
        Self {
            by_hash: HashMap::default(),
            index: Index::default(),
            lexemes: vec![Lexeme::default()],
            rules: Vec::new(),
            programs: Vec::new(),
            marks: vec![0],
            endings: Endings::default(),
            clitics: Vec::new(),
        }
    }

    /// Builds a language from its three tables, in the form of `rules/en/time-words.toml` (which words speak of time),
    /// `rules/en/time-patterns.toml` (which rows of words are expressions) and `rules/en/time-cues.toml` (which words steer what they mean).
    /// Lists and slots that a language does not need are left out.
    ///
    /// # Errors
    /// The first thing wrong with them, with table, key and what was expected.
    pub fn from_toml(words: &str, patterns: &str, cues: &str) -> Result<Self, Error> {
        let mut language = Self::empty();
        language.read_words(words)?;
        compile(&mut language, patterns)?;
        language.read_cues(cues)?;
        for id in 0..language.lexemes.len() {
            if language.lexemes[id].traits.capital {
                let key = format!("~{}", language.lexemes[id].word);
                language.lexemes[id].traits.lower = language.find(key.as_bytes());
            }
        }
        for lexeme in &mut language.lexemes {
            lexeme.phrases.sort_by(|left, right| right.1.len().cmp(&left.1.len()).then_with(|| left.0.cmp(&right.0)));
        }
        language.index = Index::build(&language);
        Ok(language)
    }

    fn read_words(&mut self, source: &str) -> Result<(), Error> {
        let table: toml::Table = source.parse().map_err(|error| Error::new(format!("time words: {error}")))?;
        for (name, value) in &table {
            if let Some(list) = value.as_array() {
                for word in list {
                    let word = word.as_str().ok_or_else(|| Error::new(format!("time words: `{name}` must list words")))?;
                    let traits = &mut self.lexeme_mut(word).traits;
                    match name.as_str() {
                        "capital" => traits.capital = true,
                        "dotted" => traits.dotted = true,
                        "needs_dot" => traits.needs_dot = true,
                        _ => {
                            return Err(Error::new(format!(
                                "time words: no list is called `{name}`; there are capital, dotted, needs_dot"
                            )));
                        }
                    }
                }
                continue;
            }
            let slot = match name.as_str() {
                "number" => Slot::Cardinal,
                "ordinal" => Slot::OrdinalWord,
                _ => Self::slot(name).ok_or_else(|| Error::new(format!("time words: no slot is called `{name}`")))?,
            };
            let entries = value.as_table().ok_or_else(|| Error::new(format!("time words: `{name}` must be a table")))?;
            for (key, value) in entries {
                let sense = match value {
                    toml::Value::Integer(number) => Sense::Number(*number),
                    toml::Value::String(text) => Sense::Text(text.clone()),
                    _ => return Err(Error::new(format!("time words: `{name}.{key}` must be a number or a text"))),
                };
                let sense = sense_of(slot, sense)
                    .ok_or_else(|| Error::new(format!("time words: `{name}.{key}` has a value its slot does not know")))?;
                let mut ids: Vec<LexemeId> = key.replace('-', " ").split(' ').map(|word| self.intern(word)).collect();
                let first = ids.remove(0);
                let lexeme = &mut self.lexemes[usize::from(first)];
                if ids.is_empty() {
                    lexeme.senses.push((slot, sense));
                } else {
                    lexeme.phrases.push((slot, ids, sense));
                }
            }
        }
        Ok(())
    }

    fn read_cues(&mut self, source: &str) -> Result<(), Error> {
        let table: toml::Table = source.parse().map_err(|error| Error::new(format!("time cues: {error}")))?;
        if let Some(name) = table.keys().find(|name| *name != "endings" && !Cue::ALL.iter().any(|(_, known)| known == name)) {
            return Err(Error::new(format!("time cues: no list is called `{name}`")));
        }
        let mut lists = Vec::new();
        for (cue, name) in Cue::ALL {
            for word in texts(&table, name)? {
                lists.push((self.intern(&word), *cue));
            }
        }
        let empty = toml::Table::new();
        let endings = match table.get("endings") {
            Some(value) => value.as_table().ok_or_else(|| Error::new("time cues: `endings` must be a table"))?,
            None => &empty,
        };
        self.endings = Endings {
            past: texts(endings, "past")?,
            clitics: texts(endings, "clitics")?,
            joined: texts(endings, "joined")?,
            ordinal: texts(endings, "ordinal")?,
            decade: texts(endings, "decade")?,
        };
        for clitic in self.endings.clitics.clone() {
            let id = self.intern(&format!("'{clitic}"));
            self.clitics.push((clitic, id));
        }
        self.marks = vec![0; self.lexemes.len()];
        for (lexeme, cue) in lists {
            self.marks[usize::from(lexeme)] |= 1 << cue as u32;
        }
        Ok(())
    }

    fn lexeme_mut(&mut self, word: &str) -> &mut Lexeme {
        let id = self.intern(word);
        &mut self.lexemes[usize::from(id)]
    }

    /// The word's place in the lexicon, new if it has none yet.
    pub(crate) fn intern(&mut self, word: &str) -> LexemeId {
        let mut key = hash(word.as_bytes());
        loop {
            match self.by_hash.get(&key) {
                Some(&id) if self.lexemes[usize::from(id)].word == word => return id,
                Some(_) => key = key.wrapping_add(1),
                None => break,
            }
        }
        let id = LexemeId::try_from(self.lexemes.len()).unwrap_or(0);
        self.lexemes.push(Lexeme { word: word.to_owned(), ..Lexeme::default() });
        self.by_hash.insert(key, id);
        id
    }

    /// Looks a word up as it stands in the text, without regard to case.
    pub(crate) fn find(&self, word: &[u8]) -> LexemeId {
        if word.len() > 24 {
            return 0;
        }
        let mut key = hash(word);
        while let Some(&id) = self.by_hash.get(&key) {
            if self.lexemes[usize::from(id)].word.as_bytes().eq_ignore_ascii_case(word) {
                return id;
            }
            key = key.wrapping_add(1);
        }
        0
    }

    pub(crate) fn slot(name: &str) -> Option<Slot> {
        Slot::ALL.iter().find(|(_, known)| *known == name).map(|(slot, _)| *slot)
    }

    pub(crate) fn traits(&self, lexeme: LexemeId) -> Traits {
        self.lexemes[usize::from(lexeme)].traits
    }

    /// Is the word on this list of cues?
    pub(crate) fn marked(&self, token: &Token, cue: Cue) -> bool {
        token.lexeme != 0 && self.marks[usize::from(token.lexeme)] & (1 << cue as u32) != 0
    }

    /// Is there a word, and is it on this list of cues?
    pub(crate) fn is(&self, token: Option<&Token>, cue: Cue) -> bool {
        token.is_some_and(|token| self.marked(token, cue))
    }

    /// The clitic that begins these bytes, and its word: the "s" after an apostrophe.
    pub(crate) fn clitic(&self, rest: &[u8]) -> Option<(usize, LexemeId)> {
        let found = self.clitics.iter().find(|(clitic, _)| begins(rest, clitic))?;
        Some((found.0.len(), found.1))
    }

    /// The word is a clitic: the "'s" of "Friday's".
    pub(crate) fn is_clitic(&self, token: &Token) -> bool {
        token.lexeme != 0 && self.clitics.iter().any(|(_, id)| *id == token.lexeme)
    }

    /// The words of a list of cues.
    pub(crate) fn words_of(&self, cue: Cue) -> impl Iterator<Item = LexemeId> + '_ {
        let ids = (0..self.lexeme_count()).filter_map(|id| LexemeId::try_from(id).ok());
        ids.filter(move |id| self.marks.get(usize::from(*id)).is_some_and(|marks| marks & (1 << cue as u32) != 0))
    }

    /// Single-word value of a token in a slot, as a number.
    pub(crate) fn number(&self, token: &Token, slot: Slot) -> Option<i64> {
        match (slot, token.form) {
            (Slot::Day, Form::Number { value, digits: 1..=2, plain: true }) => (1..=31).contains(&value).then_some(value),
            (Slot::Year, Form::Number { value, digits: 4, plain: true }) => (1000..2200).contains(&value).then_some(value),
            (Slot::ShortYear, Form::Number { value, digits: 0, .. }) => Some(value),
            (Slot::Digits, Form::Number { value, digits: 1..=4, plain: true }) => Some(value),
            (Slot::Military, Form::Number { value, digits: 4, .. }) => (value <= 2400 && value % 100 < 60).then_some(value),
            (Slot::Ordinal, Form::Ordinal(value)) => Some(value),
            (Slot::Decade, Form::Decade { decade, century }) => Some(if century { decade } else { -decade }),
            (_, Form::Word) if token.lexeme != 0 => self.sense(token.lexeme, slot).and_then(|sense| match sense {
                Sense::Number(value) => Some(*value),
                Sense::Text(_) => None,
            }),
            _ => None,
        }
    }

    /// What a word means in a slot.
    pub(crate) fn sense(&self, lexeme: LexemeId, slot: Slot) -> Option<&Sense> {
        self.lexemes[usize::from(lexeme)].senses.iter().find(|(known, _)| *known == slot).map(|(_, sense)| sense)
    }

    /// Phrases of a slot that begin with a word.
    pub(crate) fn phrases(&self, lexeme: LexemeId, slot: Slot) -> impl Iterator<Item = (&[LexemeId], &Sense)> {
        self.lexemes[usize::from(lexeme)]
            .phrases
            .iter()
            .filter(move |(known, ..)| *known == slot)
            .map(|(_, rest, sense)| (rest.as_slice(), sense))
    }

    /// The patterns that may begin at a token, in view of the one after it.
    pub(crate) fn candidates(&self, tokens: &[Token], at: usize) -> &[u16] {
        let Some(token) = tokens.get(at) else { return &[] };
        let next = tokens.get(at + 1).filter(|next| next.gap != Gap::Break).map_or(0, |next| next.class);
        self.index.candidates(token.class, next)
    }

    /// The class of a token: tokens of one class can begin and continue the same patterns.
    pub(crate) fn class(&self, form: Form, lexeme: LexemeId) -> u16 {
        self.index.class(form, lexeme)
    }

    /// Can this token begin to fill the slot? A quick look before the words are compared.
    pub(crate) fn may_fill(&self, token: &Token, slot: Slot) -> bool {
        self.index.fills(token.class, slot)
    }

    pub(crate) fn lexeme_count(&self) -> usize {
        self.lexemes.len()
    }

    /// All (slot, rest of phrase) entries of a word.
    pub(crate) fn phrase_entries(&self, lexeme: LexemeId) -> impl Iterator<Item = (Slot, &[LexemeId])> {
        self.lexemes[usize::from(lexeme)].phrases.iter().map(|(slot, rest, _)| (*slot, rest.as_slice()))
    }

    /// The slots a word fills by itself.
    pub(crate) fn slots_of(&self, lexeme: LexemeId) -> impl Iterator<Item = Slot> {
        self.lexemes[usize::from(lexeme)].senses.iter().map(|(slot, _)| *slot)
    }

    pub(crate) fn word(&self, lexeme: LexemeId) -> &str {
        &self.lexemes[usize::from(lexeme)].word
    }
}

/// Do the bytes begin with this ending, and does no letter or digit of ASCII follow?
pub(crate) fn begins(bytes: &[u8], ending: &str) -> bool {
    bytes.get(..ending.len()).is_some_and(|head| head.eq_ignore_ascii_case(ending.as_bytes()))
        && !bytes.get(ending.len()).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
}

/// The texts of a list, which may be absent.
fn texts(table: &toml::Table, name: &str) -> Result<Vec<String>, Error> {
    let Some(value) = table.get(name) else { return Ok(Vec::new()) };
    let list = value.as_array().ok_or_else(|| Error::new(format!("time cues: `{name}` must be a list")))?;
    let texts = list.iter().map(|word| word.as_str().map(str::to_owned));
    texts.collect::<Option<_>>().ok_or_else(|| Error::new(format!("time cues: `{name}` must list words")))
}

/// Checks a value against what its slot can hold, and turns names of units into numbers.
fn sense_of(slot: Slot, sense: Sense) -> Option<Sense> {
    use crate::calendar::Unit;
    Some(match (slot, sense) {
        (Slot::Unit | Slot::Units, Sense::Text(text)) => Sense::Number(Unit::parse(&text)? as i64),
        (Slot::Modifier, Sense::Text(text)) => {
            crate::timex::Modifier::parse(&text)?;
            Sense::Text(text)
        }
        (Slot::Approx, Sense::Text(text)) => {
            if !text.is_empty() {
                crate::timex::Modifier::parse(&text)?;
            }
            Sense::Text(text)
        }
        (Slot::Part | Slot::Holiday | Slot::Zone | Slot::Way | Slot::Frequency | Slot::Reference, sense @ Sense::Text(_)) => {
            sense
        }
        (
            Slot::Part
            | Slot::Holiday
            | Slot::Zone
            | Slot::Way
            | Slot::Frequency
            | Slot::Reference
            | Slot::Modifier
            | Slot::Approx
            | Slot::Unit
            | Slot::Units,
            _,
        ) => return None,
        (_, sense @ Sense::Number(_)) => sense,
        (_, Sense::Text(_)) => return None,
    })
}
