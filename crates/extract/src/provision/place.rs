//! Which words may be a provision: clauses and phrases, and how far they reach.
use super::Scope;
use super::notes::{Notes, Tie};
use crate::agreements::Tools;
use crate::graph::Graph;
use crate::mention::Mention;
use chancery_agreement::{AgreementKind, Span};
use chancery_dissect::Upos;
use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Verb,
    Copula,
    Noun,
}

/// Where a candidate stands.
pub(super) struct Place {
    pub(super) token: usize,
    pub(super) form: Form,
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) tie: Tie,
    pub(super) span: Span,
    /// What its whole sentence holds.
    pub(super) phrases: Phrases,
}

/// Phrases of a sentence that tell of provisions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phrases {
    pub(super) in_return: bool,
    pub(super) also: bool,
    pub(super) by_its_terms: bool,
}

impl Phrases {
    pub(super) fn of(tools: &Tools<'_, '_, '_>, sentence: Range<usize>) -> Self {
        let mut words = " ".to_owned();
        for token in sentence {
            words.push_str(&tools.graph.reading().lower(token));
            words.push(' ');
        }
        let holds = |list| tools.lists.stands_in(list, &words);
        Self { in_return: holds("words-of-return"), also: holds("words-of-addition"), by_its_terms: holds("words-of-terms") }
    }
}

/// How far up the tree a subject is looked for.
pub(super) const REACH: usize = 5;

pub(super) fn ancestors(graph: Graph<'_, '_>, token: usize, reach: usize) -> Vec<usize> {
    std::iter::successors(graph.head(token), |&above| graph.head(above)).take(reach).collect()
}

pub(super) fn first_conjunct(graph: Graph<'_, '_>, token: usize) -> usize {
    let mut first = token;
    for _ in 0..6 {
        match graph.head(first).filter(|_| graph.base_relation(first) == "conj") {
            Some(head) => first = head,
            None => break,
        }
    }
    first
}

/// Subjects of the predicate at `token`, passive ones too: what is said of them is what matters here, not who does it.
pub(super) fn subjects(graph: Graph<'_, '_>, token: usize, reach: usize) -> Vec<usize> {
    let relative = |child: usize| matches!(&*graph.reading().lower(child), "that" | "which" | "who");
    let mut token = token;
    for _ in 0..=reach {
        let head = graph.head(token);
        let clause = graph.base_relation(token) == "acl";
        let own: Vec<usize> = graph
            .reading()
            .dependents(token)
            .filter(|&child| matches!(graph.base_relation(child), "nsubj" | "csubj"))
            .map(|child| head.filter(|_| clause && relative(child)).unwrap_or(child))
            .collect();
        let Some(head) = head.filter(|_| own.is_empty()) else { return own };
        match graph.base_relation(token) {
            "acl" => return vec![head],
            "xcomp" if graph.has(head, "obj") => return graph.down(head, "obj").collect(),
            "xcomp" | "conj" | "advcl" | "ccomp" => token = head,
            _ => return own,
        }
    }
    Vec::new()
}

pub(super) fn form(scope: &Scope<'_, '_, '_, '_>, notes: &Notes<'_>, token: usize) -> Option<Form> {
    let graph = scope.tools.graph;
    let relation = graph.base_relation(token);
    match graph.tag(token) {
        Upos::Verb if !matches!(relation, "amod" | "compound" | "case" | "mark") => return Some(Form::Verb),
        _ if matches!(relation, "root" | "ccomp" | "advcl" | "conj" | "acl" | "xcomp" | "parataxis")
            && (graph.has(token, "cop") || graph.has(token, "nsubj")) =>
        {
            return Some(Form::Copula);
        }
        Upos::Noun | Upos::Propn if matches!(relation, "obj" | "obl" | "nmod" | "conj" | "appos" | "root" | "nsubj") => {}
        _ => return None,
    }
    // "Signed a trade agreement": what is signed is no provision; "an agreement on fishing" says what it provides for.
    let says_something = |mention: &Mention| {
        let next = graph.reading().lower(mention.core.end);
        let told = mention.full.end > mention.core.end && scope.tools.lists.contains("content-prepositions", &next);
        told || mention.kind == AgreementKind::Ceasefire
    };
    if notes.at_head.get(&token).and_then(|&index| scope.mentions.get(index)).is_some_and(|mention| !says_something(mention)) {
        return None;
    }
    let first = first_conjunct(graph, token);
    let governor = graph.head(first)?;
    let relation = graph.base_relation(first);
    let of_agreement = notes.at_head.contains_key(&governor)
        && relation == "nmod"
        && graph.case(first).is_some_and(|case| scope.tools.lists.contains("content-prepositions", case));
    let of_verb = graph.tag(governor) == Upos::Verb && matches!(relation, "obj" | "obl" | "nsubj" | "nmod");
    (of_agreement || of_verb).then_some(Form::Noun)
}

/// Longest provision that is kept whole, in tokens; a longer one is cut at its last comma before this.
const LONGEST: usize = 45;

/// First and last token of the clause or phrase: without what introduces it and without the verbs that it is joined to.
pub(super) fn extent(graph: Graph<'_, '_>, head: usize, form: Form) -> Option<(usize, usize)> {
    let reading = graph.reading();
    let mut tokens: Vec<usize> = Vec::new();
    let mut queue = vec![head];
    let subject = graph.down(head, "nsubj").min();
    while let Some(token) = queue.pop() {
        tokens.push(token);
        let top = token == head;
        queue.extend(reading.dependents(token).filter(|&child| {
            let outside = match graph.base_relation(child) {
                "parataxis" | "discourse" => true,
                "punct" | "cc" | "mark" | "case" => top,
                "advcl" => top && child < head,
                "obl" | "advmod" => top && child < head && subject.is_none_or(|subject| child < subject),
                "conj" => top && (graph.tag(child) == Upos::Verb || form == Form::Noun),
                _ => false,
            };
            !outside
        }));
    }
    let mut first = tokens.iter().copied().min()?;
    let mut last = tokens.iter().copied().max()?;
    if last - first > LONGEST {
        let comma = (first + 6..first + LONGEST).rev().find(|&token| reading.form(token) == ",");
        last = comma.map_or(first + LONGEST, |comma| comma - 1);
    }
    while last > first && graph.tag(last) == Upos::Punct {
        last -= 1;
    }
    while first < last && (graph.tag(first) == Upos::Punct || matches!(&*reading.lower(first), "that" | "to" | "which" | "and")) {
        first += 1;
    }
    Some((first, last))
}
