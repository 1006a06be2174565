//! The cells that a line of a gold case can speak of, and whether findings hold them.
use chancery_agreement::{
    AgreementFinding, AgreementKind, Article, CommitmentCategory, Findings, Modality, PartyRole, RelationKind, SpeechKind,
    StageKind, Stance, Statement, Strength,
};
use std::str::FromStr;

/// What one line speaks of. Words are compared without regard to case and white space.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // Each is the line of its name; gold/README.md explains them all.
pub enum Cell {
    /// An agreement one of whose names holds these words.
    Agreement(String),
    /// So many agreements; `None` for "any".
    Agreements(Option<usize>),
    /// Any statement at all.
    AnyStatement,
    /// Any naming at all.
    AnyNaming,
    /// A statement with all of these.
    Statement(StatementPattern),
    /// A naming of this actor with these words, by this one.
    Naming { actor: String, words: String, by: Option<String> },
    /// The publication date.
    Published(String),
    /// A part that was cut and holds these words.
    Removed(String),
    /// Some cell's evidence holds these words.
    Quote(String),
    /// Another name.
    Name(String),
    /// Its kind.
    Kind(AgreementKind),
    /// Exactly these parties.
    Parties(Vec<String>),
    /// This actor in this role.
    Party(PartyRole, String),
    /// A stage with all of these.
    Stage(StagePattern),
    /// A provision.
    Commitment { category: CommitmentCategory, strength: Option<Strength>, words: Option<String> },
    /// A sum.
    Money { amount: f64, currency: String },
    /// Its term.
    Duration(String),
    /// Term of a renewal.
    Renewal(String),
    /// Number of its articles.
    Articles(String),
    /// A relation to another agreement, one of whose names holds these words.
    Relation(RelationKind, String),
}

/// What a `stage:` line asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct StagePattern {
    stage: StageKind,
    modality: Modality,
    date: DatePattern,
    place: Option<String>,
    by: Option<String>,
    said_by: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
enum DatePattern {
    Any,
    Absent,
    Is(String),
}

/// What a `statement:` line asks for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StatementPattern {
    speaker: String,
    stance: Option<Stance>,
    kind: Option<SpeechKind>,
    role: Option<String>,
    affiliation: Option<String>,
    via: Option<String>,
    about: Option<String>,
    words: Option<String>,
}

impl Cell {
    /// Reads `name: fields`. The error says what was expected.
    pub(super) fn parse(line: &str) -> Result<Self, String> {
        let (name, value) = line.split_once(": ").ok_or_else(|| format!("`{line}` is not of the form `cell: words`"))?;
        let value = value.trim();
        let plain = || unquoted(value).to_owned();
        Ok(match name {
            "agreement" => Self::Agreement(plain()),
            "agreements" if value == "any" => Self::Agreements(None),
            "agreements" => {
                Self::Agreements(Some(value.parse().map_err(|_| format!("`{value}` is neither a number nor `any`"))?))
            }
            "statements" if value == "any" => Self::AnyStatement,
            "namings" if value == "any" => Self::AnyNaming,
            "statement" => Self::Statement(StatementPattern::parse(value)?),
            "naming" => naming(value)?,
            "published" => Self::Published(plain()),
            "removed" => Self::Removed(plain()),
            "quote" => Self::Quote(plain()),
            "name" => Self::Name(plain()),
            "kind" => Self::Kind(known(value)?),
            "parties" => Self::Parties(fields(value).iter().map(|actor| (*actor).to_owned()).collect()),
            "duration" => Self::Duration(plain()),
            "renewal" => Self::Renewal(plain()),
            "articles" => Self::Articles(plain()),
            "stage" => Self::Stage(StagePattern::parse(value)?),
            "commitment" => commitment(value)?,
            "money" => money(value)?,
            "relation" => relation(value)?,
            role => match PartyRole::from_str(role) {
                Ok(role) => Self::Party(role, plain()),
                Err(_) => return Err(format!("unknown cell `{name}`; gold/README.md lists them")),
            },
        })
    }

    /// True for cells that stand indented below their agreement.
    pub(super) fn belongs_to_an_agreement(&self) -> bool {
        matches!(
            self,
            Self::Name(_)
                | Self::Kind(_)
                | Self::Parties(_)
                | Self::Party(..)
                | Self::Stage(_)
                | Self::Commitment { .. }
                | Self::Money { .. }
                | Self::Duration(_)
                | Self::Renewal(_)
                | Self::Articles(_)
                | Self::Relation(..)
        )
    }

    /// Whether the document as a whole holds the cell.
    pub(super) fn in_document(&self, article: &Article, findings: &Findings) -> bool {
        match self {
            Self::Agreement(words) => findings.agreements.iter().any(|agreement| has_name(agreement, words)),
            Self::Agreements(None) => !findings.agreements.is_empty(),
            Self::Agreements(Some(count)) => findings.agreements.len() == *count,
            Self::AnyStatement => !findings.statements.is_empty(),
            Self::AnyNaming => !findings.naming.is_empty(),
            Self::Statement(pattern) => findings.statements.iter().any(|statement| pattern.matches(statement, findings)),
            Self::Naming { actor, words, by } => findings.naming.iter().any(|naming| {
                same(&naming.actor, actor)
                    && holds(naming.evidence.quote(), words)
                    && by.as_ref().is_none_or(|by| same(&naming.by, by))
            }),
            Self::Published(day) => article.published.as_ref().is_some_and(|published| published.value == *day),
            Self::Removed(words) => {
                article.blocks.iter().any(|block| !block.kind.is_story() && holds(block.span.of(&article.text), words))
            }
            Self::Quote(words) => quotes(findings).iter().any(|quote| holds(quote, words)),
            _ => false,
        }
    }

    /// Whether this agreement holds the cell.
    pub(super) fn in_agreement(&self, agreement: &AgreementFinding, findings: &Findings) -> bool {
        let value =
            |term: &Option<chancery_agreement::Term>, wanted: &str| term.as_ref().is_some_and(|term| term.value == wanted);
        match self {
            Self::Name(words) => has_name(agreement, words),
            Self::Kind(kind) => agreement.kind == *kind,
            Self::Parties(actors) => {
                let found = agreement.parties.iter().filter(|party| party.role == PartyRole::Party);
                let mut found: Vec<String> = found.map(|party| party.actor.to_lowercase()).collect();
                let mut wanted: Vec<String> = actors.iter().map(|actor| actor.to_lowercase()).collect();
                found.sort();
                found.dedup();
                wanted.sort();
                found == wanted
            }
            Self::Party(role, actor) => agreement.parties.iter().any(|party| party.role == *role && same(&party.actor, actor)),
            Self::Stage(pattern) => agreement.stages.iter().any(|stage| pattern.matches(stage)),
            Self::Commitment { category, strength, words } => agreement.commitments.iter().any(|commitment| {
                commitment.category == *category
                    && strength.is_none_or(|strength| commitment.strength == strength)
                    && words.as_ref().is_none_or(|words| holds(commitment.evidence.quote(), words))
            }),
            Self::Money { amount, currency } => agreement
                .money
                .iter()
                .any(|money| money.currency == *currency && (money.amount - amount).abs() <= amount.abs() * 1e-9),
            Self::Duration(wanted) => value(&agreement.duration, wanted),
            Self::Renewal(wanted) => value(&agreement.renewal, wanted),
            Self::Articles(wanted) => value(&agreement.articles, wanted),
            Self::Relation(kind, words) => agreement.relations.iter().any(|relation| {
                relation.kind == *kind
                    && findings.agreements.iter().any(|other| other.key == relation.to && has_name(other, words))
            }),
            _ => false,
        }
    }
}

/// True when one of the agreement's names holds these words.
pub(super) fn has_name(agreement: &AgreementFinding, words: &str) -> bool {
    agreement.names.iter().any(|name| holds(name.evidence.quote(), words))
}

impl StagePattern {
    fn parse(value: &str) -> Result<Self, String> {
        let fields = fields(value);
        let (first, rest) = fields.split_first().ok_or("a stage line needs a stage")?;
        let mut pattern = Self {
            stage: known(first)?,
            modality: Modality::Actual,
            date: DatePattern::Any,
            place: None,
            by: None,
            said_by: None,
        };
        for field in rest {
            if let Ok(modality) = field.parse() {
                pattern.modality = modality;
            } else if *field == "no date" {
                pattern.date = DatePattern::Absent;
            } else if let Some(place) = field.strip_prefix("in ") {
                pattern.place = Some(place.to_owned());
            } else if let Some(by) = field.strip_prefix("by ") {
                pattern.by = Some(by.to_owned());
            } else if let Some(by) = field.strip_prefix("said by ") {
                pattern.said_by = Some(by.to_owned());
            } else if field.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
                pattern.date = DatePattern::Is((*field).to_owned());
            } else {
                return Err(format!("`{field}` is no modality, date, `no date`, `in PLACE`, `by WHOM` or `said by WHOM`"));
            }
        }
        Ok(pattern)
    }

    fn matches(&self, stage: &chancery_agreement::Stage) -> bool {
        let date = stage.date.as_ref().and_then(|date| date.value.as_deref());
        let dated = match &self.date {
            DatePattern::Any => true,
            DatePattern::Absent => date.is_none(),
            DatePattern::Is(wanted) => date == Some(wanted),
        };
        let term = |wanted: &Option<String>, found: &Option<chancery_agreement::Term>| {
            wanted.as_ref().is_none_or(|wanted| found.as_ref().is_some_and(|found| holds(&found.value, wanted)))
        };
        let said = self.said_by.as_deref().is_none_or(|wanted| match &stage.according_to {
            Some(speaker) => holds(speaker, wanted),
            None => wanted == "nobody",
        });
        said && stage.stage == self.stage
            && stage.modality == self.modality
            && dated
            && term(&self.place, &stage.place)
            && term(&self.by, &stage.by)
    }
}

impl StatementPattern {
    fn parse(value: &str) -> Result<Self, String> {
        let fields = fields(value);
        let (speaker, rest) = fields.split_first().ok_or("a statement line needs a speaker, or `nobody`")?;
        let mut pattern = Self { speaker: (*speaker).to_owned(), ..Self::default() };
        for field in rest {
            if let Ok(stance) = field.parse() {
                pattern.stance = Some(stance);
            } else if let Ok(kind) = field.parse() {
                pattern.kind = Some(kind);
            } else if let Some(role) = field.strip_prefix("role ") {
                pattern.role = Some(role.to_owned());
            } else if let Some(affiliation) = field.strip_prefix("for ") {
                pattern.affiliation = Some(affiliation.to_owned());
            } else if let Some(outlet) = field.strip_prefix("via ") {
                pattern.via = Some(outlet.to_owned());
            } else if let Some(words) = field.strip_prefix("about ") {
                pattern.about = Some(words.to_owned());
            } else if field.starts_with('"') {
                pattern.words = Some(unquoted(field).to_owned());
            } else {
                return Err(format!(
                    "`{field}` is no stance, form of speech, `role …`, `for …`, `via …`, `about …` or words in quotation marks"
                ));
            }
        }
        Ok(pattern)
    }

    fn matches(&self, statement: &Statement, findings: &Findings) -> bool {
        let speaker = statement.speaker.as_ref();
        let named = match speaker {
            Some(speaker) => same(&speaker.name, &self.speaker),
            None => self.speaker == "nobody",
        };
        let field = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_ref().is_none_or(|wanted| found.is_some_and(|found| holds(found, wanted)))
        };
        let about = self.about.as_ref().is_none_or(|words| {
            let key = statement.about.as_deref();
            findings.agreements.iter().any(|agreement| key == Some(agreement.key.as_str()) && has_name(agreement, words))
        });
        named
            && about
            && self.stance.is_none_or(|stance| statement.stance == stance)
            && self.kind.is_none_or(|kind| statement.kind == kind)
            && field(&self.role, speaker.and_then(|speaker| speaker.role.as_deref()))
            && field(&self.affiliation, speaker.and_then(|speaker| speaker.affiliation.as_deref()))
            && field(&self.via, statement.via.as_deref())
            && field(&self.words, Some(statement.evidence.quote()))
    }
}

fn naming(value: &str) -> Result<Cell, String> {
    match fields(value).as_slice() {
        [actor, words] => Ok(Cell::Naming { actor: (*actor).to_owned(), words: unquoted(words).to_owned(), by: None }),
        [actor, words, by] if by.starts_with("by ") => Ok(Cell::Naming {
            actor: (*actor).to_owned(),
            words: unquoted(words).to_owned(),
            by: by.strip_prefix("by ").map(str::to_owned),
        }),
        _ => Err(format!("`{value}` is not of the form `ACTOR, \"words\", by WHOM`")),
    }
}

fn commitment(value: &str) -> Result<Cell, String> {
    let fields = fields(value);
    let (first, rest) = fields.split_first().ok_or("a commitment line needs a category")?;
    let category = known(first)?;
    let (mut strength, mut words) = (None, None);
    for field in rest {
        if field.starts_with('"') {
            words = Some(unquoted(field).to_owned());
        } else {
            strength = Some(known(field)?);
        }
    }
    Ok(Cell::Commitment { category, strength, words })
}

fn money(value: &str) -> Result<Cell, String> {
    let form = || format!("`{value}` is not of the form `AMOUNT CURRENCY`, as in `12500000 USD`");
    let (amount, currency) = value.split_once(' ').ok_or_else(form)?;
    Ok(Cell::Money { amount: amount.parse().map_err(|_| form())?, currency: currency.to_owned() })
}

fn relation(value: &str) -> Result<Cell, String> {
    match fields(value).as_slice() {
        [kind, words] => Ok(Cell::Relation(known(kind)?, unquoted(words).to_owned())),
        _ => Err(format!("`{value}` is not of the form `KIND, \"words of the other's name\"`")),
    }
}

/// A word of one of the closed lists.
fn known<T: FromStr<Err = chancery_agreement::UnknownWord>>(word: &str) -> Result<T, String> {
    word.parse().map_err(|error: chancery_agreement::UnknownWord| error.to_string())
}

/// The fields of a line, which commas part, but not those inside quotation marks.
fn fields(value: &str) -> Vec<&str> {
    let mut inside = false;
    value
        .split(|c: char| {
            inside ^= c == '"';
            c == ',' && !inside
        })
        .map(str::trim)
        .filter(|field| !field.is_empty())
        .collect()
}

fn unquoted(words: &str) -> &str {
    words.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(words)
}

fn same(left: &str, right: &str) -> bool {
    plain(left) == plain(right)
}

fn holds(text: &str, words: &str) -> bool {
    plain(text).contains(&plain(words))
}

/// Lower case, single spaces, straight quotation marks.
fn plain(text: &str) -> String {
    let straight = text.replace(['“', '”'], "\"").replace(['‘', '’'], "'");
    straight.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The words behind every cell.
fn quotes(findings: &Findings) -> Vec<&str> {
    let mut quotes = Vec::new();
    for agreement in &findings.agreements {
        quotes.extend(agreement.names.iter().map(|name| name.evidence.quote()));
        quotes.extend(agreement.parties.iter().map(|party| party.evidence.quote()));
        quotes.extend(
            agreement.stages.iter().flat_map(|stage| std::iter::once(&stage.evidence).chain(&stage.also)).map(|e| e.quote()),
        );
        quotes.extend(agreement.commitments.iter().map(|commitment| commitment.evidence.quote()));
        quotes.extend(agreement.money.iter().map(|money| money.evidence.quote()));
        quotes.extend(
            [&agreement.duration, &agreement.renewal, &agreement.articles].into_iter().flatten().map(|t| t.evidence.quote()),
        );
        quotes.extend(agreement.relations.iter().map(|relation| relation.evidence.quote()));
    }
    quotes.extend(findings.statements.iter().map(|statement| statement.evidence.quote()));
    quotes.extend(findings.naming.iter().map(|naming| naming.evidence.quote()));
    quotes
}
