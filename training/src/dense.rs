//! The averaged perceptron for few classes: one short row a feature, all in one piece of memory.
use crate::perceptron::scale;
use chancery_dissect::fast::Scorer;
use chancery_dissect::fast::table::row_of;

/// Classes of a row.
pub const CLASSES: usize = 3;

/// Weights of the transitions while they are learned.
#[derive(Debug)]
pub struct DensePerceptron {
    bits: u32,
    values: Vec<[f32; CLASSES]>,
    sums: Vec<[f32; CLASSES]>,
    step: f32,
}

impl DensePerceptron {
    /// In `2^bits` rows.
    pub fn new(bits: u32) -> Self {
        Self { bits, values: vec![[0.0; CLASSES]; 1 << bits], sums: vec![[0.0; CLASSES]; 1 << bits], step: 1.0 }
    }

    /// Learns that `gold` was right where `predicted` was said.
    pub fn learn(&mut self, features: &[u64], gold: usize, predicted: usize) {
        self.step += 1.0;
        if gold == predicted {
            return;
        }
        for &feature in features {
            let row = row_of(feature, self.bits);
            self.values[row][gold] += 1.0;
            self.values[row][predicted] -= 1.0;
            self.sums[row][gold] += self.step;
            self.sums[row][predicted] -= self.step;
        }
    }

    /// Ends the learning: every weight becomes its average over all steps.
    pub fn average(&mut self) {
        for (values, sums) in self.values.iter_mut().zip(&self.sums) {
            for (value, sum) in values.iter_mut().zip(sums) {
                *value -= sum / self.step;
            }
        }
    }

    /// Models that were learned from the same data in other orders, as one.
    pub fn sum(models: Vec<Self>) -> Self {
        let mut models = models.into_iter();
        let mut whole = models.next().expect("there is one model at least");
        for model in models {
            for (value, other) in whole.values.iter_mut().flatten().zip(model.values.iter().flatten()) {
                *value += other;
            }
        }
        whole
    }

    /// The rows in 8 bits: the second and the third weight; the first is what is missing to a sum of nothing.
    pub fn quantized(&self) -> Vec<[i8; 2]> {
        let scale = scale(self.values.iter().flatten().copied());
        let small = |value: f32| (value * scale).round().clamp(-127.0, 127.0) as i8;
        self.values.iter().map(|[_, left, right]| [small(*left), small(*right)]).collect()
    }
}

impl Scorer for DensePerceptron {
    fn classes(&self) -> usize {
        CLASSES
    }

    fn score(&self, features: &[u64], scores: &mut [f32]) {
        let mut sums = [0.0; CLASSES];
        for &feature in features {
            let row = &self.values[row_of(feature, self.bits)];
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value;
            }
        }
        scores[..CLASSES].copy_from_slice(&sums);
    }
}
