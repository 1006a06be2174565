//! Free text to learn from without labels: Wikinews, and the words of the treebanks.
use anyhow::{Context, Result};
use chancery_agreement::Article;
use chancery_dissect::conllu::parse_conllu;
use chancery_dissect::dissect;
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Words of every sentence of the free news text under `data`.
pub fn sentences(data: &Path) -> Result<Vec<Vec<String>>> {
    let path = data.join("wikinews/wikinews.jsonl.gz");
    let file = File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut sentences = Vec::new();
    for line in BufReader::new(GzDecoder::new(file)).lines() {
        let line = line.with_context(|| format!("cannot read {}", path.display()))?;
        let record: serde_json::Value = serde_json::from_str(&line).with_context(|| format!("no JSON in {}", path.display()))?;
        let text = record.get("text").and_then(serde_json::Value::as_str).unwrap_or("");
        let article = Article::plain(text);
        let reading = dissect(&article);
        for sentence in &reading.sentences {
            sentences.push(sentence.tokens.clone().map(|token| reading.form(token).to_owned()).collect());
        }
    }
    for name in ["ud/EWT/en_ewt-ud-train.conllu", "ud/GUM/en_gum_perm-train.conllu"] {
        let path = data.join(name);
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        for sentence in parse_conllu(&text).with_context(|| format!("cannot read {}", path.display()))? {
            sentences.push(sentence.forms().into_iter().map(str::to_owned).collect());
        }
    }
    Ok(sentences)
}
