//! The trees of one reading with their edges turned downwards once: children by head, in order of the text.
use crate::graph::{Graph, is};
use chancery_agreement::Span;
use chancery_dissect::{Reading, Upos};
use std::borrow::Cow;
use std::ops::Range;

/// Longest heading that follows a row of "=", in tokens.
const LONGEST_HEADING: usize = 10;

/// Downward view of all parsed sentences.
pub struct Tree<'r, 'a> {
    /// The upward view.
    pub graph: Graph<'r, 'a>,
    starts: Vec<u32>,
    flat: Vec<u32>,
}

impl<'r, 'a> Tree<'r, 'a> {
    /// Turns the edges of `reading`.
    #[must_use]
    pub fn new(reading: &'r Reading<'a>) -> Self {
        let n_tokens = reading.tokens.len();
        let mut starts = vec![0_u32; n_tokens + 2];
        let head = |token: usize| reading.syntax(token).and_then(|syntax| syntax.head);
        for token in 0..n_tokens {
            if let Some(slot) = head(token).and_then(|head| starts.get_mut(head + 2)) {
                *slot += 1;
            }
        }
        let mut sum = 0;
        for slot in &mut starts {
            sum += *slot;
            *slot = sum;
        }
        let mut flat = vec![0_u32; sum as usize];
        for token in 0..n_tokens {
            let Some(slot) = head(token).and_then(|head| starts.get_mut(head + 1)) else { continue };
            if let Some(place) = flat.get_mut(*slot as usize) {
                *place = u32::try_from(token).unwrap_or(u32::MAX);
            }
            *slot += 1;
        }
        Self { graph: Graph::new(reading), starts, flat }
    }

    /// The reading under view.
    #[must_use]
    pub fn reading(&self) -> &'r Reading<'a> {
        self.graph.reading()
    }

    /// Dependents of `token`, in order of the text.
    pub fn children(&self, token: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let range = match (self.starts.get(token), self.starts.get(token + 1)) {
            (Some(&start), Some(&end)) => start as usize..end as usize,
            _ => 0..0,
        };
        self.flat.get(range).unwrap_or_default().iter().map(|&child| child as usize)
    }

    /// Dependents of `token` with this relation or a subtype of it.
    pub fn down<'s>(&'s self, token: usize, relation: &'s str) -> impl DoubleEndedIterator<Item = usize> + 's {
        self.children(token).filter(move |&child| is(self.graph.relation(child), relation))
    }

    /// True when the verb at `verb` is in the passive: it has a form of "be" or "get" that says so.
    #[must_use]
    pub fn is_passive(&self, verb: usize) -> bool {
        let be = |child: usize| {
            matches!(
                &*self.lower(child),
                "be" | "been" | "being" | "is" | "are" | "was" | "were" | "'s" | "’s" | "'re" | "get" | "got" | "gets" | "am"
            )
        };
        let marked = self.children(verb).any(|child| self.graph.relation(child) == "aux:pass" && be(child));
        let ing = self.reading().form(verb).ends_with("ing");
        marked && !ing
    }

    /// Lower-cased form.
    #[must_use]
    pub fn lower(&self, token: usize) -> Cow<'r, str> {
        self.reading().lower(token)
    }

    /// True for punctuation.
    #[must_use]
    pub fn is_punct(&self, token: usize) -> bool {
        self.graph.tag(token) == Upos::Punct || self.reading().form(token).chars().all(|c| !c.is_alphanumeric())
    }

    /// True for words between rows of "=", which make them a heading: they are in no sentence, whatever the tree makes of them.
    #[must_use]
    pub fn is_heading(&self, tokens: &Range<usize>) -> bool {
        let rule = |token: usize| {
            let form = self.reading().form(token);
            !form.is_empty() && form.bytes().all(|byte| byte == b'=')
        };
        let opened = tokens.start.checked_sub(1).is_some_and(rule);
        rule(tokens.end) || opened && (tokens.end..tokens.end + LONGEST_HEADING).any(rule)
    }

    /// Tokens below `token`, itself included, without the branches that `cut` names; sorted.
    #[must_use]
    pub fn below(&self, token: usize, cut: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut all = vec![token];
        let mut at = 0;
        while let Some(&next) = all.get(at) {
            all.extend(self.children(next).filter(|&child| !cut(child)));
            at += 1;
        }
        all.sort_unstable();
        all
    }

    /// Tokens of the sentence that holds `token`.
    #[must_use]
    pub fn sentence(&self, token: usize) -> Range<usize> {
        let reading = self.reading();
        reading
            .sentence_of(token)
            .and_then(|at| reading.sentences.get(at))
            .map_or(token..token, |sentence| sentence.tokens.clone())
    }

    /// Span of a range of tokens; empty for an empty range.
    #[must_use]
    pub fn span(&self, tokens: &Range<usize>) -> Span {
        let reading = self.reading();
        if tokens.is_empty() {
            return Span::default();
        }
        match (reading.tokens.get(tokens.start), reading.tokens.get(tokens.end - 1)) {
            (Some(first), Some(last)) => first.span.join(last.span),
            _ => Span::default(),
        }
    }
}
