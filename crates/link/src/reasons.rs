//! Why a member is part of its agreement, in plain words: its strongest partner and the signs that speak for and against.
use crate::actors::Actors;
use crate::cluster::spread;
use crate::history::Report;
use crate::mention::{Lexicon, Mention, WordId, day_of, stage_of};
use crate::score::{Signs, signs};
use crate::weights::{Rules, Sign};
use chancery_agreement::CommitmentCategory;
use std::collections::BTreeSet;

/// What joined each member to the others, in the order of the members, the founder first.
pub(crate) fn reasons(reports: &[Report<'_>], actors: &Actors, lexicon: &Lexicon, rules: &Rules) -> Vec<String> {
    let all: Vec<u32> = (0..u32::try_from(reports.len()).unwrap_or(u32::MAX)).collect();
    let compared: Vec<u32> = spread(Some(&all), rules.weights.limit.sample.max(8)).collect();
    let words = Words { actors, lexicon };
    (0..reports.len())
        .map(|place| match place {
            0 if reports.len() == 1 => "no other report of it".to_owned(),
            0 => "the earliest report of it; the others were joined to this one".to_owned(),
            _ => why(reports, place, &compared, &words, rules),
        })
        .collect()
}

/// What numbers of actors and words stand for.
struct Words<'a> {
    actors: &'a Actors,
    lexicon: &'a Lexicon,
}

/// The best reason for a member: its strongest partner among the others.
fn why(reports: &[Report<'_>], place: usize, compared: &[u32], words: &Words<'_>, rules: &Rules) -> String {
    let Some(own) = reports.get(place) else { return String::new() };
    let mut best: Option<(i32, &Report<'_>, Signs)> = None;
    for other in compared.iter().map(|other| *other as usize).filter(|other| *other != place) {
        let Some(partner) = reports.get(other) else { continue };
        // The order of the two is that in which they were compared.
        let pair = if own.id <= partner.id { (&own.mention, &partner.mention) } else { (&partner.mention, &own.mention) };
        let found = signs(words.actors, pair.0, pair.1, rules);
        let score = (found.score(&rules.weights) * 1000.0) as i32;
        if best.as_ref().is_none_or(|(most, _, _)| score > *most) {
            best = Some((score, partner, found));
        }
    }
    let Some((score, partner, signs)) = best else { return String::new() };
    let mut weighed: Vec<(f32, Sign)> = signs
        .iter()
        .map(|(sign, share)| (rules.weights.weight.of(sign) * share, sign))
        .filter(|(weight, _)| *weight != 0.0)
        .collect();
    weighed.sort_by(|x, y| y.0.abs().total_cmp(&x.0.abs()).then(x.1.cmp(&y.1)));
    let said = |(_, sign): &(f32, Sign)| {
        sign.words().replace("{}", &words.detail(&own.mention, &partner.mention, *sign)).replace(" ()", "")
    };
    let speaks: Vec<String> = weighed.iter().filter(|(weight, _)| *weight > 0.0).take(4).map(said).collect();
    let against: Vec<String> = weighed.iter().filter(|(weight, _)| *weight < 0.0).take(2).map(said).collect();
    let (source, key) = (&partner.document.source, &partner.finding.key);
    let mut text = format!("joined to {key} of {source}: {}", speaks.join(", "));
    if !against.is_empty() {
        text.push_str("; against it: ");
        text.push_str(&against.join(", "));
    }
    let enough = rules.weights.threshold.join;
    text.push_str(&format!(" (all signs together weigh {:.1}; {enough:.1} is enough)", f64::from(score) / 1000.0));
    text
}

impl Words<'_> {
    fn detail(&self, a: &Mention, b: &Mention, sign: Sign) -> String {
        let word = |id: &WordId| self.lexicon.0.get(id).map(|word| word.trim_start_matches('=').replace('_', " "));
        let shared = |x: &[u32], y: &[u32]| x.iter().filter(|id| y.contains(id)).filter_map(word).collect::<Vec<_>>().join(", ");
        match sign {
            Sign::parties_equal
            | Sign::parties_inside
            | Sign::parties_overlap
            | Sign::parties_one
            | Sign::parties_single
            | Sign::parties_like
            | Sign::parties_part => {
                let like = |id: &&u32| b.parties().iter().any(|other| self.actors.likeness(**id, *other) > 0.0);
                a.parties().iter().filter(like).map(|id| self.actors.shown(*id).to_owned()).collect::<Vec<_>>().join(", ")
            }
            Sign::name_words => shared(a.name_words(), b.name_words()),
            Sign::name_proper | Sign::name_crossed => {
                let all = |of: &Mention| of.proper().flatten().chain(of.name_words()).copied().collect::<BTreeSet<u32>>();
                all(a).intersection(&all(b)).filter_map(word).collect::<Vec<_>>().join(", ")
            }
            Sign::year_same => a.years().iter().chain(b.years()).map(u32::to_string).take(1).collect(),
            Sign::kind_same if a.kind == b.kind => a.kind.to_string(),
            Sign::kind_same => format!("{} and {}", a.kind, b.kind),
            Sign::made_same_day | Sign::made_same_month | Sign::made_same_year => {
                let met = a.made().find(|x| b.made().any(|y| x.meets(y))).and_then(|days| days.ends());
                met.map(|(first, _)| day_of(first)).map_or(String::new(), |day| match sign {
                    Sign::made_same_day => day.to_string(),
                    Sign::made_same_month => format!("{:04}-{:02}", day.year(), day.month()),
                    _ => day.year().to_string(),
                })
            }
            Sign::event_same => {
                let met = a.events().find(|(what, x)| b.events().any(|(other, y)| *what == other && x.meets(y)));
                met.and_then(|(what, days)| Some((stage_of(what)?, days))).map_or(String::new(), |(stage, days)| {
                    let day = days.ends().map_or(String::new(), |(first, _)| format!(" {}", day_of(first)));
                    format!("{}{day}", stage.as_str().replace('_', " "))
                })
            }
            Sign::commitment_shared => a
                .commitments()
                .iter()
                .filter(|one| b.commitments().contains(one))
                .filter_map(|one| CommitmentCategory::ALL.get(*one as usize))
                .map(|one| one.as_str().replace('_', " "))
                .collect::<Vec<_>>()
                .join(", "),
            Sign::story_like => {
                crate::story::shared(a.story(), b.story()).iter().filter_map(word).take(4).collect::<Vec<_>>().join(", ")
            }
            Sign::passage_like => {
                crate::story::shared(a.passage(), b.passage()).iter().filter_map(word).take(4).collect::<Vec<_>>().join(", ")
            }
            Sign::name_told => {
                let named = if a.has_proper() { a } else { b };
                named.proper().flatten().filter_map(word).collect::<Vec<_>>().join(", ")
            }
            Sign::title_shared => shared(a.title(), b.title()),
            _ => String::new(),
        }
    }
}
