//! Finds the expressions: at each token the longest pattern, left to right, then the resolver reads what they mean.
use crate::cue::Cue;
use crate::language::Language;
use crate::pattern::{Action, Match};
use crate::resolve::Resolver;
use crate::timex::{Genre, Reference, Syntax, Timex};
use crate::token::{Form, Gap, Token, tokens};

/// How to read a text.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The day of writing; without it, expressions that need it get no value.
    pub reference: Option<Reference>,
    /// News or history.
    pub genre: Genre,
    /// A parsed text's tenses, if the caller has them.
    pub syntax: Option<&'a dyn Syntax>,
    /// The tables to read with.
    pub language: &'a Language,
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Options")
            .field("reference", &self.reference)
            .field("genre", &self.genre)
            .field("syntax", &self.syntax.is_some())
            .finish()
    }
}

impl Options<'static> {
    /// English text written on a day, if that is known.
    #[must_use]
    pub fn written(reference: Option<Reference>) -> Self {
        Self { reference, genre: Genre::Guess, syntax: None, language: Language::english() }
    }
}

impl<'a> Options<'a> {
    /// The same with tenses from a parser.
    #[must_use]
    pub fn with_syntax<'b>(self, syntax: &'b dyn Syntax) -> Options<'b>
    where
        'a: 'b,
    {
        Options { reference: self.reference, genre: self.genre, syntax: Some(syntax), language: self.language }
    }

    /// The same with the kind of text fixed.
    #[must_use]
    pub fn with_genre(self, genre: Genre) -> Self {
        Self { genre, ..self }
    }
}

/// Finds the time expressions of a text, in order and without overlap. Time is linear in the length of the text; nothing panics.
#[must_use]
pub fn tag(text: &str, options: &Options<'_>) -> Vec<Timex> {
    let tokens = tokens(text, options.language);
    let matches = find(text, options.language, &tokens);
    Resolver::new(text, &tokens, options, &matches).run()
}

/// The expressions as patterns, unresolved.
fn find<'l>(text: &str, language: &'l Language, tokens: &[Token]) -> Vec<Match<'l>> {
    let mut found: Vec<Match<'l>> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let mut best = longest(text, language, tokens, at);
        // A pattern that needs words before the expression must not win over a longer one that begins at the expression.
        if let Some(first) = best.as_ref().filter(|first| first.from > at)
            && let Some(inner) = longest(text, language, tokens, first.from).filter(|inner| inner.to > first.to)
        {
            best = Some(inner);
        }
        match best {
            Some(mut best) => {
                crate::filter::trim(language, tokens, &mut best);
                at = best.to.max(at + 1);
                if language.rules[best.rule].action != Action::Nothing {
                    let to = best.to;
                    let before = found.len();
                    found.push(best);
                    at = more_days(language, tokens, &mut found, before, to).max(at);
                }
            }
            None => at += 1,
        }
    }
    found
}

/// The longest reading that begins at a token; of several as long the one whose rule stands first.
fn longest<'l>(text: &str, language: &'l Language, tokens: &[Token], at: usize) -> Option<Match<'l>> {
    let mut best: Option<Match<'l>> = None;
    for &number in language.candidates(tokens, at) {
        let Some(matched) = language.programs[usize::from(number)].find(language, tokens, at) else { continue };
        let better = best.as_ref().is_none_or(|best| (matched.to, matched.reach) > (best.to, best.reach));
        if better && crate::filter::holds(text, language, tokens, &matched) {
            best = Some(matched);
        }
    }
    best
}

/// "April 24 and 25", "January 25-29", "July 1 to 3": further days of the month just named. They inherit it when resolved.
fn more_days<'l>(language: &'l Language, tokens: &[Token], found: &mut Vec<Match<'l>>, head: usize, to: usize) -> usize {
    use crate::language::Slot;
    use crate::pattern::Capture;
    let Some(first) = found.get(head) else { return to };
    let month = first.captures.iter().find(|capture| capture.slot == Slot::Month).copied();
    let day = first.captures.iter().find(|capture| matches!(capture.slot, Slot::Day | Slot::Ordinal)).copied();
    let year = first.captures.iter().any(|capture| capture.slot == Slot::Year);
    let (Some(month), Some(day)) = (month, day) else { return to };
    // Only "month day" goes on; "5 May and 6" does not.
    if year || day.from < month.from || first.captures.iter().any(|capture| matches!(capture.slot, Slot::Part | Slot::Clock)) {
        return to;
    }
    let rule = first.rule;
    let mut at = to;
    for _ in 0..31 {
        let hyphen = tokens.get(at).is_some_and(|token| token.gap == Gap::Hyphen);
        let joint = language.is(tokens.get(at), Cue::DayJoins);
        let dash = tokens.get(at).is_some_and(|token| matches!(token.form, Form::Mark(b'-' | b'/')));
        let next = if hyphen {
            at
        } else if joint || dash {
            at + 1
        } else {
            break;
        };
        let Some(token) = tokens.get(next) else { break };
        let Some(value) = language.number(token, Slot::Day).or_else(|| language.number(token, Slot::Ordinal).filter(|_| !hyphen))
        else {
            break;
        };
        if tokens.get(next + 1).is_some_and(|after| {
            matches!(after.form, Form::Word)
                && !after.capital
                && after.gap != Gap::None
                && crate::filter::is_counted(language, after)
        }) {
            break;
        }
        // "April 24 and 25 May" is another date.
        if tokens.get(next + 1).is_some_and(|after| language.number(after, Slot::Month).is_some()) {
            break;
        }
        let mut captures = vec![Capture { slot: Slot::Day, value, text: "", from: next, to: next + 1 }, month];
        let mut end = next + 1;
        let comma = usize::from(tokens.get(end).is_some_and(|token| token.is_mark(b',')));
        if let Some(year) = tokens.get(end + comma).and_then(|token| language.number(token, Slot::Year)) {
            captures.push(Capture { slot: Slot::Year, value: year, text: "", from: end + comma, to: end + comma + 1 });
            end += comma + 1;
        }
        found.push(Match { from: next, to: end, reach: end, rule, captures, cut: false });
        at = end;
    }
    at.max(to)
}
