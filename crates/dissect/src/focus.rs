//! A second look at an article with one agreement in focus: what each word says of that agreement.
//!
//! The words of a sentence do not tell by themselves of which agreement they tell. A reader that has learned a second look
//! ([`Reader::focus`](crate::Reader::focus)) sees which words mention the one in focus, and the sentences around them.
use crate::reading::Reading;
use std::ops::Range;

/// The agreement in focus.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Focus {
    /// Tokens that mention it, by name or not; at least one.
    pub mentions: Vec<Range<usize>>,
    /// Tokens that mention other agreements.
    pub others: Vec<Range<usize>>,
}

/// What is looked at, and how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Most tokens: those of the sentences nearest to the mentions are looked at.
    pub tokens: usize,
    /// From so many sentences behind the last mention on, how many they are makes no difference.
    pub back: usize,
    /// From so many sentences before the next mention on.
    pub ahead: usize,
}

/// A token that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its index in [`Reading::tokens`].
    pub token: usize,
    /// 1 in a mention of the agreement in focus, 2 in one of another, 0 elsewhere.
    pub role: i32,
    /// Up to `back`: how many sentences before it the agreement was last mentioned; above: `back` and how many sentences after it
    /// it is mentioned next.
    pub place: i32,
}

impl Focus {
    /// The tokens that are looked at, in order of the text: of the sentences of which `is_read` holds for the first token. None where
    /// none of those mentions the agreement.
    #[must_use]
    pub fn seen(&self, reading: &Reading<'_>, reach: Reach, is_read: impl Fn(usize) -> bool) -> Vec<Seen> {
        let read: Vec<usize> = (0..reading.sentences.len())
            .filter(|&at| reading.sentences.get(at).is_some_and(|sentence| is_read(sentence.tokens.start)))
            .collect();
        let mut mentioned: Vec<usize> = self.mentions.iter().filter_map(|tokens| reading.sentence_of(tokens.start)).collect();
        mentioned.retain(|sentence| read.binary_search(sentence).is_ok());
        mentioned.sort_unstable();
        if mentioned.is_empty() {
            return Vec::new();
        }
        let far = |sentence: usize| mentioned.iter().map(|&at| at.abs_diff(sentence)).min();
        let mut nearest = read;
        nearest.sort_by_cached_key(|&sentence| (far(sentence), sentence));
        let mut sum = 0;
        let mut kept: Vec<usize> = nearest
            .into_iter()
            .take_while(|&at| {
                sum += reading.sentences.get(at).map_or(0, |sentence| sentence.tokens.len());
                sum <= reach.tokens
            })
            .collect();
        kept.sort_unstable();
        let of_sentence = |&at: &usize| {
            let place = place(at, &mentioned, reach);
            let tokens = reading.sentences.get(at).map_or(0..0, |sentence| sentence.tokens.clone());
            tokens.map(move |token| Seen { token, role: self.role(token), place })
        };
        kept.iter().flat_map(of_sentence).collect()
    }

    fn role(&self, token: usize) -> i32 {
        let holds = |ranges: &[Range<usize>]| ranges.iter().any(|range| range.contains(&token));
        if holds(&self.mentions) { 1 } else { i32::from(holds(&self.others)) * 2 }
    }
}

/// The place of a sentence among those that mention the agreement, which are sorted.
fn place(sentence: usize, mentioned: &[usize], reach: Reach) -> i32 {
    let next = mentioned.partition_point(|&at| at <= sentence);
    let back = next.checked_sub(1).and_then(|last| mentioned.get(last)).map(|&at| sentence - at);
    let ahead = mentioned.get(next).map(|&at| at - sentence);
    let place = match (back, ahead) {
        (Some(back), Some(ahead)) if back > ahead && back > 2 => reach.back + ahead.min(reach.ahead),
        (Some(back), _) => back.min(reach.back),
        (None, Some(ahead)) => reach.back + ahead.min(reach.ahead),
        (None, None) => reach.back,
    };
    i32::try_from(place).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect;
    use chancery_agreement::Article;

    const REACH: Reach = Reach { tokens: 100, back: 5, ahead: 4 };

    #[test]
    fn words_are_told_by_who_is_mentioned_and_how_near() {
        let article = Article::plain("It rained. They signed the pact. Nobody saw a treaty. It rained.");
        let reading = dissect(&article);
        let token = |word: &str| (0..reading.tokens.len()).find(|&token| reading.form(token) == word).expect("the word");
        let (pact, treaty) = (token("pact"), token("treaty"));
        let mut focus = Focus { mentions: Vec::new(), others: Vec::new() };
        focus.mentions.push(pact..pact + 1);
        focus.others.push(treaty..treaty + 1);
        let seen = focus.seen(&reading, REACH, |_| true);
        assert_eq!(seen.len(), reading.tokens.len());
        let of = |token: usize| seen.iter().find(|seen| seen.token == token).map(|seen| (seen.role, seen.place));
        assert_eq!(of(0), Some((0, 6)));
        assert_eq!(of(pact), Some((1, 0)));
        assert_eq!(of(treaty), Some((2, 1)));
        assert_eq!(of(reading.tokens.len() - 1), Some((0, 2)));
        // Only so much is looked at: what stands nearest.
        let few = focus.seen(&reading, Reach { tokens: 12, ..REACH }, |_| true);
        assert_eq!(few.first().map(|seen| seen.token), Some(0));
        assert!(few.iter().all(|seen| seen.token <= pact + 1), "{few:?}");
        // Sentences that have not been read say nothing.
        assert!(focus.seen(&reading, REACH, |token| token > pact).is_empty());
    }
}
