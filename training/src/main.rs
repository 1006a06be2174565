//! Trains the weights that Chancery ships: the same bytes each time from the same data.
mod categories;
mod clusters;
mod coreference;
mod dense;
mod fast;
mod focus;
mod instruments;
mod known;
mod labeled;
mod labels;
mod lemmas;
mod linking;
mod logistic;
mod names;
mod news;
mod parser;
mod parties;
mod perceptron;
mod provisions;
mod random;
mod recorded;
mod speech;
mod stages;
mod sums;
mod tagger;
mod taught;
mod treebank;

use anyhow::{Context, Result, bail};
use chancery_dissect::{Accurate, Fast, Reader};
use clap::{Args, Parser, Subcommand, ValueEnum};
use labeled::Source;
use std::path::{Path, PathBuf};

/// Trains the weights that Chancery ships, one file at a time. The model cards in `docs/` say what each is and where it belongs.
#[derive(Debug, Parser)]
#[command(after_help = "Examples:
  chancery-train names --data DIR/data --out crates/dissect/weights/en.names
  chancery-train stages --data DIR --out rules/en/stages/weights.toml
  chancery-train measure-linking --data DIR --weights rules/link/weights.toml")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// The tagger and the parser of the fast reader (from `ud` and `wikinews`)
    Fast {
        #[command(flatten)]
        syntax: Syntax,
        /// Let the parser learn from so many sentences of free news, too, with the trees of the accurate reader.
        #[arg(long, default_value_t = 50_000)]
        taught: usize,
    },
    /// The name tagger (from `names`, `ud/GUM` and `wikinews`)
    Names(Syntax),
    /// Which mentions speak of one agreement
    Coreference(Labelled),
    /// Which chains of mentions are agreements
    Recorded(Labelled),
    /// Which actors near an agreement are its parties
    Parties(Labelled),
    /// Which words tell of a stage of an agreement
    Stages(Labelled),
    /// Which words say what an agreement provides
    Provisions(Labelled),
    /// Which category a provision belongs to
    Categories(Labelled),
    /// Which sums of money belong to an agreement
    Sums(Labelled),
    /// What statements are about, and where their speakers stand
    Speech {
        #[command(flatten)]
        labelled: Labelled,
        /// Leave out one in four articles, those that `chancery evaluate statements` measures on.
        #[arg(long)]
        hold_back: bool,
    },
    /// What `training/accurate/focus.py` learns from: the chains of mentions in labelled news with their labels, one article a line
    Focus(Labelled),
    /// How much each sign speaks for two reports telling of one agreement (from `gold`, `seeds` and our own stories)
    Linking(Files),
    /// Prints the figures of linking with a file of weights, and learns nothing
    MeasureLinking {
        /// Folder with the labelled data.
        #[arg(long)]
        data: PathBuf,
        /// File of weights.
        #[arg(long)]
        weights: PathBuf,
        /// Write the pairs of reports and their signs to this file.
        #[arg(long)]
        pairs: Option<PathBuf>,
    },
    /// Counts how many reports have a name (in `gold/train`)
    CommonNames(Files),
    /// Counts how many reports have a word (in free news)
    CommonWords(Files),
}

/// What every task needs.
#[derive(Debug, Args)]
struct Files {
    /// Folder with the data; what of it, the model cards say.
    #[arg(long)]
    data: PathBuf,
    /// File to write.
    #[arg(long)]
    out: PathBuf,
}

/// What is learned from treebanks.
#[derive(Debug, Args)]
struct Syntax {
    #[command(flatten)]
    files: Files,
    /// Leave the dev sets out: for weights that are measured on them.
    #[arg(long)]
    without_dev: bool,
}

/// What is learned from labelled news.
#[derive(Debug, Args)]
struct Labelled {
    #[command(flatten)]
    files: Files,
    /// Which reader the model is learned with.
    #[arg(long, value_enum, default_value_t = ReaderName::Fast)]
    reader: ReaderName,
    /// With --reader accurate: two models in its place for the articles of `gold/train`, each for those that taught it nothing (of
    /// `train.py --without 0` and `--without 1`).
    #[arg(long, num_args = 2, value_names = ["WITHOUT-0", "WITHOUT-1"])]
    halves: Option<Vec<PathBuf>>,
}

/// A reader, as the command line names it.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ReaderName {
    Fast,
    Accurate,
}

impl Labelled {
    fn source(&self) -> Result<Source<'_>> {
        let reader: &'static dyn Reader = match self.reader {
            ReaderName::Fast if self.halves.is_some() => {
                bail!("--halves is for --reader accurate; the fast reader has its weights in the program")
            }
            ReaderName::Fast => Fast::embedded(),
            ReaderName::Accurate => Accurate::embedded()?,
        };
        let halves = match self.halves.as_deref() {
            Some([even, odd]) => Some([opened(even)?, opened(odd)?]),
            _ => None,
        };
        Ok(Source { data: &self.files.data, reader, halves })
    }

    /// Learns with `train` and writes to the file.
    fn learn(&self, train: impl FnOnce(Source<'_>, &Path) -> Result<()>) -> Result<()> {
        train(self.source()?, &self.files.out)
    }
}

/// The accurate reader with the model in `file`.
fn opened(file: &Path) -> Result<&'static dyn Reader> {
    let reader = Accurate::open(file).with_context(|| format!("the model {} cannot be used", file.display()))?;
    Ok(Box::leak(Box::new(reader)))
}

fn main() -> Result<()> {
    match Arguments::parse().task {
        Task::Fast { syntax: Syntax { files, without_dev }, taught } => fast::train(&files.data, &files.out, without_dev, taught),
        Task::Names(Syntax { files, without_dev }) => names::train(&files.data, &files.out, !without_dev),
        Task::Coreference(labelled) => labelled.learn(coreference::train),
        Task::Recorded(labelled) => labelled.learn(recorded::train),
        Task::Parties(labelled) => labelled.learn(parties::train),
        Task::Stages(labelled) => labelled.learn(stages::train),
        Task::Provisions(labelled) => labelled.learn(provisions::train),
        Task::Categories(labelled) => labelled.learn(categories::train),
        Task::Sums(labelled) => labelled.learn(sums::train),
        Task::Speech { labelled, hold_back } => labelled.learn(|source, out| speech::train(source, out, hold_back)),
        Task::Focus(labelled) => labelled.learn(focus::write),
        Task::Linking(files) => linking::train(&files.data, &files.out),
        Task::MeasureLinking { data, weights, pairs } => linking::measure(&data, &weights, pairs.as_deref()),
        Task::CommonNames(files) => linking::count_names(&files.data, &files.out),
        Task::CommonWords(files) => linking::count_words(&files.data, &files.out),
    }
}
