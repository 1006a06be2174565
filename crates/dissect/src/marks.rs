//! Marks: stretches of a sentence that a reader has learned to point out, each with its probability.
//!
//! They are candidates, no findings: `extract` weighs them beside what its rules find. Only the accurate reader makes them;
//! after any other [`Reading::marks`](crate::Reading::marks) and [`Reading::likelihoods`](crate::Reading::likelihoods) are empty.
use chancery_agreement::{CommitmentCategory, Modality, Span, StageKind};
use std::ops::Range;

/// What a mark points out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MarkKind {
    /// Words for an agreement: its name, a description, or a noun that points back to it.
    Agreement,
    /// Words for a party to an agreement.
    Party,
    /// Words that tell of a stage in the life of an agreement, and whether it came to pass.
    Stage(StageKind, Modality),
    /// Words that tell what a party owes.
    Commitment(CommitmentCategory),
    /// Who says something.
    Source,
    /// The words that show that something is said.
    Cue,
    /// What is said.
    Content,
    /// Title or office of a person.
    Title,
}

impl MarkKind {
    /// One word for the kind, without what it carries.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agreement => "agreement",
            Self::Party => "party",
            Self::Stage(..) => "stage",
            Self::Commitment(_) => "commitment",
            Self::Source => "source",
            Self::Cue => "cue",
            Self::Content => "content",
            Self::Title => "title",
        }
    }
}

/// One mark at its place in an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// What it points out.
    pub kind: MarkKind,
    /// Its words: from the first to the last of its tokens, in one sentence.
    pub span: Span,
    /// Its tokens, as a range of [`Reading::tokens`](crate::Reading::tokens).
    pub tokens: Range<usize>,
    /// How sure the reader is, above 0 and at most 1: the geometric mean over the tokens of the probability of each one's label.
    /// Not calibrated; compare it among marks of one kind.
    pub probability: f32,
}

/// One mark in a sentence that stands by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct SentenceMark {
    /// What it points out.
    pub kind: MarkKind,
    /// Its words, as a range of the words of the sentence; never empty.
    pub tokens: Range<usize>,
    /// As in [`Mark::probability`].
    pub probability: f32,
}

/// What a reader takes a word for, each as a probability from 0 to 1: in a first look what its marks were chosen from, in a second one
/// ([`Reader::focus`](crate::Reader::focus)) the same of the agreement in focus alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Likelihoods {
    /// Part of the words for an agreement; in a second look: were it one, of an agreement worth recording.
    pub agreement: f32,
    /// Part of the words for a party to one.
    pub party: f32,
    /// Part of words that tell of each stage. They add up to at most 1.
    pub stages: Vec<(StageKind, f32)>,
    /// Were it part of a stage: whether that came to pass. They add up to 1.
    pub modalities: Vec<(Modality, f32)>,
    /// Part of words that tell what a party owes, by category. They add up to at most 1.
    pub commitments: Vec<(CommitmentCategory, f32)>,
    /// Part of what somebody says about the agreement in focus; 0 in a first look.
    pub about: f32,
}

impl Likelihoods {
    /// Probability that the word is part of words that tell of any stage.
    #[must_use]
    pub fn stage(&self) -> f32 {
        self.stages.iter().map(|(_, probability)| probability).sum::<f32>().min(1.0)
    }

    /// Probability that the word is part of words that tell what a party owes.
    #[must_use]
    pub fn commitment(&self) -> f32 {
        self.commitments.iter().map(|(_, probability)| probability).sum::<f32>().min(1.0)
    }
}
