//! Names of instruments in comparable form: which words tell one instrument from another.
use crate::known::known;
use crate::weights::{Words, rules};
use std::collections::BTreeSet;

/// One surface name, taken apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct NameParts {
    /// Distinctive words: neither the sort of instrument nor mere description. Sorted, without repetition.
    pub distinctive: Vec<String>,
    /// True when the distinctive words are written as a proper name or are an abbreviation.
    pub proper: bool,
    /// Words that name a state or body; they are among the distinctive ones, too.
    pub places: Vec<String>,
    /// A name of two or more capitalised words, whole: exact likeness of these is likeness of names.
    pub whole: Option<String>,
    /// The own name of the well-known instrument that it names.
    pub known: Option<String>,
    /// Four-digit years in the name.
    pub years: Vec<i16>,
    /// Its number among others of the name: "Second Klow Protocol", "Klow II".
    pub numbers: Vec<i16>,
    /// Its noun is one that means other things as often ("settlement").
    pub loose: bool,
    /// Months in the name, 1 to 12.
    pub months: Vec<i8>,
    /// How old the name has the instrument ("two-month-old truce"): days from, days to.
    pub age: Option<(i64, i64)>,
    /// Initials of the capitalised words, and the name itself where it is an abbreviation.
    pub short: Vec<String>,
    /// The name is marked as another instrument than the main one.
    pub other: bool,
}

/// Words in lower case: split at white space, hyphens, slashes and punctuation; dots inside abbreviations and
/// possessives are dropped.
pub(crate) fn plain_words(text: &str) -> Vec<String> {
    raw_words(text).into_iter().map(|word| word.to_lowercase()).collect()
}

/// The same with the letters' case kept.
fn raw_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for piece in text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '/' | '‑')) {
        let piece = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let piece = without_possessive(piece);
        let word: String = piece.chars().filter(|c| c.is_alphanumeric()).collect();
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

/// A word without the ending that makes it somebody's.
pub(crate) fn without_possessive(word: &str) -> &str {
    rules().words.possessive.iter().find_map(|ending| word.strip_suffix(ending.as_str())).unwrap_or(word)
}

/// Takes a name apart. `context` holds words that are no news in this name: those of the parties.
pub(crate) fn name_parts(name: &str, words: &Words, context: &BTreeSet<String>) -> NameParts {
    let full = known().in_full(name);
    let mut parts = NameParts { known: full.as_ref().map(|(_, known)| (*known).to_owned()), ..NameParts::default() };
    let name = full.as_ref().map_or(name, |(name, _)| name);
    let mut distinctive = BTreeSet::new();
    let raw = joined_prefixes(raw_words(name), words);
    let shouted = raw.iter().filter(|word| is_abbreviation(word)).count() * 2 > raw.len() && raw.len() > 1;
    let mut proper_words = 0;
    // What stands before words that name another instrument, by which this one is told.
    let mut by_other: Option<&str> = None;
    let mut named = false;
    for (place, word) in raw.iter().enumerate() {
        let lower = word.to_lowercase();
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        if words.succession.contains(&lower) {
            (parts.other, by_other, parts.known) = (true, Some("after"), None);
            continue;
        }
        let before = place.checked_sub(1).and_then(|before| raw.get(before)).map(|word| word.to_lowercase());
        if words.added_to.contains(&lower) && before.as_ref().is_some_and(|before| words.addition.contains(before)) {
            (by_other, parts.known) = (Some("to"), None);
            continue;
        }
        if capital && let Some(number) = words.ordinal.get(&lower) {
            parts.numbers.push(*number);
            continue;
        }
        if words.other.contains(&lower) {
            // "The deal with the other region" is no other deal: the word has to stand before what it is about.
            parts.other |= !named;
            continue;
        }
        named |= words.instrument.contains(&lower);
        // "Resolution 1701" is no year: what bears a number is told by it.
        let numbered = before.as_ref().is_some_and(|before| words.numbered.contains(before));
        if let Some(by) = by_other {
            // "To replace the 1997 Klow Protocol": neither year nor name are its own, but it is known by them.
            let tells = !words.instrument.contains(&lower) && !words.describing.contains(&lower) && year(&lower).is_none();
            if tells && !words.other.contains(&lower) && lower.chars().count() > 2 {
                distinctive.insert(format!("{by} {}", stem(&lower)));
                proper_words += usize::from(capital);
            }
            continue;
        }
        if numbered && lower.bytes().all(|byte| byte.is_ascii_digit()) {
            distinctive.insert(lower);
            continue;
        }
        if let Some(year) = year(&lower) {
            parts.years.push(year);
            continue;
        }
        // "May's pact" may be a person's: that month needs a word beside it that only a date has.
        let is_month = !words.month_or_name.contains(&lower)
            || before.as_ref().is_some_and(|before| is_number(before) || words.before_month.contains(before))
            || raw.get(place + 1).is_some_and(|next| is_number(next));
        if capital
            && is_month
            && let Some(month) = words.month.iter().position(|month| *month == lower)
        {
            parts.months.extend(i8::try_from(month + 1));
            continue;
        }
        let generic = words.instrument.contains(&lower)
            || words.describing.contains(&lower)
            || lower.bytes().all(|byte| byte.is_ascii_digit())
            || lower.chars().count() < 2;
        if generic || is_party_word(&lower, words, context) {
            continue;
        }
        // "The accord between Lima and Quito": the seats stand for the parties. The Lima Accord is named after the place.
        let joined = named && is_joined(raw.get(..place).unwrap_or_default(), words);
        let seat = known().state_of_capital(&lower).filter(|_| joined);
        if seat.is_some_and(|state| state.split(' ').all(|part| context.contains(part))) {
            continue;
        }
        // "South American" is not American.
        let of_continent =
            words.continent.contains(&lower) && before.as_ref().is_some_and(|before| words.part_of_continent.contains(before));
        let next = raw.get(place + 1).map(|word| word.to_lowercase());
        if words.compass.contains(&lower)
            && next.is_some_and(|next| is_party_word(&next, words, context) || state_of(&next, words).is_some())
        {
            continue;
        }
        if let Some(place) = state_of(&lower, words).filter(|_| !of_continent) {
            let place = place.replace(' ', "_");
            parts.places.push(place.clone());
            distinctive.insert(place);
            continue;
        }
        if is_abbreviation(word) && !shouted {
            parts.short.push(lower.clone());
            proper_words += 2;
        } else if capital && !words.field.contains(&lower) {
            proper_words += 1;
        }
        distinctive.insert(stem(&lower));
    }
    parts.short.extend(initials_of(&raw, words, context));
    let noun_last = raw.last().is_some_and(|word| words.instrument.contains(&word.to_lowercase()));
    parts.proper = !shouted
        && proper_words > 0
        && (noun_last || proper_words > 1 || raw.len() <= 2 || raw.iter().any(|word| words.of.contains(word)));
    // A generic name in capitals ("Free Trade Agreement") is still generic.
    let capitalised = capitalised(&raw, words, context);
    if capitalised.len() >= 2
        && (!distinctive.is_empty() || !parts.places.is_empty())
        && (distinctive.len() >= FIELDS_OF_A_NAME || !distinctive.iter().all(|word| words.field.contains(word)))
    {
        parts.whole = Some(capitalised.join(" "));
    }
    let nouns = || raw.iter().map(|word| word.to_lowercase()).filter(|word| words.instrument.contains(word));
    parts.loose = nouns().next().is_some() && nouns().all(|noun| words.loose_instrument.contains(&noun));
    parts.age = age(&raw, words);
    parts.distinctive = distinctive.into_iter().collect();
    parts
}

/// True where the last word of `before` that does more than describe ("between Lima and de facto ...") is one that joins parties.
fn is_joined(before: &[String], words: &Words) -> bool {
    let lower = before.iter().rev().take(FARTHEST_JOINING).map(|word| word.to_lowercase());
    let mut telling = lower.filter(|word| words.joining.contains(word) || !words.describing.contains(word));
    telling.next().is_some_and(|word| words.joining.contains(&word))
}

/// A word that joins parties stands no more than so many words before them.
const FARTHEST_JOINING: usize = 4;

/// The longest run of words in capitals, with no more than small words between: "Treaty of Alliance and Friendship with Klow" is named
/// by three words. What it is and whose it is belong to the name only where little else is left.
fn capitalised(raw: &[String], words: &Words, context: &BTreeSet<String>) -> Vec<String> {
    let (mut best, mut run): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for word in raw {
        let lower = word.to_lowercase();
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        if capital && !words.article.contains(&lower) {
            run.push(lower);
        } else if !words.small.contains(&lower) {
            run.clear();
        }
        if run.len() > best.len() {
            best.clone_from(&run);
        }
    }
    let tells = |word: &&String| !words.instrument.contains(*word) && !is_party_word(word, words, context);
    let core: Vec<String> = best.iter().filter(tells).map(|word| stem(word)).collect();
    if core.len() >= 2 { core } else { best.iter().map(|word| stem(word)).collect() }
}

/// "five-year old", "15 day old", "week-old": how many days ago, from and to.
fn age(raw: &[String], words: &Words) -> Option<(i64, i64)> {
    let lower: Vec<String> = raw.iter().map(|word| word.to_lowercase()).collect();
    let old = lower.iter().position(|word| words.old.contains(word))?;
    let unit = lower.get(old.checked_sub(1)?)?;
    let count = old.checked_sub(2).and_then(|place| lower.get(place)).and_then(|word| {
        word.parse::<i64>()
            .ok()
            .or_else(|| words.count.iter().position(|number| number == word).and_then(|number| i64::try_from(number).ok()))
    });
    let count = count.unwrap_or(1).clamp(0, 400);
    let days = *words.unit.get(unit)?;
    // Ages are rounded: half a unit more or less, two days at least.
    let slack = (days * 6 / 10).max(2);
    Some(((count * days - slack).max(0), count * days + slack))
}

/// "Non-Proliferation" and "Nonproliferation" are one word.
fn joined_prefixes(raw: Vec<String>, words: &Words) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(raw.len());
    for word in raw {
        match joined.last_mut() {
            Some(last) if words.prefix.contains(&last.to_lowercase()) => last.push_str(&word.to_lowercase()),
            _ => joined.push(word),
        }
    }
    joined
}

/// Initials of a name of several words, with and without its small words.
pub(crate) fn initials(form: &str, words: &Words) -> Vec<String> {
    let small = |word: &str| words.small.contains(word);
    let all: String = form.split(' ').filter_map(|word| word.chars().next()).collect();
    let large: String = form.split(' ').filter(|word| !small(word)).filter_map(|word| word.chars().next()).collect();
    let mut found: Vec<String> = [all, large].into_iter().filter(|short| short.len() >= 2).collect();
    found.dedup();
    found
}

/// A word of a party's name, its adjective or short form.
pub(crate) fn is_party_word(word: &str, words: &Words, context: &BTreeSet<String>) -> bool {
    if context.contains(word) {
        return true;
    }
    if let Some(name) = state_of(word, words) {
        return name.split(' ').all(|part| context.contains(part));
    }
    context.iter().any(|party| one_root(word, party))
}

/// The state or body that a short form or an adjective belongs to, in lower case.
fn state_of<'w>(word: &str, words: &'w Words) -> Option<&'w str> {
    words.demonym.get(word).map(String::as_str).or_else(|| known().state_of(word))
}

/// Initials of the longest run of words in capitals: "Great Northern Fisheries Accord" may be GNFA elsewhere. A run that says
/// only who made what sort of thing ("Norland Free Trade Agreement") has none: many go by the same letters.
fn initials_of(raw: &[String], words: &Words, context: &BTreeSet<String>) -> Option<String> {
    let mut best: Option<String> = None;
    let (mut initials, mut tells, mut fields) = (String::new(), false, 0);
    for word in raw.iter().map(String::as_str).chain(std::iter::once("")) {
        let lower = word.to_lowercase();
        if words.small.contains(&lower) && !initials.is_empty() {
            continue;
        }
        if word.chars().next().is_some_and(char::is_uppercase) && !is_abbreviation(word) && !words.article.contains(&lower) {
            let generic = words.instrument.contains(&lower) || words.describing.contains(&lower);
            let field = words.field.contains(&lower);
            fields += usize::from(field);
            tells |= !generic && !field && !is_party_word(&lower, words, context) && state_of(&lower, words).is_none();
            initials.extend(lower.chars().next());
            continue;
        }
        let count = initials.chars().count();
        if (tells || fields >= FIELDS_OF_A_NAME) && count >= 3 && best.as_ref().is_none_or(|best| best.chars().count() < count) {
            best = Some(std::mem::take(&mut initials));
        }
        initials.clear();
        (tells, fields) = (false, 0);
    }
    best
}

/// So many words for fields that many instruments share make a name together ("Alliance and Strategic Partnership").
const FIELDS_OF_A_NAME: usize = 3;

/// Two forms of one name: a state and its adjective or people ("Sudan", "Sudanese"), not two states that begin
/// alike ("Austria", "Australia"; "Niger", "Nigeria").
pub(crate) fn one_root(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let endings = &rules().words.people_ending;
    let common: usize = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum();
    let rest = |word: &str| word.get(common..).is_some_and(|rest| rest.is_empty() || endings.contains(rest));
    common >= 4 && rest(a) && rest(b)
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// A plural that names several instruments at once ("Norland, Vestria and Lunmark Free Trade Agreements"), one of them with
/// the parties of this one: the other names in the list are no names of it. Gives all the words of the list.
pub(crate) fn bundle(name: &str, words: &Words, context: &BTreeSet<String>) -> Option<BTreeSet<String>> {
    let raw = raw_words(name);
    let is_plural = |word: &String| words.instrument.contains(word) && stem(word) != *word;
    if !raw.iter().any(|word| is_plural(&word.to_lowercase()))
        || !(name.contains(',') || raw.iter().any(|word| words.and.contains(word)))
    {
        return None;
    }
    let listed: BTreeSet<String> = raw
        .iter()
        .filter(|word| word.chars().next().is_some_and(char::is_uppercase))
        .map(|word| word.to_lowercase())
        .filter(|word| !words.instrument.contains(word) && !words.field.contains(word) && !words.describing.contains(word))
        .collect();
    let own = listed.iter().filter(|word| is_party_word(word, words, context)).count();
    (own > 0 && own < listed.len()).then_some(listed)
}

/// The name that a headline gives to the instrument of its story: capitalised words before a capitalised noun ("sign Klow
/// Treaty"), or what comes after one ("Treaty of Klow", "deal on river fishing"). Nothing where all words are capitalised.
pub(crate) fn headline_name(title: &str, words: &Words) -> Option<String> {
    let raw: Vec<&str> = title.split_whitespace().take(30).collect();
    let clean = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let is_capital = |word: &str| clean(word).chars().next().is_some_and(char::is_uppercase);
    let long = raw.iter().skip(1).filter(|word| clean(word).chars().count() > 3);
    if !long.clone().any(|word| !is_capital(word)) {
        return None;
    }
    for (at, noun) in raw.iter().enumerate().filter(|(_, word)| words.instrument.contains(&clean(word).to_lowercase())) {
        let mut start = at;
        while is_capital(noun)
            && start > 0
            && raw.get(start - 1).is_some_and(|word| is_capital(word) && !word.ends_with([',', ':']))
        {
            start -= 1;
        }
        let mut end = at;
        if !noun.ends_with([',', ':', ';', '.'])
            && raw.get(at + 1).is_some_and(|word| words.on.contains(*word) || (words.of.contains(*word) && is_capital(noun)))
        {
            end = (at + 2..raw.len().min(at + 5))
                .take_while(|place| !raw.get(*place).is_some_and(|word| words.after_subject.contains(*word)))
                .last()
                .unwrap_or(at);
        }
        if start < at || end > at {
            return Some(raw.get(start..=end)?.iter().map(|word| clean(word)).collect::<Vec<_>>().join(" "));
        }
    }
    None
}

fn is_abbreviation(word: &str) -> bool {
    word.chars().count() >= 2 && word.chars().filter(|c| c.is_uppercase()).count() >= 2 && !word.chars().any(char::is_lowercase)
        || (word.chars().count() >= 3 && word.ends_with('s') && word.chars().rev().skip(1).all(char::is_uppercase))
}

fn year(word: &str) -> Option<i16> {
    let year = word.parse::<i16>().ok().filter(|_| word.len() == 4)?;
    (1500..=2200).contains(&year).then_some(year)
}

/// Plurals fall together with their singular.
pub(crate) fn stem(word: &str) -> String {
    let plural = &rules().words.plural;
    match word.strip_suffix(plural.ending.as_str()) {
        Some(short) if short.chars().count() >= plural.letters && !short.ends_with(|c| plural.not_after.contains(c)) => {
            short.to_owned()
        }
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, parties: &[&str], distinctive: &[&str], proper: bool) {
        let context = parties.iter().flat_map(|party| plain_words(party)).collect();
        let parts = name_parts(name, &rules().words, &context);
        assert_eq!(
            (parts.distinctive.iter().map(String::as_str).collect::<Vec<_>>(), parts.proper),
            (distinctive.to_vec(), proper)
        );
    }

    #[test]
    fn only_words_that_tell_instruments_apart_are_distinctive() {
        check("the Klow Protocol", &[], &["klow"], true);
        check("a ceasefire agreement", &["Syldavia"], &[], false);
        check("the Syldavian-Bordurian pact on river fishing", &["Syldavia", "Borduria"], &["fishing", "river"], false);
        check("PLSP", &[], &["plsp"], true);
    }

    #[test]
    fn a_seat_behind_words_that_only_describe_stands_for_its_party() {
        check("agreement between Chile and de facto Lima", &["Chile", "Peru"], &[], false);
        check("the Lima Accord", &["Chile", "Peru"], &["lima"], true);
    }

    #[test]
    fn a_number_in_capitals_belongs_to_the_name() {
        let parts = |name: &str| name_parts(name, &rules().words, &BTreeSet::new());
        assert_eq!((parts("the Second Klow Protocol").numbers, parts("Klow II").numbers), (vec![2], vec![2]));
        let second = parts("a second pact");
        assert!(second.other && second.numbers.is_empty());
    }

    #[test]
    fn the_whole_name_is_what_stands_together_in_capitals() {
        let whole = |name: &str| name_parts(name, &rules().words, &BTreeSet::new()).whole;
        let one = whole("so-called treaty (\"Alliance and Strategic Partnership\")");
        assert_eq!(one.as_deref(), Some("alliance strategic partnership"));
        assert_eq!(whole("Alliance and Strategic Partnership deal with the neighboring land of Klow"), one);
        assert_eq!(whole("a treaty with Klow"), None);
    }

    #[test]
    fn a_number_that_something_bears_is_no_year() {
        let parts = name_parts("ceasefire of resolution 1701", &rules().words, &BTreeSet::new());
        assert_eq!((parts.years.len(), parts.distinctive), (0, vec!["1701".to_owned()]));
    }

    #[test]
    fn a_list_of_instruments_names_none_of_them_by_the_others() {
        let context = |party: &str| BTreeSet::from([party.to_owned()]);
        let listed = bundle("Norland, Vestria and Lunmark Trade Agreements", &rules().words, &context("vestria"));
        assert_eq!(listed.unwrap().into_iter().collect::<Vec<_>>(), ["lunmark", "norland", "vestria"]);
        assert_eq!(bundle("Norland and Vestria Trade Agreement", &rules().words, &context("vestria")), None);
        assert_eq!(bundle("Klow and Zett Agreements", &rules().words, &context("vestria")), None);
    }

    #[test]
    fn a_headline_names_its_instrument() {
        let named = |title: &str| headline_name(title, &rules().words);
        assert_eq!(named("Norland leaders sign Klow Treaty").as_deref(), Some("Klow Treaty"));
        assert_eq!(named("Senate takes up Treaty of Klow again").as_deref(), Some("Treaty of Klow again"));
        assert_eq!(named("Norland, Vestria reach deal on river fishing").as_deref(), Some("deal on river fishing"));
        assert_eq!(named("Norland Signs Klow Treaty Today"), None);
        assert_eq!(named("Two sides reach deal"), None);
    }

    #[test]
    fn years_and_marks_of_otherness_are_seen() {
        let parts = name_parts("the previous ceasefire of 1995", &rules().words, &BTreeSet::new());
        assert!(parts.other && parts.years == [1995] && parts.distinctive.is_empty());
        assert_eq!(name_parts("Great Northern Fisheries Accord", &rules().words, &BTreeSet::new()).short, ["gnfa"]);
    }
}
