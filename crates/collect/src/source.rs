//! Finds the documents in what the user names: files, folders, patterns, standard input.
use crate::formats::{self, Opened, Records};
use crate::limits::Limits;
use crate::raw::{Raw, Refused};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

/// How many bytes are looked at to tell what a file is.
const HEAD: usize = 1 << 16;

/// The documents in `inputs`, one after the other, in the order given; folders in the order of the names in them.
///
/// `-` is standard input, a folder is read with all folders in it (hidden files left out), a path with `*`, `?` or `[` that
/// is no file is a pattern. Archives and lists are opened and give each of their documents. Nothing is held but the
/// document in hand.
pub fn documents(inputs: &[PathBuf], limits: &Limits) -> Documents {
    Documents { waiting: inputs.iter().cloned().map(Waiting::Given).collect(), open: None, limits: limits.clone() }
}

/// A stream of documents; see [`documents`].
pub struct Documents {
    waiting: VecDeque<Waiting>,
    open: Option<Records>,
    limits: Limits,
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
                    return Some(record);
                }
                self.open = None;
            }
            match self.waiting.pop_front()? {
                Waiting::Given(path) if path.as_os_str() == "-" => {
                    self.open = Some(open("-".to_owned(), Box::new(std::io::stdin()), &self.limits));
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
        let file = File::open(path).map_err(unreadable)?;
        self.open = Some(open(source, Box::new(file), &self.limits));
        Ok(())
    }
}

fn open(source: String, reader: Box<dyn Read + Send>, limits: &Limits) -> Records {
    let name = Path::new(&source).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    match peek(source, name, reader, 0) {
        Ok(opened) => formats::records(opened, limits),
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
    Ok(Opened { source, name, head, reader: again, nested })
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
