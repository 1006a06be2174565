//! JSON documents: which fields of the usual dumps mean what.
use crate::raw::Given;
use chancery_agreement::Notice;
use serde_json::Value;

/// True for the name of a field that says something about a document.
pub(crate) fn is_known(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [URL, TITLE, TEXT, HTML, PUBLISHED, PUBLISHER, BYLINE, LANGUAGE, SEEN].iter().any(|names| names.contains(&name.as_str()))
}

/// True for the name of a field that holds a document's text or page.
pub(crate) fn is_text(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TEXT.contains(&name.as_str()) || HTML.contains(&name.as_str())
}

/// What one JSON object says about a document.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    pub given: Given,
    pub text: Option<String>,
    pub html: Option<String>,
    pub language: Option<String>,
    /// When a crawler saw the page.
    pub seen: Option<String>,
}

// The names under which dumps keep a thing, ours first. They are those of news-please, CC-News, GDELT article lists,
// newspaper, schema.org and the common crawlers.
const URL: &[&str] = &[
    "url",
    "link",
    "source_url",
    "canonical_url",
    "uri",
    "href",
    "web_url",
    "documentidentifier",
    "requested_url",
    "responded_url",
];
const TITLE: &[&str] = &["title", "headline", "head", "heading", "name", "title_page"];
pub(crate) const TEXT: &[&str] = &[
    "text",
    "maintext",
    "body",
    "content",
    "article",
    "articlebody",
    "article_body",
    "article_text",
    "fulltext",
    "full_text",
    "plain_text",
    "plaintext",
    "body_text",
    "story",
    "content_text",
];
const HTML: &[&str] = &["html", "content_html", "raw_html", "body_html", "page"];
const PUBLISHED: &[&str] = &[
    "published",
    "published_at",
    "publishedat",
    "publish_date",
    "published_date",
    "publication_date",
    "date_publish",
    "date_published",
    "datepublished",
    "pubdate",
    "pub_date",
    "publishdate",
    "date",
    "datetime",
    "timestamp",
    "created",
    "created_at",
];
/// Lists of GDELT tell within a quarter of an hour when a page was first seen.
const SEEN: &[&str] = &["seendate"];
const PUBLISHER: &[&str] = &[
    "publisher",
    "publication",
    "outlet",
    "newspaper",
    "site_name",
    "sitename",
    "source_name",
    "media",
    "source_domain",
    "sourcedomain",
    "domain",
    "source",
    "site",
];
const BYLINE: &[&str] = &["byline", "authors", "author", "creator", "writer", "journalist"];
const LANGUAGE: &[&str] = &["language", "lang"];

/// The fields of the object that `text` holds.
///
/// # Errors
/// A fatal notice where it is no JSON object (`broken-json`) or is nested deeper than `depth` (`limit-depth`).
pub(crate) fn fields(text: &str, depth: usize) -> Result<Fields, Notice> {
    if nesting(text.as_bytes()) > depth.min(120) {
        return Err(Notice::failure("limit-depth", format!("the JSON is nested deeper than {} levels", depth.min(120))));
    }
    let value: Value = serde_json::from_str(text)
        .map_err(|error| Notice::failure("broken-json", format!("the JSON cannot be read: {error}")))?;
    let Value::Object(object) = value else {
        return Err(Notice::failure(
            "broken-json",
            "the record is no JSON object; write one object with a field `text` for each document",
        ));
    };
    let lookup = |names: &[&str]| -> Option<&Value> {
        names.iter().find_map(|name| {
            let exact = object.get(*name);
            let value =
                exact.or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))?;
            (!value.is_null() && value.as_str() != Some("")).then_some(value)
        })
    };
    Ok(Fields {
        given: Given {
            url: lookup(URL).and_then(words),
            title: lookup(TITLE).and_then(words),
            publisher: lookup(PUBLISHER).and_then(words),
            byline: lookup(BYLINE).and_then(words),
            published: lookup(PUBLISHED).and_then(words),
            charset: None,
        },
        text: lookup(TEXT).and_then(paragraphs),
        html: lookup(HTML).and_then(words),
        language: lookup(LANGUAGE).and_then(words),
        seen: lookup(SEEN).and_then(words),
    })
}

/// A string, a number, a list of names, or an object that has a name.
fn words(value: &Value) -> Option<String> {
    let found = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => {
            let names: Vec<String> =
                list.iter().filter_map(|item| item.as_str().map(str::to_owned).or_else(|| named(item))).collect();
            names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ")
        }
        Value::Object(_) => named(value)?,
        Value::Null | Value::Bool(_) => return None,
    };
    (!found.is_empty()).then_some(found)
}

fn named(value: &Value) -> Option<String> {
    let object = value.as_object()?;
    ["name", "title", "value", "uri", "@value"].iter().find_map(|key| object.get(*key)?.as_str().map(str::to_owned))
}

/// Text as it stands, to the byte; a list of paragraphs is joined by empty lines.
fn paragraphs(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => {
            let lines: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            (!lines.is_empty()).then(|| lines.join("\n\n"))
        }
        _ => None,
    }
}

/// How deep brackets are nested, without building anything.
pub(crate) fn nesting(json: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0usize, 0usize, false, false);
    for &byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn names_of_other_dumps_are_known() {
        let record = r#"{"Headline": " A pact ", "maintext": " Two lines.\n", "date_publish": "2018-01-30 00:00:00", "source_domain": "herald.example",
                         "authors": ["Jane Roe", {"name": "John Doe"}], "publisher": null}"#;
        let read = fields(record, 100).map_err(|notice| notice.message).unwrap_or_default();
        assert_eq!(read.given.title.as_deref(), Some("A pact"));
        assert_eq!(read.text.as_deref(), Some(" Two lines.\n"), "the text stays as it is, to the byte");
        assert_eq!(read.given.byline.as_deref(), Some("Jane Roe, John Doe"));
        assert_eq!(read.given.publisher.as_deref(), Some("herald.example"));
        assert_eq!(read.given.published.as_deref(), Some("2018-01-30 00:00:00"));
    }

    #[test]
    fn deep_and_broken_json_is_refused() {
        let deep = format!("{{\"text\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(fields(&deep, 500).err().map(|notice| notice.code), Some("limit-depth"));
        assert_eq!(fields("{\"text\": \"cut", 500).err().map(|notice| notice.code), Some("broken-json"));
        assert_eq!(fields("[1]", 500).err().map(|notice| notice.code), Some("broken-json"));
    }
}
