//! Speed and memory of the main job as its input grows, measured on the release binary.
use crate::copies::shared_folder;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How many documents are measured where nobody says how many.
pub(crate) const SIZES: &[usize] = &[1_000, 10_000, 100_000];

/// What one run took.
#[derive(Debug, Clone, Copy)]
struct Cost {
    seconds: f64,
    /// Largest resident memory, MiB; `None` where the system does not tell.
    peak: Option<f64>,
}

/// Measures runs over so many articles each and prints a table: findings alone on one core, and the register on all.
///
/// # Errors
/// When a size is no number, or the program cannot be built or run.
pub fn run(sizes: &[&str]) -> Result<bool> {
    let sizes = sizes_of(sizes)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask stands in no workspace")?;
    let binary = release_binary(root)?;
    let (articles, kind) = articles(root)?;
    println!("{} different {kind}, repeated; {} cores", articles.len(), cores());
    println!("{:>10} {:<22} {:>9} {:>12} {:>10}", "articles", "run", "seconds", "articles/s", "peak MiB");
    let folder = std::env::temp_dir().join(format!("chancery-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let outcome = sizes.iter().try_for_each(|&size| measure(&binary, &articles, size, &folder));
    std::fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
    outcome.map(|()| true)
}

/// Links so many generated findings each, on one core, and prints a table: `crates/link/examples/million.rs`.
///
/// # Errors
/// When a size is no number, or the example cannot be built or run.
pub fn link(sizes: &[&str]) -> Result<bool> {
    let sizes = if sizes.is_empty() { vec![10_000, 100_000] } else { sizes_of(sizes)? };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut run = Command::new(cargo);
    run.args(["run", "--release", "--quiet", "--package", "chancery-link", "--example", "million", "--"]);
    run.args(sizes.iter().map(usize::to_string));
    Ok(run.status().context("cargo cannot be run")?.success())
}

/// The sizes that the user names, or the usual ones.
pub(crate) fn sizes_of(given: &[&str]) -> Result<Vec<usize>> {
    if given.is_empty() {
        return Ok(SIZES.to_vec());
    }
    given.iter().map(|size| size.parse().with_context(|| format!("`{size}` is no number of documents"))).collect()
}

fn measure(binary: &Path, articles: &[Value], size: usize, folder: &Path) -> Result<()> {
    let input = folder.join(format!("{size}.jsonl"));
    write_articles(&input, articles, size)?;
    let findings = folder.join("findings.jsonl");
    let register = folder.join(format!("{size}.db"));
    let runs: [(&str, Vec<&std::ffi::OsStr>); 2] = [
        ("findings, one core", vec!["--jobs".as_ref(), "1".as_ref(), "--findings".as_ref(), findings.as_ref()]),
        ("register, all cores", vec!["--register".as_ref(), register.as_ref()]),
    ];
    for (name, options) in runs {
        let cost = time(Command::new(binary).arg("read").arg(&input).args(options))?;
        let peak = cost.peak.map_or_else(|| "-".to_owned(), |peak| format!("{peak:.0}"));
        println!("{size:>10} {name:<22} {:>9.1} {:>12.0} {peak:>10}", cost.seconds, size as f64 / cost.seconds);
    }
    std::fs::remove_file(&input).with_context(|| format!("{} cannot be removed", input.display()))
}

/// The program as users run it, built if need be; or the one that `CHANCERY_BINARY` names, for measuring another build.
///
/// # Errors
/// When it does not build.
pub fn release_binary(root: &Path) -> Result<PathBuf> {
    if let Some(binary) = std::env::var_os("CHANCERY_BINARY") {
        return Ok(root.join(binary));
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built =
        Command::new(cargo).args(["build", "--release", "--quiet", "--package", "chancery"]).current_dir(root).status()?;
    if !built.success() {
        bail!("the release binary does not build");
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder));
    Ok(target.join("release").join(format!("chancery{}", std::env::consts::EXE_SUFFIX)))
}

/// The labelled articles where they are at hand, else the reports of `examples/`.
fn articles(root: &Path) -> Result<(Vec<Value>, &'static str)> {
    let shared = shared_folder().map(|shared| shared.join("gold/dev/articles")).filter(|folder| folder.is_dir());
    let (folder, kind) = match shared {
        Some(folder) => (folder, "labelled articles"),
        None => (root.join("examples"), "reports of examples/"),
    };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut articles = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => articles.push(serde_json::from_str(&text)?),
            Some("jsonl") => {
                for line in text.lines() {
                    articles.push(serde_json::from_str(line)?);
                }
            }
            Some("txt") => articles.push(json!({ "text": text })),
            _ => {}
        }
    }
    Ok((articles, kind))
}

/// Writes `size` articles, each different: the same ones over and over, with the number of the round in their address.
fn write_articles(path: &Path, articles: &[Value], size: usize) -> Result<()> {
    let mut file = BufWriter::new(File::create(path).with_context(|| format!("{} cannot be written", path.display()))?);
    for (number, article) in articles.iter().cycle().take(size).enumerate() {
        let mut article = article.clone();
        article["url"] = json!(format!("https://bench.example/{number}"));
        writeln!(file, "{article}")?;
    }
    Ok(file.flush()?)
}

fn time(command: &mut Command) -> Result<Cost> {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("the program cannot be run")?;
    let status_file = format!("/proc/{}/status", child.id());
    let mut peak = None;
    let status = loop {
        peak = high_water(&std::fs::read_to_string(&status_file).unwrap_or_default()).or(peak);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    if !status.success() {
        bail!("the program failed: {status}");
    }
    Ok(Cost { seconds: start.elapsed().as_secs_f64(), peak })
}

/// Largest resident memory so far in MiB, from a Linux process's status file.
pub(crate) fn high_water(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes / 1024.0)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_articles_differ_in_their_address_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        write_articles(&path, &[json!({"text": "a"}), json!({"text": "b"})], 3).unwrap();
        let lines: Vec<Value> =
            std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let texts: Vec<&str> = lines.iter().filter_map(|line| line["text"].as_str()).collect();
        assert_eq!(texts, ["a", "b", "a"]);
        assert_ne!(lines[0]["url"], lines[2]["url"]);
    }

    #[test]
    fn peak_memory_is_read_from_the_status_file() {
        assert_eq!(high_water("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t 1 kB\n"), Some(2.0));
        assert_eq!(high_water("Name:\tx\n"), None);
    }
}
