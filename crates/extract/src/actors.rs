//! Political actors in a reading: where they stand, and for whom a word or a person speaks.
use chancery_agreement::Span;
use chancery_dissect::Reading;
use chancery_dissect::actors::{ActorKind, Choice, Gazetteer, Relation};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Words that stand for a political actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorMention {
    /// Canonical name of the actor.
    pub actor: String,
    /// What sort of actor it is.
    pub kind: ActorKind,
    /// How the words stand for it.
    pub relation: Relation,
    /// Where they stand, in tokens.
    pub tokens: Range<usize>,
    /// The words.
    pub words: String,
    /// Where they stand, in bytes.
    pub span: Span,
}

/// All actor mentions of a reading, in order of the text.
#[derive(Debug, Clone, Default)]
pub struct Actors {
    mentions: Vec<ActorMention>,
    counts: BTreeMap<String, usize>,
}

impl Actors {
    /// Finds the actors of `reading` with `gazetteer`. A word that can name several is the one that the article names by other words,
    /// where it names but one of them.
    #[must_use]
    pub fn find(reading: &Reading<'_>, gazetteer: &Gazetteer) -> Self {
        let text = &reading.article.text;
        let hits: Vec<_> = reading.article.story().flat_map(|block| gazetteer.scan_open(text, block.span)).collect();
        let told: BTreeSet<&str> =
            hits.iter().filter(|hit| hit.choice == Choice::Sole).map(|hit| hit.found.actor.name.as_str()).collect();
        let mut found = Self::default();
        for hit in hits {
            let span = hit.span;
            let named = match hit.choice {
                Choice::Sole => Some(hit.found),
                Choice::Preferred | Choice::Open => {
                    let preferred = Some(hit.found).filter(|_| hit.choice == Choice::Preferred);
                    let all = gazetteer.candidates(span.of(text));
                    let mut named = all.into_iter().filter(|candidate| told.contains(candidate.actor.name.as_str()));
                    named.next().filter(|_| named.next().is_none()).or(preferred)
                }
            };
            let tokens = reading.tokens_in(span);
            let Some(named) = named.filter(|_| !tokens.is_empty()) else { continue };
            let actor = named.actor.name.clone();
            *found.counts.entry(actor.clone()).or_default() += 1;
            let words = reading.words(hit.told).to_owned();
            let span = hit.told;
            found.mentions.push(ActorMention { actor, kind: named.actor.kind, relation: named.relation, tokens, words, span });
        }
        found
    }

    /// Adds actors that stand in no list.
    pub fn add(&mut self, further: Vec<ActorMention>) {
        for actor in &further {
            *self.counts.entry(actor.actor.clone()).or_default() += 1;
        }
        self.mentions.extend(further);
        self.mentions.sort_by_key(|mention| mention.tokens.start);
    }

    /// Adds actors that stand in no list and whose words may hold names of listed ones ("Chilean rebels", "Chad Brook"): those no longer
    /// stand for themselves.
    pub fn describe(&mut self, described: Vec<ActorMention>) {
        for description in &described {
            let inside = |mention: &ActorMention| {
                mention.tokens.start >= description.tokens.start && mention.tokens.end <= description.tokens.end
            };
            for mention in self.mentions.iter().filter(|mention| inside(mention)) {
                if let Some(count) = self.counts.get_mut(&mention.actor) {
                    *count = count.saturating_sub(1);
                }
            }
            self.mentions.retain(|mention| !inside(mention));
        }
        self.add(described);
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[ActorMention] {
        &self.mentions
    }

    /// Those that lie inside `tokens`.
    pub fn in_range(&self, tokens: &Range<usize>) -> impl Iterator<Item = &ActorMention> {
        let start = self.mentions.partition_point(|mention| mention.tokens.start < tokens.start);
        let end = tokens.end;
        self.mentions.iter().skip(start).take_while(move |mention| mention.tokens.start < end)
    }

    /// The one that begins at `token`.
    #[must_use]
    pub fn starting_at(&self, token: usize) -> Option<&ActorMention> {
        let at = self.mentions.partition_point(|mention| mention.tokens.start < token);
        self.mentions.get(at).filter(|mention| mention.tokens.start == token)
    }

    /// The one that holds `token`.
    #[must_use]
    pub fn at(&self, token: usize) -> Option<&ActorMention> {
        let after = self.mentions.partition_point(|mention| mention.tokens.start <= token);
        after.checked_sub(1).and_then(|at| self.mentions.get(at)).filter(|mention| mention.tokens.contains(&token))
    }

    /// All that hold `token`: several where its word names several at once ("the Koreas").
    #[must_use]
    pub fn all_at(&self, token: usize) -> &[ActorMention] {
        let Some(one) = self.at(token) else { return &[] };
        let first = self.mentions.partition_point(|mention| mention.tokens.start < one.tokens.start);
        let after = self.mentions.partition_point(|mention| mention.tokens.start <= one.tokens.start);
        self.mentions.get(first..after).unwrap_or_default()
    }

    /// Kind of the actor of this name, where it is mentioned.
    #[must_use]
    pub fn kind_of(&self, actor: &str) -> Option<ActorKind> {
        self.mentions.iter().find(|mention| mention.actor == actor).map(|mention| mention.kind)
    }

    /// How often each actor is mentioned.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<String, usize> {
        &self.counts
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use crate::Extractor;
    use chancery_agreement::Article;

    /// The words for actors in `text`, each with the actor's name.
    pub(crate) fn actors(text: &str) -> Vec<String> {
        let found = Extractor::new().unwrap().actors(&Article::plain(text));
        found.into_iter().map(|actor| format!("{}: {}", actor.words, actor.actor)).collect()
    }

    #[test]
    fn the_article_says_which_of_two_states_of_one_name_is_meant() {
        assert_eq!(
            actors("Envoys of the Congo met in Kinshasa."),
            ["Congo: Democratic Republic of the Congo", "Kinshasa: Democratic Republic of the Congo"]
        );
        assert_eq!(
            actors("Envoys of the Congo met in Brazzaville."),
            ["Congo: Republic of the Congo", "Brazzaville: Republic of the Congo"]
        );
        assert_eq!(actors("Congolese envoys went from Kinshasa to Brazzaville.").len(), 2);
        assert!(actors("Congolese envoys met.").is_empty());
    }

    #[test]
    fn the_words_for_an_actor_are_all_that_name_it() {
        assert_eq!(actors("North and South Korea met."), ["North and South Korea: North Korea", "South Korea: South Korea"]);
    }

    #[test]
    fn a_word_keeps_its_usual_meaning_unless_the_article_names_the_other() {
        assert_eq!(actors("Brussels and Peru signed a pact."), ["Brussels: European Union", "Peru: Peru"]);
        assert_eq!(actors("Brussels signed it for Belgium."), ["Brussels: Belgium", "Belgium: Belgium"]);
    }
}
