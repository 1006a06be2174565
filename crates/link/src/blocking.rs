//! Which mentions are worth comparing: those that share a block, and within a large block only neighbors in time.
//!
//! Every mention lies in a bounded number of blocks, and within one it is compared with a bounded number of neighbors:
//! the work grows with the number of mentions (and the logarithm that sorting takes), never with its square. A new mention
//! changes nothing but for its neighbors, which is why a register can be linked on from where it was.
use crate::edtf::Precision;
use crate::mention::{Family, Mention, MentionId, day_of, is_field};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What the mentions of one block have in common. Blocks are told apart by a 64-bit hash: two that fall together cost
/// a few needless comparisons, nothing else.
#[derive(Hash)]
enum Key {
    Pair(u32, u32, bool),
    PartyWord(u32, u32),
    PartyTime(u32, Family, i32),
    Proper(u32, u32),
    TitleTime(u32, Family, i32),
    WordPair(u32, u32),
    Whole(u32),
    MadeTime(Family, i32),
}

/// One place in one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    block: u64,
    /// Day of publication; mentions without one stand first.
    day: i32,
    mention: MentionId,
}

/// The blocks with their members in order of time.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    places: Vec<Place>,
    /// For each mention where its entries begin in `entries`; one more at the end.
    starts: Vec<u32>,
    /// Places of each mention.
    entries: Vec<u32>,
}

impl Blocks {
    /// The blocks of `mentions`; with `wanted` only those.
    pub(crate) fn of<'m>(mentions: impl Iterator<Item = &'m Mention>, wanted: Option<&HashSet<u64>>) -> Self {
        let mut blocks = Self::default();
        let mut own = Vec::new();
        blocks.starts.push(0);
        let mut total = 0u32;
        for (index, mention) in mentions.enumerate() {
            let id = u32::try_from(index).unwrap_or(u32::MAX);
            keys(mention, &mut own);
            for block in own.iter().copied().filter(|block| wanted.is_none_or(|wanted| wanted.contains(block))) {
                blocks.places.push(Place { block, day: mention.published.unwrap_or(i32::MIN), mention: id });
                total += 1;
            }
            blocks.starts.push(total);
        }
        blocks.places.sort_unstable();
        blocks.entries = vec![0; blocks.places.len()];
        let mut next: Vec<u32> = blocks.starts.clone();
        for (place, entry) in blocks.places.iter().enumerate() {
            if let Some(slot) = next.get_mut(entry.mention as usize) {
                if let Some(own) = blocks.entries.get_mut(*slot as usize) {
                    *own = u32::try_from(place).unwrap_or(u32::MAX);
                }
                *slot += 1;
            }
        }
        blocks
    }

    /// Puts into `found` the mentions within `reach` places of this one in one of its blocks, each once, in order.
    pub(crate) fn neighbors(&self, mention: MentionId, reach: usize, found: &mut Vec<MentionId>) {
        found.clear();
        let at = mention as usize;
        let (start, end) = (self.starts.get(at).copied().unwrap_or(0), self.starts.get(at + 1).copied().unwrap_or(0));
        for place in self.entries.get(start as usize..end as usize).unwrap_or_default() {
            let place = *place as usize;
            let Some(own) = self.places.get(place) else { continue };
            let after = self.places.get(place + 1..).unwrap_or_default().iter().take(reach);
            let before = self.places.get(..place).unwrap_or_default().iter().rev().take(reach);
            found.extend(after.take_while(|other| other.block == own.block).map(|other| other.mention));
            found.extend(before.take_while(|other| other.block == own.block).map(|other| other.mention));
        }
        found.sort_unstable();
        found.dedup();
    }
}

/// The blocks in which a mention lies, each once.
pub(crate) fn keys(mention: &Mention, found: &mut Vec<u64>) {
    found.clear();
    let mut add = |key: Key| {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        found.push(hasher.finish());
    };
    // More parties than this add no block that the first ones do not give.
    let parties = mention.parties().get(..mention.parties().len().min(6)).unwrap_or_default();
    let ceasefire = mention.family == Family::Ceasefire;
    let times = times(mention);
    for (place, a) in parties.iter().enumerate() {
        for b in parties.iter().skip(place + 1) {
            add(Key::Pair(*a, *b, ceasefire));
            add(Key::Pair(*a, *b, false));
        }
        for word in mention.name_words().iter().take(8) {
            add(Key::PartyWord(*a, *word));
        }
        for time in &times {
            add(Key::PartyTime(*a, mention.family, *time));
        }
    }
    for name in mention.proper() {
        for (place, word) in name.iter().take(4).enumerate() {
            if !is_field(*word) {
                add(Key::Proper(*word, 0));
            }
            for other in name.iter().take(4).skip(place + 1) {
                add(Key::Proper(*word, *other));
            }
        }
    }
    let words = mention.name_words().get(..mention.name_words().len().min(6)).unwrap_or_default();
    for (place, word) in words.iter().enumerate() {
        for other in words.iter().skip(place + 1) {
            add(Key::WordPair(*word, *other));
        }
        if parties.is_empty() || !mention.has_proper() {
            add(Key::Proper(*word, 0));
        }
    }
    for name in mention.known().iter().chain(mention.whole().iter().take(4)) {
        add(Key::Whole(*name));
    }
    for days in mention.made().filter(|days| days.precision() <= Precision::Month).take(3) {
        let day = day_of(days.sorting_day());
        add(Key::MadeTime(mention.family, i32::from(day.year()) * 12 + i32::from(day.month())));
    }
    if mention.has_few_parties() {
        for word in mention.title().iter().take(8) {
            for time in &times {
                add(Key::TitleTime(*word, mention.family, *time));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
}

/// The half-years around the report and around the making: neighboring halves overlap, so that no border divides.
fn times(mention: &Mention) -> Vec<i32> {
    // Half a year as a number of days: where exactly the borders lie makes no difference.
    let half = |day: i32| day.div_euclid(183);
    let days = mention.published.into_iter().chain(mention.made().map(|days| days.sorting_day()));
    let mut found: Vec<i32> = days.flat_map(|day| [half(day), half(day) + 1]).collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(6);
    found
}
