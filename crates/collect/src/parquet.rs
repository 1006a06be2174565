//! Parquet files of documents, one a row: columns are read a page at a time and side by side, so that memory does not grow
//! with the file.
//!
//! Read by ourselves (<https://parquet.apache.org/docs/file-format/>): the Rust crates for it bring Arrow's whole machinery
//! and a minute of building with them, and we need columns of text, numbers and times alone.
use crate::formats::{Opened, Records, broken as refused, read_whole, refuse};
use crate::limits::Limits;
use crate::page::{Cell, Column, MOST_BYTES, Page};
use crate::raw::{Form, Raw, Refused};
use crate::thrift::{Value, broken};
use serde_json::{Map, Value as Json};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

/// What Parquet files begin and end with.
const MAGIC: &[u8] = b"PAR1";
/// Longest description of itself at the end of a file, in bytes.
const MOST_FOOTER: u64 = 32 << 20;
/// Rows without any value in a row after which a file is given up: a few bytes can claim as many as they like.
const MOST_EMPTY: usize = 100_000;

pub(crate) fn sniff(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// A column with its name at the top of the schema.
type Named = (String, Column);

/// A file that can be read from any place.
trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// One document a row.
pub(crate) fn records(mut opened: Opened, limits: &Limits) -> Records {
    let source = opened.source.clone();
    // Its description stands at its end: a file is read where it lies, one out of an archive has to be held.
    let file: io::Result<Box<dyn Source>> = match File::open(&source) {
        Ok(file) if opened.nested == 0 => Ok(Box::new(file)),
        _ => {
            let roomy = Limits { document_bytes: limits.zip_bytes, ..limits.clone() };
            match read_whole(&mut opened, &roomy) {
                Ok(bytes) => Ok(Box::new(Cursor::new(bytes))),
                Err(refused) => return Box::new(std::iter::once(Err(refused))),
            }
        }
    };
    let table = file.and_then(|file| Table::open(source.clone(), file, limits));
    match table {
        Ok(table) if table.has_text => Box::new(table),
        Ok(table) => refuse(
            &source,
            "no-text",
            format!("no column is called `text`, `body`, `content`, `maintext` or `html`; there are {}", table.names.join(", ")),
        ),
        Err(error) => Box::new(std::iter::once(Err(refused(&source, &error)))),
    }
}

struct Table {
    source: String,
    file: Box<dyn Source>,
    /// The columns that say something about a document, with the names that people gave them.
    columns: Vec<Named>,
    /// For each group of rows: its number of rows and the descriptions of its columns.
    groups: VecDeque<(u64, Vec<Option<Chunk>>)>,
    open: Vec<Option<Cells>>,
    /// Rows left in the group that is open.
    left: u64,
    row: u64,
    empty: usize,
    has_text: bool,
    names: Vec<String>,
    limits: Limits,
    done: bool,
}

/// Where the pages of one column of one group lie.
#[derive(Debug, Clone)]
struct Chunk {
    start: u64,
    length: u64,
    codec: i64,
}

/// The values of one column of one group, page by page.
struct Cells {
    chunk: Chunk,
    at: u64,
    dictionary: Option<Page>,
    page: Option<Page>,
}

impl Table {
    fn open(source: String, mut file: Box<dyn Source>, limits: &Limits) -> io::Result<Self> {
        let length = file.seek(SeekFrom::End(0))?;
        if length < 12 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the Parquet file ends before its description"));
        }
        file.seek(SeekFrom::Start(length - 8))?;
        let mut end = [0; 8];
        file.read_exact(&mut end)?;
        let [a, b, c, d, magic @ ..] = end;
        if magic != MAGIC {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the Parquet file has no end: its description, which stands there, is cut off",
            ));
        }
        let footer = u64::from(u32::from_le_bytes([a, b, c, d]));
        if footer > MOST_FOOTER || footer + 8 > length {
            return Err(broken("its description is longer than is read"));
        }
        file.seek(SeekFrom::Start(length - 8 - footer))?;
        let mut bytes = Vec::new();
        file.by_ref().take(footer).read_to_end(&mut bytes)?;
        let (description, _) = Value::read(&bytes)?;
        let (all, names) = columns(description.list(2))?;
        let wanted: Vec<usize> =
            (0..all.len()).filter(|at| all.get(*at).is_some_and(|(name, _)| crate::json::is_known(name))).collect();
        let mut groups = VecDeque::new();
        let mut reached = 0;
        for group in description.list(4) {
            let chunks: Vec<Option<Chunk>> =
                wanted.iter().map(|at| group.list(1).get(*at).and_then(|chunk| chunk_of(chunk, length))).collect();
            let rows = u64::try_from(group.integer(3).unwrap_or(0)).map_err(|_| broken("a group has no possible length"))?;
            // Groups follow one another; one that lies where another lay would be read again and again.
            let Some(start) = chunks.iter().flatten().map(|chunk| chunk.start).min() else { continue };
            if start < reached {
                return Err(broken("its groups of rows overlap"));
            }
            reached = start + 1;
            groups.push_back((rows, chunks));
        }
        let columns: Vec<Named> = wanted.iter().filter_map(|at| all.get(*at).cloned()).collect();
        let has_text = columns.iter().any(|(name, _)| crate::json::is_text(name));
        Ok(Self {
            source,
            file,
            columns,
            groups,
            open: Vec::new(),
            left: 0,
            row: 0,
            empty: 0,
            has_text,
            names,
            limits: limits.clone(),
            done: false,
        })
    }

    /// The next row as a JSON object; none after the last.
    fn next_row(&mut self) -> io::Result<Option<Map<String, Json>>> {
        while self.left == 0 {
            let Some((rows, chunks)) = self.groups.pop_front() else { return Ok(None) };
            self.left = rows;
            self.open = chunks
                .into_iter()
                .map(|chunk| chunk.map(|chunk| Cells { at: chunk.start, chunk, dictionary: None, page: None }))
                .collect();
        }
        self.left -= 1;
        self.row += 1;
        let mut row = Map::new();
        let held: usize = self.open.iter().flatten().map(Cells::held).sum();
        for ((name, column), cells) in self.columns.iter().zip(&mut self.open) {
            let Some(cells) = cells else { continue };
            let room = MOST_BYTES.saturating_sub(held - cells.held());
            let mut values = cells.row(&mut self.file, column, (room, self.limits.document_bytes))?;
            let value = match values.len() {
                _ if column.most_repeated > 0 => Json::Array(values.into_iter().map(|cell| json(cell, column)).collect()),
                1 => json(values.remove(0), column),
                _ => continue,
            };
            row.insert(name.clone(), value);
        }
        Ok(Some(row))
    }
}

impl Iterator for Table {
    type Item = Result<Raw, Refused>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        match self.next_row() {
            Ok(None) => None,
            Ok(Some(row)) => {
                let source = format!("{}#{}", self.source, self.row);
                self.empty = if row.is_empty() { self.empty + 1 } else { 0 };
                if self.empty > MOST_EMPTY {
                    self.done = true;
                    let message = format!("more than {MOST_EMPTY} rows in a row are empty; the rest of the file was not read");
                    return Some(Err(Refused::new(source, "limit-empty", message)));
                }
                Some(Ok(Raw::new(source, Json::Object(row).to_string(), Form::Json)))
            }
            Err(error) => {
                self.done = true;
                Some(Err(refused(&format!("{}#{}", self.source, self.row), &error)))
            }
        }
    }
}

/// The columns with single values or lists of them at the top of the schema, in the order of the file, and the names of
/// all at the top. Deeper ones stand with an empty name, so that places agree.
fn columns(schema: &[Value]) -> io::Result<(Vec<Named>, Vec<String>)> {
    // Open groups: how many members are still to come, the name at the top, levels so far.
    let mut open: Vec<(i64, String, u8, u8, usize)> = Vec::new();
    let mut found = Vec::new();
    let mut names = Vec::new();
    for (at, element) in schema.iter().enumerate() {
        let name = element.field(4).and_then(Value::text).unwrap_or_default();
        let members = element.integer(5).unwrap_or(0);
        if at == 0 {
            open.push((members, String::new(), 0, 0, 0));
            continue;
        }
        while open.last().is_some_and(|group| group.0 <= 0) {
            open.pop();
        }
        let Some(group) = open.last_mut() else { return Err(broken("its columns have no group")) };
        group.0 -= 1;
        let (top, mut defined, mut repeated, depth) = (group.1.clone(), group.2, group.3, group.4);
        let top = if depth == 0 { name.clone() } else { top };
        if depth == 0 {
            names.push(name);
        }
        match element.integer(3).unwrap_or(0) {
            1 => defined = defined.saturating_add(1),
            2 => {
                defined = defined.saturating_add(1);
                repeated = repeated.saturating_add(1);
            }
            _ => {}
        }
        if members > 0 {
            if depth > 32 {
                return Err(broken("its columns are nested too deep"));
            }
            open.push((members, top, defined, repeated, depth + 1));
            continue;
        }
        // A list is a group with a repeated group in it; what is built otherwise is no field of a document.
        let plain = depth == 0 || repeated == 1 && depth <= 2;
        let usable = plain && repeated <= 1;
        let column = Column::new(element, defined, repeated);
        found.push((if usable { top } else { String::new() }, column));
    }
    Ok((found, names))
}

fn chunk_of(chunk: &Value, file_length: u64) -> Option<Chunk> {
    let about = chunk.field(3)?;
    let data = u64::try_from(about.integer(9)?).ok()?;
    let dictionary = about.integer(11).and_then(|at| u64::try_from(at).ok()).filter(|at| (4..data).contains(at));
    let start = dictionary.unwrap_or(data);
    let length = u64::try_from(about.integer(7)?).ok()?.min(file_length.saturating_sub(start));
    Some(Chunk { start, length, codec: about.integer(4)? })
}

impl Cells {
    /// Bytes of its pages.
    fn held(&self) -> usize {
        self.page.iter().chain(&self.dictionary).map(Page::held).sum()
    }

    /// The values of the next row, with pages of at most `room` bytes and values of at most `most`.
    fn row(&mut self, file: &mut Box<dyn Source>, column: &Column, (room, most): (usize, usize)) -> io::Result<Vec<Cell>> {
        let mut values = Vec::new();
        let mut first = true;
        loop {
            while self.page.as_ref().is_none_or(Page::is_done) {
                if !self.next_page(file, column, room)? {
                    if first {
                        return Err(broken("a column is shorter than the others"));
                    }
                    return Ok(values);
                }
            }
            let Some(page) = self.page.as_mut() else { return Ok(values) };
            if !first && page.starts_row() {
                return Ok(values);
            }
            first = false;
            if let Some(cell) = page.take(column, self.dictionary.as_ref(), most)? {
                values.push(cell);
                if values.len() > 10_000 {
                    return Err(broken("a list has more than 10000 members"));
                }
            }
            if column.most_repeated == 0 {
                return Ok(values);
            }
        }
    }

    fn next_page(&mut self, file: &mut Box<dyn Source>, column: &Column, room: usize) -> io::Result<bool> {
        loop {
            let end = self.chunk.start + self.chunk.length;
            if self.at >= end {
                return Ok(false);
            }
            file.seek(SeekFrom::Start(self.at))?;
            let mut head = Vec::new();
            file.by_ref().take((end - self.at).min(MOST_HEAD)).read_to_end(&mut head)?;
            let (header, length) = Value::read(&head)?;
            let packed = u64::try_from(header.integer(3).unwrap_or(-1)).map_err(|_| broken("a page has no possible length"))?;
            self.at += length as u64;
            if packed > end - self.at {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the Parquet file ends within a page"));
            }
            file.seek(SeekFrom::Start(self.at))?;
            self.at += packed;
            self.page = None;
            let page = Page::read(&header, &mut file.by_ref().take(packed), self.chunk.codec, column, room)?;
            match header.integer(1) {
                Some(2) => self.dictionary = page,
                Some(0 | 3) => {
                    self.page = page;
                    return Ok(self.page.is_some());
                }
                _ => {}
            }
        }
    }
}

/// Longest header of a page, in bytes: it may hold the smallest and the largest value.
const MOST_HEAD: u64 = 64 << 10;

fn json(cell: Cell, column: &Column) -> Json {
    match cell {
        Cell::Text(bytes) => Json::String(String::from_utf8_lossy(&bytes).into_owned()),
        Cell::Integer(number) => column.time(number).map_or_else(|| Json::from(number), Json::String),
        Cell::Real(number) => Json::from(number),
    }
}
