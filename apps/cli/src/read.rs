//! `chancery read`: the main job.
use crate::output::{self, Output, count};
use crate::pipeline::{self, Outcome, Work};
use crate::progress::Progress;
use crate::readers::ReaderChoice;
use crate::repeated;
use crate::resume;
use crate::status::Status;
use anyhow::{Context, Result, bail};
use chancery_collect::{Limits, Raw};
use chancery_extract::Extractor;
use chancery_register::{Document, Register, Stored, export};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Read documents into the register
///
/// Takes plain text, HTML, JSON, JSON Lines, Parquet, feeds, WARC, mailboxes, archives and packed files of them, folders,
/// patterns, and `-` for standard input. What the register has already is not read again; --resume does not even look at
/// it.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery read examples/
  chancery read news/*.html dump.jsonl --register news.db
  zcat dump.jsonl.gz | chancery read - --findings - > findings.jsonl
  find crawl -name '*.html' | chancery read --list -
  chancery read CC-NEWS-20240101.warc.gz --resume   # go on after a run that was stopped")]
pub struct Arguments {
    /// Files, folders, patterns, or - for standard input
    #[arg(required_unless_present = "list", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Read the paths in FILE, too, one a line (- for standard input)
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Go on after the last document of a run over the same PATHs that was stopped; needed for nothing but speed with a
    /// register, appends with --findings
    #[arg(long)]
    resume: bool,
    /// Write findings as JSON Lines to FILE (- for standard output) instead of filling the register
    #[arg(long, value_name = "FILE")]
    findings: Option<PathBuf>,
    /// Documents read side by side [default: number of cores]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Look through all documents first, and cut what three or more stories of one publisher repeat
    #[arg(long)]
    cut_repeated: bool,
    /// Give a document up after so many seconds
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<u64>,
    #[command(flatten)]
    reader: ReaderChoice,
    /// Name every notice, not only documents that failed
    #[arg(long, short)]
    verbose: bool,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
}

/// What a run did.
#[derive(Serialize, Default)]
pub struct Summary {
    documents: usize,
    new: usize,
    replaced: usize,
    known: usize,
    failed: usize,
    agreements: usize,
    statements: usize,
    notices: BTreeMap<String, usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    register: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let reader = arguments.reader.open()?;
    let extractor = Extractor::new().context("the built-in rules cannot be used")?.with_reader(reader);
    let mut limits = Limits::default();
    if let Some(seconds) = arguments.time_limit {
        limits.time = Duration::from_secs(seconds);
    }
    let jobs = arguments.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let paths = paths(arguments)?;
    let mut inputs = chancery_collect::documents(&paths, &limits);
    let progress = Progress::new(&paths, inputs.reached());
    let mut summary = Summary::default();
    let furniture = arguments.cut_repeated.then(|| repeated::learn(&paths, &limits, jobs)).transpose()?;
    let reader = pipeline::reader(&extractor, furniture.is_some());
    let overdue = pipeline::longer_than(limits.time);
    let read = move |raw: &Raw| Box::new(pipeline::read(raw, &limits, &extractor, furniture.as_ref()));
    let work = Work { jobs, read: Box::new(read), overdue };
    if let Some(findings) = &arguments.findings {
        let to_stdout = findings.as_os_str() == "-";
        let mut file: Box<dyn Write> = if to_stdout {
            Box::new(&mut *out)
        } else if let Some((file, last)) = resume::findings(findings, arguments.resume)? {
            inputs = inputs.after(last);
            Box::new(BufWriter::new(file))
        } else {
            Box::new(BufWriter::new(File::create(findings).with_context(|| format!("cannot write {}", findings.display()))?))
        };
        pipeline::run(
            inputs,
            work,
            |_| Ok(false),
            |outcome| {
                if let Outcome::Read(document) = &outcome {
                    file.write_all(export::findings::line(document)?.as_bytes())?;
                    summary.agreements += document.findings.agreements.len();
                    summary.new += usize::from(!document.failed());
                }
                summary.take(&outcome, arguments.verbose, &progress);
                Ok(())
            },
        )?;
        file.flush()?;
        drop(file);
        progress.finish();
        return summary.close((!to_stdout).then_some(out), arguments.json, &paths);
    }
    let mut register = Register::writer(register)?;
    if let Some(last) = register.last_source()?.filter(|_| arguments.resume) {
        inputs = inputs.after(last);
    }
    let look = Register::reader(register.path())?;
    let known = move |raw: &Raw| Ok(look.knows(&raw.id(), &raw.source, &reader)?);
    pipeline::run(inputs, work, known, |outcome| {
        if let Outcome::Read(document) = &outcome {
            summary.stored(register.store(document)?, document);
        }
        summary.take(&outcome, arguments.verbose, &progress);
        Ok(())
    })?;
    progress.linking();
    summary.link(&mut register)?;
    progress.finish();
    summary.close(Some(out), arguments.json, &paths)
}

/// The paths of the command line and those of the list.
fn paths(arguments: &Arguments) -> Result<Vec<PathBuf>> {
    let mut paths = arguments.paths.clone();
    let Some(list) = &arguments.list else { return Ok(paths) };
    let to_stdin = list.as_os_str() == "-";
    if to_stdin && paths.iter().any(|path| path.as_os_str() == "-") {
        bail!("standard input cannot be a document and the list of documents at once");
    }
    let text = if to_stdin { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(list) };
    let text = text.with_context(|| format!("cannot read the list of documents {}", list.display()))?;
    paths.extend(text.lines().map(|line| line.trim_end_matches('\r')).filter(|line| !line.is_empty()).map(PathBuf::from));
    if paths.is_empty() {
        bail!("the list of documents {} is empty", list.display());
    }
    Ok(paths)
}

impl Summary {
    /// Counts what storing a document did.
    pub fn stored(&mut self, stored: Stored, document: &Document) {
        match stored {
            Stored::Known => self.known += 1,
            _ if document.failed() => {}
            Stored::New => self.new += 1,
            Stored::Replaced => self.replaced += 1,
        }
    }

    /// Counts one document of the input, and names it where it failed.
    fn take(&mut self, outcome: &Outcome<Box<Document>>, verbose: bool, progress: &Progress) {
        self.documents += 1;
        match outcome {
            Outcome::Known => self.known += 1,
            Outcome::Refused(refused) => {
                self.notice(&refused.source, refused.notice.code, &refused.notice.message, true, verbose, progress)
            }
            Outcome::Read(document) => self.remarks(document, verbose, progress),
        }
        self.failed += usize::from(match outcome {
            Outcome::Known => false,
            Outcome::Refused(_) => true,
            Outcome::Read(document) => document.failed(),
        });
        progress.document();
    }

    fn remarks(&mut self, document: &Document, verbose: bool, progress: &Progress) {
        self.statements += document.findings.statements.len();
        for remark in &document.remarks {
            self.notice(&document.article.source, &remark.code, &remark.message, remark.fatal, verbose, progress);
        }
    }

    /// Counts a notice by its code; fatal ones are named at once.
    pub fn notice(&mut self, source: &str, code: &str, message: &str, fatal: bool, verbose: bool, progress: &Progress) {
        *self.notices.entry(code.to_owned()).or_default() += 1;
        if fatal || verbose {
            progress.complain(&format!("{source}: {message} ({code})"));
        }
    }

    /// Counts a document that was not read by this run.
    pub fn taken(&mut self, failed: bool) {
        self.documents += 1;
        self.failed += usize::from(failed);
    }

    /// Links the agreements and counts them.
    pub fn link(&mut self, register: &mut Register) -> Result<()> {
        register.link_at(Some(&crate::correct::now()))?;
        crate::correct::report_problems(register)?;
        self.agreements = register.agreement_ids()?.len();
        self.register = Some(register.path().to_owned());
        Ok(())
    }

    /// Prints the summary, if to anything, and says how the run ended.
    pub fn close(self, out: Option<&mut Output>, json: bool, paths: &[PathBuf]) -> Result<Status> {
        if self.documents == 0 {
            let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
            bail!("no documents in {}; plain text, HTML, JSON, JSON Lines and folders of them can be read", paths.join(", "));
        }
        let status = match self.failed {
            0 => Status::Well,
            failed if failed == self.documents => Status::Nothing,
            _ => Status::Some,
        };
        match out {
            Some(out) if json => out.json(&self)?,
            Some(out) => self.lines().into_iter().try_for_each(|line| out.line(line))?,
            None => self.lines().iter().for_each(|line| output::complain(line)),
        }
        Ok(status)
    }

    fn lines(&self) -> Vec<String> {
        let parts = [(self.new, "new"), (self.replaced, "read anew"), (self.known, "known already"), (self.failed, "failed")];
        let parts: Vec<String> =
            parts.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}")).collect();
        let mut lines = vec![format!("{}: {}", count(self.documents, "document"), parts.join(", "))];
        let place = self.register.as_ref().map_or_else(|| " found".to_owned(), |register| format!(" in {}", register.display()));
        lines.push(format!("{}{place}", count(self.agreements, "agreement")));
        if !self.notices.is_empty() {
            let codes: Vec<String> = self.notices.iter().map(|(code, number)| format!("{code} {number}")).collect();
            lines.push(format!("notices: {}", codes.join(", ")));
        }
        lines
    }
}
