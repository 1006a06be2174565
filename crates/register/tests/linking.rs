//! Linking what is new comes to the same register as linking everything at once.
mod support;

use chancery_register::{Document, Register, View};
use support::{Random, documents};

fn at_once(documents: &[Document]) -> Register {
    let mut register = Register::in_memory().unwrap();
    for document in documents {
        register.store(document).unwrap();
    }
    register.link().unwrap();
    register
}

fn dump(register: &Register) -> String {
    let mut text = Vec::new();
    register.dump(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[track_caller]
fn assert_same(one: &Register, other: &Register) {
    let (one, other) = (dump(one), dump(other));
    let apart: Vec<_> = one.lines().zip(other.lines()).filter(|(a, b)| a != b).take(6).collect();
    assert!(one == other, "{apart:#?}");
}

#[test]
fn ten_reads_in_any_order_come_to_the_same_register() {
    for seed in [3, 17, 2026] {
        let mut all = documents(200, seed);
        let whole = at_once(&all);
        assert!(whole.agreement_ids().unwrap().len() > 20);
        assert!(whole.view(View::Documents).unwrap().iter().any(|row| !row.text("copy_of").is_empty()));
        Random(seed).shuffle(&mut all);
        let mut pieces = Register::in_memory().unwrap();
        for piece in all.chunks(20) {
            for document in piece {
                pieces.store(document).unwrap();
            }
            pieces.link().unwrap();
        }
        assert_same(&whole, &pieces);
        assert_eq!(pieces.verify().unwrap().problems, vec![]);
    }
}

#[test]
fn a_document_that_is_read_anew_with_other_findings_leaves_no_trace_of_the_old_ones() {
    for seed in [5, 23] {
        let mut random = Random(seed);
        let mut all = documents(120, seed);
        let mut register = at_once(&all);
        for _ in 0..6 {
            for _ in 0..4 {
                let place = random.below(all.len());
                // Other findings of the same text: those that are left out, or none.
                let document = &mut all[place];
                document.reader = format!("test {}", random.0);
                match random.below(3) {
                    0 => document.findings.agreements.clear(),
                    1 => document.findings.agreements.truncate(1),
                    _ => document.findings.agreements.iter_mut().for_each(|finding| finding.stages.clear()),
                }
                register.store(document).unwrap();
            }
            register.link().unwrap();
        }
        assert_same(&at_once(&all), &register);
    }
}

#[test]
fn what_changed_is_listed_in_order_and_former_ids_lead_on() {
    let all = documents(80, 11);
    let mut register = Register::in_memory().unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for (day, piece) in (1..).zip(all.chunks(10)) {
        for document in piece {
            register.store(document).unwrap();
        }
        register.link_at(Some(&format!("2030-01-{day:02}T00:00:00Z"))).unwrap();
        ids.extend(register.agreement_ids().unwrap());
    }
    for id in &ids {
        assert!(register.agreement(id).unwrap().is_some(), "{id} leads nowhere");
    }
    let changes = register.changes(None, 0).unwrap();
    let of = |what: &str| changes.iter().filter(|change| change.what == what).count();
    for what in ["added", "changed", "moved"] {
        assert!(of(what) > 0, "nothing was {what}: {changes:#?}");
    }
    let late = register.changes(Some("2030-01-08"), 0).unwrap();
    assert!(!late.is_empty() && late.len() < changes.len());
    assert!(late.iter().all(|change| change.at.as_deref() == Some("2030-01-08T00:00:00Z")));
    assert_eq!(register.changes(None, changes[4].n).unwrap(), changes[5..]);
    register.link_at(Some("2031-01-01T00:00:00Z")).unwrap();
    assert_eq!(register.changes(None, 0).unwrap(), changes, "nothing happened, and nothing was noted");
}
