//! Where a speaker stands: by the cue, else by the words of the content and their negation.
use crate::statements::attribution::Attribution;
use crate::statements::cues::Cues;
use crate::statements::tree::Tree;
use chancery_agreement::{Span, Stance};

/// Stance of the speaker towards what `content` is about.
#[must_use]
pub fn of(tree: &Tree<'_, '_>, cues: &Cues, attribution: &Attribution, content: Span) -> Stance {
    if attribution.stance != Stance::Neutral {
        return if attribution.negated { opposite(attribution.stance) } else { attribution.stance };
    }
    let reading = tree.reading();
    let words: Vec<String> = reading.tokens_in(content).map(|token| tree.lower(token)).collect();
    let has = |list: &str| words.iter().filter(|word| cues.stance_word(list, word)).count();
    let negated = has("negation");
    let first_person = has("first-person") > 0;
    if has("denies") > 0
        && (words.iter().any(|word| word == "deny" || word == "denies" || word == "denied")
            || has("denies") > 1
            || negated == 0 && !words.iter().any(|word| word == "never"))
    {
        return Stance::Denies;
    }
    let demands = has("demands");
    let promises = has("promises");
    let (supports, opposes) = (has("supports"), has("opposes"));
    if promises > 0 && first_person && demands == 0 && negated == 0 && opposes == 0 {
        return Stance::Promises;
    }
    if demands > 0 && demands >= supports.max(opposes) {
        return Stance::Demands;
    }
    if opposes > supports || (supports > 0 && negated > 0 && opposes == supports) {
        return Stance::Opposes;
    }
    if supports > opposes {
        return if negated > supports { Stance::Opposes } else { Stance::Supports };
    }
    if opposes > 0 { Stance::Opposes } else { Stance::Neutral }
}

fn opposite(stance: Stance) -> Stance {
    match stance {
        Stance::Supports => Stance::Opposes,
        Stance::Opposes => Stance::Supports,
        other => other,
    }
}
