//! Which clauses and phrases say what an agreement provides: a logistic model over what stands in and around them
//! (`rules/en/provisions.toml`), learnt from hand-labelled news by `chancery-train provisions`.
//!
//! Every clause, and every phrase that a verb or the agreement's noun governs, is a candidate for the agreement that governs it, that
//! is its subject, that stands nearest in its sentence, or that was last spoken of. Commitment rules are features among others. Of
//! candidates that overlap, the likeliest stands.
use crate::agreements::Tools;
use crate::commitments;
use crate::events::{Event, head_of};
use crate::graph::Graph;
use crate::lexicon::Weight;
use crate::logistic::{Features, Model};
use crate::mention::{Mention, span_of};
use crate::rule::Records;
use crate::rule::matching::Match;
use crate::signs::{self, Focused};
use crate::stage;
use crate::words::{Clause, Lens, Words, of_clause};
use chancery_agreement::{AgreementKind, Article, Commitment, CommitmentCategory, Evidence, Span};
use chancery_dissect::{MarkKind, Tense, Upos, VerbForm, lower};
use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Every feature that [`candidates`] can give.
pub const NAMES: &[&str] = &[
    "governed-by-agreement",
    "subject-is-agreement",
    "agreement-in-sentence",
    "one-sentence-after",
    "two-sentences-after",
    "three-sentences-after",
    "far-after",
    "before-agreement",
    "distance",
    "is-verb",
    "is-copula",
    "is-noun",
    "conjunct",
    "governor-agrees",
    "governor-provides",
    "governor-calls",
    "governor-says",
    "governor-makes",
    "governor-is-agreement",
    "governor-is-its-agreement",
    "governor-is-event",
    "governor-of-agreement",
    "governor-of-party",
    "governor-agrees-for-party",
    "governor-will",
    "governor-would",
    "to-do-of-agreement",
    "subject-actor",
    "subject-party",
    "subject-collective",
    "subject-pronoun",
    "no-subject",
    "agreement-provides",
    "agreement-does-other",
    "will",
    "shall",
    "would",
    "may",
    "should",
    "to-do",
    "gerund",
    "past",
    "present",
    "perfect",
    "passive",
    "negated",
    "conditional",
    "verb-agrees",
    "verb-provides",
    "verb-calls",
    "verb-says",
    "verb-makes",
    "verb-of-news",
    "act-in-verb",
    "act-in-noun",
    "other-verb",
    "no-preposition",
    "deverbal",
    "name",
    "noun-is-agreement",
    "on-phrase-of-agreement",
    "subject-of-governor",
    "object-of-provider",
    "under-agreement",
    "is-event",
    "holds-event",
    "holds-agreement",
    "quoted",
    "said",
    "called-for",
    "in-return",
    "also",
    "by-its-terms",
    "bullet",
    "has-category",
    "category-words",
    "very-short",
    "short",
    "middling",
    "long",
    "lead",
    "begins-sentence",
    "money",
    "rule-agreement-provides",
    "rule-agreement-under-which",
    "rule-agreement-by-which",
    "rule-agree-to-do",
    "rule-reach-agreement-to-do",
    "rule-agreement-on",
    "rule-party-will-do",
    "mark-known",
    "mark-commitment",
    "mark-commitment-head",
    "mark-commitment-least",
    "mark-before",
    "mark-after",
    "focus-known",
    "focus-commitment",
    "focus-commitment-head",
    "focus-commitment-least",
    "focus-before",
    "focus-after",
];

/// A clause or phrase that may be a provision.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Which of the agreements it would belong to.
    pub agreement: usize,
    /// What the model judges it by.
    pub features: Features,
    /// Words in and around it, which the model knows, too.
    pub words: Words,
    /// The mention that it would belong to.
    pub mention: usize,
    /// The cell, should it be one.
    pub commitment: Commitment,
    /// True where a rule of the user's own says what it is about.
    pub fixed: bool,
    /// True where a rule of the user's own found it: it stands whatever the model says.
    pub told: bool,
}

/// What candidates are looked for in.
pub struct Scope<'s, 't, 'r, 'a> {
    /// Trees, actors, lists.
    pub tools: &'s Tools<'t, 'r, 'a>,
    /// Mentions of agreements, in order of the text.
    pub mentions: &'s [Mention],
    /// For each mention which agreement it speaks of.
    pub of_mention: &'s BTreeMap<usize, usize>,
    /// Mentions that are in any chain, recorded or not.
    pub chained: &'s BTreeSet<usize>,
    /// Parties of each agreement.
    pub parties: &'s [BTreeSet<String>],
    /// What the words say of each agreement.
    pub focused: &'s [&'s Focused],
    /// What happened to the agreements.
    pub events: &'s [Event],
    /// What the rules found.
    pub matches: &'s [Match<'s>],
    /// True where the words of candidates are to be named: to be learned from.
    pub named: bool,
}

/// Two candidates that share so many of their words (Dice) say the same.
const SAME_WORDS: f64 = 0.5;

/// The provisions among the candidates, the likeliest first: none overlaps another, none says the same again.
#[must_use]
pub fn accepted(model: &Model, article: &Article, candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut likely: Vec<(f64, Candidate)> = candidates
        .into_iter()
        .map(|candidate| {
            (if candidate.told { 1.0 } else { model.probability_with(&candidate.features, &candidate.words) }, candidate)
        })
        .filter(|(probability, _)| *probability >= model.threshold())
        .collect();
    let start = |candidate: &Candidate| candidate.commitment.evidence.span().start();
    likely.sort_by(|(p, a), (q, b)| q.total_cmp(p).then(start(a).cmp(&start(b))));
    let mut kept: Vec<Candidate> = Vec::new();
    for (probability, mut candidate) in likely {
        let evidence = &candidate.commitment.evidence;
        let span = evidence.span();
        let repeats = |other: &Candidate| {
            let told = other.commitment.evidence.span();
            (told.start() < span.end() && span.start() < told.end())
                || likeness(evidence.quote(), other.commitment.evidence.quote()) >= SAME_WORDS
        };
        if kept.iter().any(repeats) {
            continue;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a confidence is shown, not computed with")]
        if !candidate.told
            && let Some(weighed) = Evidence::new(article, span, evidence.rule(), probability as f32)
        {
            candidate.commitment.evidence = weighed;
        }
        kept.push(candidate);
    }
    kept.sort_by_key(start);
    kept
}

/// Share of words that two texts have in common (Dice), 0 to 1.
fn likeness(a: &str, b: &str) -> f64 {
    let count = |text| {
        let mut counts: BTreeMap<Cow<'_, str>, u32> = BTreeMap::new();
        for word in words(text) {
            *counts.entry(word).or_default() += 1;
        }
        counts
    };
    let (a, b) = (count(a), count(b));
    let shared: u32 = a.iter().map(|(word, n)| b.get(word).map_or(0, |m| *n.min(m))).sum();
    let total: u32 = a.values().chain(b.values()).sum();
    if total == 0 { 0.0 } else { 2.0 * f64::from(shared) / f64::from(total) }
}

/// Words that carry little.
const FILLERS: &[&str] = &["the", "a", "an", "of", "and", "on", "in", "to", "this", "that", "its", "s"];

/// The words of `text` that carry something, in lower case, with straight apostrophes and without "'s".
fn words(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let letters = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    let plain = |word| {
        let word = lower(word);
        let word = if word.contains('’') { word.replace('’', "'").into() } else { word };
        if word.ends_with("'s") { word.get(..word.len() - 2).unwrap_or_default().to_owned().into() } else { word }
    };
    text.split(move |c: char| !letters(c)).map(plain).filter(|word| !word.is_empty() && !FILLERS.contains(&&**word))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Verb,
    Copula,
    Noun,
}

/// How a candidate is tied to its agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tie {
    Governed,
    Subject,
    Sentence,
    After(usize),
    Before,
}

impl Tie {
    /// Its feature.
    fn name(self) -> &'static str {
        match self {
            Self::Governed => "governed-by-agreement",
            Self::Subject => "subject-is-agreement",
            Self::Sentence => "agreement-in-sentence",
            Self::After(1) => "one-sentence-after",
            Self::After(2) => "two-sentences-after",
            Self::After(3) => "three-sentences-after",
            Self::After(_) => "far-after",
            Self::Before => "before-agreement",
        }
    }
}

/// Farthest that a provision may stand behind the last mention of its agreement, and before the first, in sentences.
const SENTENCES_AFTER: usize = 8;
const SENTENCES_BEFORE: usize = 2;

/// Every clause and phrase near an agreement, in order of the text.
#[must_use]
pub fn candidates(scope: &Scope<'_, '_, '_, '_>) -> Vec<Candidate> {
    if scope.parties.is_empty() {
        return Vec::new();
    }
    let graph = scope.tools.graph;
    let reading = graph.reading();
    let notes = Notes::of(scope);
    let lens = Lens::new(scope.tools, &notes.all);
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for sentence in &reading.sentences {
        if reading.syntax(sentence.tokens.start).is_none() {
            continue;
        }
        let phrases = LazyCell::new(|| Phrases::of(scope.tools, sentence.tokens.clone()));
        let of_tree = sentence.tokens.clone().filter_map(|token| {
            let told = notes.own_rule(token);
            let form = form(scope, &notes, token).or(told.map(|_| Form::Verb))?;
            let (first, last) = extent(graph, token, form)?;
            Some((token, form, first, last, told))
        });
        let of_marks = marked(scope.tools, &sentence.tokens).map(|(token, tokens)| {
            let form = if graph.tag(token) == Upos::Verb { Form::Verb } else { Form::Noun };
            (token, form, tokens.start, tokens.end - 1, None)
        });
        for (token, form, first, last, told) in of_tree.chain(of_marks) {
            let span = span_of(reading, &(first..last + 1));
            if !seen.insert((first, last)) || words(reading.words(span)).nth(1).is_none() {
                continue;
            }
            let Some((mention, tie)) = notes.assign(scope, token, first, last) else { continue };
            let Some(&agreement) = scope.of_mention.get(&mention) else { continue };
            let Some(named) = scope.mentions.get(mention) else { continue };
            let place = Place { token, form, first, last, tie, span, phrases: *phrases };
            let features = features(scope, &notes, &place, named, agreement);
            let subjects = subjects(graph, token, REACH);
            let clause = Clause { token, first, last, tie: tie.name(), named, subjects: &subjects };
            let words = of_clause(&lens, &clause, Words::new(scope.named));
            if let Some((commitment, fixed)) = cell(scope.tools, &place, told) {
                found.push(Candidate { agreement, features, words, mention, commitment, fixed, told: told.is_some() });
            }
        }
    }
    found
}

/// The stretches of a sentence that the reader marks as what a party owes, with the token that heads each.
fn marked<'t>(tools: &'t Tools<'_, '_, '_>, sentence: &Range<usize>) -> impl Iterator<Item = (usize, Range<usize>)> + 't {
    let inside = sentence.clone();
    let marks = tools.graph.reading().marks.iter();
    let own = marks.filter(move |mark| matches!(mark.kind, MarkKind::Commitment(_)) && inside.contains(&mark.tokens.start));
    own.map(|mark| (head_of(tools, &mark.tokens), mark.tokens.clone()))
}

/// Rule name of what the model found.
pub const RULE: &str = "provision";

/// The cell, and whether a rule of the user's own fixed its category: that of others is told once they are accepted.
fn cell(tools: &Tools<'_, '_, '_>, place: &Place, told: Option<&Match<'_>>) -> Option<(Commitment, bool)> {
    let graph = tools.graph;
    let reading = graph.reading();
    let (rule, confidence) = told.map_or((RULE, 0.5), |matched| (matched.rule.name.as_str(), matched.rule.confidence));
    let evidence = Evidence::new(reading.article, place.span, rule, confidence)?;
    let fixed = told.and_then(|matched| match matched.rule.records {
        Records::Commitment(category) => category,
        _ => None,
    });
    let category = fixed.unwrap_or(CommitmentCategory::Other);
    let governor = graph.head(first_conjunct(graph, place.token)).unwrap_or(place.token);
    let strength = told.and_then(|matched| matched.rule.strength);
    let strength = strength.unwrap_or_else(|| commitments::strength(graph, governor, place.token));
    let by: BTreeSet<String> = subjects(graph, place.token, REACH)
        .into_iter()
        .flat_map(|subject| tools.speaks_for(subject))
        .map(|actor| actor.actor)
        .collect();
    Some((Commitment { category, strength, by: by.into_iter().collect(), evidence }, fixed.is_some()))
}

/// Where a candidate stands.
struct Place {
    token: usize,
    form: Form,
    first: usize,
    last: usize,
    tie: Tie,
    span: Span,
    /// What its whole sentence holds.
    phrases: Phrases,
}

/// Phrases of a sentence that tell of provisions.
#[derive(Debug, Clone, Copy)]
struct Phrases {
    in_return: bool,
    also: bool,
    by_its_terms: bool,
}

impl Phrases {
    fn of(tools: &Tools<'_, '_, '_>, sentence: Range<usize>) -> Self {
        let mut words = " ".to_owned();
        for token in sentence {
            words.push_str(&tools.graph.reading().lower(token));
            words.push(' ');
        }
        let holds = |list| tools.lists.stands_in(list, &words);
        Self { in_return: holds("words-of-return"), also: holds("words-of-addition"), by_its_terms: holds("words-of-terms") }
    }
}

/// Looked up once for the whole article.
struct Notes<'s> {
    /// Mentions by their heads.
    at_head: BTreeMap<usize, usize>,
    /// Heads of mentions in chains that name an agreement.
    naming: BTreeSet<usize>,
    /// Heads of all mentions in chains.
    all: BTreeSet<usize>,
    /// Words that tell of events.
    triggers: BTreeSet<usize>,
    /// Rules by the head of the provision that they found.
    rules: BTreeMap<usize, Vec<&'s Match<'s>>>,
    /// Recorded mentions: (sentence, place among the mentions).
    recorded: Vec<(usize, usize)>,
}

impl<'s> Notes<'s> {
    fn of(scope: &Scope<'s, '_, '_, '_>) -> Self {
        let reading = scope.tools.graph.reading();
        let each = || scope.mentions.iter().enumerate();
        let mut rules: BTreeMap<usize, Vec<&Match<'_>>> = BTreeMap::new();
        for matched in scope.matches.iter().filter(|matched| matches!(matched.rule.records, Records::Commitment(_))) {
            let mut heads: BTreeSet<usize> = matched.argument("provision").iter().copied().collect();
            if matched.rule.name == "agreement-provides" {
                heads.insert(matched.trigger);
            }
            for head in heads {
                rules.entry(head).or_default().push(matched);
            }
        }
        let chained = || each().filter(|(index, _)| scope.chained.contains(index));
        Self {
            at_head: each().map(|(index, mention)| (mention.head, index)).collect(),
            naming: chained().filter(|(_, mention)| mention.weight != Weight::Anaphor).map(|(_, mention)| mention.head).collect(),
            all: chained().map(|(_, mention)| mention.head).collect(),
            triggers: scope
                .events
                .iter()
                .filter(|event| event.rule != stage::CUE && event.rule != stage::MARK)
                .map(|event| event.trigger)
                .collect(),
            rules,
            recorded: each()
                .filter(|(index, _)| scope.of_mention.contains_key(index))
                .filter_map(|(index, mention)| Some((reading.sentence_of(mention.head)?, index)))
                .collect(),
        }
    }

    /// The user's own rule that found a provision at `token`.
    fn own_rule(&self, token: usize) -> Option<&'s Match<'s>> {
        let matched = self.rules.get(&token)?;
        matched.iter().copied().find(|matched| rule_feature(&matched.rule.name).is_none())
    }

    /// The mention of the agreement that the words from `first` to `last`, headed by `token`, belong to.
    fn assign(&self, scope: &Scope<'_, '_, '_, '_>, token: usize, first: usize, last: usize) -> Option<(usize, Tie)> {
        let graph = scope.tools.graph;
        let sentence = graph.reading().sentence_of(token)?;
        let here: Vec<usize> = self.recorded.iter().filter(|(at, _)| *at == sentence).map(|(_, index)| *index).collect();
        let head = |index: usize| scope.mentions.get(index).map_or(0, |mention| mention.head);
        let names = |index: &usize| scope.mentions.get(*index).is_some_and(|mention| mention.weight != Weight::Anaphor);
        let strong: Vec<usize> = if here.iter().any(names) { here.iter().copied().filter(names).collect() } else { here };
        if !strong.is_empty() {
            let at = |token: &usize| strong.iter().copied().find(|&index| head(index) == *token);
            if let Some(index) = ancestors(graph, token, 8).iter().find_map(at) {
                return Some((index, Tie::Governed));
            }
            if let Some(index) = subjects(graph, token, REACH).iter().find_map(at) {
                return Some((index, Tie::Subject));
            }
            let distance = |index: &usize| {
                let head = head(*index);
                if (first..=last).contains(&head) { 0 } else { head.abs_diff(first).min(head.abs_diff(last)) }
            };
            return strong.into_iter().min_by_key(distance).map(|index| (index, Tie::Sentence));
        }
        let split = self.recorded.partition_point(|(at, _)| *at < sentence);
        let before = split.checked_sub(1).and_then(|at| self.recorded.get(at));
        if let Some(&(at, index)) = before.filter(|(at, _)| sentence - at <= SENTENCES_AFTER) {
            return Some((index, Tie::After(sentence - at)));
        }
        let &(at, index) = self.recorded.get(split)?;
        (at - sentence <= SENTENCES_BEFORE).then_some((index, Tie::Before))
    }
}

/// The feature that stands for one of the program's own rules.
fn rule_feature(name: &str) -> Option<&'static str> {
    NAMES.iter().copied().find(|feature| feature.strip_prefix("rule-") == Some(name))
}

/// How far up the tree a subject is looked for.
const REACH: usize = 5;

fn ancestors(graph: Graph<'_, '_>, token: usize, reach: usize) -> Vec<usize> {
    std::iter::successors(graph.head(token), |&above| graph.head(above)).take(reach).collect()
}

fn first_conjunct(graph: Graph<'_, '_>, token: usize) -> usize {
    let mut first = token;
    for _ in 0..6 {
        match graph.head(first).filter(|_| graph.base_relation(first) == "conj") {
            Some(head) => first = head,
            None => break,
        }
    }
    first
}

/// Subjects of the predicate at `token`, passive ones too: what is said of them is what matters here, not who does it.
fn subjects(graph: Graph<'_, '_>, token: usize, reach: usize) -> Vec<usize> {
    let relative = |child: usize| matches!(&*graph.reading().lower(child), "that" | "which" | "who");
    let mut token = token;
    for _ in 0..=reach {
        let head = graph.head(token);
        let clause = graph.base_relation(token) == "acl";
        let own: Vec<usize> = graph
            .reading()
            .dependents(token)
            .filter(|&child| matches!(graph.base_relation(child), "nsubj" | "csubj"))
            .map(|child| head.filter(|_| clause && relative(child)).unwrap_or(child))
            .collect();
        let Some(head) = head.filter(|_| own.is_empty()) else { return own };
        match graph.base_relation(token) {
            "acl" => return vec![head],
            "xcomp" if graph.has(head, "obj") => return graph.down(head, "obj").collect(),
            "xcomp" | "conj" | "advcl" | "ccomp" => token = head,
            _ => return own,
        }
    }
    Vec::new()
}

fn form(scope: &Scope<'_, '_, '_, '_>, notes: &Notes<'_>, token: usize) -> Option<Form> {
    let graph = scope.tools.graph;
    let relation = graph.base_relation(token);
    match graph.tag(token) {
        Upos::Verb if !matches!(relation, "amod" | "compound" | "case" | "mark") => return Some(Form::Verb),
        _ if matches!(relation, "root" | "ccomp" | "advcl" | "conj" | "acl" | "xcomp" | "parataxis")
            && (graph.has(token, "cop") || graph.has(token, "nsubj")) =>
        {
            return Some(Form::Copula);
        }
        Upos::Noun | Upos::Propn if matches!(relation, "obj" | "obl" | "nmod" | "conj" | "appos" | "root" | "nsubj") => {}
        _ => return None,
    }
    // "Signed a trade agreement": what is signed is no provision; "an agreement on fishing" says what it provides for.
    let says_something = |mention: &Mention| {
        let next = graph.reading().lower(mention.core.end);
        let told = mention.full.end > mention.core.end && scope.tools.lists.contains("content-prepositions", &next);
        told || mention.kind == AgreementKind::Ceasefire
    };
    if notes.at_head.get(&token).and_then(|&index| scope.mentions.get(index)).is_some_and(|mention| !says_something(mention)) {
        return None;
    }
    let first = first_conjunct(graph, token);
    let governor = graph.head(first)?;
    let relation = graph.base_relation(first);
    let of_agreement = notes.at_head.contains_key(&governor)
        && relation == "nmod"
        && graph.case(first).is_some_and(|case| scope.tools.lists.contains("content-prepositions", case));
    let of_verb = graph.tag(governor) == Upos::Verb && matches!(relation, "obj" | "obl" | "nsubj" | "nmod");
    (of_agreement || of_verb).then_some(Form::Noun)
}

/// Longest provision that is kept whole, in tokens; a longer one is cut at its last comma before this.
const LONGEST: usize = 45;

/// First and last token of the clause or phrase: without what introduces it and without the verbs that it is joined to.
fn extent(graph: Graph<'_, '_>, head: usize, form: Form) -> Option<(usize, usize)> {
    let reading = graph.reading();
    let mut tokens: Vec<usize> = Vec::new();
    let mut queue = vec![head];
    let subject = graph.down(head, "nsubj").min();
    while let Some(token) = queue.pop() {
        tokens.push(token);
        let top = token == head;
        queue.extend(reading.dependents(token).filter(|&child| {
            let outside = match graph.base_relation(child) {
                "parataxis" | "discourse" => true,
                "punct" | "cc" | "mark" | "case" => top,
                "advcl" => top && child < head,
                "obl" | "advmod" => top && child < head && subject.is_none_or(|subject| child < subject),
                "conj" => top && (graph.tag(child) == Upos::Verb || form == Form::Noun),
                _ => false,
            };
            !outside
        }));
    }
    let mut first = tokens.iter().copied().min()?;
    let mut last = tokens.iter().copied().max()?;
    if last - first > LONGEST {
        let comma = (first + 6..first + LONGEST).rev().find(|&token| reading.form(token) == ",");
        last = comma.map_or(first + LONGEST, |comma| comma - 1);
    }
    while last > first && graph.tag(last) == Upos::Punct {
        last -= 1;
    }
    while first < last && (graph.tag(first) == Upos::Punct || matches!(&*reading.lower(first), "that" | "to" | "which" | "and")) {
        first += 1;
    }
    Some((first, last))
}

fn features(scope: &Scope<'_, '_, '_, '_>, notes: &Notes<'_>, place: &Place, named: &Mention, agreement: usize) -> Features {
    let tools = scope.tools;
    let graph = tools.graph;
    let reading = graph.reading();
    let lists = tools.lists;
    let Place { token, form, first, last, tie, span, phrases } = *place;
    let mut found = Features::new();
    let mut set = |name: &'static str, holds: bool| {
        if holds {
            found.insert(name, 1.0);
        }
    };
    let lemma = |token: usize| reading.lower_lemma(token);
    let form_of = |token: usize| reading.lower(token);
    let held = |heads: &BTreeSet<usize>, tokens: &[usize]| tokens.iter().any(|token| heads.contains(token));
    set(tie.name(), true);
    set(["is-verb", "is-copula", "is-noun"][form as usize], true);
    let head = first_conjunct(graph, token);
    set("conjunct", head != token);

    // What governs it.
    let governor = graph.head(head);
    let governs = |list: &str| governor.is_some_and(|governor| lists.contains(list, &lemma(governor)));
    set("governor-agrees", governs("agreeing-verbs"));
    set("governor-provides", governs("providing-verbs"));
    set("governor-calls", governs("calling-verbs"));
    set("governor-says", governs("saying-verbs"));
    set("governor-makes", governs("making-verbs"));
    let of_agreement = governor.is_some_and(|governor| notes.at_head.contains_key(&governor));
    set("governor-is-agreement", of_agreement);
    set("governor-is-its-agreement", governor == Some(named.head));
    set("governor-is-event", governor.is_some_and(|governor| notes.triggers.contains(&governor)));
    let subjects_of = |token: usize| subjects(graph, token, REACH);
    let above = governor.map(subjects_of).unwrap_or_default();
    set("governor-of-agreement", held(&notes.all, &above));
    let actors = |tokens: &[usize]| -> BTreeSet<&str> {
        let near = |token: usize| reading.dependents(token).filter(move |child| child.abs_diff(token) < 8);
        let each = tokens.iter().flat_map(|&token| std::iter::once(token).chain(near(token)));
        each.filter_map(|token| tools.actors.at(token)).map(|actor| actor.actor.as_str()).collect()
    };
    let party = |actors: &BTreeSet<&str>| {
        scope.parties.get(agreement).is_some_and(|parties| actors.iter().any(|actor| parties.contains(*actor)))
    };
    let collective = |tokens: &[usize]| tokens.iter().any(|&token| lists.contains("collective-parties", &lemma(token)));
    let pronoun = |tokens: &[usize]| tokens.iter().any(|&token| graph.tag(token) == Upos::Pron);
    let actors_above = actors(&above);
    set("governor-of-party", party(&actors_above));
    set(
        "governor-agrees-for-party",
        governs("agreeing-verbs") && (!actors_above.is_empty() || pronoun(&above) || collective(&above)),
    );

    // Who or what does it.
    let doing = subjects_of(token);
    let actors_doing = actors(&doing);
    let agreement_does = held(&notes.all, &doing);
    set("subject-actor", !actors_doing.is_empty());
    set("subject-party", party(&actors_doing));
    set("subject-collective", collective(&doing));
    set("subject-pronoun", pronoun(&doing));
    set("no-subject", doing.is_empty());

    let auxiliaries = |token: usize| -> Vec<Cow<'_, str>> { graph.down(token, "aux").map(form_of).collect() };
    let among = |words: &[Cow<'_, str>], known: &[&str]| words.iter().any(|word| known.contains(&&**word));
    let act = lists.contains("acts-of-agreements", &lemma(token));
    let case = graph.case(head);
    if form == Form::Noun {
        set("act-in-noun", act);
        set("no-preposition", case.is_none());
        set("deverbal", lists.ends("deverbal-endings", &lemma(token)));
        set("name", graph.tag(token) == Upos::Propn || tools.actors.at(token).is_some());
        set("noun-is-agreement", notes.at_head.contains_key(&token));
        set("on-phrase-of-agreement", of_agreement && case.is_some_and(|case| matches!(case, "on" | "for" | "about" | "over")));
        set("subject-of-governor", graph.base_relation(head) == "nsubj");
        set("object-of-provider", graph.base_relation(head) == "obj" && governs("providing-verbs"));
    } else {
        let own = auxiliaries(token);
        set("will", among(&own, &["will", "'ll", "’ll", "wo"]));
        set("shall", among(&own, &["shall", "must"]));
        set("would", among(&own, &["would"]));
        set("may", among(&own, &["may", "can", "could", "might"]));
        set("should", among(&own, &["should"]));
        if let Some(governor) = governor.filter(|_| own.is_empty()) {
            let above = auxiliaries(governor);
            set("governor-will", among(&above, &["will", "shall", "must"]));
            set("governor-would", among(&above, &["would"]));
        }
        let to_do = graph.down(token, "mark").any(|mark| form_of(mark) == "to");
        set("to-do", to_do);
        set("to-do-of-agreement", to_do && of_agreement);
        set("gerund", form_of(token).ends_with("ing") && own.is_empty());
        let told = reading.syntax(token).map(|syntax| syntax.features).unwrap_or_default();
        let finite = told.verb_form == Some(VerbForm::Fin) && own.is_empty();
        set("past", finite && told.tense == Some(Tense::Past));
        set("present", finite && told.tense == Some(Tense::Pres));
        set("perfect", graph.down(token, "aux").any(|aux| lemma(aux) == "have"));
        set("passive", graph.is_passive(token));
        set("negated", reading.dependents(token).any(|child| matches!(&*lemma(child), "not" | "n't" | "n’t" | "never" | "no")));
        let opens = |relation| graph.down(token, relation).any(|child| lists.contains("clause-openers", &form_of(child)));
        set("conditional", opens("mark") || opens("advmod"));
        let is_in = |list: &str| lists.contains(list, &lemma(token));
        set("verb-agrees", is_in("agreeing-verbs"));
        set("verb-provides", is_in("providing-verbs"));
        set("verb-calls", is_in("calling-verbs"));
        set("verb-says", is_in("saying-verbs"));
        set("verb-makes", is_in("making-verbs"));
        set("verb-of-news", is_in("event-verbs"));
        set("agreement-provides", agreement_does && is_in("providing-verbs"));
        set("agreement-does-other", agreement_does && !is_in("providing-verbs"));
        set("act-in-verb", act);
        set("other-verb", !act && form == Form::Verb);
    }

    // What stands in it and around it.
    let above = ancestors(graph, token, 4);
    let under = std::iter::once(token).chain(above.iter().copied().take(2)).any(|clause| {
        reading.dependents(clause).any(|child| {
            matches!(graph.base_relation(child), "obl" | "advcl")
                && graph.case(child).is_some_and(|case| lists.contains("terms-prepositions", case))
                && (notes.naming.contains(&child) || reading.dependents(child).any(|below| notes.naming.contains(&below)))
        })
    });
    set("under-agreement", under);
    set("is-event", notes.triggers.contains(&token));
    set("holds-event", notes.triggers.range(first..=last).any(|&trigger| trigger != token));
    set("holds-agreement", notes.naming.range(first..=last).next().is_some());
    let start = span.start();
    set("quoted", reading.quotations.iter().any(|quoted| quoted.content.start() <= start && start < quoted.content.end()));
    let governed_by = |list: &str| above.iter().take(2).any(|&above| lists.contains(list, &lemma(above)));
    set("said", governed_by("saying-verbs"));
    set("called-for", governed_by("calling-verbs"));
    let sentence = reading.sentence_of(token).and_then(|at| Some((at, reading.sentences.get(at)?)));
    if let Some((at, sentence)) = sentence {
        set("in-return", phrases.in_return);
        set("also", phrases.also);
        set("by-its-terms", phrases.by_its_terms);
        set("bullet", matches!(reading.form(sentence.tokens.start), "*" | "-" | "•" | "–" | "—" | "·"));
        set("lead", at < 2);
        set("begins-sentence", first == sentence.tokens.start);
    }
    let size = words(reading.words(span)).count();
    set("very-short", size < 3);
    set("short", (3..=5).contains(&size));
    set("middling", (6..=12).contains(&size));
    set("long", size > 20);
    set("money", reading.money.iter().any(|sum| span.start() <= sum.span.start() && sum.span.start() < span.end()));
    let matches = notes.rules.get(&token).into_iter().flatten();
    let said: BTreeSet<&'static str> = matches
        .filter(|matched| form != Form::Noun || matched.trigger != token || matched.argument("provision").contains(&token))
        .filter_map(|matched| rule_feature(&matched.rule.name))
        .collect();
    for feature in said {
        set(feature, true);
    }
    let strength = tools.categories.weight(reading.words(span));
    set("has-category", strength > 0);
    let share = |number: usize, most: u32| f64::from(u32::try_from(number).unwrap_or(most).min(most)) / f64::from(most);
    found.insert("category-words", share(strength, 6));
    if reading.sentence_of(named.head) == sentence.map(|(at, _)| at) {
        found.insert("distance", share(named.head.abs_diff(token), 20));
    }
    if let Some(focused) = scope.focused.get(agreement) {
        signs::of_provision(tools, token, (first, last), focused, &mut found);
    }
    found
}
