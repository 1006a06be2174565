//! Learns from hand-labelled news which chains of mentions are agreements (`rules/en/recorded.toml`).
use crate::labeled::{Corpus, Labeled, Source, each_article};
use crate::logistic::{Choice, Example, learn};
use anyhow::Result;
use chancery_agreement::Findings;
use chancery_evaluate::agreements::paired;
use chancery_evaluate::sheet::Sheet;
use chancery_extract::agreements::Candidate;
use chancery_extract::record::NAMES;
use std::path::Path;

/// Chains of this probability are recorded: cross-validation has its best F1 a little below it; the bar costs next to no F1 and saves false
/// alarms.
const CHOICE: Choice = Choice { threshold: 0.37, penalty: 5.0, word: 0.3, report: 0.2 };

/// Where they are learned from.
const CORPORA: [Corpus; 3] = [Corpus::Gold, Corpus::Reports, Corpus::News];

/// Learns from the labelled articles and writes the model to `out`.
pub fn train(source: Source<'_>, out: &Path) -> Result<()> {
    let examples = each_article(source, &CORPORA, |Labeled { corpus, number, aliases, label, article, extractor, .. }| {
        let candidates = extractor.candidates(article);
        let agreements = candidates.iter().map(|candidate| candidate.agreement.clone()).collect();
        let found = Sheet::of_findings(article, &Findings { agreements, ..Findings::default() });
        let pairs = paired(aliases, label, &found);
        let right = |at: usize| pairs.iter().any(|(_, found)| *found == at);
        let each = candidates.into_iter().enumerate();
        let example = |(at, candidate): (usize, Candidate)| Example {
            corpus,
            article: number,
            words: candidate.words.names().to_vec(),
            features: candidate.features,
            right: right(at),
        };
        each.map(example).collect::<Vec<_>>()
    })?;
    let first_line = "# Learnt by `chancery-train recorded`; crates/extract/src/record.rs says what the features mean.";
    learn(first_line, NAMES, &examples, CHOICE, out)
}
