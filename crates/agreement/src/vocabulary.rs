//! The closed word lists of the record model, as `findings.md` fixes them. One definition gives the type, its words,
//! and the way back from words to type.
use std::fmt;
use std::str::FromStr;

/// A word that is not in the list it was looked up in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    /// The word that was given.
    pub word: String,
    /// What it was meant to be, e.g. "stage".
    pub list: &'static str,
    /// What it could have been.
    pub known: &'static [&'static str],
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown {} `{}`; known are: {}", self.list, self.word, self.known.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident, $list:literal { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $name {
            /// Every member, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];
            const WORDS: &'static [&'static str] = &[$($word,)+];

            /// The word of the interchange form.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $($word => Ok($name::$variant),)+
                    _ => Err(UnknownWord { word: word.to_owned(), list: $list, known: Self::WORDS }),
                }
            }
        }
    };
}

vocabulary! {
    /// What sort of instrument an agreement is.
    AgreementKind, "kind of agreement" {
        /// Legally binding between states or organisations.
        Treaty = "treaty",
        /// Political or defence arrangement: pact, accord, declaration.
        Pact = "pact",
        /// Memorandum of understanding.
        Memorandum = "memorandum",
        /// Ceasefire, truce, cessation of hostilities.
        Ceasefire = "ceasefire",
        /// Settlement of a conflict, power sharing included.
        PeaceAccord = "peace accord",
        /// Free trade, tariffs, market access.
        TradeDeal = "trade deal",
        /// Supply, loan or construction.
        Contract = "contract",
        /// Protocol to, or amendment of, another instrument.
        Protocol = "protocol",
        /// The rest.
        Other = "other",
    }
}

vocabulary! {
    /// Stages in the life of an instrument, after the law of treaties and what hand-coded data sets record.
    StageKind, "stage" {
        /// Put forward by someone.
        Proposed = "proposed",
        /// Being negotiated.
        Negotiating = "negotiating",
        /// A draft exists or was sent.
        Drafted = "drafted",
        /// Initialled.
        Initialled = "initialled",
        /// Reached, concluded, announced.
        Agreed = "agreed",
        /// Signed.
        Signed = "signed",
        /// Sent to a body that is to approve or ratify it.
        Submitted = "submitted",
        /// Approved by a chamber, cabinet, referendum or enabling bill.
        Approved = "approved",
        /// Ratified or acceded to.
        Ratified = "ratified",
        /// In force.
        InForce = "in_force",
        /// Carried out, observed, delivered.
        Implemented = "implemented",
        /// Term extended or renewed.
        Extended = "extended",
        /// Changed.
        Amended = "amended",
        /// Halted or frozen.
        Suspended = "suspended",
        /// Breach or claimed breach.
        Violated = "violated",
        /// Left by one party.
        Withdrawn = "withdrawn",
        /// Cancelled or ended.
        Terminated = "terminated",
        /// Term ran out.
        Expired = "expired",
        /// Refused or boycotted.
        Rejected = "rejected",
    }
}

vocabulary! {
    /// Whether an event happened, is expected, or is said not to have happened.
    Modality, "modality" {
        /// It happened.
        Actual = "actual",
        /// Planned, conditional, scheduled, hoped for.
        Expected = "expected",
        /// Said not to have happened, or not to be so.
        Denied = "denied",
    }
}

vocabulary! {
    /// What an actor is to an agreement.
    PartyRole, "role of a party" {
        /// Signs, negotiates or is to be bound.
        Party = "party",
        /// Vouches for it.
        Guarantor = "guarantor",
        /// Mediates it.
        Mediator = "mediator",
        /// Hosts the talks or the signing.
        Host = "host",
        /// Keeps the instrument.
        Depositary = "depositary",
    }
}

vocabulary! {
    /// How binding the wording of a commitment is.
    Strength, "strength" {
        /// "shall", "will", "must", "undertakes to".
        Shall = "shall",
        /// "may", "can", "allows".
        May = "may",
        /// "aims", "should", "seeks to".
        Aim = "aim",
    }
}

vocabulary! {
    /// What a commitment is about.
    CommitmentCategory, "category of commitment" {
        /// An attack on one is an attack on all.
        MutualDefence = "mutual_defence",
        /// Bases, troops, exercises on another's soil.
        MilitaryPresence = "military_presence",
        /// Units joined into another's forces.
        ForceIntegration = "force_integration",
        /// Course, opening or guarding of a border.
        Border = "border",
        /// Movement of persons.
        FreeMovement = "free_movement",
        /// Customs.
        Customs = "customs",
        /// Trade and investment.
        Trade = "trade",
        /// Citizenship and passports.
        Citizenship = "citizenship",
        /// Police, interior ministries, intelligence.
        Policing = "policing",
        /// Pensions, health, education.
        Social = "social",
        /// Co-ordinated foreign policy, diplomatic relations.
        ForeignPolicy = "foreign_policy",
        /// Recognition of a state or government.
        Recognition = "recognition",
        /// Money to be paid, lent or invested.
        Funding = "funding",
        /// Arms control and disarmament.
        ArmsControl = "arms_control",
        /// Nuclear material, arms or power.
        Nuclear = "nuclear",
        /// End of fighting.
        Ceasefire = "ceasefire",
        /// Withdrawal of forces.
        WithdrawalOfForces = "withdrawal_of_forces",
        /// Release or exchange of prisoners.
        Prisoners = "prisoners",
        /// Oil, gas, electricity.
        Energy = "energy",
        /// Shared waters.
        Water = "water",
        /// Fisheries.
        Fisheries = "fisheries",
        /// Migration and asylum.
        Migration = "migration",
        /// Extradition and surrender of persons.
        Extradition = "extradition",
        /// Environment and climate.
        Environment = "environment",
        /// Culture, science, sport.
        Culture = "culture",
        /// The rest.
        Other = "other",
    }
}

vocabulary! {
    /// How one instrument hangs together with another.
    RelationKind, "kind of relation" {
        /// Is part of.
        PartOf = "part_of",
        /// Carries out.
        Implements = "implements",
        /// Changes.
        Amends = "amends",
        /// Takes the place of.
        Replaces = "replaces",
        /// Is like.
        ModelledOn = "modelled_on",
    }
}

vocabulary! {
    /// Form of reported speech.
    SpeechKind, "kind of speech" {
        /// Inside quotation marks.
        Direct = "direct",
        /// A reported clause.
        Indirect = "indirect",
        /// A reported clause with quoted words in it.
        Mixed = "mixed",
    }
}

vocabulary! {
    /// Where a speaker stands.
    Stance, "stance" {
        /// Praise, defence, reports of success.
        Supports = "supports",
        /// Criticism, rejection, accusation.
        Opposes = "opposes",
        /// Contradicts a claim.
        Denies = "denies",
        /// Commits to own future conduct.
        Promises = "promises",
        /// Wants others to act.
        Demands = "demands",
        /// None of these.
        Neutral = "neutral",
    }
}

vocabulary! {
    /// What became of a forecast.
    Outcome, "outcome" {
        /// Happened by the time that was named.
        OnTime = "on_time",
        /// Happened later.
        Late = "late",
        /// Said not to have happened.
        Denied = "denied",
        /// Overtaken: the instrument ended, or another event made it moot.
        Overtaken = "overtaken",
        /// Nothing is known yet.
        Open = "open",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_its_member() {
        for stage in StageKind::ALL {
            assert_eq!(stage.as_str().parse::<StageKind>().as_ref(), Ok(stage));
        }
        for category in CommitmentCategory::ALL {
            assert_eq!(category.as_str().parse::<CommitmentCategory>().as_ref(), Ok(category));
        }
    }

    #[test]
    fn an_unknown_word_says_what_was_expected() {
        let error = "signd".parse::<StageKind>().unwrap_err().to_string();
        assert!(error.contains("unknown stage `signd`") && error.contains("signed"), "{error}");
    }
}
