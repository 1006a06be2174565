//! What people said to be otherwise: kept apart from the findings, laid over them whenever agreements are linked.
//!
//! A correction names findings by the words behind them, not by their numbers, so that it still applies after a document
//! was read anew. One that no longer finds its words is kept, and reported: [`Correction::problem`].
use crate::error::{At, Error};
use crate::overlay;
use crate::register::Register;
use chancery_agreement::{Article, Findings};
use chancery_link::own_id;
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};

/// Who corrects, when, and why.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// Name of the person.
    pub by: &'a str,
    /// The moment, ISO 8601.
    pub at: &'a str,
    /// A remark.
    pub note: Option<&'a str>,
}

/// One correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Its number, by which it is undone.
    pub id: i64,
    /// rename, merge, split, reject, change, confirm, alias.
    pub kind: String,
    /// What sort of cell it is about; `None` for whole agreements and for actors.
    pub cell: Option<String>,
    /// Which part of the cell; for an alias the name.
    pub field: Option<String>,
    /// The new value; for an alias the actor.
    pub value: Option<String>,
    /// The value before.
    pub former: Option<String>,
    /// Who.
    pub by: String,
    /// When, ISO 8601.
    pub at: String,
    /// Remark.
    pub note: Option<String>,
    /// When and by whom it was undone.
    pub undone: Option<(String, String)>,
    /// Why it does not apply today.
    pub problem: Option<String>,
    /// The findings that it is about.
    pub places: Vec<CorrectionPlace>,
}

/// A finding that a correction is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionPlace {
    /// For a split: 0 what stays together, 1 what is split off.
    pub side: i64,
    /// Hash of the document.
    pub hash: String,
    /// Where the document was found.
    pub source: String,
    /// Place in the findings.
    pub path: String,
    /// First byte of the words.
    pub start: i64,
    /// Byte after the last.
    pub end: i64,
    /// The words by which it is found again.
    pub quote: String,
}

impl CorrectionPlace {
    fn key(&self) -> &str {
        self.path.split('.').next().unwrap_or_default()
    }

    /// Own id of the finding.
    fn mention(&self) -> u64 {
        own_id(&self.hash, self.key())
    }
}

/// The corrections that apply today, with their places where the findings have them today.
#[derive(Default)]
pub(crate) struct Corrections {
    standing: Vec<Correction>,
    by_document: BTreeMap<String, Vec<usize>>,
    aliases: Vec<(String, String)>,
    /// Mentions of all ties, those undone included.
    tied: BTreeSet<u64>,
    titled: BTreeSet<u64>,
}

impl Corrections {
    fn add(&mut self, correction: Correction) {
        if correction.kind == "alias" {
            self.aliases.extend(correction.field.clone().zip(correction.value.clone()));
        }
        let documents: BTreeSet<&String> = correction.places.iter().map(|place| &place.hash).collect();
        for hash in documents {
            self.by_document.entry(hash.clone()).or_default().push(self.standing.len());
        }
        self.standing.push(correction);
    }

    /// Lays them over the findings of one document.
    pub(crate) fn apply(&self, article: &Article, findings: &mut Findings) {
        let Some(own) = self.by_document.get(&article.id) else { return };
        let own = || own.iter().filter_map(|at| self.standing.get(*at));
        for correction in own().filter(|correction| correction.kind == "change") {
            let (Some(field), Some(value)) = (&correction.field, &correction.value) else { continue };
            for place in correction.places.iter().filter(|place| place.hash == article.id) {
                let rule = format!("correction {}", correction.id);
                // What cannot be done was found out, and reported, when the correction was looked up.
                let _ = overlay::change(article, findings, &place.path, (field, value), &rule);
            }
        }
        let rejected: Vec<String> = own()
            .filter(|correction| correction.kind == "reject")
            .flat_map(|correction| &correction.places)
            .filter(|place| place.hash == article.id)
            .map(|place| place.path.clone())
            .collect();
        if !rejected.is_empty() {
            overlay::reject(findings, &rejected);
        }
    }

    /// Names that stand for another actor.
    pub(crate) fn aliases(&self) -> &[(String, String)] {
        &self.aliases
    }

    /// Actors that only corrections name.
    pub(crate) fn actors(&self) -> impl Iterator<Item = &str> {
        let named = self.standing.iter().filter(|one| one.kind == "change" && one.field.as_deref() == Some("actor"));
        named.filter_map(|one| one.value.as_deref())
    }

    fn sides(&self, kind: &'static str) -> impl Iterator<Item = (Vec<u64>, Vec<u64>)> {
        self.standing.iter().filter(move |one| one.kind == kind).map(|one| {
            let side = |side: i64| one.places.iter().filter(|place| place.side == side).map(CorrectionPlace::mention).collect();
            (side(0), side(1))
        })
    }

    /// Pairs of mentions that are one.
    pub(crate) fn together(&self) -> Vec<(u64, u64)> {
        let chain = |side: Vec<u64>| side.windows(2).filter_map(|two| Some((*two.first()?, *two.last()?))).collect::<Vec<_>>();
        let merged = self.sides("merge").flat_map(|(all, _)| chain(all));
        merged.chain(self.sides("split").flat_map(|(stay, leave)| [chain(stay), chain(leave)].concat())).collect()
    }

    /// Pairs of mentions that are two.
    pub(crate) fn apart(&self) -> Vec<(u64, u64)> {
        let mut pairs = Vec::new();
        for (stay, leave) in self.sides("split") {
            // All of a side are joined to each other, so that one pair stands for all.
            pairs.extend(stay.first().copied().zip(leave.first().copied()));
        }
        pairs
    }

    /// Mentions of all ties, those that were undone included.
    pub(crate) fn tied(&self) -> BTreeSet<u64> {
        self.tied.clone()
    }

    /// Mentions of which somebody named, or no longer names, the agreement.
    pub(crate) fn titled(&self) -> impl Iterator<Item = u64> {
        self.titled.iter().copied()
    }

    /// The title that was given to the agreement of these mentions; the latest counts.
    pub(crate) fn title(&self, mentions: impl Iterator<Item = u64>) -> Option<String> {
        let mentions: BTreeSet<u64> = mentions.collect();
        let named = |one: &&Correction| {
            one.kind == "rename" && one.places.first().is_some_and(|place| mentions.contains(&place.mention()))
        };
        self.standing.iter().rev().find(named).and_then(|one| one.value.clone())
    }
}

impl Register {
    /// Every correction, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn all_corrections(&self) -> Result<Vec<Correction>, Error> {
        let query = "SELECT id, kind, cell, field, value, former, by_whom, at, note, undone, undone_by, problem
                       FROM correction WHERE id > ?1 ORDER BY id";
        let mut all = self.rows(query, 0, |row| {
            let undone: Option<String> = row.get(9)?;
            let undone_by: Option<String> = row.get(10)?;
            Ok(Correction {
                id: row.get(0)?,
                kind: row.get(1)?,
                cell: row.get(2)?,
                field: row.get(3)?,
                value: row.get(4)?,
                former: row.get(5)?,
                by: row.get(6)?,
                at: row.get(7)?,
                note: row.get(8)?,
                undone: undone.map(|at| (at, undone_by.unwrap_or_default())),
                problem: row.get(11)?,
                places: Vec::new(),
            })
        })?;
        for correction in &mut all {
            let query = "SELECT side, hash, source, path, start_byte, end_byte, quote FROM correction_place
                          WHERE correction = ?1 ORDER BY n";
            correction.places = self.rows(query, correction.id, |row| {
                Ok(CorrectionPlace {
                    side: row.get(0)?,
                    hash: row.get(1)?,
                    source: row.get(2)?,
                    path: row.get(3)?,
                    start: row.get(4)?,
                    end: row.get(5)?,
                    quote: row.get(6)?,
                })
            })?;
        }
        Ok(all)
    }

    /// The corrections as they apply today. Places and problems are looked up anew, and noted.
    pub(crate) fn corrections(&self) -> Result<Corrections, Error> {
        let mut found = Corrections::default();
        for mut correction in self.all_corrections()? {
            let mut problem = None;
            for (n, place) in (1i64..).zip(&mut correction.places) {
                match self.place_today(place, correction.cell.as_deref())? {
                    Ok(path) => {
                        if path != place.path {
                            place.path = path;
                            self.connection
                                .prepare_cached("UPDATE correction_place SET path = ?3 WHERE correction = ?1 AND n = ?2")
                                .and_then(|mut update| update.execute(params![correction.id, n, place.path]))
                                .at(&self.path)?;
                        }
                    }
                    Err(why) => problem = Some(why),
                }
            }
            match correction.kind.as_str() {
                "merge" | "split" => found.tied.extend(correction.places.iter().map(CorrectionPlace::mention)),
                "rename" => found.titled.extend(correction.places.iter().map(CorrectionPlace::mention)),
                _ => {}
            }
            if correction.undone.is_some() {
                continue;
            }
            if problem.is_none() && correction.kind == "change" {
                problem = self.try_change(&correction)?.err();
            }
            if problem != correction.problem {
                self.connection
                    .prepare_cached("UPDATE correction SET problem = ?2 WHERE id = ?1")
                    .and_then(|mut update| update.execute(params![correction.id, problem]))
                    .at(&self.path)?;
            }
            if problem.is_none() {
                found.add(correction);
            }
        }
        Ok(found)
    }

    /// The corrections as they stood when agreements were last linked.
    pub(crate) fn corrections_as_noted(&self, all: &[Correction]) -> Corrections {
        let mut found = Corrections::default();
        let standing = all.iter().filter(|correction| correction.undone.is_none() && correction.problem.is_none());
        standing.for_each(|correction| found.add(correction.clone()));
        found
    }

    /// Where a finding stands today, or why it stands nowhere: the same words are looked for, then words around them.
    fn place_today(&self, place: &CorrectionPlace, cell: Option<&str>) -> Result<Result<String, String>, Error> {
        let Some(document) = self.exact_document(&place.hash)? else {
            return Ok(Err(format!("{} is no longer in the register", place.source)));
        };
        // Agreements are found by the words of their names, parties and stages.
        let query = "SELECT path, start_byte, end_byte, kind FROM cell JOIN evidence ON evidence.cell = cell.id
                      WHERE document = ?1 AND role = 'told' ORDER BY cell.id";
        let cells = self.rows(query, document, |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?, row.get::<_, String>(3)?))
        })?;
        let of_kind = |kind: &str| match cell {
            Some(cell) => kind == cell,
            None => matches!(kind, "name" | "party" | "stage"),
        };
        let best = cells
            .iter()
            .filter(|(_, start, end, kind)| of_kind(kind) && *start < place.end && place.start < *end)
            .map(|(path, start, end, _)| {
                let path = if cell.is_none() { path.split('.').next().unwrap_or(path) } else { path };
                ((*start, *end) != (place.start, place.end), path != place.path, path)
            })
            .min();
        // Words that the correction has not got: an agreement without any cell.
        let bare = place.quote.is_empty().then_some(place.path.as_str());
        Ok(best.map(|(_, _, path)| path).or(bare).map(str::to_owned).ok_or_else(|| {
            format!("“{}” is no longer a {} in {}", place.quote, cell.unwrap_or("part of an agreement"), place.source)
        }))
    }

    /// The change laid over the findings of its document, or why that cannot be done; gives the value before.
    fn try_change(&self, correction: &Correction) -> Result<Result<String, String>, Error> {
        let (Some(place), Some(field), Some(value)) = (correction.places.first(), &correction.field, &correction.value) else {
            return Ok(Err("it names no cell".to_owned()));
        };
        let Some(id) = self.exact_document(&place.hash)? else { return Ok(Err("its document is gone".to_owned())) };
        let mut document = self.load(id)?;
        Ok(overlay::change(&document.article, &mut document.findings, &place.path, (field, value), "correction"))
    }

    fn exact_document(&self, hash: &str) -> Result<Option<i64>, Error> {
        let query = "SELECT id FROM document WHERE hash = ?1";
        let mut query = self.connection.prepare_cached(query).at(&self.path)?;
        let mut rows = query.query([hash]).at(&self.path)?;
        rows.next().at(&self.path)?.map(|row| row.get(0).at(&self.path)).transpose()
    }

    /// Gives the agreement `id` another title.
    ///
    /// # Errors
    /// When there is no such agreement, or the database cannot be written.
    pub fn rename(&mut self, id: &str, title: &str, author: Author<'_>) -> Result<i64, Error> {
        let places: Vec<CorrectionPlace> = self.members_as_places(id, 0)?.into_iter().take(1).collect();
        self.add_correction("rename", None, (None, Some(title), None), &places, author)
    }

    /// Makes one agreement of two.
    ///
    /// # Errors
    /// When one of them does not exist or both are one, or the database cannot be written.
    pub fn merge(&mut self, one: &str, other: &str, author: Author<'_>) -> Result<i64, Error> {
        let mut places = self.members_as_places(one, 0)?;
        let others = self.members_as_places(other, 0)?;
        if others.iter().any(|place| places.contains(place)) {
            return Err(Error::correction(format!("{one} and {other} are one agreement already")));
        }
        places.extend(others);
        self.add_correction("merge", None, (None, None, None), &places, author)
    }

    /// Makes an agreement of its own of some members (`HASH/a1`, the beginning of a hash will do) of the agreement `id`.
    ///
    /// # Errors
    /// When there is no such agreement or member, when nothing would stay, or the database cannot be written.
    pub fn split(&mut self, id: &str, members: &[String], author: Author<'_>) -> Result<i64, Error> {
        let mut places = self.members_as_places(id, 0)?;
        for member in members {
            let (hash, key) = member.split_once('/').unwrap_or((member, ""));
            let mut named =
                places.iter_mut().filter(|place| place.hash.starts_with(hash) && (key.is_empty() || place.path == key));
            match (named.next(), named.next()) {
                (Some(place), None) => place.side = 1,
                (None, _) => {
                    return Err(Error::correction(format!("{id} has no member {member}; `chancery explain {id}` lists them")));
                }
                _ => return Err(Error::correction(format!("{id} has several members {member}; name one as DOCUMENT/KEY"))),
            }
        }
        if places.iter().all(|place| place.side == 1) || places.iter().all(|place| place.side == 0) {
            return Err(Error::correction(format!("a split of {id} has to leave some of its members and to take some")));
        }
        self.add_correction("split", None, (None, None, None), &places, author)
    }

    /// Takes an agreement (by its id) or a cell (`HASH/a1.stages.2`) out of the register.
    ///
    /// # Errors
    /// When there is no such agreement or cell, or the database cannot be written.
    pub fn reject(&mut self, target: &str, author: Author<'_>) -> Result<i64, Error> {
        let (cell, places) = self.target(target)?;
        self.add_correction("reject", cell.as_deref(), (None, None, None), &places, author)
    }

    /// Notes that an agreement (by its id) or a cell (`HASH/a1.stages.2`) is right.
    ///
    /// # Errors
    /// When there is no such agreement or cell, or the database cannot be written.
    pub fn confirm(&mut self, target: &str, author: Author<'_>) -> Result<i64, Error> {
        let (cell, places) = self.target(target)?;
        self.add_correction("confirm", cell.as_deref(), (None, None, None), &places, author)
    }

    /// Gives one part of a cell (`HASH/a1.stages.2`) another value.
    ///
    /// # Errors
    /// When there is no such cell, part or value, or the database cannot be written.
    pub fn change_cell(&mut self, cell: &str, field: &str, value: &str, author: Author<'_>) -> Result<i64, Error> {
        let (kind, places) = self.target(cell)?;
        let trial = Correction {
            id: 0,
            kind: "change".to_owned(),
            cell: kind.clone(),
            field: Some(field.to_owned()),
            value: Some(value.to_owned()),
            former: None,
            by: String::new(),
            at: String::new(),
            note: None,
            undone: None,
            problem: None,
            places,
        };
        let former = self.try_change(&trial)?.map_err(|why| Error::correction(format!("{cell}: {why}")))?;
        self.add_correction("change", kind.as_deref(), (Some(field), Some(value), Some(&former)), &trial.places, author)
    }

    /// Has `name` stand for `actor` wherever it names a party.
    ///
    /// # Errors
    /// When both are one name, or the database cannot be written.
    pub fn alias(&mut self, name: &str, actor: &str, author: Author<'_>) -> Result<i64, Error> {
        if name.trim().is_empty() || actor.trim().is_empty() || name.trim().eq_ignore_ascii_case(actor.trim()) {
            return Err(Error::correction("an alias is a name and another name that it stands for".to_owned()));
        }
        self.add_correction("alias", None, (Some(name.trim()), Some(actor.trim()), None), &[], author)
    }

    /// Undoes a correction; it stays in the list.
    ///
    /// # Errors
    /// When there is no such correction or it is undone already, or the database cannot be written.
    pub fn undo(&mut self, correction: i64, author: Author<'_>) -> Result<(), Error> {
        let all = self.all_corrections()?;
        let Some(found) = all.into_iter().find(|one| one.id == correction) else {
            return Err(Error::correction(format!("there is no correction {correction}; `chancery correct list` shows all")));
        };
        if found.undone.is_some() {
            return Err(Error::correction(format!("correction {correction} is undone already")));
        }
        let update = "UPDATE correction SET undone = ?2, undone_by = ?3 WHERE id = ?1";
        self.connection.execute(update, params![correction, author.at, author.by]).at(&self.path)?;
        self.unsettle(&found.places)?;
        self.note_change(Some(author.at), "undone", &correction.to_string(), None, &found.kind)?;
        self.link_at(Some(author.at))
    }

    /// The members of an agreement with the words by which they are found again.
    fn members_as_places(&self, id: &str, side: i64) -> Result<Vec<CorrectionPlace>, Error> {
        let missing = || Error::correction(format!("there is no agreement {id}; `chancery list` shows all"));
        let agreement = self.agreement(id)?.ok_or_else(missing)?;
        let mut places = Vec::with_capacity(agreement.members.len());
        for member in agreement.members {
            let document = self.exact_document(&member.document)?.ok_or_else(missing)?;
            let query = "SELECT start_byte, end_byte, quote, path FROM cell JOIN evidence ON evidence.cell = cell.id
                          WHERE document = ?1 AND role = 'told' AND kind IN ('name', 'stage', 'party')
                          ORDER BY kind <> 'name', kind <> 'stage', cell.id";
            let words = self.rows(query, document, |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?))
            })?;
            let prefix = format!("{}.", member.key);
            let words = words.into_iter().find(|(_, _, _, path)| path.starts_with(&prefix));
            let (start, end, quote, _) = words.unwrap_or_default();
            places.push(CorrectionPlace {
                side,
                hash: member.document,
                source: member.source,
                path: member.key,
                start,
                end,
                quote,
            });
        }
        Ok(places)
    }

    /// An agreement by its id, or a cell by its place.
    fn target(&self, target: &str) -> Result<(Option<String>, Vec<CorrectionPlace>), Error> {
        if !target.contains(['/', ':']) {
            return Ok((None, self.members_as_places(target, 0)?));
        }
        let missing =
            || Error::correction(format!("there is no cell {target}; `chancery show WORDS --cells` prints their places"));
        let (article, cells) = self.cells(target)?.ok_or_else(missing)?;
        let cell = cells.into_iter().next().ok_or_else(missing)?;
        let place = |start, end, quote| CorrectionPlace {
            side: 0,
            hash: article.id.clone(),
            source: article.source.clone(),
            path: cell.path.clone(),
            start,
            end,
            quote,
        };
        if cell.kind == "agreement" {
            let id = cell.agreement.map(|(id, _, _)| id).ok_or_else(missing)?;
            let own = self.members_as_places(&id, 0)?.into_iter().filter(|one| one.hash == article.id && one.path == cell.path);
            return Ok((None, own.collect()));
        }
        let (_, words) = cell.evidence.first().ok_or_else(missing)?;
        let number = |offset: usize| i64::try_from(offset).unwrap_or(i64::MAX);
        let place = place(number(words.span().start()), number(words.span().end()), words.quote().to_owned());
        Ok((Some(cell.kind), vec![place]))
    }

    fn add_correction(
        &mut self,
        kind: &str,
        cell: Option<&str>,
        (field, value, former): (Option<&str>, Option<&str>, Option<&str>),
        places: &[CorrectionPlace],
        author: Author<'_>,
    ) -> Result<i64, Error> {
        let path = self.path.clone();
        let transaction = self.connection.unchecked_transaction().at(&path)?;
        transaction
            .execute(
                "INSERT INTO correction (kind, cell, field, value, former, by_whom, at, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![kind, cell, field, value, former, author.by, author.at, author.note],
            )
            .at(&path)?;
        let id = transaction.last_insert_rowid();
        for (n, place) in places.iter().enumerate() {
            transaction
                .execute(
                    "INSERT INTO correction_place (correction, n, side, hash, source, path, start_byte, end_byte, quote)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                    params![id, n + 1, place.side, place.hash, place.source, place.path, place.start, place.end, place.quote],
                )
                .at(&path)?;
        }
        self.unsettle(places)?;
        self.note_change(Some(author.at), "corrected", &id.to_string(), None, kind)?;
        transaction.commit().at(&path)?;
        self.link_at(Some(author.at))?;
        Ok(id)
    }

    /// Has the documents of a correction taken in anew by the next run of linking.
    fn unsettle(&self, places: &[CorrectionPlace]) -> Result<(), Error> {
        for place in places {
            self.connection.execute("UPDATE link_document SET current = 0 WHERE hash = ?1", [&place.hash]).at(&self.path)?;
        }
        self.connection.execute("DELETE FROM state WHERE name = 'linked_by'", []).at(&self.path).map(|_| ())
    }
}
