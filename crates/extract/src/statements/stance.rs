//! Where a speaker stands: what cue, content and negation say, weighed by a model that was learnt from labelled news.
use crate::statements::attribution::Attribution;
use crate::statements::cues::Cues;
use crate::statements::model::stem;
use crate::statements::tree::Tree;
use chancery_agreement::{Span, Stance};

/// Longest content that is looked at, in tokens.
const LONGEST: usize = 80;

/// Features of a statement for the model of stances.
#[must_use]
pub fn features(tree: &Tree<'_, '_>, cues: &Cues, attribution: &Attribution, content: Span, about: bool) -> Vec<String> {
    let reading = tree.reading();
    let words: Vec<String> = reading
        .tokens_in(content)
        .take(LONGEST)
        .map(|token| tree.lower(token))
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .collect();
    let mut features = vec![
        "bias".to_owned(),
        format!("rule:{}", attribution.rule),
        format!("r:{}", by_words(cues, attribution, &words).as_str()),
    ];
    features.push(format!("cue:{}", attribution.stance.as_str()));
    if attribution.negated {
        features.push("cue:negated".to_owned());
    }
    if about {
        features.push("about".to_owned());
        features.push(format!("about:{}", attribution.stance.as_str()));
    }
    for token in attribution.cue.clone() {
        features.push(format!("c:{}", stem(&tree.lower(token))));
    }
    let negated = words.iter().any(|word| cues.stance_word("negation", word));
    features.push(if negated { "neg".to_owned() } else { "pos".to_owned() });
    let sign = if negated { 'n' } else { 'p' };
    for (at, word) in words.iter().enumerate() {
        let stemmed = stem(word);
        features.push(format!("w:{stemmed}"));
        features.push(format!("{sign}:{stemmed}"));
        if let Some(next) = words.get(at + 1) {
            features.push(format!("b:{stemmed}_{}", stem(next)));
        }
        if at == 0 {
            features.push(format!("first:{stemmed}"));
        }
    }
    features.sort_unstable();
    features.dedup();
    features
}

/// The stance by word lists alone.
fn by_words(cues: &Cues, attribution: &Attribution, words: &[String]) -> Stance {
    if attribution.stance != Stance::Neutral {
        return if attribution.negated { opposite(attribution.stance) } else { attribution.stance };
    }
    let has = |list: &str| words.iter().filter(|word| cues.stance_word(list, word)).count();
    let negated = has("negation");
    if words.iter().any(|word| word != "never" && cues.stance_word("denies", word)) && negated == 0 {
        return Stance::Denies;
    }
    let (demands, promises) = (has("demands"), has("promises"));
    let (supports, opposes) = (has("supports"), has("opposes"));
    if promises > 0 && has("first-person") > 0 && demands == 0 && negated == 0 && opposes == 0 {
        return Stance::Promises;
    }
    if demands > 0 && demands >= supports.max(opposes) {
        return Stance::Demands;
    }
    if opposes > supports || (supports > 0 && negated > 0 && opposes == supports) {
        return Stance::Opposes;
    }
    if supports > opposes {
        return if negated > supports { Stance::Opposes } else { Stance::Supports };
    }
    if opposes > 0 { Stance::Opposes } else { Stance::Neutral }
}

fn opposite(stance: Stance) -> Stance {
    match stance {
        Stance::Supports => Stance::Opposes,
        Stance::Opposes => Stance::Supports,
        other => other,
    }
}
