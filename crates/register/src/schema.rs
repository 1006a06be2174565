//! The form of the register and how an older one is brought up to date.
use rusqlite::{Connection, Transaction};

/// One step for each version of the form. A step that was released is never changed: a new one is added at the end, and
/// a register written by the version before it is kept under `tests/registers`.
const STEPS: &[&str] =
    &[include_str!("schema/1_findings.sql"), include_str!("schema/2_agreements.sql"), include_str!("schema/3_search.sql")];

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
