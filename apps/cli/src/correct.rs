//! `chancery correct`: what a person knows better, laid over the findings and kept apart from them.
use crate::find;
use crate::output::{BAD, BOLD, DIM, Output, complain, count, plain, styled};
use crate::status::Status;
use anyhow::{Result, bail};
use chancery_register::{Author, Correction, Register, export};
use std::path::Path;

/// Correct the register: rename, merge, split, reject, change, confirm, alias; or undo and list corrections
///
/// Findings stay as they were read. Corrections are laid over them after every reading, and can be undone by their number.
/// A correction whose words are no longer found is reported and kept.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery correct rename a1b2c3d4e5f6g Treaty of Klow
  chancery correct change 3fa1b2c4d5e6/a1.stages.2 date=1998-03-01 --note \"the printed text says March\"
  chancery correct list")]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Args)]
struct Who {
    /// Who corrects
    #[arg(long, global = true, value_name = "NAME", env = "USER", default_value = "unknown")]
    by: String,
    /// A remark to be kept with it
    #[arg(long, global = true, value_name = "WORDS")]
    note: Option<String>,
}

#[derive(clap::Subcommand)]
enum What {
    /// Give an agreement another title
    Rename {
        /// Id of the agreement
        id: String,
        /// The title
        #[arg(required = true)]
        title: Vec<String>,
        #[command(flatten)]
        who: Who,
    },
    /// Make one agreement of two
    Merge {
        /// Id of one
        one: String,
        /// Id of the other
        other: String,
        #[command(flatten)]
        who: Who,
    },
    /// Make an agreement of its own of some reports of another
    Split {
        /// Id of the agreement
        id: String,
        /// Reports that are about another one: DOCUMENT or DOCUMENT/KEY, as `chancery explain ID` lists them
        #[arg(required = true, value_name = "REPORT")]
        members: Vec<String>,
        #[command(flatten)]
        who: Who,
    },
    /// Take an agreement or a cell out
    Reject {
        /// Id of an agreement, or DOCUMENT/PATH of a cell
        target: String,
        #[command(flatten)]
        who: Who,
    },
    /// Give a part of a cell another value: date, stage, modality, place, by, actor, role, category, amount, stance, …
    Change {
        /// DOCUMENT/PATH of the cell
        cell: String,
        /// PART=VALUE; date=none takes a date away
        #[arg(value_name = "PART=VALUE")]
        change: String,
        #[command(flatten)]
        who: Who,
    },
    /// Note that an agreement or a cell is right
    Confirm {
        /// Id of an agreement, or DOCUMENT/PATH of a cell
        target: String,
        #[command(flatten)]
        who: Who,
    },
    /// Have a name stand for an actor
    Alias {
        /// The name
        name: String,
        /// The actor
        actor: String,
        #[command(flatten)]
        who: Who,
    },
    /// Undo a correction
    Undo {
        /// Its number
        correction: i64,
        #[command(flatten)]
        who: Who,
    },
    /// List all corrections, with who made them and when
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    if let What::List { json } = &arguments.what {
        return list(&find::open(register)?, *json, out);
    }
    // Linked first, so that what is named is what there is.
    drop(find::open(register)?);
    let mut register = Register::writer(register)?;
    let now = now();
    let author =
        |who: &'_ Who| -> Result<()> { if who.by.trim().is_empty() { bail!("say who corrects: --by NAME") } else { Ok(()) } };
    macro_rules! author {
        ($who:expr) => {{
            author($who)?;
            Author { by: &$who.by, at: &now, note: $who.note.as_deref() }
        }};
    }
    let number = match &arguments.what {
        What::Rename { id, title, who } => register.rename(&found(&register, id)?, &title.join(" "), author!(who))?,
        What::Merge { one, other, who } => {
            let (one, other) = (found(&register, one)?, found(&register, other)?);
            register.merge(&one, &other, author!(who))?
        }
        What::Split { id, members, who } => register.split(&found(&register, id)?, members, author!(who))?,
        What::Reject { target, who } => register.reject(&cell_or_id(&register, target)?, author!(who))?,
        What::Confirm { target, who } => register.confirm(&cell_or_id(&register, target)?, author!(who))?,
        What::Change { cell, change, who } => {
            let Some((field, value)) = change.split_once('=') else {
                bail!("`{change}` is not PART=VALUE, such as date=1998-03-01");
            };
            register.change_cell(cell, field.trim(), value.trim(), author!(who))?
        }
        What::Alias { name, actor, who } => register.alias(name, actor, author!(who))?,
        What::Undo { correction, who } => {
            register.undo(*correction, author!(who))?;
            out.line(format!("undid correction {correction}"))?;
            return Ok(Status::Well);
        }
        What::List { .. } => return Ok(Status::Well),
    };
    out.line(format!("correction {number}; `chancery correct undo {number}` takes it back"))?;
    Ok(Status::Well)
}

/// The id of the agreement that `words` mean.
fn found(register: &Register, words: &str) -> Result<String> {
    Ok(find::agreement(register, words)?.id)
}

fn cell_or_id(register: &Register, target: &str) -> Result<String> {
    if target.contains(['/', ':']) { Ok(target.to_owned()) } else { found(register, target) }
}

/// The moment, for the list of corrections and changes: nothing that is derived depends on it.
#[expect(clippy::disallowed_methods, reason = "who corrected what and when is what the user asked to have noted")]
pub fn now() -> String {
    jiff::Timestamp::now().round(jiff::Unit::Second).map_or_else(|_| String::new(), |now| now.to_string())
}

/// Names the corrections that do not apply.
pub fn report_problems(register: &Register) -> Result<()> {
    for correction in register.all_corrections()?.iter().filter(|correction| correction.undone.is_none()) {
        if let Some(problem) = &correction.problem {
            complain(&format!("correction {} ({}) no longer applies: {problem}", correction.id, correction.kind));
        }
    }
    Ok(())
}

fn list(register: &Register, json: bool, out: &mut Output) -> Result<Status> {
    if json {
        export::corrections::write_list(register, out)?;
        return Ok(Status::Well);
    }
    let all = register.all_corrections()?;
    all.iter().try_for_each(|correction| show(correction, out))?;
    out.line(count(all.len(), "correction"))?;
    Ok(Status::Well)
}

fn show(correction: &Correction, out: &mut Output) -> Result<()> {
    let what = match (correction.field.as_deref(), correction.value.as_deref(), correction.former.as_deref()) {
        (Some(name), Some(actor), None) => format!(" {name} → {actor}"),
        (Some(field), Some(value), Some("")) => format!(" {field} to {value}"),
        (Some(field), Some(value), Some(former)) => format!(" {field} from {former} to {value}"),
        (None, Some(value), _) => format!(" to “{value}”"),
        _ => String::new(),
    };
    let cell = correction.cell.as_deref().map_or(String::new(), |cell| format!(" of a {cell}"));
    out.line(format!("{:>4}  {}{}", correction.id, styled(BOLD, &correction.kind), plain(&format!("{what}{cell}"))))?;
    for place in correction.places.iter().take(6) {
        let hash = place.hash.get(..12).unwrap_or(&place.hash);
        let side = if place.side == 1 { "split off: " } else { "" };
        out.words(6, DIM, &format!("{side}{hash}/{} “{}” — {}", place.path, place.quote, place.source))?;
    }
    if correction.places.len() > 6 {
        out.words(6, DIM, &format!("and {} more", correction.places.len() - 6))?;
    }
    let note = correction.note.as_deref().map_or(String::new(), |note| format!(": {note}"));
    out.words(6, DIM, &format!("{}, {}{note}", correction.by, correction.at))?;
    if let Some((at, by)) = &correction.undone {
        out.words(6, DIM, &format!("undone by {by}, {at}"))?;
    } else if let Some(problem) = &correction.problem {
        out.words(6, BAD, &format!("does not apply: {problem}"))?;
    }
    Ok(())
}
