//! One document as it was found, before anything has been made of it.
use chancery_agreement::Notice;

/// What the bytes of a document are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Plain text.
    Text,
    /// A page.
    Html,
    /// One JSON object.
    Json,
}

/// The bytes of one document, where they were found, and what its surroundings say about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Raw {
    /// The path as it was given, with the record in it where there are many (`dump.jsonl#12`, counted from 1).
    pub source: String,
    /// The document itself, decompressed.
    pub bytes: Vec<u8>,
    /// What the bytes are.
    pub form: Form,
    /// What the archive or feed says about the document.
    pub given: Given,
    /// What was remarked while it was fetched out of its archive.
    pub notices: Vec<Notice>,
}

impl Raw {
    /// A document without surroundings.
    #[must_use]
    pub fn new(source: impl Into<String>, bytes: impl Into<Vec<u8>>, form: Form) -> Self {
        Self { source: source.into(), bytes: bytes.into(), form, given: Given::default(), notices: Vec::new() }
    }

    /// The id that its article will have, without making the article.
    #[must_use]
    pub fn id(&self) -> String {
        crate::article::id_of(&self.bytes)
    }
}

/// What the surroundings of a document (an archive's header, a feed's entry) say about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// Its address.
    pub url: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// Who wrote it.
    pub byline: Option<String>,
    /// When it was published, as written there.
    pub published: Option<String>,
    /// Encoding named by the protocol.
    pub charset: Option<String>,
}

/// A document, or a file, that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Where it was found, written as in [`Raw::source`].
    pub source: String,
    /// Why; always fatal.
    pub notice: Notice,
}

impl Refused {
    /// `source` could not be read, because of `message`.
    #[must_use]
    pub fn new(source: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { source: source.into(), notice: Notice::failure(code, message) }
    }
}
