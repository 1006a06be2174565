//! Quotation marks as texts have them, lost and nested ones too.
use super::quotations;
use crate::reading::{Quotation, QuoteKind};
use chancery_agreement::Article;

/// The quotations of `text`, one paragraph a line, as "kind depth content" with `*` for repaired and `+` for continued ones.
fn found(text: &str) -> Vec<String> {
    let show = |piece: &Quotation| {
        let kind = if piece.kind == QuoteKind::Speech { "speech" } else { "scare" };
        let repaired = if piece.repaired { "*" } else { "" };
        let goes_on = if piece.continues.is_some() { "+" } else { "" };
        format!("{kind}{repaired}{goes_on} {} {}", piece.depth, piece.content.of(text))
    };
    quotations(&Article::plain(text)).iter().map(show).collect()
}

fn check(text: &str, expected: &[&str]) {
    assert_eq!(found(text), expected, "{text}");
}

#[test]
fn marks_of_every_kind_pair() {
    for text in [
        "\"We will sign the ferry accord,\" the envoy said.",
        "“We will sign the ferry accord,” the envoy said.",
        "\"We will sign the ferry accord,” the envoy said.",
        "“We will sign the ferry accord,\" the envoy said.",
        "``We will sign the ferry accord,'' the envoy said.",
        "«We will sign the ferry accord,» the envoy said.",
        "„We will sign the ferry accord,“ the envoy said.",
        "&quot;We will sign the ferry accord,&quot; the envoy said.",
        "\"\"We will sign the ferry accord,\"\" the envoy said.",
        "''We will sign the ferry accord,'' the envoy said.",
        "‘We will sign the ferry accord,’ the envoy said.",
        "'We will sign the ferry accord,' the envoy said.",
    ] {
        check(text, &["speech 0 We will sign the ferry accord,"]);
    }
}

#[test]
fn a_split_quotation_is_two() {
    check("\"We will sign,\" the envoy said. \"It takes a week.\"", &["speech 0 We will sign,", "speech 0 It takes a week."]);
}

#[test]
fn nested_quotations_are_deeper() {
    check(
        "She said: \"They call it a “ferry war,” which it never was.\"",
        &["speech 0 They call it a “ferry war,” which it never was.", "scare 1 ferry war,"],
    );
    check(
        "\"He told us 'you may cross the river tomorrow' and left,\" she said.",
        &["speech 0 He told us 'you may cross the river tomorrow' and left,", "speech 1 you may cross the river tomorrow"],
    );
}

#[test]
fn speech_goes_on_in_the_next_paragraph() {
    let text = "The envoy said: \"We met for three days.\n\"Then we signed.\n\"Now we go home,\" he added.";
    check(text, &["speech 0 We met for three days.", "speech+ 0 Then we signed.", "speech+ 0 Now we go home,"]);
}

#[test]
fn speech_goes_on_through_paragraphs_without_marks() {
    let text = "\"We met for three days.\nThe river was high.\nNow the two towns go home.\"\nThe ferry sails on Monday.";
    check(text, &["speech 0 We met for three days.", "speech*+ 0 The river was high.", "speech*+ 0 Now the two towns go home."]);
}

#[test]
fn a_lost_opening_mark_is_repaired_from_the_paragraph() {
    check(
        "We agree on every point. The rest follows,\" the envoy said.",
        &["speech* 0 We agree on every point. The rest follows,"],
    );
    check("The envoy said: We agree on every point.\"", &["speech* 0 We agree on every point."]);
    check(
        "\"We agree,\" the envoy said. The rest follows in May.\"",
        &["speech 0 We agree,", "speech* 0 The rest follows in May."],
    );
}

#[test]
fn a_lost_closing_mark_is_repaired_where_somebody_speaks() {
    check("\"We agree on every point, the envoy said on Monday.", &["speech* 0 We agree on every point,"]);
    check("The envoy said: \"We agree on every point.\nThe ferry sails.", &["speech* 0 We agree on every point."]);
    check("\"We agree, he said. \"The rest follows,\" he added.", &["speech* 0 We agree,", "speech 0 The rest follows,"]);
}

#[test]
fn a_lone_mark_in_the_middle_of_a_sentence_is_left_alone() {
    check("The envoys met at the Old\" Mill in the town.", &[]);
    check("They came to the \"old mill in the town.", &[]);
}

#[test]
fn apostrophes_feet_and_inches_are_no_quotations() {
    check("The workers' ferry and the envoys' boat don't sail in the '90s, rock 'n' roll.", &[]);
    check("He is 6'2\" tall and the pipe is 4\" wide.", &[]);
    check("It's Freedonia's, isn't it? The twins' mother said no.", &[]);
}

#[test]
fn titles_terms_and_distance_are_not_speech() {
    check("They signed a treaty \"On Ferries and Tolls\" on Monday.", &["scare 0 On Ferries and Tolls"]);
    check("The so-called \"river republic\" sent two envoys.", &["scare 0 river republic"]);
    check("The \"peace boat\" sails on Monday.", &["scare 0 peace boat"]);
}

#[test]
fn a_few_words_of_somebody_are_speech() {
    check("Sylvania condemned the toll as \"an act of piracy\".", &["speech 0 an act of piracy"]);
    check("He praised the accord, calling it \"a new dawn.\"", &["speech 0 a new dawn."]);
}

#[test]
fn odd_input_is_no_trouble() {
    for text in ["", "\"", "\"\"", "''", "\" \" \"", "”“", "'''''", "«»", "a\"b\"c", "&quot;", "‘", "“\n“\n“\n“", "\"\n\n\""]
    {
        for piece in quotations(&Article::plain(text)) {
            assert!(piece.span.contains(piece.content), "{text}");
        }
    }
}

#[test]
fn cut_paragraphs_are_not_read() {
    use chancery_agreement::{BlockKind, Span};
    let mut article = Article::plain("\"We agree,\" she said.\n\"A teaser,\" it said.");
    article.blocks[1].kind = BlockKind::Teaser;
    let pieces = quotations(&article);
    assert_eq!(pieces.len(), 1);
    assert_eq!(pieces[0].span, Span::new(0, 11));
}
