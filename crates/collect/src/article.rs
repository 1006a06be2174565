//! One document as found becomes one article: a pure function, to be run in parallel.
use crate::decode::decode;
use crate::json::{self, Fields};
use crate::limits::Limits;
use crate::published;
use crate::raw::{Form, Given, Raw};
use crate::structure::{self, Layout};
use crate::words::{self, Words};
use chancery_agreement::{Article, BlockKind, Notice, Published};
use sha2::{Digest, Sha256};

/// The article that `raw` holds, and what there is to remark about it.
///
/// A fatal notice says that the document is to be set aside: it could not be read, or is in a language that is not read.
/// The article then still tells what is known of it. Same bytes, same article.
#[must_use]
pub fn article(raw: &Raw, limits: &Limits) -> (Article, Vec<Notice>) {
    let mut notices = raw.notices.clone();
    let mut article =
        Article { id: id_of(&raw.bytes), source: raw.source.clone(), url: raw.given.url.clone(), ..Article::default() };
    if raw.bytes.len() > limits.document_bytes {
        notices.push(too_long(raw.bytes.len(), limits));
        return (article, notices);
    }
    let read = match raw.form {
        Form::Text => plain_text(&mut article, raw, limits, &mut notices),
        Form::Json => record(&mut article, raw, limits, &mut notices),
        Form::Html => crate::html::page(&mut article, raw, limits, &mut notices),
    };
    match read {
        Ok(()) => {
            check_language(&mut article, &mut notices);
            notices.extend(cut_short(&article, words::english()));
        }
        Err(notice) => notices.push(notice),
    }
    (article, notices)
}

/// SHA-256 of `bytes` in lower-case hexadecimal.
pub(crate) fn id_of(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut id, byte| {
        let _ = write!(id, "{byte:02x}");
        id
    })
}

fn too_long(length: usize, limits: &Limits) -> Notice {
    Notice::failure(
        "limit-bytes",
        format!("the document is {length} bytes long, more than the limit of {}", limits.document_bytes),
    )
}

fn plain_text(article: &mut Article, raw: &Raw, limits: &Limits, notices: &mut Vec<Notice>) -> Result<(), Notice> {
    let (text, remarks) = decode(&raw.bytes, raw.given.charset.as_deref())?;
    notices.extend(remarks);
    article.text = text;
    from_text(article, &raw.given, limits, notices)
}

fn record(article: &mut Article, raw: &Raw, limits: &Limits, notices: &mut Vec<Notice>) -> Result<(), Notice> {
    let (text, remarks) = decode(&raw.bytes, None)?;
    notices.extend(remarks);
    let Fields { mut given, text, html, language, seen } = json::fields(&text, limits.depth)?;
    fill(&mut given.url, raw.given.url.as_ref());
    fill(&mut given.title, raw.given.title.as_ref());
    fill(&mut given.publisher, raw.given.publisher.as_ref());
    fill(&mut given.published, raw.given.published.as_ref());
    article.language = language;
    article.url.clone_from(&given.url);
    let read = match (text, html) {
        (Some(text), _) => {
            article.text = text;
            from_text(article, &given, limits, notices)
        }
        (None, Some(html)) => {
            let page = Raw { source: raw.source.clone(), bytes: html.into_bytes(), form: Form::Html, given, notices: Vec::new() };
            crate::html::page(article, &page, limits, notices)
        }
        (None, None) => {
            Err(Notice::failure("no-text", "the record has no field `text` (or `body`, `content`, `maintext`, `html`)"))
        }
    };
    if article.published.is_none() {
        // When a crawler saw the page is mostly, but not surely, the day on which it was published.
        let seen = seen.and_then(|seen| published::from_field(&seen).ok());
        article.published = seen.map(|seen| Published { time: None, confidence: 0.5, ..seen });
    }
    read
}

fn fill(place: &mut Option<String>, given: Option<&String>) {
    if place.is_none() {
        *place = given.cloned();
    }
}

/// Everything that follows from `article.text` and what is `given` beside it.
fn from_text(article: &mut Article, given: &Given, limits: &Limits, notices: &mut Vec<Notice>) -> Result<(), Notice> {
    if article.text.trim().is_empty() {
        return Err(Notice::failure("empty", "the document has no text"));
    }
    if article.text.len() > limits.text_bytes {
        return Err(Notice::failure(
            "limit-text",
            format!("the text is {} bytes long, more than the limit of {}", article.text.len(), limits.text_bytes),
        ));
    }
    let words = words::english();
    let layout = structure::lay_out(&article.text, given.title.as_deref(), words);
    take_over(article, &layout, given, words, notices);
    article.blocks = layout.blocks;
    if article.story().next().is_none() {
        notices.push(Notice::remark("no-story", "nothing of the text is a story"));
    }
    Ok(())
}

/// Title, author, publisher, place and date: what is given, else what the layout shows.
fn take_over(article: &mut Article, layout: &Layout, given: &Given, words: &Words, notices: &mut Vec<Notice>) {
    let shown = |span: Option<chancery_agreement::Span>| span.map(|span| span.of(&article.text).to_owned());
    let (title, byline, dateline, url) = (shown(layout.title), shown(layout.byline), shown(layout.dateline), shown(layout.url));
    article.title = given.title.clone().or(title);
    article.byline = given.byline.clone().or(byline);
    article.dateline = dateline;
    article.publisher = given.publisher.clone().or_else(|| layout.publisher.clone());
    article.url = article.url.take().or(url);
    article.published = published(article, layout, given, words, notices);
}

fn published(article: &Article, layout: &Layout, given: &Given, words: &Words, notices: &mut Vec<Notice>) -> Option<Published> {
    if let Some(field) = given.published.as_deref().filter(|field| !field.trim().is_empty()) {
        match published::from_field(field) {
            Ok(published) => return Some(published),
            Err(notice) => notices.push(notice),
        }
    }
    let address = article.url.as_deref().and_then(published::from_address);
    let in_text = published::from_text(&article.text, layout, &article.source, words);
    match (in_text, address) {
        (Some(text), Some(address)) if text.confidence < address.confidence => Some(address),
        (Some(text), _) => Some(text),
        (None, address) => address,
    }
}

/// Names the language; a text that is surely in another one than English is set aside.
pub(crate) fn check_language(article: &mut Article, notices: &mut Vec<Notice>) {
    let mut sample = String::new();
    for block in article.story() {
        if sample.len() > 4000 {
            break;
        }
        let line = block.span.of(&article.text);
        sample.extend(line.chars().take(2000));
        sample.push(' ');
    }
    if english_share(&sample, words::english()) >= 0.12 {
        article.language = Some("en".to_owned());
        return;
    }
    let Some(info) = whatlang::detect(&sample) else { return };
    let is_english = info.lang() == whatlang::Lang::Eng;
    let long_enough = sample.chars().filter(|letter| letter.is_alphabetic()).count() >= 120;
    let sure = info.is_reliable() && long_enough;
    if sure || is_english {
        article.language = Some(two_letters(info.lang()));
    }
    if !is_english && sure {
        notices.push(Notice::failure(
            "not-english",
            format!("the text is in {} ({}); only English is read", info.lang().eng_name(), two_letters(info.lang())),
        ));
    }
}

/// Says of a text that it is not all of the story: it breaks off, or a line asks for money or a name before it goes on.
fn cut_short(article: &Article, words: &Words) -> Option<Notice> {
    let last = article.story().filter(|block| block.kind == BlockKind::Paragraph).last()?;
    let line = last.span.of(&article.text).trim_end_matches(['"', '”', '’', '\'']);
    if TORN.iter().any(|end| line.ends_with(end)) || is_count_of_rest(line) {
        return Some(Notice::remark("cut-text", "the text breaks off in its last line: the rest of the story is not there"));
    }
    let asks = article.blocks.iter().find(|block| {
        let line = block.span.of(&article.text);
        line.len() <= 200 && words::begins(&words::lower(line), &words.cut_starts).is_some()
    })?;
    let line: String = asks.span.of(&article.text).chars().take(80).collect();
    Some(Notice::remark("cut-text", format!("the line `{line}` says that the rest of the story is for subscribers")))
}

/// How a text that was cut by a machine ends.
const TORN: &[&str] = &["…", "...", "[…]", "[...]", "(…)", "(...)", "… »", "...»"];

/// "[+1234 chars]", as dumps of headlines have it.
fn is_count_of_rest(line: &str) -> bool {
    let inner = line.rsplit_once("[+").and_then(|(_, inner)| inner.strip_suffix(']'));
    inner.is_some_and(|inner| inner.starts_with(|letter: char| letter.is_ascii_digit()) && inner.ends_with("chars"))
}

/// Which share of the first words are among the commonest of English, 0 to 1.
fn english_share(sample: &str, words: &Words) -> f64 {
    let (mut all, mut known) = (0_u32, 0_u32);
    let mut folded = String::new();
    for word in sample.split_whitespace().take(400) {
        words::fold_into(&mut folded, word);
        all += u32::from(!folded.is_empty());
        known += u32::from(words.common_words.contains(&folded));
    }
    f64::from(known) / f64::from(all.max(1))
}

/// ISO 639-1 code, as far as there is one.
fn two_letters(language: whatlang::Lang) -> String {
    const CODES: [(&str, &str); 66] = [
        ("afr", "af"),
        ("aka", "ak"),
        ("amh", "am"),
        ("ara", "ar"),
        ("aze", "az"),
        ("bel", "be"),
        ("ben", "bn"),
        ("bul", "bg"),
        ("cat", "ca"),
        ("ces", "cs"),
        ("cmn", "zh"),
        ("dan", "da"),
        ("deu", "de"),
        ("ell", "el"),
        ("eng", "en"),
        ("epo", "eo"),
        ("est", "et"),
        ("fin", "fi"),
        ("fra", "fr"),
        ("guj", "gu"),
        ("heb", "he"),
        ("hin", "hi"),
        ("hrv", "hr"),
        ("hun", "hu"),
        ("hye", "hy"),
        ("ind", "id"),
        ("ita", "it"),
        ("jav", "jv"),
        ("jpn", "ja"),
        ("kan", "kn"),
        ("kat", "ka"),
        ("khm", "km"),
        ("kor", "ko"),
        ("lat", "la"),
        ("lav", "lv"),
        ("lit", "lt"),
        ("mal", "ml"),
        ("mar", "mr"),
        ("mkd", "mk"),
        ("mya", "my"),
        ("nep", "ne"),
        ("nld", "nl"),
        ("nob", "nb"),
        ("ori", "or"),
        ("pan", "pa"),
        ("pes", "fa"),
        ("pol", "pl"),
        ("por", "pt"),
        ("ron", "ro"),
        ("rus", "ru"),
        ("sin", "si"),
        ("slk", "sk"),
        ("slv", "sl"),
        ("sna", "sn"),
        ("spa", "es"),
        ("srp", "sr"),
        ("swe", "sv"),
        ("tam", "ta"),
        ("tel", "te"),
        ("tgl", "tl"),
        ("tha", "th"),
        ("tuk", "tk"),
        ("tur", "tr"),
        ("ukr", "uk"),
        ("urd", "ur"),
        ("vie", "vi"),
    ];
    let code = language.code();
    CODES.iter().find(|(three, _)| *three == code).map_or(code, |(_, two)| two).to_owned()
}
