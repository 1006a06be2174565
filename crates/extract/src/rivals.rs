//! Persons who conclude an agreement with each other: a president and the leader of the opposition after a disputed election. Each stands for no actor that a list could know, so the persons themselves are the actors.
//!
//! Two persons count where a sentence joins them by "and", says that the agreement is between them or that they concluded one, and the
//! article calls one of them a rival of whoever governs ("opposition leader", "candidate"). Persons who speak for different states or
//! bodies stand for those.
use crate::actors::ActorMention;
use crate::lexicon::WordLists;
use chancery_dissect::Reading;
use chancery_dissect::actors::{ActorKind, Relation};
use chancery_dissect::names::{Name, NameKind};
use std::collections::BTreeSet;
use std::ops::Range;

/// Most tokens between two names that are joined: "and", and the role of the second ("and opposition leader").
const JOINED: usize = 6;
/// So far behind the second name stands the verb ("have on Thursday signed").
const REACH: usize = 5;

/// Every mention of the persons in `reading` who conclude an agreement with each other, in order of the text. Its names must have been
/// read; a sentence for which `may_mention` is false mentions no agreement.
#[must_use]
pub fn find(reading: &Reading<'_>, lists: &WordLists, may_mention: impl Fn(&str) -> bool) -> Vec<ActorMention> {
    let names = &reading.names;
    let full = |at: usize| names.get(at).and_then(|name| name.full).unwrap_or(at);
    let mut concluding: BTreeSet<usize> = BTreeSet::new();
    for at in 1..names.len() {
        let (one, other) = (at - 1, at);
        let (Some(first), Some(second)) = (names.get(one), names.get(other)) else { continue };
        let sentence = reading.sentence_of(first.tokens.start).and_then(|sentence| reading.sentences.get(sentence));
        let Some(sentence) = sentence.filter(|sentence| sentence.tokens.contains(&second.tokens.start)) else { continue };
        if first.kind == NameKind::Person
            && second.kind == NameKind::Person
            && full(one) != full(other)
            && are_joined(reading, first, second)
            && (is_between(reading, first, sentence.tokens.start) || conclude(reading, lists, second, &sentence.tokens))
            && may_mention(reading.words(sentence.span))
            && are_rivals(reading, lists, [full(one), full(other)])
        {
            concluding.extend([full(one), full(other)]);
        }
    }
    let mention = |(at, name): (usize, &Name)| {
        let actor = names.get(full(at)).filter(|_| concluding.contains(&full(at)))?;
        Some(ActorMention {
            actor: reading.words(actor.span).to_owned(),
            kind: ActorKind::Person,
            relation: Relation::Name,
            tokens: name.tokens.clone(),
            words: reading.words(name.span).to_owned(),
            span: name.span,
        })
    };
    names.iter().enumerate().filter_map(mention).collect()
}

/// "Ada Brook and opposition leader Lee Wong": nothing but "and" and what the second one is stands between them.
fn are_joined(reading: &Reading<'_>, first: &Name, second: &Name) -> bool {
    let between = first.tokens.end..second.tokens.start;
    let stops = |token: usize| matches!(reading.form(token), "," | ";" | ":" | "." | "\"" | "“" | "”");
    between.len() <= JOINED
        && between.clone().next().is_some_and(|token| reading.form(token).eq_ignore_ascii_case("and"))
        && !between.clone().any(stops)
}

/// "The deal between Brook and Wong", "between President Brook and Wong".
fn is_between(reading: &Reading<'_>, first: &Name, sentence: usize) -> bool {
    let role = first.role.map_or(first.tokens.start, |role| reading.tokens_in(role).start.min(first.tokens.start));
    let reach = role.saturating_sub(2).max(sentence)..role;
    reach.into_iter().any(|token| reading.lower(token) == "between")
}

/// "Brook and Wong have signed".
fn conclude(reading: &Reading<'_>, lists: &WordLists, second: &Name, sentence: &Range<usize>) -> bool {
    let reach = second.tokens.end..(second.tokens.end + REACH).min(sentence.end);
    reach.into_iter().any(|token| {
        // "Brook and Wong agreed on the deal"; that they agreed may be an opinion.
        let settles = || matches!(&*reading.lower(token + 1), "to" | "on" | "upon");
        lists.contains("concluding", &reading.lower(token)) || reading.lower(token) == "agreed" && settles()
    })
}

/// One of the two persons is called a rival somewhere in the article, and they do not speak for different actors.
fn are_rivals(reading: &Reading<'_>, lists: &WordLists, [one, other]: [usize; 2]) -> bool {
    let of = |person: usize| {
        reading
            .names
            .iter()
            .enumerate()
            .filter(move |(at, name)| *at == person || name.full == Some(person))
            .map(|(_, name)| name)
    };
    let is_rival = |name: &Name| {
        let role = name.role.map(|role| reading.words(role).to_lowercase()).unwrap_or_default();
        role.split([' ', '-']).any(|word| lists.contains("rivals", word))
    };
    let speaks_for = |person: usize| of(person).find_map(|name| name.affiliation?.actor).map(|actor| &actor.name);
    let apart = matches!((speaks_for(one), speaks_for(other)), (Some(one), Some(other)) if one != other);
    !apart && [one, other].into_iter().flat_map(of).any(is_rival)
}

#[cfg(test)]
mod tests {
    use crate::Extractor;
    use chancery_agreement::Article;

    fn parties(text: &str) -> Vec<Vec<String>> {
        let (found, _) = Extractor::new().unwrap().extract(&Article::plain(text));
        found.agreements.iter().map(|agreement| agreement.parties.iter().map(|party| party.actor.clone()).collect()).collect()
    }

    #[test]
    fn rivals_are_parties_to_what_they_conclude_with_each_other() {
        let text = "President Osman Tarek and opposition leader Rufus Adeyo have signed a power-sharing agreement to end the crisis \
                    over the disputed election. The deal between Tarek and Adeyo was reached after a day of talks.";
        assert_eq!(parties(text), [["Osman Tarek", "Rufus Adeyo"]]);
    }

    #[test]
    fn candidates_of_one_mind_conclude_nothing() {
        let text = "Osman Tarek and presidential candidate Rufus Adeyo somewhat agreed that the climate treaty is dead.";
        assert!(parties(text).iter().flatten().all(|party| !party.contains("Tarek") && !party.contains("Adeyo")));
    }

    #[test]
    fn who_speaks_for_a_state_stands_for_it() {
        let text = "Chilean President Osman Tarek and Peruvian opposition leader Rufus Adeyo signed a border treaty on Monday.";
        assert!(parties(text).iter().flatten().all(|party| party == "Chile" || party == "Peru"));
        let text = "Osman Tarek and Rufus Adeyo signed a border treaty between Chile and Peru on Monday.";
        assert_eq!(parties(text), [["Chile", "Peru"]]);
    }
}
