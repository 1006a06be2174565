//! The words in and around a candidate as features of its model: named, so that a table of weights can be read, and hashed, so that a
//! look-up costs no string.
use crate::agreements::Tools;
use crate::graph::Graph;
use crate::mention::Mention;
use chancery_dissect::{Upos, lower};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::ops::Range;

/// Words of one candidate, each with the place where it stands ("verb agree", "near border"), and other features that words name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Words {
    hashes: Vec<u64>,
    names: Option<Vec<String>>,
}

impl Words {
    /// None yet. `named`: keep the names, too, as learning needs them.
    #[must_use]
    pub fn new(named: bool) -> Self {
        Self { hashes: Vec::new(), names: named.then(Vec::new) }
    }

    /// Adds the feature that these parts name, with spaces between them; one that is there already counts once.
    pub fn add(&mut self, parts: &[&str]) {
        if self.is_new(hash(parts))
            && let Some(names) = &mut self.names
        {
            names.push(parts.join(" "));
        }
    }

    /// Adds the feature of this name; one that is there already counts once.
    pub fn say(&mut self, name: fmt::Arguments<'_>) {
        let mut hasher = NameHasher::default();
        let _ = hasher.write_fmt(name);
        if self.is_new(hasher.end())
            && let Some(names) = &mut self.names
        {
            names.push(name.to_string());
        }
    }

    fn is_new(&mut self, hash: u64) -> bool {
        let new = !self.hashes.contains(&hash);
        if new {
            self.hashes.push(hash);
        }
        new
    }

    /// The names; empty where they were not asked for.
    #[must_use]
    pub fn names(&self) -> &[String] {
        self.names.as_deref().unwrap_or(&[])
    }
}

/// One number for a name, the same whatever pieces it is written in.
#[derive(Default)]
struct NameHasher {
    hash: u64,
    pending: u64,
    bytes: u32,
}

impl NameHasher {
    /// An odd number without pattern: 2^64 by the golden ratio.
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

    fn mix(&mut self) {
        self.hash = (self.hash.rotate_left(5) ^ self.pending).wrapping_mul(Self::MIX);
        self.pending = 0;
    }

    fn end(mut self) -> u64 {
        self.mix();
        self.hash ^ self.hash >> 32
    }
}

impl fmt::Write for NameHasher {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        for byte in piece.bytes() {
            self.pending |= u64::from(byte) << (8 * self.bytes);
            self.bytes = (self.bytes + 1) % 8;
            if self.bytes == 0 {
                self.mix();
            }
        }
        Ok(())
    }
}

/// One number for the parts of a name.
fn hash(parts: &[&str]) -> u64 {
    let mut hasher = NameHasher::default();
    for (at, part) in parts.iter().enumerate() {
        let _ = hasher.write_str(if at > 0 { " " } else { "" });
        let _ = hasher.write_str(part);
    }
    hasher.end()
}

/// Weights of words, in a table that a file names.
#[derive(Debug, Clone, Default)]
pub struct WordWeights<W> {
    rows: FxHashMap<u64, W>,
}

impl<W> WordWeights<W> {
    /// The weights by the names of their words.
    #[must_use]
    pub fn new(named: impl IntoIterator<Item = (String, W)>) -> Self {
        Self { rows: named.into_iter().map(|(name, weight)| (hash(&[&name]), weight)).collect() }
    }

    /// The weights of those words that have any.
    pub fn of<'w>(&'w self, words: &'w Words) -> impl Iterator<Item = &'w W> {
        words.hashes.iter().filter_map(|hash| self.rows.get(hash))
    }
}

/// Looks at words for models: what a token is as a feature.
pub struct Lens<'r, 'a> {
    /// The trees.
    pub graph: Graph<'r, 'a>,
    words: Vec<Cow<'r, str>>,
}

impl<'r, 'a> Lens<'r, 'a> {
    /// Over the trees and actors of an article; `agreements` are the heads of what speaks of agreements.
    #[must_use]
    pub fn new(tools: &Tools<'_, 'r, 'a>, agreements: &BTreeSet<usize>) -> Self {
        let graph = tools.graph;
        let word = |token: usize| -> Cow<'r, str> {
            if agreements.contains(&token) {
                return "AGREEMENT".into();
            }
            if tools.actors.at(token).is_some() {
                return "ACTOR".into();
            }
            match graph.tag(token) {
                Upos::Propn => "NAME".into(),
                Upos::Num => "NUMBER".into(),
                _ => lower(graph.reading().lemma(token)),
            }
        };
        Self { graph, words: (0..graph.reading().tokens.len()).map(word).collect() }
    }

    /// The token's lemma, or what it stands for where its own word says little.
    #[must_use]
    pub fn word(&self, token: usize) -> &str {
        self.words.get(token).map_or("", |word| word)
    }
}

/// A clause or phrase that may say what an agreement provides.
pub struct Clause<'c> {
    /// Its head.
    pub token: usize,
    /// Its first token.
    pub first: usize,
    /// Its last token.
    pub last: usize,
    /// How it is tied to the agreement.
    pub tie: &'static str,
    /// The agreement's name.
    pub named: &'c Mention,
    /// Who or what does it.
    pub subjects: &'c [usize],
}

/// What stands in and around a clause.
#[must_use]
pub fn of_clause(lens: &Lens<'_, '_>, clause: &Clause<'_>, mut words: Words) -> Words {
    let graph = lens.graph;
    let reading = graph.reading();
    let &Clause { token, first, last, tie, named, subjects } = clause;
    let word = |token: usize| lens.word(token);
    let own = word(token);
    let tag = if graph.tag(token) == Upos::Verb { "verb" } else { "noun" };
    let relation = graph.base_relation(token);
    words.add(&[tag, own]);
    words.add(&[tag, own, tie]);
    words.add(&["agreement", &named.noun]);
    words.add(&["agreement", &named.noun, tie]);
    words.add(&["relation", relation, tag, tie]);
    words.add(&["first", word(first)]);
    if let Some(head) = graph.head(token) {
        words.add(&["governor", word(head)]);
        words.add(&["governor", word(head), relation]);
        if let Some(above) = graph.head(head) {
            words.add(&["above", word(above)]);
        }
    }
    for &subject in subjects {
        words.add(&["subject", word(subject)]);
        words.add(&["subject", word(subject), tag, own]);
    }
    for child in reading.dependents(token) {
        let relation = graph.base_relation(child);
        if relation != "punct" {
            words.add(&[relation, word(child)]);
        }
        if relation == "obj" {
            words.add(&["does", own, word(child)]);
        }
        if let Some(case) = graph.case(child) {
            words.add(&["preposition", case]);
        }
    }
    if let Some(case) = graph.case(token) {
        words.add(&["own-preposition", case]);
        if let Some(head) = graph.head(token) {
            words.add(&["own-preposition", case, word(head)]);
        }
    }
    for at in (first..=last).filter(|&at| !matches!(graph.tag(at), Upos::Punct | Upos::Det)) {
        words.add(&["in", word(at)]);
    }
    for (name, back) in [("before", 1), ("second-before", 2)] {
        if let Some(at) = first.checked_sub(back) {
            words.add(&[name, word(at)]);
        }
    }
    if let Some(sentence) = reading.sentence_of(token).and_then(|at| reading.sentences.get(at)) {
        words.add(&["begins", word(sentence.tokens.start)]);
        let beside = sentence.tokens.clone().filter(|at| !(first..=last).contains(at));
        for at in beside.filter(|&at| matches!(graph.tag(at), Upos::Verb | Upos::Noun | Upos::Aux | Upos::Adv)) {
            words.add(&["beside", word(at)]);
        }
    }
    words
}

/// What is told of a stage, and how: the word that tells, what stands around it in the tree and in the sentence, for each stage apart.
/// `tie`: how the word is bound to the agreement.
#[must_use]
pub fn of_stage(lens: &Lens<'_, '_>, token: usize, stage: &str, named: &Mention, tie: &str, mut words: Words) -> Words {
    let graph = lens.graph;
    let reading = graph.reading();
    let word = |token: usize| lens.word(token);
    let own = word(token);
    let relation = graph.base_relation(token);
    words.add(&["word", own]);
    words.add(&[stage, "word", own]);
    words.add(&[stage, "word", own, tie]);
    words.add(&[stage, "tie", tie]);
    words.add(&[stage, "agreement", &named.noun]);
    words.add(&[stage, "relation", relation]);
    if let Some(head) = graph.head(token) {
        words.add(&["governor", word(head), relation]);
        words.add(&[stage, "governor", word(head)]);
    }
    for subject in graph.subjects(token) {
        words.add(&[stage, "subject", word(subject)]);
    }
    for object in graph.objects(token) {
        words.add(&[stage, "object", word(object)]);
        words.add(&["does", own, word(object)]);
    }
    for child in reading.dependents(token) {
        let relation = graph.base_relation(child);
        if matches!(relation, "punct" | "nsubj" | "obj") {
            continue;
        }
        words.add(&[stage, relation, word(child)]);
        if let Some(case) = graph.case(child) {
            words.add(&[stage, "preposition", case]);
            words.add(&["with", own, case, word(child)]);
        }
    }
    if let Some(sentence) = reading.sentence_of(token).and_then(|at| reading.sentences.get(at)) {
        let near = sentence.tokens.start.max(token.saturating_sub(NEAR))..sentence.tokens.end.min(token + NEAR + 1);
        for at in near.filter(|&at| at != token && !matches!(graph.tag(at), Upos::Punct | Upos::Det)) {
            words.add(&["near", word(at)]);
            words.add(&[stage, "near", word(at)]);
        }
    }
    words
}

/// How far around a word that tells of a stage other words are looked at, in tokens.
const NEAR: usize = 7;

/// What an agreement is called, what governs its mentions, and what stands beside them.
#[must_use]
pub fn of_chain(lens: &Lens<'_, '_>, mentions: &[&Mention], mut words: Words) -> Words {
    let graph = lens.graph;
    let reading = graph.reading();
    let word = |token: usize| lens.word(token);
    for mention in mentions {
        let head = mention.head;
        words.add(&["noun", &mention.noun]);
        words.add(&["determiner", &mention.determiner]);
        for modifier in &mention.modifiers {
            words.add(&["modifier", modifier]);
            words.add(&["modifier", modifier, &mention.noun]);
        }
        if let Some(above) = graph.head(head) {
            let relation = graph.base_relation(head);
            words.add(&["governor", word(above), relation]);
            words.add(&["governor", word(above), relation, &mention.noun]);
            for subject in graph.subjects(above) {
                words.add(&["subject", word(subject)]);
            }
        }
        for child in reading.dependents(head) {
            words.add(&[graph.base_relation(child), word(child)]);
            if let Some(case) = graph.case(child) {
                words.add(&["preposition", case, word(child)]);
                words.add(&["preposition", case, &mention.noun]);
            }
        }
        if let Some(sentence) = reading.sentence_of(head).and_then(|at| reading.sentences.get(at)) {
            for at in sentence.tokens.clone().filter(|&at| matches!(graph.tag(at), Upos::Verb | Upos::Noun | Upos::Adj)) {
                words.add(&["beside", word(at)]);
            }
        }
    }
    for part in reading.article.title.iter().flat_map(|title| title.split(|c: char| !c.is_alphanumeric())) {
        words.add(&["title", &lower(part)]);
    }
    words
}

/// What a provision is about: its words, pairs of words that stand together, and the words of the agreement's name.
#[must_use]
pub fn of_content(graph: Graph<'_, '_>, tokens: Range<usize>, named: &Mention, mut words: Words) -> Words {
    let reading = graph.reading();
    let tells = |&at: &usize| {
        matches!(graph.tag(at), Upos::Verb | Upos::Noun | Upos::Adj | Upos::Propn | Upos::Num | Upos::Adv | Upos::Sym)
    };
    let word = |at: usize| if graph.tag(at) == Upos::Num { "NUMBER".into() } else { lower(reading.lemma(at)) };
    let told: Vec<usize> = tokens.filter(tells).collect();
    for &at in &told {
        words.add(&["in", &word(at)]);
    }
    for pair in told.windows(2) {
        if let [a, b] = pair {
            words.add(&["pair", &word(*a), &word(*b)]);
        }
    }
    for at in named.full.clone().filter(tells) {
        words.add(&["name", &word(at)]);
    }
    words.add(&["kind", named.kind.as_str()]);
    words
}
