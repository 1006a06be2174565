//! Coreference within an article: which mentions speak of one agreement.
//!
//! Mentions are taken in order. A mention joins the agreement that it fits best, or opens a new one; two that differ in their
//! parties, their year, or in a word that tells instruments apart are never joined.
use crate::lexicon::{NounClass, Weight};
use crate::mention::Mention;
use chancery_agreement::AgreementKind;
use std::collections::{BTreeMap, BTreeSet};

/// Mentions that speak of one agreement.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    /// Indices of the mentions, in order of the text.
    pub mentions: Vec<usize>,
    /// Parties that the mentions and the events around them give.
    pub parties: BTreeSet<String>,
    nouns: BTreeSet<NounClass>,
    modifiers: BTreeSet<String>,
    years: BTreeSet<String>,
    topic: BTreeSet<String>,
    instrument: Option<usize>,
    of_many: bool,
    names: BTreeSet<String>,
    kind: Option<AgreementKind>,
    plural: bool,
    /// Opened by a mention that was set apart from another agreement ("a similar agreement"): what follows mostly speaks of that one.
    apart: bool,
    renewed: bool,
    number: Option<String>,
    signed: BTreeSet<Day>,
}

impl Chain {
    fn add(&mut self, index: usize, mention: &Mention, parties: &BTreeSet<String>, name: Option<String>) {
        self.plural = if self.mentions.is_empty() { mention.plural } else { self.plural && mention.plural };
        self.apart |= self.mentions.is_empty() && mention.apart;
        self.renewed |= mention.renewed;
        self.number = self.number.take().or_else(|| mention.number.clone());
        self.mentions.push(index);
        self.parties.extend(parties.iter().cloned());
        self.nouns.insert(mention.class);
        self.modifiers.extend(mention.modifiers.iter().cloned());
        self.years.extend(mention.year.iter().cloned());
        self.topic.extend(mention.topic.iter().cloned());
        self.instrument = self.instrument.or(mention.instrument);
        self.of_many |= mention.of_many;
        self.names.extend(name);
        if self.kind.is_none_or(|kind| kind == AgreementKind::Other) {
            self.kind = Some(mention.kind);
        }
    }

    /// Kind of the agreement: that of the first mention whose words tell one.
    #[must_use]
    pub fn kind(&self) -> AgreementKind {
        self.kind.unwrap_or(AgreementKind::Other)
    }

    /// Number of the known instrument.
    #[must_use]
    pub fn instrument(&self) -> Option<usize> {
        self.instrument
    }

    /// True where that instrument is open to many parties.
    #[must_use]
    pub fn is_of_many(&self) -> bool {
        self.of_many
    }

    /// True for agreements told of together and set apart from the one at hand: "earlier truces".
    #[must_use]
    pub fn is_of_others(&self) -> bool {
        self.plural && self.apart
    }

    /// Named once, by its year: an agreement of another day, told in passing.
    fn is_passing(&self) -> bool {
        self.mentions.len() == 1 && !self.years.is_empty()
    }

    /// False when both were signed, at different times, or this one is named by another year.
    fn may_be_signed(&self, day: Option<Day>) -> bool {
        let Some(day) = day else { return true };
        let named = |own: &String| own.parse::<i32>().is_ok_and(|own| own.abs_diff(day.year) <= 1);
        (self.signed.is_empty() || self.signed.iter().any(|own| own.may_be(day)))
            && (self.years.is_empty() || self.years.iter().any(named))
    }

    /// True for a single agreement of a told kind that has borne no name so far.
    fn is_nameless(&self) -> bool {
        self.instrument.is_none()
            && self.names.is_empty()
            && self.years.is_empty()
            && !self.plural
            && !self.apart
            && matches!(self.kind(), AgreementKind::TradeDeal | AgreementKind::PeaceAccord)
    }

    /// True when a word before the noun stands in both, be it with another ending ("Broadcaster", "Broadcasting").
    fn shares_word(&self, mention: &Mention) -> bool {
        let stem = |word: &str| word.chars().take(6).collect::<String>();
        mention.modifiers.iter().any(|word| word.len() > 5 && self.modifiers.iter().any(|own| stem(own) == stem(word)))
    }

    /// How well the mention fits: `None` when it cannot be this agreement.
    fn fit(&self, mention: &Mention, parties: &BTreeSet<String>, name: Option<&String>) -> Option<i32> {
        if let (Some(a), Some(b)) = (self.instrument, mention.instrument) {
            return (a == b).then_some(100);
        }
        if name.is_some_and(|name| self.names.contains(name)) {
            return Some(90);
        }
        // "The Third Convention … the Fourth Convention"
        if mention.number.is_some() && self.number.is_some() && mention.number != self.number {
            return None;
        }
        // Two that both bear names of their own, and different ones, are two; "the Fisheries Pact" and "the Pact on Fisheries" are one.
        let akin = || mention.class != NounClass::Document && self.nouns.contains(&mention.class) && self.shares_word(mention);
        // "… plan to sign a free trade agreement. … the Comprehensive Economic and Trade Agreement": the name comes after the thing.
        let named_late = mention.instrument.is_some() && self.is_nameless() && mention.kind == self.kind();
        if named_late {
            return compatible(&self.parties, parties).then_some(5);
        }
        if mention.of_many || (mention.proper && (!self.names.is_empty() || self.instrument.is_some()) && !akin()) {
            return None;
        }
        let kinds_clash =
            mention.kind != self.kind() && mention.kind != AgreementKind::Other && self.kind() != AgreementKind::Other;
        if kinds_clash && (mention.proper || self.kind() == AgreementKind::Ceasefire || mention.kind == AgreementKind::Ceasefire)
        {
            return None;
        }
        if mention.plural != self.plural && !mention.is_bare() {
            return None;
        }
        // "The permanent truce" stays one though the article names its other side in two ways.
        let same_words = !mention.modifiers.is_empty()
            && self.nouns.contains(&mention.class)
            && mention.modifiers.iter().all(|word| self.modifiers.contains(word))
            && !self.parties.is_disjoint(parties);
        if !same_words && !compatible(&self.parties, parties) {
            return None;
        }
        if let Some(year) = &mention.year
            && !self.years.is_empty()
            && !self.years.contains(year)
        {
            return None;
        }
        // "An agreement on transit … an agreement on prices"
        if mention.is_new()
            && !mention.topic.is_empty()
            && !self.topic.is_empty()
            && !mention.topic.iter().any(|word| self.topic.contains(word))
        {
            return None;
        }
        // "The comprehensive agreement" is not the named one of another kind.
        let named = self.instrument.is_some() || !self.names.is_empty();
        let other_words = !mention.modifiers.is_empty() && !mention.modifiers.iter().any(|word| self.modifiers.contains(word));
        if named && other_words && !mention.proper && mention.kind != self.kind() {
            return None;
        }
        // "The new protocol" is not "the protocol of 2014".
        if mention.year.is_some() && self.renewed && self.years.is_empty() || mention.renewed && !self.years.is_empty() {
            return None;
        }
        let own = mention.class;
        let same_noun = self.nouns.contains(&own);
        let anaphor = mention.weight == Weight::Anaphor;
        let ceasefire = self.kind() == AgreementKind::Ceasefire;
        let nouns_fit = same_noun
            || anaphor
            || own == NounClass::Agreement && !self.nouns.contains(&NounClass::Contract)
            || self.nouns.contains(&NounClass::Agreement)
                && (!matches!(own, NounClass::Ceasefire | NounClass::Plan | NounClass::Contract) || ceasefire)
            || own == NounClass::Treaty && !ceasefire && !self.nouns.contains(&NounClass::Plan);
        if !nouns_fit {
            return None;
        }
        let shared = mention.modifiers.iter().filter(|word| self.modifiers.contains(*word)).count();
        if !mention.modifiers.is_empty() && !self.modifiers.is_empty() && shared == 0 {
            let kinds_differ =
                mention.kind != self.kind() && mention.kind != AgreementKind::Other && self.kind() != AgreementKind::Other;
            if kinds_differ || !same_noun || mention.is_new() {
                return None;
            }
        }
        // "the peace deal" does not speak of a ceasefire, nor "the trade agreement" of a treaty on borders.
        if mention.kind != self.kind()
            && mention.kind != AgreementKind::Other
            && self.kind() != AgreementKind::Other
            && !mention.modifiers.is_empty()
            && shared == 0
        {
            return None;
        }
        let score = 10 * i32::from(same_noun)
            + 8 * i32::try_from(shared.min(3)).unwrap_or(3)
            + 6 * i32::from(!parties.is_empty() && !self.parties.is_empty())
            + 4 * i32::from(mention.kind == self.kind())
            + i32::try_from(self.mentions.len().min(3)).unwrap_or(3)
            - 6 * i32::from(self.apart)
            - 6 * i32::from(mention.is_bare() && self.is_passing());
        Some(score)
    }
}

/// When something was signed, as far as the text tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Year of our era.
    pub year: i32,
    /// Month, from 1.
    pub month: Option<i32>,
}

impl Day {
    /// The day of an EDTF date, to the month; `None` where it tells no year.
    #[must_use]
    pub fn of(date: &str) -> Option<Self> {
        let year = date.get(..4)?.parse().ok()?;
        Some(Self { year, month: date.get(5..7).and_then(|month| month.parse().ok()) })
    }

    /// False where the two lie more than a month apart.
    #[must_use]
    pub fn may_be(self, other: Self) -> bool {
        match (self.month, other.month) {
            (Some(a), Some(b)) => (12 * self.year + a).abs_diff(12 * other.year + b) <= 1,
            _ => self.year == other.year,
        }
    }
}

/// One set of parties holds the other, or one is empty.
fn compatible(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    a.is_empty() || b.is_empty() || a.is_subset(b) || b.is_subset(a)
}

/// What the text tells of which mentions speak of one agreement. The vectors run parallel to the mentions.
#[derive(Debug, Clone, Default)]
pub struct Clues {
    /// Parties that each one's words and events give.
    pub parties: Vec<BTreeSet<String>>,
    /// Its name where it bears one.
    pub names: Vec<Option<String>>,
    /// When it was signed.
    pub signed: Vec<Option<Day>>,
    /// Pairs of mentions (the earlier one first) that the text itself sets against each other ("this pact is similar to that one").
    pub apart: BTreeSet<(usize, usize)>,
    /// Mentions that are said of something ("the pact is a treaty that …"): of which other mention, where it is one.
    pub same: BTreeMap<usize, Option<usize>>,
}

/// Joins mentions into chains. The second value tells for each mention which chain it is in.
#[must_use]
pub fn chain(mentions: &[Mention], clues: &Clues) -> (Vec<Chain>, BTreeMap<usize, usize>) {
    let mut chains: Vec<Chain> = Vec::new();
    let mut of_mention: BTreeMap<usize, usize> = BTreeMap::new();
    let nobody = BTreeSet::new();
    for (index, mention) in mentions.iter().enumerate() {
        let own = clues.parties.get(index).unwrap_or(&nobody);
        let name = clues.names.get(index).and_then(Option::as_ref);
        let signed = clues.signed.get(index).copied().flatten();
        let said_of = clues.same.get(&index).map(|other| other.and_then(|other| of_mention.get(&other)).copied());
        let best = match said_of {
            Some(Some(at)) => Some(at),
            // What is said of something else names no agreement of its own.
            Some(None) if mention.is_bare() => continue,
            _ if mention.apart && !(mention.instrument.is_some() || name.is_some()) => told_before(&chains, own),
            _ => {
                let open = |chain: &Chain| {
                    let apart = |&other: &usize| clues.apart.contains(&(other.min(index), other.max(index)));
                    !chain.mentions.iter().any(apart) && (mention.instrument.is_some() || chain.may_be_signed(signed))
                };
                best_fit(&chains, mention, own, name, &open)
            }
        };
        let at = match best {
            Some(at) => at,
            None if mention.weight == Weight::Anaphor => continue,
            None => {
                chains.push(Chain::default());
                chains.len() - 1
            }
        };
        if let Some(chain) = chains.get_mut(at) {
            chain.add(index, mention, own, name.cloned());
            chain.signed.extend(signed);
            of_mention.insert(index, at);
        }
    }
    (chains, of_mention)
}

/// The chains that `groups` of mentions make, and for each mention which chain it is in.
#[must_use]
pub fn of_groups(mentions: &[Mention], clues: &Clues, groups: Vec<Vec<usize>>) -> (Vec<Chain>, BTreeMap<usize, usize>) {
    let nobody = BTreeSet::new();
    let mut of_mention = BTreeMap::new();
    let chain = |(at, group): (usize, Vec<usize>)| {
        let mut chain = Chain::default();
        for index in group {
            let Some(mention) = mentions.get(index) else { continue };
            let name = clues.names.get(index).and_then(Option::as_ref);
            chain.add(index, mention, clues.parties.get(index).unwrap_or(&nobody), name.cloned());
            of_mention.insert(index, at);
        }
        chain
    };
    let chains = groups.into_iter().enumerate().map(chain).collect();
    (chains, of_mention)
}

/// The chain that the mention fits best: a bare one goes to the nearest that fits well, another to the one that shares most.
fn best_fit(
    chains: &[Chain],
    mention: &Mention,
    parties: &BTreeSet<String>,
    name: Option<&String>,
    open: &dyn Fn(&Chain) -> bool,
) -> Option<usize> {
    let pronoun = mention.noun == "it";
    let bare = mention.is_bare() && (parties.is_empty() || pronoun);
    // "This agreement" is the one just told of, by whatever noun.
    let pointing = bare && matches!(mention.determiner.as_str(), "this" | "these");
    let fitting = chains.iter().enumerate().filter(|(_, chain)| open(chain)).filter_map(|(at, chain)| {
        let recency = i32::try_from(chain.mentions.last().copied().unwrap_or(0)).unwrap_or(0);
        Some((chain.fit(mention, parties, name)?, recency, at))
    });
    let key = |&(score, recency, at): &(i32, i32, usize)| {
        if bare { (pointing || score >= 10, recency, at) } else { (score > 0, score * 1000 + recency, at) }
    };
    fitting.max_by_key(key).map(|(_, _, at)| at)
}

/// "A similar agreement with Peru" is set apart from what was just spoken of; where one with just these parties was told before that,
/// it is that one.
fn told_before(chains: &[Chain], parties: &BTreeSet<String>) -> Option<usize> {
    let (last, _) = chains.iter().enumerate().max_by_key(|(_, chain)| chain.mentions.last().copied())?;
    let same = |(at, chain): &(usize, &Chain)| *at != last && parties.len() > 1 && chain.parties == *parties;
    let mut found = chains.iter().enumerate().filter(same).map(|(at, _)| at);
    found.next().filter(|_| found.next().is_none())
}
