//! Classes of words that are used alike, learned from text without labels; looked up where they lie in the file.
use std::fmt;

/// The classes of one word; 0 is no class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cluster {
    /// One of some hundred.
    pub fine: u16,
    /// One of some dozen.
    pub coarse: u16,
}

/// Places of the table; each word may stand in its own place or in the one beside it.
const PLACES: usize = 1 << 16;
/// Bytes of a place: check (2), fine class (2), coarse class (1).
const PLACE_BYTES: usize = 5;

/// Looks up classes by the hash of a word in lower case.
#[derive(Clone, Copy, Default)]
pub struct Clusters {
    places: &'static [u8],
}

impl fmt::Debug for Clusters {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Clusters").field("bytes", &self.places.len()).finish()
    }
}

impl Clusters {
    /// Over the bytes that [`pack`] made; `None` where they are not.
    #[must_use]
    pub fn new(places: &'static [u8]) -> Option<Self> {
        (places.is_empty() || places.len() == PLACES * PLACE_BYTES).then_some(Self { places })
    }

    /// Classes of the word with the hash `lower`.
    #[must_use]
    pub fn get(&self, lower: u64) -> Cluster {
        let (place, check) = place_and_check(lower);
        for place in [place, place ^ 1] {
            let at = place * PLACE_BYTES;
            if let Some(&[check_low, check_high, fine_low, fine_high, coarse]) = self.places.get(at..at + PLACE_BYTES)
                && u16::from_le_bytes([check_low, check_high]) == check
            {
                return Cluster { fine: u16::from_le_bytes([fine_low, fine_high]), coarse: u16::from(coarse) };
            }
        }
        Cluster::default()
    }
}

fn place_and_check(lower: u64) -> (usize, u16) {
    let check = u16::try_from(lower & 0xFFFF).unwrap_or(1).max(1);
    (usize::try_from(lower >> 48).unwrap_or(0), check)
}

/// The bytes of a table with `words`, most frequent first; a word that finds both its places taken is left out.
#[must_use]
pub fn pack(words: &[(u64, Cluster)]) -> Vec<u8> {
    let mut bytes = vec![0; PLACES * PLACE_BYTES];
    for &(word, cluster) in words {
        let (place, check) = place_and_check(word);
        for place in [place, place ^ 1] {
            let at = place * PLACE_BYTES;
            if let Some(slot) = bytes.get_mut(at..at + PLACE_BYTES)
                && slot.starts_with(&[0, 0])
            {
                let ([check_low, check_high], [fine_low, fine_high]) = (check.to_le_bytes(), cluster.fine.to_le_bytes());
                slot.copy_from_slice(&[check_low, check_high, fine_low, fine_high, u8::try_from(cluster.coarse).unwrap_or(0)]);
                break;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_table_gives_the_classes_back() {
        let first = Cluster { fine: 300, coarse: 7 };
        let second = Cluster { fine: 2, coarse: 1 };
        // Two words with one place: the second moves to the place beside it.
        let table = Clusters::new(pack(&[(5, first), (6, second)]).leak()).expect("the size is right");
        assert_eq!((table.get(5), table.get(6), table.get(7)), (first, second, Cluster::default()));
    }
}
