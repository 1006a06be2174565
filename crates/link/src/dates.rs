//! The best of several dates for one event, by explicit rules; all others are kept beside it.
use crate::edtf::{Days, Precision, days_between};
use chancery_agreement::{Date, Sourced};

/// A date as one source gives it.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub sourced: Sourced,
    pub date: Date,
    pub days: Days,
    /// Publication day of the report.
    pub published: Option<jiff::civil::Date>,
    /// The original of a copy, or the document itself: what counts as one independent source.
    pub group: usize,
}

/// The place in `told` of the best date. In this order:
/// 1. the date that most independent sources agree with (a month agrees with its days);
/// 2. no mark of doubt before `~` and `?`;
/// 3. the finer before the coarser;
/// 4. a date that is written out before one that is counted from the day of the report ("Tuesday", "last month");
/// 5. the report that stands closest to the event;
/// 6. the earlier report.
pub(crate) fn best(told: &[Told]) -> Option<usize> {
    let groups: Vec<usize> = told.iter().map(|one| one.group).collect();
    let plain: Vec<Plain<'_>> =
        told.iter().map(|one| Plain { days: one.days, words: one.date.expression.quote(), published: one.published }).collect();
    (0..told.len()).min_by_key(|place| (rank(&plain, &groups, *place), *place))
}

/// A date in the terms that decide.
struct Plain<'a> {
    days: Days,
    words: &'a str,
    published: Option<jiff::civil::Date>,
}

/// What decides, in the order in which it does; the smaller is the better.
type Rank = (usize, bool, Precision, bool, i64, bool, Option<jiff::civil::Date>);

fn rank(told: &[Plain<'_>], groups: &[usize], place: usize) -> Option<Rank> {
    let one = told.get(place)?;
    // With very many tellings the first ones decide how many agree: the count is a rank, not a statistic.
    let counted = told.iter().zip(groups).take(64);
    let mut agreeing: Vec<usize> = counted.filter(|(other, _)| other.days.meets(&one.days)).map(|(_, group)| *group).collect();
    agreeing.sort_unstable();
    agreeing.dedup();
    let distance = one.published.zip(one.days.earliest).map_or(i64::MAX, |(report, event)| days_between(event, report).abs());
    let agreeing = usize::MAX - agreeing.len();
    let written_out = one.words.bytes().any(|byte| byte.is_ascii_digit());
    Some((agreeing, one.days.vague, one.days.precision(), !written_out, distance, one.published.is_none(), one.published))
}

/// A date that a source gives for an event, for explaining which one was chosen.
#[derive(Debug, Clone, Copy)]
pub struct ToldDate<'a> {
    /// The date, EDTF.
    pub value: &'a str,
    /// The words that give it.
    pub words: &'a str,
    /// Day of publication, ISO 8601.
    pub published: Option<&'a str>,
    /// The document that the report is, in the end, a copy of, or the report itself.
    pub original: &'a str,
}

/// Which of several dates for one event is the best, and the rule that decided between it and the best other one, in plain
/// words. `None` where none of them is a date.
#[must_use]
pub fn date_choice(told: &[ToldDate<'_>]) -> Option<(usize, String)> {
    let mut originals: Vec<&str> = told.iter().map(|one| one.original).collect();
    originals.sort_unstable();
    originals.dedup();
    let (mut plain, mut groups, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for (place, one) in told.iter().enumerate() {
        let Some(days) = Days::parse(one.value) else { continue };
        let published = one.published.and_then(Days::parse).and_then(|days| days.sorting_day());
        plain.push(Plain { days, words: one.words, published });
        groups.push(originals.binary_search(&one.original).unwrap_or_default());
        places.push(place);
    }
    let mut order: Vec<usize> = (0..plain.len()).collect();
    order.sort_by_key(|place| (rank(&plain, &groups, *place), *place));
    let value = |at: usize| places.get(at).and_then(|place| told.get(*place)).map_or("", |one| one.value);
    let (first, others) = order.split_first()?;
    let chosen = *places.get(*first)?;
    let Some(second) = others.iter().find(|other| value(**other) != value(*first)) else {
        return Some((chosen, "no source gives another date".to_owned()));
    };
    let (one, other) = (rank(&plain, &groups, *first)?, rank(&plain, &groups, *second)?);
    let count = |rank: &Rank| usize::MAX - rank.0;
    let against = value(*second);
    let rule = if one.0 != other.0 {
        format!("{} independent sources agree with it, {} with {against}", count(&one), count(&other))
    } else if one.1 != other.1 {
        format!("{against} is marked as doubtful")
    } else if one.2 != other.2 {
        format!("it is more precise than {against}")
    } else if one.3 != other.3 {
        format!("it is written out, {against} is counted from the day of the report")
    } else if one.4 != other.4 {
        format!("its report stands closer to the event than the one that gives {against}")
    } else {
        format!("its report is earlier than the one that gives {against}")
    };
    Some((chosen, rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(told: &[(&str, &str, &str, &str)], chosen: usize, rule: &str) {
        let told: Vec<ToldDate<'_>> = told
            .iter()
            .map(|&(value, words, published, original)| ToldDate { value, words, published: Some(published), original })
            .collect();
        let (place, why) = date_choice(&told).unwrap();
        assert_eq!((place, why.contains(rule)), (chosen, true), "{why}");
    }

    #[test]
    fn the_rule_that_decided_is_named() {
        let (first, second) = (("2001-05-03", "on 3 May", "2001-05-04", "a"), ("2001-05-04", "on 4 May", "2001-05-04", "b"));
        check(&[first, second, ("2001-05-04", "today", "2001-05-04", "c")], 1, "2 independent sources agree with it, 1");
        check(
            &[first, ("2001-05-04", "on 4 May", "2001-05-04", "b"), ("2001-05-03", "on 3 May", "2001-05-06", "a")],
            1,
            "closer",
        );
        check(&[("2001-05", "in May", "2001-05-09", "a"), second], 1, "more precise than 2001-05");
        check(&[("2001-05-03", "Thursday", "2001-05-04", "a"), second], 1, "written out");
        check(&[second], 0, "no source gives another date");
        assert!(date_choice(&[]).is_none());
    }
}
