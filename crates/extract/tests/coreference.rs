//! Which mentions are taken for one agreement, as the findings show it.
use chancery_agreement::{AgreementFinding, Article};
use chancery_extract::Extractor;

fn agreements(text: &str) -> Vec<AgreementFinding> {
    Extractor::new().expect("the embedded rules load").extract(&Article::plain(text)).0.agreements
}

fn names(agreement: &AgreementFinding) -> Vec<&str> {
    agreement.names.iter().map(|name| name.evidence.quote()).collect()
}

#[test]
fn what_two_states_sign_is_one_agreement_under_two_names() {
    let found = agreements(
        "Peru and Chile signed an accord on fishing rights on Monday. \
         The fishing deal ends a dispute of nine years. Peru ratified the accord on Friday.",
    );
    assert_eq!(found.len(), 1, "{:?}", found.iter().map(names).collect::<Vec<_>>());
    assert!(names(&found[0]).contains(&"fishing deal"), "{:?}", names(&found[0]));
}

#[test]
fn two_agreements_of_other_parties_stay_two() {
    let found = agreements(
        "Peru and Chile signed a border treaty on Monday. \
         Kenya and Uganda signed a trade agreement in Nairobi on the same day.",
    );
    assert_eq!(found.len(), 2, "{:?}", found.iter().map(names).collect::<Vec<_>>());
}

#[test]
fn letters_in_parentheses_stand_for_the_agreement_that_they_begin() {
    let found = agreements(
        "Peru and Chile signed a Customs Cooperation Agreement (CCA) on Monday. Chile ratified the CCA on Friday. \
         The CCB, a bank, was not asked.",
    );
    assert_eq!(found.len(), 1, "{:?}", found.iter().map(names).collect::<Vec<_>>());
    let names = names(&found[0]);
    assert!(names.contains(&"CCA") && !names.contains(&"CCB"), "{names:?}");
    assert!(found[0].stages.iter().any(|stage| stage.stage.as_str() == "ratified"), "{:?}", found[0].stages);
}

#[test]
fn an_article_of_very_many_agreements_is_read() {
    let text: String = (0..400).map(|day| format!("Peru and Chile signed the pact of village {day} on Monday. ")).collect();
    assert!(!agreements(&text).is_empty());
}
