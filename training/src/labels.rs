//! Labels in lines, one file for many articles: the form of `training/labels` (its README says what each line means).
use anyhow::{Context, Result, bail, ensure};
use chancery_evaluate::sheet::{AgreementCells, CommitmentCells, MoneyCells, Sheet, StageCells, StatementCells};
use std::path::Path;

/// One labelled article.
pub struct Entry {
    /// Its name: that of the report, or the id of the article in the news that the labels belong to.
    pub id: String,
    /// The day it was published, where known.
    pub published: Option<String>,
    /// Headline, where the file holds the article.
    pub title: Option<String>,
    /// Text, where the file holds the article.
    pub text: Option<String>,
    /// Lines of labels with their numbers in the file.
    lines: Vec<(usize, String)>,
    /// Number of the line that begins it.
    line: usize,
}

/// The entries of one file, in its order.
///
/// # Errors
/// The line of the file that is malformed, or that the file cannot be read.
pub fn read(file: &Path) -> Result<Vec<Entry>> {
    let content = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    parse(&content).with_context(|| format!("{} is no file of labels", file.display()))
}

fn parse(content: &str) -> Result<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut in_text = false;
    for (at, line) in content.lines().enumerate() {
        if let Some(head) = line.strip_prefix("@ ") {
            let mut fields = head.splitn(3, " | ").map(|field| field.trim().to_owned());
            let id = fields.next().unwrap_or_default();
            let (published, title) = (fields.next(), fields.next());
            in_text = title.is_some();
            let text = in_text.then(String::new);
            entries.push(Entry { id, published, title, text, lines: Vec::new(), line: at + 1 });
            continue;
        }
        let Some(entry) = entries.last_mut() else {
            let nothing = line.trim().is_empty() || line.starts_with('#');
            ensure!(nothing, "line {}: expected `@ id` first", at + 1);
            continue;
        };
        match &mut entry.text {
            _ if line.trim() == "--" => in_text = false,
            Some(text) if in_text => {
                text.push_str(line);
                text.push('\n');
            }
            _ if matches!(line.trim(), "" | "-") => {}
            _ => entry.lines.push((at + 1, line.to_owned())),
        }
    }
    Ok(entries)
}

impl Entry {
    /// The cells that its lines tell of `text`.
    ///
    /// # Errors
    /// The line that is malformed, or whose words do not stand in the text.
    pub fn sheet(&self, text: &str) -> Result<Sheet> {
        let mut sheet = Sheet { stem: self.id.clone(), ..Sheet::default() };
        for (at, line) in &self.lines {
            add(&mut sheet, line, text).with_context(|| format!("{}, line {at} of the file: {line}", self.id))?;
        }
        Ok(sheet)
    }

    /// Where the entry begins in its file.
    pub fn line(&self) -> usize {
        self.line
    }
}

fn add(sheet: &mut Sheet, line: &str, text: &str) -> Result<()> {
    let (kind, rest) = line.split_once(' ').context("expected a letter and fields")?;
    let count = match kind {
        "A" => 4,
        "S" | "Q" => 5,
        "C" | "M" => 3,
        _ => bail!("unknown kind of line `{kind}`: known are A, S, C, M, Q"),
    };
    // A line that ends with the bar has an empty last field.
    let rest = format!("{} ", rest.trim_end());
    let fields: Vec<&str> = rest.splitn(count, " | ").map(str::trim).collect();
    ensure!(fields.len() == count, "{count} fields expected");
    let key = fields[0].to_owned();
    if kind == "A" {
        let parts = |field: &str| -> Vec<String> {
            field
                .split(" ; ")
                .map(|part| part.trim().trim_matches(';').trim().to_owned())
                .filter(|part| !part.is_empty())
                .collect()
        };
        let names = parts(fields[2]).iter().map(|name| words(text, name)).collect::<Result<_>>()?;
        let (kind, parties) = (fields[1].to_owned(), parts(fields[3]));
        sheet.agreements.push(AgreementCells { key, names, kind, parties, ..AgreementCells::default() });
        return Ok(());
    }
    let quote = words(text, fields[count - 1])?;
    let field = |at: usize| fields[at].to_owned();
    if kind == "Q" {
        sheet.statements.push(StatementCells {
            speaker: Some(field(3)),
            kind: Some(field(2)),
            stance: Some(field(1)),
            about: (key != "-").then_some(key),
            quote,
            ..StatementCells::default()
        });
        return Ok(());
    }
    let agreement = sheet.agreements.iter_mut().find(|agreement| agreement.key == key);
    let agreement = agreement.with_context(|| format!("no line A of `{key}` before this one"))?;
    match kind {
        "S" => agreement.stages.push(StageCells {
            stage: field(1),
            modality: field(2),
            date: (fields[3] != "-").then(|| field(3)),
            quote,
            ..StageCells::default()
        }),
        "C" => agreement.commitments.push(CommitmentCells { category: field(1), quote, ..CommitmentCells::default() }),
        _ => {
            let (amount, currency) = fields[1].split_once(' ').context("expected `amount CUR`")?;
            let amount = amount.parse().context("the amount is no number")?;
            agreement.money.push(MoneyCells { amount, currency: currency.to_owned(), quote, ..MoneyCells::default() });
        }
    }
    Ok(())
}

/// The words that a field means: those at `start-end` (bytes), else the first place where they stand, however much white space is
/// between them.
fn words(text: &str, field: &str) -> Result<String> {
    if let Some((start, end)) = field.split_once('-')
        && let (Ok(start), Ok(end)) = (start.parse::<usize>(), end.parse::<usize>())
    {
        return text.get(start..end).map(str::to_owned).with_context(|| format!("no words at {field}"));
    }
    let parts: Vec<&str> = field.split_whitespace().collect();
    let first = parts.first().context("no words")?;
    let starts = text.match_indices(first).map(|(start, _)| start);
    let found = starts.filter_map(|start| Some((start, end_of(text, start, &parts)?))).next();
    let (start, end) = found.with_context(|| format!("`{field}` does not stand in the text"))?;
    Ok(text[start..end].to_owned())
}

/// Where `parts`, with white space between them, end when they begin at `start`.
fn end_of(text: &str, start: usize, parts: &[&str]) -> Option<usize> {
    let mut at = start;
    for (number, part) in parts.iter().enumerate() {
        let rest = text.get(at..)?;
        let gap = rest.len() - rest.trim_start().len();
        let gap = if number == 0 { 0 } else { (gap > 0).then_some(gap)? };
        at += gap + rest[gap..].strip_prefix(part).map(|_| part.len())?;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "@ one | 2007-03-05 | A truce in the north\nChile and Peru signed  a truce on Sunday.\n\nNo shot was heard.\n--\n\
                        A a1 | ceasefire | a truce | Chile ; Peru\nS a1 | signed | actual | 2007-03-04 | signed a truce on Sunday\n\
                        Q - | neutral | indirect | police | No shot was heard\n\n@ two\nA a1 | treaty | 4-10 |\n\n@ three\n-\n";

    #[test]
    fn words_are_those_of_the_text_with_its_white_space() {
        let entries = parse(FILE).unwrap();
        let text = entries[0].text.as_deref().unwrap();
        let sheet = entries[0].sheet(text).unwrap();
        assert_eq!(sheet.agreements[0].parties, ["Chile", "Peru"]);
        assert_eq!(sheet.agreements[0].stages[0].quote, "signed  a truce on Sunday");
        assert_eq!(sheet.statements[0].about, None);
    }

    #[test]
    fn labels_without_text_give_places() {
        let entries = parse(FILE).unwrap();
        assert_eq!(entries[1].sheet("The treaty of 1990").unwrap().agreements[0].names, ["treaty"]);
        assert!(entries[2].sheet("").unwrap().agreements.is_empty());
    }

    #[test]
    fn words_that_do_not_stand_in_the_text_are_refused() {
        let entries = parse(FILE).unwrap();
        let error = entries[0].sheet("Something else.").err().unwrap();
        assert!(format!("{error:#}").contains("line 6"), "{error:#}");
    }
}
