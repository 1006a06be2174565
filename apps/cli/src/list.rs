//! `chancery list`: every agreement on a line.
use crate::find;
use crate::output::{Object, Output, count, plain};
use crate::status::Status;
use anyhow::{Context, Result};
use chancery_agreement::StageKind;
use chancery_register::{Row, View, export};
use std::path::Path;

/// List agreements: parties, kind, latest stage, number of documents
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery list
  chancery list --party Freedonia --stage ratified --since 2015
  chancery list --json | jq .title")]
pub struct Arguments {
    /// Only agreements with this party (part of its name)
    #[arg(long, value_name = "NAME")]
    party: Option<String>,
    /// Only agreements that have reached this stage
    #[arg(long, value_name = "STAGE")]
    stage: Option<String>,
    /// Only agreements of which something is dated on or after this day, month or year
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// One JSON object a line
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// CSV with a header line
    #[arg(long)]
    csv: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let register = find::open(register)?;
    let stage: Option<StageKind> = arguments.stage.as_deref().map(str::parse).transpose().context("--stage")?;
    let party = arguments.party.as_deref().map(str::to_lowercase);
    let timeline = if stage.is_some() || arguments.since.is_some() { register.view(View::Timeline)? } else { Vec::new() };
    let wanted = |row: &Row| {
        let mut stages =
            timeline.iter().filter(|event| event.text("agreement") == row.text("id") && event.text("modality") == "actual");
        let party = party.as_ref().is_none_or(|party| row.text("parties").to_lowercase().contains(party));
        let reached = stage.is_none_or(|stage| stages.clone().any(|event| event.text("stage") == stage.as_str()));
        let recent = arguments.since.as_ref().is_none_or(|since| stages.any(|event| event.text("date") >= since.as_str()));
        party && reached && recent
    };
    let rows: Vec<Row> = register.view(View::Agreements)?.into_iter().filter(wanted).collect();
    if arguments.csv {
        export::csv::write_rows(&register.columns(View::Agreements)?, &rows, &mut *out)?;
    } else if arguments.json {
        rows.iter().try_for_each(|row| out.json(&Object(row)))?;
    } else if rows.is_empty() {
        out.line("No agreements.")?;
    } else {
        let cells = |row: &Row| {
            let latest = format!("{} {}", row.text("latest_stage").replace('_', " "), row.text("latest_date"));
            let documents = row.number("documents").to_string();
            let title = plain(row.text("title"));
            vec![row.text("id").to_owned(), row.text("kind").to_owned(), latest, documents, plain(row.text("parties")), title]
        };
        let table: Vec<Vec<String>> = rows.iter().map(cells).collect();
        out.table(&["id", "kind", "latest", "docs", "parties", "title"], &table)?;
        out.line(count(rows.len(), "agreement"))?;
    }
    Ok(Status::Well)
}
