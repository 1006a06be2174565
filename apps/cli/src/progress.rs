//! How far a long reading is: bytes and documents a second, and the time left, on the terminal or as lines in a log.
use crate::output::complain;
use chancery_collect::Reached;
use indicatif::{HumanBytes, HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::Cell;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Documents after which a log gets a line.
const LOGGED: u64 = 1000;

/// Tells on standard error how far a reading is.
pub struct Progress {
    bar: ProgressBar,
    reached: Reached,
    /// Bytes of all inputs; none where they cannot be known beforehand.
    total: Option<u64>,
    documents: Cell<u64>,
    start: Instant,
}

impl Progress {
    /// Begins to count; `paths` are the inputs and `reached` what was taken in of them.
    pub fn new(paths: &[PathBuf], reached: Reached) -> Self {
        let total = paths.iter().map(|path| size(path)).sum();
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(10))
        } else {
            ProgressBar::hidden()
        };
        let template = "{spinner} {msg}  {elapsed}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, reached, total, documents: Cell::new(0), start: Instant::now() }
    }

    /// One more document is done.
    pub fn document(&self) {
        let documents = self.documents.get() + 1;
        self.documents.set(documents);
        if self.bar.is_hidden() {
            if documents.is_multiple_of(LOGGED) {
                complain(&self.line());
            }
        } else {
            self.bar.set_message(self.line());
        }
    }

    /// "2,000 documents (150/s), 3 MiB of 9 MiB (1 MiB/s), 6 seconds left".
    fn line(&self) -> String {
        let seconds = self.start.elapsed().as_secs_f64().max(0.001);
        let (documents, bytes) = (self.documents.get(), self.reached.bytes());
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rates for people"
        )]
        let rate = |count: u64| (count as f64 / seconds) as u64;
        let mut line = format!("{} documents ({}/s)", HumanCount(documents), rate(documents));
        if bytes == 0 {
            return line;
        }
        line.push_str(&format!(", {}", HumanBytes(bytes)));
        if let Some(total) = self.total.filter(|total| *total > 0) {
            line.push_str(&format!(" of {}", HumanBytes(total)));
        }
        line.push_str(&format!(" ({}/s)", HumanBytes(rate(bytes))));
        if let Some(left) = self.left(seconds, bytes) {
            line.push_str(&format!(", {} left", HumanDuration(left)));
        }
        line
    }

    fn left(&self, seconds: f64, bytes: u64) -> Option<Duration> {
        let total = self.total?;
        #[expect(clippy::cast_precision_loss, reason = "an estimate for people")]
        let left = seconds * total.saturating_sub(bytes) as f64 / bytes.max(1) as f64;
        Duration::try_from_secs_f64(left).ok().filter(|_| bytes > 0)
    }

    /// A message above the line.
    pub fn complain(&self, message: &str) {
        self.bar.suspend(|| complain(message));
    }

    /// The reading is over, the linking begins.
    pub fn linking(&self) {
        self.bar.set_message("linking agreements");
    }

    /// Takes the line away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Bytes of a file, or of all files in a folder; none for standard input and patterns.
fn size(path: &Path) -> Option<u64> {
    let about = std::fs::metadata(path).ok()?;
    if !about.is_dir() {
        return Some(about.len());
    }
    let mut waiting = vec![path.to_owned()];
    let mut total = 0;
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).ok()?.filter_map(Result::ok) {
            // What a link points to is not followed: it may lead back to where it lies.
            let Ok(about) = entry.metadata() else { continue };
            if about.is_dir() {
                waiting.push(entry.path());
            } else {
                total += about.len();
            }
        }
    }
    Some(total)
}
