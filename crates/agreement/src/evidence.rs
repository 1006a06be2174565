//! Evidence: the exact words behind a cell.
use crate::{Article, Span};
use std::sync::Arc;

/// The words that say it: where they stand, the words themselves, which rule found them, how sure it is.
///
/// It can only be made from an article, and only of words that stand there: a quote that is not in its document cannot
/// be constructed.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    span: Span,
    quote: Arc<str>,
    rule: Arc<str>,
    confidence: f32,
}

impl Evidence {
    /// Evidence for the words under `span`, found by `rule`. `None` when the span is empty, lies outside the text or
    /// cuts a character in two. White space at the ends is left out of the span.
    #[must_use]
    pub fn new(article: &Article, span: Span, rule: &str, confidence: f32) -> Option<Self> {
        let span = span.trimmed(&article.text);
        let quote = span.of(&article.text);
        (!quote.is_empty()).then(|| Self { span, quote: quote.into(), rule: rule.into(), confidence: confidence.clamp(0.0, 1.0) })
    }

    /// Where the words stand in `Article::text`.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The words.
    #[must_use]
    pub fn quote(&self) -> &str {
        &self.quote
    }

    /// Name of the rule or model that found them.
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// How sure the rule is, 0 to 1.
    #[must_use]
    pub fn confidence(&self) -> f32 {
        self.confidence
    }
}
