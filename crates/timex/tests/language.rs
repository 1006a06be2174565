//! Another language is three tables and no line of the engine: a small piece of Spanish, read from here.
use chancery_timex::{Genre, Language, Options, Reference, Tense, tag};

const WORDS: &str = r#"
[month]
enero = 1
mayo = 5
agosto = 8
[weekday]
lunes = 1
viernes = 5
[unit]
"día" = "day"
semana = "week"
mes = "month"
"año" = "year"
[units]
"días" = "day"
semanas = "week"
meses = "month"
"años" = "year"
[number]
dos = 2
tres = 3
[offset]
ayer = -1
"mañana" = 1
[direct]
pasada = -1
pasado = -1
"próxima" = 1
[way]
hace = "now-"
[every]
cada = 1
[part]
noche = "NI"
"#;

const PATTERNS: &str = r#"
[[rule]]
name = "fecha"
is = "point"
match = ["<day> de <month> (de <year>)?", "<month> (de <year>)?", "(el)? <weekday> (<direct>)?", "<offset>", "(la|el) <unit> <direct>", "<offset> por la <part>"]
[[rule]]
name = "hace"
is = "shift"
match = ["<way> <number> <units>"]
[[rule]]
name = "plazo"
is = "duration"
match = ["<number> (<units>|<unit>)"]
[[rule]]
name = "cada"
is = "set"
match = ["<every> <unit>", "<every> <weekday>"]
"#;

const CUES: &str = r#"
past = ["firmó"]
future = ["firmará"]
until = ["hasta"]
since = ["desde"]
"#;

#[track_caller]
fn check(spanish: &Language, text: &str, expected: &[(&str, &str)]) {
    let options = Options { reference: Reference::parse("2015-06-10"), genre: Genre::News, syntax: None, language: spanish };
    let found = tag(text, &options);
    let found: Vec<(&str, &str)> =
        found.iter().map(|timex| (&text[timex.start..timex.end], timex.value.as_deref().unwrap_or("-"))).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn another_language_is_three_tables() {
    let spanish = Language::from_toml(WORDS, PATTERNS, CUES).expect("the tables are sound");
    check(&spanish, "Lo firmó el 3 de mayo de 2014.", &[("3 de mayo de 2014", "2014-05-03")]);
    check(&spanish, "El ministro firmó el acuerdo en agosto.", &[("agosto", "2014-08")]);
    check(&spanish, "El ministro firmará el acuerdo en agosto.", &[("agosto", "2015-08")]);
    check(&spanish, "El ministro firmará el acuerdo el viernes.", &[("el viernes", "2015-06-12")]);
    check(&spanish, "Lo firmó hace tres semanas.", &[("hace tres semanas", "2015-05-20")]);
    check(&spanish, "La semana pasada hablaron tres días.", &[("La semana pasada", "2015-W23"), ("tres días", "P3D")]);
    check(&spanish, "Llega mañana, como cada lunes.", &[("mañana", "2015-06-11"), ("cada lunes", "XXXX-WXX-1")]);
    check(&spanish, "Ayer por la noche no dijo nada.", &[("Ayer por la noche", "2015-06-09TNI")]);
    check(&spanish, "The day before yesterday he left in May.", &[]);
}

#[test]
fn a_broken_table_says_what_is_wrong() {
    let broken = |words: &str, patterns: &str, cues: &str| {
        Language::from_toml(words, patterns, cues).expect_err("the table is broken").to_string()
    };
    assert_eq!(broken("[moon]\nfull = 1", PATTERNS, CUES), "time words: no slot is called `moon`");
    assert_eq!(broken(WORDS, PATTERNS, "pasts = [\"fue\"]"), "time cues: no list is called `pasts`");
    assert_eq!(broken(WORDS, PATTERNS, "past = \"fue\""), "time cues: `past` must be a list");
    let rule = "[[rule]]\nname = \"x\"\nis = \"point\"\ncheck = \"luck\"\nmatch = [\"<month>\"]";
    assert!(broken(WORDS, rule, CUES).contains("`check` must be year, month, amount, day, age or compound, not `luck`"));
    let rule = "[[rule]]\nname = \"x\"\nis = \"point\"\nmatch = [\"<moon>\"]";
    assert!(broken(WORDS, rule, CUES).contains("no slot is called `moon`"));
}

#[test]
fn the_tense_that_a_caller_knows_decides() {
    struct Known(Tense);
    impl chancery_timex::Syntax for Known {
        fn tense_at(&self, _: usize) -> Option<Tense> {
            Some(self.0)
        }
    }
    let read = |tense: Tense| {
        let known = Known(tense);
        let options = Options::written(Reference::parse("2015-06-10"));
        let found = tag("The pact of the ferrymen, in August, it seems.", &options.with_syntax(&known));
        found[0].value.clone().expect("every expression has a value")
    };
    assert_eq!((read(Tense::Past), read(Tense::Future)), ("2014-08".to_owned(), "2015-08".to_owned()));
}
