//! The day of publication and what it rests on. Nothing is guessed: no sign of a date, no date.
use crate::dates::{self, PrintedDate, PrintedDay};
use crate::structure::Layout;
use crate::words::{Words, fold};
use chancery_agreement::{BlockKind, DateBasis, Notice, Published, Span};
use jiff::civil::{Date, date};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Days before this one and after that one are slips of a machine (an epoch, a field of zeros), not days of publication.
const EARLIEST: Date = date(1700, 1, 1);
const LATEST: Date = date(2100, 1, 1);

/// A date out of a field of metadata.
///
/// # Errors
/// A notice where the field holds something that is not one day beyond doubt.
pub(crate) fn from_field(field: &str) -> Result<Published, Notice> {
    let field = field.trim();
    let bad = || Notice::remark("bad-date", format!("`{}` is no date of publication; write it as 2018-01-30", shortened(field)));
    let (day, time) = if let Some(date) = dates::find(field).into_iter().next() {
        match date.day {
            PrintedDay::Full(day) => (day, date.time),
            PrintedDay::Yearless { .. } => return Err(bad()),
        }
    } else {
        (compact(field).or_else(|| seconds(field)).ok_or_else(bad)?, None)
    };
    if !(EARLIEST..LATEST).contains(&day) {
        return Err(bad());
    }
    Ok(Published { value: day.to_string(), time, basis: DateBasis::Metadata, span: None, confidence: 0.99 })
}

fn shortened(field: &str) -> String {
    field.chars().take(40).collect()
}

/// `20180130`, `20180130T131500Z`.
fn compact(field: &str) -> Option<Date> {
    let digits = field.get(..8).filter(|head| head.bytes().all(|byte| byte.is_ascii_digit()))?;
    if field.get(8..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.len() != 6) {
        return None;
    }
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<i16>().ok());
    let day = Date::new(part(0, 4)?, i8::try_from(part(4, 6)?).ok()?, i8::try_from(part(6, 8)?).ok()?).ok()?;
    (1700..2100).contains(&day.year()).then_some(day)
}

/// Seconds or milliseconds since 1970, as many dumps have them.
fn seconds(field: &str) -> Option<Date> {
    if !(9..=13).contains(&field.len()) {
        return None;
    }
    let number: i64 = field.split('.').next()?.parse().ok()?;
    let seconds = if number > 100_000_000_000 { number / 1000 } else { number };
    let day = jiff::Timestamp::from_second(seconds).ok()?.to_zoned(jiff::tz::TimeZone::UTC).date();
    (1990..2100).contains(&day.year()).then_some(day)
}

/// The date that the text or the file's name shows, in the order of how much it can be relied on.
pub(crate) fn from_text(text: &str, layout: &Layout, source: &str, words: &Words) -> Option<Published> {
    from_date_line(text, layout, words).or_else(|| from_name(source)).or_else(|| from_caption(text, layout, words))
}

fn from_date_line(text: &str, layout: &Layout, words: &Words) -> Option<Published> {
    let printed: &PrintedDate = layout.date.as_ref()?;
    let (day, confidence) = match printed.day {
        PrintedDay::Full(day) => (day, 0.95),
        PrintedDay::Yearless { weekday: Some(weekday), month, day } => {
            // The report cannot be older than what it tells as past, and is hardly more than two years younger.
            let earliest = latest_past(text, layout, words)?;
            (dates::year_by_weekday(weekday, month, day, earliest, 2)?, 0.75)
        }
        PrintedDay::Yearless { weekday: None, .. } => return None,
    };
    Some(Published {
        value: day.to_string(),
        time: printed.time.clone(),
        basis: DateBasis::Dateline,
        span: Some(printed.span),
        confidence,
    })
}

/// The latest day that the story tells of as past: its first possible day where only month or year are named.
fn latest_past(text: &str, layout: &Layout, words: &Words) -> Option<Date> {
    let mut latest: Option<Date> = None;
    for block in layout.blocks.iter().filter(|block| block.kind.is_story()) {
        let line = block.span.of(text);
        let full: Vec<PrintedDate> = dates::find(line);
        for date in &full {
            if let PrintedDay::Full(day) = date.day
                && !is_future(line, date.span.start(), words)
            {
                latest = latest.max(Some(day));
            }
        }
        for (at, year) in years(line) {
            let within = full.iter().any(|date| date.span.start() <= at && at < date.span.end());
            if !within && !is_future(line, at, words) {
                latest = latest.max(Date::new(year, 1, 1).ok());
            }
        }
    }
    latest
}

/// Four digits on their own that are a year of our time.
fn years(line: &str) -> Vec<(usize, i16)> {
    let mut years = Vec::new();
    for (at, word) in words_at(line) {
        if word.len() == 4
            && word.bytes().all(|byte| byte.is_ascii_digit())
            && let Ok(year) = word.parse::<i16>()
            && (1900..2100).contains(&year)
        {
            years.push((at, year));
        }
    }
    years
}

fn words_at(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let start_of = |word: &str| word.as_ptr() as usize - line.as_ptr() as usize;
    line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(move |word| (start_of(word), word))
}

/// True where one of the four words before `at` points ahead.
fn is_future(line: &str, at: usize, words: &Words) -> bool {
    let before = line.get(..at).unwrap_or("");
    before
        .rsplit(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(4)
        .any(|word| words.future_cues.contains(&fold(word)))
}

/// The day on which the picture was taken, where the caption gives it and the story tells of nothing later.
fn from_caption(text: &str, layout: &Layout, words: &Words) -> Option<Published> {
    let latest = latest_full_day(text, layout, words);
    layout.blocks.iter().filter(|block| block.kind == BlockKind::Caption).find_map(|block| {
        let line = block.span.of(text);
        let folded = fold(line);
        if folded.split(' ').any(|word| words.caption_archive.iter().any(|archive| archive == word)) {
            return None;
        }
        let date = dates::find(line).into_iter().next()?;
        let PrintedDay::Full(day) = date.day else { return None };
        if latest.is_some_and(|latest| latest > day) {
            return None;
        }
        let span = Span::new(block.span.start() + date.span.start(), block.span.start() + date.span.end());
        Some(Published { value: day.to_string(), time: None, basis: DateBasis::Text, span: Some(span), confidence: 0.5 })
    })
}

fn latest_full_day(text: &str, layout: &Layout, words: &Words) -> Option<Date> {
    let story = layout.blocks.iter().filter(|block| block.kind.is_story());
    story
        .flat_map(|block| {
            let line = block.span.of(text);
            dates::find(line).into_iter().filter(move |date| !is_future(line, date.span.start(), words))
        })
        .filter_map(|date| match date.day {
            PrintedDay::Full(day) => Some(day),
            PrintedDay::Yearless { .. } => None,
        })
        .max()
}

/// A day in the name of the file (`2018-01-30-pact.txt`, `pact_20180130.html`, `30Jan2018.txt`).
fn from_name(source: &str) -> Option<Published> {
    let path = source.split('#').next().unwrap_or(source);
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let day = day_in_name(name)?;
    Some(Published { value: day.to_string(), time: None, basis: DateBasis::Filename, span: None, confidence: 0.7 })
}

fn day_in_name(name: &str) -> Option<Date> {
    let plain = |day: Date| (1980..2100).contains(&day.year()).then_some(day);
    let spaced = spread(name);
    let printed = dates::find(&spaced).into_iter().find_map(|date| match date.day {
        PrintedDay::Full(day) => plain(day),
        PrintedDay::Yearless { .. } => None,
    });
    // Eight digits that are part of a longer number are a key, not a day.
    printed.or_else(|| {
        name.split(|c: char| !c.is_ascii_alphanumeric())
            .find_map(|word| (word.len() == 8).then(|| compact(word)).flatten())
            .and_then(plain)
    })
}

/// `10Mar2005` as `10 Mar 2005`, underscores as spaces.
fn spread(name: &str) -> String {
    let mut spaced = String::with_capacity(name.len() + 8);
    let mut last: Option<char> = None;
    for letter in name.chars() {
        let turns = last.is_some_and(|last| {
            last.is_ascii_digit() != letter.is_ascii_digit() && last.is_alphanumeric() && letter.is_alphanumeric()
        });
        if turns {
            spaced.push(' ');
        }
        spaced.push(if letter == '_' { ' ' } else { letter });
        last = Some(letter);
    }
    spaced
}

/// The day in UTC of a time with its zone (`2018-01-30 23:15:00+04:00`); none where no zone is shown.
#[must_use]
pub fn day_in_utc(time: &str) -> Option<String> {
    let time = time.trim().replacen(' ', "T", 1);
    let stamp: jiff::Timestamp = time.parse().ok()?;
    Some(stamp.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
}

/// Dates of publication that a page keeps for its own scripts: in `data-` attributes of elements, and under such names in
/// the data that its scripts hold. The day of a change has another name.
static KEPT_BY_PAGE: LazyLock<Regex> = LazyLock::new(|| {
    let names = "publish(?:ed)?[-_]?(?:date|time|at|on|dt)|date[-_]?published|first[-_]?published(?:[-_]?(?:date|time|at))?|publication[-_]?date|pub[-_]?date|posted[-_]?(?:at|on|date)|date[-_]?posted|deploy[-_]?(?:date|dt|at)|release[-_]?(?:date|dt)";
    Regex::new(&format!(
        r#"(?i-u)(?:[ \t\r\n]data-(?:article-|post-|story-)?(?:{names})[ ]?=[ ]?["']|"(?:{names})\\{{0,3}}"[ ]?:[ ]?(?:\\{{0,3}}")?)([0-9A-Za-z][-0-9A-Za-z:.,/+ ]{{5,39}})"#
    ))
    .expect("a fixed pattern")
});

/// Longest part of a page that is searched, in bytes, and most places that are looked at.
const MOST_SEARCHED: (usize, usize) = (8 << 20, 200);

/// The day that a page keeps for its own scripts. Pages hold the days of other stories in the same way: where there are
/// several, none is taken.
pub(crate) fn from_scripts(html: &str) -> Option<Published> {
    let end = (0..=html.len().min(MOST_SEARCHED.0)).rev().find(|at| html.is_char_boundary(*at))?;
    let mut found: Option<Published> = None;
    let mut days = BTreeSet::new();
    for captures in KEPT_BY_PAGE.captures_iter(html.get(..end)?).take(MOST_SEARCHED.1) {
        let Some(published) = captures.get(1).and_then(|field| from_field(field.as_str()).ok()) else { continue };
        days.insert(published.value.clone());
        found.get_or_insert(published);
    }
    found.filter(|_| days.len() == 1).map(|published| Published { confidence: 0.85, ..published })
}

/// A day with its year has at least so many digits (`4mar11`).
const FEWEST_DIGITS: usize = 3;

/// A day in an address (`/2018/01/30/`, `/30/01/2018/`, `2018-01-30`).
pub(crate) fn from_address(url: &str) -> Option<Published> {
    let path = url.split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split('/').collect();
    // Three numbers in a row, or a date within one part.
    let numbers = parts.windows(3).filter(|three| three.iter().all(|part| part.len() <= 4 && part.parse::<u16>().is_ok()));
    let candidates = numbers.map(|three| three.join("/")).chain(parts.iter().map(|part| (*part).to_owned()));
    let dated = candidates.filter(|words| words.bytes().filter(u8::is_ascii_digit).count() >= FEWEST_DIGITS);
    let day = dated.flat_map(|words| dates::find(&words)).find_map(|date| match date.day {
        PrintedDay::Full(day) if (EARLIEST..LATEST).contains(&day) => Some(day),
        _ => None,
    })?;
    Some(Published { value: day.to_string(), time: None, basis: DateBasis::Metadata, span: None, confidence: 0.8 })
}

#[cfg(test)]
mod tests {
    use super::{from_address, from_field, from_name, from_scripts};

    fn field(text: &str) -> String {
        match from_field(text) {
            Ok(published) => format!("{} {}", published.value, published.time.unwrap_or_default()).trim().to_owned(),
            Err(notice) => notice.code.to_owned(),
        }
    }

    #[test]
    fn fields_of_many_dumps_are_read() {
        assert_eq!(field("2018-01-30"), "2018-01-30");
        assert_eq!(field("2018-01-30 13:15:00"), "2018-01-30 13:15:00");
        assert_eq!(field("2018-01-30T13:15:00.000+0400"), "2018-01-30 13:15:00+04:00");
        assert_eq!(field("Tue, 30 Jan 2018 13:15:00 GMT"), "2018-01-30 13:15:00Z");
        assert_eq!(field("20180130"), "2018-01-30");
        assert_eq!(field("1517318100"), "2018-01-30");
        assert_eq!(field("1517318100000"), "2018-01-30");
    }

    #[test]
    fn what_is_no_day_is_said_to_be_none() {
        for bad in ["2018-13-45", "0000-00-00", "yesterday", "3/4/2018", "9999-12-31", "Tuesday, January 30", ""] {
            assert_eq!(field(bad), "bad-date", "{bad}");
        }
    }

    #[test]
    fn pages_keep_the_day_for_their_scripts() {
        let day = |html: &str| from_scripts(html).map(|published| published.value);
        assert_eq!(
            day("<b data-deploy-dt=\"2011.03.04 09:05\" data-re-deploy-dt=\"2011.03.06 10:00\">").as_deref(),
            Some("2011-03-04")
        );
        assert_eq!(day("<script>{\"a\":1,\"publishedAt\":\"2011-03-04T09:05:00Z\"}</script>").as_deref(), Some("2011-03-04"));
        assert_eq!(
            day(r#"<script>f("{\"datePublished\":\"2011-03-04\",\"dateModified\":\"2011-03-09\"}")</script>"#).as_deref(),
            Some("2011-03-04")
        );
        assert_eq!(
            day("<script>{\"publishedAt\":\"2011-03-04\"},{\"publishedAt\":\"2011-03-05\"}</script>"),
            None,
            "a list of stories"
        );
        assert_eq!(day("<b data-updated-at=\"2011-03-04\">"), None);
    }

    #[test]
    fn names_and_addresses_may_show_the_day() {
        let name = |source: &str| from_name(source).map(|published| published.value);
        assert_eq!(name("a/10Mar2005Roe32.txt").as_deref(), Some("2005-03-10"));
        assert_eq!(name("a/pact_20050310.txt").as_deref(), Some("2005-03-10"));
        assert_eq!(name("2005-03-10/a.txt"), None);
        assert_eq!(name("a/200503101234.txt"), None);
        let address = |url: &str| from_address(url).map(|published| published.value);
        assert_eq!(address("https://herald.example/2005/3/10/pact").as_deref(), Some("2005-03-10"));
        assert_eq!(address("https://herald.example/14/03/2005/pact").as_deref(), Some("2005-03-14"));
        assert_eq!(address("https://herald.example/04/03/2005/pact"), None);
    }
}
