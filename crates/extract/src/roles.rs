//! Who helps an agreement along without being bound by it: mediators, guarantors, hosts, depositaries (`rules/en/party-roles.toml`).
use crate::agreements::Tools;
use crate::rule::Records;
use crate::rule::matching::Match;
use chancery_agreement::{Evidence, Party};

/// An actor's part in an agreement, other than that of a party.
#[derive(Debug, Clone)]
pub struct FoundRole {
    /// Head of the mention that it belongs to.
    pub agreement: usize,
    /// The cell.
    pub party: Party,
}

/// The parts that the matches give, in their order.
#[must_use]
pub fn roles(tools: &Tools<'_, '_, '_>, matches: &[Match<'_>]) -> Vec<FoundRole> {
    let graph = tools.graph;
    let mut found = Vec::new();
    for matched in matches {
        let Records::Party(role) = matched.rule.records else { continue };
        let Some(&agreement) = matched.argument("agreement").first() else { continue };
        // "brokered in Oman by Norway"
        let helps = |token: &&usize| graph.base_relation(**token) != "obl" || graph.case(**token) == Some("by");
        for &token in matched.argument("party").iter().filter(helps) {
            for actor in graph.with_conjuncts(token).into_iter().flat_map(|token| tools.speaks_for(token)) {
                let evidence = Evidence::new(graph.reading().article, actor.span, &matched.rule.name, matched.rule.confidence);
                found.extend(
                    evidence.map(|evidence| FoundRole { agreement, party: Party { actor: actor.actor, role, evidence } }),
                );
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::Extractor;
    use chancery_agreement::Article;

    fn parts(text: &str) -> Vec<String> {
        let (found, _) = Extractor::new().unwrap().extract(&Article::plain(text));
        let parties = found.agreements.into_iter().flat_map(|agreement| agreement.parties);
        parties.map(|party| format!("{}: {}", party.actor, party.role)).collect()
    }

    #[test]
    fn who_brokers_is_a_mediator_and_no_party() {
        assert_eq!(
            parts("Chad and Niger signed a peace deal brokered by Norway on Friday."),
            ["Chad: party", "Niger: party", "Norway: mediator"]
        );
    }

    #[test]
    fn all_who_brokered_are_mediators() {
        assert_eq!(
            parts("Chad and Niger signed a peace deal brokered by Norway and Kenya on Friday."),
            ["Chad: party", "Niger: party", "Norway: mediator", "Kenya: mediator"]
        );
    }

    #[test]
    fn where_it_was_brokered_is_no_part() {
        assert_eq!(parts("Chad and Niger signed a peace deal brokered in Oman."), ["Chad: party", "Niger: party"]);
    }
}
