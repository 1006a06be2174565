//! How a row is written: the names of its columns beside their values, and the columns that several tables share.
use chancery_agreement::{Evidence, Speaker, SpeechKind, Stance};
use rusqlite::{Connection, ToSql, params_from_iter};

/// One column of a row to be written.
pub(crate) type Column<'v> = (&'static str, &'v dyn ToSql);

/// Adds a row to `table`; gives its number.
pub(crate) fn insert(connection: &Connection, table: &str, columns: &[Column<'_>]) -> rusqlite::Result<i64> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let places: Vec<String> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
    let statement = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
    connection.prepare_cached(&statement)?.execute(params_from_iter(columns.iter().map(|(_, value)| *value)))?;
    Ok(connection.last_insert_rowid())
}

/// Adds words behind a cell to `table`: `of` says of which cell, in which part, and where more than the cell tells it of
/// which document.
pub(crate) fn evidence(connection: &Connection, table: &str, of: &[Column<'_>], evidence: &Evidence) -> rusqlite::Result<()> {
    let span = evidence.span();
    let (start, end, confidence) = (span.start(), span.end(), decimal(evidence.confidence()));
    let (quote, rule) = (evidence.quote(), evidence.rule());
    let mut columns = of.to_vec();
    columns.extend([
        ("start_byte", &start as &dyn ToSql),
        ("end_byte", &end),
        ("quote", &quote),
        ("rule", &rule),
        ("confidence", &confidence),
    ]);
    insert(connection, table, &columns).map(|_| ())
}

/// Adds what somebody said to `table`; `of` are the columns that findings and agreements do not share.
pub(crate) fn statement(
    connection: &Connection,
    table: &str,
    of: &[Column<'_>],
    (speaker, via): (Option<&Speaker>, Option<&String>),
    (kind, stance): (SpeechKind, Stance),
) -> rusqlite::Result<()> {
    let name = speaker.map(|speaker| &speaker.name);
    let role = speaker.and_then(|speaker| speaker.role.as_ref());
    let affiliation = speaker.and_then(|speaker| speaker.affiliation.as_ref());
    let (kind, stance) = (kind.as_str(), stance.as_str());
    let mut columns = of.to_vec();
    columns.extend([
        ("speaker", &name as &dyn ToSql),
        ("speaker_role", &role),
        ("affiliation", &affiliation),
        ("via", &via),
        ("kind", &kind),
        ("stance", &stance),
    ]);
    insert(connection, table, &columns).map(|_| ())
}

/// The shortest decimal that stands for `value`, so that a reader of the file sees 0.93 and not 0.9300000071525574.
/// Turned back into an `f32` it gives `value` again.
pub(crate) fn decimal(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| f64::from(value))
}
