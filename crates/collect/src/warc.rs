//! WARC files (ISO 28500), streamed: the pages in their responses, with transfer and content encodings undone.
//!
//! The framing is read here and not by a crate: the fast ones want a file that can be sought in, which standard input and
//! our capped decompressors are not, and unpack bodies without a limit.
use crate::formats::{Opened, Records, broken};
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
        reader: opened.reader,
        record: 0,
        after: opened.after,
        limits: limits.clone(),
        done: false,
    })
}

struct Warc {
    source: String,
    reader: Box<dyn BufRead + Send>,
    /// Records seen, counted from 1: the number in the source's name.
    record: u64,
    /// Records up to this one are passed over.
    after: u64,
    limits: Limits,
    done: bool,
}

/// Longest header that is read, in bytes.
const MOST_HEADER: usize = 64 << 10;

impl Iterator for Warc {
    type Item = Result<Raw, Refused>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            match self.read_record() {
                Ok(Some(found)) => return Some(found),
                Ok(None) => {}
                Err(error) => {
                    self.done = true;
                    return Some(Err(broken(&format!("{}#{}", self.source, self.record), &error)));
                }
            }
        }
        None
    }
}

impl Warc {
    /// The next record's document, if it holds one.
    fn read_record(&mut self) -> io::Result<Option<Result<Raw, Refused>>> {
        let mut version = Vec::new();
        loop {
            version.clear();
            if self.reader.by_ref().take(MOST_HEADER as u64).read_until(b'\n', &mut version)? == 0 {
                self.done = true;
                return Ok(None);
            }
            if !version.trim_ascii().is_empty() {
                break;
            }
        }
        self.record += 1;
        let source = format!("{}#{}", self.source, self.record);
        if !version.starts_with(b"WARC/") {
            // A wrong length before this: the next record is looked for.
            return self.find_next_record(source);
        }
        let header = read_header(&mut self.reader)?;
        let field = |name: &str| header.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let length: u64 = field("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let kind = field("warc-type").unwrap_or("").to_ascii_lowercase();
        let url = field("warc-target-uri").map(|url| url.trim_matches(['<', '>']).to_owned());
        let media = field("content-type").unwrap_or("").to_ascii_lowercase();
        let wanted = matches!(kind.as_str(), "response" | "resource" | "conversion");
        if self.record <= self.after {
            self.done = skip(&mut self.reader, length)? < length;
            return Ok(None);
        }
        if !wanted || length > 4 * self.limits.document_bytes as u64 {
            let skipped = skip(&mut self.reader, length)?;
            if skipped < length {
                return Ok(Some(Err(cut(source))));
            }
            let too_long = Refused::new(source, "limit-bytes", format!("the record is {length} bytes long, more than is read"));
            return Ok(wanted.then_some(Err(too_long)));
        }
        let mut block = Vec::new();
        let read = self.reader.by_ref().take(length).read_to_end(&mut block)?;
        let whole = read as u64 == length;
        self.done = !whole;
        let document = if media.contains("application/http") || block.starts_with(b"HTTP/") {
            response(&block, self.limits.document_bytes)
        } else {
            Some(Body { bytes: block, media: media.clone(), charset: charset_of(&media), damaged: None })
        };
        let Some(body) = document else { return Ok((!whole).then(|| Err(cut(source)))) };
        let Some(form) = form_of(&body) else { return Ok((!whole).then(|| Err(cut(source)))) };
        let mut raw = Raw::new(source, body.bytes, form);
        raw.given.url = url;
        raw.given.charset = body.charset;
        if !whole {
            raw.notices.push(Notice::remark("truncated", "the archive ends within this record; what there is of it was read"));
        }
        if let Some(damage) = body.damaged {
            raw.notices.push(Notice::remark("broken-encoding", damage));
        }
        Ok(Some(Ok(raw)))
    }

    fn find_next_record(&mut self, source: String) -> io::Result<Option<Result<Raw, Refused>>> {
        let mut line = Vec::new();
        loop {
            // A line that starts a record cannot be taken back; what is left is its header, read as the next record's.
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                self.done = true;
                break;
            }
            if buffer.starts_with(b"WARC/1.") {
                break;
            }
            line.clear();
            self.reader.by_ref().take(MOST_HEADER as u64).read_until(b'\n', &mut line)?;
        }
        Ok(Some(Err(Refused::new(
            source,
            "broken-archive",
            "no record of a WARC file starts here; reading went on at the next one",
        ))))
    }
}

fn cut(source: String) -> Refused {
    Refused::new(source, "truncated", "the archive ends within this record")
}

/// Fields of a header up to its empty line, names in lower case.
fn read_header(reader: &mut Box<dyn BufRead + Send>) -> io::Result<Vec<(String, String)>> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut total = 0;
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = reader.by_ref().take(MOST_HEADER as u64).read_until(b'\n', &mut line)?;
        total += read;
        if read == 0 || line.trim_ascii().is_empty() {
            return Ok(fields);
        }
        if total > MOST_HEADER {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a header is longer than {MOST_HEADER} bytes")));
        }
        push_field(&mut fields, &line);
    }
}

fn push_field(fields: &mut Vec<(String, String)>, line: &[u8]) {
    let text = String::from_utf8_lossy(line);
    if text.starts_with([' ', '\t']) {
        if let Some((_, value)) = fields.last_mut() {
            value.push(' ');
            value.push_str(text.trim());
        }
    } else if let Some((name, value)) = text.split_once(':') {
        fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn skip(reader: &mut Box<dyn BufRead + Send>, length: u64) -> io::Result<u64> {
    io::copy(&mut reader.by_ref().take(length), &mut io::sink())
}

/// What a record holds.
struct Body {
    bytes: Vec<u8>,
    media: String,
    charset: Option<String>,
    /// Said where the body could not be decoded to its end.
    damaged: Option<String>,
}

/// The body of an HTTP message that was answered with success; `None` for others.
fn response(block: &[u8], most: usize) -> Option<Body> {
    let mut rest = block;
    let status = take_line(&mut rest)?;
    let code = status.split(|byte| *byte == b' ').nth(1)?;
    if !code.starts_with(b"2") {
        return None;
    }
    let mut fields = Vec::new();
    while let Some(line) = take_line(&mut rest) {
        if line.trim_ascii().is_empty() {
            break;
        }
        push_field(&mut fields, line);
    }
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.to_ascii_lowercase());
    let media = field("content-type").unwrap_or_default();
    let charset = charset_of(&media);
    let mut damaged = None;
    let mut bytes = match field("transfer-encoding") {
        // Crawlers that undo the encoding keep the field: then no chunk is there to be found.
        Some(encoding) if encoding.contains("chunked") => unchunked(rest).unwrap_or_else(|| rest.to_vec()),
        _ => rest.to_vec(),
    };
    for encoding in field("content-encoding").unwrap_or_default().split(',').rev() {
        let decoded = match encoding.trim() {
            "gzip" | "x-gzip" if bytes.starts_with(b"\x1f\x8b") => {
                limited(flate2::read::MultiGzDecoder::new(bytes.as_slice()), most)
            }
            "deflate" => inflate(&bytes, most),
            "br" => limited(brotli_decompressor::Decompressor::new(bytes.as_slice(), 4096), most),
            "zstd" => match zstd::stream::read::Decoder::new(bytes.as_slice()) {
                Ok(decoder) => limited(decoder, most),
                Err(error) => (Vec::new(), Some(error.to_string())),
            },
            _ => continue,
        };
        match decoded {
            // Not encoded at all, whatever the header says.
            (out, Some(_)) if out.is_empty() => {}
            (out, problem) => {
                bytes = out;
                damaged = problem;
            }
        }
    }
    Some(Body { bytes, media, charset, damaged })
}

fn take_line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    if rest.is_empty() {
        return None;
    }
    let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
    let (line, after) = rest.split_at(end);
    *rest = after;
    Some(line)
}

/// What a decoder gives, up to `most` bytes; with a remark where it stopped before its end.
fn limited(decoder: impl Read, most: usize) -> (Vec<u8>, Option<String>) {
    let mut out = Vec::new();
    let result = decoder.take(most as u64 + 1).read_to_end(&mut out);
    (out, result.err().map(|error| format!("the body cannot be unpacked to its end: {error}")))
}

/// "deflate" is zlib by the book and bare deflate in practice.
fn inflate(bytes: &[u8], most: usize) -> (Vec<u8>, Option<String>) {
    let (out, problem) = limited(flate2::read::ZlibDecoder::new(bytes), most);
    if problem.is_some() && out.is_empty() { limited(flate2::read::DeflateDecoder::new(bytes), most) } else { (out, problem) }
}

/// Undoes chunks as far as they go; `None` where none begins.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(rest.len());
    let mut first = true;
    while let Some(line) = take_line(&mut rest) {
        let size = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        let size = std::str::from_utf8(size).ok().and_then(|size| usize::from_str_radix(size, 16).ok());
        let Some(size) = size else {
            if first {
                return None;
            }
            break;
        };
        first = false;
        if size == 0 {
            break;
        }
        let (chunk, after) = rest.split_at(size.min(rest.len()));
        out.extend_from_slice(chunk);
        rest = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n")).unwrap_or(after);
    }
    Some(out)
}

fn charset_of(media: &str) -> Option<String> {
    let label = media.split("charset=").nth(1)?.split(';').next()?.trim().trim_matches(['"', '\'']);
    (!label.is_empty()).then(|| label.to_owned())
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

#[cfg(test)]
mod tests {
    use super::{response, unchunked};
    use std::io::Write;

    #[test]
    fn chunks_are_joined_and_a_cut_one_is_read_to_the_cut() {
        assert_eq!(unchunked(b"4\r\nA pa\r\n2;x=y\r\nct\r\n0\r\n\r\n").as_deref(), Some(b"A pact".as_slice()));
        assert_eq!(unchunked(b"ff\r\nA pact").as_deref(), Some(b"A pact".as_slice()));
        assert_eq!(unchunked(b"<html>"), None);
        assert_eq!(unchunked(b"ffffffffffffffff\r\nA").as_deref(), Some(b"A".as_slice()));
    }

    /// The page of the test below, packed with the reference encoder.
    const BROTLI: &[u8] = b"\x1b\x36\x00\xe8\x8d\x93\x5c\xfd\xe2\x1c\xc4\x2d\xa7\xf5\x86\xc9\xb8\x4b\x94\x05\xf1\xf5\x11\xd4\x84\x14\xa2\x0c\x45\xf2\xc7\x88\xcb\x71\x86\x22\x93\x51\x7b\x74\x11\xbe\x9b\x7e\x7c\x3d\xac\x10\x12";

    #[test]
    fn bodies_are_unpacked_by_their_encoding() -> std::io::Result<()> {
        let page = b"<html><body>A pact on ferries was signed.</body></html>";
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(page)?;
        let packed = [
            ("gzip", gzip.finish()?),
            ("zstd", zstd::stream::encode_all(page.as_slice(), 1)?),
            ("br", BROTLI.to_vec()),
            ("identity", page.to_vec()),
            ("gzip", page.to_vec()),
        ];
        for (encoding, bytes) in packed {
            let mut message =
                format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Encoding: {encoding}\r\n\r\n")
                    .into_bytes();
            message.extend(bytes);
            let body = response(&message, 1000).map(|body| (body.bytes, body.charset));
            assert_eq!(body, Some((page.to_vec(), Some("utf-8".to_owned()))), "{encoding}");
        }
        Ok(())
    }

    #[test]
    fn errors_of_the_server_are_no_documents() {
        assert!(response(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<html>", 1000).is_none());
    }
}
