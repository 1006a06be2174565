//! The tagger: one tag a word from left to right, with the two tags before as context.
use super::Scorer;
use super::forms::{Form, mix};
use super::known::KnownWords;

/// Stands for the tag of what is before the first word.
pub const NO_TAG: usize = 0xFFFF;

/// Tags `forms`; the numbers are classes of `scorer`. Words in `known` get their tag without scores.
#[must_use]
pub fn tag(scorer: &impl Scorer, known: &KnownWords, forms: &[Form]) -> Vec<usize> {
    let mut tags = Vec::with_capacity(forms.len());
    let mut features = Vec::with_capacity(64);
    let mut scores = vec![0.0; scorer.classes()];
    let (mut before, mut last) = (NO_TAG, NO_TAG);
    for (at, form) in forms.iter().enumerate() {
        let best = known.tag(form).unwrap_or_else(|| {
            tag_features(forms, at, [last, before], scorer, &mut features);
            scorer.best(&features, &mut scores)
        });
        tags.push(best);
        before = last;
        last = best;
    }
    tags
}

/// Index of the greatest score, the first of several.
#[must_use]
pub fn best(scores: &[f32]) -> usize {
    let mut best = 0;
    let mut top = f32::NEG_INFINITY;
    for (at, &score) in scores.iter().enumerate() {
        if score > top {
            top = score;
            best = at;
        }
    }
    best
}

/// Puts the features of word `at`, which `scorer` will be asked for, into `features`. `last` and `before` are the tags of the two words
/// before it.
pub fn tag_features(forms: &[Form], at: usize, [last, before]: [usize; 2], scorer: &impl Scorer, features: &mut Vec<u64>) {
    features.clear();
    let mut template = 0_u64;
    macro_rules! add {
        ($($part:expr),*) => {{
            template += 1;
            let mut hash = template.wrapping_mul(0xD6E8_FEB8_6659_FD93);
            $(hash = mix(hash, $part as u64);)*
            let feature = mix(hash, template);
            scorer.expect(feature);
            features.push(feature);
        }};
    }
    let form = |offset: isize| at.checked_add_signed(offset).and_then(|at| forms.get(at)).unwrap_or(&Form::OUTSIDE);
    let word = form(0);
    let (left, right) = (form(-1), form(1));
    add!(0);
    add!(word.exact);
    add!(word.lower);
    for prefix in word.prefixes {
        add!(prefix);
    }
    for suffix in word.suffixes {
        add!(suffix);
    }
    add!(word.shape);
    add!(word.shape, at == 0);
    add!(word.suffixes[2], word.shape);
    add!(last);
    add!(last, before);
    add!(last, word.lower);
    add!(last, word.suffixes[2]);
    add!(last, right.lower);
    add!(last, before, word.suffixes[1]);
    add!(left.lower);
    add!(form(-2).lower);
    add!(right.lower);
    add!(form(2).lower);
    add!(left.lower, word.lower);
    add!(word.lower, right.lower);
    add!(left.lower, right.lower);
    add!(right.lower, form(2).lower);
    add!(right.suffixes[2]);
    add!(left.suffixes[2]);
    add!(right.shape);
    add!(left.shape);
    add!(left.shape, word.shape, right.shape);
    add!(right.suffixes[2], word.suffixes[2]);
    add!(form(2).suffixes[2]);
    let (c, cl, cr) = (word.cluster, left.cluster, right.cluster);
    add!(c.fine);
    add!(cr.fine);
    add!(cl.fine);
    add!(c.coarse, cr.coarse, last);
    add!(word.lower, cr.fine);
    add!(word.lower, cl.fine);
    add!(word.suffixes[2], cr.coarse);
    add!(c.fine, word.shape);
    add!(cr.fine, form(2).cluster.coarse);
    add!(last, before, cr.coarse);
}
