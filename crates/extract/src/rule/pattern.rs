//! The pattern language of the rules: conditions on a token, and paths from one token to others.
//!
//! ```text
//! node  := "[" term { "&" term } "]"                a token for which every term holds
//! term  := "!"? ( key "=" value { "|" value } | class )
//! key   := "lemma" | "word" | "tag" | "relation" | "list"
//! class := "agreement" | "actor" | "date" | "number"
//! path  := "trigger" { step } { "|" "trigger" { step } }
//! step  := ">" edge    to the dependents with this edge
//!        | "<" edge    to the head, if the token hangs on it with this edge
//!        | ">>"        to all tokens below
//!        | "~" number  to all tokens at most so far away, in the same sentence, nearest first
//! edge  := a Universal Dependencies relation ("obl" also stands for its subtypes), or one of the edges that the engine
//!          draws itself: "subject", "object" (see `graph.rs`)
//! ```
//! The notation follows Semgrex (arrows) and Odin (named arguments).
use std::fmt;

/// A condition on one token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodePattern {
    /// All must hold.
    pub terms: Vec<Term>,
}

/// One term of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// True when the test must fail.
    pub negated: bool,
    /// What is tested.
    pub test: Test,
}

/// What a term tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// The lemma is one of these.
    Lemma(Vec<String>),
    /// The form, lower-cased, is one of these.
    Word(Vec<String>),
    /// The universal part of speech is one of these.
    Tag(Vec<String>),
    /// The relation to the head is one of these, or a subtype of one of these.
    Relation(Vec<String>),
    /// The lemma is in one of these word lists.
    List(Vec<String>),
    /// The token heads a mention of this class.
    Class(Class),
}

/// What a token can be the head of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// A mention of an agreement.
    Agreement,
    /// A political actor.
    Actor,
    /// A time expression.
    Date,
    /// A number.
    Number,
}

/// How to get from the trigger to an argument: one of several chains of steps, in order of preference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern {
    /// What the argument must be; no condition where the rule names none.
    pub node: Option<NodePattern>,
    /// Alternatives.
    pub routes: Vec<Vec<Step>>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To dependents.
    Down(String),
    /// To the head.
    Up(String),
    /// To everything below.
    Below,
    /// To tokens at most so far away.
    Near(usize),
}

/// A pattern that could not be read: where, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// Byte offset in the pattern.
    pub at: usize,
    /// What was expected.
    pub message: String,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}: {}", self.at + 1, self.message)
    }
}

const TAGS: &[&str] = &[
    "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB",
    "X",
];

/// Relations of Universal Dependencies that English uses, and the edges that the engine draws.
const EDGES: &[&str] = &[
    "subject",
    "object",
    "acl",
    "acl:relcl",
    "advcl",
    "advmod",
    "amod",
    "appos",
    "aux",
    "aux:pass",
    "case",
    "cc",
    "ccomp",
    "compound",
    "compound:prt",
    "conj",
    "cop",
    "csubj",
    "dep",
    "det",
    "discourse",
    "dislocated",
    "expl",
    "fixed",
    "flat",
    "iobj",
    "list",
    "mark",
    "nmod",
    "nmod:poss",
    "nmod:tmod",
    "nsubj",
    "nsubj:pass",
    "nummod",
    "obj",
    "obl",
    "obl:agent",
    "obl:tmod",
    "orphan",
    "parataxis",
    "punct",
    "root",
    "vocative",
    "xcomp",
];

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn eat(&mut self, mark: &str) -> bool {
        self.space();
        let hit = self.rest().starts_with(mark);
        if hit {
            self.at += mark.len();
        }
        hit
    }

    fn word(&mut self) -> &'a str {
        self.space();
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || "-_:'.$%".contains(c))).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or("")
    }

    fn done(&mut self) -> bool {
        self.space();
        self.rest().is_empty()
    }

    fn error<T>(&self, message: impl Into<String>) -> Result<T, PatternError> {
        Err(PatternError { at: self.at, message: message.into() })
    }
}

impl NodePattern {
    /// Reads a pattern such as `[lemma=sign|initial & tag=VERB]`.
    ///
    /// # Errors
    /// Says at which character something else was expected.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let mut cursor = Cursor::new(text);
        let node = node(&mut cursor)?;
        if cursor.done() { Ok(node) } else { cursor.error("expected the end of the pattern") }
    }

    /// Lemmas of which the token must have one, where the pattern asks for lemmas: what rules are indexed by.
    #[must_use]
    pub fn lemmas(&self) -> Option<&[String]> {
        self.terms.iter().find_map(|term| match &term.test {
            Test::Lemma(lemmas) if !term.negated => Some(lemmas.as_slice()),
            _ => None,
        })
    }
}

fn node(cursor: &mut Cursor<'_>) -> Result<NodePattern, PatternError> {
    if !cursor.eat("[") {
        return cursor.error("expected `[`");
    }
    let mut terms = Vec::new();
    loop {
        let negated = cursor.eat("!");
        let start = cursor.at;
        let key = cursor.word();
        let test = if cursor.eat("=") {
            let mut values = vec![value(cursor)?];
            while cursor.eat("|") {
                values.push(value(cursor)?);
            }
            match key {
                "lemma" => Test::Lemma(values),
                "word" => Test::Word(values),
                "relation" => Test::Relation(known(values, EDGES, "relation", start)?),
                "tag" => Test::Tag(known(values, TAGS, "tag", start)?),
                "list" => Test::List(values),
                _ => {
                    return Err(PatternError {
                        at: start,
                        message: format!("unknown key `{key}`; known are lemma, word, tag, relation, list"),
                    });
                }
            }
        } else {
            Test::Class(match key {
                "agreement" => Class::Agreement,
                "actor" => Class::Actor,
                "date" => Class::Date,
                "number" => Class::Number,
                _ => {
                    return Err(PatternError {
                        at: start,
                        message: format!("unknown class `{key}`; known are agreement, actor, date, number"),
                    });
                }
            })
        };
        terms.push(Term { negated, test });
        if cursor.eat("]") {
            return Ok(NodePattern { terms });
        }
        if !cursor.eat("&") {
            return cursor.error("expected `&` or `]`");
        }
    }
}

fn value(cursor: &mut Cursor<'_>) -> Result<String, PatternError> {
    let word = cursor.word();
    if word.is_empty() { cursor.error("expected a word") } else { Ok(word.to_owned()) }
}

fn known(values: Vec<String>, list: &[&str], what: &str, at: usize) -> Result<Vec<String>, PatternError> {
    match values.iter().find(|value| !list.contains(&value.as_str())) {
        Some(value) => Err(PatternError { at, message: format!("unknown {what} `{value}`; known are {}", list.join(", ")) }),
        None => Ok(values),
    }
}

impl PathPattern {
    /// Reads a path such as `[actor] = trigger >subject | trigger >subject >conj`. The part before `=` may be left out.
    ///
    /// # Errors
    /// Says at which character something else was expected.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let mut cursor = Cursor::new(text);
        cursor.space();
        let condition = if cursor.rest().starts_with('[') {
            let condition = node(&mut cursor)?;
            if !cursor.eat("=") {
                return cursor.error("expected `=`");
            }
            Some(condition)
        } else {
            None
        };
        let mut routes = Vec::new();
        loop {
            if cursor.word() != "trigger" {
                return cursor.error("expected `trigger`");
            }
            let mut steps = Vec::new();
            loop {
                if cursor.eat(">>") {
                    steps.push(Step::Below);
                } else if cursor.eat(">") {
                    steps.push(Step::Down(edge(&mut cursor)?));
                } else if cursor.eat("<") {
                    steps.push(Step::Up(edge(&mut cursor)?));
                } else if cursor.eat("~") {
                    let number = cursor.word();
                    match number.parse() {
                        Ok(distance) => steps.push(Step::Near(distance)),
                        Err(_) => return cursor.error("expected a number of tokens after `~`"),
                    }
                } else {
                    break;
                }
            }
            routes.push(steps);
            if cursor.done() {
                return Ok(Self { node: condition, routes });
            }
            if !cursor.eat("|") {
                return cursor.error("expected a step (`>edge`, `<edge`, `>>`, `~5`), `|` or the end");
            }
        }
    }
}

fn edge(cursor: &mut Cursor<'_>) -> Result<String, PatternError> {
    let at = cursor.at;
    let word = cursor.word();
    if EDGES.contains(&word) {
        Ok(word.to_owned())
    } else {
        Err(PatternError { at, message: format!("unknown edge `{word}`; known are {}", EDGES.join(", ")) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_reads_back_as_it_was_meant() {
        let node = NodePattern::parse("[lemma=sign|initial & tag=VERB & !actor]").unwrap();
        assert_eq!(node.lemmas(), Some(["sign".to_owned(), "initial".to_owned()].as_slice()));
        assert_eq!(node.terms.len(), 3);
        let path = PathPattern::parse("[actor] = trigger >subject | trigger >subject >conj ~3").unwrap();
        assert_eq!(path.routes.len(), 2);
        assert_eq!(path.routes[1], vec![Step::Down("subject".into()), Step::Down("conj".into()), Step::Near(3)]);
    }

    #[test]
    fn what_is_unknown_is_refused_with_its_place() {
        let error = NodePattern::parse("[lemma=sign & kind=VERB]").unwrap_err();
        assert!(error.to_string().starts_with("at character 15: unknown key `kind`"), "{error}");
        assert!(PathPattern::parse("trigger >nsubject").unwrap_err().to_string().contains("unknown edge `nsubject`"));
        assert!(NodePattern::parse("[tag=VRB]").unwrap_err().to_string().contains("unknown tag `VRB`"));
        assert!(PathPattern::parse("trigger >obj and").unwrap_err().to_string().contains("expected a step"));
    }
}
