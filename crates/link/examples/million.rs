//! How long linking takes and how much memory it needs, on generated mentions of growing number.
//!
//! `cargo xtask bench link 10000 100000 1000000`
//!
//! As in a register, no more of a document is held than its features; the documents of one agreement are there again while
//! its record is made. After all mentions were linked, a hundred more are linked to them.
//!
//! Each instrument is told of in one to nine reports, under several names; one in fifty is a multilateral convention that
//! goes by its name. Instruments of the same parties follow each other, so that there is something to keep apart.
use chancery_agreement::{AgreementKind, Article, Findings, StageKind};
use chancery_link::{Actors, Around, Document, Linker, Linking, MemberOf, features, own_id, passage_words, record, story_names};
use generated::{Random, finding};

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

/// A name without meaning, the same for the same number.
fn town(number: usize) -> String {
    const SYLLABLES: [&str; 16] =
        ["ba", "cor", "du", "fen", "gil", "ho", "ka", "lun", "mer", "no", "pel", "ri", "sta", "tov", "wes", "zi"];
    let (mut rest, mut name) = (number % 65_536, String::new());
    for place in 0..4 {
        let syllable = SYLLABLES.get(rest % SYLLABLES.len()).copied().unwrap_or_default();
        let mut letters = syllable.chars();
        let first = letters.next().filter(|_| place == 0).map(|letter| letter.to_ascii_uppercase());
        name.extend(first);
        name.push_str(if place == 0 { letters.as_str() } else { syllable });
        rest /= SYLLABLES.len();
    }
    name
}

/// What is told of an instrument in all its reports.
struct Instrument {
    number: usize,
    parties: (String, String),
    subject: &'static str,
    kind: AgreementKind,
    multilateral: bool,
    made: (usize, usize, usize),
    reports: usize,
}

impl Instrument {
    fn new(number: usize) -> Self {
        let mut numbers = Random((number as u64).wrapping_mul(0x2545_F491_4F6C_DD1D) | 1);
        Self {
            number,
            parties: (format!("State{}ia", numbers.below(STATES)), format!("Land{}mark", numbers.below(STATES))),
            subject: SUBJECTS[numbers.below(SUBJECTS.len())],
            kind: KINDS[numbers.below(KINDS.len())],
            multilateral: numbers.below(50) == 0,
            made: (1960 + numbers.below(60), 1 + numbers.below(12), 1 + numbers.below(28)),
            reports: 1 + numbers.below(REPORTS),
        }
    }

    fn report(&self, report: usize) -> Document {
        let (subject, kind, (year, month, day)) = (self.subject, self.kind, self.made);
        let name = match (self.multilateral, report % 3) {
            (true, _) => format!("Convention on Town{} {subject}", self.number % 9973),
            (false, 0) => format!("{subject} {kind}"),
            (false, 1) => format!("{kind} on {subject}"),
            (false, _) => kind.to_string(),
        };
        let (first, second) = (self.parties.0.as_str(), self.parties.1.as_str());
        // Four of the places that the affair is about, and one that only this report tells of.
        let towns: Vec<String> = (0..4).map(|place| town(self.number * 7 + (report + place) % 6)).collect();
        let own = town(self.number * 31 + report);
        let text = format!(
            "{first} and {second} signed the {name} on {year}-{month:02}-{day:02}. It followed talks in {} and in {own}.",
            towns.join(", ")
        );
        let article = Article::plain(&text);
        let parties: &[&str] = if self.multilateral { &[first] } else { &[first, second] };
        let (day_told, year_told) = (format!("{year}-{month:02}-{day:02}"), format!("{year}"));
        let date =
            if report % 4 == 3 { (year_told.as_str(), year_told.as_str()) } else { (day_told.as_str(), day_told.as_str()) };
        let finding = finding(&article, ("a1", &name, kind), parties, (StageKind::Signed, "signed"), Some(date));
        let findings = Findings { agreements: vec![finding], ..Findings::default() };
        let number = self.number * REPORTS + report;
        Document {
            id: format!("{:016x}", (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)),
            source: format!("{number}.txt"),
            published: Some(format!("{year}-{month:02}-{:02}", (day + report).min(28))),
            story: story_names(&text),
            passages: passage_words(&text, &findings),
            findings,
            ..Document::default()
        }
    }

    fn all(&self) -> impl Iterator<Item = Document> + '_ {
        (0..self.reports).map(|report| self.report(report))
    }
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

/// The document with that number, made again.
fn document(number: i64) -> Option<Document> {
    let number = usize::try_from(number).ok()?;
    Some(Instrument::new(number / REPORTS).report(number % REPORTS))
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
    println!(
        "{:>10} {:>11} {:>9} {:>14} {:>13} {:>11} {:>10} {:>9} {:>10}",
        "findings",
        "agreements",
        "linked s",
        "per million s",
        "pairs of each",
        "records s",
        "100 more s",
        "looked at",
        "peak MiB"
    );
    for size in sizes {
        let names = (0..STATES).flat_map(|number| [format!("State{number}ia"), format!("Land{number}mark")]);
        let actors = Actors::new(names.map(|name| (name, 1)), &[]);
        let mut linker = Linker::new(&actors);
        let (mut mentions, mut instrument) = (0, 0);
        while mentions < size {
            instrument += 1;
            for document in Instrument::new(instrument).all() {
                for features in features(&document) {
                    linker.add(own_id(&document.id, "a1"), number_of(&document), features.as_bytes());
                }
                mentions += 1;
            }
        }
        let used = processor_seconds();
        let linking = linker.link();
        let linked = processor_seconds() - used;
        let made = records(&linking, &actors);
        let recorded = processor_seconds() - used - linked;
        let peak = memory("VmHWM:");
        let (million, each) = (linked * 1e6 / mentions as f64, linking.compared as f64 / mentions as f64);
        let (more, looked_at) = add_some(linking, &actors, instrument);
        println!(
            "{mentions:>10} {made:>11} {linked:>9.1} {million:>14.1} {each:>13.1} {recorded:>11.1} {more:>10.1} {looked_at:>9} {peak:>10}"
        );
    }
    println!("seconds are processor time; linking runs on one core");
}

/// Links the mentions of some more instruments to those that are linked; gives the processor time that it took, in seconds, and how
/// many clusters were looked at.
fn add_some(linking: Linking, actors: &Actors, last: usize) -> (f64, usize) {
    let mut partners = linking.partners.into_iter().peekable();
    let mut linker = Linker::new(actors);
    for placed in &linking.placed {
        let own = partners.next_if(|(id, _)| *id == placed.id).map(|(_, own)| own).unwrap_or_default();
        let features = document(placed.document).map(|document| features(&document)).unwrap_or_default();
        for features in features {
            linker.keep(placed.id, placed.document, features.as_bytes(), own.clone(), placed.founder);
        }
    }
    let start = processor_seconds();
    for document in (last + 1..).flat_map(|number| Instrument::new(number).all().collect::<Vec<_>>()).take(100) {
        for features in features(&document) {
            linker.add(own_id(&document.id, "a1"), number_of(&document), features.as_bytes());
        }
    }
    let again = linker.link();
    records(&again, actors);
    (processor_seconds() - start, again.joined.len())
}

fn number_of(document: &Document) -> i64 {
    document.source.trim_end_matches(".txt").parse().unwrap_or(0)
}
