//! The reports in `examples/` tell what they were written to tell: drafts, signing, ratification, a forecast that slips,
//! papers that contradict each other, contested names, and distractors that are no agreements.
use chancery_agreement::{Agreement, Findings, Modality, Outcome, RelationKind, StageKind};
use chancery_collect::{Limits, article, documents};
use chancery_extract::Extractor;
use chancery_link::{Document, Linked, link};
use std::path::Path;
use std::sync::LazyLock;

struct Examples {
    documents: Vec<Document>,
    linked: Linked,
}

static EXAMPLES: LazyLock<Examples> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let extractor = Extractor::new().expect("the built-in rules load");
    let limits = Limits::default();
    let read = documents(&[folder], &limits).map(|raw| {
        let (article, _) = article(&raw.expect("every example can be read"), &limits);
        let (findings, _) = extractor.extract(&article);
        Document {
            id: article.id,
            source: article.source,
            url: article.url,
            publisher: article.publisher,
            published: article.published.map(|published| published.value),
            title: article.title,
            copy_of: None,
            findings,
        }
    });
    let documents: Vec<Document> = read.collect();
    let linked = link(&documents);
    Examples { documents, linked }
});

/// The agreement of the register one of whose names holds these words, with the most members where there are several.
fn agreement(words: &str) -> &'static Agreement {
    let named = |agreement: &&Agreement| agreement.names.iter().any(|name| name.text.to_lowercase().contains(words));
    let found = EXAMPLES.linked.agreements.iter().filter(named).max_by_key(|agreement| agreement.members.len());
    found.unwrap_or_else(|| panic!("no agreement is called `{words}`"))
}

fn dates(agreement: &Agreement, stage: StageKind, modality: Modality) -> Vec<String> {
    let stages = agreement.stages.iter().filter(|found| found.stage == stage && found.modality == modality);
    stages.filter_map(|found| found.date.as_ref()?.value.clone()).collect()
}

fn findings(title: &str) -> &'static Findings {
    let found = EXAMPLES.documents.iter().find(|document| document.title.as_deref() == Some(title));
    &found.unwrap_or_else(|| panic!("no example is titled `{title}`")).findings
}

#[test]
fn every_report_has_its_publication_date() {
    for document in &EXAMPLES.documents {
        assert!(document.published.is_some(), "{} has no date", document.source);
    }
}

#[test]
fn one_treaty_told_by_four_papers_is_one_record() {
    let treaty = agreement("partnership and security");
    let mut sources: Vec<&str> = treaty.members.iter().map(|member| member.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    assert!(sources.len() >= 4, "{sources:?}");
}

#[test]
fn the_forecast_of_the_signing_comes_out_late() {
    let treaty = agreement("partnership and security");
    let late = |stage| treaty.forecasts.iter().any(|forecast| forecast.stage == stage && forecast.outcome == Outcome::Late);
    assert!(late(StageKind::Signed), "{:#?}", treaty.forecasts);
}

#[test]
fn papers_that_contradict_each_other_on_the_date_stand_side_by_side() {
    let treaty = agreement("partnership and security");
    let signed = treaty.conflicts.iter().find(|conflict| conflict.field == "stages.signed.date");
    let values: Vec<&str> = signed.iter().flat_map(|conflict| &conflict.values).map(|value| value.value.as_str()).collect();
    assert!(values.contains(&"2022-05-12") && values.contains(&"2022-05-14"), "{values:?}");
}

#[test]
fn signing_and_ratification_have_their_own_dates() {
    let treaty = agreement("partnership and security");
    assert!(dates(treaty, StageKind::Ratified, Modality::Actual).contains(&"2022-06-28".to_owned()));
    let prespa = agreement("prespa agreement");
    assert_eq!(dates(prespa, StageKind::Signed, Modality::Actual), ["2018-06-17"]);
    assert_eq!(dates(prespa, StageKind::Ratified, Modality::Actual), ["2019-01-25"]);
}

#[test]
fn a_new_protocol_replaces_the_old_one() {
    let replaces = |agreement: &Agreement| agreement.relations.iter().any(|relation| relation.kind == RelationKind::Replaces);
    assert!(replaces(agreement("new fisheries protocol")));
}

#[test]
fn contested_names_are_recorded_with_who_uses_them() {
    let called = EXAMPLES.documents.iter().flat_map(|document| &document.findings.naming);
    let words: Vec<(&str, &str)> = called.map(|naming| (naming.evidence.quote(), naming.by.as_str())).collect();
    for expected in ["breakaway", "de facto", "so-called"] {
        assert!(words.iter().any(|(quote, _)| quote.contains(expected)), "`{expected}` is not among {words:?}");
    }
}

#[test]
fn mergers_players_and_coalitions_are_no_agreements() {
    for title in ["Brewers agree to merge", "Striker signs for three years", "Liberals and Greens strike coalition deal"] {
        assert_eq!(findings(title).agreements, [], "{title}");
    }
}

#[test]
fn nothing_of_a_teaser_or_related_story_is_recorded() {
    for debris in ["30 trains", "lighthouse", "tax code", "Cruise ship", "newsletter"] {
        for document in &EXAMPLES.documents {
            let findings = format!("{:?}", document.findings);
            assert!(!findings.contains(debris), "`{debris}` of {} was read", document.source);
        }
    }
}
