//! Free news with the trees and names of the accurate reader: what the fast reader's parser and the name tagger learn from beside
//! the treebanks.
use crate::treebank::Example;
use anyhow::{Context, Result};
use chancery_agreement::Span;
use chancery_dissect::Accurate;
use chancery_dissect::Reader;
use chancery_dissect::fast::forms::Form;
use chancery_dissect::fast::weights::RELATIONS;
use chancery_dissect::names::Label;
use chancery_dissect::names::labeled::{LabeledDocument, LabeledSentence};
use chancery_dissect::sentences::split_sentences;
use chancery_dissect::tokens::tokenize;
use flate2::read::GzDecoder;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Lengths of sentences, in tokens, that are worth learning from: shorter ones are headings, longer ones mostly lists.
const LENGTHS: std::ops::RangeInclusive<usize> = 6..=40;
/// The same where names are learned.
const NAMED_LENGTHS: std::ops::RangeInclusive<usize> = 4..=60;
/// So many sentences of one article at most: the more articles, the more of the language.
const OF_ONE_ARTICLE: usize = 8;

/// How a text begins, without spaces and signs: what tells one article from another.
fn beginning(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).take(100).collect()
}

/// The articles that the program is judged by, by how they begin: nothing is learned from them.
fn set_aside(data: &Path) -> Result<BTreeSet<String>> {
    let folder = data.join("../gold/dev/articles");
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let text = std::fs::read_to_string(entry?.path())?;
        let article: serde_json::Value = serde_json::from_str(&text)?;
        found.insert(beginning(article["text"].as_str().unwrap_or("")));
    }
    Ok(found)
}

/// The sentences that the reader is judged by, without spaces: some of the free news stand in the test parts of a treebank.
fn judged(data: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for bank in ["EWT", "GUM"] {
        let folder = data.join("ud").join(bank);
        for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with("-train.conllu") {
                continue;
            }
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            found.extend(text.lines().filter_map(|line| line.strip_prefix("# text = ")).map(letters));
        }
    }
    Ok(found)
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Calls `take` with the sentences, word by word, of each article of the free news in `data` until it says no. Left out are the
/// articles that the program is judged by, and those that share a sentence with a dev or test part of a treebank.
pub fn articles(data: &Path, mut take: impl FnMut(&[Vec<&str>]) -> bool) -> Result<()> {
    let (aside, judged) = (set_aside(data)?, judged(data)?);
    let mut left_out = 0;
    let path = &data.join("wikinews/wikinews.jsonl.gz");
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    for line in BufReader::new(GzDecoder::new(file)).lines() {
        let line = line.with_context(|| format!("cannot read {}", path.display()))?;
        let article: serde_json::Value =
            serde_json::from_str(&line).with_context(|| format!("{} is not JSON Lines", path.display()))?;
        let text = article["text"].as_str().unwrap_or("");
        if aside.contains(&beginning(text)) {
            continue;
        }
        let mut sentences: Vec<Vec<&str>> = Vec::new();
        for paragraph in text.lines() {
            let tokens = tokenize(paragraph, Span::new(0, paragraph.len()));
            let split = split_sentences(paragraph, &tokens).into_iter();
            sentences.extend(split.map(|range| tokens[range].iter().map(|token| token.of(paragraph)).collect()));
        }
        let shares =
            |forms: &Vec<&str>| forms.len() > 3 && judged.contains(&forms.iter().map(|form| letters(form)).collect::<String>());
        if sentences.iter().any(shares) {
            left_out += 1;
        } else if !take(&sentences) {
            break;
        }
    }
    eprintln!("{left_out} articles are left out: they stand in the test part of a treebank");
    Ok(())
}

/// The first `count` sentences of the free news in `data`, a few from each article. Their tags are left empty.
pub fn read(data: &Path, count: usize) -> Result<Vec<Example>> {
    let teacher = Accurate::embedded().context("the accurate reader does not load")?;
    let mut examples = Vec::new();
    articles(data, |sentences| {
        let of_length = sentences.iter().filter(|forms| LENGTHS.contains(&forms.len()));
        for forms in of_length.take(OF_ONE_ARTICLE) {
            examples.extend(example(teacher, forms));
        }
        examples.len() < count
    })?;
    examples.truncate(count);
    Ok(examples)
}

/// The names that the accurate reader finds in `count` articles of the free news in `data`.
pub fn names(data: &Path, count: usize) -> Result<Vec<LabeledDocument>> {
    let teacher = Accurate::embedded().context("the accurate reader does not load")?;
    let mut documents: Vec<LabeledDocument> = Vec::new();
    if count == 0 {
        return Ok(documents);
    }
    articles(data, |sentences| {
        let of_length = sentences.iter().filter(|forms| NAMED_LENGTHS.contains(&forms.len()));
        documents.push(of_length.map(|forms| labeled(teacher, forms)).collect());
        documents.len() < count
    })?;
    Ok(documents)
}

fn labeled(teacher: &Accurate, forms: &[&str]) -> LabeledSentence {
    let mut labels = vec![Label::Outside; forms.len()];
    for name in teacher.read(forms).names.unwrap_or_default() {
        for (at, label) in labels.iter_mut().enumerate().take(name.tokens.end).skip(name.tokens.start) {
            *label = if at == name.tokens.start { Label::First(name.kind) } else { Label::Inside(name.kind) };
        }
    }
    LabeledSentence { forms: forms.iter().map(|&form| form.to_owned()).collect(), labels }
}

/// The sentence with the teacher's tree; `None` where a relation is none that the fast reader knows.
fn example(teacher: &Accurate, forms: &[&str]) -> Option<Example> {
    let syntax = teacher.read(forms).syntax;
    let root = forms.len() + 1;
    let (mut heads, mut labels) = (vec![0], vec![0]);
    for token in &syntax {
        heads.push(token.head.map_or(root, |head| head + 1));
        labels.push(RELATIONS.iter().position(|name| *name == token.relation)?);
    }
    heads.push(0);
    labels.push(0);
    let lemmas = syntax.iter().map(|token| token.lemma.to_string()).collect();
    let words: Vec<String> = forms.iter().map(|&form| form.to_owned()).collect();
    Some(Example { forms: words.iter().map(|word| Form::new(word)).collect(), words, lemmas, tags: Vec::new(), heads, labels })
}
