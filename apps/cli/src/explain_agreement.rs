//! `chancery explain` for what linking decided: why reports were joined, which date was chosen, what contradicts what, and
//! what became of a forecast.
use crate::output::{BAD, BOLD, DATE, DIM, Output, plain, styled};
use crate::show::file_name;
use anstyle::Style;
use anyhow::{Result, bail};
use chancery_agreement::{Agreement, AgreementStage, Conflict, Forecast, Sourced};
use chancery_link::{ToldDate, date_choice};
use chancery_register::Register;
use serde_json::{Value, json};

/// Explains an agreement, or the part of it that `part` names (`stages.2`, `conflicts.1`, `forecasts.1`, `members.3`).
pub fn run(register: &Register, id: &str, agreement: &Agreement, part: &str, as_json: bool, out: &mut Output) -> Result<()> {
    let (list, number) = match part.split_once('.') {
        None if part.is_empty() => ("members", None),
        None => (part, None),
        Some((list, number)) => match number.parse::<usize>().ok().and_then(|number| number.checked_sub(1)) {
            Some(number) => (list, Some(number)),
            None => bail!("`{part}` names no part of an agreement; write stages.1, conflicts.1, forecasts.1 or members.1"),
        },
    };
    let wanted = |place: usize| number.is_none_or(|number| number == place);
    let mut explained: Vec<Value> = Vec::new();
    if !as_json && list == "members" {
        out.line(styled(BOLD, plain(&agreement.title)))?;
        if id != agreement.id {
            out.words(
                2,
                Style::new(),
                &format!("{id} is a former id: the report that it stood for is part of {} now.", agreement.id),
            )?;
        }
    }
    match list {
        "members" => {
            for (place, member) in agreement.members.iter().enumerate().filter(|(place, _)| wanted(*place)) {
                explained.push(json!({"member": place + 1, "document": member.document, "source": member.source,
                                      "key": member.key, "why": member.why}));
                if !as_json {
                    let hash = member.document.get(..12).unwrap_or(&member.document);
                    out.line(format!("  {}/{}  {}", styled(DATE, hash), member.key, styled(DIM, file_name(&member.source))))?;
                    out.words(4, Style::new(), &member.why)?;
                }
            }
        }
        "stages" => {
            for (place, stage) in agreement.stages.iter().enumerate().filter(|(place, _)| wanted(*place)) {
                explained.push(explain_stage(register, place + 1, stage, as_json, out)?);
            }
        }
        "conflicts" => {
            for (place, conflict) in agreement.conflicts.iter().enumerate().filter(|(place, _)| wanted(*place)) {
                explained.push(explain_conflict(place + 1, conflict, as_json, out)?);
            }
        }
        "forecasts" => {
            for (place, forecast) in agreement.forecasts.iter().enumerate().filter(|(place, _)| wanted(*place)) {
                explained.push(explain_forecast(place + 1, forecast, as_json, out)?);
            }
        }
        _ => bail!("`{list}` is no part that can be explained; there are members, stages, conflicts and forecasts"),
    }
    if explained.is_empty() {
        bail!("{} has no {part}; `chancery show {}` shows what it has", agreement.id, agreement.id);
    }
    if as_json {
        explained.iter().try_for_each(|one| out.json(one))?;
    }
    Ok(())
}

fn quote(sourced: &Sourced) -> Value {
    let span = sourced.evidence.span();
    json!({"quote": sourced.evidence.quote(), "document": sourced.document, "source": sourced.source,
           "start": span.start(), "end": span.end(), "rule": sourced.evidence.rule()})
}

fn show_quote(sourced: &Sourced, out: &mut Output) -> Result<()> {
    let place = format!("“{}” — {}", sourced.evidence.quote(), file_name(&sourced.source));
    Ok(out.words(6, DIM, &place)?)
}

fn explain_stage(register: &Register, number: usize, stage: &AgreementStage, as_json: bool, out: &mut Output) -> Result<Value> {
    let mut published = Vec::with_capacity(stage.dates.len());
    for (sourced, _) in &stage.dates {
        let article = register.document(&sourced.document)?.map(|document| document.article);
        let original = article.as_ref().and_then(|article| article.copy_of.as_ref()).map(|copy| copy.original.clone());
        let day = article.and_then(|article| article.published).map(|published| published.value);
        published.push((day, original.unwrap_or_else(|| sourced.document.clone())));
    }
    let told: Vec<ToldDate<'_>> = stage
        .dates
        .iter()
        .zip(&published)
        .map(|((_, date), (published, original))| ToldDate {
            value: date.value.as_deref().unwrap_or_default(),
            words: date.expression.quote(),
            published: published.as_deref(),
            original,
        })
        .collect();
    let choice = date_choice(&told);
    let why = choice.as_ref().map_or("no source gives a date", |(_, why)| why.as_str());
    let date = stage.date.as_ref().and_then(|date| date.value.as_deref());
    if !as_json {
        let name = format!("{number}. {} ({})", stage.stage.as_str().replace('_', " "), stage.modality);
        out.line(format!("{} {}", styled(BOLD, name), styled(DATE, date.unwrap_or("no date"))))?;
        let sources = stage.sources;
        out.words(2, Style::new(), &format!("Independent sources: {sources}. The date: {why}."))?;
        for (sourced, date) in &stage.dates {
            let value = date.value.as_deref().unwrap_or("unresolved");
            out.line(format!(
                "    {} {}",
                styled(DATE, value),
                styled(DIM, format!("“{}”: {}", date.expression.quote(), date.how))
            ))?;
            show_quote(sourced, out)?;
        }
        for sourced in stage.evidence.iter().filter(|one| stage.dates.iter().all(|(other, _)| other != *one)) {
            show_quote(sourced, out)?;
        }
    }
    let dates: Vec<Value> = stage
        .dates
        .iter()
        .map(|(sourced, date)| {
            json!({"value": date.value, "expression": date.expression.quote(), "how": date.how, "evidence": quote(sourced)})
        })
        .collect();
    Ok(json!({"stage": number, "what": stage.stage.as_str(), "modality": stage.modality.as_str(), "date": date,
              "sources": stage.sources, "why": why, "dates": dates, "evidence": stage.evidence.iter().map(quote).collect::<Vec<_>>()}))
}

fn explain_conflict(number: usize, conflict: &Conflict, as_json: bool, out: &mut Output) -> Result<Value> {
    if !as_json {
        out.line(format!("{number}. {}", styled(BAD, &conflict.field)))?;
        out.words(2, Style::new(), &conflict.why)?;
        for value in &conflict.values {
            out.line(format!("    {}", styled(DATE, plain(&value.value))))?;
            show_quote(&value.evidence, out)?;
        }
    }
    let values: Vec<Value> =
        conflict.values.iter().map(|value| json!({"value": value.value, "evidence": quote(&value.evidence)})).collect();
    Ok(json!({"conflict": number, "field": conflict.field, "why": conflict.why, "values": values}))
}

fn explain_forecast(number: usize, forecast: &Forecast, as_json: bool, out: &mut Output) -> Result<Value> {
    if !as_json {
        let stage = forecast.stage.as_str().replace('_', " ");
        let expected = forecast.expected.as_deref().unwrap_or("no named time");
        out.line(format!("{number}. {} {}", styled(BOLD, format!("{stage}, expected at {expected}:")), forecast.outcome))?;
        let said = forecast.said.as_deref().map_or(String::new(), |day| format!(" on {day}"));
        let by = forecast.by.as_deref().map_or(String::new(), |by| format!(" by {by}"));
        out.words(2, Style::new(), &format!("Forecast{by}{said}. {}.", forecast.why))?;
        show_quote(&forecast.evidence, out)?;
        if let Some(actual) = &forecast.actual_evidence {
            out.words(4, Style::new(), "What became of it:")?;
            show_quote(actual, out)?;
        }
    }
    Ok(json!({"forecast": number, "stage": forecast.stage.as_str(), "expected": forecast.expected, "said": forecast.said,
              "by": forecast.by, "outcome": forecast.outcome.as_str(), "actual": forecast.actual,
              "late_by_days": forecast.late_by_days, "why": forecast.why, "evidence": quote(&forecast.evidence),
              "actual_evidence": forecast.actual_evidence.as_ref().map(quote)}))
}
