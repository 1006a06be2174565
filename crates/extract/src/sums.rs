//! Sums of money that belong to an agreement: its price, volume, funding, cost.
//!
//! Every sum near an agreement is a candidate; what its words tie it to, and what they are, a model weighs (`rules/en/sums.toml`, learned
//! from labelled news by `chancery-train sums`). What was spent, traded or estimated before is background.
use crate::agreements::Tools;
use crate::graph::Graph;
use crate::lexicon::Weight;
use crate::logistic::{Features, Model};
use crate::mention::{Mention, span_of};
use crate::words::{Lens, Words};
use chancery_agreement::{AgreementKind, Evidence, Money};
use chancery_dissect::Upos;
use chancery_dissect::money::Sum;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

const RULE: &str = "sum-with-agreement";

/// How many sentences behind the last mention of its agreement a sum may stand that is to be paid.
const SENTENCES_AFTER: usize = 2;

/// How far behind the last mention of an agreement, and before the next one, a sum is looked at, in sentences.
const FAR_AFTER: usize = 8;
const FAR_BEFORE: usize = 2;

/// Every feature that [`candidates`] can give.
pub const NAMES: &[&str] = &[
    "tied",
    "in-name",
    "governed",
    "agreement-acts",
    "same-sentence",
    "distance",
    "sentences-after",
    "before-agreement",
    "elsewhere",
    "only-agreement",
    "pays",
    "worth",
    "agrees",
    "ahead",
    "past",
    "no-verb",
    "from",
    "subject",
    "party-acts",
    "period",
    "purpose",
    "conversion",
    "first-sum",
    "sums-in-article",
    "size",
    "trade",
    "contract",
    "quoted",
];

/// A sum that may belong to an agreement.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Which of the agreements it would belong to.
    pub agreement: usize,
    /// What the model judges it by.
    pub features: Features,
    /// Words around it, which the model knows, too.
    pub words: Words,
    /// The cell, should it be one.
    pub money: Money,
}

/// The sums that the model takes for an agreement's, each with that agreement.
pub fn accepted(model: &Model, candidates: Vec<Candidate>) -> impl Iterator<Item = (usize, Money)> {
    let belongs = |candidate: &Candidate| model.probability_with(&candidate.features, &candidate.words) >= model.threshold();
    candidates.into_iter().filter(belongs).map(|candidate| (candidate.agreement, candidate.money))
}

/// Sums of the article near an agreement that `of_mention` leads to, in order of the text. `parties`: those of each agreement; `named`:
/// whether the words are to be learned from.
#[must_use]
pub fn candidates(
    tools: &Tools<'_, '_, '_>,
    mentions: &[Mention],
    of_mention: &BTreeMap<usize, usize>,
    parties: &[BTreeSet<String>],
    named: bool,
) -> Vec<Candidate> {
    let reading = tools.graph.reading();
    let heads: BTreeSet<usize> = of_mention.keys().filter_map(|&index| mentions.get(index)).map(|mention| mention.head).collect();
    let lens = LazyCell::new(|| Lens::new(tools, &heads));
    let mut found = Vec::new();
    let mut owners: Vec<Option<Owner>> = Vec::new();
    for sum in &reading.money {
        let tokens = reading.tokens_in(sum.span);
        let converted = sum.converts.and_then(|first| owners.get(first).cloned());
        let owner = converted.clone().unwrap_or_else(|| owner(tools, mentions, of_mention, &tokens));
        owners.push(owner.clone());
        let Some(owner) = owner.filter(|_| !is_further_conversion(tools, &tokens)) else { continue };
        let Some(money) = cell(tools, sum, &tokens) else { continue };
        let mut features = owner.features;
        let mut set = |name: &'static str, holds: bool| {
            if holds {
                features.insert(name, 1.0);
            }
        };
        set("period", money.period.is_some());
        set("purpose", money.purpose.is_some());
        set("conversion", converted.is_some());
        set("first-sum", owners.len() == 1);
        let start = sum.span.start();
        set("quoted", reading.quotations.iter().any(|quoted| quoted.content.start() <= start && start < quoted.content.end()));
        let acting = owner.verb.map(|verb| tools.graph.subjects(verb)).unwrap_or_default();
        let acting: Vec<String> = acting.iter().flat_map(|&token| tools.speaks_for(token)).map(|actor| actor.actor).collect();
        set("party-acts", parties.get(owner.agreement).is_some_and(|own| acting.iter().any(|actor| own.contains(actor))));
        features.insert("sums-in-article", share(reading.money.len(), 20));
        features.insert("size", (sum.amount.abs().max(1.0).log10() / 12.0).min(1.0));
        let words = words(&lens, &tokens, mentions.get(owner.mention), named);
        found.push(Candidate { agreement: owner.agreement, features, words, money });
    }
    found
}

fn share(number: usize, most: u32) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(most).min(most)) / f64::from(most)
}

/// The words above the sum, around it, and in its sentence.
fn words(lens: &Lens<'_, '_>, tokens: &Range<usize>, named: Option<&Mention>, keep_names: bool) -> Words {
    let graph = lens.graph;
    let reading = graph.reading();
    let mut words = Words::new(keep_names);
    for (name, token) in ["above", "second-above", "third-above"].into_iter().zip(path(graph, tokens)) {
        words.add(&[name, lens.word(token)]);
        words.add(&["over", lens.word(token)]);
    }
    for back in 1..=3 {
        if let Some(token) = tokens.start.checked_sub(back) {
            words.add(&["before", lens.word(token)]);
        }
    }
    for token in (tokens.end..tokens.end + 4).take_while(|&token| token < reading.tokens.len()) {
        words.add(&["after", lens.word(token)]);
    }
    if let Some(sentence) = reading.sentence_of(tokens.start).and_then(|at| reading.sentences.get(at)) {
        let tells = |at: &usize| matches!(graph.tag(*at), Upos::Verb | Upos::Noun | Upos::Aux | Upos::Adj);
        for at in sentence.tokens.clone().filter(|at| !tokens.contains(at)).filter(tells) {
            words.add(&["beside", lens.word(at)]);
        }
    }
    if let Some(named) = named {
        words.add(&["agreement", &named.noun]);
    }
    words
}

/// The agreement that a sum may belong to, and what ties them.
#[derive(Debug, Clone)]
struct Owner {
    agreement: usize,
    /// The mention that ties them.
    mention: usize,
    /// The verb that says what the sum does.
    verb: Option<usize>,
    features: Features,
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

/// The agreement that the sum at `tokens` may belong to: the one whose words hold it, that governs it, that stands nearest in its
/// sentence, that was last spoken of, or the article's only one.
fn owner(
    tools: &Tools<'_, '_, '_>,
    mentions: &[Mention],
    of_mention: &BTreeMap<usize, usize>,
    tokens: &Range<usize>,
) -> Option<Owner> {
    let graph = tools.graph;
    let reading = graph.reading();
    let sentence = reading.sentence_of(tokens.start)?;
    let recorded: Vec<(usize, &Mention, usize)> =
        of_mention.iter().filter_map(|(&index, &agreement)| Some((index, mentions.get(index)?, agreement))).collect();
    let at = |mention: &Mention| reading.sentence_of(mention.head).unwrap_or(0);
    let here: Vec<&(usize, &Mention, usize)> = recorded.iter().filter(|(_, mention, _)| at(mention) == sentence).collect();
    let path = path(graph, tokens);
    let verb = path.iter().copied().find(|&token| graph.tag(token) == Upos::Verb);
    let does = verb.map(|verb| graph.subjects(verb)).unwrap_or_default();
    let in_name = here.iter().find(|(_, mention, _)| mention.full.contains(&tokens.start));
    let governed = here.iter().find(|(_, mention, _)| path.contains(&mention.head));
    let acting = here.iter().find(|(_, mention, _)| does.contains(&mention.head));
    let distance = |mention: &Mention| mention.head.abs_diff(tokens.start);
    let nearest = here.iter().min_by_key(|(_, mention, _)| (mention.weight == Weight::Anaphor, distance(mention)));
    let before = recorded.iter().rfind(|(_, mention, _)| mention.head < tokens.start && sentence - at(mention) <= FAR_AFTER);
    let next = recorded.iter().find(|(_, mention, _)| at(mention) > sentence && at(mention) - sentence <= FAR_BEFORE);
    let only = recorded.first().filter(|(_, _, first)| recorded.iter().all(|(_, _, other)| other == first));
    let tied = in_name.or(governed).or(acting).or(nearest).copied();
    let &(index, mention, agreement) = tied.or(before).or(next).or(only)?;

    let mut features = Features::new();
    let mut set = |name: &'static str, holds: bool| {
        if holds {
            features.insert(name, 1.0);
        }
    };
    set("in-name", in_name.is_some());
    set("governed", governed.is_some());
    set("agreement-acts", acting.is_some());
    set("same-sentence", tied.is_some());
    set("before-agreement", tied.is_none() && before.is_none() && next.is_some());
    set("elsewhere", tied.or(before).or(next).is_none());
    set("only-agreement", only.is_some());
    set("trade", mention.kind == AgreementKind::TradeDeal);
    set("contract", mention.kind == AgreementKind::Contract);
    // "raised from $3 million": what was before.
    let from = graph.case(tokens.start) == Some("from")
        || tokens.start.checked_sub(1).is_some_and(|before| reading.form(before) == "from");
    set("from", from);
    let pays = verb.is_some_and(|verb| is_in(tools, "sum-verbs", verb));
    let worth = path.iter().take_while(|&&token| Some(token) != verb).any(|&token| is_in(tools, "sum-nouns", token));
    let agrees = verb.is_some_and(|verb| is_in(tools, "agreeing-verbs", verb));
    let ahead = verb.is_some_and(|verb| is_ahead(tools, verb));
    let provides = verb.is_some_and(|verb| is_in(tools, "providing-verbs", verb));
    let subject = is_subject(graph, tokens);
    set("pays", pays);
    set("worth", worth);
    set("agrees", agrees);
    set("ahead", ahead);
    set("past", verb.is_some() && !ahead);
    set("no-verb", verb.is_none());
    set("subject", subject);
    let below = || verb.is_some_and(|verb| nearest.is_some_and(|(_, mention, _)| graph.below(verb).contains(&mention.head)));
    let to_pay = (pays && ahead) || (worth && agrees) || (ahead && subject);
    let near = tied.is_none() && before.is_some_and(|(_, mention, _)| sentence - at(mention) <= SENTENCES_AFTER);
    let ties = if from {
        false
    } else if tied.is_some() {
        in_name.is_some()
            || governed.is_some() && (pays || worth || verb.is_none())
            || acting.is_some() && (pays || worth || provides) && ahead
            || (pays && (ahead || below()))
            || (worth && (agrees || ahead))
            || (agrees && pays)
    } else {
        to_pay && (near || only.is_some())
    };
    set("tied", in_name.is_some() || ties);
    if tied.is_some() {
        features.insert("distance", share(distance(mention), 30));
    } else if before.is_some() {
        features.insert("sentences-after", share(sentence - at(mention), 8));
    }
    Some(Owner { agreement, mention: index, verb, features })
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
    fn what_is_to_be_paid_counts_soon_after_the_agreement() {
        let after =
            "Peru and Chile signed an agreement on a bridge. Officials met in Lima. Chile will pay $120 million for the bridge.";
        assert_eq!(money(after), ["$120 million |  | the bridge"]);
    }

    #[test]
    fn what_was_paid_before_is_background() {
        let before = "Peru and Chile signed an agreement on a bridge. Chile spent $3 million on parks last year.";
        assert!(money(before).is_empty());
    }
}
