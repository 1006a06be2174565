//! Tables of 8-bit weights that are read where they lie: opening one costs nothing.
//!
//! A feature's hash names a row. Rows lie one after another; for every eight rows the directory holds where the first starts
//! (four bytes, little endian, in pairs of bytes) and how many pairs of bytes each has (eight bytes). A short row holds pairs
//! of class and weight, a long one the weights of all classes in order: as many pairs as half the classes tell it apart.
use super::Scorer;
use prefetch_index::prefetch_index;

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
        let fits =
            (3..=26).contains(&bits) && (1..=MOST_CLASSES).contains(&classes) && directory.len() == (GROUP_BYTES << bits) / GROUP;
        (fits && pairs.len().is_multiple_of(2)).then_some(Self { classes, bits, directory, pairs })
    }

    /// Where the row of `feature` lies among the bytes of the pairs: first byte and length.
    #[inline]
    fn row(&self, feature: u64) -> (usize, usize) {
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

/// A table has no more classes than this.
const MOST_CLASSES: usize = 256;
/// Rows with so many weights are written whole: to add up all classes in order is quicker than to add some of them one by one.
const LONG: usize = 20;

/// Pairs of bytes that a whole row takes.
fn whole(classes: usize) -> usize {
    classes.div_ceil(2)
}

impl Table {
    /// The sums of the weights of `features`; of a few hundred 8-bit weights they are exact.
    fn sums(&self, features: &[u64]) -> [i16; MOST_CLASSES] {
        let mut sums = [0_i16; MOST_CLASSES];
        let whole = whole(self.classes) * 2;
        for features in features.chunks(TOGETHER) {
            // Most features have no weights at all: only the others are gone through.
            let mut rows = [(0, 0); TOGETHER];
            let mut count = 0;
            for &feature in features {
                let (first, length) = self.row(feature);
                prefetch_index(self.pairs, first);
                prefetch_index(self.pairs, first + length);
                if let Some(row) = rows.get_mut(count) {
                    *row = (first, length);
                }
                count += usize::from(length > 0);
            }
            for &(first, length) in rows.iter().take(count) {
                let row = self.pairs.get(first..first + length).unwrap_or(&[]);
                if length == whole {
                    for (sum, weight) in sums.iter_mut().zip(row) {
                        *sum = sum.wrapping_add(i16::from(weight.cast_signed()));
                    }
                    continue;
                }
                for pair in row.chunks_exact(2) {
                    if let [class, weight] = *pair
                        && let Some(sum) = sums.get_mut(usize::from(class))
                    {
                        *sum = sum.wrapping_add(i16::from(weight.cast_signed()));
                    }
                }
            }
        }
        sums
    }
}

/// So many features are looked up together: the processor waits for the memory of all of them at once, and not for one after another.
const TOGETHER: usize = 64;

impl Scorer for Table {
    fn classes(&self) -> usize {
        self.classes
    }

    #[inline]
    fn expect(&self, feature: u64) {
        prefetch_index(self.directory, row_of(feature, self.bits) / GROUP * GROUP_BYTES);
    }

    fn score(&self, features: &[u64], scores: &mut [f32]) {
        let sums = self.sums(features);
        for (score, sum) in scores.iter_mut().zip(sums.into_iter().take(self.classes)) {
            *score = f32::from(sum);
        }
    }

    fn best(&self, features: &[u64], _: &mut [f32]) -> usize {
        let sums = self.sums(features);
        let sums = sums.get(..self.classes).unwrap_or(&sums);
        let top = sums.iter().copied().max().unwrap_or(0);
        sums.iter().position(|&sum| sum == top).unwrap_or(0)
    }
}

/// Lanes of a row of [`Lanes`].
const LANES: usize = 8;

/// A table for at most eight classes: each row is eight weights.
#[derive(Debug, Default, Clone)]
pub struct Lanes {
    classes: usize,
    bits: u32,
    rows: &'static [u8],
}

impl Lanes {
    /// A table for `classes` classes over `rows`, whose number is a power of two; `None` where the bytes do not fit.
    #[must_use]
    pub fn new(classes: usize, rows: &'static [u8]) -> Option<Self> {
        let number = rows.len() / LANES;
        let fits = rows.len().is_multiple_of(LANES) && number.is_power_of_two() && number >= 2 && classes <= LANES;
        fits.then_some(Self { classes, bits: number.trailing_zeros(), rows })
    }
}

impl Scorer for Lanes {
    fn classes(&self) -> usize {
        self.classes
    }

    fn score(&self, features: &[u64], scores: &mut [f32]) {
        let mut sums = [0_i16; LANES];
        if !self.rows.is_empty() {
            for &feature in features {
                prefetch_index(self.rows, row_of(feature, self.bits) * LANES);
            }
            for &feature in features {
                let at = row_of(feature, self.bits) * LANES;
                for (sum, weight) in sums.iter_mut().zip(self.rows.get(at..at + LANES).unwrap_or(&[0; LANES])) {
                    *sum = sum.saturating_add(i16::from(weight.cast_signed()));
                }
            }
        }
        for (score, sum) in scores.iter_mut().zip(sums.into_iter().take(self.classes)) {
            *score = f32::from(sum);
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

    #[inline]
    fn expect(&self, feature: u64) {
        prefetch_index(self.rows, row_of(feature, self.bits) * 2);
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
    feature.wrapping_shr(64 - bits) as usize
}

/// Directory and pairs of a table for `classes` classes with `rows` (as many as a power of two), each of pairs of class and weight.
#[must_use]
pub fn pack(classes: usize, rows: &[Vec<(u8, i8)>]) -> (Vec<u8>, Vec<u8>) {
    let whole = whole(classes);
    let mut directory = Vec::with_capacity(rows.len() / GROUP * GROUP_BYTES);
    let mut pairs: Vec<u8> = Vec::new();
    for group in rows.chunks(GROUP) {
        let start = u32::try_from(pairs.len() / 2).unwrap_or(u32::MAX);
        directory.extend(start.to_le_bytes());
        for row in group {
            if row.len() >= LONG.min(whole) {
                let mut weights = vec![0; whole * 2];
                for &(class, weight) in row {
                    if let Some(slot) = weights.get_mut(usize::from(class)) {
                        *slot = weight.cast_unsigned();
                    }
                }
                directory.push(u8::try_from(whole).unwrap_or(u8::MAX));
                pairs.extend(weights);
                continue;
            }
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
        let (directory, pairs) = pack(3, &rows);
        let table = Table::new(3, 4, directory.leak(), pairs.leak()).expect("the parts fit");
        let mut scores = [9.0; 3];
        table.score(&[3 << 60, 10 << 60, 11 << 60], &mut scores);
        assert_eq!(scores, [132.0, -128.0, -7.0]);
        assert_eq!(table.best(&[3 << 60, 10 << 60, 11 << 60], &mut scores), 0);
    }

    #[test]
    fn short_and_long_rows_give_the_same_sums() {
        let long: Vec<(u8, i8)> = (0..30).map(|class| (class * 2, 3 - i8::try_from(class).unwrap_or(0))).collect();
        let mut rows = vec![Vec::new(); 8];
        rows[2] = vec![(1, 9), (58, 40)];
        rows[5] = long.clone();
        let (directory, pairs) = pack(61, &rows);
        assert_eq!(pairs.len(), 62 + 4, "all classes of the long row, two pairs of the short one");
        let table = Table::new(61, 3, directory.leak(), pairs.leak()).expect("the parts fit");
        let mut scores = [0.0; 61];
        table.score(&[5 << 61], &mut scores);
        let given: Vec<(u8, f32)> = (0..).zip(scores).filter(|&(_, score)| score != 0.0).collect();
        let expected: Vec<(u8, f32)> =
            long.iter().map(|&(class, weight)| (class, f32::from(weight))).filter(|&(_, weight)| weight != 0.0).collect();
        assert_eq!(given, expected);
        assert_eq!(table.best(&[5 << 61, 2 << 61], &mut scores), 58);
    }

    #[test]
    fn rows_of_eight_add_up() {
        let table = Lanes::new(3, &[1, 2, 255, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 9]).expect("two rows");
        let mut scores = [0.0; 3];
        table.score(&[0, 1 << 63, 1 << 63], &mut scores);
        assert_eq!(scores, [11.0, 2.0, -1.0]);
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
