//! The smallest blocks of a page as its tree has them. They show what the extracted lines no longer do: which line was a
//! link, which stood under a picture, and which paragraph beside a told one was left out.
use std::collections::{BTreeMap, BTreeSet};
use trafilatura::dom::{Document, NodeId};

/// What a block is by its tag or its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Paragraph,
    Heading,
    Caption,
    /// A link, or anything else that may be a line of its own.
    Other,
}

/// One small block of a page.
#[derive(Debug, Clone)]
struct Leaf {
    /// Letters and digits alone, in lower case: what lines are compared by.
    key: String,
    text: String,
    parent: Option<NodeId>,
    kind: Kind,
    /// Which share of it is link, 0 to 1.
    linked: f64,
}

/// The small blocks of a page, in its order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Leaves {
    leaves: Vec<Leaf>,
    linked: BTreeSet<String>,
    captions: BTreeSet<String>,
}

/// Elements that are looked at. `div` and its like count only with words of their own.
const TAGS: &[&str] =
    &["p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "figcaption", "a", "div", "span", "section", "header", "center"];
/// Most blocks of one page that are looked at.
const MOST: usize = 8_000;
/// Most bytes of text that are looked at, what is nested counted each time.
const MOST_BYTES: usize = 8 << 20;
/// Longer blocks hold others.
const LONGEST: usize = 4_000;
/// Bytes of letters from which on a link is a headline and not a name or a button.
const HEADLINE: usize = 18;
/// Letters from which on a paragraph set apart above the others is a lede, and not a line under the headline that says the
/// same again.
const LEDE: usize = 150;
/// From this share on, a block is a link.
const LINK: f64 = 0.8;

/// Letters and digits of `text` in lower case.
fn key_of(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            key.push(letter.to_ascii_lowercase());
        } else if letter.is_alphanumeric() {
            key.extend(letter.to_lowercase());
        }
    }
    key
}

/// Gathers the small blocks of `page`.
pub(crate) fn leaves(page: &Document) -> Leaves {
    let mut found = Leaves::default();
    let mut looked_at = 0;
    for id in page.iter(page.root(), TAGS).into_iter().take(MOST) {
        let kind = match page.tag_name(id) {
            "p" => Kind::Paragraph,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
            "figcaption" => Kind::Caption,
            "li" | "td" | "a" => Kind::Other,
            _ if is_caption(page, id) => Kind::Caption,
            _ if page.text(id).trim().len() >= 40 => Kind::Other,
            _ => continue,
        };
        let kind = if kind == Kind::Paragraph && is_caption(page, id) { Kind::Caption } else { kind };
        let text = page.text_content(id);
        looked_at += text.len();
        if looked_at > MOST_BYTES {
            break;
        }
        // Markup that stands as text is what a page keeps for readers without scripts.
        if text.len() > LONGEST || text.contains("</") || text.contains("/>") || text.contains("<img") {
            continue;
        }
        let key = key_of(&text);
        if key.is_empty() {
            continue;
        }
        let linked = if page.tag_name(id) == "a" {
            1.0
        } else {
            let links = page.get_elements_by_tag_name(id, "a").into_iter();
            let length: usize = links.map(|link| key_of(&page.text_content(link)).len()).sum();
            #[expect(clippy::cast_precision_loss, reason = "lengths of a line")]
            let share = length as f64 / key.len() as f64;
            share
        };
        if linked >= LINK && key.len() >= HEADLINE {
            found.linked.insert(key.clone());
        }
        if kind == Kind::Caption {
            found.captions.insert(key.clone());
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        found.leaves.push(Leaf { key, text, parent: page.parent(id), kind, linked });
    }
    found
}

/// True where the class of an element says that a picture's text stands in it.
fn is_caption(page: &Document, id: NodeId) -> bool {
    page.class_name(id).to_ascii_lowercase().contains("caption")
}

impl Leaves {
    /// True where `line` is nothing but a link to somewhere, and long enough for a headline.
    pub fn is_link(&self, line: &str) -> bool {
        !self.linked.is_empty() && self.linked.contains(&key_of(line))
    }

    /// True where `line` stands under a picture.
    pub fn is_caption(&self, line: &str) -> bool {
        !self.captions.is_empty() && self.captions.contains(&key_of(line))
    }

    /// `lines` with the paragraphs and headings between them that stand beside told ones in the page, and with the lede
    /// (which the page repeats in its `descriptions`) before them.
    pub fn complete(&self, lines: Vec<String>, descriptions: &[String]) -> Vec<String> {
        let keys: Vec<String> = lines.iter().map(|line| key_of(line)).collect();
        // Lines that a page breaks within one paragraph are several here: without ends between them they are found again.
        let told = keys.concat();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, key) in keys.iter().enumerate() {
            places.entry(key.as_str()).or_insert(at);
        }
        // What is to be put in before the line of each number.
        let mut missing: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let mut lede_at = self.leaves.len();
        let mut families: BTreeMap<NodeId, Vec<usize>> = BTreeMap::new();
        for (at, leaf) in self.leaves.iter().enumerate() {
            if matches!(leaf.kind, Kind::Paragraph | Kind::Heading)
                && let Some(parent) = leaf.parent
            {
                families.entry(parent).or_default().push(at);
            }
            if leaf.kind == Kind::Paragraph && places.contains_key(leaf.key.as_str()) {
                lede_at = lede_at.min(at);
            }
        }
        for family in families.values() {
            self.complete_family(family, &told, &places, &mut missing);
        }
        if let Some(lede) = self.lede(lede_at, &told, descriptions) {
            missing.entry(0).or_default().insert(0, lede);
        }
        let mut all = Vec::with_capacity(lines.len());
        let end = lines.len();
        for (at, line) in lines.into_iter().enumerate() {
            all.extend(missing.remove(&at).into_iter().flatten());
            all.push(line);
        }
        all.extend(missing.remove(&end).into_iter().flatten());
        all
    }

    /// Of the blocks of one parent, those that were left out between told ones, and paragraphs before the first of these.
    fn complete_family(
        &self,
        family: &[usize],
        told: &str,
        places: &BTreeMap<&str, usize>,
        missing: &mut BTreeMap<usize, Vec<String>>,
    ) {
        let leaves: Vec<&Leaf> = family.iter().filter_map(|at| self.leaves.get(*at)).collect();
        let place = |leaf: &Leaf| places.get(leaf.key.as_str()).copied().filter(|_| leaf.kind == Kind::Paragraph);
        let is_told = |leaf: &&&Leaf| place(leaf).is_some() && leaf.key.len() >= HEADLINE;
        if leaves.iter().filter(is_told).count() < 3 {
            return;
        }
        let Some(last) = leaves.iter().rposition(|leaf| place(leaf).is_some()) else { return };
        let mut before: Option<usize> = None;
        let mut opening: Vec<&Leaf> = Vec::new();
        for leaf in leaves.iter().take(last + 1) {
            if let Some(at) = place(leaf) {
                if before.is_none() {
                    missing.entry(at).or_default().extend(opening.drain(..).map(|leaf| leaf.text.clone()));
                }
                before = Some(at);
                continue;
            }
            if leaf.linked >= 0.5 || leaf.key.len() < 2 || told.contains(leaf.key.as_str()) {
                continue;
            }
            match before {
                Some(at) => missing.entry(at + 1).or_default().push(leaf.text.clone()),
                None if leaf.kind == Kind::Paragraph && leaf.key.len() >= 80 && leaf.linked < 0.3 => opening.push(leaf),
                None => {}
            }
        }
    }

    /// The block before the first told paragraph that says what the page says of itself, where it was left out.
    fn lede(&self, before: usize, told: &str, descriptions: &[String]) -> Option<String> {
        let keys: Vec<String> = descriptions.iter().map(|words| key_of(words)).filter(|key| key.len() >= 40).collect();
        self.leaves.iter().take(before).find_map(|leaf| {
            let is_described = leaf.key.len() >= LEDE
                && matches!(leaf.kind, Kind::Paragraph | Kind::Other | Kind::Heading)
                && leaf.linked < 0.5
                && keys.iter().any(|key| leaf.key.starts_with(key.as_str()) || key.starts_with(leaf.key.as_str()));
            (is_described && !told.contains(leaf.key.as_str())).then(|| leaf.text.clone())
        })
    }
}
