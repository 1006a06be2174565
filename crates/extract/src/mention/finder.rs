//! Finds the mentions of an article: nouns of the lexicon, names of known instruments, abbreviations that the text brings in.
use super::phrase::Builder;
use super::{Mention, span_of};
use crate::actors::Actors;
use crate::graph::Graph;
use crate::lexicon::Lexicon;
use aho_corasick::{AhoCorasick, MatchKind};
use chancery_agreement::Span;
use chancery_dissect::{Reading, Upos};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Finds mentions. Built once, used for every article.
#[derive(Debug)]
pub struct Finder {
    names: AhoCorasick,
    name_list: Vec<String>,
    /// Agreement nouns, for deciding which sentences are worth a tree.
    nouns: AhoCorasick,
}

impl Finder {
    /// A finder for the nouns and names of `lexicon`.
    ///
    /// # Errors
    /// When the automaton cannot be built (it would need more than 2^31 states).
    pub fn new(lexicon: &Lexicon) -> Result<Self, aho_corasick::BuildError> {
        let mut name_list: Vec<String> = lexicon.instrument_names().map(str::to_owned).collect();
        name_list.sort_unstable();
        let names = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&name_list)?;
        let mut nouns: Vec<String> = lexicon.noun_lemmas().map(str::to_owned).collect();
        nouns.extend(["treaties", "cease fire", "cessation", "agreed", "agree to", "agree on"].map(str::to_owned));
        nouns.extend(lexicon.two_noun_phrases());
        nouns.sort_unstable();
        let nouns = AhoCorasick::builder().ascii_case_insensitive(true).build(&nouns)?;
        Ok(Self { names, name_list, nouns })
    }

    /// True when `words` may hold a mention: a cheap test before anything is parsed.
    #[must_use]
    pub fn may_mention(&self, words: &str) -> bool {
        self.nouns.is_match(words) || self.names.is_match(words)
    }

    /// All mentions in the parsed sentences of `reading`, in order of the text.
    #[must_use]
    pub fn mentions(&self, graph: Graph<'_, '_>, lexicon: &Lexicon, actors: &Actors) -> Vec<Mention> {
        let reading = graph.reading();
        let mut found: Vec<Mention> = Vec::new();
        let mut foreign: BTreeSet<String> = BTreeSet::new();
        for sentence in &reading.sentences {
            if reading.syntax(sentence.tokens.start).is_none() {
                continue;
            }
            let words = Collapsed::new(reading.words(sentence.span));
            for hit in self.names.find_iter(&*words.text) {
                let [start, end] = [hit.start(), hit.end()].map(|at| sentence.span.start() + words.place(at));
                let span = Span::new(start, end);
                let name = self.name_list.get(hit.pattern().as_usize()).map_or("", String::as_str);
                if let Some((number, instrument)) = lexicon.instrument(name)
                    && is_whole(reading, span)
                {
                    let tokens = reading.tokens_in(span);
                    let builder = Builder { graph, lexicon, actors };
                    let noun = |token: usize| builder.noun(token).filter(|mention| !builder.is_foreign(mention));
                    let described = tokens.clone().filter(|_| instrument.few).find_map(noun);
                    found.push(match described {
                        Some(described) => Mention { instrument: Some(number), proper: true, ..described },
                        None => builder.instrument(tokens, number, instrument),
                    });
                }
            }
            for token in sentence.tokens.clone() {
                if found.last().is_some_and(|last| last.core.contains(&token)) {
                    continue;
                }
                let builder = Builder { graph, lexicon, actors };
                if let Some(mention) = builder.noun(token) {
                    // "A record deal … the deal": what echoes something else is that.
                    let echoes = echoes(lexicon, &mention);
                    let is_lull = lexicon.is_lull(&mention.noun) && found.iter().any(|one| one.noun == mention.noun);
                    if builder.is_foreign(&mention) && !(is_lull && echoes) || foreign.contains(&mention.noun) && echoes {
                        foreign.insert(mention.noun);
                        continue;
                    }
                    foreign.remove(&mention.noun);
                    let (mention, name) = named_by(reading, lexicon, &found, mention);
                    if let Some(name) = name {
                        found.remove(name);
                    }
                    // "nuclear non-proliferation treaty" found by its noun swallows nothing that a name already holds.
                    if found.iter().all(|other| other.core.end <= mention.core.start || other.core.start >= mention.core.end) {
                        found.push(mention);
                    }
                }
            }
        }
        add_abbreviations(reading, &mut found);
        add_echoes(graph, lexicon, &mut found);
        found.sort_by_key(|mention| mention.head);
        found
    }
}

/// True for "the deal", "its biggest deal": words that speak of what was told before and name neither parties nor an instrument.
fn echoes(lexicon: &Lexicon, mention: &Mention) -> bool {
    let definite = matches!(mention.determiner.as_str(), "the" | "this" | "that" | "its" | "his" | "her" | "their");
    definite
        && !mention.proper
        && mention.parties.is_empty()
        && lexicon.kind(&mention.noun, &mention.modifiers) == lexicon.kind(&mention.noun, &[])
}

/// "The NAFTA deal", "the RCEP free trade pact", "the Partnership (RCEP) trade pact": the mention as one of the known instrument whose name
/// stands before its noun, and the place of that name where it goes up in the mention.
fn named_by(reading: &Reading<'_>, lexicon: &Lexicon, found: &[Mention], mention: Mention) -> (Mention, Option<usize>) {
    let before = |name: &Mention| name.instrument.is_some() && name.core.end <= mention.head;
    let names = found.iter().enumerate().filter(|(_, name)| before(name));
    let Some((at, name)) = names.max_by_key(|(_, name)| name.core.end) else { return (mention, None) };
    let bracketed = reading.form(name.core.end) == ")";
    // "The Kyoto Protocol deal" may be one about the protocol.
    let noun = name.core.clone().any(|token| lexicon.noun(&reading.lower(token)).is_some());
    let start = name.core.end + usize::from(bracketed);
    let between: Vec<String> = (start..mention.head).map(|token| reading.lower(token).into_owned()).collect();
    // What stands between may only tell what the name tells: that it is on trade, that it is on peace.
    let kind = |words: &[String]| lexicon.kind(&mention.noun, words);
    let same = between.is_empty() || kind(&between) == Some(name.kind) && kind(&[]) != Some(name.kind);
    if noun || !same || mention.core.start > start {
        return (mention, None);
    }
    let core = if bracketed { mention.core.clone() } else { name.core.start..mention.core.end };
    let named = Mention { instrument: name.instrument, of_many: name.of_many, kind: name.kind, core, ..mention };
    (named, (!bracketed).then_some(at))
}

/// A text in which one space stands for each run of white space: lines break inside names, and scraped text loses links that stood
/// between two spaces.
struct Collapsed<'t> {
    text: Cow<'t, str>,
    /// For each byte left out: where it would stand in the text as it is now, in order.
    cuts: Vec<usize>,
}

impl<'t> Collapsed<'t> {
    fn new(words: &'t str) -> Self {
        let plain = |pair: &[u8]| !pair[0].is_ascii_whitespace() || pair[0] == b' ' && !pair[1].is_ascii_whitespace();
        if words.as_bytes().windows(2).all(plain) {
            return Self { text: Cow::Borrowed(words), cuts: Vec::new() };
        }
        let mut text = String::with_capacity(words.len());
        let mut cuts = Vec::new();
        for letter in words.chars() {
            match letter.is_whitespace() {
                true if text.ends_with(' ') => cuts.extend(std::iter::repeat_n(text.len(), letter.len_utf8())),
                true => {
                    text.push(' ');
                    cuts.extend(std::iter::repeat_n(text.len(), letter.len_utf8() - 1));
                }
                false => text.push(letter),
            }
        }
        Self { text: Cow::Owned(text), cuts }
    }

    /// Where in the words the byte `at` of the collapsed text stands.
    fn place(&self, at: usize) -> usize {
        at + self.cuts.partition_point(|&cut| cut <= at)
    }
}

/// Adds where the article only says the noun of an instrument that it names, when alone that noun stands for many other things: "the
/// European Constitution … will ratify the constitution", "the Trans-Pacific Partnership … left the partnership".
fn add_echoes(graph: Graph<'_, '_>, lexicon: &Lexicon, mentions: &mut Vec<Mention>) {
    let reading = graph.reading();
    let mut named: BTreeMap<String, Mention> = BTreeMap::new();
    for mention in mentions.iter().filter(|mention| mention.core.len() > 1) {
        let noun = reading.lower_lemma(mention.head);
        let echoed = match mention.instrument {
            Some(_) => lexicon.noun(&noun).is_none() || lexicon.is_of_unions(&noun),
            None => lexicon.is_of_unions(&noun),
        };
        // "The AfCFTA" echoes nothing.
        if echoed && reading.form(mention.head).chars().skip(1).all(char::is_lowercase) {
            named.entry(noun.into_owned()).or_insert_with(|| mention.clone());
        }
    }
    if named.is_empty() {
        return;
    }
    let taken: BTreeSet<usize> = mentions.iter().flat_map(|mention| mention.full.clone()).collect();
    for token in (0..reading.tokens.len()).filter(|token| !taken.contains(token) && reading.syntax(*token).is_some()) {
        let Some(long) = named.get(&*reading.lower_lemma(token)) else { continue };
        let pointed = token.checked_sub(1).is_some_and(|before| {
            let plain = lexicon.is_plain(&reading.lower(before)) && graph.tag(before) != Upos::Det;
            let before = if plain { before.saturating_sub(1) } else { before };
            matches!(&*reading.lower(before), "the" | "this") && reading.sentence_of(before) == reading.sentence_of(token)
        });
        // "The constitution of Ruvonia" is another one.
        let owned = graph.down(token, "nmod").any(|child| matches!(graph.case(child), Some("of" | "for")));
        if pointed && !owned && graph.base_relation(token) != "compound" {
            mentions.push(Mention {
                instrument: long.instrument,
                of_many: long.of_many,
                kind: long.kind,
                class: long.class,
                determiner: "the".to_owned(),
                ..Mention::plain(token, &long.noun, long.weight)
            });
        }
    }
}

/// Adds what stands as an abbreviation that the text brings in behind the full name: "the Free Trade Agreement (FTA) … the FTA".
fn add_abbreviations(reading: &Reading<'_>, mentions: &mut Vec<Mention>) {
    let mut introduced: BTreeMap<String, Mention> = BTreeMap::new();
    for mention in mentions.iter_mut() {
        let behind = [mention.core.end, mention.full.end].into_iter().find(|&end| {
            reading.form(end) == "(" && reading.form(end + 2) == ")" && is_short_for(reading, reading.form(end + 1), mention)
        });
        if let Some(end) = behind {
            mention.abbreviated = Some(mention.full.clone());
            introduced.entry(reading.form(end + 1).to_owned()).or_insert_with(|| mention.clone());
        }
    }
    if introduced.is_empty() {
        return;
    }
    let taken: BTreeSet<usize> = mentions.iter().flat_map(|mention| mention.core.clone()).collect();
    for token in (0..reading.tokens.len()).filter(|token| !taken.contains(token) && reading.syntax(*token).is_some()) {
        let Some(long) = introduced.get(reading.form(token)) else { continue };
        let tokens = token..token + 1;
        mentions.push(Mention {
            head: token,
            core: tokens.clone(),
            full: tokens.clone(),
            phrase: tokens,
            determiner: String::new(),
            modifiers: Vec::new(),
            topic: Vec::new(),
            parties: Vec::new(),
            proper: true,
            apart: false,
            ..long.clone()
        });
    }
}

/// True for letters that the words of the mention begin with, those in small letters left out or not: "CBD" for "Convention on Biological Diversity".
fn is_short_for(reading: &Reading<'_>, short: &str, mention: &Mention) -> bool {
    if !(2..=8).contains(&short.chars().count()) || !short.chars().all(char::is_uppercase) {
        return false;
    }
    let initials = |tokens: &Range<usize>, all: bool| -> String {
        let firsts = tokens.clone().filter_map(|token| reading.form(token).chars().next());
        firsts.filter(|first| first.is_uppercase() || all && first.is_alphabetic()).flat_map(char::to_uppercase).collect()
    };
    [&mention.core, &mention.full].into_iter().any(|tokens| {
        let (few, all) = (initials(tokens, false), initials(tokens, true));
        few.ends_with(short) || all.ends_with(short) || few.starts_with(short)
    })
}

/// True when `span` begins and ends where tokens do.
fn is_whole(reading: &Reading<'_>, span: Span) -> bool {
    let tokens = reading.tokens_in(span);
    span_of(reading, &tokens) == span
}
