//! WARC files as crawlers leave them: every encoding of bodies, lengths that are wrong, and archives that are cut.
use chancery_collect::{Limits, article, documents};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A file of its own under the system's folder for such, gone with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("chancery-warc-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).expect("the folder for temporary files can be written");
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A page called `title`, and the end of its last sentence, by which a page that was read whole is known.
fn page(title: &str) -> Vec<u8> {
    let paragraph = "The ministers of Freedonia and Sylvania signed a pact on ferries in the port of Loth on Friday, and it was to take effect in May.";
    format!("<!doctype html><html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{paragraph}</p><p>{paragraph} So ends {title}.</p></article></body></html>").into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).expect("memory can be written");
    packed.finish().expect("memory can be written")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).expect("memory can be written");
    packed.finish().expect("memory can be written")
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).expect("memory can be written");
    packed.finish().expect("memory can be written")
}

fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 1).expect("memory can be written")
}

/// Brotli (RFC 7932): a window of 16 bits, one block that is stored as it is, and the empty last block.
fn brotli(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len() - 1).expect("pages of the tests are short");
    let mut packed = (length << 4 | 1 << 20).to_le_bytes()[..3].to_vec();
    packed.extend(bytes);
    packed.push(3);
    packed
}

fn chunked(bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for chunk in bytes.chunks(100) {
        body.extend(format!("{:x}\r\n", chunk.len()).bytes());
        body.extend(chunk);
        body.extend(b"\r\n");
    }
    body.extend(b"0\r\n\r\n");
    body
}

/// A message with these fields.
fn message(fields: &str, body: &[u8]) -> Vec<u8> {
    let mut message = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{fields}\r\n").into_bytes();
    message.extend(body);
    message
}

/// A record of `block` that says it is as long as `length` says.
fn record(block: &[u8], length: &str) -> Vec<u8> {
    let mut record = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\nWARC-Target-URI: https://herald.example/a\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {length}\r\n\r\n"
    )
    .into_bytes();
    record.extend(block);
    record.extend(b"\r\n\r\n");
    record
}

fn right(block: &[u8]) -> Vec<u8> {
    record(block, &block.len().to_string())
}

/// Of each document its number, and its title where it was read to its end; the code of the notice for others.
fn read(path: &Path) -> Vec<String> {
    read_after(path, None)
}

fn read_after(path: &Path, after: Option<&str>) -> Vec<String> {
    let limits = Limits::default();
    let all = documents(&[path.to_owned()], &limits);
    let all: Box<dyn Iterator<Item = _>> = match after {
        Some(number) => Box::new(all.after(format!("{}#{number}", path.display()))),
        None => Box::new(all),
    };
    all.map(|document| match document {
        Ok(raw) => {
            let number = raw.source.rsplit('#').next().unwrap_or_default().to_owned();
            let (article, notices) = article(&raw, &limits);
            let title = article.title.unwrap_or_default();
            let whole = article.text.contains(&format!("So ends {title}."));
            let codes: Vec<&str> = notices.iter().map(|notice| notice.code).collect();
            format!("{number} {title}{} {}", if whole { "" } else { " (cut)" }, codes.join(" ")).trim().to_owned()
        }
        Err(refused) => refused.notice.code.to_owned(),
    })
    .collect()
}

fn check(name: &str, records: &[Vec<u8>], expected: &[&str]) {
    let file = Scratch::new(name, &records.concat());
    assert_eq!(read(&file.0), expected, "{name}");
}

#[test]
fn bodies_in_every_encoding_are_decoded() {
    type Encode = fn(&[u8]) -> Vec<u8>;
    let encodings: &[(&str, Encode)] = &[
        ("", |page| page.to_vec()),
        ("Content-Encoding: identity\r\n", |page| page.to_vec()),
        ("Content-Encoding: gzip\r\n", gzip),
        ("Content-Encoding: x-gzip\r\n", gzip),
        ("Content-Encoding: deflate\r\n", zlib),
        ("Content-Encoding: deflate\r\n", deflate),
        ("Content-Encoding: br\r\n", brotli),
        ("Content-Encoding: zstd\r\n", zstandard),
        ("Content-Encoding: gzip, br\r\n", |page| brotli(&gzip(page))),
        ("Content-Encoding: gzip\r\n", |page| gzip(&gzip(page))),
        // The header is wrong: not packed, packed otherwise, or packed and silent about it.
        ("Content-Encoding: gzip\r\n", |page| page.to_vec()),
        ("Content-Encoding: br\r\n", |page| page.to_vec()),
        ("Content-Encoding: zstd\r\n", |page| page.to_vec()),
        ("Content-Encoding: deflate\r\n", |page| page.to_vec()),
        ("Content-Encoding: utf-8\r\n", |page| page.to_vec()),
        ("", gzip),
    ];
    let mut records = Vec::new();
    let mut expected = Vec::new();
    for (fields, encode) in encodings {
        for is_chunked in [false, true] {
            let number = records.len() + 1;
            let title = format!("Page {number} of many");
            let body = encode(&page(&title));
            records.push(right(&if is_chunked {
                message(&format!("{fields}Transfer-Encoding: chunked\r\n"), &chunked(&body))
            } else {
                message(fields, &body)
            }));
            expected.push(format!("{number} {title}"));
        }
    }
    // A crawler that undid the chunks and left the field.
    records.push(right(&message("Transfer-Encoding: chunked\r\n", &page("Page 33 of many"))));
    expected.push("33 Page 33 of many".to_owned());
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check("encodings.warc", &records, &expected);
    check("encodings.warc.gz", &records.iter().map(|record| gzip(record)).collect::<Vec<_>>(), &expected);
    check("encodings.warc.zst", &records.iter().map(|record| zstandard(record)).collect::<Vec<_>>(), &expected);
}

#[test]
fn a_record_of_wrong_length_ends_where_the_next_begins() {
    let block = |title: &str| message("", &page(title));
    let next = right(&block("The one after it"));
    let length = block("The wrong one").len();
    // Too long: into the lines between, into the next header, into its page, to its end, beyond the end of the file.
    let too_long = [1, 2, 3, 4, 5, 9, 11, 30, 300, next.len() - 300, next.len(), next.len() + 4, next.len() + 40, 99_999_999_999];
    let too_short = [1, 2, 7, 50, 200, length - 1, length];
    let wrong = too_long.iter().map(|more| length + more).chain(too_short.iter().map(|less| length - less));
    for length in wrong.map(|length| length.to_string()).chain(["".to_owned(), "many".to_owned(), "-5".to_owned()]) {
        let records = [
            right(&block("The one before it")),
            record(&block("The wrong one"), &length),
            next.clone(),
            right(&block("The last one")),
        ];
        for (name, records) in [("wrong.warc", records.to_vec()), ("wrong.warc.gz", vec![gzip(&records.concat())])] {
            let file = Scratch::new(name, &records.concat());
            let titles: Vec<String> = read(&file.0).iter().map(|line| line.replace(" wrong-length", "")).collect();
            let expected = ["1 The one before it", "2 The wrong one", "3 The one after it", "4 The last one"];
            assert_eq!(titles, expected, "{name}, length {length}");
            // The numbers are the same for a run that goes on.
            let after: Vec<String> =
                read_after(&file.0, Some("2")).iter().map(|line| line.replace(" wrong-length", "")).collect();
            assert_eq!(after, expected[2..], "{name}, length {length}");
        }
    }
    let said = [record(&block("The wrong one"), &(length + 300).to_string()), next.clone()];
    check("said.warc", &said, &["1 The wrong one wrong-length", "2 The one after it"]);
}

#[test]
fn a_request_of_wrong_length_swallows_nothing() {
    let request = |length: usize| {
        format!("WARC/1.0\r\nWARC-Type: request\r\nContent-Type: application/http\r\nContent-Length: {length}\r\n\r\nGET / HTTP/1.1\r\n\r\n\r\n\r\n")
            .into_bytes()
    };
    for length in [0, 3, 18, 19, 500, 70_000, 99_999_999_999] {
        check("request.warc", &[request(length), right(&message("", &page("A page")))], &["2 A page"]);
    }
}

#[test]
fn lengths_within_the_message_are_not_believed() {
    let body = page("A page");
    let mut torn = chunked(&body);
    // The first chunk says that it is shorter than it is.
    torn.splice(..2, b"5e".iter().copied());
    check(
        "message.warc",
        &[
            right(&message("Content-Length: 7\r\n", &body)),
            right(&message("Content-Length: 9999999\r\n", &body)),
            right(&message("Content-Length: many\r\n", &body)),
            right(&message("Transfer-Encoding: chunked\r\n", &torn)),
        ],
        &["1 A page", "2 A page", "3 A page", "4 A page broken-encoding"],
    );
}

#[test]
fn a_page_that_shows_a_record_is_one_page() {
    let mut shown = page("How crawls are kept");
    let example = "<pre>\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\nContent-Length: 10\r\n\r\nHTTP/1.1\r\n</pre></article>";
    let at = shown.windows(10).position(|ten| ten == b"</article>").expect("the page has an article");
    shown.splice(at..at + 10, example.bytes());
    let block = message(&format!("Content-Length: {}\r\n", shown.len()), &shown);
    check("shown.warc", &[right(&block), right(&message("", &page("A page")))], &["1 How crawls are kept", "2 A page"]);
    // Pages write the sign before an id in their own way.
    let written = String::from_utf8(shown)
        .expect("the page is text")
        .replace("Content-Length: 10", "WARC-Record-ID: &lt;urn:uuid:1&gt;\r\nContent-Length: 10");
    let block = message("", written.as_bytes());
    check("written.warc", &[right(&block), right(&message("", &page("A page")))], &["1 How crawls are kept", "2 A page"]);
}

#[test]
fn a_cut_archive_is_read_up_to_the_cut() {
    let records: Vec<Vec<u8>> = (1..=3).map(|number| right(&message("", &page(&format!("Page {number}"))))).collect();
    let kinds: [(&str, Vec<Vec<u8>>); 3] = [
        ("cut.warc", records.clone()),
        ("cut.warc.gz", records.iter().map(|record| gzip(record)).collect()),
        ("cut.warc.zst", records.iter().map(|record| zstandard(record)).collect()),
    ];
    for (name, packed) in kinds {
        let whole = packed.concat();
        for end in (60..whole.len()).step_by(53) {
            let mut ends = packed.iter().scan(0, |end, record| {
                *end += record.len();
                Some(*end)
            });
            let n_whole = ends.by_ref().take_while(|record| *record <= end).count();
            let cut = Scratch::new(name, &whole[..end]);
            let found = read(&cut.0);
            for number in 1..=n_whole {
                assert_eq!(found.get(number - 1), Some(&format!("{number} Page {number}")), "{name} cut at {end}: {found:?}");
            }
            // Of the record in which the cut lies there is a page as far as it goes, or a word that it was cut; the empty
            // lines behind a record are no loss.
            let rest: Vec<&String> = found.iter().skip(n_whole).collect();
            assert!(rest.len() <= 1, "{name} cut at {end}: {found:?}");
            if let Some(rest) = rest.first() {
                let own = format!("{} Page {}", n_whole + 1, n_whole + 1);
                assert!(rest.contains("truncated") || **rest == own, "{name} cut at {end}: {found:?}");
            }
        }
    }
    let text = records.concat();
    let cut = Scratch::new("within.warc", &text[..text.len() - 60]);
    assert_eq!(read(&cut.0), ["1 Page 1", "2 Page 2", "3 Page 3 (cut) truncated"]);
}

#[test]
fn archives_with_a_dictionary_of_their_own_are_read() {
    let records: Vec<Vec<u8>> = (1..=3).map(|number| right(&message("", &page(&format!("Page {number}"))))).collect();
    let dictionary = records.first().expect("there are records").clone();
    let mut compressor = zstd::bulk::Compressor::with_dictionary(3, &dictionary).expect("a dictionary may be any bytes");
    let frames: Vec<u8> = records.iter().flat_map(|record| compressor.compress(record).expect("memory can be written")).collect();
    for stored in [dictionary.clone(), zstandard(&dictionary)] {
        let mut archive = b"\x5d\x2a\x4d\x18".to_vec();
        archive.extend(u32::try_from(stored.len()).expect("it is short").to_le_bytes());
        archive.extend(&stored);
        archive.extend(&frames);
        let file = Scratch::new("dictionary.warc.zst", &archive);
        assert_eq!(read(&file.0), ["1 Page 1", "2 Page 2", "3 Page 3"]);
    }
    let huge = Scratch::new("huge.warc.zst", b"\x5d\x2a\x4d\x18\xff\xff\xff\xff and no more");
    assert_eq!(read(&huge.0), ["limit-bytes"]);
}

#[test]
fn what_is_no_record_is_said_and_passed_over() {
    check(
        "strange.warc",
        &[b"not a record\r\n\r\n".to_vec(), right(&message("", &page("A page")))],
        &["broken-archive", "1 A page"],
    );
    check("none.warc", &[b"not a record\r\n".to_vec()], &["broken-archive"]);
    let endless = format!("WARC/1.0\r\nX: {}\r\n\r\n", "a".repeat(100_000));
    check("endless.warc", &[endless.into_bytes()], &["broken-archive"]);
}
