//! Which way the verb that governs a time expression points: what the parser's trees tell the tagger of times.
//!
//! Only what is plain is said. Everything else (a present tense, "could", a date inside a noun phrase) is left to the tagger, which looks at the
//! words around the expression.
use crate::graph::Graph;
use crate::lexicon::WordLists;
use chancery_agreement::Span;
use chancery_dissect::{Reading, Tense, Upos, VerbForm};
use chancery_timex as timex;

/// How far up the tree a governing verb is looked for.
const REACH: usize = 6;

/// The tenses of an article, for [`timex::Options::with_syntax`].
pub struct Tenses<'r, 'a> {
    graph: Graph<'r, 'a>,
    lists: &'r WordLists,
}

impl<'r, 'a> Tenses<'r, 'a> {
    /// The tenses of `reading`, as far as its sentences are parsed; `lists` names auxiliaries and verbs that look forward.
    #[must_use]
    pub fn new(reading: &'r Reading<'a>, lists: &'r WordLists) -> Self {
        Self { graph: Graph::new(reading), lists }
    }

    /// The predicate that the phrase of `token` hangs on directly: a verb, or what stands with a copula.
    fn governor(&self, token: usize) -> Option<usize> {
        let graph = self.graph;
        let mut at = token;
        for _ in 0..REACH {
            let head = graph.head(at)?;
            let predicate = graph.tag(head) == Upos::Verb || graph.has(head, "cop");
            match graph.base_relation(at) {
                "obl" | "advmod" if predicate => return Some(head),
                // "on Tuesday" hung on "will" or "was" itself.
                "obl" | "advmod" if graph.tag(head) == Upos::Aux => return Some(head),
                // Within the date: "three" of "three days ago", "5" of "5 May", "the" of "the end of May".
                // "August" of "August 1"
                "nmod" if graph.tag(head) == Upos::Num => at = head,
                "nummod" | "det" | "amod" | "compound" | "advmod" | "obl" | "flat" | "fixed" | "case" | "goeswith" => at = head,
                _ => return None,
            }
        }
        None
    }

    /// Which way a predicate points.
    fn direction(&self, verb: usize, reach: usize) -> Option<timex::Tense> {
        let (graph, reading) = (self.graph, self.graph.reading());
        let listed = |list: &str, token: usize| self.lists.contains(list, &reading.lower(token));
        let auxiliaries: Vec<usize> =
            reading.dependents(verb).filter(|&child| matches!(graph.base_relation(child), "aux" | "cop")).collect();
        let any = |list: &str| auxiliaries.iter().any(|&child| listed(list, child));
        let (future, perfect) = (any("future"), any("perfect"));
        if any("undirected") || future && perfect {
            return None;
        }
        if future {
            return Some(timex::Tense::Future);
        }
        let features = reading.syntax(verb)?.features;
        let head = graph.head(verb);
        let infinitive = graph.has(verb, "mark") && self.is_infinitive(verb, &auxiliaries);
        if infinitive {
            if perfect {
                return Some(timex::Tense::Past);
            }
            let head = head?;
            let lemma = reading.lower_lemma(head);
            return match graph.base_relation(verb) {
                "xcomp" if self.lists.contains("implicative", &lemma) && reach > 0 => self.direction(head, reach - 1),
                // "had planned to meet": it is not said whether they did, but the day is gone.
                "xcomp" | "ccomp" | "csubj" if self.is_pluperfect(head) => Some(timex::Tense::Past),
                "xcomp" | "ccomp" | "csubj" if self.lists.contains("expecting", &lemma) => Some(timex::Tense::Future),
                "acl" => Some(timex::Tense::Future),
                _ => None,
            };
        }
        let past = perfect
            || auxiliaries
                .iter()
                .any(|&child| reading.syntax(child).is_some_and(|syntax| syntax.features.tense == Some(Tense::Past)));
        // "was due on Friday", "is scheduled for Friday": the day may lie on either side; the tagger knows these words.
        if self.lists.contains("scheduling", &reading.lower_lemma(verb)) {
            return None;
        }
        if past {
            return Some(timex::Tense::Past);
        }
        if !auxiliaries.is_empty() {
            return None;
        }
        let conjunct = graph.base_relation(verb) == "conj" && !graph.has(verb, "nsubj");
        match (features.verb_form, features.tense) {
            // "will meet and sign", "was signed and ratified".
            (Some(VerbForm::Inf | VerbForm::Part), _) if conjunct && reach > 0 => self.direction(head?, reach - 1),
            (Some(VerbForm::Fin) | None, Some(Tense::Past)) => Some(timex::Tense::Past),
            // "enters into force in January".
            (Some(VerbForm::Fin), Some(Tense::Pres)) if self.lists.contains("timetable", &reading.lower_lemma(verb)) => {
                Some(timex::Tense::Future)
            }
            // "the pact signed in May", "Border opened in May"; not "if signed by May".
            (Some(VerbForm::Part), Some(Tense::Past)) if !graph.has(verb, "mark") => match graph.base_relation(verb) {
                "acl" | "advcl" | "root" | "ccomp" | "parataxis" => Some(timex::Tense::Past),
                _ => None,
            },
            _ => None,
        }
    }

    /// The predicate, or its auxiliary or copula where it has one, is an infinitive.
    fn is_infinitive(&self, verb: usize, auxiliaries: &[usize]) -> bool {
        let form = |token: usize| self.graph.reading().syntax(token).and_then(|syntax| syntax.features.verb_form);
        form(verb) == Some(VerbForm::Inf) || auxiliaries.iter().any(|&child| form(child) == Some(VerbForm::Inf))
    }

    fn is_pluperfect(&self, verb: usize) -> bool {
        let reading = self.graph.reading();
        self.graph.down(verb, "aux").any(|child| self.lists.contains("pluperfect", &reading.lower(child)))
    }
}

impl timex::Syntax for Tenses<'_, '_> {
    fn tense_at(&self, byte: usize) -> Option<timex::Tense> {
        let token = self.graph.reading().tokens_in(Span::new(byte, byte + 1)).next()?;
        self.direction(self.governor(token)?, REACH)
    }
}
