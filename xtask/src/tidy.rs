//! House rules that a machine can see: length of files, first lines, left-over marks, names, and docs that keep up.
use crate::Complaint;
use crate::workspace::Workspace;

/// No source file is longer than this, its tests and files of tables aside.
pub const MOST_LINES: usize = 800;

/// Marks of unfinished work. Written in two halves so that this file does not complain about itself.
const MARKS: &[(&str, &str)] = &[
    (concat!("to", "do!("), "write what is missing"),
    (concat!("unimple", "mented!("), "write what is missing"),
    (concat!("db", "g!("), "remove the debugging output"),
    (concat!("FIX", "ME"), "mend it, or say in plain words what is not done and why"),
    (concat!("#[ig", "nore"), "mend the test or remove it"),
];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["utils", "util", "common", "helpers", "helper", "manager", "misc"];

/// Everything that is not tidy.
#[must_use]
pub fn complaints(workspace: &Workspace) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in workspace.with_extension("rs") {
        complaints.extend(empty_name(file));
        if let Some(text) = workspace.text(file) {
            complaints.extend(source(file, &text));
        }
    }
    complaints.extend(unmentioned_crates(workspace));
    complaints.extend(unmentioned_rules(workspace));
    for file in workspace.with_extension("md") {
        let text = workspace.text(file).unwrap_or_default();
        complaints.extend(dead_links(file, &text, &|target| workspace.root.join(target).exists()));
    }
    complaints
}

/// Complaints about the text of one source file.
#[must_use]
pub fn source(file: &str, text: &str) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    if !text.starts_with("//! ") {
        complaints.push(Complaint::new(format!("{file}:1"), "the first line must be `//! ` and say what the file is for"));
    }
    let lines = lines_that_count(file, text);
    if lines > MOST_LINES {
        let message = format!("{lines} lines without its tests, more than {MOST_LINES}: give each subject a file of its own");
        complaints.push(Complaint::new(file, message));
    }
    for (number, line) in text.lines().enumerate() {
        for (mark, advice) in MARKS {
            if line.contains(mark) {
                complaints.push(Complaint::new(format!("{file}:{}", number + 1), format!("`{mark}` is left: {advice}")));
            }
        }
    }
    complaints
}

/// Lines before the file's test module; none for files of tests and of tables, which may be as long as they need.
fn lines_that_count(file: &str, text: &str) -> usize {
    let stem = stem(file);
    if file.split('/').any(|part| part == "tests" || part == "tables")
        || stem == "tests"
        || stem == "tables"
        || stem.ends_with("_table")
    {
        return 0;
    }
    text.lines().take_while(|line| *line != "#[cfg(test)]").count()
}

/// A complaint about a module or folder whose name says nothing.
fn empty_name(file: &str) -> Option<Complaint> {
    let mut parts = file.strip_suffix(".rs").unwrap_or(file).split('/');
    let empty = parts.find(|part| EMPTY_NAMES.contains(part))?;
    Some(Complaint::new(file, format!("`{empty}` says nothing: name it after what it does")))
}

/// Folders of crates that ARCHITECTURE.md does not speak of.
fn unmentioned_crates(workspace: &Workspace) -> Vec<Complaint> {
    let architecture = workspace.text("ARCHITECTURE.md").unwrap_or_default();
    workspace
        .files
        .iter()
        .filter_map(|file| file.strip_suffix("/Cargo.toml"))
        .filter(|folder| !architecture.contains(&format!("`{folder}`")))
        .map(|folder| Complaint::new("ARCHITECTURE.md", format!("does not say what `{folder}` is")))
        .collect()
}

/// Rule files that neither CONTRIBUTING.md nor a page of docs/ speaks of.
fn unmentioned_rules(workspace: &Workspace) -> Vec<Complaint> {
    let mut pages = workspace.text("CONTRIBUTING.md").unwrap_or_default();
    for file in workspace.with_extension("md").filter(|file| file.starts_with("docs/")) {
        pages.push_str(&workspace.text(file).unwrap_or_default());
    }
    workspace
        .with_extension("toml")
        .filter(|file| file.starts_with("rules/") && !pages.contains(file.as_str()))
        .map(|file| Complaint::new(file, "is mentioned neither in CONTRIBUTING.md nor in docs/: say what it is for"))
        .collect()
}

/// Links of a Markdown page to files that are not there. Addresses on the web are not followed.
fn dead_links(page: &str, text: &str, exists: &dyn Fn(&str) -> bool) -> Vec<Complaint> {
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut complaints = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for rest in line.split("](").skip(1) {
            let target = rest.split([')', '#', ' ']).next().unwrap_or("");
            if target.is_empty() || target.contains(':') {
                continue;
            }
            if !exists(&joined(folder, target)) {
                complaints
                    .push(Complaint::new(format!("{page}:{}", number + 1), format!("links to `{target}`, which is not there")));
            }
        }
    }
    complaints
}

/// `folder/target` with its `..` resolved.
fn joined(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "" | "." => {}
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".rs").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(complaints: &[Complaint]) -> String {
        complaints.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_source_file_says_first_what_it_is_for() {
        assert_eq!(source("crates/a/src/b.rs", "//! Reads dates.\nfn a() {}\n"), []);
        assert!(messages(&source("crates/a/src/b.rs", "use std::fmt;\n")).contains("b.rs:1: the first line"));
    }

    #[test]
    fn a_long_file_is_refused_but_its_tests_and_tables_do_not_count() {
        let code = format!("//! Long.\n{}", "fn a() {}\n".repeat(MOST_LINES));
        assert!(messages(&source("crates/a/src/b.rs", &code)).contains("801 lines"));
        assert_eq!(source("crates/a/tests/b.rs", &code), []);
        assert_eq!(source("crates/a/src/letters_table.rs", &code), []);
        let tested = format!("//! Short.\n#[cfg(test)]\n{}", "fn a() {}\n".repeat(MOST_LINES));
        assert_eq!(source("crates/a/src/b.rs", &tested), []);
    }

    #[test]
    fn marks_of_unfinished_work_are_found_with_their_line() {
        for (mark, _) in MARKS {
            let complaints = source("a.rs", &format!("//! Half.\n// {mark}\n"));
            assert!(messages(&complaints).starts_with("a.rs:2: "), "{mark}: {complaints:?}");
        }
    }

    #[test]
    fn names_that_say_nothing_are_refused_for_files_and_folders() {
        assert!(empty_name("crates/a/src/utils.rs").is_some());
        assert!(empty_name("crates/a/src/helpers/dates.rs").is_some());
        assert_eq!(empty_name("crates/a/src/common_names.rs"), None);
    }

    #[test]
    fn links_are_followed_from_the_folder_of_their_page() {
        let exists = |target: &str| target == "docs/a.md" || target == "README.md";
        assert_eq!(dead_links("docs/b.md", "[a](a.md), [up](../README.md#tour), [web](https://a.example/x)", &exists), []);
        assert!(messages(&dead_links("docs/b.md", "see\n[a](c.md)", &exists)).contains("docs/b.md:2: links to `c.md`"));
    }
}
