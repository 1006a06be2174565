//! The name tagger: first-order sequence labeling (structured averaged perceptron, Collins 2002) in two passes over a document.
use super::clusters::Clusters;
use super::features::{Features, features, step};
use super::memory::Memory;
use crate::fast::Scorer;
use crate::fast::table::Table;
use std::sync::LazyLock;

/// First bytes of the file of weights.
pub const FORMAT: &[u8] = b"chancery names 1\n";

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

/// The best labels for a sentence.
#[must_use]
pub fn decode(scorer: &impl Scorer, features: &Features) -> Vec<Label> {
    const N: usize = Label::COUNT;
    let mut steps = [[0.0_f32; N]; N + 1];
    for (before, row) in steps.iter_mut().enumerate() {
        scorer.score(&[step(before)], row);
        for (class, score) in row.iter_mut().enumerate() {
            let previous = if before == N { Label::Outside } else { Label::from_index(before) };
            if !Label::from_index(class).may_follow(previous) {
                *score = f32::NEG_INFINITY;
            }
        }
    }
    let mut from: Vec<[u8; N]> = Vec::with_capacity(features.len());
    let mut best = [0.0_f32; N];
    for at in 0..features.len() {
        let mut here = [0.0_f32; N];
        if features.of(at).is_empty() {
            // Cannot belong to a name: outside, whatever stands around it.
            here = [f32::NEG_INFINITY; N];
            here[0] = 0.0;
        } else {
            scorer.score(features.of(at), &mut here);
        }
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
    let mut labels = vec![Label::Outside; features.len()];
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
    first: Table,
    second: Table,
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

    /// Reads a file of weights: [`FORMAT`], clusters, and the tables of both passes, each part with its length before it; `None`
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
        let mut table = || -> Option<Table> {
            let &[bits] = part()? else { return None };
            Table::new(Label::COUNT, u32::from(bits), part()?, part()?)
        };
        Some(Self { clusters, first: table()?, second: table()? })
    }

    /// True when the tagger has no weights: it finds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first.classes() == 0
    }

    /// Labels for the sentences of one document.
    #[must_use]
    pub fn tag(&self, sentences: &[Vec<&str>]) -> Vec<Vec<Label>> {
        let mut memory = Memory::default();
        for forms in sentences {
            let labels = decode(&self.first, &features(forms, &self.clusters, None));
            memory.add(forms, &labels);
        }
        sentences.iter().map(|forms| decode(&self.second, &features(forms, &self.clusters, Some(&memory)))).collect()
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
