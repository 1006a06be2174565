//! Learns from hand-labelled news which clauses and phrases say what an agreement provides (`rules/en/provisions.toml`).
use crate::labeled::{Corpus, Labeled, Source, each_article};
use crate::logistic::{Choice, Example, learn};
use anyhow::Result;
use chancery_evaluate::agreements::same_words;
use chancery_extract::provision::{Candidate, NAMES};
use chancery_extract::words::Words;
use std::path::Path;

/// Candidates above this probability are provisions: the best commitment F1 in cross-validation over the articles.
const CHOICE: Choice = Choice { threshold: 0.3, penalty: 10.0, word: 0.5, report: 0.2 };

/// Where provisions are learned from.
const CORPORA: [Corpus; 3] = [Corpus::Gold, Corpus::Reports, Corpus::News];

/// Learns from the labelled articles and writes the model to `out`. A candidate is right where a labelled provision of its article has half
/// of its words, whichever agreement it belongs to there: what is a provision is to be learnt, not whose.
pub fn train(source: Source<'_>, out: &Path) -> Result<()> {
    let examples = each_article(source, &CORPORA, |Labeled { corpus, number, label, article, extractor, .. }| {
        let labelled: Vec<&str> =
            label.agreements.iter().flat_map(|agreement| &agreement.commitments).map(|cells| cells.quote.as_str()).collect();
        let example = |(candidate, _): (Candidate, Words)| {
            let quote = candidate.commitment.evidence.quote();
            let right = labelled.iter().any(|labelled| same_words(labelled, quote));
            Example { corpus, article: number, right, words: candidate.words.names().to_vec(), features: candidate.features }
        };
        extractor.considered(article).provisions.into_iter().map(example).collect::<Vec<_>>()
    })?;
    let first_line = "# Learnt by `chancery-train provisions`; crates/extract/src/provision.rs says what the features mean.";
    learn(first_line, NAMES, &examples, CHOICE, out)
}
