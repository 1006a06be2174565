//! The input formats: how each is told from the others, and who reads it. A new format is a file beside this one and a
//! line in [`FORMATS`].
use crate::archive::{DICTIONARY, ZSTANDARD};
use crate::limits::Limits;
use crate::raw::{Form, Raw, Refused};
use std::io::{BufRead, Read};

/// A stream of documents out of one file.
pub(crate) type Records = Box<dyn Iterator<Item = Result<Raw, Refused>> + Send>;

/// A file, or a file within an archive, that is open and not yet read.
pub(crate) struct Opened {
    /// Path as it was given, with the place in the archive.
    pub source: String,
    /// Name without the endings of archives that were taken off: what the format's ending is looked up in.
    pub name: String,
    /// The first bytes, which `reader` gives again.
    pub head: Vec<u8>,
    pub reader: Box<dyn BufRead + Send>,
    /// How many archives it lies in.
    pub nested: usize,
    /// Records up to this one, counted from 1, were read in an earlier run: formats that can pass over them without making
    /// documents of them do so.
    pub after: u64,
}

struct Format {
    endings: &'static [&'static str],
    /// True where the first bytes can be nothing else.
    sniff: fn(&[u8]) -> bool,
    read: fn(Opened, &Limits) -> Records,
}

/// In the order in which they are asked. What none of them claims is plain text.
const FORMATS: &[Format] = &[
    Format { endings: &["gz", "gzip"], sniff: |head| head.starts_with(b"\x1f\x8b"), read: crate::archive::gzip },
    Format {
        endings: &["zst", "zstd"],
        sniff: |head| head.starts_with(ZSTANDARD) || head.starts_with(DICTIONARY),
        read: crate::archive::zstandard,
    },
    Format { endings: &["zip"], sniff: |head| head.starts_with(b"PK\x03\x04"), read: crate::archive::zip },
    Format { endings: &["parquet"], sniff: crate::parquet::sniff, read: crate::parquet::records },
    Format { endings: &["warc"], sniff: crate::warc::sniff, read: crate::warc::records },
    Format { endings: &["mbox", "eml"], sniff: crate::mail::sniff, read: crate::mail::records },
    Format { endings: &["rss", "atom"], sniff: crate::feed::sniff, read: crate::feed::records },
    Format { endings: &["jsonl", "ndjson"], sniff: crate::jsonl::sniff, read: crate::jsonl::records },
    Format { endings: &["json"], sniff: crate::jsonl::sniff_json, read: crate::jsonl::document },
    Format {
        endings: &["html", "htm", "xhtml", "shtml"],
        sniff: sniff_html,
        read: |opened, limits| whole(opened, limits, Form::Html),
    },
    Format { endings: &["txt", "text", "md"], sniff: |_| false, read: |opened, limits| whole(opened, limits, Form::Text) },
];

/// The documents in `opened`: first bytes decide, then the ending of the name.
pub(crate) fn records(opened: Opened, limits: &Limits) -> Records {
    if opened.nested > limits.nesting {
        return refuse(&opened.source, "limit-nesting", format!("more than {} archives lie inside one another", limits.nesting));
    }
    let ending = opened.name.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase());
    let by_ending = FORMATS.iter().find(|format| format.endings.contains(&ending.as_str()));
    let by_head = FORMATS.iter().find(|format| (format.sniff)(&opened.head));
    let is_by_name = |ending: &str| by_ending.is_some_and(|format| format.endings.contains(&ending));
    // The first line of a file of lines may be longer than its first bytes, which then look like one object.
    let is_long_line = is_by_name("jsonl") && crate::jsonl::is_cut_line(&opened.head);
    let chosen = if is_by_name("txt") || is_long_line { by_ending } else { by_head.or(by_ending) };
    match chosen {
        Some(format) => (format.read)(opened, limits),
        None => whole(opened, limits, Form::Text),
    }
}

/// A stream of nothing but one refusal.
pub(crate) fn refuse(source: &str, code: &'static str, message: String) -> Records {
    Box::new(std::iter::once(Err(Refused::new(source, code, message))))
}

/// A file that is one document.
pub(crate) fn whole(mut opened: Opened, limits: &Limits, form: Form) -> Records {
    let read = read_whole(&mut opened, limits).map(|bytes| Raw::new(opened.source, bytes, form));
    Box::new(std::iter::once(read))
}

/// All bytes of a file, as long as they are within the limit.
pub(crate) fn read_whole(opened: &mut Opened, limits: &Limits) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let most = limits.document_bytes as u64 + 1;
    if let Err(error) = opened.reader.by_ref().take(most).read_to_end(&mut bytes) {
        return Err(broken(&opened.source, &error));
    }
    if bytes.len() > limits.document_bytes {
        return Err(Refused::new(
            opened.source.clone(),
            "limit-bytes",
            format!("the document is longer than the limit of {} bytes", limits.document_bytes),
        ));
    }
    Ok(bytes)
}

/// What an error of reading is called.
pub(crate) fn broken(source: &str, error: &std::io::Error) -> Refused {
    let text = error.to_string();
    let code = match error.kind() {
        std::io::ErrorKind::FileTooLarge => "limit-ratio",
        std::io::ErrorKind::QuotaExceeded => "limit-bytes",
        std::io::ErrorKind::UnexpectedEof => "truncated",
        std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput => "broken-archive",
        _ => "unreadable",
    };
    Refused::new(source, code, text)
}

pub(crate) fn sniff_html(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head.get(..head.len().min(1024)).unwrap_or_default()).to_ascii_lowercase();
    let start = text.trim_start_matches(['\u{feff}', '\u{fffd}', ' ', '\n', '\r', '\t', '\0']);
    let xhtml = start.starts_with("<?xml") && start.contains("<html");
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| start.starts_with(tag))
        || start.starts_with("<!--") && start.contains("<html")
        || xhtml
}
