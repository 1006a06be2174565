//! Learns which chains of mentions are agreements (`rules/en/recorded.toml`) from hand-labelled news: logistic regression with a
//! penalty on large weights, by gradient descent over all examples at once, so that the same data always give the same file.
use anyhow::{Context, Result, bail};
use chancery_agreement::{Article, DateBasis, Findings, Published};
use chancery_evaluate::agreements::{Aliases, paired};
use chancery_evaluate::sheet::{Sheet, read_labels};
use chancery_extract::Extractor;
use chancery_extract::record::{Features, NAMES};
use std::fmt::Write as _;
use std::path::Path;

/// Strength of the penalty, as scikit-learn's `1 / C`: chosen by cross-validation over the articles.
const PENALTY: f64 = 10.0;
/// Descent is over long before this many rounds.
const ROUNDS: usize = 6000;
/// Chains above this probability are recorded: cross-validation has its best F1 at .425; a little above it costs no F1 and saves false alarms.
const THRESHOLD: f64 = 0.45;

struct Example {
    features: Features,
    recorded: bool,
}

/// Learns from `data/gold/train` and writes the model to `out`.
pub fn train(data: &Path, out: &Path) -> Result<()> {
    let folder = data.join("gold/train");
    let aliases = Aliases::read(&data.join("evaluation/party_aliases.json"))?;
    let extractor = Extractor::new()?;
    let mut examples = Vec::new();
    for label in read_labels(&folder.join("labels"))? {
        let article = article(&folder.join("articles").join(format!("{}.json", label.stem)))?;
        let (features, agreements): (Vec<_>, Vec<_>) = extractor.candidates(&article).into_iter().unzip();
        let found = Sheet::of_findings(&article, &Findings { agreements, ..Findings::default() });
        let pairs = paired(&aliases, &label, &found);
        let right = |at: usize| pairs.iter().any(|(_, found)| *found == at);
        examples.extend(features.into_iter().enumerate().map(|(at, features)| Example { features, recorded: right(at) }));
    }
    if examples.is_empty() {
        bail!("no labelled article in {}", folder.display());
    }
    let (bias, weights) = descend(&examples);
    let mut text =
        String::from("# Learnt by `chancery-train --recorded`; crates/extract/src/record.rs says what the features mean.\n");
    let _ = write!(text, "bias = {bias:.4}\nthreshold = {THRESHOLD}\n\n[weights]\n");
    for (name, weight) in NAMES.iter().zip(weights) {
        let _ = writeln!(text, "{name} = {weight:.4}");
    }
    eprintln!("{} chains, {} of them agreements", examples.len(), examples.iter().filter(|example| example.recorded).count());
    std::fs::write(out, text).with_context(|| format!("cannot write {}", out.display()))
}

/// Minimises the logistic loss, summed over the examples, plus half the penalty times the squared weights.
fn descend(examples: &[Example]) -> (f64, Vec<f64>) {
    let rows: Vec<(Vec<f64>, f64)> = examples
        .iter()
        .map(|example| {
            let row = NAMES.iter().map(|name| example.features.get(name).copied().unwrap_or(0.0)).collect();
            (row, if example.recorded { 1.0 } else { 0.0 })
        })
        .collect();
    // A step of this size cannot overshoot: the curvature is at most a quarter of the summed squared features.
    let curvature: f64 = rows.iter().map(|(row, _)| 1.0 + row.iter().map(|x| x * x).sum::<f64>()).sum::<f64>() / 4.0 + PENALTY;
    let step = 1.0 / curvature;
    let (mut bias, mut weights) = (0.0_f64, vec![0.0_f64; NAMES.len()]);
    let (mut last_bias, mut last) = (bias, weights.clone());
    for round in 0..ROUNDS {
        // Nesterov's momentum: a plain descent would need a hundred times as many rounds.
        let lead = f64::from(u32::try_from(round).unwrap_or(u32::MAX)) / f64::from(u32::try_from(round + 3).unwrap_or(u32::MAX));
        let ahead_bias = bias + lead * (bias - last_bias);
        let ahead: Vec<f64> = weights.iter().zip(&last).map(|(now, then)| now + lead * (now - then)).collect();
        let mut slope_bias = 0.0;
        let mut slope: Vec<f64> = ahead.iter().map(|weight| PENALTY * weight).collect();
        for (row, recorded) in &rows {
            let sum: f64 = ahead_bias + row.iter().zip(&ahead).map(|(x, weight)| x * weight).sum::<f64>();
            let error = 1.0 / (1.0 + (-sum).exp()) - recorded;
            slope_bias += error;
            for (total, x) in slope.iter_mut().zip(row) {
                *total += error * x;
            }
        }
        (last_bias, last) = (bias, weights);
        bias = ahead_bias - step * slope_bias;
        weights = ahead.iter().zip(&slope).map(|(weight, slope)| weight - step * slope).collect();
    }
    (bias, weights)
}

fn article(file: &Path) -> Result<Article> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let value: serde_json::Value = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))?;
    let mut article = Article::plain(value["text"].as_str().unwrap_or_default());
    article.source = file.display().to_string();
    article.published = value["published"].as_str().map(|day| Published {
        value: day.to_owned(),
        time: None,
        basis: DateBasis::Metadata,
        span: None,
        confidence: 1.0,
    });
    Ok(article)
}
