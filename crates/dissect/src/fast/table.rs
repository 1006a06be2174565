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

    /// The pairs of the row of `feature`.
    #[inline]
    fn row(&self, feature: u64) -> &'static [u8] {
        if self.directory.is_empty() {
            return &[];
        }
        let row = row_of(feature, self.bits);
        let at = row / GROUP * GROUP_BYTES;
        let Some(group) = self.directory.get(at..at + GROUP_BYTES) else { return &[] };
        let (start, counts) = group.split_at(4);
        let within = row % GROUP;
        let count = counts.get(within).copied().map_or(0, usize::from);
        if count == 0 {
            return &[];
        }
        let start = u32::from_le_bytes(start.try_into().unwrap_or_default()) as usize;
        let before: usize = counts.iter().take(within).map(|&count| usize::from(count)).sum();
        let first = (start + before) * 2;
        self.pairs.get(first..first + count * 2).unwrap_or(&[])
    }
}

impl Scorer for Table {
    fn classes(&self) -> usize {
        self.classes
    }

    fn score(&self, features: &[u64], scores: &mut [f32]) {
        scores.fill(0.0);
        for &feature in features {
            for pair in self.row(feature).chunks_exact(2) {
                if let [class, weight] = *pair
                    && let Some(score) = scores.get_mut(usize::from(class))
                {
                    *score += f32::from(weight.cast_signed());
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
