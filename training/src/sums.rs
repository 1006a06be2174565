//! Learns from labelled news which sums of money belong to an agreement (`rules/en/sums.toml`).
use crate::labeled::{Corpus, Labeled, Source, each_article};
use crate::logistic::{Choice, Example, learn};
use anyhow::Result;
use chancery_extract::sums::{Candidate, NAMES};
use std::path::Path;

/// Sums above this probability are an agreement's: the best F1 in cross-validation over the articles.
const CHOICE: Choice = Choice { threshold: 0.27, penalty: 5.0, word: 0.5, report: 1.0 };

/// Where they are learned from.
const CORPORA: [Corpus; 3] = [Corpus::Gold, Corpus::Reports, Corpus::News];

/// A sum is right where the labels of its article hold it, whichever agreement it belongs to there: what belongs to an agreement is to be
/// learned, not to which.
pub fn train(source: Source<'_>, out: &Path) -> Result<()> {
    let examples = each_article(source, &CORPORA, |Labeled { corpus, number, label, article, extractor, .. }| {
        let labelled: Vec<_> = label.agreements.iter().flat_map(|agreement| &agreement.money).collect();
        let example = |candidate: Candidate| {
            let money = &candidate.money;
            let same = |amount: f64| (amount - money.amount).abs() <= 0.005 * amount.abs();
            let right = labelled.iter().any(|own| own.currency == money.currency && same(own.amount));
            Example { corpus, article: number, right, words: candidate.words.names().to_vec(), features: candidate.features }
        };
        extractor.considered(article).sums.into_iter().map(example).collect::<Vec<_>>()
    })?;
    let first_line = "# Learned by `chancery-train sums`; crates/extract/src/sums.rs says what the features mean.";
    learn(first_line, NAMES, &examples, CHOICE, out)
}
