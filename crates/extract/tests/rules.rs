//! Every rule's own sentences: each `yes` must match with the captures it marks, no `no` may match.
use chancery_agreement::Article;
use chancery_extract::Extractor;

/// A sentence with `[argument words]` marks: the plain sentence and what each mark names, as byte ranges.
fn unmark(marked: &str) -> (String, Vec<(String, std::ops::Range<usize>)>) {
    let mut plain = String::new();
    let mut marks = Vec::new();
    let mut open = None;
    let mut rest = marked;
    while let Some(at) = rest.find(['[', ']']) {
        plain.push_str(&rest[..at]);
        let bracket = &rest[at..=at];
        rest = &rest[at + 1..];
        if bracket == "[" {
            let (name, words) = rest.split_once(' ').expect("a mark is `[argument words]`");
            rest = words;
            open = Some((name.to_owned(), plain.len()));
        } else if let Some((name, start)) = open.take() {
            marks.push((name, start..plain.len()));
        }
    }
    plain.push_str(rest);
    (plain, marks)
}

#[test]
fn every_rule_matches_its_own_sentences() {
    let extractor = Extractor::new().expect("the embedded rules load");
    let mut wrong = Vec::new();
    for rule in extractor.rules().all() {
        for marked in &rule.yes {
            let (sentence, marks) = unmark(marked);
            let captures = extractor.try_rule(&rule.name, &Article::plain(&sentence));
            let Some(captures) = captures else {
                wrong.push(format!("{}:{} `{}` must match: {marked}", rule.file, rule.line, rule.name));
                continue;
            };
            for (argument, range) in marks {
                let hit = captures.iter().any(|(name, span)| *name == argument && range.contains(&span.start()));
                if !hit {
                    let got: Vec<_> = captures.iter().map(|(name, span)| format!("{name}={}", span.of(&sentence))).collect();
                    wrong.push(format!(
                        "{}:{} `{}` must capture [{argument}] in: {marked}; got {}",
                        rule.file,
                        rule.line,
                        rule.name,
                        got.join(", ")
                    ));
                }
            }
        }
        for sentence in &rule.no {
            if extractor.try_rule(&rule.name, &Article::plain(sentence)).is_some() {
                wrong.push(format!("{}:{} `{}` must not match: {sentence}", rule.file, rule.line, rule.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} sentences go wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_category_holds_its_own_sentences() {
    let extractor = Extractor::new().expect("the embedded rules load");
    for (category, sentence) in extractor.categories().sentences() {
        assert_eq!(extractor.categories().of(sentence), Some(category), "{sentence}");
    }
}

#[test]
fn naming_words_are_recorded_with_who_says_them() {
    let extractor = Extractor::new().expect("the embedded rules load");
    for sentence in extractor.naming_words().sentences() {
        let (findings, _) = extractor.extract(&Article::plain(sentence));
        assert!(!findings.naming.is_empty(), "nothing is named in: {sentence}");
        assert!(findings.naming.iter().all(|naming| naming.by == "author"), "{:?}", findings.naming);
    }
}
