//! What the parties undertake and what the agreement provides.
use crate::agreements::Tools;
use crate::events::{agreement_of, head_of};
use crate::graph::Graph;
use crate::mention::{Mention, span_of};
use crate::rule::Records;
use crate::rule::matching::Match;
use chancery_agreement::{Commitment, CommitmentCategory, Evidence, Span, Strength};
use chancery_dissect::{MarkKind, Upos};
use std::collections::BTreeSet;

/// Longest provision that is kept whole, in tokens; a longer one is cut at its last comma before this.
const LONGEST: usize = 45;

/// A provision that a rule found.
#[derive(Debug, Clone)]
pub struct Provision {
    /// The mention of the agreement that it belongs to, by its head; `None` where only the party is told.
    pub agreement: Option<usize>,
    /// First token: for order and for finding the nearest agreement.
    pub token: usize,
    /// Actors that undertake it.
    pub by: Vec<String>,
    commitment: Commitment,
}

impl Provision {
    /// The cell.
    #[must_use]
    pub fn commitment(&self) -> &Commitment {
        &self.commitment
    }
}

/// The provisions that the matches of commitment rules give, in order of the text, none told twice.
#[must_use]
pub fn provisions(tools: &Tools<'_, '_, '_>, matches: &[Match<'_>]) -> Vec<Provision> {
    let mut found: Vec<Provision> = Vec::new();
    let mut taken: BTreeSet<(usize, usize)> = BTreeSet::new();
    for matched in matches {
        let Records::Commitment(category) = matched.rule.records else { continue };
        let heads = matched.argument("provision").iter().flat_map(|&head| acts(tools.graph, head));
        for head in heads {
            let Some(span) = extent(tools.graph, matched, head) else { continue };
            // The same words under two rules are one provision; a longer telling holds the shorter.
            if taken.iter().any(|&(start, end)| start < span.end() && span.start() < end) {
                continue;
            }
            if let Some(provision) = provision(tools, matched, category, span, head) {
                taken.insert((span.start(), span.end()));
                found.push(provision);
            }
        }
    }
    found.sort_by_key(|provision| provision.token);
    found
}

/// Marks of commitments below this probability are not looked at.
const LEAST_PROBABILITY: f32 = 0.1;

/// Adds the provisions that the reader's marks point out. Where a rule found the same words, the mark's extent and the rule's reasons
/// are one provision: the mark's stands.
pub fn add_marked(tools: &Tools<'_, '_, '_>, mentions: &[Mention], provisions: &mut Vec<Provision>) {
    let reading = tools.graph.reading();
    for mark in &reading.marks {
        let MarkKind::Commitment(guess) = mark.kind else { continue };
        if mark.probability < LEAST_PROBABILITY {
            continue;
        }
        let Some(evidence) = Evidence::new(reading.article, mark.span, "mark", mark.probability) else { continue };
        if evidence.quote().split_whitespace().count() < 3 {
            continue;
        }
        let Some(agreement) = agreement_of(tools, mentions, &mark.tokens).and_then(|index| mentions.get(index)) else { continue };
        let head = head_of(tools, &mark.tokens);
        let category = tools.categories.of(evidence.quote()).unwrap_or(guess);
        let strength = strength(tools.graph, head, head);
        let by: Vec<String> = tools
            .graph
            .subjects(head)
            .into_iter()
            .flat_map(|token| tools.speaks_for(token))
            .map(|actor| actor.actor)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let meets = |other: &Span| other.start() < mark.span.end() && mark.span.start() < other.end();
        provisions.retain(|other| !meets(&other.commitment.evidence.span()));
        provisions.push(Provision {
            agreement: Some(agreement.head),
            token: mark.tokens.start,
            by: by.clone(),
            commitment: Commitment { category, strength, by, evidence },
        });
    }
    provisions.sort_by_key(|provision| provision.token);
}

fn provision(
    tools: &Tools<'_, '_, '_>,
    matched: &Match<'_>,
    category: Option<CommitmentCategory>,
    span: Span,
    head: usize,
) -> Option<Provision> {
    let reading = tools.graph.reading();
    let rule = matched.rule;
    let evidence = Evidence::new(reading.article, span, &rule.name, rule.confidence)?;
    let words = evidence.quote();
    if words.split_whitespace().count() < 3 {
        return None;
    }
    let category = category.or_else(|| tools.categories.of(words)).unwrap_or(CommitmentCategory::Other);
    let strength = rule.strength.unwrap_or_else(|| strength(tools.graph, matched.trigger, head));
    let by: Vec<String> = matched
        .argument("party")
        .iter()
        .chain(&tools.graph.subjects(head))
        .flat_map(|&token| tools.speaks_for(token))
        .map(|actor| actor.actor)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    Some(Provision {
        agreement: matched.argument("agreement").first().copied(),
        token: matched.trigger,
        by: by.clone(),
        commitment: Commitment { category, strength, by, evidence },
    })
}

/// "will open the border, free prisoners and pay pensions" are three provisions.
fn acts(graph: Graph<'_, '_>, head: usize) -> Vec<usize> {
    if graph.tag(head) != Upos::Verb {
        return vec![head];
    }
    graph.with_conjuncts(head).into_iter().filter(|&token| token == head || graph.tag(token) == Upos::Verb).collect()
}

/// How binding the words are: by the auxiliaries of the verbs, then by the verbs themselves.
fn strength(graph: Graph<'_, '_>, trigger: usize, head: usize) -> Strength {
    let reading = graph.reading();
    for token in [head, trigger] {
        for aux in graph.down(token, "aux") {
            match reading.form(aux).to_lowercase().as_str() {
                "may" | "can" | "could" | "might" => return Strength::May,
                "should" => return Strength::Aim,
                "will" | "shall" | "must" => return Strength::Shall,
                _ => {}
            }
        }
    }
    match reading.lemma(trigger) {
        "allow" | "permit" | "enable" | "authorize" | "authorise" | "entitle" => Strength::May,
        "aim" | "seek" | "envisage" | "envision" | "foresee" => Strength::Aim,
        _ => Strength::Shall,
    }
}

/// The words of a provision: the verb phrase without its subject, or the clause below a verb of promising.
fn extent(graph: Graph<'_, '_>, matched: &Match<'_>, head: usize) -> Option<Span> {
    let reading = graph.reading();
    // "agreed to release prisoners": the content; "the pact bans mines": verb and object.
    let told_by_trigger = matches!(graph.base_relation(head), "obj" | "obl" | "xcomp" | "ccomp")
        && graph.head(head) == Some(matched.trigger)
        && !matched.argument("agreement").is_empty();
    let top = if told_by_trigger { matched.trigger } else { head };
    let mut tokens: Vec<usize> = Vec::new();
    let mut queue = vec![top];
    while let Some(token) = queue.pop() {
        tokens.push(token);
        for child in reading.dependents(token) {
            let relation = graph.base_relation(child);
            let outside = match relation {
                "punct" | "parataxis" | "discourse" => true,
                "nsubj" | "csubj" | "aux" | "cc" => token == top && told_by_trigger,
                "mark" => token == top,
                "advcl" => token == top && child < top,
                "obl" | "advmod" => token == top && child < top,
                "conj" => token == top && (told_by_trigger || graph.tag(child) == Upos::Verb),
                _ => false,
            };
            if !outside {
                queue.push(child);
            }
        }
    }
    tokens.sort_unstable();
    let mut first = *tokens.first()?;
    let mut last = *tokens.last()?;
    if last - first > LONGEST {
        let cut = (first + 6..first + LONGEST).rev().find(|&token| reading.form(token) == ",")?;
        last = cut - 1;
    }
    while last > first && graph.tag(last) == Upos::Punct {
        last -= 1;
    }
    while first < last && (graph.tag(first) == Upos::Punct || matches!(reading.form(first), "that" | "to" | "which" | "and")) {
        first += 1;
    }
    Some(span_of(reading, &(first..last + 1)))
}
