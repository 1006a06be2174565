//! The program `chancery`: reads news reports into a register of agreements, and shows what is in it.
mod actors;
mod annotate;
mod changes;
mod compare;
mod conflicts;
mod correct;
mod evaluate;
mod explain;
mod explain_agreement;
mod export;
mod extract;
mod find;
mod forecasts;
mod import;
mod list;
mod naming;
mod output;
mod pipeline;
mod progress;
mod read;
mod readers;
mod repeated;
mod resume;
mod search;
mod show;
mod statements;
mod status;
mod timeline;
mod timeline_svg;
mod verify;

use clap::{Parser, Subcommand};
use output::Output;
use status::Status;
use std::path::PathBuf;
use std::process::ExitCode;

/// A reading makes many small lists that live as long as one article: with this allocator twenty articles take the time of nineteen.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Reads news reports into a register of agreements between states and other political actors.
///
/// Every cell of the register carries the exact words that it was read from. Nothing is fetched: you bring the reports.
#[derive(Parser)]
#[command(
    name = "chancery",
    version,
    arg_required_else_help = true,
    max_term_width = 110,
    after_help = "\
Example:
  chancery read examples/
  chancery list
  chancery show fisheries

Exit status: 0 all went well, 1 some documents failed (they are named) or something was found wrong, 2 nothing could be done."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// The register: one SQLite file
    #[arg(long, global = true, value_name = "FILE", env = "CHANCERY_REGISTER", default_value = "chancery.db")]
    register: PathBuf,
}

#[derive(Subcommand)]
enum Command {
    Read(read::Arguments),
    Import(import::Arguments),
    List(list::Arguments),
    Show(show::Arguments),
    Timeline(timeline::Arguments),
    Compare(compare::Arguments),
    Statements(statements::Arguments),
    Conflicts(conflicts::Arguments),
    Forecasts(forecasts::Arguments),
    Naming(naming::Arguments),
    Actors(actors::Arguments),
    Search(search::Arguments),
    Explain(explain::Arguments),
    Correct(correct::Arguments),
    Changes(changes::Arguments),
    Verify(verify::Arguments),
    Export(export::Arguments),
    Extract(extract::Arguments),
    Annotate(annotate::Arguments),
    Evaluate(evaluate::Arguments),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut out = Output::stdout();
    let outcome = run(&cli, &mut out).and_then(|status| {
        out.finish()?;
        Ok(status)
    });
    match outcome {
        Ok(status) => status.into(),
        // Whoever read our output has seen enough.
        Err(error) if status::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&format!("{error:#}"));
            Status::Nothing.into()
        }
    }
}

fn run(cli: &Cli, out: &mut Output) -> anyhow::Result<Status> {
    let register = &cli.register;
    match &cli.command {
        Command::Read(arguments) => read::run(arguments, register, out),
        Command::Import(arguments) => import::run(arguments, register, out),
        Command::List(arguments) => list::run(arguments, register, out),
        Command::Show(arguments) => show::run(arguments, register, out),
        Command::Timeline(arguments) => timeline::run(arguments, register, out),
        Command::Compare(arguments) => compare::run(arguments, register, out),
        Command::Statements(arguments) => statements::run(arguments, register, out),
        Command::Conflicts(arguments) => conflicts::run(arguments, register, out),
        Command::Forecasts(arguments) => forecasts::run(arguments, register, out),
        Command::Naming(arguments) => naming::run(arguments, register, out),
        Command::Actors(arguments) => actors::run(arguments, register, out),
        Command::Search(arguments) => search::run(arguments, register, out),
        Command::Explain(arguments) => explain::run(arguments, register, out),
        Command::Correct(arguments) => correct::run(arguments, register, out),
        Command::Changes(arguments) => changes::run(arguments, register, out),
        Command::Verify(arguments) => verify::run(arguments, register, out),
        Command::Export(arguments) => export::run(arguments, register, out),
        Command::Extract(arguments) => extract::run(arguments, out),
        Command::Annotate(arguments) => annotate::run(arguments, out),
        Command::Evaluate(arguments) => evaluate::run(arguments, out),
    }
}
