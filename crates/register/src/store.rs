//! Writing what was read: one transaction for each document, keyed by the hash of its bytes.
use crate::error::{At, Error};
use crate::register::Register;
use crate::rows;
use chancery_agreement::{AgreementFinding, Article, Evidence, Findings, Notice, Stage, Statement, Term};
use chancery_link::{Standing, standing};
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

/// A notice as the register keeps it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// Stable code in kebab case.
    pub code: String,
    /// One sentence in plain words.
    pub message: String,
    /// True when the document could not be read.
    pub fatal: bool,
}

impl From<&Notice> for Remark {
    fn from(notice: &Notice) -> Self {
        Self { code: notice.code.to_owned(), message: notice.message.clone(), fatal: notice.fatal }
    }
}

/// One document with everything that came of reading it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The article; of a document that could not be read only `id` and `source` matter.
    pub article: Article,
    /// What was found in it.
    pub findings: Findings,
    /// What went wrong.
    pub remarks: Vec<Remark>,
    /// Which version of the program, its rules and its reader read it. A document is read again when this has changed.
    pub reader: String,
}

impl Document {
    /// True when the document could not be read at all.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.remarks.iter().any(|remark| remark.fatal)
    }
}

/// What storing a document changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// The register did not know it.
    New,
    /// It took the place of a reading by another version, or of one under another name.
    Replaced,
    /// The register had it already.
    Known,
}

impl Register {
    /// Stores one document in one transaction.
    ///
    /// The same bytes found under several names are one document; its reading is the one under the first name in the
    /// order of the alphabet, so the order of reading makes no difference.
    ///
    /// # Errors
    /// When the database cannot be written. Nothing of the document is stored then.
    pub fn store(&mut self, document: &Document) -> Result<Stored, Error> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).at(&self.path)?;
        let stored = store(&transaction, document).at(&self.path)?;
        transaction.commit().at(&self.path)?;
        Ok(stored)
    }

    /// Where the document that was stored last was found: after it, a run that was stopped goes on.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn last_source(&self) -> Result<Option<String>, Error> {
        const QUERY: &str = "SELECT source FROM document ORDER BY id DESC LIMIT 1";
        self.connection.query_row(QUERY, [], |row| row.get(0)).optional().at(&self.path)
    }

    /// True when reading a document with this hash under this name by this reader cannot change the register.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn knows(&self, hash: &str, source: &str, reader: &str) -> Result<bool, Error> {
        const QUERY: &str = "SELECT 1 FROM document JOIN document_source ON document_source.document = document.id
                              WHERE hash = ?1 AND document_source.source = ?2 AND reader = ?3";
        let mut statement = self.connection.prepare_cached(QUERY).at(&self.path)?;
        statement.exists(params![hash, source, reader]).at(&self.path)
    }
}

fn store(transaction: &Transaction, document: &Document) -> rusqlite::Result<Stored> {
    let article = &document.article;
    let known: Option<(i64, String, String)> = transaction
        .prepare_cached("SELECT id, source, reader FROM document WHERE hash = ?1")?
        .query_row([&article.id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let mut sources = vec![article.source.clone()];
    let mut stored = Stored::New;
    if let Some((id, source, reader)) = known {
        let same_reader = reader == document.reader;
        if same_reader && source <= article.source {
            add_source(transaction, id, &article.source)?;
            return Ok(Stored::Known);
        }
        if same_reader {
            let mut query = transaction.prepare_cached("SELECT source FROM document_source WHERE document = ?1")?;
            for source in query.query_map([id], |row| row.get(0))? {
                sources.push(source?);
            }
        }
        transaction.prepare_cached("UPDATE link_document SET current = 0 WHERE document = ?1")?.execute([id])?;
        transaction.prepare_cached("DELETE FROM document WHERE id = ?1")?.execute([id])?;
        stored = Stored::Replaced;
    }
    transaction.prepare_cached("DELETE FROM state WHERE name = 'linked_by'")?.execute([])?;
    let id = add_document(transaction, document)?;
    for source in &sources {
        add_source(transaction, id, source)?;
    }
    let mut cells = Cells { transaction, document: id };
    for agreement in &document.findings.agreements {
        cells.agreement(agreement)?;
    }
    for (n, statement) in document.findings.statements.iter().enumerate() {
        cells.statement(&format!("statements.{}", n + 1), statement)?;
    }
    for (n, naming) in document.findings.naming.iter().enumerate() {
        let cell = cells.add(&format!("naming.{}", n + 1), "naming", &naming.evidence)?;
        transaction.prepare_cached("INSERT INTO found_naming (cell, actor, by_whom) VALUES (?1, ?2, ?3)")?.execute(params![
            cell,
            naming.actor,
            naming.by
        ])?;
    }
    Ok(stored)
}

fn add_source(transaction: &Transaction, document: i64, source: &str) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached("INSERT OR IGNORE INTO document_source (document, source) VALUES (?1, ?2)")?;
    insert.execute(params![document, source]).map(|_| ())
}

fn add_document(transaction: &Transaction, document: &Document) -> rusqlite::Result<i64> {
    let article = &document.article;
    let published = article.published.as_ref();
    let span = published.and_then(|published| published.span);
    transaction
        .prepare_cached(
            "INSERT INTO document (hash, source, reader, failed, url, publisher, title, byline, dateline, published,
               published_time, published_basis, published_start, published_end, published_confidence, language, text)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        )?
        .execute(params![
            article.id,
            article.source,
            document.reader,
            document.failed(),
            article.url,
            article.publisher,
            article.title,
            article.byline,
            article.dateline,
            published.map(|published| &published.value),
            published.and_then(|published| published.time.as_ref()),
            published.map(|published| published.basis.as_str()),
            span.map(|span| span.start()),
            span.map(|span| span.end()),
            published.map(|published| rows::decimal(published.confidence)),
            article.language,
            article.text,
        ])?;
    let id = transaction.last_insert_rowid();
    let mut block =
        transaction.prepare_cached("INSERT INTO block (document, n, kind, start_byte, end_byte) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (n, part) in article.blocks.iter().enumerate() {
        block.execute(params![id, n, crate::load::block_word(part.kind), part.span.start(), part.span.end()])?;
    }
    let mut notice =
        transaction.prepare_cached("INSERT INTO notice (document, n, code, message, fatal) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (n, remark) in document.remarks.iter().enumerate() {
        notice.execute(params![id, n, remark.code, remark.message, remark.fatal])?;
    }
    Ok(id)
}

/// Adds cells to one document.
struct Cells<'t> {
    transaction: &'t Transaction<'t>,
    document: i64,
}

impl Cells<'_> {
    /// A cell without words of its own.
    fn bare(&mut self, path: &str, kind: &str) -> rusqlite::Result<i64> {
        self.transaction.prepare_cached("INSERT INTO cell (document, path, kind) VALUES (?1, ?2, ?3)")?.execute(params![
            self.document,
            path,
            kind
        ])?;
        Ok(self.transaction.last_insert_rowid())
    }

    /// A cell with the words that tell it.
    fn add(&mut self, path: &str, kind: &str, told: &Evidence) -> rusqlite::Result<i64> {
        let cell = self.bare(path, kind)?;
        self.evidence(cell, "told", 1, told)?;
        Ok(cell)
    }

    fn evidence(&mut self, cell: i64, role: &str, n: usize, evidence: &Evidence) -> rusqlite::Result<()> {
        rows::evidence(self.transaction, "evidence", &[("cell", &cell), ("role", &role), ("n", &n)], evidence)
    }

    fn agreement(&mut self, agreement: &AgreementFinding) -> rusqlite::Result<()> {
        let key = &agreement.key;
        let transaction = self.transaction;
        let id = self.bare(key, "agreement")?;
        transaction.prepare_cached("INSERT INTO found_agreement (cell, key, kind) VALUES (?1, ?2, ?3)")?.execute(params![
            id,
            key,
            agreement.kind.as_str()
        ])?;
        for (n, name) in agreement.names.iter().enumerate() {
            let cell = self.add(&format!("{key}.names.{}", n + 1), "name", &name.evidence)?;
            transaction.prepare_cached("INSERT INTO found_name (cell, agreement) VALUES (?1, ?2)")?.execute([cell, id])?;
        }
        for (n, party) in agreement.parties.iter().enumerate() {
            let cell = self.add(&format!("{key}.parties.{}", n + 1), "party", &party.evidence)?;
            transaction
                .prepare_cached("INSERT INTO found_party (cell, agreement, actor, role, standing) VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![
                    cell,
                    id,
                    party.actor,
                    party.role.as_str(),
                    standing(party.evidence.quote(), &party.actor).map(Standing::as_str)
                ])?;
        }
        for (n, stage) in agreement.stages.iter().enumerate() {
            self.stage(id, &format!("{key}.stages.{}", n + 1), stage)?;
        }
        for (n, commitment) in agreement.commitments.iter().enumerate() {
            let cell = self.add(&format!("{key}.commitments.{}", n + 1), "commitment", &commitment.evidence)?;
            transaction
                .prepare_cached("INSERT INTO found_commitment (cell, agreement, category, strength) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![cell, id, commitment.category.as_str(), commitment.strength.as_str()])?;
            for (n, actor) in commitment.by.iter().enumerate() {
                transaction
                    .prepare_cached("INSERT INTO found_commitment_by (cell, n, actor) VALUES (?1, ?2, ?3)")?
                    .execute(params![cell, n + 1, actor])?;
            }
        }
        for (n, money) in agreement.money.iter().enumerate() {
            let cell = self.add(&format!("{key}.money.{}", n + 1), "money", &money.evidence)?;
            transaction
                .prepare_cached(
                    "INSERT INTO found_money (cell, agreement, amount, currency, purpose, period) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![cell, id, money.amount, money.currency, money.purpose, money.period])?;
        }
        let terms = [("duration", &agreement.duration), ("renewal", &agreement.renewal), ("articles", &agreement.articles)];
        for (field, term) in terms {
            if let Some(term) = term {
                self.term(id, &format!("{key}.{field}"), field, term)?;
            }
        }
        for (n, relation) in agreement.relations.iter().enumerate() {
            let cell = self.add(&format!("{key}.relations.{}", n + 1), "relation", &relation.evidence)?;
            transaction
                .prepare_cached("INSERT INTO found_relation (cell, agreement, other_key, kind) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![cell, id, relation.to, relation.kind.as_str()])?;
        }
        Ok(())
    }

    fn term(&mut self, agreement: i64, path: &str, field: &str, term: &Term) -> rusqlite::Result<()> {
        let cell = self.add(path, "term", &term.evidence)?;
        self.transaction
            .prepare_cached("INSERT INTO found_term (cell, agreement, field, value) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![cell, agreement, field, term.value])?;
        Ok(())
    }

    fn stage(&mut self, agreement: i64, path: &str, stage: &Stage) -> rusqlite::Result<()> {
        let cell = self.add(path, "stage", &stage.evidence)?;
        for (n, also) in stage.also.iter().enumerate() {
            self.evidence(cell, "also", n + 1, also)?;
        }
        if let Some(date) = &stage.date {
            self.evidence(cell, "date", 1, &date.expression)?;
        }
        for (role, term) in [("place", &stage.place), ("by", &stage.by)] {
            if let Some(term) = term {
                self.evidence(cell, role, 1, &term.evidence)?;
            }
        }
        self.transaction
            .prepare_cached(
                "INSERT INTO found_stage (cell, agreement, stage, modality, date, date_how, place, by_whom, according_to)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                cell,
                agreement,
                stage.stage.as_str(),
                stage.modality.as_str(),
                stage.date.as_ref().and_then(|date| date.value.as_ref()),
                stage.date.as_ref().map(|date| &date.how),
                stage.place.as_ref().map(|place| &place.value),
                stage.by.as_ref().map(|by| &by.value),
                stage.according_to,
            ])?;
        Ok(())
    }

    fn statement(&mut self, path: &str, statement: &Statement) -> rusqlite::Result<()> {
        let cell = self.add(path, "statement", &statement.evidence)?;
        let speaker = statement.speaker.as_ref();
        let parts = [
            ("speaker", speaker.map(|speaker| &speaker.evidence)),
            ("cue", statement.cue.as_ref()),
            ("source", statement.source.as_ref()),
        ];
        for (role, evidence) in parts {
            if let Some(evidence) = evidence {
                self.evidence(cell, role, 1, evidence)?;
            }
        }
        rows::statement(
            self.transaction,
            "found_statement",
            &[("cell", &cell), ("about_key", &statement.about)],
            (speaker, statement.via.as_ref()),
            (statement.kind, statement.stance),
        )
    }
}
