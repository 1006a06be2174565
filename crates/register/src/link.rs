//! The agreements of the register: made anew from the findings of all documents, in one transaction.
use crate::error::{At, Error};
use crate::load::copy_word;
use crate::register::Register;
use crate::store::decimal;
use chancery_agreement::{Agreement, AgreementStage, AgreementTerm, Conflict, Copy, Date, Evidence, Forecast, Sourced};
use chancery_collect::Sketch;
use chancery_link::Linked;
use rusqlite::{Transaction, TransactionBehavior, params};
use std::collections::BTreeMap;

/// The version of linking: a register that was linked by another one is linked again.
const LINKER: &str = env!("CARGO_PKG_VERSION");

impl Register {
    /// True when the agreements follow from all the findings that are in the register.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn is_linked(&self) -> Result<bool, Error> {
        let mut query =
            self.connection.prepare_cached("SELECT 1 FROM state WHERE name = 'linked_by' AND value = ?1").at(&self.path)?;
        query.exists([LINKER]).at(&self.path)
    }

    /// Makes the agreements anew from the findings, in one transaction. Does nothing where they are up to date.
    ///
    /// # Errors
    /// When the database cannot be read or written; the agreements stay as they were then.
    pub fn link(&mut self) -> Result<(), Error> {
        if self.is_linked()? {
            return Ok(());
        }
        let (documents, numbers, copies) = self.documents_to_link()?;
        let linked = chancery_link::link(&documents);
        drop(documents);
        let path = self.path.clone();
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).at(&path)?;
        replace(&transaction, &linked, &numbers, &copies).at(&path)?;
        transaction.commit().at(&path)
    }

    /// What linking needs of every document that tells of an agreement, and the number of each document in this file.
    #[allow(clippy::type_complexity)] // the documents, their numbers, and which of them are copies
    fn documents_to_link(&self) -> Result<(Vec<chancery_link::Document>, BTreeMap<String, i64>, Vec<(i64, Copy)>), Error> {
        let mut documents = Vec::new();
        let mut numbers = BTreeMap::new();
        let mut sketches = Vec::new();
        // In order of hash: among reports of one day the first in the list counts as the original.
        let tells =
            "SELECT id FROM document WHERE EXISTS (SELECT 1 FROM cell WHERE document = document.id AND kind = 'agreement')
                      ORDER BY hash";
        for id in self.document_ids(tells)? {
            let mut document = self.load(id)?;
            // Linking has no use for these, and they would be in memory for all documents at once.
            document.findings.naming.clear();
            document.findings.statements.retain(|statement| statement.about.is_some());
            numbers.insert(document.article.id.clone(), id);
            sketches.push(Sketch::of(&document.article));
            documents.push(chancery_link::Document {
                id: document.article.id,
                source: document.article.source,
                url: document.article.url,
                publisher: document.article.publisher,
                published: document.article.published.map(|published| published.value),
                title: document.article.title,
                copy_of: None,
                findings: document.findings,
            });
        }
        let mut found = Vec::new();
        for (document, copy) in documents.iter_mut().zip(chancery_collect::copies(&sketches)) {
            let Some(copy) = copy else { continue };
            document.copy_of = Some(copy.original.clone());
            found.extend(numbers.get(&document.id).map(|&number| (number, copy)));
        }
        Ok((documents, numbers, found))
    }
}

fn replace(
    transaction: &Transaction,
    linked: &Linked,
    documents: &BTreeMap<String, i64>,
    copies: &[(i64, Copy)],
) -> rusqlite::Result<()> {
    transaction.execute_batch("DELETE FROM agreement; DELETE FROM document_copy;")?;
    let mut insert = transaction.prepare("INSERT INTO document_copy (document, original, kind) VALUES (?1, ?2, ?3)")?;
    for (document, copy) in copies {
        insert.execute(params![document, documents.get(&copy.original), copy_word(copy.kind)])?;
    }
    let mut insert = transaction.prepare("INSERT INTO agreement (id, title, kind) VALUES (?1, ?2, ?3)")?;
    for agreement in &linked.agreements {
        insert.execute(params![agreement.id, agreement.title, agreement.kind.as_str()])?;
    }
    for agreement in &linked.agreements {
        Writer { transaction, documents, agreement }.all()?;
    }
    let mut insert = transaction.prepare("INSERT INTO agreement_redirect (id, agreement) VALUES (?1, ?2)")?;
    for (former, today) in &linked.redirects {
        insert.execute(params![former, today])?;
    }
    transaction.execute("INSERT OR REPLACE INTO state (name, value) VALUES ('linked_by', ?1)", [LINKER])?;
    Ok(())
}

/// Writes the cells of one agreement.
struct Writer<'t> {
    transaction: &'t Transaction<'t>,
    documents: &'t BTreeMap<String, i64>,
    agreement: &'t Agreement,
}

impl Writer<'_> {
    fn all(&self) -> rusqlite::Result<()> {
        let agreement = self.agreement;
        for (n, member) in agreement.members.iter().enumerate() {
            self.insert(
                "INSERT INTO agreement_member (agreement, n, document, key, why) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![agreement.id, n + 1, self.documents.get(&member.document), member.key, member.why],
            )?;
        }
        for (n, name) in agreement.names.iter().enumerate() {
            let cell = self.cell("name", n, &name.evidence)?;
            self.insert("INSERT INTO agreement_name (cell, text) VALUES (?1, ?2)", params![cell, name.text])?;
        }
        for (n, party) in agreement.parties.iter().enumerate() {
            let cell = self.cell("party", n, &party.evidence)?;
            self.insert(
                "INSERT INTO agreement_party (cell, actor, role) VALUES (?1, ?2, ?3)",
                params![cell, party.actor, party.role.as_str()],
            )?;
        }
        for (n, stage) in agreement.stages.iter().enumerate() {
            self.stage(n, stage)?;
        }
        for (n, commitment) in agreement.commitments.iter().enumerate() {
            let cell = self.cell("commitment", n, &commitment.evidence)?;
            self.insert(
                "INSERT INTO agreement_commitment (cell, category, strength) VALUES (?1, ?2, ?3)",
                params![cell, commitment.category.as_str(), commitment.strength.as_str()],
            )?;
            for (n, actor) in commitment.by.iter().enumerate() {
                self.insert(
                    "INSERT INTO agreement_commitment_by (cell, n, actor) VALUES (?1, ?2, ?3)",
                    params![cell, n + 1, actor],
                )?;
            }
        }
        for (n, money) in agreement.money.iter().enumerate() {
            let cell = self.cell("money", n, &money.evidence)?;
            self.insert(
                "INSERT INTO agreement_money (cell, amount, currency, purpose, period) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![cell, money.amount, money.currency, money.purpose, money.period],
            )?;
        }
        self.terms()?;
        for (n, statement) in agreement.statements.iter().enumerate() {
            let cell = self.cell("statement", n, std::slice::from_ref(&statement.evidence))?;
            let speaker = statement.speaker.as_ref();
            if let Some(speaker) = speaker {
                self.evidence(cell, "speaker", 1, &statement.evidence.document, &speaker.evidence)?;
            }
            self.insert(
                "INSERT INTO agreement_statement (cell, speaker, speaker_role, affiliation, via, kind, stance, said)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    cell,
                    speaker.map(|speaker| &speaker.name),
                    speaker.and_then(|speaker| speaker.role.as_ref()),
                    speaker.and_then(|speaker| speaker.affiliation.as_ref()),
                    statement.via,
                    statement.kind.as_str(),
                    statement.stance.as_str(),
                    statement.said
                ],
            )?;
        }
        for (n, relation) in agreement.relations.iter().enumerate() {
            let cell = self.cell("relation", n, &relation.evidence)?;
            self.insert(
                "INSERT INTO agreement_relation (cell, other, kind) VALUES (?1, ?2, ?3)",
                params![cell, relation.to, relation.kind.as_str()],
            )?;
        }
        for (n, conflict) in agreement.conflicts.iter().enumerate() {
            self.conflict(n, conflict)?;
        }
        for (n, forecast) in agreement.forecasts.iter().enumerate() {
            self.forecast(n, forecast)?;
        }
        Ok(())
    }

    fn terms(&self) -> rusqlite::Result<()> {
        let agreement = self.agreement;
        let fields: [(&str, &[AgreementTerm]); 3] =
            [("duration", &agreement.duration), ("renewal", &agreement.renewal), ("articles", &agreement.articles)];
        let terms = fields.iter().flat_map(|(field, terms)| terms.iter().map(move |term| (field, term)));
        for (n, (field, term)) in terms.enumerate() {
            let cell = self.cell("term", n, &term.evidence)?;
            self.insert("INSERT INTO agreement_term (cell, field, value) VALUES (?1, ?2, ?3)", params![cell, field, term.value])?;
        }
        Ok(())
    }

    fn stage(&self, n: usize, stage: &AgreementStage) -> rusqlite::Result<()> {
        let cell = self.cell("stage", n, &stage.evidence)?;
        self.insert(
            "INSERT INTO agreement_stage (cell, stage, modality, date, place, by_whom, according_to, sources)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                cell,
                stage.stage.as_str(),
                stage.modality.as_str(),
                stage.date.as_ref().and_then(|date| date.value.as_ref()),
                stage.place,
                stage.by,
                stage.according_to,
                stage.sources
            ],
        )?;
        let chosen = stage.date.as_ref().and_then(|best| stage.dates.iter().position(|(_, date)| date == best));
        if let (Some(best), None) = (&stage.date, chosen)
            && let Some(document) = document_of(stage, best)
        {
            self.stage_date(cell, 0, true, document, best)?;
        }
        for (n, (told, date)) in stage.dates.iter().enumerate() {
            self.stage_date(cell, n + 1, chosen == Some(n), &told.document, date)?;
            self.evidence(cell, "dated", n + 1, &told.document, &told.evidence)?;
        }
        Ok(())
    }

    fn stage_date(&self, cell: i64, n: usize, chosen: bool, document: &str, date: &Date) -> rusqlite::Result<()> {
        self.insert(
            "INSERT INTO agreement_stage_date (cell, n, date, how, chosen) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![cell, n, date.value, date.how, chosen],
        )?;
        self.evidence(cell, "date", n, document, &date.expression)
    }

    fn conflict(&self, n: usize, conflict: &Conflict) -> rusqlite::Result<()> {
        let cell = self.cell("conflict", n, &[])?;
        self.insert(
            "INSERT INTO agreement_conflict (cell, field, why) VALUES (?1, ?2, ?3)",
            params![cell, conflict.field, conflict.why],
        )?;
        for (n, value) in conflict.values.iter().enumerate() {
            self.insert(
                "INSERT INTO agreement_conflict_value (cell, n, value) VALUES (?1, ?2, ?3)",
                params![cell, n + 1, value.value],
            )?;
            self.evidence(cell, "value", n + 1, &value.evidence.document, &value.evidence.evidence)?;
        }
        Ok(())
    }

    fn forecast(&self, n: usize, forecast: &Forecast) -> rusqlite::Result<()> {
        let cell = self.cell("forecast", n, std::slice::from_ref(&forecast.evidence))?;
        if let Some(actual) = &forecast.actual_evidence {
            self.evidence(cell, "actual", 1, &actual.document, &actual.evidence)?;
        }
        self.insert(
            "INSERT INTO agreement_forecast (cell, stage, expected, said, by_whom, outcome, actual, late_by_days, why)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                cell,
                forecast.stage.as_str(),
                forecast.expected,
                forecast.said,
                forecast.by,
                forecast.outcome.as_str(),
                forecast.actual,
                forecast.late_by_days,
                forecast.why
            ],
        )
    }

    /// A cell with the places that tell it.
    fn cell(&self, kind: &str, n: usize, told: &[Sourced]) -> rusqlite::Result<i64> {
        self.insert(
            "INSERT INTO agreement_cell (agreement, kind, n) VALUES (?1, ?2, ?3)",
            params![self.agreement.id, kind, n + 1],
        )?;
        let cell = self.transaction.last_insert_rowid();
        for (n, sourced) in told.iter().enumerate() {
            self.evidence(cell, "told", n + 1, &sourced.document, &sourced.evidence)?;
        }
        Ok(cell)
    }

    fn evidence(&self, cell: i64, role: &str, n: usize, document: &str, evidence: &Evidence) -> rusqlite::Result<()> {
        let span = evidence.span();
        self.insert(
            "INSERT INTO agreement_evidence (cell, role, n, document, start_byte, end_byte, quote, rule, confidence)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                cell,
                role,
                n,
                self.documents.get(document),
                span.start(),
                span.end(),
                evidence.quote(),
                evidence.rule(),
                decimal(evidence.confidence())
            ],
        )
    }

    fn insert(&self, statement: &str, values: impl rusqlite::Params) -> rusqlite::Result<()> {
        self.transaction.prepare_cached(statement)?.execute(values).map(|_| ())
    }
}

/// The document in which the words of a stage's best date stand, where that date is none of `dates`: the first document
/// that tells of the stage in words that lie around them, else the first that tells of it.
fn document_of<'s>(stage: &'s AgreementStage, date: &Date) -> Option<&'s str> {
    let around = stage.evidence.iter().find(|told| told.evidence.span().contains(date.expression.span()));
    around.or(stage.evidence.first()).map(|told| told.document.as_str())
}
