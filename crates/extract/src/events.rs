//! Events in the life of agreements: what rules and marks tell of signings, ratifications, breaches, and the cells that come of them.
use crate::actors::ActorMention;
use crate::agreements::Tools;
use crate::dates::{self, Dates};
use crate::doer;
use crate::mention::{Mention, span_of};
use crate::modality;
use crate::rule::Records;
use crate::rule::matching::Match;
use chancery_agreement::{Article, Date, Evidence, Modality, Span, Stage, StageKind, Term};
use chancery_dissect::actors::Relation;
use chancery_dissect::names::{Name, NameKind};
use chancery_dissect::{Reading, Tense, Upos, VerbForm};
use chancery_timex::Modifier;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Something that happened to an agreement, or is to happen, before it is clear which agreement that is.
#[derive(Debug, Clone)]
pub struct Event {
    /// What happened.
    pub stage: StageKind,
    /// Whether it did.
    pub modality: Modality,
    /// Index of the mention that it happened to.
    pub mention: usize,
    /// Who did it.
    pub parties: Vec<ActorMention>,
    /// The words.
    pub span: Span,
    /// The token that tells of it.
    pub trigger: usize,
    /// The rule.
    pub rule: String,
    /// 0 to 1: how often the rule is right.
    pub confidence: f32,
    /// True where only the date makes it an event ("the 2002 ceasefire").
    pub dated: bool,
    /// The verb that carries a nominal event.
    pub(crate) governor: Option<usize>,
}

/// Stages whose subjects are parties to the agreement.
#[must_use]
pub fn binds(stage: StageKind) -> bool {
    matches!(
        stage,
        StageKind::Signed
            | StageKind::Agreed
            | StageKind::Initialled
            | StageKind::Ratified
            | StageKind::Negotiating
            | StageKind::Withdrawn
            | StageKind::Implemented
            | StageKind::Violated
    )
}

/// The events that a match tells of: one for each agreement that it names.
#[must_use]
pub fn of_match(
    tools: &Tools<'_, '_, '_>,
    mentions: &[Mention],
    at_head: &BTreeMap<usize, usize>,
    found: &Match<'_>,
) -> Vec<Event> {
    let Records::Stage(stage) = found.rule.records else { return Vec::new() };
    let via = found.argument("via").first().copied();
    let governor = via.filter(|&via| tools.graph.tag(via) == Upos::Verb);
    let told = || modality::of(tools.graph, tools.lists, governor.unwrap_or(found.trigger));
    let Some(modality) = found.rule.modality.or_else(told) else { return Vec::new() };
    let mut parties: Vec<ActorMention> = found.argument("party").iter().flat_map(|&token| tools.speaks_for(token)).collect();
    if !found.argument("party").is_empty() || binds(stage) {
        parties.extend(partners(tools, governor.unwrap_or(found.trigger)));
    }
    let mut events = Vec::new();
    for token in found.argument("agreement") {
        let Some(&mention) = at_head.get(token) else { continue };
        let Some(named) = mentions.get(mention) else { continue };
        // "They had no peace treaty that was signed", "concluded without an agreement"; talks without an agreement were talks.
        let none = named.determiner == "no" || tools.graph.case(named.head) == Some("without");
        let made = stage != StageKind::Negotiating && modality == Modality::Actual;
        let modality = if none && made { Modality::Denied } else { modality };
        events.push(Event {
            stage,
            modality,
            mention,
            parties: parties.clone(),
            span: wording(tools, found, named),
            trigger: found.trigger,
            rule: found.rule.name.clone(),
            confidence: found.rule.confidence,
            dated: found.rule.dated,
            governor: via,
        });
    }
    events
}

/// "signed with Peru", "agreed with Chile and Bolivia".
fn partners(tools: &Tools<'_, '_, '_>, verb: usize) -> Vec<ActorMention> {
    let with = tools.graph.down(verb, "obl").filter(|&child| tools.graph.case(child) == Some("with"));
    with.flat_map(|child| tools.graph.with_conjuncts(child)).flat_map(|token| tools.speaks_for(token)).collect()
}

/// The words that tell of the event: the clause of its word, with the governor and the agreement.
fn wording(tools: &Tools<'_, '_, '_>, found: &Match<'_>, mention: &Mention) -> Span {
    let mut tokens = vec![mention.core.start, mention.full.end - 1];
    tokens.extend(found.argument("via"));
    clause(tools, found.trigger, tokens)
}

/// How far before its word, in tokens, the doer of an event may begin, and how far after it its complements may end.
const BEFORE: usize = 12;
const AFTER: usize = 22;

/// The clause that the word `token` heads: who does it, what it is done to, when and where, with the tokens of `also`.
pub(crate) fn clause(tools: &Tools<'_, '_, '_>, token: usize, also: Vec<usize>) -> Span {
    let graph = tools.graph;
    let reading = graph.reading();
    let mut tokens = also;
    tokens.push(token);
    for child in reading.dependents(token) {
        let (first, last) = graph.extent(child);
        match graph.base_relation(child) {
            "aux" | "cop" | "case" | "det" => tokens.push(child),
            // "to sign", but not the "that" before what somebody says.
            "mark" if reading.form(child).eq_ignore_ascii_case("to") => tokens.push(child),
            "nsubj" | "compound" | "amod" | "nmod" | "advmod" | "obl" if child < token && first + BEFORE >= token => {
                tokens.push(first)
            }
            "obj" | "obl" | "xcomp" | "ccomp" | "advmod" | "nmod" | "compound" | "acl" | "nsubj"
                if child > token && last <= token + AFTER =>
            {
                tokens.push(last);
            }
            _ => {}
        }
    }
    let start = tokens.iter().copied().min().unwrap_or(token);
    let mut end = tokens.iter().copied().max().unwrap_or(token);
    while end > start && graph.tag(end) == Upos::Punct {
        end -= 1;
    }
    span_of(reading, &(start..end + 1))
}

/// The token of the range whose head lies outside of it: a verb before anything else.
pub(crate) fn head_of(tools: &Tools<'_, '_, '_>, tokens: &Range<usize>) -> usize {
    let outside = |token: &usize| tools.graph.head(*token).is_none_or(|head| !tokens.contains(&head));
    let tops: Vec<usize> = tokens.clone().filter(outside).filter(|&token| tools.graph.tag(token) != Upos::Punct).collect();
    let verb = tops.iter().find(|&&token| tools.graph.tag(token) == Upos::Verb);
    verb.or(tops.first()).copied().unwrap_or(tokens.start)
}

/// How many sentences back the agreement may stand that words speak of without naming it.
const SENTENCES_BACK: usize = 3;

/// The mention that marked words speak of: one inside them, else the nearest in their sentence, else the last one before.
pub(crate) fn agreement_of(tools: &Tools<'_, '_, '_>, mentions: &[Mention], tokens: &Range<usize>) -> Option<usize> {
    let reading = tools.graph.reading();
    let telling = |mention: &Mention| mention.weight != crate::lexicon::Weight::Anaphor;
    let inside = |&(_, mention): &(usize, &Mention)| tokens.contains(&mention.head);
    let each = || mentions.iter().enumerate();
    if let Some((index, _)) = each().find(|one| inside(one) && telling(one.1)).or_else(|| each().find(inside)) {
        return Some(index);
    }
    let sentence = reading.sentence_of(tokens.start)?;
    let distance = |mention: &Mention| mention.head.abs_diff(tokens.start).min(mention.head.abs_diff(tokens.end));
    let here = each().filter(|(_, mention)| telling(mention) && reading.sentence_of(mention.head) == Some(sentence));
    if let Some((index, _)) = here.min_by_key(|(_, mention)| distance(mention)) {
        return Some(index);
    }
    let before = each().rev().find(|(_, mention)| telling(mention) && mention.head < tokens.start)?;
    let back = sentence - reading.sentence_of(before.1.head)?;
    (back <= SENTENCES_BACK).then_some(before.0)
}

/// One event for each word that tells of it and each agreement: of two rules that see the same, the first in the files speaks.
#[must_use]
pub fn told_once(events: Vec<Event>) -> Vec<Event> {
    let mut seen = BTreeSet::new();
    events.into_iter().filter(|event| seen.insert((event.trigger, event.stage, event.mention))).collect()
}

/// "Is voting today on the treaty" leaves open how the vote will end.
pub fn leave_votes_open(tools: &Tools<'_, '_, '_>, events: &mut [Event]) {
    let reading = tools.graph.reading();
    for event in events.iter_mut().filter(|event| event.stage == StageKind::Approved && event.modality == Modality::Actual) {
        let token = event.trigger;
        let present = reading.syntax(token).is_some_and(|syntax| syntax.features.tense == Some(Tense::Pres))
            && tools.graph.down(token, "aux").all(|child| matches!(reading.form(child), "is" | "are" | "am"));
        if present && tools.graph.tag(token) == Upos::Verb && tools.lists.contains("voting", reading.lemma(token)) {
            event.modality = Modality::Expected;
        }
    }
}

/// "Voted on Friday to ratify the treaty" tells of one event: the vote's day and voters are its own, and the vote is no other stage.
#[must_use]
pub fn carried_by_votes(tools: &Tools<'_, '_, '_>, mut events: Vec<Event>) -> Vec<Event> {
    let graph = tools.graph;
    let mut carrying = BTreeSet::new();
    for event in events.iter_mut().filter(|event| event.modality != Modality::Denied) {
        let vote = graph.head(event.trigger).filter(|&head| {
            matches!(graph.base_relation(event.trigger), "xcomp" | "advcl")
                && graph.has(event.trigger, "mark")
                && graph.tag(head) == Upos::Verb
                && tools.lists.contains("voting", graph.reading().lemma(head))
        });
        if let Some(vote) = vote {
            carrying.insert((vote, event.mention));
            event.governor = event.governor.or(Some(vote));
            event.span = event.span.join(clause(tools, vote, vec![event.trigger]));
        }
    }
    events.retain(|event| !carrying.contains(&(event.trigger, event.mention)));
    events
}

/// When it happened, by the words that tell of it.
#[must_use]
pub fn date(tools: &Tools<'_, '_, '_>, mentions: &[Mention], dates: &Dates<'_>, event: &Event) -> Option<Date> {
    let mention = mentions.get(event.mention);
    let reading = tools.graph.reading();
    // A date inside the agreement's phrase is that of its making, whatever else befell it. What was agreed by a verb has dates of its own
    // inside its clause.
    let makes = matches!(
        event.stage,
        StageKind::Proposed
            | StageKind::Drafted
            | StageKind::Initialled
            | StageKind::Agreed
            | StageKind::Signed
            | StageKind::InForce
    );
    let phrase = mention.filter(|mention| makes && !mention.verbal).map(|mention| mention.phrase.clone());
    let noun = mention.map(|mention| mention.head);
    let governor = event.governor.or_else(|| modality::deed_of(tools.graph, tools.lists, event.trigger));
    let time = dates.of_event(tools.graph, event.trigger, governor, noun, phrase.as_ref())?;
    // "A post-2012 pact" is for the time after.
    if event.dated && matches!(time.modifier, Some(Modifier::Before | Modifier::After)) {
        return None;
    }
    // "Extended by five years, until May 2026" tells when it ends, not when that was done.
    let tokens = reading.tokens_in(Span::new(time.start, time.end));
    if mention.is_some_and(|mention| names_only(reading, mention, &tokens, event)) {
        return None;
    }
    let before = tokens.start.checked_sub(1);
    if event.stage == StageKind::Extended
        && before.is_some_and(|token| tools.lists.contains("until-words", &reading.lower(token)))
    {
        return None;
    }
    // "The first referendum since 1937" was held later.
    if is_at_once(event.stage) && before.is_some_and(|token| reading.form(token).eq_ignore_ascii_case("since")) {
        return None;
    }
    // "The Lakes Act of 2006" was passed whenever it was; the year is its name.
    let named = before.filter(|&of| reading.form(of) == "of").and_then(|of| of.checked_sub(1));
    if named.is_some_and(|token| tools.lists.contains("named-by-year", &reading.lower(token))) {
        return None;
    }
    // What is only to come was not done on a day gone by: "a deal reached on Friday to end the war".
    let published = reading.article.published.as_ref().map(|published| published.value.as_str());
    let own = dates::governor(tools.graph, &tokens) == Some(event.trigger);
    // "As signatories to the pact they met on Friday": what who signed does next dates no signing.
    let is_person = tools.graph.tag(event.trigger) == Upos::Noun
        && matches!(tools.graph.base_relation(event.trigger), "nsubj" | "obl" | "nmod")
        && tools.lists.contains("doers", &reading.lower_lemma(event.trigger));
    if is_person && !own && !phrase.is_some_and(|phrase| phrase.contains(&tokens.start)) {
        return None;
    }
    if let (Modality::Expected, false, Some(published), Some(value)) = (event.modality, own, published, time.edtf.as_deref())
        && !is_after(value, published)
    {
        return None;
    }
    // "Rejected a bill to ratify it on Thursday": what was done was not done on a day to come.
    let done = event.modality != Modality::Expected && event.governor.is_some_and(|verb| is_past_tense(tools, verb));
    if let (true, Some(published), Some(value)) = (done, published, time.edtf.as_deref())
        && is_after(value, published)
    {
        return None;
    }
    dates::cell(reading.article, time, &event.rule)
}

/// True for what is done on one day and does not last.
fn is_at_once(stage: StageKind) -> bool {
    matches!(
        stage,
        StageKind::Initialled
            | StageKind::Signed
            | StageKind::Submitted
            | StageKind::Approved
            | StageKind::Ratified
            | StageKind::Rejected
    )
}

/// True where the date is part of the agreement's name and does not date the event: "they violate the 1994 pact", "the treaty of
/// 2006", "the Lake Accord (April 1998)". It dates the making of the agreement alone.
fn names_only(reading: &Reading<'_>, mention: &Mention, date: &Range<usize>, event: &Event) -> bool {
    let before = date.start.checked_sub(1).map_or("", |token| reading.form(token));
    let ahead = mention.core.contains(&date.start) && date.start < mention.head;
    let behind = date.start == mention.full.end + 1 && before == "("
        || date.start > mention.head && mention.phrase.contains(&date.start) && before == "of";
    let is_made = matches!(event.stage, StageKind::Agreed | StageKind::Signed) && event.modality == Modality::Actual;
    let is_year = date.clone().any(|token| reading.form(token).bytes().filter(u8::is_ascii_digit).count() >= 4);
    // "The Good Friday agreement" was so called once and for all.
    let in_proper_name = ahead && (mention.proper || mention.instrument.is_some()) && !is_year;
    (ahead || behind) && !event.dated && !is_made || in_proper_name
}

/// The cell that an event gives by itself, done by whom the words `by` name; `None` where its words stand nowhere or a date is all it
/// tells and none resolves.
#[must_use]
pub fn cell(
    tools: &Tools<'_, '_, '_>,
    mentions: &[Mention],
    dates: &Dates<'_>,
    event: &Event,
    by: Option<Span>,
    confidence: f32,
) -> Option<Stage> {
    let article = tools.graph.reading().article;
    let evidence = Evidence::new(article, event.span, &event.rule, confidence)?;
    let date = date(tools, mentions, dates, event);
    if event.dated && date.as_ref().is_none_or(|date| date.value.is_none()) {
        return None;
    }
    let mut modality = event.modality;
    // What is dated after the article was written has not happened yet.
    let published = article.published.as_ref().map(|published| published.value.as_str());
    if let (Modality::Actual, Some(published), Some(value)) =
        (modality, published, date.as_ref().and_then(|date| date.value.as_deref()))
        && is_after(value, published)
    {
        modality = Modality::Expected;
    }
    // "At war until they signed the pact in 1966": what a condition leaves open, a day gone by tells.
    let past = |value: &str| published.is_some_and(|published| is_before(value, published));
    if modality == Modality::Expected
        && is_past_tense(tools, event.trigger)
        && date.as_ref().and_then(|date| date.value.as_deref()).is_some_and(past)
    {
        modality = Modality::Actual;
    }
    let by = by.and_then(|words| spelled(article, words, &event.rule));
    let place = place(tools, article, dates, event);
    Some(Stage { stage: event.stage, date, modality, place, by, according_to: None, evidence, also: Vec::new() })
}

/// True for a verb in the simple past: "signed", not "would sign".
fn is_past_tense(tools: &Tools<'_, '_, '_>, token: usize) -> bool {
    let features = tools.graph.reading().syntax(token).map(|syntax| syntax.features);
    let past = features.is_some_and(|f| f.tense == Some(Tense::Past) && f.verb_form == Some(VerbForm::Fin));
    past && !tools.graph.has(token, "aux")
}

/// One telling of a stage, as a cell of its own.
#[derive(Debug, Clone)]
pub struct Occurrence {
    /// The cell.
    pub stage: Stage,
    /// True where only the date makes it an event.
    pub dated: bool,
    /// The actors who did it, where the text tells.
    pub actors: BTreeSet<String>,
}

/// The cells that tellings give: each stage once, with its further tellings.
#[must_use]
pub fn told_together(tellings: Vec<Occurrence>) -> Vec<Stage> {
    let mut told: Vec<Occurrence> = Vec::new();
    // What a date alone tells comes last: it adds nothing where the making is told in full.
    let (dated, in_full): (Vec<_>, Vec<_>) = tellings.into_iter().partition(|telling| telling.dated);
    for telling in in_full.into_iter().chain(dated) {
        if telling.dated && is_made_elsewhere(&told, telling.stage.date.as_ref()) {
            continue;
        }
        match told.iter_mut().find(|event| is_same_event(event, &telling)) {
            Some(event) => event.add(telling),
            None => told.push(telling),
        }
    }
    told.into_iter().map(|telling| telling.stage).collect()
}

impl Occurrence {
    /// Adds what a further telling of the same event says.
    fn add(&mut self, telling: Occurrence) {
        let Occurrence { stage, actors, .. } = telling;
        if self.stage.date.is_none() && stage.date.is_some() {
            let first = std::mem::replace(&mut self.stage.evidence, stage.evidence);
            self.stage.also.push(first);
            self.stage.date = stage.date;
        } else {
            self.stage.also.push(stage.evidence);
        }
        self.stage.by = self.stage.by.take().or(stage.by);
        self.stage.place = self.stage.place.take().or(stage.place);
        if self.actors.is_empty() {
            self.actors = actors;
        }
    }
}

/// True where the telling is one of the event: not of another day, and not of what another did for itself.
fn is_same_event(event: &Occurrence, telling: &Occurrence) -> bool {
    let (a, b) = (&event.stage, &telling.stage);
    let by_others = doer::each_for_itself(a.stage)
        && !event.actors.is_empty()
        && !telling.actors.is_empty()
        && event.actors.is_disjoint(&telling.actors);
    a.stage == b.stage && a.modality == b.modality && same_date(a.date.as_ref(), b.date.as_ref()) && !by_others
}

/// True when a day, month or year lies wholly after the day `published`.
pub(crate) fn is_after(value: &str, published: &str) -> bool {
    published.get(..value.len()).is_some_and(|same_precision| is_plain(value) && value > same_precision)
}

/// True when it lies wholly before.
pub(crate) fn is_before(value: &str, published: &str) -> bool {
    published.get(..value.len()).is_some_and(|same_precision| is_plain(value) && value < same_precision)
}

/// False for stretches of time and what is known in part.
fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// True when a stage tells that the agreement was made at that time.
fn is_made_elsewhere(told: &[Occurrence], date: Option<&Date>) -> bool {
    told.iter().map(|telling| &telling.stage).any(|stage| {
        matches!(stage.stage, StageKind::Signed | StageKind::Agreed | StageKind::Initialled | StageKind::InForce)
            && stage.modality == Modality::Actual
            && same_date(stage.date.as_ref(), date)
    })
}

/// Where it happened: "signed in Geneva", "at the Kremlin".
fn place(tools: &Tools<'_, '_, '_>, article: &Article, dates: &Dates<'_>, event: &Event) -> Option<Term> {
    let graph = tools.graph;
    let is_where = |child: &usize| {
        graph.tag(*child) == Upos::Propn && matches!(graph.case(*child), Some("in" | "at")) && !dates.covers(*child)
    };
    let mut verbs = [Some(event.trigger), event.governor].into_iter().flatten();
    let of_verb = verbs.find_map(|verb| graph.down(verb, "obl").find(is_where));
    let place = of_verb.or_else(|| town_behind(tools, event).filter(is_where))?;
    term(tools, article, place, &event.rule)
}

/// "Signed a border treaty in Lima": the reader may take the town for the treaty's. Of a country it would be: "a ceasefire in Peru".
fn town_behind(tools: &Tools<'_, '_, '_>, event: &Event) -> Option<usize> {
    if !matches!(event.stage, StageKind::Signed | StageKind::Initialled) {
        return None;
    }
    let graph = tools.graph;
    let objects = ["obj", "nsubj:pass"].into_iter().flat_map(|relation| graph.down(event.trigger, relation));
    let is_town = |child: &usize| {
        let is_land = tools.actors.at(*child).is_some_and(|actor| actor.relation != Relation::Capital);
        let is_place = |name: &Name| name.kind == NameKind::Place && name.tokens.contains(child);
        *child > event.trigger && !is_land && graph.reading().names.iter().any(is_place)
    };
    objects.flat_map(|object| graph.down(object, "nmod")).find(is_town)
}

/// One event told twice: same date, or one telling without any.
fn same_date(a: Option<&chancery_agreement::Date>, b: Option<&chancery_agreement::Date>) -> bool {
    match (a.and_then(|date| date.value.as_ref()), b.and_then(|date| date.value.as_ref())) {
        (Some(a), Some(b)) => a == b || a.starts_with(b.as_str()) || b.starts_with(a.as_str()),
        _ => true,
    }
}

fn term(tools: &Tools<'_, '_, '_>, article: &Article, token: usize, rule: &str) -> Option<Term> {
    let reading = tools.graph.reading();
    let mut tokens = vec![token];
    tokens.extend(
        reading.dependents(token).filter(|&child| {
            matches!(tools.graph.base_relation(child), "compound" | "flat" | "amod") && child.abs_diff(token) <= 4
        }),
    );
    let start = tokens.iter().copied().min()?;
    let end = tokens.iter().copied().max()?;
    spelled(article, span_of(reading, &(start..end + 1)), rule)
}

fn spelled(article: &Article, span: Span, rule: &str) -> Option<Term> {
    let evidence = Evidence::new(article, span, rule, 0.7)?;
    Some(Term { value: evidence.quote().to_owned(), evidence })
}
