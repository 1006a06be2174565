//! Linking figures that were counted by hand.
use super::*;
use std::path::PathBuf;

fn stories() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../gold/linking")
}

/// The labelled data, where it is at hand.
fn data() -> Option<PathBuf> {
    let data = std::env::var_os("CHANCERY_DATA").map(PathBuf::from).filter(|data| data.join("gold/dev/labels").is_dir());
    if data.is_none() {
        eprintln!("skipped: CHANCERY_DATA does not lead to labelled data");
    }
    data
}

#[test]
fn our_own_stories_come_out_right() {
    let report = evaluate_stories(&stories()).unwrap();
    let remarks = report.remarks.join("\n");
    println!("{report}\n{remarks}");
    assert!(report.stories >= 20, "{report}");
    assert!(report.figures.f1() >= 0.95, "{report}\n{remarks}");
    let tally = report.tally;
    assert!(tally.conflicts_right * 10 >= tally.conflicts_found * 9, "{report}\n{remarks}");
    assert!(tally.conflicts_right * 10 >= tally.conflicts * 8, "{report}\n{remarks}");
    assert!(tally.forecasts_right * 10 >= tally.forecasts * 9, "{report}\n{remarks}");
}

#[test]
fn order_of_documents_changes_nothing() {
    let mut labelled = Labelled::default();
    for entry in std::fs::read_dir(stories()).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if name.ends_with(".md") && name != "README.md" {
            labelled.extend(Story::parse(&name, &std::fs::read_to_string(path).unwrap()).unwrap().labelled);
        }
    }
    let straight = link(&labelled.documents);
    labelled.documents.reverse();
    assert!(link(&labelled.documents) == straight);
    let middle = labelled.documents.len() / 3;
    labelled.documents.rotate_left(middle);
    assert!(link(&labelled.documents) == straight);
}

#[test]
fn former_ids_lead_to_the_agreement_when_documents_are_added() {
    let text = std::fs::read_to_string(stories().join("ferry-from-draft-to-force.md")).unwrap();
    let all = Story::parse("ferry", &text).unwrap().labelled.documents;
    // Read from the last report backwards, the founder changes each time.
    let mut former = Vec::new();
    for count in 1..=all.len() {
        let linked = link(all.get(all.len() - count..).unwrap());
        former.extend(linked.agreements.iter().map(|agreement| agreement.id.clone()));
    }
    let linked = link(&all);
    assert_eq!(linked.agreements.len(), 1);
    for id in &former {
        assert_eq!(linked.resolve(id), Some(linked.agreements[0].id.as_str()));
    }
}

#[test]
fn a_broken_story_names_its_line() {
    let problem = Story::parse("x", "# T\n## a, 2001-01-01\nNothing here.\n- k: treaty | Norland | the pact\n").unwrap_err();
    assert!(problem.starts_with("x:4:") && problem.contains("does not stand"), "{problem}");
}

#[test]
fn the_seeds_tell_of_six_agreements() {
    let Some(data) = data() else { return };
    let (figures, linked) = evaluate_seeds(&data).unwrap();
    assert_eq!(linked.agreements.len(), 6, "{figures}");
    let signed_on = |day: &str| {
        linked.agreements.iter().find(|agreement| {
            agreement.stages.iter().any(|stage| {
                stage.stage == StageKind::Signed && stage.date.as_ref().and_then(|date| date.value.as_deref()) == Some(day)
            })
        })
    };
    assert_eq!(signed_on("2015-03-18").map(|agreement| agreement.members.len()), Some(4));
    let army = signed_on("2017-03-31").unwrap();
    assert_eq!(army.members.len(), 2);
    let late: Vec<Option<i64>> = army.forecasts.iter().map(|forecast| forecast.late_by_days).collect();
    assert_eq!(late, [Some(90)]);
}

#[test]
fn labels_link_as_well_as_before() {
    let Some(data) = data() else { return };
    let report = evaluate(&data).unwrap();
    println!("{report}\n{}", report.errors.join("\n"));
    assert!(report.all.f1() >= 0.94, "{report}");
}
