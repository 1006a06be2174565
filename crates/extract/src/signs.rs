//! What a reader that makes marks takes words for, as features of the models: log-odds of its likelihoods, so that 0 says even odds.
//! `mark-…` are those of its first look, `focus-…` those of its second one, with the agreement in focus ([`Focused`]).
//!
//! After a reader that makes none there are no such features, and the models are those that were learned without them
//! ([`crate::models`]).
use crate::actors::ActorMention;
use crate::agreements::Tools;
use crate::events::Event;
use crate::logistic::Features;
use crate::mention::Mention;
use chancery_agreement::{CommitmentCategory, Modality, Span, StageKind};
use chancery_dissect::{Likelihoods, Reading};
use std::collections::BTreeMap;
use std::ops::Range;

/// What the words say of one agreement, by the index of the token; empty after a reader that does not look twice.
pub type Focused = BTreeMap<usize, Likelihoods>;

/// Farthest from even odds that a likelihood may speak.
const FARTHEST: f64 = 6.0;

/// Logarithm of the odds of a probability.
fn log_odds(probability: f64) -> f64 {
    (probability / (1.0 - probability)).ln().clamp(-FARTHEST, FARTHEST)
}

/// The largest of the numbers; 0 where there is none.
fn most(numbers: impl Iterator<Item = f32>) -> f64 {
    f64::from(numbers.fold(0.0, f32::max))
}

/// Their mean; 0 where there is none.
fn mean(numbers: impl Iterator<Item = f32>) -> f64 {
    let (sum, count) = numbers.fold((0.0, 0.0), |(sum, count), number| (sum + f64::from(number), count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

fn of(words: &Focused, tokens: Range<usize>) -> impl Iterator<Item = &Likelihoods> {
    words.range(tokens).map(|(_, word)| word)
}

/// How likely the word tells of a stage of this kind.
fn of_kind(word: &Likelihoods, kind: StageKind) -> f32 {
    word.stages.iter().find(|(own, _)| *own == kind).map_or(0.0, |(_, probability)| *probability)
}

/// How likely, were it to tell of a stage, it says this of whether it came to pass.
fn of_modality(word: &Likelihoods, modality: Modality) -> f32 {
    word.modalities.iter().find(|(own, _)| *own == modality).map_or(0.0, |(_, share)| *share)
}

/// The sum of the probabilities of each kind, in the order in which the kinds first come.
pub(crate) fn summed<K: Copy + PartialEq>(each: impl Iterator<Item = (K, f32)>) -> Vec<(K, f32)> {
    let mut sums: Vec<(K, f32)> = Vec::new();
    for (kind, probability) in each {
        match sums.iter_mut().find(|(own, _)| *own == kind) {
            Some((_, sum)) => *sum += probability,
            None => sums.push((kind, probability)),
        }
    }
    sums
}

fn sentence_of(reading: &Reading<'_>, token: usize) -> Range<usize> {
    let sentence = reading.sentence_of(token).and_then(|at| reading.sentences.get(at));
    sentence.map_or(token..token, |sentence| sentence.tokens.clone())
}

/// What the reader takes the words of `event` for, and those of the agreement that it is told of.
pub fn of_stage(tools: &Tools<'_, '_, '_>, event: &Event, mention: &Mention, chain: &[&Mention], features: &mut Features) {
    let reading = tools.graph.reading();
    let Some(word) = reading.likelihoods.get(&event.trigger) else { return };
    let kind = of_kind(word, event.stage);
    let modality = of_modality(word, event.modality);
    let any = word.stage();
    let agreement = |mention: &Mention| reading.likelihoods.get(&mention.head).map_or(0.0, |word| word.agreement);
    features.insert("mark-known", 1.0);
    features.insert("mark-stage", log_odds(f64::from(any)));
    features.insert("mark-kind", log_odds(f64::from(kind)));
    features.insert("mark-kind-among-stages", f64::from(kind / any.max(f32::MIN_POSITIVE)));
    features.insert("mark-modality", f64::from(modality));
    let words = reading.tokens_in(event.span);
    features.insert("mark-words", log_odds(mean(of(&reading.likelihoods, words).map(Likelihoods::stage))));
    let sentence = sentence_of(reading, event.trigger);
    features.insert("mark-sentence", log_odds(most(of(&reading.likelihoods, sentence).map(Likelihoods::stage))));
    features.insert("mark-agreement", log_odds(f64::from(agreement(mention))));
    features.insert("mark-agreement-anywhere", log_odds(most(chain.iter().map(|mention| agreement(mention)))));
}

/// What the words of `event` say of the agreement in focus.
pub fn of_stage_in_focus(tools: &Tools<'_, '_, '_>, event: &Event, focused: &Focused, features: &mut Features) {
    let words = tools.graph.reading().tokens_in(event.span);
    let Some(trigger) = focused.get(&event.trigger) else { return };
    let each = || of(focused, words.clone());
    let any = most(each().map(Likelihoods::stage));
    let kind = most(each().map(|word| of_kind(word, event.stage)));
    features.insert("focus-known", 1.0);
    features.insert("focus-stage", log_odds(any));
    features.insert("focus-kind", log_odds(kind));
    features.insert("focus-kind-at-word", log_odds(f64::from(of_kind(trigger, event.stage))));
    features.insert("focus-kind-among-stages", kind / any.max(f64::MIN_POSITIVE));
    features.insert("focus-modality", mean(each().map(|word| of_modality(word, event.modality))));
}

/// What the reader takes the words of a chain of mentions for, and those around them.
pub fn of_chain(tools: &Tools<'_, '_, '_>, mentions: &[&Mention], features: &mut Features) {
    let reading = tools.graph.reading();
    if reading.likelihoods.is_empty() {
        return;
    }
    let agreement = |mention: &&Mention| reading.likelihoods.get(&mention.head).map_or(0.0, |word| word.agreement);
    let beside = |of_word: fn(&Likelihoods) -> f32| {
        most(mentions.iter().flat_map(|mention| of(&reading.likelihoods, sentence_of(reading, mention.head)).map(of_word)))
    };
    features.insert("mark-known", 1.0);
    features.insert("mark-agreement-most", log_odds(most(mentions.iter().map(agreement))));
    features.insert("mark-agreement-mean", log_odds(mean(mentions.iter().map(agreement))));
    features.insert("mark-stage-beside", log_odds(beside(Likelihoods::stage)));
    features.insert("mark-commitment-beside", log_odds(beside(Likelihoods::commitment)));
    features.insert("mark-stage-in-article", log_odds(most(reading.likelihoods.values().map(Likelihoods::stage))));
}

/// How much the words at `span` are about the agreement in focus: the mean of their log-odds; `None` where none was looked at.
#[must_use]
pub fn of_statement(reading: &Reading<'_>, span: Span, focused: &Focused) -> Option<f64> {
    let each: Vec<f64> = of(focused, reading.tokens_in(span)).map(|word| log_odds(f64::from(word.about))).collect();
    let count = u32::try_from(each.len()).ok().filter(|&count| count > 0)?;
    Some(each.iter().sum::<f64>() / f64::from(count))
}

/// What the words of the article say of the chain of mentions in focus.
pub fn of_chain_in_focus(mentions: &[&Mention], focused: &Focused, features: &mut Features) {
    if focused.is_empty() {
        return;
    }
    let agreement = || mentions.iter().filter_map(|mention| focused.get(&mention.head)).map(|word| word.agreement);
    features.insert("focus-known", 1.0);
    features.insert("focus-agreement-most", log_odds(most(agreement())));
    features.insert("focus-agreement-mean", log_odds(mean(agreement())));
    features.insert("focus-stage-most", log_odds(most(focused.values().map(Likelihoods::stage))));
    features.insert("focus-commitment-most", log_odds(most(focused.values().map(Likelihoods::commitment))));
}

/// What the reader takes an actor for, by the words that name it near the agreement, first of all and with that in focus.
pub fn of_party(tools: &Tools<'_, '_, '_>, standing: &[&ActorMention], focused: &Focused, features: &mut Features) {
    let first = ["mark-known", "mark-party-most", "mark-party-mean"];
    let second = ["focus-known", "focus-party-most", "focus-party-mean"];
    for ([known, highest, average], words) in [(first, &tools.graph.reading().likelihoods), (second, focused)] {
        if words.is_empty() {
            continue;
        }
        let party = |actor: &&ActorMention| words.get(&(actor.tokens.end - 1)).map(|word| word.party);
        features.insert(known, 1.0);
        features.insert(highest, log_odds(most(standing.iter().filter_map(party))));
        features.insert(average, log_odds(mean(standing.iter().filter_map(party))));
    }
}

/// The categories that the reader takes the words at `span` for, were they a provision: shares that add up to 1; none where it says
/// nothing. With the agreement in focus where it looks twice.
#[must_use]
pub fn of_category(tools: &Tools<'_, '_, '_>, span: Span, focused: &Focused) -> Vec<(CommitmentCategory, f32)> {
    let reading = tools.graph.reading();
    let words = if focused.is_empty() { &reading.likelihoods } else { focused };
    let mut sums = summed(of(words, reading.tokens_in(span)).flat_map(|word| word.commitments.iter().copied()));
    let total: f32 = sums.iter().map(|(_, sum)| sum).sum();
    if total > 0.0 {
        sums.iter_mut().for_each(|(_, sum)| *sum /= total);
    }
    sums
}

/// What the reader takes the words `first` to `last` for, which `head` heads, and their neighbors, first of all and with the agreement
/// in focus.
pub fn of_provision(
    tools: &Tools<'_, '_, '_>,
    head: usize,
    (first, last): (usize, usize),
    focused: &Focused,
    features: &mut Features,
) {
    let first_look =
        ["mark-known", "mark-commitment", "mark-commitment-head", "mark-commitment-least", "mark-before", "mark-after"];
    let second_look =
        ["focus-known", "focus-commitment", "focus-commitment-head", "focus-commitment-least", "focus-before", "focus-after"];
    for (names, likelihoods) in [(first_look, &tools.graph.reading().likelihoods), (second_look, focused)] {
        if likelihoods.is_empty() {
            continue;
        }
        let at = |token: Option<usize>| {
            let word = token.and_then(|token| likelihoods.get(&token));
            log_odds(word.map_or(0.0, |word| f64::from(word.commitment())))
        };
        let words = || of(likelihoods, first..last + 1).map(Likelihoods::commitment);
        let least = f64::from(words().fold(1.0, f32::min));
        let values =
            [1.0, log_odds(mean(words())), at(Some(head)), log_odds(least), at(first.checked_sub(1)), at(Some(last + 1))];
        for (name, value) in names.into_iter().zip(values) {
            features.insert(name, value);
        }
    }
}
