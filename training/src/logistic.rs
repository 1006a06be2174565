//! Logistic regression with a penalty on large weights, by gradient descent over all examples at once, so that the same data always
//! give the same file.
use crate::labeled::Corpus;
use anyhow::{Context, Result, bail};
use chancery_extract::logistic::Features;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Descent is over long before this many rounds.
const ROUNDS: usize = 1000;

/// Words that stand with fewer examples are left out.
const RAREST: usize = 6;

/// True for features that come of what a reader was taught of agreements.
pub fn is_taught(feature: &str) -> bool {
    feature.starts_with("mark-") || feature.starts_with("focus")
}

/// One candidate with what is known of it, and whether it is right.
pub struct Example {
    pub corpus: Corpus,
    /// The place of its article in the order of that corpus.
    pub article: usize,
    pub features: Features,
    pub words: Vec<String>,
    pub right: bool,
}

/// What cross-validation over the articles chose for a model.
#[derive(Clone, Copy)]
pub struct Choice {
    /// Candidates of this probability and above are kept.
    pub threshold: f64,
    /// Strength of the penalty, as scikit-learn's `1 / C`.
    pub penalty: f64,
    /// Value of a word that is there, against 1 of a feature that holds: the less, the less is trusted to single words.
    pub word: f64,
    /// How much an example from a report that we wrote counts, against 1 of one from the news.
    pub report: f64,
}

/// Learns a model over the features `names` and over words, and writes it to `out` with a first line that says where it comes from.
/// Corpora of other base rates get an intercept of their own, which is learned and then forgotten.
pub fn learn(first_line: &str, names: &[&str], examples: &[Example], choice: Choice, out: &Path) -> Result<()> {
    if examples.is_empty() {
        bail!("no labelled article to learn from");
    }
    let table = Columns::new(names, examples, choice);
    let rows: Vec<Row> = examples.iter().map(|example| table.row(example)).collect();
    judge(&table, examples, &rows);
    let (bias, weights) = descend(&rows, table.count(), choice.penalty);
    let mut text = format!("{first_line}\nbias = {bias:.4}\nthreshold = {}\n\n[weights]\n", choice.threshold);
    for (name, weight) in names.iter().zip(&weights) {
        let _ = writeln!(text, "{name} = {weight:.4}");
    }
    if !table.words.is_empty() {
        text.push_str("\n# In hundredths.\n[words]\n");
    }
    for (word, at) in &table.words {
        let hundredths = hundredths(weights[names.len() + at] * choice.word);
        if hundredths.abs() > 1 {
            let _ = writeln!(text, "{word:?} = {hundredths}");
        }
    }
    std::fs::write(out, text).with_context(|| format!("cannot write {}", out.display()))
}

/// Corpora of other base rates than `gold/train`.
const FOREIGN: [Corpus; 2] = [Corpus::Reports, Corpus::News];

/// What stands in which column: the features, the words, the intercepts of the other corpora.
struct Columns<'e> {
    names: &'e [&'e str],
    words: BTreeMap<&'e str, usize>,
    choice: Choice,
}

impl<'e> Columns<'e> {
    fn new(names: &'e [&'e str], examples: &'e [Example], choice: Choice) -> Self {
        Self { names, words: common(examples.iter().map(|example| example.words.as_slice()), RAREST), choice }
    }

    fn count(&self) -> usize {
        self.names.len() + self.words.len() + FOREIGN.len()
    }

    fn row(&self, example: &Example) -> Row {
        let base = self.names.len();
        // The articles of the other corpora taught the reader its marks: there it is surer of them than it will ever be again. Those of
        // `gold/train` are read by readers that they taught nothing (`Source::halves`).
        let unseen = |name: &str| example.corpus == Corpus::Gold || !is_taught(name);
        let known = self.names.iter().enumerate().filter(|(_, name)| unseen(name));
        let features = known.filter_map(|(at, name)| Some((at, example.features.get(name)?)));
        let told = example.words.iter().filter_map(|word| Some((base + *self.words.get(word.as_str())?, self.choice.word)));
        let corpus = FOREIGN.iter().position(|corpus| *corpus == example.corpus);
        Row {
            columns: features.chain(told).chain(corpus.map(|at| (base + self.words.len() + at, 1.0))).collect(),
            right: example.right,
            offset: 0.0,
            weight: if example.corpus == Corpus::Reports { self.choice.report } else { 1.0 },
        }
    }
}

/// Parts into which the articles of `gold/train` are cut for judging.
const FOLDS: usize = 5;

/// Prints how good the model is on articles of `gold/train` that taught it nothing: each fifth of them judged by a model of all else.
fn judge(table: &Columns<'_>, examples: &[Example], rows: &[Row]) {
    let mut judged: Vec<(f64, bool)> = Vec::new();
    for fold in 0..FOLDS {
        let is_held = |example: &Example| example.corpus == Corpus::Gold && example.article % FOLDS == fold;
        let both = || examples.iter().zip(rows);
        let taught: Vec<Row> = both().filter(|(example, _)| !is_held(example)).map(|(_, row)| row.clone()).collect();
        let (bias, weights) = descend(&taught, table.count(), table.choice.penalty);
        let score = |row: &Row| bias + row.columns.iter().map(|(column, value)| weights[*column] * value).sum::<f64>();
        judged.extend(both().filter(|(example, _)| is_held(example)).map(|(_, row)| (score(row), row.right)));
    }
    let right = judged.iter().filter(|(_, right)| *right).count();
    let bar = (table.choice.threshold / (1.0 - table.choice.threshold)).ln();
    let kept: Vec<bool> = judged.iter().filter(|(score, _)| *score >= bar).map(|(_, right)| *right).collect();
    let hits = kept.iter().filter(|right| **right).count();
    eprintln!(
        "{} candidates, {} of them right; in cross-validation over gold/train ({} candidates, {right} right) average precision {:.3}, \
         F1 {:.3} at {}",
        examples.len(),
        examples.iter().filter(|example| example.right).count(),
        judged.len(),
        average_precision(judged, right),
        2.0 * float(hits) / float((kept.len() + right).max(1)),
        table.choice.threshold,
    );
}

/// The mean of the precision at each right one, the surest first.
fn average_precision(mut judged: Vec<(f64, bool)>, right: usize) -> f64 {
    judged.sort_by(|one, other| other.0.total_cmp(&one.0));
    let (mut hits, mut sum) = (0, 0.0);
    for (at, _) in judged.iter().enumerate().filter(|(_, (_, right))| *right) {
        hits += 1;
        sum += float(hits) / float(at + 1);
    }
    sum / float(right.max(1))
}

/// The words that stand with at least `rarest` examples, in order, with their places.
pub fn common<'w>(examples: impl Iterator<Item = &'w [String]>, rarest: usize) -> BTreeMap<&'w str, usize> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for word in examples.flatten() {
        *counts.entry(word).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count >= rarest).enumerate().map(|(at, (word, _))| (word, at)).collect()
}

/// A weight as it is written.
#[expect(clippy::cast_possible_truncation, reason = "weights are small")]
pub fn hundredths(weight: f64) -> i64 {
    (weight * 100.0).round() as i64
}

/// One example as the descent sees it.
#[derive(Clone)]
pub struct Row {
    /// The features that hold: column and value.
    pub columns: Vec<(usize, f64)>,
    /// The answer.
    pub right: bool,
    /// What speaks for it before anything is learned.
    pub offset: f64,
    /// How much it counts.
    pub weight: f64,
}

/// Minimises the logistic loss, summed over the rows, plus half the penalty times the squared weights. Gives the intercept and the
/// weight of each column.
pub fn descend(rows: &[Row], columns: usize, penalty: f64) -> (f64, Vec<f64>) {
    // The curvature is at most a quarter of the diagonal of the sums of each column's values, each times the sum of its row: steps of that
    // size cannot overshoot, and the words that few candidates hold get there as soon as the others.
    let mut sums = vec![0.0; columns + 1];
    for row in rows {
        let length = 1.0 + row.columns.iter().map(|(_, value)| value.abs()).sum::<f64>();
        sums[columns] += row.weight * length;
        for (column, value) in &row.columns {
            sums[*column] += row.weight * value.abs() * length;
        }
    }
    let steps: Vec<f64> = sums.iter().map(|sum| 1.0 / (sum / 4.0 + penalty)).collect();
    let (mut bias, mut weights) = (0.0_f64, vec![0.0_f64; columns]);
    let (mut last_bias, mut last) = (bias, weights.clone());
    for round in 0..ROUNDS {
        // Nesterov's momentum: a plain descent would need a hundred times as many rounds.
        let lead = float(round) / float(round + 3);
        let ahead_bias = bias + lead * (bias - last_bias);
        let ahead: Vec<f64> = weights.iter().zip(&last).map(|(now, then)| now + lead * (now - then)).collect();
        let mut slope_bias = 0.0;
        let mut slope: Vec<f64> = ahead.iter().map(|weight| penalty * weight).collect();
        for row in rows {
            let sum: f64 =
                row.offset + ahead_bias + row.columns.iter().map(|(column, value)| ahead[*column] * value).sum::<f64>();
            let target = if row.right { 1.0 } else { 0.0 };
            let error = row.weight * (1.0 / (1.0 + (-sum).exp()) - target);
            slope_bias += error;
            for (column, value) in &row.columns {
                slope[*column] += error * value;
            }
        }
        (last_bias, last) = (bias, weights);
        bias = ahead_bias - steps[columns] * slope_bias;
        weights = ahead.iter().zip(&slope).zip(&steps).map(|((weight, slope), step)| weight - step * slope).collect();
    }
    (bias, weights)
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn float(count: usize) -> f64 {
    count as f64
}
