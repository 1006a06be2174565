//! The name tagger: first-order sequence labeling (a conditional random field, Lafferty, McCallum and Pereira 2001) in two passes over a document.
use super::clusters::Clusters;
use super::features::{Features, Seen, step};
use super::memory::Memory;
use crate::fast::Scorer;
use crate::fast::table::Lanes;
use std::sync::LazyLock;

/// First bytes of the file of weights.
pub const FORMAT: &[u8] = b"chancery names 2\n";

/// What a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NameKind {
    /// A human being.
    Person,
    /// A place: state, city, region, river, building.
    Place,
    /// A body: party, company, ministry, army, alliance.
    Organization,
}

/// Label of one token: outside, first token of a name, or a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Label {
    /// No name.
    Outside,
    /// First token of a name.
    First(NameKind),
    /// Later token of a name.
    Inside(NameKind),
}

impl Label {
    /// Number of labels.
    pub const COUNT: usize = 7;

    const ALL: [Self; Self::COUNT] = [
        Self::Outside,
        Self::First(NameKind::Person),
        Self::Inside(NameKind::Person),
        Self::First(NameKind::Place),
        Self::Inside(NameKind::Place),
        Self::First(NameKind::Organization),
        Self::Inside(NameKind::Organization),
    ];

    /// The label of class `index`; [`Label::Outside`] above them.
    #[must_use]
    pub fn from_index(index: usize) -> Self {
        Self::ALL.get(index).copied().unwrap_or(Self::Outside)
    }

    /// The class of the label.
    #[must_use]
    pub fn index(self) -> usize {
        Self::ALL.iter().position(|&label| label == self).unwrap_or(0)
    }

    /// Kind of name: 0 none, 1 person, 2 place, 3 organization.
    #[must_use]
    pub fn kind_index(self) -> usize {
        self.index().div_ceil(2)
    }

    /// True where this label may follow `before`: a later token follows a token of a name of its kind.
    #[must_use]
    pub fn may_follow(self, before: Self) -> bool {
        match self {
            Self::Inside(kind) => before == Self::First(kind) || before == Self::Inside(kind),
            _ => true,
        }
    }
}

/// Scores of the labels of one token.
pub type Scores = [f32; Label::COUNT];

/// Scores of a label after each label, and after the start of a sentence (last).
pub type Steps = [Scores; Label::COUNT + 1];

/// What `scorer` says of each step from one label to the next; impossible ones are worth less than anything.
#[must_use]
pub fn steps(scorer: &impl Scorer) -> Steps {
    let mut steps = Steps::default();
    for (before, row) in steps.iter_mut().enumerate() {
        scorer.score(&[step(before)], row);
        let previous = if before == Label::COUNT { Label::Outside } else { Label::from_index(before) };
        for (class, score) in row.iter_mut().enumerate() {
            if !Label::from_index(class).may_follow(previous) {
                *score = f32::NEG_INFINITY;
            }
        }
    }
    steps
}

/// What `scorer` says of the tokens with these `features`; `None` of those that cannot belong to a name.
#[must_use]
pub fn emissions(scorer: &impl Scorer, features: &Features) -> Vec<Option<Scores>> {
    let score = |at| {
        let mut scores = Scores::default();
        let features = features.of(at);
        (!features.is_empty()).then(|| {
            scorer.score(features, &mut scores);
            scores
        })
    };
    (0..features.len()).map(score).collect()
}

/// The best labels for a sentence.
#[must_use]
pub fn decode(steps: &Steps, emissions: &[Option<Scores>]) -> Vec<Label> {
    const N: usize = Label::COUNT;
    let mut from: Vec<[u8; N]> = Vec::with_capacity(emissions.len());
    let mut best = [0.0_f32; N];
    for (at, here) in emissions.iter().enumerate() {
        // What cannot belong to a name is outside, whatever stands around it.
        let here = here.unwrap_or_else(|| {
            let mut outside = [f32::NEG_INFINITY; N];
            outside[0] = 0.0;
            outside
        });
        let mut next = [f32::NEG_INFINITY; N];
        let mut origin = [0_u8; N];
        for (class, (&emission, (slot, origin))) in here.iter().zip(next.iter_mut().zip(&mut origin)).enumerate() {
            let rows = if at == 0 { N..N + 1 } else { 0..N };
            for before in rows {
                let reached = if at == 0 { 0.0 } else { best.get(before).copied().unwrap_or(f32::NEG_INFINITY) };
                let score =
                    reached + emission + steps.get(before).and_then(|row| row.get(class)).copied().unwrap_or(f32::NEG_INFINITY);
                if score > *slot {
                    *slot = score;
                    *origin = u8::try_from(before).unwrap_or(0);
                }
            }
        }
        best = next;
        from.push(origin);
    }
    let mut class = 0;
    for (at, &score) in best.iter().enumerate() {
        if score > best.get(class).copied().unwrap_or(f32::NEG_INFINITY) {
            class = at;
        }
    }
    let mut labels = vec![Label::Outside; emissions.len()];
    for (label, origin) in labels.iter_mut().zip(&from).rev() {
        *label = Label::from_index(class);
        class = origin.get(class).copied().map_or(0, usize::from);
    }
    labels
}

/// The tagger with its weights.
#[derive(Debug, Default)]
pub struct Tagger {
    /// Clusters of words.
    pub clusters: Clusters,
    weights: Lanes,
}

impl Tagger {
    /// The tagger with the weights that are part of the program.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Tagger> = LazyLock::new(|| {
            // A test reads the shipped file: this is never the tagger that knows nothing.
            Tagger::read(include_bytes!("../../weights/en.names")).unwrap_or_default()
        });
        &EMBEDDED
    }

    /// Reads a file of weights: [`FORMAT`], clusters, and the rows of the table that both passes use, each part with its length before it; `None`
    /// where it is not one, or is damaged.
    #[must_use]
    pub fn read(bytes: &'static [u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(FORMAT)?;
        let mut part = || -> Option<&'static [u8]> {
            let (head, after) = rest.split_at_checked(4)?;
            let length = usize::try_from(u32::from_le_bytes(head.try_into().ok()?)).ok()?;
            let (part, after) = after.split_at_checked(length)?;
            rest = after;
            Some(part)
        };
        let clusters = Clusters::new(part()?)?;
        let weights = Lanes::new(Label::COUNT, part()?)?;
        rest.is_empty().then_some(Self { clusters, weights })
    }

    /// True when the tagger has no weights: it finds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weights.classes() == 0
    }

    /// Labels for the sentences of one document.
    #[must_use]
    pub fn tag(&self, sentences: &[Vec<&str>]) -> Vec<Vec<Label>> {
        let steps = steps(&self.weights);
        let mut memory = Memory::default();
        let mut read = Vec::with_capacity(sentences.len());
        for forms in sentences {
            let seen = Seen::new(forms, &self.clusters);
            let emissions = emissions(&self.weights, seen.features());
            memory.add(forms, &decode(&steps, &emissions));
            read.push((seen, emissions));
        }
        let second = |(forms, (seen, mut scores)): (&Vec<&str>, (Seen, Vec<Option<Scores>>))| {
            // Both passes share their weights: the second one adds what it knows more.
            for (scores, more) in scores.iter_mut().zip(emissions(&self.weights, &seen.remembered(forms, &memory))) {
                for (score, more) in scores.iter_mut().flatten().zip(more.unwrap_or_default()) {
                    *score += more;
                }
            }
            decode(&steps, &scores)
        };
        sentences.iter().zip(read).map(second).collect()
    }
}

/// Names in labels: kind and range of tokens.
#[must_use]
pub fn spans(labels: &[Label]) -> Vec<(NameKind, std::ops::Range<usize>)> {
    let mut spans: Vec<(NameKind, std::ops::Range<usize>)> = Vec::new();
    for (at, label) in labels.iter().enumerate() {
        match (*label, spans.last_mut()) {
            (Label::Inside(kind), Some((last, range))) if *last == kind && range.end == at => range.end = at + 1,
            (Label::First(kind) | Label::Inside(kind), _) => spans.push((kind, at..at + 1)),
            (Label::Outside, _) => {}
        }
    }
    spans
}
