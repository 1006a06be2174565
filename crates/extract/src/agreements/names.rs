//! The names that an agreement bears in an article.
use super::Tools;
use crate::lexicon::Weight;
use crate::mention::{Mention, span_of};
use chancery_agreement::{Evidence, Name, Span};
use chancery_timex::Kind;
use std::collections::BTreeSet;

/// The names that the mentions bear. A bare noun is one only where there is no better: then with the clause that says what it is about
/// ("an agreement to share the river"). A ceasefire is named by its noun, too.
pub(super) fn names(tools: &Tools<'_, '_, '_>, mentions: &[&Mention]) -> Vec<Name> {
    let reading = tools.graph.reading();
    // "The treaty on partnership" tells as much as "the partnership treaty".
    let tells =
        |mention: &&Mention| (!mention.is_bare() || mention.full.end > mention.core.end) && mention.weight != Weight::Anaphor;
    let telling: Vec<&Mention> = mentions.iter().copied().filter(tells).collect();
    let mut spans: Vec<Span> = telling.iter().map(|mention| mention.span(reading)).collect();
    if telling.is_empty() {
        spans.extend(mentions.first().map(|mention| with_clause(tools, mention)));
    } else {
        let by_itself = |mention: &&&Mention| {
            let bare = mention.is_bare() && mention.full.end == mention.core.end;
            bare && tools.lists.contains("names-by-themselves", &mention.noun)
        };
        spans.extend(mentions.iter().find(by_itself).map(|mention| mention.span(reading)));
    }
    let mut seen = BTreeSet::new();
    let evidence = spans.into_iter().filter_map(|span| Evidence::new(reading.article, span, "agreement-noun", 0.8));
    evidence.filter(|evidence| seen.insert(evidence.quote().to_lowercase())).map(|evidence| Name { evidence }).collect()
}

/// Longest clause, in tokens, that is taken into the name of a bare noun.
const LONGEST_CLAUSE: usize = 16;

/// First tokens of the days behind `span`, in order of the text.
fn days<'t>(tools: &'t Tools<'_, '_, '_>, span: Span) -> impl Iterator<Item = usize> + 't {
    let days = tools.times.iter().filter(move |time| time.kind == Kind::Date && time.start >= span.end());
    days.map(|time| tools.graph.reading().tokens_in(Span::new(time.start, time.end)).start)
}

/// "An agreement to share the river": the noun with the clause that tells what it is about.
fn with_clause(tools: &Tools<'_, '_, '_>, mention: &Mention) -> Span {
    let (graph, reading) = (tools.graph, tools.graph.reading());
    let span = mention.span(reading);
    if !mention.is_new() {
        return span;
    }
    let clause = graph
        .down(mention.head, "acl")
        .map(|child| graph.extent(child))
        .find(|&(first, last)| first == mention.full.end && last > first && last - first < LONGEST_CLAUSE)
        // "An accord on Sunday to share the river": the day is no part of what it is about.
        .filter(|&(first, _)| !days(tools, span).any(|day| day <= first + 1));
    // "An accord to share the river | on Sunday"
    let before_day = |(first, last): (usize, usize)| {
        let on = |day: &usize| (first + 1..=last).contains(day) && reading.form(day - 1) == "on";
        (first, days(tools, span).find(on).map_or(last, |day| day - 2))
    };
    clause.map(before_day).map_or(span, |(_, last)| span_of(reading, &(mention.full.start..last + 1)))
}
