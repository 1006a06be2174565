//! Checks and chores of the workspace: each check is a function from files to complaints, run by `cargo test -p xtask`
//! and by `cargo xtask check`.
pub mod bench;
pub mod bench_intake;
pub mod bench_reader;
pub mod copies;
pub mod dependencies;
pub mod order;
pub mod scores;
pub mod tidy;
pub mod workspace;

use std::fmt;
use workspace::Workspace;

/// Something that a check refuses: where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// Path below the root of the workspace, with a line number where there is one.
    pub place: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Complaint {
    /// A complaint about `place`.
    #[must_use]
    pub fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// Runs every static check over the workspace and prints what it refuses.
///
/// # Errors
/// When the files of the workspace cannot be read.
pub fn check() -> anyhow::Result<bool> {
    let workspace = Workspace::open()?;
    let mut complaints = order::complaints(&workspace)?;
    complaints.extend(tidy::complaints(&workspace));
    complaints.extend(dependencies::complaints(&workspace)?);
    match copies::shared_folder() {
        Some(shared) => complaints.extend(copies::complaints(&workspace, &shared)),
        None => println!("copied text: skipped, CHANCERY_DATA is not set"),
    }
    for complaint in &complaints {
        println!("{complaint}");
    }
    println!("{} files checked, {} complaints", workspace.files.len(), complaints.len());
    Ok(complaints.is_empty())
}
