//! Checking a register: every quote against its document, every reference, the database itself.
use crate::error::{At, Error};
use crate::load::FoundEvidence;
use crate::register::Register;
use chancery_agreement::{
    AgreementKind, Article, CommitmentCategory, Modality, PartyRole, RelationKind, Span, SpeechKind, StageKind, Stance, Strength,
};
use rusqlite::Row;
use std::str::FromStr;

/// Something that is wrong in a register.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where: a document and a cell, or a table.
    pub place: String,
    /// What, in plain words.
    pub what: String,
}

/// What was looked at, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verification {
    /// Documents that were checked.
    pub documents: usize,
    /// Quotes that were held against their documents.
    pub quotes: usize,
    /// What is wrong, in order of place.
    pub problems: Vec<Problem>,
}

impl Register {
    /// Checks everything. Nothing is changed.
    ///
    /// # Errors
    /// When the database cannot be read at all.
    pub fn verify(&self) -> Result<Verification, Error> {
        let mut found = Verification::default();
        self.verify_database(&mut found)?;
        for id in self.document_ids("SELECT id FROM document ORDER BY source, hash")? {
            self.verify_document(id, &mut found)?;
        }
        self.verify_references(&mut found)?;
        self.verify_words(&mut found)?;
        found.problems.sort();
        found.problems.dedup();
        Ok(found)
    }

    fn verify_database(&self, found: &mut Verification) -> Result<(), Error> {
        for answer in self.texts("PRAGMA integrity_check")? {
            if answer != "ok" {
                found.problems.push(Problem { place: "database".into(), what: answer });
            }
        }
        for table in self.texts(
            "SELECT \"table\" || ' row ' || coalesce(rowid, '?') || ' names a row of ' || parent FROM pragma_foreign_key_check",
        )? {
            found.problems.push(Problem { place: "database".into(), what: format!("{table} that is not there") });
        }
        Ok(())
    }

    fn verify_document(&self, id: i64, found: &mut Verification) -> Result<(), Error> {
        let (article, _) = self.load_article(id)?;
        found.documents += 1;
        let mut problem = |place: &str, what: String| {
            let place = if place.is_empty() { article.source.clone() } else { format!("{} {place}", article.source) };
            found.problems.push(Problem { place, what });
        };
        let mut end = 0;
        for block in &article.blocks {
            if !fits(&article, block.span) || block.span.start() < end {
                problem("", format!("a block at bytes {}-{} is no part of the text", block.span.start(), block.span.end()));
            }
            end = block.span.end();
        }
        if let Some(span) = article.published.as_ref().and_then(|published| published.span)
            && !fits(&article, span)
        {
            problem("", format!("the publication date at bytes {}-{} is no part of the text", span.start(), span.end()));
        }
        let queries = [
            "SELECT path || ' ' || role, start_byte, end_byte, quote, rule, confidence
               FROM evidence JOIN cell ON cell.id = cell WHERE document = ?1 ORDER BY evidence.id",
            "SELECT agreement || ' ' || kind || ' ' || agreement_cell.n || ' ' || role, start_byte, end_byte, quote, rule, confidence
               FROM agreement_evidence JOIN agreement_cell ON agreement_cell.id = cell WHERE document = ?1 ORDER BY agreement_evidence.id",
        ];
        for query in queries {
            let quotes = self.rows(query, id, |row: &Row| Ok((row.get::<_, String>(0)?, FoundEvidence::from_row(row, 1)?)))?;
            found.quotes += quotes.len();
            for (place, evidence) in quotes {
                if evidence.checked(&article).is_none() {
                    let span = evidence.span;
                    let what = format!("`{}` does not stand at bytes {}-{}", evidence.quote, span.start(), span.end());
                    found.problems.push(Problem { place: format!("{} {place}", article.source), what });
                }
            }
        }
        Ok(())
    }

    /// References that no foreign key can watch over.
    fn verify_references(&self, found: &mut Verification) -> Result<(), Error> {
        let queries = [
            (
                "SELECT source || ' ' || path FROM cell JOIN document ON document.id = document
                  WHERE kind <> 'agreement' AND NOT EXISTS (SELECT 1 FROM evidence WHERE cell = cell.id AND role = 'told')",
                "has no evidence",
            ),
            (
                "SELECT agreement || ' ' || kind || ' ' || n FROM agreement_cell WHERE NOT EXISTS
                   (SELECT 1 FROM agreement_evidence WHERE cell = agreement_cell.id AND role IN ('told', 'value'))",
                "has no evidence",
            ),
            (
                "SELECT source || ' ' || path FROM found_relation JOIN cell ON cell.id = cell JOIN document ON document.id = document
                  WHERE NOT EXISTS (SELECT 1 FROM cell AS other WHERE other.document = cell.document AND other.path = other_key)",
                "names an agreement that the document does not have",
            ),
            (
                "SELECT source || ' ' || path FROM found_statement JOIN cell ON cell.id = cell JOIN document ON document.id = document
                  WHERE about_key IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM cell AS other WHERE other.document = cell.document AND other.path = about_key)",
                "is about an agreement that the document does not have",
            ),
            (
                "SELECT agreement || ' member ' || n FROM agreement_member WHERE NOT EXISTS
                   (SELECT 1 FROM cell WHERE cell.document = agreement_member.document AND cell.path = key)",
                "names a finding that is not there",
            ),
            (
                "SELECT hash FROM document WHERE NOT EXISTS
                   (SELECT 1 FROM document_source WHERE document_source.document = document.id AND document_source.source = document.source)",
                "does not list its own source",
            ),
        ];
        for (query, what) in queries {
            for place in self.texts(query)? {
                found.problems.push(Problem { place, what: what.to_owned() });
            }
        }
        Ok(())
    }

    /// Words of the closed lists.
    fn verify_words(&self, found: &mut Verification) -> Result<(), Error> {
        self.verify_list::<AgreementKind>(&["found_agreement.kind", "agreement.kind"], found)?;
        self.verify_list::<PartyRole>(&["found_party.role", "agreement_party.role"], found)?;
        self.verify_list::<StageKind>(&["found_stage.stage", "agreement_stage.stage", "agreement_forecast.stage"], found)?;
        self.verify_list::<Modality>(&["found_stage.modality", "agreement_stage.modality"], found)?;
        self.verify_list::<CommitmentCategory>(&["found_commitment.category", "agreement_commitment.category"], found)?;
        self.verify_list::<Strength>(&["found_commitment.strength", "agreement_commitment.strength"], found)?;
        self.verify_list::<RelationKind>(&["found_relation.kind", "agreement_relation.kind"], found)?;
        self.verify_list::<SpeechKind>(&["found_statement.kind", "agreement_statement.kind"], found)?;
        self.verify_list::<Stance>(&["found_statement.stance", "agreement_statement.stance"], found)
    }

    fn verify_list<T: FromStr>(&self, columns: &[&str], found: &mut Verification) -> Result<(), Error>
    where
        T::Err: std::fmt::Display,
    {
        for place in columns {
            let Some((table, column)) = place.split_once('.') else { continue };
            for word in self.texts(&format!("SELECT DISTINCT {column} FROM {table} ORDER BY 1"))? {
                if let Err(error) = word.parse::<T>() {
                    found.problems.push(Problem { place: (*place).to_owned(), what: error.to_string() });
                }
            }
        }
        Ok(())
    }

    fn texts(&self, query: &str) -> Result<Vec<String>, Error> {
        let mut statement = self.connection.prepare(query).at(&self.path)?;
        let rows = statement.query_map([], |row| row.get(0)).at(&self.path)?;
        rows.collect::<rusqlite::Result<_>>().at(&self.path)
    }
}

fn fits(article: &Article, span: Span) -> bool {
    article.text.get(span.start()..span.end()).is_some()
}
