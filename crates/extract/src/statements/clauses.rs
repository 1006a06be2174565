//! Cue verbs with the clauses, infinitives and objects that trees give them, "according to", and verbs that no list holds.
use crate::statements::attribution::{Attribution, Finder, Piece};
use crate::statements::cues::{Frame, Reading as CueReading, Weight};
use crate::statements::extent;
use chancery_agreement::Stance;
use chancery_dissect::Upos;
use std::collections::BTreeMap;
use std::ops::Range;

impl Finder<'_, '_, '_> {
    pub(super) fn verb(&mut self, verb: usize, frames: &BTreeMap<Frame, CueReading>, sentence: &Range<usize>) {
        if self.is_modifier(verb) {
            return;
        }
        let tree = self.tree;
        let graph = tree.graph;
        let passive = tree.is_passive(verb);
        let by = tree
            .down(verb, "obl")
            .find(|&child| tree.children(child).any(|case| graph.relation(case) == "case" && tree.lower(case) == "by"));
        // "a valley called Lowmoor in the north": the valley says nothing.
        let says = by.is_some() || tree.reading().form(verb).ends_with("ing") || tree.children(verb).any(|child| child < verb);
        if !self.weak && graph.relation(verb) == "acl" && !says {
            return;
        }
        let allowed = |frame: Frame| frames.get(&frame).filter(|reading| self.allowed(reading)).is_some();

        if allowed(Frame::Clause) {
            if let Some((content, that)) = extent::clause(tree, self.cues, verb, sentence) {
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
            tokens.end = extent::tail_end(tree, self.cues, verb, tokens.end, sentence);
            if let Some(object) = from
                && !passive
            {
                tokens.start = extent::nominal(tree, object, verb + 1..tokens.start).start.max(verb + 1);
            }
            // "asked not to be named" tells how to call who spoke, and nothing that was said.
            let anonymity = !self.weak && tokens.clone().any(|token| self.cues.word("anonymity", &tree.lower(token)));
            if let Some(piece) = self.piece(&tokens, false).filter(|_| !anonymity) {
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
            tokens.end = extent::tail_end(tree, self.cues, verb, tokens.end, sentence);
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
                .find(|&child| tree.children(child).any(|case| self.cues.word("judging", &tree.lower(case))));
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
        let pronoun = self.cues.word("empty-object", &tree.lower(object));
        // "citing an unnamed diplomat": who is cited is no content.
        let lemma = tree.reading().lower_lemma(object);
        let someone = tree.graph.tag(object) == Upos::Propn
            || ["roles", "persons", "bodies"].into_iter().any(|list| self.cues.person_word(list, &lemma));
        if pronoun || (someone && !self.weak && self.cues.word("quoting", tree.reading().lemma(verb))) {
            return;
        }
        let mut tokens = extent::phrase_after(tree, verb, object, sentence);
        tokens.end = extent::tail_end(tree, self.cues, verb, tokens.end, sentence);
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
        let source = extent::source(tree, self.cues, verb, true, &self.holder)?;
        let cue = extent::cue(tree, self.cues, verb, Frame::Clause);
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
        if start == sentence.start && self.cues.word("opening", &self.tree.lower(start)) {
            start += 1;
            if reading.form(start) == "," {
                start += 1;
            }
        }
        start
    }

    pub(super) fn according(&mut self, token: usize, sentence: &Range<usize>) {
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

    /// "The minister told us that the mill is sold," Reed said: what somebody in a quotation says that another said.
    ///
    /// Pronouns are left alone: whom they mean inside somebody's words is anybody's guess.
    pub(super) fn nested(&mut self, verb: usize, sentence: &Range<usize>) {
        let tree = self.tree;
        let Some(reading) = self.cue_at(verb).and_then(|(_, frames)| frames.get(&Frame::Clause).copied()) else { return };
        if reading.weight != Weight::Speech || self.is_modifier(verb) || self.by_head.contains_key(&verb) {
            return;
        }
        let Some((content, that)) = extent::clause(tree, self.cues, verb, sentence) else { return };
        let Some(source) = extent::source(tree, self.cues, verb, false, &[]) else { return };
        let own = self.holder.get(verb).copied().flatten();
        let inside = |token: usize| self.holder.get(token).copied().flatten() == own;
        let whole = inside(content.start) && content.end.checked_sub(1).is_some_and(inside) && inside(source.head);
        if !whole || tree.graph.tag(source.head) == Upos::Pron || source.relative.is_some() {
            return;
        }
        let Some(piece) = self.piece(&content, that).map(|piece| Piece { direct: false, ..piece }) else { return };
        self.by_head.insert(verb, self.found.len());
        self.found.push(Attribution {
            head: verb,
            cue: extent::cue(tree, self.cues, verb, Frame::Clause),
            lemma: tree.reading().lower_lemma(verb).into_owned(),
            source_head: Some(source.head),
            source: Some(source.tokens),
            relative: None,
            content: vec![piece],
            weight: reading.weight,
            stance: reading.stance,
            frame: Frame::Clause,
            negated: extent::is_negated(tree, self.cues, verb),
            addressee: extent::addressee(tree, verb),
            carried: None,
            rule: "speech-in-quotation",
        });
    }

    /// A verb that is not listed, with a clause after "that" or "whether": the field's annotation format takes it for a cue.
    pub(super) fn unlisted(&mut self, verb: usize, sentence: &Range<usize>) {
        let tree = self.tree;
        let lemma = tree.reading().lower_lemma(verb);
        if self.cues.is_not_speech(&lemma) || self.is_modifier(verb) {
            return;
        }
        let Some(clause) = tree.down(verb, "ccomp").find(|&child| child > verb) else { return };
        if !tree
            .children(clause)
            .any(|mark| tree.graph.relation(mark) == "mark" && matches!(&*tree.lower(mark), "that" | "whether" | "if"))
        {
            return;
        }
        if let Some((content, that)) = extent::clause(tree, self.cues, verb, sentence)
            && let Some(piece) = self.piece(&content, that)
        {
            self.begin(verb, Frame::Clause, vec![piece], false, "unlisted-verb-with-clause");
            if let Some(attribution) = self.found.last_mut() {
                attribution.weight = Weight::Weak;
            }
        }
    }
}
