//! Pages: the body through the `trafilatura` crate, what the page says about itself by our own reading.
use crate::decode::decode;
use crate::facts::{Facts, LiveEntry, Titles, facts};
use crate::lean::{Survey, survey};
use crate::leaves::{self, Leaves};
use crate::limits::Limits;
use crate::markup;
use crate::names;
use crate::published;
use crate::raw::Raw;
use crate::structure;
use crate::words::{self, fold};
use chancery_agreement::{Article, BlockKind, DateBasis, Notice, Published};
use trafilatura::dom::Document;
use trafilatura::{ExtractionFocus, HtmlDateMode, Options};

/// Fills `article` from a page.
pub(crate) fn page(article: &mut Article, raw: &Raw, limits: &Limits, notices: &mut Vec<Notice>) -> Result<(), Notice> {
    let named = raw.given.charset.clone().or_else(|| named_charset(&raw.bytes));
    let (html, remarks) = decode(&raw.bytes, named.as_deref())?;
    notices.extend(remarks);
    let Survey { depth, elements, steps, carried, lean, text } = survey(&html, limits.depth);
    // Pages that a script builds carry their text as data.
    let scripted = if lean.matches("<p").take(SHORT).count() < SHORT { markup::scripted(&html) } else { None };
    let is_heavy = elements > limits.elements || steps > limits.steps || carried > limits.carried_text;
    if depth > limits.depth || is_heavy || lean.len() > limits.page_bytes {
        notices.push(Notice::remark(
            if depth > limits.depth { "limit-depth" } else { "limit-page" },
            format!(
                "the page has {elements} elements, up to {depth} inside one another, {steps} steps from the root and {carried} bytes of text in each of them together, in {} bytes (limits: {}, {}, {}, {}, {}); only its bare text was read",
                lean.len(),
                limits.elements,
                limits.depth,
                limits.steps,
                limits.carried_text,
                limits.page_bytes
            ),
        ));
        return bare(article, &lean, raw, limits);
    }
    let document = Document::parse(&lean);
    let mut facts = facts(&document, &lean);
    let kept = if facts.published.is_empty() { published::from_scripts(&html) } else { None };
    drop(html);
    let leaves = leaves::leaves(&document);
    let all_paragraphs = long_paragraphs(&document);
    let search_date = facts.published.is_empty() && kept.is_none();
    let (lines, shown) = body(document, &lean, text, search_date, all_paragraphs);
    let lines = leaves.complete(choose_body(lines, &facts, scripted), &facts.descriptions);
    if lines.is_empty() {
        notices.push(Notice::remark("no-story", "nothing of the page is a story"));
    }
    if facts.paywalled {
        notices.push(Notice::remark("paywalled", "the page says that not all of it is free: the text may be cut"));
    }
    describe(article, raw, &mut facts);
    article.published = published(article, &facts, kept, shown, raw, notices);
    lay_out(article, &lines, &facts.titles, &leaves);
    Ok(())
}

/// The lines of the body, and the date that was found beside them. `text` is how much text outside links the page has.
///
/// The crate compares its own finding with that of others (readability, justext), which costs half as much again. It takes
/// theirs only where it found next to nothing, or where theirs is more than twice as long: where its own is half of the
/// text of the page, neither can be.
fn body(document: Document, lean: &str, text: usize, search_date: bool, all_paragraphs: usize) -> (Vec<String>, Option<String>) {
    let mut lines = Vec::new();
    let mut date = None;
    let mut is_much = false;
    let alone = options(search_date, ExtractionFocus::FavorPrecision, false);
    if let Ok(result) = trafilatura::extract_document(answered(document, lean, search_date), &alone) {
        is_much = result.content_text.len() * 2 >= text && result.content_text.chars().count() >= alone.config.min_extracted_size;
        lines = markup::lines(&result.content_html);
        date = result.metadata.date.map(|date| date.to_string());
    }
    let again = |focus| {
        let document = answered(Document::parse(lean), lean, false);
        let result = trafilatura::extract_document(document, &options(false, focus, true)).ok();
        result.map(|result| markup::lines(&result.content_html)).unwrap_or_default()
    };
    if !is_much {
        lines = again(ExtractionFocus::FavorPrecision);
    }
    if length(&lines) * 4 < all_paragraphs {
        // Three quarters of the page's paragraphs were left out: the body lies in several places, or these are teasers.
        let more = again(ExtractionFocus::Balanced);
        if length(&more) * 2 > length(&lines) * 3 {
            lines = more;
        }
    }
    (lines, date)
}

/// What stands in for the page's own data, so that the crate has the author, sections and tags that it would otherwise look
/// for all over the page, several times. Nobody asks it for them.
const ANSWERS: &str = r#"{"@type": "Article", "headline": "Not asked", "author": {"@type": "Person", "name": "Not Asked"}, "publisher": {"@type": "Organization", "name": "Not Asked"}, "articleSection": "Not asked", "keywords": "not asked"}"#;

/// The same for what it looks for in meta elements first. It also looks for a license under all links, unless one says so.
const META_ANSWERS: &[(&str, &str)] = &[
    ("og:title", "Not asked"),
    ("og:author", "Not Asked"),
    ("og:url", "https://example.com/"),
    ("og:description", "Not asked"),
    ("og:site_name", "Not Asked"),
    ("og:image", "https://example.com/"),
    ("og:type", "article"),
];

/// `document` with [`ANSWERS`] in place of its own data, where the crate is not asked for the date; forums show by their data
/// that they are such.
fn answered(mut document: Document, lean: &str, search_date: bool) -> Document {
    let head = document.get_elements_by_tag_name(document.root(), "head").first().copied();
    let Some(head) = head.filter(|_| !search_date && !lean.contains("DiscussionForumPosting")) else {
        return document;
    };
    for element in document.iter(document.root(), &["script", "meta", "link"]) {
        document.remove(element, true);
    }
    for (property, content) in META_ANSWERS {
        let meta = document.sub_element(head, "meta");
        document.set_attribute(meta, "property", property);
        document.set_attribute(meta, "content", content);
    }
    let license = document.sub_element(head, "a");
    document.set_attribute(license, "rel", "license");
    document.set_attribute(license, "href", "https://creativecommons.org/licenses/by/4.0/");
    let script = document.sub_element(head, "script");
    document.set_attribute(script, "type", "application/ld+json");
    document.set_text(script, ANSWERS);
    document
}

/// A page with fewer paragraphs than this may be one that a script builds.
const SHORT: usize = 5;

fn length(lines: &[String]) -> usize {
    lines.iter().map(String::len).sum()
}

/// Length of all paragraphs that are longer than a teaser's usual line, in bytes: of the richest article of the page, or of
/// the page where it marks none.
fn long_paragraphs(page: &Document) -> usize {
    let within = |element| -> usize {
        let paragraphs = page.get_elements_by_tag_name(element, "p").into_iter();
        paragraphs.map(|paragraph| page.text_content(paragraph).trim().len()).filter(|length| *length >= 100).sum()
    };
    let articles = page.get_elements_by_tag_name(page.root(), "article");
    articles.into_iter().take(50).map(within).max().filter(|length| *length > 0).unwrap_or_else(|| within(page.root()))
}

fn options(search_date: bool, focus: ExtractionFocus, with_others: bool) -> Options {
    let mut options = Options::default().with_fallback(with_others).with_focus(focus).with_exclude_comments(true);
    // The crate's own search for a date costs time and is asked only where the page says nothing.
    options.html_date_mode = if search_date { HtmlDateMode::Extensive } else { HtmlDateMode::Disabled };
    options
}

/// The encoding that the page names in its first bytes (HTML standard, 13.2.3.2, simplified).
fn named_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(2048))?).to_ascii_lowercase();
    let after = head.split("charset").nth(1)?.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let label: String =
        after.chars().take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')).collect();
    (!label.is_empty()).then_some(label)
}

/// A page that no parser may see: its lines as plain text.
fn bare(article: &mut Article, html: &str, raw: &Raw, limits: &Limits) -> Result<(), Notice> {
    let mut text = markup::lines(html).join("\n");
    if text.trim().is_empty() {
        return Err(Notice::failure("empty", "the page has no text"));
    }
    if text.len() > limits.text_bytes {
        return Err(Notice::failure(
            "limit-text",
            format!("the text is {} bytes long, more than the limit of {}", text.len(), limits.text_bytes),
        ));
    }
    text.shrink_to_fit();
    let layout = structure::lay_out(&text, raw.given.title.as_deref(), words::english());
    article.title = raw.given.title.clone().or_else(|| layout.title.map(|span| span.of(&text).to_owned()));
    article.publisher = raw.given.publisher.clone();
    article.published = published::from_text(&text, &layout, &article.source, words::english());
    article.text = text;
    article.blocks = layout.blocks;
    Ok(())
}

/// The lines of the body: those that the crate found; the entries of a live blog, or `articleBody`, where the page gives
/// those as data and the crate found less; the markup that a script holds where nothing else is there.
fn choose_body(lines: Vec<String>, facts: &Facts, scripted: Option<String>) -> Vec<String> {
    let live: Vec<String> = facts.live.iter().flat_map(live_lines).collect();
    // The page's own entries tell their times, which the text between its tags does not.
    if length(&live) * 4 > length(&lines) * 3 {
        return live;
    }
    let body = facts.body.as_deref().or(scripted.as_deref());
    let Some(body) = body else { return lines };
    let body_lines = markup::lines(body);
    if length(&body_lines) > 400 && length(&lines) * 2 < length(&body_lines) {
        return body_lines;
    }
    lines
}

/// An entry of a live blog: when, what about, what.
fn live_lines(entry: &LiveEntry) -> Vec<String> {
    let text = entry.text.as_deref().map(markup::lines).unwrap_or_default();
    entry.time.iter().chain(&entry.heading).cloned().chain(text).collect()
}

fn describe(article: &mut Article, raw: &Raw, facts: &mut Facts) {
    article.url = facts.url.take().or_else(|| raw.given.url.clone());
    let host = article.url.as_deref().and_then(host).map(str::to_owned);
    let site = facts.site.clone().or_else(|| facts.publisher.clone());
    article.title = title(raw, &facts.titles, site.as_deref(), host.as_deref());
    article.publisher = raw.given.publisher.clone().or(site).or(host);
    let mut people = names::signed(&facts.authors);
    if people.is_empty() {
        people = names::signed(&facts.author_metas);
    }
    if people.is_empty() {
        let first: Vec<String> = facts.author_elements.iter().take(1).cloned().collect();
        people = names::people(&first, article.publisher.as_deref());
    }
    article.byline = (!people.is_empty()).then(|| people.join(", ")).or_else(|| raw.given.byline.clone());
}

/// The headline on which two places of the page agree, else the one made for machines, else what there is.
fn title(raw: &Raw, titles: &Titles, site: Option<&str>, host: Option<&str>) -> Option<String> {
    let clean = |title: &String| names::headline(title, site, host, &titles.headings);
    if let Some(given) = &raw.given.title {
        return Some(clean(given));
    }
    let json_ld = titles.json_ld.as_ref().map(clean);
    let open_graph = titles.open_graph.as_ref().map(clean);
    // Where the data names one headline twice, that is the desk's; the one shown was written anew for the page.
    if titles.json_ld.is_some() && titles.json_ld == titles.json_ld_other {
        return json_ld;
    }
    let is_heading = |title: &String| titles.headings.iter().any(|heading| fold(heading) == fold(title));
    let agreed = |one: &Option<String>, other: &Option<String>| -> Option<String> {
        let title = one.as_ref()?;
        (is_heading(title) || other.as_ref().is_some_and(|other| fold(other) == fold(title))).then(|| title.clone())
    };
    // "Ferries: pact signed" beside "Pact signed": what goes before is a kicker, not the headline.
    let headline = open_graph.as_ref().filter(|short| {
        let kicker = json_ld.as_ref().and_then(|long| long.strip_suffix(short.as_str()));
        kicker.is_some_and(|kicker| kicker.trim_end().ends_with([':', '|', '.', '–', '-']))
    });
    headline
        .cloned()
        .or_else(|| agreed(&json_ld, &open_graph))
        .or_else(|| agreed(&open_graph, &json_ld))
        .or(json_ld)
        .or(open_graph)
        .or_else(|| titles.meta.as_ref().map(clean))
        .or_else(|| titles.element.as_ref().map(clean))
        .or_else(|| titles.headings.first().cloned())
}

fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    (!host.is_empty()).then(|| host.trim_start_matches("www."))
}

fn published(
    article: &Article,
    facts: &Facts,
    kept: Option<Published>,
    shown: Option<String>,
    raw: &Raw,
    notices: &mut Vec<Notice>,
) -> Option<Published> {
    let address = article.url.as_deref().and_then(published::from_address);
    let given = raw.given.published.as_ref();
    for field in given.into_iter().chain(&facts.published) {
        let Ok(mut published) = published::from_field(field) else { continue };
        // Two independent signs of one day are better than one.
        let agrees = address.as_ref().is_some_and(|address| address.value == published.value);
        published.confidence = if agrees { 0.99 } else { 0.95 };
        return Some(published);
    }
    if let Some(field) = facts.published.first() {
        notices.extend(published::from_field(field).err());
    }
    // What stands somewhere on the page; else the last change, which is no earlier than the publication, and mostly the
    // same day.
    let found = |field: &String, basis| {
        published::from_field(field).ok().map(|published| Published { confidence: 0.5, time: None, basis, ..published })
    };
    kept.or(address)
        .or_else(|| shown.and_then(|shown| found(&shown, DateBasis::Text)))
        .or_else(|| facts.modified.iter().find_map(|field| found(field, DateBasis::Metadata)))
}

/// Title and body as one text, and its parts: what the crate let through of boxes and buttons is cut as in any text, and so
/// are lines that are nothing but links, and pictures' texts.
fn lay_out(article: &mut Article, lines: &[String], titles: &Titles, leaves: &Leaves) {
    let mut text = article.title.clone().unwrap_or_default();
    let all_titles: Vec<String> = article.title.iter().chain(titles.all()).map(|title| fold(title)).collect();
    let title = all_titles.first().cloned().unwrap_or_default();
    for (at, line) in lines.iter().enumerate() {
        let folded = fold(line);
        // Another wording of the headline stands above the story; further down, it may be anything.
        if folded == title || at < HEAD && all_titles.contains(&folded) {
            continue;
        }
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(line);
    }
    let layout = structure::lay_out(&text, article.title.as_deref(), words::english());
    article.dateline = layout.dateline.map(|span| span.of(&text).to_owned());
    article.text = text;
    article.blocks = layout.blocks;
    cut_by_markup(article, leaves);
}

/// How many lines at the top may be other wordings of the headline.
const HEAD: usize = 3;

/// Cuts what the tree shows to be a link to another story, or a picture's text.
fn cut_by_markup(article: &mut Article, leaves: &Leaves) {
    let Article { text, blocks, .. } = article;
    for block in blocks.iter_mut().filter(|block| block.kind == BlockKind::Paragraph) {
        let line = block.span.of(text);
        if leaves.is_caption(line) {
            block.kind = BlockKind::Caption;
        } else if leaves.is_link(line) {
            block.kind = BlockKind::Teaser;
        }
    }
}
