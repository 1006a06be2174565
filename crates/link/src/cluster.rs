//! Joins the mentions of one component into agreements: best pairs first, as long as nothing in two clusters forbids it.
use crate::actors::Actors;
use crate::mention::Mention;
use crate::score::signs;
use crate::weights::Rules;
use chancery_agreement::AgreementKind;
use std::collections::{BTreeMap, BTreeSet};

/// Members of a cluster that are looked at for the parties it goes by.
const MOST_LOOKED_AT: usize = 50;

/// Place of a mention in its component.
pub(crate) type Local = u32;

/// Mentions that may have to do with each other, and no others: what is joined here depends on nothing outside.
pub(crate) struct Component<'m> {
    /// The mentions in order of their ids, each with the number of its document.
    pub mentions: Vec<(&'m Mention, i64)>,
    /// Pairs that are worth joining, the smaller place first, each once.
    pub pairs: Vec<(Local, Local)>,
    /// Pairs that a person has joined.
    pub together: Vec<(Local, Local)>,
    /// Pairs that a person has kept apart.
    pub apart: Vec<(Local, Local)>,
}

/// A pair that may be joined.
struct Edge {
    /// Thousandths of the score, so that the order is exact.
    score: i32,
    a: Local,
    b: Local,
}

/// The clusters of a component; the founder of each, whose report was published first, stands first.
pub(crate) fn clusters(component: &Component<'_>, actors: &Actors, rules: &Rules) -> Vec<Vec<Local>> {
    let mut edges: Vec<Edge> = component
        .pairs
        .iter()
        .filter_map(|&(a, b)| {
            let score = signs(actors, component.mention(a)?, component.mention(b)?, rules).score(&rules.weights);
            Some(Edge { score: (score * 1000.0) as i32, a, b })
        })
        .collect();
    edges.sort_unstable_by(|x, y| y.score.cmp(&x.score).then((x.a, x.b).cmp(&(y.a, y.b))));
    let mut groups = Groups::new(component, actors, rules);
    for &(a, b) in &component.together {
        let (a, b) = (groups.root(a), groups.root(b));
        if a != b {
            groups.join(a, b);
        }
    }
    for edge in &edges {
        let (a, b) = (groups.root(edge.a), groups.root(edge.b));
        if a != b && groups.may_join(a, b) {
            groups.join(a, b);
        }
    }
    groups.take_in_the_nameless();
    let order = |id: &Local| {
        let published = component.mention(*id).and_then(|mention| mention.published);
        (published.is_none(), published, *id)
    };
    let mut found: Vec<Vec<Local>> = groups.members.into_iter().filter(|members| !members.is_empty()).collect();
    for members in &mut found {
        members.sort_unstable_by_key(order);
    }
    found
}

impl<'m> Component<'m> {
    fn mention(&self, id: Local) -> Option<&'m Mention> {
        self.mentions.get(id as usize).map(|(mention, _)| *mention)
    }
}

/// Clusters in the making: a union-find with the members and the documents of each root.
struct Groups<'c, 'm> {
    component: &'c Component<'m>,
    actors: &'c Actors,
    rules: &'c Rules,
    parent: Vec<Local>,
    members: Vec<Vec<Local>>,
    documents: Vec<Vec<i64>>,
}

impl<'c, 'm> Groups<'c, 'm> {
    fn new(component: &'c Component<'m>, actors: &'c Actors, rules: &'c Rules) -> Self {
        let count = u32::try_from(component.mentions.len()).unwrap_or(u32::MAX);
        Self {
            component,
            actors,
            rules,
            parent: (0..count).collect(),
            members: (0..count).map(|id| vec![id]).collect(),
            documents: component.mentions.iter().map(|(_, document)| vec![*document]).collect(),
        }
    }

    fn root(&mut self, mut id: Local) -> Local {
        while let Some(parent) = self.parent.get(id as usize).copied().filter(|parent| *parent != id) {
            let above = self.parent.get(parent as usize).copied().unwrap_or(parent);
            if let Some(slot) = self.parent.get_mut(id as usize) {
                *slot = above;
            }
            id = above;
        }
        id
    }

    /// No article in both, and nobody has said that they are two.
    fn are_apart(&mut self, a: Local, b: Local) -> bool {
        let (Some(of_a), Some(of_b)) = (self.documents.get(a as usize), self.documents.get(b as usize)) else { return false };
        let (few, many) = if of_a.len() <= of_b.len() { (of_a, of_b) } else { (of_b, of_a) };
        if few.iter().any(|document| many.binary_search(document).is_ok()) {
            return true;
        }
        let component = self.component;
        component.apart.iter().any(|&(x, y)| {
            let (x, y) = (self.root(x), self.root(y));
            (x, y) == (a, b) || (x, y) == (b, a)
        })
    }

    /// The pairs between two clusters speak for their being one, on the whole.
    fn may_join(&mut self, a: Local, b: Local) -> bool {
        if self.are_apart(a, b) {
            return false;
        }
        let rules = self.rules;
        let sample = rules.weights.limit.sample;
        let (of_a, of_b) = (spread(self.members.get(a as usize), sample), spread(self.members.get(b as usize), sample));
        let (mut sum, mut count) = (0.0, 0.0f32);
        let (mut best_of_a, mut best_of_b) = ([LEAST_PAIR; MOST_SAMPLED], [LEAST_PAIR; MOST_SAMPLED]);
        for (x, best_of_x) in of_a.clone().zip(&mut best_of_a) {
            for (y, best_of_y) in of_b.clone().zip(&mut best_of_b) {
                let (x, y) = (x.min(y), x.max(y));
                if let (Some(x), Some(y)) = (self.component.mention(x), self.component.mention(y)) {
                    let pair = signs(self.actors, x, y, rules);
                    // One pair counts for no more than this either way: a single very sure pair does not outvote doubt,
                    // and a pair that merely says too little for one instrument does not count as if it spoke of two.
                    let silent = !pair.speaks_of_two() && pair.fits_in_time();
                    let least = if silent { rules.weights.threshold.silent } else { LEAST_PAIR };
                    let score = pair.score(&rules.weights).clamp(least, -LEAST_PAIR);
                    (*best_of_x, *best_of_y) = (best_of_x.max(score), best_of_y.max(score));
                    sum += score;
                    count += 1.0;
                }
            }
        }
        // Reports of one instrument need not all be like each other: each needs one that it is like.
        let compared = of_a.count().min(MOST_SAMPLED)..of_b.count().min(MOST_SAMPLED);
        let best_of = |best: &[f32], compared: usize| best.iter().take(compared).sum::<f32>();
        #[allow(clippy::cast_precision_loss)] // a few members
        let best = (best_of(&best_of_a, compared.start) + best_of(&best_of_b, compared.end))
            / (compared.start + compared.end).max(1) as f32;
        let share = rules.weights.threshold.best;
        count > 0.0 && sum / count * (1.0 - share) + best * share >= rules.weights.threshold.cluster
    }

    /// Mentions without name and date of their own ("the truce") are about the one instrument of their parties and kind
    /// that several reports tell of, where there is only one such and nothing speaks against it.
    fn take_in_the_nameless(&mut self) {
        let component = self.component;
        let mut known: BTreeMap<&[u32], BTreeMap<AgreementKind, BTreeSet<Local>>> = BTreeMap::new();
        let mut nameless: Vec<Local> = Vec::new();
        for root in 0..self.members.len() {
            let all = self.members.get(root).map_or(&[][..], Vec::as_slice);
            let members = || all.iter().take(MOST_LOOKED_AT).filter_map(|id| component.mention(*id));
            let root = u32::try_from(root).unwrap_or(u32::MAX);
            if all.len() < MOST_LOOKED_AT && members().all(is_nameless) {
                nameless.extend((!all.is_empty()).then_some(root));
            } else if all.len() > 1 {
                for mention in members().filter(|mention| mention.parties().len() > 1) {
                    known.entry(mention.parties()).or_default().entry(mention.kind).or_default().insert(root);
                }
            }
        }
        let mut joins: Vec<(Local, Local)> = Vec::new();
        for root in nameless {
            let own: Vec<&Mention> =
                self.members.get(root as usize).into_iter().flatten().filter_map(|id| component.mention(*id)).collect();
            // "Other" is no kind: such a mention may be of any, as long as its parties have made one instrument only.
            let fits = |own: AgreementKind, other: AgreementKind| own == other || own == AgreementKind::Other;
            let meant = |mention: &&Mention| {
                let kinds = known.get(mention.parties()).into_iter().flatten();
                let own = mention.kind;
                kinds.filter(move |(kind, _)| fits(own, **kind)).flat_map(|(_, roots)| roots.iter().copied()).collect::<Vec<_>>()
            };
            let candidates: BTreeSet<Local> = own.iter().flat_map(meant).collect();
            let (Some(only), 1) = (candidates.first(), candidates.len()) else { continue };
            let sample = spread(self.members.get(*only as usize), self.rules.weights.limit.sample);
            let partners = || sample.clone().filter_map(|id| component.mention(id));
            let pairs =
                || own.iter().flat_map(|mention| partners().map(|partner| signs(self.actors, mention, partner, self.rules)));
            if pairs().all(|pair| !pair.speaks_of_two()) && pairs().any(|pair| pair.fits_in_time()) {
                joins.push((root, *only));
            }
        }
        for (root, only) in joins {
            let (root, only) = (self.root(root), self.root(only));
            if root != only && !self.are_apart(root, only) {
                self.join(root, only);
            }
        }
    }

    fn join(&mut self, a: Local, b: Local) {
        let size = |id: Local| self.members.get(id as usize).map_or(0, Vec::len);
        let (keep, drop) = if (size(a), b) >= (size(b), a) { (a, b) } else { (b, a) };
        let members = self.members.get_mut(drop as usize).map(std::mem::take).unwrap_or_default();
        let documents = self.documents.get_mut(drop as usize).map(std::mem::take).unwrap_or_default();
        if let Some(kept) = self.members.get_mut(keep as usize) {
            kept.extend(members);
            kept.sort_unstable();
        }
        if let Some(kept) = self.documents.get_mut(keep as usize) {
            kept.extend(documents);
            kept.sort_unstable();
        }
        if let Some(slot) = self.parent.get_mut(drop as usize) {
            *slot = keep;
        }
    }
}

/// No name, no date of making, no mark of being another one: only parties and a kind.
pub(crate) fn is_nameless(mention: &Mention) -> bool {
    let words = mention.name_words().iter().all(|word| mention.places().contains(word));
    words && !mention.has_proper() && !mention.has_made() && !mention.is_other() && mention.parties().len() > 1
}

/// At most `most` members, evenly spread over the list.
pub(crate) fn spread(members: Option<&Vec<Local>>, most: usize) -> impl Iterator<Item = Local> + Clone + '_ {
    let members = members.map_or(&[][..], Vec::as_slice);
    let most = most.min(MOST_SAMPLED);
    let steps = members.len().min(most);
    let last = members.len().saturating_sub(1);
    (0..steps).filter_map(move |step| {
        let place = if members.len() <= most { step } else { step * last / (most - 1).max(1) };
        members.get(place).copied()
    })
}

/// Members of a cluster that are ever compared with another's.
const MOST_SAMPLED: usize = 16;

/// One pair counts for no more than this either way.
const LEAST_PAIR: f32 = -4.0;
