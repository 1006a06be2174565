//! Goes over the tags of a page once before any parser does: how deep it is nested, and what of it no reader of the text
//! asks for.
//!
//! No parser gets to see a page before this has: parsers of pages recurse over the tree, or go over all open elements at
//! each tag, and a page of a hundred thousand nested elements stops them. And as they go over the tree many times, what is
//! left out here is saved many times: menus, lists of links, and the attributes by which nothing is chosen are two thirds
//! of what news pages consist of.
use crate::attributes::push_tag;
use crate::markup::{Part, close_of, is_block, is_opaque, part};
use regex::Regex;
use std::borrow::Cow;
use std::ops::Range;
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
    /// How many elements each byte of its text is in, added up.
    pub carried: usize,
    /// Bytes of its text outside links.
    pub text: usize,
}

/// True for elements that never have content, or that are closed by whatever comes next.
fn is_unnested(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
            | "p"
            | "li"
            | "dt"
            | "dd"
            | "option"
            | "optgroup"
            | "tr"
            | "td"
            | "th"
            | "thead"
            | "tbody"
            | "tfoot"
            | "html"
            | "body"
            | "head"
            | "rp"
            | "rt"
    )
}

/// True for elements without content that say nothing.
fn is_mute(name: &str) -> bool {
    matches!(name, "area" | "embed" | "input" | "param" | "source" | "track" | "wbr")
}

/// An element that is open: what stood before it.
struct Open<'a> {
    name: Cow<'a, str>,
    /// Length of the lean page.
    length: usize,
    elements: usize,
    steps: usize,
    carried: usize,
    told: Told,
    /// True where its tags say nothing and were left out.
    bare: bool,
}

/// A stretch without an element that parts lines: a paragraph, mostly.
struct Run {
    /// Where it begins in the lean page, and what was told before it.
    start: usize,
    told: Told,
    /// The tags in it that make links, in pairs, and one that waits for its end.
    links: Vec<Range<usize>>,
    waiting: Option<Range<usize>>,
}

impl Run {
    fn close_link(&mut self, end: Range<usize>) {
        if let Some(start) = self.waiting.take() {
            self.links.extend([start, end]);
        }
    }

    /// Forgets what of it lies behind `length`; false where nothing is left.
    fn truncate(&mut self, length: usize) -> bool {
        while self.links.pop_if(|tag| tag.end > length).is_some() {}
        self.waiting.take_if(|tag| tag.end > length);
        self.start <= length
    }

    /// Leaves the links of a paragraph out: the words stay. Links are looked at to tell lists of them from text, and that
    /// this is text shows already.
    fn unlink(self, lean: &mut String, told: Told, open: &[Open<'_>]) {
        let here = told.since(self.told);
        // What was opened in it and goes on behind it must be found again where it was.
        let goes_on = open.last().is_some_and(|opened| opened.length > self.start);
        if self.links.is_empty() || here.prose == 0 || here.linked * 4 >= here.text || goes_on {
            return;
        }
        let Some(whole) = lean.get(self.start..).map(str::to_owned) else { return };
        lean.truncate(self.start);
        let mut at = self.start;
        for tag in self.links {
            lean.push_str(whole.get(at - self.start..tag.start - self.start).unwrap_or(""));
            at = tag.end;
        }
        lean.push_str(whole.get(at - self.start..).unwrap_or(""));
    }
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

/// True for the opening tags without attributes of which texts are full: [`MARK`] is in none of them.
fn is_plain(name: &str, whole: &str) -> bool {
    whole.len() == name.len() + 2
        && matches!(name, "p" | "div" | "span" | "li" | "ul" | "b" | "i" | "em" | "strong" | "br" | "td" | "tr")
}

/// Goes over the whole page once. Stops counting depth at `most`, where the page is given up anyway.
pub(crate) fn survey(html: &str, most: usize) -> Survey {
    let mut survey = Survey { depth: 0, elements: 0, steps: 0, lean: String::with_capacity(html.len() / 2), carried: 0, text: 0 };
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut told = Told::default();
    let mut in_link = false;
    let mut run: Option<Run> = None;
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
        let parts_lines = match &part {
            Part::Text(_) => false,
            Part::Open { name, .. } | Part::Close { name, .. } => is_block(name) || is_opaque(name),
            Part::Other => continue,
        };
        if parts_lines {
            if let Some(run) = run.take() {
                run.unlink(&mut survey.lean, told, &open);
            }
        } else {
            survey.lean.push_str(gap);
            run.get_or_insert_with(|| Run { start: survey.lean.len(), told, links: Vec::new(), waiting: None });
        }
        gap = "";
        after_block = parts_lines;
        match part {
            Part::Text(text) => {
                survey.lean.push_str(text);
                let length = text.trim_ascii().len();
                told.text += length;
                survey.carried += length * open.len();
                if in_link {
                    told.linked += length;
                } else if length >= PROSE {
                    told.prose += length;
                }
            }
            Part::Other => {}
            Part::Open { name, whole } => {
                let before = told;
                let length = survey.lean.len();
                let (elements, steps, carried) = (survey.elements, survey.steps, survey.carried);
                let mut opened = Open { name, length, elements, steps, carried, told: before, bare: false };
                let name = &*opened.name;
                let closed = whole.ends_with("/>");
                survey.elements += 1;
                survey.steps += open.len();
                if is_opaque(name) && !closed {
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
                if is_mute(name) {
                    continue;
                }
                let is_mark = matches!(name, "meta" | "link") || !is_plain(name, whole) && MARK.is_match(whole);
                told.marks += usize::from(is_mark);
                told.breaks += usize::from(matches!(name, "br" | "hr"));
                if name == "a" {
                    told.links += 1;
                    in_link = true;
                }
                push_tag(&mut survey.lean, name, whole);
                if name == "a"
                    && let Some(run) = &mut run
                {
                    run.waiting = (!is_mark).then_some(length..survey.lean.len());
                }
                if !is_unnested(name) && !closed && open.len() <= most {
                    if matches!(name, "span" | "font") && survey.lean.len() == length + name.len() + 2 {
                        survey.lean.truncate(length);
                        opened.bare = true;
                    }
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
                    let bare = before.as_ref().is_some_and(|before| before.bare);
                    if let Some(before) = before.filter(|before| told.since(before.told).is_idle(&name)) {
                        survey.lean.truncate(before.length);
                        run.take_if(|run| !run.truncate(before.length));
                        (survey.elements, survey.steps) = (before.elements, before.steps);
                        (survey.carried, told) = (before.carried, before.told);
                        // Words before and after a block are not one word.
                        if parts_lines {
                            survey.lean.push(' ');
                        }
                        continue;
                    }
                    if bare {
                        continue;
                    }
                }
                let from = survey.lean.len();
                survey.lean.push_str(whole);
                if name == "a"
                    && let Some(run) = &mut run
                {
                    run.close_link(from..survey.lean.len());
                }
            }
        }
    }
    survey.text = told.text - told.linked;
    survey
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

    #[test]
    fn links_within_a_paragraph_go_and_its_words_stay() {
        let lean = |html: &str| survey(html, 500).lean;
        let text = "which nine rounds of talks in both capitals had not brought about since the summer of that year";
        assert_eq!(
            lean(&format!("<p>They signed <a href=\"1\">a <b>pact</b></a>, {text}.</p>")),
            format!("<p>They signed a <b>pact</b>, {text}.</p>")
        );
        for kept in [
            format!("<p>By <a href=\"/\" rel=\"author\">Jane Roe</a>, {text}</p>"),
            format!("<p><a href=\"/\">{text}</a></p>"),
            "<p>Read <a href=\"/\">more</a> here</p>".to_owned(),
            format!("<p>A <a href=\"/\">link without an end, {text}</p>"),
        ] {
            assert_eq!(lean(&kept), kept);
        }
    }

    #[test]
    fn tags_that_say_nothing_go() {
        let lean = |html: &str| survey(html, 500).lean;
        assert_eq!(
            lean("<p><span>a <font color=red>b</font></span> <span class=c>d</span></p>"),
            "<p>a b <span class=c >d</span></p>"
        );
        assert_eq!(lean("<p>a</span> b</p>"), "<p>a</span> b</p>");
    }

    #[test]
    fn no_soup_of_tags_loses_a_paragraph() {
        const PARTS: &[&str] = &[
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<span>",
            "</span>",
            "<b>",
            "</b>",
            "<nav>",
            "</nav>",
            "<ul>",
            "<li>",
            "</ul>",
            "<br>",
            " ",
            "a b",
            "Nine rounds of talks in both capitals had not brought about what one walk in the hills did.",
            "<a href=1>",
            "</a>",
            "<a href=2/>",
        ];
        let mut state = 1_u64;
        for round in 0..2_000 {
            // Links may lead anywhere, so that what lies in them may go.
            let n_parts = if round % 2 == 0 { PARTS.len() - 3 } else { PARTS.len() };
            let mut soup = String::new();
            for _ in 0..60 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                soup.push_str(PARTS[usize::try_from(state >> 33).unwrap() % n_parts]);
            }
            let lean = survey(&soup, 20).lean;
            let count = |html: &str| html.matches("Nine rounds").count();
            assert!(count(&lean) <= count(&soup), "{soup}");
            assert!(round % 2 == 1 || count(&lean) == count(&soup), "{soup}\n{lean}");
        }
    }
}
