//! Ids of agreements: the same over runs, orders and added documents.
use sha2::{Digest, Sha256};

const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The own id of the agreement `key` of the document `document` (`Article::id`): `a` and twelve letters and digits
/// (60 bits of SHA-256, in Crockford's base 32), safe in addresses and easy to read out.
#[must_use]
pub fn agreement_id(document: &str, key: &str) -> String {
    id_text(own_id(document, key))
}

/// The same as a number of 60 bits.
#[must_use]
pub fn own_id(document: &str, key: &str) -> u64 {
    let mut hasher = Sha256::new();
    hasher.update(document.as_bytes());
    hasher.update([0]);
    hasher.update(key.as_bytes());
    let digest = hasher.finalize();
    digest.iter().take(8).fold(0u64, |bits, byte| (bits << 8) | u64::from(*byte)) & ((1 << 60) - 1)
}

/// An id as people and programs see it.
#[must_use]
pub fn id_text(id: u64) -> String {
    let letter = |place: u32| char::from(LETTERS.get((id >> (5 * place)) as usize & 31).copied().unwrap_or(b'0'));
    std::iter::once('a').chain((0..12).map(letter)).collect()
}

/// Id of the actor whose name has the comparable form `form`: `p` and twelve letters and digits. Spellings of one name in
/// other letters ([`crate::spelling`]) have one id.
#[must_use]
pub fn actor_id(form: &str) -> String {
    id_text(own_id("actor", &crate::spelling::spelling(form))).replacen('a', "p", 1)
}

/// The number of an id, if it has the form of one.
#[must_use]
pub fn id_number(text: &str) -> Option<u64> {
    let letters = text.strip_prefix('a').filter(|letters| letters.len() == 12)?;
    let value = |letter: u8| LETTERS.iter().position(|known| *known == letter);
    letters.bytes().rev().try_fold(0u64, |id, letter| Some((id << 5) | value(letter)? as u64))
}

#[cfg(test)]
mod tests {
    use super::{agreement_id, id_number, id_text, own_id};

    #[test]
    fn an_id_depends_on_document_and_key_alone() {
        assert_eq!(agreement_id("d", "a1"), agreement_id("d", "a1"));
        assert_eq!(agreement_id("d", "a1").len(), 13);
        assert_ne!(agreement_id("d", "a1"), agreement_id("d", "a2"));
        assert_ne!(agreement_id("da", "1"), agreement_id("d", "a1"));
        assert_eq!(id_number(&agreement_id("d", "a1")), Some(own_id("d", "a1")));
        assert_eq!((id_number("ferry"), id_number("aéééééé"), id_text(0).as_str()), (None, None, "a000000000000"));
    }
}
