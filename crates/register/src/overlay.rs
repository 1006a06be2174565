//! Lays corrections over the findings of one document: values that a person gave, and cells that a person rejected.
use chancery_agreement::{AgreementFinding, Article, Date, Evidence, Findings, Span, Speaker, Stage, Statement, Term};
use chancery_link::edtf::Days;

/// Puts `value` into the `field` of the cell at `path`; gives the value that stood there. The words behind the cell stay.
///
/// # Errors
/// A sentence that says what cannot be done, and what could.
pub(crate) fn change(
    article: &Article,
    findings: &mut Findings,
    path: &str,
    (field, value): (&str, &str),
    rule: &str,
) -> Result<String, String> {
    let no_cell = || format!("there is no cell {path}");
    let parts: Vec<&str> = path.split('.').collect();
    let place = |number: &str| number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    match parts.as_slice() {
        ["statements", number] => {
            let cell = place(number).and_then(|at| findings.statements.get_mut(at)).ok_or_else(no_cell)?;
            statement(cell, field, value)
        }
        ["naming", number] => {
            let cell = place(number).and_then(|at| findings.naming.get_mut(at)).ok_or_else(no_cell)?;
            match field {
                "actor" => Ok(std::mem::replace(&mut cell.actor, value.to_owned())),
                "by" => Ok(std::mem::replace(&mut cell.by, value.to_owned())),
                _ => Err(unknown(field, "actor, by")),
            }
        }
        [key, rest @ ..] => {
            let finding = findings.agreements.iter_mut().find(|finding| finding.key == *key).ok_or_else(no_cell)?;
            match rest {
                [] if field == "kind" => swap(&mut finding.kind, value),
                [] => Err(unknown(field, "kind")),
                [term] => {
                    let cell = of_term(finding, term).and_then(Option::as_mut).ok_or_else(no_cell)?;
                    match field {
                        "value" => Ok(std::mem::replace(&mut cell.value, value.to_owned())),
                        _ => Err(unknown(field, "value")),
                    }
                }
                [list, number] => {
                    in_list(article, finding, list, place(number).ok_or_else(no_cell)?, (field, value), rule, no_cell)
                }
                _ => Err(no_cell()),
            }
        }
        [] => Err(no_cell()),
    }
}

fn of_term<'f>(finding: &'f mut AgreementFinding, name: &str) -> Option<&'f mut Option<Term>> {
    match name {
        "duration" => Some(&mut finding.duration),
        "renewal" => Some(&mut finding.renewal),
        "articles" => Some(&mut finding.articles),
        _ => None,
    }
}

fn in_list(
    article: &Article,
    finding: &mut AgreementFinding,
    list: &str,
    at: usize,
    (field, value): (&str, &str),
    rule: &str,
    no_cell: impl Fn() -> String,
) -> Result<String, String> {
    match list {
        "parties" => {
            let cell = finding.parties.get_mut(at).ok_or_else(no_cell)?;
            match field {
                "actor" => Ok(std::mem::replace(&mut cell.actor, value.to_owned())),
                "role" => swap(&mut cell.role, value),
                _ => Err(unknown(field, "actor, role")),
            }
        }
        "stages" => stage(article, finding.stages.get_mut(at).ok_or_else(no_cell)?, (field, value), rule),
        "commitments" => {
            let cell = finding.commitments.get_mut(at).ok_or_else(no_cell)?;
            match field {
                "category" => swap(&mut cell.category, value),
                "strength" => swap(&mut cell.strength, value),
                "by" => {
                    let actors = value.split(';').map(|actor| actor.trim().to_owned()).filter(|actor| !actor.is_empty());
                    Ok(std::mem::replace(&mut cell.by, actors.collect()).join("; "))
                }
                _ => Err(unknown(field, "category, strength, by")),
            }
        }
        "money" => {
            let cell = finding.money.get_mut(at).ok_or_else(no_cell)?;
            match field {
                "amount" => {
                    let amount = value.parse().ok().filter(|amount: &f64| amount.is_finite());
                    let amount = amount.ok_or_else(|| format!("`{value}` is no amount; write a number such as 1500000"))?;
                    Ok(std::mem::replace(&mut cell.amount, amount).to_string())
                }
                "currency" => Ok(std::mem::replace(&mut cell.currency, value.to_owned())),
                "purpose" => Ok(cell.purpose.replace(value.to_owned()).unwrap_or_default()),
                "period" => Ok(cell.period.replace(value.to_owned()).unwrap_or_default()),
                _ => Err(unknown(field, "amount, currency, purpose, period")),
            }
        }
        "relations" => {
            let cell = finding.relations.get_mut(at).ok_or_else(no_cell)?;
            match field {
                "kind" => swap(&mut cell.kind, value),
                _ => Err(unknown(field, "kind")),
            }
        }
        "names" => Err("a name is what the text says; reject it, or rename the agreement".to_owned()),
        _ => Err(no_cell()),
    }
}

fn stage(article: &Article, cell: &mut Stage, (field, value): (&str, &str), rule: &str) -> Result<String, String> {
    let told = corrected(article, cell.evidence.span(), rule).unwrap_or_else(|| cell.evidence.clone());
    let term = |slot: &mut Option<Term>| {
        let before = slot.take().map(|term| term.value).unwrap_or_default();
        *slot = (value != "none").then(|| Term { value: value.to_owned(), evidence: told.clone() });
        before
    };
    match field {
        "stage" => swap(&mut cell.stage, value),
        "modality" => swap(&mut cell.modality, value),
        "place" => Ok(term(&mut cell.place)),
        "by" => Ok(term(&mut cell.by)),
        "date" => {
            if value != "none" && Days::parse(value).is_none() {
                return Err(format!("`{value}` is no date; write 2015-03-18, 2015-03, 2015 (EDTF), or none"));
            }
            let before = cell.date.take();
            let words = before.as_ref().map_or(cell.evidence.span(), |date| date.expression.span());
            let expression = corrected(article, words, rule).unwrap_or(told);
            cell.date = (value != "none").then(|| Date { value: Some(value.to_owned()), expression, how: rule.to_owned() });
            Ok(before.and_then(|date| date.value).unwrap_or_default())
        }
        _ => Err(unknown(field, "stage, date, modality, place, by")),
    }
}

fn statement(cell: &mut Statement, field: &str, value: &str) -> Result<String, String> {
    let needs_speaker = || "the statement has no speaker".to_owned();
    let mut of_speaker = |get: fn(&mut Speaker) -> &mut Option<String>| {
        let slot = get(cell.speaker.as_mut().ok_or_else(needs_speaker)?);
        Ok(slot.replace(value.to_owned()).unwrap_or_default())
    };
    match field {
        "role" => of_speaker(|speaker| &mut speaker.role),
        "affiliation" => of_speaker(|speaker| &mut speaker.affiliation),
        "speaker" => {
            let speaker = cell.speaker.as_mut().ok_or_else(needs_speaker)?;
            Ok(std::mem::replace(&mut speaker.name, value.to_owned()))
        }
        "stance" => swap(&mut cell.stance, value),
        "about" => {
            let before = cell.about.take().unwrap_or_default();
            cell.about = (value != "none").then(|| value.to_owned());
            Ok(before)
        }
        _ => Err(unknown(field, "speaker, role, affiliation, stance, about")),
    }
}

/// The words of a span, marked as chosen by a correction.
fn corrected(article: &Article, span: Span, rule: &str) -> Option<Evidence> {
    Evidence::new(article, span, rule, 1.0)
}

fn swap<T: std::str::FromStr + std::fmt::Display>(slot: &mut T, value: &str) -> Result<String, String>
where
    T::Err: std::fmt::Display,
{
    let new = value.parse().map_err(|error: T::Err| error.to_string())?;
    Ok(std::mem::replace(slot, new).to_string())
}

fn unknown(field: &str, known: &str) -> String {
    format!("such a cell has no `{field}`; it has {known}")
}

/// Takes the cells at `paths` out of the findings. Longer lists shrink: paths are those of the findings as they were read.
pub(crate) fn reject(findings: &mut Findings, paths: &[String]) {
    let rejected = |path: String| paths.contains(&path);
    let mut gone: Vec<String> = Vec::new();
    findings.agreements.retain_mut(|finding| {
        let key = finding.key.clone();
        if rejected(key.clone()) {
            gone.push(key);
            return false;
        }
        retain(&mut finding.names, |n| !rejected(format!("{key}.names.{n}")));
        retain(&mut finding.parties, |n| !rejected(format!("{key}.parties.{n}")));
        retain(&mut finding.stages, |n| !rejected(format!("{key}.stages.{n}")));
        retain(&mut finding.commitments, |n| !rejected(format!("{key}.commitments.{n}")));
        retain(&mut finding.money, |n| !rejected(format!("{key}.money.{n}")));
        retain(&mut finding.relations, |n| !rejected(format!("{key}.relations.{n}")));
        for name in ["duration", "renewal", "articles"] {
            if rejected(format!("{key}.{name}"))
                && let Some(term) = of_term(finding, name)
            {
                *term = None;
            }
        }
        true
    });
    for finding in &mut findings.agreements {
        finding.relations.retain(|relation| !gone.contains(&relation.to));
    }
    retain(&mut findings.statements, |n| !rejected(format!("statements.{n}")));
    retain(&mut findings.naming, |n| !rejected(format!("naming.{n}")));
    for statement in &mut findings.statements {
        statement.about = statement.about.take().filter(|key| !gone.contains(key));
    }
}

fn retain<T>(list: &mut Vec<T>, keep: impl Fn(usize) -> bool) {
    let mut n = 0;
    list.retain(|_| {
        n += 1;
        keep(n)
    });
}
