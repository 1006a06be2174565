//! How likely two mentions speak of one instrument: the signs that the pair shows, each with its weight.
use crate::edtf::{Precision, days_between};
use crate::mention::{Family, Mention, Mentions, WordId};
use crate::weights::{Rules, Sign, Weights};
use chancery_agreement::AgreementKind;

/// The signs of one pair, with the share in which each counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signs(Vec<(Sign, f32)>);

impl Signs {
    fn add(&mut self, sign: Sign) {
        self.0.push((sign, 1.0));
    }

    /// The sum of the weights: above 0 means more likely one than two.
    pub(crate) fn score(&self, weights: &Weights) -> f32 {
        self.0.iter().fold(weights.weight.bias, |sum, (sign, share)| sum + weights.weight.of(*sign) * share)
    }

    /// The signs themselves, with their shares.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Sign, f32)> {
        self.0.iter().copied()
    }

    fn has(&self, sign: Sign) -> bool {
        self.0.iter().any(|(own, _)| *own == sign)
    }
}

/// True when the two can never be one: two instruments of one article.
pub(crate) fn forbidden(a: &Mention, b: &Mention) -> bool {
    a.document == b.document
}

/// The signs that a pair shows. It is the same for (a, b) and (b, a).
pub(crate) fn signs(mentions: &Mentions, a: &Mention, b: &Mention, rules: &Rules) -> Signs {
    let mut signs = Signs::default();
    names(mentions, a, b, &mut signs);
    parties(mentions, a, b, &mut signs);
    kinds(a, b, &mut signs);
    dates(a, b, rules, &mut signs);
    rest(mentions, a, b, &mut signs);
    signs
}

fn names(mentions: &Mentions, a: &Mention, b: &Mention, signs: &mut Signs) {
    let is_field = |word: &WordId| mentions.field.get(*word as usize).copied().unwrap_or(false);
    let proper = a.proper.iter().any(|x| b.proper.iter().any(|y| same_proper(x, y)));
    let crossed = || {
        let holds = |names: &[Vec<WordId>], words: &[WordId]| {
            names.iter().any(|name| name.iter().any(|word| !is_field(word)) && name.iter().all(|word| words.contains(word)))
        };
        holds(&a.proper, &b.name_words) || holds(&b.proper, &a.name_words)
    };
    if proper || crossed() {
        signs.add(Sign::name_proper);
    } else if !a.proper.is_empty() && !b.proper.is_empty() {
        signs.add(Sign::name_proper_apart);
    }
    let weight = |word: &WordId| if is_field(word) { 0.5 } else { 1.0 };
    let total = |words: &[WordId]| words.iter().map(weight).sum::<f32>();
    if a.name_words.is_empty() && b.name_words.is_empty() {
        signs.add(Sign::name_generic);
    } else if !a.name_words.is_empty() && !b.name_words.is_empty() {
        let shared: f32 = a.name_words.iter().filter(|word| b.name_words.binary_search(word).is_ok()).map(weight).sum();
        let smaller = total(&a.name_words).min(total(&b.name_words)).max(1.0);
        if shared > 0.0 {
            signs.0.push((Sign::name_words, shared / smaller));
        } else {
            signs.add(Sign::name_apart);
        }
    }
    if !a.years.is_empty() && !b.years.is_empty() {
        signs.add(if a.years.iter().any(|year| b.years.contains(year)) { Sign::year_same } else { Sign::year_apart });
    }
}

/// One proper name holds all words of the other.
fn same_proper(a: &[WordId], b: &[WordId]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    !short.is_empty() && short.iter().all(|word| long.binary_search(word).is_ok())
}

fn parties(mentions: &Mentions, a: &Mention, b: &Mention, signs: &mut Signs) {
    if a.parties.is_empty() || b.parties.is_empty() {
        signs.add(Sign::parties_unknown);
        return;
    }
    let (short, long) = if a.parties.len() <= b.parties.len() { (&a.parties, &b.parties) } else { (&b.parties, &a.parties) };
    let mut taken = vec![false; long.len()];
    let mut shared = 0.0;
    for exact in [true, false] {
        for actor in short {
            if long.binary_search(actor).is_ok() != exact {
                continue;
            }
            let best = long
                .iter()
                .enumerate()
                .filter(|(place, other)| !taken.get(*place).copied().unwrap_or(true) && (*other == actor) == exact)
                .map(|(place, other)| (mentions.actors.likeness(*actor, *other), place))
                .fold((0.0, 0), |best, one| if one.0 > best.0 { one } else { best });
            if best.0 > 0.0 {
                shared += best.0;
                if let Some(slot) = taken.get_mut(best.1) {
                    *slot = true;
                }
            }
        }
    }
    let (few, many) = (short.len() as f32, long.len() as f32);
    let sign = if shared == 0.0 {
        Sign::parties_differ
    } else if short.len() == 1 && long.len() == 1 {
        Sign::parties_single
    } else if short.len() == 1 {
        Sign::parties_one
    } else if shared >= few * 0.75 && few == many {
        Sign::parties_equal
    } else if shared >= few * 0.75 {
        Sign::parties_inside
    } else if shared >= 1.5 {
        Sign::parties_overlap
    } else {
        Sign::parties_part
    };
    // A multilateral instrument that goes by its own name has other parties in every report of it.
    let multilateral = signs.has(Sign::name_proper);
    if multilateral && matches!(sign, Sign::parties_part | Sign::parties_differ) {
        return;
    }
    signs.add(sign);
}

fn kinds(a: &Mention, b: &Mention, signs: &mut Signs) {
    let loose = |family: Family| matches!(family, Family::General);
    signs.add(if a.kind == b.kind {
        Sign::kind_same
    } else if a.family == b.family
        || loose(a.family)
        || loose(b.family)
        || matches!((a.family, b.family), (Family::Ceasefire, Family::Peace) | (Family::Peace, Family::Ceasefire))
        || matches!((a.family, b.family), (Family::Trade, Family::Contract) | (Family::Contract, Family::Trade))
    {
        if (a.kind == AgreementKind::Protocol) != (b.kind == AgreementKind::Protocol) || a.family != b.family {
            Sign::kind_near
        } else {
            Sign::kind_same
        }
    } else {
        Sign::kind_far
    });
}

fn dates(a: &Mention, b: &Mention, rules: &Rules, signs: &mut Signs) {
    let little = rules.weights.limit.little_days;
    let mut decided = false;
    if !a.made.is_empty() && !b.made.is_empty() {
        decided = true;
        let pairs = a.made.iter().flat_map(|x| b.made.iter().map(move |y| (x, y)));
        let best = pairs.min_by_key(|(x, y)| (x.gap(y), x.precision().max(y.precision())));
        if let Some((x, y)) = best {
            let coarse = x.precision().max(y.precision());
            signs.add(match (x.gap(y), coarse) {
                (0, Precision::Day) => Sign::made_same_day,
                (0, Precision::Month) => Sign::made_same_month,
                (0, _) => Sign::made_same_year,
                (gap, _) if gap <= little => Sign::made_apart_little,
                _ => Sign::made_apart,
            });
        }
    } else {
        for (dated, told) in [(a, b), (b, a)] {
            decided |= life(dated, told, little, signs);
        }
    }
    year_and_making(a, b, signs);
    let same = a.events.iter().any(|(kind, modality, days)| {
        b.events.iter().any(|(k, m, d)| {
            kind == k && (modality == m) && d.meets(days) && days.precision().max(d.precision()) <= Precision::Month
        })
    });
    if same {
        signs.add(Sign::event_same);
    }
    if !decided && let (Some(x), Some(y)) = (a.published, b.published) {
        signs.add(match days_between(x, y).abs() {
            0..=8 => Sign::gap_week,
            9..=35 => Sign::gap_month,
            36..=125 => Sign::gap_quarter,
            126..=550 => Sign::gap_year,
            _ => Sign::gap_far,
        });
    }
}

/// Whether the day on which `dated` has the instrument made fits what `told`, which gives no such day, says of it and
/// when. True when that decides how near the two are in time.
fn life(dated: &Mention, told: &Mention, little: i64, signs: &mut Signs) -> bool {
    let Some(published) = told.published else { return false };
    let Some(made) = dated.made.iter().filter_map(|days| Some((days.earliest?, days.latest?))).min() else { return false };
    let since = days_between(made.1, published);
    if days_between(published, made.0) > 7 && told.is_made {
        signs.add(Sign::before_made);
        return true;
    }
    if since > little && told.is_coming {
        signs.add(Sign::order_wrong);
        return true;
    }
    if (-10..=125).contains(&since) || (told.is_coming && (0..=200).contains(&days_between(published, made.0))) {
        signs.add(Sign::fits_life);
        return true;
    }
    false
}

/// A year in one's name against the other's date of making: "the 2002 ceasefire".
fn year_and_making(a: &Mention, b: &Mention, signs: &mut Signs) {
    if signs.has(Sign::year_same) || signs.has(Sign::year_apart) {
        return;
    }
    for (named, dated) in [(a, b), (b, a)] {
        if named.years.is_empty() || dated.made.is_empty() || !named.made.is_empty() {
            continue;
        }
        let within = named.years.iter().any(|year| {
            dated.made.iter().any(|days| {
                days.earliest.is_some_and(|day| day.year() <= *year) && days.latest.is_some_and(|day| day.year() >= *year)
            })
        });
        signs.add(if within { Sign::year_same } else { Sign::year_apart });
        return;
    }
}

fn rest(mentions: &Mentions, a: &Mention, b: &Mention, signs: &mut Signs) {
    if a.other != b.other {
        signs.add(Sign::other_marked);
    }
    if a.commitments.iter().any(|category| b.commitments.binary_search(category).is_ok()) {
        signs.add(Sign::commitment_shared);
    }
    // A word that stands in more than one headline in a hundred tells little.
    let limit = u32::try_from((mentions.all.len() / 100).max(12)).unwrap_or(u32::MAX);
    let shared = a.title.iter().any(|word| {
        b.title.binary_search(word).is_ok() && mentions.title_count.get(*word as usize).is_some_and(|count| *count <= limit)
    });
    if shared {
        signs.add(Sign::title_shared);
    }
}
