//! Sums of money: amount, currency, and which sum is another one's conversion.
//!
//! Only what the text says: a currency that a name leaves open ("rupees") is decided by the countries that the text names, or
//! stays open. Words for currencies and numbers are data (`rules/en/currencies.toml`).
mod currencies;

use crate::actors::{Gazetteer, Relation};
use chancery_agreement::Span;
use currencies::{Currencies, Unit};

/// One sum of money in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Sum {
    /// From the currency or number to the last word of the sum, in bytes of the text.
    pub span: Span,
    /// The amount in units of the currency; the lower end where the text gives a range.
    pub amount: f64,
    /// The upper end of a range ("$5-10 million").
    pub up_to: Option<f64>,
    /// ISO 4217 code; `None` where the words leave it open.
    pub currency: Option<Box<str>>,
    /// Index of the sum that this one converts into another currency ("1 billion rubles ($16 million)").
    pub converts: Option<usize>,
}

/// One piece of the text that matters for sums.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Number(f64),
    Word(String),
    /// A currency symbol or code; index into `Currencies::symbols`.
    Symbol(usize),
    Other,
}

/// Every sum of money in `text` within the bytes of `within`, in order.
///
/// Vague amounts ("millions of dollars") are left out: they give no number.
#[must_use]
pub fn sums(text: &str, within: Span) -> Vec<Sum> {
    sums_in(text, &[within])
}

/// Every sum of money in the parts `parts` of `text`, in order. The countries that any of the parts names decide what a shared
/// name ("rupees") means in all of them.
#[must_use]
pub fn sums_in(text: &str, parts: &[Span]) -> Vec<Sum> {
    let table = Currencies::embedded();
    let mut countries = None;
    let mut sums: Vec<Sum> = Vec::new();
    for part in parts {
        let within = Span::new(part.start(), part.end().min(text.len()));
        let pieces = pieces(table, text, within);
        let mut reader = SumReader { table, text, parts, pieces: &pieces, countries: &mut countries };
        let mut at = 0;
        while at < pieces.len() {
            let Some((sum, next)) = reader.sum_at(at) else {
                at += 1;
                continue;
            };
            let before = sums.len().checked_sub(1);
            let converts = before.filter(|&before| {
                sums.get(before).is_some_and(|first| {
                    let between = Span::new(first.span.end(), sum.span.start());
                    first.currency != sum.currency && within.contains(between) && is_conversion(between.of(text))
                })
            });
            sums.push(Sum { converts, ..sum });
            at = next.max(at + 1);
        }
    }
    sums
}

/// True for what stands between a sum and its conversion: an opening bracket, or "or about".
fn is_conversion(between: &str) -> bool {
    let between = between.trim();
    let (bracket, rest) = match between.strip_prefix(['(', '[']) {
        Some(rest) => (true, rest),
        None => (false, between.strip_prefix(',').unwrap_or(between)),
    };
    let mut words = rest.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).peekable();
    let or = words.next_if_eq(&"or").is_some();
    let fillers =
        ["about", "around", "approximately", "roughly", "some", "nearly", "almost", "equivalent", "to", "=", "~", "≈", "then"];
    (bracket || or) && words.all(|word| fillers.contains(&word))
}

struct SumReader<'t> {
    table: &'static Currencies,
    text: &'t str,
    parts: &'t [Span],
    pieces: &'t [(Span, Piece)],
    /// Names of the actors that the text names; looked up when first needed.
    countries: &'t mut Option<Vec<&'static str>>,
}

/// A number with the pieces that it takes.
struct Numeral {
    value: f64,
    /// Product of the scale words in it; 1 where there are none.
    scale: f64,
    next: usize,
}

impl SumReader<'_> {
    fn piece(&self, at: usize) -> Option<&Piece> {
        self.pieces.get(at).map(|(_, piece)| piece)
    }

    fn span(&self, at: usize) -> Span {
        self.pieces.get(at).map(|(span, _)| *span).unwrap_or_default()
    }

    /// What stands between piece `at` and the one before it.
    fn gap(&self, at: usize) -> &str {
        let before = at.checked_sub(1).map_or(Span::default(), |before| self.span(before));
        Span::new(before.end(), self.span(at).start()).of(self.text)
    }

    /// A sum that begins at piece `at`, with the first piece after it.
    fn sum_at(&mut self, at: usize) -> Option<(Sum, usize)> {
        if let Some(&Piece::Symbol(symbol)) = self.piece(at) {
            return self.sum_after_symbol(at, symbol);
        }
        let mut numeral = self.numeral(at, false)?;
        let mut up_to = None;
        if let Some(upper) = self.upper_end(&numeral, None) {
            if numeral.scale == 1.0 {
                numeral.value *= upper.scale;
            }
            up_to = Some(upper.value);
            numeral.next = upper.next;
        }
        let (unit, next) = self.unit_after(numeral.next)?;
        if numeral.value.max(up_to.unwrap_or(0.0)) < unit.from || self.is_weight(&unit, next) {
            return None;
        }
        let currency = self.decide(&unit);
        let span = self.span(at).join(self.span(next - 1));
        Some((Sum { span, amount: numeral.value, up_to, currency, converts: None }, next))
    }

    /// "$5 million", "US$ 5m", "Rs 500 crore", "$5-10 million".
    fn sum_after_symbol(&mut self, at: usize, symbol: usize) -> Option<(Sum, usize)> {
        if self.gap(at + 1).trim_matches([' ', '\u{a0}']).len() > usize::from(self.gap(at + 1) == ".") {
            return None;
        }
        let mut numeral = self.numeral(at + 1, true)?;
        let mut up_to = None;
        if let Some(upper) = self.upper_end(&numeral, Some(symbol)) {
            if numeral.scale == 1.0 {
                numeral.value *= upper.scale;
            }
            up_to = Some(upper.value);
            numeral.next = upper.next;
        }
        let (_, unit) = self.table.symbols.get(symbol)?;
        // "$5 million Canadian", "$5 million US": the word behind the sum says whose dollars.
        let mut unit = unit.clone();
        let mut next = numeral.next;
        if unit.codes.len() > 1
            && let Some(&Piece::Word(_) | &Piece::Symbol(_)) = self.piece(next)
            && let Some(actor) = Gazetteer::embedded().lookup(self.span(next).of(self.text))
            && matches!(actor.relation, Relation::Demonym | Relation::Abbreviation)
            && let Some(code) = unit.codes.iter().find(|(_, whose)| whose.as_deref() == Some(&actor.actor.name))
            && !matches!(self.piece(next + 1), Some(Piece::Word(_)))
        {
            unit = Unit { codes: vec![code.clone()], ..unit };
            next += 1;
        } else if let Some((named, after)) = self.unit_after(next)
            && named.codes.iter().any(|(code, _)| unit.codes.iter().any(|(own, _)| own == code))
        {
            // "$5 million dollars", "$5 million USD".
            unit = named;
            next = after;
        }
        let currency = self.decide(&unit);
        let span = self.span(at).join(self.span(next - 1));
        Some((Sum { span, amount: numeral.value, up_to, currency, converts: None }, next))
    }

    /// "to 10 million", "-10 million", "and $10 million" (after "between") behind a number.
    fn upper_end(&self, lower: &Numeral, symbol: Option<usize>) -> Option<Numeral> {
        let mut at = lower.next;
        match self.piece(at)? {
            Piece::Word(word) if word == "to" => at += 1,
            Piece::Word(word) if word == "and" => {
                let first = lower.next.saturating_sub(if symbol.is_some() { 3 } else { 2 });
                let between = (first.saturating_sub(1)..lower.next)
                    .any(|before| self.piece(before) == Some(&Piece::Word("between".into())));
                if !between {
                    return None;
                }
                at += 1;
            }
            Piece::Number(_) | Piece::Symbol(_) if matches!(self.gap(at).trim(), "-" | "–" | "—") => {}
            _ => return None,
        }
        if let (Some(symbol), Some(Piece::Symbol(other))) = (symbol, self.piece(at)) {
            if symbol != *other {
                return None;
            }
            at += 1;
        }
        let upper = self.numeral(at, symbol.is_some())?;
        let lowest = if lower.scale == 1.0 { lower.value * upper.scale } else { lower.value };
        (upper.value > lowest).then_some(upper)
    }

    /// A number in digits or words with its scale words: "5", "1.2bn", "two hundred and fifty million", "half a billion".
    fn numeral(&self, at: usize, after_symbol: bool) -> Option<Numeral> {
        let near = |at: usize| matches!(self.gap(at).trim_matches([' ', '\u{a0}']), "" | "-" | "\u{2010}" | "\u{2011}");
        let mut next = at + 1;
        let mut value = match self.piece(at)? {
            Piece::Number(value) => *value,
            Piece::Word(word) => {
                let small = *self.table.number.get(word.as_str())?;
                let (value, after) = self.words_below_thousand(at, small);
                next = after;
                value
            }
            Piece::Symbol(_) | Piece::Other => return None,
        };
        let mut scale = 1.0;
        let mut rest = 0.0;
        while let Some(Piece::Word(word)) = self.piece(next) {
            if !near(next) {
                break;
            }
            let by = self.table.scale.get(word.as_str()).copied();
            let attached = self.table.attached.get(word.as_str()).copied();
            let by = by.or(attached.filter(|_| after_symbol && scale == 1.0 && self.gap(next).is_empty()));
            // "$5 m" is a sum, "5 m" a length.
            if let Some(by) = by {
                scale *= by;
                value *= by;
                next += 1;
                continue;
            }
            // "two million three hundred thousand": a smaller number after a scale word.
            if scale > 1.0
                && let Some(&small) = self.table.number.get(word.as_str())
                && small >= 1.0
                && !matches!(word.as_str(), "a" | "an")
            {
                let (below, after) = self.words_below_thousand(next, small);
                let mut by = 1.0;
                let mut end = after;
                while let Some(&factor) = self.word(end).and_then(|word| self.table.scale.get(word)) {
                    by *= factor;
                    end += 1;
                }
                if by > 1.0 && by < scale {
                    rest += below * by;
                    next = end;
                    continue;
                }
            }
            break;
        }
        if matches!(self.piece(at), Some(Piece::Word(word)) if matches!(word.as_str(), "a" | "an" | "half")) && scale == 1.0 {
            return None;
        }
        Some(Numeral { value: value + rest, scale, next })
    }

    fn word(&self, at: usize) -> Option<&str> {
        match self.piece(at) {
            Some(Piece::Word(word)) => Some(word),
            _ => None,
        }
    }

    /// "twenty-five", "two hundred and fifty", "half a", "one and a half": the value and the piece after it.
    fn words_below_thousand(&self, at: usize, first: f64) -> (f64, usize) {
        let number = |at: usize| self.word(at).and_then(|word| self.table.number.get(word).copied());
        let mut value = first;
        let mut next = at + 1;
        if first < 1.0 {
            // "half a billion"
            return (value, if matches!(self.word(next), Some("a" | "an")) { next + 1 } else { next });
        }
        if (20.0..100.0).contains(&value)
            && let Some(unit) = number(next).filter(|&unit| (1.0..10.0).contains(&unit))
            && !matches!(self.word(next), Some("a" | "an"))
        {
            value += unit;
            next += 1;
        }
        if self.word(next) == Some("hundred") && value < 100.0 {
            value *= 100.0;
            next += 1;
            let and = if self.word(next) == Some("and") { next + 1 } else { next };
            if let Some(tens) = number(and).filter(|&tens| tens >= 1.0) {
                let (below, after) = self.words_below_thousand(and, tens);
                if below < 100.0 && !matches!(self.word(and), Some("a" | "an")) {
                    value += below;
                    next = after;
                }
            }
        }
        if self.word(next) == Some("and") && self.word(next + 2) == Some("half") {
            return (value + 0.5, next + 3);
        }
        (value, next)
    }

    /// The name, code or symbol of a currency at piece `at`, with the piece after it.
    fn unit_after(&self, at: usize) -> Option<(Unit, usize)> {
        if !matches!(self.gap(at).trim_matches([' ', '\u{a0}']), "" | "-" | "\u{2010}" | "\u{2011}") {
            return None;
        }
        let mut name = String::new();
        let mut best = None;
        for next in at..at + self.table.longest_name {
            let Some(word) = self.pieces.get(next).filter(|(_, piece)| matches!(piece, Piece::Word(_) | Piece::Symbol(_))) else {
                break;
            };
            if next > at {
                if !matches!(self.gap(next), " " | "-" | "\u{a0}" | ". " | ".") {
                    break;
                }
                name.push(' ');
            }
            name.push_str(&word.0.of(self.text).to_lowercase());
            if let Some(unit) = self.table.names.get(name.as_str()) {
                best = Some((unit.clone(), next + 1));
            }
        }
        if best.is_some() {
            return best;
        }
        // "US" before "dollars" was read as a word; a country's adjective before a shared name decides it.
        if let (Some(word), Some(noun)) = (self.pieces.get(at), self.word(at + 1))
            && let Some(unit) = self.table.names.get(noun)
            && let Some(actor) = Gazetteer::embedded().lookup(word.0.of(self.text))
            && let Some(code) = unit.codes.iter().find(|(_, whose)| whose.as_deref() == Some(&actor.actor.name))
        {
            return Some((Unit { codes: vec![code.clone()], prefer: None, from: 0.0 }, at + 2));
        }
        match self.piece(at)? {
            Piece::Symbol(symbol) => {
                let (_, unit) = self.table.symbols.get(*symbol)?;
                // "50 €" is a sum; "5 $3 tickets" is not five dollars.
                let followed = matches!(self.piece(at + 1), Some(Piece::Number(_))) && self.gap(at + 1).trim().is_empty();
                (!followed).then(|| (unit.clone(), at + 1))
            }
            _ => None,
        }
    }

    /// "two million pounds of meat": not money.
    fn is_weight(&self, unit: &Unit, next: usize) -> bool {
        let pound = unit.codes.iter().any(|(code, _)| **code == *"GBP") && unit.from > 0.0;
        pound && self.word(next) == Some("of") && !self.word(next + 1).is_some_and(|word| self.table.purposes.contains(word))
    }

    /// The code of a unit: its only one, the one of a country that the text names, or the preferred one.
    fn decide(&mut self, unit: &Unit) -> Option<Box<str>> {
        if let [(code, _)] = unit.codes.as_slice() {
            return Some(code.clone());
        }
        if let Some(preferred) = &unit.prefer {
            return Some(preferred.clone());
        }
        let (text, parts) = (self.text, self.parts);
        let countries = self.countries.get_or_insert_with(|| {
            let scan = |part: &Span| Gazetteer::embedded().scan(text, *part);
            parts.iter().flat_map(scan).map(|hit| hit.found.actor.name.as_str()).collect()
        });
        let mut named = unit.codes.iter().filter(|(_, whose)| whose.as_deref().is_some_and(|whose| countries.contains(&whose)));
        match (named.next(), named.next()) {
            (Some((code, _)), None) => Some(code.clone()),
            _ => None,
        }
    }
}

/// Cuts the text into numbers, words and currency symbols.
fn pieces(table: &Currencies, text: &str, within: Span) -> Vec<(Span, Piece)> {
    let part = within.of(text);
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut before = ' ';
    while let Some(rest) = part.get(at..) {
        let Some(c) = rest.chars().next() else { break };
        let (length, piece) = if c.is_whitespace() {
            (c.len_utf8(), None)
        } else if c.is_ascii_digit() {
            let (length, value) = number(rest);
            (length, Some(value.map_or(Piece::Other, Piece::Number)))
        } else if let Some((symbol, length)) = symbol(table, rest, before) {
            (length, Some(Piece::Symbol(symbol)))
        } else if c.is_alphabetic() {
            let length = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            (length, Some(Piece::Word(rest.get(..length).unwrap_or("").to_lowercase())))
        } else if matches!(c, '-' | '–' | '—' | '\u{2010}' | '\u{2011}' | '.' | '\'' | '’') {
            (c.len_utf8(), None)
        } else {
            (c.len_utf8(), Some(Piece::Other))
        };
        if let Some(piece) = piece {
            pieces.push((Span::new(within.start() + at, within.start() + at + length), piece));
        }
        before = rest.get(..length).and_then(|read| read.chars().last()).unwrap_or(' ');
        at += length.max(1);
    }
    pieces
}

/// A currency symbol or code at the start of `rest`.
fn symbol(table: &Currencies, rest: &str, before: char) -> Option<(usize, usize)> {
    let candidates = table.symbols_by_start.get(&rest.chars().next()?)?;
    let symbols = candidates.iter().filter_map(|&at| Some((at, &table.symbols.get(at)?.0)));
    let (at, word) = symbols.into_iter().find(|(_, word)| rest.starts_with(&***word))?;
    let after = rest.get(word.len()..).and_then(|after| after.chars().next()).unwrap_or(' ');
    let ends_in_letter = word.chars().next_back().is_some_and(char::is_alphabetic);
    let begins_with_letter = word.chars().next().is_some_and(char::is_alphabetic);
    // "Rs500" is a symbol before a number, "Rsomething" and "XUSD" are words. An unknown letter before "$" leaves the currency open.
    let cut_off = ends_in_letter && after.is_alphabetic() || (begins_with_letter || &**word == "$") && before.is_alphabetic();
    (!cut_off).then_some((at, word.len()))
}

/// A number in digits with thousands separators and a decimal point, at the start of `rest`; `None` for what is no plain number
/// ("1.2.3", a time, a date).
fn number(rest: &str) -> (usize, Option<f64>) {
    let length = rest
        .char_indices()
        .take_while(|&(at, c)| {
            let next_is_digit = || rest.get(at + 1..).is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()));
            c.is_ascii_digit() || matches!(c, ',' | '.' | ':' | '/') && next_is_digit()
        })
        .last()
        .map_or(0, |(at, c)| at + c.len_utf8());
    let digits = rest.get(..length).unwrap_or("");
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let indian = groups.clone().count() >= 2 && groups.clone().all(|group| matches!(group.len(), 2 | 3));
    let grouped = first.len() <= 3 && (groups.all(|group| group.len() == 3) || indian) || !whole.contains(',');
    let plain = grouped && fraction.chars().all(|c| c.is_ascii_digit()) && whole.chars().all(|c| c.is_ascii_digit() || c == ',');
    let value = plain.then(|| format!("{}.{fraction}0", whole.replace(',', ""))).and_then(|digits| digits.parse().ok());
    (length, value)
}

#[cfg(test)]
mod tests {
    use super::sums;
    use chancery_agreement::Span;

    /// Sums of `text` as "words = amount code".
    fn found(text: &str) -> Vec<String> {
        let found = sums(text, Span::new(0, text.len()));
        let range = |sum: &super::Sum| sum.up_to.map(|up_to| format!("..{up_to}")).unwrap_or_default();
        found
            .iter()
            .map(|sum| format!("{} = {}{} {}", sum.span.of(text), sum.amount, range(sum), sum.currency.as_deref().unwrap_or("?")))
            .collect()
    }

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(found(text), expected, "{text}");
    }

    #[test]
    fn symbols_before_a_number() {
        check("It costs $16 million.", &["$16 million = 16000000 USD"]);
        check("It costs US$1.2bn or €3m.", &["US$1.2bn = 1200000000 USD", "€3m = 3000000 EUR"]);
        check("A loan of Rs 500 crore.", &["Rs 500 crore = 5000000000 INR"]);
        check("Aid worth £1,250,000 came.", &["£1,250,000 = 1250000 GBP"]);
        check("Some A$40 a head.", &["A$40 = 40 AUD"]);
        check("A fine of USD 5 million.", &["USD 5 million = 5000000 USD"]);
        check("A fine of $5 million Canadian.", &["$5 million Canadian = 5000000 CAD"]);
    }

    #[test]
    fn names_after_a_number() {
        check("It lent 5 billion Russian rubles.", &["5 billion Russian rubles = 5000000000 RUB"]);
        check("It lent two hundred and fifty million euros.", &["two hundred and fifty million euros = 250000000 EUR"]);
        check("A 16-million-dollar bridge.", &["16-million-dollar = 16000000 USD"]);
        check("Half a billion dollars.", &["Half a billion dollars = 500000000 USD"]);
        check("It paid 3 million U.S. dollars.", &["3 million U.S. dollars = 3000000 USD"]);
        check("It paid 20 million Australian dollars.", &["20 million Australian dollars = 20000000 AUD"]);
        check("It paid 20 million UAH.", &["20 million UAH = 20000000 UAH"]);
        check("It paid one and a half million yuan.", &["one and a half million yuan = 1500000 CNY"]);
    }

    #[test]
    fn ranges_share_their_scale() {
        check("Between $5 and $10 million.", &["$5 and $10 million = 5000000..10000000 USD"]);
        check("A cost of $5-10 million.", &["$5-10 million = 5000000..10000000 USD"]);
        check("From 3 to 4 billion rubles.", &["3 to 4 billion rubles = 3000000000..4000000000 RUB"]);
    }

    #[test]
    fn a_shared_name_is_decided_by_the_countries_of_the_text_or_stays_open() {
        check("Pakistan will pay 3 million rupees.", &["3 million rupees = 3000000 PKR"]);
        check("It will pay 3 million rupees.", &["3 million rupees = 3000000 ?"]);
        check("India and Pakistan share 3 million rupees.", &["3 million rupees = 3000000 ?"]);
    }

    #[test]
    fn a_conversion_points_to_the_sum_it_converts() {
        let text = "It gets 1 billion rubles (about $16 million) and 5 million euros.";
        let found = sums(text, Span::new(0, text.len()));
        assert_eq!(found.iter().map(|sum| sum.converts).collect::<Vec<_>>(), [None, Some(0), None]);
    }

    #[test]
    fn what_is_no_sum_gives_none() {
        for text in [
            "It shipped 500 pounds of rice.",
            "The team won 5 matches.",
            "Millions of dollars were lost.",
            "On 5 May 2014 at 10:30, 3 m deep.",
            "It grew 5 percent.",
            "Article 5 euro rules.",
            "a dollar sign $ and a lone €",
        ] {
            let expected: &[&str] = if text.starts_with("Article") { &["5 euro = 5 EUR"] } else { &[] };
            check(text, expected);
        }
    }

    #[test]
    fn odd_input_is_no_trouble() {
        for text in
            ["", "$", "$$$5", "5.5.5 euros", "1,2,3 dollars", "٣ euros", "$9999999999999999999999999999999999999", "€\u{a0}"]
        {
            assert!(sums(text, Span::new(0, text.len() + 9)).len() <= 1, "{text}");
        }
    }
}
