//! What the lists of actors and of well-known instruments say about words in names: which adjective belongs to which state,
//! and which names one instrument goes by. The same files that reading and extraction work with.
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The part of a list of actors that is of use here.
#[derive(Deserialize)]
struct Actors {
    actor: Vec<Actor>,
}

#[derive(Deserialize)]
struct Actor {
    name: String,
    #[serde(default)]
    demonyms: Vec<String>,
    #[serde(default)]
    capitals: Vec<String>,
}

/// `rules/instruments.toml`.
#[derive(Deserialize)]
struct Instruments {
    instrument: Vec<Instrument>,
}

#[derive(Deserialize)]
struct Instrument {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
}

/// Adjectives of states and the names of instruments.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Adjective or word for a people → name of the state, all in lower case.
    demonyms: BTreeMap<String, String>,
    /// Capital or seat → name of the state, all in lower case.
    capitals: BTreeMap<String, String>,
    /// Names of states and other polities, all in lower case.
    states: BTreeSet<String>,
    /// Last word of a name of an instrument → (that name, the instrument's own name), the longest first.
    instruments: BTreeMap<String, Vec<(String, String)>>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let mut known = Known::default();
    let lists = [
        ("rules/actors/states.toml", include_str!("../../../rules/actors/states.toml")),
        ("rules/actors/contested.toml", include_str!("../../../rules/actors/contested.toml")),
        ("rules/actors/territories.toml", include_str!("../../../rules/actors/territories.toml")),
        ("rules/actors/former.toml", include_str!("../../../rules/actors/former.toml")),
    ];
    for (file, text) in lists {
        let list: Actors = crate::weights::parsed(file, text);
        for actor in list.actor {
            known.states.insert(actor.name.to_lowercase());
            for capital in &actor.capitals {
                known.capitals.entry(capital.to_lowercase()).or_insert_with(|| actor.name.to_lowercase());
            }
            // "Sino-" as it stands in "Sino-Russian".
            let parts = actor.demonyms.iter().map(|word| word.strip_suffix('-').unwrap_or(word));
            for word in parts.filter(|word| word.chars().all(char::is_alphabetic)) {
                // Of two states with one adjective the first stands for both: it is compared, not shown.
                known.demonyms.entry(word.to_lowercase()).or_insert_with(|| actor.name.to_lowercase());
            }
        }
    }
    let list: Instruments = crate::weights::parsed("rules/instruments.toml", include_str!("../../../rules/instruments.toml"));
    for instrument in list.instrument {
        for alias in std::iter::once(&instrument.name).chain(&instrument.aliases) {
            let Some(last) = alias.split_whitespace().last() else { continue };
            known.instruments.entry(last.to_owned()).or_default().push((alias.clone(), instrument.name.clone()));
        }
    }
    for names in known.instruments.values_mut() {
        names.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
    }
    known
});

/// The lists, read when first asked for.
pub(crate) fn known() -> &'static Known {
    &KNOWN
}

impl Known {
    /// The state that an adjective or the word for a people belongs to, in lower case.
    pub(crate) fn state_of(&self, word: &str) -> Option<&str> {
        self.demonyms.get(word).map(String::as_str)
    }

    /// True for the name of a state or other polity, in lower case.
    pub(crate) fn is_state(&self, name: &str) -> bool {
        self.states.contains(name)
    }

    /// The state whose capital or seat a word names, in lower case.
    pub(crate) fn state_of_capital(&self, word: &str) -> Option<&str> {
        self.capitals.get(word).map(String::as_str)
    }

    /// `name` with the own name of a well-known instrument at its end in place of the one that it goes by here ("the NPT"),
    /// and that own name.
    pub(crate) fn in_full(&self, name: &str) -> Option<(String, &str)> {
        let name = name.trim_end();
        let names = self.instruments.get(name.split_whitespace().last()?)?;
        names.iter().find_map(|(alias, full)| {
            let before = name.strip_suffix(alias.as_str())?;
            let whole_words = before.is_empty() || before.ends_with(char::is_whitespace);
            whole_words.then(|| (format!("{before}{full}"), full.as_str()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::known;

    #[test]
    fn adjectives_and_other_names_are_those_of_the_lists() {
        assert_eq!((known().state_of("mexican"), known().state_of("ferry")), (Some("mexico"), None));
        assert_eq!((known().state_of("sino"), known().state_of("inter-korean")), (Some("china"), None));
        let full = "North American Free Trade Agreement";
        assert_eq!(known().in_full("the NAFTA"), Some((format!("the {full}"), full)));
        assert_eq!((known().state_of_capital("lima"), known().state_of_capital("ferry")), (Some("peru"), None));
        assert_eq!(known().in_full("notNAFTA"), None);
        assert_eq!(known().in_full("ferry accord"), None);
    }
}
