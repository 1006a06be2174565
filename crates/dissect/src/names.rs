//! Names of persons, places and organizations, with the roles and affiliations that the text gives, and the actors that they
//! name.
//!
//! A small sequence tagger ([`tagger`]) finds them from their words, neighbors and lists; [`names`] adds the words for actors,
//! abbreviations in brackets, titles and appositions. Persons are told from context: there is no list of politicians.
pub mod clusters;
pub mod features;
mod found;
pub mod labeled;
pub mod lexicon;
pub mod memory;
pub mod tagger;

pub use found::{Affiliation, Name, names, names_with};
pub use tagger::{Label, NameKind, Tagger};

#[cfg(test)]
mod tests;
