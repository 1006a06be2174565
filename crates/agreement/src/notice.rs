//! What went wrong, or was left out, while one article was read. A bad article is data, not an error.

/// One remark about one document: what happened and where. The run goes on; the summary counts notices by code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// Stable code in kebab case, e.g. `not-english`, `limit-bytes`, `broken-html`.
    pub code: &'static str,
    /// One sentence in plain words that names the place and, where there is one, the limit.
    pub message: String,
    /// True when the document could not be read at all and nothing of it is in the register.
    pub fatal: bool,
}

impl Notice {
    /// A remark about a document that was read all the same.
    #[must_use]
    pub fn remark(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), fatal: false }
    }

    /// The document could not be read.
    #[must_use]
    pub fn failure(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), fatal: true }
    }
}
