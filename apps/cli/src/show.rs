//! `chancery show`: one agreement, whole, each line with its words and their source.
use crate::find;
use crate::output::{BAD, BOLD, DATE, DIM, GOOD, OPEN, Output, count, plain, styled};
use crate::status::Status;
use anstyle::Style;
use anyhow::{Result, bail};
use chancery_agreement::{
    Agreement, AgreementStage, AgreementStatement, Forecast, Modality, Outcome, Sourced, Speaker, Strength,
};
use chancery_register::{Register, Row, View, export};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

/// Show one agreement: what happened, what was agreed, who said what, with the words and their sources
///
/// Takes an id from `chancery list`, the beginning of one, or words of the title, the names or the parties.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery show ferry accord
  chancery show a3kq --cells
  chancery show fisheries --json | jq .stages")]
pub struct Arguments {
    /// Id or words
    #[arg(required = true, value_name = "ID|WORDS")]
    words: Vec<String>,
    /// Name the place of every quote, for `chancery explain`
    #[arg(long)]
    cells: bool,
    /// One JSON object for each agreement that the words name
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let register = find::open(register)?;
    let words = arguments.words.join(" ");
    if arguments.json {
        let found = find::agreements(&register, &words)?;
        if found.is_empty() {
            bail!("no agreement goes by `{words}`; `chancery list` shows all of them");
        }
        for row in found {
            if let Some(agreement) = register.agreement(row.text("id"))? {
                out.write_all(export::agreements::line(&agreement)?.as_bytes())?;
            }
        }
        return Ok(Status::Well);
    }
    let agreement = find::agreement(&register, &words)?;
    let mut page = Page { sources: Sources::of(&register, &agreement)?, titles: titles(&register)?, cells: arguments.cells, out };
    page.head(&agreement)?;
    page.stages(&agreement)?;
    page.terms(&agreement)?;
    page.statements(&agreement)?;
    page.forecasts(&agreement)?;
    page.conflicts(&agreement)?;
    page.relations(&agreement)?;
    page.list_sources()?;
    Ok(Status::Well)
}

fn titles(register: &Register) -> Result<BTreeMap<String, String>> {
    let rows = register.view(View::Agreements)?;
    Ok(rows.into_iter().map(|row| (row.text("id").to_owned(), row.text("title").to_owned())).collect())
}

/// The documents that tell of an agreement, numbered as the page cites them.
struct Sources {
    /// In order of publication.
    listed: Vec<Row>,
}

impl Sources {
    fn of(register: &Register, agreement: &Agreement) -> Result<Self> {
        let tells = |row: &Row| agreement.members.iter().any(|member| member.document.starts_with(row.text("document")));
        let mut listed: Vec<Row> = register.view(View::Documents)?.into_iter().filter(tells).collect();
        listed.sort_by_key(|row| {
            (row.text("published").is_empty(), row.text("published").to_owned(), row.text("source").to_owned())
        });
        Ok(Self { listed })
    }

    /// "copy of [1]", for a document that is one.
    fn original_of(&self, row: &Row) -> Option<String> {
        let original = Some(row.text("copy_of")).filter(|original| !original.is_empty())?;
        let at = self.listed.iter().position(|other| other.text("document") == original);
        Some(at.map_or_else(|| "copy of a report that is not listed here".to_owned(), |at| format!("copy of [{}]", at + 1)))
    }

    /// "Gazette [2]": who published the document, and its number on the page.
    fn cite(&self, sourced: &Sourced) -> String {
        let Some(at) = self.listed.iter().position(|row| sourced.document.starts_with(row.text("document"))) else {
            return plain(&sourced.source);
        };
        let publisher = self.listed.get(at).map_or("", |row| row.text("publisher"));
        let name = if publisher.is_empty() { file_name(&sourced.source) } else { publisher };
        format!("{} [{}]", plain(name), at + 1)
    }
}

/// "2 independent sources in 41 documents": a report and its copies, however many papers printed it, are one source.
pub fn sources_in(listed: &[Row]) -> String {
    let documents = count(listed.len(), "document");
    match independent(listed) {
        sources if sources == listed.len() => documents,
        sources => format!("{} in {documents}", count(sources, "independent source")),
    }
}

/// Number of reports among `listed` that are no copies of one another.
fn independent(listed: &[Row]) -> usize {
    let copy_of: BTreeMap<&str, &str> = listed.iter().map(|row| (row.text("document"), row.text("copy_of"))).collect();
    let original = |row: &Row| -> String {
        let mut document = row.text("document");
        // Copies of copies; a ring, which only a damaged register holds, ends after some steps.
        for _ in 0..8 {
            match copy_of.get(document).filter(|original| !original.is_empty()) {
                Some(original) => document = original,
                None => break,
            }
        }
        document.to_owned()
    };
    listed.iter().map(original).collect::<BTreeSet<String>>().len()
}

/// The last part of a path.
pub fn file_name(source: &str) -> &str {
    source.rsplit(['/', '\\']).next().filter(|name| !name.is_empty()).unwrap_or(source)
}

/// The place of a quote as `chancery explain` takes it.
fn address(sourced: &Sourced) -> String {
    let span = sourced.evidence.span();
    format!("{}:{}-{}", sourced.document.get(..12).unwrap_or(&sourced.document), span.start(), span.end())
}

/// A word of the record model as people write it.
fn spaced(word: &str) -> String {
    word.replace('_', " ")
}

struct Page<'o> {
    out: &'o mut Output,
    sources: Sources,
    titles: BTreeMap<String, String>,
    cells: bool,
}

/// Columns before the text of a stage: the date and the stage.
const MARGIN: usize = 14;

impl Page<'_> {
    fn head(&mut self, agreement: &Agreement) -> Result<()> {
        self.out.words(0, BOLD, &capitalized(&agreement.title))?;
        let sources = sources_in(&self.sources.listed);
        self.out.line(styled(DIM, format!("{} · {sources} · {}", agreement.kind, agreement.id)))?;
        let mut roles: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for party in &agreement.parties {
            roles.entry(party.role.as_str()).or_default().push(plain(&party.actor));
        }
        if let Some(parties) = roles.remove("party") {
            self.out.gap()?;
            self.out.words(0, Style::new(), &format!("Between {}", listed(&parties)))?;
        }
        for (role, actors) in roles {
            self.out.words(0, Style::new(), &format!("{}: {}", capitalized(role), listed(&actors)))?;
        }
        let others: Vec<String> = agreement
            .names
            .iter()
            .filter(|name| name.text != agreement.title)
            .map(|name| format!("“{}”", plain(&name.text)))
            .collect();
        if !others.is_empty() {
            self.out.words(0, DIM, &format!("Also called {}", others.join(", ")))?;
        }
        Ok(())
    }

    fn heading(&mut self, title: &str) -> Result<()> {
        self.out.gap()?;
        Ok(self.out.line(styled(BOLD, title.to_uppercase()))?)
    }

    fn stages(&mut self, agreement: &Agreement) -> Result<()> {
        if agreement.stages.is_empty() {
            return Ok(());
        }
        self.heading("What happened")?;
        for stage in &agreement.stages {
            let date = stage.date.as_ref().map_or("", |date| date.value.as_deref().unwrap_or(""));
            let unresolved = stage.date.as_ref().filter(|date| date.value.is_none());
            let date = if date.is_empty() { "undated" } else { date };
            let mut line = format!("{}{}", styled(DATE, format!("{:<MARGIN$}", format!("{date} "))), stage_words(stage));
            if let Some(date) = unresolved {
                line.push_str(&format!(" “{}”", plain(date.expression.quote())));
            }
            self.out.line(line)?;
            self.quotes(MARGIN, &stage.evidence, 2)?;
        }
        Ok(())
    }

    fn terms(&mut self, agreement: &Agreement) -> Result<()> {
        let terms = [("duration", &agreement.duration), ("renewal", &agreement.renewal), ("articles", &agreement.articles)];
        if agreement.commitments.is_empty() && agreement.money.is_empty() && terms.iter().all(|(_, terms)| terms.is_empty()) {
            return Ok(());
        }
        self.heading("What was agreed")?;
        for commitment in &agreement.commitments {
            let strength = match commitment.strength {
                Strength::Shall => "binding",
                Strength::May => "allowed",
                Strength::Aim => "an aim",
            };
            let by = if commitment.by.is_empty() { String::new() } else { format!(" by {}", plain(&listed(&commitment.by))) };
            let category = capitalized(&spaced(commitment.category.as_str()));
            self.out.line(format!("{}{by} {}", styled(Style::new().bold(), category), styled(DIM, format!("({strength})"))))?;
            self.quotes(2, &commitment.evidence, 2)?;
        }
        for money in &agreement.money {
            let purpose = money.purpose.as_ref().map_or_else(String::new, |purpose| format!(" for {}", plain(purpose)));
            let period = money.period.as_ref().map_or_else(String::new, |period| format!(", {}", plain(period)));
            self.out.line(format!("{}{purpose}{period}", styled(BOLD, amount(money.amount, &money.currency))))?;
            self.quotes(2, &money.evidence, 2)?;
        }
        for (field, terms) in terms {
            for term in terms {
                self.out.line(term_words(field, &term.value))?;
                self.quotes(2, &term.evidence, 2)?;
            }
        }
        Ok(())
    }

    fn statements(&mut self, agreement: &Agreement) -> Result<()> {
        if agreement.statements.is_empty() {
            return Ok(());
        }
        self.heading("What was said")?;
        for statement in &agreement.statements {
            self.out.line(statement_line(statement))?;
            self.quotes(2, std::slice::from_ref(&statement.evidence), 1)?;
        }
        Ok(())
    }

    fn forecasts(&mut self, agreement: &Agreement) -> Result<()> {
        if agreement.forecasts.is_empty() {
            return Ok(());
        }
        self.heading("What was expected, and what came")?;
        for forecast in &agreement.forecasts {
            self.out.line(forecast_line(forecast))?;
            self.out.words(2, DIM, &forecast.why)?;
            self.quotes(2, std::slice::from_ref(&forecast.evidence), 1)?;
            self.quotes(2, forecast.actual_evidence.as_slice(), 1)?;
        }
        Ok(())
    }

    fn conflicts(&mut self, agreement: &Agreement) -> Result<()> {
        if agreement.conflicts.is_empty() {
            return Ok(());
        }
        self.heading("What the sources contradict each other on")?;
        for conflict in &agreement.conflicts {
            self.out.line(format!("{} {}", styled(BAD, field(&conflict.field)), styled(DIM, plain(&conflict.why))))?;
            for value in &conflict.values {
                self.out.line(format!("  {}", styled(DATE, plain(&value.value))))?;
                self.quotes(4, std::slice::from_ref(&value.evidence), 1)?;
            }
        }
        Ok(())
    }

    fn relations(&mut self, agreement: &Agreement) -> Result<()> {
        if agreement.relations.is_empty() {
            return Ok(());
        }
        self.heading("How it hangs together with others")?;
        for relation in &agreement.relations {
            let other = self.titles.get(&relation.to).map_or("another agreement", String::as_str);
            let line = format!(
                "It {} {} {}",
                relation_words(relation.kind.as_str()),
                styled(BOLD, plain(other)),
                styled(DIM, &relation.to)
            );
            self.out.line(line)?;
            self.quotes(2, &relation.evidence, 1)?;
        }
        Ok(())
    }

    fn list_sources(&mut self) -> Result<()> {
        self.heading("Sources")?;
        for (at, row) in self.sources.listed.iter().enumerate() {
            let parts = [row.text("publisher"), row.text("title"), row.text("source")];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).map(plain).collect();
            let date = if row.text("published").is_empty() { "undated" } else { row.text("published") };
            let copy = self.sources.original_of(row).map_or_else(String::new, |words| styled(DIM, format!(" · {words}")));
            self.out.line(format!("[{}] {} {}{copy}", at + 1, styled(DATE, date), parts.join(" · ")))?;
        }
        Ok(())
    }

    /// The first `most` wordings, and how many more there are.
    fn quotes(&mut self, indent: usize, told: &[Sourced], most: usize) -> Result<()> {
        for sourced in told.iter().take(most) {
            let address = if self.cells { format!("  {}", address(sourced)) } else { String::new() };
            let quote = plain(sourced.evidence.quote());
            self.out.words(indent, DIM, &format!("“{quote}” — {}{address}", self.sources.cite(sourced)))?;
        }
        if let Some(more) = told.len().checked_sub(most + 1) {
            self.out.line(format!("{:indent$}{}", "", styled(DIM, format!("and {} more", count(more + 1, "place")))))?;
        }
        Ok(())
    }
}

/// "signed in Moscow, by the foreign ministers", with the color of its modality.
fn stage_words(stage: &AgreementStage) -> String {
    let (style, before) = match stage.modality {
        Modality::Actual => (GOOD, ""),
        Modality::Expected => (OPEN, "expected to be "),
        Modality::Denied => (BAD, "not "),
    };
    let mut words = styled(style, format!("{before}{}", spaced(stage.stage.as_str())));
    if let Some(place) = &stage.place {
        words.push_str(&format!(" in {}", plain(place)));
    }
    if let Some(by) = &stage.by {
        words.push_str(&format!(", by {}", plain(by)));
    }
    if let Some(who) = &stage.according_to {
        words.push_str(&format!(", according to {}", plain(who)));
    }
    if stage.sources > 1 {
        words.push_str(&styled(DIM, format!("  ({})", count(stage.sources, "independent source"))));
    }
    words
}

fn statement_line(statement: &AgreementStatement) -> String {
    let speaker = statement.speaker.as_ref().map_or_else(|| "Someone".to_owned(), speaker_words);
    let via = statement.via.as_ref().map_or_else(String::new, |via| format!(" via {}", plain(via)));
    let said = statement.said.as_ref().map_or_else(String::new, |said| format!("{} ", styled(DATE, said)));
    format!("{said}{}{via} {}", styled(BOLD, speaker), stance(statement.stance.as_str()))
}

/// "Ann Roe, foreign minister, Sylvania".
pub fn speaker_words(speaker: &Speaker) -> String {
    let parts = [Some(&speaker.name), speaker.role.as_ref(), speaker.affiliation.as_ref()];
    let mut distinct: Vec<String> = Vec::new();
    for part in parts.into_iter().flatten().map(|part| plain(part)) {
        if !distinct.contains(&part) {
            distinct.push(part);
        }
    }
    distinct.join(", ")
}

/// A stance, in its color.
pub fn stance(word: &str) -> String {
    match word {
        "supports" | "promises" => styled(GOOD, word),
        "opposes" | "denies" => styled(BAD, word),
        "demands" => styled(OPEN, word),
        other => styled(DIM, other),
    }
}

fn forecast_line(forecast: &Forecast) -> String {
    let expected = forecast.expected.as_deref().unwrap_or("at no named time");
    let said = forecast.said.as_ref().map_or_else(String::new, |said| format!(" (said {said})"));
    let outcome = outcome(forecast.outcome, forecast.actual.as_deref(), forecast.late_by_days);
    format!("{} expected {}{said}: {outcome}", capitalized(&spaced(forecast.stage.as_str())), styled(DATE, expected))
}

/// What became of a forecast, in words.
pub fn outcome(outcome: Outcome, actual: Option<&str>, late_by_days: Option<i64>) -> String {
    let on = actual.map_or_else(String::new, |day| format!(" {day}"));
    match outcome {
        Outcome::OnTime => styled(GOOD, format!("came{on}, on time")),
        Outcome::Late => {
            let late = late_by_days.and_then(|days| usize::try_from(days).ok());
            styled(BAD, format!("came{on}, late{}", late.map_or_else(String::new, |days| format!(" by {}", count(days, "day")))))
        }
        Outcome::Denied => styled(BAD, "did not come"),
        Outcome::Overtaken => styled(BAD, "overtaken by events"),
        Outcome::Open => styled(OPEN, "open"),
    }
}

/// "A, B and C".
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// With its first letter in upper case.
pub fn capitalized(words: &str) -> String {
    let mut signs = words.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

/// "stages.signed.date" as "signed: date".
pub fn field(path: &str) -> String {
    spaced(&path.strip_prefix("stages.").unwrap_or(path).replace('.', ": "))
}

fn relation_words(kind: &str) -> &str {
    match kind {
        "part_of" => "is part of",
        "modelled_on" => "is modelled on",
        other => other,
    }
}

/// "2,000,000 USD".
fn amount(amount: f64, currency: &str) -> String {
    let digits = format!("{amount}");
    let (whole, rest) = digits.split_once('.').map_or((digits.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}{} {}", rest.map_or_else(String::new, |rest| format!(".{rest}")), plain(currency))
}

/// "Lasts 5 years", "Is renewed for 1 year", "Has 15 articles".
fn term_words(field: &str, value: &str) -> String {
    let value = styled(BOLD, duration(value));
    match field {
        "duration" => format!("Lasts {value}"),
        "renewal" => format!("Is renewed for {value}"),
        _ => format!("Has {value} articles"),
    }
}

/// "P5Y" as "5 years"; what is no plain duration stays as it is.
fn duration(value: &str) -> String {
    let Some(rest) = value.strip_prefix('P') else { return plain(value) };
    let mut signs = rest.chars();
    let unit = match signs.next_back() {
        Some('Y') => "year",
        Some('M') => "month",
        Some('W') => "week",
        Some('D') => "day",
        _ => return plain(value),
    };
    signs.as_str().parse().map_or_else(|_| plain(value), |number: usize| count(number, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_terms_read_as_people_write_them() {
        assert_eq!(amount(2_000_000.0, "USD"), "2,000,000 USD");
        assert_eq!(amount(1234.5, "RUB"), "1,234.5 RUB");
        assert_eq!(amount(-100.0, "EUR"), "-100 EUR");
        assert_eq!(duration("P25Y"), "25 years");
        assert_eq!(duration("P1M"), "1 month");
        assert_eq!(duration("P1Y6M"), "P1Y6M");
        assert_eq!(duration("PT48H"), "PT48H");
        assert_eq!(duration("15"), "15");
    }

    #[test]
    fn paths_of_fields_read_as_words() {
        assert_eq!(field("stages.in_force.date"), "in force: date");
        assert_eq!(listed(&["A".into(), "B".into(), "C".into()]), "A, B and C");
    }
}
