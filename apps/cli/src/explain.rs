//! `chancery explain`: why a cell is there.
use crate::output::{BOLD, DATE, DIM, Output, plain, styled};
use crate::status::Status;
use crate::{explain_agreement, find};
use anstyle::Style;
use anyhow::{Result, bail};
use chancery_agreement::{Article, Evidence, Span};
use chancery_dissect::{Fast, Reading, dissect};
use chancery_extract::Extractor;
use chancery_register::Cell;
use serde::Serialize;
use std::path::Path;

/// Explain why a cell is there, or what linking decided: a merge, a date, a conflict, a forecast
///
/// Of a cell its sentence, the tree, the rule, and how it became part of an agreement. Of an agreement, by its id, why each
/// report was joined to it; of ID/stages.1, ID/conflicts.1 and ID/forecasts.1 the evidence and the rule that decided.
/// A cell is named by its document and its place in it, as `statements`, `naming`, `search` and `show --cells` print them:
/// 3fa1b2c4d5e6/a1.stages.2, or 3fa1b2c4d5e6:120-164 for the words at these bytes.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery show ferry accord --cells
  chancery explain 3fa1b2c4d5e6:120-164
  chancery explain 3fa1b2c4d5e6/statements.1 --json
  chancery explain a1b2c3d4e5f6g
  chancery explain a1b2c3d4e5f6g/stages.1")]
pub struct Arguments {
    /// DOCUMENT/PATH, DOCUMENT:START-END, ID of an agreement, or ID/PART
    #[arg(value_name = "CELL")]
    cell: String,
    /// One JSON object for each cell
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct WireCell<'a> {
    document: &'a str,
    source: &'a str,
    path: &'a str,
    kind: &'a str,
    values: std::collections::BTreeMap<&'a str, &'a str>,
    evidence: Vec<WireEvidence<'a>>,
    agreement: Option<&'a str>,
    joined_because: Option<&'a str>,
}

#[derive(Serialize)]
struct WireEvidence<'a> {
    role: &'a str,
    quote: &'a str,
    start: usize,
    end: usize,
    rule: &'a str,
    why: Option<&'a str>,
    confidence: f32,
    sentence: Option<&'a str>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let register = find::open(register)?;
    let (id, part) = arguments.cell.split_once('/').unwrap_or((&arguments.cell, ""));
    if let Some(agreement) = register.agreement(id)? {
        explain_agreement::run(&register, id, &agreement, part, arguments.json, out)?;
        return Ok(Status::Well);
    }
    let Some((article, cells)) = register.cells(&arguments.cell)? else {
        bail!("no document is named in `{}`; `chancery show WORDS --cells` prints the places of cells", arguments.cell);
    };
    if cells.is_empty() {
        bail!("{} has no cell at `{}`", article.source, arguments.cell);
    }
    let extractor = Extractor::new()?;
    let mut reading = dissect(&article);
    for cell in &cells {
        if arguments.json {
            out.json(&wire(&article, &reading, &extractor, cell))?;
        } else {
            show(&article, &mut reading, &extractor, cell, out)?;
        }
    }
    Ok(Status::Well)
}

fn why<'e>(extractor: &'e Extractor, rule: &str) -> Option<&'e str> {
    extractor.rules().all().iter().find(|known| known.name == rule).map(|rule| rule.why.as_str())
}

fn sentence(reading: &Reading, span: Span) -> Option<usize> {
    reading.sentences.iter().position(|sentence| sentence.span.overlaps(span))
}

fn wire<'a>(article: &'a Article, reading: &'a Reading, extractor: &'a Extractor, cell: &'a Cell) -> WireCell<'a> {
    let evidence = cell.evidence.iter().map(|(role, evidence)| WireEvidence {
        role,
        quote: evidence.quote(),
        start: evidence.span().start(),
        end: evidence.span().end(),
        rule: evidence.rule(),
        why: why(extractor, evidence.rule()),
        confidence: evidence.confidence(),
        sentence: sentence(reading, evidence.span())
            .and_then(|at| reading.sentences.get(at))
            .map(|found| reading.words(found.span)),
    });
    WireCell {
        document: &article.id,
        source: &article.source,
        path: &cell.path,
        kind: &cell.kind,
        values: cell.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        evidence: evidence.collect(),
        agreement: cell.agreement.as_ref().map(|(id, _, _)| id.as_str()),
        joined_because: cell.agreement.as_ref().map(|(_, _, why)| why.as_str()),
    }
}

fn show(article: &Article, reading: &mut Reading, extractor: &Extractor, cell: &Cell, out: &mut Output) -> Result<()> {
    out.line(styled(BOLD, format!("{} {}", cell.kind, cell.path)))?;
    out.words(2, DIM, &format!("in {}", article.source))?;
    for (name, value) in &cell.values {
        out.line(format!("  {:<14}{}", name.replace('_', " "), styled(DATE, plain(value))))?;
    }
    let mut drawn = Vec::new();
    for (role, evidence) in &cell.evidence {
        out.gap()?;
        show_evidence(role, evidence, extractor, out)?;
        let Some(at) = sentence(reading, evidence.span()) else { continue };
        if drawn.contains(&at) {
            continue;
        }
        drawn.push(at);
        show_sentence(article, reading, at, evidence, out)?;
    }
    if let Some((id, title, why)) = &cell.agreement {
        out.gap()?;
        out.words(0, Style::new(), &format!("Part of the agreement “{title}” ({id}): {why}"))?;
    }
    Ok(out.gap()?)
}

fn show_evidence(role: &str, evidence: &Evidence, extractor: &Extractor, out: &mut Output) -> Result<()> {
    let span = evidence.span();
    out.line(format!(
        "{:<8} “{}” {}",
        role,
        styled(BOLD, plain(evidence.quote())),
        styled(DIM, format!("bytes {}-{}", span.start(), span.end()))
    ))?;
    let why = why(extractor, evidence.rule()).map_or_else(String::new, |why| format!(": {why}"));
    Ok(out.words(9, DIM, &format!("rule {}, confidence {}{why}", evidence.rule(), evidence.confidence()))?)
}

fn show_sentence(article: &Article, reading: &mut Reading, at: usize, evidence: &Evidence, out: &mut Output) -> Result<()> {
    reading.parse(Fast::embedded(), [at]);
    let Some(sentence) = reading.sentences.get(at) else { return Ok(()) };
    out.words(9, Style::new(), sentence.span.of(&article.text))?;
    let first = sentence.tokens.start;
    for token in sentence.tokens.clone() {
        let Some(syntax) = reading.syntax(token) else { continue };
        let head = syntax.head.map_or("root", |head| reading.form(head));
        let mark = if reading.tokens.get(token).is_some_and(|token| evidence.span().overlaps(token.span)) { "▸" } else { " " };
        let form = plain(reading.form(token));
        let (tag, relation, head) = (syntax.upos.as_str(), syntax.relation, plain(head));
        out.line(format!(
            "       {mark} {:>3} {form:<18} {}",
            token - first + 1,
            styled(DIM, format!("{tag:<6}{relation:<14}{head}"))
        ))?;
    }
    Ok(())
}
