//! Where a speaker stands: what cue, content and negation say, weighed by a model that was learnt from labelled news.
//!
//! Features look at the words, at lists of words that praise, blame, demand and look ahead (`rules/en/speech-stance.toml`), at
//! what is negated, and at what stands beside a word for an agreement.
use crate::statements::Sample;
use crate::statements::attribution::Attribution;
use crate::statements::cues::Cues;
use crate::statements::model::stem;
use crate::statements::tree::Tree;
use chancery_agreement::Span;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Longest content that is looked at, in tokens.
const LONGEST: usize = 80;
/// So many words behind a negation it still holds.
const NEGATED: usize = 3;
/// Words looked at before and behind a word for an agreement.
const BESIDE: (usize, usize) = (4, 3);

/// Features of a statement for the model of stances. `direct` for a quotation by itself.
#[must_use]
pub fn features(tree: &Tree<'_, '_>, cues: &Cues, attribution: &Attribution, content: Span, direct: bool) -> Vec<String> {
    let reading = tree.reading();
    let words: Vec<Cow<'_, str>> = reading
        .tokens_in(content)
        .take(LONGEST)
        .map(|token| tree.lower(token))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .collect();
    let kind = if direct { "direct" } else { "indirect" };
    let mut features = vec![
        "bias".to_owned(),
        format!("rule:{}", attribution.rule),
        format!("kind:{kind}"),
        format!("length:{}", few(words.len() / 10)),
    ];
    let polarity = polarity(cues, &words, &mut features);
    let looks = looks(cues, &words);
    features.extend([format!("polarity:{polarity}|{kind}"), format!("looks:{looks}|{polarity}")]);
    around(tree, cues, content, &mut features);
    features.push(format!("looks:{looks}"));
    features.push(format!("looks:{looks}|{kind}"));
    cue_features(tree, attribution, &mut features, polarity, &looks);
    if words.iter().any(|word| cues.stance_word("past", word)) {
        features.push("past".to_owned());
    }
    if reading.words(content).contains('?') {
        features.push("asks".to_owned());
    }
    for (at, word) in words.iter().enumerate() {
        let stemmed = stem(word);
        features.push(format!("w:{stemmed}"));
        if cues.stance_word("agreement", word) {
            features.push("agreement".to_owned());
            let before = words.get(at.saturating_sub(BESIDE.0)..at).unwrap_or_default();
            features.extend(before.iter().map(|word| format!("before-agreement:{}", stem(word))));
            features.extend(words.iter().skip(at + 1).take(BESIDE.1).map(|word| format!("after-agreement:{}", stem(word))));
        }
    }
    if let Some(first) = words.first() {
        features.push(format!("first:{}", stem(first)));
        if let Some(second) = words.get(1) {
            features.push(format!("first:{}_{}", stem(first), stem(second)));
        }
    }
    features.sort_unstable();
    features.dedup();
    features
}

/// Those features of a statement by which it takes a position: signs of cue and content, no single words.
pub(super) fn position(features: &[String]) -> impl Iterator<Item = &str> {
    let signs = ["polarity:", "looks:", "cue:", "praise:", "blame:"];
    features.iter().map(String::as_str).filter(move |feature| signs.iter().any(|sign| feature.starts_with(sign)))
}

/// Adds who speaks, and how the statement stands to the nearest agreement: `question` are the features of the question whether it is
/// about that one.
pub(super) fn ask_of(question: &[String], role: Option<&str>, features: &mut Vec<String>) {
    let of_speaker = ["names:", "speaker:", "party-speaks", "speaks-for-party", "lead:"];
    let asked = question.iter().filter(|feature| !feature.contains('|') && of_speaker.iter().any(|of| feature.starts_with(of)));
    features.extend(asked.map(|feature| format!("nearest {feature}")));
    features.push(format!("role:{}", role.is_some()));
    let words: BTreeSet<String> = role.unwrap_or("").split_whitespace().map(str::to_lowercase).collect();
    features.extend(words.into_iter().map(|word| format!("role {word}")));
}

/// Adds what the statements before and behind each one and the others of its speaker look like: who is against it in one sentence is
/// so in the next.
pub(super) fn among(samples: &mut [Sample]) {
    let signs: Vec<Vec<String>> = samples
        .iter()
        .map(|sample| {
            let is_sign = |feature: &&str| feature.starts_with("cue:") || feature.starts_with("polarity:");
            position(&sample.stance).filter(is_sign).filter(|feature| !feature.contains('|')).map(str::to_owned).collect()
        })
        .collect();
    let speaker = |sample: &Sample| sample.statement.speaker.as_ref().map(|speaker| speaker.name.clone());
    let mut by_speaker: HashMap<String, BTreeMap<&str, usize>> = HashMap::new();
    for (sample, signs) in samples.iter().zip(&signs) {
        if let Some(name) = speaker(sample) {
            let counts = by_speaker.entry(name).or_default();
            for sign in signs {
                *counts.entry(sign).or_default() += 1;
            }
        }
    }
    for (at, sample) in samples.iter_mut().enumerate() {
        let own = signs.get(at).map_or(&[][..], Vec::as_slice);
        if let Some(counts) = speaker(sample).and_then(|name| by_speaker.get(&name)) {
            let others = counts.iter().filter(|(sign, count)| **count > usize::from(own.iter().any(|own| own == *sign)));
            sample.stance.extend(others.map(|(sign, _)| format!("same {sign}")));
        }
        let before = at.checked_sub(1).and_then(|at| signs.get(at));
        sample.stance.extend(before.into_iter().flatten().map(|sign| format!("before {sign}")));
        sample.stance.extend(signs.get(at + 1).into_iter().flatten().map(|sign| format!("behind {sign}")));
    }
}

/// The words of the same sentence outside the content: "in a blow to the accord, he said".
fn around(tree: &Tree<'_, '_>, cues: &Cues, content: Span, features: &mut Vec<String>) {
    let inside = tree.reading().tokens_in(content);
    let sentence = tree.sentence(inside.start);
    let outside = (sentence.start..inside.start).chain(inside.end..sentence.end.max(inside.end));
    let words: Vec<Cow<'_, str>> =
        outside.take(LONGEST).filter(|&token| !tree.is_punct(token)).map(|token| tree.lower(token)).collect();
    let count = |list: &str| few(words.iter().filter(|word| cues.stance_word(list, word)).count());
    features.extend([format!("around-praise:{}", count("supports")), format!("around-blame:{}", count("opposes"))]);
    features.extend(words.iter().map(|word| format!("around:{}", stem(word))));
}

fn few(count: usize) -> usize {
    count.min(3)
}

/// Notes praise, blame and what is negated; gives "+", "-" or "0" for the content as a whole.
fn polarity(cues: &Cues, words: &[Cow<'_, str>], features: &mut Vec<String>) -> &'static str {
    let (mut praise, mut blame, mut unpraised) = (0_usize, 0_usize, false);
    let mut any = false;
    for (at, word) in words.iter().enumerate() {
        any = any || cues.stance_word("negation", word);
        let before = words.get(at.saturating_sub(NEGATED)..at).unwrap_or_default();
        let negated = before.iter().any(|word| cues.stance_word("negation", word));
        let (good, bad) = (cues.stance_word("supports", word), cues.stance_word("opposes", word));
        praise += usize::from((good && !negated) || (bad && negated));
        blame += usize::from((bad && !negated) || (good && negated));
        unpraised |= good && negated;
        if negated {
            features.push(format!("not:{}", stem(word)));
        }
    }
    let polarity = match praise.cmp(&blame) {
        std::cmp::Ordering::Greater => "+",
        std::cmp::Ordering::Less => "-",
        std::cmp::Ordering::Equal => "0",
    };
    features.extend([
        format!("praise:{}", few(praise)),
        format!("blame:{}", few(blame)),
        format!("polarity:{polarity}"),
        if any { "negated".to_owned() } else { "plain".to_owned() },
    ]);
    if unpraised {
        features.push("unpraised".to_owned());
    }
    polarity
}

/// Whether the content looks ahead, speaks of "us", makes demands.
fn looks(cues: &Cues, words: &[Cow<'_, str>]) -> String {
    [("promises", 'f'), ("first-person", 'p'), ("demands", 'd')]
        .into_iter()
        .filter(|(list, _)| words.iter().any(|word| cues.stance_word(list, word)))
        .map(|(_, letter)| letter)
        .collect()
}

fn cue_features(tree: &Tree<'_, '_>, attribution: &Attribution, features: &mut Vec<String>, polarity: &str, looks: &str) {
    let stance = attribution.stance.as_str();
    features.extend([format!("cue:{stance}"), format!("cue:{stance}|{polarity}"), format!("cue:{stance}|{looks}")]);
    if attribution.negated {
        features.extend(["cue:negated".to_owned(), format!("cue:negated|{stance}")]);
    }
    let cue: Vec<String> = attribution.cue.clone().map(|token| stem(&tree.lower(token)).to_owned()).collect();
    features.extend(cue.iter().map(|word| format!("c:{word}")));
    if let [.., first, second] = cue.as_slice() {
        features.push(format!("c:{first}_{second}"));
    }
}
