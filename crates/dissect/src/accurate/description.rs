//! The description beside a model: hashes, limits, and what the classes of each head stand for. JSON, as the trainer writes it.
use super::error::Error;
use super::shape::SHAPES;
use super::spans::{Labels, Tuning};
use crate::fast::weights::RELATIONS;
use crate::focus::Reach;
use crate::lemma;
use crate::marks::MarkKind;
use crate::names::NameKind;
use crate::reading::{Number, Tense, Upos, VerbForm};
use chancery_agreement::{CommitmentCategory, Modality, StageKind};
use serde_json::Value;

/// What a model takes and gives.
#[derive(Debug)]
pub struct Description {
    /// SHA-256 of the model, in hexadecimal.
    pub sha256: String,
    /// SHA-256 of the vocabulary, where the description gives it.
    pub vocabulary_sha256: Option<String>,
    /// Most words of a sentence that is read in one piece.
    pub most_words: usize,
    /// Most word pieces, the two at the ends among them.
    pub most_pieces: usize,
    /// Relations, in the order of their classes.
    pub relations: Vec<&'static str>,
    /// Universal parts of speech.
    pub upos: Vec<Upos>,
    /// Bundles of features.
    pub features: Vec<Bundle>,
    /// Lemma rules.
    pub lemmas: Vec<LemmaRule>,
    /// Names.
    pub names: Option<Labels<NameKind>>,
    /// Heads of marks, each with the name of its output and its labels. Of stages the modality is still open.
    pub marks: Vec<(&'static str, Labels<MarkKind>)>,
    /// What came of a stage; `None` for words outside of stages.
    pub modality: Option<Vec<Option<Modality>>>,
    /// The network of the second look, where there is one.
    pub focus: Option<FocusDescription>,
}

/// What the network of the second look takes and gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FocusDescription {
    /// SHA-256 of the network, in hexadecimal.
    pub sha256: String,
    /// What its classes stand for.
    pub heads: Heads,
}

/// What the classes of the second look stand for, and how far it reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heads {
    /// What is looked at.
    pub reach: Reach,
    /// Stages; `None` for words that tell of none.
    pub stages: Vec<Option<StageKind>>,
    /// What came of a stage.
    pub modalities: Vec<Modality>,
    /// Categories of commitments; `None` for words that tell of none.
    pub commitments: Vec<Option<CommitmentCategory>>,
}

impl FocusDescription {
    fn read(value: &Value) -> Result<Self, Error> {
        let missing = |field: &str| Error::description(format!("`{field}` of `focus` is missing"));
        let number = |field: &str| {
            let number = value.get(field).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
            number.filter(|&number| number > 0).ok_or_else(|| missing(field))
        };
        let list = |field: &str| words(value, field)?.ok_or_else(|| missing(field));
        Ok(Self {
            sha256: value.get("sha256").and_then(Value::as_str).ok_or_else(|| missing("sha256"))?.to_owned(),
            heads: Heads {
                reach: Reach { tokens: number("most_words")?, back: number("back")?, ahead: number("ahead")? },
                stages: each("stage", &list("stage")?, outside_or)?,
                modalities: each("modality", &list("modality")?, |word| word.parse().ok())?,
                commitments: each("commitment", &list("commitment")?, outside_or)?,
            },
        })
    }
}

/// Features that go together, as far as they tell the tag of the Penn Treebank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bundle {
    tense: Option<Tense>,
    number: Option<Number>,
    imperative: bool,
    verb_form: Option<VerbForm>,
    third_person: bool,
    /// Above the positive.
    degree: Option<Degree>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Degree {
    Comparative,
    Superlative,
}

/// How a lemma is made of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LemmaRule {
    /// The form as it stands.
    Keep,
    /// In lower case, so many characters off the end, these added.
    Ending {
        /// Characters that go.
        strip: usize,
        /// What comes in their place.
        add: Box<str>,
    },
}

/// The heads of marks, by the names of their outputs.
const MARK_HEADS: [&str; 8] = ["agreement", "party", "stage", "commitment", "source", "cue", "content", "title"];

impl Description {
    /// Reads a description.
    ///
    /// # Errors
    /// Names the field that is missing or holds what this program does not know.
    pub fn read(json: &str) -> Result<Self, Error> {
        let value: Value = serde_json::from_str(json).map_err(|error| Error::description(format!("no JSON: {error}")))?;
        let text = |field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
        let words = |field: &str| words(&value, field);
        let number = |field: &str| value.get(field).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
        let missing = |field: &str| Error::description(format!("`{field}` is missing"));
        let tuning = |head: &str| tuning(&value, head);
        if words("shapes")?.is_none_or(|shapes| shapes != SHAPES) {
            return Err(Error::description(format!("`shapes` is not {SHAPES:?}")));
        }
        let mut marks = Vec::new();
        for head in MARK_HEADS {
            if let Some(labels) = words(head)? {
                marks.push((head, Labels::new(head, &labels, tuning(head)?, |kind| mark_kind(head, kind))?));
            }
        }
        let name_tuning = tuning("names")?;
        let names = words("names")?.map(|labels| Labels::new("names", &labels, name_tuning, name_kind)).transpose()?;
        let modality = words("modality")?.map(|words| each("modality", &words, outside_or)).transpose()?;
        Ok(Self {
            sha256: text("sha256").ok_or_else(|| missing("sha256"))?,
            vocabulary_sha256: text("vocabulary_sha256"),
            most_words: number("most_words").filter(|&most| most > 0).ok_or_else(|| missing("most_words"))?,
            most_pieces: number("most_pieces")
                .filter(|&most| most >= super::pieces::MOST_PIECES_OF_WORD + 2)
                .ok_or_else(|| missing("most_pieces"))?,
            relations: each("relations", &words("relations")?.ok_or_else(|| missing("relations"))?, relation)?,
            upos: each("upos", &words("upos")?.ok_or_else(|| missing("upos"))?, Upos::parse)?,
            features: each("feats", &words("feats")?.ok_or_else(|| missing("feats"))?, |bundle| Some(Bundle::read(bundle)))?,
            lemmas: each("lemma", &words("lemma")?.ok_or_else(|| missing("lemma"))?, LemmaRule::read)?,
            names,
            marks,
            modality,
            focus: value.get("focus").map(FocusDescription::read).transpose()?,
        })
    }
}

/// The words in the list `field`; `None` where there is no such field.
fn words(value: &Value, field: &str) -> Result<Option<Vec<String>>, Error> {
    let Some(value) = value.get(field).filter(|value| !value.is_null()) else { return Ok(None) };
    let words = value.as_array().and_then(|words| words.iter().map(|word| word.as_str().map(str::to_owned)).collect());
    words.map(Some).ok_or_else(|| Error::description(format!("`{field}` is no list of words")))
}

/// What was set for `head` after training: its entries in `bias` and `temperature`, where there are any.
fn tuning(value: &Value, head: &str) -> Result<Tuning, Error> {
    let number = |field: &str| value.get(field).and_then(|numbers| numbers.get(head)).map(|number| (number.as_f64(), number));
    let mut tuning = Tuning::default();
    if let Some((bias, written)) = number("bias") {
        tuning.bias = bias.ok_or_else(|| Error::description(format!("`bias` of `{head}` is {written}, no number")))?;
    }
    if let Some((temperature, written)) = number("temperature") {
        #[expect(clippy::cast_possible_truncation, reason = "a number of few digits")]
        let fitting = temperature.map(|number| number as f32).filter(|number| (0.01..=100.0).contains(number));
        tuning.temperature =
            fitting.ok_or_else(|| Error::description(format!("`temperature` of `{head}` is {written}, not from .01 to 100")))?;
    }
    Ok(tuning)
}

/// What each of the words of `field` stands for.
fn each<T>(field: &str, words: &[String], read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Error> {
    if words.is_empty() {
        return Err(Error::description(format!("`{field}` is empty")));
    }
    let one = |word: &String| read(word).ok_or_else(|| Error::description(format!("`{field}` has the unknown `{word}`")));
    words.iter().map(one).collect()
}

/// A relation of Universal Dependencies as English treebanks use them.
fn relation(word: &str) -> Option<&'static str> {
    RELATIONS.into_iter().find(|&relation| relation == word)
}

fn name_kind(word: &str) -> Option<NameKind> {
    match word {
        "PER" => Some(NameKind::Person),
        "ORG" => Some(NameKind::Organization),
        "LOC" | "POLITY" => Some(NameKind::Place),
        _ => None,
    }
}

fn mark_kind(head: &str, word: &str) -> Option<MarkKind> {
    match head {
        "agreement" => Some(MarkKind::Agreement),
        "party" => Some(MarkKind::Party),
        "stage" => word.parse::<StageKind>().ok().map(|stage| MarkKind::Stage(stage, Modality::Actual)),
        "commitment" => word.parse::<CommitmentCategory>().ok().map(MarkKind::Commitment),
        "source" => Some(MarkKind::Source),
        "cue" => Some(MarkKind::Cue),
        "content" => Some(MarkKind::Content),
        "title" => Some(MarkKind::Title),
        _ => None,
    }
}

/// What the class `word` stands for, `Some(None)` for words outside of what is looked for.
#[expect(clippy::option_option, reason = "a word outside is one thing, an unknown class another")]
fn outside_or<T: std::str::FromStr>(word: &str) -> Option<Option<T>> {
    if word == "O" { Some(None) } else { word.parse().ok().map(Some) }
}

impl Bundle {
    /// Reads a bundle as CoNLL-U writes it (`Mood=Ind|Tense=Past|VerbForm=Fin`); what is not looked at is left out.
    fn read(bundle: &str) -> Self {
        let mut read = Self::default();
        for pair in bundle.split('|') {
            match pair {
                "Tense=Past" => read.tense = Some(Tense::Past),
                "Tense=Pres" => read.tense = Some(Tense::Pres),
                "Number=Sing" => read.number = Some(Number::Sing),
                "Number=Plur" => read.number = Some(Number::Plur),
                "Mood=Imp" => read.imperative = true,
                "VerbForm=Fin" => read.verb_form = Some(VerbForm::Fin),
                "VerbForm=Inf" => read.verb_form = Some(VerbForm::Inf),
                "VerbForm=Part" => read.verb_form = Some(VerbForm::Part),
                "VerbForm=Ger" => read.verb_form = Some(VerbForm::Ger),
                "Degree=Cmp" => read.degree = Some(Degree::Comparative),
                "Degree=Sup" => read.degree = Some(Degree::Superlative),
                "Person=3" => read.third_person = true,
                _ => {}
            }
        }
        read
    }

    /// The tag of the Penn Treebank of a word of the part of speech `upos` with these features; empty where they do not tell.
    #[must_use]
    pub fn penn_tag(&self, upos: Upos) -> &'static str {
        let Self { tense, number, imperative, verb_form, third_person, degree } = *self;
        match upos {
            Upos::Verb | Upos::Aux => match (verb_form, tense) {
                (Some(VerbForm::Inf), _) => "VB",
                (Some(VerbForm::Ger), _) | (Some(VerbForm::Part), Some(Tense::Pres)) => "VBG",
                (Some(VerbForm::Part), _) => "VBN",
                (Some(VerbForm::Fin), Some(Tense::Past)) => "VBD",
                (Some(VerbForm::Fin), Some(Tense::Pres)) if number == Some(Number::Sing) && third_person => "VBZ",
                (Some(VerbForm::Fin), Some(Tense::Pres)) => "VBP",
                (Some(VerbForm::Fin), None) if imperative => "VB",
                (Some(VerbForm::Fin), None) if upos == Upos::Aux => "MD",
                _ => "",
            },
            Upos::Noun if number == Some(Number::Plur) => "NNS",
            Upos::Noun => "NN",
            Upos::Propn if number == Some(Number::Plur) => "NNPS",
            Upos::Propn => "NNP",
            Upos::Adj => match degree {
                None => "JJ",
                Some(Degree::Comparative) => "JJR",
                Some(Degree::Superlative) => "JJS",
            },
            Upos::Adv => match degree {
                None => "RB",
                Some(Degree::Comparative) => "RBR",
                Some(Degree::Superlative) => "RBS",
            },
            Upos::Pron => "PRP",
            Upos::Det => "DT",
            _ => "",
        }
    }
}

impl LemmaRule {
    /// Reads `keep`, or `-2+y`: two characters off the end, "y" added.
    fn read(rule: &str) -> Option<Self> {
        if rule == "keep" {
            return Some(Self::Keep);
        }
        let (strip, add) = rule.strip_prefix('-')?.split_once('+')?;
        Some(Self::Ending { strip: strip.parse().ok()?, add: add.into() })
    }

    /// The lemma of `form`, whose tag is `upos`. A rule that would leave nothing leaves the form in lower case.
    #[must_use]
    pub fn lemma(&self, form: &str, upos: Upos) -> Box<str> {
        match self {
            Self::Keep => lemma::base(form, Upos::Propn).into(),
            // Proper nouns that do not change keep their capitals, whatever the rule was learned from.
            Self::Ending { strip: 0, add } if add.is_empty() => lemma::base(form, upos).into(),
            Self::Ending { strip, add } => {
                let base = lemma::base(form, Upos::X);
                let length = base.chars().count();
                if *strip > length || *strip == length && add.is_empty() {
                    return base.into();
                }
                lemma::apply(&base, *strip, add).into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"{"sha256": "00", "most_words": 200, "most_pieces": 480,
        "shapes": ["root", "digits", "no_letter", "lower", "upper", "single_upper", "capitalized", "mixed"],
        "relations": ["root", "nsubj:pass"], "upos": ["NOUN", "VERB"], "feats": ["_", "Tense=Past|VerbForm=Part|Voice=Pass"],
        "lemma": ["keep", "-3+y", "-0+"], "names": ["O", "B-PER", "I-PER"], "stage": ["O", "B-signed", "I-signed"],
        "modality": ["O", "actual", "expected", "denied"]}"#;

    #[test]
    fn a_description_tells_what_classes_stand_for() {
        let description = Description::read(SMALL).expect("the description is whole");
        assert_eq!(description.relations, ["root", "nsubj:pass"]);
        assert_eq!(description.features[1].penn_tag(Upos::Verb), "VBN");
        assert_eq!(description.marks.iter().map(|(head, _)| *head).collect::<Vec<_>>(), ["stage"]);
    }

    #[test]
    fn the_error_names_the_field() {
        for (from, to, expected) in [
            ("\"upos\"", "\"tags\"", "upos"),
            ("nsubj:pass", "Nsubj", "Nsubj"),
            ("B-signed", "B-sung", "B-sung"),
            ("\"root\", \"digits\"", "\"digits\"", "shapes"),
            ("480", "9", "most_pieces"),
            ("{\"sha", "sha", "JSON"),
            ("denied", "perhaps", "perhaps"),
            ("\"sha256\"", "\"temperature\": {\"stage\": 0}, \"sha256\"", "temperature"),
            ("\"sha256\"", "\"focus\": {\"back\": 5}, \"sha256\"", "of `focus` is missing"),
        ] {
            let error = Description::read(&SMALL.replacen(from, to, 1)).expect_err("something is wrong").to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn features_tell_the_tag() {
        let tag = |upos, bundle| Bundle::read(bundle).penn_tag(upos);
        assert_eq!(tag(Upos::Verb, "Mood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin"), "VBZ");
        assert_eq!(tag(Upos::Verb, "Mood=Ind|Number=Sing|Person=1|Tense=Pres|VerbForm=Fin"), "VBP");
        assert_eq!(tag(Upos::Aux, "VerbForm=Fin"), "MD");
        assert_eq!(tag(Upos::Adj, "Degree=Sup"), "JJS");
        assert_eq!(tag(Upos::Adp, "_"), "");
    }

    #[test]
    fn lemma_rules_change_endings() {
        let rule = |rule| LemmaRule::read(rule).expect("a rule");
        assert_eq!(&*rule("-3+y").lemma("Treaties", Upos::Noun), "treaty");
        assert_eq!(&*rule("-9+y").lemma("Ties", Upos::Noun), "ties");
        assert_eq!(&*rule("-0+").lemma("Russia", Upos::Propn), "Russia");
        assert_eq!(&*rule("-0+").lemma("The", Upos::Det), "the");
        assert_eq!(&*rule("keep").lemma("NATO", Upos::Noun), "NATO");
        assert_eq!(LemmaRule::read("3+y"), None);
    }
}
