//! Stories for linking: a few short reports of our own, what a reading finds in each, and what linking must make of it
//! (`gold/linking/*.md`; `gold/linking/README.md` explains the form to a writer).
use super::Labelled;
use chancery_agreement::{
    AgreementFinding, Article, Commitment, Date, Evidence, Findings, Modality, Money, Name, Outcome, Party, PartyRole, Span,
    Stage, StageKind, Strength, Term,
};
use chancery_link::{Document, Linked, passage_words, story_names};
use std::collections::BTreeMap;

/// One story.
#[derive(Debug, Clone, Default)]
pub struct Story {
    /// The first heading.
    pub title: String,
    /// The reports with their findings, and which instrument each finding is about.
    pub labelled: Labelled,
    /// (instrument, field) of every conflict that must come out.
    pub conflicts: Vec<(String, String)>,
    /// Every forecast that must come out.
    pub forecasts: Vec<ExpectedForecast>,
}

/// A forecast that must come out of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedForecast {
    /// The instrument.
    pub instrument: String,
    /// What was expected.
    pub stage: StageKind,
    /// By when, EDTF; `None` for no deadline.
    pub expected: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// Days late, where the story gives them.
    pub late_by_days: Option<i64>,
}

/// What was right in a story, to be summed over stories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Conflicts that must come out.
    pub conflicts: usize,
    /// Conflicts that came out.
    pub conflicts_found: usize,
    /// Conflicts that came out and must.
    pub conflicts_right: usize,
    /// Forecasts that must come out.
    pub forecasts: usize,
    /// Forecasts that came out.
    pub forecasts_found: usize,
    /// Forecasts that came out with the right outcome.
    pub forecasts_right: usize,
}

impl Tally {
    /// Adds the counts of another story.
    pub fn add(&mut self, other: &Self) {
        self.conflicts += other.conflicts;
        self.conflicts_found += other.conflicts_found;
        self.conflicts_right += other.conflicts_right;
        self.forecasts += other.forecasts;
        self.forecasts_found += other.forecasts_found;
        self.forecasts_right += other.forecasts_right;
    }
}

impl Story {
    /// Reads a story. `file` names it in documents' ids and in errors.
    ///
    /// # Errors
    /// The line and what is wrong with it.
    pub fn parse(file: &str, text: &str) -> Result<Self, String> {
        let mut story = Self::default();
        let mut report: Option<Draft> = None;
        let mut expected = false;
        for (place, line) in text.lines().enumerate() {
            let at = |problem: &str| format!("{file}:{}: {problem}", place + 1);
            if let Some(title) = line.strip_prefix("# ") {
                story.title = title.to_owned();
            } else if let Some(heading) = line.strip_prefix("## ") {
                if let Some(draft) = report.take() {
                    story.close(file, draft)?;
                }
                expected = heading.trim() == "expected";
                if !expected {
                    report = Some(Draft::new(heading).ok_or_else(|| {
                        at("a report's heading is `name, date`, `name, undated` or `name, date, copy of other`")
                    })?);
                }
            } else if expected {
                let Some(item) = line.strip_prefix("- ") else { continue };
                story.expect(item).ok_or_else(|| {
                    at("expected is `conflict INSTRUMENT FIELD` or `forecast INSTRUMENT STAGE DATE|none OUTCOME [DAYS]`")
                })?;
            } else if let Some(draft) = &mut report {
                draft.line(place + 1, line);
            }
        }
        if let Some(draft) = report.take() {
            story.close(file, draft)?;
        }
        Ok(story)
    }

    fn expect(&mut self, item: &str) -> Option<()> {
        let words: Vec<&str> = item.split_whitespace().collect();
        match words.as_slice() {
            ["conflict", instrument, field] => self.conflicts.push(((*instrument).to_owned(), (*field).to_owned())),
            ["forecast", instrument, stage, date, outcome, days @ ..] => self.forecasts.push(ExpectedForecast {
                instrument: (*instrument).to_owned(),
                stage: stage.parse().ok()?,
                expected: (*date != "none").then(|| (*date).to_owned()),
                outcome: outcome.parse().ok()?,
                late_by_days: match days {
                    [] => None,
                    [days] => Some(days.parse().ok()?),
                    _ => return None,
                },
            }),
            _ => return None,
        }
        Some(())
    }

    fn close(&mut self, file: &str, draft: Draft) -> Result<(), String> {
        let id = format!("{file}/{}", draft.name);
        let mut article = Article::plain(draft.text.trim());
        article.id.clone_from(&id);
        article.source.clone_from(&id);
        let mut findings = Findings::default();
        for (number, line) in &draft.findings {
            let indented = line.starts_with("  ");
            let item = line.trim().trim_start_matches("- ");
            let at = |problem: String| format!("{file}:{number}: {problem}");
            if indented {
                let finding = findings.agreements.last_mut().ok_or_else(|| at("a cell before its agreement".to_owned()))?;
                cell(&article, finding, item).map_err(at)?;
            } else {
                let (instrument, finding) = agreement(&article, findings.agreements.len(), item).map_err(at)?;
                self.labelled.instrument.insert((id.clone(), finding.key.clone()), format!("{file}:{instrument}"));
                findings.agreements.push(finding);
            }
        }
        self.labelled.documents.push(Document {
            source: id.clone(),
            story: story_names(&article.text),
            passages: passage_words(&article.text, &findings),
            url: None,
            publisher: Some(draft.name.clone()),
            published: draft.published,
            title: draft.headline,
            copy_of: draft.copy_of.map(|other| format!("{file}/{other}")),
            findings,
            id,
        });
        Ok(())
    }

    /// Compares what linking made of the story with what must come out.
    #[must_use]
    pub fn judge(&self, file: &str, linked: &Linked) -> (Tally, Vec<String>) {
        let mut tally = Tally { conflicts: self.conflicts.len(), forecasts: self.forecasts.len(), ..Tally::default() };
        let mut remarks = Vec::new();
        let mut open: Vec<(String, String)> =
            self.conflicts.iter().map(|(instrument, field)| (format!("{file}:{instrument}"), field.clone())).collect();
        let mut awaited: Vec<&ExpectedForecast> = self.forecasts.iter().collect();
        let own = |document: &str| document.strip_prefix(file).is_some_and(|rest| rest.starts_with('/'));
        for agreement in &linked.agreements {
            let members: Vec<_> = agreement.members.iter().filter(|member| own(&member.document)).collect();
            if members.is_empty() {
                continue;
            }
            let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
            for member in &members {
                let key = self.labelled.instrument.get(&(member.document.clone(), member.key.clone()));
                *votes.entry(key.map_or("", String::as_str)).or_default() += 1;
            }
            let instrument = votes.iter().max_by_key(|(_, count)| **count).map_or("", |(key, _)| *key);
            for conflict in &agreement.conflicts {
                tally.conflicts_found += 1;
                match open.iter().position(|(key, field)| key == instrument && *field == conflict.field) {
                    Some(place) => {
                        open.remove(place);
                        tally.conflicts_right += 1;
                    }
                    None => {
                        remarks.push(format!("{instrument}: conflict {} that should not be: {}", conflict.field, conflict.why))
                    }
                }
            }
            for forecast in &agreement.forecasts {
                tally.forecasts_found += 1;
                let same = |one: &&ExpectedForecast| {
                    format!("{file}:{}", one.instrument) == instrument
                        && one.stage == forecast.stage
                        && one.expected == forecast.expected
                };
                let told = format!(
                    "{instrument}: {} {:?} {} {:?}",
                    forecast.stage, forecast.expected, forecast.outcome, forecast.late_by_days
                );
                match awaited.iter().position(same) {
                    Some(place) => {
                        let wanted = awaited.remove(place);
                        let days = wanted.late_by_days.is_none() || wanted.late_by_days == forecast.late_by_days;
                        if wanted.outcome == forecast.outcome && days {
                            tally.forecasts_right += 1;
                        } else {
                            remarks
                                .push(format!("{told} should be {} {:?}: {}", wanted.outcome, wanted.late_by_days, forecast.why));
                        }
                    }
                    None => remarks.push(format!("{told} was not awaited")),
                }
            }
        }
        remarks.extend(open.iter().map(|(instrument, field)| format!("{instrument}: conflict {field} is missing")));
        remarks.extend(awaited.iter().map(|one| format!("{file}:{}: forecast {} is missing", one.instrument, one.stage)));
        (tally, remarks)
    }
}

/// A report while it is read.
struct Draft {
    name: String,
    published: Option<String>,
    copy_of: Option<String>,
    headline: Option<String>,
    text: String,
    findings: Vec<(usize, String)>,
}

impl Draft {
    fn new(heading: &str) -> Option<Self> {
        let mut parts = heading.split(',').map(str::trim);
        let (name, date) = (parts.next()?, parts.next()?);
        let copy_of = match parts.next() {
            Some(note) => Some(note.strip_prefix("copy of ")?.to_owned()),
            None => None,
        };
        let published = (date != "undated").then(|| date.to_owned());
        Some(Self { name: name.to_owned(), published, copy_of, headline: None, text: String::new(), findings: Vec::new() })
    }

    fn line(&mut self, number: usize, line: &str) {
        if let Some(headline) = line.strip_prefix("**").and_then(|rest| rest.trim_end().strip_suffix("**")) {
            self.headline = Some(headline.to_owned());
        } else if line.trim_start().starts_with("- ") {
            self.findings.push((number, line.to_owned()));
        } else if !line.trim().is_empty() {
            self.text.push_str(line);
            self.text.push('\n');
        }
    }
}

fn evidence(article: &Article, words: &str) -> Result<Evidence, String> {
    let start = article.text.find(words).ok_or_else(|| format!("`{words}` does not stand in the report"))?;
    Evidence::new(article, Span::new(start, start + words.len()), "story", 1.0).ok_or_else(|| format!("`{words}` holds no words"))
}

/// `instrument: kind | party; party | name; name`. A party whose name does not stand in the report is given as
/// `Canonical=words`.
fn agreement(article: &Article, place: usize, item: &str) -> Result<(String, AgreementFinding), String> {
    let form = || "an agreement is `instrument: kind | party; party | name; name`".to_owned();
    let (instrument, rest) = item.split_once(':').ok_or_else(form)?;
    let [kind, parties, names] = rest.split('|').map(str::trim).collect::<Vec<_>>().try_into().map_err(|_| form())?;
    let listed = |list: &str| list.split(';').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect::<Vec<_>>();
    let party = |one: String| {
        let (actor, words) = one.split_once('=').map_or((one.as_str(), one.as_str()), |pair| pair);
        Ok::<_, String>(Party { actor: actor.to_owned(), role: PartyRole::Party, evidence: evidence(article, words)? })
    };
    let name = |one: String| Ok::<_, String>(Name { evidence: evidence(article, &one)? });
    let finding = AgreementFinding {
        key: format!("a{}", place + 1),
        names: listed(names).into_iter().map(name).collect::<Result<_, _>>()?,
        kind: kind.parse().map_err(|error: chancery_agreement::UnknownWord| error.to_string())?,
        parties: listed(parties).into_iter().map(party).collect::<Result<_, _>>()?,
        stages: Vec::new(),
        commitments: Vec::new(),
        money: Vec::new(),
        duration: None,
        renewal: None,
        articles: None,
        relations: Vec::new(),
    };
    Ok((instrument.trim().to_owned(), finding))
}

/// One cell: `signed actual 1998-03-01 at=Town by=body said=speaker: words`, `money 500 XTS: words`,
/// `duration P5Y: words`, or a category of commitment with its words.
fn cell(article: &Article, finding: &mut AgreementFinding, item: &str) -> Result<(), String> {
    let (head, words) = item.split_once(": ").ok_or_else(|| "a cell is `what it says: words of the report`".to_owned())?;
    let evidence = evidence(article, words.trim())?;
    let parts: Vec<&str> = head.split_whitespace().collect();
    let term = |value: &str| Term { value: value.replace('_', " "), evidence: evidence.clone() };
    match parts.as_slice() {
        ["money", amount, currency] => {
            let amount = amount.parse().map_err(|_| format!("`{amount}` is no amount"))?;
            finding.money.push(Money { amount, currency: (*currency).to_owned(), purpose: None, period: None, evidence });
        }
        ["duration", value] => finding.duration = Some(term(value)),
        ["renewal", value] => finding.renewal = Some(term(value)),
        ["articles", value] => finding.articles = Some(term(value)),
        [stage, modality, rest @ ..] => {
            let named = |name: &str| rest.iter().find_map(|part| part.strip_prefix(name));
            let value = rest.iter().find(|part| !part.contains('=')).map(|part| (*part).to_owned());
            finding.stages.push(Stage {
                stage: stage.parse().map_err(|error: chancery_agreement::UnknownWord| error.to_string())?,
                modality: modality.parse::<Modality>().map_err(|error| error.to_string())?,
                date: value.map(|value| Date { value: Some(value), expression: evidence.clone(), how: "story".to_owned() }),
                place: named("at=").map(term),
                by: named("by=").map(term),
                according_to: named("said=").map(|speaker| speaker.replace('_', " ")),
                evidence: evidence.clone(),
                also: Vec::new(),
            });
        }
        [category] => {
            let category = category.parse().map_err(|error: chancery_agreement::UnknownWord| error.to_string())?;
            finding.commitments.push(Commitment { category, strength: Strength::Shall, by: Vec::new(), evidence });
        }
        [] => return Err("a cell without a head".to_owned()),
    }
    Ok(())
}
