//! How far source, cue and content reach, in tokens.
use crate::statements::cues::{Cues, Frame};
use crate::statements::tree::Tree;
use chancery_dissect::Upos;
use chancery_dissect::names::NameKind;
use std::ops::Range;

/// A source where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Token that heads it.
    pub head: usize,
    /// All of it.
    pub tokens: Range<usize>,
    /// The relative pronoun through which the cue reaches it.
    pub relative: Option<usize>,
}

/// True when the verb at `verb` is negated.
#[must_use]
pub fn is_negated(tree: &Tree<'_, '_>, cues: &Cues, verb: usize) -> bool {
    tree.children(verb).any(|child| {
        child < verb && cues.word("negation", &tree.lower(child)) && !cues.word("behind-negation", &tree.lower(child + 1))
    })
}

/// `tokens` without punctuation at its ends; quotation marks stay where they pair inside.
#[must_use]
pub fn trimmed(tree: &Tree<'_, '_>, tokens: &Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (tokens.start, tokens.end);
    let form = |token: usize| tree.reading().form(token);
    while start < end
        && tree.is_punct(start)
        && !matches!(form(start), "\"" | "“" | "``" | "''" | "‘" | "(" | "[" | "$" | "€" | "£" | "'" | "-")
    {
        start += 1;
    }
    while end > start && tree.is_punct(end - 1) && !matches!(form(end - 1), "\"" | "”" | "''" | "’" | ")" | "]" | "%" | "'") {
        end -= 1;
    }
    start..end.max(start)
}

/// The verb group: auxiliaries, negation and adverbs right before the verb, particle and preposition right after it.
#[must_use]
pub fn cue(tree: &Tree<'_, '_>, cues: &Cues, verb: usize, frame: Frame) -> Range<usize> {
    let graph = tree.graph;
    let sentence = tree.sentence(verb);
    let mut start = verb;
    while start > sentence.start {
        let before = start - 1;
        let own = graph.head(before) == Some(verb) || graph.head(before).is_some_and(|head| head > before && head <= verb);
        let fits = match graph.tag(before) {
            Upos::Aux => own,
            Upos::Adv => own && graph.relation(before) == "advmod" && !cues.word("beside-cue", &tree.lower(before)),
            Upos::Part => own && tree.lower(before) != "to" && !cues.word("possessive", &tree.lower(before)),
            _ => false,
        };
        if !fits || verb - before > 5 {
            break;
        }
        start = before;
    }
    let mut end = verb + 1;
    if graph.relation(end) == "compound:prt" && graph.head(end) == Some(verb) {
        end += 1;
    }
    if !matches!(frame, Frame::Clause | Frame::Quote | Frame::To | Frame::Object | Frame::Whom)
        && end < sentence.end
        && Frame::of_preposition(&tree.lower(end)) == Some(frame)
    {
        end += 1;
    }
    if frame == Frame::To && end < sentence.end && graph.relation(end) == "case" && tree.lower(end) == "to" {
        let governor = graph.head(end).is_some_and(|head| graph.tag(head) != Upos::Verb);
        if governor {
            end += 1;
        }
    }
    start..end
}

/// The nominal that `head` heads, inside `limit`: without clauses set off by commas, with identifying appositions.
#[must_use]
pub fn nominal(tree: &Tree<'_, '_>, head: usize, limit: Range<usize>) -> Range<usize> {
    let graph = tree.graph;
    let reading = tree.reading();
    let cut = |child: usize| {
        let relation = graph.relation(child);
        let set_off = || {
            let first = tree.below(child, |_| false).first().copied().unwrap_or(child);
            first.checked_sub(1).is_some_and(|before| matches!(reading.form(before), "," | "—" | "–"))
        };
        match graph.base_relation(child) {
            "parataxis" | "advcl" | "discourse" | "vocative" | "mark" | "ccomp" => true,
            // "the guild, in turn, asked"
            "nmod" if relation != "nmod:poss" && child > head && set_off() => tree
                .children(child)
                .any(|case| case < child && graph.tag(case) == Upos::Adp && graph.base_relation(case) == "case"),
            "acl" => (relation == "acl:relcl" && set_off()) || (child > head && set_off()),
            "cop" | "aux" | "nsubj" | "case" | "cc" | "advmod" | "obl" | "obj" | "xcomp" | "csubj" | "expl"
                if child_of(tree, child, head) =>
            {
                !(matches!(graph.base_relation(child), "advmod" | "cc" | "obl") && child < head)
            }
            _ => false,
        }
    };
    let all = tree.below(head, cut);
    let mut start = head;
    let mut end = head + 1;
    // One unbroken stretch around the head.
    for &token in all.iter().rev().filter(|&&token| token < head) {
        if token < limit.start || (start - token > 1 && (token + 1..start).any(|between| !tree.is_punct(between))) {
            break;
        }
        start = token;
    }
    for &token in all.iter().filter(|&&token| token > head) {
        if token >= limit.end || (token > end && (end..token).any(|between| !tree.is_punct(between))) {
            break;
        }
        end = token + 1;
    }
    while end > head + 1 && tree.is_punct(end - 1) && !matches!(reading.form(end - 1), ")" | "\"" | "”" | "''") {
        end -= 1;
    }
    while start < head
        && (tree.is_punct(start) && !matches!(reading.form(start), "\"" | "“" | "''" | "``") || graph.tag(start) == Upos::Cconj)
    {
        start += 1;
    }
    // An article that the parser hung elsewhere.
    if start > limit.start && graph.tag(start - 1) == Upos::Det && graph.tag(start) != Upos::Pron {
        start -= 1;
    }
    // "the Russian president,  Vladimir Putin,": a bracket that opens inside closes inside.
    if (start..end).any(|token| reading.form(token) == "(") && reading.form(end) == ")" && end < limit.end {
        end += 1;
    }
    start..end
}

fn child_of(tree: &Tree<'_, '_>, child: usize, head: usize) -> bool {
    tree.graph.head(child) == Some(head)
}

fn reading_form<'t>(tree: &'t Tree<'_, '_>, token: usize) -> &'t str {
    tree.reading().form(token)
}

/// The subject of the nearest clause above the participle at `verb`.
fn subject_above(
    tree: &Tree<'_, '_>,
    cues: &Cues,
    verb: usize,
    sentence: &Range<usize>,
    quoted: &dyn Fn(usize) -> bool,
) -> Option<usize> {
    let graph = tree.graph;
    // "welcomed the decision, saying": behind a comma it is not the decision that says so, whatever the tree shows.
    let set_off = verb > sentence.start && tree.reading().form(verb - 1) == ",";
    // "opposed the use of troops saying": a use says nothing.
    let nobody = |noun: usize| {
        let lemma = tree.reading().lower_lemma(noun);
        graph.tag(noun) == Upos::Noun
            && !["roles", "persons", "bodies", "outlets", "texts"]
                .iter()
                .any(|list| cues.person_word(list, &lemma) || cues.person_word(list, &tree.lower(noun)))
    };
    let set_off = set_off || graph.head(verb).is_some_and(nobody);
    let mut at = verb;
    let mut nearest = None;
    for _ in 0..6 {
        let clause = matches!(graph.base_relation(at), "advcl" | "xcomp" | "conj" | "parataxis" | "dep" | "ccomp");
        if !clause && !set_off {
            return nearest;
        }
        let Some(up) = graph.head(at).filter(|up| sentence.contains(up)) else { return nearest };
        at = up;
        let own = |child: &usize| {
            matches!(graph.relation(*child), "nsubj" | "nsubj:pass")
                && *child < verb
                && !quoted(*child)
                && !is_relative(tree, cues, *child)
        };
        if let Some(subject) = tree.children(at).find(own) {
            // "Reed said the guild was wrong, accusing it of theft": who says the one says the other.
            let speaks = cues.lemma(&tree.lower(at)).and_then(|lemma| cues.verb(lemma));
            if speaks.is_some_and(|frames| frames.contains_key(&Frame::Quote)) {
                return Some(subject);
            }
            nearest = nearest.or(Some(subject));
        }
    }
    nearest
}

/// Most tokens from a verb that quotes to "as saying".
const LONGEST_QUOTED: usize = 10;
/// Farthest that "that" stands behind its cue, in tokens.
const FARTHEST_THAT: usize = 9;
/// Longest insert between a source and its cue, in tokens.
const LONGEST_INSERT: usize = 24;
/// Most words that stand between a source cut short and the name of its person.
const OFFICE: usize = 6;

/// The end of the person's name to which the words behind `tokens` lead: "Canada | 's Trade Minister Jim Reed", "leader |, Mark
/// Reed,".
fn person_behind(tree: &Tree<'_, '_>, cues: &Cues, tokens: &Range<usize>, limit: &Range<usize>) -> Option<usize> {
    let names = &tree.reading().names;
    let office = |token: usize| cues.person_word("roles", &tree.lower(token)) || cues.person_word("titles", &tree.lower(token));
    let mut at = tokens.end;
    let mut has_office = (tokens.start..tokens.end).any(office);
    if tree.reading().form(at) == "," {
        if tokens.end.checked_sub(1).is_some_and(office) {
            at += 1;
        } else if has_office {
            // "a spokesman for the navy, Captain Jim Reed,": titles alone stand before the name.
            let mut name = at + 1;
            while name < limit.end && cues.person_word("titles", &tree.lower(name)) {
                name += 1;
            }
            let person = names.get(names.partition_point(|other| other.tokens.start < name));
            let person = person.filter(|other| other.tokens.start == name && other.kind == NameKind::Person)?.tokens.end;
            let closed = person == limit.end || tree.reading().form(person) == ",";
            return (person <= limit.end && closed).then_some(person);
        }
    }
    while at < limit.end && at < tokens.end + OFFICE {
        let next = names.partition_point(|name| name.tokens.start < at);
        if let Some(name) = names.get(next).filter(|name| name.tokens.start == at && name.kind == NameKind::Person) {
            // "Canada's Jim Reed"
            let owned = at.checked_sub(1).is_some_and(|before| matches!(tree.reading().form(before), "'s" | "’s"));
            return ((has_office || owned) && name.tokens.end <= limit.end).then_some(name.tokens.end);
        }
        let fits = matches!(tree.graph.tag(at), Upos::Noun | Upos::Propn | Upos::Adj | Upos::Part)
            || (office(at) && !tree.is_punct(at))
            || tree.reading().form(at) == "-";
        if !fits {
            return None;
        }
        has_office |= office(at);
        at += 1;
    }
    None
}

/// `tokens` with the names that they cut, and with the person whose office they end in ("US spokesman | Kevin Reed").
fn with_whole_names(tree: &Tree<'_, '_>, cues: &Cues, tokens: Range<usize>, limit: &Range<usize>) -> Range<usize> {
    let mut tokens = tokens;
    let names = &tree.reading().names;
    let from = names.partition_point(|name| name.tokens.end <= tokens.start);
    for name in names.iter().skip(from) {
        if name.tokens.start > tokens.end {
            break;
        }
        let inside = limit.start <= name.tokens.start && name.tokens.end <= limit.end;
        let cut = name.tokens.start < tokens.end && name.tokens.end > tokens.start;
        let behind = name.kind == NameKind::Person && name.tokens.start == tokens.end && !tokens.is_empty();
        if inside && (cut || behind) {
            tokens = tokens.start.min(name.tokens.start)..tokens.end.max(name.tokens.end);
        }
    }
    if let Some(end) = person_behind(tree, cues, &tokens, limit) {
        tokens.end = tokens.end.max(end);
    }
    // "the signs which": what the parser left of a relative clause.
    while tokens.len() > 1 && is_relative(tree, cues, tokens.end - 1) {
        tokens.end -= 1;
    }
    // An opening mark whose quotation does not close in here belongs to something else.
    let mark = |token: &usize| matches!(tree.reading().form(*token), "\"" | "“" | "”" | "``" | "''");
    if tokens.len() > 1 && tokens.clone().filter(mark).count() == 1 && mark(&tokens.start) {
        tokens.start += 1;
    }
    tokens
}

/// [`nominal`] with the names that it cuts, and with the person whose office it ends in.
#[must_use]
pub fn whole_nominal(tree: &Tree<'_, '_>, cues: &Cues, head: usize, limit: Range<usize>) -> Range<usize> {
    with_whole_names(tree, cues, nominal(tree, head, limit.clone()), &limit)
}

/// The head of the name or nominal that `token` is the last word of, left of `limit`.
fn top(tree: &Tree<'_, '_>, token: usize, limit: usize, sentence: &Range<usize>) -> usize {
    let graph = tree.graph;
    let mut head = token;
    for _ in 0..6 {
        let fits = matches!(graph.base_relation(head), "flat" | "appos" | "compound" | "nmod" | "conj");
        match graph.head(head).filter(|&up| fits && up < limit && sentence.contains(&up)) {
            Some(up) => head = up,
            None => break,
        }
    }
    head
}

/// "The tape, says Ann Reed, …": a person's name right behind a verb that stands between commas is who says so.
fn inserted(tree: &Tree<'_, '_>, verb: usize, sentence: &Range<usize>) -> Option<Source> {
    let before = verb.checked_sub(1).filter(|&before| before > sentence.start)?;
    let names = &tree.reading().names;
    let name = names.get(names.partition_point(|name| name.tokens.start <= verb))?;
    let fits = tree.reading().form(before) == "," && name.tokens.start == verb + 1 && name.kind == NameKind::Person;
    let closed = name.tokens.end <= sentence.end && tree.is_punct(name.tokens.end);
    (fits && closed).then(|| Source { head: name.tokens.end - 1, tokens: name.tokens.clone(), relative: None })
}

/// "The agency quotes the mayor as saying", "was cited as saying": the verb that quotes, before the saying at `verb`.
#[must_use]
pub fn quoting_verb(tree: &Tree<'_, '_>, cues: &Cues, verb: usize) -> Option<usize> {
    let sentence = tree.sentence(verb);
    let before = verb.checked_sub(1).filter(|before| sentence.contains(before))?;
    if tree.lower(before) != "as" || !tree.reading().form(verb).ends_with("ing") {
        return None;
    }
    (sentence.start.max(verb.saturating_sub(LONGEST_QUOTED))..before)
        .rev()
        .find(|&token| cues.word("quoting", cues.lemma(&tree.lower(token)).unwrap_or_default()))
}

/// The saying to which a verb that quotes leads: "quotes the mayor as | saying".
fn as_saying(tree: &Tree<'_, '_>, quotes: usize, sentence: &Range<usize>) -> Option<usize> {
    let end = sentence.end.min(quotes + LONGEST_QUOTED);
    (quotes + 2..end).find(|&token| tree.lower(token - 1) == "as" && tree.reading().form(token).ends_with("ing"))
}

/// Who is quoted by the verb at `quotes`, "as saying".
fn quoted_person(tree: &Tree<'_, '_>, quotes: usize, says: usize) -> Option<usize> {
    let nominal = |child: &usize| matches!(tree.graph.tag(*child), Upos::Propn | Upos::Noun | Upos::Pron);
    if tree.is_passive(quotes) {
        return tree.children(quotes).find(|&child| matches!(tree.graph.relation(child), "nsubj:pass" | "nsubj"));
    }
    let object = tree.down(quotes, "obj").find(|child| *child > quotes && *child < says && nominal(child));
    object.or_else(|| (quotes + 1..says).find(nominal))
}

fn is_relative(tree: &Tree<'_, '_>, cues: &Cues, token: usize) -> bool {
    cues.word("relative", &tree.lower(token))
}

/// Who speaks, by the verb at `verb`. `inverted` where the source may stand behind the verb ("said the minister").
#[must_use]
pub fn source(tree: &Tree<'_, '_>, cues: &Cues, verb: usize, inverted: bool, holder: &[Option<u32>]) -> Option<Source> {
    let graph = tree.graph;
    let sentence = tree.sentence(verb);
    let passive = tree.is_passive(verb);
    let limit_before = sentence.start..verb;
    let limit_after = verb + 1..sentence.end;
    let quoted = |token: usize| holder.get(token).copied().flatten().is_some();
    let at = |head: usize, relative: Option<usize>| -> Option<Source> {
        if !sentence.contains(&head) {
            return None;
        }
        let limit = if head < verb { limit_before.clone() } else { limit_after.clone() };
        let tokens = whole_nominal(tree, cues, head, limit);
        (!tokens.is_empty()).then_some(Source { head, tokens, relative })
    };
    let quoting = cues.word("quoting", tree.reading().lemma(verb));
    if passive
        && quoting
        && let Some(subject) =
            tree.children(verb).find(|&child| matches!(graph.relation(child), "nsubj:pass" | "nsubj") && !quoted(child))
    {
        // "was quoted as saying"
        return at(subject, None);
    }
    if passive {
        let by = tree
            .down(verb, "obl")
            .find(|&child| tree.children(child).any(|case| graph.relation(case) == "case" && tree.lower(case) == "by"));
        return by.and_then(|by| {
            let mut source = at(by, None)?;
            while source.tokens.start < source.tokens.end && tree.lower(source.tokens.start) == "by" {
                source.tokens.start += 1;
            }
            Some(source)
        });
    }
    if let Some(source) = inserted(tree, verb, &sentence) {
        return Some(source);
    }
    // "The agency quotes him as saying": he says so, not the agency.
    if quoting && let Some(person) = as_saying(tree, verb, &sentence).and_then(|says| quoted_person(tree, verb, says)) {
        return at(person, None);
    }
    if let Some(person) = quoting_verb(tree, cues, verb).and_then(|quotes| quoted_person(tree, quotes, verb)) {
        return at(person, None);
    }
    let own = tree.children(verb).find(|&child| graph.relation(child) == "nsubj" && !quoted(child));
    let behind = || {
        let next = verb + 1;
        let tag = graph.tag(next);
        let temporal = cues.word("temporal", &tree.lower(next));
        let starts = !temporal
            && matches!(tag, Upos::Propn | Upos::Det | Upos::Noun | Upos::Adj | Upos::Num | Upos::Pron)
            && next < sentence.end
            && !quoted(next);
        let child = tree.children(verb).find(|&child| {
            child > verb
                && matches!(
                    graph.base_relation(child),
                    "obj" | "obl" | "nsubj" | "dep" | "xcomp" | "ccomp" | "nmod" | "appos" | "compound" | "flat"
                )
                && !tree.children(child).any(|case| graph.relation(case) == "case")
        });
        match child {
            Some(child) if starts => at(child, None),
            _ if starts => {
                let mut end = next;
                while end < sentence.end
                    && matches!(graph.tag(end), Upos::Propn | Upos::Det | Upos::Noun | Upos::Adj | Upos::Num | Upos::Pron)
                {
                    end += 1;
                }
                Some(Source { head: end - 1, tokens: next..end, relative: None })
            }
            _ => None,
        }
    };
    let after_mark = verb.checked_sub(1).is_some_and(quoted);
    let speaks_to = cues.word("speaking-to", graph.reading().lemma(verb));
    // 'The bill "helps us all," said Reed': what stands before the quotation belongs to it, whatever the tree makes of it.
    if inverted
        && after_mark
        && !speaks_to
        && own.is_some_and(|subject| (subject..verb).any(quoted))
        && let Some(source) = behind()
    {
        return Some(source);
    }
    if let Some(subject) = own {
        if is_relative(tree, cues, subject) && subject < verb {
            if graph.base_relation(verb) == "acl"
                && let Some(noun) = graph.head(verb).filter(|&noun| noun < subject)
            {
                return at(noun, Some(subject));
            }
            // The noun right before "who", where the parser lost the clause.
            let mut noun = subject;
            while noun > sentence.start && noun + 3 > subject {
                noun -= 1;
                if matches!(graph.tag(noun), Upos::Propn | Upos::Noun | Upos::Pron) && !quoted(noun) {
                    return at(top(tree, noun, subject, &sentence), Some(subject));
                }
            }
        }
        let mut source = at(subject, None)?;
        // A name that the parser cut in two: all that stands between it and the cue is more of the name.
        let group = cue(tree, cues, verb, Frame::Clause).start;
        if subject < verb
            && source.tokens.end < group
            && group - source.tokens.end <= 6
            && (source.tokens.end..group).all(|token| graph.tag(token) == Upos::Propn || reading_form(tree, token) == ".")
        {
            source.tokens.end = group;
        }
        return Some(source);
    }
    // "…, with the guild's head calling it a gift": who stands behind "with".
    if tree.reading().form(verb).ends_with("ing")
        && graph.base_relation(verb) == "acl"
        && let Some(noun) = graph.head(verb).filter(|&noun| noun < verb && sentence.contains(&noun) && !quoted(noun))
        && tree.children(noun).any(|case| case < noun && tree.lower(case) == "with")
    {
        let mut source = at(noun, None)?;
        if tree.lower(source.tokens.start) == "with" {
            source.tokens.start += 1;
        }
        return (!source.tokens.is_empty()).then_some(source);
    }
    // "…, saying": whoever the clause above is about.
    if tree.reading().form(verb).ends_with("ing")
        && let Some(subject) = subject_above(tree, cues, verb, &sentence, &quoted)
    {
        return at(subject, None);
    }
    // "said the minister" comes right after the marks or a comma; "Reed, the head of the port, told the daily" does not.
    if inverted
        && after_mark
        && !speaks_to
        && let Some(source) = behind()
    {
        return Some(source);
    }
    let comma = verb.checked_sub(1).filter(|&before| before > sentence.start && reading_form(tree, before) == ",");
    if let Some(comma) = comma
        && inverted
    {
        // The nominal with its apposition between the last quotation, or the start, and the comma.
        let mut from = comma;
        while from > sentence.start && comma - from < 24 && !quoted(from - 1) {
            from -= 1;
        }
        let head = (from..comma).find(|&token| {
            matches!(graph.tag(token), Upos::Propn | Upos::Noun | Upos::Pron)
                && !graph.head(token).is_some_and(|up| (from..comma).contains(&up) && up > token)
        });
        let clause =
            (from..comma).any(|token| matches!(graph.tag(token), Upos::Verb | Upos::Aux) && graph.base_relation(token) != "acl");
        if let Some(head) = head
            && !clause
        {
            return at(head, None);
        }
    }
    if inverted
        && !speaks_to
        && let Some(source) = behind()
    {
        return Some(source);
    }
    if let Some(head) = graph.subjects(verb).into_iter().find(|&head| !quoted(head) && head != verb) {
        // "the minister, who led the talks, added": the pronoun is not who added it.
        let noun =
            head.checked_sub(1).map(|before| if reading_form(tree, before) == "," { before.saturating_sub(1) } else { before });
        let noun = noun.filter(|noun| {
            is_relative(tree, cues, head)
                && head < verb
                && sentence.contains(noun)
                && matches!(graph.tag(*noun), Upos::Propn | Upos::Noun | Upos::Pron)
        });
        return match noun {
            Some(noun) => at(top(tree, noun, head, &sentence), None),
            None => at(head, None),
        };
    }
    // Right before the verb stands what the parser hung elsewhere: "…, he said".
    let before = verb.checked_sub(1)?;
    let mut token = before;
    while token > sentence.start && matches!(graph.tag(token), Upos::Adv | Upos::Aux) {
        token -= 1;
    }
    if sentence.contains(&token)
        && matches!(graph.tag(token), Upos::Propn | Upos::Pron | Upos::Noun)
        && !quoted(token)
        && !is_relative(tree, cues, token)
    {
        return at(top(tree, token, verb, &sentence), None);
    }
    // "Reed, now old and gray, said": what stands between commas is passed over.
    if reading_form(tree, token) == ","
        && token > sentence.start
        && let Some(opening) =
            (sentence.start.max(token.saturating_sub(LONGEST_INSERT))..token).rev().find(|&at| reading_form(tree, at) == ",")
        && let Some(last) = opening.checked_sub(1).filter(|last| sentence.contains(last))
        && matches!(graph.tag(last), Upos::Propn | Upos::Pron | Upos::Noun)
        && !quoted(last)
    {
        return at(top(tree, last, opening, &sentence), None);
    }
    // "…, saying": whoever the sentence is about.
    if tree.reading().form(verb).ends_with("ing") {
        let root = sentence.clone().find(|&token| graph.head(token).is_none())?;
        let subject = tree
            .children(root)
            .find(|&child| matches!(graph.relation(child), "nsubj" | "nsubj:pass") && !quoted(child) && child < verb)?;
        return at(subject, None);
    }
    None
}

/// The addressee of the verb at `verb`: "told TASS".
#[must_use]
pub fn addressee(tree: &Tree<'_, '_>, verb: usize) -> Option<usize> {
    let graph = tree.graph;
    tree.children(verb)
        .find(|&child| {
            child > verb
                && matches!(graph.relation(child), "obj" | "iobj")
                && matches!(graph.tag(child), Upos::Propn | Upos::Noun)
        })
        .or_else(|| {
            tree.down(verb, "obl").find(|&child| {
                child > verb && tree.children(child).any(|case| graph.relation(case) == "case" && tree.lower(case) == "to")
            })
        })
}

/// The clause that the cue at `verb` reports, and whether "that" stands right before it.
#[must_use]
pub fn clause(tree: &Tree<'_, '_>, cues: &Cues, verb: usize, sentence: &Range<usize>) -> Option<(Range<usize>, bool)> {
    let graph = tree.graph;
    let clause = tree.children(verb).find(|&child| child > verb && graph.base_relation(child) == "ccomp").or_else(|| {
        // What the parser took for something else, after "that".
        tree.children(verb).find(|&child| {
            child > verb
                && matches!(graph.base_relation(child), "advcl" | "acl" | "parataxis" | "xcomp" | "obj" | "dep")
                && tree
                    .children(child)
                    .any(|mark| mark > verb && tree.lower(mark) == "that" && graph.base_relation(mark) == "mark")
        })
    });
    let Some(clause) = clause else {
        return linear_clause(tree, cues, verb, sentence);
    };
    let below = tree.below(clause, |_| false);
    let mut start = below.iter().copied().find(|&token| token > verb)?;
    let mut last = below.last().copied()?;
    // The subject of the clause taken for the object of "said": the clause begins right behind the cue.
    let gap: Vec<usize> = (verb + 1..start).collect();
    if let Some(&first) = gap.first() {
        let that = gap.iter().rev().take(2).any(|&token| tree.lower(token) == "that");
        let object = tree
            .children(verb)
            .any(|child| child == first || (child > verb && child < start && matches!(graph.base_relation(child), "nsubj")));
        if !that
            && object
            && matches!(graph.tag(first), Upos::Det | Upos::Pron | Upos::Propn | Upos::Noun | Upos::Num)
            && graph.base_relation(first) == "nsubj"
        {
            start = first;
        }
    }
    let mut that = false;
    while start <= last {
        let form = tree.lower(start);
        if form == "that"
            && matches!(graph.base_relation(start), "mark" | "det" | "nsubj" | "obj" | "advmod")
            && start > verb
            && (graph.base_relation(start) == "mark" || start == verb + 1 && graph.tag(start) == Upos::Sconj)
        {
            that = true;
            start += 1;
        } else if tree.is_punct(start) && !matches!(tree.reading().form(start), "\"" | "“" | "''" | "``" | "‘" | "(" | "[" | "'")
        {
            start += 1;
        } else {
            break;
        }
    }
    if start > last {
        return None;
    }
    // "said Friday that": the time belongs to the saying.
    if !that && (cues.word("temporal", &tree.lower(start)) || cues.word("before-time", &tree.lower(start))) {
        let later = (start + 1..(start + 14).min(last))
            .take_while(|&token| graph.tag(token) != Upos::Verb)
            .find(|&token| tree.lower(token) == "that" && graph.tag(token) == Upos::Sconj);
        if let Some(later) = later {
            start = later + 1;
            that = true;
        } else if cues.word("temporal", &tree.lower(start))
            && start + 1 < last
            && tree.lower(start) != "last"
            && graph.base_relation(start) != "nsubj"
        {
            start += 1;
        }
    }
    that = that || tree.lower(start - 1) == "that";
    // The tail that the parser hung on the cue belongs to the clause, unless it goes on telling what the speaker did.
    if last + 1 < sentence.end {
        let mut end = last + 1;
        for child in tree.children(verb).filter(|&child| child > last) {
            let first = tree.below(child, |_| false).first().copied().unwrap_or(child);
            let relation = graph.base_relation(child);
            let ends = match relation {
                "conj" | "parataxis" => true,
                "advcl" => graph.tag(child) == Upos::Verb && tree.reading().form(child).ends_with("ing"),
                "punct" => false,
                _ => false,
            };
            if ends || first < end {
                break;
            }
            if relation == "punct" {
                continue;
            }
            end = tree.below(child, |_| false).last().copied().unwrap_or(child) + 1;
        }
        last = last.max(end - 1);
    }
    let mut end = last.min(sentence.end.saturating_sub(1)) + 1;
    // "said the pier must close, according to the daily": who passes it on is no part of it.
    let passed_on =
        |token: usize| tree.reading().form(token) == "," && tree.lower(token + 1) == "according" && tree.lower(token + 2) == "to";
    if let Some(comma) = (start + 1..end).find(|&token| passed_on(token)) {
        end = comma;
    }
    Some((start..end, that))
}

/// The clause behind a cue that the parser lost: from the subject right behind the cue to the end of the sentence.
fn linear_clause(tree: &Tree<'_, '_>, cues: &Cues, verb: usize, sentence: &Range<usize>) -> Option<(Range<usize>, bool)> {
    let graph = tree.graph;
    let sure = cues.word("bare-clause", tree.reading().lemma(verb));
    // "said for the first time that": what stands between may have led the parser astray.
    let between = |token: &usize| !tree.is_punct(*token) && !matches!(graph.tag(*token), Upos::Verb | Upos::Aux);
    let opens = |token: &usize| {
        tree.lower(*token) == "that"
            && (*token == verb + 1 || graph.tag(*token) == Upos::Sconj || graph.relation(*token) == "mark")
    };
    let opening = (verb + 1..sentence.end.min(verb + FARTHEST_THAT)).take_while(between).find(opens);
    let explicit = opening.is_some() && graph.tag(verb) == Upos::Verb;
    if !(sure || explicit) || matches!(graph.base_relation(verb), "amod" | "acl") {
        return None;
    }
    let that = explicit;
    let start = opening.filter(|_| explicit).map_or(verb, |that| that) + 1;
    let starts = matches!(graph.tag(start), Upos::Det | Upos::Pron | Upos::Propn | Upos::Noun | Upos::Num | Upos::Adj)
        && !cues.word("temporal", &tree.lower(start));
    if start >= sentence.end || !starts {
        return None;
    }
    let subject =
        (start..sentence.end.min(start + 16)).find(|&token| matches!(graph.relation(token), "nsubj" | "nsubj:pass" | "expl"))?;
    let finite = (subject + 1..sentence.end.min(subject + 12)).any(|token| matches!(graph.tag(token), Upos::Verb | Upos::Aux));
    (finite && graph.head(subject) != Some(verb)).then_some((start..sentence.end, that))
}

/// Where the words that belong to the cue at `verb` end, from `from` on: at what goes on telling what the speaker did, at a
/// clause set off by a comma, at what hangs above the cue.
#[must_use]
pub fn tail_end(tree: &Tree<'_, '_>, cues: &Cues, verb: usize, from: usize, sentence: &Range<usize>) -> usize {
    let graph = tree.graph;
    let own = tree.below(verb, |child| {
        let relation = graph.base_relation(child);
        let clause = matches!(relation, "conj" | "parataxis") && graph.head(child) == Some(verb);
        let comma = matches!(relation, "advcl" | "acl" | "conj" | "obl" | "appos")
            && tree
                .below(child, |_| false)
                .first()
                .and_then(|first| first.checked_sub(1))
                .is_some_and(|before| before >= from && tree.reading().form(before) == ",")
            && (relation != "conj" || graph.tag(child) == Upos::Verb)
            && relation != "appos";
        // "praised the plan because it was cheap": why and when it was praised is nobody's praise.
        let beside = relation == "advcl"
            && graph.head(child) == Some(verb)
            && child > from
            && tree.children(child).any(|mark| graph.relation(mark) == "mark" && cues.word("beside-content", &tree.lower(mark)));
        clause || comma || beside
    });
    let mut end = from;
    while end < sentence.end && (own.binary_search(&end).is_ok() || tree.is_punct(end)) {
        end += 1;
    }
    // Quotation marks that the parser hung elsewhere do not cut a quotation in two.
    while end > from && tree.is_punct(end - 1) && !matches!(tree.reading().form(end - 1), "\"" | "”" | "''" | ")" | "’" | "'")
    {
        end -= 1;
    }
    end
}

/// The phrase headed by `head` behind the cue at `verb`, whole, without clauses that are the cue's own.
#[must_use]
pub fn phrase_after(tree: &Tree<'_, '_>, verb: usize, head: usize, sentence: &Range<usize>) -> Range<usize> {
    let below = tree.below(head, |child| tree.graph.base_relation(child) == "parataxis" && tree.graph.head(child) == Some(head));
    let start = below.iter().copied().find(|&token| token > verb).unwrap_or(head);
    let mut end = start + 1;
    for &token in below.iter().filter(|&&token| token > start) {
        if (end..token).any(|between| !tree.is_punct(between)) {
            break;
        }
        end = token + 1;
    }
    start..end.min(sentence.end)
}

/// The source behind "according to".
#[must_use]
pub fn after_according(tree: &Tree<'_, '_>, according: usize, sentence: &Range<usize>, holder: &[Option<u32>]) -> Source {
    let graph = tree.graph;
    let from = according + 2;
    let head = graph.head(according).filter(|&head| head >= from && head < sentence.end);
    let head = head.unwrap_or_else(|| {
        let mut end = from;
        while end < sentence.end && !tree.is_punct(end) && graph.tag(end) != Upos::Verb && graph.tag(end) != Upos::Aux {
            end += 1;
        }
        end.saturating_sub(1).max(from)
    });
    let mut tokens = nominal(tree, head, from..sentence.end);
    tokens.start = from.min(tokens.end);
    // "According to political analyst Ann Reed, …": a name up to the comma that the parser gave to the clause behind it.
    let is_name = |&token: &usize| graph.tag(token) == Upos::Propn || reading_form(tree, token) == "-";
    let end = (tokens.end..sentence.end).find(|token| !is_name(token)).unwrap_or(sentence.end);
    if end > tokens.end && reading_form(tree, end) == "," {
        tokens.end = end;
    }
    // A quotation is never part of the source.
    if let Some(quoted) = tokens.clone().find(|&token| holder.get(token).copied().flatten().is_some() && tokens.end - token > 4) {
        tokens.end = quoted;
    }
    Source { head, tokens: trimmed(tree, &tokens), relative: None }
}
