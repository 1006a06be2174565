//! Reads documents side by side and hands them over in the order of the input, with only a few in memory.
use anyhow::Result;
use chancery_agreement::{Findings, Notice};
use chancery_collect::{Limits, Raw, Refused};
use chancery_extract::Extractor;
use chancery_register::{Document, Remark};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

/// What became of one document of the input.
pub enum Outcome {
    /// It was read, well or not: see its remarks.
    Read(Box<Document>),
    /// The register has it already.
    Known,
    /// There were no bytes to read.
    Refused(Refused),
}

/// Which reader a document was read by: the program's version, a fingerprint of its rules and code, and what made the trees.
pub fn reader(extractor: &Extractor) -> String {
    let program = concat!(env!("CARGO_PKG_VERSION"), "+", env!("CHANCERY_FINGERPRINT"));
    format!("{program} {}", extractor.reader().name())
}

/// How many documents may wait for each worker: enough to keep all of them busy, few enough to hold in memory.
const WAITING: usize = 4;

/// Stack of a worker; nothing recurses on the depth of its input, so this is only head room.
const STACK: usize = 8 << 20;

/// Reads every document of `inputs` with `jobs` workers and calls `each` with what became of it, in order of the input.
/// A document of which `known` says so is not read.
///
/// # Errors
/// Those of `each`; reading stops then.
pub fn run(
    inputs: impl Iterator<Item = Result<Raw, Refused>> + Send,
    limits: &Limits,
    extractor: &Extractor,
    jobs: usize,
    mut known: impl FnMut(&Raw) -> Result<bool> + Send,
    mut each: impl FnMut(Outcome) -> Result<()>,
) -> Result<()> {
    let jobs = jobs.max(1);
    std::thread::scope(|scope| {
        // Each document in flight holds a permit from when it is taken up until it is handed over.
        let (take_permit, permits) = sync_channel::<()>(jobs * WAITING);
        let (hand_in, work) = sync_channel::<(usize, Raw)>(jobs);
        let (hand_over, done) = sync_channel::<(usize, Result<Outcome>)>(jobs * WAITING);
        let work = std::sync::Arc::new(Mutex::new(work));
        for _ in 0..jobs {
            let (work, hand_over) = (std::sync::Arc::clone(&work), hand_over.clone());
            std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, move || {
                while let Some((number, raw)) = next(&work) {
                    if hand_over.send((number, Ok(Outcome::Read(Box::new(read(&raw, limits, extractor)))))).is_err() {
                        return;
                    }
                }
            })?;
        }
        drop(work);
        scope.spawn(move || feed(inputs, &mut known, &take_permit, &hand_in, &hand_over));
        // Dropping these two, at the end or on an error, lets every other thread come to its end.
        let (done, permits): (Receiver<_>, Receiver<_>) = (done, permits);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (number, outcome) in &done {
            waiting.insert(number, outcome);
            while let Some(outcome) = waiting.remove(&next) {
                each(outcome?)?;
                let _ = permits.recv();
                next += 1;
            }
        }
        Ok(())
    })
}

fn next(work: &Mutex<Receiver<(usize, Raw)>>) -> Option<(usize, Raw)> {
    work.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn feed(
    inputs: impl Iterator<Item = Result<Raw, Refused>>,
    known: &mut impl FnMut(&Raw) -> Result<bool>,
    take_permit: &SyncSender<()>,
    hand_in: &SyncSender<(usize, Raw)>,
    hand_over: &SyncSender<(usize, Result<Outcome>)>,
) {
    for (number, input) in inputs.enumerate() {
        if take_permit.send(()).is_err() {
            return;
        }
        let sent = match input {
            Err(refused) => hand_over.send((number, Ok(Outcome::Refused(refused)))).is_ok(),
            Ok(raw) => match known(&raw) {
                Ok(true) => hand_over.send((number, Ok(Outcome::Known))).is_ok(),
                Ok(false) => hand_in.send((number, raw)).is_ok(),
                Err(error) => hand_over.send((number, Err(error))).is_ok(),
            },
        };
        if !sent {
            return;
        }
    }
}

/// Reads one document. Whatever is in it, there is an answer: a fault of ours costs this document, not the run.
pub fn read(raw: &Raw, limits: &Limits, extractor: &Extractor) -> Document {
    let reader = reader(extractor);
    catch_unwind(AssertUnwindSafe(|| {
        let (article, mut notices) = chancery_collect::article(raw, limits);
        let mut findings = Findings::default();
        if !notices.iter().any(|notice| notice.fatal) {
            let (found, more) = extractor.extract(&article);
            findings = found;
            notices.extend(more);
        }
        document(article, findings, &notices, reader.clone())
    }))
    .unwrap_or_else(|_| {
        let article = chancery_agreement::Article { id: raw.id(), source: raw.source.clone(), ..Default::default() };
        let fault =
            Notice::failure("internal-fault", "a fault in Chancery stopped the reading of this document; please report it");
        document(article, Findings::default(), &[fault], reader.clone())
    })
}

fn document(article: chancery_agreement::Article, findings: Findings, notices: &[Notice], reader: String) -> Document {
    Document { article, findings, remarks: notices.iter().map(Remark::from).collect(), reader }
}
