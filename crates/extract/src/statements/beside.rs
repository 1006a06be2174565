//! Quotations: the cue beside their marks, or the speaker in force where there is none.
use crate::statements::attribution::{Attribution, Finder, Piece};
use crate::statements::cues::{Frame, Weight};
use crate::statements::quotes::Quote;
use chancery_agreement::Stance;
use chancery_dissect::Upos;
use std::collections::BTreeMap;
use std::ops::Range;

/// Farthest that a cue stands from the marks of its quotation, in tokens.
const WINDOW: usize = 24;

/// Longest quotation that is taken for a few words of a clause, in tokens.
const LONGEST_PART: usize = 24;
/// Most tokens of a sentence that tells no more than who spoke ("The old minister said.").
const SHORT_SENTENCE: usize = 6;
/// Farthest that the cue stands behind a quotation that ends in a comma, in tokens, to be preferred to one before it.
const BEHIND: usize = 6;

impl Finder<'_, '_, '_> {
    /// Gives each quotation the cue beside it.
    pub(super) fn direct(&mut self) {
        for at in 0..self.quotes.len() {
            let Some(quote) = self.quotes.get(at).cloned() else { continue };
            let place = self.tree.reading().sentence_of(quote.tokens.start);
            if quote.scare || place.is_none_or(|place| self.is_endless(place)) {
                continue;
            }
            let before = self.cue_before(&quote);
            let after = self.cue_after(&quote);
            // "…, he said: '…' she added": what is tied closest wins.
            // A quotation that ends in a comma goes on to the cue behind it.
            let goes_on = self.tree.reading().words(quote.content).ends_with(',');
            let cue = match (before, after) {
                (_, Some(head)) if goes_on && head <= quote.tokens.end + BEHIND => Some(head),
                (Some((head, true)), _) => Some(head),
                (_, Some(head)) => Some(head),
                (Some((head, false)), None) => Some(head),
                (None, None) => None,
            };
            let Some(head) = cue else { continue };
            if head < quote.tokens.start && self.is_part_of_clause(head, &quote) {
                self.parts.push((head, at));
                continue;
            }
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

    /// Quotations that were left to the trees, and that the trees left.
    pub(super) fn left_over(&mut self) {
        for (head, at) in std::mem::take(&mut self.parts) {
            let Some(quote) = self.quotes.get(at).cloned().filter(|_| !self.by_head.contains_key(&head)) else { continue };
            let piece = Piece { span: quote.content, outer: quote.outer, direct: true };
            self.begin(head, Frame::Quote, vec![piece], false, "quotation-beside-cue");
            self.taken.insert(at);
        }
    }

    /// 'said that while "the tide is high" the ferry would sail', 'said "high tide" had come': the quotation is a few words of a
    /// clause, which the trees give whole.
    fn is_part_of_clause(&self, cue: usize, quote: &Quote) -> bool {
        let tree = self.tree;
        let sentence = tree.sentence(cue);
        if !sentence.contains(&quote.tokens.start) || quote.inner.len() > LONGEST_PART {
            return false;
        }
        let word = |token: &usize| !tree.is_punct(*token);
        let that = (cue + 1..quote.tokens.start).find(|&token| tree.lower(token) == "that");
        if that.is_some_and(|that| (that + 1..quote.tokens.start).any(|token| word(&token))) {
            return true;
        }
        let words = tree.reading().words(quote.content);
        let next = quote.tokens.end;
        let ends = words.ends_with(['.', '!', '?', ',']);
        let goes_on = sentence.contains(&next) && word(&next) && !matches!(tree.graph.tag(next), Upos::Cconj | Upos::Pron);
        !ends && goes_on && self.cue_after(quote).is_none() && self.takes(cue, Frame::Clause)
    }

    /// The cue in the sentence before the opening mark; true where the mark follows it closely.
    fn cue_before(&self, quote: &Quote) -> Option<(usize, bool)> {
        let reading = self.tree.reading();
        let open = quote.tokens.start;
        let mut sentence = self.tree.sentence(open);
        let last = open.checked_sub(1)?;
        if last < sentence.start {
            // "The minister wrote:" may stand as a sentence or paragraph of its own.
            // "Reed said." before it, a slip of the pen for a comma, does as well.
            let says = |verb: usize| {
                let own = self.tree.down(verb, "nsubj").next().is_some_and(|subject| subject < verb);
                self.takes(verb, Frame::Quote)
                    && own
                    && self.tree.graph.relation(verb) == "root"
                    && !self.by_head.contains_key(&verb)
            };
            let quoted = || self.tree.sentence(last).any(|token| self.is_inside(token));
            let slip = reading.form(last) == "." && last.checked_sub(1).is_some_and(says) && !quoted();
            if !(reading.form(last) == ":" || slip) || !quote.whole {
                return None;
            }
            sentence = self.tree.sentence(last);
        }
        let form = self.tree.lower(last);
        let tied = matches!(&*form, "," | ":" | "-" | "–" | "—")
            || self.cues.word("before-quotation", &form)
            || self.takes(last, Frame::Quote);
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
    pub(super) fn is_modifier(&self, token: usize) -> bool {
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
            if next.is_empty() || !lower && !self.only_says(&next) {
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
            if token == close && (matches!(&*form, "." | ";" | ":") || self.cues.word("joining", &form)) {
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

    /// '"The mill is sold." Reed said.': a sentence that tells no more than who spoke, cut off by a full stop in place of a comma.
    fn only_says(&self, sentence: &Range<usize>) -> bool {
        let says = sentence.end.checked_sub(2).filter(|&verb| verb > sentence.start && self.takes(verb, Frame::Quote));
        let stops = sentence.end.checked_sub(1).is_some_and(|last| self.tree.reading().form(last) == ".");
        says.is_some() && stops && sentence.len() <= SHORT_SENTENCE && !sentence.clone().any(|token| self.is_inside(token))
    }

    /// Gives the quotations that are left to the speaker in force.
    pub(super) fn carry(&mut self) {
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
