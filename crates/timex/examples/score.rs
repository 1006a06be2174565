//! Scores the tagger on a folder of TimeML files: `cargo run --release --example score -- DIR [even|odd|all] [missed|spurious|extent|value|type] [news|narrative]`.
use chancery_timex::score::{Counts, Scored, compare};
use chancery_timex::timeml::Document;
use chancery_timex::{Genre, Options, Reference, tag};

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = arguments.first() else {
        println!("which folder?");
        return Ok(());
    };
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "tml"))
        .collect();
    files.sort();
    let mut totals = [Counts::default(); 2];
    for (number, path) in files.iter().enumerate() {
        if has("even") && number % 2 == 1 || has("odd") && number % 2 == 0 {
            continue;
        }
        let document = Document::parse(&std::fs::read_to_string(path)?);
        let gold: Vec<Scored> = document
            .tagged
            .iter()
            .map(|tagged| Scored { start: tagged.start, end: tagged.end, kind: tagged.kind.clone(), value: tagged.value.clone() })
            .collect();
        let genre = if has("news") {
            Genre::News
        } else if has("narrative") {
            Genre::Narrative
        } else {
            Genre::Guess
        };
        let options = Options::written(document.created.as_deref().and_then(Reference::parse)).with_genre(genre);
        let found = tag(&document.text, &options);
        let system: Vec<Scored> = found
            .iter()
            .map(|timex| Scored {
                start: timex.start,
                end: timex.end,
                kind: timex.kind.as_str().into(),
                value: timex.value.clone().unwrap_or_default(),
            })
            .collect();
        let (counts, mistakes) = compare(&document.text, &gold, &system);
        totals[number % 2] += counts;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if has("files") {
            println!("{counts} {name}");
        }
        for mistake in mistakes {
            if !has(mistake.fault.as_str()) {
                continue;
            }
            let wanted = mistake.gold.map(|place| &gold[place]);
            let given = mistake.system.map(|place| &system[place]);
            let (start, end) = wanted.or(given).map_or((0, 0), |scored| (scored.start, scored.end));
            let before: String = document.text[..start].chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
            let after: String = document.text[end..].chars().take(40).collect();
            let show = |scored: Option<&Scored>| {
                scored.map_or("-".to_owned(), |scored| {
                    format!("[{}] {} {}", &document.text[scored.start..scored.end], scored.kind, scored.value)
                })
            };
            println!(
                "{}\t{}\tgold {}\tours {}\t| {}<>{} | {}",
                mistake.fault.as_str(),
                name,
                show(wanted),
                show(given),
                before.replace('\n', " "),
                after.replace('\n', " "),
                mistake.system.map_or("", |place| found[place].how.as_str())
            );
        }
    }
    println!("       strict relaxed value   type   gold system  match  value");
    println!("even  {}", totals[0]);
    println!("odd   {}", totals[1]);
    let mut all = totals[0];
    all += totals[1];
    println!("all   {all}");
    Ok(())
}
