//! Which chains of mentions speak of one agreement, after the rules of [`crate::chain`] have had their say: a logistic model over pairs of mentions
//! (`rules/en/coreference.toml`), learned from labelled news by `chancery-train coreference`.
//!
//! Of the rules' chains the two are joined whose mentions say so most, by the mean of the pairs' log-odds, then the next, until none are
//! likely enough (average linkage); two that the words tell apart (years, parties, "another") are never joined. No chain is taken apart: a model that opened and joined chains by itself did no better over the
//! articles than the rules do.
use crate::chain::{Chain, Clues};
use crate::lexicon::Weight;
use crate::logistic::{Features, Model};
use crate::mention::Mention;
use chancery_agreement::AgreementKind;
use chancery_dissect::Reading;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// Every feature that [`features`] can give.
pub const NAMES: &[&str] = &[
    "joined-by-rules",
    "apart-by-rules",
    "one-without-chain",
    "same-noun",
    "same-class",
    "other-class",
    "same-kind",
    "kinds-clash",
    "ceasefire-and-other",
    "same-instrument",
    "other-instrument",
    "one-instrument",
    "same-name",
    "both-named",
    "first-named",
    "second-named",
    "second-bare",
    "second-bare-definite",
    "second-bare-other-noun",
    "second-new",
    "second-pointing",
    "second-pronoun",
    "second-verbal",
    "first-verbal",
    "first-new",
    "first-bare",
    "both-new",
    "shared-modifiers",
    "modifiers-inside",
    "modifiers-differ",
    "no-modifier-shared-but-noun",
    "same-words",
    "same-parties",
    "shared-party",
    "parties-inside",
    "parties-differ",
    "same-year",
    "years-differ",
    "one-year",
    "same-number",
    "numbers-differ",
    "signed-apart",
    "signed-together",
    "plurals-differ",
    "both-plural",
    "topics-meet",
    "topics-differ",
    "set-apart",
    "second-apart",
    "second-renewed",
    "said-of",
    "same-sentence",
    "next-sentence",
    "sentences-between",
    "mentions-between",
    "next-mention",
    "same-abbreviation",
    "first-in-lead",
    "mentions-in-article",
    "chains-in-article",
];

/// What pairs are looked for in.
pub struct Scene<'s> {
    mentions: &'s [Mention],
    clues: &'s Clues,
    /// The chain that the rules put each mention in.
    of_mention: &'s BTreeMap<usize, usize>,
    chains: usize,
    sentences: Vec<usize>,
}

impl<'s> Scene<'s> {
    /// The scene in which the rules made `chains` of `mentions`.
    #[must_use]
    pub fn new(
        reading: &Reading<'_>,
        mentions: &'s [Mention],
        clues: &'s Clues,
        chains: &[Chain],
        of_mention: &'s BTreeMap<usize, usize>,
    ) -> Self {
        let sentences = mentions.iter().map(|mention| reading.sentence_of(mention.head).unwrap_or(0)).collect();
        Self { mentions, clues, of_mention, chains: chains.len(), sentences }
    }

    /// What is known of the mentions `first` and `second`, the earlier one first.
    #[must_use]
    pub fn features(&self, first: usize, second: usize) -> Features {
        let mut found = Features::new();
        let (Some(a), Some(b)) = (self.mentions.get(first), self.mentions.get(second)) else { return found };
        let mut set = |name: &'static str, holds: bool| {
            if holds {
                found.insert(name, 1.0);
            }
        };
        let nobody = BTreeSet::new();
        let parties = |at: usize| self.clues.parties.get(at).unwrap_or(&nobody);
        let name = |at: usize| self.clues.names.get(at).and_then(Option::as_ref);
        let signed = |at: usize| self.clues.signed.get(at).copied().flatten();
        match (self.of_mention.get(&first), self.of_mention.get(&second)) {
            (Some(one), Some(other)) => set(if one == other { "joined-by-rules" } else { "apart-by-rules" }, true),
            _ => set("one-without-chain", true),
        }
        let bare = b.is_bare();
        set("same-noun", a.noun == b.noun);
        set("same-class", a.class == b.class);
        set("other-class", a.class != b.class);
        set("same-kind", a.kind == b.kind && a.kind != AgreementKind::Other);
        let clash = a.kind != b.kind && a.kind != AgreementKind::Other && b.kind != AgreementKind::Other;
        set("kinds-clash", clash);
        set("ceasefire-and-other", (a.kind == AgreementKind::Ceasefire) != (b.kind == AgreementKind::Ceasefire));
        match (a.instrument, b.instrument) {
            (Some(one), Some(other)) => set(if one == other { "same-instrument" } else { "other-instrument" }, true),
            (Some(_), None) | (None, Some(_)) => set("one-instrument", true),
            (None, None) => {}
        }
        set("same-name", name(first).is_some() && name(first) == name(second));
        set("both-named", a.proper && b.proper);
        set("first-named", a.proper && !b.proper);
        set("second-named", b.proper && !a.proper);
        set("second-bare", bare);
        set("second-bare-definite", bare && b.determiner == "the");
        set("second-bare-other-noun", bare && a.class != b.class);
        set("second-new", b.is_new());
        set("second-pointing", matches!(b.determiner.as_str(), "this" | "that" | "these" | "those"));
        set("second-pronoun", b.weight == Weight::Anaphor);
        set("second-verbal", b.verbal);
        set("first-verbal", a.verbal);
        set("first-new", a.is_new());
        set("first-bare", a.is_bare());
        set("both-new", a.is_new() && b.is_new());
        let shared = b.modifiers.iter().filter(|word| a.modifiers.contains(*word)).count();
        let both = !a.modifiers.is_empty() && !b.modifiers.is_empty();
        set("modifiers-inside", both && (shared == b.modifiers.len() || shared == a.modifiers.len()));
        set("modifiers-differ", both && shared == 0);
        set("no-modifier-shared-but-noun", both && shared == 0 && a.noun == b.noun);
        set("same-words", shared == b.modifiers.len() && shared == a.modifiers.len() && both && a.noun == b.noun);
        let (of_a, of_b) = (parties(first), parties(second));
        if !of_a.is_empty() && !of_b.is_empty() {
            set("same-parties", of_a == of_b);
            set("shared-party", !of_a.is_disjoint(of_b));
            set("parties-inside", of_a.is_subset(of_b) || of_b.is_subset(of_a));
            set("parties-differ", of_a.is_disjoint(of_b));
        }
        match (&a.year, &b.year) {
            (Some(one), Some(other)) => set(if one == other { "same-year" } else { "years-differ" }, true),
            (Some(_), None) | (None, Some(_)) => set("one-year", true),
            (None, None) => {}
        }
        if let (Some(one), Some(other)) = (&a.number, &b.number) {
            set(if one == other { "same-number" } else { "numbers-differ" }, true);
        }
        if let (Some(one), Some(other)) = (signed(first), signed(second)) {
            set(if one.may_be(other) { "signed-together" } else { "signed-apart" }, true);
        }
        set("plurals-differ", a.plural != b.plural);
        set("both-plural", a.plural && b.plural);
        if !a.topic.is_empty() && !b.topic.is_empty() {
            set(if a.topic.iter().any(|word| b.topic.contains(word)) { "topics-meet" } else { "topics-differ" }, true);
        }
        set("set-apart", self.clues.apart.contains(&(first, second)));
        set("second-apart", b.apart);
        set("second-renewed", b.renewed && !a.renewed);
        set("said-of", self.clues.same.get(&second) == Some(&Some(first)) || self.clues.same.get(&first) == Some(&Some(second)));
        let sentence = |at: usize| self.sentences.get(at).copied().unwrap_or(0);
        let between = sentence(second).abs_diff(sentence(first));
        set("same-sentence", between == 0);
        set("next-sentence", between == 1);
        set("next-mention", second == first + 1);
        set("same-abbreviation", a.abbreviated.is_some() && a.abbreviated == b.abbreviated);
        set("first-in-lead", sentence(first) < 2);
        let count = |number: usize| f64::from(u32::try_from(number.min(60)).unwrap_or(60)).ln_1p();
        found.insert("shared-modifiers", count(shared));
        found.insert("sentences-between", count(between));
        found.insert("mentions-between", count(second.abs_diff(first)));
        found.insert("mentions-in-article", count(self.mentions.len()));
        found.insert("chains-in-article", count(self.chains));
        found
    }
}

impl Scene<'_> {
    /// True when the words themselves tell the two apart: whatever the model says, they are two.
    fn are_two(&self, first: usize, second: usize) -> bool {
        let (Some(a), Some(b)) = (self.mentions.get(first), self.mentions.get(second)) else { return false };
        let differ = |one: Option<&String>, other: Option<&String>| one.zip(other).is_some_and(|(one, other)| one != other);
        let signed = |at: usize| self.clues.signed.get(at).copied().flatten();
        // "The 2009 ceasefire" is not what was signed in 2015.
        let other_year = |mention: &Mention, at: usize| {
            let named = mention.year.as_ref().and_then(|year| year.parse::<i32>().ok());
            named.zip(signed(at)).is_some_and(|(year, day)| year.abs_diff(day.year) > 1)
        };
        let parties = |at: usize| self.clues.parties.get(at).filter(|parties| parties.len() > 1);
        let other_parties =
            parties(first).zip(parties(second)).is_some_and(|(one, other)| !one.is_subset(other) && !other.is_subset(one));
        // "The fishing treaty with Uganda … the border treaty with Rwanda"
        let with = |mention: &Mention| -> BTreeSet<String> {
            let behind = mention.parties.iter().filter(|party| party.tokens.start > mention.head);
            behind.map(|party| party.actor.clone()).collect()
        };
        let other_words =
            !a.modifiers.is_empty() && !b.modifiers.is_empty() && a.modifiers.iter().all(|word| !b.modifiers.contains(word));
        let (with_a, with_b) = (with(a), with(b));
        let other_partners = other_words && !with_a.is_empty() && !with_b.is_empty() && with_a.is_disjoint(&with_b);
        self.clues.apart.contains(&(first, second))
            || other_partners
            || a.instrument.zip(b.instrument).is_some_and(|(one, other)| one != other)
            || differ(a.number.as_ref(), b.number.as_ref())
            || differ(a.year.as_ref(), b.year.as_ref())
            || signed(first).zip(signed(second)).is_some_and(|(one, other)| !one.may_be(other))
            || other_year(a, second)
            || other_year(b, first)
            || b.apart
            || other_parties
    }
}

/// Most earlier mentions that a mention is held against, the nearest ones.
const WINDOW: usize = 40;

/// The pairs of mentions that are held against each other, the earlier one first.
pub fn pairs<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = (usize, usize)> + 's {
    let known = |at: &usize| scene.of_mention.contains_key(at);
    let seconds = (0..scene.mentions.len()).filter(known);
    seconds.flat_map(move |second| (second.saturating_sub(WINDOW)..second).filter(known).map(move |first| (first, second)))
}

/// What the pairs of mentions of two chains say of the two: the sum of their log-odds, and how many they are.
type Link = (f64, f64);

/// The chains of the rules as groups of mentions, the likeliest two joined until no two are likely enough.
#[must_use]
pub fn join(scene: &Scene<'_>, model: &Model) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); scene.chains];
    for (&mention, &chain) in scene.of_mention {
        if let Some(group) = groups.get_mut(chain) {
            group.push(mention);
        }
    }
    if groups.len() < 2 {
        return groups;
    }
    let mut links: Vec<BTreeMap<usize, Link>> = vec![BTreeMap::new(); groups.len()];
    for (first, second) in pairs(scene) {
        let (Some(&one), Some(&other)) = (scene.of_mention.get(&first), scene.of_mention.get(&second)) else { continue };
        if one != other {
            let odds = if scene.are_two(first, second) {
                f64::NEG_INFINITY
            } else {
                log_odds(model.probability(&scene.features(first, second)))
            };
            add(&mut links, one, other, (odds, 1.0));
        }
    }
    let bar = log_odds(model.threshold());
    let mut likely = BinaryHeap::new();
    for (one, others) in links.iter().enumerate() {
        likely.extend(others.range(one..).filter_map(|(&other, &link)| Likely::of(link, one, other, bar)));
    }
    while let Some(Likely { mean, one, other }) = likely.pop() {
        // What was said of two chains before one of them grew is out of date.
        let now = links.get(one).and_then(|links| links.get(&other)).and_then(|&link| Likely::of(link, one, other, bar));
        if now.is_none_or(|now| now.mean.total_cmp(&mean).is_ne()) {
            continue;
        }
        let gone = groups.get_mut(other).map(std::mem::take).unwrap_or_default();
        if let Some(group) = groups.get_mut(one) {
            group.extend(gone);
            group.sort_unstable();
        }
        for (third, link) in links.get_mut(other).map(std::mem::take).unwrap_or_default() {
            if let Some(links) = links.get_mut(third) {
                links.remove(&other);
            }
            if third != one {
                add(&mut links, one, third, link);
            }
        }
        let grown = links.get(one).into_iter().flatten();
        likely.extend(grown.filter_map(|(&third, &link)| Likely::of(link, one.min(third), one.max(third), bar)));
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn add(links: &mut [BTreeMap<usize, Link>], one: usize, other: usize, (sum, count): Link) {
    for (from, to) in [(one, other), (other, one)] {
        if let Some(links) = links.get_mut(from) {
            let link = links.entry(to).or_default();
            *link = (link.0 + sum, link.1 + count);
        }
    }
}

/// Two chains that may be one, the likelier the greater; of equals those that begin first.
#[derive(Debug, Clone, Copy)]
struct Likely {
    mean: f64,
    one: usize,
    other: usize,
}

impl Likely {
    /// `None` where the mean of their log-odds is below the bar.
    fn of((sum, count): Link, one: usize, other: usize, bar: f64) -> Option<Self> {
        let mean = sum / count;
        (mean >= bar).then_some(Self { mean, one, other })
    }
}

impl Ord for Likely {
    fn cmp(&self, other: &Self) -> Ordering {
        self.mean.total_cmp(&other.mean).then((other.one, other.other).cmp(&(self.one, self.other)))
    }
}

impl PartialOrd for Likely {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Likely {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Likely {}

/// Farthest from even odds that a pair may speak.
const FARTHEST: f64 = 8.0;

fn log_odds(probability: f64) -> f64 {
    (probability / (1.0 - probability)).ln().clamp(-FARTHEST, FARTHEST)
}
