//! Who calls which actor, place or instrument what: by source and over time, side by side, without a verdict.
use crate::Document;
use chancery_agreement::Sourced;
use std::collections::BTreeMap;

/// One way of naming one thing, with every use of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Called {
    /// The actor, place or instrument, by its canonical name.
    pub actor: String,
    /// The words, in lower case with single spaces.
    pub words: String,
    /// Uses in order of publication, undated ones last.
    pub uses: Vec<CalledUse>,
}

/// One use of a naming.
#[derive(Debug, Clone, PartialEq)]
pub struct CalledUse {
    /// `author`, or the speaker inside whose words it stands.
    pub by: String,
    /// Publisher of the report.
    pub publisher: Option<String>,
    /// Day of publication.
    pub published: Option<String>,
    /// The words.
    pub evidence: Sourced,
}

/// All namings, by actor, then by words.
pub(crate) fn called(documents: &[&Document]) -> Vec<Called> {
    let mut found: BTreeMap<(String, String), Vec<CalledUse>> = BTreeMap::new();
    for document in documents {
        for naming in &document.findings.naming {
            let words = naming.evidence.quote().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
            let sourced =
                Sourced { document: document.id.clone(), source: document.source.clone(), evidence: naming.evidence.clone() };
            found.entry((naming.actor.clone(), words)).or_default().push(CalledUse {
                by: naming.by.clone(),
                publisher: document.publisher.clone(),
                published: document.published.clone(),
                evidence: sourced,
            });
        }
    }
    found
        .into_iter()
        .map(|((actor, words), mut uses)| {
            uses.sort_by(|a, b| (a.published.is_none(), &a.published).cmp(&(b.published.is_none(), &b.published)));
            Called { actor, words, uses }
        })
        .collect()
}
