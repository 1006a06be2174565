//! What weights are learnt from: the pairs of mentions that linking compares, with the signs that each pair shows.
use crate::Document;
use crate::actors::Actors;
use crate::blocking::Blocks;
use crate::mention::{Mention, features};
use crate::score::signs;
use crate::weights::rules;

/// A pair of agreements of two documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair<'a> {
    /// Id of a document and key of an agreement in it.
    pub one: (&'a str, &'a str),
    /// The same of the other.
    pub other: (&'a str, &'a str),
    /// The signs that the pair shows, by their names in `rules/link/weights.toml`, each with the share in which it counts.
    pub signs: Vec<(&'static str, f32)>,
}

/// Every name in a text, with how often it stands there: what `rules/link/common_names.toml` counts.
#[must_use]
pub fn names_in(text: &str) -> std::collections::BTreeMap<String, u32> {
    crate::story::names_in(text)
}

/// Every pair of agreements of different documents that linking compares, in order of the documents.
#[must_use]
pub fn pairs(documents: &[Document]) -> Vec<Pair<'_>> {
    let rules = rules();
    let findings = documents.iter().flat_map(|document| &document.findings.agreements);
    let actors = Actors::new(findings.flat_map(|finding| &finding.parties).map(|party| (party.actor.as_str(), 1)), &[]);
    let mut mentions: Vec<(usize, (&str, &str), Mention)> = Vec::new();
    for (number, document) in documents.iter().enumerate() {
        for (finding, features) in document.findings.agreements.iter().zip(features(document, rules, None)) {
            if let Some(mention) = Mention::decode(features.as_bytes(), &actors) {
                mentions.push((number, (&document.id, &finding.key), mention));
            }
        }
    }
    let blocks = Blocks::of(mentions.iter().map(|(_, _, mention)| mention), None);
    let (mut found, mut near) = (Vec::new(), Vec::new());
    for ((document, one, a), place) in mentions.iter().zip(0u32..) {
        blocks.neighbors(place, rules.weights.limit.block, &mut near);
        let after = near.iter().filter(|other| **other > place).filter_map(|other| mentions.get(*other as usize));
        found.extend(after.filter(|(number, _, _)| number != document).map(|(_, other, b)| Pair {
            one: *one,
            other: *other,
            signs: signs(&actors, a, b, rules).iter().map(|(sign, share)| (sign.name(), share)).collect(),
        }));
    }
    found
}
