//! Which way a verb points, judged from the words around an expression when no parser is at hand.
use crate::cue::Cue;
use crate::language::Language;
use crate::timex::Tense;
use crate::token::{Form, Gap, Token};

/// How far to look: work at each expression stays bounded however long the sentence is.
const BEFORE: usize = 14;
const AFTER: usize = 16;

/// The tense of the verb nearest before the expression in its sentence, or of the first one after it.
pub(crate) fn around(text: &str, language: &Language, tokens: &[Token], from: usize, to: usize) -> Option<Tense> {
    let before = tokens.get(..from)?;
    if language.is(tokens.get(to), Cue::ToCome) {
        return Some(Tense::Future);
    }
    for at in (0..before.len()).rev().take(BEFORE) {
        if ends_here(language, tokens, at) {
            break;
        }
        if let Some(tense) = cue(text, language, tokens, at) {
            // "to be held" looks forward; with "be" alone ("would be signed") what stands before it decides.
            let infinitive = |back: usize| at.checked_sub(back).is_some_and(|at| language.is(tokens.get(at), Cue::Infinitive));
            if tense == Tense::Past && infinitive(1) {
                if infinitive(2) {
                    return Some(Tense::Future);
                }
                continue;
            }
            return Some(tense);
        }
    }
    for (offset, token) in tokens.get(to..)?.iter().enumerate().take(AFTER) {
        if ends_here(language, tokens, to + offset) || token.gap == Gap::Break {
            break;
        }
        if let Some(tense) = cue(text, language, tokens, to + offset) {
            return Some(tense);
        }
    }
    None
}

/// The token ends its sentence: a full stop behind an initial or title, or before a small letter, does not.
fn ends_here(language: &Language, tokens: &[Token], at: usize) -> bool {
    let Some(token) = tokens.get(at).filter(|token| ends_sentence(token)) else { return false };
    if token.form != Form::Mark(b'.') {
        return true;
    }
    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
    let short = before.is_some_and(|word| {
        word.form == Form::Word
            && (word.capital && word.end - word.start == 1 && token.gap == Gap::None || language.marked(word, Cue::Abbreviation))
    });
    let goes_on = tokens.get(at + 1).is_some_and(|next| next.form == Form::Word && !next.capital && next.gap == Gap::Space);
    !short && !goes_on
}

/// Full stop, exclamation or question mark.
pub(crate) fn ends_sentence(token: &Token) -> bool {
    matches!(token.form, Form::Mark(b'.' | b'!' | b'?'))
}

/// The tense that one word gives.
fn cue(text: &str, language: &Language, tokens: &[Token], at: usize) -> Option<Tense> {
    let token = tokens.get(at).filter(|token| token.form == Form::Word)?;
    let next = tokens.get(at + 1);
    if language.marked(token, Cue::Planned) {
        // "had been due" and "as planned" look back.
        let back = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
        let past = (1..4).any(|steps| language.is(back(steps), Cue::Pluperfect))
            || (1..3).any(|steps| language.is(back(steps), Cue::As));
        return Some(if past { Tense::Past } else { Tense::Future });
    }
    if language.marked(token, Cue::FixedFor) && language.is(next, Cue::FixedTo) {
        return Some(Tense::Future);
    }
    if language.marked(token, Cue::Copula) && language.is(next, Cue::Infinitive) {
        return Some(Tense::Future);
    }
    // "had been due to expire": what it is the infinitive of decides.
    if let Some(plan) = at.checked_sub(2).filter(|plan| language.is(tokens.get(*plan), Cue::Planned))
        && language.is(tokens.get(at - 1), Cue::Infinitive)
    {
        return self::cue(text, language, tokens, plan);
    }
    // "on an unspecified date": directly behind an article stands no verb.
    let described = at.checked_sub(1).is_some_and(|before| language.is(tokens.get(before), Cue::Article));
    of_word(text, language, token).filter(|tense| !described || *tense != Tense::Past)
}

/// The tense of a word by itself.
pub(crate) fn of_word(text: &str, language: &Language, token: &Token) -> Option<Tense> {
    if language.marked(token, Cue::Future) {
        return Some(Tense::Future);
    }
    if language.marked(token, Cue::Past) {
        return Some(Tense::Past);
    }
    if language.marked(token, Cue::Present) {
        return Some(Tense::Present);
    }
    let word = text.get(token.start..token.end)?;
    let regular = language.endings.past.iter().any(|ending| word.len() > ending.len() + 1 && word.ends_with(ending.as_str()));
    (regular && !token.capital && !language.marked(token, Cue::NotPast)).then_some(Tense::Past)
}
