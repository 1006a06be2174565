//! `chancery search`: full text over articles and quotes.
use crate::find;
use crate::output::{BOLD, DATE, DIM, Output, count, plain, styled};
use crate::status::Status;
use anyhow::Result;
use chancery_register::Hit;
use serde::Serialize;
use std::path::Path;

/// Search articles and the words behind cells
///
/// All words must be there. Words between double quotes stand together; * at the end of a word stands for any ending.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery search ferry accord
  chancery search '\"coastal pact\" ratif*'
  chancery search ceasefire --json | jq .source")]
pub struct Arguments {
    /// Words
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    /// Most hits of each sort
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct WireHit<'a> {
    document: &'a str,
    source: &'a str,
    title: Option<&'a str>,
    published: Option<&'a str>,
    cell: Option<String>,
    excerpt: String,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let register = find::open(register)?;
    let hits = register.search(&arguments.words.join(" "), arguments.limit)?;
    for hit in &hits {
        let document = hit.document.get(..12).unwrap_or(&hit.document);
        let cell = hit.cell.as_ref().map(|path| format!("{document}/{path}"));
        if arguments.json {
            out.json(&WireHit {
                document: &hit.document,
                source: &hit.source,
                title: hit.title.as_deref(),
                published: hit.published.as_deref(),
                cell,
                excerpt: hit.excerpt.replace([Hit::BEGIN, Hit::END], ""),
            })?;
            continue;
        }
        let date = hit.published.as_deref().unwrap_or("undated");
        let place = cell.unwrap_or_else(|| plain(&hit.source));
        out.line(format!(
            "{} {} {}",
            styled(DATE, date),
            styled(BOLD, plain(hit.title.as_deref().unwrap_or(&hit.source))),
            styled(DIM, place)
        ))?;
        out.line(format!("  {}", marked(&hit.excerpt)))?;
    }
    if !arguments.json {
        out.line(count(hits.len(), "hit"))?;
    }
    Ok(Status::Well)
}

/// The excerpt with the words that were looked for in bold.
fn marked(excerpt: &str) -> String {
    let mut line = String::new();
    for (n, part) in excerpt.split([Hit::BEGIN, Hit::END]).enumerate() {
        let space = |edge: Option<char>| if edge.is_some_and(char::is_whitespace) { " " } else { "" };
        let (before, after) = (space(part.chars().next()), space(part.chars().next_back()));
        let words = plain(part);
        let words = if n % 2 == 1 { styled(BOLD, words) } else { words };
        line.push_str(&format!("{before}{words}{after}"));
    }
    line
}
