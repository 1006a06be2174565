//! Goes over the tags of a page once before any parser does: how deep it is nested, and what of it no reader of the text
//! asks for.
//!
//! No parser gets to see a page before this has: parsers of pages recurse over the tree, or go over all open elements at
//! each tag, and a page of a hundred thousand nested elements stops them. And as they go over the tree many times, what is
//! left out here is saved many times: menus, lists of links, and the attributes by which nothing is chosen are two thirds
//! of what news pages consist of.
use crate::markup::{BLOCKS, OPAQUE, Part, close_of, part};
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// What a walk over the tags shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Survey {
    /// How many elements are open at once at the deepest place.
    pub depth: usize,
    /// How many elements are left.
    pub elements: usize,
    /// How many elements each of them is in, added up.
    pub steps: usize,
    /// The page without scripts (but for JSON-LD), styles, drawings, comments, menus, and attributes that nobody reads.
    pub lean: String,
}

/// Elements that never have content, or that are closed by whatever comes next.
const UNNESTED: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p", "li",
    "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "html", "body", "head", "rp", "rt",
];

/// Elements without content that say nothing.
const MUTE: &[&str] = &["area", "embed", "input", "param", "source", "track", "wbr"];

/// An element that is open: what stood before it.
struct Open<'a> {
    name: Cow<'a, str>,
    /// Length of the lean page.
    length: usize,
    elements: usize,
    steps: usize,
    told: Told,
}

/// What was told so far: text in bytes, without white space at the ends of a stretch.
#[derive(Debug, Clone, Copy, Default)]
struct Told {
    links: usize,
    /// Text within links.
    linked: usize,
    text: usize,
    /// Stretches long enough to be of a paragraph, outside links.
    prose: usize,
    /// Elements that may say who wrote the page, when, and what it is called.
    marks: usize,
    /// Elements that part lines.
    breaks: usize,
}

impl Told {
    fn since(self, before: Self) -> Self {
        Self {
            links: self.links - before.links,
            linked: self.linked - before.linked,
            text: self.text - before.text,
            prose: self.prose - before.prose,
            marks: self.marks - before.marks,
            breaks: self.breaks - before.breaks,
        }
    }

    /// True where an element with this in it is no part of any story.
    fn is_idle(self, name: &str) -> bool {
        if self.prose > 0 || self.marks > 0 {
            return false;
        }
        match name {
            "nav" | "menu" | "select" | "button" | "noscript" | "datalist" | "object" | "audio" | "video" | "canvas" | "map"
            | "form" => true,
            "footer" | "aside" => self.linked * 2 >= self.text,
            "ul" | "ol" | "div" | "section" if self.links >= 4 => self.linked * 10 >= self.text * 9,
            // What holds nothing, or pictures alone.
            "ul" | "ol" | "div" | "section" | "span" | "header" | "figure" | "picture" | "center" | "a" => {
                self.text == 0 && self.breaks == 0
            }
            _ => false,
        }
    }
}

/// From so many bytes on, a stretch of text may be of a paragraph.
const PROSE: usize = 80;

/// What opening tags have that may tell author, date or title.
static MARK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("(?i-u)author|byline|itemprop|date|publish|<time|<h1").expect("a fixed pattern"));

/// Goes over the whole page once. Stops counting depth at `most`, where the page is given up anyway.
pub(crate) fn survey(html: &str, most: usize) -> Survey {
    let mut survey = Survey { depth: 0, elements: 0, steps: 0, lean: String::with_capacity(html.len() / 2) };
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut told = Told::default();
    let mut in_link = false;
    // White space between blocks, of which pages are full, is no text; within a line it is.
    let mut gap = "";
    let mut after_block = true;
    let mut at = 0;
    while let Some((part, next)) = part(html, at) {
        at = next;
        if let Part::Text(text) = part
            && text.trim_ascii().is_empty()
            && !open.iter().any(|opened| opened.name == "pre")
        {
            gap = if after_block || !gap.is_empty() { gap } else { text };
            continue;
        }
        let is_block = match &part {
            Part::Text(_) => false,
            Part::Open { name, .. } | Part::Close { name, .. } => BLOCKS.contains(&&**name) || OPAQUE.contains(&&**name),
            Part::Other => continue,
        };
        if !is_block {
            survey.lean.push_str(gap);
        }
        gap = "";
        after_block = is_block;
        match part {
            Part::Text(text) => {
                survey.lean.push_str(text);
                let length = text.trim_ascii().len();
                told.text += length;
                if in_link {
                    told.linked += length;
                } else if length >= PROSE {
                    told.prose += length;
                }
            }
            Part::Other => {}
            Part::Open { name, whole } => {
                let before = told;
                let opened =
                    Open { name, length: survey.lean.len(), elements: survey.elements, steps: survey.steps, told: before };
                let name = &*opened.name;
                let closed = whole.ends_with("/>");
                survey.elements += 1;
                survey.steps += open.len();
                if OPAQUE.contains(&name) && !closed {
                    let (inner_end, end) = close_of(html, at, name);
                    if name == "script" && whole.to_ascii_lowercase().contains("ld+json") {
                        survey.lean.push_str(whole);
                        survey.lean.push_str(html.get(at..end).unwrap_or(""));
                        told.marks += 1;
                    }
                    // A template or frame without an end must not swallow the page.
                    at = if inner_end == html.len() && name != "script" && name != "style" { at } else { end };
                    continue;
                }
                if MUTE.contains(&name) {
                    continue;
                }
                told.marks += usize::from(matches!(name, "meta" | "link") || MARK.is_match(whole));
                told.breaks += usize::from(matches!(name, "br" | "hr"));
                if name == "a" {
                    told.links += 1;
                    in_link = true;
                }
                push_tag(&mut survey.lean, name, whole);
                if !UNNESTED.contains(&name) && !closed && open.len() <= most {
                    open.push(opened);
                    survey.depth = survey.depth.max(open.len());
                }
            }
            Part::Close { name, whole } => {
                in_link &= name != "a";
                // What was left open inside is closed with it. A stray closing tag closes nothing.
                let found = open.iter().rev().take(64).position(|opened| opened.name == name);
                if let Some(opened) = found.map(|found| open.len() - found - 1) {
                    let before = open.drain(opened..).next();
                    if let Some(before) = before.filter(|before| told.since(before.told).is_idle(&name)) {
                        survey.lean.truncate(before.length);
                        (survey.elements, survey.steps, told) = (before.elements, before.steps, before.told);
                        // Words before and after a block are not one word.
                        if is_block {
                            survey.lean.push(' ');
                        }
                        continue;
                    }
                }
                survey.lean.push_str(whole);
            }
        }
    }
    survey
}

/// Attributes by which readers of pages choose, or that say something.
const KEPT: &[&str] = &[
    "id",
    "class",
    "role",
    "itemprop",
    "itemtype",
    "itemscope",
    "rel",
    "style",
    "hidden",
    "aria-hidden",
    "aria-modal",
    "href",
    "datetime",
    "pubdate",
    "content",
    "property",
    "name",
    "type",
    "http-equiv",
    "charset",
    "lang",
    "title",
    "data-component",
    "data-testid",
    "data-lp-replacement-content",
    "summary",
];

/// Adds the opening tag `whole` without what is idle in it.
fn push_tag(lean: &mut String, name: &str, whole: &str) {
    // Style sheets, icons and addresses in other languages.
    if name == "link" && !whole.to_ascii_lowercase().contains("canonical") {
        return;
    }
    let start = 1 + name.len();
    let Some(mut rest) = whole.get(start..).and_then(|rest| rest.strip_suffix('>')) else {
        lean.push_str(whole);
        return;
    };
    lean.push_str(whole.get(..start).unwrap_or(""));
    while let Some((attribute, value, after)) = attribute(rest) {
        rest = after;
        let kept = KEPT.iter().find(|kept| attribute.eq_ignore_ascii_case(kept));
        let bare = value.trim_matches(['"', '\'']);
        match kept.copied() {
            None => {}
            // Whether a link leads elsewhere on its own page counts, and where else it leads to does not.
            Some("href") if name == "a" => {
                let elsewhere = !bare.starts_with('#') && !bare.starts_with("javascript");
                push_attribute(lean, attribute, if elsewhere { "\"/\"" } else { value });
            }
            Some("style") if !(bare.contains("display") || bare.contains("visibility")) => {}
            Some("title") if bare.len() > 60 || !bare.contains(|letter: char| letter.is_ascii_digit()) => {}
            Some(_) => push_attribute(lean, attribute, value),
        }
    }
    lean.push_str(if whole.ends_with("/>") { "/>" } else { ">" });
}

fn push_attribute(lean: &mut String, name: &str, value: &str) {
    lean.push(' ');
    lean.push_str(name);
    if !value.is_empty() {
        lean.push('=');
        lean.push_str(value);
        // An unquoted value must not run into the end of an empty element's tag.
        if !value.ends_with(['"', '\'']) {
            lean.push(' ');
        }
    }
}

/// The next attribute in what is left of a tag (HTML standard, 13.2.5.32 to 13.2.5.39): its name, its value as it is
/// written, and what follows.
fn attribute(rest: &str) -> Option<(&str, &str, &str)> {
    let is_space = |letter: char| letter.is_ascii_whitespace();
    let rest = rest.trim_start_matches(|letter: char| is_space(letter) || letter == '/');
    if rest.is_empty() {
        return None;
    }
    // A sign of equality that begins a name is part of it.
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let end = rest.get(first..)?.find(|letter: char| is_space(letter) || matches!(letter, '=' | '/'));
    let (name, after) = rest.split_at(end.map_or(rest.len(), |end| first + end));
    let Some(value) = after.trim_start_matches(is_space).strip_prefix('=') else { return Some((name, "", after)) };
    let value = value.trim_start_matches(is_space);
    let end = match value.chars().next() {
        Some(mark @ ('"' | '\'')) => value.get(1..)?.find(mark).map_or(value.len(), |end| end + 2),
        _ => value.find(is_space).unwrap_or(value.len()),
    };
    let (value, after) = value.split_at(end);
    Some((name, value, after))
}

#[cfg(test)]
mod tests {
    use super::survey;

    #[test]
    fn depth_counts_what_is_open_at_once() {
        assert_eq!(survey("<div><p><b>a</b><p><i>b</i></div><div></div>", 500).depth, 2);
        let unclosed_in_cells = "<table><tr><td><div><font>a</div></td></tr></table>".repeat(50);
        assert_eq!(survey(&unclosed_in_cells, 500).depth, 3);
        assert_eq!(survey(&"<div>".repeat(100_000), 500).depth, 501);
    }

    #[test]
    fn scripts_go_but_for_what_they_say_of_the_page() {
        let html = "<script>var a = '<p>';</script><script type=\"application/ld+json\">{\"a\": 1}</script><svg><path/></svg><p class=\"a>b\">x</p><!-- c -->";
        assert_eq!(survey(html, 500).lean, "<script type=\"application/ld+json\">{\"a\": 1}</script><p class=\"a>b\">x</p>");
    }

    #[test]
    fn attributes_by_which_nothing_is_chosen_go() {
        let lean = |html: &str| survey(html, 500).lean;
        assert_eq!(
            lean("<img class='photo' src=\"https://herald.example/a.jpg\" itemprop=image width=\"10\"/>"),
            "<img class='photo' itemprop=image />"
        );
        assert_eq!(lean("<p onclick=\"x('>')\" id = \"a\" hidden>a</p>"), "<p id=\"a\" hidden>a</p>");
        assert_eq!(lean("<a href=\"https://herald.example/1\" rel=author>a</a>"), "<a href=\"/\" rel=author >a</a>");
        assert_eq!(lean("<a href='#note'>a</a>"), "<a href='#note'>a</a>");
        assert_eq!(lean("<p class=\"a"), "<p class=\"a");
    }

    #[test]
    fn menus_and_lists_of_links_go_and_what_they_hold_of_the_story_stays() {
        let lean = |html: &str| survey(html, 500).lean;
        assert_eq!(lean("<b>a</b><nav><a href=1>Home</a></nav><b>c</b>"), "<b>a</b> <b>c</b>");
        let links = "<li><a href=\"1\">World</a></li>".repeat(4);
        assert_eq!(lean(&format!("<p>a<ul>{links}</ul>")), "<p>a ");
        let story = "<p>The ministers of Freedonia and Sylvania signed a pact on ferries in Port Loth on Friday morning.</p>";
        for kept in [
            format!("<nav>{story}</nav>"),
            format!("<ul>{}<li>three ferries a day</li></ul>", links.replace("href=\"1\"", "href=\"/\"")),
            "<nav><time datetime=\"2011-03-04\">today</time></nav>".to_owned(),
            "<nav><a href=\"/\">never closed</a>".to_owned(),
        ] {
            assert_eq!(lean(&kept), kept);
        }
    }
}
