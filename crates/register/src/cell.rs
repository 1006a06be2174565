//! One cell, found by its place: for explaining why it is there.
use crate::error::{At, Error};
use crate::load::FoundEvidence;
use crate::register::Register;
use chancery_agreement::{Article, Evidence, Span};

/// A cell of one document with all its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its place in the findings: `a1.stages.2`.
    pub path: String,
    /// What it is: agreement, name, party, stage, …
    pub kind: String,
    /// What it says, by name of the column, in order; what the text does not say is left out.
    pub values: Vec<(String, String)>,
    /// Role and words: `told` first, in order of role and number.
    pub evidence: Vec<(String, Evidence)>,
    /// Id and title of the agreement of the register that its own agreement is part of, and why it was joined to it.
    pub agreement: Option<(String, String, String)>,
}

impl Register {
    /// The cells at a place, with their document: `HASH/a1.stages.2`, or `HASH:START-END` for every cell whose words lie
    /// there, in bytes. `HASH` may be the beginning of a hash. Nothing where there is no such document.
    ///
    /// # Errors
    /// When the database cannot be read, or a stored quote is not what stands in its document.
    pub fn cells(&self, place: &str) -> Result<Option<(Article, Vec<Cell>)>, Error> {
        let Some(at) = place.find(['/', ':']) else { return Ok(None) };
        let (hash, rest) = (place.get(..at).unwrap_or_default(), place.get(at + 1..).unwrap_or_default());
        let Some(id) = self.document_id(hash)? else { return Ok(None) };
        let (article, _) = self.load_article(id)?;
        let span = rest.split_once('-').and_then(|(start, end)| Some(Span::new(start.parse().ok()?, end.parse().ok()?)));
        let mut found = Vec::new();
        for (cell, path, kind) in self.rows("SELECT id, path, kind FROM cell WHERE document = ?1 ORDER BY id", id, |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })? {
            let evidence = self.cell_evidence(cell, &article)?;
            let wanted = span.map_or(path == rest, |span| evidence.iter().any(|(_, evidence)| evidence.span() == span));
            if wanted {
                let values = self.cell_values(cell, &kind)?;
                let agreement = self.cell_agreement(id, &path, &values)?;
                found.push(Cell { path, kind, values, evidence, agreement });
            }
        }
        Ok(Some((article, found)))
    }

    fn cell_evidence(&self, cell: i64, article: &Article) -> Result<Vec<(String, Evidence)>, Error> {
        let query = "SELECT role, start_byte, end_byte, quote, rule, confidence FROM evidence
                      WHERE cell = ?1 ORDER BY role <> 'told', role, n";
        let found = self.rows(query, cell, |row| Ok((row.get::<_, String>(0)?, FoundEvidence::from_row(row, 1)?)))?;
        let checked = |(role, found): (String, FoundEvidence)| {
            let evidence = found.checked(article).ok_or_else(|| self.misquoted(article, &found))?;
            Ok((role, evidence))
        };
        found.into_iter().map(checked).collect()
    }

    /// The row of the cell in the table of its kind.
    fn cell_values(&self, cell: i64, kind: &str) -> Result<Vec<(String, String)>, Error> {
        // `kind` is one of the words that the schema allows.
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT * FROM found_{kind} WHERE cell = ?1")).at(&self.path)?;
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut values = Vec::new();
        let mut rows = statement.query([cell]).at(&self.path)?;
        if let Some(row) = rows.next().at(&self.path)? {
            for (at, column) in columns.into_iter().enumerate() {
                let value = crate::view::value(row.get_ref(at).at(&self.path)?);
                if !matches!(column.as_str(), "cell" | "agreement") && value != crate::view::Value::Absent {
                    values.push((column, value.to_string()));
                }
            }
        }
        Ok(values)
    }

    fn cell_agreement(
        &self,
        document: i64,
        path: &str,
        values: &[(String, String)],
    ) -> Result<Option<(String, String, String)>, Error> {
        let about = values.iter().find(|(column, _)| column == "about_key").map(|(_, key)| key.as_str());
        let Some(key) = about.or(path.split('.').next()) else { return Ok(None) };
        let query = "SELECT agreement.id, title, why FROM agreement_member JOIN agreement ON agreement.id = agreement
                      WHERE document = ?1 AND key = ?2 ORDER BY agreement.id LIMIT 1";
        let mut statement = self.connection.prepare_cached(query).at(&self.path)?;
        let mut rows = statement.query(rusqlite::params![document, key]).at(&self.path)?;
        match rows.next().at(&self.path)? {
            Some(row) => Ok(Some((row.get(0).at(&self.path)?, row.get(1).at(&self.path)?, row.get(2).at(&self.path)?))),
            None => Ok(None),
        }
    }
}
