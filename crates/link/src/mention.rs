//! A mention: what one article says of one instrument, in the form in which two of them are compared.
use crate::Document;
use crate::actors::{ActorId, Actors};
use crate::edtf::{Days, Precision, moved};
use crate::names::{NameParts, name_parts, plain_words};
use crate::weights::Rules;
use chancery_agreement::{AgreementFinding, AgreementKind, CommitmentCategory, Modality, PartyRole, StageKind};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Number of a mention within one run: their order is that of the documents' ids and of the agreements in them.
pub(crate) type MentionId = u32;

/// Number of a word within one run.
pub(crate) type WordId = u32;

/// All mentions of a run with the tables that their numbers lead to.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    pub all: Vec<Mention>,
    pub actors: Actors,
    pub words: Vec<String>,
    /// Words of `words` that many instruments share (`field` in words.toml).
    pub field: Vec<bool>,
    /// Titles in which a word stands, by word: the rarer, the more telling.
    pub title_count: Vec<u32>,
}

/// Sorts of instruments that reports take for one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Family {
    Ceasefire,
    Peace,
    Trade,
    Contract,
    General,
}

/// One agreement of one article.
#[derive(Debug, Clone)]
pub(crate) struct Mention {
    /// Index of the document in the run.
    pub document: u32,
    /// Index of the agreement in the document's findings.
    pub agreement: u32,
    pub kind: AgreementKind,
    pub family: Family,
    /// Parties proper, sorted.
    pub parties: Vec<ActorId>,
    /// Distinctive words of all names, sorted.
    pub name_words: Vec<WordId>,
    /// Distinctive words of each proper name, sorted; abbreviations are names of one word.
    pub proper: Vec<Vec<WordId>>,
    /// Whole names of several capitalised words, sorted.
    pub whole: Vec<WordId>,
    /// Words of the names that name states and bodies, sorted.
    pub places: Vec<WordId>,
    /// Years in the names.
    pub years: Vec<i16>,
    /// Marked as another, previous, similar one.
    pub other: bool,
    /// When it was made: signed or agreed, as a fact.
    pub made: Vec<Days>,
    /// Told as made, dated or not.
    pub is_made: bool,
    /// Told as still to come or under way: proposed, negotiated, drafted, expected to be made.
    pub is_coming: bool,
    /// Other dated stages.
    pub events: Vec<(StageKind, Modality, Days)>,
    pub published: Option<Date>,
    pub commitments: Vec<CommitmentCategory>,
    /// Words of the headline, sorted.
    pub title: Vec<WordId>,
}

impl Mention {
    /// The finding behind it.
    pub(crate) fn finding<'a>(&self, documents: &[&'a Document]) -> Option<&'a AgreementFinding> {
        documents.get(self.document as usize)?.findings.agreements.get(self.agreement as usize)
    }
}

/// Numbers for words, given in order of first use.
#[derive(Default)]
struct WordTable {
    ids: HashMap<String, WordId>,
    words: Vec<String>,
}

impl WordTable {
    fn id(&mut self, word: &str) -> WordId {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.ids.insert(word.to_owned(), id);
        self.words.push(word.to_owned());
        id
    }
}

/// All mentions of the documents.
pub(crate) fn mentions(documents: &[&Document], rules: &Rules) -> Mentions {
    let actors = Actors::of(documents, &rules.words);
    let mut table = WordTable::default();
    let mut all = Vec::new();
    let mut title_count: BTreeMap<WordId, u32> = BTreeMap::new();
    for (index, document) in documents.iter().enumerate() {
        let title = title_words(document, &mut table, rules);
        for word in &title {
            *title_count.entry(*word).or_default() += 1;
        }
        let published = document.published.as_deref().and_then(Days::parse).and_then(|days| days.sorting_day());
        for (number, finding) in document.findings.agreements.iter().enumerate() {
            let mut mention = mention(finding, published, &actors, &mut table, rules);
            mention.document = u32::try_from(index).unwrap_or(u32::MAX);
            mention.agreement = u32::try_from(number).unwrap_or(u32::MAX);
            let of_parties: BTreeSet<&str> =
                mention.parties.iter().flat_map(|id| actors.words(*id)).map(String::as_str).collect();
            mention.title = title
                .iter()
                .copied()
                .filter(|id| table.words.get(*id as usize).is_some_and(|word| !of_parties.contains(word.as_str())))
                .collect();
            all.push(mention);
        }
    }
    let field = table.words.iter().map(|word| rules.words.field.contains(word)).collect();
    let title_count =
        (0..table.words.len()).map(|id| title_count.get(&u32::try_from(id).unwrap_or(0)).copied().unwrap_or(0)).collect();
    Mentions { all, actors, words: table.words, field, title_count }
}

fn mention(
    finding: &AgreementFinding,
    published: Option<Date>,
    actors: &Actors,
    table: &mut WordTable,
    rules: &Rules,
) -> Mention {
    let mut parties: Vec<ActorId> = finding
        .parties
        .iter()
        .filter(|party| party.role == PartyRole::Party)
        .filter_map(|party| actors.id(&party.actor))
        .collect();
    parties.sort_unstable();
    parties.dedup();
    let context: BTreeSet<String> = parties.iter().flat_map(|id| actors.words(*id)).cloned().collect();
    let (mut name_words, mut proper, mut whole, mut places) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut years, mut others, mut named_days) = (BTreeSet::new(), 0, Vec::new());
    for name in &finding.names {
        let parts = name_parts(name.evidence.quote(), &rules.words, &context);
        let ids: Vec<WordId> = parts.distinctive.iter().map(|word| table.id(word)).collect();
        let own_places: Vec<WordId> = parts.places.iter().map(|word| table.id(word)).collect();
        let core: Vec<WordId> = ids.iter().copied().filter(|id| !own_places.contains(id)).collect();
        if parts.proper && !core.is_empty() {
            proper.insert(sorted(core));
        }
        for short in &parts.short {
            proper.insert(vec![table.id(short)]);
        }
        whole.extend(parts.whole.as_ref().map(|name| table.id(&format!("={name}"))));
        named_days.extend(named_days_of(&parts, published));
        name_words.extend(ids);
        places.extend(own_places);
        years.extend(parts.years);
        others += usize::from(parts.other);
    }
    let (mut made, mut events) = (Vec::new(), Vec::new());
    let (mut is_made, mut is_coming) = (false, false);
    for stage in &finding.stages {
        let days = stage.date.as_ref().and_then(|date| date.value.as_deref()).and_then(Days::parse);
        let makes = matches!(stage.stage, StageKind::Signed | StageKind::Agreed);
        let before = matches!(stage.stage, StageKind::Proposed | StageKind::Negotiating | StageKind::Drafted);
        match stage.modality {
            Modality::Actual if makes => is_made = true,
            Modality::Actual if !before => is_made |= !matches!(stage.stage, StageKind::Rejected | StageKind::Submitted),
            Modality::Actual => is_coming = true,
            Modality::Expected if makes || before => is_coming = true,
            _ => {}
        }
        let Some(days) = days else { continue };
        if makes && stage.modality == Modality::Actual {
            made.push(days);
        } else if days.precision() <= Precision::Month {
            events.push((stage.stage, stage.modality, days));
        }
    }
    let family = family(finding.kind);
    if made.is_empty() && matches!(family, Family::Ceasefire | Family::Peace) {
        let holds = finding.stages.iter().filter(|stage| {
            stage.modality == Modality::Actual && matches!(stage.stage, StageKind::InForce | StageKind::Implemented)
        });
        made.extend(
            holds
                .filter_map(|stage| Days::parse(stage.date.as_ref()?.value.as_deref()?))
                .filter(|days| days.precision() >= Precision::Month),
        );
    }
    if made.is_empty() {
        made = named_days;
    }
    let mut commitments: Vec<CommitmentCategory> = finding.commitments.iter().map(|commitment| commitment.category).collect();
    commitments.sort_unstable();
    commitments.dedup();
    Mention {
        document: 0,
        agreement: 0,
        kind: finding.kind,
        family,
        parties,
        name_words: name_words.into_iter().collect(),
        proper: proper.into_iter().collect(),
        whole: whole.into_iter().collect(),
        places: places.into_iter().collect(),
        years: years.into_iter().collect(),
        other: others > 0 && others * 2 >= finding.names.len(),
        made,
        is_made,
        is_coming: is_coming && !is_made,
        events,
        published,
        commitments,
        title: Vec::new(),
    }
}

/// The days on which a name itself has the instrument made: "the 2002 ceasefire", "January's accord", "the week-old truce".
fn named_days_of(parts: &NameParts, published: Option<Date>) -> Vec<Days> {
    let mut found = Vec::new();
    if let (Some((least, most)), Some(report)) = (parts.age, published) {
        found.push(Days { earliest: Some(moved(report, -most)), latest: Some(moved(report, -least)), vague: true });
    }
    for month in &parts.months {
        // A month without a year is the last one before the report.
        let year = parts.years.first().copied().or_else(|| {
            let report = published?;
            Some(if *month <= report.month() { report.year() } else { report.year() - 1 })
        });
        found.extend(year.and_then(|year| Days::parse(&format!("{year:04}-{month:02}"))));
    }
    if found.is_empty() {
        found.extend(parts.years.iter().filter_map(|year| Days::parse(&year.to_string())));
    }
    found
}

fn family(kind: AgreementKind) -> Family {
    match kind {
        AgreementKind::Ceasefire => Family::Ceasefire,
        AgreementKind::PeaceAccord => Family::Peace,
        AgreementKind::TradeDeal => Family::Trade,
        AgreementKind::Contract => Family::Contract,
        _ => Family::General,
    }
}

fn title_words(document: &Document, table: &mut WordTable, rules: &Rules) -> Vec<WordId> {
    let lists = &rules.words;
    let words = plain_words(document.title.as_deref().unwrap_or(""));
    let telling = words.iter().take(40).filter(|word| {
        word.chars().count() >= 4
            && !lists.instrument.contains(*word)
            && !lists.describing.contains(*word)
            && !lists.field.contains(*word)
            && !lists.other.contains(*word)
    });
    let mut ids: Vec<WordId> = telling.map(|word| table.id(word)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn sorted(mut ids: Vec<WordId>) -> Vec<WordId> {
    ids.sort_unstable();
    ids.dedup();
    ids
}
