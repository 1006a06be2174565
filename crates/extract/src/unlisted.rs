//! Political actors that stand in no list: an article shows by its own words that a name is one.
//!
//! A name counts as a polity where the article gives it an office or an organ of a state ("Ruvonia's parliament", "the government
//! of Ruvonia", "Ruvonian Foreign Minister"), tells of a treaty with it, or speaks of the two names before as countries ("Ruvonia and Tamsia … both countries").
//! A name counts as an armed group where it ends like one ("Highland Liberation Front").
use crate::actors::ActorMention;
use crate::lexicon::WordLists;
use chancery_agreement::Span;
use chancery_dissect::Reading;
use chancery_dissect::actors::{ActorKind, Relation};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Longest name, in tokens.
const LONGEST: usize = 4;
/// A demonym shares at least so many letters with its name ("Ruvonian", "Ruvonia").
const STEM: usize = 4;

/// The actors of `reading` that its own words show, none of them in `taken` (the tokens of listed actors).
#[must_use]
pub fn find(reading: &Reading<'_>, lists: &WordLists, taken: &BTreeSet<usize>) -> Vec<ActorMention> {
    let names: Vec<Range<usize>> = names(reading, taken);
    let words = |range: &Range<usize>| range.clone().map(|token| reading.form(token)).collect::<Vec<_>>().join(" ");
    let mut kinds: BTreeMap<String, ActorKind> = BTreeMap::new();
    for range in &names {
        if ends_like_group(reading, lists, range) {
            kinds.insert(words(range), ActorKind::ArmedGroup);
        } else if is_owner_of_state(reading, lists, range) || is_treaty_partner(reading, lists, range) {
            kinds.insert(words(range), ActorKind::Polity);
        }
    }
    for pair in countries(reading, lists, &names) {
        kinds.entry(words(pair)).or_insert(ActorKind::Polity);
    }
    let all: BTreeSet<String> = names.iter().map(words).collect();
    let mut demonyms: BTreeMap<String, String> = BTreeMap::new();
    for range in &names {
        let form = words(range);
        let Some(name) = all.iter().find(|name| is_demonym(lists, &form, name)) else { continue };
        let acts = ["organs-of-state", "after-demonyms"].iter().any(|list| lists.contains(list, &reading.lower(range.end)));
        if kinds.contains_key(name) || acts {
            kinds.entry(name.clone()).or_insert(ActorKind::Polity);
            demonyms.insert(form, name.clone());
        }
    }
    let mut found = Vec::new();
    for tokens in names {
        let form = words(&tokens);
        let (actor, relation) = match demonyms.get(&form) {
            Some(name) => (name.clone(), Relation::Demonym),
            None => (form, Relation::Name),
        };
        let Some(&kind) = kinds.get(&actor) else { continue };
        let Some(span) = span(reading, &tokens) else { continue };
        found.push(ActorMention { actor, kind, relation, words: reading.words(span).to_owned(), tokens, span });
    }
    found
}

fn span(reading: &Reading<'_>, tokens: &Range<usize>) -> Option<Span> {
    let first = reading.tokens.get(tokens.start)?;
    let last = reading.tokens.get(tokens.end.checked_sub(1)?)?;
    Some(first.span.join(last.span))
}

/// Runs of capitalized words that no listed actor holds. The first word of a sentence counts where it also stands elsewhere with a
/// capital letter, or where what follows tells a name.
fn names(reading: &Reading<'_>, taken: &BTreeSet<usize>) -> Vec<Range<usize>> {
    let capital = |token: usize| {
        let form = reading.form(token);
        let mut letters = form.chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.clone().count() >= 2
            && form.chars().all(char::is_alphabetic)
            && letters.any(char::is_lowercase)
            && !taken.contains(&token)
    };
    let mut inside: BTreeSet<&str> = BTreeSet::new();
    for sentence in &reading.sentences {
        inside.extend(sentence.tokens.clone().skip(1).filter(|&token| capital(token)).map(|token| reading.form(token)));
    }
    let mut found = Vec::new();
    for sentence in &reading.sentences {
        let mut token = sentence.tokens.start;
        while token < sentence.tokens.end {
            let first = token == sentence.tokens.start;
            let next = reading.form(token + 1);
            let named = !first || inside.contains(reading.form(token)) || matches!(next, "'s" | "’s" | "and");
            if !capital(token) || !named {
                token += 1;
                continue;
            }
            let mut end = token + 1;
            while end < sentence.tokens.end && end - token < LONGEST && capital(end) {
                end += 1;
            }
            found.push(token..end);
            token = end;
        }
    }
    found
}

fn ends_like_group(reading: &Reading<'_>, lists: &WordLists, range: &Range<usize>) -> bool {
    range.len() >= 2
        && lists.contains("names-of-groups", &reading.lower(range.end - 1))
        && range.clone().take(range.len() - 1).any(|token| lists.contains("marks-of-groups", &reading.lower(token)))
}

/// "Ruvonia's parliament", "the government of Ruvonia", "the Ruvonia region".
fn is_owner_of_state(reading: &Reading<'_>, lists: &WordLists, range: &Range<usize>) -> bool {
    let lower = |token: usize| reading.lower(token);
    let organ = |token: usize| lists.contains("organs-of-state", &lower(token));
    if matches!(reading.form(range.end), "'s" | "’s") {
        // "Smith's government": a person has no parliament, army or border.
        return (range.end + 1..range.end + 4).any(|token| lists.contains("land-of-state", &lower(token)));
    }
    if lists.contains("kinds-of-land", &lower(range.end)) {
        return true;
    }
    // "The ministry of Defence" is named after what it does.
    if lists.contains("fields-of-ministries", &lower(range.start)) {
        return false;
    }
    let before = |back: usize| range.start.checked_sub(back);
    match before(1).map(lower).as_deref() {
        Some("of") => before(2).is_some_and(organ),
        Some("the") => before(2).map(lower).as_deref() == Some("of") && before(3).is_some_and(organ),
        _ => false,
    }
}

/// Farthest that the noun may stand before the name, in tokens.
const TREATY_REACH: usize = 8;

/// "A treaty on partnership with Ruvonia", "the treaty between Ruvonia and Tamsia": only what acts as a state concludes one.
fn is_treaty_partner(reading: &Reading<'_>, lists: &WordLists, range: &Range<usize>) -> bool {
    let lower = |token: usize| reading.lower(token);
    let Some(before) = range.start.checked_sub(1).filter(|_| range.len() == 1) else { return false };
    let sentence = reading.sentence_of(range.start);
    let reach = before.saturating_sub(TREATY_REACH)..before;
    let treaty = reach.rev().find(|&token| lists.contains("treaty-nouns", &lower(token)));
    let Some(treaty) = treaty.filter(|&token| reading.sentence_of(token) == sentence) else { return false };
    let joint = match &*lower(before) {
        "with" | "between" => before,
        "and" => match (treaty + 1..before).find(|&token| lower(token) == "between") {
            Some(between) => between,
            None => return false,
        },
        _ => return false,
    };
    (treaty + 1..joint).all(|token| !matches!(&*lower(token), "," | ";" | "." | "that" | "which"))
}

/// "Ruvonia and Tamsia signed … The two countries": names that the same sentence or the next calls countries.
fn countries<'n>(reading: &Reading<'_>, lists: &WordLists, names: &'n [Range<usize>]) -> Vec<&'n Range<usize>> {
    let calls = |sentence: usize| {
        let Some(sentence) = reading.sentences.get(sentence) else { return false };
        sentence.tokens.clone().any(|token| {
            matches!(&*reading.lower(token), "two" | "both")
                && (token + 1..token + 3).any(|next| lists.contains("countries", &reading.lower(next)))
        })
    };
    let mut found = Vec::new();
    for (one, other) in names.iter().zip(names.iter().skip(1)) {
        // Two words are mostly a person's name: "Prime Ministers Ada Brook and Lee Wong of the two countries".
        let short = one.len() == 1 && other.len() == 1;
        let joined = short && other.start == one.end + 1 && reading.form(one.end).eq_ignore_ascii_case("and");
        let Some(sentence) = reading.sentence_of(one.start).filter(|_| joined) else { continue };
        if calls(sentence) || calls(sentence + 1) {
            found.extend([one, other]);
        }
    }
    found
}

/// True when `form` is the adjective of `name`: "Ruvonian" of "Ruvonia", "Tarvese" of "Tarva".
fn is_demonym(lists: &WordLists, form: &str, name: &str) -> bool {
    let stem = form.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
    let lost = name.chars().count().saturating_sub(stem);
    if stem < STEM || lost > 2 || form == name {
        return false;
    }
    let rest: String = form.chars().skip(stem).collect();
    lists.contains("endings-of-demonyms", &rest)
}

#[cfg(test)]
mod tests {
    use crate::actors::tests::actors;

    #[test]
    fn a_name_with_a_parliament_is_a_polity_and_its_adjective_too() {
        let found = actors("Ruvonia's parliament approved the pact. The Ruvonian leader was glad that Ruvonia won.");
        assert_eq!(found, ["Ruvonia: Ruvonia", "Ruvonian: Ruvonia", "Ruvonia: Ruvonia"]);
    }

    #[test]
    fn two_names_that_are_called_countries_are_polities() {
        assert_eq!(
            actors("Kestovia and Maradia signed a treaty, both countries said."),
            ["Kestovia: Kestovia", "Maradia: Maradia"]
        );
    }

    #[test]
    fn who_concludes_a_treaty_is_a_polity() {
        assert_eq!(actors("He denied that there is a treaty on trade and security with Ruvonia."), ["Ruvonia: Ruvonia"]);
        assert_eq!(actors("The border treaty between Kestovia and Tamsia holds."), ["Kestovia: Kestovia", "Tamsia: Tamsia"]);
    }

    #[test]
    fn firms_and_persons_are_none() {
        assert!(
            actors("Globex and Initech signed a deal. Smith's government was glad. The president of Globex spoke.").is_empty()
        );
    }

    #[test]
    fn what_a_ministry_does_is_no_polity() {
        assert!(actors("The settlement was signed by the Ministry of Defence and the ministry of Justice.").is_empty());
    }

    #[test]
    fn a_front_that_fights_for_liberation_is_an_armed_group() {
        assert_eq!(
            actors("Rebels of the Highland Liberation Front laid down arms."),
            ["Highland Liberation Front: Highland Liberation Front"]
        );
    }
}
