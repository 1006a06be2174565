//! What a word can be to the resolver beside filling a slot: a preposition that looks forward, a verb of the past, an article. The words
//! themselves are in `rules/en/time-cues.toml`, one list for each of these names.

macro_rules! cues {
    ($($variant:ident $name:literal $doc:literal),* $(,)?) => {
        /// A list of words of a language's file of cues.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Cue { $(#[doc = $doc] $variant),* }
        impl Cue {
            pub(crate) const ALL: &'static [(Cue, &'static str)] = &[$((Cue::$variant, $name)),*];
        }
    };
}

cues! {
    // ---- tense ----
    Past "past" "Verbs and particles that put what they govern in the past.",
    NotPast "not_past" "Words that end like a verb of the past and are none.",
    Future "future" "Words that look forward.",
    Present "present" "Verbs of the present, which point nowhere.",
    Planned "planned" "Participles that look forward unless the pluperfect or \"as\" stands before them.",
    Pluperfect "pluperfect" "Before a plan these put it in the past: had been.",
    FixedFor "fixed_for" "Words that look forward only before one of `fixed_to`: set for, set to.",
    FixedTo "fixed_to" "What makes a word of `fixed_for` look forward.",
    Infinitive "infinitive" "The mark of the infinitive and its auxiliary: what follows is not past (to be held).",
    Copula "copula" "Forms of \"to be\" in the present: with the mark of the infinitive they look forward (is to meet).",
    Deferring "deferring" "Past verbs that look forward to what follows \"until\": postponed.",
    // ---- prepositions and the like ----
    Until "until" "Prepositions that point forward when the verb does not say otherwise.",
    UntilDay "until_day" "The same before a day or month of the calendar.",
    Since "since" "Prepositions that look back.",
    AsEarly "as_early" "Directly before a date these look forward.",
    ToCome "to_come" "Directly after a date these say that it is still to come.",
    BeforeYear "before_year" "Words after which a bare number is a year.",
    BeforeSpan "before_span" "Words before \"the year\" and the like that make it a stretch or date.",
    In "in" "Before a length of time: so long from now, if the verb looks forward.",
    InYear "in_year" "Before a bare year that carries a story on.",
    InAbout "in_about" "Directly before an amount and a year these leave the year a year.",
    Joins "joins" "Between two dates that share a year.",
    DayJoins "day_joins" "Between two days that share a month.",
    Of "of" "The genitive between a day and its month or year.",
    As "as" "The first word of \"as of\".",
    At "at" "Between a date and its time of day.",
    // ---- words that keep readings away ----
    Counts "counts" "Words after which a bare number counts something.",
    Counted "counted" "Words after a bare number that show it to be a count.",
    Named "named" "Written with a capital after an expression, these make it part of a name.",
    NamedByYear "named_by_year" "The same after a bare year: the 2030 Agenda.",
    American "american" "Written with a capital, these show that a text speaks of the United States.",
    Circa "circa" "Words before a number that show it to be a year.",
    // ---- the words of patterns that change what an expression means ----
    The "the" "The definite article.",
    Article "articles" "Articles and possessives.",
    A "a" "The indefinite article.",
    One "one" "The number one.",
    And "and" "And.",
    Half "half" "A half.",
    Dozen "dozen" "Twelve of something, which other numbers multiply.",
    Eighteen "eighteen" "Before a decade: of the nineteenth century.",
    Nineteen "nineteen" "Before a decade: of the twentieth century.",
    Second "second" "Words for the second of two halves.",
    Latest "latest" "The newest.",
    Last "last" "Last.",
    Coming "coming" "Coming, of which \"coming days\" is a stretch from now.",
    Next "next" "The next one.",
    Following "following" "The following one.",
    Previous "previous" "The one before.",
    Yesterday "yesterday" "The day before, of a part of the day.",
    This "this" "This.",
    That "that" "That.",
    Same "same" "The same.",
    Before "before" "Before, as an adverb after a unit.",
    After "after" "After, as an adverb after a unit.",
    Than "than" "After a comparison: earlier than.",
    Anchoring "anchoring" "Prepositions and conjunctions that anchor a stretch in a clause: a month before he left.",
    AnchoringNoun "anchoring_noun" "Prepositions that do so only before a noun: the week following the vote.",
    End "end" "The end of a unit.",
    Ended "ended" "After a unit these name the day on which it ends.",
    Period "period" "The period under report.",
    Within "within" "Not longer than.",
    OrSo "or_so" "More or less.",
    Each "each" "Each one of them.",
    While "while" "Lengths that nobody measured.",
    Moment "moment" "Points that nobody dated.",
    Soon "soon" "Soon, which points forward only from the present.",
    Overnight "overnight" "The night before the day of writing, unless the verb looks forward.",
    Abbreviation "abbreviations" "Words whose full stop ends no sentence.",
    Compared "compared" "Words that set one figure against another.",
    Lasting "lasting" "Verbs of duration, before which \"over\" is \"more than\".",
    During "during" "Prepositions of a stretch that can be taken for \"more than\": over.",
}

/// The ends of words that the tokenizer and the resolver know: the table `[endings]` of a file of cues.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endings {
    /// Ends of regular verbs in the past: "ed".
    pub past: Vec<String>,
    /// What follows an apostrophe and is a word of its own: "s", "ll".
    pub clitics: Vec<String>,
    /// What follows an apostrophe and belongs to the word before it: the "t" of "won't".
    pub joined: Vec<String>,
    /// What makes a number an ordinal: "th".
    pub ordinal: Vec<String>,
    /// What makes a year a decade: "s".
    pub decade: Vec<String>,
}
