//! Measures speed: documents of 2 kB a second on one core, and the worst cases of 1 MB each, in processor time. `cargo run --release --example speed`.
use chancery_timex::{Options, Reference, tag};
use std::time::Instant;

/// Processor time of this process in seconds, from `/proc`; wall time where there is none. Other programs on the machine do not count.
fn clock(started: Instant) -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    match (fields.get(11).and_then(|ticks| ticks.parse::<f64>().ok()), fields.get(12).and_then(|ticks| ticks.parse::<f64>().ok()))
    {
        (Some(user), Some(system)) => (user + system) / 100.0,
        _ => started.elapsed().as_secs_f64(),
    }
}

const STORY: &str = "The two ministers met on Tuesday, March 3, in the lakeside town of Norrebo and initialled the ferry accord that had been under \
discussion since late 2013. Officials said the text, agreed three weeks ago after nearly two years of talks, would be signed by the end of the month. \
\"We expected a result last autumn,\" said the harbour commissioner, who will brief members of parliament on Thursday morning at 10:30 a.m. The earlier \
arrangement of 12 May 2009 expires on December 31. It was extended twice, in 2011 and again the following year, when traffic had fallen by a third. \
A spokesman for the opposition called the deal a disappointment and asked why the island communities had not been consulted before the vote. ";

fn main() {
    // As many expressions as news has: some seven in 2 kB.
    let filler = "The harbour commissioner told members that the dredging of the northern channel had cost more than the board allowed for, and that a second \
        survey by an independent firm would be needed if the larger ships were ever to call at the island again without tugs. ";
    let document: String = format!("{}{}", STORY.get(..620).unwrap_or(STORY), filler.repeat(8)).chars().take(2000).collect();
    let options = Options::written(Reference::parse("2015-03-05"));
    let _ = tag(&document, &options);
    let started = Instant::now();
    let begin = clock(started);
    let mut count = 0_u32;
    let mut found = 0;
    while started.elapsed().as_secs_f64() < 3.0 {
        found += tag(&document, &options).len();
        count += 1;
    }
    println!(
        "{:.0} documents of 2 kB a second ({} expressions each)",
        f64::from(count) / (clock(started) - begin),
        found / count as usize
    );
    let mega = 1_000_000;
    let cases = [
        ("digits", "1".repeat(mega)),
        ("digits and spaces", "12 1990 3 ".repeat(mega / 10)),
        ("dates", "May 3, 1998 ".repeat(mega / 12)),
        ("dates without space", "2016-10-25".repeat(mega / 10)),
        ("the the the", "the ".repeat(mega / 4)),
        ("a a a", "a ".repeat(mega / 2)),
        ("number words", "one hundred and ".repeat(mega / 16)),
        ("early late", "early late the end of ".repeat(mega / 22)),
        ("months", "May ".repeat(mega / 4)),
        ("days joined", format!("May 1{}", " and 2".repeat(mega / 6))),
        ("commas", "1,000,".repeat(mega / 6)),
        ("hyphens", "five-".repeat(mega / 5)),
        ("new lines", "\n \n".repeat(mega / 3)),
        ("last week", "last week ".repeat(mega / 10)),
        ("letters", "x".repeat(mega)),
        ("a.a.a", "a.".repeat(mega / 2)),
        ("apostrophes", "'98's ".repeat(mega / 6)),
        ("one sentence of weekdays", "Tuesday ".repeat(mega / 8)),
        ("not ASCII", "é’–".repeat(mega / 8)),
    ];
    for (name, text) in cases {
        let started = Instant::now();
        let begin = clock(started);
        let found = tag(&text, &options).len();
        println!("{:5.2} s  1 MB of {name}: {found} expressions", clock(started) - begin);
    }
}
