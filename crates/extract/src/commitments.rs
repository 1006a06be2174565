//! How binding the words of a commitment are.
use crate::graph::Graph;
use chancery_agreement::Strength;

/// How binding the words are: by the auxiliaries of the verbs, then by the verbs themselves.
pub(crate) fn strength(graph: Graph<'_, '_>, trigger: usize, head: usize) -> Strength {
    let reading = graph.reading();
    for token in [head, trigger] {
        for aux in graph.down(token, "aux") {
            match &*reading.lower(aux) {
                "may" | "can" | "could" | "might" => return Strength::May,
                "should" => return Strength::Aim,
                "will" | "shall" | "must" => return Strength::Shall,
                _ => {}
            }
        }
    }
    match reading.lemma(trigger) {
        "allow" | "permit" | "enable" | "authorize" | "authorise" | "entitle" => Strength::May,
        "aim" | "seek" | "envisage" | "envision" | "foresee" => Strength::Aim,
        _ => Strength::Shall,
    }
}
