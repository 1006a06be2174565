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
    /// What a second look needs of the root (row 0) and each word.
    pub states: Option<Table<f32>>,
}

impl Scores {
    /// Score of class `relation` for the arc from `head` (0 the root) to word `word`.
    #[must_use]
    pub fn relation(&self, word: usize, head: usize, relation: usize) -> f32 {
        self.label.get([0, word, head, relation]).copied().unwrap_or(f32::NEG_INFINITY)
    }
}

/// A graph that can be run: always on one thread, so that the same input gives the same numbers whatever else is run at the time.
pub(super) struct Graph {
    model: Model,
    inputs: Vec<NodeId>,
    outputs: Vec<NodeId>,
    /// Thread pools of one thread that no run uses at present: there are as many as were ever run side by side.
    pools: Mutex<Vec<Arc<ThreadPool>>>,
}

impl std::fmt::Debug for Graph {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Graph").field("outputs", &self.outputs.len()).finish_non_exhaustive()
    }
}

impl Graph {
    /// The graph in `onnx` with the inputs and outputs of these names.
    ///
    /// # Errors
    /// Where `onnx` is no network, has operators that `rten` does not know, or lacks an input or output.
    pub(super) fn read(onnx: Cow<'static, [u8]>, inputs: &[&str], outputs: &[&str]) -> Result<Self, Error> {
        let mut options = ModelOptions::with_all_ops();
        // Weights in the order in which the multiplications run through them: loading takes longer, every sentence less.
        options.prepack_weights(true);
        let model = match onnx {
            Cow::Borrowed(bytes) => options.load_static_slice(bytes),
            Cow::Owned(bytes) => options.load(bytes),
        };
        let model = model.map_err(Error::network)?;
        let node = |name: &&str| model.node_id(name).map_err(|_| Error::network(format!("it has no `{name}`")));
        let inputs = inputs.iter().map(node).collect::<Result<_, _>>()?;
        let outputs = outputs.iter().map(node).collect::<Result<_, _>>()?;
        Ok(Self { model, inputs, outputs, pools: Mutex::default() })
    }

    /// The outputs for these inputs, both in the order in which they were named.
    ///
    /// # Errors
    /// Where the graph cannot be run on them.
    pub(super) fn run(&self, values: Vec<ValueOrView<'_>>) -> Result<impl Iterator<Item = Value>, Error> {
        let pool = self.pools.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let pool = pool.unwrap_or_else(|| Arc::new(ThreadPool::with_num_threads(1)));
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&pool)));
        let outputs = self.model.run(self.inputs.iter().copied().zip(values).collect(), &self.outputs, Some(options));
        self.pools.lock().unwrap_or_else(PoisonError::into_inner).push(pool);
        Ok(outputs.map_err(Error::network)?.into_iter())
    }
}

/// A row of whole numbers as an input.
pub(super) fn row(numbers: &[i32]) -> ValueOrView<'static> {
    ValueOrView::from(Tensor::from_data(&[1, numbers.len()], numbers.to_vec()))
}

/// The network of the first look.
#[derive(Debug)]
pub struct Network(Graph);

impl Network {
    /// The network in `onnx`, of which the outputs `heads` are wanted beside arcs and relations, and the states of words.
    ///
    /// # Errors
    /// Where `onnx` is no network, has operators that `rten` does not know, or lacks an input or output.
    pub fn read(onnx: Cow<'static, [u8]>, heads: &[&str], states: bool) -> Result<Self, Error> {
        let outputs: Vec<&str> = ["arc", "label"].iter().chain(heads).copied().chain(states.then_some("states")).collect();
        Ok(Self(Graph::read(onnx, &["ids", "first", "shape"], &outputs)?))
    }

    /// Scores for one sentence.
    ///
    /// # Errors
    /// Where the network cannot be run on it, or gives what it should not.
    pub fn run(&self, input: &Input, heads: usize) -> Result<Scores, Error> {
        let n_words = input.n_words();
        let mut outputs = self.0.run(vec![row(&input.ids), row(&input.first), row(&input.shape)])?;
        let arc = words_table(outputs.next(), n_words)?;
        let label = outputs.next().and_then(|value| NdTensor::<f32, 4>::try_from(value).ok());
        let label = label.ok_or_else(|| Error::network("`label` has not four dimensions"))?;
        let words = outputs.by_ref().take(heads).map(|value| words_table(Some(value), n_words)).collect::<Result<_, _>>()?;
        let states = outputs.next().map(|value| words_table(Some(value), n_words + 1)).transpose()?;
        if arc.columns() != n_words + 1 {
            return Err(Error::network("`arc` has not a column for each possible head"));
        }
        Ok(Scores { arc, label, words, states })
    }
}

/// The table in an output of one sentence: a row for each word.
pub(super) fn words_table(value: Option<Value>, n_words: usize) -> Result<Table<f32>, Error> {
    let wrong = || Error::network("an output has not a row of numbers for each word");
    let tensor = value.and_then(|value| NdTensor::<f32, 3>::try_from(value).ok()).ok_or_else(wrong)?;
    let table = Table::of(tensor.size(2), tensor.to_vec()).ok_or_else(wrong)?;
    if table.rows() == n_words { Ok(table) } else { Err(wrong()) }
}
