//! Bytes to text: by byte order mark, by what the document says, by what the bytes look like.
use chancery_agreement::Notice;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Text out of `bytes`, without a byte order mark and otherwise unchanged, and what there is to remark.
///
/// The order is that of the WHATWG: byte order mark, then well-formed UTF-8, then `charset` (a label out of a protocol or
/// a page), then a guess from the bytes.
///
/// # Errors
/// A fatal notice where the bytes are no text (`binary`) or there are none (`empty`).
pub fn decode(bytes: &[u8], charset: Option<&str>) -> Result<(String, Vec<Notice>), Notice> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Notice::failure("empty", "the document is empty"));
    }
    if let Some(kind) = known_binary(bytes) {
        return Err(Notice::failure("binary", format!("the document is {kind}, not text")));
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok(with(encoding, bytes.get(mark..).unwrap_or_default()));
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return Ok(with(encoding, bytes));
    }
    if looks_binary(bytes) {
        return Err(Notice::failure("binary", "the document holds bytes that no text has"));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), Vec::new()));
    }
    if mostly_utf8(bytes) {
        return Ok(with(UTF_8, bytes));
    }
    let named = charset.and_then(|label| Encoding::for_label(label.trim().as_bytes())).filter(|&encoding| encoding != UTF_8);
    let encoding = named.unwrap_or_else(|| {
        let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        detector.guess(None, chardetng::Utf8Detection::Allow)
    });
    let (text, mut notices) = with(encoding, bytes);
    if named.is_none() {
        notices.push(Notice::remark("encoding-guessed", format!("nothing names the encoding; read as {}", encoding.name())));
    }
    Ok((text, notices))
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> (String, Vec<Notice>) {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    let mut notices = Vec::new();
    if broken {
        notices.push(Notice::remark("bad-encoding", format!("some bytes are not {}; they were replaced", encoding.name())));
    }
    (text.into_owned(), notices)
}

/// UTF-16 without a mark: every other byte of Latin text is zero.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(512))?;
    if head.len() < 16 {
        return None;
    }
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count() * 2;
    let (even, odd) = (zeros(0), zeros(1));
    match () {
        () if odd * 10 > head.len() * 9 && even * 10 < head.len() => Some(UTF_16LE),
        () if even * 10 > head.len() * 9 && odd * 10 < head.len() => Some(UTF_16BE),
        () => None,
    }
}

fn known_binary(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF file"),
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"\x7fELF", "a program"),
        (b"PK\x03\x04", "a zip archive"),
        (b"\x1f\x8b", "gzip data"),
        (b"\x28\xb5\x2f\xfd", "Zstandard data"),
        (b"BZh", "bzip2 data"),
        (b"\xfd7zXZ", "xz data"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"PAR1", "a Parquet file"),
        (b"\xd0\xcf\x11\xe0", "an old Office document"),
    ];
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|&(_, kind)| kind)
}

/// Control characters that no text has make up more than one byte in a hundred.
fn looks_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(1 << 16)).unwrap_or_default();
    // Without branches, so that many bytes are looked at in one step.
    let is_control = |byte: u8| (byte < 9) | (byte.wrapping_sub(14) < 32 - 14) & (byte != 27) | (byte == 127);
    let control = head.iter().filter(|&&byte| is_control(byte)).count();
    control * 100 > head.len()
}

/// At most three, or one in a thousand, broken places in what is UTF-8 otherwise, with some of it beyond ASCII or at the
/// cut end of a file.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let mut broken = 0usize;
    let mut beyond_ascii = 0usize;
    for chunk in bytes.utf8_chunks() {
        beyond_ascii += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    let cut_at_end = broken == 1 && std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none());
    cut_at_end || (beyond_ascii > broken && broken <= 3.max(bytes.len() / 1000))
}

#[cfg(test)]
mod tests {
    use super::decode;

    fn codes(bytes: &[u8], charset: Option<&str>) -> (String, Vec<&'static str>) {
        match decode(bytes, charset) {
            Ok((text, notices)) => (text, notices.iter().map(|notice| notice.code).collect()),
            Err(notice) => (String::new(), vec![notice.code]),
        }
    }

    #[test]
    fn a_mark_is_dropped_and_nothing_else() {
        assert_eq!(codes(b"\xef\xbb\xbf A pact.\r\n", None), (" A pact.\r\n".to_owned(), vec![]));
    }

    #[test]
    fn sixteen_bit_text_is_read_with_and_without_a_mark() {
        let text = "The ministers initialled the fisheries pact.";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked: Vec<u8> = [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        assert_eq!(codes(&little, None).0, text);
        assert_eq!(codes(&marked, None).0, text);
    }

    #[test]
    fn old_western_text_is_read_and_said_to_be_guessed() {
        let (text, notices) =
            codes(b"The accord \x93on caf\xe9s\x94 was signed in Saint-\xc9tienne by both sides on Friday.", None);
        assert!(text.contains("“on cafés”") && text.contains("Saint-Étienne"), "{text}");
        assert_eq!(notices, ["encoding-guessed"]);
    }

    #[test]
    fn a_character_cut_in_two_at_the_end_does_not_change_the_rest() {
        let cut = "Élysée hosts the talks é".as_bytes();
        let (text, notices) = codes(&cut[..cut.len() - 1], None);
        assert!(text.starts_with("Élysée hosts the talks"), "{text}");
        assert_eq!(notices, ["bad-encoding"]);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(codes(b"%PDF-1.7 \x00\x01\x02", None).1, ["binary"]);
        assert_eq!(codes(&[7, 1, 2, 200, 3, 4, 5, 6, 80, 81, 1, 2, 3, 4, 5, 6, 7, 8], None).1, ["binary"]);
        assert_eq!(codes(b" \n\t", None).1, ["empty"]);
    }
}
