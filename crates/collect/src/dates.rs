//! Calendar dates as printed on pages and in metadata: only what names a day beyond doubt, or a weekday with day and month.
use chancery_agreement::Span;
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

const MONTH: &str = "(?P<month>jan(?:uary|\\.)?|feb(?:ruary|\\.)?|mar(?:ch|\\.)?|apr(?:il|\\.)?|may|june?\\.?|july?\\.?|aug(?:ust|\\.)?|sept?(?:ember|\\.)?|oct(?:ober|\\.)?|nov(?:ember|\\.)?|dec(?:ember|\\.)?)";
const WEEKDAY: &str = "(?:(?P<weekday>mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?\\.?,?\\s+)?";
const DAY: &str = "(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?";
const TIME: &str = "(?:[\\s,|–—-]{0,4}(?:at\\s+)?\\b(?P<hour>[0-2]?[0-9])[:.](?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9])(?:\\.[0-9]{1,9})?)?\\s?(?P<half>[ap]\\.?m\\b\\.?)?\\s?(?P<zone>z\\b|utc|gmt|[+-][0-9]{2}:?[0-9]{2})?)?";

static PRINTED: LazyLock<[Regex; 4]> = LazyLock::new(|| {
    let compile = |pattern: String| Regex::new(&pattern).expect("a fixed pattern");
    [
        compile(format!("(?i)\\b{WEEKDAY}{DAY}(?:\\s+of)?[\\s-]+{MONTH}(?:,?[\\s-]+(?P<year>[12][0-9]{{3}})\\b)?{TIME}")),
        compile(format!("(?i)\\b{WEEKDAY}{MONTH}[\\s-]+{DAY}\\b(?:,?\\s+(?P<year>[12][0-9]{{3}})\\b)?{TIME}")),
        compile(format!(
            "(?i)\\b(?P<year>[12][0-9]{{3}})[-/](?P<number>[01]?[0-9])[-/](?P<day>[0-3]?[0-9])(?:t(?P<t>)|\\b){}",
            TIME.replacen("[\\s,|–—-]{0,4}(?:at\\s+)?\\b", "[\\s,|–—-]{0,4}(?:at\\s+)?", 1)
        )),
        compile(format!(
            "(?i)\\b(?P<first>[0-3]?[0-9])(?P<sign>[./-])(?P<second_number>[0-3]?[0-9])[./-](?P<year>[12][0-9]{{3}})\\b{TIME}"
        )),
    ]
});

/// Every date in `text`, in order, without overlap.
pub(crate) fn find(text: &str) -> Vec<PrintedDate> {
    let mut found: Vec<PrintedDate> = PRINTED
        .iter()
        .enumerate()
        .flat_map(|(form, pattern)| pattern.captures_iter(text).filter_map(move |captures| read(form, &captures)))
        .collect();
    // Of overlapping readings the one that starts first, then the one that says more, stands.
    found.sort_by_key(|date| (date.span.start(), std::cmp::Reverse(date.span.len())));
    let mut end = 0;
    found.retain(|date| {
        let free = date.span.start() >= end;
        if free {
            end = date.span.end();
        }
        free
    });
    found
}

fn read(form: usize, captures: &Captures) -> Option<PrintedDate> {
    let number = |name: &str| captures.name(name).and_then(|found| found.as_str().parse::<i16>().ok());
    let whole = captures.get(0)?;
    let span = Span::new(whole.start(), whole.end());
    let time = time(captures);
    let day = match form {
        0 | 1 => {
            let month = month(captures.name("month")?.as_str())?;
            let day = i8::try_from(number("day")?).ok()?;
            let weekday = captures.name("weekday").and_then(|found| weekday(found.as_str()));
            match number("year") {
                Some(year) => PrintedDay::Full(Date::new(year, month, day).ok()?),
                // 2000 is a leap year: any day that exists in some year is one.
                None => {
                    Date::new(2000, month, day).ok()?;
                    PrintedDay::Yearless { weekday, month, day }
                }
            }
        }
        2 => PrintedDay::Full(
            Date::new(number("year")?, i8::try_from(number("number")?).ok()?, i8::try_from(number("day")?).ok()?).ok()?,
        ),
        _ => {
            let (first, second) = (i8::try_from(number("first")?).ok()?, i8::try_from(number("second_number")?).ok()?);
            let year = number("year")?;
            let dots = captures.name("sign").is_some_and(|sign| sign.as_str() == ".");
            // "3.5.2019" is the third of May wherever dots are written; "3/5/2019" may be either, "13/5/2019" only one.
            let (month, day) = match () {
                () if dots || first == second || first > 12 => (second, first),
                () if second > 12 => (first, second),
                () => return None,
            };
            PrintedDay::Full(Date::new(year, month, day).ok()?)
        }
    };
    Some(PrintedDate { span, day, time })
}

fn time(captures: &Captures) -> Option<String> {
    let mut hour: i8 = captures.name("hour")?.as_str().parse().ok()?;
    let minute = captures.name("minute")?.as_str();
    let half = captures.name("half").map(|half| half.as_str().to_lowercase());
    match half.as_deref() {
        Some(half) if half.starts_with('p') && hour < 12 => hour += 12,
        Some(half) if half.starts_with('a') && hour == 12 => hour = 0,
        _ => {}
    }
    if hour > 23 {
        return None;
    }
    let second = captures.name("second").map_or("00", |second| second.as_str());
    let zone = captures.name("zone").map_or(String::new(), |zone| {
        let zone = zone.as_str();
        match zone.to_ascii_lowercase().as_str() {
            "z" | "utc" | "gmt" => "Z".to_owned(),
            _ if zone.contains(':') => zone.to_owned(),
            _ => format!("{}:{}", zone.get(..3).unwrap_or(""), zone.get(3..).unwrap_or("")),
        }
    });
    Some(format!("{hour:02}:{minute}:{second}{zone}"))
}

fn month(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let word = word.to_lowercase();
    MONTHS.iter().position(|month| word.starts_with(month)).and_then(|at| i8::try_from(at + 1).ok())
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word.to_lowercase().get(..3)? {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
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
        check("Fri, 04 Mar 2011 09:05:10 GMT", &["Fri, 04 Mar 2011 09:05:10 GMT|2011-03-04|09:05:10Z"]);
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
