//! Generated documents: a few states that make, renew and deny agreements, told in several reports each, some of them copied.
#![allow(dead_code)] // each test file uses its own part of this
use chancery_agreement::{
    AgreementKind, Article, Block, BlockKind, DateBasis, Findings, Published, Relation, RelationKind, Span, StageKind,
};
use chancery_register::Document;
pub use generated::Random;

#[path = "../../../link/examples/generated/mod.rs"]
mod generated;

const ACTORS: &[&str] =
    &["Norland", "Vestria", "Lunmark", "Ostrova", "Lothia Freedom Movement", "LFM", "the Lothia Freedom Movement", "Syldavia"];
const NAMES: &[&str] =
    &["truce", "river fishing treaty", "ceasefire", "Klow Protocol", "grain deal", "treaty on fishing in the river", "Klow deal"];
const KINDS: &[AgreementKind] = &[AgreementKind::Ceasefire, AgreementKind::Treaty, AgreementKind::TradeDeal];

/// Report number `number` of a run.
pub fn document(number: usize, random: &mut Random) -> Document {
    let (one, other) = (ACTORS[random.below(ACTORS.len())], ACTORS[random.below(ACTORS.len())]);
    let (name, second) = (NAMES[random.below(NAMES.len())], NAMES[random.below(NAMES.len())]);
    let date = format!("{}-{:02}-{:02}", 2001 + random.below(2), 1 + random.below(12), 1 + random.below(28));
    let stage = [StageKind::Signed, StageKind::Agreed, StageKind::Ratified, StageKind::Proposed][random.below(4)];
    let copied = random.below(5);
    let day = 1 + random.below(28);
    // Every fifth report prints one of five stories of an agency, the others a story of their own.
    let story: String = if random.below(5) == 0 {
        (0..60).map(|word| format!("agency{copied}word{word} ")).collect()
    } else {
        (0..60).map(|word| format!("own{number}word{word} ")).collect()
    };
    let text = format!("{one} and {other} made the {name} in place of the {second} on {date}.\n{story}");
    let mut article = Article::plain(&text);
    article.id = format!("{:08x}", (number as u32).wrapping_mul(0x9E37_79B9));
    article.source = format!("{number:04}.txt");
    article.title = Some(format!("{one} signs in harbor{}", random.below(9)));
    article.blocks = vec![Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()) }];
    article.published = (random.below(8) > 0).then(|| Published {
        value: format!("2002-{:02}-{day:02}", 1 + random.below(12)),
        time: None,
        basis: DateBasis::Filename,
        span: None,
        confidence: 0.9,
    });
    let finding = |key: &str, name: &str, dated: bool, kind| {
        let date = dated.then_some((date.as_str(), date.as_str()));
        generated::finding(&article, (key, name, kind), &[one, other], (stage, "made"), date)
    };
    let kind = KINDS[random.below(KINDS.len())];
    let mut agreements = vec![finding("a1", name, random.below(2) == 0, kind)];
    if random.below(3) == 0 {
        let mut replaced = finding("a2", second, false, KINDS[random.below(KINDS.len())]);
        replaced.relations = vec![Relation {
            to: "a1".to_owned(),
            kind: RelationKind::Replaces,
            evidence: generated::evidence(&article, "in place of"),
        }];
        agreements.push(replaced);
    }
    if random.below(7) == 0 {
        agreements.clear();
    }
    let findings = Findings { agreements, ..Findings::default() };
    Document { article, findings, remarks: Vec::new(), reader: "test".to_owned() }
}

/// `count` reports.
pub fn documents(count: usize, seed: u64) -> Vec<Document> {
    let mut random = Random(seed);
    (0..count).map(|number| document(number, &mut random)).collect()
}
