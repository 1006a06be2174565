//! Which spellings are one actor, as far as the spelling alone shows it: case, hyphens, articles, abbreviations.
//!
//! Names that the list of actors knows arrive in canonical form already. What is left are names that only the texts
//! know ("the LTTE", "Liberation Tigers of Tamil Eelam", "al-Qaeda", "Al Qaeda").
use crate::mention::word_hash;
use crate::names::{initials, one_root, plain_words};
use crate::spelling::spelling;
use crate::story::actor_words;
use crate::weights::{Words, rules};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Number of an actor within one run.
pub(crate) type ActorId = u32;

/// Every actor of a run: comparable form, name to show, words.
#[derive(Debug, Default, Clone)]
pub struct Actors {
    by_hash: HashMap<u64, ActorId>,
    shown: Vec<String>,
    words: Vec<Vec<String>>,
    vague: Vec<bool>,
    movement: Vec<bool>,
    told_by: Vec<Vec<u32>>,
    stands_for: BTreeMap<String, String>,
}

impl Actors {
    /// The actors behind the names of parties, each given with how often it occurs; `aliases` are names that a person has
    /// said to stand for another one.
    #[must_use]
    pub fn new<S: AsRef<str>>(names: impl IntoIterator<Item = (S, u64)>, aliases: &[(String, String)]) -> Self {
        let words = &rules().words;
        let mut spellings: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
        for (name, count) in names {
            *spellings.entry(form(name.as_ref())).or_default().entry(name.as_ref().to_owned()).or_default() += count;
        }
        // The name that a person has given is the one to show.
        for (_, actor) in aliases {
            spellings.insert(form(actor), BTreeMap::from([(actor.clone(), u64::MAX)]));
        }
        let mut stands_for = abbreviations(spellings.keys());
        for (name, actor) in transliterations(&spellings) {
            let counted = spellings.get(&name).cloned().unwrap_or_default();
            let own = spellings.entry(actor.clone()).or_default();
            for (spelling, count) in counted {
                let sum = own.entry(spelling).or_default();
                *sum = sum.saturating_add(count);
            }
            stands_for.insert(name, actor);
        }
        for (name, actor) in aliases {
            stands_for.insert(form(name), form(actor));
        }
        // An alias of an alias; rings end after some steps.
        let ends: Vec<(String, String)> = stands_for
            .iter()
            .map(|(from, to)| {
                let mut end = to;
                for _ in 0..8 {
                    end = stands_for.get(end).unwrap_or(end);
                }
                (from.clone(), end.clone())
            })
            .filter(|(from, to)| from != to)
            .collect();
        let stands_for: BTreeMap<String, String> = ends.into_iter().collect();
        let mut actors = Self::default();
        for (form, counted) in &spellings {
            if stands_for.contains_key(form) {
                continue;
            }
            let id = u32::try_from(actors.shown.len()).unwrap_or(u32::MAX);
            let shown = counted.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))).map_or("", |(name, _)| name);
            let parts: Vec<String> = form.split(' ').map(str::to_owned).collect();
            let vague = parts.iter().any(|word| words.vague_party.contains(word)) && is_vague(&parts, words);
            actors.vague.push(vague || is_description(shown, words));
            actors.movement.push(parts.len() > 1 && parts.iter().any(|word| words.movement.contains(word)));
            actors.told_by.push(actor_words(form, words));
            actors.words.push(parts);
            actors.shown.push(shown.to_owned());
            actors.by_hash.insert(form_hash(form), id);
        }
        for (name, actor) in &stands_for {
            if let Some(id) = actors.by_hash.get(&form_hash(actor)).copied() {
                actors.by_hash.insert(form_hash(name), id);
            }
        }
        actors.stands_for = stands_for;
        actors
    }

    /// The actor that `name` stands for.
    pub(crate) fn id(&self, name: &str) -> Option<ActorId> {
        self.by_hash(form_hash(&form(name)))
    }

    /// The actor whose name has this hash.
    pub(crate) fn by_hash(&self, hash: u64) -> Option<ActorId> {
        self.by_hash.get(&hash).copied()
    }

    /// The name to show for `name`: the most frequent spelling of the actor that it stands for.
    #[must_use]
    pub fn name<'n>(&'n self, name: &'n str) -> &'n str {
        self.id(name).map_or(name, |id| self.shown(id))
    }

    /// Comparable form of a name, and form and name of the actor that it stands for: what agreements depend on.
    #[must_use]
    pub fn table(&self) -> BTreeMap<String, (String, String)> {
        let own = self.words.iter().zip(&self.shown).map(|(words, shown)| {
            let form = words.join(" ");
            (form.clone(), (form, shown.clone()))
        });
        let mut table: BTreeMap<String, (String, String)> = own.collect();
        for (name, actor) in &self.stands_for {
            if let Some(entry) = table.get(actor).cloned() {
                table.insert(name.clone(), entry);
            }
        }
        table
    }

    /// The name to show for an actor: its most frequent spelling.
    pub(crate) fn shown(&self, id: ActorId) -> &str {
        self.shown.get(id as usize).map_or("", String::as_str)
    }

    /// The words of an actor's name.
    pub(crate) fn words(&self, id: ActorId) -> &[String] {
        self.words.get(id as usize).map_or(&[], Vec::as_slice)
    }

    /// The words by which a report names an actor, as numbers: see `story`.
    pub(crate) fn told_by(&self, id: ActorId) -> &[u32] {
        self.told_by.get(id as usize).map_or(&[], Vec::as_slice)
    }

    /// True for actors that are described, not named ("rebel forces", "82 nations").
    pub(crate) fn is_vague(&self, id: ActorId) -> bool {
        self.vague.get(id as usize).copied().unwrap_or(false)
    }

    /// True for names of movements and armed groups, which reports often describe instead.
    fn is_movement(&self, id: ActorId) -> bool {
        self.movement.get(id as usize).copied().unwrap_or(false)
    }

    /// How much two actors are one: 1 the same, .7 spellings or a body of the other, .5 one is only described, 0 not.
    pub(crate) fn likeness(&self, a: ActorId, b: ActorId) -> f32 {
        if a == b {
            return 1.0;
        }
        let (words_a, words_b) = (self.words(a), self.words(b));
        if alike(words_a, words_b) {
            return 0.7;
        }
        // "Southern Lothian rebels" may be Lothia, or speak for it.
        let akin = || words_a.iter().any(|word| word.len() > 4 && words_b.iter().any(|other| one_root(word, other)));
        if (self.is_vague(a) || self.is_vague(b)) && akin() {
            return 0.5;
        }
        match (self.is_vague(a), self.is_vague(b)) {
            (true, true) => 0.5,
            (true, false) if self.is_movement(b) => 0.5,
            (false, true) if self.is_movement(a) => 0.5,
            _ => 0.0,
        }
    }
}

/// What stands for a comparable form where forms are kept in few bytes.
pub(crate) fn form_hash(form: &str) -> u64 {
    word_hash(form)
}

/// Name in comparable form: words in lower case, without articles, possessives, hyphens and dots.
pub(crate) fn form(name: &str) -> String {
    let definite = &rules().words.definite;
    let words: Vec<String> = plain_words(name).into_iter().filter(|word| !definite.contains(word)).collect();
    if words.is_empty() { name.to_lowercase() } else { words.join(" ") }
}

fn is_vague(parts: &[String], words: &Words) -> bool {
    parts.iter().all(|word| {
        words.vague_party.contains(word) || words.describing.contains(word) || word.bytes().all(|byte| byte.is_ascii_digit())
    }) || parts.last().is_some_and(|word| words.vague_head.contains(word))
}

/// A description that ends in a small word for a sort of group ("southern rebel movement"); a name of its own has that word
/// capitalised.
fn is_description(shown: &str, words: &Words) -> bool {
    let head = shown.split_whitespace().last().unwrap_or_default();
    shown.contains(' ') && head.chars().all(char::is_lowercase) && words.vague_party.contains(head)
}

/// Form → the first of the forms that differ from it in nothing but transliteration. Abbreviations have no sounds: their
/// letters are what they are.
fn transliterations(spellings: &BTreeMap<String, BTreeMap<String, u64>>) -> Vec<(String, String)> {
    let mut one: BTreeMap<String, &String> = BTreeMap::new();
    let mut found = Vec::new();
    let named = spellings.iter().filter(|(_, counted)| counted.keys().any(|name| name.chars().any(char::is_lowercase)));
    for (form, _) in named {
        match one.entry(spelling(form)) {
            Entry::Vacant(entry) => {
                entry.insert(form);
            }
            Entry::Occupied(first) => found.push((form.clone(), (*first.get()).clone())),
        }
    }
    found
}

/// Abbreviation → the one long form among the names whose initials it is; left out where two long forms fit.
fn abbreviations<'a>(forms: impl Iterator<Item = &'a String> + Clone) -> BTreeMap<String, String> {
    let mut long: BTreeMap<String, BTreeSet<&String>> = BTreeMap::new();
    for form in forms.clone().filter(|form| form.contains(' ')) {
        for short in initials(form, &crate::weights::rules().words) {
            long.entry(short).or_default().insert(form);
        }
    }
    forms
        .filter(|form| !form.contains(' ') && (2..=8).contains(&form.len()))
        .filter_map(|short| {
            long.get(short).filter(|names| names.len() == 1)?.first().map(|name| (short.clone(), (*name).clone()))
        })
        .collect()
}

/// Spellings of one name, or the name of a body inside the other: the first words begin alike and most others agree.
fn alike(a: &[String], b: &[String]) -> bool {
    let (Some(first_a), Some(first_b)) = (a.first(), b.first()) else { return false };
    if !one_root(first_a, first_b) {
        return false;
    }
    let shared = a.iter().filter(|word| b.iter().any(|other| one_root(word, other))).count();
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    (short >= 2 && shared >= short) || (short >= 3 && 2 * shared * 10 >= (short + long) * 6) || (short == 1 && long == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(name: &str) -> Vec<String> {
        form(name).split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn spellings_of_one_movement_are_alike_and_two_movements_are_not() {
        assert!(alike(&split("Borduria Freedom Army"), &split("Bordurian Freedom Army")));
        assert!(!alike(&split("Borduria Freedom Army"), &split("National Freedom Army")));
        assert!(!alike(&split("Borduria"), &split("Borduria Freedom Army")));
        assert!(alike(&split("Sudanese"), &split("Sudan")) && alike(&split("Palestinians"), &split("Palestinian")));
        for (one, other) in [("Austria", "Australia"), ("Niger", "Nigeria"), ("Mauritania", "Mauritius"), ("Iran", "Iraq")] {
            assert!(!alike(&split(one), &split(other)), "{one}, {other}");
        }
        assert_eq!(form("al-Sharq"), form("Al Sharq"));
    }

    #[test]
    fn transliterations_of_one_name_are_one_actor_by_its_most_frequent_spelling() {
        let names = [("Zelenskyi Front", 1), ("Zelensky Front", 3), ("Zelenskyy Front", 1), ("PYD", 1), ("PID", 1)];
        let actors = Actors::new(names, &[]);
        assert_eq!(actors.name("Zelenskyy Front"), "Zelensky Front");
        assert_eq!(actors.id("Zelenskyi Front"), actors.id("zelensky front"));
        assert_ne!(actors.id("PYD"), actors.id("PID"));
        assert_eq!(crate::actor_id(&form("Zelenskyy Front")), crate::actor_id(&form("Zelensky Front")));
        let named = Actors::new(names, &[("Zelensky Front".to_owned(), "Front of the East".to_owned())]);
        assert_eq!(named.name("Zelenskyy Front"), "Front of the East");
    }

    #[test]
    fn no_two_actors_of_the_list_fall_together_by_their_sounds() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/actors");
        let mut names: BTreeSet<String> = BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            let named = text.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"').map(form));
            names.extend(named);
        }
        assert!(names.len() > 200, "{}", names.len());
        let spellings = names.iter().map(|name| (name.clone(), BTreeMap::from([(name.clone(), 1)]))).collect();
        assert_eq!(transliterations(&spellings), vec![]);
    }

    #[test]
    fn an_abbreviation_stands_for_its_only_long_form() {
        let names = ["front for the freedom of syldavia".to_owned(), "ffs".to_owned(), "league of isles".to_owned()];
        assert_eq!(abbreviations(names.iter()).get("ffs").map(String::as_str), Some("front for the freedom of syldavia"));
    }
}
