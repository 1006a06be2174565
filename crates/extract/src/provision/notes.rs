//! What is noted of an article before its clauses are weighed, and to which agreement a clause belongs.
use super::Scope;
use super::features::rule_feature;
use super::place::{REACH, ancestors, subjects};
use crate::lexicon::Weight;
use crate::rule::Records;
use crate::rule::matching::Match;
use crate::stage;
use std::collections::{BTreeMap, BTreeSet};

/// Farthest that a provision may stand behind the last mention of its agreement, and before the first, in sentences.
const SENTENCES_AFTER: usize = 8;
const SENTENCES_BEFORE: usize = 2;

/// How a candidate is tied to its agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tie {
    Governed,
    Subject,
    Sentence,
    After(usize),
    Before,
}

impl Tie {
    /// Its feature.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Governed => "governed-by-agreement",
            Self::Subject => "subject-is-agreement",
            Self::Sentence => "agreement-in-sentence",
            Self::After(1) => "one-sentence-after",
            Self::After(2) => "two-sentences-after",
            Self::After(3) => "three-sentences-after",
            Self::After(_) => "far-after",
            Self::Before => "before-agreement",
        }
    }
}

/// Looked up once for the whole article.
pub(super) struct Notes<'s> {
    /// Mentions by their heads.
    pub(super) at_head: BTreeMap<usize, usize>,
    /// Heads of mentions in chains that name an agreement.
    pub(super) naming: BTreeSet<usize>,
    /// Heads of all mentions in chains.
    pub(super) all: BTreeSet<usize>,
    /// Words that tell of events.
    pub(super) triggers: BTreeSet<usize>,
    /// Rules by the head of the provision that they found.
    pub(super) rules: BTreeMap<usize, Vec<&'s Match<'s>>>,
    /// Recorded mentions: (sentence, place among the mentions).
    pub(super) recorded: Vec<(usize, usize)>,
}

impl<'s> Notes<'s> {
    pub(super) fn of(scope: &Scope<'s, '_, '_, '_>) -> Self {
        let reading = scope.tools.graph.reading();
        let each = || scope.mentions.iter().enumerate();
        let mut rules: BTreeMap<usize, Vec<&Match<'_>>> = BTreeMap::new();
        for matched in scope.matches.iter().filter(|matched| matches!(matched.rule.records, Records::Commitment(_))) {
            let mut heads: BTreeSet<usize> = matched.argument("provision").iter().copied().collect();
            if matched.rule.name == "agreement-provides" {
                heads.insert(matched.trigger);
            }
            for head in heads {
                rules.entry(head).or_default().push(matched);
            }
        }
        let chained = || each().filter(|(index, _)| scope.chained.contains(index));
        Self {
            at_head: each().map(|(index, mention)| (mention.head, index)).collect(),
            naming: chained().filter(|(_, mention)| mention.weight != Weight::Anaphor).map(|(_, mention)| mention.head).collect(),
            all: chained().map(|(_, mention)| mention.head).collect(),
            triggers: scope
                .events
                .iter()
                .filter(|event| event.rule != stage::CUE && event.rule != stage::MARK)
                .map(|event| event.trigger)
                .collect(),
            rules,
            recorded: each()
                .filter(|(index, _)| scope.of_mention.contains_key(index))
                .filter_map(|(index, mention)| Some((reading.sentence_of(mention.head)?, index)))
                .collect(),
        }
    }

    /// The user's own rule that found a provision at `token`.
    pub(super) fn own_rule(&self, token: usize) -> Option<&'s Match<'s>> {
        let matched = self.rules.get(&token)?;
        matched.iter().copied().find(|matched| rule_feature(&matched.rule.name).is_none())
    }

    /// The mention of the agreement that the words from `first` to `last`, headed by `token`, belong to.
    pub(super) fn assign(&self, scope: &Scope<'_, '_, '_, '_>, token: usize, first: usize, last: usize) -> Option<(usize, Tie)> {
        let graph = scope.tools.graph;
        let sentence = graph.reading().sentence_of(token)?;
        let here: Vec<usize> = self.recorded.iter().filter(|(at, _)| *at == sentence).map(|(_, index)| *index).collect();
        let head = |index: usize| scope.mentions.get(index).map_or(0, |mention| mention.head);
        let names = |index: &usize| scope.mentions.get(*index).is_some_and(|mention| mention.weight != Weight::Anaphor);
        let strong: Vec<usize> = if here.iter().any(names) { here.iter().copied().filter(names).collect() } else { here };
        if !strong.is_empty() {
            let at = |token: &usize| strong.iter().copied().find(|&index| head(index) == *token);
            if let Some(index) = ancestors(graph, token, 8).iter().find_map(at) {
                return Some((index, Tie::Governed));
            }
            if let Some(index) = subjects(graph, token, REACH).iter().find_map(at) {
                return Some((index, Tie::Subject));
            }
            let distance = |index: &usize| {
                let head = head(*index);
                if (first..=last).contains(&head) { 0 } else { head.abs_diff(first).min(head.abs_diff(last)) }
            };
            return strong.into_iter().min_by_key(distance).map(|index| (index, Tie::Sentence));
        }
        let split = self.recorded.partition_point(|(at, _)| *at < sentence);
        let before = split.checked_sub(1).and_then(|at| self.recorded.get(at));
        if let Some(&(at, index)) = before.filter(|(at, _)| sentence - at <= SENTENCES_AFTER) {
            return Some((index, Tie::After(sentence - at)));
        }
        let &(at, index) = self.recorded.get(split)?;
        (at - sentence <= SENTENCES_BEFORE).then_some((index, Tie::Before))
    }
}
