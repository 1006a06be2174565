//! Fingerprints the rules and the code that reads: a register knows by which of them a document was read, and reads it
//! again when they have changed.
use std::path::{Path, PathBuf};

/// What an article's findings depend on, from the root of the workspace.
const PARTS: &[&str] =
    &["rules", "crates/agreement", "crates/timex", "crates/collect", "crates/dissect", "crates/extract", "Cargo.lock"];

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for part in PARTS {
        println!("cargo::rerun-if-changed=../../{part}");
        for file in files(&root.join(part)) {
            let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
            fold(&mut hash, name.as_bytes());
            fold(&mut hash, &std::fs::read(&file).unwrap_or_default());
        }
    }
    println!("cargo::rustc-env=CHANCERY_FINGERPRINT={hash:016x}");
}

/// Every file under `path`, in order of name; `path` itself where it is a file.
fn files(path: &Path) -> Vec<PathBuf> {
    let mut waiting = vec![path.to_owned()];
    let mut files = Vec::new();
    while let Some(path) = waiting.pop() {
        match std::fs::read_dir(&path) {
            Ok(entries) => waiting.extend(entries.flatten().map(|entry| entry.path())),
            Err(_) => files.push(path),
        }
    }
    files.sort();
    files
}

/// FNV-1a over eight bytes at a time: quick enough for the weights in a build script, and nobody attacks it.
fn fold(hash: &mut u64, bytes: &[u8]) {
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        *hash = (*hash ^ u64::from_le_bytes(word) ^ (chunk.len() as u64)).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23);
    }
}
