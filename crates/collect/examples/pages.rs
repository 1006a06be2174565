//! Pages a second and memory of intake, all fields, on one core:
//! `cargo run --release -p chancery-collect --example pages -- [RECORDS...] [--over PATH]`.
//!
//! Without `--over`, WARC files of that many made-up pages (1,000, 10,000 and 100,000 without a number) are written to the
//! folder for temporary files, packed, and read as a user would; with it, what lies at PATH is read.
use chancery_collect::{Limits, article, documents};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let mut records = Vec::new();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        if word == "--over" {
            let path = words.next().ok_or_else(|| std::io::Error::other("--over needs a path"))?;
            measure(Path::new(&path));
            return Ok(());
        }
        records.push(word.parse().map_err(std::io::Error::other)?);
    }
    if records.is_empty() {
        records = vec![1_000, 10_000, 100_000];
    }
    for records in records {
        let path: PathBuf = std::env::temp_dir().join(format!("chancery-pages-{}-{records}.warc.gz", std::process::id()));
        write(&path, records)?;
        measure(&path);
        std::fs::remove_file(&path)?;
    }
    Ok(())
}

fn measure(path: &Path) {
    let limits = Limits::default();
    let start = Instant::now();
    let (mut pages, mut bytes, mut dated, mut titled, mut empty) = (0u32, 0usize, 0u32, 0u32, 0u32);
    for raw in documents(&[path.to_owned()], &limits).flatten() {
        let (article, _) = article(&raw, &limits);
        pages += 1;
        bytes += raw.bytes.len();
        dated += u32::from(article.published.is_some());
        titled += u32::from(article.title.is_some());
        empty += u32::from(article.story().next().is_none());
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{pages} pages, {} MB: {:.0} pages/s by the clock, {:.0} by processor time, {} MB at most; {dated} with a date, {titled} with a title, {empty} without a story",
        bytes / 1_000_000,
        f64::from(pages) / seconds,
        processor_seconds().map_or(f64::NAN, |seconds| f64::from(pages) / seconds),
        most_memory().map_or_else(|| "?".to_owned(), |megabytes| megabytes.to_string()),
    );
}

/// Time that this process has used, all runs before this one included, in seconds; Linux alone tells.
fn processor_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u32 = fields.get(11)?.parse::<u32>().ok()? + fields.get(12)?.parse::<u32>().ok()?;
    Some(f64::from(ticks) / 100.0)
}

/// Most memory that this process has held, in megabytes.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1000)
}

/// A WARC of made-up pages, each record packed on its own as crawlers do.
fn write(path: &Path, records: u32) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for number in 0..records {
        let page = page(number);
        let message = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}");
        let record = format!(
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://herald.example/story/{number}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{message}\r\n\r\n",
            message.len()
        );
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(record.as_bytes())?;
        file.write_all(&packed.finish()?)?;
    }
    file.flush()
}

fn page(number: u32) -> String {
    const SENTENCES: [&str; 6] = [
        "The ministers of the two states signed a pact on ferries in the port of Loth, and it was to take effect in May.",
        "Envoys of both governments had met for nine months, and the talks had broken down twice in the course of the winter.",
        "Herders on both sides of the hills had asked for a rule on wells since the drought, the mayor of the market town said.",
        "A clerk of the ministry carried the papers through the rain, while a band played for the guests under the roof.",
        "Neither side would say what becomes of the toll house, which has stood empty since the bridge was washed away.",
        "The opposition called the text a good beginning and asked for a debate before the summer.",
    ];
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><head><title>Pact {number} signed | Herald</title><meta property=\"og:site_name\" content=\"Herald\">\
         <script type=\"application/ld+json\">{{\"@type\": \"NewsArticle\", \"headline\": \"Pact {number} signed\", \"datePublished\": \"2011-03-04T09:05:00+01:00\", \
         \"author\": [{{\"@type\": \"Person\", \"name\": \"Jane Roe\"}}]}}</script></head><body><nav><ul>"
    );
    for link in 0..30 {
        let _ = write!(page, "<li><a href=\"/section/{link}\">Section {link}</a></li>");
    }
    let _ = write!(page, "</ul></nav><main><article><h1>Pact {number} signed</h1>");
    for paragraph in 0..12u32 {
        let first = ((number + paragraph) % 6) as usize;
        let second = ((number / 6 + paragraph * 5 + 1) % 6) as usize;
        let _ = write!(
            page,
            "<p class=\"text\">In paragraph {paragraph} of report {number}: {} {}</p>",
            SENTENCES[first], SENTENCES[second]
        );
    }
    page.push_str("</article><aside><h2>More news</h2><ul>");
    for link in 0..20 {
        let _ = write!(
            page,
            "<li><a href=\"/story/{link}\"><h3>Another headline about a matter of the day, number {link}</h3></a></li>"
        );
    }
    page.push_str("</ul></aside></main><footer><p>The Herald is printed in the port.</p></footer></body></html>");
    page
}
