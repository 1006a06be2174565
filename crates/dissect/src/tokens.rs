//! Cuts text into tokens by rule, following the Universal Dependencies treebanks of English (EWT, GUM).
//!
//! Every token is a byte span of the text, which is never changed. All characters but white space belong to a token.
use crate::words::WordLists;
use chancery_agreement::Span;

/// Cuts the part of `text` under `block` into tokens: spans in order, without overlap, that cover all but white space.
#[must_use]
pub fn tokenize(text: &str, block: Span) -> Vec<Span> {
    let lists = WordLists::english();
    let mut tokens = Vec::new();
    let words = block.of(text);
    let mut chunk_start = None;
    for (at, character) in words.char_indices().chain([(words.len(), ' ')]) {
        if !is_space(character) {
            chunk_start.get_or_insert(at);
        } else if let Some(start) = chunk_start.take() {
            let chunk = words.get(start..at).unwrap_or("");
            let following = words.get(at..).unwrap_or("").trim_start();
            Cutter { chunk, following, lists, base: block.start() + start, tokens: &mut tokens }.run();
        }
    }
    tokens
}

/// White space and characters that are never seen: they belong to no token.
pub(crate) fn is_space(character: char) -> bool {
    character.is_whitespace()
}

/// Works through one stretch without white space.
struct Cutter<'a> {
    chunk: &'a str,
    /// What comes after the chunk in its block, without white space.
    following: &'a str,
    lists: &'a WordLists,
    base: usize,
    tokens: &'a mut Vec<Span>,
}

/// Clitics that are tokens of their own when an apostrophe stands before them.
const CLITICS: [&str; 6] = ["s", "m", "re", "ve", "ll", "d"];

impl Cutter<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while at < self.chunk.len() {
            let end = self.next_end(at);
            // Every step takes at least one whole character, so this ends and never cuts a character in two.
            let end = if end > at { end } else { at + self.rest(at).chars().next().map_or(1, char::len_utf8) };
            self.push(at, end);
            at = end;
        }
    }

    fn rest(&self, at: usize) -> &str {
        self.chunk.get(at..).unwrap_or("")
    }

    /// Adds the token(s) of `start..end`: a word with its clitics, or one token.
    fn push(&mut self, start: usize, end: usize) {
        let word = self.chunk.get(start..end).unwrap_or("");
        let cut = clitic_start(word, self.lists);
        if let Some(cut) = cut.filter(|&cut| cut > 0 && cut < word.len()) {
            self.tokens.push(Span::new(self.base + start, self.base + start + cut));
            self.tokens.push(Span::new(self.base + start + cut, self.base + end));
        } else {
            self.tokens.push(Span::new(self.base + start, self.base + end));
        }
    }

    /// Where the token that starts at `at` ends.
    fn next_end(&self, at: usize) -> usize {
        let rest = self.rest(at);
        let mut characters = rest.chars();
        let Some(first) = characters.next() else { return self.chunk.len() };
        let second = characters.next();
        if let Some(length) = address_length(rest).or_else(|| entity_length(rest)).or_else(|| mark_run_length(rest)) {
            return at + length;
        }
        if first.is_ascii_digit() {
            return at + self.number_length(rest);
        }
        if is_word_character(first) {
            return at + self.word_length(rest);
        }
        // "'90s", "’72": the apostrophe stands for the century.
        if is_apostrophe(first) && second.is_some_and(|second| second.is_ascii_digit()) {
            let digits = rest.get(first.len_utf8()..).unwrap_or("");
            let count = digits.bytes().take_while(u8::is_ascii_digit).count();
            let tail = digits.get(count..).unwrap_or("");
            let plural = usize::from(tail.starts_with('s'));
            if count == 2 && !tail.get(plural..).unwrap_or("").starts_with(is_word_character) {
                return at + first.len_utf8() + count + plural;
            }
        }
        // A clitic that stands alone after a token that is no word: "(WHO)'s", "NATO”’s".
        if is_apostrophe(first) && at > 0 {
            let tail = rest.get(first.len_utf8()..).unwrap_or("");
            let length: usize = tail.chars().take_while(|&next| is_word_character(next)).map(char::len_utf8).sum();
            if tail.get(..length).is_some_and(|tail| CLITICS.iter().any(|clitic| tail.eq_ignore_ascii_case(clitic))) {
                return at + first.len_utf8() + length;
            }
        }
        // "@someone", "#hashtag".
        if first == '@' && second.is_some_and(char::is_alphanumeric) || first == '#' && second.is_some_and(char::is_alphabetic) {
            let length: usize = rest.chars().skip(1).take_while(|&next| is_word_character(next)).map(char::len_utf8).sum();
            return at + 1 + length;
        }
        at + first.len_utf8()
    }

    /// Length of the number at the head of `rest`, which starts with a digit.
    fn number_length(&self, rest: &str) -> usize {
        let bytes = rest.as_bytes();
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        if let Some(length) = telephone_length(rest) {
            return length;
        }
        let mut end = 0;
        while digit(end)
            || (matches!(bytes.get(end), Some(b'.' | b',' | b':' | b'/')) && end > 0 && digit(end - 1) && digit(end + 1))
        {
            end += 1;
        }
        let tail = rest.get(end..).unwrap_or("");
        let letters: usize = tail.chars().take_while(|&next| is_word_character(next)).map(char::len_utf8).sum();
        let letters_text = tail.get(..letters).unwrap_or("");
        if letters > 0 && self.lists.is_unit(letters_text) {
            return end;
        }
        if letters > 0 {
            return end + letters;
        }
        // "1990's" is a decade.
        let mut after = tail.chars();
        if after.next().is_some_and(is_apostrophe)
            && after.next() == Some('s')
            && end == 4
            && !after.next().is_some_and(is_word_character)
        {
            return end + tail.chars().take(2).map(char::len_utf8).sum::<usize>();
        }
        end
    }

    /// Length of the word at the head of `rest`, which starts with a letter: clitics are still in it.
    fn word_length(&self, rest: &str) -> usize {
        let mut end = 0;
        let mut previous = ' ';
        let mut hyphens = 0;
        let mut characters = rest.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let next = characters.peek().map(|&(_, next)| next);
            let next_is_word = next.is_some_and(is_word_character);
            let so_far = rest.get(..at).unwrap_or("");
            let goes_on = match character {
                _ if is_word_character(character) => true,
                '.' if next_is_word => period_joins(so_far, rest.get(at + 1..).unwrap_or("")),
                '.' => {
                    if self.is_abbreviation(so_far, rest.get(at + 1..).unwrap_or("")) {
                        return at + 1;
                    }
                    false
                }
                _ if is_apostrophe(character) => next_is_word,
                '`' => {
                    (next == Some('s') || next == Some('t') && previous == 'n') && word_run(rest.get(at + 1..).unwrap_or("")) == 1
                }
                '-' | '\u{2010}' | '\u{2011}' => {
                    hyphens += 1;
                    next_is_word && hyphens == 1 && self.lists.is_prefix(so_far)
                }
                '&' => previous.is_uppercase() && next.is_some_and(char::is_uppercase) && so_far.chars().count() <= 3,
                '/' => so_far.chars().count() == 1 && next_is_word && word_run(rest.get(at + 1..).unwrap_or("")) == 1,
                '$' => so_far.len() <= 3 && so_far.chars().all(|letter| letter.is_ascii_uppercase()),
                _ => false,
            };
            if !goes_on {
                return at;
            }
            end = at + character.len_utf8();
            if character == '$' {
                return end;
            }
            previous = character;
        }
        end
    }

    /// True when the period after `word` belongs to it. `after` is what stands behind the period in this chunk.
    fn is_abbreviation(&self, word: &str, after: &str) -> bool {
        let mut letters = word.chars();
        let single = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
        if single {
            return word != "I";
        }
        if has_inner_periods(word) {
            return true;
        }
        if self.lists.is_number_abbreviation(word) {
            return after.is_empty() && self.following.starts_with(|next: char| next.is_ascii_digit());
        }
        // At the end of a paragraph the period is the sentence's ("etc" ".").
        let closes_paragraph = self.following.is_empty() && !after.starts_with([',', ';', ':']);
        if closes_paragraph && self.lists.may_close_sentence(word) {
            return false;
        }
        self.lists.is_abbreviation(word)
    }
}

/// True when `word`, which stands right after `before`, is a clitic of it: "n't", "'s", the "not" of "cannot".
pub(crate) fn is_clitic(before: &str, word: &str) -> bool {
    if !before.chars().next_back().is_some_and(is_word_character) {
        return false;
    }
    let mut rest = word.chars();
    if rest.next().is_some_and(|first| is_apostrophe(first) || first == '`') {
        return rest.as_str().is_empty() || CLITICS.iter().any(|clitic| rest.as_str().eq_ignore_ascii_case(clitic));
    }
    let whole = [before, word].concat();
    clitic_start(&whole, WordLists::english()) == Some(before.len())
}

/// Letters, digits, combining marks and low lines.
fn is_word_character(character: char) -> bool {
    character.is_alphanumeric()
        || character == '_'
        || matches!(character, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200c}' | '\u{200d}')
}

/// Straight, curly and modifier apostrophes.
pub(crate) fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '\u{2019}' | '\u{2bc}')
}

fn word_run(rest: &str) -> usize {
    rest.chars().take_while(|&next| is_word_character(next)).count()
}

/// "U.S", "a.m", "Ph.D": every part between periods is short.
fn has_inner_periods(word: &str) -> bool {
    word.contains('.')
        && word.split('.').all(|part| (1..=2).contains(&part.chars().count()) && part.chars().all(char::is_alphabetic))
}

/// True when a period between two word characters joins them: "U.S", "example.org", but not "end.The".
fn period_joins(before: &str, after: &str) -> bool {
    let next: String = after.chars().take_while(|&next| is_word_character(next)).collect();
    let previous = before.rsplit(['.', '-']).next().unwrap_or("");
    if previous.chars().count() <= 2 && next.chars().count() <= 2 {
        return true;
    }
    let upper = next.chars().next().is_some_and(char::is_uppercase);
    let lower_before = previous.chars().next_back().is_some_and(char::is_lowercase);
    !(upper && (lower_before || previous.chars().count() == 1))
}

/// Length of a web or mail address at the head of `rest`, without the punctuation that closes the sentence.
fn address_length(rest: &str) -> Option<usize> {
    let lower_start: String = rest.chars().take(8).flat_map(char::to_lowercase).collect();
    let is_web = ["http://", "https://", "www.", "ftp://", "mailto:"].iter().any(|scheme| lower_start.starts_with(scheme));
    let is_mail = || {
        let end = rest.find(['(', ')', '<', '>', ',', ';', '"', '\u{201d}', '\u{201c}']).unwrap_or(rest.len());
        let mail = rest.get(..end)?;
        let (user, host) = mail.split_once('@')?;
        let good = |part: &str| part.chars().all(|character| character.is_alphanumeric() || "._-+%".contains(character));
        let host = host.trim_end_matches(['.', ':', '\'', '!', '?']);
        (!user.is_empty() && host.contains('.') && good(user) && good(host)).then_some(user.len() + 1 + host.len())
    };
    if is_web {
        let end = rest.find(['<', '>', '"', '\u{201d}', '\u{201c}']).unwrap_or(rest.len());
        let address = rest.get(..end).unwrap_or(rest);
        let mut trimmed = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '\u{2019}', ']', '*']);
        if !trimmed.contains('(') {
            trimmed = trimmed.trim_end_matches(')');
            trimmed = trimmed.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '\u{2019}', ']']);
        }
        return Some(trimmed.len());
    }
    if rest.starts_with(char::is_alphanumeric) { is_mail() } else { None }
}

/// Length of an HTML character reference (`&mdash;`, `&#8212;`) at the head of `rest`.
pub(crate) fn entity_length(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('&')?;
    let length = body.bytes().take(10).position(|byte| byte == b';')?;
    let name = body.get(..length)?;
    let name = name.strip_prefix('#').unwrap_or(name);
    (name.len() >= 2 && name.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(length + 2)
}

/// Length of a run of marks that is one token: "...", "--", "''", "``", "***", "?!".
fn mark_run_length(rest: &str) -> Option<usize> {
    if rest.starts_with("[...]") {
        return Some(5);
    }
    let first = rest.chars().next()?;
    let count = rest.chars().take_while(|&next| next == first).count();
    if matches!(first, '!' | '?') {
        let count = rest.bytes().take_while(|next| matches!(next, b'!' | b'?')).count();
        return (count >= 2).then_some(count);
    }
    let is_run = match first {
        '.' | '-' | '*' | '=' | '_' | '#' | '~' | '+' | '<' | '>' | '\u{2014}' => count >= 2,
        '\'' | '`' | '\u{2019}' | '\u{2018}' => count == 2,
        _ => false,
    };
    is_run.then_some(count * first.len_utf8())
}

/// Length of a telephone number or a date written with hyphens ("713-555-0199", "2019-07-10").
fn telephone_length(rest: &str) -> Option<usize> {
    let length = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'-').count();
    let number = rest.get(..length)?.trim_end_matches('-');
    if rest.get(number.len()..)?.starts_with(is_word_character) {
        return None;
    }
    let groups: Vec<&str> = number.split('-').collect();
    let is_one = match groups.as_slice() {
        [first, second] => first.len() == 3 && second.len() == 4,
        [_, _, ..] => groups.iter().all(|group| !group.is_empty()),
        _ => false,
    };
    is_one.then_some(number.len())
}

/// Where the clitic at the end of `word` starts ("don't" 2, "treaty's" 6, "cannot" 3).
fn clitic_start(word: &str, lists: &WordLists) -> Option<usize> {
    if !word.is_ascii() && !word.contains(is_apostrophe) {
        return None;
    }
    if let Some(cut) = lists.fused(word) {
        return Some(cut);
    }
    let at = word.rfind(|character| is_apostrophe(character) || character == '`')?;
    let mark = word.get(at..)?.chars().next()?;
    let tail = word.get(at + mark.len_utf8()..)?;
    let head = word.get(..at)?;
    if tail.eq_ignore_ascii_case("t") {
        return (head.len() > 1 && head.ends_with(['n', 'N'])).then(|| at - 1);
    }
    let decade = tail == "s" && head.len() == 4 && head.bytes().all(|byte| byte.is_ascii_digit());
    (!decade && CLITICS.iter().any(|clitic| tail.eq_ignore_ascii_case(clitic))).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let tokens = tokenize(text, Span::new(0, text.len()));
        let words: Vec<&str> = tokens.iter().map(|token| token.of(text)).collect();
        assert_eq!(words.join(" "), expected);
    }

    #[test]
    fn clitics_are_tokens() {
        check("They don't; it’s Ruritania's, we'll cannot.", "They do n't ; it ’s Ruritania 's , we 'll can not .");
        check("the ministers' talks (NATO)'s", "the ministers ' talks ( NATO ) 's");
    }

    #[test]
    fn hyphens_part_words_but_not_prefixes() {
        check("a well-known co-founder, 12-year-old", "a well - known co-founder , 12 - year - old");
        check("1998-2004 and 8–10", "1998 - 2004 and 8 – 10");
        check("Call 555-0199-123 on 2019-07-10", "Call 555-0199-123 on 2019-07-10");
    }

    #[test]
    fn money_numbers_and_units() {
        check("$1,500.50, US$5m, 10% at 5pm", "$ 1,500.50 , US$ 5 m , 10 % at 5 pm");
        check("the 1990s and 3rd of '89", "the 1990s and 3rd of '89");
    }

    #[test]
    fn abbreviations_keep_their_period() {
        check("Mr. J. Doe of the U.S. met Inc. No. 5.", "Mr. J. Doe of the U.S. met Inc. No. 5 .");
        check("He said no. It was etc. and\nso on etc.", "He said no . It was etc. and so on etc .");
        check("at the end.The next", "at the end . The next");
    }

    #[test]
    fn debris_of_web_pages() {
        check("war&mdash;then ''peace'' -- it said...", "war &mdash; then '' peace '' -- it said ...");
        check("see http://example.org/a_(b). (www.example.org)", "see http://example.org/a_(b) . ( www.example.org )");
    }
}
