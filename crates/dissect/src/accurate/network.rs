//! The network: an ONNX graph run by `rten`, one sentence at a time, each on one thread.
//!
//! The ranges of 8-bit arithmetic are found per run, so a sentence read together with others would get slightly different
//! numbers. One sentence a run, on one thread, gives the same numbers however many sentences are read side by side.
use super::error::Error;
use super::table::Table;
use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, Value, ValueOrView};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};
use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

/// One sentence as the network takes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Input {
    /// Numbers of the word pieces, those at both ends included.
    pub ids: Vec<i32>,
    /// For the root (0) and each word, the place of its first piece; 0 for a word without pieces.
    pub first: Vec<i32>,
    /// For the root and each word, its case shape.
    pub shape: Vec<i32>,
}

impl Input {
    /// Number of words.
    #[must_use]
    pub fn n_words(&self) -> usize {
        self.first.len().saturating_sub(1)
    }
}

/// What the network says of one sentence of n words.
#[derive(Debug)]
pub struct Scores {
    /// For each word (row) the scores of its possible heads: the root, then the words.
    pub arc: Table<f32>,
    /// Word, head (0 the root), relation.
    label: NdTensor<f32, 4>,
    /// For each of the heads that choose a class for each word, in the order in which they were asked for.
    pub words: Vec<Table<f32>>,
}

impl Scores {
    /// Score of class `relation` for the arc from `head` (0 the root) to word `word`.
    #[must_use]
    pub fn relation(&self, word: usize, head: usize, relation: usize) -> f32 {
        self.label.get([0, word, head, relation]).copied().unwrap_or(f32::NEG_INFINITY)
    }
}

/// A network that can be run.
pub struct Network {
    model: Model,
    inputs: [NodeId; 3],
    outputs: Vec<NodeId>,
    /// Thread pools of one thread that no run uses at present: there are as many as sentences were ever read side by side.
    pools: Mutex<Vec<Arc<ThreadPool>>>,
}

impl std::fmt::Debug for Network {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Network").field("outputs", &self.outputs.len()).finish_non_exhaustive()
    }
}

impl Network {
    /// The network in `onnx`, of which the outputs `heads` are wanted beside arcs and relations.
    ///
    /// # Errors
    /// Where `onnx` is no network, has operators that `rten` does not know, or lacks an input or output.
    pub fn read(onnx: Cow<'static, [u8]>, heads: &[&str]) -> Result<Self, Error> {
        let mut options = ModelOptions::with_all_ops();
        // Weights in the order in which the multiplications run through them: loading takes longer, every sentence less.
        options.prepack_weights(true);
        let model = match onnx {
            Cow::Borrowed(bytes) => options.load_static_slice(bytes),
            Cow::Owned(bytes) => options.load(bytes),
        };
        let model = model.map_err(Error::network)?;
        let node = |name: &str| model.node_id(name).map_err(|_| Error::network(format!("it has no `{name}`")));
        let inputs = [node("ids")?, node("first")?, node("shape")?];
        let outputs = ["arc", "label"].iter().chain(heads).map(|name| node(name)).collect::<Result<_, _>>()?;
        Ok(Self { model, inputs, outputs, pools: Mutex::default() })
    }

    /// Scores for one sentence.
    ///
    /// # Errors
    /// Where the network cannot be run on it, or gives what it should not.
    pub fn run(&self, input: &Input) -> Result<Scores, Error> {
        let n_words = input.n_words();
        let pool = self.pools.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let pool = pool.unwrap_or_else(|| Arc::new(ThreadPool::with_num_threads(1)));
        let row = |numbers: &[i32]| ValueOrView::from(Tensor::from_data(&[1, numbers.len()], numbers.to_vec()));
        let values = [row(&input.ids), row(&input.first), row(&input.shape)];
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&pool)));
        let outputs = self.model.run(self.inputs.into_iter().zip(values).collect(), &self.outputs, Some(options));
        self.pools.lock().unwrap_or_else(PoisonError::into_inner).push(pool);
        let mut outputs = outputs.map_err(Error::network)?.into_iter();
        let arc = words_table(outputs.next(), n_words)?;
        let label = outputs.next().and_then(|value| NdTensor::<f32, 4>::try_from(value).ok());
        let label = label.ok_or_else(|| Error::network("`label` has not four dimensions"))?;
        let words = outputs.map(|value| words_table(Some(value), n_words)).collect::<Result<_, _>>()?;
        if arc.columns() != n_words + 1 {
            return Err(Error::network("`arc` has not a column for each possible head"));
        }
        Ok(Scores { arc, label, words })
    }
}

/// The table in an output of one sentence: a row for each word.
fn words_table(value: Option<Value>, n_words: usize) -> Result<Table<f32>, Error> {
    let wrong = || Error::network("an output has not a row of numbers for each word");
    let tensor = value.and_then(|value| NdTensor::<f32, 3>::try_from(value).ok()).ok_or_else(wrong)?;
    let table = Table::of(tensor.size(2), tensor.to_vec()).ok_or_else(wrong)?;
    if table.rows() == n_words { Ok(table) } else { Err(wrong()) }
}
