//! What of a page's text is the story, who wrote it and when it was printed.
use chancery_agreement::{Article, BlockKind};
use chancery_collect::{Form, Limits, Raw, article, documents};
use std::path::{Path, PathBuf};

const FIRST: &str =
    "The ministers of Freedonia and Sylvania signed a pact on ferries in Port Loth, which nine months of talks had prepared.";
const SECOND: &str = "Ferries of both states may call at all harbors of the strait from May on, the Freedonian minister told reporters after the signing.";
const THIRD: &str = "Sylvania had asked for the pact since a storm cut its islands off, and Freedonia wanted harbor dues in return for the ferries.";
const ELSEWHERE: &str = "A zookeeper in faraway Quint has taught three penguins to sort glass bottles, to the surprise of neighbors who had complained about noise.";

fn read(text: &str) -> Article {
    let (article, notices) = article(&Raw::new("page.txt", text, Form::Text), &Limits::default());
    assert!(notices.iter().all(|notice| !notice.fatal), "{notices:?}");
    article
}

fn check_story(text: &str, expected: &[&str]) -> Article {
    let article = read(text);
    let story: Vec<&str> = article.story().map(|block| block.span.of(&article.text)).collect();
    assert_eq!(story, expected, "{:#?}", article.blocks);
    article
}

fn check_day(text: &str, expected: Option<&str>) {
    let published = read(text).published;
    assert_eq!(published.as_ref().map(|published| published.value.as_str()), expected, "{text}");
    if let Some(published) = published {
        assert!(published.span.is_none_or(|span| !span.of(text).is_empty()));
    }
}

#[test]
fn the_head_tells_who_and_when() {
    let text = format!("The harbor herald logo\n\nPact on ferries signed\n\nBy Jane Roe\n4 March 2011\n\n{FIRST}\n\n{SECOND}");
    let article = check_story(&text, &["Pact on ferries signed", FIRST, SECOND]);
    assert_eq!(article.title.as_deref(), Some("Pact on ferries signed"));
    assert_eq!(article.byline.as_deref(), Some("Jane Roe"));
    assert_eq!(article.publisher.as_deref(), Some("The Harbor Herald"));
    assert_eq!(article.published.map(|published| published.value).as_deref(), Some("2011-03-04"));

    let text = format!("Pact on ferries signed\n\nHerald.example, 4 Mar 2011 - 13:15, Port Loth\n\n{FIRST}\n\n{SECOND}");
    let article = check_story(&text, &["Pact on ferries signed", FIRST, SECOND]);
    assert_eq!((article.publisher.as_deref(), article.dateline.as_deref()), (Some("Herald.example"), Some("Port Loth")));
    assert_eq!(article.published.and_then(|published| published.time).as_deref(), Some("13:15:00"));
}

#[test]
fn a_dateline_before_the_first_sentence_is_cut_from_it() {
    for (line, day) in [
        ("PORT LOTH, 4 March 2011 (Agency) — ", Some("2011-03-04")),
        ("PORT LOTH – ", None),
        ("Port Loth, March 4, 2011 -- ", Some("2011-03-04")),
    ] {
        let text = format!("Pact on ferries signed\n\n{line}{FIRST}\n\n{SECOND}");
        let article = check_story(&text, &["Pact on ferries signed", FIRST, SECOND]);
        assert_eq!(article.dateline.map(|place| place.to_lowercase()).as_deref(), Some("port loth"));
        assert_eq!(article.published.map(|published| published.value).as_deref(), day, "{line}");
    }
    let aside = "Freedonia - the smaller of the two states - signed a pact on ferries in the port of Loth on Friday.";
    check_story(&format!("Pact on ferries signed\n\n{aside}\n\n{SECOND}"), &["Pact on ferries signed", aside, SECOND]);
}

#[test]
fn a_missing_year_follows_from_the_weekday_and_what_is_told() {
    let told =
        "Both states had begun to talk on May 12, 2010, after the storm, and agreed by the end of that summer on most of it.";
    let page = |line: &str| format!("Pact on ferries signed\n\n{line}\n\n{FIRST}\n\n{told}");
    // The 4th of March is a Friday in 2005, 2011 and 2016: only 2011 is soon after what is told.
    check_day(&page("Friday, March 4"), Some("2011-03-04"));
    // No year soon after has a Wednesday there.
    check_day(&page("Wednesday, March 4"), None);
    check_day(&page("March 4"), None);
    check_day(&format!("Pact on ferries signed\n\nFriday, March 4\n\n{FIRST}\n\n{SECOND}"), None);
}

#[test]
fn a_caption_dates_a_report_only_where_nothing_speaks_against_it() {
    let page = |caption: &str, more: &str| format!("Pact on ferries signed\n\n{FIRST}\n\n{SECOND} {more}\n\n{caption}");
    check_day(&page("Photo: The ministers in Port Loth on 4 March 2011.", ""), Some("2011-03-04"));
    check_day(&page("File photo: The ministers in Port Loth on 4 March 2011.", ""), None);
    check_day(&page("Photo: The ministers in Port Loth on 4 March 2011.", "The pact was ratified on 9 June 2012."), None);
}

#[test]
fn boxes_of_other_stories_are_cut() {
    let teaser = "Penguins sort bottles in Quint zoo";
    // A label, a heading printed twice, a teaser; then the same again.
    let card = format!("Editor’s picks\n\n{teaser}\n\n{teaser}\n\n{ELSEWHERE}\n");
    check_story(
        &format!("Pact on ferries signed\n\n{FIRST}\n\n{SECOND}\n\nRelated articles\n\n{card}\nMost read\n\n{card}"),
        &["Pact on ferries signed", FIRST, SECOND],
    );
    // No label at all, but the heading printed twice.
    check_story(
        &format!("Pact on ferries signed\n\n{FIRST}\n\n{SECOND}\n\n{teaser}\n{teaser}\n{ELSEWHERE}"),
        &["Pact on ferries signed", FIRST, SECOND],
    );
    // A heading and, right under it, a paragraph that has no word of it.
    check_story(
        &format!(
            "Pact on ferries signed\n\n{FIRST}\n\n{SECOND}\n\nRelated articles\n\nGoats on the roof again\n{ELSEWHERE}\n\nRain until May\n{ELSEWHERE}"
        ),
        &["Pact on ferries signed", FIRST, SECOND],
    );
    // A second story with a head of its own.
    let second = format!("{teaser} every day\n\nBy John Doe\n\n{ELSEWHERE}");
    check_story(
        &format!("Pact on ferries signed\n\n{FIRST}\n\n{SECOND}\n\n{THIRD}\n\n{second}"),
        &["Pact on ferries signed", FIRST, SECOND, THIRD],
    );
}

#[test]
fn the_story_goes_on_after_a_box_within_it() {
    let text = format!(
        "Pact on ferries signed\n\n{FIRST}\n\nRead more\n\nPenguins sort bottles in Quint zoo\n\n{SECOND}\n\nRead also: Goats on the roof again\n\n{THIRD}"
    );
    check_story(&text, &["Pact on ferries signed", FIRST, SECOND, THIRD]);
}

#[test]
fn posts_and_lists_of_dates_within_a_story_stay() {
    let post = "Such a long wait for so small a boat https://t.example/x";
    let signature = "— Jane Roe (@janeroe) March 4, 2011";
    let text = format!("Pact on ferries signed\n\n{FIRST}\n\n{SECOND}\n\n{THIRD}\n\n{post}\n\n{signature}\n\n{ELSEWHERE}");
    check_story(&text, &["Pact on ferries signed", FIRST, SECOND, THIRD, post, signature, ELSEWHERE]);
}

#[test]
fn buttons_credits_and_sources_are_cut_with_their_reasons() {
    let text = format!(
        "Pact on ferries signed\n\nShare on Facebook\nTweet\n\nThe ministers on the quay. Photo by Jane Roe/Herald.\n\n{FIRST}\n\n{SECOND}\n\nSource: herald.example with agencies\n\nSign up for our newsletter\n\n© 2011 Herald"
    );
    let article = check_story(&text, &["Pact on ferries signed", FIRST, SECOND]);
    let cut: Vec<BlockKind> = article.blocks.iter().map(|block| block.kind).filter(|kind| !kind.is_story()).collect();
    use BlockKind::{Byline, Caption, Navigation};
    assert_eq!(cut, [Navigation, Navigation, Caption, Byline, Navigation, Navigation]);
    assert_eq!(article.publisher.as_deref(), Some("herald.example"));
}

#[test]
fn a_text_without_a_head_is_all_story() {
    let article = check_story(&format!("{FIRST}\n{SECOND}\n{THIRD}"), &[FIRST, SECOND, THIRD]);
    assert_eq!((article.title, article.publisher, article.published), (None, None, None));
}

#[test]
fn the_seeds_are_dated_and_their_teasers_cut() {
    let Some(folder) =
        std::env::var_os("CHANCERY_DATA").map(|data| PathBuf::from(data).join("seeds")).filter(|folder| folder.is_dir())
    else {
        println!("skipped: CHANCERY_DATA names no folder with seeds");
        return;
    };
    let limits = Limits::default();
    let seeds: Vec<Article> = documents(std::slice::from_ref(&folder), &limits)
        .filter_map(Result::ok)
        .filter(|raw| {
            Path::new(&raw.source).parent() == Some(&folder) && raw.source.ends_with(".txt") && !raw.source.ends_with("NOTE.md")
        })
        .map(|raw| article(&raw, &limits).0)
        .collect();
    let days: Vec<Option<&str>> =
        seeds.iter().map(|seed| seed.published.as_ref().map(|published| published.value.as_str())).collect();
    assert_eq!(days, [Some("2018-01-30"), Some("2015-03-18"), Some("2016-10-25"), Some("2015-01-31"), None]);
    for seed in &seeds {
        let story: String = seed.story().map(|block| block.span.of(&seed.text)).collect();
        assert!(!story.contains("Borrell") && !story.contains("Germany"), "{}", seed.source);
    }
}
