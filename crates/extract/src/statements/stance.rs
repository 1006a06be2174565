//! Where a speaker stands: what cue, content and negation say, weighed by a model that was learnt from labelled news.
//!
//! Features look at the words, at lists of words that praise, blame, demand and look ahead (`rules/en/speech-stance.toml`), at
//! what is negated, and at what stands beside a word for an agreement.
use crate::statements::Sample;
use crate::statements::attribution::{Attribution, Piece};
use crate::statements::cues::Cues;
use crate::statements::model::stem;
use crate::statements::tree::Tree;
use crate::words::Words;
use chancery_agreement::Span;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

/// Longest content that is looked at, in tokens.
const LONGEST: usize = 80;
/// So many words behind a negation it still holds.
const NEGATED: usize = 3;
/// Words looked at before and behind a word for an agreement.
const BESIDE: (usize, usize) = (4, 3);

/// Features of a statement for the model of stances.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    /// All of them.
    pub words: Words,
    /// Those by which it takes a position: signs of cue and content, no single words.
    pub(super) position: Vec<String>,
}

impl Features {
    fn say(&mut self, name: fmt::Arguments<'_>) {
        self.words.say(name);
    }

    /// Notes a feature by which the statement takes a position.
    fn sign(&mut self, name: fmt::Arguments<'_>) {
        self.words.say(name);
        self.position.push(name.to_string());
    }
}

/// Features of the statement that says `piece`. `named`: with their names.
#[must_use]
pub fn features(tree: &Tree<'_, '_>, cues: &Cues, attribution: &Attribution, piece: &Piece, named: bool) -> Features {
    let reading = tree.reading();
    let content = piece.span;
    let words: Vec<Cow<'_, str>> = reading
        .tokens_in(content)
        .take(LONGEST)
        .map(|token| tree.lower(token))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .collect();
    let kind = if piece.direct { "direct" } else { "indirect" };
    let mut features = Features { words: Words::new(named), position: Vec::new() };
    features.say(format_args!("bias"));
    features.say(format_args!("rule:{}", attribution.rule));
    features.say(format_args!("kind:{kind}"));
    features.say(format_args!("length:{}", few(words.len() / 10)));
    let polarity = polarity(cues, &words, &mut features);
    let looks = looks(cues, &words);
    features.sign(format_args!("polarity:{polarity}|{kind}"));
    features.sign(format_args!("looks:{looks}|{polarity}"));
    around(tree, cues, content, &mut features);
    features.sign(format_args!("looks:{looks}"));
    features.sign(format_args!("looks:{looks}|{kind}"));
    cue_features(tree, attribution, &mut features, polarity, &looks);
    if words.iter().any(|word| cues.stance_word("past", word)) {
        features.say(format_args!("past"));
    }
    if reading.words(content).contains('?') {
        features.say(format_args!("asks"));
    }
    for (at, word) in words.iter().enumerate() {
        let stemmed = stem(word);
        features.say(format_args!("w:{stemmed}"));
        if cues.stance_word("agreement", word) {
            features.say(format_args!("agreement"));
            let before = words.get(at.saturating_sub(BESIDE.0)..at).unwrap_or_default();
            for word in before {
                features.say(format_args!("before-agreement:{}", stem(word)));
            }
            for word in words.iter().skip(at + 1).take(BESIDE.1) {
                features.say(format_args!("after-agreement:{}", stem(word)));
            }
        }
    }
    if let Some(first) = words.first() {
        features.say(format_args!("first:{}", stem(first)));
        if let Some(second) = words.get(1) {
            features.say(format_args!("first:{}_{}", stem(first), stem(second)));
        }
    }
    features
}

/// Adds who speaks, and how the statement stands to the agreement nearest to it: `standing` are features of the question whether it is
/// about that one.
pub(super) fn ask_of(standing: &[String], role: Option<&str>, features: &mut Features) {
    for feature in standing {
        features.say(format_args!("nearest {feature}"));
    }
    features.say(format_args!("role:{}", role.is_some()));
    let words: BTreeSet<String> = role.unwrap_or("").split_whitespace().map(str::to_lowercase).collect();
    for word in words {
        features.say(format_args!("role {word}"));
    }
}

/// Adds what the statements before and behind each one and the others of its speaker look like: who is against it in one sentence is
/// so in the next.
pub(super) fn among(samples: &mut [Sample]) {
    let signs: Vec<Vec<String>> = samples
        .iter()
        .map(|sample| {
            let is_sign = |feature: &&str| feature.starts_with("cue:") || feature.starts_with("polarity:");
            sample
                .stance
                .position
                .iter()
                .map(String::as_str)
                .filter(is_sign)
                .filter(|feature| !feature.contains('|'))
                .map(str::to_owned)
                .collect()
        })
        .collect();
    let speaker = |sample: &Sample| sample.statement.speaker.as_ref().map(|speaker| speaker.name.clone());
    let mut by_speaker: HashMap<String, BTreeMap<&str, usize>> = HashMap::new();
    for (sample, signs) in samples.iter().zip(&signs) {
        if let Some(name) = speaker(sample) {
            let counts = by_speaker.entry(name).or_default();
            for sign in signs {
                *counts.entry(sign).or_default() += 1;
            }
        }
    }
    for (at, sample) in samples.iter_mut().enumerate() {
        let own = signs.get(at).map_or(&[][..], Vec::as_slice);
        if let Some(counts) = speaker(sample).and_then(|name| by_speaker.get(&name)) {
            for (sign, _) in counts.iter().filter(|(sign, count)| **count > usize::from(own.iter().any(|own| own == *sign))) {
                sample.stance.say(format_args!("same {sign}"));
            }
        }
        let before = at.checked_sub(1).and_then(|at| signs.get(at));
        for sign in before.into_iter().flatten() {
            sample.stance.say(format_args!("before {sign}"));
        }
        for sign in signs.get(at + 1).into_iter().flatten() {
            sample.stance.say(format_args!("behind {sign}"));
        }
    }
}

/// The words of the same sentence outside the content: "in a blow to the accord, he said".
fn around(tree: &Tree<'_, '_>, cues: &Cues, content: Span, features: &mut Features) {
    let inside = tree.reading().tokens_in(content);
    let sentence = tree.sentence(inside.start);
    let outside = (sentence.start..inside.start).chain(inside.end..sentence.end.max(inside.end));
    let words: Vec<Cow<'_, str>> =
        outside.take(LONGEST).filter(|&token| !tree.is_punct(token)).map(|token| tree.lower(token)).collect();
    let count = |list: &str| few(words.iter().filter(|word| cues.stance_word(list, word)).count());
    features.say(format_args!("around-praise:{}", count("supports")));
    features.say(format_args!("around-blame:{}", count("opposes")));
    for word in &words {
        features.say(format_args!("around:{}", stem(word)));
    }
}

fn few(count: usize) -> usize {
    count.min(3)
}

/// Notes praise, blame and what is negated; gives "+", "-" or "0" for the content as a whole.
fn polarity(cues: &Cues, words: &[Cow<'_, str>], features: &mut Features) -> &'static str {
    let (mut praise, mut blame, mut unpraised) = (0_usize, 0_usize, false);
    let mut any = false;
    for (at, word) in words.iter().enumerate() {
        any = any || cues.stance_word("negation", word);
        let before = words.get(at.saturating_sub(NEGATED)..at).unwrap_or_default();
        let negated = before.iter().any(|word| cues.stance_word("negation", word));
        let (good, bad) = (cues.stance_word("supports", word), cues.stance_word("opposes", word));
        praise += usize::from((good && !negated) || (bad && negated));
        blame += usize::from((bad && !negated) || (good && negated));
        unpraised |= good && negated;
        if negated {
            features.say(format_args!("not:{}", stem(word)));
        }
    }
    let polarity = match praise.cmp(&blame) {
        std::cmp::Ordering::Greater => "+",
        std::cmp::Ordering::Less => "-",
        std::cmp::Ordering::Equal => "0",
    };
    features.sign(format_args!("praise:{}", few(praise)));
    features.sign(format_args!("blame:{}", few(blame)));
    features.sign(format_args!("polarity:{polarity}"));
    features.say(format_args!("{}", if any { "negated" } else { "plain" }));
    if unpraised {
        features.say(format_args!("unpraised"));
    }
    polarity
}

/// Whether the content looks ahead, speaks of "us", makes demands.
fn looks(cues: &Cues, words: &[Cow<'_, str>]) -> String {
    [("promises", 'f'), ("first-person", 'p'), ("demands", 'd')]
        .into_iter()
        .filter(|(list, _)| words.iter().any(|word| cues.stance_word(list, word)))
        .map(|(_, letter)| letter)
        .collect()
}

fn cue_features(tree: &Tree<'_, '_>, attribution: &Attribution, features: &mut Features, polarity: &str, looks: &str) {
    let stance = attribution.stance.as_str();
    features.sign(format_args!("cue:{stance}"));
    features.sign(format_args!("cue:{stance}|{polarity}"));
    features.sign(format_args!("cue:{stance}|{looks}"));
    if attribution.negated {
        features.sign(format_args!("cue:negated"));
        features.sign(format_args!("cue:negated|{stance}"));
    }
    let cue: Vec<String> = attribution.cue.clone().map(|token| stem(&tree.lower(token)).to_owned()).collect();
    for word in &cue {
        features.say(format_args!("c:{word}"));
    }
    if let [.., first, second] = cue.as_slice() {
        features.say(format_args!("c:{first}_{second}"));
    }
}
