//! The durable register of agreements: one SQLite file that keeps what was read, what was found in it and what linking
//! made of it, and the forms in which it leaves again.
//!
//! - [`Register`] opens the file: one writer at a time, any number of readers.
//! - [`Register::store`] keeps one [`Document`] in one transaction, keyed by the hash of its bytes. Reading twice, in
//!   another order or after being killed gives the same register: [`Register::digest`] says whether two are the same.
//! - [`Register::link`] keeps the agreements in step with the findings; only what new documents touch is linked again.
//! - [`Register::rename`], [`Register::merge`] and the like correct it; findings stay as they were read.
//! - [`export`] writes and reads the interchange forms.
//!
//! ```
//! use chancery_agreement::{Article, Findings};
//! use chancery_register::{Document, Register, Stored};
//!
//! let mut register = Register::in_memory()?;
//! let article = Article { id: "c0ffee".into(), source: "a.txt".into(), ..Article::plain("No deal today.") };
//! let document = Document { article, findings: Findings::default(), remarks: vec![], reader: "1".into() };
//! assert_eq!(register.store(&document)?, Stored::New);
//! assert_eq!(register.store(&document)?, Stored::Known);
//! # Ok::<(), chancery_register::Error>(())
//! ```
mod agreements;
mod cell;
mod changes;
mod copies;
mod corrections;
mod dump;
mod error;
pub mod export;
mod link;
mod load;
mod overlay;
mod register;
mod rows;
mod schema;
mod search;
mod store;
mod verify;
mod view;
mod write;

pub use cell::Cell;
pub use changes::Change;
pub use corrections::{Author, Correction, CorrectionPlace};
pub use error::Error;
pub use register::Register;
pub use search::Hit;
pub use store::{Document, Remark, Stored};
pub use verify::{Problem, Verification};
pub use view::{Row, Value, View};
