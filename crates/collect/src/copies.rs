//! Tells copies from reports of their own: by the runs of words that two stories share, and by which share of each they are.
//!
//! Containment and not similarity decides (A. Broder, "On the resemblance and containment of documents", 1997): a paper
//! that prints the first three paragraphs of an agency's report shares a tenth of the words and all of its own.
use chancery_agreement::{Article, BlockKind, Copy, CopyKind};
use std::collections::BTreeMap;

/// Words in a row that count as one run.
const RUN: usize = 5;
/// Of the hashes of the runs one in this many goes into the index: enough to meet, few enough for many articles.
const SAMPLE: u64 = 4;
/// Runs that more articles than this share are phrases of the trade, not signs of a copy.
const COMMON: usize = 500;
/// Fewer runs than this are too few to tell.
const FEWEST: usize = 12;

/// What is kept of a story to compare it: a few bytes for each word.
#[derive(Debug, Clone)]
pub struct Sketch {
    id: String,
    url: Option<String>,
    day: Option<String>,
    /// Hash of the whole story.
    whole: u64,
    /// Hashes of its runs of words, sorted, each once.
    runs: Vec<u64>,
}

impl Sketch {
    /// The sketch of `article`: its paragraphs in words without case and punctuation. Its headline is left out, since
    /// papers write their own, and so is everything that was cut.
    #[must_use]
    pub fn of(article: &Article) -> Self {
        let mut words: Vec<u64> = Vec::new();
        for block in article.blocks.iter().filter(|block| block.kind == BlockKind::Paragraph) {
            let line = block.span.of(&article.text);
            words.extend(line.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(hash_word));
        }
        let whole = words.iter().fold(OFFSET, |hash, word| mix(hash, *word));
        let mut runs: Vec<u64> = words.windows(RUN).map(|run| run.iter().fold(OFFSET, |hash, word| mix(hash, *word))).collect();
        runs.sort_unstable();
        runs.dedup();
        Self {
            id: article.id.clone(),
            url: article.url.as_deref().map(plain_address),
            day: article.published.as_ref().map(|published| published.value.clone()),
            whole,
            runs,
        }
    }
}

impl Sketch {
    /// The sketch as bytes, to be kept; `id` and the rest of the article come from elsewhere.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        std::iter::once(self.whole).chain(self.runs.iter().copied()).flat_map(u64::to_le_bytes).collect()
    }

    /// The sketch of `article` from the bytes that were kept of it; the article's text is not looked at.
    #[must_use]
    pub fn from_bytes(article: &Article, bytes: &[u8]) -> Self {
        let mut numbers = bytes.as_chunks::<8>().0.iter().map(|number| u64::from_le_bytes(*number));
        Self {
            id: article.id.clone(),
            url: article.url.as_deref().map(plain_address),
            day: article.published.as_ref().map(|published| published.value.clone()),
            whole: numbers.next().unwrap_or(OFFSET),
            runs: numbers.collect(),
        }
    }

    /// The hashes by which two sketches meet where there are too many of them to compare all: those that share none are
    /// taken to be no copies of each other. Of a text of a hundred runs or more every eighth, by its hash.
    pub fn sampled(&self) -> impl Iterator<Item = u64> + '_ {
        let all = self.runs.len() < 100;
        self.runs.iter().copied().filter(move |run| all || run % 8 == 0)
    }

    /// Address of the page without what differs between its versions.
    #[must_use]
    pub fn page(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// `Article::id`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// True when one of the two may be a copy of the other.
    #[must_use]
    pub fn is_akin(&self, other: &Self) -> bool {
        relation(self, other).is_some() || relation(other, self).is_some()
    }
}

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a over lower-case letters, the same on every machine.
fn hash_word(word: &str) -> u64 {
    let mut hash = OFFSET;
    for letter in word.chars().flat_map(char::to_lowercase) {
        hash = (hash ^ u64::from(u32::from(letter))).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

fn mix(hash: u64, word: u64) -> u64 {
    let mixed = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 29)
}

/// An address without its scheme, `www.`, query and closing slash: versions of one page differ in those.
fn plain_address(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    rest.trim_start_matches("www.").trim_end_matches('/').to_lowercase()
}

/// For each sketch, whose copy it is; in the order given. The earlier article is the original: by day of publication,
/// articles without one last, then by place in the list. The same sketches in the same order give the same answer.
#[must_use]
pub fn copies(sketches: &[Sketch]) -> Vec<Option<Copy>> {
    let mut order: Vec<usize> = (0..sketches.len()).collect();
    order.sort_by_key(|&at| sketches.get(at).map(|sketch| (sketch.day.is_none(), sketch.day.clone(), at)));
    let mut found: Vec<Option<Copy>> = vec![None; sketches.len()];
    let mut index: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    let mut pages: BTreeMap<&str, usize> = BTreeMap::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for at in order {
        let Some(sketch) = sketches.get(at) else { continue };
        let mut candidates: BTreeMap<usize, usize> = BTreeMap::new();
        for run in sample(sketch) {
            for &earlier in index.get(&run).map_or(&[][..], |list| if list.len() > COMMON { &[] } else { list }) {
                *candidates.entry(earlier).or_default() += 1;
            }
        }
        let same_page = sketch.url.as_deref().and_then(|url| pages.get(url).copied());
        candidates.extend(same_page.map(|page| (page, usize::MAX)).filter(|(page, _)| !candidates.contains_key(page)));
        // The one with most in common; of equals the earliest.
        let mut best: Option<(usize, CopyKind, f64)> = None;
        let mut by_share: Vec<(usize, usize)> = candidates.into_iter().collect();
        by_share.sort_by_key(|(earlier, shared)| (std::cmp::Reverse(*shared), *earlier));
        for (earlier, _) in by_share.into_iter().take(50) {
            let Some((kind, share)) = sketches.get(earlier).and_then(|original| relation(original, sketch)) else { continue };
            if best.is_none_or(|(_, _, most)| share > most + 1e-9) {
                best = Some((earlier, kind, share));
            }
        }
        if let Some((mut earlier, mut kind, _)) = best {
            // A copy of a copy goes back to the same original where it shares enough with that, too.
            while let Some((root, of_root)) = original_of(earlier, &found, &places)
                && let Some((root_kind, _)) = sketches.get(root).and_then(|original| relation(original, sketch))
                && of_root != CopyKind::Partial
            {
                (earlier, kind) = (root, root_kind);
            }
            if let (Some(original), Some(place)) = (sketches.get(earlier), found.get_mut(at)) {
                *place = Some(Copy { original: original.id.clone(), kind });
            }
        }
        places.entry(sketch.id.as_str()).or_insert(at);
        for run in sample(sketch) {
            index.entry(run).or_default().push(at);
        }
        if let Some(url) = sketch.url.as_deref() {
            pages.entry(url).or_insert(at);
        }
    }
    found
}

/// Where the original of article `at` stands, if that is a copy itself.
fn original_of(at: usize, found: &[Option<Copy>], places: &BTreeMap<&str, usize>) -> Option<(usize, CopyKind)> {
    let copy = found.get(at)?.as_ref()?;
    places.get(copy.original.as_str()).filter(|root| **root != at).map(|root| (*root, copy.kind))
}

/// The runs that go into the index: all of a short text, a fixed share of a long one.
fn sample(sketch: &Sketch) -> impl Iterator<Item = u64> + '_ {
    let all = sketch.runs.len() < 200;
    sketch.runs.iter().copied().filter(move |run| all || run % SAMPLE == 0)
}

/// What `later` is to `earlier`, and how much of it is from there.
fn relation(earlier: &Sketch, later: &Sketch) -> Option<(CopyKind, f64)> {
    if earlier.whole == later.whole && !later.runs.is_empty() {
        return Some((CopyKind::Exact, 1.0));
    }
    let shared = shared(&earlier.runs, &later.runs);
    if shared < FEWEST {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of words")]
    let (of_later, of_earlier) =
        (shared as f64 / later.runs.len().max(1) as f64, shared as f64 / earlier.runs.len().max(1) as f64);
    let same_page = earlier.url.is_some() && earlier.url == later.url;
    if same_page && of_later.max(of_earlier) >= 0.3 {
        return Some((CopyKind::Version, of_later));
    }
    if of_later >= 0.5 && of_earlier >= 0.5 {
        return Some((CopyKind::Reprint, of_later.min(of_earlier)));
    }
    // The later one is a piece of the earlier, holds the earlier whole, or takes a good part of its own text from it.
    let partial = of_later >= 0.5 || of_earlier >= 0.6 || (of_later >= 0.25 && shared >= 30);
    partial.then_some((CopyKind::Partial, of_later * 0.5))
}

fn shared(one: &[u64], other: &[u64]) -> usize {
    let (mut at, mut place, mut count) = (0, 0, 0);
    while let (Some(left), Some(right)) = (one.get(at), other.get(place)) {
        match left.cmp(right) {
            std::cmp::Ordering::Less => at += 1,
            std::cmp::Ordering::Greater => place += 1,
            std::cmp::Ordering::Equal => {
                count += 1;
                at += 1;
                place += 1;
            }
        }
    }
    count
}
