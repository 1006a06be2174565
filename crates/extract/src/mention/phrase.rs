//! What a noun phrase tells of the agreement that it mentions: kind, words that tell it apart, year, topic, parties.
use super::{Mention, span_of};
use crate::actors::{ActorMention, Actors};
use crate::graph::Graph;
use crate::lexicon::{Instrument, Lexicon, Weight};
use chancery_agreement::AgreementKind;
use chancery_dissect::actors::{ActorKind, Relation};
use chancery_dissect::names::{Name, NameKind};
use chancery_dissect::{Reading, Upos};
use std::ops::Range;

/// Makes mentions of the noun phrases of an article.
pub(super) struct Builder<'s, 'r, 'a> {
    pub(super) graph: Graph<'r, 'a>,
    pub(super) lexicon: &'s Lexicon,
    pub(super) actors: &'s Actors,
}

impl Builder<'_, '_, '_> {
    /// The well-known instrument that `tokens` name.
    pub(super) fn instrument(&self, tokens: Range<usize>, number: usize, instrument: &Instrument) -> Mention {
        let head = self.head_of(&tokens);
        let mut mention = self.shell(head, tokens.clone(), String::new(), instrument.kind, Weight::Strong);
        mention.instrument = Some(number);
        mention.of_many = !instrument.few;
        mention.proper = true;
        mention.full = tokens;
        // "The EU constitution" is no agreement of the EU's with somebody; "the EU-Canada trade deal" names its two sides.
        if mention.parties.len() < 2 {
            mention.parties.clear();
        }
        mention
    }

    /// The token of the range whose head lies outside of it.
    fn head_of(&self, tokens: &Range<usize>) -> usize {
        let outside = tokens.clone().rev().find(|&token| self.graph.head(token).is_none_or(|head| !tokens.contains(&head)));
        outside.unwrap_or(tokens.end.saturating_sub(1))
    }

    /// The mention that the noun at `token` heads; `None` where it speaks of no agreement.
    pub(super) fn noun(&self, token: usize) -> Option<Mention> {
        let reading = self.graph.reading();
        let form = reading.lower(token);
        let tag = self.graph.tag(token);
        let (noun, start) = self.split_noun(token, &form)?;
        if !matches!(tag, Upos::Noun | Upos::Propn) && noun != "ceasefire" {
            return None;
        }
        let known = self.lexicon.noun(&noun)?;
        // "A good understanding of the law" is insight.
        if self.lexicon.is_insight(&noun) && reading.form(token + 1).eq_ignore_ascii_case("of") {
            return None;
        }
        // "The Truce Supervision Organisation" watches over one.
        let names_body =
            |name: &Name| name.kind == NameKind::Organization && name.tokens.contains(&token) && name.tokens.end > token + 1;
        if reading.names.iter().any(names_body) && !matches!(reading.form(token + 1), "of" | "on" | "for" | "between" | "with") {
            return None;
        }
        // "Within the framework of the struggle" tells of no agreement.
        let before = |back: usize| start.checked_sub(back).map(|at| reading.lower(at)).unwrap_or_default();
        if self.lexicon.is_surroundings(&noun)
            && reading.form(token + 1) == "of"
            && before(1) == "the"
            && matches!(&*before(2), "in" | "within" | "under")
        {
            return None;
        }
        // "The text of the peace agreement" is that agreement's.
        let is_named = |child: usize| {
            self.lexicon.noun(&reading.lower(child)).is_some_and(|noun| noun.weight != Weight::Anaphor)
                && self.graph.case(child) == Some("of")
        };
        if known.weight == Weight::Anaphor && self.graph.down(token, "nmod").any(is_named) {
            return None;
        }
        // A noun that modifies another agreement noun is part of that one's name: "ceasefire agreement", "peace deal plan".
        if let Some(next) = reading.tokens.get(token + 1).map(|_| reading.lower(token + 1))
            && self.lexicon.noun(&next).is_some_and(|next| next.weight != Weight::Anaphor)
            && matches!(self.graph.tag(token + 1), Upos::Noun | Upos::Propn)
        {
            return None;
        }
        let core_start = self.left_edge(start);
        // "There is broad agreement among experts", "in full agreement with our allies"
        let bare = self.determiner(core_start, token).is_empty();
        if noun == "agreement"
            && bare
            && core_start < start
            && (core_start..start).all(|at| self.lexicon.is_concord(&reading.lower(at)))
        {
            return None;
        }
        let core = core_start..token + 1;
        Some(self.shell(token, core, noun.clone(), known.kind, known.weight))
    }

    /// True where the words of the mention show that it speaks of no agreement between political actors: "a record deal".
    pub(super) fn is_foreign(&self, mention: &Mention) -> bool {
        let of_union =
            || self.actors.in_range(&mention.full).any(|actor| matches!(actor.kind, ActorKind::International | ActorKind::Bloc));
        // "A tax agreement" may be anybody's; "a tax agreement with Germany" is not.
        let with_state = mention.parties.iter().any(|party| {
            party.tokens.start > mention.head && party.kind.concludes_treaties() && party.relation != Relation::Demonym
        });
        self.lexicon.is_foreign(&mention.noun, &mention.modifiers) && !with_state
            || self.lexicon.is_of_unions(&mention.noun) && !of_union()
            || self.lexicon.is_lull(&mention.noun) && !self.is_lull_in_fighting(mention)
    }

    /// "A humanitarian pause", "a pause in the fighting".
    fn is_lull_in_fighting(&self, mention: &Mention) -> bool {
        let reading = self.graph.reading();
        let inside = reading.form(mention.head + 1) == "in";
        let behind: Vec<_> = (mention.head + 2..mention.head + 4).filter(|_| inside).map(|token| reading.lower(token)).collect();
        self.lexicon.is_lull_in_fighting(&mention.modifiers, &behind)
    }

    /// The noun at `token`, joined where it is written in two: "cease-fire", "cease fire", "cessation of hostilities".
    fn split_noun(&self, token: usize, form: &str) -> Option<(String, usize)> {
        let reading = self.graph.reading();
        let before = |back: usize| token.checked_sub(back).map(|at| reading.lower(at)).unwrap_or_default();
        if form == "fire" || form == "fires" {
            return match (&*before(1), &*before(2)) {
                ("cease", _) => Some(("ceasefire".to_owned(), token - 1)),
                ("-", "cease") => Some(("ceasefire".to_owned(), token - 2)),
                _ => None,
            };
        }
        if form == "cessation" {
            let after = |ahead: usize| reading.lower(token + ahead);
            let hostile = (1..=4).find(|&ahead| matches!(&*after(ahead), "hostilities" | "violence" | "fighting"));
            // "The cessation of hostilities agreement" is named by its last noun.
            let goes_on = |ahead: usize| self.lexicon.noun(&after(ahead + 1)).is_some_and(|noun| noun.weight == Weight::Strong);
            return hostile.filter(|&ahead| !goes_on(ahead)).map(|_| ("ceasefire".to_owned(), token));
        }
        if matches!(&*before(1), "hostilities" | "violence" | "fighting") && before(2) == "of" && before(3) == "cessation" {
            return self.lexicon.noun(form).map(|_| (form.to_owned(), token - 3));
        }
        if reading.form(token + 1) == "of"
            && let Some(like) = self.lexicon.told_by_second(form, &reading.lower(token + 2))
        {
            return Some((like.to_owned(), token));
        }
        let noun = if form == "cease-fire" || form == "cease-fires" || form == "ceasefires" { "ceasefire" } else { form };
        self.lexicon.noun(noun).map(|_| (noun.to_owned(), token))
    }

    fn shell(&self, head: usize, core: Range<usize>, noun: String, kind: AgreementKind, weight: Weight) -> Mention {
        let reading = self.graph.reading();
        let full = self.full_extent(head, &core);
        let determiner = self.determiner(core.start, head);
        let words = words_before(reading, self.lexicon, &core, head);
        let noun = singular(&noun);
        let mut modifiers = Vec::new();
        // "No agreement" is none of those told of; "no such agreement" is the very one.
        let mut apart = self.lexicon.sets_apart(&determiner) && !words.iter().any(|word| word == "such");
        let mut year = None;
        let renewed = words.iter().any(|word| self.lexicon.renews(word));
        let number = words.iter().find(|word| self.lexicon.numbers(word)).map(|word| word.to_string());
        for word in &words {
            if is_year(word) {
                year = Some(word.clone());
            } else if self.lexicon.sets_apart(word) {
                apart = true;
            } else if !self.lexicon.is_plain(word) {
                modifiers.push(word.clone());
            }
        }
        // "the accord of 1995"
        let dated = (core.end..full.end).find(|&token| reading.form(token) == "of").map(|of| reading.form(of + 1).to_owned());
        // "the ceasefire in 1995"
        let told_in = Some(reading.form(head + 2).to_owned()).filter(|_| reading.form(head + 1) == "in");
        year = year.or(dated.filter(|word| is_year(word))).or(told_in.filter(|word| is_year(word)));
        let parties = self.own_parties(head, &core, &full);
        let in_actor = |word: &String| parties.iter().any(|party| party.words.to_lowercase().contains(word.as_str()));
        modifiers.retain(|word| !in_actor(word));
        let plural = reading.syntax(head).is_some_and(|syntax| syntax.features.number == Some(chancery_dissect::Number::Plur))
            || (reading.form(head).ends_with('s') && noun != "ceasefire" && !noun.ends_with('s'));
        let capital = |token: usize| reading.form(token).chars().next().is_some_and(char::is_uppercase);
        let first = reading
            .sentence_of(head)
            .and_then(|at| reading.sentences.get(at))
            .is_some_and(|sentence| sentence.tokens.start == head);
        let quoted = (core.end..full.end).any(|token| matches!(reading.form(token), "\"" | "“" | "‘"));
        let kind = self.lexicon.kind(&noun, &words).unwrap_or(kind);
        // "The Convention on River Fisheries", "the Treaty of Amity"
        let titled = (core.end..full.end).take_while(|&token| !matches!(reading.form(token), "between" | "with" | "among"));
        let titled = titled.skip(1).any(|token| capital(token) && self.actors.at(token).is_none());
        let proper = capital(head) && (!first && !words.is_empty() || titled) || quoted;
        let topic = self.topic(&core, &full);
        Mention {
            head,
            core,
            class: self.lexicon.class(&noun),
            phrase: full.clone(),
            full,
            kind,
            weight,
            determiner,
            plural,
            apart,
            renewed,
            number,
            year,
            topic,
            verbal: false,
            parties,
            instrument: None,
            of_many: false,
            proper,
            noun,
            modifiers,
            abbreviated: None,
        }
    }

    /// Nouns of the phrases after the noun, those aside that tell with whom.
    fn topic(&self, core: &Range<usize>, full: &Range<usize>) -> Vec<String> {
        let reading = self.graph.reading();
        let mut about = false;
        let mut found = Vec::new();
        for token in core.end..full.end {
            let form = reading.lower(token);
            match &*form {
                "on" | "about" | "over" | "for" | "concerning" | "regarding" => about = true,
                "between" | "with" | "among" => about = false,
                _ if about && self.graph.tag(token) == Upos::Noun && self.actors.at(token).is_none() => {
                    found.push(reading.lower_lemma(token).into_owned());
                }
                _ => {}
            }
        }
        found
    }

    fn determiner(&self, start: usize, head: usize) -> String {
        let reading = self.graph.reading();
        let before = start.checked_sub(1).filter(|&token| {
            matches!(self.graph.tag(token), Upos::Det | Upos::Pron) && reading.sentence_of(token) == reading.sentence_of(head)
        });
        before.map(|token| reading.lower(token).into_owned()).unwrap_or_default()
    }

    /// True where the actor's name before the noun only tells which one is meant: where it was made ("the Lima accord"), where it
    /// holds, or the body that drew it up ("the UN convention").
    fn only_names(&self, head: usize, actor: &ActorMention) -> bool {
        let reading = self.graph.reading();
        let end = actor.tokens.end;
        let joins = |token: usize| matches!(reading.form(token), "-" | "–" | "/" | "and");
        let before = actor.tokens.start.checked_sub(1).filter(|&token| joins(token)).and_then(|joint| joint.checked_sub(1));
        // "The Moscow-Lima accord" is one of two governments, "the Lima/Cusco accord" one of a place.
        let paired =
            joins(end) && self.actors.at(end + 1).is_some() || before.is_some_and(|token| self.actors.at(token).is_some());
        let owns = matches!(reading.form(end), "'s" | "’s");
        if end > head || paired || owns {
            return false;
        }
        match actor.kind {
            _ if matches!(actor.relation, Relation::Capital | Relation::Seat) => true,
            ActorKind::Territory => actor.relation == Relation::Name,
            ActorKind::International | ActorKind::Bloc => self.lexicon.is_drawn_up(&singular(&reading.lower(head))),
            _ => false,
        }
    }

    /// Parties that the mention's own words give: "Russian-Ossetian treaty", "deal with Kenya", "pact between A and B".
    fn own_parties(&self, head: usize, core: &Range<usize>, full: &Range<usize>) -> Vec<ActorMention> {
        let reading = self.graph.reading();
        let mut parties = Vec::new();
        // "The Egyptian ceasefire proposal": the proposal is Egypt's.
        let proposed = self.graph.base_relation(head) == "compound"
            && self.graph.head(head).is_some_and(|over| self.lexicon.is_proposing(&reading.lower_lemma(over)));
        for actor in self.actors.in_range(core).filter(|_| !proposed) {
            // "Egyptian-brokered truce", "UN-backed plan": who helps is no party.
            let next = reading.lower(actor.tokens.end);
            let after = if next == "-" { reading.lower(actor.tokens.end + 1) } else { next };
            let helper = after.ends_with("ed") && !matches!(&*after, "proposed");
            if !helper && actor.tokens.end <= head + 1 && !self.only_names(head, actor) {
                parties.push(actor.clone());
            }
        }
        let mut joined = false;
        for token in core.end..full.end {
            match &*reading.lower(token) {
                "between" | "with" | "among" | "and" if !joined => joined = reading.lower(token) != "and",
                "of" if joined && self.lexicon.is_governing(&reading.lower(token - 1)) => {}
                "on" | "of" | "for" | "over" | "concerning" | "regarding" | "against" => joined = false,
                _ => {}
            }
            // "with Georgia's breakaway region": who possesses is not who agrees.
            let possesses = |actor: &&ActorMention| matches!(reading.form(actor.tokens.end), "'s" | "’s" | "'" | "’");
            if joined {
                let acts = |actor: &&ActorMention| !possesses(actor) && !is_private(self.graph, self.lexicon, actor);
                let starts = |actor: &&ActorMention| actor.tokens.start == token;
                parties.extend(self.actors.all_at(token).iter().filter(starts).filter(acts).cloned());
            }
        }
        parties
    }
}

/// Most words between an actor and what it only describes ("Japanese consumer electronics giant").
const DESCRIBED: usize = 3;

/// "Brazilian striker", "U.S. chip maker": the actor only tells where somebody is from who acts for himself.
#[must_use]
pub fn is_private(graph: Graph<'_, '_>, lexicon: &Lexicon, actor: &ActorMention) -> bool {
    let end = actor.tokens.end;
    let first = end + usize::from(matches!(graph.reading().form(end), "'s" | "’s" | "'" | "’"));
    let nominal = |token: &usize| matches!(graph.tag(*token), Upos::Adj | Upos::Noun | Upos::Propn);
    (first..=first + DESCRIBED).take_while(nominal).any(|token| lexicon.is_private(&graph.reading().lower_lemma(token)))
}

/// "The 297-page accord": how long its text is tells it from no other.
fn is_length(word: &str) -> bool {
    word.split_once('-').is_some_and(|(number, unit)| {
        number.bytes().all(|byte| byte.is_ascii_digit()) && matches!(unit, "page" | "point" | "article")
    })
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.starts_with(['1', '2']) && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn singular(noun: &str) -> String {
    match noun {
        "treaties" => "treaty".to_owned(),
        _ => noun.strip_suffix('s').filter(|_| !noun.ends_with("ss")).unwrap_or(noun).to_owned(),
    }
}

/// Lower-cased words of the core before its head; compounds give the whole and their parts ("power-sharing", "power" and "sharing"), known
/// ones also where they are written apart.
fn words_before(reading: &Reading<'_>, lexicon: &Lexicon, core: &Range<usize>, head: usize) -> Vec<String> {
    let span = span_of(reading, &(core.start..head));
    let mut words: Vec<String> = Vec::new();
    for word in reading.words(span).split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).trim_end_matches("'s").trim_end_matches("’s").to_lowercase();
        if word.is_empty() || is_length(&word) {
            continue;
        }
        if word.contains('-') {
            words.extend(word.split('-').filter(|part| part.len() > 2 && *part != "non").map(str::to_owned));
        }
        let compound = words.last().map(|before| format!("{before}-{word}"));
        words.extend(compound.filter(|compound| lexicon.is_modifier(compound)));
        words.push(word);
    }
    words
}
