//! A mention: what one article says of one instrument, in the compact form in which two of them are compared.
//!
//! What is compared is taken from one document alone ([`features`]), so that it is worked out once and kept: joining a
//! new report to a million old ones reads a hundred bytes of each old one and none of their texts.
use crate::Document;
use crate::actors::{ActorId, Actors, form, form_hash};
use crate::edtf::{Days, Precision, days_between, moved};
use crate::names::{NameParts, bundle, headline_name, name_parts, plain_words};
use crate::passage::{MOST_CLASS, passage_numbers, word_class};
use crate::spelling::word_spelling;
use crate::story::{StoryWord, story_words};
use crate::weights::{Rules, Words};
use chancery_agreement::{AgreementFinding, AgreementKind, CommitmentCategory, Modality, PartyRole, StageKind};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Place of a mention in one run, in order of the mentions' own ids.
pub(crate) type MentionId = u32;

/// A word: 29 bits of a hash, and in the last three how much it tells, 0 to 5, or 7 where many instruments share the word (`field` in
/// words.toml). That two words of one comparison fall together is rarer than a misprint, and as harmless.
pub(crate) type WordId = u32;

/// What is compared of one agreement of one document, as bytes: at most a few hundred, made by [`features`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Features(Vec<u8>);

impl Features {
    /// The bytes, to be kept.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Form of the bytes of [`Features`] and the rules they were made by: bytes of another version have to be made anew.
#[must_use]
pub fn features_version() -> String {
    let files = [
        include_str!("../../../rules/link/words.toml"),
        include_str!("../../../rules/link/weights.toml"),
        include_str!("../../../rules/link/letters.toml"),
        include_str!("../../../rules/link/common_names.toml"),
        include_str!("../../../rules/link/common_words.toml"),
        include_str!("../../../rules/instruments.toml"),
        include_str!("../../../rules/actors/states.toml"),
    ];
    let hash = files.iter().fold(word_hash(FORM), |hash, file| hash.rotate_left(9) ^ word_hash(file));
    format!("{FORM}-{hash:016x}")
}

/// Changed with every change to what stands in the bytes, or to how mentions are compared and joined.
const FORM: &str = "5";

/// Sorts of instruments that reports take for one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Family {
    Ceasefire,
    Peace,
    Trade,
    Contract,
    General,
}

/// Days that a date can mean, both ends included, as numbers of days since 1970: quicker to compare than [`Days`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reach {
    pub first: i32,
    pub last: i32,
}

const OPEN_START: i32 = i32::MIN;
const OPEN_END: i32 = i32::MAX;

impl Reach {
    fn of(days: &Days) -> Self {
        Self { first: days.earliest.map_or(OPEN_START, day_number), last: days.latest.map_or(OPEN_END, day_number) }
    }

    /// Days between the two where they share none, else 0.
    pub(crate) fn gap(self, other: Self) -> i64 {
        (i64::from(self.first) - i64::from(other.last)).max(i64::from(other.first) - i64::from(self.last)).max(0)
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        self.gap(other) == 0
    }

    pub(crate) fn precision(self) -> Precision {
        match i64::from(self.last) - i64::from(self.first) {
            ..=0 => Precision::Day,
            1..=31 => Precision::Month,
            32..=190 => Precision::Season,
            191..=366 => Precision::Year,
            _ => Precision::Longer,
        }
    }

    /// Both ends, where both are known.
    pub(crate) fn ends(self) -> Option<(i32, i32)> {
        (self.first != OPEN_START && self.last != OPEN_END).then_some((self.first, self.last))
    }

    /// The day that stands for it in an order of time.
    pub(crate) fn sorting_day(self) -> i32 {
        if self.first == OPEN_START { self.last } else { self.first }
    }
}

/// Days since 1970.
pub(crate) fn day_number(date: Date) -> i32 {
    i32::try_from(days_between(jiff::civil::date(1970, 1, 1), date)).unwrap_or(0)
}

/// The day with that number.
pub(crate) fn day_of(number: i32) -> Date {
    moved(jiff::civil::date(1970, 1, 1), i64::from(number))
}

/// What the lists of a mention hold, in this order.
#[derive(Clone, Copy)]
enum List {
    Parties,
    Words,
    /// Each proper name as its number of words and the words.
    Proper,
    Whole,
    Known,
    Places,
    Years,
    /// Three numbers each: first day, last day, and how it was made ([`Making`]).
    Made,
    /// Three numbers each.
    Events,
    Commitments,
    Title,
    Story,
    Passage,
}

const LISTS: usize = 13;

/// One agreement of one article. Every list is bounded, so a mention never takes more than about a kilobyte.
#[derive(Debug, Clone)]
pub(crate) struct Mention {
    pub kind: AgreementKind,
    pub family: Family,
    flags: u16,
    /// One bit for each party that the reading was not sure of, in their order.
    unsure: u32,
    /// Day of publication.
    pub published: Option<i32>,
    ends: [u16; LISTS],
    lists: Box<[u32]>,
}

/// How an instrument was made on a day: what is agreed may be signed long after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Making {
    Agreed,
    Signed,
    /// The report does not say.
    Told,
}

const OTHER: u16 = 1;
const MADE: u16 = 2;
const COMING: u16 = 4;
const RELATED: u16 = 8;
const ALONE: u16 = 16;
const FIRST: u16 = 32;
const ONLY: u16 = 64;
const PROPOSAL: u16 = 128;
const REFUSED: u16 = 256;

impl Mention {
    fn list(&self, list: List) -> &[u32] {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| usize::from(*end));
        let start = (list as usize).checked_sub(1).map_or(0, end);
        self.lists.get(start..end(list as usize)).unwrap_or_default()
    }

    /// Parties proper, sorted.
    pub(crate) fn parties(&self) -> &[ActorId] {
        self.list(List::Parties)
    }

    /// True where the reading was not sure of the party at that place.
    pub(crate) fn is_unsure(&self, place: usize) -> bool {
        self.unsure & (1 << (place & 31)) != 0
    }

    /// Distinctive words of all names, sorted.
    pub(crate) fn name_words(&self) -> &[WordId] {
        self.list(List::Words)
    }

    /// Distinctive words of each proper name, sorted; abbreviations are names of one word.
    pub(crate) fn proper(&self) -> impl Iterator<Item = &[WordId]> + Clone {
        let mut rest = self.list(List::Proper);
        std::iter::from_fn(move || {
            let (count, after) = rest.split_first()?;
            let name = after.get(..*count as usize)?;
            rest = after.get(*count as usize..)?;
            Some(name)
        })
    }

    pub(crate) fn has_proper(&self) -> bool {
        !self.list(List::Proper).is_empty()
    }

    /// Whole names of several capitalised words, sorted.
    pub(crate) fn whole(&self) -> &[WordId] {
        self.list(List::Whole)
    }

    /// Well-known instruments by their own names, sorted.
    pub(crate) fn known(&self) -> &[WordId] {
        self.list(List::Known)
    }

    /// Words of the names that name states and bodies, sorted.
    pub(crate) fn places(&self) -> &[WordId] {
        self.list(List::Places)
    }

    /// Years in the names.
    pub(crate) fn years(&self) -> &[u32] {
        self.numbers_and_years().1
    }

    /// Numbers in the names that tell one of several from the others.
    pub(crate) fn numbers(&self) -> &[u32] {
        self.numbers_and_years().0
    }

    fn numbers_and_years(&self) -> (&[u32], &[u32]) {
        let both = self.list(List::Years);
        both.split_at(both.partition_point(|number| *number < 100))
    }

    /// Proposed, offered or refused, and nothing more.
    pub(crate) fn is_proposal(&self) -> bool {
        self.flags & PROPOSAL != 0
    }

    /// Refused, and not told as made.
    pub(crate) fn is_refused(&self) -> bool {
        self.flags & REFUSED != 0
    }

    /// When it was made: signed or agreed, as a fact.
    pub(crate) fn made(&self) -> impl Iterator<Item = Reach> + Clone + '_ {
        self.makings().map(|(_, reach)| reach)
    }

    /// The same with how it was made.
    pub(crate) fn makings(&self) -> impl Iterator<Item = (Making, Reach)> + Clone + '_ {
        self.list(List::Made).chunks_exact(3).filter_map(|three| match three {
            [first, last, how] => {
                let how = [Making::Agreed, Making::Signed].get(*how as usize).copied().unwrap_or(Making::Told);
                Some((how, Reach { first: first.cast_signed(), last: last.cast_signed() }))
            }
            _ => None,
        })
    }

    pub(crate) fn has_made(&self) -> bool {
        !self.list(List::Made).is_empty()
    }

    /// Other dated stages: stage and modality as one number, and the days.
    pub(crate) fn events(&self) -> impl Iterator<Item = (u32, Reach)> + Clone + '_ {
        self.list(List::Events).chunks_exact(3).filter_map(|three| match three {
            [what, first, last] => Some((*what, Reach { first: first.cast_signed(), last: last.cast_signed() })),
            _ => None,
        })
    }

    /// Places in the list of categories, sorted.
    pub(crate) fn commitments(&self) -> &[u32] {
        self.list(List::Commitments)
    }

    /// Telling words of the headline, sorted.
    pub(crate) fn title(&self) -> &[WordId] {
        self.list(List::Title)
    }

    /// Names in the report, sorted.
    pub(crate) fn story(&self) -> &[StoryWord] {
        self.list(List::Story)
    }

    /// Words around what is told of it, sorted.
    pub(crate) fn passage(&self) -> &[StoryWord] {
        self.list(List::Passage)
    }

    /// Marked as another, previous, similar one.
    pub(crate) fn is_other(&self) -> bool {
        self.flags & OTHER != 0
    }

    /// Told as made, dated or not.
    pub(crate) fn is_made(&self) -> bool {
        self.flags & MADE != 0
    }

    /// Told as still to come or under way: proposed, negotiated, drafted, expected to be made.
    pub(crate) fn is_coming(&self) -> bool {
        self.flags & COMING != 0
    }

    /// It has relations to other agreements of its article.
    pub(crate) fn is_related(&self) -> bool {
        self.flags & RELATED != 0
    }

    /// Its article names one party or none.
    pub(crate) fn has_few_parties(&self) -> bool {
        self.flags & ALONE != 0
    }

    /// The first that its article tells of.
    pub(crate) fn is_first(&self) -> bool {
        self.flags & FIRST != 0
    }

    /// The only one that its article tells of.
    pub(crate) fn is_only(&self) -> bool {
        self.flags & ONLY != 0
    }

    /// Reads [`Features`]; `None` for bytes that are none.
    pub(crate) fn decode(bytes: &[u8], actors: &Actors) -> Option<Self> {
        let (head, rest) = bytes.split_at_checked(5 + 2 * LISTS + 4)?;
        let [kind, family, flags, more_flags, sure, ends @ .., p0, p1, p2, p3] = head else { return None };
        let mut ends: [u16; LISTS] =
            ends.as_chunks::<2>().0.iter().map(|end| u16::from_le_bytes(*end)).collect::<Vec<_>>().try_into().ok()?;
        let published = i32::from_le_bytes([*p0, *p1, *p2, *p3]);
        let named = usize::from(*ends.first()?);
        let (forms, rest) = rest.split_at_checked(named * 8)?;
        let mut lists: Vec<u32> = Vec::with_capacity(named + rest.len() / 4);
        // Those that the reading was sure of stand first; of two forms of one actor one sure one is enough.
        let found = forms
            .as_chunks::<8>()
            .0
            .iter()
            .zip(0u8..)
            .filter_map(|(form, place)| Some((actors.by_hash(u64::from_le_bytes(*form))?, place >= *sure)));
        let mut parties: Vec<(ActorId, bool)> = found.collect();
        parties.sort_unstable();
        parties.dedup_by_key(|(actor, _)| *actor);
        let unsure =
            parties.iter().zip(0u32..32).filter(|((_, unsure), _)| *unsure).fold(0, |bits, (_, place)| bits | (1 << place));
        lists.extend(parties.iter().map(|(actor, _)| *actor));
        let fewer = named - lists.len().min(named);
        lists.extend(rest.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word)));
        for end in &mut ends {
            *end = end.checked_sub(u16::try_from(fewer).ok()?)?;
        }
        let sound = ends.is_sorted() && usize::from(*ends.last()?) == lists.len();
        let families = [Family::Ceasefire, Family::Peace, Family::Trade, Family::Contract, Family::General];
        sound.then_some(Self {
            kind: *AgreementKind::ALL.get(usize::from(*kind))?,
            family: *families.get(usize::from(*family))?,
            flags: u16::from_le_bytes([*flags, *more_flags]),
            unsure,
            published: (published != OPEN_START).then_some(published),
            ends,
            lists: lists.into_boxed_slice(),
        })
    }
}

/// What stands behind the numbers of words, where somebody wants to read them.
#[derive(Debug, Default)]
pub(crate) struct Lexicon(pub BTreeMap<WordId, String>);

/// Turns words into numbers, and remembers them in a lexicon where there is one.
struct Numbering<'w> {
    words: &'w Words,
    lexicon: Option<&'w mut Lexicon>,
}

impl Numbering<'_> {
    fn id(&mut self, word: &str) -> WordId {
        // Spellings of one word are one word; the lexicon keeps the first of them.
        self.exact(word, &word_spelling(word))
    }

    /// For abbreviations, which have no sounds.
    fn letters(&mut self, word: &str) -> WordId {
        self.exact(word, word)
    }

    fn exact(&mut self, word: &str, spelling: &str) -> WordId {
        let hash = word_hash(spelling);
        let tells = if self.words.field.contains(word) { FIELD } else { word_class(word) };
        let id = (((hash >> 32) ^ hash) as u32) & !7 | tells;
        if let Some(lexicon) = &mut self.lexicon {
            lexicon.0.entry(id).or_insert_with(|| word.to_owned());
        }
        id
    }
}

/// True for words that many instruments share.
pub(crate) fn is_field(word: WordId) -> bool {
    word & 7 == FIELD
}

/// How much a word tells that is none of a field, 0 to 1: the fewer reports have it, the more.
#[allow(clippy::cast_precision_loss)] // 0 to 5
pub(crate) fn rarity(word: WordId) -> f32 {
    (word & 7).min(MOST_CLASS) as f32 / MOST_CLASS as f32
}

/// Stands in place of how much a word tells.
const FIELD: u32 = 7;

/// FNV-1a with a last mixing: the same on every machine and in every version of the compiler.
pub(crate) fn word_hash(word: &str) -> u64 {
    let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    mixed ^ (mixed >> 32)
}

/// What is compared of each agreement of a document, in their order. It depends on this document alone.
pub(crate) fn features(document: &Document, rules: &Rules, mut lexicon: Option<&mut Lexicon>) -> Vec<Features> {
    let title = plain_words(document.title.as_deref().unwrap_or(""));
    let headline = document.title.as_deref().and_then(|title| headline_name(title, &rules.words));
    let published = document.published.as_deref().and_then(Days::parse).and_then(|days| days.sorting_day());
    let story = story_words(&document.story, rules);
    if let Some(lexicon) = &mut lexicon {
        lexicon.0.extend(story.iter().map(|(word, name)| (*word, name.replace('_', " "))));
    }
    let passages: Vec<BTreeMap<StoryWord, String>> = document.passages.iter().map(|words| passage_numbers(words)).collect();
    if let Some(lexicon) = &mut lexicon {
        lexicon.0.extend(passages.iter().flatten().map(|(word, told)| (*word, told.clone())));
    }
    let nothing = BTreeMap::new();
    let findings = &document.findings.agreements;
    let only = findings.len() == 1;
    findings
        .iter()
        .enumerate()
        .map(|(place, finding)| {
            let mut numbering = Numbering { words: &rules.words, lexicon: lexicon.as_deref_mut() };
            let passage = passages.get(place).unwrap_or(&nothing);
            let place = (if place == 0 { FIRST } else { 0 }) | (if only { ONLY } else { 0 });
            let around = Around { title: &title, headline: headline.as_deref(), story: &story, passage };
            of_finding(finding, published, &around, place, rules, &mut numbering)
        })
        .collect()
}

/// What the article tells around a finding.
struct Around<'a> {
    /// Words of the headline.
    title: &'a [String],
    /// The headline itself.
    headline: Option<&'a str>,
    /// Names in the whole story.
    story: &'a BTreeMap<StoryWord, String>,
    /// Words of the sentences where the agreement's cells were found.
    passage: &'a BTreeMap<StoryWord, String>,
}

fn of_finding(
    finding: &AgreementFinding,
    published: Option<Date>,
    &Around { title, headline, story, passage }: &Around<'_>,
    place: u16,
    rules: &Rules,
    numbering: &mut Numbering<'_>,
) -> Features {
    let parties = || finding.parties.iter().filter(|party| party.role == PartyRole::Party);
    let forms: BTreeSet<String> = parties().map(|party| form(&party.actor)).collect();
    let sure: BTreeSet<String> =
        parties().filter(|party| party.evidence.confidence() >= SURE).map(|party| form(&party.actor)).collect();
    let context: BTreeSet<String> = forms.iter().flat_map(|form| form.split(' ')).map(str::to_owned).collect();
    let (mut name_words, mut proper, mut whole, mut places) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut known: BTreeSet<WordId> = BTreeSet::new();
    let (mut years, mut others, mut named_days) = (BTreeSet::new(), 0, Vec::new());
    let of_name = |name: &str| match bundle(name, &rules.words, &context) {
        // A list of several instruments tells of each no more than its subject.
        Some(listed) => {
            let parts = name_parts(name, &rules.words, &listed.union(&context).cloned().collect());
            NameParts { proper: false, short: Vec::new(), whole: None, known: None, ..parts }
        }
        None => name_parts(name, &rules.words, &context),
    };
    let mut named: Vec<NameParts> = finding.names.iter().map(|name| of_name(name.evidence.quote())).collect();
    let is_firm = |parts: &NameParts| !parts.loose;
    if named.iter().any(is_firm) {
        named.retain(is_firm);
    }
    // Where the story itself only says "the treaty", its headline may name it.
    if named.iter().all(|parts| parts.distinctive.is_empty() && parts.short.is_empty() && parts.years.is_empty() && !parts.other)
        && let Some(headline) = headline.filter(|_| place & FIRST != 0)
    {
        named.push(name_parts(headline, &rules.words, &context));
    }
    for parts in named {
        let ids: Vec<WordId> = parts.distinctive.iter().map(|word| numbering.id(word)).collect();
        let own_places: Vec<WordId> = parts.places.iter().map(|word| numbering.id(word)).collect();
        let core: BTreeSet<WordId> = ids.iter().copied().filter(|id| !own_places.contains(id)).take(5).collect();
        if parts.proper && !core.is_empty() {
            proper.insert(core.into_iter().collect::<Vec<_>>());
        }
        for short in &parts.short {
            proper.insert(vec![numbering.letters(short)]);
        }
        whole.extend(parts.whole.as_ref().map(|name| numbering.id(&format!("={name}"))));
        known.extend(parts.known.as_ref().map(|name| numbering.letters(&format!("={name}"))));
        named_days.extend(named_days_of(&parts, published));
        name_words.extend(ids);
        places.extend(own_places);
        years.extend(parts.years.iter().chain(&parts.numbers).filter_map(|year| u32::try_from(*year).ok()));
        others += usize::from(parts.other);
    }
    let told = stages(finding, named_days);
    let mut flags = place;
    let mut set = |flag: u16, on: bool| flags |= if on { flag } else { 0 };
    set(OTHER, others > 0 && others * 2 >= finding.names.len());
    set(MADE, told.is_made);
    set(COMING, told.is_coming && !told.is_made);
    set(PROPOSAL, is_proposal(finding));
    set(REFUSED, told.is_refused && !told.is_made);
    set(RELATED, !finding.relations.is_empty());
    set(ALONE, forms.len() < 2);
    let family = family(finding.kind);
    let days = |reach: &Days| {
        let reach = Reach::of(reach);
        [reach.first.cast_unsigned(), reach.last.cast_unsigned()]
    };
    let commitments: BTreeSet<u32> =
        // "Other" is no subject: two instruments of it have nothing in common.
        finding.commitments.iter().filter(|commitment| commitment.category != CommitmentCategory::Other).map(|commitment| place_of(CommitmentCategory::ALL, &commitment.category)).collect();
    let telling = title_words(title, &rules.words).filter(|word| !context.contains(*word));
    let title: BTreeSet<WordId> = telling.map(|word| numbering.id(word)).collect();
    let lists: [Vec<u32>; LISTS - 1] = [
        name_words.into_iter().take(24).collect(),
        proper.iter().take(6).flat_map(|name| std::iter::once(name.len() as u32).chain(name.iter().copied())).collect(),
        whole.into_iter().take(6).collect(),
        known.into_iter().take(4).collect(),
        places.into_iter().take(8).collect(),
        years.into_iter().take(4).collect(),
        told.made.iter().take(6).flat_map(|(how, reach)| days(reach).into_iter().chain([*how as u32])).collect(),
        told.events.iter().take(8).flat_map(|(what, reach)| std::iter::once(*what).chain(days(reach))).collect(),
        commitments.into_iter().take(16).collect(),
        title.into_iter().take(16).collect(),
        story.keys().copied().collect(),
        passage.keys().copied().collect(),
    ];
    let in_order = sure.iter().chain(forms.difference(&sure)).take(24);
    let parties: Vec<u64> = in_order.map(|form| form_hash(form)).collect();
    let published = published.map_or(OPEN_START, day_number);
    let mut bytes = vec![place_of(AgreementKind::ALL, &finding.kind) as u8, family as u8];
    bytes.extend(flags.to_le_bytes());
    bytes.push(sure.len().min(24) as u8);
    let mut end = parties.len();
    bytes.extend((end as u16).to_le_bytes());
    for list in &lists {
        end += list.len();
        bytes.extend((end as u16).to_le_bytes());
    }
    bytes.extend(published.to_le_bytes());
    bytes.extend(parties.iter().flat_map(|form| form.to_le_bytes()));
    bytes.extend(lists.iter().flatten().flat_map(|word| word.to_le_bytes()));
    Features(bytes)
}

/// A party of less confidence was only near the agreement in the text.
const SURE: f32 = 0.6;

fn place_of<T: PartialEq>(all: &[T], one: &T) -> u32 {
    all.iter().position(|other| other == one).and_then(|place| u32::try_from(place).ok()).unwrap_or(0)
}

/// What the stages of a finding say of its making.
struct Told {
    made: Vec<(Making, Days)>,
    is_made: bool,
    is_coming: bool,
    is_refused: bool,
    events: Vec<(u32, Days)>,
}

fn stages(finding: &AgreementFinding, named_days: Vec<Days>) -> Told {
    let mut told = Told { made: Vec::new(), is_made: false, is_coming: false, is_refused: false, events: Vec::new() };
    for stage in &finding.stages {
        let days = stage.date.as_ref().and_then(|date| date.value.as_deref()).and_then(Days::parse);
        let makes = matches!(stage.stage, StageKind::Signed | StageKind::Agreed);
        let before = matches!(stage.stage, StageKind::Proposed | StageKind::Negotiating | StageKind::Drafted);
        told.is_refused |= stage.modality == Modality::Actual && stage.stage == StageKind::Rejected;
        match stage.modality {
            Modality::Actual if makes => told.is_made = true,
            Modality::Actual if !before => {
                told.is_made |= !matches!(stage.stage, StageKind::Rejected | StageKind::Submitted);
            }
            Modality::Actual => told.is_coming = true,
            Modality::Expected if makes || before => told.is_coming = true,
            _ => {}
        }
        let Some(days) = days else { continue };
        if makes && stage.modality == Modality::Actual {
            told.made.push((if stage.stage == StageKind::Signed { Making::Signed } else { Making::Agreed }, days));
        }
        if days.precision() <= Precision::Month {
            let what = place_of(StageKind::ALL, &stage.stage) * 8 + place_of(Modality::ALL, &stage.modality);
            told.events.push((what, days));
        }
    }
    // Agreed but still to be signed: it is on its way.
    if is_to_be_signed(finding) {
        (told.is_made, told.is_coming) = (false, true);
    }
    if told.made.is_empty() && matches!(family(finding.kind), Family::Ceasefire | Family::Peace) {
        let holds = finding.stages.iter().filter(|stage| {
            stage.modality == Modality::Actual && matches!(stage.stage, StageKind::InForce | StageKind::Implemented)
        });
        told.made.extend(
            holds
                .filter_map(|stage| Days::parse(stage.date.as_ref()?.value.as_deref()?))
                .filter(|days| days.precision() >= Precision::Month)
                .map(|days| (Making::Told, days)),
        );
    }
    if told.made.is_empty() {
        told.made = named_days.into_iter().map(|days| (Making::Told, days)).collect();
    }
    told
}

/// True when the signing is told as still to come, and nothing that follows a signing as done.
fn is_to_be_signed(finding: &AgreementFinding) -> bool {
    let told = |modality: Modality, kinds: &[StageKind]| {
        finding.stages.iter().any(|stage| stage.modality == modality && kinds.contains(&stage.stage))
    };
    told(Modality::Expected, &[StageKind::Signed])
        && !told(Modality::Actual, &[StageKind::Signed, StageKind::Ratified, StageKind::InForce, StageKind::Implemented])
}

/// True when it is proposed or refused, and nothing is told of it that goes beyond.
fn is_proposal(finding: &AgreementFinding) -> bool {
    let actual = || finding.stages.iter().filter(|stage| stage.modality == Modality::Actual);
    actual().any(|stage| stage.stage == StageKind::Proposed)
        && actual().all(|stage| matches!(stage.stage, StageKind::Proposed | StageKind::Rejected))
}

/// The stage behind the number of an event.
pub(crate) fn stage_of(what: u32) -> Option<StageKind> {
    StageKind::ALL.get(what as usize / 8).copied()
}

/// How the stage behind the number of an event is told.
pub(crate) fn modality_of(what: u32) -> Option<Modality> {
    Modality::ALL.get(what as usize % 8).copied()
}

/// The days on which a name itself has the instrument made: "the 2002 ceasefire", "January's accord", "the week-old truce".
fn named_days_of(parts: &NameParts, published: Option<Date>) -> Vec<Days> {
    let mut found = Vec::new();
    if let (Some((least, most)), Some(report)) = (parts.age, published) {
        found.push(Days { earliest: Some(moved(report, -most)), latest: Some(moved(report, -least)), vague: true });
    }
    for month in &parts.months {
        // A month without a year is the last one before the report.
        let year = parts.years.first().copied().or_else(|| {
            let report = published?;
            Some(if *month <= report.month() { report.year() } else { report.year() - 1 })
        });
        found.extend(year.and_then(|year| Days::parse(&format!("{year:04}-{month:02}"))));
    }
    if found.is_empty() {
        found.extend(parts.years.iter().filter_map(|year| Days::parse(&year.to_string())));
    }
    found
}

fn family(kind: AgreementKind) -> Family {
    match kind {
        AgreementKind::Ceasefire => Family::Ceasefire,
        AgreementKind::PeaceAccord => Family::Peace,
        AgreementKind::TradeDeal => Family::Trade,
        AgreementKind::Contract => Family::Contract,
        _ => Family::General,
    }
}

fn title_words<'t>(title: &'t [String], words: &'t Words) -> impl Iterator<Item = &'t String> {
    title.iter().take(40).filter(|word| {
        word.chars().count() >= 4
            && !words.instrument.contains(*word)
            && !words.describing.contains(*word)
            && !words.field.contains(*word)
            && !words.other.contains(*word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::rules;

    #[test]
    fn bytes_that_are_no_features_are_refused() {
        let actors = Actors::default();
        for bytes in [&[][..], &[0; 5], &[0xff; 36], &[0xff; 80], &[9, 9, 9, 0, 200, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]] {
            assert!(Mention::decode(bytes, &actors).is_none());
        }
    }

    #[test]
    fn a_document_without_agreements_has_no_features() {
        assert_eq!(features(&Document::default(), rules(), None), vec![]);
    }
}
