//! `--reader` and `--model`: which reader makes the trees.
use anyhow::{Context, Result, bail};
use chancery_dissect::{Accurate, Fast, Reader};
use std::path::PathBuf;

/// Which reader is at work.
#[derive(clap::Args)]
pub struct ReaderChoice {
    /// Which reader makes the trees
    #[arg(long, value_enum, default_value_t = Kind::Fast)]
    reader: Kind,
    /// Another model for the accurate reader, with its description (.json) and vocab.txt beside it
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Inside the program: quick
    Fast,
    /// A network: slower, makes half the mistakes
    Accurate,
}

impl ReaderChoice {
    /// The reader that was chosen. Only the accurate one takes time to load.
    pub fn open(&self) -> Result<&'static dyn Reader> {
        match (self.reader, &self.model) {
            (Kind::Fast, None) => Ok(Fast::embedded()),
            (Kind::Fast, Some(_)) => bail!("--model is for --reader accurate; the fast reader has its weights in the program"),
            (Kind::Accurate, Some(model)) => {
                let reader = Accurate::open(model).with_context(|| format!("the model {} cannot be used", model.display()))?;
                // One a run, needed until its end.
                Ok(Box::leak(Box::new(reader)))
            }
            (Kind::Accurate, None) => Ok(Accurate::embedded().context("the model inside the program cannot be used")?),
        }
    }
}
