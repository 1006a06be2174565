//! `chancery conflicts`: what the sources contradict each other on.
use crate::find;
use crate::output::{BAD, BOLD, DATE, DIM, Object, Output, count, plain, styled};
use crate::show::{field, file_name};
use crate::status::Status;
use anyhow::Result;
use chancery_register::View;
use std::path::Path;

/// List contradictions: values on one fact that cannot all hold, side by side with their sources
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery conflicts
  chancery conflicts --json | jq 'select(.field == \"stages.signed.date\")'")]
pub struct Arguments {
    /// One JSON object a line, one line for each value
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let register = find::open(register)?;
    let (mut last, mut conflicts) = (None, 0);
    for row in &register.view(View::Conflicts)? {
        if arguments.json {
            out.json(&Object(row))?;
            continue;
        }
        let this = (row.text("agreement").to_owned(), row.text("field").to_owned(), row.text("why").to_owned());
        if last.as_ref() != Some(&this) {
            conflicts += 1;
            let title = plain(row.text("title"));
            out.line(format!(
                "{} · {} {}",
                styled(BOLD, title),
                styled(BAD, field(row.text("field"))),
                styled(DIM, row.text("agreement"))
            ))?;
            out.words(2, DIM, row.text("why"))?;
            last = Some(this);
        }
        let publisher = if row.text("publisher").is_empty() { file_name(row.text("source")) } else { row.text("publisher") };
        out.line(format!("  {}", styled(DATE, plain(row.text("value")))))?;
        out.words(4, DIM, &format!("“{}” — {publisher} {}", row.text("quote"), row.text("published")))?;
    }
    if !arguments.json {
        out.line(count(conflicts, "conflict"))?;
    }
    Ok(Status::Well)
}
