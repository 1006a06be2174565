//! Edges between tokens as rules see them: Universal Dependencies, and above them "subject" and "object", drawn once for
//! every construction that hides them.
//!
//! `subject` leads from a predicate to who does it, `object` to what it is done to, in the active, the passive, relative
//! clauses ("the pact that Ruritania signed"), participles ("the pact signed by …"), control ("agreed to sign"),
//! coordination ("signed and ratified") and nominalizations ("the signing of the pact", "Ruritania's ratification").
use chancery_dissect::{Reading, Upos, VerbForm};

/// How many conjuncts and controlling verbs are followed before the search gives up: real sentences need three or four.
const REACH: usize = 6;

/// A view of one reading's trees.
#[derive(Clone, Copy)]
pub struct Graph<'r, 'a> {
    reading: &'r Reading<'a>,
}

impl<'r, 'a> Graph<'r, 'a> {
    /// A view of `reading`.
    #[must_use]
    pub fn new(reading: &'r Reading<'a>) -> Self {
        Self { reading }
    }

    /// The reading under view.
    #[must_use]
    pub fn reading(self) -> &'r Reading<'a> {
        self.reading
    }

    /// Relation of `token` to its head; empty where there is no tree.
    #[must_use]
    pub fn relation(self, token: usize) -> &'static str {
        self.reading.syntax(token).map_or("", |syntax| syntax.relation)
    }

    /// Relation without its subtype.
    #[must_use]
    pub fn base_relation(self, token: usize) -> &'static str {
        let relation = self.relation(token);
        let end = relation.bytes().position(|byte| byte == b':').unwrap_or(relation.len());
        relation.get(..end).unwrap_or(relation)
    }

    /// Head of `token`.
    #[must_use]
    pub fn head(self, token: usize) -> Option<usize> {
        self.reading.syntax(token).and_then(|syntax| syntax.head)
    }

    /// Part of speech of `token`; `X` where there is no tree.
    #[must_use]
    pub fn tag(self, token: usize) -> Upos {
        self.reading.syntax(token).map_or(Upos::X, |syntax| syntax.upos)
    }

    /// Dependents of `token` whose relation is `relation` or a subtype of it.
    pub fn down(self, token: usize, relation: &'r str) -> impl Iterator<Item = usize> + 'r {
        self.reading.dependents(token).filter(move |&child| is(self.relation(child), relation))
    }

    /// True when `token` has a dependent with this relation (or a subtype of it).
    #[must_use]
    pub fn has(self, token: usize, relation: &'r str) -> bool {
        self.down(token, relation).next().is_some()
    }

    /// True when the verb at `token` is in the passive.
    #[must_use]
    pub fn is_passive(self, token: usize) -> bool {
        self.has(token, "aux:pass") || self.has(token, "nsubj:pass")
    }

    fn is_participle(self, token: usize) -> bool {
        let past = self.reading.syntax(token).is_some_and(|syntax| {
            syntax.features.verb_form == Some(VerbForm::Part) && syntax.features.tense != Some(chancery_dissect::Tense::Pres)
        });
        past && !self.reading.form(token).ends_with("ing")
    }

    /// The tokens that `token` and its conjuncts form together, `token` first.
    #[must_use]
    pub fn with_conjuncts(self, token: usize) -> Vec<usize> {
        let mut all = vec![token];
        let mut at = 0;
        while let Some(&next) = all.get(at) {
            if all.len() > 64 {
                break;
            }
            all.extend(self.down(next, "conj"));
            at += 1;
        }
        all
    }

    /// Who does it: subjects of the predicate at `token`, conjuncts included, in order of the text.
    #[must_use]
    pub fn subjects(self, token: usize) -> Vec<usize> {
        self.spread(self.plain_subjects(token, REACH))
    }

    /// What it is done to: objects of the predicate at `token`, conjuncts included, in order of the text.
    #[must_use]
    pub fn objects(self, token: usize) -> Vec<usize> {
        self.spread(self.plain_objects(token, REACH))
    }

    fn spread(self, tokens: Vec<usize>) -> Vec<usize> {
        let mut all: Vec<usize> = tokens.into_iter().flat_map(|token| self.with_conjuncts(token)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// A relative pronoun stands for the noun that its clause hangs on.
    fn antecedent(self, token: usize, predicate: usize) -> usize {
        let relative = matches!(&*self.reading.lower(token), "that" | "which" | "who" | "whom");
        match self.head(predicate) {
            Some(noun) if relative && is(self.relation(predicate), "acl") => noun,
            _ => token,
        }
    }

    fn plain_subjects(self, token: usize, reach: usize) -> Vec<usize> {
        if reach == 0 {
            return Vec::new();
        }
        if self.tag(token) == Upos::Noun || (self.tag(token) == Upos::Verb && self.has(token, "nmod")) {
            let agents = self.down(token, "nmod").filter(|&child| {
                self.relation(child) == "nmod:poss"
                    || self.case(child).is_some_and(|case| matches!(case, "by" | "between" | "among"))
            });
            return agents.collect();
        }
        let passive = self.is_passive(token) || (is(self.relation(token), "acl") && self.is_participle(token));
        if passive {
            let agents: Vec<usize> = self.down(token, "obl").filter(|&child| self.case(child) == Some("by")).collect();
            if !agents.is_empty() {
                return agents;
            }
            return Vec::new();
        }
        let own: Vec<usize> = self
            .reading
            .dependents(token)
            .filter(|&child| self.relation(child) == "nsubj" || self.relation(child) == "csubj")
            .map(|child| self.antecedent(child, token))
            .collect();
        if !own.is_empty() {
            return own;
        }
        let Some(head) = self.head(token) else { return Vec::new() };
        match self.base_relation(token) {
            // "It must be approved by the senate but has passed the house": what is shared is "it".
            "conj" if self.is_passive(head) => self.down(head, "nsubj:pass").map(|child| self.antecedent(child, head)).collect(),
            "conj" => self.plain_subjects(head, reach - 1),
            "xcomp" | "advcl" | "ccomp" => {
                // "urged Ruritania to sign": the object of the higher verb does it.
                let object: Vec<usize> =
                    if self.relation(token) == "xcomp" { self.down(head, "obj").collect() } else { Vec::new() };
                if !object.is_empty() {
                    return object;
                }
                if self.is_passive(head) {
                    return self.down(head, "nsubj:pass").map(|child| self.antecedent(child, head)).collect();
                }
                self.plain_subjects(head, reach - 1)
            }
            "acl" => vec![head],
            _ => Vec::new(),
        }
    }

    fn plain_objects(self, token: usize, reach: usize) -> Vec<usize> {
        if reach == 0 {
            return Vec::new();
        }
        let mut own: Vec<usize> = self
            .reading
            .dependents(token)
            .filter(|&child| matches!(self.relation(child), "obj" | "nsubj:pass"))
            .map(|child| self.antecedent(child, token))
            .collect();
        if self.tag(token) == Upos::Noun || self.has(token, "case") || self.has(token, "det") {
            own.extend(self.down(token, "compound"));
            own.extend(self.down(token, "nmod").filter(|&child| matches!(self.case(child), Some("of" | "to"))));
            if own.is_empty() {
                own.extend(self.down(token, "nmod:poss"));
            }
        }
        if !own.is_empty() {
            return own;
        }
        let Some(head) = self.head(token) else { return own };
        // "the pact is expected to be signed": the subject of the higher verb is what will be signed.
        if self.base_relation(token) == "xcomp" && self.has(token, "aux:pass") {
            let raised = self.reading.dependents(head).filter(|&child| matches!(self.base_relation(child), "nsubj"));
            return raised.map(|child| self.antecedent(child, head)).collect();
        }
        // "the pact that Ruritania signed", "the pact signed in May", "a pact to sign".
        if is(self.relation(token), "acl") {
            let active_relative = self.relation(token) == "acl:relcl" && !self.is_passive(token);
            let subject_is_relative = active_relative
                && self.down(token, "nsubj").any(|child| matches!(&*self.reading.lower(child), "who" | "which" | "that"));
            if !subject_is_relative && !self.reading.form(token).ends_with("ing") {
                return vec![head];
            }
        }
        // "signed and ratified the pact": the object stands with the last verb.
        let later: Vec<usize> = self
            .down(token, "conj")
            .filter(|&child| self.tag(child) == Upos::Verb)
            .flat_map(|child| self.down(child, "obj").collect::<Vec<_>>())
            .collect();
        if !later.is_empty() {
            return later;
        }
        if self.base_relation(token) == "conj" && self.tag(head) == self.tag(token) && !self.has(token, "nsubj") {
            return self.plain_objects(head, reach - 1);
        }
        own
    }

    /// The preposition of a nominal, lower-cased by the tagger's lemma. Parsers also hang it on the word that modifies the noun: "on River
    /// Fisheries".
    #[must_use]
    pub fn case(self, token: usize) -> Option<&'r str> {
        self.preposition(token).map(|child| self.reading.lemma(child))
    }

    /// Its token.
    #[must_use]
    pub fn preposition(self, token: usize) -> Option<usize> {
        let modifiers = || self.down(token, "compound").filter(|&child| child < token);
        self.down(token, "case").next().or_else(|| modifiers().find_map(|child| self.down(child, "case").next()))
    }

    /// All tokens below `token`, itself included, in order of the text.
    #[must_use]
    pub fn below(self, token: usize) -> Vec<usize> {
        let mut all = vec![token];
        let mut at = 0;
        while let Some(&next) = all.get(at) {
            all.extend(self.reading.dependents(next));
            at += 1;
        }
        all.sort_unstable();
        all
    }

    /// First and last token of the phrase that `token` heads.
    #[must_use]
    pub fn extent(self, token: usize) -> (usize, usize) {
        let all = self.below(token);
        (all.first().copied().unwrap_or(token), all.last().copied().unwrap_or(token))
    }
}

/// True when `relation` is `wanted` or a subtype of it (`obl:agent` is an `obl`).
#[must_use]
pub fn is(relation: &str, wanted: &str) -> bool {
    relation == wanted || (relation.starts_with(wanted) && relation.as_bytes().get(wanted.len()) == Some(&b':'))
}
