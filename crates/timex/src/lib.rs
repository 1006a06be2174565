//! Finds time expressions in text and gives them their TIMEX3 values and, for registers, their EDTF.
//!
//! The three things here are [`tag`], which reads a text; [`Timex`], what it finds; and [`dates_in`], which reads the calendar dates of one line and
//! resolves nothing. The standard is TimeML's TIMEX3 (ISO 24617-1; annotation guidelines 1.2.1); EDTF is that of ISO 8601-2:2019.
//!
//! Nothing is made up: without a reference date, "yesterday" has the value `XXXX-XX-XX` and no EDTF, "January 30" has `XXXX-01-30` and no EDTF.
//!
//! Which of two years "in January" means follows, in this order, from words of the expression ("next"), from a date it is joined with, from the
//! tense of the verb that governs it and from words before it ("since", "by"), and from nearness. A caller that has parsed the text passes the
//! tenses with [`Options::with_syntax`]; without them the words around the expression are looked at. [`Timex::how`] says what decided.
//!
//! The engine knows no word of any language: [`Language::from_toml`] reads words, patterns and cues of one, and English is built in
//! ([`Language::english`], from `rules/en/time-*.toml`). Time and memory are linear in the length of the text.
//!
//! ```
//! use chancery_timex::{Options, Reference, tag};
//! let text = "The ferry pact, signed three days ago, takes effect on March 1.";
//! let found = tag(text, &Options::written(Reference::parse("2015-02-20")));
//! assert_eq!(found[0].value.as_deref(), Some("2015-02-17"));
//! assert_eq!(&text[found[1].start..found[1].end], "March 1");
//! assert_eq!(found[1].edtf.as_deref(), Some("2015-03-01"));
//! ```
mod calendar;
mod cue;
mod dateline;
mod filter;
mod index;
mod language;
mod pattern;
mod resolve;
pub mod score;
mod spans;
mod tagger;
mod tense;
pub mod timeml;
mod timex;
mod token;
mod undated;

pub use dateline::{LineDate, dates_in};
pub use language::{Error, Language};
pub use tagger::{Options, tag};
pub use timex::{Anchor, Genre, Kind, Modifier, Reference, Syntax, Tense, Timex};
