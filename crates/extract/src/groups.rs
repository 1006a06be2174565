//! Political actors that a text only describes: those who fight ("southern rebels", "armed groups") and countries in number
//! ("82 nations", "African governments").
//!
//! The actor is called by the very words: whom they stand for is not guessed. Where the article names an armed group, "the rebels" may
//! be that one or its foes, and are left out.
use crate::actors::{ActorMention, Actors};
use crate::lexicon::WordLists;
use chancery_dissect::Reading;
use chancery_dissect::actors::{ActorKind, Relation};
use std::ops::Range;

/// Most words before the noun that belong to the description.
const LONGEST: usize = 4;

/// The described actors of `reading`, beside `named`, those that it names. A name inside a description ("Chilean rebels") is the
/// description's own: take it out of the named ones.
#[must_use]
pub fn find(reading: &Reading<'_>, lists: &WordLists, named: &Actors) -> Vec<ActorMention> {
    let names_armed = named.all().iter().any(|actor| actor.kind == ActorKind::ArmedGroup);
    let mut found = Vec::new();
    for sentence in &reading.sentences {
        for token in sentence.tokens.clone() {
            let Some((tokens, kind)) = described(reading, lists, named, token, sentence.tokens.start) else { continue };
            let (Some(first), Some(last)) = (reading.tokens.get(tokens.start), reading.tokens.get(token)) else { continue };
            let span = first.span.join(last.span);
            let plain = !tokens.clone().any(|token| named.at(token).is_some());
            if kind == ActorKind::ArmedGroup && plain && names_armed {
                continue;
            }
            let actor = called(reading, lists, &tokens, sentence.tokens.start);
            found.push(ActorMention {
                actor,
                kind,
                relation: Relation::Description,
                tokens,
                words: reading.words(span).to_owned(),
                span,
            });
        }
    }
    found
}

/// The description that ends with `head`, and of what kind of actor it is.
fn described(
    reading: &Reading<'_>,
    lists: &WordLists,
    named: &Actors,
    head: usize,
    sentence: usize,
) -> Option<(Range<usize>, ActorKind)> {
    let lower = |token: usize| reading.lower(token);
    let is = |list: &str, token: usize| lists.contains(list, &lower(token));
    let form = lower(head);
    // Most words are none of these: what follows looks at their neighbors, too.
    if !["fighters", "groups-of-fighters", "forces-of-fighters", "countries"].iter().any(|list| lists.contains(list, &form)) {
        return None;
    }
    // "Rebels of the Liberation Front": the name says it.
    if named.at(head).is_some() || lower(head + 1) == "of" || is("groups-of-fighters", head + 1) && is("marks-of-fighters", head)
    {
        return None;
    }
    let marked = head > sentence && is("marks-of-fighters", head - 1);
    // "Rebel forces", but "the armed forces" are a state's.
    let forces = is("forces-of-fighters", head) && marked && !is("words-of-states", head - 1);
    if is("fighters", head) || is("groups-of-fighters", head) && marked || forces {
        let fits = |token: usize| {
            is("marks-of-fighters", token)
                || is("words-of-fighters", token)
                || named.at(token).is_some_and(|actor| actor.relation == Relation::Demonym || actor.kind == ActorKind::Territory)
        };
        let tokens = back(head, sentence, &fits)..head + 1;
        let is_named = tokens.clone().any(|token| named.at(token).is_some_and(|actor| actor.kind == ActorKind::ArmedGroup));
        return (!is_named).then_some((tokens, ActorKind::ArmedGroup));
    }
    if !is("countries", head) {
        return None;
    }
    let number = |token: usize| {
        let form = lower(token);
        form.parse::<u32>().map_or_else(|_| lists.contains("numbers-above-two", &form), |number| (3..1000).contains(&number))
    };
    // "Asia-Pacific countries", "twenty-seven states"
    let joined = |token: usize| is("regions", token) || is("numbers-above-two", token);
    let joins = |token: usize| reading.form(token) == "-" && token > sentence && joined(token - 1);
    let fits = |token: usize| is("regions", token) || number(token) || is("members-of-bodies", token) || joins(token);
    let tokens = back(head, sentence, &fits)..head + 1;
    (tokens.len() > 1).then_some((tokens, ActorKind::Bloc))
}

/// First token of the unbroken run before `head` whose tokens all fit.
fn back(head: usize, sentence: usize, fits: &dyn Fn(usize) -> bool) -> usize {
    let mut start = head;
    while start > sentence && head - start < LONGEST && fits(start - 1) {
        start -= 1;
    }
    start
}

/// The words, without the capital letter that only opens the sentence.
fn called(reading: &Reading<'_>, lists: &WordLists, tokens: &Range<usize>, sentence: usize) -> String {
    let words = tokens.clone().map(|token| {
        let (form, lower) = (reading.form(token), reading.lower(token));
        let common = ["fighters", "marks-of-fighters", "words-of-fighters", "numbers-above-two"]
            .iter()
            .any(|list| lists.contains(list, &lower));
        if token == sentence && common { lower.into_owned() } else { form.to_owned() }
    });
    words.collect::<Vec<_>>().join(" ").replace(" - ", "-")
}

#[cfg(test)]
mod tests {
    use crate::actors::tests::actors;

    #[test]
    fn who_fights_is_called_by_the_words_where_no_group_is_named() {
        assert_eq!(
            actors("Peru signed a truce with the southern rebels. Armed groups stayed away."),
            ["Peru: Peru", "southern rebels: southern rebels", "Armed groups: armed groups"]
        );
    }

    #[test]
    fn whom_the_rebels_are_is_not_guessed() {
        let found = actors("The Highland Liberation Front signed a truce. The rebels laid down arms.");
        assert_eq!(found, ["Highland Liberation Front: Highland Liberation Front"]);
    }

    #[test]
    fn a_people_s_fighters_are_not_its_state() {
        assert_eq!(actors("Chilean rebels attacked Peru."), ["Chilean rebels: Chilean rebels", "Peru: Peru"]);
    }

    #[test]
    fn countries_count_where_their_number_or_region_is_told() {
        assert_eq!(actors("The treaty was signed by 82 nations."), ["82 nations: 82 nations"]);
        assert_eq!(actors("A pact with Caribbean governments followed."), ["Caribbean governments: Caribbean governments"]);
        assert_eq!(actors("15 Asia-Pacific countries signed it."), ["15 Asia-Pacific countries: 15 Asia-Pacific countries"]);
        assert_eq!(actors("Twenty-seven states ratified it."), ["Twenty-seven states: twenty-seven states"]);
        assert!(actors("Other countries and the two governments wait.").is_empty());
        assert!(actors("An agreement on the armed forces was drafted.").is_empty());
    }
}
