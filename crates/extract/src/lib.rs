//! Finds agreements, their parties, stages and commitments, and who said what about them, in the reading of one article.
//!
//! The engine knows no verb of any language: what it looks for stands in rule files and word lists under `rules/`. Start at
//! [`Extractor::extract`]; rules are in [`rule`], the edges they walk on in [`graph`].
pub mod actors;
pub mod agreements;
pub mod category;
pub mod category_model;
pub mod chain;
pub mod commitments;
pub mod coreference;
pub mod dates;
mod doer;
mod error;
pub mod events;
pub mod graph;
mod groups;
pub mod lexicon;
pub mod logistic;
pub mod mention;
pub mod modality;
pub mod models;
pub mod naming;
pub mod party;
pub mod provision;
pub mod record;
mod refusals;
pub mod rivals;
mod roles;
pub mod rule;
pub mod signs;
pub mod stage;
pub mod statements;
pub mod sums;
pub mod tenses;
pub mod terms;
pub mod unlisted;
pub mod verbal;
pub mod words;

mod extractor;

pub use error::Error;
pub use extractor::Extractor;
