//! Which category a provision belongs to: linear weights over its words and over what the lists of [`crate::category`] say
//! (`rules/en/category-weights.toml`), learned from labelled news by `chancery-train categories`.
use crate::agreements::Tools;
use crate::error::Error;
use crate::mention::Mention;
use crate::words::{WordWeights, Words, of_content};
use chancery_agreement::{CommitmentCategory, Span};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The model.
#[derive(Debug, Clone, Default)]
pub struct CategoryModel {
    bias: Vec<f32>,
    words: WordWeights<Vec<(usize, f32)>>,
}

/// How much the reader's say counts against the words: of the trials on `gold/train`, which taught the reader nothing, the best.
const TRUST: f32 = 0.5;
/// A category that the reader thinks less of than this is as unlikely as one of which it thinks this.
const LEAST_SHARE: f32 = 0.001;

/// Weights by category, in hundredths.
type Row = BTreeMap<String, i16>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    bias: Row,
    words: BTreeMap<String, Row>,
}

impl CategoryModel {
    /// Reads the model: file name (for errors) and content.
    ///
    /// # Errors
    /// The place in the file, or a name that is no category.
    pub fn read(file: &str, text: &str) -> Result<Self, Error> {
        let parsed: File = toml::from_str(text).map_err(|error| Error::toml(file, text, &error))?;
        let weights = |row: Row| -> Result<Vec<(usize, f32)>, Error> {
            let weight = |(name, hundredths): (String, i16)| {
                let known = CommitmentCategory::ALL.iter().position(|category| category.as_str() == name);
                let at = known.ok_or_else(|| Error::new(file, None, format!("`{name}` is no category of commitments")))?;
                Ok((at, f32::from(hundredths) / 100.0))
            };
            row.into_iter().map(weight).collect()
        };
        let mut bias = vec![0.0; CommitmentCategory::ALL.len()];
        for (at, weight) in weights(parsed.bias)? {
            if let Some(sum) = bias.get_mut(at) {
                *sum = weight;
            }
        }
        let words = parsed.words.into_iter().map(|(name, row)| Ok((name, weights(row)?))).collect::<Result<Vec<_>, Error>>()?;
        Ok(Self { bias, words: WordWeights::new(words) })
    }

    /// The category that the words speak for most, with what the reader takes them for (see [`crate::signs::of_category`]).
    #[must_use]
    pub fn of(&self, words: &Words, shares: &[(CommitmentCategory, f32)]) -> CommitmentCategory {
        let mut sums = self.bias.clone();
        for (sum, category) in sums.iter_mut().zip(CommitmentCategory::ALL) {
            let share = shares.iter().find(|(own, _)| own == category).map(|(_, share)| *share);
            *sum += share.map_or(0.0, |share| TRUST * share.max(LEAST_SHARE).ln());
        }
        for (at, weight) in self.words.of(words).flatten() {
            if let Some(sum) = sums.get_mut(*at) {
                *sum += weight;
            }
        }
        let best = CommitmentCategory::ALL.iter().zip(sums).max_by(|(_, a), (_, b)| a.total_cmp(b));
        best.map_or(CommitmentCategory::Other, |(category, _)| *category)
    }
}

/// What the model sees of the provision at `span` of the agreement that `named` speaks of. `keep_names`: as learning needs them.
#[must_use]
pub fn words(tools: &Tools<'_, '_, '_>, span: Span, named: &Mention, keep_names: bool) -> Words {
    let reading = tools.graph.reading();
    let listed = |words: &str| tools.categories.of(words).map_or("none", |category| category.as_str());
    let mut words = of_content(tools.graph, reading.tokens_in(span), named, Words::new(keep_names));
    let own = reading.words(span);
    words.add(&["list", listed(own)]);
    words.add(&["list", listed(own), ["none", "weak", "told", "strong"][(tools.categories.weight(own) / 2).min(3)]]);
    words.add(&["list-of-name", listed(reading.words(named.span(reading)))]);
    words
}
