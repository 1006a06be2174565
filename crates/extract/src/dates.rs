//! Which time expression dates an event.
use crate::graph::Graph;
use chancery_agreement::{Article, Date, Evidence, Span};
use chancery_dissect::{Reading, Tense, Upos};
use chancery_timex::{Modifier, Timex};
use std::ops::Range;

/// The time expressions of an article, ready to be asked which of them dates an event.
pub struct Dates<'t> {
    expressions: Vec<(Range<usize>, &'t Timex)>,
}

impl<'t> Dates<'t> {
    /// Expressions that stand for a point or stretch in time, by the tokens they cover.
    #[must_use]
    pub fn new(reading: &Reading<'_>, times: &'t [Timex]) -> Self {
        let dated = times.iter().filter(|time| matches!(time.kind, chancery_timex::Kind::Date | chancery_timex::Kind::Time));
        Self {
            expressions: dated
                .map(|time| (reading.tokens_in(Span::new(time.start, time.end)), time))
                .filter(|(t, _)| !t.is_empty())
                .collect(),
        }
    }

    /// Tokens that head a time expression.
    pub fn heads(&self) -> impl Iterator<Item = usize> + '_ {
        self.expressions.iter().map(|(tokens, _)| tokens.end - 1)
    }

    /// True when `token` is part of a time expression.
    #[must_use]
    pub fn covers(&self, token: usize) -> bool {
        self.expressions.iter().any(|(tokens, _)| tokens.contains(&token))
    }

    /// True when a time expression stands in the sentence of `token`.
    #[must_use]
    pub fn in_sentence_of(&self, graph: Graph<'_, '_>, token: usize) -> bool {
        let reading = graph.reading();
        let sentence = reading.sentence_of(token).and_then(|at| reading.sentences.get(at));
        sentence.is_some_and(|sentence| self.expressions.iter().any(|(tokens, _)| sentence.tokens.contains(&tokens.start)))
    }

    /// The expression that dates the event at `trigger`, told of the agreement whose noun phrase is `agreement`.
    ///
    /// It is the one that hangs on the event's own word, or stands inside the agreement's noun phrase ("a 2002 ceasefire"), or
    /// is the only one of the clause; never one that belongs to another verb.
    #[must_use]
    pub fn of_event(
        &self,
        graph: Graph<'_, '_>,
        trigger: usize,
        via: Option<usize>,
        noun: Option<usize>,
        agreement: Option<&Range<usize>>,
    ) -> Option<&'t Timex> {
        let reading = graph.reading();
        let sentence = reading.sentence_of(trigger).and_then(|at| reading.sentences.get(at))?;
        let here: Vec<&(Range<usize>, &Timex)> =
            self.expressions.iter().filter(|(tokens, _)| sentence.tokens.contains(&tokens.start)).collect();
        let governed = here.iter().filter(|(tokens, _)| {
            let governor = governor(graph, tokens);
            governor == Some(trigger) || (via.is_some() && governor == via)
        });
        let best = governed.min_by_key(|(tokens, time)| {
            // "three days ago - on January 25": the written day says it better than the counted one.
            let written = tokens
                .clone()
                .any(|token| graph.tag(token) == Upos::Num && reading.form(token).bytes().all(|b| b.is_ascii_digit()));
            (time.edtf.is_none(), !written, tokens.start.abs_diff(trigger))
        });
        if let Some((_, time)) = best {
            return Some(time);
        }
        // "in 2005, when the leaders signed the pact"
        if let Some((_, time)) = graph.head(trigger).and_then(|head| here.iter().find(|(tokens, _)| tokens.contains(&head))) {
            return Some(time);
        }
        // "A post-2012 pact", "a deal on the 2007 budget": neither says when.
        let dates_it = |(tokens, time): &(Range<usize>, &Timex)| {
            !is_attribute(graph, tokens, noun) && !matches!(time.modifier, Some(Modifier::Before | Modifier::After))
        };
        // "signed a ceasefire in April" may hang the date on the noun; a date before the verb belongs to something else.
        let hangs_on_noun = |(tokens, _): &(Range<usize>, &Timex)| {
            let governor = governor(graph, tokens).filter(|_| tokens.start > trigger);
            governor.is_some_and(|at| noun.is_some_and(|noun| at == noun || closes(graph, tokens, at, noun, trigger)))
        };
        if let Some((_, time)) = here.iter().find(|date| hangs_on_noun(date) && dates_it(date)) {
            return Some(time);
        }
        let inside = agreement.and_then(|phrase| here.iter().find(|date| phrase.contains(&date.0.start) && dates_it(date)));
        if let Some((_, time)) = inside {
            return Some(time);
        }
        // The verb above a nominal event ("the signing took place on Friday") dates it, but not "a deal was reached on Friday after long
        // talks".
        let apart = matches!(graph.case(trigger), Some("after" | "before" | "since" | "until" | "following" | "despite"));
        let above = graph.head(trigger).filter(|_| !matches!(graph.tag(trigger), Upos::Verb) && !apart)?;
        here.iter().find(|(tokens, _)| governor(graph, tokens) == Some(above)).map(|(_, time)| *time)
    }
}

/// True where the expression tells of what time something else is than the agreement whose noun is `noun`: "a deal on the 2007 budget".
fn is_attribute(graph: Graph<'_, '_>, tokens: &Range<usize>, noun: Option<usize>) -> bool {
    let mut head = tokens.clone().rev().find(|&token| graph.head(token).is_none_or(|head| !tokens.contains(&head)));
    // The second year of two hangs on the first.
    for _ in 0..3 {
        head = head.and_then(|token| graph.head(token));
        if head.is_none_or(|token| graph.tag(token) != Upos::Num) {
            break;
        }
    }
    head.is_some_and(|head| head >= tokens.end && noun.is_some_and(|noun| noun < tokens.start && head != noun))
}

/// "Signed a memorandum on sea borders in May": the date at the end of the phrase of `noun`, which the tree hangs on a noun inside, dates
/// the past act of which `noun` is the object.
fn closes(graph: Graph<'_, '_>, tokens: &Range<usize>, at: usize, noun: usize, trigger: usize) -> bool {
    let reading = graph.reading();
    let past = reading.syntax(trigger).is_some_and(|syntax| syntax.features.tense == Some(Tense::Past));
    let before = tokens.start.checked_sub(1);
    let dates = before.is_some_and(|before| matches!(&*reading.lower(before), "on" | "in"));
    let mut up = at;
    for _ in 0..3 {
        if up == noun {
            break;
        }
        match graph.head(up).filter(|_| graph.base_relation(up) == "nmod") {
            Some(head) => up = head,
            None => return false,
        }
    }
    past && dates && up == noun && graph.objects(trigger).contains(&noun)
}

/// The verb or event noun that a time expression hangs on: up the tree, past nominals, to the first verb.
pub fn governor(graph: Graph<'_, '_>, tokens: &Range<usize>) -> Option<usize> {
    let mut at = tokens.clone().rev().find(|&token| graph.head(token).is_none_or(|head| !tokens.contains(&head)))?;
    for _ in 0..4 {
        let head = graph.head(at)?;
        let relation = graph.base_relation(at);
        if matches!(
            relation,
            "obl" | "advmod" | "nmod" | "obj" | "nummod" | "appos" | "conj" | "compound" | "amod" | "xcomp" | "dep"
        ) && graph.tag(head) != Upos::Verb
            && matches!(graph.tag(head), Upos::Num | Upos::Propn)
        {
            at = head;
            continue;
        }
        // "Parliament on Friday ratified the pact": what stands between a subject and its verb dates the verb.
        let verb = graph.head(head).filter(|&verb| graph.base_relation(head) == "nsubj" && graph.tag(verb) == Upos::Verb);
        let between = |verb: &usize| {
            head < tokens.start && (tokens.end..*verb).all(|token| matches!(graph.tag(token), Upos::Aux | Upos::Adv))
        };
        return verb.filter(between).or_else(|| around_aside(graph, head, tokens)).or(Some(head));
    }
    None
}

/// "Ratified the treaty, better known as the Lake Accord, on Friday": the date behind the aside that the verb at `inside` heads belongs to
/// the verb around it.
fn around_aside(graph: Graph<'_, '_>, inside: usize, date: &Range<usize>) -> Option<usize> {
    let reading = graph.reading();
    let comma = |token: Option<usize>| token.is_some_and(|token| reading.form(token) == ",");
    let before = date.start.checked_sub(1).filter(|&token| matches!(&*reading.lower(token), "on" | "in" | "at"));
    let first = graph.extent(inside).0;
    let is_aside = graph.tag(inside) == Upos::Verb
        && matches!(graph.base_relation(inside), "acl" | "advcl" | "conj" | "parataxis")
        && !graph.has(inside, "nsubj")
        && !graph.has(inside, "mark")
        && !graph.has(inside, "cc")
        && (comma(Some(first)) || comma(first.checked_sub(1)));
    let around = graph.head(inside).filter(|&verb| graph.tag(verb) == Upos::Verb && verb < inside);
    around.filter(|_| is_aside && inside < date.start && comma(before.unwrap_or(date.start).checked_sub(1)))
}

/// The date cell that an expression gives.
#[must_use]
pub fn cell(article: &Article, time: &Timex, rule: &str) -> Option<Date> {
    let expression = Evidence::new(article, Span::new(time.start, time.end), rule, 0.9)?;
    Some(Date { value: time.edtf.clone(), expression, how: time.how.clone() })
}
