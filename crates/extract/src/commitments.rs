//! How binding the words of a commitment are, and the provisions that the reader's marks point out.
use crate::agreements::Tools;
use crate::events::{agreement_of, head_of};
use crate::graph::Graph;
use crate::logistic::Features;
use crate::mention::Mention;
use crate::provision::Candidate;
use crate::words::Words;
use chancery_agreement::{Commitment, Evidence, Strength};
use chancery_dissect::MarkKind;
use std::collections::{BTreeMap, BTreeSet};

/// Marks of commitments below this probability are not looked at.
const LEAST_PROBABILITY: f32 = 0.1;

/// The provisions that the reader's marks point out, for the agreements that `of_mention` leads to.
#[must_use]
pub fn marked(tools: &Tools<'_, '_, '_>, mentions: &[Mention], of_mention: &BTreeMap<usize, usize>) -> Vec<Candidate> {
    let reading = tools.graph.reading();
    let mut found = Vec::new();
    for mark in &reading.marks {
        let MarkKind::Commitment(guess) = mark.kind else { continue };
        if mark.probability < LEAST_PROBABILITY {
            continue;
        }
        let Some(evidence) = Evidence::new(reading.article, mark.span, "mark", mark.probability) else { continue };
        if evidence.quote().split_whitespace().count() < 3 {
            continue;
        }
        let Some(mention) = agreement_of(tools, mentions, &mark.tokens) else { continue };
        let Some(&agreement) = of_mention.get(&mention) else { continue };
        let head = head_of(tools, &mark.tokens);
        let strength = strength(tools.graph, head, head);
        let subjects = tools.graph.subjects(head).into_iter();
        let by: BTreeSet<String> = subjects.flat_map(|token| tools.speaks_for(token)).map(|actor| actor.actor).collect();
        let commitment = Commitment { category: guess, strength, by: by.into_iter().collect(), evidence };
        found.push(Candidate {
            agreement,
            features: Features::new(),
            words: Words::default(),
            mention,
            commitment,
            fixed: false,
            told: true,
        });
    }
    found
}

/// How binding the words are: by the auxiliaries of the verbs, then by the verbs themselves.
pub(crate) fn strength(graph: Graph<'_, '_>, trigger: usize, head: usize) -> Strength {
    let reading = graph.reading();
    for token in [head, trigger] {
        for aux in graph.down(token, "aux") {
            match &*reading.lower(aux) {
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
