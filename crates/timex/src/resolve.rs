//! Gives each expression its value: what the words say, what the reference date and the story so far supply, and nothing beyond.
use crate::calendar::{SEASONS, Stamp, Unit, date_of, holiday, nth_weekday};
use crate::cue::Cue;
use crate::language::{Language, Slot};
use crate::pattern::{Action, Match};
use crate::tagger::Options;
use crate::tense;
use crate::timex::{Anchor, Genre, Kind, Modifier, Tense, Timex};
use crate::token::Token;
use crate::undated::{looks_narrative, story_cost};
use jiff::ToSpan;
use jiff::civil::Date;
use std::cell::OnceCell;

/// What an expression means, before it is written out.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub kind: Kind,
    pub stamp: Option<Stamp>,
    /// The TIMEX3 value where it is not that of the stamp.
    pub value: Option<String>,
    pub modifier: Option<Modifier>,
    pub quantifier: Option<&'static str>,
    pub anchor: Option<Anchor>,
    pub how: String,
}

impl Reading {
    pub(crate) fn of(kind: Kind, value: Option<String>, how: &str) -> Self {
        Self { kind, stamp: None, value, modifier: None, quantifier: None, anchor: None, how: how.to_owned() }
    }

    pub(crate) fn at(stamp: Option<Stamp>, how: &str) -> Self {
        let kind = if matches!(stamp, Some(Stamp::Part(..) | Stamp::Time(..))) { Kind::Time } else { Kind::Date };
        Self { kind, stamp, value: None, modifier: None, quantifier: None, anchor: None, how: how.to_owned() }
    }

    pub(crate) fn anchored(mut self, anchor: Option<Anchor>) -> Self {
        self.anchor = anchor;
        self
    }
}

/// The day or span that an expression counts from, and what supplied it.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    pub stamp: Stamp,
    pub anchor: Anchor,
}

/// Walks through the expressions in order, carrying the story's date along.
pub(crate) struct Resolver<'r> {
    pub text: &'r str,
    pub tokens: &'r [Token],
    pub language: &'r Language,
    pub options: &'r Options<'r>,
    pub matches: &'r [Match<'r>],
    pub narrative: bool,
    /// The date last spoken of, and which expression gave it.
    pub last: Option<Base>,
    /// The period that a company report is about.
    pub period: Option<Stamp>,
    /// The quarter among such periods.
    pub quarter: Option<Stamp>,
    /// Which of the matches is being read.
    pub current: usize,
    /// In a history: the last date that moved the story on.
    pub story_date: Option<Base>,
    /// Whether the text speaks of the United States; looked up when one of its holidays is met.
    american: OnceCell<bool>,
    pub out: Vec<Timex>,
}

impl<'r> Resolver<'r> {
    pub(crate) fn new(text: &'r str, tokens: &'r [Token], options: &'r Options<'r>, matches: &'r [Match<'r>]) -> Self {
        let narrative = match options.genre {
            Genre::News => false,
            Genre::Narrative => true,
            Genre::Guess => looks_narrative(options.reference, matches),
        };
        Self {
            text,
            tokens,
            language: options.language,
            options,
            matches,
            narrative,
            last: None,
            period: None,
            quarter: None,
            story_date: None,
            current: 0,
            american: OnceCell::new(),
            out: Vec::with_capacity(matches.len()),
        }
    }

    pub(crate) fn run(mut self) -> Vec<Timex> {
        for (number, found) in self.matches.iter().enumerate() {
            self.current = number;
            let Some(mut reading) = self.read(found) else { continue };
            if reading.modifier.is_none() {
                reading.modifier = self.modifier(found);
            }
            self.put(found, reading);
        }
        self.out
    }

    fn read(&self, found: &Match<'_>) -> Option<Reading> {
        match self.language.rules[found.rule].action {
            Action::Point => self.point(found),
            Action::Shift => self.shift(found),
            Action::Duration => self.duration(found),
            Action::Set => self.set(found),
            Action::Vague => self.vague(found),
            Action::Same => self.same(found),
            Action::Bare => self.bare(found),
            Action::Compare => self.compare(found),
            Action::Nothing => None,
        }
    }

    /// Writes a reading out and remembers the date.
    fn put(&mut self, found: &Match<'_>, reading: Reading) {
        let (Some(first), Some(last)) =
            (self.tokens.get(found.from), found.to.checked_sub(1 + usize::from(found.cut)).and_then(|at| self.tokens.get(at)))
        else {
            return;
        };
        // TIMEX3 wants a value always: where nothing is known, one of unknown fields.
        let value = reading
            .value
            .clone()
            .or_else(|| reading.stamp.as_ref().map(Stamp::timex))
            .unwrap_or_else(|| found.unit().unwrap_or(Unit::Day).unknown());
        let value = Some(value);
        let edtf = reading
            .stamp
            .as_ref()
            .filter(|_| reading.kind != Kind::Duration && reading.kind != Kind::Set)
            .and_then(|stamp| stamp.edtf(reading.modifier));
        let place = self.out.len();
        let action = self.language.rules[found.rule].action;
        // "In the nine months, …": figures are now those of the year so far.
        if !self.narrative
            && reading.kind == Kind::Duration
            && self.says(found, Cue::The)
            && self.filling(found, Slot::Units).any(|unit| unit == Unit::Month as i64)
        {
            self.period = self.writing().and_then(|base| base.stamp.widen(Unit::Year));
        }
        if let Some(stamp) = &reading.stamp
            && matches!(reading.kind, Kind::Date | Kind::Time)
        {
            if matches!(stamp, Stamp::Quarter(..)) && action != Action::Compare {
                // Reports are about quarters that are over; one to come is only talked of.
                let over = stamp.last().zip(self.reference()).is_none_or(|(last, date)| last < date);
                if over || self.quarter.is_none() {
                    self.quarter = Some(stamp.clone());
                    self.period = Some(stamp.clone());
                }
            }
            let own = !matches!(reading.anchor, Some(Anchor::Reference)) || self.narrative || stamp.unit() <= Unit::Month;
            if self.narrative && self.moves_story(found, stamp) {
                self.story_date = Some(Base { stamp: stamp.clone(), anchor: Anchor::Expression(place) });
            }
            if own {
                self.last = Some(Base { stamp: stamp.clone(), anchor: Anchor::Expression(place) });
            }
        }
        let rule = &self.language.rules[found.rule].name;
        self.out.push(Timex {
            start: first.start,
            end: last.end,
            kind: reading.kind,
            value,
            modifier: reading.modifier,
            quantifier: reading.quantifier,
            edtf,
            anchor: reading.anchor,
            how: format!("{rule}: {}", reading.how),
        });
    }

    /// The modifier that the words give.
    fn modifier(&self, found: &Match<'_>) -> Option<Modifier> {
        found.text(Slot::Modifier).and_then(Modifier::parse).or_else(|| found.text(Slot::Approx).and_then(Modifier::parse))
    }

    // ---- what things count from ----

    pub(crate) fn reference(&self) -> Option<Date> {
        self.options.reference.map(|reference| reference.date)
    }

    /// The day of writing, as a base.
    pub(crate) fn writing(&self) -> Option<Base> {
        self.reference().map(|date| Base { stamp: Stamp::day(date), anchor: Anchor::Reference })
    }

    /// What "last year" counts from: the day of writing in news, the story's date in a history.
    pub(crate) fn here(&self) -> Option<Base> {
        if self.narrative { self.last.clone() } else { self.writing() }
    }

    /// What "the following day" counts from: the date last spoken of.
    pub(crate) fn story(&self) -> Option<Base> {
        self.last.clone().or_else(|| if self.narrative { None } else { self.writing() })
    }

    /// Which way the governing verb points.
    pub(crate) fn tense(&self, found: &Match<'_>) -> Option<Tense> {
        self.parsed_tense(found).or_else(|| tense::around(self.text, self.language, self.tokens, found.from, found.to))
    }

    /// The same from the caller's trees alone, which are surer than the words around the expression.
    fn parsed_tense(&self, found: &Match<'_>) -> Option<Tense> {
        self.options.syntax?.tense_at(self.tokens.get(found.from)?.start)
    }

    /// The word directly before the expression is on this list.
    pub(crate) fn after_word(&self, found: &Match<'_>, cue: Cue) -> bool {
        found.from.checked_sub(1).is_some_and(|at| self.language.is(self.tokens.get(at), cue))
    }

    /// Out of dates before and after a base the one that the words mean: direction from the verb, nearness otherwise.
    /// `distance` counts from the base, negative for the past; the unit does not matter.
    pub(crate) fn choose(
        &self,
        found: &Match<'_>,
        candidates: impl IntoIterator<Item = (i64, Stamp)>,
    ) -> Option<(Stamp, &'static str)> {
        let tense = self.tense(found);
        let parsed = tense.is_some() && tense == self.parsed_tense(found);
        let until = self.after_word(found, Cue::UntilDay);
        let since = self.after_word(found, Cue::Since);
        let (past, future, why) = if since {
            (1, 100, "\"since\" looks back")
        } else {
            match tense {
                _ if self.after_word(found, Cue::AsEarly) => (20, 4, "\"as early as\" looks forward"),
                // A verb read from a tree decides, but for a day or so that the day of writing may be off.
                Some(Tense::Future) if parsed => (60, 1, "the verb looks forward"),
                Some(Tense::Past) if parsed && !until => (1, 60, "the verb is past"),
                Some(Tense::Future) => (20, 8, "the verb looks forward"),
                _ if self.deferred(found) => (20, 4, "what was put off to it is spoken of"),
                Some(Tense::Past) if until => (10, 10, "the nearest one"),
                Some(Tense::Past) => (2, 16, "the verb is past"),
                _ if until => (20, 8, "\"by\" or \"until\" looks forward"),
                _ => (4, 14, "the nearest one, the past before the future"),
            }
        };
        candidates
            .into_iter()
            .min_by_key(|(distance, _)| if *distance < 0 { -distance * past } else { distance * future })
            .map(|(_, stamp)| (stamp, why))
    }

    // ---- points ----

    fn point(&self, found: &Match<'_>) -> Option<Reading> {
        let mut reading = self.span_of(found)?;
        self.time_of_day(found, &mut reading);
        Some(reading)
    }

    /// The span without its time of day.
    fn span_of(&self, found: &Match<'_>) -> Option<Reading> {
        if let Some(digits) = found.value(Slot::Calendar) {
            let (year, month, day) = (digits / 10000, digits / 100 % 100, digits % 100);
            let date = date_of(i32::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)?;
            if found.text(Slot::Calendar) == Some("?") {
                return Some(Reading::of(
                    Kind::Date,
                    Some(format!("{year:04}-XX-XX")),
                    "day and month could be either way around",
                ));
            }
            return Some(Reading::at(Some(Stamp::day(date)), "written in digits"));
        }
        let year = self.year_of(found);
        let month = found.value(Slot::Month).and_then(|month| u8::try_from(month).ok());
        if let Some(name) = found.text(Slot::Holiday) {
            return self.holiday(found, name, year);
        }
        // "the third Sunday of June", but not "Sunday, June third".
        let counted = found.get(Slot::Day).is_none()
            && found.get(Slot::Weekday).zip(found.get(Slot::Ordinal)).is_none_or(|(weekday, nth)| nth.from < weekday.from);
        if let (Some(weekday), Some(month), true) = (found.value(Slot::Weekday), month, counted) {
            let nth = found.value(Slot::Ordinal).map_or(-1, |nth| nth);
            let whole = if year.is_some() { None } else { self.month_without_year(found, month) };
            let year = year.or_else(|| whole.as_ref()?.stamp.as_ref()?.year());
            let date = nth_weekday(year?, month, i8::try_from(nth).ok()?, i8::try_from(weekday).ok()?)?;
            let how = whole.as_ref().map_or_else(String::new, |month| format!("; {}", month.how));
            return Some(
                Reading::at(Some(Stamp::day(date)), &format!("counted within the month{how}"))
                    .anchored(whole.and_then(|month| month.anchor)),
            );
        }
        let day = found.value(Slot::Day).or_else(|| found.value(Slot::Ordinal)).and_then(|day| u8::try_from(day).ok());
        if let (Some(month), Some(day)) = (month, day) {
            let mut reading = match year {
                Some(year) => match date_of(year, month, day) {
                    Some(date) => Reading::at(Some(Stamp::day(date)), "day, month and year are written"),
                    None => Reading::at(Some(Stamp::Month(year, month)), "the month has no such day"),
                },
                None => self.day_without_year(found, month, day)?,
            };
            // "the week of March 6".
            if self.names(found, Unit::Week) {
                reading.value = reading.value.map(|_| Unit::Week.unknown());
                reading.stamp = reading.stamp.and_then(|stamp| stamp.widen(Unit::Week));
            }
            return Some(reading);
        }
        if let Some(month) = month {
            if let Some(year) = year {
                return Some(Reading::at(Some(Stamp::Month(year, month)), "month and year are written"));
            }
            return self.month_without_year(found, month);
        }
        if let Some(season) = found.value(Slot::Season).and_then(|season| u8::try_from(season).ok()) {
            return self.season(found, season, year);
        }
        if found.value(Slot::Decade).is_some() || found.value(Slot::DecadeWord).is_some() {
            return self.decade(found);
        }
        if let Some(weekday) = found.value(Slot::Weekday) {
            return self.weekday(found, weekday);
        }
        if let Some(offset) = found.value(Slot::Offset) {
            let how = "counted from the day of writing";
            return Some(match self.writing() {
                Some(base) if !self.narrative => {
                    let date = base.stamp.first()?.checked_add(offset.days()).ok()?;
                    Reading::at(Some(Stamp::day(date)), how).anchored(Some(base.anchor))
                }
                _ if offset == 0 => Reading::of(Kind::Date, Some("PRESENT_REF".into()), "no day of writing to count from"),
                _ => Reading::of(Kind::Date, None, "no day of writing to count from"),
            });
        }
        let unit = found.unit();
        if let (Some(ordinal), Some(Unit::Century)) =
            (found.value(Slot::Ordinal), unit.or_else(|| self.names(found, Unit::Century).then_some(Unit::Century)))
        {
            let century = i32::try_from(ordinal).ok()? - 1;
            let century = if found.value(Slot::Era) == Some(-1) { -century } else { century };
            return Some(Reading::at(Some(Stamp::Century(century)), "the century is written"));
        }
        let quarters = || self.filling(found, Slot::Units).any(|unit| unit == Unit::Quarter as i64);
        if (self.names(found, Unit::Quarter) || self.says(found, Cue::Half) || unit == Some(Unit::Quarter) || quarters())
            && let Some(reading) = self.quarter(found, year)
        {
            return Some(reading);
        }
        if let Some(year) = year {
            return Some(Reading::at(Some(Stamp::Year(year)), "the year is written"));
        }
        if let Some(direct) = found.value(Slot::Direct)
            && let Some(unit) = unit
        {
            return self.directed(found, direct, unit);
        }
        if self.language.rules[found.rule].value.as_deref() == Some("TONIGHT") {
            return Some(self.tonight(found));
        }
        if found.value(Slot::Part).is_some()
            || found.get(Slot::Part).is_some()
            || found.get(Slot::Clock).is_some()
            || found.get(Slot::Number).is_some()
            || found.get(Slot::Military).is_some()
        {
            return self.day_of_time(found);
        }
        self.worded(found, unit)
    }

    /// The expression has a word of this list in it.
    pub(crate) fn says(&self, found: &Match<'_>, cue: Cue) -> bool {
        (found.from..found.to).any(|at| self.language.is(self.tokens.get(at), cue))
    }

    /// The words of an expression that fill this slot.
    pub(crate) fn filling(&self, found: &Match<'_>, slot: Slot) -> impl Iterator<Item = i64> {
        let tokens = self.tokens.get(found.from..found.to).unwrap_or_default();
        tokens.iter().filter_map(move |token| self.language.number(token, slot))
    }

    /// The expression names this unit in the singular, be it as a slot or as a word of the pattern.
    pub(crate) fn names(&self, found: &Match<'_>, unit: Unit) -> bool {
        self.filling(found, Slot::Unit).any(|number| number == unit as i64)
    }

    /// The unit that the words name, where no slot gives it: the smallest; "the period" is a quarter, a night or evening a day.
    pub(crate) fn named_unit(&self, found: &Match<'_>) -> Option<Unit> {
        let unit = self.filling(found, Slot::Unit).filter_map(Unit::from_number).filter(|unit| *unit >= Unit::Day).min();
        let part = || {
            let mut tokens = self.tokens.get(found.from..found.to).unwrap_or_default().iter();
            tokens.any(|token| token.lexeme != 0 && self.language.sense(token.lexeme, Slot::Part).is_some()).then_some(Unit::Day)
        };
        unit.or_else(|| self.says(found, Cue::Period).then_some(Unit::Quarter)).or_else(part)
    }

    /// The text speaks of the country whose holiday this is; those of no one country need none.
    fn supported(&self, name: &str) -> bool {
        let american = |token: &Token| token.capital && self.language.marked(token, Cue::American);
        !name.starts_with("us-") || *self.american.get_or_init(|| self.tokens.iter().any(american))
    }

    fn holiday(&self, found: &Match<'_>, name: &str, year: Option<i32>) -> Option<Reading> {
        if !self.supported(name) {
            let how = "a day of one country, of which the text does not speak";
            return Some(Reading::of(Kind::Date, year.map(|year| format!("{year:04}-XX-XX")), how));
        }
        if let Some(year) = year {
            return Some(Reading::at(
                Some(holiday(name, year).map_or(Stamp::Year(year), Stamp::day)),
                "a day that can be computed",
            ));
        }
        let Some(base) = self.here() else {
            return Some(Reading::of(Kind::Date, None, "the year is not said and nothing gives it"));
        };
        let own = base.stamp.first()?;
        let year = base.stamp.year()?;
        let mut candidates =
            (-1..=1).filter_map(|more| holiday(name, year + more)).map(|date| (distance(own, date), Stamp::day(date)));
        let week = self.names(found, Unit::Week);
        let stamp = match found.value(Slot::Direct).map(i64::signum) {
            Some(-1) => candidates.rfind(|(distance, _)| *distance < 0).map(|(_, stamp)| stamp),
            Some(1) => candidates.find(|(distance, _)| *distance > 0).map(|(_, stamp)| stamp),
            _ if self.narrative => {
                candidates.min_by_key(|(distance, _)| story_cost(*distance, &base.stamp)).map(|(_, stamp)| stamp)
            }
            _ => self.choose(found, candidates).map(|(stamp, _)| stamp),
        };
        let stamp = if week { stamp.and_then(|stamp| stamp.widen(Unit::Week)) } else { stamp };
        Some(
            Reading::at(stamp, "a day that can be computed; the year follows from the date it hangs on")
                .anchored(Some(base.anchor)),
        )
    }

    fn season(&self, found: &Match<'_>, season: u8, year: Option<i32>) -> Option<Reading> {
        if let Some(year) = year {
            return Some(Reading::at(Some(Stamp::Season(year, season)), "season and year are written"));
        }
        if let Some(year) = self.year_ahead(found, season * 3) {
            return Some(Reading::at(Some(Stamp::Season(year, season)), "the year is that of the date it is joined with"));
        }
        let code = SEASONS.get(usize::from(season.checked_sub(1)?))?;
        let Some(base) = self.hook().or_else(|| self.last.clone()) else {
            return Some(Reading::of(Kind::Date, Some(format!("XXXX-{code}")), "the year is not said and nothing gives it"));
        };
        let year = base.stamp.year()?;
        let own = base.stamp.first()?;
        // A history's winter is that of the year in which it ends.
        let start = |stamp: &Stamp| {
            let first = if self.narrative && season == 4 { date_of(stamp.year()?, 1, 15) } else { stamp.first() };
            first.map(|date| distance(own, date))
        };
        let candidates: Vec<(i64, Stamp)> = (-1..=1)
            .filter_map(|more| {
                let stamp = Stamp::Season(year + more, season);
                let days = start(&stamp)?;
                // Within the season itself the distance is none.
                let days = if days <= 0 && days > -92 {
                    0
                } else if days < 0 {
                    days + 91
                } else {
                    days
                };
                Some((days, stamp))
            })
            .collect();
        if let Some(year) = self.worded_year(found) {
            return Some(Reading::at(Some(Stamp::Season(year, season)), "the year as the words say").anchored(Some(base.anchor)));
        }
        let mut list = candidates.into_iter();
        let stamp = match found.value(Slot::Direct).map(i64::signum) {
            Some(-1) => list.rfind(|(days, _)| *days < 0).map(|(_, stamp)| stamp),
            Some(1) => list.find(|(days, _)| *days > 0).map(|(_, stamp)| stamp),
            Some(_) => Some(Stamp::Season(year, season)),
            None if self.narrative => list.min_by_key(|(days, _)| story_cost(*days, &base.stamp)).map(|(_, stamp)| stamp),
            None => self.choose(found, list).map(|(stamp, _)| stamp),
        };
        Some(Reading::at(stamp, "the year follows from the date it hangs on").anchored(Some(base.anchor)))
    }

    fn decade(&self, found: &Match<'_>) -> Option<Reading> {
        let era = found.value(Slot::Era).unwrap_or(1);
        if let Some(decade) = found.value(Slot::Decade) {
            if decade > 0 {
                let decade = i32::try_from(decade * era.signum()).ok()?;
                // "the 1900s" is the century, "the 1910s" the decade.
                return Some(Reading::at(
                    Some(if decade % 10 == 0 && decade > 0 && decade < 200 {
                        Stamp::Century(decade / 10)
                    } else {
                        Stamp::Decade(decade)
                    }),
                    "the decade is written",
                ));
            }
            return self.short_decade(-decade);
        }
        let century = if self.says(found, Cue::Eighteen) {
            Some(180)
        } else if self.says(found, Cue::Nineteen) {
            Some(190)
        } else {
            None
        };
        let tens = found.value(Slot::DecadeWord)?;
        match century {
            Some(century) => Some(Reading::at(Some(Stamp::Decade(century + i32::try_from(tens).ok()?)), "the decade is written")),
            None => self.short_decade(tens),
        }
    }

    /// "the nineties": of the century of the story or the day of writing, not in the future.
    fn short_decade(&self, tens: i64) -> Option<Reading> {
        let Some(base) = self.here().or_else(|| self.last.clone()) else {
            return Some(Reading::of(Kind::Date, None, "the century is not said and nothing gives it"));
        };
        let year = base.stamp.first().map(|date| i32::from(date.year()))?;
        let decade = year / 100 * 10 + i32::try_from(tens).ok()?;
        let decade = if !self.narrative && decade * 10 > year { decade - 10 } else { decade };
        Some(
            Reading::at(Some(Stamp::Decade(decade)), "the century follows from the date it hangs on").anchored(Some(base.anchor)),
        )
    }

    fn quarter(&self, found: &Match<'_>, year: Option<i32>) -> Option<Reading> {
        let half = self.says(found, Cue::Half);
        let number = if self.says(found, Cue::Second) || half && (self.says(found, Cue::Latest) || self.says(found, Cue::Last)) {
            2
        } else {
            found.value(Slot::Ordinal)?
        };
        let number = u8::try_from(number).ok().filter(|number| (1..=if half { 2 } else { 4 }).contains(number))?;
        // "the first two quarters" are a half.
        let half = half || number == 1 && self.filling(found, Slot::Units).any(|unit| unit == Unit::Quarter as i64);
        let make = |year: i32| if half { Stamp::Half(year, number) } else { Stamp::Quarter(year, number) };
        if let Some(month) = found.value(Slot::Month) {
            let year = year.or_else(|| self.month_without_year(found, u8::try_from(month).ok()?)?.stamp?.year())?;
            return Some(Reading::at(Some(Stamp::Month(year, u8::try_from(month).ok()?)), "a half of the month"));
        }
        if let Some(year) = year {
            return Some(Reading::at(Some(make(year)), "year and part are written"));
        }
        let name = if half { format!("XXXX-H{number}") } else { format!("XXXX-Q{number}") };
        let Some(base) = self.here().or_else(|| self.last.clone()) else {
            return Some(Reading::of(Kind::Date, Some(name), "the year is not said and nothing gives it"));
        };
        let base_year = base.stamp.year()?;
        if let Some(direct) = found.value(Slot::Direct) {
            let year = base_year + i32::try_from(direct.signum()).ok()?;
            return Some(Reading::at(Some(make(year)), "the year as the words say").anchored(Some(base.anchor)));
        }
        if self.narrative {
            return Some(
                Reading::at(Some(make(base_year)), "the year is that of the date last spoken of").anchored(Some(base.anchor)),
            );
        }
        let own = base.stamp.first()?;
        let now = i64::from(base_year) * if half { 2 } else { 4 } + (i64::from(own.month()) - 1) / if half { 6 } else { 3 } + 1;
        let candidates = (-1..=1).map(|more| {
            let year = base_year + more;
            let distance = i64::from(year) * if half { 2 } else { 4 } + i64::from(number) - now;
            (distance, make(year))
        });
        let (stamp, why) = self.choose(found, candidates)?;
        Some(Reading::at(Some(stamp), &format!("the year follows from the day of writing: {why}")).anchored(Some(base.anchor)))
    }

    /// "last month", "the following day", "this week".
    fn directed(&self, found: &Match<'_>, direct: i64, unit: Unit) -> Option<Reading> {
        let step = i32::try_from(direct.signum()).ok()?;
        // "the past decade" is the ten years up to now, not a decade of the calendar; "last century" is one.
        let stretch = unit == Unit::Decade || unit == Unit::Century && !self.says(found, Cue::Last);
        if stretch && direct.abs() == 1 {
            let years = if unit == Unit::Decade { "P10Y" } else { "P100Y" };
            return Some(Reading::of(Kind::Duration, Some(years.into()), "so many years up to or from the day of writing"));
        }
        let told = direct.abs() > 5 || (direct == 1 && unit <= Unit::Day && !self.says(found, Cue::Coming));
        let base = if told { self.story() } else { self.here() };
        let Some(base) = base else {
            return Some(Reading::of(Kind::Date, None, "no date to count from"));
        };
        // "compared with a loss of 3 million last year": the same quarter a year before.
        if unit == Unit::Year
            && step == -1
            && !self.narrative
            && let Some(period @ Stamp::Quarter(..)) = &self.period
            && self.compared(found)
        {
            return Some(Reading::at(period.moved(-1, Unit::Year), "compared with the period under report, a year before it"));
        }
        let unit = match unit {
            Unit::Fortnight => Unit::Week,
            Unit::Second | Unit::Minute | Unit::Hour => return None,
            other => other,
        };
        let own = match base.stamp.unit() {
            // "last quarter" counted from a season or half has no answer.
            Unit::Quarter if !matches!(base.stamp, Stamp::Quarter(..)) && unit <= Unit::Quarter => None,
            _ => base.stamp.widen(unit),
        };
        let Some(own) = own else {
            return Some(
                Reading::of(Kind::Date, None, "the date last spoken of is not known that closely").anchored(Some(base.anchor)),
            );
        };
        Some(Reading::at(own.step(step), "counted from the date it hangs on, as the words say").anchored(Some(base.anchor)))
    }

    /// The sentence compares figures before the expression.
    fn compared(&self, found: &Match<'_>) -> bool {
        let before = self.tokens.get(..found.from).unwrap_or_default();
        before
            .iter()
            .rev()
            .take(10)
            .take_while(|token| !tense::ends_sentence(token))
            .any(|token| self.language.marked(token, Cue::Compared))
    }

    fn tonight(&self, found: &Match<'_>) -> Reading {
        let last = self.says(found, Cue::Last);
        match self.writing().filter(|_| !self.narrative) {
            Some(base) => {
                let day = if last { base.stamp.step(-1) } else { Some(base.stamp) };
                let stamp = day.and_then(|stamp| match stamp {
                    Stamp::Day(year, month, day) => Some(Stamp::Part(year, month, day, "NI".into())),
                    _ => None,
                });
                Reading::at(stamp, "counted from the day of writing").anchored(Some(base.anchor))
            }
            None => Reading::of(Kind::Time, Some("XXXX-XX-XXTNI".into()), "no day of writing to count from"),
        }
    }

    /// The day on which a bare time of day lies.
    fn day_of_time(&self, found: &Match<'_>) -> Option<Reading> {
        let base = if self.narrative
            || self.says(found, Cue::That)
            || self.says(found, Cue::Following)
            || self.says(found, Cue::Next)
            || self.says(found, Cue::Same)
        {
            self.story()
        } else if self.says(found, Cue::This) {
            self.writing()
        } else {
            self.last.clone().filter(|base| base.stamp.unit() <= Unit::Day).or_else(|| self.writing())
        };
        let base = base.filter(|base| base.stamp.unit() <= Unit::Day);
        let Some(base) = base else {
            return Some(Reading { stamp: None, ..Reading::of(Kind::Time, Some("XXXX-XX-XX".into()), "no day to put it on") });
        };
        let mut day = base.stamp.widen(Unit::Day).or_else(|| base.stamp.first().map(Stamp::day));
        if self.says(found, Cue::Overnight) && !self.narrative && self.tense(found) != Some(Tense::Future) {
            day = day.and_then(|day| day.step(-1));
        } else if self.says(found, Cue::Next) || self.says(found, Cue::Following) {
            day = day.and_then(|day| day.step(1));
        } else if self.says(found, Cue::Previous) || self.says(found, Cue::Yesterday) {
            day = day.and_then(|day| day.step(-1));
        }
        Some(Reading::at(day, "on the day it hangs on").anchored(Some(base.anchor)))
    }

    /// Spans that the pattern words alone give: "the latest quarter", "year-end", "the end of the month".
    fn worded(&self, found: &Match<'_>, unit: Option<Unit>) -> Option<Reading> {
        let named = |cue: Cue| self.says(found, cue);
        let unit = unit.or_else(|| self.named_unit(found))?;
        let plain = found.get(Slot::Modifier).is_none();
        let before = plain && named(Cue::Before);
        let after = plain && (named(Cue::After) || named(Cue::Following));
        if unit < Unit::Day {
            return None;
        }
        if found.cut {
            if self.language.is(self.tokens.get(found.from), Cue::A) {
                return Some(Reading::of(
                    Kind::Duration,
                    Some(crate::spans::period(Some(100), unit)),
                    "a length of time; what it counts from is told, not dated",
                ));
            }
            return Some(Reading::of(Kind::Date, Some(unit.unknown()), "what it counts from is told, not dated"));
        }
        if before || after {
            let Some(base) = self.story() else { return Some(Reading::of(Kind::Date, None, "no date to count from")) };
            let stamp = base.stamp.moved(if before { -1 } else { 1 }, unit).and_then(|stamp| stamp.widen(unit).or(Some(stamp)));
            return Some(Reading::at(stamp, "counted from the date last spoken of").anchored(Some(base.anchor)));
        }
        if unit == Unit::Quarter && !self.narrative {
            return Some(self.this_quarter());
        }
        if named(Cue::Same) || named(Cue::That) || self.narrative {
            let Some(base) = self.story() else { return Some(Reading::of(Kind::Date, None, "no date to count from")) };
            return Some(Reading::at(base.stamp.widen(unit), "the one of the date last spoken of").anchored(Some(base.anchor)));
        }
        let Some(base) = self.here() else { return Some(Reading::of(Kind::Date, None, "no date to count from")) };
        let mut reading = Reading::at(base.stamp.widen(unit), "the one of the day of writing").anchored(Some(base.anchor));
        if found.text(Slot::Modifier).is_none() && named(Cue::End) {
            reading.modifier = Some(Modifier::End);
        }
        Some(reading)
    }

    /// The quarter under report: the one spoken of, else the last full one.
    pub(crate) fn this_quarter(&self) -> Reading {
        if let Some(quarter) = &self.quarter {
            return Reading::at(Some(quarter.clone()), "the quarter under report");
        }
        match self.writing() {
            Some(base) => {
                let stamp = base.stamp.widen(Unit::Quarter).and_then(|quarter| quarter.step(-1));
                Reading::at(stamp, "the last full quarter before the day of writing").anchored(Some(base.anchor))
            }
            None => Reading::of(Kind::Date, None, "no date to count from"),
        }
    }

    /// Puts a part of the day or a clock time on the day.
    fn time_of_day(&self, found: &Match<'_>, reading: &mut Reading) {
        let clock = if let Some(capture) = found.get(Slot::Clock) {
            Some((capture.value / 3600, capture.value / 60 % 60, (capture.text == "s").then_some(capture.value % 60)))
        } else if let Some(military) = found.value(Slot::Military) {
            Some((military / 100, military % 100, None))
        } else if self.language.rules[found.rule].action == Action::Point && found.get(Slot::Number).is_some() {
            found.value(Slot::Number).map(|hundredths| (hundredths / 100, hundredths % 100, None))
        } else {
            None
        };
        let part = found.text(Slot::Part);
        if clock.is_none() && part.is_none() {
            return;
        }
        let text = if let Some((hour, minute, second)) = clock {
            let hour = match found.value(Slot::Meridiem) {
                Some(0) if hour == 12 => 0,
                Some(12) if hour < 12 => hour + 12,
                None if hour < 12 && matches!(part, Some("AF" | "EV")) => hour + 12,
                _ => hour,
            };
            if hour > 24 || minute > 59 {
                return;
            }
            match second {
                Some(second) => format!("{hour:02}:{minute:02}:{second:02}"),
                None => format!("{hour:02}:{minute:02}"),
            }
        } else {
            part.unwrap_or("").to_owned()
        };
        let digits = text.as_bytes().first().is_some_and(u8::is_ascii_digit);
        reading.kind = Kind::Time;
        reading.stamp = match reading.stamp.take() {
            Some(Stamp::Day(year, month, day) | Stamp::Part(year, month, day, _) | Stamp::Time(year, month, day, _)) => {
                Some(if digits {
                    Stamp::Time(year, month, day, text.clone())
                } else {
                    Stamp::Part(year, month, day, text.clone())
                })
            }
            other => other,
        };
        if reading.stamp.is_none() {
            let day = reading.value.take().filter(|value| value.len() == 10).unwrap_or_else(|| "XXXX-XX-XX".into());
            reading.value = Some(format!("{day}T{text}"));
        }
    }
}

/// Days from one date to another, negative if it lies before.
pub(crate) fn distance(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}
