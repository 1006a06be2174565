//! Feeds: RSS, Atom and JSON Feed files, each entry with its text one document.
use crate::formats::{Opened, Records, read_whole, refuse};
use crate::limits::Limits;
use crate::markup;
use crate::raw::{Form, Given, Raw, Refused};
use feed_rs::model::Entry;

/// True for the roots of RSS and Atom, and for JSON Feed's version.
pub(crate) fn sniff(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head.get(..head.len().min(2048)).unwrap_or_default());
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('{') {
        return text.contains("jsonfeed.org/version");
    }
    text.starts_with('<') && ["<rss", "<feed", "<rdf:RDF"].iter().any(|root| text.contains(root)) && !text.contains("<html")
}

/// Feeds nest a handful of elements; what goes deeper is no feed.
const DEPTH: usize = 100;

pub(crate) fn records(mut opened: Opened, limits: &Limits) -> Records {
    let bytes = match read_whole(&mut opened, limits) {
        Ok(bytes) => bytes,
        Err(refused) => return Box::new(std::iter::once(Err(refused))),
    };
    let source = opened.source;
    let is_json = bytes.trim_ascii_start().starts_with(b"{");
    let depth =
        if is_json { crate::json::nesting(&bytes) } else { markup::survey(&String::from_utf8_lossy(&bytes), DEPTH).depth };
    if depth > DEPTH {
        return refuse(&source, "limit-depth", format!("the feed is nested deeper than {DEPTH} levels"));
    }
    let feed = match feed_rs::parser::parse(bytes.as_slice()) {
        Ok(feed) => feed,
        Err(error) => return refuse(&source, "broken-feed", format!("the feed cannot be read: {error}")),
    };
    let publisher = feed.title.map(|title| title.content);
    Box::new(
        feed.entries
            .into_iter()
            .enumerate()
            .map(move |(at, entry)| document(&format!("{source}#{}", at + 1), entry, publisher.clone())),
    )
}

fn document(source: &str, entry: Entry, publisher: Option<String>) -> Result<Raw, Refused> {
    let content = entry.content.and_then(|content| content.body);
    let summary = entry.summary.map(|summary| summary.content);
    // The fuller of the two is the text; a summary under it would tell everything twice.
    let text = match (content, summary) {
        (Some(content), Some(summary)) if summary.len() > content.len() => summary,
        (Some(content), _) => content,
        (None, Some(summary)) => summary,
        (None, None) => return Err(Refused::new(source, "no-text", "the entry has neither content nor a summary")),
    };
    let lines = markup::lines(&text);
    let mut raw = Raw::new(source, lines.join("\n\n"), Form::Text);
    let names: Vec<String> =
        entry.authors.into_iter().filter_map(|author| author.name).filter(|name| !name.trim().is_empty()).collect();
    raw.given = Given {
        url: entry.links.into_iter().map(|link| link.href).find(|url| url.starts_with("http")),
        title: entry.title.map(|title| markup::lines(&title.content).join(" ")).filter(|title| !title.is_empty()),
        publisher,
        byline: (!names.is_empty()).then(|| names.join(", ")),
        published: entry.published.or(entry.updated).map(|time| time.to_rfc3339()),
        charset: None,
    };
    Ok(raw)
}
