//! One record for each cluster: all that its members' articles say, merged, with every source kept beside it.
use crate::actors::Actors;
use crate::dates::{Told, best};
use crate::edtf::{Days, Precision};
use crate::id::{id_text, own_id};
use crate::mention::{Lexicon, Mention, day_of, features};
use crate::names::{name_parts, plain_words};
use crate::reasons::reasons;
use crate::spelling::word_spelling;
use crate::weights::{Rules, rules};
use crate::{Document, conflicts, forecasts};
use chancery_agreement::{
    Agreement, AgreementCommitment, AgreementFinding, AgreementKind, AgreementMoney, AgreementName, AgreementParty,
    AgreementRelation, AgreementStage, AgreementStatement, AgreementTerm, Commitment, Evidence, Member, Modality, Money,
    PartyRole, RelationKind, Sourced, Stage, StageKind, Term,
};
use jiff::civil::Date as Day;
use std::collections::{BTreeMap, BTreeSet};

/// How many merged cells of one sort a new one is compared with at most; further ones stand alone.
const MOST_COMPARED: usize = 200;

/// One member of a cluster with what is known about its report.
pub(crate) struct Report<'a> {
    pub document: &'a Document,
    pub finding: &'a AgreementFinding,
    /// Own id of the mention.
    pub id: u64,
    pub mention: Mention,
    pub published: Option<Day>,
    /// What counts as one independent source: the original of a copy, or the document itself.
    pub group: usize,
}

impl Report<'_> {
    pub(crate) fn sourced(&self, evidence: &Evidence) -> Sourced {
        Sourced { document: self.document.id.clone(), source: self.document.source.clone(), evidence: evidence.clone() }
    }
}

/// How one report tells of an event: report, stage, days that its date can mean.
pub(crate) type Telling<'a> = (usize, &'a Stage, Option<Days>);

/// One event with the tellings that were merged into it.
pub(crate) struct Event<'a> {
    pub kind: StageKind,
    pub modality: Modality,
    pub told: Vec<Telling<'a>>,
}

/// One member of an agreement: a document and the key of the finding in it.
pub type MemberOf<'a> = (&'a Document, &'a str);

/// What a record depends on beyond the documents of its members.
pub struct Around<'a> {
    /// Which names are one actor.
    pub actors: &'a Actors,
    /// The own id of a finding → the id of the agreement that it is part of.
    pub agreement_of: &'a dyn Fn(u64) -> u64,
    /// The id of the document that a document is, in the end, a copy of; its own where it is none.
    pub original_of: &'a dyn Fn(&'a Document) -> &'a str,
}

/// The record of one agreement. `members` are in the order in which linking gave them, the founder first.
#[must_use]
pub fn record<'a>(members: &[MemberOf<'a>], around: &Around<'a>) -> Agreement {
    let rules = rules();
    let actors = around.actors;
    let mut lexicon = Lexicon::default();
    let mut groups: BTreeMap<&'a str, usize> = BTreeMap::new();
    let mut reports: Vec<Report<'a>> = Vec::with_capacity(members.len());
    for (document, key) in members {
        let number = document.findings.agreements.iter().position(|finding| finding.key == *key);
        let Some((number, finding)) = number.and_then(|at| Some((at, document.findings.agreements.get(at)?))) else { continue };
        let features = features(document, rules, Some(&mut lexicon));
        let Some(mention) = features.get(number).and_then(|one| Mention::decode(one.as_bytes(), actors)) else { continue };
        let next = groups.len();
        let group = *groups.entry((around.original_of)(document)).or_insert(next);
        let published = mention.published.map(day_of);
        reports.push(Report { document, finding, id: own_id(&document.id, key), mention, published, group });
    }
    let id = reports.first().map(|report| id_text((around.agreement_of)(report.id))).unwrap_or_default();
    let why = reasons(&reports, actors, &lexicon, rules);
    let members = reports
        .iter()
        .zip(why)
        .map(|(report, why)| Member {
            document: report.document.id.clone(),
            source: report.document.source.clone(),
            key: report.finding.key.clone(),
            why,
        })
        .collect();
    let names = names(&reports);
    let parties = parties(&reports, actors);
    let kind = kind(&reports);
    let events = events(&reports);
    let merged = merged_stages(&reports, &events);
    let conflicts = conflicts::conflicts(&reports, &events, &merged, actors);
    let forecasts = forecasts::forecasts(&reports, &events, &merged);
    let mut stages = merged;
    stages.sort_by_cached_key(stage_order);
    Agreement {
        id,
        title: title(&names, &parties, kind, rules),
        kind,
        names,
        parties,
        stages,
        commitments: commitments(&reports),
        money: money(&reports),
        duration: terms(&reports, |finding| finding.duration.as_ref()),
        renewal: terms(&reports, |finding| finding.renewal.as_ref()),
        articles: terms(&reports, |finding| finding.articles.as_ref()),
        statements: statements(&reports),
        relations: relations(&reports, around.agreement_of),
        members,
        conflicts,
        forecasts,
    }
}

/// Dated stages by date, undated ones after them in the order of a treaty's life.
fn stage_order(stage: &AgreementStage) -> (bool, Option<Day>, StageKind, Modality, String) {
    let day =
        stage.date.as_ref().and_then(|date| date.value.as_deref()).and_then(Days::parse).and_then(|days| days.sorting_day());
    let words = stage.evidence.first().map(|sourced| sourced.evidence.quote().to_owned()).unwrap_or_default();
    (day.is_none(), day, stage.stage, stage.modality, words)
}

fn names(reports: &[Report<'_>]) -> Vec<AgreementName> {
    let mut found: BTreeMap<String, (BTreeMap<String, usize>, Vec<Sourced>)> = BTreeMap::new();
    for report in reports {
        for name in &report.finding.names {
            let text = name.evidence.quote().split_whitespace().collect::<Vec<_>>().join(" ");
            let (spellings, evidence) = found.entry(text.to_lowercase()).or_default();
            *spellings.entry(text).or_default() += 1;
            evidence.push(report.sourced(&name.evidence));
        }
    }
    let mut names: Vec<AgreementName> = found
        .into_values()
        .map(|(spellings, evidence)| {
            let text =
                spellings.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))).map(|(text, _)| text.clone()).unwrap_or_default();
            AgreementName { text, evidence }
        })
        .collect();
    names.sort_by(|a, b| b.evidence.len().cmp(&a.evidence.len()).then_with(|| a.text.cmp(&b.text)));
    names
}

/// The best name: a proper name before a description, the more frequent before the rarer, the fuller before the
/// shorter. A name that says only what sort of thing it is gets the parties in brackets.
fn title(names: &[AgreementName], parties: &[AgreementParty], kind: AgreementKind, rules: &Rules) -> String {
    let actors: Vec<&str> =
        parties.iter().filter(|party| party.role == PartyRole::Party).map(|party| party.actor.as_str()).collect();
    let context: BTreeSet<String> = actors.iter().flat_map(|actor| plain_words(actor)).collect();
    let best = names.iter().take(50).max_by_key(|name| {
        let parts = name_parts(&name.text, &rules.words, &context);
        let words = parts.distinctive.len().min(4);
        let length = name.text.chars().count();
        (length <= 120, parts.proper && words > 1, words > 1, parts.proper, words, name.evidence.len(), std::cmp::Reverse(length))
    });
    let with = |text: &str| match actors.as_slice() {
        [] => text.to_owned(),
        [one] => format!("{text} ({one})"),
        [one, two] => format!("{text} ({one}, {two})"),
        [one, two, rest @ ..] => format!("{text} ({one}, {two} and {} more)", rest.len()),
    };
    match best {
        Some(name) if name_parts(&name.text, &rules.words, &context).distinctive.is_empty() => with(&name.text),
        Some(name) => name.text.clone(),
        None => with(kind.as_str()),
    }
}

fn kind(reports: &[Report<'_>]) -> AgreementKind {
    let mut votes: BTreeMap<AgreementKind, BTreeSet<usize>> = BTreeMap::new();
    for report in reports {
        votes.entry(report.finding.kind).or_default().insert(report.group);
    }
    // "Other" is what is left when a report gives no sign: any other sort outvotes it.
    let rank = |(kind, groups): &(&AgreementKind, &BTreeSet<usize>)| {
        (**kind != AgreementKind::Other, groups.len(), std::cmp::Reverse(**kind))
    };
    votes.iter().max_by_key(rank).map_or(AgreementKind::Other, |(kind, _)| *kind)
}

fn parties(reports: &[Report<'_>], actors: &Actors) -> Vec<AgreementParty> {
    let mut found: Vec<AgreementParty> = Vec::new();
    let mut place: BTreeMap<(PartyRole, Option<u32>, String), usize> = BTreeMap::new();
    for report in reports {
        for party in &report.finding.parties {
            let id = actors.id(&party.actor);
            let spelling = if id.is_some() { String::new() } else { party.actor.to_lowercase() };
            let index = *place.entry((party.role, id, spelling)).or_insert_with(|| {
                let actor = id.map_or(party.actor.as_str(), |id| actors.shown(id)).to_owned();
                found.push(AgreementParty { actor, role: party.role, evidence: Vec::new() });
                found.len() - 1
            });
            if let Some(cell) = found.get_mut(index) {
                cell.evidence.push(report.sourced(&party.evidence));
            }
        }
    }
    found.sort_by(|a, b| {
        (a.role, std::cmp::Reverse(a.evidence.len()), &a.actor).cmp(&(b.role, std::cmp::Reverse(b.evidence.len()), &b.actor))
    });
    found
}

/// Stages that an instrument goes through once: two dates for one of them contradict each other.
pub(crate) fn happens_once(kind: StageKind) -> bool {
    matches!(kind, StageKind::Initialled | StageKind::Signed | StageKind::InForce | StageKind::Terminated | StageKind::Expired)
}

/// Reports of one event may give days as far apart as this and still mean it (stages that can happen again).
const SAME_EVENT_DAYS: i64 = 3;

fn events<'a>(reports: &[Report<'a>]) -> Vec<Event<'a>> {
    let mut told: BTreeMap<(StageKind, Modality), Vec<Telling<'a>>> = BTreeMap::new();
    for (index, report) in reports.iter().enumerate() {
        for stage in &report.finding.stages {
            let days = stage.date.as_ref().and_then(|date| date.value.as_deref()).and_then(Days::parse);
            told.entry((stage.stage, stage.modality)).or_default().push((index, stage, days));
        }
    }
    // What two parties sign they sign together, whichever of them a report names first; each ratifies for itself.
    let by_both = reports.iter().all(|report| report.mention.parties().len() <= 2);
    let mut events = Vec::new();
    for ((kind, modality), mut tellings) in told {
        let joint = by_both && matches!(kind, StageKind::Initialled | StageKind::Agreed | StageKind::Signed);
        // The finest dates lay out the events, coarser and undated tellings find their place among them.
        tellings
            .sort_by_key(|(index, _, days)| (days.is_none(), days.map(|days| (days.precision(), days.sorting_day())), *index));
        let mut own: Vec<Event<'a>> = Vec::new();
        for (index, stage, days) in tellings {
            let fits = |event: &Event<'a>| fits(event, (index, stage, days.as_ref()), modality, joint);
            let first = own.len().saturating_sub(MOST_COMPARED);
            let place = (first..own.len())
                .filter(|place| own.get(*place).is_some_and(fits))
                .max_by_key(|place| own.get(*place).map(|e| e.told.len()));
            match place.and_then(|place| own.get_mut(place)) {
                Some(event) => event.told.push((index, stage, days)),
                None => own.push(Event { kind, modality, told: vec![(index, stage, days)] }),
            }
        }
        events.append(&mut own);
    }
    events
}

/// Whether a telling is about an event that others tell of.
fn fits(event: &Event<'_>, (index, stage, days): (usize, &Stage, Option<&Days>), modality: Modality, joint: bool) -> bool {
    let kind = event.kind;
    let compared = event.told.iter().take(MOST_COMPARED);
    let by_other = compared.clone().any(|(_, other, _)| {
        let (Some(a), Some(b)) = (&stage.by, &other.by) else { return false };
        !joint && !one_body(&a.value, &b.value)
    });
    let dated: Vec<&Days> = event.told.iter().take(MOST_COMPARED).filter_map(|(_, _, days)| days.as_ref()).collect();
    let same_day = days.is_some_and(|days| dated.iter().any(|other| days.meets(other)));
    // Two entries of one article are two events there already, unless they stand apart in nothing but the words.
    if event.told.iter().any(|(other, one, _)| *other == index && (one.by != stage.by || one.place != stage.place)) && !same_day {
        return false;
    }
    match (days, dated.is_empty()) {
        (None, _) => !by_other,
        (Some(_), true) => !by_other,
        (Some(days), false) => {
            let gap = dated.iter().map(|other| days.gap(other)).min().unwrap_or(0);
            if modality == Modality::Expected {
                return gap == 0
                    && dated.iter().any(|other| days.precision() == other.precision() || days.precision() <= Precision::Month);
            }
            if gap == 0 {
                return !by_other || kind == StageKind::Signed;
            }
            !by_other
                && modality == Modality::Actual
                && (happens_once(kind) || gap <= SAME_EVENT_DAYS && kind != StageKind::Violated)
        }
    }
}

/// Two wordings of one body or person: a word in common that is more than a small one.
pub(crate) fn one_body(a: &str, b: &str) -> bool {
    let words = |text: &str| {
        let words =
            plain_words(text).into_iter().filter(|word| word.chars().count() > 2 && !rules().words.definite.contains(word));
        words.map(|word| word_spelling(&word)).collect::<Vec<_>>()
    };
    let (a, b) = (words(a), words(b));
    a.is_empty() || b.is_empty() || a.iter().any(|word| b.contains(word))
}

fn merged_stages(reports: &[Report<'_>], events: &[Event<'_>]) -> Vec<AgreementStage> {
    events.iter().map(|event| merged_stage(reports, event)).collect()
}

fn merged_stage(reports: &[Report<'_>], event: &Event<'_>) -> AgreementStage {
    let mut dates: Vec<Told> = Vec::new();
    let mut evidence: Vec<Sourced> = Vec::new();
    let mut groups = BTreeSet::new();
    for (index, stage, days) in &event.told {
        let Some(report) = reports.get(*index) else { continue };
        groups.insert(report.group);
        evidence.push(report.sourced(&stage.evidence));
        evidence.extend(stage.also.iter().map(|words| report.sourced(words)));
        if let (Some(date), Some(days)) = (&stage.date, days) {
            dates.push(Told {
                sourced: report.sourced(&stage.evidence),
                date: date.clone(),
                days: *days,
                published: report.published,
                group: report.group,
            });
        }
    }
    // The fullest wording first, as long as it is still one sentence or so.
    evidence.sort_by_key(|sourced| {
        let length = sourced.evidence.quote().chars().count();
        (length > 300, std::cmp::Reverse(length))
    });
    evidence.dedup();
    let first = |get: fn(&Stage) -> Option<&Term>| {
        event
            .told
            .iter()
            .filter_map(|(_, stage, _)| get(stage))
            .map(|term| term.value.clone())
            .max_by_key(|value| value.chars().count())
    };
    let unresolved = || event.told.iter().find_map(|(_, stage, _)| stage.date.clone());
    // Only said: where one source tells it in its own voice it is no longer what somebody says.
    let said: Vec<Option<&String>> = event.told.iter().map(|(_, stage, _)| stage.according_to.as_ref()).collect();
    let according_to = if said.iter().all(Option::is_some) { said.first().copied().flatten().cloned() } else { None };
    AgreementStage {
        stage: event.kind,
        date: best(&dates).and_then(|place| dates.get(place)).map(|told| told.date.clone()).or_else(unresolved),
        dates: dates.iter().map(|told| (told.sourced.clone(), told.date.clone())).collect(),
        modality: event.modality,
        place: first(|stage| stage.place.as_ref()),
        by: first(|stage| stage.by.as_ref()),
        according_to,
        sources: groups.len(),
        evidence,
    }
}

fn commitments(reports: &[Report<'_>]) -> Vec<AgreementCommitment> {
    let mut found: Vec<(AgreementCommitment, BTreeSet<String>)> = Vec::new();
    for report in reports {
        for commitment in &report.finding.commitments {
            let words: BTreeSet<String> =
                plain_words(commitment.evidence.quote()).into_iter().filter(|word| word.chars().count() > 3).collect();
            let sourced = report.sourced(&commitment.evidence);
            match found.iter_mut().take(MOST_COMPARED).find(|(cell, own)| same_commitment(cell, own, commitment, &words)) {
                Some((cell, _)) => {
                    for actor in &commitment.by {
                        if !cell.by.contains(actor) {
                            cell.by.push(actor.clone());
                        }
                    }
                    cell.evidence.push(sourced);
                }
                None => found.push((
                    AgreementCommitment {
                        category: commitment.category,
                        strength: commitment.strength,
                        by: commitment.by.clone(),
                        evidence: vec![sourced],
                    },
                    words,
                )),
            }
        }
    }
    let mut cells: Vec<AgreementCommitment> = found.into_iter().map(|(cell, _)| cell).collect();
    cells.sort_by_key(|cell| (cell.category, std::cmp::Reverse(cell.evidence.len())));
    cells
}

/// One provision in two wordings: the same category and strength, half of the fewer words in common.
fn same_commitment(cell: &AgreementCommitment, own: &BTreeSet<String>, other: &Commitment, words: &BTreeSet<String>) -> bool {
    let shared = own.intersection(words).count();
    cell.category == other.category && cell.strength == other.strength && shared * 2 >= own.len().min(words.len())
}

fn money(reports: &[Report<'_>]) -> Vec<AgreementMoney> {
    let mut found: Vec<AgreementMoney> = Vec::new();
    let same = |cell: &AgreementMoney, sum: &Money| {
        cell.currency == sum.currency && (cell.amount - sum.amount).abs() <= 0.005 * cell.amount.abs().max(sum.amount.abs())
    };
    for report in reports {
        for sum in &report.finding.money {
            let sourced = report.sourced(&sum.evidence);
            match found.iter_mut().take(MOST_COMPARED).find(|cell| same(cell, sum)) {
                Some(cell) => {
                    cell.evidence.push(sourced);
                    cell.purpose = cell.purpose.take().or_else(|| sum.purpose.clone());
                    cell.period = cell.period.take().or_else(|| sum.period.clone());
                }
                None => found.push(AgreementMoney {
                    amount: sum.amount,
                    currency: sum.currency.clone(),
                    purpose: sum.purpose.clone(),
                    period: sum.period.clone(),
                    evidence: vec![sourced],
                }),
            }
        }
    }
    found.sort_by(|a, b| a.currency.cmp(&b.currency).then(b.amount.total_cmp(&a.amount)));
    found
}

fn terms(reports: &[Report<'_>], get: fn(&AgreementFinding) -> Option<&Term>) -> Vec<AgreementTerm> {
    let mut found: BTreeMap<String, Vec<Sourced>> = BTreeMap::new();
    for report in reports {
        if let Some(term) = get(report.finding) {
            found.entry(term.value.clone()).or_default().push(report.sourced(&term.evidence));
        }
    }
    let mut terms: Vec<AgreementTerm> = found.into_iter().map(|(value, evidence)| AgreementTerm { value, evidence }).collect();
    terms.sort_by(|a, b| b.evidence.len().cmp(&a.evidence.len()).then_with(|| a.value.cmp(&b.value)));
    terms
}

fn statements(reports: &[Report<'_>]) -> Vec<AgreementStatement> {
    let mut found = Vec::new();
    // The same words by the same speaker in a copy of the report are one statement.
    let mut seen: BTreeSet<(usize, String, String)> = BTreeSet::new();
    for report in reports {
        for statement in
            report.document.findings.statements.iter().filter(|one| one.about.as_deref() == Some(report.finding.key.as_str()))
        {
            let speaker = statement.speaker.as_ref().map(|speaker| speaker.name.to_lowercase()).unwrap_or_default();
            if !seen.insert((report.group, speaker, statement.evidence.quote().to_owned())) {
                continue;
            }
            found.push(AgreementStatement {
                speaker: statement.speaker.clone(),
                via: statement.via.clone(),
                kind: statement.kind,
                stance: statement.stance,
                said: report.document.published.clone(),
                evidence: report.sourced(&statement.evidence),
            });
        }
    }
    found
}

fn relations(reports: &[Report<'_>], agreement_of: &dyn Fn(u64) -> u64) -> Vec<AgreementRelation> {
    let mut found: BTreeMap<(String, RelationKind), Vec<Sourced>> = BTreeMap::new();
    for report in reports {
        let own = agreement_of(report.id);
        for relation in &report.finding.relations {
            if report.document.findings.agreements.iter().all(|finding| finding.key != relation.to) {
                continue;
            }
            let to = agreement_of(own_id(&report.document.id, &relation.to));
            if to != own {
                found.entry((id_text(to), relation.kind)).or_default().push(report.sourced(&relation.evidence));
            }
        }
    }
    found.into_iter().map(|((to, kind), evidence)| AgreementRelation { to, kind, evidence }).collect()
}
