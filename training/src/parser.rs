//! Trains the parser with a dynamic oracle and exploration (Goldberg and Nivre 2012).
use crate::dense::DensePerceptron;
use crate::perceptron::Perceptron;
use crate::random::Random;
use crate::treebank::Example;
use chancery_dissect::fast::Scorer;
use chancery_dissect::fast::attachment::{Words, best_allowed, label_features, transition_features};
use chancery_dissect::fast::tagging::best;
use chancery_dissect::fast::transitions::{State, Transition};

/// How often (of 100) the parser follows its own mistake instead of the best transition.
const EXPLORATION: u64 = 90;

/// Transitions and labels, learned in `rounds` rounds from `examples` with the tags `tags`; `seed` decides their order.
pub fn train(
    examples: &[Example],
    tags: &[Vec<usize>],
    labels: usize,
    bits: [u32; 2],
    rounds: usize,
    seed: u64,
) -> (DensePerceptron, Perceptron) {
    let mut transitions = DensePerceptron::new(bits[0]);
    let mut relations = Perceptron::new(labels, bits[1]);
    let words: Vec<Words> = examples.iter().zip(tags).map(|(example, tags)| Words::new(&example.forms, tags)).collect();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = Random::new(777_777_777 + seed);
    let mut features = Vec::new();
    let mut scores = [0.0; 3];
    let mut label_scores = vec![0.0; labels];
    for round in 0..rounds {
        random.shuffle(&mut order);
        for &at in &order {
            let (example, words) = (&examples[at], &words[at]);
            let mut state = State::new(example.words.len());
            while !state.is_done() {
                transition_features(&state, words, &transitions, &mut features);
                transitions.score(&features, &mut scores);
                let predicted = best_allowed(&state, &scores);
                let costs = state.costs(&example.heads);
                let allowed = |class: &usize| state.allows(Transition::ALL[*class]);
                let least = (0..3).filter(allowed).map(|class| costs[class]).min().expect("something is allowed");
                let mut gold_scores = [f32::NEG_INFINITY; 3];
                for class in (0..3).filter(allowed).filter(|&class| costs[class] == least) {
                    gold_scores[class] = scores[class];
                }
                let gold = Transition::ALL[best(&gold_scores)];
                let right = costs[predicted as usize] == least;
                transitions.learn(&features, if right { predicted } else { gold } as usize, predicted as usize);
                let follow = right || (round > 0 && random.next() % 100 < EXPLORATION);
                let transition = if follow { predicted } else { gold };
                let label = state.arc(transition).map_or(0, |(head, dependent)| {
                    label_features(&state, words, (head, dependent), &relations, &mut features);
                    relations.score(&features, &mut label_scores);
                    let predicted = best(&label_scores);
                    if example.heads[dependent] == head {
                        relations.learn(&features, example.labels[dependent], predicted);
                    }
                    predicted
                });
                state.apply(transition, label as u16);
            }
        }
        eprintln!("parser: round {} of {rounds}", round + 1);
    }
    transitions.average();
    relations.average();
    (transitions, relations)
}
