//! A linear-chain conditional random field (Lafferty, McCallum and Pereira 2001), learned by adaptive subgradient steps with
//! dual averaging (Duchi, Hazan and Singer 2011), which leaves most weights at zero.
use chancery_dissect::fast::Scorer;
use chancery_dissect::fast::table::row_of;
use chancery_dissect::names::Label;
use chancery_dissect::names::features::{Features, step};

const N: usize = Label::COUNT;

/// Weights while they are learned.
#[derive(Debug)]
pub struct Field {
    bits: u32,
    /// Sum of gradients and of their squares, by row and label.
    sums: Vec<[f32; N]>,
    squares: Vec<[f32; N]>,
    steps_taken: f32,
    rate: f32,
    penalty: f32,
}

impl Field {
    /// In `2^bits` rows. `rate` is the size of steps, `penalty` the weight of the one-norm for each sentence seen.
    pub fn new(bits: u32, rate: f32, penalty: f32) -> Self {
        Self { bits, sums: vec![[0.0; N]; 1 << bits], squares: vec![[0.0; N]; 1 << bits], steps_taken: 0.0, rate, penalty }
    }

    fn weight(&self, row: usize, label: usize) -> f32 {
        let sum = self.sums[row][label];
        let left = sum.abs() - self.penalty * self.steps_taken;
        if left <= 0.0 { 0.0 } else { -sum.signum() * self.rate * left / (1.0 + self.squares[row][label].sqrt()) }
    }

    fn push(&mut self, features: &[u64], gradient: &[f32; N]) {
        for &feature in features {
            let row = row_of(feature, self.bits);
            for (label, &part) in gradient.iter().enumerate() {
                if part.abs() > 1e-4 {
                    self.sums[row][label] += part;
                    self.squares[row][label] += part * part;
                }
            }
        }
    }

    /// One step on one sentence.
    pub fn learn(&mut self, features: &Features, gold: &[usize], weight: f32) {
        self.steps_taken += 1.0;
        let length = features.len();
        if (0..length).all(|at| features.of(at).is_empty()) {
            return;
        }
        let mut steps = [[0.0_f32; N]; N + 1];
        for (before, row) in steps.iter_mut().enumerate() {
            self.score(&[step(before)], row);
            let previous = if before == N { Label::Outside } else { Label::from_index(before) };
            for (label, weight) in row.iter_mut().enumerate() {
                *weight = if Label::from_index(label).may_follow(previous) { weight.exp() } else { 0.0 };
            }
        }
        let mut here = vec![[0.0_f32; N]; length];
        for (at, row) in here.iter_mut().enumerate() {
            if features.of(at).is_empty() {
                row[0] = 1.0;
                continue;
            }
            self.score(features.of(at), row);
            let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            row.iter_mut().for_each(|score| *score = (*score - top).exp());
        }
        let mut forward = vec![[0.0_f32; N]; length];
        for at in 0..length {
            for label in 0..N {
                let reached: f32 = if at == 0 {
                    steps[N][label]
                } else {
                    (0..N).map(|before| forward[at - 1][before] * steps[before][label]).sum()
                };
                forward[at][label] = reached * here[at][label];
            }
            normalize(&mut forward[at]);
        }
        let mut backward = vec![[1.0_f32; N]; length];
        for at in (0..length - 1).rev() {
            for before in 0..N {
                backward[at][before] =
                    (0..N).map(|label| steps[before][label] * here[at + 1][label] * backward[at + 1][label]).sum();
            }
            normalize(&mut backward[at]);
        }
        for at in 0..length {
            let mut chance = [0.0_f32; N];
            for label in 0..N {
                chance[label] = forward[at][label] * backward[at][label];
            }
            normalize(&mut chance);
            chance[gold[at]] -= 1.0;
            chance.iter_mut().for_each(|part| *part *= weight);
            self.push(features.of(at), &chance);
            // Steps: from the label before (or the start) to this one.
            let mut edges = [[0.0_f32; N]; N + 1];
            let mut total = 0.0;
            for before in if at == 0 { N..N + 1 } else { 0..N } {
                let from = if at == 0 { 1.0 } else { forward[at - 1][before] };
                for label in 0..N {
                    edges[before][label] = from * steps[before][label] * here[at][label] * backward[at][label];
                    total += edges[before][label];
                }
            }
            let origin = if at == 0 { N } else { gold[at - 1] };
            for (before, row) in edges.iter_mut().enumerate() {
                row.iter_mut().for_each(|chance| *chance /= total.max(f32::MIN_POSITIVE));
                if before == origin {
                    row[gold[at]] -= 1.0;
                }
                row.iter_mut().for_each(|part| *part *= weight);
                self.push(&[step(before)], row);
            }
        }
    }

    /// The rows in 8 bits, each filled up to eight weights.
    pub fn quantized(&self) -> Vec<u8> {
        let weights: Vec<[f32; N]> =
            (0..self.sums.len()).map(|row| std::array::from_fn(|label| self.weight(row, label))).collect();
        let top = weights.iter().flatten().fold(f32::MIN_POSITIVE, |top, weight| top.max(weight.abs()));
        let small = |weight: &f32| ((weight / top * 127.0).round() as i8).cast_unsigned();
        weights.iter().flat_map(|row| row.iter().map(small).chain([0])).collect()
    }
}

fn normalize(row: &mut [f32; N]) {
    let sum: f32 = row.iter().sum();
    row.iter_mut().for_each(|part| *part /= sum.max(f32::MIN_POSITIVE));
}

impl Scorer for Field {
    fn classes(&self) -> usize {
        N
    }

    fn score(&self, features: &[u64], scores: &mut [f32]) {
        scores.fill(0.0);
        for &feature in features {
            let row = row_of(feature, self.bits);
            for (label, score) in scores.iter_mut().enumerate().take(N) {
                *score += self.weight(row, label);
            }
        }
    }
}
