//! Goes on with a file of findings that a stopped run left: after its last whole line.
use anyhow::{Context, Result};
use serde::Deserialize;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::Path;

#[derive(Deserialize)]
struct Line {
    document: Document,
}

#[derive(Deserialize)]
struct Document {
    source: String,
}

/// The file at `path`, ready to be added to, and the source of the last document in it. None where there is nothing to go
/// on with, or `resume` is not wanted.
pub fn findings(path: &Path, resume: bool) -> Result<Option<(File, String)>> {
    if !resume || !path.is_file() {
        return Ok(None);
    }
    let what = || format!("cannot go on with {}", path.display());
    let mut file = OpenOptions::new().read(true).write(true).open(path).with_context(what)?;
    let mut reader = BufReader::new(&file);
    let (mut end, mut last) = (0, Vec::new());
    loop {
        let mut line = Vec::new();
        let read = reader.read_until(b'\n', &mut line).with_context(what)?;
        if !line.ends_with(b"\n") {
            // The run was stopped within this line: it is written anew.
            break;
        }
        end += read as u64;
        last = line;
    }
    if last.is_empty() {
        return Ok(None);
    }
    let line: Line = serde_json::from_slice(&last)
        .with_context(|| format!("the last line of {} is no finding; it was not written by this command", path.display()))?;
    file.set_len(end).with_context(what)?;
    file.seek(SeekFrom::Start(end)).with_context(what)?;
    Ok(Some((file, line.document.source)))
}
