//! Finding what a user means: a register that is up to date, an agreement by its id or by words.
use anyhow::{Result, bail};
use chancery_agreement::Agreement;
use chancery_register::{Register, Row, View};
use std::path::Path;

/// How many cells are looked at when no name of an agreement has the words.
const MOST_HITS: usize = 50;

/// Opens a register for looking. Where reading was interrupted before agreements were linked, they are linked now.
pub fn open(path: &Path) -> Result<Register> {
    let register = Register::reader(path)?;
    if register.is_linked()? {
        return Ok(register);
    }
    match Register::writer(path) {
        Ok(mut writer) => writer.link_at(Some(&crate::correct::now()))?,
        Err(error) if error.is_busy() => {
            crate::output::complain("another program is reading into this register: agreements may lag behind");
        }
        Err(error) => return Err(error.into()),
    }
    Ok(register)
}

/// Rows of the view of agreements whose id begins with `words`, or whose title, names and parties hold all of them.
pub fn agreements(register: &Register, words: &str) -> Result<Vec<Row>> {
    if let Some(agreement) = register.agreement(words)? {
        let all = register.view(View::Agreements)?;
        return Ok(all.into_iter().filter(|row| row.text("id") == agreement.id).collect());
    }
    let wanted: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut searched = std::collections::BTreeMap::<String, String>::new();
    for row in register.view(View::Names)? {
        let text = searched.entry(row.text("agreement").to_owned()).or_default();
        text.push(' ');
        text.push_str(&row.text("name").to_lowercase());
    }
    let mut found = Vec::new();
    for row in register.view(View::Agreements)? {
        let names = searched.get(row.text("id")).map_or("", String::as_str);
        let text = format!("{} {} {names}", row.text("title"), row.text("parties")).to_lowercase();
        if row.text("id").starts_with(words) || wanted.iter().all(|word| text.contains(word.as_str())) {
            found.push(row);
        }
    }
    if let Some(row) = found.iter().find(|row| row.text("title").eq_ignore_ascii_case(words)) {
        return Ok(vec![row.clone()]);
    }
    if found.is_empty() { told_in_words(register, words) } else { Ok(found) }
}

/// Rows of the agreements of which the words behind some cell hold `words`.
fn told_in_words(register: &Register, words: &str) -> Result<Vec<Row>> {
    let mut ids = std::collections::BTreeSet::new();
    for hit in register.search(words, MOST_HITS)? {
        let Some(path) = hit.cell else { continue };
        if let Some((_, cells)) = register.cells(&format!("{}/{path}", hit.document))? {
            ids.extend(cells.into_iter().filter_map(|cell| cell.agreement).map(|(id, _, _)| id));
        }
    }
    Ok(register.view(View::Agreements)?.into_iter().filter(|row| ids.contains(row.text("id"))).collect())
}

/// The one agreement that `words` mean.
pub fn agreement(register: &Register, words: &str) -> Result<Agreement> {
    let found = agreements(register, words)?;
    match found.as_slice() {
        [] => bail!("no agreement goes by `{words}`; `chancery list` shows all of them"),
        [row] => match register.agreement(row.text("id"))? {
            Some(agreement) => Ok(agreement),
            None => bail!("agreement {} has just been replaced; try again", row.text("id")),
        },
        several => {
            let lines: Vec<String> = several.iter().map(|row| format!("  {}  {}", row.text("id"), row.text("title"))).collect();
            bail!("{} agreements go by `{words}`; name one by its id:\n{}", several.len(), lines.join("\n"))
        }
    }
}
