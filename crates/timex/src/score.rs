//! Scores time expressions as the TempEval-3 scorer does.
//!
//! An expression of the system and one of the gold standard that overlap are one and the same (relaxed match), one to one; the match is strict if
//! their words are the same. Counts are added up over documents. Value F1 is relaxed F1 times the share of matches with an equal value, type F1 likewise.
use std::fmt;

/// One expression as the scorer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// `DATE`, `TIME`, `DURATION` or `SET`.
    pub kind: String,
    /// TIMEX3 value.
    pub value: String,
}

/// The counts from which all figures follow; add them up over documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Expressions of the gold standard.
    pub gold: usize,
    /// Expressions of the system.
    pub system: usize,
    /// Matches with the same extent.
    pub strict: usize,
    /// Matches that overlap, the strict ones included.
    pub relaxed: usize,
    /// Matches with the same value.
    pub value: usize,
    /// Matches with the same type.
    pub kind: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.gold += other.gold;
        self.system += other.system;
        self.strict += other.strict;
        self.relaxed += other.relaxed;
        self.value += other.value;
        self.kind += other.kind;
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of expressions are far below 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

impl Counts {
    /// Harmonic mean of precision and recall of so many matches, 0 to 1; 1 where there was nothing to find and nothing was found.
    fn f1(&self, matches: usize) -> f64 {
        if self.gold == 0 && self.system == 0 {
            return 1.0;
        }
        let (precision, recall) = (share(matches, self.system), share(matches, self.gold));
        if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
    }

    /// F1 of extents that are the same, 0 to 1.
    #[must_use]
    pub fn strict_f1(&self) -> f64 {
        self.f1(self.strict)
    }

    /// F1 of extents that overlap, 0 to 1.
    #[must_use]
    pub fn relaxed_f1(&self) -> f64 {
        self.f1(self.relaxed)
    }

    /// Relaxed F1 times the accuracy of values, 0 to 1.
    #[must_use]
    pub fn value_f1(&self) -> f64 {
        if self.gold == 0 && self.system == 0 { 1.0 } else { self.relaxed_f1() * share(self.value, self.relaxed) }
    }

    /// Relaxed F1 times the accuracy of types, 0 to 1.
    #[must_use]
    pub fn kind_f1(&self) -> f64 {
        if self.gold == 0 && self.system == 0 { 1.0 } else { self.relaxed_f1() * share(self.kind, self.relaxed) }
    }
}

impl fmt::Display for Counts {
    /// Strict, relaxed, value and type F1 in per cent, then the counts.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:6.2} {:6.2} {:6.2} {:6.2} {:6} {:6} {:6} {:6}",
            100.0 * self.strict_f1(),
            100.0 * self.relaxed_f1(),
            100.0 * self.value_f1(),
            100.0 * self.kind_f1(),
            self.gold,
            self.system,
            self.relaxed,
            self.value
        )
    }
}

/// What is wrong with an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// In the gold standard, not found.
    Missed,
    /// Found, not in the gold standard.
    Spurious,
    /// Found with another extent.
    Extent,
    /// Found with another value.
    Value,
    /// Found with another type.
    Type,
}

impl Fault {
    /// All kinds, in the order in which they are listed.
    pub const ALL: [Self; 5] = [Self::Missed, Self::Spurious, Self::Extent, Self::Value, Self::Type];

    /// One word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Spurious => "spurious",
            Self::Extent => "extent",
            Self::Value => "value",
            Self::Type => "type",
        }
    }
}

/// One fault: places in the lists of gold and system expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong.
    pub fault: Fault,
    /// Which gold expression, if any.
    pub gold: Option<usize>,
    /// Which expression of the system, if any.
    pub system: Option<usize>,
}

/// Compares one document. Both lists must be in order of their first byte. Expressions with the same extent are matched first, then those that overlap,
/// from left to right, each at most once.
#[must_use]
pub fn compare(text: &str, gold: &[Scored], system: &[Scored]) -> (Counts, Vec<Mistake>) {
    let mut partner: Vec<Option<usize>> = vec![None; gold.len()];
    let mut taken = vec![false; system.len()];
    let mut pair = |fits: &dyn Fn(&Scored, &Scored) -> bool| {
        // Both lists are sorted, so the search may begin where the last expression that could overlap lay.
        let mut begin = 0;
        for (place, wanted) in gold.iter().enumerate() {
            while system.get(begin).is_some_and(|found| found.end <= wanted.start) {
                begin += 1;
            }
            if partner[place].is_some() {
                continue;
            }
            for (at, found) in system.iter().enumerate().skip(begin).take_while(|(_, found)| found.start < wanted.end) {
                if !taken[at] && fits(wanted, found) {
                    partner[place] = Some(at);
                    taken[at] = true;
                    break;
                }
            }
        }
    };
    pair(&|wanted, found| wanted.start == found.start && wanted.end == found.end);
    pair(&|wanted, found| wanted.start < found.end && found.start < wanted.end);
    let mut counts = Counts { gold: gold.len(), system: system.len(), ..Counts::default() };
    let mut mistakes = Vec::new();
    for (place, wanted) in gold.iter().enumerate() {
        let Some(at) = partner[place] else {
            mistakes.push(Mistake { fault: Fault::Missed, gold: Some(place), system: None });
            continue;
        };
        let found = &system[at];
        let mut blame = |fault: Fault| mistakes.push(Mistake { fault, gold: Some(place), system: Some(at) });
        counts.relaxed += 1;
        if text.get(wanted.start..wanted.end) == text.get(found.start..found.end) {
            counts.strict += 1;
        } else {
            blame(Fault::Extent);
        }
        if wanted.value == found.value {
            counts.value += 1;
        } else {
            blame(Fault::Value);
        }
        if wanted.kind == found.kind {
            counts.kind += 1;
        } else {
            blame(Fault::Type);
        }
    }
    for (at, taken) in taken.iter().enumerate() {
        if !taken {
            mistakes.push(Mistake { fault: Fault::Spurious, gold: None, system: Some(at) });
        }
    }
    (counts, mistakes)
}
