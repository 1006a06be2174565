//! Patterns over tokens: compiled from the language's table, matched with bounded work at each place.
//!
//! A pattern is a row of elements. `word` is that word, `<slot>` fills a slot, `(a|b c)` is a choice, `x?` may be missing,
//! `$name` stands for a pattern of the `[parts]` table, and `{ … }` marks which words are the expression where the pattern needs context around it.
//! Between elements there may be white space, a hyphen or nothing; never an empty line. The longest reading of a pattern wins.
use crate::calendar::Unit;
use crate::cue::Cue;
use crate::language::{Error, Language, LexemeId, Sense, Slot};
use crate::token::{Form, Gap, Token};
use std::collections::BTreeMap;

/// What a rule's words mean: which reading the resolver gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// A date or time of day, given by the slots that were filled.
    Point,
    /// So and so long before or after something.
    Shift,
    /// A length of time.
    Duration,
    /// Something that recurs.
    Set,
    /// Past, present, future.
    Vague,
    /// A span spoken of before: "that year".
    Same,
    /// A unit of the calendar with no direction: "the quarter", "weeks".
    Bare,
    /// The period with which a figure is compared: "the year-earlier period".
    Compare,
    /// Not an expression: keeps shorter readings of these words away.
    Nothing,
}

/// A rule of the table.
#[derive(Debug)]
pub(crate) struct Rule {
    pub name: String,
    pub action: Action,
    /// A constant that the rule adds, such as a vague value.
    pub value: Option<String>,
    /// Which look-alikes are to be kept out.
    pub check: Option<Check>,
    /// A clause may say what it counts from: "a month before he left".
    pub clause: bool,
    /// Only histories use these words for a time.
    pub history: bool,
}

/// Look-alikes that a rule's readings are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// Bare numbers that count something.
    Year,
    /// Verbs and names that are written like a month.
    Month,
    /// Sums of money.
    Amount,
    /// Days of the month out of range.
    Day,
    /// Decades that are of a century and so no age.
    Age,
    /// A year that is no part of a name: "in 2003 car bombings rose".
    Compound,
}

#[derive(Debug, Clone)]
enum Step {
    Word(LexemeId),
    Mark(u8),
    Slot(Slot),
    /// Try the first place, then the second.
    Fork(usize, usize),
    Jump(usize),
    Open,
    Close,
    End,
}

/// What a step of a pattern reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Atom {
    Word(LexemeId),
    Mark(u8),
    Slot(Slot),
}

/// One compiled pattern.
#[derive(Debug)]
pub(crate) struct Program {
    steps: Vec<Step>,
    pub rule: usize,
}

/// A slot that was filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Capture<'l> {
    pub slot: Slot,
    pub value: i64,
    pub text: &'l str,
    /// First token and the one after the last.
    pub from: usize,
    pub to: usize,
}

/// A pattern found in the text: the tokens of the expression and the slots.
#[derive(Debug, Clone)]
pub(crate) struct Match<'l> {
    pub from: usize,
    pub to: usize,
    /// The token after the last one that the pattern read, context included.
    pub reach: usize,
    pub rule: usize,
    pub captures: Vec<Capture<'l>>,
    /// The last word is read but not part of the expression.
    pub cut: bool,
}

/// Reads the pattern table into the language.
pub(crate) fn compile(language: &mut Language, source: &str) -> Result<(), Error> {
    let table: toml::Table = source.parse().map_err(|error| Error::new(format!("time patterns: {error}")))?;
    let mut parts = BTreeMap::new();
    if let Some(listed) = table.get("parts").and_then(toml::Value::as_table) {
        for (name, value) in listed {
            let text = value.as_str().ok_or_else(|| Error::new(format!("time patterns: part `{name}` must be a text")))?;
            parts.insert(name.clone(), text.to_owned());
        }
    }
    let rules = table.get("rule").and_then(toml::Value::as_array).ok_or_else(|| Error::new("time patterns: no [[rule]]"))?;
    for entry in rules {
        let name =
            entry.get("name").and_then(toml::Value::as_str).ok_or_else(|| Error::new("time patterns: a rule without `name`"))?;
        let action = match entry.get("is").and_then(toml::Value::as_str) {
            Some("point") => Action::Point,
            Some("shift") => Action::Shift,
            Some("duration") => Action::Duration,
            Some("set") => Action::Set,
            Some("vague") => Action::Vague,
            Some("same") => Action::Same,
            Some("bare") => Action::Bare,
            Some("compare") => Action::Compare,
            Some("nothing") => Action::Nothing,
            other => {
                return Err(Error::new(format!(
                    "time patterns: rule `{name}`: `is` must be point, shift, duration, set, vague, same, bare, compare or nothing, not {other:?}"
                )));
            }
        };
        let value = entry.get("value").and_then(toml::Value::as_str).map(str::to_owned);
        let rule = language.rules.len();
        let check = match entry.get("check").and_then(toml::Value::as_str) {
            None => None,
            Some("year") => Some(Check::Year),
            Some("month") => Some(Check::Month),
            Some("amount") => Some(Check::Amount),
            Some("day") => Some(Check::Day),
            Some("age") => Some(Check::Age),
            Some("compound") => Some(Check::Compound),
            Some(other) => {
                return Err(Error::new(format!(
                    "time patterns: rule `{name}`: `check` must be year, month, amount, day, age or compound, not `{other}`"
                )));
            }
        };
        let flag = |key: &str| entry.get(key).and_then(toml::Value::as_bool).unwrap_or(false);
        let (clause, history) = (flag("clause"), flag("history"));
        language.rules.push(Rule { name: name.to_owned(), action, value, check, clause, history });
        let patterns = entry
            .get("match")
            .and_then(toml::Value::as_array)
            .ok_or_else(|| Error::new(format!("time patterns: rule `{name}` needs a list `match`")))?;
        for pattern in patterns {
            let pattern =
                pattern.as_str().ok_or_else(|| Error::new(format!("time patterns: rule `{name}`: a pattern must be a text")))?;
            let words = words_of(
                &expand(pattern, &parts, 0).map_err(|what| Error::new(format!("time patterns: rule `{name}`: {what}")))?,
            );
            let mut reader = Reader { words, at: 0, steps: Vec::new(), language };
            reader.choice().map_err(|what| Error::new(format!("time patterns: rule `{name}`, `{pattern}`: {what}")))?;
            if reader.at < reader.words.len() {
                return Err(Error::new(format!("time patterns: rule `{name}`, `{pattern}`: a `)` too many")));
            }
            let mut steps = reader.steps;
            steps.push(Step::End);
            language.programs.push(Program { steps, rule });
        }
    }
    Ok(())
}

/// Replaces `$name` by the part it stands for, in brackets.
fn expand(pattern: &str, parts: &BTreeMap<String, String>, depth: usize) -> Result<String, String> {
    if depth > 8 {
        return Err("parts that stand for themselves".into());
    }
    let mut text = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find('$') {
        text.push_str(&rest[..at]);
        let name = &rest[at + 1..];
        let end = name.find(|character: char| !(character.is_ascii_alphanumeric() || character == '_')).unwrap_or(name.len());
        let part = parts.get(&name[..end]).ok_or_else(|| format!("no part is called `{}`", &name[..end]))?;
        text.push('(');
        text.push_str(&expand(part, parts, depth + 1)?);
        text.push(')');
        rest = &name[end..];
    }
    text.push_str(rest);
    Ok(text)
}

/// Cuts a pattern into words and signs.
fn words_of(pattern: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for character in pattern.chars() {
        if matches!(character, '(' | ')' | '|' | '?' | '{' | '}' | ' ') {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            if character != ' ' {
                words.push(character.to_string());
            }
        } else {
            word.push(character);
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

struct Reader<'l> {
    words: Vec<String>,
    at: usize,
    steps: Vec<Step>,
    language: &'l mut Language,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&str> {
        self.words.get(self.at).map(String::as_str)
    }

    /// `a b | c`: the depth of brackets is that of our own tables.
    fn choice(&mut self) -> Result<(), String> {
        let fork = self.steps.len();
        self.row()?;
        if self.peek() == Some("|") {
            self.at += 1;
            // Fork before the first branch, jump over the second at its end.
            self.insert(fork);
            let jump = self.steps.len();
            self.steps.push(Step::Jump(0));
            let second = self.steps.len();
            self.choice()?;
            let after = self.steps.len();
            self.steps[fork] = Step::Fork(fork + 1, second);
            self.steps[jump] = Step::Jump(after);
        }
        Ok(())
    }

    /// Makes room for one step at `at`, moving the targets behind it.
    fn insert(&mut self, at: usize) {
        for step in &mut self.steps {
            match step {
                Step::Fork(first, second) => {
                    *first += usize::from(*first > at);
                    *second += usize::from(*second > at);
                }
                Step::Jump(target) => *target += usize::from(*target > at),
                _ => {}
            }
        }
        self.steps.insert(at, Step::Jump(at + 1));
    }

    fn row(&mut self) -> Result<(), String> {
        while let Some(word) = self.peek() {
            if word == "|" || word == ")" {
                break;
            }
            let begin = self.steps.len();
            let word = word.to_owned();
            self.at += 1;
            match word.as_str() {
                "(" => {
                    self.choice()?;
                    if self.peek() != Some(")") {
                        return Err("a `(` without `)`".into());
                    }
                    self.at += 1;
                }
                "{" => self.steps.push(Step::Open),
                "}" => self.steps.push(Step::Close),
                "?" => return Err("a `?` after nothing".into()),
                _ => {
                    if let Some(name) = word.strip_prefix('<').and_then(|name| name.strip_suffix('>')) {
                        let slot = Language::slot(name).ok_or_else(|| format!("no slot is called `{name}`"))?;
                        self.steps.push(Step::Slot(slot));
                    } else if let [mark @ (b',' | b'.' | b'-' | b'/' | b'"' | b'\'' | b'`' | b':')] = word.as_bytes() {
                        self.steps.push(Step::Mark(*mark));
                    } else if word == "[" || word == "]" {
                        self.steps.push(Step::Mark(if word == "[" { b'(' } else { b')' }));
                    } else {
                        let id = self.language.intern(&word);
                        self.steps.push(Step::Word(id));
                    }
                }
            }
            if self.peek() == Some("?") {
                self.at += 1;
                self.insert(begin);
                let after = self.steps.len();
                self.steps[begin] = Step::Fork(begin + 1, after);
            }
        }
        Ok(())
    }
}

impl Program {
    /// What can stand next when the pattern has been read up to a step, and the step after each; the flag tells whether it may end here.
    pub(crate) fn next(&self, from: usize) -> (Vec<(Atom, usize)>, bool) {
        let (mut atoms, mut ends, mut open, mut seen) = (Vec::new(), false, vec![from], vec![false; self.steps.len()]);
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            match &self.steps[at] {
                Step::Word(word) => atoms.push((Atom::Word(*word), at + 1)),
                Step::Slot(slot) => atoms.push((Atom::Slot(*slot), at + 1)),
                Step::Mark(mark) => atoms.push((Atom::Mark(*mark), at + 1)),
                Step::Fork(first, second) => open.extend([*first, *second]),
                Step::Jump(target) => open.push(*target),
                Step::Open | Step::Close => open.push(at + 1),
                Step::End => ends = true,
            }
        }
        (atoms, ends)
    }

    /// The words that the pattern names.
    pub(crate) fn words(&self) -> impl Iterator<Item = LexemeId> {
        self.steps.iter().filter_map(|step| if let Step::Word(word) = step { Some(*word) } else { None })
    }

    /// The longest match that begins at `from`.
    pub(crate) fn find<'l>(&self, language: &'l Language, tokens: &[Token], from: usize) -> Option<Match<'l>> {
        let mut search = Search {
            program: self,
            language,
            tokens,
            captures: Vec::new(),
            best: None,
            from,
            open: from,
            close: None,
            budget: 2000,
        };
        search.walk(0, from);
        search.best
    }
}

struct Search<'s, 'l> {
    program: &'s Program,
    language: &'l Language,
    tokens: &'s [Token],
    captures: Vec<Capture<'l>>,
    best: Option<Match<'l>>,
    from: usize,
    open: usize,
    close: Option<usize>,
    /// Steps left: patterns are short, so this is never reached but bounds the work whatever a table says.
    budget: u32,
}

impl<'l> Search<'_, 'l> {
    /// Goes on from a step at a token. Depth is bounded by the pattern's length.
    fn walk(&mut self, mut step: usize, mut at: usize) {
        loop {
            if self.budget == 0 {
                return;
            }
            self.budget -= 1;
            match &self.program.steps[step] {
                Step::End => {
                    let to = self.close.unwrap_or(at);
                    if to > self.open && self.best.as_ref().is_none_or(|best| at > best.reach) {
                        self.best = Some(Match {
                            from: self.open,
                            to,
                            reach: at,
                            rule: self.program.rule,
                            captures: self.captures.clone(),
                            cut: false,
                        });
                    }
                    return;
                }
                Step::Jump(target) => step = *target,
                Step::Fork(first, second) => {
                    let (captures, open, close) = (self.captures.len(), self.open, self.close);
                    self.walk(*first, at);
                    self.captures.truncate(captures);
                    (self.open, self.close) = (open, close);
                    step = *second;
                }
                Step::Open => {
                    self.open = at;
                    step += 1;
                }
                Step::Close => {
                    self.close = Some(at);
                    step += 1;
                }
                Step::Mark(mark) => {
                    if !self.joined(at) || !self.tokens.get(at).is_some_and(|token| token.is_mark(*mark)) {
                        return;
                    }
                    at += 1;
                    step += 1;
                }
                Step::Word(word) => {
                    if !self.joined(at) || self.tokens.get(at).is_none_or(|token| token.lexeme != *word) {
                        return;
                    }
                    at += 1;
                    step += 1;
                }
                Step::Slot(slot) => {
                    let slot = *slot;
                    if !self.joined(at) || !self.language.may_fill(&self.tokens[at], slot) {
                        return;
                    }
                    let fills = fill(self.language, self.tokens, at, slot);
                    let count = self.captures.len();
                    for capture in fills.into_iter().flatten() {
                        self.captures.truncate(count);
                        let to = capture.to;
                        self.captures.push(capture);
                        self.walk(step + 1, to);
                    }
                    self.captures.truncate(count);
                    return;
                }
            }
        }
    }

    /// The token may follow the one before it within one expression.
    fn joined(&self, at: usize) -> bool {
        at < self.tokens.len() && (at == self.from || self.tokens[at].gap != Gap::Break)
    }
}

/// All ways, at most four, to fill a slot at a token, longest first.
pub(crate) fn fill<'l>(language: &'l Language, tokens: &[Token], at: usize, slot: Slot) -> [Option<Capture<'l>>; 4] {
    let mut found = [None; 4];
    let Some(token) = tokens.get(at) else { return found };
    let mut count = 0;
    let mut add = |value: i64, text: &'l str, to: usize| {
        if count < found.len() {
            found[count] = Some(Capture { slot, value, text, from: at, to });
            count += 1;
        }
    };
    match slot {
        Slot::Number => {
            if let Some((hundredths, to)) = amount(language, tokens, at) {
                add(hundredths, "", to);
            }
        }
        Slot::YearWords => {
            if let Some((year, to)) = year_in_words(language, tokens, at) {
                add(year, "", to);
            }
        }
        Slot::Ordinal => {
            if let Form::Ordinal(value) = token.form {
                add(value, "", at + 1);
            } else if token.lexeme != 0 {
                words(language, tokens, at, Slot::OrdinalWord, &mut add);
            }
        }
        Slot::Clock => {
            if let Form::Clock { hour, minute, second } = token.form {
                add(
                    i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second.unwrap_or(0)),
                    if second.is_some() { "s" } else { "" },
                    at + 1,
                );
            }
        }
        Slot::Calendar => {
            if let Form::Calendar { year, month, day, ambiguous } = token.form {
                add(i64::from(year) * 10000 + i64::from(month) * 100 + i64::from(day), if ambiguous { "?" } else { "" }, at + 1);
            }
        }
        Slot::Any => {
            if token.form == Form::Word {
                add(0, "", at + 1);
            }
        }
        Slot::YearPair => {
            if let Form::Number { value, digits: 2, plain: true } = token.form
                && token.gap == Gap::Hyphen
            {
                add(value, "", at + 1);
            }
        }
        Slot::Day | Slot::Year | Slot::ShortYear | Slot::Digits | Slot::Decade | Slot::Military => {
            if let Some(value) = language.number(token, slot) {
                add(value, "", at + 1);
            }
        }
        _ => words(language, tokens, at, slot, &mut add),
    }
    found
}

/// Words and phrases of the lexicon that fill a slot.
fn words<'l>(language: &'l Language, tokens: &[Token], at: usize, slot: Slot, add: &mut impl FnMut(i64, &'l str, usize)) {
    let lexeme = tokens[at].lexeme;
    if lexeme == 0 {
        return;
    }
    let mut give = |sense: &'l Sense, to: usize| match sense {
        Sense::Number(value) => add(*value, "", to),
        Sense::Text(text) => add(0, text, to),
    };
    for (rest, sense) in language.phrases(lexeme, slot) {
        let fits = rest.iter().enumerate().all(|(offset, word)| {
            tokens.get(at + 1 + offset).is_some_and(|token| token.lexeme == *word && token.gap != Gap::Break)
        });
        if fits {
            give(sense, at + 1 + rest.len());
        }
    }
    if let Some(sense) = language.sense(lexeme, slot) {
        give(sense, at + 1);
    }
}

/// The value of a number word, 0 to 1000.
fn cardinal(language: &Language, tokens: &[Token], at: usize) -> Option<i64> {
    let token = tokens.get(at)?;
    if token.gap == Gap::Break { None } else { language.number(token, Slot::Cardinal) }
}

/// Reads an amount in digits or words at a token: hundredths, and the token after it.
pub(crate) fn amount(language: &Language, tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    let token = tokens.get(at)?;
    let (mut value, mut next) = match token.form {
        Form::Number { value, digits: 1.., .. } => (value.checked_mul(100)?, at + 1),
        Form::Decimal { hundredths } => (hundredths, at + 1),
        Form::Word if token.lexeme != 0 => {
            let (value, next) = cardinal_row(language, tokens, at)?;
            (value * 100, next)
        }
        _ => return None,
    };
    // "2 1/2", "two and a half", "two and half"
    if let Some(Token { form: Form::Number { value: 1, .. }, .. }) = tokens.get(next)
        && tokens.get(next + 1).is_some_and(|token| token.is_mark(b'/'))
        && matches!(tokens.get(next + 2), Some(Token { form: Form::Number { value: 2, .. }, .. }))
    {
        value += 50;
        next += 3;
    } else if language.is(tokens.get(next), Cue::And) {
        let half = next + 1 + usize::from(language.is(tokens.get(next + 1), Cue::A));
        if language.is(tokens.get(half), Cue::Half) {
            value += 50;
            next = half + 1;
        }
    }
    Some((value, next))
}

/// "two hundred and ten", "twenty-five": value, and the token after it.
fn cardinal_row(language: &Language, tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    let (mut total, mut current, mut next, mut last) = (0_i64, 0_i64, at, i64::MAX);
    while next < at + 8 {
        let Some(value) = cardinal(language, tokens, next) else {
            // "a hundred and ten": the "and" counts only between number words.
            if next > at
                && language.is(tokens.get(next), Cue::And)
                && last >= 100
                && cardinal(language, tokens, next + 1).is_some_and(|value| value < 100)
            {
                next += 1;
                continue;
            }
            break;
        };
        match value {
            1000 => {
                total += current.max(1) * 1000;
                current = 0;
            }
            100 => current = current.max(1) * 100,
            12 if language.is(tokens.get(next), Cue::Dozen) => current = current.max(1) * 12,
            0..=9 if last == i64::MAX || last >= 20 => current += value,
            10..=99 if last == i64::MAX || last >= 100 => current += value,
            _ => break,
        }
        last = value;
        next += 1;
    }
    (next > at).then_some((total + current, next))
}

/// "nineteen ninety-six", "two thousand": a year in words.
fn year_in_words(language: &Language, tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    let first = cardinal(language, tokens, at)?;
    if first == 2 && cardinal(language, tokens, at + 1) == Some(1000) {
        let (year, next) = cardinal_row(language, tokens, at)?;
        return (2000..2100).contains(&year).then_some((year, next));
    }
    if !(10..=20).contains(&first) {
        return None;
    }
    let (tens, next) = (cardinal(language, tokens, at + 1)?, at + 2);
    if tens == 100 {
        return Some((first * 100, next));
    }
    if !(10..=99).contains(&tens) {
        return None;
    }
    match cardinal(language, tokens, next) {
        Some(ones @ 1..=9) if tens >= 20 => Some((first * 100 + tens + ones, next + 1)),
        _ => Some((first * 100 + tens, next)),
    }
}

impl Match<'_> {
    /// The first filling of a slot.
    pub(crate) fn get(&self, slot: Slot) -> Option<&Capture<'_>> {
        self.captures.iter().find(|capture| capture.slot == slot)
    }

    pub(crate) fn value(&self, slot: Slot) -> Option<i64> {
        self.get(slot).map(|capture| capture.value)
    }

    pub(crate) fn text(&self, slot: Slot) -> Option<&str> {
        self.get(slot).map(|capture| capture.text)
    }

    /// The unit, be it singular or plural.
    pub(crate) fn unit(&self) -> Option<Unit> {
        self.value(Slot::Unit).or_else(|| self.value(Slot::Units)).and_then(Unit::from_number)
    }
}
