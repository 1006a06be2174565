//! `chancery export`: the register in forms that other programs read.
use crate::find;
use crate::output::Output;
use crate::status::Status;
use anyhow::{Context, Result};
use chancery_register::{Register, View, export};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Write the register in a form that other programs read
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery export agreements > agreements.jsonl
  chancery export findings --output findings.jsonl
  chancery export csv --output tables/
  chancery export csv --table timeline")]
pub struct Arguments {
    /// Which form
    #[arg(value_enum, value_name = "FORMAT")]
    format: Format,
    /// File to write; for csv a folder, one file for each table [default: standard output]
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    /// csv to standard output: which table
    #[arg(long, value_name = "TABLE", default_value = "agreements",
          value_parser = clap::builder::PossibleValuesParser::new(View::ALL.iter().map(|view| view.as_str())))]
    table: String,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// JSON Lines: what each document says, offsets and text included
    Findings,
    /// JSON Lines: the agreements with all their sources
    Agreements,
    /// JSON Lines: what people corrected, in the form of hand labels
    Corrections,
    /// CSV: the tables of the register
    Csv,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let register = find::open(register)?;
    match (&arguments.output, arguments.format) {
        (None, format) => write(&register, format, &arguments.table, out)?,
        (Some(folder), Format::Csv) => {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
            for view in View::ALL {
                let path = folder.join(format!("{}.csv", view.as_str()));
                in_place(&path, |file| Ok(export::csv::write(&register, *view, file)?))?;
            }
        }
        (Some(path), format) => in_place(path, |file| write(&register, format, &arguments.table, file))?,
    }
    Ok(Status::Well)
}

fn write(register: &Register, format: Format, table: &str, out: &mut dyn Write) -> Result<()> {
    match format {
        Format::Findings => export::findings::write(register, out)?,
        Format::Agreements => export::agreements::write(register, out)?,
        Format::Corrections => export::corrections::write(register, out)?,
        Format::Csv => {
            let view = View::ALL.iter().copied().find(|view| view.as_str() == table).unwrap_or(View::Agreements);
            export::csv::write(register, view, out)?;
        }
    }
    Ok(())
}

/// Writes a file beside `path` and renames it when it is whole, so that nobody ever sees half an export.
fn in_place(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let context = || format!("cannot write {}", path.display());
    let mut file = BufWriter::new(File::create(&part).with_context(context)?);
    write(&mut file)?;
    file.into_inner().map_err(|error| error.into_error()).and_then(|file| file.sync_all()).with_context(context)?;
    std::fs::rename(&part, path).with_context(context)
}
