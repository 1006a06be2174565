//! Turns bytes as they are found into articles: what was published, by whom, when, and which parts of it are the story.
//!
//! Two steps, so that callers can run the second in parallel and keep the order of the input: [`documents`] streams
//! [`Raw`] documents out of files, folders, archives and lists; [`article`] makes an `Article` of one, as a pure function.
//! Nothing is fetched, nothing is guessed, and no input stops a run: what could not be read is a notice.
//!
//! ```
//! use chancery_collect::{Form, Limits, Raw, article};
//!
//! let page = "Herald logo\n\nFreedonia signs ferry accord\n\nBy Jane Roe\n\nPORT LOTH, 4 March 2011 (Agency) — Freedonia and Sylvania signed an accord on ferries.";
//! let (article, notices) = article(&Raw::new("page.txt", page, Form::Text), &Limits::default());
//! assert!(notices.is_empty());
//! assert_eq!(article.title.as_deref(), Some("Freedonia signs ferry accord"));
//! assert_eq!(article.published.map(|published| published.value).as_deref(), Some("2011-03-04"));
//! ```
mod archive;
mod article;
mod attributes;
mod copies;
mod dates;
mod decode;
mod facts;
mod feed;
mod formats;
mod furniture;
mod html;
mod http;
mod json;
mod jsonl;
mod lean;
mod leaves;
mod limits;
mod mail;
mod markup;
mod names;
mod page;
mod parquet;
mod pieces;
mod published;
mod raw;
mod source;
mod structure;
mod thrift;
mod warc;
mod words;

pub use article::article;
pub use copies::{Sketch, copies};
pub use furniture::Furniture;
pub use limits::Limits;
pub use published::day_in_utc;
pub use raw::{Form, Given, Raw, Refused};
pub use source::{Documents, Reached, documents};
