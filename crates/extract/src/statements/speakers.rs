//! Who a source is: pronouns, descriptions and short names lead to the name that the article gives.
use crate::actors::Actors;
use crate::statements::attribution::Attribution;
use crate::statements::cues::{Cues, Weight};
use crate::statements::people::{Gender, NameMention, People, Sort};
use crate::statements::tree::Tree;
use chancery_agreement::Span;
use chancery_dissect::Upos;
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
    let mut resolver = Resolver { tree, cues, actors, people, recent: Vec::new(), named_in_content: BTreeSet::new() };
    let mut found: Vec<Option<Who>> = Vec::with_capacity(attributions.len());
    for attribution in attributions {
        // Nobody speaks of himself by name.
        let content = attribution.content.iter().map(|piece| tree.reading().tokens_in(piece.span));
        resolver.named_in_content =
            content.flat_map(|tokens| people.in_range(&tokens).map(|mention| mention.who).collect::<Vec<_>>()).collect();
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
            && let Some(sentence) = tree.reading().sentence_of(attribution.head)
        {
            resolver.recent.push((sentence, who.clone()));
        }
        found.push(who);
    }
    found
}

struct Resolver<'t, 'r, 'a> {
    tree: &'t Tree<'r, 'a>,
    cues: &'t Cues,
    actors: &'t Actors,
    people: &'t People,
    recent: Vec<(usize, Who)>,
    /// Whom the content that is being resolved names.
    named_in_content: BTreeSet<usize>,
}

impl Resolver<'_, '_, '_> {
    fn source(&self, head: usize, tokens: &Range<usize>) -> Option<Who> {
        let form = self.tree.lower(head);
        if tokens.len() == 1 {
            match form.as_str() {
                "he" => return self.pronoun(head, Some(Gender::Male)),
                "she" => return self.pronoun(head, Some(Gender::Female)),
                "it" => return self.back(head, |who| who.body && !who.plural).or_else(|| self.subject_before(head)),
                "they" | "both" | "all" => {
                    return self.back(head, |who| who.plural || who.body).or_else(|| self.subject_before(head));
                }
                "who" | "which" | "that" | "there" => return None,
                "i" | "we" | "you" => return self.back(head, |_| true),
                _ => {}
            }
        }
        if let Some(who) = self.named(head, tokens) {
            return Some(who);
        }
        self.described(head, tokens)
    }

    /// Whether these words can name who spoke a quotation: a person, an actor, a name, or a noun for people or bodies. "The
    /// decision" cannot; the quotation is kept, and nobody is made its speaker.
    fn can_speak(&self, who: &Who) -> bool {
        if who.named.is_some() || who.role.is_some() || who.affiliation.is_some() {
            return true;
        }
        let words = self.tree.reading().words(who.name);
        let someone = |word: &str| {
            let lower = word.to_lowercase();
            let single = lower.strip_suffix('s').unwrap_or(&lower);
            ["roles", "persons", "bodies", "outlets"]
                .iter()
                .any(|list| self.cues.person_word(list, &lower) || self.cues.person_word(list, single))
        };
        !who.text && words.split_whitespace().any(|word| word.starts_with(char::is_uppercase) || someone(word))
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
            text: false,
        })
    }

    /// A source that has a name in it, as its head or beside it.
    fn named(&self, head: usize, tokens: &Range<usize>) -> Option<Who> {
        let graph = self.tree.graph;
        let joined = self.tree.down(head, "conj").any(|child| tokens.contains(&child));
        let linked: Vec<&NameMention> = self.people.in_range(tokens).filter(|mention| self.is_linked(mention, head)).collect();
        // "another Reed spokesman, Kevin Brody": the name that is no part of the office's own words.
        let role = self.cues.person_word("roles", &self.tree.reading().lemma(head).to_lowercase());
        let apposed = |mention: &&&NameMention| role && !joined && mention.tokens.start > head;
        // Where the parser lost the tie: a person at the very end of a source that begins with an office.
        let last = || {
            let mention = self.people.in_range(tokens).next_back().filter(|mention| mention.tokens.end == tokens.end)?;
            let person = self.people.all.get(mention.who).is_some_and(|named| named.sort == Sort::Person);
            let office =
                (tokens.start..mention.tokens.start).any(|token| self.cues.person_word("roles", &self.tree.lower(token)));
            let bare = mention.tokens.start.checked_sub(1).is_some_and(|before| graph.tag(before) != Upos::Adp);
            (person && office && bare && !joined).then_some(mention)
        };
        let mention = linked.iter().find(apposed).copied().or_else(last).or_else(|| linked.first().copied())?;
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

    /// A source without a name: a description, a state, a body, a text.
    fn described(&self, head: usize, tokens: &Range<usize>) -> Option<Who> {
        let tree = self.tree;
        let graph = tree.graph;
        if !matches!(graph.tag(head), Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num | Upos::Adj | Upos::Det) {
            return None;
        }
        let lemma = tree.reading().lemma(head).to_lowercase();
        let first = tree.lower(tokens.start);
        let definite = matches!(first.as_str(), "the" | "his" | "her" | "its" | "their" | "this" | "that");
        let role = self.cues.person_word("roles", &lemma);
        let plural =
            tree.reading().syntax(head).is_some_and(|syntax| syntax.features.number == Some(chancery_dissect::Number::Plur))
                || tree.down(head, "conj").any(|child| tokens.contains(&child));
        if definite && role && !plural {
            let words: Vec<String> = tokens
                .clone()
                .map(|token| tree.lower(token))
                .filter(|word| !matches!(word.as_str(), "the" | "of" | "a" | "'s"))
                .collect();
            if let Some(who) = self.by_role(head, tokens, &words) {
                return Some(who);
            }
        }
        if self.cues.person_word("texts", &lemma) {
            // "the statement" speaks for whoever issued it.
            let issuer = tree.down(head, "nmod").find(|&child| {
                tokens.contains(&child) && tree.children(child).any(|case| matches!(tree.lower(case).as_str(), "by" | "from"))
                    || tree.graph.relation(child) == "nmod:poss"
            });
            if let Some(issuer) = issuer
                && tree.graph.tag(issuer) != Upos::Pron
            {
                let range = crate::statements::extent::nominal(tree, issuer, tokens.clone());
                return self.source(issuer, &self.without_case(&range));
            }
            // "issued a statement saying": whoever issued it.
            let issued = graph.head(head).filter(|_| graph.base_relation(head) == "obj");
            let issued = issued.and_then(|verb| tree.down(verb, "nsubj").next());
            if let Some(issuer) = issued {
                let limit = tree.sentence(head).start..head;
                return self.source(issuer, &crate::statements::extent::nominal(tree, issuer, limit));
            }
            if definite
                && tokens.len() <= 3
                && let Some(who) = self.back(head, |_| true)
            {
                return Some(who);
            }
        }
        let nameless = || self.actors.in_range(tokens).next().is_none() && self.people.in_range(tokens).next().is_none();
        if definite
            && !role
            && tokens.len() <= 4
            && self.cues.person_word("bodies", &lemma)
            && nameless()
            && let Some(who) = self.back(head, |who| who.body && !who.plural && who.name != tree.span(tokens))
        {
            return Some(who);
        }
        let mut range = tokens.clone();
        if matches!(first.as_str(), "the" | "a" | "an") {
            range.start += 1;
        }
        if range.is_empty() {
            return None;
        }
        let actor = self.actors.in_range(tokens).next();
        let body = !role || actor.is_some_and(|actor| actor.tokens.contains(&head));
        Some(Who {
            name: tree.span(&range),
            named: None,
            role: role.then(|| tree.span(&range)),
            affiliation: actor.map(|actor| actor.actor.clone()),
            plural,
            body,
            text: self.cues.person_word("texts", &lemma),
        })
    }

    fn without_case(&self, range: &Range<usize>) -> Range<usize> {
        let mut range = range.clone();
        while range.start < range.end && matches!(self.tree.lower(range.start).as_str(), "by" | "from" | "of") {
            range.start += 1;
        }
        while range.end > range.start && matches!(self.tree.lower(range.end - 1).as_str(), "'s" | "’s" | "'") {
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
            let affiliation = named.affiliation.as_deref();
            let matches = words.iter().all(|word| {
                if role_words.contains(word.as_str()) || matches!(word.as_str(), "former" | "current" | "new" | "late" | "for") {
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
        let last = self
            .recent
            .iter()
            .rev()
            .take(40)
            .find(|(_, who)| !who.plural && (!who.body) && who.named.is_none_or(|named| self.fits(named, gender)));
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
        let fitting: Vec<_> = self.people.in_range(tokens).filter(|mention| self.fits(mention.who, gender)).collect();
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
                matches!(graph.relation(at), "nsubj" | "nsubj:pass")
                    && matches!(graph.tag(at), Upos::Propn | Upos::Noun)
                    && graph.head(at).is_some_and(|verb| graph.head(verb).is_none())
            });
            if let Some(subject) = subject {
                let tokens = crate::statements::extent::nominal(self.tree, subject, range);
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
                matches!(graph.relation(at), "nsubj") && graph.head(at).is_some_and(|verb| graph.head(verb).is_none())
            });
            if let Some(subject) = subject {
                let tokens = crate::statements::extent::nominal(self.tree, subject, range);
                let human = self
                    .people
                    .in_range(&tokens)
                    .any(|mention| self.people.all.get(mention.who).is_some_and(|named| named.sort == Sort::Person))
                    || matches!(self.tree.lower(subject).as_str(), "he" | "she");
                if human {
                    return self.source(subject, &tokens).or(in_force);
                }
            }
        }
        in_force.filter(|who| !self.is_named_in_content(who))
    }

    fn is_named_in_content(&self, who: &Who) -> bool {
        who.named.is_some_and(|named| self.named_in_content.contains(&named))
    }
}
