//! The people and bodies that an article names: full names, roles, for whom they speak, and where each mention stands.
use crate::actors::Actors;
use crate::statements::cues::Cues;
use crate::statements::tree::Tree;
use chancery_agreement::Span;
use chancery_dissect::Upos;
use std::collections::BTreeMap;
use std::ops::Range;

/// What a name is taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A human being.
    Person,
    /// A body, an outlet, a group.
    Body,
}

/// Grammatical gender, as far as titles, first names and pronouns tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// "she"
    Female,
    /// "he"
    Male,
}

/// Someone whom the article names.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Words of the fullest name, lower case.
    pub words: Vec<String>,
    /// Where the fullest name stands.
    pub span: Span,
    /// Person or body.
    pub sort: Sort,
    /// Role, as the text gives it.
    pub role: Option<Span>,
    /// For whom they speak: canonical name of an actor, or words of the text.
    pub affiliation: Option<String>,
    /// What pronoun fits.
    pub gender: Option<Gender>,
}

/// One mention of someone named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameMention {
    /// The name, without title and role.
    pub tokens: Range<usize>,
    /// Whom it names: index into [`People::all`].
    pub who: usize,
}

/// All named people and bodies of an article.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// Each once, in order of first mention.
    pub all: Vec<Named>,
    /// Every mention, in order of the text.
    pub mentions: Vec<NameMention>,
}

/// Longest name, in tokens.
const LONGEST_NAME: usize = 8;

impl People {
    /// Collects the names of the article.
    #[must_use]
    pub fn find(tree: &Tree<'_, '_>, cues: &Cues, actors: &Actors) -> Self {
        let mut people = Self::default();
        let mut by_surname: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let reading = tree.reading();
        for sentence in &reading.sentences {
            let mut token = sentence.tokens.start;
            while token < sentence.tokens.end {
                let Some(run) = run_at(tree, token, &sentence.tokens) else {
                    token += 1;
                    continue;
                };
                token = run.end;
                let Some(found) = shape(tree, cues, actors, &run, sentence.tokens.start) else { continue };
                people.add(tree, cues, found, &mut by_surname);
            }
        }
        people
    }

    fn add(&mut self, tree: &Tree<'_, '_>, cues: &Cues, found: Shape, by_surname: &mut BTreeMap<String, Vec<usize>>) {
        let words: Vec<String> =
            found.name.clone().map(|token| tree.lower(token)).filter(|word| word.chars().any(char::is_alphanumeric)).collect();
        let Some(last) = words.last().cloned() else { return };
        let known = by_surname.get(&last).and_then(|candidates| {
            candidates.iter().rev().copied().find(|&at| {
                self.all.get(at).is_some_and(|named| {
                    words.len() == 1 || named.words.len() == 1 || words == named.words || {
                        let first = words.first();
                        first.is_some_and(|first| named.words.contains(first))
                            || named.words.first().is_some_and(|first| words.contains(first))
                    }
                })
            })
        });
        let gender = gender_of(tree, cues, &found, &words);
        let who = match known {
            Some(at) => {
                if let Some(named) = self.all.get_mut(at) {
                    if words.len() > named.words.len() {
                        named.words.clone_from(&words);
                        named.span = tree.span(&found.name);
                    }
                    named.role = named.role.or(found.role);
                    named.affiliation = named.affiliation.take().or(found.affiliation);
                    named.gender = named.gender.or(gender);
                    if found.titled {
                        named.sort = Sort::Person;
                    }
                }
                at
            }
            None => {
                self.all.push(Named {
                    words: words.clone(),
                    span: tree.span(&found.name),
                    sort: found.sort,
                    role: found.role,
                    affiliation: found.affiliation,
                    gender,
                });
                self.all.len() - 1
            }
        };
        let candidates = by_surname.entry(last).or_default();
        if !candidates.contains(&who) {
            candidates.push(who);
        }
        self.mentions.push(NameMention { tokens: found.name, who });
    }

    /// Mentions whose name lies in `tokens`.
    pub fn in_range(&self, tokens: &Range<usize>) -> impl DoubleEndedIterator<Item = &NameMention> {
        let start = self.mentions.partition_point(|mention| mention.tokens.start < tokens.start);
        let end = self.mentions.partition_point(|mention| mention.tokens.start < tokens.end);
        self.mentions.get(start..end.max(start)).unwrap_or_default().iter()
    }
}

struct Shape {
    name: Range<usize>,
    sort: Sort,
    titled: bool,
    role: Option<Span>,
    affiliation: Option<String>,
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// Lower-case words that stand inside names.
fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "de" | "da"
            | "do"
            | "dos"
            | "del"
            | "der"
            | "den"
            | "van"
            | "von"
            | "bin"
            | "ibn"
            | "al"
            | "el"
            | "ben"
            | "bint"
            | "la"
            | "le"
            | "di"
            | "du"
            | "ul"
            | "-"
    )
}

/// The run of capitalized words that begins at `token`.
fn run_at(tree: &Tree<'_, '_>, token: usize, sentence: &Range<usize>) -> Option<Range<usize>> {
    let reading = tree.reading();
    let form = reading.form(token);
    let starts = is_capital(form) || ((form == "al" || form == "el") && reading.form(token + 1) == "-");
    if !starts {
        return None;
    }
    if token == sentence.start || !reading.form(token - 1).chars().any(char::is_alphanumeric) {
        // A capital at the start of a sentence says nothing about function words.
        let function = matches!(
            tree.graph.tag(token),
            Upos::Adp | Upos::Adv | Upos::Aux | Upos::Cconj | Upos::Det | Upos::Pron | Upos::Sconj | Upos::Part | Upos::Intj
        );
        let listed = matches!(
            form,
            "The"
                | "A"
                | "An"
                | "In"
                | "On"
                | "At"
                | "He"
                | "She"
                | "It"
                | "They"
                | "We"
                | "I"
                | "But"
                | "And"
                | "However"
                | "This"
                | "That"
                | "These"
                | "Those"
                | "If"
                | "When"
                | "While"
                | "As"
                | "After"
                | "Before"
                | "For"
                | "From"
                | "Some"
                | "Many"
                | "There"
                | "His"
                | "Her"
                | "Their"
                | "Its"
                | "Our"
                | "You"
                | "According"
                | "Although"
                | "Earlier"
                | "Later"
                | "Meanwhile"
                | "Since"
                | "Last"
                | "With"
                | "Both"
                | "Also"
                | "Other"
                | "Under"
                | "During"
                | "What"
                | "Not"
                | "No"
                | "Yesterday"
                | "Today"
                | "Despite"
                | "Following"
                | "Former"
                | "One"
                | "Two"
                | "Three"
                | "To"
                | "Of"
        );
        if function || listed {
            return None;
        }
    }
    let mut end = token + 1;
    while end < sentence.end && end - token < LONGEST_NAME + 6 {
        let form = reading.form(end);
        let joined = reading.tokens.get(end - 1).is_some_and(|token| token.joined);
        let next_capital = end + 1 < sentence.end && is_capital(reading.form(end + 1));
        let goes_on = is_capital(form)
            || (is_particle(form)
                && (next_capital
                    || (is_particle(reading.form(end + 1)) && end + 2 < sentence.end && is_capital(reading.form(end + 2)))))
            || (form == "-" && joined)
            || (joined && reading.form(end - 1) == "-" && form.chars().all(char::is_alphanumeric))
            || (form == "." && joined && reading.form(end - 1).chars().count() == 1 && next_capital);
        if !goes_on {
            break;
        }
        end += 1;
    }
    Some(token..end)
}

/// Tells title, role, state and name apart in a run of capitalized words.
fn shape(tree: &Tree<'_, '_>, cues: &Cues, actors: &Actors, run: &Range<usize>, sentence_start: usize) -> Option<Shape> {
    let reading = tree.reading();
    let lower = |token: usize| tree.lower(token);
    let is_role = |token: usize| cues.person_word("roles", &lower(token));
    let is_title = |token: usize| cues.person_word("titles", &lower(token));
    let mut start = run.start;
    let mut affiliation = None;
    let mut role_start = None;
    let mut titled = false;
    // Leading states and roles: "Russian Foreign Minister Sergei", "Mr".
    loop {
        if start >= run.end {
            break;
        }
        if let Some(actor) = actors.starting_at(start).filter(|actor| actor.tokens.end <= run.end) {
            if actor.tokens.end == run.end {
                // A state or body by itself, unless a role stood before ("President of …").
                return None;
            }
            affiliation = Some(actor.actor.clone());
            start = actor.tokens.end;
            continue;
        }
        // The last role word of the run ends the title: "Deputy Foreign Minister Oleg".
        let last_role = (start..run.end).rev().find(|&token| is_role(token) || is_title(token));
        match last_role {
            Some(role) => {
                role_start = Some(start..role + 1);
                titled = true;
                start = role + 1;
                break;
            }
            None => break,
        }
    }
    // "foreign minister Sergei …", "spokesman John": the role before the name in small letters.
    if !titled && start == run.start {
        let mut before = run.start;
        while before > sentence_start && before + 6 > run.start {
            let token = before - 1;
            let word = lower(token);
            let fits = is_role(token)
                || is_title(token)
                || (before < run.start
                    && matches!(tree.graph.tag(token), Upos::Adj | Upos::Noun | Upos::Propn)
                    && actors.at(token).is_none());
            if !fits || matches!(word.as_str(), "the" | "a" | "said" | "says") {
                break;
            }
            before = token;
        }
        if before < run.start {
            titled = true;
            role_start = Some(before..run.start);
            affiliation =
                affiliation.or_else(|| before.checked_sub(1).and_then(|token| actors.at(token)).map(|actor| actor.actor.clone()));
        }
    }
    let mut name = start..run.end;
    while name.start < name.end
        && (!is_capital(reading.form(name.start)) && !is_particle(reading.form(name.start)) || reading.form(name.start) == "-")
    {
        name.start += 1;
    }
    if name.is_empty() || name.len() > LONGEST_NAME {
        return None;
    }
    let has_body = name.clone().any(|token| cues.person_word("bodies", &lower(token)) || lower(token) == "of");
    let acronym = name.len() == 1
        && reading.form(name.start).len() > 1
        && reading.form(name.start).chars().all(|c| c.is_uppercase() || c == '.');
    let calendar = name.len() == 1
        && matches!(
            lower(name.start).as_str(),
            "monday"
                | "tuesday"
                | "wednesday"
                | "thursday"
                | "friday"
                | "saturday"
                | "sunday"
                | "january"
                | "february"
                | "march"
                | "april"
                | "may"
                | "june"
                | "july"
                | "august"
                | "september"
                | "october"
                | "november"
                | "december"
        );
    if calendar {
        return None;
    }
    if actors.at(name.start).is_some_and(|actor| actor.tokens == name) && !titled {
        return None;
    }
    let sort = if (has_body || acronym) && !titled { Sort::Body } else { Sort::Person };
    let mut role = role_start.map(|tokens| tree.span(&tokens));
    // "Name, the foreign minister of Chile," gives the role behind the name.
    if role.is_none() && matches!(reading.form(run.end), "," | "(") {
        let mut token = run.end + 1;
        let first = token;
        let limit = (run.end + 12).min(tree.sentence(run.start).end);
        let mut has_role = false;
        while token < limit
            && !matches!(reading.form(token), "," | ")" | "." | "\"" | "“")
            && !matches!(tree.graph.tag(token), Upos::Verb | Upos::Aux)
        {
            has_role |= is_role(token);
            token += 1;
        }
        if has_role && token > first {
            let from = if matches!(lower(first).as_str(), "the" | "a" | "an" | "its" | "their" | "his" | "her") {
                first + 1
            } else {
                first
            };
            role = Some(tree.span(&(from..token)));
            affiliation = affiliation.or_else(|| actors.in_range(&(first..token)).next().map(|actor| actor.actor.clone()));
            titled = true;
        }
    }
    Some(Shape { name, sort: if titled { Sort::Person } else { sort }, titled, role, affiliation })
}

fn gender_of(tree: &Tree<'_, '_>, cues: &Cues, found: &Shape, words: &[String]) -> Option<Gender> {
    if found.sort == Sort::Body {
        return None;
    }
    let mut all: Vec<String> = words.to_vec();
    if let Some(role) = found.role {
        all.extend(tree.reading().words(role).split_whitespace().map(str::to_lowercase));
    }
    if all.iter().any(|word| cues.person_word("female", word)) {
        return Some(Gender::Female);
    }
    all.iter().any(|word| cues.person_word("male", word)).then_some(Gender::Male)
}
