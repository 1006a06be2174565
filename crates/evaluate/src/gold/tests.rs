//! Cases against findings made by hand.
use super::{Case, described};
use chancery_agreement::{
    AgreementFinding, AgreementKind, Article, Evidence, Findings, Modality, Name, Party, PartyRole, Span, Stage, StageKind,
};

const CASE: &str = "# A ferry accord is signed\n\nWhy.\n\n## Article\nPublished: 2020-01-02\n\nFreedonia and Sylvania signed a ferry accord.\n\n\
                    ## Must be found\n- agreement: ferry accord\n  - parties: Freedonia, Sylvania\n  - stage: signed, no date\n\n\
                    ## Must not be found\n- agreement: ferry accord\n  - stage: ratified\n- statements: any\n";

fn evidence(article: &Article, words: &str) -> Evidence {
    let start = article.text.find(words).unwrap();
    Evidence::new(article, Span::new(start, start + words.len()), "by-hand", 1.0).unwrap()
}

fn findings(article: &Article, stage: StageKind, actors: &[&str]) -> Findings {
    let party = |actor: &&str| Party { actor: (*actor).to_owned(), role: PartyRole::Party, evidence: evidence(article, actor) };
    let agreement = AgreementFinding {
        key: "a1".to_owned(),
        names: vec![Name { evidence: evidence(article, "a ferry accord") }],
        kind: AgreementKind::Pact,
        parties: actors.iter().map(party).collect(),
        stages: vec![Stage {
            stage,
            date: None,
            modality: Modality::Actual,
            place: None,
            by: None,
            according_to: None,
            evidence: evidence(article, "signed a ferry accord"),
            also: vec![],
        }],
        commitments: vec![],
        money: vec![],
        duration: None,
        renewal: None,
        articles: None,
        relations: vec![],
    };
    Findings { agreements: vec![agreement], ..Findings::default() }
}

fn differences(markdown: &str, stage: StageKind, actors: &[&str]) -> Vec<String> {
    let case = Case::parse(markdown).unwrap();
    let article = Article::plain(&case.text);
    let findings = findings(&article, stage, actors);
    case.differences(&article, &findings).iter().map(|(difference, line)| format!("{difference} {}", line.words)).collect()
}

#[test]
fn findings_that_fit_show_no_difference() {
    let case = Case::parse(CASE).unwrap();
    assert_eq!(
        (case.published.as_deref(), case.text.as_str()),
        (Some("2020-01-02"), "Freedonia and Sylvania signed a ferry accord.")
    );
    assert_eq!(differences(CASE, StageKind::Signed, &["Freedonia", "Sylvania"]), [""; 0]);
}

#[test]
fn what_is_missing_and_what_is_too_much_is_told_line_by_line() {
    assert_eq!(
        differences(CASE, StageKind::Ratified, &["Freedonia"]),
        ["missing parties: Freedonia, Sylvania", "missing stage: signed, no date", "spurious stage: ratified"]
    );
}

#[test]
fn a_known_gap_that_has_been_mended_must_be_unmarked() {
    let marked = CASE.replace("- stage: signed", "- known gap: stage: signed");
    assert_eq!(differences(&marked, StageKind::Agreed, &["Freedonia", "Sylvania"]), [""; 0]);
    assert_eq!(differences(&marked, StageKind::Signed, &["Freedonia", "Sylvania"]), ["mended stage: signed, no date"]);
    let case = Case::parse(&marked).unwrap();
    let article = Article::plain(&case.text);
    assert_eq!(case.remarked(&marked, &article, &findings(&article, StageKind::Signed, &["Freedonia", "Sylvania"])), CASE);
}

#[test]
fn findings_are_described_in_the_words_of_a_case() {
    let article = Article::plain("Freedonia and Sylvania signed a ferry accord.");
    let text = described(&article, &findings(&article, StageKind::Signed, &["Freedonia", "Sylvania"]));
    assert!(
        text.contains(
            "- agreement: a ferry accord\n  - kind: pact\n  - parties: Freedonia, Sylvania\n  - stage: signed, no date"
        ),
        "{text}"
    );
}

#[test]
fn a_mistake_in_a_case_is_named_with_its_line() {
    let error = |from: &str, to: &str| Case::parse(&CASE.replace(from, to)).unwrap_err();
    assert_eq!(error("stage: signed", "stage: sined").line, 13);
    assert!(error("stage: signed", "stage: sined").message.contains("unknown stage `sined`"));
    assert!(error("  - parties", "- parties").message.contains("indent it"));
    assert!(error("## Must be found", "## Found").message.contains("unknown section"));
}
