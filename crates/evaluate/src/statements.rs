//! Scores statements: against PolNeAR (Newell, Margolin and Ruths 2018) exact spans of source, cue and content, and content with
//! its source where both overlap by half; against articles in which all speech is labelled, contents and speakers.
//!
//! The sets are found by the caller and never shipped; of PolNeAR one annotator a document counts. Offsets of its files are code
//! points.
use crate::Error;
use crate::agreements::{Aliases, SpeechScore, score_speech};
use crate::sheet::{Sheet, read_labels};
use chancery_agreement::Article;
use chancery_collect::{Limits, article, documents as read_documents};
use chancery_extract::Extractor;
use chancery_extract::statements::brat;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A half-open range of code points.
pub type Range = (usize, usize);

/// Least overlap (Dice, by characters) at which two spans are taken for one in [`Scores::both`].
const OVERLAP: f64 = 0.5;

/// One attribution of a standoff file. Each part may be discontinuous; ranges are sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standoff {
    /// The source; empty where the attribution has none.
    pub source: Vec<Range>,
    /// The cue.
    pub cue: Vec<Range>,
    /// The content.
    pub content: Vec<Range>,
}

/// Right, found and labelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Labelled by the annotator.
    pub gold: usize,
    /// Found.
    pub found: usize,
    /// Both.
    pub right: usize,
}

impl Tally {
    /// Precision, recall and F1; 0 where there is nothing to divide by.
    #[allow(clippy::cast_precision_loss)]
    #[must_use]
    pub fn scores(&self) -> (f64, f64, f64) {
        let share = |of: usize| if of == 0 { 0.0 } else { self.right as f64 / of as f64 };
        let f1 = if self.gold + self.found == 0 { 0.0 } else { 2.0 * self.right as f64 / (self.gold + self.found) as f64 };
        (share(self.found), share(self.gold), f1)
    }

    fn add(&mut self, other: Self) {
        self.gold += other.gold;
        self.found += other.found;
        self.right += other.right;
    }
}

/// Scores over a set of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scores {
    /// Documents read.
    pub documents: usize,
    /// Exact sources.
    pub source: Tally,
    /// Exact cues.
    pub cue: Tally,
    /// Exact contents.
    pub content: Tally,
    /// Contents that overlap by half and whose sources do.
    pub both: Tally,
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<16}{:>7}{:>7}{:>7}{:>8}{:>8}{:>8}", "part", "gold", "found", "right", "P", "R", "F1")?;
        let rows = [("source", self.source), ("cue", self.cue), ("content", self.content), ("content+source", self.both)];
        for (name, tally) in rows {
            let (precision, recall, f1) = tally.scores();
            writeln!(f, "{name:<16}{:>7}{:>7}{:>7}{precision:>8.3}{recall:>8.3}{f1:>8.3}", tally.gold, tally.found, tally.right)?;
        }
        write!(f, "{} documents", self.documents)
    }
}

/// Scores the extractor on a folder with `text/*.txt` and `attributions/*_ANNOTATOR.ann`; of several annotators of one document
/// the first by name counts.
///
/// # Errors
/// When a file cannot be read: the path and the reason.
pub fn score_folder(extractor: &Extractor, folder: &Path) -> io::Result<Scores> {
    let mut scores = Scores::default();
    for (text_path, labels_path) in documents(folder)? {
        let text = read(&text_path)?;
        let gold = parse(&read(&labels_path)?);
        let found = parse(&brat::write(&text, &extractor.attributions(&Article::plain(&text))));
        let chars: Vec<char> = text.chars().collect();
        score_document(&mut scores, &chars, &gold, &found);
    }
    Ok(scores)
}

/// Scores the extractor on all speech of a folder with `articles` and `labels`; `data` holds `evaluation/party_aliases.json`. With
/// a `part` of 1 in `n` only every `n`th label, in order of the file names, counts.
///
/// # Errors
/// When labels or spellings cannot be read.
pub fn score_speech_of(extractor: &Extractor, data: &Path, folder: &Path, part: Option<usize>) -> Result<SpeechScore, Error> {
    let aliases = Aliases::read(&data.join("evaluation/party_aliases.json"))?;
    let mut labels = read_labels(&folder.join("labels"))?;
    if let Some(part) = part {
        labels = labels.into_iter().enumerate().filter(|(at, _)| at % part == part - 1).map(|(_, label)| label).collect();
    }
    let stems: BTreeSet<String> = labels.iter().map(|label| label.stem.clone()).collect();
    let limits = Limits::default();
    let mut found = Vec::new();
    for raw in read_documents(&[folder.join("articles")], &limits).flatten() {
        let (article, _) = article(&raw, &limits);
        if stems.contains(&crate::sheet::stem(&article.source)) {
            found.push(Sheet::of_findings(&article, &extractor.extract(&article).0));
        }
    }
    Ok(score_speech(&aliases, &labels, &found))
}

fn read(path: &Path) -> io::Result<String> {
    fs::read_to_string(path).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

/// Pairs of text and label file, sorted.
fn documents(folder: &Path) -> io::Result<Vec<(PathBuf, PathBuf)>> {
    let labels = folder.join("attributions");
    let entries = fs::read_dir(&labels).map_err(|error| {
        io::Error::new(error.kind(), format!("{}: {error}; expected a folder with `text` and `attributions`", labels.display()))
    })?;
    let mut by_text: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry?.path());
    }
    paths.sort();
    for path in paths.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "ann")) {
        let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        // The part behind the last underscore names the annotator.
        let document = stem.rsplit_once('_').map_or(stem, |(document, _)| document);
        by_text.entry(folder.join("text").join(format!("{document}.txt"))).or_insert(path);
    }
    Ok(by_text.into_iter().collect())
}

/// Reads a standoff file. Lines that are neither spans nor attributions are passed over; a span may hold line breaks.
#[must_use]
pub fn parse(standoff: &str) -> Vec<Standoff> {
    let mut spans: BTreeMap<&str, Vec<Range>> = BTreeMap::new();
    let mut found = Vec::new();
    for line in standoff.split('\n') {
        let mut fields = line.split('\t');
        let (Some(id), Some(rest)) = (fields.next(), fields.next()) else { continue };
        if id.starts_with('T')
            && let Some((_, offsets)) = rest.split_once(' ')
        {
            let mut ranges: Vec<Range> = offsets
                .split(';')
                .filter_map(|range| {
                    let (start, end) = range.trim().split_once(' ')?;
                    Some((start.parse().ok()?, end.parse().ok()?))
                })
                .collect();
            ranges.sort_unstable();
            spans.insert(id, ranges);
        }
    }
    for line in standoff.split('\n').filter(|line| line.starts_with('E')) {
        let Some((_, roles)) = line.split_once('\t') else { continue };
        let mut attribution = Standoff::default();
        for (role, id) in roles.split_whitespace().filter_map(|role| role.split_once(':')) {
            let ranges = spans.get(id).cloned().unwrap_or_default();
            match role {
                "Source" => attribution.source = ranges,
                "Cue" => attribution.cue = ranges,
                "Content" => attribution.content = ranges,
                _ => {}
            }
        }
        found.push(attribution);
    }
    found
}

/// Ranges without white space at their ends; those with nothing but white space between them are one.
fn normal(text: &[char], ranges: &[Range]) -> Vec<Range> {
    let blank = |at: usize| text.get(at).is_none_or(|c| c.is_whitespace());
    let mut normal: Vec<Range> = Vec::new();
    for &(mut start, mut end) in ranges {
        end = end.min(text.len());
        while start < end && blank(start) {
            start += 1;
        }
        while end > start && blank(end - 1) {
            end -= 1;
        }
        if start >= end {
            continue;
        }
        match normal.last_mut() {
            Some(last) if start >= last.1 && (last.1..start).all(blank) => last.1 = end,
            _ => normal.push((start, end)),
        }
    }
    normal
}

fn length(ranges: &[Range]) -> usize {
    ranges.iter().map(|(start, end)| end.saturating_sub(*start)).sum()
}

/// Dice coefficient by characters; 1 for two empty spans.
#[allow(clippy::cast_precision_loss)]
fn dice(a: &[Range], b: &[Range]) -> f64 {
    let total = length(a) + length(b);
    if total == 0 {
        return 1.0;
    }
    let shared: usize = a.iter().flat_map(|x| b.iter().map(move |y| x.1.min(y.1).saturating_sub(x.0.max(y.0)))).sum();
    2.0 * shared as f64 / total as f64
}

fn exact(gold: &[Vec<Range>], found: &[Vec<Range>]) -> Tally {
    let mut left: BTreeMap<&Vec<Range>, usize> = BTreeMap::new();
    for span in gold {
        *left.entry(span).or_default() += 1;
    }
    let mut tally = Tally { gold: gold.len(), found: found.len(), right: 0 };
    for span in found {
        if let Some(count) = left.get_mut(span).filter(|count| **count > 0) {
            *count -= 1;
            tally.right += 1;
        }
    }
    tally
}

/// Adds one document, `text` in code points, to `scores`.
pub fn score_document(scores: &mut Scores, text: &[char], gold: &[Standoff], found: &[Standoff]) {
    let part = |all: &[Standoff], part: fn(&Standoff) -> &Vec<Range>| -> Vec<Vec<Range>> {
        all.iter().map(|attribution| normal(text, part(attribution))).filter(|ranges| !ranges.is_empty()).collect()
    };
    scores.documents += 1;
    let parts: [fn(&Standoff) -> &Vec<Range>; 3] = [|a| &a.source, |a| &a.cue, |a| &a.content];
    let [source, cue, content] = parts.map(|get| exact(&part(gold, get), &part(found, get)));
    scores.source.add(source);
    scores.cue.add(cue);
    scores.content.add(content);
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (at, label) in gold.iter().enumerate() {
        for (other, attribution) in found.iter().enumerate() {
            let overlap = dice(&label.content, &attribution.content);
            if overlap >= OVERLAP && dice(&label.source, &attribution.source) >= OVERLAP {
                pairs.push((overlap, at, other));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut used_gold, mut used_found) = (vec![false; gold.len()], vec![false; found.len()]);
    let mut right = 0;
    for (_, at, other) in pairs {
        if let (Some(a), Some(b)) = (used_gold.get_mut(at), used_found.get_mut(other))
            && !*a
            && !*b
        {
            (*a, *b) = (true, true);
            right += 1;
        }
    }
    scores.both.add(Tally { gold: gold.len(), found: found.len(), right });
}

#[cfg(test)]
mod tests {
    use super::{Scores, parse, score_document};

    const TEXT: &str = "The pier, Ann said, will close.";
    const GOLD: &str = "T1\tSource 10 13\tAnn\nT2\tCue 14 18\tsaid\nT3\tContent 0 8;20 30\tThe pier will close\n\
                        T4\tAttribution 14 18\tsaid\nE1\tAttribution:T4 Content:T3 Cue:T2 Source:T1\n";

    #[test]
    fn a_standoff_file_scored_against_itself_is_right() {
        let chars: Vec<char> = TEXT.chars().collect();
        let gold = parse(GOLD);
        let mut scores = Scores::default();
        score_document(&mut scores, &chars, &gold, &gold);
        for tally in [scores.source, scores.cue, scores.content, scores.both] {
            assert_eq!((tally.gold, tally.found, tally.right), (1, 1, 1));
        }
    }

    #[test]
    fn a_content_that_misses_a_part_overlaps_but_is_not_exact() {
        let chars: Vec<char> = TEXT.chars().collect();
        let found = parse(&GOLD.replace("Content 0 8;20 30", "Content 20 30"));
        let mut scores = Scores::default();
        score_document(&mut scores, &chars, &parse(GOLD), &found);
        assert_eq!(scores.content.right, 0);
        assert_eq!((scores.source.right, scores.both.right), (1, 1));
    }
}
