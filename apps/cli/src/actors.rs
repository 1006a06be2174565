//! `chancery actors`: who takes part, speaks, and is spoken of.
use crate::find;
use crate::output::{Object, Output, count, plain};
use crate::status::Status;
use anyhow::Result;
use chancery_register::{Row, View};
use std::path::Path;

/// List actors: agreements they are party to, statements made for them, names they are called
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery actors
  chancery actors --persons
  chancery actors --json | jq 'select(.agreements > 2).actor'")]
pub struct Arguments {
    /// Only actors whose name holds this
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// The persons who are quoted instead; two of one name are told apart by affiliation and time
    #[arg(long)]
    persons: bool,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let register = find::open(register)?;
    let name = arguments.name.as_deref().map(str::to_lowercase);
    let (view, column) = if arguments.persons { (View::Persons, "person") } else { (View::Actors, "actor") };
    let wanted = |row: &Row| name.as_ref().is_none_or(|name| row.text(column).to_lowercase().contains(name));
    let mut rows: Vec<Row> = register.view(view)?.into_iter().filter(wanted).collect();
    if arguments.json {
        rows.iter().try_for_each(|row| out.json(&Object(row)))?;
        return Ok(Status::Well);
    }
    if arguments.persons {
        let columns = ["person", "affiliation", "roles", "statements", "first", "last"];
        let cells = |row: &Row| columns.iter().map(|column| plain(&row.get(column).to_string())).collect();
        out.table(&columns, &rows.iter().map(cells).collect::<Vec<_>>())?;
        out.line(count(rows.len(), "person"))?;
        return Ok(Status::Well);
    }
    // The view is in order of name; sorting is stable, so it stays so among equals.
    rows.sort_by_key(|row| std::cmp::Reverse((row.number("agreements"), row.number("statements"), row.number("namings"))));
    let numbers = ["agreements", "statements", "namings"];
    let cells = |row: &Row| {
        let mut cells = vec![plain(row.text("actor"))];
        cells.extend(numbers.iter().map(|column| row.number(column).to_string()));
        cells
    };
    out.table(&["actor", "agreements", "statements", "namings"], &rows.iter().map(cells).collect::<Vec<_>>())?;
    out.line(count(rows.len(), "actor"))?;
    Ok(Status::Well)
}
