//! Hand-labelled news: each article of `gold/train` with its labels.
use anyhow::{Context, Result};
use chancery_agreement::{Article, DateBasis, Published};
use chancery_evaluate::agreements::Aliases;
use chancery_evaluate::sheet::{Sheet, read_labels};
use chancery_extract::Extractor;
use std::path::Path;

/// Calls `visit` with each labelled article of `data/gold/train`, in order of their names.
pub fn each_article(data: &Path, mut visit: impl FnMut(&Aliases, &Sheet, &Article, &Extractor)) -> Result<()> {
    let folder = data.join("gold/train");
    let aliases = Aliases::read(&data.join("evaluation/party_aliases.json"))?;
    let extractor = Extractor::new()?;
    for label in read_labels(&folder.join("labels"))? {
        let article = article(&folder.join("articles").join(format!("{}.json", label.stem)))?;
        visit(&aliases, &label, &article, &extractor);
    }
    Ok(())
}

fn article(file: &Path) -> Result<Article> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let value: serde_json::Value = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))?;
    let mut article = Article::plain(value["text"].as_str().unwrap_or_default());
    article.title = value["title"].as_str().map(str::to_owned);
    article.source = file.display().to_string();
    article.published = value["published"].as_str().map(|day| Published {
        value: day.to_owned(),
        time: None,
        basis: DateBasis::Metadata,
        span: None,
        confidence: 1.0,
    });
    Ok(article)
}
