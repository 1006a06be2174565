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
    let (source, name, nested) = inner(&opened, &["gz", "gzip"]);
    let counted = Counted::new(opened.reader);
    let count = counted.count.clone();
    unpacked(source, name, nested, Box::new(flate2::read::MultiGzDecoder::new(counted)), count, limits)
}

/// A Zstandard file, of one frame or of many.
pub(crate) fn zstandard(opened: Opened, limits: &Limits) -> Records {
    let (source, name, nested) = inner(&opened, &["zst", "zstd"]);
    let counted = Counted::new(opened.reader);
    let count = counted.count.clone();
    match zstd::stream::read::Decoder::new(counted) {
        Ok(mut decoder) => {
            // Dumps are packed with long windows; 128 MiB is what the format's own tool allows at most without being asked.
            let _ = decoder.window_log_max(27);
            unpacked(source, name, nested, Box::new(decoder), count, limits)
        }
        Err(error) => Box::new(std::iter::once(Err(broken(&source, &error)))),
    }
}

fn inner(opened: &Opened, endings: &[&str]) -> (String, String, usize) {
    let name = match opened.name.rsplit_once('.') {
        Some((name, ending)) if endings.iter().any(|known| ending.eq_ignore_ascii_case(known)) => name.to_owned(),
        _ => opened.name.clone(),
    };
    (opened.source.clone(), name, opened.nested + 1)
}

fn unpacked(
    source: String,
    name: String,
    nested: usize,
    reader: Box<dyn Read + Send>,
    packed: Arc<AtomicU64>,
    limits: &Limits,
) -> Records {
    let capped = Capped { reader, packed, unpacked: 0, ratio: limits.ratio, from: limits.ratio_from };
    match peek(source, name, Box::new(capped), nested) {
        Ok(opened) => formats::records(opened, limits),
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
