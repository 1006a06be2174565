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

#[test]
fn a_noun_after_the_name_of_an_instrument_speaks_of_it() {
    let found = agreements(
        "Peru signed the NAFTA trade deal on Monday, and Chile praised NAFTA. \
         Its parliament had ratified the Regional Comprehensive Economic Partnership (RCEP) free trade pact in May. \
         The RCEP helps growers.",
    );
    let names: Vec<_> = found.iter().map(names).collect();
    assert_eq!(found.len(), 2, "{names:?}");
    assert!(names[0].contains(&"NAFTA trade deal") && names[0].contains(&"NAFTA"), "{names:?}");
    assert!(names[1].contains(&"RCEP"), "{names:?}");
}

#[test]
fn a_treaty_that_brings_in_a_constitution_is_that_constitution() {
    let found = agreements(
        "Spain voted on Sunday on the treaty establishing a constitution for Europe. \
         Portugal had approved the European Constitution in May. Malta ratified the constitution on Friday.",
    );
    assert_eq!(found.len(), 1, "{:?}", found.iter().map(names).collect::<Vec<_>>());
    let told: Vec<&str> = found[0].stages.iter().map(|stage| stage.stage.as_str()).collect();
    assert!(told.contains(&"ratified"), "{told:?}");
}

#[test]
fn the_constitution_of_one_state_is_no_agreement() {
    assert!(agreements("Kenya approved a new constitution on Monday. The constitution of Kenya is long.").is_empty());
}

#[test]
fn names_are_whole_over_prepositions_and_lost_links() {
    let names = |text: &str| {
        let found = agreements(text);
        found.iter().flat_map(names).map(|name| name.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    let forces = names("Peru and Chile signed a Status of Forces Agreement on Monday.");
    assert_eq!(forces, ["Status of Forces Agreement"]);
    let sharing = names("Peru and Chile signed a power sharing agreement on Monday.");
    assert_eq!(sharing, ["power sharing agreement"]);
    let broken = names("Peru has violated the Chemical  Weapons   Convention, Chile said.");
    assert_eq!(broken, ["Chemical Weapons Convention"]);
}

#[test]
fn names_are_whole_words_and_whole_quotations() {
    let found = agreements(
        "Peru and Chile signed a non-use-of-force declaration on Monday. \
         Kenya and Uganda agreed to an \"immediate and unconditional\" ceasefire. \
         Bolivia and Brazil signed a \"final, if unloved\" truce on Friday.",
    );
    let names: Vec<_> = found.iter().map(names).collect();
    assert!(names[0].contains(&"non-use-of-force declaration"), "{names:?}");
    assert!(names[1].contains(&"\"immediate and unconditional\" ceasefire"), "{names:?}");
    assert!(names[2].contains(&"truce"), "{names:?}");
}
