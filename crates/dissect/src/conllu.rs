//! CoNLL-U: reads sentences with gold tokens, gives them new tags and trees, and writes the reading of raw text.
use crate::reading::Reader;

/// One sentence of a CoNLL-U file. Whatever is not a word (comments, ranges of multi-word tokens, empty nodes) is kept as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConlluSentence {
    /// Its lines in order.
    pub lines: Vec<ConlluLine>,
}

/// One line of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConlluLine {
    /// A word with its ten columns.
    Word(Box<[String; 10]>),
    /// Anything else.
    Other(String),
}

/// Number of columns.
const COLUMNS: usize = 10;

/// Reads the sentences of `text`.
///
/// # Errors
/// Names the line that is not CoNLL-U.
pub fn parse_conllu(text: &str) -> Result<Vec<ConlluSentence>, ConlluError> {
    let mut sentences = Vec::new();
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.trim().is_empty() {
            if !lines.is_empty() {
                sentences.push(ConlluSentence { lines: std::mem::take(&mut lines) });
            }
            continue;
        }
        lines.push(parse_line(line).ok_or(ConlluError { line: at + 1 })?);
    }
    if !lines.is_empty() {
        sentences.push(ConlluSentence { lines });
    }
    Ok(sentences)
}

fn parse_line(line: &str) -> Option<ConlluLine> {
    if line.starts_with('#') {
        return Some(ConlluLine::Other(line.to_owned()));
    }
    let columns: Vec<String> = line.split('\t').map(str::to_owned).collect();
    let columns: [String; COLUMNS] = columns.try_into().ok()?;
    let [id, ..] = &columns;
    if !id.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    if id.contains(['-', '.']) {
        return Some(ConlluLine::Other(line.to_owned()));
    }
    Some(ConlluLine::Word(Box::new(columns)))
}

/// A line that is not CoNLL-U.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is not CoNLL-U: a word has a number and ten columns with a tab between them")]
pub struct ConlluError {
    line: usize,
}

impl ConlluSentence {
    /// Its words, each with its ten columns.
    pub fn words(&self) -> impl Iterator<Item = &[String; 10]> {
        self.lines.iter().filter_map(|line| match line {
            ConlluLine::Word(columns) => Some(columns.as_ref()),
            ConlluLine::Other(_) => None,
        })
    }

    /// Forms of its words.
    #[must_use]
    pub fn forms(&self) -> Vec<&str> {
        self.words().map(|[_, form, ..]| form.as_str()).collect()
    }

    /// Gives its words the tags and the tree that `reader` finds; all other lines stay.
    pub fn reread(&mut self, reader: &dyn Reader) {
        let syntax = reader.parse(&self.forms());
        let words = self.lines.iter_mut().filter_map(|line| match line {
            ConlluLine::Word(columns) => Some(columns),
            ConlluLine::Other(_) => None,
        });
        for (columns, syntax) in words.zip(syntax) {
            let [_, _, lemma, upos, xpos, features, head, relation, enhanced, _] = columns.as_mut();
            *lemma = syntax.lemma.into();
            upos.replace_range(.., syntax.upos.as_str());
            xpos.replace_range(.., "_");
            *features = syntax.features.to_string();
            *head = syntax.head.map_or(0, |head| head + 1).to_string();
            relation.replace_range(.., syntax.relation);
            enhanced.replace_range(.., "_");
        }
    }
}
