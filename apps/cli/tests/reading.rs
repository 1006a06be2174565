//! Reading into the register: same input, same register, whatever the order, the number of threads, or who pulled the plug.
mod support;

use std::time::Duration;
use support::{Folder, chancery, command, lines};

/// How many reports the tests read: enough for several to be in flight at any moment.
const REPORTS: usize = 60;

#[test]
fn order_threads_and_repetition_make_no_difference() {
    let folder = Folder::with_reports(REPORTS);
    let plain = folder.digest_after("plain.db", &folder.reports, &[]);
    let shuffled = folder.digest_after("shuffled.db", &support::shuffled(&folder.reports, 7), &["--jobs", "1"]);
    assert_eq!(plain, shuffled);
    for jobs in ["2", "8"] {
        let database = format!("jobs{jobs}.db");
        assert_eq!(plain, folder.digest_after(&database, &folder.reports, &["--jobs", jobs]));
    }
    for piece in support::shuffled(&folder.reports, 13).chunks(REPORTS / 10) {
        folder.digest_after("ten.db", piece, &["--jobs", "8"]);
    }
    assert_eq!(plain, folder.digest("ten.db"), "split into ten reads");
    let (first, second) = folder.reports.split_at(REPORTS / 3);
    folder.digest_after("pieces.db", second, &[]);
    folder.digest_after("pieces.db", first, &[]);
    assert_eq!(plain, folder.digest_after("pieces.db", &folder.reports, &[]), "read in pieces, then all again");
}

#[test]
fn what_is_known_is_not_read_again() {
    let folder = Folder::with_reports(4);
    let first = chancery(&folder, &["read", "reports", "--register", "r.db", "--json"]);
    let second = chancery(&folder, &["read", "reports", "--register", "r.db", "--json"]);
    let summary = |output: &str| serde_json::from_str::<serde_json::Value>(output).unwrap();
    assert_eq!(summary(&first.stdout)["new"], 4);
    assert_eq!(summary(&second.stdout)["known"], 4);
    assert_eq!(summary(&first.stdout)["agreements"], summary(&second.stdout)["agreements"]);
}

/// A run that is killed at some moment, again and again, and then left to finish, equals one that was never disturbed.
/// `CHANCERY_KILLS` says how often; the moments are spread over the time that one run takes.
#[test]
fn a_killed_run_that_is_resumed_equals_an_undisturbed_one() {
    let kills: u32 = std::env::var("CHANCERY_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(24);
    let folder = Folder::with_reports(REPORTS);
    let begin = std::time::Instant::now();
    let undisturbed = folder.digest_after("undisturbed.db", &folder.reports, &[]);
    let whole = begin.elapsed();
    let mut random = support::Random(11);
    let (mut killed, mut database) = (0, 0);
    for kill in 0..kills {
        if kill % 8 == 0 {
            // A fresh register every few kills: early moments matter as much as late ones.
            if kill > 0 {
                let name = format!("killed{database}.db");
                assert_eq!(undisturbed, folder.digest_after(&name, &folder.reports, &[]), "after {kill} kills");
            }
            database += 1;
        }
        let name = format!("killed{database}.db");
        let mut child = support::command(&folder, &["read", "reports", "--register", &name]).spawn().unwrap();
        std::thread::sleep(whole.mul_f64(random.fraction()).min(Duration::from_secs(20)));
        killed += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let name = format!("killed{database}.db");
    assert_eq!(undisturbed, folder.digest_after(&name, &folder.reports, &[]));
    let verified = chancery(&folder, &["verify", "--register", &name]);
    assert_eq!(verified.status, 0, "{}", verified.stdout);
    println!("{killed} of {kills} runs were killed before they had finished");
}

/// The reports as records of one WARC.
fn archive(count: usize) -> String {
    let record = |number: usize| {
        let text = support::text(number);
        format!(
            "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{text}\r\n\r\n",
            text.len()
        )
    };
    (0..count).map(record).collect()
}

#[test]
fn resuming_goes_on_at_the_record_after_the_last() {
    let folder = Folder::with_reports(1);
    let dump = folder.path.join("dump.warc");
    std::fs::write(&dump, archive(6)).unwrap();
    let whole = folder.digest_after("whole.db", &["dump.warc".to_owned()], &[]);
    let findings = chancery(&folder, &["read", "dump.warc", "--findings", "-"]).stdout;
    // What a run leaves that was stopped after four records, while it wrote the next.
    std::fs::write(&dump, archive(4)).unwrap();
    chancery(&folder, &["read", "dump.warc", "--register", "resumed.db"]);
    let cut = findings.match_indices('\n').nth(3).unwrap().0;
    std::fs::write(folder.path.join("resumed.jsonl"), &findings[..cut + 40]).unwrap();
    std::fs::write(&dump, archive(6)).unwrap();
    let resumed = chancery(&folder, &["read", "dump.warc", "--resume", "--register", "resumed.db", "--json"]);
    assert_eq!(lines(&resumed.stdout)[0]["documents"], 2, "{}", resumed.stdout);
    assert_eq!(folder.digest("resumed.db"), whole);
    chancery(&folder, &["read", "dump.warc", "--resume", "--findings", "resumed.jsonl"]);
    assert_eq!(std::fs::read_to_string(folder.path.join("resumed.jsonl")).unwrap(), findings);
}

#[test]
fn a_list_names_the_documents() {
    let folder = Folder::with_reports(3);
    std::fs::write(folder.path.join("list.txt"), "reports/000.txt\n\nreports/002.txt\r\n").unwrap();
    let listed = chancery(&folder, &["read", "--list", "list.txt", "--register", "listed.db", "--json"]);
    assert_eq!(lines(&listed.stdout)[0]["new"], 2, "{}{}", listed.stdout, listed.stderr);
    let missing = chancery(&folder, &["read", "--list", "none.txt", "--register", "listed.db"]);
    assert!(missing.status != 0 && missing.stderr.contains("none.txt"), "{}", missing.stderr);
}

#[test]
fn a_list_may_come_from_standard_input() {
    let folder = Folder::with_reports(3);
    let mut child = command(&folder, &["read", "--list", "-", "--register", "listed.db", "--json"]);
    let mut child = child.stdin(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"reports/001.txt\nreports/002.txt\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let summary = String::from_utf8(output.stdout).unwrap();
    assert_eq!(lines(&summary)[0]["new"], 2, "{summary}{}", String::from_utf8_lossy(&output.stderr));
    let both = chancery(&folder, &["read", "--list", "-", "-", "--register", "listed.db"]);
    assert!(both.status == 2 && both.stderr.contains("standard input"), "{}", both.stderr);
}

/// What takes too long is given up by the clock: a limit of nothing gives up everything, so that no clock decides this test.
#[test]
fn documents_that_take_too_long_are_given_up_with_a_notice() {
    let folder = Folder::with_reports(3);
    for arguments in [
        vec!["read", "reports", "--time-limit", "0", "--register", "given-up.db"],
        vec!["extract", "reports", "--time-limit", "0"],
    ] {
        let given_up = chancery(&folder, &arguments);
        assert_eq!(given_up.status, 2, "{}", given_up.stderr);
        assert_eq!(given_up.stderr.matches("longer than the limit of 0 seconds").count(), 3, "{}", given_up.stderr);
        assert_eq!(given_up.stderr.matches("(limit-time)").count(), 3, "{}", given_up.stderr);
    }
    // They are not taken for known afterwards.
    let read = chancery(&folder, &["read", "reports", "--register", "given-up.db", "--json"]);
    assert_eq!(lines(&read.stdout)[0]["new"], 3, "{}", read.stdout);
}

/// The same on a thousand real articles, where labelled data are at hand: killed at some moment of the whole run, resumed,
/// and so on until a run comes to its end. `CHANCERY_KILLS` says how often it is killed at least.
#[test]
fn a_killed_and_resumed_read_of_a_thousand_articles_equals_an_undisturbed_one() {
    let Some(data) = std::env::var_os("CHANCERY_DATA").map(std::path::PathBuf::from).filter(|data| data.join("gold").is_dir())
    else {
        eprintln!("skipped: CHANCERY_DATA does not lead to a thousand articles");
        return;
    };
    let kills: u32 = std::env::var("CHANCERY_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(6);
    let folder = Folder::with_reports(0);
    let mut articles: Vec<std::path::PathBuf> = ["train", "dev"]
        .iter()
        .flat_map(|set| std::fs::read_dir(data.join("gold").join(set).join("articles")).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    articles.sort();
    let mut thousand = 0;
    for (number, path) in articles.iter().enumerate() {
        std::fs::copy(path, folder.path.join(format!("reports/{number:04}.json"))).unwrap();
        thousand += 1;
    }
    // The rest from the archive: the program itself takes it apart, one document a line.
    let archive = data.join("data/wikinews/wikinews.jsonl.gz");
    let unpacked = std::process::Command::new("gzip").args(["-dc"]).arg(&archive).output().unwrap();
    for line in String::from_utf8_lossy(&unpacked.stdout).lines().take(1000 - thousand.min(1000)) {
        std::fs::write(folder.path.join(format!("reports/{thousand:04}.json")), line).unwrap();
        thousand += 1;
    }
    assert_eq!(thousand, 1000);
    let begin = std::time::Instant::now();
    let read = |name: &str| {
        let output = chancery(&folder, &["read", "reports", "--register", name, "--json"]);
        assert!(output.status < 2, "{}", output.stderr);
        serde_json::from_str::<serde_json::Value>(&output.stdout).unwrap()
    };
    assert_eq!(read("undisturbed.db")["documents"], 1000);
    let undisturbed = folder.digest("undisturbed.db");
    let whole = begin.elapsed();
    let mut random = support::Random(23);
    let (mut killed, mut finished) = (0, 0);
    let mut name = String::from("killed0.db");
    while killed < kills {
        let mut child = support::command(&folder, &["read", "reports", "--register", &name]).spawn().unwrap();
        // Short runs, so that many kills fall into one reading; late moments come with what was read before.
        std::thread::sleep(whole.mul_f64(random.fraction() / 3.0));
        if child.try_wait().unwrap().is_some() {
            assert_eq!(undisturbed, folder.digest(&name), "after {killed} kills");
            finished += 1;
            name = format!("killed{finished}.db");
            continue;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        killed += 1;
    }
    read(&name);
    assert_eq!(undisturbed, folder.digest(&name));
    println!("killed {killed} times, finished {} times", finished + 1);
}

#[test]
fn findings_are_written_in_the_order_of_the_input() {
    let folder = Folder::with_reports(20);
    let one = chancery(&folder, &["read", "reports", "--findings", "-", "--jobs", "1"]);
    let many = chancery(&folder, &["read", "reports", "--findings", "-", "--jobs", "8"]);
    assert_eq!(one.stdout, many.stdout);
    let sources: Vec<String> =
        lines(&one.stdout).iter().map(|line| line["document"]["source"].as_str().unwrap().to_owned()).collect();
    assert_eq!(sources.len(), 20);
    assert!(sources.is_sorted(), "{sources:?}");
}

#[test]
fn every_quote_of_the_findings_stands_in_its_text() {
    let folder = Folder::with_reports(20);
    let output = chancery(&folder, &["read", "reports", "--findings", "-"]);
    let mut quotes = 0;
    for line in lines(&output.stdout) {
        let text = line["document"]["text"].as_str().unwrap().to_owned();
        let mut waiting = vec![&line];
        while let Some(value) = waiting.pop() {
            match value {
                serde_json::Value::Object(members) => {
                    if let Some(quote) = members.get("quote").and_then(|quote| quote.as_str()) {
                        let at = |name: &str| usize::try_from(members[name].as_u64().unwrap()).unwrap();
                        assert_eq!(text.get(at("start")..at("end")), Some(quote));
                        quotes += 1;
                    }
                    waiting.extend(members.values());
                }
                serde_json::Value::Array(members) => waiting.extend(members),
                _ => {}
            }
        }
    }
    assert!(quotes > 20, "only {quotes} quotes");
}

#[test]
fn findings_that_were_exported_make_the_same_register_again() {
    let folder = Folder::with_reports(20);
    let read = folder.digest_after("read.db", &folder.reports, &[]);
    chancery(&folder, &["export", "findings", "--register", "read.db", "--output", "findings.jsonl"]);
    let imported = chancery(&folder, &["import", "findings.jsonl", "--register", "imported.db"]);
    assert_eq!(imported.status, 0, "{}", imported.stderr);
    assert_eq!(read, folder.digest("imported.db"));
    let again = chancery(&folder, &["export", "findings", "--register", "imported.db"]);
    assert_eq!(again.stdout, std::fs::read_to_string(folder.path.join("findings.jsonl")).unwrap());
}

#[test]
fn a_second_writer_is_refused_at_once_with_a_sentence() {
    let folder = Folder::with_reports(2);
    let held = chancery_register::Register::writer(&folder.path.join("held.db")).unwrap();
    let refused = chancery(&folder, &["read", "reports", "--register", "held.db"]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("another program is writing to held.db"), "{}", refused.stderr);
    drop(held);
    assert_eq!(chancery(&folder, &["read", "reports", "--register", "held.db"]).status, 0);
}

#[test]
fn bad_documents_are_named_and_the_rest_is_read() {
    let folder = Folder::with_reports(3);
    std::fs::write(folder.path.join("reports/broken.json"), b"{\"title\": \"no end").unwrap();
    std::fs::write(folder.path.join("reports/empty.txt"), b"").unwrap();
    let output = chancery(&folder, &["read", "reports", "--register", "r.db", "--json"]);
    assert_eq!(output.status, 1, "{}", output.stderr);
    assert!(output.stderr.contains("broken.json") && output.stderr.contains("empty.txt"), "{}", output.stderr);
    let summary: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!((summary["new"].as_u64(), summary["failed"].as_u64()), (Some(3), Some(2)), "{summary}");
    let nothing = chancery(&folder, &["read", "reports/empty.txt", "--register", "other.db"]);
    assert_eq!(nothing.status, 2);
    assert_eq!(chancery(&folder, &["read", "no-such-folder", "--register", "r.db"]).status, 2);
}

#[test]
fn conflicts_come_in_one_order_whatever_the_order_of_reading_and_the_number_of_threads() {
    let folder = Folder::with_reports(0);
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut reports: Vec<String> =
        std::fs::read_dir(examples).unwrap().map(|entry| entry.unwrap().path().to_string_lossy().into_owned()).collect();
    reports.sort();
    let conflicts = |register: &str, pieces: &[&[String]], jobs: &str| {
        for piece in pieces {
            folder.digest_after(register, piece, &["--jobs", jobs]);
        }
        chancery(&folder, &["conflicts", "--register", register, "--json"]).stdout
    };
    let plain = conflicts("plain.db", &[&reports], "1");
    let fields: Vec<serde_json::Value> = lines(&plain).iter().map(|conflict| conflict["field"].clone()).collect();
    assert!(fields.len() > 1, "{plain}");
    let mut backwards = reports.clone();
    backwards.reverse();
    for (number, jobs) in ["1", "2", "8"].iter().enumerate() {
        let shuffled = support::shuffled(&reports, 5 + number as u64);
        let (first, second) = shuffled.split_at(shuffled.len() / 2);
        assert_eq!(plain, conflicts(&format!("backwards{jobs}.db"), &[&backwards], jobs), "{jobs} threads, backwards");
        assert_eq!(plain, conflicts(&format!("shuffled{jobs}.db"), &[first, second], jobs), "{jobs} threads, in two pieces");
    }
}
