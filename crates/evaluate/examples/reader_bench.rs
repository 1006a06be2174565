//! How fast the fast reader reads, how long it takes to start, and what it saves to parse only the sentences that matter:
//! `cargo run --release -p chancery-evaluate --example reader_bench -- TREEBANK.conllu ARTICLES_FOLDER [LABELS_FOLDER]`
//! (`cargo xtask bench reader` runs it on the labelled data).
//!
//! Seconds are those of work that the system charged to the process (Linux), on one core: what else runs beside it slows it through the
//! caches only. With labels, the articles are parted into those that hold an agreement and those that hold none.
use chancery_agreement::Article;
use chancery_dissect::conllu::parse_conllu;
use chancery_dissect::{Fast, Reader, SentenceReading, Syntax, dissect};
use chancery_extract::Extractor;
use serde_json::Value;
use std::collections::HashSet;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

/// The fast reader, which remembers what it was asked to read.
struct Watched {
    read: Mutex<HashSet<Vec<String>>>,
}

impl Reader for Watched {
    fn name(&self) -> &str {
        Fast::embedded().name()
    }

    fn parse(&self, forms: &[&str]) -> Vec<Syntax> {
        if let Ok(mut read) = self.read.lock() {
            read.insert(owned(forms));
        }
        Fast::embedded().parse(forms)
    }

    fn read(&self, forms: &[&str]) -> SentenceReading {
        SentenceReading { syntax: self.parse(forms), ..SentenceReading::default() }
    }
}

fn owned(forms: &[&str]) -> Vec<String> {
    forms.iter().map(|&form| form.to_owned()).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let treebank = arguments.next().ok_or("name a CoNLL-U file")?;
    let folder = arguments.next().ok_or("name a folder of articles")?;
    let labels = arguments.next();
    speed(&treebank)?;
    let (with, without) = articles(&folder, labels.as_deref())?;
    println!("{:<28} {:>8} {:>10} {:>8} {:>12} {:>12}", "articles", "number", "sentences", "parsed", "articles/s", "all parsed");
    laziness("with an agreement", &with)?;
    laziness("without", &without)
}

/// Prints start-up and tokens a second of tagger and parser.
fn speed(treebank: &Path) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let reader = Fast::embedded();
    reader.parse(&["It", "rained", "."]);
    println!("start-up and first sentence: {:.2} ms", start.elapsed().as_secs_f64() * 1e3);
    let conllu = parse_conllu(&std::fs::read_to_string(treebank)?)?;
    let sentences: Vec<Vec<&str>> = conllu.iter().map(|sentence| sentence.forms()).collect();
    let tokens: usize = sentences.iter().map(Vec::len).sum();
    let mut rates = Vec::new();
    for _ in 0..5 {
        let before = work();
        let read: usize = sentences.iter().map(|forms| reader.parse(forms).len()).sum();
        rates.push(read as f64 / (work() - before));
    }
    rates.sort_by(f64::total_cmp);
    println!("tags and trees: {:.0} tokens a second (median of 5 rounds over {tokens} tokens; best {:.0})", rates[2], rates[4]);
    Ok(())
}

/// Articles with an agreement, articles without.
type Parted = (Vec<Article>, Vec<Article>);

fn articles(folder: &Path, labels: Option<&Path>) -> Result<Parted, Box<dyn Error>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut parted = (Vec::new(), Vec::new());
    for path in paths {
        let json: Value = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
        let article = Article::plain(json["text"].as_str().unwrap_or_default());
        let label = labels.and_then(|labels| Some(labels.join(path.file_name()?)));
        let holds = match label {
            Some(label) => {
                let label: Value = serde_json::from_str(&std::fs::read_to_string(label)?)?;
                label["agreements"].as_array().is_some_and(|agreements| !agreements.is_empty())
            }
            None => true,
        };
        if holds { parted.0.push(article) } else { parted.1.push(article) }
    }
    Ok(parted)
}

fn laziness(name: &str, articles: &[Article]) -> Result<(), Box<dyn Error>> {
    let watched: &'static Watched = Box::leak(Box::new(Watched { read: Mutex::default() }));
    let watching = Extractor::new()?.with_reader(watched);
    let (mut sentences, mut parsed, mut rest) = (0_u32, 0_u32, Vec::new());
    for article in articles {
        std::hint::black_box(watching.extract(article));
        let read = std::mem::take(&mut *watched.read.lock().map_err(|error| error.to_string())?);
        let reading = dissect(article);
        for sentence in &reading.sentences {
            let forms: Vec<&str> = sentence.tokens.clone().map(|token| reading.form(token)).collect();
            sentences += 1;
            if read.contains(&owned(&forms)) {
                parsed += 1;
            } else {
                rest.push(owned(&forms));
            }
        }
    }
    let extractor = Extractor::new()?;
    let (mut lazy, mut eager) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..3 {
        let before = work();
        for article in articles {
            std::hint::black_box(extractor.extract(article));
        }
        let between = work();
        for forms in &rest {
            let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
            std::hint::black_box(Fast::embedded().parse(&forms));
        }
        lazy = lazy.min(between - before);
        eager = eager.min(work() - before);
    }
    let (number, share) = (articles.len(), 100.0 * f64::from(parsed) / f64::from(sentences.max(1)));
    let rate = |seconds: f64| number as f64 / seconds;
    println!("{name:<28} {number:>8} {sentences:>10} {share:>7.1}% {:>12.0} {:>12.0}", rate(lazy), rate(eager));
    Ok(())
}

/// Seconds of work of this process so far; those on the clock where the system does not tell.
fn work() -> f64 {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let nanoseconds = std::fs::read_to_string("/proc/self/schedstat")
        .ok()
        .and_then(|stat| stat.split(' ').next().and_then(|number| number.parse::<f64>().ok()));
    nanoseconds.map_or_else(|| START.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}
