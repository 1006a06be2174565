//! Every figure of a layer by name: what `chancery evaluate … --json` prints and `scores.toml` records.
use crate::agreements::{self, Report};
use crate::sheet::Sheet;
use crate::syntax::Scores;
use crate::time::TimeOptions;
use crate::{Error, intake, linking, names, statements, syntax, time};
use chancery_collect::{Limits, article, documents};
use chancery_dissect::Reader;
use chancery_extract::Extractor;
use chancery_link::{Document, link, passage_words, story_names};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Figures by name, `set.figure` or `set.cell.figure`: shares between 0 and 1, and counts.
pub type ByName = BTreeMap<String, f64>;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Findings, on the seeds and on the labelled articles for judging.
    Agreements,
    /// Statements: exact spans on PolNeAR's dev part; speakers on the quarter of `gold/train` that is held back.
    Statements,
    /// Linking, from the labels.
    Linking,
    /// Time expressions.
    Time,
    /// Sentences, tokens, tags and trees.
    Syntax,
    /// Names of persons, places and organizations.
    Names,
    /// Pages: body, title, authors, day of publication.
    Intake,
}

/// Measures `layer` on the labelled data in `data`, with trees and names by `reader`. Sets that are not there are left out.
///
/// # Errors
/// When a set cannot be read.
pub fn of(layer: Layer, data: &Path, reader: &'static dyn Reader) -> Result<ByName, Error> {
    match layer {
        Layer::Agreements => {
            let gold = data.join("gold/dev");
            let mut figures = ByName::new();
            for (set, inputs, labels) in [
                ("seeds", texts(&data.join("seeds"))?, data.join("seeds/labels")),
                ("dev", vec![gold.join("articles")], gold.join("labels")),
            ] {
                if let Some(report) = found(data, &inputs, &labels, reader)? {
                    figures.extend(named(set, &report));
                }
            }
            Ok(figures)
        }
        Layer::Statements => statement_figures(data, reader),
        Layer::Linking => linking_figures(data),
        Layer::Time => time_figures(&data.join("data/time")),
        Layer::Syntax => syntax_figures(&data.join("data/ud"), reader),
        Layer::Names => names_figures(&data.join("data"), reader),
        Layer::Intake => intake_figures(&data.join("data/intake")),
    }
}

/// Reads `inputs` as `chancery read` does, with trees by `reader`, links them, and scores both against `labels`. `None` where there are no labels.
///
/// # Errors
/// When labels cannot be read.
pub fn found(data: &Path, inputs: &[PathBuf], labels: &Path, reader: &'static dyn Reader) -> Result<Option<Report>, Error> {
    if !labels.is_dir() {
        return Ok(None);
    }
    let extractor = Extractor::new().map_err(|error| Error::new(error.to_string()))?.with_reader(reader);
    let limits = Limits::default();
    let mut sheets = Vec::new();
    let mut read = Vec::new();
    for raw in documents(inputs, &limits).flatten() {
        let (article, _) = article(&raw, &limits);
        let (findings, _) = extractor.extract(&article);
        sheets.push(Sheet::of_findings(&article, &findings));
        read.push(Document {
            story: story_names(&article.text),
            passages: passage_words(&article.text, &findings),
            id: article.id,
            source: article.source,
            url: article.url,
            publisher: article.publisher,
            published: article.published.map(|published| published.value),
            title: article.title,
            copy_of: article.copy_of.map(|copy| copy.original),
            findings,
        });
    }
    agreements::evaluate(data, labels, &sheets, Some(&link(&read))).map(Some)
}

/// The text files of a folder, without those in folders below it.
fn texts(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| Error::at(folder, error, "name a folder that can be read"))?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The figures of a report, each under the name of its set.
#[must_use]
pub fn named(set: &str, report: &Report) -> ByName {
    let mut figures = ByName::new();
    let mut name = |figure: &str, value: f64| {
        figures.insert(format!("{set}.{figure}"), value);
    };
    name("overall", report.overall());
    for cell in &report.cells {
        name(&format!("{}.f1", cell.cell), cell.f1());
        name(&format!("{}.precision", cell.cell), cell.precision());
        name(&format!("{}.recall", cell.cell), cell.recall());
    }
    name("broken_quotes", count(report.broken_quotes));
    name("documents_without_agreement", count(report.empty_documents));
    name("false_alarms", count(report.false_alarms));
    name("documents_without_findings", count(report.missing.len()));
    if let Some(linked) = &report.linking {
        name("linking.f1", linked.f1());
    }
    figures
}

/// One in so many articles of `gold/train` is held back while statements are developed.
const HELD_BACK: usize = 4;

fn statement_figures(data: &Path, reader: &'static dyn Reader) -> Result<ByName, Error> {
    let mut figures = ByName::new();
    let extractor = Extractor::new().map_err(|error| Error::new(error.to_string()))?.with_reader(reader);
    let polnear = data.join("data/quotes/polnear/dev");
    if polnear.is_dir() {
        let scores = statements::score_folder(&extractor, &polnear).map_err(|error| Error::new(error.to_string()))?;
        let parts = [("source", scores.source), ("cue", scores.cue), ("content", scores.content), ("both", scores.both)];
        figures.extend(parts.map(|(part, tally)| (format!("polnear.{part}.f1"), tally.scores().2)));
    }
    for (set, folder, part) in [("held_back", "gold/train", Some(HELD_BACK)), ("dev", "gold/dev", None)] {
        let folder = data.join(folder);
        if folder.is_dir() {
            let score = statements::score_speech_of(&extractor, data, &folder, part)?;
            figures.insert(format!("{set}.direct_speaker.precision"), score.direct_speaker_precision());
            if part.is_some() {
                figures.insert(format!("{set}.content.f1"), score.content_f1());
                figures.insert(format!("{set}.speaker.f1"), score.speaker_f1());
            }
        }
    }
    Ok(figures)
}

fn linking_figures(data: &Path) -> Result<ByName, Error> {
    let mut figures = ByName::new();
    if data.join("gold").is_dir() {
        let report = linking::evaluate(data)?;
        for (half, own) in [("all", report.all), ("set_on", report.set_on), ("other_half", report.other_half)] {
            figures.insert(format!("{half}.precision"), own.precision);
            figures.insert(format!("{half}.recall"), own.recall);
            figures.insert(format!("{half}.f1"), own.f1());
        }
    }
    Ok(figures)
}

fn time_figures(folder: &Path) -> Result<ByName, Error> {
    let mut figures = ByName::new();
    for set in ["TimeBank", "AQUAINT", "WikiWars"] {
        let folder = folder.join(set);
        if !folder.is_dir() {
            continue;
        }
        let counts = time::evaluate(&folder, TimeOptions::default())?.all();
        let mut name = |figure: &str, value: f64| {
            figures.insert(format!("{}.{figure}", set.to_lowercase()), value);
        };
        name("strict", counts.strict_f1());
        name("relaxed", counts.relaxed_f1());
        name("value", counts.value_f1());
        name("type", counts.kind_f1());
    }
    Ok(figures)
}

fn syntax_figures(folder: &Path, reader: &dyn Reader) -> Result<ByName, Error> {
    let mut figures = ByName::new();
    for (set, file) in [
        ("ewt", "EWT/en_ewt-ud-test.conllu"),
        ("gum", "GUM/en_gum_perm-test.conllu"),
        ("gum_news", "GUM/en_gum_news-test.conllu"),
    ] {
        let path = folder.join(file);
        let Ok(conllu) = std::fs::read_to_string(&path) else { continue };
        let report = syntax::evaluate(set, &conllu, reader).map_err(|error| Error::at(&path, error, "CoNLL-U is expected"))?;
        name_scores(&mut figures, &format!("{set}.gold_tokens"), &report.gold_tokens);
        name_scores(&mut figures, &format!("{set}.raw_text"), &report.raw_text);
    }
    Ok(figures)
}

fn names_figures(data: &Path, reader: &dyn Reader) -> Result<ByName, Error> {
    let mut figures = ByName::new();
    for report in names::evaluate_names(data, reader)? {
        let set = report.set.to_lowercase().replace(' ', "_");
        for (kind, counts) in ["all", "persons", "places", "organizations"].into_iter().zip(report.counts) {
            figures.insert(format!("{set}.{kind}.precision"), counts.precision());
            figures.insert(format!("{set}.{kind}.recall"), counts.recall());
            figures.insert(format!("{set}.{kind}.f1"), counts.f1());
        }
    }
    Ok(figures)
}

fn name_scores(figures: &mut ByName, set: &str, scores: &Scores) {
    let Scores { tokens, sentences, words, upos, lemmas, uas, las, las_subtypes } = scores;
    for (figure, matches) in [
        ("tokens", tokens),
        ("sentences", sentences),
        ("words", words),
        ("upos", upos),
        ("lemmas", lemmas),
        ("uas", uas),
        ("las", las),
        ("las_subtypes", las_subtypes),
    ] {
        figures.insert(format!("{set}.{figure}"), matches.f1());
    }
}

fn intake_figures(folder: &Path) -> Result<ByName, Error> {
    let mut figures = ByName::new();
    let benchmark = folder.join("article-extraction-benchmark");
    if benchmark.is_dir() {
        let (scores, _) = intake::benchmark(&benchmark).map_err(Error::new)?;
        figures.insert("benchmark.body".to_owned(), scores.body.f1);
    }
    let fundus = folder.join("fundus-parser-gold");
    if fundus.is_dir() {
        let (scores, _) = intake::fundus(&fundus).map_err(Error::new)?;
        figures.insert("fundus.body".to_owned(), scores.body.f1);
        for (figure, share) in [("date", scores.date), ("title", scores.title), ("authors", scores.authors)] {
            if let Some(share) = share {
                figures.insert(format!("fundus.{figure}"), share);
            }
        }
    }
    Ok(figures)
}

#[expect(clippy::cast_precision_loss, reason = "counts of documents are far below 2^52")]
fn count(number: usize) -> f64 {
    number as f64
}
