//! Copies told from reports of their own: reprints made out of our example reports by the edits that papers make, and pairs
//! of different reports on one subject.
use chancery_agreement::{Article, CopyKind};
use chancery_collect::{Form, Furniture, Given, Limits, Raw, Sketch, article, copies, documents};
use std::path::Path;

fn examples() -> Vec<Article> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let limits = Limits::default();
    documents(&[folder], &limits)
        .filter_map(Result::ok)
        .map(|raw| article(&raw, &limits).0)
        .filter(|article| paragraphs(article).len() >= 4)
        .collect()
}

fn paragraphs(article: &Article) -> Vec<String> {
    let story = article.story().filter(|block| block.kind == chancery_agreement::BlockKind::Paragraph);
    story.map(|block| block.span.of(&article.text).to_owned()).collect()
}

fn made(name: &str, url: Option<&str>, day: &str, paragraphs: &[String]) -> Article {
    let text = format!("The paper {name} prints its own headline here\n\n{}", paragraphs.join("\n\n"));
    let given = Given { url: url.map(str::to_owned), published: Some(day.to_owned()), ..Given::default() };
    article(&Raw { given, ..Raw::new(name, text, Form::Text) }, &Limits::default()).0
}

/// What a desk writes around a report it takes over.
const OWN: [&str; 4] = [
    "Shopkeepers along the quay told this paper on Saturday that they had heard nothing of the talks until the wireless reported them.",
    "The mayor, who was at a wedding in the hills, said through her deputy that the council would look at what it meant for the market.",
    "Our archive holds eleven earlier announcements of the kind, of which four came to anything, and one ended in court.",
    "Rain kept most people at home, and the square in front of the ministry was empty but for two photographers and a dog.",
];

/// Every twentieth word struck, as a desk trims.
fn trimmed(paragraph: &str) -> String {
    paragraph.split(' ').enumerate().filter(|(at, _)| at % 20 != 13).map(|(_, word)| word).collect::<Vec<_>>().join(" ")
}

struct Pair {
    original: Article,
    later: Article,
    kind: CopyKind,
}

fn labelled_pairs() -> Vec<Pair> {
    let own = |n: usize| OWN.iter().take(n).map(|line| (*line).to_owned());
    let mut pairs = Vec::new();
    for (at, base) in examples().into_iter().enumerate() {
        let lines = paragraphs(&base);
        let page = format!("https://herald.example/story/{at}");
        let original = made(&format!("original-{at}"), Some(&page), "2011-03-04", &lines);
        let mut add = |edit: &str, url: Option<&str>, lines: Vec<String>, kind| {
            let later = made(&format!("{edit}-{at}"), url, "2011-03-05", &lines);
            pairs.push(Pair { original: original.clone(), later, kind });
        };
        add("exact", None, lines.clone(), CopyKind::Exact);
        add("trimmed", None, lines.iter().map(|line| trimmed(line)).collect(), CopyKind::Reprint);
        add("with-a-paragraph-of-its-own", None, own(1).chain(lines.iter().cloned()).collect(), CopyKind::Reprint);
        add("without-its-end", None, lines.iter().take(lines.len() - 1).cloned().collect(), CopyKind::Reprint);
        add("first-two-paragraphs", None, lines.iter().take(2).cloned().chain(own(4)).collect(), CopyKind::Partial);
        let mut updated = lines.clone();
        updated.extend(own(2));
        add("updated", Some(&format!("http://www.herald.example/story/{at}/?source=feed")), updated, CopyKind::Version);
    }
    pairs
}

#[test]
fn edited_reprints_are_found_and_reports_of_their_own_are_not() {
    let pairs = labelled_pairs();
    assert!(pairs.len() >= 60, "only {} labelled pairs", pairs.len());
    let mut missed = Vec::new();
    let mut other_kind = 0;
    for pair in &pairs {
        let found = copies(&[Sketch::of(&pair.original), Sketch::of(&pair.later)]);
        assert_eq!(found[0], None, "the earlier one is no copy");
        match &found[1] {
            Some(copy) => {
                assert_eq!(copy.original, pair.original.id);
                if copy.kind != pair.kind {
                    println!("{}: {:?} instead of {:?}", pair.later.source, copy.kind, pair.kind);
                }
                // A short report whose end is cut may be half of it.
                other_kind +=
                    usize::from(copy.kind != pair.kind && !(copy.kind == CopyKind::Partial && pair.kind == CopyKind::Reprint));
            }
            None => missed.push(pair.later.source.clone()),
        }
    }
    let recall = 1.0 - missed.len() as f64 / pairs.len() as f64;

    let bases = examples();
    let mut alarms = Vec::new();
    let mut strangers = 0;
    for (at, one) in bases.iter().enumerate() {
        for other in bases.iter().skip(at + 1) {
            strangers += 1;
            if copies(&[Sketch::of(one), Sketch::of(other)]).iter().any(Option::is_some) {
                alarms.push(format!("{} and {}", one.source, other.source));
            }
        }
    }
    let found = pairs.len() - missed.len();
    let precision = found as f64 / (found + alarms.len()) as f64;
    println!(
        "copies: {} pairs, {strangers} of strangers: precision {precision:.3}, recall {recall:.3}, other kind {other_kind}",
        pairs.len()
    );
    assert!(recall >= 0.97, "missed: {missed:?}");
    assert!(precision >= 0.97, "false alarms: {alarms:?}");
    assert!(other_kind * 20 <= pairs.len(), "{other_kind} of another kind");
}

#[test]
fn one_report_in_forty_papers_has_one_original() {
    let base = examples().into_iter().next().expect("there are examples");
    let lines = paragraphs(&base);
    let mut printed: Vec<Article> = vec![made("agency", None, "2011-03-04", &lines)];
    for paper in 0..40 {
        let mut own = lines.clone();
        own.insert(
            paper % lines.len(),
            format!("Paper number {paper} adds a sentence of its own, as papers do, on what its readers in town {paper} think."),
        );
        printed.push(made(&format!("paper-{paper}"), None, "2011-03-05", &own));
    }
    // The agency's report comes last in the input: its day, not its place, makes it the original.
    printed.rotate_left(1);
    let sketches: Vec<Sketch> = printed.iter().map(Sketch::of).collect();
    let found = copies(&sketches);
    let agency = &printed[40].id;
    assert!(found[40].is_none());
    assert!(found.iter().take(40).all(|copy| copy.as_ref().is_some_and(|copy| copy.original == *agency)));
}

#[test]
fn what_a_papers_pages_repeat_is_cut_and_a_story_told_twice_is_not() {
    let furniture = "The Herald has reported from the harbor since the lighthouse was built and is read in both towns.";
    let bases = examples();
    let story = |at: usize| -> Vec<String> { paragraphs(&bases[at]).into_iter().take(3).collect() };
    let page = |at: usize, publisher: &str| {
        let mut lines = story(at);
        lines.push(furniture.to_owned());
        let mut article = made(&format!("page-{at}"), None, "2011-03-04", &lines);
        article.publisher = Some(publisher.to_owned());
        article
    };
    let mut pages =
        [page(1, "Herald"), page(2, "Herald"), page(3, "Herald"), page(4, "Gazette"), page(1, "Herald"), page(1, "Herald")];
    let mut repeated = Furniture::default();
    pages.iter().for_each(|page| repeated.note(page));
    pages.iter_mut().for_each(|page| repeated.cut(page));
    assert!(pages.iter().take(3).all(|page| paragraphs(page).len() == 3 && !paragraphs(page).contains(&furniture.to_owned())));
    assert_eq!(paragraphs(&pages[3]).len(), 4, "one page of another paper shows nothing");
}
