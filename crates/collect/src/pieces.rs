//! Cuts a text into the pieces that a printed page would show as lines and paragraphs.
use crate::words::Words;
use chancery_agreement::Span;
use regex::Regex;
use std::sync::LazyLock;

/// A stretch of text that is one paragraph, heading or line of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    pub span: Span,
    /// What the cutting already showed.
    pub mark: Mark,
    /// True where an empty line (or the start of the text) comes before.
    pub after_gap: bool,
}

/// What the cutting shows about a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Nothing.
    None,
    /// A heading in a markup of plain text.
    Heading,
    /// Markup and what only a program should see.
    Markup,
}

/// Comments, block-level tags, templates and switches: left-overs of the markup that the text was taken out of. Inline
/// tags stay: to cut them would cut sentences in two.
static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    let blocks = "p|br|div|table|tbody|tr|td|th|ul|ol|li|hr|center|section|article|header|footer|figure|figcaption|blockquote|gallery|noinclude|includeonly|nowiki|h[1-6]|script|style";
    Regex::new(&format!(
        r"(?is)<!--.*?-->|</?(?:{blocks})\b[^<>]{{0,300}}>|__[A-Z]{{3,20}}__|\{{\{{[^{{}}]{{0,500}}\}}\}}|(?P<heading>={{2,6}}[^=\n]{{1,120}}={{2,6}})"
    ))
    .expect("a fixed pattern")
});

/// White space wide enough to be the trace of a paragraph's end, after the end of a sentence.
static WIDE_SPACE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("[.!?][\"'”’)\\]]{0,3}([ \t\u{a0}]{2,})[\"'“‘(\\[]?[\\p{Lu}0-9]").expect("a fixed pattern"));

/// The pieces of `text`, in order, without overlap; none is empty.
pub(crate) fn cut(text: &str, words: &Words) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let wrapped = is_hard_wrapped(text);
    let few_lines = text.lines().filter(|line| !line.trim().is_empty()).take(4).count() <= 3;
    let mut position = 0;
    let mut gap = true;
    for found in MARKUP.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        if whole.as_str().starts_with("<!--") && is_inside_sentence(text, whole.range()) {
            continue;
        }
        lines(text, Span::new(position, whole.start()), wrapped, few_lines, words, &mut gap, &mut pieces);
        position = whole.end();
        if let Some(heading) = found.name("heading") {
            heading_pieces(text, Span::new(heading.start(), heading.end()), &mut pieces);
        } else {
            pieces.push(Piece { span: Span::new(whole.start(), whole.end()), mark: Mark::Markup, after_gap: false });
        }
        gap = true;
    }
    lines(text, Span::new(position, text.len()), wrapped, few_lines, words, &mut gap, &mut pieces);
    pieces
}

/// True for a comment that stands in the middle of a sentence: to cut it would cut the sentence in two.
fn is_inside_sentence(text: &str, comment: std::ops::Range<usize>) -> bool {
    let before = text.get(..comment.start).unwrap_or_default().trim_end_matches([' ', '\t']);
    let after = text.get(comment.end..).unwrap_or_default().trim_start_matches([' ', '\t']);
    let goes_on = after.starts_with(|next: char| next.is_lowercase() || matches!(next, ',' | '.' | ';' | ')' | '&' | '—' | '–'));
    let is_open = before.ends_with(|last: char| last.is_alphanumeric() || matches!(last, ',' | ';' | '(' | ')' | '—' | '–'));
    is_open && goes_on
}

/// `== Heading ==`: the signs are markup, the words a heading.
fn heading_pieces(text: &str, span: Span, pieces: &mut Vec<Piece>) {
    let words = span.of(text);
    let left = words.len() - words.trim_start_matches('=').len();
    let right = words.len() - words.trim_end_matches('=').len();
    let inner = Span::new(span.start() + left, span.end() - right).trimmed(text);
    pieces.push(Piece { span: Span::new(span.start(), span.start() + left), mark: Mark::Markup, after_gap: true });
    if !inner.is_empty() {
        pieces.push(Piece { span: inner, mark: Mark::Heading, after_gap: true });
    }
    pieces.push(Piece { span: Span::new(span.end() - right, span.end()), mark: Mark::Markup, after_gap: false });
}

/// Cuts a stretch without markup at its line ends.
fn lines(text: &str, stretch: Span, wrapped: bool, few_lines: bool, words: &Words, gap: &mut bool, pieces: &mut Vec<Piece>) {
    let mut start = stretch.start();
    let mut open: Option<Piece> = None;
    for line in stretch.of(text).split_inclusive(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let span = Span::new(start, start + line.len()).trimmed(text);
        start += line.len();
        if span.is_empty() {
            // The two halves of "\r\n" are one line end.
            *gap |= line != "\n" || !pieces_end_with_return(text, start - line.len());
            continue;
        }
        let piece = Piece { span, mark: Mark::None, after_gap: *gap };
        *gap = false;
        match &mut open {
            Some(last) if wrapped && !piece.after_gap && joins(text, last.span, span) => last.span = last.span.join(span),
            _ => {
                if let Some(done) = open.replace(piece) {
                    paragraphs(text, done, few_lines, words, pieces);
                }
            }
        }
    }
    if let Some(done) = open {
        paragraphs(text, done, few_lines, words, pieces);
    }
}

fn pieces_end_with_return(text: &str, position: usize) -> bool {
    position > 0 && text.as_bytes().get(position - 1) == Some(&b'\r')
}

/// True when the line `next` goes on with what `last` began, in a text whose lines were broken at a fixed width.
fn joins(text: &str, last: Span, next: Span) -> bool {
    let last_line = last.of(text).rsplit(['\n', '\r']).next().unwrap_or("");
    last_line.chars().count() >= 45 && !next.of(text).starts_with(['*', '•', '-', '#'])
}

/// True for mail-like texts whose paragraphs run over several lines of nearly equal width.
fn is_hard_wrapped(text: &str) -> bool {
    let mut running = 0usize;
    let mut unfinished = 0usize;
    let mut long = 0usize;
    let mut all = 0usize;
    let mut last: Option<&str> = None;
    for line in text.lines().take(2000) {
        let line = line.trim_end();
        if let Some(before) = last.filter(|before| !line.is_empty() && before.chars().count() >= 45) {
            running += 1;
            unfinished += usize::from(!before.ends_with(['.', '!', '?', ':', '"', '”', '…']));
        }
        if !line.is_empty() {
            all += 1;
            long += usize::from(line.chars().count() > 100);
        }
        last = (!line.is_empty()).then_some(line);
    }
    running >= 3 && unfinished * 2 > running && long * 20 <= all
}

/// Cuts one long line where wide white space after the end of a sentence shows that line ends were lost.
fn paragraphs(text: &str, piece: Piece, few_lines: bool, words: &Words, pieces: &mut Vec<Piece>) {
    if !few_lines || piece.span.len() < 200 {
        pieces.push(piece);
        return;
    }
    let line = piece.span.of(text);
    let mut start = 0;
    let mut after_gap = piece.after_gap;
    for found in WIDE_SPACE.captures_iter(line) {
        let (Some(whole), Some(space)) = (found.get(0), found.get(1)) else { continue };
        let so_far = line.get(start..whole.start() + 1).unwrap_or("");
        if ends_with_abbreviation(so_far, words) || quote_is_open(line.get(start..space.start()).unwrap_or("")) {
            continue;
        }
        pieces.push(Piece {
            span: Span::new(piece.span.start() + start, piece.span.start() + space.start()),
            mark: Mark::None,
            after_gap,
        });
        start = space.end();
        after_gap = true;
    }
    pieces.push(Piece { span: Span::new(piece.span.start() + start, piece.span.end()), mark: Mark::None, after_gap });
}

fn ends_with_abbreviation(words_so_far: &str, words: &Words) -> bool {
    let Some(before) = words_so_far.strip_suffix('.') else { return false };
    let word = before.rsplit(|letter: char| letter.is_whitespace() || letter == '(').next().unwrap_or("");
    word.contains('.') || word.chars().count() == 1 || words.abbreviations.contains(&word.to_lowercase())
}

/// True when an odd number of quotation marks stands in `words`: the sentence end lies within somebody's words.
fn quote_is_open(words: &str) -> bool {
    let straight = words.matches('"').count();
    let opened = words.matches('“').count();
    let closed = words.matches('”').count();
    straight % 2 == 1 || opened > closed
}

#[cfg(test)]
mod tests {
    use super::{Mark, cut};
    use crate::words::english;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> =
            cut(text, english()).iter().filter(|piece| piece.mark != Mark::Markup).map(|piece| piece.span.of(text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn each_line_is_a_piece() {
        check("A pact\r\n\r\nBoth sides signed.\n\u{a0}\nThey left.", &["A pact", "Both sides signed.", "They left."]);
    }

    #[test]
    fn lines_of_fixed_width_are_joined() {
        let text = "Ferry accord\n\nThe two governments signed an accord on ferries across the\nwide strait that parts them, after nine rounds of talks that\nhad broken down more than once in the course of the summer and\nthat were held in turn in both capitals.\n\nIt takes effect in May.";
        let joined = "The two governments signed an accord on ferries across the\nwide strait that parts them, after nine rounds of talks that\nhad broken down more than once in the course of the summer and\nthat were held in turn in both capitals.";
        check(text, &["Ferry accord", joined, "It takes effect in May."]);
    }

    #[test]
    fn wide_space_after_a_sentence_is_a_lost_line_end() {
        let filler = "Sylvania and Freedonia, whose envoys had met in secret since the spring, put their names to a charter on shared pastures and wells, \
                      which herders on both sides of the hills had asked for.";
        let text = format!("{filler}  The charter  runs to nine pages, Mr.  Loth said.");
        check(&text, &[filler, "The charter  runs to nine pages, Mr.  Loth said."]);
    }

    #[test]
    fn left_over_markup_is_set_apart() {
        check(
            "<!-- to do -->Talks began. == Reaction == <p>None came.</p> __NOTOC__",
            &["Talks began.", "Reaction", "None came."],
        );
    }

    #[test]
    fn a_comment_inside_a_sentence_does_not_cut_it() {
        check(
            "Peru gave up its claim<!-- [http://example.com/a] -->, and Chile paid. <!-- more -->Talks go on.",
            &["Peru gave up its claim<!-- [http://example.com/a] -->, and Chile paid.", "Talks go on."],
        );
    }
}
