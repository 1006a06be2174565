//! `export corrections`: what people corrected, as labelled data: one JSON object a line for each document that somebody
//! has looked at, in the flat form of hand labels, with the corrections that shaped it. The keys of agreements are their
//! ids in the register, so that one instrument has one key in every document.
use crate::corrections::Correction;
use crate::error::{At, Error, Kind};
use crate::register::Register;
use chancery_agreement::{AgreementFinding, Findings, PartyRole};
use chancery_link::{id_text, own_id};
use rusqlite::OptionalExtension;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

#[derive(Serialize)]
struct WireSheet<'a> {
    document: &'a str,
    hash: &'a str,
    url: Option<&'a str>,
    publisher: Option<&'a str>,
    title: Option<&'a str>,
    published: Option<&'a str>,
    text: &'a str,
    agreements: Vec<WireAgreement<'a>>,
    statements: Vec<WireStatement<'a>>,
    corrections: Vec<WireCorrection<'a>>,
}

#[derive(Serialize)]
struct WireAgreement<'a> {
    key: String,
    names: Vec<&'a str>,
    kind: &'a str,
    parties: Vec<&'a str>,
    stages: Vec<WireStage<'a>>,
    commitments: Vec<WireCommitment<'a>>,
    money: Vec<WireMoney<'a>>,
    duration: Option<&'a str>,
}

#[derive(Serialize)]
struct WireStage<'a> {
    stage: &'a str,
    date: Option<&'a str>,
    actual_or_expected: &'a str,
    place: Option<&'a str>,
    by: Option<&'a str>,
    quote: &'a str,
}

#[derive(Serialize)]
struct WireCommitment<'a> {
    category: &'a str,
    strength: &'a str,
    quote: &'a str,
}

#[derive(Serialize)]
struct WireMoney<'a> {
    amount: f64,
    currency: &'a str,
    quote: &'a str,
}

#[derive(Serialize)]
struct WireStatement<'a> {
    speaker: Option<&'a str>,
    role: Option<&'a str>,
    affiliation: Option<&'a str>,
    kind: &'a str,
    quote: &'a str,
    stance: &'a str,
    about: Option<String>,
}

#[derive(Serialize)]
struct WireCorrection<'a> {
    id: i64,
    kind: &'a str,
    cell: Option<&'a str>,
    field: Option<&'a str>,
    value: Option<&'a str>,
    former: Option<&'a str>,
    by: &'a str,
    at: &'a str,
    note: Option<&'a str>,
    undone: Option<&'a str>,
    undone_by: Option<&'a str>,
    problem: Option<&'a str>,
    places: Vec<WirePlace<'a>>,
}

#[derive(Serialize)]
struct WirePlace<'a> {
    document: &'a str,
    source: &'a str,
    path: &'a str,
    quote: &'a str,
    side: i64,
}

/// Writes every correction, one JSON object a line, those that were undone or no longer apply among them.
///
/// # Errors
/// When the register cannot be read or the text cannot be written.
pub fn write_list(register: &Register, mut out: impl Write) -> Result<(), Error> {
    for correction in &register.all_corrections()? {
        serde_json::to_writer(&mut out, &wire(correction, None)).map_err(Kind::Json)?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// A correction with its places, or with those in one document alone.
fn wire<'a>(correction: &'a Correction, document: Option<&str>) -> WireCorrection<'a> {
    let places = correction.places.iter().filter(|place| document.is_none_or(|hash| place.hash == hash));
    WireCorrection {
        id: correction.id,
        kind: &correction.kind,
        cell: correction.cell.as_deref(),
        field: correction.field.as_deref(),
        value: correction.value.as_deref(),
        former: correction.former.as_deref(),
        by: &correction.by,
        at: &correction.at,
        note: correction.note.as_deref(),
        undone: correction.undone.as_ref().map(|(at, _)| at.as_str()),
        undone_by: correction.undone.as_ref().map(|(_, by)| by.as_str()),
        problem: correction.problem.as_deref(),
        places: places
            .map(|place| WirePlace {
                document: &place.hash,
                source: &place.source,
                path: &place.path,
                quote: &place.quote,
                side: place.side,
            })
            .collect(),
    }
}

/// Writes the corrected documents.
///
/// # Errors
/// When the register cannot be read or the text cannot be written.
pub fn write(register: &Register, mut out: impl Write) -> Result<(), Error> {
    let all = register.all_corrections()?;
    let standing: Vec<_> = all.iter().filter(|correction| correction.undone.is_none()).collect();
    let hashes: BTreeSet<&str> =
        standing.iter().flat_map(|correction| &correction.places).map(|place| place.hash.as_str()).collect();
    let corrections = register.corrections_as_noted(&all);
    for hash in hashes {
        let Some(mut document) = register.document(hash)? else { continue };
        corrections.apply(&document.article, &mut document.findings);
        let ids = ids(register, hash, &document.findings)?;
        let article = &document.article;
        let own = standing.iter().filter(|correction| correction.places.iter().any(|place| place.hash == hash));
        let sheet = WireSheet {
            document: &article.source,
            hash,
            url: article.url.as_deref(),
            publisher: article.publisher.as_deref(),
            title: article.title.as_deref(),
            published: article.published.as_ref().map(|published| published.value.as_str()),
            text: &article.text,
            agreements: document.findings.agreements.iter().map(|finding| agreement(finding, &ids)).collect(),
            statements: statements(&document.findings, &ids),
            corrections: own.map(|one| wire(one, Some(hash))).collect(),
        };
        serde_json::to_writer(&mut out, &sheet).map_err(Kind::Json)?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// Key within the document → id of the agreement.
fn ids(register: &Register, hash: &str, findings: &Findings) -> Result<BTreeMap<String, String>, Error> {
    let mut found = BTreeMap::new();
    for finding in &findings.agreements {
        let own = id_text(own_id(hash, &finding.key));
        let query = "SELECT agreement FROM agreement_redirect WHERE id = ?1";
        let today: Option<String> =
            register.connection.query_row(query, [&own], |row| row.get(0)).optional().at(register.path())?;
        found.insert(finding.key.clone(), today.unwrap_or(own));
    }
    Ok(found)
}

fn agreement<'a>(finding: &'a AgreementFinding, ids: &BTreeMap<String, String>) -> WireAgreement<'a> {
    WireAgreement {
        key: ids.get(&finding.key).cloned().unwrap_or_default(),
        names: finding.names.iter().map(|name| name.evidence.quote()).collect(),
        kind: finding.kind.as_str(),
        parties: finding.parties.iter().filter(|one| one.role == PartyRole::Party).map(|one| one.actor.as_str()).collect(),
        stages: finding
            .stages
            .iter()
            .map(|stage| WireStage {
                stage: stage.stage.as_str(),
                date: stage.date.as_ref().and_then(|date| date.value.as_deref()),
                actual_or_expected: stage.modality.as_str(),
                place: stage.place.as_ref().map(|term| term.value.as_str()),
                by: stage.by.as_ref().map(|term| term.value.as_str()),
                quote: stage.evidence.quote(),
            })
            .collect(),
        commitments: finding
            .commitments
            .iter()
            .map(|one| WireCommitment {
                category: one.category.as_str(),
                strength: one.strength.as_str(),
                quote: one.evidence.quote(),
            })
            .collect(),
        money: finding
            .money
            .iter()
            .map(|one| WireMoney { amount: one.amount, currency: &one.currency, quote: one.evidence.quote() })
            .collect(),
        duration: finding.duration.as_ref().map(|term| term.value.as_str()),
    }
}

fn statements<'a>(findings: &'a Findings, ids: &BTreeMap<String, String>) -> Vec<WireStatement<'a>> {
    let wire = findings.statements.iter().map(|statement| {
        let speaker = statement.speaker.as_ref();
        WireStatement {
            speaker: speaker.map(|speaker| speaker.name.as_str()),
            role: speaker.and_then(|speaker| speaker.role.as_deref()),
            affiliation: speaker.and_then(|speaker| speaker.affiliation.as_deref()),
            kind: statement.kind.as_str(),
            quote: statement.evidence.quote(),
            stance: statement.stance.as_str(),
            about: statement.about.as_ref().and_then(|key| ids.get(key)).cloned(),
        }
    });
    wire.collect()
}
