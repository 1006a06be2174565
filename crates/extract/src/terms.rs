//! Terms of an agreement (duration, renewal, number of articles) and its relations to other agreements of the article.
use crate::agreements::Tools;
use crate::mention::span_of;
use crate::rule::matching::Match;
use crate::rule::{Records, TermKind};
use chancery_agreement::{Evidence, RelationKind, Term};

/// A term that a rule found.
#[derive(Debug, Clone)]
pub struct FoundTerm {
    /// Head of the mention that it belongs to.
    pub agreement: usize,
    /// What it tells.
    pub kind: TermKind,
    /// The cell.
    pub term: Term,
}

/// A relation that a rule found, between two mentions.
#[derive(Debug, Clone)]
pub struct FoundRelation {
    /// Head of the mention that it starts from.
    pub from: usize,
    /// Head of the mention that it leads to.
    pub to: usize,
    /// What it tells.
    pub kind: RelationKind,
    /// The words.
    pub evidence: Evidence,
}

/// Terms that the matches give.
#[must_use]
pub fn terms(tools: &Tools<'_, '_, '_>, matches: &[Match<'_>]) -> Vec<FoundTerm> {
    let reading = tools.graph.reading();
    let mut found = Vec::new();
    for matched in matches {
        let Records::Term(kind) = matched.rule.records else { continue };
        let (Some(&agreement), Some(&number)) = (matched.argument("agreement").first(), matched.argument("value").first()) else {
            continue;
        };
        let Some(count) = number_of(reading.form(number)) else { continue };
        let value = match kind {
            TermKind::Articles => count.to_string(),
            TermKind::Duration | TermKind::Renewal => match unit(tools, matched.trigger, number) {
                Some(unit) => format!("P{count}{unit}"),
                None => continue,
            },
        };
        let (first, last) = (number.min(matched.trigger), number.max(matched.trigger));
        let evidence =
            Evidence::new(reading.article, span_of(reading, &(first..last + 1)), &matched.rule.name, matched.rule.confidence);
        found.extend(evidence.map(|evidence| FoundTerm { agreement, kind, term: Term { value, evidence } }));
    }
    found
}

/// Relations that the matches give.
#[must_use]
pub fn relations(tools: &Tools<'_, '_, '_>, matches: &[Match<'_>]) -> Vec<FoundRelation> {
    let reading = tools.graph.reading();
    let mut found = Vec::new();
    for matched in matches {
        let Records::Relation(kind) = matched.rule.records else { continue };
        let (Some(&from), Some(&to)) = (matched.argument("agreement").first(), matched.argument("other").first()) else {
            continue;
        };
        if from == to {
            continue;
        }
        let (start, _) = tools.graph.extent(from);
        let (first, last) = (start.min(matched.trigger), to.max(matched.trigger));
        let evidence =
            Evidence::new(reading.article, span_of(reading, &(first..last + 1)), &matched.rule.name, matched.rule.confidence);
        found.extend(evidence.map(|evidence| FoundRelation { from, to, kind, evidence }));
    }
    found
}

/// ISO 8601 unit of the time that stands at the trigger, or right after the number ("ten-year extensions").
fn unit(tools: &Tools<'_, '_, '_>, trigger: usize, number: usize) -> Option<char> {
    let reading = tools.graph.reading();
    let near = (number..number + 3).chain([trigger]);
    near.map(|token| reading.lower(token)).find_map(|form| {
        let word = form.rsplit('-').next().unwrap_or("");
        match word.trim_end_matches('s') {
            "year" => Some('Y'),
            "month" => Some('M'),
            "week" => Some('W'),
            "day" => Some('D'),
            _ => None,
        }
    })
}

/// A number written in digits or in words up to ninety-nine, also as the first part of a compound ("ten-year").
fn number_of(form: &str) -> Option<u32> {
    let lower = form.to_lowercase();
    if let Ok(number) = lower.replace(',', "").parse() {
        return Some(number);
    }
    let word = |word: &str| -> Option<u32> {
        const ONES: [&str; 20] = [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ];
        const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
        let ones = ONES.iter().position(|known| *known == word).and_then(|at| u32::try_from(at).ok());
        let tens = || TENS.iter().position(|known| *known == word).and_then(|at| u32::try_from(at).ok()).map(|at| 20 + 10 * at);
        ones.or_else(tens)
    };
    let mut parts = lower.split('-');
    let first = parts.next()?;
    let first = first.parse().ok().or_else(|| word(first))?;
    match parts.next().and_then(word) {
        Some(second) if first >= 20 && second < 10 => Some(first + second),
        _ => Some(first),
    }
}

#[cfg(test)]
mod tests {
    use super::number_of;

    #[test]
    fn numbers_are_read_in_digits_and_words() {
        assert_eq!(number_of("25"), Some(25));
        assert_eq!(number_of("ten-year"), Some(10));
        assert_eq!(number_of("twenty-five"), Some(25));
        assert_eq!(number_of("1,000"), Some(1000));
        assert_eq!(number_of("several"), None);
    }
}
