//! Learns from hand-labelled news which words tell of a stage of an agreement (`rules/en/stages/weights.toml`).
use crate::labeled::{Corpus, Labeled, Source, each_article};
use crate::logistic::{Choice, Example, learn};
use anyhow::Result;
use chancery_agreement::{AgreementFinding, Findings};
use chancery_evaluate::agreements::{alike, same_stage};
use chancery_evaluate::sheet::Sheet;
use chancery_extract::agreements::Candidate;
use chancery_extract::stage;
use std::path::Path;

/// Tellings above this probability are recorded: the best stage F1 in cross-validation over the articles.
const CHOICE: Choice = Choice { threshold: 0.25, penalty: 10.0, word: 0.5, report: 0.2 };

/// The same for readings with marks.
const MARKED: f64 = 0.3;

/// Where they are learned from.
const CORPORA: [Corpus; 3] = [Corpus::Gold, Corpus::Reports, Corpus::News];

/// Learns from the labelled articles and writes the model to `out`. Only tellings of agreements that the labels hold, too, are learnt from.
pub fn train(source: Source<'_>, out: &Path) -> Result<()> {
    let examples = each_article(source, &CORPORA, |Labeled { corpus, number, aliases, label, article, extractor, .. }| {
        let candidates = extractor.candidates(article);
        let sheet =
            |agreements: Vec<AgreementFinding>| Sheet::of_findings(article, &Findings { agreements, ..Findings::default() });
        let found = sheet(candidates.iter().map(|candidate| candidate.agreement.clone()).collect());
        let tellings = sheet(candidates.iter().map(with_all_tellings).collect());
        let mut examples = Vec::new();
        for (labelled, told) in alike(aliases, label, &found) {
            let (Some(gold), Some(candidate), Some(cells)) =
                (label.agreements.get(labelled), candidates.get(told), tellings.agreements.get(told))
            else {
                continue;
            };
            for (telling, cell) in candidate.stages.iter().zip(&cells.stages) {
                // What the reader's marks alone propose says something only where they were not learned.
                let alone = telling.features.contains("only-marked") || telling.features.contains("only-in-focus");
                if corpus != Corpus::Gold && alone {
                    continue;
                }
                let right = gold.stages.iter().any(|stage| same_stage(stage, cell));
                examples.push(Example {
                    corpus,
                    article: number,
                    words: telling.words.names().to_vec(),
                    features: telling.features.clone(),
                    right,
                });
            }
        }
        examples
    })?;
    let first_line = "# Learnt by `chancery-train stages`; crates/extract/src/stage.rs says what the features mean.";
    let threshold = if source.halves.is_some() { MARKED } else { CHOICE.threshold };
    learn(first_line, &stage::names(), &examples, Choice { threshold, ..CHOICE }, out)
}

fn with_all_tellings(candidate: &Candidate) -> AgreementFinding {
    let stages = candidate.stages.iter().map(|telling| telling.stage.clone()).collect();
    AgreementFinding { stages, ..candidate.agreement.clone() }
}
