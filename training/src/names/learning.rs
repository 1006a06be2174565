//! Learns the weights of both passes: once without and once with what a first pass remembers of the document.
use super::field::Field;
use crate::random::Random;
use chancery_dissect::names::Label;
use chancery_dissect::names::clusters::Clusters;
use chancery_dissect::names::features::{Features, features};
use chancery_dissect::names::labeled::{LabeledDocument, LabeledSentence};
use chancery_dissect::names::memory::Memory;
use chancery_dissect::names::tagger::decode;

/// Parts into which the documents are cut so that each is read by a tagger that has not seen it.
const FOLDS: usize = 4;
/// Size of steps.
const RATE: f32 = 0.3;
/// Weight of the one-norm.
const PENALTY: f32 = 1e-6;

/// Weights of the first and the second pass.
pub fn learn(documents: &[LabeledDocument], clusters: &Clusters, bits: u32, rounds: usize) -> (Field, Field) {
    let plain: Vec<Vec<Example>> = documents.iter().map(|document| examples(document, clusters, None)).collect();
    let first = pass(plain.iter().flatten().collect(), bits, rounds);
    eprintln!("first pass: done");
    let mut memories = vec![Memory::default(); documents.len()];
    for fold in 0..FOLDS {
        let seen = plain.iter().enumerate().filter(|(at, _)| at % FOLDS != fold).flat_map(|(_, document)| document).collect();
        let tagger = pass(seen, bits, rounds / 2);
        for at in (fold..documents.len()).step_by(FOLDS) {
            for (sentence, example) in documents[at].iter().zip(&plain[at]) {
                memories[at].add(&forms(sentence), &decode(&tagger, &example.features));
            }
        }
    }
    eprintln!("folds: done");
    let remembered: Vec<Example> =
        documents.iter().zip(&memories).flat_map(|(document, memory)| examples(document, clusters, Some(memory))).collect();
    (first, pass(remembered.iter().collect(), bits, rounds))
}

struct Example {
    features: Features,
    gold: Vec<usize>,
}

fn forms(sentence: &LabeledSentence) -> Vec<&str> {
    sentence.forms.iter().map(String::as_str).collect()
}

fn examples(document: &LabeledDocument, clusters: &Clusters, memory: Option<&Memory>) -> Vec<Example> {
    let example = |sentence: &LabeledSentence| {
        let features = features(&forms(sentence), clusters, memory);
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
        Example { features, gold }
    };
    document.iter().map(example).collect()
}

fn pass(mut examples: Vec<&Example>, bits: u32, rounds: usize) -> Field {
    let mut weights = Field::new(bits, RATE, PENALTY);
    let mut random = Random::new(20_261_122);
    for _ in 0..rounds {
        random.shuffle(&mut examples);
        for example in &examples {
            weights.learn(&example.features, &example.gold);
        }
    }
    weights
}
