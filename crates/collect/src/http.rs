//! Messages of HTTP as archives keep them: their bodies, with transfer and content encodings undone.
use std::io::Read;

/// What gzip begins with.
const GZIP: &[u8] = b"\x1f\x8b";
/// How often a body may be packed.
const MOST_PACKED: usize = 2;

/// The body of a message, decoded.
pub(crate) struct Body {
    pub bytes: Vec<u8>,
    /// Its media type with parameters, in lower case.
    pub media: String,
    pub charset: Option<String>,
    /// Said where the body could not be decoded to its end.
    pub damaged: Option<String>,
}

/// The body of an HTTP message that was answered with success, up to `most` bytes of it; `None` for others.
pub(crate) fn response(block: &[u8], most: usize) -> Option<Body> {
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
    let (mut bytes, mut damaged) = match field("transfer-encoding") {
        // Crawlers that undo the encoding keep the field: then no chunk is there to be found.
        Some(encoding) if encoding.contains("chunked") => unchunked(rest).unwrap_or_else(|| (rest.to_vec(), None)),
        _ => (rest.to_vec(), None),
    };
    for encoding in field("content-encoding").unwrap_or_default().split(',').rev() {
        let decoded = match encoding.trim() {
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
            (out, Some(_)) if out.is_empty() || crate::formats::sniff_html(&bytes) => {}
            (out, problem) => {
                bytes = out;
                damaged = damaged.or(problem);
            }
        }
    }
    // What is packed shows it, also where the header is silent, and servers pack what is packed already.
    for _ in 0..MOST_PACKED {
        if !bytes.starts_with(GZIP) {
            break;
        }
        let (out, problem) = gunzip(&bytes, most);
        bytes = out;
        damaged = damaged.or(problem);
    }
    Some(Body { bytes, media, charset, damaged })
}

/// True where the message that `block` begins with says itself that it is `length` bytes long.
pub(crate) fn says_length(block: &[u8], length: u64) -> bool {
    let mut rest = block;
    let Some(status) = take_line(&mut rest).filter(|status| status.starts_with(b"HTTP/")) else { return false };
    let mut head = status.len();
    let mut body = None;
    while let Some(line) = take_line(&mut rest) {
        head += line.len();
        if line.trim_ascii().is_empty() {
            break;
        }
        let (name, value) = line.split_at(line.iter().position(|byte| *byte == b':').unwrap_or(0));
        if name.eq_ignore_ascii_case(b"content-length") {
            body = value.get(1..).and_then(|value| std::str::from_utf8(value).ok()?.trim().parse::<u64>().ok());
        }
    }
    body.is_some_and(|body| body.checked_add(head as u64) == Some(length))
}

/// Adds a line of a header; one that begins with white space goes on with the field before it.
pub(crate) fn push_field(fields: &mut Vec<(String, String)>, line: &[u8]) {
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

/// Unpacks gzip members one after the other; what stands behind the last of them is no part of the body.
fn gunzip(bytes: &[u8], most: usize) -> (Vec<u8>, Option<String>) {
    let mut out = Vec::new();
    let mut rest = bytes;
    while rest.starts_with(GZIP) && out.len() <= most {
        let mut member = flate2::bufread::GzDecoder::new(rest);
        let room = (most + 1).saturating_sub(out.len()) as u64;
        if let Err(error) = member.by_ref().take(room).read_to_end(&mut out) {
            return (out, Some(format!("the body cannot be unpacked to its end: {error}")));
        }
        rest = member.into_inner();
    }
    (out, None)
}

/// "deflate" is zlib by the book and bare deflate in practice.
fn inflate(bytes: &[u8], most: usize) -> (Vec<u8>, Option<String>) {
    let (out, problem) = limited(flate2::read::ZlibDecoder::new(bytes), most);
    if problem.is_some() && out.is_empty() { limited(flate2::read::DeflateDecoder::new(bytes), most) } else { (out, problem) }
}

/// Undoes chunks; `None` where none begins. Where a chunk is not as long as it says, the rest stays as it is, which is
/// said.
fn unchunked(mut rest: &[u8]) -> Option<(Vec<u8>, Option<String>)> {
    let mut out = Vec::with_capacity(rest.len());
    let mut first = true;
    while let Some(line) = take_line(&mut rest) {
        let size = line.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        let size = std::str::from_utf8(size).ok().and_then(|size| usize::from_str_radix(size, 16).ok());
        let Some(size) = size else {
            if first {
                return None;
            }
            out.extend_from_slice(line);
            out.extend_from_slice(rest);
            return Some((out, Some("a chunk of the body is not as long as it says".to_owned())));
        };
        first = false;
        if size == 0 {
            break;
        }
        let (chunk, after) = rest.split_at(size.min(rest.len()));
        out.extend_from_slice(chunk);
        rest = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n")).unwrap_or(after);
    }
    Some((out, None))
}

/// The encoding that a media type names.
pub(crate) fn charset_of(media: &str) -> Option<String> {
    let label = media.split("charset=").nth(1)?.split(';').next()?.trim().trim_matches(['"', '\'']);
    (!label.is_empty()).then(|| label.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{response, says_length, unchunked};
    use std::io::Write;

    fn joined(body: &[u8]) -> Option<(String, bool)> {
        let (out, damage) = unchunked(body)?;
        Some((String::from_utf8_lossy(&out).into_owned(), damage.is_some()))
    }

    #[test]
    fn chunks_are_joined_and_a_cut_one_is_read_to_the_cut() {
        let whole = |text: &str| Some((text.to_owned(), false));
        assert_eq!(joined(b"4\r\nA pa\r\n2;x=y\r\nct\r\n0\r\n\r\n"), whole("A pact"));
        assert_eq!(joined(b"ff\r\nA pact"), whole("A pact"));
        assert_eq!(joined(b"<html>"), None);
        assert_eq!(joined(b"ffffffffffffffff\r\nA"), whole("A"));
    }

    #[test]
    fn nothing_is_lost_behind_a_chunk_of_wrong_length() {
        assert_eq!(
            joined(b"3\r\nA pact was\r\n7\r\n signed\r\n0\r\n\r\n").map(|(text, damaged)| (
                text.starts_with("A pact was\r\n"),
                text.contains(" signed"),
                damaged
            )),
            Some((true, true, true))
        );
    }

    #[test]
    fn a_message_tells_its_own_length() {
        let message = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nA pact";
        assert!(says_length(message, message.len() as u64) && !says_length(message, 99));
        assert!(!says_length(b"HTTP/1.1 200 OK\r\n\r\nA pact", 25));
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
