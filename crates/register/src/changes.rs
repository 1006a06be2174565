//! What happened to the agreements of a register, in order: rows are only ever added.
use crate::error::{At, Error};
use crate::register::Register;
use rusqlite::params;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number: later ones are greater.
    pub n: i64,
    /// When, ISO 8601, where it was noted.
    pub at: Option<String>,
    /// added, changed, merged, split, moved, removed, corrected, undone.
    pub what: String,
    /// Id of the agreement; for corrected and undone the number of the correction.
    pub agreement: String,
    /// merged: the id that leads to it now; split: the agreement that it came from; moved: its former id.
    pub other: Option<String>,
    /// Title of the agreement, or what sort of correction it was.
    pub detail: String,
}

impl Register {
    /// What happened at or after a moment (ISO 8601; a day, or the beginning of a moment, will do) or after change `n`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn changes(&self, since: Option<&str>, after: i64) -> Result<Vec<Change>, Error> {
        let query =
            "SELECT n, at, what, agreement, other, detail FROM change WHERE n > ?1 AND (?2 IS NULL OR at >= ?2) ORDER BY n";
        let mut query = self.connection.prepare_cached(query).at(&self.path)?;
        let rows = query.query_map(params![after, since], |row| {
            Ok(Change {
                n: row.get(0)?,
                at: row.get(1)?,
                what: row.get(2)?,
                agreement: row.get(3)?,
                other: row.get(4)?,
                detail: row.get(5)?,
            })
        });
        rows.at(&self.path)?.collect::<rusqlite::Result<_>>().at(&self.path)
    }

    pub(crate) fn note_change(
        &self,
        when: Option<&str>,
        what: &str,
        agreement: &str,
        other: Option<&str>,
        detail: &str,
    ) -> Result<(), Error> {
        self.connection
            .prepare_cached("INSERT INTO change (at, what, agreement, other, detail) VALUES (?1, ?2, ?3, ?4, ?5)")
            .and_then(|mut insert| insert.execute(params![when, what, agreement, other, detail]))
            .at(&self.path)
            .map(|_| ())
    }
}
