//! The names of one article: what the tagger and the list of actors find, with roles, affiliations and fuller forms.
use super::lexicon::{Lexicon, class};
use super::tagger::{NameKind, Tagger, spans};
use crate::actors::{Actor, ActorMatch, Gazetteer, Relation};
use crate::reading::Reading;
use chancery_agreement::Span;
use std::collections::BTreeSet;
use std::ops::Range;

/// One name at its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// The words of the name, without title, office and "'s".
    pub span: Span,
    /// Its tokens, as a range of [`Reading::tokens`].
    pub tokens: Range<usize>,
    /// The token that carries it: the last one of a person or place, the last one before "of" in other names.
    pub head: usize,
    /// What it names.
    pub kind: NameKind,
    /// The actor of the list that the words name; never set for persons.
    pub actor: Option<&'static Actor>,
    /// Titles and offices as the text gives them ("de facto Defence Minister"), for persons.
    pub role: Option<Span>,
    /// Whom the person speaks for, or whose body it is, as the text gives it ("South Ossetia", "Russian").
    pub affiliation: Option<Affiliation>,
    /// Index of the fuller name of the same person or body: the long form of an abbreviation, the full name for a surname.
    pub full: Option<usize>,
}

/// The words that say whom somebody belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affiliation {
    /// The words.
    pub span: Span,
    /// The actor that they name, where the list knows it.
    pub actor: Option<&'static Actor>,
}

/// The names of the story, in order and without overlap.
#[must_use]
pub fn names(reading: &Reading<'_>) -> Vec<Name> {
    names_with(reading, Tagger::embedded())
}

/// The names of the story, with the tagger `tagger`.
#[must_use]
pub fn names_with(reading: &Reading<'_>, tagger: &Tagger) -> Vec<Name> {
    let forms: Vec<Vec<&str>> =
        reading.sentences.iter().map(|sentence| sentence.tokens.clone().map(|token| reading.form(token)).collect()).collect();
    let labels = tagger.tag(&forms);
    let mut names: Vec<Name> = Vec::new();
    for (at, (sentence, labels)) in reading.sentences.iter().zip(&labels).enumerate() {
        let first = sentence.tokens.start;
        // What the reader saw in the sentence counts for more than the tagger, which knows no trees and fewer words.
        let mut here: Vec<Name> = match reading.reader_names.get(&at) {
            Some(tagged) => tagged.iter().filter_map(|tagged| name(reading, tagged.tokens.clone(), tagged.kind)).collect(),
            None => spans(labels)
                .into_iter()
                .filter_map(|(kind, range)| name(reading, first + range.start..first + range.end, kind))
                .collect(),
        };
        drop_overlaps(&mut here);
        split_offices(reading, &mut here);
        add_actors(reading, sentence.span, &mut here);
        join_owners(reading, &mut here);
        add_bodies(reading, sentence.tokens.clone(), &mut here);
        add_holders(reading, sentence.tokens.clone(), &mut here);
        drop_ranks(reading, &mut here);
        names.extend(here);
    }
    add_abbreviations(reading, &mut names);
    take_for_persons(reading, &mut names);
    for at in 0..names.len() {
        let Some(mut described) = names.get(at).cloned() else { continue };
        match described.kind {
            NameKind::Person => describe_person(reading, &names, &mut described),
            NameKind::Organization => described.affiliation = owner(reading, &described),
            NameKind::Place => {}
        }
        if let Some(slot) = names.get_mut(at) {
            *slot = described;
        }
    }
    link_surnames(reading, &mut names);
    names
}

fn span_of(reading: &Reading<'_>, tokens: &Range<usize>) -> Option<Span> {
    let first = reading.tokens.get(tokens.start)?;
    let last = reading.tokens.get(tokens.end.checked_sub(1)?)?;
    Some(first.span.join(last.span))
}

fn name(reading: &Reading<'_>, tokens: Range<usize>, kind: NameKind) -> Option<Name> {
    let lexicon = Lexicon::embedded();
    let mut tokens = tokens;
    // The possessive belongs to no name; a person's title is the role's.
    while tokens.len() > 1 && matches!(reading.form(tokens.end - 1), "'s" | "’s" | "'" | "’" | ",") {
        tokens.end -= 1;
    }
    while kind == NameKind::Person
        && tokens.len() > 1
        && lexicon.classes_of(reading.form(tokens.start)) & (class::TITLE | class::OFFICE) > 0
    {
        tokens.start += 1;
    }
    // "Kim Jong-il" is cut at its hyphen; "John Miller-era" is not all name.
    while kind == NameKind::Person && tokens.len() > 1 && is_hyphenated(reading, tokens.end) {
        tokens.end += 2;
    }
    let span = span_of(reading, &tokens)?;
    let found = Gazetteer::embedded().lookup(reading.words(span)).filter(|found| found.relation != Relation::Demonym);
    // The tagger may take a bloc of states for a place.
    let is_body = |found: &ActorMatch| match found.relation {
        Relation::Institution => true,
        Relation::Name | Relation::Abbreviation => !found.actor.kind.is_polity(),
        _ => false,
    };
    let kind = if kind == NameKind::Place && found.as_ref().is_some_and(is_body) { NameKind::Organization } else { kind };
    let of = tokens.clone().skip(1).find(|&token| matches!(reading.form(token), "of" | "for"));
    let head = of.filter(|_| kind == NameKind::Organization).unwrap_or(tokens.end) - 1;
    let actor = found.filter(|_| kind != NameKind::Person).map(|found| found.actor);
    Some(Name { span, tokens, head, kind, actor, role: None, affiliation: None, full: None })
}

/// True where a hyphen at `token` joins the word behind it to the name before it.
fn is_hyphenated(reading: &Reading<'_>, token: usize) -> bool {
    let joined = |token: usize| reading.tokens.get(token).is_some_and(|token| token.joined);
    let word = reading.form(token + 1);
    reading.form(token) == "-"
        && joined(token - 1)
        && joined(token)
        && !word.is_empty()
        && word.chars().all(char::is_alphabetic)
        && !Lexicon::embedded().behind_hyphens.contains(&word.to_lowercase())
}

/// A word that names a person of the article as the surname ("Ada Brook … Brook") names nothing else there, whatever the tagger says.
fn take_for_persons(reading: &Reading<'_>, names: &mut [Name]) {
    let is_full = |name: &&Name| name.kind == NameKind::Person && name.tokens.len() > 1;
    let surnames: BTreeSet<&str> = names.iter().filter(is_full).map(|name| reading.form(name.tokens.end - 1)).collect();
    for name in names.iter_mut().filter(|name| name.tokens.len() == 1 && name.actor.is_none() && name.full.is_none()) {
        if name.kind != NameKind::Person && surnames.contains(reading.form(name.tokens.start)) {
            name.kind = NameKind::Person;
        }
    }
}

/// The end of a name that was read on behind its hyphen is no name of its own.
fn drop_overlaps(names: &mut Vec<Name>) {
    let mut end = 0;
    names.retain(|name| {
        let is_free = name.tokens.start >= end;
        end = end.max(name.tokens.end);
        is_free
    });
}

/// "Lt Gen" before a name is no person of its own.
fn drop_ranks(reading: &Reading<'_>, names: &mut Vec<Name>) {
    let is_title = |token: usize| Lexicon::embedded().classes_of(reading.form(token)) & class::TITLE > 0;
    let persons: BTreeSet<usize> =
        names.iter().filter(|name| name.kind == NameKind::Person).map(|name| name.tokens.start).collect();
    names.retain(|name| {
        !(name.kind == NameKind::Person && name.tokens.clone().all(is_title) && persons.contains(&name.tokens.end))
    });
}

/// Adds the words for actors that the tagger left out, adjectives aside; where it saw less of them ("Republic of" before a
/// name), the list's words win.
fn add_actors(reading: &Reading<'_>, sentence: Span, names: &mut Vec<Name>) {
    for hit in Gazetteer::embedded().scan(&reading.article.text, sentence) {
        if hit.found.relation == Relation::Demonym {
            continue;
        }
        let overlapping: Vec<usize> =
            names.iter().enumerate().filter(|(_, name)| name.span.overlaps(hit.span)).map(|(at, _)| at).collect();
        let wins = overlapping.iter().filter_map(|&at| names.get(at)).all(|name| {
            hit.span.contains(name.span) && hit.span != name.span && (name.kind != NameKind::Person || hit.found.also.is_empty())
        });
        if !wins {
            continue;
        }
        let kind = match hit.found.relation {
            Relation::Institution => NameKind::Organization,
            _ if hit.found.actor.kind.is_polity() => NameKind::Place,
            _ => NameKind::Organization,
        };
        names.retain(|name| !name.span.overlaps(hit.span));
        if let Some(mut added) = name(reading, reading.tokens_in(hit.span), kind) {
            added.actor = Some(hit.found.actor);
            names.push(added);
        }
    }
    names.sort_by_key(|name| name.span.start());
}

/// "Ministry of Foreign Affairs" and "Georgia" are one name where "of" joins them, as is every body with its polity.
fn join_owners(reading: &Reading<'_>, names: &mut Vec<Name>) {
    for at in (1..names.len()).rev() {
        let (Some(body), Some(owner)) = (names.get(at - 1), names.get(at)) else { continue };
        let joined = match owner.tokens.start.saturating_sub(body.tokens.end) {
            1 => reading.form(body.tokens.end) == "of",
            2 => reading.form(body.tokens.end) == "of" && reading.form(body.tokens.end + 1) == "the",
            _ => false,
        };
        let is_body = |token: usize| Lexicon::embedded().classes_of(reading.form(token)) & class::BODY > 0;
        let fits = body.kind == NameKind::Organization && body.actor.is_none() && body.tokens.clone().any(is_body);
        let polity = owner.actor.is_some_and(|actor| actor.kind.is_polity());
        if let Some(whole) =
            name(reading, body.tokens.start..owner.tokens.end, NameKind::Organization).filter(|_| joined && fits && polity)
        {
            names.splice(at - 1..=at, [whole]);
        }
    }
}

/// "Minister of South Ossetia Ibragim Koroyev": behind "of" and an actor's name, the holder of an office; the tagger may see one
/// name where there are two.
fn split_offices(reading: &Reading<'_>, names: &mut Vec<Name>) {
    let mut split = Vec::new();
    for name in names.iter_mut() {
        let Some(of) = name.tokens.start.checked_sub(1).filter(|&of| matches!(reading.form(of), "of" | "for" | "to")) else {
            continue;
        };
        let office = (of.saturating_sub(3)..of).any(|token| is_role_word(reading, token));
        let hits = Gazetteer::embedded().scan(&reading.article.text, name.span);
        let Some(hit) =
            hits.first().filter(|hit| hit.span.start() == name.span.start() && hit.found.relation != Relation::Demonym)
        else {
            continue;
        };
        let actor_tokens = reading.tokens_in(hit.span);
        let rest = actor_tokens.end..name.tokens.end;
        let capitals = rest.clone().all(|token| reading.form(token).starts_with(char::is_uppercase));
        let body =
            rest.clone().any(|token| Lexicon::embedded().classes_of(reading.form(token)) & (class::BODY | class::PLACE) > 0);
        if !office || rest.is_empty() || !capitals || body {
            continue;
        }
        split.extend(self::name(reading, rest, NameKind::Person));
        let kind = if hit.found.actor.kind.is_polity() { NameKind::Place } else { NameKind::Organization };
        if let Some(first) = self::name(reading, actor_tokens, kind) {
            *name = first;
        }
    }
    names.extend(split);
    names.sort_by_key(|name| name.span.start());
}

/// Adds capitalized bodies with a complement that the tagger left out: "Ministry of Foreign Affairs of Georgia".
fn add_bodies(reading: &Reading<'_>, sentence: Range<usize>, names: &mut Vec<Name>) {
    let capital = |token: usize| sentence.contains(&token) && reading.form(token).starts_with(char::is_uppercase);
    let mut next = sentence.start;
    for token in sentence.clone() {
        let is_body = capital(token) && Lexicon::embedded().classes_of(reading.form(token)) & class::BODY > 0;
        if token < next || !is_body || names.iter().any(|name| name.tokens.contains(&token)) {
            continue;
        }
        let mut end = token + 1;
        loop {
            let joint = matches!(reading.form(end), "of" | "for" | "and" | "on") && sentence.contains(&end);
            let article = usize::from(joint && reading.form(end + 1) == "the");
            if capital(end) {
                end += 1;
            } else if joint && capital(end + 1 + article) {
                end += 2 + article;
            } else {
                break;
            }
        }
        let complement = (token + 1..end).any(|token| matches!(reading.form(token), "of" | "for"));
        let held = |name: &Name| token <= name.tokens.start && name.tokens.end <= end && name.kind != NameKind::Person;
        let clear = names.iter().all(|name| name.tokens.end <= token || name.tokens.start >= end || held(name));
        if complement && clear {
            names.retain(|name| !held(name));
            names.extend(name(reading, token..end, NameKind::Organization));
            next = end;
        }
    }
    names.sort_by_key(|name| name.span.start());
}

/// Adds persons that the tagger left out, told by what stands before them: a title ("Mr. Koroyev"), or an office with its actor
/// ("Minister of South Ossetia Ibragim Koroyev").
fn add_holders(reading: &Reading<'_>, sentence: Range<usize>, names: &mut Vec<Name>) {
    let classes = |token: usize| Lexicon::embedded().classes_of(reading.form(token));
    let other = class::TITLE | class::OFFICE | class::BODY | class::PLACE | class::REGION | class::CITY;
    let mut added = Vec::new();
    for start in sentence.clone().skip(1) {
        let covered = |token: usize| names.iter().any(|name| name.tokens.contains(&token));
        let part = |token: usize| {
            let mut letters = reading.form(token).chars();
            let capital = letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase);
            sentence.contains(&token) && capital && classes(token) & other == 0 && !covered(token)
        };
        if !part(start) || part(start - 1) {
            continue;
        }
        let title =
            classes(start - 1) & (class::TITLE | class::OFFICE) > 0 && reading.form(start - 1).starts_with(char::is_uppercase);
        let actor = names.iter().find(|name| name.tokens.end == start && name.actor.is_some()).is_some_and(|name| {
            let of = name.tokens.start.checked_sub(1).filter(|&of| reading.form(of) == "of");
            of.is_some_and(|of| of > sentence.start && is_role_word(reading, of - 1))
        });
        let length = (start..sentence.end).take_while(|&token| part(token)).take(4).count();
        // "President Obama", but not "the President Hotel" or a headline in which every word has a capital.
        let headline =
            sentence.clone().all(|token| !reading.form(token).chars().all(char::is_lowercase) || reading.form(token).len() < 4);
        if (title || actor) && !headline {
            added.extend(name(reading, start..start + length, NameKind::Person));
        }
    }
    names.extend(added);
    names.sort_by_key(|name| name.span.start());
}

/// "Association of Southeast Asian Nations (ASEAN)": the long form is found by the letters of the short one (Schwartz and Hearst
/// 2003), and every later place of the short one points to it.
fn add_abbreviations(reading: &Reading<'_>, names: &mut Vec<Name>) {
    let mut introduced: Vec<(String, Span)> = Vec::new();
    for sentence in &reading.sentences {
        for open in sentence.tokens.clone() {
            if reading.form(open) != "(" || reading.form(open + 2) != ")" || !is_short_form(reading.form(open + 1)) {
                continue;
            }
            let short = reading.form(open + 1);
            let Some(long) = long_form(reading, sentence.tokens.start..open, short) else { continue };
            let crosses = |name: &Name| {
                name.tokens.start < long.end
                    && long.start < name.tokens.end
                    && (name.kind == NameKind::Person || name.tokens.start < long.start || name.tokens.end > long.end)
            };
            let own = names.iter().position(|name| name.tokens.start <= long.start && name.tokens.end == long.end);
            let whole = match own.and_then(|at| names.get(at)).filter(|name| name.kind != NameKind::Person) {
                Some(name) => name.span,
                None if names.iter().any(crosses) => continue,
                None => {
                    let Some(added) = name(reading, long.clone(), NameKind::Organization) else { continue };
                    names.retain(|name| name.tokens.end <= long.start || name.tokens.start >= long.end);
                    let span = added.span;
                    names.push(added);
                    span
                }
            };
            introduced.push((short.to_owned(), whole));
        }
    }
    names.sort_by_key(|name| name.span.start());
    for (short, long) in introduced {
        let Some((at, long_name)) =
            names.iter().enumerate().find(|(_, name)| name.span == long).map(|(at, name)| (at, name.clone()))
        else {
            continue;
        };
        let first = long_name.tokens.end;
        for token in first..reading.tokens.len() {
            if reading.form(token) != short {
                continue;
            }
            if names.iter().any(|name| name.tokens.len() > 1 && name.tokens.contains(&token)) {
                continue;
            }
            names.retain(|name| !name.tokens.contains(&token));
            if let Some(mut added) = name(reading, token..token + 1, long_name.kind) {
                added.actor = long_name.actor.or(added.actor);
                added.full = Some(at);
                names.push(added);
            }
        }
        names.sort_by_key(|name| name.span.start());
    }
}

fn is_short_form(word: &str) -> bool {
    let n_upper = word.chars().filter(|c| c.is_uppercase()).count();
    let n_chars = word.chars().count();
    (2..=10).contains(&n_chars)
        && n_upper >= 2
        && n_upper * 2 > n_chars
        && word.chars().all(|c| c.is_alphanumeric() || "-./&".contains(c))
}

/// The tokens before a bracket whose initials give `short`.
fn long_form(reading: &Reading<'_>, before: Range<usize>, short: &str) -> Option<Range<usize>> {
    let letters: Vec<char> = short.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let furthest = before.end.saturating_sub(letters.len() * 2 + 3).max(before.start);
    let mut left = letters.len();
    for token in (furthest..before.end).rev() {
        let form = reading.form(token);
        let first = form.chars().next()?;
        let initial = first.to_lowercase().next()?;
        if left > 0 && letters.get(left - 1) == Some(&initial) {
            left -= 1;
            if left == 0 {
                return first.is_uppercase().then_some(token..before.end);
            }
        } else if left > 0 && first.is_uppercase() {
            // "Southeast" for the "SE" of "ASEAN": further letters inside the word, from its end.
            let mut inside = left;
            for c in form.chars().rev().flat_map(char::to_lowercase) {
                if inside > 0 && letters.get(inside - 1) == Some(&c) {
                    inside -= 1;
                }
            }
            let starts = form.chars().next().is_some_and(|c| letters.get(inside) == c.to_lowercase().next().as_ref());
            if !starts {
                return None;
            }
            left = inside;
            if left == 0 {
                return Some(token..before.end);
            }
        } else if first.is_uppercase()
            || !(first.is_alphabetic() || matches!(form, "-" | "'s" | "’s" | "&" | ","))
            || first.is_lowercase() && form.len() > 4
        {
            return None;
        }
    }
    None
}

/// Whose body it is: the one actor of the list inside its name ("Ministry of Foreign Affairs of Georgia", "Russian Army").
fn owner(reading: &Reading<'_>, name: &Name) -> Option<Affiliation> {
    if name.actor.is_some() {
        return None;
    }
    let hits = Gazetteer::embedded().scan(&reading.article.text, name.span);
    match hits.as_slice() {
        [hit] if hit.span != name.span => Some(Affiliation { span: hit.span, actor: Some(hit.found.actor) }),
        _ => possessor(reading, name.tokens.start),
    }
}

/// "Georgia's" right before token `at`.
fn possessor(reading: &Reading<'_>, at: usize) -> Option<Affiliation> {
    let mark = at.checked_sub(1)?;
    if !matches!(reading.form(mark), "'s" | "’s" | "'" | "’") {
        return None;
    }
    let end = reading.tokens.get(mark)?.span.start();
    ending_at(reading, end, mark.saturating_sub(5))
}

/// The actor's words that end at byte `end`, sought from token `from` on.
fn ending_at(reading: &Reading<'_>, end: usize, from: usize) -> Option<Affiliation> {
    let start = reading.tokens.get(from)?.span.start();
    let hits = Gazetteer::embedded().scan(&reading.article.text, Span::new(start, end));
    hits.into_iter().rfind(|hit| hit.span.end() == end).map(|hit| Affiliation { span: hit.span, actor: Some(hit.found.actor) })
}

/// Finds the role and the affiliation of a person in the words before and after the name.
fn describe_person(reading: &Reading<'_>, names: &[Name], person: &mut Name) {
    let Some(sentence) = reading.sentence_of(person.tokens.start).and_then(|at| reading.sentences.get(at)) else { return };
    let bounds = sentence.tokens.clone();
    let comma = person.tokens.start > bounds.start && reading.form(person.tokens.start - 1) == ",";
    let end = if comma { person.tokens.start - 1 } else { person.tokens.start };
    let found = role_before(reading, names, bounds.start..end, comma)
        .or_else(|| role_after(reading, names, person.tokens.end..bounds.end));
    if let Some((role, affiliation)) = found {
        person.role = span_of(reading, &role);
        person.affiliation = affiliation;
    }
}

type Role = (Range<usize>, Option<Affiliation>);

fn is_role_word(reading: &Reading<'_>, token: usize) -> bool {
    let form = reading.form(token);
    let lexicon = Lexicon::embedded();
    let classes = lexicon.classes_of(form);
    // Offices hold small words, too ("Chief of Staff").
    classes & (class::ROLE | class::TITLE) > 0
        || classes & class::OFFICE > 0 && form.starts_with(char::is_uppercase)
        || form.strip_suffix('s').is_some_and(|singular| lexicon.roles.contains(singular)) && form.len() > 4
}

fn is_modifier(reading: &Reading<'_>, token: usize) -> bool {
    let form = reading.form(token).to_lowercase();
    let lexicon = Lexicon::embedded();
    lexicon.modifiers.contains(form.as_str())
        || form == "facto"
        || form == "de" && reading.form(token + 1) == "facto"
        || form == "-"
        || form == "and"
}

/// The role that ends where `before` ends: "Russian President", "de facto Defence Minister of South Ossetia", and with `comma` also
/// "the managing director of Ferries Ltd,".
fn role_before(reading: &Reading<'_>, names: &[Name], before: Range<usize>, comma: bool) -> Option<Role> {
    let last = before.end.checked_sub(1).filter(|&last| last >= before.start)?;
    let nearest = before.start.max(before.end.saturating_sub(12));
    // The role's noun: right before the name, or with a complement between ("minister of …", "envoy to …").
    let head = (nearest..before.end).rev().find(|&token| is_role_word(reading, token))?;
    let mut affiliation = None;
    let mut end = head + 1;
    if head < last {
        if !matches!(reading.form(head + 1), "of" | "for" | "to" | "at" | "in" | "on") {
            return None;
        }
        let complement = head + 2..before.end;
        let plain = |token: usize| {
            let form = reading.form(token);
            form.starts_with(char::is_uppercase)
                || matches!(form, "the" | "of" | "and" | "for" | "-" | "&" | "'s" | "’s")
                || comma && form.starts_with(char::is_alphabetic)
        };
        if complement.is_empty() || !complement.clone().all(plain) {
            return None;
        }
        let inside = names.iter().find(|name| {
            name.kind != NameKind::Person && complement.start <= name.tokens.start && name.tokens.end <= complement.end
        });
        affiliation = inside.map(|name| Affiliation { span: name.span, actor: name.actor });
        if affiliation.is_none() {
            end = before.end;
        }
    } else if comma {
        // "…, the president, Rufus Firefly": the role alone, with its article.
        let start = role_start(reading, before.start, head);
        if !matches!(reading.form(start.saturating_sub(1)), "the" | "The" | "'s" | "’s" | "its" | "their") {
            return None;
        }
    }
    let start = role_start(reading, before.start, head);
    let owner = start.checked_sub(1).filter(|&token| token >= before.start);
    if affiliation.is_none()
        && let Some(owner) = owner
    {
        let at = reading.tokens.get(owner).map_or(0, |token| token.span.end());
        let named = names.iter().find(|name| name.tokens.end == start && name.kind != NameKind::Person);
        affiliation = possessor(reading, start)
            .or_else(|| ending_at(reading, at, owner.saturating_sub(4).max(before.start)))
            .or_else(|| named.map(|name| Affiliation { span: name.span, actor: name.actor }));
    }
    Some((start..end, affiliation))
}

/// Where the role begins whose noun is `head`: before its modifiers and the other words of the office.
fn role_start(reading: &Reading<'_>, from: usize, head: usize) -> usize {
    let mut start = head;
    let office = |token: usize| Lexicon::embedded().classes_of(reading.form(token)) & class::OFFICE > 0;
    loop {
        // "Secretary of State" is one office.
        let of = start > from + 1 && reading.form(start - 1) == "of" && office(start) && is_role_word(reading, start - 2);
        if of {
            start -= 2;
        } else if start > from && (is_modifier(reading, start - 1) || is_role_word(reading, start - 1)) {
            start -= 1;
        } else {
            break;
        }
    }
    // "and" and hyphens join, they do not begin.
    while start < head && matches!(reading.form(start), "and" | "-") {
        start += 1;
    }
    start
}

/// The apposition behind a name: ", managing director of Ferries Ltd,".
fn role_after(reading: &Reading<'_>, names: &[Name], after: Range<usize>) -> Option<Role> {
    if reading.form(after.start) != "," || after.is_empty() {
        return None;
    }
    let first = after.start + 1;
    let stops =
        |token: usize| matches!(reading.form(token), "," | "." | ";" | ":" | "(" | ")" | "\"" | "”" | "“" | "--" | "–" | "—");
    let end = (first..after.end.min(first + 16)).find(|&token| stops(token)).unwrap_or(after.end.min(first + 16));
    let verbs = [
        "who", "which", "whose", "and", "said", "says", "but", "when", "is", "was", "has", "had", "will", "on", "in", "told",
        "as", "with", "while",
    ];
    let lead = first..end.min(first + 7);
    let head = lead.clone().find(|&token| is_role_word(reading, token) && !is_role_word(reading, token + 1))?;
    if (first..head).any(|token| verbs.contains(&reading.form(token))) {
        return None;
    }
    let articles = ["a", "an", "the", "its", "their", "his", "her"];
    let start = if articles.contains(&reading.form(first)) { first + 1 } else { first };
    let owner = names.iter().find(|name| name.kind != NameKind::Person && name.tokens.start >= start && name.tokens.end <= head);
    let adjective = (start..head).find_map(|token| {
        let span = reading.tokens.get(token)?.span;
        let found = Gazetteer::embedded().lookup(reading.words(span))?;
        Some((token, Affiliation { span, actor: Some(found.actor) }))
    });
    let body = names.iter().find(|name| name.kind != NameKind::Person && name.tokens.start > head && name.tokens.end <= end);
    let mut role = start..head + 1;
    let mut affiliation = body.map(|name| Affiliation { span: name.span, actor: name.actor });
    if let Some(owner) = owner {
        let possessive = matches!(reading.form(owner.tokens.end), "'s" | "’s" | "'");
        role.start = (owner.tokens.end + usize::from(possessive)).min(head);
        affiliation = affiliation.or(Some(Affiliation { span: owner.span, actor: owner.actor }));
    } else if let Some((token, found)) = adjective {
        role.start = (token + 1).min(head);
        affiliation = affiliation.or(Some(found));
    }
    Some((role, affiliation))
}

/// Points a surname that stands alone to the first full name of the article that ends in it, where all such names begin alike.
fn link_surnames(reading: &Reading<'_>, names: &mut [Name]) {
    let full = |(at, name): (usize, &Name)| {
        let is_full = name.kind == NameKind::Person && name.tokens.len() > 1;
        is_full.then(|| (at, reading.form(name.tokens.start), reading.form(name.tokens.end - 1)))
    };
    let fullest: Vec<(usize, &str, &str)> = names.iter().enumerate().filter_map(full).collect();
    // "Jong-il" behind "Kim Jong-il"
    let ends: BTreeSet<[&str; 3]> = fullest
        .iter()
        .filter_map(|(at, ..)| Some(names.get(*at)?.tokens.end))
        .map(|end| [end.saturating_sub(3), end.saturating_sub(2), end - 1].map(|token| reading.form(token)))
        .filter(|[_, hyphen, _]| *hyphen == "-")
        .collect();
    let starts: BTreeSet<usize> = names.iter().map(|name| name.tokens.start).collect();
    for name in names.iter_mut().filter(|name| name.kind == NameKind::Person && name.tokens.len() == 1) {
        let long = name.tokens.start..name.tokens.end + 2;
        let words = [long.start, long.start + 1, long.start + 2].map(|token| reading.form(token));
        let is_free = starts.range(name.tokens.end..long.end).next().is_none();
        if is_free
            && is_hyphenated(reading, name.tokens.end)
            && ends.contains(&words)
            && let Some(span) = span_of(reading, &long)
        {
            (name.span, name.head, name.tokens) = (span, long.end - 1, long);
        }
    }
    for at in 0..names.len() {
        let Some(name) = names.get(at).filter(|name| name.kind == NameKind::Person) else { continue };
        let hyphenated = name.tokens.len() == 3 && reading.form(name.tokens.start + 1) == "-";
        if name.tokens.len() > 1 && !hyphenated {
            continue;
        }
        let surname = reading.form(name.tokens.end - 1);
        let longer = |full: &usize| names.get(*full).is_some_and(|full| full.tokens.len() > name.tokens.len());
        let mut candidates = fullest.iter().filter(|(full, _, last)| *last == surname && longer(full));
        // "Su" may be short for "Su Tseng-chang": there the surname stands first.
        let mut others = fullest.iter().filter(|(full, first, _)| *first == surname && longer(full));
        // Two persons of one surname: the text alone does not say which.
        let full = match (candidates.next(), others.next()) {
            (Some((full, given, _)), _) => candidates.all(|(_, other, _)| other == given).then_some(*full),
            (None, Some((full, _, last))) => others.all(|(_, _, other)| other == last).then_some(*full),
            (None, None) => continue,
        };
        if let Some(name) = names.get_mut(at) {
            name.full = full;
        }
    }
}
