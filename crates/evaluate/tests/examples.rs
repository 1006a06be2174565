//! The reports in `examples/` tell what they were written to tell: drafts, signing, ratification, a forecast that slips,
//! papers that contradict each other, contested names, and distractors that are no agreements.
use chancery_agreement::{Agreement, Findings, Modality, Outcome, RelationKind, StageKind};
use chancery_collect::{Limits, article, documents};
use chancery_extract::Extractor;
use chancery_link::{Document, Linked, link};
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::Path;
use std::sync::LazyLock;

struct Examples {
    documents: Vec<Document>,
    linked: Linked,
}

static EXAMPLES: LazyLock<Examples> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let extractor = Extractor::new().expect("the built-in rules load");
    let limits = Limits::default();
    let read = documents(&[folder], &limits).map(|raw| {
        let (article, _) = article(&raw.expect("every example can be read"), &limits);
        let (findings, _) = extractor.extract(&article);
        Document {
            story: chancery_link::story_names(&article.text),
            passages: chancery_link::passage_words(&article.text, &findings),
            id: article.id,
            source: article.source,
            url: article.url,
            publisher: article.publisher,
            published: article.published.map(|published| published.value),
            title: article.title,
            copy_of: None,
            findings,
        }
    });
    let documents: Vec<Document> = read.collect();
    let linked = link(&documents);
    Examples { documents, linked }
});

/// What the examples were written to show: a sentence and the check.
type Shown = (&'static str, fn() -> Result<(), String>);

const SHOWN: &[Shown] = &[
    ("every report has its publication date", publication_dates),
    ("one treaty told by four papers is one record", one_record),
    ("two reports of one trade agreement are one record", trade_agreement),
    ("a signing planned for a day comes out late by three days", late_by_days),
    ("a signing expected by the end of a year comes out late", late_by_months),
    ("papers that contradict each other on the date stand side by side", conflicting_dates),
    ("a signing that was denied is no signing", denied),
    ("signing and ratification have their own dates", own_dates),
    ("an accord replaces the one before", replaces_accord),
    ("a new protocol replaces the old one", replaces_protocol),
    ("contested names are recorded", contested_names),
    ("mergers, players and coalitions are no agreements", distractors),
    ("nothing of a teaser or related story is recorded", debris),
    ("nothing of the second paragraph of a related story is recorded", related_paragraph),
];

fn main() {
    let trials = SHOWN.iter().map(|&(sentence, check)| Trial::test(sentence, move || check().map_err(Failed::from)));
    let trials = trials.collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// `problem` unless `holds`.
fn ensure(holds: bool, problem: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem.into()) }
}

/// The agreement of the register one of whose names holds these words, with the most members where there are several.
fn agreement(words: &str) -> Result<&'static Agreement, String> {
    let named = |agreement: &&Agreement| agreement.names.iter().any(|name| name.text.to_lowercase().contains(words));
    let found = EXAMPLES.linked.agreements.iter().filter(named).max_by_key(|agreement| agreement.members.len());
    found.ok_or_else(|| format!("no agreement is called `{words}`"))
}

fn dates(agreement: &Agreement, stage: StageKind, modality: Modality) -> Vec<String> {
    let stages = agreement.stages.iter().filter(|found| found.stage == stage && found.modality == modality);
    stages.filter_map(|found| found.date.as_ref()?.value.clone()).collect()
}

fn findings(title: &str) -> Result<&'static Findings, String> {
    let found = EXAMPLES.documents.iter().find(|document| document.title.as_deref() == Some(title));
    found.map(|document| &document.findings).ok_or_else(|| format!("no example is titled `{title}`"))
}

fn publication_dates() -> Result<(), String> {
    EXAMPLES
        .documents
        .iter()
        .try_for_each(|document| ensure(document.published.is_some(), format!("{} has none", document.source)))
}

fn sources(agreement: &Agreement) -> Vec<&str> {
    let mut sources: Vec<&str> = agreement.members.iter().map(|member| member.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    sources
}

fn one_record() -> Result<(), String> {
    let sources = sources(agreement("partnership and security")?);
    ensure(sources.len() >= 4, format!("{sources:?}"))
}

fn trade_agreement() -> Result<(), String> {
    let sources = sources(agreement("comprehensive economic and trade agreement")?);
    ensure(sources.len() == 2, format!("{sources:?}"))
}

fn late_by_days() -> Result<(), String> {
    let forecasts = &agreement("comprehensive economic and trade agreement")?.forecasts;
    let late = forecasts.iter().any(|forecast| forecast.stage == StageKind::Signed && forecast.late_by_days == Some(3));
    ensure(late, format!("{forecasts:#?}"))
}

fn late_by_months() -> Result<(), String> {
    let forecasts = &agreement("partnership and security")?.forecasts;
    let late = forecasts.iter().any(|forecast| forecast.stage == StageKind::Signed && forecast.outcome == Outcome::Late);
    ensure(late, format!("{forecasts:#?}"))
}

fn conflicting_dates() -> Result<(), String> {
    let treaty = agreement("partnership and security")?;
    let signed = treaty.conflicts.iter().find(|conflict| conflict.field == "stages.signed.date");
    let values: Vec<&str> = signed.iter().flat_map(|conflict| &conflict.values).map(|value| value.value.as_str()).collect();
    ensure(values.contains(&"2022-05-12") && values.contains(&"2022-05-14"), format!("{values:?}"))
}

fn denied() -> Result<(), String> {
    let found = &findings("Kestovia denies treaty with Ruvonia was signed in secret")?.agreements;
    let mut stages = found.iter().flat_map(|agreement| &agreement.stages).filter(|stage| stage.stage == StageKind::Signed);
    // A newspaper's word for it is that newspaper's word.
    let asserted = stages.any(|stage| stage.modality == Modality::Actual && stage.according_to.is_none());
    ensure(!found.is_empty() && !asserted, format!("{found:#?}"))
}

fn own_dates() -> Result<(), String> {
    let prespa = agreement("prespa agreement")?;
    let signed = dates(prespa, StageKind::Signed, Modality::Actual);
    let ratified = dates(prespa, StageKind::Ratified, Modality::Actual);
    ensure(signed == ["2018-06-17"] && ratified.contains(&"2019-01-25".to_owned()), format!("{signed:?} {ratified:?}"))
}

fn replaces(words: &str) -> Result<(), String> {
    let relations = &agreement(words)?.relations;
    ensure(relations.iter().any(|relation| relation.kind == RelationKind::Replaces), format!("{relations:?}"))
}

fn replaces_accord() -> Result<(), String> {
    replaces("prespa agreement")
}

fn replaces_protocol() -> Result<(), String> {
    replaces("new fisheries protocol")
}

fn contested_names() -> Result<(), String> {
    let called = EXAMPLES.documents.iter().flat_map(|document| &document.findings.naming);
    let words: Vec<&str> = called.map(|naming| naming.evidence.quote()).collect();
    let used = |expected: &&str| words.iter().any(|quote| quote.contains(expected));
    ensure(["breakaway", "de facto", "so-called"].iter().all(used), format!("{words:?}"))
}

fn distractors() -> Result<(), String> {
    ["Brewers agree to merge", "Striker signs for three years", "Liberals and Greens strike coalition deal"].iter().try_for_each(
        |title| {
            let found = &findings(title)?.agreements;
            ensure(found.is_empty(), format!("{title}: {found:#?}"))
        },
    )
}

fn debris() -> Result<(), String> {
    ["30 trains", "lighthouse", "tax code", "Cruise ship", "newsletter", "Wildfire"].into_iter().try_for_each(unread)
}

fn related_paragraph() -> Result<(), String> {
    unread("investors")
}

/// No finding holds these words.
fn unread(words: &str) -> Result<(), String> {
    EXAMPLES.documents.iter().try_for_each(|document| {
        let found = format!("{:?}", document.findings);
        ensure(!found.contains(words), format!("`{words}` of {} was read", document.source))
    })
}
