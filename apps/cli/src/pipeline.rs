//! Reads documents side by side and hands them over in the order of the input, with only a few in memory. What takes too
//! long is given up, and the rest goes on.
use anyhow::{Result, bail};
use chancery_agreement::{Findings, Notice};
use chancery_collect::{Furniture, Limits, Raw, Refused};
use chancery_extract::Extractor;
use chancery_register::{Document, Remark};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What became of one document of the input.
pub enum Outcome<T> {
    /// It was read, well or not.
    Read(T),
    /// The register has it already.
    Known,
    /// There were no bytes to read, or reading them was given up.
    Refused(Refused),
}

/// Which reader a document was read by: the program's version, a fingerprint of its rules and code, and what made the trees.
pub fn reader(extractor: &Extractor, cuts_repeated: bool) -> String {
    let program = concat!(env!("CARGO_PKG_VERSION"), "+", env!("CHANCERY_FINGERPRINT"));
    let cuts = if cuts_repeated { " cut-repeated" } else { "" };
    format!("{program} {}{cuts}", extractor.reader().name())
}

/// How many documents may wait for each worker: enough to keep all of them busy, few enough to hold in memory.
const WAITING: usize = 4;

/// Stack of a worker; nothing recurses on the depth of its input, so this is only head room.
const STACK: usize = 8 << 20;

/// How often is looked after documents that take too long.
const WATCH: Duration = Duration::from_millis(100);

/// So many workers may be given up and still be at it before the run is.
const MOST_GIVEN_UP: usize = 64;

/// Says of a document, by its source and how long it has been read, why it is given up, if it is.
pub type Overdue = Box<dyn Fn(&str, Duration) -> Option<Notice> + Send + Sync>;

/// How the documents of a run are read.
pub struct Work<T> {
    /// Workers side by side.
    pub jobs: usize,
    /// Makes of a document what is handed over.
    pub read: Box<dyn Fn(&Raw) -> T + Send + Sync>,
    /// Which documents are given up.
    pub overdue: Overdue,
}

/// Gives up every document that has been read for `limit` or longer.
pub fn longer_than(limit: Duration) -> Overdue {
    Box::new(move |_, taken| {
        let message = || {
            format!("reading the document took longer than the limit of {} seconds; --time-limit sets another", limit.as_secs())
        };
        (taken >= limit).then(|| Notice::failure("limit-time", message()))
    })
}

/// What a worker has in hand.
struct InHand {
    number: usize,
    source: String,
    since: Instant,
}

/// A place where a worker keeps what it has in hand. Whoever takes it out hands the document over: the worker that has read
/// it, or the watch that gives it up.
type Place = Arc<Mutex<Option<InHand>>>;

enum Message<T> {
    /// What became of the document of this number.
    Done(usize, Result<Outcome<T>>),
    /// There are so many documents in all.
    End(usize),
}

/// Reads every document of `inputs` and calls `each` with what became of it, in order of the input. A document of which
/// `known` says so is not read.
///
/// A thread cannot be stopped from outside: a worker that is given up is left behind, and another takes its place. That is
/// why nothing here is borrowed.
///
/// # Errors
/// Those of `each`; reading stops then.
pub fn run<T: Send + 'static>(
    inputs: impl Iterator<Item = Result<Raw, Refused>> + Send + 'static,
    work: Work<T>,
    known: impl FnMut(&Raw) -> Result<bool> + Send + 'static,
    mut each: impl FnMut(Outcome<T>) -> Result<()>,
) -> Result<()> {
    let jobs = work.jobs.max(1);
    let work = Arc::new(work);
    // Each document in flight holds a permit from when it is taken up until it is handed over: that bounds the messages.
    let (take_permit, permits) = sync_channel::<()>(jobs * WAITING);
    let (hand_in, waiting) = sync_channel::<(usize, Raw)>(jobs);
    let (hand_over, done) = channel::<Message<T>>();
    let hire = Hire { work: Arc::clone(&work), waiting: Arc::new(Mutex::new(waiting)), hand_over: hand_over.clone() };
    let mut places = (0..jobs).map(|_| hire.worker()).collect::<Result<Vec<Place>>>()?;
    let feeding = std::thread::spawn(move || feed(inputs, known, &take_permit, &hand_in, &hand_over));
    let mut ready = BTreeMap::new();
    let (mut next, mut total) = (0, None);
    let mut given_up: Vec<Place> = Vec::new();
    let mut watched = Instant::now();
    while total.is_none_or(|total| next < total) {
        match done.recv_timeout(WATCH) {
            Ok(Message::Done(number, outcome)) => _ = ready.insert(number, outcome),
            Ok(Message::End(count)) => total = Some(count),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => bail!("the threads that read documents have stopped"),
        }
        if watched.elapsed() >= WATCH {
            watched = Instant::now();
            for place in &mut places {
                let Some((number, refused)) = give_up(place, &work) else { continue };
                ready.insert(number, Ok(Outcome::Refused(refused)));
                given_up.push(std::mem::replace(place, hire.worker()?));
            }
            // Whoever comes to an end after all lets go of its place.
            given_up.retain(|place| Arc::strong_count(place) > 1);
            if given_up.len() > MOST_GIVEN_UP {
                bail!("{} documents took too long and are still being read; reading was stopped", given_up.len());
            }
        }
        while let Some(outcome) = ready.remove(&next) {
            each(outcome?)?;
            let _ = permits.recv();
            next += 1;
        }
    }
    // What it holds open, such as the register, is closed before anything else is done with it.
    let _ = feeding.join();
    Ok(())
}

fn lock<T>(place: &Mutex<T>) -> MutexGuard<'_, T> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes the document out of a worker's hand if it is overdue.
fn give_up<T>(place: &Place, work: &Work<T>) -> Option<(usize, Refused)> {
    let mut in_hand = lock(place);
    let notice = in_hand.as_ref().and_then(|document| (work.overdue)(&document.source, document.since.elapsed()))?;
    let InHand { number, source, .. } = in_hand.take()?;
    Some((number, Refused { source, notice }))
}

/// What a worker needs.
struct Hire<T> {
    work: Arc<Work<T>>,
    waiting: Arc<Mutex<Receiver<(usize, Raw)>>>,
    hand_over: Sender<Message<T>>,
}

impl<T: Send + 'static> Hire<T> {
    /// Starts a worker; gives the place where it keeps what it has in hand.
    fn worker(&self) -> Result<Place> {
        let place = Place::default();
        let (work, waiting, hand_over) = (Arc::clone(&self.work), Arc::clone(&self.waiting), self.hand_over.clone());
        let own = Arc::clone(&place);
        std::thread::Builder::new().stack_size(STACK).spawn(move || {
            while let Some((number, raw)) = next(&waiting) {
                *lock(&own) = Some(InHand { number, source: raw.source.clone(), since: Instant::now() });
                let read = catch_unwind(AssertUnwindSafe(|| (work.read)(&raw)));
                // Given up in the meantime: another has this one's place.
                let Some(document) = lock(&own).take() else { return };
                let outcome = match ((work.overdue)(&document.source, document.since.elapsed()), read) {
                    (Some(notice), _) => Outcome::Refused(Refused { source: document.source, notice }),
                    (None, Ok(read)) => Outcome::Read(read),
                    (None, Err(_)) => Outcome::Refused(Refused { source: document.source, notice: fault() }),
                };
                if hand_over.send(Message::Done(number, Ok(outcome))).is_err() {
                    return;
                }
            }
        })?;
        Ok(place)
    }
}

fn next(waiting: &Mutex<Receiver<(usize, Raw)>>) -> Option<(usize, Raw)> {
    lock(waiting).recv().ok()
}

fn feed<T>(
    mut inputs: impl Iterator<Item = Result<Raw, Refused>>,
    mut known: impl FnMut(&Raw) -> Result<bool>,
    take_permit: &SyncSender<()>,
    hand_in: &SyncSender<(usize, Raw)>,
    hand_over: &Sender<Message<T>>,
) {
    let mut number = 0;
    // A fault while documents are taken out of their archive ends the input, and not the program.
    while let Some(input) = catch_unwind(AssertUnwindSafe(|| inputs.next()))
        .unwrap_or_else(|_| Some(Err(Refused { source: "the rest of the input".to_owned(), notice: fault() })))
    {
        if take_permit.send(()).is_err() {
            return;
        }
        let is_fault = matches!(&input, Err(refused) if refused.notice == fault());
        let done = |outcome| hand_over.send(Message::Done(number, outcome)).is_ok();
        let sent = match input {
            Err(refused) => done(Ok(Outcome::Refused(refused))),
            Ok(raw) => match known(&raw) {
                Ok(true) => done(Ok(Outcome::Known)),
                Ok(false) => hand_in.send((number, raw)).is_ok(),
                Err(error) => done(Err(error)),
            },
        };
        if !sent {
            return;
        }
        number += 1;
        if is_fault {
            break;
        }
    }
    let _ = hand_over.send(Message::End(number));
}

fn fault() -> Notice {
    Notice::failure("internal-fault", "a fault in Chancery stopped the reading of this document; please report it")
}

/// Reads one document, without the `furniture` of its publisher. Whatever is in it, there is an answer: a fault of ours
/// costs this document, not the run.
pub fn read(raw: &Raw, limits: &Limits, extractor: &Extractor, furniture: Option<&Furniture>) -> Document {
    let reader = reader(extractor, furniture.is_some());
    catch_unwind(AssertUnwindSafe(|| {
        let (mut article, mut notices) = chancery_collect::article(raw, limits);
        if let Some(furniture) = furniture {
            furniture.cut(&mut article);
        }
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
        document(article, Findings::default(), &[fault()], reader.clone())
    })
}

fn document(article: chancery_agreement::Article, findings: Findings, notices: &[Notice], reader: String) -> Document {
    Document { article, findings, remarks: notices.iter().map(Remark::from).collect(), reader }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Work, run};
    use chancery_agreement::Notice;
    use chancery_collect::{Form, Raw, Refused};
    use std::sync::Mutex;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    fn inputs(sources: &'static [&'static str]) -> impl Iterator<Item = Result<Raw, Refused>> + Send {
        sources.iter().map(|source| Ok(Raw::new(*source, "A pact.", Form::Text)))
    }

    /// What became of each document, in the order in which it was handed over.
    fn told(work: Work<String>, sources: &'static [&'static str]) -> Vec<String> {
        let mut told = Vec::new();
        let outcome = run(
            inputs(sources),
            work,
            |raw| Ok(raw.source == "known"),
            |outcome| {
                told.push(match outcome {
                    Outcome::Read(read) => read,
                    Outcome::Known => "known already".to_owned(),
                    Outcome::Refused(refused) => format!("{} {}", refused.source, refused.notice.code),
                });
                Ok(())
            },
        );
        assert!(outcome.is_ok(), "{outcome:?}");
        told
    }

    fn slow() -> Notice {
        Notice::failure("limit-time", "it takes too long")
    }

    #[test]
    fn a_document_that_never_ends_is_given_up_and_the_rest_is_read() {
        // Reading "endless" waits for something that never comes while the test runs; no clock decides.
        let (keep, never) = channel::<()>();
        let never = Mutex::new(never);
        let work = Work {
            jobs: 1,
            read: Box::new(move |raw| {
                if raw.source == "endless" {
                    let _ = never.lock().map(|never| never.recv());
                }
                raw.source.clone()
            }),
            overdue: Box::new(|source: &str, _| (source == "endless").then(slow)),
        };
        assert_eq!(told(work, &["a", "endless", "known", "b", "c"]), ["a", "endless limit-time", "known already", "b", "c"]);
        drop(keep);
    }

    #[test]
    fn a_limit_of_nothing_gives_up_everything() {
        let work = Work { jobs: 2, read: Box::new(|raw| raw.source.clone()), overdue: super::longer_than(Duration::ZERO) };
        assert_eq!(told(work, &["a", "b"]), ["a limit-time", "b limit-time"]);
    }

    #[test]
    fn a_fault_costs_one_document() {
        let work = Work {
            jobs: 1,
            read: Box::new(|raw| {
                assert!(raw.source != "bad", "a fault");
                raw.source.clone()
            }),
            overdue: Box::new(|_, _| None),
        };
        assert_eq!(told(work, &["a", "bad", "b"]), ["a", "bad internal-fault", "b"]);
    }
}
