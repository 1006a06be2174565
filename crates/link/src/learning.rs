//! What weights are learnt from and tried on: the pairs of mentions that linking compares, with the signs that each pair shows, and
//! the clusters that come of given weights.
use crate::Document;
use crate::actors::Actors;
use crate::blocking::Blocks;
use crate::id::own_id;
use crate::linker::Linker;
use crate::mention::{Features, Mention, features};
use crate::score::signs;
use crate::weights::{Rules, rules};
use std::collections::{BTreeMap, BTreeSet};

/// Id of a document and key of an agreement in it.
pub type At = (String, String);

/// A pair of agreements of two documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair<'a> {
    /// One of them.
    pub one: &'a At,
    /// The other.
    pub other: &'a At,
    /// The signs that the pair shows, by their names in `rules/link/weights.toml`, each with the share in which it counts.
    pub signs: Vec<(&'static str, f32)>,
}

/// Every name in a text, with how often it stands there: what `rules/link/common_names.toml` counts.
#[must_use]
pub fn names_in(text: &str) -> BTreeMap<String, u32> {
    crate::story::names_in(text)
}

/// The words of a text that could tell something, each once: what `rules/link/common_words.toml` counts.
#[must_use]
pub fn words_in(text: &str) -> BTreeSet<String> {
    crate::passage::words_in(text, &rules().words).collect()
}

/// What a set of documents says of agreements, ready to be compared again and again.
#[derive(Debug)]
pub struct Mentions {
    actors: Actors,
    /// Number of the document, where the mention stands, and what is compared of it.
    all: Vec<(i64, At, Features)>,
}

/// Weights to be tried in place of the program's own.
#[derive(Debug)]
pub struct Trial(Rules);

impl Trial {
    /// Weights in the form of `rules/link/weights.toml`.
    ///
    /// # Errors
    /// What is wrong with the text, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let weights = toml::from_str(text).map_err(|error| error.to_string())?;
        Ok(Self(Rules { weights, ..rules().clone() }))
    }

    /// Takes other weights.
    ///
    /// # Errors
    /// What is wrong with the text, in words.
    pub fn weigh(&mut self, text: &str) -> Result<(), String> {
        self.0.weights = toml::from_str(text).map_err(|error| error.to_string())?;
        Ok(())
    }
}

impl Mentions {
    /// The agreements of `documents`, each of which has an id of its own.
    #[must_use]
    pub fn of(documents: &[Document]) -> Self {
        let findings = documents.iter().flat_map(|document| &document.findings.agreements);
        let actors = Actors::new(findings.flat_map(|finding| &finding.parties).map(|party| (party.actor.as_str(), 1)), &[]);
        let of_document = |(number, document): (i64, &Document)| -> Vec<(i64, At, Features)> {
            let each = document.findings.agreements.iter().zip(features(document, rules(), None));
            each.map(|(finding, features)| (number, (document.id.clone(), finding.key.clone()), features)).collect()
        };
        Self { all: (0i64..).zip(documents).flat_map(of_document).collect(), actors }
    }

    /// Every pair of agreements of different documents that linking compares, in order of the documents.
    #[must_use]
    pub fn pairs(&self) -> Vec<Pair<'_>> {
        let rules = rules();
        let decoded = self
            .all
            .iter()
            .filter_map(|(number, at, features)| Some((*number, at, Mention::decode(features.as_bytes(), &self.actors)?)));
        let mentions: Vec<(i64, &At, Mention)> = decoded.collect();
        let blocks = Blocks::of(mentions.iter().map(|(_, _, mention)| mention), None);
        let (mut found, mut near) = (Vec::new(), Vec::new());
        for ((document, one, a), place) in mentions.iter().zip(0u32..) {
            blocks.neighbors(place, rules.weights.limit.block, &mut near);
            let after = near.iter().filter(|other| **other > place).filter_map(|other| mentions.get(*other as usize));
            found.extend(after.filter(|(number, _, _)| number != document).map(|(_, other, b)| Pair {
                one,
                other,
                signs: signs(&self.actors, a, b, rules).iter().map(|(sign, share)| (sign.name(), share)).collect(),
            }));
        }
        found
    }

    /// The number of the agreement that each mention becomes part of with these weights. Where two pairs weigh the same, ids decide which
    /// is joined first; another `salt` gives other ids.
    #[must_use]
    pub fn clusters(&self, trial: &Trial, salt: &str) -> BTreeMap<At, usize> {
        let mut linker = Linker::with_rules(&self.actors, &trial.0);
        let mut at: BTreeMap<u64, &At> = BTreeMap::new();
        for (document, own, features) in &self.all {
            let id = own_id(&format!("{salt}{}", own.0), &own.1);
            if linker.add(id, *document, features.as_bytes()) {
                at.insert(id, own);
            }
        }
        let joined = linker.link().joined;
        let members = joined.iter().enumerate().flat_map(|(number, joined)| joined.members.iter().map(move |id| (number, id)));
        members.filter_map(|(number, id)| Some(((*at.get(id)?).clone(), number))).collect()
    }
}
