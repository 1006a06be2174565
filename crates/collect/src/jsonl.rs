//! JSON files of many documents: one object a line, a list of objects, or an object with a list of them.
use crate::formats::{Opened, Records, broken, read_whole, refuse};
use crate::limits::Limits;
use crate::raw::{Form, Raw, Refused};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

/// True where the first line is a whole JSON object and the second begins one.
pub(crate) fn sniff(head: &[u8]) -> bool {
    let mut lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    first.starts_with(b"{") && first.ends_with(b"}") && second.starts_with(b"{")
}

/// True where a JSON object or list begins.
pub(crate) fn sniff_json(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let rest = head.get(1..).unwrap_or_default().trim_ascii_start();
    head.starts_with(b"{") && (rest.starts_with(b"\"") || rest.starts_with(b"}"))
        || head.starts_with(b"[") && rest.starts_with(b"{")
}

/// True where an object begins on the first line and that line does not end.
pub(crate) fn is_cut_line(head: &[u8]) -> bool {
    head.starts_with(b"{") && !head.contains(&b'\n') && serde_json::from_slice::<&RawValue>(head).is_err()
}

/// One document a line. A line that is too long is skipped with a notice, and the next one read.
pub(crate) fn records(opened: Opened, limits: &Limits) -> Records {
    Box::new(Lines {
        folder: folder_of(&opened),
        source: opened.source,
        reader: opened.reader,
        line: 0,
        after: opened.after,
        most: limits.document_bytes,
        done: false,
    })
}

struct Lines {
    source: String,
    /// Where pages of records without text may lie.
    folder: Option<PathBuf>,
    reader: Box<dyn BufRead + Send>,
    line: u64,
    /// Lines up to this one are passed over.
    after: u64,
    most: usize,
    done: bool,
}

impl Iterator for Lines {
    type Item = Result<Raw, Refused>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            self.line += 1;
            let source = format!("{}#{}", self.source, self.line);
            let mut bytes = Vec::new();
            let most = self.most as u64 + 1;
            match self.reader.by_ref().take(most).read_until(b'\n', &mut bytes) {
                Err(error) => {
                    self.done = true;
                    return Some(Err(broken(&source, &error)));
                }
                Ok(0) => {
                    self.done = true;
                    return None;
                }
                Ok(_) if bytes.len() > self.most && !bytes.ends_with(b"\n") => {
                    drop(bytes);
                    if let Err(error) = skip_line(&mut self.reader) {
                        self.done = true;
                        return Some(Err(broken(&source, &error)));
                    }
                    return Some(Err(Refused::new(
                        source,
                        "limit-bytes",
                        format!("the line is longer than the limit of {} bytes", self.most),
                    )));
                }
                Ok(_) => {}
            }
            if self.line == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
                bytes.drain(..3);
            }
            let trimmed = bytes.trim_ascii();
            if trimmed.is_empty() || self.line <= self.after {
                continue;
            }
            return Some(Ok(with_page(Raw::new(source, trimmed, Form::Json), self.folder.as_deref(), self.most)));
        }
        None
    }
}

fn skip_line(reader: &mut Box<dyn BufRead + Send>) -> std::io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let length = end.map_or(buffer.len(), |end| end + 1);
        reader.consume(length);
        if end.is_some() {
            return Ok(());
        }
    }
}

/// One object is one document; of a list, each member is; an object whose only list of objects is `articles`, `items`, …
/// is that list.
pub(crate) fn document(mut opened: Opened, limits: &Limits) -> Records {
    let bytes = match read_whole(&mut opened, limits) {
        Ok(bytes) => bytes,
        Err(refused) => return Box::new(std::iter::once(Err(refused))),
    };
    let folder = folder_of(&opened);
    let source = opened.source;
    if crate::json::nesting(&bytes) > limits.depth.min(120) {
        return refuse(&source, "limit-depth", format!("the JSON is nested deeper than {} levels", limits.depth.min(120)));
    }
    let most = limits.document_bytes;
    match members(&bytes) {
        Some(members) => Box::new(members.into_iter().enumerate().map(move |(at, member)| {
            let record = Raw::new(format!("{source}#{}", at + 1), member.into_bytes(), Form::Json);
            Ok(with_page(record, folder.as_deref(), most))
        })),
        None => Box::new(std::iter::once(Ok(with_page(Raw::new(source, bytes, Form::Json), folder.as_deref(), most)))),
    }
}

/// The folder of a list that lies in no archive.
fn folder_of(opened: &Opened) -> Option<PathBuf> {
    (opened.nested == 0 && opened.source != "-").then(|| Path::new(&opened.source).parent().map(Path::to_owned)).flatten()
}

/// Lists of articles as GDELT gives them out name pages and hold no text: the record becomes its page, where that lies
/// beside the list, with what the record says about it.
fn with_page(record: Raw, folder: Option<&Path>, most: usize) -> Raw {
    #[derive(serde::Deserialize)]
    struct Names(BTreeMap<String, serde::de::IgnoredAny>);
    let Some(folder) = folder else { return record };
    let Ok(Names(names)) = serde_json::from_slice(&record.bytes) else { return record };
    if names.keys().any(|name| crate::json::is_text(name)) {
        return record;
    }
    let text = String::from_utf8_lossy(&record.bytes);
    let Ok(fields) = crate::json::fields(&text, MOST_DEPTH) else { return record };
    match fields.given.url.as_deref().and_then(|url| crate::feed::page_of(folder, url, most)) {
        Some(page) => Raw { given: fields.given, ..Raw::new(record.source, page, Form::Html) },
        None => record,
    }
}

/// Records of a list are flat.
const MOST_DEPTH: usize = 20;

fn members(bytes: &[u8]) -> Option<Vec<String>> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).ok()?;
    let list = |raw: &RawValue| -> Option<Vec<String>> {
        let members: Vec<&RawValue> = serde_json::from_str(raw.get()).ok()?;
        let objects = members.iter().all(|member| member.get().starts_with('{'));
        (objects && !members.is_empty()).then(|| members.iter().map(|member| member.get().to_owned()).collect())
    };
    if text.trim_start().starts_with('[') {
        return list(serde_json::from_str(text).ok()?);
    }
    let object: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    if crate::json::TEXT.iter().any(|name| object.contains_key(*name)) {
        return None;
    }
    ["articles", "items", "documents", "records", "results", "data"].iter().find_map(|name| list(object.get(*name)?))
}
