//! Matches rules against the trees of a reading.
use super::pattern::{Class, NodePattern, PathPattern, Step, Term, Test};
use super::{Rule, Rules};
use crate::graph::{Graph, is};
use crate::lexicon::WordLists;
use std::collections::BTreeMap;

/// Which tokens head a mention of which class: one bit for each [`Class`].
#[derive(Debug, Clone, Default)]
pub struct Classes {
    bits: Vec<u16>,
}

impl Classes {
    /// For a reading of so many tokens, none of them of any class.
    #[must_use]
    pub fn new(tokens: usize) -> Self {
        Self { bits: vec![0; tokens] }
    }

    /// Marks `token` as the head of a mention of `class`.
    pub fn mark(&mut self, token: usize, class: Class) {
        if let Some(bits) = self.bits.get_mut(token) {
            *bits |= 1 << class as u16;
        }
    }

    /// True when `token` heads a mention of `class`.
    #[must_use]
    pub fn has(&self, token: usize, class: Class) -> bool {
        self.bits.get(token).is_some_and(|bits| bits & (1 << class as u16) != 0)
    }
}

/// One match of a rule.
#[derive(Debug, Clone)]
pub struct Match<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// The token that set it off.
    pub trigger: usize,
    /// Tokens under each argument's name, in order of the text.
    pub captures: BTreeMap<&'r str, Vec<usize>>,
}

impl Match<'_> {
    /// Tokens of the argument `name`; empty where the rule has none or found none.
    #[must_use]
    pub fn argument(&self, name: &str) -> &[usize] {
        self.captures.get(name).map_or(&[], Vec::as_slice)
    }
}

/// Everything that patterns are matched against.
#[derive(Clone, Copy)]
pub struct Scene<'s, 'r, 'a> {
    /// The trees.
    pub graph: Graph<'r, 'a>,
    /// What tokens head.
    pub classes: &'s Classes,
    /// Word lists that patterns name.
    pub lists: &'s WordLists,
}

impl<'r> Scene<'_, 'r, '_> {
    /// All matches of `rules` in sentence `sentence`, in order of their triggers, then of the rules.
    #[must_use]
    pub fn matches<'m>(&self, rules: &'m Rules, sentence: usize) -> Vec<Match<'m>> {
        let reading = self.graph.reading();
        let Some(sentence) = reading.sentences.get(sentence) else { return Vec::new() };
        let mut found = Vec::new();
        for token in sentence.tokens.clone() {
            if reading.syntax(token).is_none() {
                return found;
            }
            found.extend(rules.triggered_by(reading.lemma(token)).filter_map(|rule| self.match_at(rule, token)));
        }
        found
    }

    fn match_at<'m>(&self, rule: &'m Rule, trigger: usize) -> Option<Match<'m>> {
        if !self.satisfies(trigger, &rule.trigger) || rule.without.iter().any(|path| !self.follow(path, trigger).is_empty()) {
            return None;
        }
        let mut captures = BTreeMap::new();
        for (name, path) in &rule.arguments {
            let tokens = self.follow(path, trigger);
            let needed = name == "agreement" || rule.needs.contains(name);
            if tokens.is_empty() && needed {
                return None;
            }
            captures.insert(name.as_str(), tokens);
        }
        Some(Match { rule, trigger, captures })
    }

    /// True when `token` meets every term of `pattern`.
    #[must_use]
    pub fn satisfies(&self, token: usize, pattern: &NodePattern) -> bool {
        pattern.terms.iter().all(|Term { negated, test }| self.holds(token, test) != *negated)
    }

    fn holds(&self, token: usize, test: &Test) -> bool {
        let reading = self.graph.reading();
        match test {
            Test::Lemma(lemmas) => lemmas.iter().any(|lemma| reading.lemma(token).eq_ignore_ascii_case(lemma)),
            Test::Word(words) => words.iter().any(|word| reading.form(token).eq_ignore_ascii_case(word)),
            Test::Tag(tags) => tags.iter().any(|tag| self.graph.tag(token).as_str() == tag),
            Test::Relation(relations) => relations.iter().any(|relation| is(self.graph.relation(token), relation)),
            Test::List(lists) => lists.iter().any(|list| self.lists.contains(list, &reading.lower_lemma(token))),
            Test::Class(class) => self.classes.has(token, *class),
        }
    }

    /// Tokens that a path leads to from `trigger`: those of its first route that leads anywhere, in order of the text.
    fn follow(&self, path: &PathPattern, trigger: usize) -> Vec<usize> {
        for route in &path.routes {
            let mut at = vec![trigger];
            for step in route {
                let mut next: Vec<usize> = at.iter().flat_map(|&token| self.step(step, token)).collect();
                next.sort_unstable();
                next.dedup();
                at = next;
            }
            at.retain(|&token| path.node.as_ref().is_none_or(|node| self.satisfies(token, node)));
            // "Near" takes the nearest one only: further ones belong to other words.
            if matches!(route.last(), Some(Step::Near(_))) {
                at = at.into_iter().min_by_key(|&token| token.abs_diff(trigger)).into_iter().collect();
            }
            if !at.is_empty() {
                return at;
            }
        }
        Vec::new()
    }

    fn step(&self, step: &Step, token: usize) -> Vec<usize> {
        let reading = self.graph.reading();
        match step {
            Step::Down(edge) if edge == "subject" => self.graph.subjects(token),
            Step::Down(edge) if edge == "object" => self.graph.objects(token),
            Step::Down(edge) => reading.dependents(token).filter(|&child| is(self.graph.relation(child), edge)).collect(),
            Step::Up(edge) => self.graph.head(token).filter(|_| is(self.graph.relation(token), edge)).into_iter().collect(),
            Step::Below => self.graph.below(token).into_iter().filter(|&other| other != token).collect(),
            Step::Near(distance) => {
                let range =
                    reading.sentence_of(token).and_then(|at| reading.sentences.get(at)).map_or(0..0, |s| s.tokens.clone());
                let start = token.saturating_sub(*distance).max(range.start);
                let end = (token + distance + 1).min(range.end);
                (start..end).filter(|&other| other != token).collect()
            }
        }
    }
}
