//! Learns classes of words from the words beside them: spherical k-means (Dhillon and Modha 2001) over positive pointwise
//! mutual information with frequent words on the left and on the right.
use chancery_dissect::fast::clusters::Cluster;
use std::collections::BTreeMap;

/// Frequent words that count as context.
const CONTEXTS: usize = 500;
/// Rarer words get no class.
const LEAST: u32 = 4;
/// Rounds of k-means.
const ROUNDS: usize = 12;

/// A class, fine and coarse, for each word of `sentences` (hashes of lower-case words) that is frequent enough.
pub fn learn(sentences: &[Vec<u64>], fine: usize, coarse: usize) -> Vec<(u64, Cluster)> {
    let mut counts: BTreeMap<u64, u32> = BTreeMap::new();
    for &word in sentences.iter().flatten() {
        *counts.entry(word).or_default() += 1;
    }
    let mut vocabulary: Vec<(u64, u32)> = counts.into_iter().filter(|&(_, count)| count >= LEAST).collect();
    vocabulary.sort_by_key(|&(word, count)| (std::cmp::Reverse(count), word));
    let number: BTreeMap<u64, usize> = vocabulary.iter().enumerate().map(|(at, &(word, _))| (word, at)).collect();
    // Context columns: left neighbors, right neighbors, each with one column for "no or another word".
    let width = 2 * (CONTEXTS + 1);
    let mut rows: Vec<BTreeMap<usize, f32>> = vec![BTreeMap::new(); vocabulary.len()];
    let mut columns = vec![0.0_f32; width];
    for sentence in sentences {
        let numbers: Vec<Option<usize>> = sentence.iter().map(|word| number.get(word).copied()).collect();
        for (at, word) in numbers.iter().enumerate() {
            let Some(word) = *word else { continue };
            let context = |at: Option<usize>| {
                at.and_then(|at| numbers.get(at)).copied().flatten().filter(|&near| near < CONTEXTS).unwrap_or(CONTEXTS)
            };
            let left = context(at.checked_sub(1));
            let right = CONTEXTS + 1 + context(Some(at + 1));
            for column in [left, right] {
                *rows[word].entry(column).or_default() += 1.0;
                columns[column] += 1.0;
            }
        }
    }
    let total: f32 = columns.iter().sum();
    let vectors: Vec<Vec<(usize, f32)>> = rows
        .into_iter()
        .map(|row| {
            let sum: f32 = row.values().sum();
            let weights = row
                .into_iter()
                .map(|(column, count)| (column, (count * total / (sum * columns[column])).ln().max(0.0) * count.sqrt().min(4.0)));
            let vector: Vec<(usize, f32)> = weights.filter(|&(_, weight)| weight > 0.0).collect();
            normalized(vector)
        })
        .collect();
    let fine_of = group(&vectors, fine, width);
    // The coarse classes group the centers of the fine ones.
    let mut centers: Vec<Vec<f32>> = vec![vec![0.0; width]; fine];
    for (vector, &class) in vectors.iter().zip(&fine_of) {
        for &(column, weight) in vector {
            centers[class][column] += weight;
        }
    }
    let centers: Vec<Vec<(usize, f32)>> = centers
        .into_iter()
        .map(|center| normalized(center.into_iter().enumerate().filter(|&(_, weight)| weight > 0.0).collect()))
        .collect();
    let coarse_of = group(&centers, coarse, width);
    vocabulary
        .iter()
        .zip(&fine_of)
        .map(|(&(word, _), &class)| (word, Cluster { fine: class as u16 + 1, coarse: coarse_of[class] as u16 + 1 }))
        .collect()
}

fn normalized(mut vector: Vec<(usize, f32)>) -> Vec<(usize, f32)> {
    let length = vector.iter().map(|&(_, weight)| weight * weight).sum::<f32>().sqrt().max(1e-6);
    for (_, weight) in &mut vector {
        *weight /= length;
    }
    vector
}

/// Groups `vectors`, which come in order of importance: the first `k` are the first centers.
fn group(vectors: &[Vec<(usize, f32)>], k: usize, width: usize) -> Vec<usize> {
    // Centers lie column by column, so that one sparse vector meets all centers in a row.
    let mut centers = vec![0.0_f32; width * k];
    for (class, vector) in vectors.iter().take(k).enumerate() {
        for &(column, weight) in vector {
            centers[column * k + class] = weight;
        }
    }
    let mut classes = vec![0; vectors.len()];
    let mut scores = vec![0.0_f32; k];
    for _ in 0..ROUNDS {
        for (vector, class) in vectors.iter().zip(&mut classes) {
            scores.fill(0.0);
            for &(column, weight) in vector {
                for (score, center) in scores.iter_mut().zip(&centers[column * k..(column + 1) * k]) {
                    *score += weight * center;
                }
            }
            *class = chancery_dissect::fast::tagging::best(&scores);
        }
        let mut sums = vec![0.0_f32; width * k];
        for (vector, &class) in vectors.iter().zip(&classes) {
            for &(column, weight) in vector {
                sums[column * k + class] += weight;
            }
        }
        let mut lengths = vec![0.0_f32; k];
        for row in sums.chunks(k) {
            for (length, weight) in lengths.iter_mut().zip(row) {
                *length += weight * weight;
            }
        }
        for row in sums.chunks_mut(k) {
            for (length, weight) in lengths.iter().zip(row) {
                *weight /= length.sqrt().max(1e-6);
            }
        }
        centers = sums;
    }
    classes
}
