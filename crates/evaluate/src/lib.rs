//! Measures accuracy against labelled data that is found through an option or `CHANCERY_DATA`; one file a layer.
pub mod agreements;
mod error;
pub mod figures;
pub mod gold;
pub mod intake;
pub mod linking;
pub mod names;
pub mod sheet;
pub mod statements;
pub mod syntax;
pub mod time;

pub use error::Error;
