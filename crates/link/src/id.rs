//! Ids of agreements: the same over runs, orders and added documents.
use sha2::{Digest, Sha256};

const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The own id of the agreement `key` of the document `document` (`Article::id`): `a` and twelve letters and digits
/// (60 bits of SHA-256, in Crockford's base 32), safe in addresses and easy to read out.
#[must_use]
pub fn agreement_id(document: &str, key: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(document.as_bytes());
    hasher.update([0]);
    hasher.update(key.as_bytes());
    let digest = hasher.finalize();
    let bits = digest.iter().take(8).fold(0u64, |bits, byte| (bits << 8) | u64::from(*byte));
    let letter = |place: u32| char::from(LETTERS.get((bits >> (5 * place)) as usize & 31).copied().unwrap_or(b'0'));
    std::iter::once('a').chain((0..12).map(letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::agreement_id;

    #[test]
    fn an_id_depends_on_document_and_key_alone() {
        assert_eq!(agreement_id("d", "a1"), agreement_id("d", "a1"));
        assert_eq!(agreement_id("d", "a1").len(), 13);
        assert_ne!(agreement_id("d", "a1"), agreement_id("d", "a2"));
        assert_ne!(agreement_id("da", "1"), agreement_id("d", "a1"));
    }
}
