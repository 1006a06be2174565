//! Loads and checks the files of `rules/actors`: every mistake names the file and the word.
use super::{Actor, ActorKind, Also, Entry, Gazetteer, Relation, scan};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Why a list of actors was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct Error {
    file: String,
    problem: String,
}

impl Error {
    fn new(file: &str, problem: impl Into<String>) -> Self {
        Self { file: file.to_owned(), problem: problem.into() }
    }
}

/// One file as written.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct List {
    actor: Vec<Written>,
    ambiguous: Vec<Ambiguous>,
    also: Vec<AlsoWritten>,
    offices: Vec<String>,
    leads: Vec<String>,
    places: Vec<String>,
    wars: Vec<String>,
    papers: Vec<String>,
    companies: Vec<String>,
    sports: Vec<String>,
    agreements: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    kind: String,
    iso: Option<String>,
    iso3: Option<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    abbreviations: Vec<String>,
    #[serde(default)]
    demonyms: Vec<String>,
    #[serde(default)]
    capitals: Vec<String>,
    #[serde(default)]
    seats: Vec<String>,
    #[serde(default)]
    institutions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ambiguous {
    word: String,
    actors: Vec<String>,
    prefer: Option<String>,
    /// It names all of them at once: "the Koreas".
    #[serde(default)]
    all: bool,
    /// Read by people only, but it has to be there.
    #[serde(rename = "why")]
    _why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlsoWritten {
    word: String,
    #[serde(rename = "as")]
    senses: Vec<String>,
}

const KINDS: [ActorKind; 9] = [
    ActorKind::State,
    ActorKind::Contested,
    ActorKind::FormerState,
    ActorKind::Territory,
    ActorKind::International,
    ActorKind::Bloc,
    ActorKind::ArmedGroup,
    ActorKind::Party,
    ActorKind::Organization,
];

const SENSES: [(&str, Also); 7] = [
    ("given name", Also::GivenName),
    ("surname", Also::Surname),
    ("us state", Also::UsState),
    ("place", Also::Place),
    ("language", Also::Language),
    ("company", Also::Company),
    ("common word", Also::CommonWord),
];

/// Builds the gazetteer from `files` (name for messages, TOML text).
pub(super) fn load(files: &[(&str, &str)]) -> Result<Gazetteer, Error> {
    let mut gazetteer = Gazetteer {
        actors: Vec::new(),
        by_name: FxHashMap::default(),
        entries: FxHashMap::default(),
        longest: FxHashMap::default(),
        undecided: FxHashSet::default(),
        collective: FxHashSet::default(),
        offices: FxHashSet::default(),
        leads: FxHashSet::default(),
    };
    let mut ambiguous = Vec::new();
    let mut also = Vec::new();
    let mut spoken_for = Vec::new();
    for &(file, text) in files {
        let list: List = toml::from_str(text).map_err(|error| Error::new(file, error.to_string()))?;
        for written in list.actor {
            add_actor(&mut gazetteer, file, written)?;
        }
        gazetteer.offices.extend(list.offices);
        gazetteer.leads.extend(list.leads);
        ambiguous.extend(list.ambiguous.into_iter().map(|entry| (file.to_owned(), entry)));
        also.extend(list.also.into_iter().map(|entry| (file.to_owned(), entry)));
        for phrases in [list.places, list.wars, list.papers, list.companies, list.sports, list.agreements] {
            spoken_for.extend(phrases.into_iter().map(|phrase| (file.to_owned(), phrase)));
        }
    }
    decide_shared(&mut gazetteer, files, &ambiguous)?;
    for (file, entry) in also {
        add_senses(&mut gazetteer, &file, &entry)?;
    }
    for (file, phrase) in spoken_for {
        let key = scan::key(&phrase);
        if gazetteer.entries.get(key.as_str()).is_some_and(|entries| entries.iter().any(|entry| entry.actor.is_some())) {
            return Err(Error::new(&file, format!("`{phrase}` is a word for an actor: take it out of one of the two lists")));
        }
        insert(&mut gazetteer, &phrase, None, Relation::Name);
    }
    Ok(gazetteer)
}

fn add_actor(gazetteer: &mut Gazetteer, file: &str, written: Written) -> Result<(), Error> {
    let known = || KINDS.map(ActorKind::as_str).join(", ");
    let kind = KINDS.into_iter().find(|kind| kind.as_str() == written.kind).ok_or_else(|| {
        Error::new(file, format!("`{}` has the unknown kind `{}`; known are: {}", written.name, written.kind, known()))
    })?;
    let at = gazetteer.actors.len();
    if gazetteer.by_name.insert(written.name.clone(), at).is_some() {
        return Err(Error::new(file, format!("there are two actors named `{}`: join them", written.name)));
    }
    let lists = [
        (written.names, Relation::Name),
        (written.abbreviations, Relation::Abbreviation),
        (written.demonyms, Relation::Demonym),
        (written.capitals, Relation::Capital),
        (written.seats, Relation::Seat),
        (written.institutions, Relation::Institution),
    ];
    let mut words = vec![(written.name.clone(), Relation::Name)];
    for (list, relation) in lists {
        for word in list {
            // "FARC" and "Farc" differ, "USSR" listed as a name and as an abbreviation does not: the first one counts.
            if !words.iter().any(|(earlier, _)| *earlier == word) {
                words.push((word, relation));
            }
        }
    }
    for (word, relation) in &words {
        if scan::key(word).is_empty() {
            return Err(Error::new(file, format!("`{}` has an empty word: take it out", written.name)));
        }
        insert(gazetteer, word, Some(at), *relation);
    }
    gazetteer.actors.push(Actor { name: written.name, kind, iso: written.iso, iso3: written.iso3, words });
    Ok(())
}

fn insert(gazetteer: &mut Gazetteer, word: &str, actor: Option<usize>, relation: Relation) {
    let key = scan::key(word);
    let n_words = scan::words(&key).count();
    if let Some(first) = scan::words(&key).next() {
        let first = first.of(&key);
        let longest = gazetteer.longest.entry(first.into()).or_insert(0);
        *longest = n_words.max(*longest);
    }
    let entry = Entry { actor, relation, spelling: scan::fold(word).into(), also: Box::default() };
    gazetteer.entries.entry(key.into()).or_default().push(entry);
}

/// Every key with two actors must be declared, and every declaration must be needed.
fn decide_shared(gazetteer: &mut Gazetteer, files: &[(&str, &str)], declared: &[(String, Ambiguous)]) -> Result<(), Error> {
    let mut open: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for at in 0..gazetteer.actors.len() {
        let Some(actor) = gazetteer.actors.get(at) else { continue };
        for (word, _) in &actor.words {
            let key = scan::key(word);
            let entries = gazetteer.entries.get(key.as_str()).map_or(&[][..], Vec::as_slice);
            let rivals = entries.iter().filter(|entry| entry.actor != Some(at) && *entry.spelling == *scan::fold(word));
            let mut named: Vec<String> =
                rivals.filter_map(|rival| gazetteer.actors.get(rival.actor?)).map(|rival| rival.name.clone()).collect();
            if !named.is_empty() {
                named.push(actor.name.clone());
                named.sort();
                named.dedup();
                open.insert(key, named);
            }
        }
    }
    for (file, entry) in declared {
        let key = scan::key(&entry.word);
        let Some(mut actors) = open.remove(&key) else {
            return Err(Error::new(file, format!("`{}` names one actor only: it is not ambiguous", entry.word)));
        };
        let mut said = entry.actors.clone();
        said.sort();
        actors.sort();
        if said != actors {
            let problem = format!("`{}` names {}, not {}", entry.word, actors.join(", "), said.join(", "));
            return Err(Error::new(file, problem));
        }
        match &entry.prefer {
            Some(_) if entry.all => {
                return Err(Error::new(file, format!("`{}` names all of them and prefers one: choose", entry.word)));
            }
            Some(preferred) => {
                let Some(&first) = gazetteer.by_name.get(preferred) else {
                    return Err(Error::new(file, format!("`{}` prefers `{preferred}`, which is no actor", entry.word)));
                };
                if let Some(entries) = gazetteer.entries.get_mut(key.as_str()) {
                    entries.sort_by_key(|candidate| candidate.actor != Some(first));
                }
            }
            None => {
                let set = if entry.all { &mut gazetteer.collective } else { &mut gazetteer.undecided };
                set.insert(key.into());
            }
        }
    }
    match open.into_iter().next() {
        None => Ok(()),
        Some((key, actors)) => {
            let last = files.last().map_or("", |(name, _)| name);
            let hint = "declare it under [[ambiguous]] or give it to one of them";
            Err(Error::new(last, format!("`{key}` names {}: {hint}", actors.join(" and "))))
        }
    }
}

fn add_senses(gazetteer: &mut Gazetteer, file: &str, written: &AlsoWritten) -> Result<(), Error> {
    let mut senses = Vec::new();
    for sense in &written.senses {
        let known = || SENSES.map(|(word, _)| word).join(", ");
        let (_, found) = SENSES.into_iter().find(|(word, _)| word == sense).ok_or_else(|| {
            Error::new(file, format!("`{}` is said to be also a `{sense}`; known are: {}", written.word, known()))
        })?;
        senses.push(found);
    }
    let folded = scan::fold(&written.word);
    let entries = gazetteer.entries.get_mut(scan::key(&written.word).as_str());
    let mut hit = false;
    for entry in entries.into_iter().flatten().filter(|entry| *entry.spelling == *folded) {
        entry.also = senses.clone().into();
        hit = true;
    }
    if hit { Ok(()) } else { Err(Error::new(file, format!("`{}` is no word for an actor: take it out", written.word))) }
}
