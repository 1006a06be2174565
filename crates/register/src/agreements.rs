//! Agreements read back as linking made them.
use crate::error::{At, Error};
use crate::load::FoundEvidence;
use crate::register::Register;
use chancery_agreement::{
    Agreement, AgreementCommitment, AgreementMoney, AgreementName, AgreementParty, AgreementRelation, AgreementStage,
    AgreementStatement, AgreementTerm, Article, Conflict, ConflictValue, Date, Evidence, Forecast, Member, Sourced, Speaker,
};
use rusqlite::{OptionalExtension, Row};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

impl Register {
    /// Ids of all agreements, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn agreement_ids(&self) -> Result<Vec<String>, Error> {
        let mut query = self.connection.prepare_cached("SELECT id FROM agreement ORDER BY id").at(&self.path)?;
        let ids = query.query_map([], |row| row.get(0)).at(&self.path)?;
        ids.collect::<rusqlite::Result<_>>().at(&self.path)
    }

    /// The agreement with this id, or the one that a former id leads to.
    ///
    /// # Errors
    /// When the database cannot be read, or a stored quote is not what stands in its document.
    pub fn agreement(&self, id: &str) -> Result<Option<Agreement>, Error> {
        let found: Option<(String, String, String)> = self
            .connection
            .prepare_cached(
                "SELECT id, title, kind FROM agreement
                  WHERE id = ?1 OR id = (SELECT agreement FROM agreement_redirect WHERE agreement_redirect.id = ?1)
                  ORDER BY id <> ?1 LIMIT 1",
            )
            .and_then(|mut query| query.query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional())
            .at(&self.path)?;
        let Some((id, title, kind)) = found else { return Ok(None) };
        let cells = Cells { words: self.agreement_words(&id)?, register: self, id: &id };
        let mut terms = cells.terms()?;
        Ok(Some(Agreement {
            title,
            kind: self.word(&kind)?,
            names: cells.names()?,
            parties: cells.parties()?,
            stages: cells.stages()?,
            commitments: cells.commitments()?,
            money: cells.money()?,
            duration: terms.remove("duration").unwrap_or_default(),
            renewal: terms.remove("renewal").unwrap_or_default(),
            articles: terms.remove("articles").unwrap_or_default(),
            statements: cells.statements()?,
            relations: cells.relations()?,
            members: cells.members()?,
            conflicts: cells.conflicts()?,
            forecasts: cells.forecasts()?,
            id,
        }))
    }

    /// Every piece of evidence of one agreement, held against its document.
    fn agreement_words(&self, id: &str) -> Result<Words, Error> {
        const QUERY: &str =
            "SELECT cell, role, agreement_evidence.n, agreement_evidence.document, start_byte, end_byte, quote, rule, confidence
                               FROM agreement_evidence JOIN agreement_cell ON agreement_cell.id = cell
                              WHERE agreement = ?1 ORDER BY agreement_evidence.document, cell, role, agreement_evidence.n";
        let mut query = self.connection.prepare_cached(QUERY).at(&self.path)?;
        let mut rows = query.query([id]).at(&self.path)?;
        let mut words = Words::default();
        // Evidence comes document by document, so that one text at a time is in memory.
        let mut current: Option<(i64, Article)> = None;
        while let Some(row) = rows.next().at(&self.path)? {
            let (place, document, found) = evidence_row(row).at(&self.path)?;
            if current.as_ref().is_none_or(|(id, _)| *id != document) {
                current = Some((document, self.load_article(document)?.0));
            }
            let Some((_, article)) = &current else { continue };
            let evidence = found.checked(article).ok_or_else(|| self.misquoted(article, &found))?;
            match words.0.entry(place) {
                Entry::Vacant(entry) => {
                    entry.insert(Sourced { document: article.id.clone(), source: article.source.clone(), evidence });
                }
                Entry::Occupied(_) => return Err(Error::damaged(&self.path, "a cell has the same evidence twice")),
            }
        }
        Ok(words)
    }
}

type Place = (i64, String, i64);

fn evidence_row(row: &Row) -> rusqlite::Result<(Place, i64, FoundEvidence)> {
    Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?, FoundEvidence::from_row(row, 4)?))
}

/// Evidence by cell, role and number.
#[derive(Default)]
struct Words(BTreeMap<Place, Sourced>);

impl Words {
    fn all(&self, cell: i64, role: &str) -> Vec<Sourced> {
        let range = (cell, role.to_owned(), i64::MIN)..=(cell, role.to_owned(), i64::MAX);
        self.0.range(range).map(|(_, sourced)| sourced.clone()).collect()
    }

    fn one(&self, cell: i64, role: &str, n: i64) -> Option<Sourced> {
        self.0.get(&(cell, role.to_owned(), n)).cloned()
    }
}

/// Reads the cells of one agreement.
struct Cells<'r> {
    register: &'r Register,
    id: &'r str,
    words: Words,
}

impl Cells<'_> {
    /// Every row of a query with the agreement's id for its parameter.
    fn rows<T>(&self, query: &str, row: impl FnMut(&Row) -> rusqlite::Result<T>) -> Result<Vec<T>, Error> {
        let mut statement = self.register.connection.prepare_cached(query).at(&self.register.path)?;
        let rows = statement.query_map([self.id], row).at(&self.register.path)?;
        rows.collect::<rusqlite::Result<_>>().at(&self.register.path)
    }

    fn needed(&self, cell: i64, role: &str, n: i64) -> Result<Sourced, Error> {
        let missing = || Error::damaged(&self.register.path, format!("cell {cell} of agreement {} has no evidence", self.id));
        self.words.one(cell, role, n).ok_or_else(missing)
    }

    fn members(&self) -> Result<Vec<Member>, Error> {
        self.rows(
            "SELECT hash, source, key, why FROM agreement_member JOIN document ON document.id = document
              WHERE agreement = ?1 ORDER BY n",
            |row| Ok(Member { document: row.get(0)?, source: row.get(1)?, key: row.get(2)?, why: row.get(3)? }),
        )
    }

    fn names(&self) -> Result<Vec<AgreementName>, Error> {
        self.rows(
            "SELECT cell, text FROM agreement_name JOIN agreement_cell ON id = cell WHERE agreement = ?1 ORDER BY n",
            |row| Ok(AgreementName { text: row.get(1)?, evidence: self.words.all(row.get(0)?, "told") }),
        )
    }

    fn parties(&self) -> Result<Vec<AgreementParty>, Error> {
        let found = self.rows(
            "SELECT cell, actor, role FROM agreement_party JOIN agreement_cell ON id = cell WHERE agreement = ?1 ORDER BY n",
            |row| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get::<_, String>(2)?)),
        )?;
        found
            .into_iter()
            .map(|(cell, actor, role)| {
                Ok(AgreementParty { actor, role: self.register.word(&role)?, evidence: self.words.all(cell, "told") })
            })
            .collect()
    }

    fn stages(&self) -> Result<Vec<AgreementStage>, Error> {
        let found = self.rows(
            "SELECT cell, stage, modality, place, by_whom, according_to, sources
               FROM agreement_stage JOIN agreement_cell ON id = cell WHERE agreement = ?1 ORDER BY n",
            |row| {
                let words = (row.get::<_, String>(1)?, row.get::<_, String>(2)?);
                Ok((row.get::<_, i64>(0)?, words, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
            },
        )?;
        let mut stages = Vec::with_capacity(found.len());
        for (cell, (stage, modality), place, by, according_to, sources) in found {
            let (date, dates) = self.stage_dates(cell)?;
            stages.push(AgreementStage {
                stage: self.register.word(&stage)?,
                date,
                dates,
                modality: self.register.word(&modality)?,
                place,
                by,
                according_to,
                sources,
                evidence: self.words.all(cell, "told"),
            });
        }
        Ok(stages)
    }

    #[allow(clippy::type_complexity)] // the two date fields of `AgreementStage`
    fn stage_dates(&self, cell: i64) -> Result<(Option<Date>, Vec<(Sourced, Date)>), Error> {
        let query = "SELECT n, date, how, chosen FROM agreement_stage_date WHERE cell = ?1 ORDER BY n";
        let found = self.register.rows(query, cell, |row| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let (mut best, mut dates) = (None, Vec::new());
        for (n, value, how, chosen) in found {
            let date = Date { value, how, expression: self.needed(cell, "date", n)?.evidence };
            if chosen {
                best = Some(date.clone());
            }
            if n > 0 {
                dates.push((self.needed(cell, "dated", n)?, date));
            }
        }
        Ok((best, dates))
    }

    fn commitments(&self) -> Result<Vec<AgreementCommitment>, Error> {
        let found = self.rows(
            "SELECT cell, category, strength FROM agreement_commitment JOIN agreement_cell ON id = cell WHERE agreement = ?1 ORDER BY n",
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?)),
        )?;
        let mut commitments = Vec::with_capacity(found.len());
        for (cell, category, strength) in found {
            let query = "SELECT actor FROM agreement_commitment_by WHERE cell = ?1 ORDER BY n";
            commitments.push(AgreementCommitment {
                category: self.register.word(&category)?,
                strength: self.register.word(&strength)?,
                by: self.register.rows(query, cell, |row| row.get(0))?,
                evidence: self.words.all(cell, "told"),
            });
        }
        Ok(commitments)
    }

    fn money(&self) -> Result<Vec<AgreementMoney>, Error> {
        self.rows(
            "SELECT cell, amount, currency, purpose, period
               FROM agreement_money JOIN agreement_cell ON id = cell WHERE agreement = ?1 ORDER BY n",
            |row| {
                let evidence = self.words.all(row.get(0)?, "told");
                Ok(AgreementMoney {
                    amount: row.get(1)?,
                    currency: row.get(2)?,
                    purpose: row.get(3)?,
                    period: row.get(4)?,
                    evidence,
                })
            },
        )
    }

    fn terms(&self) -> Result<BTreeMap<String, Vec<AgreementTerm>>, Error> {
        let found = self.rows(
            "SELECT cell, field, value FROM agreement_term JOIN agreement_cell ON id = cell WHERE agreement = ?1 ORDER BY n",
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get(2)?)),
        )?;
        let mut terms = BTreeMap::<String, Vec<AgreementTerm>>::new();
        for (cell, field, value) in found {
            terms.entry(field).or_default().push(AgreementTerm { value, evidence: self.words.all(cell, "told") });
        }
        Ok(terms)
    }

    fn statements(&self) -> Result<Vec<AgreementStatement>, Error> {
        struct Found {
            cell: i64,
            speaker: Option<(String, Option<String>, Option<String>)>,
            via: Option<String>,
            kind: String,
            stance: String,
            said: Option<String>,
        }
        let found = self.rows(
            "SELECT cell, speaker, speaker_role, affiliation, via, agreement_statement.kind, stance, said
               FROM agreement_statement JOIN agreement_cell ON id = cell WHERE agreement = ?1 ORDER BY n",
            |row| {
                let name: Option<String> = row.get(1)?;
                let (role, affiliation) = (row.get(2)?, row.get(3)?);
                Ok(Found {
                    cell: row.get(0)?,
                    speaker: name.map(|name| (name, role, affiliation)),
                    via: row.get(4)?,
                    kind: row.get(5)?,
                    stance: row.get(6)?,
                    said: row.get(7)?,
                })
            },
        )?;
        let mut statements = Vec::with_capacity(found.len());
        for found in found {
            let mention: Option<Evidence> = self.words.one(found.cell, "speaker", 1).map(|sourced| sourced.evidence);
            statements.push(AgreementStatement {
                speaker: found.speaker.zip(mention).map(|((name, role, affiliation), evidence)| Speaker {
                    name,
                    role,
                    affiliation,
                    evidence,
                }),
                via: found.via,
                kind: self.register.word(&found.kind)?,
                stance: self.register.word(&found.stance)?,
                said: found.said,
                evidence: self.needed(found.cell, "told", 1)?,
            });
        }
        Ok(statements)
    }

    fn relations(&self) -> Result<Vec<AgreementRelation>, Error> {
        let found = self.rows(
            "SELECT cell, other, agreement_relation.kind FROM agreement_relation JOIN agreement_cell ON id = cell
              WHERE agreement = ?1 ORDER BY n",
            |row| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get::<_, String>(2)?)),
        )?;
        found
            .into_iter()
            .map(|(cell, to, kind)| {
                Ok(AgreementRelation { to, kind: self.register.word(&kind)?, evidence: self.words.all(cell, "told") })
            })
            .collect()
    }

    fn conflicts(&self) -> Result<Vec<Conflict>, Error> {
        let found = self.rows(
            "SELECT cell, field, why, weight FROM agreement_conflict JOIN agreement_cell ON id = cell WHERE agreement = ?1 ORDER BY n",
            |row| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )?;
        let mut conflicts = Vec::with_capacity(found.len());
        for (cell, field, why, weight) in found {
            let query = "SELECT n, value FROM agreement_conflict_value WHERE cell = ?1 ORDER BY n";
            let values = self.register.rows(query, cell, |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))?;
            let values = values
                .into_iter()
                .map(|(n, value)| Ok(ConflictValue { value, evidence: self.needed(cell, "value", n)? }))
                .collect::<Result<_, Error>>()?;
            conflicts.push(Conflict { field, values, why, weight });
        }
        Ok(conflicts)
    }

    fn forecasts(&self) -> Result<Vec<Forecast>, Error> {
        let found = self.rows(
            "SELECT cell, stage, outcome, expected, said, by_whom, actual, late_by_days, why
               FROM agreement_forecast JOIN agreement_cell ON id = cell WHERE agreement = ?1 ORDER BY n",
            |row| {
                let words = (row.get::<_, String>(1)?, row.get::<_, String>(2)?);
                let dates = (row.get(3)?, row.get(4)?, row.get(6)?);
                Ok((row.get::<_, i64>(0)?, words, dates, row.get(5)?, row.get(7)?, row.get(8)?))
            },
        )?;
        let mut forecasts = Vec::with_capacity(found.len());
        for (cell, (stage, outcome), (expected, said, actual), by, late_by_days, why) in found {
            forecasts.push(Forecast {
                stage: self.register.word(&stage)?,
                expected,
                said,
                by,
                outcome: self.register.word(&outcome)?,
                actual,
                late_by_days,
                evidence: self.needed(cell, "told", 1)?,
                actual_evidence: self.words.one(cell, "actual", 1),
                why,
            });
        }
        Ok(forecasts)
    }
}
