//! What a statement is like by itself and among the others of its article: features for the question what it is about.
use super::Said;
use crate::statements::attribution::{Attribution, Piece};
use crate::statements::model::{stem, step};
use crate::statements::tree::Tree;
use crate::words::Words;
use chancery_agreement::{Span, SpeechKind};
use std::collections::BTreeMap;

/// So many contents behind the start of one are looked at for those that it holds.
const NEXT: usize = 4;

/// All statements of one article, for what each is among them.
pub struct Utterances {
    /// How many statements each speaker makes.
    speakers: BTreeMap<String, usize>,
    /// Where the contents stand, sorted, each with the farthest end of all up to it.
    contents: Vec<(Span, usize)>,
}

impl Utterances {
    /// Counts speakers and notes contents.
    pub(super) fn new(tree: &Tree<'_, '_>, said: &[Said<'_>]) -> Self {
        let mut speakers = BTreeMap::new();
        let mut spans: Vec<Span> = Vec::new();
        for said in said {
            spans.extend(said.attribution.content.iter().map(|piece| piece.span));
            if let Some(who) = said.who {
                *speakers.entry(tree.reading().words(who.name).to_owned()).or_default() += said.attribution.content.len();
            }
        }
        spans.sort_unstable();
        let mut farthest = 0;
        let contents = spans
            .into_iter()
            .map(|span| {
                farthest = farthest.max(span.end());
                (span, farthest)
            })
            .collect();
        Self { speakers, contents }
    }

    /// Adds features of one statement to `features`.
    pub(super) fn features(
        &self,
        tree: &Tree<'_, '_>,
        attribution: &Attribution,
        piece: &Piece,
        kind: SpeechKind,
        speaker: Option<&str>,
        mut features: Words,
    ) -> Words {
        let reading = tree.reading();
        let rule = attribution.rule;
        let cue = attribution.cue.clone().last().map(|last| tree.lower(last));
        let words = reading.tokens_in(piece.span).filter(|&token| !tree.is_punct(token)).count();
        let said = reading.words(piece.span);
        let ends = if said.ends_with(['.', ',', '!', '?']) { "stop" } else { "open" };
        let begins = if said.starts_with(char::is_uppercase) { "capital" } else { "small" };
        let by_speaker = speaker.and_then(|name| self.speakers.get(name)).copied().unwrap_or(0);
        let (inside, holds) = self.nested(piece.span);
        features.say(format_args!("rule:{rule}"));
        features.say(format_args!("kind:{}", kind.as_str()));
        features.say(format_args!("c:{}", cue.as_deref().map_or("-", stem)));
        features.say(format_args!("length:{}", step(words, &[3, 5, 8, 12, 20, 35])));
        features.say(format_args!("length:{}|rule:{rule}", step(words, &[4, 8, 16])));
        features.say(format_args!("speaks:{}", step(by_speaker, &[0, 1, 2, 4, 8])));
        features.say(format_args!("inside:{inside}"));
        features.say(format_args!("holds:{holds}"));
        features.say(format_args!("ends:{ends}"));
        features.say(format_args!("begins:{begins}"));
        features.say(format_args!("cue-words:{}", attribution.cue.len().min(3)));
        features
    }

    /// Whether another content holds this one, and whether this one holds another.
    fn nested(&self, span: Span) -> (bool, bool) {
        let at = self.contents.partition_point(|(other, _)| *other < span);
        let before = at.checked_sub(1).and_then(|at| self.contents.get(at));
        let inside = before.is_some_and(|(_, farthest)| *farthest >= span.end());
        let holds = self.contents.iter().skip(at).take(NEXT).any(|(other, _)| *other != span && span.contains(*other));
        (inside, holds)
    }
}
