//! Sums of money that belong to an agreement: its price, volume, funding, cost.
use crate::agreements::Tools;
use crate::mention::Mention;
use chancery_agreement::{Evidence, Money};
use chancery_dissect::money::Sum;
use std::ops::Range;

const RULE: &str = "sum-with-agreement";

/// Sums of the article that stand in a sentence with a mention of an agreement and a word that ties the two, each with the head of
/// that mention. Trade volumes and the like are left out.
#[must_use]
pub fn sums(tools: &Tools<'_, '_, '_>, mentions: &[Mention]) -> Vec<(usize, Money)> {
    let reading = tools.graph.reading();
    let mut found = Vec::new();
    for sum in &reading.money {
        let tokens = reading.tokens_in(sum.span);
        if is_further_conversion(tools, &tokens) {
            continue;
        }
        let Some(sentence) = reading.sentence_of(tokens.start).and_then(|at| reading.sentences.get(at)) else { continue };
        let here = mentions.iter().filter(|mention| sentence.tokens.contains(&mention.head));
        let Some(mention) = here.min_by_key(|mention| mention.head.abs_diff(tokens.start)) else { continue };
        if belongs(tools, &sentence.tokens, mention, &tokens)
            && let Some(money) = cell(tools, sum)
        {
            found.push((mention.head, money));
        }
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

fn belongs(tools: &Tools<'_, '_, '_>, sentence: &Range<usize>, mention: &Mention, sum: &Range<usize>) -> bool {
    if mention.full.contains(&sum.start) {
        return true;
    }
    let listed =
        |list: &str| sentence.clone().any(|token| tools.lists.contains(list, &tools.graph.reading().lemma(token).to_lowercase()));
    listed("sum-ties") && !listed("sum-background")
}

fn cell(tools: &Tools<'_, '_, '_>, sum: &Sum) -> Option<Money> {
    let evidence = Evidence::new(tools.graph.reading().article, sum.span, RULE, 0.6)?;
    Some(Money { amount: sum.amount, currency: sum.currency.as_deref()?.to_owned(), purpose: None, period: None, evidence })
}
