//! Tables of 8-bit weights that are read where they lie: opening one costs nothing.
//!
//! A feature's hash names a row. Rows lie one after another as pairs of class and weight; for every eight rows the
//! directory holds where the first starts (four bytes, little endian) and how many pairs each has (eight bytes).
use super::Scorer;

/// Rows to one entry of the directory.
const GROUP: usize = 8;
/// Bytes of one entry of the directory.
const GROUP_BYTES: usize = 12;

/// Weights of features for classes.
#[derive(Debug, Default, Clone)]
pub struct Table {
    classes: usize,
    bits: u32,
    directory: &'static [u8],
    pairs: &'static [u8],
}

impl Table {
    /// A table of `2^bits` rows over the bytes that [`pack`] made; `None` where the bytes do not fit together.
    #[must_use]
    pub fn new(classes: usize, bits: u32, directory: &'static [u8], pairs: &'static [u8]) -> Option<Self> {
        let fits = (3..=26).contains(&bits) && (1..=256).contains(&classes) && directory.len() == (GROUP_BYTES << bits) / GROUP;
        (fits && pairs.len().is_multiple_of(2)).then_some(Self { classes, bits, directory, pairs })
    }

    /// Where the row of `feature` lies among the bytes of the pairs: first byte and length.
    #[inline]
    fn row(&self, feature: u64) -> (usize, usize) {
        if self.directory.is_empty() {
            return (0, 0);
        }
        let row = row_of(feature, self.bits);
        let at = row / GROUP * GROUP_BYTES;
        let Some((start, counts)) = self.directory.get(at..at + GROUP_BYTES).and_then(|group| group.split_first_chunk::<4>())
        else {
            return (0, 0);
        };
        let Ok(counts) = <[u8; GROUP]>::try_from(counts) else { return (0, 0) };
        let (counts, shift) = (u64::from_le_bytes(counts), row % GROUP * 8);
        // The counts before this one, added up without a loop: bytes into pairs, pairs into the highest one.
        let before = counts & ((1 << shift) - 1);
        let before = (before & 0x00ff_00ff_00ff_00ff) + (before >> 8 & 0x00ff_00ff_00ff_00ff);
        let before = before.wrapping_mul(0x0001_0001_0001_0001) >> 48;
        let first = u32::from_le_bytes(*start) as usize + before as usize;
        (first * 2, (counts >> shift & 0xff) as usize * 2)
    }
}

/// So many features are looked up together: the processor waits for the memory of all of them at once, and not for one after another.
const TOGETHER: usize = 16;

impl Scorer for Table {
    fn classes(&self) -> usize {
        self.classes
    }

    fn score(&self, features: &[u64], scores: &mut [f32]) {
        scores.fill(0.0);
        for features in features.chunks(TOGETHER) {
            let mut rows = [(0, 0); TOGETHER];
            for (row, &feature) in rows.iter_mut().zip(features) {
                *row = self.row(feature);
            }
            let mut touched = 0;
            for &(first, _) in &rows {
                touched |= self.pairs.get(first).copied().unwrap_or(0);
            }
            std::hint::black_box(touched);
            for (first, length) in rows {
                for pair in self.pairs.get(first..first + length).unwrap_or(&[]).chunks_exact(2) {
                    if let [class, weight] = *pair
                        && let Some(score) = scores.get_mut(usize::from(class))
                    {
                        *score += f32::from(weight.cast_signed());
                    }
                }
            }
        }
    }
}

/// A table for three classes whose weights add up to nothing: each row is the weights of the second and the third class.
#[derive(Debug, Default, Clone)]
pub struct DenseTable {
    bits: u32,
    rows: &'static [u8],
}

impl DenseTable {
    /// A table over `rows`, whose number is a power of two; `None` where it is not.
    #[must_use]
    pub fn new(rows: &'static [u8]) -> Option<Self> {
        let number = rows.len() / 2;
        let fits = rows.len().is_multiple_of(2) && number.is_power_of_two() && number >= 2;
        fits.then_some(Self { bits: number.trailing_zeros(), rows })
    }
}

impl Scorer for DenseTable {
    fn classes(&self) -> usize {
        3
    }

    fn score(&self, features: &[u64], scores: &mut [f32]) {
        let (mut second, mut third) = (0_i32, 0_i32);
        if !self.rows.is_empty() {
            for &feature in features {
                let at = row_of(feature, self.bits) * 2;
                if let Some(&[left, right]) = self.rows.get(at..at + 2) {
                    second += i32::from(left.cast_signed());
                    third += i32::from(right.cast_signed());
                }
            }
        }
        for (score, sum) in scores.iter_mut().zip([-second - third, second, third]) {
            // The sums of some hundred 8-bit weights are exact in 32 bits.
            #[allow(clippy::cast_precision_loss)]
            let sum = sum as f32;
            *score = sum;
        }
    }
}

/// The row of `feature` in a table of `2^bits` rows.
#[inline]
#[must_use]
pub fn row_of(feature: u64, bits: u32) -> usize {
    (feature >> (64 - bits)) as usize
}

/// Directory and pairs of a table with `rows` (as many as a power of two), each of pairs of class and weight.
#[must_use]
pub fn pack(rows: &[Vec<(u8, i8)>]) -> (Vec<u8>, Vec<u8>) {
    let mut directory = Vec::with_capacity(rows.len() / GROUP * GROUP_BYTES);
    let mut pairs: Vec<u8> = Vec::new();
    for group in rows.chunks(GROUP) {
        let start = u32::try_from(pairs.len() / 2).unwrap_or(u32::MAX);
        directory.extend(start.to_le_bytes());
        for row in group {
            let row = row.get(..row.len().min(255)).unwrap_or(row);
            directory.push(u8::try_from(row.len()).unwrap_or(u8::MAX));
            for &(class, weight) in row {
                pairs.extend([class, weight.cast_unsigned()]);
            }
        }
    }
    (directory, pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_table_gives_the_weights_back() {
        let mut rows = vec![Vec::new(); 16];
        rows[3] = vec![(0, 5), (2, -7)];
        rows[9] = vec![(1, 1)];
        rows[10] = vec![(1, -128), (0, 127)];
        let (directory, pairs) = pack(&rows);
        let table = Table::new(3, 4, directory.leak(), pairs.leak()).expect("the parts fit");
        let mut scores = [9.0; 3];
        table.score(&[3 << 60, 10 << 60, 11 << 60], &mut scores);
        assert_eq!(scores, [132.0, -128.0, -7.0]);
    }

    #[test]
    fn the_first_weight_of_a_dense_row_is_what_is_missing() {
        let table = DenseTable::new(&[1, 2, 3, 255]).expect("two rows");
        let mut scores = [0.0; 3];
        table.score(&[0, 1 << 63, 1 << 63], &mut scores);
        assert_eq!(scores, [-7.0, 7.0, 0.0]);
    }

    #[test]
    fn bytes_that_do_not_fit_are_no_table() {
        assert!(Table::new(3, 4, &[0; 5], &[]).is_none());
    }
}
