//! The people and bodies that an article names: full names, roles, for whom they speak, and where each mention stands.
use crate::statements::cues::Cues;
use crate::statements::tree::Tree;
use chancery_agreement::Span;
use chancery_dissect::names::{Name, NameKind};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// What a name is taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A human being.
    Person,
    /// A body, an outlet, a group.
    Body,
}

/// Grammatical gender, as far as titles, first names and pronouns tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// "she"
    Female,
    /// "he"
    Male,
}

/// Someone whom the article names.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Words of the fullest name, lower case.
    pub words: Vec<String>,
    /// Where the fullest name stands.
    pub span: Span,
    /// Person or body.
    pub sort: Sort,
    /// Role, as the text gives it.
    pub role: Option<Span>,
    /// For whom they speak: canonical name of an actor, or words of the text.
    pub affiliation: Option<String>,
    /// What pronoun fits.
    pub gender: Option<Gender>,
}

/// One mention of someone named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameMention {
    /// The name, without title and role.
    pub tokens: Range<usize>,
    /// Whom it names: index into [`People::all`].
    pub who: usize,
}

/// All named people and bodies of an article.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// Each once, in order of first mention.
    pub all: Vec<Named>,
    /// Every mention, in order of the text.
    pub mentions: Vec<NameMention>,
}

impl People {
    /// Collects the persons and bodies among the names of the reading. States and bodies that the list of actors knows are left
    /// to it.
    #[must_use]
    pub fn find(tree: &Tree<'_, '_>, cues: &Cues) -> Self {
        let mut people = Self::default();
        let mut by_surname: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let names = &tree.reading().names;
        let mut who_of: Vec<Option<usize>> = Vec::with_capacity(names.len());
        for name in names {
            let is_person = name.kind == NameKind::Person;
            if tree.is_heading(&name.tokens) || !is_person && (name.kind == NameKind::Place || name.actor.is_some()) {
                who_of.push(None);
                continue;
            }
            let full = name.full.and_then(|full| who_of.get(full).copied().flatten());
            who_of.push(people.add(tree, cues, name, full, &mut by_surname));
        }
        people
    }

    fn add(
        &mut self,
        tree: &Tree<'_, '_>,
        cues: &Cues,
        name: &Name,
        full: Option<usize>,
        by_surname: &mut BTreeMap<String, Vec<usize>>,
    ) -> Option<usize> {
        let words = name.tokens.clone().map(|token| tree.lower(token)).filter(|word| word.chars().any(char::is_alphanumeric));
        let words: Vec<String> = words.map(Cow::into_owned).collect();
        let last = words.last().cloned()?;
        let sort = if name.kind == NameKind::Person { Sort::Person } else { Sort::Body };
        let known = full.or_else(|| {
            by_surname.get(&last)?.iter().rev().copied().find(|&at| {
                self.all.get(at).is_some_and(|named| {
                    named.sort == sort && (words == named.words || (sort == Sort::Person && may_be_one(&words, &named.words)))
                })
            })
        });
        let affiliation = name.affiliation.map(|affiliation| match affiliation.actor {
            Some(actor) => actor.name.clone(),
            None => tree.reading().words(affiliation.span).to_owned(),
        });
        let gender = gender_of(tree, cues, name, &words);
        let who = match known.and_then(|at| Some((at, self.all.get_mut(at)?))) {
            Some((at, named)) => {
                if words.len() > named.words.len() {
                    named.words.clone_from(&words);
                    named.span = name.span;
                }
                named.role = named.role.or(name.role);
                named.affiliation = named.affiliation.take().or(affiliation);
                named.gender = named.gender.or(gender);
                at
            }
            None => {
                self.all.push(Named { words, span: name.span, sort, role: name.role, affiliation, gender });
                self.all.len() - 1
            }
        };
        let candidates = by_surname.entry(last).or_default();
        if !candidates.contains(&who) {
            candidates.push(who);
        }
        self.mentions.push(NameMention { tokens: name.tokens.clone(), who });
        Some(who)
    }

    /// Mentions whose name lies in `tokens`.
    pub fn in_range(&self, tokens: &Range<usize>) -> impl DoubleEndedIterator<Item = &NameMention> {
        let start = self.mentions.partition_point(|mention| mention.tokens.start < tokens.start);
        let end = self.mentions.partition_point(|mention| mention.tokens.start < tokens.end);
        self.mentions.get(start..end.max(start)).unwrap_or_default().iter()
    }
}

/// Two names with one surname may be one person's: one is the surname alone, or they share a first name.
fn may_be_one(words: &[String], known: &[String]) -> bool {
    let shares = |own: &[String], other: &[String]| own.first().is_some_and(|first| other.contains(first));
    words.len() == 1 || known.len() == 1 || shares(words, known) || shares(known, words)
}

fn gender_of(tree: &Tree<'_, '_>, cues: &Cues, name: &Name, words: &[String]) -> Option<Gender> {
    if name.kind != NameKind::Person {
        return None;
    }
    // A surname says nothing: James, Kelly and Martin are surnames, too.
    let surname = usize::from(words.len() > 1);
    let mut all: Vec<String> = words.iter().take(words.len() - surname).cloned().collect();
    if let Some(role) = name.role {
        all.extend(tree.reading().words(role).split_whitespace().map(str::to_lowercase));
    }
    // "his daughter Ann Reed"
    all.extend(name.tokens.start.checked_sub(1).map(|before| tree.lower(before).into_owned()));
    if all.iter().any(|word| cues.person_word("female", word)) {
        return Some(Gender::Female);
    }
    all.iter().any(|word| cues.person_word("male", word)).then_some(Gender::Male)
}
