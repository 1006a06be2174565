//! Free news text without labels: what classes of words are learned from.
use anyhow::{Context, Result};
use chancery_agreement::Span;
use chancery_dissect::fast::forms::Form;
use chancery_dissect::sentences::split_sentences;
use chancery_dissect::tokens::tokenize;
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Sentences of the articles in `path` (JSON Lines, gzip; fields `title` and `text`), as hashes of words in lower case.
pub fn read(path: &Path) -> Result<Vec<Vec<u64>>> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut sentences = Vec::new();
    for line in BufReader::new(GzDecoder::new(file)).lines() {
        let line = line.with_context(|| format!("cannot read {}", path.display()))?;
        let article: serde_json::Value =
            serde_json::from_str(&line).with_context(|| format!("{} is not JSON Lines", path.display()))?;
        for field in ["title", "text"] {
            for paragraph in article[field].as_str().unwrap_or("").lines() {
                let tokens = tokenize(paragraph, Span::new(0, paragraph.len()));
                for range in split_sentences(paragraph, &tokens) {
                    sentences.push(tokens[range].iter().map(|token| Form::new(token.of(paragraph)).lower).collect());
                }
            }
        }
    }
    Ok(sentences)
}
