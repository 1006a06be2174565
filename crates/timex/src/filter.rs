//! Throws out readings that only look like time: counts, names, "may", ages of objects.
use crate::language::{Language, Slot};
use crate::pattern::{Action, Match};
use crate::token::{Form, Gap, Token};

/// A word after a bare number that shows the number to count something.
pub(crate) fn is_counted(language: &Language, token: &Token) -> bool {
    language.marked(token, language.list("counted"))
}

/// Does the reading stand, in view of the words around it?
pub(crate) fn holds(text: &str, language: &Language, tokens: &[Token], found: &Match<'_>) -> bool {
    let before = found.from.checked_sub(1).and_then(|at| tokens.get(at));
    let after = tokens.get(found.to);
    let rule = &language.rules[found.rule];
    if rule.action == Action::Nothing {
        return true;
    }
    // Never inside a word: "1990s-era" may end at the hyphen, "x1990" may not begin.
    if after.is_some_and(|token| {
        token.gap == Gap::None && matches!(token.form, Form::Word | Form::Number { .. }) && !language.is_word(Some(token), "'s")
    }) {
        return false;
    }
    let next_capital =
        after.is_some_and(|token| token.capital && token.gap != Gap::Break && language.marked(token, language.list("named")));
    if next_capital
        && (found.get(Slot::Holiday).is_some()
            || found.get(Slot::Frequency).is_some()
            || found.get(Slot::Weekday).is_some() && found.get(Slot::Day).is_none())
    {
        return false;
    }
    // "Election Day" is one day in one country; "election day" is any.
    if found.text(Slot::Holiday) == Some("us-election")
        && !found.get(Slot::Holiday).and_then(|day| tokens.get(day.from)).is_some_and(|token| token.capital)
    {
        return false;
    }
    if rule.action == Action::Vague
        && after.is_some_and(|token| token.capital && token.gap == Gap::Space)
        && language.is_word(tokens.get(found.from), "the")
    {
        return false;
    }
    if let Some(direct) = found.get(Slot::Direct) {
        let word = tokens.get(direct.from);
        // "following Saturday's vote" is a preposition, "the following Saturday" is not; "last a few hours" is a verb.
        if direct.from == found.from && language.is_word(word, "following") && found.unit().is_none()
            || language.is_word(word, "last") && language.is_word(tokens.get(direct.to), "a")
        {
            return false;
        }
    }
    match rule.name.as_str() {
        "year" if found.get(Slot::YearWords).is_none() => year(text, language, tokens, found, before, after),
        "month" => month(text, language, found, before, after),
        "length of time" => length(language, found, before),
        "year" if found.get(Slot::YearWords).is_some() && found.to <= found.from + 2 => {
            // "twelve hundred students" is a count.
            !tokens.get(found.to - 1).is_some_and(|token| language.is_word(Some(token), "hundred"))
        }
        "day and month" => {
            // "5 may" never gets here (may needs its capital); "Sun 5" and "Mar 5" do.
            let day = found.value(Slot::Day).or_else(|| found.value(Slot::Ordinal)).unwrap_or(1);
            (1..=31).contains(&day)
        }
        _ => true,
    }
}

/// Takes words off that belong to the noun phrase around the expression: the article of "a five-year low", the "before" of "a month before he left".
pub(crate) fn trim(language: &Language, tokens: &[Token], found: &mut Match<'_>) {
    let rule = &language.rules[found.rule];
    let last = found.to.checked_sub(1).and_then(|at| tokens.get(at));
    let after = tokens.get(found.to);
    let clause = ["before", "after", "following"].iter().any(|word| language.is_word(last, word))
        && after.is_some_and(|token| matches!(token.form, Form::Word | Form::Number { .. }));
    if (rule.action == Action::Shift || rule.name == "the day before") && (clause || language.is_word(after, "than")) {
        // The way stays out of the extent, but the resolver still sees it: it looks at the token after.
        found.cut = true;
    }
    let article = tokens.get(found.from).is_some_and(|token| language.marked(token, language.list("articles")));
    if !article || found.to < found.from + 3 {
        return;
    }
    let joined = last.is_some_and(|token| token.gap == Gap::Hyphen);
    // "a five year low": a number and a singular unit are an adjective, too.
    let adjective = rule.action == Action::Duration
        && found.value(Slot::Number).is_some_and(|number| number != 100)
        && found.to == found.from + 3
        && last.is_some_and(|token| language.number(token, Slot::Unit).is_some());
    if joined || adjective {
        found.from += 1;
    }
}

/// A bare number is a year only in company.
fn year(
    text: &str,
    language: &Language,
    tokens: &[Token],
    found: &Match<'_>,
    before: Option<&Token>,
    after: Option<&Token>,
) -> bool {
    let bare = found.to == found.from + 1 && found.value(Slot::Year).is_some();
    if found.value(Slot::ShortYear).is_some() && found.to == found.from + 1 {
        return before.is_some_and(|token| language.marked(token, language.list("before_year")));
    }
    if let Some(digits) = found.value(Slot::Digits)
        && found.value(Slot::Era).is_some()
    {
        return digits > 0;
    }
    if let Some(approx) = found.get(Slot::Approx)
        && found.get(Slot::Year).is_some()
    {
        // "around 1200 civilians" counts; "in about 1910" and "circa 1910" are years.
        let circa = ["circa", "ca", "c"].iter().any(|word| language.is_word(tokens.get(approx.from), word));
        return circa || before.is_some_and(|token| language.marked(token, language.list("in_about")));
    }
    if !bare {
        return true;
    }
    // "the 2030 Agenda" is a name.
    if after.is_some_and(|token| token.capital && language.is_word(Some(token), "agenda")) {
        return false;
    }
    let value = found.value(Slot::Year).unwrap_or(0);
    if after.is_some_and(|token| is_counted(language, token)) {
        return false;
    }
    let _ = (text, tokens);
    if before.is_some_and(|token| {
        language.marked(token, language.list("counts")) && !language.marked(token, language.list("before_year"))
    }) {
        return false;
    }
    if (1600..2100).contains(&value) {
        return true;
    }
    before.is_some_and(|token| language.marked(token, language.list("before_year")))
}

/// "May" and "March" at the head of a sentence may be verbs; after a title or first name they are people.
fn month(text: &str, language: &Language, found: &Match<'_>, before: Option<&Token>, after: Option<&Token>) -> bool {
    let bare = found.to == found.from + 1;
    let Some(capture) = found.get(Slot::Month) else { return true };
    if !bare {
        return true;
    }
    let _ = text;
    if capture.value == 5 || capture.value == 3 {
        let head = before.is_none_or(|token| matches!(token.form, Form::Mark(_)));
        if head {
            return after.is_some_and(|token| matches!(token.form, Form::Mark(_)) || language.is_word(Some(token), "'s"));
        }
        return before.is_some_and(|token| !token.capital || token.lexeme != 0);
    }
    true
}

/// Bare "second" and the like are ordinals more often than spans.
fn length(language: &Language, found: &Match<'_>, before: Option<&Token>) -> bool {
    if let Some(number) = found.get(Slot::Number) {
        // "$5 million a year" is not "5 million years".
        if before.is_some_and(|token| matches!(token.form, Form::Mark(b'$' | b'#'))) && number.from == found.from {
            return false;
        }
    }
    let _ = language;
    true
}
