//! Which clauses and phrases say what an agreement provides: a logistic model over what stands in and around them
//! (`rules/en/provisions.toml`), learnt from hand-labelled news by `chancery-train provisions`.
//!
//! Every clause, and every phrase that a verb or the agreement's noun governs, is a candidate for the agreement that governs it, that
//! is its subject, that stands nearest in its sentence, or that was last spoken of. Commitment rules are features among others. Of
//! candidates that overlap, the likeliest stands.
mod features;
mod notes;
mod place;

pub use features::NAMES;

use crate::agreements::Tools;
use crate::commitments;
use crate::events::{Event, head_of};
use crate::logistic::{Features, Model};
use crate::mention::{Mention, span_of};
use crate::rule::Records;
use crate::rule::matching::Match;
use crate::signs::Focused;
use crate::words::{Clause, Lens, Words, of_clause};
use chancery_agreement::{Article, Commitment, CommitmentCategory, Evidence};
use chancery_dissect::{MarkKind, Upos, lower};
use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use features::features;
use notes::Notes;
use place::{Form, Phrases, Place, REACH, extent, first_conjunct, form, subjects};

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
