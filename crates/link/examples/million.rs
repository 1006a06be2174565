//! How long linking takes and how much memory it needs, on generated mentions of growing number.
//!
//! `cargo run --release -p chancery-link --example million -- 10000 100000 1000000`
//!
//! As in a register, no more of a document is held than its features; the documents of one agreement are there again while
//! its record is made. After all mentions were linked, a hundred more are linked to them.
//!
//! Each instrument is told of in one to nine reports, under several names; one in fifty is a multilateral convention that
//! goes by its name. Instruments of the same parties follow each other, so that there is something to keep apart.
use chancery_agreement::{AgreementKind, Article, Findings, StageKind};
use chancery_link::{Actors, Around, Document, Linker, Linking, MemberOf, features, own_id, record};
use generated::{Random, finding};
use std::collections::BTreeMap;
use std::time::Instant;

mod generated;

const STATES: usize = 180;
/// Reports of one instrument at most.
const REPORTS: usize = 9;
const SUBJECTS: [&str; 24] = [
    "ferry",
    "river",
    "grain",
    "fishing",
    "visa",
    "customs",
    "border",
    "transit",
    "gas",
    "water",
    "satellite",
    "railway",
    "pension",
    "police",
    "harbor",
    "mining",
    "flight",
    "postal",
    "forest",
    "radio",
    "bridge",
    "tunnel",
    "museum",
    "student",
];
const KINDS: [AgreementKind; 5] = [
    AgreementKind::Treaty,
    AgreementKind::Ceasefire,
    AgreementKind::TradeDeal,
    AgreementKind::Memorandum,
    AgreementKind::Contract,
];

/// The reports of one instrument.
fn reports(instrument: usize) -> Vec<Document> {
    let mut numbers = Random((instrument as u64).wrapping_mul(0x2545_F491_4F6C_DD1D) | 1);
    let mut documents = Vec::new();
    let (a, b) = (numbers.below(STATES), numbers.below(STATES));
    let subject = SUBJECTS[numbers.below(SUBJECTS.len())];
    let kind = KINDS[numbers.below(KINDS.len())];
    let multilateral = numbers.below(50) == 0;
    let (year, month, day) = (1960 + numbers.below(60), 1 + numbers.below(12), 1 + numbers.below(28));
    for report in 0..1 + numbers.below(REPORTS) {
        let name = match (multilateral, report % 3) {
            (true, _) => format!("Convention on Town{} {subject}", instrument % 9973),
            (false, 0) => format!("{subject} {kind}"),
            (false, 1) => format!("{kind} on {subject}"),
            (false, _) => kind.to_string(),
        };
        let (first, second) = (format!("State{a}ia"), format!("Land{b}mark"));
        let text = format!("{first} and {second} signed the {name} on {year}-{month:02}-{day:02}.");
        let article = Article::plain(&text);
        let parties: &[&str] = if multilateral { &[&first] } else { &[&first, &second] };
        let (day_told, year_told) = (format!("{year}-{month:02}-{day:02}"), format!("{year}"));
        let date =
            if report % 4 == 3 { (year_told.as_str(), year_told.as_str()) } else { (day_told.as_str(), day_told.as_str()) };
        let finding = finding(&article, ("a1", &name, kind), parties, (StageKind::Signed, "signed"), Some(date));
        let number = instrument * REPORTS + report;
        documents.push(Document {
            id: format!("{:016x}", (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)),
            source: format!("{number}.txt"),
            published: Some(format!("{year}-{month:02}-{:02}", (day + report).min(28))),
            findings: Findings { agreements: vec![finding], ..Findings::default() },
            ..Document::default()
        });
    }
    documents
}

/// A line of `/proc/self/status` in MiB; 0 where there is no such file.
fn memory(line: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let value = status
        .lines()
        .find_map(|own| own.strip_prefix(line))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok());
    value.unwrap_or(0) / 1024
}

/// Processor time that this program has used, in seconds; 0 where `/proc` does not tell. Linux counts in hundredths.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or("").split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// What is kept of a mention between two runs.
struct Kept {
    document: i64,
    features: Vec<u8>,
    partners: Vec<u64>,
    founder: u64,
}

/// The document with that number, made again.
fn document(number: i64) -> Option<Document> {
    let number = usize::try_from(number).ok()?;
    reports(number / REPORTS).into_iter().nth(number % REPORTS)
}

/// Makes the records of all clusters that changed, one at a time; gives their number.
fn records(linking: &Linking, actors: &Actors) -> usize {
    let document_of = |id: &u64| {
        let at = linking.placed.binary_search_by_key(id, |placed| placed.id).ok()?;
        document(linking.placed.get(at)?.document)
    };
    let mut count = 0;
    for joined in linking.joined.iter().filter(|joined| joined.changed) {
        let documents: Vec<Document> = joined.members.iter().filter_map(document_of).collect();
        let members: Vec<MemberOf<'_>> = documents.iter().map(|document| (document, "a1")).collect();
        let agreement_of = |id: u64| linking.founder(id).unwrap_or(id);
        let original_of = |document| id_of(document);
        let agreement = record(&members, &Around { actors, agreement_of: &agreement_of, original_of: &original_of });
        assert_eq!(agreement.members.len(), joined.members.len());
        count += 1;
    }
    count
}

fn id_of(document: &Document) -> &str {
    &document.id
}

fn main() {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|size| size.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10_000, 100_000] } else { sizes };
    for size in sizes {
        let (start, used) = (Instant::now(), processor_seconds());
        let names = (0..STATES).flat_map(|number| [format!("State{number}ia"), format!("Land{number}mark")]);
        let actors = Actors::new(names.map(|name| (name, 1)), &[]);
        let mut linker = Linker::new(&actors);
        let (mut mentions, mut instrument) = (0, 0);
        while mentions < size {
            instrument += 1;
            for document in reports(instrument) {
                let number = number_of(&document);
                for features in features(&document) {
                    linker.add(own_id(&document.id, "a1"), number, features.as_bytes());
                }
                mentions += 1;
            }
        }
        let linking = linker.link();
        let clusters = linking.joined.len();
        let held = memory("VmRSS:");
        let made = records(&linking, &actors);
        println!(
            "{mentions} mentions → {clusters} agreements, {made} records in {:.1} s ({:.1} s of processor time); memory {held} MiB, peak {} MiB",
            start.elapsed().as_secs_f64(),
            processor_seconds() - used,
            memory("VmHWM:")
        );
        add_some(&linking, &actors, instrument);
    }
}

/// Links the mentions of some more instruments to those that are linked.
fn add_some(linking: &Linking, actors: &Actors, last: usize) {
    let mut partners: BTreeMap<u64, Vec<u64>> = linking.partners.iter().cloned().collect();
    let kept: BTreeMap<u64, Kept> = linking
        .placed
        .iter()
        .filter_map(|placed| {
            let document = document(placed.document)?;
            let features = features(&document).first()?.as_bytes().to_vec();
            let partners = partners.remove(&placed.id).unwrap_or_default();
            Some((placed.id, Kept { document: placed.document, features, partners, founder: placed.founder }))
        })
        .collect();
    let new: Vec<Document> = (last + 1..).flat_map(reports).take(100).collect();
    let (start, used) = (Instant::now(), processor_seconds());
    let mut linker = Linker::new(actors);
    for (id, one) in kept {
        linker.keep(id, one.document, &one.features, one.partners, one.founder);
    }
    for document in &new {
        for features in features(document) {
            linker.add(own_id(&document.id, "a1"), number_of(document), features.as_bytes());
        }
    }
    let again = linker.link();
    let written = records(&again, actors);
    println!(
        "  100 more: {} clusters looked at, {written} records made anew in {:.1} s ({:.1} s of processor time)",
        again.joined.len(),
        start.elapsed().as_secs_f64(),
        processor_seconds() - used
    );
}

fn number_of(document: &Document) -> i64 {
    document.source.trim_end_matches(".txt").parse().unwrap_or(0)
}
