//! The agreements of the register: joined from the findings of all documents, in one transaction.
//!
//! What linking compares of each finding is kept (`link_mention`), so that a run takes in the documents that are new or
//! changed, links what they touch, and writes the agreements that came out otherwise. Findings are read back for those
//! agreements alone, one agreement at a time. The outcome is the same as if all had been linked at once.
use crate::corrections::Corrections;
use crate::error::{At, Error};
use crate::register::Register;
use crate::{copies, write};
use chancery_agreement::Agreement;
use chancery_link::{Actors, Around, Joined, Linker, Linking, MemberOf, id_number, id_text, own_id};
use rusqlite::{Transaction, TransactionBehavior, params};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The version of linking: a register that was linked by another one is linked from the beginning.
fn linker_version() -> String {
    format!("{} {}", env!("CARGO_PKG_VERSION"), chancery_link::features_version())
}

/// A mention of the run before that is no longer there, or no longer the same.
struct Gone {
    id: u64,
    document: i64,
    features: Vec<u8>,
    partners: Vec<u64>,
    founder: Option<u64>,
}

impl Register {
    /// True when the agreements follow from all the findings that are in the register.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn is_linked(&self) -> Result<bool, Error> {
        let mut query =
            self.connection.prepare_cached("SELECT 1 FROM state WHERE name = 'linked_by' AND value = ?1").at(&self.path)?;
        query.exists([linker_version()]).at(&self.path)
    }

    /// Links what is new, in one transaction. Does nothing where the agreements are up to date.
    ///
    /// # Errors
    /// When the database cannot be read or written; the agreements stay as they were then.
    pub fn link(&mut self) -> Result<(), Error> {
        self.link_at(None)
    }

    /// [`Register::link`], with the moment that is to stand beside the changes it makes (ISO 8601): see
    /// [`Register::changes`].
    ///
    /// # Errors
    /// When the database cannot be read or written; the agreements stay as they were then.
    pub fn link_at(&mut self, when: Option<&str>) -> Result<(), Error> {
        if self.is_linked()? {
            return Ok(());
        }
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate).at(&self.path)?;
        Run { register: self, when, documents: BTreeMap::new(), crowded: None }.all()?;
        transaction.commit().at(&self.path)
    }

    /// What linking is given of a document: its findings as people corrected them.
    pub(crate) fn document_to_link(&self, id: i64, corrections: &Corrections) -> Result<chancery_link::Document, Error> {
        let mut document = self.load(id)?;
        document.findings.naming.clear();
        document.findings.statements.retain(|statement| statement.about.is_some());
        corrections.apply(&document.article, &mut document.findings);
        Ok(chancery_link::Document {
            copy_of: self.original_of(id)?,
            story: chancery_link::story_names(&document.article.text),
            passages: chancery_link::passage_words(&document.article.text, &document.findings),
            id: document.article.id,
            source: document.article.source,
            url: document.article.url,
            publisher: document.article.publisher,
            published: document.article.published.map(|published| published.value),
            title: document.article.title,
            findings: document.findings,
        })
    }
}

/// One run of linking, inside its transaction.
struct Run<'r> {
    register: &'r Register,
    when: Option<&'r str>,
    /// Numbers of the documents of the agreement that is being written.
    documents: BTreeMap<String, i64>,
    /// The document with very many agreements that was loaded last, with its number: each of them asks for it again.
    crowded: Option<(i64, chancery_link::Document)>,
}

/// So many agreements make a document a crowded one.
const CROWDED: usize = 20;

impl Run<'_> {
    fn execute(&self, statement: &str, values: impl rusqlite::Params) -> Result<usize, Error> {
        let path = &self.register.path;
        self.register.connection.prepare_cached(statement).at(path)?.execute(values).at(path)
    }

    fn all(mut self) -> Result<(), Error> {
        let register = self.register;
        let path = &register.path;
        let known = "SELECT 1 FROM state WHERE name = 'linked_with' AND value = ?1";
        if !register.connection.prepare(known).at(path)?.exists([linker_version()]).at(path)? {
            let forget = "DELETE FROM link_document; DELETE FROM link_run; DELETE FROM link_mention; DELETE FROM link_actor; DELETE FROM link_spelling;
                          DELETE FROM document_copy;";
            register.connection.execute_batch(forget).at(path)?;
        }
        let corrections = register.corrections()?;
        let (gone, stirred) = self.take_out()?;
        let fresh = self.take_in(&corrections)?;
        self.spell()?;
        let recopied = copies::update(register, &fresh, &stirred)?;
        let (actors, renamed, shown) = self.actors(&corrections)?;
        let mut linker = Linker::new(&actors);
        self.fill(&mut linker, &fresh, gone)?;
        if !renamed.is_empty() {
            linker.actors_changed(&renamed);
        }
        let stirred = self.tie(&mut linker, &corrections)?;
        linker.stir(&stirred);
        let linking = linker.link();
        for (id, partners) in &linking.partners {
            let bytes: Vec<u8> = partners.iter().flat_map(|partner| partner.to_le_bytes()).collect();
            self.execute("UPDATE link_mention SET partners = ?2 WHERE id = ?1", params![number(*id), bytes])?;
        }
        for joined in linking.joined.iter().filter(|joined| joined.changed) {
            let founder = joined.members.first().map(|id| number(*id));
            for id in &joined.members {
                self.execute("UPDATE link_mention SET founder = ?2 WHERE id = ?1", params![number(*id), founder])?;
            }
        }
        self.rewrite(&linking, &actors, &corrections, &recopied, &shown)?;
        let changes = "INSERT OR REPLACE INTO state (name, value) VALUES ('linked_by', ?1), ('linked_with', ?1)";
        self.execute(changes, [linker_version()])?;
        Ok(())
    }

    /// Forgets the documents that were replaced or corrected since the run before; gives their mentions, and the documents
    /// that were akin to them.
    fn take_out(&self) -> Result<(Vec<Gone>, BTreeSet<i64>), Error> {
        let register = self.register;
        let stale = register.document_ids("SELECT document FROM link_document WHERE current = 0 ORDER BY document")?;
        let (mut gone, mut akin) = (Vec::new(), BTreeSet::new());
        for document in stale {
            let query = "SELECT id, features, partners, founder FROM link_mention WHERE document = ?1 ORDER BY id";
            gone.extend(register.rows(query, document, |row| {
                Ok(Gone {
                    id: own(row.get(0)?),
                    document,
                    features: row.get(1)?,
                    partners: ids(&row.get::<_, Vec<u8>>(2)?),
                    founder: row.get::<_, Option<i64>>(3)?.map(own),
                })
            })?);
            self.execute("DELETE FROM link_mention WHERE document = ?1", [document])?;
            akin.extend(copies::forget(register, document)?);
            self.execute("DELETE FROM link_document WHERE document = ?1 AND current = 0", [document])?;
        }
        Ok((gone, akin))
    }

    /// Takes in the documents that are new; gives their numbers.
    fn take_in(&self, corrections: &Corrections) -> Result<BTreeSet<i64>, Error> {
        let register = self.register;
        let new = "SELECT id FROM document WHERE NOT EXISTS
                     (SELECT 1 FROM link_document WHERE link_document.document = document.id) ORDER BY id";
        let mut fresh = BTreeSet::new();
        for id in register.document_ids(new)? {
            let tells = register.rows("SELECT 1 FROM cell WHERE document = ?1 AND kind = 'agreement' LIMIT 1", id, |_| Ok(()))?;
            if tells.is_empty() {
                copies::remember(register, id, false)?;
                continue;
            }
            let document = register.document_to_link(id, corrections)?;
            copies::remember(register, id, true)?;
            for (finding, features) in document.findings.agreements.iter().zip(chancery_link::features(&document)) {
                let mention = number(own_id(&document.id, &finding.key));
                self.execute(
                    "INSERT OR IGNORE INTO link_mention (id, document, key, features, partners) VALUES (?1, ?2, ?3, ?4, x'')",
                    params![mention, id, finding.key, features.as_bytes()],
                )?;
            }
            fresh.insert(id);
        }
        Ok(fresh)
    }

    /// Notes in which form the names of those who are quoted are compared.
    fn spell(&self) -> Result<(), Error> {
        let new =
            "SELECT speaker FROM found_statement WHERE speaker IS NOT NULL UNION SELECT value FROM correction WHERE field = ?1
                   EXCEPT SELECT name FROM link_spelling";
        for name in self.texts(new, "speaker")? {
            let form = chancery_link::spelling(&name);
            self.execute("INSERT INTO link_spelling (name, form) VALUES (?1, ?2)", [&name, &form])?;
        }
        Ok(())
    }

    /// Which names are one actor today; the names that stood for another one in the run before, and the actors that were
    /// shown under another name.
    #[allow(clippy::type_complexity)] // three things that follow from one table
    fn actors(&self, corrections: &Corrections) -> Result<(Actors, BTreeSet<String>, BTreeSet<String>), Error> {
        let (register, path) = (self.register, &self.register.path);
        let mut names: Vec<(String, u64)> = Vec::new();
        let mut query = register.connection.prepare("SELECT actor, count(*) FROM found_party GROUP BY actor").at(path)?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))).at(path)?;
        for row in rows {
            names.push(row.at(path)?);
        }
        names.extend(corrections.actors().map(|name| (name.to_owned(), 1)));
        let actors = Actors::new(names, corrections.aliases());
        let table = actors.table();
        let (mut renamed, mut shown) = (BTreeSet::new(), BTreeSet::new());
        let mut query = register.connection.prepare("SELECT form, actor, shown FROM link_actor").at(path)?;
        let mut rows = query.query([]).at(path)?;
        let mut same = HashSet::new();
        while let Some(row) = rows.next().at(path)? {
            let (form, actor, name): (String, String, String) =
                (row.get(0).at(path)?, row.get(1).at(path)?, row.get(2).at(path)?);
            match table.get(&form) {
                Some((today, now)) if *today == actor && *now == name => {
                    same.insert(form);
                }
                now => {
                    if now.is_none_or(|(today, _)| *today != actor) {
                        renamed.extend([form, actor]);
                        renamed.extend(now.map(|(today, _)| today.clone()));
                    }
                    shown.insert(name);
                }
            }
        }
        drop(rows);
        for (form, (actor, name)) in table.iter().filter(|(form, _)| !same.contains(*form)) {
            let statement = "INSERT OR REPLACE INTO link_actor (form, actor, shown, id) VALUES (?1, ?2, ?3, ?4)";
            self.execute(statement, params![form, actor, name, chancery_link::actor_id(actor)])?;
        }
        let mut query = register.connection.prepare("SELECT form FROM link_actor").at(path)?;
        let forms = query.query_map([], |row| row.get::<_, String>(0)).at(path)?;
        let forms = forms.collect::<rusqlite::Result<Vec<String>>>().at(path)?;
        for form in forms.iter().filter(|form| !table.contains_key(*form)) {
            self.execute("DELETE FROM link_actor WHERE form = ?1", [form])?;
        }
        Ok((actors, renamed, shown))
    }

    /// Hands every mention to the linker.
    fn fill(&self, linker: &mut Linker<'_>, fresh: &BTreeSet<i64>, gone: Vec<Gone>) -> Result<(), Error> {
        let (register, path) = (self.register, &self.register.path);
        for gone in gone {
            let founder = gone.founder.unwrap_or(gone.id);
            linker.remove(gone.id, gone.document, &gone.features, gone.partners, founder);
        }
        let mut query =
            register.connection.prepare("SELECT id, document, features, partners, founder FROM link_mention").at(path)?;
        let mut rows = query.query([]).at(path)?;
        while let Some(row) = rows.next().at(path)? {
            let (id, document): (i64, i64) = (row.get(0).at(path)?, row.get(1).at(path)?);
            let features = row.get_ref(2).at(path)?.as_blob().unwrap_or_default();
            let founder: Option<i64> = row.get(4).at(path)?;
            let taken = match founder.filter(|_| !fresh.contains(&document)) {
                Some(founder) => {
                    let partners = ids(row.get_ref(3).at(path)?.as_blob().unwrap_or_default());
                    linker.keep(own(id), document, features, partners, own(founder))
                }
                None => linker.add(own(id), document, features),
            };
            if !taken {
                return Err(Error::damaged(path, format!("mention {id} has no features that can be read")));
            }
        }
        Ok(())
    }

    /// Hands over what people joined and kept apart; gives the mentions whose ties are others than in the run before.
    fn tie(&self, linker: &mut Linker<'_>, corrections: &Corrections) -> Result<BTreeSet<u64>, Error> {
        for (a, b) in corrections.together() {
            linker.together(a, b);
        }
        for (a, b) in corrections.apart() {
            linker.apart(a, b);
        }
        Ok(corrections.tied())
    }

    /// Writes the agreements that came out otherwise than they stand in the register.
    fn rewrite(
        &mut self,
        linking: &Linking,
        actors: &Actors,
        corrections: &Corrections,
        recopied: &BTreeSet<i64>,
        shown: &BTreeSet<String>,
    ) -> Result<(), Error> {
        let register = self.register;
        let founders: HashSet<u64> = linking.placed.iter().map(|placed| placed.founder).collect();
        let before = self.remove_others(&founders, linking)?;
        // Agreements of which members, copies, names of actors or titles are others than before.
        let mut write: BTreeSet<u64> = BTreeSet::new();
        let mut moved: HashSet<u64> = HashSet::new();
        for joined in linking.joined.iter().filter(|joined| joined.changed) {
            let Some(founder) = joined.members.first().copied() else { continue };
            write.insert(founder);
            if joined.former != [founder] {
                moved.extend(&joined.members);
            }
        }
        let moved: HashSet<i64> =
            linking.placed.iter().filter(|placed| moved.contains(&placed.id)).map(|placed| placed.document).collect();
        for placed in &linking.placed {
            if recopied.contains(&placed.document) || (placed.is_related && moved.contains(&placed.document)) {
                write.insert(placed.founder);
            }
        }
        for name in shown {
            let query = "SELECT DISTINCT agreement FROM agreement_party JOIN agreement_cell ON id = cell WHERE actor = ?1";
            let mut query = register.connection.prepare_cached(query).at(&register.path)?;
            let found = query.query_map([name], |row| row.get::<_, String>(0)).at(&register.path)?;
            for id in found {
                write.extend(id_number(&id.at(&register.path)?).filter(|id| founders.contains(id)));
            }
        }
        write.extend(corrections.titled().filter_map(|id| linking.founder(id)));
        let agreement_of = |id: u64| linking.founder(id).unwrap_or(id);
        let new: BTreeMap<u64, &Joined> =
            linking.joined.iter().filter_map(|joined| Some((*joined.members.first()?, joined))).collect();
        for founder in write {
            let members = match new.get(&founder) {
                Some(joined) => joined.members.clone(),
                None => self.members(founder)?,
            };
            let agreement = self.record(&members, actors, corrections, &agreement_of)?;
            write::write(&register.connection, &agreement, &self.documents).at(&register.path)?;
            self.execute("DELETE FROM agreement_redirect WHERE id = ?1", [&agreement.id])?;
            for id in members.iter().skip(1) {
                let statement = "INSERT OR REPLACE INTO agreement_redirect (id, agreement) VALUES (?1, ?2)";
                self.execute(statement, params![id_text(*id), agreement.id])?;
            }
            let joined = new.get(&founder).filter(|joined| joined.changed);
            if let Some(joined) = joined.filter(|joined| !joined.former.is_empty() || !before.contains(&founder)) {
                self.log(joined, &agreement, &founders)?;
            }
        }
        Ok(())
    }

    /// Members of an agreement that is as it was, the founder first.
    fn members(&self, founder: u64) -> Result<Vec<u64>, Error> {
        let register = self.register;
        let query =
            "SELECT hash, key FROM agreement_member JOIN document ON document.id = document WHERE agreement = ?1 ORDER BY n";
        let mut query = register.connection.prepare_cached(query).at(&register.path)?;
        let members = query.query_map([id_text(founder)], |row| Ok(own_id(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?)));
        members.at(&register.path)?.collect::<rusqlite::Result<_>>().at(&register.path)
    }

    fn loaded(&mut self, number: i64, corrections: &Corrections) -> Result<chancery_link::Document, Error> {
        if let Some((_, document)) = self.crowded.as_ref().filter(|(kept, _)| *kept == number) {
            return Ok(document.clone());
        }
        let document = self.register.document_to_link(number, corrections)?;
        if document.findings.agreements.len() >= CROWDED {
            self.crowded = Some((number, document.clone()));
        }
        Ok(document)
    }

    fn record(
        &mut self,
        members: &[u64],
        actors: &Actors,
        corrections: &Corrections,
        agreement_of: &dyn Fn(u64) -> u64,
    ) -> Result<Agreement, Error> {
        let register = self.register;
        let mut loaded: Vec<(chancery_link::Document, String)> = Vec::with_capacity(members.len());
        self.documents.clear();
        for id in members {
            let query = "SELECT document, key FROM link_mention WHERE id = ?1";
            let found = register.rows(query, number(*id), |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
            for (document, key) in found {
                let mut one = self.loaded(document, corrections)?;
                // Of the others in the same document no more is needed than that they are there.
                for other in one.findings.agreements.iter_mut().filter(|finding| finding.key != key) {
                    other.stages.clear();
                    other.commitments.clear();
                }
                one.findings.statements.retain(|statement| statement.about.as_deref() == Some(key.as_str()));
                self.documents.insert(one.id.clone(), document);
                loaded.push((one, key));
            }
        }
        let members: Vec<MemberOf<'_>> = loaded.iter().map(|(document, key)| (document, key.as_str())).collect();
        let original_of = |document| original_of(document);
        let mut agreement = chancery_link::record(&members, &Around { actors, agreement_of, original_of: &original_of });
        if let Some(title) = corrections.title(members.iter().map(|(document, key)| own_id(&document.id, key))) {
            agreement.title = title;
        }
        Ok(agreement)
    }

    /// Removes the agreements that no mention founds any more, and the former ids that lead nowhere; gives those there were.
    fn remove_others(&self, founders: &HashSet<u64>, linking: &Linking) -> Result<HashSet<u64>, Error> {
        let register = self.register;
        let mut before = HashSet::new();
        let former: HashSet<u64> =
            linking.joined.iter().filter(|joined| joined.changed).flat_map(|joined| &joined.former).copied().collect();
        for id in register.agreement_ids()? {
            let Some(number) = id_number(&id) else { continue };
            before.insert(number);
            if !founders.contains(&number) {
                if !former.contains(&number) {
                    let title: Vec<String> = self.texts("SELECT title FROM agreement WHERE id = ?1", &id)?;
                    self.change("removed", &id, None, title.first().map_or("", String::as_str))?;
                }
                self.execute("DELETE FROM agreement WHERE id = ?1", [&id])?;
            }
        }
        for id in self.texts("SELECT id FROM agreement_redirect WHERE ?1 = ''", "")? {
            let placed = id_number(&id).and_then(|number| linking.placed.binary_search_by_key(&number, |placed| placed.id).ok());
            if placed.is_none() {
                self.execute("DELETE FROM agreement_redirect WHERE id = ?1", [&id])?;
            }
        }
        Ok(before)
    }

    fn texts(&self, query: &str, value: &str) -> Result<Vec<String>, Error> {
        let path = &self.register.path;
        let mut query = self.register.connection.prepare_cached(query).at(path)?;
        let rows = query.query_map([value], |row| row.get(0)).at(path)?;
        rows.collect::<rusqlite::Result<_>>().at(path)
    }

    /// Notes what became of a cluster.
    fn log(&self, joined: &Joined, agreement: &Agreement, founders: &HashSet<u64>) -> Result<(), Error> {
        let founder = joined.members.first().copied().unwrap_or_default();
        let title = &agreement.title;
        let new = joined.former.is_empty();
        // A member that left an agreement which goes on without it was split off, also where it joined another one.
        let left = joined.came_from.iter().filter(|one| new || founders.contains(one));
        let before: BTreeSet<&u64> = joined.former.iter().chain(left).collect();
        let mut told = false;
        for former in before.iter().copied().filter(|former| **former != founder) {
            let what = if founders.contains(former) {
                "split"
            } else if before.len() > 1 {
                "merged"
            } else {
                "moved"
            };
            self.change(what, &agreement.id, Some(&id_text(*former)), title)?;
            told = true;
        }
        if new && !told {
            return self.change("added", &agreement.id, None, title);
        }
        if !told {
            self.change("changed", &agreement.id, None, title)?;
        }
        Ok(())
    }

    fn change(&self, what: &str, agreement: &str, other: Option<&str>, detail: &str) -> Result<(), Error> {
        self.register.note_change(self.when, what, agreement, other, detail)
    }
}

fn original_of(document: &chancery_link::Document) -> &str {
    document.copy_of.as_deref().unwrap_or(&document.id)
}

/// An own id as the database keeps it; it has 60 bits.
pub(crate) fn number(id: u64) -> i64 {
    id.cast_signed()
}

fn own(number: i64) -> u64 {
    number.cast_unsigned()
}

fn ids(bytes: &[u8]) -> Vec<u64> {
    bytes.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect()
}
