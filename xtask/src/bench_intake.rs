//! Speed and memory of intake as an archive grows, measured on the release binary.
use crate::bench::{high_water, release_binary, sizes_of};
use crate::copies::shared_folder;
use anyhow::{Context, Result, bail};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Ticks of the processor's clock in a second, as Linux counts them for programs.
const TICKS: f64 = 100.0;

/// What one run took.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    seconds: f64,
    /// Time that processors were at work for it, for all of its threads together: one takes documents out of the archive, one
    /// makes articles of them, one writes.
    processor: f64,
    /// Largest resident memory, MiB.
    peak: f64,
}

/// Streams archives of so many pages each through `chancery extract` with one worker and prints a table.
///
/// The figure to go by is pages for each second of the processor: it counts what the threads beside the worker do, too, so it
/// is what one core does that has everything to do.
///
/// The archive is never stored: it is written into the program's standard input, page after page.
///
/// # Errors
/// When a size is no number, or the program cannot be built or run.
pub fn run(sizes: &[&str]) -> Result<bool> {
    let sizes = sizes_of(sizes)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask stands in no workspace")?;
    let binary = release_binary(root)?;
    let (pages, kind) = pages(root)?;
    let length: usize = pages.iter().map(Vec::len).sum();
    println!(
        "{} different {kind}, {} kB each as they are sent, repeated; one worker, processor time of all threads",
        pages.len(),
        length / pages.len().max(1) / 1000
    );
    println!("{:>10} {:>9} {:>13} {:>14} {:>10}", "pages", "seconds", "processor s", "pages/proc. s", "peak MiB");
    for size in sizes {
        let cost = measure(&binary, &pages, size)?;
        let rate = size as f64 / cost.processor.max(1.0 / TICKS);
        println!("{size:>10} {:>9.1} {:>13.1} {rate:>14.0} {:>10.0}", cost.seconds, cost.processor, cost.peak);
    }
    Ok(true)
}

/// A page as a server answers with it.
fn message(fields: &str, page: &[u8]) -> Vec<u8> {
    let mut message = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{fields}\r\n").into_bytes();
    message.extend(page);
    message
}

/// Pages with known content where they are at hand, else the reports of `examples/` as pages; as servers answer with them.
fn pages(root: &Path) -> Result<(Vec<Vec<u8>>, &'static str)> {
    if let Some(shared) = shared_folder() {
        let intake = shared.join("data/intake");
        let mut paths = files(&intake.join("article-extraction-benchmark/html"));
        paths.extend(files(&intake.join("fundus-parser-gold/html")));
        let mut pages = Vec::new();
        for path in paths {
            let page = std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            let is_packed = path.extension().is_some_and(|extension| extension == "gz");
            pages.push(message(if is_packed { "Content-Encoding: gzip\r\n" } else { "" }, &page));
        }
        if !pages.is_empty() {
            return Ok((pages, "news pages"));
        }
    }
    let mut pages = Vec::new();
    for path in files(&root.join("examples")) {
        if path.extension().is_some_and(|extension| extension == "txt") {
            let text = std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            let paragraphs: String = text.split("\n\n").map(|part| format!("<p>{part}</p>")).collect();
            let page = format!(
                "<!doctype html><html><head><title>Report</title></head><body><article>{paragraphs}</article></body></html>"
            );
            pages.push(message("", page.as_bytes()));
        }
    }
    if pages.is_empty() {
        bail!("there are no pages to read");
    }
    Ok((pages, "reports of examples/ as pages"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn measure(binary: &Path, pages: &[Vec<u8>], size: usize) -> Result<Cost> {
    let mut command = Command::new(binary);
    command.args(["extract", "-", "--jobs", "1"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let mut child = command.spawn().context("the program cannot be run")?;
    let input = child.stdin.take().context("the program takes no input")?;
    let mut cost = Cost::default();
    std::thread::scope(|scope| -> Result<()> {
        let writer = scope.spawn(move || write_archive(input, pages, size));
        cost = watch(&mut child)?;
        writer.join().map_err(|_| anyhow::anyhow!("the archive could not be written"))??;
        Ok(())
    })?;
    cost.seconds = start.elapsed().as_secs_f64();
    Ok(cost)
}

/// Writes `size` records, each with an address of its own.
fn write_archive(input: impl Write, pages: &[Vec<u8>], size: usize) -> Result<()> {
    let mut input = BufWriter::with_capacity(1 << 16, input);
    for (number, page) in pages.iter().cycle().take(size).enumerate() {
        write!(
            input,
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://bench.example/{number}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n",
            page.len()
        )?;
        input.write_all(page)?;
        input.write_all(b"\r\n\r\n")?;
    }
    Ok(input.flush()?)
}

/// What the program takes until it ends. Pages in languages that are not read make its exit status 1.
fn watch(child: &mut Child) -> Result<Cost> {
    let own = format!("/proc/{}", child.id());
    let mut cost = Cost::default();
    let status = loop {
        let status = std::fs::read_to_string(format!("{own}/status")).unwrap_or_default();
        cost.peak = high_water(&status).unwrap_or(cost.peak);
        cost.processor = processor(&std::fs::read_to_string(format!("{own}/stat")).unwrap_or_default()).unwrap_or(cost.processor);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    if !matches!(status.code(), Some(0 | 1)) {
        bail!("the program failed: {status}");
    }
    Ok(cost)
}

/// Seconds of the processor so far, from a Linux process's stat file (proc(5): fields 14 and 15).
fn processor(stat: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut ticks = fields.split_whitespace().skip(11).take(2).map(|field| field.parse::<f64>().ok());
    Some((ticks.next()?? + ticks.next()??) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_has_a_record_for_each_page() {
        let mut archive = Vec::new();
        write_archive(&mut archive, &[b"<p>a".to_vec(), b"<p>bc".to_vec()], 3).unwrap();
        let text = String::from_utf8(archive).unwrap();
        assert_eq!(text.matches("WARC/1.0\r\n").count(), 3);
        assert!(text.contains("https://bench.example/2\r\n") && text.ends_with("<p>a\r\n\r\n"), "{text}");
    }

    #[test]
    fn processor_time_is_read_behind_the_name() {
        let stat = "7 (a b) c) S 1 7 7 0 -1 4194560 105 0 0 0 250 50 0 0 20 0 1 0";
        assert_eq!(processor(stat), Some(3.0));
        assert_eq!(processor(""), None);
    }
}
