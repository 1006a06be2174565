//! Learns the weights of both passes, one table for both: every sentence is seen without and with what a first pass remembers of
//! the document.
use super::field::Field;
use crate::random::Random;
use chancery_dissect::names::Label;
use chancery_dissect::names::clusters::Clusters;
use chancery_dissect::names::features::{Features, Seen};
use chancery_dissect::names::labeled::{LabeledDocument, LabeledSentence};
use chancery_dissect::names::memory::Memory;
use chancery_dissect::names::tagger::{decode, emissions, steps};

/// Parts into which the documents are cut so that each is read by a tagger that has not seen it.
const FOLDS: usize = 4;
/// Size of steps.
const RATE: f32 = 0.3;
/// Weight of the one-norm.
const PENALTY: f32 = 1e-6;
/// What a sentence that another reader labeled counts beside a hand-labeled one.
const TAUGHT_WEIGHT: f32 = 0.25;

/// Weights learned from `documents`, of which the first `labeled` were labeled by hand.
pub fn learn(documents: &[LabeledDocument], labeled: usize, clusters: &Clusters, bits: u32, rounds: usize) -> Field {
    let weight = |at: usize| if at < labeled { 1.0 } else { TAUGHT_WEIGHT };
    let plain: Vec<Vec<Example>> =
        documents.iter().enumerate().map(|(at, document)| examples(document, clusters, None, weight(at))).collect();
    let mut memories = vec![Memory::default(); documents.len()];
    for fold in 0..FOLDS {
        let seen = plain.iter().enumerate().filter(|(at, _)| at % FOLDS != fold).flat_map(|(_, document)| document).collect();
        let tagger = pass(seen, bits, rounds / 2);
        let steps = steps(&tagger);
        for at in (fold..documents.len()).step_by(FOLDS) {
            for (sentence, example) in documents[at].iter().zip(&plain[at]) {
                memories[at].add(&forms(sentence), &decode(&steps, &emissions(&tagger, &example.features)));
            }
        }
    }
    eprintln!("folds: done");
    let remembered: Vec<Vec<Example>> = documents
        .iter()
        .zip(&memories)
        .enumerate()
        .map(|(at, (document, memory))| examples(document, clusters, Some(memory), weight(at)))
        .collect();
    pass(plain.iter().chain(&remembered).flatten().collect(), bits, rounds)
}

struct Example {
    features: Features,
    gold: Vec<usize>,
    weight: f32,
}

fn forms(sentence: &LabeledSentence) -> Vec<&str> {
    sentence.forms.iter().map(String::as_str).collect()
}

fn examples(document: &LabeledDocument, clusters: &Clusters, memory: Option<&Memory>, weight: f32) -> Vec<Example> {
    let example = |sentence: &LabeledSentence| {
        let forms = forms(sentence);
        let seen = Seen::new(&forms, clusters);
        let features = match memory {
            Some(memory) => seen.features().with(&seen.remembered(&forms, memory)),
            None => seen.features().clone(),
        };
        let mut gold: Vec<usize> = Vec::with_capacity(features.len());
        for (at, label) in sentence.labels.iter().enumerate() {
            // Words that the tagger passes over are outside, whatever they were labeled.
            let before = gold.last().map_or(Label::Outside, |&before| Label::from_index(before));
            let label = match *label {
                _ if features.of(at).is_empty() => Label::Outside,
                Label::Inside(kind) if !label.may_follow(before) => Label::First(kind),
                label => label,
            };
            gold.push(label.index());
        }
        Example { features, gold, weight }
    };
    document.iter().map(example).collect()
}

fn pass(mut examples: Vec<&Example>, bits: u32, rounds: usize) -> Field {
    let mut weights = Field::new(bits, RATE, PENALTY);
    let mut random = Random::new(20_261_122);
    for _ in 0..rounds {
        random.shuffle(&mut examples);
        for example in &examples {
            weights.learn(&example.features, &example.gold, example.weight);
        }
    }
    weights
}
