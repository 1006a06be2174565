//! From mentions and matches to agreements: joins what speaks of one agreement, fills its cells, drops what is none.
use crate::actors::{ActorMention, Actors};
use crate::category::Categories;
use crate::chain::{Chain, chain};
use crate::commitments::{Provision, provisions};
use crate::dates::{self, Dates};
use crate::graph::Graph;
use crate::lexicon::{Lexicon, Weight, WordLists};
use crate::mention::{Finder, Mention, span_of};
use crate::modality;
use crate::record::{self, Features, Model};
use crate::rule::matching::{Classes, Match, Scene};
use crate::rule::pattern::Class;
use crate::rule::{Records, Rules, TermKind};
use crate::sums;
use crate::terms;
use chancery_agreement::{
    AgreementFinding, AgreementKind, Article, Evidence, Modality, Money, Name, Party, PartyRole, Relation, Span, Stage,
    StageKind, Term,
};
use chancery_dissect::actors::{ActorKind, Relation as ActorRelation};
use chancery_dissect::{Reading, Upos};
use chancery_timex::Timex;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that finding agreements needs.
pub struct Tools<'t, 'r, 'a> {
    /// The trees.
    pub graph: Graph<'r, 'a>,
    /// Political actors of the article.
    pub actors: &'t Actors,
    /// Its time expressions.
    pub times: &'t [Timex],
    /// Rules.
    pub rules: &'t Rules,
    /// Agreement nouns and known instruments.
    pub lexicon: &'t Lexicon,
    /// Word lists.
    pub lists: &'t WordLists,
    /// Finds mentions.
    pub finder: &'t Finder,
    /// Categories of commitments.
    pub categories: &'t Categories,
}

impl Tools<'_, '_, '_> {
    /// Actors that the phrase headed by `token` speaks for.
    #[must_use]
    pub fn speaks_for(&self, token: usize) -> Vec<ActorMention> {
        if let Some(actor) = self.actors.at(token) {
            return vec![actor.clone()];
        }
        let mut found: Vec<ActorMention> = Vec::new();
        for child in self.graph.below(token) {
            if child.abs_diff(token) > 12 || self.graph.base_relation(child) == "acl" {
                continue;
            }
            if let Some(actor) = self.actors.starting_at(child) {
                found.push(actor.clone());
            }
        }
        // The nearest one: "the foreign minister of Chile", not a state that a longer description also names.
        found.sort_by_key(|actor| actor.tokens.start.abs_diff(token));
        found.truncate(1);
        found
    }
}

/// An event that a rule found, before it is clear of which agreement.
struct Event<'m> {
    found: Match<'m>,
    stage: StageKind,
    modality: Modality,
    mention: usize,
    parties: Vec<ActorMention>,
    span: Span,
}

/// All agreements of the article, in order of first mention.
#[must_use]
pub fn find(tools: &Tools<'_, '_, '_>, model: &Model) -> Vec<AgreementFinding> {
    let kept = |(features, _): &(Features, AgreementFinding)| model.accepts(features);
    candidates(tools, &kept).into_iter().map(|(_, agreement)| agreement).collect()
}

/// Every chain that `kept` holds on to, with its features: what the model chooses from, and what it is learnt from.
#[must_use]
pub fn candidates(
    tools: &Tools<'_, '_, '_>,
    kept: &dyn Fn(&(Features, AgreementFinding)) -> bool,
) -> Vec<(Features, AgreementFinding)> {
    let reading = tools.graph.reading();
    let mentions = all_mentions(tools);
    let dates = Dates::new(reading, tools.times);
    let classes = classes(tools, &mentions, &dates);
    let scene = Scene { graph: tools.graph, classes: &classes, lists: tools.lists };
    let at_head: BTreeMap<usize, usize> = mentions.iter().enumerate().map(|(index, mention)| (mention.head, index)).collect();
    let matches: Vec<Match<'_>> =
        (0..reading.sentences.len()).flat_map(|sentence| scene.matches(tools.rules, sentence)).collect();
    let provisions = provisions(tools, &matches);
    let (terms, relations) = (terms::terms(tools, &matches), terms::relations(tools, &matches));
    let events: Vec<Event<'_>> = matches.into_iter().flat_map(|found| events_of(tools, &mentions, &at_head, found)).collect();

    let mut parties: Vec<BTreeSet<String>> =
        mentions.iter().map(|mention| mention.parties.iter().map(|party| party.actor.clone()).collect()).collect();
    for event in &events {
        if let Some(set) = parties.get_mut(event.mention)
            && binds(event.stage)
            && set.len() < 2
        {
            set.extend(event.parties.iter().map(|party| party.actor.clone()));
        }
    }
    let events = without_refused(tools, told_once(events));
    let names: Vec<Option<String>> = mentions.iter().map(|mention| proper_name(reading, mention)).collect();
    let apart: BTreeSet<(usize, usize)> = relations
        .iter()
        .filter_map(|told| Some((*at_head.get(&told.from)?, *at_head.get(&told.to)?)))
        .map(|(from, to)| (from.min(to), from.max(to)))
        .collect();
    let (chains, of_mention) = chain(&mentions, &parties, &names, &apart);
    let mut found: Vec<(usize, AgreementFinding)> = Vec::new();
    let mut all_features = Vec::new();
    for (at, chain) in chains.iter().enumerate() {
        let belongs = |provision: &&Provision| {
            let mention = match provision.agreement {
                Some(head) => at_head.get(&head).copied(),
                None => nearest_before(&mentions, &chains, &of_mention, provision),
            };
            mention.and_then(|mention| of_mention.get(&mention)) == Some(&at)
        };
        let own: Vec<&Provision> = provisions.iter().filter(belongs).collect();
        let candidate = agreement(tools, &mentions, &events, &dates, chain, &own);
        if let Some((features, mut agreement)) = candidate.filter(kept) {
            agreement.key = format!("a{}", found.len() + 1);
            found.push((at, agreement));
            all_features.push(features);
        }
    }
    let chain_of = |head: usize| at_head.get(&head).and_then(|mention| of_mention.get(mention)).copied();
    for told in &terms {
        let agreement = found.iter_mut().find(|(at, _)| chain_of(told.agreement) == Some(*at));
        if let Some((_, agreement)) = agreement {
            let cell = match told.kind {
                TermKind::Duration => &mut agreement.duration,
                TermKind::Renewal => &mut agreement.renewal,
                TermKind::Articles => &mut agreement.articles,
            };
            cell.get_or_insert_with(|| told.term.clone());
        }
    }
    for (head, money) in sums::sums(tools, &mentions) {
        if let Some((_, agreement)) = found.iter_mut().find(|(at, _)| chain_of(head) == Some(*at)) {
            let same = |other: &Money| other.currency == money.currency && (other.amount - money.amount).abs() < 0.5;
            if !agreement.money.iter().any(same) {
                agreement.money.push(money);
            }
        }
    }
    for told in relations {
        let key = found.iter().find(|(at, _)| chain_of(told.to) == Some(*at)).map(|(_, other)| other.key.clone());
        let from = found.iter_mut().find(|(at, _)| chain_of(told.from) == Some(*at) && chain_of(told.from) != chain_of(told.to));
        if let (Some(to), Some((_, agreement))) = (key, from) {
            agreement.relations.push(Relation { to, kind: told.kind, evidence: told.evidence });
        }
    }
    all_features.into_iter().zip(found).map(|(features, (_, agreement))| (features, agreement)).collect()
}

/// Captures of the first match of the rule `name`, by argument.
#[must_use]
pub fn try_rule(tools: &Tools<'_, '_, '_>, name: &str) -> Option<Vec<(String, Span)>> {
    let reading = tools.graph.reading();
    let mentions = all_mentions(tools);
    let dates = Dates::new(reading, tools.times);
    let classes = classes(tools, &mentions, &dates);
    let scene = Scene { graph: tools.graph, classes: &classes, lists: tools.lists };
    let mut matches = (0..reading.sentences.len()).flat_map(|sentence| scene.matches(tools.rules, sentence));
    let found = matches.find(|found| found.rule.name == name)?;
    let spans = found.captures.iter().flat_map(|(argument, tokens)| {
        tokens.iter().filter_map(|&token| Some(((*argument).to_owned(), reading.tokens.get(token)?.span)))
    });
    Some(spans.collect())
}

/// Stages whose subjects are parties to the agreement.
fn binds(stage: StageKind) -> bool {
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

/// For a provision told without its agreement: the mention nearest before it whose agreement has one of its actors as a party.
fn nearest_before(
    mentions: &[Mention],
    chains: &[Chain],
    of_mention: &BTreeMap<usize, usize>,
    provision: &Provision,
) -> Option<usize> {
    let end = mentions.partition_point(|mention| mention.head < provision.token);
    (0..end).rev().take(6).find(|mention| {
        let chain = of_mention.get(mention).and_then(|&at| chains.get(at));
        chain.is_some_and(|chain| provision.by.iter().any(|actor| chain.parties.contains(actor)))
    })
}

/// "the treaty with Brazil on Tuesday": the date belongs to the event, not to the name.
fn end_before_date(reading: &Reading<'_>, times: &[Timex], mention: &mut Mention) {
    let span = span_of(reading, &(mention.core.end..mention.full.end));
    let inside = times.iter().find(|time| time.start >= span.start() && time.end <= span.end() && !span.is_empty());
    let Some(time) = inside.map(|time| reading.tokens_in(Span::new(time.start, time.end)).start) else { return };
    let mut end = time;
    while end > mention.core.end
        && matches!(reading.form(end - 1), "on" | "in" | "of" | "by" | "for" | "from" | "the" | "," | "late")
    {
        end -= 1;
    }
    mention.full.end = end;
}

/// Noun phrases that name agreements, and pronouns that can stand for one where a rule finds them in its place.
fn all_mentions(tools: &Tools<'_, '_, '_>) -> Vec<Mention> {
    let reading = tools.graph.reading();
    let mut mentions = tools.finder.mentions(tools.graph, tools.lexicon, tools.actors);
    for mention in &mut mentions {
        end_before_date(reading, tools.times, mention);
    }
    let mut pronouns = Vec::new();
    for (token, _) in reading.tokens.iter().enumerate() {
        if tools.graph.tag(token) == Upos::Pron
            && matches!(reading.form(token).to_lowercase().as_str(), "it" | "them")
            && matches!(tools.graph.relation(token), "obj" | "nsubj:pass")
        {
            pronouns.push(Mention {
                head: token,
                core: token..token + 1,
                full: token..token + 1,
                phrase: token..token + 1,
                noun: "it".to_owned(),
                kind: AgreementKind::Other,
                weight: Weight::Anaphor,
                instrument: None,
                determiner: String::new(),
                plural: false,
                modifiers: Vec::new(),
                apart: false,
                year: None,
                proper: false,
                parties: Vec::new(),
            });
        }
    }
    mentions.extend(pronouns);
    mentions.sort_by_key(|mention| mention.head);
    mentions
}

fn classes(tools: &Tools<'_, '_, '_>, mentions: &[Mention], dates: &Dates<'_>) -> Classes {
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
    for (token, _) in reading.tokens.iter().enumerate() {
        match tools.graph.tag(token) {
            Upos::Propn => {
                classes.mark(token, Class::Person);
                classes.mark(token, Class::Organization);
            }
            Upos::Noun => classes.mark(token, Class::Organization),
            Upos::Num => classes.mark(token, Class::Number),
            _ => {}
        }
    }
    classes
}

fn events_of<'m>(
    tools: &Tools<'_, '_, '_>,
    mentions: &[Mention],
    at_head: &BTreeMap<usize, usize>,
    found: Match<'m>,
) -> Vec<Event<'m>> {
    let Records::Stage(stage) = found.rule.records else { return Vec::new() };
    let governor = found.argument("via").first().copied().filter(|&via| tools.graph.tag(via) == Upos::Verb);
    let modality =
        found.rule.modality.unwrap_or_else(|| modality::of(tools.graph, tools.lists, governor.unwrap_or(found.trigger)));
    let mut parties: Vec<ActorMention> = found.argument("party").iter().flat_map(|&token| tools.speaks_for(token)).collect();
    if !found.argument("party").is_empty() || binds(stage) {
        let verb = governor.unwrap_or(found.trigger);
        for with in tools.graph.down(verb, "obl").filter(|&child| tools.graph.case(child) == Some("with")) {
            for token in tools.graph.with_conjuncts(with) {
                parties.extend(tools.speaks_for(token));
            }
        }
    }
    let mut events = Vec::new();
    for token in found.argument("agreement") {
        let Some(&mention) = at_head.get(token) else { continue };
        let Some(named) = mentions.get(mention) else { continue };
        let span = wording(tools, &found, named);
        events.push(Event { found: found.clone(), stage, modality, mention, parties: parties.clone(), span });
    }
    events
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

/// The name that a mention bears, in a form that can be compared; `None` for descriptions.
fn proper_name(reading: &Reading<'_>, mention: &Mention) -> Option<String> {
    if mention.instrument.is_some() || !mention.proper {
        return None;
    }
    let words = reading.words(mention.span(reading)).to_lowercase();
    let words: Vec<&str> = words
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| {
            !word.is_empty() && !matches!(*word, "the" | "a" | "an" | "of" | "on" | "and" | "so" | "called" | "between" | "for")
        })
        .collect();
    (words.len() > 1).then(|| words.join(" "))
}

fn agreement(
    tools: &Tools<'_, '_, '_>,
    mentions: &[Mention],
    events: &[Event<'_>],
    dates: &Dates<'_>,
    chain: &Chain,
    provisions: &[&Provision],
) -> Option<(Features, AgreementFinding)> {
    let reading = tools.graph.reading();
    let article = reading.article;
    let own: Vec<&Mention> = chain.mentions.iter().filter_map(|&index| mentions.get(index)).collect();
    let own_events: Vec<&Event<'_>> = events.iter().filter(|event| chain.mentions.contains(&event.mention)).collect();
    let stages = stages(tools, article, mentions, dates, &own_events);
    let mut parties = parties(article, &own, &own_events);
    let told = parties.clone();
    add_from_context(tools, chain, &own, &mut parties);
    let features = record::features(tools, chain, &own, &told, &parties, &stages);
    let finding = AgreementFinding {
        key: String::new(),
        names: names(article, reading, &own),
        kind: chain.kind(),
        parties,
        stages,
        commitments: provisions.iter().map(|provision| provision.commitment().clone()).collect(),
        money: Vec::new(),
        duration: None,
        renewal: None,
        articles: None,
        relations: Vec::new(),
    };
    Some((features, finding))
}

/// One event for each word that tells of it and each agreement: of two rules that see the same, the first in the files speaks.
fn told_once(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut seen = BTreeSet::new();
    events.into_iter().filter(|event| seen.insert((event.found.trigger, event.stage, event.mention))).collect()
}

/// "Refused to ratify the treaty" tells of a refusal, not of a ratification that was denied as well.
fn without_refused<'m>(tools: &Tools<'_, '_, '_>, events: Vec<Event<'m>>) -> Vec<Event<'m>> {
    let refusals: BTreeSet<(usize, usize)> = events
        .iter()
        .filter(|event| event.stage == StageKind::Rejected)
        .map(|event| (event.found.trigger, event.mention))
        .collect();
    let refused = |event: &Event<'_>| {
        event.stage != StageKind::Rejected
            && tools.graph.head(event.found.trigger).is_some_and(|head| refusals.contains(&(head, event.mention)))
    };
    events.into_iter().filter(|event| !refused(event)).collect()
}

fn names(article: &Article, reading: &Reading<'_>, mentions: &[&Mention]) -> Vec<Name> {
    let telling: Vec<&&Mention> =
        mentions.iter().filter(|mention| !mention.is_bare() && mention.weight != Weight::Anaphor).collect();
    let named: Vec<&&Mention> = if telling.is_empty() { mentions.iter().take(1).collect() } else { telling };
    let mut seen = BTreeSet::new();
    let mut names = Vec::new();
    for mention in named {
        let span = mention.span(reading);
        let Some(evidence) = Evidence::new(article, span, "agreement-noun", 0.8) else { continue };
        if seen.insert(evidence.quote().to_lowercase()) {
            names.push(Name { evidence });
        }
    }
    names
}

fn parties(article: &Article, mentions: &[&Mention], events: &[&Event<'_>]) -> Vec<Party> {
    let mut found: Vec<Party> = Vec::new();
    let mut add = |actor: &ActorMention, rule: &str, confidence: f32| {
        if found.iter().any(|party| party.actor == actor.actor) {
            return;
        }
        if let Some(evidence) = Evidence::new(article, actor.span, rule, confidence) {
            found.push(Party { actor: actor.actor.clone(), role: PartyRole::Party, evidence });
        }
    };
    for actor in mentions.iter().flat_map(|mention| &mention.parties) {
        add(actor, "party-in-name", 0.9);
    }
    for event in events.iter().filter(|event| binds(event.stage)) {
        for actor in &event.parties {
            add(actor, &event.found.rule.name, 0.8);
        }
    }
    found
}

/// Parties that the sentences around a mention give where its own words and the events name fewer than two: the actors that stand
/// with it most often, mediators, places and bodies that look on left out. A multilateral instrument takes only the state whose
/// doings with it the sentence tells.
fn add_from_context(tools: &Tools<'_, '_, '_>, chain: &Chain, mentions: &[&Mention], parties: &mut Vec<Party>) {
    let known = chain.instrument().is_some();
    let wanted = if known { 1 } else { 2 };
    if parties.len() >= wanted || mentions.iter().all(|mention| mention.weight == Weight::Anaphor) {
        return;
    }
    let reading = tools.graph.reading();
    let conflict = matches!(chain.kind(), AgreementKind::Ceasefire | AgreementKind::PeaceAccord);
    let sentences: BTreeSet<usize> = mentions.iter().filter_map(|mention| reading.sentence_of(mention.head)).collect();
    let around: BTreeSet<usize> = sentences.iter().flat_map(|&at| [at.saturating_sub(1), at + 1]).collect();
    let everywhere: BTreeSet<usize> = (0..reading.sentences.len()).collect();
    let tiers: &[(&BTreeSet<usize>, f32, &str)] = match (known, conflict) {
        (true, _) => &[(&sentences, 0.4, "state-of-instrument")],
        (false, false) => &[(&sentences, 0.5, "party-in-sentence"), (&around, 0.4, "party-next-to-sentence")],
        (false, true) => &[
            (&sentences, 0.5, "party-in-sentence"),
            (&around, 0.4, "party-next-to-sentence"),
            (&everywhere, 0.3, "party-to-the-conflict"),
        ],
    };
    for (sentences, confidence, rule) in tiers {
        for actor in ranked(tools, sentences, known, conflict) {
            if parties.len() < wanted
                && parties.iter().all(|party| party.actor != actor.actor)
                && let Some(evidence) = Evidence::new(reading.article, actor.span, rule, *confidence)
            {
                parties.push(Party { actor: actor.actor.clone(), role: PartyRole::Party, evidence });
            }
        }
    }
}

/// Actors of these sentences that may be parties, likeliest first.
fn ranked<'t>(tools: &'t Tools<'_, '_, '_>, sentences: &BTreeSet<usize>, known: bool, conflict: bool) -> Vec<&'t ActorMention> {
    let reading = tools.graph.reading();
    let mut near: BTreeMap<&str, (usize, &ActorMention)> = BTreeMap::new();
    for sentence in sentences.iter().filter_map(|&at| reading.sentences.get(at)) {
        for actor in tools.actors.in_range(&sentence.tokens).filter(|actor| may_be_party(tools, actor)) {
            let subject = speaks_as_subject(tools, actor);
            if known && !(subject && actor.kind.is_polity()) {
                continue;
            }
            let fighter = conflict && actor.kind == ActorKind::ArmedGroup;
            near.entry(actor.actor.as_str()).or_insert((0, actor)).0 += 4 + 2 * usize::from(subject) + 4 * usize::from(fighter);
        }
    }
    let mut ranked: Vec<(usize, &ActorMention)> = near
        .into_values()
        .map(|(weight, actor)| (weight + tools.actors.counts().get(&actor.actor).copied().unwrap_or(0).min(6), actor))
        .collect();
    ranked.sort_by_key(|(weight, actor)| (std::cmp::Reverse(*weight), actor.tokens.start));
    ranked.into_iter().map(|(_, actor)| actor).collect()
}

/// True when the actor, or the phrase that it is an adjective or possessor of, is the subject of its clause.
fn speaks_as_subject(tools: &Tools<'_, '_, '_>, actor: &ActorMention) -> bool {
    let mut token = actor.tokens.end - 1;
    for _ in 0..4 {
        match tools.graph.base_relation(token) {
            "nsubj" => return true,
            "amod" | "compound" | "nmod" | "flat" | "appos" | "conj" => match tools.graph.head(token) {
                Some(head) => token = head,
                None => return false,
            },
            _ => return false,
        }
    }
    false
}

/// Whether an actor named near an agreement may be a party to it: not a place, not a mediator, not a body that looks on.
fn may_be_party(tools: &Tools<'_, '_, '_>, actor: &ActorMention) -> bool {
    let graph = tools.graph;
    let last = actor.tokens.end - 1;
    let case = graph.case(last).unwrap_or("");
    if matches!(actor.relation, ActorRelation::Capital | ActorRelation::Seat | ActorRelation::Name)
        && matches!(case, "in" | "at" | "near" | "from" | "across" | "into" | "over" | "through")
    {
        return false;
    }
    let next = graph.reading().form(actor.tokens.end).to_lowercase();
    if next == "-" || next.ends_with("brokered") || next.ends_with("mediated") {
        let helper = graph.reading().form(actor.tokens.end + 1).to_lowercase();
        if helper.ends_with("ed") {
            return false;
        }
    }
    if matches!(graph.reading().form(actor.tokens.end), "'s" | "’s" | "'" | "’")
        && graph.reading().lemma(actor.tokens.end + 1) != "government"
    {
        let possessed = graph.head(last).map_or("", |head| graph.reading().lemma(head));
        if matches!(
            possessed,
            "region" | "territory" | "province" | "republic" | "part" | "border" | "neighbor" | "neighbour" | "capital" | "city"
        ) {
            return false;
        }
    }
    let governor = graph.head(last).map_or("", |head| graph.reading().lemma(head));
    if case == "by" && matches!(governor, "broker" | "mediate" | "sponsor" | "facilitate" | "host" | "back" | "draft") {
        return false;
    }
    !matches!(actor.kind, ActorKind::International | ActorKind::Bloc | ActorKind::Territory | ActorKind::Organization)
}

fn stages(
    tools: &Tools<'_, '_, '_>,
    article: &Article,
    mentions: &[Mention],
    dates: &Dates<'_>,
    events: &[&Event<'_>],
) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for event in events {
        let rule = event.found.rule;
        let Some(evidence) = Evidence::new(article, event.span, &rule.name, rule.confidence) else { continue };
        let phrase = mentions.get(event.mention).map(|mention| mention.phrase.clone());
        let time = dates.of_event(
            tools.graph,
            event.found.trigger,
            event.found.argument("via").first().copied(),
            mentions.get(event.mention).map(|mention| mention.head),
            phrase.as_ref(),
        );
        let date = time.and_then(|time| dates::cell(article, time, &rule.name));
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
        let by = event.found.argument("by").first().and_then(|&token| term(tools, article, token, &rule.name));
        let place = place(tools, article, dates, &event.found);
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

/// Where it happened: "signed in Geneva", "at the Kremlin".
fn place(tools: &Tools<'_, '_, '_>, article: &Article, dates: &Dates<'_>, found: &Match<'_>) -> Option<Term> {
    let graph = tools.graph;
    let verbs = [Some(found.trigger), found.argument("via").first().copied()];
    let place = verbs.into_iter().flatten().flat_map(|verb| graph.down(verb, "obl").collect::<Vec<_>>()).find(|&child| {
        graph.tag(child) == Upos::Propn && matches!(graph.case(child), Some("in" | "at")) && !dates.covers(child)
    })?;
    term(tools, article, place, &found.rule.name)
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
