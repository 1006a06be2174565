//! From mentions and matches to agreements: joins what speaks of one agreement, fills its cells, drops what is none.
use crate::actors::{ActorMention, Actors};
use crate::category::Categories;
use crate::category_model;
use crate::chain::{self, Chain, Clues, Day, chain};
use crate::coreference;
use crate::dates::Dates;
use crate::events::{self, Event, binds};
use crate::graph::Graph;
use crate::lexicon::{Lexicon, Weight, WordLists};
use crate::logistic::Features;
use crate::mention::{Finder, Mention, is_private, span_of};
use crate::models::Models;
use crate::party;
use crate::provision;
use crate::record;
use crate::roles;
use crate::rule::matching::{Classes, Match, Scene};
use crate::rule::pattern::Class;
use crate::rule::{Records, Rules, TermKind};
use crate::signs::{self, Focused};
use crate::stage;
use crate::sums;
use crate::terms;
use crate::verbal;
use crate::words::{Lens, Words, of_chain, of_stage};
use chancery_agreement::{AgreementFinding, Evidence, Modality, Money, Name, Party, Relation, Span, Stage, StageKind};
use chancery_dissect::{Focus, Reader, Reading, Upos};
use chancery_timex::{Kind, Timex};
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
    /// Words that may tell of a stage.
    pub stage_cues: &'t stage::Cues,
    /// What chooses among candidates.
    pub models: &'t Models,
    /// Who read the article.
    pub reader: &'t dyn Reader,
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
            if let Some(actor) = self.actors.starting_at(child).filter(|actor| !self.is_possessor(actor)) {
                found.push(actor.clone());
            }
        }
        // The nearest one: "the foreign minister of Chile", not a state that a longer description also names.
        found.sort_by_key(|actor| actor.tokens.start.abs_diff(token));
        found.truncate(1);
        found
    }

    /// "Peru's border", "Peruvian territory", "Peru's disputed northern region", "the capital of Peru"; "a Peruvian striker".
    #[must_use]
    pub fn is_possessor(&self, actor: &ActorMention) -> bool {
        let graph = self.graph;
        if is_private(graph, self.lexicon, actor) {
            return true;
        }
        let reading = graph.reading();
        let last = actor.tokens.end - 1;
        let is_place = |token: usize| self.lists.contains("possessed-places", &reading.lower_lemma(token));
        let possessed = graph.head(last).is_some_and(is_place);
        let relation = graph.relation(last);
        let hangs = matches!(relation, "nmod:poss" | "amod" | "compound") || relation == "nmod" && graph.case(last) == Some("of");
        if possessed && hangs {
            return true;
        }
        // The tree may hang the possessor on a name inside the phrase: the words up to the verb tell what is possessed.
        let end = actor.tokens.end;
        matches!(reading.form(end), "'s" | "’s" | "'" | "’")
            && (end + 1..end + 8)
                .take_while(|&token| !matches!(graph.tag(token), Upos::Verb | Upos::Aux | Upos::Sconj))
                .any(is_place)
    }
}

/// A chain of mentions, be it recorded or not.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// What the model of [`crate::record`] judges it by.
    pub features: Features,
    /// Words of its mentions and around them, which the model knows, too.
    pub words: Words,
    /// What it would be recorded as.
    pub agreement: AgreementFinding,
    /// The actors that may be its parties, taken for parties or not.
    pub parties: Vec<party::Candidate>,
    /// What may have happened to it, taken for a stage or not.
    pub stages: Vec<StageCandidate>,
    /// Where the text mentions it, by name or not, in order of the text.
    pub mentions: Vec<Span>,
    /// What the words say of it.
    pub focused: Focused,
}

/// The telling of a stage, be it recorded or not.
#[derive(Debug, Clone)]
pub struct StageCandidate {
    /// What the model of [`crate::stage`] judges it by.
    pub features: Features,
    /// Words around it, which the model knows, too.
    pub words: Words,
    /// The cell, should it be one.
    pub stage: Stage,
}

/// The agreements of an article, in order of first mention.
#[derive(Debug, Default)]
pub struct Found {
    /// What is recorded of each.
    pub agreements: Vec<AgreementFinding>,
    /// Where the text mentions each, by name or not.
    pub mentions: Vec<Vec<Span>>,
    /// What the words say of each.
    pub focused: Vec<Focused>,
}

/// All agreements of the article.
#[must_use]
pub fn find(tools: &Tools<'_, '_, '_>) -> Found {
    let recorded = |candidate: &Candidate| record::is_recorded(&tools.models.recorded, &candidate.features, &candidate.words);
    let mut found = Found::default();
    for candidate in candidates(tools, &recorded, false) {
        found.agreements.push(candidate.agreement);
        found.mentions.push(candidate.mentions);
        found.focused.push(candidate.focused);
    }
    found
}

/// Every chain that `kept` holds on to: what the models choose from, and what they are learnt from. `named`: keep the words of their
/// candidates, as learning needs them.
#[must_use]
pub fn candidates(tools: &Tools<'_, '_, '_>, kept: &dyn Fn(&Candidate) -> bool, named: bool) -> Vec<Candidate> {
    with_considered(tools, kept, named, None)
}

/// What may be a cell of the agreements, taken for one or not: what models are learned from.
#[derive(Debug, Default)]
pub struct Considered {
    /// Clauses and phrases, with the words that tell their category.
    pub provisions: Vec<(provision::Candidate, Words)>,
    /// Sums of money.
    pub sums: Vec<sums::Candidate>,
}

/// The same; `considered` gets what may be a cell of those agreements.
pub fn with_considered(
    tools: &Tools<'_, '_, '_>,
    kept: &dyn Fn(&Candidate) -> bool,
    named: bool,
    mut considered: Option<&mut Considered>,
) -> Vec<Candidate> {
    let reading = tools.graph.reading();
    let Told { mentions, dates, at_head, matches, terms, relations, events, clues } = told(tools);
    let (chains, of_mention) = chained(tools, &mentions, &clues);
    if chains.is_empty() {
        return Vec::new();
    }
    let told = told_parties(&mentions, &events, &of_mention);
    let tied = relations.iter().flat_map(|told| [told.from, told.to]).filter_map(|head| at_head.get(&head).copied());
    let lens = Lens::new(tools, &mentions.iter().map(|mention| mention.head).collect());
    let mut around = Around {
        lens: &lens,
        named,
        chains: chains.len(),
        chained: of_mention.keys().copied().collect(),
        related: tied.collect(),
        elsewhere: BTreeSet::new(),
    };
    let mut found: Vec<(usize, Candidate)> = Vec::new();
    for (at, chain) in chains.iter().enumerate() {
        around.elsewhere = told.iter().filter(|(other, _)| *other != at).map(|(_, token)| *token).collect();
        let mut candidate = agreement(tools, &mentions, &events, &dates, chain, &around);
        if kept(&candidate) {
            candidate.agreement.key = format!("a{}", found.len() + 1);
            found.push((at, candidate));
        }
    }
    let place_of = |chain: &usize| found.iter().position(|(at, _)| at == chain);
    let of_found: BTreeMap<usize, usize> =
        of_mention.iter().filter_map(|(&mention, chain)| Some((mention, place_of(chain)?))).collect();
    let parties: Vec<BTreeSet<String>> = found
        .iter()
        .map(|(_, candidate)| candidate.agreement.parties.iter().map(|party| party.actor.clone()).collect())
        .collect();
    let focused: Vec<&Focused> = found.iter().map(|(_, candidate)| &candidate.focused).collect();
    let unseen = Focused::new();
    let told = provision::candidates(&provision::Scope {
        tools,
        mentions: &mentions,
        of_mention: &of_found,
        chained: &around.chained,
        parties: &parties,
        focused: &focused,
        events: &events,
        matches: &matches,
        named: considered.is_some(),
    });
    if let Some(considered) = &mut considered {
        for candidate in &told {
            let Some(named) = mentions.get(candidate.mention) else { continue };
            let words = category_model::words(tools, candidate.commitment.evidence.span(), named, true);
            considered.provisions.push((candidate.clone(), words));
        }
    }
    for mut provision in provision::accepted(&tools.models.provisions, reading.article, told) {
        if let Some(named) = mentions.get(provision.mention).filter(|_| !provision.fixed) {
            let words = category_model::words(tools, provision.commitment.evidence.span(), named, false);
            let focused = found.get(provision.agreement).map_or(&unseen, |(_, candidate)| &candidate.focused);
            let shares = signs::of_category(tools, provision.commitment.evidence.span(), focused);
            provision.commitment.category = tools.models.categories.of(&words, &shares);
        }
        if let Some((_, Candidate { agreement, .. })) = found.get_mut(provision.agreement) {
            agreement.commitments.push(provision.commitment);
        }
    }
    let chain_of = |head: usize| at_head.get(&head).and_then(|mention| of_mention.get(mention)).copied();
    for told in &terms {
        let agreement = found.iter_mut().find(|(at, _)| chain_of(told.agreement) == Some(*at));
        if let Some((_, Candidate { agreement, .. })) = agreement {
            let cell = match told.kind {
                TermKind::Duration => &mut agreement.duration,
                TermKind::Renewal => &mut agreement.renewal,
                TermKind::Articles => &mut agreement.articles,
            };
            cell.get_or_insert_with(|| told.term.clone());
        }
    }
    for told in roles::roles(tools, &matches) {
        let agreement = found.iter_mut().find(|(at, _)| chain_of(told.agreement) == Some(*at));
        if let Some((_, Candidate { agreement, .. })) = agreement
            && !agreement.parties.iter().any(|party| party.actor == told.party.actor)
        {
            agreement.parties.push(told.party);
        }
    }
    let sums = sums::candidates(tools, &mentions, &of_found, &parties, considered.is_some());
    if let Some(considered) = &mut considered {
        considered.sums = sums.clone();
    }
    for (at, money) in sums::accepted(&tools.models.sums, sums) {
        if let Some((_, Candidate { agreement, .. })) = found.get_mut(at) {
            let same = |other: &Money| other.currency == money.currency && (other.amount - money.amount).abs() < 0.5;
            if !agreement.money.iter().any(same) {
                agreement.money.push(money);
            }
        }
    }
    for told in relations {
        let key = found.iter().find(|(at, _)| chain_of(told.to) == Some(*at)).map(|(_, other)| other.agreement.key.clone());
        let from = found.iter_mut().find(|(at, _)| chain_of(told.from) == Some(*at) && chain_of(told.from) != chain_of(told.to));
        if let (Some(to), Some((_, Candidate { agreement, .. }))) = (key, from) {
            agreement.relations.push(Relation { to, kind: told.kind, evidence: told.evidence });
        }
    }
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// What the words tell before it is clear which mentions speak of one agreement.
struct Told<'t> {
    mentions: Vec<Mention>,
    dates: Dates<'t>,
    /// Mentions by their heads.
    at_head: BTreeMap<usize, usize>,
    matches: Vec<Match<'t>>,
    terms: Vec<terms::FoundTerm>,
    relations: Vec<terms::FoundRelation>,
    events: Vec<Event>,
    clues: Clues,
}

fn told<'t>(tools: &'t Tools<'_, '_, '_>) -> Told<'t> {
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
    let mut events = events::without_refused(tools, events::told_once(events));
    stage::add_cued(tools, &mentions, &mut events);
    stage::add_marked(tools, &mentions, &mut events);
    events::turn_refusals(tools, &mut events);
    let clues = clues(tools, &mentions, &at_head, &events, &relations, &dates);
    Told { mentions, dates, at_head, matches, terms, relations, events, clues }
}

/// The chains that the mentions make, and which one each mention is in: the rules' ones as the model of coreference mends them.
fn chained(tools: &Tools<'_, '_, '_>, mentions: &[Mention], clues: &Clues) -> (Vec<Chain>, BTreeMap<usize, usize>) {
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
fn told_parties(mentions: &[Mention], events: &[Event], of_mention: &BTreeMap<usize, usize>) -> BTreeSet<(usize, usize)> {
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
        if let Some(set) = clues.parties.get_mut(event.mention)
            && binds(event.stage)
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
        // "Both the pact and the accord": what a sentence puts side by side are two.
        let fellows = tools.graph.with_conjuncts(mention.head);
        let fellows = fellows.iter().filter(|&&token| token > mention.head).filter_map(|token| at_head.get(token).copied());
        clues.apart.extend(fellows.map(|other| pair(index, other)));
        // "The pact is like an accord that …": what a sentence brings in beside an agreement that it already names is another one.
        if matches!(mention.determiner.as_str(), "a" | "an") {
            let sentence = reading.sentence_of(mention.head);
            let beside = mentions.iter().enumerate().take(index).filter(|(_, other)| {
                reading.sentence_of(other.head) == sentence
                    && !matches!(other.determiner.as_str(), "a" | "an")
                    && other.weight != Weight::Anaphor
            });
            clues.apart.extend(beside.map(|(other, _)| (other, index)));
        }
    }
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
    None
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

/// "the treaty with Brazil on Tuesday": the date belongs to the event, not to the name.
fn end_before_date(reading: &Reading<'_>, times: &[Timex], mention: &mut Mention) {
    let span = span_of(reading, &(mention.core.end..mention.full.end));
    // "A deal on a three-year package": how long the package runs dates nothing.
    let is_length = |time: &Timex| {
        let first = reading.tokens_in(Span::new(time.start, time.end)).start;
        time.kind == Kind::Duration && first.checked_sub(1).is_none_or(|before| reading.form(before) != "for")
    };
    let inside = |time: &&Timex| time.start >= span.start() && time.end <= span.end() && !span.is_empty();
    let inside = times.iter().find(|time| inside(time) && !is_length(time));
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

/// "It replaces the accord of 1990": the subject of a word that ties agreements is one.
fn ties(tools: &Tools<'_, '_, '_>, token: usize) -> bool {
    let graph = tools.graph;
    let verb = graph.head(token).filter(|_| graph.relation(token) == "nsubj");
    verb.is_some_and(|verb| {
        let mut rules = tools.rules.triggered_by(graph.reading().lemma(verb));
        rules.any(|rule| matches!(rule.records, Records::Relation(_)) && rule.trigger.lemmas().is_some())
    })
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

/// What the article tells beside the agreement in hand.
struct Around<'l, 'r, 'a> {
    /// Its words as models see them.
    lens: &'l Lens<'r, 'a>,
    /// True where the words of candidates are to be named.
    named: bool,
    /// Number of agreements that it speaks of.
    chains: usize,
    /// The mentions of any of them.
    chained: BTreeSet<usize>,
    /// Mentions that it ties to another agreement.
    related: BTreeSet<usize>,
    /// First tokens of the actors that its words make parties to another one.
    elsewhere: BTreeSet<usize>,
}

fn agreement(
    tools: &Tools<'_, '_, '_>,
    mentions: &[Mention],
    events: &[Event],
    dates: &Dates<'_>,
    chain: &Chain,
    around: &Around<'_, '_, '_>,
) -> Candidate {
    let related = chain.mentions.iter().any(|mention| around.related.contains(mention));
    let own: Vec<&Mention> = chain.mentions.iter().filter_map(|&index| mentions.get(index)).collect();
    let focused = in_focus(tools, mentions, chain, &around.chained);
    let mut own_events: Vec<&Event> = events.iter().filter(|event| chain.mentions.contains(&event.mention)).collect();
    let more = stage::in_focus(tools, mentions, &chain.mentions, &focused, &own_events);
    own_events.extend(&more);
    let tellings = tellings(tools, (mentions, &own), (&own_events, &focused), dates, chain, around);
    let kept = |telling: &&Telling<'_>| telling.likeliest && telling.probability >= tools.models.stages.threshold();
    let acts: Vec<&Event> = tellings.iter().filter(kept).map(|telling| telling.event).collect();
    let stages =
        events::told_together(tellings.iter().filter(kept).map(|telling| (telling.stage.clone(), telling.event.dated)).collect());
    let actors = party::candidates(tools, chain, &own, &acts, &around.elsewhere, &focused);
    let mut sides: Vec<f64> = actors.iter().map(|actor| tools.models.parties.probability(&actor.features)).collect();
    sides.sort_by(|a, b| b.total_cmp(a));
    let told: Vec<Party> = actors.iter().filter(|actor| actor.is_told()).map(|actor| actor.party.clone()).collect();
    let parties = party::accepted(&tools.models.parties, chain, &actors);
    let cells = record::Cells {
        told: &told,
        near: &parties,
        stages: &stages,
        related,
        first_side: sides.first().copied().unwrap_or(0.0),
        second_side: sides.get(1).copied().unwrap_or(0.0),
        surest_stage: tellings.iter().map(|telling| telling.probability).fold(0.0, f64::max),
        focused: &focused,
    };
    let features = record::features(tools, chain, &own, &cells);
    let finding = AgreementFinding {
        key: String::new(),
        names: names(tools, &own),
        kind: chain.kind(),
        parties,
        stages,
        commitments: Vec::new(),
        money: Vec::new(),
        duration: None,
        renewal: None,
        articles: None,
        relations: Vec::new(),
    };
    let tellings = tellings.into_iter().map(|telling| StageCandidate {
        features: telling.features,
        words: telling.words,
        stage: telling.stage,
    });
    let words = of_chain(around.lens, &own, Words::new(around.named));
    let places = own.iter().map(|mention| span_of(tools.graph.reading(), &mention.core)).collect();
    Candidate { features, words, agreement: finding, parties: actors, stages: tellings.collect(), mentions: places, focused }
}

/// What the words say of the agreement of `chain`; `chained` are the mentions of any.
fn in_focus(tools: &Tools<'_, '_, '_>, mentions: &[Mention], chain: &Chain, chained: &BTreeSet<usize>) -> Focused {
    let reading = tools.graph.reading();
    if reading.states.is_empty() {
        return Focused::new();
    }
    let tokens = |index: &usize| mentions.get(*index).map(|mention| mention.core.clone());
    let own = chain.mentions.iter().filter_map(tokens).collect();
    let others = chained.iter().filter(|index| !chain.mentions.contains(index)).filter_map(tokens).collect();
    tools.reader.focus(reading, &Focus { mentions: own, others })
}

/// The telling of a stage with the probability that it is one.
struct Telling<'e> {
    event: &'e Event,
    features: Features,
    words: Words,
    probability: f64,
    /// False where its word tells of another stage more likely.
    likeliest: bool,
    stage: Stage,
}

/// What may have happened to the agreement of `chain`: the likeliest stage of each word that tells of any.
fn tellings<'e>(
    tools: &Tools<'_, '_, '_>,
    (mentions, own): (&[Mention], &[&Mention]),
    (events, focused): (&[&'e Event], &Focused),
    dates: &Dates<'_>,
    chain: &Chain,
    around: &Around<'_, '_, '_>,
) -> Vec<Telling<'e>> {
    let mut found: Vec<Telling<'e>> = Vec::new();
    for event in events {
        let Some(mention) = mentions.get(event.mention) else { continue };
        let surroundings = stage::Surroundings {
            chain,
            chains: around.chains,
            events,
            dated: events::date(tools, mentions, dates, event).is_some_and(|date| date.value.is_some()),
            date_in_sentence: dates.in_sentence_of(tools.graph, event.trigger),
        };
        let mut features = stage::features(tools, event, mention, &surroundings);
        signs::of_stage(tools, event, mention, own, &mut features);
        signs::of_stage_in_focus(tools, event, focused, &mut features);
        let tie = stage::tie(&features);
        let words = of_stage(around.lens, event.trigger, event.stage.as_str(), mention, tie, Words::new(around.named));
        let probability = tools.models.stages.probability_with(&features, &words);
        let Some(stage) = events::cell(tools, mentions, dates, event, probability as f32) else { continue };
        found.push(Telling { event, features, words, probability, stage, likeliest: true });
    }
    // A word tells of one stage, and what a rule or a cue makes of it else is less likely.
    let mut best: BTreeMap<usize, f64> = BTreeMap::new();
    for telling in &found {
        let highest = best.entry(telling.event.trigger).or_insert(telling.probability);
        *highest = highest.max(telling.probability);
    }
    for telling in &mut found {
        telling.likeliest = best.get(&telling.event.trigger).is_none_or(|&highest| telling.probability >= highest);
    }
    found
}

/// The names that the mentions bear. A bare noun is one only where there is no better: then with the clause that says what it is about
/// ("an agreement to share the river"). A ceasefire is named by its noun, too.
fn names(tools: &Tools<'_, '_, '_>, mentions: &[&Mention]) -> Vec<Name> {
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
        .filter(|&(first, _)| {
            !tools
                .times
                .iter()
                .any(|time| reading.tokens_in(Span::new(time.start, time.end)).start <= first + 1 && time.start >= span.end())
        });
    clause.map_or(span, |(_, last)| span_of(reading, &(mention.full.start..last + 1)))
}
