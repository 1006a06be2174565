//! Runs the sentences that the entries of `rules/en/speech.toml` carry.
use super::{attribution, cue_words, tree::Tree};
use chancery_agreement::Article;
use chancery_dissect::{Fast, dissect};

/// The sentence without its marks, and what they mark.
fn unmarked(text: &str) -> (String, Vec<(String, String)>) {
    let (mut plain, mut marks) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        let Some((marked, tail)) = after.split_once(']') else { break };
        let (name, words) = marked.split_once(' ').unwrap_or((marked, ""));
        plain.push_str(words);
        marks.push((name.to_owned(), words.to_owned()));
        rest = tail;
    }
    plain.push_str(rest);
    (plain, marks)
}

/// What is found in a sentence: source, cue and content of each attribution.
fn found(text: &str) -> Vec<Vec<(String, String)>> {
    let cues = cue_words().expect("the embedded cue words can be read");
    let article = Article::plain(text);
    let mut reading = dissect(&article);
    reading.parse_all(Fast::embedded());
    let tree = Tree::new(&reading);
    let words = |span: chancery_agreement::Span| reading.words(span).to_owned();
    attribution::find(&tree, &cues, true)
        .iter()
        .map(|attribution| {
            let mut parts = vec![("cue".to_owned(), words(tree.span(&attribution.cue)))];
            parts.extend(attribution.source.iter().map(|source| ("source".to_owned(), words(tree.span(source)))));
            parts.extend(attribution.content.iter().map(|piece| ("content".to_owned(), words(piece.span))));
            parts
        })
        .collect()
}

#[test]
fn every_cue_finds_what_its_own_sentences_mark() {
    let cues = cue_words().expect("the embedded cue words can be read");
    let mut wrong = Vec::new();
    for example in &cues.examples {
        let (plain, marks) = unmarked(&example.text);
        let all = found(&plain);
        let trimmed = |words: &str| words.trim_end_matches([',', '.']).to_owned();
        let fits = |parts: &Vec<(String, String)>| {
            marks.iter().all(|(name, words)| parts.iter().any(|(other, found)| name == other && trimmed(found) == trimmed(words)))
        };
        let right = if example.found { all.iter().any(fits) } else { all.is_empty() };
        if !right {
            wrong.push(format!("{}\n  found: {all:?}", example.text));
        }
    }
    assert!(wrong.is_empty(), "{} sentences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_quotation_cut_in_two_by_its_cue_is_two_pieces_of_one_attribution() {
    let all = found("\"The pier is old,\" Mayor Ann Reed said. \"It will be rebuilt by the spring.\"");
    let contents: usize = all.iter().map(|parts| parts.iter().filter(|(name, _)| name == "content").count()).sum();
    assert_eq!(contents, 2, "{all:?}");
    assert!(all.iter().any(|parts| parts.contains(&("source".to_owned(), "Mayor Ann Reed".to_owned()))), "{all:?}");
}
