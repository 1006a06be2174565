//! What agreements provide and what is paid under them.
use chancery_agreement::{Article, CommitmentCategory, Findings, Strength};
use chancery_extract::Extractor;

fn read(text: &str) -> Findings {
    Extractor::new().expect("the embedded rules load").extract(&Article::plain(text)).0
}

/// Category, strength, who owes it and the words of every commitment.
fn commitments(text: &str) -> Vec<(CommitmentCategory, Strength, Vec<String>, String)> {
    let findings = read(text);
    let each = findings.agreements.into_iter().flat_map(|agreement| agreement.commitments);
    each.map(|cell| (cell.category, cell.strength, cell.by, cell.evidence.quote().to_owned())).collect()
}

/// Amount, currency and period of every sum.
fn sums(text: &str) -> Vec<(f64, String, Option<String>)> {
    let findings = read(text);
    let each = findings.agreements.into_iter().flat_map(|agreement| agreement.money);
    each.map(|money| (money.amount, money.currency, money.period)).collect()
}

#[test]
fn a_clause_under_the_agreement_is_a_commitment_of_its_subject() {
    let found = commitments(
        "Peru and Chile signed a treaty on the desert road on Monday. Under the treaty, Peru will withdraw its troops from the border.",
    );
    let [(category, strength, by, words)] = &found[..] else { panic!("{found:?}") };
    assert_eq!((*category, *strength), (CommitmentCategory::WithdrawalOfForces, Strength::Shall));
    assert_eq!(by, &["Peru"]);
    assert!(words.contains("withdraw its troops from the border"), "{words}");
}

#[test]
fn joined_verbs_are_commitments_of_their_own_and_none_overlaps_another() {
    let text = "Under the peace accord between Chad and Niger, the two countries will exchange all prisoners, open the border and \
                share the water of the lake.";
    let findings = read(text);
    let mut spans: Vec<_> =
        findings.agreements.iter().flat_map(|agreement| &agreement.commitments).map(|cell| cell.evidence.span()).collect();
    spans.sort_by_key(|span| span.start());
    assert!(spans.len() >= 2, "{:?}", commitments(text));
    assert!(spans.windows(2).all(|pair| pair[0].end() <= pair[1].start()), "{spans:?}");
}

#[test]
fn news_of_the_signing_is_no_commitment() {
    let found = commitments("Peru and Chile signed a treaty on Monday. The ministers smiled at the cameras and went home.");
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn what_is_to_be_paid_belongs_to_the_agreement_and_what_was_spent_before_does_not() {
    let paid =
        "India and Nepal signed an agreement on a dam on Wednesday. Under the agreement India will pay Nepal $40 million a year.";
    assert_eq!(sums(paid), [(40_000_000.0, "USD".to_owned(), Some("a year".to_owned()))]);
    let spent = "India and Nepal signed an agreement on a dam on Wednesday. India spent $40 million on roads last year.";
    assert_eq!(sums(spent), []);
}
