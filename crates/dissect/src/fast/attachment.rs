//! The parser: which transition comes next, and which relation an arc has, each from its own features.
use super::Scorer;
use super::clusters::Cluster;
use super::forms::{Form, mix};
use super::transitions::{NONE, State, Transition};

/// A parsed sentence.
#[derive(Debug)]
pub struct Attachments {
    state: State,
}

impl Attachments {
    /// Parses the sentence of `forms` with `tags`.
    #[must_use]
    pub fn parse(transitions: &impl Scorer, labels: &impl Scorer, forms: &[Form], tags: &[usize]) -> Self {
        let words = Words::new(forms, tags);
        let mut state = State::new(forms.len());
        let mut features = Vec::with_capacity(128);
        let mut scores = [0.0; 3];
        let mut label_scores = vec![0.0; labels.classes()];
        while !state.is_done() {
            let transition = if state.waiting(0) == state.root() {
                // Nothing can be shifted, and only the last word may hang on the root.
                if state.depth() == 1 { Transition::Left } else { Transition::Right }
            } else if state.depth() == 0 {
                Transition::Shift
            } else {
                transition_features(&state, &words, transitions, &mut features);
                transitions.score(&features, &mut scores);
                best_allowed(&state, &scores)
            };
            let label = state.arc(transition).map_or(0, |(head, dependent)| {
                label_features(&state, &words, (head, dependent), labels, &mut features);
                labels.best(&features, &mut label_scores)
            });
            state.apply(transition, u16::try_from(label).unwrap_or(0));
        }
        Self { state }
    }

    /// Head of each word, as an index of the words; `None` for the root of the sentence.
    #[must_use]
    pub fn heads(&self) -> Vec<Option<usize>> {
        let root = self.state.root();
        (1..root)
            .map(|node| Some(self.state.node(node).head).filter(|&head| head != root && head != NONE).map(|head| head - 1))
            .collect()
    }

    /// Class of the relation of word `word`.
    #[must_use]
    pub fn label(&self, word: usize) -> usize {
        usize::from(self.state.node(word + 1).label)
    }
}

/// The allowed transition with the greatest score.
#[must_use]
pub fn best_allowed(state: &State, scores: &[f32; 3]) -> Transition {
    let mut found = (Transition::Shift, f32::NEG_INFINITY);
    for (transition, &score) in Transition::ALL.into_iter().zip(scores) {
        if state.allows(transition) && score > found.1 {
            found = (transition, score);
        }
    }
    found.0
}

/// Words and tags of a sentence by node.
#[derive(Debug)]
pub struct Words {
    words: Vec<u64>,
    tags: Vec<u64>,
    clusters: Vec<Cluster>,
}

impl Words {
    /// For the sentence of `forms` with `tags`.
    #[must_use]
    pub fn new(forms: &[Form], tags: &[usize]) -> Self {
        let mut words = vec![11];
        words.extend(forms.iter().map(|form| form.lower));
        words.push(77);
        let mut numbers = vec![0xFFFE];
        numbers.extend(tags.iter().map(|&tag| tag as u64));
        numbers.push(0xFFFD);
        let none = Cluster::default();
        let mut clusters = vec![none];
        clusters.extend(forms.iter().map(|form| form.cluster));
        clusters.push(none);
        Self { words, tags: numbers, clusters }
    }

    #[inline]
    fn word(&self, node: usize) -> u64 {
        self.words.get(node).copied().unwrap_or(11)
    }

    #[inline]
    fn cluster(&self, node: usize) -> Cluster {
        self.clusters.get(node).copied().unwrap_or_default()
    }

    #[inline]
    fn tag(&self, node: usize) -> u64 {
        self.tags.get(node).copied().unwrap_or(0xFFFE)
    }
}

/// Puts the features of the choice of a transition, which `scorer` will be asked for, into `features`.
#[allow(clippy::too_many_lines)]
pub fn transition_features(state: &State, words: &Words, scorer: &impl Scorer, features: &mut Vec<u64>) {
    features.clear();
    let mut template = 0_u64;
    macro_rules! add {
        ($($part:expr),*) => {{
            template += 1;
            let mut hash = template.wrapping_mul(0xD6E8_FEB8_6659_FD93);
            $(hash = mix(hash, $part as u64);)*
            let feature = mix(hash, template);
            scorer.expect(feature);
            features.push(feature);
        }};
    }
    let w = |node| words.word(node);
    let p = |node| words.tag(node);
    let r = |node| if node == NONE { 998 } else { u64::from(state.node(node).label) };
    let count = |node, count: u8| if node == NONE { 9 } else { u64::from(count.min(6)) };
    let distance = |from: usize, to: usize| if from == NONE || to == NONE { 0 } else { to.abs_diff(from).min(8) as u64 };
    let (s0, s1, s2) = (state.stacked(0), state.stacked(1), state.stacked(2));
    let (b0, b1, b2, b3) = (state.waiting(0), state.waiting(1), state.waiting(2), state.waiting(3));
    let (n0, n1, m0) = (state.node(s0), state.node(s1), state.node(b0));
    let (s0l, s0l2, s0r, s0r2) = (n0.left[0], n0.left[1], n0.right[0], n0.right[1]);
    let (s1l, s1r, s1r2) = (n1.left[0], n1.right[0], n1.right[1]);
    let (b0l, b0l2) = (m0.left[0], m0.left[1]);
    let (d0, d1) = (distance(s0, b0), distance(s1, s0));
    let (ws0, ws1, wb0, wb1) = (w(s0), w(s1), w(b0), w(b1));
    let (ps0, ps1, ps2, pb0, pb1, pb2, pb3) = (p(s0), p(s1), p(s2), p(b0), p(b1), p(b2), p(b3));
    add!(0);
    add!(ws0);
    add!(ps0);
    add!(ws0, ps0);
    add!(ws1);
    add!(ps1);
    add!(ws1, ps1);
    add!(wb0);
    add!(pb0);
    add!(wb0, pb0);
    add!(wb1, pb1);
    add!(pb1);
    add!(w(b2));
    add!(pb2);
    add!(ws0, ps0, wb0, pb0);
    add!(ws0, ps0, wb0);
    add!(ws0, wb0, pb0);
    add!(ws0, ps0, pb0);
    add!(ps0, wb0, pb0);
    add!(ws0, wb0);
    add!(ps0, pb0);
    add!(pb0, pb1);
    add!(ws0, ps0, ws1, ps1);
    add!(ws1, ps0);
    add!(ws0, ps1);
    add!(ws0, ws1);
    add!(ps0, ps1);
    add!(ws1, ps1, pb0);
    add!(ws1, wb0);
    add!(pb0, pb1, pb2);
    add!(ps0, pb0, pb1);
    add!(ps1, ps0, pb0);
    add!(ps1, ps0, pb0, pb1);
    add!(ps2, ps1, ps0);
    add!(ps2, ps1, ps0, pb0);
    add!(ps0, pb0, pb1, pb2);
    add!(pb1, pb2, pb3);
    add!(ws0, pb0, pb1);
    add!(wb0, ps0, ps1);
    add!(ws0, ps1, pb0);
    add!(ws1, ps0, pb0);
    add!(ps0, p(s0l), pb0);
    add!(ps0, p(s0r), pb0);
    add!(ps0, pb0, p(b0l));
    add!(ps1, p(s1r), ps0);
    add!(ps1, ps0, p(s0l));
    add!(ps1, ps0, p(s0r));
    add!(ps1, p(s1l), ps0, pb0);
    add!(ps1, p(s1r), ps0, pb0);
    add!(ps0, p(s0r), p(s0r2), pb0);
    add!(ps0, p(s0l), p(s0l2));
    add!(ps1, p(s1r), p(s1r2), ps0);
    add!(pb0, p(b0l), p(b0l2));
    add!(ws0, d0);
    add!(ps0, d0);
    add!(wb0, d0);
    add!(pb0, d0);
    add!(ws0, wb0, d0);
    add!(ps0, pb0, d0);
    add!(ps0, ps1, d1);
    add!(ws0, ws1, d1);
    add!(ws1, d1);
    add!(ws0, count(s0, n0.right_count));
    add!(ps0, count(s0, n0.right_count));
    add!(ws0, count(s0, n0.left_count));
    add!(ps0, count(s0, n0.left_count));
    add!(wb0, count(b0, m0.left_count));
    add!(pb0, count(b0, m0.left_count));
    add!(ps1, count(s1, n1.right_count), ps0);
    add!(ws1, count(s1, n1.right_count));
    add!(w(s0l));
    add!(w(s0r));
    add!(w(b0l));
    add!(r(s0l), ps0);
    add!(r(s0r), ps0);
    add!(r(b0l), pb0);
    add!(r(s1r), ps1);
    add!(r(s1l), ps1);
    add!(ws0, r(s0l), r(s0r));
    add!(ws1, r(s1l), r(s1r));
    add!(wb0, r(b0l), r(b0l2));
    add!(ps0, r(s0l), r(s0l2), pb0);
    add!(ps0, r(s0r), r(s0r2), pb0);
    add!(ps1, r(s1r), r(s1r2), ps0);
    add!(w(s0r), pb0, ps0);
    add!(w(s1r), ps0, pb0);
    add!(w(s0l), ps0, ps1);
    // Phrases with their first word: "in [s1] ... of [s0]".
    add!(ws1, w(s0l));
    add!(ws1, w(s0l), ws0);
    add!(w(s2), w(s0l), ps0);
    add!(p(s2), ps1, w(s0l), ps0);
    add!(ws0, w(b0l), pb0);
    // What the words have taken already.
    add!(ws0, n0.right_labels);
    add!(ps0, n0.right_labels, pb0);
    add!(ps0, n0.left_labels, n0.right_labels);
    add!(ws1, n1.right_labels, ps0);
    add!(ps1, n1.left_labels, n1.right_labels, ps0);
    add!(wb0, m0.left_labels);
    add!(pb0, m0.left_labels, ps0);
    // Neighbors in the text: marks between.
    let (b0p, s0p, s0n) = (p(b0.saturating_sub(1)), p(s0.saturating_sub(1)), p(s0 + 1));
    add!(ps0, pb0, b0p);
    add!(ps1, ps0, s0p);
    add!(ps0, s0n, pb0);
    add!(ws0, w(s0 + 1));
    add!(ps1, ps0, s0p, pb0);
    add!(ws0, b0p, pb0);
    add!(ps1, p(s1 + 1), ps0);
    add!(ws0, wb1);
    add!(w(b2), ps0, pb0);
    add!(ws1, pb0, pb1);
    add!(p(state.stacked(3)), ps2, ps1, ps0);
    add!(ps1, pb0, pb1, pb2);
    add!(w(s2), ps0, pb0);
    add!(wb0, wb1);
    let c = |node| words.cluster(node);
    let (cs0, cs1, cb0) = (c(s0), c(s1), c(b0));
    add!(cs0.fine, pb0);
    add!(cb0.fine, ps0);
    add!(cs0.fine, cb0.fine);
    add!(cs1.fine, cs0.fine);
    add!(cs1.fine, ps0, pb0);
    add!(cs0.coarse, cs1.coarse, cb0.coarse);
    add!(cs1.fine, c(s0l).fine, cs0.coarse);
    add!(ws1, c(s0l).coarse, cs0.fine);
    add!(cs0.fine, pb0, p(b1));
}

/// Puts the features of the relation of the arc from `head` to `dependent`, which `scorer` will be asked for, into `features`, before
/// the arc is made.
pub fn label_features(
    state: &State,
    words: &Words,
    (head, dependent): (usize, usize),
    scorer: &impl Scorer,
    features: &mut Vec<u64>,
) {
    features.clear();
    let mut template = 0_u64;
    macro_rules! add {
        ($($part:expr),*) => {{
            template += 1;
            let mut hash = template.wrapping_mul(0xA076_1D64_78BD_642F);
            $(hash = mix(hash, $part as u64);)*
            let feature = mix(hash, template);
            scorer.expect(feature);
            features.push(feature);
        }};
    }
    let w = |node| words.word(node);
    let p = |node| words.tag(node);
    let r = |node| if node == NONE { 998 } else { u64::from(state.node(node).label) };
    let root = state.root();
    let (h, d) = (head, dependent);
    let (nh, nd) = (state.node(h), state.node(d));
    let direction = u64::from(d < h);
    let distance = h.abs_diff(d).min(6) as u64;
    let (wh, wd, ph, pd) = (w(h), w(d), p(h), p(d));
    let (before, after) = (d - 1, d + 1);
    let (head_before, head_after) = (h.saturating_sub(1), if h < root { h + 1 } else { NONE });
    add!(h == root);
    add!(ph, pd, direction);
    add!(wh, wd, direction);
    add!(wh, pd, direction);
    add!(ph, wd, direction);
    add!(wd);
    add!(wh, direction);
    add!(wd, direction, distance);
    add!(ph, pd, direction, distance);
    add!(pd, direction, p(before), p(after));
    add!(ph, direction, pd, p(after));
    add!(ph, direction, pd, p(before));
    add!(ph, direction, pd, p(nd.left[0]));
    add!(ph, direction, pd, w(nd.left[0]));
    add!(wd, w(nd.left[0]), direction);
    add!(ph, pd, direction, r(nd.left[0]), r(nd.left[1]));
    add!(ph, pd, direction, r(nd.right[0]));
    add!(w(nd.left[0]), wh, direction);
    add!(wh, pd, w(nd.left[0]), direction);
    add!(ph, pd, direction, r(nh.left[0]), r(nh.right[0]));
    add!(wh, pd, direction, r(nh.right[0]));
    add!(wh, pd, direction, r(nh.left[0]));
    add!(ph, pd, direction, p(head_before), p(head_after));
    add!(pd, w(nd.right[0]), direction);
    add!(ph, pd, direction, nd.left_count, nh.left_count);
    add!(pd, w(before), direction, ph);
    add!(pd, w(after), direction, ph);
    add!(wd, p(after), direction);
    add!(wd, p(before), direction);
    add!(ph, pd, direction, nh.left_labels, nh.right_labels);
    add!(wh, direction, nh.left_labels, nh.right_labels);
    add!(wd, direction, nh.right_labels, ph);
    add!(pd, nd.left_labels, nd.right_labels, direction, ph);
    add!(wd, nd.left_labels, direction);
    add!(ph, pd, direction, p(nh.left[0]), p(nh.right[0]));
    add!(wh, w(nd.left[0]), wd);
    add!(pd, ph, w(after), p(after));
    add!(ph, pd, w(before), direction, p(before));
    add!(ph, pd, p(before), p(after), p(head_after));
    let c = |node| words.cluster(node);
    add!(c(h).fine, c(d).fine, direction);
    add!(c(h).fine, pd, direction);
    add!(ph, c(d).fine, direction);
    add!(c(h).coarse, c(d).coarse, w(nd.left[0]));
    add!(c(h).fine, c(d).coarse, c(nd.left[0]).fine);
}
