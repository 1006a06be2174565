//! Accuracy of intake on pages with known content: body, title, authors and day of publication.
use chancery_agreement::{Article, BlockKind};
use chancery_collect::{Limits, article, documents};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// Figures over one set of pages; all between 0 and 1.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IntakeScores {
    /// Number of pages.
    pub pages: usize,
    /// Body precision, recall and F1 as the set's authors compute them.
    pub body: Body,
    /// Share of pages with the right day of publication, where the set tells it.
    pub date: Option<f64>,
    /// Share of pages whose title is right after folding.
    pub title: Option<f64>,
    /// Share of pages with exactly the right set of authors.
    pub authors: Option<f64>,
}

/// Agreement of bodies of text.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Body {
    /// Which share of what was taken is body.
    pub precision: f64,
    /// Which share of the body was taken.
    pub recall: f64,
    /// Their harmonic mean; for the fundus set the mean of each page's F1.
    pub f1: f64,
}

impl fmt::Display for IntakeScores {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Body { precision, recall, f1 } = self.body;
        write!(out, "pages {}  body P {precision:.3} R {recall:.3} F1 {f1:.3}", self.pages)?;
        for (name, share) in [("date", self.date), ("title", self.title), ("authors", self.authors)] {
            if let Some(share) = share {
                write!(out, "  {name} {share:.3}")?;
            }
        }
        Ok(())
    }
}

/// What went wrong on one page, for reading by kind: page, cell, expected, found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeError {
    /// Key of the page in its set.
    pub page: String,
    /// `date`, `title`, `authors` or `body`.
    pub cell: &'static str,
    /// What the set has.
    pub expected: String,
    /// What was found.
    pub found: String,
}

/// Scores the article-extraction benchmark (Zyte, 2019) in `folder`: shingles of four words, case kept, per page divided by
/// their sum, precision and recall as means over pages, F1 of the means.
///
/// # Errors
/// A sentence where the folder does not hold the set.
pub fn benchmark(folder: &Path) -> Result<(IntakeScores, Vec<IntakeError>), String> {
    let truth = read_json(&folder.join("ground-truth.json"))?;
    let pages = truth.as_object().ok_or("ground-truth.json holds no object")?;
    let mut errors = Vec::new();
    let (mut precision, mut recall) = (0.0, 0.0);
    for (id, expected) in pages {
        let article = page(&folder.join("html").join(format!("{id}.html.gz")))?;
        let expected = expected.get("articleBody").and_then(Value::as_str).unwrap_or("");
        let (found, wanted) = (shingles(&body(&article)), shingles(expected));
        let both = overlap(&found, &wanted);
        let (n_found, n_wanted) = (total(&found), total(&wanted));
        precision += if n_found == 0.0 { f64::from(u8::from(n_wanted == 0.0)) } else { both / n_found };
        recall += if n_wanted == 0.0 { 1.0 } else { both / n_wanted };
        let f1 = harmonic(both / n_found.max(1.0), both / n_wanted.max(1.0));
        if f1 < 0.9 {
            errors.push(IntakeError {
                page: id.clone(),
                cell: "body",
                expected: format!("{n_wanted} shingles"),
                found: format!("{n_found} shingles, {both} of them right, F1 {f1:.2}"),
            });
        }
    }
    let n = count(pages.len());
    let (precision, recall) = (precision / n, recall / n);
    let body = Body { precision, recall, f1: harmonic(precision, recall) };
    Ok((IntakeScores { pages: pages.len(), body, ..IntakeScores::default() }, errors))
}

/// Scores the gold pages of the fundus parsers in `folder`: word F1 of the body (the better of with and without summary),
/// title equal after folding, set of authors equal, day equal in the page's zone or in UTC.
///
/// # Errors
/// A sentence where the folder does not hold the set.
pub fn fundus(folder: &Path) -> Result<(IntakeScores, Vec<IntakeError>), String> {
    let path = folder.join("gold.jsonl");
    let lines = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut errors = Vec::new();
    let mut body_sum = Body::default();
    let (mut pages, mut dates, mut titles, mut authors, mut with_authors) = (0usize, 0usize, 0usize, 0usize, 0usize);
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let gold: Value = serde_json::from_str(line).map_err(|error| format!("{}: {error}", path.display()))?;
        let text = |key: &str| gold.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
        let id = text("id");
        let article = page(&folder.join("html").join(&id))?;
        pages += 1;
        let mut miss =
            |cell, expected: String, found: String| errors.push(IntakeError { page: id.clone(), cell, expected, found });

        let (with_summary, without) = gold_body(&gold);
        let found = words(&body(&article));
        let best = [with_summary, without]
            .iter()
            .map(|wanted| {
                let wanted = words(wanted);
                let both = overlap(&found, &wanted);
                let (precision, recall) = (both / total(&found).max(1.0), both / total(&wanted).max(1.0));
                Body { precision, recall, f1: harmonic(precision, recall) }
            })
            .max_by(|one, other| one.f1.total_cmp(&other.f1))
            .unwrap_or_default();
        body_sum.precision += best.precision;
        body_sum.recall += best.recall;
        body_sum.f1 += best.f1;
        if best.f1 < 0.9 {
            miss("body", String::new(), format!("P {:.2} R {:.2} F1 {:.2}", best.precision, best.recall, best.f1));
        }

        let date = text("publishing_date");
        let day = article.published.as_ref().map(|published| published.value.clone()).unwrap_or_default();
        if days(&date).contains(&day) {
            dates += 1;
        } else {
            miss("date", date, day);
        }
        let title = article.title.clone().unwrap_or_default();
        if fold(&title) == fold(&text("title")) {
            titles += 1;
        } else {
            miss("title", text("title"), title);
        }
        if let Some(wanted) = gold.get("authors").and_then(Value::as_array) {
            with_authors += 1;
            let mut wanted: Vec<String> = wanted.iter().filter_map(Value::as_str).map(fold).collect();
            let byline = article.byline.clone().unwrap_or_default();
            let mut found: Vec<String> = byline.split(", ").map(fold).filter(|name| !name.is_empty()).collect();
            wanted.sort();
            wanted.dedup();
            found.sort();
            found.dedup();
            if wanted == found {
                authors += 1;
            } else {
                miss("authors", gold["authors"].to_string(), byline);
            }
        }
    }
    let n = count(pages);
    let body = Body { precision: body_sum.precision / n, recall: body_sum.recall / n, f1: body_sum.f1 / n };
    let scores = IntakeScores {
        pages,
        body,
        date: Some(count(dates) / n),
        title: Some(count(titles) / n),
        authors: Some(count(authors) / count(with_authors)),
    };
    Ok((scores, errors))
}

fn page(path: &Path) -> Result<Article, String> {
    let limits = Limits::default();
    match documents(&[path.to_owned()], &limits).next() {
        Some(Ok(raw)) => Ok(article(&raw, &limits).0),
        Some(Err(refused)) => Err(format!("{}: {}", refused.source, refused.notice.message)),
        None => Err(format!("{}: nothing in it", path.display())),
    }
}

fn read_json(path: &Path) -> Result<Value, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The paragraphs of the story, without its headline.
fn body(article: &Article) -> String {
    let lines: Vec<&str> = article
        .blocks
        .iter()
        .filter(|block| block.kind == BlockKind::Paragraph)
        .map(|block| block.span.of(&article.text))
        .collect();
    lines.join("\n")
}

/// The body with and without its summary.
fn gold_body(gold: &Value) -> (String, String) {
    let strings = |value: Option<&Value>| -> Vec<String> {
        value
            .and_then(Value::as_array)
            .map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            .unwrap_or_default()
    };
    let body = gold.get("body");
    let mut without = Vec::new();
    for section in body.and_then(|body| body.get("sections")).and_then(Value::as_array).into_iter().flatten() {
        without.extend(strings(section.get("headline")));
        without.extend(strings(section.get("paragraphs")));
    }
    let mut with = strings(body.and_then(|body| body.get("summary")));
    with.extend(without.iter().cloned());
    (with.join("\n"), without.join("\n"))
}

/// The local day of an ISO time, and its day in UTC.
fn days(time: &str) -> Vec<String> {
    let local = time.get(..10).unwrap_or("").to_owned();
    let utc = chancery_collect::day_in_utc(time);
    std::iter::once(local).chain(utc).collect()
}

fn fold(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric() || *letter == '_').flat_map(char::to_lowercase).collect()
}

type Counts = BTreeMap<String, usize>;

fn tokens(text: &str) -> Vec<&str> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).filter(|word| !word.is_empty()).collect()
}

fn shingles(text: &str) -> Counts {
    let tokens = tokens(text);
    let mut counts = Counts::new();
    if tokens.len() < 4 && !tokens.is_empty() {
        *counts.entry(tokens.join(" ")).or_default() += 1;
    }
    for window in tokens.windows(4) {
        *counts.entry(window.join(" ")).or_default() += 1;
    }
    counts
}

fn words(text: &str) -> Counts {
    let mut counts = Counts::new();
    for word in tokens(text) {
        *counts.entry(word.to_lowercase()).or_default() += 1;
    }
    counts
}

fn overlap(one: &Counts, other: &Counts) -> f64 {
    count(one.iter().map(|(word, n)| (*n).min(other.get(word).copied().unwrap_or(0))).sum())
}

fn total(counts: &Counts) -> f64 {
    count(counts.values().sum())
}

#[expect(clippy::cast_precision_loss, reason = "counts of words and pages")]
fn count(n: usize) -> f64 {
    n as f64
}

fn harmonic(precision: f64, recall: f64) -> f64 {
    if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
}
