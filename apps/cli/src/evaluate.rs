//! `chancery evaluate`: accuracy on labelled data.
use crate::output::{Output, complain};
use crate::readers::ReaderChoice;
use crate::status::Status;
use anyhow::{Context, Result, anyhow, bail};
use chancery_dissect::Reader;
use chancery_evaluate::figures::{self, Layer};
use chancery_evaluate::time::TimeOptions;
use chancery_evaluate::{intake, linking, names, statements, syntax, time};
use chancery_extract::Extractor;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Measure accuracy on labelled data
///
/// Without PATH, on every set in the folder of labelled data; sets that are not there are left out. With PATH, on that set:
/// a folder of TimeML files, a CoNLL-U or IOB2 file, a folder of attributions (`text` and `attributions`, as PolNeAR has them) or of
/// labelled speech (`articles` and `labels`), or articles whose labels --labels names.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery evaluate linking --data ../shared
  CHANCERY_DATA=../shared chancery evaluate agreements --json
  chancery evaluate statements ../shared/data/quotes/polnear/dev
  chancery evaluate statements ../shared/gold/train --data ../shared
  chancery evaluate syntax en_ewt-ud-test.conllu
  chancery evaluate names en_ewt-ud-test.iob2 en_gum_news-test.conllu
  chancery evaluate agreements articles/ --labels labels/ --data ../shared")]
pub struct Arguments {
    /// What to measure
    #[arg(value_enum, value_name = "PART")]
    part: Part,
    /// One set
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// agreements: folder with the labels of the articles in PATH
    #[arg(long, value_name = "DIR", requires = "paths")]
    labels: Option<PathBuf>,
    /// Folder with the labelled data
    #[arg(long, value_name = "DIR", env = "CHANCERY_DATA")]
    data: Option<PathBuf>,
    #[command(flatten)]
    reader: ReaderChoice,
    /// Every figure by name, as one JSON object
    #[arg(long, conflicts_with = "paths")]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Agreements with all their cells, on labelled articles
    Agreements,
    /// Who says what: sources, cues and contents, speakers
    Statements,
    /// Which findings speak of one agreement
    Linking,
    /// Time expressions
    Time,
    /// Sentences, tokens, tags and trees
    Syntax,
    /// Names of persons, places and organizations
    Names,
    /// Title, authors, date and body of pages
    Intake,
}

impl Part {
    fn layer(self) -> Layer {
        match self {
            Self::Agreements => Layer::Agreements,
            Self::Statements => Layer::Statements,
            Self::Linking => Layer::Linking,
            Self::Time => Layer::Time,
            Self::Syntax => Layer::Syntax,
            Self::Names => Layer::Names,
            Self::Intake => Layer::Intake,
        }
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments, out: &mut Output) -> Result<Status> {
    let reader = arguments.reader.open()?;
    if !arguments.paths.is_empty() {
        return sets(arguments, reader, out);
    }
    let Some(data) = &arguments.data else {
        bail!("no labelled data: name its folder with --data or in CHANCERY_DATA");
    };
    if !data.is_dir() {
        bail!("{} is no folder; --data or CHANCERY_DATA names the folder of labelled data", data.display());
    }
    if arguments.json {
        out.json(&figures::of(arguments.part.layer(), data, reader)?)?;
        return Ok(Status::Well);
    }
    match arguments.part {
        Part::Linking => out.line(linking::evaluate(data)?)?,
        Part::Intake => pages(data, out)?,
        Part::Names => {
            out.line(names::HEADING)?;
            for report in names::evaluate_names(&data.join("data"), reader)? {
                write!(out, "{report}")?;
            }
        }
        part => {
            for (name, value) in figures::of(part.layer(), data, reader)? {
                out.line(format!("{name:<44} {value:>9.3}"))?;
            }
        }
    }
    Ok(Status::Well)
}

fn pages(data: &Path, out: &mut Output) -> Result<()> {
    let folder = data.join("data/intake");
    let benchmark = folder.join("article-extraction-benchmark");
    let fundus = folder.join("fundus-parser-gold");
    for set in [&benchmark, &fundus] {
        if !set.is_dir() {
            complain(&format!("{} is not there: left out", set.display()));
            continue;
        }
        let measured = if set == &benchmark { intake::benchmark(set) } else { intake::fundus(set) };
        let (scores, _) = measured.map_err(|error| anyhow!(error))?;
        out.line(format!("{}: {scores}", set.display()))?;
    }
    Ok(())
}

/// The sets that the user names.
fn sets(arguments: &Arguments, reader: &'static dyn Reader, out: &mut Output) -> Result<Status> {
    match arguments.part {
        Part::Agreements => {
            let (Some(labels), Some(data)) = (&arguments.labels, &arguments.data) else {
                bail!("articles need --labels, the folder of their labels, and --data, where evaluation/party_aliases.json is");
            };
            match figures::found(data, &arguments.paths, labels, reader)? {
                Some(report) => out.line(report)?,
                None => bail!("{} is no folder of labels", labels.display()),
            }
        }
        Part::Statements => {
            let extractor = Extractor::new()?.with_reader(reader);
            for folder in &arguments.paths {
                if folder.join("attributions").is_dir() {
                    out.line(statements::score_folder(&extractor, folder)?)?;
                } else if let Some(data) = &arguments.data {
                    out.line(statements::score_speech_of(&extractor, data, folder, None)?)?;
                } else {
                    bail!("labelled speech needs --data, where evaluation/party_aliases.json is");
                }
            }
        }
        Part::Time => {
            for path in &arguments.paths {
                out.line(time::evaluate(path, TimeOptions::default())?)?;
            }
        }
        Part::Syntax => {
            for path in &arguments.paths {
                let conllu = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
                let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
                out.line(syntax::evaluate(&name, &conllu, reader)?)?;
            }
        }
        Part::Names => {
            out.line(names::HEADING)?;
            for path in &arguments.paths {
                let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
                write!(out, "{}", names::evaluate_names_file(&name, path, reader)?)?;
            }
        }
        Part::Linking | Part::Intake => bail!("this part takes no PATH; --data names the folder of labelled data"),
    }
    Ok(Status::Well)
}
