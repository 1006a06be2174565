//! The accurate reader: a small transformer encoder with heads for tags, trees, names and marks.
//!
//! A model is four things: a network (ONNX, 8-bit weights), a small one for a second look, its vocabulary, and a description that says
//! what their classes stand for and which networks and vocabulary it belongs to. A sentence is cut into word pieces ([`pieces`]), scored
//! in one pass ([`network`]), and what comes out is made a tree ([`tree`]: biaffine scores, Dozat and Manning 2017) and spans
//! ([`spans`]). Once all sentences have been read, the second look ([`second`]) says what the words say of one agreement.
pub mod description;
mod error;
pub mod network;
pub mod pieces;
pub mod second;
pub mod shape;
pub mod spans;
pub mod table;
pub mod tree;

pub use error::Error;

use crate::fast::weights::Tag;
use crate::fast::{Fast, morphology};
use crate::focus::{Focus, Seen};
use crate::marks::{Likelihoods, MarkKind, SentenceMark};
use crate::reading::{Reader, Reading, SentenceReading, Syntax, TaggedName, Upos};
use chancery_agreement::Modality;
use description::Description;
use network::{Input, Network, Scores};
use pieces::Vocabulary;
use second::Second;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use table::Table;

/// The reader with one model. Cheap to share between threads: it holds nothing that changes what it says.
#[derive(Debug)]
pub struct Accurate {
    network: Network,
    second: Option<Second>,
    vocabulary: Vocabulary,
    description: Description,
    name: String,
}

/// A stretch of a sentence that the network can take, ready for it.
struct Part {
    words: Range<usize>,
    input: Input,
}

/// Where a sentence that is too long is parted, the best first.
const CUTS: [&[&str]; 2] = [&[";", ":", "|", "\u{2022}"], &[",", "-", "\u{2013}", "\u{2014}"]];

impl Accurate {
    /// The reader with the model that is part of the program, loaded when it is first asked for.
    ///
    /// # Errors
    /// Where the model is damaged (never in a program whose tests ran).
    pub fn embedded() -> Result<&'static Self, Error> {
        static EMBEDDED: LazyLock<Result<Accurate, Error>> = LazyLock::new(|| {
            let onnx: &'static [u8] = include_bytes!("../models/accurate.onnx");
            let focus: &'static [u8] = include_bytes!("../models/focus.onnx");
            let (description, vocabulary) = (include_str!("../models/accurate.json"), include_str!("../models/vocab.txt"));
            Accurate::read(onnx, Some(focus.into()), description, vocabulary)
        });
        EMBEDDED.as_ref().map_err(Clone::clone)
    }

    /// A reader with the network in the file `onnx`; its description (the same name with `.json`), `vocab.txt` and, where the description
    /// tells of a second look, `focus.onnx` lie beside it.
    ///
    /// # Errors
    /// Where a file cannot be read or is damaged, or they do not belong together.
    pub fn open(onnx: &Path) -> Result<Self, Error> {
        let text = |file: PathBuf| std::fs::read_to_string(&file).map_err(|why| Error::file(&file, &why));
        let network = |file: &Path| std::fs::read(file).map(Cow::from).map_err(|why| Error::file(file, &why));
        let description = text(onnx.with_extension("json"))?;
        let has_focus = Description::read(&description)?.focus.is_some();
        let focus = has_focus.then(|| network(&onnx.with_file_name("focus.onnx"))).transpose()?;
        Self::read(network(onnx)?, focus, &description, &text(onnx.with_file_name("vocab.txt"))?)
    }

    /// A reader with the network `onnx`, that of the second look, `focus`, the JSON `description` and the `vocabulary`, one piece a line.
    ///
    /// # Errors
    /// Where one of them is damaged or missing, or they do not belong together.
    pub fn read(
        onnx: impl Into<Cow<'static, [u8]>>,
        focus: Option<Cow<'static, [u8]>>,
        description: &str,
        vocabulary: &str,
    ) -> Result<Self, Error> {
        let onnx = onnx.into();
        let description = Description::read(description)?;
        check("the model", &onnx, &description.sha256)?;
        if let Some(expected) = &description.vocabulary_sha256 {
            check("the vocabulary", vocabulary.as_bytes(), expected)?;
        }
        let vocabulary = Vocabulary::read(vocabulary).ok_or_else(Error::vocabulary)?;
        let network = Network::read(onnx, &heads(&description), description.focus.is_some())?;
        let second = match (&description.focus, focus) {
            (Some(described), Some(focus)) => {
                check("the model of the second look", &focus, &described.sha256)?;
                Some(Second::read(focus, described.heads.clone())?)
            }
            (Some(_), None) => return Err(Error::description("it tells of a second look, for which there is no model")),
            (None, _) => None,
        };
        let networks = [Some(&description.sha256), description.focus.as_ref().map(|focus| &focus.sha256)];
        let name =
            networks.into_iter().flatten().fold("accurate".to_owned(), |name, hash| name + " " + hash.get(..8).unwrap_or(hash));
        let reader = Self { network, second, vocabulary, description, name };
        reader.try_out()?;
        Ok(reader)
    }

    /// Reads two words, to see that the network gives what the description says.
    fn try_out(&self) -> Result<(), Error> {
        let scores = self.run(&self.part(&["It", "rained"], 0..2).input)?;
        let Description { upos, features, lemmas, names, marks, modality, relations, .. } = &self.description;
        let expected = [upos.len(), features.len(), lemmas.len()]
            .into_iter()
            .chain(names.as_ref().map(spans::Labels::n_classes))
            .chain(modality.as_ref().map(Vec::len))
            .chain(marks.iter().map(|(_, labels)| labels.n_classes()));
        if !scores.words.iter().map(Table::columns).eq(expected) || scores.relation(0, 0, relations.len() - 1).is_infinite() {
            return Err(Error::description("it names more or fewer classes than the network has"));
        }
        if let (Some(second), Some(states)) = (&self.second, &scores.states) {
            second.run(&[states.row(1)], &[Seen { token: 0, role: 1, place: 0 }])?;
        }
        Ok(())
    }

    /// The numbers of the word pieces of `forms` with those at both ends, and for the root and each word the place of its first
    /// piece and its case shape: what the network is given, were the sentence as long as may be.
    #[must_use]
    pub fn input(&self, forms: &[&str]) -> Input {
        self.part(forms, 0..forms.len()).input
    }

    /// What the network says of the sentence `forms`, and the names of the heads whose scores stand in [`Scores::words`]. For
    /// looking at a model: [`Reader::read`] makes a tree and spans of it.
    ///
    /// # Errors
    /// Where the sentence is too long for the network.
    pub fn scores(&self, forms: &[&str]) -> Result<(Vec<&'static str>, Scores), Error> {
        Ok((heads(&self.description), self.run(&self.input(forms))?))
    }

    fn run(&self, input: &Input) -> Result<Scores, Error> {
        self.network.run(input, heads(&self.description).len())
    }

    fn part(&self, forms: &[&str], words: Range<usize>) -> Part {
        let mut input = Input { ids: vec![self.vocabulary.first], first: vec![0], shape: vec![0] };
        for form in forms.get(words.clone()).unwrap_or(&[]) {
            let place = input.ids.len();
            self.vocabulary.cut(form, &mut input.ids);
            let place = if input.ids.len() == place { 0 } else { i32::try_from(place).unwrap_or(0) };
            input.first.push(place);
            input.shape.push(shape::shape(form));
        }
        input.ids.push(self.vocabulary.last);
        Part { words, input }
    }

    /// The sentence in parts that the network can take: most often one.
    fn parts(&self, forms: &[&str]) -> Vec<Part> {
        let Description { most_words, most_pieces, .. } = self.description;
        let whole = self.part(forms, 0..forms.len());
        if forms.len() <= most_words && whole.input.ids.len() <= most_pieces {
            return vec![whole];
        }
        let mut parts = Vec::new();
        let mut start = 0;
        let mut pieces = Vec::new();
        while start < forms.len() {
            let (mut end, mut n_pieces) = (start, 2);
            for form in forms.get(start..).unwrap_or(&[]).iter().take(most_words) {
                pieces.clear();
                self.vocabulary.cut(form, &mut pieces);
                n_pieces += pieces.len();
                if n_pieces > most_pieces {
                    break;
                }
                end += 1;
            }
            if end < forms.len() {
                let window = start + (end - start) / 2..end;
                let cut =
                    |marks: &[&str]| window.clone().rev().find(|&at| forms.get(at).is_some_and(|form| marks.contains(form)));
                end = CUTS.iter().find_map(|marks| cut(marks)).map_or(end, |at| at + 1);
            }
            // One word always fits, so every round takes some.
            end = end.max(start + 1);
            parts.push(self.part(forms, start..end));
            start = end;
        }
        parts
    }

    /// Adds what `scores` say of the words `part` of the sentence `forms`.
    fn add(&self, forms: &[&str], part: &Range<usize>, scores: &Scores, reading: &mut SentenceReading) {
        let mut heads = scores.words.iter();
        let mut next = || heads.next().map_or_else(|| Table::new(0, 0, 0.0), Clone::clone);
        let (upos, features, lemmas) = (next(), next(), next());
        self.add_syntax(forms, part, scores, [&upos, &features, &lemmas], &mut reading.syntax);
        if let Some(labels) = &self.description.names {
            let found = labels.spans(&next()).into_iter();
            let names = found.map(|found| TaggedName { kind: found.kind, tokens: shifted(&found.tokens, part.start) });
            reading.names.get_or_insert_default().extend(names);
        }
        let modality = self.description.modality.as_ref().map(|classes| (classes, next()));
        let mut likelihoods = vec![Likelihoods::default(); part.len()];
        if let Some((classes, scores)) = &modality {
            for (word, of_word) in likelihoods.iter_mut().enumerate() {
                of_word.modalities = modalities(classes, scores, word);
            }
        }
        for (_, labels) in &self.description.marks {
            let scores = next();
            for (of_word, inside) in likelihoods.iter_mut().zip(labels.inside(&scores)) {
                note(of_word, &inside);
            }
            for found in labels.spans(&scores) {
                let kind = match (found.kind, &modality) {
                    (MarkKind::Stage(stage, _), Some((classes, scores))) => {
                        MarkKind::Stage(stage, modality_of(classes, scores, &found.tokens))
                    }
                    (kind, _) => kind,
                };
                let tokens = shifted(&found.tokens, part.start);
                reading.marks.push(SentenceMark { kind, tokens, probability: found.probability });
            }
        }
        if !self.description.marks.is_empty() {
            reading.likelihoods.append(&mut likelihoods);
        }
        if let Some(states) = &scores.states {
            reading.states.extend((1..=part.len()).map(|word| states.row(word).into()));
        }
    }

    fn add_syntax(
        &self,
        forms: &[&str],
        part: &Range<usize>,
        scores: &Scores,
        [upos, features, lemmas]: [&Table<f32>; 3],
        syntax: &mut Vec<Syntax>,
    ) {
        let forms = forms.get(part.clone()).unwrap_or(&[]);
        let class = |classes: &Table<f32>, word| best(classes.row(word));
        let upos: Vec<Upos> =
            (0..forms.len()).map(|word| self.description.upos.get(class(upos, word)).copied().unwrap_or(Upos::X)).collect();
        // Features follow from the tag of the Penn Treebank and the tree, as the fast reader's do: rules see one convention.
        let bundles =
            (0..forms.len()).map(|word| self.description.features.get(class(features, word)).copied().unwrap_or_default());
        let tags: Vec<Tag> =
            bundles.zip(&upos).map(|(bundle, &upos)| Tag { upos: Some(upos), xpos: bundle.penn_tag(upos).to_owned() }).collect();
        let heads = tree::heads(&scores.arc);
        let relations: Vec<&'static str> =
            heads.iter().enumerate().map(|(word, &head)| self.relation(scores, word, head)).collect();
        let heads: Vec<Option<usize>> = heads.into_iter().map(|head| head.checked_sub(1)).collect();
        let features = morphology::features(forms, &tags.iter().collect::<Vec<_>>(), &heads, &relations);
        let earlier_root = syntax.iter().position(|syntax| syntax.head.is_none());
        for (word, (form, (tag, features))) in forms.iter().zip(tags.iter().zip(features)).enumerate() {
            let upos = tag.upos.unwrap_or(Upos::X);
            // The network sees the first piece of a word, not its ending: what the fast reader learned of words and endings,
            // with the network's tags, makes fewer mistakes than the network's own rule.
            let lemma = Fast::embedded().lemma(form, upos, &tag.xpos).unwrap_or_else(|| {
                let rule = self.description.lemmas.get(class(lemmas, word));
                rule.map_or_else(|| (*form).into(), |rule| rule.lemma(form, upos))
            });
            // A sentence in parts has one root still: those of later parts hang on it.
            let (head, relation) = match (heads.get(word).copied().flatten(), relations.get(word), earlier_root) {
                (Some(inside), Some(&relation), _) => (Some(part.start + inside), relation),
                (_, _, Some(root)) => (Some(root), "parataxis"),
                _ => (None, "root"),
            };
            syntax.push(Syntax { upos, lemma, features, head, relation });
        }
    }

    /// The best relation of the arc from `head` (0 the root) to `word`.
    fn relation(&self, scores: &Scores, word: usize, head: usize) -> &'static str {
        if head == 0 {
            return "root";
        }
        let mut found = ("dep", f32::NEG_INFINITY);
        for (class, &relation) in self.description.relations.iter().enumerate().filter(|(_, relation)| **relation != "root") {
            let score = scores.relation(word, head, class);
            if score > found.1 {
                found = (relation, score);
            }
        }
        found.0
    }
}

impl Reader for Accurate {
    fn name(&self) -> &str {
        &self.name
    }

    fn parse(&self, forms: &[&str]) -> Vec<Syntax> {
        self.read(forms).syntax
    }

    fn read(&self, forms: &[&str]) -> SentenceReading {
        let mut reading = SentenceReading::default();
        for part in self.parts(forms).iter().filter(|part| !part.words.is_empty()) {
            match self.run(&part.input) {
                Ok(scores) => self.add(forms, &part.words, &scores, &mut reading),
                // The network took its first sentence when it was loaded; should it refuse another, that one is not lost.
                Err(_) => return Fast::embedded().read(forms),
            }
        }
        reading
    }

    fn focus(&self, reading: &Reading<'_>, focus: &Focus) -> BTreeMap<usize, Likelihoods> {
        // Should the network refuse an article, its first look is not lost.
        self.second.as_ref().and_then(|second| second.look(reading, focus).ok()).unwrap_or_default()
    }
}

/// The heads that choose a class for each word, in the order in which the network is asked for them.
fn heads(description: &Description) -> Vec<&'static str> {
    let mut heads = vec!["upos", "feats", "lemma"];
    heads.extend(description.names.is_some().then_some("names"));
    heads.extend(description.modality.is_some().then_some("modality"));
    heads.extend(description.marks.iter().map(|(head, _)| *head));
    heads
}

fn shifted(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

/// Index of the first of the largest scores.
fn best(scores: &[f32]) -> usize {
    let mut found = (0, f32::NEG_INFINITY);
    for (at, &score) in scores.iter().enumerate() {
        if score > found.1 {
            found = (at, score);
        }
    }
    found.0
}

/// Notes the probability of standing inside a mark of each kind.
fn note(likelihoods: &mut Likelihoods, inside: &[(MarkKind, f32)]) {
    for &(kind, probability) in inside {
        match kind {
            MarkKind::Agreement => likelihoods.agreement = probability,
            MarkKind::Party => likelihoods.party = probability,
            MarkKind::Stage(stage, _) => likelihoods.stages.push((stage, probability)),
            MarkKind::Commitment(category) => likelihoods.commitments.push((category, probability)),
            MarkKind::Source | MarkKind::Cue | MarkKind::Content | MarkKind::Title => {}
        }
    }
}

/// What a word says of whether a stage came to pass, were it part of one.
#[expect(clippy::cast_possible_truncation, reason = "probabilities")]
fn modalities(classes: &[Option<Modality>], scores: &Table<f32>, word: usize) -> Vec<(Modality, f32)> {
    let each = classes.iter().zip(spans::log_probabilities(scores.row(word), 1.0));
    let of_stage: Vec<(Modality, f64)> = each.filter_map(|(class, log)| Some(((*class)?, log.exp()))).collect();
    let sum: f64 = of_stage.iter().map(|(_, probability)| probability).sum();
    of_stage.into_iter().map(|(class, probability)| (class, (probability / sum.max(f64::MIN_POSITIVE)) as f32)).collect()
}

/// What the words of a stage say together of whether it came to pass.
fn modality_of(classes: &[Option<Modality>], scores: &Table<f32>, words: &Range<usize>) -> Modality {
    let mut sums = vec![0.0; classes.len()];
    for word in words.clone() {
        for (sum, log) in sums.iter_mut().zip(spans::log_probabilities(scores.row(word), 1.0)) {
            *sum += log;
        }
    }
    let mut found = (Modality::Actual, f64::NEG_INFINITY);
    for (class, sum) in classes.iter().zip(sums) {
        if let Some(modality) = class.filter(|_| sum > found.1) {
            found = (modality, sum);
        }
    }
    found.0
}

/// Refuses `bytes` whose SHA-256 is not `expected`.
fn check(what: &'static str, bytes: &[u8], expected: &str) -> Result<(), Error> {
    let mut found = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(found, "{byte:02x}");
    }
    if found == expected { Ok(()) } else { Err(Error::hash(what, expected, found)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_model_is_told_by_its_hash() {
        let json = r#"{"sha256": "00", "most_words": 200, "most_pieces": 480,
            "shapes": ["root", "digits", "no_letter", "lower", "upper", "single_upper", "capitalized", "mixed"],
            "relations": ["root"], "upos": ["NOUN"], "feats": ["_"], "lemma": ["keep"]}"#;
        let error = Accurate::read(b"no model".to_vec(), None, json, "").expect_err("the hash is wrong").to_string();
        assert!(error.contains("the model is damaged") && error.contains("00"), "{error}");
        // The hash of the empty model is right; nothing else is.
        let empty = json.replace("\"00\"", "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"");
        assert_eq!(Accurate::read(Vec::new(), None, &empty, "a\nb").expect_err("no vocabulary"), Error::vocabulary());
        let error = Accurate::read(Vec::new(), None, &empty, "[CLS]\n[SEP]\n[UNK]").expect_err("no network").to_string();
        assert!(error.starts_with("the network cannot be run"), "{error}");
    }

    #[test]
    fn a_second_look_that_is_missing_or_damaged_is_told() {
        let (onnx, vocabulary) = (include_bytes!("../models/accurate.onnx"), include_str!("../models/vocab.txt"));
        let description = include_str!("../models/accurate.json");
        let read = |focus: Option<Cow<'static, [u8]>>| {
            Accurate::read(onnx.as_slice(), focus, description, vocabulary).expect_err("it cannot be used").to_string()
        };
        let missing = read(None);
        assert!(missing.contains("second look"), "{missing}");
        let damaged = read(Some(vec![0; 9].into()));
        assert!(damaged.contains("the model of the second look is damaged"), "{damaged}");
    }
}
