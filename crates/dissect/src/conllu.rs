//! CoNLL-U: reads sentences with gold tokens, gives them new tags and trees, and writes the reading of raw text.
use crate::reading::{Reader, Reading, Upos};
use crate::tokens::is_clitic;
use std::fmt::Write;

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

/// The lines of the sentence and the empty line that ends it.
impl std::fmt::Display for ConlluSentence {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in &self.lines {
            match line {
                ConlluLine::Word(columns) => writeln!(formatter, "{}", columns.join("\t"))?,
                ConlluLine::Other(line) => writeln!(formatter, "{line}")?,
            }
        }
        writeln!(formatter)
    }
}

/// Reads the CoNLL-U in `text`, gives its words the tags and trees that `reader` finds, and writes it again: with this the
/// reader can be scored over gold tokens by any evaluator.
///
/// # Errors
/// Names the line that is not CoNLL-U.
pub fn reread_conllu(text: &str, reader: &dyn Reader) -> Result<String, ConlluError> {
    let mut sentences = parse_conllu(text)?;
    for sentence in &mut sentences {
        sentence.reread(reader);
    }
    Ok(sentences.iter().map(ToString::to_string).collect())
}

/// Writes `reading` as CoNLL-U: tokens, sentences, and tags and trees where the sentences were parsed.
///
/// A word and its clitics ("don't") are one multi-word token. `SpaceAfter=No` stands where no white space follows.
#[must_use]
pub fn write_reading(reading: &Reading<'_>) -> String {
    let mut out = String::new();
    let mut block = None;
    for (number, sentence) in reading.sentences.iter().enumerate() {
        if block != Some(sentence.block) {
            block = Some(sentence.block);
            out.push_str("# newpar\n");
        }
        let text = reading.words(sentence.span).split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = write!(out, "# sent_id = {}\n# text = {text}\n", number + 1);
        let first = sentence.tokens.start;
        let mut range_end = first;
        for token in sentence.tokens.clone() {
            if token >= range_end {
                range_end = multi_word_end(reading, token, sentence.tokens.end);
                if range_end > token + 1 {
                    let words: String = (token..range_end).map(|token| reading.form(token)).collect();
                    let space = space_after(reading, range_end - 1);
                    let _ = writeln!(out, "{}-{}\t{words}\t_\t_\t_\t_\t_\t_\t_\t{space}", token - first + 1, range_end - first);
                } else {
                    range_end = token + 1;
                }
            }
            // The space after a multi-word token stands in the line of its range.
            let alone = range_end == token + 1 && multi_word_start(reading, token, first) == token;
            let space = if alone { space_after(reading, token) } else { "_" };
            write_word(&mut out, reading, token, first, space);
        }
        out.push('\n');
    }
    out
}

fn write_word(out: &mut String, reading: &Reading<'_>, token: usize, first: usize, space: &str) {
    let (number, form) = (token - first + 1, reading.form(token));
    // A tree is wanted on every line: words that were not parsed hang on the first.
    let _ = match reading.syntax(token) {
        Some(syntax) => {
            let head = syntax.head.map_or(0, |head| head - first + 1);
            let (lemma, upos, features, relation) = (&syntax.lemma, syntax.upos.as_str(), syntax.features, syntax.relation);
            writeln!(out, "{number}\t{form}\t{lemma}\t{upos}\t_\t{features}\t{head}\t{relation}\t_\t{space}")
        }
        None => {
            let (head, relation) = if number == 1 { (0, "root") } else { (1, "dep") };
            writeln!(out, "{number}\t{form}\t_\tX\t_\t_\t{head}\t{relation}\t_\t{space}")
        }
    };
}

fn space_after(reading: &Reading<'_>, token: usize) -> &'static str {
    if reading.tokens.get(token).is_some_and(|token| token.joined) { "SpaceAfter=No" } else { "_" }
}

/// True when `token` is joined to the word before it as a part of the same written word.
fn is_joined_clitic(reading: &Reading<'_>, token: usize) -> bool {
    let Some(before) = token.checked_sub(1) else { return false };
    let joined = reading.tokens.get(before).is_some_and(|token| token.joined);
    let is_apostrophe = reading.form(token).chars().count() == 1;
    let possessive = || reading.syntax(token).is_some_and(|syntax| syntax.upos == Upos::Part);
    joined && is_clitic(reading.form(before), reading.form(token)) && (!is_apostrophe || possessive())
}

/// Where the multi-word token that starts with `token` ends (exclusive), before `end`.
fn multi_word_end(reading: &Reading<'_>, token: usize, end: usize) -> usize {
    (token + 1..end).find(|&next| !is_joined_clitic(reading, next)).unwrap_or(end)
}

/// Where the multi-word token that holds `token` starts, from `first` on.
fn multi_word_start(reading: &Reading<'_>, token: usize, first: usize) -> usize {
    (first + 1..=token).rev().find(|&at| !is_joined_clitic(reading, at)).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Fast, dissect};
    use chancery_agreement::Article;

    #[test]
    fn raw_text_is_written_with_its_multi_word_tokens() {
        let article = Article::plain("They don't  sign.");
        let written = write_reading(&dissect(&article));
        let columns: Vec<(&str, &str, &str)> = written
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let columns: Vec<&str> = line.split('\t').collect();
                Some((*columns.first()?, *columns.get(1)?, *columns.get(9)?))
            })
            .collect();
        let expected = [
            ("1", "They", "_"),
            ("2-3", "don't", "_"),
            ("2", "do", "_"),
            ("3", "n't", "_"),
            ("4", "sign", "SpaceAfter=No"),
            ("5", ".", "_"),
        ];
        assert_eq!(columns, expected);
        assert!(written.contains("# text = They don't sign.\n"));
    }

    #[test]
    fn rereading_keeps_everything_but_tags_and_trees() {
        let source = "# text = Nobody's here\n1-2\tNobody's\t_\t_\t_\t_\t_\t_\t_\tX=1\n\
                      1\tNobody\t_\t_\t_\t_\t0\t_\t_\tY=2\n2\t's\t_\t_\t_\t_\t0\t_\t_\t_\n\
                      2.1\tbeing\t_\t_\t_\t_\t_\t_\t_\t_\n3\there\t_\t_\t_\t_\t0\t_\t_\t_\n";
        let mut sentences = parse_conllu(source).expect("the source is CoNLL-U");
        for sentence in &mut sentences {
            sentence.reread(Fast::embedded());
        }
        let written: String = sentences.iter().map(ToString::to_string).collect();
        let kept = |text: &str| -> Vec<String> {
            text.lines()
                .filter(|line| line.starts_with(['#', '\n']) || line.split('\t').next().is_some_and(|id| id.contains(['-', '.'])))
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(kept(&written), kept(source));
        assert!(written.contains("1\tNobody\tnobody\tPRON\t"), "{written}");
        assert!(written.contains("Y=2"));
    }

    #[test]
    fn lines_that_are_not_conllu_are_named() {
        let error = parse_conllu("# fine\n1\tword\n").expect_err("two columns are too few");
        assert_eq!(error.to_string(), "line 2 is not CoNLL-U: a word has a number and ten columns with a tab between them");
    }
}
