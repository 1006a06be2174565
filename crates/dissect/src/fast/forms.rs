//! What the features of tagger and parser see of a word: hashes of its spelling, its ends and its shape.
use super::clusters::{Cluster, Clusters};
use crate::tokens::entity_length;

/// Mixes `value` into the hash `hash`.
#[inline]
#[must_use]
pub fn mix(hash: u64, value: u64) -> u64 {
    let mixed = (hash ^ value.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    mixed ^ (mixed >> 29)
}

/// Hashes of one word. Case is kept in `exact` and `shape` only; digits are all the same but in `exact`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// The word as written.
    pub exact: u64,
    /// The word in lower case.
    pub lower: u64,
    /// Its first one, two and three characters.
    pub prefixes: [u64; 3],
    /// Its last one, two, three and four characters.
    pub suffixes: [u64; 4],
    /// Kinds of characters in order, runs counted once.
    pub shape: u64,
    /// Its class among words that are used alike.
    pub cluster: Cluster,
}

impl Form {
    /// Stands before the first word and after the last.
    pub const OUTSIDE: Self =
        Self { exact: 1, lower: 1, prefixes: [1; 3], suffixes: [1; 4], shape: 1, cluster: Cluster { fine: 0, coarse: 0 } };

    /// Hashes `word`, without its class. Marks that mean the same are made the same: curly and doubled quotation marks, dashes,
    /// entities.
    #[must_use]
    pub fn new(word: &str) -> Self {
        let word = same_mark(word);
        let mut exact = 3;
        let mut lower = 5;
        let mut shape = 7;
        let mut last_kind = 0;
        let mut head = [0_u64; 3];
        // The last four characters, newest last.
        let mut tail = [0_u64; 4];
        let mut count = 0_usize;
        for character in word.chars() {
            let kind = kind(character);
            if kind != last_kind {
                shape = mix(shape, kind);
                last_kind = kind;
            }
            exact = mix(exact, u64::from(character));
            let plain = if character == '\u{2019}' { '\'' } else { character };
            for small in plain.to_lowercase() {
                let small = if small.is_numeric() { u64::from('0') } else { u64::from(small) };
                lower = mix(lower, small);
                if let Some(place) = head.get_mut(count) {
                    *place = small;
                }
                tail = [tail[1], tail[2], tail[3], small];
                count += 1;
            }
        }
        let joined = |letters: &[u64]| letters.iter().filter(|&&letter| letter != 0).fold(11, |hash, &letter| mix(hash, letter));
        Self {
            exact,
            lower,
            prefixes: [joined(&head[..1]), joined(&head[..2]), joined(&head)],
            suffixes: [joined(&tail[3..]), joined(&tail[2..]), joined(&tail[1..]), joined(&tail)],
            shape,
            cluster: Cluster::default(),
        }
    }

    /// Hashes `word` and looks up its class in `clusters`.
    #[must_use]
    pub fn with_class(word: &str, clusters: &Clusters) -> Self {
        let form = Self::new(word);
        Self { cluster: clusters.get(form.lower), ..form }
    }
}

/// Marks that differ in writing only are one mark for the tables.
fn same_mark(word: &str) -> &str {
    match word {
        "\u{201c}" | "\u{201d}" | "''" | "``" | "\u{2019}\u{2019}" | "\u{2018}\u{2018}" | "&quot;" | "&ldquo;" | "&rdquo;" => {
            "\""
        }
        "\u{2018}" | "\u{2019}" | "`" | "&lsquo;" | "&rsquo;" => "'",
        "\u{2014}" | "&mdash;" | "--" => "\u{2014}",
        "\u{2013}" | "&ndash;" => "\u{2013}",
        "\u{2026}" | "&hellip;" => "...",
        "&amp;" => "&",
        "\u{2010}" | "\u{2011}" => "-",
        _ => word.get(..entity_length(word).unwrap_or(word.len())).unwrap_or(word),
    }
}

fn kind(character: char) -> u64 {
    match character {
        _ if character.is_uppercase() => 1,
        _ if character.is_lowercase() => 2,
        _ if character.is_numeric() => 3,
        '-' => 4,
        '.' => 5,
        '\'' | '\u{2019}' => 6,
        _ if character.is_alphabetic() => 7,
        _ => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_one_meaning_are_one() {
        assert_eq!(Form::new("\u{201c}"), Form::new("''"));
        assert_eq!(Form::new("&mdash;"), Form::new("\u{2014}"));
        assert_eq!(Form::new("n\u{2019}t").lower, Form::new("n't").lower);
    }

    #[test]
    fn numbers_of_one_length_share_their_lower_form() {
        assert_eq!(Form::new("1998").lower, Form::new("2004").lower);
        assert_ne!(Form::new("1998").exact, Form::new("2004").exact);
    }
}
