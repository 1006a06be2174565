//! Scores names of persons, places and organizations: exact spans with their kind (CoNLL 2003), over the words of Universal NER's
//! EWT files and of GUM's named `Entity=` mentions.
use crate::Error;
use chancery_dissect::names::labeled::{LabeledDocument, read_gum, read_iob2};
use chancery_dissect::names::tagger::spans;
use chancery_dissect::names::{NameKind, Tagger};
use chancery_dissect::{Reader, TaggedName};
use std::fmt;
use std::ops::Range;
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

/// Scores of `reader` on the sets under `data`: dev and test of EWT (Universal NER) and of GUM, whose news part stands by itself.
/// Sets that are not there are left out.
///
/// # Errors
/// When a file is not in its format.
pub fn evaluate_names(data: &Path, reader: &dyn Reader) -> Result<Vec<NamesReport>, Error> {
    let mut reports = Vec::new();
    for part in ["dev", "test"] {
        for (name, file) in [
            ("EWT", format!("names/en_ewt-ud-{part}.iob2")),
            ("GUM news", format!("ud/GUM/en_gum_news-{part}.conllu")),
            ("GUM", format!("ud/GUM/en_gum_perm-{part}.conllu")),
        ] {
            let path = data.join(file);
            if path.is_file() {
                reports.push(evaluate_names_file(&format!("{name} {part}"), &path, reader)?);
            }
        }
    }
    Ok(reports)
}

/// Scores `reader` on one file, which is called `set` in the report: IOB2 where its name ends in `.iob2`, otherwise CoNLL-U of GUM.
///
/// # Errors
/// When the file cannot be read or is not in its format.
pub fn evaluate_names_file(set: &str, path: &Path, reader: &dyn Reader) -> Result<NamesReport, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::at(path, error, "name a file that can be read"))?;
    let documents = if path.extension().is_some_and(|extension| extension == "iob2") {
        read_iob2(&text)
    } else {
        read_gum(&text).map_err(|error| Error::at(path, error, "CoNLL-U with GUM's `Entity=` is expected"))?
    };
    Ok(score(set, &documents, reader, Tagger::embedded()))
}

/// Scores `reader` on the words of `documents`, or `tagger` where the reader sees no names.
#[must_use]
pub fn score(set: &str, documents: &[LabeledDocument], reader: &dyn Reader, tagger: &Tagger) -> NamesReport {
    let mut counts = [NameCounts::default(); 4];
    for document in documents {
        let forms: Vec<Vec<&str>> = document.iter().map(|sentence| sentence.forms.iter().map(String::as_str).collect()).collect();
        for (sentence, found) in document.iter().zip(names_in(&forms, reader, tagger)) {
            let gold = spans(&sentence.labels);
            for (row, kind) in
                [None, Some(NameKind::Person), Some(NameKind::Place), Some(NameKind::Organization)].into_iter().enumerate()
            {
                let of_kind = |name: &&(NameKind, Range<usize>)| kind.is_none_or(|kind| name.0 == kind);
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

/// The names in each sentence of one document.
fn names_in(forms: &[Vec<&str>], reader: &dyn Reader, tagger: &Tagger) -> Vec<Vec<(NameKind, Range<usize>)>> {
    let bare = |name: TaggedName| (name.kind, name.tokens);
    let seen: Option<Vec<_>> =
        forms.iter().map(|forms| Some(reader.read(forms).names?.into_iter().map(bare).collect())).collect();
    seen.unwrap_or_else(|| tagger.tag(forms).iter().map(|labels| spans(labels)).collect())
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
    use chancery_dissect::Fast;
    use chancery_dissect::names::Tagger;
    use chancery_dissect::names::labeled::read_iob2;

    #[test]
    fn a_tagger_without_weights_finds_nothing_and_the_table_says_so() {
        let documents = read_iob2("# newdoc id = a\n1\tRufus\tB-PER\n2\tleft\tO\n\n");
        let report = score("own", &documents, Fast::embedded(), &Tagger::default());
        assert_eq!((report.counts[0].gold, report.counts[0].right), (1, 0));
        assert!(report.to_string().lines().count() == 4 && report.to_string().contains("persons"));
    }
}
