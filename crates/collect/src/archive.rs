//! Compressed files: gzip and Zstandard around any other format, with a cap on how much may come out of how little.
use crate::formats::{self, Opened, Records, broken};
use crate::limits::Limits;
use crate::raw::Refused;
use crate::source::peek;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A gzip file, of one member or of many.
pub(crate) fn gzip(opened: Opened, limits: &Limits) -> Records {
    let (source, name, nested, after) = inner(&opened, &["gz", "gzip"]);
    let counted = Counted::new(opened.reader);
    let count = counted.count.clone();
    unpacked(source, name, (nested, after), Box::new(flate2::read::MultiGzDecoder::new(counted)), count, limits)
}

/// A Zstandard file, of one frame or of many.
pub(crate) fn zstandard(opened: Opened, limits: &Limits) -> Records {
    let (source, name, nested, after) = inner(&opened, &["zst", "zstd"]);
    let counted = Counted::new(opened.reader);
    let count = counted.count.clone();
    match zstd::stream::read::Decoder::new(counted) {
        Ok(mut decoder) => {
            // Dumps are packed with long windows; 128 MiB is what the format's own tool allows at most without being asked.
            let _ = decoder.window_log_max(27);
            unpacked(source, name, (nested, after), Box::new(decoder), count, limits)
        }
        Err(error) => Box::new(std::iter::once(Err(broken(&source, &error)))),
    }
}

fn inner(opened: &Opened, endings: &[&str]) -> (String, String, usize, u64) {
    let name = match opened.name.rsplit_once('.') {
        Some((name, ending)) if endings.iter().any(|known| ending.eq_ignore_ascii_case(known)) => name.to_owned(),
        _ => opened.name.clone(),
    };
    (opened.source.clone(), name, opened.nested + 1, opened.after)
}

fn unpacked(
    source: String,
    name: String,
    (nested, after): (usize, u64),
    reader: Box<dyn Read + Send>,
    packed: Arc<AtomicU64>,
    limits: &Limits,
) -> Records {
    let capped = Capped { reader, packed, unpacked: 0, ratio: limits.ratio, from: limits.ratio_from };
    match peek(source, name, Box::new(capped), nested) {
        Ok(opened) => formats::records(Opened { after, ..opened }, limits),
        Err(Refused { source, notice }) => Box::new(std::iter::once(Err(Refused { source, notice }))),
    }
}

/// Counts the packed bytes that go through it.
struct Counted<R> {
    reader: R,
    count: Arc<AtomicU64>,
}

impl<R> Counted<R> {
    fn new(reader: R) -> Self {
        Self { reader, count: Arc::default() }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Stops where more comes out than the ratio allows.
struct Capped {
    reader: Box<dyn Read + Send>,
    packed: Arc<AtomicU64>,
    unpacked: u64,
    ratio: u64,
    from: u64,
}

impl Read for Capped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.unpacked += read as u64;
        let packed = self.packed.load(Ordering::Relaxed).max(1);
        if self.unpacked > self.from && self.unpacked / packed > self.ratio {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!(
                    "more than {} times as much comes out as went in: a bomb; unpacking was stopped after {} bytes",
                    self.ratio, self.unpacked
                ),
            ));
        }
        Ok(read)
    }
}

/// A zip file: each of its files in any of the other formats.
pub(crate) fn zip(mut opened: Opened, limits: &Limits) -> Records {
    let roomy = Limits { document_bytes: limits.zip_bytes, ..limits.clone() };
    let bytes = match formats::read_whole(&mut opened, &roomy) {
        Ok(bytes) => bytes,
        Err(refused) => return Box::new(std::iter::once(Err(refused))),
    };
    match zip::ZipArchive::new(io::Cursor::new(bytes)) {
        Ok(archive) => Box::new(Zip {
            source: opened.source,
            archive,
            next: 0,
            open: None,
            nested: opened.nested + 1,
            limits: limits.clone(),
        }),
        Err(error) => formats::refuse(&opened.source, "broken-archive", format!("the zip archive cannot be read: {error}")),
    }
}

struct Zip {
    source: String,
    archive: zip::ZipArchive<io::Cursor<Vec<u8>>>,
    next: usize,
    open: Option<Records>,
    nested: usize,
    limits: Limits,
}

impl Iterator for Zip {
    type Item = Result<crate::raw::Raw, Refused>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.open.as_mut().and_then(Iterator::next) {
                return Some(record);
            }
            self.open = None;
            if self.next >= self.archive.len() {
                return None;
            }
            let at = self.next;
            self.next += 1;
            match self.enter(at) {
                Ok(records) => self.open = records,
                Err(refused) => return Some(Err(refused)),
            }
        }
    }
}

impl Zip {
    /// Opens file `at`; none for folders and for what systems leave behind.
    fn enter(&mut self, at: usize) -> Result<Option<Records>, Refused> {
        let place = format!("{}#{}", self.source, at + 1);
        let broken_file = |error: zip::result::ZipError| Refused::new(place.clone(), "broken-archive", error.to_string());
        let mut file = self.archive.by_index(at).map_err(broken_file)?;
        let path = file.name().map_err(broken_file)?.into_owned();
        let name = path.rsplit('/').next().unwrap_or("").to_owned();
        if file.is_dir() || name.is_empty() || name.starts_with('.') || path.starts_with("__MACOSX") {
            return Ok(None);
        }
        let source = format!("{}#{path}", self.source);
        let mut bytes = Vec::new();
        let most = self.limits.document_bytes as u64;
        let packed = file.compressed_size().max(1);
        file.by_ref().take(most + 1).read_to_end(&mut bytes).map_err(|error| broken(&source, &error))?;
        let unpacked = bytes.len() as u64;
        if unpacked > self.limits.ratio_from && unpacked / packed > self.limits.ratio {
            return Err(Refused::new(
                source,
                "limit-ratio",
                format!("more than {} times as much comes out as went in: a bomb", self.limits.ratio),
            ));
        }
        if unpacked > most {
            return Err(Refused::new(source, "limit-bytes", format!("the document is longer than the limit of {most} bytes")));
        }
        let opened = peek(source, name, Box::new(io::Cursor::new(bytes)), self.nested)?;
        Ok(Some(formats::records(opened, &self.limits)))
    }
}
