//! Measures accuracy against labelled data that is found through an option or `CHANCERY_DATA`; one file a layer.
pub mod agreements;
pub mod gold;
pub mod intake;
pub mod names;
pub mod statements;
pub mod syntax;
pub mod time;
