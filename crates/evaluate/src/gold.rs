//! Gold cases: a short article in Markdown with what must and must not be found in it (`gold/<topic>/<case>.md`).
//!
//! A case is written for a reader who knows no programming; `gold/README.md` explains its form. This module reads cases,
//! compares them with findings, and writes findings in the same words, so that a difference can be read line by line.
use chancery_agreement::{AgreementFinding, Article, Findings, Modality, PartyRole, Stage, Statement};
use std::fmt::{self, Write};

mod cell;
pub use cell::Cell;

/// One case.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The first heading: what the case shows.
    pub title: String,
    /// Headline of the article, where the case gives one.
    pub headline: Option<String>,
    /// Publication date (ISO 8601), where the case gives one.
    pub published: Option<String>,
    /// Publisher, where the case gives one.
    pub publisher: Option<String>,
    /// Text of the article.
    pub text: String,
    /// What must and must not be found, in order.
    pub lines: Vec<Line>,
}

/// One line of what must or must not be found.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Line number in the file, from 1.
    pub number: usize,
    /// The line as written, without its bullet.
    pub words: String,
    /// True when it must not be found.
    pub forbidden: bool,
    /// True when the program is known to get it wrong.
    pub known_gap: bool,
    /// The agreement that the cell belongs to: words of one of its names.
    pub agreement: Option<String>,
    /// What the line speaks of.
    pub cell: Cell,
}

/// A case file that cannot be read: where and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// Line number in the file, from 1.
    pub line: usize,
    /// What is wrong and what was expected.
    pub message: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for Malformed {}

/// How findings differ from a line of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// It must be found and was not.
    Missing,
    /// It must not be found and was.
    Spurious,
    /// Marked as a known gap, and right by now: the mark must go.
    Mended,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Missing => "missing",
            Self::Spurious => "spurious",
            Self::Mended => "mended",
        })
    }
}

/// Marks a line that the program is known to get wrong.
const GAP: &str = "known gap: ";

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Preface,
    Article,
    Found,
    NotFound,
}

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    /// When a section or a line is not of the form that `gold/README.md` explains.
    pub fn parse(markdown: &str) -> Result<Self, Malformed> {
        let mut case = Self {
            title: String::new(),
            headline: None,
            published: None,
            publisher: None,
            text: String::new(),
            lines: Vec::new(),
        };
        let mut section = Section::Preface;
        let mut agreement = None;
        for (idx, line) in markdown.lines().enumerate() {
            let number = idx + 1;
            if let Some(heading) = line.strip_prefix("## ") {
                agreement = None;
                section = match heading.trim() {
                    "Article" => Section::Article,
                    "Must be found" => Section::Found,
                    "Must not be found" => Section::NotFound,
                    other => {
                        return Err(malformed(
                            number,
                            format!("unknown section `{other}`; known are: Article, Must be found, Must not be found"),
                        ));
                    }
                };
                continue;
            }
            match section {
                Section::Preface => {
                    if let Some(title) = line.strip_prefix("# ") {
                        title.trim().clone_into(&mut case.title);
                    }
                }
                Section::Article => case.article_line(line),
                Section::Found | Section::NotFound => {
                    let forbidden = section == Section::NotFound;
                    if let Some(parsed) = bullet(line, number, forbidden, &mut agreement)? {
                        case.lines.push(parsed);
                    }
                }
            }
        }
        case.text = case.text.trim().to_owned();
        if case.title.is_empty() || case.text.is_empty() || case.lines.is_empty() {
            return Err(malformed(
                1,
                "a case needs a heading, an article, and at least one line of what must or must not be found",
            ));
        }
        Ok(case)
    }

    fn article_line(&mut self, line: &str) {
        if self.text.trim().is_empty() {
            for (name, field) in
                [("Title: ", &mut self.headline), ("Published: ", &mut self.published), ("Publisher: ", &mut self.publisher)]
            {
                if let Some(value) = line.strip_prefix(name) {
                    *field = Some(value.trim().to_owned());
                    return;
                }
            }
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Lines on which the findings are not what the case says.
    #[must_use]
    pub fn differences(&self, article: &Article, findings: &Findings) -> Vec<(Difference, &Line)> {
        self.lines
            .iter()
            .filter_map(|line| {
                let found = line.holds(self, article, findings);
                let right = found != line.forbidden;
                match (right, line.known_gap) {
                    (true, false) | (false, true) => None,
                    (true, true) => Some((Difference::Mended, line)),
                    (false, false) if line.forbidden => Some((Difference::Spurious, line)),
                    (false, false) => Some((Difference::Missing, line)),
                }
            })
            .collect()
    }

    /// The case file with its known-gap marks set as the findings ask for: new ones where a line is wrong, none where
    /// it is right.
    #[must_use]
    pub fn remarked(&self, markdown: &str, article: &Article, findings: &Findings) -> String {
        let differences = self.differences(article, findings);
        let mut remarked = String::with_capacity(markdown.len());
        for (idx, line) in markdown.lines().enumerate() {
            match differences.iter().find(|(_, differing)| differing.number == idx + 1) {
                Some((Difference::Mended, _)) => remarked.push_str(&line.replacen(GAP, "", 1)),
                Some(_) => remarked.push_str(&line.replacen("- ", &format!("- {GAP}"), 1)),
                None => remarked.push_str(line),
            }
            remarked.push('\n');
        }
        remarked
    }
}

impl Line {
    /// A bare `agreement:` line that heads lines of its own in the section of what must not be found names the place
    /// where those must not stand; it forbids nothing itself.
    fn heads_others(&self, case: &Case) -> bool {
        matches!(&self.cell, Cell::Agreement(words) if case.lines.iter().any(|line| line.forbidden && line.agreement.as_ref() == Some(words)))
    }

    fn holds(&self, case: &Case, article: &Article, findings: &Findings) -> bool {
        if self.forbidden && self.heads_others(case) {
            return false;
        }
        match &self.agreement {
            Some(words) => findings
                .agreements
                .iter()
                .filter(|agreement| cell::has_name(agreement, words))
                .any(|agreement| self.cell.in_agreement(agreement, findings)),
            None => self.cell.in_document(article, findings),
        }
    }
}

/// Reads one bulleted line; `None` for an empty one. `agreement` is the agreement that indented lines belong to.
fn bullet(line: &str, number: usize, forbidden: bool, agreement: &mut Option<String>) -> Result<Option<Line>, Malformed> {
    if line.trim().is_empty() {
        return Ok(None);
    }
    let indented = line.starts_with("  - ");
    let Some(words) = line.trim_start().strip_prefix("- ").filter(|_| indented || line.starts_with("- ")) else {
        return Err(malformed(number, "expected `- ` at the start of the line, or `  - ` below an agreement"));
    };
    let known_gap = words.starts_with(GAP);
    let words = words.strip_prefix(GAP).unwrap_or(words).trim();
    let cell = Cell::parse(words).map_err(|message| malformed(number, message))?;
    if indented != cell.belongs_to_an_agreement() {
        let place =
            if indented { "it cannot stand below an agreement" } else { "indent it below the agreement that it belongs to" };
        return Err(malformed(number, format!("`{words}`: {place}")));
    }
    let owner = if indented { agreement.clone() } else { None };
    if indented && owner.is_none() {
        return Err(malformed(number, format!("`{words}` stands below no agreement")));
    }
    if let Cell::Agreement(name) = &cell {
        *agreement = Some(name.clone());
    } else if !indented {
        *agreement = None;
    }
    Ok(Some(Line { number, words: words.to_owned(), forbidden, known_gap, agreement: owner, cell }))
}

fn malformed(line: usize, message: impl Into<String>) -> Malformed {
    Malformed { line, message: message.into() }
}

/// Findings in the words of a case, for a person to compare.
#[must_use]
pub fn described(article: &Article, findings: &Findings) -> String {
    let mut text = String::new();
    if let Some(published) = &article.published {
        line(&mut text, format_args!("- published: {}", published.value));
    }
    for block in article.blocks.iter().filter(|block| !block.kind.is_story()) {
        line(&mut text, format_args!("- removed: \"{}\"", block.span.of(&article.text)));
    }
    for agreement in &findings.agreements {
        describe_agreement(&mut text, agreement, findings);
    }
    for statement in &findings.statements {
        line(&mut text, format_args!("- statement: {}", statement_words(statement, findings)));
    }
    for naming in &findings.naming {
        line(&mut text, format_args!("- naming: {}, \"{}\", by {}", naming.actor, naming.evidence.quote(), naming.by));
    }
    text
}

fn describe_agreement(text: &mut String, agreement: &AgreementFinding, findings: &Findings) {
    let mut names = agreement.names.iter().map(|name| name.evidence.quote());
    line(text, format_args!("- agreement: {}", names.next().unwrap_or("(unnamed)")));
    for name in names {
        line(text, format_args!("  - name: {name}"));
    }
    line(text, format_args!("  - kind: {}", agreement.kind));
    let of_role =
        |role: PartyRole| agreement.parties.iter().filter(move |party| party.role == role).map(|party| party.actor.as_str());
    let parties: Vec<&str> = of_role(PartyRole::Party).collect();
    if !parties.is_empty() {
        line(text, format_args!("  - parties: {}", parties.join(", ")));
    }
    for role in PartyRole::ALL.iter().filter(|role| **role != PartyRole::Party) {
        for actor in of_role(*role) {
            line(text, format_args!("  - {role}: {actor}"));
        }
    }
    for stage in &agreement.stages {
        line(text, format_args!("  - stage: {}", stage_words(stage)));
    }
    for commitment in &agreement.commitments {
        let quote = commitment.evidence.quote();
        line(text, format_args!("  - commitment: {}, {}, \"{quote}\"", commitment.category, commitment.strength));
    }
    for money in &agreement.money {
        line(text, format_args!("  - money: {} {}", money.amount, money.currency));
    }
    for (name, term) in [("duration", &agreement.duration), ("renewal", &agreement.renewal), ("articles", &agreement.articles)] {
        if let Some(term) = term {
            line(text, format_args!("  - {name}: {}", term.value));
        }
    }
    for relation in &agreement.relations {
        line(text, format_args!("  - relation: {}, \"{}\"", relation.kind, name_of(&relation.to, findings)));
    }
}

fn stage_words(stage: &Stage) -> String {
    let mut words = stage.stage.to_string();
    if stage.modality != Modality::Actual {
        let _ = write!(words, ", {}", stage.modality);
    }
    match stage.date.as_ref().and_then(|date| date.value.as_deref()) {
        Some(value) => words.push_str(&format!(", {value}")),
        None => words.push_str(", no date"),
    }
    if let Some(place) = &stage.place {
        words.push_str(&format!(", in {}", place.value));
    }
    if let Some(by) = &stage.by {
        words.push_str(&format!(", by {}", by.value));
    }
    words.push_str(&format!("   <- \"{}\"", stage.evidence.quote()));
    words
}

fn statement_words(statement: &Statement, findings: &Findings) -> String {
    let speaker = statement.speaker.as_ref();
    let mut words = speaker.map_or("nobody", |speaker| speaker.name.as_str()).to_owned();
    words.push_str(&format!(", {}, {}", statement.stance, statement.kind));
    if let Some(role) = speaker.and_then(|speaker| speaker.role.as_deref()) {
        words.push_str(&format!(", role {role}"));
    }
    if let Some(affiliation) = speaker.and_then(|speaker| speaker.affiliation.as_deref()) {
        words.push_str(&format!(", for {affiliation}"));
    }
    if let Some(key) = &statement.about {
        words.push_str(&format!(", about {}", name_of(key, findings)));
    }
    words.push_str(&format!(", \"{}\"", statement.evidence.quote()));
    words
}

fn name_of<'a>(key: &str, findings: &'a Findings) -> &'a str {
    let agreement = findings.agreements.iter().find(|agreement| agreement.key == key);
    agreement.and_then(|agreement| agreement.names.first()).map_or("(unnamed)", |name| name.evidence.quote())
}

fn line(text: &mut String, words: fmt::Arguments<'_>) {
    let _ = writeln!(text, "{words}");
}

#[cfg(test)]
mod tests;
