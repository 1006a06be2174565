//! Sums of money that belong to an agreement: its price, volume, funding, cost.
//!
//! A sum belongs to an agreement where its words tie the two: it stands in the agreement's own phrase ("a $5 million deal"), the
//! agreement governs or does what is said of it, or somebody is to pay, lend, cost or receive it in a sentence with the agreement or
//! soon after one; in an article of one agreement, anywhere. What was spent, traded or estimated before is background.
use crate::agreements::Tools;
use crate::graph::Graph;
use crate::lexicon::Weight;
use crate::mention::{Mention, span_of};
use chancery_agreement::{Evidence, Money};
use chancery_dissect::Upos;
use chancery_dissect::money::Sum;
use std::collections::BTreeMap;
use std::ops::Range;

const RULE: &str = "sum-with-agreement";

/// How many sentences behind the last mention of its agreement a sum may stand that is to be paid.
const SENTENCES_AFTER: usize = 2;

/// Sums of the article that belong to an agreement that `of_mention` leads to, each with that agreement.
#[must_use]
pub fn sums(tools: &Tools<'_, '_, '_>, mentions: &[Mention], of_mention: &BTreeMap<usize, usize>) -> Vec<(usize, Money)> {
    let reading = tools.graph.reading();
    let mut found = Vec::new();
    let mut owners: Vec<Option<usize>> = Vec::new();
    for sum in &reading.money {
        let tokens = reading.tokens_in(sum.span);
        let owner = match sum.converts.and_then(|first| owners.get(first).copied()) {
            Some(owner) => owner,
            None => owner(tools, mentions, of_mention, &tokens),
        };
        owners.push(owner);
        let Some(agreement) = owner.filter(|_| !is_further_conversion(tools, &tokens)) else { continue };
        found.extend(cell(tools, sum, &tokens).map(|money| (agreement, money)));
    }
    found
}

/// "65 million kroner (6 million euros, 7 million dollars)": one conversion is kept beside the sum, as readers look for either; a list
/// of them is not.
fn is_further_conversion(tools: &Tools<'_, '_, '_>, sum: &Range<usize>) -> bool {
    let reading = tools.graph.reading();
    let Some(sentence) = reading.sentence_of(sum.start).and_then(|at| reading.sentences.get(at)) else { return false };
    let inside = (sentence.tokens.start..sum.start).rev().take_while(|&token| reading.form(token) != ")");
    let Some(open) = inside.into_iter().find(|&token| reading.form(token) == "(") else { return false };
    let places = || reading.money.iter().map(|other| reading.tokens_in(other.span));
    let converted = places().any(|other| other.end <= open && open - other.end <= 3 && other.start >= sentence.tokens.start);
    converted && places().any(|other| other.start > open && other.end <= sum.start)
}

/// The agreement that the sum at `tokens` belongs to.
fn owner(
    tools: &Tools<'_, '_, '_>,
    mentions: &[Mention],
    of_mention: &BTreeMap<usize, usize>,
    tokens: &Range<usize>,
) -> Option<usize> {
    let graph = tools.graph;
    let reading = graph.reading();
    let sentence = reading.sentence_of(tokens.start)?;
    let recorded = || of_mention.iter().filter_map(|(&index, &agreement)| Some((mentions.get(index)?, agreement)));
    let here: Vec<(&Mention, usize)> =
        recorded().filter(|(mention, _)| reading.sentence_of(mention.head) == Some(sentence)).collect();
    if let Some((_, agreement)) = here.iter().find(|(mention, _)| mention.full.contains(&tokens.start)) {
        return Some(*agreement);
    }
    // "raised from $3 million": what was before.
    if graph.case(tokens.start) == Some("from")
        || tokens.start.checked_sub(1).is_some_and(|before| reading.form(before) == "from")
    {
        return None;
    }
    let path = path(graph, tokens);
    let governed = here.iter().find(|(mention, _)| path.contains(&mention.head));
    let verb = path.iter().copied().find(|&token| graph.tag(token) == Upos::Verb);
    let Some(verb) = verb else { return governed.map(|(_, agreement)| *agreement) };
    let pays = is_in(tools, "sum-verbs", verb);
    let worth = path.iter().take_while(|&&token| token != verb).any(|&token| is_in(tools, "sum-nouns", token));
    let ahead = is_ahead(tools, verb);
    if let Some((_, agreement)) = governed.filter(|_| pays || worth) {
        return Some(*agreement);
    }
    let does = graph.subjects(verb);
    let by_agreement = here.iter().find(|(mention, _)| does.contains(&mention.head));
    if let Some((_, agreement)) = by_agreement.filter(|_| (pays || worth || is_in(tools, "providing-verbs", verb)) && ahead) {
        return Some(*agreement);
    }
    let nearest = here.iter().min_by_key(|(mention, _)| (mention.weight == Weight::Anaphor, mention.head.abs_diff(tokens.start)));
    let agrees = is_in(tools, "agreeing-verbs", verb);
    if let Some((mention, agreement)) = nearest {
        let below = || graph.below(verb).contains(&mention.head);
        return ((pays && (ahead || below())) || (worth && (agrees || ahead)) || (agrees && pays)).then_some(*agreement);
    }
    // "The bridge will cost $40 million": where the article tells of one agreement, what is to be paid is paid for it.
    let mut agreements = recorded().map(|(_, agreement)| agreement);
    let only = agreements.next().filter(|first| agreements.all(|other| other == *first));
    let before = recorded().rfind(|(mention, _)| mention.head < tokens.start);
    let near = before
        .filter(|(mention, _)| reading.sentence_of(mention.head).is_some_and(|before| sentence - before <= SENTENCES_AFTER));
    let to_pay = (pays && ahead) || (worth && agrees) || (ahead && is_subject(graph, tokens));
    near.map(|(_, agreement)| agreement).or(only).filter(|_| to_pay)
}

/// "$40 million will be cleared", "a total of $40 million is to go to farmers".
fn is_subject(graph: Graph<'_, '_>, tokens: &Range<usize>) -> bool {
    let mut token = tokens.end - 1;
    for _ in 0..4 {
        let Some(head) = graph.head(token) else { return false };
        match graph.base_relation(token) {
            "nsubj" => return graph.tag(head) == Upos::Verb,
            // "The $40 million plan will …" speaks of the plan.
            "compound" | "amod" | "nummod" if !tokens.contains(&head) => return false,
            _ => token = head,
        }
    }
    false
}

fn is_in(tools: &Tools<'_, '_, '_>, list: &str, token: usize) -> bool {
    tools.lists.contains(list, &tools.graph.reading().lower_lemma(token))
}

/// How far up the tree the words are looked for that tell what a sum is.
const REACH: usize = 7;

/// The words above the sum, up to and with the second verb.
fn path(graph: Graph<'_, '_>, tokens: &Range<usize>) -> Vec<usize> {
    let outside = |token: &usize| graph.head(*token).is_some_and(|head| !tokens.contains(&head));
    let Some(top) = tokens.clone().find(outside) else { return Vec::new() };
    let mut verbs = 0;
    let mut path = Vec::new();
    for token in std::iter::successors(graph.head(top), |&above| graph.head(above)).take(REACH) {
        path.push(token);
        verbs += usize::from(graph.tag(token) == Upos::Verb);
        if verbs == 2 {
            break;
        }
    }
    path
}

/// True for what is to be done: "will pay", "agreed to lend", "would cost", "is to receive", "provides".
fn is_ahead(tools: &Tools<'_, '_, '_>, verb: usize) -> bool {
    let graph = tools.graph;
    let reading = graph.reading();
    let auxiliaries = || graph.down(verb, "aux").map(|aux| reading.lower(aux));
    let perfect = auxiliaries().any(|form| tools.lists.contains("perfect", &form));
    let future = auxiliaries().any(|form| tools.lists.contains("future", &form));
    let to_do = graph.down(verb, "mark").any(|mark| reading.form(mark).eq_ignore_ascii_case("to"));
    let present = reading.syntax(verb).is_some_and(|syntax| syntax.features.tense == Some(chancery_dissect::Tense::Pres));
    !perfect && (future || to_do || present)
}

fn cell(tools: &Tools<'_, '_, '_>, sum: &Sum, tokens: &Range<usize>) -> Option<Money> {
    let reading = tools.graph.reading();
    let evidence = Evidence::new(reading.article, sum.span, RULE, 0.6)?;
    let period = period(tools, tokens);
    let after = period.as_ref().map_or(tokens.end, |period| period.end);
    let words = |tokens: Range<usize>| reading.words(span_of(reading, &tokens)).to_owned();
    let purpose = purpose(tools, after).map(words);
    Some(Money {
        amount: sum.amount,
        currency: sum.currency.as_deref()?.to_owned(),
        purpose,
        period: period.map(words),
        evidence,
    })
}

/// Longest purpose, in tokens.
const LONGEST_PURPOSE: usize = 14;

/// What the words right after the sum say that it is for: "$40 million for schools", "to build schools", "in aid".
fn purpose(tools: &Tools<'_, '_, '_>, after: usize) -> Option<Range<usize>> {
    let graph = tools.graph;
    let opens = tools.lists.contains("purpose-openers", &graph.reading().lower(after));
    let head = graph.head(after).filter(|&head| opens && head > after)?;
    let fits = match graph.base_relation(after) {
        "case" => graph.tag(head) == Upos::Noun && graph.base_relation(head) != "conj",
        "mark" => graph.tag(head) == Upos::Verb,
        _ => false,
    };
    let (first, last) = graph.extent(head);
    (fits && first == after && last - after <= LONGEST_PURPOSE).then_some(after + 1..last + 1)
}

/// "$40 million a year", "$40 million per month", "$40 million annually": the words after the sum.
fn period(tools: &Tools<'_, '_, '_>, sum: &Range<usize>) -> Option<Range<usize>> {
    let reading = tools.graph.reading();
    let form = |token: usize| reading.lower(token);
    if tools.lists.contains("period-adverbs", &form(sum.end)) {
        return Some(sum.end..sum.end + 1);
    }
    let each = tools.lists.contains("period-openers", &form(sum.end));
    (each && tools.lists.contains("period-nouns", &form(sum.end + 1))).then_some(sum.end..sum.end + 2)
}

#[cfg(test)]
mod tests {
    use crate::Extractor;
    use chancery_agreement::Article;

    /// Sum, period and purpose of all agreements' money.
    fn money(text: &str) -> Vec<String> {
        let (found, _) = Extractor::new().unwrap().extract(&Article::plain(text));
        let sums = found.agreements.into_iter().flat_map(|agreement| agreement.money);
        let word = |word: Option<String>| word.unwrap_or_default();
        sums.map(|sum| format!("{} | {} | {}", sum.evidence.quote(), word(sum.period), word(sum.purpose))).collect()
    }

    #[test]
    fn a_sum_is_kept_with_what_it_is_for() {
        assert_eq!(
            money(
                "Peru and Chile signed an agreement on schools. Under the agreement Chile will pay Peru $40 million for new schools."
            ),
            ["$40 million |  | new schools"]
        );
        assert_eq!(
            money(
                "Peru and Chile signed a loan agreement. Under the agreement Chile will lend Peru $40 million a year to build roads."
            ),
            ["$40 million | a year | build roads"]
        );
    }

    #[test]
    fn what_is_to_be_paid_counts_far_from_the_only_agreement() {
        let far = "Peru and Chile signed an agreement on a bridge. Officials met in Lima. The weather was fine. People danced. \
                   Lamps were lit. The bridge will cost $12 million.";
        assert_eq!(money(far), ["$12 million |  | "]);
    }

    #[test]
    fn what_was_paid_before_is_background() {
        let before = "Peru and Chile signed an agreement on a bridge. Chile spent $3 million on parks last year.";
        assert!(money(before).is_empty());
    }
}
