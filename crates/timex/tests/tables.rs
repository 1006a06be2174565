//! The tables of English load, and lines with dates are read.
use chancery_timex::{Language, Options, dates_in, tag};
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

/// The sentences that a rule brings along: what stands in brackets is left alone in those of `yes` and read in those of `no`.
#[test]
fn rules_hold_in_their_own_sentences() {
    let source = std::fs::read_to_string(format!("{}/../../rules/en/time-patterns.toml", env!("CARGO_MANIFEST_DIR")))
        .expect("the table is in the repository");
    let table: toml::Table = source.parse().expect("the table is sound");
    let mut checked = 0;
    for rule in table["rule"].as_array().expect("rules") {
        for (list, left_alone) in [("yes", true), ("no", false)] {
            for sentence in rule.get(list).and_then(toml::Value::as_array).into_iter().flatten() {
                let sentence = sentence.as_str().expect("a sentence");
                let (before, rest) = sentence.split_once('[').expect("a mark");
                let (words, after) = rest.split_once(']').expect("a mark that ends");
                let text = format!("{before}{words}{after}");
                let found = tag(&text, &Options::written(None));
                let read = found.iter().any(|timex| timex.start < before.len() + words.len() && timex.end > before.len());
                assert_eq!(read, !left_alone, "{}: {sentence}: {found:?}", rule["name"].as_str().unwrap_or_default());
                checked += 1;
            }
        }
    }
    assert!(checked > 0, "no rule brings sentences along");
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
