//! How a run ends: the exit status, and what is no failure.
use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// All went well.
    Well,
    /// Some documents failed, or something was found wrong.
    Some,
    /// Nothing could be done.
    Nothing,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(match status {
            Status::Well => 0,
            Status::Some => 1,
            Status::Nothing => 2,
        })
    }
}

/// True when the error is only that nobody reads the output any more (`chancery list | head -1`).
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe);
        io || cause.downcast_ref::<chancery_register::Error>().is_some_and(chancery_register::Error::is_broken_pipe)
    })
}
