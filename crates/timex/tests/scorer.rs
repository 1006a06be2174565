//! The scorer on cases counted by hand, and TimeML read and written without touching another byte.
use chancery_timex::score::{Counts, Fault, Scored, compare};
use chancery_timex::timeml::{Document, rewrite, write};
use chancery_timex::{Options, Reference, tag};

fn at(start: usize, end: usize, kind: &str, value: &str) -> Scored {
    Scored { start, end, kind: kind.into(), value: value.into() }
}

fn percent(share: f64) -> f64 {
    (share * 10_000.0).round() / 100.0
}

#[test]
fn counts_by_hand() {
    // Gold: three. Ours: one the same, one that overlaps with another value, one spurious; one is missed.
    let text = "early Monday, then in May 1998 and later in June they met at noon";
    let gold = [at(6, 12, "DATE", "A"), at(22, 30, "DATE", "1998-05"), at(44, 48, "DATE", "1998-06")];
    let ours = [at(0, 12, "TIME", "A"), at(22, 30, "DATE", "1998"), at(61, 65, "TIME", "B")];
    let (counts, mistakes) = compare(text, &gold, &ours);
    assert_eq!(counts, Counts { gold: 3, system: 3, strict: 1, relaxed: 2, value: 1, kind: 1 });
    // Precision and recall are 1/3 strict, 2/3 relaxed; half of the matches have the value, half the type.
    assert_eq!(percent(counts.strict_f1()), 33.33);
    assert_eq!(percent(counts.relaxed_f1()), 66.67);
    assert_eq!(percent(counts.value_f1()), 33.33);
    assert_eq!(percent(counts.kind_f1()), 33.33);
    let faults: Vec<Fault> = mistakes.iter().map(|mistake| mistake.fault).collect();
    assert_eq!(faults, [Fault::Extent, Fault::Type, Fault::Value, Fault::Missed, Fault::Spurious]);
}

#[test]
fn one_expression_matches_one_only() {
    // Ours covers two of the gold standard: only one of them is found.
    let text = "Monday or Tuesday";
    let (counts, _) = compare(text, &[at(0, 6, "DATE", "A"), at(10, 17, "DATE", "B")], &[at(0, 17, "DATE", "A")]);
    assert_eq!(counts, Counts { gold: 2, system: 1, strict: 0, relaxed: 1, value: 1, kind: 1 });
    assert_eq!(percent(counts.relaxed_f1()), 66.67);
    // The other way around, and the one with the same extent is taken first.
    let (counts, _) = compare(text, &[at(10, 17, "DATE", "B")], &[at(0, 11, "DATE", "A"), at(10, 17, "DATE", "B")]);
    assert_eq!(counts, Counts { gold: 1, system: 2, strict: 1, relaxed: 1, value: 1, kind: 1 });
}

#[test]
fn counts_are_added_over_documents_before_f1() {
    let mut all = Counts { gold: 1, system: 1, strict: 1, relaxed: 1, value: 1, kind: 1 };
    all += Counts { gold: 9, system: 0, ..Counts::default() };
    // Recall 1/10, precision 1: 2/11, not the mean of 1 and 0.
    assert_eq!(percent(all.strict_f1()), 18.18);
}

#[test]
fn nothing_to_find_and_nothing_found_is_perfect() {
    assert_eq!(percent(Counts::default().value_f1()), 100.0);
    assert_eq!(percent(Counts { gold: 1, ..Counts::default() }.value_f1()), 0.0);
}

const SOURCE: &str = "<?xml version=\"1.0\" ?>\n<TimeML>\n<DCT><TIMEX3 tid=\"t0\" type=\"DATE\" value=\"2015-03-18\" functionInDocument=\"CREATION_TIME\">18 March</TIMEX3></DCT>\n\
    <TEXT>\nFerries &amp; barges <EVENT eid=\"e1\" class=\"OCCURRENCE\">ran</EVENT> <TIMEX3 tid=\"t9\" type=\"DATE\" value=\"2015-03-17\">yesterday</TIMEX3>, \
    and on the <EVENT eid=\"e2\">3rd</EVENT> of May 2014.\n</TEXT>\n<MAKEINSTANCE eventID=\"e1\" />\n</TimeML>\n";

#[test]
fn timeml_is_read() {
    let document = Document::parse(SOURCE);
    assert_eq!(document.created.as_deref(), Some("2015-03-18"));
    assert_eq!(document.text, "\nFerries & barges ran yesterday, and on the 3rd of May 2014.\n");
    assert_eq!(document.tagged.len(), 1);
    let tagged = &document.tagged[0];
    assert_eq!(
        (&document.text[tagged.start..tagged.end], tagged.kind.as_str(), tagged.value.as_str()),
        ("yesterday", "DATE", "2015-03-17")
    );
}

#[test]
fn only_time_tags_change_when_timeml_is_written_again() {
    let document = Document::parse(SOURCE);
    let found = tag(&document.text, &Options::written(Reference::parse("2015-03-18")));
    let written = rewrite(SOURCE, &found);
    let strip = |source: &str| {
        let mut text = String::new();
        let mut rest = source;
        while let Some(start) = rest.find("<TIMEX3").into_iter().chain(rest.find("</TIMEX3")).min() {
            text.push_str(&rest[..start]);
            rest = &rest[start + rest[start..].find('>').expect("tags are closed") + 1..];
        }
        text + rest
    };
    assert_eq!(strip(&written), strip(SOURCE));
    let again = Document::parse(&written);
    assert_eq!(again.text, document.text);
    assert_eq!(
        again.tagged.iter().map(|tagged| (&again.text[tagged.start..tagged.end], tagged.value.as_str())).collect::<Vec<_>>(),
        [("yesterday", "2015-03-17"), ("the 3rd of May 2014", "2014-05-03")]
    );
}

#[test]
fn plain_text_comes_back_from_timeml_byte_for_byte() {
    let text = "A < B & \"C\" met 'yesterday'\n\n\tand on 3 May 2014 – äh.";
    let found = tag(text, &Options::written(Reference::parse("2015-03-18")));
    let document = Document::parse(&write("a<b", text, Some("2015-03-18"), &found));
    assert_eq!(document.text, text);
    assert_eq!(document.tagged.len(), found.len());
    assert_eq!(document.created.as_deref(), Some("2015-03-18"));
}

#[test]
fn what_is_not_timeml_gives_no_text_and_stays_as_it_is() {
    for source in ["", "<TEXT>", "</TEXT><TEXT>", "<TEXT><TIMEX3", "<TEXT>&amp</TEXT>", "<TEXT></TIMEX3>x</TEXT>", "<DCT><TEXT>"]
    {
        let found = tag(&Document::parse(source).text, &Options::written(None));
        assert!(found.is_empty());
        let _ = rewrite(source, &found);
    }
    assert_eq!(rewrite("no TimeML", &[]), "no TimeML");
}
