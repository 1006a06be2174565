//! What the model of provisions judges a clause by.
use super::notes::Notes;
use super::place::{Form, Place, REACH, ancestors, first_conjunct, subjects};
use super::{Scope, words};
use crate::logistic::Features;
use crate::mention::Mention;
use crate::signs;
use chancery_dissect::{Tense, Upos, VerbForm};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Every feature that [`super::candidates`] can give.
pub const NAMES: &[&str] = &[
    "governed-by-agreement",
    "subject-is-agreement",
    "agreement-in-sentence",
    "one-sentence-after",
    "two-sentences-after",
    "three-sentences-after",
    "far-after",
    "before-agreement",
    "distance",
    "is-verb",
    "is-copula",
    "is-noun",
    "conjunct",
    "governor-agrees",
    "governor-provides",
    "governor-calls",
    "governor-says",
    "governor-makes",
    "governor-is-agreement",
    "governor-is-its-agreement",
    "governor-is-event",
    "governor-of-agreement",
    "governor-of-party",
    "governor-agrees-for-party",
    "governor-will",
    "governor-would",
    "to-do-of-agreement",
    "subject-actor",
    "subject-party",
    "subject-collective",
    "subject-pronoun",
    "no-subject",
    "agreement-provides",
    "agreement-does-other",
    "will",
    "shall",
    "would",
    "may",
    "should",
    "to-do",
    "gerund",
    "past",
    "present",
    "perfect",
    "passive",
    "negated",
    "conditional",
    "verb-agrees",
    "verb-provides",
    "verb-calls",
    "verb-says",
    "verb-makes",
    "verb-of-news",
    "act-in-verb",
    "act-in-noun",
    "other-verb",
    "no-preposition",
    "deverbal",
    "name",
    "noun-is-agreement",
    "on-phrase-of-agreement",
    "subject-of-governor",
    "object-of-provider",
    "under-agreement",
    "is-event",
    "holds-event",
    "holds-agreement",
    "quoted",
    "said",
    "called-for",
    "in-return",
    "also",
    "by-its-terms",
    "bullet",
    "has-category",
    "category-words",
    "very-short",
    "short",
    "middling",
    "long",
    "lead",
    "begins-sentence",
    "money",
    "rule-agreement-provides",
    "rule-agreement-under-which",
    "rule-agreement-by-which",
    "rule-agree-to-do",
    "rule-reach-agreement-to-do",
    "rule-agreement-on",
    "rule-party-will-do",
    "mark-known",
    "mark-commitment",
    "mark-commitment-head",
    "mark-commitment-least",
    "mark-before",
    "mark-after",
    "focus-known",
    "focus-commitment",
    "focus-commitment-head",
    "focus-commitment-least",
    "focus-before",
    "focus-after",
];

/// The feature that stands for one of the program's own rules.
pub(super) fn rule_feature(name: &str) -> Option<&'static str> {
    NAMES.iter().copied().find(|feature| feature.strip_prefix("rule-") == Some(name))
}

pub(super) fn features(
    scope: &Scope<'_, '_, '_, '_>,
    notes: &Notes<'_>,
    place: &Place,
    named: &Mention,
    agreement: usize,
) -> Features {
    let tools = scope.tools;
    let graph = tools.graph;
    let reading = graph.reading();
    let lists = tools.lists;
    let Place { token, form, first, last, tie, span, phrases } = *place;
    let mut found = Features::new();
    let mut set = |name: &'static str, holds: bool| {
        if holds {
            found.insert(name, 1.0);
        }
    };
    let lemma = |token: usize| reading.lower_lemma(token);
    let form_of = |token: usize| reading.lower(token);
    let held = |heads: &BTreeSet<usize>, tokens: &[usize]| tokens.iter().any(|token| heads.contains(token));
    set(tie.name(), true);
    set(["is-verb", "is-copula", "is-noun"][form as usize], true);
    let head = first_conjunct(graph, token);
    set("conjunct", head != token);

    // What governs it.
    let governor = graph.head(head);
    let governs = |list: &str| governor.is_some_and(|governor| lists.contains(list, &lemma(governor)));
    set("governor-agrees", governs("agreeing-verbs"));
    set("governor-provides", governs("providing-verbs"));
    set("governor-calls", governs("calling-verbs"));
    set("governor-says", governs("saying-verbs"));
    set("governor-makes", governs("making-verbs"));
    let of_agreement = governor.is_some_and(|governor| notes.at_head.contains_key(&governor));
    set("governor-is-agreement", of_agreement);
    set("governor-is-its-agreement", governor == Some(named.head));
    set("governor-is-event", governor.is_some_and(|governor| notes.triggers.contains(&governor)));
    let subjects_of = |token: usize| subjects(graph, token, REACH);
    let above = governor.map(subjects_of).unwrap_or_default();
    set("governor-of-agreement", held(&notes.all, &above));
    let actors = |tokens: &[usize]| -> BTreeSet<&str> {
        let near = |token: usize| reading.dependents(token).filter(move |child| child.abs_diff(token) < 8);
        let each = tokens.iter().flat_map(|&token| std::iter::once(token).chain(near(token)));
        each.filter_map(|token| tools.actors.at(token)).map(|actor| actor.actor.as_str()).collect()
    };
    let party = |actors: &BTreeSet<&str>| {
        scope.parties.get(agreement).is_some_and(|parties| actors.iter().any(|actor| parties.contains(*actor)))
    };
    let collective = |tokens: &[usize]| tokens.iter().any(|&token| lists.contains("collective-parties", &lemma(token)));
    let pronoun = |tokens: &[usize]| tokens.iter().any(|&token| graph.tag(token) == Upos::Pron);
    let actors_above = actors(&above);
    set("governor-of-party", party(&actors_above));
    set(
        "governor-agrees-for-party",
        governs("agreeing-verbs") && (!actors_above.is_empty() || pronoun(&above) || collective(&above)),
    );

    // Who or what does it.
    let doing = subjects_of(token);
    let actors_doing = actors(&doing);
    let agreement_does = held(&notes.all, &doing);
    set("subject-actor", !actors_doing.is_empty());
    set("subject-party", party(&actors_doing));
    set("subject-collective", collective(&doing));
    set("subject-pronoun", pronoun(&doing));
    set("no-subject", doing.is_empty());

    let auxiliaries = |token: usize| -> Vec<Cow<'_, str>> { graph.down(token, "aux").map(form_of).collect() };
    let among = |words: &[Cow<'_, str>], known: &[&str]| words.iter().any(|word| known.contains(&&**word));
    let act = lists.contains("acts-of-agreements", &lemma(token));
    let case = graph.case(head);
    if form == Form::Noun {
        set("act-in-noun", act);
        set("no-preposition", case.is_none());
        set("deverbal", lists.ends("deverbal-endings", &lemma(token)));
        set("name", graph.tag(token) == Upos::Propn || tools.actors.at(token).is_some());
        set("noun-is-agreement", notes.at_head.contains_key(&token));
        set("on-phrase-of-agreement", of_agreement && case.is_some_and(|case| matches!(case, "on" | "for" | "about" | "over")));
        set("subject-of-governor", graph.base_relation(head) == "nsubj");
        set("object-of-provider", graph.base_relation(head) == "obj" && governs("providing-verbs"));
    } else {
        let own = auxiliaries(token);
        set("will", among(&own, &["will", "'ll", "’ll", "wo"]));
        set("shall", among(&own, &["shall", "must"]));
        set("would", among(&own, &["would"]));
        set("may", among(&own, &["may", "can", "could", "might"]));
        set("should", among(&own, &["should"]));
        if let Some(governor) = governor.filter(|_| own.is_empty()) {
            let above = auxiliaries(governor);
            set("governor-will", among(&above, &["will", "shall", "must"]));
            set("governor-would", among(&above, &["would"]));
        }
        let to_do = graph.down(token, "mark").any(|mark| form_of(mark) == "to");
        set("to-do", to_do);
        set("to-do-of-agreement", to_do && of_agreement);
        set("gerund", form_of(token).ends_with("ing") && own.is_empty());
        let told = reading.syntax(token).map(|syntax| syntax.features).unwrap_or_default();
        let finite = told.verb_form == Some(VerbForm::Fin) && own.is_empty();
        set("past", finite && told.tense == Some(Tense::Past));
        set("present", finite && told.tense == Some(Tense::Pres));
        set("perfect", graph.down(token, "aux").any(|aux| lemma(aux) == "have"));
        set("passive", graph.is_passive(token));
        set("negated", reading.dependents(token).any(|child| matches!(&*lemma(child), "not" | "n't" | "n’t" | "never" | "no")));
        let opens = |relation| graph.down(token, relation).any(|child| lists.contains("clause-openers", &form_of(child)));
        set("conditional", opens("mark") || opens("advmod"));
        let is_in = |list: &str| lists.contains(list, &lemma(token));
        set("verb-agrees", is_in("agreeing-verbs"));
        set("verb-provides", is_in("providing-verbs"));
        set("verb-calls", is_in("calling-verbs"));
        set("verb-says", is_in("saying-verbs"));
        set("verb-makes", is_in("making-verbs"));
        set("verb-of-news", is_in("event-verbs"));
        set("agreement-provides", agreement_does && is_in("providing-verbs"));
        set("agreement-does-other", agreement_does && !is_in("providing-verbs"));
        set("act-in-verb", act);
        set("other-verb", !act && form == Form::Verb);
    }

    // What stands in it and around it.
    let above = ancestors(graph, token, 4);
    let under = std::iter::once(token).chain(above.iter().copied().take(2)).any(|clause| {
        reading.dependents(clause).any(|child| {
            matches!(graph.base_relation(child), "obl" | "advcl")
                && graph.case(child).is_some_and(|case| lists.contains("terms-prepositions", case))
                && (notes.naming.contains(&child) || reading.dependents(child).any(|below| notes.naming.contains(&below)))
        })
    });
    set("under-agreement", under);
    set("is-event", notes.triggers.contains(&token));
    set("holds-event", notes.triggers.range(first..=last).any(|&trigger| trigger != token));
    set("holds-agreement", notes.naming.range(first..=last).next().is_some());
    let start = span.start();
    set("quoted", reading.quotations.iter().any(|quoted| quoted.content.start() <= start && start < quoted.content.end()));
    let governed_by = |list: &str| above.iter().take(2).any(|&above| lists.contains(list, &lemma(above)));
    set("said", governed_by("saying-verbs"));
    set("called-for", governed_by("calling-verbs"));
    let sentence = reading.sentence_of(token).and_then(|at| Some((at, reading.sentences.get(at)?)));
    if let Some((at, sentence)) = sentence {
        set("in-return", phrases.in_return);
        set("also", phrases.also);
        set("by-its-terms", phrases.by_its_terms);
        set("bullet", matches!(reading.form(sentence.tokens.start), "*" | "-" | "•" | "–" | "—" | "·"));
        set("lead", at < 2);
        set("begins-sentence", first == sentence.tokens.start);
    }
    let size = words(reading.words(span)).count();
    set("very-short", size < 3);
    set("short", (3..=5).contains(&size));
    set("middling", (6..=12).contains(&size));
    set("long", size > 20);
    set("money", reading.money.iter().any(|sum| span.start() <= sum.span.start() && sum.span.start() < span.end()));
    let matches = notes.rules.get(&token).into_iter().flatten();
    let said: BTreeSet<&'static str> = matches
        .filter(|matched| form != Form::Noun || matched.trigger != token || matched.argument("provision").contains(&token))
        .filter_map(|matched| rule_feature(&matched.rule.name))
        .collect();
    for feature in said {
        set(feature, true);
    }
    let strength = tools.categories.weight(reading.words(span));
    set("has-category", strength > 0);
    let share = |number: usize, most: u32| f64::from(u32::try_from(number).unwrap_or(most).min(most)) / f64::from(most);
    found.insert("category-words", share(strength, 6));
    if reading.sentence_of(named.head) == sentence.map(|(at, _)| at) {
        found.insert("distance", share(named.head.abs_diff(token), 20));
    }
    if let Some(focused) = scope.focused.get(agreement) {
        signs::of_provision(tools, token, (first, last), focused, &mut found);
    }
    found
}
