//! The words of the passages that tell of an instrument: two reports that say "the agreement" of the same parties speak of one where
//! both tell of army units and their pay, and of two where one tells of pay and the other of a border.
//!
//! Looked at are the sentences in which something was found about the instrument. How much a word tells is a matter of how many reports
//! have it (`rules/link/common_words.toml`, counted over news), as with the names of a story.
use crate::actors::form;
use crate::mention::word_hash;
use crate::names::{is_party_word, plain_words, stem};
use crate::spelling::word_spelling;
use crate::story::StoryWord;
use crate::weights::{Words, rules};
use chancery_agreement::{AgreementFinding, Findings, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Words kept of the passages of one instrument.
pub(crate) const MOST: usize = 28;

/// Shorter words tell nothing.
const FEWEST_LETTERS: usize = 3;

/// A sentence is looked at so many bytes to each side of what was found in it.
const REACH: usize = 400;

/// Of a thousand reports so many have a word that is not in the list.
const RAREST: u32 = 11;

/// What the rarest word tells, and as much a sum or term.
pub(crate) const MOST_CLASS: u32 = 5;

/// For each agreement of `findings`, in their order, the most telling words of the sentences of `text` in which something was found
/// about it, the most telling first, at most 28. Words of its parties, and words for agreements of any kind, are left out.
#[must_use]
pub fn passage_words(text: &str, findings: &Findings) -> Vec<Vec<String>> {
    findings.agreements.iter().map(|finding| of_finding(text, finding)).collect()
}

fn of_finding(text: &str, finding: &AgreementFinding) -> Vec<String> {
    let rules = rules();
    let parties: BTreeSet<String> =
        finding.parties.iter().flat_map(|party| form(&party.actor).split(' ').map(str::to_owned).collect::<Vec<_>>()).collect();
    let terms = [&finding.duration, &finding.renewal, &finding.articles];
    let spans = finding.names.iter().map(|name| name.evidence.span());
    let spans = spans.chain(
        finding
            .stages
            .iter()
            .flat_map(|stage| std::iter::once(&stage.evidence).chain(&stage.also))
            .map(|evidence| evidence.span()),
    );
    let spans = spans.chain(finding.commitments.iter().map(|commitment| commitment.evidence.span()));
    let spans = spans.chain(finding.money.iter().map(|money| money.evidence.span()));
    let spans = spans.chain(terms.into_iter().flatten().map(|term| term.evidence.span()));
    let sentences: BTreeSet<(usize, usize)> =
        spans.filter_map(|span| sentence(text, span)).map(|range| (range.start, range.end)).collect();
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for (start, end) in sentences {
        for word in words_in(text.get(start..end).unwrap_or_default(), &rules.words) {
            if !is_party_word(&word, &rules.words, &parties) {
                *counts.entry(word).or_default() += 1;
            }
        }
    }
    let mut found: Vec<(u64, String)> = counts
        .into_iter()
        .map(|(word, count)| (u64::from(word_class(&word)) * (100.0 * f64::from(count).sqrt()) as u64, word))
        .filter(|(weight, _)| *weight > 0)
        .collect();
    found.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let sums = finding.money.iter().map(|money| format!("{} {:.0}", money.currency, money.amount));
    let terms = terms.into_iter().flatten().map(|term| format!("term {}", term.value));
    sums.chain(terms).chain(found.into_iter().map(|(_, word)| word)).take(MOST).collect()
}

/// The words of a text that could tell something, in lower case, plurals as singulars, each as often as it stands there.
pub(crate) fn words_in<'w>(text: &str, words: &'w Words) -> impl Iterator<Item = String> + use<'w> {
    plain_words(text)
        .into_iter()
        .filter(|word| word.chars().count() >= FEWEST_LETTERS && !word.bytes().any(|byte| byte.is_ascii_digit()))
        .filter(|word| !words.instrument.contains(word))
        .map(|word| stem(&word))
}

/// The sentence around a span, as far as it reaches no further than [`REACH`]; `None` where the span does not lie in the text.
fn sentence(text: &str, span: Span) -> Option<Range<usize>> {
    let (start, end) = (span.start(), span.end());
    let floor = text.floor_char_boundary(start.saturating_sub(REACH));
    let ceiling = text.ceil_char_boundary(end.saturating_add(REACH).min(text.len()));
    let from = breaks(text.get(floor..start)?).last().map_or(floor, |at| floor + at);
    let length = end - start;
    let to = breaks(text.get(start..ceiling)?).find(|at| *at >= length).map_or(ceiling, |at| start + at);
    Some(from..to)
}

/// Where a sentence or line of the text begins anew, as bytes. A point behind a capital ("U.S.") ends nothing.
fn breaks(text: &str) -> impl Iterator<Item = usize> {
    let (mut ended, mut capital) = (false, false);
    text.char_indices().filter_map(move |(at, letter)| {
        let breaks = letter == '\n' || (letter.is_whitespace() && ended);
        match letter {
            '.' | '!' | '?' => ended = !capital,
            '"' | '”' | '’' | '\'' | ')' | ']' => {}
            _ => ended = false,
        }
        capital = letter.is_uppercase();
        breaks.then_some(at + letter.len_utf8())
    })
}

/// How much a word tells, 0 to 5: the logarithm of the share of reports without it.
pub(crate) fn word_class(word: &str) -> u32 {
    if word.contains(' ') {
        return MOST_CLASS;
    }
    let share = rules().common_words.get(word).copied().unwrap_or(RAREST);
    (1000.0 / f64::from(share.max(1))).ln().round().clamp(0.0, MOST_CLASS as f64) as u32
}

/// The words as numbers with how much each tells, sorted.
pub(crate) fn passage_numbers(found: &[String]) -> BTreeMap<StoryWord, String> {
    let number = |word: &String| {
        let hash = word_hash(&word_spelling(word));
        (((hash >> 32) ^ hash) as u32) & !7 | word_class(word)
    };
    found.iter().take(MOST).map(|word| (number(word), word.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery_agreement::{AgreementKind, Article, Evidence, Money, Name};

    fn told(text: &str, names: &[&str]) -> Vec<String> {
        let article = Article::plain(text);
        let evidence = |words: &str| {
            let at = text.find(words).unwrap();
            Evidence::new(&article, Span::new(at, at + words.len()), "test", 1.0).unwrap()
        };
        let money =
            Money { amount: 5_000_000.0, currency: "NOK".to_owned(), purpose: None, period: None, evidence: evidence("it") };
        let finding = AgreementFinding {
            key: "a1".to_owned(),
            names: names.iter().map(|name| Name { evidence: evidence(name) }).collect(),
            kind: AgreementKind::Treaty,
            parties: Vec::new(),
            stages: Vec::new(),
            commitments: Vec::new(),
            money: vec![money],
            duration: None,
            renewal: None,
            articles: None,
            relations: Vec::new(),
        };
        of_finding(text, &finding)
    }

    #[test]
    fn the_words_are_those_of_the_sentences_that_tell_of_it() {
        let text =
            "Herons nest there. The U.S. Senate took up the ferry treaty on dredgers, it said. Puffins do not.\nOtters swim.";
        let words = told(text, &["ferry treaty"]);
        assert!(words.contains(&"dredger".to_owned()) && words.contains(&"NOK 5000000".to_owned()), "{words:?}");
        assert!(!words.iter().any(|word| ["heron", "puffin", "otter", "treaty", "the"].contains(&word.as_str())), "{words:?}");
    }

    #[test]
    fn a_span_outside_the_text_has_no_sentence() {
        assert_eq!(sentence("One. Two.", Span::new(40, 50)), None);
        assert_eq!(sentence("Öne. Twö ünd drei.", Span::new(6, 10)), Some(6..21));
    }
}
