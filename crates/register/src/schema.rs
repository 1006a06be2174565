//! The form of the register and how an older one is brought up to date.
use rusqlite::{Connection, Transaction};

/// One step for each version of the form. A step that was released is never changed: a new one is added at the end, and
/// a register written by the version before it is kept under `tests/registers`.
const STEPS: &[&str] = &[
    include_str!("schema/1_findings.sql"),
    include_str!("schema/2_agreements.sql"),
    include_str!("schema/3_search.sql"),
    include_str!("schema/4_linking.sql"),
    include_str!("schema/5_corrected.sql"),
    include_str!("schema/6_standing.sql"),
];

const VIEWS: &str = include_str!("schema/views.sql");

/// Marks a file as a register in the header that every SQLite file has ("Chcy").
pub(crate) const APPLICATION_ID: i64 = 0x4368_6379;

/// The form that this program writes.
pub(crate) const VERSION: i64 = STEPS.len() as i64;

/// The form of an open register; 0 for an empty file.
pub(crate) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Brings a register from whatever older version to [`VERSION`] in one transaction; views are always made anew.
pub(crate) fn migrate(transaction: &Transaction) -> rusqlite::Result<()> {
    migrate_to(transaction, STEPS.len())
}

/// Brings a register to the form of version `target`, for tests of old registers.
pub(crate) fn migrate_to(transaction: &Transaction, target: usize) -> rusqlite::Result<()> {
    let from = usize::try_from(version(transaction)?).unwrap_or(0);
    for step in STEPS.get(from..target).unwrap_or_default() {
        transaction.execute_batch(step)?;
    }
    let mut views = transaction.prepare("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")?;
    let names: Vec<String> = views.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for name in names {
        transaction.execute_batch(&format!("DROP VIEW \"{}\"", name.replace('"', "\"\"")))?;
    }
    if target == STEPS.len() {
        transaction.execute_batch(VIEWS)?;
    }
    // A pragma takes no parameters; both values are numbers of ours.
    transaction.execute_batch(&format!("PRAGMA user_version = {target}; PRAGMA application_id = {APPLICATION_ID};"))
}

#[cfg(test)]
mod tests {
    use super::{STEPS, migrate, migrate_to, version};
    use rusqlite::Connection;

    /// Everything that a register's form consists of.
    fn form(connection: &Connection) -> Vec<(String, String)> {
        let mut query = connection.prepare("SELECT name, coalesce(sql, '') FROM sqlite_master ORDER BY type, name").unwrap();
        query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn a_register_of_any_version_is_brought_up_to_date_with_what_is_in_it() {
        let mut fresh = Connection::open_in_memory().unwrap();
        let transaction = fresh.transaction().unwrap();
        migrate(&transaction).unwrap();
        transaction.commit().unwrap();
        for from in 1..STEPS.len() {
            let mut old = Connection::open_in_memory().unwrap();
            let transaction = old.transaction().unwrap();
            migrate_to(&transaction, from).unwrap();
            let document =
                "INSERT INTO document (hash, source, reader, failed, text) VALUES ('d', 'a.txt', 'r', 0, 'A ferry accord.');
                INSERT INTO cell (id, document, path, kind) VALUES (1, 1, 'naming.1', 'naming');
                INSERT INTO found_naming (cell, actor, by_whom) VALUES (1, 'accord', 'author');
                INSERT INTO evidence (cell, role, n, start_byte, end_byte, quote, rule, confidence)
                  VALUES (1, 'told', 1, 2, 14, 'ferry accord', 'r', 1.0);";
            transaction.execute_batch(document).unwrap();
            transaction.commit().unwrap();
            let transaction = old.transaction().unwrap();
            migrate(&transaction).unwrap();
            transaction.commit().unwrap();
            assert_eq!(version(&old).unwrap(), super::VERSION);
            assert_eq!(form(&old), form(&fresh), "from version {from}");
            let found = |table: &str| -> i64 {
                let query = format!("SELECT count(*) FROM {table} WHERE {table} MATCH 'ferry'");
                old.query_row(&query, [], |row| row.get(0)).unwrap()
            };
            assert_eq!(
                (found("document_text"), found("quote_text")),
                (1, 1),
                "search knows what was there before, from version {from}"
            );
        }
    }
}
