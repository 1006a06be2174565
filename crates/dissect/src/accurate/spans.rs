//! Spans from label scores: the best sequence of BIO labels (Viterbi 1967), in which a span goes on only where one of its kind
//! has begun.
use super::error::Error;
use super::table::Table;
use std::ops::Range;

/// What a class of the network stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label<K> {
    Outside,
    First(K),
    Inside(K),
}

/// The labels of one head, in the order of its classes.
#[derive(Debug, Clone)]
pub struct Labels<K> {
    labels: Vec<Label<K>>,
    tuning: Tuning,
}

/// What was set on labeled text after training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tuning {
    /// Added to the log-probability of all labels but the one for "outside": above 0 for more spans, below for fewer.
    pub bias: f64,
    /// What the scores are divided by before they become probabilities (Guo et al. 2017): above 1 where the network is surer
    /// than it is right.
    pub temperature: f32,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { bias: 0.0, temperature: 1.0 }
    }
}

/// A span of words.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<K> {
    /// Its kind.
    pub kind: K,
    /// Its words, never empty.
    pub tokens: Range<usize>,
    /// Geometric mean of the probabilities of its words' labels, above 0 and at most 1.
    pub probability: f32,
}

impl<K: Copy + PartialEq> Labels<K> {
    /// Labels from the words of a model's description ("O", "B-PER", "I-PER", …); `kind` gives what stands behind the dash.
    ///
    /// # Errors
    /// Where a word is no label, or "O" is not the first.
    pub fn new(head: &str, words: &[String], tuning: Tuning, kind: impl Fn(&str) -> Option<K>) -> Result<Self, Error> {
        let label = |word: &String| match word.split_at_checked(2) {
            _ if word == "O" => Some(Label::Outside),
            Some(("B-", rest)) => kind(rest).map(Label::First),
            Some(("I-", rest)) => kind(rest).map(Label::Inside),
            _ => None,
        };
        let mut labels = Vec::with_capacity(words.len());
        for word in words {
            labels.push(label(word).ok_or_else(|| Error::description(format!("`{head}` has the unknown label `{word}`")))?);
        }
        if labels.first() != Some(&Label::Outside) {
            return Err(Error::description(format!("`{head}` does not begin with the label `O`")));
        }
        Ok(Self { labels, tuning })
    }

    /// Number of classes.
    #[must_use]
    pub fn n_classes(&self) -> usize {
        self.labels.len()
    }

    /// For each word the probability of standing inside a span of each kind, its first word or a later one. `scores` as in [`Self::spans`].
    #[must_use]
    pub fn inside(&self, scores: &Table<f32>) -> Vec<Vec<(K, f32)>> {
        let of_word = |word: usize| {
            let mut found: Vec<(K, f32)> = Vec::new();
            for (label, log) in self.labels.iter().zip(log_probabilities(scores.row(word), self.tuning.temperature)) {
                let (Label::First(kind) | Label::Inside(kind)) = *label else { continue };
                #[expect(clippy::cast_possible_truncation, reason = "a probability")]
                let probability = log.exp() as f32;
                match found.iter_mut().find(|(other, _)| *other == kind) {
                    Some((_, sum)) => *sum += probability,
                    None => found.push((kind, probability)),
                }
            }
            found
        };
        (0..scores.rows()).map(of_word).collect()
    }

    /// The spans of the best sequence of labels. `scores` has a row for each word and a column for each class.
    #[must_use]
    pub fn spans(&self, scores: &Table<f32>) -> Vec<Found<K>> {
        let temperature = self.tuning.temperature;
        let log: Vec<Vec<f64>> = (0..scores.rows()).map(|word| log_probabilities(scores.row(word), temperature)).collect();
        let mut spans: Vec<Found<K>> = Vec::new();
        let mut sum = 0.0;
        for (word, class) in self.best(&log).into_iter().enumerate() {
            let probability = log.get(word).and_then(|row| row.get(class)).copied().unwrap_or(f64::NEG_INFINITY);
            match (self.labels.get(class), spans.last_mut()) {
                (Some(Label::Inside(_)), Some(span)) if span.tokens.end == word => {
                    sum += probability;
                    span.tokens.end = word + 1;
                    span.probability = geometric_mean(sum, span.tokens.len());
                }
                (Some(&(Label::First(kind) | Label::Inside(kind))), _) => {
                    sum = probability;
                    spans.push(Found { kind, tokens: word..word + 1, probability: geometric_mean(sum, 1) });
                }
                _ => {}
            }
        }
        spans
    }

    /// The best sequence of classes for the words whose log-probabilities are `log`.
    fn best(&self, log: &[Vec<f64>]) -> Vec<usize> {
        let weight = |row: &[f64], class: usize| {
            let bias = if class == 0 { 0.0 } else { self.tuning.bias };
            row.get(class).copied().unwrap_or(f64::NEG_INFINITY) + bias
        };
        // For each class that goes on: where it may come from, its own first label and itself.
        let own_first: Vec<Option<usize>> = self.labels.iter().map(|label| self.first_of(*label)).collect();
        let mut reached: Vec<f64> = Vec::new();
        let mut origins: Vec<Vec<usize>> = Vec::with_capacity(log.len());
        for row in log {
            let before = std::mem::take(&mut reached);
            let anywhere = argmax(&before);
            let at = |class: usize| before.get(class).copied().unwrap_or(f64::NEG_INFINITY);
            let mut origin = Vec::with_capacity(self.labels.len());
            for (class, own_first) in own_first.iter().enumerate() {
                let (from, score) = match own_first {
                    None if before.is_empty() => (0, 0.0),
                    None => (anywhere, at(anywhere)),
                    Some(first) if at(*first) >= at(class) => (*first, at(*first)),
                    Some(_) => (class, at(class)),
                };
                origin.push(from);
                reached.push(score + weight(row, class));
            }
            origins.push(origin);
        }
        let mut class = argmax(&reached);
        let mut classes = Vec::with_capacity(log.len());
        for origin in origins.iter().rev() {
            classes.push(class);
            class = origin.get(class).copied().unwrap_or(0);
        }
        classes.reverse();
        classes
    }

    /// The class of the first label of the kind of `label`, where that goes on with a span; one outside of the classes where
    /// there is none, so that it is never reached.
    fn first_of(&self, label: Label<K>) -> Option<usize> {
        let Label::Inside(kind) = label else { return None };
        Some(self.labels.iter().position(|label| *label == Label::First(kind)).unwrap_or(usize::MAX))
    }
}

/// Index of the first of the largest numbers; 0 where there is none.
fn argmax(scores: &[f64]) -> usize {
    let mut found = (0, f64::NEG_INFINITY);
    for (at, &score) in scores.iter().enumerate() {
        if score > found.1 {
            found = (at, score);
        }
    }
    found.0
}

/// Logarithms of the probabilities that `scores`, divided by `temperature`, stand for (softmax).
#[must_use]
pub fn log_probabilities(scores: &[f32], temperature: f32) -> Vec<f64> {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = scores.iter().map(|&score| f64::from((score - highest) / temperature).exp()).sum();
    let log = |&score: &f32| f64::from((score - highest) / temperature) - sum.ln();
    scores.iter().map(log).map(|log| if log.is_nan() { f64::NEG_INFINITY } else { log }).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a probability of few words")]
fn geometric_mean(sum_of_logs: f64, n: usize) -> f32 {
    ((sum_of_logs / n as f64).exp() as f32).clamp(f32::MIN_POSITIVE, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(bias: f64) -> Labels<char> {
        let words = ["O", "B-P", "I-P", "B-L", "I-L"].map(str::to_owned);
        let tuning = Tuning { bias, ..Tuning::default() };
        Labels::new("names", &words, tuning, |kind| kind.chars().next()).expect("the labels are in order")
    }

    fn spans(bias: f64, rows: &[[f32; 5]]) -> Vec<(char, Range<usize>)> {
        let scores = Table::of(5, rows.concat()).expect("rows of five");
        labels(bias).spans(&scores).into_iter().map(|found| (found.kind, found.tokens)).collect()
    }

    #[test]
    fn a_span_goes_on_in_its_own_kind_only() {
        // The second word, by itself, would go on with a place.
        assert_eq!(spans(0.0, &[[0.0, 5.0, 0.0, 4.9, 0.0], [0.0, 0.0, 1.0, 0.0, 5.0]]), [('L', 0..2)]);
        assert_eq!(spans(0.0, &[[0.0, 9.0, 0.0, 0.0, 0.0], [0.0, 9.0, 0.0, 0.0, 0.0]]), [('P', 0..1), ('P', 1..2)]);
    }

    #[test]
    fn a_word_inside_a_span_is_its_first_or_a_later_one() {
        let found = labels(0.0).inside(&Table::of(5, vec![1.0, 1.0, 1.0, 1.0, 1.0]).expect("a row of five"));
        assert_eq!(found[0].iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), ['P', 'L']);
        assert!(found[0].iter().all(|(_, probability)| (probability - 0.4).abs() < 1e-6), "{found:?}");
    }

    #[test]
    fn no_span_begins_in_its_middle() {
        assert_eq!(spans(0.0, &[[3.0, 0.0, 9.0, 0.0, 0.0]]), []);
        assert_eq!(spans(0.0, &[]), []);
    }

    #[test]
    fn the_bias_brings_more_spans() {
        let doubtful = [[1.0, 0.5, 0.0, 0.0, 0.0]];
        assert_eq!(spans(0.0, &doubtful), []);
        assert_eq!(spans(1.0, &doubtful), [('P', 0..1)]);
    }

    #[test]
    fn a_temperature_makes_the_network_less_sure_and_leaves_its_choice() {
        let words = ["O", "B-P", "I-P"].map(str::to_owned);
        let probability = |temperature| {
            let tuning = Tuning { temperature, ..Tuning::default() };
            let labels = Labels::new("names", &words, tuning, |_| Some('P')).expect("the labels are in order");
            let found = labels.spans(&Table::of(3, vec![0.0, 4.0, 0.0]).expect("a row of three"));
            assert_eq!(found.len(), 1);
            found[0].probability
        };
        assert!(probability(2.0) < probability(1.0) && probability(2.0) > 0.5);
    }

    #[test]
    fn scores_that_are_no_numbers_give_probabilities_still() {
        let scores = Table::of(5, vec![f32::NAN; 10]).expect("rows of five");
        assert!(labels(0.0).spans(&scores).iter().all(|found| found.probability > 0.0 && found.probability <= 1.0));
        let scores = Table::of(5, vec![0.0, 9.0, 0.0, 0.0, 0.0]).expect("rows of five");
        let found = labels(0.0).spans(&scores);
        assert!(found[0].probability > 0.9 && found[0].probability < 1.0);
    }

    #[test]
    fn unknown_labels_are_refused() {
        let error = Labels::new("names", &["O".to_owned(), "B-QQ".to_owned()], Tuning::default(), |_| None::<char>)
            .expect_err("no such kind");
        assert!(error.to_string().contains("B-QQ"), "{error}");
        assert!(Labels::new("names", &["B-P".to_owned()], Tuning::default(), |_| Some('P')).is_err());
    }
}
