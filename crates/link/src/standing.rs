//! How words stand for an actor: a demonym, a capital, a parliament or a ministry means its polity, and the register keeps which it was.
use crate::names::without_possessive;
use crate::weights::{parsed, rules};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How words stand for the actor that they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A name of it.
    Name,
    /// An abbreviation of its name.
    Abbreviation,
    /// Adjective, or word for its people.
    Demonym,
    /// Its capital.
    Capital,
    /// Another city or building of its government.
    Seat,
    /// A part of it: parliament, army, ministry.
    Institution,
    /// A body of it that no list has: its name with further words ("Ruritanian transport ministry").
    Body,
    /// Words that only describe it.
    Description,
}

impl Standing {
    /// Its name in the register.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Abbreviation => "abbreviation",
            Self::Demonym => "demonym",
            Self::Capital => "capital",
            Self::Seat => "seat",
            Self::Institution => "institution",
            Self::Body => "body",
            Self::Description => "description",
        }
    }
}

#[derive(Deserialize)]
struct List {
    actor: Vec<Actor>,
}

#[derive(Deserialize)]
struct Actor {
    name: String,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    abbreviations: Vec<String>,
    #[serde(default)]
    demonyms: Vec<String>,
    #[serde(default)]
    capitals: Vec<String>,
    #[serde(default)]
    seats: Vec<String>,
    #[serde(default)]
    institutions: Vec<String>,
}

/// Name of the actor in lower case → its words in lower case, with how they stand for it.
static LISTED: LazyLock<BTreeMap<String, BTreeMap<String, Standing>>> = LazyLock::new(|| {
    let files = [
        ("rules/actors/states.toml", include_str!("../../../rules/actors/states.toml")),
        ("rules/actors/contested.toml", include_str!("../../../rules/actors/contested.toml")),
        ("rules/actors/territories.toml", include_str!("../../../rules/actors/territories.toml")),
        ("rules/actors/former.toml", include_str!("../../../rules/actors/former.toml")),
        ("rules/actors/bodies.toml", include_str!("../../../rules/actors/bodies.toml")),
        ("rules/actors/groups.toml", include_str!("../../../rules/actors/groups.toml")),
    ];
    let mut listed: BTreeMap<String, BTreeMap<String, Standing>> = BTreeMap::new();
    for (file, text) in files {
        let list: List = parsed(file, text);
        for actor in list.actor {
            let own = listed.entry(actor.name.to_lowercase()).or_default();
            let words = [
                (vec![actor.name], Standing::Name),
                (actor.names, Standing::Name),
                (actor.abbreviations, Standing::Abbreviation),
                (actor.demonyms, Standing::Demonym),
                (actor.capitals, Standing::Capital),
                (actor.seats, Standing::Seat),
                (actor.institutions, Standing::Institution),
            ];
            for (words, standing) in words {
                for word in words {
                    own.entry(word.to_lowercase()).or_insert(standing);
                }
            }
        }
    }
    listed
});

/// How `words` stand for `actor`; `None` where nothing shows it.
#[must_use]
pub fn standing(words: &str, actor: &str) -> Option<Standing> {
    let (words, actor) = (plain(words), plain(actor));
    if words == actor {
        return Some(Standing::Name);
    }
    let Some(listed) = LISTED.get(&actor) else {
        // Of an actor that no list has the name is what the text calls it at its fullest.
        let part = actor.split(' ').any(|own| words.split(' ').any(|word| word == own));
        return part.then_some(Standing::Description);
    };
    if let Some(standing) = listed.get(&words) {
        return Some(*standing);
    }
    let holds = |known: &String| {
        let at = words.find(known.as_str());
        at.is_some_and(|at| {
            let before = words.get(..at).is_some_and(|before| before.is_empty() || before.ends_with(' '));
            let after =
                words.get(at + known.len()..).is_some_and(|after| after.is_empty() || after.starts_with([' ', '\'', '’']));
            before && after
        })
    };
    let named = [Standing::Name, Standing::Demonym, Standing::Abbreviation];
    listed.iter().any(|(known, standing)| named.contains(standing) && holds(known)).then_some(Standing::Body)
}

/// In lower case, one space between words, no article before and no possessive after.
fn plain(words: &str) -> String {
    let lower = words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let bare = match lower.split_once(' ') {
        Some((article, rest)) if rules().words.definite.contains(article) => rest,
        _ => &lower,
    };
    without_possessive(bare).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Standing, standing};

    #[test]
    fn words_keep_how_they_stand_for_their_polity() {
        let of = |words: &str, actor: &str| standing(words, actor);
        assert_eq!(of("Mexico", "Mexico"), Some(Standing::Name));
        assert_eq!(of("Mexican", "Mexico"), Some(Standing::Demonym));
        assert_eq!(of("Mexico City", "Mexico"), Some(Standing::Capital));
        assert_eq!(of("the Kremlin", "Russia"), Some(Standing::Seat));
        assert_eq!(of("EU", "European Union"), Some(Standing::Abbreviation));
        assert_eq!(of("Mexican transport ministry", "Mexico"), Some(Standing::Body));
        assert_eq!(of("northern rebels", "rebels of Klow"), Some(Standing::Description));
        assert_eq!(of("it", "Mexico"), None);
    }
}
