//! What is told of an agreement beyond what a rule binds to it: each cue's own texts, and what the register gets of it.
use chancery_agreement::{Article, Modality, StageKind};
use chancery_extract::Extractor;

#[test]
fn every_cue_is_weighed_in_its_own_texts() {
    let extractor = Extractor::new().expect("the embedded rules load");
    let mut wrong = Vec::new();
    for (stage, text) in extractor.stage_cues().examples() {
        let candidates = extractor.candidates(&Article::plain(text));
        let weighed = candidates.iter().flat_map(|candidate| &candidate.stages).any(|telling| telling.stage.stage == *stage);
        if !weighed {
            wrong.push(format!("{stage}: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{} texts go wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_deal_told_by_a_verb_is_a_deal() {
    let extractor = Extractor::new().expect("the embedded rules load");
    let article = Article::plain("Peru and Chile agreed on Monday to open three crossings on their border.");
    let candidates = extractor.candidates(&article);
    let deal = &candidates.first().expect("a candidate").agreement;
    assert_eq!(deal.names[0].evidence.quote(), "agreed on Monday to open three crossings on their border");
    assert_eq!(deal.parties.iter().map(|party| party.actor.as_str()).collect::<Vec<_>>(), ["Peru", "Chile"]);
    // One side alone makes no deal.
    let alone = Article::plain("Peru agreed on Monday to open three crossings on its border.");
    assert!(extractor.candidates(&alone).is_empty());
}

#[test]
fn a_new_deal_on_something_else_is_another_one() {
    let extractor = Extractor::new().expect("the embedded rules load");
    let text = "Peru and Chile signed a fishing agreement in May. In June they began talks on a border agreement.";
    assert_eq!(extractor.candidates(&Article::plain(text)).len(), 2);
}

#[test]
fn what_lies_after_the_report_has_not_happened() {
    let extractor = Extractor::new().expect("the embedded rules load");
    let mut article = Article::plain("The fishing treaty of Peru and Chile expires in 2031.");
    article.published = Some(chancery_agreement::Published {
        value: "2024-05-02".to_owned(),
        time: None,
        basis: chancery_agreement::DateBasis::Metadata,
        span: None,
        confidence: 1.0,
    });
    let candidates = extractor.candidates(&article);
    let stages = &candidates.first().expect("a candidate").agreement.stages;
    let expiry = stages.iter().find(|stage| stage.stage == StageKind::Expired).expect("the expiry");
    assert_eq!(expiry.modality, Modality::Expected);
}

/// Stage, modality and date of everything that the article may tell of its first agreement.
fn told(text: &str) -> Vec<String> {
    let extractor = Extractor::new().expect("the embedded rules load");
    let candidates = extractor.candidates(&Article::plain(text));
    let tellings = candidates.first().map(|candidate| candidate.stages.clone()).unwrap_or_default();
    let date = |stage: &chancery_agreement::Stage| stage.date.as_ref().and_then(|date| date.value.clone()).unwrap_or_default();
    tellings.iter().map(|told| format!("{} {} {}", told.stage.stage, told.stage.modality, date(&told.stage))).collect()
}

#[test]
fn a_year_in_the_name_dates_no_breach() {
    let breach = told("Peru violated the 1994 border treaty with Chile.");
    assert!(breach.iter().any(|stage| stage == "violated actual "), "{breach:?}");
    assert!(breach.iter().all(|stage| !stage.starts_with("violated") || !stage.ends_with("1994")), "{breach:?}");
    let signing = told("Peru and Chile signed the border treaty in 1994.");
    assert!(signing.iter().any(|stage| stage == "signed actual 1994"), "{signing:?}");
}

#[test]
fn what_came_before_a_thing_that_is_not_so_did_happen() {
    let since = told("The two have not met since the signing of the border treaty between Peru and Chile.");
    assert!(since.iter().any(|stage| stage.starts_with("signed actual")), "{since:?}");
}

#[test]
fn no_agreement_was_made() {
    let none = told("Peru and Chile ended the war with no peace treaty signed by both governments.");
    assert!(none.iter().all(|stage| !stage.starts_with("signed actual")), "{none:?}");
}

#[test]
fn what_is_forbidden_or_left_open_is_no_denial() {
    for text in [
        "Belgium may not sign the border treaty with France without the consent of its regions.",
        "The border treaty between Peru and Chile must not be ratified before the vote.",
    ] {
        let open = told(text);
        assert!(open.iter().all(|stage| !stage.starts_with("signed") && !stage.starts_with("ratified")), "{text} {open:?}");
    }
    let denied = told("Peru did not sign the border treaty with Chile.");
    assert!(denied.iter().any(|stage| stage.starts_with("signed denied")), "{denied:?}");
}

#[test]
fn what_frames_an_act_tells_whether_it_was_done() {
    for (text, stage) in [
        ("Peru is the only state to sign the border treaty with Chile.", "signed actual"),
        ("Peru was found to be in violation of the border treaty with Chile.", "violated actual"),
        ("Peru rejected claims that it had violated the border treaty with Chile.", "violated denied"),
        ("Peru and Chile work towards the conclusion of a border treaty.", "agreed expected"),
        ("Peru did not observe the truce with Chile.", "violated actual"),
        ("Parliament is voting on the border treaty of Peru and Chile.", "approved expected"),
        ("Peru and Chile were at war until they signed the border treaty in 1966.", "signed"),
        ("The border treaty with Chile has yet to be ratified by Peru.", "ratified denied"),
        ("Peru stopped preparations for signing the border treaty with Chile.", "signed expected"),
        ("The court struck down the border treaty of Peru and Chile.", "terminated actual"),
        ("Peru decided against signing the border treaty with Chile.", "signed denied"),
        ("Peru became the 100th state to ratify the border treaty with Chile.", "ratified actual"),
        ("Peru's president signed documents to ratify the border treaty with Chile.", "ratified actual"),
        ("The planned signing of the border treaty between Peru and Chile worried farmers.", "signed expected"),
        ("Peru's president signed a decree to withdraw from the border treaty with Chile.", "withdrawn expected"),
        ("Peru failed to honour the truce with Chile.", "violated actual"),
        ("Peru was unable to negotiate a border treaty with Chile.", "agreed denied"),
        ("Peru has not fished since the border treaty with Chile, signed in 1994.", "signed actual"),
    ] {
        let found = told(text);
        assert!(found.iter().any(|telling| telling.starts_with(stage)), "{text} {found:?}");
    }
}

#[test]
fn a_vote_is_what_it_carries() {
    for (text, stage) in [
        ("The senate of Peru voted in 2019 to ratify the border treaty with Chile.", "ratified actual 2019"),
        ("The senate of Peru voted in 2019 to reject the border treaty with Chile.", "rejected actual 2019"),
        ("The senate of Peru voted in 2019 to withdraw from the border treaty with Chile.", "withdrawn expected 2019"),
    ] {
        let found = told(text);
        assert!(found.iter().any(|telling| telling == stage), "{text} {found:?}");
        let other = |telling: &String| telling != stage && (telling.starts_with("approved") || telling.starts_with("rejected"));
        assert!(!found.iter().any(other), "{text} {found:?}");
    }
}

#[test]
fn who_accepts_a_deal_does_not_refuse_it() {
    let accepts = told("Peru and Chile signed letters accepting the border treaty.");
    assert!(accepts.iter().all(|stage| !stage.starts_with("rejected")), "{accepts:?}");
    let refuses = told("Peru will not accept the border treaty with Chile.");
    assert!(refuses.iter().any(|stage| stage.starts_with("rejected actual")), "{refuses:?}");
}

#[test]
fn what_somebody_else_signs_is_not_the_treaty() {
    let troops = told("Under the border treaty, Peru and Chile will withdraw their troops by June.");
    assert!(troops.iter().all(|stage| !stage.starts_with("withdrawn")), "{troops:?}");
    let places = told("Under the border treaty, troops must withdraw from the cities of Peru and Chile by June.");
    assert!(places.iter().all(|stage| !stage.starts_with("withdrawn")), "{places:?}");
    let mandate = told("The border treaty of Peru and Chile replaces a mandate that expires in June.");
    assert!(mandate.iter().all(|stage| !stage.starts_with("expired")), "{mandate:?}");
    let signature = told("Peru and Chile have a border treaty. On Monday Peru withdrew its signature.");
    assert!(signature.iter().all(|stage| !stage.starts_with("signed")), "{signature:?}");
    assert!(signature.iter().any(|stage| stage.starts_with("withdrawn actual")), "{signature:?}");
    let decree = told("The president signed a decree on gas fields, which broke the border treaty of Peru and Chile.");
    assert!(decree.iter().all(|stage| !stage.starts_with("signed")), "{decree:?}");
}

#[test]
fn quarrels_over_an_act_leave_it_open() {
    for text in [
        "Peru and Chile argued over the ratification of the border treaty.",
        "Peru and Chile discussed the ratification of the border treaty.",
    ] {
        let open = told(text);
        assert!(open.iter().all(|stage| !stage.starts_with("ratified")), "{text} {open:?}");
    }
}

#[test]
fn a_motion_that_fails_changes_nothing() {
    for text in [
        "The congress of Peru rejected a motion to withdraw from the Pact of Bogota.",
        "A motion to withdraw from the Pact of Bogota was defeated in the congress of Peru.",
    ] {
        let found = told(text);
        assert!(found.iter().any(|stage| stage.starts_with("withdrawn denied")), "{text} {found:?}");
        assert!(found.iter().all(|stage| !stage.starts_with("rejected")), "{text} {found:?}");
    }
    let bill = told("The congress of Peru rejected a bill to ratify the border treaty with Chile.");
    assert!(bill.iter().any(|stage| stage.starts_with("rejected actual")), "{bill:?}");
    assert!(bill.iter().all(|stage| !stage.starts_with("ratified")), "{bill:?}");
}

#[test]
fn a_law_that_ratifies_is_signed_for_itself() {
    let found = told("The president of Peru signed into law in 2019 a bill ratifying the border treaty with Chile.");
    assert!(found.iter().any(|stage| stage == "ratified actual 2019"), "{found:?}");
    assert!(found.iter().all(|stage| !stage.starts_with("signed")), "{found:?}");
}

#[test]
fn a_date_behind_the_phrase_is_that_of_the_act() {
    let found = told("Peru and Chile signed a memorandum on fishing grounds in November 2019, which Bolivia condemned.");
    assert!(found.iter().any(|stage| stage == "signed actual 2019-11"), "{found:?}");
    let adverb = told("The cabinet of Peru in 2019 unanimously approved a border treaty with Chile.");
    assert!(adverb.iter().any(|stage| stage == "approved actual 2019"), "{adverb:?}");
}
