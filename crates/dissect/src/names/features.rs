//! What the name tagger sees of each token: the word, its neighbors, its shape, lists, actors, and clusters of like words.
use super::clusters::Clusters;
use super::lexicon::{Lexicon, class};
use super::memory::Memory;
use crate::actors::{ActorKind, Gazetteer, Relation};
use crate::fast::forms::{Form, mix};
use chancery_agreement::Span;

/// Features of the tokens of one sentence, as many for each.
#[derive(Debug, Default, Clone)]
pub struct Features {
    hashes: Vec<u64>,
    ends: Vec<usize>,
}

impl Features {
    /// These with those of `more`, token by token.
    #[must_use]
    pub fn with(&self, more: &Self) -> Self {
        let mut both = Self::default();
        for at in 0..self.len() {
            both.hashes.extend(self.of(at).iter().chain(more.of(at)));
            both.ends.push(both.hashes.len());
        }
        both
    }

    /// Number of tokens.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True for a sentence without tokens.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Features of token `at`.
    #[must_use]
    pub fn of(&self, at: usize) -> &[u64] {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(at).copied().unwrap_or(start);
        self.hashes.get(start..end).unwrap_or_default()
    }
}

/// The feature that stands for the label before: its weights are those of the step from one label to the next.
#[must_use]
pub fn step(label: usize) -> u64 {
    mix(mix(17, 0xBEEF), label as u64)
}

/// What is known of one token.
#[derive(Debug, Clone, Copy)]
struct View {
    form: Form,
    classes: u16,
    actor: u8,
    fine: u16,
    coarse: u8,
    upper: bool,
    /// Classes and actor of a word in small letters if it were written with a capital ("iraq"); 0 for all others.
    raised: u16,
    /// Kinds of its first five letters, one by one: "CPA" is not "I".
    letters: u64,
}

const OUTSIDE: View = View { form: Form::OUTSIDE, classes: 0, actor: 0, fine: 0, coarse: 0, upper: false, raised: 0, letters: 0 };

/// One sentence as the tagger sees it.
#[derive(Debug)]
pub struct Seen {
    views: Vec<View>,
    shouted: bool,
    features: Features,
    /// Number of the first kind of feature that the second pass adds.
    template: u64,
}

impl Seen {
    /// The sentence of the words `forms`.
    #[must_use]
    pub fn new(forms: &[&str], clusters: &Clusters) -> Self {
        let lexicon = Lexicon::embedded();
        let classes = lexicon.classes(forms);
        let actors = actor_codes(forms);
        let views: Vec<View> = forms
            .iter()
            .enumerate()
            .map(|(at, word)| {
                let form = Form::new(word);
                let (fine, coarse) = clusters.of(word);
                let upper = word.chars().any(char::is_uppercase);
                let classes = classes.get(at).copied().unwrap_or(0);
                let actor = actors.get(at).copied().unwrap_or(0);
                let raised = if upper { 0 } else { raised(word, lexicon) };
                View { form, classes, actor, fine, coarse, upper, raised, letters: letters(word) }
            })
            .collect();
        let shouted = views.iter().filter(|view| view.upper).count() * 2 > views.len()
            && !forms.iter().any(|form| form.len() > 1 && form.chars().all(char::is_lowercase));
        // Whoever begins a sentence with a small letter may do so with a name.
        let careless = forms
            .iter()
            .find(|form| form.starts_with(char::is_alphabetic))
            .is_some_and(|form| form.starts_with(char::is_lowercase));
        let runs = runs(forms);
        let mut features = Features::default();
        let mut template = 0;
        for at in 0..forms.len() {
            // Words that cannot belong to a name have no features: the tagger passes over them.
            if careless || may_be_in_a_name(&views, forms, at) {
                let mut hashes = Collector { hashes: &mut features.hashes, template: 0 };
                token(&views, forms, at, &runs, shouted, &mut hashes);
                template = hashes.template;
            }
            features.ends.push(features.hashes.len());
        }
        Self { views, shouted, features, template }
    }

    /// What the first pass knows of it.
    #[must_use]
    pub fn features(&self) -> &Features {
        &self.features
    }

    /// What the second pass knows of it beyond that: how the first one read the document. `forms` are its words.
    #[must_use]
    pub fn remembered(&self, forms: &[&str], memory: &Memory) -> Features {
        let says: Vec<u8> = forms.iter().map(|word| memory.says(word)).collect();
        let mut features = Features::default();
        for (at, (word, view)) in forms.iter().zip(&self.views).enumerate() {
            if !self.features.of(at).is_empty() {
                let mut hashes = Collector { hashes: &mut features.hashes, template: self.template };
                let small = view.upper && memory.is_small(word);
                let before = at.checked_sub(1).and_then(|before| self.views.get(before)).map_or(0, |view| view.coarse);
                let first = u64::from(at == 0) + 2 * u64::from(self.shouted);
                remembered(view, before, first, small, at, &says, &mut hashes);
            }
            features.ends.push(features.hashes.len());
        }
        features
    }
}

fn remembered(view: &View, coarse: u8, first: u64, small: bool, at: usize, says: &[u8], out: &mut Collector) {
    let says = |at: Option<usize>| at.and_then(|at| says.get(at)).copied().map_or(0, u64::from);
    let memory = [says(at.checked_sub(1)), says(Some(at)), says(Some(at + 1))];
    let (shape, small) = (view.form.shape, u64::from(small));
    out.rare(view.upper, &[small, first, shape]);
    out.rare(view.upper, &[small, memory[1], view.letters]);
    out.rare(memory[1] > 0, &[memory[1]]);
    out.rare(memory[1] > 0, &[memory[1], shape, first]);
    out.rare(memory[0] | memory[1] > 0, &[memory[0], memory[1]]);
    out.rare(memory[1] | memory[2] > 0, &[memory[1], memory[2]]);
    out.rare(memory[1] > 0, &[memory[1], u64::from(coarse)]);
}

/// Small words that begin names: "al - Zawra", "bin Said", "de Vries".
const PARTICLES: &[&str] =
    &["al", "el", "bin", "ibn", "abu", "de", "da", "di", "van", "von", "der", "ul", "as", "ash", "an", "ad"];

/// Kinds of the first five letters of `word`, and how many of them there are.
fn letters(word: &str) -> u64 {
    word.chars().take(5).fold(0, |code, letter| {
        let kind = match letter {
            _ if letter.is_uppercase() => 1,
            _ if letter.is_lowercase() => 2,
            _ if letter.is_numeric() => 3,
            '.' => 4,
            '-' => 5,
            _ => 6,
        };
        code << 3 | kind
    })
}

/// True for words with a capital, words that would be a name with one, and what stands between two words with capitals or
/// begins such a run.
fn may_be_in_a_name(views: &[View], forms: &[&str], at: usize) -> bool {
    let upper = |at: Option<usize>| at.and_then(|at| views.get(at)).is_some_and(|view| view.upper);
    let this = views.get(at).is_some_and(|view| view.upper || view.raised > 0);
    let particle = || forms.get(at).is_some_and(|form| PARTICLES.contains(form)) && (upper(Some(at + 1)) || upper(Some(at + 2)));
    this || particle() || (1..=3).any(|back| upper(at.checked_sub(back))) && (1..=3).any(|ahead| upper(Some(at + ahead)))
}

/// Whom or what a word in small letters would name with a capital.
fn raised(word: &str, lexicon: &Lexicon) -> u16 {
    let mut letters = word.chars();
    let Some(first) = letters.next().filter(|first| first.is_lowercase()) else { return 0 };
    if word.len() < 4 {
        return 0;
    }
    let raised: String = first.to_uppercase().chain(letters).collect();
    let hints = class::REGION | class::CITY | class::GIVEN;
    let actor = Gazetteer::embedded().lookup(&raised).map_or(0, |found| if found.relation == Relation::Demonym { 1 } else { 2 });
    lexicon.classes_of(&raised) & hints | actor << 12
}

struct Collector<'h> {
    hashes: &'h mut Vec<u64>,
    template: u64,
}

impl Collector<'_> {
    fn add(&mut self, values: &[u64]) {
        self.template += 1;
        let hash = values.iter().fold(mix(29, self.template), |hash, &value| mix(hash, value));
        self.hashes.push(hash);
    }

    /// A feature that most tokens do not have: `None` adds nothing.
    fn rare(&mut self, present: bool, values: &[u64]) {
        if present {
            self.add(values);
        } else {
            self.template += 1;
        }
    }
}

fn token(views: &[View], forms: &[&str], at: usize, runs: &[(usize, usize)], shouted: bool, out: &mut Collector) {
    let view = |offset: isize| at.checked_add_signed(offset).and_then(|at| views.get(at)).copied().unwrap_or(OUTSIDE);
    let [before2, before, this, after, after2] = [view(-2), view(-1), view(0), view(1), view(2)];
    let first = u64::from(at == 0) + 2 * u64::from(shouted);
    out.add(&[1]);
    out.add(&[this.form.exact]);
    out.add(&[this.form.lower]);
    out.add(&[before.form.lower]);
    out.add(&[after.form.lower]);
    out.add(&[before2.form.lower]);
    out.add(&[after2.form.lower]);
    out.add(&[before.form.lower, this.form.lower]);
    out.add(&[this.form.lower, after.form.lower]);
    out.add(&[before2.form.lower, before.form.lower, this.form.shape]);
    out.add(&[after.form.lower, after2.form.lower, this.form.shape]);
    out.add(&[before.form.lower, after.form.lower, this.form.shape]);
    out.add(&[this.form.shape, first]);
    out.add(&[before.form.shape, this.form.shape]);
    out.add(&[this.form.shape, after.form.shape]);
    out.add(&[before.form.shape, this.form.shape, after.form.shape]);
    out.add(&[this.form.suffixes[1]]);
    out.add(&[this.form.suffixes[2], this.form.shape]);
    out.add(&[this.form.suffixes[3]]);
    out.add(&[this.form.prefixes[2]]);
    out.add(&[this.form.prefixes[1], this.form.shape]);
    let clusters = [before2, before, this, after, after2].map(|view| u64::from(view.fine));
    let coarse = [before2, before, this, after, after2].map(|view| u64::from(view.coarse));
    let shape = this.form.shape;
    out.add(&[clusters[2]]);
    out.add(&[clusters[1], shape]);
    out.add(&[clusters[3], shape]);
    out.add(&[coarse[2], shape]);
    out.add(&[coarse[1], coarse[2]]);
    out.add(&[coarse[2], coarse[3]]);
    out.add(&[coarse[1], coarse[2], coarse[3]]);
    out.add(&[coarse[0], coarse[1], shape]);
    out.add(&[coarse[3], coarse[4], shape]);
    let actors = [before, this, after].map(|view| u64::from(view.actor));
    out.rare(actors[1] > 0, &[actors[1]]);
    out.rare(actors[1] > 0, &[actors[1], before.form.lower]);
    out.rare(actors[1] > 0, &[actors[1], after.form.lower]);
    out.rare(actors[1] > 0, &[actors[1], coarse[3]]);
    out.rare(actors[0] > 0, &[actors[0], shape]);
    out.rare(actors[2] > 0, &[actors[2], shape]);
    let classes = [before2, before, this, after, after2].map(|view| u64::from(view.classes));
    out.rare(classes[2] > 0, &[classes[2], shape]);
    out.rare(classes[1] > 0, &[classes[1], shape]);
    out.rare(classes[3] > 0, &[classes[3], shape]);
    out.rare(classes[1] | classes[2] > 0, &[classes[1], classes[2]]);
    out.rare(classes[2] | classes[3] > 0, &[classes[2], classes[3]]);
    out.rare(classes[1] | classes[3] > 0, &[classes[1], classes[3], shape]);
    for (offset, class) in
        [class::TITLE, class::OFFICE, class::GIVEN, class::BODY, class::PLACE, class::CITY].into_iter().enumerate()
    {
        let bits = [before, this, after].map(|view| u64::from(view.classes & class > 0));
        out.rare(bits != [0, 0, 0], &[offset as u64, bits[0], bits[1], bits[2], u64::from(this.upper)]);
    }
    out.rare(this.raised > 0, &[u64::from(this.raised)]);
    out.rare(this.raised > 0, &[u64::from(this.raised), first, before.form.lower]);
    out.rare(this.raised > 0, &[u64::from(this.raised), this.form.lower]);
    run(views, forms, at, runs, out);
    let letters = [before, this, after].map(|view| view.letters);
    let number = forms.len().min(6) as u64;
    out.add(&[letters[1]]);
    out.add(&[letters[1], before.form.lower]);
    out.add(&[letters[1], after.form.lower]);
    out.add(&[letters[1], u64::from(before.coarse), u64::from(after.coarse)]);
    // Lines with little but a name: signatures, forms of address.
    out.rare(number < 6, &[number, at as u64, letters[1]]);
    out.rare(number < 6, &[number, at as u64, u64::from(this.classes), after.form.lower]);
    out.rare(number < 6, &[number, at as u64, u64::from(this.coarse), letters[1]]);
}

/// Features of the run of capitalized words in which the token stands: its ends, its length, what stands around it.
fn run(views: &[View], forms: &[&str], at: usize, runs: &[(usize, usize)], out: &mut Collector) {
    let Some(&(start, end)) = runs.get(at).filter(|(start, end)| start < end) else {
        out.template += 11;
        return;
    };
    let view = |at: Option<usize>| at.and_then(|at| views.get(at)).copied().unwrap_or(OUTSIDE);
    let (first, last) = (view(Some(start)), view(Some(end - 1)));
    let (before, after) = (view(start.checked_sub(1)), view(Some(end)));
    let place = u64::from(at == start) + 2 * u64::from(at + 1 == end);
    let length = (end - start).min(6) as u64;
    out.add(&[first.form.lower, place]);
    out.add(&[last.form.lower, place]);
    out.add(&[before.form.lower, length, place]);
    out.add(&[after.form.lower, length, place]);
    out.add(&[u64::from(last.classes), place, length]);
    out.add(&[u64::from(first.classes), place, length]);
    out.add(&[u64::from(before.coarse), u64::from(after.coarse), length]);
    out.add(&[u64::from(last.coarse), place, u64::from(start == 0)]);
    out.add(&[u64::from(first.fine), u64::from(last.fine), place]);
    out.add(&[length, place, u64::from(start == 0)]);
    // "(ASEAN)": a word in brackets.
    let brackets = forms.get(end) == Some(&")") && start.checked_sub(1).and_then(|before| forms.get(before)) == Some(&"(");
    out.rare(brackets, &[length, views.get(at).map_or(0, |view| view.form.shape)]);
}

/// For each token, the run of capitalized tokens (hyphens, initials and "'s" aside) in which it stands; an empty range outside.
fn runs(forms: &[&str]) -> Vec<(usize, usize)> {
    let mut runs = vec![(0, 0); forms.len()];
    let capital = |at: usize| forms.get(at).is_some_and(|form| form.chars().next().is_some_and(char::is_uppercase));
    let inside = |at: usize| capital(at) || matches!(forms.get(at), Some(&("-" | "&" | "of" | "for"))) && capital(at + 1);
    let mut at = 0;
    while at < forms.len() {
        if !capital(at) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < forms.len() && inside(end) {
            end += 1;
        }
        for slot in runs.iter_mut().take(end).skip(at) {
            *slot = (at, end);
        }
        at = end;
    }
    runs
}

/// For each token, a code for the kind of actor's word of which it is the first or a later part; 0 for none.
fn actor_codes(forms: &[&str]) -> Vec<u8> {
    let mut codes = vec![0; forms.len()];
    let mut text = String::new();
    let mut starts = Vec::with_capacity(forms.len());
    for form in forms {
        starts.push(text.len());
        text.push_str(form);
        text.push(' ');
    }
    for hit in Gazetteer::embedded().scan(&text, Span::new(0, text.len())) {
        let kind = match (hit.found.relation, hit.found.actor.kind) {
            (Relation::Demonym, _) => 1,
            (Relation::Capital | Relation::Seat, _) => 2,
            (Relation::Institution, _) => 3,
            (Relation::Name, kind) if kind.is_polity() => 4,
            (Relation::Abbreviation, kind) if kind.is_polity() => 5,
            (_, ActorKind::International | ActorKind::Bloc) => 6,
            _ => 7,
        };
        let first = starts.partition_point(|&start| start <= hit.span.start()).saturating_sub(1);
        let end = starts.partition_point(|&start| start < hit.span.end());
        for (at, code) in codes.iter_mut().enumerate().take(end).skip(first) {
            *code = kind * 2 + u8::from(at > first);
        }
    }
    codes
}
