//! `chancery changes`: what happened to the agreements of a register.
use crate::find;
use crate::output::{BOLD, DIM, Output, count, plain, styled};
use crate::status::Status;
use anyhow::Result;
use chancery_register::Change;
use serde::Serialize;
use std::path::Path;

/// List what happened to the agreements: added, changed, merged, split, moved to another id, removed, corrected
///
/// The list is only ever added to. Former ids keep leading to the agreement that they became part of.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery changes
  chancery changes --since 2030-05-01
  chancery changes --since 1200 --json")]
pub struct Arguments {
    /// Only from this day or moment on (2030-05-01, 2030-05-01T12:00:00Z), or after the change with this number
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct WireChange<'a> {
    n: i64,
    at: Option<&'a str>,
    change: &'a str,
    agreement: &'a str,
    other: Option<&'a str>,
    detail: &'a str,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let register = find::open(register)?;
    // A number of four digits could be a year: as long as it has no dash it counts changes.
    let number = arguments.since.as_deref().and_then(|since| since.parse::<i64>().ok());
    let since = arguments.since.as_deref().filter(|_| number.is_none());
    let changes = register.changes(since, number.unwrap_or(0))?;
    for change in &changes {
        if arguments.json {
            out.json(&WireChange {
                n: change.n,
                at: change.at.as_deref(),
                change: &change.what,
                agreement: &change.agreement,
                other: change.other.as_deref(),
                detail: &change.detail,
            })?;
        } else {
            show(change, out)?;
        }
    }
    if !arguments.json {
        out.line(count(changes.len(), "change"))?;
    }
    Ok(Status::Well)
}

fn show(change: &Change, out: &mut Output) -> Result<()> {
    let other = change.other.as_deref().unwrap_or_default();
    let what = match change.what.as_str() {
        "merged" => format!("{other} became part of {}", change.agreement),
        "split" => format!("{} was split from {other}", change.agreement),
        "moved" => format!("{other} goes by {} now", change.agreement),
        "corrected" => format!("correction {}", change.agreement),
        "undone" => format!("correction {} was undone", change.agreement),
        _ => change.agreement.clone(),
    };
    out.line(format!("{:>6}  {} {what}  {}", change.n, styled(BOLD, format!("{:<9}", change.what)), plain(&change.detail)))?;
    if let Some(at) = &change.at {
        out.words(8, DIM, at)?;
    }
    Ok(())
}
