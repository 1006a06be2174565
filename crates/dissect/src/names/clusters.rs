//! Clusters of words that are used alike, learned from free text: they carry over what was learned of one word to others.
use crate::fast::forms::mix;

/// Bytes of one entry: hash (four bytes), fine cluster (two), coarse cluster (one), little endian.
const ENTRY: usize = 7;

/// Words by cluster, as they lie in the file of weights: entries sorted by hash.
#[derive(Debug, Default, Clone, Copy)]
pub struct Clusters {
    entries: &'static [u8],
}

impl Clusters {
    /// Clusters over the bytes that [`pack`] made; `None` where they do not fit.
    #[must_use]
    pub fn new(entries: &'static [u8]) -> Option<Self> {
        entries.len().is_multiple_of(ENTRY).then_some(Self { entries })
    }

    /// Fine and coarse cluster of `word`, counted from 1; 0 for words in none.
    #[must_use]
    pub fn of(&self, word: &str) -> (u16, u8) {
        let hash = hash(word);
        let (mut low, mut high) = (0, self.entries.len() / ENTRY);
        while low < high {
            let middle = (low + high) / 2;
            let entry = self.entries.get(middle * ENTRY..(middle + 1) * ENTRY).unwrap_or(&[0; ENTRY]);
            let &[a, b, c, d, fine_low, fine_high, coarse] = entry else { break };
            match u32::from_le_bytes([a, b, c, d]).cmp(&hash) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return (u16::from_le_bytes([fine_low, fine_high]), coarse),
            }
        }
        (0, 0)
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
