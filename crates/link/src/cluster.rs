//! Joins mentions into agreements: best pairs first, as long as nothing in the two clusters forbids it.
use crate::Document;
use crate::blocking::candidates;
use crate::mention::{Mention, MentionId, Mentions};
use crate::score::{Signs, forbidden, signs};
use crate::weights::{Rules, Sign};
use chancery_agreement::AgreementKind;
use std::collections::{BTreeMap, BTreeSet};

/// Members of a cluster that are looked at for the parties it goes by.
const MOST_LOOKED_AT: usize = 50;

/// Mentions of one agreement; the founder, whose report was published first, stands first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cluster {
    pub members: Vec<MentionId>,
    /// Why each member is in it, in plain words.
    pub why: Vec<String>,
}

/// A pair that may be joined.
struct Edge {
    /// Thousandths of the score, so that the order is exact.
    score: i32,
    a: MentionId,
    b: MentionId,
}

/// All clusters, in order of their founders.
pub(crate) fn clusters(documents: &[&Document], mentions: &Mentions, rules: &Rules) -> Vec<Cluster> {
    let mut edges = edges(mentions, rules);
    edges.sort_unstable_by(|x, y| y.score.cmp(&x.score).then((x.a, x.b).cmp(&(y.a, y.b))));
    let mut groups = Groups::new(mentions);
    for edge in &edges {
        let (a, b) = (groups.root(edge.a), groups.root(edge.b));
        if a != b && groups.may_join(a, b, mentions, rules) {
            groups.join(a, b);
        }
    }
    groups.take_in_the_nameless(mentions, rules);
    let order = |id: &MentionId| {
        let mention = mentions.all.get(*id as usize);
        (mention.is_none_or(|one| one.published.is_none()), mention.and_then(|one| one.published), *id)
    };
    let mut found: Vec<Vec<MentionId>> = groups.members.into_iter().filter(|members| !members.is_empty()).collect();
    for members in &mut found {
        members.sort_unstable_by_key(order);
    }
    found.sort_unstable_by_key(|members| members.first().map(order));
    found.into_iter().map(|members| explained(documents, mentions, members, rules)).collect()
}

fn edges(mentions: &Mentions, rules: &Rules) -> Vec<Edge> {
    let join = rules.weights.threshold.join;
    let most = rules.weights.limit.edges;
    let mut kept = Vec::new();
    let mut own: Vec<Edge> = Vec::new();
    let close = |own: &mut Vec<Edge>, kept: &mut Vec<Edge>| {
        own.sort_unstable_by(|x, y| y.score.cmp(&x.score).then(x.b.cmp(&y.b)));
        own.truncate(most);
        kept.append(own);
    };
    candidates(mentions, rules, |a, b| {
        if own.first().is_some_and(|edge| edge.a != a) {
            close(&mut own, &mut kept);
        }
        let (Some(x), Some(y)) = (mentions.all.get(a as usize), mentions.all.get(b as usize)) else { return };
        if forbidden(x, y) {
            return;
        }
        let score = signs(mentions, x, y, rules).score(&rules.weights);
        if score > join {
            own.push(Edge { score: (score * 1000.0) as i32, a, b });
        }
    });
    close(&mut own, &mut kept);
    kept
}

/// Clusters in the making: a union-find with the members and the documents of each root.
struct Groups {
    parent: Vec<MentionId>,
    members: Vec<Vec<MentionId>>,
    documents: Vec<BTreeSet<u32>>,
}

impl Groups {
    fn new(mentions: &Mentions) -> Self {
        let count = u32::try_from(mentions.all.len()).unwrap_or(u32::MAX);
        Self {
            parent: (0..count).collect(),
            members: (0..count).map(|id| vec![id]).collect(),
            documents: mentions.all.iter().map(|mention| BTreeSet::from([mention.document])).collect(),
        }
    }

    fn root(&mut self, mut id: MentionId) -> MentionId {
        while let Some(parent) = self.parent.get(id as usize).copied().filter(|parent| *parent != id) {
            let above = self.parent.get(parent as usize).copied().unwrap_or(parent);
            if let Some(slot) = self.parent.get_mut(id as usize) {
                *slot = above;
            }
            id = above;
        }
        id
    }

    /// No article in both, and the pairs between them speak for it on the whole.
    fn may_join(&self, a: MentionId, b: MentionId, mentions: &Mentions, rules: &Rules) -> bool {
        let (Some(of_a), Some(of_b)) = (self.documents.get(a as usize), self.documents.get(b as usize)) else { return false };
        let (few, many) = if of_a.len() <= of_b.len() { (of_a, of_b) } else { (of_b, of_a) };
        if few.iter().any(|document| many.contains(document)) {
            return false;
        }
        let sample = rules.weights.limit.sample;
        let (of_a, of_b) = (spread(self.members.get(a as usize), sample), spread(self.members.get(b as usize), sample));
        let (mut sum, mut count) = (0.0, 0.0f32);
        for x in &of_a {
            for y in &of_b {
                if let (Some(x), Some(y)) = (mentions.all.get(*x as usize), mentions.all.get(*y as usize)) {
                    let pair = signs(mentions, x, y, rules);
                    // One pair counts for no more than this either way: a single very sure pair does not outvote doubt,
                    // and a pair that merely says too little for one instrument does not count as if it spoke of two.
                    let silent = !pair.speaks_of_two() && pair.fits_in_time();
                    let least = if silent { rules.weights.threshold.silent } else { -4.0 };
                    sum += pair.score(&rules.weights).clamp(least, 4.0);
                    count += 1.0;
                }
            }
        }
        count > 0.0 && sum / count >= rules.weights.threshold.cluster
    }

    /// Mentions without name and date of their own ("the truce") are about the one instrument of their parties and kind
    /// that several reports tell of, where there is only one such and nothing speaks against it.
    fn take_in_the_nameless(&mut self, mentions: &Mentions, rules: &Rules) {
        let mut known: BTreeMap<(&[u32], AgreementKind), BTreeSet<MentionId>> = BTreeMap::new();
        let mut nameless: Vec<MentionId> = Vec::new();
        for root in 0..self.members.len() {
            let all = self.members.get(root).map_or(&[][..], Vec::as_slice);
            let members = || all.iter().take(MOST_LOOKED_AT).filter_map(|id| mentions.all.get(*id as usize));
            let root = u32::try_from(root).unwrap_or(u32::MAX);
            if all.len() < MOST_LOOKED_AT && members().all(is_nameless) {
                nameless.extend((!all.is_empty()).then_some(root));
            } else if all.len() > 1 {
                for mention in members().filter(|mention| mention.parties.len() > 1) {
                    known.entry((&mention.parties, mention.kind)).or_default().insert(root);
                }
            }
        }
        let mut joins: Vec<(MentionId, MentionId)> = Vec::new();
        for root in nameless {
            let own: Vec<&Mention> =
                self.members.get(root as usize).into_iter().flatten().filter_map(|id| mentions.all.get(*id as usize)).collect();
            let candidates: BTreeSet<MentionId> = own
                .iter()
                .filter_map(|mention| known.get(&(mention.parties.as_slice(), mention.kind)))
                .flatten()
                .copied()
                .collect();
            let (Some(only), 1) = (candidates.first(), candidates.len()) else { continue };
            let sample = spread(self.members.get(*only as usize), rules.weights.limit.sample);
            let partners = || sample.iter().filter_map(|id| mentions.all.get(*id as usize));
            let pairs = || own.iter().flat_map(|mention| partners().map(|partner| signs(mentions, mention, partner, rules)));
            if pairs().all(|pair| !pair.speaks_of_two()) && pairs().any(|pair| pair.fits_in_time()) {
                joins.push((root, *only));
            }
        }
        for (root, only) in joins {
            let (root, only) = (self.root(root), self.root(only));
            let apart =
                self.documents.get(root as usize).zip(self.documents.get(only as usize)).is_some_and(|(a, b)| a.is_disjoint(b));
            if root != only && apart {
                self.join(root, only);
            }
        }
    }

    fn join(&mut self, a: MentionId, b: MentionId) {
        let size = |id: MentionId| self.members.get(id as usize).map_or(0, Vec::len);
        let (keep, drop) = if (size(a), b) >= (size(b), a) { (a, b) } else { (b, a) };
        let members = self.members.get_mut(drop as usize).map(std::mem::take).unwrap_or_default();
        let documents = self.documents.get_mut(drop as usize).map(std::mem::take).unwrap_or_default();
        if let Some(kept) = self.members.get_mut(keep as usize) {
            kept.extend(members);
            kept.sort_unstable();
        }
        if let Some(kept) = self.documents.get_mut(keep as usize) {
            kept.extend(documents);
        }
        if let Some(slot) = self.parent.get_mut(drop as usize) {
            *slot = keep;
        }
    }
}

/// No name, no date of making, no mark of being another one: only parties and a kind.
fn is_nameless(mention: &Mention) -> bool {
    let words = mention.name_words.iter().all(|word| mention.places.contains(word));
    words && mention.proper.is_empty() && mention.made.is_empty() && !mention.other && mention.parties.len() > 1
}

/// At most `most` members, evenly spread over the list.
fn spread(members: Option<&Vec<MentionId>>, most: usize) -> Vec<MentionId> {
    let Some(members) = members else { return Vec::new() };
    if members.len() <= most {
        return members.clone();
    }
    (0..most).filter_map(|step| members.get(step * (members.len() - 1) / (most - 1).max(1)).copied()).collect()
}

fn explained(documents: &[&Document], mentions: &Mentions, members: Vec<MentionId>, rules: &Rules) -> Cluster {
    let compared = spread(Some(&members), rules.weights.limit.sample.max(8));
    let why = members
        .iter()
        .enumerate()
        .map(|(place, id)| match place {
            0 if members.len() == 1 => "no other report of it".to_owned(),
            0 => "the earliest report of it; the others were joined to this one".to_owned(),
            _ => why(documents, mentions, *id, &compared, rules),
        })
        .collect();
    Cluster { members, why }
}

/// The best reason for a member: its strongest partner among the others.
fn why(documents: &[&Document], mentions: &Mentions, id: MentionId, compared: &[MentionId], rules: &Rules) -> String {
    let Some(own) = mentions.all.get(id as usize) else { return String::new() };
    let mut best: Option<(i32, MentionId, Signs)> = None;
    for other in compared.iter().filter(|other| **other != id) {
        let Some(partner) = mentions.all.get(*other as usize) else { continue };
        let found = signs(mentions, own, partner, rules);
        let score = (found.score(&rules.weights) * 1000.0) as i32;
        if best.as_ref().is_none_or(|(most, _, _)| score > *most) {
            best = Some((score, *other, found));
        }
    }
    let Some((score, partner, signs)) = best else { return String::new() };
    let Some(partner) = mentions.all.get(partner as usize) else { return String::new() };
    let mut weighed: Vec<(f32, Sign)> = signs
        .iter()
        .map(|(sign, share)| (rules.weights.weight.of(sign) * share, sign))
        .filter(|(weight, _)| *weight != 0.0)
        .collect();
    weighed.sort_by(|x, y| y.0.abs().total_cmp(&x.0.abs()).then(x.1.cmp(&y.1)));
    let said = |(_, sign): &(f32, Sign)| sign.words().replace("{}", &detail(mentions, own, partner, *sign)).replace(" ()", "");
    let speaks: Vec<String> = weighed.iter().filter(|(weight, _)| *weight > 0.0).take(4).map(said).collect();
    let against: Vec<String> = weighed.iter().filter(|(weight, _)| *weight < 0.0).take(2).map(said).collect();
    let (source, key) = partner
        .finding(documents)
        .zip(documents.get(partner.document as usize))
        .map_or(("", ""), |(finding, document)| (document.source.as_str(), finding.key.as_str()));
    let mut text = format!("joined to {key} of {source}: {}", speaks.join(", "));
    if !against.is_empty() {
        text.push_str("; against it: ");
        text.push_str(&against.join(", "));
    }
    text.push_str(&format!(" (score {:.1})", f64::from(score) / 1000.0));
    text
}

fn detail(mentions: &Mentions, a: &Mention, b: &Mention, sign: Sign) -> String {
    let word = |id: &u32| mentions.words.get(*id as usize).cloned().unwrap_or_default();
    let shared = |x: &[u32], y: &[u32]| x.iter().filter(|id| y.contains(id)).map(word).collect::<Vec<_>>().join(", ");
    match sign {
        Sign::parties_equal
        | Sign::parties_inside
        | Sign::parties_overlap
        | Sign::parties_one
        | Sign::parties_single
        | Sign::parties_like
        | Sign::parties_part => {
            let like = |id: &&u32| b.parties.iter().any(|other| mentions.actors.likeness(**id, *other) > 0.0);
            a.parties.iter().filter(like).map(|id| mentions.actors.shown(*id).to_owned()).collect::<Vec<_>>().join(", ")
        }
        Sign::name_words => shared(&a.name_words, &b.name_words),
        Sign::name_proper | Sign::name_crossed => {
            let all = |of: &crate::mention::Mention| {
                of.proper.iter().flatten().chain(&of.name_words).copied().collect::<BTreeSet<u32>>()
            };
            all(a).intersection(&all(b)).map(word).collect::<Vec<_>>().join(", ")
        }
        Sign::year_same => a.years.iter().chain(&b.years).map(i16::to_string).take(1).collect(),
        Sign::kind_same if a.kind == b.kind => a.kind.to_string(),
        Sign::kind_same => format!("{} and {}", a.kind, b.kind),
        Sign::made_same_day | Sign::made_same_month | Sign::made_same_year => {
            let met = a.made.iter().find(|x| b.made.iter().any(|y| x.meets(y))).and_then(|days| days.earliest);
            met.map_or(String::new(), |day| match sign {
                Sign::made_same_day => day.to_string(),
                Sign::made_same_month => format!("{:04}-{:02}", day.year(), day.month()),
                _ => day.year().to_string(),
            })
        }
        Sign::event_same => {
            let met = a.events.iter().find(|(kind, _, days)| b.events.iter().any(|(k, _, d)| kind == k && days.meets(d)));
            met.map_or(String::new(), |(kind, _, days)| {
                days.earliest.map_or(kind.to_string(), |day| format!("{} {day}", kind.as_str().replace('_', " ")))
            })
        }
        Sign::commitment_shared => a
            .commitments
            .iter()
            .filter(|one| b.commitments.contains(one))
            .map(|one| one.as_str().replace('_', " "))
            .collect::<Vec<_>>()
            .join(", "),
        Sign::title_shared => shared(&a.title, &b.title),
        _ => String::new(),
    }
}
