//! Who said what: source, cue and content of every reported speech and attitude, the speaker behind the source, where the
//! speaker stands, and which agreement it is about.
//!
//! Shape after PARC and PolNeAR (Pareti 2016; Newell and others 2018); what they call an attribution is found by
//! [`attribution`], made a record here, and written in their format by [`brat`].
pub mod attribution;
mod beside;
pub mod brat;
mod clauses;
pub mod cues;
#[cfg(test)]
mod examples;
pub mod extent;
pub mod model;
mod nesting;
mod nouns;
pub mod people;
pub mod quotes;
pub mod speakers;
pub mod stance;
pub mod subject;
pub mod told;
pub mod tree;
mod utterance;

use crate::actors::Actors;
use crate::error::Error;
use crate::mention::Finder;
use crate::signs::Focused;
use crate::words::Words;
use attribution::{Attribution, Piece};
use chancery_agreement::{AgreementFinding, Evidence, Span, Speaker, SpeechKind, Stance, Statement};
use chancery_dissect::Reading;
use cues::{Cues, Frame, Weight};
use people::People;
use speakers::Who;
use std::collections::BTreeSet;
use subject::{Candidate, Question, Speaks, Subjects};
use tree::Tree;
use utterance::Utterances;

const CUES: (&str, &str) = ("rules/en/speech.toml", include_str!("../../../rules/en/speech.toml"));
const STANCES: (&str, &str) = ("rules/en/speech-stance.toml", include_str!("../../../rules/en/speech-stance.toml"));
const PEOPLE: (&str, &str) = ("rules/en/speech-people.toml", include_str!("../../../rules/en/speech-people.toml"));

const WORDS: (&str, &str) = ("rules/en/speech-words.toml", include_str!("../../../rules/en/speech-words.toml"));

/// Shortest content that is worth a record, in tokens, where it is no quotation.
const SHORTEST_CONTENT: usize = 2;

/// Everything that finding statements needs.
pub struct Tools<'t, 'r, 'a> {
    /// The reading; sentences that [`wanted`] names have been parsed.
    pub reading: &'r Reading<'a>,
    /// Political actors of the article.
    pub actors: &'t Actors,
    /// Cue words, stance words, words about people.
    pub cues: &'t Cues,
    /// What says which agreement a statement is about, and where its speaker stands.
    pub model: &'t model::Model,
    /// Finds mentions of agreements.
    pub finder: &'t Finder,
    /// The agreements of the article.
    pub agreements: &'t [AgreementFinding],
    /// Where the text mentions each of them, by name or not, in order of the text.
    pub mentions: &'t [Vec<Span>],
    /// What the words say of each of them; empty maps after a reader that does not look twice.
    pub focused: &'t [Focused],
}

/// The cue words that are part of the program.
///
/// # Errors
/// The place in a file that cannot be used (never in a program whose tests ran).
pub fn cue_words() -> Result<Cues, Error> {
    Cues::read(CUES, STANCES, PEOPLE, WORDS)
}

/// Indices of the sentences that may hold speech: those with a cue word or a quotation, and the one before a quotation that
/// begins a sentence. `weak` adds those with weak cues.
#[must_use]
pub fn wanted(reading: &Reading<'_>, cues: &Cues, weak: bool) -> Vec<usize> {
    let mut wanted = Vec::new();
    let mut quotations = reading.quotations.iter().peekable();
    let mut reach = 0;
    for (at, sentence) in reading.sentences.iter().enumerate() {
        while let Some(next) = quotations.peek() {
            if next.span.start() >= sentence.span.end() {
                break;
            }
            reach = reach.max(next.span.end());
            if next.span.start() >= sentence.span.start()
                && at > 0
                && wanted.last() != Some(&(at - 1))
                && next.span.start() < sentence.span.start() + 2
            {
                wanted.push(at - 1);
            }
            quotations.next();
        }
        let quoted = reach > sentence.span.start();
        let cue = || {
            sentence.tokens.clone().any(|token| {
                let form = reading.form(token);
                let lower;
                let form = if form.bytes().any(|byte| byte.is_ascii_uppercase()) {
                    lower = form.to_lowercase();
                    lower.as_str()
                } else {
                    form
                };
                form == "according" || cues.may_cue(form, weak)
            })
        };
        if quoted || cue() {
            wanted.push(at);
        }
    }
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

/// A statement with the features that its models looked at: what they are learnt from.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// What was found.
    pub statement: Statement,
    /// The agreements that it was asked about.
    pub about: Vec<Asked>,
    /// Features of its stance.
    pub stance: stance::Features,
    /// What the cue says of what the content tells: see [`told`].
    pub report: told::Report,
}

/// An agreement that a statement may be about, as the models saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Key of the agreement.
    pub key: String,
    /// Names of the features of the question whether the statement is about it.
    pub features: Vec<String>,
    /// Names of further ones of the question which agreement of several it is about; none in an article with one.
    pub choice: Vec<String>,
}

impl Asked {
    fn of(question: &Question, asked: &Candidate, key: String) -> Self {
        let names = |words: &[&Words]| {
            let names: BTreeSet<&String> = words.iter().flat_map(|words| words.names()).collect();
            names.into_iter().cloned().collect()
        };
        Self { key, features: names(&[&question.features, &asked.features]), choice: names(&[&asked.choice]) }
    }
}

/// All statements of the article, in order of the text, with the features behind them. `named`: the features have names, which learning
/// needs, and the agreements that each statement was asked about are told.
#[must_use]
pub fn samples(tools: &Tools<'_, '_, '_>, named: bool) -> Vec<Sample> {
    let tree = Tree::new(tools.reading);
    let mut attributions = attribution::find(&tree, tools.cues, false);
    let people = People::find(&tree, tools.cues);
    let who = speakers::resolve(&tree, tools.cues, tools.actors, &people, &attributions);
    nesting::apart(&tree, tools.cues, &mut attributions, &who);
    let subjects = Subjects::new(tools, named);
    let said: Vec<Said<'_>> = attributions
        .iter()
        .zip(&who)
        .filter(|(attribution, _)| is_statement(&tree, tools.cues, attribution))
        .map(|(attribution, who)| Said { attribution, who: who.as_ref() })
        .collect();
    let reporters = nesting::reporters(&tree, &said);
    let utterances = Utterances::new(&tree, &said);
    let mut samples: Vec<Sample> = Vec::new();
    for (said, reporter) in said.iter().zip(&reporters) {
        let reporter = reporter.and_then(|at| said_by(tools, &tree, at));
        for piece in &said.attribution.content {
            samples.extend(sample(tools, &tree, (&subjects, &utterances, named), said, piece, reporter.as_deref()));
        }
    }
    samples.sort_by_key(|sample| sample.statement.evidence.span());
    samples.dedup_by(|later, earlier| {
        let (later, earlier) = (&later.statement, &earlier.statement);
        later.evidence.span() == earlier.evidence.span() && later.speaker == earlier.speaker
    });
    stance::among(&mut samples);
    for sample in &mut samples {
        sample.statement.stance = tools.model.stance(&sample.stance.words);
    }
    samples
}

/// An attribution that is worth a record, and who its source is.
#[derive(Clone, Copy)]
struct Said<'s> {
    attribution: &'s Attribution,
    who: Option<&'s Who>,
}

/// Whether an attribution is speech that the register records.
fn is_statement(tree: &Tree<'_, '_>, cues: &Cues, attribution: &Attribution) -> bool {
    if attribution.weight == Weight::Weak {
        return false;
    }
    // "The treaty commits both to talks": it provides, and says nothing.
    if attribution.source_head.is_some_and(|head| cues.person_word("instruments", &tree.reading().lower_lemma(head))) {
        return false;
    }
    // "a deal on June 9 that calls for talks": a day calls for nothing; in "said Wednesday" the tree only mistakes who spoke.
    let spoken = matches!(attribution.frame, Frame::Quote | Frame::Clause);
    if !spoken && attribution.source.as_ref().is_some_and(|source| speakers::is_day(tree, cues, source)) {
        return false;
    }
    // "it was announced that …": nobody says who.
    let sourceless =
        attribution.frame == Frame::Clause && attribution.weight == Weight::Speech && tree.is_passive(attribution.head);
    if attribution.source_head.is_none() && attribution.carried.is_none() && attribution.frame != Frame::Quote && !sourceless {
        return false;
    }
    // "did not say whether": nothing was said. A denied promise or demand is a position.
    !(attribution.negated
        && attribution.weight == Weight::Speech
        && matches!(attribution.frame, Frame::Clause)
        && !tree.lower(attribution.head).is_empty())
}

fn sample(
    tools: &Tools<'_, '_, '_>,
    tree: &Tree<'_, '_>,
    (subjects, utterances, named): (&Subjects<'_, '_>, &Utterances, bool),
    said: &Said<'_>,
    piece: &Piece,
    reporter: Option<&str>,
) -> Option<Sample> {
    let Said { attribution, who } = *said;
    let article = tools.reading.article;
    if !piece.direct && tools.reading.tokens_in(piece.span).len() < SHORTEST_CONTENT {
        return None;
    }
    let confidence = match (attribution.weight, attribution.carried) {
        (Weight::Speech, None) => 0.85,
        (Weight::Speech, Some(_)) => 0.7,
        _ => 0.6,
    };
    let evidence = Evidence::new(article, piece.span, attribution.rule, confidence)?;
    let cue = Evidence::new(article, tree.span(&attribution.cue), attribution.rule, confidence);
    let source =
        attribution.source.as_ref().and_then(|source| Evidence::new(article, tree.span(source), attribution.rule, confidence));
    let speaker = who.and_then(|who| speaker(tools, who, attribution.rule, confidence));
    let kind = if piece.direct {
        SpeechKind::Direct
    } else if tools.reading.words(piece.span).contains(['"', '“', '”']) {
        SpeechKind::Mixed
    } else {
        SpeechKind::Indirect
    };
    let name = speaker.as_ref().map(|speaker| speaker.name.as_str());
    let mut own = utterances.features(tree, attribution, piece, kind, name, Words::new(named));
    let mut stance = stance::features(tree, tools.cues, attribution, piece, named);
    for feature in &stance.position {
        own.say(format_args!("{feature}"));
    }
    let speaks = Speaks {
        name,
        speaks_for: who.and_then(|who| who.affiliation.as_deref()),
        role: who.is_some_and(|who| who.role.is_some()),
        kind,
    };
    let question = subjects.question(piece.span, own, &stance.position, &speaks);
    let key = |agreement: usize| tools.agreements.get(agreement).map(|agreement| agreement.key.clone());
    let about = question.answer(tools.model).and_then(key);
    let role = speaker.as_ref().and_then(|speaker| speaker.role.as_deref());
    stance::ask_of(question.candidates.first().map_or(&[], |nearest| &nearest.standing), role, &mut stance);
    let outlet = || {
        quoting(tools, tree, attribution)
            .or_else(|| attribution.addressee.and_then(|head| outlet(tools, tree, head, attribution)))
    };
    let reporter = reporter.filter(|name| speaker.as_ref().is_none_or(|speaker| speaker.name != *name));
    let via = reporter.map(str::to_owned).or_else(outlet);
    Some(Sample {
        statement: Statement { speaker, via, kind, stance: Stance::Neutral, about, cue, source, evidence },
        about: question
            .candidates
            .iter()
            .filter(|_| named)
            .filter_map(|asked| Some(Asked::of(&question, asked, key(asked.agreement)?)))
            .collect(),
        stance,
        report: told::Report::of(attribution),
    })
}

/// The words that name who said it best.
fn said_by(tools: &Tools<'_, '_, '_>, tree: &Tree<'_, '_>, said: &Said<'_>) -> Option<String> {
    let named = said.who.map(|who| who.name);
    let span = named.or_else(|| said.attribution.source.as_ref().map(|source| tree.span(source)))?;
    Some(tools.reading.words(span).to_owned())
}

fn speaker(tools: &Tools<'_, '_, '_>, who: &Who, rule: &str, confidence: f32) -> Option<Speaker> {
    let evidence = Evidence::new(tools.reading.article, who.name, rule, confidence)?;
    let role = who.role.map(|role| tools.reading.words(role).to_owned());
    Some(Speaker { name: evidence.quote().to_owned(), role, affiliation: who.affiliation.clone(), evidence })
}

/// The outlet that quotes somebody "as saying".
fn quoting(tools: &Tools<'_, '_, '_>, tree: &Tree<'_, '_>, attribution: &Attribution) -> Option<String> {
    let quotes = extent::quoting_verb(tree, tools.cues, attribution.head).filter(|&verb| !tree.is_passive(verb))?;
    let tokens = match tree.down(quotes, "nsubj").find(|&child| child < quotes) {
        Some(subject) => extent::whole_nominal(tree, tools.cues, subject, tree.sentence(quotes).start..quotes),
        None => tools.reading.names.iter().find(|name| name.tokens.end == quotes)?.tokens.clone(),
    };
    Some(tools.reading.words(tree.span(&tokens)).to_owned())
}

/// The outlet that was told.
fn outlet(tools: &Tools<'_, '_, '_>, tree: &Tree<'_, '_>, head: usize, attribution: &Attribution) -> Option<String> {
    let tokens = extent::nominal(tree, head, attribution.cue.end..tree.sentence(head).end);
    let outlet = tokens.clone().any(|token| tools.cues.person_word("outlets", &tree.lower(token)));
    let named = tokens.clone().any(|token| tools.reading.form(token).chars().next().is_some_and(char::is_uppercase));
    (outlet && named).then(|| tools.reading.words(tree.span(&tokens)).to_owned())
}
