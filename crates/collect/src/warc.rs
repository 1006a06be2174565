//! WARC files (ISO 28500), streamed: the pages in their responses.
//!
//! The framing is read here and not by a crate: the fast ones want a file that can be sought in, which standard input and
//! our capped decompressors are not, unpack bodies without a limit, and believe every length. Crawlers cut and join records,
//! so a length is believed only as far as the next record's header: a record that says it is longer ends there, and one
//! that says it is shorter goes on up to there.
use crate::formats::{Opened, Records, broken};
use crate::http::{self, Body, charset_of, push_field};
use crate::limits::Limits;
use crate::raw::{Form, Raw, Refused};
use chancery_agreement::Notice;
use std::io::{self, BufRead, Read};

pub(crate) fn sniff(head: &[u8]) -> bool {
    head.starts_with(b"WARC/")
}

/// One document for each response (or resource, or conversion) that holds a page or text.
pub(crate) fn records(opened: Opened, limits: &Limits) -> Records {
    Box::new(Warc {
        source: opened.source,
        reader: Ahead { taken_back: io::Cursor::new(Vec::new()), reader: opened.reader },
        record: 0,
        after: opened.after,
        most: limits.document_bytes,
        next_header: None,
        failure: None,
        done: false,
    })
}

struct Warc {
    source: String,
    reader: Ahead,
    /// Records seen, counted from 1: the number in the source's name.
    record: u64,
    /// Records up to this one are passed over.
    after: u64,
    /// Most bytes of a document, decoded.
    most: usize,
    /// The header of the next record, where it was met within the one before.
    next_header: Option<Header>,
    /// Why nothing more can be read, told after what was read before it.
    failure: Option<io::Error>,
    done: bool,
}

/// Names, in lower case, and values.
type Header = Vec<(String, String)>;

/// Longest header that is read, and longest piece of a line, in bytes.
const MOST_HEADER: usize = 64 << 10;
/// A block may be so many times as long as the document in it, for its headers and chunks.
const ENCODED: usize = 2;

impl Iterator for Warc {
    type Item = Result<Raw, Refused>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            match self.read_record() {
                Ok(Some(found)) => return Some(found),
                Ok(None) => {}
                Err(error) => self.fail(error),
            }
        }
        let error = self.failure.take()?;
        Some(Err(broken(&format!("{}#{}", self.source, self.record), &error)))
    }
}

/// What a record holds after its header, as much of it as was wanted.
#[derive(Default)]
struct Block {
    bytes: Vec<u8>,
    /// Length of the block, in bytes, whatever was kept.
    length: u64,
    /// True where the archive ends, or cannot be read on, within the block.
    cut: bool,
    /// True where the record's own length is wrong.
    wrong: bool,
}

impl Block {
    fn add(&mut self, bytes: &[u8], most: usize) {
        self.length += bytes.len() as u64;
        let room = most.saturating_sub(self.bytes.len()).min(bytes.len());
        self.bytes.extend_from_slice(bytes.get(..room).unwrap_or_default());
    }
}

impl Warc {
    fn fail(&mut self, error: io::Error) {
        self.done = true;
        self.failure = Some(error);
    }

    /// The next record's document, if it holds one.
    fn read_record(&mut self) -> io::Result<Option<Result<Raw, Refused>>> {
        let Some(header) = self.next_header.take() else { return self.find_header() };
        self.record += 1;
        let field = |name: &str| header.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let length: u64 = field("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let kind = field("warc-type").unwrap_or("").to_ascii_lowercase();
        let wanted = matches!(kind.as_str(), "response" | "resource" | "conversion") && self.record > self.after;
        let most = if wanted { self.most.saturating_mul(ENCODED) } else { MOST_HEADER };
        let block = self.read_block(length, most);
        let source = format!("{}#{}", self.source, self.record);
        let cut = || Refused::new(source.clone(), "truncated", "the archive ends within this record");
        if !wanted {
            return Ok((block.cut && self.record > self.after).then(|| Err(cut())));
        }
        if block.length > most as u64 {
            let message = format!("the record is {} bytes long, more than the limit of {most}", block.length);
            return Ok(Some(Err(Refused::new(source.clone(), "limit-bytes", message))));
        }
        let media = field("content-type").unwrap_or("").to_ascii_lowercase();
        let document = if media.contains("application/http") || block.bytes.starts_with(b"HTTP/") {
            http::response(&block.bytes, self.most)
        } else {
            Some(Body { bytes: block.bytes, charset: charset_of(&media), media, damaged: None })
        };
        let found = document.and_then(|body| form_of(&body).map(|form| (body, form)));
        let Some((body, form)) = found else { return Ok(block.cut.then(|| Err(cut()))) };
        let mut raw = Raw::new(source.clone(), body.bytes, form);
        raw.given.url = field("warc-target-uri").map(|url| url.trim_matches(['<', '>']).to_owned());
        raw.given.charset = body.charset;
        if block.cut {
            raw.notices.push(Notice::remark("truncated", "the archive ends within this record; what there is of it was read"));
        } else if block.wrong {
            let message = "the record is not as long as it says; it was read up to the next record's header";
            raw.notices.push(Notice::remark("wrong-length", message));
        }
        if let Some(damage) = body.damaged {
            raw.notices.push(Notice::remark("broken-encoding", damage));
        }
        Ok(Some(Ok(raw)))
    }

    /// Looks for the first header of the archive. What stands before it is said to be none of it.
    fn find_header(&mut self) -> io::Result<Option<Result<Raw, Refused>>> {
        let mut line = Vec::new();
        let mut strange = false;
        while !line.starts_with(b"WARC/") {
            strange |= !line.trim_ascii().is_empty();
            line.clear();
            if self.reader.by_ref().take(MOST_HEADER as u64).read_until(b'\n', &mut line)? == 0 {
                self.done = true;
                break;
            }
        }
        if !self.done {
            self.next_header = Some(self.header_under(&mut line)?.ok_or_else(too_long)?);
        }
        let place = format!("{}#{}", self.source, self.record + 1);
        let message = "no record of a WARC file starts here; reading went on at the next one";
        Ok(strange.then(|| Err(Refused::new(place, "broken-archive", message))))
    }

    /// The fields up to the empty line; none where there are too many. The bytes they were read from are added to `bytes`.
    fn header_under(&mut self, bytes: &mut Vec<u8>) -> io::Result<Option<Header>> {
        let mut fields = Header::new();
        loop {
            let start = bytes.len();
            let read = self.reader.by_ref().take(MOST_HEADER as u64).read_until(b'\n', bytes)?;
            let line = bytes.get(start..).unwrap_or_default();
            if read == 0 || line.trim_ascii().is_empty() {
                return Ok(Some(fields));
            }
            push_field(&mut fields, line);
            if bytes.len() > MOST_HEADER {
                return Ok(None);
            }
        }
    }

    /// The block of a record that says it is `length` bytes long, the first `most` bytes of it kept.
    fn read_block(&mut self, length: u64, most: usize) -> Block {
        let mut block = Block::default();
        if let Err(error) = self.fill_block(&mut block, length, most) {
            block.cut = block.length < length;
            let at_end = error.kind() == io::ErrorKind::UnexpectedEof;
            self.fail(error);
            // That the record is cut says it all.
            self.failure.take_if(|_| block.cut && at_end);
        }
        if block.wrong && !block.cut {
            // What stands between two records.
            let end = block.bytes.strip_suffix(b"\r\n\r\n").map_or(block.bytes.len(), <[u8]>::len);
            block.bytes.truncate(end);
        }
        block
    }

    fn fill_block(&mut self, block: &mut Block, length: u64, most: usize) -> io::Result<()> {
        let mut piece = Vec::new();
        // Empty lines behind the block: they part two records, or belong to a block that is longer than it says.
        let mut gap: Vec<u8> = Vec::new();
        let (mut starts_line, mut after_gap) = (true, true);
        loop {
            let left = length.saturating_sub(block.length);
            let behind = left == 0;
            // A block may end within a line, and the next record begin right there.
            starts_line |= behind && block.length == length && gap.is_empty();
            piece.clear();
            let limit = if behind { MOST_HEADER as u64 } else { left.min(MOST_HEADER as u64) };
            if self.reader.by_ref().take(limit).read_until(b'\n', &mut piece)? == 0 {
                self.done = true;
                block.cut = !behind;
                return Ok(());
            }
            let right = behind && !block.wrong;
            let may_begin = starts_line && (after_gap || right);
            if may_begin && !piece.ends_with(b"\n") && begins_record(&piece) {
                // The length may end within the next record's first line.
                self.reader.by_ref().take(MOST_HEADER as u64).read_until(b'\n', &mut piece)?;
            }
            if may_begin && piece.starts_with(b"WARC/") {
                let line = piece.len();
                let header = self.header_under(&mut piece)?;
                let trusted = !behind && http::says_length(&block.bytes, length);
                if let Some(header) = header.filter(|header| right || is_complete(header) && !trusted) {
                    block.wrong |= !behind;
                    self.next_header = Some(header);
                    return Ok(());
                }
                if right {
                    return Err(too_long());
                }
                self.reader.take_back(piece.split_off(line));
            }
            let is_empty = piece.trim_ascii().is_empty();
            if behind && is_empty && gap.len() < MOST_HEADER {
                gap.extend_from_slice(&piece);
            } else {
                block.wrong |= behind;
                block.add(&std::mem::take(&mut gap), most);
                block.add(&piece, most);
            }
            after_gap = starts_line && is_empty && piece.ends_with(b"\n");
            starts_line = piece.ends_with(b"\n");
        }
    }
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("a header is longer than the limit of {MOST_HEADER} bytes"))
}

/// True where `piece` is the beginning of a record's first line, or goes on after one.
fn begins_record(piece: &[u8]) -> bool {
    const START: &[u8] = b"WARC/";
    piece.iter().zip(START).all(|(byte, wanted)| byte == wanted)
}

/// True for the header of a record, and not for one that a page shows: pages write the sign before a record's id otherwise.
fn is_complete(header: &Header) -> bool {
    let field = |name: &str| header.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    field("warc-type").is_some_and(|kind| !kind.contains(' '))
        && field("content-length").is_some_and(|length| length.parse::<u64>().is_ok())
        && field("warc-record-id").is_none_or(|id| id.starts_with('<'))
}

/// A reader to which bytes can be given back.
struct Ahead {
    taken_back: io::Cursor<Vec<u8>>,
    reader: Box<dyn BufRead + Send>,
}

impl Ahead {
    /// `bytes` are read again.
    fn take_back(&mut self, mut bytes: Vec<u8>) {
        let at = usize::try_from(self.taken_back.position()).unwrap_or(usize::MAX);
        bytes.extend_from_slice(self.taken_back.get_ref().get(at..).unwrap_or_default());
        self.taken_back = io::Cursor::new(bytes);
    }
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.taken_back.read(buffer)? {
            0 => self.reader.read(buffer),
            read => Ok(read),
        }
    }
}

impl BufRead for Ahead {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken_back.fill_buf()?.is_empty() { self.reader.fill_buf() } else { self.taken_back.fill_buf() }
    }

    fn consume(&mut self, amount: usize) {
        if self.taken_back.fill_buf().is_ok_and(<[u8]>::is_empty) {
            self.reader.consume(amount);
        } else {
            self.taken_back.consume(amount);
        }
    }
}

/// Pages and text are documents; pictures, scripts and feeds of a crawl are not.
fn form_of(body: &Body) -> Option<Form> {
    let media = body.media.split(';').next().unwrap_or("").trim();
    match media {
        "text/html" | "application/xhtml+xml" => Some(Form::Html),
        "text/plain" => Some(Form::Text),
        "" => Some(if crate::formats::sniff_html(&body.bytes) { Form::Html } else { Form::Text }),
        _ => None,
    }
    .filter(|_| !body.bytes.trim_ascii().is_empty())
}
