//! CSV: one file for each view of the register, header line first (RFC 4180, UTF-8, `\n`).
use crate::error::{Error, Kind};
use crate::register::Register;
use crate::view::{Row, View};
use std::io::Write;

/// Writes every row of one view.
///
/// # Errors
/// When the register cannot be read or the output cannot be written.
pub fn write(register: &Register, view: View, out: impl Write) -> Result<(), Error> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(register.columns(view)?).map_err(Kind::Csv)?;
    register.for_each_row(view, |row| {
        let fields = row.columns().map(|(_, value)| value.to_string());
        Ok(writer.write_record(fields).map_err(Kind::Csv)?)
    })?;
    Ok(writer.flush()?)
}

/// Writes some rows of a view under the names of its columns.
///
/// # Errors
/// When the output cannot be written.
pub fn write_rows(columns: &[String], rows: &[Row], out: impl Write) -> Result<(), Error> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(columns).map_err(Kind::Csv)?;
    for row in rows {
        writer.write_record(row.columns().map(|(_, value)| value.to_string())).map_err(Kind::Csv)?;
    }
    Ok(writer.flush()?)
}
