//! The vocabulary of Chancery: what an article is, what evidence is, what a reading of one article finds, and what the
//! register makes of many findings.
//!
//! This crate does no input or output, reads no clock and knows no serialisation: wire forms live at the edges.
//! The three types to know are [`Article`], [`Evidence`] (no cell exists without it) and [`Findings`].
//!
//! ```
//! use chancery_agreement::{Article, Evidence, Span};
//!
//! let article = Article::plain("Freedonia and Sylvania signed a ferry accord.");
//! let evidence = Evidence::new(&article, Span::new(23, 44), "signed", 0.9).unwrap();
//! assert_eq!(evidence.quote(), "signed a ferry accord");
//! assert!(Evidence::new(&article, Span::new(23, 999), "signed", 0.9).is_none());
//! ```
mod article;
mod evidence;
mod finding;
mod history;
mod notice;
mod span;
mod vocabulary;

pub use article::{Article, Block, BlockKind, Copy, CopyKind, DateBasis, Published};
pub use evidence::Evidence;
pub use finding::{
    AgreementFinding, Commitment, Date, Findings, Money, Name, Naming, Party, Relation, Speaker, Stage, Statement, Term,
};
pub use history::{
    Agreement, AgreementCommitment, AgreementMoney, AgreementName, AgreementParty, AgreementRelation, AgreementStage,
    AgreementStatement, AgreementTerm, Conflict, ConflictValue, Forecast, Member, Sourced,
};
pub use notice::Notice;
pub use span::Span;
pub use vocabulary::{
    AgreementKind, CommitmentCategory, Modality, Outcome, PartyRole, RelationKind, SpeechKind, StageKind, Stance, Strength,
    UnknownWord,
};
