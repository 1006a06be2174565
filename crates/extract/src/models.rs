//! The learned models that choose among candidates. There are two sets of them: one learned with the trees of the fast reader, and one with
//! those of a reader that also says what it takes words for ([`crate::signs`]).
use crate::category_model::CategoryModel;
use crate::error::Error;
use crate::logistic::Model;
use crate::{coreference, party, provision, record, stage, statements, sums};

/// One set of models.
#[derive(Debug, Clone, Default)]
pub struct Models {
    /// Which mentions speak of one agreement.
    pub coreference: Model,
    /// Which chains of mentions are agreements.
    pub recorded: Model,
    /// Who is a party.
    pub parties: Model,
    /// Which words tell of a stage.
    pub stages: Model,
    /// What is a provision.
    pub provisions: Model,
    /// Which category a provision belongs to.
    pub categories: CategoryModel,
    /// Which sums belong to an agreement.
    pub sums: Model,
    /// What statements are about, and where their speakers stand.
    pub statements: statements::model::Model,
}

/// Name and content of the file of each model.
struct Files {
    coreference: (&'static str, &'static str),
    recorded: (&'static str, &'static str),
    parties: (&'static str, &'static str),
    stages: (&'static str, &'static str),
    provisions: (&'static str, &'static str),
    categories: (&'static str, &'static str),
    sums: (&'static str, &'static str),
    statements: (&'static str, &'static str),
}

macro_rules! file {
    ($path:literal) => {
        ($path, include_str!(concat!("../../../", $path)))
    };
}

const PLAIN: Files = Files {
    coreference: file!("rules/en/coreference.toml"),
    recorded: file!("rules/en/recorded.toml"),
    parties: file!("rules/en/parties.toml"),
    stages: file!("rules/en/stages/weights.toml"),
    provisions: file!("rules/en/provisions.toml"),
    categories: file!("rules/en/category-weights.toml"),
    sums: file!("rules/en/sums.toml"),
    statements: file!("rules/en/speech-weights.toml"),
};

const MARKED: Files = Files {
    coreference: file!("rules/en/coreference.toml"),
    recorded: file!("rules/en/marked/recorded.toml"),
    parties: file!("rules/en/marked/parties.toml"),
    stages: file!("rules/en/marked/stages.toml"),
    provisions: file!("rules/en/marked/provisions.toml"),
    categories: file!("rules/en/category-weights.toml"),
    sums: file!("rules/en/sums.toml"),
    statements: file!("rules/en/marked/speech.toml"),
};

impl Models {
    /// The models for readings without marks.
    ///
    /// # Errors
    /// The place in a file that cannot be used (never in a program whose tests ran).
    pub fn plain() -> Result<Self, Error> {
        Self::of(&PLAIN)
    }

    /// The models for readings by a reader that makes marks.
    ///
    /// # Errors
    /// As [`Models::plain`].
    pub fn marked() -> Result<Self, Error> {
        Self::of(&MARKED)
    }

    fn of(files: &Files) -> Result<Self, Error> {
        let model = |file: (&str, &str), names: &[&str]| Model::read(file.0, file.1, names);
        Ok(Self {
            coreference: model(files.coreference, coreference::NAMES)?,
            recorded: model(files.recorded, record::NAMES)?,
            parties: model(files.parties, party::NAMES)?,
            stages: model(files.stages, &stage::names())?,
            provisions: model(files.provisions, provision::NAMES)?,
            categories: CategoryModel::read(files.categories.0, files.categories.1)?,
            sums: model(files.sums, sums::NAMES)?,
            statements: statements::model::Model::read(files.statements.0, files.statements.1)?,
        })
    }
}
