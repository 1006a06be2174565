//! Sentences of treebanks with gold tags and trees, in the numbers that the learners use.
use anyhow::{Context, Result};
use chancery_dissect::conllu::parse_conllu;
use chancery_dissect::fast::clusters::Clusters;
use chancery_dissect::fast::forms::Form;
use chancery_dissect::fast::weights::RELATIONS;
use std::collections::BTreeMap;
use std::path::Path;

/// One sentence.
#[derive(Debug, Clone)]
pub struct Example {
    /// Words as they are written.
    pub words: Vec<String>,
    /// Their hashes.
    pub forms: Vec<Form>,
    /// Their lemmas.
    pub lemmas: Vec<String>,
    /// Gold tags.
    pub tags: Vec<usize>,
    /// Gold heads by node: 0 is no node, words follow, the root is last.
    pub heads: Vec<usize>,
    /// Gold relations by node, as indices of [`RELATIONS`].
    pub labels: Vec<usize>,
}

impl Example {
    /// Looks up the classes of its words in `clusters`.
    pub fn hash(&mut self, clusters: &Clusters) {
        self.forms = self.words.iter().map(|word| Form::with_class(word, clusters)).collect();
    }

    /// Hashes of its words in lower case.
    pub fn lower(&self) -> Vec<u64> {
        self.forms.iter().map(|form| form.lower).collect()
    }
}

/// Names of tags (`VERB\tVBD`) by number.
#[derive(Debug, Default)]
pub struct Tagset {
    /// The names.
    pub names: Vec<String>,
    numbers: BTreeMap<String, usize>,
}

impl Tagset {
    fn number(&mut self, name: String) -> usize {
        let next = self.names.len();
        *self.numbers.entry(name).or_insert_with_key(|name| {
            self.names.push(name.clone());
            next
        })
    }
}

/// Reads the sentences of the CoNLL-U file `path`.
pub fn read(path: &Path, tagset: &mut Tagset) -> Result<Vec<Example>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let sentences = parse_conllu(&text).with_context(|| format!("cannot read {}", path.display()))?;
    let mut examples = Vec::new();
    for sentence in sentences {
        let root = sentence.words().count() + 1;
        let mut example = Example {
            words: Vec::new(),
            forms: Vec::new(),
            lemmas: Vec::new(),
            tags: Vec::new(),
            heads: vec![0],
            labels: vec![0],
        };
        for [_, form, lemma, upos, xpos, _, head, relation, ..] in sentence.words() {
            example.words.push(form.clone());
            example.forms.push(Form::new(form));
            example.lemmas.push(lemma.clone());
            example.tags.push(tagset.number(format!("{upos}\t{xpos}")));
            let head: usize = head.parse().with_context(|| format!("{}: a head is no number", path.display()))?;
            example.heads.push(if head == 0 { root } else { head });
            example.labels.push(
                RELATIONS.iter().position(|name| name == relation).with_context(|| format!("unknown relation {relation}"))?,
            );
        }
        example.heads.push(0);
        example.labels.push(0);
        examples.push(example);
    }
    Ok(examples)
}
