//! Which mentions are worth comparing: those that share a block, and within a large block only neighbours in time.
//!
//! Every mention lies in a bounded number of blocks, and within one it is compared with a bounded number of neighbours:
//! the work grows with the number of mentions (and the logarithm that sorting takes), never with its square.
use crate::edtf::{Days, Precision};
use crate::mention::{Family, Mention, MentionId, Mentions};
use crate::weights::Rules;
use jiff::civil::Date;
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

/// Calls `compare` once for every pair that is worth it, the smaller number first, in a fixed order.
pub(crate) fn candidates(mentions: &Mentions, rules: &Rules, mut compare: impl FnMut(MentionId, MentionId)) {
    let mut entries: Vec<(u64, Option<Date>, MentionId)> = Vec::new();
    let mut blocks_of: Vec<(MentionId, u32)> = Vec::new();
    for (index, mention) in mentions.all.iter().enumerate() {
        let id = u32::try_from(index).unwrap_or(u32::MAX);
        for key in keys(mentions, mention) {
            entries.push((key, mention.published, id));
        }
    }
    entries.sort_unstable();
    entries.dedup();
    blocks_of.extend(entries.iter().enumerate().map(|(place, entry)| (entry.2, u32::try_from(place).unwrap_or(u32::MAX))));
    blocks_of.sort_unstable();
    let reach = rules.weights.limit.block;
    let mut partners: Vec<MentionId> = Vec::new();
    let mut start = 0;
    while let Some((mention, _)) = blocks_of.get(start).copied() {
        let end = start + blocks_of.iter().skip(start).take_while(|(id, _)| *id == mention).count();
        partners.clear();
        for (_, place) in blocks_of.get(start..end).unwrap_or_default() {
            let place = *place as usize;
            let Some((key, _, _)) = entries.get(place).copied() else { continue };
            let after = entries.iter().skip(place + 1).take(reach).take_while(|entry| entry.0 == key);
            let before =
                entries.get(place.saturating_sub(reach)..place).unwrap_or_default().iter().filter(|entry| entry.0 == key);
            partners.extend(after.chain(before).map(|entry| entry.2).filter(|other| *other > mention));
        }
        partners.sort_unstable();
        partners.dedup();
        for partner in &partners {
            compare(mention, *partner);
        }
        start = end;
    }
}

fn keys(mentions: &Mentions, mention: &Mention) -> Vec<u64> {
    let mut found = Vec::new();
    let mut add = |key: Key| {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        found.push(hasher.finish());
    };
    // More parties than this add no block that the first ones do not give.
    let parties: Vec<u32> = mention.parties.iter().copied().take(6).collect();
    let ceasefire = mention.family == Family::Ceasefire;
    for (place, a) in parties.iter().enumerate() {
        for b in parties.iter().skip(place + 1) {
            add(Key::Pair(*a, *b, ceasefire));
            add(Key::Pair(*a, *b, false));
        }
        for word in mention.name_words.iter().take(8) {
            add(Key::PartyWord(*a, *word));
        }
        for time in times(mention) {
            add(Key::PartyTime(*a, mention.family, time));
        }
    }
    for name in mention.proper.iter().take(6) {
        for (place, word) in name.iter().take(4).enumerate() {
            if !mentions.field.get(*word as usize).copied().unwrap_or(false) {
                add(Key::Proper(*word, 0));
            }
            for other in name.iter().take(4).skip(place + 1) {
                add(Key::Proper(*word, *other));
            }
        }
    }
    let words: Vec<u32> = mention.name_words.iter().copied().take(6).collect();
    for (place, word) in words.iter().enumerate() {
        for other in words.iter().skip(place + 1) {
            add(Key::WordPair(*word, *other));
        }
        if mention.parties.is_empty() || mention.proper.is_empty() {
            add(Key::Proper(*word, 0));
        }
    }
    for name in mention.whole.iter().take(4) {
        add(Key::Whole(*name));
    }
    for day in mention.made.iter().filter(|days| days.precision() <= Precision::Month).filter_map(Days::sorting_day).take(3) {
        add(Key::MadeTime(mention.family, i32::from(day.year()) * 12 + i32::from(day.month())));
    }
    if mention.parties.len() < 2 {
        for word in mention.title.iter().take(8) {
            for time in times(mention) {
                add(Key::TitleTime(*word, mention.family, time));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The half-years around the report and around the making: neighbouring halves overlap, so that no border divides.
fn times(mention: &Mention) -> Vec<i32> {
    let half = |date: Date| i32::from(date.year()) * 2 + i32::from(date.month() > 6);
    let days = mention.published.into_iter().chain(mention.made.iter().filter_map(Days::sorting_day));
    let mut found: Vec<i32> = days.flat_map(|day| [half(day), half(day) + 1]).collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(6);
    found
}
