//! Rules: one TOML file per act, each rule with its reason and with sentences that it must and must not match.
//!
//! ```toml
//! [[rule]]
//! name      = "sign"
//! records   = "stage.signed"
//! why       = "Someone signs something that is an agreement."
//! trigger   = "[lemma=sign|initial & tag=VERB]"
//! agreement = "[agreement] = trigger >object"          # an argument: must be there for the rule to match
//! party     = "[actor] = trigger >subject"             # any other argument is taken where it is there
//! without   = ["[lemma=striker] = trigger >obj"]
//! yes       = ["[party Norway] signed [agreement the ferry accord]."]
//! no        = ["Norway signed a striker."]
//! ```
pub mod matching;
pub mod pattern;

use crate::error::{Error, line_of};
use chancery_agreement::{CommitmentCategory, Modality, PartyRole, RelationKind, StageKind, Strength};
use pattern::{NodePattern, PathPattern};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// What a rule records when it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Records {
    /// `stage.signed`: an event in the life of the agreement.
    Stage(StageKind),
    /// `commitment`: a provision; its category comes from the word lists unless the rule names one.
    Commitment(Option<CommitmentCategory>),
    /// `party.mediator`: an actor's part.
    Party(PartyRole),
    /// `relation.part_of`: how two agreements hang together (arguments `agreement` and `other`).
    Relation(RelationKind),
    /// `duration`, `renewal`, `articles`: a term of the agreement (argument `value`).
    Term(TermKind),
}

/// Terms that rules record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TermKind {
    /// How long it holds.
    Duration,
    /// For how long it is renewed.
    Renewal,
    /// How many articles or paragraphs it has.
    Articles,
}

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Unique name; it stands in the evidence of every cell that the rule gives.
    pub name: String,
    /// What it records.
    pub records: Records,
    /// Why the rule is there, for `explain`.
    pub why: String,
    /// The token that sets it off.
    pub trigger: NodePattern,
    /// Named arguments; `agreement` must be there for the rule to match, and so must those in `needs`.
    pub arguments: BTreeMap<String, PathPattern>,
    /// Further arguments that must be there.
    pub needs: Vec<String>,
    /// What must not be there.
    pub without: Vec<PathPattern>,
    /// Fixed modality, where the words themselves tell it ("failed to reach").
    pub modality: Option<Modality>,
    /// True where the words tell of an event only together with a date that can be read ("the 2002 ceasefire").
    pub dated: bool,
    /// Fixed strength of a commitment.
    pub strength: Option<Strength>,
    /// 0 to 1: how often the rule is right; it goes into the evidence.
    pub confidence: f32,
    /// Sentences that it must match, captures in brackets: `[agreement the pact]`.
    pub yes: Vec<String>,
    /// Sentences that it must not match.
    pub no: Vec<String>,
    /// The file it stands in.
    pub file: String,
    /// Line of the rule in its file.
    pub line: usize,
}

/// All rules, indexed by the lemma of their trigger.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    all: Vec<Rule>,
    by_lemma: FxHashMap<String, Vec<usize>>,
    any_lemma: Vec<usize>,
}

#[derive(serde::Deserialize)]
struct RuleFile {
    #[serde(default)]
    rule: Vec<toml::Spanned<toml::Table>>,
}

impl Rules {
    /// Reads rule files: pairs of file name (for errors) and content.
    ///
    /// # Errors
    /// The first rule that cannot be used, with file, line and what was expected.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, Error> {
        let mut rules = Self::default();
        for (file, text) in files {
            let parsed: RuleFile = toml::from_str(text).map_err(|error| Error::toml(file, text, &error))?;
            for entry in parsed.rule {
                let line = line_of(text, entry.span().start);
                let rule = rule(file, line, entry.into_inner())?;
                if let Some(twin) = rules.all.iter().find(|other| other.name == rule.name) {
                    let message = format!("rule `{}` stands in {}:{} too: give it another name", rule.name, twin.file, twin.line);
                    return Err(Error::new(file, Some(line), message));
                }
                rules.add(rule);
            }
        }
        Ok(rules)
    }

    fn add(&mut self, rule: Rule) {
        let index = self.all.len();
        match rule.trigger.lemmas() {
            Some(lemmas) => {
                for lemma in lemmas {
                    self.by_lemma.entry(lemma.clone()).or_default().push(index);
                }
            }
            None => self.any_lemma.push(index),
        }
        self.all.push(rule);
    }

    /// All rules, in the order of the files.
    #[must_use]
    pub fn all(&self) -> &[Rule] {
        &self.all
    }

    /// Rules that a token with this lemma may set off.
    pub fn triggered_by<'s>(&'s self, lemma: &str) -> impl Iterator<Item = &'s Rule> + use<'s> {
        let indexed = self.by_lemma.get(lemma).map_or(&[][..], Vec::as_slice);
        indexed.iter().chain(&self.any_lemma).filter_map(|&index| self.all.get(index))
    }
}

fn rule(file: &str, line: usize, mut table: toml::Table) -> Result<Rule, Error> {
    let fail = |message: String| Error::new(file, Some(line), message);
    let mut text = |key: &str| match table.remove(key) {
        Some(toml::Value::String(value)) => Ok(Some(value)),
        Some(_) => Err(fail(format!("`{key}` must be a string"))),
        None => Ok(None),
    };
    let name = text("name")?.ok_or_else(|| fail("a rule needs a `name`".into()))?;
    let in_rule = |message: String| Error::new(file, Some(line), format!("rule `{name}`: {message}"));
    let records = text("records")?.ok_or_else(|| in_rule("`records` is missing, e.g. records = \"stage.signed\"".into()))?;
    let records = records_of(&records).map_err(&in_rule)?;
    let why = text("why")?.ok_or_else(|| in_rule("`why` is missing: one sentence that `explain` can show".into()))?;
    let trigger = text("trigger")?.ok_or_else(|| in_rule("`trigger` is missing, e.g. trigger = \"[lemma=sign]\"".into()))?;
    let trigger = NodePattern::parse(&trigger).map_err(|error| in_rule(format!("trigger, {error}")))?;
    let modality = text("modality")?.map(|word| word.parse()).transpose().map_err(|error| in_rule(format!("{error}")))?;
    let strength = text("strength")?.map(|word| word.parse()).transpose().map_err(|error| in_rule(format!("{error}")))?;
    let mut strings = |key: &str| match table.remove(key) {
        None => Ok(Vec::new()),
        Some(toml::Value::String(value)) => Ok(vec![value]),
        Some(toml::Value::Array(values)) => values
            .into_iter()
            .map(|value| value.as_str().map(str::to_owned).ok_or_else(|| in_rule(format!("`{key}` must hold strings"))))
            .collect(),
        Some(_) => Err(in_rule(format!("`{key}` must be a list of strings"))),
    };
    let (yes, no, needs) = (strings("yes")?, strings("no")?, strings("needs")?);
    let without = strings("without")?
        .iter()
        .map(|path| PathPattern::parse(path).map_err(|error| in_rule(format!("without, {error}"))))
        .collect::<Result<_, _>>()?;
    if yes.is_empty() || no.is_empty() {
        return Err(in_rule("a rule carries sentences of its own: give at least one `yes` and one `no`".into()));
    }
    #[expect(clippy::cast_possible_truncation, reason = "a confidence needs no more than single precision")]
    let confidence = match table.remove("confidence") {
        None => 0.8,
        Some(toml::Value::Float(value)) if (0.0..=1.0).contains(&value) => value as f32,
        Some(_) => return Err(in_rule("`confidence` must be a number from 0.0 to 1.0".into())),
    };
    let dated = match table.remove("dated") {
        None => false,
        Some(toml::Value::Boolean(value)) => value,
        Some(_) => return Err(in_rule("`dated` must be true or false".into())),
    };
    let mut arguments = BTreeMap::new();
    for (key, value) in table {
        if !ARGUMENTS.contains(&key.as_str()) {
            return Err(in_rule(format!("unknown key `{key}`; arguments are {}", ARGUMENTS.join(", "))));
        }
        let path = value.as_str().ok_or_else(|| in_rule(format!("`{key}` must be a string")))?;
        let path = PathPattern::parse(path).map_err(|error| in_rule(format!("{key}, {error}")))?;
        arguments.insert(key, path);
    }
    if let Some(missing) = needs.iter().find(|need| !arguments.contains_key(*need)) {
        return Err(in_rule(format!("`needs` names `{missing}`, which is no argument of the rule")));
    }
    Ok(Rule {
        name,
        records,
        why,
        trigger,
        arguments,
        needs,
        without,
        modality,
        dated,
        strength,
        confidence,
        yes,
        no,
        file: file.to_owned(),
        line,
    })
}

/// Names of arguments that the engine knows what to do with.
const ARGUMENTS: &[&str] = &["agreement", "other", "party", "value", "provision", "via"];

fn records_of(text: &str) -> Result<Records, String> {
    let (kind, detail) = text.split_once('.').map_or((text, None), |(kind, detail)| (kind, Some(detail)));
    let parsed = match (kind, detail) {
        ("stage", Some(word)) => Records::Stage(word.parse().map_err(|error| format!("{error}"))?),
        ("commitment", None) => Records::Commitment(None),
        ("commitment", Some(word)) => Records::Commitment(Some(word.parse().map_err(|error| format!("{error}"))?)),
        ("party", Some(word)) => Records::Party(word.parse().map_err(|error| format!("{error}"))?),
        ("relation", Some(word)) => Records::Relation(word.parse().map_err(|error| format!("{error}"))?),
        ("duration", None) => Records::Term(TermKind::Duration),
        ("renewal", None) => Records::Term(TermKind::Renewal),
        ("articles", None) => Records::Term(TermKind::Articles),
        _ => {
            return Err(format!(
                "unknown record `{text}`; known are stage.*, commitment, commitment.*, party.*, relation.*, duration, renewal, \
                 articles"
            ));
        }
    };
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\n[[rule]]\nname = \"sign\"\nrecords = \"stage.signed\"\nwhy = \"w\"\ntrigger = \"[lemma=sign]\"\n\
                        agreement = \"[agreement] = trigger >object\"\nyes = [\"a\"]\nno = [\"b\"]\n";

    #[test]
    fn rules_are_found_by_the_lemma_of_their_trigger() {
        let rules = Rules::read(&[("a.toml", GOOD)]).unwrap();
        assert_eq!(rules.triggered_by("sign").count(), 1);
        assert_eq!(rules.triggered_by("ratify").count(), 0);
    }

    #[test]
    fn errors_name_file_line_rule_and_what_was_expected() {
        let error = |from: &str, to: &str| Rules::read(&[("a.toml", &GOOD.replace(from, to))]).unwrap_err().to_string();
        assert!(error("stage.signed", "stage.sined").starts_with("a.toml:2: rule `sign`: unknown stage `sined`"));
        assert!(error(">object", ">objct").contains("a.toml:2: rule `sign`: agreement, at character"));
        assert!(error("agreement =", "agremeent =").contains("unknown key `agremeent`"));
        assert!(error("yes = [\"a\"]", "").contains("at least one `yes`"));
        let twice = format!("{GOOD}{GOOD}");
        assert!(Rules::read(&[("a.toml", &twice)]).unwrap_err().to_string().contains("stands in a.toml:2 too"));
    }
}
