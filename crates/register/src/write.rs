//! Writing one linked agreement: its row, its cells, and the words behind them.
use crate::rows;
use chancery_agreement::{Agreement, AgreementStage, AgreementTerm, Conflict, Date, Evidence, Forecast, Sourced};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// Writes an agreement in the place of what the register has under its id. `documents` are the numbers of its documents.
pub(crate) fn write(connection: &Connection, agreement: &Agreement, documents: &BTreeMap<String, i64>) -> rusqlite::Result<()> {
    // The row itself stays where there is one: others may refer to it.
    connection
        .prepare_cached(
            "INSERT INTO agreement (id, title, kind) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO UPDATE SET title = excluded.title, kind = excluded.kind",
        )?
        .execute(params![agreement.id, agreement.title, agreement.kind.as_str()])?;
    connection.prepare_cached("DELETE FROM agreement_cell WHERE agreement = ?1")?.execute([&agreement.id])?;
    connection.prepare_cached("DELETE FROM agreement_member WHERE agreement = ?1")?.execute([&agreement.id])?;
    Writer { connection, documents, agreement }.all()
}

/// Writes the cells of one agreement.
struct Writer<'t> {
    connection: &'t Connection,
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
            rows::statement(
                self.connection,
                "agreement_statement",
                &[("cell", &cell), ("said", &statement.said)],
                (speaker, statement.via.as_ref()),
                (statement.kind, statement.stance),
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
            "INSERT INTO agreement_conflict (cell, field, why, weight) VALUES (?1, ?2, ?3, ?4)",
            params![cell, conflict.field, conflict.why, conflict.weight],
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
        let cell = self.connection.last_insert_rowid();
        for (n, sourced) in told.iter().enumerate() {
            self.evidence(cell, "told", n + 1, &sourced.document, &sourced.evidence)?;
        }
        Ok(cell)
    }

    fn evidence(&self, cell: i64, role: &str, n: usize, document: &str, evidence: &Evidence) -> rusqlite::Result<()> {
        let document = self.documents.get(document);
        let of: [rows::Column<'_>; 4] = [("cell", &cell), ("role", &role), ("n", &n), ("document", &document)];
        rows::evidence(self.connection, "agreement_evidence", &of, evidence)
    }

    fn insert(&self, statement: &str, values: impl rusqlite::Params) -> rusqlite::Result<()> {
        self.connection.prepare_cached(statement)?.execute(values).map(|_| ())
    }
}

/// The document in which the words of a stage's best date stand, where that date is none of `dates`: the first document
/// that tells of the stage in words that lie around them, else the first that tells of it.
fn document_of<'s>(stage: &'s AgreementStage, date: &Date) -> Option<&'s str> {
    let around = stage.evidence.iter().find(|told| told.evidence.span().contains(date.expression.span()));
    around.or(stage.evidence.first()).map(|told| told.document.as_str())
}
