//! Why a model of the accurate reader cannot be used.
use std::path::Path;

/// A model that cannot be used: damaged, not described, or not one that this program knows how to run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct Error(Kind);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Kind {
    #[error(
        "{what} is damaged or of another version: its SHA-256 is {found}, the description says {expected}; take both from one place again"
    )]
    Hash { what: &'static str, expected: String, found: String },
    #[error("the description of the model cannot be used: {0}; take the model and its description from one place again")]
    Description(String),
    #[error("the vocabulary of the model has no [CLS], [SEP] and [UNK]; take it and the model from one place again")]
    Vocabulary,
    #[error("cannot read {file}: {why}")]
    File { file: String, why: String },
    #[error("the network cannot be run: {0}; take a model that was made for this version of the program")]
    Network(String),
}

impl Error {
    pub(super) fn hash(what: &'static str, expected: &str, found: String) -> Self {
        Self(Kind::Hash { what, expected: expected.to_owned(), found })
    }

    pub(super) fn description(what: impl Into<String>) -> Self {
        Self(Kind::Description(what.into()))
    }

    pub(super) fn vocabulary() -> Self {
        Self(Kind::Vocabulary)
    }

    pub(super) fn file(file: &Path, why: &std::io::Error) -> Self {
        Self(Kind::File { file: file.display().to_string(), why: why.to_string() })
    }

    pub(super) fn network(what: impl ToString) -> Self {
        Self(Kind::Network(what.to_string()))
    }
}
