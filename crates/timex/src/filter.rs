//! Throws out readings that only look like time: counts, names, "may", ages of objects.
use crate::cue::Cue;
use crate::language::{Language, Slot};
use crate::pattern::{Action, Check, Match};
use crate::tense;
use crate::token::{Form, Gap, Token};

/// A word after a bare number that shows the number to count something.
pub(crate) fn is_counted(language: &Language, token: &Token) -> bool {
    language.marked(token, Cue::Counted)
}

/// Does the reading stand, in view of the words around it?
pub(crate) fn holds(text: &str, language: &Language, tokens: &[Token], found: &Match<'_>) -> bool {
    let before = found.from.checked_sub(1).and_then(|at| tokens.get(at));
    let after = tokens.get(found.to);
    let rule = &language.rules[found.rule];
    if rule.action == Action::Nothing {
        return match rule.check {
            // "in his 30s" is an age, "his 1990s campaign" is not.
            Some(Check::Age) => found.value(Slot::Decade).is_none_or(|decade| decade < 0),
            Some(Check::Compound) => compound(text, language, tokens, found),
            _ => true,
        };
    }
    // Never inside a word: "1990s-era" may end at the hyphen, "x1990" may not begin.
    if after.is_some_and(|token| {
        token.gap == Gap::None && matches!(token.form, Form::Word | Form::Number { .. }) && !language.is_clitic(token)
    }) {
        return false;
    }
    let next_capital = after.is_some_and(|token| token.capital && token.gap != Gap::Break && language.marked(token, Cue::Named));
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
        && language.is(tokens.get(found.from), Cue::The)
    {
        return false;
    }
    if let Some(direct) = found.get(Slot::Direct) {
        let word = tokens.get(direct.from);
        // "following Saturday's vote" is a preposition, "the following Saturday" is not; "last a few hours" is a verb.
        if direct.from == found.from && language.is(word, Cue::Following) && found.unit().is_none()
            || language.is(word, Cue::Last) && language.is(tokens.get(direct.to), Cue::A)
        {
            return false;
        }
    }
    match rule.check {
        Some(Check::Year) if found.get(Slot::YearWords).is_none() => year(text, language, tokens, found, before, after),
        Some(Check::Month) => month(text, language, found, before, after),
        Some(Check::Amount) => length(language, found, before),
        Some(Check::Year) if found.to <= found.from + 2 => {
            // "twelve hundred students" is a count.
            tokens.get(found.to - 1).and_then(|token| language.number(token, Slot::Cardinal)) != Some(100)
        }
        Some(Check::Day) => {
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
    let goes_on = after.filter(|token| matches!(token.form, Form::Word | Form::Number { .. }));
    // "the week following the vote", but not "the week following saw a vote".
    let noun = |token: &Token| {
        token.capital || language.marked(token, Cue::Article) || language.sense(token.lexeme, Slot::Direct).is_some()
    };
    let clause = language.is(last, Cue::Anchoring) && goes_on.is_some()
        || language.is(last, Cue::AnchoringNoun) && goes_on.is_some_and(noun);
    if (rule.action == Action::Shift || rule.clause) && (clause || language.is(after, Cue::Than)) {
        // The way stays out of the extent, but the resolver still sees it: it looks at the token after.
        found.cut = true;
    }
    // "over three years" is during them, unless a preposition stands before it or "ago" follows: then it is more than three.
    let over = found.get(Slot::Approx).filter(|approx| approx.from == found.from && approx.to == approx.from + 1);
    if rule.action == Action::Duration
        && !language.is(after, Cue::Of)
        && over.is_some_and(|approx| language.is(tokens.get(approx.from), Cue::During))
        && !found
            .from
            .checked_sub(1)
            .is_some_and(|at| language.is(tokens.get(at), Cue::BeforeSpan) || language.is(tokens.get(at), Cue::Lasting))
    {
        found.from += 1;
        found.captures.retain(|capture| capture.slot != Slot::Approx);
    }
    let article = tokens.get(found.from).is_some_and(|token| language.marked(token, Cue::Article));
    if !article || found.to < found.from + 3 {
        return;
    }
    let joined = last.is_some_and(|token| token.gap == Gap::Hyphen) && found.get(Slot::Modifier).is_none();
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
        return before.is_some_and(|token| language.marked(token, Cue::BeforeYear));
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
        let circa = language.is(tokens.get(approx.from), Cue::Circa);
        return circa || before.is_some_and(|token| language.marked(token, Cue::InAbout));
    }
    if !bare {
        return true;
    }
    // "the 2030 Agenda" is a name.
    if after.is_some_and(|token| token.capital && language.marked(token, Cue::NamedByYear)) {
        return false;
    }
    let value = found.value(Slot::Year).unwrap_or(0);
    if after.is_some_and(|token| is_counted(language, token)) {
        return false;
    }
    let _ = (text, tokens);
    if before.is_some_and(|token| language.marked(token, Cue::Counts) && !language.marked(token, Cue::BeforeYear)) {
        return false;
    }
    if (1600..2100).contains(&value) {
        return true;
    }
    before.is_some_and(|token| language.marked(token, Cue::BeforeYear))
}

/// A year and common nouns that make one name: "the 2003 car bombing", but not "in 2003 car bombings rose" or "2003 saw car bombings".
fn compound(text: &str, language: &Language, tokens: &[Token], found: &Match<'_>) -> bool {
    let before = found.from.checked_sub(1).and_then(|at| tokens.get(at));
    let open = tokens.get(found.from).is_none_or(|year| year.gap == Gap::Break)
        || before.is_none_or(|token| language.marked(token, Cue::Article) || !language.marked(token, Cue::BeforeYear));
    let noun = |token: &Token| {
        token.form == Form::Word
            && !token.capital
            && !language.marked(token, Cue::Article)
            && !language.marked(token, Cue::BeforeYear)
            && tense::of_word(text, language, token).is_none()
    };
    open && tokens.get(found.from + 1..found.reach).is_some_and(|nouns| nouns.iter().all(noun))
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
            return after.is_some_and(|token| matches!(token.form, Form::Mark(_)) || language.is_clitic(token));
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
