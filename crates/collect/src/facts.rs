//! What a page says about itself: JSON-LD (schema.org), OpenGraph and other meta elements, time elements, headings.
use crate::markup::unescape;
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;
use trafilatura::dom::Document;

/// What a page says about itself, each in the order in which it is to be believed.
#[derive(Debug, Default, Clone)]
pub(crate) struct Facts {
    pub url: Option<String>,
    pub site: Option<String>,
    pub publisher: Option<String>,
    pub titles: Titles,
    /// Names of authors out of JSON-LD.
    pub authors: Vec<String>,
    /// Contents of author meta elements.
    pub author_metas: Vec<String>,
    /// Texts of elements that are marked as the author's name, or as an author line.
    pub author_elements: Vec<String>,
    /// Dates of first publication, the surest first.
    pub published: Vec<String>,
    /// Dates of the last change.
    pub modified: Vec<String>,
    /// `articleBody` of JSON-LD.
    pub body: Option<String>,
    /// What the page says in a sentence or two that it is about.
    pub descriptions: Vec<String>,
    /// The entries of a live blog: heading, time and text.
    pub live: Vec<LiveEntry>,
    /// True where the page says that not all of it is free.
    pub paywalled: bool,
    pub language: Option<String>,
}

/// Headlines from different places of the page.
#[derive(Debug, Default, Clone)]
pub(crate) struct Titles {
    pub json_ld: Option<String>,
    /// The second headline of JSON-LD (`alternativeHeadline` or `name`).
    pub json_ld_other: Option<String>,
    pub open_graph: Option<String>,
    pub meta: Option<String>,
    pub element: Option<String>,
    pub headings: Vec<String>,
}

impl Titles {
    /// Every wording that stands on the page, but for the title of the window, which names the site.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.json_ld.iter().chain(&self.json_ld_other).chain(&self.open_graph).chain(&self.meta).chain(&self.headings)
    }
}

/// One entry of a live blog.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct LiveEntry {
    pub heading: Option<String>,
    pub time: Option<String>,
    pub text: Option<String>,
}

/// Most entries of a live blog that are read.
const MOST_ENTRIES: usize = 2_000;
/// Most nodes of JSON-LD that are looked at.
const MOST_NODES: usize = 20_000;

/// Where pages are without this, nothing in them need be looked for by it.
static MICRODATA: LazyLock<Regex> = LazyLock::new(|| Regex::new("(?i-u)itemprop").expect("a fixed pattern"));

/// Reads the facts out of `page`, which was parsed from `lean`.
pub(crate) fn facts(page: &Document, lean: &str) -> Facts {
    let mut facts = Facts::default();
    json_ld(page, &mut facts);
    metas(page, &mut facts);
    elements(page, MICRODATA.is_match(lean), &mut facts);
    facts
}

fn json_ld(page: &Document, facts: &mut Facts) {
    for script in page.get_elements_by_tag_name(page.root(), "script") {
        let is_json_ld = page.get_attribute(script, "type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"));
        if !is_json_ld {
            continue;
        }
        let content = page.text_content(script);
        let Some(value) = parse_loosely(content.trim()) else { continue };
        read_graph(&value, facts);
    }
}

/// JSON-LD as pages have it: in comments or CDATA, with a semicolon behind it, with raw line ends in strings.
fn parse_loosely(content: &str) -> Option<Value> {
    let content = content.trim_start_matches("<!--").trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
    let content =
        content.trim().trim_end_matches("-->").trim_end_matches("//]]>").trim_end_matches("]]>").trim().trim_end_matches(';');
    serde_json::from_str(content).ok().or_else(|| {
        let cleaned: String = content.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        serde_json::from_str(&cleaned).ok()
    })
}

fn is_type(value: &Value, wanted: impl Fn(&str) -> bool) -> bool {
    match value.get("@type") {
        Some(Value::String(kind)) => wanted(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(wanted),
        _ => false,
    }
}

fn is_article(kind: &str) -> bool {
    let kind = kind.rsplit(['/', ':']).next().unwrap_or(kind);
    kind.ends_with("Article")
        || matches!(kind, "BlogPosting" | "LiveBlogPosting" | "Report" | "SocialMediaPosting" | "CreativeWork" | "Review")
}

fn read_graph(root: &Value, facts: &mut Facts) {
    let mut waiting = vec![root];
    let mut articles = Vec::new();
    let mut pages = Vec::new();
    let mut people: Vec<&Value> = Vec::new();
    let mut seen = 0;
    while let Some(value) = waiting.pop() {
        seen += 1;
        if seen > MOST_NODES {
            return;
        }
        match value {
            Value::Array(list) => waiting.extend(list.iter().rev()),
            Value::Object(object) => {
                if is_type(value, is_article) {
                    articles.push(value);
                } else if is_type(value, |kind| kind.ends_with("WebPage")) {
                    pages.push(value);
                } else if is_type(value, |kind| kind == "Person") {
                    people.push(value);
                }
                if is_type(value, |kind| matches!(kind, "WebSite" | "NewsMediaOrganization")) && facts.site.is_none() {
                    facts.site = text_of(object.get("name"));
                }
                // Of what hangs below an article only its own graph counts, not other articles it points to.
                let goes_on = ["@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"];
                let inner = if is_type(value, is_article) { &goes_on[..1] } else { &goes_on[..3] };
                waiting.extend(inner.iter().rev().filter_map(|key| object.get(*key)));
            }
            _ => {}
        }
    }
    // The richest one is the page's own; a page of one article may point to others by headline alone.
    articles.sort_by_key(|article| std::cmp::Reverse(weight(article)));
    if let Some(article) = articles.first() {
        read_article(article, &people, facts);
    }
    for entry in articles.iter().flat_map(|article| each(article.get("liveBlogUpdate"))).take(MOST_ENTRIES) {
        facts.live.push(LiveEntry {
            heading: text_of(entry.get("headline")),
            time: text_of(entry.get("datePublished")),
            text: text_of(entry.get("articleBody")),
        });
    }
    for page in pages {
        push_new(&mut facts.published, text_of(page.get("datePublished")));
        push_new(&mut facts.modified, text_of(page.get("dateModified")));
    }
}

fn weight(article: &Value) -> usize {
    ["headline", "datePublished", "author", "articleBody", "publisher", "dateModified", "mainEntityOfPage", "description"]
        .iter()
        .filter(|key| article.get(**key).is_some())
        .count()
}

fn read_article(article: &Value, people: &[&Value], facts: &mut Facts) {
    if facts.titles.json_ld.is_none() {
        facts.titles.json_ld = text_of(article.get("headline")).or_else(|| text_of(article.get("name")));
        facts.titles.json_ld_other = text_of(article.get("alternativeHeadline")).or_else(|| text_of(article.get("name")));
    }
    push_new(&mut facts.descriptions, text_of(article.get("description")));
    push_new(&mut facts.published, text_of(article.get("datePublished")));
    push_new(&mut facts.modified, text_of(article.get("dateModified")));
    if facts.authors.is_empty() {
        for author in each(article.get("author")).chain(each(article.get("creator"))) {
            let id = author.get("@id").and_then(Value::as_str);
            let named = text_of(Some(author)).or_else(|| {
                let person = people.iter().find(|person| id.is_some() && person.get("@id").and_then(Value::as_str) == id)?;
                text_of(person.get("name"))
            });
            // Names of several people in one, or markup, are taken apart later.
            push_new(&mut facts.authors, named);
        }
    }
    if facts.publisher.is_none() {
        facts.publisher = each(article.get("publisher")).find_map(|publisher| text_of(Some(publisher)));
    }
    if facts.url.is_none() {
        facts.url = article.get("url").and_then(Value::as_str).filter(|url| url.starts_with("http")).map(str::to_owned);
    }
    if facts.body.is_none() {
        facts.body = article.get("articleBody").and_then(Value::as_str).map(str::to_owned).filter(|body| !body.trim().is_empty());
    }
    let free = article.get("isAccessibleForFree");
    facts.paywalled |= matches!(free, Some(Value::Bool(false)))
        || free.and_then(Value::as_str).is_some_and(|free| free.eq_ignore_ascii_case("false"));
}

/// The members of a list, or the one thing that stands in its place.
fn each(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let list: &[Value] = match value {
        Some(Value::Array(list)) => list,
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    list.iter()
}

/// A string, or the name of an object.
fn text_of(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.as_str(),
        Value::Object(object) => match object.get("name").or_else(|| object.get("@value"))? {
            Value::String(name) => name.as_str(),
            Value::Array(names) => names.first()?.as_str()?,
            _ => return None,
        },
        Value::Array(list) => list.first()?.as_str()?,
        _ => return None,
    };
    let text = unescape(text);
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn push_new(list: &mut Vec<String>, found: Option<String>) {
    if let Some(found) = found
        && !list.contains(&found)
    {
        list.push(found);
    }
}

/// Names of meta elements with the date of publication, the surest first.
const PUBLISHED_METAS: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "date_published",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_time",
    "og:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "originalpublicationdate",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.created",
    "pubdate",
    "article.published",
    "article:publicationdate",
    "date.published",
    "publication_date",
    "citation_publication_date",
    "displaydate",
    "article_date_original",
    "ptime",
    "rnews:datepublished",
    "bt:pubdate",
    "og:pubdate",
    "article.created",
    "date_created",
    "datecreated",
    "created",
    "dc.date",
    "dcterms.date",
    "dc:date",
    "date",
    "citation_date",
    "og:regdate",
    "mediator_published_time",
    "publish_time",
    "firstcreated",
    "cre_pubdate",
    "iso-8601-publish-date",
    "vr:published_time",
    "live_date",
    "content_create_date",
    "article:date",
    "posted",
    "published",
];
const MODIFIED_METAS: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "og:article:modified_time",
    "datemodified",
    "date_modified",
    "lastmod",
    "last-modified",
    "dc.date.modified",
    "dcterms.modified",
    "modified_time",
    "moddate",
];
const AUTHOR_METAS: &[&str] = &[
    "article:author",
    "author",
    "byl",
    "dc.creator",
    "dc:creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "citation_author",
    "article:author_name",
    "article.author",
    "authors",
    "creator",
    "og:article:author",
    "cxenseparse:author",
    "shareaholic:article_author_name",
    "rbauthors",
    "twitter:creator:name",
    "vr:author",
];

fn metas(page: &Document, facts: &mut Facts) {
    let mut published: Vec<(usize, String)> = Vec::new();
    let mut authors: Vec<(usize, String)> = Vec::new();
    for meta in page.get_elements_by_tag_name(page.root(), "meta").into_iter().take(1000) {
        let Some(content) = page
            .get_attribute(meta, "content")
            .map(|content| unescape(content.trim()).into_owned())
            .filter(|content| !content.is_empty())
        else {
            continue;
        };
        let names = ["property", "name", "itemprop", "http-equiv"].iter().filter_map(|key| page.get_attribute(meta, key));
        for name in names {
            let name = name.trim().to_ascii_lowercase();
            let rank = |list: &[&str]| list.iter().position(|known| *known == name);
            if let Some(rank) = rank(PUBLISHED_METAS) {
                published.push((rank, content.clone()));
            }
            if let Some(rank) = rank(AUTHOR_METAS) {
                authors.push((rank, content.clone()));
            }
            if rank(MODIFIED_METAS).is_some() {
                push_new(&mut facts.modified, Some(content.clone()));
            }
            match name.as_str() {
                "description" | "og:description" | "twitter:description" => {
                    push_new(&mut facts.descriptions, Some(content.clone()))
                }
                "og:title" => set(&mut facts.titles.open_graph, &content),
                "twitter:title" | "title" | "headline" | "sailthru.title" | "parsely-title" | "dc.title" | "citation_title" => {
                    set(&mut facts.titles.meta, &content)
                }
                "og:site_name" => facts.site = Some(content.clone()),
                "application-name" | "apple-mobile-web-app-title" => set(&mut facts.site, &content),
                "og:url" if content.starts_with("http") => set(&mut facts.url, &content),
                "content-language" | "og:locale" | "language" => set(&mut facts.language, &content),
                "publisher" | "dc.publisher" | "article:publisher" | "citation_publisher" if !content.starts_with("http") => {
                    set(&mut facts.publisher, &content)
                }
                "article:content_tier" | "content_tier" => {
                    facts.paywalled |= matches!(content.to_ascii_lowercase().as_str(), "locked" | "metered")
                }
                _ => {}
            }
        }
    }
    published.sort_by_key(|(rank, _)| *rank);
    authors.sort_by_key(|(rank, _)| *rank);
    for (_, date) in published {
        push_new(&mut facts.published, Some(date));
    }
    for (_, author) in authors {
        push_new(&mut facts.author_metas, Some(author));
    }
    for link in page.get_elements_by_tag_name(page.root(), "link").into_iter().take(1000) {
        if page.get_attribute(link, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"))
            && let Some(url) = page.get_attribute(link, "href").filter(|url| url.starts_with("http"))
        {
            facts.url = Some(url);
            break;
        }
    }
}

fn set(place: &mut Option<String>, content: &str) {
    if place.is_none() {
        *place = Some(content.to_owned());
    }
}

fn elements(page: &Document, has_microdata: bool, facts: &mut Facts) {
    let root = page.root();
    let text = |id| {
        let text = page.text_content(id);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    if let Some(title) = page.get_elements_by_tag_name(root, "title").first() {
        facts.titles.element = Some(text(*title)).filter(|title| !title.is_empty());
    }
    facts.titles.headings = page
        .get_elements_by_tag_name(root, "h1")
        .into_iter()
        .take(10)
        .map(text)
        .filter(|heading| !heading.is_empty() && heading.len() < 400)
        .collect();
    if let Some(html) = page.get_elements_by_tag_name(root, "html").first() {
        facts.language =
            page.get_attribute(*html, "lang").filter(|language| !language.is_empty()).or_else(|| facts.language.take());
    }
    let mut times = Vec::new();
    for time in page.get_elements_by_tag_name(root, "time").into_iter().take(20) {
        let marks = format!(
            "{} {} {}",
            page.class_name(time),
            page.get_attribute(time, "itemprop").unwrap_or_default(),
            page.get_attribute(time, "pubdate").map_or("", |_| "pubdate")
        )
        .to_ascii_lowercase();
        let date = page.get_attribute(time, "datetime").filter(|date| !date.trim().is_empty()).unwrap_or_else(|| text(time));
        if marks.contains("modif") || marks.contains("updat") {
            push_new(&mut facts.modified, Some(date));
        } else {
            let sure = marks.contains("publish")
                || marks.contains("pubdate")
                || marks.contains("entry-date")
                || marks.contains("created");
            times.push((!sure, date));
        }
    }
    times.sort_by_key(|(unsure, _)| *unsure);
    let dated = if has_microdata { page.query_selector_all(root, "[itemprop='datePublished']") } else { Vec::new() };
    for element in dated.into_iter().take(5) {
        let date = page
            .get_attribute(element, "datetime")
            .or_else(|| page.get_attribute(element, "content"))
            .unwrap_or_else(|| text(element));
        push_new(&mut facts.published, Some(date).filter(|date| !date.is_empty()));
    }
    for (_, date) in times {
        push_new(&mut facts.published, Some(date));
    }
    if has_microdata {
        microdata(page, facts);
    }
    const AUTHORS: &str =
        "[rel~='author'], [itemprop='author'], [class*='byline'], [class*='author'], [itemprop='author'] [itemprop='name']";
    for element in page.query_selector_all(root, AUTHORS).into_iter().take(40) {
        let words = page.iter_text(element, " ").split_whitespace().collect::<Vec<_>>().join(" ");
        if !words.is_empty() && words.len() <= 120 {
            push_new(&mut facts.author_elements, Some(words));
        }
    }
}

/// What elements are marked as (schema.org in microdata), where nothing above said it. Authors and days of publication are
/// read with the other elements.
fn microdata(page: &Document, facts: &mut Facts) {
    let words = |selector: &str| {
        page.query_selector_all(page.root(), selector).into_iter().take(5).find_map(|element| {
            let shown = || page.iter_text(element, " ").split_whitespace().collect::<Vec<_>>().join(" ");
            let said = page.get_attribute(element, "content").or_else(|| page.get_attribute(element, "datetime"));
            Some(said.unwrap_or_else(shown)).filter(|words| !words.is_empty() && words.len() < 400)
        })
    };
    if facts.titles.meta.is_none() {
        facts.titles.meta = words("[itemprop='headline']");
    }
    if facts.publisher.is_none() {
        facts.publisher = words("[itemprop='publisher'] [itemprop='name']");
    }
    push_new(&mut facts.modified, words("[itemprop='dateModified']"));
}
