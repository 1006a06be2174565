//! Learns what statements are about and where their speakers stand (`rules/en/speech-weights.toml`) from hand-labelled news:
//! logistic regression with a penalty on large weights, by gradient descent over all examples at once, so that the same data
//! always give the same file.
//!
//! Each stance has a regression of its own against all others; the highest sum wins. The features do not depend on earlier
//! weights: one run is enough.
use crate::labeled::{Corpus, Labeled, each_article};
use anyhow::{Result, bail};
use chancery_agreement::{Findings, Stance};
use chancery_evaluate::agreements::{paired, paired_statements};
use chancery_evaluate::sheet::Sheet;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Strength of the penalty, as scikit-learn's `1 / C`, by cross-validation over the articles.
const ABOUT_PENALTY: f64 = 20.0;
/// The same for stances.
const STANCE_PENALTY: f64 = 10.0;
/// A statement about an agreement counts so much more for stances than one about anything else: those are asked for.
const ABOUT_WEIGHT: f64 = 2.0;
/// Above this probability a statement is about an agreement. By cross-validation over the articles the F1 of the link alone is best at
/// .12 and falls slowly from there, while a wrong link costs the precision of statements, speakers and stances all the way up; from
/// here on nothing more is gained. At .10 dev has .33 in place of .28 for the link, but .68 in place of .84 for statements.
const ABOUT_THRESHOLD: f64 = 0.33;
/// Features that fewer examples have are left out.
const RAREST: usize = 3;
/// Descent is over long before this many rounds.
const ROUNDS: usize = 400;
/// With `hold_back`, every so-manieth label is left out.
const HELD_BACK: usize = 4;

/// Features of one question, the answer, and how much it counts.
struct Example {
    features: Vec<String>,
    answer: usize,
    weight: f64,
}

/// Learns from `data/gold/train` and writes the weights to `out`.
pub fn train(data: &Path, out: &Path, hold_back: bool) -> Result<()> {
    let (mut about, mut stance) = (Vec::new(), Vec::new());
    let mut at = 0;
    each_article(
        data,
        &[Corpus::Gold, Corpus::Reports, Corpus::News],
        |Labeled { corpus, aliases, label, article, extractor }| {
            at += 1;
            if hold_back && corpus == Corpus::Gold && at % HELD_BACK == 0 {
                return;
            }
            let (findings, _) = extractor.extract(article);
            let samples = extractor.statement_samples(article);
            let statements = samples.iter().map(|sample| sample.statement.clone()).collect();
            let found = Sheet::of_findings(article, &Findings { statements, ..findings });
            let key_of: BTreeMap<&str, &str> = paired(aliases, label, &found)
                .into_iter()
                .filter_map(|(gold, own)| {
                    Some((label.agreements.get(gold)?.key.as_str(), found.agreements.get(own)?.key.as_str()))
                })
                .collect();
            let label_of: BTreeMap<usize, usize> =
                paired_statements(label, &found).into_iter().map(|(gold, own)| (own, gold)).collect();
            for (own, sample) in samples.into_iter().enumerate() {
                let gold = label_of.get(&own).and_then(|&gold| label.statements.get(gold));
                let key = gold.and_then(|gold| gold.about.as_deref());
                let wanted = key.and_then(|key| key_of.get(key).copied());
                // What is about an agreement that was not found teaches nothing.
                if key.is_none() || wanted.is_some() {
                    about.extend(sample.about.into_iter().map(|(key, features)| Example {
                        features,
                        answer: usize::from(Some(key.as_str()) == wanted),
                        weight: 1.0,
                    }));
                }
                let answer = gold
                    .and_then(|gold| gold.stance.as_deref())
                    .and_then(|word| Stance::ALL.iter().position(|own| own.as_str() == word));
                if let Some(answer) = answer {
                    let weight = if key.is_some() { ABOUT_WEIGHT } else { 1.0 };
                    stance.push(Example { features: sample.stance, answer, weight });
                }
            }
        },
    )?;
    if about.is_empty() || stance.is_empty() {
        bail!("no labelled statement in {}", data.join("gold/train").display());
    }
    eprintln!("{} questions what a statement is about, {} stances", about.len(), stance.len());
    std::fs::write(out, written(&about, &stance))?;
    Ok(())
}

fn written(about: &[Example], stance: &[Example]) -> String {
    let mut text = String::from(
        "# Weights, in hundredths, of the two small models of statements: which agreement a statement is about, and where its speaker\n\
         # stands. Learnt by `chancery-train --speech` from hand-labelled Wikinews articles (CC BY 2.5, https://en.wikinews.org);\n\
         # features are named in `crates/extract/src/statements/subject.rs` and `stance.rs`. Not written by hand.\n",
    );
    let names = names(about);
    let rows = rows(about, &names);
    let weights = descend(&rows, names.len(), |example| example == 1, ABOUT_PENALTY);
    let threshold = hundredths((ABOUT_THRESHOLD / (1.0 - ABOUT_THRESHOLD)).ln());
    let _ = write!(text, "[about]\nthreshold = {threshold}\n\n[about.weights]\n");
    for (name, weight) in names.iter().zip(&weights) {
        let weight = hundredths(*weight);
        if weight != 0 {
            let _ = writeln!(text, "{name:?} = {weight}");
        }
    }
    let names = self::names(stance);
    let rows = self::rows(stance, &names);
    let order: Vec<String> = Stance::ALL.iter().map(|stance| format!("{:?}", stance.as_str())).collect();
    let columns: Vec<Vec<f64>> =
        (0..order.len()).map(|own| descend(&rows, names.len(), |answer| answer == own, STANCE_PENALTY)).collect();
    let _ = write!(text, "\n[stance]\norder = [{}]\n\n[stance.weights]\n", order.join(", "));
    for (at, name) in names.iter().enumerate() {
        let weights: Vec<i64> = columns.iter().map(|column| hundredths(column[at])).collect();
        if weights.iter().any(|weight| *weight != 0) {
            let weights: Vec<String> = weights.iter().map(i64::to_string).collect();
            let _ = writeln!(text, "{name:?} = [{}]", weights.join(", "));
        }
    }
    text
}

#[expect(clippy::cast_possible_truncation, reason = "weights are small")]
fn hundredths(weight: f64) -> i64 {
    (weight * 100.0).round() as i64
}

/// The features that enough examples have, in order.
fn names(examples: &[Example]) -> Vec<&str> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for feature in examples.iter().flat_map(|example| &example.features) {
        *count.entry(feature).or_default() += 1;
    }
    count.into_iter().filter(|(_, count)| *count >= RAREST).map(|(name, _)| name).collect()
}

/// One example as the descent sees it: columns, answer, weight.
type Row = (Vec<usize>, usize, f64);

fn rows(examples: &[Example], names: &[&str]) -> Vec<Row> {
    let columns =
        |example: &Example| example.features.iter().filter_map(|name| names.binary_search(&name.as_str()).ok()).collect();
    examples.iter().map(|example| (columns(example), example.answer, example.weight)).collect()
}

/// Minimises the logistic loss of "is the answer one of `yes`", summed over the rows, plus half the penalty times the squared
/// weights.
fn descend(rows: &[Row], columns: usize, yes: impl Fn(usize) -> bool, penalty: f64) -> Vec<f64> {
    let longest = rows.iter().map(|(row, _, _)| row.len()).max().unwrap_or(0);
    // The curvature is at most a quarter of the largest eigenvalue of the squared features: bounded by the largest sum of a
    // column over its rows of their lengths.
    let mut sums = vec![0.0; columns];
    for (row, _, weight) in rows {
        for &column in row {
            sums[column] += weight * float(row.len().min(longest));
        }
    }
    let curvature = sums.iter().copied().fold(0.0, f64::max) / 4.0 + penalty;
    let step = 1.0 / curvature;
    let (mut weights, mut last) = (vec![0.0_f64; columns], vec![0.0_f64; columns]);
    for round in 0..ROUNDS {
        // Nesterov's momentum: a plain descent would need a hundred times as many rounds.
        let lead = float(round) / float(round + 3);
        let ahead: Vec<f64> = weights.iter().zip(&last).map(|(now, then)| now + lead * (now - then)).collect();
        let mut slope: Vec<f64> = ahead.iter().map(|weight| penalty * weight).collect();
        for (row, answer, weight) in rows {
            let sum: f64 = row.iter().map(|&column| ahead[column]).sum();
            let target = if yes(*answer) { 1.0 } else { 0.0 };
            let error = weight * (1.0 / (1.0 + (-sum).exp()) - target);
            for &column in row {
                slope[column] += error;
            }
        }
        last = weights;
        weights = ahead.iter().zip(&slope).map(|(weight, slope)| weight - step * slope).collect();
    }
    weights
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn float(count: usize) -> f64 {
    count as f64
}
