//! Reading documents back: the same articles and findings that were stored, every quote checked against its text.
use crate::error::{At, Error};
use crate::register::Register;
use crate::store::{Document, Remark};
use chancery_agreement::{
    AgreementFinding, Article, Block, BlockKind, Commitment, Copy, CopyKind, Date, DateBasis, Evidence, Findings, Money, Name,
    Naming, Party, Published, Relation, Span, Speaker, Stage, Statement, Term,
};
use rusqlite::{OptionalExtension, Row};
use std::collections::BTreeMap;
use std::str::FromStr;

impl Register {
    /// Calls `each` with every document, in order of their first source (then of hash), one at a time in memory.
    ///
    /// # Errors
    /// When the database cannot be read, or a stored quote is not what stands in its document; and those of `each`.
    pub fn for_each_document<E: From<Error>>(&self, mut each: impl FnMut(Document) -> Result<(), E>) -> Result<(), E> {
        for id in self.document_ids("SELECT id FROM document ORDER BY source, hash")? {
            each(self.load(id)?)?;
        }
        Ok(())
    }

    /// The document whose hash is `hash` or begins with it.
    ///
    /// # Errors
    /// When the database cannot be read, or a stored quote is not what stands in its document.
    pub fn document(&self, hash: &str) -> Result<Option<Document>, Error> {
        self.document_id(hash)?.map(|id| self.load(id)).transpose()
    }

    /// Number of the document whose hash is `hash` or begins with it.
    pub(crate) fn document_id(&self, hash: &str) -> Result<Option<i64>, Error> {
        self.connection
            .prepare_cached("SELECT id FROM document WHERE hash >= ?1 AND substr(hash, 1, length(?1)) = ?1 ORDER BY hash LIMIT 1")
            .and_then(|mut query| query.query_row([hash], |row| row.get(0)).optional())
            .at(&self.path)
    }

    pub(crate) fn document_ids(&self, query: &str) -> Result<Vec<i64>, Error> {
        let mut statement = self.connection.prepare(query).at(&self.path)?;
        let ids = statement.query_map([], |row| row.get(0)).at(&self.path)?;
        ids.collect::<rusqlite::Result<_>>().at(&self.path)
    }

    pub(crate) fn load(&self, id: i64) -> Result<Document, Error> {
        let (article, reader) = self.load_article(id)?;
        let remarks = self.rows("SELECT code, message, fatal FROM notice WHERE document = ?1 ORDER BY n", id, |row| {
            Ok(Remark { code: row.get(0)?, message: row.get(1)?, fatal: row.get(2)? })
        })?;
        let words = self.words(id, &article)?;
        let findings = Findings {
            agreements: self.load_agreements(id, &words)?,
            statements: self.load_statements(id, &words)?,
            naming: self.load_naming(id, &words)?,
        };
        Ok(Document { article, findings, remarks, reader })
    }

    /// The article alone, and who read it.
    pub(crate) fn load_article(&self, id: i64) -> Result<(Article, String), Error> {
        let (mut article, reader) = self
            .connection
            .prepare_cached("SELECT * FROM document WHERE id = ?1")
            .and_then(|mut query| query.query_row([id], |row| Ok((article(row)?, row.get("reader")?))))
            .at(&self.path)?;
        article.blocks = self.rows("SELECT kind, start_byte, end_byte FROM block WHERE document = ?1 ORDER BY n", id, |row| {
            let kind: String = row.get(0)?;
            Ok(Block { kind: block_kind(&kind).unwrap_or(BlockKind::Other), span: Span::new(row.get(1)?, row.get(2)?) })
        })?;
        let copies = self.rows(
            "SELECT hash, kind FROM document_copy JOIN document ON document.id = original WHERE document = ?1",
            id,
            |row| Ok((row.get(0)?, row.get::<_, String>(1)?)),
        )?;
        article.copy_of = copies
            .into_iter()
            .next()
            .map(|(original, kind)| Copy { original, kind: copy_kind(&kind).unwrap_or(CopyKind::Exact) });
        Ok((article, reader))
    }

    /// Every row of a query with one number for its parameter.
    pub(crate) fn rows<T>(&self, query: &str, id: i64, row: impl FnMut(&Row) -> rusqlite::Result<T>) -> Result<Vec<T>, Error> {
        let mut statement = self.connection.prepare_cached(query).at(&self.path)?;
        let rows = statement.query_map([id], row).at(&self.path)?;
        rows.collect::<rusqlite::Result<_>>().at(&self.path)
    }

    fn load_agreements(&self, document: i64, words: &Words) -> Result<Vec<AgreementFinding>, Error> {
        let found = self.rows(
            "SELECT cell, key, found_agreement.kind FROM found_agreement JOIN cell ON cell.id = cell WHERE document = ?1 ORDER BY cell",
            document,
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?)),
        )?;
        let mut agreements = Vec::with_capacity(found.len());
        for (id, key, kind) in found {
            let mut terms = self.terms(id, words)?;
            agreements.push(AgreementFinding {
                kind: self.word(&kind)?,
                names: self.names(id, words)?,
                parties: self.parties(id, words)?,
                stages: self.stages(id, words)?,
                commitments: self.commitments(id, words)?,
                money: self.money(id, words)?,
                duration: terms.remove("duration"),
                renewal: terms.remove("renewal"),
                articles: terms.remove("articles"),
                relations: self.relations(id, words)?,
                key,
            });
        }
        Ok(agreements)
    }

    fn names(&self, agreement: i64, words: &Words) -> Result<Vec<Name>, Error> {
        let cells = self.rows("SELECT cell FROM found_name WHERE agreement = ?1 ORDER BY cell", agreement, |row| row.get(0))?;
        cells.into_iter().map(|cell| Ok(Name { evidence: self.told(words, cell)? })).collect()
    }

    fn parties(&self, agreement: i64, words: &Words) -> Result<Vec<Party>, Error> {
        let query = "SELECT cell, actor, role FROM found_party WHERE agreement = ?1 ORDER BY cell";
        let found = self.rows(query, agreement, |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?)))?;
        found
            .into_iter()
            .map(|(cell, actor, role)| Ok(Party { actor, role: self.word(&role)?, evidence: self.told(words, cell)? }))
            .collect()
    }

    fn stages(&self, agreement: i64, words: &Words) -> Result<Vec<Stage>, Error> {
        struct Found {
            cell: i64,
            stage: String,
            modality: String,
            date: Option<String>,
            how: Option<String>,
            place: Option<String>,
            by: Option<String>,
            according_to: Option<String>,
        }
        let query = "SELECT cell, stage, modality, date, date_how, place, by_whom, according_to FROM found_stage
                      WHERE agreement = ?1 ORDER BY cell";
        let found = self.rows(query, agreement, |row| {
            Ok(Found {
                cell: row.get(0)?,
                stage: row.get(1)?,
                modality: row.get(2)?,
                date: row.get(3)?,
                how: row.get(4)?,
                place: row.get(5)?,
                by: row.get(6)?,
                according_to: row.get(7)?,
            })
        })?;
        let mut stages = Vec::with_capacity(found.len());
        for found in found {
            let part = |role: &str, value: Option<String>| -> Option<Term> {
                Some(Term { value: value?, evidence: words.one(found.cell, role)? })
            };
            stages.push(Stage {
                stage: self.word(&found.stage)?,
                modality: self.word(&found.modality)?,
                date: words.one(found.cell, "date").map(|expression| Date {
                    value: found.date,
                    expression,
                    how: found.how.unwrap_or_default(),
                }),
                place: part("place", found.place),
                by: part("by", found.by),
                according_to: found.according_to,
                evidence: self.told(words, found.cell)?,
                also: words.all(found.cell, "also"),
            });
        }
        Ok(stages)
    }

    fn commitments(&self, agreement: i64, words: &Words) -> Result<Vec<Commitment>, Error> {
        let query = "SELECT cell, category, strength FROM found_commitment WHERE agreement = ?1 ORDER BY cell";
        let found = self.rows(query, agreement, |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?)))?;
        let mut commitments = Vec::with_capacity(found.len());
        for (cell, category, strength) in found {
            commitments.push(Commitment {
                category: self.word(&category)?,
                strength: self.word(&strength)?,
                by: self.rows("SELECT actor FROM found_commitment_by WHERE cell = ?1 ORDER BY n", cell, |row| row.get(0))?,
                evidence: self.told(words, cell)?,
            });
        }
        Ok(commitments)
    }

    fn money(&self, agreement: i64, words: &Words) -> Result<Vec<Money>, Error> {
        let query = "SELECT cell, amount, currency, purpose, period FROM found_money WHERE agreement = ?1 ORDER BY cell";
        let found = self.rows(query, agreement, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
        found
            .into_iter()
            .map(|(cell, amount, currency, purpose, period)| {
                Ok(Money { amount, currency, purpose, period, evidence: self.told(words, cell)? })
            })
            .collect()
    }

    fn terms(&self, agreement: i64, words: &Words) -> Result<BTreeMap<String, Term>, Error> {
        let query = "SELECT cell, field, value FROM found_term WHERE agreement = ?1 ORDER BY cell";
        let found = self.rows(query, agreement, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        found.into_iter().map(|(cell, field, value)| Ok((field, Term { value, evidence: self.told(words, cell)? }))).collect()
    }

    fn relations(&self, agreement: i64, words: &Words) -> Result<Vec<Relation>, Error> {
        let query = "SELECT cell, other_key, kind FROM found_relation WHERE agreement = ?1 ORDER BY cell";
        let found = self.rows(query, agreement, |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?)))?;
        found
            .into_iter()
            .map(|(cell, to, kind)| Ok(Relation { to, kind: self.word(&kind)?, evidence: self.told(words, cell)? }))
            .collect()
    }

    fn load_statements(&self, document: i64, words: &Words) -> Result<Vec<Statement>, Error> {
        struct Found {
            cell: i64,
            name: Option<String>,
            role: Option<String>,
            affiliation: Option<String>,
            via: Option<String>,
            kind: String,
            stance: String,
            about: Option<String>,
        }
        let query = "SELECT cell, speaker, speaker_role, affiliation, via, found_statement.kind, stance, about_key
                       FROM found_statement JOIN cell ON cell.id = cell WHERE document = ?1 ORDER BY cell";
        let found = self.rows(query, document, |row| {
            Ok(Found {
                cell: row.get(0)?,
                name: row.get(1)?,
                role: row.get(2)?,
                affiliation: row.get(3)?,
                via: row.get(4)?,
                kind: row.get(5)?,
                stance: row.get(6)?,
                about: row.get(7)?,
            })
        })?;
        let mut statements = Vec::with_capacity(found.len());
        for found in found {
            let speaker = match (found.name, words.one(found.cell, "speaker")) {
                (Some(name), Some(evidence)) => {
                    Some(Speaker { name, role: found.role, affiliation: found.affiliation, evidence })
                }
                _ => None,
            };
            statements.push(Statement {
                speaker,
                via: found.via,
                kind: self.word(&found.kind)?,
                stance: self.word(&found.stance)?,
                about: found.about,
                cue: words.one(found.cell, "cue"),
                source: words.one(found.cell, "source"),
                evidence: self.told(words, found.cell)?,
            });
        }
        Ok(statements)
    }

    fn load_naming(&self, document: i64, words: &Words) -> Result<Vec<Naming>, Error> {
        let query = "SELECT cell, actor, by_whom FROM found_naming JOIN cell ON cell.id = cell WHERE document = ?1 ORDER BY cell";
        let found = self.rows(query, document, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        found.into_iter().map(|(cell, actor, by)| Ok(Naming { actor, by, evidence: self.told(words, cell)? })).collect()
    }

    /// The words behind every cell of one document.
    fn words(&self, document: i64, article: &Article) -> Result<Words, Error> {
        const QUERY: &str = "SELECT cell, role, start_byte, end_byte, quote, rule, confidence
                               FROM evidence JOIN cell ON cell.id = cell WHERE document = ?1 ORDER BY cell, role, n";
        let found = self.rows(QUERY, document, |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, FoundEvidence::from_row(row, 2)?))
        })?;
        let mut words = Words::default();
        for (cell, role, evidence) in found {
            let evidence = evidence.checked(article).ok_or_else(|| self.misquoted(article, &evidence))?;
            words.0.entry((cell, role)).or_default().push(evidence);
        }
        Ok(words)
    }

    fn told(&self, words: &Words, cell: i64) -> Result<Evidence, Error> {
        words.one(cell, "told").ok_or_else(|| Error::damaged(&self.path, format!("cell {cell} has no evidence")))
    }

    pub(crate) fn misquoted(&self, article: &Article, evidence: &FoundEvidence) -> Error {
        let (document, span) = (&article.source, evidence.span);
        Error::damaged(
            &self.path,
            format!("{document} does not say `{}` at bytes {}-{}", evidence.quote, span.start(), span.end()),
        )
    }

    /// A word of one of the closed lists.
    pub(crate) fn word<T: FromStr>(&self, word: &str) -> Result<T, Error>
    where
        T::Err: std::fmt::Display,
    {
        word.parse().map_err(|error: T::Err| Error::damaged(&self.path, error.to_string()))
    }
}

/// The words behind the cells of one document, by cell and role.
#[derive(Default)]
struct Words(BTreeMap<(i64, String), Vec<Evidence>>);

impl Words {
    fn one(&self, cell: i64, role: &str) -> Option<Evidence> {
        self.0.get(&(cell, role.to_owned())).and_then(|found| found.first()).cloned()
    }

    fn all(&self, cell: i64, role: &str) -> Vec<Evidence> {
        self.0.get(&(cell, role.to_owned())).cloned().unwrap_or_default()
    }
}

/// Evidence as it is stored, before it is held against its text.
pub(crate) struct FoundEvidence {
    pub span: Span,
    pub quote: String,
    pub rule: String,
    pub confidence: f64,
}

impl FoundEvidence {
    /// From five columns in the order start, end, quote, rule, confidence, beginning at column `first`.
    pub(crate) fn from_row(row: &Row, first: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            span: Span::new(row.get(first)?, row.get(first + 1)?),
            quote: row.get(first + 2)?,
            rule: row.get(first + 3)?,
            confidence: row.get(first + 4)?,
        })
    }

    /// The evidence, if these are the words of the article at that place.
    #[allow(clippy::cast_possible_truncation)] // the confidence was stored from an `f32`
    pub(crate) fn checked(&self, article: &Article) -> Option<Evidence> {
        Evidence::new(article, self.span, &self.rule, self.confidence as f32)
            .filter(|evidence| evidence.quote() == self.quote && evidence.span() == self.span)
    }
}

fn article(row: &Row) -> rusqlite::Result<Article> {
    let published: Option<String> = row.get("published")?;
    let published = match published {
        None => None,
        Some(value) => {
            let basis: Option<String> = row.get("published_basis")?;
            let (start, end): (Option<usize>, Option<usize>) = (row.get("published_start")?, row.get("published_end")?);
            let confidence: Option<f64> = row.get("published_confidence")?;
            Some(Published {
                value,
                time: row.get("published_time")?,
                basis: basis.as_deref().and_then(date_basis).unwrap_or(DateBasis::Metadata),
                span: start.zip(end).map(|(start, end)| Span::new(start, end)),
                #[allow(clippy::cast_possible_truncation)] // stored from an `f32`
                confidence: confidence.unwrap_or(1.0) as f32,
            })
        }
    };
    Ok(Article {
        id: row.get("hash")?,
        source: row.get("source")?,
        url: row.get("url")?,
        publisher: row.get("publisher")?,
        title: row.get("title")?,
        byline: row.get("byline")?,
        dateline: row.get("dateline")?,
        published,
        language: row.get("language")?,
        text: row.get("text")?,
        blocks: Vec::new(),
        copy_of: None,
    })
}

/// How a publication date is known, from its word.
pub(crate) fn date_basis(word: &str) -> Option<DateBasis> {
    [DateBasis::Metadata, DateBasis::Dateline, DateBasis::Text, DateBasis::Filename]
        .into_iter()
        .find(|basis| basis.as_str() == word)
}

/// What a block is, as the register and the exports write it.
pub(crate) fn block_word(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Headline => "headline",
        BlockKind::Paragraph => "paragraph",
        cut => cut.reason().unwrap_or("other"),
    }
}

/// What a block is, from its word.
pub(crate) fn block_kind(word: &str) -> Option<BlockKind> {
    use BlockKind::{Byline, Caption, Duplicate, Headline, Navigation, Other, Paragraph, Related, Teaser};
    [Headline, Paragraph, Teaser, Related, Caption, Byline, Duplicate, Navigation, Other]
        .into_iter()
        .find(|&kind| block_word(kind) == word)
}

/// Word of a kind of copy.
pub(crate) fn copy_word(kind: CopyKind) -> &'static str {
    match kind {
        CopyKind::Exact => "exact",
        CopyKind::Reprint => "reprint",
        CopyKind::Partial => "partial",
        CopyKind::Version => "version",
    }
}

/// Kind of a copy, from its word.
pub(crate) fn copy_kind(word: &str) -> Option<CopyKind> {
    [CopyKind::Exact, CopyKind::Reprint, CopyKind::Partial, CopyKind::Version].into_iter().find(|&kind| copy_word(kind) == word)
}
