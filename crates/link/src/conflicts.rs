//! Cells on one fact that cannot both hold, each typed, with the words of both sides. A difference of precision is none.
use crate::actors::Actors;
use crate::edtf::{Days, Precision, days_between};
use crate::history::{Event, Report, happens_once, one_body};
use crate::names::plain_words;
use chancery_agreement::{AgreementFinding, AgreementStage, Conflict, ConflictValue, Modality, Sourced, Stage, StageKind, Term};
use std::collections::{BTreeMap, BTreeSet};

/// Values listed on one conflict at most: further sources agree with one of them or add no new kind of doubt.
const MOST_VALUES: usize = 12;

/// All conflicts, the weightiest first: whether it happened, when, in what order, who takes part, how much, how long, where.
pub(crate) fn conflicts(
    reports: &[Report<'_>],
    events: &[Event<'_>],
    merged: &[AgreementStage],
    actors: &Actors,
) -> Vec<Conflict> {
    let mut found = modality(reports, events);
    found.extend(dates(reports, events));
    found.extend(order(events, merged));
    found.extend(parties(reports, actors));
    found.extend(sums(reports));
    found.extend(durations("duration", reports, |finding| finding.duration.as_ref()));
    found.extend(durations("renewal", reports, |finding| finding.renewal.as_ref()));
    found.extend(counts(reports));
    found.extend(bodies(reports, events));
    found.extend(places(reports, events, actors));
    for conflict in &mut found {
        conflict.weight = weight(conflict, reports);
    }
    found.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.field.cmp(&b.field)));
    found
}

/// What a conflict is about in tens, and in ones how many independent sources its second-best side has.
fn weight(conflict: &Conflict, reports: &[Report<'_>]) -> u32 {
    let about = match conflict.field.rsplit('.').next().unwrap_or_default() {
        "modality" => 9,
        "date" => 8,
        "order" => 7,
        "parties" => 6,
        _ if conflict.field.starts_with("money.") => 5,
        "duration" | "renewal" => 4,
        "by" | "articles" => 3,
        _ => 2,
    };
    let mut sides: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for value in &conflict.values {
        let group = reports.iter().find(|report| report.document.id == value.evidence.document).map(|report| report.group);
        sides.entry(&value.value).or_default().extend(group);
    }
    let mut counts: Vec<usize> = sides.values().map(BTreeSet::len).collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    about * 10 + counts.get(1).map_or(0, |count| u32::try_from(*count).unwrap_or(9).min(9))
}

fn field(kind: StageKind, cell: &str) -> String {
    format!("stages.{}.{cell}", kind.as_str())
}

fn stage_value(reports: &[Report<'_>], index: usize, stage: &Stage, value: String) -> Option<ConflictValue> {
    Some(ConflictValue { value, evidence: reports.get(index)?.sourced(&stage.evidence) })
}

/// One says it happened, one says it did not, and the denial does not lie before the event.
fn modality(reports: &[Report<'_>], events: &[Event<'_>]) -> Vec<Conflict> {
    let mut found = Vec::new();
    for denied in events.iter().filter(|event| event.modality == Modality::Denied) {
        let mut values = Vec::new();
        for actual in events.iter().filter(|event| event.modality == Modality::Actual && event.kind == denied.kind) {
            for (d_index, d_stage, d_days) in denied.told.iter().take(MOST_VALUES) {
                for (a_index, a_stage, a_days) in actual.told.iter().take(MOST_VALUES) {
                    if contradicts(reports, (*a_index, a_stage, a_days.as_ref()), (*d_index, d_stage, d_days.as_ref())) {
                        values.extend(stage_value(reports, *a_index, a_stage, "actual".to_owned()));
                        values.extend(stage_value(reports, *d_index, d_stage, "denied".to_owned()));
                    }
                }
            }
        }
        values = distinct(values);
        if values.len() > 1 {
            let why = format!("one says that it was {}, another that it was not", denied.kind.as_str().replace('_', " "));
            found.push(Conflict { field: field(denied.kind, "modality"), values, why, weight: 0 });
        }
    }
    found
}

type Telling<'a> = (usize, &'a Stage, Option<&'a Days>);

/// A sum: report, amount, purpose, words.
type Sum<'a> = (usize, f64, Option<&'a str>, Sourced);

fn contradicts(reports: &[Report<'_>], (a_index, a_stage, a_days): Telling<'_>, (d_index, d_stage, d_days): Telling<'_>) -> bool {
    if let (Some(a), Some(d)) = (&a_stage.by, &d_stage.by)
        && !one_body(&a.value, &d.value)
    {
        return false;
    }
    if let (Some(actual), Some(denied)) = (a_days, d_days) {
        return actual.meets(denied);
    }
    let published = |index: usize| reports.get(index).and_then(|report| report.published);
    // What is denied on one day may happen on a later one.
    match (a_days.and_then(|days| days.earliest).or_else(|| published(a_index)), published(d_index)) {
        (Some(event), Some(denial)) => {
            days_between(denial, event) <= 2 && (a_days.is_some() || days_between(event, denial) <= 60)
        }
        _ => true,
    }
}

/// Two days for one event.
fn dates(reports: &[Report<'_>], events: &[Event<'_>]) -> Vec<Conflict> {
    let mut found = Vec::new();
    for event in events.iter().filter(|event| event.modality == Modality::Actual) {
        let dated: Vec<(usize, &Stage, Days)> = event
            .told
            .iter()
            .filter_map(|(index, stage, days)| days.map(|days| (*index, *stage, days)))
            .filter(|(_, _, days)| !days.vague)
            .collect();
        let apart = |days: &Days| dated.iter().any(|(_, _, other)| !other.meets(days));
        if !dated.iter().any(|(_, _, days)| apart(days)) {
            continue;
        }
        let value = |stage: &Stage| stage.date.as_ref().and_then(|date| date.value.clone()).unwrap_or_default();
        let sides = dated.iter().filter(|(_, _, days)| apart(days));
        let values = distinct(sides.filter_map(|(index, stage, _)| stage_value(reports, *index, stage, value(stage))).collect());
        if values.len() > 1 {
            let once = if happens_once(event.kind) { "it happens once" } else { "the reports tell of one event" };
            found.push(Conflict {
                field: field(event.kind, "date"),
                values,
                why: format!("dates that have no day in common, and {once}"),
                weight: 0,
            });
        }
    }
    found
}

/// Stages in an order in which they cannot come.
fn order(events: &[Event<'_>], merged: &[AgreementStage]) -> Vec<Conflict> {
    use StageKind::{Expired, InForce, Ratified, Signed, Terminated};
    let dated = |kind: StageKind| {
        events.iter().zip(merged).filter(move |(event, _)| event.kind == kind && event.modality == Modality::Actual).filter_map(
            |(_, cell)| {
                let value = cell.date.as_ref()?.value.clone()?;
                Some((Days::parse(&value)?, value, cell.evidence.first()?.clone()))
            },
        )
    };
    let mut found = Vec::new();
    for (first, second) in
        [(Signed, Ratified), (Signed, InForce), (Signed, Terminated), (InForce, Expired), (InForce, Terminated)]
    {
        let earliest =
            dated(first).filter_map(|(days, value, words)| Some((days.earliest?, value, words))).min_by_key(|one| one.0);
        let latest = dated(second).filter_map(|(days, value, words)| Some((days.latest?, value, words))).max_by_key(|one| one.0);
        let (Some((start, start_value, start_words)), Some((end, end_value, end_words))) = (earliest, latest) else { continue };
        if end < start {
            let name = |kind: StageKind| kind.as_str().replace('_', " ");
            let values = vec![
                ConflictValue { value: format!("{} {start_value}", first.as_str()), evidence: start_words },
                ConflictValue { value: format!("{} {end_value}", second.as_str()), evidence: end_words },
            ];
            found.push(Conflict {
                field: "stages.order".to_owned(),
                values,
                why: format!("{} before it was {}", name(second), name(first)),
                weight: 0,
            });
        }
    }
    found
}

/// Two parties each, one of them another.
fn parties(reports: &[Report<'_>], actors: &Actors) -> Vec<Conflict> {
    let two = |report: &&Report<'_>| report.mention.parties().len() == 2;
    if reports.iter().any(|report| report.mention.parties().len() > 2) {
        return Vec::new();
    }
    let mut sets: BTreeMap<&[u32], (&Report<'_>, Sourced)> = BTreeMap::new();
    for report in reports.iter().filter(two) {
        if let Some(party) = report.finding.parties.last() {
            sets.entry(report.mention.parties()).or_insert_with(|| (report, report.sourced(&party.evidence)));
        }
    }
    let like = |a: &[u32], b: &[u32]| a.iter().filter(|x| b.iter().any(|y| actors.likeness(**x, *y) > 0.0)).count();
    let all: Vec<&[u32]> = sets.keys().copied().take(MOST_VALUES).collect();
    let odd = |set: &[u32]| all.iter().any(|other| like(set, other) < 2);
    if !all.iter().any(|set| odd(set)) {
        return Vec::new();
    }
    let shown = |set: &[u32]| set.iter().map(|id| actors.shown(*id)).collect::<Vec<_>>().join(", ");
    let values: Vec<ConflictValue> = sets
        .iter()
        .take(MOST_VALUES)
        .filter(|(set, _)| odd(set))
        .map(|(set, (_, words))| ConflictValue { value: shown(set), evidence: words.clone() })
        .collect();
    vec![Conflict {
        field: "parties".to_owned(),
        values,
        why: "each names two parties, and they are not the same two".to_owned(),
        weight: 0,
    }]
}

/// Different sums in one currency, where each report gives one, or for one purpose.
fn sums(reports: &[Report<'_>]) -> Vec<Conflict> {
    let mut by_currency: BTreeMap<&str, Vec<Sum<'_>>> = BTreeMap::new();
    for (index, report) in reports.iter().enumerate() {
        for sum in &report.finding.money {
            let sourced = report.sourced(&sum.evidence);
            by_currency.entry(&sum.currency).or_default().push((index, sum.amount, sum.purpose.as_deref(), sourced));
        }
    }
    let mut found = Vec::new();
    for (currency, sums) in by_currency {
        let alone = |index: usize| sums.iter().filter(|one| one.0 == index).count() == 1;
        let mut values = Vec::new();
        for (place, a) in sums.iter().enumerate().take(64) {
            for b in sums.iter().take(64).skip(place + 1).filter(|b| b.0 != a.0) {
                let one_purpose = match (a.2, b.2) {
                    (Some(x), Some(y)) => share_word(x, y),
                    _ => alone(a.0) && alone(b.0),
                };
                if one_purpose && !rounds_to(a.1, b.1) {
                    for side in [a, b] {
                        values.push(ConflictValue { value: amount(side.1), evidence: side.3.clone() });
                    }
                }
            }
        }
        let values = distinct(values);
        if values.len() > 1 {
            let why = "different sums, and neither is the other one rounded".to_owned();
            found.push(Conflict { field: format!("money.{currency}"), values, why, weight: 0 });
        }
    }
    found
}

fn amount(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value}") }
}

fn share_word(a: &str, b: &str) -> bool {
    let words = |text: &str| plain_words(text).into_iter().filter(|word| word.chars().count() > 3).collect::<BTreeSet<_>>();
    !words(a).is_disjoint(&words(b))
}

/// The coarser of two sums is the finer one rounded to the digits that it shows (at least one).
fn rounds_to(a: f64, b: f64) -> bool {
    if a == b || !a.is_finite() || !b.is_finite() {
        return true;
    }
    let digits = |value: f64| {
        let text = format!("{:e}", value.abs());
        text.split('e').next().map_or(1, |mantissa| mantissa.bytes().filter(u8::is_ascii_digit).count())
    };
    let (coarse, fine) = if digits(a) <= digits(b) { (a, b) } else { (b, a) };
    let shown = digits(coarse);
    let rounded = |value: f64| format!("{value:.*e}", shown.saturating_sub(1));
    rounded(fine) == rounded(coarse) && digits(fine) > shown
}

/// Terms of different length.
fn durations(name: &str, reports: &[Report<'_>], get: fn(&AgreementFinding) -> Option<&Term>) -> Vec<Conflict> {
    differing(name, reports, get, |a, b| match (months(a), months(b)) {
        (Some(a), Some(b)) => (a - b).abs() > 0.05 * a.max(b),
        _ => a != b,
    })
}

/// Different numbers of articles.
fn counts(reports: &[Report<'_>]) -> Vec<Conflict> {
    differing("articles", reports, |finding| finding.articles.as_ref(), |a, b| a != b)
}

fn differing(
    name: &str,
    reports: &[Report<'_>],
    get: fn(&AgreementFinding) -> Option<&Term>,
    differ: fn(&str, &str) -> bool,
) -> Vec<Conflict> {
    let told: Vec<(&Term, &Report<'_>)> = reports.iter().filter_map(|report| Some((get(report.finding)?, report))).collect();
    let sides = told.iter().filter(|(term, _)| told.iter().take(64).any(|(other, _)| differ(&term.value, &other.value)));
    let values = sides
        .map(|(term, report)| ConflictValue { value: term.value.clone(), evidence: report.sourced(&term.evidence) })
        .collect();
    let values = distinct(values);
    if values.len() < 2 {
        return Vec::new();
    }
    vec![Conflict { field: name.to_owned(), values, why: "the values differ by more than their precision".to_owned(), weight: 0 }]
}

/// Length of an ISO 8601 duration in months, days as a thirtieth of one.
fn months(duration: &str) -> Option<f64> {
    let (mut sum, mut number) = (0.0, String::new());
    for letter in duration.strip_prefix('P')?.chars() {
        if letter.is_ascii_digit() || letter == '.' {
            number.push(letter);
            continue;
        }
        let count = number.parse::<f64>().ok()?;
        number.clear();
        sum += count
            * match letter {
                'Y' => 12.0,
                'M' => 1.0,
                'W' => 7.0 / 30.0,
                'D' => 1.0 / 30.0,
                _ => return None,
            };
    }
    number.is_empty().then_some(sum)
}

/// One ratification on one day, by two bodies of which no report names both.
fn bodies(reports: &[Report<'_>], events: &[Event<'_>]) -> Vec<Conflict> {
    let told: Vec<(usize, &Stage, Days)> = events
        .iter()
        .filter(|event| event.kind == StageKind::Ratified && event.modality == Modality::Actual)
        .flat_map(|event| event.told.iter().take(MOST_VALUES))
        .filter_map(|(index, stage, days)| Some((*index, *stage, (*days)?)))
        .filter(|(_, stage, days)| stage.by.is_some() && days.precision() == Precision::Day)
        .collect();
    let body = |stage: &Stage| stage.by.as_ref().map(|by| by.value.clone()).unwrap_or_default();
    let both = |index: usize| told.iter().filter(|one| one.0 == index).count() > 1;
    let mut values = Vec::new();
    for (place, a) in told.iter().enumerate() {
        for b in told.iter().skip(place + 1).filter(|b| b.0 != a.0 && !both(b.0) && !both(a.0)) {
            if a.2.meets(&b.2) && !one_body(&body(a.1), &body(b.1)) {
                values.extend(stage_value(reports, a.0, a.1, body(a.1)));
                values.extend(stage_value(reports, b.0, b.1, body(b.1)));
            }
        }
    }
    let values = distinct(values);
    if values.len() < 2 {
        return Vec::new();
    }
    let why = "each report names one body that ratified it on that day, and they are not the same".to_owned();
    vec![Conflict { field: field(StageKind::Ratified, "by"), values, why, weight: 0 }]
}

/// Two places for one event. A state and a town of it are a difference of precision: parties are no places here.
fn places(reports: &[Report<'_>], events: &[Event<'_>], actors: &Actors) -> Vec<Conflict> {
    let named = reports.iter().flat_map(|report| &report.finding.parties);
    let parties: BTreeSet<Option<u32>> = named.map(|party| actors.id(&party.actor)).collect();
    let mut found = Vec::new();
    for event in events.iter().filter(|event| event.modality == Modality::Actual) {
        let told: Vec<(usize, &Stage, &str)> = event
            .told
            .iter()
            .take(64)
            .filter_map(|(index, stage, _)| Some((*index, *stage, stage.place.as_ref()?.value.as_str())))
            .filter(|(_, _, place)| actors.id(place).is_none_or(|id| !parties.contains(&Some(id))))
            .collect();
        let apart = |place: &str| told.iter().any(|(_, _, other)| !one_body(place, other));
        let sides = told.iter().filter(|(_, _, place)| apart(place));
        let values = distinct(
            sides.filter_map(|(index, stage, place)| stage_value(reports, *index, stage, (*place).to_owned())).collect(),
        );
        if values.len() > 1 {
            found.push(Conflict {
                field: field(event.kind, "place"),
                values,
                why: "two places for one event".to_owned(),
                weight: 0,
            });
        }
    }
    found
}

/// One entry for each value and source, in the order of the values.
fn distinct(mut values: Vec<ConflictValue>) -> Vec<ConflictValue> {
    let key = |value: &ConflictValue| (value.value.clone(), value.evidence.document.clone(), value.evidence.evidence.span());
    values.sort_by_cached_key(key);
    values.dedup_by(|a, b| key(a) == key(b));
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    // Every value stays; of many sources for one value the first ones do.
    values.retain(|value| {
        let count = seen.entry(value.value.clone()).or_default();
        *count += 1;
        *count <= MOST_VALUES
    });
    if seen.len() < 2 { Vec::new() } else { values }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rounded_sum_is_no_other_sum() {
        assert!(rounds_to(1.2e9, 1.23e9) && rounds_to(1e9, 1.3e9) && rounds_to(5e6, 5e6));
        assert!(!rounds_to(1.2e9, 1.5e9) && !rounds_to(5e6, 7e6) && !rounds_to(2e9, 2.6e9));
    }

    #[test]
    fn twelve_months_are_one_year() {
        assert_eq!(months("P12M"), months("P1Y"));
        assert_eq!(months("soon"), None);
        assert_eq!(months("P5"), None);
    }
}
