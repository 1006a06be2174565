//! Which patterns may begin at a token: looked up by the classes of the token and of the one after it, so that ordinary words cost nothing.
use crate::cue::Cue;
use crate::language::{Language, LexemeId, Slot};
use crate::pattern::Atom;
use crate::token::Form;
use std::collections::{BTreeMap, BTreeSet};

/// Class 0 is everything that no pattern reads.
const NOTHING: u16 = 0;
/// Number classes: one for each set of slots that a number can fill.
const NUMBERS: u16 = 1;
const SHAPES: u16 = NUMBERS + 64;
const MARKS: &[u8] = b",.-/()'\"`:%";
const MARK: u16 = SHAPES + 5;
const WORDS: u16 = MARK + 16;

/// The lists of patterns by pairs of classes.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Class of each lexeme.
    classes: Vec<u16>,
    width: usize,
    /// Place in `lists` for each pair.
    pairs: Vec<u32>,
    lists: Vec<Vec<u16>>,
    /// For each class the slots that a token of it can begin to fill, one bit each.
    slots: Vec<u64>,
}

/// Which slots a plain number fills, as bits.
fn number_bits(value: i64, digits: u8, plain: bool) -> u16 {
    let bit = |bit: u16, holds: bool| if holds { 1 << bit } else { 0 };
    bit(0, plain && (1..=2).contains(&digits) && (1..=31).contains(&value))
        | bit(1, plain && digits == 4 && (1000..2200).contains(&value))
        | bit(2, plain && (1..=4).contains(&digits))
        | bit(3, digits == 4 && value <= 2400 && value % 100 < 60)
        | bit(4, plain && digits == 2)
        | bit(5, digits == 0)
}

impl Index {
    /// The class of a token.
    pub(crate) fn class(&self, form: Form, lexeme: LexemeId) -> u16 {
        match form {
            Form::Word => self.classes.get(usize::from(lexeme)).copied().unwrap_or(NOTHING),
            Form::Number { value, digits, plain } => NUMBERS + number_bits(value, digits, plain),
            Form::Decimal { .. } => SHAPES,
            Form::Clock { .. } => SHAPES + 1,
            Form::Ordinal(_) => SHAPES + 2,
            Form::Decade { .. } => SHAPES + 3,
            Form::Calendar { .. } => SHAPES + 4,
            Form::Mark(mark) => mark_class(mark),
        }
    }

    /// Can a token of this class begin to fill the slot?
    pub(crate) fn fills(&self, class: u16, slot: Slot) -> bool {
        self.slots.get(usize::from(class)).is_some_and(|slots| slots & (1 << slot as u64) != 0)
    }

    /// The patterns for a pair of classes, in the order of the table.
    pub(crate) fn candidates(&self, first: u16, second: u16) -> &[u16] {
        self.pairs
            .get(usize::from(first) * self.width + usize::from(second))
            .and_then(|list| self.lists.get(*list as usize))
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn build(language: &Language) -> Self {
        let classes = classes(language);
        let width = usize::from(classes.iter().copied().max().unwrap_or(0).max(WORDS)) + 1;
        let reader = Reader { language, classes: &classes, width };
        let mut sets: Vec<BTreeSet<u16>> = vec![BTreeSet::new(); width * width];
        for (number, program) in language.programs.iter().enumerate() {
            let Ok(number) = u16::try_from(number) else { break };
            let mut pairs: BTreeMap<u16, Vec<bool>> = BTreeMap::new();
            for (atom, after) in program.next(0).0 {
                for (class, continues) in reader.firsts(atom) {
                    let seconds = pairs.entry(class).or_insert_with(|| vec![false; width]);
                    for inner in continues.inner {
                        seconds[usize::from(inner)] = true;
                    }
                    if continues.whole {
                        let (atoms, ends) = program.next(after);
                        if ends {
                            seconds.fill(true);
                        }
                        for (next, _) in atoms {
                            for (class, _) in reader.firsts(next) {
                                seconds[usize::from(class)] = true;
                            }
                        }
                    }
                }
            }
            for (first, seconds) in pairs {
                for (second, _) in seconds.iter().enumerate().filter(|(_, possible)| **possible) {
                    sets[usize::from(first) * width + second].insert(number);
                }
            }
        }
        let mut slots = vec![0_u64; width];
        for (slot, _) in Slot::ALL {
            for class in reader.firsts(Atom::Slot(*slot)).into_keys() {
                slots[usize::from(class)] |= 1 << *slot as u64;
            }
        }
        let mut known: BTreeMap<Vec<u16>, u32> = BTreeMap::new();
        let mut lists = Vec::new();
        let pairs = sets
            .into_iter()
            .map(|set| {
                let list: Vec<u16> = set.into_iter().collect();
                *known.entry(list).or_insert_with_key(|list| {
                    lists.push(list.clone());
                    u32::try_from(lists.len() - 1).unwrap_or(0)
                })
            })
            .collect();
        Self { classes, width, pairs, lists, slots }
    }
}

fn mark_class(mark: u8) -> u16 {
    MARKS.iter().position(|known| *known == mark).map_or(NOTHING, |place| MARK + u16::try_from(place).unwrap_or(0))
}

/// Words that no pattern and no phrase names are of one class with those that fill the same slots.
fn classes(language: &Language) -> Vec<u16> {
    let mut own: BTreeSet<LexemeId> = language.programs.iter().flat_map(|program| program.words().collect::<Vec<_>>()).collect();
    for id in 0..language.lexeme_count() {
        let Ok(id) = LexemeId::try_from(id) else { break };
        for (_, rest) in language.phrase_entries(id) {
            own.insert(id);
            own.extend(rest);
        }
    }
    let mut shared: BTreeMap<Vec<Slot>, u16> = BTreeMap::new();
    let mut next = WORDS;
    (0..language.lexeme_count())
        .map(|id| {
            let Ok(id) = LexemeId::try_from(id) else { return NOTHING };
            if language.word(id) == "'" {
                return mark_class(b'\'');
            }
            let slots: Vec<Slot> = language.slots_of(id).collect();
            if own.contains(&id) {
                next += 1;
                return next - 1;
            }
            if slots.is_empty() {
                return NOTHING;
            }
            *shared.entry(slots).or_insert_with(|| {
                next += 1;
                next - 1
            })
        })
        .collect()
}

/// How a first token goes on.
#[derive(Debug, Clone, Default)]
struct Continues {
    /// It is all there is to this step.
    whole: bool,
    /// Classes that may follow within the step.
    inner: Vec<u16>,
}

struct Reader<'r> {
    language: &'r Language,
    classes: &'r [u16],
    width: usize,
}

impl Reader<'_> {
    fn of(&self, lexeme: LexemeId) -> u16 {
        self.classes.get(usize::from(lexeme)).copied().unwrap_or(NOTHING)
    }

    /// Classes of all words that fill a slot by themselves.
    fn fillers(&self, slot: Slot) -> Vec<u16> {
        let ids = (0..self.language.lexeme_count()).filter_map(|id| LexemeId::try_from(id).ok());
        ids.filter(|id| self.language.slots_of(*id).any(|known| known == slot)).map(|id| self.of(id)).collect()
    }

    /// The classes with which a step can begin.
    fn firsts(&self, atom: Atom) -> BTreeMap<u16, Continues> {
        let mut firsts: BTreeMap<u16, Continues> = BTreeMap::new();
        let mut whole = |class: u16| firsts.entry(class).or_default().whole = true;
        let slot = match atom {
            Atom::Word(word) => {
                whole(self.of(word));
                return firsts;
            }
            Atom::Mark(mark) => {
                whole(mark_class(mark));
                return firsts;
            }
            Atom::Slot(slot) => slot,
        };
        let numbers = |wanted: u16| (0..64).filter(move |bits| bits & wanted != 0).map(|bits| NUMBERS + bits);
        match slot {
            Slot::Any => (0..u16::try_from(self.width).unwrap_or(0)).for_each(&mut whole),
            Slot::Day => numbers(1).for_each(&mut whole),
            Slot::Year => numbers(2).for_each(&mut whole),
            Slot::Digits => numbers(4).for_each(&mut whole),
            Slot::Military => numbers(8).for_each(&mut whole),
            Slot::YearPair => numbers(16).for_each(&mut whole),
            Slot::ShortYear => numbers(32).for_each(&mut whole),
            Slot::Clock => whole(SHAPES + 1),
            Slot::Decade => whole(SHAPES + 3),
            Slot::Calendar => whole(SHAPES + 4),
            Slot::Number | Slot::YearWords => {
                let cardinals = self.fillers(Slot::Cardinal);
                let mut inner = cardinals.clone();
                let halves = [Cue::And, Cue::A, Cue::Half].into_iter().flat_map(|cue| self.language.words_of(cue));
                inner.extend(halves.map(|word| self.of(word)));
                inner.push(mark_class(b'/'));
                inner.extend((0..64).map(|bits| NUMBERS + bits));
                let mut begin = cardinals;
                if slot == Slot::Number {
                    begin.extend((0..64).map(|bits| NUMBERS + bits));
                    begin.push(SHAPES);
                }
                for class in begin {
                    firsts.insert(class, Continues { whole: true, inner: inner.clone() });
                }
                return firsts;
            }
            Slot::Ordinal => {
                whole(SHAPES + 2);
            }
            _ => {}
        }
        let slot = if slot == Slot::Ordinal { Slot::OrdinalWord } else { slot };
        for class in self.fillers(slot) {
            firsts.entry(class).or_default().whole = true;
        }
        for id in 0..self.language.lexeme_count() {
            let Ok(id) = LexemeId::try_from(id) else { break };
            for (known, rest) in self.language.phrase_entries(id) {
                if known == slot
                    && let Some(second) = rest.first()
                {
                    let class = self.of(*second);
                    firsts.entry(self.of(id)).or_default().inner.push(class);
                }
            }
        }
        firsts
    }
}
