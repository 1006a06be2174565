//! The tags of a page one after the other, without a tree: its bare text, what its scripts hold.
use memchr::{memchr, memchr3, memmem};
use std::borrow::Cow;

/// True for elements whose content is not markup, and for `svg`, whose content no story needs.
pub(crate) fn is_opaque(name: &str) -> bool {
    matches!(name, "script" | "style" | "svg" | "textarea" | "template" | "iframe" | "noembed" | "xmp")
}

/// True for elements that stand apart from the lines before and after them.
pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "header"
            | "footer"
            | "aside"
            | "nav"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "table"
            | "tr"
            | "td"
            | "th"
            | "blockquote"
            | "pre"
            | "figure"
            | "figcaption"
            | "hr"
            | "br"
            | "form"
            | "title"
            | "body"
            | "head"
            | "html"
            | "address"
            | "details"
            | "summary"
            | "center"
            | "lb"
            | "list"
            | "item"
            | "quote"
            | "row"
            | "cell"
            | "graphic"
    )
}

/// One tag, or one stretch of text.
pub(crate) enum Part<'a> {
    Text(&'a str),
    Open {
        name: Cow<'a, str>,
        whole: &'a str,
    },
    Close {
        name: Cow<'a, str>,
        whole: &'a str,
    },
    /// Comments, declarations, processing instructions.
    Other,
}

/// Goes over `html` from `at`; gives the part there and where the next one starts.
pub(crate) fn part(html: &str, at: usize) -> Option<(Part<'_>, usize)> {
    let rest = html.get(at..)?;
    if rest.is_empty() {
        return None;
    }
    let Some(body) = rest.strip_prefix('<') else {
        let end = memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        return Some((Part::Text(rest.get(..end)?), at + end));
    };
    if body.starts_with("!--") {
        let end = memmem::find(rest.as_bytes(), b"-->").map_or(rest.len(), |end| end + 3);
        return Some((Part::Other, at + end));
    }
    let closing = body.starts_with('/');
    let name_from = usize::from(closing);
    if !body.get(name_from..).is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())) {
        if body.starts_with(['!', '?', '/']) {
            let end = rest.find('>').map_or(rest.len(), |end| end + 1);
            return Some((Part::Other, at + end));
        }
        // A sign of its own: "a < b".
        let end = memchr(b'<', body.as_bytes()).map_or(rest.len(), |end| end + 1);
        return Some((Part::Text(rest.get(..end)?), at + end));
    }
    let end = tag_end(rest);
    let whole = rest.get(..end)?;
    let name = body.get(name_from..)?;
    let name_end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == ':')).unwrap_or(name.len());
    let name = name.get(..name_end)?;
    let name = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    };
    let part = if closing { Part::Close { name, whole } } else { Part::Open { name, whole } };
    Some((part, at + end))
}

/// Where the tag that begins `rest` ends, quoted attribute values passed over.
fn tag_end(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut from = 1;
    while let Some(found) = bytes.get(from..).and_then(|rest| memchr3(b'>', b'"', b'\'', rest)) {
        let at = from + found;
        let mark = bytes.get(at).copied().unwrap_or(b'>');
        if mark == b'>' {
            return at + 1;
        }
        from = at + 1;
        // A quotation mark begins a value only behind a sign of equality.
        let before = bytes.get(..at).unwrap_or_default().trim_ascii_end();
        if before.ends_with(b"=") {
            let Some(length) = bytes.get(from..).and_then(|value| memchr(mark, value)) else { break };
            from += length + 1;
        }
    }
    rest.len()
}

/// Where the content of the opaque element `name`, opened before `at`, ends: (start, end) of its closing tag.
pub(crate) fn close_of(html: &str, at: usize, name: &str) -> (usize, usize) {
    let bytes = html.as_bytes();
    for found in memmem::find_iter(bytes.get(at..).unwrap_or_default(), b"</") {
        let start = at + found;
        let word = bytes.get(start + 2..start + 2 + name.len()).unwrap_or_default();
        let ends = bytes.get(start + 2 + name.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        if word.eq_ignore_ascii_case(name.as_bytes()) && ends {
            let end = html.get(start..).and_then(|rest| rest.find('>')).map_or(html.len(), |end| start + end + 1);
            return (start, end);
        }
    }
    (html.len(), html.len())
}

/// The longest string with paragraphs in it that a script of the page holds as data; none where there are fewer than three
/// paragraphs in it.
pub(crate) fn scripted(html: &str) -> Option<String> {
    let mut best: Option<(usize, &str)> = None;
    let mut at = 0;
    while let Some((part, next)) = part(html, at) {
        at = next;
        let Part::Open { name, whole } = part else { continue };
        if name != "script" || whole.ends_with("/>") {
            continue;
        }
        let (inner_end, end) = close_of(html, at, &name);
        for literal in strings(html.get(at..inner_end).unwrap_or("")) {
            let paragraphs =
                literal.matches("u003cp").count() + literal.matches("u003Cp").count() + literal.matches("<p").count();
            if paragraphs >= 3 && best.is_none_or(|(most, _)| paragraphs > most) {
                best = Some((paragraphs, literal));
            }
        }
        at = end;
    }
    // A string within a string is escaped twice.
    let mut text = format!("\"{}\"", best?.1);
    for _ in 0..3 {
        text = serde_json::from_str::<String>(&text).ok()?;
        if !text.contains("u003c") && !text.contains("u003C") {
            return Some(text);
        }
        let inner = strings(&text).into_iter().max_by_key(|literal| literal.matches("003").count())?;
        text = format!("\"{inner}\"");
    }
    None
}

/// What stands between double quotation marks in `script`, escapes as they are.
fn strings(script: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut escaped) = (None, false);
    for (at, byte) in script.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => match start.take() {
                Some(from) => found.extend(script.get(from..at).filter(|literal| literal.len() > 200)),
                None => start = Some(at + 1),
            },
            _ => {}
        }
    }
    found
}

/// The text of a page or a part of one: a line for each block, character references resolved, white space as a browser
/// shows it.
pub(crate) fn lines(html: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut at = 0;
    while let Some((part, next)) = part(html, at) {
        at = next;
        match part {
            Part::Text(text) => push_text(&mut line, text),
            Part::Other => {}
            Part::Open { name, whole } => {
                if is_opaque(&name) && !whole.ends_with("/>") {
                    let (inner_end, end) = close_of(html, at, &name);
                    at = if inner_end == html.len() && name != "script" && name != "style" { at } else { end };
                }
                if is_block(&name) {
                    finish_line(&mut lines, &mut line);
                }
            }
            Part::Close { name, .. } => {
                if is_block(&name) {
                    finish_line(&mut lines, &mut line);
                }
            }
        }
    }
    finish_line(&mut lines, &mut line);
    lines
}

fn finish_line(lines: &mut Vec<String>, line: &mut String) {
    let trimmed = line.trim();
    if !trimmed.is_empty() {
        lines.push(trimmed.to_owned());
    }
    line.clear();
}

/// Adds `text` with its character references resolved and runs of white space as one space.
fn push_text(line: &mut String, text: &str) {
    let resolved = unescape(text);
    for letter in resolved.chars() {
        if letter.is_ascii_whitespace() {
            if !line.is_empty() && !line.ends_with([' ', '\u{a0}']) {
                line.push(' ');
            }
        } else {
            line.push(letter);
        }
    }
}

/// Character references that occur in news: the numeric ones and the usual names. Others stay as they are.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find('&') {
        out.push_str(rest.get(..found).unwrap_or(""));
        rest = rest.get(found..).unwrap_or("");
        let end = rest.char_indices().take(12).find(|(_, c)| *c == ';').map(|(at, _)| at);
        let letter = end.and_then(|end| rest.get(1..end)).and_then(reference);
        match (letter, end) {
            (Some(letter), Some(end)) => {
                out.push(letter);
                rest = rest.get(end + 1..).unwrap_or("");
            }
            _ => {
                out.push('&');
                rest = rest.get(1..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn reference(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
            None => number.parse().ok()?,
        };
        // Pages written for old Western systems mean the characters of their code page here (HTML standard, 13.2.5.80).
        let code = match code {
            0x91 => 0x2018,
            0x92 => 0x2019,
            0x93 => 0x201c,
            0x94 => 0x201d,
            0x96 => 0x2013,
            0x97 => 0x2014,
            0x85 => 0x2026,
            0 => 0xfffd,
            code => code,
        };
        return char::from_u32(code);
    }
    const NAMES: [(&str, char); 36] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", '\u{a0}'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("hellip", '…'),
        ("laquo", '«'),
        ("raquo", '»'),
        ("bull", '•'),
        ("middot", '·'),
        ("euro", '€'),
        ("pound", '£'),
        ("yen", '¥'),
        ("cent", '¢'),
        ("copy", '©'),
        ("reg", '®'),
        ("trade", '™'),
        ("deg", '°'),
        ("eacute", 'é'),
        ("egrave", 'è'),
        ("aacute", 'á'),
        ("oacute", 'ó'),
        ("iacute", 'í'),
        ("ntilde", 'ñ'),
        ("ouml", 'ö'),
        ("uuml", 'ü'),
        ("auml", 'ä'),
        ("ccedil", 'ç'),
        ("szlig", 'ß'),
    ];
    NAMES.iter().find(|(known, _)| *known == name).map(|&(_, letter)| letter)
}

#[cfg(test)]
mod tests {
    use super::{lines, unescape};

    #[test]
    fn lines_are_what_a_browser_shows() {
        let html = "<p>Sylvania&nbsp;and <b>Freedonia</b>\n signed &ldquo;a pact&rdquo;.</p><script>if (a < b) {}</script><ul><li>1 < 2<li>AT&T</ul>";
        assert_eq!(lines(html), ["Sylvania\u{a0}and Freedonia signed “a pact”.", "1 < 2", "AT&T"]);
    }

    #[test]
    fn broken_references_stay() {
        assert_eq!(unescape("a & b &bogus; &#x20AC;5 &#99999999;"), "a & b &bogus; €5 &#99999999;");
    }
}
