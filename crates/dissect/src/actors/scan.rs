//! Finds the words of the list in running text: longest match over words, in one pass.
use super::{ActorMatch, Also, Entry, Gazetteer, Relation};
use chancery_agreement::Span;

/// A word for an actor at its place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActorSpan<'g> {
    /// Where it stands, in bytes of the scanned text; without "the" and without "'s".
    pub span: Span,
    /// The words that name it: more than `span` where two names share a word ("North and South Korea").
    pub told: Span,
    /// Whom it names.
    pub found: ActorMatch<'g>,
    /// How sure that is by the word alone.
    pub choice: Choice,
}

/// Whom a word means, as far as the list tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// This one, or all that it names at once.
    Sole,
    /// Mostly this one, of several.
    Preferred,
    /// One of several: the text has to say which.
    Open,
}

impl Gazetteer {
    /// Words for actors in `text`, within the bytes of `within`, in order and without overlap: the longest match wins. A word that
    /// names several actors at once ("the Koreas") comes once for each.
    ///
    /// Left out are phrases that only hold an actor's word ("New England", "Minsk agreements"), words that name several actors
    /// alike ("Congo"), and words that are part of a person's name to all appearances ("Michael Jordan"). Compounds are looked
    /// into: "pro-Russian" holds "Russian".
    #[must_use]
    pub fn scan(&self, text: &str, within: Span) -> Vec<ActorSpan<'_>> {
        let mut found = self.scan_open(text, within);
        found.retain(|hit| hit.choice != Choice::Open);
        found
    }

    /// The same with the words that name several actors alike, each with the first that the list has: [`Gazetteer::candidates`] has all.
    #[must_use]
    pub fn scan_open<'g>(&'g self, text: &str, within: Span) -> Vec<ActorSpan<'g>> {
        let within = Span::new(within.start(), within.end().min(text.len()));
        let part = within.of(text);
        let offset = within.start();
        let spans: Vec<Span> = words(part).collect();
        let mut found = Vec::new();
        let mut key = String::new();
        let mut ends = Vec::new();
        let mut at = 0;
        while let Some(&first) = spans.get(at) {
            let Some(limit) = self.longest_from(first.of(part), &mut key) else {
                at += 1;
                continue;
            };
            ends.clear();
            ends.push(key.len());
            for pair in spans.get(at..).unwrap_or_default().windows(2).take(limit - 1) {
                let &[left, right] = pair else { break };
                if !push_gap(&mut key, Span::new(left.end(), right.start()).of(part)) {
                    break;
                }
                push_word(&mut key, right.of(part));
                ends.push(key.len());
            }
            let (n_words, entries) = self.longest_match(part, spans.get(at..).unwrap_or_default(), &key, &ends);
            let fellow = if entries.is_empty() { None } else { self.elliptic(part, &spans, at, n_words) };
            let whole = entries.first().map(|&(_, span, _)| span);
            for (entry, span, choice) in fellow.into_iter().chain(entries) {
                let told = whole.filter(|_| fellow.is_some_and(|(_, own, _)| own == span)).map_or(span, |whole| span.join(whole));
                let [span, told] = [span, told].map(|span| Span::new(span.start() + offset, span.end() + offset));
                if let Some(named) = self.found(entry)
                    && !self.in_a_person(part, &spans, at, n_words, named.also)
                {
                    // "The Dominican and Czech Republic": "Dominican" alone is read as another word.
                    found.pop_if(|earlier: &mut ActorSpan<'_>| earlier.span.overlaps(span) && fellow.is_some());
                    found.push(ActorSpan { span, told, found: named, choice });
                }
            }
            at += n_words.max(1);
        }
        found
    }

    /// "North and South Korea", where "South Korea" was found: the actor of "North Korea", at "North".
    fn elliptic(&self, text: &str, spans: &[Span], at: usize, n_words: usize) -> Option<(&Entry, Span, Choice)> {
        let (first, and) = (*spans.get(at.checked_sub(2)?)?, *spans.get(at - 1)?);
        let own = spans.get(at..at + n_words).filter(|own| own.len() > 1)?;
        let plain = |left: Span, right: Span| Span::new(left.end(), right.start()).of(text) == " ";
        if !matches!(and.of(text), "and" | "or") || !plain(first, and) || !plain(and, *own.first()?) {
            return None;
        }
        let rest = Span::new(own.get(1)?.start(), own.last()?.end()).of(text);
        let whole = format!("{} {rest}", first.of(text));
        let folded = fold(&whole);
        let entries = self.entries.get(key(&whole).as_str())?;
        entries
            .iter()
            .find(|entry| entry.actor.is_some() && capitals_fit(entry, &folded))
            .map(|entry| (entry, first, Choice::Sole))
    }

    /// True where the word is a given name or surname by the look of its neighbors.
    fn in_a_person(&self, text: &str, spans: &[Span], at: usize, n_words: usize, also: &[Also]) -> bool {
        let neighbor = |index: Option<usize>| index.and_then(|index| spans.get(index)).copied();
        let (Some(first), Some(last)) = (neighbor(Some(at)), neighbor(Some(at + n_words.max(1) - 1))) else { return false };
        let capitalized = |word: &str| {
            let mut letters = word.chars();
            letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
        };
        if also.contains(&Also::GivenName)
            && let Some(next) = neighbor(Some(at + n_words))
        {
            let word = next.of(text);
            if Span::new(last.end(), next.start()).of(text) == " " && capitalized(word) && !self.offices.contains(word) {
                return true;
            }
        }
        if also.contains(&Also::Surname)
            && let Some(before) = neighbor(at.checked_sub(1))
        {
            let word = before.of(text);
            let joined = Span::new(before.end(), first.start()).of(text);
            let initial = word.chars().count() == 1 && joined == ". ";
            if (initial || joined == " " && capitalized(word)) && !self.leads.contains(word) && !word.ends_with("ing") {
                return true;
            }
        }
        false
    }

    /// Puts the first word into `key`; the number of words of the longest key that begins with it.
    fn longest_from(&self, word: &str, key: &mut String) -> Option<usize> {
        key.clear();
        push_word(key, word);
        self.longest.get(key.as_str()).copied()
    }

    /// The longest key that fits: how many words it takes, and its entries with their spans: none where it is somebody else's, several
    /// where it names several at once.
    fn longest_match(&self, text: &str, spans: &[Span], key: &str, ends: &[usize]) -> (usize, Vec<(&Entry, Span, Choice)>) {
        for (last, &end) in ends.iter().enumerate().rev() {
            let (Some(prefix), Some(first), Some(final_word)) = (key.get(..end), spans.first(), spans.get(last)) else {
                continue;
            };
            let Some(entries) = self.entries.get(prefix) else { continue };
            let span = Span::new(first.start(), final_word.end());
            let folded = fold(span.of(text));
            let after = text.get(span.end()..).unwrap_or("");
            let fits = |entry: &&Entry| capitals_fit(entry, &folded) && (!entry.is_combining() || after.starts_with(['-', '–']));
            let mut fitting = entries.iter().filter(fits);
            let Some(entry) = fitting.next() else { continue };
            if entry.actor.is_none() {
                return (last + 1, Vec::new());
            }
            // "U.S." ends in a period that belongs to it, where the text has it; "Sino-" ends before its hyphen.
            let tail = entry.spelling.get(entry.spelling.trim_end_matches(|c: char| !is_word(c)).len()..).unwrap_or("");
            let own = !entry.is_combining() && after.starts_with(tail);
            let span = if own { Span::new(span.start(), span.end() + tail.len()) } else { span };
            let all = self.collective.contains(prefix);
            let choice = match fitting.clone().any(|other| other.actor != entry.actor) {
                _ if self.undecided.contains(prefix) => Choice::Open,
                true if !all => Choice::Preferred,
                _ => Choice::Sole,
            };
            let others = fitting.filter(|_| all);
            return (last + 1, std::iter::once(entry).chain(others).map(|entry| (entry, span, choice)).collect());
        }
        (0, Vec::new())
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '+'
}

/// Runs of letters and digits ("P5+1" is one), as byte spans of `text`.
pub(super) fn words(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let start = loop {
            let (at, c) = rest.next()?;
            if is_word(c) {
                break at;
            }
        };
        let mut end = text.len();
        while let Some(&(at, c)) = rest.peek() {
            if !is_word(c) {
                end = at;
                break;
            }
            rest.next();
        }
        Some(Span::new(start, end))
    })
}

/// The key of `text`: lower case, no diacritics, one kind of gap, nothing before the first or after the last word.
/// Empty where a gap is no gap inside a name.
pub(super) fn key(text: &str) -> String {
    let mut key = String::new();
    let mut end = None;
    for word in words(text) {
        if let Some(end) = end
            && !push_gap(&mut key, Span::new(end, word.start()).of(text))
        {
            return String::new();
        }
        push_word(&mut key, word.of(text));
        end = Some(word.end());
    }
    key
}

fn push_word(key: &mut String, word: &str) {
    for c in word.chars() {
        if c.is_ascii() {
            key.push(c.to_ascii_lowercase());
        } else {
            for lower in c.to_lowercase() {
                match base(lower) {
                    Some(letters) => key.push_str(letters),
                    None => key.push(lower),
                }
            }
        }
    }
}

/// Adds a gap between two words of a name: white space and hyphens alike, one kind of apostrophe. False where it is too long
/// to stand inside a name, or ends a line.
fn push_gap(key: &mut String, gap: &str) -> bool {
    if gap.chars().count() > 3 || gap.contains('\n') && gap.trim_matches(' ').len() > 1 {
        return false;
    }
    let mut blank = false;
    for c in gap.chars() {
        match c {
            ' ' | '\u{a0}' | '\t' | '\n' | '\r' | '-' | '\u{2010}'..='\u{2013}' | '\u{202f}' => {
                if !blank {
                    key.push(' ');
                }
                blank = true;
            }
            '\'' | '\u{2018}' | '\u{2019}' | '\u{02bc}' | '`' | '\u{00b4}' => key.push('\''),
            other => key.push(other),
        }
    }
    true
}

/// `text` without diacritics, capitals kept.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        let lower = c.to_lowercase().next().unwrap_or(c);
        match base(lower) {
            Some(letters) if c.is_uppercase() => {
                for (at, letter) in letters.chars().enumerate() {
                    folded.push(if at == 0 { letter.to_ascii_uppercase() } else { letter });
                }
            }
            Some(letters) => folded.push_str(letters),
            None => folded.push(c),
        }
    }
    folded
}

/// The plain letters for a lower-case Latin letter with diacritics.
fn base(c: char) -> Option<&'static str> {
    Some(match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' | 'ĉ' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' | 'ə' => "e",
        'ğ' | 'ģ' | 'ĝ' => "g",
        'ì'..='ï' | 'ī' | 'į' | 'ı' => "i",
        'ķ' => "k",
        'ł' | 'ļ' | 'ľ' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => "o",
        'œ' => "oe",
        'ř' | 'ŕ' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ț' | 'ť' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        // "İ" lower-cases to an "i" and this dot.
        '\u{307}' => "",
        _ => return None,
    })
}

/// True when the capitals of `folded` allow it to be the entry: abbreviations as written, other words with capitals where the
/// file has them; a headline in capitals may spell out anything of four letters or more.
pub(super) fn capitals_fit(entry: &Entry, folded: &str) -> bool {
    let spelling = &*entry.spelling;
    let pairs = || words(spelling).zip(words(folded)).map(|(wanted, given)| (wanted.of(spelling), given.of(folded)));
    if entry.relation == Relation::Abbreviation && entry.actor.is_some() {
        return pairs().all(|(wanted, given)| wanted == given);
    }
    let n_letters = folded.chars().filter(|c| c.is_alphabetic()).count();
    let shouted = n_letters >= 4 && !folded.chars().any(char::is_lowercase);
    shouted
        || pairs().all(|(wanted, given)| {
            let is_upper = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
            let acronym = wanted.chars().count() > 1 && !wanted.chars().any(char::is_lowercase);
            if acronym { wanted == given } else { !is_upper(wanted) || is_upper(given) }
        })
}
