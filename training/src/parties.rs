//! Learns from hand-labelled news which actors near an agreement are its parties (`rules/en/parties.toml`).
use crate::labeled::{Corpus, Labeled, Source, each_article};
use crate::logistic::{Choice, Example, learn};
use anyhow::Result;
use chancery_agreement::Findings;
use chancery_evaluate::agreements::alike;
use chancery_evaluate::sheet::Sheet;
use chancery_extract::party::NAMES;
use std::path::Path;

/// Actors above this probability are parties: the best party F1 in cross-validation over the articles.
const CHOICE: Choice = Choice { threshold: 0.4, penalty: 2.0, word: 0.0, report: 0.0 };

/// Where they are learned from: what we wrote ourselves added nothing.
const CORPORA: [Corpus; 2] = [Corpus::Gold, Corpus::News];

/// Learns from the labelled articles and writes the model to `out`. Chains are paired with labels by their words alone: parties are what is
/// to be learnt.
pub fn train(source: Source<'_>, out: &Path) -> Result<()> {
    let examples = each_article(source, &CORPORA, |Labeled { corpus, number, aliases, label, article, extractor, .. }| {
        let candidates = extractor.candidates(article);
        let agreements = candidates.iter().map(|candidate| candidate.agreement.clone()).collect();
        let found = Sheet::of_findings(article, &Findings { agreements, ..Findings::default() });
        let mut examples = Vec::new();
        for (labelled, told) in alike(aliases, label, &found) {
            let (Some(gold), Some(candidate)) = (label.agreements.get(labelled), candidates.get(told)) else { continue };
            if gold.parties.is_empty() {
                continue;
            }
            examples.extend(candidate.parties.iter().map(|actor| Example {
                corpus,
                article: number,
                words: Vec::new(),
                features: actor.features.clone(),
                right: gold.parties.iter().any(|party| aliases.same_party(party, &actor.party.actor)),
            }));
        }
        examples
    })?;
    let first_line = "# Learnt by `chancery-train parties`; crates/extract/src/party.rs says what the features mean.";
    learn(first_line, NAMES, &examples, CHOICE, out)
}
