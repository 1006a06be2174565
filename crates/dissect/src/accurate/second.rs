//! The second look: two more layers over the states of an article's words, with one agreement in focus (`training/accurate/focus.py`).
use super::description::Heads;
use super::error::Error;
use super::network::{Graph, row, words_table};
use super::spans::log_probabilities;
use super::table::Table;
use crate::focus::{Focus, Seen};
use crate::marks::Likelihoods;
use crate::reading::Reading;
use rten::ValueOrView;
use rten_tensor::Tensor;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The names of the outputs, in the order in which they are asked for.
const OUTPUTS: [&str; 6] = ["stage", "modality", "commitment", "party", "about", "agreement"];

/// The network of the second look and what its classes stand for.
#[derive(Debug)]
pub struct Second {
    graph: Graph,
    heads: Heads,
}

impl Second {
    /// The network in `onnx`, whose classes are those of `heads`.
    ///
    /// # Errors
    /// Where `onnx` is no network, has operators that `rten` does not know, lacks an input or output, or has other classes.
    pub fn read(onnx: Cow<'static, [u8]>, heads: Heads) -> Result<Self, Error> {
        let graph = Graph::read(onnx, &["states", "role", "place"], &OUTPUTS)?;
        Ok(Self { graph, heads })
    }

    /// What the words that have states say of the agreement in focus, by the index of the token.
    ///
    /// # Errors
    /// Where the network cannot be run on the article, or gives other classes than the description says.
    pub fn look(&self, reading: &Reading<'_>, focus: &Focus) -> Result<BTreeMap<usize, Likelihoods>, Error> {
        let seen = focus.seen(reading, self.heads.reach, |token| reading.states.contains_key(&token));
        let states: Vec<&[f32]> = seen.iter().filter_map(|seen| Some(&**reading.states.get(&seen.token)?)).collect();
        if states.is_empty() || states.len() != seen.len() {
            return Ok(BTreeMap::new());
        }
        let words = self.run(&states, &seen)?;
        Ok(seen.iter().map(|seen| seen.token).zip(words).collect())
    }

    /// What the words with these `states` say.
    ///
    /// # Errors
    /// Where the network takes other states, or gives other classes than the description says.
    pub fn run(&self, states: &[&[f32]], seen: &[Seen]) -> Result<Vec<Likelihoods>, Error> {
        let roles: Vec<i32> = seen.iter().map(|seen| seen.role).collect();
        let places: Vec<i32> = seen.iter().map(|seen| seen.place).collect();
        let width = states.first().map_or(0, |state| state.len());
        let states = ValueOrView::from(Tensor::from_data(&[1, states.len(), width], states.concat()));
        let mut outputs = self.graph.run(vec![states, row(&roles), row(&places)])?;
        let mut next = |classes: usize| {
            let table = words_table(outputs.next(), seen.len())?;
            let fits = table.columns() == classes;
            fits.then_some(table).ok_or_else(|| Error::description("`focus` names more or fewer classes than its network has"))
        };
        let Heads { stages, modalities, commitments, .. } = &self.heads;
        let (stage, modality, commitment) = (next(stages.len())?, next(modalities.len())?, next(commitments.len())?);
        let (party, about, agreement) = (next(1)?, next(1)?, next(1)?);
        let word = |at: usize| Likelihoods {
            agreement: share(&agreement, at),
            party: share(&party, at),
            stages: shares(&stage, at).zip(stages).filter_map(|(share, kind)| Some(((*kind)?, share))).collect(),
            modalities: shares(&modality, at).zip(modalities).map(|(share, kind)| (*kind, share)).collect(),
            commitments: shares(&commitment, at).zip(commitments).filter_map(|(share, kind)| Some(((*kind)?, share))).collect(),
            about: share(&about, at),
        };
        Ok((0..seen.len()).map(word).collect())
    }
}

/// Probabilities of the classes of a word.
#[expect(clippy::cast_possible_truncation, reason = "probabilities")]
fn shares(scores: &Table<f32>, word: usize) -> impl Iterator<Item = f32> {
    log_probabilities(scores.row(word), 1.0).into_iter().map(|log| log.exp() as f32)
}

/// Probability of the one class of a word.
fn share(scores: &Table<f32>, word: usize) -> f32 {
    1.0 / (1.0 + (-scores.at(word, 0)).exp())
}
