//! Reads labeled names: IOB2 files in the form of Universal NER (Mayhew et al. 2024), and `Entity=` spans of GUM (Zeldes 2017).
use super::lexicon::{Lexicon, class};
use super::tagger::{Label, NameKind};
use crate::actors::{Gazetteer, Relation};
use crate::conllu::{ConlluError, ConlluLine, ConlluSentence, parse_conllu};
use std::ops::Range;

/// One sentence with gold labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabeledSentence {
    /// Its words.
    pub forms: Vec<String>,
    /// The label of each.
    pub labels: Vec<Label>,
}

/// The sentences of one document.
pub type LabeledDocument = Vec<LabeledSentence>;

/// Reads an IOB2 file (id, form, label, …): PER, LOC and ORG are names, other labels are not.
#[must_use]
pub fn read_iob2(text: &str) -> Vec<LabeledDocument> {
    let mut documents: Vec<LabeledDocument> = Vec::new();
    let mut sentence = LabeledSentence { forms: Vec::new(), labels: Vec::new() };
    let mut document = LabeledDocument::new();
    for line in text.lines().chain([""]) {
        if line.starts_with("# newdoc") && !document.is_empty() {
            documents.push(std::mem::take(&mut document));
        }
        if line.is_empty() && !sentence.forms.is_empty() {
            document.push(LabeledSentence {
                forms: std::mem::take(&mut sentence.forms),
                labels: std::mem::take(&mut sentence.labels),
            });
        }
        let mut cells = line.split('\t');
        let (Some(_), Some(form), Some(label)) = (cells.next(), cells.next(), cells.next()) else { continue };
        let kind = match label.get(2..) {
            Some("PER") => Some(NameKind::Person),
            Some("LOC") => Some(NameKind::Place),
            Some("ORG") => Some(NameKind::Organization),
            _ => None,
        };
        let label = match kind {
            None => Label::Outside,
            Some(kind)
                if label.starts_with('I')
                    && Label::Inside(kind).may_follow(*sentence.labels.last().unwrap_or(&Label::Outside)) =>
            {
                Label::Inside(kind)
            }
            Some(kind) => Label::First(kind),
        };
        sentence.forms.push(form.to_owned());
        sentence.labels.push(label);
    }
    if !document.is_empty() {
        documents.push(document);
    }
    documents
}

/// Reads a CoNLL-U file of GUM. Names are the persons, places and organizations whose head is a proper noun; of such a mention
/// the name itself counts: the run of proper nouns around the head (with "of", "the", hyphens inside), without titles, offices
/// and whatever name stands before it as a modifier of a person ("NASA Administrator Charles Bolden" holds two names). A word
/// inside the name of something else (an event, a thing, a work) names nothing by itself.
///
/// # Errors
/// When the file is not CoNLL-U.
pub fn read_gum(text: &str) -> Result<Vec<LabeledDocument>, ConlluError> {
    let mut documents: Vec<LabeledDocument> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for sentence in parse_conllu(text)? {
        let starts =
            sentence.lines.iter().any(|line| matches!(line, ConlluLine::Other(comment) if comment.starts_with("# newdoc")));
        if starts || documents.is_empty() {
            documents.push(Vec::new());
        }
        if let Some(document) = documents.last_mut() {
            document.push(gum_sentence(&sentence, &mut open));
        }
    }
    Ok(documents)
}

/// A mention whose end has not come: its number, its kind (`None` where it is no person, place or organization), its first word.
type Open = (String, Option<NameKind>, usize);

/// One word of GUM.
struct Word<'s> {
    form: &'s str,
    proper: bool,
    head: usize,
}

fn gum_sentence(sentence: &ConlluSentence, open: &mut Vec<Open>) -> LabeledSentence {
    open.clear();
    let mut words = Vec::new();
    let mut mentions: Vec<(Option<NameKind>, Range<usize>)> = Vec::new();
    for (at, [_, form, _, upos, _, _, head, _, _, misc]) in sentence.words().enumerate() {
        words.push(Word { form, proper: upos == "PROPN", head: head.parse::<usize>().unwrap_or(0) });
        let Some(entity) = misc.split('|').find_map(|pair| pair.strip_prefix("Entity=")) else { continue };
        read_brackets(entity, at, open, &mut mentions);
    }
    // The outermost mention of a name wins, but for persons, before whose name others stand.
    let mut names: Vec<(Option<NameKind>, Range<usize>)> = Vec::new();
    mentions.sort_by_key(|(_, range)| (range.start, std::cmp::Reverse(range.end)));
    for (kind, range) in &mentions {
        if let Some(name) = name_in(&words, range, *kind, &mentions) {
            names.push((*kind, name));
        }
    }
    // Of two mentions that are one and the same name, the one whose kind counts comes first.
    names.sort_by_key(|(kind, range)| (range.start, std::cmp::Reverse(range.end), kind.is_none()));
    let mut labels = vec![Label::Outside; words.len()];
    let mut end = 0;
    for (kind, range) in names {
        if range.start < end {
            continue;
        }
        end = range.end;
        let Some(kind) = kind else { continue };
        for (at, label) in labels.iter_mut().enumerate().take(range.end).skip(range.start) {
            *label = if at == range.start { Label::First(kind) } else { Label::Inside(kind) };
        }
    }
    LabeledSentence { forms: words.iter().map(|word| word.form.to_owned()).collect(), labels }
}

/// Reads `(3-place-new…)`, `(4-person-new…`, `3)4)`: adds the mentions that end at word `at`.
fn read_brackets(entity: &str, at: usize, open: &mut Vec<Open>, mentions: &mut Vec<(Option<NameKind>, Range<usize>)>) {
    let mut rest = entity;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('(') {
            let length = after.find(['(', ')']).unwrap_or(after.len());
            let (body, tail) = after.split_at(length);
            let mut cells = body.split('-');
            let id = cells.next().unwrap_or("").to_owned();
            let kind = match cells.next() {
                Some("person") => Some(NameKind::Person),
                Some("place") => Some(NameKind::Place),
                Some("organization") => Some(NameKind::Organization),
                _ => None,
            };
            if tail.starts_with(')') {
                mentions.push((kind, at..at + 1));
                rest = tail.get(1..).unwrap_or("");
            } else {
                open.push((id, kind, at));
                rest = tail;
            }
        } else {
            let length = rest.find(')').map_or(rest.len(), |at| at + 1);
            let (body, tail) = rest.split_at(length);
            let id = body.trim_end_matches(')');
            if let Some(found) = open.iter().rposition(|(open_id, _, _)| open_id == id) {
                let (_, kind, start) = open.remove(found);
                mentions.push((kind, start..at + 1));
            }
            rest = tail;
        }
    }
}

/// The name in a mention, where its head is a proper noun.
fn name_in(
    words: &[Word],
    range: &Range<usize>,
    kind: Option<NameKind>,
    mentions: &[(Option<NameKind>, Range<usize>)],
) -> Option<Range<usize>> {
    let person = kind == Some(NameKind::Person);
    let head = range.clone().find(|&at| words.get(at).is_some_and(|word| word.head == 0 || !range.contains(&(word.head - 1))))?;
    let is_proper = |at: usize| range.contains(&at) && words.get(at).is_some_and(|word| word.proper);
    // "spokesperson Julie Hansen": the office is the head, the name follows it.
    if person && !is_proper(head) && is_proper(head + 1) {
        let end = range.clone().skip_while(|&at| at <= head).take_while(|&at| is_proper(at)).last()?;
        return Some(head + 1..end + 1);
    }
    if !is_proper(head) {
        return None;
    }
    // Adjectives and nouns inside a name are tagged as such: "United States", "National Library".
    let capital = |form: &str| form.chars().next().is_some_and(char::is_uppercase);
    let proper = |at: usize| range.contains(&at) && words.get(at).is_some_and(|word| word.proper || at > 0 && capital(word.form));
    let joint = |at: usize| {
        let joins =
            |form: &str| matches!(form, "of" | "the" | "and" | "&" | "-" | "'s" | "’s" | "for" | "de" | "la" | "al" | "." | "/");
        range.contains(&at) && words.get(at).is_some_and(|word| joins(word.form))
    };
    let mut start = head;
    loop {
        if start > range.start && proper(start - 1) {
            start -= 1;
        } else if start > range.start + 1 && joint(start - 1) && proper(start - 2) && !person {
            start -= 2;
        } else {
            break;
        }
    }
    let mut end = head + 1;
    loop {
        if proper(end) {
            end += 1;
        } else if joint(end)
            && proper(end + 1)
            && words.get(end).is_some_and(|word| match word.form {
                "and" => kind == Some(NameKind::Organization),
                "of" | "for" => !person,
                _ => true,
            })
        {
            end += 2;
        } else if !person && joint(end) && words.get(end + 1).is_some_and(|word| word.form == "the") && proper(end + 2) {
            end += 3;
        } else {
            break;
        }
    }
    if person {
        // A body's name before the office: "NASA Administrator".
        for (_, inner) in
            mentions.iter().filter(|(inner, other)| *inner != kind && other.end <= head && other.start >= range.start)
        {
            start = start.max(inner.end);
        }
        let titles = class::TITLE | class::OFFICE;
        let lexicon = Lexicon::embedded();
        // "Dean" may be either: where it is a given name, it is kept.
        let of_class = |at: usize, wanted: u16| {
            let classes = words.get(at).map_or(0, |word| lexicon.classes_of(word.form));
            classes & wanted > 0 && classes & class::GIVEN == 0
        };
        let (is_title, is_office) = (|at: usize| of_class(at, titles), |at: usize| of_class(at, class::OFFICE));
        // An office alone ("the Secretary") and a people ("Americans") are no names.
        let people = |at: usize| Gazetteer::embedded().lookup(words.get(at).map_or("", |word| word.form));
        let peoples = (start..end).all(|at| people(at).is_some_and(|found| found.relation == Relation::Demonym));
        if peoples || (start..end).all(|at| is_title(at) || joint(at)) {
            return None;
        }
        // "Ruritanian Ambassador Rufus Firefly": the name is what follows the last word of the office; an office ends no name.
        if start + 1 < end && is_office(end - 1) {
            return None;
        }
        start = (start..end - 1).rev().find(|&at| is_office(at)).map_or(start, |office| office + 1);
        while start + 1 < end && is_title(start) {
            start += 1;
        }
    }
    (start < end).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::{read_gum, read_iob2};
    use crate::names::tagger::spans;

    /// One line of a treebank in CoNLL-U.
    fn word(id: usize, form: &str, upos: &str, head: usize, misc: &str) -> String {
        format!("{id}\t{form}\t_\t{upos}\t_\t_\t{head}\tdep\t_\t{misc}\n")
    }

    /// The names of the first sentence, each with its kind.
    fn names(text: &str) -> Vec<String> {
        let documents = read_gum(text).unwrap();
        let sentence = &documents[0][0];
        let found = spans(&sentence.labels);
        found.iter().map(|(kind, range)| format!("{kind:?} {}", sentence.forms[range.clone()].join(" "))).collect()
    }

    #[test]
    fn iob2_gives_names_by_document() {
        let text = "# newdoc id = a\n1\tRufus\tB-PER\t-\n2\tFirefly\tI-PER\t-\n3\tleft\tO\n4\tSylvanian\tB-OTH\t-\n\n# newdoc id = b\n1\tHere\tO\n\n";
        let documents = read_iob2(text);
        assert_eq!(documents.len(), 2);
        let names = spans(&documents[0][0].labels);
        assert_eq!(names.iter().map(|(_, range)| (range.start, range.end)).collect::<Vec<_>>(), [(0, 2)]);
    }

    #[test]
    fn gum_mentions_give_the_names_in_them() {
        let text = [
            word(1, "Ferry", "PROPN", 2, "Entity=(1-person-new-x(2-organization-new-x"),
            word(2, "Board", "PROPN", 4, "Entity=2)"),
            word(3, "Chairman", "PROPN", 4, "_"),
            word(4, "Rufus", "PROPN", 6, "_"),
            word(5, "Firefly", "PROPN", 4, "Entity=1)"),
            word(6, "left", "VERB", 0, "_"),
            word(7, "town", "NOUN", 6, "Entity=(3-place-giv-x)"),
        ]
        .concat();
        assert_eq!(names(&text), ["Organization Ferry Board", "Person Rufus Firefly"]);
    }

    #[test]
    fn what_names_something_else_is_no_name_and_an_office_ends_before_the_name() {
        let text = [
            word(1, "Sylvanian", "PROPN", 3, "Entity=(1-person-new-x"),
            word(2, "Ambassador", "PROPN", 3, "_"),
            word(3, "Firefly", "PROPN", 4, "Entity=1)"),
            word(4, "opened", "VERB", 0, "_"),
            word(5, "the", "DET", 7, "Entity=(2-event-new-x"),
            word(6, "Freedonia", "PROPN", 7, "Entity=(3-place-new-x)"),
            word(7, "Cup", "PROPN", 4, "Entity=2)"),
            word(8, "in", "ADP", 9, "_"),
            word(9, "Rufustown", "PROPN", 4, "Entity=(4-place-new-x)"),
        ]
        .concat();
        assert_eq!(names(&text), ["Person Firefly", "Place Rufustown"]);
    }
}
