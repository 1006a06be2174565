//! Runs every gold case (`gold/<topic>/<case>.md`) as a test of its own: `gold/README.md` explains their form.
use chancery_agreement::{Article, Findings};
use chancery_collect::{Form, Limits, Raw};
use chancery_evaluate::gold::{Case, described};
use chancery_extract::Extractor;
use libtest_mimic::{Arguments, Failed, Trial};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Topics whose cases have another form and a test of their own.
const ELSEWHERE: &[&str] = &["linking"];

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../gold");
    let extractor = Arc::new(Extractor::new().expect("the built-in rules load"));
    let trials = cases(&root)
        .into_iter()
        .map(|(name, path)| {
            let extractor = Arc::clone(&extractor);
            Trial::test(name, move || check(&path, &extractor))
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}

/// Names and paths of the cases, sorted.
fn cases(root: &Path) -> Vec<(String, PathBuf)> {
    let topics = listed(root).into_iter().filter(|path| path.is_dir() && !ELSEWHERE.iter().any(|topic| path.ends_with(topic)));
    let files =
        topics.flat_map(|topic| listed(&topic)).filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    files
        .map(|path| {
            let name = path.strip_prefix(root).unwrap_or(&path).with_extension("");
            (name.to_string_lossy().replace('\\', "/"), path)
        })
        .collect()
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{} cannot be listed: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// Reads the case's article as `chancery read` would and compares. With `UPDATE=1` known gaps are marked and unmarked.
fn check(path: &Path, extractor: &Extractor) -> Result<(), Failed> {
    let markdown = std::fs::read_to_string(path)?;
    let case = Case::parse(&markdown).map_err(|error| format!("{}: {error}", path.display()))?;
    let (article, findings) = read(&case, extractor);
    let differences = case.differences(&article, &findings);
    if differences.is_empty() {
        return Ok(());
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, case.remarked(&markdown, &article, &findings))?;
        return Ok(());
    }
    let mut report = format!("{}: {}\n", path.display(), case.title);
    for (difference, line) in differences {
        let below = line.agreement.as_ref().map_or_else(String::new, |agreement| format!("   (below \"{agreement}\")"));
        writeln!(report, "  line {:>3} {difference:<8} {}{below}", line.number, line.words)?;
    }
    write!(report, "\nfound instead:\n{}", described(&article, &findings))?;
    Err(report.into())
}

fn read(case: &Case, extractor: &Extractor) -> (Article, Findings) {
    let bare = case.headline.is_none() && case.published.is_none() && case.publisher.is_none();
    let raw = if bare {
        Raw::new("case.txt", case.text.as_str(), Form::Text)
    } else {
        let record = serde_json::json!({
            "title": case.headline, "published": case.published, "publisher": case.publisher, "text": case.text,
        });
        Raw::new("case.json", record.to_string(), Form::Json)
    };
    let (article, _) = chancery_collect::article(&raw, &Limits::default());
    let (findings, _) = extractor.extract(&article);
    (article, findings)
}
