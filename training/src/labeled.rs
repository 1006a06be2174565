//! Labelled news: the articles of `gold/train`, our own labelled reports, and news articles that we labelled (`training/labels`).
use crate::labels;
use anyhow::{Context, Result};
use chancery_agreement::Article;
use chancery_collect::{Form, Limits, Raw};
use chancery_dissect::Reader;
use chancery_evaluate::agreements::Aliases;
use chancery_evaluate::sheet::{Sheet, read_labels};
use chancery_extract::Extractor;
use flate2::read::GzDecoder;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Where the labels of an article come from: base rates differ, and so does what is labelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Corpus {
    /// `gold/train`: everything is labelled, all speech too.
    Gold,
    /// `training/labels/reports`: written by us to be learned from, rich in agreements; everything is labelled.
    Reports,
    /// `training/labels/wikinews`: of speech only what is about an agreement is labelled.
    News,
}

/// One labelled article.
pub struct Labeled<'l> {
    /// Where it comes from.
    pub corpus: Corpus,
    /// Its place in the order of that corpus, from 0.
    pub number: usize,
    /// Spellings of actors.
    pub aliases: &'l Aliases,
    /// Its labels.
    pub label: &'l Sheet,
    /// The article.
    pub article: &'l Article,
    /// The extractor with the rules and models of this build and the reader that is due.
    pub extractor: &'l Extractor,
}

/// The labelled data and the reader that the models are learned with.
#[derive(Clone, Copy)]
pub struct Source<'s> {
    /// The data folder.
    pub data: &'s Path,
    /// The reader.
    pub reader: &'static dyn Reader,
    /// In its place for the articles with an even and with an odd place in the order of their corpus: readers that were learned without
    /// them (see `training/accurate/README.md` for what of it).
    pub halves: Option<[&'static dyn Reader; 2]>,
}

/// All that `visit` makes of the labelled articles of `corpora`, those of each in a fixed order. The articles are visited side by side, on as
/// many threads as there are cores.
pub fn each_article<T: Send>(
    source: Source<'_>,
    corpora: &[Corpus],
    visit: impl Fn(Labeled<'_>) -> Vec<T> + Sync,
) -> Result<Vec<T>> {
    let Source { data, reader, halves } = source;
    let aliases = Aliases::read(&data.join("evaluation/party_aliases.json"))?;
    let extractor = Extractor::new()?.with_reader(reader);
    let halves = match halves {
        Some([even, odd]) => vec![Extractor::new()?.with_reader(even), Extractor::new()?.with_reader(odd)],
        None => Vec::new(),
    };
    let mut made = Vec::new();
    for &corpus in corpora {
        let each = match corpus {
            Corpus::Gold => gold(data, "train")?,
            Corpus::Reports => reports()?,
            Corpus::News => labeled_news(data)?,
        };
        let visit = |number: usize, (article, label): &(Article, Sheet)| {
            let extractor = halves.get(number % 2).unwrap_or(&extractor);
            visit(Labeled { corpus, number, aliases: &aliases, label, article, extractor })
        };
        made.extend(side_by_side(&each, visit).into_iter().flatten());
    }
    Ok(made)
}

/// What `make` makes of each of `items` and its place, in their order.
fn side_by_side<I: Sync, T: Send>(items: &[I], make: impl Fn(usize, &I) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut made = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return made };
            made.push((at, make(at, item)));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut made: Vec<(usize, T)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a panic ends the training")).collect()
    });
    made.sort_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, made)| made).collect()
}

/// The labelled articles of a part of `gold`, in order of their names.
pub fn gold(data: &Path, part: &str) -> Result<Vec<(Article, Sheet)>> {
    let folder = data.join("gold").join(part);
    let with_article = |label: Sheet| {
        let file = folder.join("articles").join(format!("{}.json", label.stem));
        let json = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        Ok((taken_in(file.display().to_string(), json), label))
    };
    read_labels(&folder.join("labels"))?.into_iter().map(with_article).collect()
}

/// Our own labelled reports.
pub fn reports() -> Result<Vec<(Article, Sheet)>> {
    let with_label = |(file, entry): (PathBuf, labels::Entry)| {
        let place = || format!("{}:{}", file.display(), entry.line());
        let text = entry.text.as_deref().with_context(|| format!("{}: the report has no text", place()))?;
        let label = entry.sheet(text).with_context(place)?;
        let json = json!({ "title": entry.title, "published": entry.published, "text": text });
        Ok((taken_in(entry.id.clone(), json.to_string()), label))
    };
    entries("reports")?.into_iter().map(with_label).collect()
}

/// An article of free news as its file holds it.
pub struct Record {
    /// The whole record, JSON.
    pub json: String,
    /// Its text.
    pub text: String,
}

/// Free news under `data/data/wikinews`, by the articles' ids.
pub fn news(data: &Path) -> Result<BTreeMap<String, Record>> {
    let file = data.join("data/wikinews/wikinews.jsonl.gz");
    let content = File::open(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut articles = BTreeMap::new();
    for line in BufReader::new(GzDecoder::new(content)).lines() {
        let line = line.with_context(|| format!("cannot read {}", file.display()))?;
        let value: serde_json::Value =
            serde_json::from_str(&line).with_context(|| format!("{} is not JSON Lines", file.display()))?;
        let field = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        articles.insert(field("id"), Record { text: field("text"), json: line });
    }
    Ok(articles)
}

/// The articles of free news that we labelled.
pub fn labeled_news(data: &Path) -> Result<Vec<(Article, Sheet)>> {
    let mut articles = news(data)?;
    let with_article = |(file, entry): (PathBuf, labels::Entry)| {
        let place = || format!("{}:{}", file.display(), entry.line());
        let record = articles.remove(&entry.id).with_context(|| format!("{}: no article {}", place(), entry.id))?;
        let label = entry.sheet(&record.text).with_context(place)?;
        Ok((taken_in(entry.id, record.json), label))
    };
    entries("wikinews")?.into_iter().map(with_article).collect()
}

/// The entries of all files of a folder of `training/labels`, in order of their names.
fn entries(folder: &str) -> Result<Vec<(PathBuf, labels::Entry)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("labels").join(folder);
    let listed = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = listed.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    files.sort();
    let mut all = Vec::new();
    for file in files {
        all.extend(labels::read(&file)?.into_iter().map(|entry| (file.clone(), entry)));
    }
    Ok(all)
}

/// The article as `chancery read` takes it in: what is no part of the story is cut there, too.
fn taken_in(source: String, json: impl Into<Vec<u8>>) -> Article {
    chancery_collect::article(&Raw::new(source, json, Form::Json), &Limits::default()).0
}
