//! The list of actors: states, contested polities, international bodies, armed groups, and the words that stand for them.
//!
//! The words are data (`rules/actors/*.toml`); this module loads and checks them ([`Gazetteer`]), says whom a word names
//! ([`Gazetteer::lookup`]) and finds such words in running text ([`Gazetteer::scan`]). Contested actors are actors: nothing here
//! says which state a region belongs to. There is no list of persons.
mod file;
mod scan;

pub use file::Error;
pub use scan::{ActorSpan, Choice};

use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The files that are part of the program, in the order in which they are loaded.
const EMBEDDED: &[(&str, &str)] = &[
    ("rules/actors/states.toml", include_str!("../../../rules/actors/states.toml")),
    ("rules/actors/contested.toml", include_str!("../../../rules/actors/contested.toml")),
    ("rules/actors/former.toml", include_str!("../../../rules/actors/former.toml")),
    ("rules/actors/territories.toml", include_str!("../../../rules/actors/territories.toml")),
    ("rules/actors/bodies.toml", include_str!("../../../rules/actors/bodies.toml")),
    ("rules/actors/groups.toml", include_str!("../../../rules/actors/groups.toml")),
    ("rules/actors/ambiguous.toml", include_str!("../../../rules/actors/ambiguous.toml")),
    ("rules/actors/neighbors.toml", include_str!("../../../rules/actors/neighbors.toml")),
    ("rules/actors/others.toml", include_str!("../../../rules/actors/others.toml")),
];

/// What sort of actor it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ActorKind {
    /// Member of the United Nations, or observer state.
    State,
    /// A polity whose status is contested, or a body that governs contested ground.
    Contested,
    /// A state that no longer exists under this name.
    FormerState,
    /// Dependency, autonomous region, part of a state.
    Territory,
    /// International organization, court, bank or agency.
    International,
    /// Group of states without a seat of its own.
    Bloc,
    /// Armed group.
    ArmedGroup,
    /// Political party.
    Party,
    /// Any other organization.
    Organization,
    /// A polity that no list has: what it is, beyond acting as one, is not said.
    Polity,
    /// A human being who acts for nobody else.
    Person,
}

impl ActorKind {
    /// True for what may be a party to a treaty: states and what claims to be one, and bodies that they make (Vienna Conventions on the
    /// Law of Treaties of 1969 and 1986, articles 6).
    #[must_use]
    pub fn concludes_treaties(self) -> bool {
        matches!(
            self,
            Self::State | Self::Contested | Self::FormerState | Self::Territory | Self::International | Self::Bloc | Self::Polity
        )
    }

    /// The word that the data files use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Contested => "contested",
            Self::FormerState => "former state",
            Self::Territory => "territory",
            Self::International => "international",
            Self::Bloc => "bloc",
            Self::ArmedGroup => "armed group",
            Self::Party => "party",
            Self::Organization => "organization",
            Self::Polity => "polity",
            Self::Person => "person",
        }
    }

    /// True for what has, or claims, a territory: states, contested polities, former states, territories, polities in no list.
    #[must_use]
    pub fn is_polity(self) -> bool {
        matches!(self, Self::State | Self::Contested | Self::FormerState | Self::Territory | Self::Polity)
    }
}

/// How a word stands for an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// It is a name of the actor.
    Name,
    /// It is an abbreviation of the name.
    Abbreviation,
    /// Adjective, or word for its people ("Russian", "Russians").
    Demonym,
    /// Capital city, which news uses for the government.
    Capital,
    /// Another city or building that stands for the government ("Kremlin").
    Seat,
    /// A part of the actor: parliament, army, ministry, state company ("Knesset").
    Institution,
    /// Words of no list that only describe it ("the rebels", "82 nations").
    Description,
}

/// What a word for an actor also is, in other contexts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Also {
    /// A person's given name ("Jordan").
    GivenName,
    /// A family name ("Israel").
    Surname,
    /// A state of the United States ("Georgia").
    UsState,
    /// Another, smaller place.
    Place,
    /// A language.
    Language,
    /// A company.
    Company,
    /// A word of the language ("turkey", or "who" in a headline in capitals).
    CommonWord,
}

/// One actor of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Common English short name, under which the register knows the actor.
    pub name: String,
    /// What sort of actor it is.
    pub kind: ActorKind,
    /// ISO 3166-1 alpha-2, ISO 3166-2, or ISO 3166-3 (former states) code, where there is one.
    pub iso: Option<String>,
    /// ISO 3166-1 alpha-3 code, where there is one.
    pub iso3: Option<String>,
    /// Every word for it with how it stands for it, the canonical name first.
    pub words: Vec<(String, Relation)>,
}

/// Whom a word names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActorMatch<'g> {
    /// The actor.
    pub actor: &'g Actor,
    /// How the word stands for it.
    pub relation: Relation,
    /// What else the word can be; empty for most.
    pub also: &'g [Also],
}

/// One way to read a key: an actor's word with its spelling.
#[derive(Debug, Clone)]
struct Entry {
    /// Index into `Gazetteer::actors`; `None` for a phrase that names something else.
    actor: Option<usize>,
    relation: Relation,
    /// The spelling in the file, folded of diacritics: it says where capitals are needed.
    spelling: Box<str>,
    also: Box<[Also]>,
}

impl Entry {
    /// True for what stands only before a hyphen: "Sino-".
    fn is_combining(&self) -> bool {
        self.spelling.ends_with('-')
    }
}

/// All actors, and all words for them.
///
/// ```
/// use chancery_dissect::actors::{Gazetteer, Relation};
///
/// let gazetteer = Gazetteer::embedded();
/// let found = gazetteer.lookup("South Ossetian").unwrap();
/// assert_eq!((found.actor.name.as_str(), found.relation), ("South Ossetia", Relation::Demonym));
/// assert!(gazetteer.lookup("us").is_none());
/// assert_eq!(gazetteer.lookup("US").unwrap().actor.iso.as_deref(), Some("US"));
/// ```
#[derive(Debug)]
pub struct Gazetteer {
    actors: Vec<Actor>,
    by_name: FxHashMap<String, usize>,
    entries: FxHashMap<Box<str>, Vec<Entry>>,
    /// For the first word of each key, the number of words of the longest key that begins with it.
    longest: FxHashMap<Box<str>, usize>,
    /// Keys that name more than one actor and no preferred one.
    undecided: FxHashSet<Box<str>>,
    /// Keys that name several actors at once.
    collective: FxHashSet<Box<str>>,
    /// Capitalized words after a country's name that do not make it a given name.
    offices: FxHashSet<String>,
    /// Capitalized words before a country's name that are nobody's given name.
    leads: FxHashSet<String>,
}

impl Gazetteer {
    /// The list that is part of the program.
    ///
    /// # Panics
    /// Never in a program whose tests ran: they load the very same embedded files.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED_LIST: LazyLock<Gazetteer> =
            LazyLock::new(|| Gazetteer::load(EMBEDDED).expect("the embedded lists of actors are checked by the tests"));
        &EMBEDDED_LIST
    }

    /// The embedded list with a user's own file after it (`name` is used in error messages). The file has the form of those in
    /// `rules/actors`; it may add actors and phrases that name something else.
    ///
    /// # Errors
    /// When the file is not TOML, has unknown fields or kinds, or gives a word to two actors without saying so.
    pub fn with(name: &str, toml: &str) -> Result<Self, Error> {
        let mut files = EMBEDDED.to_vec();
        files.push((name, toml));
        Self::load(&files)
    }

    /// Loads and checks `files` (name for messages, TOML text).
    fn load(files: &[(&str, &str)]) -> Result<Self, Error> {
        file::load(files)
    }

    /// Every actor, in the order of the files.
    #[must_use]
    pub fn actors(&self) -> &[Actor] {
        &self.actors
    }

    /// The actor of this canonical name.
    #[must_use]
    pub fn actor(&self, name: &str) -> Option<&Actor> {
        self.by_name.get(name).and_then(|&at| self.actors.get(at))
    }

    /// Whom `words` name. `None` where they name nobody, or several actors ("the Koreas", and "Congo", which does not say which).
    ///
    /// Capitals matter ("US", not "us"); diacritics, kinds of apostrophe, hyphens for spaces, a leading "the" and a final "'s"
    /// do not. A word that the list ends with a hyphen ("Sino-") needs it.
    #[must_use]
    pub fn lookup(&self, words: &str) -> Option<ActorMatch<'_>> {
        let (words, key) = self.key_of(words);
        if self.undecided.contains(key.as_str()) || self.collective.contains(key.as_str()) {
            return None;
        }
        self.entries_for(&key, words).next()
    }

    /// Everyone whom `words` can name, likeliest first.
    #[must_use]
    pub fn candidates(&self, words: &str) -> Vec<ActorMatch<'_>> {
        let (words, key) = self.key_of(words);
        self.entries_for(&key, words).collect()
    }

    /// The key of `words` as they are ("St. John's"), else without article and possessive.
    fn key_of<'w>(&self, words: &'w str) -> (&'w str, String) {
        let whole = scan::key(words);
        if self.entries.contains_key(whole.as_str()) {
            return (words, whole);
        }
        let words = bare(words);
        (words, scan::key(words))
    }

    fn entries_for<'g>(&'g self, key: &str, words: &str) -> impl Iterator<Item = ActorMatch<'g>> {
        let folded = scan::fold(words);
        let entries = self.entries.get(key).map_or(&[][..], Vec::as_slice);
        let fits = move |entry: &&Entry| scan::capitals_fit(entry, &folded) && (!entry.is_combining() || folded.ends_with('-'));
        entries.iter().filter(fits).filter_map(|entry| self.found(entry))
    }

    fn found<'g>(&'g self, entry: &'g Entry) -> Option<ActorMatch<'g>> {
        let actor = self.actors.get(entry.actor?)?;
        Some(ActorMatch { actor, relation: entry.relation, also: &entry.also })
    }

    /// How many words the list knows, by actor kind: for `--version`-like summaries and tests.
    #[must_use]
    pub fn count_by_kind(&self) -> BTreeMap<ActorKind, usize> {
        let mut counts = BTreeMap::new();
        for actor in &self.actors {
            *counts.entry(actor.kind).or_insert(0) += 1;
        }
        counts
    }
}

/// `words` without white space at the ends, a leading article and a final possessive.
fn bare(words: &str) -> &str {
    let mut words = words.trim();
    for possessive in ["'s", "’s"] {
        words = words.strip_suffix(possessive).unwrap_or(words);
    }
    words = words.trim_end_matches(['\'', '’']);
    words.strip_prefix("the ").or_else(|| words.strip_prefix("The ")).unwrap_or(words).trim()
}

#[cfg(test)]
mod tests;
