//! What the tagger gives back: one record for each time expression, in the terms of TimeML's TIMEX3.
use jiff::civil::{Date, DateTime};

/// The four types of TIMEX3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A calendar date of any width, from a century to a day.
    Date,
    /// A time of day, or a part of a day.
    Time,
    /// A length of time.
    Duration,
    /// A time that recurs.
    Set,
}

impl Kind {
    /// The word of the standard: `DATE`, `TIME`, `DURATION`, `SET`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Date => "DATE",
            Self::Time => "TIME",
            Self::Duration => "DURATION",
            Self::Set => "SET",
        }
    }
}

/// TIMEX3's `mod`: how the words bend the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Modifier {
    /// The first part of the span: "early 2016".
    Start,
    /// The middle part: "mid-November".
    Mid,
    /// The last part: "the end of May".
    End,
    /// About: "around 1 November".
    Approx,
    /// Nearly: "almost two years".
    LessThan,
    /// Over: "more than four hours".
    MoreThan,
    /// At most: "up to 180 days".
    EqualOrLess,
    /// At least: "at least a week".
    EqualOrMore,
    /// Before the time named.
    Before,
    /// After the time named.
    After,
}

impl Modifier {
    /// The word of the standard, such as `START` or `EQUAL_OR_LESS`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "START",
            Self::Mid => "MID",
            Self::End => "END",
            Self::Approx => "APPROX",
            Self::LessThan => "LESS_THAN",
            Self::MoreThan => "MORE_THAN",
            Self::EqualOrLess => "EQUAL_OR_LESS",
            Self::EqualOrMore => "EQUAL_OR_MORE",
            Self::Before => "BEFORE",
            Self::After => "AFTER",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "START" => Self::Start,
            "MID" => Self::Mid,
            "END" => Self::End,
            "APPROX" => Self::Approx,
            "LESS_THAN" => Self::LessThan,
            "MORE_THAN" => Self::MoreThan,
            "EQUAL_OR_LESS" => Self::EqualOrLess,
            "EQUAL_OR_MORE" => Self::EqualOrMore,
            "BEFORE" => Self::Before,
            "AFTER" => Self::After,
            _ => return None,
        })
    }
}

/// What an expression was resolved against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Anchor {
    /// The reference date (the day of publication).
    Reference,
    /// An earlier expression of the same text: its place in the list returned by [`crate::tag`].
    Expression(usize),
}

/// One time expression. Offsets are bytes into the text that was tagged; `text[start..end]` are its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timex {
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// Date, time, duration or set.
    pub kind: Kind,
    /// TIMEX3 value: `1998-03-12`, `1989-Q3`, `PXM`, `PAST_REF`. Fields that nothing supports are `X`: `XXXX-01-30`, and `XXXX-XX-XX` for
    /// "the next day" in a text without a date. The standard asks for a value; it is here for every expression that the built-in languages find.
    pub value: Option<String>,
    /// TIMEX3 `mod`.
    pub modifier: Option<Modifier>,
    /// TIMEX3 `quant` of a set: `EVERY`, `EACH`.
    pub quantifier: Option<&'static str>,
    /// The same as an Extended Date/Time Format string (ISO 8601-2), when it is a date of which at least the century is known. Absent for
    /// durations, sets and vague references, and whenever the value has unknown leading fields: a register may store this as it stands.
    pub edtf: Option<String>,
    /// What it was resolved against; `None` for expressions that stand by themselves.
    pub anchor: Option<Anchor>,
    /// In plain words: which words gave it and how it was resolved.
    pub how: String,
}

/// The time of writing against which "yesterday" is resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The day.
    pub date: Date,
    /// The hour and minute, where known.
    pub hour: Option<(i8, i8)>,
}

impl Reference {
    /// Reads `2015-03-18`, `20150318` or `2015-03-18T14:26:00` (what stands in the DCT of TimeML). `None` for anything else.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let value = value.trim();
        let bytes = value.as_bytes();
        if !value.is_ascii() {
            return None;
        }
        let number = |from: usize, to: usize| value.get(from..to).and_then(|digits| digits.parse::<i16>().ok());
        let (year, month, day, rest) = if bytes.get(4) == Some(&b'-') {
            (number(0, 4)?, number(5, 7)?, number(8, 10)?, 10)
        } else {
            (number(0, 4)?, number(4, 6)?, number(6, 8)?, 8)
        };
        let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        let hour = (bytes.get(rest) == Some(&b'T'))
            .then(|| Some((i8::try_from(number(rest + 1, rest + 3)?).ok()?, i8::try_from(number(rest + 4, rest + 6)?).ok()?)))
            .flatten()
            .filter(|(hour, minute)| (0..24).contains(hour) && (0..60).contains(minute));
        Some(Self { date, hour })
    }
}

impl From<Date> for Reference {
    fn from(date: Date) -> Self {
        Self { date, hour: None }
    }
}

impl From<DateTime> for Reference {
    fn from(moment: DateTime) -> Self {
        Self { date: moment.date(), hour: Some((moment.hour(), moment.minute())) }
    }
}

/// Tense of the verb that governs an expression, as far as a direction follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tense {
    /// Something that has happened: "was signed".
    Past,
    /// Something that holds: "meets".
    Present,
    /// Something to come, be it by tense, modality or meaning: "will sign", "is due to", "plans to".
    Future,
}

/// Gives the governing verb's tense where the caller has parsed the text. Without it the tagger looks at the words around the expression.
pub trait Syntax {
    /// The tense of the verb that governs the word at this byte of the text, modality included ("may sign" looks forward); `None` where unknown.
    fn tense_at(&self, byte: usize) -> Option<Tense>;
}

/// What kind of text this is: it decides what "in January" counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Genre {
    /// Decide from the text: dates years away from the reference date and no "yesterday" make a history.
    #[default]
    Guess,
    /// News and the like: expressions count from the day of writing unless the words say otherwise.
    News,
    /// Histories: expressions count from the date last spoken of.
    Narrative,
}
