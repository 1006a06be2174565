//! How often each source and each speaker was right about what would happen.
use crate::Document;
use chancery_agreement::{Agreement, Outcome};
use std::collections::BTreeMap;

/// Forecasts counted by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record {
    /// Happened by the time that was named.
    pub on_time: usize,
    /// Happened later.
    pub late: usize,
    /// Said not to have happened.
    pub denied: usize,
    /// Overtaken by events.
    pub overtaken: usize,
    /// Nothing known yet.
    pub open: usize,
}

impl Record {
    /// Fewer decided forecasts than this give no percentage.
    pub const FEWEST: usize = 5;

    /// Forecasts that are decided: on time, late, or denied.
    #[must_use]
    pub fn decided(&self) -> usize {
        self.on_time + self.late + self.denied
    }

    /// Share of the decided forecasts that came true on time, 0 to 1; `None` under [`Record::FEWEST`].
    #[must_use]
    pub fn right(&self) -> Option<f64> {
        (self.decided() >= Self::FEWEST).then(|| self.on_time as f64 / self.decided() as f64)
    }

    fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::OnTime => self.on_time += 1,
            Outcome::Late => self.late += 1,
            Outcome::Denied => self.denied += 1,
            Outcome::Overtaken => self.overtaken += 1,
            Outcome::Open => self.open += 1,
        }
    }
}

/// The table, by publisher and by speaker.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrackRecord {
    /// By publisher of the report; by the document's source where it shows no publisher.
    pub by_source: BTreeMap<String, Record>,
    /// By the one who said it, where it stands in reported speech.
    pub by_speaker: BTreeMap<String, Record>,
}

/// Counts every forecast of every agreement once for its source and once for its speaker.
pub(crate) fn track_record(documents: &[&Document], agreements: &[Agreement]) -> TrackRecord {
    let mut table = TrackRecord::default();
    for forecast in agreements.iter().flat_map(|agreement| &agreement.forecasts) {
        let place = documents.binary_search_by(|document| document.id.as_str().cmp(&forecast.evidence.document)).ok();
        let document = place.and_then(|place| documents.get(place));
        // A copy forecasts nothing of its own.
        if document.is_some_and(|document| document.copy_of.is_some()) {
            continue;
        }
        let publisher =
            document.and_then(|document| document.publisher.clone()).unwrap_or_else(|| forecast.evidence.source.clone());
        table.by_source.entry(publisher).or_default().count(forecast.outcome);
        if let Some(speaker) = &forecast.by {
            table.by_speaker.entry(speaker.clone()).or_default().count(forecast.outcome);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::Record;

    #[test]
    fn four_forecasts_give_no_percentage() {
        let four = Record { on_time: 3, late: 1, open: 9, ..Record::default() };
        assert_eq!(four.right(), None);
        assert_eq!(Record { denied: 1, ..four }.right(), Some(0.6));
    }
}
