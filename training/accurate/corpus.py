"""Reads treebanks and the names that were put on them."""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from labels import bundle, lemma_rule, put, spans


@dataclass
class Sentence:
    """One sentence; `labels[head]` is one class a word, `None` where the word teaches nothing."""

    words: list
    labels: dict = field(default_factory=dict)
    heads: list = None
    relations: list = None
    lemmas: list = None
    document: str = ""
    # How much it counts in the loss.
    weight: float = 1.0
    # How likely an epoch sees it.
    share: float = 1.0
    # Character offsets of each word in its article; for labelled news only.
    places: list = None
    # Marks of labelled news that no class a word can hold: what evaluation compares with.
    gold: dict = field(default_factory=dict)


def lines_of(path):
    """The lines of a file, and an empty one that ends what is open."""
    return [*Path(path).read_text(encoding="utf-8").split("\n"), ""]


def conllu(path):
    """The sentences of a CoNLL-U file: rows of ten cells, the words only."""
    rows, document = [], ""
    for line in lines_of(path):
        if line.startswith("# newdoc id = "):
            document = line[14:].strip()
        if line.startswith("#"):
            continue
        if not line.strip():
            if rows:
                yield document, rows
            rows = []
            continue
        cells = line.split("\t")
        if cells[0].isdigit():
            rows.append(cells)


def tree(document, rows):
    """A sentence with tags and tree."""
    words = [r[1] for r in rows]
    return Sentence(
        words,
        {
            "upos": [r[3] for r in rows],
            "feats": [bundle(r[5]) for r in rows],
            # "goeswith" and typos have lemmas that no rule makes.
            "lemma": [None if r[2] == "_" and r[1] != "_" else lemma_rule(r[1], r[2]) for r in rows],
        },
        [int(r[6]) for r in rows],
        [r[7] for r in rows],
        [r[2] for r in rows],
        document,
    )


def iob2(path):
    """Names of Universal NER: word lists with BIO labels of persons, places, organizations and others."""
    words, labels = [], []
    for line in lines_of(path):
        cells = line.split("\t")
        if len(cells) >= 3 and cells[0].isdigit():
            kind = {"OTH": "OTHER"}.get(cells[2][2:], cells[2][2:])
            if kind not in ("PER", "LOC", "ORG", "OTHER"):
                labels.append("O")
            elif cells[2][0] == "I" and labels and labels[-1][2:] == kind:
                labels.append("I-" + kind)
            else:
                labels.append("B-" + kind)
            words.append(cells[1])
        elif not line.strip() and words:
            yield words, labels
            words, labels = [], []


class Lexicon:
    """Word lists of the fast reader's name finder (`rules/`), for reading GUM's mentions as that finder's evaluation does."""

    def __init__(self, rules):
        titles = tomllib.loads((rules / "en/titles.toml").read_text(encoding="utf-8"))
        given = set(tomllib.loads((rules / "en/given-names.toml").read_text(encoding="utf-8"))["given"])
        self.offices = {w for o in titles["offices"] for w in re.split("[ -]", o)} - given
        self.titles = set(titles["titles"]) | {w for o in titles["offices"] for w in re.split("[ -]", o)}
        # "Dean" may be either: where it is a given name, it is kept.
        self.before_names = self.titles - given
        self.roles = set(tomllib.loads((rules / "en/roles.toml").read_text(encoding="utf-8"))["roles"])
        self.demonyms = set()
        for path in sorted((rules / "actors").glob("*.toml")):
            for actor in tomllib.loads(path.read_text(encoding="utf-8")).get("actor", []):
                self.demonyms.update(actor.get("demonyms", []))

    def is_role(self, word):
        return word.lower() in self.roles or word in self.titles


JOINTS = {"of", "the", "and", "&", "-", "'s", "’s", "for", "de", "la", "al", ".", "/"}
GUM_KINDS = {"person": "PER", "place": "LOC", "organization": "ORG", "time": None}


def gum_names(rows, lexicon):
    """BIO names of a sentence of GUM, from its `Entity=` mentions whose head is a proper noun (see `names/labeled.rs`).
    Names of other things than persons, places and organizations, times apart, are OTHER."""
    n = len(rows)
    words, proper, heads = [r[1] for r in rows], [r[3] == "PROPN" for r in rows], [int(r[6]) for r in rows]
    mentions, opened = [], []
    for at, row in enumerate(rows):
        entity = next((p[7:] for p in row[9].split("|") if p.startswith("Entity=")), "")
        for part in re.findall(r"\([^()]*\)?|[^()]*\)", entity):
            if part.startswith("("):
                cells = part.strip("()").split("-")
                kind = GUM_KINDS.get(cells[1], "OTHER") if len(cells) > 1 else None
                if part.endswith(")"):
                    mentions.append((at, at + 1, kind))
                else:
                    opened.append((cells[0], kind, at))
            else:
                for i in range(len(opened) - 1, -1, -1):
                    if opened[i][0] == part[:-1]:
                        mentions.append((opened[i][2], at + 1, opened[i][1]))
                        del opened[i]
                        break
    mentions.sort(key=lambda m: (m[0], -m[1]))
    capital = lambda w: w[:1].isupper()
    found = []
    for low, high, kind in mentions:
        head = next((i for i in range(low, high) if heads[i] == 0 or not low <= heads[i] - 1 < high), None)
        if head is None:
            continue
        is_proper = lambda i: low <= i < high and proper[i]
        if kind == "PER" and not is_proper(head) and is_proper(head + 1):
            end = head + 1
            while is_proper(end):
                end += 1
            found.append((head + 1, end, kind))
            continue
        if not is_proper(head):
            continue
        fits = lambda i: low <= i < high and (proper[i] or (i > 0 and capital(words[i])))
        joint = lambda i: low <= i < high and words[i] in JOINTS
        joins = lambda w: kind == "ORG" if w == "and" else kind != "PER" or w not in ("of", "for")
        start, end = head, head + 1
        while True:
            if start > low and fits(start - 1):
                start -= 1
            elif start > low + 1 and joint(start - 1) and fits(start - 2) and kind != "PER":
                start -= 2
            else:
                break
        while True:
            if fits(end):
                end += 1
            elif joint(end) and fits(end + 1) and joins(words[end]):
                end += 2
            elif kind != "PER" and joint(end) and end + 1 < n and words[end + 1] == "the" and fits(end + 2):
                end += 3
            else:
                break
        if kind == "PER":
            for a, b, other in mentions:
                if other != "PER" and b <= head and a >= low:
                    start = max(start, b)
            if all(w in lexicon.demonyms for w in words[start:end]):
                continue
            if all(words[i] in lexicon.before_names or joint(i) for i in range(start, end)):
                continue
            if start + 1 < end and words[end - 1] in lexicon.offices:
                continue
            start = max([i + 1 for i in range(start, end - 1) if words[i] in lexicon.offices], default=start)
            while start + 1 < end and words[start] in lexicon.before_names:
                start += 1
        if start < end:
            found.append((start, end, kind))
    labels, last = ["O"] * n, 0
    for start, end, kind in sorted(found, key=lambda f: (f[0], -f[1], f[2] is None)):
        if start >= last:
            if kind:
                put(labels, start, end, kind)
            last = end
    return labels


def titles(sentence, lexicon):
    """BIO roles and titles of named persons ("Foreign Minister", "president of the council"), from the tree around their names."""
    n, heads, rels, words = len(sentence.words), sentence.heads, sentence.relations, sentence.words
    children = [[] for _ in range(n + 1)]
    for i, h in enumerate(heads):
        children[h].append(i)

    def subtree(root, but=()):
        todo, seen = [root], set()
        while todo:
            at = todo.pop()
            seen.add(at)
            todo += [c for c in children[at + 1] if c not in seen and rels[c].split(":")[0] not in but]
        return seen

    clauses = ("acl", "punct", "appos", "parataxis", "advcl", "conj", "cc", "case", "cop", "nsubj", "mark")
    labels = ["O"] * n
    names = spans(sentence.labels["names"])
    taken = {i for a, b, k in names if k == "PER" for i in range(a, b)}
    for start, end, kind in names:
        if kind != "PER":
            continue
        head = next((i for i in range(start, end) if heads[i] == 0 or not start <= heads[i] - 1 < end), None)
        if head is None:
            continue
        roots = [
            c
            for c in children[head + 1]
            if c not in taken and rels[c] in ("nmod:desc", "compound", "appos", "flat", "nmod") and lexicon.is_role(words[c])
        ]
        if (
            rels[head] in ("appos", "flat")
            and heads[head]
            and heads[head] - 1 not in taken
            and lexicon.is_role(words[heads[head] - 1])
        ):
            roots.append(heads[head] - 1)
        for root in roots:
            inside = subtree(root, clauses) - taken
            # "president of the council": what follows the noun belongs to it when it is introduced by a preposition.
            for c in children[root + 1]:
                if rels[c] == "nmod" and c > root and c not in taken:
                    inside |= subtree(c, ("acl", "appos", "parataxis", "punct", "advcl")) - taken
            low, high = root, root + 1
            while low - 1 in inside:
                low -= 1
            while high in inside:
                high += 1
            while low < root and words[low].lower() in ("the", "a", "an", "its", "their", "his", "her", "our", "my", "your"):
                low += 1
            if all(l == "O" for l in labels[low:high]):
                put(labels, low, high, "TITLE")
    return labels


def treebank(data, part, lexicon, which=("EWT", "GUM")):
    """Sentences of EWT with Universal NER's names and of GUM with the names of its mentions."""
    found = []
    if "EWT" in which:
        # The names were put on an earlier release: a few sentences differ, and teach no names; documents stand in another order.
        named = {}
        for words, labels in iob2(data / f"names/en_ewt-ud-{part}.iob2"):
            named.setdefault(tuple(words), []).append(labels)
        for document, rows in conllu(data / f"ud/EWT/en_ewt-ud-{part}.conllu"):
            sentence = tree(document, rows)
            labels = named.get(tuple(sentence.words), [])
            if labels:
                sentence.labels["names"] = labels.pop(0) if len(labels) > 1 else labels[0]
            found.append(sentence)
    for kind in ("perm", "news"):
        if ("GUM" if kind == "perm" else "GUMnews") in which:
            for document, rows in conllu(data / f"ud/GUM/en_gum_{kind}-{part}.conllu"):
                sentence = tree(document, rows)
                sentence.labels["names"] = gum_names(rows, lexicon)
                found.append(sentence)
    for sentence in found:
        if "names" in sentence.labels:
            sentence.labels["title"] = titles(sentence, lexicon)
    return found


def inventory(sentences, head, least):
    """Classes of `head` that occur at least `least` times, most frequent first; ties by name."""
    counts = Counter(l for s in sentences for l in s.labels.get(head, []) if l is not None)
    return [c for c, k in sorted(counts.items(), key=lambda p: (-p[1], p[0])) if k >= least]
