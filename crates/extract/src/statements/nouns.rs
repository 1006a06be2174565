//! Cues that are no verbs: "allegations that …", "his claim of …", "was sure that …".
use crate::statements::attribution::{Attribution, Finder};
use crate::statements::cues::{Frame, Reading as CueReading, Weight};
use crate::statements::extent;
use chancery_agreement::Stance;
use chancery_dissect::Upos;
use std::ops::Range;

impl Finder<'_, '_, '_> {
    /// "allegations that …", "his claim of …".
    pub(super) fn noun(&mut self, noun: usize, sentence: &Range<usize>) {
        let tree = self.tree;
        let graph = tree.graph;
        let lemma = tree.reading().lower_lemma(noun);
        let Some(frames) = self.cues.noun(&lemma).cloned() else { return };
        let allowed = frames.get(&Frame::Clause).is_some_and(|reading| self.weak || reading.weight != Weight::Weak);
        let that = |child: usize| {
            tree.children(child)
                .find(|&mark| graph.relation(mark) == "mark" && tree.lower(mark) == "that" && mark > noun && mark <= noun + 6)
        };
        let clause = tree.children(noun).find(|&child| {
            child > noun && matches!(graph.base_relation(child), "acl" | "ccomp" | "advcl") && that(child).is_some()
        });
        let (content, frame) =
            if let Some((child, mark)) = clause.filter(|_| allowed).and_then(|child| Some((child, that(child)?))) {
                let mut tokens = extent::phrase_after(tree, noun, child, sentence);
                tokens.start = mark + 1;
                (self.piece(&tokens, true), Frame::Clause)
            } else {
                let Some((tokens, frame)) = self.complement(noun, &frames, sentence).filter(|_| self.weak) else { return };
                (self.piece(&tokens, false), frame)
            };
        let Some(piece) = content else { return };
        // Who alleges: "his claim", "claims by the guild", "the guild made claims".
        let owner = tree.children(noun).find(|&child| {
            let by = || tree.children(child).any(|case| self.cues.word("author", &tree.lower(case)));
            graph.relation(child) == "nmod:poss" || (graph.base_relation(child) == "nmod" && by())
        });
        let verb =
            graph.head(noun).filter(|&verb| graph.tag(verb) == Upos::Verb && graph.base_relation(noun) == "obj" && verb < noun);
        let mut cue = noun..noun + 1;
        if !matches!(frame, Frame::Clause | Frame::To) {
            cue.end = noun + 2;
        }
        let source = match (owner, verb) {
            (Some(owner), _) => {
                let limit = if owner < noun { sentence.start..noun } else { noun + 1..sentence.end };
                let mut tokens = extent::nominal(tree, owner, limit);
                while tokens.start < tokens.end && self.cues.word("author", &tree.lower(tokens.start)) {
                    tokens.start += 1;
                }
                Some((owner, tokens))
            }
            (None, Some(verb)) => {
                if self.by_head.contains_key(&verb) {
                    return;
                }
                cue.start = extent::cue(tree, self.cues, verb, Frame::Clause).start;
                extent::source(tree, self.cues, verb, false, &self.holder).map(|source| (source.head, source.tokens))
            }
            (None, None) => None,
        };
        if source.is_none() && !self.weak {
            return;
        }
        let reading = frames.get(&frame).copied().unwrap_or(CueReading { weight: Weight::Weak, stance: Stance::Neutral });
        let weight = if frame == Frame::Clause { reading.weight } else { Weight::Weak };
        self.by_head.insert(noun, self.found.len());
        self.found.push(Attribution {
            head: noun,
            cue,
            lemma: lemma.into_owned(),
            source_head: source.as_ref().map(|(head, _)| *head),
            source: source.map(|(_, tokens)| tokens),
            relative: None,
            content: vec![piece],
            weight,
            stance: reading.stance,
            frame,
            negated: false,
            addressee: None,
            carried: None,
            rule: "cue-noun",
        });
    }

    /// "was sure that …", "are worried about …".
    pub(super) fn adjective(&mut self, adjective: usize, form: &str, sentence: &Range<usize>) {
        let tree = self.tree;
        let graph = tree.graph;
        let Some(frames) = self.cues.adjective(form).cloned() else { return };
        let subject = tree.children(adjective).find(|&child| {
            matches!(graph.relation(child), "nsubj" | "nsubj:pass") && tree.lower(child) != "it" && child < adjective
        });
        let Some(subject) = subject else { return };
        let found = match extent::clause(tree, self.cues, adjective, sentence) {
            Some((content, that)) => Some((content, that, Frame::Clause)),
            None => self.complement(adjective, &frames, sentence).map(|(tokens, frame)| (tokens, false, frame)),
        };
        let Some((tokens, that, frame)) = found else { return };
        let Some(piece) = self.piece(&tokens, that) else { return };
        let source = extent::nominal(tree, subject, sentence.start..adjective);
        let first = tree
            .children(adjective)
            .filter(|&child| {
                matches!(graph.base_relation(child), "cop" | "aux" | "advmod") && child < adjective && child >= source.end
            })
            .min();
        let end = if matches!(frame, Frame::Clause | Frame::To) { adjective + 1 } else { adjective + 2 };
        self.by_head.insert(adjective, self.found.len());
        self.found.push(Attribution {
            head: adjective,
            cue: first.unwrap_or(adjective)..end,
            lemma: form.to_owned(),
            source_head: Some(subject),
            source: Some(source),
            relative: None,
            content: vec![piece],
            weight: Weight::Weak,
            stance: Stance::Neutral,
            frame,
            negated: false,
            addressee: None,
            carried: None,
            rule: "cue-adjective",
        });
    }

    /// The phrase behind the preposition or "to" right after `word`, where `frames` allow it.
    fn complement(
        &self,
        word: usize,
        frames: &std::collections::BTreeMap<Frame, CueReading>,
        sentence: &Range<usize>,
    ) -> Option<(Range<usize>, Frame)> {
        let tree = self.tree;
        tree.children(word).filter(|&child| child > word).find_map(|child| {
            let mark = tree
                .children(child)
                .find(|&mark| matches!(tree.graph.base_relation(mark), "case" | "mark") && mark < child && mark == word + 1)?;
            let frame = Frame::of_preposition(&tree.lower(mark))?;
            frames.get(&frame)?;
            let mut tokens = extent::phrase_after(tree, word, child, sentence);
            tokens.start = if frame == Frame::To { mark } else { mark + 1 };
            Some((tokens, frame))
        })
    }
}
