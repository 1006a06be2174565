//! Who calls which actor, place or instrument what: "breakaway", "so-called", "de facto" are the source's words, recorded with who
//! says them and never adopted (`rules/en/naming.toml`).
use crate::actors::{ActorMention, Actors};
use crate::error::Error;
use crate::mention::span_of;
use chancery_agreement::{AgreementFinding, Evidence, Naming, Span, Statement};
use chancery_dissect::Reading;
use chancery_dissect::actors::{ActorKind, Relation};
use serde::Deserialize;
use std::collections::BTreeMap;

/// How many tokens may stand between the word and what it names.
const REACH: usize = 4;
/// Name of the rule in the evidence.
const RULE: &str = "naming-word";

/// The words that name, by their first word.
#[derive(Debug, Clone, Default)]
pub struct NamingWords {
    by_first: BTreeMap<String, Vec<(Vec<String>, bool)>>,
    sentences: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    apart: Words,
    label: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: Vec<String>,
    yes: Vec<String>,
}

impl NamingWords {
    /// Reads the lists: file name (for errors) and content.
    ///
    /// # Errors
    /// The place in the file and what was expected.
    pub fn read(file: &str, text: &str) -> Result<Self, Error> {
        let parsed: File = toml::from_str(text).map_err(|error| Error::toml(file, text, &error))?;
        let mut read = Self::default();
        for (words, apart) in [(parsed.apart, true), (parsed.label, false)] {
            for phrase in words.words {
                let parts: Vec<String> = phrase.split([' ', '-']).map(str::to_owned).collect();
                if let Some(first) = parts.first() {
                    read.by_first.entry(first.clone()).or_default().push((parts, apart));
                }
            }
            read.sentences.extend(words.yes);
        }
        // The longest phrase first: "de facto independent" before "de facto".
        for phrases in read.by_first.values_mut() {
            phrases.sort_by_key(|(parts, _)| std::cmp::Reverse(parts.len()));
        }
        Ok(read)
    }

    /// Sentences in which something must be named: the lists' own tests.
    #[must_use]
    pub fn sentences(&self) -> &[String] {
        &self.sentences
    }

    /// The phrase that begins at `token`: its last token, and whether it sets a polity apart from a state.
    fn at(&self, reading: &Reading<'_>, token: usize) -> Option<(usize, bool)> {
        let first = reading.lower(token);
        let (head, joined) = first.split_once('-').map_or((&*first, None), |(head, rest)| (head, Some(rest)));
        let phrases = self.by_first.get(head)?;
        phrases.iter().find_map(|(parts, apart)| {
            let mut last = token;
            let mut rest: Vec<&str> = parts.iter().skip(1).map(String::as_str).collect();
            if let Some(joined) = joined {
                let own: Vec<&str> = joined.split('-').collect();
                if rest.len() < own.len() || rest.iter().zip(&own).any(|(a, b)| a != b) {
                    return None;
                }
                rest.drain(..own.len());
            }
            for part in rest {
                last += 1;
                if reading.form(last) == "-" {
                    last += 1;
                }
                if !reading.form(last).eq_ignore_ascii_case(part) {
                    return None;
                }
            }
            Some((last, *apart))
        })
    }
}

/// Every naming in the article, in order of the text.
#[must_use]
pub fn find(
    reading: &Reading<'_>,
    words: &NamingWords,
    actors: &Actors,
    agreements: &[AgreementFinding],
    statements: &[Statement],
) -> Vec<Naming> {
    let mut found = Vec::new();
    for sentence in &reading.sentences {
        let mut token = sentence.tokens.start;
        while token < sentence.tokens.end {
            let Some((last, apart)) = words.at(reading, token) else {
                token += 1;
                continue;
            };
            let limit = (last + 1 + REACH).min(sentence.tokens.end);
            let named = named_after(reading, actors, last + 1..limit, apart)
                .map(|actor| (actor.actor.clone(), actor.tokens.end))
                .or_else(|| instrument_after(reading, agreements, last + 1..limit))
                .or_else(|| apart.then(|| named_before(actors, reading, token)).flatten());
            if let Some((actor, end)) = named {
                let span = span_of(reading, &(token..end.max(last + 1)));
                if let Some(evidence) = Evidence::new(reading.article, span, RULE, 0.8) {
                    found.push(Naming { actor, by: said_by(statements, span), evidence });
                }
            }
            token = last + 1;
        }
    }
    found
}

/// The actor that the words after the phrase name. After "of" stands the state that a polity is said to belong to, not the polity.
fn named_after<'t>(
    reading: &Reading<'_>,
    actors: &'t Actors,
    tokens: std::ops::Range<usize>,
    apart: bool,
) -> Option<&'t ActorMention> {
    let mut of = false;
    for token in tokens {
        if let Some(actor) = actors.starting_at(token) {
            let possesses = matches!(reading.form(actor.tokens.end), "'s" | "’s");
            let whole = apart && of && actor.kind == ActorKind::State;
            if !possesses && !whole && (actor.relation != Relation::Demonym || !apart) {
                return Some(actor);
            }
            return None;
        }
        let form = reading.form(token);
        of |= form == "of";
        let ends = form.chars().all(|c| c.is_ascii_punctuation()) && !matches!(form, "\"" | "-" | "'" | "(");
        if ends || matches!(form, "and" | "or" | "in" | "on" | "to" | "was" | "is" | "has" | "will" | "said") {
            return None;
        }
    }
    None
}

/// "South Ossetia, a breakaway region": the actor stands just before.
fn named_before(actors: &Actors, reading: &Reading<'_>, token: usize) -> Option<(String, usize)> {
    (1..=3).find_map(|back| {
        let actor = token.checked_sub(back + 1).and_then(|at| actors.at(at))?;
        let between = (actor.tokens.end..token).map(|at| reading.form(at));
        let apposed = between.clone().any(|form| matches!(form, "," | "-" | "–" | "(" | "—"))
            && between.into_iter().all(|form| matches!(form, "," | "-" | "–" | "(" | "—" | "a" | "the" | "its"));
        apposed.then(|| (actor.actor.clone(), token + 1))
    })
}

/// An agreement of the article whose name begins in these tokens: "the so-called treaty".
fn instrument_after(
    reading: &Reading<'_>,
    agreements: &[AgreementFinding],
    tokens: std::ops::Range<usize>,
) -> Option<(String, usize)> {
    let near = span_of(reading, &tokens);
    agreements.iter().find_map(|agreement| {
        let name = agreement.names.iter().find(|name| name.evidence.span().overlaps(near))?;
        let shown = agreement.names.first().unwrap_or(name).evidence.quote().to_owned();
        Some((shown, reading.tokens_in(name.evidence.span()).end.min(tokens.end)))
    })
}

/// The speaker inside whose words the span stands, or `author`.
fn said_by(statements: &[Statement], span: Span) -> String {
    let inside = statements.iter().filter(|statement| statement.evidence.span().contains(span));
    let narrowest = inside.min_by_key(|statement| statement.evidence.span().len());
    narrowest.and_then(|statement| statement.speaker.as_ref()).map_or_else(|| "author".to_owned(), |speaker| speaker.name.clone())
}
