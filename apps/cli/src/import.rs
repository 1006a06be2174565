//! `chancery import`: findings that were made elsewhere, into the register.
use crate::output::Output;
use crate::progress::Progress;
use crate::read::Summary;
use crate::status::Status;
use anyhow::{Context, Result};
use chancery_register::{Error, Register, export};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Take findings from files of JSON Lines into the register
///
/// The counterpart of `chancery read --findings`: reading may happen on many machines, the register is made of what they
/// found. A line that quotes words which its text does not have is refused.
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  chancery read news/ --findings findings.jsonl
  chancery import findings.jsonl")]
pub struct Arguments {
    /// Files of findings, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let mut register = Register::writer(register)?;
    let mut summary = Summary::default();
    let progress = Progress::new(&arguments.files, chancery_collect::Reached::default());
    for path in &arguments.files {
        let name = path.display().to_string();
        let input: Box<dyn BufRead> = if name == "-" {
            Box::new(std::io::stdin().lock())
        } else {
            Box::new(BufReader::new(File::open(path).with_context(|| format!("cannot read {name}"))?))
        };
        export::findings::read(input, &name, |document| -> Result<(), Error> {
            match document {
                Ok(document) => {
                    summary.stored(register.store(&document)?, &document);
                    summary.taken(document.failed());
                }
                Err(error) => {
                    summary.notice(&name, "unusable-findings", &error.to_string(), true, false, &progress);
                    summary.taken(true);
                }
            }
            progress.document();
            Ok(())
        })?;
    }
    progress.linking();
    summary.link(&mut register)?;
    progress.finish();
    summary.close(Some(out), arguments.json, &arguments.files)
}
