//! Registers that older versions of the program wrote: they open, are brought up to date, and keep what people corrected.
//!
//! `registers/4.db` was read by version 4 from three short reports of our own about Norland, Vestria and Lunmark. In it an
//! agreement was renamed twice (the second time undone), a date and a stance were changed, a statement was rejected, another
//! confirmed, and Vestria was given another name.
use chancery_register::{Author, Hit, Register, View, export};
use std::path::Path;

const TREATY: &str = "ax01dfw7kfy9b";
const ANN: Author<'static> = Author { by: "Ann Roe", at: "2032-01-02T03:04:05Z", note: None };

/// A copy of a stored register, brought up to date and linked.
fn register(folder: &Path) -> Register {
    let copy = folder.join("register.db");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/registers/4.db"), &copy).unwrap();
    let mut register = Register::writer(&copy).unwrap();
    register.link().unwrap();
    register
}

fn holds_all_corrections(register: &Register) {
    let all = register.all_corrections().unwrap();
    let kinds: Vec<&str> = all.iter().map(|correction| correction.kind.as_str()).collect();
    assert_eq!(kinds, ["rename", "change", "change", "reject", "confirm", "alias", "rename"]);
    assert!(all.iter().all(|correction| correction.problem.is_none()), "{all:#?}");
    assert_eq!(all.iter().filter(|correction| correction.undone.is_some()).map(|one| one.id).collect::<Vec<_>>(), [7]);
    let treaty = register.agreement(TREATY).unwrap().unwrap();
    assert_eq!((treaty.title.as_str(), treaty.members.len()), ("Zett Ferry Treaty", 2));
    assert!(treaty.parties.iter().any(|party| party.actor == "Republic of Vestria"), "{:?}", treaty.parties);
    let dated =
        |day: &str| treaty.stages.iter().any(|stage| stage.date.as_ref().is_some_and(|date| date.value.as_deref() == Some(day)));
    assert!(dated("2031-03-03"));
}

/// Row of the statement that begins with these words.
fn said(register: &Register, words: &str) -> Option<(String, String)> {
    let rows = register.view(View::Statements).unwrap();
    let row = rows.iter().find(|row| row.text("quote").starts_with(words))?;
    Some((row.text("stance").to_owned(), row.text("confirmed_by").to_owned()))
}

/// Stores every document as a newer reader would; gives their number.
fn read_anew(register: &mut Register) -> usize {
    let mut documents = Vec::new();
    register
        .for_each_document(|document| {
            documents.push(document);
            Ok::<(), chancery_register::Error>(())
        })
        .unwrap();
    let number = documents.len();
    for mut document in documents {
        document.reader = "a newer reader".to_owned();
        register.store(&document).unwrap();
    }
    number
}

#[test]
fn corrections_live_on_in_a_register_of_an_older_form() {
    let folder = tempfile::tempdir().unwrap();
    let mut register = register(folder.path());
    holds_all_corrections(&register);
    assert_eq!(register.verify().unwrap().problems, vec![]);
    // Read anew by a newer reader, then linked again.
    assert_eq!(read_anew(&mut register), 3);
    register.link().unwrap();
    holds_all_corrections(&register);
    register.undo(1, ANN).unwrap();
    assert_ne!(register.agreement(TREATY).unwrap().unwrap().title, "Zett Ferry Treaty");
}

#[test]
fn what_was_corrected_in_statements_reaches_views_and_exports() {
    let folder = tempfile::tempdir().unwrap();
    let register = register(folder.path());
    assert_eq!(said(&register, "This treaty is good"), Some(("neutral".to_owned(), String::new())));
    assert_eq!(said(&register, "The parliament of Vestria").map(|(_, by)| by).as_deref(), Some("Bo Lind"));
    assert_eq!(said(&register, "the ceasefire a mistake"), None);
    let mut csv = Vec::new();
    export::csv::write(&register, View::Statements, &mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert!(csv.contains("neutral") && csv.contains("Bo Lind") && !csv.contains("a mistake"), "{csv}");
    let mut lines = Vec::new();
    export::agreements::write(&register, &mut lines).unwrap();
    let lines = String::from_utf8(lines).unwrap();
    let treaty: serde_json::Value = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .find(|one: &serde_json::Value| one["id"] == TREATY)
        .unwrap();
    let stances: Vec<&str> = treaty["statements"].as_array().unwrap().iter().map(|one| one["stance"].as_str().unwrap()).collect();
    assert!(!stances.contains(&"supports") && stances.contains(&"neutral"), "{treaty}");
    assert!(!lines.contains("a mistake"));
}

#[test]
fn a_search_knows_what_was_rejected_and_what_was_renamed() {
    let folder = tempfile::tempdir().unwrap();
    let mut register = register(folder.path());
    let cells = |register: &Register, words: &str| -> Vec<String> {
        let hits: Vec<Hit> = register.search(words, 20).unwrap();
        hits.into_iter().filter_map(|hit| hit.cell).collect()
    };
    assert_eq!(cells(&register, "mistake"), Vec::<String>::new());
    assert_eq!(register.search("mistake", 20).unwrap().len(), 1, "the text is as it was");
    assert_eq!(cells(&register, "\"Zett Ferry Treaty\""), ["a1"]);
    assert_eq!(cells(&register, "neutral"), ["statements.1"]);
    register.undo(4, ANN).unwrap();
    register.undo(1, ANN).unwrap();
    assert_eq!(cells(&register, "mistake"), ["statements.1"]);
    assert_eq!(cells(&register, "\"Zett Ferry Treaty\""), Vec::<String>::new());
}

#[test]
fn a_whole_agreement_that_was_rejected_is_not_found_by_its_cells() {
    let folder = tempfile::tempdir().unwrap();
    let mut register = register(folder.path());
    let found = |register: &Register| {
        register
            .search("ferries", 20)
            .unwrap()
            .into_iter()
            .filter_map(|hit| hit.cell)
            .filter(|cell| cell.starts_with("a1"))
            .count()
    };
    assert!(found(&register) > 0);
    register.reject(TREATY, ANN).unwrap();
    assert_eq!(found(&register), 0);
}

#[test]
fn transliterations_are_one_person_and_two_of_one_name_are_two() {
    use chancery_agreement::{Article, Evidence, Findings, Span, Speaker, SpeechKind, Stance, Statement};
    use chancery_register::Document;
    let mut register = Register::in_memory().unwrap();
    let told = [
        ("Olena Hrytsky", "Norland", "2020-01-01"),
        ("Olena Hrytskyy", "Norland", "2021-01-01"),
        ("OLENA HRYTSKIY", "Norland", "2022-01-01"),
        ("Jan Berg", "Norland", "2020-02-01"),
        ("Jan Berg", "Vestria", "2020-02-02"),
        ("Otto Lenk", "Lunmark", "1960-03-01"),
        ("Otto Lenk", "Lunmark", "2020-03-01"),
    ];
    for (number, (name, of, day)) in told.iter().enumerate() {
        let mut article = Article::plain(&format!("“Well,” said {name} of {of}."));
        article.id = format!("{number:064x}");
        article.source = format!("{number}.txt");
        article.published = Some(chancery_agreement::Published {
            value: (*day).to_owned(),
            time: None,
            basis: chancery_agreement::DateBasis::Filename,
            span: None,
            confidence: 0.9,
        });
        let at = |words: &str| {
            let start = article.text.find(words).unwrap();
            Evidence::new(&article, Span::new(start, start + words.len()), "test", 1.0).unwrap()
        };
        let speaker = Speaker { name: (*name).to_owned(), role: None, affiliation: Some((*of).to_owned()), evidence: at(name) };
        let statement = Statement {
            speaker: Some(speaker),
            via: None,
            kind: SpeechKind::Direct,
            stance: Stance::Neutral,
            about: None,
            cue: None,
            source: None,
            evidence: at("Well"),
        };
        let findings = Findings { statements: vec![statement], ..Findings::default() };
        register.store(&Document { article, findings, remarks: Vec::new(), reader: "test".to_owned() }).unwrap();
    }
    register.link().unwrap();
    let rows = register.view(View::Persons).unwrap();
    let persons: Vec<(String, i64)> = rows
        .iter()
        .map(|row| (format!("{} of {}", row.text("person"), row.text("affiliation")), row.number("statements")))
        .collect();
    assert_eq!(persons.iter().filter(|(person, _)| person.starts_with("Jan Berg")).count(), 2, "{persons:?}");
    assert_eq!(persons.iter().filter(|(person, _)| person.starts_with("Otto Lenk")).count(), 2, "{persons:?}");
    assert_eq!(persons.iter().filter(|(_, statements)| *statements == 3).count(), 1, "{persons:?}");
    assert_eq!(persons.len(), 5, "{persons:?}");
}

/// `registers/5.db` is `4.db`, brought up to date by version 5.
#[test]
fn how_words_stand_for_parties_is_known_once_their_reports_are_read_anew() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("register.db");
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/registers/5.db"), &copy).unwrap();
    let mut register = Register::writer(&copy).unwrap();
    register.link().unwrap();
    holds_all_corrections(&register);
    let known = |register: &Register| {
        let rows = register.view(View::Standing).unwrap();
        rows.iter().filter(|row| row.text("actor") == "Vestria" && row.text("standing") == "name").count()
    };
    assert_eq!(known(&register), 0);
    read_anew(&mut register);
    register.link().unwrap();
    assert!(known(&register) > 0);
}
