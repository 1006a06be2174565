//! The table of currencies and number words (`rules/en/currencies.toml`), loaded once and checked.
use crate::actors::Gazetteer;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const EMBEDDED: &str = include_str!("../../../../rules/en/currencies.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    currency: Vec<Written>,
    prefer: BTreeMap<String, String>,
    careful: Careful,
    scale: BTreeMap<String, f64>,
    attached: BTreeMap<String, f64>,
    number: BTreeMap<String, f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    code: String,
    #[serde(default)]
    symbols: Vec<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    shared: Vec<String>,
    actor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Careful {
    from: f64,
    names: BTreeSet<String>,
    purposes: FxHashSet<String>,
}

/// Singular and plural of a name, in lower case, words joined by one space ("U.S. dollar" is three words).
fn forms(name: &str) -> [String; 2] {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let singular = words.join(" ");
    let plural = format!("{singular}s");
    [singular, plural]
}

/// What a name or symbol of money can mean.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    /// Codes that it can stand for, with the actor whose money each is; one for most.
    pub(super) codes: Vec<(Box<str>, Option<Box<str>>)>,
    /// What it means where nothing decides.
    pub(super) prefer: Option<Box<str>>,
    /// Amounts below this are not read as money: the name is a weight or a common word, too.
    pub(super) from: f64,
}

/// The table in the form in which it is asked.
#[derive(Debug)]
pub(super) struct Currencies {
    /// Symbols and codes, longest first.
    pub(super) symbols: Vec<(Box<str>, Unit)>,
    /// For each character that a symbol begins with, the places of those symbols, longest first.
    pub(super) symbols_by_start: FxHashMap<char, Vec<usize>>,
    /// Names in lower case, words joined by one space, plurals included.
    pub(super) names: FxHashMap<Box<str>, Unit>,
    /// Number of words of the longest name.
    pub(super) longest_name: usize,
    /// Words that multiply.
    pub(super) scale: FxHashMap<Box<str>, f64>,
    /// Letters that multiply when they stand next to a sum.
    pub(super) attached: FxHashMap<Box<str>, f64>,
    /// Number words.
    pub(super) number: FxHashMap<Box<str>, f64>,
    /// What money is given for: "two million pounds of aid" is money, "of meat" a weight.
    pub(super) purposes: FxHashSet<String>,
}

impl Currencies {
    /// The embedded table.
    pub(super) fn embedded() -> &'static Self {
        static TABLE: LazyLock<Currencies> =
            LazyLock::new(|| Currencies::load(EMBEDDED).expect("the embedded table of currencies is checked by the tests"));
        &TABLE
    }

    fn load(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| format!("rules/en/currencies.toml: {error}"))?;
        let mut symbols: BTreeMap<String, Unit> = BTreeMap::new();
        let mut names: BTreeMap<String, Unit> = BTreeMap::new();
        let mut codes = BTreeSet::new();
        for currency in &file.currency {
            let code = &currency.code;
            if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()) || !codes.insert(code.clone()) {
                return Err(format!("rules/en/currencies.toml: `{code}` is no ISO 4217 code, or is there twice"));
            }
            if let Some(actor) = &currency.actor
                && Gazetteer::embedded().actor(actor).is_none()
            {
                return Err(format!("rules/en/currencies.toml: `{actor}` of {code} is no actor of rules/actors"));
            }
            let add = |table: &mut BTreeMap<String, Unit>, word: &str, shared: bool| {
                let unit = table.entry(word.to_owned()).or_insert(Unit { codes: Vec::new(), prefer: None, from: 0.0 });
                let fresh = unit.codes.iter().all(|(earlier, _)| **earlier != **code);
                if !shared && !unit.codes.is_empty() && fresh {
                    return Err(format!("rules/en/currencies.toml: `{word}` of {code} is taken: list it under `shared`"));
                }
                if fresh {
                    unit.codes.push((code.as_str().into(), currency.actor.as_deref().map(Into::into)));
                }
                Ok(())
            };
            for symbol in currency.symbols.iter().chain([code]) {
                add(&mut symbols, symbol, false)?;
            }
            for name in &currency.names {
                for form in forms(name) {
                    add(&mut names, &form, false)?;
                }
            }
            for name in &currency.shared {
                for form in forms(name) {
                    add(&mut names, &form, true)?;
                }
            }
        }
        let dollar = file.currency.iter().filter(|currency| currency.shared.iter().any(|name| name == "dollar"));
        let dollars = dollar.map(|currency| (currency.code.as_str().into(), currency.actor.as_deref().map(Into::into))).collect();
        symbols.insert("$".to_owned(), Unit { codes: dollars, prefer: None, from: 0.0 });
        let yen = ["CNY", "JPY"].map(|code| (code.into(), None)).to_vec();
        symbols.insert("¥".to_owned(), Unit { codes: yen, prefer: None, from: 0.0 });
        for (word, code) in &file.prefer {
            if !codes.contains(code) {
                return Err(format!("rules/en/currencies.toml: `{word}` prefers `{code}`, which is not in the file"));
            }
            for form in [word.clone(), format!("{word}s")] {
                for unit in [symbols.get_mut(&form), names.get_mut(&form)].into_iter().flatten() {
                    unit.prefer = Some(code.as_str().into());
                }
            }
        }
        for word in &file.careful.names {
            for form in [word.clone(), format!("{word}s")] {
                if let Some(unit) = names.get_mut(&form) {
                    unit.from = file.careful.from;
                }
            }
        }
        let longest_name = names.keys().map(|name| name.split(' ').count()).max().unwrap_or(1);
        let mut symbols: Vec<(Box<str>, Unit)> = symbols.into_iter().map(|(word, unit)| (word.into(), unit)).collect();
        symbols.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        let mut symbols_by_start: FxHashMap<char, Vec<usize>> = FxHashMap::default();
        for (at, (word, _)) in symbols.iter().enumerate() {
            if let Some(first) = word.chars().next() {
                symbols_by_start.entry(first).or_default().push(at);
            }
        }
        let boxed = |table: BTreeMap<String, f64>| table.into_iter().map(|(word, value)| (word.into(), value)).collect();
        Ok(Self {
            symbols,
            symbols_by_start,
            names: names.into_iter().map(|(word, unit)| (word.into(), unit)).collect(),
            longest_name,
            scale: boxed(file.scale),
            attached: boxed(file.attached),
            number: boxed(file.number),
            purposes: file.careful.purposes,
        })
    }
}
