//! Shows the expressions of a text file: `cargo run --release --example show -- FILE [DATE]`.
use chancery_timex::{Options, Reference, tag};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let Some(path) = arguments.next() else { return Ok(()) };
    let text = std::fs::read_to_string(path)?;
    for timex in tag(&text, &Options::written(arguments.next().as_deref().and_then(Reference::parse))) {
        let context: String = text[timex.end..].chars().take(24).collect();
        let before: String = text[..timex.start].chars().rev().take(32).collect::<Vec<_>>().into_iter().rev().collect();
        println!(
            "{:<20} {:<14} {}[{}]{} | {}",
            timex.value.as_deref().unwrap_or(""),
            timex.edtf.as_deref().unwrap_or("-"),
            before.replace('\n', " "),
            &text[timex.start..timex.end],
            context.replace('\n', " "),
            timex.how
        );
    }
    Ok(())
}
