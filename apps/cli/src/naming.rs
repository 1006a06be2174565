//! `chancery naming`: who calls whom what.
use crate::find;
use crate::output::{BOLD, DIM, Object, Output, count, plain, styled};
use crate::show::file_name;
use crate::status::Status;
use anyhow::Result;
use chancery_register::{Row, View};
use std::path::Path;

/// List names: who calls which actor, place or instrument what
///
/// What an actor is called is a fact with an author, never a judgement of Chancery.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery naming
  chancery naming --actor Lothia --by author
  chancery naming --json")]
pub struct Arguments {
    /// Only this actor (part of its name)
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    /// Only words of this speaker or publisher; `author` for those of the reports themselves
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let register = find::open(register)?;
    let holds = |row: &Row, columns: &[&str], words: &Option<String>| {
        let words = words.as_deref().map(str::to_lowercase);
        words.is_none_or(|words| columns.iter().any(|column| row.text(column).to_lowercase().contains(&words)))
    };
    let wanted = |row: &Row| holds(row, &["actor"], &arguments.actor) && holds(row, &["by_whom", "publisher"], &arguments.by);
    let rows: Vec<Row> = register.view(View::Naming)?.into_iter().filter(wanted).collect();
    let mut last = None;
    for row in &rows {
        if arguments.json {
            out.json(&Object(row))?;
            continue;
        }
        if last != Some(row.text("actor")) {
            out.line(styled(BOLD, plain(row.text("actor"))))?;
            last = Some(row.text("actor"));
        }
        let publisher = if row.text("publisher").is_empty() { file_name(row.text("source")) } else { row.text("publisher") };
        let by = match row.text("by_whom") {
            "author" => publisher.to_owned(),
            speaker => format!("{speaker}, in {publisher}"),
        };
        let place = styled(DIM, format!("— {} {} · {}", plain(&by), row.text("published"), row.text("cell")));
        out.line(format!("  “{}” {place}", plain(row.text("words"))))?;
    }
    if !arguments.json {
        out.line(count(rows.len(), "naming"))?;
    }
    Ok(Status::Well)
}
