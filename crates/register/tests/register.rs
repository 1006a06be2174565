//! The promises of the register: same input, same register, whatever the order; one writer; quotes that are checked.
use chancery_agreement::{
    AgreementFinding, AgreementKind, Article, Commitment, CommitmentCategory, Date, DateBasis, Evidence, Findings, Modality,
    Money, Name, Naming, Party, PartyRole, Published, Relation, RelationKind, Span, Speaker, SpeechKind, Stage, StageKind,
    Stance, Statement, Strength, Term,
};
use chancery_register::{Document, Register, Remark, Stored, View, export};
use std::path::Path;

const TEXT: &str = "Freedonia and Sylvania signed a ferry accord in Port Loth on 4 March 2011.\n\
    The accord, part of the coastal pact, shall run for five years and costs 2 million dollars.\n\
    \"We will keep it,\" said Minister Ann Roe of Sylvania, who spoke of breakaway Lothia.";

fn article(id: &str, source: &str) -> Article {
    let mut article =
        Article { id: id.into(), source: source.into(), title: Some("Ferry accord".into()), ..Article::plain(TEXT) };
    article.published =
        Some(Published { value: "2011-03-05".into(), time: None, basis: DateBasis::Filename, span: None, confidence: 0.9 });
    article
}

/// Evidence for the first place where `words` stand.
fn words(article: &Article, words: &str) -> Evidence {
    let start = article.text.find(words).unwrap();
    Evidence::new(article, Span::new(start, start + words.len()), "test", 0.93).unwrap()
}

/// A document in which one cell of every kind was found.
fn document(id: &str, source: &str) -> Document {
    let article = article(id, source);
    let at = |quote: &str| words(&article, quote);
    let bare = |key: &str, name: &str| AgreementFinding {
        key: key.into(),
        names: vec![Name { evidence: at(name) }],
        kind: AgreementKind::Pact,
        parties: vec![],
        stages: vec![],
        commitments: vec![],
        money: vec![],
        duration: None,
        renewal: None,
        articles: None,
        relations: vec![],
    };
    let party = |actor: &str| Party { actor: actor.into(), role: PartyRole::Party, evidence: at(actor) };
    let ferry = AgreementFinding {
        parties: vec![party("Freedonia"), party("Sylvania")],
        stages: vec![Stage {
            stage: StageKind::Signed,
            date: Some(Date { value: Some("2011-03-04".into()), expression: at("on 4 March 2011"), how: "written out".into() }),
            modality: Modality::Actual,
            place: Some(Term { value: "Port Loth".into(), evidence: at("Port Loth") }),
            by: None,
            according_to: None,
            evidence: at("signed a ferry accord in Port Loth"),
            also: vec![at("The accord")],
        }],
        commitments: vec![Commitment {
            category: CommitmentCategory::Trade,
            strength: Strength::Shall,
            by: vec!["Freedonia".into(), "Sylvania".into()],
            evidence: at("shall run"),
        }],
        money: vec![Money {
            amount: 2_000_000.0,
            currency: "USD".into(),
            purpose: None,
            period: None,
            evidence: at("2 million dollars"),
        }],
        duration: Some(Term { value: "P5Y".into(), evidence: at("five years") }),
        relations: vec![Relation { to: "a2".into(), kind: RelationKind::PartOf, evidence: at("part of the coastal pact") }],
        ..bare("a1", "a ferry accord")
    };
    let statement = Statement {
        speaker: Some(Speaker {
            name: "Ann Roe".into(),
            role: Some("Minister".into()),
            affiliation: Some("Sylvania".into()),
            evidence: at("Minister Ann Roe of Sylvania"),
        }),
        via: None,
        kind: SpeechKind::Direct,
        stance: Stance::Promises,
        about: Some("a1".into()),
        cue: Some(at("said")),
        source: Some(at("Minister Ann Roe")),
        evidence: at("We will keep it"),
    };
    let naming = Naming { actor: "Lothia".into(), by: "author".into(), evidence: at("breakaway Lothia") };
    Document {
        findings: Findings {
            agreements: vec![ferry, bare("a2", "the coastal pact")],
            statements: vec![statement],
            naming: vec![naming],
        },
        remarks: vec![Remark { code: "odd-date".into(), message: "the date has no zone".into(), fatal: false }],
        reader: "test 1".into(),
        article,
    }
}

fn filled(documents: &[Document]) -> Register {
    let mut register = Register::in_memory().unwrap();
    for document in documents {
        register.store(document).unwrap();
    }
    register.link().unwrap();
    register
}

#[test]
fn what_is_stored_comes_back_whole() {
    let document = document("d1", "a.txt");
    let register = filled(std::slice::from_ref(&document));
    assert_eq!(register.document("d1").unwrap(), Some(document));
    assert_eq!(register.document("d2").unwrap(), None);
}

#[test]
fn order_and_repetition_make_no_difference() {
    let (a, b, c) = (document("d1", "a.txt"), document("d2", "b.txt"), document("d3", "c.txt"));
    let once = filled(&[a.clone(), b.clone(), c.clone()]).digest().unwrap();
    let twice = filled(&[c.clone(), a.clone(), c, b.clone(), b, a]).digest().unwrap();
    assert_eq!(once, twice);
}

#[test]
fn the_same_bytes_under_two_names_are_one_document_whatever_the_order() {
    let (a, b) = (document("d1", "a.txt"), document("d1", "b.txt"));
    let forth = filled(&[a.clone(), b.clone()]);
    let back = filled(&[b, a]);
    assert_eq!(forth.digest().unwrap(), back.digest().unwrap());
    assert_eq!(back.view(View::Documents).unwrap().len(), 1);
    assert_eq!(back.document("d1").unwrap().unwrap().article.source, "a.txt");
}

#[test]
fn a_register_that_says_something_else_has_another_digest() {
    let first = document("d1", "a.txt");
    let mut other = first.clone();
    other.findings.statements.clear();
    assert_ne!(filled(&[first]).digest().unwrap(), filled(&[other]).digest().unwrap());
}

#[test]
fn another_reader_takes_the_place_of_the_first() {
    let mut register = Register::in_memory().unwrap();
    let first = document("d1", "a.txt");
    let mut second = Document { reader: "test 2".into(), ..first.clone() };
    second.findings.naming.clear();
    assert_eq!(register.store(&first).unwrap(), Stored::New);
    assert!(register.knows("d1", "a.txt", "test 1").unwrap() && !register.knows("d1", "a.txt", "test 2").unwrap());
    assert_eq!(register.store(&second).unwrap(), Stored::Replaced);
    assert_eq!(register.store(&second).unwrap(), Stored::Known);
    assert!(
        register.search("breakaway", 10).unwrap().iter().all(|hit| hit.cell.is_none()),
        "the old quote left the search index"
    );
    assert_eq!(register.verify().unwrap().problems, vec![]);
}

#[test]
fn findings_leave_and_come_back_the_same() {
    let register = filled(&[document("d1", "a.txt"), document("d2", "b.txt")]);
    let mut first = Vec::new();
    export::findings::write(&register, &mut first).unwrap();
    let mut again = Register::in_memory().unwrap();
    export::findings::read(first.as_slice(), "first", |document| again.store(&document?).map(|_| ())).unwrap();
    again.link().unwrap();
    let mut second = Vec::new();
    export::findings::write(&again, &mut second).unwrap();
    assert_eq!(String::from_utf8(first).unwrap(), String::from_utf8(second).unwrap());
    assert_eq!(register.digest().unwrap(), again.digest().unwrap());
}

#[test]
fn a_line_whose_quote_is_not_in_its_text_is_refused() {
    let line = export::findings::line(&document("d1", "a.txt")).unwrap();
    let forged = line.replace(r#""quote":"shall run""#, r#""quote":"must stop""#);
    assert_ne!(line, forged);
    let error = export::findings::from_line(&forged, "forged line 1").unwrap_err().to_string();
    assert!(error.starts_with("forged line 1: `must stop` does not stand"), "{error}");
}

#[test]
fn a_line_of_another_program_needs_no_fields_of_ours() {
    let line = r#"{"document":{"id":"x","source":"x.json","url":null,"publisher":null,"title":null,"byline":null,"published":null,
        "language":"en","text":"Freedonia signed a pact in May.\nRead more","removed":[{"start":32,"end":41,"reason":"navigation"}],"copy_of":null},
        "agreements":[{"key":"a1","names":[{"text":"a pact","start":17,"end":23}],"kind":"pact","parties":[],
        "stages":[{"stage":"signed","date":{"value":"2011-05","expression":"in May"},"modality":"actual","place":null,"by":null,
        "evidence":{"quote":"signed a pact in May","start":10,"end":30,"rule":"r","confidence":0.5},"also":[]}],
        "commitments":[],"money":[],"duration":null,"renewal":null,"articles":null,"relations":[]}],"statements":[],"naming":[]}"#
        .replace('\n', " ");
    let document = export::findings::from_line(&line, "line").unwrap();
    assert_eq!(document.article.story().count(), 1);
    let stage = &document.findings.agreements[0].stages[0];
    assert_eq!(stage.date.as_ref().unwrap().value.as_deref(), Some("2011-05"));
    let register = filled(std::slice::from_ref(&document));
    assert_eq!(register.document("x").unwrap(), Some(document));
}

#[test]
fn a_report_printed_twice_is_one_source() {
    let register = filled(&[document("d2", "b.txt"), document("d1", "a.txt")]);
    let rows = register.view(View::Timeline).unwrap();
    assert_eq!(rows.iter().find(|row| row.text("stage") == "signed").unwrap().number("sources"), 1);
    let documents = register.view(View::Documents).unwrap();
    let copies: Vec<(&str, &str)> = documents.iter().map(|row| (row.text("document"), row.text("copy_of"))).collect();
    assert_eq!(copies, [("d1", ""), ("d2", "d1")]);
}

#[test]
fn linked_agreements_come_back_as_linking_made_them() {
    let documents = [document("d1", "a.txt"), document("d2", "b.txt")];
    let to_link: Vec<chancery_link::Document> = documents
        .iter()
        .map(|document| chancery_link::Document {
            id: document.article.id.clone(),
            source: document.article.source.clone(),
            published: document.article.published.as_ref().map(|published| published.value.clone()),
            title: document.article.title.clone(),
            story: chancery_link::story_names(&document.article.text),
            passages: chancery_link::passage_words(&document.article.text, &document.findings),
            findings: document.findings.clone(),
            copy_of: (document.article.id == "d2").then(|| "d1".to_owned()),
            ..chancery_link::Document::default()
        })
        .collect();
    let register = filled(&documents);
    let expected = chancery_link::link(&to_link).agreements;
    assert!(!expected.is_empty());
    for agreement in expected {
        assert_eq!(register.agreement(&agreement.id).unwrap(), Some(agreement));
    }
}

#[test]
fn agreements_are_exported_with_their_members_and_sources() {
    let register = filled(&[document("d1", "a.txt"), document("d2", "b.txt")]);
    let mut out = Vec::new();
    export::agreements::write(&register, &mut out).unwrap();
    let lines: Vec<serde_json::Value> =
        String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let signed = lines.iter().find(|line| line["stages"][0]["stage"] == "signed").expect("the ferry accord was signed");
    assert_eq!(signed["stages"][0]["date"]["value"], "2011-03-04");
    assert!(matches!(signed["stages"][0]["evidence"]["source"].as_str(), Some("a.txt" | "b.txt")), "{signed}");
    assert!(signed["members"].as_array().unwrap().iter().any(|member| member["source"] == "b.txt" && member["key"] == "a1"));
}

#[test]
fn every_view_can_be_written_as_csv() {
    let register = filled(&[document("d1", "a.txt")]);
    for &view in View::ALL {
        let mut out = Vec::new();
        export::csv::write(&register, view, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().next().unwrap().split(',').count(), register.columns(view).unwrap().len(), "{text}");
        assert_eq!(text.lines().count() - 1, register.view(view).unwrap().len(), "{text}");
    }
    assert_eq!(register.view(View::Statements).unwrap()[0].text("speaker"), "Ann Roe");
    assert_eq!(register.view(View::Timeline).unwrap()[0].text("date"), "2011-03-04");
}

#[test]
fn two_persons_of_one_name_are_two() {
    let mut all = Vec::new();
    for (id, affiliation, day) in [
        ("d1", Some("Sylvania"), "2011-03-05"),
        ("d2", Some("Freedonia"), "2011-03-09"),
        ("d3", Some("Sylvania"), "2012-01-01"),
        ("d4", Some("Sylvania"), "1970-01-01"),
    ] {
        let mut document = document(id, &format!("{id}.txt"));
        document.article.published.as_mut().unwrap().value = day.to_owned();
        let speaker = document.findings.statements[0].speaker.as_mut().unwrap();
        speaker.affiliation = affiliation.map(str::to_owned);
        all.push(document);
    }
    let persons = filled(&all).view(View::Persons).unwrap();
    let told: Vec<(&str, &str, i64)> =
        persons.iter().map(|row| (row.text("affiliation"), row.text("first"), row.number("statements"))).collect();
    assert_eq!(told, [("Freedonia", "2011-03-09", 1), ("Sylvania", "1970-01-01", 1), ("Sylvania", "2011-03-05", 2)]);
}

#[test]
fn search_finds_words_in_quotes_and_in_texts() {
    let register = filled(&[document("d1", "a.txt")]);
    let hits = register.search("coastal pact", 10).unwrap();
    assert!(hits.iter().any(|hit| hit.cell.as_deref() == Some("a1.relations.1")));
    assert!(hits.iter().any(|hit| hit.cell.is_none()));
    assert!(register.search("submarine", 10).unwrap().is_empty());
    assert!(register.search("AND ( \" NEAR", 10).is_ok());
}

/// Stores a document in a file, changes it behind the register's back, and gives what `verify` says.
fn verify_after(sql: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.db");
    let mut register = Register::writer(&path).unwrap();
    register.store(&document("d1", "a.txt")).unwrap();
    register.link().unwrap();
    assert_eq!(register.verify().unwrap().problems, vec![]);
    rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    register.verify().unwrap().problems.into_iter().map(|problem| problem.what).collect()
}

#[test]
fn verify_finds_what_was_tampered_with() {
    let quotes = verify_after("UPDATE evidence SET quote = 'made up' WHERE quote = 'shall run'");
    assert!(quotes.iter().any(|what| what.contains("`made up` does not stand")), "{quotes:?}");
    let texts = verify_after("UPDATE document SET text = 'short'");
    assert!(texts.len() > 5, "{texts:?}");
    let evidence = verify_after("DELETE FROM evidence WHERE role = 'told' AND quote = 'breakaway Lothia'");
    assert!(evidence.contains(&"has no evidence".to_owned()), "{evidence:?}");
    let words = verify_after("UPDATE found_stage SET stage = 'singed'");
    assert!(words.iter().any(|what| what.starts_with("unknown stage `singed`")), "{words:?}");
    let references = verify_after("PRAGMA foreign_keys = OFF; DELETE FROM document");
    assert!(references.iter().any(|what| what.contains("that is not there")), "{references:?}");
}

#[test]
fn a_second_writer_is_refused_at_once_and_readers_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.db");
    let mut first = Register::writer(&path).unwrap();
    let refused = Register::writer(&path).unwrap_err();
    assert!(refused.is_busy());
    assert!(refused.to_string().contains("another program is writing to"), "{refused}");
    first.store(&document("d1", "a.txt")).unwrap();
    assert!(Register::reader(&path).unwrap().document("d1").unwrap().is_some());
    drop(first);
    assert!(Register::writer(&path).is_ok());
}

#[test]
fn a_reader_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.db");
    drop(Register::writer(&path).unwrap());
    assert!(Register::reader(&path).unwrap().store(&document("d1", "a.txt")).is_err());
}

fn refusal(make: impl Fn(&Path)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("some.db");
    make(&path);
    let before = std::fs::read(&path).ok();
    let message = Register::writer(&path).unwrap_err().to_string();
    assert_eq!(before, std::fs::read(&path).ok(), "a file that is refused is left as it was");
    message
}

#[test]
fn files_that_are_no_register_are_refused_and_left_alone() {
    let text = refusal(|path| std::fs::write(path, "These are the notes of a meeting, not a database.".repeat(100)).unwrap());
    assert!(text.contains("is not a register of Chancery"), "{text}");
    let foreign = refusal(|path| {
        rusqlite::Connection::open(path).unwrap().execute_batch("CREATE TABLE recipe (name TEXT)").unwrap();
    });
    assert!(foreign.contains("is not a register of Chancery"), "{foreign}");
    let newer = refusal(|path| {
        drop(Register::writer(path).unwrap());
        let connection = rusqlite::Connection::open(path).unwrap();
        connection.execute_batch("PRAGMA user_version = 99; PRAGMA journal_mode = DELETE").unwrap();
    });
    assert!(newer.contains("newer Chancery"), "{newer}");
    let missing = Register::reader(Path::new("no/such/register.db")).unwrap_err().to_string();
    assert!(missing.contains("there is no register at no/such/register.db"), "{missing}");
}
