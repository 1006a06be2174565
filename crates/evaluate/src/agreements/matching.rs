//! When two names, quotes and dates count as the same: `score.py`'s rules, to the letter.
use crate::Error;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

const STOP: [&str; 16] =
    ["the", "a", "an", "of", "and", "on", "in", "to", "de", "facto", "so", "called", "this", "that", "its", "s"];

/// Spellings that mean one actor.
#[derive(Debug, Clone, Default)]
pub struct Aliases {
    canonical: BTreeMap<String, String>,
}

impl Aliases {
    /// Reads `party_aliases.json`: canonical name → its spellings.
    ///
    /// # Errors
    /// When the file cannot be read or is not of that form.
    pub fn read(file: &Path) -> Result<Self, Error> {
        let hint = "give the folder with `evaluation/party_aliases.json` by `--data` or CHANCERY_DATA";
        let bytes = std::fs::read(file).map_err(|problem| Error::at(file, problem, hint))?;
        let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|problem| Error::at(file, problem, hint))?;
        let object = value.as_object().ok_or_else(|| Error::at(file, "not an object", hint))?;
        let pairs = object.iter().map(|(name, list)| {
            let spellings = list.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect();
            (name.clone(), spellings)
        });
        Ok(Self::of(pairs))
    }

    /// From pairs of a canonical name and its spellings; the first name that claims a spelling keeps it.
    pub fn of(pairs: impl IntoIterator<Item = (String, Vec<String>)>) -> Self {
        let mut canonical = BTreeMap::new();
        for (name, spellings) in pairs {
            let to = words(&name).join(" ");
            for spelling in std::iter::once(&name).chain(&spellings) {
                canonical.entry(words(spelling).join(" ")).or_insert_with(|| to.clone());
            }
        }
        Self { canonical }
    }

    fn actor(&self, name: &str) -> String {
        let key = words(name).join(" ");
        self.canonical.get(&key).cloned().unwrap_or(key)
    }

    /// Two names of one actor: the same, or one of at least four characters inside the other.
    #[must_use]
    pub fn same_party(&self, a: &str, b: &str) -> bool {
        let (a, b) = (self.actor(a), self.actor(b));
        a == b || (a.chars().count().min(b.chars().count()) >= 4 && (a.contains(&b) || b.contains(&a)))
    }
}

/// Lower-cased word tokens without the most common function words.
pub(super) fn words(text: &str) -> Vec<String> {
    let token = |c: char| c.is_alphanumeric() || matches!(c, '_' | '’' | '\'');
    text.split(|c: char| !token(c))
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let lower = piece.to_lowercase().replace('’', "'");
            lower.strip_suffix("'s").map_or(lower.clone(), str::to_owned)
        })
        .filter(|word| !STOP.contains(&word.as_str()))
        .collect()
}

fn counted(words: &[String]) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for word in words {
        *counts.entry(word.as_str()).or_insert(0) += 1;
    }
    counts
}

fn shared(a: &[String], b: &[String]) -> usize {
    let (a, b) = (counted(a), counted(b));
    a.iter().map(|(word, count)| b.get(word).map_or(0, |other| *count.min(other))).sum()
}

/// Token overlap (multiset Dice coefficient) of two quotes, 0 to 1.
pub(super) fn overlap(a: &str, b: &str) -> f64 {
    overlap_of(&words(a), &words(b))
}

fn overlap_of(a: &[String], b: &[String]) -> f64 {
    let total = a.len() + b.len();
    if total == 0 { 0.0 } else { 2.0 * shared(a, b) as f64 / total as f64 }
}

/// Two spans speak of the same words: Dice of at least .5, or one all but holds the other and is not trivial.
pub(super) fn span_match(a: &str, b: &str) -> bool {
    spans_match(&words(a), &words(b))
}

fn spans_match(a: &[String], b: &[String]) -> bool {
    let small = a.len().min(b.len());
    let contained = if small == 0 { 0.0 } else { shared(a, b) as f64 / small as f64 };
    overlap_of(a, b) >= 0.5 || (contained >= 0.8 && small >= 3)
}

/// Score of two contents: their overlap and a little, where the spans match.
pub(super) fn content(a: &str, b: &str) -> f64 {
    let (a, b) = (words(a), words(b));
    if spans_match(&a, &b) { overlap_of(&a, &b) + 0.01 } else { 0.0 }
}

/// The finding's date equals the label's, at the label's precision or one consistent with it.
pub(super) fn date_match(gold: Option<&str>, found: Option<&str>) -> bool {
    let (gold, found) = (gold.filter(|date| !date.is_empty()), found.filter(|date| !date.is_empty()));
    match (gold, found) {
        (None, None) => true,
        (Some(g), Some(f)) => {
            f == g || (f.starts_with(g) && g.chars().count() >= 4) || (g.starts_with(f) && f.chars().count() >= 7)
        }
        _ => false,
    }
}

/// Greedy one-to-one pairing by descending score: (place in `gold`, place in `found`). Ties keep the order of places.
pub(super) fn pair<G, F>(gold: &[G], found: &[F], matched: impl Fn(&G, &F) -> f64) -> Vec<(usize, usize)> {
    let mut scored: Vec<(f64, usize, usize)> = Vec::new();
    for (i, g) in gold.iter().enumerate() {
        for (j, f) in found.iter().enumerate() {
            let score = matched(g, f);
            if score > 0.0 {
                scored.push((score, i, j));
            }
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut used_gold, mut used_found) = (vec![false; gold.len()], vec![false; found.len()]);
    let mut pairs = Vec::new();
    for (_, i, j) in scored {
        if let (Some(g), Some(f)) = (used_gold.get_mut(i), used_found.get_mut(j))
            && !*g
            && !*f
        {
            (*g, *f) = (true, true);
            pairs.push((i, j));
        }
    }
    pairs
}
