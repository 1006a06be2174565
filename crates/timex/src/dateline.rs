//! Reads the date of a line such as "Agency.example, 25 Oct 2016 - 13:15": calendar dates alone, nothing relative.
use crate::calendar::weekday_number;
use crate::cue::Cue;
use crate::language::{Language, Slot};
use crate::token::{Form, Token, tokens};
use jiff::civil::Date;

/// A calendar date that stands in a line of text. Offsets are bytes into that line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineDate {
    /// First byte of the date (or of its time of day or weekday, if that stands first).
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The year, where it is written.
    pub year: Option<i16>,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31; a line that gives no day gives no date.
    pub day: i8,
    /// 1 (Monday) to 7, where it is written.
    pub weekday: Option<i8>,
    /// Hour (0 to 23) and minute, where written beside the date.
    pub time: Option<(i8, i8)>,
}

impl LineDate {
    /// The day, if the year is written and the day exists.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        Date::new(self.year?, self.month, self.day).ok()
    }

    /// The day, where a missing year follows from the weekday: "Tuesday, January 30" among 2015 to 2018 can only be 2018.
    /// `None` if no year of the range fits, or more than one: nothing is guessed. A written year must agree with a written
    /// weekday only in so far as the day exists: papers misprint weekdays.
    #[must_use]
    pub fn date_among(&self, years: impl IntoIterator<Item = i16>) -> Option<Date> {
        if self.year.is_some() {
            return self.date();
        }
        let mut found = None;
        for year in years {
            let Ok(date) = Date::new(year, self.month, self.day) else { continue };
            if self.weekday.is_some_and(|weekday| weekday_number(date) != weekday) {
                continue;
            }
            if found.is_some_and(|other| other != date) {
                return None;
            }
            found = Some(date);
        }
        found
    }
}

/// All calendar dates of a line of English: `25 Oct 2016`, `Oct. 25th, 2016`, `2016-10-25`, `25/10/2016`, `25.10.2016`, `Tuesday, January 30`,
/// each with a weekday and time of day that stand directly beside it. Slashed dates are read day first unless only month first is possible
/// (`10/25/2016`); one that can be read both ways (`04/05/2016`) is left out, since it would be a guess.
/// Takes time linear in the line's length.
#[must_use]
pub fn dates_in(line: &str) -> Vec<LineDate> {
    let language = Language::english();
    let tokens = tokens(line, language);
    let mut dates = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match date_at(&tokens, language, at) {
            Some((date, next)) => {
                dates.push(beside(&tokens, language, date, at, next));
                at = next;
            }
            None => at += 1,
        }
    }
    dates
}

fn slot(tokens: &[Token], language: &Language, at: usize, slot: Slot) -> Option<i64> {
    language.number(tokens.get(at)?, slot)
}

/// Skips one comma or full stop.
fn comma(tokens: &[Token], at: usize) -> usize {
    at + usize::from(tokens.get(at).is_some_and(|token| matches!(token.form, Form::Mark(b',' | b'.'))))
}

fn date_at(tokens: &[Token], language: &Language, at: usize) -> Option<(LineDate, usize)> {
    let token = tokens.get(at)?;
    let whole = |year: i32, month: u8, day: u8| {
        let date = LineDate {
            start: token.start,
            end: token.end,
            year: i16::try_from(year).ok(),
            month: i8::try_from(month).ok()?,
            day: i8::try_from(day).ok()?,
            weekday: None,
            time: None,
        };
        date.date().map(|_| (date, at + 1))
    };
    match token.form {
        Form::Calendar { year, month, day, ambiguous: false } => {
            return whole(year, month, day);
        }
        Form::Calendar { ambiguous: true, .. } => return None,
        _ => {}
    }
    let mut next = at;
    let (month, day) = if let Some(month) = slot(tokens, language, at, Slot::Month) {
        let day_at = comma(tokens, at + 1);
        let day_at = day_at + usize::from(language.is(tokens.get(day_at), Cue::The));
        let day = slot(tokens, language, day_at, Slot::Day).or_else(|| slot(tokens, language, day_at, Slot::Ordinal))?;
        next = next.max(day_at + 1);
        (month, day)
    } else {
        let day = slot(tokens, language, at, Slot::Day).or_else(|| slot(tokens, language, at, Slot::Ordinal))?;
        let mut month_at = comma(tokens, at + 1);
        month_at += usize::from(language.is(tokens.get(month_at), Cue::Of));
        let month = slot(tokens, language, month_at, Slot::Month)?;
        next = next.max(month_at + 1);
        (month, day)
    };
    let year_at = comma(tokens, next);
    let year = slot(tokens, language, year_at, Slot::Year);
    if year.is_some() {
        next = year_at + 1;
    }
    let date = LineDate {
        start: token.start,
        end: tokens.get(next.checked_sub(1)?)?.end,
        year: year.and_then(|year| i16::try_from(year).ok()),
        month: i8::try_from(month).ok()?,
        day: i8::try_from(day).ok()?,
        weekday: None,
        time: None,
    };
    // The 29th of February exists in some year; the 31st of April in none.
    Date::new(date.year.unwrap_or(2000), date.month, date.day).ok()?;
    Some((date, next))
}

/// Takes in a weekday before the date, and a time of day on either side, with commas, dashes, "at" or "-" between.
fn beside(tokens: &[Token], language: &Language, mut date: LineDate, first: usize, next: usize) -> LineDate {
    let filler = |token: &Token| {
        matches!(token.form, Form::Mark(b',' | b'-' | b'|' | b'.' | b'(' | b'/')) || language.marked(token, Cue::At)
    };
    let clock = |at: usize| -> Option<(i8, i8)> {
        let Form::Clock { hour, minute, .. } = tokens.get(at)?.form else { return None };
        let half = slot(tokens, language, at + 1, Slot::Meridiem);
        let hour = match half {
            Some(0) if hour == 12 => 0,
            Some(12) if hour < 12 => hour + 12,
            _ => hour,
        };
        Some((i8::try_from(hour).ok()?, i8::try_from(minute).ok()?))
    };
    let mut before = first;
    while before > 0 && first - before < 2 && tokens.get(before - 1).is_some_and(filler) {
        before -= 1;
    }
    if before > 0 {
        if let Some(weekday) = slot(tokens, language, before - 1, Slot::Weekday) {
            date.weekday = i8::try_from(weekday).ok();
            date.start = tokens[before - 1].start;
        } else if let Some(time) = clock(before - 1) {
            date.time = Some(time);
            date.start = tokens[before - 1].start;
        }
    }
    let mut after = next;
    while after - next < 3 && tokens.get(after).is_some_and(filler) {
        after += 1;
    }
    if let Some(time) = clock(after) {
        date.time = Some(time);
        date.end = tokens[after].end;
        if slot(tokens, language, after + 1, Slot::Meridiem).is_some() {
            date.end = tokens[after + 1].end;
        }
    }
    date
}
