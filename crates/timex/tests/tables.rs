//! The tables of English load, and lines with dates are read.
use chancery_timex::{Language, dates_in};
use jiff::civil::date;

#[test]
fn the_tables_load() {
    let read = |name: &str| {
        std::fs::read_to_string(format!("{}/../../rules/en/{name}", env!("CARGO_MANIFEST_DIR")))
            .expect("the table is in the repository")
    };
    let built = Language::from_toml(&read("time-words.toml"), &read("time-patterns.toml"), &read("time-cues.toml"));
    assert_eq!(built.err().map(|error| error.to_string()), None);
}

#[test]
fn a_line_gives_its_dates() {
    let only = |line: &str| {
        let dates = dates_in(line);
        assert_eq!(dates.len(), 1, "{line}: {dates:?}");
        dates[0]
    };
    let found = only("Agency.example, 25 Oct 2016 - 13:15");
    assert_eq!((found.date(), found.time), (Some(date(2016, 10, 25)), Some((13, 15))));
    assert_eq!(only("Posted on Oct. 25th, 2016 at 1:15 p.m.").time, Some((13, 15)));
    assert_eq!(only("2016-10-25").date(), Some(date(2016, 10, 25)));
    assert_eq!(only("25.10.2016").date(), Some(date(2016, 10, 25)));
    assert_eq!(only("10/25/2016").date(), Some(date(2016, 10, 25)));
    assert!(dates_in("04/05/2016").is_empty(), "day and month could be either way around");
    assert!(dates_in("31 April 2016").is_empty());
}

#[test]
fn a_weekday_gives_the_year_only_if_it_decides() {
    let line = dates_in("Tuesday, January 30");
    assert_eq!(line[0].date_among(2015..=2018), Some(date(2018, 1, 30)));
    assert_eq!(line[0].date_among(2012..=2018), Some(date(2018, 1, 30)));
    assert_eq!(line[0].date_among(2007..=2018), None, "2007 fits as well");
    assert_eq!(dates_in("January 30")[0].date_among(2015..=2018), None);
}
