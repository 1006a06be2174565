//! What was expected, and what became of it: worked out anew whenever a report is added.
use crate::edtf::{Days, Precision, days_between};
use crate::history::{Event, Report};
use chancery_agreement::{AgreementStage, Forecast, Modality, Outcome, Sourced, Stage, StageKind};
use jiff::civil::Date as Day;
use std::collections::BTreeSet;

/// Every expected stage of the members with its outcome, in order of the reports.
pub(crate) fn forecasts(reports: &[Report<'_>], events: &[Event<'_>], merged: &[AgreementStage]) -> Vec<Forecast> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, report) in reports.iter().enumerate() {
        for stage in report.finding.stages.iter().filter(|stage| stage.modality == Modality::Expected) {
            let expected = stage.date.as_ref().and_then(|date| date.value.clone());
            // One article that says the same twice, or a copy of it, forecasts once.
            if !seen.insert((report.group, stage.stage, expected.clone(), stage.according_to.clone())) {
                continue;
            }
            found.push(forecast(reports, events, merged, index, stage, expected));
        }
    }
    found
}

/// An event that settles a forecast.
struct Settled<'a> {
    stage: &'a AgreementStage,
    /// When, by the best date.
    days: Option<Days>,
    /// The first report of it, published after the forecast.
    reported: Option<Day>,
}

fn forecast(
    reports: &[Report<'_>],
    events: &[Event<'_>],
    merged: &[AgreementStage],
    index: usize,
    stage: &Stage,
    expected: Option<String>,
) -> Forecast {
    let said = reports.get(index).and_then(|report| report.published);
    let deadline = expected.as_deref().and_then(Days::parse);
    let evidence = reports.get(index).map(|report| report.sourced(&stage.evidence));
    let settle = |wanted: fn(StageKind, StageKind) -> bool, modality: Modality| {
        let mut fitting: Vec<Settled<'_>> = events
            .iter()
            .zip(merged)
            .filter(|(event, _)| event.modality == modality && wanted(stage.stage, event.kind))
            .filter_map(|(event, cell)| settled(reports, event, cell, index, said))
            .collect();
        fitting.sort_by_key(|one| {
            let day = one.days.and_then(|days| days.sorting_day());
            (one.stage.stage != stage.stage, day.is_none(), day.or(one.reported))
        });
        fitting.into_iter().next()
    };
    let mut result = Forecast {
        stage: stage.stage,
        expected,
        said: reports.get(index).and_then(|report| report.document.published.clone()),
        by: stage.according_to.clone(),
        outcome: Outcome::Open,
        actual: None,
        late_by_days: None,
        evidence: evidence.unwrap_or_else(|| unreachable_source(stage)),
        actual_evidence: None,
        why: "no later report tells of it".to_owned(),
    };
    if let Some(event) = settle(fulfils, Modality::Actual) {
        judge(&mut result, deadline.as_ref(), &event);
    } else if let Some(event) = settle(presupposes, Modality::Actual) {
        result.outcome = Outcome::Overtaken;
        result.actual_evidence = event.stage.evidence.first().cloned();
        result.why = format!("overtaken: {} is reported, the expected stage itself is not", words(event.stage.stage));
        if let (Some(limit), Some(days)) = (deadline.and_then(|days| days.latest), event.days.and_then(|days| days.latest))
            && days <= limit
        {
            result.outcome = Outcome::OnTime;
            result.why = format!("{} by {days}, which presupposes it", words(event.stage.stage));
        }
    } else if let Some(event) = settle(|wanted, kind| wanted == kind, Modality::Denied) {
        result.outcome = Outcome::Denied;
        result.actual_evidence = event.stage.evidence.first().cloned();
        result.why = "a later report says that it did not happen".to_owned();
    } else if let Some(event) = settle(refuses, Modality::Actual) {
        result.outcome = Outcome::Denied;
        result.actual_evidence = event.stage.evidence.first().cloned();
        result.why = "it was refused".to_owned();
    } else if let Some(event) = settle(ends, Modality::Actual) {
        result.outcome = Outcome::Overtaken;
        result.actual_evidence = event.stage.evidence.first().cloned();
        result.why = format!("overtaken: the instrument was {} first", words(event.stage.stage));
    }
    result
}

/// Never used with a report at hand; keeps the function total.
fn unreachable_source(stage: &Stage) -> Sourced {
    Sourced { document: String::new(), source: String::new(), evidence: stage.evidence.clone() }
}

/// The event, if it happened or was reported after the forecast was made.
fn settled<'a>(
    reports: &[Report<'_>],
    event: &Event<'_>,
    cell: &'a AgreementStage,
    index: usize,
    said: Option<Day>,
) -> Option<Settled<'a>> {
    let days = cell.date.as_ref().and_then(|date| date.value.as_deref()).and_then(Days::parse);
    let later: Vec<&Report<'_>> =
        event.told.iter().filter(|(other, _, _)| *other != index).filter_map(|(other, _, _)| reports.get(*other)).collect();
    let reported = later.iter().filter_map(|report| report.published).filter(|day| said.is_none_or(|said| *day >= said)).min();
    let after = match (days, said) {
        // A day that lies before the forecast is another event (an earlier round, another party).
        (Some(days), Some(said)) => {
            days.latest.is_none_or(|latest| latest >= said) && (days.precision() <= Precision::Month || reported.is_some())
        }
        (Some(_), None) => !later.is_empty(),
        (None, Some(_)) => reported.is_some(),
        (None, None) => false,
    };
    // Within one article the expected and the actual stage are two events, unless the date says otherwise.
    (after && (!later.is_empty() || days.is_some_and(|days| days.precision() <= Precision::Month))).then_some(Settled {
        stage: cell,
        days,
        reported,
    })
}

fn judge(result: &mut Forecast, deadline: Option<&Days>, event: &Settled<'_>) {
    result.actual = event.stage.date.as_ref().and_then(|date| date.value.clone());
    result.actual_evidence = event.stage.evidence.first().cloned();
    let happened = words(event.stage.stage);
    let Some(limit) = deadline.and_then(|days| days.latest) else {
        result.outcome = Outcome::OnTime;
        result.why = format!("{happened}; no deadline was named");
        return;
    };
    match event.days {
        Some(days) => match (days.earliest, days.latest) {
            (Some(first), last) if first > limit => {
                result.outcome = Outcome::Late;
                result.late_by_days = (last == Some(first)).then(|| days_between(limit, first));
                let by =
                    result.late_by_days.map_or("after the deadline".to_owned(), |late| format!("{late} days after the deadline"));
                result.why = format!("{happened} {}, {by} ({limit})", result.actual.as_deref().unwrap_or(""));
            }
            (first, last) => {
                result.outcome = Outcome::OnTime;
                let exact = first == last && deadline.is_some_and(|days| days.precision() == Precision::Day);
                result.late_by_days = last.filter(|_| exact).map(|day| days_between(limit, day));
                result.why = format!("{happened} {}, by the deadline ({limit})", result.actual.as_deref().unwrap_or(""));
            }
        },
        None if event.reported.is_some_and(|day| day <= limit) => {
            result.outcome = Outcome::OnTime;
            result.why = format!("{happened}: reported before the deadline ({limit}) was over");
        }
        None => {
            result.why = format!("{happened}, but no report says when, and none was published by the deadline ({limit})");
        }
    }
}

fn words(kind: StageKind) -> String {
    kind.as_str().replace('_', " ")
}

/// The actual stage is what was expected, under its own name or a stronger one.
fn fulfils(expected: StageKind, actual: StageKind) -> bool {
    use StageKind::{Agreed, Approved, Drafted, Initialled, Ratified, Signed};
    expected == actual
        || matches!((expected, actual), (Agreed, Signed | Initialled) | (Approved, Ratified) | (Drafted, Agreed | Initialled))
}

/// The actual stage cannot be without the expected one.
fn presupposes(expected: StageKind, actual: StageKind) -> bool {
    use StageKind::{Agreed, Approved, Drafted, Implemented, InForce, Initialled, Negotiating, Ratified, Signed, Submitted};
    matches!(
        (expected, actual),
        (Negotiating, Drafted | Initialled | Agreed | Signed)
            | (Initialled | Drafted, Signed)
            | (Agreed | Signed | Submitted, Ratified | InForce)
            | (Ratified | Approved, InForce)
            | (Agreed, Implemented)
    )
}

/// The actual stage refuses the expected one.
fn refuses(expected: StageKind, actual: StageKind) -> bool {
    use StageKind::{Agreed, Approved, Extended, InForce, Ratified, Rejected, Signed};
    actual == Rejected && matches!(expected, Agreed | Signed | Approved | Ratified | InForce | Extended)
}

/// The actual stage ends the instrument before the expected one.
fn ends(expected: StageKind, actual: StageKind) -> bool {
    use StageKind::{Expired, Suspended, Terminated, Withdrawn};
    matches!(actual, Terminated | Expired | Withdrawn | Suspended)
        && !matches!(expected, Terminated | Expired | Withdrawn | Suspended)
}
