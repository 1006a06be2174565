//! Scores names of persons, places and organizations: exact spans with their kind (CoNLL 2003), over the words of Universal NER's
//! EWT files and of GUM's named `Entity=` mentions.
use crate::Error;
use chancery_dissect::names::labeled::{LabeledDocument, read_gum, read_iob2};
use chancery_dissect::names::tagger::spans;
use chancery_dissect::names::{NameKind, Tagger};
use std::fmt;
use std::path::Path;

/// Counts of names of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NameCounts {
    /// In the labels.
    pub gold: usize,
    /// Found.
    pub found: usize,
    /// Both, span and kind.
    pub right: usize,
}

impl NameCounts {
    /// Share of the found names that are right, 0 to 1.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn precision(self) -> f64 {
        if self.found == 0 { 0.0 } else { self.right as f64 / self.found as f64 }
    }

    /// Share of the labeled names that were found, 0 to 1.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn recall(self) -> f64 {
        if self.gold == 0 { 0.0 } else { self.right as f64 / self.gold as f64 }
    }

    /// Balanced F-measure, 0 to 1.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn f1(self) -> f64 {
        let all = self.gold + self.found;
        if all == 0 { 0.0 } else { 2.0 * self.right as f64 / all as f64 }
    }
}

/// Scores on one set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamesReport {
    /// Name of the set.
    pub set: String,
    /// All kinds, then persons, places, organizations.
    pub counts: [NameCounts; 4],
}

/// Scores on the sets under `data`: dev and test of EWT (Universal NER) and of GUM, whose news part stands by itself.
///
/// # Errors
/// When a file cannot be read, or is not in its format.
pub fn evaluate_names(data: &Path) -> Result<Vec<NamesReport>, Error> {
    let mut reports = Vec::new();
    for part in ["dev", "test"] {
        let text = read(&data.join(format!("names/en_ewt-ud-{part}.iob2")))?;
        reports.push(score(&format!("EWT {part}"), &read_iob2(&text), Tagger::embedded()));
        for (name, file) in [("GUM news", "news"), ("GUM", "perm")] {
            let path = data.join(format!("ud/GUM/en_gum_{file}-{part}.conllu"));
            let documents =
                read_gum(&read(&path)?).map_err(|error| Error::at(&path, error, "give the folder of the evaluation data"))?;
            reports.push(score(&format!("{name} {part}"), &documents, Tagger::embedded()));
        }
    }
    Ok(reports)
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|error| Error::at(path, error, "give the folder of the evaluation data"))
}

/// Scores `tagger` on the words of `documents`.
#[must_use]
pub fn score(set: &str, documents: &[LabeledDocument], tagger: &Tagger) -> NamesReport {
    let mut counts = [NameCounts::default(); 4];
    for document in documents {
        let forms: Vec<Vec<&str>> = document.iter().map(|sentence| sentence.forms.iter().map(String::as_str).collect()).collect();
        for (sentence, labels) in document.iter().zip(tagger.tag(&forms)) {
            let gold = spans(&sentence.labels);
            let found = spans(&labels);
            for (row, kind) in
                [None, Some(NameKind::Person), Some(NameKind::Place), Some(NameKind::Organization)].into_iter().enumerate()
            {
                let of_kind = |name: &&(NameKind, std::ops::Range<usize>)| kind.is_none_or(|kind| name.0 == kind);
                if let Some(counts) = counts.get_mut(row) {
                    counts.gold += gold.iter().filter(of_kind).count();
                    counts.found += found.iter().filter(of_kind).count();
                    counts.right += gold.iter().filter(of_kind).filter(|name| found.contains(name)).count();
                }
            }
        }
    }
    NamesReport { set: set.to_owned(), counts }
}

impl fmt::Display for NamesReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, counts) in ["all", "persons", "places", "organizations"].into_iter().zip(self.counts) {
            let (precision, recall, f1) = (counts.precision(), counts.recall(), counts.f1());
            writeln!(f, "{:<14} {kind:<14} {:>6} {precision:>6.3} {recall:>6.3} {f1:>6.3}", self.set, counts.gold)?;
        }
        Ok(())
    }
}

/// Heading for a table of reports.
pub const HEADING: &str = "set            kind            names   prec    rec     F1";

#[cfg(test)]
mod tests {
    use super::score;
    use chancery_dissect::names::Tagger;
    use chancery_dissect::names::labeled::read_iob2;

    #[test]
    fn a_tagger_without_weights_finds_nothing_and_the_table_says_so() {
        let documents = read_iob2("# newdoc id = a\n1\tRufus\tB-PER\n2\tleft\tO\n\n");
        let report = score("own", &documents, &Tagger::default());
        assert_eq!((report.counts[0].gold, report.counts[0].right), (1, 0));
        assert!(report.to_string().lines().count() == 4 && report.to_string().contains("persons"));
    }
}
