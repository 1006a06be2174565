//! Corrections: laid over findings, kept when documents are read anew, undone, and reported when they no longer apply.
mod support;

use chancery_agreement::Agreement;
use chancery_register::{Author, Register, export};
use support::documents;

const ANN: Author<'static> = Author { by: "Ann Roe", at: "2031-05-06T07:08:09Z", note: Some("checked") };

fn register() -> Register {
    let mut register = Register::in_memory().unwrap();
    for document in documents(60, 9) {
        register.store(&document).unwrap();
    }
    register.link().unwrap();
    register
}

fn agreements(register: &Register) -> Vec<Agreement> {
    register.agreement_ids().unwrap().iter().map(|id| register.agreement(id).unwrap().unwrap()).collect()
}

/// The agreement with the most members.
fn largest(register: &Register) -> Agreement {
    agreements(register).into_iter().max_by_key(|agreement| (agreement.members.len(), agreement.id.clone())).unwrap()
}

/// Reads every document anew, by another version of the reader.
fn read_anew(register: &mut Register, change: impl Fn(&mut chancery_register::Document)) {
    for mut document in documents(60, 9) {
        document.reader = "test 2".to_owned();
        change(&mut document);
        register.store(&document).unwrap();
    }
    register.link().unwrap();
}

#[test]
fn a_title_stays_until_it_is_undone() {
    let mut register = register();
    let before = largest(&register);
    let number = register.rename(&before.id, "The Great River Accord", ANN).unwrap();
    assert_eq!(register.agreement(&before.id).unwrap().unwrap().title, "The Great River Accord");
    read_anew(&mut register, |_| ());
    assert_eq!(register.agreement(&before.id).unwrap().unwrap().title, "The Great River Accord");
    register.undo(number, ANN).unwrap();
    assert_eq!(register.agreement(&before.id).unwrap().unwrap(), before);
    assert!(register.undo(number, ANN).is_err(), "it is undone already");
    let listed = register.all_corrections().unwrap();
    assert_eq!((listed.len(), listed[0].by.as_str(), listed[0].at.as_str()), (1, "Ann Roe", ANN.at));
    assert_eq!(listed[0].undone, Some((ANN.at.to_owned(), "Ann Roe".to_owned())));
}

#[test]
fn two_agreements_are_made_one_and_two_again() {
    let mut register = register();
    let untouched = register.digest().unwrap();
    let all = agreements(&register);
    let (one, other) = (&all[0], &all[1]);
    let number = register.merge(&one.id, &other.id, ANN).unwrap();
    let merged = register.agreement(&one.id).unwrap().unwrap();
    assert_eq!(register.agreement(&other.id).unwrap().unwrap(), merged);
    assert!(merged.members.len() >= one.members.len() + other.members.len());
    let corrected = register.digest().unwrap();
    read_anew(&mut register, |_| ());
    assert_eq!(register.agreement(&other.id).unwrap().unwrap().members.len(), merged.members.len());
    read_anew(&mut register, |document| document.reader = "test".to_owned());
    assert_eq!(register.digest().unwrap(), corrected);
    register.undo(number, ANN).unwrap();
    assert_eq!(agreements(&register), all);
    assert_ne!(register.digest().unwrap(), untouched, "the correction is remembered");
}

#[test]
fn members_are_split_off_and_come_back() {
    let mut register = register();
    let before = largest(&register);
    let last = before.members.last().unwrap();
    let number = register.split(&before.id, &[format!("{}/{}", last.document, last.key)], ANN).unwrap();
    let holds = |register: &Register| {
        let found = agreements(register)
            .into_iter()
            .find(|one| one.members.iter().any(|m| (&m.document, &m.key) == (&last.document, &last.key)));
        found.unwrap()
    };
    let first = &before.members[0];
    let apart = |register: &Register| {
        !holds(register).members.iter().any(|member| (&member.document, &member.key) == (&first.document, &first.key))
    };
    assert!(apart(&register));
    assert_eq!(register.changes(None, 0).unwrap().iter().filter(|change| change.what == "split").count(), 1);
    read_anew(&mut register, |_| ());
    assert!(apart(&register));
    register.undo(number, ANN).unwrap();
    assert_eq!(holds(&register), before);
    assert!(register.split(&before.id, &["ffffffff".to_owned()], ANN).is_err());
}

#[test]
fn a_date_is_changed_in_the_agreement_and_not_in_the_findings() {
    let mut register = register();
    let all = agreements(&register);
    let agreement = all.iter().find(|one| one.stages.iter().any(|stage| stage.date.is_some())).unwrap();
    let member = agreement.members.iter().find(|member| {
        let document = register.document(&member.document).unwrap().unwrap();
        document
            .findings
            .agreements
            .iter()
            .any(|one| one.key == member.key && one.stages.iter().any(|stage| stage.date.is_some()))
    });
    let cell = format!("{}/{}.stages.1", member.unwrap().document, member.unwrap().key);
    let wrong = register.change_cell(&cell, "date", "soon", ANN).unwrap_err().to_string();
    assert!(wrong.contains("`soon` is no date"), "{wrong}");
    let findings = register.document(&member.unwrap().document).unwrap();
    let number = register.change_cell(&cell, "date", "1999-12-31", ANN).unwrap();
    let dated = |register: &Register| {
        let all = agreements(register);
        all.iter()
            .flat_map(|one| &one.stages)
            .flat_map(|stage| &stage.dates)
            .any(|(_, date)| date.value.as_deref() == Some("1999-12-31"))
    };
    assert!(dated(&register));
    assert_eq!(register.document(&member.unwrap().document).unwrap(), findings);
    read_anew(&mut register, |_| ());
    assert!(dated(&register));
    register.undo(number, ANN).unwrap();
    assert!(!dated(&register));
    assert_eq!(register.verify().unwrap().problems, vec![]);
}

#[test]
fn what_is_rejected_is_gone_and_what_no_longer_applies_is_reported() {
    let mut register = register();
    let before = agreements(&register);
    let number = register.reject(&before[0].id, ANN).unwrap();
    assert!(register.agreement(&before[0].id).unwrap().is_none());
    assert_eq!(agreements(&register).len(), before.len() - 1);
    let gone = before[0].members[0].document.clone();
    read_anew(&mut register, |document| {
        if document.article.id == gone {
            document.findings.agreements.clear();
        }
    });
    let listed = register.all_corrections().unwrap();
    let problem = listed[0].problem.as_deref().unwrap();
    assert!(problem.contains("no longer a part of an agreement"), "{problem}");
    read_anew(&mut register, |document| document.reader = "test".to_owned());
    assert_eq!(register.all_corrections().unwrap()[0].problem, None, "it applies again when its words are found again");
    assert!(register.agreement(&before[0].id).unwrap().is_none());
    register.undo(number, ANN).unwrap();
    assert_eq!(agreements(&register), before);
}

#[test]
fn an_alias_makes_one_actor_of_two() {
    let mut register = register();
    let actors = |register: &Register| -> std::collections::BTreeSet<String> {
        agreements(register).into_iter().flat_map(|one| one.parties).map(|party| party.actor).collect()
    };
    assert!(actors(&register).contains("Norland"));
    let before = agreements(&register);
    let number = register.alias("Norland", "Kingdom of the North", ANN).unwrap();
    assert!(!actors(&register).contains("Norland") && actors(&register).contains("Kingdom of the North"));
    register.undo(number, ANN).unwrap();
    assert_eq!(agreements(&register), before);
    assert!(register.alias("Norland", "norland", ANN).is_err());
}

#[test]
fn corrected_documents_leave_as_labels() {
    let mut register = register();
    let agreement = largest(&register);
    register.confirm(&agreement.id, ANN).unwrap();
    let mut out = Vec::new();
    export::corrections::write(&register, &mut out).unwrap();
    let lines: Vec<serde_json::Value> =
        String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), agreement.members.len());
    for line in &lines {
        let own: Vec<_> =
            line["agreements"].as_array().unwrap().iter().filter(|one| one["key"] == agreement.id.as_str()).collect();
        assert_eq!(own.len(), 1, "{line}");
        assert!(own[0]["names"][0].is_string() && own[0]["stages"][0]["quote"] == "made");
        assert_eq!(line["corrections"][0]["kind"], "confirm");
    }
}
