//! Every command on a register of a few reports: what a user sees, what a program reads, how a run ends.
mod support;

use std::io::Read;
use support::{Folder, chancery, lines};

/// A folder with reports and a register that was made of them.
fn read() -> Folder {
    let folder = Folder::with_reports(9);
    let output = chancery(&folder, &["read", "reports"]);
    assert_eq!(output.status, 0, "{}", output.stderr);
    assert!(output.stdout.starts_with("9 documents: 9 new"), "{}", output.stdout);
    folder
}

#[test]
fn every_command_explains_itself_with_an_example() {
    let folder = Folder::with_reports(0);
    let commands = [
        "read",
        "import",
        "list",
        "show",
        "timeline",
        "compare",
        "statements",
        "conflicts",
        "forecasts",
        "naming",
        "actors",
        "search",
        "explain",
        "correct",
        "changes",
        "verify",
        "export",
        "extract",
        "annotate",
        "evaluate",
    ];
    let help = chancery(&folder, &["--help"]).stdout;
    for command in commands {
        assert!(help.contains(&format!("\n  {command} ")), "`{command}` is missing from\n{help}");
        let own = chancery(&folder, &[command, "--help"]);
        assert_eq!(own.status, 0);
        assert!(own.stdout.contains("Example") && own.stdout.contains(&format!("chancery {command}")), "{}", own.stdout);
    }
}

#[test]
fn every_view_is_json_for_programs_and_plain_text_elsewhere() {
    let folder = read();
    for command in ["list", "timeline", "statements", "conflicts", "forecasts", "naming", "actors", "changes"] {
        let json = chancery(&folder, &[command, "--json"]);
        assert_eq!(json.status, 0, "{command}: {}", json.stderr);
        for line in lines(&json.stdout) {
            assert!(line.is_object(), "{command}: {line}");
        }
        let plain = chancery(&folder, &[command]);
        assert_eq!(plain.status, 0, "{command}: {}", plain.stderr);
        assert!(!plain.stdout.contains('\u{1b}'), "{command} prints color into a pipe");
    }
}

#[test]
fn an_agreement_is_shown_with_its_stages_words_and_sources() {
    let folder = read();
    let listed = lines(&chancery(&folder, &["list", "--json"]).stdout);
    let signed = listed.iter().find(|row| row["latest_stage"] == "signed").expect("some report tells of a signing");
    let id = signed["id"].as_str().unwrap();
    let page = chancery(&folder, &["show", id]);
    assert_eq!(page.status, 0, "{}", page.stderr);
    for words in ["WHAT HAPPENED", "signed", signed["latest_date"].as_str().unwrap(), "SOURCES", "reports/"] {
        assert!(page.stdout.contains(words), "`{words}` is missing from\n{}", page.stdout);
    }
    let json = lines(&chancery(&folder, &["show", id, "--json"]).stdout);
    assert_eq!(json[0]["id"], id);
    let missing = chancery(&folder, &["show", "no", "such", "thing"]);
    assert_eq!(missing.status, 2);
    assert!(missing.stderr.contains("no agreement goes by `no such thing`"), "{}", missing.stderr);
}

#[test]
fn the_list_can_be_narrowed() {
    let folder = read();
    let all = lines(&chancery(&folder, &["list", "--json"]).stdout);
    let party = all[0]["parties"].as_str().unwrap().split("; ").next().unwrap().to_owned();
    let some = lines(&chancery(&folder, &["list", "--json", "--party", &party.to_uppercase()]).stdout);
    assert!(!some.is_empty() && some.len() < all.len());
    assert!(some.iter().all(|row| row["parties"].as_str().unwrap().contains(&party)));
    let ratified = lines(&chancery(&folder, &["list", "--json", "--stage", "ratified"]).stdout);
    assert!(!ratified.is_empty() && ratified.len() < all.len());
    assert!(lines(&chancery(&folder, &["list", "--json", "--since", "2050"]).stdout).is_empty());
    assert_eq!(chancery(&folder, &["list", "--stage", "singed"]).status, 2);
}

#[test]
fn a_cell_is_explained_by_its_sentence_rule_and_tree() {
    let folder = read();
    let hits = lines(&chancery(&folder, &["search", "signed", "--json"]).stdout);
    let cell =
        hits.iter().find_map(|hit| hit["cell"].as_str().filter(|cell| cell.contains("stages"))).expect("a stage was signed");
    let text = chancery(&folder, &["explain", cell]).stdout;
    assert!(text.contains("rule ") && text.contains("nsubj") && text.contains("Part of the agreement"), "{text}");
    let json = lines(&chancery(&folder, &["explain", cell, "--json"]).stdout);
    assert_eq!(json[0]["kind"], "stage");
    let (document, _) = cell.split_once('/').unwrap();
    let evidence = &json[0]["evidence"][0];
    let place = format!("{document}:{}-{}", evidence["start"], evidence["end"]);
    assert_eq!(chancery(&folder, &["explain", &place]).status, 0, "the same cell by its bytes");
    assert_eq!(chancery(&folder, &["explain", "ffffffffffff/a1"]).status, 2);
}

#[test]
fn the_timeline_is_a_picture_that_any_reader_of_xml_takes() {
    let folder = read();
    assert_eq!(chancery(&folder, &["timeline", "--svg", "t.svg"]).status, 0);
    let svg = std::fs::read_to_string(folder.path.join("t.svg")).unwrap();
    assert!(svg.starts_with("<svg xmlns=") && svg.trim_end().ends_with("</svg>"));
    assert!(svg.contains("signed") && svg.contains("<circle"));
    let (mut open, mut rest) = (Vec::new(), svg.as_str());
    while let Some(at) = rest.find('<') {
        let end = at + rest[at..].find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "tags are nested");
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap());
        }
        rest = &rest[end..];
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn sources_are_compared_side_by_side() {
    let folder = read();
    let listed = lines(&chancery(&folder, &["list", "--json"]).stdout);
    let id = listed[0]["id"].as_str().unwrap();
    let sources = lines(&chancery(&folder, &["compare", id, "--json"]).stdout);
    assert_eq!(sources.len() as u64, listed[0]["documents"].as_u64().unwrap());
    assert!(!sources[0]["says"].as_array().unwrap().is_empty());
    assert!(chancery(&folder, &["compare", id]).stdout.contains("says"));
}

#[test]
fn exports_are_files_that_are_there_whole_or_not_at_all() {
    let folder = read();
    let agreements = chancery(&folder, &["export", "agreements"]);
    let listed = lines(&chancery(&folder, &["list", "--json"]).stdout);
    assert_eq!(lines(&agreements.stdout).len(), listed.len());
    assert_eq!(chancery(&folder, &["export", "csv", "--output", "tables"]).status, 0);
    let names: Vec<_> = std::fs::read_dir(folder.path.join("tables")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.len() > 10 && names.iter().all(|name| name.to_string_lossy().ends_with(".csv")), "{names:?}");
    let csv = chancery(&folder, &["export", "csv", "--table", "agreements"]).stdout;
    assert_eq!(csv.lines().count(), listed.len() + 1);
    assert_eq!(chancery(&folder, &["export", "agreements", "--output", "no/such/folder/a.jsonl"]).status, 2);
}

#[test]
fn documents_are_taken_in_and_read_without_a_register() {
    let folder = Folder::with_reports(1);
    let article = lines(&chancery(&folder, &["extract", "reports/000.txt"]).stdout);
    assert!(article[0]["body"].as_str().unwrap().contains("signed a fisheries agreement"));
    let conllu = chancery(&folder, &["annotate", "reports/000.txt", "--layer", "syntax"]).stdout;
    assert!(conllu.contains("\tsigned\tsign\tVERB\t"), "{conllu}");
    std::fs::write(folder.path.join("gold.conllu"), &conllu).unwrap();
    let again = chancery(&folder, &["annotate", "gold.conllu", "--layer", "syntax", "--gold-tokens"]);
    assert_eq!(again.status, 0, "{}", again.stderr);
    let words = |text: &str| text.lines().filter(|line| line.starts_with(|sign: char| sign.is_ascii_digit())).count();
    assert_eq!(words(&again.stdout), words(&conllu));
    let times = lines(&chancery(&folder, &["annotate", "reports/000.txt", "--layer", "time", "--format", "jsonl"]).stdout);
    assert!(times.iter().any(|time| time["value"] == "2001-01-01"), "{times:?}");
    let timeml = chancery(&folder, &["annotate", "reports/000.txt", "--layer", "time"]).stdout;
    assert!(timeml.contains("<TIMEX3") && timeml.contains("2001-01-01"), "{timeml}");
    let names = lines(&chancery(&folder, &["annotate", "reports/000.txt", "--layer", "names"]).stdout);
    assert!(names.iter().any(|name| name["actor"] == "Albania"), "{names:?}");
    assert_eq!(chancery(&folder, &["annotate", "reports/000.txt", "--layer", "statements"]).status, 0);
    assert_eq!(chancery(&folder, &["annotate", "reports/000.txt", "--layer", "names", "--format", "conllu"]).status, 2);
    assert!(!folder.path.join("chancery.db").exists());
}

#[test]
fn a_missing_register_is_told_with_what_to_do() {
    let folder = Folder::with_reports(0);
    let output = chancery(&folder, &["list"]);
    assert_eq!(output.status, 2);
    assert!(
        output.stderr.contains("there is no register at chancery.db") && output.stderr.contains("chancery read"),
        "{}",
        output.stderr
    );
}

#[test]
fn nobody_left_to_read_the_output_is_no_error() {
    let folder = read();
    let mut child = support::command(&folder, &["export", "findings"]).spawn().unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_register_whose_reading_was_cut_short_is_linked_when_it_is_looked_at() {
    let folder = read();
    let whole = folder.digest("chancery.db");
    let database = rusqlite::Connection::open(folder.path.join("chancery.db")).unwrap();
    database.execute_batch("DELETE FROM state; DELETE FROM agreement;").unwrap();
    drop(database);
    assert_eq!(whole, folder.digest("chancery.db"));
}

#[test]
fn a_model_that_is_not_there_or_damaged_is_named_and_the_fast_reader_goes_on_without() {
    let folder = Folder::with_reports(1);
    let missing = ["annotate", "reports", "--layer", "marks", "--reader", "accurate", "--model", "nowhere.onnx"];
    let refused = chancery(&folder, &missing);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("nowhere.onnx"), "{}", refused.stderr);
    std::fs::write(folder.path.join("junk.onnx"), "junk").unwrap();
    std::fs::write(folder.path.join("junk.json"), "{}").unwrap();
    std::fs::write(folder.path.join("vocab.txt"), "[UNK]").unwrap();
    let damaged = ["annotate", "reports", "--layer", "marks", "--reader", "accurate", "--model", "junk.onnx"];
    let refused = chancery(&folder, &damaged);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("junk.onnx") && refused.stderr.contains("description"), "{}", refused.stderr);
    let fast = chancery(&folder, &["annotate", "reports", "--layer", "marks", "--reader", "fast"]);
    assert_eq!((fast.status, fast.stdout.as_str()), (0, ""));
}

#[test]
fn a_correction_is_made_listed_exported_and_undone() {
    let folder = read();
    let listed = lines(&chancery(&folder, &["list", "--json"]).stdout);
    let signed = listed.iter().find(|row| row["latest_stage"] == "signed").unwrap();
    let id = signed["id"].as_str().unwrap();
    let renamed =
        chancery(&folder, &["correct", "rename", id, "Pact", "of", "Geneva", "--by", "Ann Roe", "--note", "as printed"]);
    assert_eq!(renamed.status, 0, "{}", renamed.stderr);
    assert!(renamed.stdout.contains("chancery correct undo 1"), "{}", renamed.stdout);
    assert!(chancery(&folder, &["show", id]).stdout.contains("Pact of Geneva"));
    chancery(&folder, &["read", "reports"]);
    assert!(chancery(&folder, &["show", id]).stdout.contains("Pact of Geneva"), "it stays after reading again");
    let all = lines(&chancery(&folder, &["correct", "list", "--json"]).stdout);
    assert_eq!((&all[0]["kind"], &all[0]["by"], &all[0]["note"]), (&"rename".into(), &"Ann Roe".into(), &"as printed".into()));
    assert!(chancery(&folder, &["correct", "list"]).stdout.contains("Ann Roe"));
    let labels = lines(&chancery(&folder, &["export", "corrections"]).stdout);
    assert!(labels[0]["agreements"].as_array().unwrap().iter().any(|agreement| agreement["key"] == id));
    let changes = lines(&chancery(&folder, &["changes", "--json"]).stdout);
    assert_eq!(changes.iter().filter(|change| change["change"] == "corrected").count(), 1);
    let last = changes[changes.len() - 3]["n"].to_string();
    assert_eq!(lines(&chancery(&folder, &["changes", "--json", "--since", &last]).stdout).len(), 2);
    let undone = chancery(&folder, &["correct", "undo", "1", "--by", "Ann Roe"]);
    assert_eq!(undone.status, 0, "{}", undone.stderr);
    assert!(!chancery(&folder, &["show", id]).stdout.contains("Pact of Geneva"));
    let refused = chancery(&folder, &["correct", "undo", "7", "--by", "Ann Roe"]);
    assert!(refused.status == 2 && refused.stderr.contains("there is no correction 7"), "{}", refused.stderr);
}

#[test]
fn merges_dates_conflicts_and_forecasts_are_explained() {
    let folder = Folder::with_reports(0);
    let report = |name: &str, text: &str| std::fs::write(folder.path.join(format!("reports/{name}.txt")), text).unwrap();
    report(
        "2004-03-02-a",
        "Ferry talks\n\nChad and Kenya are expected to sign a ferry treaty by the end of March 2004, officials said.\n",
    );
    report("2004-04-10-b", "Ferry signed\n\nChad and Kenya signed the ferry treaty on 9 April 2004 in Geneva.\n");
    report("2004-04-11-c", "Ferry treaty\n\nKenya and Chad signed the ferry treaty on 8 April 2004 in Geneva.\n");
    chancery(&folder, &["read", "reports"]);
    let listed = lines(&chancery(&folder, &["list", "--json"]).stdout);
    let told = listed.iter().max_by_key(|row| row["documents"].as_i64()).unwrap();
    let id = told["id"].as_str().unwrap();
    let whole = chancery(&folder, &["explain", id]);
    assert_eq!(whole.status, 0, "{}", whole.stderr);
    assert!(whole.stdout.contains("joined to") && whole.stdout.contains("the earliest report"), "{}", whole.stdout);
    let record = &lines(&chancery(&folder, &["show", id, "--json"]).stdout)[0];
    for part in ["stages", "conflicts", "forecasts"] {
        let wanted = record[part].as_array().unwrap().len();
        assert!(wanted > 0, "{part}: {record}");
        let explained = chancery(&folder, &["explain", &format!("{id}/{part}"), "--json"]);
        let explained = lines(&explained.stdout);
        assert_eq!(explained.len(), wanted, "{part}");
        assert!(explained.iter().all(|one| one["why"].as_str().is_some_and(|why| !why.is_empty())), "{explained:?}");
        let plain = chancery(&folder, &["explain", &format!("{id}/{part}.1")]).stdout;
        assert!(plain.contains('“') && plain.contains("reports") || plain.contains(".txt"), "{plain}");
    }
    let refused = chancery(&folder, &["explain", &format!("{id}/conflicts.99")]);
    assert!(refused.status == 2 && refused.stderr.contains("has no conflicts.99"), "{}", refused.stderr);
}

#[test]
fn sources_and_speakers_are_counted_and_few_forecasts_give_no_percentage() {
    let folder = read();
    for whom in ["source", "speaker"] {
        let rows = lines(&chancery(&folder, &["forecasts", "--by", whom, "--json"]).stdout);
        assert!(rows.iter().all(|row| row["forecaster"] == whom && row["percent_right"].is_null()), "{rows:?}");
        assert_eq!(chancery(&folder, &["forecasts", "--by", whom]).status, 0);
    }
    assert!(!lines(&chancery(&folder, &["forecasts", "--by", "source", "--json"]).stdout).is_empty());
}

/// Whoever scores a reader wants every word of the text back, what reading cuts as debris among it.
#[test]
fn annotations_cover_the_whole_text() {
    let folder = Folder::with_reports(0);
    let text = "Two ports signed a pact\n\nBy Ada Brook\n\nPhoto: Harbor Press\n\nThe ports of Alba and Beta signed a pact on Monday.\n\n\
                Related articles\n\nFerries stay in port as the storm goes on";
    std::fs::write(folder.path.join("report.txt"), text).unwrap();
    let trees = chancery(&folder, &["annotate", "--layer", "syntax", "--format", "conllu", "report.txt"]).stdout;
    let sentences: Vec<&str> = trees.lines().filter_map(|line| line.strip_prefix("# text = ")).collect();
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    assert_eq!(letters(&sentences.concat()), letters(text));
}

#[test]
fn a_reprint_does_not_raise_the_count_of_sources() {
    let folder = Folder::with_reports(1);
    let report = "The parliaments of Chad and Denmark ratified a fisheries agreement on 4 March 2005 after nine months of talks in both capitals.\n\n\
         The fisheries agreement was signed in Geneva on 12 January 2005 and shall remain in force for five years from the day of its ratification.\n\n\
         Boats of both countries had stayed in port for most of the winter, because neither side would let the other's crews land their catch.\n";
    let other = "Danish and Chadian crews may land their catch again, officials said, now that a long quarrel over boats has come to its end.\n\n\
         Chad and Denmark signed a fisheries agreement in Geneva on 12 January 2005, and both parliaments have voted for it since.\n";
    let write = |name: &str, text: String| std::fs::write(folder.path.join(name), text).unwrap();
    write("2005-03-05-agency.txt", format!("Parliaments ratify fisheries agreement\n\n{report}"));
    write(
        "2005-03-06-reprint.txt",
        format!("Boats to sail again\n\n{report}\nReaders of this paper had waited for the news since the autumn.\n"),
    );
    write("2005-03-07-own.txt", format!("Crews may land again\n\n{other}"));
    let sources = |files: &[&str]| -> (String, String) {
        let register = format!("{}.db", files.len());
        let mut arguments = vec!["read", "--register", &register];
        arguments.extend(files);
        let read = chancery(&folder, &arguments);
        assert_eq!(read.status, 0, "{}", read.stderr);
        let listed = lines(&chancery(&folder, &["list", "--json", "--register", &register]).stdout);
        let id = listed.iter().max_by_key(|row| row["documents"].as_u64()).unwrap()["id"].as_str().unwrap().to_owned();
        let shown = chancery(&folder, &["show", &id, "--register", &register]).stdout;
        let compared = chancery(&folder, &["compare", &id, "--register", &register]).stdout;
        (shown, compared)
    };
    let (shown, compared) = sources(&["2005-03-05-agency.txt", "2005-03-06-reprint.txt"]);
    for page in [&shown, &compared] {
        assert!(page.contains("1 independent source in 2 documents"), "{page}");
    }
    assert!(shown.contains("copy of [1]") && compared.contains("is a copy of 2005-03-05-agency.txt"), "{shown}{compared}");
    let (shown, compared) = sources(&["2005-03-05-agency.txt", "2005-03-06-reprint.txt", "2005-03-07-own.txt"]);
    for page in [&shown, &compared] {
        assert!(page.contains("2 independent sources in 3 documents"), "{page}");
    }
}

#[test]
fn what_a_papers_pages_repeat_is_cut_when_all_are_looked_through_first() {
    let folder = Folder::with_reports(1);
    let furniture = "The Herald has reported from the harbor since the lighthouse was built and is read in both towns.";
    let stories = [
        "Fishermen in the north sold more herring this week than in any week since the harbor was dredged nine years ago.",
        "A choir from the islands will sing in the old customs house on every Sunday of the month, its conductor announced.",
        "Snow closed the coastal road for two days, and the mail was carried over the ridge by volunteers on skis instead.",
    ];
    let records: String = stories
        .iter()
        .map(|story| serde_json::json!({ "publisher": "Herald", "text": format!("{story}\n\n{furniture}") }).to_string() + "\n")
        .collect();
    std::fs::write(folder.path.join("herald.jsonl"), records).unwrap();
    let bodies = |options: &[&str]| -> Vec<String> {
        let mut arguments = vec!["extract", "herald.jsonl"];
        arguments.extend(options);
        lines(&chancery(&folder, &arguments).stdout).iter().map(|article| article["body"].as_str().unwrap().to_owned()).collect()
    };
    assert!(bodies(&[]).iter().all(|body| body.contains(furniture)));
    assert_eq!(bodies(&["--cut-repeated"]), stories);
    let read = chancery(&folder, &["read", "herald.jsonl", "--cut-repeated", "--findings", "-"]);
    assert!(lines(&read.stdout).iter().all(|line| line["document"]["removed"].as_array().unwrap().len() == 1), "{}", read.stdout);
    let twice = chancery(&folder, &["extract", "-", "--cut-repeated"]);
    assert!(twice.status == 2 && twice.stderr.contains("standard input"), "{}", twice.stderr);
}
