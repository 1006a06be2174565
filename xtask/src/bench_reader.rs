//! Speed of the fast reader, and what it saves to parse only the sentences that matter.
use crate::copies::shared_folder;
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

/// Builds and runs the example that measures, on the labelled data; says so where there is none.
///
/// # Errors
/// When it cannot be built or run.
pub fn run() -> Result<bool> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask stands in no workspace")?;
    let Some(shared) = shared_folder() else {
        println!("CHANCERY_DATA is not set: there is nothing to measure on");
        return Ok(true);
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--release", "--quiet", "--package", "chancery-evaluate", "--example", "reader_bench", "--"])
        .arg(shared.join("data/ud/EWT/en_ewt-ud-test.conllu"))
        .args([shared.join("gold/dev/articles"), shared.join("gold/dev/labels")])
        .current_dir(root)
        .status()
        .context("cargo cannot be run")?;
    Ok(status.success())
}
