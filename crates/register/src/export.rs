//! The forms in which a register leaves, and in which findings come in. One file for each; serde stays in here.
pub mod agreements;
pub mod corrections;
pub mod csv;
pub mod findings;

use chancery_agreement::{Evidence, Sourced};
use serde::{Deserialize, Serialize};

/// Evidence as `findings.md` has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct WireEvidence {
    quote: String,
    start: usize,
    end: usize,
    rule: String,
    confidence: f32,
    /// Where the document was found; only where findings of many documents stand side by side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// Hash of the document; as above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    document: Option<String>,
}

impl From<&Evidence> for WireEvidence {
    fn from(evidence: &Evidence) -> Self {
        Self {
            quote: evidence.quote().to_owned(),
            start: evidence.span().start(),
            end: evidence.span().end(),
            rule: evidence.rule().to_owned(),
            confidence: evidence.confidence(),
            source: None,
            document: None,
        }
    }
}

impl From<&Sourced> for WireEvidence {
    fn from(sourced: &Sourced) -> Self {
        Self { source: Some(sourced.source.clone()), document: Some(sourced.document.clone()), ..Self::from(&sourced.evidence) }
    }
}
