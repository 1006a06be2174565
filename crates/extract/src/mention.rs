//! Mentions of agreements: noun phrases that name an instrument or a deal, with what their own words tell about it.
mod extent;
mod finder;
mod phrase;

pub use finder::Finder;
pub use phrase::is_private;

use crate::actors::ActorMention;
use crate::lexicon::{NounClass, Weight};
use chancery_agreement::{AgreementKind, Span};
use chancery_dissect::Reading;
use std::ops::Range;

/// A noun phrase that names an agreement.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Token that heads it.
    pub head: usize,
    /// Its tokens from the first modifier (no article) to the head.
    pub core: Range<usize>,
    /// With the phrases that belong to it: "… between A and B", "… on customs".
    pub full: Range<usize>,
    /// The same with a date at its end, which is no part of the name: "… with Brazil in late May".
    pub phrase: Range<usize>,
    /// Lemma of the head noun, lower case: `ceasefire`, `treaty`.
    pub noun: String,
    /// What nouns it may stand for.
    pub class: NounClass,
    /// Kind by noun and modifiers.
    pub kind: AgreementKind,
    /// How far it goes by itself.
    pub weight: Weight,
    /// Number of the known instrument that it names.
    pub instrument: Option<usize>,
    /// True where that instrument is open to many parties: whose the article's other words speak of is not told of it.
    pub of_many: bool,
    /// Article, demonstrative or possessive before it, lower case; empty where there is none.
    pub determiner: String,
    /// True for plural mentions.
    pub plural: bool,
    /// Words before the noun that tell which agreement is meant, lower case.
    pub modifiers: Vec<String>,
    /// True when a word sets it apart from the agreement just spoken of ("another", "a similar").
    pub apart: bool,
    /// True for "the new pact": one that follows another.
    pub renewed: bool,
    /// The word that numbers it among instruments of one name ("third").
    pub number: Option<String>,
    /// Year that its own words give.
    pub year: Option<String>,
    /// Written as a name: capital letter at the noun, or a title in quotation marks.
    pub proper: bool,
    /// True for a deal that a verb tells ("agreed to share the river").
    pub verbal: bool,
    /// What the phrases after the noun say that it is about ("on the transit of gas": transit, gas), lower-cased.
    pub topic: Vec<String>,
    /// Actors that its own words make parties.
    pub parties: Vec<ActorMention>,
    /// Where an abbreviation stands for it, or it is one ("the Free Trade Agreement (FTA) … the FTA"): the words in full.
    pub abbreviated: Option<Range<usize>>,
}

impl Mention {
    /// The mention of one word that tells nothing more of the agreement.
    #[must_use]
    pub fn plain(head: usize, noun: &str, weight: Weight) -> Self {
        Self {
            head,
            core: head..head + 1,
            full: head..head + 1,
            phrase: head..head + 1,
            noun: noun.to_owned(),
            class: NounClass::default(),
            kind: AgreementKind::Other,
            weight,
            instrument: None,
            of_many: false,
            determiner: String::new(),
            plural: false,
            modifiers: Vec::new(),
            apart: false,
            renewed: false,
            number: None,
            year: None,
            proper: false,
            verbal: false,
            topic: Vec::new(),
            parties: Vec::new(),
            abbreviated: None,
        }
    }

    /// True when nothing but an article and plain words stand before the noun: "the agreement", "this new deal".
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.modifiers.is_empty() && self.parties.is_empty() && self.instrument.is_none() && self.year.is_none() && !self.proper
    }

    /// True when its article brings it in as something not told of before: "a trade deal".
    #[must_use]
    pub fn is_new(&self) -> bool {
        matches!(self.determiner.as_str(), "a" | "an")
    }

    /// Span of the name as the register shows it.
    #[must_use]
    pub fn span(&self, reading: &Reading<'_>) -> Span {
        span_of(reading, &self.full)
    }
}

/// Span of a range of tokens; empty for an empty range.
#[must_use]
pub fn span_of(reading: &Reading<'_>, tokens: &Range<usize>) -> Span {
    match (reading.tokens.get(tokens.start), tokens.end.checked_sub(1).and_then(|last| reading.tokens.get(last))) {
        (Some(first), Some(last)) if !tokens.is_empty() => first.span.join(last.span),
        _ => Span::default(),
    }
}
