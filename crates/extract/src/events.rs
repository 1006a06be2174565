//! Events in the life of agreements: what rules and marks tell of signings, ratifications, breaches, and the cells that come of them.
use crate::actors::ActorMention;
use crate::agreements::Tools;
use crate::dates::{self, Dates};
use crate::mention::{Mention, span_of};
use crate::modality;
use crate::rule::Records;
use crate::rule::matching::{Match, Scene};
use chancery_agreement::{Article, Date, Evidence, Modality, Span, Stage, StageKind, Term};
use chancery_dissect::{MarkKind, Upos};
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
    /// The rule, or `mark`.
    pub rule: String,
    /// 0 to 1: how often the rule is right, or the mark's probability.
    pub confidence: f32,
    /// True where only the date makes it an event ("the 2002 ceasefire").
    pub dated: bool,
    governor: Option<usize>,
    by: Option<usize>,
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
    let modality =
        found.rule.modality.unwrap_or_else(|| modality::of(tools.graph, tools.lists, governor.unwrap_or(found.trigger)));
    let mut parties: Vec<ActorMention> = found.argument("party").iter().flat_map(|&token| tools.speaks_for(token)).collect();
    if !found.argument("party").is_empty() || binds(stage) {
        parties.extend(partners(tools, governor.unwrap_or(found.trigger)));
    }
    let mut events = Vec::new();
    for token in found.argument("agreement") {
        let Some(&mention) = at_head.get(token) else { continue };
        let Some(named) = mentions.get(mention) else { continue };
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
            by: found.argument("by").first().copied(),
        });
    }
    events
}

/// "signed with Peru", "agreed with Chile and Bolivia".
fn partners(tools: &Tools<'_, '_, '_>, verb: usize) -> Vec<ActorMention> {
    let with = tools.graph.down(verb, "obl").filter(|&child| tools.graph.case(child) == Some("with"));
    with.flat_map(|child| tools.graph.with_conjuncts(child)).flat_map(|token| tools.speaks_for(token)).collect()
}

/// The words that tell of the event: from the first to the last of trigger, governor, agreement, and what hangs between them.
fn wording(tools: &Tools<'_, '_, '_>, found: &Match<'_>, mention: &Mention) -> Span {
    let reading = tools.graph.reading();
    let mut tokens = vec![found.trigger, mention.core.start, mention.full.end - 1];
    tokens.extend(found.argument("via"));
    for child in reading.dependents(found.trigger) {
        let near = child.abs_diff(found.trigger) <= 12;
        match tools.graph.base_relation(child) {
            "aux" | "compound" => tokens.push(child),
            "obl" | "advmod" if near && child > found.trigger => {
                let (_, last) = tools.graph.extent(child);
                if last - found.trigger <= 14 {
                    tokens.push(last);
                }
            }
            _ => {}
        }
    }
    let start = tokens.iter().copied().min().unwrap_or(found.trigger);
    let mut end = tokens.iter().copied().max().unwrap_or(found.trigger);
    while end > start && tools.graph.tag(end) == Upos::Punct {
        end -= 1;
    }
    span_of(reading, &(start..end + 1))
}

/// Marks below this probability are not looked at.
const LEAST_PROBABILITY: f32 = 0.25;
/// From this probability on a mark's own kind stands where its words trigger no rule.
const SURE: f32 = 0.3;

/// The stage that marked words tell of, by the rules that the word which governs them would set off: the reader sees well that
/// something happens to an agreement, and less well what.
fn stage_of_words(tools: &Tools<'_, '_, '_>, scene: &Scene<'_, '_, '_>, tokens: &Range<usize>) -> Option<StageKind> {
    let head = head_of(tools, tokens);
    let lemma = tools.graph.reading().lemma(head);
    let mut triggered = tools.rules.triggered_by(lemma).filter(|rule| rule.trigger.lemmas().is_some());
    triggered.find_map(|rule| match rule.records {
        Records::Stage(stage) if scene.satisfies(head, &rule.trigger) => Some(stage),
        _ => None,
    })
}

/// Adds the events that the reader's marks point out to those of the rules: a mark confirms a rule's event of its kind, and stands for
/// itself where no rule found any.
pub fn add_marked(tools: &Tools<'_, '_, '_>, scene: &Scene<'_, '_, '_>, mentions: &[Mention], events: &mut Vec<Event>) {
    let reading = tools.graph.reading();
    for mark in &reading.marks {
        let MarkKind::Stage(guess, modality) = mark.kind else { continue };
        if mark.probability < LEAST_PROBABILITY {
            continue;
        }
        let Some(stage) = stage_of_words(tools, scene, &mark.tokens).or((mark.probability >= SURE).then_some(guess)) else {
            continue;
        };
        let mut confirmed = false;
        for event in events.iter_mut().filter(|event| event.stage == stage && mark.tokens.contains(&event.trigger)) {
            event.confidence = event.confidence.max(mark.probability);
            confirmed = true;
        }
        if confirmed {
            continue;
        }
        let Some(mention) = agreement_of(tools, mentions, &mark.tokens) else { continue };
        let trigger = head_of(tools, &mark.tokens);
        let mut parties: Vec<ActorMention> = Vec::new();
        if binds(stage) && tools.graph.tag(trigger) == Upos::Verb {
            parties.extend(tools.graph.subjects(trigger).into_iter().flat_map(|token| tools.speaks_for(token)));
            parties.extend(partners(tools, trigger));
        }
        events.push(Event {
            stage,
            modality,
            mention,
            parties,
            span: mark.span,
            trigger,
            rule: "mark".to_owned(),
            confidence: mark.probability,
            dated: false,
            governor: None,
            by: None,
        });
    }
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

/// "Refused to ratify the treaty" tells of a refusal, not of a ratification that was denied as well.
#[must_use]
pub fn without_refused(tools: &Tools<'_, '_, '_>, events: Vec<Event>) -> Vec<Event> {
    let refusals: BTreeSet<(usize, usize)> =
        events.iter().filter(|event| event.stage == StageKind::Rejected).map(|event| (event.trigger, event.mention)).collect();
    let refused = |event: &Event| {
        event.stage != StageKind::Rejected
            && tools.graph.head(event.trigger).is_some_and(|head| refusals.contains(&(head, event.mention)))
    };
    events.into_iter().filter(|event| !refused(event)).collect()
}

/// When it happened, by the words that tell of it.
#[must_use]
pub fn date(tools: &Tools<'_, '_, '_>, mentions: &[Mention], dates: &Dates<'_>, event: &Event) -> Option<Date> {
    let mention = mentions.get(event.mention);
    let phrase = mention.map(|mention| mention.phrase.clone());
    let time =
        dates.of_event(tools.graph, event.trigger, event.governor, mention.map(|mention| mention.head), phrase.as_ref())?;
    dates::cell(tools.graph.reading().article, time, &event.rule)
}

/// The cells that events give, each told once with its further tellings.
#[must_use]
pub fn stages(tools: &Tools<'_, '_, '_>, mentions: &[Mention], dates: &Dates<'_>, events: &[&Event]) -> Vec<Stage> {
    let article = tools.graph.reading().article;
    let mut stages: Vec<Stage> = Vec::new();
    // What a date alone tells comes last: it adds nothing where the making is told in full.
    let (dated, told): (Vec<&Event>, Vec<&Event>) = events.iter().copied().partition(|event| event.dated);
    for event in told.into_iter().chain(dated) {
        let Some(evidence) = Evidence::new(article, event.span, &event.rule, event.confidence) else { continue };
        let date = date(tools, mentions, dates, event);
        if event.dated && (date.as_ref().is_none_or(|date| date.value.is_none()) || is_made_elsewhere(&stages, date.as_ref())) {
            continue;
        }
        let mut modality = event.modality;
        // What is dated after the article was written has not happened yet.
        let published = article.published.as_ref().map(|published| published.value.as_str());
        if let (Modality::Actual, Some(published), Some(value)) =
            (modality, published, date.as_ref().and_then(|date| date.value.as_deref()))
            && value.len() == 10
            && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
            && value > published
        {
            modality = Modality::Expected;
        }
        let by = event.by.and_then(|token| term(tools, article, token, &event.rule));
        let place = place(tools, article, dates, event);
        let same = stages.iter_mut().find(|stage| {
            stage.stage == event.stage && stage.modality == modality && same_date(stage.date.as_ref(), date.as_ref())
        });
        match same {
            Some(stage) => {
                if stage.date.is_none() && date.is_some() {
                    let first = std::mem::replace(&mut stage.evidence, evidence);
                    stage.also.push(first);
                    stage.date = date;
                } else {
                    stage.also.push(evidence);
                }
                stage.by = stage.by.take().or(by);
                stage.place = stage.place.take().or(place);
            }
            None => stages.push(Stage {
                stage: event.stage,
                date,
                modality,
                place,
                by,
                according_to: None,
                evidence,
                also: Vec::new(),
            }),
        }
    }
    stages
}

/// True when a stage tells that the agreement was made at that time.
fn is_made_elsewhere(stages: &[Stage], date: Option<&Date>) -> bool {
    stages.iter().any(|stage| {
        matches!(stage.stage, StageKind::Signed | StageKind::Agreed | StageKind::Initialled | StageKind::InForce)
            && stage.modality == Modality::Actual
            && same_date(stage.date.as_ref(), date)
    })
}

/// Where it happened: "signed in Geneva", "at the Kremlin".
fn place(tools: &Tools<'_, '_, '_>, article: &Article, dates: &Dates<'_>, event: &Event) -> Option<Term> {
    let graph = tools.graph;
    let verbs = [Some(event.trigger), event.governor];
    let place = verbs.into_iter().flatten().flat_map(|verb| graph.down(verb, "obl").collect::<Vec<_>>()).find(|&child| {
        graph.tag(child) == Upos::Propn && matches!(graph.case(child), Some("in" | "at")) && !dates.covers(child)
    })?;
    term(tools, article, place, &event.rule)
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
    let evidence = Evidence::new(article, span_of(reading, &(start..end + 1)), rule, 0.7)?;
    Some(Term { value: evidence.quote().to_owned(), evidence })
}
