//! Words to word pieces, as BERT's uncased models cut them: clean, strip accents, lower-case, cut at punctuation, then the longest
//! pieces of the vocabulary first (Wu et al. 2016; Devlin et al. 2019).
//!
//! Words are given, so a piece never has to be traced back to bytes: whatever becomes of the letters, the word keeps its span.
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// A stretch of more characters without space or punctuation is one unknown piece.
const LONGEST_STRETCH: usize = 100;

/// A word of more pieces (a line of dashes) is cut off: the network looks at the first piece of each word.
pub const MOST_PIECES_OF_WORD: usize = 100;

/// The vocabulary: every piece with its number.
#[derive(Debug)]
pub struct Vocabulary {
    starts: HashMap<Box<str>, i32>,
    /// Pieces that go on inside a word, without their "##".
    inner: HashMap<Box<str>, i32>,
    unknown: i32,
    /// Number of the piece that stands before every sentence.
    pub first: i32,
    /// Number of the piece that stands after every sentence.
    pub last: i32,
    /// Characters of the longest piece.
    longest: usize,
}

impl Vocabulary {
    /// Reads a vocabulary of one piece a line, numbered from 0; `None` where `[CLS]`, `[SEP]` or `[UNK]` is missing.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (mut starts, mut inner) = (HashMap::with_capacity(32_768), HashMap::with_capacity(8_192));
        let mut longest = 1;
        for (number, piece) in (0..).zip(text.lines()) {
            let (map, piece) = match piece.strip_prefix("##").filter(|rest| !rest.is_empty()) {
                Some(rest) => (&mut inner, rest),
                None => (&mut starts, piece),
            };
            longest = longest.max(piece.chars().count());
            map.insert(piece.into(), number);
        }
        let special = |word: &str| starts.get(word).copied();
        let (unknown, first, last) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        Some(Self { starts, inner, unknown, first, last, longest })
    }

    /// Number of pieces.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len() + self.inner.len()
    }

    /// True when there is no piece.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds the numbers of the pieces of `word` to `pieces`, [`MOST_PIECES_OF_WORD`] at most. A word of which cleaning leaves
    /// nothing has none.
    pub fn cut(&self, word: &str, pieces: &mut Vec<i32>) {
        let room = pieces.len() + MOST_PIECES_OF_WORD;
        if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            self.cut_stretch(&word.to_ascii_lowercase(), pieces);
        } else {
            let plain = plain(word);
            for stretch in stretches(&plain) {
                if pieces.len() >= room {
                    break;
                }
                self.cut_stretch(stretch, pieces);
            }
        }
        pieces.truncate(room);
    }

    /// Adds the pieces of a stretch without space and punctuation: always the longest that fits.
    fn cut_stretch(&self, stretch: &str, pieces: &mut Vec<i32>) {
        if stretch.is_empty() {
            return;
        }
        if let Some(&whole) = self.starts.get(stretch) {
            pieces.push(whole);
            return;
        }
        let ends: Vec<usize> = stretch.char_indices().map(|(at, _)| at).skip(1).chain([stretch.len()]).collect();
        if ends.len() > LONGEST_STRETCH {
            pieces.push(self.unknown);
            return;
        }
        let before = pieces.len();
        let (mut start, mut from) = (0, 0);
        while start < stretch.len() {
            let map = if start == 0 { &self.starts } else { &self.inner };
            let window = ends.get(from..ends.len().min(from + self.longest)).unwrap_or(&[]);
            let found = window.iter().enumerate().rev().find_map(|(offset, &end)| {
                let number = map.get(stretch.get(start..end)?)?;
                Some((offset, end, *number))
            });
            let Some((offset, end, number)) = found else {
                // One stretch that cannot be cut through is unknown as a whole.
                pieces.truncate(before);
                pieces.push(self.unknown);
                return;
            };
            pieces.push(number);
            start = end;
            from += offset + 1;
        }
    }
}

/// `word` without control characters and accents, in lower case, with spaces around Chinese characters.
fn plain(word: &str) -> String {
    let mut cleaned = String::with_capacity(word.len());
    for character in word.chars() {
        match character {
            '\0' | '\u{fffd}' => {}
            '\t' | '\n' | '\r' => cleaned.push(' '),
            _ if is_control(character) => {}
            _ if character.is_whitespace() => cleaned.push(' '),
            _ if is_chinese(character) => cleaned.extend([' ', character, ' ']),
            _ => cleaned.push(character),
        }
    }
    let is_accent =
        |character: char| is_combining_mark(character) && character.general_category() == GeneralCategory::NonspacingMark;
    cleaned.nfd().filter(|&character| !is_accent(character)).flat_map(char::to_lowercase).collect()
}

fn is_control(character: char) -> bool {
    use GeneralCategory::{Control, Format, PrivateUse, Surrogate};
    !character.is_ascii_graphic() && matches!(character.general_category(), Control | Format | PrivateUse | Surrogate)
}

/// Characters of the Chinese blocks, each a word of its own in BERT's vocabularies.
fn is_chinese(character: char) -> bool {
    matches!(u32::from(character),
        0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0x20000..=0x2A6DF | 0x2A700..=0x2B73F | 0x2B740..=0x2B81F | 0x2B920..=0x2CEAF
        | 0xF900..=0xFAFF | 0x2F800..=0x2FA1F)
}

fn is_punctuation(character: char) -> bool {
    character.is_ascii_punctuation()
        || !character.is_ascii() && character.general_category_group() == GeneralCategoryGroup::Punctuation
}

/// The stretches of `text` between spaces, with every punctuation character as a stretch of its own.
fn stretches(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().flat_map(|part| {
        let mut rest = part;
        std::iter::from_fn(move || {
            let end = match rest.char_indices().find(|(_, character)| is_punctuation(*character)) {
                Some((0, character)) => character.len_utf8(),
                Some((at, _)) => at,
                None => rest.len(),
            };
            let (stretch, after) = rest.split_at_checked(end).filter(|(stretch, _)| !stretch.is_empty())?;
            rest = after;
            Some(stretch)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "[UNK]\n[CLS]\n[SEP]\ntreat\n##y\n##ies\n-\ne\n##mail\nmail\nlodz\n条\nsao\n\u{131}";

    fn cut(word: &str) -> Vec<&'static str> {
        let vocabulary = Vocabulary::read(SMALL).expect("the vocabulary has its special pieces");
        let mut pieces = Vec::new();
        vocabulary.cut(word, &mut pieces);
        pieces.into_iter().map(|number| SMALL.lines().nth(usize::try_from(number).expect("positive")).unwrap_or("")).collect()
    }

    #[test]
    fn the_longest_piece_comes_first_and_what_cannot_be_cut_through_is_unknown() {
        assert_eq!(cut("Treaty"), ["treat", "##y"]);
        assert_eq!(cut("TREATIES"), ["treat", "##ies"]);
        assert_eq!(cut("treatment"), ["[UNK]"]);
        assert_eq!(cut("e-mail"), ["e", "-", "mail"]);
        assert_eq!(cut("email"), ["e", "##mail"]);
        assert_eq!(cut("xyz"), ["[UNK]"]);
    }

    #[test]
    fn accents_and_controls_go_and_chinese_stands_alone() {
        assert_eq!(cut("S\u{e3}o"), ["sao"]);
        assert_eq!(cut("tre\u{ad}aty"), ["treat", "##y"]);
        assert_eq!(cut("\u{6761}\u{6761}"), ["条", "条"]);
        assert_eq!(cut("\u{200b}\u{7}"), Vec::<&str>::new());
        assert_eq!(cut(""), Vec::<&str>::new());
    }

    #[test]
    fn endless_words_have_few_pieces() {
        assert_eq!(cut(&"-".repeat(10_000)).len(), MOST_PIECES_OF_WORD);
        assert_eq!(cut(&"e".repeat(10_000)), ["[UNK]"]);
    }

    #[test]
    fn a_vocabulary_without_its_special_pieces_is_refused() {
        assert!(Vocabulary::read("treat\n##y").is_none());
    }
}
