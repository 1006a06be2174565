//! Opening a register: one writer at a time, any number of readers.
use crate::error::{At, Error, Kind};
use crate::schema;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// An open register.
#[derive(Debug)]
pub struct Register {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    /// Held for as long as this register may be written to. The system lets go of it when the process ends, however it
    /// ends, so a killed run never leaves a register locked.
    lock: Option<File>,
}

impl Register {
    /// Opens the register at `path` for writing; makes it where there is none and brings an older one up to date.
    ///
    /// # Errors
    /// At once when another program is writing to it; when the file is no register or cannot be used.
    pub fn writer(path: &Path) -> Result<Self, Error> {
        let lock = lock(path)?;
        let mut register =
            Self { connection: connect(path, OpenFlags::SQLITE_OPEN_CREATE)?, path: path.to_owned(), lock: Some(lock) };
        register.refuse_foreign()?;
        register.connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;").at(path)?;
        register.bring_up_to_date()?;
        Ok(register)
    }

    /// Opens the register at `path` for looking. A register of an older form is brought up to date first.
    ///
    /// # Errors
    /// When there is none, or the file is no register.
    pub fn reader(path: &Path) -> Result<Self, Error> {
        if !path.is_file() {
            return Err(Kind::Missing(path.to_owned()).into());
        }
        let register = Self { connection: connect(path, OpenFlags::empty())?, path: path.to_owned(), lock: None };
        register.refuse_foreign()?;
        if schema::version(&register.connection).at(path)? < schema::VERSION {
            drop(register);
            drop(Self::writer(path)?);
            return Self::reader(path);
        }
        register.connection.execute_batch("PRAGMA query_only = ON;").at(path)?;
        Ok(register)
    }

    /// A register in memory, gone when dropped.
    ///
    /// # Errors
    /// When the database library fails.
    pub fn in_memory() -> Result<Self, Error> {
        let path = PathBuf::from(":memory:");
        let connection = Connection::open_in_memory().at(&path)?;
        prepare(&connection).at(&path)?;
        let mut register = Self { connection, path, lock: None };
        register.bring_up_to_date()?;
        Ok(register)
    }

    /// Where the register is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// True when this register was opened for writing.
    #[must_use]
    pub fn is_writer(&self) -> bool {
        self.lock.is_some()
    }

    fn bring_up_to_date(&mut self) -> Result<(), Error> {
        if schema::version(&self.connection).at(&self.path)? < schema::VERSION {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).at(&self.path)?;
            schema::migrate(&transaction).at(&self.path)?;
            transaction.commit().at(&self.path)?;
        }
        Ok(())
    }

    /// Refuses a database that another program made, and a register of a form that this program does not know.
    fn refuse_foreign(&self) -> Result<(), Error> {
        let foreign = || Error::from(Kind::Foreign(self.path.clone()));
        let mark: i64 = match self.connection.query_row("PRAGMA application_id", [], |row| row.get(0)) {
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => return Err(foreign()),
            other => other.at(&self.path)?,
        };
        let tables: i64 = self.connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0)).at(&self.path)?;
        if mark != schema::APPLICATION_ID && tables > 0 {
            return Err(foreign());
        }
        let found = schema::version(&self.connection).at(&self.path)?;
        if found > schema::VERSION {
            return Err(Kind::Newer { path: self.path.clone(), found, known: schema::VERSION }.into());
        }
        Ok(())
    }
}

/// Takes the writer's lock. It is a file of its own: a lock on the database file itself would be lost as soon as any
/// part of the process closed that file.
fn lock(path: &Path) -> Result<File, Error> {
    let mut name = path.as_os_str().to_owned();
    name.push("-lock");
    let name = PathBuf::from(name);
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&name)
        .map_err(|source| Kind::File { path: path.to_owned(), source })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Kind::Busy(path.to_owned()).into()),
        Err(TryLockError::Error(source)) => Err(Kind::File { path: name, source }.into()),
    }
}

fn connect(path: &Path, more: OpenFlags) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let connection = Connection::open_with_flags(path, flags).at(path)?;
    prepare(&connection).at(path)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.execute_batch("PRAGMA foreign_keys = ON;")
}
