//! Spans of the calendar: centuries to days, weeks, quarters, seasons, parts of days, with the arithmetic that "the following month" needs and
//! their TIMEX3 and EDTF spellings.
use crate::timex::Modifier;
use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

/// A unit of time, smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Weekend,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Millennium,
}

impl Unit {
    const ALL: [(Self, &'static str); 13] = [
        (Self::Second, "second"),
        (Self::Minute, "minute"),
        (Self::Hour, "hour"),
        (Self::Day, "day"),
        (Self::Weekend, "weekend"),
        (Self::Week, "week"),
        (Self::Fortnight, "fortnight"),
        (Self::Month, "month"),
        (Self::Quarter, "quarter"),
        (Self::Year, "year"),
        (Self::Decade, "decade"),
        (Self::Century, "century"),
        (Self::Millennium, "millennium"),
    ];

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(unit, _)| *unit)
    }

    pub(crate) fn from_number(number: i64) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).map(|(unit, _)| *unit)
    }

    /// The value of an expression of this width of which nothing is known.
    pub(crate) fn unknown(self) -> String {
        match self {
            Self::Second | Self::Minute | Self::Hour => "XXXX-XX-XXTXX:XX",
            Self::Day => "XXXX-XX-XX",
            Self::Weekend => "XXXX-WXX-WE",
            Self::Week | Self::Fortnight => "XXXX-WXX",
            Self::Month => "XXXX-XX",
            Self::Quarter => "XXXX-QX",
            Self::Year => "XXXX",
            Self::Decade => "XXX",
            Self::Century => "XX",
            Self::Millennium => "X",
        }
        .to_owned()
    }

    /// The letters of an ISO 8601 period, `T` before those of the clock.
    pub(crate) fn period(self) -> (&'static str, &'static str) {
        match self {
            Self::Second => ("T", "S"),
            Self::Minute => ("T", "M"),
            Self::Hour => ("T", "H"),
            Self::Day => ("", "D"),
            Self::Weekend => ("", "WE"),
            Self::Week | Self::Fortnight => ("", "W"),
            Self::Month => ("", "M"),
            Self::Quarter => ("", "Q"),
            Self::Year => ("", "Y"),
            Self::Decade => ("", "DE"),
            Self::Century => ("", "CE"),
            Self::Millennium => ("", "ML"),
        }
    }
}

/// 1 (Monday) to 7.
pub(crate) fn weekday_number(date: Date) -> i8 {
    date.weekday().to_monday_one_offset()
}

/// A span of the calendar. Years before the common era are negative (-480 is 480 BC); there is no year 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stamp {
    Century(i32),
    Decade(i32),
    Year(i32),
    Half(i32, u8),
    Quarter(i32, u8),
    Season(i32, u8),
    Month(i32, u8),
    /// ISO year and week.
    Week(i32, u8),
    Weekend(i32, u8),
    Day(i32, u8, u8),
    /// A day and `MO`, `AF`, `EV`, `NI`, `DT`.
    Part(i32, u8, u8, String),
    /// A day and `13:15`, with the offset if one is named.
    Time(i32, u8, u8, String),
}

pub(crate) const SEASONS: [&str; 4] = ["SP", "SU", "FA", "WI"];

fn year_text(year: i32) -> String {
    if year < 0 { format!("BC{:04}", -year) } else { format!("{year:04}") }
}

/// EDTF counts a year 0: 480 BC is -0479.
fn edtf_year(year: i32) -> String {
    if year < 0 {
        let astronomical = -year - 1;
        if astronomical == 0 { "0000".into() } else { format!("-{astronomical:04}") }
    } else {
        format!("{year:04}")
    }
}

/// The jiff date of a day of the common era or before.
pub(crate) fn date_of(year: i32, month: u8, day: u8) -> Option<Date> {
    let year = if year < 0 { year + 1 } else { year };
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn parts_of(date: Date) -> (i32, u8, u8) {
    let year = i32::from(date.year());
    (if year <= 0 { year - 1 } else { year }, date.month().unsigned_abs(), date.day().unsigned_abs())
}

/// ISO week of a day.
fn week_of(date: Date) -> (i32, u8) {
    let week = date.iso_week_date();
    (i32::from(week.year()), week.week().unsigned_abs())
}

/// Adds to a year number that has no 0.
fn add_years(year: i32, more: i32) -> i32 {
    let sum = year.saturating_add(more);
    if year > 0 && sum <= 0 {
        sum - 1
    } else if year < 0 && sum >= 0 {
        sum + 1
    } else {
        sum
    }
}

impl Stamp {
    pub(crate) fn day(date: Date) -> Self {
        let (year, month, day) = parts_of(date);
        Self::Day(year, month, day)
    }

    pub(crate) fn unit(&self) -> Unit {
        match self {
            Self::Century(_) => Unit::Century,
            Self::Decade(_) => Unit::Decade,
            Self::Year(_) => Unit::Year,
            Self::Half(..) | Self::Quarter(..) | Self::Season(..) => Unit::Quarter,
            Self::Month(..) => Unit::Month,
            Self::Week(..) => Unit::Week,
            Self::Weekend(..) => Unit::Weekend,
            Self::Day(..) => Unit::Day,
            Self::Part(..) | Self::Time(..) => Unit::Hour,
        }
    }

    /// The year it lies in, negative before the common era; `None` for centuries and decades.
    pub(crate) fn year(&self) -> Option<i32> {
        match self {
            Self::Century(_) | Self::Decade(_) => None,
            Self::Year(year)
            | Self::Half(year, _)
            | Self::Quarter(year, _)
            | Self::Season(year, _)
            | Self::Month(year, _)
            | Self::Week(year, _)
            | Self::Weekend(year, _)
            | Self::Day(year, ..)
            | Self::Part(year, ..)
            | Self::Time(year, ..) => Some(*year),
        }
    }

    /// Its first day.
    pub(crate) fn first(&self) -> Option<Date> {
        match *self {
            Self::Century(century) => date_of(if century < 0 { century * 100 - 99 } else { (century * 100).max(1) }, 1, 1),
            Self::Decade(decade) => date_of(if decade < 0 { decade * 10 - 9 } else { (decade * 10).max(1) }, 1, 1),
            Self::Year(year) => date_of(year, 1, 1),
            Self::Half(year, half) => date_of(year, half * 6 - 5, 1),
            Self::Quarter(year, quarter) => date_of(year, quarter * 3 - 2, 1),
            Self::Season(year, season) => date_of(year, [3, 6, 9, 12][usize::from(season - 1)], 1),
            Self::Month(year, month) => date_of(year, month, 1),
            Self::Week(year, week) => monday(year, week),
            Self::Weekend(year, week) => monday(year, week)?.checked_add(5.days()).ok(),
            Self::Day(year, month, day) | Self::Part(year, month, day, _) | Self::Time(year, month, day, _) => {
                date_of(year, month, day)
            }
        }
    }

    /// Its last day.
    pub(crate) fn last(&self) -> Option<Date> {
        let first = self.first()?;
        let span: Span = match self {
            Self::Century(_) => 100.years(),
            Self::Decade(_) => 10.years(),
            Self::Year(_) => 1.year(),
            Self::Half(..) => 6.months(),
            Self::Quarter(..) | Self::Season(..) => 3.months(),
            Self::Month(..) => 1.month(),
            Self::Week(..) => 7.days(),
            Self::Weekend(..) => 2.days(),
            _ => 1.day(),
        };
        first.checked_add(span).ok()?.yesterday().ok()
    }

    /// The span of a unit that holds this one's first day; itself if it is no smaller.
    pub(crate) fn widen(&self, unit: Unit) -> Option<Self> {
        if self.unit() >= unit && unit != Unit::Weekend {
            return (self.unit() == unit).then(|| self.clone());
        }
        // A week belongs to the month and year of its Thursday.
        let date = if matches!(self, Self::Week(..)) { self.first()?.checked_add(3.days()).ok()? } else { self.first()? };
        Self::around(date, unit)
    }

    /// The span of a unit that holds a day.
    pub(crate) fn around(date: Date, unit: Unit) -> Option<Self> {
        let (year, month, day) = parts_of(date);
        Some(match unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => Self::Day(year, month, day),
            Unit::Weekend => {
                let (year, week) = week_of(date);
                Self::Weekend(year, week)
            }
            Unit::Week | Unit::Fortnight => {
                let (year, week) = week_of(date);
                Self::Week(year, week)
            }
            Unit::Month => Self::Month(year, month),
            Unit::Quarter => Self::Quarter(year, month.div_ceil(3)),
            Unit::Year => Self::Year(year),
            Unit::Decade => Self::Decade(year / 10),
            Unit::Century => Self::Century(year / 100),
            Unit::Millennium => return None,
        })
    }

    /// The same kind of span, `count` steps later.
    pub(crate) fn step(&self, count: i32) -> Option<Self> {
        let months = |year: i32, index: i32, per_year: i32| -> (i32, u8) {
            let total = index - 1 + count;
            let year = add_years(year, total.div_euclid(per_year));
            (year, u8::try_from(total.rem_euclid(per_year) + 1).unwrap_or(1))
        };
        if count.abs() > 100_000 {
            return None;
        }
        Some(match *self {
            Self::Century(century) => Self::Century(century + count),
            Self::Decade(decade) => Self::Decade(decade + count),
            Self::Year(year) => Self::Year(add_years(year, count)),
            Self::Half(year, half) => {
                let (year, half) = months(year, i32::from(half), 2);
                Self::Half(year, half)
            }
            Self::Quarter(year, quarter) => {
                let (year, quarter) = months(year, i32::from(quarter), 4);
                Self::Quarter(year, quarter)
            }
            Self::Season(year, season) => {
                let (year, season) = months(year, i32::from(season), 4);
                Self::Season(year, season)
            }
            Self::Month(year, month) => {
                let (year, month) = months(year, i32::from(month), 12);
                Self::Month(year, month)
            }
            Self::Week(year, week) => {
                Self::around(monday(year, week)?.checked_add((i64::from(count) * 7).days()).ok()?, Unit::Week)?
            }
            Self::Weekend(year, week) => {
                Self::around(monday(year, week)?.checked_add((i64::from(count) * 7).days()).ok()?, Unit::Weekend)?
            }
            Self::Day(year, month, day) | Self::Part(year, month, day, _) | Self::Time(year, month, day, _) => {
                Self::day(date_of(year, month, day)?.checked_add(i64::from(count).days()).ok()?)
            }
        })
    }

    /// The time `count` units later, as exactly as both allow: a day moved by months stays a day.
    pub(crate) fn moved(&self, count: i32, unit: Unit) -> Option<Self> {
        let own = self.unit();
        if own == unit || matches!((own, unit), (Unit::Hour, Unit::Day)) {
            return self.step(count);
        }
        if count.abs() > 100_000 {
            return None;
        }
        if own > unit {
            // A month moved by days: where it begins, moved, is not known to the day.
            return None;
        }
        let years = match unit {
            Unit::Year => count,
            Unit::Decade => count.checked_mul(10)?,
            Unit::Century => count.checked_mul(100)?,
            Unit::Millennium => count.checked_mul(1000)?,
            _ => 0,
        };
        if years != 0 || count == 0 {
            return match *self {
                Self::Half(year, half) => Some(Self::Half(add_years(year, years), half)),
                Self::Quarter(year, quarter) => Some(Self::Quarter(add_years(year, years), quarter)),
                Self::Season(year, season) => Some(Self::Season(add_years(year, years), season)),
                Self::Month(year, month) => Some(Self::Month(add_years(year, years), month)),
                Self::Year(year) => Some(Self::Year(add_years(year, years))),
                Self::Decade(_) | Self::Century(_) => self.widen(unit)?.step(count),
                _ => {
                    let (year, month, day) = parts_of(self.first()?);
                    let year = add_years(year, years);
                    date_of(year, month, day).or_else(|| date_of(year, month, 28)).map(Self::day)
                }
            };
        }
        let months = match unit {
            Unit::Month => count,
            Unit::Quarter => count.checked_mul(3)?,
            _ => 0,
        };
        let date = self.first()?;
        if months != 0 {
            return match self {
                Self::Month(..) => self.step(months),
                _ => date.checked_add(i64::from(months).months()).ok().map(Self::day),
            };
        }
        let days = match unit {
            Unit::Week => count.checked_mul(7)?,
            Unit::Fortnight => count.checked_mul(14)?,
            Unit::Weekend => count.checked_mul(7)?,
            _ => count,
        };
        date.checked_add(i64::from(days).days()).ok().map(Self::day)
    }

    /// TIMEX3 value.
    pub(crate) fn timex(&self) -> String {
        match self {
            Self::Century(century) => {
                if *century < 0 {
                    format!("BC{:02}", -century)
                } else {
                    format!("{century:02}")
                }
            }
            Self::Decade(decade) => {
                if *decade < 0 {
                    format!("BC{:03}", -decade)
                } else {
                    format!("{decade:03}")
                }
            }
            Self::Year(year) => year_text(*year),
            Self::Half(year, half) => format!("{}-H{half}", year_text(*year)),
            Self::Quarter(year, quarter) => format!("{}-Q{quarter}", year_text(*year)),
            Self::Season(year, season) => format!("{}-{}", year_text(*year), SEASONS[usize::from(season - 1)]),
            Self::Month(year, month) => format!("{}-{month:02}", year_text(*year)),
            Self::Week(year, week) => format!("{}-W{week:02}", year_text(*year)),
            Self::Weekend(year, week) => format!("{}-W{week:02}-WE", year_text(*year)),
            Self::Day(year, month, day) => format!("{}-{month:02}-{day:02}", year_text(*year)),
            Self::Part(year, month, day, part) | Self::Time(year, month, day, part) => {
                format!("{}-{month:02}-{day:02}T{part}", year_text(*year))
            }
        }
    }

    /// Extended Date/Time Format. Weeks and weekends, which it cannot spell, become intervals of days; times of day become their day.
    pub(crate) fn edtf(&self, modifier: Option<Modifier>) -> Option<String> {
        let plain = match self {
            Self::Century(century) if *century >= 0 => format!("{century:02}XX"),
            Self::Decade(decade) if *decade >= 0 => format!("{decade:03}X"),
            Self::Century(_) | Self::Decade(_) => return None,
            Self::Year(year) => edtf_year(*year),
            Self::Half(year, half) => format!("{}-{}", edtf_year(*year), 39 + half),
            Self::Quarter(year, quarter) => format!("{}-{}", edtf_year(*year), 32 + quarter),
            Self::Season(year, season) => format!("{}-{}", edtf_year(*year), 20 + season),
            Self::Month(year, month) => format!("{}-{month:02}", edtf_year(*year)),
            Self::Week(..) | Self::Weekend(..) => {
                let text = |date: Date| {
                    let (year, month, day) = parts_of(date);
                    format!("{}-{month:02}-{day:02}", edtf_year(year))
                };
                return Some(format!("{}/{}", text(self.first()?), text(self.last()?)));
            }
            Self::Day(year, month, day) | Self::Part(year, month, day, _) | Self::Time(year, month, day, _) => {
                format!("{}-{month:02}-{day:02}", edtf_year(*year))
            }
        };
        Some(match modifier {
            Some(Modifier::Approx) => format!("{plain}~"),
            Some(Modifier::Before | Modifier::EqualOrLess | Modifier::LessThan) => format!("../{plain}"),
            Some(Modifier::After | Modifier::EqualOrMore | Modifier::MoreThan) => format!("{plain}/.."),
            _ => plain,
        })
    }
}

/// Monday of an ISO week.
fn monday(year: i32, week: u8) -> Option<Date> {
    let week = jiff::civil::ISOWeekDate::new(i16::try_from(year).ok()?, i8::try_from(week).ok()?, Weekday::Monday).ok()?;
    Some(week.date())
}

/// Easter Sunday of a year of the Gregorian calendar (the anonymous algorithm of Meeus).
fn easter(year: i16) -> Option<Date> {
    let year_number = i32::from(year);
    let (a, b, c) = (year_number % 19, year_number / 100, year_number % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let month = (h + l - 7 * m + 114) / 31;
    let day = (h + l - 7 * m + 114) % 31 + 1;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The `nth` weekday of a month; the last one for -1.
pub(crate) fn nth_weekday(year: i32, month: u8, nth: i8, weekday: i8) -> Option<Date> {
    let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
    date_of(year, month, 1)?.nth_weekday_of_month(nth, weekday).ok()
}

/// The day of a holiday in a year.
pub(crate) fn holiday(name: &str, year: i32) -> Option<Date> {
    let fixed = |month: u8, day: u8| date_of(year, month, day);
    let nth = |month: u8, nth: i8, weekday: i8| nth_weekday(year, month, nth, weekday);
    let from_easter = |days: i64| easter(i16::try_from(year).ok().filter(|year| *year > 1582)?)?.checked_add(days.days()).ok();
    match name {
        "christmas" => fixed(12, 25),
        "christmas-eve" => fixed(12, 24),
        "boxing-day" => fixed(12, 26),
        "new-year" => fixed(1, 1),
        "new-year-eve" => fixed(12, 31),
        "epiphany" => fixed(1, 6),
        "easter" => from_easter(0),
        "easter-monday" => from_easter(1),
        "good-friday" => from_easter(-2),
        "palm-sunday" => from_easter(-7),
        "ash-wednesday" => from_easter(-46),
        "ascension" => from_easter(39),
        "pentecost" => from_easter(49),
        "whit-monday" => from_easter(50),
        "corpus-christi" => from_easter(60),
        "all-saints" => fixed(11, 1),
        "all-souls" => fixed(11, 2),
        "halloween" => fixed(10, 31),
        "valentine" => fixed(2, 14),
        "st-patrick" => fixed(3, 17),
        "april-fools" => fixed(4, 1),
        "bastille" => fixed(7, 14),
        "armistice" => fixed(11, 11),
        "may-day" => fixed(5, 1),
        "victory-day" => fixed(5, 9),
        "earth-day" => fixed(4, 22),
        "canada-day" => fixed(7, 1),
        "australia-day" => fixed(1, 26),
        "anzac-day" => fixed(4, 25),
        "us-thanksgiving" => nth(11, 4, 4),
        "us-independence" => fixed(7, 4),
        "us-labor" => nth(9, 1, 1),
        "us-memorial" => nth(5, -1, 1),
        "us-veterans" => fixed(11, 11),
        "us-mlk" => nth(1, 3, 1),
        "us-presidents" => nth(2, 3, 1),
        "us-columbus" => nth(10, 2, 1),
        "us-flag" => fixed(6, 14),
        "us-inauguration" => fixed(1, 20),
        "us-mothers" => nth(5, 2, 7),
        "us-fathers" => nth(6, 3, 7),
        "us-election" => nth(11, 1, 1)?.tomorrow().ok(),
        _ => None,
    }
}
