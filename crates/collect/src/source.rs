//! Finds the documents in what the user names: files, folders, patterns, standard input.
use crate::formats::{self, Opened, Records};
use crate::limits::Limits;
use crate::raw::{Raw, Refused};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many bytes are looked at to tell what a file is.
const HEAD: usize = 1 << 16;

/// The documents in `inputs`, one after the other, in the order given; folders in the order of the names in them.
///
/// `-` is standard input, a folder is read with all folders in it (hidden files left out), a path with `*`, `?` or `[` that
/// is no file is a pattern. Archives and lists are opened and give each of their documents. Nothing is held but the
/// document in hand.
pub fn documents(inputs: &[PathBuf], limits: &Limits) -> Documents {
    Documents {
        waiting: inputs.iter().cloned().map(Waiting::Given).collect(),
        open: None,
        limits: limits.clone(),
        after: None,
        reached: Reached::default(),
    }
}

/// A stream of documents; see [`documents`].
pub struct Documents {
    waiting: VecDeque<Waiting>,
    open: Option<Records>,
    limits: Limits,
    /// The document after which the stream goes on, until that one is reached.
    after: Option<String>,
    reached: Reached,
}

/// How many bytes of its files a stream has taken in, packed as they lie there; clones count together.
#[derive(Debug, Clone, Default)]
pub struct Reached(Arc<AtomicU64>);

impl Reached {
    /// Bytes so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Documents {
    /// Goes on after the document with this [`Raw::source`], which an earlier run over the same inputs handed out. Files
    /// before its file are not opened, and of a WARC or JSON Lines file no record before it is looked into.
    ///
    /// The stream ends with a refusal (`resume`) where no input is that file.
    #[must_use]
    pub fn after(mut self, source: impl Into<String>) -> Self {
        self.after = Some(source.into());
        self
    }

    /// How far the stream has come, to be asked while it runs, from any thread.
    #[must_use]
    pub fn reached(&self) -> Reached {
        self.reached.clone()
    }

    /// True where the document to go on after lies in the file `path`, or is that file.
    fn lies_in(&self, path: &Path) -> bool {
        let path = path.display().to_string();
        self.after
            .as_deref()
            .and_then(|after| after.strip_prefix(&path))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
    }

    /// Number of the record to go on after, where it has one in a file that is no archive of files.
    fn after_record(&self, source: &str) -> u64 {
        let rest = self.after.as_deref().and_then(|after| after.strip_prefix(source));
        rest.and_then(|rest| rest.strip_prefix('#')).and_then(|number| number.parse().ok()).unwrap_or(0)
    }
}

enum Waiting {
    /// As the user wrote it.
    Given(PathBuf),
    /// Found in a folder.
    Found(PathBuf),
}

impl Iterator for Documents {
    type Item = Result<Raw, Refused>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(open) = &mut self.open {
                if let Some(record) = open.next() {
                    let source = match &record {
                        Ok(raw) => &raw.source,
                        Err(refused) => &refused.source,
                    };
                    match &self.after {
                        None => return Some(record),
                        Some(after) if is_past(after, source) => {
                            self.after = None;
                            return Some(record);
                        }
                        Some(after) if after == source => self.after = None,
                        Some(_) => {}
                    }
                    continue;
                }
                // The file was read to its end: what comes next is new.
                self.open = None;
                self.after = None;
            }
            let Some(waiting) = self.waiting.pop_front() else {
                let after = self.after.take()?;
                let message = "none of the files named holds this document, after which reading was to go on; name the same files as before";
                return Some(Err(Refused::new(after, "resume", message)));
            };
            match waiting {
                Waiting::Given(path) if path.as_os_str() == "-" => {
                    let after = self.after_record("-");
                    self.open = Some(open("-".to_owned(), Box::new(std::io::stdin()), after, &self.limits));
                }
                Waiting::Given(path) if !path.exists() => match matches(&path) {
                    Some(paths) if !paths.is_empty() => self.put_first(paths),
                    _ => {
                        return Some(Err(Refused::new(
                            path.display().to_string(),
                            "not-found",
                            "there is no such file or folder",
                        )));
                    }
                },
                Waiting::Given(path) | Waiting::Found(path) => {
                    if let Err(refused) = self.enter(&path) {
                        return Some(Err(refused));
                    }
                }
            }
        }
    }
}

impl Documents {
    fn put_first(&mut self, paths: Vec<PathBuf>) {
        for path in paths.into_iter().rev() {
            self.waiting.push_front(Waiting::Found(path));
        }
    }

    fn enter(&mut self, path: &Path) -> Result<(), Refused> {
        let source = path.display().to_string();
        let unreadable = |error: std::io::Error| Refused::new(source.clone(), "unreadable", error.to_string());
        let kind = std::fs::metadata(path).map_err(unreadable)?;
        if kind.is_dir() {
            let mut paths = Vec::new();
            for entry in std::fs::read_dir(path).map_err(unreadable)? {
                let entry = entry.map_err(unreadable)?;
                let hidden = entry.file_name().to_string_lossy().starts_with('.');
                // A link to a folder may lead back to where it lies.
                let linked_folder = entry.file_type().is_ok_and(|kind| kind.is_symlink()) && entry.path().is_dir();
                if !hidden && !linked_folder {
                    paths.push(entry.path());
                }
            }
            paths.sort();
            self.put_first(paths);
            return Ok(());
        }
        if !kind.is_file() {
            return Err(Refused::new(source, "unreadable", "neither a file nor a folder"));
        }
        if self.after.is_some() && !self.lies_in(path) {
            self.reached.add(kind.len());
            return Ok(());
        }
        let file = File::open(path).map_err(unreadable)?;
        let after = self.after_record(&source);
        let counted = Counted { reader: file, reached: self.reached.clone() };
        self.open = Some(open(source, Box::new(counted), after, &self.limits));
        Ok(())
    }
}

/// True where both are records of one list and `source` comes later than `after`, which was passed over.
fn is_past(after: &str, source: &str) -> bool {
    let number = |source: &str| -> Option<(String, u64)> {
        let (file, number) = source.rsplit_once('#')?;
        Some((file.to_owned(), number.parse().ok()?))
    };
    match (number(after), number(source)) {
        (Some((file, last)), Some((own, number))) => file == own && number > last,
        _ => false,
    }
}

/// Counts what is read of a file.
struct Counted {
    reader: File,
    reached: Reached,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.reached.add(read as u64);
        Ok(read)
    }
}

fn open(source: String, reader: Box<dyn Read + Send>, after: u64, limits: &Limits) -> Records {
    let name = Path::new(&source).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    match peek(source, name, reader, 0) {
        Ok(opened) => formats::records(Opened { after, ..opened }, limits),
        Err(refused) => Box::new(std::iter::once(Err(refused))),
    }
}

/// Looks at the first bytes of `reader` without using them up. What comes before a place where reading fails is kept, and
/// the failure told when that place is reached.
pub(crate) fn peek(source: String, name: String, reader: Box<dyn Read + Send>, nested: usize) -> Result<Opened, Refused> {
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    let mut head = Vec::new();
    let failure = reader.by_ref().take(HEAD as u64).read_to_end(&mut head).err();
    let start = Cursor::new(head.clone());
    let again: Box<dyn BufRead + Send> = match failure {
        Some(error) if head.is_empty() => return Err(formats::broken(&source, &error)),
        Some(error) => Box::new(start.chain(BufReader::new(Broken(Some(error))))),
        None => Box::new(start.chain(reader)),
    };
    Ok(Opened { source, name, head, reader: again, nested, after: 0 })
}

/// The place where reading failed.
struct Broken(Option<std::io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Files that fit a pattern whose last part has `*` or `?` in it.
fn matches(pattern: &Path) -> Option<Vec<PathBuf>> {
    let name = pattern.file_name()?.to_str()?;
    if !name.contains(['*', '?']) {
        return None;
    }
    let folder = pattern.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder.unwrap_or(Path::new(".")))
        .ok()?
        .filter_map(Result::ok)
        .filter(|entry| fits(name.as_bytes(), entry.file_name().to_string_lossy().as_bytes()))
        .map(|entry| folder.map_or_else(|| PathBuf::from(entry.file_name()), |folder| folder.join(entry.file_name())))
        .collect();
    found.sort();
    Some(found)
}

/// Shell patterns with `*` and `?`, in time proportional to the product of both lengths at worst.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut position) = (0, 0);
    let mut last_star: Option<(usize, usize)> = None;
    while position < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                last_star = Some((at, position));
                at += 1;
            }
            Some(&wanted) if wanted == b'?' || Some(&wanted) == name.get(position) => {
                at += 1;
                position += 1;
            }
            _ => match last_star {
                Some((star, from)) => {
                    last_star = Some((star, from + 1));
                    at = star + 1;
                    position = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(at..).is_none_or(|rest| rest.iter().all(|&byte| byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_fit_as_in_a_shell() {
        assert!(fits(b"*.txt", b"a.txt") && fits(b"a?c*", b"abc") && fits(b"*a*b", b"xaxab"));
        assert!(!fits(b"*.txt", b"a.text") && !fits(b"a?c", b"ac") && !fits(b"", b"a"));
    }
}
