//! The best of several dates for one event, by explicit rules; all others are kept beside it.
use crate::edtf::{Days, days_between};
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
    // With very many tellings the first ones decide how many agree: the count is a rank, not a statistic.
    let counted = told.get(..told.len().min(64)).unwrap_or_default();
    let rank = |one: &Told| {
        let mut agreeing: Vec<usize> =
            counted.iter().filter(|other| other.days.meets(&one.days)).map(|other| other.group).collect();
        agreeing.sort_unstable();
        agreeing.dedup();
        let distance = one.published.zip(one.days.earliest).map_or(i64::MAX, |(report, event)| days_between(event, report).abs());
        (
            usize::MAX - agreeing.len(),
            one.days.vague,
            one.days.precision(),
            !written_out(&one.date),
            distance,
            one.published.is_none(),
            one.published,
        )
    };
    (0..told.len()).min_by_key(|place| told.get(*place).map(|one| (rank(one), *place)))
}

/// True when the expression itself holds a year or a day of a month, so that nothing had to be counted.
fn written_out(date: &Date) -> bool {
    date.expression.quote().bytes().any(|byte| byte.is_ascii_digit())
}
