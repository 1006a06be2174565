//! Speed over a folder of TimeML files: `cargo run --release --example corpus_speed -- DIR`.
use chancery_timex::timeml::Document;
use chancery_timex::{Options, Reference, tag};
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let Some(folder) = std::env::args().nth(1) else { return Ok(()) };
    let mut documents = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        documents.push(Document::parse(&std::fs::read_to_string(entry?.path())?));
    }
    let bytes: usize = documents.iter().map(|document| document.text.len()).sum();
    let started = Instant::now();
    let mut rounds = 0_u32;
    while started.elapsed().as_secs_f64() < 2.0 {
        for document in &documents {
            let options = Options::written(document.created.as_deref().and_then(Reference::parse));
            let _ = tag(&document.text, &options);
        }
        rounds += 1;
    }
    let seconds = started.elapsed().as_secs_f64() / f64::from(rounds);
    println!(
        "{} documents, {bytes} bytes, {seconds:.4} s a round: {:.0} times 2 kB a second",
        documents.len(),
        bytes as f64 / 2000.0 / seconds
    );
    Ok(())
}
