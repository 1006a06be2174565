//! The best tree over all arcs: maximum spanning arborescence (Chu and Liu 1965, Edmonds 1967) with exactly one root.
use super::table::Table;

/// Scores beyond this, far beyond what a network gives, count as this; those that are no number as its negative. Sums of them are
/// exact enough still.
const MOST: f64 = 1e6;

/// Heads of the best tree with a single root: 0 for the root, otherwise the number of a word, counted from 1.
///
/// `arcs` has a row for each word and a column for each possible head, the first of which is the root. The time is cubic in the
/// number of words at worst, the memory quadratic. Of equal scores the first wins.
#[must_use]
pub fn heads(arcs: &Table<f32>) -> Vec<usize> {
    let n_words = arcs.rows();
    let mut scores = Table::new(n_words + 1, n_words + 1, f64::NEG_INFINITY);
    let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
    for word in 0..n_words {
        for head in 0..=n_words {
            let score = arcs.get(word, head).map(f64::from).filter(|score| !score.is_nan()).unwrap_or(-MOST).clamp(-MOST, MOST);
            if head != word + 1 {
                scores.set(word + 1, head, score);
                (lowest, highest) = (lowest.min(score), highest.max(score));
            }
        }
    }
    // An arc from the root costs more than all other arcs can bring: one is taken, and no more.
    let cost = (highest - lowest + 1.0) * (n_words as f64 + 1.0);
    for word in 1..=n_words {
        let score = scores.at(word, 0);
        scores.set(word, 0, score - cost);
    }
    let mut heads = arborescence(scores);
    if !heads.is_empty() {
        heads.remove(0);
    }
    heads
}

/// A cycle made one node, and what is needed to open it again. Nodes are numbered anew: those outside of the cycle keep their
/// order, the cycle is the last.
struct Contraction {
    /// Best head of each node before.
    heads: Vec<usize>,
    /// The nodes outside of the cycle, by their old numbers.
    rest: Vec<usize>,
    /// For each of `rest` as a head: the node of the cycle at which its arc enters.
    enter: Vec<usize>,
    /// For each of `rest` as a dependent: the node of the cycle that is its head.
    leave: Vec<usize>,
}

/// Heads of the best arborescence from node 0; row 0 of `scores` (dependents by heads) is not looked at.
fn arborescence(mut scores: Table<f64>) -> Vec<usize> {
    let mut contractions: Vec<Contraction> = Vec::new();
    // Every contraction takes at least one node away, so this ends.
    let mut heads = loop {
        let heads: Vec<usize> = (0..scores.rows()).map(|node| if node == 0 { 0 } else { best(scores.row(node)) }).collect();
        let cycle = cycle(&heads);
        if cycle.is_empty() {
            break heads;
        }
        let (smaller, contraction) = contract(&scores, heads, &cycle);
        scores = smaller;
        contractions.push(contraction);
    };
    while let Some(Contraction { heads: mut opened, rest, enter, leave }) = contractions.pop() {
        let ring = rest.len();
        for (node, &old) in rest.iter().enumerate().skip(1) {
            let head = heads.get(node).copied().unwrap_or(0);
            let old_head = if head == ring { leave.get(node) } else { rest.get(head) };
            if let (Some(slot), Some(&old_head)) = (opened.get_mut(old), old_head) {
                *slot = old_head;
            }
        }
        let into = heads.get(ring).copied().unwrap_or(0);
        if let (Some(&at), Some(&from)) = (enter.get(into), rest.get(into))
            && let Some(slot) = opened.get_mut(at)
        {
            *slot = from;
        }
        heads = opened;
    }
    heads
}

/// Index of the first of the largest scores.
fn best(scores: &[f64]) -> usize {
    let mut found = (0, f64::NEG_INFINITY);
    for (at, &score) in scores.iter().enumerate() {
        if score > found.1 {
            found = (at, score);
        }
    }
    found.0
}

/// The nodes of one cycle; empty where there is none.
fn cycle(heads: &[usize]) -> Vec<usize> {
    // 0 not seen, otherwise the number of the walk that saw it first.
    let mut seen = vec![0_usize; heads.len()];
    for start in 1..heads.len() {
        let mut at = start;
        while at != 0 && seen.get(at) == Some(&0) {
            if let Some(seen) = seen.get_mut(at) {
                *seen = start;
            }
            at = heads.get(at).copied().unwrap_or(0);
        }
        if at != 0 && seen.get(at) == Some(&start) {
            let mut cycle = vec![at];
            let mut next = heads.get(at).copied().unwrap_or(at);
            while next != at {
                cycle.push(next);
                next = heads.get(next).copied().unwrap_or(at);
            }
            return cycle;
        }
    }
    Vec::new()
}

/// Makes `cycle` one node.
fn contract(scores: &Table<f64>, heads: Vec<usize>, cycle: &[usize]) -> (Table<f64>, Contraction) {
    let rest: Vec<usize> = (0..heads.len()).filter(|node| !cycle.contains(node)).collect();
    let ring = rest.len();
    let mut smaller = Table::new(ring + 1, ring + 1, f64::NEG_INFINITY);
    let (mut enter, mut leave) = (vec![0; ring], vec![0; ring]);
    for (new, &old) in rest.iter().enumerate() {
        for (new_head, &old_head) in rest.iter().enumerate() {
            smaller.set(new, new_head, scores.at(old, old_head));
        }
        // Into the cycle: what it costs to break it at each of its nodes. Out of it: its best node.
        let (mut best_in, mut best_out) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        for &node in cycle {
            let gain = scores.at(node, old) - scores.at(node, heads.get(node).copied().unwrap_or(0));
            if gain > best_in {
                best_in = gain;
                enter.iter_mut().skip(new).take(1).for_each(|slot| *slot = node);
            }
            let out = scores.at(old, node);
            if out > best_out {
                best_out = out;
                leave.iter_mut().skip(new).take(1).for_each(|slot| *slot = node);
            }
        }
        smaller.set(ring, new, best_in);
        smaller.set(new, ring, best_out);
    }
    (smaller, Contraction { heads, rest, enter, leave })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[f32]]) -> Table<f32> {
        let mut table = Table::new(rows.len(), rows.len() + 1, 0.0);
        for (row, scores) in rows.iter().enumerate() {
            for (column, &score) in scores.iter().enumerate() {
                table.set(row, column, score);
            }
        }
        table
    }

    /// Score of the best tree with one root, by trying all heads.
    fn by_trying(arcs: &Table<f32>) -> f32 {
        let n = arcs.rows();
        let mut best = f32::NEG_INFINITY;
        for number in 0..(n + 1).pow(u32::try_from(n).expect("small")) {
            let heads: Vec<usize> =
                (0..n).map(|word| number / (n + 1).pow(u32::try_from(word).expect("small")) % (n + 1)).collect();
            if is_tree(&heads) {
                best = best.max(score(arcs, &heads));
            }
        }
        best
    }

    fn score(arcs: &Table<f32>, heads: &[usize]) -> f32 {
        heads.iter().enumerate().map(|(word, &head)| arcs.at(word, head)).sum()
    }

    fn is_tree(heads: &[usize]) -> bool {
        let reaches_root = |word: usize| {
            let mut at = word + 1;
            for _ in 0..=heads.len() {
                if at == 0 {
                    return true;
                }
                at = heads[at - 1];
            }
            false
        };
        heads.iter().filter(|&&head| head == 0).count() == 1 && (0..heads.len()).all(reaches_root)
    }

    #[test]
    fn a_cycle_is_broken_where_it_costs_least() {
        // Each of the two words wants the other as its head; the second is the better root.
        assert_eq!(heads(&table(&[&[1.0, 0.0, 9.0], &[2.0, 9.0, 0.0]])), [2, 0]);
    }

    #[test]
    fn only_one_word_is_the_root_though_two_would_score_higher() {
        assert_eq!(heads(&table(&[&[9.0, 0.0, 1.0], &[8.0, 2.0, 0.0]])), [0, 1]);
    }

    #[test]
    fn ties_and_numbers_that_are_none_give_a_tree() {
        for value in [0.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN] {
            let arcs = Table::new(7, 8, value);
            assert!(is_tree(&heads(&arcs)), "{value}");
        }
        assert_eq!(heads(&Table::new(0, 1, 0.0)), Vec::<usize>::new());
        assert_eq!(heads(&Table::new(1, 2, f32::NAN)), [0]);
    }

    #[test]
    fn no_tree_scores_higher() {
        let mut state = 7_u32;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            // Few different values: many ties, many cycles.
            (state >> 24) as f32 % 11.0
        };
        for round in 0..300 {
            let n = 1 + round % 5;
            let mut arcs = Table::new(n, n + 1, 0.0);
            for word in 0..n {
                for head in 0..=n {
                    arcs.set(word, head, random());
                }
            }
            let found = heads(&arcs);
            assert!(is_tree(&found), "{found:?}");
            assert_eq!(score(&arcs, &found), by_trying(&arcs), "{arcs:?}");
        }
    }

    #[test]
    fn a_nest_of_cycles_of_the_longest_sentence_is_opened() {
        // Words want their neighbors: pairs first, then pairs of pairs, and so on.
        let n = 256;
        let mut arcs = Table::new(n, n + 1, 0.0);
        for word in 0..n {
            for head in 0..n {
                arcs.set(word, head + 1, 100.0 - f32::from(u8::try_from((word ^ head).ilog2_or_zero()).expect("small")) * 3.0);
            }
        }
        assert!(is_tree(&heads(&arcs)));
    }

    trait Log {
        fn ilog2_or_zero(self) -> u32;
    }

    impl Log for usize {
        fn ilog2_or_zero(self) -> u32 {
            if self == 0 { 0 } else { self.ilog2() }
        }
    }
}
