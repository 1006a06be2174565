//! Names and roles in sentences of our own.
use super::{Name, Tagger};
use crate::dissect;
use chancery_agreement::{Article, Span};

/// The names of `text` as "kind name", with "/ role", "@ affiliation", "= actor" and "< full name" where there are such.
fn found(text: &str) -> Vec<String> {
    let article = Article::plain(text);
    let mut reading = dissect(&article);
    reading.read_names();
    let all = &reading.names;
    let words = |span: Span| span.of(text).to_owned();
    let show = |name: &Name| {
        let mut line = format!("{:?} {}", name.kind, words(name.span));
        if let Some(role) = name.role {
            line += &format!(" / {}", words(role));
        }
        if let Some(affiliation) = name.affiliation {
            line += &format!(" @ {}", words(affiliation.span));
        }
        if let Some(actor) = name.actor {
            line += &format!(" = {}", actor.name);
        }
        if let Some(full) = name.full.and_then(|full| all.get(full)) {
            line += &format!(" < {}", words(full.span));
        }
        line
    };
    all.iter().map(show).collect()
}

/// Checks that each of `expected` is among the names of `text`.
fn check(text: &str, expected: &[&str]) {
    let found = found(text);
    for line in expected {
        assert!(found.iter().any(|name| name == line), "`{line}` is missing in `{text}`: {found:?}");
    }
}

#[test]
fn the_shipped_weights_are_read() {
    assert!(!Tagger::embedded().is_empty());
    assert!(Tagger::read(b"chancery names 1\n\xff\xff\xff\xff").is_none());
    assert!(Tagger::read(b"").is_none());
}

#[test]
fn persons_have_the_role_and_affiliation_of_the_text() {
    check(
        "The paper was read by de facto Defence Minister of South Ossetia Ibragim Koroyev on Monday.",
        &["Person Ibragim Koroyev / de facto Defence Minister @ South Ossetia"],
    );
    check("Georgian Foreign Minister David Lomidze met reporters.", &["Person David Lomidze / Foreign Minister @ Georgian"]);
    check("Norway's trade minister Erik Hansen said so.", &["Person Erik Hansen / trade minister @ Norway"]);
    check("U.S. Secretary of State Anna Brown said so.", &["Person Anna Brown / Secretary of State @ U.S."]);
    check("NATO Secretary General Peter Larsen said so.", &["Person Peter Larsen / Secretary General @ NATO"]);
}

#[test]
fn a_title_makes_the_next_words_a_person() {
    check("The boat was bought by Mr. Zzyzxova in the spring.", &["Person Zzyzxova / Mr."]);
}

#[test]
fn appositions_give_roles() {
    check(
        "The road is safe, said John Miller, a spokesman for the United Nations, on Friday.",
        &["Person John Miller / spokesman @ United Nations"],
    );
    check("Maria Jensen, Denmark's foreign minister, agreed.", &["Person Maria Jensen / foreign minister @ Denmark"]);
}

#[test]
fn a_surname_points_to_the_full_name() {
    check("President John Miller spoke first. Later Mr. Miller left.", &["Person Miller / Mr. < John Miller"]);
}

#[test]
fn a_surname_may_stand_first_and_a_hyphen_inside_a_name() {
    check(
        "Chairman Lee Hae-chan met reporters on Monday. Later Lee left.",
        &["Person Lee Hae-chan / Chairman", "Person Lee < Lee Hae-chan"],
    );
    check("Envoy Kim Kye-gwan spoke. Later Mr. Kye-gwan left.", &["Person Kye-gwan / Mr. < Kim Kye-gwan"]);
    check("The rules are of the John Miller-era.", &["Person John Miller"]);
    check("He was met by Mr. John Miller-", &["Person John Miller / Mr."]);
}

#[test]
fn a_surname_names_the_person_though_it_looks_like_a_place() {
    check("President Osman Tarek spoke. The deal between Tarek and Lee was reached.", &["Person Tarek < Osman Tarek"]);
}

#[test]
fn ranks_before_a_name_are_its_role() {
    check("Lt Gen John Miller said he would go.", &["Person John Miller / Lt Gen"]);
    assert!(found("Lt Gen John Miller said he would go.").len() == 1);
}

#[test]
fn abbreviations_point_to_their_long_forms() {
    check(
        "The Ferry Workers Union of Sylvania (FWUS) signed. The FWUS was late.",
        &["Organization FWUS < Ferry Workers Union of Sylvania"],
    );
    check(
        "Ministers of the Association of Southeast Asian Nations (ASEAN) met.",
        &[
            "Organization Association of Southeast Asian Nations = Association of Southeast Asian Nations",
            "Organization ASEAN = Association of Southeast Asian Nations < Association of Southeast Asian Nations",
        ],
    );
}

#[test]
fn polities_name_their_actor() {
    check(
        "Talks between Abkhazia and the European Union broke off.",
        &["Place Abkhazia = Abkhazia", "Organization European Union = European Union"],
    );
    check(
        "The Ministry of Foreign Affairs of Georgia objected.",
        &["Organization Ministry of Foreign Affairs of Georgia @ Georgia"],
    );
}

#[test]
fn odd_input_is_no_trouble() {
    for text in
        ["", "(", "A (B)", "Mr.", ", minister", "\u{301}", "(AB)", "of (OO)", "President", "President of (UN)", "'s", "X's"]
    {
        for name in found(text) {
            assert!(!name.is_empty());
        }
    }
}
