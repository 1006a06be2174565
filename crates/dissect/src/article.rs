//! Reads an article up to its sentences: the entry point of this crate.
use crate::reading::{Below, Reading, Sentence, Token};
use crate::sentences::split_sentences;
use crate::tokens::tokenize;
use chancery_agreement::{Article, Span};
use std::collections::BTreeMap;

/// Reads the story of `article` up to its tokens and sentences; what was cut from the article is not read.
///
/// Trees are made when they are asked for: see [`Reading::parse`].
#[must_use]
pub fn dissect(article: &Article) -> Reading<'_> {
    let text = &article.text;
    let mut tokens: Vec<Token> = Vec::new();
    let mut sentences = Vec::new();
    for (block_index, block) in article.blocks.iter().enumerate().filter(|(_, block)| block.kind.is_story()) {
        // Blocks come in order and without overlap; should an intake err, nothing is read twice.
        if tokens.last().is_some_and(|last| last.span.end() > block.span.start()) {
            continue;
        }
        let spans = tokenize(text, block.span);
        let first = tokens.len();
        for range in split_sentences(text, &spans) {
            let ends = spans.get(range.start).zip(spans.get(range.end - 1));
            if let Some((start, end)) = ends {
                let tokens = first + range.start..first + range.end;
                sentences.push(Sentence { span: start.join(*end), tokens, block: block_index });
            }
        }
        for (at, span) in spans.iter().enumerate() {
            let joined = spans.get(at + 1).is_some_and(|next| next.start() == span.end());
            tokens.push(Token { span: *span, joined, syntax: None });
        }
    }
    let story: Vec<Span> = article.story().map(|block| block.span).collect();
    let money = crate::money::sums_in(text, &story);
    let quotations = crate::quotations::quotations(article);
    let (names, marks, likelihoods, reader_names) = (Vec::new(), Vec::new(), BTreeMap::new(), BTreeMap::new());
    let states = BTreeMap::new();
    let below = vec![Below::default(); tokens.len()];
    Reading { article, tokens, sentences, quotations, money, names, marks, likelihoods, states, reader_names, below }
}
