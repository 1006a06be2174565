//! Finds the words that have one tag only.
use crate::treebank::Example;
use std::collections::BTreeMap;

/// Words seen less often may have other tags that were not seen.
const LEAST: usize = 10;
/// One other tag among so many is taken for a slip of the annotators.
const SLIPS: usize = 300;

/// Hashes of words as written with their only tag, sorted by hash.
pub fn learn(examples: &[Example]) -> Vec<(u64, u16)> {
    let mut seen: BTreeMap<u64, BTreeMap<usize, usize>> = BTreeMap::new();
    for example in examples {
        for (form, &tag) in example.forms.iter().zip(&example.tags) {
            *seen.entry(form.exact).or_default().entry(tag).or_default() += 1;
        }
    }
    let only = seen.into_iter().filter_map(|(hash, tags)| {
        let all: usize = tags.values().sum();
        let (tag, count) = tags.into_iter().max_by_key(|&(_, count)| count)?;
        (all >= LEAST && (all - count) * SLIPS <= all).then_some((hash, tag as u16))
    });
    only.collect()
}
