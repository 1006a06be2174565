//! Reads an article: sentences, tokens, tags, trees, names, quotations, time expressions.
//!
//! A pure function of the article: same bytes, same reading. The main type is [`Reading`]; [`reading`] has its parts.
//! Which reader made the trees is behind the [`Reader`] trait: nothing outside this crate may know which one is at work.
pub mod accurate;
pub mod actors;
mod article;
pub mod conllu;
pub mod fast;
pub mod focus;
pub mod lemma;
pub mod marks;
pub mod money;
pub mod names;
pub mod quotations;
pub mod reading;
pub mod sentences;
mod spelling;
pub mod tokens;
mod words;

pub use accurate::Accurate;
pub use article::dissect;
pub use fast::Fast;
pub use focus::Focus;
pub use marks::{Likelihoods, Mark, MarkKind, SentenceMark};
pub use reading::{
    Features, Mood, Number, Quotation, QuoteKind, Reader, Reading, Sentence, SentenceReading, Syntax, TaggedName, Tense, Token,
    Upos, VerbForm, Voice, lower,
};
