//! Properties of tokens, sentences and trees that hold for every input, however strange.
use chancery_agreement::{Article, Span};
use chancery_dissect::conllu::{parse_conllu, write_reading};
use chancery_dissect::sentences::LONGEST_SENTENCE;
use chancery_dissect::{Fast, Reading, dissect};

/// Pieces of which strange texts are made.
const PIECES: [&str; 64] = [
    " ",
    " ",
    " ",
    "  ",
    "\n",
    "\t",
    "\u{a0}",
    "\u{2003}",
    ".",
    ".",
    ",",
    "...",
    "\u{2026}",
    "!",
    "?",
    "\"",
    "'",
    "''",
    "``",
    "\u{201c}",
    "\u{201d}",
    "\u{2018}",
    "\u{2019}",
    "(",
    ")",
    "[",
    "]",
    "[...]",
    "-",
    "--",
    "\u{2014}",
    "&mdash;",
    "&",
    ";",
    "&#8212;",
    "/",
    "$",
    "\u{20ac}",
    "%",
    "#",
    "@",
    "1",
    "24",
    "3.5",
    "1,000",
    "U.S.",
    "Mr",
    "e.g",
    "the",
    "Treaty",
    "signed",
    "n't",
    "'s",
    "re",
    "\u{e9}t\u{e9}",
    "\u{301}",
    "\u{200d}",
    "\u{1f91d}",
    "\u{6f22}\u{5b57}",
    "\u{0}",
    "http://",
    "a@b.c",
    "\u{fffd}",
    "of",
];

/// Texts of up to 150 pieces, the same in every run.
fn strange_texts() -> impl Iterator<Item = String> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or(0) % below
    };
    (0..400).map(move |_| {
        let pieces = next(150);
        (0..pieces).map(|_| PIECES[next(PIECES.len())]).collect()
    })
}

#[track_caller]
fn check_tokens(reading: &Reading<'_>) {
    let text = &reading.article.text;
    let mut end = 0;
    for token in &reading.tokens {
        let gap = Span::new(end, token.span.start()).of(text);
        assert!(gap.trim().is_empty(), "{gap:?} belongs to no token of {text:?}");
        assert!(token.span.start() >= end && !token.span.is_empty(), "tokens overlap in {text:?}");
        assert!(!token.span.of(text).is_empty(), "a token cuts a character of {text:?}");
        end = token.span.end();
    }
    assert!(Span::new(end, text.len()).of(text).trim().is_empty(), "the end of {text:?} belongs to no token");
    let mut next = 0;
    for sentence in &reading.sentences {
        assert_eq!(sentence.tokens.start, next, "sentences leave out tokens of {text:?}");
        assert!((1..=LONGEST_SENTENCE).contains(&sentence.tokens.len()));
        next = sentence.tokens.end;
    }
    assert_eq!(next, reading.tokens.len());
}

#[track_caller]
fn check_trees(reading: &Reading<'_>) {
    for sentence in &reading.sentences {
        let mut roots = 0;
        for token in sentence.tokens.clone() {
            let mut at = token;
            let mut steps = 0;
            while let Some(head) = reading.syntax(at).expect("the sentence was parsed").head {
                assert!(sentence.tokens.contains(&head), "a head is outside of its sentence");
                at = head;
                steps += 1;
                assert!(steps <= sentence.tokens.len(), "the tree has a cycle");
            }
            roots += usize::from(steps == 0);
            assert_eq!(steps == 0, reading.syntax(token).expect("the sentence was parsed").relation == "root");
        }
        assert_eq!(roots, 1, "a tree has one root");
    }
}

#[test]
fn tokens_cover_the_story_and_trees_are_trees_on_any_input() {
    for text in strange_texts() {
        let article = Article::plain(&text);
        let mut reading = dissect(&article);
        check_tokens(&reading);
        reading.parse_all(Fast::embedded());
        check_trees(&reading);
        let written = parse_conllu(&write_reading(&reading)).expect("what is written can be read");
        assert_eq!(written.len(), reading.sentences.len());
    }
}

#[test]
fn a_line_of_ten_thousand_words_is_parted_and_parsed() {
    for text in ["word ".repeat(10_000), "(".repeat(10_000), "\"A. ".repeat(5_000), "a-b".repeat(5_000)] {
        let article = Article::plain(&text);
        let mut reading = dissect(&article);
        check_tokens(&reading);
        reading.parse_all(Fast::embedded());
        check_trees(&reading);
    }
}

#[test]
fn sentences_are_parsed_when_they_are_asked_for_and_only_then() {
    let article = Article::plain("Ruritania signed a pact. It rained. Nobody came.");
    let mut reading = dissect(&article);
    reading.parse(Fast::embedded(), [1, 99]);
    assert_eq!([0, 1, 2].map(|sentence| reading.is_parsed(sentence)), [false, true, false]);
    assert!(reading.syntax(0).is_none());
}

#[test]
fn the_embedded_reader_knows_passives_agents_and_relative_clauses() {
    let article = Article::plain("The accord was signed by the minister who praised it.");
    let mut reading = dissect(&article);
    reading.parse_all(Fast::embedded());
    let relation_of = |form: &str| {
        let token = (0..reading.tokens.len()).find(|&token| reading.form(token) == form).expect("the word is there");
        reading.syntax(token).expect("the sentence was parsed").relation
    };
    assert_eq!(relation_of("accord"), "nsubj:pass");
    assert_eq!(relation_of("was"), "aux:pass");
    assert_eq!(relation_of("minister"), "obl:agent");
    assert_eq!(relation_of("praised"), "acl:relcl");
    assert_eq!(reading.lemma(3), "sign");
}
