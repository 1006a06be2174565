//! `cargo xtask <task>`: the door to the checks and chores of the workspace.
use std::process::ExitCode;

const HELP: &str = "\
Checks and chores of the workspace.

usage: cargo xtask <task>

tasks:
  check                 crate order, tidiness, dependency lines, copied text (a second; `cargo test` runs the same)
  bench [N...]          speed and memory of the release binary over N articles each (default 1000 10000 100000)
  bench link [N...]     the same for linking alone, on generated findings (default 10000 100000)
  bench intake [N...]   the same for intake alone: N pages of an archive, with one worker
  bench reader          tokens a second of the fast reader, its start-up, and what parsing only some sentences saves
  scores                run `chancery evaluate` on labelled data and compare with scores.toml
  help                  this text

`scores`, the copied-text check and the labelled part of `bench` find their data through CHANCERY_DATA and say so where
it is not set.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["check"] => xtask::check(),
        ["bench", "intake", sizes @ ..] => xtask::bench_intake::run(sizes),
        ["bench", "reader"] => xtask::bench_reader::run(),
        ["bench", "link", sizes @ ..] => xtask::bench::link(sizes),
        ["bench", sizes @ ..] => xtask::bench::run(sizes),
        ["scores"] => xtask::scores::run(),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
