//! Free news with the trees of the accurate reader: what the fast reader's parser learns from beside the treebanks.
use crate::treebank::Example;
use anyhow::{Context, Result};
use chancery_agreement::Span;
use chancery_dissect::Accurate;
use chancery_dissect::Reader;
use chancery_dissect::fast::forms::Form;
use chancery_dissect::fast::weights::RELATIONS;
use chancery_dissect::sentences::split_sentences;
use chancery_dissect::tokens::tokenize;
use flate2::read::GzDecoder;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Lengths of sentences, in tokens, that are worth learning from: shorter ones are headings, longer ones mostly lists.
const LENGTHS: std::ops::RangeInclusive<usize> = 6..=40;
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

/// The first `count` sentences of the free news in `data`, a few from each article. Their tags are left empty.
pub fn read(data: &Path, count: usize) -> Result<Vec<Example>> {
    let (aside, judged) = (set_aside(data)?, judged(data)?);
    let mut left_out = 0;
    let path = &data.join("wikinews/wikinews.jsonl.gz");
    let teacher = Accurate::embedded().context("the accurate reader does not load")?;
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut examples = Vec::new();
    for line in BufReader::new(GzDecoder::new(file)).lines() {
        let line = line.with_context(|| format!("cannot read {}", path.display()))?;
        let article: serde_json::Value =
            serde_json::from_str(&line).with_context(|| format!("{} is not JSON Lines", path.display()))?;
        if aside.contains(&beginning(article["text"].as_str().unwrap_or(""))) {
            continue;
        }
        // An article that shares a sentence with a test part is left out whole.
        let text = article["text"].as_str().unwrap_or("");
        let shares = |paragraph: &str| {
            let tokens = tokenize(paragraph, Span::new(0, paragraph.len()));
            let words = |range: std::ops::Range<usize>| {
                tokens[range].iter().map(|token| letters(token.of(paragraph))).collect::<String>()
            };
            split_sentences(paragraph, &tokens).into_iter().any(|range| range.len() > 3 && judged.contains(&words(range)))
        };
        if text.lines().any(shares) {
            left_out += 1;
            continue;
        }
        let mut own = 0;
        for paragraph in text.lines() {
            let tokens = tokenize(paragraph, Span::new(0, paragraph.len()));
            for range in split_sentences(paragraph, &tokens) {
                if !LENGTHS.contains(&range.len()) || own == OF_ONE_ARTICLE {
                    continue;
                }
                let forms: Vec<&str> = tokens[range].iter().map(|token| token.of(paragraph)).collect();
                examples.extend(example(teacher, &forms));
                own += 1;
            }
        }
        if examples.len() >= count {
            examples.truncate(count);
            break;
        }
    }
    eprintln!("{left_out} articles are left out: they stand in the test part of a treebank");
    Ok(examples)
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
