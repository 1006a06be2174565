//! `chancery annotate`: the reading of a document alone, in the forms of the field.
use crate::output::Output;
use crate::readers::ReaderChoice;
use crate::status::Status;
use anyhow::{Context, Result, bail};
use chancery_agreement::{Article, BlockKind, Span};
use chancery_collect::Limits;
use chancery_dissect::names::NameKind;
use chancery_dissect::{MarkKind, conllu, dissect};
use chancery_extract::Extractor;
use chancery_extract::statements::brat;
use chancery_timex::{Options, Reference, Timex, timeml};
use serde::Serialize;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The reading alone: syntax, names, time expressions, statements or marks of a document, in the field's formats
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery annotate report.txt --layer syntax > report.conllu
  chancery annotate gold.conllu --layer syntax --gold-tokens
  chancery annotate article.tml --layer time --format timeml
  chancery annotate report.txt --layer time --format jsonl --date 2018-01-30
  chancery annotate report.txt --layer statements --format brat
  chancery annotate report.txt --layer marks --reader accurate")]
pub struct Arguments {
    /// A document; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What to read
    #[arg(long, value_enum)]
    layer: Layer,
    /// How to write it [default: conllu for syntax, timeml for time, jsonl for the others]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// syntax: FILE is CoNLL-U; keep its tokens and sentences and give them tags and trees
    #[arg(long)]
    gold_tokens: bool,
    #[command(flatten)]
    reader: ReaderChoice,
    /// time: day of writing (2018-01-30), where the document does not show it
    #[arg(long, value_name = "DAY")]
    date: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Layer {
    Syntax,
    Names,
    Time,
    Statements,
    /// What the accurate reader points out, each with its probability
    Marks,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Conllu,
    Timeml,
    Jsonl,
    Brat,
}

#[derive(Serialize)]
struct WireTime<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    r#type: &'static str,
    value: Option<&'a str>,
    #[serde(rename = "mod", skip_serializing_if = "Option::is_none")]
    modifier: Option<&'static str>,
    edtf: Option<&'a str>,
    how: &'a str,
}

#[derive(Serialize)]
struct WireName<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    kind: &'static str,
    actor: Option<&'a str>,
    role: Option<&'a str>,
    affiliation: Option<&'a str>,
    full: Option<&'a str>,
}

#[derive(Serialize)]
struct WireMark<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    kind: &'static str,
    label: Option<&'static str>,
    modality: Option<&'static str>,
    probability: f32,
}

#[derive(Serialize)]
struct WireStatement<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    speaker: Option<&'a str>,
    role: Option<&'a str>,
    affiliation: Option<&'a str>,
    via: Option<&'a str>,
    kind: &'static str,
    stance: &'static str,
    rule: &'a str,
    confidence: f32,
    source: Option<WirePart<'a>>,
    cue: Option<WirePart<'a>>,
}

#[derive(Serialize)]
struct WirePart<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

/// Runs the command.
pub fn run(arguments: &Arguments, out: &mut Output) -> Result<Status> {
    let format = arguments.format.unwrap_or(match arguments.layer {
        Layer::Syntax => Format::Conllu,
        Layer::Time => Format::Timeml,
        Layer::Names | Layer::Statements | Layer::Marks => Format::Jsonl,
    });
    match (arguments.layer, format) {
        (Layer::Syntax, Format::Conllu) => syntax(arguments, out)?,
        (Layer::Time, Format::Timeml) => timeml(arguments, out)?,
        (Layer::Time, Format::Jsonl) => times(arguments, out)?,
        (Layer::Names, Format::Jsonl) => names(arguments, out)?,
        (Layer::Marks, Format::Jsonl) => marks(arguments, out)?,
        (Layer::Statements, Format::Jsonl | Format::Brat) => statements(arguments, format, out)?,
        _ => {
            bail!(
                "no such layer in this format; syntax: conllu, time: timeml or jsonl, names and marks: jsonl, statements: jsonl or brat"
            )
        }
    }
    Ok(Status::Well)
}

/// The file as text.
fn text(path: &Path) -> Result<String> {
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
    } else {
        bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    }
    String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", path.display()))
}

/// The only document of the file.
fn article(path: &Path) -> Result<Article> {
    let limits = Limits::default();
    let mut documents = chancery_collect::documents(&[path.to_owned()], &limits);
    let raw = match documents.next() {
        Some(Ok(raw)) => raw,
        Some(Err(refused)) => bail!("{}: {}", refused.source, refused.notice.message),
        None => bail!("no document in {}", path.display()),
    };
    if documents.next().is_some() {
        bail!("{} holds more than one document; one is expected here", path.display());
    }
    let (mut article, notices) = chancery_collect::article(&raw, &limits);
    // Whoever asks for annotations wants them on every word of the text, teasers and captions too.
    for block in article.blocks.iter_mut().filter(|block| !block.kind.is_story()) {
        block.kind = BlockKind::Paragraph;
    }
    match notices.into_iter().find(|notice| notice.fatal) {
        Some(notice) => bail!("{}: {}", article.source, notice.message),
        None => Ok(article),
    }
}

fn syntax(arguments: &Arguments, out: &mut Output) -> Result<()> {
    let reader = arguments.reader.open()?;
    if arguments.gold_tokens {
        let name = arguments.file.display().to_string();
        let mut sentences = conllu::parse_conllu(&text(&arguments.file)?).with_context(|| format!("{name} is not CoNLL-U"))?;
        for sentence in &mut sentences {
            sentence.reread(reader);
            write!(out, "{sentence}")?;
        }
        return Ok(());
    }
    let article = article(&arguments.file)?;
    let mut reading = dissect(&article);
    reading.parse_all(reader);
    Ok(out.write_all(conllu::write_reading(&reading).as_bytes())?)
}

fn reference(arguments: &Arguments, article: &Article) -> Result<Option<Reference>> {
    match &arguments.date {
        Some(date) => match Reference::parse(date) {
            Some(reference) => Ok(Some(reference)),
            None => bail!("--date {date} is no day; write it as 2018-01-30"),
        },
        None => Ok(article.published.as_ref().and_then(|published| Reference::parse(&published.value))),
    }
}

fn expressions(arguments: &Arguments, article: &Article) -> Result<Vec<Timex>> {
    Ok(chancery_timex::tag(&article.text, &Options::written(reference(arguments, article)?)))
}

fn timeml(arguments: &Arguments, out: &mut Output) -> Result<()> {
    let name = arguments.file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    if arguments.file.extension().is_some_and(|extension| extension == "tml") {
        // TimeML in, TimeML out: the same file with our expressions in place of those that are there.
        let source = text(&arguments.file)?;
        let document = timeml::Document::parse(&source);
        let created = arguments.date.clone().or_else(|| document.created.clone());
        let reference = created.as_deref().and_then(Reference::parse);
        let expressions = chancery_timex::tag(&document.text, &Options::written(reference));
        return Ok(out.write_all(timeml::rewrite(&source, &expressions).as_bytes())?);
    }
    let article = article(&arguments.file)?;
    let created = arguments.date.clone().or_else(|| article.published.as_ref().map(|published| published.value.clone()));
    let written = timeml::write(&name, &article.text, created.as_deref(), &expressions(arguments, &article)?);
    Ok(out.write_all(written.as_bytes())?)
}

fn times(arguments: &Arguments, out: &mut Output) -> Result<()> {
    let article = article(&arguments.file)?;
    for time in expressions(arguments, &article)? {
        out.json(&WireTime {
            start: time.start,
            end: time.end,
            text: Span::new(time.start, time.end).of(&article.text),
            r#type: time.kind.as_str(),
            value: time.value.as_deref(),
            modifier: time.modifier.map(chancery_timex::Modifier::as_str),
            edtf: time.edtf.as_deref(),
            how: &time.how,
        })?;
    }
    Ok(())
}

fn names(arguments: &Arguments, out: &mut Output) -> Result<()> {
    let article = article(&arguments.file)?;
    let mut reading = dissect(&article);
    reading.parse_all(arguments.reader.open()?);
    let found = chancery_dissect::names::names(&reading);
    for name in &found {
        out.json(&WireName {
            start: name.span.start(),
            end: name.span.end(),
            text: reading.words(name.span),
            kind: match name.kind {
                NameKind::Person => "person",
                NameKind::Place => "place",
                NameKind::Organization => "organization",
            },
            actor: name.actor.map(|actor| actor.name.as_str()),
            role: name.role.map(|role| reading.words(role)),
            affiliation: name.affiliation.map(|affiliation| reading.words(affiliation.span)),
            full: name.full.and_then(|full| found.get(full)).map(|full| reading.words(full.span)),
        })?;
    }
    Ok(())
}

fn marks(arguments: &Arguments, out: &mut Output) -> Result<()> {
    let article = article(&arguments.file)?;
    let mut reading = dissect(&article);
    reading.parse_all(arguments.reader.open()?);
    for mark in &reading.marks {
        let (label, modality) = match mark.kind {
            MarkKind::Stage(stage, modality) => (Some(stage.as_str()), Some(modality.as_str())),
            MarkKind::Commitment(category) => (Some(category.as_str()), None),
            _ => (None, None),
        };
        out.json(&WireMark {
            start: mark.span.start(),
            end: mark.span.end(),
            text: reading.words(mark.span),
            kind: mark.kind.as_str(),
            label,
            modality,
            probability: mark.probability,
        })?;
    }
    Ok(())
}

fn statements(arguments: &Arguments, format: Format, out: &mut Output) -> Result<()> {
    let article = article(&arguments.file)?;
    let extractor = Extractor::new()?.with_reader(arguments.reader.open()?);
    if format == Format::Brat {
        let standoff = brat::write(&article.text, &extractor.attributions(&article));
        return Ok(out.write_all(standoff.as_bytes())?);
    }
    fn wire(evidence: &chancery_agreement::Evidence) -> WirePart<'_> {
        WirePart { start: evidence.span().start(), end: evidence.span().end(), text: evidence.quote() }
    }
    let (findings, _) = extractor.extract(&article);
    for statement in &findings.statements {
        let speaker = statement.speaker.as_ref();
        out.json(&WireStatement {
            start: statement.evidence.span().start(),
            end: statement.evidence.span().end(),
            text: statement.evidence.quote(),
            speaker: speaker.map(|speaker| speaker.name.as_str()),
            role: speaker.and_then(|speaker| speaker.role.as_deref()),
            affiliation: speaker.and_then(|speaker| speaker.affiliation.as_deref()),
            via: statement.via.as_deref(),
            kind: statement.kind.as_str(),
            stance: statement.stance.as_str(),
            rule: statement.evidence.rule(),
            confidence: statement.evidence.confidence(),
            source: statement.source.as_ref().map(wire),
            cue: statement.cue.as_ref().map(wire),
        })?;
    }
    Ok(())
}
