"""Reads what the heads learn from: treebanks, names and hand-labelled news. Every reader gives `Sentence`s."""
import json
import re
import subprocess
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
    # Character offsets of each word in its article; for labelled news only.
    places: list = None
    # Marks of labelled news that no class a word can hold: what evaluation compares with.
    gold: dict = field(default_factory=dict)


def conllu(path):
    """The sentences of a CoNLL-U file: rows of ten cells, the words only."""
    rows, document, news = [], "", ""
    for line in [*open(path, encoding="utf-8"), "\n"]:
        if line.startswith("# newdoc id = "):
            document = line[14:].strip()
        if line.startswith("#"):
            continue
        if not line.strip():
            if rows:
                yield document, rows
            rows = []
            continue
        cells = line.rstrip("\n").split("\t")
        if cells[0].isdigit():
            rows.append(cells)


def tree(document, rows):
    """A sentence with tags and tree."""
    words = [r[1] for r in rows]
    return Sentence(words, {"upos": [r[3] for r in rows], "feats": [bundle(r[5]) for r in rows],
                            # "goeswith" and typos have lemmas that no rule makes.
                            "lemma": [None if r[2] == "_" and r[1] != "_" else lemma_rule(r[1], r[2]) for r in rows]},
                    [int(r[6]) for r in rows], [r[7] for r in rows], [r[2] for r in rows], document)


def iob2(path):
    """Names of Universal NER: word lists with BIO labels of persons, places and organizations."""
    words, labels = [], []
    for line in [*open(path, encoding="utf-8"), "\n"]:
        cells = line.rstrip("\n").split("\t")
        if len(cells) >= 3 and cells[0].isdigit():
            kind = cells[2][2:]
            if kind not in ("PER", "LOC", "ORG"):
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
        self.titles = set(titles["titles"]) | {w for o in titles["offices"] for w in re.split("[ -]", o)}
        self.roles = set(tomllib.loads((rules / "en/roles.toml").read_text(encoding="utf-8"))["roles"])
        self.demonyms = set()
        for path in sorted((rules / "actors").glob("*.toml")):
            for actor in tomllib.loads(path.read_text(encoding="utf-8")).get("actor", []):
                self.demonyms.update(actor.get("demonyms", []))

    def is_role(self, word):
        return word.lower() in self.roles or word in self.titles


JOINTS = {"of", "the", "and", "&", "-", "'s", "’s", "for", "de", "la", "al", ".", "/"}
GUM_KINDS = {"person": "PER", "place": "LOC", "organization": "ORG"}


def gum_names(rows, lexicon):
    """BIO names of a sentence of GUM, from its `Entity=` mentions whose head is a proper noun (see `names/labeled.rs`)."""
    n = len(rows)
    words, proper, heads = [r[1] for r in rows], [r[3] == "PROPN" for r in rows], [int(r[6]) for r in rows]
    mentions, opened = [], []
    for at, row in enumerate(rows):
        entity = next((p[7:] for p in row[9].split("|") if p.startswith("Entity=")), "")
        for part in re.findall(r"\([^()]*\)?|[^()]*\)", entity):
            if part.startswith("("):
                cells = part.strip("()").split("-")
                kind = GUM_KINDS.get(cells[1]) if len(cells) > 1 else None
                if part.endswith(")"):
                    if kind:
                        mentions.append((at, at + 1, kind))
                elif kind:
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
            elif joint(end) and fits(end + 1) and (words[end] != "and" or kind == "ORG"):
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
            if all(words[i] in lexicon.titles or joint(i) for i in range(start, end)):
                continue
            while start + 1 < end and words[start] in lexicon.titles:
                start += 1
        if start < end:
            found.append((start, end, kind))
    labels, last = ["O"] * n, 0
    for start, end, kind in sorted(found, key=lambda f: (f[0], -f[1])):
        if start >= last:
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
        roots = [c for c in children[head + 1] if c not in taken and rels[c] in ("nmod:desc", "compound", "appos", "flat", "nmod") and lexicon.is_role(words[c])]
        if rels[head] in ("appos", "flat") and heads[head] and heads[head] - 1 not in taken and lexicon.is_role(words[heads[head] - 1]):
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
        named = iter(list(iob2(data / f"names/en_ewt-ud-{part}.iob2")))
        ahead = []
        for document, rows in conllu(data / f"ud/EWT/en_ewt-ud-{part}.conllu"):
            sentence = tree(document, rows)
            # The names were put on an earlier release: a few sentences differ, and teach no names.
            for skip in range(4):
                while len(ahead) <= skip:
                    ahead.append(next(named, ([], [])))
                if ahead[skip][0] == sentence.words:
                    sentence.labels["names"] = ahead[skip][1]
                    del ahead[: skip + 1]
                    break
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


# Heads of noun phrases that speak of an agreement without naming it.
GENERIC = {"agreement", "agreements", "deal", "deals", "treaty", "treaties", "accord", "accords", "pact", "pacts", "truce", "ceasefire", "ceasefires",
           "cease-fire", "protocol", "convention", "memorandum", "contract", "contracts", "document", "draft", "settlement", "plan", "arrangement", "fire"}


def sentences_of(article, text, reader):
    """Words and their places as the program itself cuts them: [(words, [(start, end)])]."""
    run = subprocess.run([str(reader), "annotate", str(article), "--layer", "syntax", "--format", "conllu"], capture_output=True)
    if run.returncode not in (0, 1) or not run.stdout:
        raise SystemExit(f"{reader} cannot read {article}: {run.stderr.decode()[:300]}")
    at, sentence, found = 0, [], []
    for line in run.stdout.decode("utf-8").split("\n"):
        cells = line.split("\t")
        if len(cells) == 10 and cells[0].isdigit():
            start = text.find(cells[1], at)
            # A word that the program cleaned differently stands nowhere: the rest of its sentence is searched from here on.
            if start < 0 or start - at > 3000:
                sentence.append((cells[1], None))
                continue
            at = start + len(cells[1])
            sentence.append((cells[1], (start, at)))
        elif not line and sentence:
            found.append(([w for w, _ in sentence], [p for _, p in sentence]))
            sentence = []
    return found


def find_all(text, words, fold=False):
    """Places of `words` in `text` that begin and end with a word."""
    if not words:
        return []
    return [(m.start(), m.end()) for m in re.finditer(r"(?<!\w)" + re.escape(words) + r"(?!\w)", text, re.I if fold else 0)]


class Marked:
    """An article with its labels, cut into sentences."""

    def __init__(self, article, label, reader, aliases):
        about = json.loads(article.read_text(encoding="utf-8"))
        self.text, self.label = about["text"], json.loads(label.read_text(encoding="utf-8"))
        self.sentences = []
        for words, places in sentences_of(article, self.text, reader):
            n = len(words)
            blank = {h: ["O"] * n for h in ("agreement", "party", "stage", "modality", "commitment", "source", "cue", "content")}
            self.sentences.append(Sentence(words, {**blank, "title": [None] * n}, document=article.stem, places=places,
                                           gold={h: [] for h in ("agreement", "stage", "commitment", "source", "cue", "content")}))
        self.agreements(aliases)
        self.speech()

    def cut(self, start, end):
        """The words in `start..end` of the text: (sentence, first, end) for each sentence that has some."""
        for number, sentence in enumerate(self.sentences):
            inside = [i for i, p in enumerate(sentence.places) if p and p[0] < end and p[1] > start]
            if inside:
                low, high = inside[0], inside[-1] + 1
                # Quotation marks and commas at the edges belong to nobody.
                while high - low > 1 and sentence.words[low] in {'"', "“", "”", "''", "``", ",", ":"}:
                    low += 1
                while high - low > 1 and sentence.words[high - 1] in {'"', "“", "”", "''", "``", ","}:
                    high -= 1
                yield number, low, high

    def mark(self, head, start, end, kind, also=None):
        for number, low, high in self.cut(start, end):
            sentence = self.sentences[number]
            if head in sentence.gold and (low, high, kind) not in sentence.gold[head]:
                sentence.gold[head].append((low, high, kind))
            labels = sentence.labels[head]
            free = [i for i in range(low, high) if labels[i] in ("O", None)]
            # What overlaps a shorter span keeps its longest free part, unless little is left.
            runs, run = [], []
            for i in free + [None]:
                if run and i != run[-1] + 1 if i is not None else run:
                    runs.append(run)
                    run = []
                if i is not None:
                    run.append(i)
            best = max(runs, key=len, default=[])
            if best and 2 * len(best) >= high - low:
                put(labels, best[0], best[-1] + 1, kind)
                if also:
                    for i in best:
                        sentence.labels["modality"][i] = also

    def agreements(self, aliases):
        records = self.label["agreements"]
        names = sorted({n for a in records for n in a["names"]}, key=lambda n: (len(n), n), reverse=True)
        for name in names:
            for start, end in find_all(self.text, name, fold=True):
                for number, low, high in self.cut(start, end):
                    labels = self.sentences[number].labels["agreement"]
                    if all(l == "O" for l in labels[low:high]):
                        put(labels, low, high, "AGREEMENT")
                        self.sentences[number].gold["agreement"].append((low, high, "AGREEMENT"))
        if records:
            # "the deal" is a name where the text has no better one, else not: it teaches nothing either way.
            for sentence in self.sentences:
                labels, words = sentence.labels["agreement"], sentence.words
                for i, word in enumerate(words):
                    if word.lower() in GENERIC and labels[i] == "O":
                        low = i
                        while low > 0 and i - low < 4 and labels[low - 1] == "O" and words[low - 1][:1].isalpha() and words[low - 1].lower() not in ("of", "to", "in", "on", "and", "a", "that"):
                            low -= 1
                            if words[low].lower() in ("the", "this", "any", "its", "their", "such"):
                                break
                        for j in range(low, i + 1):
                            labels[j] = None
        by_length = lambda pair: (len(pair[1]["quote"]), pair[1]["quote"])
        for a, s in sorted(((a, s) for a in records for s in a["stages"]), key=by_length):
            for start, end in self.places_of(s["quote"])[:1]:
                self.mark("stage", start, end, s["stage"], s["actual_or_expected"])
        for a, s in sorted(((a, s) for a in records for s in a["commitments"]), key=by_length):
            for start, end in self.places_of(s["quote"])[:1]:
                self.mark("commitment", start, end, s["category"])
        # Parties count in the sentences that tell of their agreement; elsewhere the same words teach nothing.
        for a in records:
            telling = set()
            for words in [s["quote"] for s in a["stages"] + a["commitments"]] + a["names"]:
                telling |= {number for start, end in find_all(self.text, words) for number, _, _ in self.cut(start, end)}
            for party in a["parties"]:
                for spelling in sorted({party, *aliases.get(party, [])}, key=lambda s: (-len(s), s)):
                    for start, end in find_all(self.text, spelling):
                        for number, low, high in self.cut(start, end):
                            labels = self.sentences[number].labels["party"]
                            if number in telling:
                                if all(l in ("O", None) for l in labels[low:high]):
                                    put(labels, low, high, "PARTY")
                            else:
                                for i in range(low, high):
                                    labels[i] = None if labels[i] == "O" else labels[i]

    def places_of(self, words):
        at, found = self.text.find(words), []
        while at >= 0:
            found.append((at, at + len(words)))
            at = self.text.find(words, at + 1)
        return found

    def speech(self):
        for s in sorted(self.label["statements"], key=lambda s: (len(s["quote"]), s["quote"])):
            places = self.places_of(s["quote"])
            if not places:
                continue
            start, end = places[0]
            self.mark("content", start, end, "CONTENT")
            for head, cell in (("source", "source_words"), ("cue", "cue_words")):
                words = s.get(cell)
                near = [(a, b) for a, b in (find_all(self.text, words) if words else []) if a < start and start - b < 250 or b > end and a - end < 250 or start <= a < end]
                if near:
                    a, b = min(near, key=lambda p: max(start - p[1], p[0] - end, 0))
                    self.mark(head, a, b, head.upper())
            self.role(s)

    def role(self, statement):
        """The speaker's role where it stands beside the name: titles are taught by those sentences only."""
        name, role = statement["speaker"], statement.get("role")
        if not name or not role:
            return
        for a, b in find_all(self.text, name):
            near = [(c, d) for c, d in find_all(self.text, role) if 0 <= a - d < 60 or 0 <= c - b < 40]
            for c, d in near[:1]:
                for number, low, high in self.cut(c, d):
                    labels = self.sentences[number].labels["title"]
                    if all(l is None for l in labels[low:high]):
                        put(labels, low, high, "TITLE")


def marked(data, part, reader):
    """The labelled articles of `gold/<part>`."""
    aliases = json.loads((data / "evaluation/party_aliases.json").read_text(encoding="utf-8"))
    return [Marked(p, data / f"gold/{part}/labels/{p.name}", reader, aliases) for p in sorted((data / f"gold/{part}/articles").glob("*.json"))]


def inventory(sentences, head, least):
    """Classes of `head` that occur at least `least` times, most frequent first; ties by name."""
    counts = Counter(l for s in sentences for l in s.labels.get(head, []) if l is not None)
    return [c for c, k in sorted(counts.items(), key=lambda p: (-p[1], p[0])) if k >= least]
