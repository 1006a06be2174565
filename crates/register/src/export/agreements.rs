//! Agreements as JSON Lines: what the register makes of many findings, one agreement a line (`findings.md`).
use super::WireEvidence;
use crate::error::{Error, Kind};
use crate::register::Register;
use chancery_agreement::{Agreement, AgreementStage, AgreementStatement, AgreementTerm, Conflict, Date, Forecast, Sourced};
use serde::Serialize;
use std::io::Write;

/// Writes every agreement of the register, in order of id.
///
/// # Errors
/// When the register cannot be read or the output cannot be written.
pub fn write(register: &Register, mut out: impl Write) -> Result<(), Error> {
    for id in register.agreement_ids()? {
        if let Some(agreement) = register.agreement(&id)? {
            out.write_all(line(&agreement)?.as_bytes())?;
        }
    }
    Ok(out.flush()?)
}

/// One agreement as one line of JSON, with the line break.
///
/// # Errors
/// When a number of the agreement cannot be written as JSON.
pub fn line(agreement: &Agreement) -> Result<String, Error> {
    let mut line = serde_json::to_string(&WireAgreement::from(agreement)).map_err(Kind::Json)?;
    line.push('\n');
    Ok(line)
}

/// A cell's evidence: the best wording, and the other places that say the same.
#[derive(Serialize)]
struct Told {
    evidence: Option<WireEvidence>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<WireEvidence>,
}

impl From<&[Sourced]> for Told {
    fn from(sourced: &[Sourced]) -> Self {
        let mut evidence = sourced.iter().map(WireEvidence::from);
        Self { evidence: evidence.next(), also: evidence.collect() }
    }
}

#[derive(Serialize)]
struct WireAgreement<'a> {
    id: &'a str,
    title: &'a str,
    names: Vec<WireName<'a>>,
    kind: &'static str,
    parties: Vec<WireParty<'a>>,
    stages: Vec<WireStage<'a>>,
    commitments: Vec<WireCommitment<'a>>,
    money: Vec<WireMoney<'a>>,
    duration: Vec<WireTerm<'a>>,
    renewal: Vec<WireTerm<'a>>,
    articles: Vec<WireTerm<'a>>,
    statements: Vec<WireStatement<'a>>,
    relations: Vec<WireRelation<'a>>,
    members: Vec<WireMember<'a>>,
    conflicts: Vec<WireConflict<'a>>,
    forecasts: Vec<WireForecast<'a>>,
}

#[derive(Serialize)]
struct WireName<'a> {
    text: &'a str,
    start: Option<usize>,
    end: Option<usize>,
    source: Option<&'a str>,
    uses: usize,
    #[serde(flatten)]
    told: Told,
}

#[derive(Serialize)]
struct WireParty<'a> {
    actor: &'a str,
    role: &'static str,
    #[serde(flatten)]
    told: Told,
}

#[derive(Serialize)]
struct WireDate<'a> {
    value: Option<&'a str>,
    expression: &'a str,
    how: &'a str,
}

impl<'a> From<&'a Date> for WireDate<'a> {
    fn from(date: &'a Date) -> Self {
        Self { value: date.value.as_deref(), expression: date.expression.quote(), how: &date.how }
    }
}

#[derive(Serialize)]
struct WireDated<'a> {
    #[serde(flatten)]
    date: WireDate<'a>,
    evidence: WireEvidence,
}

#[derive(Serialize)]
struct WireStage<'a> {
    stage: &'static str,
    date: Option<WireDate<'a>>,
    modality: &'static str,
    place: Option<&'a str>,
    by: Option<&'a str>,
    according_to: Option<&'a str>,
    sources: usize,
    #[serde(flatten)]
    told: Told,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dates: Vec<WireDated<'a>>,
}

#[derive(Serialize)]
struct WireCommitment<'a> {
    category: &'static str,
    strength: &'static str,
    by: &'a [String],
    #[serde(flatten)]
    told: Told,
}

#[derive(Serialize)]
struct WireMoney<'a> {
    amount: f64,
    currency: &'a str,
    purpose: Option<&'a str>,
    period: Option<&'a str>,
    #[serde(flatten)]
    told: Told,
}

#[derive(Serialize)]
struct WireTerm<'a> {
    value: &'a str,
    #[serde(flatten)]
    told: Told,
}

#[derive(Serialize)]
struct WireSpeaker<'a> {
    name: &'a str,
    role: Option<&'a str>,
    affiliation: Option<&'a str>,
}

#[derive(Serialize)]
struct WireStatement<'a> {
    speaker: Option<WireSpeaker<'a>>,
    via: Option<&'a str>,
    kind: &'static str,
    stance: &'static str,
    said: Option<&'a str>,
    evidence: WireEvidence,
}

#[derive(Serialize)]
struct WireRelation<'a> {
    to: &'a str,
    kind: &'static str,
    #[serde(flatten)]
    told: Told,
}

#[derive(Serialize)]
struct WireMember<'a> {
    source: &'a str,
    key: &'a str,
    document: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
struct WireConflict<'a> {
    field: &'a str,
    values: Vec<WireValue<'a>>,
    why: &'a str,
}

#[derive(Serialize)]
struct WireValue<'a> {
    value: &'a str,
    evidence: WireEvidence,
}

#[derive(Serialize)]
struct WireForecast<'a> {
    stage: &'static str,
    expected: Option<&'a str>,
    said: Option<&'a str>,
    by: Option<&'a str>,
    outcome: &'static str,
    actual: Option<&'a str>,
    late_by_days: Option<i64>,
    evidence: WireEvidence,
    actual_evidence: Option<WireEvidence>,
    why: &'a str,
}

impl<'a> From<&'a Agreement> for WireAgreement<'a> {
    fn from(agreement: &'a Agreement) -> Self {
        let names = agreement.names.iter().map(|name| {
            let first = name.evidence.first();
            WireName {
                text: &name.text,
                start: first.map(|sourced| sourced.evidence.span().start()),
                end: first.map(|sourced| sourced.evidence.span().end()),
                source: first.map(|sourced| sourced.source.as_str()),
                uses: name.evidence.len(),
                told: name.evidence.as_slice().into(),
            }
        });
        let parties = agreement.parties.iter().map(|party| WireParty {
            actor: &party.actor,
            role: party.role.as_str(),
            told: party.evidence.as_slice().into(),
        });
        let commitments = agreement.commitments.iter().map(|commitment| WireCommitment {
            category: commitment.category.as_str(),
            strength: commitment.strength.as_str(),
            by: &commitment.by,
            told: commitment.evidence.as_slice().into(),
        });
        let money = agreement.money.iter().map(|money| WireMoney {
            amount: money.amount,
            currency: &money.currency,
            purpose: money.purpose.as_deref(),
            period: money.period.as_deref(),
            told: money.evidence.as_slice().into(),
        });
        let relations = agreement.relations.iter().map(|relation| WireRelation {
            to: &relation.to,
            kind: relation.kind.as_str(),
            told: relation.evidence.as_slice().into(),
        });
        let members = agreement.members.iter().map(|member| WireMember {
            source: &member.source,
            key: &member.key,
            document: &member.document,
            why: &member.why,
        });
        Self {
            id: &agreement.id,
            title: &agreement.title,
            names: names.collect(),
            kind: agreement.kind.as_str(),
            parties: parties.collect(),
            stages: agreement.stages.iter().map(stage).collect(),
            commitments: commitments.collect(),
            money: money.collect(),
            duration: agreement.duration.iter().map(term).collect(),
            renewal: agreement.renewal.iter().map(term).collect(),
            articles: agreement.articles.iter().map(term).collect(),
            statements: agreement.statements.iter().map(statement).collect(),
            relations: relations.collect(),
            members: members.collect(),
            conflicts: agreement.conflicts.iter().map(conflict).collect(),
            forecasts: agreement.forecasts.iter().map(forecast).collect(),
        }
    }
}

fn stage(stage: &AgreementStage) -> WireStage<'_> {
    let dates = stage.dates.iter().map(|(told, date)| WireDated { date: date.into(), evidence: told.into() });
    WireStage {
        stage: stage.stage.as_str(),
        date: stage.date.as_ref().map(WireDate::from),
        modality: stage.modality.as_str(),
        place: stage.place.as_deref(),
        by: stage.by.as_deref(),
        according_to: stage.according_to.as_deref(),
        sources: stage.sources,
        told: stage.evidence.as_slice().into(),
        dates: dates.collect(),
    }
}

fn term(term: &AgreementTerm) -> WireTerm<'_> {
    WireTerm { value: &term.value, told: term.evidence.as_slice().into() }
}

fn statement(statement: &AgreementStatement) -> WireStatement<'_> {
    WireStatement {
        speaker: statement.speaker.as_ref().map(|speaker| WireSpeaker {
            name: &speaker.name,
            role: speaker.role.as_deref(),
            affiliation: speaker.affiliation.as_deref(),
        }),
        via: statement.via.as_deref(),
        kind: statement.kind.as_str(),
        stance: statement.stance.as_str(),
        said: statement.said.as_deref(),
        evidence: (&statement.evidence).into(),
    }
}

fn conflict(conflict: &Conflict) -> WireConflict<'_> {
    let values = conflict.values.iter().map(|value| WireValue { value: &value.value, evidence: (&value.evidence).into() });
    WireConflict { field: &conflict.field, values: values.collect(), why: &conflict.why }
}

fn forecast(forecast: &Forecast) -> WireForecast<'_> {
    WireForecast {
        stage: forecast.stage.as_str(),
        expected: forecast.expected.as_deref(),
        said: forecast.said.as_deref(),
        by: forecast.by.as_deref(),
        outcome: forecast.outcome.as_str(),
        actual: forecast.actual.as_deref(),
        late_by_days: forecast.late_by_days,
        evidence: (&forecast.evidence).into(),
        actual_evidence: forecast.actual_evidence.as_ref().map(WireEvidence::from),
        why: &forecast.why,
    }
}
