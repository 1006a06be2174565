//! The averaged perceptron (Collins 2002; lazy averaging after Daumé 2006) over hashed features.
use chancery_dissect::fast::Scorer;
use chancery_dissect::fast::table::row_of;

/// Weights while they are learned: sparse rows, one for each value that a feature's hash can have.
#[derive(Debug)]
pub struct Perceptron {
    classes: usize,
    bits: u32,
    rows: Vec<Vec<Weight>>,
    step: u32,
}

#[derive(Debug, Clone, Copy)]
struct Weight {
    class: u16,
    value: f32,
    sum: f32,
    changed: u32,
}

impl Perceptron {
    /// For `classes` classes, in `2^bits` rows.
    pub fn new(classes: usize, bits: u32) -> Self {
        Self { classes, bits, rows: vec![Vec::new(); 1 << bits], step: 1 }
    }

    /// Learns that `gold` was right where `predicted` was said.
    pub fn learn(&mut self, features: &[u64], gold: usize, predicted: usize) {
        self.step += 1;
        if gold == predicted {
            return;
        }
        for &feature in features {
            let row = row_of(feature, self.bits);
            add(&mut self.rows[row], gold, 1.0, self.step);
            add(&mut self.rows[row], predicted, -1.0, self.step);
        }
    }

    /// Ends the learning: every weight becomes its average over all steps.
    pub fn average(&mut self) {
        for row in &mut self.rows {
            for weight in row {
                weight.sum += (self.step - weight.changed) as f32 * weight.value;
                weight.value = weight.sum / self.step as f32;
            }
        }
    }

    /// Models that were learned from the same data in other orders, as one: their sum decides as they would vote together.
    pub fn sum(models: Vec<Self>) -> Self {
        let mut models = models.into_iter();
        let mut whole = models.next().expect("there is one model at least");
        for model in models {
            for (row, other) in whole.rows.iter_mut().zip(model.rows) {
                for weight in other {
                    match row.iter_mut().find(|known| known.class == weight.class) {
                        Some(known) => known.value += weight.value,
                        None => row.push(weight),
                    }
                }
            }
        }
        whole
    }

    /// The rows in 8 bits, with no more than `pairs` weights: the smallest are left out: most of them come from
    /// words that were seen once.
    pub fn quantized(&self, pairs: usize) -> Vec<Vec<(u8, i8)>> {
        let scale = scale(self.rows.iter().flatten().map(|weight| weight.value));
        let size = |weight: &Weight| (weight.value * scale).round().abs().min(127.0) as usize;
        let mut counts = [0_usize; 128];
        for weight in self.rows.iter().flatten() {
            counts[size(weight)] += 1;
        }
        let mut kept = 0;
        let mut least = 128;
        while least > 1 && kept + counts[least - 1] <= pairs {
            least -= 1;
            kept += counts[least];
        }
        eprintln!("{kept} weights of size {least} of 127 and more are kept");
        let quantize = |row: &Vec<Weight>| {
            let large = row.iter().filter(|weight| size(weight) >= least);
            let mut pairs: Vec<(u8, i8)> = large
                .map(|weight| {
                    let class = u8::try_from(weight.class).expect("there are fewer than 256 classes");
                    (class, (weight.value * scale).round().clamp(-127.0, 127.0) as i8)
                })
                .collect();
            pairs.sort_unstable();
            pairs
        };
        self.rows.iter().map(quantize).collect()
    }
}

/// By what weights are multiplied so that the greatest becomes 127. (To cut the greatest, even one in 2,000, costs two points of
/// attachment: they belong to the features that are seen most.)
pub fn scale(values: impl Iterator<Item = f32>) -> f32 {
    127.0 / values.fold(f32::MIN_POSITIVE, |top, value| top.max(value.abs()))
}

fn add(row: &mut Vec<Weight>, class: usize, change: f32, step: u32) {
    let class = class as u16;
    let Some(weight) = row.iter_mut().find(|weight| weight.class == class) else {
        row.push(Weight { class, value: change, sum: 0.0, changed: step });
        return;
    };
    weight.sum += (step - weight.changed) as f32 * weight.value;
    weight.changed = step;
    weight.value += change;
}

impl Scorer for Perceptron {
    fn classes(&self) -> usize {
        self.classes
    }

    fn score(&self, features: &[u64], scores: &mut [f32]) {
        scores.fill(0.0);
        for &feature in features {
            for weight in &self.rows[row_of(feature, self.bits)] {
                scores[weight.class as usize] += weight.value;
            }
        }
    }
}
