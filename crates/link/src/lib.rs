//! Joins the findings of many articles into agreements with one history each.
//!
//! [`link`] is a pure function: it reads no clock, no file and no random source, and its answer depends on the set of
//! documents alone, not on their order or on the number of threads. It can be done again at any time without reading
//! an article a second time.
//!
//! The work runs top-down through these files:
//! - `actors`, `spelling`: which spellings are one actor;
//! - `story`: the names in a report, by which two reports of one affair know each other;
//! - `passage`: the words around what a report says of one instrument;
//! - `mention`: what one article says of one instrument, in comparable form and in few bytes;
//! - `blocking`: which mentions are worth comparing, so that a million of them need no trillion comparisons;
//! - `score`: how likely two mentions speak of one instrument, and what forbids it (weights: `rules/link/weights.toml`);
//! - `linker`: who is compared with whom, all mentions or only those that new ones touch;
//! - `cluster`: joins them, best pairs first, as long as nothing in the whole cluster forbids it;
//! - `history`, `dates`, `conflicts`, `forecasts`, `reasons`: one record out of many mentions;
//! - `naming`, `track_record`: the views across agreements;
//! - `standing`: how words stand for an actor.
//!
//! [`link`] does all of this for documents that are in memory. A register, which has more of them than that, keeps the
//! [`Features`] of each mention, gives them to a [`Linker`], and asks for the [`record`] of one agreement at a time.
//!
//! # Ids
//! A mention's own id is a hash of its document's id and its key. An agreement bears the id of its *founder*, the member
//! whose report was published first. When an earlier report is added, the agreement takes that one's id; when two
//! agreements turn out to be one, the earlier founder's id stays. In both cases the former id is the own id of a member,
//! so it still leads to the agreement: see [`Linked::resolve`].
//!
//! ```
//! use chancery_agreement::Findings;
//! use chancery_link::{Document, link};
//!
//! let document = Document { id: "d1".into(), source: "a.txt".into(), findings: Findings::default(), ..Document::default() };
//! assert!(link(&[document]).agreements.is_empty());
//! ```
mod actors;
mod blocking;
mod cluster;
mod conflicts;
mod dates;
pub mod edtf;
mod forecasts;
mod history;
mod id;
mod known;
pub mod learning;
mod linker;
mod mention;
mod names;
mod naming;
mod passage;
mod reasons;
mod score;
mod spelling;
mod standing;
mod story;
mod track_record;
mod weights;

use chancery_agreement::{Agreement, Findings};
use std::collections::BTreeMap;

pub use actors::Actors;
pub use dates::{ToldDate, date_choice};
pub use history::{Around, MemberOf, record};
pub use id::{actor_id, agreement_id, id_number, id_text, own_id};
pub use linker::{Joined, Linker, Linking, Placed};
pub use mention::{Features, features_version};
pub use naming::{Called, CalledUse};
pub use passage::passage_words;
pub use spelling::spelling;
pub use standing::{Standing, standing};
pub use story::story_names;
pub use track_record::{Record, TrackRecord};

/// What one article gave, with the little that linking needs to know about the article.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// `Article::id`.
    pub id: String,
    /// `Article::source`.
    pub source: String,
    /// Address of the page.
    pub url: Option<String>,
    /// Name of the publisher.
    pub publisher: Option<String>,
    /// Day of publication, ISO 8601.
    pub published: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// `Article::id` of the earlier article that this one is a copy of.
    pub copy_of: Option<String>,
    /// The most telling names in its text: [`story_names`].
    pub story: Vec<String>,
    /// The most telling words around what it says of each agreement, in their order: [`passage_words`].
    pub passages: Vec<Vec<String>>,
    /// What was found in it.
    pub findings: Findings,
}

/// What linking makes of many documents. Every list is in a fixed order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Linked {
    /// The agreements, by id.
    pub agreements: Vec<Agreement>,
    /// Own id of every member that did not found its agreement → id of the agreement: where a former id leads.
    pub redirects: BTreeMap<String, String>,
    /// Who calls which actor, place or instrument what.
    pub naming: Vec<Called>,
    /// How often each source and each speaker was right about what would happen.
    pub track_record: TrackRecord,
}

impl Linked {
    /// The id of the agreement that `id` names today: itself, or the one that it was merged into or renamed to.
    #[must_use]
    pub fn resolve<'a>(&'a self, id: &'a str) -> Option<&'a str> {
        if let Some(now) = self.redirects.get(id) {
            return Some(now);
        }
        self.agreements.binary_search_by(|agreement| agreement.id.as_str().cmp(id)).ok().map(|_| id)
    }

    /// The agreement with this id, or the one that it leads to today.
    #[must_use]
    pub fn agreement(&self, id: &str) -> Option<&Agreement> {
        let id = self.resolve(id)?;
        let index = self.agreements.binary_search_by(|agreement| agreement.id.as_str().cmp(id)).ok()?;
        self.agreements.get(index)
    }
}

/// What linking compares of each agreement of a document, in their order. It depends on this document alone.
#[must_use]
pub fn features(document: &Document) -> Vec<Features> {
    mention::features(document, weights::rules(), None)
}

/// Joins the findings of `documents` into agreements.
///
/// A document that is given twice (same id) counts once; of two different states of one id the first in order of
/// source and content counts.
#[must_use]
pub fn link(documents: &[Document]) -> Linked {
    let documents = distinct(documents);
    let names = documents.iter().flat_map(|document| &document.findings.agreements).flat_map(|finding| &finding.parties);
    let actors = Actors::new(names.map(|party| (party.actor.as_str(), 1)), &[]);
    let mut linker = Linker::new(&actors);
    let mut places: BTreeMap<u64, (usize, usize)> = BTreeMap::new();
    for (number, document) in documents.iter().enumerate() {
        for (place, (finding, features)) in document.findings.agreements.iter().zip(features(document)).enumerate() {
            let id = own_id(&document.id, &finding.key);
            if places.insert(id, (number, place)).is_none() {
                linker.add(id, i64::try_from(number).unwrap_or(i64::MAX), features.as_bytes());
            }
        }
    }
    let linking = linker.link();
    let agreement_of = |id: u64| linking.founder(id).unwrap_or(id);
    let by_id: BTreeMap<&str, &Document> = documents.iter().map(|document| (document.id.as_str(), *document)).collect();
    let original_of = |document| original(document, &by_id);
    let around = Around { actors: &actors, agreement_of: &agreement_of, original_of: &original_of };
    let mut linked = Linked { naming: naming::called(&documents), ..Linked::default() };
    for joined in &linking.joined {
        let found = joined.members.iter().filter_map(|id| places.get(id));
        let members: Vec<MemberOf<'_>> = found
            .filter_map(|(number, place)| {
                let document = *documents.get(*number)?;
                Some((document, document.findings.agreements.get(*place)?.key.as_str()))
            })
            .collect();
        let agreement = record(&members, &around);
        let former = joined.members.iter().skip(1).map(|id| (id_text(*id), agreement.id.clone()));
        linked.redirects.extend(former);
        linked.agreements.push(agreement);
    }
    linked.agreements.sort_by(|a, b| a.id.cmp(&b.id));
    linked.track_record = track_record::track_record(&documents, &linked.agreements);
    linked
}

/// The document that this one is, in the end, a copy of.
fn original<'a>(document: &'a Document, by_id: &BTreeMap<&str, &'a Document>) -> &'a str {
    let mut last = document;
    // Copies of copies; a ring, which only broken input can hold, ends after some steps.
    for _ in 0..16 {
        match last.copy_of.as_deref().and_then(|id| by_id.get(id)) {
            Some(next) => last = next,
            None => break,
        }
    }
    &last.id
}

/// The documents in the order in which everything below works through them: by id.
fn distinct(documents: &[Document]) -> Vec<&Document> {
    let mut sorted: Vec<&Document> = documents.iter().collect();
    sorted.sort_by(|a, b| (&a.id, &a.source, &a.published, &a.title).cmp(&(&b.id, &b.source, &b.published, &b.title)));
    sorted.dedup_by(|later, earlier| later.id == earlier.id);
    sorted
}
