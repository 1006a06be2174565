//! Trains the name tagger: word clusters from free text, then sequence labeling in two passes from labeled names and from those
//! that the accurate reader finds in free news.
//!
//! The shipped `crates/dissect/weights/en.names` are what `chancery-train names` writes. Data: Universal NER over EWT (CC BY-SA 4.0),
//! the free part of GUM (CC BY 4.0 and freer), Wikinews (CC BY 2.5): the weights are released under CC BY-SA 4.0.
//! Tried and lost: an averaged perceptron (EWT dev .674 over all words, before only words that can be names were tried; never
//! compared under equal settings), larger steps (rate 1.0: .686).
mod clusters;
mod field;
mod learning;
mod text;

use crate::taught;
use anyhow::{Context, Result};
use chancery_dissect::names::clusters::{Clusters, pack};
use chancery_dissect::names::labeled::{LabeledDocument, read_gum, read_iob2};
use chancery_dissect::names::tagger::FORMAT;
use std::path::Path;

/// Rows of the table: two to the power of this.
const BITS: u32 = 19;
/// Rounds of learning.
const ROUNDS: usize = 7;
/// So many articles of free news are read by the accurate reader for this tagger to learn from.
const TAUGHT: usize = 6000;

/// Trains on the data under `data` (`names`, `ud/GUM`, `wikinews`) and writes the weights to `out`.
pub fn train(data: &Path, out: &Path, with_dev: bool) -> Result<()> {
    let words = clusters::learn(&text::sentences(data)?);
    let packed = pack(&words);
    eprintln!("clusters: {} words", words.len());
    let table = Clusters::new(packed.clone().leak()).context("clusters do not fit together")?;
    let parts: &[&str] = if with_dev { &["train", "dev"] } else { &["train"] };
    let mut documents: Vec<LabeledDocument> = Vec::new();
    for part in parts {
        documents.extend(read_iob2(&read(&data.join(format!("names/en_ewt-ud-{part}.iob2")))?));
        documents.extend(read_gum(&read(&data.join(format!("ud/GUM/en_gum_perm-{part}.conllu")))?)?);
    }
    eprintln!("{} documents", documents.len());
    let labeled = documents.len();
    documents.extend(taught::names(data, TAUGHT)?);
    eprintln!("{} articles of free news read", documents.len() - labeled);
    let weights = learning::learn(&documents, labeled, &table, BITS, ROUNDS);
    let mut bytes = FORMAT.to_vec();
    for part in [packed, weights.quantized()] {
        bytes.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(part);
    }
    eprintln!("{} bytes", bytes.len());
    std::fs::write(out, bytes).with_context(|| format!("cannot write {}", out.display()))
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
