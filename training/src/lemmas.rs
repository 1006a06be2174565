//! Learns lemmas: which endings are replaced by what, for each tag.
use crate::treebank::{Example, Tagset};
use chancery_dissect::lemma::{LONGEST_ENDING, base};
use chancery_dissect::reading::Upos;
use std::collections::BTreeMap;

type Edit = (usize, String);
type Counts = BTreeMap<Edit, usize>;

/// Lines for the file of weights: tag, whole-word mark, ending, how much to strip, what to add.
pub fn learn(examples: &[Example], tagset: &Tagset) -> Vec<String> {
    // Each word once for each lemma: what matters is how many words behave so, not how often they are used.
    let mut seen: BTreeMap<(usize, String), Counts> = BTreeMap::new();
    for example in examples {
        for ((word, lemma), &tag) in example.words.iter().zip(&example.lemmas).zip(&example.tags) {
            let upos = tagset.names[tag].split('\t').next().and_then(Upos::parse).unwrap_or(Upos::X);
            if lemma == "_" {
                continue;
            }
            let base = base(word, upos);
            let edit = edit(&base, lemma);
            *seen.entry((tag, base)).or_default().entry(edit).or_default() += 1;
        }
    }
    let mut endings: BTreeMap<(usize, usize, String), Counts> = BTreeMap::new();
    let mut whole: BTreeMap<(usize, String), (Edit, usize)> = BTreeMap::new();
    for ((tag, word), edits) in &seen {
        let Some((edit, count)) = edits.iter().max_by_key(|(_, count)| **count) else { continue };
        whole.insert((*tag, word.clone()), (edit.clone(), *count));
        for length in 0..=LONGEST_ENDING {
            let Some(ending) = ending(word, length) else { break };
            *endings.entry((*tag, length, ending.to_owned())).or_default().entry(edit.clone()).or_default() += 1;
        }
    }
    // Shorter endings come first: a longer one is kept only where it decides otherwise.
    let mut kept: BTreeMap<(usize, String), Edit> = BTreeMap::new();
    let decide = |kept: &BTreeMap<(usize, String), Edit>, tag: usize, word: &str, below: usize| {
        (0..below).rev().find_map(|length| kept.get(&(tag, ending(word, length)?.to_owned())).cloned())
    };
    let mut by_length: Vec<_> = endings.into_iter().collect();
    by_length.sort_by_key(|((_, length, _), _)| *length);
    for ((tag, length, ending), edits) in by_length {
        let Some((edit, _)) = edits.into_iter().max_by_key(|(edit, count)| (*count, std::cmp::Reverse(edit.clone()))) else {
            continue;
        };
        if decide(&kept, tag, &ending, length).unwrap_or_default() != edit {
            kept.insert((tag, ending), edit);
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for ((tag, ending), (strip, add)) in &kept {
        lines.push(format!("{tag}\t0\t{ending}\t{strip}\t{add}"));
    }
    for ((tag, word), (edit, _)) in &whole {
        if decide(&kept, *tag, word, LONGEST_ENDING + 1).unwrap_or_default() != *edit {
            lines.push(format!("{tag}\t1\t{word}\t{}\t{}", edit.0, edit.1));
        }
    }
    lines
}

/// The last `length` characters of `word`.
fn ending(word: &str, length: usize) -> Option<&str> {
    match length {
        0 => Some(""),
        _ => word.char_indices().rev().nth(length - 1).map(|(at, _)| &word[at..]),
    }
}

/// How `base` becomes `lemma`: characters to take away at the end, and what to add.
fn edit(base: &str, lemma: &str) -> Edit {
    let shared = base.chars().zip(lemma.chars()).take_while(|(left, right)| left == right).count();
    (base.chars().count() - shared, lemma.chars().skip(shared).collect())
}
