//! How far a mention reaches: the words before its noun, and the phrases and the title behind it.
use super::phrase::Builder;
use chancery_dissect::Upos;
use chancery_dissect::actors::Relation;
use chancery_dissect::names::NameKind;
use std::ops::Range;

/// Longest phrase after the noun that is taken into the name, in tokens: longer ones are clauses in disguise.
const LONGEST_PHRASE: usize = 16;

impl Builder<'_, '_, '_> {
    /// First token of the modifiers before `start`, by their tags: sturdier than the tree where the tree is wrong.
    pub(super) fn left_edge(&self, start: usize) -> usize {
        let reading = self.graph.reading();
        let sentence =
            reading.sentence_of(start).and_then(|at| reading.sentences.get(at)).map_or(0, |sentence| sentence.tokens.start);
        let mut edge = start;
        while edge > sentence {
            let token = edge - 1;
            let form = reading.form(token);
            let joined = reading.tokens.get(token).is_some_and(|token| token.joined);
            // "a non-use-of-force declaration"
            let hyphenated = joined && edge < start && matches!(reading.form(edge), "-" | "‑");
            let fits = match self.graph.tag(token) {
                Upos::Adp | Upos::X if hyphenated => true,
                Upos::Cconj => edge < start + 1 && self.joins_modifiers(token, edge),
                Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num => !form.contains("://"),
                // "power-sharing agreement"
                Upos::Verb if token > sentence + 1 && matches!(reading.form(token - 1), "-" | "‑") => {
                    reading.tokens.get(token - 1).is_some_and(|hyphen| hyphen.joined)
                }
                Upos::Verb => {
                    self.graph.base_relation(token) == "amod"
                        || form.eq_ignore_ascii_case("proposed")
                        || token > sentence + 1 && self.is_compound(token)
                }
                Upos::Part => matches!(form, "'s" | "’s" | "'" | "’") && edge - sentence > 1,
                Upos::Adv => {
                    matches!(form, "so" | "newly" | "de" | "recently") || joined || self.lexicon.sets_apart(&form.to_lowercase())
                }
                Upos::Sym if matches!(form, "$" | "€" | "£" | "¥") => true,
                Upos::Punct | Upos::Sym => {
                    joined && matches!(form, "-" | "/" | "–" | "‑") || (matches!(form, "\"" | "“") && edge == start)
                }
                Upos::Adp if form == "of" && token > sentence && edge < start => self.is_inside_name(token, start),
                _ => false,
            };
            // "Peru and Chile sign border treaty": a headline's verb, whatever the tagger takes it for.
            let headline = edge > sentence + 1 && self.lexicon.is_headline_verb(&form.to_lowercase());
            if !fits || headline || start - token > 10 {
                break;
            }
            edge = token;
        }
        // 'the "surprising" deal': the mark that opens before the word closes inside the name.
        let is_mark = |token: usize| matches!(reading.form(token), "\"" | "“" | "”" | "''" | "``");
        let mut marks = (edge..start).filter(|&token| is_mark(token));
        match (marks.next_back(), marks.next()) {
            (Some(_), None) if edge > sentence && is_mark(edge - 1) => edge - 1,
            // 'a "final but binding" deal', where the first of the marks lies outside: no half of a quotation is a name.
            (Some(mark), None) if reading.tokens.get(mark).is_some_and(|token| !token.joined) => mark + 1,
            _ => edge,
        }
    }

    /// "the Status of Forces Agreement", "the Council of Europe Convention": the preposition stands inside the name of the noun at `noun`.
    fn is_inside_name(&self, of: usize, noun: usize) -> bool {
        let reading = self.graph.reading();
        let capital = |token: usize| reading.form(token).starts_with(char::is_uppercase);
        let actor = |token: usize| self.actors.at(token).map(|actor| actor.tokens.clone());
        let whole_name = [of - 1, of + 1, noun].into_iter().all(capital);
        match (actor(of - 1), actor(of + 1)) {
            (Some(one), Some(other)) => one == other && whole_name,
            (None, None) => whole_name || matches!((&*reading.lower(of - 1), &*reading.lower(of + 1)), ("status", "forces")),
            _ => false,
        }
    }

    /// "a power sharing agreement": the verb is part of a noun, though a parser may think that power shares it.
    fn is_compound(&self, verb: usize) -> bool {
        let reading = self.graph.reading();
        let [determiner, noun] = [verb - 2, verb - 1];
        reading.form(verb).ends_with("ing")
            && self.graph.tag(noun) == Upos::Noun
            && matches!(&*reading.lower(determiner), "a" | "an" | "the")
    }

    /// "an Alliance and Partnership deal", "the alliance and integration treaty": the conjunction stands inside the name.
    fn joins_modifiers(&self, conjunction: usize, edge: usize) -> bool {
        let reading = self.graph.reading();
        let Some(before) = conjunction.checked_sub(1) else { return false };
        let capital = |token: usize| reading.form(token).chars().next().is_some_and(char::is_uppercase);
        let nominal = matches!(self.graph.tag(before), Upos::Noun | Upos::Propn | Upos::Adj) && self.actors.at(before).is_none();
        let opens = |token: usize| matches!(reading.form(token), "\"" | "“");
        let determined =
            before.checked_sub(1).is_some_and(|token| matches!(self.graph.tag(token), Upos::Det | Upos::Adj) || opens(token));
        nominal && self.actors.at(edge).is_none() && (capital(before) == capital(edge)) && (capital(edge) || determined)
    }

    /// The core with the phrases and the quoted title after it that belong to it.
    pub(super) fn full_extent(&self, head: usize, core: &Range<usize>) -> Range<usize> {
        let reading = self.graph.reading();
        let limit = reading.sentence_of(head).and_then(|at| reading.sentences.get(at)).map_or(core.end, |s| s.tokens.end);
        let mut end = core.end;
        // treaty "on Alliance and Integration", treaty ("Alliance and …")
        let opening = (end..(end + 2).min(limit)).find(|&token| matches!(reading.form(token), "\"" | "“" | "‘" | "``"));
        if let Some(opening) = opening
            && (opening == end && self.opens_title(opening + 1)
                || opening > end && matches!(reading.form(end), "(" | "on" | "of" | "called" | "titled"))
            && let Some(close) =
                (opening + 2..(opening + 14).min(limit)).find(|&t| matches!(reading.form(t), "\"" | "”" | "’" | "''"))
        {
            end = close + 1;
            if reading.form(end) == ")" {
                end += 1;
            }
        }
        let mut phrases: Vec<usize> = self
            .graph
            .down(head, "nmod")
            .filter(|&child| {
                child > head
                    && !self.lexicon.is_partial(&reading.lower(child))
                    && self.graph.case(child).is_some_and(|case| self.lexicon.opens_own_phrase(&case.to_lowercase()))
            })
            .collect();
        phrases.sort_unstable();
        for phrase in phrases {
            let start = self.graph.preposition(phrase).unwrap_or(phrase);
            let last = self.phrase_end(phrase, limit);
            if start == end && last > end && last - core.end <= LONGEST_PHRASE {
                end = last;
            }
        }
        end = self.with_second_side(core.end, end, limit);
        end = self.title_end(core.end, end, limit);
        // "a deal with Ruvonia's neighbor, the breakaway region | Kestovia": the land's name belongs to it.
        if end > core.end
            && end < limit
            && self.lexicon.is_land(&reading.lower(end - 1))
            && let Some(actor) = self.actors.starting_at(end)
        {
            end = actor.tokens.end;
        }
        // A name that the tree splits ("South | Ossetia") stays whole.
        if let Some(actor) = end.checked_sub(1).and_then(|last| self.actors.at(last)).filter(|_| end > core.end) {
            end = end.max(actor.tokens.end);
        }
        end = self.with_noun_of_adjective(core.end, end, limit);
        // "an agreement over | the weekend"
        while end > core.end && self.graph.tag(end - 1) == Upos::Adp {
            end -= 1;
        }
        core.start..end.min(limit)
    }

    /// "between the Ruvonian and Kestovian | prime ministers": an adjective of a land at the end goes with its noun.
    fn with_noun_of_adjective(&self, start: usize, end: usize, limit: usize) -> usize {
        let last = end.checked_sub(1).filter(|_| end > start);
        let adjective = last.filter(|&last| self.graph.tag(last) == Upos::Adj).and_then(|last| self.actors.at(last));
        let adjective = adjective.is_some_and(|actor| actor.relation == Relation::Demonym);
        let words = (end..limit.min(end + 4)).take_while(|&token| matches!(self.graph.tag(token), Upos::Adj | Upos::Noun));
        words.filter(|&token| adjective && self.graph.tag(token) == Upos::Noun).last().map_or(end, |noun| noun + 1)
    }

    /// "the Agreement for the Protection | of Lake Birds": a title goes on where a small word joins a further capital one to it.
    fn title_end(&self, start: usize, end: usize, limit: usize) -> usize {
        let reading = self.graph.reading();
        let capital = |token: usize| reading.form(token).starts_with(char::is_uppercase);
        let nominal = |token: usize| matches!(self.graph.tag(token), Upos::Noun | Upos::Propn | Upos::Adj);
        let words_from = |joint: usize| joint + 1 + usize::from(reading.form(joint + 1) == "the");
        let in_title = |token: usize| capital(token) && nominal(token) && self.actors.at(token).is_none();
        let opens = |joint: usize| self.lexicon.joins_titles(reading.form(joint)) && in_title(words_from(joint));
        let mut end = end;
        let titled = end > start && capital(start - 1);
        while titled && end < limit && opens(end) {
            let first = words_from(end);
            let last = (first..limit).take_while(|&token| in_title(token)).last().unwrap_or(first);
            let names_other = (first..=last).any(|token| {
                let name = reading.names.iter().find(|name| name.tokens.contains(&token));
                name.is_some_and(|name| matches!(name.kind, NameKind::Person | NameKind::Place)) && reading.form(end) != "of"
                    || self.lexicon.noun(&reading.lower(token)).is_some()
            });
            let acts = matches!(self.graph.tag(last + 1), Upos::Verb | Upos::Aux | Upos::Part) && reading.form(end) == "and";
            if names_other || acts || last - start > LONGEST_PHRASE {
                break;
            }
            end = last + 1;
        }
        end
    }

    /// A title begins with a capital letter or with what it is on; "the deal \"will open doors\"" is followed by speech.
    fn opens_title(&self, token: usize) -> bool {
        let reading = self.graph.reading();
        reading.form(token).starts_with(char::is_uppercase) || self.lexicon.opens_own_phrase(&reading.lower(token))
    }

    /// "between A and the occupied B": both sides belong to the phrase, whatever the tree says of the second.
    fn with_second_side(&self, core_end: usize, end: usize, limit: usize) -> usize {
        let reading = self.graph.reading();
        let nominal = |token: usize| {
            matches!(self.graph.tag(token), Upos::Det | Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num)
                || self.actors.at(token).is_some()
                || reading.tokens.get(token).is_some_and(|token| token.joined)
                || self.graph.tag(token) == Upos::Verb && self.graph.base_relation(token) == "amod"
                || matches!(reading.form(token), "-" | "'s" | "’s")
        };
        let verb = |token: usize| matches!(self.graph.tag(token), Upos::Verb | Upos::Aux);
        let mut near = (core_end..limit.min(core_end + 3)).take_while(|&token| !verb(token));
        let Some(between) = near.find(|&token| reading.form(token) == "between") else { return end };
        let Some(and) = (between + 1..limit.min(between + 12)).find(|&token| reading.form(token) == "and") else { return end };
        if end > and + 1 || !(between + 1..and).all(nominal) {
            return end;
        }
        let second = (and + 1..limit.min(and + 9)).take_while(|&token| nominal(token)).last();
        second.map_or(end, |last| end.max(last + 1))
    }

    /// End of a nominal phrase without the clauses that hang on it.
    fn phrase_end(&self, head: usize, limit: usize) -> usize {
        let reading = self.graph.reading();
        let mut queue = vec![head];
        let mut last = head;
        while let Some(token) = queue.pop() {
            last = last.max(token);
            for child in reading.dependents(token) {
                let elsewhere = self.graph.case(child).is_some_and(|case| !matches!(case, "of" | "between" | "with" | "and"));
                let clause = elsewhere
                    || self.graph.base_relation(child) == "conj" && self.graph.has(child, "mark")
                    || matches!(
                        self.graph.base_relation(child),
                        "acl" | "advcl" | "appos" | "parataxis" | "punct" | "dep" | "ccomp"
                    );
                if !clause && child > head.saturating_sub(LONGEST_PHRASE) {
                    queue.push(child);
                }
            }
        }
        (last + 1).min(limit)
    }
}
