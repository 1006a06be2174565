//! The list of actors, and how words of a text find them.
use super::{ActorKind, Gazetteer, Relation};
use chancery_agreement::Span;

fn whom(words: &str) -> Option<(String, Relation)> {
    Gazetteer::embedded().lookup(words).map(|found| (found.actor.name.clone(), found.relation))
}

fn named(words: &str) -> String {
    whom(words).map(|(name, _)| name).unwrap_or_default()
}

/// Words found in `text` with the actors that they name, as "words=actor".
fn scanned(text: &str) -> Vec<String> {
    let found = Gazetteer::embedded().scan(text, Span::new(0, text.len()));
    found.iter().map(|hit| format!("{}={}", hit.span.of(text), hit.found.actor.name)).collect()
}

#[test]
fn the_embedded_lists_load_and_are_large() {
    let list = Gazetteer::embedded();
    let counts = list.count_by_kind();
    // 193 members and two observers of the United Nations.
    assert_eq!(counts.get(&ActorKind::State), Some(&195));
    assert!(counts.get(&ActorKind::International).is_some_and(|&n| n >= 80));
    assert!(counts.get(&ActorKind::ArmedGroup).is_some_and(|&n| n >= 80));
}

#[test]
fn every_state_has_both_iso_codes_and_no_two_share_one() {
    let mut codes = Vec::new();
    for actor in Gazetteer::embedded().actors() {
        if actor.kind == ActorKind::State {
            assert_eq!(actor.iso.as_deref().map(str::len), Some(2), "{}", actor.name);
            assert_eq!(actor.iso3.as_deref().map(str::len), Some(3), "{}", actor.name);
        }
        codes.extend(actor.iso.clone());
    }
    let n_codes = codes.len();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), n_codes, "two actors share an ISO code");
}

#[test]
fn every_word_of_every_actor_finds_that_actor_or_is_declared_ambiguous() {
    let list = Gazetteer::embedded();
    for actor in list.actors() {
        for (word, _) in &actor.words {
            let candidates = list.candidates(word);
            assert!(candidates.iter().any(|found| found.actor.name == actor.name), "`{word}` does not find {}", actor.name);
        }
    }
}

#[test]
fn a_word_says_how_it_stands_for_its_actor() {
    assert_eq!(whom("Russian"), Some(("Russia".into(), Relation::Demonym)));
    assert_eq!(whom("the Kremlin"), Some(("Russia".into(), Relation::Seat)));
    assert_eq!(whom("Moscow"), Some(("Russia".into(), Relation::Capital)));
    assert_eq!(whom("State Duma"), Some(("Russia".into(), Relation::Institution)));
    assert_eq!(whom("U.S."), Some(("United States".into(), Relation::Abbreviation)));
    assert_eq!(whom("the European Union"), Some(("European Union".into(), Relation::Name)));
}

#[test]
fn contested_polities_are_actors_of_their_own() {
    for name in
        ["Abkhazia", "South Ossetia", "Transnistria", "Kosovo", "Taiwan", "Northern Cyprus", "Western Sahara", "Somaliland"]
    {
        let actor = Gazetteer::embedded().actor(name);
        assert_eq!(actor.map(|actor| actor.kind), Some(ActorKind::Contested), "{name}");
    }
    assert_eq!(named("Tskhinvali region"), "South Ossetia");
    assert_eq!(named("Sokhumi"), "Abkhazia");
}

#[test]
fn capitals_decide_where_a_word_is_also_a_common_one() {
    assert_eq!(named("us"), "");
    assert_eq!(named("turkey"), "");
    assert_eq!(named("TURKEY"), "Turkey");
    assert_eq!(named("eta"), "");
    assert_eq!(named("an islamic state"), "");
}

#[test]
fn spelling_variants_are_one_word() {
    assert_eq!(named("Côte d’Ivoire"), "Ivory Coast");
    assert_eq!(named("Cote d'Ivoire"), "Ivory Coast");
    assert_eq!(named("Türkiye"), "Turkey");
    assert_eq!(named("Nagorno Karabakh"), "Nagorno-Karabakh");
    assert_eq!(named("Lord’s Resistance Army"), "Lord's Resistance Army");
    assert_eq!(named("Russia's"), "Russia");
}

#[test]
fn a_word_for_two_actors_names_nobody_unless_one_is_preferred() {
    let list = Gazetteer::embedded();
    assert_eq!(named("Congo"), "");
    assert_eq!(list.candidates("Congo").len(), 2);
    assert_eq!(named("Brussels"), "European Union");
    assert_eq!(list.candidates("Brussels").len(), 2);
}

#[test]
fn the_longest_words_win_in_running_text() {
    let text = "North Korea and the U.S. met South Ossetian envoys; pro-Russian groups and Guinea-Bissau did not.";
    let expected = [
        "North Korea=North Korea",
        "U.S.=United States",
        "South Ossetian=South Ossetia",
        "Russian=Russia",
        "Guinea-Bissau=Guinea-Bissau",
    ];
    assert_eq!(scanned(text), expected);
}

#[test]
fn phrases_that_only_hold_an_actors_word_are_not_the_actor() {
    assert_eq!(scanned("The Minsk agreements, the Paris Agreement and a New England ferry."), Vec::<String>::new());
}

#[test]
fn names_of_persons_are_not_countries() {
    assert_eq!(scanned("Mr Michael Jordan met Chad Smith and Georgia Brown."), Vec::<String>::new());
    assert_eq!(scanned("In Jordan, envoys of Chad and Georgia met."), ["Jordan=Jordan", "Chad=Chad", "Georgia=Georgia"]);
}

#[test]
fn half_of_a_compound_adjective_counts_before_its_hyphen_only() {
    assert_eq!(
        scanned("The Sino-Russian and the Franco–German pacts."),
        ["Sino=China", "Russian=Russia", "Franco=France", "German=Germany"]
    );
    assert!(scanned("General Franco ruled from the Indo-Pacific to the Anglo-Saxons.").is_empty());
    assert_eq!((named("Sino-"), named("Sino")), ("China".to_owned(), String::new()));
}

#[test]
fn what_two_names_share_is_said_once() {
    assert_eq!(scanned("North and South Korea met."), ["North=North Korea", "South Korea=South Korea"]);
    assert_eq!(scanned("East and West German envoys met."), ["East=East Germany", "West German=West Germany"]);
    assert_eq!(
        scanned("The Dominican and Czech Republic met."),
        ["Dominican=Dominican Republic", "Czech Republic=Czech Republic"]
    );
    assert_eq!(scanned("North, and South Korea met."), ["South Korea=South Korea"]);
}

#[test]
fn a_plural_names_all_who_bear_the_name() {
    assert_eq!(scanned("The two Koreas met."), ["Koreas=North Korea", "Koreas=South Korea"]);
    assert_eq!(scanned("The inter-Korean accord."), ["inter-Korean=North Korea", "inter-Korean=South Korea"]);
    assert_eq!(named("the Koreas"), "");
    assert_eq!(Gazetteer::embedded().candidates("the Koreas").len(), 2);
}

#[test]
fn an_article_is_no_given_name() {
    assert_eq!(scanned("An Israel-Lebanon deal."), ["Israel=Israel", "Lebanon=Lebanon"]);
}

#[test]
fn a_scan_keeps_to_its_span() {
    let text = "Peru told Chile.";
    let found = Gazetteer::embedded().scan(text, Span::new(5, text.len()));
    assert_eq!(found.iter().map(|hit| hit.span.of(text)).collect::<Vec<_>>(), ["Chile"]);
}

#[test]
fn a_users_file_adds_actors_and_mistakes_name_the_file() {
    let list = Gazetteer::with("mine.toml", "[[actor]]\nname = \"Freedonia\"\nkind = \"state\"\ndemonyms = [\"Freedonian\"]\n");
    assert_eq!(list.unwrap().lookup("Freedonian").map(|found| found.actor.name.clone()).as_deref(), Some("Freedonia"));

    let message = |toml: &str| Gazetteer::with("mine.toml", toml).map(|_| ()).unwrap_err().to_string();
    let twice = message("[[actor]]\nname = \"Freedonia\"\nkind = \"state\"\ncapitals = [\"Moscow\"]\n");
    assert!(twice.contains("mine.toml") && twice.contains("moscow") && twice.contains("ambiguous"), "{twice}");
    let kind = message("[[actor]]\nname = \"Freedonia\"\nkind = \"kingdom\"\n");
    assert!(kind.contains("kingdom") && kind.contains("state"), "{kind}");
    let two = "[[actor]]\nname = \"East Freedonia\"\nkind = \"state\"\nnames = [\"Freedonias\"]\n[[actor]]\nname = \"West Freedonia\"\nkind = \"state\"\nnames = [\"Freedonias\"]\n[[ambiguous]]\nword = \"Freedonias\"\nactors = [\"East Freedonia\", \"West Freedonia\"]\nwhy = \"both\"\nall = true\n";
    assert_eq!(Gazetteer::with("mine.toml", two).unwrap().candidates("Freedonias").len(), 2);
    let both = message(&format!("{two}prefer = \"East Freedonia\"\n"));
    assert!(both.contains("Freedonias") && both.contains("choose"), "{both}");
    let field = message("[[actor]]\nname = \"Freedonia\"\nkind = \"state\"\nleader = \"Firefly\"\n");
    assert!(field.contains("leader"), "{field}");
}
