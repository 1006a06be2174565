//! The views of the register, row by row: what the tables of the command line, of CSV files and of other tools hold.
use crate::error::{At, Error};
use crate::register::Register;
use rusqlite::types::ValueRef;
use std::sync::Arc;

macro_rules! views {
    ($($(#[$meta:meta])* $variant:ident = $name:literal,)+) => {
        /// One view of the register (`schema/views.sql`).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum View { $($(#[$meta])* $variant,)+ }

        impl View {
            /// Every view, in order of its name.
            pub const ALL: &'static [View] = &[$(View::$variant,)+];

            /// Name of the view in the file.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(View::$variant => $name,)+ }
            }
        }
    };
}

views! {
    /// Every actor: agreements, statements, names it is called.
    Actors = "actors",
    /// Every agreement with its latest stage.
    Agreements = "agreements",
    /// What was undertaken.
    Commitments = "commitments",
    /// Values on one fact that cannot all hold.
    Conflicts = "conflicts",
    /// Every document.
    Documents = "documents",
    /// What was expected, and what became of it.
    Forecasts = "forecasts",
    /// Sums.
    Money = "money",
    /// Every name of every agreement.
    Names = "names",
    /// Who calls whom what.
    Naming = "naming",
    /// What went wrong, or was left out.
    Notices = "notices",
    /// Who takes part in what.
    Parties = "parties",
    /// Everyone who is quoted; persons of one name are told apart by affiliation and time.
    Persons = "persons",
    /// How agreements hang together.
    Relations = "relations",
    /// By what words actors are told, and how those stand for them.
    Standing = "standing",
    /// Everything said.
    Statements = "statements",
    /// Every stage in order of date.
    Timeline = "timeline",
    /// How often each source and each speaker was right about what would happen.
    TrackRecord = "track_record",
}

/// What one column of one row holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing: the text does not say.
    Absent,
    /// A whole number.
    Integer(i64),
    /// A number.
    Real(f64),
    /// Words.
    Text(String),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Absent => Ok(()),
            Self::Integer(number) => number.fmt(f),
            Self::Real(number) => number.fmt(f),
            Self::Text(words) => words.fmt(f),
        }
    }
}

/// One row of a view.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    /// What stands in `column`; [`Value::Absent`] where there is no such column.
    #[must_use]
    pub fn get(&self, column: &str) -> &Value {
        let at = self.columns.iter().position(|name| name == column);
        at.and_then(|at| self.values.get(at)).unwrap_or(&Value::Absent)
    }

    /// The words in `column`; the empty string where there are none.
    #[must_use]
    pub fn text(&self, column: &str) -> &str {
        match self.get(column) {
            Value::Text(words) => words,
            _ => "",
        }
    }

    /// The whole number in `column`; 0 where there is none.
    #[must_use]
    pub fn number(&self, column: &str) -> i64 {
        match self.get(column) {
            Value::Integer(number) => *number,
            _ => 0,
        }
    }

    /// Names and values, in the order of the view.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.columns.iter().map(String::as_str).zip(&self.values)
    }
}

impl Register {
    /// Every row of a view, in its order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn view(&self, view: View) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        self.for_each_row(view, |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Calls `each` with every row of a view, in its order.
    ///
    /// # Errors
    /// When the database cannot be read, and those of `each`.
    pub fn for_each_row(&self, view: View, mut each: impl FnMut(Row) -> Result<(), Error>) -> Result<(), Error> {
        let mut query = self.connection.prepare(&format!("SELECT * FROM {}", view.as_str())).at(&self.path)?;
        let columns: Arc<[String]> = query.column_names().map(str::to_owned).collect();
        let mut rows = query.query([]).at(&self.path)?;
        while let Some(row) = rows.next().at(&self.path)? {
            let values =
                (0..columns.len()).map(|at| row.get_ref(at).map(value)).collect::<rusqlite::Result<_>>().at(&self.path)?;
            each(Row { columns: Arc::clone(&columns), values })?;
        }
        Ok(())
    }

    /// Names of the columns of a view.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn columns(&self, view: View) -> Result<Vec<String>, Error> {
        let query = self.connection.prepare(&format!("SELECT * FROM {}", view.as_str())).at(&self.path)?;
        Ok(query.column_names().map(str::to_owned).collect())
    }
}

pub(crate) fn value(value: ValueRef) -> Value {
    match value {
        ValueRef::Null => Value::Absent,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
    }
}
