//! What generated findings are made of: numbers that are the same in every run, and findings whose words stand in a text.
//! The tests of the register are made of the same.
#![allow(dead_code)] // each user takes its own part of this
use chancery_agreement::{
    AgreementFinding, AgreementKind, Article, Date, Evidence, Modality, Name, Party, PartyRole, Span, Stage, StageKind,
};

/// Numbers that look random and are the same in every run (xorshift); a seed is not 0.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.below(place + 1));
        }
    }
}

/// The first place of `words` in the text, where they have to stand.
pub fn evidence(article: &Article, words: &str) -> Evidence {
    let start = article.text.find(words).expect("the words stand in the text");
    Evidence::new(article, Span::new(start, start + words.len()), "generated", 0.9).expect("so they can be quoted")
}

/// An agreement with one name, some parties and one stage that happened on a date (its value and the words that give it).
pub fn finding(
    article: &Article,
    (key, name, kind): (&str, &str, AgreementKind),
    parties: &[&str],
    (stage, told): (StageKind, &str),
    date: Option<(&str, &str)>,
) -> AgreementFinding {
    let party = |actor: &&str| Party { actor: (*actor).to_owned(), role: PartyRole::Party, evidence: evidence(article, actor) };
    let date = date.map(|(value, words)| Date {
        value: Some(value.to_owned()),
        expression: evidence(article, words),
        how: "written out".to_owned(),
    });
    AgreementFinding {
        key: key.to_owned(),
        names: vec![Name { evidence: evidence(article, name) }],
        kind,
        parties: parties.iter().map(party).collect(),
        stages: vec![Stage {
            stage,
            date,
            modality: Modality::Actual,
            place: None,
            by: None,
            according_to: None,
            evidence: evidence(article, told),
            also: Vec::new(),
        }],
        commitments: Vec::new(),
        money: Vec::new(),
        duration: None,
        renewal: None,
        articles: None,
        relations: Vec::new(),
    }
}
