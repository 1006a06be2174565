//! Whether an event happened, is expected, or is denied: worked out once for every rule, from the words that govern it.
//!
//! The classes follow FactBank (Saurí and Pustejovsky 2009), folded to the three of the record model.
use crate::graph::Graph;
use crate::lexicon::WordLists;
use chancery_agreement::Modality;
use chancery_dissect::{Sentence, Tense, Upos, VerbForm};

/// How far up the tree governing words are looked for.
const REACH: usize = 6;

/// Modality of the event that the word at `token` tells of; `None` where the words forbid it or leave it open ("may not sign without …",
/// "must not be ratified") and so tell nothing of whether it happened.
#[must_use]
pub fn of(graph: Graph<'_, '_>, lists: &WordLists, token: usize) -> Option<Modality> {
    // Who asks whether it happened says neither.
    climb(graph, lists, token, REACH).filter(|modality| *modality == Modality::Expected || !is_asked(graph, token))
}

fn climb(graph: Graph<'_, '_>, lists: &WordLists, token: usize, reach: usize) -> Option<Modality> {
    let reading = graph.reading();
    if is_negated(graph, lists, token) {
        // "if they did not sign it" tells nothing.
        let condition = graph.down(token, "mark").any(|child| lists.contains("hypothetical", &reading.lower(child)));
        // "hoped that they had not signed it", "would never have signed it without that"
        let perfect = graph.down(token, "aux").any(|child| reading.lemma(child) == "have");
        let open = condition || is_wished(graph, lists, token) || perfect && has_would(graph, token);
        return if open { None } else { denied(graph, lists, token) };
    }
    // "almost signed it", "had they signed it, …", "it is not true that they signed it"
    if graph.down(token, "advmod").any(|child| child < token && lists.contains("nearly", &reading.lower(child)))
        || is_unreal(graph, token)
        || is_untrue(graph, lists, token)
    {
        return Some(Modality::Denied);
    }
    let has =
        |relation: &'static str, list: &str| graph.down(token, relation).any(|child| lists.contains(list, &reading.lower(child)));
    let perfect = graph.down(token, "aux").any(|child| reading.lemma(child) == "have");
    if has("aux", "future") {
        // "would have signed", "could have signed": it did not come to that.
        return Some(if perfect && has_would(graph, token) { Modality::Denied } else { Modality::Expected });
    }
    // "The day before", "once again": as adverbs these words set no condition.
    let conditional = graph
        .down(token, "advmod")
        .any(|child| child < token && lists.contains("conditional", &reading.lower(child)) && !is_adverb(graph, child));
    // "asked whether they had signed it": the question stays open.
    let whether = graph.down(token, "mark").any(|child| reading.lower(child) == "whether");
    if whether && !graph.down(token, "mark").any(|child| reading.form(child) == "to") {
        return None;
    }
    // "had been due to be signed", where the tree makes one word of "due to"
    let bare = |child: usize| {
        let due = child.checked_sub(2).is_some_and(|due| lists.contains("expecting", &reading.lower(due)));
        due && reading.form(child) == "be" && reading.form(child - 1) == "to"
    };
    if graph.head(token).is_none() && graph.down(token, "aux").any(bare) {
        return Some(Modality::Expected);
    }
    if has("mark", "conditional") || conditional {
        // "before the treaty was signed" tells of a past signing; "before it is signed" does not.
        let past = reading.syntax(token).is_some_and(|syntax| syntax.features.tense == Some(Tense::Past));
        let before = graph.down(token, "mark").any(|child| reading.form(child).eq_ignore_ascii_case("before"));
        let past_auxiliary = graph.down(token, "aux").any(|child| matches!(reading.form(child), "was" | "were" | "had"));
        // "Before signing the pact they wept", "before being rejected", "before the signing": the main verb sets the time.
        let main_past =
            graph.head(token).and_then(|head| reading.syntax(head)).is_some_and(|s| s.features.tense == Some(Tense::Past));
        let being = graph.down(token, "aux").any(|child| reading.form(child).eq_ignore_ascii_case("being"));
        let gerund = being || reading.form(token).ends_with("ing") && !graph.has(token, "aux");
        let noun = graph.tag(token) == Upos::Noun;
        if !(before && (past_auxiliary || (past && !graph.is_passive(token)) || ((gerund || noun) && main_past))) {
            return Some(Modality::Expected);
        }
    }
    // "were found to be in breach", "is known to have signed": it was so.
    let proved =
        graph.head(token).filter(|&head| graph.is_passive(head) && lists.contains("finding", &reading.lower_lemma(head)));
    if let Some(verb) = proved.filter(|_| matches!(graph.base_relation(token), "xcomp" | "advcl" | "ccomp")) {
        return verb_alone(graph, lists, verb);
    }
    if graph.has(token, "cop") && graph.down(token, "cop").any(|child| reading.form(child).eq_ignore_ascii_case("be")) {
        return Some(Modality::Expected);
    }
    // "that has been in place since May": a clause of its own, wherever the tree hangs it
    if graph.has(token, "cop") && graph.has(token, "nsubj") && matches!(graph.base_relation(token), "obl" | "nmod" | "obj") {
        return Some(Modality::Actual);
    }
    let infinitive = graph.down(token, "mark").any(|child| reading.form(child).eq_ignore_ascii_case("to"));
    let gerund = reading.form(token).ends_with("ing") && !graph.has(token, "aux");
    // "has yet to sign", "has yet to be signed"
    let mut beside = graph.down(token, "advmod").chain(graph.head(token).into_iter().flat_map(|head| graph.down(head, "advmod")));
    if infinitive && beside.any(|child| reading.form(child).eq_ignore_ascii_case("yet")) {
        return Some(Modality::Denied);
    }
    // "was to deliver the fuel in March", not "seemed to be holding"
    let to = graph.down(token, "mark").next().unwrap_or(token);
    if infinitive && graph.down(token, "cop").chain(graph.down(token, "aux")).any(|child| child < to) && !perfect {
        return Some(Modality::Expected);
    }
    // "the planned signing", "a possible withdrawal"
    let nominal = matches!(graph.tag(token), Upos::Noun | Upos::Propn);
    let foreseen = |child: usize| lists.contains("foreseen", &reading.lower(child));
    if nominal && (graph.down(token, "amod").any(foreseen) || graph.down(token, "compound").any(foreseen)) {
        return Some(Modality::Expected);
    }
    let Some(head) = graph.head(token) else { return Some(Modality::Actual) };
    if reach == 0 {
        return Some(Modality::Actual);
    }
    let relation = graph.base_relation(token);
    let lemma = reading.lower_lemma(head);
    if infinitive {
        // "among those to have signed"
        if perfect && !lists.contains("expecting", &lemma) {
            return Some(Modality::Actual);
        }
        if lists.contains("denying", &lemma) {
            return Some(Modality::Denied);
        }
        if is_negated(graph, lists, head) && matches!(relation, "xcomp" | "ccomp" | "acl") {
            return denied(graph, lists, head);
        }
        // "not a government that is going to sign it"
        let noun = graph.head(head).filter(|_| graph.base_relation(head) == "acl" && relation == "xcomp");
        if noun.is_some_and(|noun| denies_such(graph, lists, noun)) {
            return Some(Modality::Denied);
        }
        // "the only group to sign", "the 100th state to sign": it did.
        let only = relation == "acl"
            && graph
                .down(head, "amod")
                .any(|child| lists.contains("singling", &reading.lower(child)) || is_ordinal(reading.form(child)));
        let carrier = if graph.has(head, "cop") { head } else { graph.head(head).unwrap_or(head) };
        if only && verb_alone(graph, lists, carrier) == Some(Modality::Actual) {
            return Some(Modality::Actual);
        }
        // "signed documents to ratify it", "voted 60-2 to ratify it": that does it; "voted to leave it" is a decision.
        let decided = lists.contains("done-by-deciding", &reading.lower_lemma(token));
        if let Some(verb) = by_deed(graph, lists, token, head).filter(|_| decided) {
            return climb(graph, lists, verb, reach - 1);
        }
        let by_vote = decided && lists.contains("voting", &lemma);
        if lists.contains("implicative", &lemma) && relation == "xcomp" || by_vote && matches!(relation, "xcomp" | "advcl") {
            return climb(graph, lists, head, reach - 1);
        }
        return Some(Modality::Expected);
    }
    // "decided against signing it"
    if gerund && graph.down(token, "mark").any(|mark| reading.form(mark).eq_ignore_ascii_case("against")) {
        return Some(Modality::Denied);
    }
    // "argued over the ratification of the pact", "discussed its implementation": whether it comes about is left open.
    let topical = || graph.case(token).is_some_and(|case| lists.contains("topical", &case.to_lowercase()));
    let discussed = relation == "obj" && lists.contains("discussing", &lemma);
    if nominal && (discussed || matches!(relation, "obl" | "nmod") && topical()) {
        return None;
    }
    // "discussed brokering a truce"
    if gerund && matches!(relation, "xcomp" | "ccomp" | "obj") && lists.contains("discussing", &lemma) {
        return Some(Modality::Expected);
    }
    // "opened for signature": it can be signed from then on.
    if nominal && graph.case(token) == Some("for") && lists.contains("inviting", &lemma) {
        return None;
    }
    if nominal || gerund {
        // "cancelled the summit after the signing"
        let after =
            relation == "obl" && graph.case(token).is_some_and(|case| lists.contains("after-words", &case.to_lowercase()));
        if lists.contains("denying", &lemma) && !after && matches!(relation, "obj" | "obl" | "xcomp" | "nmod" | "acl" | "advcl") {
            return Some(Modality::Denied);
        }
        let governs = matches!(relation, "obj" | "obl" | "xcomp" | "nmod" | "acl" | "ccomp" | "advcl" | "compound");
        // "The signing is planned for May": what is planned of it is the event itself.
        let governs = governs || relation == "nsubj" && graph.is_passive(head);
        // "approved the withdrawal from it": that is still to be declared.
        let ends = lists.contains("endings", &reading.lower_lemma(token));
        if governs && ends && lists.contains("approving", &lemma) {
            return Some(Modality::Expected);
        }
        // "in favor of the ratification", "a vote for the ratification"
        let prefixed = graph.preposition(token).and_then(|case| case.checked_sub(1)).filter(|_| nominal);
        let awaited = |noun: usize| graph.tag(noun) == Upos::Noun && lists.contains("expecting", &reading.lower_lemma(noun));
        if prefixed.is_some_and(awaited) {
            return Some(Modality::Expected);
        }
        // "called the signing a mistake"
        let judged = relation == "obj" && graph.down(head, "xcomp").any(|child| graph.tag(child) == Upos::Noun);
        if governs && !judged && lists.contains("expecting", &lemma) && !lists.contains("neutral-before-nouns", &lemma) {
            return Some(Modality::Expected);
        }
    }
    match relation {
        // "It did not pass the bill, signed last year": a participle that is set beside a finite verb stands for itself.
        "conj" if is_bare_participle(graph, token) && graph.tag(token) == Upos::Verb && !is_bare_participle(graph, head) => {
            Some(Modality::Actual)
        }
        "conj" if is_set_behind_noun(graph, token) => Some(Modality::Actual),
        "conj" if graph.tag(head) == graph.tag(token) && !graph.has(token, "nsubj") && !graph.has(token, "aux") => {
            climb(graph, lists, head, reach - 1)
        }
        "xcomp" => climb(graph, lists, head, reach - 1),
        // "they stopped preparations for signing it", wherever the tree hangs the signing
        "advcl" if gerund && follows_expectation(graph, lists, token) => Some(Modality::Expected),
        // "it will start after signing the pact"
        "advcl" if gerund => verb_alone(graph, lists, head),
        // "denied that the pact had been signed", "rejected claims that it had been broken"
        "acl" | "ccomp"
            if lists.contains("allegations", &lemma)
                && graph.base_relation(head) == "obj"
                && graph.head(head).is_some_and(|verb| {
                    lists.contains("disclaiming", &reading.lower_lemma(verb)) && !is_negated(graph, lists, verb)
                }) =>
        {
            Some(Modality::Denied)
        }
        // "rumours that they had signed it"
        "acl" | "ccomp" if lists.contains("hearsay", &lemma) && graph.tag(head) == Upos::Noun && graph.has(token, "mark") => None,
        "ccomp" if lists.contains("disclaiming", &lemma) && !is_negated(graph, lists, head) => Some(Modality::Denied),
        // "working towards the conclusion of a treaty"
        "obl" | "nmod"
            if nominal && graph.case(token).is_some_and(|case| lists.contains("towards-words", &case.to_lowercase())) =>
        {
            Some(Modality::Expected)
        }
        // "They have not met since the signing of the pact": what is not so came after it.
        "obl" | "nmod"
            if nominal && graph.case(token).is_some_and(|case| lists.contains("after-words", &case.to_lowercase())) =>
        {
            match verb_alone(graph, lists, head) {
                Some(Modality::Expected) => Some(Modality::Expected),
                Some(Modality::Actual | Modality::Denied) | None => Some(Modality::Actual),
            }
        }
        "obj" | "nsubj" | "obl" | "nmod" if nominal && graph.tag(head) == Upos::Verb => verb_alone(graph, lists, head),
        // "not a government that signs truces"
        "acl" if denies_such(graph, lists, head) => Some(Modality::Denied),
        // "signed in May" hangs on the noun; a finite clause stands for itself.
        "acl" if is_bare_participle(graph, token) => Some(Modality::Actual),
        _ => Some(Modality::Actual),
    }
}

/// True for what somebody only wishes or fears: "hoped that they had …".
fn is_wished(graph: Graph<'_, '_>, lists: &WordLists, token: usize) -> bool {
    let head = graph.head(token).filter(|_| graph.base_relation(token) == "ccomp");
    head.is_some_and(|head| lists.contains("wishing", &graph.reading().lower_lemma(head)))
}

/// True for a condition without "if": "Had they signed it, the war would have ended."
fn is_unreal(graph: Graph<'_, '_>, token: usize) -> bool {
    let reading = graph.reading();
    let subject = graph.down(token, "nsubj").min();
    let had = graph.down(token, "aux").find(|&child| reading.lower(child) == "had");
    let Some((had, subject)) = had.zip(subject) else { return false };
    let sentence = reading.sentence_of(token).and_then(|sentence| reading.sentences.get(sentence));
    let would = |sentence: &Sentence| {
        let mut after = sentence.tokens.clone().filter(|&at| at > token);
        after.any(|at| is_would(&reading.lower(at)))
    };
    let starts = sentence.is_some_and(|sentence| sentence.tokens.start == had);
    let opens = starts || had.checked_sub(1).is_some_and(|before| graph.tag(before) == Upos::Punct);
    had < subject && opens && sentence.is_some_and(would)
}

/// True for "signed" in "It is not true that they signed it", "The claim that they signed it is false".
fn is_untrue(graph: Graph<'_, '_>, lists: &WordLists, token: usize) -> bool {
    let infinitive = graph.down(token, "mark").any(|child| graph.reading().form(child) == "to");
    let clause = !infinitive && matches!(graph.base_relation(token), "csubj" | "ccomp" | "acl");
    let head = graph.head(token).filter(|_| clause);
    let of_noun = head.filter(|&noun| graph.tag(noun) == Upos::Noun && graph.base_relation(noun) == "nsubj");
    let judged = of_noun.and_then(|noun| graph.head(noun)).or(head);
    judged.is_some_and(|word| {
        let lemma = graph.reading().lower_lemma(word);
        lists.contains("untrue", &lemma) && !is_negated(graph, lists, word)
            || lists.contains("true", &lemma) && is_negated(graph, lists, word)
    })
}

/// True for "government" in "This is not a government that …": what is told of such a one is not so.
fn denies_such(graph: Graph<'_, '_>, lists: &WordLists, noun: usize) -> bool {
    let any = graph.down(noun, "det").any(|det| matches!(&*graph.reading().lower(det), "a" | "an" | "any"));
    any && graph.has(noun, "cop") && is_negated(graph, lists, noun)
}

/// True for the words of a question that is answered by yes or no ("Did they sign it?"), but for what its clauses about nouns and time take
/// for granted ("Will the treaty that they signed hold?").
#[must_use]
pub(crate) fn is_asked(graph: Graph<'_, '_>, token: usize) -> bool {
    let reading = graph.reading();
    let sentence = reading.sentence_of(token).and_then(|sentence| reading.sentences.get(sentence));
    let last = |sentence: &Sentence| {
        let mut back = sentence.tokens.clone().rev();
        back.find(|&at| !matches!(reading.form(at), "\"" | "”" | "’" | "'" | ")"))
    };
    if sentence.and_then(last).is_none_or(|last| reading.form(last) != "?") {
        return false;
    }
    let mut verb = token;
    for _ in 0..REACH {
        match graph.head(verb).filter(|_| !matches!(graph.base_relation(verb), "acl" | "advcl" | "parataxis")) {
            Some(head) => verb = head,
            None => break,
        }
    }
    let subject = graph.down(verb, "nsubj").min();
    let leads = |at: usize| subject.is_some_and(|subject| at < subject);
    let inverted = ["aux", "cop"].iter().any(|relation| graph.down(verb, relation).any(leads));
    let asks_what = graph.down(verb, "advmod").chain(graph.down(verb, "obj")).chain(graph.down(verb, "obl")).any(leads);
    graph.head(verb).is_none() && inverted && !asks_what
}

/// True for "100th", "42nd".
fn is_ordinal(word: &str) -> bool {
    let number = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending));
    number.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// True for "before" and "once" that stand for "earlier".
fn is_adverb(graph: Graph<'_, '_>, token: usize) -> bool {
    matches!(&*graph.reading().lower(token), "before" | "once")
}

/// Modality by the verb's own auxiliaries and negation, without its governors: "the signing will take place".
fn verb_alone(graph: Graph<'_, '_>, lists: &WordLists, verb: usize) -> Option<Modality> {
    let reading = graph.reading();
    if is_negated(graph, lists, verb) {
        return denied(graph, lists, verb);
    }
    let future = graph.down(verb, "aux").any(|child| lists.contains("future", &reading.lower(child)));
    let infinitive = graph.down(verb, "mark").any(|child| reading.form(child).eq_ignore_ascii_case("to"));
    // "They are considering dropping the amendment"
    let gerund = reading.form(verb).ends_with("ing") && matches!(graph.base_relation(verb), "xcomp" | "ccomp");
    let weighed = gerund && graph.head(verb).is_some_and(|head| lists.contains("expecting", &reading.lower_lemma(head)));
    Some(if future || infinitive || weighed { Modality::Expected } else { Modality::Actual })
}

/// True where a preposition joins the gerund to a noun of what is still to come: "preparations for signing", "a deadline for signing".
fn follows_expectation(graph: Graph<'_, '_>, lists: &WordLists, gerund: usize) -> bool {
    let before = graph.down(gerund, "mark").next().and_then(|mark| mark.checked_sub(1));
    before.is_some_and(|noun| graph.tag(noun) == Upos::Noun && lists.contains("expecting", &graph.reading().lower_lemma(noun)))
}

/// What the negated word at `token` tells: that it is not so, or, behind an auxiliary that permits or obliges, nothing.
fn denied(graph: Graph<'_, '_>, lists: &WordLists, token: usize) -> Option<Modality> {
    let mut auxiliaries = graph.down(token, "aux");
    let permits = auxiliaries.any(|child| lists.contains("permitting", &graph.reading().lower(child)));
    (!permits).then_some(Modality::Denied)
}

/// The verb of the document by which the act at `token` is done: "signed" for "signed a bill ratifying it".
#[must_use]
pub fn deed_of(graph: Graph<'_, '_>, lists: &WordLists, token: usize) -> Option<usize> {
    by_deed(graph, lists, token, graph.head(token)?)
}

/// The same for an act below `head`: "signed" for "signed documents to ratify it".
fn by_deed(graph: Graph<'_, '_>, lists: &WordLists, token: usize, head: usize) -> Option<usize> {
    let does = |verb: usize| lists.contains("doing-deeds", &graph.reading().lower_lemma(verb));
    let is_deed = |noun: usize| lists.contains("deeds", &graph.reading().lower_lemma(noun));
    match graph.base_relation(token) {
        "acl" if is_deed(head) && graph.base_relation(head) == "obj" => graph.head(head).filter(|&verb| does(verb)),
        "xcomp" | "advcl" => Some(head).filter(|&verb| does(verb) && graph.down(verb, "obj").any(is_deed)),
        _ => None,
    }
}

/// True for "signed in May" in "They did not follow the pact, signed in May", which the tree may take for a further verb of "they".
fn is_set_behind_noun(graph: Graph<'_, '_>, token: usize) -> bool {
    let noun = |at: usize| matches!(graph.tag(at), Upos::Noun | Upos::Propn);
    let behind = token >= 2 && graph.reading().form(token - 1) == "," && noun(token - 2);
    behind && graph.tag(token) == Upos::Verb && !["cc", "obj", "nsubj"].iter().any(|relation| graph.has(token, relation))
}

fn is_bare_participle(graph: Graph<'_, '_>, token: usize) -> bool {
    graph.reading().syntax(token).is_some_and(|syntax| syntax.features.verb_form == Some(VerbForm::Part))
}

fn has_would(graph: Graph<'_, '_>, token: usize) -> bool {
    graph.down(token, "aux").any(|child| is_would(&graph.reading().lower(child)))
}

fn is_would(word: &str) -> bool {
    matches!(word, "would" | "could" | "might" | "should")
}

/// True when the word itself, its subject or its object is negated.
fn is_negated(graph: Graph<'_, '_>, lists: &WordLists, token: usize) -> bool {
    let reading = graph.reading();
    let direct = graph
        .reading()
        .dependents(token)
        .filter(|&child| matches!(graph.base_relation(child), "advmod" | "det" | "cc" | "mark" | "case"))
        .any(|child| {
            let form = reading.lower(child);
            // "not only" denies nothing.
            let only = reading.form(child + 1).eq_ignore_ascii_case("only");
            lists.contains("negation", &form) && !only
        });
    if direct {
        return true;
    }
    // "no longer", "no agreement was reached"
    graph.tag(token) == Upos::Verb
        && ["nsubj", "obj", "nsubj:pass"].iter().any(|relation| {
            graph.down(token, relation).any(|child| {
                lists.contains("none", &reading.lower(child))
                    || graph.down(child, "det").any(|det| lists.contains("no", &reading.lower(det)))
            })
        })
}
