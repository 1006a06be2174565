//! Feeds: RSS, Atom and JSON Feed files. Each entry is one document: its page where that lies beside the feed, else its text.
use crate::formats::{Opened, Records, read_whole, refuse};
use crate::limits::Limits;
use crate::markup;
use crate::raw::{Form, Given, Raw, Refused};
use feed_rs::model::Entry;
use std::fs::File;
use std::io::Read;
use std::path::Path;

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
        if is_json { crate::json::nesting(&bytes) } else { crate::lean::survey(&String::from_utf8_lossy(&bytes), DEPTH).depth };
    if depth > DEPTH {
        return refuse(&source, "limit-depth", format!("the feed is nested deeper than {DEPTH} levels"));
    }
    let feed = match feed_rs::parser::parse(bytes.as_slice()) {
        Ok(feed) => feed,
        Err(error) => return refuse(&source, "broken-feed", format!("the feed cannot be read: {error}")),
    };
    let publisher = feed.title.map(|title| title.content);
    let folder = (opened.nested == 0).then(|| Path::new(&source).parent().map(Path::to_owned)).flatten();
    let most = limits.document_bytes;
    Box::new(feed.entries.into_iter().enumerate().map(move |(at, entry)| {
        let page = folder.as_deref().and_then(|folder| page_beside(folder, &entry, most));
        document(&format!("{source}#{}", at + 1), entry, publisher.clone(), page)
    }))
}

/// The page of `entry`, where the folder of its feed has a file called like the last part of its address.
fn page_beside(folder: &Path, entry: &Entry, most: usize) -> Option<Vec<u8>> {
    entry.links.iter().find_map(|link| page_of(folder, &link.href, most))
}

/// The page in `folder` that is called like the last part of `address`, up to `most` bytes of it.
pub(crate) fn page_of(folder: &Path, address: &str, most: usize) -> Option<Vec<u8>> {
    let path = address.split(['?', '#']).next()?.trim_end_matches('/');
    let name = path.rsplit(['/', '\\', ':']).next().filter(|name| !name.is_empty() && !name.starts_with('.'))?;
    [name.to_owned(), format!("{name}.html"), format!("{name}.htm")].iter().find_map(|name| {
        let file = File::open(folder.join(name)).ok().filter(|file| file.metadata().is_ok_and(|about| about.is_file()))?;
        let mut bytes = Vec::new();
        file.take(most as u64).read_to_end(&mut bytes).ok()?;
        crate::formats::sniff_html(&bytes).then_some(bytes)
    })
}

fn document(source: &str, entry: Entry, publisher: Option<String>, page: Option<Vec<u8>>) -> Result<Raw, Refused> {
    let content = entry.content.and_then(|content| content.body);
    let summary = entry.summary.map(|summary| summary.content);
    // The fuller of the two is the text; a summary under it would tell everything twice.
    let text = match (content, summary) {
        _ if page.is_some() => String::new(),
        (Some(content), Some(summary)) if summary.len() > content.len() => summary,
        (Some(content), _) => content,
        (None, Some(summary)) => summary,
        (None, None) => return Err(Refused::new(source, "no-text", "the entry has neither content nor a summary")),
    };
    let mut raw = match page {
        Some(page) => Raw::new(source, page, Form::Html),
        None => Raw::new(source, markup::lines(&text).join("\n\n"), Form::Text),
    };
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
