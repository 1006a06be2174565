//! Measures linking alone: hand labels are fed to it as if they had been found, so that no error of extraction is in the
//! figures. Labels with one key, in whatever articles, speak of one instrument.
use crate::sheet::{AgreementCells, Sheet, read_labels};
use crate::{Error, sheet};
use chancery_agreement::{
    AgreementFinding, Article, Commitment, CommitmentCategory, Date, Evidence, Findings, Money, Name, Party, PartyRole, Relation,
    Span, Stage, StageKind, Strength, Term,
};
use chancery_link::{Document, Linked, link, passage_words, story_names};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

mod story;
pub use story::{ExpectedForecast, Story, Tally};

/// Documents whose findings are hand labels, with the instrument that each agreement of each document is.
#[derive(Debug, Clone, Default)]
pub struct Labelled {
    /// The documents, to be linked.
    pub documents: Vec<Document>,
    /// (document id, key within the document) → the label's key.
    pub instrument: BTreeMap<(String, String), String>,
}

/// Figures of one set.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// Mentions that were judged.
    pub mentions: usize,
    /// Linked agreements that hold at least one of them.
    pub agreements: usize,
    /// Instruments that the labels tell of.
    pub instruments: usize,
    /// B-cubed precision, 0 to 1.
    pub precision: f64,
    /// B-cubed recall, 0 to 1.
    pub recall: f64,
    /// Instruments told in two or more mentions.
    pub several: usize,
    /// Those of them that are kept in one agreement.
    pub whole: usize,
}

impl Figures {
    /// Harmonic mean of B-cubed precision and recall.
    #[must_use]
    pub fn f1(&self) -> f64 {
        let sum = self.precision + self.recall;
        if sum > 0.0 { 2.0 * self.precision * self.recall / sum } else { 0.0 }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} mentions of {} instruments in {} agreements: B-cubed P {:.3} R {:.3} F1 {:.3}; told in several mentions and kept whole: {} of {}",
            self.mentions,
            self.instruments,
            self.agreements,
            self.precision,
            self.recall,
            self.f1(),
            self.whole,
            self.several
        )
    }
}

/// What linking reached on a set of labels.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// All mentions.
    pub all: Figures,
    /// The instruments told in several articles that the weights were set on, and all told in one.
    pub set_on: Figures,
    /// The other half of those told in several articles.
    pub other_half: Figures,
    /// Instruments in pieces and agreements that mix instruments, one line each; none of the other half.
    pub errors: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "linking, from the labels themselves")?;
        writeln!(f, "  all                       {}", self.all)?;
        writeln!(f, "  half the weights were set on  {}", self.set_on)?;
        write!(f, "  other half                {}", self.other_half)
    }
}

/// Links the labels of `dev` and `train` under `data/gold` together and measures the result.
///
/// # Errors
/// When the label files or articles cannot be read.
pub fn evaluate(data: &Path) -> Result<Report, Error> {
    let labelled = labels(data)?;
    Ok(judge(&labelled, &link(&labelled.documents)))
}

/// The labels of `dev` and `train` under `data/gold`.
///
/// # Errors
/// When the label files or articles cannot be read.
pub fn labels(data: &Path) -> Result<Labelled, Error> {
    let gold = data.join("gold");
    let mut labelled = Labelled::default();
    for set in ["dev", "train"] {
        let folder = gold.join(set);
        labelled.extend(read(&folder.join("labels"), |stem| folder.join("articles").join(format!("{stem}.json")))?);
    }
    Ok(labelled)
}

/// What linking reached on our own stories.
#[derive(Debug, Clone, Default)]
pub struct StoryReport {
    /// Stories that were read.
    pub stories: usize,
    /// All their mentions, linked together in one go.
    pub figures: Figures,
    /// Conflicts and forecasts.
    pub tally: Tally,
    /// What is wrong, one line each.
    pub remarks: Vec<String>,
}

impl fmt::Display for StoryReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tally = &self.tally;
        writeln!(f, "linking, {} stories of our own: {}", self.stories, self.figures)?;
        let share = |part: usize, whole: usize| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
        let (right, found) = (tally.conflicts_right, tally.conflicts_found);
        writeln!(f, "  conflicts P {:.3} R {:.3}", share(right, found), share(right, tally.conflicts))?;
        write!(f, "  forecasts right {} of {} ({} came out)", tally.forecasts_right, tally.forecasts, tally.forecasts_found)
    }
}

/// Links all stories of a folder (`gold/linking`) together and measures the result.
///
/// # Errors
/// When the folder or a story cannot be read.
pub fn evaluate_stories(folder: &Path) -> Result<StoryReport, Error> {
    let (all, stories) = stories(folder)?;
    let linked = link(&all.documents);
    let mut report = StoryReport { stories: stories.len(), figures: all.figures(&linked, |_| true), ..StoryReport::default() };
    for (name, story) in &stories {
        let (tally, remarks) = story.judge(name, &linked);
        report.tally.add(&tally);
        report.remarks.extend(remarks);
    }
    report.remarks.extend(all.errors(&linked, |_| true));
    Ok(report)
}

/// All stories of a folder (`gold/linking`) together, and each by itself with its name.
///
/// # Errors
/// When the folder or a story cannot be read.
pub fn stories(folder: &Path) -> Result<(Labelled, Vec<(String, Story)>), Error> {
    let hint = "give the folder with the stories, `gold/linking`";
    let entries = std::fs::read_dir(folder).map_err(|problem| Error::at(folder, problem, hint))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "md") && !path.ends_with("README.md"));
    paths.sort();
    let (mut all, mut stories) = (Labelled::default(), Vec::new());
    for path in &paths {
        let text = std::fs::read_to_string(path).map_err(|problem| Error::at(path, problem, hint))?;
        let name = sheet::stem(&path.display().to_string());
        let story =
            Story::parse(&name, &text).map_err(|problem| Error::at(path, problem, "see README.md beside it for the form"))?;
        all.extend(story.labelled.clone());
        stories.push((name, story));
    }
    Ok((all, stories))
}

/// Links the labels of the documents under `data/seeds`.
///
/// # Errors
/// When the label files or texts cannot be read.
pub fn evaluate_seeds(data: &Path) -> Result<(Figures, Linked), Error> {
    let labelled = seeds(data)?;
    let linked = link(&labelled.documents);
    Ok((labelled.figures(&linked, |_| true), linked))
}

/// The labels of the documents under `data/seeds`.
///
/// # Errors
/// When the label files or texts cannot be read.
pub fn seeds(data: &Path) -> Result<Labelled, Error> {
    let folder = data.join("seeds");
    read(&folder.join("labels"), |stem| folder.join(format!("{stem}.txt")))
}

/// B-cubed figures over all, the half that weights may be set on, and the other half; with the errors named.
#[must_use]
pub fn judge(labelled: &Labelled, linked: &Linked) -> Report {
    let other = labelled.other_half();
    Report {
        all: labelled.figures(linked, |_| true),
        set_on: labelled.figures(linked, |key| !other.contains(key)),
        other_half: labelled.figures(linked, |key| other.contains(key)),
        // The other half is not to be looked at.
        errors: labelled.errors(linked, |key| !other.contains(key)),
    }
}

impl Labelled {
    /// Adds the documents of another set.
    pub fn extend(&mut self, other: Self) {
        self.documents.extend(other.documents);
        self.instrument.extend(other.instrument);
    }

    /// Instruments told in several articles.
    #[must_use]
    pub fn several(&self) -> BTreeSet<String> {
        let mut articles: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
        for ((document, _), key) in &self.instrument {
            articles.entry(key).or_default().insert(document);
        }
        articles.into_iter().filter(|(_, documents)| documents.len() > 1).map(|(key, _)| key.clone()).collect()
    }

    /// Instruments told in several articles, every second one in order of their keys: never looked at while weights are set.
    #[must_use]
    pub fn other_half(&self) -> BTreeSet<String> {
        self.several().into_iter().enumerate().filter(|(place, _)| place % 2 == 1).map(|(_, key)| key).collect()
    }

    /// B-cubed over the mentions of the instruments that `wanted` lets through; errors with others count against them.
    #[must_use]
    pub fn figures(&self, linked: &Linked, wanted: impl Fn(&str) -> bool) -> Figures {
        self.figures_of(&clusters(linked), wanted)
    }

    /// The same of clusters: (document id, key) → number of the agreement that it is part of.
    #[must_use]
    pub fn figures_of(&self, clusters: &BTreeMap<(String, String), usize>, wanted: impl Fn(&str) -> bool) -> Figures {
        let items: Vec<(&str, usize)> =
            self.instrument.iter().filter_map(|(mention, key)| Some((key.as_str(), *clusters.get(mention)?))).collect();
        let (mut by_key, mut by_cluster, mut both) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (key, cluster) in &items {
            *by_key.entry(*key).or_insert(0usize) += 1;
            *by_cluster.entry(*cluster).or_insert(0usize) += 1;
            *both.entry((*key, *cluster)).or_insert(0usize) += 1;
        }
        let judged: Vec<&(&str, usize)> = items.iter().filter(|(key, _)| wanted(key)).collect();
        let share = |part: usize, whole: Option<&usize>| part as f64 / whole.copied().unwrap_or(1).max(1) as f64;
        let part = |item: &(&str, usize)| both.get(item).copied().unwrap_or(0);
        let count = judged.len().max(1) as f64;
        let precision = judged.iter().map(|item| share(part(item), by_cluster.get(&item.1))).sum::<f64>() / count;
        let recall = judged.iter().map(|item| share(part(item), by_key.get(item.0))).sum::<f64>() / count;
        let several: Vec<&&str> = by_key.iter().filter(|(key, count)| wanted(key) && **count > 1).map(|(key, _)| key).collect();
        let whole = several.iter().filter(|key| both.iter().filter(|((own, _), _)| own == **key).count() == 1).count();
        Figures {
            mentions: judged.len(),
            agreements: judged.iter().map(|item| item.1).collect::<BTreeSet<_>>().len(),
            instruments: judged.iter().map(|item| item.0).collect::<BTreeSet<_>>().len(),
            precision,
            recall,
            several: several.len(),
            whole,
        }
    }

    /// One line for every instrument in pieces, and one for every agreement that mixes instruments, where all of them are
    /// let through by `wanted`.
    fn errors(&self, linked: &Linked, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let clusters = clusters(linked);
        let stem_of: BTreeMap<&str, String> =
            self.documents.iter().map(|document| (document.id.as_str(), sheet::stem(&document.source))).collect();
        let mut by_key: BTreeMap<&str, BTreeMap<usize, Vec<&str>>> = BTreeMap::new();
        let mut by_cluster: BTreeMap<usize, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
        for (mention, key) in &self.instrument {
            let Some(cluster) = clusters.get(mention) else { continue };
            let stem = stem_of.get(mention.0.as_str()).map_or("", String::as_str);
            by_key.entry(key).or_default().entry(*cluster).or_default().push(stem);
            by_cluster.entry(*cluster).or_default().entry(key).or_default().push(stem);
        }
        let pieces = |stems: &Vec<&str>| stems.join(" ");
        let broken = by_key.iter().filter(|(key, parts)| parts.len() > 1 && wanted(key));
        let mixed = by_cluster.values().filter(|parts| parts.len() > 1 && parts.keys().all(|key| wanted(key)));
        let mut lines: Vec<String> = broken
            .map(|(key, parts)| format!("in pieces: {key}: {}", parts.values().map(pieces).collect::<Vec<_>>().join(" | ")))
            .collect();
        lines.extend(mixed.map(|parts| {
            let parts: Vec<String> = parts.iter().map(|(key, stems)| format!("{key} ({})", pieces(stems))).collect();
            format!("mixed: {}", parts.join(" + "))
        }));
        lines
    }
}

/// (document id, key) → number of the linked agreement.
fn clusters(linked: &Linked) -> BTreeMap<(String, String), usize> {
    let members = linked
        .agreements
        .iter()
        .enumerate()
        .flat_map(|(number, agreement)| agreement.members.iter().map(move |member| (number, member)));
    members.map(|(number, member)| ((member.document.clone(), member.key.clone()), number)).collect()
}

/// Reads the label files of a folder as documents with findings; `article` leads from a label's stem to its article.
///
/// # Errors
/// When a label file or an article cannot be read.
pub fn read(labels: &Path, article: impl Fn(&str) -> std::path::PathBuf) -> Result<Labelled, Error> {
    let mut labelled = Labelled::default();
    for sheet in read_labels(labels)? {
        let label_file = labels.join(format!("{}.json", sheet.stem));
        let details: Value =
            std::fs::read(&label_file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let path = article(&sheet.stem);
        let text = std::fs::read_to_string(&path)
            .map_err(|problem| Error::at(&path, problem, "each label file belongs to an article"))?;
        let parsed: Option<Value> =
            if path.extension().is_some_and(|end| end == "json") { serde_json::from_str(&text).ok() } else { None };
        let field = |name: &str| {
            let own = parsed.as_ref().and_then(|value| value.get(name)).and_then(Value::as_str);
            own.or_else(|| details.get(name).and_then(Value::as_str)).map(str::to_owned)
        };
        let mut article = Article::plain(&field("text").filter(|_| parsed.is_some()).unwrap_or(text));
        article.id.clone_from(&sheet.stem);
        article.source = path.display().to_string();
        let findings = findings(&sheet, &article);
        let document = Document {
            id: sheet.stem.clone(),
            source: article.source.clone(),
            url: field("url"),
            publisher: field("publisher"),
            published: field("published"),
            title: field("title"),
            copy_of: None,
            story: story_names(&article.text),
            passages: passage_words(&article.text, &findings),
            findings,
        };
        for (place, cells) in sheet.agreements.iter().enumerate() {
            labelled.instrument.insert((sheet.stem.clone(), key(place)), cells.key.clone());
        }
        labelled.documents.push(document);
    }
    Ok(labelled)
}

fn key(place: usize) -> String {
    format!("a{}", place + 1)
}

/// Labels as findings: each quote where it first stands in the text.
#[must_use]
pub fn findings(sheet: &Sheet, article: &Article) -> Findings {
    Findings {
        agreements: sheet.agreements.iter().enumerate().map(|(place, cells)| finding(sheet, article, place, cells)).collect(),
        ..Findings::default()
    }
}

/// Evidence for the first place of `words`; the first word of the text where the label's words stand nowhere (names of
/// parties are given in canonical form).
fn evidence(article: &Article, words: &str) -> Option<Evidence> {
    let place = article.text.find(words).map(|start| Span::new(start, start + words.len()));
    let first = || {
        let start = article.text.len() - article.text.trim_start().len();
        let length = article.text.split_whitespace().next().map_or(0, str::len);
        Span::new(start, start + length)
    };
    Evidence::new(article, place.unwrap_or_else(first), "label", 1.0)
}

fn finding(sheet: &Sheet, article: &Article, place: usize, cells: &AgreementCells) -> AgreementFinding {
    let at = |words: &str| evidence(article, words);
    let term =
        |value: &Option<String>| value.as_ref().and_then(|value| Some(Term { value: value.clone(), evidence: at(value)? }));
    let stages = cells.stages.iter().filter_map(|stage| {
        let evidence = at(&stage.quote)?;
        let date =
            stage.date.clone().map(|value| Date { value: Some(value), expression: evidence.clone(), how: "label".to_owned() });
        Some(Stage {
            stage: stage.stage.parse::<StageKind>().ok()?,
            date,
            modality: stage.modality.parse().ok()?,
            place: term(&stage.place),
            by: term(&stage.by),
            according_to: None,
            evidence,
            also: Vec::new(),
        })
    });
    let key_of = |label: &str| sheet.agreements.iter().position(|other| other.key == label).map(key);
    AgreementFinding {
        key: key(place),
        names: cells.names.iter().filter_map(|name| Some(Name { evidence: at(name)? })).collect(),
        kind: cells.kind.parse().unwrap_or(chancery_agreement::AgreementKind::Other),
        parties: cells
            .parties
            .iter()
            .filter_map(|actor| Some(Party { actor: actor.clone(), role: PartyRole::Party, evidence: at(actor)? }))
            .collect(),
        stages: stages.collect(),
        commitments: cells
            .commitments
            .iter()
            .filter_map(|commitment| {
                let category = commitment.category.parse::<CommitmentCategory>().ok()?;
                Some(Commitment { category, strength: Strength::Shall, by: Vec::new(), evidence: at(&commitment.quote)? })
            })
            .collect(),
        money: cells
            .money
            .iter()
            .filter_map(|money| {
                let evidence = at(&money.quote)?;
                Some(Money { amount: money.amount, currency: money.currency.clone(), purpose: None, period: None, evidence })
            })
            .collect(),
        duration: term(&cells.duration),
        renewal: term(&cells.renewal),
        articles: term(&cells.articles),
        relations: cells
            .relations
            .iter()
            .filter_map(|(to, kind, words)| Some(Relation { to: key_of(to)?, kind: kind.parse().ok()?, evidence: at(words)? }))
            .collect(),
    }
}

#[cfg(test)]
mod tests;
