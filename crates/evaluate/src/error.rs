//! What can go wrong when labelled data is read: a file, a place in it, and what to do.
use std::fmt;
use std::path::Path;

/// Labelled data that cannot be used.
#[derive(Debug)]
pub struct Error {
    message: String,
}

impl Error {
    /// An error with a whole message: lower case, with the file and what to do.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// `file` cannot be read or is not what it should be.
    #[must_use]
    pub fn at(file: &Path, problem: impl fmt::Display, hint: &str) -> Self {
        Self::new(format!("{}: {problem}; {hint}", file.display()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
