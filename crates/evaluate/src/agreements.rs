//! Scores findings against hand labels, one document at a time: the same figures as `score.py`, on findings in memory.
//!
//! Micro-averaged precision, recall and F1 for every kind of cell, quotes that are not in the document (must be 0),
//! agreements recorded in documents that have none, B-cubed of the linked agreements, and precision by rule.
use crate::sheet::{AgreementCells, Sheet, StageCells, StatementCells, read_labels};
use crate::{Error, sheet};
use chancery_agreement::SpeechKind;
use chancery_link::Linked;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

mod matching;
mod report;
pub use matching::Aliases;
use matching::{content, date_match, overlap, pair, span_match, words};
pub use report::{CellScore, Difference, DocumentScore, Linking, Report, RuleScore, SpeechScore};

/// The kinds of cells, in the order in which they are printed.
pub const CELLS: [&str; 11] =
    ["agreement", "name", "party", "stage", "stage+date", "commitment", "money", "statement", "speaker", "stance", "about"];

/// Scores `found` against the label files of the folder `labels`; the spellings of parties are read from
/// `data/evaluation/party_aliases.json`. With `linked` the register's agreements are scored, too.
///
/// # Errors
/// When the labels or the spellings cannot be read.
pub fn evaluate(data: &Path, labels: &Path, found: &[Sheet], linked: Option<&Linked>) -> Result<Report, Error> {
    let aliases = Aliases::read(&data.join("evaluation").join("party_aliases.json"))?;
    let clusters = linked.map(|linked| {
        let members = linked
            .agreements
            .iter()
            .enumerate()
            .flat_map(|(number, agreement)| agreement.members.iter().map(move |one| (number, one)));
        members.map(|(number, member)| ((sheet::stem(&member.source), member.key.clone()), number)).collect()
    });
    Ok(score(&aliases, &read_labels(labels)?, found, clusters.as_ref()))
}

/// Scores sheets against sheets. `clusters` leads from (stem of the document, key) to a number for the linked agreement.
#[must_use]
pub fn score(
    aliases: &Aliases,
    labels: &[Sheet],
    found: &[Sheet],
    clusters: Option<&BTreeMap<(String, String), usize>>,
) -> Report {
    let by_stem: BTreeMap<&str, &Sheet> = found.iter().map(|sheet| (sheet.stem.as_str(), sheet)).collect();
    let mut report = Report::new();
    let mut rules = BTreeMap::new();
    let mut linked = Vec::new();
    for label in labels {
        let named = label.document.as_deref().and_then(|stem| by_stem.get(stem));
        let none = Sheet { stem: label.stem.clone(), source: label.stem.clone(), ..Sheet::default() };
        let finding = by_stem.get(label.stem.as_str()).or(named).copied();
        if finding.is_none() {
            report.missing.push(label.stem.clone());
        }
        let document = Scoring::new(aliases, label, finding.unwrap_or(&none));
        document.score(&mut report, &mut rules, &mut linked);
    }
    report.rules = rules.into_iter().map(|((cell, rule), (right, found))| RuleScore { cell, rule, right, found }).collect();
    report.rules.sort_by(|a, b| (a.cell, b.found, &a.rule).cmp(&(b.cell, a.found, &b.rule)));
    report.linking = clusters.map(|clusters| Linking::of(&linked, clusters));
    report
}

/// Which agreement of the label was found as which: (place in the label, place in what was found).
#[must_use]
pub fn paired(aliases: &Aliases, label: &Sheet, found: &Sheet) -> Vec<(usize, usize)> {
    Scoring::new(aliases, label, found).pairs
}

/// Which agreement of the label was told as which, by their words alone, whoever their parties are: (place in the label, place in
/// what was found). Where words tell no difference, shared parties do.
#[must_use]
pub fn alike(aliases: &Aliases, label: &Sheet, found: &Sheet) -> Vec<(usize, usize)> {
    pair(&label.agreements, &found.agreements, |g, f| {
        let likeness = Likeness::of(aliases, g, f);
        let words = likeness.name.max(likeness.touch);
        if words >= 0.5 { likeness.name + likeness.touch + likeness.parties } else { 0.0 }
    })
}

/// True when a stage that was found is the one of the label: the same event, told in the same words or dated the same.
#[must_use]
pub fn same_stage(label: &StageCells, found: &StageCells) -> bool {
    stage_score(label, found) > 0.0
}

/// True when two quotes share half of their words.
#[must_use]
pub fn same_words(a: &str, b: &str) -> bool {
    shared_words(a, b) >= 0.5
}

/// Share of their words that two quotes have in common (Dice), 0 to 1.
#[must_use]
pub fn shared_words(a: &str, b: &str) -> f64 {
    overlap(a, b)
}

/// All speech, whatever it is about: the same figures as `speech_score.py`. Documents without a label are left out.
#[must_use]
pub fn score_speech(aliases: &Aliases, labels: &[Sheet], found: &[Sheet]) -> SpeechScore {
    let by_stem: BTreeMap<&str, &Sheet> = labels.iter().map(|sheet| (sheet.stem.as_str(), sheet)).collect();
    let mut score = SpeechScore::default();
    for sheet in found {
        let Some(label) = by_stem.get(sheet.stem.as_str()) else { continue };
        let (gold, said) = (&label.statements, &sheet.statements);
        let pairs = paired_statements(label, sheet);
        score.gold += gold.len();
        score.found += said.len();
        score.content += pairs.len();
        let speaker = |(a, b): &&(usize, usize)| gold.get(*a).zip(said.get(*b)).is_some_and(|(a, b)| same_speaker(aliases, a, b));
        score.speaker += pairs.iter().filter(speaker).count();
        let named = |(a, b): &&(usize, usize)| {
            gold.get(*a).zip(said.get(*b)).is_some_and(|(a, b)| is_named_quotation(a) && b.speaker.is_some())
        };
        score.direct += pairs.iter().filter(named).count();
        score.direct_speaker += pairs.iter().filter(named).filter(speaker).count();
    }
    score
}

/// A quotation whose speaker the label gives by name: a capital stands in it.
fn is_named_quotation(statement: &StatementCells) -> bool {
    let named = statement.speaker.as_deref().is_some_and(|name| name.chars().any(char::is_uppercase));
    named && statement.kind.as_deref() == Some(SpeechKind::Direct.as_str())
}

/// Which statement of the label was found as which: (place in the label, place in what was found).
#[must_use]
pub fn paired_statements(label: &Sheet, found: &Sheet) -> Vec<(usize, usize)> {
    pair(&label.statements, &found.statements, |a, b| content(&a.quote, &b.quote))
}

fn same_speaker(aliases: &Aliases, a: &StatementCells, b: &StatementCells) -> bool {
    let (a, b) = (words(a.speaker.as_deref().unwrap_or("")), words(b.speaker.as_deref().unwrap_or("")));
    match (a.last(), b.last()) {
        (Some(x), Some(y)) => x == y || aliases.same_party(&a.join(" "), &b.join(" ")),
        _ => false,
    }
}

/// (right, found) by cell and rule.
type ByRule = BTreeMap<(&'static str, String), (usize, usize)>;

/// The pairing of one document's labels with its findings.
struct Scoring<'a> {
    aliases: &'a Aliases,
    label: &'a Sheet,
    finding: &'a Sheet,
    /// (label, finding) of the agreements that were paired.
    pairs: Vec<(usize, usize)>,
}

/// Cells of one kind on both sides, each with the number of its agreement, and what was matched.
struct Cells<'a, G, F> {
    gold: Vec<(usize, &'a G)>,
    found: Vec<(usize, &'a F)>,
    hits: Vec<(usize, usize)>,
}

impl<'a> Scoring<'a> {
    fn new(aliases: &'a Aliases, label: &'a Sheet, finding: &'a Sheet) -> Self {
        let pairs = pair(&label.agreements, &finding.agreements, |g, f| agreement_score(aliases, g, f));
        Self { aliases, label, finding, pairs }
    }

    fn found_of(&self, gold: usize) -> Option<usize> {
        self.pairs.iter().find(|(own, _)| *own == gold).map(|(_, found)| *found)
    }

    /// Cells inside an agreement count only where the agreement itself was paired right.
    fn inside<T>(&self, get: impl Fn(&'a AgreementCells) -> &'a [T], matched: impl Fn(&T, &T) -> f64) -> Cells<'a, T, T> {
        let all = |sheet: &'a Sheet| {
            sheet.agreements.iter().enumerate().flat_map(|(place, one)| get(one).iter().map(move |cell| (place, cell))).collect()
        };
        let gold: Vec<(usize, &T)> = all(self.label);
        let found: Vec<(usize, &T)> = all(self.finding);
        let hits = pair(&gold, &found, |g, f| if self.found_of(g.0) == Some(f.0) { matched(g.1, f.1) } else { 0.0 });
        Cells { gold, found, hits }
    }

    fn score(&self, report: &mut Report, rules: &mut ByRule, linked: &mut Vec<(String, String, String)>) {
        let before = report.counts();
        let (gold, found) = (&self.label.agreements, &self.finding.agreements);
        let all = Cells {
            gold: gold.iter().enumerate().collect(),
            found: found.iter().enumerate().collect(),
            hits: self.pairs.clone(),
        };
        let told = |one: &AgreementCells| format!("{} | {} | {}", one.names.join("; "), one.kind, one.parties.join(", "));
        self.count(report, "agreement", &all, told, told);
        tally(rules, "agreement", &all, |one| one.name_rules.first().map_or("", String::as_str));

        let names = self.inside(|one| &one.names, |a, b| if span_match(a, b) { overlap(a, b) } else { 0.0 });
        self.count(report, "name", &names, String::clone, String::clone);
        self.tally_lists(rules, "name", &names, |one| &one.name_rules);

        // Where the label names no parties the text presents none as such: nothing is scored there.
        let unnamed: Vec<usize> =
            self.pairs.iter().filter(|(g, _)| gold.get(*g).is_some_and(|one| one.parties.is_empty())).map(|(_, f)| *f).collect();
        let mut parties = self.inside(|one| &one.parties, |_, _| 0.0);
        parties.found.retain(|(place, _)| !unnamed.contains(place));
        parties.hits = pair(&parties.gold, &parties.found, |g, f| {
            if self.found_of(g.0) == Some(f.0) && self.aliases.same_party(g.1, f.1) { 1.0 } else { 0.0 }
        });
        self.count(report, "party", &parties, String::clone, String::clone);
        self.tally_lists(rules, "party", &parties, |one| &one.party_rules);

        let told =
            |one: &StageCells| format!("{} {} {}: {}", one.stage, one.modality, one.date.as_deref().unwrap_or("-"), one.quote);
        let stages = self.inside(|one| &one.stages, stage_score);
        self.count(report, "stage", &stages, told, told);
        tally(rules, "stage", &stages, |one| &one.rule);
        let date = |g: &StageCells, f: &StageCells| date_match(g.date.as_deref(), f.date.as_deref());
        let dated = self.inside(|one| &one.stages, |g, f| if date(g, f) { stage_score(g, f) } else { 0.0 });
        self.count(report, "stage+date", &dated, told, told);
        tally(rules, "stage+date", &dated, |one| &one.rule);

        let commitments =
            self.inside(|one| &one.commitments, |g, f| if g.category == f.category { content(&g.quote, &f.quote) } else { 0.0 });
        let told = |one: &sheet::CommitmentCells| format!("{}: {}", one.category, one.quote);
        self.count(report, "commitment", &commitments, told, told);
        tally(rules, "commitment", &commitments, |one| &one.rule);

        let money = self.inside(
            |one| &one.money,
            |g, f| if g.currency == f.currency && (g.amount - f.amount).abs() <= 0.005 * g.amount.abs() { 1.0 } else { 0.0 },
        );
        let told = |one: &sheet::MoneyCells| format!("{} {}: {}", one.amount, one.currency, one.quote);
        self.count(report, "money", &money, told, told);
        tally(rules, "money", &money, |one| &one.rule);

        let said = self.statements(report, rules);
        let text = format!("{}\n{}", self.finding.text, self.finding.title.as_deref().unwrap_or(""));
        let quotes = found.iter().flat_map(|one| &one.quotes).chain(said.iter().flat_map(|one| &one.quotes));
        report.broken_quotes += quotes.filter(|quote| !text.contains(quote.as_str())).count();
        for (g, f) in &self.pairs {
            if let (Some(g), Some(f)) = (gold.get(*g), found.get(*f)) {
                linked.push((g.key.clone(), self.finding.source.clone(), f.key.clone()));
            }
        }
        if gold.is_empty() {
            report.empty_documents += 1;
            report.false_alarms += found.len();
        }
        report.close_document(&self.label.stem, &before);
    }

    /// Statements about an agreement are labelled completely; those about nothing recorded are a selection, so that
    /// finding them or further ones is neither right nor wrong. Returns the statements that were scored.
    fn statements(&self, report: &mut Report, rules: &mut ByRule) -> Vec<&'a StatementCells> {
        let (every, all) = (&self.label.statements, &self.finding.statements);
        let gold: Vec<(usize, &StatementCells)> = every.iter().enumerate().filter(|(_, one)| one.about.is_some()).collect();
        let loose: Vec<&StatementCells> = every.iter().filter(|one| one.about.is_none()).collect();
        let aside: BTreeSet<usize> = pair(&loose, all, |g, f| content(&g.quote, &f.quote)).into_iter().map(|(_, f)| f).collect();
        let matched: BTreeSet<usize> =
            pair(&gold, all, |g, f| content(&g.1.quote, &f.quote)).into_iter().map(|(_, f)| f).collect();
        let ignored = |place: &usize, one: &StatementCells| aside.contains(place) || one.about.is_none();
        let found: Vec<(usize, &StatementCells)> =
            all.iter().enumerate().filter(|(place, one)| matched.contains(place) || !ignored(place, one)).collect();
        let key_of = |about: &str| self.finding.agreements.iter().rposition(|one| one.key == about);
        let speaker = |g: &StatementCells, f: &StatementCells| {
            if same_speaker(self.aliases, g, f) { content(&g.quote, &f.quote) } else { 0.0 }
        };
        let about = |g: &StatementCells, f: &StatementCells| {
            let wanted = self
                .label
                .agreements
                .iter()
                .position(|one| Some(&one.key) == g.about.as_ref())
                .and_then(|place| self.found_of(place));
            let given = f.about.as_deref().and_then(key_of);
            if given.is_some() && given == wanted { content(&g.quote, &f.quote) } else { 0.0 }
        };
        let told = |one: &StatementCells| {
            let (by, stance, about) = (one.speaker.as_deref(), one.stance.as_deref(), one.about.as_deref());
            format!("{} [{}] about {}: {}", by.unwrap_or("-"), stance.unwrap_or("-"), about.unwrap_or("-"), one.quote)
        };
        type Match<'m> = &'m dyn Fn(&StatementCells, &StatementCells) -> f64;
        let kinds: [(&'static str, Match<'_>); 4] = [
            ("statement", &|g, f| content(&g.quote, &f.quote)),
            ("speaker", &speaker),
            ("stance", &|g, f| if g.stance == f.stance { speaker(g, f) } else { 0.0 }),
            ("about", &about),
        ];
        for (cell, matches) in kinds {
            let hits = pair(&gold, &found, |g, f| matches(g.1, f.1));
            let cells = Cells { gold: gold.clone(), found: found.clone(), hits };
            self.count(report, cell, &cells, told, told);
            tally(rules, cell, &cells, |one| &one.rule);
        }
        found.into_iter().map(|(_, one)| one).collect()
    }

    fn count<G, F>(
        &self,
        report: &mut Report,
        cell: &'static str,
        cells: &Cells<'_, G, F>,
        gold_words: impl Fn(&G) -> String,
        found_words: impl Fn(&F) -> String,
    ) {
        report.add(cell, cells.gold.len(), cells.found.len(), cells.hits.len());
        let document = &self.label.stem;
        let gold = cells.gold.iter().enumerate().filter(|(place, _)| !cells.hits.iter().any(|hit| hit.0 == *place));
        let missed =
            gold.map(|(_, (_, one))| Difference { cell, document: document.clone(), missed: true, words: gold_words(one) });
        report.differences.extend(missed);
        let found = cells.found.iter().enumerate().filter(|(place, _)| !cells.hits.iter().any(|hit| hit.1 == *place));
        let spurious =
            found.map(|(_, (_, one))| Difference { cell, document: document.clone(), missed: false, words: found_words(one) });
        report.differences.extend(spurious);
    }

    /// Rules of cells that are lists of words: the rule stands at the same place of a second list.
    fn tally_lists(
        &self,
        rules: &mut ByRule,
        cell: &'static str,
        cells: &Cells<'_, String, String>,
        get: impl Fn(&AgreementCells) -> &Vec<String>,
    ) {
        for (place, (agreement, words)) in cells.found.iter().enumerate() {
            let Some(one) = self.finding.agreements.get(*agreement) else { continue };
            let own = if cell == "name" { &one.names } else { &one.parties };
            let rule = own.iter().position(|other| std::ptr::eq(other, *words)).and_then(|index| get(one).get(index));
            let entry = rules.entry((cell, rule.cloned().unwrap_or_default())).or_default();
            entry.0 += usize::from(cells.hits.iter().any(|hit| hit.1 == place));
            entry.1 += 1;
        }
    }
}

fn tally<G, F>(rules: &mut ByRule, cell: &'static str, cells: &Cells<'_, G, F>, rule: impl Fn(&F) -> &str) {
    for (place, (_, one)) in cells.found.iter().enumerate() {
        let entry = rules.entry((cell, rule(one).to_owned())).or_default();
        entry.0 += usize::from(cells.hits.iter().any(|hit| hit.1 == place));
        entry.1 += 1;
    }
}

/// How much two agreements share, each 0 to 1.
struct Likeness {
    /// Jaccard coefficient of the parties.
    parties: f64,
    /// True when at least one party is shared.
    shares_party: bool,
    /// Overlap of the two names that are most alike.
    name: f64,
    /// Overlap of the two stages or provisions that are most alike.
    touch: f64,
}

impl Likeness {
    fn of(aliases: &Aliases, g: &AgreementCells, f: &AgreementCells) -> Self {
        let hit = pair(&g.parties, &f.parties, |a, b| if aliases.same_party(a, b) { 1.0 } else { 0.0 }).len();
        let union = g.parties.len() + f.parties.len() - hit;
        let best =
            |a: Vec<&String>, b: Vec<&String>| a.iter().flat_map(|x| b.iter().map(move |y| overlap(x, y))).fold(0.0, f64::max);
        let name = best(g.names.iter().collect(), f.names.iter().collect());
        let stages = best(g.stages.iter().map(|one| &one.quote).collect(), f.stages.iter().map(|one| &one.quote).collect());
        let provisions =
            best(g.commitments.iter().map(|one| &one.quote).collect(), f.commitments.iter().map(|one| &one.quote).collect());
        let parties = if union > 0 { hit as f64 / union as f64 } else { 0.0 };
        Self { parties, shares_party: hit > 0, name, touch: f64::max(stages, provisions) }
    }
}

/// An agreement is found when its parties overlap by half, or its names do and it shares a party.
fn agreement_score(aliases: &Aliases, g: &AgreementCells, f: &AgreementCells) -> f64 {
    let Likeness { parties, shares_party, name, touch } = Likeness::of(aliases, g, f);
    if parties >= 0.5 && name.max(touch) >= 0.3 {
        return 1.0 + parties + name + touch;
    }
    if name >= 0.6 && (shares_party || g.parties.is_empty() || f.parties.is_empty()) {
        return 0.5 + name + touch;
    }
    0.0
}

/// A label quotes one of the places that tell of an event: the same stage, modality and date elsewhere is the same hit.
fn stage_score(g: &StageCells, f: &StageCells) -> f64 {
    if g.stage != f.stage || g.modality != f.modality {
        return 0.0;
    }
    if span_match(&g.quote, &f.quote) {
        return 1.0 + overlap(&g.quote, &f.quote);
    }
    let dated = g.date.as_deref().is_some_and(|date| !date.is_empty());
    if dated && date_match(g.date.as_deref(), f.date.as_deref()) { 0.5 } else { 0.0 }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table(f)
    }
}

#[cfg(test)]
mod tests;
