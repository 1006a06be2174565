//! The averaged perceptron (Collins 2002; lazy averaging after Daumé 2006) over hashed features.
use chancery_dissect::fast::Scorer;
use chancery_dissect::fast::table::row_of;

/// Weights while they are learned: sparse rows, one for each value that a feature's hash can have.
#[derive(Debug)]
pub struct Perceptron {
    classes: usize,
    bits: u32,
    rows: Vec<Vec<Weight>>,
    updates: Vec<u16>,
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
        Self { classes, bits, rows: vec![Vec::new(); 1 << bits], updates: vec![0; 1 << bits], step: 1 }
    }

    /// Learns that `gold` was right where `predicted` was said.
    pub fn learn(&mut self, features: &[u64], gold: usize, predicted: usize) {
        self.step += 1;
        if gold == predicted {
            return;
        }
        for &feature in features {
            let row = row_of(feature, self.bits);
            self.updates[row] = self.updates[row].saturating_add(1);
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

    /// The rows in 8 bits. Rows changed fewer than `least` times are left out; weights above the `clip` quantile are cut.
    pub fn quantized(&self, least: u16, clip: f64) -> Vec<Vec<(u8, i8)>> {
        let mut sizes: Vec<f32> =
            self.rows.iter().flatten().map(|weight| weight.value.abs()).filter(|&size| size > 0.0).collect();
        sizes.sort_by(f32::total_cmp);
        let top = sizes.get(((sizes.len() as f64 * clip) as usize).min(sizes.len().saturating_sub(1))).copied().unwrap_or(1.0);
        let scale = 127.0 / top;
        self.rows
            .iter()
            .zip(&self.updates)
            .map(|(row, &updates)| {
                if updates < least {
                    return Vec::new();
                }
                let pairs = row.iter().map(|weight| {
                    let value = (weight.value * scale).round().clamp(-127.0, 127.0) as i8;
                    (u8::try_from(weight.class).expect("there are fewer than 256 classes"), value)
                });
                let mut pairs: Vec<(u8, i8)> = pairs.filter(|&(_, value)| value != 0).collect();
                pairs.sort_unstable();
                pairs
            })
            .collect()
    }
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
