//! Trains the weights that chancery-dissect ships: the same bytes each time from the same data.
mod categories;
mod clusters;
mod coreference;
mod dense;
mod focus;
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
use chancery_dissect::fast::clusters::{Clusters, pack};
use chancery_dissect::fast::known::KnownWords;
use chancery_dissect::fast::tagging;
use chancery_dissect::fast::weights::{RELATIONS, WeightsWriter};
use chancery_dissect::{Accurate, Fast, Reader};
use clap::{Parser, ValueEnum};
use dense::DensePerceptron;
use labeled::Source;
use perceptron::Perceptron;
use std::path::PathBuf;
use treebank::{Example, Tagset};

/// Trains the weights of the fast reader.
#[derive(Debug, Parser)]
struct Arguments {
    /// Folder with the treebanks (`ud/EWT`, `ud/GUM`) and free news (`wikinews/wikinews.jsonl.gz`).
    #[arg(long)]
    data: PathBuf,
    /// File to write.
    #[arg(long)]
    out: PathBuf,
    /// Leave the dev sets out: for weights that are measured on them.
    #[arg(long)]
    without_dev: bool,
    /// Let the parser learn from so many sentences of free news, too, with the trees of the accurate reader.
    #[arg(long, default_value_t = TAUGHT)]
    taught: usize,
    /// Train the name tagger (from `names`, `ud/GUM` and `wikinews`) in place of tagger and parser.
    #[arg(long)]
    names: bool,
    /// Learn which mentions speak of one agreement (from labelled news) in place of tagger and parser.
    #[arg(long, conflicts_with_all = ["names", "recorded", "parties", "speech", "stages", "provisions", "categories", "sums"])]
    coreference: bool,
    /// Learn which chains of mentions are agreements (from labelled news) in place of tagger and parser.
    #[arg(long, conflicts_with = "names")]
    recorded: bool,
    /// Learn which actors near an agreement are its parties (from labelled news) in place of tagger and parser.
    #[arg(long, conflicts_with_all = ["names", "recorded"])]
    parties: bool,
    /// Learn what statements are about and where their speakers stand (from labelled news) in place of tagger and parser.
    #[arg(long, conflicts_with_all = ["names", "recorded", "parties"])]
    speech: bool,
    /// Learn which words tell of a stage of an agreement (from labelled news) in place of tagger and parser.
    #[arg(long, conflicts_with_all = ["names", "recorded", "parties", "speech"])]
    stages: bool,
    /// Learn which words say what an agreement provides (from labelled news) in place of tagger and parser.
    #[arg(long, conflicts_with_all = ["names", "recorded", "parties", "speech", "stages"])]
    provisions: bool,
    /// Learn which category a provision belongs to (from labelled news) in place of tagger and parser.
    #[arg(long, conflicts_with_all = ["names", "recorded", "parties", "speech", "stages", "provisions"])]
    categories: bool,
    /// Learn which sums of money belong to an agreement (from labelled news) in place of tagger and parser.
    #[arg(long, conflicts_with_all = ["names", "recorded", "parties", "speech", "stages", "provisions", "categories"])]
    sums: bool,
    /// Learn how much each sign speaks for two reports telling of one agreement (from `gold/train` and `gold/dev`) in place of tagger and
    /// parser.
    #[arg(long, conflicts_with_all = ["names", "recorded", "parties", "speech", "stages", "provisions", "categories"])]
    linking: bool,
    /// With --linking: learn nothing, and print the figures of the weights in the file `--out`.
    #[arg(long, requires = "linking")]
    measure: bool,
    /// With --measure: write the pairs of reports and their signs to this file.
    #[arg(long, requires = "measure")]
    pairs: Option<PathBuf>,
    /// Count how many reports have a name (in `gold/train`) in place of tagger and parser.
    #[arg(long, conflicts_with_all = ["names", "recorded", "parties", "speech", "stages", "provisions", "categories", "linking"])]
    common_names: bool,
    /// Which reader the models over labelled news are learned with.
    #[arg(long, value_enum, default_value_t = ReaderName::Fast)]
    reader: ReaderName,
    /// With --reader accurate: two models in its place for the articles of `gold/train`, each for those that taught it nothing (of
    /// `train.py --without 0` and `--without 1`).
    #[arg(long, num_args = 2, value_names = ["WITHOUT-0", "WITHOUT-1"])]
    halves: Option<Vec<PathBuf>>,
    /// Write what `training/accurate/focus.py` learns from: the chains of mentions in labelled news with their labels, one article a line.
    #[arg(long, requires = "halves")]
    focus: bool,
    /// Count how many reports have a word (in free news) in place of tagger and parser.
    #[arg(long, conflicts_with_all = ["names", "recorded", "parties", "speech", "stages", "provisions", "categories", "linking"])]
    common_words: bool,
    /// With --speech: leave out one in four articles, those that `chancery evaluate statements` measures on.
    #[arg(long, requires = "speech")]
    hold_back: bool,
}

/// A reader, as the command line names it.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ReaderName {
    Fast,
    Accurate,
}

/// The readers with the models that `--halves` names.
fn halves(files: Option<&[PathBuf]>) -> Result<Option<[&'static dyn Reader; 2]>> {
    let open = |file: &PathBuf| -> Result<&'static dyn Reader> {
        let reader = Accurate::open(file).with_context(|| format!("the model {} cannot be used", file.display()))?;
        Ok(Box::leak(Box::new(reader)))
    };
    let Some([even, odd]) = files else { return Ok(None) };
    Ok(Some([open(even)?, open(odd)?]))
}

impl ReaderName {
    fn open(self) -> Result<&'static dyn Reader> {
        Ok(match self {
            Self::Fast => Fast::embedded(),
            Self::Accurate => Accurate::embedded()?,
        })
    }
}

/// So many sentences of free news are read by the accurate reader for the fast one to learn from.
const TAUGHT: usize = 50_000;
/// So many models are learned, each from the sentences in another order, and added up.
const MODELS: u64 = 3;
/// Numbers of rows as powers of two.
const TAGGER_BITS: u32 = 20;
const TRANSITION_BITS: u32 = 21;
const LABEL_BITS: u32 = 19;
/// So many weights of the tagger, and as many of the labels, are kept.
const WEIGHTS: usize = 1_600_000;

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if arguments.halves.is_some() && matches!(arguments.reader, ReaderName::Fast) {
        bail!("--halves is for --reader accurate; the fast reader has its weights in the program");
    }
    let source = Source { data: &arguments.data, reader: arguments.reader.open()?, halves: halves(arguments.halves.as_deref())? };
    if arguments.speech {
        return speech::train(source, &arguments.out, arguments.hold_back);
    }
    if arguments.focus {
        return focus::write(source, &arguments.out);
    }
    if arguments.coreference {
        return coreference::train(source, &arguments.out);
    }
    if arguments.recorded {
        return recorded::train(source, &arguments.out);
    }
    if arguments.parties {
        return parties::train(source, &arguments.out);
    }
    if arguments.provisions {
        return provisions::train(source, &arguments.out);
    }
    if arguments.categories {
        return categories::train(source, &arguments.out);
    }
    if arguments.sums {
        return sums::train(source, &arguments.out);
    }
    if arguments.stages {
        return stages::train(source, &arguments.out);
    }
    if arguments.linking && arguments.measure {
        return linking::measure(&arguments.data, &arguments.out, arguments.pairs.as_deref());
    }
    if arguments.linking {
        return linking::train(&arguments.data, &arguments.out);
    }
    if arguments.common_names {
        return linking::count_names(&arguments.data, &arguments.out);
    }
    if arguments.common_words {
        return linking::count_words(&arguments.data, &arguments.out);
    }
    if arguments.names {
        return names::train(&arguments.data, &arguments.out, !arguments.without_dev);
    }
    let mut tagset = Tagset::default();
    let mut examples = Vec::new();
    let parts: &[&str] = if arguments.without_dev { &["train"] } else { &["train", "dev"] };
    for part in parts {
        for file in [format!("ud/EWT/en_ewt-ud-{part}.conllu"), format!("ud/GUM/en_gum_perm-{part}.conllu")] {
            examples.extend(treebank::read(&arguments.data.join(file), &mut tagset)?);
        }
    }
    let tags = tagset.names.len();
    eprintln!("{} sentences, {tags} tags", examples.len());

    let mut text = news::read(&arguments.data.join("wikinews/wikinews.jsonl.gz"))?;
    text.extend(examples.iter().map(Example::lower));
    let cluster_table: &'static [u8] = pack(&clusters::learn(&text, 400, 48)).leak();
    let clusters = Clusters::new(cluster_table).context("the table of classes is malformed")?;
    for example in &mut examples {
        example.hash(&clusters);
    }
    eprintln!("classes of words: done");

    let jackknifed = tagger::jackknife(&examples, tags, TAGGER_BITS, 3);
    let mut taught = taught::read(&arguments.data, arguments.taught)?;
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
    std::fs::write(&arguments.out, writer.finish()).with_context(|| format!("cannot write {}", arguments.out.display()))
}
