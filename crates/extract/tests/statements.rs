//! What speakers are recorded to have said.
use chancery_agreement::Article;
use chancery_extract::Extractor;

/// The contents of all statements, in order of the text.
fn said(text: &str) -> Vec<String> {
    let found = Extractor::new().expect("the embedded rules load").extract(&Article::plain(text)).0;
    found.statements.iter().map(|statement| statement.evidence.quote().to_owned()).collect()
}

#[test]
fn what_is_said_besides_is_a_statement_of_its_own() {
    assert_eq!(
        said("Minister Ann Reed rejected the border treaty with Chile, saying that it harms farmers."),
        ["the border treaty with Chile", "it harms farmers"]
    );
    assert_eq!(
        said("Minister Ann Reed praised the border treaty with Chile and said that it helps farmers."),
        ["the border treaty with Chile", "it helps farmers"]
    );
}

#[test]
fn what_the_speaker_says_of_their_own_thoughts_is_one_statement() {
    assert_eq!(
        said("Minister Ann Reed said she hopes that the border treaty with Chile will hold."),
        ["she hopes that the border treaty with Chile will hold"]
    );
}

#[test]
fn what_others_said_stays_inside_and_apart() {
    assert_eq!(
        said("Minister Ann Reed said that Chile denied that it had broken the border treaty."),
        ["Chile denied that it had broken the border treaty", "it had broken the border treaty"]
    );
}

#[test]
fn an_agreement_provides_and_says_nothing() {
    assert!(said("The treaty commits Peru and Chile to protect the river.").is_empty());
}

#[test]
fn a_day_says_nothing() {
    assert!(said("Peru and Chile signed a border treaty on June 9 that calls for the withdrawal of troops.").is_empty());
}

#[test]
fn the_presidents_of_two_states_are_not_one() {
    let found = Extractor::new().expect("the embedded rules load");
    let found = found.extract(&Article::plain("The presidents of Peru and Chile signed a border treaty in Lima.")).0;
    let rules: Vec<_> = found.agreements[0].parties.iter().map(|party| (party.actor.as_str(), party.evidence.rule())).collect();
    assert_eq!(rules, [("Peru", "sign-agreement"), ("Chile", "sign-agreement")]);
}

#[test]
fn the_government_is_not_the_group_that_spoke_before() {
    let text = "Peru's main militant group announced an attack on Sunday, days after the government offered an amnesty.";
    let found = Extractor::new().expect("the embedded rules load").extract(&Article::plain(text)).0;
    let offer = found.statements.iter().find(|statement| statement.evidence.quote() == "an amnesty").expect("the offer");
    assert_eq!(offer.speaker.as_ref().map(|speaker| speaker.name.as_str()), Some("government"));
}

/// The speakers of all statements, in order of the text.
fn speakers(text: &str) -> Vec<String> {
    let found = Extractor::new().expect("the embedded rules load").extract(&Article::plain(text)).0;
    found.statements.iter().filter_map(|statement| Some(statement.speaker.as_ref()?.name.clone())).collect()
}

#[test]
fn who_is_set_beside_a_name_is_its_bearer() {
    assert_eq!(
        speakers("\"We reject the treaty,\" said Ann Reed, a Labour lawmaker, who called for a referendum."),
        ["Ann Reed", "Ann Reed"]
    );
    assert_eq!(speakers("Peru's Ann Reed refused to sign it, saying she needed more time."), ["Ann Reed"]);
}

#[test]
fn what_has_a_name_does_not_call_for_anything() {
    assert!(said("The treaty creates an autonomous region called Lowmoor on the island of Chile.").is_empty());
}
