//! Words that had one tag only, however often they were seen: they need no scores.
use super::forms::Form;
use std::fmt;

/// Bytes of an entry: hash of the word as written (8), tag (2), little endian; entries are sorted by hash.
const ENTRY_BYTES: usize = 10;

/// Looks up tags of words.
#[derive(Clone, Copy, Default)]
pub struct KnownWords {
    entries: &'static [u8],
}

impl fmt::Debug for KnownWords {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("KnownWords").field("words", &(self.entries.len() / ENTRY_BYTES)).finish()
    }
}

impl KnownWords {
    /// Over the bytes that [`pack`] made; `None` where they are not.
    #[must_use]
    pub fn new(entries: &'static [u8]) -> Option<Self> {
        entries.len().is_multiple_of(ENTRY_BYTES).then_some(Self { entries })
    }

    /// The only tag of the word, where it has one.
    #[must_use]
    pub fn tag(&self, form: &Form) -> Option<usize> {
        let entry = |at: usize| -> Option<(u64, u16)> {
            let bytes = self.entries.get(at * ENTRY_BYTES..(at + 1) * ENTRY_BYTES)?;
            let (hash, tag) = bytes.split_at(8);
            Some((u64::from_le_bytes(hash.try_into().ok()?), u16::from_le_bytes(tag.try_into().ok()?)))
        };
        let (mut low, mut high) = (0, self.entries.len() / ENTRY_BYTES);
        while low < high {
            let middle = low.midpoint(high);
            let (hash, tag) = entry(middle)?;
            match hash.cmp(&form.exact) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(usize::from(tag)),
            }
        }
        None
    }
}

/// The bytes for `words`: hashes of words as written with their tags, sorted.
#[must_use]
pub fn pack(words: &[(u64, u16)]) -> Vec<u8> {
    words.iter().flat_map(|(hash, tag)| hash.to_le_bytes().into_iter().chain(tag.to_le_bytes())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_list_gives_the_tags_back() {
        let mut words: Vec<(u64, u16)> =
            ["the", "of", ","].map(Form::new).iter().zip([4, 300, 0]).map(|(form, tag)| (form.exact, tag)).collect();
        words.sort_unstable();
        let known = KnownWords::new(pack(&words).leak()).expect("the size is right");
        assert_eq!(["of", "The", ","].map(|word| known.tag(&Form::new(word))), [Some(300), None, Some(0)]);
    }
}
