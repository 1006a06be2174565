//! A sheet of cells: what a scorer sees of one document, read from a label file, from findings JSON or from findings.
//!
//! Label files and findings hold the same cells in two forms (`findings.md`); everything that is measured is measured on
//! this third one, so that it cannot matter which form the cells came in.
use crate::Error;
use chancery_agreement::{Article, Findings, Modality};
use serde_json::Value;
use std::path::Path;

/// The cells of one document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// File name without its ending: what pairs labels with findings.
    pub stem: String,
    /// Stem of the document that a label file names, where it names one.
    pub document: Option<String>,
    /// `document.source` of findings, as it is.
    pub source: String,
    /// The text; empty in label files.
    pub text: String,
    /// Headline, where it is known.
    pub title: Option<String>,
    /// Agreements in order.
    pub agreements: Vec<AgreementCells>,
    /// Statements in order.
    pub statements: Vec<StatementCells>,
}

/// The cells of one agreement.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AgreementCells {
    /// Key: in labels one for the instrument across all articles, in findings one within the article.
    pub key: String,
    /// Surface names.
    pub names: Vec<String>,
    /// Rule that found each name; empty in labels.
    pub name_rules: Vec<String>,
    /// Word of the list of kinds.
    pub kind: String,
    /// Parties by name.
    pub parties: Vec<String>,
    /// Rule that found each party; empty in labels.
    pub party_rules: Vec<String>,
    /// Stages.
    pub stages: Vec<StageCells>,
    /// Category, strength (empty where not labelled) and words of each commitment.
    pub commitments: Vec<CommitmentCells>,
    /// Sums.
    pub money: Vec<MoneyCells>,
    /// ISO 8601 duration.
    pub duration: Option<String>,
    /// ISO 8601 duration of each renewal.
    pub renewal: Option<String>,
    /// Number of articles.
    pub articles: Option<String>,
    /// Key of the other agreement, kind, words.
    pub relations: Vec<(String, String, String)>,
    /// All quotes of this agreement, in the order of the JSON: for the check that they are exact.
    pub quotes: Vec<String>,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StageCells {
    /// Word of the list of stages.
    pub stage: String,
    /// EDTF.
    pub date: Option<String>,
    /// `actual`, `expected`, `denied`.
    pub modality: String,
    /// Where.
    pub place: Option<String>,
    /// By whom.
    pub by: Option<String>,
    /// The words.
    pub quote: String,
    /// Rule that found it; empty in labels.
    pub rule: String,
}

/// One commitment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CommitmentCells {
    /// Word of the list of categories.
    pub category: String,
    /// The words.
    pub quote: String,
    /// Rule that found it; empty in labels.
    pub rule: String,
}

/// One sum.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MoneyCells {
    /// Units of the currency.
    pub amount: f64,
    /// ISO 4217.
    pub currency: String,
    /// The words.
    pub quote: String,
    /// Rule that found it; empty in labels.
    pub rule: String,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StatementCells {
    /// Name of the speaker.
    pub speaker: Option<String>,
    /// Word of the list of kinds of speech.
    pub kind: Option<String>,
    /// Word of the list of stances.
    pub stance: Option<String>,
    /// Key of the agreement.
    pub about: Option<String>,
    /// The content.
    pub quote: String,
    /// Rule that found it; empty in labels.
    pub rule: String,
    /// All quotes of this statement.
    pub quotes: Vec<String>,
}

impl Sheet {
    /// What was found in an article.
    #[must_use]
    pub fn of_findings(article: &Article, findings: &Findings) -> Self {
        let agreements = findings.agreements.iter().map(AgreementCells::of_finding).collect();
        let statements = findings
            .statements
            .iter()
            .map(|statement| {
                let mut quotes = vec![statement.evidence.quote().to_owned()];
                quotes.extend(statement.speaker.iter().map(|speaker| speaker.evidence.quote().to_owned()));
                quotes.extend(statement.cue.iter().chain(&statement.source).map(|words| words.quote().to_owned()));
                StatementCells {
                    speaker: statement.speaker.as_ref().map(|speaker| speaker.name.clone()),
                    kind: Some(statement.kind.as_str().to_owned()),
                    stance: Some(statement.stance.as_str().to_owned()),
                    about: statement.about.clone(),
                    quote: statement.evidence.quote().to_owned(),
                    rule: statement.evidence.rule().to_owned(),
                    quotes,
                }
            })
            .collect();
        Self {
            stem: stem(&article.source),
            document: None,
            source: article.source.clone(),
            text: article.text.clone(),
            title: article.title.clone(),
            agreements,
            statements,
        }
    }

    /// A label file or one line of findings JSON. `stem` is used where the object names no source.
    #[must_use]
    pub fn of_json(value: &Value, file_stem: &str) -> Self {
        let document = value.get("document");
        let source = document.and_then(|document| text(document, "source")).unwrap_or_else(|| file_stem.to_owned());
        Self {
            stem: stem(&source),
            document: document.and_then(Value::as_str).map(stem),
            text: document.and_then(|document| text(document, "text")).unwrap_or_default(),
            title: document.and_then(|document| text(document, "title")).or_else(|| text(value, "title")),
            agreements: list(value, "agreements").map(AgreementCells::of_json).collect(),
            statements: list(value, "statements").map(StatementCells::of_json).collect(),
            source,
        }
    }
}

impl AgreementCells {
    fn of_finding(finding: &chancery_agreement::AgreementFinding) -> Self {
        let stages = finding.stages.iter().map(|stage| StageCells {
            stage: stage.stage.as_str().to_owned(),
            date: stage.date.as_ref().and_then(|date| date.value.clone()),
            modality: stage.modality.as_str().to_owned(),
            place: stage.place.as_ref().map(|place| place.value.clone()),
            by: stage.by.as_ref().map(|by| by.value.clone()),
            quote: stage.evidence.quote().to_owned(),
            rule: stage.evidence.rule().to_owned(),
        });
        let parties = finding.parties.iter().map(|party| &party.evidence);
        let tellings = finding.stages.iter().flat_map(|stage| std::iter::once(&stage.evidence).chain(&stage.also));
        let provisions = finding.commitments.iter().map(|commitment| &commitment.evidence);
        let sums = finding.money.iter().map(|money| &money.evidence);
        let ties = finding.relations.iter().map(|relation| &relation.evidence);
        let quotes =
            parties.chain(tellings).chain(provisions).chain(sums).chain(ties).map(|words| words.quote().to_owned()).collect();
        Self {
            key: finding.key.clone(),
            names: finding.names.iter().map(|name| name.evidence.quote().to_owned()).collect(),
            name_rules: finding.names.iter().map(|name| name.evidence.rule().to_owned()).collect(),
            kind: finding.kind.as_str().to_owned(),
            party_rules: finding.parties.iter().map(|party| party.evidence.rule().to_owned()).collect(),
            parties: finding.parties.iter().map(|party| party.actor.clone()).collect(),
            stages: stages.collect(),
            commitments: finding
                .commitments
                .iter()
                .map(|commitment| CommitmentCells {
                    category: commitment.category.as_str().to_owned(),
                    quote: commitment.evidence.quote().to_owned(),
                    rule: commitment.evidence.rule().to_owned(),
                })
                .collect(),
            money: finding
                .money
                .iter()
                .map(|money| MoneyCells {
                    amount: money.amount,
                    currency: money.currency.clone(),
                    quote: money.evidence.quote().to_owned(),
                    rule: money.evidence.rule().to_owned(),
                })
                .collect(),
            duration: finding.duration.as_ref().map(|term| term.value.clone()),
            renewal: finding.renewal.as_ref().map(|term| term.value.clone()),
            articles: finding.articles.as_ref().map(|term| term.value.clone()),
            relations: finding
                .relations
                .iter()
                .map(|relation| (relation.to.clone(), relation.kind.as_str().to_owned(), relation.evidence.quote().to_owned()))
                .collect(),
            quotes,
        }
    }

    fn of_json(value: &Value) -> Self {
        let named = |list: &str, field: &str| -> Vec<String> {
            self::list(value, list)
                .map(|item| item.as_str().map_or_else(|| text(item, field).unwrap_or_default(), str::to_owned))
                .collect()
        };
        let stages = list(value, "stages").map(|stage| StageCells {
            stage: text(stage, "stage").unwrap_or_default(),
            date: stage.get("date").and_then(|date| date.as_str().map(str::to_owned).or_else(|| text(date, "value"))),
            modality: text(stage, "actual_or_expected")
                .or_else(|| text(stage, "modality"))
                .unwrap_or_else(|| Modality::Actual.as_str().to_owned()),
            place: text(stage, "place"),
            by: text(stage, "by"),
            quote: quote(stage),
            rule: rule(stage),
        });
        let commitments = list(value, "commitments").map(|commitment| CommitmentCells {
            category: text(commitment, "category").unwrap_or_default(),
            quote: quote(commitment),
            rule: rule(commitment),
        });
        let money = list(value, "money").map(|money| MoneyCells {
            amount: money.get("amount").and_then(Value::as_f64).unwrap_or(0.0),
            currency: text(money, "currency").unwrap_or_default(),
            quote: quote(money),
            rule: rule(money),
        });
        let number = value.get("articles").and_then(Value::as_i64).map(|count| count.to_string());
        Self {
            key: text(value, "key").unwrap_or_default(),
            names: named("names", "text"),
            name_rules: list(value, "names").map(rule).collect(),
            party_rules: list(value, "parties").map(rule).collect(),
            kind: text(value, "kind").unwrap_or_default(),
            parties: named("parties", "actor"),
            stages: stages.collect(),
            commitments: commitments.collect(),
            money: money.collect(),
            duration: text(value, "duration"),
            renewal: text(value, "renewal"),
            articles: number.or_else(|| text(value, "articles")),
            relations: list(value, "relations")
                .map(|relation| {
                    (text(relation, "to").unwrap_or_default(), text(relation, "kind").unwrap_or_default(), quote(relation))
                })
                .collect(),
            quotes: all_quotes(value),
        }
    }
}

impl StatementCells {
    fn of_json(value: &Value) -> Self {
        let speaker =
            value.get("speaker").and_then(|speaker| speaker.as_str().map(str::to_owned).or_else(|| text(speaker, "name")));
        Self {
            speaker,
            kind: text(value, "kind"),
            stance: text(value, "stance"),
            about: text(value, "about").filter(|about| !about.is_empty()),
            quote: quote(value),
            rule: rule(value),
            quotes: all_quotes(value),
        }
    }
}

/// All label files of a folder, in order of their names.
///
/// # Errors
/// When the folder or one of its files cannot be read, or is not JSON.
pub fn read_labels(folder: &Path) -> Result<Vec<Sheet>, Error> {
    let hint = "give the folder that holds the NNN.json label files";
    let entries = std::fs::read_dir(folder).map_err(|problem| Error::at(folder, problem, hint))?;
    let mut paths: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    paths.sort();
    let sheet = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).map_err(|problem| Error::at(path, problem, hint))?;
        let value: Value =
            serde_json::from_slice(&bytes).map_err(|problem| Error::at(path, problem, "label files are JSON objects"))?;
        let mut sheet = Sheet::of_json(&value, &path.display().to_string());
        sheet.stem = stem(&path.display().to_string());
        Ok(sheet)
    };
    paths.iter().map(sheet).collect()
}

/// A file of findings, one JSON object a line.
///
/// # Errors
/// When the file cannot be read or a line is not JSON.
pub fn read_findings(file: &Path) -> Result<Vec<Sheet>, Error> {
    let text = std::fs::read_to_string(file)
        .map_err(|problem| Error::at(file, problem, "give a file of findings, one JSON object a line"))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let sheet = |(number, line): (usize, &str)| {
        let value: Value = serde_json::from_str(line)
            .map_err(|problem| Error::at(file, format!("line {}: {problem}", number + 1), "each line is one JSON object"))?;
        Ok(Sheet::of_json(&value, ""))
    };
    lines.map(sheet).collect()
}

/// File name without folder and last ending.
#[must_use]
pub fn stem(path: &str) -> String {
    Path::new(path).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn list<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    value.get(field).and_then(Value::as_array).into_iter().flatten()
}

fn text(value: &Value, field: &str) -> Option<String> {
    value.get(field).and_then(Value::as_str).map(str::to_owned)
}

fn quote(value: &Value) -> String {
    let own = text(value, "quote").filter(|quote| !quote.is_empty());
    own.or_else(|| text(value.get("evidence")?, "quote")).unwrap_or_default()
}

fn rule(value: &Value) -> String {
    value.get("evidence").and_then(|evidence| text(evidence, "rule")).unwrap_or_default()
}

/// Every string under a key `quote`, however deep; no recursion, so that no input can exhaust the stack.
fn all_quotes(value: &Value) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), vec![value]);
    while let Some(node) = open.pop() {
        match node {
            Value::Object(fields) => {
                found.extend(fields.get("quote").and_then(Value::as_str).map(str::to_owned));
                open.extend(fields.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}
