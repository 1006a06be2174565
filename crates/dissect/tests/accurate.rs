//! The accurate reader with the model that is part of the program: what the trainer wrote down that it gives, and what must hold
//! whatever the weights are.
use chancery_agreement::Article;
use chancery_dissect::{Accurate, Focus, Reader, SentenceReading, dissect};
use serde_json::Value;
use std::collections::BTreeSet;

/// Sentences with what the trainer's word pieces and its runtime made of them.
const VECTORS: &str = include_str!("accurate.json");

fn reader() -> &'static Accurate {
    Accurate::embedded().expect("the model can be used")
}

fn vectors() -> Vec<Value> {
    serde_json::from_str(VECTORS).expect("the vectors are JSON")
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(numbers).collect(),
        other => other.as_f64().into_iter().collect(),
    }
}

#[test]
fn words_are_cut_as_the_trainer_cut_them() {
    let reader = reader();
    for vector in vectors() {
        let words: Vec<&str> = vector["words"].as_array().expect("words").iter().filter_map(Value::as_str).collect();
        let input = reader.input(&words);
        let expected = |name: &str| -> Vec<i32> { numbers(&vector[name]).into_iter().map(|number| number as i32).collect() };
        assert_eq!(input.ids, expected("ids"), "{words:?}");
        assert_eq!(input.first, expected("first"), "{words:?}");
        assert_eq!(input.shape, expected("shape"), "{words:?}");
    }
}

/// 8-bit arithmetic is not the same in the trainer's runtime and in ours: where the scores differ they differ by little.
#[test]
fn the_network_gives_what_the_trainer_wrote_down() {
    let reader = reader();
    let (mut compared, mut squares, mut differences) = (0_u32, 0.0, 0.0);
    for vector in vectors() {
        let words: Vec<&str> = vector["words"].as_array().expect("words").iter().filter_map(Value::as_str).collect();
        let expected = numbers(&vector["arc"]);
        if expected.is_empty() {
            continue;
        }
        let (_, scores) = reader.scores(&words).expect("the network takes the sentence");
        let found: Vec<f32> = (0..scores.arc.rows()).flat_map(|row| scores.arc.row(row).to_vec()).collect();
        assert_eq!(found.len(), expected.len(), "{words:?}");
        for (found, expected) in found.into_iter().zip(expected) {
            compared += 1;
            squares += expected * expected;
            differences += (f64::from(found) - expected).powi(2);
        }
    }
    let share = (differences / squares).sqrt();
    assert!(compared > 300 && share < 0.05, "relative difference {share} over {compared} scores");
}

fn sentences() -> Vec<Vec<String>> {
    let text = "Freedonia and Sylvania signed a ferry accord on Tuesday, officials said. Firefly denied it. \
                \"We will never ratify the treaty,\" the minister told reporters in Marxville; talks go on.";
    let mut sentences: Vec<Vec<String>> =
        text.split(". ").map(|sentence| sentence.split(' ').map(str::to_owned).collect()).collect();
    sentences.push(vec![]);
    sentences.push(vec!["\u{200b}".into(), "\u{0}".into()]);
    sentences.push(vec!["-".repeat(5000), "\u{1f600}".repeat(300), "\u{6761}".repeat(300), "\u{301}".into()]);
    sentences.push((0..1000).map(|at| if at % 37 == 0 { ",".into() } else { format!("w{at}") }).collect());
    sentences.push(vec!["----------------------------------------".into(); 240]);
    sentences
}

fn read(reader: &dyn Reader, sentence: &[String]) -> SentenceReading {
    let forms: Vec<&str> = sentence.iter().map(String::as_str).collect();
    reader.read(&forms)
}

#[test]
fn any_sentence_gets_one_tree_and_spans_that_lie_inside() {
    let reader = reader();
    for sentence in sentences() {
        let reading = read(reader, &sentence);
        assert_eq!(reading.syntax.len(), sentence.len());
        let roots = reading.syntax.iter().filter(|syntax| syntax.head.is_none()).count();
        assert_eq!(roots, usize::from(!sentence.is_empty()));
        for (mut at, syntax) in reading.syntax.iter().enumerate() {
            assert_eq!(syntax.head.is_none(), syntax.relation == "root");
            let mut seen = BTreeSet::new();
            while let Some(head) = reading.syntax[at].head {
                assert!(seen.insert(at), "the tree has a cycle");
                at = head;
            }
        }
        assert_eq!(reading.likelihoods.len(), sentence.len());
        for word in &reading.likelihoods {
            let of_modalities: f32 = word.modalities.iter().map(|(_, probability)| probability).sum();
            assert!((0.0..=1.0).contains(&word.stage()) && (0.0..=1.0).contains(&word.commitment()));
            assert!((of_modalities - 1.0).abs() < 1e-3, "{of_modalities}");
        }
        for mark in &reading.marks {
            assert!(!mark.tokens.is_empty() && mark.tokens.end <= sentence.len());
            assert!(mark.probability > 0.0 && mark.probability <= 1.0);
        }
    }
}

#[test]
fn sentences_read_side_by_side_are_read_as_one_after_the_other() {
    let reader = reader();
    let sentences = sentences();
    let alone: Vec<SentenceReading> = sentences.iter().map(|sentence| read(reader, sentence)).collect();
    let together: Vec<Vec<SentenceReading>> = std::thread::scope(|scope| {
        let all = || sentences.iter().rev().map(|sentence| read(reader, sentence)).collect::<Vec<_>>();
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(all)).collect();
        workers.into_iter().map(|worker| worker.join().expect("no panic")).collect()
    });
    for mut readings in together {
        readings.reverse();
        assert_eq!(readings, alone);
    }
}

#[test]
fn marks_and_names_stand_on_the_words_of_the_article() {
    let reader = reader();
    let article = Article::plain("Freedonia signed a treaty with Sylvania.\n\nThe accord was ratified, said Rufus Firefly.");
    let mut reading = dissect(&article);
    reading.parse_all(reader);
    assert_eq!(reading.reader_names.len(), reading.sentences.len());
    for mark in &reading.marks {
        let tokens = &reading.tokens[mark.tokens.clone()];
        assert_eq!((mark.span.start(), mark.span.end()), (tokens[0].span.start(), tokens[tokens.len() - 1].span.end()));
    }
}

#[test]
fn the_second_look_tells_which_of_two_agreements_words_tell_of() {
    let text = "Freedonia and Sylvania signed a ferry accord in Marxville on Tuesday. \
                The parliament of Sylvania rejected the fishing treaty with Ilvaria in May.";
    let article = Article::plain(text);
    let mut reading = dissect(&article);
    reading.parse_all(reader());
    let token = |word: &str| (0..reading.tokens.len()).find(|&token| reading.form(token) == word).expect("the word");
    let (accord, treaty) = (token("accord"), token("treaty"));
    let (ferry, fishing) = (accord - 1..accord + 1, treaty - 1..treaty + 1);
    let told = |mentions: std::ops::Range<usize>, others: std::ops::Range<usize>, verb: &str| {
        let mut focus = Focus::default();
        focus.mentions.push(mentions);
        focus.others.push(others);
        let words = reader().focus(&reading, &focus);
        assert_eq!(words.len(), reading.tokens.len());
        words.get(&token(verb)).expect("the verb was looked at").stage()
    };
    assert!(told(ferry.clone(), fishing.clone(), "signed") > 2.0 * told(fishing, ferry, "signed"));
    // What is not mentioned in a sentence that has been read cannot be looked at.
    assert!(reader().focus(&reading, &Focus::default()).is_empty());
    assert!(chancery_dissect::Fast::embedded().focus(&reading, &Focus::default()).is_empty());
}
