//! Which documents are copies of earlier ones: kept up with new documents without comparing all.
//!
//! Two documents that share a run of words meet in `link_run`; those that are akin make a group, and within a group
//! `chancery_collect::copies` says which is whose copy. Only groups with a new document in them are looked at again.
use crate::error::{At, Error};
use crate::load::copy_word;
use crate::register::Register;
use chancery_collect::Sketch;
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};

/// A run of words that more documents share is a phrase of the trade and brings nobody together.
const COMMON: usize = 500;
/// Documents of one group at most; what is beyond is compared with those that are in it by itself.
const LARGEST: usize = 2000;

/// Takes a document in. `tells`: it tells of an agreement; only such documents are looked at for copies.
pub(crate) fn remember(register: &Register, document: i64, tells: bool) -> Result<(), Error> {
    let path = &register.path;
    let (article, _) = register.load_article(document)?;
    let sketch = Sketch::of(&article);
    let bytes = if tells { sketch.to_bytes() } else { Vec::new() };
    register
        .connection
        .prepare_cached("INSERT OR REPLACE INTO link_document (hash, document, current, sketch) VALUES (?1, ?2, 1, ?3)")
        .and_then(|mut insert| insert.execute(params![article.id, document, bytes]))
        .at(path)?;
    if tells {
        let mut insert =
            register.connection.prepare_cached("INSERT OR IGNORE INTO link_run (run, document) VALUES (?1, ?2)").at(path)?;
        for run in sketch.sampled().chain(page(&sketch)) {
            insert.execute(params![run.cast_signed(), document]).at(path)?;
        }
    }
    Ok(())
}

/// Versions of one page meet by its address.
fn page(sketch: &Sketch) -> Option<u64> {
    let address = sketch.page()?;
    Some(address.bytes().fold(0x9E37_79B9_7F4A_7C15, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
}

/// Forgets a document that was replaced; gives the others of which it may have been a copy, or that may be copies of it.
pub(crate) fn forget(register: &Register, document: i64) -> Result<BTreeSet<i64>, Error> {
    let path = &register.path;
    let query = "SELECT sketch FROM link_document WHERE document = ?1 AND current = 0";
    let article = chancery_agreement::Article::default();
    let mut akin = BTreeSet::new();
    for bytes in register.rows(query, document, |row| row.get::<_, Vec<u8>>(0))?.iter().filter(|bytes| !bytes.is_empty()) {
        let own = Sketch::from_bytes(&article, bytes);
        for other in sharing(register, &own)? {
            if other != document && sketch(register, other)?.is_some_and(|found| found.is_akin(&own)) {
                akin.insert(other);
            }
        }
        let mut delete = register.connection.prepare_cached("DELETE FROM link_run WHERE run = ?1 AND document = ?2").at(path)?;
        for run in own.sampled() {
            delete.execute(params![run.cast_signed(), document]).at(path)?;
        }
    }
    Ok(akin)
}

/// Works out the copies among the groups of documents that are new, and of those that were akin to one that was replaced;
/// gives the documents of which it came out otherwise.
pub(crate) fn update(register: &Register, fresh: &BTreeSet<i64>, stirred: &BTreeSet<i64>) -> Result<BTreeSet<i64>, Error> {
    let mut changed = BTreeSet::new();
    let mut done: BTreeSet<i64> = BTreeSet::new();
    for document in fresh.union(stirred) {
        if done.contains(document) {
            continue;
        }
        let group = group(register, *document)?;
        done.extend(group.keys());
        if group.len() <= 1 {
            changed.extend(set(register, *document, None)?.then_some(*document));
            continue;
        }
        let mut sketches: Vec<(i64, Sketch)> = group.into_iter().collect();
        // In order of hash: among reports of one day the first in the list counts as the original.
        sketches.sort_by(|a, b| a.1.id().cmp(b.1.id()));
        let numbers: BTreeMap<String, i64> = sketches.iter().map(|(number, sketch)| (sketch.id().to_owned(), *number)).collect();
        let (order, sketches): (Vec<i64>, Vec<Sketch>) = sketches.into_iter().unzip();
        for (document, copy) in order.into_iter().zip(chancery_collect::copies(&sketches)) {
            let copy = copy.and_then(|copy| Some((*numbers.get(&copy.original)?, copy_word(copy.kind))));
            changed.extend(set(register, document, copy)?.then_some(document));
        }
    }
    // Whose original is gone is no copy any more before anybody has looked.
    changed.extend(stirred);
    Ok(changed)
}

/// Documents that share a run of words, or the address, with a sketch.
fn sharing(register: &Register, own: &Sketch) -> Result<BTreeSet<i64>, Error> {
    let mut near = BTreeSet::new();
    let query = format!("SELECT document FROM link_run WHERE run = ?1 LIMIT {}", COMMON + 1);
    for run in own.sampled().chain(page(own)) {
        let sharing = register.rows(&query, run.cast_signed(), |row| row.get::<_, i64>(0))?;
        if sharing.len() <= COMMON {
            near.extend(sharing);
        }
    }
    Ok(near)
}

/// Every document that hangs together with this one by shared words, with its sketch.
fn group(register: &Register, document: i64) -> Result<BTreeMap<i64, Sketch>, Error> {
    let mut group = BTreeMap::new();
    let mut waiting = Vec::new();
    waiting.extend(sketch(register, document)?.map(|sketch| (document, sketch)));
    while let Some((document, own)) = waiting.pop() {
        let near = sharing(register, &own)?;
        let known: BTreeSet<i64> = waiting.iter().map(|(number, _)| *number).collect();
        for other in near {
            if other == document || known.contains(&other) || group.contains_key(&other) {
                continue;
            }
            if group.len() + waiting.len() < LARGEST
                && let Some(found) = sketch(register, other)?.filter(|found| found.is_akin(&own))
            {
                waiting.push((other, found));
            }
        }
        group.insert(document, own);
    }
    Ok(group)
}

fn sketch(register: &Register, document: i64) -> Result<Option<Sketch>, Error> {
    let query = "SELECT document.hash, url, published, sketch
                   FROM link_document JOIN document ON document.id = link_document.document
                  WHERE link_document.document = ?1 AND current = 1";
    let found = register.rows(query, document, |row| {
        let published: Option<String> = row.get(2)?;
        let article = chancery_agreement::Article {
            id: row.get(0)?,
            url: row.get(1)?,
            published: published.map(|value| chancery_agreement::Published {
                value,
                time: None,
                basis: chancery_agreement::DateBasis::Metadata,
                span: None,
                confidence: 1.0,
            }),
            ..chancery_agreement::Article::default()
        };
        Ok((article, row.get::<_, Vec<u8>>(3)?))
    })?;
    Ok(found
        .into_iter()
        .next()
        .filter(|(_, bytes)| !bytes.is_empty())
        .map(|(article, bytes)| Sketch::from_bytes(&article, &bytes)))
}

/// Notes whose copy a document is; true when that is other than it was.
fn set(register: &Register, document: i64, copy: Option<(i64, &str)>) -> Result<bool, Error> {
    let path = &register.path;
    let query = "SELECT original, kind FROM document_copy WHERE document = ?1";
    let before = register.rows(query, document, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    if before.first().map(|(original, kind)| (*original, kind.as_str())) == copy {
        return Ok(false);
    }
    register.connection.prepare_cached("DELETE FROM document_copy WHERE document = ?1").at(path)?.execute([document]).at(path)?;
    if let Some((original, kind)) = copy {
        let insert = "INSERT INTO document_copy (document, original, kind) VALUES (?1, ?2, ?3)";
        let mut insert = register.connection.prepare_cached(insert).at(path)?;
        insert.execute(params![document, original, kind]).at(path)?;
    }
    Ok(true)
}

impl Register {
    /// Hash of the document that this one is, in the end, a copy of.
    pub(crate) fn original_of(&self, document: i64) -> Result<Option<String>, Error> {
        let query = "SELECT original, hash FROM document_copy JOIN document ON document.id = original WHERE document = ?1";
        let mut found = None;
        let mut at = document;
        // Copies of copies; a ring, which only a damaged register can hold, ends after some steps.
        for _ in 0..16 {
            let next = self.rows(query, at, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?.into_iter().next();
            let Some((original, hash)) = next else { break };
            found = Some(hash);
            at = original;
        }
        Ok(found)
    }
}
