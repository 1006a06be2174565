//! Words that may tell of a stage (`rules/en/stages/cues.toml`), and the logistic model that weighs every telling of one, a rule's or a
//! cue's (`rules/en/stages/weights.toml`): learnt from hand-labelled news by `chancery-train stages`.
//!
//! A rule binds an event to an agreement by the edges between them. Much that happens to an agreement is told without such an edge ("the
//! rebels have freed the last prisoners", two sentences after the truce): there the cue proposes, and the model decides by what stands
//! around it.
use crate::agreements::Tools;
use crate::chain::Chain;
use crate::error::Error;
use crate::events::{Event, agreement_of, clause, head_of};
use crate::lexicon::Weight;
use crate::logistic::Features;
use crate::mention::{Mention, span_of};
use crate::modality;
use crate::signs::{Focused, summed};
use chancery_agreement::{AgreementKind, Modality, StageKind};
use chancery_dissect::{Number, Tense, Upos, VerbForm};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::ops::Range;

/// Rule name of what only a cue proposed.
pub const CUE: &str = "stage-cue";

/// Words that may tell of a stage.
#[derive(Debug, Clone, Default)]
pub struct Cues {
    verbs: FxHashMap<String, Vec<Cue>>,
    nouns: FxHashMap<String, Vec<Cue>>,
    examples: Vec<(StageKind, String)>,
}

#[derive(Debug, Clone, Copy)]
struct Cue {
    stage: StageKind,
    strong: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    cue: Vec<FileCue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileCue {
    stage: String,
    verbs: Vec<String>,
    loose: Vec<String>,
    nouns: Vec<String>,
    yes: Vec<String>,
}

impl Cues {
    /// Reads the list: file name (for errors) and content.
    ///
    /// # Errors
    /// The place in the file and what was expected.
    pub fn read(file: &str, text: &str) -> Result<Self, Error> {
        let parsed: File = toml::from_str(text).map_err(|error| Error::toml(file, text, &error))?;
        let mut cues = Self::default();
        for entry in parsed.cue {
            let stage: StageKind = entry.stage.parse().map_err(|error| Error::new(file, None, format!("{error}")))?;
            for (words, strong) in [(entry.verbs, true), (entry.loose, false)] {
                for word in words {
                    cues.verbs.entry(word).or_default().push(Cue { stage, strong });
                }
            }
            if entry.yes.is_empty() {
                return Err(Error::new(file, None, format!("the cues of `{stage}` carry no `yes` sentence")));
            }
            cues.examples.extend(entry.yes.into_iter().map(|text| (stage, text)));
            for word in entry.nouns {
                cues.nouns.entry(word).or_default().push(Cue { stage, strong: true });
            }
        }
        Ok(cues)
    }

    /// Texts in which a cue is weighed as a telling of the stage: the list's own tests.
    #[must_use]
    pub fn examples(&self) -> &[(StageKind, String)] {
        &self.examples
    }

    fn of(&self, tag: Upos, lemma: &str) -> &[Cue] {
        let list = match tag {
            Upos::Verb => &self.verbs,
            Upos::Noun => &self.nouns,
            _ => return &[],
        };
        list.get(lemma).map_or(&[][..], Vec::as_slice)
    }
}

/// The stages that rules saw, by the word that tells.
type Seen = FxHashMap<usize, Vec<StageKind>>;

/// Adds the events that cues may tell of and no rule saw.
pub fn add_cued(tools: &Tools<'_, '_, '_>, mentions: &[Mention], events: &mut Vec<Event>) {
    let graph = tools.graph;
    let reading = graph.reading();
    let mut seen = Seen::default();
    for event in &*events {
        seen.entry(event.trigger).or_default().push(event.stage);
    }
    // "A pause in hostilities": what a name says is no stage.
    let name = |mention: &Mention| if mention.verbal { mention.core.clone() } else { mention.full.clone() };
    let named: BTreeSet<usize> = mentions.iter().flat_map(name).collect();
    for token in 0..reading.tokens.len() {
        let cues = tools.stage_cues.of(graph.tag(token), reading.lemma(token));
        if cues.is_empty() || named.contains(&token) {
            continue;
        }
        let Some(mention) = agreement_of(tools, mentions, &(token..token + 1)) else { continue };
        // "They agreed to an end of the raids": what a deal told by its verb provides is no stage of it.
        if mentions.get(mention).is_some_and(|mention| mention.verbal && mention.full.contains(&token)) {
            continue;
        }
        let Some(modality) = modality::of(graph, tools.lists, token) else { continue };
        let told = |cue: &&Cue| {
            seen.get(&token).is_some_and(|stages| stages.contains(&cue.stage))
                || is_told_of_other(tools, mentions, token, cue.stage)
                || brings_about_other(tools, &seen, token, cue.stage)
                || helps_other(tools, &seen, token, cue.stage)
        };
        for cue in cues.iter().filter(|cue| !told(cue)) {
            events.push(Event {
                stage: cue.stage,
                modality,
                mention,
                parties: Vec::new(),
                span: clause(tools, token, near(tools, token, mentions.get(mention))),
                trigger: token,
                rule: CUE.to_owned(),
                confidence: if cue.strong { 0.5 } else { 0.2 },
                dated: false,
                governor: None,
            });
        }
    }
}

/// True where the words around the cue at `token` show that what it tells befell something else than an agreement.
fn is_told_of_other(tools: &Tools<'_, '_, '_>, mentions: &[Mention], token: usize, stage: StageKind) -> bool {
    match stage {
        // "The house backed the treaty" backed out of nothing.
        StageKind::Withdrawn if tools.graph.reading().lemma(token) == "back" => {
            !tools.graph.reading().dependents(token).any(|child| matches!(&*tools.graph.reading().lower(child), "out" | "away"))
        }
        StageKind::Withdrawn => has_other_object(tools, mentions, token) || leaves_place(tools, token),
        _ if is_taken_back(tools, token) || is_naming(tools, token) => true,
        StageKind::Signed | StageKind::Initialled | StageKind::Ratified => has_other_object(tools, mentions, token),
        StageKind::Expired => has_other_subject(tools, mentions, token),
        // "was made a part of the law", "the request came after months of ceasefire"
        StageKind::Agreed => {
            let lemma = tools.graph.reading().lemma(token);
            let passive = tools.graph.is_passive(token);
            let predicate = |child: usize| match tools.graph.tag(child) {
                Upos::Noun => true,
                Upos::Adj => passive,
                _ => false,
            };
            tools.graph.down(token, "xcomp").any(predicate)
                || tools.lists.contains("coming-verbs", lemma) && has_other_subject(tools, mentions, token)
        }
        // "The assembly set up under the treaty was suspended"
        StageKind::Suspended => tools.graph.is_passive(token) && has_other_subject(tools, mentions, token),
        // "hostilities renewed", "renewed the attacks"
        StageKind::Extended => {
            ["nsubj", "obj"].iter().any(|relation| tools.graph.down(token, relation).any(|noun| is_fight(tools, noun)))
        }
        // "voted for the ratification"
        StageKind::Rejected => {
            let reading = tools.graph.reading();
            let votes = tools.lists.contains("voting", reading.lemma(token));
            // "rejected claims that it had been broken"
            let claim = |noun: usize| tools.lists.contains("allegations", &reading.lower_lemma(noun));
            // "refused to say whether it was signed"
            let keeps_still = |verb: usize| tools.lists.contains("saying-verbs", &reading.lower_lemma(verb));
            tools.graph.down(token, "obj").any(claim)
                || tools.graph.down(token, "xcomp").any(keeps_still)
                || votes && tools.graph.down(token, "obl").any(|child| tools.graph.case(child) == Some("for"))
        }
        // "pull its forces out": what is in force is so in the singular.
        StageKind::InForce => is_plural_noun(tools, token) || comes_of_other(tools, mentions, token),
        _ => false,
    }
}

/// "Led to the collapse of the truce", "announced the suspension of the treaty", "agreed to drop it": the other word tells what happens, and
/// the verb makes no agreement.
fn brings_about_other(tools: &Tools<'_, '_, '_>, seen: &Seen, token: usize, stage: StageKind) -> bool {
    use StageKind::{Agreed, Drafted, Negotiating, Proposed, Suspended, Terminated};
    // Nor does "cancelled the signing" end it.
    let makes = matches!(stage, Proposed | Negotiating | Drafted | Agreed | Suspended | Terminated);
    let tells = |child: usize| seen.get(&child).is_some_and(|stages| !stages.contains(&stage));
    let noun = |child: usize| tools.graph.tag(child) == Upos::Noun;
    let mut nouns = tools.graph.down(token, "obj").chain(tools.graph.down(token, "obl")).filter(|&child| noun(child));
    makes && (nouns.any(tells) || tools.graph.down(token, "xcomp").any(tells))
}

/// "Signed it in May with Norwegian mediation": the signing is what is told.
fn helps_other(tools: &Tools<'_, '_, '_>, seen: &Seen, token: usize, stage: StageKind) -> bool {
    let graph = tools.graph;
    let helps = stage == StageKind::Negotiating
        && graph.tag(token) == Upos::Noun
        && graph.case(token).is_some_and(|case| matches!(&*case.to_lowercase(), "with" | "through"));
    let above = graph.head(token).filter(|_| helps && matches!(graph.base_relation(token), "obl" | "nmod"));
    // The tree may hang it on the date before it.
    let verb = above.map(|above| if graph.tag(above) == Upos::Verb { above } else { graph.head(above).unwrap_or(above) });
    verb.is_some_and(|verb| graph.tag(verb) == Upos::Verb && seen.contains_key(&verb))
}

/// Farthest below an object, in edges of the tree, that an agreement belongs to it.
const FARTHEST_BELOW: usize = 6;

/// True where the verb at `token` has an object that speaks of no agreement, or is itself no agreement by any words: "signed a decree on gas
/// fields", "signed a bill ratifying the pact", "withdraw their troops". Who withdraws a signature leaves what was signed.
fn has_other_object(tools: &Tools<'_, '_, '_>, mentions: &[Mention], token: usize) -> bool {
    let graph = tools.graph;
    // What a relative clause says of it is no part of what was signed.
    let belongs = |mention: &Mention, noun: usize| {
        let mut at = mention.head;
        for _ in 0..FARTHEST_BELOW {
            if at == noun {
                return true;
            }
            match graph.head(at).filter(|_| graph.relation(at) != "acl:relcl") {
                Some(head) => at = head,
                None => return false,
            }
        }
        false
    };
    let is_law = |noun: usize| tools.lists.contains("laws", &graph.reading().lower_lemma(noun));
    let is_bond = |noun: usize| tools.lists.contains("bonds", &graph.reading().lower_lemma(noun));
    let of_agreement = |noun: usize, mention: &Mention| mention.head == noun || !is_law(noun) && belongs(mention, noun);
    let speaks = |noun: usize| is_bond(noun) || mentions.iter().any(|mention| of_agreement(noun, mention));
    graph.tag(token) == Upos::Verb
        && graph.down(token, "obj").any(|noun| matches!(graph.tag(noun), Upos::Noun | Upos::Propn) && !speaks(noun))
}

/// "Withdrew its signature": nobody signed.
fn is_taken_back(tools: &Tools<'_, '_, '_>, token: usize) -> bool {
    let lemma = |token: usize| tools.graph.reading().lower_lemma(token);
    let verb = tools.graph.head(token).filter(|_| tools.graph.base_relation(token) == "obj");
    tools.lists.contains("bonds", &lemma(token)) && verb.is_some_and(|verb| tools.lists.contains("taking-back", &lemma(verb)))
}

/// "An agreement called the Lake Accord": nobody called for it, nor for the accord in "who called the accord a success".
pub(crate) fn is_naming(tools: &Tools<'_, '_, '_>, token: usize) -> bool {
    let (graph, reading) = (tools.graph, tools.graph.reading());
    let judges = graph.has(token, "obj") && graph.has(token, "xcomp");
    tools.lists.contains("naming-participles", &reading.lower(token))
        && !matches!(&*reading.lower(token + 1), "for" | "off" | "on" | "upon")
        && !graph.has(token, "nsubj")
        && !judges
}

/// "It replaces a mandate that expires in May": the mandate does.
fn has_other_subject(tools: &Tools<'_, '_, '_>, mentions: &[Mention], token: usize) -> bool {
    let graph = tools.graph;
    let relative = graph.head(token).filter(|_| graph.relation(token) == "acl:relcl");
    let subjects = graph.down(token, "nsubj").filter(|_| graph.tag(token) == Upos::Verb);
    let of = |noun: usize| match graph.tag(noun) {
        Upos::Pron => relative,
        Upos::Noun | Upos::Propn => Some(noun),
        _ => None,
    };
    let speaks = |noun: usize| mentions.iter().any(|mention| mention.full.contains(&noun) || mention.head == noun);
    let other = |noun: usize| graph.tag(noun) != Upos::Pron && !speaks(noun);
    subjects.filter_map(of).any(other)
}

/// True for a noun that tells of a broken peace: "hostilities", "attack".
fn is_fight(tools: &Tools<'_, '_, '_>, noun: usize) -> bool {
    let cues = tools.stage_cues.of(tools.graph.tag(noun), tools.graph.reading().lemma(noun));
    cues.iter().any(|cue| cue.stage == StageKind::Violated)
}

fn is_plural_noun(tools: &Tools<'_, '_, '_>, token: usize) -> bool {
    let features = tools.graph.reading().syntax(token).map(|syntax| syntax.features);
    tools.graph.tag(token) == Upos::Noun && features.is_some_and(|features| features.number == Some(Number::Plur))
}

/// "The tariffs go into effect in May", "an offer to hold elections": it is not the agreement that comes or holds.
fn comes_of_other(tools: &Tools<'_, '_, '_>, mentions: &[Mention], token: usize) -> bool {
    let graph = tools.graph;
    let is_cue = |token: usize| {
        let cues = tools.stage_cues.of(graph.tag(token), graph.reading().lemma(token));
        cues.iter().any(|cue| cue.stage == StageKind::InForce)
    };
    if graph.tag(token) == Upos::Verb {
        let takes_effect = graph.down(token, "obj").any(is_cue);
        return has_other_subject(tools, mentions, token) || !takes_effect && has_other_object(tools, mentions, token);
    }
    let verb = graph.head(token).filter(|&verb| graph.tag(verb) == Upos::Verb && is_cue(verb));
    verb.is_some_and(|verb| has_other_subject(tools, mentions, verb))
}

/// "Troops will withdraw from the cities", "Peru must withdraw from Chile": who leaves a place leaves no agreement.
fn leaves_place(tools: &Tools<'_, '_, '_>, token: usize) -> bool {
    let graph = tools.graph;
    let forces = |noun: usize| tools.lists.contains("what-is-stationed", &graph.reading().lower_lemma(noun));
    let land = |noun: usize| tools.actors.at(noun).is_some_and(|actor| actor.kind.is_polity());
    let mut from = graph.down(token, "obl").filter(|&noun| graph.case(noun) == Some("from"));
    graph.subjects(token).into_iter().any(forces) || from.any(land)
}

/// Rule name of what only the reader takes for the telling of a stage.
pub const MARK: &str = "stage-mark";

/// Least probability of every word of a stretch that the reader may take for the telling of a stage.
const LEAST_LIKELY: f32 = 0.15;

/// Adds the events that the reader takes words for and that neither rule nor cue saw.
pub fn add_marked(tools: &Tools<'_, '_, '_>, mentions: &[Mention], events: &mut Vec<Event>) {
    let words = &tools.graph.reading().likelihoods;
    for tokens in stretches(tools, words) {
        let told = |stage: StageKind| events.iter().any(|event| event.stage == stage && tokens.contains(&event.trigger));
        let mention = agreement_of(tools, mentions, &tokens);
        let event = mention.and_then(|mention| proposed(tools, words, &tokens, mention, MARK));
        events.extend(event.filter(|event| !told(event.stage)));
    }
}

/// Rule name of what only the reader's second look takes for the telling of a stage.
pub const FOCUS: &str = "stage-focus";

/// The events that the words tell of with the agreement in focus, whose mentions are `own`, and that are not among its `events` yet.
#[must_use]
pub fn in_focus(
    tools: &Tools<'_, '_, '_>,
    mentions: &[Mention],
    own: &[usize],
    focused: &Focused,
    events: &[&Event],
) -> Vec<Event> {
    let near = |tokens: &Range<usize>| {
        let distance = |&index: &usize| mentions.get(index).map_or(usize::MAX, |mention| mention.head.abs_diff(tokens.start));
        own.iter().copied().min_by_key(distance)
    };
    let event = |tokens: Range<usize>| {
        let event = proposed(tools, focused, &tokens, near(&tokens)?, FOCUS)?;
        let told = events.iter().any(|other| other.stage == event.stage && tokens.contains(&other.trigger));
        (!told).then_some(event)
    };
    stretches(tools, focused).into_iter().filter_map(event).collect()
}

/// The event that the reader takes the words `tokens` for.
fn proposed(tools: &Tools<'_, '_, '_>, words: &Focused, tokens: &Range<usize>, mention: usize, rule: &str) -> Option<Event> {
    let each = || words.range(tokens.clone()).map(|(_, word)| word);
    Some(Event {
        stage: likeliest(each().flat_map(|word| word.stages.iter().copied()))?,
        modality: likeliest(each().flat_map(|word| word.modalities.iter().copied()))?,
        mention,
        parties: Vec::new(),
        span: span_of(tools.graph.reading(), tokens),
        trigger: head_of(tools, tokens),
        rule: rule.to_owned(),
        confidence: 0.2,
        dated: false,
        governor: None,
    })
}

/// The longest stretches inside a sentence all of whose words may tell of a stage, without punctuation at their ends.
fn stretches(tools: &Tools<'_, '_, '_>, words: &Focused) -> Vec<Range<usize>> {
    let reading = tools.graph.reading();
    let mut found: Vec<Range<usize>> = Vec::new();
    for (&token, _) in words.iter().filter(|(_, word)| word.stage() >= LEAST_LIKELY) {
        match found.last_mut().filter(|last| last.end == token && reading.sentence_of(last.start) == reading.sentence_of(token)) {
            Some(last) => last.end = token + 1,
            None => found.push(token..token + 1),
        }
    }
    for stretch in &mut found {
        while stretch.len() > 1 && tools.graph.tag(stretch.end - 1) == Upos::Punct {
            stretch.end -= 1;
        }
        while stretch.len() > 1 && tools.graph.tag(stretch.start) == Upos::Punct {
            stretch.start += 1;
        }
    }
    found
}

/// The kind that the most probability falls to, the first of equals; `None` where there is none.
fn likeliest<K: Copy + PartialEq>(each: impl Iterator<Item = (K, f32)>) -> Option<K> {
    let sums = summed(each);
    let most = sums.iter().map(|(_, sum)| *sum).fold(f32::NEG_INFINITY, f32::max);
    sums.into_iter().find(|(_, sum)| *sum >= most).map(|(kind, _)| kind)
}

/// Farthest that the agreement may stand from the word that tells for their words to be shown together, in tokens.
const NEAR: usize = 14;

/// The tokens of the agreement where it stands near the word that tells.
fn near(tools: &Tools<'_, '_, '_>, token: usize, mention: Option<&Mention>) -> Vec<usize> {
    let reading = tools.graph.reading();
    let near = |at: &usize| at.abs_diff(token) <= NEAR && reading.sentence_of(*at) == reading.sentence_of(token);
    mention.map(|mention| vec![mention.core.start, mention.core.end - 1]).filter(|ends| ends.iter().all(near)).unwrap_or_default()
}

/// Names of a stage's features: told in words that are bound to the agreement, told apart from it, told of a ceasefire.
const BY_STAGE: &[(StageKind, [&str; 3])] = &[
    (StageKind::Proposed, ["proposed-bound", "proposed-apart", "proposed-ceasefire"]),
    (StageKind::Negotiating, ["negotiating-bound", "negotiating-apart", "negotiating-ceasefire"]),
    (StageKind::Drafted, ["drafted-bound", "drafted-apart", "drafted-ceasefire"]),
    (StageKind::Initialled, ["initialled-bound", "initialled-apart", "initialled-ceasefire"]),
    (StageKind::Agreed, ["agreed-bound", "agreed-apart", "agreed-ceasefire"]),
    (StageKind::Signed, ["signed-bound", "signed-apart", "signed-ceasefire"]),
    (StageKind::Submitted, ["submitted-bound", "submitted-apart", "submitted-ceasefire"]),
    (StageKind::Approved, ["approved-bound", "approved-apart", "approved-ceasefire"]),
    (StageKind::Ratified, ["ratified-bound", "ratified-apart", "ratified-ceasefire"]),
    (StageKind::InForce, ["in-force-bound", "in-force-apart", "in-force-ceasefire"]),
    (StageKind::Implemented, ["implemented-bound", "implemented-apart", "implemented-ceasefire"]),
    (StageKind::Extended, ["extended-bound", "extended-apart", "extended-ceasefire"]),
    (StageKind::Amended, ["amended-bound", "amended-apart", "amended-ceasefire"]),
    (StageKind::Suspended, ["suspended-bound", "suspended-apart", "suspended-ceasefire"]),
    (StageKind::Violated, ["violated-bound", "violated-apart", "violated-ceasefire"]),
    (StageKind::Withdrawn, ["withdrawn-bound", "withdrawn-apart", "withdrawn-ceasefire"]),
    (StageKind::Terminated, ["terminated-bound", "terminated-apart", "terminated-ceasefire"]),
    (StageKind::Expired, ["expired-bound", "expired-apart", "expired-ceasefire"]),
    (StageKind::Rejected, ["rejected-bound", "rejected-apart", "rejected-ceasefire"]),
];

const FLAGS: &[&str] = &[
    "rule",
    "rule-confidence",
    "strong-cue",
    "loose-cue",
    "dated-noun",
    "rule-on-same-word",
    "object",
    "subject",
    "below",
    "above",
    "same-sentence",
    "sentence-before",
    "further-before",
    "distance",
    "anaphor",
    "bare",
    "known-instrument",
    "verb",
    "expected",
    "denied",
    "past",
    "present",
    "infinitive",
    "gerund",
    "participle",
    "root",
    "in-clause-of-other-verb",
    "dated",
    "date-in-sentence",
    "actor-subject",
    "party-subject",
    "actors-in-sentence",
    "no-subject",
    "in-lead",
    "place-in-article",
    "chains",
    "mentions",
    "same-stage-told",
    "loose-and-apart",
    "noun-and-apart",
    "loose-and-dated",
    "only-marked",
    "mark-known",
    "mark-stage",
    "mark-kind",
    "mark-kind-among-stages",
    "mark-modality",
    "mark-words",
    "mark-sentence",
    "mark-agreement",
    "mark-agreement-anywhere",
    "only-in-focus",
    "focus-known",
    "focus-stage",
    "focus-kind",
    "focus-kind-at-word",
    "focus-kind-among-stages",
    "focus-modality",
];

/// Every feature that [`features`] can give.
#[must_use]
pub fn names() -> Vec<&'static str> {
    BY_STAGE.iter().flat_map(|(_, names)| names.iter().copied()).chain(FLAGS.iter().copied()).collect()
}

/// How the word that tells is bound to the agreement, by its features.
#[must_use]
pub fn tie(features: &Features) -> &'static str {
    let ties = ["object", "subject", "below", "above", "same-sentence", "sentence-before"];
    ties.into_iter().find(|tie| features.contains(tie)).unwrap_or("far")
}

/// What surrounds the telling of a stage.
pub struct Surroundings<'s> {
    /// The agreement.
    pub chain: &'s Chain,
    /// Number of agreements that the article speaks of.
    pub chains: usize,
    /// All that is told of this agreement.
    pub events: &'s [&'s Event],
    /// True where a time expression dates it.
    pub dated: bool,
    /// True where one stands in its sentence.
    pub date_in_sentence: bool,
}

/// What is known of the telling of a stage.
#[must_use]
pub fn features(tools: &Tools<'_, '_, '_>, event: &Event, mention: &Mention, around: &Surroundings<'_>) -> Features {
    let graph = tools.graph;
    let reading = graph.reading();
    let mut found = Features::new();
    let mut set = |name: &'static str, holds: bool| {
        if holds {
            found.insert(name, 1.0);
        }
    };
    let token = event.trigger;
    let is_cue = event.rule == CUE || event.rule == MARK || event.rule == FOCUS;
    let (here, there) = (reading.sentence_of(token).unwrap_or(0), reading.sentence_of(mention.head).unwrap_or(0));
    let same = here == there;
    let object = same && graph.objects(token).contains(&mention.head);
    let subject = same && graph.subjects(token).contains(&mention.head);
    let below = same && ancestors(tools, mention.head).any(|above| above == token);
    let above = same && ancestors(tools, token).any(|above| above == mention.head);
    let bound = !is_cue || object || subject || below || above;
    let strong = is_cue && event.confidence > 0.3;
    let loose = is_cue && !strong;
    let verb = graph.tag(token) == Upos::Verb;
    if let Some((_, [with_bond, without, of_ceasefire])) = BY_STAGE.iter().find(|(stage, _)| *stage == event.stage) {
        set(if bound { with_bond } else { without }, true);
        set(of_ceasefire, around.chain.kind() == AgreementKind::Ceasefire);
    }
    set("rule", !is_cue && !event.dated);
    set("strong-cue", strong);
    set("loose-cue", loose && event.rule == CUE);
    set("only-marked", event.rule == MARK);
    set("only-in-focus", event.rule == FOCUS);
    set("dated-noun", event.dated);
    set("rule-on-same-word", is_cue && around.events.iter().any(|other| other.trigger == token && other.rule != CUE));
    set("object", object);
    set("subject", subject);
    set("below", below);
    set("above", above);
    set("same-sentence", same);
    set("sentence-before", here == there + 1);
    set("further-before", here > there + 1);
    set("anaphor", mention.weight == Weight::Anaphor);
    set("bare", mention.is_bare());
    set("known-instrument", around.chain.is_of_many());
    set("verb", verb);
    set("expected", event.modality == Modality::Expected);
    set("denied", event.modality == Modality::Denied);
    if let Some(syntax) = reading.syntax(token).filter(|_| verb) {
        set("past", syntax.features.tense == Some(Tense::Past) && syntax.features.verb_form == Some(VerbForm::Fin));
        set("present", syntax.features.tense == Some(Tense::Pres) && syntax.features.verb_form == Some(VerbForm::Fin));
        set("infinitive", syntax.features.verb_form == Some(VerbForm::Inf));
        set("gerund", reading.form(token).ends_with("ing"));
        set("participle", syntax.features.verb_form == Some(VerbForm::Part));
    }
    set("root", graph.base_relation(token) == "root");
    set("in-clause-of-other-verb", matches!(graph.base_relation(token), "ccomp" | "advcl" | "acl" | "xcomp"));
    set("dated", around.dated);
    set("date-in-sentence", around.date_in_sentence);
    let doers = graph.subjects(token);
    let actors: Vec<_> = doers.iter().flat_map(|&doer| tools.speaks_for(doer)).collect();
    set("actor-subject", !actors.is_empty());
    set("party-subject", actors.iter().any(|actor| around.chain.parties.contains(&actor.actor)));
    set("no-subject", doers.is_empty());
    set("in-lead", here < 3);
    set("loose-and-apart", loose && !bound);
    set("noun-and-apart", is_cue && !verb && !bound);
    set("loose-and-dated", loose && around.dated);
    let count = |number: usize| f64::from(u32::try_from(number.min(200)).unwrap_or(200)).ln_1p();
    if !is_cue {
        found.insert("rule-confidence", f64::from(event.confidence));
    }
    if same {
        found.insert("distance", count(mention.head.abs_diff(token)));
    }
    if let Some(sentence) = reading.sentences.get(here) {
        let actors: BTreeSet<&str> = tools.actors.in_range(&sentence.tokens).map(|actor| actor.actor.as_str()).collect();
        found.insert("actors-in-sentence", count(actors.len()));
    }
    found.insert("place-in-article", count(here));
    found.insert("chains", count(around.chains));
    found.insert("mentions", count(around.chain.mentions.len()));
    let told = around.events.iter().filter(|other| other.stage == event.stage && other.trigger != token).count();
    found.insert("same-stage-told", count(told));
    found
}

/// How far up the tree a bond is looked for.
const REACH: usize = 6;

fn ancestors<'t>(tools: &'t Tools<'_, '_, '_>, token: usize) -> impl Iterator<Item = usize> + 't {
    std::iter::successors(tools.graph.head(token), |&at| tools.graph.head(at)).take(REACH)
}
