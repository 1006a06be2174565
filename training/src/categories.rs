//! Learns from labelled news which category a provision belongs to (`rules/en/category-weights.toml`): multinomial logistic regression
//! with a penalty on large weights, every category counting the same however many provisions belong to it.
use crate::labeled::{Corpus, Labeled, Source, each_article};
use crate::logistic::{common, hundredths};
use anyhow::{Context, Result, bail};
use chancery_agreement::CommitmentCategory;
use chancery_evaluate::agreements::same_words;
use std::fmt::Write as _;
use std::path::Path;

/// Words that stand with fewer clauses are left out.
const RAREST: usize = 3;
/// Strength of the penalty, as scikit-learn's `1 / C`, by cross-validation over the articles.
const PENALTY: f64 = 0.33;
/// Weights nearer to nought, in hundredths, are left out.
const LEAST: i64 = 12;
/// Descent is over long before this many rounds.
const ROUNDS: usize = 400;

/// How much a word counts by what it is: lists that people wrote are trusted more than single words.
fn value(word: &str) -> f64 {
    match word.split(' ').next() {
        Some("list") => 1.5,
        Some("in") => 0.7,
        Some("name") => 0.4,
        _ => 0.5,
    }
}

/// Learns from every clause and phrase that has half of the words of a labelled provision, and writes the model to `out`.
pub fn train(source: Source<'_>, out: &Path) -> Result<()> {
    let examples =
        each_article(source, &[Corpus::Gold, Corpus::Reports, Corpus::News], |Labeled { label, article, extractor, .. }| {
            let labelled: Vec<_> = label.agreements.iter().flat_map(|agreement| &agreement.commitments).collect();
            let mut examples: Vec<(Vec<String>, CommitmentCategory)> = Vec::new();
            for (candidate, words) in extractor.considered(article).provisions {
                let quote = candidate.commitment.evidence.quote();
                let told = labelled.iter().find(|cells| same_words(&cells.quote, quote));
                if let Some(category) = told.and_then(|cells| cells.category.parse().ok()) {
                    examples.push((words.names().to_vec(), category));
                }
            }
            examples
        })?;
    if examples.is_empty() {
        bail!("no labelled provision to learn from");
    }
    eprintln!("{} clauses with a category", examples.len());
    std::fs::write(out, written(&examples)).with_context(|| format!("cannot write {}", out.display()))
}

const CATEGORIES: usize = CommitmentCategory::ALL.len();

/// Weights of the intercept or of one word, by category.
type Weights = [f64; CATEGORIES];

/// One clause as the descent sees it: columns with their values, its category, how much it counts.
type Row = (Vec<(usize, f64)>, usize, f64);

fn written(examples: &[(Vec<String>, CommitmentCategory)]) -> String {
    let words = common(examples.iter().map(|(words, _)| words.as_slice()), RAREST);
    let place = |category: CommitmentCategory| CommitmentCategory::ALL.iter().position(|own| *own == category).unwrap_or(0);
    let mut counts = [0.0; CATEGORIES];
    for (_, category) in examples {
        counts[place(*category)] += 1.0;
    }
    let present: Vec<f64> = counts.iter().copied().filter(|count| *count > 0.0).collect();
    let mean = present.iter().sum::<f64>() / present.iter().map(|_| 1.0).sum::<f64>();
    let row = |(told, category): &(Vec<String>, CommitmentCategory)| -> Row {
        let columns = told.iter().filter_map(|word| Some((*words.get(word.as_str())?, value(word)))).collect();
        (columns, place(*category), mean / counts[place(*category)])
    };
    let rows: Vec<Row> = examples.iter().map(row).collect();
    let (bias, weights) = descend(&rows, words.len());
    let mut text = String::from(
        "# Weights, in hundredths, of the categories of commitments. Learned by `chancery-train categories`; not written by hand.\n\
         # crates/extract/src/category_model.rs says what the words mean.\n[bias]\n",
    );
    for (category, bias) in CommitmentCategory::ALL.iter().zip(bias) {
        let _ = writeln!(text, "{} = {}", category.as_str(), hundredths(bias));
    }
    text.push_str("\n[words]\n");
    for (word, at) in &words {
        let weights = CommitmentCategory::ALL.iter().zip(&weights[*at]);
        let told: Vec<String> = weights
            .map(|(category, weight)| (category, hundredths(weight * value(word))))
            .filter(|(_, weight)| weight.abs() >= LEAST)
            .map(|(category, weight)| format!("{} = {weight}", category.as_str()))
            .collect();
        if !told.is_empty() {
            let _ = writeln!(text, "{word:?} = {{ {} }}", told.join(", "));
        }
    }
    eprintln!("{} categories of {CATEGORIES} have an example", present.len());
    text
}

/// Minimises the summed log loss plus half the penalty times the squared weights: the intercepts and the weights of each column.
fn descend(rows: &[Row], columns: usize) -> (Weights, Vec<Weights>) {
    // The curvature is at most half the diagonal of the sums of each column's values, each times the sum of its row: steps of that size
    // cannot overshoot, and the words that few clauses hold get there as soon as the others.
    let mut sums = vec![0.0; columns + 1];
    for (row, _, weight) in rows {
        let length = 1.0 + row.iter().map(|(_, value)| value).sum::<f64>();
        sums[columns] += weight * length;
        for (column, value) in row {
            sums[*column] += weight * value * length;
        }
    }
    let steps: Vec<f64> = sums.iter().map(|sum| 1.0 / (sum / 2.0 + PENALTY)).collect();
    // The last column is the intercept.
    let (mut weights, mut last) = (vec![[0.0; CATEGORIES]; columns + 1], vec![[0.0; CATEGORIES]; columns + 1]);
    for round in 0..ROUNDS {
        // Nesterov's momentum: a plain descent would need a hundred times as many rounds.
        let round = f64::from(u32::try_from(round).unwrap_or(u32::MAX));
        let lead = round / (round + 3.0);
        let mut ahead = weights.clone();
        for (ahead, last) in ahead.iter_mut().flatten().zip(last.iter().flatten()) {
            *ahead += lead * (*ahead - last);
        }
        let mut slope = ahead.clone();
        slope.iter_mut().take(columns).flatten().for_each(|slope| *slope *= PENALTY);
        slope[columns] = [0.0; CATEGORIES];
        for (row, own, weight) in rows {
            let mut scores = ahead[columns];
            for (column, value) in row {
                for (score, weight) in scores.iter_mut().zip(&ahead[*column]) {
                    *score += weight * value;
                }
            }
            let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mut errors = scores.map(|score| (score - most).exp());
            let total: f64 = errors.iter().sum();
            for (category, error) in errors.iter_mut().enumerate() {
                *error = weight * (*error / total - if category == *own { 1.0 } else { 0.0 });
            }
            for (column, value) in row.iter().copied().chain([(columns, 1.0)]) {
                for (slope, error) in slope[column].iter_mut().zip(&errors) {
                    *slope += error * value;
                }
            }
        }
        last = weights;
        for ((ahead, slope), step) in ahead.iter_mut().zip(&slope).zip(&steps) {
            for (ahead, slope) in ahead.iter_mut().zip(slope) {
                *ahead -= step * slope;
            }
        }
        weights = ahead;
    }
    let bias = weights.pop().unwrap_or([0.0; CATEGORIES]);
    (bias, weights)
}
