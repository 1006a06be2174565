//! How long linking takes and how much memory it needs, on generated mentions of growing number.
//!
//! `cargo run --release -p chancery-link --example million -- 10000 100000 1000000`
//!
//! Each instrument is told of in one to nine reports, under several names; one in fifty is a multilateral convention that
//! goes by its name. Instruments of the same parties follow each other, so that there is something to keep apart.
use chancery_agreement::{
    AgreementFinding, AgreementKind, Article, Date, Evidence, Findings, Modality, Name, Party, PartyRole, Span, Stage, StageKind,
};
use chancery_link::{Document, link};
use std::time::Instant;

const STATES: usize = 180;
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

/// A small generator of numbers (splitmix64): the same ones on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}

fn evidence(article: &Article, words: &str) -> Evidence {
    let start = article.text.find(words).unwrap_or(0);
    Evidence::new(article, Span::new(start, start + words.len()), "generated", 1.0).expect("the words stand in the text")
}

fn documents(mentions: usize) -> Vec<Document> {
    let mut numbers = Numbers(7);
    let mut documents = Vec::new();
    let mut instrument = 0;
    while documents.len() < mentions {
        instrument += 1;
        let (a, b) = (numbers.below(STATES), numbers.below(STATES));
        let subject = SUBJECTS[numbers.below(SUBJECTS.len())];
        let kind = KINDS[numbers.below(KINDS.len())];
        let multilateral = numbers.below(50) == 0;
        let (year, month, day) = (1960 + numbers.below(60), 1 + numbers.below(12), 1 + numbers.below(28));
        for report in 0..1 + numbers.below(9) {
            let name = match (multilateral, report % 3) {
                (true, _) => format!("Convention on Town{} {subject}", instrument % 9973),
                (false, 0) => format!("{subject} {kind}"),
                (false, 1) => format!("{kind} on {subject}"),
                (false, _) => kind.to_string(),
            };
            let (first, second) = (format!("State{a}ia"), format!("Land{b}mark"));
            let text = format!("{first} and {second} signed the {name} on {year}-{month:02}-{day:02}.");
            let article = Article::plain(&text);
            let parties = if multilateral { vec![&first] } else { vec![&first, &second] };
            let value = if report % 4 == 3 { format!("{year}") } else { format!("{year}-{month:02}-{day:02}") };
            let finding = AgreementFinding {
                key: "a1".to_owned(),
                names: vec![Name { evidence: evidence(&article, &name) }],
                kind,
                parties: parties
                    .iter()
                    .map(|actor| Party { actor: (*actor).clone(), role: PartyRole::Party, evidence: evidence(&article, actor) })
                    .collect(),
                stages: vec![Stage {
                    stage: StageKind::Signed,
                    date: Some(Date {
                        value: Some(value),
                        expression: evidence(&article, &format!("{year}")),
                        how: String::new(),
                    }),
                    modality: Modality::Actual,
                    place: None,
                    by: None,
                    according_to: None,
                    evidence: evidence(&article, "signed"),
                    also: Vec::new(),
                }],
                commitments: Vec::new(),
                money: Vec::new(),
                duration: None,
                renewal: None,
                articles: None,
                relations: Vec::new(),
            };
            let number = documents.len();
            documents.push(Document {
                id: format!("{:016x}", (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)),
                source: format!("{number}.txt"),
                published: Some(format!("{year}-{month:02}-{:02}", (day + report).min(28))),
                findings: Findings { agreements: vec![finding], ..Findings::default() },
                ..Document::default()
            });
        }
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

fn main() {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|size| size.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10_000, 100_000] } else { sizes };
    for size in sizes {
        let documents = documents(size);
        let before = memory("VmRSS:");
        let (start, used) = (Instant::now(), processor_seconds());
        let linked = link(&documents);
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{} mentions → {} agreements in {seconds:.1} s ({:.1} s of processor time); documents {before} MiB, peak {} MiB",
            documents.len(),
            linked.agreements.len(),
            processor_seconds() - used,
            memory("VmHWM:")
        );
    }
}
