//! The register as one canonical text: two registers are the same when their texts are.
//!
//! Numbers that only count rows inside one file stand for nothing outside it and are left out, as is the search index,
//! which follows from the rest.
use crate::error::{At, Error};
use crate::register::Register;
use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};
use std::io::{BufWriter, Write};

/// What every table says, in terms that do not depend on the order of writing.
const QUERIES: &[(&str, &str)] = &[
    (
        "document",
        "SELECT hash, source, reader, failed, url, publisher, title, byline, dateline, published, published_time,
        published_basis, published_start, published_end, published_confidence, language, text
        FROM document ORDER BY hash",
    ),
    ("document_source", "SELECT hash, document_source.source FROM document_source JOIN document ON id = document ORDER BY 1, 2"),
    ("block", "SELECT hash, n, kind, start_byte, end_byte FROM block JOIN document ON id = document ORDER BY 1, 2"),
    ("notice", "SELECT hash, n, code, message, fatal FROM notice JOIN document ON id = document ORDER BY 1, 2"),
    (
        "evidence",
        "SELECT hash, path, role, n, start_byte, end_byte, quote, rule, confidence
        FROM evidence JOIN cell ON cell.id = cell JOIN document ON document.id = document ORDER BY 1, 2, 3, 4",
    ),
    (
        "found_agreement",
        "SELECT hash, path, key, found_agreement.kind FROM found_agreement JOIN cell ON cell.id = cell
        JOIN document ON document.id = document ORDER BY 1, 2",
    ),
    (
        "found_name",
        "SELECT hash, path FROM found_name JOIN cell ON cell.id = cell JOIN document ON document.id = document ORDER BY 1, 2",
    ),
    (
        "found_party",
        "SELECT hash, path, actor, role, standing FROM found_party JOIN cell ON cell.id = cell
        JOIN document ON document.id = document ORDER BY 1, 2",
    ),
    (
        "found_stage",
        "SELECT hash, path, stage, modality, date, date_how, place, by_whom, according_to FROM found_stage
        JOIN cell ON cell.id = cell JOIN document ON document.id = document ORDER BY 1, 2",
    ),
    (
        "found_commitment",
        "SELECT hash, path, category, strength FROM found_commitment JOIN cell ON cell.id = cell
        JOIN document ON document.id = document ORDER BY 1, 2",
    ),
    (
        "found_commitment_by",
        "SELECT hash, path, n, actor FROM found_commitment_by JOIN cell ON cell.id = cell
        JOIN document ON document.id = document ORDER BY 1, 2, 3",
    ),
    (
        "found_money",
        "SELECT hash, path, amount, currency, purpose, period FROM found_money JOIN cell ON cell.id = cell
        JOIN document ON document.id = document ORDER BY 1, 2",
    ),
    (
        "found_term",
        "SELECT hash, path, field, value FROM found_term JOIN cell ON cell.id = cell
        JOIN document ON document.id = document ORDER BY 1, 2",
    ),
    (
        "found_relation",
        "SELECT hash, path, other_key, found_relation.kind FROM found_relation JOIN cell ON cell.id = cell
        JOIN document ON document.id = document ORDER BY 1, 2",
    ),
    (
        "found_statement",
        "SELECT hash, path, speaker, speaker_role, affiliation, via, found_statement.kind, stance, about_key
        FROM found_statement JOIN cell ON cell.id = cell JOIN document ON document.id = document ORDER BY 1, 2",
    ),
    (
        "found_naming",
        "SELECT hash, path, actor, by_whom FROM found_naming JOIN cell ON cell.id = cell
        JOIN document ON document.id = document ORDER BY 1, 2",
    ),
    (
        "document_copy",
        "SELECT document.hash, original.hash, kind FROM document_copy JOIN document ON document.id = document_copy.document
        JOIN document AS original ON original.id = document_copy.original ORDER BY 1",
    ),
    ("state", "SELECT name, value FROM state ORDER BY 1"),
    (
        "correction",
        "SELECT id, kind, cell, field, value, former, by_whom, at, note, undone, undone_by, problem FROM correction ORDER BY 1",
    ),
    (
        "correction_place",
        "SELECT correction, n, side, hash, source, path, start_byte, end_byte, quote FROM correction_place ORDER BY 1, 2",
    ),
    ("agreement", "SELECT id, title, kind FROM agreement ORDER BY 1"),
    ("agreement_redirect", "SELECT id, agreement FROM agreement_redirect ORDER BY 1"),
    (
        "agreement_member",
        "SELECT agreement, n, hash, key, why FROM agreement_member JOIN document ON document.id = document
        ORDER BY 1, 2",
    ),
    (
        "agreement_evidence",
        "SELECT agreement, kind, agreement_cell.n, role, agreement_evidence.n, hash, start_byte, end_byte, quote,
        rule, confidence FROM agreement_evidence JOIN agreement_cell ON agreement_cell.id = cell
        JOIN document ON document.id = document ORDER BY 1, 2, 3, 4, 5",
    ),
    ("agreement_name", "SELECT agreement, n, text FROM agreement_name JOIN agreement_cell ON id = cell ORDER BY 1, 2"),
    ("agreement_party", "SELECT agreement, n, actor, role FROM agreement_party JOIN agreement_cell ON id = cell ORDER BY 1, 2"),
    (
        "agreement_stage",
        "SELECT agreement, n, stage, modality, date, place, by_whom, according_to, sources FROM agreement_stage
        JOIN agreement_cell ON id = cell ORDER BY 1, 2",
    ),
    (
        "agreement_stage_date",
        "SELECT agreement, agreement_cell.n, agreement_stage_date.n, date, how, chosen FROM agreement_stage_date
        JOIN agreement_cell ON id = cell ORDER BY 1, 2, 3",
    ),
    (
        "agreement_commitment",
        "SELECT agreement, n, category, strength FROM agreement_commitment JOIN agreement_cell ON id = cell
        ORDER BY 1, 2",
    ),
    (
        "agreement_commitment_by",
        "SELECT agreement, agreement_cell.n, agreement_commitment_by.n, actor FROM agreement_commitment_by
        JOIN agreement_cell ON id = cell ORDER BY 1, 2, 3",
    ),
    (
        "agreement_money",
        "SELECT agreement, n, amount, currency, purpose, period FROM agreement_money
        JOIN agreement_cell ON id = cell ORDER BY 1, 2",
    ),
    ("agreement_term", "SELECT agreement, n, field, value FROM agreement_term JOIN agreement_cell ON id = cell ORDER BY 1, 2"),
    (
        "agreement_statement",
        "SELECT agreement, n, speaker, speaker_role, affiliation, via, agreement_statement.kind, stance, said
        FROM agreement_statement JOIN agreement_cell ON id = cell ORDER BY 1, 2",
    ),
    (
        "agreement_relation",
        "SELECT agreement, n, other, agreement_relation.kind FROM agreement_relation
        JOIN agreement_cell ON id = cell ORDER BY 1, 2",
    ),
    (
        "agreement_conflict",
        "SELECT agreement, n, field, why, weight FROM agreement_conflict JOIN agreement_cell ON id = cell ORDER BY 1, 2",
    ),
    (
        "agreement_conflict_value",
        "SELECT agreement, agreement_cell.n, agreement_conflict_value.n, value FROM agreement_conflict_value
        JOIN agreement_cell ON id = cell ORDER BY 1, 2, 3",
    ),
    (
        "agreement_forecast",
        "SELECT agreement, n, stage, expected, said, by_whom, outcome, actual, late_by_days, why
        FROM agreement_forecast JOIN agreement_cell ON id = cell ORDER BY 1, 2",
    ),
];

impl Register {
    /// Writes the canonical text: one line a row, the table's name and a JSON array.
    ///
    /// # Errors
    /// When the database cannot be read or the text cannot be written.
    pub fn dump(&self, out: impl Write) -> Result<(), Error> {
        let mut out = BufWriter::new(out);
        for (table, query) in QUERIES {
            let mut statement = self.connection.prepare(query).at(&self.path)?;
            let columns = statement.column_count();
            let mut rows = statement.query([]).at(&self.path)?;
            while let Some(row) = rows.next().at(&self.path)? {
                out.write_all(table.as_bytes())?;
                for column in 0..columns {
                    out.write_all(if column == 0 { b" [" } else { b"," })?;
                    match row.get_ref(column).at(&self.path)? {
                        ValueRef::Null => out.write_all(b"null")?,
                        ValueRef::Integer(number) => write!(out, "{number}")?,
                        ValueRef::Real(number) => write!(out, "{number:?}")?,
                        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                            serde_json::to_writer(&mut out, &String::from_utf8_lossy(bytes)).map_err(crate::error::Kind::Json)?;
                        }
                    }
                }
                out.write_all(b"]\n")?;
            }
        }
        Ok(out.flush()?)
    }

    /// SHA-256 of the canonical text, lower-case hexadecimal: equal for registers that say the same.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn digest(&self) -> Result<String, Error> {
        let mut hash = Hash(Sha256::new());
        self.dump(&mut hash)?;
        Ok(hash.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Hashes what is written to it.
struct Hash(Sha256);

impl Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::QUERIES;
    use crate::Register;

    #[test]
    fn every_table_is_in_the_dump() {
        let register = Register::in_memory().unwrap();
        let mut query = register.connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").unwrap();
        let tables: Vec<String> = query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let derived = |table: &str| ["document_text", "quote_text", "correction_text"].iter().any(|text| table.starts_with(text));
        // The path and the kind of a cell stand beside each of its words; `change` is the history of a file, not what it
        // says; what linking remembers follows from the rest.
        let told_elsewhere = ["cell", "agreement_cell", "sqlite_sequence", "change"];
        let derived = |table: &str| derived(table) || table.starts_with("link_");
        for table in tables.iter().filter(|table| !derived(table) && !told_elsewhere.contains(&table.as_str())) {
            assert!(QUERIES.iter().any(|(name, _)| name == table), "`{table}` is missing from the dump");
        }
    }
}
