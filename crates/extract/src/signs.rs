//! What a reader that makes marks takes words for, as features of the models: log-odds of its likelihoods, so that 0 says even odds.
//!
//! After a reader that makes none there are no such features, and the models are those that were learned without them
//! ([`crate::models`]).
use crate::actors::ActorMention;
use crate::agreements::Tools;
use crate::events::Event;
use crate::logistic::Features;
use crate::mention::Mention;
use chancery_agreement::{CommitmentCategory, Span};
use chancery_dissect::{Likelihoods, Reading};
use std::ops::Range;

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

fn of<'r>(reading: &'r Reading<'_>, tokens: Range<usize>) -> impl Iterator<Item = &'r Likelihoods> + 'r {
    reading.likelihoods.range(tokens).map(|(_, word)| word)
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
    let kind = word.stages.iter().find(|(kind, _)| *kind == event.stage).map_or(0.0, |(_, probability)| *probability);
    let modality = word.modalities.iter().find(|(modality, _)| *modality == event.modality).map_or(0.0, |(_, share)| *share);
    let any = word.stage();
    let agreement = |mention: &Mention| reading.likelihoods.get(&mention.head).map_or(0.0, |word| word.agreement);
    features.insert("mark-known", 1.0);
    features.insert("mark-stage", log_odds(f64::from(any)));
    features.insert("mark-kind", log_odds(f64::from(kind)));
    features.insert("mark-kind-among-stages", f64::from(kind / any.max(f32::MIN_POSITIVE)));
    features.insert("mark-modality", f64::from(modality));
    let words = reading.tokens_in(event.span);
    features.insert("mark-words", log_odds(mean(of(reading, words).map(Likelihoods::stage))));
    let sentence = sentence_of(reading, event.trigger);
    features.insert("mark-sentence", log_odds(most(of(reading, sentence).map(Likelihoods::stage))));
    features.insert("mark-agreement", log_odds(f64::from(agreement(mention))));
    features.insert("mark-agreement-anywhere", log_odds(most(chain.iter().map(|mention| agreement(mention)))));
}

/// What the reader takes the words of a chain of mentions for, and those around them.
pub fn of_chain(tools: &Tools<'_, '_, '_>, mentions: &[&Mention], features: &mut Features) {
    let reading = tools.graph.reading();
    if reading.likelihoods.is_empty() {
        return;
    }
    let agreement = |mention: &&Mention| reading.likelihoods.get(&mention.head).map_or(0.0, |word| word.agreement);
    let beside = |of_word: fn(&Likelihoods) -> f32| {
        most(mentions.iter().flat_map(|mention| of(reading, sentence_of(reading, mention.head)).map(of_word)))
    };
    features.insert("mark-known", 1.0);
    features.insert("mark-agreement-most", log_odds(most(mentions.iter().map(agreement))));
    features.insert("mark-agreement-mean", log_odds(mean(mentions.iter().map(agreement))));
    features.insert("mark-stage-beside", log_odds(beside(Likelihoods::stage)));
    features.insert("mark-commitment-beside", log_odds(beside(Likelihoods::commitment)));
    features.insert("mark-stage-in-article", log_odds(most(reading.likelihoods.values().map(Likelihoods::stage))));
}

/// What the reader takes an actor for, by the words that name it near the agreement.
pub fn of_party(tools: &Tools<'_, '_, '_>, standing: &[&ActorMention], features: &mut Features) {
    let reading = tools.graph.reading();
    if reading.likelihoods.is_empty() {
        return;
    }
    let party = |actor: &&ActorMention| reading.likelihoods.get(&(actor.tokens.end - 1)).map(|word| word.party);
    features.insert("mark-known", 1.0);
    features.insert("mark-party-most", log_odds(most(standing.iter().filter_map(party))));
    features.insert("mark-party-mean", log_odds(mean(standing.iter().filter_map(party))));
}

/// The categories that the reader takes the words at `span` for, were they a provision: shares that add up to 1; none where it says
/// nothing.
#[must_use]
pub fn of_category(tools: &Tools<'_, '_, '_>, span: Span) -> Vec<(CommitmentCategory, f32)> {
    let reading = tools.graph.reading();
    let mut sums = summed(of(reading, reading.tokens_in(span)).flat_map(|word| word.commitments.iter().copied()));
    let total: f32 = sums.iter().map(|(_, sum)| sum).sum();
    if total > 0.0 {
        sums.iter_mut().for_each(|(_, sum)| *sum /= total);
    }
    sums
}

/// What the reader takes the words `first` to `last` for, which `head` heads, and their neighbors.
pub fn of_provision(tools: &Tools<'_, '_, '_>, head: usize, first: usize, last: usize, features: &mut Features) {
    let reading = tools.graph.reading();
    if reading.likelihoods.is_empty() {
        return;
    }
    let at = |token: Option<usize>| {
        let word = token.and_then(|token| reading.likelihoods.get(&token));
        log_odds(word.map_or(0.0, |word| f64::from(word.commitment())))
    };
    let words = || of(reading, first..last + 1).map(Likelihoods::commitment);
    features.insert("mark-known", 1.0);
    features.insert("mark-commitment", log_odds(mean(words())));
    features.insert("mark-commitment-head", at(Some(head)));
    features.insert("mark-commitment-least", log_odds(f64::from(words().fold(1.0, f32::min))));
    features.insert("mark-before", at(first.checked_sub(1)));
    features.insert("mark-after", at(Some(last + 1)));
}
