//! `chancery extract`: intake alone, what a document is before anything is read in it.
use crate::output::{Output, complain};
use crate::pipeline::{self, Outcome, Work};
use crate::repeated;
use crate::status::Status;
use anyhow::Result;
use chancery_agreement::{Article, BlockKind};
use chancery_collect::Limits;
use serde::Serialize;
use std::path::PathBuf;
use std::time::Duration;

/// Intake alone, as JSON: title, publisher, byline, date with its basis, the body, what was cut and why
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery extract page.html | jq .published
  chancery extract page.html --text     # the story alone
  chancery extract CC-NEWS-20240101.warc.gz --jobs 8 > articles.jsonl")]
pub struct Arguments {
    /// Files, folders, patterns, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The story as plain text
    #[arg(long)]
    text: bool,
    /// Documents taken in side by side [default: number of cores]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Look through all documents first, and cut what three or more stories of one publisher repeat
    #[arg(long)]
    cut_repeated: bool,
    /// Give a document up after so many seconds
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<u64>,
}

#[derive(Serialize)]
struct WireArticle<'a> {
    id: &'a str,
    source: &'a str,
    url: Option<&'a str>,
    publisher: Option<&'a str>,
    title: Option<&'a str>,
    byline: Option<&'a str>,
    dateline: Option<&'a str>,
    published: Option<WireDate<'a>>,
    language: Option<&'a str>,
    body: String,
    text: &'a str,
    blocks: Vec<WireBlock>,
    notices: Vec<WireNotice<'a>>,
}

#[derive(Serialize)]
struct WireDate<'a> {
    value: &'a str,
    time: Option<&'a str>,
    basis: &'static str,
    start: Option<usize>,
    end: Option<usize>,
    confidence: f32,
}

#[derive(Serialize)]
struct WireBlock {
    start: usize,
    end: usize,
    kind: &'static str,
}

#[derive(Serialize)]
struct WireNotice<'a> {
    code: &'a str,
    message: &'a str,
    fatal: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, out: &mut Output) -> Result<Status> {
    let mut limits = Limits::default();
    if let Some(seconds) = arguments.time_limit {
        limits.time = Duration::from_secs(seconds);
    }
    let jobs = arguments.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let furniture = arguments.cut_repeated.then(|| repeated::learn(&arguments.paths, &limits, jobs)).transpose()?;
    let overdue = pipeline::longer_than(limits.time);
    let inputs = chancery_collect::documents(&arguments.paths, &limits);
    let read = move |raw: &chancery_collect::Raw| {
        let (mut article, notices) = chancery_collect::article(raw, &limits);
        furniture.iter().for_each(|furniture| furniture.cut(&mut article));
        (article, notices)
    };
    let work = Work { jobs, read: Box::new(read), overdue };
    let (mut read, mut failed) = (0, 0);
    pipeline::run(
        inputs,
        work,
        |_| Ok(false),
        |outcome| {
            let (article, notices) = match outcome {
                Outcome::Read(taken) => taken,
                Outcome::Known => return Ok(()),
                Outcome::Refused(refused) => {
                    failed += 1;
                    complain(&format!("{}: {} ({})", refused.source, refused.notice.message, refused.notice.code));
                    return Ok(());
                }
            };
            for notice in notices.iter().filter(|notice| notice.fatal) {
                complain(&format!("{}: {} ({})", article.source, notice.message, notice.code));
            }
            if notices.iter().any(|notice| notice.fatal) {
                failed += 1
            } else {
                read += 1
            }
            if arguments.text {
                return Ok(out.line(body(&article))?);
            }
            let notices =
                notices.iter().map(|notice| WireNotice { code: notice.code, message: &notice.message, fatal: notice.fatal });
            out.json(&wire(&article, notices.collect()))
        },
    )?;
    Ok(match (read, failed) {
        (_, 0) => Status::Well,
        (0, _) => Status::Nothing,
        _ => Status::Some,
    })
}

/// The paragraphs of the story, an empty line between them.
fn body(article: &Article) -> String {
    let paragraphs = article.story().filter(|block| block.kind == BlockKind::Paragraph);
    paragraphs.map(|block| block.span.of(&article.text)).collect::<Vec<_>>().join("\n\n")
}

fn wire<'a>(article: &'a Article, notices: Vec<WireNotice<'a>>) -> WireArticle<'a> {
    let block = |kind: BlockKind| match kind {
        BlockKind::Headline => "headline",
        BlockKind::Paragraph => "paragraph",
        cut => cut.reason().unwrap_or("other"),
    };
    WireArticle {
        id: &article.id,
        source: &article.source,
        url: article.url.as_deref(),
        publisher: article.publisher.as_deref(),
        title: article.title.as_deref(),
        byline: article.byline.as_deref(),
        dateline: article.dateline.as_deref(),
        published: article.published.as_ref().map(|published| WireDate {
            value: &published.value,
            time: published.time.as_deref(),
            basis: published.basis.as_str(),
            start: published.span.map(chancery_agreement::Span::start),
            end: published.span.map(chancery_agreement::Span::end),
            confidence: published.confidence,
        }),
        language: article.language.as_deref(),
        body: body(article),
        text: &article.text,
        blocks: article
            .blocks
            .iter()
            .map(|part| WireBlock { start: part.span.start(), end: part.span.end(), kind: block(part.kind) })
            .collect(),
        notices,
    }
}
