//! Accuracy may rise, never fall: figures of `chancery evaluate` against those recorded in scores.toml.
use crate::copies::shared_folder;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// A figure may lie so far below the recorded one: rounding, not loss.
pub const SLACK: f64 = 0.01;

/// The recorded figures.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scores {
    /// What to run, in the order of the file.
    pub runs: Vec<Run>,
}

/// One run of `chancery evaluate` and what it must print.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    /// Words after `chancery evaluate`.
    pub arguments: Vec<String>,
    /// Figures that must not fall more than [`SLACK`] below these.
    pub at_least: BTreeMap<String, f64>,
    /// Figures that must not rise above these: counts of defects.
    pub at_most: BTreeMap<String, f64>,
}

/// Runs everything that scores.toml names. Prints each figure beside the recorded one.
///
/// # Errors
/// When scores.toml cannot be read, or the program cannot be built or run.
pub fn run() -> Result<bool> {
    let Some(shared) = shared_folder() else {
        println!("scores: skipped, CHANCERY_DATA names no folder with labelled data");
        return Ok(true);
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask stands in no workspace")?;
    let text = std::fs::read_to_string(root.join("scores.toml")).context("scores.toml cannot be read")?;
    let scores = Scores::parse(&text)?;
    let binary = crate::bench::release_binary(root)?;
    let mut passed = true;
    for run in &scores.runs {
        let output = Command::new(&binary)
            .arg("evaluate")
            .args(&run.arguments)
            .arg("--json")
            .env("CHANCERY_DATA", &shared)
            .output()
            .with_context(|| format!("{} cannot be run", binary.display()))?;
        let command = format!("chancery evaluate {}", run.arguments.join(" "));
        if !output.status.success() {
            bail!("`{command}` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let figures = figures(&String::from_utf8_lossy(&output.stdout)).with_context(|| format!("`{command} --json`"))?;
        println!("{command}");
        for verdict in run.compare(&figures) {
            passed &= verdict.passed;
            println!("  {}", verdict.line);
        }
    }
    println!("{}", if passed { "scores: none has fallen" } else { "scores: SOME HAVE FALLEN" });
    Ok(passed)
}

/// What became of one recorded figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it holds.
    pub passed: bool,
    /// The figure, the recorded one, and what follows.
    pub line: String,
}

impl Scores {
    /// Reads scores.toml.
    ///
    /// # Errors
    /// When it is not what this file expects; the message says where.
    pub fn parse(text: &str) -> Result<Self> {
        let table: toml::Table = text.parse().context("scores.toml is not TOML")?;
        let runs = table.get("run").and_then(toml::Value::as_array).context("scores.toml has no [[run]]")?;
        let runs = runs.iter().map(Run::parse).collect::<Result<_>>()?;
        Ok(Self { runs })
    }
}

impl Run {
    fn parse(value: &toml::Value) -> Result<Self> {
        let evaluate =
            value.get("evaluate").and_then(toml::Value::as_str).context("a [[run]] of scores.toml lacks `evaluate`")?;
        let arguments = evaluate.split_whitespace().map(str::to_owned).collect();
        let bounds = |name: &str| -> Result<BTreeMap<String, f64>> {
            let Some(table) = value.get(name).and_then(toml::Value::as_table) else { return Ok(BTreeMap::new()) };
            table
                .iter()
                .map(|(figure, bound)| {
                    let number = bound.as_float().or_else(|| bound.as_integer().map(|whole| whole as f64));
                    Ok((figure.clone(), number.with_context(|| format!("`{figure}` in scores.toml is no number"))?))
                })
                .collect()
        };
        Ok(Self { arguments, at_least: bounds("at_least")?, at_most: bounds("at_most")? })
    }

    /// Compares printed figures with the recorded ones. A figure that is no longer printed fails.
    #[must_use]
    pub fn compare(&self, figures: &BTreeMap<String, f64>) -> Vec<Verdict> {
        let verdict = |name: &str, bound: f64, floor: bool| {
            let Some(&figure) = figures.get(name) else {
                return Verdict { passed: false, line: format!("{name}: no longer printed (recorded {bound:.3})") };
            };
            let passed = if floor { figure >= bound - SLACK } else { figure <= bound };
            let remark = match (passed, floor) {
                (true, true) if figure > bound + SLACK => "  gained: raise scores.toml",
                (true, _) => "",
                (false, _) => "  FELL",
            };
            let recorded = if floor { "at least" } else { "at most" };
            Verdict { passed, line: format!("{name:<32} {figure:>8.3}  ({recorded} {bound:.3}){remark}") }
        };
        let floors = self.at_least.iter().map(|(name, &bound)| verdict(name, bound, true));
        let ceilings = self.at_most.iter().map(|(name, &bound)| verdict(name, bound, false));
        floors.chain(ceilings).collect()
    }
}

/// The numbers of a JSON object, those of nested objects under `outer.inner`.
fn figures(json: &str) -> Result<BTreeMap<String, f64>> {
    let value: Value = serde_json::from_str(json).context("prints no JSON object")?;
    let mut found = BTreeMap::new();
    let mut pending = vec![(String::new(), &value)];
    while let Some((name, value)) = pending.pop() {
        match value {
            Value::Number(number) => drop(found.insert(name, number.as_f64().context("a number out of range")?)),
            Value::Object(members) => {
                for (key, member) in members {
                    let dot = if name.is_empty() { "" } else { "." };
                    pending.push((format!("{name}{dot}{key}"), member));
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "[[run]]\nevaluate = \"agreements dev\"\nat_least = { overall = 0.5 }\nat_most = { inexact = 0 }\n";

    fn verdicts(json: &str) -> Vec<bool> {
        let scores = Scores::parse(FILE).unwrap();
        scores.runs[0].compare(&figures(json).unwrap()).iter().map(|verdict| verdict.passed).collect()
    }

    #[test]
    fn a_figure_may_dip_by_a_hundredth_and_no_more() {
        assert_eq!(verdicts(r#"{"overall": 0.495, "inexact": 0}"#), [true, true]);
        assert_eq!(verdicts(r#"{"overall": 0.485, "inexact": 0}"#), [false, true]);
    }

    #[test]
    fn a_count_of_defects_may_not_rise_at_all() {
        assert_eq!(verdicts(r#"{"overall": 0.6, "inexact": 1}"#), [true, false]);
    }

    #[test]
    fn a_figure_that_vanished_fails() {
        assert_eq!(verdicts(r#"{"inexact": 0}"#), [false, true]);
    }

    #[test]
    fn nested_objects_give_dotted_names() {
        let figures = figures(r#"{"stage": {"f1": 0.5}, "note": "x"}"#).unwrap();
        assert_eq!(figures.into_iter().collect::<Vec<_>>(), [("stage.f1".to_owned(), 0.5)]);
    }
}
