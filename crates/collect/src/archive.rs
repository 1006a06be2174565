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
    let mut counted = Counted::new(opened.reader);
    let count = counted.count.clone();
    let decoder = dictionary(&opened.head, &mut counted).and_then(|dictionary| {
        zstd::stream::read::Decoder::with_dictionary(io::BufReader::new(counted), dictionary.as_deref().unwrap_or_default())
    });
    match decoder {
        Ok(mut decoder) => {
            // Dumps are packed with long windows; 128 MiB is what the format's own tool allows at most without being asked.
            let _ = decoder.window_log_max(27);
            unpacked(source, name, (nested, after), Box::new(decoder), count, limits)
        }
        Err(error) => Box::new(std::iter::once(Err(broken(&source, &error)))),
    }
}

/// First bytes of the frame in which archives of the web keep the dictionary of their records (IIPC, "WARC with
/// Zstandard", 1.0); other readers skip it.
pub(crate) const DICTIONARY: &[u8] = b"\x5d\x2a\x4d\x18";
/// Largest dictionary that is read, in bytes, packed and unpacked.
const MOST_DICTIONARY: u64 = 8 << 20;

/// The dictionary at the head of a file, taken off `reader`; none where the file has none.
fn dictionary(head: &[u8], reader: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    if !head.starts_with(DICTIONARY) {
        return Ok(None);
    }
    let mut start = [0; 8];
    reader.read_exact(&mut start)?;
    let [.., a, b, c, d] = start;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    let too_long = || {
        let message = format!("the dictionary of the archive is longer than the limit of {MOST_DICTIONARY} bytes");
        io::Error::new(io::ErrorKind::QuotaExceeded, message)
    };
    if length > MOST_DICTIONARY {
        return Err(too_long());
    }
    let mut dictionary = Vec::new();
    reader.take(length).read_to_end(&mut dictionary)?;
    if dictionary.starts_with(ZSTANDARD) {
        let mut unpacked = Vec::new();
        zstd::stream::read::Decoder::new(dictionary.as_slice())?.take(MOST_DICTIONARY + 1).read_to_end(&mut unpacked)?;
        if unpacked.len() as u64 > MOST_DICTIONARY {
            return Err(too_long());
        }
        dictionary = unpacked;
    }
    Ok(Some(dictionary))
}

/// What a frame of Zstandard begins with.
pub(crate) const ZSTANDARD: &[u8] = b"\x28\xb5\x2f\xfd";

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
    let files = files_in(&bytes);
    if files > limits.zip_files {
        let message = format!("the zip archive has {files} files, more than the limit of {}", limits.zip_files);
        return formats::refuse(&opened.source, "limit-files", message);
    }
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

/// How many files a zip archive says it has, at its end; all of them are listed before any is read (APPNOTE 4.3.14 and
/// 4.3.16). The greatest number that any such place tells.
fn files_in(bytes: &[u8]) -> u64 {
    let tail = bytes.len().saturating_sub(MOST_END);
    let end = bytes.get(tail..).unwrap_or_default();
    let number = |at: usize, length: usize| -> u64 {
        end.get(at..at + length).unwrap_or_default().iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
    };
    let at = (0..end.len().saturating_sub(3)).filter(|&at| end.get(at..at + 2) == Some(b"PK"));
    at.map(|at| match end.get(at + 2..at + 4) {
        Some(b"\x05\x06") => number(at + 10, 2),
        Some(b"\x06\x06") => number(at + 32, 8),
        _ => 0,
    })
    .max()
    .unwrap_or(0)
}

/// The end of a zip archive: its records, and the longest comment.
const MOST_END: usize = 66_000;

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
