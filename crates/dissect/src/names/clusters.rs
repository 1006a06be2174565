//! Clusters of words that are used alike, learned from free text: they carry over what was learned of one word to others.
use crate::fast::forms::mix;

/// Bytes of one entry: hash (four bytes), fine cluster (two), coarse cluster (one), little endian.
const ENTRY: usize = 7;

/// Words by cluster, as they lie in the file of weights: entries sorted by hash.
#[derive(Debug, Default, Clone)]
pub struct Clusters {
    entries: &'static [u8],
    /// For each beginning of a hash, the first entry that has it or a later one; and behind the last, the number of entries.
    starts: Vec<usize>,
}

/// Bits of a beginning: of the entries that share one there are a few.
const BEGINNING: u32 = 12;

/// The first bits of `hash`.
fn beginning(hash: u32) -> usize {
    (hash >> (u32::BITS - BEGINNING)) as usize
}

fn entry_hash(entry: &[u8; ENTRY]) -> u32 {
    let [a, b, c, d, ..] = *entry;
    u32::from_le_bytes([a, b, c, d])
}

impl Clusters {
    /// Clusters over the bytes that [`pack`] made; `None` where they do not fit.
    #[must_use]
    pub fn new(entries: &'static [u8]) -> Option<Self> {
        let (all, []) = entries.as_chunks::<ENTRY>() else { return None };
        let starts =
            (0..=1 << BEGINNING).map(|start| all.partition_point(|entry| beginning(entry_hash(entry)) < start)).collect();
        Some(Self { entries, starts })
    }

    /// Fine and coarse cluster of `word`, counted from 1; 0 for words in none.
    #[must_use]
    pub fn of(&self, word: &str) -> (u16, u8) {
        let hash = hash(word);
        let start = beginning(hash);
        let range = self.starts.get(start).zip(self.starts.get(start + 1)).map_or(0..0, |(&start, &end)| start..end);
        let near = self.entries.as_chunks::<ENTRY>().0.get(range).unwrap_or(&[]);
        let found = near.iter().find(|entry| entry_hash(entry) == hash);
        found.map_or((0, 0), |&[_, _, _, _, low, high, coarse]| (u16::from_le_bytes([low, high]), coarse))
    }
}

/// Hash of a word; digits are all the same.
#[must_use]
pub fn hash(word: &str) -> u32 {
    let hash = word.chars().fold(41, |hash, c| mix(hash, if c.is_numeric() { u64::from('0') } else { u64::from(c) }));
    u32::try_from(hash >> 32).unwrap_or(0)
}

/// The bytes of `clusters`: word, fine and coarse cluster. Of words with one hash the first counts.
#[must_use]
pub fn pack(clusters: &[(String, u16, u8)]) -> Vec<u8> {
    let mut entries: Vec<(u32, u16, u8)> = clusters.iter().map(|(word, fine, coarse)| (hash(word), *fine, *coarse)).collect();
    entries.sort_by_key(|&(hash, _, _)| hash);
    entries.dedup_by_key(|&mut (hash, _, _)| hash);
    let bytes = |&(hash, fine, coarse): &(u32, u16, u8)| {
        let [a, b, c, d] = hash.to_le_bytes();
        let [low, high] = fine.to_le_bytes();
        [a, b, c, d, low, high, coarse]
    };
    entries.iter().flat_map(bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::{Clusters, pack};

    #[test]
    fn packed_clusters_are_found_again() {
        let words =
            [("envoy", 300, 2), ("ferry", 1, 1), ("1998", 7, 3)].map(|(word, fine, coarse)| (word.to_owned(), fine, coarse));
        let clusters = Clusters::new(pack(&words).leak()).expect("the bytes fit");
        assert_eq!(clusters.of("envoy"), (300, 2));
        assert_eq!(clusters.of("2004"), (7, 3));
        assert_eq!(clusters.of("unseen"), (0, 0));
        assert!(Clusters::new(&[1, 2, 3]).is_none());
    }
}
