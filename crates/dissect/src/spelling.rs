//! Forms of the verbs of `rules/en/verbs.toml`, which endings alone would take for others: irregular ones, and regular ones by the rules
//! of spelling.
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    verbs: Vec<String>,
    irregular: HashMap<String, Vec<String>>,
}

static LEMMAS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let file = read();
    let regular = file.verbs.into_iter().map(|verb| (forms(&verb), verb));
    let irregular = file.irregular.into_iter().map(|(verb, forms)| (forms, verb));
    regular.chain(irregular).flat_map(|(forms, verb)| forms.into_iter().map(move |form| (form, verb.clone()))).collect()
});

fn read() -> File {
    toml::from_str(include_str!("../../../rules/en/verbs.toml")).expect("the embedded verbs are checked by the tests")
}

/// The lemma of the lower-case `form` of a listed verb.
#[must_use]
pub fn lemma(form: &str) -> Option<&'static str> {
    LEMMAS.get(form).map(String::as_str)
}

/// The third person, the past and the participles of a regular verb; with and without a doubled consonant where either may be right.
fn forms(verb: &str) -> Vec<String> {
    let vowel = |letter: char| matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u');
    let mut letters = verb.chars().rev();
    let (last, before) = (letters.next().unwrap_or(' '), letters.next().unwrap_or(' '));
    let without_last = verb.get(..verb.len() - last.len_utf8()).unwrap_or(verb);
    let with = |stem: &str, endings: &[&str]| endings.iter().map(|ending| format!("{stem}{ending}")).collect::<Vec<_>>();
    match (before, last) {
        ('i', 'e') => [with(verb, &["s", "d"]), with(without_last.trim_end_matches('i'), &["ying"])].concat(),
        ('e' | 'y' | 'o', 'e') => with(verb, &["s", "d", "ing"]),
        (_, 'e') => [with(verb, &["s", "d"]), with(without_last, &["ing"])].concat(),
        (before, 'y') if !vowel(before) => [with(without_last, &["ies", "ied"]), with(verb, &["ing"])].concat(),
        (_, 'c') => [with(verb, &["s"]), with(verb, &["ked", "king"])].concat(),
        (_, 's' | 'x' | 'z') | ('c' | 's', 'h') => with(verb, &["es", "ed", "ing", "sed", "sing"]),
        (before, last) if vowel(before) && !matches!(last, 'w' | 'y') => {
            [with(verb, &["s", "ed", "ing"]), with(&format!("{verb}{last}"), &["ed", "ing"])].concat()
        }
        _ => with(verb, &["s", "ed", "ing"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_to_their_verb() {
        for (form, verb) in [
            ("acceded", "accede"),
            ("welcoming", "welcome"),
            ("boycotted", "boycott"),
            ("cancelling", "cancel"),
            ("canceled", "cancel"),
            ("vied", "vie"),
            ("vying", "vie"),
            ("levies", "levy"),
            ("panicked", "panic"),
            ("focussed", "focus"),
            ("annulled", "annul"),
            ("withdrew", "withdraw"),
            ("broken", "break"),
        ] {
            assert_eq!(lemma(form), Some(verb), "{form}");
        }
        assert_eq!(lemma("signed"), None);
    }

    #[test]
    fn no_form_belongs_to_two_listed_verbs() {
        let file = read();
        let mut owner: HashMap<String, &str> = HashMap::new();
        let regular = file.verbs.iter().map(|verb| (verb, forms(verb)));
        for (verb, forms) in regular.chain(file.irregular.iter().map(|(verb, forms)| (verb, forms.clone()))) {
            for form in forms {
                let other = owner.insert(form.clone(), verb).filter(|other| other != verb);
                assert!(other.is_none() || matches!(verb.as_str(), "fulfill" | "instill"), "{form}: {other:?} and {verb}");
            }
        }
    }
}
