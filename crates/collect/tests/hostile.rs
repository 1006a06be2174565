//! Bad input of every kind: the run goes on, and a notice names what is wrong.
use chancery_collect::{Form, Limits, Raw, article, documents};
use std::io::Write as _;
use std::path::{Path, PathBuf};

fn hostile(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../hostile").join(name)
}

/// The codes of the notices of every document in `path`, `ok` for a document without any.
fn codes(path: &Path, limits: &Limits) -> Vec<String> {
    let mut codes = Vec::new();
    for document in documents(&[path.to_owned()], limits) {
        match document {
            Ok(raw) => {
                let (article, notices) = article(&raw, limits);
                for block in &article.blocks {
                    assert!(!block.span.of(&article.text).is_empty(), "a block of {} is outside its text", article.source);
                }
                for pair in article.blocks.windows(2) {
                    assert!(pair[0].span.end() <= pair[1].span.start(), "blocks of {} overlap", article.source);
                }
                if notices.is_empty() {
                    codes.push("ok".to_owned());
                }
                codes.extend(notices.iter().map(|notice| notice.code.to_owned()));
            }
            Err(refused) => codes.push(refused.notice.code.to_owned()),
        }
    }
    codes
}

fn check(name: &str, expected: &[&str]) {
    assert_eq!(codes(&hostile(name), &Limits::default()), expected, "{name}");
}

/// A file of its own under the system's folder for such, gone with the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("chancery-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).expect("the folder for temporary files can be written");
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(bytes).expect("memory can be written");
    packed.finish().expect("memory can be written")
}

/// Every limit has a file that passes it, and the notice names the limit.
#[test]
fn every_limit_is_named_by_the_notice_of_the_file_that_passes_it() {
    let limits = Limits::default();
    for (name, code, limit) in [
        ("deep-page.html.gz", "limit-depth", limits.depth as u64),
        ("deep.json.gz", "limit-depth", 120),
        ("deep-feed.rss.gz", "limit-depth", 100),
        ("many-elements.html.gz", "limit-page", limits.elements as u64),
        ("far-elements.html.gz", "limit-page", limits.steps as u64),
        ("far-text.html.gz", "limit-page", limits.carried_text as u64),
        ("long-page.html.gz", "limit-page", limits.page_bytes as u64),
        ("long-text.txt.gz", "limit-text", limits.text_bytes as u64),
        ("endless-line.txt.gz", "limit-bytes", limits.document_bytes as u64),
        ("bomb.txt.gz", "limit-ratio", limits.ratio),
        ("bomb.txt.zst", "limit-ratio", limits.ratio),
        ("nested.gz", "limit-nesting", limits.nesting as u64),
        ("many-files.zip", "limit-files", limits.zip_files),
    ] {
        let mut told = Vec::new();
        for document in documents(&[hostile(name)], &limits) {
            match document {
                Ok(raw) => told.extend(article(&raw, &limits).1),
                Err(refused) => told.push(refused.notice),
            }
        }
        let [notice] = told.as_slice() else { panic!("{name}: {told:?}") };
        assert_eq!(notice.code, code, "{name}: {}", notice.message);
        assert!(notice.message.contains(&limit.to_string()), "{name}: {limit} is not in `{}`", notice.message);
    }
    // Too large to be kept in a repository: an archive that is nothing but a hole.
    let large = Scratch::new("large.zip", b"PK\x03\x04");
    let file = std::fs::OpenOptions::new().write(true).open(&large.0).expect("the file can be opened");
    file.set_len(limits.zip_bytes as u64 + 1).expect("a file may have holes");
    assert_eq!(codes(&large.0, &limits), ["limit-bytes"]);
}

#[test]
fn nothing_and_no_text_are_refused() {
    check("empty.txt", &["empty"]);
    check("blank.txt", &["empty"]);
    check("binary.txt", &["binary"]);
    check("picture-named.html", &["binary"]);
}

#[test]
fn broken_encodings_are_read_as_far_as_they_go() {
    check("cut-character.txt", &["bad-encoding"]);
    check("old-western.txt", &["encoding-guessed"]);
    check("two-encodings.txt", &["bad-encoding"]);
    check("sixteen-bit.txt", &["ok"]);
}

#[test]
fn broken_records_are_told_apart() {
    check("cut.json", &["broken-json"]);
    check("not-an-object.json", &["broken-json"]);
    check("no-text.json", &["no-text"]);
    check("null-values.json", &["ok"]);
    check("wrong-dates.jsonl", &["bad-date", "bad-date", "bad-date", "broken-json", "ok"]);
    check("broken.xml", &["broken-feed"]);
    check("wrong-length.warc", &["wrong-length", "ok"]);
}

#[test]
fn a_wrong_date_is_no_date() {
    let limits = Limits::default();
    let days: Vec<Option<String>> = documents(&[hostile("wrong-dates.jsonl")], &limits)
        .filter_map(Result::ok)
        .map(|raw| article(&raw, &limits).0.published.map(|published| published.value))
        .collect();
    assert_eq!(days, [None, None, None, None, Some("2011-03-04".to_owned())]);
}

#[test]
fn other_languages_are_set_aside() {
    check("french.txt", &["not-english"]);
    check("russian.html", &["not-english"]);
}

#[test]
fn broken_pages_are_read() {
    check("unclosed.html", &["ok"]);
    check("script.html", &["ok"]);
    let limits = Limits::default();
    let raw = documents(&[hostile("script.html")], &limits).find_map(Result::ok).expect("the page is there");
    let (article, _) = article(&raw, &limits);
    assert!(!article.text.contains("only a script"), "{}", article.text);
    assert!(article.text.contains("<script>alert(\"x\")</script>"), "what a page shows as text stays text: {}", article.text);
}

#[test]
fn deep_pages_are_read_without_a_parser() {
    for (open, close) in [("<div>", "</div>"), ("<b>", ""), ("<table><tr><td>", ""), ("<ul><li>", "")] {
        let page = format!(
            "<html><body>{}<p>The ministers of the two states signed a pact on ferries in the port of Loth.</p>{}",
            open.repeat(100_000),
            close.repeat(100_000)
        );
        let (article, notices) = article(&Raw::new("deep.html", page, Form::Html), &Limits::default());
        assert_eq!(notices.iter().map(|notice| notice.code).collect::<Vec<_>>(), ["limit-depth"], "{open}");
        assert!(article.text.contains("signed a pact on ferries"), "{open}");
    }
}

#[test]
fn many_elements_far_from_the_root_are_read_without_a_parser() {
    let page = format!(
        "<html><body>{}{}<p>The ministers of the two states signed a pact on ferries in the port of Loth.</p>",
        "<div><i>".repeat(200),
        "<p>a b c</p>".repeat(40_000)
    );
    let (article, notices) = article(&Raw::new("wide.html", page, Form::Html), &Limits::default());
    assert_eq!(notices.iter().map(|notice| notice.code).collect::<Vec<_>>(), ["limit-page"]);
    assert!(article.text.contains("signed a pact on ferries"));
}

#[test]
fn the_deepest_page_that_is_parsed_does_not_overflow_a_small_stack() {
    let paragraph =
        "<p>The ministers of the two states signed a pact on ferries in the port of Loth, and it was to take effect in May.</p>"
            .repeat(5);
    let page = format!("<html><body>{}{paragraph}{}</body></html>", "<div>".repeat(495), "</div>".repeat(495));
    // Threads of a pool have two megabytes.
    let reader = std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || article(&Raw::new("deep.html", page, Form::Html), &Limits::default()));
    let (article, _) = reader.expect("a thread can be started").join().expect("the page is read to its end");
    assert!(article.text.contains("signed a pact on ferries"), "{}", article.text);
}

#[test]
fn bombs_are_stopped_early() {
    let bomb = Scratch::new("bomb.txt.gz", &gzip(&vec![b' '; 64 << 20]));
    assert_eq!(codes(&bomb.0, &Limits::default()), ["limit-ratio"]);
    let lines = Scratch::new("bomb.jsonl.gz", &gzip(&vec![b' '; 64 << 20]));
    assert_eq!(codes(&lines.0, &Limits::default()), ["limit-ratio"]);
    let packed = zstd::stream::encode_all(vec![b'a'; 64 << 20].as_slice(), 3).expect("memory can be written");
    let zstandard = Scratch::new("bomb.zst", &packed);
    assert_eq!(codes(&zstandard.0, &Limits::default()), ["limit-ratio"]);
}

#[test]
fn archives_within_archives_have_an_end() {
    let mut packed = b"The ministers of the two states signed a pact on ferries in the port of Loth.".to_vec();
    for _ in 0..10 {
        packed = gzip(&packed);
    }
    let nested = Scratch::new("nested.gz", &packed);
    assert_eq!(codes(&nested.0, &Limits::default()), ["limit-nesting"]);
}

#[test]
fn a_cut_archive_is_read_up_to_the_cut() {
    let mut packed = gzip(
        "{\"text\": \"The ministers of the two states signed a pact on ferries in the port of Loth.\"}\n".repeat(3).as_bytes(),
    );
    packed.truncate(packed.len() - 6);
    let cut = Scratch::new("cut.jsonl.gz", &packed);
    let found = codes(&cut.0, &Limits::default());
    assert_eq!(found.last().map(String::as_str), Some("truncated"), "{found:?}");
}

#[test]
fn one_endless_line_is_too_long() {
    let limits = Limits::default();
    let line = Scratch::new("line.txt", &vec![b'a'; limits.document_bytes + 1]);
    assert_eq!(codes(&line.0, &limits), ["limit-bytes"]);
    let mut records = vec![b'a'; limits.document_bytes + 10];
    records
        .extend_from_slice(b"\n{\"text\": \"The ministers of the two states signed a pact on ferries in the port of Loth.\"}\n");
    let records = Scratch::new("line.jsonl", &records);
    assert_eq!(codes(&records.0, &limits), ["limit-bytes", "ok"]);
    let small = Limits { text_bytes: 1000, ..limits };
    let (_, notices) = article(&Raw::new("line.txt", "pact ".repeat(1000), Form::Text), &small);
    assert_eq!(notices.iter().map(|notice| notice.code).collect::<Vec<_>>(), ["limit-text"]);
}

#[test]
fn deep_json_is_refused() {
    let json = format!("{{\"text\": \"a\", \"x\": {}{}}}", "[".repeat(50_000), "]".repeat(50_000));
    let deep = Scratch::new("deep.json", json.as_bytes());
    assert_eq!(codes(&deep.0, &Limits::default()), ["limit-depth"]);
}

#[test]
fn what_is_not_there_is_said_and_the_rest_is_read() {
    let inputs = [hostile("no-such-file.txt"), hostile("sixteen-bit.txt")];
    let found: Vec<bool> = documents(&inputs, &Limits::default()).map(|document| document.is_ok()).collect();
    assert_eq!(found, [false, true]);
}

#[test]
fn all_cuts_of_a_page_are_read() {
    let page = std::fs::read(hostile("script.html")).expect("the page is there");
    for end in (0..page.len()).step_by(7) {
        let (article, _) = article(&Raw::new("cut.html", &page[..end], Form::Html), &Limits::default());
        assert!(article.blocks.iter().all(|block| block.span.end() <= article.text.len()));
    }
}

#[test]
fn broken_tables_are_refused_and_never_stop_the_run() {
    let tables = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tables");
    for name in ["snappy.parquet", "zstd.parquet", "gzip.parquet"] {
        let whole = std::fs::read(tables.join(name)).expect("the table is there");
        let cut = Scratch::new("cut.parquet", &whole[..whole.len() / 2]);
        assert_eq!(codes(&cut.0, &Limits::default()), ["truncated"], "{name}");
        let mut packed = Vec::new();
        for at in (0..whole.len()).step_by(2) {
            for flip in [0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] ^= flip;
                packed.push(bytes);
            }
        }
        // Out of memory, not out of a file: what matters is that each comes to an end, with few rows.
        for bytes in packed {
            let file = Scratch::new("flipped.parquet", &bytes);
            let rows = documents(std::slice::from_ref(&file.0), &Limits::default()).take(1000).count();
            assert!(rows <= 4, "{rows} rows out of three");
        }
    }
}

#[test]
fn endless_messages_and_boundaries_have_an_end() {
    let limits = Limits::default();
    let begin = "From a@b.example Fri Mar  4 09:05:00 2011\nSubject: x\n";
    let long = Scratch::new(
        "long.mbox",
        format!(
            "{begin}\n{}\n{begin}\nA pact was signed in the port of Loth on Friday by both states.\n",
            "a ".repeat(limits.document_bytes)
        )
        .as_bytes(),
    );
    assert_eq!(codes(&long.0, &limits).first().map(String::as_str), Some("limit-bytes"));
    let parts: String = (0..20_000).map(|n| format!("Content-Type: multipart/mixed; boundary=\"{n}\"\n\n--{n}\n")).collect();
    let nested = Scratch::new("nested.mbox", format!("{begin}{parts}").as_bytes());
    assert_eq!(codes(&nested.0, &limits), ["no-text"]);
}
