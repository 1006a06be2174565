//! Cuts text into the tokens that the patterns speak of: words looked up in the language's lexicon, numbers, clock times,
//! whole dates, ordinals, decades and marks. One pass, no allocation but the list itself.
use crate::cue::Endings;
use crate::language::{Language, LexemeId, begins};

/// What stands between a token and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gap {
    /// Nothing: "5pm", "year's".
    None,
    /// White space.
    Space,
    /// One hyphen or dash without spaces: "mid-October", "1985-1987".
    Hyphen,
    /// An empty line, or the beginning of the text: no expression goes across.
    Break,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Letters.
    Word,
    /// A whole number of `digits` digits, at most 9; `plain` if it may be a year or day: no currency sign, percent, thousands or letters at it.
    Number { value: i64, digits: u8, plain: bool },
    /// A number with a fraction, in hundredths.
    Decimal { hundredths: i64 },
    /// "13:15", "5.30" before "p.m.".
    Clock { hour: u8, minute: u8, second: Option<u8> },
    /// "25th".
    Ordinal(i64),
    /// "1990s" as 199, "'90s" and "90s" as 9 with `century` false.
    Decade { decade: i64, century: bool },
    /// "2016-10-25", "25/10/2016": `ambiguous` where day and month could be the other way around.
    Calendar { year: i32, month: u8, day: u8, ambiguous: bool },
    /// Any other character.
    Mark(u8),
}

/// One token; offsets are bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    pub start: usize,
    pub end: usize,
    pub gap: Gap,
    pub form: Form,
    /// Its entry in the lexicon, 0 if it has none.
    pub lexeme: LexemeId,
    /// Its class for the index of patterns.
    pub class: u16,
    /// The word begins with a capital letter.
    pub capital: bool,
}

impl Token {
    pub(crate) fn is_mark(&self, mark: u8) -> bool {
        self.form == Form::Mark(mark)
    }
}

/// Cuts `text` into tokens. Linear in its length.
pub(crate) fn tokens(text: &str, language: &Language) -> Vec<Token> {
    let mut cutter = Cutter { text, bytes: text.as_bytes(), at: 0, language, list: Vec::with_capacity(text.len() / 5 + 4) };
    cutter.run();
    cutter.list
}

struct Cutter<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    language: &'t Language,
    list: Vec<Token>,
}

/// The kinds of characters that matter here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Glyph {
    Letter,
    Digit,
    Space,
    Newline,
    Dash,
    Apostrophe,
    Mark,
}

impl Cutter<'_> {
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// Kind and length in bytes of the character that begins at `at`.
    fn glyph(&self, at: usize) -> (Glyph, usize) {
        let byte = self.byte(at);
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => (Glyph::Letter, 1),
            b'0'..=b'9' => (Glyph::Digit, 1),
            b'\n' => (Glyph::Newline, 1),
            b' ' | b'\t' | b'\r' | 0x0b | 0x0c => (Glyph::Space, 1),
            b'-' => (Glyph::Dash, 1),
            b'\'' => (Glyph::Apostrophe, 1),
            0..=0x7f => (Glyph::Mark, 1),
            _ => {
                let Some(character) = self.text.get(at..).and_then(|rest| rest.chars().next()) else { return (Glyph::Mark, 1) };
                let length = character.len_utf8();
                let glyph = match character {
                    '\u{2018}' | '\u{2019}' | '\u{02bc}' => Glyph::Apostrophe,
                    '\u{2010}'..='\u{2013}' | '\u{2212}' => Glyph::Dash,
                    '\u{00a0}' | '\u{2009}' | '\u{202f}' | '\u{2002}' | '\u{2003}' => Glyph::Space,
                    _ if character.is_alphabetic() => Glyph::Letter,
                    _ => Glyph::Mark,
                };
                (glyph, length)
            }
        }
    }

    fn run(&mut self) {
        let mut gap = Gap::Break;
        while self.at < self.bytes.len() {
            let start = self.at;
            let (glyph, length) = self.glyph(start);
            match glyph {
                Glyph::Space => {
                    if gap != Gap::Break {
                        gap = Gap::Space;
                    }
                    self.at += length;
                }
                Glyph::Newline => {
                    gap = self.lines();
                }
                Glyph::Letter => {
                    self.word(gap);
                    gap = Gap::None;
                }
                Glyph::Digit => {
                    self.number(gap);
                    gap = Gap::None;
                }
                Glyph::Dash => {
                    let joins = gap == Gap::None
                        && matches!(self.list.last().map(|token| token.form), Some(form) if !matches!(form, Form::Mark(_)) || form == Form::Mark(b'.'))
                        && matches!(self.glyph(start + length).0, Glyph::Letter | Glyph::Digit);
                    self.at += length;
                    if joins {
                        gap = Gap::Hyphen;
                    } else {
                        self.push(start, gap, Form::Mark(b'-'), 0, false);
                        gap = Gap::None;
                    }
                }
                Glyph::Apostrophe => {
                    self.apostrophe(start, length, gap);
                    gap = Gap::None;
                }
                Glyph::Mark => {
                    self.at += length;
                    let mark = if length == 1 { self.byte(start) } else { 0x80 };
                    self.push(start, gap, Form::Mark(mark), 0, false);
                    gap = Gap::None;
                }
            }
        }
    }

    fn push(&mut self, start: usize, gap: Gap, form: Form, lexeme: LexemeId, capital: bool) {
        let class = self.language.class(form, lexeme);
        self.list.push(Token { start, end: self.at, gap, form, lexeme, class, capital });
    }

    /// Skips line ends: two of them in a row are a break.
    fn lines(&mut self) -> Gap {
        let mut ends = 0;
        loop {
            match self.glyph(self.at) {
                (Glyph::Newline, length) => {
                    ends += 1;
                    self.at += length;
                }
                (Glyph::Space, length) if self.at < self.bytes.len() => self.at += length,
                _ => break,
            }
        }
        if ends > 1 { Gap::Break } else { Gap::Space }
    }

    fn word(&mut self, gap: Gap) {
        let start = self.at;
        loop {
            let (glyph, length) = self.glyph(self.at);
            if glyph == Glyph::Letter {
                self.at += length;
            } else if glyph == Glyph::Mark
                && self.byte(self.at) == b'.'
                && (self.at - start == 1 || self.byte(self.at.wrapping_sub(2)) == b'.')
                && self.byte(self.at + 1).is_ascii_alphabetic()
                && !self.byte(self.at + 2).is_ascii_alphabetic()
            {
                // "a.m", "B.C.E": single letters with full stops.
                self.at += 1;
            } else {
                break;
            }
        }
        let capital = self.text.get(start..).and_then(|rest| rest.chars().next()).is_some_and(char::is_uppercase);
        let word = self.bytes.get(start..self.at).unwrap_or_default();
        let mut lexeme = self.language.find(word);
        if lexeme != 0 {
            let traits = self.language.traits(lexeme);
            let dot = traits.dotted && self.byte(self.at) == b'.';
            if traits.capital && !capital {
                // "may" is not May, but may be a cue of its own.
                lexeme = traits.lower;
            } else if dot {
                self.at += 1;
            }
            if traits.needs_dot && !dot && word.len() < 4 && !self.date_is_beside() {
                lexeme = 0;
            }
        }
        self.push(start, gap, Form::Word, lexeme, capital);
    }

    /// A number or a comma stands directly beside the short word that was just read: "Mar 5", "Sat, 3 May", "3 Dec".
    fn date_is_beside(&self) -> bool {
        let mut at = self.at;
        while matches!(self.byte(at), b' ' | b',' | b'-' | b'/') && at < self.at + 3 {
            at += 1;
        }
        self.byte(at).is_ascii_digit()
            || self.list.last().is_some_and(|token| matches!(token.form, Form::Number { .. } | Form::Ordinal(_)))
    }

    fn apostrophe(&mut self, start: usize, length: usize, gap: Gap) {
        let after = start + length;
        let letter = self.byte(after);
        let rest = self.bytes.get(after..).unwrap_or_default();
        let behind = if gap == Gap::None { self.list.last().copied() } else { None };
        if let Some(before) = behind.filter(|token| !matches!(token.form, Form::Mark(_))) {
            if let Form::Number { value, digits: 4, plain: true } = before.form
                && value % 10 == 0
                && let Some(ending) = self.language.endings.decade.iter().find(|ending| begins(rest, ending))
            {
                // "1990's"
                self.at = after + ending.len();
                if let Some(last) = self.list.last_mut() {
                    last.form = Form::Decade { decade: value / 10, century: true };
                    last.class = self.language.class(last.form, 0);
                    last.end = self.at;
                }
                return;
            }
            if let Some((length, lexeme)) = self.language.clitic(rest) {
                self.at = after + length;
                self.push(start, gap, Form::Word, lexeme, false);
                return;
            }
            if let Some(ending) = self.language.endings.joined.iter().find(|ending| begins(rest, ending))
                && before.form == Form::Word
            {
                // "won't" is no form of "win".
                self.at = after + ending.len();
                let word = format!("{}'{ending}", self.text.get(before.start..before.end).unwrap_or(""));
                let lexeme = if word.len() < 24 { self.language.find(word.as_bytes()) } else { 0 };
                if let Some(last) = self.list.last_mut() {
                    last.end = self.at;
                    last.lexeme = lexeme;
                    last.class = self.language.class(Form::Word, lexeme);
                }
                return;
            }
        }
        if letter.is_ascii_digit() && self.byte(after + 1).is_ascii_digit() && !self.byte(after + 2).is_ascii_digit() {
            let tens = i64::from(letter - b'0');
            let value = tens * 10 + i64::from(self.byte(after + 1) - b'0');
            let apostrophe = usize::from(self.byte(after + 2) == b'\'');
            let tail = self.bytes.get(after + 2 + apostrophe..).unwrap_or_default();
            let plural = self.language.endings.decade.iter().find(|ending| begins(tail, ending));
            if let Some(plural) = plural
                && value % 10 == 0
            {
                self.at = after + 2 + apostrophe + plural.len();
                self.push(start, gap, Form::Decade { decade: tens, century: false }, 0, false);
                return;
            }
            if !self.byte(after + 2).is_ascii_alphanumeric() {
                self.at = after + 2;
                let lexeme = self.language.find(b"'00");
                self.push(start, gap, Form::Number { value, digits: 0, plain: true }, lexeme, false);
                return;
            }
        }
        self.at = after;
        self.push(start, gap, Form::Mark(b'\''), self.language.find(b"'"), false);
    }

    /// Reads up to `most` digits at `at`: value and how many.
    fn digits(&self, at: usize, most: usize) -> (i64, usize) {
        let mut value = 0_i64;
        let mut length = 0;
        while length < most && self.byte(at + length).is_ascii_digit() {
            value = value * 10 + i64::from(self.byte(at + length) - b'0');
            length += 1;
        }
        (value, length)
    }

    fn number(&mut self, gap: Gap) {
        let start = self.at;
        let mut end = start;
        while self.byte(end).is_ascii_digit() {
            end += 1;
        }
        let count = end - start;
        let before = if start == 0 { b' ' } else { self.byte(start - 1) };
        let glued = gap == Gap::None
            && (before.is_ascii_alphanumeric()
                || matches!(before, b'$' | b'#' | b'_' | b'.' | b'/' | b':' | b'=' | b'@' | b'+' | b'&')
                || before >= 0x80);
        let value = if count <= 9 { self.digits(start, 9).0 } else { -1 };
        self.at = end;
        if value < 0 {
            self.push(start, gap, Form::Number { value: 0, digits: 10, plain: false }, 0, false);
            return;
        }
        if (!glued || before == b'.')
            && let Some((form, length)) = self.compound(start, count, value)
        {
            self.at = start + length;
            self.push(start, gap, form, 0, false);
            return;
        }
        let next = self.byte(end);
        // "1,500,000": groups of three.
        if next == b',' && count <= 3 {
            let mut total = value;
            let mut at = end;
            while self.byte(at) == b',' && self.digits(at + 1, 4).1 == 3 && total < 1_000_000_000 {
                total = total * 1000 + self.digits(at + 1, 3).0;
                at += 4;
            }
            if at > end {
                self.at = at;
                self.push(start, gap, Form::Number { value: total, digits: 10, plain: false }, 0, false);
                return;
            }
        }
        if next == b'.' && self.byte(end + 1).is_ascii_digit() {
            let (fraction, length) = self.digits(end + 1, 2);
            let mut at = end + 1 + length;
            while self.byte(at).is_ascii_digit() {
                at += 1;
            }
            self.at = at;
            let hundredths = if value < 1_000_000 { value * 100 + if length == 1 { fraction * 10 } else { fraction } } else { 0 };
            self.push(start, gap, Form::Decimal { hundredths }, 0, false);
            return;
        }
        let letters = next.is_ascii_alphabetic() || next >= 0x80 && self.glyph(end).0 == Glyph::Letter;
        let sign = matches!(next, b'%' | b'/' | b'_') && !(next == b'/' && self.byte(end + 1).is_ascii_alphabetic());
        let plain = !glued && !letters && !sign;
        self.push(start, gap, Form::Number { value, digits: u8::try_from(count).unwrap_or(10), plain }, 0, false);
    }

    /// The length of the ending that stands at `at`, 0 for none.
    fn ending(&self, at: usize, list: impl Fn(&Endings) -> &Vec<String>) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        list(&self.language.endings).iter().find(|ending| begins(rest, ending)).map_or(0, String::len)
    }

    /// Longer forms that begin with digits: clock times, whole dates, ordinals, decades. Gives the form and its length in bytes.
    fn compound(&self, start: usize, count: usize, value: i64) -> Option<(Form, usize)> {
        let end = start + count;
        let next = self.byte(end);
        let free = |at: usize| !self.byte(at).is_ascii_alphanumeric();
        let small = |value: i64| u8::try_from(value).ok();
        match next {
            b':' if count <= 2 => {
                let (minute, length) = self.digits(end + 1, 3);
                if length != 2 || minute > 59 || value > 24 {
                    return None;
                }
                let mut at = end + 3;
                let mut second = None;
                if self.byte(at) == b':' {
                    let (seconds, length) = self.digits(at + 1, 3);
                    if length == 2 && seconds < 61 {
                        second = small(seconds);
                        at += 3;
                    }
                }
                Some((Form::Clock { hour: small(value)?, minute: small(minute)?, second }, at - start))
            }
            b'-' if count == 4 => {
                let (month, length) = self.digits(end + 1, 3);
                if length != 2 || self.byte(end + 3) != b'-' {
                    return None;
                }
                let (day, length) = self.digits(end + 4, 3);
                let stop = end + 6;
                (length == 2
                    && (1..=12).contains(&month)
                    && (1..=31).contains(&day)
                    && (free(stop) || self.byte(stop) == b'T')
                    && value >= 1000)
                    .then_some(())?;
                Some((
                    Form::Calendar { year: i32::try_from(value).ok()?, month: small(month)?, day: small(day)?, ambiguous: false },
                    stop - start,
                ))
            }
            b'/' | b'.' | b'-' if count <= 2 => {
                let (second, length) = self.digits(end + 1, 3);
                if length == 0 || length > 2 || self.byte(end + 1 + length) != next {
                    return None;
                }
                let (year, digits) = self.digits(end + 2 + length, 5);
                let stop = end + 2 + length + digits;
                if !free(stop)
                    || !(digits == 4 && (1000..2200).contains(&year) || digits == 2 && next == b'/')
                    || self.byte(stop) == next && self.byte(stop + 1).is_ascii_digit()
                {
                    return None;
                }
                let year = match digits {
                    2 if year < 50 => 2000 + year,
                    2 => 1900 + year,
                    _ => year,
                };
                let (day, month, ambiguous) = match (value, second) {
                    (1..=31, 1..=12) if next != b'/' => (value, second, false),
                    (13..=31, 1..=12) => (value, second, false),
                    (1..=12, 13..=31) => (second, value, false),
                    (1..=12, 1..=12) => (second, value, value != second),
                    _ => return None,
                };
                Some((
                    Form::Calendar { year: i32::try_from(year).ok()?, month: small(month)?, day: small(day)?, ambiguous },
                    stop - start,
                ))
            }
            _ if (count == 2 || count <= 4 && value >= 100) && value % 10 == 0 && self.ending(end, |l| &l.decade) > 0 => {
                Some((Form::Decade { decade: value / 10, century: count > 2 }, count + self.ending(end, |l| &l.decade)))
            }
            _ if count <= 3 => {
                let length = self.ending(end, |endings| &endings.ordinal);
                (length > 0).then_some((Form::Ordinal(value), count + length))
            }
            _ => None,
        }
    }
}
