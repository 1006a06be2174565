//! Shows how documents are cut: `cargo run -p chancery-collect --example layout -- PATH...`.
use std::path::PathBuf;

fn main() {
    let inputs: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let limits = chancery_collect::Limits::default();
    for document in chancery_collect::documents(&inputs, &limits) {
        let raw = match document {
            Ok(raw) => raw,
            Err(refused) => {
                println!("=== {}\n  ! {}: {}", refused.source, refused.notice.code, refused.notice.message);
                continue;
            }
        };
        let (article, notices) = chancery_collect::article(&raw, &limits);
        println!("=== {}", article.source);
        println!(
            "  title     {:?}\n  publisher {:?}\n  byline    {:?}\n  dateline  {:?}",
            article.title, article.publisher, article.byline, article.dateline
        );
        println!("  url       {:?}\n  language  {:?}", article.url, article.language);
        if let Some(published) = &article.published {
            let words = published.span.map_or("", |span| span.of(&article.text));
            println!(
                "  published {} {:?} by {} {:.2} {words:?}",
                published.value,
                published.time,
                published.basis.as_str(),
                published.confidence
            );
        }
        for notice in notices {
            println!("  ! {}: {}", notice.code, notice.message);
        }
        for block in &article.blocks {
            let words: String = block.span.of(&article.text).chars().take(90).collect();
            println!("  {:<10} {words:?}", block.kind.reason().unwrap_or(if block.kind.is_story() { "+" } else { "?" }));
        }
    }
}
