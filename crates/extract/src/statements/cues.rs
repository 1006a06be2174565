//! Cue words of speech and attitude, as `rules/en/speech.toml` and its siblings list them.
use crate::error::Error;
use crate::statements::model::stem;
use chancery_agreement::Stance;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The forms of content that a cue can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Frame {
    /// A finite clause, with or without "that", "whether", "how".
    Clause,
    /// A quotation beside it.
    Quote,
    /// An infinitive.
    To,
    /// A nominal object and what belongs to it.
    Object,
    /// The object is who is spoken to.
    Whom,
    /// "of" and its nominal.
    Of,
    /// "for" and its nominal.
    For,
    /// "on" and its nominal.
    On,
    /// "upon" and its nominal.
    Upon,
    /// "against" and its nominal.
    Against,
    /// "at" and its nominal.
    At,
    /// "with" and its nominal.
    With,
    /// "by" and its nominal.
    By,
    /// "about" and its nominal.
    About,
    /// "as" and its nominal.
    As,
    /// "over" and its nominal.
    Over,
    /// "in" and its nominal.
    In,
}

impl Frame {
    /// The frame that a preposition opens.
    #[must_use]
    pub fn of_preposition(word: &str) -> Option<Self> {
        Some(match word {
            "of" => Self::Of,
            "for" => Self::For,
            "on" => Self::On,
            "upon" => Self::Upon,
            "against" => Self::Against,
            "at" => Self::At,
            "with" => Self::With,
            "by" => Self::By,
            "about" => Self::About,
            "as" => Self::As,
            "over" => Self::Over,
            "in" => Self::In,
            "to" => Self::To,
            _ => return None,
        })
    }
}

/// How near to speech a cue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// Words were uttered or written.
    Speech,
    /// A position was taken.
    Attitude,
    /// An inner state or a deed that only the annotation format records.
    Weak,
}

/// What one verb is with one form of content.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// How near to speech.
    pub weight: Weight,
    /// Where the speaker stands, unless the content says otherwise.
    pub stance: Stance,
}

/// All cues.
#[derive(Debug, Clone, Default)]
pub struct Cues {
    verbs: FxHashMap<String, BTreeMap<Frame, Reading>>,
    nouns: FxHashMap<String, BTreeMap<Frame, Reading>>,
    adjectives: FxHashMap<String, BTreeMap<Frame, Reading>>,
    not_speech: FxHashSet<String>,
    forms: FxHashMap<String, String>,
    /// Sentences of the file's own: what must and must not be found in them.
    pub examples: Vec<Example>,
    /// Words of stance, by what they say, with and without their endings.
    stances: FxHashMap<String, FxHashSet<String>>,
    /// Words about people.
    people: FxHashMap<String, FxHashSet<String>>,
    /// Words by which the reach of source, cue and content is told.
    words: FxHashMap<String, FxHashSet<String>>,
}

/// Sentences of an entry's own.
#[derive(Debug, Clone)]
pub struct Example {
    /// The sentence, with `[source …]`, `[cue …]`, `[content …]` marked where something must be found.
    pub text: String,
    /// False where nothing must be found.
    pub found: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    cue: Vec<Entry>,
    #[serde(default)]
    noun: Vec<NounEntry>,
    #[serde(default)]
    adjective: Vec<AdjectiveEntry>,
    #[serde(rename = "not-speech")]
    not_speech: Verbs,
    forms: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kind: Weight,
    stance: String,
    takes: Vec<Frame>,
    verbs: Vec<String>,
    yes: Vec<String>,
    no: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NounEntry {
    kind: Weight,
    stance: String,
    takes: Vec<Frame>,
    nouns: Vec<String>,
    yes: Vec<String>,
    no: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdjectiveEntry {
    kind: Weight,
    stance: String,
    takes: Vec<Frame>,
    adjectives: Vec<String>,
    yes: Vec<String>,
    no: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verbs {
    verbs: FxHashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: FxHashSet<String>,
    #[serde(default)]
    yes: Vec<String>,
    #[serde(default)]
    no: Vec<String>,
}

impl Cues {
    /// Reads the file of cues, the files of stance words, of words about people and of words about reach; each a pair of file name (for
    /// errors) and content.
    ///
    /// # Errors
    /// The place in the file and what was expected.
    pub fn read(cues: (&str, &str), stances: (&str, &str), people: (&str, &str), words: (&str, &str)) -> Result<Self, Error> {
        let (file, text) = cues;
        let parsed: File = toml::from_str(text).map_err(|error| Error::toml(file, text, &error))?;
        let mut all = Self::default();
        let stance_of =
            |word: &str| -> Result<Stance, Error> { word.parse().map_err(|error| Error::new(file, None, format!("{error}"))) };
        for entry in parsed.cue {
            let reading = Reading { weight: entry.kind, stance: stance_of(&entry.stance)? };
            if entry.takes.is_empty() || entry.yes.is_empty() || entry.no.is_empty() {
                return Err(Error::new(
                    file,
                    None,
                    format!("the entry of `{}` needs `takes`, `yes` and `no`", entry.verbs.join(", ")),
                ));
            }
            for verb in &entry.verbs {
                let frames = all.verbs.entry(verb.clone()).or_default();
                for frame in &entry.takes {
                    frames.entry(*frame).or_insert(reading);
                }
            }
            all.examples.extend(entry.yes.into_iter().map(|text| Example { text, found: true }));
            all.examples.extend(entry.no.into_iter().map(|text| Example { text, found: false }));
        }
        for entry in parsed.noun {
            let reading = Reading { weight: entry.kind, stance: stance_of(&entry.stance)? };
            for noun in &entry.nouns {
                let frames = all.nouns.entry(noun.clone()).or_default();
                for frame in &entry.takes {
                    frames.entry(*frame).or_insert(reading);
                }
            }
            all.examples.extend(entry.yes.into_iter().map(|text| Example { text, found: true }));
            all.examples.extend(entry.no.into_iter().map(|text| Example { text, found: false }));
        }
        for entry in parsed.adjective {
            let reading = Reading { weight: entry.kind, stance: stance_of(&entry.stance)? };
            for adjective in &entry.adjectives {
                let frames = all.adjectives.entry(adjective.clone()).or_default();
                for frame in &entry.takes {
                    frames.entry(*frame).or_insert(reading);
                }
            }
            all.examples.extend(entry.yes.into_iter().map(|text| Example { text, found: true }));
            all.examples.extend(entry.no.into_iter().map(|text| Example { text, found: false }));
        }
        all.not_speech = parsed.not_speech.verbs;
        all.collect_forms(&parsed.forms);
        let lists = |(file, text): (&str, &str)| -> Result<BTreeMap<String, FxHashSet<String>>, Error> {
            let parsed: BTreeMap<String, Words> = toml::from_str(text).map_err(|error| Error::toml(file, text, &error))?;
            for (name, list) in &parsed {
                // Every list shows what it is for: a word of it in a sentence, and a sentence without one.
                let holds = |sentence: &String| {
                    let lower = sentence.to_lowercase();
                    let mut words = lower.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-' | '.'));
                    words.any(|word| list.words.contains(word) || list.words.contains(word.trim_end_matches('.')))
                };
                if let Some(wrong) =
                    list.yes.iter().find(|sentence| !holds(sentence)).or(list.no.iter().find(|sentence| holds(sentence)))
                {
                    return Err(Error::new(
                        file,
                        None,
                        format!("list `{name}`: its own sentence `{wrong}` does not do what it should"),
                    ));
                }
            }
            Ok(parsed.into_iter().map(|(name, list)| (name, list.words)).collect())
        };
        let with_stems = |(name, mut words): (String, FxHashSet<String>)| {
            let stems: Vec<String> = words.iter().map(|word| stem(word).to_owned()).collect();
            words.extend(stems);
            (name, words)
        };
        all.stances = lists(stances)?.into_iter().map(with_stems).collect();
        all.people = lists(people)?.into_iter().collect();
        all.words = lists(words)?.into_iter().collect();
        Ok(all)
    }

    fn collect_forms(&mut self, irregular: &BTreeMap<String, Vec<String>>) {
        let mut forms = FxHashMap::default();
        let mut lemmas: Vec<&String> = self.verbs.keys().chain(self.not_speech.iter()).collect();
        lemmas.sort_unstable();
        for lemma in lemmas {
            let verb = lemma.split(' ').next().unwrap_or(lemma);
            for form in inflect(verb) {
                forms.entry(form).or_insert_with(|| verb.to_owned());
            }
        }
        for (lemma, more) in irregular {
            for form in more {
                forms.insert(form.clone(), lemma.clone());
            }
        }
        self.forms = forms;
    }

    /// Dictionary form of a cue verb's form (lower case); `None` for words that are no form of a cue verb.
    #[must_use]
    pub fn lemma(&self, form: &str) -> Option<&str> {
        self.forms.get(form).map(String::as_str)
    }

    /// What the verb, with its particle if it has one ("point out"), can take.
    #[must_use]
    pub fn verb(&self, lemma: &str) -> Option<&BTreeMap<Frame, Reading>> {
        self.verbs.get(lemma)
    }

    /// What the noun can take.
    #[must_use]
    pub fn noun(&self, lemma: &str) -> Option<&BTreeMap<Frame, Reading>> {
        self.nouns.get(lemma)
    }

    /// What the adjective, as a predicate, can take.
    #[must_use]
    pub fn adjective(&self, form: &str) -> Option<&BTreeMap<Frame, Reading>> {
        self.adjectives.get(form)
    }

    /// True for verbs whose clause is no one's speech.
    #[must_use]
    pub fn is_not_speech(&self, lemma: &str) -> bool {
        self.not_speech.contains(lemma)
    }

    /// True when `word`, with or without its ending, is in the list of stance words `list`.
    #[must_use]
    pub fn stance_word(&self, list: &str, word: &str) -> bool {
        self.stances.get(list).is_some_and(|words| words.contains(word) || words.contains(stem(word)))
    }

    /// True when `word` is in the list of words about people `list`.
    #[must_use]
    pub fn person_word(&self, list: &str, word: &str) -> bool {
        self.people.get(list).is_some_and(|words| words.contains(word))
    }

    /// True when `word` is in the list of words about reach `list`.
    #[must_use]
    pub fn word(&self, list: &str, word: &str) -> bool {
        self.words.get(list).is_some_and(|words| words.contains(word))
    }

    /// True when `form` (lower case) may be a cue that tells of speech or attitude: a cheap test before anything is parsed.
    #[must_use]
    pub fn may_cue(&self, form: &str, weak: bool) -> bool {
        let strong = |frames: &BTreeMap<Frame, Reading>| weak || frames.values().any(|reading| reading.weight != Weight::Weak);
        if let Some(lemma) = self.forms.get(form)
            && self.verbs.get(lemma.as_str()).is_some_and(strong)
        {
            return true;
        }
        let singular = form.strip_suffix('s').unwrap_or(form);
        self.nouns.get(singular).or_else(|| self.nouns.get(form)).is_some_and(strong)
    }
}

/// The regular forms of a verb: "deny" gives "denies", "denied", "denying".
fn inflect(verb: &str) -> Vec<String> {
    let mut forms = vec![verb.to_owned()];
    let stem_y = verb.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    if let Some(stem) = stem_y {
        forms.extend([format!("{stem}ies"), format!("{stem}ied"), format!("{verb}ing")]);
    } else if let Some(stem) = verb.strip_suffix('e') {
        forms.extend([format!("{verb}s"), format!("{verb}d"), format!("{stem}ing"), format!("{verb}ing")]);
    } else {
        let plural = if verb.ends_with(['s', 'x']) || verb.ends_with("ch") || verb.ends_with("sh") { "es" } else { "s" };
        forms.extend([format!("{verb}{plural}"), format!("{verb}ed"), format!("{verb}ing")]);
    }
    forms
}
