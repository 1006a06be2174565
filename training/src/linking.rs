//! Learns how much each sign speaks for two reports telling of one agreement (`rules/link/weights.toml`), and counts how many reports
//! have a name (`rules/link/common_names.toml`) or a word (`rules/link/common_words.toml`).
//!
//! 1. Logistic regression over the pairs that linking compares, drawn towards the weights of `training/linking.toml`, which were set
//!    by hand.
//! 2. Then single thresholds and weights are moved, one at a time and in the order of that file, as long as agreements come out better
//!    by B-cubed.
//!
//! Learned from the labels themselves, from what the program finds in the same articles with either reader, from the stories of
//! `gold/linking`, from the labels of the seeds, and from our own labels of news and reports (`training/labels`) with what the fast reader
//! finds there. Of the instruments that the labels of `gold` tell in several articles every second one is left out of both steps; the
//! figures of that half are printed.
use crate::instruments::Instruments;
use crate::labeled::{gold, labeled_news, news, reports};
use crate::logistic::{Row, descend};
use anyhow::{Context, Result, anyhow};
use chancery_agreement::{Article, Findings};
use chancery_collect::{Limits, article, documents};
use chancery_dissect::Accurate;
use chancery_evaluate::agreements::{Aliases, paired};
use chancery_evaluate::linking::{Labelled, findings, labels, seeds, stories};
use chancery_evaluate::sheet::{AgreementCells, Sheet, read_labels, stem};
use chancery_extract::Extractor;
use chancery_link::learning::{At, Mentions, Pair, Trial, names_in, words_in};
use chancery_link::{Document, passage_words, story_names};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What is learned starts from these weights and keeps their comments.
const BY_HAND: &str = include_str!("../linking.toml");

const FIRST_LINES: &str = "\
# How much each sign speaks for (positive) or against (negative) two mentions being one instrument. The unit is the natural logarithm of
# odds; a pair above `join` may be joined. Learnt by `chancery-train linking`; training/src/linking.rs says from what.
";

/// Strength of the pull towards the weights set by hand.
const PENALTY: f64 = 5.0;

/// Pairs of one instrument count so often: they stand for those of the other half, too.
const TWICE: f64 = 2.0;

/// A name that fewer articles have is rare.
const FEWEST_ARTICLES: usize = 4;

/// Writes how many of a thousand articles of `data/gold/train` have each name that is not rare.
pub fn count_names(data: &Path, out: &Path) -> Result<()> {
    let (mut articles, mut counts) = (0usize, BTreeMap::<String, usize>::new());
    for (article, _) in gold(data, "train")? {
        articles += 1;
        for name in names_in(&article.text).into_keys() {
            *counts.entry(name).or_default() += 1;
        }
    }
    let mut text = "\
# Names that many reports have, and how many of a thousand reports have them: the fewer, the more it tells that two reports share
# one. Counted over the articles of the training labels by `chancery-train common-names`; adjectives of states count for the state.
# Names that are not here are rare.
"
    .to_owned();
    for (name, count) in counts.into_iter().filter(|(_, count)| *count >= FEWEST_ARTICLES) {
        let bare = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let name = if bare { name } else { format!("{name:?}") };
        let _ = writeln!(text, "{name} = {}", (count * 1000 + articles / 2) / articles);
    }
    std::fs::write(out, text).with_context(|| format!("cannot write {}", out.display()))
}

/// A word that fewer of a thousand articles have is rare.
const FEWEST_IN_A_THOUSAND: usize = 12;

/// Writes how many of a thousand articles of `data/data/wikinews` have each word that is not rare.
pub fn count_words(data: &Path, out: &Path) -> Result<()> {
    let (mut articles, mut counts) = (0usize, BTreeMap::<String, usize>::new());
    for article in news(data)?.values() {
        articles += 1;
        for word in words_in(&article.text) {
            *counts.entry(word).or_default() += 1;
        }
    }
    let mut text = "\
# Words that many reports have, and how many of a thousand reports have them: the fewer, the more it tells that two passages share one.
# Counted over free news (Wikinews, CC BY 2.5) by `chancery-train common-words`. Words that are not here are rare.
"
    .to_owned();
    let shares = counts.into_iter().map(|(word, count)| (word, (count * 1000 + articles / 2) / articles.max(1)));
    for (word, share) in shares.filter(|(_, share)| *share >= FEWEST_IN_A_THOUSAND) {
        let bare = word.chars().all(|c| c.is_ascii_alphanumeric());
        let word = if bare { word } else { format!("{word:?}") };
        let _ = writeln!(text, "{word} = {share}");
    }
    std::fs::write(out, text).with_context(|| format!("cannot write {}", out.display()))
}

/// Documents with what they truly speak of.
struct Set {
    name: &'static str,
    labelled: Labelled,
    mentions: Mentions,
    /// Instruments that several articles tell of.
    several: BTreeSet<String>,
    /// Those of them that nothing is learned from.
    other_half: BTreeSet<String>,
    /// Documents that another set has, too: no pair of two of them counts here.
    elsewhere: BTreeSet<String>,
    /// True where reports tell of far more instruments of the same parties than news does.
    foreign: bool,
    /// How much a pair counts.
    weight: f64,
    /// How much the set counts among the others when single weights are moved.
    share: f64,
}

/// Learns from `data` and writes the weights to `out`.
pub fn train(data: &Path, out: &Path) -> Result<()> {
    let sets = sets(data)?;
    let mut table = Table::parse(BY_HAND);
    report("set by hand", &sets, &table)?;
    regress(&sets, &mut table);
    report("regression", &sets, &table)?;
    search(&sets, &mut table)?;
    report("searched", &sets, &table)?;
    let text = table.text();
    let body = text.find("[threshold]").and_then(|start| text.get(start..)).unwrap_or_default();
    std::fs::write(out, format!("{FIRST_LINES}{body}")).with_context(|| format!("cannot write {}", out.display()))
}

/// Prints the figures of the weights in a file; with `pairs` writes every pair of the half that is learned from to that file, a line of
/// JSON each.
pub fn measure(data: &Path, weights: &Path, pairs: Option<&Path>) -> Result<()> {
    let text = std::fs::read_to_string(weights).with_context(|| format!("cannot read {}", weights.display()))?;
    let (sets, table) = (sets(data)?, Table::parse(&text));
    report(&weights.display().to_string(), &sets, &table)?;
    let Some(file) = pairs else { return Ok(()) };
    let mut lines = String::new();
    for set in &sets {
        let clusters = set.mentions.clusters(&trial(&table)?, "");
        for (pair, (one, other)) in set.known(&set.mentions.pairs()) {
            let signs: BTreeMap<&str, f32> = pair.signs.iter().copied().collect();
            let joined = clusters.get(pair.one) == clusters.get(pair.other);
            let line = serde_json::json!({
                "set": set.name, "one": pair.one, "other": pair.other, "instruments": [one, other], "joined": joined, "signs": signs,
            });
            let _ = writeln!(lines, "{line}");
        }
    }
    std::fs::write(file, lines).with_context(|| format!("cannot write {}", file.display()))
}

impl Set {
    /// B-cubed F1 over the half that is learned from. What several articles tell counts twice, for the other half of it, which is left
    /// out here, while all that single articles tell is in.
    fn quality(&self, clusters: &BTreeMap<At, usize>) -> f64 {
        let learned = self.labelled.figures_of(clusters, |key| !self.other_half.contains(key));
        let several = self.labelled.figures_of(clusters, |key| self.several.contains(key) && !self.other_half.contains(key));
        let twice = if self.other_half.is_empty() { 0.0 } else { several.mentions as f64 };
        let once = learned.mentions as f64;
        let mean = |of_all: f64, of_several: f64| (of_all * once + of_several * twice) / (once + twice);
        let (precision, recall) = (mean(learned.precision, several.precision), mean(learned.recall, several.recall));
        2.0 * precision * recall / (precision + recall).max(f64::EPSILON)
            + WHOLE * several.whole as f64 / several.several.max(1) as f64
    }

    /// The pairs that may be learned from, with the instruments that they are of.
    fn known<'p>(&'p self, pairs: &'p [Pair<'p>]) -> Vec<(&'p Pair<'p>, (&'p String, &'p String))> {
        let known = pairs.iter().filter_map(|pair| {
            let keys = (self.labelled.instrument.get(pair.one)?, self.labelled.instrument.get(pair.other)?);
            let twice = self.elsewhere.contains(&pair.one.0) && self.elsewhere.contains(&pair.other.0);
            (!twice && !self.other_half.contains(keys.0) && !self.other_half.contains(keys.1)).then_some((pair, keys))
        });
        known.collect()
    }
}

fn sets(data: &Path) -> Result<Vec<Set>> {
    let gold_labels = labels(data)?;
    let (several, other_half) = (gold_labels.several(), gold_labels.other_half());
    let stories = stories(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../gold/linking"))?.0;
    let instruments = Instruments::read(&other_half)?;
    let by_label = |_: &str, cells: &AgreementCells| Some(cells.key.clone());
    let by_file = |id: &str, cells: &AgreementCells| instruments.of(id, &cells.key);
    let (fast, accurate) = (Extractor::new()?, Extractor::new()?.with_reader(Accurate::embedded()?));
    let aliases = Aliases::read(&data.join("evaluation/party_aliases.json"))?;
    let found_by_label = |articles: &[(Article, Sheet)], extractor| found(articles, &aliases, extractor, by_label);
    let mut gold_articles = gold(data, "dev")?;
    gold_articles.extend(gold(data, "train")?);
    let own = seed_articles(data)?;
    let (news, reports) = (labeled_news(data)?, reports()?);
    let found_in_gold = found_by_label(&gold_articles, &fast);
    // What the news tell of is often what the gold labels tell of, too.
    let with_gold = |mut of_news: Labelled, of_gold: &Labelled| {
        of_news.extend(of_gold.clone());
        of_news
    };
    let in_gold: BTreeSet<String> = gold_labels.documents.iter().map(|document| document.id.clone()).collect();
    let set = |name, labelled: Labelled, other_half: &BTreeSet<String>, (weight, share)| Set {
        name,
        mentions: Mentions::of(&labelled.documents),
        several: several.clone(),
        labelled,
        other_half: other_half.clone(),
        elsewhere: BTreeSet::new(),
        foreign: false,
        weight,
        share,
    };
    let of_news = |name, labelled, worth| Set { elsewhere: in_gold.clone(), ..set(name, labelled, &other_half, worth) };
    let none = BTreeSet::new();
    let of_reports = |name, labelled, worth| Set { foreign: true, ..set(name, labelled, &none, worth) };
    Ok(vec![
        set("fast", found_in_gold.clone(), &other_half, (0.5, 1.5)),
        set("accurate", found_by_label(&gold_articles, &accurate), &other_half, (0.5, 1.0)),
        set("stories", stories, &none, (0.5, 1.0)),
        set("seeds", seeds(data)?, &none, (0.5, 1.0)),
        set("seeds, fast", found_by_label(&own, &fast), &none, (0.5, 1.0)),
        set("seeds, accurate", found_by_label(&own, &accurate), &none, (0.5, 1.0)),
        of_news("news", with_gold(labelled(&news, by_file), &gold_labels), (1.0, 0.5)),
        of_news("news, fast", with_gold(found(&news, &aliases, &fast, by_file), &found_in_gold), (0.5, 0.5)),
        of_reports("reports", labelled(&reports, by_file), (0.3, 2.0)),
        of_reports("reports, fast", found(&reports, &aliases, &fast, by_file), (0.5, 3.0)),
        set("labels", gold_labels, &other_half, (1.0, 1.0)),
    ])
}

/// The texts of the seeds with their labels.
fn seed_articles(data: &Path) -> Result<Vec<(Article, Sheet)>> {
    let folder = data.join("seeds");
    let mut labels: BTreeMap<String, Sheet> =
        read_labels(&folder.join("labels"))?.into_iter().map(|label| (label.stem.clone(), label)).collect();
    let limits = Limits::default();
    let mut articles = Vec::new();
    for raw in documents(&texts(&folder)?, &limits).flatten() {
        let article = article(&raw, &limits).0;
        articles.extend(labels.remove(&stem(&article.source)).map(|label| (article, label)));
    }
    Ok(articles)
}

/// The text files of a folder.
fn texts(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    paths.sort();
    Ok(paths)
}

/// Labels as if they had been found, each as far as `instrument` says what it speaks of.
fn labelled(articles: &[(Article, Sheet)], instrument: impl Fn(&str, &AgreementCells) -> Option<String>) -> Labelled {
    let mut all = Labelled::default();
    for (article, label) in articles {
        let findings = findings(label, article);
        for (wanted, found) in label.agreements.iter().zip(&findings.agreements) {
            if let Some(instrument) = instrument(&label.stem, wanted) {
                all.instrument.insert((label.stem.clone(), found.key.clone()), instrument);
            }
        }
        all.documents.push(document(article, label, findings));
    }
    all
}

/// What the program finds with a reader in articles, as far as it is what the labels tell of and `instrument` says of what they speak.
fn found(
    articles: &[(Article, Sheet)],
    aliases: &Aliases,
    extractor: &Extractor,
    instrument: impl Fn(&str, &AgreementCells) -> Option<String>,
) -> Labelled {
    let mut all = Labelled::default();
    for (article, label) in articles {
        let findings = extractor.extract(article).0;
        let found = Sheet::of_findings(article, &findings);
        for (wanted, found) in paired(aliases, label, &found) {
            if let (Some(wanted), Some(found)) = (label.agreements.get(wanted), findings.agreements.get(found))
                && let Some(instrument) = instrument(&label.stem, wanted)
            {
                all.instrument.insert((label.stem.clone(), found.key.clone()), instrument);
            }
        }
        all.documents.push(document(article, label, findings));
    }
    all
}

fn document(article: &Article, label: &Sheet, findings: Findings) -> Document {
    Document {
        id: label.stem.clone(),
        source: article.source.clone(),
        published: article.published.as_ref().map(|published| published.value.clone()),
        title: article.title.clone(),
        story: story_names(&article.text),
        passages: passage_words(&article.text, &findings),
        findings,
        ..Document::default()
    }
}

/// Weights by name, and the text in which they stand.
#[derive(Clone)]
struct Table {
    lines: Vec<Line>,
}

#[derive(Clone)]
enum Line {
    Other(String),
    /// A number that may be learned, with the comment after it.
    Value(String, f64, String),
}

impl Table {
    fn parse(text: &str) -> Self {
        let mut learned = false;
        let lines = text.lines().map(|line| {
            if line.starts_with('[') {
                learned = line.starts_with("[threshold]") || line.starts_with("[weight]");
            }
            let parts = line.split_once(" = ").filter(|_| learned);
            let value = parts.and_then(|(name, rest)| {
                let (number, comment) =
                    rest.split_once('#').map_or((rest, String::new()), |(number, rest)| (number, format!("#{rest}")));
                Some(Line::Value(name.to_owned(), number.trim().parse().ok()?, comment))
            });
            value.unwrap_or_else(|| Line::Other(line.to_owned()))
        });
        Self { lines: lines.collect() }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            let _ = match line {
                Line::Other(line) => writeln!(text, "{line}"),
                Line::Value(name, value, comment) => {
                    // No "-0.00".
                    let start = format!("{name} = {:.2}", (value * 100.0).round() / 100.0 + 0.0);
                    writeln!(text, "{}", format!("{start:<28}{comment}").trim_end())
                }
            };
        }
        text
    }

    fn get(&self, wanted: &str) -> f64 {
        let found = self.lines.iter().find_map(|line| match line {
            Line::Value(name, value, _) if name == wanted => Some(*value),
            _ => None,
        });
        found.unwrap_or(0.0)
    }

    fn change(&mut self, wanted: &str, by: f64) {
        for line in &mut self.lines {
            if let Line::Value(name, value, _) = line
                && name == wanted
            {
                *value = ((*value + by) * 100.0).round() / 100.0;
            }
        }
    }

    fn names(&self) -> Vec<String> {
        let names = self.lines.iter().filter_map(|line| match line {
            Line::Value(name, _, _) => Some(name.clone()),
            Line::Other(_) => None,
        });
        names.collect()
    }
}

const THRESHOLDS: [&str; 4] = ["join", "cluster", "best", "silent"];

/// A pair to learn from.
struct Known {
    signs: Vec<(usize, f64)>,
    right: bool,
    weight: f64,
    foreign: bool,
}

/// Moves the weights to what the pairs say.
fn regress(sets: &[Set], table: &mut Table) {
    let names: Vec<String> =
        table.names().into_iter().filter(|name| name != "bias" && !THRESHOLDS.contains(&name.as_str())).collect();
    let by_hand: Vec<f64> = names.iter().map(|name| table.get(name)).collect();
    let pairs: Vec<Known> = sets.iter().flat_map(|set| known_pairs(set, &names)).collect();
    eprintln!("{} pairs, {} of them of one instrument", pairs.len(), pairs.iter().filter(|pair| pair.right).count());
    // What speaks for one instrument does not come to speak against it, nor the other way: such a sign counts for nothing, and the others
    // are learned anew without it.
    let mut kept = vec![true; names.len()];
    loop {
        let rows: Vec<Row> = pairs.iter().map(|pair| pair.row(&by_hand, &kept)).collect();
        let (bias, changes) = descend(&rows, names.len() + 1, PENALTY);
        let crossed: Vec<usize> =
            (0..names.len()).filter(|at| kept[*at] && by_hand[*at] * (by_hand[*at] + changes[*at]) < 0.0).collect();
        if crossed.is_empty() {
            table.change("bias", bias - table.get("bias"));
            for (at, name) in names.iter().enumerate() {
                table.change(name, if kept[at] { changes[at] } else { -by_hand[at] });
            }
            return;
        }
        crossed.into_iter().for_each(|at| kept[at] = false);
    }
}

fn known_pairs(set: &Set, names: &[String]) -> Vec<Known> {
    let pairs = set.mentions.pairs();
    let known = set.known(&pairs);
    // An instrument that many articles tell of has pairs by the square of their number.
    let mut sizes: BTreeMap<&String, u32> = BTreeMap::new();
    for (_, (one, _)) in known.iter().filter(|(_, keys)| keys.0 == keys.1) {
        *sizes.entry(one).or_default() += 1;
    }
    let of_pair = |(pair, (one, other)): &(&Pair<'_>, (&String, &String))| {
        let of = |name: &String| pair.signs.iter().find(|(sign, _)| sign == name).map_or(0.0, |(_, share)| f64::from(*share));
        let right = one == other;
        let pairs = if right { f64::from(sizes.get(one).copied().unwrap_or(1)) } else { 1.0 };
        let twice = if right && !set.other_half.is_empty() { TWICE } else { 1.0 };
        Known {
            signs: names.iter().map(of).enumerate().filter(|(_, share)| *share != 0.0).collect(),
            right,
            weight: twice * set.weight * (3.0 / pairs.sqrt()).min(1.0),
            foreign: set.foreign,
        }
    };
    known.iter().map(of_pair).collect()
}

impl Known {
    /// The row of the regression: signs that are not kept are left out, and pairs of foreign sets have an intercept of their own, behind
    /// the signs, which is forgotten.
    fn row(&self, by_hand: &[f64], kept: &[bool]) -> Row {
        let mut columns: Vec<(usize, f64)> = self.signs.iter().copied().filter(|(at, _)| kept[*at]).collect();
        let offset = columns.iter().map(|(at, share)| by_hand[*at] * share).sum();
        columns.extend(self.foreign.then_some((by_hand.len(), 1.0)));
        Row { columns, right: self.right, offset, weight: self.weight }
    }
}

/// Ids of mentions decide between pairs of one weight: figures that hang on them say less.
const SALTS: [&str; 3] = ["", "again", "once more"];

/// Where so many mentions are judged, the figures hang on no single id.
const MANY: usize = 1000;

/// What it is worth to keep instruments whole, against B-cubed F1.
const WHOLE: f64 = 0.1;

/// How good the agreements are that come of the weights, in the half that is learned from.
fn quality(sets: &[Set], trial: &Trial) -> f64 {
    let of_set = |set: &Set| -> f64 {
        let salts = if set.labelled.instrument.len() < MANY { &SALTS[..] } else { &SALTS[..1] };
        let each = salts.iter().map(|salt| set.quality(&set.mentions.clusters(trial, salt)));
        set.share * each.sum::<f64>() / salts.len() as f64
    };
    sets.iter().map(of_set).sum()
}

/// What a move of a quarter must bring: less is noise.
const LEAST_GAIN: f64 = 0.0006;

const ROUNDS: usize = 3;

fn search(sets: &[Set], table: &mut Table) -> Result<()> {
    let weigh = |table: &Table, trial: &mut Trial| trial.weigh(&table.text()).map_err(|error| anyhow!(error));
    let (by_hand, mut trial) = (Table::parse(BY_HAND), trial(table)?);
    let mut best = quality(sets, &trial);
    for round in 0..ROUNDS {
        let before = best;
        for name in table.names() {
            for step in [0.25, -0.25, 0.5, -0.5] {
                let mut moved = table.clone();
                moved.change(&name, step);
                if !THRESHOLDS.contains(&name.as_str()) && by_hand.get(&name) * moved.get(&name) < 0.0 {
                    continue;
                }
                weigh(&moved, &mut trial)?;
                let reached = quality(sets, &trial);
                if reached > best + LEAST_GAIN * step.abs() / 0.25 {
                    (best, *table) = (reached, moved);
                }
            }
        }
        eprintln!("round {}: {best:.4}", round + 1);
        if best <= before {
            break;
        }
    }
    Ok(())
}

fn trial(table: &Table) -> Result<Trial> {
    Trial::parse(&table.text()).map_err(|error| anyhow!(error))
}

fn report(step: &str, sets: &[Set], table: &Table) -> Result<()> {
    let trial = trial(table)?;
    eprintln!("{step}");
    for set in sets {
        let clusters = set.mentions.clusters(&trial, "");
        eprintln!("  {:<15} all        {}", set.name, set.labelled.figures_of(&clusters, |_| true));
        if !set.other_half.is_empty() {
            eprintln!("  {:<15} learned on {}", "", set.labelled.figures_of(&clusters, |key| !set.other_half.contains(key)));
            eprintln!("  {:<15} other half {}", "", set.labelled.figures_of(&clusters, |key| set.other_half.contains(key)));
        }
    }
    Ok(())
}
