//! The fast reader: averaged-perceptron tagger and greedy arc-hybrid parser with weights that are part of the program.
//!
//! Tagger and parser look up hashed features in tables of 8-bit weights which are used as they lie in the file: nothing is
//! unpacked when the program starts. The parts are public because `chancery-train` learns with the same features.
pub mod attachment;
pub mod clusters;
pub mod forms;
pub mod known;
pub mod morphology;
pub mod table;
pub mod tagging;
pub mod transitions;
pub mod weights;

use crate::lemma::Lemmatizer;
use crate::reading::{Reader, Syntax, Upos};
use attachment::Attachments;
use clusters::Clusters;
use forms::Form;
use known::KnownWords;
use std::sync::LazyLock;
use table::{DenseTable, Table};
use weights::{Tag, Weights};

/// The reader that is built in: about 100,000 tokens a second on one core.
#[derive(Debug)]
pub struct Fast {
    clusters: Clusters,
    known: KnownWords,
    tagger: Table,
    transitions: DenseTable,
    labels: Table,
    tags: Vec<Tag>,
    relations: Vec<&'static str>,
    lemmatizer: Lemmatizer,
}

/// Gives scores to classes: learned weights, in the form in which they are trained or in which they are shipped.
pub trait Scorer {
    /// Number of classes.
    fn classes(&self) -> usize;

    /// Says that the weights of `feature` will be asked for in a moment: tables that are too large for the processor's caches fetch
    /// them while further features are worked out.
    fn expect(&self, _feature: u64) {}

    /// Sets the first [`Scorer::classes`] of `scores` to the sums of the weights of `features`.
    fn score(&self, features: &[u64], scores: &mut [f32]);

    /// The class with the greatest sum, the first of several; `scores` is room to work in.
    fn best(&self, features: &[u64], scores: &mut [f32]) -> usize {
        self.score(features, scores);
        tagging::best(scores)
    }
}

impl Fast {
    /// The reader with the weights that are part of the program.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Fast> = LazyLock::new(|| {
            let weights = Weights::read(include_bytes!("../weights/en.fast"));
            // A test reads the shipped file: this is never the empty reader.
            Fast::new(weights.unwrap_or_default())
        });
        &EMBEDDED
    }

    /// A reader with `weights`.
    #[must_use]
    pub fn new(weights: Weights) -> Self {
        let Weights { clusters, known, tagger, transitions, labels, tags, relations, lemmas } = weights;
        Self { clusters, known, tagger, transitions, labels, tags, relations, lemmatizer: Lemmatizer::new(lemmas) }
    }

    /// The lemma of `form` as a word of the part of speech `upos` with the tag `xpos` of the Penn Treebank; `None` where no such
    /// word or ending was learned.
    #[must_use]
    pub fn lemma(&self, form: &str, upos: Upos, xpos: &str) -> Option<Box<str>> {
        let tags = || self.tags.iter().enumerate().filter(|(_, tag)| tag.upos == Some(upos));
        let own = tags().find(|(_, tag)| tag.xpos == xpos).map(|(at, _)| at);
        // "left" is one verb in the past and another one in the present, so words that inflect need their very tag. Of small
        // words any tag will do, but their endings say nothing.
        match own.filter(|_| matches!(upos, Upos::Verb | Upos::Noun | Upos::Propn | Upos::Adj | Upos::Adv)) {
            Some(own) => self.lemmatizer.learned(form, upos, &[own], Some(own)),
            None => {
                let mut any: Vec<usize> = tags().map(|(at, _)| at).collect();
                any.sort_by_key(|&at| Some(at) != own);
                self.lemmatizer.learned(form, upos, &any, None)
            }
        }
    }

    /// True when the reader has no weights: its trees say nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty() || self.relations.is_empty()
    }
}

impl Reader for Fast {
    fn name(&self) -> &str {
        "fast"
    }

    fn parse(&self, forms: &[&str]) -> Vec<Syntax> {
        let forms_hashed: Vec<Form> = forms.iter().map(|form| Form::with_class(form, &self.clusters)).collect();
        let tags = tagging::tag(&self.tagger, &self.known, &forms_hashed);
        let attachments = Attachments::parse(&self.transitions, &self.labels, &forms_hashed, &tags);
        let heads = attachments.heads();
        let relations: Vec<&'static str> = (0..forms.len())
            .map(|at| match heads.get(at) {
                Some(None) => "root",
                _ => self.relations.get(attachments.label(at)).copied().filter(|&relation| relation != "root").unwrap_or("dep"),
            })
            .collect();
        let tag_names: Vec<&Tag> = tags.iter().map(|&tag| self.tags.get(tag).unwrap_or(Tag::UNKNOWN)).collect();
        let features = morphology::features(forms, &tag_names, &heads, &relations);
        let mut syntax = Vec::with_capacity(forms.len());
        for (at, &form) in forms.iter().enumerate() {
            let (Some(&tag), Some(name), Some(&head), Some(&relation), Some(&features)) =
                (tags.get(at), tag_names.get(at), heads.get(at), relations.get(at), features.get(at))
            else {
                continue;
            };
            let upos = name.upos.unwrap_or(Upos::X);
            let lemma = self.lemmatizer.lemma(form, upos, tag);
            syntax.push(Syntax { upos, lemma, features, head, relation });
        }
        syntax
    }
}
