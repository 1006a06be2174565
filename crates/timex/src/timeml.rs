//! Reads and writes TimeML (`.tml`): the text with its TIMEX3 tags, the document creation time, and new tags put in with every other byte as it was.
use crate::timex::{Anchor, Timex};
use std::fmt::Write as _;

/// A TIMEX3 tag of a document. Offsets are bytes into the plain text of its `TEXT` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagged {
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// `type`, as it is written.
    pub kind: String,
    /// `value`, as it is written.
    pub value: String,
    /// `mod`, empty if there is none.
    pub modifier: String,
}

/// A TimeML document, read as far as time expressions go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Value of the document creation time, if there is one.
    pub created: Option<String>,
    /// The plain text of the `TEXT` element: tags taken out, entities resolved.
    pub text: String,
    /// The TIMEX3 tags in the text, in order.
    pub tagged: Vec<Tagged>,
    /// For each byte of `text`, where it comes from in the source; one more for the end.
    sources: Vec<usize>,
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = tag;
    while let Some(at) = rest.find(name) {
        let after = rest.get(at + name.len()..)?;
        let clean = rest.get(..at)?.ends_with(|character: char| character.is_whitespace());
        if clean && let Some(value) = after.strip_prefix("=\"") {
            return value.split('"').next();
        }
        if clean && let Some(value) = after.strip_prefix("='") {
            return value.split('\'').next();
        }
        rest = after;
    }
    None
}

impl Document {
    /// Reads a document. What is not TimeML is read as far as it goes: no `TEXT` element, no text.
    #[must_use]
    pub fn parse(source: &str) -> Self {
        let mut document = Self::default();
        if let Some(dct) = source.find("<DCT").and_then(|at| source.get(at..)) {
            let dct = dct.find("</DCT>").and_then(|end| dct.get(..end)).unwrap_or("");
            document.created = dct
                .find("<TIMEX3")
                .and_then(|at| dct.get(at..))
                .and_then(|tag| attribute(tag.split('>').next()?, "value"))
                .map(str::to_owned);
        }
        let begin = source.find("<TEXT>").map(|at| at + 6);
        let end = source.rfind("</TEXT>");
        let (Some(begin), Some(end)) = (begin, end) else { return document };
        let Some(body) = source.get(begin..end) else { return document };
        let mut open: Vec<Tagged> = Vec::new();
        let mut at = 0;
        while let Some(rest) = body.get(at..).filter(|rest| !rest.is_empty()) {
            if rest.starts_with('<')
                && let Some(close) = rest.find('>')
            {
                let tag = rest.get(1..close).unwrap_or("");
                if tag.starts_with("TIMEX3") {
                    let value = |name: &str| attribute(tag, name).unwrap_or("").to_owned();
                    let tagged = Tagged {
                        start: document.text.len(),
                        end: 0,
                        kind: value("type"),
                        value: value("value"),
                        modifier: value("mod"),
                    };
                    if tag.ends_with('/') {
                        document.tagged.push(Tagged { end: tagged.start, ..tagged });
                    } else {
                        open.push(tagged);
                    }
                } else if tag == "/TIMEX3"
                    && let Some(tagged) = open.pop()
                {
                    document.tagged.push(Tagged { end: document.text.len(), ..tagged });
                }
                at += close + 1;
                continue;
            }
            let (character, length) = entity(rest)
                .unwrap_or_else(|| rest.chars().next().map_or((' ', 1), |character| (character, character.len_utf8())));
            for _ in 0..character.len_utf8() {
                document.sources.push(begin + at);
            }
            document.text.push(character);
            at += length;
        }
        document.sources.push(end);
        document.tagged.sort_by_key(|tagged| (tagged.start, tagged.end));
        document
    }
}

/// A character written as an entity, and how long it is in the source.
fn entity(rest: &str) -> Option<(char, usize)> {
    let [character, ..] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&apos;", '\'')]
        .into_iter()
        .filter(|(name, _)| rest.starts_with(name))
        .collect::<Vec<_>>()[..]
    else {
        return None;
    };
    Some((character.1, character.0.len()))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn opening(timex: &Timex, number: usize) -> String {
    let mut tag = format!("<TIMEX3 tid=\"t{number}\" type=\"{}\"", timex.kind.as_str());
    if let Some(value) = &timex.value {
        let _ = write!(tag, " value=\"{}\"", escape(value));
    }
    if let Some(modifier) = timex.modifier {
        let _ = write!(tag, " mod=\"{}\"", modifier.as_str());
    }
    if let Some(quantifier) = timex.quantifier {
        let _ = write!(tag, " quant=\"{quantifier}\"");
    }
    match timex.anchor {
        Some(Anchor::Reference) => tag.push_str(" temporalFunction=\"true\" anchorTimeID=\"t0\""),
        Some(Anchor::Expression(place)) => {
            let _ = write!(tag, " temporalFunction=\"true\" anchorTimeID=\"t{}\"", place + 1);
        }
        None => {}
    }
    tag.push('>');
    tag
}

/// The source of a TimeML document with these expressions in place of the TIMEX3 tags of its text; everything else stays byte for byte, other tags included.
/// Expressions are those of [`Document::text`], in order and without overlap.
#[must_use]
pub fn rewrite(source: &str, expressions: &[Timex]) -> String {
    let document = Document::parse(source);
    let (Some(begin), Some(end)) = (source.find("<TEXT>").map(|at| at + 6), source.rfind("</TEXT>")) else {
        return source.to_owned();
    };
    if end < begin {
        return source.to_owned();
    }
    // Where tags go in: an opening before the source byte of the first letter, a closing after that of the last.
    let mut put: Vec<(usize, bool, usize)> = Vec::new();
    for (number, timex) in expressions.iter().enumerate() {
        let (Some(&first), Some(last)) =
            (document.sources.get(timex.start), timex.end.checked_sub(1).and_then(|at| document.sources.get(at)))
        else {
            continue;
        };
        let length = source
            .get(*last..)
            .map_or(1, |rest| entity(rest).map_or_else(|| rest.chars().next().map_or(1, char::len_utf8), |(_, length)| length));
        put.push((first, true, number));
        put.push((last + length, false, number));
    }
    put.sort_by_key(|(at, opens, number)| (*at, *opens, *number));
    let mut text = String::with_capacity(source.len() + expressions.len() * 80);
    text.push_str(source.get(..begin).unwrap_or(""));
    let mut at = begin;
    let mut next = put.into_iter().peekable();
    while at < end {
        while let Some((_, opens, number)) = next.next_if(|(place, ..)| *place <= at) {
            text.push_str(&if opens {
                expressions.get(number).map(|timex| opening(timex, number + 1)).unwrap_or_default()
            } else {
                "</TIMEX3>".into()
            });
        }
        let Some(rest) = source.get(at..end) else { break };
        if (rest.starts_with("<TIMEX3") || rest.starts_with("</TIMEX3"))
            && let Some(close) = rest.find('>')
        {
            at += close + 1;
            continue;
        }
        let length = rest.chars().next().map_or(1, char::len_utf8);
        text.push_str(rest.get(..length).unwrap_or(""));
        at += length;
    }
    for (_, opens, _) in next {
        if !opens {
            text.push_str("</TIMEX3>");
        }
    }
    text.push_str(source.get(end..).unwrap_or(""));
    text
}

/// A plain text as a TimeML document: its expressions tagged, the day of writing in the header. With the tags taken out again and entities resolved, `TEXT` holds the text byte for byte.
#[must_use]
pub fn write(name: &str, text: &str, created: Option<&str>, expressions: &[Timex]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" ?>\n<TimeML xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"http://timeml.org/timeMLdocs/TimeML_1.2.1.xsd\">\n",
    );
    let _ = writeln!(out, "<DOCID>{}</DOCID>", escape(name));
    if let Some(created) = created {
        let created = escape(created);
        let _ = writeln!(
            out,
            "<DCT><TIMEX3 tid=\"t0\" type=\"DATE\" value=\"{created}\" temporalFunction=\"false\" functionInDocument=\"CREATION_TIME\">{created}</TIMEX3></DCT>"
        );
    }
    out.push_str("<TEXT>");
    let mut at = 0;
    for (number, timex) in expressions.iter().enumerate() {
        let (Some(before), Some(words)) = (text.get(at..timex.start), text.get(timex.start..timex.end)) else { continue };
        out.push_str(&escape(before));
        out.push_str(&opening(timex, number + 1));
        out.push_str(&escape(words));
        out.push_str("</TIMEX3>");
        at = timex.end;
    }
    out.push_str(&escape(text.get(at..).unwrap_or("")));
    out.push_str("</TEXT>\n</TimeML>\n");
    out
}
