//! The file of weights: what it holds and how it is laid out.
//!
//! A line that names the format, then parts, each with its length in bytes before it (four bytes, little endian): tags,
//! relations, lemmas (text, one entry a line), classes of words (see [`super::clusters`]), words with one tag, the rows of the transitions, then for
//! tagger and labels a head (number of classes, number of bits), a directory and pairs (see [`super::table`]).
use super::clusters::Clusters;
use super::known::KnownWords;
use super::table::{DenseTable, Table};
use crate::reading::Upos;

/// The first bytes of the file.
pub const FORMAT: &[u8] = b"chancery fast reader 4\n";

/// Relations of Universal Dependencies as English treebanks use them: a file of weights names its relations from this list.
pub const RELATIONS: [&str; 54] = [
    "acl",
    "acl:relcl",
    "advcl",
    "advcl:relcl",
    "advmod",
    "advmod:emph",
    "amod",
    "appos",
    "aux",
    "aux:pass",
    "case",
    "cc",
    "cc:preconj",
    "ccomp",
    "clf",
    "compound",
    "compound:prt",
    "conj",
    "cop",
    "csubj",
    "csubj:outer",
    "csubj:pass",
    "dep",
    "det",
    "det:predet",
    "discourse",
    "dislocated",
    "expl",
    "fixed",
    "flat",
    "flat:foreign",
    "goeswith",
    "iobj",
    "list",
    "mark",
    "nmod",
    "nmod:desc",
    "nmod:poss",
    "nmod:unmarked",
    "nsubj",
    "nsubj:outer",
    "nsubj:pass",
    "nummod",
    "obj",
    "obl",
    "obl:agent",
    "obl:unmarked",
    "orphan",
    "parataxis",
    "punct",
    "reparandum",
    "root",
    "vocative",
    "xcomp",
];

/// A class of the tagger: a universal and a Penn Treebank tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Universal part of speech.
    pub upos: Option<Upos>,
    /// Tag of the Penn Treebank (`VBD`), from which features follow.
    pub xpos: String,
}

impl Tag {
    /// Of a word of which nothing is known.
    pub const UNKNOWN: &'static Self = &Self { upos: None, xpos: String::new() };
}

/// An ending and what replaces it in lemmas.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LemmaEntry {
    /// Number of the tag for which it holds.
    pub tag: usize,
    /// True where `ending` is a whole word.
    pub whole: bool,
    /// The ending.
    pub ending: &'static str,
    /// How many characters at the end are taken away.
    pub strip: usize,
    /// What is added then.
    pub add: &'static str,
}

/// All that the fast reader has learned.
#[derive(Debug, Default)]
pub struct Weights {
    /// Classes of words.
    pub clusters: Clusters,
    /// Words with one tag.
    pub known: KnownWords,
    /// For tags.
    pub tagger: Table,
    /// For transitions of the parser.
    pub transitions: DenseTable,
    /// For relations.
    pub labels: Table,
    /// What the tagger's classes stand for.
    pub tags: Vec<Tag>,
    /// What the label classes stand for.
    pub relations: Vec<&'static str>,
    /// What the lemmatizer has learned.
    pub lemmas: Vec<LemmaEntry>,
}

impl Weights {
    /// Reads a file of weights; `None` where it is not one, or is damaged.
    #[must_use]
    pub fn read(bytes: &'static [u8]) -> Option<Self> {
        let mut parts = Parts { rest: bytes.strip_prefix(FORMAT)? };
        let tags = parts.text()?.lines().map(read_tag).collect();
        let relations: Option<Vec<&'static str>> =
            parts.text()?.lines().map(|name| RELATIONS.into_iter().find(|&relation| relation == name)).collect();
        let lemmas: Option<Vec<LemmaEntry>> = parts.text()?.lines().map(read_lemma).collect();
        let clusters = Clusters::new(parts.bytes()?)?;
        let known = KnownWords::new(parts.bytes()?)?;
        let transitions = DenseTable::new(parts.bytes()?)?;
        let [tagger, labels] = [parts.table()?, parts.table()?];
        Some(Self { clusters, known, tagger, transitions, labels, tags, relations: relations?, lemmas: lemmas? })
    }
}

fn read_tag(line: &str) -> Tag {
    let (upos, xpos) = line.split_once('\t').unwrap_or((line, ""));
    Tag { upos: Upos::parse(upos), xpos: xpos.to_owned() }
}

fn read_lemma(line: &'static str) -> Option<LemmaEntry> {
    let mut cells = line.split('\t');
    let (tag, whole, ending) = (cells.next()?.parse().ok()?, cells.next()? == "1", cells.next()?);
    Some(LemmaEntry { tag, whole, ending, strip: cells.next()?.parse().ok()?, add: cells.next()? })
}

/// The parts of the file that have not been read.
struct Parts {
    rest: &'static [u8],
}

impl Parts {
    fn number(&mut self) -> Option<usize> {
        let (head, rest) = self.rest.split_at_checked(4)?;
        self.rest = rest;
        usize::try_from(u32::from_le_bytes(head.try_into().ok()?)).ok()
    }

    fn bytes(&mut self) -> Option<&'static [u8]> {
        let length = self.number()?;
        let (part, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(part)
    }

    fn text(&mut self) -> Option<&'static str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    fn table(&mut self) -> Option<Table> {
        let classes = self.number()?;
        let bits = u32::try_from(self.number()?).ok()?;
        Table::new(classes, bits, self.bytes()?, self.bytes()?)
    }
}

/// Writes files of weights, part by part, in the order in which [`Weights::read`] reads them.
#[derive(Debug)]
pub struct WeightsWriter {
    bytes: Vec<u8>,
}

impl Default for WeightsWriter {
    fn default() -> Self {
        Self { bytes: FORMAT.to_vec() }
    }
}

impl WeightsWriter {
    /// Adds a number.
    pub fn number(&mut self, number: usize) {
        self.bytes.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
    }

    /// Adds a part.
    pub fn part(&mut self, part: &[u8]) {
        self.number(part.len());
        self.bytes.extend(part);
    }

    /// Adds a part of text, one entry a line.
    pub fn lines(&mut self, lines: &[String]) {
        let mut text = String::new();
        for line in lines {
            text.push_str(line);
            text.push('\n');
        }
        self.part(text.as_bytes());
    }

    /// Adds a table for `classes` classes with the rows `rows`.
    pub fn table(&mut self, classes: usize, rows: &[Vec<(u8, i8)>]) {
        self.number(classes);
        self.number(rows.len().trailing_zeros() as usize);
        let (directory, pairs) = super::table::pack(classes, rows);
        self.part(&directory);
        self.part(&pairs);
    }

    /// The file.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::Weights;

    #[test]
    fn damaged_files_are_refused() {
        assert!(Weights::read(b"").is_none());
        assert!(Weights::read(b"chancery fast reader 4\n\xff\xff\xff\xff").is_none());
    }
}
