//! Tells which parts of a page's text are the story: by their place, by the words that head boxes everywhere, and by what
//! stands there twice.
use crate::dates::{self, PrintedDate, PrintedDay};
use crate::pieces::{self, Mark, Piece};
use crate::words::{Words, begins, fold, lower};
use chancery_agreement::{Block, BlockKind, Span};
use memchr::memmem;
use std::collections::BTreeSet;

/// A text cut into its parts, and what its head and foot say about it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layout {
    pub blocks: Vec<Block>,
    pub title: Option<Span>,
    pub byline: Option<Span>,
    /// Name of the place in a dateline.
    pub dateline: Option<Span>,
    pub publisher: Option<String>,
    pub url: Option<Span>,
    /// The date printed at the head (or, on a line of its own, at the foot).
    pub date: Option<PrintedDate>,
}

/// Cuts `text`. `title` is the headline where the input gives one.
pub(crate) fn lay_out(text: &str, title: Option<&str>, words: &Words) -> Layout {
    let pieces = pieces::cut(text, words);
    let mut page = Page { text, words, kinds: vec![None; pieces.len()], pieces, layout: Layout::default() };
    page.mark_lines();
    page.find_head(title.map(fold).filter(|title| !title.is_empty()));
    page.find_duplicates();
    page.find_boxes();
    page.find_foot();
    page.finish()
}

struct Page<'a> {
    text: &'a str,
    words: &'a Words,
    pieces: Vec<Piece>,
    /// What each piece is known to be; `None` is a part of the story until something shows otherwise.
    kinds: Vec<Option<BlockKind>>,
    layout: Layout,
}

impl<'a> Page<'a> {
    fn line(&self, at: usize) -> &'a str {
        self.pieces.get(at).map_or("", |piece| piece.span.of(self.text))
    }

    fn kind(&self, at: usize) -> Option<BlockKind> {
        self.kinds.get(at).copied().flatten()
    }

    fn set(&mut self, at: usize, kind: BlockKind) {
        if let Some(place) = self.kinds.get_mut(at) {
            *place = Some(kind);
        }
    }

    fn open(&self, at: usize) -> bool {
        self.kind(at).is_none()
    }

    /// What a line shows on its own, wherever it stands.
    fn mark_lines(&mut self) {
        for at in 0..self.pieces.len() {
            if self.pieces.get(at).is_some_and(|piece| piece.mark == Mark::Markup) {
                self.set(at, BlockKind::Other);
                continue;
            }
            if let Some(kind) = line_kind(self.line(at), self.words) {
                self.set(at, kind);
            }
        }
    }

    /// Title, author, date, place and publisher, which stand above the first paragraph.
    fn find_head(&mut self, title: Option<String>) {
        let n = self.pieces.len();
        let is_given = |at: usize| title.as_deref().is_some_and(|title| fold(self.line(at)) == title);
        let first_prose = (0..n).find(|&at| self.open(at) && is_prose(self.line(at)) && !is_given(at)).unwrap_or(n);
        let has_prose = first_prose < n;
        let head_end = self.head_end(first_prose);
        let mut last_dated = None;
        for at in 0..head_end {
            let line = self.line(at).to_owned();
            let span = self.pieces.get(at).map_or(Span::default(), |piece| piece.span);
            match self.kind(at) {
                None if is_address(&line) => {
                    self.layout.url.get_or_insert(span);
                    self.set(at, BlockKind::Other);
                    continue;
                }
                Some(BlockKind::Byline) => {
                    if self.layout.byline.is_none() {
                        self.layout.byline = author(&line, span, self.words, self.text);
                    }
                    // "By Jane Roe, 4 March 2011" tells both.
                    if self.layout.date.is_none() {
                        self.layout.date = date_on_line(&line, span, self.words);
                    }
                    continue;
                }
                Some(_) => continue,
                None => {}
            }
            if title.as_deref().is_some_and(|title| fold(&line) == title) {
                let kind = if self.layout.title.is_none() { BlockKind::Headline } else { BlockKind::Duplicate };
                self.layout.title.get_or_insert(span);
                self.set(at, kind);
            } else if let Some(name) = masthead(&line, self.words) {
                self.layout.publisher.get_or_insert(name);
                self.set(at, BlockKind::Byline);
            } else if let Some(date) = date_on_line(&line, span, self.words) {
                self.read_date_line(&line, span, &date);
                if self.layout.date.is_none() {
                    self.layout.date = Some(date);
                }
                self.set(at, BlockKind::Byline);
                last_dated = Some(at);
            } else if at > first_prose {
                // A standfirst or a picture's text above the date line.
            } else if self.layout.title.is_none() && title.is_none() && has_prose && is_title(&line, self.gap_after(at)) {
                self.layout.title = Some(span);
                self.set(at, BlockKind::Headline);
            } else if is_name(&line)
                && self.layout.byline.is_none()
                && self.layout.title.is_some()
                && (last_dated == at.checked_sub(1) && last_dated.is_some()
                    || date_on_line(self.line(at + 1), Span::default(), self.words).is_some())
            {
                self.layout.byline = Some(span);
                self.set(at, BlockKind::Byline);
            }
        }
        if let Some(opening) = (head_end..n).find(|&at| self.open(at) && is_prose(self.line(at))) {
            self.cut_head_of_paragraph(opening);
        }
    }

    /// Where the head ends: at the first paragraph, or, where a line close below it is a whole date line, after that one.
    fn head_end(&self, first_prose: usize) -> usize {
        let n = self.pieces.len();
        let below = (first_prose + 1).min(n)..(first_prose + 4).min(n);
        let dated = below.rev().find(|&at| {
            let date = self.open(at).then(|| date_on_line(self.line(at), Span::default(), self.words)).flatten();
            date.is_some_and(|date| matches!(date.day, PrintedDay::Full(_)))
        });
        dated.map_or(first_prose.min(40), |at| at + 1)
    }

    fn gap_after(&self, at: usize) -> bool {
        self.pieces.get(at + 1).is_none_or(|next| next.after_gap)
    }

    /// "Herald.example, 4 Mar 2011 - 09:05, Port Loth": who, when, where.
    fn read_date_line(&mut self, line: &str, span: Span, date: &PrintedDate) {
        let before = Span::new(span.start(), date.span.start());
        let after = Span::new(date.span.end(), span.end());
        let clean = |span: Span, text: &str| -> Span {
            let words = span.of(text);
            let left = words.len() - words.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
            let right = words.len() - words.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
            Span::new(span.start() + left, span.end().saturating_sub(right))
        };
        let (before, after) = (clean(before, self.text), clean(after, self.text));
        let head = before.of(self.text);
        let foot = after.of(self.text);
        let head_is_label = head.is_empty() || begins(&lower(head), &self.words.published_words).is_some();
        let _ = line;
        if head_is_label || head.split_whitespace().count() > 6 {
            return;
        }
        let names_place_after = foot.starts_with(char::is_uppercase) && foot.split_whitespace().count() <= 6;
        if is_domain(head) || (names_place_after && !is_shouted(head)) {
            self.layout.publisher.get_or_insert_with(|| head.to_owned());
            if names_place_after {
                self.layout.dateline.get_or_insert(after);
            }
        } else if head.starts_with(char::is_uppercase) {
            self.layout.dateline.get_or_insert(before);
        }
    }

    /// What stands before the first sentence on its line: a scrap of a template, or place, date and agency.
    fn cut_head_of_paragraph(&mut self, at: usize) {
        let Some(piece) = self.pieces.get(at).copied() else { return };
        let line = piece.span.of(self.text);
        let mut cut = None;
        if let Some(length) = scrap(line, self.words) {
            cut = Some((length, BlockKind::Other));
        } else if let Some(dateline) = dateline(line) {
            let shift = |span: Span| Span::new(span.start() + piece.span.start(), span.end() + piece.span.start());
            self.layout.dateline = Some(shift(dateline.place));
            if let Some(agency) = dateline.agency {
                self.layout.publisher.get_or_insert_with(|| shift(agency).of(self.text).to_owned());
            }
            if let Some(date) = dateline.date {
                let date = PrintedDate { span: shift(date.span), ..date };
                // A day with its year beats one without; otherwise what stands above the story was printed for the page.
                if !matches!(&self.layout.date, Some(PrintedDate { day: PrintedDay::Full(_), .. })) {
                    self.layout.date = Some(date);
                }
            }
            cut = Some((dateline.length, BlockKind::Byline));
        }
        let Some((length, kind)) = cut else { return };
        let head = Span::new(piece.span.start(), piece.span.start() + length).trimmed(self.text);
        let rest = Span::new(piece.span.start() + length, piece.span.end()).trimmed(self.text);
        if rest.is_empty() {
            return;
        }
        if let Some(place) = self.pieces.get_mut(at) {
            place.span = rest;
        }
        self.pieces.insert(at, Piece { span: head, ..piece });
        self.kinds.insert(at, Some(kind));
    }

    /// Lines that stood earlier in the text, and lines lifted out of a paragraph to be printed large.
    fn find_duplicates(&mut self) {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for at in 0..self.pieces.len() {
            if !(self.open(at) || self.kind(at) == Some(BlockKind::Headline)) {
                continue;
            }
            let folded = fold(self.line(at));
            let n_words = folded.split(' ').count();
            if n_words < 6 {
                continue;
            }
            if seen.contains(&folded) {
                // Headings printed twice open a box (see `find_boxes`); rows of a list may well be the same.
                if self.open(at) && is_prose(self.line(at)) {
                    self.set(at, BlockKind::Duplicate);
                }
                continue;
            }
            seen.insert(folded);
        }
        let prose: Vec<(usize, String)> =
            (0..self.pieces.len()).filter(|&at| self.open(at)).map(|at| (at, fold(self.line(at)))).collect();
        if prose.len() > 400 {
            return;
        }
        for (at, folded) in &prose {
            let n_words = folded.split(' ').count();
            if !(8..=40).contains(&n_words) {
                continue;
            }
            let finder = memmem::Finder::new(folded);
            let lifted = prose.iter().any(|(other, longer)| {
                other != at && longer.len() > folded.len() + 20 && finder.find(longer.as_bytes()).is_some()
            });
            if lifted {
                self.set(*at, BlockKind::Duplicate);
            }
        }
    }

    /// Boxes of other stories: what follows a label, or a heading that is printed twice in a row, until the story goes on.
    fn find_boxes(&mut self) {
        let n = self.pieces.len();
        let mut told = Vocabulary::default();
        let mut paragraphs = 0usize;
        let mut at = 0;
        while at < n {
            let label = is_label(self.line(at), self.words) && self.kind(at) != Some(BlockKind::Other);
            if label && paragraphs == 0 {
                self.set(at, BlockKind::Navigation);
            } else if label || (paragraphs > 0 && self.opens_second_story(at, paragraphs, &mut told)) {
                at = self.read_box(at, label, &mut told);
                continue;
            } else if self.open(at) && is_prose(self.line(at)) {
                told.add(self.line(at));
                paragraphs += 1;
            }
            at += 1;
        }
    }

    /// True for a heading printed twice in a row, and for a heading with its own author or date under it over a paragraph
    /// that shares little with the story. (Posts quoted from elsewhere end with a name and a date, too, and programs list
    /// dates under headings: neither is a second story.)
    fn opens_second_story(&self, at: usize, paragraphs: usize, told: &mut Vocabulary<'a>) -> bool {
        let line = self.line(at);
        if !is_headline_like(line) || !(self.open(at) || self.kind(at) == Some(BlockKind::Duplicate)) {
            return false;
        }
        let n = self.pieces.len();
        let next = at + 1;
        let n_words = fold(line).split(' ').count();
        if next < n && n_words >= 4 && fold(self.line(next)) == fold(line) {
            return true;
        }
        if paragraphs < 3 || n_words < 5 || !line.starts_with(char::is_uppercase) {
            return false;
        }
        let own_head = (next..(next + 2).min(n)).any(|under| {
            let words = self.line(under);
            let n_words = words.split_whitespace().count();
            let is_author =
                self.kind(under) == Some(BlockKind::Byline) && begins(&lower(words), &self.words.byline_starts).is_some();
            let is_date =
                || date_on_line(words, Span::default(), self.words).is_some_and(|date| date.span.len() * 5 >= words.len() * 4);
            // One word alone is a stamp between the entries of a live blog.
            (2..=8).contains(&n_words) && (is_author || is_date())
        });
        let paragraph = (next..(next + 4).min(n)).find(|&under| self.open(under) && is_prose(self.line(under)));
        own_head && paragraph.is_some_and(|under| told.share_of(self.line(under)) < 0.25)
    }

    /// Marks the box that begins at `start`; gives the index of the first piece after it.
    fn read_box(&mut self, start: usize, labelled: bool, told: &mut Vocabulary<'a>) -> usize {
        let n = self.pieces.len();
        let mut labels = 0usize;
        let mut headings: BTreeSet<String> = BTreeSet::new();
        let mut heading: Option<String> = None;
        // Once a box holds two labels, a heading printed twice or a head of its own, it is a list of other stories, and a
        // story does not come back after one.
        let mut list = !labelled;
        let gapped = self.is_gapped(start);
        let mut at = start;
        while at < n {
            let line = self.line(at).to_owned();
            let folded = fold(&line);
            if is_label(&line, self.words) {
                labels += 1;
                list |= labels >= 2;
                self.set(at, BlockKind::Related);
                heading = None;
            } else if self.words.box_words.contains(&folded) || !self.open(at) && self.kind(at) != Some(BlockKind::Duplicate) {
                if self.open(at) {
                    self.set(at, BlockKind::Related);
                }
            } else if !is_prose(&line) && (is_headline_like(&line) || list) {
                list |= !headings.insert(folded);
                self.set(at, if labelled && !list { BlockKind::Related } else { BlockKind::Teaser });
                heading = Some(line);
            } else if list
                || self.kind(at) == Some(BlockKind::Duplicate)
                || gapped && heading.is_some() && !self.pieces.get(at).is_some_and(|piece| piece.after_gap)
                || is_teaser(&line, heading.as_deref(), told)
            {
                self.set(at, BlockKind::Teaser);
                heading = None;
            } else {
                return at;
            }
            at += 1;
        }
        at
    }

    /// True where an empty line stands before each paragraph of the story up to `end`: a paragraph right under a heading
    /// then belongs to that heading.
    fn is_gapped(&self, end: usize) -> bool {
        let pieces = self.pieces.iter().enumerate().take(end);
        let paragraphs: Vec<bool> = pieces
            .filter(|(at, piece)| self.open(*at) && is_prose(piece.span.of(self.text)))
            .map(|(_, piece)| piece.after_gap)
            .collect();
        paragraphs.len() >= 2 && paragraphs.iter().all(|gap| *gap)
    }

    /// What stands under the story: where it was taken from, who wrote it, a date on a line of its own.
    fn find_foot(&mut self) {
        let Some(last) = (0..self.pieces.len()).rev().find(|&at| self.open(at) && is_prose(self.line(at))) else { return };
        for at in last + 1..self.pieces.len() {
            let line = self.line(at).to_owned();
            let span = self.pieces.get(at).map_or(Span::default(), |piece| piece.span);
            if self.kind(at) == Some(BlockKind::Byline) {
                if begins(&lower(&line), &self.words.source_starts).is_some() {
                    if self.layout.publisher.is_none() {
                        self.layout.publisher = source_name(&line);
                    }
                } else if self.layout.byline.is_none() {
                    self.layout.byline = author(&line, span, self.words, self.text);
                }
            } else if self.open(at) {
                let date = date_on_line(&line, span, self.words).filter(|date| date.span.len() * 2 >= line.len());
                if let Some(date) = date {
                    if self.layout.date.is_none() {
                        self.layout.date = Some(date);
                    }
                    self.set(at, BlockKind::Byline);
                } else if line.split_whitespace().count() <= 2 && !line.ends_with(['.', '!', '?', '"', '”', ')']) {
                    // A word or two without an end under the last paragraph is a scrap.
                    self.set(at, BlockKind::Other);
                }
            }
        }
    }

    fn finish(mut self) -> Layout {
        let blocks = self
            .pieces
            .iter()
            .zip(&self.kinds)
            .filter(|(piece, _)| !piece.span.is_empty())
            .map(|(piece, kind)| Block { span: piece.span, kind: kind.unwrap_or(BlockKind::Paragraph) })
            .collect();
        self.layout.blocks = blocks;
        self.layout
    }
}

/// What a line is wherever it stands, from its words alone.
fn line_kind(line: &str, words: &Words) -> Option<BlockKind> {
    if !line.contains(char::is_alphanumeric) {
        return Some(BlockKind::Other);
    }
    let n_words = line.split_whitespace().count();
    if n_words > 60 {
        return None;
    }
    if n_words == 1 && line.contains('T') && dates::find(line).first().is_some_and(|stamp| stamp.span.len() == line.len()) {
        return Some(BlockKind::Byline);
    }
    let folded = fold(line);
    if words.navigation_lines.contains(&folded) {
        return Some(BlockKind::Navigation);
    }
    let small = lower(line);
    if n_words <= 30 {
        if begins(&small, &words.related_starts).is_some() {
            return Some(BlockKind::Related);
        }
        if begins(&small, &words.navigation_starts).is_some() && !line.ends_with(['"', '”']) {
            return Some(BlockKind::Navigation);
        }
        if begins(&small, &words.source_starts).is_some() {
            return Some(BlockKind::Byline);
        }
    }
    if begins(&small, &words.caption_starts)
        .is_some_and(|start| !start.ends_with(char::is_alphanumeric) || is_credit(line, start))
    {
        return Some(BlockKind::Caption);
    }
    if n_words <= 40 && words.any_caption_within.is_match(&small) && words.caption_within.iter().any(|cue| stands_in(&small, cue))
    {
        return Some(BlockKind::Caption);
    }
    if words.byline_lines.contains(&folded) || is_byline(line, &small, n_words, words) {
        return Some(BlockKind::Byline);
    }
    None
}

/// "Photo by Jane Roe": after a beginning that may also begin a sentence, a capital or nothing must follow.
fn is_credit(line: &str, start: &str) -> bool {
    let rest: String = line.chars().skip(start.chars().count()).collect();
    let rest = rest.trim_start_matches([' ', ':', '-', '–', '\u{a0}']);
    rest.is_empty() || rest.starts_with(char::is_uppercase) || start.starts_with("in this") || start.contains(' ')
}

/// True where `cue` stands in `line` with no letter joined to it.
fn stands_in(line: &str, cue: &str) -> bool {
    line.find(cue).is_some_and(|at| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        let after = line.get(at + cue.len()..).and_then(|after| after.chars().next());
        let joined = |neighbor: Option<char>, end: Option<char>| {
            neighbor.is_some_and(char::is_alphanumeric) && end.is_some_and(char::is_alphanumeric)
        };
        !joined(before, cue.chars().next()) && !joined(after, cue.chars().next_back())
    })
}

/// "By Jane Roe", "Reporting by Jane Roe; Editing by John Doe": a short line of names.
fn is_byline(line: &str, small: &str, n_words: usize, words: &Words) -> bool {
    let Some(start) = begins(small, &words.byline_starts) else { return false };
    let rest: String = line.trim().chars().skip(start.chars().count()).collect();
    let rest = rest.trim_start_matches([':', ' ', '\u{a0}']);
    let n_capitals = rest.split_whitespace().filter(|word| word.starts_with(char::is_uppercase)).count();
    let n_rest = rest.split_whitespace().count();
    let sentence_like = line.trim_end().ends_with(['.', '?', '!']) && n_words > 14 && !start.ends_with(" by");
    n_words <= 25 && n_rest > 0 && rest.starts_with(|c: char| c.is_uppercase()) && n_capitals * 10 >= n_rest * 6 && !sentence_like
        || n_rest == 0 && start.contains(' ')
}

/// The name in an author's line: where it stands.
fn author(line: &str, span: Span, words: &Words, text: &str) -> Option<Span> {
    let start = begins(&lower(line), &words.byline_starts)?;
    let skipped: usize = line.trim_start().chars().take(start.chars().count()).map(char::len_utf8).sum();
    let rest = Span::new(span.start() + skipped, span.end()).trimmed(text);
    let words = rest.of(text);
    let lead = words.len() - words.trim_start_matches([':', ' ', '\u{a0}', '|', '-']).len();
    let cut = words
        .char_indices()
        .skip_while(|(at, _)| *at < lead)
        .find(|(_, c)| matches!(c, '|' | ';' | '/' | '—' | '–' | ',') || c.is_ascii_digit());
    let end = cut.map_or(words.len(), |(at, _)| at);
    let name = Span::new(rest.start() + lead, rest.start() + end.max(lead)).trimmed(text);
    (!name.is_empty()).then_some(name)
}

/// The name of a masthead's picture: "The messenger logo" is "The Messenger".
fn masthead(line: &str, words: &Words) -> Option<String> {
    let mut names: Vec<&str> = line.split_whitespace().collect();
    if !(2..=6).contains(&names.len()) || !words.masthead_words.contains(&fold(names.pop()?)) {
        return None;
    }
    let capital = |name: &&str| -> String {
        let mut letters = name.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    };
    Some(names.iter().map(capital).collect::<Vec<_>>().join(" "))
}

/// "source: herald.example with sylvania.example ." names the paper first.
fn source_name(line: &str) -> Option<String> {
    let (_, names) = line.split_once(':')?;
    let first = names.split([',', ';', '(', '|']).next()?.trim().trim_end_matches(['.', ' ']);
    let domain = first.split_whitespace().map(|word| word.trim_matches([',', '.', ';'])).find(|word| is_domain(word));
    if let Some(domain) = domain {
        return Some(domain.to_owned());
    }
    (first.split_whitespace().count() <= 4 && first.starts_with(char::is_uppercase)).then(|| first.to_owned())
}

/// A date that makes up its line, but for words of printing, a name or a place.
fn date_on_line(line: &str, span: Span, words: &Words) -> Option<PrintedDate> {
    if line.len() > 160 || line.split_whitespace().count() > 16 {
        return None;
    }
    let date = dates::find(line).into_iter().next()?;
    let before = line.get(..date.span.start()).unwrap_or("");
    let after = line.get(date.span.end()..).unwrap_or("");
    if begins(&lower(before), &words.modified_words).is_some()
        && !words.published_words.iter().any(|word| stands_in(&lower(before), word))
    {
        return None;
    }
    // Small words around a date make a sentence, not a date line.
    let is_plain = |part: &str| {
        part.split(|c: char| !c.is_alphanumeric() && c != '.').filter(|word| word.contains(char::is_alphabetic)).all(|word| {
            let small = word.to_lowercase();
            word.starts_with(char::is_uppercase)
                || is_domain(word)
                || words
                    .published_words
                    .iter()
                    .chain(&words.modified_words)
                    .any(|known| known.split(' ').any(|part| part == small))
                || matches!(small.as_str(), "by" | "at" | "on" | "of" | "am" | "pm")
        })
    };
    let ends_sentence = line.trim_end().ends_with('.') && line.split_whitespace().count() > 8;
    (is_plain(before) && is_plain(after) && !ends_sentence)
        .then(|| PrintedDate { span: Span::new(span.start() + date.span.start(), span.start() + date.span.end()), ..date })
}

struct Dateline {
    place: Span,
    agency: Option<Span>,
    date: Option<PrintedDate>,
    length: usize,
}

/// "PORT LOTH, March 4 (Agency) —" before the first sentence. Without a date or an agency the place must be in capitals,
/// for "Freedonia - the smaller of the two - agreed" begins like a dateline, too.
fn dateline(line: &str) -> Option<Dateline> {
    let head_end = line.char_indices().map(|(at, _)| at).take_while(|&at| at <= 100).last()?;
    let head = line.get(..head_end)?;
    let (end, sign) =
        ["—", "–", "--", " - ", "/. ", "]: "].iter().filter_map(|sign| head.find(sign).map(|at| (at, sign.len()))).min()?;
    let front = head.get(..end)?;
    let agency = match (front.find('('), front.rfind(')')) {
        (Some(open), Some(close)) if open < close => Some(Span::new(open + 1, close)),
        _ => front.find(" /").map(|slash| Span::new(slash + 2, end)),
    };
    let date = dates::find(front).into_iter().next();
    let place_end =
        front.find([',', '(', '/']).unwrap_or(front.len()).min(date.as_ref().map_or(front.len(), |date| date.span.start()));
    let place = Span::new(0, place_end).trimmed(front);
    let name = place.of(front);
    let n_words = name.split_whitespace().count();
    let capital = name.split_whitespace().all(|word| word.starts_with(|c: char| c.is_uppercase()));
    if name.is_empty() || n_words > 4 || !capital || name.contains(['"', '“', ':', '.']) && !is_shouted(name) {
        return None;
    }
    let agency =
        agency.map(|span| span.trimmed(front)).filter(|span| span.of(front).split_whitespace().count() <= 4 && !span.is_empty());
    (is_shouted(name) || date.is_some() || agency.is_some()).then_some(Dateline { place, agency, date, length: end + sign })
}

/// How many bytes at the start of `line` are a scrap of a few words, set off by wide space from a sentence's first word.
fn scrap(line: &str, words: &Words) -> Option<usize> {
    let head: String = line.chars().take(80).collect();
    let wide = head.find("  ")?;
    let front = head.get(..wide)?;
    let rest = line.get(wide..)?.trim_start();
    let first = rest.split_whitespace().next()?;
    let plain = !front.contains(['.', ',', ':', ';', '!', '?', '"', '(']) && front.split_whitespace().count() <= 5;
    let starts = first.starts_with(char::is_uppercase) && words.sentence_starters.contains(&fold(first));
    (plain && starts).then(|| line.len() - rest.len())
}

fn is_label(line: &str, words: &Words) -> bool {
    line.len() <= 60 && words.related_labels.contains(&fold(line))
}

/// A teaser's text goes with the heading above it and not with the story.
fn is_teaser(line: &str, heading: Option<&str>, told: &mut Vocabulary<'_>) -> bool {
    let mut own = Vocabulary::default();
    own.add(line);
    match heading {
        Some(heading) => own.share_of(heading) >= 0.5 && own.share_of(heading) > told.share_of(heading),
        None => told.share_of(line) < 0.2,
    }
}

/// The longer words of a text, by their first letters, so that forms of one word count as one.
#[derive(Debug, Default)]
struct Vocabulary<'a> {
    /// What was added and not yet taken apart: few pages have anything to compare it with.
    waiting: Vec<&'a str>,
    stems: BTreeSet<String>,
}

impl<'a> Vocabulary<'a> {
    fn stems_of(text: &str) -> impl Iterator<Item = String> + '_ {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() >= 4)
            .map(|word| word.chars().take(6).flat_map(char::to_lowercase).collect())
    }

    fn add(&mut self, text: &'a str) {
        self.waiting.push(text);
    }

    /// Which share of the longer words of `text` is in the vocabulary, 0 to 1.
    fn share_of(&mut self, text: &str) -> f64 {
        self.stems.extend(self.waiting.drain(..).flat_map(Self::stems_of));
        let stems: BTreeSet<String> = Self::stems_of(text).collect();
        if stems.is_empty() {
            return 0.0;
        }
        let known = stems.intersection(&self.stems).count();
        #[expect(clippy::cast_precision_loss, reason = "a count of words")]
        let share = known as f64 / stems.len() as f64;
        share
    }
}

/// A paragraph: long enough, and with the end of a sentence.
pub(crate) fn is_prose(line: &str) -> bool {
    let n_words = line.split_whitespace().take(41).count();
    n_words > 40 || n_words >= 10 && line.trim_end().ends_with(['.', '!', '?', '"', '”', '…', ')', ':', '’', '\'', ';'])
}

fn is_headline_like(line: &str) -> bool {
    let n_words = line.split_whitespace().take(31).count();
    (2..=30).contains(&n_words) && !line.ends_with(['.', ';', ',', ':']) && line.contains(char::is_alphabetic)
}

/// A headline: a line of some words without a full stop; with one only where it is short and stands alone.
fn is_title(line: &str, stands_alone: bool) -> bool {
    let n_words = line.split_whitespace().take(31).count();
    let starts = line.starts_with(|c: char| !c.is_lowercase());
    starts && (is_headline_like(line) && line.len() <= 200 || (3..=12).contains(&n_words) && stands_alone && line.ends_with('.'))
}

/// Two to four words in capitals: a person's name, perhaps.
fn is_name(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    (2..=4).contains(&words.len())
        && words.iter().all(|word| word.starts_with(char::is_uppercase) && !word.contains(char::is_numeric))
}

fn is_shouted(words: &str) -> bool {
    words.chars().filter(|c| c.is_alphabetic()).count() >= 2 && !words.contains(char::is_lowercase)
}

fn is_address(line: &str) -> bool {
    (line.starts_with("http://") || line.starts_with("https://") || line.starts_with("www."))
        && !line.contains(char::is_whitespace)
}

fn is_domain(word: &str) -> bool {
    let Some((name, end)) = word.rsplit_once('.') else { return false };
    !name.is_empty()
        && (2..=12).contains(&end.len())
        && end.bytes().all(|byte| byte.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
        && name.contains(char::is_alphabetic)
        && name.chars().count() >= 3
}
