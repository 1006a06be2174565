//! `chancery forecasts`: what was expected, and what became of it.
use crate::find;
use crate::output::{BOLD, DATE, DIM, Object, Output, count, plain, styled};
use crate::show::{capitalized, file_name, outcome};
use crate::status::Status;
use anyhow::Result;
use chancery_agreement::Outcome;
use chancery_register::{Register, Row, Value, View};
use std::path::Path;

/// List forecasts: what was expected by when, and whether it came, late, or not at all
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery forecasts
  chancery forecasts --outcome late
  chancery forecasts --by source
  chancery forecasts --json | jq .late_by_days")]
pub struct Arguments {
    /// Only this outcome: on_time, late, denied, overtaken, open
    #[arg(long, value_name = "OUTCOME")]
    outcome: Option<Outcome>,
    /// Count instead how often each source or each speaker was right
    #[arg(long, value_enum, value_name = "WHOM", conflicts_with = "outcome")]
    by: Option<Whom>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Whom {
    /// Publishers of the reports
    Source,
    /// Those who said it
    Speaker,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let register = find::open(register)?;
    if let Some(whom) = arguments.by {
        return track_record(&register, whom, arguments.json, out);
    }
    let wanted = |row: &Row| arguments.outcome.is_none_or(|outcome| row.text("outcome") == outcome.as_str());
    let rows: Vec<Row> = register.view(View::Forecasts)?.into_iter().filter(wanted).collect();
    for row in &rows {
        if arguments.json {
            out.json(&Object(row))?;
        } else {
            show(row, out)?;
        }
    }
    if !arguments.json {
        out.line(count(rows.len(), "forecast"))?;
    }
    Ok(Status::Well)
}

fn show(row: &Row, out: &mut Output) -> Result<()> {
    let text = |column: &str| Some(row.text(column)).filter(|words| !words.is_empty());
    let late = match row.get("late_by_days") {
        Value::Integer(days) => Some(*days),
        _ => None,
    };
    let became = outcome(row.text("outcome").parse()?, text("actual"), late);
    let stage = capitalized(&row.text("stage").replace('_', " "));
    let expected = styled(DATE, text("expected").unwrap_or("at no named time"));
    out.line(format!("{} · {stage} expected {expected}: {became}", styled(BOLD, plain(row.text("title")))))?;
    let who = text("by_whom").map_or_else(String::new, |who| format!(", by {who}"));
    let said = text("said").map_or_else(String::new, |said| format!(", {said}"));
    Ok(out.words(2, DIM, &format!("“{}” — {}{said}{who}", row.text("quote"), file_name(row.text("source"))))?)
}

/// The table of who was how often right. Under five decided forecasts there is no percentage.
fn track_record(register: &Register, whom: Whom, json: bool, out: &mut Output) -> Result<Status> {
    let sort = if whom == Whom::Source { "source" } else { "speaker" };
    let rows: Vec<Row> = register.view(View::TrackRecord)?.into_iter().filter(|row| row.text("forecaster") == sort).collect();
    if json {
        rows.iter().try_for_each(|row| out.json(&Object(row)))?;
        return Ok(Status::Well);
    }
    let columns = ["on_time", "late", "denied", "overtaken", "open", "percent_right"];
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let name = plain(row.text("name"));
            std::iter::once(name).chain(columns.iter().map(|column| row.get(column).to_string())).collect()
        })
        .collect();
    out.table(&[sort, "on time", "late", "denied", "overtaken", "open", "% right"], &lines)?;
    out.line(count(rows.len(), sort))?;
    Ok(Status::Well)
}
