//! What was reached: figures for each kind of cell, rule and document, and how they are printed.
use super::CELLS;
use crate::sheet::stem;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Counts of one kind of cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CellScore {
    /// Kind of cell, one of [`CELLS`].
    pub cell: &'static str,
    /// Cells in the labels.
    pub gold: usize,
    /// Cells that were found.
    pub found: usize,
    /// Found cells that are right.
    pub right: usize,
}

impl CellScore {
    /// Share of the found cells that are right, 0 to 1.
    #[must_use]
    pub fn precision(&self) -> f64 {
        share(self.right, self.found)
    }

    /// Share of the labelled cells that were found, 0 to 1.
    #[must_use]
    pub fn recall(&self) -> f64 {
        share(self.right, self.gold)
    }

    /// Harmonic mean of the two.
    #[must_use]
    pub fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// A cell that was missed, or found without being there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Kind of cell.
    pub cell: &'static str,
    /// Stem of the label file.
    pub document: String,
    /// True when it was missed, false when it is spurious.
    pub missed: bool,
    /// What it says.
    pub words: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}: {}", self.document, if self.missed { "missed" } else { "spurious" }, self.cell, self.words)
    }
}

/// Counts of one document, cell by cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentScore {
    /// Stem of the label file.
    pub document: String,
    /// In the order of [`CELLS`].
    pub cells: Vec<CellScore>,
}

impl fmt::Display for DocumentScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.document)?;
        for one in &self.cells {
            write!(f, " {}:{}/{}g/{}f", one.cell, one.right, one.gold, one.found)?;
        }
        Ok(())
    }
}

/// How often a rule was right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleScore {
    /// Kind of cell.
    pub cell: &'static str,
    /// Name of the rule.
    pub rule: String,
    /// Its cells that are right.
    pub right: usize,
    /// Its cells.
    pub found: usize,
}

/// B-cubed over the found agreements that were paired with a label.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Linking {
    /// Paired agreements.
    pub items: usize,
    /// B-cubed precision.
    pub precision: f64,
    /// B-cubed recall.
    pub recall: f64,
    /// Instruments found in several documents and kept in one agreement.
    pub whole: usize,
    /// Instruments found in several documents.
    pub several: usize,
}

impl Linking {
    /// Harmonic mean of precision and recall.
    #[must_use]
    pub fn f1(&self) -> f64 {
        let sum = self.precision + self.recall;
        if sum > 0.0 { 2.0 * self.precision * self.recall / sum } else { 0.0 }
    }

    /// From (label's key, source, key) of each paired agreement.
    pub(super) fn of(linked: &[(String, String, String)], clusters: &BTreeMap<(String, String), usize>) -> Self {
        // An agreement that no linked one holds is alone.
        let alone = clusters.values().max().map_or(0, |most| most + 1);
        let cluster = |(place, (_, source, key)): (usize, &(String, String, String))| {
            clusters.get(&(stem(source), key.clone())).copied().unwrap_or(alone + place)
        };
        let items: Vec<(&str, usize)> = linked.iter().enumerate().map(|item| (item.1.0.as_str(), cluster(item))).collect();
        let count = |wanted: &dyn Fn(&(&str, usize)) -> bool| items.iter().filter(|item| wanted(item)).count();
        let (mut precision, mut recall) = (0.0, 0.0);
        for (key, cluster) in &items {
            let both = count(&|item| item == &(*key, *cluster));
            precision += share(both, count(&|item| item.1 == *cluster));
            recall += share(both, count(&|item| item.0 == *key));
        }
        let mut by_key: BTreeMap<&str, (usize, BTreeSet<usize>)> = BTreeMap::new();
        for (key, cluster) in &items {
            let entry = by_key.entry(key).or_default();
            entry.0 += 1;
            entry.1.insert(*cluster);
        }
        let several: Vec<_> = by_key.values().filter(|(count, _)| *count > 1).collect();
        let total = items.len().max(1) as f64;
        Self {
            items: items.len(),
            precision: precision / total,
            recall: recall / total,
            whole: several.iter().filter(|(_, clusters)| clusters.len() == 1).count(),
            several: several.len(),
        }
    }
}

impl fmt::Display for Linking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "linking over {} found agreements: B-cubed P {:.3} R {:.3} F1 {:.3}; told in several documents and kept whole: {} of {}",
            self.items,
            self.precision,
            self.recall,
            self.f1(),
            self.whole,
            self.several
        )
    }
}

/// Counts over all speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SpeechScore {
    /// Labelled statements.
    pub gold: usize,
    /// Found statements.
    pub found: usize,
    /// Contents that match.
    pub content: usize,
    /// Of those, speakers that match.
    pub speaker: usize,
    /// Direct quotations whose content matches, whose speaker the label names, and to which a speaker was given.
    pub direct: usize,
    /// Of those, speakers that match.
    pub direct_speaker: usize,
}

impl SpeechScore {
    /// F1 of contents.
    #[must_use]
    pub fn content_f1(&self) -> f64 {
        share(2 * self.content, self.gold + self.found)
    }

    /// F1 of contents with the right speaker.
    #[must_use]
    pub fn speaker_f1(&self) -> f64 {
        share(2 * self.speaker, self.gold + self.found)
    }

    /// Precision of the speaker on direct quotations with a named speaker: of those that were given a speaker, the share
    /// that was given the right one.
    #[must_use]
    pub fn direct_speaker_precision(&self) -> f64 {
        share(self.direct_speaker, self.direct)
    }

    /// Adds the counts of other documents.
    pub fn add(&mut self, other: &Self) {
        self.gold += other.gold;
        self.found += other.found;
        self.content += other.content;
        self.speaker += other.speaker;
        self.direct += other.direct;
        self.direct_speaker += other.direct_speaker;
    }
}

impl fmt::Display for SpeechScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (content, speaker) = (self.content_f1(), self.speaker_f1());
        writeln!(f, "all speech: gold {} found {} content F1 {content:.3} speaker F1 {speaker:.3}", self.gold, self.found)?;
        let (right, given) = (self.direct_speaker, self.direct);
        let precision = self.direct_speaker_precision();
        write!(f, "direct quotations with a named speaker: given {given} right {right} precision {precision:.3}")
    }
}

/// Everything that scoring gives. Its `Display` is the table that `score.py` prints.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// In the order of [`CELLS`].
    pub cells: Vec<CellScore>,
    /// Quotes that are not in their document: each one is a defect.
    pub broken_quotes: usize,
    /// Documents whose labels hold no agreement.
    pub empty_documents: usize,
    /// Agreements recorded in those.
    pub false_alarms: usize,
    /// B-cubed of linking, where linked agreements were given.
    pub linking: Option<Linking>,
    /// Labels whose document has no findings.
    pub missing: Vec<String>,
    /// Each document's counts.
    pub documents: Vec<DocumentScore>,
    /// What was missed and what is spurious.
    pub differences: Vec<Difference>,
    /// Precision by rule: by kind of cell, the most used rule first.
    pub rules: Vec<RuleScore>,
}

impl Report {
    pub(super) fn new() -> Self {
        Self { cells: CELLS.iter().map(|cell| CellScore { cell, ..CellScore::default() }).collect(), ..Self::default() }
    }

    pub(super) fn add(&mut self, cell: &str, gold: usize, found: usize, right: usize) {
        if let Some(score) = self.cells.iter_mut().find(|score| score.cell == cell) {
            score.gold += gold;
            score.found += found;
            score.right += right;
        }
    }

    pub(super) fn counts(&self) -> Vec<CellScore> {
        self.cells.clone()
    }

    pub(super) fn close_document(&mut self, document: &str, before: &[CellScore]) {
        let own = |(now, then): (&CellScore, &CellScore)| CellScore {
            cell: now.cell,
            gold: now.gold - then.gold,
            found: now.found - then.found,
            right: now.right - then.right,
        };
        let cells = self.cells.iter().zip(before).map(own).collect();
        self.documents.push(DocumentScore { document: document.to_owned(), cells });
    }

    /// Counts of one kind of cell.
    #[must_use]
    pub fn cell(&self, cell: &str) -> Option<&CellScore> {
        self.cells.iter().find(|score| score.cell == cell)
    }

    /// The plain mean of the cells' F1.
    #[must_use]
    pub fn overall(&self) -> f64 {
        self.cells.iter().map(CellScore::f1).sum::<f64>() / self.cells.len().max(1) as f64
    }

    /// What was missed and what is spurious of one kind of cell.
    pub fn errors<'a>(&'a self, cell: &'a str) -> impl Iterator<Item = &'a Difference> {
        self.differences.iter().filter(move |difference| difference.cell == cell)
    }

    /// The rules as a table: cell, right of found, precision, rule.
    #[must_use]
    pub fn rule_table(&self) -> String {
        let line = |one: &RuleScore| {
            let rule = if one.rule.is_empty() { "(no rule)" } else { &one.rule };
            format!("{:<12}{:>6} of {:>5}{:>8.3}  {rule}\n", one.cell, one.right, one.found, share(one.right, one.found))
        };
        self.rules.iter().map(line).collect()
    }

    pub(super) fn table(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<12}{:>6}{:>7}{:>7}{:>8}{:>8}{:>8}", "cell", "gold", "found", "right", "P", "R", "F1")?;
        for one in &self.cells {
            let (p, r, f1) = (one.precision(), one.recall(), one.f1());
            writeln!(f, "{:<12}{:>6}{:>7}{:>7}{p:>8.3}{r:>8.3}{f1:>8.3}", one.cell, one.gold, one.found, one.right)?;
        }
        writeln!(f, "quotes that are not in the document: {}", self.broken_quotes)?;
        writeln!(f, "agreements recorded in the {} documents that have none: {}", self.empty_documents, self.false_alarms)?;
        if let Some(linking) = &self.linking {
            writeln!(f, "{linking}")?;
        }
        if !self.missing.is_empty() {
            let first: Vec<&str> = self.missing.iter().take(20).map(String::as_str).collect();
            writeln!(f, "documents without findings: {}: {}", self.missing.len(), first.join(" "))?;
        }
        write!(f, "overall F1 {:.3}", self.overall())
    }
}
