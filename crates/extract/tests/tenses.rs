//! The tense and modality of the governing verb, read from the tree, decide in which year or week a date lies.
use chancery_agreement::{Article, DateBasis, Published};
use chancery_dissect::{Fast, dissect};
use chancery_extract::Extractor;
use chancery_extract::lexicon::WordLists;
use chancery_extract::tenses::Tenses;
use chancery_timex::{Options, Reference, tag};

/// Wednesday, 10 June 2015.
const WRITTEN: &str = "2015-06-10";

/// Value of the only expression of a sentence, read with its tree.
#[track_caller]
fn value(text: &str) -> String {
    let article = Article::plain(text);
    let mut reading = dissect(&article);
    reading.parse_all(Fast::embedded());
    let lists = WordLists::read("lists.toml", include_str!("../../../rules/en/lists.toml")).expect("the lists load");
    let tenses = Tenses::new(&reading, &lists);
    let found = tag(text, &Options::written(Reference::parse(WRITTEN)).with_syntax(&tenses));
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found[0].value.clone().expect("every expression has a value")
}

#[test]
fn the_verb_that_governs_a_date_decides_not_the_one_that_is_nearest() {
    for (text, expected) in [
        ("In January the parliament, which had rejected two drafts, will vote on the treaty.", "2016-01"),
        ("On Friday the envoys, who quarreled over the border, will sign the treaty.", "2015-06-12"),
        ("The treaty that the minister hopes to see ratified was signed in August.", "2014-08"),
        ("The border opened, following an agreement reached by the presidents in July.", "2014-07"),
        ("The two states agreed to open the border in August.", "2015-08"),
        ("The two states managed to open the border in November.", "2014-11"),
        ("The treaty may be signed on Friday.", "2015-06-12"),
        ("The treaty was signed and sealed on Friday.", "2015-06-05"),
        ("The parties will meet and sign the treaty on Friday.", "2015-06-12"),
        ("The treaty enters into force in January.", "2016-01"),
        ("The delegates had planned to sign the treaty on Friday.", "2015-06-05"),
        ("The treaty, which the two kings had signed on August 1, is long.", "2014-08-01"),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn the_date_of_a_stage_is_resolved_with_the_tense_of_its_verb() {
    let mut article = Article::plain(
        "France and Italy quarreled for years over a peace treaty.\n\nIn January the parliament of Italy, which had refused two earlier drafts, \
         will ratify the peace treaty with France.",
    );
    article.published =
        Some(Published { value: WRITTEN.into(), time: None, basis: DateBasis::Metadata, span: None, confidence: 1.0 });
    let (findings, _) = Extractor::new().expect("the embedded rules load").extract(&article);
    let dates: Vec<(Option<&str>, &str)> = findings
        .agreements
        .iter()
        .flat_map(|agreement| &agreement.stages)
        .filter_map(|stage| stage.date.as_ref())
        .map(|date| (date.value.as_deref(), date.expression.quote()))
        .collect();
    assert_eq!(dates, [(Some("2016-01"), "January")]);
}
