//! Which agreement a statement is about: the one that its content names, or the one that the discourse around it is about.
use crate::mention::Finder;
use crate::statements::model::stem;
use chancery_agreement::{AgreementFinding, Span};
use chancery_dissect::Reading;

/// How many wordings before a statement are looked at.
const MOST_WORDINGS: usize = 64;
/// How many agreements a statement is asked about by their nearness.
const MOST_CANDIDATES: usize = 4;

/// Where the agreements of one article are named.
pub struct Subjects<'r, 'a> {
    reading: &'r Reading<'a>,
    finder: &'r Finder,
    /// Wordings that belong to an agreement, by their start, with the agreement's index and the sentence.
    wordings: Vec<(Span, usize, usize)>,
    /// In how many sentences each agreement is named.
    counts: Vec<usize>,
    agreements: &'r [AgreementFinding],
}

/// The agreement that a statement may be about, and what speaks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Index of the agreement.
    pub agreement: usize,
    /// Named features.
    pub features: Vec<String>,
}

impl<'r, 'a> Subjects<'r, 'a> {
    /// Notes where `agreements` are named in `reading`.
    #[must_use]
    pub fn new(reading: &'r Reading<'a>, finder: &'r Finder, agreements: &'r [AgreementFinding]) -> Self {
        let mut wordings: Vec<(Span, usize, usize)> = Vec::new();
        let sentence_of = |span: Span| reading.sentences.partition_point(|sentence| sentence.span.end() <= span.start());
        let mut counts = Vec::new();
        for (index, agreement) in agreements.iter().enumerate() {
            let first = wordings.len();
            let mut note = |span: Span| wordings.push((span, index, sentence_of(span)));
            for name in &agreement.names {
                note(name.evidence.span());
            }
            for stage in &agreement.stages {
                note(stage.evidence.span());
                for evidence in &stage.also {
                    note(evidence.span());
                }
            }
            for commitment in &agreement.commitments {
                note(commitment.evidence.span());
            }
            let mut sentences: Vec<usize> = wordings.iter().skip(first).map(|(_, _, sentence)| *sentence).collect();
            sentences.sort_unstable();
            sentences.dedup();
            counts.push(sentences.len());
        }
        wordings.sort_unstable();
        Self { reading, finder, wordings, counts, agreements }
    }

    /// The agreements that `content` may be about, each with its features: none in an article without any.
    #[must_use]
    pub fn candidates(&self, content: Span, speaks_for: Option<&str>, before: Option<usize>) -> Vec<Candidate> {
        if self.agreements.is_empty() {
            return Vec::new();
        }
        let sentence_of = |at: usize| self.reading.sentences.partition_point(|sentence| sentence.span.end() <= at);
        let sentence = sentence_of(content.start());
        let last = sentence_of(content.end().saturating_sub(1)).max(sentence);
        let from = self.wordings.partition_point(|(span, _, _)| span.start() < content.start().saturating_sub(400));
        let inside: Vec<usize> = self
            .wordings
            .iter()
            .skip(from)
            .take_while(|(span, _, _)| span.start() < content.end())
            .filter(|(span, _, _)| span.overlaps(content))
            .map(|(_, agreement, _)| *agreement)
            .collect();
        let noun = self.finder.may_mention(self.reading.words(content));
        // The last wording of each agreement before the end of the statement's sentence, nearest first.
        let at = self.wordings.partition_point(|(_, _, place)| *place <= last);
        let mut near: Vec<(usize, usize)> = Vec::new();
        for (_, agreement, place) in self.wordings.iter().take(at).rev().take(MOST_WORDINGS) {
            if near.iter().all(|(other, _)| other != agreement) {
                near.push((*agreement, *place));
            }
        }
        let most = self.counts.iter().copied().max().unwrap_or(0);
        let main = self.counts.iter().position(|&count| count == most).unwrap_or(0);
        let mut asked: Vec<usize> = near.iter().map(|(agreement, _)| *agreement).take(MOST_CANDIDATES).collect();
        for more in [main, 0].into_iter().chain(inside.iter().copied()) {
            if !asked.contains(&more) {
                asked.push(more);
            }
        }
        let words = self.reading.words(content);
        let mut shared: Vec<String> =
            vec!["bias".to_owned(), format!("place:{}", sentence * 4 / self.reading.sentences.len().max(1))];
        shared.push(format!("agreements:{}", self.agreements.len().min(4)));
        if noun {
            shared.push("noun".to_owned());
        }
        if inside.is_empty() {
            shared.push(if noun { "none-inside:noun".to_owned() } else { "none-inside".to_owned() });
        }
        for token in self.reading.tokens_in(content).take(60) {
            let word = self.reading.form(token).to_lowercase();
            if word.len() > 2 {
                shared.push(format!("w:{}", stem(&word)));
            }
        }
        let mut candidates = Vec::new();
        for agreement in asked {
            let Some(found) = self.agreements.get(agreement) else { continue };
            let mut features = shared.clone();
            let rank = near.iter().position(|(other, _)| *other == agreement);
            if inside.contains(&agreement) {
                features.push("inside".to_owned());
            } else if !inside.is_empty() {
                features.push("other-inside".to_owned());
            }
            features.push(match rank {
                Some(rank) => format!("rank:{}", rank.min(3)),
                None => "rank:ahead".to_owned(),
            });
            let back = rank.and_then(|rank| near.get(rank)).map(|(_, place)| sentence.saturating_sub(*place));
            let back = match back {
                None => "ahead",
                Some(0) => "0",
                Some(1) => "1",
                Some(2) => "2",
                Some(3..=5) => "3",
                Some(_) => "6",
            };
            features.push(format!("back:{back}"));
            if noun && inside.is_empty() {
                features.push(format!("noun-back:{back}"));
            }
            let count = self.counts.get(agreement).copied().unwrap_or(0);
            features.push(format!("share:{}", (count * 20 / self.reading.sentences.len().max(1)).min(8)));
            features.push(format!("count:{}", count.min(5)));
            features.push(format!("stages:{}", found.stages.len().min(4)));
            if agreement == main {
                features.push("main".to_owned());
                features.push(format!("main:{back}"));
            }
            let lead = self.wordings.iter().take(24).any(|(_, index, place)| *index == agreement && *place < 2);
            if lead {
                features.push("lead".to_owned());
            }
            if let Some(before) = before {
                features.push(if before == agreement { "before:same".to_owned() } else { "before:other".to_owned() });
            }
            features.push(format!("kind:{}", found.kind.as_str()));
            if speaks_for.is_some_and(|actor| found.parties.iter().any(|party| party.actor == actor)) {
                features.push("party-speaks".to_owned());
            }
            if found.parties.iter().any(|party| words.contains(party.evidence.quote())) {
                features.push("party-named".to_owned());
            }
            features.sort_unstable();
            features.dedup();
            candidates.push(Candidate { agreement, features });
        }
        candidates
    }
}
