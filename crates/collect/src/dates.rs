//! Calendar dates as printed on pages and in metadata: only what names a day beyond doubt, or a weekday with day and month.
use chancery_agreement::Span;
use chancery_timex::LineDate;
use jiff::civil::{Date, Weekday};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// A date as it stands in a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PrintedDate {
    /// From the first word of the date to its last, the time of day included.
    pub span: Span,
    pub day: PrintedDay,
    /// ISO 8601, with the zone where one is shown.
    pub time: Option<String>,
}

/// What the date names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum PrintedDay {
    /// A day.
    Full(Date),
    /// A day of some year.
    Yearless { weekday: Option<Weekday>, month: i8, day: i8 },
}

/// `2011-03-04T09:05:10+04:00` and its shorter forms (ISO 8601), as machines write them; with strokes or points, too.
static STAMP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        "(?i)\\b(?P<year>[12][0-9]{3})[-/.](?P<month>[01]?[0-9])[-/.](?P<day>[0-3]?[0-9])(?:(?:t|\\s+)(?P<hour>[0-2][0-9]):(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9])(?:[.,][0-9]{1,9})?)?\\s?(?P<zone>z\\b|utc\\b|gmt\\b|[+-][0-9]{2}:?[0-9]{2}\\b)?|\\b)",
    )
    .expect("a fixed pattern")
});

/// The zone that may stand behind a time of day.
static ZONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("(?i)^(?:\\s?(?P<zone>z\\b|utc\\b|gmt\\b|[+-][0-9]{2}:?[0-9]{2}\\b))?").expect("a fixed pattern")
});

/// Every date in `text`, in order, without overlap: stamps of machines, and the dates that `chancery_timex` reads.
pub(crate) fn find(text: &str) -> Vec<PrintedDate> {
    // Most lines have no digit: looking for one is much cheaper than reading.
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let mut found: Vec<PrintedDate> = STAMP.captures_iter(text).filter_map(|captures| stamp(&captures)).collect();
    let stamps = found.len();
    // Both lists are in order: each date is held against the next stamp and the date before it alone.
    let mut passed = 0;
    for date in chancery_timex::dates_in(text) {
        let span = Span::new(date.start, date.end);
        while found.get(passed).is_some_and(|stamp| passed < stamps && stamp.span.end() <= span.start()) {
            passed += 1;
        }
        let stamp = found.get(passed).filter(|_| passed < stamps);
        let before = found.last().filter(|_| found.len() > stamps);
        let free = stamp.into_iter().chain(before).all(|other| !other.span.overlaps(span));
        if let Some(printed) = printed(text, date).filter(|_| free) {
            found.push(printed);
        }
    }
    found.sort_by_key(|date| date.span.start());
    found
}

fn stamp(captures: &Captures) -> Option<PrintedDate> {
    let number = |name: &str| captures.name(name).and_then(|found| found.as_str().parse::<i16>().ok());
    let whole = captures.get(0)?;
    let day = Date::new(number("year")?, i8::try_from(number("month")?).ok()?, i8::try_from(number("day")?).ok()?).ok()?;
    let time = number("hour").zip(number("minute")).filter(|(hour, _)| *hour < 24).map(|(hour, minute)| {
        let second = captures.name("second").map_or("00", |second| second.as_str());
        format!("{hour:02}:{minute:02}:{second}{}", zone(captures))
    });
    Some(PrintedDate { span: Span::new(whole.start(), whole.end()), day: PrintedDay::Full(day), time })
}

fn printed(text: &str, date: LineDate) -> Option<PrintedDate> {
    let mut end = date.end;
    let time = date.time.map(|(hour, minute)| {
        let clock =
            text.get(date.start..end).and_then(|words| words.split_whitespace().find(|word| word.matches(':').count() == 2));
        let second = clock.and_then(|clock| clock.rsplit(':').next()).and_then(|second| second.get(..2)).unwrap_or("00");
        let rest = ZONE.captures(text.get(end..).unwrap_or(""));
        let zone = rest.as_ref().map_or(String::new(), |rest| {
            end += rest.get(0).map_or(0, |found| found.len());
            zone(rest)
        });
        format!("{hour:02}:{minute:02}:{second}{zone}")
    });
    let day = match date.date() {
        Some(day) => PrintedDay::Full(day),
        None if date.year.is_none() => {
            let weekday = date.weekday.and_then(|weekday| Weekday::from_monday_one_offset(weekday).ok());
            PrintedDay::Yearless { weekday, month: date.month, day: date.day }
        }
        None => return None,
    };
    Some(PrintedDate { span: Span::new(date.start, end), day, time })
}

fn zone(captures: &Captures) -> String {
    captures.name("zone").map_or(String::new(), |zone| {
        let zone = zone.as_str();
        match zone.to_ascii_lowercase().as_str() {
            "z" | "utc" | "gmt" => "Z".to_owned(),
            _ if zone.contains(':') => zone.to_owned(),
            _ => format!("{}:{}", zone.get(..3).unwrap_or(""), zone.get(3..).unwrap_or("")),
        }
    })
}

/// The first year not before `earliest` in which the day falls on the weekday, looked for over `years` years.
pub(crate) fn year_by_weekday(weekday: Weekday, month: i8, day: i8, earliest: Date, years: i16) -> Option<Date> {
    (earliest.year()..=earliest.year() + years)
        .filter_map(|year| Date::new(year, month, day).ok())
        .find(|date| *date >= earliest && date.weekday() == weekday)
}

#[cfg(test)]
mod tests {
    use super::{PrintedDay, find};

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = find(text)
            .iter()
            .map(|date| {
                let day = match date.day {
                    PrintedDay::Full(day) => day.to_string(),
                    PrintedDay::Yearless { weekday, month, day } => format!("{weekday:?} {month}-{day}"),
                };
                format!("{}|{day}|{}", date.span.of(text), date.time.as_deref().unwrap_or(""))
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn days_are_read_in_every_usual_form() {
        check("Herald.example, 4 Mar 2011 - 09:05, Port Loth", &["4 Mar 2011 - 09:05|2011-03-04|09:05:00"]);
        check("Published: Friday, March 4th, 2011 at 9:05 p.m.", &["Friday, March 4th, 2011 at 9:05 p.m.|2011-03-04|21:05:00"]);
        check("2011-03-04T09:05:10+04:00", &["2011-03-04T09:05:10+04:00|2011-03-04|09:05:10+04:00"]);
        check("on the 4th of March 2011 and on 5.3.2011", &["4th of March 2011|2011-03-04|", "5.3.2011|2011-03-05|"]);
        check("2011.03.04 09:05", &["2011.03.04 09:05|2011-03-04|09:05:00"]);
        check("Fri, 04 Mar 2011 09:05:10 GMT", &["Fri, 04 Mar 2011 09:05:10 GMT|2011-03-04|09:05:10Z"]);
    }

    #[test]
    fn a_stamp_is_not_read_twice() {
        check(
            "2011-03-04, then 4 Mar 2011, 5.3.2011 and 6 March 2011",
            &["2011-03-04|2011-03-04|", "4 Mar 2011|2011-03-04|", "5.3.2011|2011-03-05|", "6 March 2011|2011-03-06|"],
        );
    }

    #[test]
    fn a_missing_year_is_left_missing() {
        check("Friday, March 4", &["Friday, March 4|Some(Friday) 3-4|"]);
    }

    #[test]
    fn what_may_be_two_days_and_what_is_none_are_not_read() {
        check("3/4/2011", &[]);
        check("13/4/2011", &["13/4/2011|2011-04-13|"]);
        check("2011-13-45 and 31 February 2011", &[]);
    }
}
