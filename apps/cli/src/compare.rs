//! `chancery compare`: the sources of one agreement side by side.
use crate::find;
use crate::output::{BOLD, DIM, OPEN, Output, plain, styled};
use crate::show::{field, file_name, sources_in};
use crate::status::Status;
use anyhow::Result;
use chancery_agreement::{Agreement, Sourced};
use chancery_register::{Row, View};
use serde::Serialize;
use std::path::Path;

/// Compare the sources of an agreement: what each says, calls it, and leaves out
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  chancery compare ferry accord
  chancery compare a3kq --json")]
pub struct Arguments {
    /// Id or words
    #[arg(required = true, value_name = "ID|WORDS")]
    words: Vec<String>,
    /// One JSON object for each source
    #[arg(long)]
    json: bool,
}

/// One fact of the agreement, with the documents that tell it.
struct Fact<'a> {
    kind: &'static str,
    words: String,
    told: Vec<&'a Sourced>,
}

#[derive(Serialize)]
struct WireSource<'a> {
    document: &'a str,
    source: &'a str,
    publisher: &'a str,
    published: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    copy_of: &'a str,
    names: Vec<&'a str>,
    says: Vec<WireFact<'a>>,
    leaves_out: Vec<WireFact<'a>>,
}

#[derive(Serialize)]
struct WireFact<'a> {
    kind: &'a str,
    fact: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<&'a str>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, register: &Path, out: &mut Output) -> Result<Status> {
    let register = find::open(register)?;
    let agreement = find::agreement(&register, &arguments.words.join(" "))?;
    let facts = facts(&agreement);
    let tells = |row: &Row| agreement.members.iter().any(|member| member.document.starts_with(row.text("document")));
    let mut sources: Vec<Row> = register.view(View::Documents)?.into_iter().filter(tells).collect();
    sources
        .sort_by_key(|row| (row.text("published").is_empty(), row.text("published").to_owned(), row.text("source").to_owned()));
    if !arguments.json {
        out.words(0, BOLD, &agreement.title)?;
        out.line(styled(DIM, sources_in(&sources)))?;
    }
    for source in &sources {
        let of = |fact: &Fact| fact.told.iter().any(|sourced| sourced.document.starts_with(source.text("document")));
        let names =
            agreement.names.iter().filter(|name| name.evidence.iter().any(|at| at.document.starts_with(source.text("document"))));
        let names: Vec<&str> = names.map(|name| name.text.as_str()).collect();
        let (says, leaves_out): (Vec<&Fact>, Vec<&Fact>) = facts.iter().partition(|fact| of(fact));
        if arguments.json {
            out.json(&WireSource {
                document: source.text("document"),
                source: source.text("source"),
                publisher: source.text("publisher"),
                published: source.text("published"),
                copy_of: source.text("copy_of"),
                names,
                says: says.iter().map(|fact| wire_fact(fact, Some(source))).collect(),
                leaves_out: leaves_out.iter().map(|fact| wire_fact(fact, None)).collect(),
            })?;
        } else {
            let original = sources.iter().find(|other| other.text("document") == source.text("copy_of"));
            show(source, original, &names, &says, &leaves_out, out)?;
        }
    }
    if !arguments.json && !agreement.conflicts.is_empty() {
        out.gap()?;
        for conflict in &agreement.conflicts {
            let values: Vec<String> =
                conflict.values.iter().map(|value| format!("{} ({})", value.value, file_name(&value.evidence.source))).collect();
            out.words(0, OPEN, &format!("They differ on {}: {}", field(&conflict.field), values.join(", ")))?;
        }
    }
    Ok(Status::Well)
}

fn wire_fact<'a>(fact: &'a Fact, source: Option<&Row>) -> WireFact<'a> {
    let quote = source.and_then(|source| fact.told.iter().find(|at| at.document.starts_with(source.text("document"))));
    WireFact { kind: fact.kind, fact: &fact.words, quote: quote.map(|at| at.evidence.quote()) }
}

fn show(
    source: &Row,
    original: Option<&Row>,
    names: &[&str],
    says: &[&Fact],
    leaves_out: &[&Fact],
    out: &mut Output,
) -> Result<()> {
    out.gap()?;
    let publisher = if source.text("publisher").is_empty() { file_name(source.text("source")) } else { source.text("publisher") };
    out.line(format!(
        "{} {}",
        styled(BOLD, plain(publisher)),
        styled(DIM, plain(&format!("{} {}", source.text("published"), source.text("source"))))
    ))?;
    if !source.text("copy_of").is_empty() {
        let original = original.map_or("a report that is not listed here", |original| file_name(original.text("source")));
        out.words(2, DIM, &format!("is a copy of {}", plain(original)))?;
    }
    if !names.is_empty() {
        let names: Vec<String> = names.iter().map(|name| format!("“{}”", plain(name))).collect();
        out.words(2, anstyle::Style::new(), &format!("calls it {}", names.join(", ")))?;
    }
    for fact in says {
        let quote = fact.told.iter().find(|at| at.document.starts_with(source.text("document")));
        let quote = quote.map_or_else(String::new, |at| format!("  “{}”", plain(at.evidence.quote())));
        out.words(2, anstyle::Style::new(), &format!("says {}: {}{quote}", fact.kind, fact.words))?;
    }
    for fact in leaves_out {
        out.words(2, DIM, &format!("leaves out {}: {}", fact.kind, fact.words))?;
    }
    Ok(())
}

fn facts<'a>(agreement: &'a Agreement) -> Vec<Fact<'a>> {
    let mut facts = Vec::new();
    let mut add =
        |kind: &'static str, words: String, told: &'a [Sourced]| facts.push(Fact { kind, words, told: told.iter().collect() });
    for party in &agreement.parties {
        add(party.role.as_str(), party.actor.clone(), &party.evidence);
    }
    for stage in &agreement.stages {
        let date = stage.date.as_ref().and_then(|date| date.value.as_deref()).unwrap_or("undated");
        let modality =
            if stage.modality == chancery_agreement::Modality::Actual { String::new() } else { format!("{} ", stage.modality) };
        add("stage", format!("{modality}{}, {date}", stage.stage.as_str().replace('_', " ")), &stage.evidence);
    }
    for commitment in &agreement.commitments {
        add("commitment", commitment.category.as_str().replace('_', " "), &commitment.evidence);
    }
    for money in &agreement.money {
        add("money", format!("{} {}", money.amount, money.currency), &money.evidence);
    }
    for (kind, terms) in [("duration", &agreement.duration), ("renewal", &agreement.renewal), ("articles", &agreement.articles)] {
        for term in terms {
            add(kind, term.value.clone(), &term.evidence);
        }
    }
    facts
}
