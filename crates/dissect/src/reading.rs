//! What the reading of one article holds. Every part is a byte span of `Article::text`, or an index of a token or sentence.
use crate::focus::Focus;
use crate::marks::{Likelihoods, Mark, SentenceMark};
use crate::names::NameKind;
use chancery_agreement::{Article, Span};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// One token: a syntactic word in the sense of Universal Dependencies ("don't" is two: "do", "n't").
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// True when no white space stands between this token and the next (`SpaceAfter=No`).
    pub joined: bool,
    /// Tags and tree; `None` until the sentence has been parsed.
    pub syntax: Option<Syntax>,
}

/// What a parsed token has.
#[derive(Debug, Clone, PartialEq)]
pub struct Syntax {
    /// Universal part of speech.
    pub upos: Upos,
    /// Lemma, lower case but for proper nouns.
    pub lemma: Box<str>,
    /// Morphological features that extraction needs.
    pub features: Features,
    /// Index of the head **in `Reading::tokens`**; `None` for the root of the sentence.
    pub head: Option<usize>,
    /// Universal Dependencies relation with its subtype (`nsubj:pass`, `obl:agent`, `root`).
    pub relation: &'static str,
}

/// Universal parts of speech.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Upos {
    Adj,
    Adp,
    Adv,
    Aux,
    Cconj,
    Det,
    Intj,
    Noun,
    Num,
    Part,
    Pron,
    Propn,
    Punct,
    Sconj,
    Sym,
    Verb,
    X,
}

impl Upos {
    /// The tag as CoNLL-U writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Adj => "ADJ",
            Self::Adp => "ADP",
            Self::Adv => "ADV",
            Self::Aux => "AUX",
            Self::Cconj => "CCONJ",
            Self::Det => "DET",
            Self::Intj => "INTJ",
            Self::Noun => "NOUN",
            Self::Num => "NUM",
            Self::Part => "PART",
            Self::Pron => "PRON",
            Self::Propn => "PROPN",
            Self::Punct => "PUNCT",
            Self::Sconj => "SCONJ",
            Self::Sym => "SYM",
            Self::Verb => "VERB",
            Self::X => "X",
        }
    }

    /// The tag from its CoNLL-U word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        const ALL: [Upos; 17] = [
            Upos::Adj,
            Upos::Adp,
            Upos::Adv,
            Upos::Aux,
            Upos::Cconj,
            Upos::Det,
            Upos::Intj,
            Upos::Noun,
            Upos::Num,
            Upos::Part,
            Upos::Pron,
            Upos::Propn,
            Upos::Punct,
            Upos::Sconj,
            Upos::Sym,
            Upos::Verb,
            Upos::X,
        ];
        ALL.into_iter().find(|tag| tag.as_str() == word)
    }
}

/// Features in the sense of Universal Dependencies; `None` where a token has none or the reader does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Features {
    /// `Tense`.
    pub tense: Option<Tense>,
    /// `Voice`.
    pub voice: Option<Voice>,
    /// `Number`.
    pub number: Option<Number>,
    /// `Mood`.
    pub mood: Option<Mood>,
    /// `VerbForm`.
    pub verb_form: Option<VerbForm>,
}

/// As CoNLL-U writes them: `Mood=Ind|Tense=Past|VerbForm=Fin`, or `_` where there is none.
impl std::fmt::Display for Features {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mood = self.mood.map(|mood| match mood {
            Mood::Ind => "Mood=Ind",
            Mood::Imp => "Mood=Imp",
            Mood::Sub => "Mood=Sub",
        });
        let number = self.number.map(|number| match number {
            Number::Sing => "Number=Sing",
            Number::Plur => "Number=Plur",
        });
        let tense = self.tense.map(|tense| match tense {
            Tense::Past => "Tense=Past",
            Tense::Pres => "Tense=Pres",
        });
        let verb_form = self.verb_form.map(|verb_form| match verb_form {
            VerbForm::Fin => "VerbForm=Fin",
            VerbForm::Inf => "VerbForm=Inf",
            VerbForm::Part => "VerbForm=Part",
            VerbForm::Ger => "VerbForm=Ger",
        });
        let voice = self.voice.map(|voice| match voice {
            Voice::Act => "Voice=Act",
            Voice::Pass => "Voice=Pass",
        });
        let mut found = false;
        for feature in [mood, number, tense, verb_form, voice].into_iter().flatten() {
            write!(formatter, "{}{feature}", if found { "|" } else { "" })?;
            found = true;
        }
        if found { Ok(()) } else { write!(formatter, "_") }
    }
}

#[allow(missing_docs)]
/// `Tense`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    Past,
    Pres,
}

#[allow(missing_docs)]
/// `Voice`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    Act,
    Pass,
}

#[allow(missing_docs)]
/// `Number`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    Sing,
    Plur,
}

#[allow(missing_docs)]
/// `Mood`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Ind,
    Imp,
    Sub,
}

#[allow(missing_docs)]
/// `VerbForm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerbForm {
    Fin,
    Inf,
    Part,
    Ger,
}

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// From its first to its last token.
    pub span: Span,
    /// Its tokens, as a range of `Reading::tokens`.
    pub tokens: Range<usize>,
    /// Index of its block in `Article::blocks`.
    pub block: usize,
}

/// A stretch between quotation marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotation {
    /// What stands inside the marks.
    pub content: Span,
    /// With the marks (where they are there).
    pub span: Span,
    /// Speech, or a few words set off.
    pub kind: QuoteKind,
    /// Nesting depth, 0 for the outermost.
    pub depth: u8,
    /// True where the text lost the opening or the closing mark and the other end was worked out.
    pub repaired: bool,
    /// Index of the quotation that this one goes on from: speech over several paragraphs is one quotation a paragraph.
    pub continues: Option<usize>,
}

/// What quotation marks are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteKind {
    /// Somebody's words.
    Speech,
    /// A title, a term, or words that the writer keeps at arm's length ("so-called").
    Scare,
}

/// The reading of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading<'a> {
    /// What was read.
    pub article: &'a Article,
    /// All tokens of the story, in order.
    pub tokens: Vec<Token>,
    /// All sentences of the story, in order.
    pub sentences: Vec<Sentence>,
    /// Quotations, in order of their start; nested ones follow the one that holds them.
    pub quotations: Vec<Quotation>,
    /// Sums of money, in order.
    pub money: Vec<crate::money::Sum>,
    /// Names of persons, places and organizations, in order; empty until [`Reading::read_names`].
    pub names: Vec<crate::names::Name>,
    /// What the reader has pointed out in the sentences parsed so far, by start, then kind; empty after a reader that makes no
    /// marks. Marks of one kind do not overlap, those of different kinds may.
    pub marks: Vec<Mark>,
    /// What the reader takes the tokens of the sentences parsed so far for, by the index of the token; empty after a reader that makes
    /// no marks.
    pub likelihoods: BTreeMap<usize, Likelihoods>,
    /// What the reader keeps of the tokens of the sentences parsed so far for a second look ([`Reader::focus`]), by the index of the
    /// token; empty after a reader that takes none.
    pub states: BTreeMap<usize, Box<[f32]>>,
    /// The names that the reader saw in sentences parsed so far, by the index of the sentence; no entry after a reader that
    /// sees none. [`Reading::read_names`] starts from them.
    pub reader_names: BTreeMap<usize, Vec<TaggedName>>,
    /// For each token its first dependent, and the next one of its own head: what [`Reading::dependents`] follows.
    pub(crate) below: Vec<Below>,
}

/// Where the dependents of a token are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Below {
    first: Option<usize>,
    next: Option<usize>,
}

impl Reading<'_> {
    /// The words under `span`.
    #[must_use]
    pub fn words(&self, span: Span) -> &str {
        span.of(&self.article.text)
    }

    /// The form of token `token`; empty where there is no such token.
    #[must_use]
    pub fn form(&self, token: usize) -> &str {
        self.tokens.get(token).map_or("", |token| self.words(token.span))
    }

    /// The form of token `token` in lower case.
    #[must_use]
    pub fn lower(&self, token: usize) -> Cow<'_, str> {
        lower(self.form(token))
    }

    /// The lemma of token `token` in lower case; its form where the sentence was not parsed.
    #[must_use]
    pub fn lower_lemma(&self, token: usize) -> Cow<'_, str> {
        lower(self.lemma(token))
    }

    /// The lemma of token `token`; its form where the sentence was not parsed.
    #[must_use]
    pub fn lemma(&self, token: usize) -> &str {
        match self.tokens.get(token).and_then(|token| token.syntax.as_ref()) {
            Some(syntax) => &syntax.lemma,
            None => self.form(token),
        }
    }

    /// Tags and tree of token `token`, where its sentence was parsed.
    #[must_use]
    pub fn syntax(&self, token: usize) -> Option<&Syntax> {
        self.tokens.get(token).and_then(|token| token.syntax.as_ref())
    }

    /// True when sentence `sentence` has its tags and tree.
    #[must_use]
    pub fn is_parsed(&self, sentence: usize) -> bool {
        let first = self.sentences.get(sentence).and_then(|sentence| self.tokens.get(sentence.tokens.start));
        first.is_some_and(|token| token.syntax.is_some())
    }

    /// Gives tags and trees to the sentences with the indices `sentences`, by `reader`.
    ///
    /// A sentence gets them at most once: those that have been parsed before, and indices that name no sentence, cost
    /// nothing. So callers ask for what they need, where they need it.
    pub fn parse(&mut self, reader: &dyn Reader, sentences: impl IntoIterator<Item = usize>) {
        for sentence in sentences {
            if self.is_parsed(sentence) {
                continue;
            }
            let Some(range) = self.sentences.get(sentence).map(|sentence| sentence.tokens.clone()) else { continue };
            let text = &self.article.text;
            let Some(tokens) = self.tokens.get_mut(range.clone()) else { continue };
            let forms: Vec<&str> = tokens.iter().map(|token| token.span.of(text)).collect();
            let SentenceReading { syntax, names, marks, likelihoods, states } = reader.read(&forms);
            for (token, mut syntax) in tokens.iter_mut().zip(syntax) {
                syntax.head = syntax.head.map(|head| head + range.start);
                token.syntax = Some(syntax);
            }
            self.link(range.clone());
            if let Some(names) = names {
                let shift = |name: TaggedName| TaggedName { tokens: shifted(&name.tokens, range.start), ..name };
                self.reader_names.insert(sentence, names.into_iter().map(shift).collect());
            }
            self.add_marks(range.start, marks);
            self.likelihoods.extend(range.clone().zip(likelihoods));
            self.states.extend(range.zip(states));
        }
        self.marks.sort_by_key(|mark| (mark.span.start(), mark.kind, mark.span.end()));
    }

    /// Notes the dependents of the tokens of one sentence.
    fn link(&mut self, sentence: Range<usize>) {
        for token in sentence.clone().rev() {
            let head = self.syntax(token).and_then(|syntax| syntax.head).filter(|head| sentence.contains(head));
            let Some(head) = head.and_then(|head| self.below.get_mut(head)) else { continue };
            let next = head.first.replace(token);
            if let Some(own) = self.below.get_mut(token) {
                own.next = next;
            }
        }
    }

    /// Adds the marks of the sentence whose first token is `first`.
    fn add_marks(&mut self, first: usize, marks: Vec<SentenceMark>) {
        for SentenceMark { kind, tokens, probability } in marks {
            let tokens = shifted(&tokens, first);
            let ends = self.tokens.get(tokens.start).zip(self.tokens.get(tokens.end.saturating_sub(1)));
            if let Some((start, end)) = ends.filter(|_| !tokens.is_empty()) {
                self.marks.push(Mark { kind, span: start.span.join(end.span), tokens, probability });
            }
        }
    }

    /// Gives tags and trees to all sentences.
    pub fn parse_all(&mut self, reader: &dyn Reader) {
        self.parse(reader, 0..self.sentences.len());
    }

    /// Finds the names of the whole story, unless they have been found.
    pub fn read_names(&mut self) {
        if self.names.is_empty() {
            self.names = crate::names::names(self);
        }
    }

    /// Index of the sentence that holds token `token`.
    #[must_use]
    pub fn sentence_of(&self, token: usize) -> Option<usize> {
        let at = self.sentences.partition_point(|sentence| sentence.tokens.end <= token);
        self.sentences.get(at).filter(|sentence| sentence.tokens.contains(&token)).map(|_| at)
    }

    /// Indices of the tokens that lie (at least in part) under `span`.
    #[must_use]
    pub fn tokens_in(&self, span: Span) -> Range<usize> {
        let start = self.tokens.partition_point(|token| token.span.end() <= span.start());
        let end = self.tokens.partition_point(|token| token.span.start() < span.end());
        start..end.max(start)
    }

    /// Dependents of token `head`, in order of the text.
    pub fn dependents(&self, head: usize) -> impl Iterator<Item = usize> + '_ {
        let below = move |token: usize| self.below.get(token).copied().unwrap_or_default();
        std::iter::successors(below(head).first, move |&token| below(token).next)
    }
}

/// `word` in lower case; most words are already.
#[must_use]
pub fn lower(word: &str) -> Cow<'_, str> {
    let is_lower = word.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(word) } else { Cow::Owned(word.to_lowercase()) }
}

fn shifted(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

/// A name as a reader sees it: the bare words, not yet what they stand for (see [`crate::names::Name`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaggedName {
    /// What it names.
    pub kind: NameKind,
    /// Its words: in [`SentenceReading`] a range of the sentence's words, in [`Reading::reader_names`] of all tokens.
    pub tokens: Range<usize>,
}

/// All that a reader says of one sentence.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SentenceReading {
    /// Tags and tree, as [`Reader::parse`] gives them.
    pub syntax: Vec<Syntax>,
    /// Names, in order and without overlap; `None` from a reader that does not look for any.
    pub names: Option<Vec<TaggedName>>,
    /// Marks; empty from a reader that makes none.
    pub marks: Vec<SentenceMark>,
    /// What each word was taken for; empty from a reader that makes no marks.
    pub likelihoods: Vec<Likelihoods>,
    /// What the reader keeps of each word for a second look; empty from a reader that takes none.
    pub states: Vec<Box<[f32]>>,
}

/// Gives tags and trees to the tokens of one sentence at a time, and names and marks where it has learned them.
pub trait Reader: Send + Sync {
    /// Which reader it is, in a few words that change when its results may change ("fast"): findings are stored with it.
    fn name(&self) -> &str;

    /// Everything that the reader says of one sentence, whose words are `forms`.
    fn read(&self, forms: &[&str]) -> SentenceReading {
        SentenceReading { syntax: self.parse(forms), ..SentenceReading::default() }
    }

    /// Tags and tree for the tokens of one sentence.
    ///
    /// `forms` are the words of one sentence. The result has one [`Syntax`] for each, whose `head` is an index **into
    /// `forms`** (the caller shifts it), with exactly one root and no cycle.
    fn parse(&self, forms: &[&str]) -> Vec<Syntax>;

    /// What the reader takes the tokens of `reading`, which it has read, for where they tell of the agreement in focus, by the index of
    /// the token; nothing from a reader that has not learned to look twice.
    fn focus(&self, _reading: &Reading<'_>, _focus: &Focus) -> BTreeMap<usize, Likelihoods> {
        BTreeMap::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dissect;
    use crate::marks::MarkKind;

    /// Sees the first word of every sentence as a person and as a source.
    struct FirstWord;

    impl Reader for FirstWord {
        fn name(&self) -> &str {
            "first word"
        }

        fn parse(&self, forms: &[&str]) -> Vec<Syntax> {
            let word = |(at, form): (usize, &&str)| Syntax {
                upos: Upos::Noun,
                lemma: (*form).into(),
                features: Features::default(),
                head: at.checked_sub(1),
                relation: if at == 0 { "root" } else { "dep" },
            };
            forms.iter().enumerate().map(word).collect()
        }

        fn read(&self, forms: &[&str]) -> SentenceReading {
            SentenceReading {
                syntax: self.parse(forms),
                names: Some(vec![TaggedName { kind: NameKind::Person, tokens: 0..1 }]),
                marks: vec![SentenceMark { kind: MarkKind::Source, tokens: 0..1, probability: 0.5 }],
                likelihoods: (0..forms.len()).map(|at| Likelihoods { party: at as f32, ..Likelihoods::default() }).collect(),
                states: Vec::new(),
            }
        }
    }

    #[test]
    fn names_and_marks_of_the_reader_reach_the_reading_at_their_place() {
        let article = Article::plain("Nobody came. Firefly spoke. Trentino left.");
        let mut reading = dissect(&article);
        reading.parse(&FirstWord, [2, 1]);
        let marked: Vec<&str> = reading.marks.iter().map(|mark| reading.words(mark.span)).collect();
        assert_eq!(marked, ["Firefly", "Trentino"]);
        assert_eq!(reading.marks.first().map(|mark| mark.tokens.clone()), Some(3..4));
        assert_eq!(reading.likelihoods.keys().copied().collect::<Vec<_>>(), (3..9).collect::<Vec<_>>());
        assert_eq!(reading.likelihoods.get(&4).map(|word| word.party), Some(1.0));
        reading.read_names();
        let names: Vec<&str> = reading.names.iter().map(|name| reading.words(name.span)).collect();
        assert!(names.ends_with(&["Firefly", "Trentino"]), "{names:?}");
    }

    #[test]
    fn the_fast_reader_makes_no_marks() {
        let article = Article::plain("Firefly said that Freedonia had signed the treaty.");
        let mut reading = dissect(&article);
        reading.parse_all(crate::Fast::embedded());
        assert!(reading.marks.is_empty() && reading.reader_names.is_empty());
    }
}
