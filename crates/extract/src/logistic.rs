//! A logistic model over features that can be read and checked: its weights are a table in a file, one line a feature.
use crate::error::Error;
use crate::words::{WordWeights, Words};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Features of one candidate: those that hold, by name, each with its strength (mostly 1). A list: there are few, and they are made for
/// every pair of mentions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Features(Vec<(&'static str, f64)>);

impl Features {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Vec::with_capacity(32))
    }

    /// Notes that `name` holds with this strength; each name is noted once.
    pub fn insert(&mut self, name: &'static str, strength: f64) {
        debug_assert!(!self.contains(name), "{name} is noted twice");
        self.0.push((name, strength));
    }

    /// How strongly `name` holds, if it does.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        self.iter().find(|(own, _)| *own == name).map(|(_, strength)| strength)
    }

    /// True when `name` holds.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// All that hold, in the order in which they were noted.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, f64)> + '_ {
        self.0.iter().copied()
    }
}

/// The model.
#[derive(Debug, Clone, Default)]
pub struct Model {
    bias: f64,
    weights: FxHashMap<String, f64>,
    threshold: f64,
    words: WordWeights<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    bias: f64,
    threshold: f64,
    weights: BTreeMap<String, f64>,
    /// Weights of words, in hundredths.
    #[serde(default)]
    words: BTreeMap<String, i32>,
}

impl Model {
    /// Reads the model: file name (for errors), content, and the features that there are.
    ///
    /// # Errors
    /// The place in the file; a weight for a feature that does not exist is refused.
    pub fn read(file: &str, text: &str, names: &[&str]) -> Result<Self, Error> {
        let parsed: File = toml::from_str(text).map_err(|error| Error::toml(file, text, &error))?;
        if let Some(unknown) = parsed.weights.keys().find(|name| !names.contains(&name.as_str())) {
            return Err(Error::new(file, None, format!("unknown feature `{unknown}`; known are {}", names.join(", "))));
        }
        let words = WordWeights::new(parsed.words.into_iter().map(|(name, hundredths)| (name, f64::from(hundredths) / 100.0)));
        Ok(Self { bias: parsed.bias, weights: parsed.weights.into_iter().collect(), threshold: parsed.threshold, words })
    }

    /// Probability, 0 to 1, that the candidate is right.
    #[must_use]
    pub fn probability(&self, features: &Features) -> f64 {
        self.probability_with(features, &Words::default())
    }

    /// The same for a candidate of which words are known, too.
    #[must_use]
    pub fn probability_with(&self, features: &Features, words: &Words) -> f64 {
        let sum: f64 = features.iter().filter_map(|(name, value)| Some(self.weights.get(name)? * value)).sum();
        let of_words: f64 = self.words.of(words).sum();
        1.0 / (1.0 + (-(self.bias + sum + of_words)).exp())
    }

    /// Least probability, 0 to 1, of a candidate that is to be kept.
    #[must_use]
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// True when the candidate is to be kept.
    #[must_use]
    pub fn accepts(&self, features: &Features) -> bool {
        self.probability(features) >= self.threshold
    }
}
