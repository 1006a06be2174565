//! Which way a verb points, judged from the words around an expression when no parser is at hand.
use crate::language::Language;
use crate::timex::Tense;
use crate::token::{Form, Gap, Token};

/// How far to look: work at each expression stays bounded however long the sentence is.
const BEFORE: usize = 14;
const AFTER: usize = 16;

/// The lists of cues that a language has, as bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cues {
    pub past: u64,
    pub future: u64,
    pub present: u64,
    pub until: u64,
    pub since: u64,
    pub be: u64,
    pub to_come: u64,
}

impl Cues {
    pub(crate) fn of(language: &Language) -> Self {
        Self {
            past: language.list("past"),
            future: language.list("future"),
            present: language.list("present"),
            until: language.list("until"),
            since: language.list("since"),
            be: language.list("be"),
            to_come: language.list("to_come"),
        }
    }
}

/// The tense of the verb nearest before the expression in its sentence, or of the first one after it.
pub(crate) fn around(text: &str, language: &Language, cues: Cues, tokens: &[Token], from: usize, to: usize) -> Option<Tense> {
    let before = tokens.get(..from)?;
    if tokens.get(to).is_some_and(|token| language.marked(token, cues.to_come)) {
        return Some(Tense::Future);
    }
    for (offset, token) in before.iter().enumerate().rev().take(BEFORE) {
        if ends_sentence(token) {
            break;
        }
        if let Some(tense) = cue(text, language, cues, token) {
            // "to be held" looks forward; with "be" alone ("would be signed") what stands before it decides.
            let before = |back: usize| {
                offset.checked_sub(back).and_then(|at| tokens.get(at)).is_some_and(|token| language.marked(token, cues.be))
            };
            if tense == Tense::Past && before(1) {
                if before(2) {
                    return Some(Tense::Future);
                }
                continue;
            }
            return Some(tense);
        }
    }
    for token in tokens.get(to..)?.iter().take(AFTER) {
        if ends_sentence(token) || token.gap == Gap::Break {
            break;
        }
        if let Some(tense) = cue(text, language, cues, token) {
            return Some(tense);
        }
    }
    None
}

/// Full stop, exclamation or question mark.
pub(crate) fn ends_sentence(token: &Token) -> bool {
    matches!(token.form, Form::Mark(b'.' | b'!' | b'?'))
}

fn cue(text: &str, language: &Language, cues: Cues, token: &Token) -> Option<Tense> {
    if token.form != Form::Word {
        return None;
    }
    if language.marked(token, cues.future) {
        return Some(Tense::Future);
    }
    if language.marked(token, cues.past) {
        return Some(Tense::Past);
    }
    if language.marked(token, cues.present) {
        return Some(Tense::Present);
    }
    let word = text.get(token.start..token.end)?;
    (token.end - token.start > 3 && !token.capital && word.ends_with("ed")).then_some(Tense::Past)
}
