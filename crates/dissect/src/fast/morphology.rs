//! Features of words (tense, voice, number, mood, verb form) from their Penn Treebank tags and the tree around them.
use super::weights::Tag;
use crate::reading::{Features, Mood, Number, Tense, Upos, VerbForm, Voice};

/// Features of each word of one sentence.
#[must_use]
pub fn features(forms: &[&str], tags: &[&Tag], heads: &[Option<usize>], relations: &[&'static str]) -> Vec<Features> {
    let mut features: Vec<Features> = forms.iter().zip(tags).map(|(form, tag)| from_tag(form, tag)).collect();
    let mut has_auxiliary = vec![false; forms.len()];
    let mut has_subject = vec![false; forms.len()];
    let mut has_marker = vec![false; forms.len()];
    for (at, (&head, &relation)) in heads.iter().zip(relations).enumerate() {
        let Some(head) = head else { continue };
        let passive = matches!(relation, "aux:pass" | "nsubj:pass" | "csubj:pass");
        if passive && let Some(features) = features.get_mut(head).filter(|features| features.verb_form.is_some()) {
            features.voice = Some(Voice::Pass);
        }
        // A participle that modifies a noun without an auxiliary ("the accord signed there") is passive.
        let alone = relation == "acl" && tags.get(at).is_some_and(|tag| tag.xpos == "VBN");
        if alone && let Some(features) = features.get_mut(at) {
            features.voice = Some(Voice::Pass);
        }
        let seen = match relation {
            "aux" | "aux:pass" | "cop" => &mut has_auxiliary,
            "nsubj" | "nsubj:pass" | "csubj" | "expl" => &mut has_subject,
            "mark" => &mut has_marker,
            _ => continue,
        };
        if let Some(seen) = seen.get_mut(head) {
            *seen = true;
        }
    }
    // A bare verb that heads a clause without subject, auxiliary or "to" gives an order.
    for (at, features) in features.iter_mut().enumerate() {
        let bare = tags.get(at).is_some_and(|tag| tag.xpos == "VB");
        let free = [&has_auxiliary, &has_subject, &has_marker].iter().all(|seen| seen.get(at) == Some(&false));
        if bare && free && matches!(relations.get(at), Some(&("root" | "parataxis"))) {
            features.verb_form = Some(VerbForm::Fin);
            features.mood = Some(Mood::Imp);
        }
    }
    features
}

fn from_tag(form: &str, tag: &Tag) -> Features {
    let verb = |verb_form, tense, mood| Features { verb_form, tense, mood, ..Features::default() };
    let number = |number| Features { number: Some(number), ..Features::default() };
    match tag.xpos.as_str() {
        "VB" => verb(Some(VerbForm::Inf), None, None),
        "VBD" => verb(Some(VerbForm::Fin), Some(Tense::Past), Some(Mood::Ind)),
        "VBP" => verb(Some(VerbForm::Fin), Some(Tense::Pres), Some(Mood::Ind)),
        "VBZ" => Features { number: Some(Number::Sing), ..verb(Some(VerbForm::Fin), Some(Tense::Pres), Some(Mood::Ind)) },
        "VBN" => verb(Some(VerbForm::Part), Some(Tense::Past), None),
        "VBG" => verb(Some(VerbForm::Part), Some(Tense::Pres), None),
        "MD" => verb(Some(VerbForm::Fin), None, None),
        "NN" | "NNP" if tag.upos != Some(Upos::Adj) => number(Number::Sing),
        "NNS" | "NNPS" => number(Number::Plur),
        "PRP" | "PRP$" | "DT" => of_small_word(form),
        _ => Features::default(),
    }
}

/// Pronouns and determiners whose number shows.
fn of_small_word(form: &str) -> Features {
    const SINGULAR: [&str; 17] = [
        "i", "me", "my", "he", "him", "his", "she", "her", "it", "its", "this", "that", "mine", "himself", "herself", "itself",
        "myself",
    ];
    const PLURAL: [&str; 12] =
        ["we", "us", "our", "ours", "they", "them", "their", "theirs", "these", "those", "themselves", "ourselves"];
    let is = |words: &[&str]| words.iter().any(|word| form.eq_ignore_ascii_case(word));
    let number = if is(&SINGULAR) {
        Some(Number::Sing)
    } else if is(&PLURAL) {
        Some(Number::Plur)
    } else {
        None
    };
    Features { number, ..Features::default() }
}
