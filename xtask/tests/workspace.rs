//! The workspace keeps its own rules.
use xtask::scores::Scores;
use xtask::workspace::Workspace;
use xtask::{Complaint, copies, dependencies, order, tidy};

fn workspace() -> Workspace {
    Workspace::open().expect("the workspace can be listed")
}

fn none(complaints: &[Complaint]) {
    let lines: Vec<String> = complaints.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}

#[test]
fn crates_depend_only_on_those_before_them() {
    none(&order::complaints(&workspace()).unwrap());
}

#[test]
fn sources_and_docs_are_tidy() {
    none(&tidy::complaints(&workspace()));
}

#[test]
fn every_dependency_is_explained() {
    none(&dependencies::complaints(&workspace()).unwrap());
}

#[test]
fn nothing_is_copied_from_the_shared_documents() {
    let Some(shared) = copies::shared_folder() else {
        println!("skipped: CHANCERY_DATA names no folder, so there is nothing to compare with");
        return;
    };
    none(&copies::complaints(&workspace(), &shared));
}

#[test]
fn recorded_scores_can_be_read_and_each_run_has_some() {
    let text = workspace().text("scores.toml").expect("scores.toml is there");
    let scores = Scores::parse(&text).unwrap();
    assert!(!scores.runs.is_empty());
    for run in &scores.runs {
        assert!(!run.at_least.is_empty(), "{run:?} records nothing");
    }
}
