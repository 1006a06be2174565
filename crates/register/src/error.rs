//! What can go wrong with a register: the disk, the database, or a file that is no register.
use std::path::{Path, PathBuf};

/// Why the register could not be opened, read or written. The message names the file and says what to do.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] Kind);

#[derive(Debug, thiserror::Error)]
pub(crate) enum Kind {
    #[error("there is no register at {}; `chancery read PATH --register {}` makes one", .0.display(), .0.display())]
    Missing(PathBuf),
    #[error("another program is writing to {}; wait until it has finished, or give another file with --register", .0.display())]
    Busy(PathBuf),
    #[error("{} is not a register of Chancery; give another file with --register", .0.display())]
    Foreign(PathBuf),
    #[error("{} was written by a newer Chancery (form {found}, this one knows {known}); install the newer one", .path.display())]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error("cannot use {}: {source}; check that the folder exists and may be written to", .path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("{}: {source}", .path.display())]
    Database { path: PathBuf, source: rusqlite::Error },
    #[error("{} is damaged: {what}; `chancery verify` lists what is wrong", .path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("cannot write the export: {0}")]
    Write(#[from] std::io::Error),
    #[error("cannot write the export: {0}")]
    Csv(#[from] csv::Error),
    #[error("cannot write the export as JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    Correction(String),
    #[error("{place}: {what}")]
    Findings { place: String, what: String },
}

impl Error {
    /// True when the only trouble is that another program is writing to the register.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(self.0, Kind::Busy(_))
    }

    /// True when whoever reads the output has gone away (`chancery export findings | head`).
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        let io = match &self.0 {
            Kind::Write(error) => Some(error.kind()),
            Kind::Csv(error) => match error.kind() {
                csv::ErrorKind::Io(error) => Some(error.kind()),
                _ => None,
            },
            Kind::Json(error) => error.io_error_kind(),
            _ => None,
        };
        io == Some(std::io::ErrorKind::BrokenPipe)
    }

    pub(crate) fn correction(what: String) -> Self {
        Kind::Correction(what).into()
    }

    pub(crate) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Kind::Damaged { path: path.to_owned(), what: what.into() }.into()
    }

    /// A line of findings that cannot be used; `place` is the file and line.
    pub(crate) fn findings(place: &str, what: impl Into<String>) -> Self {
        Kind::Findings { place: place.to_owned(), what: what.into() }.into()
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Kind::Write(error).into()
    }
}

/// Says which file a database error belongs to.
pub(crate) trait At<T> {
    /// The same result, with the file's name in the error.
    fn at(self, path: &Path) -> Result<T, Error>;
}

impl<T> At<T> for rusqlite::Result<T> {
    fn at(self, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Kind::Database { path: path.to_owned(), source }.into())
    }
}
