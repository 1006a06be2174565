//! Full-text search over documents and over the words behind cells (SQLite FTS5).
use crate::error::{At, Error};
use crate::register::Register;

/// One place that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Hash of the document.
    pub document: String,
    /// Where the document was found.
    pub source: String,
    /// Its headline.
    pub title: Option<String>,
    /// Day of publication.
    pub published: Option<String>,
    /// Path of the cell whose words were found (`a1.stages.2`); `None` for a hit in the text.
    pub cell: Option<String>,
    /// The words around, those looked for between [`Hit::BEGIN`] and [`Hit::END`].
    pub excerpt: String,
}

impl Hit {
    /// Stands before words that were looked for.
    pub const BEGIN: char = '\u{2}';
    /// Stands after words that were looked for.
    pub const END: char = '\u{3}';
}

impl Register {
    /// The best `limit` hits among what people corrected, then among the words behind cells that nobody rejected, then
    /// among the texts. Every word must be
    /// there; words between double quotes must stand together; `*` at the end of a word stands for any ending.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn search(&self, words: &str, limit: usize) -> Result<Vec<Hit>, Error> {
        let query = fts_query(words);
        if query.is_empty() {
            return Ok(Vec::new());
        }
        let corrected =
            "SELECT document.hash, document.source, document.title, published, path, snippet(correction_text, 0, char(2), char(3), '…', 48)
                           FROM correction_text
                           JOIN correction ON correction.id = correction_text.rowid
                           JOIN correction_place ON correction_place.correction = correction.id AND n = 1
                           JOIN document ON document.hash = correction_place.hash
                          WHERE correction_text MATCH ?1 AND kind IN ('rename', 'change') AND undone IS NULL AND problem IS NULL
                          ORDER BY bm25(correction_text), correction.id LIMIT ?2";
        let quotes =
            "SELECT hash, source, document.title, published, cell.path, snippet(quote_text, 0, char(2), char(3), '…', 48)
                        FROM quote_text
                        JOIN evidence ON evidence.id = quote_text.rowid
                        JOIN cell ON cell.id = evidence.cell
                        JOIN document ON document.id = cell.document
                       WHERE quote_text MATCH ?1 AND evidence.role IN ('told', 'also')
                         AND NOT EXISTS (SELECT 1 FROM corrected WHERE corrected.hash = document.hash AND corrected.kind = 'reject'
                               AND (corrected.path = cell.path OR substr(cell.path, 1, length(corrected.path) + 1) = corrected.path || '.'))
                       ORDER BY bm25(quote_text), hash, evidence.id LIMIT ?2";
        let texts = "SELECT hash, source, document.title, published, NULL, snippet(document_text, -1, char(2), char(3), '…', 32)
                       FROM document_text
                       JOIN document ON document.id = document_text.rowid
                      WHERE document_text MATCH ?1
                      ORDER BY bm25(document_text, 4.0, 1.0), hash LIMIT ?2";
        let mut hits = Vec::new();
        for statement in [corrected, quotes, texts] {
            let mut statement = self.connection.prepare_cached(statement).at(&self.path)?;
            let found = statement.query_map(rusqlite::params![query, limit], |row| {
                Ok(Hit {
                    document: row.get(0)?,
                    source: row.get(1)?,
                    title: row.get(2)?,
                    published: row.get(3)?,
                    cell: row.get(4)?,
                    excerpt: row.get(5)?,
                })
            });
            for hit in found.at(&self.path)? {
                hits.push(hit.at(&self.path)?);
            }
        }
        Ok(hits)
    }
}

/// The words as FTS5 takes them: each between double quotes, so that no sign in them is read as an operator.
fn fts_query(words: &str) -> String {
    let mut terms = Vec::new();
    for (n, part) in words.split('"').enumerate() {
        let phrases: Vec<&str> = if n % 2 == 1 { vec![part] } else { part.split_whitespace().collect() };
        for phrase in phrases {
            let (phrase, ending) = phrase.strip_suffix('*').map_or((phrase, ""), |phrase| (phrase, "*"));
            if phrase.chars().any(char::is_alphanumeric) {
                terms.push(format!("\"{}\"{ending}", phrase.replace('\0', " ")));
            }
        }
    }
    terms.join(" ")
}

#[cfg(test)]
mod tests {
    use super::fts_query;

    #[test]
    fn signs_in_words_are_no_operators() {
        assert_eq!(fts_query("cease-fire OR (x"), r#""cease-fire" "OR" "x""#.replace("\"x\"", "\"(x\""));
        assert_eq!(fts_query(r#"the "State Duma" rat*"#), r#""the" "State Duma" "rat"*"#);
        assert_eq!(fts_query(r#" " * - ""#), "");
    }
}
