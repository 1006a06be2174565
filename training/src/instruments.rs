//! Which labels of `training/labels` speak of one instrument (`training/labels/instruments.txt`; the README there says what each line
//! means).
use anyhow::{Context, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Instruments that several labelled articles tell of.
pub struct Instruments {
    /// (id of the article, key of the agreement in it) → the instrument; `None` where nobody can say which.
    of: BTreeMap<(String, String), Option<String>>,
}

impl Instruments {
    /// Reads the file. What it says of an instrument in `left_out` is not to be learned from: such labels count as unclear.
    ///
    /// # Errors
    /// The line that is malformed or names a label twice, or that the file cannot be read.
    pub fn read(left_out: &BTreeSet<String>) -> Result<Self> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("labels/instruments.txt");
        let content = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&content, left_out).with_context(|| format!("{} is no file of instruments", file.display()))
    }

    fn parse(content: &str, left_out: &BTreeSet<String>) -> Result<Self> {
        let mut of = BTreeMap::new();
        for (at, line) in content.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, labels) =
                line.split_once(": ").with_context(|| format!("line {}: expected `instrument: labels`", at + 1))?;
            let instrument = (name != "?" && !left_out.contains(name)).then(|| name.to_owned());
            for label in labels.split_whitespace() {
                let (id, key) = label.split_once('/').with_context(|| format!("line {}: expected `id/key`: {label}", at + 1))?;
                let before = of.insert((id.to_owned(), key.to_owned()), instrument.clone());
                ensure!(before.is_none(), "line {}: {label} stands in the file twice", at + 1);
            }
        }
        Ok(Self { of })
    }

    /// The instrument that a label speaks of, one of its own where the file does not name it; `None` where that is unclear.
    pub fn of(&self, id: &str, key: &str) -> Option<String> {
        match self.of.get(&(id.to_owned(), key.to_owned())) {
            Some(instrument) => instrument.clone(),
            None => Some(format!("{id}/{key}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_one_line_speak_of_one_instrument() {
        let left_out = BTreeSet::from(["left-out".to_owned()]);
        let file = "# a comment\nriver-treaty: one/a1 two/a2\nleft-out: one/a2 two/a1\n?: three/a1\n";
        let instruments = Instruments::parse(file, &left_out).unwrap();
        assert_eq!(instruments.of("one", "a1"), instruments.of("two", "a2"));
        assert_eq!(instruments.of("one", "a2"), None);
        assert_eq!(instruments.of("three", "a1"), None);
        assert_ne!(instruments.of("three", "a2"), instruments.of("four", "a2"));
    }

    #[test]
    fn a_label_in_two_lines_is_refused() {
        assert!(Instruments::parse("one: a/a1 b/a1\ntwo: b/a1 c/a1\n", &BTreeSet::new()).is_err());
    }
}
