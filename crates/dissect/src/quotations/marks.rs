//! Finds quotation marks and says of each which side it can be on.
use chancery_agreement::Span;

/// Which end of a quotation a mark can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Open,
    Close,
    /// Its shape and its neighbors leave it open.
    Either,
}

/// One quotation mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) span: Span,
    pub(super) side: Side,
    /// True for marks that look alike at both ends (`"`, `&quot;`).
    pub(super) straight: bool,
}

/// How a mark is written, with the side that its shape tells.
const DOUBLE: &[(&str, Side, bool)] = &[
    ("&ldquo;", Side::Open, false),
    ("&rdquo;", Side::Close, false),
    ("&laquo;", Side::Open, false),
    ("&raquo;", Side::Close, false),
    ("&quot;", Side::Either, true),
    ("&#34;", Side::Either, true),
    ("``", Side::Open, false),
    ("''", Side::Either, false),
    ("‘‘", Side::Open, false),
    ("’’", Side::Close, false),
    ("\"", Side::Either, true),
    ("＂", Side::Either, true),
    ("“", Side::Open, false),
    ("‟", Side::Open, false),
    ("„", Side::Open, false),
    ("”", Side::Close, false),
    ("«", Side::Open, false),
    ("»", Side::Close, false),
    ("《", Side::Open, false),
    ("》", Side::Close, false),
];

/// The double marks of `text` within `block`, in order.
pub(super) fn double_marks(text: &str, block: Span) -> Vec<Mark> {
    let part = block.of(text);
    let mut marks: Vec<Mark> = Vec::new();
    let mut low_seen = false;
    let mut at = 0;
    while let Some(rest) = part.get(at..) {
        let Some(first) = rest.chars().next() else { break };
        let written = if matches!(first, '"' | '\'' | '`' | '&') || !first.is_ascii() {
            DOUBLE.iter().find(|(written, _, _)| rest.starts_with(written))
        } else {
            None
        };
        let Some(&(written, shape, straight)) = written else {
            at += first.len_utf8();
            continue;
        };
        let before = part.get(..at).and_then(|before| before.chars().next_back());
        let after = rest.get(written.len()..).and_then(|after| after.chars().next());
        let span = Span::new(block.start() + at, block.start() + at + written.len());
        at += written.len();
        low_seen |= written == "„";
        let shape = if low_seen && written == "“" { Side::Close } else { shape };
        let Some(side) = side(shape, before, after) else { continue };
        // `""word""` is one mark at each end.
        if let Some(last) = marks.last_mut()
            && last.span.end() == span.start()
            && last.straight
            && straight
        {
            last.span = last.span.join(span);
            last.side = if before_of(part, last.span.start() - block.start()).is_none_or(char::is_whitespace) {
                Side::Open
            } else {
                last.side
            };
            continue;
        }
        marks.push(Mark { span, side, straight });
    }
    marks
}

fn before_of(part: &str, at: usize) -> Option<char> {
    part.get(..at).and_then(|before| before.chars().next_back())
}

/// The side of a mark of this shape between these characters; `None` where it is no quotation mark at all (inches).
fn side(shape: Side, before: Option<char>, after: Option<char>) -> Option<Side> {
    let opens = before.is_none_or(|c| c.is_whitespace() || "([{—–-/“‘«:".contains(c))
        && after.is_some_and(|c| !c.is_whitespace() && !",.;:!?)".contains(c));
    let closes =
        before.is_some_and(|c| !c.is_whitespace()) && after.is_none_or(|c| c.is_whitespace() || ",.;:!?)]}—–-/”’»…&".contains(c));
    Some(match (shape, opens, closes) {
        (Side::Either, true, false) => Side::Open,
        (Side::Either, false, true) => Side::Close,
        (Side::Either, false, false) => match (before, after) {
            (None, _) => Side::Open,
            (_, None) => Side::Close,
            // A mark after a full stop or comma without a space closes: `sign it,"he said`.
            (Some(',' | '.' | '!' | '?'), Some(_)) => Side::Close,
            _ => Side::Either,
        },
        (Side::Open, false, true) | (Side::Close, true, false) => Side::Either,
        (shape, _, _) => shape,
    })
}

/// Pairs of single marks of `text` within `block`: ‘so’ and 'so', with apostrophes, possessives, decades and feet left out.
pub(super) fn single_pairs(text: &str, block: Span, is_elided: impl Fn(&str) -> bool) -> Vec<(Span, Span)> {
    let part = block.of(text);
    let marks: Vec<(usize, char)> = part.char_indices().filter(|(_, c)| matches!(c, '\'' | '‘' | '’' | '`')).collect();
    let neighbor_after = |at: usize, c: char| part.get(at + c.len_utf8()..).and_then(|after| after.chars().next());
    let doubled = |at: usize, c: char| before_of(part, at) == Some(c) || neighbor_after(at, c) == Some(c);
    let opens = |at: usize, c: char| {
        let after = part.get(at + c.len_utf8()..).unwrap_or("");
        let word = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        c != '’'
            && !doubled(at, c)
            && before_of(part, at).is_none_or(|c| c.is_whitespace() || "([{—–\"“«".contains(c))
            && word.chars().next().is_some_and(|first| first.is_alphabetic() || first.is_numeric())
            && !(word.len() == 3 && word.starts_with(|c: char| c.is_ascii_digit()) && word.ends_with('s'))
            && (c == '‘' || !is_elided(&word.to_lowercase()))
    };
    let closes = |at: usize, c: char| {
        c != '‘'
            && c != '`'
            && !doubled(at, c)
            && before_of(part, at).is_some_and(|c| !c.is_whitespace())
            && neighbor_after(at, c).is_none_or(|c| !c.is_alphanumeric())
    };
    // "the workers' rights": a plural's possessive, unless nothing else can close.
    let possessive = |at: usize, c: char| {
        let after = part.get(at + c.len_utf8()..).unwrap_or("");
        before_of(part, at) == Some('s') && after.strip_prefix(' ').is_some_and(|after| after.starts_with(char::is_lowercase))
    };
    let mut pairs = Vec::new();
    let mut next = 0;
    while let Some(&(at, c)) = marks.get(next) {
        next += 1;
        if !opens(at, c) {
            continue;
        }
        // The quotation ends before the next one opens.
        let rest = marks.get(next..).unwrap_or_default();
        let until = rest.iter().position(|&(at, c)| opens(at, c)).unwrap_or(rest.len());
        let rest = rest.get(..until).unwrap_or_default();
        let plain = rest.iter().position(|&(at, c)| closes(at, c) && !possessive(at, c));
        let Some(found) = plain.or_else(|| rest.iter().rposition(|&(at, c)| closes(at, c))) else { continue };
        let Some(&(end, mark)) = rest.get(found) else { continue };
        let span = |at: usize, c: char| Span::new(block.start() + at, block.start() + at + c.len_utf8());
        pairs.push((span(at, c), span(end, mark)));
        next += found + 1;
    }
    pairs
}
