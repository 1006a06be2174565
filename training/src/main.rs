//! Trains the weights that chancery-dissect ships.
mod lemmas;
mod parser;
mod perceptron;
mod random;
mod tagger;
mod treebank;

use anyhow::{Context, Result};
use chancery_dissect::fast::weights::{RELATIONS, WeightsWriter};
use clap::Parser;
use std::path::PathBuf;
use treebank::Tagset;

/// Trains the weights of the fast reader.
#[derive(Debug, Parser)]
struct Arguments {
    /// Folder with the treebanks (`ud/EWT`, `ud/GUM`).
    #[arg(long)]
    data: PathBuf,
    /// File to write.
    #[arg(long)]
    out: PathBuf,
    /// Learn from the dev sets, too: for weights that are shipped.
    #[arg(long)]
    with_dev: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut tagset = Tagset::default();
    let mut examples = Vec::new();
    let parts: &[&str] = if arguments.with_dev { &["train", "dev"] } else { &["train"] };
    for part in parts {
        for file in [format!("ud/EWT/en_ewt-ud-{part}.conllu"), format!("ud/GUM/en_gum_perm-{part}.conllu")] {
            examples.extend(treebank::read(&arguments.data.join(file), &mut tagset)?);
        }
    }
    let tags = tagset.names.len();
    eprintln!("{} sentences, {tags} tags", examples.len());
    let jackknifed = tagger::jackknife(&examples, tags, 20, 4);
    let all: Vec<&treebank::Example> = examples.iter().collect();
    let tagger = tagger::train(&all, tags, 19, 6);
    eprintln!("tagger: done");
    let (transitions, labels) = parser::train(&examples, &jackknifed, RELATIONS.len(), [20, 19], 8);
    let mut writer = WeightsWriter::default();
    writer.lines(&tagset.names);
    writer.lines(&RELATIONS.map(str::to_owned));
    writer.lines(&lemmas::learn(&examples, &tagset));
    writer.table(tags, &tagger.quantized(2, 1.0));
    writer.table(3, &transitions.quantized(2, 1.0));
    writer.table(RELATIONS.len(), &labels.quantized(2, 1.0));
    std::fs::write(&arguments.out, writer.finish()).with_context(|| format!("cannot write {}", arguments.out.display()))
}
