//! What pages say about themselves, and what a reader of news wants to know of them.
use chancery_agreement::{Article, BlockKind, DateBasis};
use chancery_collect::{Form, Limits, Raw, article, documents};
use std::path::PathBuf;

const FIRST: &str = "The ministers of Freedonia and Sylvania signed a pact on ferries in the port of Loth on Friday, and it was to take effect in May.";
const SECOND: &str =
    "Envoys of both governments had met for nine months, and the talks had broken down twice in the course of the winter.";

fn read(page: &str) -> (Article, Vec<&'static str>) {
    let (article, notices) = article(&Raw::new("page.html", page, Form::Html), &Limits::default());
    (article, notices.iter().map(|notice| notice.code).collect())
}

fn page(head: &str, body: &str) -> String {
    format!("<!doctype html><html><head>{head}</head><body>{body}</body></html>")
}

fn story(article: &Article) -> Vec<&str> {
    let paragraphs = article.blocks.iter().filter(|block| block.kind == BlockKind::Paragraph);
    paragraphs.map(|block| block.span.of(&article.text)).collect()
}

#[test]
fn the_entries_of_a_live_blog_are_told_with_their_times() {
    let entry = |time: &str, heading: &str, text: &str| {
        format!(
            "{{\"@type\": \"BlogPosting\", \"headline\": \"{heading}\", \"datePublished\": \"{time}\", \"articleBody\": \"{text}\"}}"
        )
    };
    let data = format!(
        "<title>Ferry talks</title><script type=\"application/ld+json\">[{{\"@type\": \"NewsArticle\", \"headline\": \"Ferry talks\", \"datePublished\": \"2011-03-04T08:00:00Z\", \"author\": {{\"name\": \"Jane Roe\"}}}},\
         {{\"@type\": \"LiveBlogPosting\", \"headline\": \"Ferry talks\", \"liveBlogUpdate\": [{}, {}]}}]</script>",
        entry("2011-03-04T09:05:00Z", "Pact signed", FIRST),
        entry("2011-03-04T08:30:00Z", "Envoys arrive", SECOND)
    );
    let body = format!("<article><h1>Ferry talks</h1><p>{FIRST}</p><p>{SECOND}</p></article>");
    let (article, notices) = read(&page(&data, &body));
    assert_eq!(notices, Vec::<&str>::new());
    assert_eq!(article.published.map(|published| published.value).as_deref(), Some("2011-03-04"));
    let place = |words: &str| article.text.find(words).unwrap_or_else(|| panic!("`{words}` is not in {}", article.text));
    assert!(place("2011-03-04T09:05:00Z") < place("Pact signed") && place("Pact signed") < place("signed a pact"));
    assert!(place("signed a pact") < place("2011-03-04T08:30:00Z") && place("2011-03-04T08:30:00Z") < place("Envoys of both"));
}

#[test]
fn microdata_tells_title_author_publisher_and_date() {
    let body = format!(
        "<article itemscope itemtype=\"https://schema.org/NewsArticle\"><h2 itemprop=\"headline\">Ferries agreed</h2>\
         <span itemprop=\"author\" itemscope><span itemprop=\"name\">Jane Roe</span></span>\
         <div itemprop=\"publisher\" itemscope><meta itemprop=\"name\" content=\"Herald\"></div>\
         <time itemprop=\"datePublished\" datetime=\"2011-03-04T09:05:00+01:00\">Friday</time>\
         <time itemprop=\"dateModified\" datetime=\"2011-03-09T10:00:00+01:00\">Wednesday</time>\
         <div itemprop=\"articleBody\"><p>{FIRST}</p><p>{SECOND}</p></div></article>"
    );
    let (article, _) = read(&page("", &body));
    assert_eq!(article.title.as_deref(), Some("Ferries agreed"));
    assert_eq!(article.byline.as_deref(), Some("Jane Roe"));
    assert_eq!(article.publisher.as_deref(), Some("Herald"));
    let published = article.published.clone().expect("the page tells its date");
    assert_eq!((published.value.as_str(), published.time.as_deref()), ("2011-03-04", Some("09:05:00+01:00")));
    assert_eq!(published.basis, DateBasis::Metadata);
}

#[test]
fn open_graph_and_the_canonical_address_are_believed_and_the_sites_name_leaves_the_title() {
    let head = "<title>Ferries agreed | World | Herald</title><meta property=\"og:title\" content=\"Ferries agreed - Herald\">\
         <meta property=\"og:site_name\" content=\"Herald\"><meta property=\"article:published_time\" content=\"2011-03-04T09:05:00Z\">\
         <meta property=\"article:modified_time\" content=\"2011-04-01\"><meta name=\"author\" content=\"By Jane Roe and John Doe\">\
         <link rel=\"canonical\" href=\"https://herald.example/world/ferries\">";
    let (article, _) =
        read(&page(head, &format!("<article><p>PORT LOTH, March 4 (Agency) — {FIRST}</p><p>{SECOND}</p></article>")));
    assert_eq!(article.title.as_deref(), Some("Ferries agreed"));
    assert_eq!(article.url.as_deref(), Some("https://herald.example/world/ferries"));
    assert_eq!(article.byline.as_deref(), Some("Jane Roe, John Doe"));
    assert_eq!(article.dateline.as_deref(), Some("PORT LOTH"));
    assert_eq!(story(&article), [FIRST, SECOND]);
    let published = article.published.expect("the page tells its date");
    assert_eq!((published.value.as_str(), published.time.as_deref()), ("2011-03-04", Some("09:05:00Z")));
}

#[test]
fn a_date_that_only_stands_somewhere_on_the_page_is_said_to_be_so() {
    let body = format!("<article><p>Printed on 4 March 2011</p><p>{FIRST}</p><p>{SECOND}</p></article>");
    let published = read(&page("<title>Ferries agreed</title>", &body)).0.published;
    if let Some(published) = published {
        assert!(published.confidence <= 0.5 && published.basis == DateBasis::Text, "{published:?}");
    }
    let kept = page(
        "<title>Ferries agreed</title>",
        &format!("<article><p>{FIRST}</p><p>{SECOND}</p></article><div data-publish-date=\"2011-03-04\"></div>"),
    );
    let published = read(&kept).0.published.expect("the page keeps its date");
    assert_eq!(published.value, "2011-03-04");
    assert!(published.confidence < 0.95, "{published:?}");
}

#[test]
fn paywalled_and_cut_text_is_marked() {
    let free = format!("<article><h1>Ferries agreed</h1><p>{FIRST}</p><p>{SECOND}</p></article>");
    assert_eq!(read(&page("<title>Ferries agreed</title>", &free)).1, Vec::<&str>::new());
    let data = "<title>Ferries agreed</title><script type=\"application/ld+json\">{\"@type\": \"NewsArticle\", \"headline\": \"Ferries agreed\", \"isAccessibleForFree\": \"False\"}</script>";
    assert_eq!(read(&page(data, &free)).1, ["paywalled"]);
    let locked = "<title>Ferries agreed</title><meta property=\"article:content_tier\" content=\"locked\">";
    assert_eq!(read(&page(locked, &free)).1, ["paywalled"]);
    let text = |end: &str| {
        let (_, notices) =
            article(&Raw::new("page.txt", format!("Ferries agreed\n\n{FIRST}\n\n{SECOND}{end}"), Form::Text), &Limits::default());
        notices.iter().map(|notice| notice.code).collect::<Vec<_>>()
    };
    assert_eq!(text(""), Vec::<&str>::new());
    for end in [
        " Ferries of both states may call at all harbors of the…",
        " Ferries of both states may call at all [+2345 chars]",
        "\n\nSubscribe to continue reading this story",
        "\n\nThis article is for subscribers only.",
    ] {
        assert_eq!(text(end), ["cut-text"], "{end}");
    }
}

/// A folder of its own, gone with the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn lists_of_articles_without_text_find_the_pages_beside_them() {
    let folder = Folder(std::env::temp_dir().join(format!("chancery-pages-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0).expect("the folder for temporary files can be written");
    let put = |name: &str, text: &str| std::fs::write(folder.0.join(name), text).expect("the file can be written");
    let record = |name: &str| {
        format!(
            "{{\"url\": \"https://herald.example/world/{name}.html\", \"url_mobile\": \"\", \"title\": \"Ferries agreed\", \"seendate\": \"20110304T091500Z\", \"socialimage\": \"\", \"domain\": \"herald.example\", \"language\": \"English\", \"sourcecountry\": \"Freedonia\"}}"
        )
    };
    put("list.json", &format!("{{\"articles\": [{}, {}]}}", record("ferries"), record("gone")));
    put("list.jsonl", &format!("{}\n{}\n", record("gone"), record("ferries")));
    put("ferries.html", &page("<title>Ferries agreed</title>", &format!("<article><p>{FIRST}</p><p>{SECOND}</p></article>")));
    let limits = Limits::default();
    let read = |name: &str| -> Vec<String> {
        documents(&[folder.0.join(name)], &limits)
            .map(|document| {
                let (article, notices) = article(&document.expect("lists can be read"), &limits);
                match notices.iter().find(|notice| notice.fatal) {
                    Some(notice) => notice.code.to_owned(),
                    None => format!(
                        "{} {} {}",
                        article.title.clone().unwrap_or_default(),
                        article.publisher.clone().unwrap_or_default(),
                        story(&article).len()
                    ),
                }
            })
            .collect()
    };
    assert_eq!(read("list.json"), ["Ferries agreed herald.example 2", "no-text"]);
    assert_eq!(read("list.jsonl"), ["no-text", "Ferries agreed herald.example 2"]);
    // With text in the record, the day on which a crawler saw the page is better than none, and said to be unsure.
    let with_text = record("x").replace("\"title\"", &format!("\"text\": \"{FIRST} {SECOND}\", \"title\""));
    let (article, _) = article(&Raw::new("record", with_text, Form::Json), &limits);
    let published = article.published.expect("it was seen on a day");
    assert_eq!((published.value.as_str(), published.confidence), ("2011-03-04", 0.5));
}
