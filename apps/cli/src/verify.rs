//! `chancery verify`: every quote against its document, every reference, the database itself.
use crate::find;
use crate::output::{Output, count, plain};
use crate::status::Status;
use anyhow::Result;
use serde::Serialize;
use std::path::Path;

/// Check every quote against its document, every reference, and the database itself
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery verify
  chancery verify --hash     # the same for any two registers that say the same")]
pub struct Arguments {
    /// Print the SHA-256 of the register's canonical text
    #[arg(long)]
    hash: bool,
    /// Print the canonical text itself
    #[arg(long, conflicts_with_all = ["hash", "json"])]
    dump: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct WireVerification {
    documents: usize,
    quotes: usize,
    problems: Vec<WireProblem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
}

#[derive(Serialize)]
struct WireProblem {
    place: String,
    what: String,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let register = find::open(register)?;
    if arguments.dump {
        register.dump(&mut *out)?;
        return Ok(Status::Well);
    }
    let found = register.verify()?;
    let hash = arguments.hash.then(|| register.digest()).transpose()?;
    let status = if found.problems.is_empty() { Status::Well } else { Status::Some };
    if arguments.json {
        let problems =
            found.problems.into_iter().map(|problem| WireProblem { place: problem.place, what: problem.what }).collect();
        out.json(&WireVerification { documents: found.documents, quotes: found.quotes, problems, hash })?;
        return Ok(status);
    }
    for problem in &found.problems {
        out.line(format!("{}: {}", plain(&problem.place), plain(&problem.what)))?;
    }
    let problems = if found.problems.is_empty() { "nothing is wrong".to_owned() } else { count(found.problems.len(), "problem") };
    out.line(format!("{}, {} checked: {problems}", count(found.documents, "document"), count(found.quotes, "quote")))?;
    if let Some(hash) = hash {
        out.line(hash)?;
    }
    Ok(status)
}
