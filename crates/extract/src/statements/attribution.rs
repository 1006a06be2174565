//! Finds who says what in one article: source, cue and content, before any of them is resolved.
//!
//! Quotations come first, by what stands beside their marks; trees give clauses, infinitives and objects of the cues left over.
use crate::statements::cues::{Cues, Frame, Reading as CueReading, Weight};
use crate::statements::extent;
use crate::statements::quotes::{Quote, holders, outermost};
use crate::statements::tree::Tree;
use chancery_agreement::{Span, Stance};
use chancery_dissect::Upos;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Farthest that a cue stands from the marks of its quotation, in tokens.
const WINDOW: usize = 24;

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
    quotes: Vec<Quote>,
    pub(super) holder: Vec<Option<u32>>,
    pub(super) found: Vec<Attribution>,
    pub(super) by_head: BTreeMap<usize, usize>,
    taken: BTreeSet<usize>,
}

/// All attributions of the parsed sentences, in order of the text.
#[must_use]
pub fn find(tree: &Tree<'_, '_>, cues: &Cues, weak: bool) -> Vec<Attribution> {
    let quotes = outermost(tree.reading());
    let holder = holders(tree.reading(), &quotes);
    let mut finder =
        Finder { tree, cues, weak, quotes, holder, found: Vec::new(), by_head: BTreeMap::new(), taken: BTreeSet::new() };
    finder.direct();
    for sentence in 0..tree.reading().sentences.len() {
        finder.sentence(sentence);
    }
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
    fn is_endless(&self, sentence: usize) -> bool {
        self.tree.reading().sentences.get(sentence).is_none_or(|sentence| sentence.tokens.len() > LONGEST_SENTENCE)
    }

    fn is_inside(&self, token: usize) -> bool {
        self.holder.get(token).copied().flatten().is_some()
    }

    fn quote_at(&self, token: usize) -> Option<&Quote> {
        self.holder.get(token).copied().flatten().and_then(|at| self.quotes.get(at as usize))
    }

    /// The cue verb at `token` with its particle, and what it can take.
    fn cue_at(&self, token: usize) -> Option<(String, &BTreeMap<Frame, CueReading>)> {
        let tag = self.tree.graph.tag(token);
        let form = self.tree.lower(token);
        // The tagger errs on present forms before a name ("says President …"): the word decides where it can be nothing else.
        let sure = matches!(
            form.as_str(),
            "said" | "says" | "told" | "added" | "stated" | "argued" | "insisted" | "wrote" | "asked" | "replied"
        );
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

    fn takes(&self, token: usize, frame: Frame) -> bool {
        self.cue_at(token).is_some_and(|(_, frames)| frames.contains_key(&frame))
    }

    // ---- quotations -------------------------------------------------------------------------------------------------

    /// Gives each quotation the cue beside it.
    fn direct(&mut self) {
        for at in 0..self.quotes.len() {
            let Some(quote) = self.quotes.get(at).cloned() else { continue };
            let place = self.tree.reading().sentence_of(quote.tokens.start);
            if quote.scare || place.is_none_or(|place| self.is_endless(place)) {
                continue;
            }
            let before = self.cue_before(&quote);
            let after = self.cue_after(&quote);
            // "…, he said: '…' she added": what is tied closest wins.
            let cue = match (before, after) {
                (Some((head, true)), _) => Some(head),
                (_, Some(head)) => Some(head),
                (Some((head, false)), None) => Some(head),
                (None, None) => None,
            };
            let Some(head) = cue else { continue };
            let piece = Piece { span: quote.content, outer: quote.outer, direct: true };
            if let Some(&known) = self.by_head.get(&head) {
                if let Some(attribution) = self.found.get_mut(known) {
                    attribution.content.push(piece);
                }
            } else {
                let inverted = head >= quote.tokens.end;
                self.begin(head, Frame::Quote, vec![piece], inverted, "quotation-beside-cue");
            }
            self.taken.insert(at);
        }
    }

    /// The cue in the sentence before the opening mark; true where the mark follows it closely.
    fn cue_before(&self, quote: &Quote) -> Option<(usize, bool)> {
        let reading = self.tree.reading();
        let open = quote.tokens.start;
        let mut sentence = self.tree.sentence(open);
        let last = open.checked_sub(1)?;
        if last < sentence.start {
            // "The minister wrote:" may stand as a sentence or paragraph of its own.
            if reading.form(last) != ":" || !quote.whole {
                return None;
            }
            sentence = self.tree.sentence(last);
        }
        let form = self.tree.lower(last);
        let tied = matches!(form.as_str(), "," | ":" | "that" | "as" | "-" | "–" | "—") || self.takes(last, Frame::Quote);
        if !tied && (!quote.whole || quote.inner.len() < 6) {
            return None;
        }
        if form == "as" && !quote.whole {
            return None;
        }
        let mut token = last;
        loop {
            if self.is_inside(token) || open - token > WINDOW {
                return None;
            }
            if self.takes(token, Frame::Quote) || (self.takes(token, Frame::Clause) && tied) {
                // "reports say that …": the verb nearest to the mark that is not inside the clause of another thing.
                return (!self.is_modifier(token)).then_some((token, tied));
            }
            if form == ":" && self.tree.graph.tag(token) == Upos::Verb && self.tree.graph.relation(token) == "root" {
                return Some((token, true));
            }
            let finite = matches!(self.tree.graph.tag(token), Upos::Verb) && self.tree.down(token, "nsubj").next().is_some();
            if finite && form != ":" {
                return None;
            }
            if token <= sentence.start {
                return None;
            }
            token -= 1;
        }
    }

    /// "the reported sale": a participle before its noun is no cue.
    fn is_modifier(&self, token: usize) -> bool {
        matches!(self.tree.graph.base_relation(token), "amod" | "compound" | "case")
    }

    /// The cue in the same sentence behind the closing mark: "…," said the minister.
    fn cue_after(&self, quote: &Quote) -> Option<usize> {
        let close = quote.tokens.end;
        let mut sentence = self.tree.sentence(close.checked_sub(1)?);
        let starts = self.tree.sentence(quote.tokens.start).start;
        // Words before the mark in the same sentence: the clause is mixed, and the trees see to it.
        let preceded = (starts..quote.tokens.start).any(|token| !self.is_inside(token) && !self.tree.is_punct(token));
        if preceded && !quote.whole {
            return None;
        }
        if close >= sentence.end {
            let next = self.tree.sentence(close);
            let form = self.tree.reading().form(close);
            let lower = form.chars().next().is_some_and(char::is_lowercase);
            if next.is_empty() || !lower {
                return None;
            }
            sentence = next;
        }
        let mut token = close;
        while token < sentence.end && token < close + WINDOW {
            if self.is_inside(token) {
                return None;
            }
            let form = self.tree.lower(token);
            if token == close && matches!(form.as_str(), "and" | "but" | "or" | "." | ";" | ":") {
                return None;
            }
            if self.takes(token, Frame::Quote) && !self.is_modifier(token) {
                // "the official who was quoted said": a relative clause of the source is passed over.
                let relative = self.tree.graph.relation(token) == "acl:relcl"
                    || (self.tree.graph.relation(token) == "acl" && token > close + 1);
                if !relative {
                    return Some(token);
                }
            } else if self.tree.graph.tag(token) == Upos::Verb
                && self.tree.down(token, "nsubj").next().is_some()
                && !matches!(self.tree.graph.base_relation(token), "acl" | "advcl")
            {
                return None;
            }
            token += 1;
        }
        None
    }

    /// Starts an attribution at the cue `head`.
    fn begin(&mut self, head: usize, frame: Frame, content: Vec<Piece>, inverted: bool, rule: &'static str) {
        let (lemma, reading) = match self.cue_at(head) {
            Some((lemma, frames)) => {
                let reading = frames.get(&frame).or_else(|| frames.values().next()).copied();
                (lemma, reading)
            }
            None => (self.tree.reading().lemma(head).to_lowercase(), None),
        };
        let reading = reading.unwrap_or(CueReading { weight: Weight::Speech, stance: Stance::Neutral });
        let source = extent::source(self.tree, head, inverted, &self.holder);
        let cue = extent::cue(self.tree, head, frame);
        let passive = self.tree.is_passive(head);
        let verb = self.tree.graph.tag(head) == Upos::Verb;
        if source.is_none() && !passive && frame != Frame::Quote && verb && rule != "cue-with-clause" {
            return;
        }
        let negated = extent::is_negated(self.tree, head);
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

    // ---- trees ------------------------------------------------------------------------------------------------------

    fn sentence(&mut self, sentence: usize) {
        if !self.tree.reading().is_parsed(sentence) || self.is_endless(sentence) {
            return;
        }
        let Some(range) = self.tree.reading().sentences.get(sentence).map(|sentence| sentence.tokens.clone()) else { return };
        for token in range.clone() {
            let inside = self.quote_at(token).is_some_and(|quote| {
                !quote.scare && (quote.whole || self.quote_index(token).is_some_and(|at| self.taken.contains(&at)))
            });
            if inside || self.by_head.contains_key(&token) {
                continue;
            }
            let form = self.tree.lower(token);
            if form == "according" && self.tree.lower(token + 1) == "to" {
                self.according(token, &range);
            } else if let Some((lemma, frames)) = self.cue_at(token) {
                let frames = frames.clone();
                self.verb(token, &lemma, &frames, &range);
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

    fn allowed(&self, reading: &CueReading) -> bool {
        self.weak || reading.weight != Weight::Weak
    }

    fn verb(&mut self, verb: usize, lemma: &str, frames: &BTreeMap<Frame, CueReading>, sentence: &Range<usize>) {
        let _ = lemma;
        if self.is_modifier(verb) {
            return;
        }
        let tree = self.tree;
        let graph = tree.graph;
        let passive = tree.is_passive(verb);
        let by = tree
            .down(verb, "obl")
            .find(|&child| tree.children(child).any(|case| graph.relation(case) == "case" && tree.lower(case) == "by"));
        let allowed = |frame: Frame| frames.get(&frame).filter(|reading| self.allowed(reading)).is_some();

        if allowed(Frame::Clause) {
            if let Some((content, that)) = extent::clause(tree, verb, sentence) {
                let piece = self.piece(&content, that);
                if let Some(piece) = piece {
                    let mut content = vec![piece];
                    if passive
                        && by.is_none()
                        && tree.down(verb, "nsubj:pass").next().is_some_and(|subject| tree.lower(subject) != "it")
                        && !frames.contains_key(&Frame::Whom)
                        && self.weak
                    {
                        content.extend(self.subject_piece(verb));
                    }
                    self.begin(verb, Frame::Clause, content, false, "cue-with-clause");
                    return;
                }
            }
            if let Some(pieces) = self.around(verb, sentence) {
                let inverted = true;
                self.begin(verb, Frame::Clause, pieces, inverted, "clause-around-cue");
                return;
            }
        }
        if allowed(Frame::To)
            && let Some(xcomp) = tree.children(verb).find(|&child| {
                matches!(graph.base_relation(child), "xcomp" | "advcl" | "ccomp")
                    && child > verb
                    && tree.children(child).any(|mark| graph.relation(mark) == "mark" && tree.lower(mark) == "to")
            })
        {
            let from = if frames.contains_key(&Frame::Whom) || frames.contains_key(&Frame::Object) {
                tree.down(verb, "obj").find(|&object| object > verb && object < xcomp)
            } else {
                None
            };
            let mut tokens = extent::phrase_after(tree, verb, xcomp, sentence);
            tokens.end = extent::tail_end(tree, verb, tokens.end, sentence);
            if let Some(object) = from
                && !passive
            {
                tokens.start = extent::nominal(tree, object, verb + 1..tokens.start).start.max(verb + 1);
            }
            if let Some(piece) = self.piece(&tokens, false) {
                let mut content = vec![piece];
                if passive && self.weak {
                    content.extend(self.subject_piece(verb));
                }
                self.begin(verb, Frame::To, content, false, "cue-with-infinitive");
                return;
            }
        }
        // "called for talks", "accused of theft"
        let oblique = tree
            .children(verb)
            .filter(|&child| child > verb && matches!(graph.base_relation(child), "obl" | "nmod" | "advcl" | "obj"))
            .find_map(|child| {
                let case =
                    tree.children(child).find(|&case| matches!(graph.base_relation(case), "case" | "mark") && case < child)?;
                let frame = Frame::of_preposition(&tree.lower(case))?;
                (frame != Frame::To || graph.relation(case) == "case").then_some(())?;
                frames.get(&frame).filter(|reading| self.allowed(reading))?;
                (case <= verb + 3).then_some((child, case, frame))
            });
        if let Some((child, case, frame)) = oblique
            && frame != Frame::As
        {
            let mut tokens = extent::phrase_after(tree, verb, child, sentence);
            tokens.start = if frame == Frame::To && graph.tag(child) == Upos::Verb { case } else { case + 1 };
            tokens.end = extent::tail_end(tree, verb, tokens.end, sentence);
            if let Some(piece) = self.piece(&tokens, false) {
                self.begin(verb, frame, vec![piece], false, "cue-with-preposition");
                return;
            }
        }
        if allowed(Frame::Object) {
            self.object(verb, passive, by, sentence);
        }
    }

    fn object(&mut self, verb: usize, passive: bool, by: Option<usize>, sentence: &Range<usize>) {
        let tree = self.tree;
        let graph = tree.graph;
        if passive || (graph.base_relation(verb) == "acl" && by.is_some()) {
            if by.is_none() && !self.weak {
                return;
            }
            let mut content: Vec<Piece> = self.subject_piece(verb).into_iter().collect();
            let rest = tree
                .children(verb)
                .filter(|&child| {
                    child > verb && Some(child) != by && matches!(graph.base_relation(child), "obl" | "xcomp" | "advcl")
                })
                .find(|&child| tree.children(child).any(|case| matches!(tree.lower(case).as_str(), "of" | "as" | "for")));
            if let Some(rest) = rest {
                let tokens = extent::phrase_after(tree, verb, rest, sentence);
                content.extend(self.piece(&tokens, false));
            }
            if !content.is_empty() {
                self.begin(verb, Frame::Object, content, false, "cue-in-passive");
            }
            return;
        }
        let Some(object) = tree.down(verb, "obj").find(|&child| child > verb).or_else(|| {
            // Parsers take "called the raid a crime" for a clause.
            tree.children(verb).find(|&child| {
                child > verb
                    && matches!(graph.base_relation(child), "ccomp" | "xcomp")
                    && !tree.children(child).any(|mark| graph.relation(mark) == "mark")
            })
        }) else {
            return;
        };
        let pronoun =
            matches!(tree.lower(object).as_str(), "himself" | "herself" | "itself" | "themselves" | "what" | "which" | "that");
        if pronoun {
            return;
        }
        let mut tokens = extent::phrase_after(tree, verb, object, sentence);
        tokens.end = extent::tail_end(tree, verb, tokens.end, sentence);
        if let Some(piece) = self.piece(&tokens, false) {
            self.begin(verb, Frame::Object, vec![piece], false, "cue-with-object");
        }
    }

    fn subject_piece(&self, verb: usize) -> Option<Piece> {
        let graph = self.tree.graph;
        let subject =
            self.tree.children(verb).find(|&child| matches!(graph.relation(child), "nsubj:pass" | "nsubj")).or_else(|| {
                // "the plan criticized by the guild"
                (graph.base_relation(verb) == "acl").then(|| graph.head(verb)).flatten()
            })?;
        let limit = if subject < verb { self.tree.sentence(verb).start..verb } else { verb + 1..self.tree.sentence(verb).end };
        self.piece(&extent::nominal(self.tree, subject, limit), false)
    }

    /// Content before the cue, or on both sides: "The pier, he said, will close."
    fn around(&self, verb: usize, sentence: &Range<usize>) -> Option<Vec<Piece>> {
        let tree = self.tree;
        let graph = tree.graph;
        if graph.base_relation(verb) == "acl" || !self.takes(verb, Frame::Quote) || tree.reading().form(verb).ends_with("ing") {
            return None;
        }
        let source = extent::source(tree, verb, true, &self.holder)?;
        let cue = extent::cue(tree, verb, Frame::Clause);
        let start = cue.start.min(source.tokens.start);
        let end = cue.end.max(source.tokens.end);
        // The insert stands between commas, or between a comma and the end.
        let comma = start.checked_sub(1).filter(|&token| token > sentence.start)?;
        let mark = tree.reading().form(comma);
        if !(mark == "," || mark == "—" || mark == "–" || self.is_inside(comma)) || source.relative.is_some() {
            return None;
        }
        // "After the vote, he said …" has its clause behind the cue; an insert has nothing there but a comma or the end.
        let mut tail = end;
        while tail < sentence.end && !matches!(tree.reading().form(tail), "," | "." | ";" | "—" | "–" | "\"" | "”" | "!" | "?")
        {
            let adjunct = tree.children(verb).any(|child| {
                matches!(graph.base_relation(child), "obl" | "advmod" | "obj" | "advcl")
                    && tree.below(child, |_| false).contains(&tail)
            });
            if !adjunct {
                return None;
            }
            tail += 1;
        }
        if tail - end > 12 {
            return None;
        }
        let first = self.clause_start(comma, sentence);
        let has_verb = (first..comma).any(|token| matches!(graph.tag(token), Upos::Verb | Upos::Aux));
        let rest_has_verb = (tail..sentence.end).any(|token| matches!(graph.tag(token), Upos::Verb | Upos::Aux));
        let before = self.piece(&(first..comma), false)?;
        let ends = tail >= sentence.end || tree.reading().form(tail) != ",";
        if ends {
            return has_verb.then(|| vec![before]);
        }
        if !has_verb && !rest_has_verb {
            return None;
        }
        let mut pieces = vec![before];
        pieces.extend(self.piece(&(tail..sentence.end), false));
        Some(pieces)
    }

    /// Where the clause that ends before `end` begins: after the last quotation or semicolon, past an opening "And" or "But".
    fn clause_start(&self, end: usize, sentence: &Range<usize>) -> usize {
        let reading = self.tree.reading();
        let mut start = sentence.start;
        for token in sentence.start..end {
            if matches!(reading.form(token), ";" | ":") {
                start = token + 1;
            }
        }
        if start == sentence.start && matches!(self.tree.lower(start).as_str(), "but" | "and" | "however" | "meanwhile") {
            start += 1;
            if reading.form(start) == "," {
                start += 1;
            }
        }
        start
    }

    fn according(&mut self, token: usize, sentence: &Range<usize>) {
        let tree = self.tree;
        let source = extent::after_according(tree, token, sentence, &self.holder);
        if source.tokens.is_empty() {
            return;
        }
        let mut pieces = Vec::new();
        let comma_before = token
            .checked_sub(1)
            .filter(|&before| before >= sentence.start && matches!(tree.reading().form(before), "," | "—" | "–"));
        let end = comma_before.unwrap_or(token);
        let first = self.clause_start(end, sentence);
        if end > first {
            pieces.extend(self.piece(&(first..end), false));
        }
        let mut after = source.tokens.end;
        if tree.reading().form(after) == "," {
            after += 1;
        }
        let whole = pieces.is_empty() || comma_before.is_some();
        if after < sentence.end && whole {
            pieces.extend(self.piece(&(after..sentence.end), false));
        }
        if pieces.is_empty() {
            return;
        }
        self.by_head.insert(token, self.found.len());
        self.found.push(Attribution {
            head: token,
            cue: token..token + 2,
            lemma: "according".to_owned(),
            source_head: Some(source.head),
            source: Some(source.tokens),
            relative: None,
            content: pieces,
            weight: Weight::Speech,
            stance: Stance::Neutral,
            frame: Frame::Clause,
            negated: false,
            addressee: None,
            carried: None,
            rule: "according-to",
        });
    }

    /// A verb that is not listed, with a clause after "that" or "whether": the field's annotation format takes it for a cue.
    fn unlisted(&mut self, verb: usize, sentence: &Range<usize>) {
        let tree = self.tree;
        let lemma = tree.reading().lemma(verb).to_lowercase();
        if self.cues.is_not_speech(&lemma) || self.is_modifier(verb) {
            return;
        }
        let Some(clause) = tree.down(verb, "ccomp").find(|&child| child > verb) else { return };
        if !tree
            .children(clause)
            .any(|mark| tree.graph.relation(mark) == "mark" && matches!(tree.lower(mark).as_str(), "that" | "whether" | "if"))
        {
            return;
        }
        if let Some((content, that)) = extent::clause(tree, verb, sentence)
            && let Some(piece) = self.piece(&content, that)
        {
            self.begin(verb, Frame::Clause, vec![piece], false, "unlisted-verb-with-clause");
            if let Some(attribution) = self.found.last_mut() {
                attribution.weight = Weight::Weak;
            }
        }
    }

    // ---- quotations without a cue -----------------------------------------------------------------------------------

    /// Gives the quotations that are left to the speaker in force.
    fn carry(&mut self) {
        let reading = self.tree.reading();
        // Ends of content, with the attribution: the one that ends last before a quotation is in force.
        let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
        for (index, attribution) in self.found.iter().enumerate().filter(|(_, attribution)| attribution.weight != Weight::Weak) {
            if let Some(end) = attribution.content.iter().map(|piece| piece.span.end()).max() {
                ends.insert(end, index);
            }
        }
        for at in 0..self.quotes.len() {
            let Some(quote) = self.quotes.get(at).cloned() else { continue };
            if self.taken.contains(&at) || quote.scare || !quote.whole {
                continue;
            }
            let sentence = self.tree.sentence(quote.tokens.start);
            let alone = (sentence.start..quote.tokens.start).all(|token| self.tree.is_punct(token));
            if !alone {
                continue;
            }
            let here = reading.sentence_of(quote.tokens.start).and_then(|at| reading.sentences.get(at));
            let block = here.map_or(0, |sentence| sentence.block);
            let before = ends.range(..=quote.outer.start()).next_back().and_then(|(_, index)| self.found.get(*index));
            let Some(before) = before else { continue };
            let other_block =
                reading.sentence_of(before.head).and_then(|at| reading.sentences.get(at)).map_or(0, |sentence| sentence.block);
            if block > other_block + 2 {
                continue;
            }
            let head = before.head;
            let attribution = Attribution {
                head: quote.tokens.start,
                cue: 0..0,
                lemma: String::new(),
                source_head: before.source_head,
                source: None,
                relative: None,
                content: vec![Piece { span: quote.content, outer: quote.outer, direct: true }],
                weight: Weight::Speech,
                stance: Stance::Neutral,
                frame: Frame::Quote,
                negated: false,
                addressee: None,
                carried: Some(head),
                rule: "speaker-in-force",
            };
            self.taken.insert(at);
            ends.insert(quote.content.end(), self.found.len());
            self.found.push(attribution);
        }
    }
}
