//! What days an EDTF string (ISO 8601-2, levels 0 and 1) can mean: its earliest and its latest day.
use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// How finely a date is known, from fine to coarse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// One day.
    Day,
    /// Up to a month, or an interval no longer than one.
    Month,
    /// A season, a quarter, an interval of up to a year.
    Season,
    /// A year.
    Year,
    /// Anything longer, open ends included.
    Longer,
}

/// The days that a date can mean, both ends included; a missing end is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// First day that is possible.
    pub earliest: Option<Date>,
    /// Last day that is possible.
    pub latest: Option<Date>,
    /// Marked `~`, `?` or `%`: near it, or not sure.
    pub vague: bool,
}

impl Days {
    /// The days that `value` can mean. `None` for what is not EDTF level 0 or 1, sets included.
    ///
    /// A vague date (`~`, `?`, `%`) reaches further at both ends: a day by three days, a month by a month, a year by a year.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let value = value.trim();
        if value.len() > 64 {
            return None;
        }
        if let Some((from, to)) = value.split_once('/') {
            let open = |end: &str| matches!(end.trim(), "" | "..");
            let start = if open(from) { None } else { Some(one(from)?) };
            let end = if open(to) { None } else { Some(one(to)?) };
            if start.is_none() && end.is_none() {
                return None;
            }
            let vague = start.is_some_and(|days| days.vague) || end.is_some_and(|days| days.vague);
            let days = Self { earliest: start.and_then(|days| days.earliest), latest: end.and_then(|days| days.latest), vague };
            return days.in_order().then_some(days);
        }
        if let Some(from) = value.strip_suffix("..") {
            return one(from).map(|days| Self { latest: None, ..days });
        }
        if let Some(to) = value.strip_prefix("..") {
            return one(to).map(|days| Self { earliest: None, ..days });
        }
        one(value)
    }

    /// One day.
    #[must_use]
    pub fn day(date: Date) -> Self {
        Self { earliest: Some(date), latest: Some(date), vague: false }
    }

    fn in_order(&self) -> bool {
        match (self.earliest, self.latest) {
            (Some(earliest), Some(latest)) => earliest <= latest,
            _ => true,
        }
    }

    /// True when both can mean the same day: then they do not contradict each other.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.gap(other) == 0
    }

    /// Days between the two where they share none, else 0.
    #[must_use]
    pub fn gap(&self, other: &Self) -> i64 {
        let after = |late: Option<Date>, early: Option<Date>| match (late, early) {
            (Some(late), Some(early)) if late > early => days_between(early, late),
            _ => 0,
        };
        after(self.earliest, other.latest).max(after(other.earliest, self.latest))
    }

    /// How finely it is known.
    #[must_use]
    pub fn precision(&self) -> Precision {
        match (self.earliest, self.latest) {
            (Some(earliest), Some(latest)) => match days_between(earliest, latest) {
                ..=0 => Precision::Day,
                1..=31 => Precision::Month,
                32..=190 => Precision::Season,
                191..=366 => Precision::Year,
                _ => Precision::Longer,
            },
            _ => Precision::Longer,
        }
    }

    /// The day that stands for it when something has to be sorted: the first one, or the last where the start is open.
    #[must_use]
    pub fn sorting_day(&self) -> Option<Date> {
        self.earliest.or(self.latest)
    }
}

/// Days from `from` to `to`; negative where `to` is earlier.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// `date` moved by some days, kept inside the calendar.
#[must_use]
pub fn moved(date: Date, days: i64) -> Date {
    date.saturating_add(Span::new().try_days(days).unwrap_or_else(|_| 0.days()))
}

fn one(value: &str) -> Option<Days> {
    let value = value.trim();
    let plain = value.trim_end_matches(['~', '?', '%']);
    let vague = plain.len() < value.len();
    let plain = plain.split_once('T').map_or(plain, |(day, _)| day);
    let (year, rest) = match plain.strip_prefix('-') {
        Some(_) => return None,
        None => plain.split_once('-').map_or((plain, None), |(year, rest)| (year, Some(rest))),
    };
    if year.len() != 4 {
        return None;
    }
    let (first_year, last_year) = years(year)?;
    let (earliest, latest, reach) = match rest {
        None => (Date::new(first_year, 1, 1).ok()?, Date::new(last_year, 12, 31).ok()?, 366),
        Some(rest) if first_year == last_year => {
            let (month, day) = rest.split_once('-').map_or((rest, None), |(month, day)| (month, Some(day)));
            within(first_year, month, day)?
        }
        Some(_) => return None,
    };
    let reach = if vague { reach } else { 0 };
    Some(Days { earliest: Some(moved(earliest, -reach)), latest: Some(moved(latest, reach)), vague })
}

/// First and last year of `1998`, `199X`, `19XX`.
fn years(year: &str) -> Option<(i16, i16)> {
    let known = year.trim_end_matches('X');
    if known.is_empty() || year.len() - known.len() > 2 || !known.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let scale = 10i16.pow(u32::try_from(year.len() - known.len()).ok()?);
    let first = known.parse::<i16>().ok()?.checked_mul(scale)?;
    Some((first, first + scale - 1))
}

/// First day, last day and the reach of vagueness, of a month, season, quarter or day of a year.
fn within(year: i16, month: &str, day: Option<&str>) -> Option<(Date, Date, i64)> {
    if month == "XX" {
        return Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?, 366));
    }
    let number = month.parse::<i8>().ok().filter(|_| month.len() == 2)?;
    let span_of = |first: i8, months: i8| -> Option<(Date, Date, i64)> {
        let start = Date::new(year, first, 1).ok()?;
        let end = start.saturating_add(Span::new().months(months)).saturating_sub(1.day());
        Some((start, end, i64::from(months) * 31))
    };
    match (number, day) {
        (1..=12, None | Some("XX")) => span_of(number, 1),
        (1..=12, Some(day)) => {
            let day = day.parse::<i8>().ok().filter(|_| day.len() == 2)?;
            let date = Date::new(year, number, day).ok()?;
            Some((date, date, 3))
        }
        // Seasons overlap the meteorological ones of both hemispheres no further than their quarter; a season that is
        // named without a hemisphere (21-24) is read as the northern one, winter as the one that begins in the year.
        (21 | 25, None) => span_of(3, 3),
        (22 | 26, None) => span_of(6, 3),
        (23 | 27, None) => span_of(9, 3),
        (24 | 28, None) => span_of(12, 3),
        (29, None) => span_of(9, 3),
        (30, None) => span_of(12, 3),
        (31, None) => span_of(3, 3),
        (32, None) => span_of(6, 3),
        (33..=36, None) => span_of((number - 33) * 3 + 1, 3),
        (37..=39, None) => span_of((number - 37) * 4 + 1, 4),
        (40 | 41, None) => span_of((number - 40) * 6 + 1, 6),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, expected: &str) {
        let end = |date: Option<Date>| date.map_or("..".to_owned(), |date| date.to_string());
        let found = Days::parse(value).map_or("none".to_owned(), |days| format!("{}/{}", end(days.earliest), end(days.latest)));
        assert_eq!(found, expected, "{value}");
    }

    #[test]
    fn a_date_means_every_day_it_can_mean() {
        check("2015-03-18", "2015-03-18/2015-03-18");
        check("2014-11", "2014-11-01/2014-11-30");
        check("2016", "2016-01-01/2016-12-31");
        check("2007-21", "2007-03-01/2007-05-31");
        check("2007-24", "2007-12-01/2008-02-29");
        check("2007-34", "2007-04-01/2007-06-30");
        check("199X", "1990-01-01/1999-12-31");
        check("2015-03-18~", "2015-03-15/2015-03-21");
        check("2014-11/2015-02", "2014-11-01/2015-02-28");
        check("../2016-12-31", "../2016-12-31");
        check("2016-05/..", "2016-05-01/..");
        check("2016-05-04T10:30", "2016-05-04/2016-05-04");
    }

    #[test]
    fn what_is_no_date_means_no_day() {
        for value in ["", "soon", "2015-02-30", "2015-13", "..", "../..", "20150318", "2015-3", "-", "XXXX", "2016/2015", "é"] {
            check(value, "none");
        }
    }

    #[test]
    fn a_month_does_not_contradict_its_day() {
        let (month, day, later) = (Days::parse("2014-11"), Days::parse("2014-11-24"), Days::parse("2014-12-03"));
        assert!(month.unwrap().meets(&day.unwrap()));
        assert_eq!(day.unwrap().gap(&later.unwrap()), 9);
        assert_eq!(month.unwrap().precision(), Precision::Month);
    }
}
