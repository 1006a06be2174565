//! No run of twelve words of a shared document stands in the repository: the examples and tests are our own words.
use crate::Complaint;
use crate::workspace::Workspace;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

/// So many equal words in a row count as a copy.
pub const RUN: usize = 12;

/// Lock files are made of names and numbers; weights and other large files are not prose.
const LARGEST: u64 = 2_000_000;

/// The folder of shared data that `CHANCERY_DATA` names, where it is there. A relative path counts from the root of
/// the workspace, because `cargo test` runs each package's tests in a folder of its own.
#[must_use]
pub fn shared_folder() -> Option<PathBuf> {
    let named = PathBuf::from(std::env::var_os("CHANCERY_DATA")?);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let folder = root.join(named);
    folder.is_dir().then_some(folder)
}

/// Files of the workspace that hold a copied run, each with the first one found.
#[must_use]
pub fn complaints(workspace: &Workspace, shared: &Path) -> Vec<Complaint> {
    let mut ours: BTreeMap<u64, usize> = BTreeMap::new();
    for (idx, file) in workspace.files.iter().enumerate() {
        let size = std::fs::metadata(workspace.root.join(file)).map_or(0, |metadata| metadata.len());
        if size <= LARGEST && !file.ends_with(".lock") {
            for run in words(&workspace.text(file).unwrap_or_default()).windows(RUN) {
                ours.entry(hash(run)).or_insert(idx);
            }
        }
    }
    let mut found: BTreeMap<usize, Complaint> = BTreeMap::new();
    for path in documents(shared) {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        for run in words(&prose(&path, &String::from_utf8_lossy(&bytes))).windows(RUN) {
            if let Some(&idx) = ours.get(&hash(run)) {
                let name = path.strip_prefix(shared).unwrap_or(&path).display();
                let message = format!("stands in {name}, too: \"{}\"; write it in your own words", run.join(" "));
                found.entry(idx).or_insert_with(|| Complaint::new(&workspace.files[idx], message));
            }
        }
    }
    found.into_values().collect()
}

/// The words of a text: runs of letters and digits, in lower case.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn hash(run: &[String]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for word in run {
        hasher.write(word.as_bytes());
        hasher.write_u8(0);
    }
    hasher.finish()
}

/// The documents of the shared folder whose text belongs to others, sorted.
fn documents(shared: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![shared.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let below = path.strip_prefix(shared).unwrap_or(&path);
            let inside = |name: &str| below.parent().is_some_and(|parent| parent.ends_with(name));
            let is_document = match path.extension().and_then(|extension| extension.to_str()) {
                Some("tml" | "conllu") => true,
                Some("json") => inside("articles"),
                Some("txt") => below.starts_with("seeds") || inside("text"),
                _ => inside("text"),
            };
            if is_document {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The running text of a document: JSON's `text`, the sentences of a treebank, markup taken out of the rest.
fn prose(path: &Path, raw: &str) -> String {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => serde_json::from_str::<serde_json::Value>(raw)
            .ok()
            .and_then(|value| value.get("text").and_then(|text| text.as_str().map(str::to_owned)))
            .unwrap_or_default(),
        Some("conllu") => raw.lines().filter_map(|line| line.strip_prefix("# text = ")).collect::<Vec<_>>().join("\n"),
        _ => without_markup(raw),
    }
}

/// The text with a space in the place of every tag.
fn without_markup(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut inside = false;
    for letter in raw.chars() {
        match letter {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            _ if !inside => text.push(letter),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    const SENTENCE: &str = "one two three four five six seven eight nine ten eleven twelve thirteen";

    #[test]
    fn a_run_of_twelve_words_is_found_whatever_the_case_and_punctuation() {
        let shared = written(&[("seeds/a.txt", SENTENCE)]);
        let ours = written(&[("b.md", "> Two three -- four, five; SIX seven eight nine ten eleven twelve *thirteen*!")]);
        let complaints = complaints(&Workspace::at(ours.path()).unwrap(), shared.path());
        assert_eq!(complaints.len(), 1);
        assert_eq!(complaints[0].place, "b.md");
        assert!(complaints[0].message.contains("seeds/a.txt"), "{complaints:?}");
    }

    #[test]
    fn eleven_equal_words_are_no_copy() {
        let shared = written(&[("seeds/a.txt", SENTENCE)]);
        let ours = written(&[("b.md", "two three four five six seven eight nine ten eleven twelve cats")]);
        assert_eq!(complaints(&Workspace::at(ours.path()).unwrap(), shared.path()), []);
    }

    #[test]
    fn markup_and_json_around_the_words_do_not_hide_them() {
        let json = format!("{{\"text\": \"{SENTENCE}\"}}");
        let tml = format!("<TEXT>{}</TEXT>", SENTENCE.replace("seven", "<TIMEX3 tid=\"t1\">seven</TIMEX3>"));
        for (name, text) in [("gold/dev/articles/1.json", json), ("data/time/a.tml", tml)] {
            let shared = written(&[(name, &text)]);
            let ours = written(&[("b.md", SENTENCE)]);
            assert_eq!(complaints(&Workspace::at(ours.path()).unwrap(), shared.path()).len(), 1, "{name}");
        }
    }
}
