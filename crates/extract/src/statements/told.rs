//! What is only said is not a fact: a stage that stands inside reported speech is recorded with who says so, one whose
//! happening is denied there as denied, one that is promised there as expected.
use crate::events::is_before;
use crate::statements::Sample;
use crate::statements::attribution::Attribution;
use crate::statements::cues::{Frame, Weight};
use chancery_agreement::{AgreementFinding, Article, Evidence, Modality, Stage, Stance};

/// So many statements before a telling are looked at.
const NEAREST: usize = 32;

/// What a cue says of the events that its content tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// They are somebody's word.
    Said,
    /// Somebody denies them.
    Denied,
    /// Somebody promises them.
    Promised,
    /// Nothing: "hailed the signing" takes it for granted.
    Nothing,
}

impl Report {
    /// What `attribution` says of what its content tells.
    #[must_use]
    pub fn of(attribution: &Attribution) -> Self {
        let denies = attribution.stance == Stance::Denies;
        match attribution.frame {
            Frame::Clause | Frame::Object if denies && !attribution.negated => Self::Denied,
            Frame::To if attribution.stance == Stance::Promises && !attribution.negated => Self::Promised,
            Frame::Clause | Frame::Quote if attribution.weight != Weight::Weak => Self::Said,
            Frame::To => Self::Said,
            _ => Self::Nothing,
        }
    }
}

/// Notes in the stages of `agreements` who says so, and what is denied or promised.
///
/// A stage that the article also tells in its own words is nobody's word. The smallest content around a telling counts.
pub fn mark(article: &Article, agreements: &mut [AgreementFinding], samples: &[Sample]) {
    let published = article.published.as_ref().map(|published| published.value.as_str());
    // "threatened to end the truce that has held since 2002": days gone by are not promised.
    let is_past = |stage: &Stage| {
        let day = stage.date.as_ref().and_then(|date| date.value.as_deref());
        day.zip(published).is_some_and(|(day, published)| is_before(day, published))
    };
    for stage in agreements.iter_mut().flat_map(|agreement| &mut agreement.stages) {
        let own = around(&stage.evidence, samples);
        let Some(own) = own else { continue };
        match own.report {
            Report::Denied => stage.modality = Modality::Denied,
            Report::Promised if stage.modality == Modality::Actual && !is_past(stage) => stage.modality = Modality::Expected,
            _ => {}
        }
        if stage.also.iter().all(|telling| around(telling, samples).is_some()) {
            let named = own.statement.speaker.as_ref().map(|speaker| speaker.name.as_str());
            let by = named.or_else(|| own.statement.source.as_ref().map(|source| source.quote()));
            stage.according_to = by.map(str::to_owned);
        }
    }
}

/// The statement whose content holds the telling most closely. `samples` are in order of the text.
fn around<'s>(telling: &Evidence, samples: &'s [Sample]) -> Option<&'s Sample> {
    let at = samples.partition_point(|sample| sample.statement.evidence.span().start() <= telling.span().start());
    let before = samples.get(..at).unwrap_or_default().iter().rev().take(NEAREST);
    let holds = |sample: &&Sample| sample.report != Report::Nothing && sample.statement.evidence.span().contains(telling.span());
    before.filter(holds).min_by_key(|sample| sample.statement.evidence.span().len())
}
