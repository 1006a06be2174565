//! What the register makes of many findings: one record for each agreement, with the sources side by side.
use crate::{
    AgreementKind, CommitmentCategory, Date, Evidence, Modality, Outcome, PartyRole, RelationKind, Speaker, SpeechKind,
    StageKind, Stance, Strength,
};

/// Evidence together with the document that it stands in.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced {
    /// `Article::id`.
    pub document: String,
    /// `Article::source`.
    pub source: String,
    /// The words.
    pub evidence: Evidence,
}

/// One agreement of the register, linked from the agreements of many articles.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// Stable over runs and over added documents.
    pub id: String,
    /// The best of its names.
    pub title: String,
    /// What sort of instrument, by majority.
    pub kind: AgreementKind,
    /// Every name that it goes by, most frequent first.
    pub names: Vec<AgreementName>,
    /// Who takes part.
    pub parties: Vec<AgreementParty>,
    /// One history: stages in order of date, undated ones last.
    pub stages: Vec<AgreementStage>,
    /// What was undertaken.
    pub commitments: Vec<AgreementCommitment>,
    /// Sums.
    pub money: Vec<AgreementMoney>,
    /// Terms that the sources give.
    pub duration: Vec<AgreementTerm>,
    /// Renewal terms that the sources give.
    pub renewal: Vec<AgreementTerm>,
    /// Numbers of articles that the sources give.
    pub articles: Vec<AgreementTerm>,
    /// Statements about it.
    pub statements: Vec<AgreementStatement>,
    /// Relations to other agreements of the register.
    pub relations: Vec<AgreementRelation>,
    /// The per-document agreements that it was linked from.
    pub members: Vec<Member>,
    /// Cells that cannot both hold.
    pub conflicts: Vec<Conflict>,
    /// Expected stages and what became of them.
    pub forecasts: Vec<Forecast>,
}

/// A per-document agreement inside a linked one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// `Article::id`.
    pub document: String,
    /// `Article::source`.
    pub source: String,
    /// Key within the article.
    pub key: String,
    /// Why it was joined to the others, in plain words.
    pub why: String,
}

/// A name with every place that uses it.
#[derive(Debug, Clone, PartialEq)]
pub struct AgreementName {
    /// The words.
    pub text: String,
    /// Where they stand.
    pub evidence: Vec<Sourced>,
}

/// A party with every place that names it.
#[derive(Debug, Clone, PartialEq)]
pub struct AgreementParty {
    /// Canonical name of the actor.
    pub actor: String,
    /// As what it takes part.
    pub role: PartyRole,
    /// Where it says so.
    pub evidence: Vec<Sourced>,
}

/// One event, told by one or more sources.
#[derive(Debug, Clone, PartialEq)]
pub struct AgreementStage {
    /// What happened.
    pub stage: StageKind,
    /// Best date by explicit rules; the others stay with their sources under `conflicts` or `dates`.
    pub date: Option<Date>,
    /// Every date that a source gives.
    pub dates: Vec<(Sourced, Date)>,
    /// Whether it happened.
    pub modality: Modality,
    /// Where.
    pub place: Option<String>,
    /// By whom.
    pub by: Option<String>,
    /// Who says so, where it is only said.
    pub according_to: Option<String>,
    /// Number of independent sources (copies count once).
    pub sources: usize,
    /// Where it is told, best wording first.
    pub evidence: Vec<Sourced>,
}

/// A commitment with every place that tells of it.
#[derive(Debug, Clone, PartialEq)]
pub struct AgreementCommitment {
    /// What it is about.
    pub category: CommitmentCategory,
    /// How binding the wording is.
    pub strength: Strength,
    /// Who owes it.
    pub by: Vec<String>,
    /// Where it says so.
    pub evidence: Vec<Sourced>,
}

/// A sum with every place that tells of it.
#[derive(Debug, Clone, PartialEq)]
pub struct AgreementMoney {
    /// Amount in units of the currency.
    pub amount: f64,
    /// ISO 4217 code.
    pub currency: String,
    /// What it is for.
    pub purpose: Option<String>,
    /// When or over what period.
    pub period: Option<String>,
    /// Where it says so.
    pub evidence: Vec<Sourced>,
}

/// A value with every place that gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct AgreementTerm {
    /// The value.
    pub value: String,
    /// Where it says so.
    pub evidence: Vec<Sourced>,
}

/// Something said about the agreement.
#[derive(Debug, Clone, PartialEq)]
pub struct AgreementStatement {
    /// Who says it.
    pub speaker: Option<Speaker>,
    /// Through whom it is reported.
    pub via: Option<String>,
    /// Direct, indirect or mixed.
    pub kind: SpeechKind,
    /// Where the speaker stands.
    pub stance: Stance,
    /// When the report was published.
    pub said: Option<String>,
    /// The content.
    pub evidence: Sourced,
}

/// A relation to another agreement of the register.
#[derive(Debug, Clone, PartialEq)]
pub struct AgreementRelation {
    /// Id of the other agreement.
    pub to: String,
    /// How they hang together.
    pub kind: RelationKind,
    /// Where it says so.
    pub evidence: Vec<Sourced>,
}

/// Two or more values on one fact that cannot all hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// Which fact, as a path: `stages.signed.date`, `money.RUB`, `stages.violated.modality`.
    pub field: String,
    /// The values, each with its source.
    pub values: Vec<ConflictValue>,
    /// Why they cannot all hold, in plain words.
    pub why: String,
    /// How much it matters: conflicts stand in falling order of it. What they are about counts first (whether it happened,
    /// when, in what order, who takes part, how much, how long, where), then how many sources the second-best side has.
    pub weight: u32,
}

/// One side of a conflict.
#[derive(Debug, Clone, PartialEq)]
pub struct ConflictValue {
    /// The value.
    pub value: String,
    /// Where it says so.
    pub evidence: Sourced,
}

/// An expected stage, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// What was expected.
    pub stage: StageKind,
    /// By when, EDTF.
    pub expected: Option<String>,
    /// When it was said: publication date of the report.
    pub said: Option<String>,
    /// Who said it, where it stands in reported speech.
    pub by: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// When it happened, EDTF.
    pub actual: Option<String>,
    /// Days late; negative when early. Only where both dates allow it.
    pub late_by_days: Option<i64>,
    /// The forecast's words.
    pub evidence: Sourced,
    /// The words that tell of the event.
    pub actual_evidence: Option<Sourced>,
    /// How the outcome follows, in plain words.
    pub why: String,
}

/// All the evidence behind a merged cell, for walking over an agreement.
impl Agreement {
    /// Every piece of evidence in the record, in a fixed order.
    pub fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        let names = self.names.iter().flat_map(|cell| &cell.evidence);
        let parties = self.parties.iter().flat_map(|cell| &cell.evidence);
        let stages = self.stages.iter().flat_map(|cell| &cell.evidence);
        let commitments = self.commitments.iter().flat_map(|cell| &cell.evidence);
        let money = self.money.iter().flat_map(|cell| &cell.evidence);
        let statements = self.statements.iter().map(|cell| &cell.evidence);
        names.chain(parties).chain(stages).chain(commitments).chain(money).chain(statements).map(|sourced| &sourced.evidence)
    }
}
