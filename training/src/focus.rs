//! Writes what the second look of the accurate reader is learned from (`training/accurate/focus.py`): for each labelled article the
//! sentences that extraction reads, the chains of mentions of agreements that it finds in them, and what the labels say of each.
//!
//! JSON Lines, one article a line. Places are pairs of numbers of words, the end excluded; the words of all sentences are counted through.
use crate::labeled::{Corpus, Labeled, Source, each_article, gold};
use anyhow::{Context, Result};
use chancery_agreement::{AgreementFinding, Findings, Span};
use chancery_dissect::Reading;
use chancery_evaluate::agreements::{Aliases, alike, paired_statements, same_stage};
use chancery_evaluate::sheet::{AgreementCells, Sheet};
use chancery_extract::Extractor;
use chancery_extract::agreements::Candidate;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes the labelled articles, and those of `gold/dev`, on which the result is judged.
pub fn write(source: Source<'_>, out: &Path) -> Result<()> {
    let mut file = BufWriter::new(File::create(out).with_context(|| format!("cannot write {}", out.display()))?);
    let lines = each_article(source, &[Corpus::Gold, Corpus::Reports, Corpus::News], |labeled| {
        vec![article(&labeled, &format!("{:?}", labeled.corpus).to_lowercase()).to_string()]
    })?;
    for line in lines {
        writeln!(file, "{line}")?;
    }
    let aliases = Aliases::read(&source.data.join("evaluation/party_aliases.json"))?;
    let extractor = Extractor::new()?.with_reader(source.reader);
    for (number, (judged, label)) in gold(source.data, "dev")?.iter().enumerate() {
        let labeled = Labeled { corpus: Corpus::Gold, number, aliases: &aliases, label, article: judged, extractor: &extractor };
        writeln!(file, "{}", article(&labeled, "dev"))?;
    }
    Ok(file.flush()?)
}

/// The words of the sentences that have been read, counted through.
struct Words<'r, 'a> {
    reading: &'r Reading<'a>,
    numbers: Vec<Option<usize>>,
}

impl<'r, 'a> Words<'r, 'a> {
    fn new(reading: &'r Reading<'a>) -> Self {
        let mut next = 0;
        let read = |token: &chancery_dissect::Token| token.syntax.is_some();
        let number = |read: bool| {
            next += usize::from(read);
            read.then(|| next - 1)
        };
        Self { reading, numbers: reading.tokens.iter().map(read).map(number).collect() }
    }

    /// The first and the last of the words under `span` that have been read.
    fn place(&self, span: Span) -> Option<[usize; 2]> {
        let tokens = self.reading.tokens_in(span);
        let mut read = self.numbers.get(tokens)?.iter().flatten();
        let first = *read.next()?;
        Some([first, read.next_back().copied().unwrap_or(first) + 1])
    }

    fn quoted(&self, quote: &str) -> Option<[usize; 2]> {
        let start = self.reading.article.text.find(quote).filter(|_| !quote.is_empty())?;
        self.place(Span::new(start, start + quote.len()))
    }
}

fn article(labeled: &Labeled<'_>, corpus: &str) -> Value {
    let Labeled { number, aliases, label, article, extractor, .. } = *labeled;
    let reading = extractor.reading(article);
    let words = Words::new(&reading);
    let candidates = extractor.candidates(article);
    let sheet = |agreements: Vec<AgreementFinding>| Sheet::of_findings(article, &Findings { agreements, ..Findings::default() });
    let found = sheet(candidates.iter().map(|candidate| candidate.agreement.clone()).collect());
    let all_tellings = |candidate: &Candidate| AgreementFinding {
        stages: candidate.stages.iter().map(|telling| telling.stage.clone()).collect(),
        ..candidate.agreement.clone()
    };
    let told = sheet(candidates.iter().map(all_tellings).collect());
    let gold_of: BTreeMap<usize, usize> = alike(aliases, label, &found).into_iter().map(|(gold, own)| (own, gold)).collect();
    let said = said(labeled, &words);
    let chains: Vec<Value> = candidates
        .iter()
        .enumerate()
        .map(|(at, candidate)| {
            let gold = gold_of.get(&at).and_then(|&gold| label.agreements.get(gold));
            let mentions: Vec<[usize; 2]> = candidate.mentions.iter().filter_map(|&span| words.place(span)).collect();
            let cells = told.agreements.get(at).map(|agreement| agreement.stages.as_slice()).unwrap_or_default();
            let tellings: Vec<Value> = candidate
                .stages
                .iter()
                .zip(cells)
                .filter_map(|(telling, cell)| {
                    let place = words.place(telling.stage.evidence.span())?;
                    let right = gold.is_some_and(|gold| gold.stages.iter().any(|stage| same_stage(stage, cell)));
                    Some(json!({ "words": place, "stage": cell.stage, "right": right }))
                })
                .collect();
            let parties: Vec<Value> = candidate
                .parties
                .iter()
                .filter_map(|actor| {
                    let place = words.place(actor.party.evidence.span())?;
                    let right =
                        gold.is_some_and(|gold| gold.parties.iter().any(|own| aliases.same_party(own, &actor.party.actor)));
                    Some(json!({ "words": place, "right": right }))
                })
                .collect();
            // What is said about an agreement that no chain speaks of teaches nothing.
            let key = gold.map(|gold| gold.key.as_str());
            let known =
                |about: &str| gold_of.values().any(|&gold| label.agreements.get(gold).is_some_and(|own| own.key == about));
            let said: Vec<Value> = said
                .iter()
                .filter(|(_, about)| about.as_deref().is_none_or(known))
                .map(|(place, about)| json!({ "words": place, "right": about.is_some() && about.as_deref() == key }))
                .collect();
            let (stages, commitments) = gold.map(|gold| labels(gold, &words)).unwrap_or_default();
            json!({
                "mentions": mentions, "agreement": gold.is_some(), "stages": stages, "commitments": commitments,
                "tellings": tellings, "parties": parties, "said": said,
            })
        })
        .collect();
    let sentences: Vec<Value> = reading
        .sentences
        .iter()
        .enumerate()
        .filter(|&(at, _)| reading.is_parsed(at))
        .map(|(at, sentence)| json!([at, sentence.tokens.clone().map(|token| reading.form(token)).collect::<Vec<_>>()]))
        .collect();
    json!({ "corpus": corpus, "number": number, "sentences": sentences, "chains": chains })
}

/// Stages and commitments of a labelled agreement with the places of their words.
fn labels(gold: &AgreementCells, words: &Words<'_, '_>) -> (Vec<Value>, Vec<Value>) {
    let stage = |stage: &chancery_evaluate::sheet::StageCells| {
        Some(json!({ "words": words.quoted(&stage.quote)?, "stage": stage.stage, "modality": stage.modality }))
    };
    let commitment = |commitment: &chancery_evaluate::sheet::CommitmentCells| {
        Some(json!({ "words": words.quoted(&commitment.quote)?, "category": commitment.category }))
    };
    (gold.stages.iter().filter_map(stage).collect(), gold.commitments.iter().filter_map(commitment).collect())
}

/// The statements that extraction finds, each with the key of the labelled agreement that it is about.
fn said(labeled: &Labeled<'_>, words: &Words<'_, '_>) -> Vec<([usize; 2], Option<String>)> {
    let Labeled { label, article, extractor, .. } = *labeled;
    let statements = extractor.statement_samples(article).into_iter().map(|sample| sample.statement).collect::<Vec<_>>();
    let spans: Vec<Span> = statements.iter().map(|statement| statement.evidence.span()).collect();
    let found = Sheet::of_findings(article, &Findings { statements, ..Findings::default() });
    let label_of: BTreeMap<usize, usize> = paired_statements(label, &found).into_iter().map(|(gold, own)| (own, gold)).collect();
    let about = |own: usize| label_of.get(&own).and_then(|&gold| label.statements.get(gold)?.about.clone());
    spans.into_iter().enumerate().filter_map(|(own, span)| Some((words.place(span)?, about(own)))).collect()
}
