//! Scores tokens, sentences, tags and trees against CoNLL-U treebanks with the definitions of the CoNLL 2018 shared task
//! (Zeman et al. 2018).
//!
//! Two settings: over gold tokens, and from raw text, where words are aligned by the characters they stand on.
use chancery_agreement::Article;
use chancery_dissect::conllu::{ConlluError, ConlluLine, ConlluSentence, parse_conllu};
use chancery_dissect::{Reader, dissect};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;

/// Counts of one kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Matches {
    /// In the treebank.
    pub gold: usize,
    /// Said by the reader.
    pub said: usize,
    /// Both.
    pub right: usize,
}

impl Matches {
    /// Balanced F-measure, 0 to 1; 0 where there is nothing.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn f1(self) -> f64 {
        let all = self.gold + self.said;
        if all == 0 { 0.0 } else { 2.0 * self.right as f64 / all as f64 }
    }

    fn add(&mut self, other: Self) {
        self.gold += other.gold;
        self.said += other.said;
        self.right += other.right;
    }
}

/// Scores of one setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scores {
    /// Surface tokens (multi-word tokens count as one).
    pub tokens: Matches,
    /// Sentences.
    pub sentences: Matches,
    /// Syntactic words.
    pub words: Matches,
    /// Universal parts of speech.
    pub upos: Matches,
    /// Lemmas.
    pub lemmas: Matches,
    /// Heads.
    pub uas: Matches,
    /// Heads and relations, without subtypes: the measure of the shared task.
    pub las: Matches,
    /// Heads and whole relations.
    pub las_subtypes: Matches,
}

/// Scores over gold tokens and from raw text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxReport {
    /// Name of the treebank, for the table.
    pub name: String,
    /// The reader tags and parses the treebank's own words.
    pub gold_tokens: Scores,
    /// The reader starts with the text.
    pub raw_text: Scores,
}

/// Scores `reader` on the treebank `conllu`, which is called `name` in the table.
///
/// # Errors
/// Where `conllu` is not CoNLL-U.
pub fn evaluate(name: &str, conllu: &str, reader: &dyn Reader) -> Result<SyntaxReport, ConlluError> {
    let gold = parse_conllu(conllu)?;
    let mut reread = gold.clone();
    for sentence in &mut reread {
        sentence.reread(reader);
    }
    let gold_words = Treebank::new(&gold);
    let gold_tokens = compare(&gold_words, &Treebank::new(&reread));
    let article = Article::plain(&raw_text(&gold));
    let mut reading = dissect(&article);
    reading.parse_all(reader);
    let from_text = parse_conllu(&chancery_dissect::conllu::write_reading(&reading))?;
    let raw_text = compare(&gold_words, &Treebank::new(&from_text));
    Ok(SyntaxReport { name: name.to_owned(), gold_tokens, raw_text })
}

/// The text of a treebank: one paragraph a line, from the sentences' `# text` and the marks of new paragraphs.
#[must_use]
pub fn raw_text(sentences: &[ConlluSentence]) -> String {
    let mut text = String::new();
    let mut joined = true;
    for sentence in sentences {
        let mut own = None;
        let mut new_paragraph = false;
        for line in &sentence.lines {
            if let ConlluLine::Other(line) = line {
                own = own.or(line.strip_prefix("# text = "));
                new_paragraph |= line.starts_with("# newpar") || line.starts_with("# newdoc");
            }
        }
        if new_paragraph && !text.is_empty() {
            text.push_str("\n\n");
        } else if !joined {
            text.push(' ');
        }
        text.push_str(own.unwrap_or_default().trim());
        joined = last_is_joined(sentence);
    }
    text
}

/// True when no space stands after the sentence. Its last line tells, were it a word or the range of a multi-word token.
fn last_is_joined(sentence: &ConlluSentence) -> bool {
    sentence.words().last().is_some_and(|[.., misc]| misc.split('|').any(|item| item == "SpaceAfter=No"))
}

/// A treebank as the scores see it: characters without white space, and what stands on them.
#[derive(Debug, Default)]
struct Treebank {
    characters: Vec<char>,
    tokens: HashSet<(usize, usize)>,
    sentences: HashSet<(usize, usize)>,
    words: Vec<Word>,
}

#[derive(Debug)]
struct Word {
    start: usize,
    end: usize,
    /// True in a multi-word token: such words are aligned by their forms.
    multi: bool,
    form: String,
    upos: String,
    lemma: String,
    /// Index in `Treebank::words`; `None` for roots.
    head: Option<usize>,
    relation: String,
}

impl Treebank {
    fn new(sentences: &[ConlluSentence]) -> Self {
        let mut bank = Self::default();
        for sentence in sentences {
            bank.add(sentence);
        }
        bank
    }

    fn add(&mut self, sentence: &ConlluSentence) {
        let sentence_start = self.characters.len();
        let first = self.words.len();
        // The multi-word token that is open: its last word's number and the characters it stands on.
        let mut range: Option<(usize, (usize, usize))> = None;
        for line in &sentence.lines {
            match line {
                ConlluLine::Other(line) => {
                    let mut columns = line.split('\t');
                    let (Some(id), Some(form)) = (columns.next(), columns.next()) else { continue };
                    let Some((_, last)) = id.split_once('-') else { continue };
                    let Ok(last) = last.parse() else { continue };
                    range = Some((last, self.surface(form)));
                }
                ConlluLine::Word(columns) => {
                    let [id, form, lemma, upos, _, _, head, relation, ..] = columns.as_ref();
                    let number: usize = id.parse().unwrap_or(0);
                    let multi = range.filter(|(last, _)| number <= *last).map(|(_, place)| place);
                    let (start, end) = multi.unwrap_or_else(|| self.surface(form));
                    let head = head.parse::<usize>().ok().and_then(|head| head.checked_sub(1)).map(|head| first + head);
                    self.words.push(Word {
                        start,
                        end,
                        multi: multi.is_some(),
                        form: form.to_lowercase(),
                        upos: upos.clone(),
                        lemma: lemma.clone(),
                        head,
                        relation: relation.clone(),
                    });
                }
            }
        }
        if self.characters.len() > sentence_start {
            self.sentences.insert((sentence_start, self.characters.len()));
        }
    }

    /// Adds a surface token and gives the characters it stands on.
    fn surface(&mut self, form: &str) -> (usize, usize) {
        let start = self.characters.len();
        self.characters.extend(form.chars().filter(|character| !character.is_whitespace()));
        let place = (start, self.characters.len());
        self.tokens.insert(place);
        place
    }
}

/// Scores `said` against `gold`, which must stand on the same characters; where they do not, nothing is right.
fn compare(gold: &Treebank, said: &Treebank) -> Scores {
    if gold.characters != said.characters {
        return Scores::default();
    }
    let spans = |gold: &HashSet<(usize, usize)>, said: &HashSet<(usize, usize)>| Matches {
        gold: gold.len(),
        said: said.len(),
        right: gold.intersection(said).count(),
    };
    let pairs = align(&gold.words, &said.words);
    let gold_of: HashMap<usize, usize> = pairs.iter().map(|&(gold, said)| (said, gold)).collect();
    let mut scores = Scores {
        tokens: spans(&gold.tokens, &said.tokens),
        sentences: spans(&gold.sentences, &said.sentences),
        words: Matches { gold: gold.words.len(), said: said.words.len(), right: pairs.len() },
        ..Scores::default()
    };
    let count = |is_right: &dyn Fn(&Word, &Word) -> bool| Matches {
        right: pairs
            .iter()
            .filter(|&&(gold_at, said_at)| {
                gold.words.get(gold_at).zip(said.words.get(said_at)).is_some_and(|(gold, said)| is_right(gold, said))
            })
            .count(),
        ..scores.words
    };
    // A head is right where the word it is aligned with is the gold head.
    let same_head = |gold: &Word, said: &Word| match (gold.head, said.head) {
        (None, None) => true,
        (Some(gold), Some(said)) => gold_of.get(&said) == Some(&gold),
        _ => false,
    };
    let plain = |relation: &str| relation.split(':').next().unwrap_or("").to_owned();
    let upos = count(&|gold, said| gold.upos == said.upos);
    let lemmas = count(&|gold, said| gold.lemma == said.lemma || gold.lemma == "_");
    let uas = count(&|gold, said| same_head(gold, said));
    let las = count(&|gold, said| same_head(gold, said) && plain(&gold.relation) == plain(&said.relation));
    let las_subtypes = count(&|gold, said| same_head(gold, said) && gold.relation == said.relation);
    scores = Scores { upos, lemmas, uas, las, las_subtypes, ..scores };
    scores
}

/// Pairs of words (gold, said) that are the same: those of plain tokens by their place, those of multi-word tokens by the
/// longest common subsequence of their forms within the stretch that both sides' tokens cover.
fn align(gold: &[Word], said: &[Word]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let (mut g, mut s) = (0, 0);
    while let (Some(gold_word), Some(said_word)) = (gold.get(g), said.get(s)) {
        if gold_word.multi || said_word.multi {
            let stretch = multi_word_stretch(gold, said, g, s);
            pairs.extend(common_subsequence(gold, said, &stretch));
            // A stretch holds at least the multi-word token, so this goes on.
            (g, s) = (stretch.gold.end, stretch.said.end);
        } else if (gold_word.start, gold_word.end) == (said_word.start, said_word.end) {
            pairs.push((g, s));
            g += 1;
            s += 1;
        } else if gold_word.start <= said_word.start {
            g += 1;
        } else {
            s += 1;
        }
    }
    pairs
}

/// Words of both sides that stand on the same characters.
struct Stretch {
    gold: Range<usize>,
    said: Range<usize>,
}

/// The smallest stretch around the multi-word token at `g` or `s`.
fn multi_word_stretch(gold: &[Word], said: &[Word], mut g: usize, mut s: usize) -> Stretch {
    let (first_gold, first_said) = (gold.get(g), said.get(s));
    let mut end = 0;
    if let (Some(gold_word), Some(said_word)) = (first_gold, first_said) {
        if gold_word.multi {
            end = gold_word.end;
            s += usize::from(!said_word.multi && said_word.start < gold_word.start);
        } else {
            end = said_word.end;
            g += usize::from(!gold_word.multi && gold_word.start < said_word.start);
        }
    }
    let (gold_start, said_start) = (g, s);
    let beyond =
        |word: Option<&Word>, end: usize| word.is_none_or(|word| if word.multi { word.start >= end } else { word.end > end });
    while !beyond(gold.get(g), end) || !beyond(said.get(s), end) {
        let take_gold = match (gold.get(g), said.get(s)) {
            (Some(gold), Some(said)) => gold.start <= said.start,
            (gold, _) => gold.is_some(),
        };
        let word = if take_gold { gold.get(g) } else { said.get(s) };
        if let Some(word) = word.filter(|word| word.multi) {
            end = end.max(word.end);
        }
        if take_gold { g += 1 } else { s += 1 }
    }
    Stretch { gold: gold_start..g, said: said_start..s }
}

/// Pairs of words with the same form in the same order, as many as can be.
fn common_subsequence(gold: &[Word], said: &[Word], stretch: &Stretch) -> Vec<(usize, usize)> {
    let gold_words = gold.get(stretch.gold.clone()).unwrap_or(&[]);
    let said_words = said.get(stretch.said.clone()).unwrap_or(&[]);
    let width = said_words.len() + 1;
    let mut longest = vec![0_usize; (gold_words.len() + 1) * width];
    let cell = |longest: &[usize], g: usize, s: usize| longest.get(g * width + s).copied().unwrap_or(0);
    for (g, gold_word) in gold_words.iter().enumerate().rev() {
        for (s, said_word) in said_words.iter().enumerate().rev() {
            let best = if gold_word.form == said_word.form {
                1 + cell(&longest, g + 1, s + 1)
            } else {
                cell(&longest, g + 1, s).max(cell(&longest, g, s + 1))
            };
            if let Some(place) = longest.get_mut(g * width + s) {
                *place = best;
            }
        }
    }
    let mut pairs = Vec::new();
    let (mut g, mut s) = (0, 0);
    while let (Some(gold_word), Some(said_word)) = (gold_words.get(g), said_words.get(s)) {
        if gold_word.form == said_word.form {
            pairs.push((stretch.gold.start + g, stretch.said.start + s));
            g += 1;
            s += 1;
        } else if cell(&longest, g + 1, s) >= cell(&longest, g, s + 1) {
            g += 1;
        } else {
            s += 1;
        }
    }
    pairs
}

/// Adds up the reports of several treebanks.
#[must_use]
pub fn total(name: &str, reports: &[SyntaxReport]) -> SyntaxReport {
    let mut sum = SyntaxReport { name: name.to_owned(), gold_tokens: Scores::default(), raw_text: Scores::default() };
    for report in reports {
        sum.gold_tokens.add(&report.gold_tokens);
        sum.raw_text.add(&report.raw_text);
    }
    sum
}

impl Scores {
    fn add(&mut self, other: &Self) {
        let Self { tokens, sentences, words, upos, lemmas, uas, las, las_subtypes } = other;
        self.tokens.add(*tokens);
        self.sentences.add(*sentences);
        self.words.add(*words);
        self.upos.add(*upos);
        self.lemmas.add(*lemmas);
        self.uas.add(*uas);
        self.las.add(*las);
        self.las_subtypes.add(*las_subtypes);
    }
}

/// A table of two lines, F1 in percent.
impl fmt::Display for SyntaxReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{:<28} tokens  sents  words   UPOS  lemma    UAS    LAS  LAS with subtypes", self.name)?;
        for (setting, scores) in [("gold tokens", &self.gold_tokens), ("raw text", &self.raw_text)] {
            write!(formatter, "  {setting:<26}")?;
            let Scores { tokens, sentences, words, upos, lemmas, uas, las, las_subtypes } = scores;
            for matches in [tokens, sentences, words, upos, lemmas, uas, las, las_subtypes] {
                write!(formatter, " {:6.2}", 100.0 * matches.f1())?;
            }
            writeln!(formatter)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chancery_dissect::{Features, Syntax, Upos};

    /// Makes every word a noun that hangs on the first.
    struct Flat;

    impl Reader for Flat {
        fn name(&self) -> &str {
            "flat"
        }

        fn parse(&self, forms: &[&str]) -> Vec<Syntax> {
            let word = |at: usize| Syntax {
                upos: Upos::Noun,
                lemma: forms.get(at).copied().unwrap_or("").into(),
                features: Features::default(),
                head: (at > 0).then_some(0),
                relation: if at > 0 { "nsubj:pass" } else { "root" },
            };
            (0..forms.len()).map(word).collect()
        }
    }

    fn line(columns: &[&str; 10]) -> String {
        columns.join("\t") + "\n"
    }

    /// "Ships can't sail. Boats sink." in one paragraph.
    fn gold() -> String {
        let mut text = String::from("# newpar\n# text = Ships can't sail.\n");
        text += &line(&["1", "Ships", "ship", "NOUN", "_", "_", "0", "root", "_", "_"]);
        text += &line(&["2-3", "can't", "_", "_", "_", "_", "_", "_", "_", "_"]);
        text += &line(&["2", "ca", "can", "AUX", "_", "_", "1", "nsubj", "_", "_"]);
        text += &line(&["3", "n't", "not", "PART", "_", "_", "4", "advmod", "_", "_"]);
        text += &line(&["4", "sail", "sail", "VERB", "_", "_", "1", "obj", "_", "SpaceAfter=No"]);
        text += &line(&["5", ".", ".", "PUNCT", "_", "_", "4", "punct", "_", "_"]);
        text += "\n# text = Boats sink.\n";
        text += &line(&["1", "Boats", "boat", "NOUN", "_", "_", "2", "nsubj", "_", "_"]);
        text += &line(&["2", "sink", "sink", "VERB", "_", "_", "0", "root", "_", "SpaceAfter=No"]);
        text += &line(&["3", ".", ".", "PUNCT", "_", "_", "2", "punct", "_", "_"]);
        text + "\n"
    }

    #[test]
    fn relations_count_with_and_without_subtypes() {
        let report = evaluate("ships", &gold(), &Flat).expect("the text is CoNLL-U");
        let scores = report.gold_tokens;
        assert_eq!((scores.words.gold, scores.upos.right), (8, 2));
        // Right heads: Ships (root), ca, sail; of their relations root and nsubj, the latter without its subtype.
        assert_eq!((scores.uas.right, scores.las.right, scores.las_subtypes.right), (3, 2, 1));
    }

    #[test]
    fn raw_text_is_read_anew_and_aligned_by_its_characters() {
        let report = evaluate("ships", &gold(), &Flat).expect("the text is CoNLL-U");
        let scores = report.raw_text;
        assert_eq!(scores.tokens, Matches { gold: 7, said: 7, right: 7 });
        assert_eq!(scores.sentences, Matches { gold: 2, said: 2, right: 2 });
        assert_eq!(scores.words.right, 8);
        assert_eq!(scores.uas, report.gold_tokens.uas);
    }

    #[test]
    fn the_table_names_the_treebank() {
        let table = evaluate("ships", &gold(), &Flat).expect("the text is CoNLL-U").to_string();
        assert!(table.starts_with("ships"), "{table}");
        assert_eq!(table.lines().count(), 3);
    }
}
