//! The second half of the resolver: shifts, durations, sets, vague references, comparisons.
use crate::calendar::{Stamp, Unit};
use crate::cue::Cue;
use crate::language::Slot;
use crate::pattern::Match;
use crate::resolve::{Reading, Resolver};
use crate::timex::{Kind, Modifier, Tense};
use crate::token::{Form, Token};

/// An amount of time as ISO 8601 writes it: `P3M`, `PT2.5H`, `PXW`.
pub(crate) fn period(hundredths: Option<i64>, unit: Unit) -> String {
    if let Some(hundredths) = hundredths {
        // "two decades" are twenty years, "two and a half years" two years and six months.
        let parts = match unit {
            Unit::Century if hundredths % 100 != 0 => return period(hundredths.checked_mul(100), Unit::Year),
            Unit::Decade => return period(hundredths.checked_mul(10), Unit::Year),
            Unit::Year => Some(("", "Y", "6M")),
            Unit::Day => Some(("", "D", "T12H")),
            Unit::Hour => Some(("T", "H", "30M")),
            Unit::Minute => Some(("T", "M", "30S")),
            _ => None,
        };
        if let Some((clock, letter, half)) = parts.filter(|_| hundredths % 100 == 50 && hundredths > 100) {
            return format!("P{clock}{}{letter}{half}", hundredths / 100);
        }
    }
    let unit = if unit == Unit::Decade { Unit::Year } else { unit };
    let (clock, letter) = unit.period();
    let count = match hundredths {
        None => "X".to_owned(),
        Some(hundredths) => {
            let hundredths = if unit == Unit::Fortnight { hundredths * 2 } else { hundredths };
            let (whole, fraction) = (hundredths / 100, hundredths % 100);
            match fraction {
                0 => whole.to_string(),
                fraction if fraction % 10 == 0 => format!("{whole}.{}", fraction / 10),
                fraction => format!("{whole}.{fraction:02}"),
            }
        }
    };
    format!("P{clock}{count}{letter}")
}

impl Resolver<'_> {
    /// Amount in hundredths; `Some(None)` where it is not named.
    fn amount(&self, found: &Match<'_>) -> Option<Option<i64>> {
        if self.says(found, Cue::Half) && found.get(Slot::Number).is_none() {
            let whole = if self.says(found, Cue::And) { 100 } else { 0 };
            return Some(Some(whole + 50));
        }
        // "a quarter of a century", "three quarters of a year"
        if found.unit() != Some(Unit::Quarter) && self.quarters(found) {
            let count = self.filling(found, Slot::Cardinal).next().unwrap_or(1);
            return Some(count.checked_mul(25));
        }
        if let Some(first) = found.get(Slot::Number) {
            return Some(Some(first.value));
        }
        if let Some(few) = found.value(Slot::Few) {
            return Some((few > 0).then_some(few * 100));
        }
        if (self.says(found, Cue::A) || self.says(found, Cue::One)) && found.value(Slot::Unit).is_some() {
            return Some(Some(100));
        }
        if found.value(Slot::Units).is_some() {
            return Some(None);
        }
        Some(Some(100))
    }

    /// True where the words count quarters of something, and not the quarters of years.
    fn quarters(&self, found: &Match<'_>) -> bool {
        let plural = self.filling(found, Slot::Units).any(|unit| unit == Unit::Quarter as i64);
        found.get(Slot::Number).is_none() && (plural || self.names(found, Unit::Quarter))
    }

    /// "three days ago", "six weeks earlier".
    pub(crate) fn shift(&self, found: &Match<'_>) -> Option<Reading> {
        let unit = found.unit()?;
        if found.cut {
            return Some(Reading::of(
                Kind::Duration,
                Some(period(self.amount(found)?, unit)),
                "a length of time; what it counts from is told, not dated",
            ));
        }
        let way = found.text(Slot::Way).unwrap_or("now+");
        let way = if self.language.rules[found.rule].value.as_deref() == Some("now") { "now+" } else { way };
        let sign = if way.ends_with('-') { -1 } else { 1 };
        let base = if way.starts_with("now") && !self.narrative { self.writing() } else { self.story() };
        let vague = if sign < 0 { "PAST_REF" } else { "FUTURE_REF" };
        let Some(hundredths) = self.amount(found)? else {
            return Some(Reading::of(Kind::Date, Some(vague.into()), "how long is not said"));
        };
        let Some(base) = base else { return Some(Reading::of(Kind::Date, None, "no date to count from")) };
        let count = i32::try_from(hundredths / 100).ok()? * sign;
        let (count, unit, own) = match (hundredths % 100, unit) {
            (0, unit) => (count, unit, unit),
            (part, Unit::Year) => (count * 12 + sign * i32::try_from(part * 12 / 100).ok()?, Unit::Month, Unit::Month),
            // "half a century ago" was in some decade, "half a decade ago" in some year.
            (part, Unit::Century) => (count * 100 + sign * i32::try_from(part).ok()?, Unit::Year, Unit::Decade),
            (part, Unit::Decade) => (count * 10 + sign * i32::try_from(part / 10).ok()?, Unit::Year, Unit::Year),
            (_, unit) => (count, unit, unit),
        };
        if unit < Unit::Day {
            return Some(Reading::of(Kind::Time, None, "the hour it counts from is not known").anchored(Some(base.anchor)));
        }
        let own = match own {
            Unit::Week | Unit::Fortnight | Unit::Weekend => Unit::Day,
            Unit::Quarter => Unit::Quarter,
            other => other,
        };
        let moved = base.stamp.moved(count, unit);
        let stamp = match moved {
            Some(stamp) => stamp.widen(own).or(Some(stamp)),
            None => None,
        };
        let mut reading = Reading::at(stamp, "counted from the date it hangs on").anchored(Some(base.anchor));
        if reading.stamp.is_none() {
            reading.how = "the date it counts from is not known that closely".into();
        }
        Some(reading)
    }

    pub(crate) fn duration(&self, found: &Match<'_>) -> Option<Reading> {
        let Some(unit) = found.unit() else {
            let value = if self.says(found, Cue::While) { "PXX" } else { return None };
            return Some(Reading::of(Kind::Duration, Some(value.into()), "a length that nobody measured"));
        };
        let hundredths = self.amount(found)?;
        // "a year" after a sum is each year: "$5 a year".
        let bare = found.to == found.from + 2 && self.language.is(self.tokens.get(found.from), Cue::A);
        if bare && self.per(found) {
            return Some(Reading {
                quantifier: None,
                ..Reading::of(Kind::Set, Some(period(Some(100), unit)), "so much for each")
            });
        }
        if unit == Unit::Day
            && found.to == found.from + 2
            && self.language.is(self.tokens.get(found.from), Cue::One)
            && self.tense(found) == Some(Tense::Future)
            && !self.after_word(found, Cue::BeforeSpan)
        {
            return Some(Reading::of(Kind::Date, Some("FUTURE_REF".into()), "some day to come"));
        }
        if let Some(date) = self.ahead(found, hundredths, unit) {
            return Some(date);
        }
        let mut reading = Reading::of(Kind::Duration, Some(period(hundredths, unit)), "a length of time");
        if self.says(found, Cue::Within) {
            reading.modifier = Some(Modifier::EqualOrLess);
        } else if self.says(found, Cue::OrSo) {
            reading.modifier = Some(Modifier::Approx);
        }
        Some(reading)
    }

    /// "will expire in five years": a date, counted from the day of writing. Behind any other verb it is a length of time.
    fn ahead(&self, found: &Match<'_>, hundredths: Option<i64>, unit: Unit) -> Option<Reading> {
        let count = hundredths.filter(|hundredths| hundredths % 100 == 0)?;
        let counted = found.get(Slot::Number).is_some_and(|number| number.from == found.from)
            || self.language.is(self.tokens.get(found.from), Cue::A);
        if self.narrative
            || unit < Unit::Day
            || !counted
            || !self.after_word(found, Cue::In)
            || self.tense(found) != Some(Tense::Future)
        {
            return None;
        }
        let base = self.writing()?;
        let own = if matches!(unit, Unit::Week | Unit::Fortnight | Unit::Weekend) { Unit::Day } else { unit };
        let moved = base.stamp.moved(i32::try_from(count / 100).ok()?, unit)?;
        let stamp = moved.widen(own).unwrap_or(moved);
        Some(Reading::at(Some(stamp), "counted from the day of writing: the verb looks forward").anchored(Some(base.anchor)))
    }

    /// "a year" stands after a noun or a sum, not after a preposition: so much for each.
    fn per(&self, found: &Match<'_>) -> bool {
        let Some(token) = found.from.checked_sub(1).and_then(|at| self.tokens.get(at)) else { return false };
        match token.form {
            Form::Number { .. } | Form::Decimal { .. } => true,
            Form::Word => {
                let lists = [Cue::BeforeSpan, Cue::BeforeYear, Cue::Past, Cue::Present];
                !lists.into_iter().any(|cue| self.language.marked(token, cue))
            }
            Form::Mark(mark) => mark == b'%',
            _ => false,
        }
    }

    pub(crate) fn set(&self, found: &Match<'_>) -> Option<Reading> {
        let every = found.value(Slot::Every);
        let quantifier = match every {
            Some(_) if self.says(found, Cue::Each) => Some("EACH"),
            Some(1 | 2) => Some("EVERY"),
            _ => None,
        };
        let times = every.filter(|every| *every == 2).map_or(100, |_| 200);
        let part = found.text(Slot::Part);
        let value = if let Some(frequency) = found.text(Slot::Frequency) {
            frequency.to_owned()
        } else if let Some(unit) = found.unit() {
            let count =
                found.value(Slot::Number).or_else(|| found.value(Slot::Ordinal).map(|ordinal| ordinal * 100)).unwrap_or(times);
            if self.says(found, Cue::Of) { period(Some(100), unit) } else { period(Some(count), unit) }
        } else if let Some(weekday) = found.value(Slot::Weekday).or_else(|| found.value(Slot::Weekdays)) {
            format!("XXXX-WXX-{weekday}{}", part.map(|part| format!("T{part}")).unwrap_or_default())
        } else if let Some(month) = found.value(Slot::Month) {
            format!("XXXX-{month:02}")
        } else if let Some(season) = found.value(Slot::Season) {
            format!("XXXX-{}", crate::calendar::SEASONS.get(usize::try_from(season - 1).ok()?)?)
        } else if let Some(part) = part {
            format!("XXXX-XX-XXT{part}")
        } else {
            period(Some(100), self.named_unit(found)?)
        };
        Some(Reading { quantifier, ..Reading::of(Kind::Set, Some(value), "something that recurs") })
    }

    pub(crate) fn vague(&self, found: &Match<'_>) -> Option<Reading> {
        // "soon" points forward only from the present; in a past story it is "shortly after".
        if self.says(found, Cue::Soon) && (self.narrative || self.tense(found) == Some(Tense::Past)) {
            return None;
        }
        // "future earnings" describes; only histories use the bare adjective for a time of its own.
        if !self.narrative && self.language.rules[found.rule].history {
            return None;
        }
        let value = found.text(Slot::Reference).map(str::to_owned).or_else(|| self.language.rules[found.rule].value.clone())?;
        Some(Reading::of(Kind::Date, Some(value), "the words name no date"))
    }

    /// "that year": the one of the date last spoken of.
    pub(crate) fn same(&self, found: &Match<'_>) -> Option<Reading> {
        let unit = found.unit();
        let Some(unit) = unit else {
            return if self.says(found, Cue::Moment) {
                let value = if self.says(found, Cue::This) { Some("PRESENT_REF".to_owned()) } else { None };
                Some(Reading::of(Kind::Date, value, "a time spoken of before"))
            } else {
                None
            };
        };
        let Some(base) = self.last.clone() else { return Some(Reading::of(Kind::Date, None, "no date has been spoken of")) };
        Some(Reading::at(base.stamp.widen(unit), "the one of the date last spoken of").anchored(Some(base.anchor)))
    }

    /// A unit alone: "the quarter", "weeks".
    pub(crate) fn bare(&self, found: &Match<'_>) -> Option<Reading> {
        let before = found.from.checked_sub(1).and_then(|at| self.tokens.get(at));
        let prepositional = before.is_some_and(|token: &Token| self.language.marked(token, Cue::BeforeSpan));
        let the = self.language.is(self.tokens.get(found.from), Cue::The);
        if let Some(unit) = found.value(Slot::Units).and_then(Unit::from_number) {
            if the && unit <= Unit::Day || !prepositional {
                return None;
            }
            return Some(Reading::of(Kind::Duration, Some(period(None, unit)), "how many is not said"));
        }
        let unit = found.value(Slot::Unit).and_then(Unit::from_number).or_else(|| self.named_unit(found));
        if self.language.is(self.tokens.get(found.to), Cue::Ended) {
            return self.period_ended(found, unit?);
        }
        if self.filling(found, Slot::Units).any(|unit| unit == Unit::Month as i64) {
            let count = self.filling(found, Slot::Cardinal).next().map(|count| count * 100);
            return Some(Reading::of(Kind::Duration, Some(period(count, Unit::Month)), "a length of time"));
        }
        if !the {
            return None;
        }
        match unit? {
            Unit::Quarter if !self.narrative => Some(self.this_quarter()),
            Unit::Weekend => {
                let base = self.here()?;
                let weekend = base.stamp.widen(Unit::Weekend)?;
                // From Monday to Friday the weekend is the last one unless the verb looks forward.
                let early = base.stamp.first().is_some_and(|day| crate::calendar::weekday_number(day) < 6);
                let back = early && !self.narrative && self.tense(found) != Some(Tense::Future);
                Some(
                    Reading::at(if back { weekend.step(-1) } else { Some(weekend) }, "the one nearest the day of writing")
                        .anchored(Some(base.anchor)),
                )
            }
            unit @ (Unit::Year | Unit::Month | Unit::Week) if prepositional => {
                let base = self.here()?;
                Some(Reading::at(base.stamp.widen(unit), "the one of the date it hangs on").anchored(Some(base.anchor)))
            }
            _ => None,
        }
    }

    /// "the quarter ended Sept. 30": the quarter of that month; a year that ends at a date is a length of time.
    fn period_ended(&self, found: &Match<'_>, unit: Unit) -> Option<Reading> {
        if unit != Unit::Quarter {
            return Some(Reading::of(
                Kind::Duration,
                Some(period(Some(100), unit)),
                "a length of time that ends at the date named after it",
            ));
        }
        let Some(month) = found.value(Slot::Month).and_then(|month| u8::try_from(month).ok()) else {
            return Some(self.this_quarter());
        };
        let base = self.writing()?;
        let own = base.stamp.first()?;
        let year = base.stamp.year()?;
        // Reports come after the end of what they report on.
        let year = if i64::from(month) > i64::from(own.month()) { year - 1 } else { year };
        // A quarter that ends in July has two months of three in the second one of the calendar.
        let (year, middle) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
        Some(
            Reading::at(Some(Stamp::Quarter(year, middle.div_ceil(3))), "the quarter in which most of it lay")
                .anchored(Some(base.anchor)),
        )
    }

    /// The period a figure is compared with, one year before the one under report.
    pub(crate) fn compare(&self, found: &Match<'_>) -> Option<Reading> {
        let how = "a year before the period under report";
        if let Some(year) = self.year_of(found) {
            let stamp = match (found.value(Slot::Ordinal), &self.period) {
                (Some(number), _) => Stamp::Quarter(year, u8::try_from(number).ok().filter(|number| (1..=4).contains(number))?),
                (None, Some(Stamp::Quarter(_, quarter))) => Stamp::Quarter(year, *quarter),
                _ => Stamp::Year(year),
            };
            return Some(Reading::at(Some(stamp), "the year is written, its part is the one under report"));
        }
        if self.narrative {
            let Some(base) = self.story() else { return Some(Reading::of(Kind::Date, None, "no date to count from")) };
            return Some(
                Reading::at(base.stamp.widen(Unit::Year).and_then(|year| year.step(-1)), "a year before the date last spoken of")
                    .anchored(Some(base.anchor)),
            );
        }
        if let Some(period) = &self.period {
            let period = match (found.value(Slot::Ordinal), period) {
                (Some(number), Stamp::Quarter(year, _)) => {
                    Stamp::Quarter(*year, u8::try_from(number).ok().filter(|number| (1..=4).contains(number))?)
                }
                _ => period.clone(),
            };
            return Some(Reading::at(period.moved(-1, Unit::Year), how));
        }
        let Some(base) = self.writing() else { return Some(Reading::of(Kind::Date, None, "no date to count from")) };
        let year = base.stamp.widen(Unit::Year)?;
        Some(Reading::at(year.step(-1), "a year before the day of writing").anchored(Some(base.anchor)))
    }
}
