//! Joins mentions across documents, all of them or only what new ones touch; both ways come to the same clusters.
//!
//! 1. A mention that is new, changed or gone changes the neighbors in its blocks, and nobody else's (`blocking`).
//! 2. For each of those the best partners are looked for again; all others keep theirs.
//! 3. Partners make components. A component in which no partner changed is as it was: its clusters stay. The others are
//!    clustered again, each by itself (`cluster`).
//!
//! What is held for each mention is its features and its partners, some hundred bytes; findings are not needed here.
use crate::actors::Actors;
use crate::blocking::{Blocks, keys};
use crate::cluster::{Component, clusters, is_nameless};
use crate::mention::{Mention, MentionId};
use crate::score::signs;
use crate::weights::{Rules, rules};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A mention as it is kept between two runs.
struct Held {
    id: u64,
    document: i64,
    mention: Mention,
    /// Own ids of its partners after the run before, sorted.
    partners: Vec<u64>,
    /// Own id of the founder of its cluster after the run before.
    founder: Option<u64>,
    touched: bool,
    /// Its component has to be looked at again, though its partners are what they were.
    stirred: bool,
}

/// Collects mentions, then links them.
pub struct Linker<'a> {
    actors: &'a Actors,
    rules: &'a Rules,
    held: Vec<Held>,
    /// Own ids of those held, in order, once they are sorted.
    ids: Vec<u64>,
    gone: Vec<Held>,
    together: Vec<(u64, u64)>,
    apart: Vec<(u64, u64)>,
}

/// A mention as linking left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Own id of the mention.
    pub id: u64,
    /// Number of its document.
    pub document: i64,
    /// Own id of the first member of its cluster.
    pub founder: u64,
    /// It has relations to other agreements of its document.
    pub is_related: bool,
}

/// A cluster that was looked at in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Own ids of the members, the founder first.
    pub members: Vec<u64>,
    /// Founders of the clusters from which the members come, sorted; empty where all of them are new.
    pub former: Vec<u64>,
    /// Founders of the clusters that held its members when their documents were last read: documents that were read anew or corrected
    /// come in as new, and this tells where they came from.
    pub came_from: Vec<u64>,
    /// Other members than before, or a member whose findings changed.
    pub changed: bool,
}

/// What linking found.
#[derive(Debug, Default)]
pub struct Linking {
    /// Every mention, in order of its id.
    pub placed: Vec<Placed>,
    /// Mentions whose partners changed, with the partners in order.
    pub partners: Vec<(u64, Vec<u64>)>,
    /// Pairs of mentions that were weighed while partners were looked for.
    pub compared: usize,
    /// The clusters that were looked at, in order of their founders' ids.
    pub joined: Vec<Joined>,
}

impl Linking {
    /// Own id of the founder of the cluster of mention `id`: its agreement's id.
    #[must_use]
    pub fn founder(&self, id: u64) -> Option<u64> {
        let at = self.placed.binary_search_by_key(&id, |placed| placed.id).ok()?;
        self.placed.get(at).map(|placed| placed.founder)
    }
}

impl<'a> Linker<'a> {
    /// A linker without mentions.
    #[must_use]
    pub fn new(actors: &'a Actors) -> Self {
        Self::with_rules(actors, rules())
    }

    /// The same with other weights than those of the program.
    pub(crate) fn with_rules(actors: &'a Actors, rules: &'a Rules) -> Self {
        Self { actors, rules, held: Vec::new(), ids: Vec::new(), gone: Vec::new(), together: Vec::new(), apart: Vec::new() }
    }

    /// Adds a mention that was not there in the run before. False for bytes that are no features.
    pub fn add(&mut self, id: u64, document: i64, features: &[u8]) -> bool {
        self.hold(id, document, features, Vec::new(), None, true)
    }

    /// Adds a mention as the run before left it.
    pub fn keep(&mut self, id: u64, document: i64, features: &[u8], partners: Vec<u64>, founder: u64) -> bool {
        self.hold(id, document, features, partners, Some(founder), false)
    }

    /// Tells of a mention that was there in the run before and is no longer, or has changed and is added anew.
    pub fn remove(&mut self, id: u64, document: i64, features: &[u8], partners: Vec<u64>, founder: u64) -> bool {
        let Some(mention) = Mention::decode(features, self.actors) else { return false };
        self.gone.push(Held { id, document, mention, partners, founder: Some(founder), touched: true, stirred: false });
        true
    }

    fn hold(&mut self, id: u64, document: i64, features: &[u8], partners: Vec<u64>, founder: Option<u64>, new: bool) -> bool {
        let Some(mention) = Mention::decode(features, self.actors) else { return false };
        self.held.push(Held { id, document, mention, partners, founder, touched: new, stirred: false });
        true
    }

    /// Has these two joined, whatever speaks against it.
    pub fn together(&mut self, a: u64, b: u64) {
        self.together.push((a, b));
    }

    /// Keeps these two apart, whatever speaks for joining them.
    pub fn apart(&mut self, a: u64, b: u64) {
        self.apart.push((a, b));
    }

    /// Has the component of these mentions looked at again.
    pub fn stir(&mut self, ids: &BTreeSet<u64>) {
        for held in self.held.iter_mut().filter(|held| ids.contains(&held.id)) {
            held.stirred = true;
        }
    }

    /// Names that stand for another actor than in the run before: every mention of these actors is compared again.
    pub fn actors_changed(&mut self, names: &BTreeSet<String>) {
        let ids: BTreeSet<u32> = names.iter().filter_map(|name| self.actors.id(name)).collect();
        for held in self.held.iter_mut().filter(|held| held.mention.parties().iter().any(|id| ids.contains(id))) {
            held.touched = true;
        }
    }

    /// Links.
    #[must_use]
    pub fn link(mut self) -> Linking {
        self.held.sort_unstable_by_key(|held| held.id);
        self.held.dedup_by_key(|held| held.id);
        self.ids = self.held.iter().map(|held| held.id).collect();
        let affected = self.affected();
        let (found, compared) = self.partners(&affected);
        let (partners, seeds) = self.changed(&affected, found);
        let joined = self.cluster(&seeds);
        let placed = self.held.iter().map(|held| Placed {
            id: held.id,
            document: held.document,
            founder: held.founder.unwrap_or(held.id),
            is_related: held.mention.is_related(),
        });
        Linking { placed: placed.collect(), partners, compared, joined }
    }

    fn place(&self, id: u64) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// Places of the mentions whose neighbors may have changed.
    fn affected(&self) -> Vec<MentionId> {
        let count = u32::try_from(self.held.len()).unwrap_or(u32::MAX);
        let touched = self.held.iter().filter(|held| held.touched).count();
        if touched == self.held.len() {
            return (0..count).collect();
        }
        if touched == 0 && self.gone.is_empty() {
            return Vec::new();
        }
        let mut wanted: HashSet<u64> = HashSet::new();
        let mut own = Vec::new();
        for held in self.held.iter().filter(|held| held.touched).chain(&self.gone) {
            keys(&held.mention, &mut own);
            wanted.extend(&own);
        }
        let blocks = Blocks::of(self.held.iter().chain(&self.gone).map(|held| &held.mention), Some(&wanted));
        // The mentions that are gone stand among the others here: they make distances longer by no more than their number.
        let reach = self.rules.weights.limit.block;
        let mut found: Vec<bool> = vec![false; self.held.len()];
        let mut near = Vec::new();
        for (place, held) in self.held.iter().chain(&self.gone).enumerate().filter(|(_, held)| held.touched) {
            let is_gone = place >= self.held.len();
            let more = if is_gone { touched } else { self.gone.len() };
            blocks.neighbors(u32::try_from(place).unwrap_or(u32::MAX), reach + more, &mut near);
            for other in near.iter().map(|other| *other as usize).chain((!is_gone && held.touched).then_some(place)) {
                if let Some(slot) = found.get_mut(other) {
                    *slot = true;
                }
            }
        }
        (0..count).filter(|place| found.get(*place as usize).copied().unwrap_or(false)).collect()
    }

    /// The best partners of each affected mention, by places, and how many pairs were weighed.
    fn partners(&self, affected: &[MentionId]) -> (Vec<Vec<MentionId>>, usize) {
        let all = affected.len() == self.held.len();
        let wanted: Option<HashSet<u64>> = (!all).then(|| {
            let mut wanted = HashSet::new();
            let mut own = Vec::new();
            for held in affected.iter().filter_map(|place| self.held.get(*place as usize)) {
                keys(&held.mention, &mut own);
                wanted.extend(&own);
            }
            wanted
        });
        let blocks = Blocks::of(self.held.iter().map(|held| &held.mention), wanted.as_ref());
        let (reach, most, join) =
            (self.rules.weights.limit.block, self.rules.weights.limit.edges, self.rules.weights.threshold.join);
        let mut found: Vec<Vec<(i32, MentionId)>> = vec![Vec::new(); affected.len()];
        let (mut near, mut compared) = (Vec::new(), 0);
        for (number, place) in affected.iter().enumerate() {
            blocks.neighbors(*place, reach, &mut near);
            let Some(own) = self.held.get(*place as usize) else { continue };
            for other in &near {
                let partner = if all { Some(*other as usize) } else { affected.binary_search(other).ok() };
                // A pair of which both are looked at is compared once.
                if partner.is_some() && other < place {
                    continue;
                }
                let Some(held) = self.held.get(*other as usize).filter(|held| held.document != own.document) else { continue };
                let pair = if place < other { (&own.mention, &held.mention) } else { (&held.mention, &own.mention) };
                let score = signs(self.actors, pair.0, pair.1, self.rules).score(&self.rules.weights);
                compared += 1;
                if score <= join {
                    continue;
                }
                // The order is by falling score; the id decides between equals.
                let rank = -((score * 1000.0) as i32);
                for (list, entry) in [(Some(number), (rank, *other)), (partner, (rank, *place))] {
                    if let Some(list) = list.and_then(|list| found.get_mut(list)) {
                        insert(list, entry, most);
                    }
                }
            }
        }
        let in_order = |list: Vec<(i32, MentionId)>| {
            let mut partners: Vec<MentionId> = list.into_iter().map(|(_, partner)| partner).collect();
            partners.sort_unstable();
            partners
        };
        (found.into_iter().map(in_order).collect(), compared)
    }

    /// Takes over new partners; gives those that changed, and the places from which on components have changed.
    #[allow(clippy::type_complexity)] // the two lists that the name tells of
    fn changed(&mut self, affected: &[MentionId], found: Vec<Vec<MentionId>>) -> (Vec<(u64, Vec<u64>)>, BTreeSet<usize>) {
        let mut changed = Vec::new();
        let mut seeds: BTreeSet<usize> =
            self.held.iter().enumerate().filter(|(_, held)| held.stirred).map(|(place, _)| place).collect();
        for (place, found) in affected.iter().zip(found) {
            let place = *place as usize;
            let partners: Vec<u64> = found.iter().filter_map(|one| self.held.get(*one as usize)).map(|held| held.id).collect();
            let Some(held) = self.held.get(place) else { continue };
            if held.partners != partners || held.founder.is_none() {
                let old = held.partners.iter().filter_map(|id| self.place(*id));
                seeds.extend(old.chain(found.iter().map(|one| *one as usize)));
                seeds.insert(place);
                changed.push((held.id, partners.clone()));
            } else if held.touched {
                seeds.insert(place);
            }
            if let Some(held) = self.held.get_mut(place) {
                held.partners = partners;
            }
        }
        let founders: HashSet<u64> = self.gone.iter().filter_map(|gone| gone.founder).collect();
        let groups: HashSet<u64> = self.gone.iter().filter_map(|gone| nameless_group(&gone.mention)).collect();
        for gone in &self.gone {
            seeds.extend(gone.partners.iter().filter_map(|id| self.place(*id)));
        }
        if !self.gone.is_empty() {
            let stirred = self.held.iter().enumerate().filter(|(_, held)| {
                held.founder.is_some_and(|founder| founders.contains(&founder))
                    || nameless_group(&held.mention).is_some_and(|group| groups.contains(&group))
            });
            seeds.extend(stirred.map(|(place, _)| place));
        }
        (changed, seeds)
    }

    /// For each place the place that stands for its component.
    fn components(&self) -> Vec<u32> {
        let mut parent: Vec<u32> = (0..u32::try_from(self.held.len()).unwrap_or(u32::MAX)).collect();
        for (place, held) in self.held.iter().enumerate() {
            for partner in held.partners.iter().filter_map(|id| self.place(*id)) {
                union(&mut parent, place, partner);
            }
        }
        // A mention without a name may join the one agreement of its parties: all of these are looked at together.
        let nameless: HashSet<u64> =
            self.held.iter().filter(|held| is_nameless(&held.mention)).filter_map(|held| nameless_group(&held.mention)).collect();
        let mut first: HashMap<u64, usize> = HashMap::new();
        for (place, held) in self.held.iter().enumerate() {
            if let Some(group) = nameless_group(&held.mention).filter(|group| nameless.contains(group)) {
                let other = *first.entry(group).or_insert(place);
                union(&mut parent, place, other);
            }
        }
        for (a, b) in self.together.iter().chain(&self.apart) {
            if let (Some(a), Some(b)) = (self.place(*a), self.place(*b)) {
                union(&mut parent, a, b);
            }
        }
        for place in 0..parent.len() {
            let root = root(&mut parent, u32::try_from(place).unwrap_or(u32::MAX));
            if let Some(slot) = parent.get_mut(place) {
                *slot = root;
            }
        }
        parent
    }

    fn cluster(&mut self, seeds: &BTreeSet<usize>) -> Vec<Joined> {
        let component_of = self.components();
        let dirty: HashSet<u32> = seeds.iter().filter_map(|place| component_of.get(*place).copied()).collect();
        let mut members: Vec<(u32, MentionId)> = component_of
            .iter()
            .zip(0u32..)
            .filter(|(component, _)| dirty.contains(component))
            .map(|(component, place)| (*component, place))
            .collect();
        members.sort_unstable();
        let mut sizes: HashMap<u64, usize> = HashMap::new();
        let before = members.iter().filter_map(|(_, place)| self.held.get(*place as usize)?.founder);
        for founder in before.chain(self.gone.iter().filter_map(|gone| gone.founder)) {
            *sizes.entry(founder).or_default() += 1;
        }
        let gone: HashMap<u64, u64> = self.gone.iter().filter_map(|gone| Some((gone.id, gone.founder?))).collect();
        let mut joined = Vec::new();
        for component in members.chunk_by(|a, b| a.0 == b.0) {
            let places: Vec<MentionId> = component.iter().map(|(_, place)| *place).collect();
            for cluster in self.clusters(&places) {
                let own: Vec<&Held> = cluster.iter().filter_map(|place| self.held.get(*place as usize)).collect();
                let Some(founder) = own.first().map(|held| held.id) else { continue };
                let former: BTreeSet<u64> = own.iter().filter_map(|held| held.founder).collect();
                let came_from: BTreeSet<u64> = own.iter().filter_map(|held| gone.get(&held.id).copied()).collect();
                let same = own.iter().all(|held| held.founder == Some(founder)) && sizes.get(&founder) == Some(&own.len());
                joined.push(Joined {
                    members: own.iter().map(|held| held.id).collect(),
                    former: former.into_iter().collect(),
                    came_from: came_from.into_iter().collect(),
                    changed: !same || own.iter().any(|held| held.touched),
                });
                for place in cluster {
                    if let Some(held) = self.held.get_mut(place as usize) {
                        held.founder = Some(founder);
                    }
                }
            }
        }
        joined.sort_unstable_by(|a, b| a.members.first().cmp(&b.members.first()));
        joined
    }

    /// The clusters of one component, by places.
    fn clusters(&self, places: &[MentionId]) -> Vec<Vec<MentionId>> {
        if let [one] = places {
            return vec![vec![*one]];
        }
        let local = |id: u64| {
            let place = u32::try_from(self.place(id)?).ok()?;
            places.binary_search(&place).ok().and_then(|local| u32::try_from(local).ok())
        };
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (own, held) in (0u32..).zip(places.iter().filter_map(|place| self.held.get(*place as usize))) {
            pairs.extend(held.partners.iter().filter_map(|id| local(*id)).map(|other| (own.min(other), own.max(other))));
        }
        pairs.sort_unstable();
        pairs.dedup();
        let inside = |ties: &[(u64, u64)]| -> Vec<(u32, u32)> {
            ties.iter().filter_map(|(a, b)| Some((local(*a)?, local(*b)?))).collect()
        };
        let mentions =
            places.iter().filter_map(|place| self.held.get(*place as usize)).map(|held| (&held.mention, held.document)).collect();
        let component = Component { mentions, pairs, together: inside(&self.together), apart: inside(&self.apart) };
        clusters(&component, self.actors, self.rules)
            .into_iter()
            .map(|cluster| cluster.into_iter().filter_map(|local| places.get(local as usize).copied()).collect())
            .collect()
    }
}

/// Keeps the best `most` entries in order.
fn insert(list: &mut Vec<(i32, MentionId)>, entry: (i32, MentionId), most: usize) {
    if list.capacity() == 0 {
        list.reserve_exact(most + 1);
    }
    let at = list.partition_point(|other| *other < entry);
    if at < most {
        list.insert(at, entry);
        list.truncate(most);
    }
}

/// What mentions of the same parties have in common.
fn nameless_group(mention: &Mention) -> Option<u64> {
    let parties = mention.parties();
    let mut hasher = DefaultHasher::new();
    parties.hash(&mut hasher);
    (parties.len() > 1).then(|| hasher.finish())
}

fn root(parent: &mut [u32], mut place: u32) -> u32 {
    while let Some(above) = parent.get(place as usize).copied().filter(|above| *above != place) {
        let next = parent.get(above as usize).copied().unwrap_or(above);
        if let Some(slot) = parent.get_mut(place as usize) {
            *slot = next;
        }
        place = next;
    }
    place
}

fn union(parent: &mut [u32], a: usize, b: usize) {
    let (a, b) = (u32::try_from(a).unwrap_or(u32::MAX), u32::try_from(b).unwrap_or(u32::MAX));
    let (a, b) = (root(parent, a), root(parent, b));
    if let Some(slot) = parent.get_mut(a.max(b) as usize) {
        *slot = a.min(b);
    }
}
