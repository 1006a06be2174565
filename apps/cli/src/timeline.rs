//! `chancery timeline`: what happened when, drawn in the terminal or as a picture.
use crate::find;
use crate::output::{BAD, BOLD, DATE, DIM, GOOD, OPEN, Object, Output, count, plain, styled};
use crate::status::Status;
use crate::timeline_svg;
use anstyle::Style;
use anyhow::{Context, Result};
use chancery_register::{Row, View};
use std::path::{Path, PathBuf};

/// Draw the events of one agreement, or of all, in order of date
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery timeline
  chancery timeline ferry accord
  chancery timeline --svg timeline.svg
  chancery timeline --json")]
pub struct Arguments {
    /// Id or words; all agreements where nothing is given
    #[arg(value_name = "ID|WORDS")]
    words: Vec<String>,
    /// Write a picture (SVG) instead; - for standard output
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// One JSON object a line
    #[arg(long, conflicts_with = "svg")]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let register = find::open(register)?;
    let mut rows = register.view(View::Timeline)?;
    if !arguments.words.is_empty() {
        let agreement = find::agreement(&register, &arguments.words.join(" "))?;
        rows.retain(|row| row.text("agreement") == agreement.id);
    }
    match &arguments.svg {
        Some(path) => {
            let picture = timeline_svg::draw(&rows);
            if path.as_os_str() == "-" {
                out.line(picture)?;
            } else {
                std::fs::write(path, picture).with_context(|| format!("cannot write {}", path.display()))?;
            }
        }
        None if arguments.json => rows.iter().try_for_each(|row| out.json(&Object(row)))?,
        None => draw(&rows, arguments.words.is_empty(), out)?,
    }
    Ok(Status::Well)
}

/// One line an event under the year in which it falls.
fn draw(rows: &[Row], titles: bool, out: &mut Output) -> Result<()> {
    if !titles && let Some(row) = rows.first() {
        out.words(0, BOLD, row.text("title"))?;
    }
    let mut last = None;
    for row in rows {
        let date = row.text("date");
        let year = if date.is_empty() { "undated" } else { date.split_once('-').map_or(date, |(year, _)| year) };
        let year = if year.is_empty() { date } else { year };
        if last != Some(year) {
            out.line(styled(BOLD, year))?;
            last = Some(year);
        }
        let rest = date.strip_prefix(year).and_then(|rest| rest.strip_prefix('-')).unwrap_or("");
        let (style, sign, before) = modality(row);
        let stage = styled(style, format!("{before}{}", row.text("stage").replace('_', " ")));
        let mut line = format!("  {} {} {stage}", styled(DATE, format!("{rest:<8}")), styled(style, sign));
        for (word, column) in [("in", "place"), ("by", "by_whom"), ("according to", "according_to")] {
            if !row.text(column).is_empty() {
                line.push_str(&format!(" {word} {}", plain(row.text(column))));
            }
        }
        if titles {
            line.push_str(&format!("  {}", plain(row.text("title"))));
        }
        out.line(line)?;
        out.words(13, DIM, &format!("“{}” — {}", row.text("quote"), crate::show::file_name(row.text("source"))))?;
    }
    Ok(out.line(count(rows.len(), "event"))?)
}

fn modality(row: &Row) -> (Style, &'static str, &'static str) {
    match row.text("modality") {
        "actual" => (GOOD, "●", ""),
        "denied" => (BAD, "×", "not "),
        _ => (OPEN, "○", "expected: "),
    }
}
