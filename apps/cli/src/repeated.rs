//! `--cut-repeated`: looks through all documents for what the pages of one publisher repeat.
use crate::pipeline::{self, Outcome, Work};
use anyhow::{Result, bail};
use chancery_collect::{Furniture, Limits};
use std::path::PathBuf;

/// What the documents in `paths` repeat. What cannot be read is left out: reading them in earnest will say so.
pub fn learn(paths: &[PathBuf], limits: &Limits, jobs: usize) -> Result<Furniture> {
    if paths.iter().any(|path| path.as_os_str() == "-") {
        bail!("standard input cannot be read twice; --cut-repeated needs files");
    }
    let mut furniture = Furniture::default();
    let own = limits.clone();
    let read = move |raw: &chancery_collect::Raw| chancery_collect::article(raw, &own).0;
    let work = Work { jobs, read: Box::new(read), overdue: pipeline::longer_than(limits.time) };
    pipeline::run(
        chancery_collect::documents(paths, limits),
        work,
        |_| Ok(false),
        |outcome| {
            if let Outcome::Read(article) = outcome {
                furniture.note(&article);
            }
            Ok(())
        },
    )?;
    Ok(furniture)
}
