//! What English expressions mean, each in a sentence of its own. `check` is the only place that touches the API.
use chancery_timex::{Genre, Kind, Options, Reference, Syntax, Tense, Timex, tag};

fn tagged(text: &str, written: &str) -> Vec<Timex> {
    tag(text, &Options::written(Reference::parse(written)).with_genre(Genre::News))
}

/// The expressions of a text written on a day: words and TIMEX3 value, in order.
#[track_caller]
fn check(written: &str, text: &str, expected: &[(&str, &str)]) {
    let found = tagged(text, written);
    let found: Vec<(&str, &str)> =
        found.iter().map(|timex| (&text[timex.start..timex.end], timex.value.as_deref().unwrap_or("-"))).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn explicit_dates_in_every_usual_order() {
    for (words, value) in [
        ("Nov. 1, 2009", "2009-11-01"),
        ("November 1st, 2009", "2009-11-01"),
        ("1 November 2009", "2009-11-01"),
        ("the 1st of November 2009", "2009-11-01"),
        ("1 November, 2009", "2009-11-01"),
        ("Sunday, November 1, 2009", "2009-11-01"),
        ("Sunday 1 November 2009", "2009-11-01"),
        ("2009-11-01", "2009-11-01"),
        ("13/11/2009", "2009-11-13"),
        ("11/13/2009", "2009-11-13"),
        ("13.11.2009", "2009-11-13"),
        ("November 2009", "2009-11"),
        ("November, 2009", "2009-11"),
        ("November of 2009", "2009-11"),
        ("late November, 2014", "2014-11"),
        ("mid-September 2011", "2011-09"),
    ] {
        check("2016-05-04", &format!("The pact was signed on {words}, they say."), &[(words, value)]);
    }
}

#[test]
fn years_and_what_is_wider_or_narrower() {
    check("2016-05-04", "It must be ready by the end of 2016.", &[("the end of 2016", "2016")]);
    check("2016-05-04", "The levy of 2008-2014 is gone.", &[("2008", "2008"), ("2014", "2014")]);
    check("2016-05-04", "It grew in the 1990s and the late 1980s.", &[("the 1990s", "199"), ("the late 1980s", "198")]);
    check("2016-05-04", "The bridge is of the 19th century.", &[("the 19th century", "18")]);
    check("2016-05-04", "They met in the summer of 1955.", &[("the summer of 1955", "1955-SU")]);
    check("2016-05-04", "Output fell in the third quarter of 2015.", &[("the third quarter of 2015", "2015-Q3")]);
    check("2016-05-04", "Output fell in the first half of 2015.", &[("the first half of 2015", "2015-H1")]);
    check("2016-05-04", "Talks resumed in January nineteen ninety-seven.", &[("January nineteen ninety-seven", "1997-01")]);
    check("2016-05-04", "The wall was built in 480 BC.", &[("480 BC", "BC0480")]);
}

#[test]
fn days_counted_from_the_day_of_writing() {
    check("2015-03-18", "They met yesterday and will meet tomorrow.", &[("yesterday", "2015-03-17"), ("tomorrow", "2015-03-19")]);
    check("2015-03-18", "He left on Monday.", &[("Monday", "2015-03-16")]);
    check("2015-03-18", "He will leave on Monday.", &[("Monday", "2015-03-23")]);
    check(
        "2015-03-18",
        "He left last Friday and returns next week.",
        &[("last Friday", "2015-03-13"), ("next week", "2015-W13")],
    );
    check("2015-03-18", "It was agreed three days ago.", &[("three days ago", "2015-03-15")]);
    check("2015-03-18", "It was agreed two months ago, in January.", &[("two months ago", "2015-01"), ("January", "2015-01")]);
    check("2015-03-18", "It was agreed five years ago.", &[("five years ago", "2010")]);
    check("2015-03-18", "The council voted earlier this month.", &[("earlier this month", "2015-03")]);
}

#[test]
fn the_year_follows_from_verb_cue_and_nearness() {
    check("2011-10-12", "The mayor resigned in January.", &[("January", "2011-01")]);
    check("2011-10-12", "The mayor will resign in January.", &[("January", "2012-01")]);
    check("1989-10-26", "A dividend is payable Dec. 15.", &[("Dec. 15", "1989-12-15")]);
    check("2015-01-05", "The two sides signed it on December 30.", &[("December 30", "2014-12-30")]);
    check("2018-02-02", "The committee approved it on Tuesday, January 30.", &[("Tuesday, January 30", "2018-01-30")]);
    check("2006-06-29", "They stated that the November 24 deadline is near.", &[("November 24", "2006-11-24")]);
    check("2005-12-19", "At 9pm last night he gave up.", &[("9pm last night", "2005-12-18T21:00")]);
    check("2015-03-18", "The treaty, to be signed on June 2, is long.", &[("June 2", "2015-06-02")]);
}

#[test]
fn years_said_in_words() {
    check("2020-06-21", "The manager spoke in March of last year.", &[("March of last year", "2019-03")]);
    check("2007-12-25", "The war began in July last year.", &[("July last year", "2006-07")]);
    check("2011-03-12", "It must be paid by April 15 of this year.", &[("April 15 of this year", "2011-04-15")]);
    check(
        "2019-10-10",
        "The crash was at 8:30 p.m. BST (1930 UTC) on August 27.",
        &[("8:30 p.m. BST", "2019-10-10T20:30"), ("1930 UTC", "2019-10-10T19:30"), ("August 27", "2019-08-27")],
    );
    check("2007-08-10", "Prices rose late in the day after falling at first.", &[("the day", "XXXX-XX-XX")]);
    check("2008-04-24", "It opened a month earlier than usual.", &[("a month", "P1M")]);
}

#[test]
fn a_story_carries_its_date_along() {
    check(
        "2015-03-18",
        "They met on 3 May 1998. The following day the talks failed.",
        &[("3 May 1998", "1998-05-03"), ("The following day", "1998-05-04")],
    );
    check(
        "2015-03-18",
        "The post fell on 3 May 1998, and six weeks later the war was over.",
        &[("3 May 1998", "1998-05-03"), ("six weeks later", "1998-06-14")],
    );
    check(
        "2015-03-18",
        "It began in June 1998; later that year it spread.",
        &[("June 1998", "1998-06"), ("later that year", "1998")],
    );
    check("2015-03-18", "Shops reopened on January 24 and 25.", &[("January 24", "2015-01-24"), ("25", "2015-01-25")]);
    check("2015-03-18", "It lasted from August to September 1914.", &[("August", "1914-08"), ("September 1914", "1914-09")]);
}

#[test]
fn the_quarter_under_report_is_carried_along() {
    check(
        "1989-10-27",
        "Third-quarter profit rose. Sales in the latest quarter grew from a year earlier.",
        &[("Third-quarter", "1989-Q3"), ("the latest quarter", "1989-Q3"), ("a year earlier", "1988-Q3")],
    );
    check(
        "1989-10-27",
        "For the quarter ended Sept. 30 it lost money.",
        &[("the quarter", "1989-Q3"), ("Sept. 30", "1989-09-30")],
    );
    check("1990-01-15", "Third-quarter profit rose.", &[("Third-quarter", "1989-Q3")]);
}

#[test]
fn lengths_of_time() {
    for (words, value) in [
        ("two decades", "P20Y"),
        ("two and a half years", "P2Y6M"),
        ("a minute and a half", "PT1M30S"),
        ("the past two years", "P2Y"),
        ("more than four hours", "PT4H"),
        ("a few days", "PXD"),
        ("several months", "PXM"),
        ("five years", "P5Y"),
        ("nearly two months", "P2M"),
        ("half a century", "P50Y"),
        ("a quarter of a century", "P25Y"),
        ("three quarters of a century", "P75Y"),
    ] {
        check("2016-05-04", &format!("It went on for {words} in all."), &[(words, value)]);
        assert_eq!(tagged(&format!("It went on for {words} in all."), "2016-05-04")[0].kind, Kind::Duration, "{words}");
    }
    check("2016-05-04", "Prices doubled over the past decade.", &[("the past decade", "P10Y")]);
    check("2016-05-04", "The bridge is of last century.", &[("last century", "19")]);
    check("2016-05-04", "A 10-hour journey ended a five-year wait.", &[("10-hour", "PT10H"), ("five-year", "P5Y")]);
    check("2016-05-04", "He left two months after his team had gone.", &[("two months", "P2M")]);
}

#[test]
fn parts_of_a_length_ago() {
    for (words, value) in [
        ("half a century ago", "196"),
        ("a quarter of a century ago", "199"),
        ("a century and a half ago", "186"),
        ("a century ago", "19"),
        ("half a decade ago", "2011"),
        ("half a year ago", "2015-11"),
        ("a quarter of a year ago", "2016-02"),
        ("a quarter century ago", "199"),
        ("three quarters of a century ago", "194"),
    ] {
        check("2016-05-04", &format!("It was built {words}."), &[(words, value)]);
    }
}

#[test]
fn times_of_day() {
    check("1998-02-13", "He was taken at 10 p.m. Wednesday, police said.", &[("10 p.m. Wednesday", "1998-02-11T22:00")]);
    check("1998-02-13", "The vote was at 15:00 GMT Saturday in Ruritania.", &[("15:00 GMT Saturday", "1998-02-07T15:00")]);
    check("1998-02-13", "They spoke this morning.", &[("this morning", "1998-02-13TMO")]);
    check("1998-02-13", "They spoke on Thursday evening.", &[("Thursday evening", "1998-02-12TEV")]);
    check("1998-02-13", "The ferry leaves at noon.", &[("noon", "1998-02-13T12:00")]);
}

#[test]
fn what_recurs() {
    check("2016-05-04", "They march each July.", &[("each July", "XXXX-07")]);
    check("2016-05-04", "Buses run every day and every Tuesday.", &[("every day", "P1D"), ("every Tuesday", "XXXX-WXX-2")]);
    check("2016-05-04", "It brings in $33 million a year.", &[("a year", "P1Y")]);
}

#[test]
fn holidays_and_ordinals() {
    check("2016-05-04", "They met on Easter Monday 2016.", &[("Easter Monday 2016", "2016-03-28")]);
    check("2016-12-30", "He fell ill on Christmas Day.", &[("Christmas Day", "2016-12-25")]);
    // Holidays of one country count where the text speaks of that country.
    check("2016-12-30", "In the United States, she was found on Thanksgiving Day.", &[("Thanksgiving Day", "2016-11-24")]);
    check("2016-12-30", "The U.S. dollar fell after Election Day.", &[("Election Day", "2016-11-08")]);
    check("2016-12-30", "She was found on Thanksgiving Day.", &[("Thanksgiving Day", "XXXX-XX-XX")]);
    check("2016-12-30", "The member states vote by Election Day.", &[("Election Day", "XXXX-XX-XX")]);
    check("2016-05-04", "The fair is on the third Sunday of June 2016.", &[("the third Sunday of June 2016", "2016-06-19")]);
}

#[test]
fn vague_words_stay_vague() {
    check(
        "2016-05-04",
        "They now hope for peace in the near future.",
        &[("now", "PRESENT_REF"), ("the near future", "FUTURE_REF")],
    );
    check("2016-05-04", "Relations have recently improved.", &[("recently", "PAST_REF")]);
}

#[test]
fn what_only_looks_like_time() {
    for text in [
        "They may march on the capital.",
        "The 6-year-old boy waved.",
        "Clocks go to Summer Time.",
        "He was first in the second race.",
        "Order 2882015 was shipped.",
        "The budget is $1,990 a head for 1200 students.",
        "Teams of 1500 soldiers crossed.",
        "The Good Friday Agreement was read in the Daily Mail.",
        "Around 1200 civilians left their houses.",
        "The plan has to last a few people a lifetime of work.",
        "The 2030 Agenda for Sustainable Growth was praised.",
        "Theresa May and Bob March spoke.",
    ] {
        check("2016-05-04", text, &[]);
    }
}

#[test]
fn nothing_is_resolved_without_support() {
    for (text, value) in [
        ("They signed it on January 30.", "XXXX-01-30"),
        ("They signed it in January.", "XXXX-01"),
        ("They signed it yesterday.", "XXXX-XX-XX"),
        ("They signed it on Tuesday.", "XXXX-WXX-2"),
        ("They signed it last year.", "XXXX"),
        ("They signed it three weeks ago.", "XXXX-WXX"),
        ("They signed it the next day.", "XXXX-XX-XX"),
        ("They signed it on 04/05/2016.", "2016-XX-XX"),
        ("They signed it that month.", "XXXX-XX"),
        ("They signed it last summer.", "XXXX-SU"),
    ] {
        let found = tag(text, &Options::written(None));
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].value.as_deref(), Some(value), "{text}");
        assert_eq!(found[0].edtf, None, "{text}");
    }
}

#[test]
fn edtf_keeps_what_is_known_and_how_vague_it_is() {
    for (words, edtf) in [
        ("March 18, 2015", "2015-03-18"),
        ("around May 1, 2014", "2014-05-01~"),
        ("the 1990s", "199X"),
        ("the 19th century", "18XX"),
        ("the third quarter of 2014", "2014-35"),
        ("the first half of 2014", "2014-40"),
        ("the summer of 2014", "2014-22"),
        ("last week", "2015-03-09/2015-03-15"),
        ("480 BC", "-0479"),
        ("5 p.m. on March 18, 2015", "2015-03-18"),
    ] {
        let found = tagged(&format!("It was agreed in {words}."), "2015-03-18");
        assert_eq!(found.first().and_then(|timex| timex.edtf.as_deref()), Some(edtf), "{words}");
    }
}

#[test]
fn a_parser_overrules_the_guess_from_words() {
    struct Forward;
    impl Syntax for Forward {
        fn tense_at(&self, _: usize) -> Option<Tense> {
            Some(Tense::Future)
        }
    }
    let text = "The envoys met Monday.";
    let options = Options::written(Reference::parse("2015-03-18"));
    assert_eq!(tag(text, &options)[0].value.as_deref(), Some("2015-03-16"));
    assert_eq!(tag(text, &options.with_syntax(&Forward))[0].value.as_deref(), Some("2015-03-23"));
}

#[test]
fn every_expression_says_how_it_was_resolved() {
    let found = tagged("They met on Monday, and on 3 May 1998.", "2015-03-18");
    assert!(found[0].how.contains("the verb is past"), "{}", found[0].how);
    assert!(found[1].how.contains("written"), "{}", found[1].how);
}

#[test]
fn odd_input_is_survived() {
    for text in [
        "",
        " ",
        "\u{0}",
        "'",
        "''s",
        "’98",
        "9999-99-99",
        "31 February 2015",
        "the the the end of",
        "May",
        "0",
        "00:00",
        "24:59",
        "'00s",
        "٣ May ٢٠١٥",
        "\u{1F600} last week\u{1F600}",
        "12/31/99",
        "30/30/3030",
    ] {
        for timex in tagged(text, "2015-03-18") {
            assert!(text.get(timex.start..timex.end).is_some_and(|words| !words.is_empty()), "{text:?}");
        }
    }
}

/// Random rows of words that matter to the patterns: spans must be in order, apart, and whole characters, EDTF only for resolved dates.
#[test]
fn any_row_of_time_words_is_survived() {
    const PIECES: [&str; 64] = [
        "the",
        "a",
        "last",
        "next",
        "this",
        "early",
        "late",
        "end",
        "of",
        "year",
        "years",
        "week",
        "days",
        "May",
        "March",
        "Sept.",
        "3",
        "31",
        "1998",
        "'98",
        "1990s",
        "10:30",
        "p.m.",
        "GMT",
        "Tuesday",
        "night",
        "two",
        "hundred",
        "and",
        "half",
        "ago",
        "later",
        "before",
        "after",
        "than",
        "-",
        "\u{2013}",
        ",",
        ".",
        "\n\n",
        "quarter",
        "second",
        "third",
        "fiscal",
        "summer",
        "every",
        "daily",
        "now",
        "soon",
        "BC",
        "480",
        "century",
        "Easter",
        "Monday",
        "2015-03-18",
        "13/11/2009",
        "25th",
        "$",
        "%",
        "’s",
        "\u{1F600}",
        "é",
        "0",
        "99999999999",
    ];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % 1_000_003).unwrap_or(0)
    };
    for round in 0..3000 {
        let mut text = String::new();
        for _ in 0..next() % 24 {
            text.push_str(PIECES[next() % PIECES.len()]);
            if next() % 5 > 0 {
                text.push(' ');
            }
        }
        let reference = if round % 2 == 0 { Reference::parse("2015-03-18") } else { None };
        let genre = [Genre::Guess, Genre::News, Genre::Narrative][round % 3];
        let found = tag(&text, &Options::written(reference).with_genre(genre));
        let mut end = 0;
        for timex in &found {
            assert!(
                timex.start >= end && timex.end > timex.start && text.get(timex.start..timex.end).is_some(),
                "{text:?}: {timex:?}"
            );
            assert!(timex.value.as_deref().is_some_and(|value| !value.is_empty()), "{text:?}: {timex:?}");
            assert!(
                timex.edtf.is_none() || timex.value.as_deref().is_some_and(|value| !value.starts_with("XX")),
                "{text:?}: {timex:?}"
            );
            end = timex.end;
        }
    }
}

#[test]
fn what_was_planned_or_put_off_looks_where_its_verb_looks() {
    // 18 March 2015 is a Wednesday.
    check("2015-03-18", "The offer is due to expire on Friday.", &[("Friday", "2015-03-20")]);
    check("2015-03-18", "The offer had been due to expire on Friday.", &[("Friday", "2015-03-13")]);
    check("2015-03-18", "The fleet sailed as planned on Friday.", &[("Friday", "2015-03-13")]);
    check("2015-03-18", "The judges postponed until Friday any word on the dam.", &[("Friday", "2015-03-20")]);
    check("2015-03-18", "The envoy is to resume the talks on Friday.", &[("Friday", "2015-03-20")]);
    check("2015-03-18", "The vote is set for Friday.", &[("Friday", "2015-03-20")]);
    check("2015-03-18", "That was short of the record set on November 6.", &[("November 6", "2014-11-06")]);
    check("2015-03-18", "The lease will run out in five years.", &[("five years", "2020")]);
    check("2015-03-18", "The canal was dug in five years.", &[("five years", "P5Y")]);
    check("2015-03-18", "He won't leave before Friday, they said.", &[("Friday", "2015-03-20")]);
    check("2015-03-18", "Ms. Ada B. Quill will succeed Oliver P. Stone on Nov. 1.", &[("Nov. 1", "2015-11-01")]);
    check("2015-03-18", "Shares were hurt by overnight losses.", &[("overnight", "2015-03-17TNI")]);
    check(
        "2015-03-18",
        "It fell to 12 from 15 on Friday, and from 18 on the previous Friday.",
        &[("Friday", "2015-03-13"), ("the previous Friday", "2015-03-06")],
    );
}

#[test]
fn stretches_and_what_surrounds_them() {
    check("2015-03-18", "The lull lasted a minute and a half.", &[("a minute and a half", "PT1M30S")]);
    check("2015-03-18", "They had met only five days earlier.", &[("five days earlier", "2015-03-13")]);
    check("2015-03-18", "The loan is paid out over three years.", &[("three years", "P3Y")]);
    check("2015-03-18", "It went on for over three years.", &[("over three years", "P3Y")]);
    check("2015-03-18", "The quiet of over a decade was gone.", &[("over a decade", "P10Y")]);
    check("2015-03-18", "Much will change in the next couple of years.", &[("the next couple of years", "P2Y")]);
    check("2015-03-18", "More is expected in the weeks ahead.", &[("the weeks ahead", "PXW")]);
    check("2015-03-18", "He was seen there in the days before the raid.", &[("days", "PXD")]);
    check("2015-03-18", "It sank in the mid-1990s.", &[("the mid-1990s", "199")]);
    check("2015-03-18", "Sales fell in the last half of 2014.", &[("the last half of 2014", "2014-H2")]);
    check("2015-03-18", "A hearing is set for the week of April 6.", &[("the week of April 6", "2015-W15")]);
    check("2015-03-18", "They left at 4 in the morning.", &[("4 in the morning", "2015-03-18T04:00")]);
    check(
        "2015-03-18",
        "The fair opens this coming Sunday, March twenty-second.",
        &[("this coming Sunday, March twenty-second", "2015-03-22")],
    );
    check("2015-03-18", "They spoke of the pre-1967 borders.", &[("pre-1967", "1967")]);
}

#[test]
fn an_age_is_no_decade() {
    check("2015-03-18", "The clerk, in his 30s, came with her 6-month-old son.", &[]);
    check("2015-03-18", "His songs of the 1930s are lost.", &[("the 1930s", "193")]);
}

#[test]
fn a_quarter_is_the_one_in_which_most_of_it_lay() {
    check("1989-10-30", "For the quarter ended July 31 it lost money.", &[("the quarter", "1989-Q2"), ("July 31", "1989-07-31")]);
    check("2014-05-06", "The first two quarters of 2013 were poor.", &[("The first two quarters of 2013", "2013-H1")]);
}

#[test]
fn a_participle_behind_an_article_is_no_verb() {
    check("2015-10-20", "The toll will be raised on an undisclosed day in January.", &[("January", "2016-01")]);
}

#[test]
fn a_present_tense_of_plans_looks_forward() {
    check("2015-11-20", "The pact enters into force in January.", &[("January", "2016-01")]);
    check("2015-11-20", "The new tariff takes effect on March 1.", &[("March 1", "2016-03-01")]);
}

#[test]
fn an_attack_is_not_dated_by_the_part_of_day_in_its_description() {
    check("2015-03-18", "Divers freed the crew in a pre-dawn raid.", &[]);
}
