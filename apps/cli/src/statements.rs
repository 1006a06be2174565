//! `chancery statements`: everything said, by whom, about which agreement.
use crate::find;
use crate::output::{BOLD, DATE, DIM, Object, Output, count, plain, styled};
use crate::show::{file_name, stance};
use crate::status::Status;
use anstyle::Style;
use anyhow::Result;
use chancery_register::{Row, View};
use std::path::Path;

/// List statements: who said what, for whom, and where they stand
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery statements --speaker minister
  chancery statements --about ferry --stance opposes
  chancery statements --json | jq -r .speaker | sort | uniq -c")]
pub struct Arguments {
    /// Only speakers whose name, role or affiliation holds this
    #[arg(long, value_name = "WORDS")]
    speaker: Option<String>,
    /// Only statements about an agreement whose id is this or whose title holds it
    #[arg(long, value_name = "ID|WORDS")]
    about: Option<String>,
    /// Only this stance: supports, opposes, denies, promises, demands, neutral
    #[arg(long, value_name = "STANCE")]
    stance: Option<chancery_agreement::Stance>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let register = find::open(register)?;
    let mut shown = 0;
    for row in register.view(View::Statements)?.iter().filter(|row| arguments.wants(row)) {
        shown += 1;
        if arguments.json {
            out.json(&Object(row))?;
        } else {
            show(row, out)?;
        }
    }
    if !arguments.json {
        out.line(count(shown, "statement"))?;
    }
    Ok(Status::Well)
}

impl Arguments {
    fn wants(&self, row: &Row) -> bool {
        let holds = |columns: &[&str], words: &Option<String>| {
            let words = words.as_deref().map(str::to_lowercase);
            words.is_none_or(|words| columns.iter().any(|column| row.text(column).to_lowercase().contains(&words)))
        };
        holds(&["speaker", "speaker_role", "affiliation"], &self.speaker)
            && holds(&["agreement", "title"], &self.about)
            && self.stance.is_none_or(|stance| row.text("stance") == stance.as_str())
    }
}

fn show(row: &Row, out: &mut Output) -> Result<()> {
    let date = if row.text("published").is_empty() { "undated" } else { row.text("published") };
    let who = [row.text("speaker"), row.text("speaker_role"), row.text("affiliation")];
    let who: Vec<String> = who.into_iter().filter(|part| !part.is_empty()).map(plain).collect();
    let who = if who.is_empty() { "Someone".to_owned() } else { who.join(", ") };
    let via = if row.text("via").is_empty() { String::new() } else { format!(" via {}", plain(row.text("via"))) };
    let about = if row.text("title").is_empty() { String::new() } else { format!(" · about {}", plain(row.text("title"))) };
    out.line(format!("{}{}{via} {}{about}", styled(DATE, format!("{date:<12}")), styled(BOLD, who), stance(row.text("stance"))))?;
    out.words(2, Style::new(), &format!("“{}”", row.text("quote")))?;
    let publisher = if row.text("publisher").is_empty() { file_name(row.text("source")) } else { row.text("publisher") };
    Ok(out.words(2, DIM, &format!("— {publisher} · {}", row.text("cell")))?)
}
