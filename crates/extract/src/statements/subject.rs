//! Which agreement a statement is about: the one that its content names, or the one that the discourse around it is about.
use crate::mention::Finder;
use chancery_agreement::{AgreementFinding, Span};
use chancery_dissect::Reading;
use std::collections::BTreeMap;

/// Where the agreements of one article are named.
pub struct Subjects<'r, 'a> {
    reading: &'r Reading<'a>,
    finder: &'r Finder,
    /// Start and end of a wording that belongs to an agreement, and the agreement's index; sorted.
    wordings: Vec<(Span, usize)>,
    /// Index of the agreement last spoken of, by sentence.
    in_force: BTreeMap<usize, usize>,
    agreements: &'r [AgreementFinding],
}

impl<'r, 'a> Subjects<'r, 'a> {
    /// Notes where `agreements` are named in `reading`.
    #[must_use]
    pub fn new(reading: &'r Reading<'a>, finder: &'r Finder, agreements: &'r [AgreementFinding]) -> Self {
        let mut wordings: Vec<(Span, usize)> = Vec::new();
        for (index, agreement) in agreements.iter().enumerate() {
            wordings.extend(agreement.names.iter().map(|name| (name.evidence.span(), index)));
            for stage in &agreement.stages {
                wordings.push((stage.evidence.span(), index));
                wordings.extend(stage.also.iter().map(|evidence| (evidence.span(), index)));
            }
            wordings.extend(agreement.commitments.iter().map(|commitment| (commitment.evidence.span(), index)));
        }
        wordings.sort_unstable();
        let mut in_force = BTreeMap::new();
        for (span, index) in &wordings {
            let sentence = reading.sentences.partition_point(|sentence| sentence.span.end() <= span.start());
            in_force.insert(sentence, *index);
        }
        Self { reading, finder, wordings, in_force, agreements }
    }

    /// Key of the agreement that `content` is about.
    #[must_use]
    pub fn of(&self, content: Span) -> Option<String> {
        if self.agreements.is_empty() {
            return None;
        }
        let key = |index: usize| self.agreements.get(index).map(|agreement| agreement.key.clone());
        let inside = self.wordings.iter().find(|(span, _)| span.overlaps(content));
        if let Some((_, index)) = inside {
            return key(*index);
        }
        let sentence = self.reading.sentences.partition_point(|sentence| sentence.span.end() <= content.start());
        let near = self.in_force.range(..=sentence).next_back();
        if self.finder.may_mention(self.reading.words(content)) {
            // "the deal" in the content: the agreement last spoken of, else the first one of the article.
            return near.map_or_else(|| key(0), |(_, index)| key(*index));
        }
        None
    }
}
