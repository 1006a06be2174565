//! Mentions of agreements: noun phrases that name an instrument or a deal, with what their own words tell about it.
use crate::actors::{ActorMention, Actors};
use crate::graph::Graph;
use crate::lexicon::{Instrument, Lexicon, NounClass, Weight};
use aho_corasick::{AhoCorasick, MatchKind};
use chancery_agreement::{AgreementKind, Span};
use chancery_dissect::actors::{ActorKind, Relation};
use chancery_dissect::{Reading, Upos};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A noun phrase that names an agreement.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Token that heads it.
    pub head: usize,
    /// Its tokens from the first modifier (no article) to the head.
    pub core: Range<usize>,
    /// With the phrases that belong to it: "… between A and B", "… on customs".
    pub full: Range<usize>,
    /// The same with a date at its end, which is no part of the name: "… with Brazil in late May".
    pub phrase: Range<usize>,
    /// Lemma of the head noun, lower case: `ceasefire`, `treaty`.
    pub noun: String,
    /// What nouns it may stand for.
    pub class: NounClass,
    /// Kind by noun and modifiers.
    pub kind: AgreementKind,
    /// How far it goes by itself.
    pub weight: Weight,
    /// Number of the known instrument that it names.
    pub instrument: Option<usize>,
    /// True where that instrument is open to many parties: whose the article's other words speak of is not told of it.
    pub of_many: bool,
    /// Article, demonstrative or possessive before it, lower case; empty where there is none.
    pub determiner: String,
    /// True for plural mentions.
    pub plural: bool,
    /// Words before the noun that tell which agreement is meant, lower case.
    pub modifiers: Vec<String>,
    /// True when a word sets it apart from the agreement just spoken of ("another", "a similar").
    pub apart: bool,
    /// True for "the new pact": one that follows another.
    pub renewed: bool,
    /// The word that numbers it among instruments of one name ("third").
    pub number: Option<String>,
    /// Year that its own words give.
    pub year: Option<String>,
    /// Written as a name: capital letter at the noun, or a title in quotation marks.
    pub proper: bool,
    /// True for a deal that a verb tells ("agreed to share the river").
    pub verbal: bool,
    /// What the phrases after the noun say that it is about ("on the transit of gas": transit, gas), lower-cased.
    pub topic: Vec<String>,
    /// Actors that its own words make parties.
    pub parties: Vec<ActorMention>,
    /// Where an abbreviation stands for it, or it is one ("the Free Trade Agreement (FTA) … the FTA"): the words in full.
    pub abbreviated: Option<Range<usize>>,
}

impl Mention {
    /// The mention of one word that tells nothing more of the agreement.
    #[must_use]
    pub fn plain(head: usize, noun: &str, weight: Weight) -> Self {
        Self {
            head,
            core: head..head + 1,
            full: head..head + 1,
            phrase: head..head + 1,
            noun: noun.to_owned(),
            class: NounClass::default(),
            kind: AgreementKind::Other,
            weight,
            instrument: None,
            of_many: false,
            determiner: String::new(),
            plural: false,
            modifiers: Vec::new(),
            apart: false,
            renewed: false,
            number: None,
            year: None,
            proper: false,
            verbal: false,
            topic: Vec::new(),
            parties: Vec::new(),
            abbreviated: None,
        }
    }

    /// True when nothing but an article and plain words stand before the noun: "the agreement", "this new deal".
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.modifiers.is_empty() && self.parties.is_empty() && self.instrument.is_none() && self.year.is_none() && !self.proper
    }

    /// True when its article brings it in as something not told of before: "a trade deal".
    #[must_use]
    pub fn is_new(&self) -> bool {
        matches!(self.determiner.as_str(), "a" | "an")
    }

    /// Span of the name as the register shows it.
    #[must_use]
    pub fn span(&self, reading: &Reading<'_>) -> Span {
        span_of(reading, &self.full)
    }
}

/// Span of a range of tokens; empty for an empty range.
#[must_use]
pub fn span_of(reading: &Reading<'_>, tokens: &Range<usize>) -> Span {
    match (reading.tokens.get(tokens.start), tokens.end.checked_sub(1).and_then(|last| reading.tokens.get(last))) {
        (Some(first), Some(last)) if !tokens.is_empty() => first.span.join(last.span),
        _ => Span::default(),
    }
}

/// Finds mentions. Built once, used for every article.
#[derive(Debug)]
pub struct Finder {
    names: AhoCorasick,
    name_list: Vec<String>,
    /// Agreement nouns, for deciding which sentences are worth a tree.
    nouns: AhoCorasick,
}

/// Longest phrase after the noun that is taken into the name, in tokens: longer ones are clauses in disguise.
const LONGEST_PHRASE: usize = 16;

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
        for sentence in &reading.sentences {
            if reading.syntax(sentence.tokens.start).is_none() {
                continue;
            }
            let words = reading.words(sentence.span);
            for hit in self.names.find_iter(words) {
                let span = Span::new(sentence.span.start() + hit.start(), sentence.span.start() + hit.end());
                let name = self.name_list.get(hit.pattern().as_usize()).map_or("", String::as_str);
                if let Some((number, instrument)) = lexicon.instrument(name)
                    && is_whole(reading, span)
                {
                    let tokens = reading.tokens_in(span);
                    let builder = Builder { graph, lexicon, actors };
                    let described = tokens.clone().filter(|_| instrument.few).find_map(|token| builder.noun(token));
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
                    // "nuclear non-proliferation treaty" found by its noun swallows nothing that a name already holds.
                    if found.iter().all(|other| other.core.end <= mention.core.start || other.core.start >= mention.core.end) {
                        found.push(mention);
                    }
                }
            }
        }
        add_abbreviations(reading, &mut found);
        found.sort_by_key(|mention| mention.head);
        found
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

struct Builder<'s, 'r, 'a> {
    graph: Graph<'r, 'a>,
    lexicon: &'s Lexicon,
    actors: &'s Actors,
}

impl Builder<'_, '_, '_> {
    fn instrument(&self, tokens: Range<usize>, number: usize, instrument: &Instrument) -> Mention {
        let head = self.head_of(&tokens);
        let mut mention = self.shell(head, tokens.clone(), String::new(), instrument.kind, Weight::Strong);
        mention.instrument = Some(number);
        mention.of_many = !instrument.few;
        mention.proper = true;
        mention.full = tokens;
        mention.parties.retain(|party| mention.full.contains(&party.tokens.start));
        mention.parties.clear();
        mention
    }

    /// The token of the range whose head lies outside of it.
    fn head_of(&self, tokens: &Range<usize>) -> usize {
        let outside = tokens.clone().rev().find(|&token| self.graph.head(token).is_none_or(|head| !tokens.contains(&head)));
        outside.unwrap_or(tokens.end.saturating_sub(1))
    }

    fn noun(&self, token: usize) -> Option<Mention> {
        let reading = self.graph.reading();
        let form = reading.lower(token);
        let tag = self.graph.tag(token);
        let (noun, start) = self.split_noun(token, &form)?;
        if !matches!(tag, Upos::Noun | Upos::Propn) && noun != "ceasefire" {
            return None;
        }
        let known = self.lexicon.noun(&noun)?;
        // "A good understanding of the law" is insight.
        if self.lexicon.is_insight(&noun) && reading.form(token + 1).eq_ignore_ascii_case("of") {
            return None;
        }
        let core_start = self.left_edge(start);
        // "Within the framework of the struggle" tells of no agreement.
        let before = |back: usize| start.checked_sub(back).map(|at| reading.lower(at)).unwrap_or_default();
        if self.lexicon.is_surroundings(&noun)
            && reading.form(token + 1) == "of"
            && before(1) == "the"
            && matches!(&*before(2), "in" | "within" | "under")
        {
            return None;
        }
        // "The text of the peace agreement" is that agreement's.
        let is_named = |child: usize| {
            self.lexicon.noun(&reading.lower(child)).is_some_and(|noun| noun.weight != Weight::Anaphor)
                && self.graph.case(child) == Some("of")
        };
        if known.weight == Weight::Anaphor && self.graph.down(token, "nmod").any(is_named) {
            return None;
        }
        // "There is broad agreement among experts", "in full agreement with our allies"
        let bare = self.determiner(core_start, token).is_empty();
        if noun == "agreement"
            && bare
            && core_start < start
            && (core_start..start).all(|at| self.lexicon.is_concord(&reading.lower(at)))
        {
            return None;
        }
        // A noun that modifies another agreement noun is part of that one's name: "ceasefire agreement", "peace deal plan".
        if let Some(next) = reading.tokens.get(token + 1).map(|_| reading.lower(token + 1))
            && self.lexicon.noun(&next).is_some_and(|next| next.weight != Weight::Anaphor)
            && matches!(self.graph.tag(token + 1), Upos::Noun | Upos::Propn)
        {
            return None;
        }
        let core = core_start..token + 1;
        let mention = self.shell(token, core, noun.clone(), known.kind, known.weight);
        if self.lexicon.is_foreign(&singular(&noun), &mention.modifiers) {
            return None;
        }
        Some(mention)
    }

    /// The noun at `token`, joined where it is written in two: "cease-fire", "cease fire", "cessation of hostilities".
    fn split_noun(&self, token: usize, form: &str) -> Option<(String, usize)> {
        let reading = self.graph.reading();
        let before = |back: usize| token.checked_sub(back).map(|at| reading.lower(at)).unwrap_or_default();
        if form == "fire" || form == "fires" {
            return match (&*before(1), &*before(2)) {
                ("cease", _) => Some(("ceasefire".to_owned(), token - 1)),
                ("-", "cease") => Some(("ceasefire".to_owned(), token - 2)),
                _ => None,
            };
        }
        if form == "cessation" {
            let after = |ahead: usize| reading.lower(token + ahead);
            let hostile = (1..=4).any(|ahead| matches!(&*after(ahead), "hostilities" | "violence" | "fighting"));
            return hostile.then(|| ("ceasefire".to_owned(), token));
        }
        let noun = if form == "cease-fire" || form == "cease-fires" || form == "ceasefires" { "ceasefire" } else { form };
        self.lexicon.noun(noun).map(|_| (noun.to_owned(), token))
    }

    /// First token of the modifiers before `start`, by their tags: sturdier than the tree where the tree is wrong.
    fn left_edge(&self, start: usize) -> usize {
        let reading = self.graph.reading();
        let sentence =
            reading.sentence_of(start).and_then(|at| reading.sentences.get(at)).map_or(0, |sentence| sentence.tokens.start);
        let mut edge = start;
        while edge > sentence {
            let token = edge - 1;
            let form = reading.form(token);
            let joined = reading.tokens.get(token).is_some_and(|token| token.joined);
            let fits = match self.graph.tag(token) {
                Upos::Cconj => edge < start + 1 && self.joins_modifiers(token, edge),
                Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num => true,
                // "power-sharing agreement"
                Upos::Verb if token > sentence + 1 && matches!(reading.form(token - 1), "-" | "‑") => {
                    reading.tokens.get(token - 1).is_some_and(|hyphen| hyphen.joined)
                }
                Upos::Verb => self.graph.base_relation(token) == "amod" || form.eq_ignore_ascii_case("proposed"),
                Upos::Part => matches!(form, "'s" | "’s" | "'" | "’") && edge - sentence > 1,
                Upos::Adv => {
                    matches!(form, "so" | "newly" | "de" | "recently") || joined || self.lexicon.sets_apart(&form.to_lowercase())
                }
                Upos::Sym if matches!(form, "$" | "€" | "£" | "¥") => true,
                Upos::Punct | Upos::Sym => {
                    joined && matches!(form, "-" | "/" | "–" | "‑") || (matches!(form, "\"" | "“") && edge == start)
                }
                Upos::Adp | Upos::X => joined && edge < start && matches!(reading.form(edge), "-" | "‑"),
                _ => false,
            };
            // "Peru and Chile sign border treaty": a headline's verb, whatever the tagger takes it for.
            let headline = edge > sentence + 1 && self.lexicon.is_headline_verb(&form.to_lowercase());
            if !fits || headline || start - token > 10 {
                break;
            }
            edge = token;
        }
        // 'the "surprising" deal': the mark that opens before the word closes inside the name.
        let is_mark = |token: usize| matches!(reading.form(token), "\"" | "“" | "”" | "''" | "``");
        let marks = (edge..start).filter(|&token| is_mark(token)).count();
        if marks == 1 && edge > sentence && is_mark(edge - 1) { edge - 1 } else { edge }
    }

    /// "an Alliance and Partnership deal", "the alliance and integration treaty": the conjunction stands inside the name.
    fn joins_modifiers(&self, conjunction: usize, edge: usize) -> bool {
        let reading = self.graph.reading();
        let Some(before) = conjunction.checked_sub(1) else { return false };
        let capital = |token: usize| reading.form(token).chars().next().is_some_and(char::is_uppercase);
        let nominal = matches!(self.graph.tag(before), Upos::Noun | Upos::Propn | Upos::Adj) && self.actors.at(before).is_none();
        let determined = before.checked_sub(1).is_some_and(|token| matches!(self.graph.tag(token), Upos::Det | Upos::Adj));
        nominal && self.actors.at(edge).is_none() && (capital(before) == capital(edge)) && (capital(edge) || determined)
    }

    fn shell(&self, head: usize, core: Range<usize>, noun: String, kind: AgreementKind, weight: Weight) -> Mention {
        let reading = self.graph.reading();
        let full = self.full_extent(head, &core);
        let determiner = self.determiner(core.start, head);
        let words = words_before(reading, &core, head);
        let noun = singular(&noun);
        let mut modifiers = Vec::new();
        // "No agreement" is none of those told of; "no such agreement" is the very one.
        let mut apart = self.lexicon.sets_apart(&determiner) && !words.iter().any(|word| word == "such");
        let mut year = None;
        let renewed = words.iter().any(|word| self.lexicon.renews(word));
        let number = words.iter().find(|word| self.lexicon.numbers(word)).map(|word| word.to_string());
        for word in &words {
            if is_year(word) {
                year = Some(word.clone());
            } else if self.lexicon.sets_apart(word) {
                apart = true;
            } else if !self.lexicon.is_plain(word) && !is_length(word) {
                modifiers.push(word.clone());
            }
        }
        // "the accord of 1995"
        let dated = (core.end..full.end).find(|&token| reading.form(token) == "of").map(|of| reading.form(of + 1).to_owned());
        // "the ceasefire in 1995"
        let told_in = Some(reading.form(head + 2).to_owned()).filter(|_| reading.form(head + 1) == "in");
        year = year.or(dated.filter(|word| is_year(word))).or(told_in.filter(|word| is_year(word)));
        let parties = self.own_parties(head, &core, &full);
        let in_actor = |word: &String| parties.iter().any(|party| party.words.to_lowercase().contains(word.as_str()));
        modifiers.retain(|word| !in_actor(word));
        let plural = reading.syntax(head).is_some_and(|syntax| syntax.features.number == Some(chancery_dissect::Number::Plur))
            || (reading.form(head).ends_with('s') && noun != "ceasefire" && !noun.ends_with('s'));
        let capital = |token: usize| reading.form(token).chars().next().is_some_and(char::is_uppercase);
        let first = reading
            .sentence_of(head)
            .and_then(|at| reading.sentences.get(at))
            .is_some_and(|sentence| sentence.tokens.start == head);
        let quoted = (core.end..full.end).any(|token| matches!(reading.form(token), "\"" | "“" | "‘"));
        let kind = self.lexicon.kind(&noun, &words).unwrap_or(kind);
        let proper = (capital(head) && !first && !words.is_empty()) || quoted;
        let topic = self.topic(&core, &full);
        Mention {
            head,
            core,
            class: self.lexicon.class(&noun),
            phrase: full.clone(),
            full,
            kind,
            weight,
            determiner,
            plural,
            apart,
            renewed,
            number,
            year,
            topic,
            verbal: false,
            parties,
            instrument: None,
            of_many: false,
            proper,
            noun,
            modifiers,
            abbreviated: None,
        }
    }

    /// Nouns of the phrases after the noun, those aside that tell with whom.
    fn topic(&self, core: &Range<usize>, full: &Range<usize>) -> Vec<String> {
        let reading = self.graph.reading();
        let mut about = false;
        let mut found = Vec::new();
        for token in core.end..full.end {
            let form = reading.lower(token);
            match &*form {
                "on" | "about" | "over" | "for" | "concerning" | "regarding" => about = true,
                "between" | "with" | "among" => about = false,
                _ if about && self.graph.tag(token) == Upos::Noun && self.actors.at(token).is_none() => {
                    found.push(reading.lower_lemma(token).into_owned());
                }
                _ => {}
            }
        }
        found
    }

    fn determiner(&self, start: usize, head: usize) -> String {
        let reading = self.graph.reading();
        let before = start.checked_sub(1).filter(|&token| {
            matches!(self.graph.tag(token), Upos::Det | Upos::Pron) && reading.sentence_of(token) == reading.sentence_of(head)
        });
        before.map(|token| reading.lower(token).into_owned()).unwrap_or_default()
    }

    /// The core with the phrases and the quoted title after it that belong to it.
    fn full_extent(&self, head: usize, core: &Range<usize>) -> Range<usize> {
        let reading = self.graph.reading();
        let limit = reading.sentence_of(head).and_then(|at| reading.sentences.get(at)).map_or(core.end, |s| s.tokens.end);
        let mut end = core.end;
        // treaty "on Alliance and Integration", treaty ("Alliance and …")
        let opening = (end..(end + 2).min(limit)).find(|&token| matches!(reading.form(token), "\"" | "“" | "‘" | "``"));
        if let Some(opening) = opening
            && (opening == end && self.opens_title(opening + 1)
                || opening > end && matches!(reading.form(end), "(" | "on" | "of" | "called" | "titled"))
            && let Some(close) =
                (opening + 2..(opening + 14).min(limit)).find(|&t| matches!(reading.form(t), "\"" | "”" | "’" | "''"))
        {
            end = close + 1;
            if reading.form(end) == ")" {
                end += 1;
            }
        }
        let mut phrases: Vec<usize> = self
            .graph
            .down(head, "nmod")
            .filter(|&child| {
                child > head
                    && !self.lexicon.is_partial(&reading.lower(child))
                    && self.graph.case(child).is_some_and(|case| self.lexicon.opens_own_phrase(&case.to_lowercase()))
            })
            .collect();
        phrases.sort_unstable();
        for phrase in phrases {
            let start = self.graph.down(phrase, "case").next().unwrap_or(phrase);
            let last = self.phrase_end(phrase, limit);
            if start == end && last > end && last - core.end <= LONGEST_PHRASE {
                end = last;
            }
        }
        end = self.with_second_side(core.end, end, limit);
        // "a deal with Ruvonia's neighbor, the breakaway region | Kestovia": the land's name belongs to it.
        if end > core.end
            && end < limit
            && self.lexicon.is_land(&reading.lower(end - 1))
            && let Some(actor) = self.actors.starting_at(end)
        {
            end = actor.tokens.end;
        }
        // A name that the tree splits ("South | Ossetia") stays whole.
        if let Some(actor) = end.checked_sub(1).and_then(|last| self.actors.at(last)).filter(|_| end > core.end) {
            end = end.max(actor.tokens.end);
        }
        // "an agreement over | the weekend"
        while end > core.end && self.graph.tag(end - 1) == Upos::Adp {
            end -= 1;
        }
        core.start..end.min(limit)
    }

    /// A title begins with a capital letter or with what it is on; "the deal \"will open doors\"" is followed by speech.
    fn opens_title(&self, token: usize) -> bool {
        let reading = self.graph.reading();
        reading.form(token).starts_with(char::is_uppercase) || self.lexicon.opens_own_phrase(&reading.lower(token))
    }

    /// "between A and the occupied B": both sides belong to the phrase, whatever the tree says of the second.
    fn with_second_side(&self, core_end: usize, end: usize, limit: usize) -> usize {
        let reading = self.graph.reading();
        let nominal = |token: usize| {
            matches!(self.graph.tag(token), Upos::Det | Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num)
                || self.actors.at(token).is_some()
                || reading.tokens.get(token).is_some_and(|token| token.joined)
                || self.graph.tag(token) == Upos::Verb && self.graph.base_relation(token) == "amod"
                || matches!(reading.form(token), "-" | "'s" | "’s")
        };
        let Some(between) = (core_end..limit.min(core_end + 3)).find(|&token| reading.form(token) == "between") else {
            return end;
        };
        let Some(and) = (between + 1..limit.min(between + 12)).find(|&token| reading.form(token) == "and") else { return end };
        if end > and + 1 || !(between + 1..and).all(nominal) {
            return end;
        }
        let second = (and + 1..limit.min(and + 9)).take_while(|&token| nominal(token)).last();
        second.map_or(end, |last| end.max(last + 1))
    }

    /// End of a nominal phrase without the clauses that hang on it.
    fn phrase_end(&self, head: usize, limit: usize) -> usize {
        let reading = self.graph.reading();
        let mut queue = vec![head];
        let mut last = head;
        while let Some(token) = queue.pop() {
            last = last.max(token);
            for child in reading.dependents(token) {
                let elsewhere = self.graph.case(child).is_some_and(|case| !matches!(case, "of" | "between" | "with" | "and"));
                let clause = elsewhere
                    || self.graph.base_relation(child) == "conj" && self.graph.has(child, "mark")
                    || matches!(
                        self.graph.base_relation(child),
                        "acl" | "advcl" | "appos" | "parataxis" | "punct" | "dep" | "ccomp"
                    );
                if !clause && child > head.saturating_sub(LONGEST_PHRASE) {
                    queue.push(child);
                }
            }
        }
        (last + 1).min(limit)
    }

    /// True where the actor's name before the noun only tells which one is meant: where it was made ("the Lima accord"), where it
    /// holds, or the body that drew it up ("the UN convention").
    fn only_names(&self, head: usize, actor: &ActorMention) -> bool {
        let reading = self.graph.reading();
        let end = actor.tokens.end;
        let joins = |token: usize| matches!(reading.form(token), "-" | "–" | "/" | "and");
        let before = actor.tokens.start.checked_sub(1).filter(|&token| joins(token)).and_then(|joint| joint.checked_sub(1));
        // "The Moscow-Lima accord" is one of two governments, "the Lima/Cusco accord" one of a place.
        let paired =
            joins(end) && self.actors.at(end + 1).is_some() || before.is_some_and(|token| self.actors.at(token).is_some());
        let owns = matches!(reading.form(end), "'s" | "’s");
        if end > head || paired || owns {
            return false;
        }
        match actor.kind {
            _ if matches!(actor.relation, Relation::Capital | Relation::Seat) => true,
            ActorKind::Territory => actor.relation == Relation::Name,
            ActorKind::International | ActorKind::Bloc => self.lexicon.is_drawn_up(&singular(&reading.lower(head))),
            _ => false,
        }
    }

    /// Parties that the mention's own words give: "Russian-Ossetian treaty", "deal with Kenya", "pact between A and B".
    fn own_parties(&self, head: usize, core: &Range<usize>, full: &Range<usize>) -> Vec<ActorMention> {
        let reading = self.graph.reading();
        let mut parties = Vec::new();
        for actor in self.actors.in_range(core) {
            // "Egyptian-brokered truce", "UN-backed plan": who helps is no party.
            let next = reading.lower(actor.tokens.end);
            let after = if next == "-" { reading.lower(actor.tokens.end + 1) } else { next };
            let helper = after.ends_with("ed") && !matches!(&*after, "proposed");
            if !helper && actor.tokens.end <= head + 1 && !self.only_names(head, actor) {
                parties.push(actor.clone());
            }
        }
        let mut joined = false;
        for token in core.end..full.end {
            match &*reading.lower(token) {
                "between" | "with" | "among" | "and" if !joined => joined = reading.lower(token) != "and",
                "of" if joined && self.lexicon.is_governing(&reading.lower(token - 1)) => {}
                "on" | "of" | "for" | "over" | "concerning" | "regarding" | "against" => joined = false,
                _ => {}
            }
            // "with Georgia's breakaway region": who possesses is not who agrees.
            let possesses = |actor: &&ActorMention| matches!(reading.form(actor.tokens.end), "'s" | "’s" | "'" | "’");
            if joined {
                let acts = |actor: &&ActorMention| !possesses(actor) && !is_private(self.graph, self.lexicon, actor);
                parties.extend(self.actors.starting_at(token).filter(acts).cloned());
            }
        }
        parties
    }
}

/// Most words between an actor and what it only describes ("Japanese consumer electronics giant").
const DESCRIBED: usize = 3;

/// "Brazilian striker", "U.S. chip maker": the actor only tells where somebody is from who acts for himself.
#[must_use]
pub fn is_private(graph: Graph<'_, '_>, lexicon: &Lexicon, actor: &ActorMention) -> bool {
    let end = actor.tokens.end;
    let first = end + usize::from(matches!(graph.reading().form(end), "'s" | "’s" | "'" | "’"));
    let nominal = |token: &usize| matches!(graph.tag(*token), Upos::Adj | Upos::Noun | Upos::Propn);
    (first..=first + DESCRIBED).take_while(nominal).any(|token| lexicon.is_private(&graph.reading().lower_lemma(token)))
}

/// "The 297-page accord": how long its text is tells it from no other.
fn is_length(word: &str) -> bool {
    let (number, unit) = word.split_once('-').unwrap_or((word, ""));
    number.bytes().all(|byte| byte.is_ascii_digit())
        && (unit.is_empty() && !is_year(number) || matches!(unit, "page" | "point" | "article"))
        || matches!(word, "page" | "point" | "article")
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.starts_with(['1', '2']) && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn singular(noun: &str) -> String {
    match noun {
        "treaties" => "treaty".to_owned(),
        _ => noun.strip_suffix('s').filter(|_| !noun.ends_with("ss")).unwrap_or(noun).to_owned(),
    }
}

/// Lower-cased words of the core before its head; compounds give the whole and their parts ("non-proliferation" and "proliferation").
fn words_before(reading: &Reading<'_>, core: &Range<usize>, head: usize) -> Vec<String> {
    let span = span_of(reading, &(core.start..head));
    let mut words = Vec::new();
    for word in reading.words(span).split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).trim_end_matches("'s").trim_end_matches("’s").to_lowercase();
        if word.is_empty() {
            continue;
        }
        if word.contains('-') {
            words.extend(word.split('-').filter(|part| part.len() > 2 && *part != "non").map(str::to_owned));
        }
        words.push(word);
    }
    words
}
