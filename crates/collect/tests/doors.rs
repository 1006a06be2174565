//! Every door into intake: files, folders, patterns, lists, archives, feeds.
use chancery_agreement::DateBasis;
use chancery_collect::{Limits, article, documents};
use std::io::Write as _;
use std::path::PathBuf;

/// A folder of its own, gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("chancery-doors-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("the folder for temporary files can be written");
        Self(path)
    }

    fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("the folder can be made");
        std::fs::write(path, bytes).expect("the file can be written");
        self
    }

    /// Source (from the folder on) and title of every document, or the code of the notice.
    fn read(&self, inputs: &[&str]) -> Vec<String> {
        let limits = Limits::default();
        let paths: Vec<PathBuf> = inputs.iter().map(|input| self.0.join(input)).collect();
        let short =
            |source: &str| source.rsplit_once(&format!("{}/", self.0.display())).map_or(source, |(_, rest)| rest).to_owned();
        documents(&paths, &limits)
            .map(|document| match document {
                Ok(raw) => {
                    let (article, notices) = article(&raw, &limits);
                    assert!(notices.is_empty(), "{}: {notices:?}", article.source);
                    let day = article.published.as_ref().map(|published| published.value.clone()).unwrap_or_default();
                    format!(
                        "{} | {} | {day} | {}",
                        short(&article.source),
                        article.title.unwrap_or_default(),
                        article.publisher.unwrap_or_default()
                    )
                }
                Err(refused) => format!("{} ! {}", short(&refused.source), refused.notice.code),
            })
            .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const STORY: &str =
    "The ministers of the two states signed a pact on ferries in the port of Loth on Friday, and it was to take effect in May.";

fn page(title: &str) -> String {
    format!(
        "<!doctype html><html><head><title>{title} | Herald</title><meta property=\"og:site_name\" content=\"Herald\">\
         <script type=\"application/ld+json\">{{\"@type\": \"NewsArticle\", \"headline\": \"{title}\", \"datePublished\": \"2011-03-04T09:05:00+01:00\", \
         \"dateModified\": \"2011-04-01\", \"author\": [{{\"@type\": \"Person\", \"name\": \"Jane Roe\"}}]}}</script></head>\
         <body><nav><a href=\"/\">Home</a></nav><article><h1>{title}</h1><p>{STORY}</p><p>Envoys of both governments had met for nine months, \
         and the talks had broken down twice in the course of the winter.</p></article></body></html>"
    )
}

#[test]
fn a_file_of_lines_may_begin_with_a_long_one() {
    let long = format!("{{\"title\": \"Long\", \"text\": \"{}\"}}", "The envoys met again on the pier. ".repeat(9000));
    let short = "{\"title\": \"Short\", \"text\": \"The envoys met once more on the pier, and left.\"}";
    let folder = Folder::new("long-line").with("news.jsonl", format!("{long}\n{short}\n"));
    let titles: Vec<String> =
        folder.read(&["news.jsonl"]).iter().map(|read| read.split(" | ").nth(1).unwrap_or_default().to_owned()).collect();
    assert_eq!(titles, ["Long", "Short"]);
}

#[test]
fn folders_are_read_in_order_and_hidden_files_left_out() {
    let folder = Folder::new("folders")
        .with("b/one.txt", format!("Pact signed\n\n{STORY}"))
        .with("a.html", page("Ferries agreed"))
        .with(".hidden.txt", STORY);
    assert_eq!(folder.read(&["."]), ["./a.html | Ferries agreed | 2011-03-04 | Herald", "./b/one.txt | Pact signed |  | "]);
    assert_eq!(folder.read(&["b/*.txt", "none*.txt"]), ["b/one.txt | Pact signed |  | ", "none*.txt ! not-found"]);
}

#[test]
fn a_page_tells_when_it_was_published_and_not_when_it_was_changed() {
    let folder = Folder::new("page").with("a.html", page("Ferries agreed"));
    let limits = Limits::default();
    let raw = documents(&[folder.0.join("a.html")], &limits).find_map(Result::ok).expect("the page is there");
    let (article, _) = article(&raw, &limits);
    let published = article.published.expect("the page shows a date");
    assert_eq!(
        (published.value.as_str(), published.time.as_deref(), published.basis),
        ("2011-03-04", Some("09:05:00+01:00"), DateBasis::Metadata)
    );
    assert_eq!(article.byline.as_deref(), Some("Jane Roe"));
    assert!(!article.text.contains("Home"));
}

#[test]
fn lists_of_records_are_taken_apart() {
    let record = |title: &str| {
        format!(
            "{{\"title\": \"{title}\", \"maintext\": \"{STORY}\", \"date_publish\": \"2011-03-04 00:00:00\", \"source_domain\": \"herald.example\"}}"
        )
    };
    let folder = Folder::new("lists")
        .with("a.jsonl", format!("{}\n\n{}\n", record("One"), record("Two")))
        .with("b.json", format!("[{}, {}]", record("Three"), record("Four")))
        .with("c.json", format!("{{\"articles\": [{}]}}", record("Five")))
        .with("d.json", record("Six"));
    let expected: Vec<String> = [
        ("a.jsonl#1", "One"),
        ("a.jsonl#3", "Two"),
        ("b.json#1", "Three"),
        ("b.json#2", "Four"),
        ("c.json#1", "Five"),
        ("d.json", "Six"),
    ]
    .iter()
    .map(|(source, title)| format!("{source} | {title} | 2011-03-04 | herald.example"))
    .collect();
    assert_eq!(folder.read(&["a.jsonl", "b.json", "c.json", "d.json"]), expected);
}

#[test]
fn archives_give_their_pages() {
    let message = |title: &str| {
        let page = page(title);
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{page}\r\n0\r\n\r\n",
            page.len()
        )
    };
    let record = |title: &str| {
        let message = message(title);
        format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://herald.example/{title}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{message}\r\n\r\n",
            message.len()
        )
    };
    let info = "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\nabcd\r\n\r\n";
    let gzip = |bytes: &str| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(bytes.as_bytes()).expect("memory can be written");
        packed.finish().expect("memory can be written")
    };
    let members: Vec<u8> = [info.to_owned(), record("One"), record("Two")].iter().flat_map(|record| gzip(record)).collect();
    let mut cut = members.clone();
    cut.truncate(members.len() - 40);
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("pages/three.html", zip::write::SimpleFileOptions::default()).expect("memory can be written");
    zip.write_all(page("Three").as_bytes()).expect("memory can be written");
    let zip = zip.finish().expect("memory can be written").into_inner();
    let folder = Folder::new("archives").with("a.warc.gz", &members).with("b.zip", zip).with("c.warc.gz", cut);
    assert_eq!(
        folder.read(&["a.warc.gz", "b.zip"]),
        [
            "a.warc.gz#2 | One | 2011-03-04 | Herald",
            "a.warc.gz#3 | Two | 2011-03-04 | Herald",
            "b.zip#pages/three.html | Three | 2011-03-04 | Herald"
        ]
    );
    let limits = Limits::default();
    let cut: Vec<String> = documents(&[folder.0.join("c.warc.gz")], &limits)
        .map(|document| {
            document
                .map_or_else(|refused| refused.notice.code.to_owned(), |raw| article(&raw, &limits).0.title.unwrap_or_default())
        })
        .collect();
    assert_eq!(cut.first().map(String::as_str), Some("One"), "{cut:?}");
    assert!(cut.len() >= 2 && cut.last().is_some_and(|last| last == "truncated" || last == "Two"), "{cut:?}");
}

#[test]
fn feeds_give_their_entries() {
    let rss = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Herald</title><link>https://herald.example</link><description>x</description>\
         <item><title>Pact &amp; ferries</title><link>https://herald.example/1</link><pubDate>Fri, 04 Mar 2011 09:05:00 GMT</pubDate>\
         <description>Short.</description><content:encoded><![CDATA[<p>{STORY}</p><p>Envoys had met for nine months.</p>]]></content:encoded></item></channel></rss>"
    );
    let atom = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>h</id><title>Gazette</title><updated>2011-03-06T00:00:00Z</updated><entry><id>1</id><title>Pact signed</title>\
         <updated>2011-03-06T00:00:00Z</updated><published>2011-03-05T10:00:00Z</published><summary>{STORY}</summary></entry></feed>"
    );
    let folder = Folder::new("feeds").with("a.xml", rss).with("b.atom", atom);
    assert_eq!(
        folder.read(&["a.xml", "b.atom"]),
        ["a.xml#1 | Pact & ferries | 2011-03-04 | Herald", "b.atom#1 | Pact signed | 2011-03-05 | Gazette"]
    );
}

#[test]
fn json_feeds_give_their_entries_and_pages_beside_a_feed_are_read() {
    let json = format!(
        "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Herald\", \"items\": [\
         {{\"id\": \"1\", \"url\": \"https://herald.example/1\", \"title\": \"Pact signed\", \"content_html\": \"<p>{STORY}</p>\", \"date_published\": \"2011-03-04T09:05:00Z\"}}]}}"
    );
    let rss = "<rss version=\"2.0\"><channel><title>Gazette</title><link>https://gazette.example</link><description>x</description>\
         <item><title>Ferries agreed</title><link>https://gazette.example/world/ferries-agreed?from=feed</link><pubDate>Sat, 05 Mar 2011 09:05:00 GMT</pubDate></item></channel></rss>";
    let page = page("Ferries agreed").replace("datePublished", "dateSomething");
    let folder = Folder::new("pages-beside").with("a.json", json).with("b.rss", rss).with("ferries-agreed.html", page);
    assert_eq!(
        folder.read(&["a.json", "b.rss"]),
        ["a.json#1 | Pact signed | 2011-03-04 | Herald", "b.rss#1 | Ferries agreed | 2011-03-05 | Gazette"]
    );
}

#[test]
fn tables_give_a_document_a_row() {
    let tables = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tables");
    let table = |name: &str| std::fs::read(tables.join(name)).expect("the table is there");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&table("snappy.parquet")).expect("memory can be written");
    let packed = packed.finish().expect("memory can be written");
    let folder = Folder::new("tables")
        .with("a.parquet", table("snappy.parquet"))
        .with("b.parquet", table("zstd.parquet"))
        .with("c.parquet", table("gzip.parquet"))
        .with("d.parquet.gz", packed);
    for name in ["a.parquet", "b.parquet", "c.parquet", "d.parquet.gz"] {
        let expected: Vec<String> = ["Ferries agreed | 2011-03-04", "Pact signed | 2011-03-05", "Talks went on | 2011-03-06"]
            .iter()
            .zip(1..)
            .map(|(row, number)| format!("{name}#{number} | {row} | herald.example"))
            .collect();
        assert_eq!(folder.read(&[name]), expected, "{name}");
    }
    let limits = Limits::default();
    let first = documents(&[folder.0.join("a.parquet")], &limits).find_map(Result::ok).expect("there is a row");
    let (article, _) = article(&first, &limits);
    assert_eq!(article.byline.as_deref(), Some("Jane Roe, John Doe"), "a column of lists");
    assert_eq!(article.url.as_deref(), Some("https://herald.example/0"));
}

#[test]
fn mailboxes_give_their_messages() {
    let page = page("Ferries agreed").replace('=', "=3D");
    let mailbox = format!(
        "From herald@herald.example Fri Mar  4 09:05:00 2011\nFrom: Herald <news@herald.example>\nSubject: =?utf-8?Q?Pact_signed?=\nDate: Fri, 4 Mar 2011 09:05:00 +0100\n\
         Content-Type: text/plain; charset=utf-8\n\n{STORY}\n>From the start, both wanted it.\n\n\
         From gazette@gazette.example Sat Mar  5 10:00:00 2011\nFrom: news@gazette.example\nSubject: Ferries agreed\nDate: Sat, 5 Mar 2011 10:00:00 GMT\n\
         MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nIn short.\n\n--b\nContent-Type: text/html; charset=utf-8\n\
         Content-Transfer-Encoding: quoted-printable\n\n{page}\n--b--\n"
    );
    let folder = Folder::new("mail").with("a.mbox", &mailbox);
    assert_eq!(
        folder.read(&["a.mbox"]),
        ["a.mbox#1 | Pact signed | 2011-03-04 | Herald", "a.mbox#2 | Ferries agreed | 2011-03-05 | gazette.example"]
    );
}

#[test]
fn reading_goes_on_after_a_document_of_an_earlier_run() {
    let record = |title: &str| {
        let message = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{}", page(title));
        format!(
            "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: {}\r\n\r\n{message}\r\n\r\n",
            message.len()
        )
    };
    let line = |title: &str| format!("{{\"title\": \"{title}\", \"text\": \"{STORY}\"}}\n");
    let folder = Folder::new("resume")
        .with("a.txt", STORY)
        .with("b.warc", ["One", "Two", "Three"].map(record).concat())
        .with("c.jsonl", ["Four", "Five"].map(line).concat());
    let limits = Limits::default();
    let name = |path: &str| folder.0.join(path).display().to_string();
    let after = |source: &str| -> Vec<String> {
        documents(std::slice::from_ref(&folder.0), &limits)
            .after(name(source))
            .map(|document| match document {
                Ok(raw) => raw.source.replace(&name(""), ""),
                Err(refused) => refused.notice.code.to_owned(),
            })
            .collect()
    };
    assert_eq!(after("a.txt"), ["b.warc#1", "b.warc#2", "b.warc#3", "c.jsonl#1", "c.jsonl#2"]);
    assert_eq!(after("b.warc#2"), ["b.warc#3", "c.jsonl#1", "c.jsonl#2"]);
    assert_eq!(after("c.jsonl#1"), ["c.jsonl#2"]);
    assert_eq!(after("c.jsonl#2"), Vec::<String>::new());
    assert_eq!(after("z.warc#2"), ["resume"], "a file that is not among the inputs is said to be missing");
}
