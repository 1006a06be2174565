//! Learns from labelled news which mentions speak of one agreement (`rules/en/coreference.toml`).
use crate::labeled::{Corpus, Labeled, Source, each_article};
use crate::logistic::{Choice, Example, learn};
use anyhow::Result;
use chancery_agreement::{Article, Span};
use chancery_evaluate::agreements::shared_words;
use chancery_evaluate::sheet::Sheet;
use chancery_extract::agreements::Mentioned;
use chancery_extract::coreference::NAMES;
use std::path::Path;

/// Chains are joined above this probability: agreements and parties are as good from .6 on, and a wrong join puts the cells of two
/// agreements into one record.
const CHOICE: Choice = Choice { threshold: 0.68, penalty: 3.0, word: 0.0, report: 0.2 };

/// Where they are learned from.
const CORPORA: [Corpus; 3] = [Corpus::Gold, Corpus::Reports, Corpus::News];

/// Words of a mention that share less than this with a labelled name (Dice) are no telling of it.
const SAME_NAME: f64 = 0.6;

/// Words of a mention that share less than this with every labelled name are the name of something else.
const OTHER_NAME: f64 = 0.34;

/// What a mention speaks of, as far as the labels tell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spoken {
    /// The labelled agreement of that number.
    Labelled(usize),
    /// None of them.
    Other,
    /// One of them or none.
    Unknown,
}

/// Learns from the labelled articles and writes the model to `out`.
pub fn train(source: Source<'_>, out: &Path) -> Result<()> {
    let examples = each_article(source, &CORPORA, |Labeled { corpus, number, label, article, extractor, .. }| {
        let (mentions, pairs) = extractor.mention_pairs(article);
        let mut examples = Vec::new();
        let spoken: Vec<Spoken> = mentions.iter().map(|mention| spoken_of(article, label, mention)).collect();
        for (first, second, features) in pairs {
            let right = match (spoken[first], spoken[second]) {
                (Spoken::Unknown, _) | (_, Spoken::Unknown) | (Spoken::Other, Spoken::Other) => continue,
                (one, other) => one == other,
            };
            examples.push(Example { corpus, article: number, features, words: Vec::new(), right });
        }
        examples
    })?;
    let first_line = "# Learned by `chancery-train coreference`; crates/extract/src/coreference.rs says what the features mean.";
    learn(first_line, NAMES, &examples, CHOICE, out)
}

/// The agreement that has the mention's words for a name, or a quote of whose cells holds it. A bare mention belongs to what is told in the
/// same words, or to the only agreement there is.
fn spoken_of(article: &Article, label: &Sheet, mention: &Mentioned) -> Spoken {
    let words = |span: Span| span.of(&article.text);
    let name = |at: usize| {
        let names = label.agreements[at].names.iter();
        names.map(|name| shared_words(name, words(mention.span)).max(shared_words(name, words(mention.core)))).fold(0.0, f64::max)
    };
    let holds = |quote: &str| {
        let mut found = article.text.match_indices(quote).map(|(start, _)| start);
        let (first, second) = (found.next(), found.next());
        let inside = |start: usize| start <= mention.core.start() && mention.core.end() <= start + quote.len();
        !quote.is_empty() && second.is_none() && first.is_some_and(inside)
    };
    let quoted = |at: &usize| {
        let agreement = &label.agreements[*at];
        let stages = agreement.stages.iter().map(|cells| &cells.quote);
        stages.chain(agreement.commitments.iter().map(|cells| &cells.quote)).any(|quote| holds(quote))
    };
    let only = |mut each: Vec<usize>| if each.len() == 1 { each.pop() } else { None };
    let all = 0..label.agreements.len();
    let most = all.clone().map(name).fold(0.0, f64::max);
    let named = if most >= SAME_NAME { all.clone().filter(|&at| name(at) >= most).collect() } else { Vec::new() };
    let quoting: Vec<usize> = all.clone().filter(quoted).collect();
    if mention.bare {
        // A bare name that two agreements share tells nothing, nor does a new deal in an article of one.
        let alone = only(all.collect()).filter(|_| !mention.new);
        return only(quoting).or_else(|| only(named)).or(alone).map_or(Spoken::Unknown, Spoken::Labelled);
    }
    match (only(named.clone()), only(quoting)) {
        (Some(at), _) => Spoken::Labelled(at),
        (None, Some(at)) if named.contains(&at) => Spoken::Labelled(at),
        (None, _) if most < OTHER_NAME && !label.agreements.is_empty() => Spoken::Other,
        _ => Spoken::Unknown,
    }
}
