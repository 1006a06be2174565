//! Scores that were counted by hand.
use super::*;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;

fn sheet(value: &Value) -> Sheet {
    Sheet::of_json(value, "case")
}

fn label() -> Sheet {
    sheet(
        &json!({"agreements": [{"key": "klow-pact", "names": ["the Klow pact"], "kind": "pact", "parties": ["Syldavia", "Borduria"],
        "stages": [{"stage": "signed", "date": "1997-04-02", "actual_or_expected": "actual", "quote": "signed the Klow pact in April"}],
        "commitments": [{"category": "border", "quote": "open two crossings on the river"}], "money": []}],
        "statements": [{"speaker": "King Muskar", "stance": "supports", "about": "klow-pact", "quote": "a good day for both our peoples"}]}),
    )
}

#[test]
fn labels_against_themselves_score_one() {
    let report = score(&Aliases::default(), &[label()], &[label()], None);
    for cell in CELLS.iter().filter(|cell| **cell != "money") {
        assert_eq!(report.cell(cell).map(CellScore::f1), Some(1.0), "{cell}");
    }
}

#[test]
fn a_wrong_date_costs_the_dated_stage_alone() {
    let mut found = label();
    found.agreements[0].stages[0].date = Some("1998".to_owned());
    let report = score(&Aliases::default(), &[label()], &[found], None);
    assert_eq!(report.cell("stage").unwrap().right, 1);
    assert_eq!(report.cell("stage+date").unwrap().right, 0);
    let missed = report.errors("stage+date").filter(|one| one.missed).count();
    assert_eq!((missed, report.errors("stage").count()), (1, 0));
}

#[test]
fn a_quote_that_is_not_in_the_text_is_counted() {
    let found = sheet(&json!({"document": {"source": "case.txt", "text": "Nothing was signed."}, "agreements": [{"key": "a1",
        "names": [], "stages": [{"stage": "signed", "evidence": {"quote": "was signed at noon", "rule": "r"}}]}]}));
    let report = score(&Aliases::default(), &[Sheet { stem: "case".into(), ..Sheet::default() }], &[found], None);
    assert_eq!((report.broken_quotes, report.false_alarms, report.empty_documents), (1, 1, 1));
    assert_eq!(report.rules.iter().find(|one| one.cell == "stage").map(|one| one.rule.as_str()), Some("r"));
}

/// Findings with mistakes in them, made from labels in a fixed way, so that every branch of the scorer has work.
fn damaged(value: &Value, text: &str, stem: &str, number: usize) -> Value {
    let mut finding = json!({"document": {"source": format!("articles/{stem}.json"), "text": text, "title": null}});
    let mut agreements: Vec<Value> = value["agreements"].as_array().cloned().unwrap_or_default();
    for (place, agreement) in agreements.iter_mut().enumerate() {
        agreement["key"] = json!(format!("a{}", place + 1));
        if let Some(parties) = agreement["parties"].as_array_mut() {
            match (number + place) % 4 {
                0 => parties.push(json!("Nowhere")),
                1 => drop(parties.pop()),
                _ => {}
            }
        }
        for (turn, stage) in agreement["stages"].as_array_mut().into_iter().flatten().enumerate() {
            match (number + turn) % 5 {
                0 => stage["date"] = json!({"value": "2005-02", "expression": "then"}),
                1 => stage["quote"] = json!("words that stand nowhere at all"),
                2 => stage["stage"] = json!("proposed"),
                _ => {}
            }
        }
        if number.is_multiple_of(3) {
            agreement["commitments"] = json!([]);
        }
    }
    if number.is_multiple_of(7) {
        agreements.reverse();
        agreements.truncate(2);
    }
    let mut statements: Vec<Value> = value["statements"].as_array().cloned().unwrap_or_default();
    for (place, statement) in statements.iter_mut().enumerate() {
        let about = value["agreements"].as_array().into_iter().flatten().position(|one| one["key"] == statement["about"]);
        statement["about"] = about.map_or(Value::Null, |index| json!(format!("a{}", index + 1)));
        match (number + place) % 4 {
            0 => statement["speaker"] = json!({"name": "Somebody Else"}),
            1 => statement["stance"] = json!("neutral"),
            2 => {
                statement["quote"] =
                    json!(statement["quote"].as_str().unwrap_or("").split(' ').skip(2).collect::<Vec<_>>().join(" "))
            }
            _ => {}
        }
    }
    finding["agreements"] = json!(agreements);
    finding["statements"] = json!(statements);
    finding
}

fn data() -> Option<PathBuf> {
    let data = std::env::var_os("CHANCERY_DATA").map(PathBuf::from).filter(|data| data.join("evaluation/score.py").is_file());
    if data.is_none() {
        eprintln!("skipped: CHANCERY_DATA does not lead to the evaluation data");
    }
    data
}

fn python(script: &Path, arguments: &[&str]) -> Option<String> {
    match Command::new("python3").arg(script).args(arguments).output() {
        Ok(output) if output.status.success() => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => panic!("{}: {}", script.display(), String::from_utf8_lossy(&output.stderr)),
        Err(_) => {
            eprintln!("skipped: there is no python3 to compare with");
            None
        }
    }
}

#[test]
fn the_figures_are_those_of_the_python_script() {
    let Some(data) = data() else { return };
    for set in ["gold/dev", "gold/train"] {
        let folder = data.join(set);
        let labels = folder.join("labels");
        let (mut lines, mut agreements) = (String::new(), String::new());
        let (mut clusters, mut members) = (BTreeMap::new(), BTreeMap::<usize, Vec<Value>>::new());
        for (number, sheet) in read_labels(&labels).unwrap().iter().enumerate() {
            let label: Value =
                serde_json::from_slice(&std::fs::read(labels.join(format!("{}.json", sheet.stem))).unwrap()).unwrap();
            let article: Value =
                serde_json::from_slice(&std::fs::read(folder.join("articles").join(format!("{}.json", sheet.stem))).unwrap())
                    .unwrap();
            if number % 11 == 5 {
                continue;
            }
            let finding = damaged(&label, article["text"].as_str().unwrap_or(""), &sheet.stem, number);
            for (place, one) in finding["agreements"].as_array().unwrap().iter().enumerate() {
                let (key, cluster) = (one["key"].as_str().unwrap().to_owned(), (number / 3 + place) % 40);
                members.entry(cluster).or_default().push(json!({"source": finding["document"]["source"], "key": key}));
                clusters.insert((sheet.stem.clone(), key), cluster);
            }
            lines.push_str(&format!("{finding}\n"));
        }
        for list in members.values() {
            agreements.push_str(&format!("{}\n", json!({"members": list})));
        }
        let scratch = std::env::temp_dir().join(format!("chancery-score-{}-{}", std::process::id(), set.replace('/', "-")));
        std::fs::create_dir_all(&scratch).unwrap();
        let (findings, linked) = (scratch.join("findings.jsonl"), scratch.join("agreements.jsonl"));
        std::fs::write(&findings, lines).unwrap();
        std::fs::write(&linked, agreements).unwrap();
        let arguments = [
            "--findings",
            findings.to_str().unwrap(),
            "--labels",
            labels.to_str().unwrap(),
            "--agreements",
            linked.to_str().unwrap(),
        ];
        let theirs = python(&data.join("evaluation/score.py"), &arguments);
        let speech = python(&data.join("evaluation/speech_score.py"), &[findings.to_str().unwrap(), labels.to_str().unwrap()]);
        let found = crate::sheet::read_findings(&findings).unwrap();
        std::fs::remove_dir_all(&scratch).unwrap();
        let (Some(theirs), Some(speech)) = (theirs, speech) else { return };
        let aliases = Aliases::read(&data.join("evaluation/party_aliases.json")).unwrap();
        let labels = read_labels(&labels).unwrap();
        let ours = score(&aliases, &labels, &found, Some(&clusters));
        assert_eq!(ours.to_string().trim(), theirs.trim(), "{set}");
        // The second line, precision on direct quotations, is our own.
        let ours = score_speech(&aliases, &labels, &found).to_string();
        assert_eq!(ours.lines().next(), Some(speech.trim()), "{set}");
    }
}
