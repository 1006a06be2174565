//! The tour in README.md shows what the program prints: every `console` block is run over `examples/` and compared.
//!
//! `UPDATE=1 cargo test -p chancery --test readme` rewrites the blocks; read the difference before you keep it.
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// Stands at the end of a block for output that the page leaves out.
const CUT: &str = "[…]";

#[test]
fn the_tour_shows_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("README.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    copy_examples(&root.join("examples"), &folder.path().join("examples"));
    let mut fresh = String::with_capacity(page.len());
    let mut commands = 0;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let _ = writeln!(fresh, "{line}");
        if line != "```console" {
            continue;
        }
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        for shown in by_command(&block) {
            let Some((command, output)) = shown.split_first() else { continue };
            commands += 1;
            let printed = run(command.trim_start_matches("$ "), folder.path());
            let _ = writeln!(fresh, "{command}");
            fresh.push_str(&as_shown(output, &printed));
        }
        fresh.push_str("```\n");
    }
    assert!(commands > 0, "README.md shows no command");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(root.join("README.md"), fresh).unwrap();
        return;
    }
    for (number, (shown, printed)) in page.lines().zip(fresh.lines()).enumerate() {
        assert_eq!(shown, printed, "README.md:{}: UPDATE=1 rewrites the tour", number + 1);
    }
    assert_eq!(page.lines().count(), fresh.lines().count(), "UPDATE=1 rewrites the tour");
}

/// Cuts a block before each line that begins a command.
fn by_command<'a>(block: &[&'a str]) -> Vec<Vec<&'a str>> {
    let mut parts: Vec<Vec<&str>> = Vec::new();
    for line in block {
        match parts.last_mut() {
            Some(part) if !line.starts_with("$ ") => part.push(line),
            _ => parts.push(vec![line]),
        }
    }
    parts
}

/// What is printed, cut where the page cuts it.
fn as_shown(shown: &[&str], printed: &str) -> String {
    let keep = if shown.last() == Some(&CUT) { shown.len() - 1 } else { usize::MAX };
    let mut text = String::new();
    for line in printed.lines().take(keep) {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    if keep != usize::MAX {
        let _ = writeln!(text, "{CUT}");
    }
    text
}

fn run(command: &str, folder: &Path) -> String {
    let words = words(command);
    let (program, arguments) = words.split_first().expect("a command has a name");
    assert_eq!(program, "chancery", "the tour runs nothing but chancery: {command}");
    let output = Command::new(env!("CARGO_BIN_EXE_chancery"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    assert!(output.status.success(), "`{command}` failed: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The words of a command; quotation marks keep words together.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in command.chars() {
        match letter {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().expect("there is always a word").push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn copy_examples(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}
