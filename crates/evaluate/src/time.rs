//! Scores time expressions on folders of TimeML files as the TempEval-3 scorer does: strict, relaxed, value and type F1, per document and in all,
//! with every mistake by kind.
//!
//! The counting itself is [`chancery_timex::score`]; here are the files, the table and the even and odd halves, so that what only the half used for
//! development gains shows.
use crate::Error;
use chancery_timex::score::{Counts, Fault, Scored, compare};
use chancery_timex::timeml::Document;
use chancery_timex::{Genre, Options, Reference, tag};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// Which files of a folder, by their place in sorted order, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Half {
    /// All of them.
    #[default]
    Both,
    /// The first, third, fifth …: the half for development.
    Even,
    /// The others: the half for judging.
    Odd,
}

/// How to score.
#[derive(Debug, Clone, Copy, Default)]
pub struct TimeOptions {
    /// Which files.
    pub half: Half,
    /// News or histories; guessed from each text unless set.
    pub genre: Genre,
    /// Leave out the documents and the mistakes: totals alone.
    pub brief: bool,
}

/// A mistake with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeMistake {
    /// What is wrong.
    pub fault: Fault,
    /// Name of the file, without its ending.
    pub document: String,
    /// Words, type and value of the gold expression.
    pub gold: Option<(String, String, String)>,
    /// The same of ours.
    pub ours: Option<(String, String, String)>,
    /// How ours was resolved.
    pub how: String,
}

/// Scores of one folder.
#[derive(Debug, Clone, Default)]
pub struct TimeReport {
    /// The folder's name.
    pub name: String,
    /// Counts of each document, in sorted order.
    pub documents: Vec<(String, Counts)>,
    /// Counts of the even-numbered documents.
    pub even: Counts,
    /// Counts of the odd-numbered ones.
    pub odd: Counts,
    /// Every mistake, in the order of the documents.
    pub mistakes: Vec<TimeMistake>,
    /// What the table shows.
    pub options: TimeOptions,
}

impl TimeReport {
    /// Counts of both halves.
    #[must_use]
    pub fn all(&self) -> Counts {
        let mut all = self.even;
        all += self.odd;
        all
    }
}

/// Scores the tagger on the `.tml` files of `dir`.
///
/// # Errors
/// Where the folder or a file cannot be read, or there is no TimeML in it.
pub fn evaluate(dir: &Path, options: TimeOptions) -> Result<TimeReport, Error> {
    let entries = std::fs::read_dir(dir).map_err(|error| Error::at(dir, error, "name a folder of TimeML files"))?;
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "tml"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(Error::at(dir, "no .tml files", "name a folder of TimeML files such as TimeBank"));
    }
    let mut report = TimeReport {
        name: dir.file_name().unwrap_or(dir.as_os_str()).to_string_lossy().into_owned(),
        options,
        ..TimeReport::default()
    };
    for (place, path) in files.iter().enumerate() {
        let even = place % 2 == 0;
        if options.half == Half::Even && !even || options.half == Half::Odd && even {
            continue;
        }
        let source = std::fs::read_to_string(path).map_err(|error| Error::at(path, error, "TimeML files must be UTF-8"))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (counts, mistakes) = score(&name, &source, options.genre);
        if even {
            report.even += counts;
        } else {
            report.odd += counts;
        }
        report.documents.push((name, counts));
        report.mistakes.extend(mistakes);
    }
    Ok(report)
}

/// Scores one document given as TimeML.
#[must_use]
pub fn score(name: &str, source: &str, genre: Genre) -> (Counts, Vec<TimeMistake>) {
    let document = Document::parse(source);
    let gold: Vec<Scored> = document
        .tagged
        .iter()
        .map(|tagged| Scored { start: tagged.start, end: tagged.end, kind: tagged.kind.clone(), value: tagged.value.clone() })
        .collect();
    let reference = document.created.as_deref().and_then(Reference::parse);
    let found = tag(&document.text, &Options::written(reference).with_genre(genre));
    let ours: Vec<Scored> = found
        .iter()
        .map(|timex| Scored {
            start: timex.start,
            end: timex.end,
            kind: timex.kind.as_str().into(),
            value: timex.value.clone().unwrap_or_default(),
        })
        .collect();
    let (counts, mistakes) = compare(&document.text, &gold, &ours);
    let show = |scored: &Scored| {
        (document.text.get(scored.start..scored.end).unwrap_or("").replace('\n', " "), scored.kind.clone(), scored.value.clone())
    };
    let mistakes = mistakes
        .into_iter()
        .map(|mistake| TimeMistake {
            fault: mistake.fault,
            document: name.to_owned(),
            gold: mistake.gold.and_then(|place| gold.get(place)).map(show),
            ours: mistake.system.and_then(|place| ours.get(place)).map(show),
            how: mistake.system.and_then(|place| found.get(place)).map(|timex| timex.how.clone()).unwrap_or_default(),
        })
        .collect();
    (counts, mistakes)
}

impl fmt::Display for TimeReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<28} strict relax. value    type   gold   ours  match  value", self.name)?;
        if !self.options.brief {
            for (name, counts) in &self.documents {
                writeln!(f, "{name:<28} {counts}")?;
            }
        }
        if self.options.half == Half::Both {
            writeln!(f, "{:<28} {}", "even-numbered documents", self.even)?;
            writeln!(f, "{:<28} {}", "odd-numbered documents", self.odd)?;
        }
        writeln!(f, "{:<28} {}", "all", self.all())?;
        let mut kinds: BTreeMap<Fault, usize> = BTreeMap::new();
        for mistake in &self.mistakes {
            *kinds.entry(mistake.fault).or_default() += 1;
        }
        let listed: Vec<String> = kinds.iter().map(|(fault, count)| format!("{count} {}", fault.as_str())).collect();
        writeln!(f, "mistakes: {}", if listed.is_empty() { "none".into() } else { listed.join(", ") })?;
        if !self.options.brief {
            for fault in Fault::ALL {
                for mistake in self.mistakes.iter().filter(|mistake| mistake.fault == fault) {
                    let side = |side: &Option<(String, String, String)>| {
                        side.as_ref().map_or("-".into(), |(words, kind, value)| format!("\"{words}\" {kind} {value}"))
                    };
                    writeln!(
                        f,
                        "{:<8} {:<24} gold {} | ours {} | {}",
                        fault.as_str(),
                        mistake.document,
                        side(&mistake.gold),
                        side(&mistake.ours),
                        mistake.how
                    )?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_DAYS: &str = "<TimeML><DCT><TIMEX3 tid=\"t0\" type=\"DATE\" value=\"2015-03-05\">20150305</TIMEX3></DCT><TEXT>The clerk wrote \
        <TIMEX3 tid=\"t1\" type=\"DATE\" value=\"2015-03-04\">yesterday</TIMEX3> &amp; again on <TIMEX3 tid=\"t2\" type=\"DATE\" value=\"2015-03-03\">Monday\
        </TIMEX3>.</TEXT></TimeML>";

    #[test]
    fn a_wrong_value_is_listed_and_lowers_value_f1_alone() {
        let (counts, mistakes) = score("clerk", TWO_DAYS, Genre::News);
        assert_eq!((counts.gold, counts.system, counts.strict, counts.relaxed, counts.value), (2, 2, 2, 2, 1));
        assert_eq!(mistakes.len(), 1);
        assert_eq!(mistakes[0].fault, Fault::Value);
        assert_eq!(mistakes[0].ours.as_ref().map(|ours| ours.2.as_str()), Some("2015-03-02"));
    }

    #[test]
    fn a_folder_without_timeml_says_what_to_do() {
        let error = evaluate(Path::new(env!("CARGO_MANIFEST_DIR")), TimeOptions::default()).expect_err("there is no TimeML here");
        assert!(error.to_string().contains("no .tml files; name a folder"), "{error}");
    }

    #[test]
    fn the_public_sets_reach_what_was_published_for_others() {
        let Ok(data) = std::env::var("CHANCERY_DATA") else {
            println!("skipped: CHANCERY_DATA does not name the data");
            return;
        };
        for (set, strict, relaxed, value) in
            [("TimeBank", 0.853, 0.919, 0.796), ("AQUAINT", 0.813, 0.925, 0.722), ("WikiWars", 0.855, 0.920, 0.828)]
        {
            let report =
                evaluate(&Path::new(&data).join("data/time").join(set), TimeOptions::default()).expect("the set is there");
            let all = report.all();
            assert!(all.strict_f1() > strict && all.relaxed_f1() > relaxed && all.value_f1() > value, "{report}");
        }
    }
}
