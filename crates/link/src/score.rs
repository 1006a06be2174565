//! How likely two mentions speak of one instrument: the signs that the pair shows, each with its weight.
use crate::actors::{ActorId, Actors};
use crate::edtf::Precision;
use crate::mention::{Family, Making, Mention, Reach, WordId, is_field, modality_of, rarity, stage_of};
use crate::story::{self, StoryWord, likeness, tells_of};
use crate::weights::{Rules, Sign, Weights};
use chancery_agreement::{AgreementKind, Modality, StageKind};

/// The signs of one pair, with the share in which each counts.
#[derive(Debug, Clone)]
pub(crate) struct Signs {
    /// Millions of pairs are weighed: no list of one is worth an allocation.
    list: [(Sign, f32); MOST_SIGNS],
    count: usize,
}

/// More than a pair can show: most signs exclude each other.
const MOST_SIGNS: usize = 32;

impl Signs {
    fn add(&mut self, sign: Sign) {
        self.push((sign, 1.0));
    }

    fn push(&mut self, sign: (Sign, f32)) {
        if let Some(slot) = self.list.get_mut(self.count) {
            *slot = sign;
            self.count += 1;
        }
    }

    fn all(&self) -> &[(Sign, f32)] {
        self.list.get(..self.count).unwrap_or_default()
    }

    /// The sum of the weights: above 0 means more likely one than two.
    pub(crate) fn score(&self, weights: &Weights) -> f32 {
        self.all().iter().fold(weights.weight.bias, |sum, (sign, share)| sum + weights.weight.of(*sign) * share)
    }

    /// The signs themselves, with their shares.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Sign, f32)> {
        self.all().iter().copied()
    }

    /// True when something in the pair speaks of two instruments, not just too little for one.
    pub(crate) fn speaks_of_two(&self) -> bool {
        use Sign::{
            before_made, kind_far, made_apart, name_known_apart, name_proper_apart, order_far, order_wrong, other_marked,
            parties_differ, parties_part, year_apart,
        };
        let two = [
            before_made,
            kind_far,
            made_apart,
            name_known_apart,
            name_proper_apart,
            order_far,
            order_wrong,
            other_marked,
            parties_differ,
            parties_part,
            year_apart,
        ];
        two.iter().any(|sign| self.has(*sign))
    }

    fn speaks_of_another_time(&self) -> bool {
        [Sign::before_made, Sign::made_apart, Sign::order_far, Sign::order_wrong, Sign::year_apart]
            .iter()
            .any(|sign| self.has(*sign))
    }

    fn has_whole(&self, sign: Sign) -> bool {
        self.all().iter().any(|(own, share)| *own == sign && *share >= 1.0)
    }

    /// True when the time of the two reports fits one instrument, or nothing is known of it.
    pub(crate) fn fits_in_time(&self) -> bool {
        !self.has(Sign::gap_year) && !self.has(Sign::gap_far)
    }

    fn has(&self, sign: Sign) -> bool {
        self.all().iter().any(|(own, _)| *own == sign)
    }
}

/// The signs that a pair shows. It is the same for (a, b) and (b, a).
pub(crate) fn signs(actors: &Actors, a: &Mention, b: &Mention, rules: &Rules) -> Signs {
    let mut signs = Signs { list: [(Sign::gap_far, 0.0); MOST_SIGNS], count: 0 };
    names(a, b, &mut signs);
    parties(actors, a, b, &mut signs);
    stories(actors, a, b, &mut signs);
    passages(a, b, &mut signs);
    kinds(a, b, &mut signs);
    dates(a, b, rules, &mut signs);
    rest(a, b, &mut signs);
    told_in_time(&mut signs);
    signs
}

/// Each story names the parties that the other gives, or both tell of it in like words, and nothing speaks against their being of one
/// time: they are then more likely readings of one instrument.
fn told_in_time(signs: &mut Signs) {
    let near = [
        Sign::fits_life,
        Sign::made_same_day,
        Sign::made_same_month,
        Sign::event_same,
        Sign::event_met,
        Sign::gap_week,
        Sign::gap_month,
    ];
    if signs.speaks_of_another_time() || !signs.iter().any(|(sign, _)| near.contains(&sign)) {
        return;
    }
    let told = [Sign::parties_told, Sign::parties_told_all];
    let told = signs.iter().find(|(sign, _)| told.contains(sign)).map(|(_, share)| share);
    let alike = signs.iter().find(|(sign, _)| *sign == Sign::passage_like).map(|(_, share)| share);
    for (sign, share) in [(Sign::told_in_time, told), (Sign::passage_in_time, alike)] {
        if let Some(share) = share {
            signs.push((sign, share));
        }
    }
}

fn names(a: &Mention, b: &Mention, signs: &mut Signs) {
    let is_place = |word: &WordId| a.places().contains(word) || b.places().contains(word);
    let is_field = |word: &WordId| is_field(*word);
    let proper = a.proper().any(|x| b.proper().any(|y| same_proper(x, y)))
        || a.whole().iter().any(|name| b.whole().binary_search(name).is_ok());
    let known = a.known().iter().any(|name| b.known().binary_search(name).is_ok());
    // A name of several words counts where the other report spells it in small letters, too.
    let crossed = || {
        let holds = |named: &Mention, words: &[WordId]| {
            let telling = |name: &&[WordId]| name.iter().filter(|word| !is_field(word)).count() >= 2;
            named.proper().filter(telling).any(|name| name.iter().all(|word| words.contains(word)))
        };
        holds(a, b.name_words()) || holds(b, a.name_words()) || body_and_subject(a, b, is_field)
    };
    let place_apart =
        !a.places().is_empty() && !b.places().is_empty() && !a.places().iter().any(|place| b.places().contains(place));
    if known {
        signs.add(Sign::name_proper);
    } else if !a.known().is_empty() && !b.known().is_empty() {
        signs.add(Sign::name_known_apart);
    } else if proper && !place_apart {
        // One word in common may be no more than a town where many things were signed.
        let one_word = a.whole().iter().all(|name| b.whole().binary_search(name).is_err())
            && !a.proper().any(|x| x.len() > 1 && b.proper().any(|y| y.len() > 1 && same_proper(x, y)));
        signs.push((Sign::name_proper, if one_word { 0.75 } else { 1.0 }));
    } else if !place_apart && crossed() {
        signs.add(Sign::name_crossed);
    } else if a.has_proper() && b.has_proper() {
        signs.add(Sign::name_proper_apart);
    } else if a.has_proper() != b.has_proper() {
        signs.add(Sign::name_one_proper);
        let (named, other) = if a.has_proper() { (a, b) } else { (b, a) };
        if !other.story().is_empty() {
            let words: Vec<u32> = named.proper().flatten().filter(|word| !is_field(word)).map(|word| word & !7).collect();
            let told = words.iter().filter(|word| tells_of(other.story(), &[**word])).count();
            signs.push(if told > 0 { (Sign::name_told, share(told, words.len())) } else { (Sign::name_untold, 1.0) });
        }
    }
    let weight = |word: &WordId| {
        if is_field(word) {
            0.2
        } else if is_place(word) {
            0.5
        } else {
            rarity(*word)
        }
    };
    let total = |words: &[WordId]| words.iter().map(weight).sum::<f32>();
    if a.name_words().is_empty() && b.name_words().is_empty() {
        let truce = |one: &Mention| matches!(one.family, Family::Ceasefire | Family::Peace);
        signs.add(if truce(a) || truce(b) { Sign::name_generic } else { Sign::name_generic_other });
    } else if !a.name_words().is_empty() && !b.name_words().is_empty() {
        let shared: f32 = a.name_words().iter().filter(|word| b.name_words().binary_search(word).is_ok()).map(weight).sum();
        let smaller = total(a.name_words()).min(total(b.name_words())).max(1.0);
        if shared > 0.0 {
            signs.push((Sign::name_words, shared / smaller));
        }
        let rare = |word: &&WordId| !is_field(word) && !is_place(word) && b.name_words().binary_search(word).is_ok();
        let rare: f32 = a.name_words().iter().filter(rare).map(|word| rarity(*word)).sum();
        if rare > 0.0 {
            signs.push((Sign::name_rare, (rare / 2.0).min(1.0)));
        }
        let tells = |word: &&WordId| !is_field(word) && !is_place(word);
        let told_apart = !a.name_words().iter().filter(tells).any(|word| b.name_words().binary_search(word).is_ok())
            && [a, b].iter().all(|one| one.name_words().iter().any(|word| tells(&word)));
        if told_apart {
            let sign = if a.has_proper() || b.has_proper() { Sign::name_apart } else { Sign::name_plain_apart };
            signs.push((sign, if shared > 0.0 { 0.5 } else { 1.0 }));
        } else if subjects_apart(a, b) {
            signs.add(Sign::subject_apart);
        }
    }
    if !a.numbers().is_empty() && !b.numbers().is_empty() {
        if !a.numbers().iter().any(|number| b.numbers().contains(number)) {
            signs.add(Sign::number_apart);
        }
    } else if a.numbers().is_empty() != b.numbers().is_empty() {
        signs.add(Sign::number_one);
    }
    if !a.years().is_empty() && !b.years().is_empty() {
        signs.add(if a.years().iter().any(|year| b.years().contains(year)) { Sign::year_same } else { Sign::year_apart });
    }
}

/// Both names give the same body and the same subject: "EU constitution", "treaty on a constitution for Europe".
fn body_and_subject(a: &Mention, b: &Mention, is_field: impl Fn(&WordId) -> bool) -> bool {
    let place = |word: &WordId| a.places().contains(word) || b.places().contains(word);
    let shared = |word: &&WordId| b.name_words().binary_search(word).is_ok();
    a.places().iter().any(|word| b.places().contains(word))
        && a.name_words().iter().filter(shared).any(|word| !place(word) && !is_field(word))
}

/// Both names say what it is about, if only by words that many instruments share, and no word is in both: "military agreement", "alliance
/// and partnership deal".
fn subjects_apart(a: &Mention, b: &Mention) -> bool {
    let subject =
        |of: &'_ Mention| -> Vec<WordId> { of.name_words().iter().filter(|word| !of.places().contains(word)).copied().collect() };
    let (of_a, of_b) = (subject(a), subject(b));
    !of_a.is_empty() && !of_b.is_empty() && !of_a.iter().any(|word| of_b.contains(word))
}

/// One proper name holds all words of the other, which is at least half as long.
fn same_proper(a: &[WordId], b: &[WordId]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    !short.is_empty() && short.len() * 2 >= long.len() && short.iter().all(|word| long.binary_search(word).is_ok())
}

fn parties(actors: &Actors, a: &Mention, b: &Mention, signs: &mut Signs) {
    if a.parties().is_empty() || b.parties().is_empty() {
        signs.add(Sign::parties_unknown);
        if signs.has(Sign::name_proper) {
            signs.add(Sign::name_proper_silent);
        }
        let told = told(actors, a.parties(), b.story()).max(told(actors, b.parties(), a.story()));
        if told > 0.0 {
            signs.push((Sign::parties_unknown_told, told));
        }
        return;
    }
    let (short, long) =
        if a.parties().len() <= b.parties().len() { (a.parties(), b.parties()) } else { (b.parties(), a.parties()) };
    // One bit for each party of the longer list; there are no more than 24.
    let (mut taken, mut met) = (0u32, 0u32);
    let (mut same, mut like) = (0, 0);
    for exact in [true, false] {
        for (at, actor) in short.iter().enumerate() {
            if long.binary_search(actor).is_ok() != exact {
                continue;
            }
            let best = long
                .iter()
                .enumerate()
                .filter(|(place, other)| taken & (1 << (*place & 31)) == 0 && (*other == actor) == exact)
                .map(|(place, other)| (actors.likeness(*actor, *other), place))
                .fold((0.0, 0), |best, one| if one.0 > best.0 { one } else { best });
            if best.0 > 0.0 {
                if best.0 > 0.6 {
                    same += 1
                } else {
                    like += 1
                }
                taken |= 1 << (best.1 & 31);
                met |= 1 << (at & 31);
            }
        }
    }
    let (few, many) = (short.len(), long.len());
    let sign = if same + like == 0 {
        Sign::parties_differ
    } else if few == 1 && many == 1 {
        Sign::parties_single
    } else if few == 1 {
        Sign::parties_one
    } else if same * 4 >= few * 3 {
        if few == many { Sign::parties_equal } else { Sign::parties_inside }
    } else if same >= 2 {
        Sign::parties_overlap
    } else if same + like >= 2 {
        Sign::parties_like
    } else {
        Sign::parties_part
    };
    // A multilateral instrument that goes by its own name has other parties in every report of it. Two states on each side are none, nor
    // does a town's name make one.
    let named = signs.has_whole(Sign::name_proper) || signs.has(Sign::name_crossed);
    if named && matches!(sign, Sign::parties_part | Sign::parties_differ) {
        if few == 2 && many == 2 {
            signs.push((sign, if signs.has_whole(Sign::name_proper) { 0.6 } else { 1.0 }));
        }
        return;
    }
    signs.add(sign);
    if matches!(sign, Sign::parties_part | Sign::parties_differ) {
        let (of_short, of_long) = if a.parties().len() <= b.parties().len() { (a, b) } else { (b, a) };
        let left = |of: &Mention, met: u32| -> (usize, usize) {
            let missing = || (0..of.parties().len()).filter(|place| met & (1 << (place & 31)) == 0);
            (missing().filter(|place| of.is_unsure(*place)).count(), missing().count())
        };
        let (short, long) = (left(of_short, met), left(of_long, taken));
        if short.0 + long.0 > 0 {
            signs.push((Sign::parties_unsure, share(short.0 + long.0, short.1 + long.1)));
        }
    }
    // A reading may have missed a party that the report names all the same.
    let told_sign = match sign {
        Sign::parties_part => Sign::parties_told,
        Sign::parties_differ => Sign::parties_told_all,
        Sign::parties_one => Sign::parties_one_told,
        _ => return,
    };
    let (told_of_a, of_a) = told_of_missing(actors, a, b);
    let (told_of_b, of_b) = told_of_missing(actors, b, a);
    if told_of_a + told_of_b > 0 {
        signs.push((told_sign, share(told_of_a + told_of_b, of_a + of_b)));
    }
}

/// Parties of one mention that the other has not, those that its report names all the same first.
fn told_of_missing(actors: &Actors, of: &Mention, from: &Mention) -> (usize, usize) {
    let meets = |own: ActorId| from.parties().iter().any(|other| actors.likeness(own, *other) > 0.0);
    let missing = || of.parties().iter().filter(|own| !meets(**own));
    (missing().filter(|one| tells_of(from.story(), actors.told_by(**one))).count(), missing().count())
}

#[allow(clippy::cast_precision_loss)] // a few parties
fn share(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}

/// Share of `parties` that a report names, 0 to 1.
fn told(actors: &Actors, parties: &[ActorId], story: &[StoryWord]) -> f32 {
    share(parties.iter().filter(|one| tells_of(story, actors.told_by(**one))).count(), parties.len())
}

/// What else the two reports tell of. Where the names of the instruments are the same, the stories need not be.
fn stories(actors: &Actors, a: &Mention, b: &Mention, signs: &mut Signs) {
    if signs.has(Sign::name_proper) || signs.has(Sign::name_crossed) {
        return;
    }
    let known = a.parties().iter().chain(b.parties()).flat_map(|party| actors.told_by(*party)).copied();
    let Some(likeness) = likeness(a.story(), b.story(), known, story::LEAST) else { return };
    if likeness < STORIES_APART {
        signs.push((Sign::story_apart, 1.0 - likeness / STORIES_APART));
    } else {
        let alike = (likeness / STORIES_ALIKE).min(1.0);
        signs.push((Sign::story_like, alike));
        if likeness > STORIES_ALIKE {
            signs.push((Sign::story_one, (likeness / STORIES_ALIKE - 1.0).min(1.0)));
        }
        if a.published.zip(b.published).is_some_and(|(x, y)| x.abs_diff(y) <= A_WEEK) {
            signs.push((Sign::news_same, alike));
        }
    }
}

/// Days between two reports of the same news, a day of delay included.
const A_WEEK: u32 = 8;

/// Reports of likeness below this tell of different affairs.
const STORIES_APART: f32 = 0.04;

/// Reports of this likeness and more tell of one affair, as far as names can show.
const STORIES_ALIKE: f32 = 0.25;

/// What the passages say that tell of it. Where the names of the instruments are the same, the passages need not be.
fn passages(a: &Mention, b: &Mention, signs: &mut Signs) {
    if signs.has(Sign::name_proper) || signs.has(Sign::name_crossed) {
        return;
    }
    let Some(likeness) = likeness(a.passage(), b.passage(), std::iter::empty(), LEAST_PASSAGE) else { return };
    if likeness < PASSAGES_APART {
        signs.push((Sign::passage_apart, 1.0 - likeness / PASSAGES_APART));
        return;
    }
    let alike = (likeness / PASSAGES_ALIKE).min(1.0);
    signs.push((Sign::passage_like, alike));
    if likeness > PASSAGES_ALIKE {
        signs.push((Sign::passage_one, (likeness / PASSAGES_ALIKE - 1.0).min(1.0)));
    }
    let missing = [Sign::parties_part, Sign::parties_differ, Sign::parties_one, Sign::parties_unknown];
    if missing.iter().any(|sign| signs.has(*sign)) {
        signs.push((Sign::passage_party, alike));
    }
}

/// Passages whose words tell less than this together are not compared.
const LEAST_PASSAGE: u32 = 50;

/// Passages of likeness below this tell of different things.
const PASSAGES_APART: f32 = 0.05;

/// Passages of this likeness and more tell of one thing.
const PASSAGES_ALIKE: f32 = 0.2;

fn kinds(a: &Mention, b: &Mention, signs: &mut Signs) {
    let loose = |family: Family| matches!(family, Family::General);
    let related = a.family == b.family
        || loose(a.family)
        || loose(b.family)
        || matches!((a.family, b.family), (Family::Ceasefire, Family::Peace) | (Family::Peace, Family::Ceasefire))
        || matches!((a.family, b.family), (Family::Trade, Family::Contract) | (Family::Contract, Family::Trade));
    let special =
        |kind: AgreementKind| matches!(kind, AgreementKind::Memorandum | AgreementKind::Protocol | AgreementKind::Contract);
    // "Other" is no kind: two of it have nothing in common.
    signs.add(match (a.kind == b.kind && a.kind != AgreementKind::Other, related) {
        (true, _) => Sign::kind_same,
        (_, true) if special(a.kind) || special(b.kind) => Sign::kind_apart,
        (_, true) if a.kind == AgreementKind::Other || b.kind == AgreementKind::Other => Sign::kind_unknown,
        (_, true) => Sign::kind_near,
        _ => Sign::kind_far,
    });
}

fn dates(a: &Mention, b: &Mention, rules: &Rules, signs: &mut Signs) {
    let little = rules.weights.limit.little_days;
    let mut decided = false;
    if a.has_made() && b.has_made() {
        decided = true;
        let pairs = a.makings().flat_map(|x| b.makings().map(move |y| (x, y)));
        // Two days of signing are compared, or two days of agreeing; one of each only where nothing else is told.
        let like = |(x, y): &((Making, Reach), (Making, Reach))| x.0 == y.0;
        let any = pairs.clone().any(|pair| like(&pair));
        let compared = pairs.filter(|pair| !any || like(pair));
        let best = compared.map(|(x, y)| (x.1.gap(y.1), x.1.precision().max(y.1.precision()), in_turn(x, y))).min();
        if let Some(best) = best {
            signs.add(match (best.0, best.1) {
                (gap, _) if gap > little && best.2 => Sign::made_in_turn,
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
    events(a, b, signs);
    if a.is_coming() && b.is_coming() {
        signs.add(Sign::both_coming);
    }
    if a.is_proposal() != b.is_proposal() {
        signs.add(Sign::only_proposed);
    }
    if (a.is_refused() && b.is_made()) || (b.is_refused() && a.is_made()) {
        signs.add(Sign::refused_made);
    }
    if !decided && (a.published.is_none() || b.published.is_none()) {
        signs.add(Sign::time_unknown);
    }
    if !decided && let (Some(x), Some(y)) = (a.published, b.published) {
        let sign = match i64::from(x).abs_diff(i64::from(y)) {
            0..=8 => Sign::gap_week,
            9..=35 => Sign::gap_month,
            36..=125 => Sign::gap_quarter,
            126..=550 => Sign::gap_year,
            _ => Sign::gap_far,
        };
        // Truces come and go; trade deals and treaties of the same parties and subject stay the same for years.
        let lasting = |family: Family| matches!(family, Family::Trade | Family::General);
        let share = if lasting(a.family) && lasting(b.family) { rules.weights.limit.lasting_gap } else { 1.0 };
        signs.push((sign, share));
    }
}

/// Dated stages that both tell of: as done, or one as done or denied what the other expects. Days of making that both tell as
/// facts are compared as such.
fn events(a: &Mention, b: &Mention, signs: &mut Signs) {
    let (mut same, mut met) = (false, false);
    for (what, x) in a.events() {
        for (other, _) in b.events().filter(|(_, y)| x.meets(*y) && x.precision().max(y.precision()) <= Precision::Month) {
            let makes = matches!(stage_of(what), Some(StageKind::Signed | StageKind::Agreed));
            let fact = modality_of(what) == Some(Modality::Actual);
            same |= what == other && !(makes && fact);
            met |= what != other && stage_of(what) == stage_of(other);
        }
    }
    if same {
        signs.add(Sign::event_same);
    } else if met {
        signs.add(Sign::event_met);
    }
}

/// Agreed first and signed later, by no more than [`LONGEST_WAY`].
fn in_turn(x: (Making, Reach), y: (Making, Reach)) -> bool {
    let (agreed, signed) = match (x.0, y.0) {
        (Making::Agreed, Making::Signed) => (x.1, y.1),
        (Making::Signed, Making::Agreed) => (y.1, x.1),
        _ => return false,
    };
    signed.sorting_day() >= agreed.sorting_day() && agreed.gap(signed) <= LONGEST_WAY
}

/// Days from an agreement to its signing at most.
const LONGEST_WAY: i64 = 500;

/// Days in a year, for what is out of order by more than one.
const A_YEAR: i64 = 366;

/// Whether the day on which `dated` has the instrument made fits what `told`, which gives no such day, says of it and
/// when. True when that decides how near the two are in time.
fn life(dated: &Mention, told: &Mention, little: i64, signs: &mut Signs) -> bool {
    let Some(published) = told.published.map(i64::from) else { return false };
    let Some((first, last)) = dated.made().filter_map(|days| days.ends()).min() else { return false };
    let since = published - i64::from(last);
    let until = i64::from(first) - published;
    if until > 7 && told.is_made() {
        signs.add(Sign::before_made);
        return true;
    }
    if since > little && told.is_coming() {
        signs.add(if since > A_YEAR { Sign::order_far } else { Sign::order_wrong });
        return true;
    }
    if (-10..=125).contains(&since) || (told.is_coming() && (0..=200).contains(&until)) {
        signs.add(Sign::fits_life);
        if (-3..=10).contains(&since) {
            signs.add(Sign::fits_week);
        }
        return true;
    }
    if since > 125 && told.is_made() {
        signs.add(Sign::could_live);
        return true;
    }
    false
}

fn rest(a: &Mention, b: &Mention, signs: &mut Signs) {
    if a.is_other() != b.is_other() {
        signs.add(Sign::other_marked);
        if signs.has(Sign::name_proper) {
            signs.add(Sign::name_proper_other);
        }
    }
    if a.commitments().iter().any(|category| b.commitments().binary_search(category).is_ok()) {
        signs.add(Sign::commitment_shared);
    } else if !a.commitments().is_empty() && !b.commitments().is_empty() {
        signs.add(Sign::commitment_apart);
    }
    match a.title().iter().filter(|word| b.title().binary_search(word).is_ok()).count() {
        0 => {}
        1 => signs.push((Sign::title_shared, 0.5)),
        _ => signs.add(Sign::title_shared),
    }
    if a.is_first() && b.is_first() {
        signs.add(Sign::both_first);
    }
    if a.is_only() && b.is_only() {
        signs.add(Sign::both_only);
    }
}
