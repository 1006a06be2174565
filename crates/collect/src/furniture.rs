//! Finds what the pages of one publisher repeat: the paper's description of itself, a box that is always there. It shows
//! only over many pages, so these are looked through before any of them is read.
use crate::words::fold;
use chancery_agreement::{Article, BlockKind};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A line is furniture from so many stories on.
const STORIES: usize = 3;
/// Lines of fewer words are headings and names.
const FEWEST_WORDS: usize = 4;
/// Most lines that are remembered, of some 50 bytes each; what comes after is not looked for.
const MOST_LINES: usize = 2_000_000;

/// The lines that stand in three or more different stories of one publisher.
#[derive(Debug, Clone, Default)]
pub struct Furniture {
    /// Of each line of each publisher the stories that it stands in, as far as they matter.
    lines: HashMap<u64, [Option<u64>; STORIES]>,
}

impl Furniture {
    /// Takes an article in. Copies of one story repeat everything and count as one: stories are told apart by their longest
    /// paragraph. The order of articles makes no difference as long as no more lines come than are remembered.
    pub fn note(&mut self, article: &Article) {
        let Some(publisher) = &article.publisher else { return };
        let lines: Vec<u64> = paragraphs(article).filter_map(|line| key(publisher, line)).collect();
        let longest = paragraphs(article).max_by_key(|line| line.len()).map(fold);
        let story = hash(&longest);
        for line in lines {
            if self.lines.len() >= MOST_LINES && !self.lines.contains_key(&line) {
                continue;
            }
            let stories = self.lines.entry(line).or_default();
            if !stories.contains(&Some(story))
                && let Some(free) = stories.iter_mut().find(|place| place.is_none())
            {
                *free = Some(story);
            }
        }
    }

    /// Cuts the furniture out of `article`.
    pub fn cut(&self, article: &mut Article) {
        let Article { publisher: Some(publisher), text, blocks, .. } = article else { return };
        for block in blocks.iter_mut().filter(|block| block.kind == BlockKind::Paragraph) {
            let stories = key(publisher, block.span.of(text)).and_then(|line| self.lines.get(&line));
            if stories.is_some_and(|stories| stories.iter().all(Option::is_some)) {
                block.kind = BlockKind::Navigation;
            }
        }
    }
}

fn paragraphs(article: &Article) -> impl Iterator<Item = &str> {
    article.blocks.iter().filter(|block| block.kind == BlockKind::Paragraph).map(|block| block.span.of(&article.text))
}

fn key(publisher: &str, line: &str) -> Option<u64> {
    let folded = fold(line);
    (folded.split(' ').count() >= FEWEST_WORDS).then(|| hash(&(publisher, folded)))
}

/// The same in every run of one build of the program, which is as long as it is kept.
fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
