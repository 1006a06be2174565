//! What the reading of one article finds. Every cell carries [`Evidence`]; what the text does not say is absent.
use crate::{
    AgreementKind, CommitmentCategory, Evidence, Modality, PartyRole, RelationKind, SpeechKind, StageKind, Stance, Strength,
};

/// Everything found in one article.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Findings {
    /// Agreements in order of first mention; their keys are `a1`, `a2`, …
    pub agreements: Vec<AgreementFinding>,
    /// Speech, in order of the text.
    pub statements: Vec<Statement>,
    /// Who calls whom what, in order of the text.
    pub naming: Vec<Naming>,
}

/// One instrument or deal as one article tells of it.
#[derive(Debug, Clone, PartialEq)]
pub struct AgreementFinding {
    /// Key within the article: `a1`, `a2`, …
    pub key: String,
    /// Distinct surface names, in order of the text.
    pub names: Vec<Name>,
    /// What sort of instrument.
    pub kind: AgreementKind,
    /// Who takes part, and as what.
    pub parties: Vec<Party>,
    /// Stages of its life.
    pub stages: Vec<Stage>,
    /// What was undertaken.
    pub commitments: Vec<Commitment>,
    /// Sums that belong to it.
    pub money: Vec<Money>,
    /// Term, an ISO 8601 duration (`P25Y`).
    pub duration: Option<Term>,
    /// Term of each renewal, an ISO 8601 duration (`P10Y`).
    pub renewal: Option<Term>,
    /// Number of articles or paragraphs, decimal digits in `value`.
    pub articles: Option<Term>,
    /// How it hangs together with other agreements of the article.
    pub relations: Vec<Relation>,
}

/// One surface name.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// The words and where they stand.
    pub evidence: Evidence,
}

/// One actor's part in an agreement.
#[derive(Debug, Clone, PartialEq)]
pub struct Party {
    /// The actor's name: canonical where the actor is in the list of actors, else as the text has it.
    pub actor: String,
    /// As what it takes part.
    pub role: PartyRole,
    /// The words that name it.
    pub evidence: Evidence,
}

/// A date as the text gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Date {
    /// EDTF (ISO 8601-2); absent when the expression could not be resolved.
    pub value: Option<String>,
    /// The time expression, word for word.
    pub expression: Evidence,
    /// How the value follows from the expression, in plain words.
    pub how: String,
}

/// One event in the life of an agreement.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// What happened.
    pub stage: StageKind,
    /// When.
    pub date: Option<Date>,
    /// Whether it happened.
    pub modality: Modality,
    /// Where.
    pub place: Option<Term>,
    /// By whom: which parliament, which minister.
    pub by: Option<Term>,
    /// Who says so, where it stands in reported speech.
    pub according_to: Option<String>,
    /// The fullest wording.
    pub evidence: Evidence,
    /// Further places that tell of the same event.
    pub also: Vec<Evidence>,
}

/// One thing undertaken.
#[derive(Debug, Clone, PartialEq)]
pub struct Commitment {
    /// What it is about.
    pub category: CommitmentCategory,
    /// How binding the wording is.
    pub strength: Strength,
    /// Who owes it.
    pub by: Vec<String>,
    /// The provision.
    pub evidence: Evidence,
}

/// One sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Money {
    /// Amount in units of the currency.
    pub amount: f64,
    /// ISO 4217 code.
    pub currency: String,
    /// What it is for, as the text has it.
    pub purpose: Option<String>,
    /// When or over what period, as the text has it.
    pub period: Option<String>,
    /// The words.
    pub evidence: Evidence,
}

/// A value with its words: a duration, a place, a count.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The value.
    pub value: String,
    /// The words that give it.
    pub evidence: Evidence,
}

/// A relation to another agreement of the same article.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// Key of the other agreement.
    pub to: String,
    /// How they hang together.
    pub kind: RelationKind,
    /// The words that say so.
    pub evidence: Evidence,
}

/// Something said, by someone.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Who says it.
    pub speaker: Option<Speaker>,
    /// The outlet or person through whom it is reported.
    pub via: Option<String>,
    /// Direct, indirect or mixed.
    pub kind: SpeechKind,
    /// Where the speaker stands.
    pub stance: Stance,
    /// Key of the agreement that it is about.
    pub about: Option<String>,
    /// The words of the cue ("told reporters").
    pub cue: Option<Evidence>,
    /// The words of the source next to the cue ("the minister"): the mention, not the resolved name.
    pub source: Option<Evidence>,
    /// The content.
    pub evidence: Evidence,
}

/// A speaker as the article gives them.
#[derive(Debug, Clone, PartialEq)]
pub struct Speaker {
    /// The fullest name in the article, or the description where there is no name.
    pub name: String,
    /// Role as the text has it.
    pub role: Option<String>,
    /// State or body that they speak for.
    pub affiliation: Option<String>,
    /// The mention that names them.
    pub evidence: Evidence,
}

/// Who calls which actor, place or instrument what.
#[derive(Debug, Clone, PartialEq)]
pub struct Naming {
    /// The actor, place or instrument, by its canonical name.
    pub actor: String,
    /// `author`, or the speaker inside whose words it stands.
    pub by: String,
    /// The words.
    pub evidence: Evidence,
}
