//! Trains the tagger and the parser of the fast reader from the treebanks and from free news with the trees of the accurate reader.
//!
//! The shipped `crates/dissect/weights/en.fast` is what it writes.
use crate::dense::DensePerceptron;
use crate::perceptron::Perceptron;
use crate::treebank::{self, Example, Tagset};
use crate::{clusters, known, lemmas, news, parser, tagger, taught};
use anyhow::{Context, Result};
use chancery_dissect::fast::clusters::{Clusters, pack};
use chancery_dissect::fast::known::KnownWords;
use chancery_dissect::fast::tagging;
use chancery_dissect::fast::weights::{RELATIONS, WeightsWriter};
use std::path::Path;

/// So many models are learned, each from the sentences in another order, and added up.
const MODELS: u64 = 3;
/// Numbers of rows as powers of two.
const TAGGER_BITS: u32 = 20;
const TRANSITION_BITS: u32 = 21;
const LABEL_BITS: u32 = 19;
/// So many weights of the tagger, and as many of the labels, are kept.
const WEIGHTS: usize = 1_600_000;

/// Trains on the data under `data` (`ud`, `wikinews`) and writes the weights to `out`. `without_dev` leaves the dev sets out; so many
/// sentences of free news as `taught` are learned from, too.
pub fn train(data: &Path, out: &Path, without_dev: bool, taught: usize) -> Result<()> {
    let mut tagset = Tagset::default();
    let mut examples = Vec::new();
    let parts: &[&str] = if without_dev { &["train"] } else { &["train", "dev"] };
    for part in parts {
        for file in [format!("ud/EWT/en_ewt-ud-{part}.conllu"), format!("ud/GUM/en_gum_perm-{part}.conllu")] {
            examples.extend(treebank::read(&data.join(file), &mut tagset)?);
        }
    }
    let tags = tagset.names.len();
    eprintln!("{} sentences, {tags} tags", examples.len());

    let mut text = news::read(&data.join("wikinews/wikinews.jsonl.gz"))?;
    text.extend(examples.iter().map(Example::lower));
    let cluster_table: &'static [u8] = pack(&clusters::learn(&text, 400, 48)).leak();
    let clusters = Clusters::new(cluster_table).context("the table of classes is malformed")?;
    for example in &mut examples {
        example.hash(&clusters);
    }
    eprintln!("classes of words: done");

    let jackknifed = tagger::jackknife(&examples, tags, TAGGER_BITS, 3);
    let mut taught = taught::read(data, taught)?;
    eprintln!("{} sentences of free news read", taught.len());
    for example in &mut taught {
        example.hash(&clusters);
    }
    let all: Vec<&Example> = examples.iter().collect();
    let (mut taggers, mut transitions, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    for seed in 0..MODELS {
        taggers.push(tagger::train(&all, tags, TAGGER_BITS, 6, seed));
        eprintln!("tagger {} of {MODELS}: done", seed + 1);
    }
    // The teacher's sentences bear the tags that the fast reader will give them: none of them was in the tagger's treebanks.
    let (mut trees, mut their_tags) = (examples.clone(), jackknifed);
    for example in taught {
        their_tags.push(tagging::tag(&taggers[0], &KnownWords::default(), &example.forms));
        trees.push(example);
    }
    for seed in 0..MODELS {
        let model = parser::train(&trees, &their_tags, RELATIONS.len(), [TRANSITION_BITS, LABEL_BITS], 8, seed);
        transitions.push(model.0);
        labels.push(model.1);
    }
    let (tagger, labels) = (Perceptron::sum(taggers), Perceptron::sum(labels));
    let transitions = DensePerceptron::sum(transitions);

    let mut writer = WeightsWriter::default();
    writer.lines(&tagset.names);
    writer.lines(&RELATIONS.map(str::to_owned));
    writer.lines(&lemmas::learn(&examples, &tagset));
    writer.part(cluster_table);
    writer.part(&chancery_dissect::fast::known::pack(&known::learn(&examples)));
    let rows: Vec<u8> = transitions.quantized().into_iter().flatten().map(i8::cast_unsigned).collect();
    writer.part(&rows);
    writer.table(tags, &tagger.quantized(WEIGHTS));
    writer.table(RELATIONS.len(), &labels.quantized(WEIGHTS));
    std::fs::write(out, writer.finish()).with_context(|| format!("cannot write {}", out.display()))
}
