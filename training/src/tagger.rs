//! Trains the tagger.
use crate::perceptron::Perceptron;
use crate::random::Random;
use crate::treebank::Example;
use chancery_dissect::fast::Scorer;
use chancery_dissect::fast::known::KnownWords;
use chancery_dissect::fast::tagging::{self, NO_TAG, best, tag_features};

/// Parts of the treebank for jack-knifing.
const FOLDS: usize = 3;

/// A tagger for `classes` tags, learned in `rounds` rounds from `examples`; `seed` decides their order.
pub fn train(examples: &[&Example], classes: usize, bits: u32, rounds: usize, seed: u64) -> Perceptron {
    let mut model = Perceptron::new(classes, bits);
    let mut random = Random::new(88_172_645_463_325_252 + seed);
    let mut order: Vec<&Example> = examples.to_vec();
    let mut features = Vec::new();
    let mut scores = vec![0.0; classes];
    for _ in 0..rounds {
        random.shuffle(&mut order);
        for example in &order {
            let (mut before, mut last) = (NO_TAG, NO_TAG);
            for (at, &gold) in example.tags.iter().enumerate() {
                tag_features(&example.forms, at, [last, before], &model, &mut features);
                model.score(&features, &mut scores);
                let predicted = best(&scores);
                model.learn(&features, gold, predicted);
                before = last;
                last = predicted;
            }
        }
    }
    model.average();
    model
}

/// Tags of `examples` by taggers that have not seen them: what the parser must learn to live with.
pub fn jackknife(examples: &[Example], classes: usize, bits: u32, rounds: usize) -> Vec<Vec<usize>> {
    let fold_of = |at: usize| (at / 10) % FOLDS;
    let mut tags = vec![Vec::new(); examples.len()];
    for fold in 0..FOLDS {
        let seen: Vec<&Example> =
            examples.iter().enumerate().filter(|(at, _)| fold_of(*at) != fold).map(|(_, example)| example).collect();
        let model = train(&seen, classes, bits, rounds, 0);
        for (at, example) in examples.iter().enumerate().filter(|(at, _)| fold_of(*at) == fold) {
            tags[at] = tagging::tag(&model, &KnownWords::default(), &example.forms);
        }
    }
    tags
}
