//! The extractor: rules and word lists, loaded once, applied to one article at a time.
use crate::actors::{ActorMention, Actors};
use crate::agreements;
use crate::category::Categories;
use crate::error::Error;
use crate::graph::Graph;
use crate::lexicon::{Lexicon, WordLists};
use crate::logistic::Features;
use crate::mention::Finder;
use crate::models::Models;
use crate::naming::{self, NamingWords};
use crate::rule::Rules;
use crate::statements::{self, brat, cues::Cues};
use crate::tenses::Tenses;
use crate::{groups, record, rivals, signs, stage, unlisted};
use chancery_agreement::{AgreementFinding, Article, Findings, Notice, Span, Statement};
use chancery_dissect::actors::Gazetteer;
use chancery_dissect::{Fast, Reader, Reading, dissect};
use chancery_timex::{Options, Timex};

/// The rule files that are part of the program.
pub const RULE_FILES: &[(&str, &str)] = &[
    ("rules/en/stages/talks.toml", include_str!("../../../rules/en/stages/talks.toml")),
    ("rules/en/stages/reaching.toml", include_str!("../../../rules/en/stages/reaching.toml")),
    ("rules/en/stages/signing.toml", include_str!("../../../rules/en/stages/signing.toml")),
    ("rules/en/stages/approval.toml", include_str!("../../../rules/en/stages/approval.toml")),
    ("rules/en/stages/force.toml", include_str!("../../../rules/en/stages/force.toml")),
    ("rules/en/stages/ending.toml", include_str!("../../../rules/en/stages/ending.toml")),
    ("rules/en/commitments.toml", include_str!("../../../rules/en/commitments.toml")),
    ("rules/en/party-roles.toml", include_str!("../../../rules/en/party-roles.toml")),
    ("rules/en/terms.toml", include_str!("../../../rules/en/terms.toml")),
    ("rules/en/relations.toml", include_str!("../../../rules/en/relations.toml")),
];

const NOUNS: (&str, &str) = ("rules/en/agreements.toml", include_str!("../../../rules/en/agreements.toml"));
const INSTRUMENTS: (&str, &str) = ("rules/instruments.toml", include_str!("../../../rules/instruments.toml"));
const LISTS: (&str, &str) = ("rules/en/lists.toml", include_str!("../../../rules/en/lists.toml"));

const NAMING: (&str, &str) = ("rules/en/naming.toml", include_str!("../../../rules/en/naming.toml"));
const STAGE_CUES: (&str, &str) = ("rules/en/stages/cues.toml", include_str!("../../../rules/en/stages/cues.toml"));
const CATEGORIES: (&str, &str) = ("rules/en/categories.toml", include_str!("../../../rules/en/categories.toml"));

/// Reads articles and finds what they say. Cheap to share between threads: it holds nothing that changes.
pub struct Extractor {
    reader: &'static dyn Reader,
    gazetteer: &'static Gazetteer,
    rules: Rules,
    lexicon: Lexicon,
    lists: WordLists,
    finder: Finder,
    categories: Categories,
    stage_cues: stage::Cues,
    models: Models,
    models_with_marks: Models,
    naming: NamingWords,
    cues: Cues,
}

impl Extractor {
    /// The extractor with the rules and word lists that are part of the program.
    ///
    /// # Errors
    /// The place in a rule file or word list that cannot be used (never in a program whose tests ran).
    pub fn new() -> Result<Self, Error> {
        Self::with_rules(&[])
    }

    /// The same with further rule files of the user: pairs of file name (for errors) and content.
    ///
    /// # Errors
    /// The place in a rule file that cannot be used, and what was expected there.
    pub fn with_rules(files: &[(&str, &str)]) -> Result<Self, Error> {
        let all: Vec<(&str, &str)> = RULE_FILES.iter().chain(files).copied().collect();
        let lexicon = Lexicon::read(NOUNS, INSTRUMENTS)?;
        let gazetteer = Gazetteer::embedded();
        if let Some(unknown) = lexicon.bodies().find(|body| gazetteer.actor(body).is_none()) {
            return Err(Error::new(INSTRUMENTS.0, None, format!("`{unknown}` is no actor of rules/actors")));
        }
        let finder = Finder::new(&lexicon).map_err(|error| Error::new(NOUNS.0, None, error.to_string()))?;
        Ok(Self {
            reader: Fast::embedded(),
            gazetteer,
            rules: Rules::read(&all)?,
            lexicon,
            lists: WordLists::read(LISTS.0, LISTS.1)?,
            finder,
            categories: Categories::read(CATEGORIES.0, CATEGORIES.1)?,
            stage_cues: stage::Cues::read(STAGE_CUES.0, STAGE_CUES.1)?,
            models: Models::plain()?,
            models_with_marks: Models::marked()?,
            naming: NamingWords::read(NAMING.0, NAMING.1)?,
            cues: statements::cue_words()?,
        })
    }

    /// The same with `reader` in place of the fast one.
    #[must_use]
    pub fn with_reader(self, reader: &'static dyn Reader) -> Self {
        Self { reader, ..self }
    }

    /// The reader in use.
    #[must_use]
    pub fn reader(&self) -> &'static dyn Reader {
        self.reader
    }

    /// The rules in use.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The words that may tell of a stage in use.
    #[must_use]
    pub fn stage_cues(&self) -> &stage::Cues {
        &self.stage_cues
    }

    /// The words that name in use.
    #[must_use]
    pub fn naming_words(&self) -> &NamingWords {
        &self.naming
    }

    /// The categories of commitments in use.
    #[must_use]
    pub fn categories(&self) -> &Categories {
        &self.categories
    }

    /// Everything found in `article`, and remarks about what could not be read.
    #[must_use]
    pub fn extract(&self, article: &Article) -> (Findings, Vec<Notice>) {
        let (reading, times, actors) = self.read(article);
        let agreements::Found { mut agreements, mentions, focused } = agreements::find(&self.tools(&reading, &actors, &times));
        let tools = self.statement_tools(&reading, &actors, &agreements, &mentions, &focused);
        let samples = statements::samples(&tools, false);
        statements::told::mark(article, &mut agreements, &samples);
        let statements: Vec<Statement> = samples.into_iter().map(|sample| sample.statement).collect();
        let naming = naming::find(&reading, &self.naming, &actors, &agreements, &statements);
        (Findings { agreements, statements, naming }, Vec::new())
    }

    /// Every statement of `article` with the features of its models: what the weights of [`crate::statements::model`] are learnt
    /// from.
    #[must_use]
    pub fn statement_samples(&self, article: &Article) -> Vec<statements::Sample> {
        let (reading, times, actors) = self.read(article);
        let found = agreements::find(&self.tools(&reading, &actors, &times));
        let tools = self.statement_tools(&reading, &actors, &found.agreements, &found.mentions, &found.focused);
        statements::samples(&tools, true)
    }

    /// Who says what in `article`, as PolNeAR annotates it: attitudes and weak cues included, headlines read.
    #[must_use]
    pub fn attributions(&self, article: &Article) -> Vec<brat::Annotation> {
        let mut reading = dissect(article);
        reading.parse_all(self.reader);
        reading.read_names();
        brat::annotations(&reading, &self.cues)
    }

    /// Every chain of mentions in `article`, recorded or not: what the models of [`crate::record`] and [`crate::party`] are learnt from.
    #[must_use]
    pub fn candidates(&self, article: &Article) -> Vec<agreements::Candidate> {
        let (reading, times, actors) = self.read(article);
        agreements::candidates(&self.tools(&reading, &actors, &times), &|_| true, true)
    }

    /// The reading that everything is found in: `article` with the trees that matter.
    #[must_use]
    pub fn reading<'a>(&self, article: &'a Article) -> Reading<'a> {
        self.read(article).0
    }

    /// The mentions of agreements in `article` and the pairs of them: what the model of [`crate::coreference`] is learned from.
    #[must_use]
    pub fn mention_pairs(&self, article: &Article) -> (Vec<agreements::Mentioned>, Vec<(usize, usize, Features)>) {
        let (reading, times, actors) = self.read(article);
        agreements::mention_pairs(&self.tools(&reading, &actors, &times))
    }

    /// What may be a provision or a sum of the agreements of `article`: what the models of [`crate::provision`],
    /// [`crate::category_model`] and [`crate::sums`] are learned from.
    #[must_use]
    pub fn considered(&self, article: &Article) -> agreements::Considered {
        let (reading, times, actors) = self.read(article);
        let mut considered = agreements::Considered::default();
        let tools = self.tools(&reading, &actors, &times);
        let recorded = |candidate: &agreements::Candidate| {
            record::is_recorded(&tools.models.recorded, &candidate.features, &candidate.words)
        };
        agreements::with_considered(&tools, &recorded, true, Some(&mut considered));
        considered
    }

    /// Tries one rule on an article: the captures of its first match, by argument, or `None` where it does not match.
    /// For testing rules, the user's own among them.
    #[must_use]
    pub fn try_rule(&self, name: &str, article: &Article) -> Option<Vec<(String, Span)>> {
        let mut reading = dissect(article);
        reading.parse_all(self.reader);
        let times = chancery_timex::tag(&article.text, &Options::written(None));
        let actors = self.actors_of(&reading);
        agreements::try_rule(&self.tools(&reading, &actors, &times), name)
    }

    /// The political actors of `article`, listed ones and those that its own words show, in order of the text.
    #[must_use]
    pub fn actors(&self, article: &Article) -> Vec<ActorMention> {
        self.actors_of(&dissect(article)).all().to_vec()
    }

    fn actors_of(&self, reading: &Reading<'_>) -> Actors {
        let mut actors = Actors::find(reading, self.gazetteer);
        let taken = actors.all().iter().flat_map(|actor| actor.tokens.clone()).collect();
        actors.add(unlisted::find(reading, &self.lists, &taken));
        actors.describe(groups::find(reading, &self.lists, &actors));
        actors.describe(rivals::find(reading, &self.lists, |words| self.finder.may_mention(words)));
        actors
    }

    fn tools<'t, 'r, 'a>(
        &'t self,
        reading: &'r Reading<'a>,
        actors: &'t Actors,
        times: &'t [Timex],
    ) -> agreements::Tools<'t, 'r, 'a> {
        agreements::Tools {
            graph: Graph::new(reading),
            actors,
            times,
            rules: &self.rules,
            lexicon: &self.lexicon,
            lists: &self.lists,
            finder: &self.finder,
            categories: &self.categories,
            stage_cues: &self.stage_cues,
            reader: self.reader,
            models: self.models_for(reading),
        }
    }

    fn statement_tools<'t, 'r, 'a>(
        &'t self,
        reading: &'r Reading<'a>,
        actors: &'t Actors,
        agreements: &'t [AgreementFinding],
        mentions: &'t [Vec<Span>],
        focused: &'t [signs::Focused],
    ) -> statements::Tools<'t, 'r, 'a> {
        let (cues, finder) = (&self.cues, &self.finder);
        let model = &self.models_for(reading).statements;
        statements::Tools { reading, actors, cues, model, finder, agreements, mentions, focused }
    }

    /// The models that were learned from readings like this one.
    fn models_for(&self, reading: &Reading<'_>) -> &Models {
        if reading.likelihoods.is_empty() { &self.models } else { &self.models_with_marks }
    }

    /// What every finder works on: the trees that matter, the time expressions and the political actors of `article`.
    fn read<'a>(&self, article: &'a Article) -> (Reading<'a>, Vec<Timex>, Actors) {
        let mut reading = dissect(article);
        self.parse_what_matters(&mut reading);
        reading.parse(self.reader, statements::wanted(&reading, &self.cues, false));
        reading.read_names();
        let reference = article.published.as_ref().and_then(|published| chancery_timex::Reference::parse(&published.value));
        let tenses = Tenses::new(&reading, &self.lists);
        let times = chancery_timex::tag(&article.text, &Options::written(reference).with_syntax(&tenses));
        let actors = self.actors_of(&reading);
        (reading, times, actors)
    }

    /// Trees for the sentences that may tell of an agreement, for the one after each, which may point back to it, and, where there
    /// are any, for those that name a sum.
    fn parse_what_matters(&self, reading: &mut Reading<'_>) {
        let mut wanted = Vec::new();
        let mut before = false;
        for (at, sentence) in reading.sentences.iter().enumerate() {
            let may = self.finder.may_mention(reading.words(sentence.span));
            if may || before {
                wanted.push(at);
            }
            before = may;
        }
        if !wanted.is_empty() {
            let sums =
                reading.money.iter().map(|sum| reading.sentences.partition_point(|own| own.span.end() <= sum.span.start()));
            wanted.extend(sums);
        }
        reading.parse(self.reader, wanted);
    }
}
