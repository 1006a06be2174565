//! How long the accurate reader takes to load and how many sentences it reads a second on one core, one at a time:
//! `cargo run --release -p chancery-dissect --example reader_speed -- TREEBANK.conllu [fast]`
//!
//! The sentences are 500 of 14 words and more, every n-th of the treebank: 25 words each on average in EWT. With `fast`, the fast reader. Seconds of work are those that the system charged to the process (Linux); where other
//! programs run beside this one they tell more than seconds on the clock.
use chancery_dissect::conllu::parse_conllu;
use chancery_dissect::{Accurate, Fast, Reader};
use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let treebank = arguments.next().ok_or("name a CoNLL-U file")?;
    let fast = arguments.next().is_some_and(|word| word.as_os_str() == "fast");
    let conllu = parse_conllu(&std::fs::read_to_string(&treebank)?)?;
    let long: Vec<Vec<&str>> = conllu.iter().map(|sentence| sentence.forms()).filter(|forms| forms.len() >= 14).collect();
    let sentences: Vec<&Vec<&str>> = long.iter().step_by((long.len() / 500).max(1)).take(500).collect();
    let start = Instant::now();
    let reader: &dyn Reader = if fast { Fast::embedded() } else { Accurate::embedded()? };
    let loaded = start.elapsed();
    let words: usize = sentences.iter().map(|forms| forms.len()).sum();
    println!(
        "{}: loaded in {:.3} s; {} sentences of {:.1} words",
        reader.name(),
        loaded.as_secs_f64(),
        sentences.len(),
        words as f64 / sentences.len() as f64
    );
    let mut found = 0;
    for round in 0..3 {
        let (start, worked) = (Instant::now(), work());
        for forms in &sentences {
            found += reader.read(forms).syntax.len();
        }
        let (seconds, worked) = (start.elapsed().as_secs_f64(), work() - worked);
        let rate = |seconds: f64| sentences.len() as f64 / seconds;
        println!("round {round}: {:.1} sentences a second, {:.1} a second of work", rate(seconds), rate(worked));
    }
    println!("{found} words read");
    Ok(())
}

/// Seconds of work of this process so far, in steps of a hundredth; NaN where the system does not tell.
fn work() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    let ticks: Option<Vec<f64>> = fields.map(|field| field.parse().ok()).collect();
    ticks.filter(|ticks| ticks.len() == 2).map_or(f64::NAN, |ticks| ticks.iter().sum::<f64>() / 100.0)
}
