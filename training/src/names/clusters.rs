//! Clusters words by the words around them: positive pointwise mutual information with the neighbors on either side (Bullinaria
//! and Levy 2007), random projection (Achlioptas 2003), spherical k-means (Dhillon and Modha 2001).
use crate::random::Random;
use std::collections::{BTreeMap, HashMap};

/// Words that stand in the text less often get no cluster.
const LEAST: usize = 4;
/// The most frequent words are what others are told by.
const CONTEXTS: usize = 3000;
/// Dimensions after projection.
const DIMENSIONS: usize = 128;
/// Fine clusters.
const FINE: usize = 500;
/// Coarse clusters.
const COARSE: usize = 60;
/// Rounds of k-means.
const ROUNDS: usize = 12;

/// Words with their fine and coarse clusters, counted from 1.
pub fn learn(sentences: &[Vec<String>]) -> Vec<(String, u16, u8)> {
    let plain = |word: &str| -> String { word.chars().map(|c| if c.is_numeric() { '0' } else { c }).collect() };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in sentences.iter().flatten() {
        *counts.entry(plain(word)).or_insert(0) += 1;
    }
    let mut words: Vec<(String, usize)> = counts.into_iter().filter(|&(_, count)| count >= LEAST).collect();
    words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let numbers: HashMap<&str, usize> = words.iter().enumerate().map(|(at, (word, _))| (word.as_str(), at)).collect();
    // The place before the first and after the last word is a context of its own.
    let edge = CONTEXTS;
    let mut pairs: BTreeMap<(usize, usize), f32> = BTreeMap::new();
    for sentence in sentences {
        let ids: Vec<Option<usize>> = sentence.iter().map(|word| numbers.get(plain(word).as_str()).copied()).collect();
        for (at, id) in ids.iter().enumerate() {
            let Some(id) = *id else { continue };
            let near = |offset: isize| -> Option<usize> {
                match at.checked_add_signed(offset).map(|at| ids.get(at)) {
                    Some(Some(other)) => other.filter(|&other| other < CONTEXTS),
                    _ => Some(edge),
                }
            };
            for (side, offset) in [-1_isize, 1, -2, 2].into_iter().enumerate() {
                if let Some(other) = near(offset) {
                    *pairs.entry((id, side * (CONTEXTS + 1) + other)).or_insert(0.0) += 1.0;
                }
            }
        }
    }
    let vectors = project(&pairs, words.len());
    let (fine, centers) = cluster(&vectors, FINE, 71);
    let (coarse, _) = cluster(&centers, COARSE, 73);
    let of = |(at, (word, _)): (usize, (String, usize))| {
        let fine = fine[at];
        (word, fine as u16 + 1, coarse[fine] as u8 + 1)
    };
    words.into_iter().enumerate().map(of).collect()
}

type Vector = Box<[f32]>;

fn project(pairs: &BTreeMap<(usize, usize), f32>, n_words: usize) -> Vec<Vector> {
    let mut rows = vec![0.0_f32; n_words];
    let mut columns: HashMap<usize, f32> = HashMap::new();
    let mut total = 0.0;
    for (&(word, context), &count) in pairs {
        rows[word] += count;
        *columns.entry(context).or_insert(0.0) += count;
        total += count;
    }
    let mut directions: HashMap<usize, Vector> = HashMap::new();
    let mut vectors: Vec<Vector> = vec![vec![0.0; DIMENSIONS].into(); n_words];
    for (&(word, context), &count) in pairs {
        // Contexts smoothed by the power .75 (Levy, Goldberg and Dagan 2015).
        let information = (count * total.powf(0.75) / (rows[word] * columns[&context].powf(0.75))).ln();
        if information <= 0.0 {
            continue;
        }
        let direction = directions.entry(context).or_insert_with(|| {
            let mut random = Random::new(0x9E37_79B9 + context as u64 * 7919);
            (0..DIMENSIONS + 8).map(|_| if random.next() >> 32 & 1 == 0 { 1.0 } else { -1.0 }).skip(8).collect()
        });
        for (slot, sign) in vectors[word].iter_mut().zip(direction.iter()) {
            *slot += information * sign;
        }
    }
    vectors.iter_mut().for_each(normalize);
    vectors
}

fn normalize(vector: &mut Vector) {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|x| *x /= length);
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The cluster of each vector, and the centers.
fn cluster(vectors: &[Vector], clusters: usize, seed: u64) -> (Vec<usize>, Vec<Vector>) {
    let mut random = Random::new(seed);
    let mut order: Vec<usize> = (0..vectors.len()).collect();
    random.shuffle(&mut order);
    let mut centers: Vec<Vector> = order.iter().take(clusters).map(|&at| vectors[at].clone()).collect();
    let mut assigned = vec![0; vectors.len()];
    for _ in 0..ROUNDS {
        for (slot, vector) in assigned.iter_mut().zip(vectors) {
            let mut best = (0, f32::NEG_INFINITY);
            for (at, center) in centers.iter().enumerate() {
                let near = dot(vector, center);
                if near > best.1 {
                    best = (at, near);
                }
            }
            *slot = best.0;
        }
        let mut sums: Vec<Vector> = vec![vec![0.0; DIMENSIONS].into(); centers.len()];
        for (&at, vector) in assigned.iter().zip(vectors) {
            for (slot, x) in sums[at].iter_mut().zip(vector.iter()) {
                *slot += x;
            }
        }
        for (center, mut sum) in centers.iter_mut().zip(sums) {
            if sum.iter().any(|&x| x != 0.0) {
                normalize(&mut sum);
                *center = sum;
            }
        }
    }
    (assigned, centers)
}
