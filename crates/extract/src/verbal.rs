//! Deals that no noun names: "Peru and Chile agreed to share the river". The verb is the mention, its clause the name.
use crate::agreements::Tools;
use crate::events::Event;
use crate::lexicon::{NounClass, Weight};
use crate::mention::{Mention, span_of};
use crate::modality;
use chancery_agreement::StageKind;
use chancery_dissect::Upos;
use std::collections::BTreeSet;

/// Rule name of what the verb tells.
pub const RULE: &str = "agree-to-act";

/// Longest clause, in tokens, that names a deal.
const LONGEST: usize = 24;

/// Deals told by a verb in sentences that name no agreement by a noun.
#[must_use]
pub fn mentions(tools: &Tools<'_, '_, '_>, named: &[Mention]) -> Vec<Mention> {
    let reading = tools.graph.reading();
    let taken: BTreeSet<usize> = named
        .iter()
        .filter(|mention| mention.weight != Weight::Anaphor)
        .filter_map(|mention| reading.sentence_of(mention.head))
        .collect();
    let free = |token: &usize| reading.sentence_of(*token).is_some_and(|sentence| !taken.contains(&sentence));
    (0..reading.tokens.len()).filter(free).filter_map(|token| mention(tools, token)).collect()
}

fn mention(tools: &Tools<'_, '_, '_>, verb: usize) -> Option<Mention> {
    let graph = tools.graph;
    let reading = graph.reading();
    if graph.tag(verb) != Upos::Verb || !tools.lists.contains("dealing-verbs", reading.lemma(verb)) {
        return None;
    }
    let doers = graph.subjects(verb);
    let with = graph.down(verb, "obl").filter(|&child| graph.case(child) == Some("with"));
    let with: Vec<usize> = with.chain(partner_of_act(tools, verb)).collect();
    let sides: Vec<usize> = doers.iter().copied().chain(with.into_iter().flat_map(|child| graph.with_conjuncts(child))).collect();
    let parties: Vec<_> = sides.iter().flat_map(|&side| tools.speaks_for(side)).collect();
    let different: BTreeSet<&str> = parties.iter().map(|party| party.actor.as_str()).collect();
    let plural = |token: usize| reading.form(token).ends_with('s');
    let collective = doers.iter().any(|&doer| plural(doer) && tools.lists.contains("both-sides", &reading.lower_lemma(doer)));
    if different.len() < 2 && !collective {
        return None;
    }
    // "agreed to", "agreed that", "agreed on": what was agreed must be told.
    let content = reading.dependents(verb).filter(|&child| {
        child > verb
            && (matches!(graph.base_relation(child), "xcomp" | "ccomp")
                || graph.base_relation(child) == "obl" && matches!(graph.case(child), Some("on" | "upon" | "to")))
    });
    // "They agree that the law is good" is an opinion.
    let opines = |child: &usize| graph.base_relation(*child) == "ccomp" && !reading.lower(verb).ends_with('d');
    let content = content.filter(|child| !opines(child));
    let last = content.map(|child| before_aside(tools, child)).filter(|&last| last - verb <= LONGEST).max()?;
    Some(Mention {
        full: verb..last + 1,
        phrase: verb..last + 1,
        determiner: "a".to_owned(),
        modifiers: vec![reading.lemma(verb).to_owned()],
        verbal: true,
        class: NounClass::Agreement,
        parties,
        ..Mention::plain(verb, "agreement", Weight::Weak)
    })
}

/// "Chile agreed to reopen the border with Peru", "to restore ties with Peru": what takes two is agreed with the other.
fn partner_of_act(tools: &Tools<'_, '_, '_>, verb: usize) -> Option<usize> {
    let graph = tools.graph;
    let act = graph.down(verb, "xcomp").find(|&act| act > verb)?;
    let shared = graph.down(act, "obj").filter(|&noun| tools.lists.contains("shared", &graph.reading().lower_lemma(noun)));
    let mut partners = shared.flat_map(|noun| graph.down(noun, "nmod")).chain(graph.down(act, "obl"));
    partners.find(|&child| graph.case(child) == Some("with") && tools.actors.at(child).is_some())
}

/// The last word of the clause at `child`, without what is only added to it: "to share the river, | ending a quarrel of twenty years".
fn before_aside(tools: &Tools<'_, '_, '_>, child: usize) -> usize {
    let graph = tools.graph;
    let reading = graph.reading();
    let last = graph.extent(child).1;
    let aside = |token: usize| {
        let clause = matches!(graph.base_relation(token), "advcl" | "acl" | "parataxis");
        let (first, end) = graph.extent(token);
        // The comma hangs on the clause that it sets off, or stands before it.
        let comma = [first, first.saturating_sub(1)].into_iter().find(|&token| reading.form(token) == ",");
        comma.filter(|&comma| clause && end == last && comma > child)
    };
    (child + 1..=last).find_map(aside).map_or(last, |comma| comma - 1)
}

/// The making of each such deal.
#[must_use]
pub fn events(tools: &Tools<'_, '_, '_>, mentions: &[Mention]) -> Vec<Event> {
    let reading = tools.graph.reading();
    let told = mentions.iter().enumerate().filter(|(_, mention)| mention.verbal);
    told.filter_map(|(index, mention)| {
        Some(Event {
            stage: StageKind::Agreed,
            modality: modality::of(tools.graph, tools.lists, mention.head)?,
            mention: index,
            parties: mention.parties.clone(),
            span: span_of(reading, &mention.full),
            trigger: mention.head,
            rule: RULE.to_owned(),
            confidence: 0.6,
            dated: false,
            governor: None,
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use crate::Extractor;
    use chancery_agreement::Article;

    #[test]
    fn what_is_only_added_names_no_deal() {
        let text = "Chile and Peru agreed on Thursday to open their border, ending a quarrel of twenty years.";
        let (found, _) = Extractor::new().unwrap().extract(&Article::plain(text));
        let names = found.agreements.iter().flat_map(|agreement| &agreement.names);
        let names: Vec<&str> = names.map(|name| name.evidence.quote()).collect();
        assert_eq!(names, ["agreed on Thursday to open their border"]);
    }
}
