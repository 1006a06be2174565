//! Which spellings are one actor, as far as the spelling alone shows it: case, hyphens, articles, abbreviations.
//!
//! Names that the list of actors knows arrive in canonical form already. What is left are names that only the texts
//! know ("the LTTE", "Liberation Tigers of Tamil Eelam", "al-Qaeda", "Al Qaeda").
use crate::Document;
use crate::names::{initials, one_root, plain_words};
use crate::weights::Words;
use std::collections::{BTreeMap, BTreeSet};

/// Number of an actor within one run.
pub(crate) type ActorId = u32;

/// Every actor of a run: comparable form, name to show, words.
#[derive(Debug, Default)]
pub(crate) struct Actors {
    by_form: BTreeMap<String, ActorId>,
    shown: Vec<String>,
    words: Vec<Vec<String>>,
    vague: Vec<bool>,
    movement: Vec<bool>,
}

impl Actors {
    /// The actors that the documents' agreements name as parties.
    pub(crate) fn of(documents: &[&Document], words: &Words) -> Self {
        let mut spellings: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
        for document in documents {
            for party in document.findings.agreements.iter().flat_map(|agreement| &agreement.parties) {
                *spellings.entry(form(&party.actor)).or_default().entry(&party.actor).or_default() += 1;
            }
        }
        let long_forms = abbreviations(spellings.keys());
        let mut actors = Self::default();
        for (form, counted) in &spellings {
            if long_forms.contains_key(form) {
                continue;
            }
            let id = u32::try_from(actors.shown.len()).unwrap_or(u32::MAX);
            let shown = counted.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))).map_or("", |(name, _)| name);
            let parts: Vec<String> = form.split(' ').map(str::to_owned).collect();
            actors.vague.push(parts.iter().any(|word| words.vague_party.contains(word)) && is_vague(&parts, words));
            actors.movement.push(parts.len() > 1 && parts.iter().any(|word| words.movement.contains(word)));
            actors.words.push(parts);
            actors.shown.push(shown.to_owned());
            actors.by_form.insert(form.clone(), id);
        }
        for (short, long) in &long_forms {
            if let Some(id) = actors.by_form.get(long).copied() {
                actors.by_form.insert(short.clone(), id);
            }
        }
        actors
    }

    /// The actor that `name` stands for.
    pub(crate) fn id(&self, name: &str) -> Option<ActorId> {
        self.by_form.get(&form(name)).copied()
    }

    /// The name to show for an actor: its most frequent spelling.
    pub(crate) fn shown(&self, id: ActorId) -> &str {
        self.shown.get(id as usize).map_or("", String::as_str)
    }

    /// The words of an actor's name.
    pub(crate) fn words(&self, id: ActorId) -> &[String] {
        self.words.get(id as usize).map_or(&[], Vec::as_slice)
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
        match (self.is_vague(a), self.is_vague(b)) {
            (true, true) => 0.5,
            (true, false) if self.is_movement(b) => 0.5,
            (false, true) if self.is_movement(a) => 0.5,
            _ => 0.0,
        }
    }
}

/// Name in comparable form: words in lower case, without articles, possessives, hyphens and dots.
fn form(name: &str) -> String {
    let words: Vec<String> = plain_words(name).into_iter().filter(|word| word != "the").collect();
    if words.is_empty() { name.to_lowercase() } else { words.join(" ") }
}

fn is_vague(parts: &[String], words: &Words) -> bool {
    parts.iter().all(|word| {
        words.vague_party.contains(word) || words.describing.contains(word) || word.bytes().all(|byte| byte.is_ascii_digit())
    }) || parts.last().is_some_and(|word| matches!(word.as_str(), "countries" | "nations" | "governments" | "groups" | "rebels"))
}

/// Abbreviation → the one long form among the names whose initials it is; left out where two long forms fit.
fn abbreviations<'a>(forms: impl Iterator<Item = &'a String> + Clone) -> BTreeMap<String, String> {
    let mut long: BTreeMap<String, BTreeSet<&String>> = BTreeMap::new();
    for form in forms.clone().filter(|form| form.contains(' ')) {
        for short in initials(form) {
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
    fn an_abbreviation_stands_for_its_only_long_form() {
        let names = ["front for the freedom of syldavia".to_owned(), "ffs".to_owned(), "league of isles".to_owned()];
        assert_eq!(abbreviations(names.iter()).get("ffs").map(String::as_str), Some("front for the freedom of syldavia"));
    }
}
