//! Small linear models over named features, learnt from labelled news and kept as data: whether a statement is about an agreement,
//! which one of several, and where its speaker stands.
use crate::error::Error;
use crate::words::{WordWeights, Words};
use chancery_agreement::Stance;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Weights are whole numbers in the file, in hundredths.
const UNIT: f32 = 0.01;

/// The three models.
#[derive(Debug, Clone, Default)]
pub struct Model {
    about: WordWeights<f32>,
    threshold: f32,
    choice: WordWeights<f32>,
    stance: WordWeights<[f32; 6]>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: About,
    choice: Choice,
    stance: StanceWeights,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    threshold: i32,
    weights: BTreeMap<String, i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    weights: BTreeMap<String, i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StanceWeights {
    order: Vec<String>,
    weights: BTreeMap<String, Vec<i32>>,
}

#[allow(clippy::cast_precision_loss)]
fn weight(hundredths: i32) -> f32 {
    hundredths as f32 * UNIT
}

impl Model {
    /// Reads the file of weights: pair of file name (for errors) and content.
    ///
    /// # Errors
    /// The place in the file and what was expected.
    pub fn read(file: &str, text: &str) -> Result<Self, Error> {
        let parsed: File = toml::from_str(text).map_err(|error| Error::toml(file, text, &error))?;
        let known: Vec<&str> = Stance::ALL.iter().map(|stance| stance.as_str()).collect();
        if parsed.stance.order.iter().map(String::as_str).ne(known.iter().copied()) {
            return Err(Error::new(file, None, format!("`stance.order` must be {}", known.join(", "))));
        }
        let mut stance = Vec::new();
        for (feature, weights) in parsed.stance.weights {
            let six: [i32; 6] = weights
                .try_into()
                .map_err(|_| Error::new(file, None, format!("feature `{feature}` of `stance` needs six weights")))?;
            stance.push((feature, six.map(weight)));
        }
        let table = |weights: BTreeMap<String, i32>| {
            WordWeights::new(weights.into_iter().map(|(feature, hundredths)| (feature, weight(hundredths))))
        };
        let (about, choice) = (table(parsed.about.weights), table(parsed.choice.weights));
        Ok(Self { about, threshold: weight(parsed.about.threshold), choice, stance: WordWeights::new(stance) })
    }

    /// How much these features speak for the statement being about the agreement; above 0 they do.
    #[must_use]
    pub fn about(&self, features: [&Words; 2]) -> f32 {
        features.into_iter().flat_map(|features| self.about.of(features)).sum::<f32>() - self.threshold
    }

    /// How much these features speak for this agreement among those that the statement may be about.
    #[must_use]
    pub fn choice(&self, features: [&Words; 2]) -> f32 {
        features.into_iter().flat_map(|features| self.choice.of(features)).sum()
    }

    /// The stance that these features speak for.
    #[must_use]
    pub fn stance(&self, features: &Words) -> Stance {
        let mut sums = [0.0_f32; 6];
        for weights in self.stance.of(features) {
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += weight;
            }
        }
        let mut best = (Stance::Neutral, f32::NEG_INFINITY);
        for (stance, sum) in Stance::ALL.iter().zip(sums) {
            if sum > best.1 {
                best = (*stance, sum);
            }
        }
        best.0
    }
}

/// The name of the first bound that `value` does not exceed.
#[must_use]
pub fn step<T: PartialOrd>(value: T, bounds: &[T]) -> &'static str {
    const NAMES: [&str; 8] = ["0", "1", "2", "3", "4", "5", "6", "7"];
    let at = bounds.iter().position(|bound| value <= *bound).unwrap_or(bounds.len());
    NAMES.get(at).copied().unwrap_or("more")
}

/// A word without its ending, crudely: enough for "condemned" and "condemns" to be one feature.
#[must_use]
pub fn stem(word: &str) -> &str {
    for ending in ["ing", "ed", "es", "s"] {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.chars().count() >= 4
        {
            return stem;
        }
    }
    word
}
