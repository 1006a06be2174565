//! What an article mentions: noun phrases and verbs that speak of agreements, what rules make of them, and which speak of one.
use super::Tools;
use crate::chain::{self, Chain, Clues, Day, chain};
use crate::coreference;
use crate::dates::Dates;
use crate::events::{self, Event, binds};
use crate::lexicon::Weight;
use crate::logistic::Features;
use crate::mention::{Mention, span_of};
use crate::refusals;
use crate::rule::Records;
use crate::rule::matching::{Classes, Match, Scene};
use crate::rule::pattern::Class;
use crate::stage;
use crate::terms;
use crate::verbal;
use chancery_agreement::{Modality, Span, StageKind};
use chancery_dissect::{Reading, Upos};
use chancery_timex::{Kind, Timex};
use std::collections::{BTreeMap, BTreeSet};

/// What the words tell before it is clear which mentions speak of one agreement.
pub(super) struct Told<'t> {
    pub(super) mentions: Vec<Mention>,
    pub(super) dates: Dates<'t>,
    /// Mentions by their heads.
    pub(super) at_head: BTreeMap<usize, usize>,
    pub(super) matches: Vec<Match<'t>>,
    pub(super) terms: Vec<terms::FoundTerm>,
    pub(super) relations: Vec<terms::FoundRelation>,
    pub(super) events: Vec<Event>,
    pub(super) clues: Clues,
}

pub(super) fn told<'t>(tools: &'t Tools<'_, '_, '_>) -> Told<'t> {
    let reading = tools.graph.reading();
    let mentions = all_mentions(tools);
    let dates = Dates::new(reading, tools.times);
    let classes = classes(tools, &mentions, &dates);
    let scene = Scene { graph: tools.graph, classes: &classes, lists: tools.lists };
    let at_head: BTreeMap<usize, usize> = mentions.iter().enumerate().map(|(index, mention)| (mention.head, index)).collect();
    let matches: Vec<Match<'_>> =
        (0..reading.sentences.len()).flat_map(|sentence| scene.matches(tools.rules, sentence)).collect();
    let (terms, relations) = (terms::terms(tools, &matches), terms::relations(tools, &matches));
    let mut events: Vec<Event> = matches.iter().flat_map(|found| events::of_match(tools, &mentions, &at_head, found)).collect();
    events.extend(verbal::events(tools, &mentions));
    let mut events = events::told_once(events);
    stage::add_cued(tools, &mentions, &mut events);
    stage::add_marked(tools, &mentions, &mut events);
    let mut events = refusals::without_refused(tools, events);
    refusals::turn_refusals(tools, &mut events);
    refusals::refuse_motions(tools, &mut events);
    events::leave_votes_open(tools, &mut events);
    let events = events::carried_by_votes(tools, events);
    let clues = clues(tools, &mentions, &at_head, &events, &relations, &dates);
    Told { mentions, dates, at_head, matches, terms, relations, events, clues }
}

/// The chains that the mentions make, and which one each mention is in: the rules' ones as the model of coreference mends them.
pub(super) fn chained(tools: &Tools<'_, '_, '_>, mentions: &[Mention], clues: &Clues) -> (Vec<Chain>, BTreeMap<usize, usize>) {
    let (chains, of_mention) = chain(mentions, clues);
    let scene = coreference::Scene::new(tools.graph.reading(), mentions, clues, &chains, &of_mention);
    chain::of_groups(mentions, clues, coreference::join(&scene, &tools.models.coreference))
}

/// A mention as learning needs it.
#[derive(Debug, Clone, Copy)]
pub struct Mentioned {
    /// Its words.
    pub span: Span,
    /// The noun and the words before it.
    pub core: Span,
    /// True when nothing but an article and plain words stand before the noun.
    pub bare: bool,
    /// True when it brings something in as new ("a deal").
    pub new: bool,
}

/// The mentions of the article, and all pairs of them that the model of coreference judges: what it is learned from.
#[must_use]
pub fn mention_pairs(tools: &Tools<'_, '_, '_>) -> (Vec<Mentioned>, Vec<(usize, usize, Features)>) {
    let reading = tools.graph.reading();
    let Told { mentions, clues, .. } = told(tools);
    let (chains, of_mention) = chain(&mentions, &clues);
    let scene = coreference::Scene::new(reading, &mentions, &clues, &chains, &of_mention);
    let pairs = coreference::pairs(&scene).map(|(first, second)| (first, second, scene.features(first, second))).collect();
    let mentioned = |mention: &Mention| Mentioned {
        span: mention.span(reading),
        core: span_of(reading, &mention.core),
        bare: mention.is_bare(),
        new: mention.is_new(),
    };
    (mentions.iter().map(mentioned).collect(), pairs)
}

/// The actors that words make parties: (chain, first token of the actor).
pub(super) fn told_parties(
    mentions: &[Mention],
    events: &[Event],
    of_mention: &BTreeMap<usize, usize>,
) -> BTreeSet<(usize, usize)> {
    let named = mentions.iter().enumerate().flat_map(|(index, mention)| mention.parties.iter().map(move |actor| (index, actor)));
    let acting = events
        .iter()
        .filter(|event| binds(event.stage))
        .flat_map(|event| event.parties.iter().map(move |actor| (event.mention, actor)));
    named.chain(acting).filter_map(|(mention, actor)| Some((*of_mention.get(&mention)?, actor.tokens.start))).collect()
}

/// What the text tells of which mentions speak of one agreement and which do not.
fn clues(
    tools: &Tools<'_, '_, '_>,
    mentions: &[Mention],
    at_head: &BTreeMap<usize, usize>,
    events: &[Event],
    relations: &[terms::FoundRelation],
    dates: &Dates<'_>,
) -> Clues {
    let reading = tools.graph.reading();
    let mut clues = Clues {
        parties: mentions.iter().map(|mention| mention.parties.iter().map(|party| party.actor.clone()).collect()).collect(),
        names: mentions.iter().map(|mention| proper_name(tools, mention)).collect(),
        signed: vec![None; mentions.len()],
        ..Clues::default()
    };
    for event in events {
        // "Ghana ratified the convention; Togo signed it, too": who does something to "it" tells it from no other.
        let is_pronoun = mentions.get(event.mention).is_some_and(|mention| tools.graph.tag(mention.head) == Upos::Pron);
        if let Some(set) = clues.parties.get_mut(event.mention)
            && binds(event.stage)
            && !is_pronoun
            && set.len() < 2
        {
            set.extend(event.parties.iter().map(|party| party.actor.clone()));
        }
        let sentence = |token: usize| reading.sentence_of(token);
        let told_of = mentions.get(event.mention).is_some_and(|mention| sentence(mention.head) == sentence(event.trigger));
        if event.stage == StageKind::Signed
            && event.modality == Modality::Actual
            && told_of
            && let Some(date) = events::date(tools, mentions, dates, event)
            && let Some(day) = date.value.as_deref().and_then(Day::of)
            && let Some(signed) = clues.signed.get_mut(event.mention)
        {
            *signed = Some(day);
        }
    }
    let pair = |a: usize, b: usize| (a.min(b), a.max(b));
    clues.apart = relations.iter().filter_map(|told| Some(pair(*at_head.get(&told.from)?, *at_head.get(&told.to)?))).collect();
    for (index, mention) in mentions.iter().enumerate() {
        if let Some(subject) = said_of(tools, mention) {
            clues.same.insert(index, at_head.get(&subject).copied());
            continue;
        }
        if let Some(other) = other_name_of(tools, mentions, mention) {
            clues.same.insert(index, Some(other));
            continue;
        }
        // "Both the pact and the accord": what a sentence puts side by side are two.
        let fellows = tools.graph.with_conjuncts(mention.head);
        let fellows = fellows.iter().filter(|&&token| token > mention.head).filter_map(|token| at_head.get(token).copied());
        clues.apart.extend(fellows.map(|other| pair(index, other)));
        // "The pact is like an accord that …": what a sentence brings in beside an agreement that it already names is another one.
        if matches!(mention.determiner.as_str(), "a" | "an") && mention.instrument.is_none() {
            let sentence = reading.sentence_of(mention.head);
            let beside = mentions.iter().enumerate().take(index).filter(|(_, other)| {
                reading.sentence_of(other.head) == sentence
                    && !matches!(other.determiner.as_str(), "a" | "an")
                    && other.weight != Weight::Anaphor
            });
            clues.apart.extend(beside.map(|(other, _)| (other, index)));
            // "They also signed a climate pact."
            let verb = tools.graph.head(mention.head).filter(|_| tools.graph.base_relation(mention.head) == "obj");
            let adds = |child: usize| tools.lists.contains("adding-adverbs", &reading.lower(child));
            if verb.is_some_and(|verb| tools.graph.down(verb, "advmod").any(adds)) {
                clues.apart.extend((0..index).map(|other| (other, index)));
            }
        }
    }
    // "DR-CAFTA, or simply CAFTA", "the treaty that brings in a constitution for Europe": known names of one instrument are one.
    let instrument = |at: usize| mentions.get(at).and_then(|mention| mention.instrument);
    clues.apart.retain(|&(one, other)| instrument(one).is_none() || instrument(one) != instrument(other));
    clues
}

/// The phrase that the mention is said of: "this is no treaty", "which does not constitute an agreement", "Pact X, a deal that …".
fn said_of(tools: &Tools<'_, '_, '_>, mention: &Mention) -> Option<usize> {
    let graph = tools.graph;
    let head = mention.head;
    if graph.base_relation(head) == "appos" {
        return graph.head(head);
    }
    if graph.has(head, "cop") {
        return graph.subjects(head).into_iter().find(|&subject| subject < head);
    }
    let verb = graph.head(head).filter(|_| matches!(graph.base_relation(head), "obj" | "xcomp"))?;
    let lemma = graph.reading().lemma(verb);
    if tools.lists.contains("being-verbs", lemma) {
        return graph.subjects(verb).into_iter().find(|&subject| subject < head);
    }
    // "the treaty establishing a constitution for Europe"
    let founds = graph.base_relation(verb) == "acl" && tools.lists.contains("founding-verbs", lemma);
    let noun = graph.reading().lower_lemma(head);
    graph.head(verb).filter(|&treaty| founds && treaty < head && tools.lexicon.is_of_unions(&noun))
}

/// Index of the mention that this one is another name of, by the words between them: "…, better known as the", "(also called the".
fn other_name_of(tools: &Tools<'_, '_, '_>, mentions: &[Mention], mention: &Mention) -> Option<usize> {
    let reading = tools.graph.reading();
    let before = |end: usize, fits: &dyn Fn(&str) -> bool| match end.checked_sub(1) {
        Some(token) if fits(&reading.lower(token)) => token,
        _ => end,
    };
    let is_mark = |word: &str| matches!(word, "\"" | "“" | "‘" | "'" | "``" | "the" | "as" | "simply");
    let mut named = mention.core.start;
    for _ in 0..4 {
        named = before(named, &is_mark);
    }
    let mut end = named.checked_sub(1).filter(|&participle| stage::is_naming(tools, participle))?;
    for _ in 0..3 {
        end = before(end, &|word| tools.lists.contains("naming-adverbs", word));
    }
    end = before(end, &|word| matches!(word, "," | "(" | "-" | "–" | "—"));
    mentions.iter().position(|other| other.full.end == end || other.core.end == end && other.weight != Weight::Anaphor)
}

/// "the treaty with Brazil on Tuesday": the date belongs to the event, not to the name.
fn end_before_date(reading: &Reading<'_>, times: &[Timex], mention: &mut Mention) {
    let span = span_of(reading, &(mention.core.end..mention.full.end));
    // "A deal on a three-year package": how long the package runs dates nothing.
    let is_length = |time: &Timex| {
        let first = reading.tokens_in(Span::new(time.start, time.end)).start;
        time.kind == Kind::Duration && first.checked_sub(1).is_none_or(|before| reading.form(before) != "for")
    };
    let inside = |time: &&Timex| time.start >= span.start() && time.start < span.end();
    let inside = times.iter().find(|time| inside(time) && !is_length(time));
    let Some(time) = inside.map(|time| reading.tokens_in(Span::new(time.start, time.end)).start) else { return };
    let mut end = time;
    while end > mention.core.end
        && matches!(reading.form(end - 1), "on" | "in" | "of" | "by" | "for" | "from" | "over" | "at" | "the" | "," | "late")
    {
        end -= 1;
    }
    mention.full.end = end;
}

/// Noun phrases that name agreements, and pronouns that can stand for one where a rule finds them in its place.
pub(super) fn all_mentions(tools: &Tools<'_, '_, '_>) -> Vec<Mention> {
    let reading = tools.graph.reading();
    let mut mentions = tools.finder.mentions(tools.graph, tools.lexicon, tools.actors);
    for mention in &mut mentions {
        end_before_date(reading, tools.times, mention);
    }
    let mut pronouns = Vec::new();
    for (token, _) in reading.tokens.iter().enumerate() {
        if tools.graph.tag(token) == Upos::Pron
            && matches!(&*reading.lower(token), "it" | "them")
            && (matches!(tools.graph.relation(token), "obj" | "nsubj:pass") || ties(tools, token))
        {
            pronouns.push(Mention::plain(token, "it", Weight::Anaphor));
        }
    }
    let verbal = verbal::mentions(tools, &mentions);
    mentions.extend(pronouns);
    mentions.extend(verbal);
    mentions.sort_by_key(|mention| mention.head);
    mentions
}

/// "It replaces the accord of 1990": the subject of a word that ties agreements is one; so is that of "it enters into force".
fn ties(tools: &Tools<'_, '_, '_>, token: usize) -> bool {
    let graph = tools.graph;
    let verb = graph.head(token).filter(|_| graph.relation(token) == "nsubj");
    verb.is_some_and(|verb| {
        let befalls = |token: usize| tools.lists.contains("befalling-agreements", graph.reading().lemma(token));
        let mut rules = tools.rules.triggered_by(graph.reading().lemma(verb));
        befalls(verb)
            || graph.down(verb, "obl").chain(graph.down(verb, "obj")).any(befalls)
            || rules.any(|rule| matches!(rule.records, Records::Relation(_)) && rule.trigger.lemmas().is_some())
    })
}

pub(super) fn classes(tools: &Tools<'_, '_, '_>, mentions: &[Mention], dates: &Dates<'_>) -> Classes {
    let reading = tools.graph.reading();
    let mut classes = Classes::new(reading.tokens.len());
    for mention in mentions {
        classes.mark(mention.head, Class::Agreement);
    }
    for actor in tools.actors.all() {
        // "Russian President Putin": the phrase speaks for the actor that its modifier names.
        let mut at = actor.tokens.end - 1;
        classes.mark(at, Class::Actor);
        for _ in 0..4 {
            let relation = tools.graph.base_relation(at);
            if !matches!(relation, "amod" | "compound" | "nmod" | "flat" | "appos") {
                break;
            }
            let Some(head) = tools.graph.head(at) else { break };
            at = head;
            classes.mark(at, Class::Actor);
        }
    }
    for head in dates.heads() {
        classes.mark(head, Class::Date);
    }
    for token in (0..reading.tokens.len()).filter(|&token| tools.graph.tag(token) == Upos::Num) {
        classes.mark(token, Class::Number);
    }
    classes
}

/// The name that a mention bears, in a form that can be compared; `None` for descriptions.
fn proper_name(tools: &Tools<'_, '_, '_>, mention: &Mention) -> Option<String> {
    let reading = tools.graph.reading();
    if mention.of_many || !mention.proper && mention.abbreviated.is_none() {
        return None;
    }
    let tokens = mention.abbreviated.as_ref().unwrap_or(&mention.full);
    let words = reading.words(span_of(reading, tokens)).to_lowercase();
    let words: Vec<&str> = words
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| {
            let plain = tools.lexicon.is_plain(word) && !tools.lexicon.renews(word);
            !word.is_empty() && !plain && !matches!(*word, "of" | "on" | "and" | "between" | "for")
        })
        .collect();
    (words.len() > 1).then(|| words.join(" "))
}
