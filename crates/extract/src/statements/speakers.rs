//! Who a source is: pronouns, descriptions and short names lead to the name that the article gives.
use crate::actors::Actors;
use crate::statements::attribution::Attribution;
use crate::statements::cues::{Cues, Weight};
use crate::statements::extent;
use crate::statements::people::{Gender, NameMention, People, Sort};
use crate::statements::quotes::{holders, outermost};
use crate::statements::tree::Tree;
use chancery_agreement::Span;
use chancery_dissect::Upos;
use chancery_dissect::actors::ActorKind;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

/// How many sentences back a pronoun reaches.
const REACH: usize = 4;

/// A source, resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Who {
    /// The words that name the speaker best.
    pub name: Span,
    /// Index into [`People::all`], where the speaker is named.
    pub named: Option<usize>,
    /// Role as the text has it.
    pub role: Option<Span>,
    /// For whom they speak.
    pub affiliation: Option<String>,
    /// Several speakers, or one that "they" fits.
    pub plural: bool,
    /// Fits "it".
    pub body: bool,
    /// Fits "he" and "she".
    pub person: bool,
    /// Can have uttered a quotation: "the decision" cannot.
    pub able: bool,
    /// A text, of which nothing shows who issued it.
    pub text: bool,
}

/// Resolves the sources of `attributions`, in their order.
#[must_use]
pub fn resolve(
    tree: &Tree<'_, '_>,
    cues: &Cues,
    actors: &Actors,
    people: &People,
    attributions: &[Attribution],
) -> Vec<Option<Who>> {
    let quoted = holders(tree.reading(), &outermost(tree.reading()));
    let mut resolver = Resolver {
        tree,
        cues,
        actors,
        people,
        quoted,
        recent: Vec::new(),
        named_in_content: BTreeSet::new(),
        words_in_content: BTreeSet::new(),
    };
    let mut found: Vec<Option<Who>> = Vec::with_capacity(attributions.len());
    for attribution in attributions {
        // Nobody speaks of himself by name.
        let content = attribution.content.iter().map(|piece| tree.reading().tokens_in(piece.span));
        resolver.named_in_content =
            content.flat_map(|tokens| people.in_range(&tokens).map(|mention| mention.who).collect::<Vec<_>>()).collect();
        let words = attribution.content.iter().flat_map(|piece| tree.reading().tokens_in(piece.span));
        resolver.words_in_content = words.map(|token| tree.reading().form(token).to_owned()).collect();
        let who = match (&attribution.source, attribution.carried) {
            (Some(source), _) => attribution.source_head.and_then(|head| resolver.source(head, source)),
            (None, Some(before)) => resolver.carried(attribution.head, found.get(before).cloned().flatten()),
            (None, None) => None,
        };
        let direct = attribution.content.iter().any(|piece| piece.direct);
        let who = who.filter(|who| !direct || resolver.can_speak(who));
        if let Some(who) = &who
            && attribution.weight != Weight::Weak
            && !who.text
            && attribution.rule != "speech-in-quotation"
            && let Some(sentence) = last_sentence(tree, attribution)
        {
            resolver.recent.push((sentence, who.clone()));
        }
        found.push(who);
    }
    found
}

/// The sentence in which the attribution ends: a quotation may run on for several.
fn last_sentence(tree: &Tree<'_, '_>, attribution: &Attribution) -> Option<usize> {
    let reading = tree.reading();
    let ends = attribution.content.iter().filter_map(|piece| reading.tokens_in(piece.span).last());
    ends.chain([attribution.head]).filter_map(|token| reading.sentence_of(token)).max()
}

/// True where the tokens are nothing but a day or another time: "Wednesday", "June 9", "the week".
pub(super) fn is_day(tree: &Tree<'_, '_>, cues: &Cues, tokens: &Range<usize>) -> bool {
    let is_number = |token: usize| tree.reading().form(token).bytes().all(|byte| byte.is_ascii_digit());
    let telling = || tokens.clone().filter(|token| tree.graph.tag(*token) != Upos::Det);
    telling().next().is_some() && telling().all(|token| is_number(token) || cues.word("temporal", &tree.lower(token)))
}

struct Resolver<'t, 'r, 'a> {
    tree: &'t Tree<'r, 'a>,
    cues: &'t Cues,
    actors: &'t Actors,
    people: &'t People,
    /// For each token, the quotation that holds it.
    quoted: Vec<Option<u32>>,
    recent: Vec<(usize, Who)>,
    /// The words of the content that is being resolved.
    words_in_content: BTreeSet<String>,
    /// Whom the content that is being resolved names.
    named_in_content: BTreeSet<usize>,
}

impl Resolver<'_, '_, '_> {
    fn source(&self, head: usize, tokens: &Range<usize>) -> Option<Who> {
        let form = self.tree.lower(head);
        if self.tree.is_heading(tokens) {
            return None;
        }
        if tokens.len() == 1 {
            if self.tree.graph.relation(head) == "nmod:poss" && self.tree.graph.tag(head) == Upos::Pron {
                // "its mission, as stated": what is left of a source.
                return None;
            }
            match &*form {
                "he" => return self.pronoun(head, Some(Gender::Male)),
                "she" => return self.pronoun(head, Some(Gender::Female)),
                "it" => return self.back(head, |who| who.body && !who.plural).or_else(|| self.subject_before(head)),
                several if self.cues.word("several", several) => {
                    return self.back(head, |who| who.plural || who.body).or_else(|| self.subject_before(head));
                }
                nobody if self.cues.word("nobody", nobody) => return None,
                own if self.cues.word("own-voice", own) => return self.back(head, |_| true),
                _ => {}
            }
        }
        self.named(head, tokens).or_else(|| self.titled(tokens)).or_else(|| self.described(head, tokens))
    }

    /// "Secretary of State | Ada Brook": the person whose role the words are, where the tree sets name and role apart.
    fn titled(&self, tokens: &Range<usize>) -> Option<Who> {
        let span = self.tree.span(tokens);
        let holds = |role: Span| role.start() <= span.start() && span.end() <= role.end();
        let person = self.tree.reading().names.iter().find(|name| name.role.is_some_and(holds))?;
        self.of_named(self.people.in_range(&person.tokens).next()?.who)
    }

    /// Whether these words can name who spoke a quotation: a person, an actor, a name, or a noun for people or bodies. "The
    /// decision" cannot; the quotation is kept, and nobody is made its speaker.
    fn can_speak(&self, who: &Who) -> bool {
        who.named.is_some() || who.able
    }

    /// Whether the noun at `head` is one for people, bodies or texts that speak for themselves.
    fn is_someone(&self, head: usize, lemma: &str) -> bool {
        let form = self.tree.lower(head);
        let is = |list: &str| self.cues.person_word(list, lemma) || self.cues.person_word(list, &form);
        if is("issued") {
            return false;
        }
        let actor = self.actors.in_range(&(head..head + 1)).next().is_some();
        let name = self.tree.graph.tag(head) == Upos::Propn || self.tree.reading().form(head).starts_with(char::is_uppercase);
        let several = format!("{form}s");
        let office = form.split('-').next().is_some_and(|first| self.cues.person_word("roles", first));
        actor
            || name
            || office
            || self.cues.person_word("persons", &several)
            || ["roles", "persons", "bodies", "outlets", "texts"].into_iter().any(is)
    }

    fn of_named(&self, at: usize) -> Option<Who> {
        let named = self.people.all.get(at)?;
        Some(Who {
            name: named.span,
            named: Some(at),
            role: named.role,
            affiliation: named.affiliation.clone(),
            plural: false,
            body: named.sort == Sort::Body,
            person: named.sort == Sort::Person,
            able: true,
            text: false,
        })
    }

    /// A source that has a name in it, as its head or beside it.
    fn named(&self, head: usize, tokens: &Range<usize>) -> Option<Who> {
        let graph = self.tree.graph;
        let joined = self.tree.down(head, "conj").any(|child| tokens.contains(&child));
        let linked: Vec<&NameMention> = self.people.in_range(tokens).filter(|mention| self.is_linked(mention, head)).collect();
        // "another Reed spokesman, Kevin Brody": the name that is no part of the office's own words.
        let role = self.cues.person_word("roles", &self.tree.reading().lower_lemma(head));
        let is_person = |mention: &NameMention| self.people.all.get(mention.who).is_some_and(|named| named.sort == Sort::Person);
        let apposed = |mention: &&&NameMention| role && !joined && mention.tokens.start > head;
        // Where the parser lost the tie: a person at the very end of a source that begins with an office.
        let last = || {
            let mention = self.people.in_range(tokens).next_back().filter(|mention| mention.tokens.end == tokens.end)?;
            let office =
                (tokens.start..mention.tokens.start).any(|token| self.cues.person_word("roles", &self.tree.lower(token)));
            let before = mention.tokens.start.checked_sub(1)?;
            let owned = before > head && matches!(self.tree.reading().form(before), "'s" | "’s");
            (is_person(mention) && (office && graph.tag(before) != Upos::Adp || owned) && !joined).then_some(mention)
        };
        // "Minister Ann Reed, a friend of President Carl Moss,": who heads the words speaks.
        let set_off = |mention: &NameMention| (mention.tokens.end..tokens.end).any(|token| self.tree.is_punct(token));
        let heads = |mention: &NameMention| mention.tokens.contains(&head) && is_person(mention) && set_off(mention);
        let own = || linked.iter().copied().find(|mention| heads(mention));
        let persons = || linked.iter().filter(|mention| is_person(mention));
        // "Ann Reed, a guild lawyer, who called for talks"
        let beside = || {
            let name = graph.head(head).filter(|_| graph.base_relation(head) == "appos" && graph.tag(head) == Upos::Noun)?;
            self.people.in_range(&(name..tokens.start)).find(|mention| mention.tokens.contains(&name) && is_person(mention))
        };
        let mention = beside()
            .or_else(|| persons().find(apposed).copied())
            .or_else(own)
            .or_else(last)
            .or_else(|| persons().find(|_| role).copied())
            .or_else(|| linked.iter().find(apposed).copied())
            .or_else(|| linked.first().copied())?;
        if role && !mention.tokens.contains(&head) && mention.tokens.start < head && self.is_body_or_owner(mention, head) {
            return None;
        }
        let mut who = self.of_named(mention.who)?;
        who.plural = joined;
        if who.body && !joined && mention.tokens.len() < tokens.len() {
            // "the Ministry of X's office": the words themselves name a body best.
            return self.described(head, tokens).map(|mut described| {
                described.named = who.named;
                described.body = true;
                described
            });
        }
        if joined {
            who.name = self.tree.span(tokens);
            who.named = None;
        }
        Some(who)
    }

    /// "Reed spokesman said", "the guild's chairman said": the name belongs to another than who speaks.
    fn is_body_or_owner(&self, mention: &NameMention, head: usize) -> bool {
        let graph = self.tree.graph;
        let last = mention.tokens.end - 1;
        let body = self.people.all.get(mention.who).is_some_and(|named| named.sort == Sort::Body);
        body || graph.relation(last) == "nmod:poss" || (graph.base_relation(last) == "compound" && graph.head(last) == Some(head))
    }

    /// The name is the head of the source, or bound to it as an apposition or part of one name.
    fn is_linked(&self, mention: &NameMention, head: usize) -> bool {
        let graph = self.tree.graph;
        if mention.tokens.contains(&head) {
            return true;
        }
        let mut at = mention.tokens.end - 1;
        for _ in 0..4 {
            let bare = !self.tree.children(at).any(|case| matches!(graph.base_relation(case), "case" | "cc"));
            let fits = matches!(graph.base_relation(at), "flat" | "appos" | "compound" | "dep")
                || (graph.base_relation(at) == "nmod" && graph.relation(at) != "nmod:poss");
            if !fits || !bare {
                return false;
            }
            match graph.head(at) {
                Some(up) if up == head => return true,
                Some(up) => at = up,
                None => return false,
            }
        }
        false
    }

    /// "In Lima, thousands": the place is where they spoke.
    fn without_place(&self, head: usize, mut range: Range<usize>) -> Range<usize> {
        let comma = range.clone().find(|&token| self.tree.reading().form(token) == ",");
        if let Some(comma) = comma.filter(|&comma| comma < head && self.tree.graph.tag(range.start) == Upos::Adp) {
            range.start = comma + 1;
        }
        range
    }

    /// "The city council on Sunday": the day is when it spoke.
    fn without_day(&self, head: usize, mut range: Range<usize>) -> Range<usize> {
        let lower = |token: usize| self.tree.lower(token);
        if range.end > head + 1 && self.cues.word("temporal", &lower(range.end - 1)) {
            range.end -= 1;
            if range.end > head + 1 && self.tree.graph.tag(range.end - 1) == Upos::Adp {
                range.end -= 1;
            }
        }
        range
    }

    /// A source without a name: a description, a state, a body, a text.
    fn described(&self, head: usize, tokens: &Range<usize>) -> Option<Who> {
        let tree = self.tree;
        let graph = tree.graph;
        // "he said Wednesday": a day is nobody, whatever the tree makes of it.
        if is_day(tree, self.cues, tokens) {
            return None;
        }
        if !matches!(graph.tag(head), Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num | Upos::Adj | Upos::Det) {
            return None;
        }
        let lemma = tree.reading().lower_lemma(head);
        let first = tree.lower(tokens.start);
        let definite = self.cues.word("definite", &first);
        let role = self.cues.person_word("roles", &lemma);
        let plural =
            tree.reading().syntax(head).is_some_and(|syntax| syntax.features.number == Some(chancery_dissect::Number::Plur))
                || tree.down(head, "conj").any(|child| tokens.contains(&child));
        if definite && role && !plural {
            let words = tokens.clone().map(|token| tree.lower(token)).filter(|word| !self.cues.word("inside-role", word));
            let words: Vec<String> = words.map(Cow::into_owned).collect();
            if let Some(who) = self.by_role(head, tokens, &words).or_else(|| self.by_state(head, tokens, &lemma)) {
                return Some(who);
            }
        }
        if self.cues.person_word("texts", &lemma) {
            // "the statement" speaks for whoever issued it.
            let issuer = tree.down(head, "nmod").find(|&child| {
                tokens.contains(&child) && tree.children(child).any(|case| self.cues.word("author", &tree.lower(case)))
                    || tree.graph.relation(child) == "nmod:poss"
            });
            if let Some(issuer) = issuer.filter(|&issuer| graph.tag(issuer) == Upos::Pron) {
                // "his note said"
                let whose = match &*tree.lower(issuer) {
                    "his" => self.pronoun(issuer, Some(Gender::Male)),
                    "her" => self.pronoun(issuer, Some(Gender::Female)),
                    _ => self.back(issuer, |who| who.plural || who.body),
                };
                if whose.is_some() {
                    return whose;
                }
            } else if let Some(issuer) = issuer {
                let range = extent::nominal(tree, issuer, tokens.clone());
                return self.source(issuer, &self.without_case(&range));
            }
            // "issued a statement saying": whoever issued it.
            let issued = graph.head(head).filter(|_| graph.base_relation(head) == "obj");
            let issued = issued.and_then(|verb| tree.down(verb, "nsubj").next());
            if let Some(issuer) = issued {
                let limit = tree.sentence(head).start..head;
                return self.source(issuer, &extent::whole_nominal(tree, self.cues, issuer, limit));
            }
            if definite
                && tokens.len() <= 3
                && self.cues.person_word("issued", &lemma)
                && let Some(who) = self.back(head, |_| true)
            {
                return Some(who);
            }
        }
        let nameless = || self.actors.in_range(tokens).next().is_none() && self.people.in_range(tokens).next().is_none();
        // "the Daily Post" is a name of its own, "the post" or "the ministry" is not.
        let capitals = tokens.clone().filter(|&token| tree.reading().form(token).starts_with(char::is_uppercase)).count();
        if definite
            && !role
            && capitals < 2
            && !self.cues.person_word("texts", &lemma)
            && tokens.len() <= 4
            && self.cues.person_word("bodies", &lemma)
            && nameless()
            && let Some(who) =
                self.back(head, |who| who.body && !who.plural && who.name != tree.span(tokens) && self.may_be(who, &lemma))
        {
            return Some(who);
        }
        let mut range = tokens.clone();
        if self.cues.word("article", &first) {
            range.start += 1;
        }
        if range.is_empty() {
            return None;
        }
        range.end = self.without_relative(head, range.end, tree.sentence(head).end);
        if !plural {
            range = self.one_side(head, range);
        }
        range = extent::trimmed(tree, &self.without_day(head, self.without_place(head, range)));
        if range.is_empty() {
            return None;
        }
        let actor = self.actors.in_range(tokens).next();
        let known = actor.is_some() || self.cues.person_word("bodies", &lemma) || self.cues.person_word("outlets", &lemma);
        let body = !role || actor.is_some_and(|actor| actor.tokens.contains(&head));
        Some(Who {
            name: tree.span(&range),
            named: None,
            role: role.then(|| tree.span(&range)),
            affiliation: actor.map(|actor| actor.actor.clone()),
            plural,
            body,
            person: role || (graph.tag(head) == Upos::Propn && !known),
            able: self.is_someone(head, &lemma),
            text: self.cues.person_word("texts", &lemma),
        })
    }

    /// "The government" is not "the militant group" of the sentence before, nor is an armed group one.
    fn may_be(&self, who: &Who, body: &str) -> bool {
        let tree = self.tree;
        let tokens = tree.reading().tokens_in(who.name);
        let common = |&token: &usize| !tree.reading().form(token).starts_with(char::is_uppercase);
        let noun = tokens.clone().last().filter(common).map(|token| tree.reading().lower_lemma(token));
        let other = noun.is_some_and(|noun| noun != body && self.cues.person_word("bodies", &noun));
        let governs = self.cues.person_word("governing", body);
        let fights = self.actors.in_range(&tokens).any(|actor| actor.kind == ActorKind::ArmedGroup);
        !(other || governs && fights)
    }

    /// Where the words for an unnamed speaker end: at a relative clause, unless it says that the speaker stays unnamed ("an official
    /// who asked not to be named").
    fn without_relative(&self, head: usize, end: usize, sentence: usize) -> usize {
        let tree = self.tree;
        let Some(relative) = (head + 1..end).find(|&token| self.cues.word("relative", &tree.lower(token))) else {
            return end;
        };
        let close =
            (relative..sentence).find(|&token| tree.is_punct(token) && tree.reading().form(token) != "-").unwrap_or(sentence);
        let anonymous = (relative..close).rev().find(|&token| self.cues.word("anonymity", &tree.lower(token)));
        anonymous.map_or(relative, |last| last + 1)
    }

    /// Of a name and a description beside each other the name: "Ann Reed, head of the board", "a former envoy, Ann Reed".
    fn one_side(&self, head: usize, range: Range<usize>) -> Range<usize> {
        let reading = self.tree.reading();
        let comma = |from: usize| (from..range.end).find(|&token| reading.form(token) == ",");
        let Some(first) = comma(head + 1) else { return range };
        let capital = |token: usize| reading.form(token).starts_with(char::is_uppercase);
        let article = self.cues.word("inside-role", &self.tree.lower(first + 1));
        let next = if article { first + 2 } else { first + 1 };
        if !capital(head) && next < range.end && capital(next) {
            return next..comma(next).unwrap_or(range.end);
        }
        range.start..first
    }

    /// "the Freedonian envoy", "the official": the last speaker with a name who may speak for the same state, where the words say no
    /// more of the office.
    fn by_state(&self, at: usize, tokens: &Range<usize>, lemma: &str) -> Option<Who> {
        if !self.cues.person_word("any-office", lemma) || tokens.len() > 3 {
            return None;
        }
        let state = self.actors.in_range(tokens).next().map(|actor| actor.actor.as_str());
        if state.is_none() && tokens.len() > 2 {
            return None;
        }
        self.back(at, |who| {
            let fits = state.is_none() || who.affiliation.as_deref() == state;
            who.named.is_some() && who.person && !who.plural && fits
        })
    }

    fn without_case(&self, range: &Range<usize>) -> Range<usize> {
        let mut range = range.clone();
        while range.start < range.end && self.cues.word("before-speaker", &self.tree.lower(range.start)) {
            range.start += 1;
        }
        while range.end > range.start && self.cues.word("possessive", &self.tree.lower(range.end - 1)) {
            range.end -= 1;
        }
        range
    }

    /// "the foreign minister": the last person named before whose role has these words.
    fn by_role(&self, at: usize, tokens: &Range<usize>, words: &[String]) -> Option<Who> {
        let reading = self.tree.reading();
        let end = self.people.mentions.partition_point(|mention| mention.tokens.start < at);
        let mut seen = Vec::new();
        for mention in self.people.mentions.iter().take(end).rev() {
            if seen.contains(&mention.who) {
                continue;
            }
            seen.push(mention.who);
            if seen.len() > 24 {
                break;
            }
            let Some(named) = self.people.all.get(mention.who) else { continue };
            let Some(role) = named.role else { continue };
            let role_words = reading.words(role).to_lowercase();
            let role_words: Vec<&str> = role_words.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
            let affiliation = named.affiliation.as_deref();
            let matches = words.iter().all(|word| {
                if role_words.contains(&word.as_str()) || self.cues.word("beside-role", word) {
                    return true;
                }
                let actor = self.actors.in_range(tokens).find(|actor| actor.words.to_lowercase().contains(word.as_str()));
                actor.is_some_and(|actor| affiliation.is_none_or(|own| own == actor.actor))
            });
            if matches {
                return self.of_named(mention.who);
            }
        }
        None
    }

    fn is_quoted(&self, token: usize) -> bool {
        self.quoted.get(token).copied().flatten().is_some()
    }

    fn fits(&self, who: usize, gender: Option<Gender>) -> bool {
        !self.named_in_content.contains(&who)
            && self.people.all.get(who).is_some_and(|named| {
                named.sort == Sort::Person && (named.gender.is_none() || gender.is_none() || named.gender == gender)
            })
    }

    /// "he" and "she".
    fn pronoun(&self, token: usize, gender: Option<Gender>) -> Option<Who> {
        let reading = self.tree.reading();
        let sentence = reading.sentence_of(token)?;
        let start = reading.sentences.get(sentence)?.tokens.start;
        // In the same sentence before the pronoun, the subject first.
        if let Some(who) = self.in_sentence(&(start..token), gender) {
            return Some(who);
        }
        let recent =
            || self.recent.iter().rev().take(40).filter(|(_, who)| !who.plural && who.person && !self.is_in_content(who));
        let named = recent().find(|(_, who)| who.named.is_none_or(|named| self.fits(named, gender)));
        // A name that nothing shows to be a person's comes after those that are.
        let sure = recent()
            .find(|(_, who)| who.named.is_some_and(|named| self.fits(named, gender)) || (who.named.is_none() && !who.body));
        let last = sure.filter(|(at, _)| sentence.saturating_sub(*at) <= 1).or(named);
        if let Some((at, who)) = last
            && sentence.saturating_sub(*at) <= 1
        {
            return Some(who.clone());
        }
        for back in 1..=REACH {
            let Some(before) = sentence.checked_sub(back).and_then(|at| reading.sentences.get(at)) else { break };
            if let Some((at, who)) = last
                && *at == sentence - back
            {
                return Some(who.clone());
            }
            if let Some(who) = self.in_sentence(&before.tokens, gender) {
                return Some(who);
            }
        }
        last.map(|(_, who)| who.clone())
    }

    /// The person in `tokens` that a pronoun after it most likely means: a subject, else the first one.
    fn in_sentence(&self, tokens: &Range<usize>, gender: Option<Gender>) -> Option<Who> {
        let graph = self.tree.graph;
        // Whoever stands only in somebody's words is not whom the text around them means.
        let fitting: Vec<_> = self
            .people
            .in_range(tokens)
            .filter(|mention| !self.is_quoted(mention.tokens.start) && self.fits(mention.who, gender))
            .collect();
        let subject = fitting.iter().find(|mention| {
            mention.tokens.clone().any(|token| matches!(graph.base_relation(token), "nsubj"))
                || mention.tokens.clone().any(|token| {
                    matches!(graph.base_relation(token), "flat" | "appos" | "compound")
                        && graph.head(token).is_some_and(|head| graph.base_relation(head) == "nsubj")
                })
        });
        // Someone who has a title or whom the article names in full is a person for sure.
        let sure = || {
            fitting.iter().find(|mention| {
                self.people
                    .all
                    .get(mention.who)
                    .is_some_and(|named| named.role.is_some() || named.gender.is_some() || named.words.len() > 1)
            })
        };
        let mention = subject.or_else(sure)?;
        self.of_named(mention.who)
    }

    /// The last speaker that fits.
    fn back(&self, token: usize, fits: impl Fn(&Who) -> bool) -> Option<Who> {
        let sentence = self.tree.reading().sentence_of(token)?;
        self.recent
            .iter()
            .rev()
            .take(6)
            .find(|(at, who)| sentence.saturating_sub(*at) <= REACH + 2 && fits(who) && !self.is_named_in_content(who))
            .map(|(_, who)| who.clone())
    }

    /// The subject of the sentence before, where it is a body or a state.
    fn subject_before(&self, token: usize) -> Option<Who> {
        let reading = self.tree.reading();
        let sentence = reading.sentence_of(token)?;
        let graph = self.tree.graph;
        for back in 0..=2 {
            let range = sentence.checked_sub(back).and_then(|at| reading.sentences.get(at))?.tokens.clone();
            let range = if back == 0 { range.start..token } else { range };
            let subject = range.clone().find(|&at| {
                !self.is_quoted(at)
                    && matches!(graph.relation(at), "nsubj" | "nsubj:pass")
                    && matches!(graph.tag(at), Upos::Propn | Upos::Noun)
                    && graph.head(at).is_some_and(|verb| graph.head(verb).is_none())
            });
            if let Some(subject) = subject {
                let tokens = extent::nominal(self.tree, subject, range);
                return self.source(subject, &tokens).or_else(|| self.described(subject, &tokens));
            }
        }
        None
    }

    /// The speaker of a quotation without a cue: the one in force, unless the sentence right before has a new subject.
    fn carried(&self, token: usize, in_force: Option<Who>) -> Option<Who> {
        let reading = self.tree.reading();
        let sentence = reading.sentence_of(token)?;
        let before = sentence.checked_sub(1)?;
        let spoke = self.recent.iter().rev().take(4).any(|(at, _)| *at == before);
        if !spoke && let Some(range) = reading.sentences.get(before).map(|sentence| sentence.tokens.clone()) {
            let graph = self.tree.graph;
            let subject = range.clone().find(|&at| {
                !self.is_quoted(at)
                    && matches!(graph.relation(at), "nsubj")
                    && graph.head(at).is_some_and(|verb| graph.head(verb).is_none())
            });
            if let Some(subject) = subject {
                let tokens = extent::nominal(self.tree, subject, range);
                let human = self
                    .people
                    .in_range(&tokens)
                    .any(|mention| self.people.all.get(mention.who).is_some_and(|named| named.sort == Sort::Person))
                    || self.cues.word("he-or-she", &self.tree.lower(subject));
                if human {
                    return self.source(subject, &tokens).or(in_force);
                }
            }
        }
        in_force.filter(|who| !self.is_named_in_content(who))
    }

    /// A speaker whom only the words of the text name: nobody speaks of himself by name.
    fn is_in_content(&self, who: &Who) -> bool {
        let last = self.tree.reading().words(who.name).split_whitespace().next_back();
        who.named.is_none() && last.is_some_and(|last| self.words_in_content.contains(last))
    }

    fn is_named_in_content(&self, who: &Who) -> bool {
        who.named.is_some_and(|named| self.named_in_content.contains(&named))
    }
}
