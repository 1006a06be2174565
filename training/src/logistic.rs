//! Logistic regression with a penalty on large weights, by gradient descent over all examples at once, so that the same data always
//! give the same file.
use anyhow::{Context, Result, bail};
use chancery_extract::logistic::Features;
use std::fmt::Write as _;
use std::path::Path;

/// Descent is over long before this many rounds.
const ROUNDS: usize = 6000;

/// One candidate with what is known of it, and whether it is right.
pub struct Example {
    pub features: Features,
    pub right: bool,
}

/// What cross-validation over the articles chose for a model.
#[derive(Clone, Copy)]
pub struct Choice {
    /// Candidates of this probability and above are kept.
    pub threshold: f64,
    /// Strength of the penalty, as scikit-learn's `1 / C`.
    pub penalty: f64,
}

/// Learns a model over the features `names` and writes it to `out` with a first line that says where it comes from.
pub fn learn(first_line: &str, names: &[&str], examples: &[Example], choice: Choice, out: &Path) -> Result<()> {
    if examples.is_empty() {
        bail!("no labelled article to learn from");
    }
    let (bias, weights) = descend(names, examples, choice.penalty);
    let mut text = format!("{first_line}\nbias = {bias:.4}\nthreshold = {}\n\n[weights]\n", choice.threshold);
    for (name, weight) in names.iter().zip(weights) {
        let _ = writeln!(text, "{name} = {weight:.4}");
    }
    eprintln!("{} candidates, {} of them right", examples.len(), examples.iter().filter(|example| example.right).count());
    std::fs::write(out, text).with_context(|| format!("cannot write {}", out.display()))
}

/// Minimises the logistic loss, summed over the examples, plus half the penalty times the squared weights.
fn descend(names: &[&str], examples: &[Example], penalty: f64) -> (f64, Vec<f64>) {
    let rows: Vec<(Vec<f64>, f64)> = examples
        .iter()
        .map(|example| {
            let row = names.iter().map(|name| example.features.get(name).copied().unwrap_or(0.0)).collect();
            (row, if example.right { 1.0 } else { 0.0 })
        })
        .collect();
    // A step of this size cannot overshoot: the curvature is at most a quarter of the summed squared features.
    let curvature: f64 = rows.iter().map(|(row, _)| 1.0 + row.iter().map(|x| x * x).sum::<f64>()).sum::<f64>() / 4.0 + penalty;
    let step = 1.0 / curvature;
    let (mut bias, mut weights) = (0.0_f64, vec![0.0_f64; names.len()]);
    let (mut last_bias, mut last) = (bias, weights.clone());
    for round in 0..ROUNDS {
        // Nesterov's momentum: a plain descent would need a hundred times as many rounds.
        let lead = f64::from(u32::try_from(round).unwrap_or(u32::MAX)) / f64::from(u32::try_from(round + 3).unwrap_or(u32::MAX));
        let ahead_bias = bias + lead * (bias - last_bias);
        let ahead: Vec<f64> = weights.iter().zip(&last).map(|(now, then)| now + lead * (now - then)).collect();
        let mut slope_bias = 0.0;
        let mut slope: Vec<f64> = ahead.iter().map(|weight| penalty * weight).collect();
        for (row, right) in &rows {
            let sum: f64 = ahead_bias + row.iter().zip(&ahead).map(|(x, weight)| x * weight).sum::<f64>();
            let error = 1.0 / (1.0 + (-sum).exp()) - right;
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
