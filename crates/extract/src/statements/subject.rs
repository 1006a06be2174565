//! Which agreement a statement is about: the one that its content names, or the one that the discourse around it is about.
//!
//! Each agreement near a statement is a question with features; a model learnt from labelled news answers it. Where an article tells of
//! several, a second one says which: it sees where each is mentioned, by name or not.
use crate::mention::Finder;
use crate::signs::{self, Focused};
use crate::statements::Tools;
use crate::statements::cues::Cues;
use crate::statements::model::{Model, stem, step};
use crate::words::Words;
use chancery_agreement::{AgreementFinding, Span, SpeechKind};
use chancery_dissect::Reading;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// Log-odds that tell how much the words are about an agreement in focus.
const FOCUS_BARS: [i8; 8] = [-4, -3, -2, -1, 0, 1, 2, 3];
/// How many wordings before a statement are looked at.
const MOST_WORDINGS: usize = 64;
/// How many agreements a statement is asked about by their nearness.
const MOST_CANDIDATES: usize = 4;
/// Longest content that is looked at, in tokens.
const LONGEST: usize = 80;
/// More words than a name has.
const LONG_NAME: usize = 4;
/// Most words that stand between a determiner and a word for an agreement.
const BETWEEN: usize = 3;

/// Where the agreements of one article are named, and what is told of them.
pub struct Subjects<'r, 'a> {
    reading: &'r Reading<'a>,
    finder: &'r Finder,
    cues: &'r Cues,
    agreements: &'r [AgreementFinding],
    /// Wordings that belong to an agreement, by their start, with the agreement's index and the sentence.
    wordings: Vec<(Span, usize, usize)>,
    /// Every mention of an agreement, in order of the text, with the agreement's index; empty in an article with one agreement.
    mentions: Vec<(Span, usize)>,
    /// What the words say of each agreement.
    focused: &'r [Focused],
    profiles: Vec<Profile>,
    /// Words of each sentence, as features see them; empty in an article without agreements.
    sentences: Vec<Vec<String>>,
    /// How rare a word is among the sentences.
    rarity: HashMap<String, f32>,
    /// Share of the sentences that hold a word for an agreement.
    density: f32,
    /// Words of the headline, of the first sentence in an article without one.
    title: BTreeSet<String>,
    /// Features keep their names, as learning needs them.
    named: bool,
}

/// What is told of one agreement.
struct Profile {
    /// Head nouns of its names.
    heads: BTreeSet<String>,
    /// Its names, lower case.
    names: Vec<String>,
    /// Capitalized words of its names that no party bears.
    proper: BTreeSet<String>,
    /// Words of its parties.
    parties: BTreeSet<String>,
    /// Words of the sentences that tell of it.
    context: BTreeSet<String>,
    /// Words of its provisions.
    provisions: BTreeSet<String>,
    /// Words of its names that say something.
    called: BTreeSet<String>,
    /// Words that tell of its stages.
    staged: BTreeSet<String>,
    /// First byte of the first place that names it or tells of it.
    first: usize,
    /// Sentences that name it.
    named: Vec<usize>,
    /// How many sentences hold its names or tell of it in so many words.
    told: usize,
}

/// Who makes a statement, as far as the question what it is about needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Speaks<'s> {
    /// The name, or the description.
    pub name: Option<&'s str>,
    /// For whom.
    pub speaks_for: Option<&'s str>,
    /// The text gives a role.
    pub role: bool,
    /// Direct, indirect or mixed.
    pub kind: SpeechKind,
}

/// The agreement that a statement may be about, and what speaks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Index of the agreement.
    pub agreement: usize,
    /// Features of this agreement, beside those of the statement.
    pub features: Words,
    /// Further ones, for the choice between several agreements.
    pub choice: Words,
    /// Those of the features that say how statement and speaker stand to it.
    pub standing: Vec<String>,
}

/// A statement and the agreements that it may be about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Question {
    /// Features of the statement.
    pub features: Words,
    /// None in an article without any.
    pub candidates: Vec<Candidate>,
}

impl Question {
    /// Index of the agreement that the statement is about, if it is about any: the first of the best.
    #[must_use]
    pub fn answer(&self, model: &Model) -> Option<usize> {
        if !self.candidates.iter().any(|candidate| model.about([&self.features, &candidate.features]) > 0.0) {
            return None;
        }
        let mut best: Option<(usize, f32)> = None;
        for candidate in &self.candidates {
            let score = model.choice([&candidate.features, &candidate.choice]);
            if best.is_none_or(|(_, highest)| score > highest) {
                best = Some((candidate.agreement, score));
            }
        }
        best.map(|(agreement, _)| agreement)
    }
}

/// How a statement names an agreement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Whole,
    HeadAndProper,
    Head,
    Proper,
    Not,
}

impl Names {
    fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::HeadAndProper => "head+proper",
            Self::Head => "head",
            Self::Proper => "proper",
            Self::Not => "not",
        }
    }
}

/// One statement as the questions see it.
struct Said {
    words: BTreeSet<String>,
    lower: String,
    first: usize,
    last: usize,
    /// Determiner and noun of the first word for an agreement.
    noun: Option<(String, String)>,
    /// Begins with "it", "this".
    points: bool,
    /// Its first word.
    opens: Option<String>,
}

impl<'r, 'a> Subjects<'r, 'a> {
    /// Notes where the agreements of the article are named. `named`: features keep their names.
    #[must_use]
    pub fn new(tools: &Tools<'r, 'r, 'a>, named: bool) -> Self {
        let Tools { reading, finder, cues, agreements, focused, .. } = *tools;
        let mut subjects = Self {
            reading,
            finder,
            cues,
            agreements,
            wordings: Vec::new(),
            mentions: Vec::new(),
            focused,
            profiles: Vec::new(),
            sentences: Vec::new(),
            rarity: HashMap::new(),
            density: 0.0,
            title: BTreeSet::new(),
            named,
        };
        if agreements.is_empty() {
            return subjects;
        }
        subjects.sentences = reading.sentences.iter().map(|sentence| words(reading, sentence.tokens.clone())).collect();
        subjects.title = match &reading.article.title {
            Some(title) => title
                .split(|letter: char| !letter.is_alphanumeric() && letter != '-')
                .filter(|word| is_word(word))
                .map(|word| stem(&word.to_lowercase()).to_owned())
                .collect(),
            None => subjects.sentences.first().into_iter().flatten().cloned().collect(),
        };
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for sentence in &subjects.sentences {
            for word in sentence.iter().map(String::as_str).collect::<BTreeSet<_>>() {
                *count.entry(word).or_default() += 1;
            }
        }
        let speaks_of_one = |sentence: &&Vec<String>| sentence.iter().any(|word| cues.stance_word("agreement", word));
        subjects.density =
            small(subjects.sentences.iter().filter(speaks_of_one).count()) / small(subjects.sentences.len().max(1));
        let all = small(subjects.sentences.len() + 1);
        subjects.rarity = count.into_iter().map(|(word, count)| (word.to_owned(), (all / small(count)).ln())).collect();
        for (index, agreement) in agreements.iter().enumerate() {
            let spans = wordings(agreement);
            let placed: Vec<_> = spans.iter().map(|&span| (span, index, subjects.sentence(span.start()))).collect();
            subjects.wordings.extend(placed);
            let profile = subjects.profile(agreement, &spans);
            subjects.profiles.push(profile);
        }
        subjects.wordings.sort_unstable();
        if agreements.len() > 1 {
            let all = tools.mentions.iter().enumerate().flat_map(|(index, own)| own.iter().map(move |&span| (span, index)));
            subjects.mentions.extend(all);
            subjects.mentions.sort_unstable();
        }
        subjects
    }

    fn sentence(&self, at: usize) -> usize {
        self.reading.sentences.partition_point(|sentence| sentence.span.end() <= at)
    }

    fn profile(&self, agreement: &AgreementFinding, spans: &[Span]) -> Profile {
        let reading = self.reading;
        let parties = agreement.parties.iter().flat_map(|party| {
            party
                .actor
                .split_whitespace()
                .chain(party.evidence.quote().split_whitespace())
                .map(|word| stem(&word.to_lowercase()).to_owned())
        });
        let parties: BTreeSet<String> = parties.collect();
        let (mut heads, mut names, mut proper) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
        for name in &agreement.names {
            let tokens = reading.tokens_in(name.evidence.span());
            let noun = tokens
                .clone()
                .take_while(|&token| !self.cues.word("behind-head", reading.form(token)))
                .filter(|&token| is_word(reading.form(token)));
            heads.extend(noun.last().map(|token| stem(&reading.lower(token)).to_owned()));
            names.push(name.evidence.quote().to_lowercase());
            let capital = |token: &usize| reading.form(*token).chars().next().is_some_and(char::is_uppercase);
            proper.extend(tokens.filter(capital).map(|token| stem(&reading.lower(token)).to_owned()));
        }
        proper.retain(|word| !parties.contains(word));
        let told: BTreeSet<usize> = spans.iter().map(|span| self.sentence(span.start())).collect();
        let context =
            told.iter().filter_map(|&at| self.sentences.get(at)).flatten().filter(|word| is_telling(word)).cloned().collect();
        let provisions =
            agreement.commitments.iter().flat_map(|commitment| words(reading, reading.tokens_in(commitment.evidence.span())));
        let provisions = provisions.filter(|word| is_telling(word)).collect();
        let telling = |span: Span| words(reading, reading.tokens_in(span)).into_iter().filter(|word| is_telling(word));
        let called = agreement.names.iter().flat_map(|name| telling(name.evidence.span())).collect();
        let staged = agreement.stages.iter().flat_map(|stage| telling(stage.evidence.span())).collect();
        let first = spans.iter().map(|span| span.start()).min().unwrap_or(usize::MAX);
        let names_it = |at: &usize| {
            let own = self.sentences.get(*at).is_some_and(|words| words.iter().any(|word| heads.contains(word)));
            own || told.contains(at)
        };
        let named = (0..self.sentences.len()).filter(names_it).collect();
        Profile { heads, names, proper, parties, context, provisions, called, staged, first, named, told: told.len() }
    }

    /// The agreements that `content` may be about, each with its features. `said` are features of the statement itself, `position` those
    /// by which it takes a position, `speaks` tells who made it.
    #[must_use]
    pub fn question(&self, content: Span, said: Words, position: &[String], speaks: &Speaks<'_>) -> Question {
        if self.agreements.is_empty() {
            return Question::default();
        }
        let statement = self.said(content);
        // The last wording of each agreement before the end of the statement's sentence, nearest first.
        let at = self.wordings.partition_point(|(_, _, place)| *place <= statement.last);
        let mut near: Vec<usize> = Vec::new();
        for (_, agreement, _) in self.wordings.iter().take(at).rev().take(MOST_WORDINGS) {
            if !near.contains(agreement) {
                near.push(*agreement);
            }
        }
        let most = self.profiles.iter().map(|profile| profile.named.len()).max().unwrap_or(0);
        let main = self.profiles.iter().position(|profile| profile.named.len() == most).unwrap_or(0);
        let named: Vec<Names> = self.profiles.iter().map(|profile| statement.names(profile)).collect();
        let mut asked: Vec<usize> = near.into_iter().take(MOST_CANDIDATES).collect();
        let inside = named.iter().enumerate().filter(|(_, names)| !matches!(names, Names::Not | Names::Proper)).map(|(at, _)| at);
        let few = 0..if self.agreements.len() <= MOST_CANDIDATES { self.agreements.len() } else { 0 };
        for more in [main, 0].into_iter().chain(inside.take(MOST_CANDIDATES)).chain(few) {
            if !asked.contains(&more) {
                asked.push(more);
            }
        }
        let mut shared = said;
        shared.say(format_args!("bias"));
        if self.finder.may_mention(self.reading.words(content)) {
            shared.say(format_args!("may-mention"));
        }
        for word in &statement.words {
            shared.say(format_args!("w:{word}"));
        }
        if let Some(first) = &statement.opens {
            shared.say(format_args!("opens:{first}"));
        }
        shared.say(format_args!("at:{}", part(content.start(), self.reading.article.text.len(), 4)));
        let polarity = position.iter().find(|feature| feature.starts_with("polarity:")).map_or("polarity:0", String::as_str);
        let ask = |agreement: usize| {
            let mut features = Words::new(self.named);
            let rank = if agreement == main { "main" } else { "other" };
            let standing = self.ask(&statement, agreement, &named, speaks, &mut features);
            self.headline(&statement, agreement, &mut features);
            let names = named.get(agreement).copied().unwrap_or(Names::Not).as_str();
            let of = self.agreements.len().min(3);
            features.say(format_args!("rank:{}", agreement.min(2)));
            features.say(format_args!("{rank}|of:{of}|{names}"));
            features.say(format_args!("{rank}"));
            features.say(format_args!("{polarity}|{names}"));
            self.in_focus(content, agreement, &mut features);
            Candidate { agreement, features, choice: self.places(content, &statement, agreement), standing }
        };
        Question { features: shared, candidates: asked.into_iter().map(ask).collect() }
    }

    /// Notes how much the words are about the agreement when it is in focus: each bar that they pass.
    fn in_focus(&self, content: Span, agreement: usize, features: &mut Words) {
        let about = |agreement: &Focused| signs::of_statement(self.reading, content, agreement);
        let Some(own) = self.focused.get(agreement).and_then(about) else { return };
        features.say(format_args!("focus"));
        for bar in FOCUS_BARS.iter().filter(|&&bar| own > f64::from(bar)) {
            features.say(format_args!("focus:{bar}"));
        }
        let most = self.focused.iter().filter_map(about).fold(f64::NEG_INFINITY, f64::max);
        if own >= most {
            features.say(format_args!("focus-most"));
        }
    }

    fn said(&self, content: Span) -> Said {
        let tokens = self.reading.tokens_in(content);
        let tokens = tokens.start..tokens.end.min(tokens.start + LONGEST);
        let all: Vec<Cow<'_, str>> = tokens.clone().map(|token| self.reading.lower(token)).collect();
        let noun = all.iter().enumerate().find_map(|(at, word)| {
            self.cues.stance_word("agreement", word).then(|| {
                let before = all.get(at.saturating_sub(BETWEEN)..at).unwrap_or_default();
                let determiner = before.iter().rev().find(|word| self.cues.stance_word("determiner", word));
                (determiner.map_or_else(String::new, |word| word.clone().into_owned()), stem(word).to_owned())
            })
        });
        let first = self.sentence(content.start());
        Said {
            words: words(self.reading, tokens).into_iter().collect(),
            lower: self.reading.words(content).to_lowercase(),
            first,
            last: self.sentence(content.end().saturating_sub(1)).max(first),
            noun,
            points: all.first().is_some_and(|word| self.cues.stance_word("pointing", word)),
            opens: all.iter().find(|word| is_word(word)).map(|word| stem(word).to_owned()),
        }
    }

    /// Notes what speaks for this agreement; gives how statement and speaker stand to it.
    fn ask(&self, said: &Said, agreement: usize, named: &[Names], speaks: &Speaks<'_>, features: &mut Words) -> Vec<String> {
        let (Some(profile), Some(found)) = (self.profiles.get(agreement), self.agreements.get(agreement)) else {
            return Vec::new();
        };
        let names = named.get(agreement).copied().unwrap_or(Names::Not).as_str();
        let another =
            named.iter().enumerate().any(|(other, names)| other != agreement && !matches!(names, Names::Not | Names::Proper));
        if another {
            features.say(format_args!("names-another"));
            features.say(format_args!("names-another|{names}"));
        }
        let around = self.sentences.get(said.first..said.last + 1).unwrap_or_default();
        let beside = around.iter().flatten().any(|word| profile.heads.contains(word));
        features.say(format_args!("beside:{beside}"));
        features.say(format_args!("beside:{beside}|{names}"));
        let back = match profile.named.partition_point(|&at| at <= said.first).checked_sub(1).and_then(|at| profile.named.get(at))
        {
            Some(&at) => step(small(said.first - at), &[0.0, 1.0, 2.0, 4.0, 8.0]),
            None => "ahead",
        };
        features.say(format_args!("back:{back}"));
        features.say(format_args!("back:{back}|{names}"));
        features.say(format_args!("back:{back}|of:{}", self.agreements.len().min(3)));
        let share = small(profile.named.len()) / small(self.sentences.len().max(1));
        features.say(format_args!("share:{}", step(share, &[0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7])));
        let weigh = |word: &&String| self.rarity.get(*word).copied().unwrap_or(0.0);
        let telling: Vec<&String> = said.words.iter().filter(|word| is_telling(word)).collect();
        let common: f32 = telling.iter().filter(|word| profile.context.contains(**word)).map(weigh).sum();
        let all: f32 = telling.iter().map(weigh).sum();
        features.say(format_args!("common:{}", step(common / all.max(f32::EPSILON), &[0.0, 0.1, 0.2, 0.35, 0.5, 0.7])));
        features.say(format_args!("common-sum:{}", step(common, &[0.0, 2.0, 5.0, 9.0, 15.0])));
        let provided = said.words.intersection(&profile.provisions).count();
        if provided > 0 {
            features.say(format_args!("provided:{}", provided.min(3)));
        }
        features.say(format_args!("parties:{}", said.words.intersection(&profile.parties).count().min(2)));
        match &said.noun {
            Some((determiner, noun)) => {
                features.say(format_args!("the:{determiner}"));
                features.say(format_args!("the:{determiner}|{names}"));
                features.say(format_args!("noun:{noun}"));
            }
            None => features.say(format_args!("the:none")),
        }
        features.say(format_args!("points:{}", said.points));
        features.say(format_args!("points:{}|back:{back}", said.points));
        let lead = profile.named.first().is_some_and(|&at| at < 2);
        features.say(format_args!("sort:{}", found.kind.as_str()));
        let told = small(profile.told) / small(self.sentences.len().max(1));
        features.say(format_args!("told:{}", step(told, &[0.03, 0.06, 0.1, 0.2, 0.3])));
        features.say(format_args!("density:{}", step(self.density, &[0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7])));
        features.say(format_args!("of:{}", self.agreements.len().min(3)));
        let speaker = self.speaker_is(speaks, profile);
        features.say(format_args!("speaker:{speaker}|{}", speaks.kind.as_str()));
        let mut standing = vec![format!("names:{names}"), format!("speaker:{speaker}"), format!("lead:{lead}")];
        if speaks
            .name
            .is_some_and(|name| name.split_whitespace().any(|word| profile.parties.contains(stem(&word.to_lowercase()))))
        {
            standing.push("party-speaks".to_owned());
        }
        if speaks.speaks_for.is_some_and(|actor| found.parties.iter().any(|party| party.actor == actor)) {
            standing.push("speaks-for-party".to_owned());
        }
        for feature in &standing {
            features.say(format_args!("{feature}"));
        }
        standing
    }
}

impl Subjects<'_, '_> {
    /// Where the agreement is mentioned, and where the others are: in the content, beside it, before and behind it.
    fn places(&self, content: Span, said: &Said, agreement: usize) -> Words {
        let all = &self.mentions;
        let mut features = Words::new(self.named);
        let own = |place: &&(Span, usize)| place.1 == agreement;
        if all.is_empty() {
            return features;
        }
        let whose = |places: &[(Span, usize)], both: bool| match (places.iter().any(|place| own(&place)), places) {
            (true, _) if both && !places.iter().all(|place| own(&place)) => "both",
            (true, _) => "own",
            (false, []) => "none",
            (false, _) => "other",
        };
        let between = |from: usize, to: usize| {
            let first = all.partition_point(|(span, _)| span.start() < from);
            all.get(first..all.partition_point(|(span, _)| span.start() < to).max(first)).unwrap_or_default()
        };
        let sentence = |at: usize| self.reading.sentences.get(at).map_or(content, |sentence| sentence.span);
        let inside = between(content.start(), content.end());
        let (before, behind) = (between(0, content.start()), between(content.end(), usize::MAX));
        let beside = [between(sentence(said.first).start(), content.start()), between(content.end(), sentence(said.last).end())];
        let (within, by) = (whose(inside, true), whose(&beside.concat(), false));
        let of = self.agreements.len().min(3);
        features.say(format_args!("in:{within}"));
        features.say(format_args!("by:{by}"));
        features.say(format_args!("in:{within}|by:{by}"));
        if within == "both" {
            features.say(format_args!("in-first:{}", inside.first().is_some_and(|place| own(&place))));
        }
        let back = before
            .iter()
            .rev()
            .find(own)
            .map_or("no", |(span, _)| step(said.first.saturating_sub(self.sentence(span.start())), &[0, 1, 2, 3, 5, 8]));
        let next = behind
            .iter()
            .find(own)
            .map_or("no", |(span, _)| step(self.sentence(span.start()).saturating_sub(said.last), &[0, 1, 2, 4]));
        let mut seen: Vec<usize> = Vec::new();
        for (_, other) in before.iter().rev().take(MOST_WORDINGS) {
            if !seen.contains(other) {
                seen.push(*other);
            }
        }
        let recent = seen.iter().position(|&other| other == agreement).map_or("no", |at| step(at, &[0, 1]));
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for (_, other) in all {
            *counts.entry(*other).or_default() += 1;
        }
        let count = counts.get(&agreement).copied().unwrap_or(0);
        let share = step(small(count) / small(all.len()), &[0.2, 0.34, 0.5, 0.67, 0.9]);
        let most = counts.values().max() == Some(&count);
        let first = all.iter().find(own).map_or(usize::MAX, |(span, _)| self.sentence(span.start()));
        features.say(format_args!("last:{back}"));
        features.say(format_args!("last:{back}|of:{of}"));
        features.say(format_args!("next:{next}"));
        features.say(format_args!("recent:{recent}|of:{of}"));
        features.say(format_args!("mentions:{}", step(count, &[1, 2, 3, 5, 8])));
        features.say(format_args!("most:{most}|of:{of}"));
        features.say(format_args!("mention-share:{share}"));
        features.say(format_args!("begins-at:{}", step(first, &[0, 1, 2, 4, 8])));
        features.say(format_args!("is-first:{}|of:{of}", all.first().is_some_and(|place| own(&place))));
        if within == "none" {
            features.say(format_args!("unnamed|last:{back}"));
            features.say(format_args!("unnamed|recent:{recent}|of:{of}"));
            features.say(format_args!("unnamed|mention-share:{share}"));
        }
        features
    }

    /// How much of the agreement stands in the headline, and how much there is of it.
    fn headline(&self, said: &Said, agreement: usize, features: &mut Words) {
        let (Some(profile), Some(found)) = (self.profiles.get(agreement), self.agreements.get(agreement)) else { return };
        let of_one = self.title.iter().any(|word| self.cues.stance_word("agreement", word));
        let shared = |words: &BTreeSet<String>| self.title.intersection(words).filter(|word| is_telling(word)).count();
        features.say(format_args!("title:{of_one}"));
        features.say(format_args!("title:{of_one}|one:{}", self.agreements.len() == 1));
        features.say(format_args!("title-called:{}", shared(&profile.called).min(2)));
        features.say(format_args!("title-staged:{}", shared(&profile.staged).min(3)));
        features.say(format_args!("title-said:{}", shared(&said.words).min(3)));
        features.say(format_args!("stages:{}", found.stages.len().min(4)));
        features.say(format_args!("provisions:{}", found.commitments.len().min(3)));
        features.say(format_args!("from:{}", part(profile.first, self.reading.article.text.len(), 8).min(4)));
    }

    /// What sort of speaker this is; "agreement" where an agreement is made to speak ("the accord calls for …").
    fn speaker_is(&self, speaks: &Speaks<'_>, profile: &Profile) -> &'static str {
        let Some(name) = speaks.name else { return "none" };
        let words: Vec<String> = name.split_whitespace().map(|word| stem(&word.to_lowercase()).to_owned()).collect();
        let agreement = words.iter().rev().take(2).any(|word| self.cues.stance_word("agreement", word))
            || words.last().is_some_and(|word| profile.heads.contains(word));
        let named = name.starts_with(char::is_uppercase);
        match (agreement, named, speaks.role) {
            (true, _, _) => "agreement",
            (_, true, true) => "officer",
            (_, true, _) if speaks.speaks_for.is_some() => "actor",
            (_, true, _) if words.len() <= LONG_NAME => "name",
            (_, true, _) => "words",
            (_, false, true) => "office",
            (_, false, _) => "other",
        }
    }
}

impl Said {
    fn names(&self, profile: &Profile) -> Names {
        let head = self.words.iter().any(|word| profile.heads.contains(word));
        let proper = self.words.iter().any(|word| profile.proper.contains(word));
        match (profile.names.iter().any(|name| self.lower.contains(name.as_str())), head, proper) {
            (true, _, _) => Names::Whole,
            (_, true, true) => Names::HeadAndProper,
            (_, true, _) => Names::Head,
            (_, _, true) => Names::Proper,
            _ => Names::Not,
        }
    }
}

/// Every place that names the agreement or tells of it.
fn wordings(agreement: &AgreementFinding) -> Vec<Span> {
    let names = agreement.names.iter().map(|name| name.evidence.span());
    let stages =
        agreement.stages.iter().flat_map(|stage| std::iter::once(&stage.evidence).chain(&stage.also)).map(|words| words.span());
    let provisions = agreement.commitments.iter().map(|commitment| commitment.evidence.span());
    names.chain(stages).chain(provisions).collect()
}

/// The words of some tokens, lower case and without endings.
fn words(reading: &Reading<'_>, tokens: Range<usize>) -> Vec<String> {
    let forms = tokens.map(|token| reading.form(token)).filter(|form| is_word(form));
    forms.map(|form| stem(&form.to_lowercase()).to_owned()).collect()
}

fn is_word(form: &str) -> bool {
    form.chars().next().is_some_and(char::is_alphabetic)
}

/// Long enough to be more than a function word.
fn is_telling(word: &str) -> bool {
    word.chars().count() > 3
}

/// In which of so many equal parts of the text the byte `at` stands, from 0.
fn part(at: usize, length: usize, parts: usize) -> usize {
    at.min(length).saturating_mul(parts) / length.max(1)
}

#[expect(clippy::cast_precision_loss, reason = "counts of sentences and words")]
fn small(count: usize) -> f32 {
    count as f32
}
