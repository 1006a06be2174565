//! Dates without their year: the year follows from the day of writing and the verb, from a date they are joined with, or from the story.
use crate::calendar::{Stamp, Unit, date_of, weekday_number};
use crate::cue::Cue;
use crate::language::Slot;
use crate::pattern::Match;
use crate::resolve::{Base, Reading, Resolver, distance};
use crate::tense;
use crate::timex::{Kind, Reference, Tense};
use crate::token::{Form, Gap};
use jiff::ToSpan;

impl Resolver<'_> {
    /// What a date without its year hangs on: the last date that moved the story on, or the day of writing.
    pub(crate) fn hook(&self) -> Option<Base> {
        if self.narrative { self.story_date.clone().or_else(|| self.last.clone()) } else { self.writing() }
    }

    /// In a history: does this date move the story on? Days and months do; a bare year does at the head of a sentence, in a heading,
    /// or when it says "in" or "of" the year at hand or the next ones. A year far off is an aside.
    pub(crate) fn moves_story(&self, found: &Match<'_>, stamp: &Stamp) -> bool {
        let Some(story) = &self.story_date else { return true };
        if stamp.unit() < Unit::Year || self.heads_sentence(found) {
            return true;
        }
        let near = stamp.year().zip(story.stamp.year()).is_some_and(|(year, own)| (0..=2).contains(&(year - own)));
        near && self.after_word(found, Cue::InYear)
    }

    /// "August and September 1914", "from October to March 1945": the year of the expression that follows, joined by one word or a dash.
    pub(crate) fn year_ahead(&self, found: &Match<'_>, month: u8) -> Option<i32> {
        let next = self.matches.get(self.current + 1)?;
        let year = self.year_of(next)?;
        let between = next.from.checked_sub(found.to)?;
        let joined = match between {
            0 => self.tokens.get(next.from).is_some_and(|token| token.gap == Gap::Hyphen),
            1 => self.tokens.get(found.to).is_some_and(|token| {
                matches!(token.form, Form::Mark(b'-' | b'/' | b',')) || self.language.marked(token, Cue::Joins)
            }),
            _ => false,
        };
        // A bare year that follows is no month of its own: "in March, 1945" was one expression already.
        let other = next.value(Slot::Month).or_else(|| next.value(Slot::Season).map(|season| season * 3))?;
        joined.then_some(if i64::from(month) > other { year - 1 } else { year })
    }

    /// The expression stands in a heading or within the first words of its sentence: a year there moves the story on.
    pub(crate) fn heads_sentence(&self, found: &Match<'_>) -> bool {
        let Some(before) = self.tokens.get(..found.from) else { return true };
        for (back, token) in before.iter().rev().enumerate().take(3) {
            if tense::ends_sentence(token) {
                return true;
            }
            let next = self.tokens.get(found.from - back);
            if next.is_some_and(|next| next.gap == Gap::Break) || back == 2 {
                break;
            }
        }
        let start = (0..4).any(|back| {
            found.from.checked_sub(back).and_then(|at| self.tokens.get(at)).is_some_and(|token| token.gap == Gap::Break)
        });
        start || self.in_heading(found)
    }

    /// A short line by itself, without a full stop.
    pub(crate) fn in_heading(&self, found: &Match<'_>) -> bool {
        let after = self.tokens.get(found.to..).unwrap_or_default();
        for (count, token) in after.iter().enumerate().take(8) {
            if token.gap == Gap::Break {
                return true;
            }
            if tense::ends_sentence(token) || count == 7 {
                return false;
            }
        }
        after.len() < 8
    }

    /// "of last year", "of that year": the year, if the expression says it in such words.
    pub(crate) fn worded_year(&self, found: &Match<'_>) -> Option<i32> {
        if !self.names(found, Unit::Year) {
            return None;
        }
        let direct = found.value(Slot::Direct);
        let base = if direct.is_none_or(|direct| direct.abs() > 5) { self.story() } else { self.here() }?;
        base.stamp.widen(Unit::Year)?.step(i32::try_from(direct.map_or(0, i64::signum)).ok()?)?.year()
    }

    /// The year that the words give, with its era.
    pub(crate) fn year_of(&self, found: &Match<'_>) -> Option<i32> {
        let sign = if found.value(Slot::Era) == Some(-1) { -1 } else { 1 };
        let full = found
            .value(Slot::Year)
            .or_else(|| found.value(Slot::YearWords))
            .or_else(|| found.value(Slot::Era).and_then(|_| found.value(Slot::Digits)));
        if let Some(year) = full {
            return i32::try_from(year * sign).ok().filter(|year| *year != 0);
        }
        let short = i32::try_from(found.value(Slot::ShortYear)?).ok()?;
        // '98: of the century of the story, but not after the day of writing.
        let century = match (&self.last, self.reference()) {
            (Some(base), _) if self.narrative => base.stamp.year()? / 100 * 100,
            (_, Some(date)) => {
                let year = i32::from(date.year());
                if year / 100 * 100 + short > year + 10 { year / 100 * 100 - 100 } else { year / 100 * 100 }
            }
            _ => 1900,
        };
        Some(century + short)
    }

    pub(crate) fn day_without_year(&self, found: &Match<'_>, month: u8, day: u8) -> Option<Reading> {
        let unresolved =
            || Reading::of(Kind::Date, Some(format!("XXXX-{month:02}-{day:02}")), "the year is not said and nothing gives it");
        let weekday = found.value(Slot::Weekday);
        if let Some(date) = self.year_ahead(found, month).and_then(|year| date_of(year, month, day)) {
            return Some(Reading::at(Some(Stamp::day(date)), "the year is that of the date it is joined with"));
        }
        if let Some(date) = self.worded_year(found).and_then(|year| date_of(year, month, day)) {
            return Some(Reading::at(Some(Stamp::day(date)), "the year as the words say"));
        }
        if let Some(direct) = found.value(Slot::Direct)
            && let Some(base) = self.here()
        {
            let year = base.stamp.year()?;
            let mut stamps = (-1..=1).filter_map(|more| date_of(year + more, month, day).map(|date| (date, Stamp::day(date))));
            let own = base.stamp.first()?;
            let stamp = match direct.signum() {
                -1 => stamps.rfind(|(date, _)| *date < own),
                1 => stamps.find(|(date, _)| *date > own),
                _ => stamps.find(|(date, _)| date.year() == own.year()),
            };
            return Some(
                Reading::at(stamp.map(|(_, stamp)| stamp), "the one before or after, as the words say")
                    .anchored(Some(base.anchor)),
            );
        }
        let Some(base) = self.hook() else {
            return Some(self.story_year(month, day).unwrap_or_else(unresolved));
        };
        let year = base.stamp.year()?;
        let own = base.stamp.first()?;
        let candidates = (-2..=2).filter_map(|more| {
            let date = date_of(year.checked_add(more)?, month, day)?;
            let fits = weekday.is_none_or(|weekday| i64::from(weekday_number(date)) == weekday);
            fits.then(|| (distance(own, date), Stamp::day(date)))
        });
        if self.narrative {
            let best = candidates.min_by_key(|(distance, _)| story_cost(*distance, &base.stamp));
            return Some(best.map_or_else(unresolved, |(_, stamp)| {
                Reading::at(Some(stamp), "the year follows from the date last spoken of").anchored(Some(base.anchor))
            }));
        }
        // A date spoken of in this story whose year is written outweighs nearness to the day of writing.
        Some(match self.choose(found, candidates) {
            Some((stamp, why)) => {
                Reading::at(Some(stamp), &format!("the year follows from the day of writing: {why}")).anchored(Some(base.anchor))
            }
            None => unresolved(),
        })
    }

    /// Without a day of writing a date may still continue a story whose year is known.
    pub(crate) fn story_year(&self, month: u8, day: u8) -> Option<Reading> {
        let base = self.last.clone()?;
        let year = base.stamp.year()?;
        let date = date_of(year, month, day)?;
        Some(Reading::at(Some(Stamp::day(date)), "the year is that of the date last spoken of").anchored(Some(base.anchor)))
    }

    pub(crate) fn month_without_year(&self, found: &Match<'_>, month: u8) -> Option<Reading> {
        if let Some(year) = self.year_ahead(found, month) {
            return Some(Reading::at(Some(Stamp::Month(year, month)), "the year is that of the date it is joined with"));
        }
        if let Some(year) = self.worded_year(found) {
            return Some(Reading::at(Some(Stamp::Month(year, month)), "the year as the words say"));
        }
        let unresolved =
            || Reading::of(Kind::Date, Some(format!("XXXX-{month:02}")), "the year is not said and nothing gives it");
        let Some(base) = self.hook().or_else(|| self.last.clone()) else { return Some(unresolved()) };
        let Some(year) = base.stamp.year() else { return Some(unresolved()) };
        let own = base.stamp.first()?;
        let own_month = i64::from(year) * 12 + i64::from(own.month());
        let at = |more: i32| -> (i64, Stamp) {
            let year = year + more;
            (i64::from(year) * 12 + i64::from(month) - own_month, Stamp::Month(year, month))
        };
        if let Some(direct) = found.value(Slot::Direct) {
            let stamps = [at(-1), at(0), at(1)];
            let pick = match direct.signum() {
                -1 => stamps.iter().rev().find(|(distance, _)| *distance < 0),
                1 => stamps.iter().find(|(distance, _)| *distance > 0),
                _ => stamps.get(1),
            };
            return Some(
                Reading::at(pick.map(|(_, stamp)| stamp.clone()), "the one before or after, as the words say")
                    .anchored(Some(base.anchor)),
            );
        }
        if self.narrative {
            let best = [at(-1), at(0), at(1)].into_iter().min_by_key(|(distance, _)| story_cost(*distance * 30, &base.stamp));
            return best.map(|(_, stamp)| {
                Reading::at(Some(stamp), "the year follows from the date last spoken of").anchored(Some(base.anchor))
            });
        }
        if self.reference().is_none() {
            return Some(Reading::at(Some(at(0).1), "the year is that of the date last spoken of").anchored(Some(base.anchor)));
        }
        let (stamp, why) = self.choose(found, [at(-1), at(0), at(1)])?;
        Some(Reading::at(Some(stamp), &format!("the year follows from the day of writing: {why}")).anchored(Some(base.anchor)))
    }

    /// "postponed until" stands before.
    pub(crate) fn deferred(&self, found: &Match<'_>) -> bool {
        let before = self.tokens.get(..found.from).unwrap_or_default();
        self.after_word(found, Cue::UntilDay)
            && before
                .iter()
                .rev()
                .take(8)
                .take_while(|token| !tense::ends_sentence(token))
                .any(|token| self.language.marked(token, Cue::Deferring))
    }

    /// "as of" stands directly before.
    fn as_of(&self, found: &Match<'_>) -> bool {
        let before = |back: usize| found.from.checked_sub(back).and_then(|at| self.tokens.get(at));
        self.language.is(before(1), Cue::Of) && self.language.is(before(2), Cue::As)
    }

    pub(crate) fn weekday(&self, found: &Match<'_>, weekday: i64) -> Option<Reading> {
        let direct = found.value(Slot::Direct);
        // "the previous Friday" counts from the day last spoken of.
        let told = direct.is_some_and(|direct| direct.abs() > 5);
        let base = if told { self.last.clone().filter(|base| base.stamp.unit() <= Unit::Day) } else { None };
        let Some(base) = base.or_else(|| self.here()).filter(|base| base.stamp.unit() <= Unit::Day) else {
            return Some(Reading::of(Kind::Date, Some(format!("XXXX-WXX-{weekday}")), "no date to count from"));
        };
        let own = base.stamp.first()?;
        let back = (i64::from(weekday_number(own)) - weekday).rem_euclid(7);
        let (days, why) = match direct.map(i64::signum) {
            Some(-1) => (if back == 0 { -7 } else { -back }, "the last one"),
            Some(1) => (7 - back, "the next one"),
            Some(0) => (
                if back == 0 {
                    0
                } else if self.tense(found) == Some(Tense::Past) {
                    -back
                } else {
                    7 - back
                },
                "the one of these days",
            ),
            _ if back == 0 => (0, "the day of writing is one"),
            _ if self.tokens.get(found.to).is_some_and(|token| self.language.is_clitic(token)) => {
                (-back, "what happened on it is spoken of")
            }
            _ if self.as_of(found) => (-back, "\"as of\" looks back"),
            _ if self.after_word(found, Cue::AsEarly) => (7 - back, "\"as early as\" looks forward"),
            _ if self.after_word(found, Cue::Since) => (-back, "\"since\" looks back"),
            _ if self.deferred(found) => (7 - back, "what was put off to it is spoken of"),
            _ => match self.tense(found) {
                Some(Tense::Future) => (7 - back, "the verb looks forward"),
                Some(Tense::Past) => (-back, "the verb is past"),
                _ if self.after_word(found, Cue::Until) => (7 - back, "\"by\" or \"until\" looks forward"),
                _ => (-back, "the last one, as nothing looks forward"),
            },
        };
        let date = own.checked_add(days.days()).ok()?;
        Some(
            Reading::at(Some(Stamp::day(date)), &format!("counted from the date it hangs on: {why}")).anchored(Some(base.anchor)),
        )
    }
}

/// How far-fetched it is that a history goes on with a date so many days off: stories go forward, and not far back.
pub(crate) fn story_cost(days: i64, base: &Stamp) -> i64 {
    // From "1917" the whole of 1917 lies at hand.
    let width = match base.unit() {
        Unit::Year => 364,
        Unit::Quarter => 91,
        Unit::Month => 30,
        _ => 0,
    };
    // Across the end of a year a story steps forward by some months, hardly ever back.
    let Some(own) = base.first() else { return days.abs() };
    let left = i64::from(own.days_in_year()) - i64::from(own.day_of_year());
    if days >= 0 {
        let days = (days - width).max(0);
        if days <= left { days } else { days + 90 }
    } else if -days < i64::from(own.day_of_year()) {
        -days
    } else {
        -days * 2 + 90
    }
}

/// Many dates with their years and hardly a "yesterday" or bare "Tuesday": a history.
pub(crate) fn looks_narrative(reference: Option<Reference>, matches: &[Match<'_>]) -> bool {
    let (mut years, mut dates, mut far, mut long_ago, mut deictic) = (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
    for found in matches {
        if let Some(year) = found.value(Slot::Year) {
            years += 1;
            dates += usize::from(found.get(Slot::Month).is_some());
            let off = reference.map_or(i64::MAX, |reference| (i64::from(reference.date.year()) - year).abs());
            far += usize::from(off > 1);
            long_ago += usize::from(off > 15);
        }
        if found.value(Slot::Era).is_some() {
            years += 1;
            dates += 1;
            far += 1;
            long_ago += 1;
        }
        let bare_weekday = found.get(Slot::Weekday).is_some() && found.get(Slot::Day).is_none();
        // "this week", "last month", "two days ago" count from the day of writing as "yesterday" does.
        let directed = found.value(Slot::Direct).is_some_and(|direct| direct.abs() <= 1) && found.unit().is_some();
        let ago = found.text(Slot::Way).is_some_and(|way| way.starts_with("now"));
        if bare_weekday || directed || ago || found.get(Slot::Offset).is_some() {
            deictic += 1;
        }
    }
    let recent = far >= 10 && dates >= 5 && far * 2 > years && years > 5 * deictic;
    let distant = long_ago >= 5 && long_ago * 4 > years * 3 && matches.len() >= 20 && deictic * 12 < matches.len();
    recent || distant
}
