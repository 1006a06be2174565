//! Findings as JSON Lines, one document a line: the interchange form of everything that one document says (`findings.md`).
//!
//! What is written can be read back without loss. Fields that `findings.md` does not name carry what it leaves open: the
//! blocks of the story, how a date was resolved, the words behind a place or a term, the notices, the reader. A line
//! written by another program may leave them out. Whose copy a document is follows from all documents together, so it is
//! written here but not read: linking finds it again.
use super::WireEvidence;
use crate::error::{Error, Kind};
use crate::load::{block_kind, block_word, copy_word, date_basis};
use crate::register::Register;
use crate::store::{Document, Remark};
use chancery_agreement::{
    AgreementFinding, Article, Block, BlockKind, Commitment, Date, DateBasis, Evidence, Findings, Money, Name, Naming, Party,
    Published, Relation, Span, Speaker, Stage, Statement, Term,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::{BufRead, Read, Write};
use std::str::FromStr;

/// Longest line that is read, in bytes: no article comes near it, and memory stays bounded.
const LONGEST_LINE: u64 = 256 * 1024 * 1024;

/// Writes the findings of every document of the register, in order of source.
///
/// # Errors
/// When the register cannot be read or the output cannot be written.
pub fn write(register: &Register, mut out: impl Write) -> Result<(), Error> {
    register.for_each_document(|document| -> Result<(), Error> { Ok(out.write_all(line(&document)?.as_bytes())?) })?;
    Ok(out.flush()?)
}

/// One document as one line of JSON, with the line break.
///
/// # Errors
/// When a number of the findings cannot be written as JSON.
pub fn line(document: &Document) -> Result<String, Error> {
    let mut line = serde_json::to_string(&WireLine::from(document)).map_err(Kind::Json)?;
    line.push('\n');
    Ok(line)
}

/// Calls `each` with every document of a file of findings; `name` is the file's name for messages. A line that cannot be
/// used is handed over as an error and the next one is read.
///
/// # Errors
/// When the input cannot be read, and those of `each`.
pub fn read<E: From<Error>>(
    mut input: impl BufRead,
    name: &str,
    mut each: impl FnMut(Result<Document, Error>) -> Result<(), E>,
) -> Result<(), E> {
    let mut bytes = Vec::new();
    let mut number = 0;
    loop {
        bytes.clear();
        number += 1;
        let place = format!("{name} line {number}");
        let length = (&mut input).take(LONGEST_LINE).read_until(b'\n', &mut bytes);
        match length {
            Err(error) => return Err(Error::findings(&place, format!("cannot be read: {error}")).into()),
            Ok(0) => return Ok(()),
            Ok(_) if bytes.len() as u64 == LONGEST_LINE => {
                return Err(Error::findings(
                    &place,
                    format!("is longer than {LONGEST_LINE} bytes; one document a line is expected"),
                )
                .into());
            }
            Ok(_) => {}
        }
        match std::str::from_utf8(&bytes) {
            Err(error) => each(Err(Error::findings(&place, format!("is not UTF-8: {error}"))))?,
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => each(from_line(line, &place))?,
        }
    }
}

/// The document of one line; `place` says where the line stands.
///
/// # Errors
/// When the line is no such JSON, uses a word that is not in its list, or quotes words that do not stand where it says.
pub fn from_line(line: &str, place: &str) -> Result<Document, Error> {
    let wire: WireLine = serde_json::from_str(line).map_err(|error| Error::findings(place, error.to_string()))?;
    let article = wire.document.article(place)?;
    let reader = Reading { article: &article, place };
    let mut keys = BTreeSet::new();
    for agreement in &wire.agreements {
        let usable =
            !agreement.key.is_empty() && agreement.key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if !usable || !keys.insert(agreement.key.as_str()) {
            let what = format!("`{}` is no key of its own for an agreement; use letters, digits, - and _", agreement.key);
            return Err(Error::findings(place, what));
        }
    }
    let findings = Findings {
        agreements: wire.agreements.iter().map(|agreement| reader.agreement(agreement)).collect::<Result<_, _>>()?,
        statements: wire.statements.iter().map(|statement| reader.statement(statement)).collect::<Result<_, _>>()?,
        naming: wire.naming.iter().map(|naming| reader.naming(naming)).collect::<Result<_, _>>()?,
    };
    let remarks =
        wire.notices.into_iter().map(|notice| Remark { code: notice.code, message: notice.message, fatal: notice.fatal });
    let remarks = remarks.collect();
    let reader = wire.reader.unwrap_or_else(|| "unknown".to_owned());
    Ok(Document { article, findings, remarks, reader })
}

#[derive(Serialize, Deserialize)]
struct WireLine {
    document: WireDocument,
    #[serde(default)]
    agreements: Vec<WireAgreement>,
    #[serde(default)]
    statements: Vec<WireStatement>,
    #[serde(default)]
    naming: Vec<WireNaming>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notices: Vec<WireNotice>,
    #[serde(default)]
    reader: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct WireDocument {
    id: String,
    source: String,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    publisher: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    byline: Option<String>,
    #[serde(default)]
    dateline: Option<String>,
    #[serde(default)]
    published: Option<WirePublished>,
    #[serde(default)]
    language: Option<String>,
    text: String,
    #[serde(default)]
    removed: Vec<WireRemoved>,
    #[serde(default)]
    copy_of: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    copy_kind: Option<String>,
    /// The parts of the text that were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    story: Option<Vec<WireBlock>>,
}

#[derive(Serialize, Deserialize)]
struct WirePublished {
    value: String,
    basis: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confidence: Option<f32>,
}

#[derive(Serialize, Deserialize)]
struct WireRemoved {
    start: usize,
    end: usize,
    reason: String,
}

#[derive(Serialize, Deserialize)]
struct WireBlock {
    start: usize,
    end: usize,
    kind: String,
}

#[derive(Serialize, Deserialize)]
struct WireNotice {
    code: String,
    message: String,
    #[serde(default)]
    fatal: bool,
}

#[derive(Serialize, Deserialize)]
struct WireAgreement {
    key: String,
    #[serde(default)]
    names: Vec<WireName>,
    kind: String,
    #[serde(default)]
    parties: Vec<WireParty>,
    #[serde(default)]
    stages: Vec<WireStage>,
    #[serde(default)]
    commitments: Vec<WireCommitment>,
    #[serde(default)]
    money: Vec<WireMoney>,
    #[serde(default)]
    duration: Option<String>,
    #[serde(default)]
    renewal: Option<String>,
    #[serde(default)]
    articles: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    duration_evidence: Option<WireEvidence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    renewal_evidence: Option<WireEvidence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    articles_evidence: Option<WireEvidence>,
    #[serde(default)]
    relations: Vec<WireRelation>,
}

#[derive(Serialize, Deserialize)]
struct WireName {
    text: String,
    start: usize,
    end: usize,
    #[serde(default)]
    rule: Option<String>,
    #[serde(default)]
    confidence: Option<f32>,
}

#[derive(Serialize, Deserialize)]
struct WireParty {
    actor: String,
    role: String,
    evidence: WireEvidence,
}

#[derive(Serialize, Deserialize)]
struct WireDate {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    expression: String,
    #[serde(default)]
    how: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    evidence: Option<WireEvidence>,
}

#[derive(Serialize, Deserialize)]
struct WireStage {
    stage: String,
    #[serde(default)]
    date: Option<WireDate>,
    modality: String,
    #[serde(default)]
    place: Option<String>,
    #[serde(default)]
    by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    according_to: Option<String>,
    evidence: WireEvidence,
    #[serde(default)]
    also: Vec<WireEvidence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place_evidence: Option<WireEvidence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by_evidence: Option<WireEvidence>,
}

#[derive(Serialize, Deserialize)]
struct WireCommitment {
    category: String,
    strength: String,
    #[serde(default)]
    by: Vec<String>,
    evidence: WireEvidence,
}

#[derive(Serialize, Deserialize)]
struct WireMoney {
    amount: f64,
    currency: String,
    #[serde(default)]
    purpose: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    period: Option<String>,
    evidence: WireEvidence,
}

#[derive(Serialize, Deserialize)]
struct WireRelation {
    to: String,
    kind: String,
    evidence: WireEvidence,
}

#[derive(Serialize, Deserialize)]
struct WireSpeaker {
    name: String,
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    affiliation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    evidence: Option<WireEvidence>,
}

#[derive(Serialize, Deserialize)]
struct WireStatement {
    #[serde(default)]
    speaker: Option<WireSpeaker>,
    #[serde(default)]
    via: Option<String>,
    kind: String,
    stance: String,
    #[serde(default)]
    about: Option<String>,
    #[serde(default)]
    cue: Option<String>,
    evidence: WireEvidence,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cue_evidence: Option<WireEvidence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source_evidence: Option<WireEvidence>,
}

#[derive(Serialize, Deserialize)]
struct WireNaming {
    actor: String,
    words: String,
    by: String,
    evidence: WireEvidence,
}

impl From<&Document> for WireLine {
    fn from(document: &Document) -> Self {
        let findings = &document.findings;
        let naming = findings.naming.iter().map(|naming| WireNaming {
            actor: naming.actor.clone(),
            words: naming.evidence.quote().to_owned(),
            by: naming.by.clone(),
            evidence: (&naming.evidence).into(),
        });
        let notices = document.remarks.iter().map(|remark| WireNotice {
            code: remark.code.clone(),
            message: remark.message.clone(),
            fatal: remark.fatal,
        });
        Self {
            document: (&document.article).into(),
            agreements: findings.agreements.iter().map(WireAgreement::from).collect(),
            statements: findings.statements.iter().map(WireStatement::from).collect(),
            naming: naming.collect(),
            notices: notices.collect(),
            reader: Some(document.reader.clone()),
        }
    }
}

impl From<&Article> for WireDocument {
    fn from(article: &Article) -> Self {
        let removed = article.blocks.iter().filter_map(|block| {
            let reason = block.kind.reason()?.to_owned();
            Some(WireRemoved { start: block.span.start(), end: block.span.end(), reason })
        });
        let story = article.story().map(|block| WireBlock {
            start: block.span.start(),
            end: block.span.end(),
            kind: block_word(block.kind).to_owned(),
        });
        Self {
            id: article.id.clone(),
            source: article.source.clone(),
            url: article.url.clone(),
            publisher: article.publisher.clone(),
            title: article.title.clone(),
            byline: article.byline.clone(),
            dateline: article.dateline.clone(),
            published: article.published.as_ref().map(|published| WirePublished {
                value: published.value.clone(),
                basis: published.basis.as_str().to_owned(),
                time: published.time.clone(),
                start: published.span.map(Span::start),
                end: published.span.map(Span::end),
                confidence: Some(published.confidence),
            }),
            language: article.language.clone(),
            text: article.text.clone(),
            removed: removed.collect(),
            copy_of: article.copy_of.as_ref().map(|copy| copy.original.clone()),
            copy_kind: article.copy_of.as_ref().map(|copy| copy_word(copy.kind).to_owned()),
            story: Some(story.collect()),
        }
    }
}

impl From<&AgreementFinding> for WireAgreement {
    fn from(agreement: &AgreementFinding) -> Self {
        let words = |term: &Option<Term>| term.as_ref().map(|term| WireEvidence::from(&term.evidence));
        let names = agreement.names.iter().map(|name| WireName {
            text: name.evidence.quote().to_owned(),
            start: name.evidence.span().start(),
            end: name.evidence.span().end(),
            rule: Some(name.evidence.rule().to_owned()),
            confidence: Some(name.evidence.confidence()),
        });
        let parties = agreement.parties.iter().map(|party| WireParty {
            actor: party.actor.clone(),
            role: party.role.as_str().to_owned(),
            evidence: (&party.evidence).into(),
        });
        let commitments = agreement.commitments.iter().map(|commitment| WireCommitment {
            category: commitment.category.as_str().to_owned(),
            strength: commitment.strength.as_str().to_owned(),
            by: commitment.by.clone(),
            evidence: (&commitment.evidence).into(),
        });
        let money = agreement.money.iter().map(|money| WireMoney {
            amount: money.amount,
            currency: money.currency.clone(),
            purpose: money.purpose.clone(),
            period: money.period.clone(),
            evidence: (&money.evidence).into(),
        });
        let relations = agreement.relations.iter().map(|relation| WireRelation {
            to: relation.to.clone(),
            kind: relation.kind.as_str().to_owned(),
            evidence: (&relation.evidence).into(),
        });
        Self {
            key: agreement.key.clone(),
            names: names.collect(),
            kind: agreement.kind.as_str().to_owned(),
            parties: parties.collect(),
            stages: agreement.stages.iter().map(WireStage::from).collect(),
            commitments: commitments.collect(),
            money: money.collect(),
            duration: agreement.duration.as_ref().map(|term| term.value.clone()),
            renewal: agreement.renewal.as_ref().map(|term| term.value.clone()),
            articles: agreement.articles.as_ref().and_then(|term| term.value.parse().ok()),
            duration_evidence: words(&agreement.duration),
            renewal_evidence: words(&agreement.renewal),
            articles_evidence: words(&agreement.articles),
            relations: relations.collect(),
        }
    }
}

impl From<&Stage> for WireStage {
    fn from(stage: &Stage) -> Self {
        Self {
            stage: stage.stage.as_str().to_owned(),
            date: stage.date.as_ref().map(|date| WireDate {
                value: date.value.clone(),
                expression: date.expression.quote().to_owned(),
                how: date.how.clone(),
                evidence: Some((&date.expression).into()),
            }),
            modality: stage.modality.as_str().to_owned(),
            place: stage.place.as_ref().map(|place| place.value.clone()),
            by: stage.by.as_ref().map(|by| by.value.clone()),
            according_to: stage.according_to.clone(),
            evidence: (&stage.evidence).into(),
            also: stage.also.iter().map(WireEvidence::from).collect(),
            place_evidence: stage.place.as_ref().map(|place| (&place.evidence).into()),
            by_evidence: stage.by.as_ref().map(|by| (&by.evidence).into()),
        }
    }
}

impl From<&Statement> for WireStatement {
    fn from(statement: &Statement) -> Self {
        Self {
            speaker: statement.speaker.as_ref().map(|speaker| WireSpeaker {
                name: speaker.name.clone(),
                role: speaker.role.clone(),
                affiliation: speaker.affiliation.clone(),
                evidence: Some((&speaker.evidence).into()),
            }),
            via: statement.via.clone(),
            kind: statement.kind.as_str().to_owned(),
            stance: statement.stance.as_str().to_owned(),
            about: statement.about.clone(),
            cue: statement.cue.as_ref().map(|cue| cue.quote().to_owned()),
            evidence: (&statement.evidence).into(),
            cue_evidence: statement.cue.as_ref().map(WireEvidence::from),
            source_evidence: statement.source.as_ref().map(WireEvidence::from),
        }
    }
}

impl WireDocument {
    fn article(&self, place: &str) -> Result<Article, Error> {
        let wrong = |what: String| Error::findings(place, what);
        if self.id.is_empty() || self.source.is_empty() {
            return Err(wrong("the document needs an id and a source".to_owned()));
        }
        let mut article = Article {
            id: self.id.clone(),
            source: self.source.clone(),
            url: self.url.clone(),
            publisher: self.publisher.clone(),
            title: self.title.clone(),
            byline: self.byline.clone(),
            dateline: self.dateline.clone(),
            language: self.language.clone(),
            ..Article::plain(&self.text)
        };
        if let Some(published) = &self.published {
            let basis: DateBasis =
                date_basis(&published.basis).ok_or_else(|| wrong(format!("unknown basis `{}` of a date", published.basis)))?;
            article.published = Some(Published {
                value: published.value.clone(),
                time: published.time.clone(),
                basis,
                span: published.start.zip(published.end).map(|(start, end)| Span::new(start, end)),
                confidence: published.confidence.unwrap_or(1.0).clamp(0.0, 1.0),
            });
        }
        let mut removed = Vec::new();
        for part in &self.removed {
            let kind = block_kind(&part.reason).ok_or_else(|| wrong(format!("unknown reason `{}` for removing", part.reason)))?;
            removed.push(Block { span: Span::new(part.start, part.end), kind });
        }
        match &self.story {
            None => article.blocks.retain(|block| !removed.iter().any(|cut| cut.span.overlaps(block.span))),
            Some(story) => {
                let known = |part: &WireBlock| block_kind(&part.kind).filter(|kind| kind.is_story());
                let block = |part: &WireBlock| Block {
                    span: Span::new(part.start, part.end),
                    kind: known(part).unwrap_or(BlockKind::Paragraph),
                };
                article.blocks = story.iter().map(block).collect();
            }
        }
        article.blocks.extend(removed);
        article.blocks.sort_by_key(|block| block.span);
        let mut end = 0;
        for block in &article.blocks {
            if block.span.is_empty() || block.span.start() < end || block.span.of(&self.text).is_empty() {
                let what = format!("bytes {}-{} are no part of the text of their own", block.span.start(), block.span.end());
                return Err(wrong(what));
            }
            end = block.span.end();
        }
        Ok(article)
    }
}

/// Turns the cells of one line into findings, each quote held against the text.
struct Reading<'a> {
    article: &'a Article,
    place: &'a str,
}

impl Reading<'_> {
    fn word<T: FromStr>(&self, word: &str) -> Result<T, Error>
    where
        T::Err: std::fmt::Display,
    {
        word.parse().map_err(|error: T::Err| Error::findings(self.place, error.to_string()))
    }

    fn evidence(&self, wire: &WireEvidence) -> Result<Evidence, Error> {
        self.words(&wire.quote, Span::new(wire.start, wire.end), &wire.rule, wire.confidence)
    }

    fn words(&self, quote: &str, span: Span, rule: &str, confidence: f32) -> Result<Evidence, Error> {
        Evidence::new(self.article, span, rule, confidence).filter(|evidence| evidence.quote() == quote).ok_or_else(|| {
            Error::findings(self.place, format!("`{quote}` does not stand at bytes {}-{} of the text", span.start(), span.end()))
        })
    }

    /// The words behind a part of a cell; those of the whole cell where the line gives none.
    fn part(&self, wire: Option<&WireEvidence>, whole: &Evidence) -> Result<Evidence, Error> {
        wire.map_or_else(|| Ok(whole.clone()), |wire| self.evidence(wire))
    }

    fn term(&self, value: Option<String>, wire: Option<&WireEvidence>, whole: Option<&Evidence>) -> Result<Option<Term>, Error> {
        match (value, wire, whole) {
            (Some(value), Some(wire), _) => Ok(Some(Term { value, evidence: self.evidence(wire)? })),
            (Some(value), None, Some(whole)) => Ok(Some(Term { value, evidence: whole.clone() })),
            _ => Ok(None),
        }
    }

    fn agreement(&self, wire: &WireAgreement) -> Result<AgreementFinding, Error> {
        let mut names = Vec::with_capacity(wire.names.len());
        for name in &wire.names {
            let (rule, confidence) = (name.rule.as_deref().unwrap_or("unknown"), name.confidence.unwrap_or(1.0));
            names.push(Name { evidence: self.words(&name.text, Span::new(name.start, name.end), rule, confidence)? });
        }
        let mut parties = Vec::with_capacity(wire.parties.len());
        for party in &wire.parties {
            let evidence = self.evidence(&party.evidence)?;
            parties.push(Party { actor: party.actor.clone(), role: self.word(&party.role)?, evidence });
        }
        let mut commitments = Vec::with_capacity(wire.commitments.len());
        for commitment in &wire.commitments {
            commitments.push(Commitment {
                category: self.word(&commitment.category)?,
                strength: self.word(&commitment.strength)?,
                by: commitment.by.clone(),
                evidence: self.evidence(&commitment.evidence)?,
            });
        }
        let mut money = Vec::with_capacity(wire.money.len());
        for sum in &wire.money {
            money.push(Money {
                amount: sum.amount,
                currency: sum.currency.clone(),
                purpose: sum.purpose.clone(),
                period: sum.period.clone(),
                evidence: self.evidence(&sum.evidence)?,
            });
        }
        let mut relations = Vec::with_capacity(wire.relations.len());
        for relation in &wire.relations {
            let evidence = self.evidence(&relation.evidence)?;
            relations.push(Relation { to: relation.to.clone(), kind: self.word(&relation.kind)?, evidence });
        }
        // A term without words of its own rests on the agreement's first name, as far as a foreign line tells.
        let whole = names.first().map(|name| &name.evidence);
        Ok(AgreementFinding {
            key: wire.key.clone(),
            kind: self.word(&wire.kind)?,
            stages: wire.stages.iter().map(|stage| self.stage(stage)).collect::<Result<_, _>>()?,
            duration: self.term(wire.duration.clone(), wire.duration_evidence.as_ref(), whole)?,
            renewal: self.term(wire.renewal.clone(), wire.renewal_evidence.as_ref(), whole)?,
            articles: self.term(wire.articles.map(|articles| articles.to_string()), wire.articles_evidence.as_ref(), whole)?,
            names,
            parties,
            commitments,
            money,
            relations,
        })
    }

    fn stage(&self, wire: &WireStage) -> Result<Stage, Error> {
        let evidence = self.evidence(&wire.evidence)?;
        let date = match &wire.date {
            None => None,
            Some(date) => Some(Date {
                value: date.value.clone(),
                expression: self.part(date.evidence.as_ref(), &evidence)?,
                how: date.how.clone(),
            }),
        };
        Ok(Stage {
            stage: self.word(&wire.stage)?,
            date,
            modality: self.word(&wire.modality)?,
            place: self.term(wire.place.clone(), wire.place_evidence.as_ref(), Some(&evidence))?,
            by: self.term(wire.by.clone(), wire.by_evidence.as_ref(), Some(&evidence))?,
            according_to: wire.according_to.clone(),
            also: wire.also.iter().map(|also| self.evidence(also)).collect::<Result<_, _>>()?,
            evidence,
        })
    }

    fn statement(&self, wire: &WireStatement) -> Result<Statement, Error> {
        let evidence = self.evidence(&wire.evidence)?;
        let speaker = match &wire.speaker {
            None => None,
            Some(speaker) => Some(Speaker {
                name: speaker.name.clone(),
                role: speaker.role.clone(),
                affiliation: speaker.affiliation.clone(),
                evidence: self.part(speaker.evidence.as_ref(), &evidence)?,
            }),
        };
        Ok(Statement {
            speaker,
            via: wire.via.clone(),
            kind: self.word(&wire.kind)?,
            stance: self.word(&wire.stance)?,
            about: wire.about.clone(),
            cue: wire.cue_evidence.as_ref().map(|cue| self.evidence(cue)).transpose()?,
            source: wire.source_evidence.as_ref().map(|source| self.evidence(source)).transpose()?,
            evidence,
        })
    }

    fn naming(&self, wire: &WireNaming) -> Result<Naming, Error> {
        Ok(Naming { actor: wire.actor.clone(), by: wire.by.clone(), evidence: self.evidence(&wire.evidence)? })
    }
}
