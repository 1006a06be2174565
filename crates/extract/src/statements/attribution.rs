//! Finds who says what in one article: source, cue and content, before any of them is resolved.
//!
//! Quotations come first, by what stands beside their marks; trees give clauses, infinitives and objects of the cues left over.
use crate::modality;
use crate::statements::cues::{Cues, Frame, Reading as CueReading, Weight};
use crate::statements::extent;
use crate::statements::quotes::{Quote, holders, outermost};
use crate::statements::tree::Tree;
use chancery_agreement::{Span, Stance};
use chancery_dissect::Upos;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Longest sentence that is read for speech, in tokens.
const LONGEST_SENTENCE: usize = 300;

/// One piece of content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The words; without the marks for a quotation.
    pub span: Span,
    /// With quotation marks and "that": what the field's annotation format wants.
    pub outer: Span,
    /// A quotation by itself.
    pub direct: bool,
}

/// Someone says something, as one place of the text tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribution {
    /// The token that heads the cue; for a quotation without a cue, its first token.
    pub head: usize,
    /// Tokens of the cue; empty for a quotation without one.
    pub cue: Range<usize>,
    /// Dictionary form of the cue.
    pub lemma: String,
    /// Head of the source.
    pub source_head: Option<usize>,
    /// Tokens of the source.
    pub source: Option<Range<usize>>,
    /// The relative pronoun that stands in the source's place ("who said").
    pub relative: Option<usize>,
    /// Content, in order of the text.
    pub content: Vec<Piece>,
    /// How near to speech.
    pub weight: Weight,
    /// Where the cue puts the speaker.
    pub stance: Stance,
    /// The form of content by which it was found.
    pub frame: Frame,
    /// The cue is negated ("did not say").
    pub negated: bool,
    /// The addressee, where it is an outlet or a person ("told TASS").
    pub addressee: Option<usize>,
    /// The attribution that this quotation without a cue goes on from.
    pub carried: Option<usize>,
    /// Rule that found it.
    pub rule: &'static str,
}

impl Attribution {
    /// From the first to the last byte of all its parts.
    #[must_use]
    pub fn first_byte(&self, tree: &Tree<'_, '_>) -> usize {
        let content = self.content.first().map_or(usize::MAX, |piece| piece.span.start());
        let cue = if self.cue.is_empty() { usize::MAX } else { tree.span(&self.cue).start() };
        content.min(cue)
    }
}

/// What finding attributions needs, and what it has found so far.
pub struct Finder<'t, 'r, 'a> {
    /// The trees.
    pub tree: &'t Tree<'r, 'a>,
    /// The cue words.
    pub cues: &'t Cues,
    /// Take weak cues and clauses of unlisted verbs, too.
    pub weak: bool,
    pub(super) quotes: Vec<Quote>,
    pub(super) holder: Vec<Option<u32>>,
    pub(super) found: Vec<Attribution>,
    pub(super) by_head: BTreeMap<usize, usize>,
    pub(super) taken: BTreeSet<usize>,
    /// Cues, and the quotations beside them that may be a few words of a clause.
    pub(super) parts: Vec<(usize, usize)>,
}

/// All attributions of the parsed sentences, in order of the text.
#[must_use]
pub fn find(tree: &Tree<'_, '_>, cues: &Cues, weak: bool) -> Vec<Attribution> {
    let quotes = outermost(tree.reading());
    let holder = holders(tree.reading(), &quotes);
    let mut finder = Finder {
        tree,
        cues,
        weak,
        quotes,
        holder,
        found: Vec::new(),
        by_head: BTreeMap::new(),
        taken: BTreeSet::new(),
        parts: Vec::new(),
    };
    finder.direct();
    for sentence in 0..tree.reading().sentences.len() {
        finder.sentence(sentence);
    }
    finder.left_over();
    finder.carry();
    finder.found.retain(|attribution| !attribution.content.is_empty());
    for attribution in &mut finder.found {
        attribution.content.sort_by_key(|piece| piece.span.start());
    }
    let mut order: Vec<usize> = (0..finder.found.len()).collect();
    order.sort_by_key(|&at| finder.found.get(at).map(|attribution| attribution.first_byte(tree)));
    let place: BTreeMap<usize, usize> = order.iter().enumerate().map(|(new, &old)| (old, new)).collect();
    let heads: BTreeMap<usize, usize> = finder.found.iter().enumerate().map(|(at, attribution)| (attribution.head, at)).collect();
    let mut sorted: Vec<Attribution> = order.iter().filter_map(|&at| finder.found.get(at).cloned()).collect();
    for attribution in &mut sorted {
        // While finding, `carried` names the head token of the attribution gone on from: it is stable, positions are not.
        attribution.carried =
            attribution.carried.and_then(|head| heads.get(&head).copied()).and_then(|old| place.get(&old).copied());
    }
    sorted
}

impl Finder<'_, '_, '_> {
    /// A "sentence" that is no sentence: a table, or a line of a million words. What is said there is not worth its cost.
    pub(super) fn is_endless(&self, sentence: usize) -> bool {
        self.tree.reading().sentences.get(sentence).is_none_or(|sentence| sentence.tokens.len() > LONGEST_SENTENCE)
    }

    pub(super) fn is_inside(&self, token: usize) -> bool {
        self.holder.get(token).copied().flatten().is_some()
    }

    pub(super) fn quote_at(&self, token: usize) -> Option<&Quote> {
        self.holder.get(token).copied().flatten().and_then(|at| self.quotes.get(at as usize))
    }

    /// The cue verb at `token` with its particle, and what it can take.
    pub(super) fn cue_at(&self, token: usize) -> Option<(String, &BTreeMap<Frame, CueReading>)> {
        let tag = self.tree.graph.tag(token);
        let form = self.tree.lower(token);
        // The tagger errs on present forms before a name ("says President …"): the word decides where it can be nothing else.
        let sure = self.cues.word("sure-forms", &form);
        if !(tag == Upos::Verb || sure) {
            return None;
        }
        let lemma = self.cues.lemma(&form)?.to_owned();
        let particle = self.tree.down(token, "compound:prt").next().map(|child| self.tree.lower(child));
        if let Some(particle) = particle.or_else(|| Some(self.tree.lower(token + 1))) {
            let phrasal = format!("{lemma} {particle}");
            if let Some(frames) = self.cues.verb(&phrasal) {
                return Some((phrasal, frames));
            }
        }
        let frames = self.cues.verb(&lemma)?;
        Some((lemma, frames))
    }

    pub(super) fn takes(&self, token: usize, frame: Frame) -> bool {
        self.cue_at(token).is_some_and(|(_, frames)| frames.contains_key(&frame))
    }

    /// Starts an attribution at the cue `head`.
    pub(super) fn begin(&mut self, head: usize, frame: Frame, content: Vec<Piece>, inverted: bool, rule: &'static str) {
        // "Has the minister rejected it?" Nobody says so.
        if frame != Frame::Quote && modality::is_asked(self.tree.graph, head) {
            return;
        }
        let (lemma, reading) = match self.cue_at(head) {
            Some((lemma, frames)) => {
                let reading = frames.get(&frame).or_else(|| frames.values().next()).copied();
                (lemma, reading)
            }
            None => (self.tree.reading().lower_lemma(head).into_owned(), None),
        };
        let reading = reading.unwrap_or(CueReading { weight: Weight::Speech, stance: Stance::Neutral });
        let source = extent::source(self.tree, self.cues, head, inverted, &self.holder);
        let cue = extent::cue(self.tree, self.cues, head, frame);
        let passive = self.tree.is_passive(head);
        let verb = self.tree.graph.tag(head) == Upos::Verb;
        if source.is_none() && !passive && frame != Frame::Quote && verb && rule != "cue-with-clause" {
            return;
        }
        let negated = extent::is_negated(self.tree, self.cues, head);
        let addressee = extent::addressee(self.tree, head);
        self.by_head.insert(head, self.found.len());
        self.found.push(Attribution {
            head,
            cue,
            lemma,
            source_head: source.as_ref().map(|source| source.head),
            source: source.as_ref().map(|source| source.tokens.clone()),
            relative: source.and_then(|source| source.relative),
            content,
            weight: reading.weight,
            stance: reading.stance,
            frame,
            negated,
            addressee,
            carried: None,
            rule,
        });
    }

    fn sentence(&mut self, sentence: usize) {
        if !self.tree.reading().is_parsed(sentence) || self.is_endless(sentence) {
            return;
        }
        let Some(range) = self.tree.reading().sentences.get(sentence).map(|sentence| sentence.tokens.clone()) else { return };
        for token in range.clone() {
            let inside = self.quote_at(token).is_some_and(|quote| {
                !quote.scare && (quote.whole || self.quote_index(token).is_some_and(|at| self.taken.contains(&at)))
            });
            if inside && !self.weak {
                self.nested(token, &range);
            }
            if inside || self.by_head.contains_key(&token) {
                continue;
            }
            let form = self.tree.lower(token);
            if form == "according" && self.tree.lower(token + 1) == "to" {
                self.according(token, &range);
            } else if let Some((_, frames)) = self.cue_at(token) {
                let frames = frames.clone();
                self.verb(token, &frames, &range);
            } else if self.tree.graph.tag(token) == Upos::Noun {
                self.noun(token, &range);
            } else if self.weak && self.is_predicate(token) && self.cues.adjective(&form).is_some() {
                self.adjective(token, &form, &range);
            } else if self.weak && self.tree.graph.tag(token) == Upos::Verb {
                self.unlisted(token, &range);
            }
        }
    }

    /// An adjective or participle with a form of "be".
    fn is_predicate(&self, token: usize) -> bool {
        matches!(self.tree.graph.tag(token), Upos::Adj | Upos::Verb)
            && self.tree.children(token).any(|child| matches!(self.tree.graph.relation(child), "cop" | "aux:pass" | "aux"))
    }

    fn quote_index(&self, token: usize) -> Option<usize> {
        self.holder.get(token).copied().flatten().map(|at| at as usize)
    }

    pub(super) fn piece(&self, tokens: &Range<usize>, that: bool) -> Option<Piece> {
        let tokens = extent::trimmed(self.tree, tokens);
        if tokens.is_empty() {
            return None;
        }
        let span = self.tree.span(&tokens);
        let start = if that {
            self.tree.reading().tokens.get(tokens.start - 1).map_or(span.start(), |token| token.span.start())
        } else {
            span.start()
        };
        let mut outer = Span::new(start, span.end());
        let mut inner = span;
        // A clause that is one quotation from end to end is direct.
        let mut direct = false;
        if let Some(quote) = self.quote_at(tokens.start) {
            if quote.tokens.start == tokens.start && quote.tokens.end >= tokens.end && !quote.scare {
                inner = quote.content;
                outer = Span::new(start.min(quote.outer.start()), quote.outer.end());
                direct = true;
            }
        } else if let Some(quote) = self.quote_at(tokens.end - 1) {
            // Content ends with the quotation that it ends in.
            outer = Span::new(start, quote.outer.end().max(span.end()));
            inner = Span::new(span.start(), quote.content.end().max(span.end()));
        }
        Some(Piece { span: inner, outer, direct })
    }

    pub(super) fn allowed(&self, reading: &CueReading) -> bool {
        self.weak || reading.weight != Weight::Weak
    }
}
