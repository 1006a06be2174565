"""Reads hand-labelled news: the articles' labels as classes of words, sentence by sentence."""

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

from corpus import Sentence
from labels import put

# Heads of noun phrases that speak of an agreement without naming it.
GENERIC = {
    "agreement",
    "agreements",
    "deal",
    "deals",
    "treaty",
    "treaties",
    "accord",
    "accords",
    "pact",
    "pacts",
    "truce",
    "ceasefire",
    "ceasefires",
    "cease-fire",
    "protocol",
    "convention",
    "memorandum",
    "contract",
    "contracts",
    "document",
    "draft",
    "settlement",
    "plan",
    "arrangement",
    "fire",
}


def sentences_of(article, text, reader):
    """Sentences and places as the program itself cuts them, with what its fast reader takes each word for: [(words, places, tags)], where a
    tag is (lemma, part of speech)."""
    command = [str(reader), "annotate", str(article), "--layer", "syntax", "--format", "conllu"]
    run = subprocess.run(command, capture_output=True, check=False)
    if run.returncode not in (0, 1) or not run.stdout:
        raise SystemExit(f"{reader} cannot read {article}: {run.stderr.decode()[:300]}")
    at, sentence, found = 0, [], []
    for line in run.stdout.decode("utf-8").split("\n"):
        cells = line.split("\t")
        if len(cells) == 10 and cells[0].isdigit():
            start, tag = text.find(cells[1], at), (cells[2].lower(), cells[3])
            # A word that the program cleaned differently stands nowhere: the rest of its sentence is searched from here on.
            if start < 0 or start - at > 3000:
                sentence.append((cells[1], None, tag))
                continue
            at = start + len(cells[1])
            sentence.append((cells[1], (start, at), tag))
        elif not line and sentence:
            found.append(tuple(list(column) for column in zip(*sentence)))
            sentence = []
    return found


def find_all(text, words, fold=False):
    """Places of `words` in `text` that begin and end with a word."""
    if not words:
        return []
    return [
        (m.start(), m.end()) for m in re.finditer(r"(?<!\w)" + re.escape(words) + r"(?!\w)", text, re.IGNORECASE if fold else 0)
    ]


class Marked:
    """An article with its labels, cut into sentences."""

    HEADS = ("agreement", "party", "stage", "modality", "commitment", "source", "cue", "content")

    def __init__(self, name, text, label, sentences, aliases):
        """`label` has the form of `gold/train`, `sentences` come from `sentences_of`."""
        self.name, self.text, self.label, self.sentences, self.tags = name, text, label, [], []
        for words, places, tags in sentences:
            n = len(words)
            self.sentences.append(
                Sentence(
                    words,
                    {**{h: ["O"] * n for h in self.HEADS}, "title": [None] * n},
                    document=name,
                    places=places,
                    gold={h: [] for h in ("agreement", "stage", "commitment", "source", "cue", "content")},
                )
            )
            self.tags.append(tags)
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
                        while (
                            low > 0
                            and i - low < 4
                            and labels[low - 1] == "O"
                            and words[low - 1][:1].isalpha()
                            and words[low - 1].lower() not in ("of", "to", "in", "on", "and", "a", "that")
                        ):
                            low -= 1
                            if words[low].lower() in ("the", "this", "any", "its", "their", "such"):
                                break
                        for j in range(low, i + 1):
                            labels[j] = None
        by_length = lambda cell: (len(cell["quote"]), cell["quote"])
        for s in sorted((s for record in records for s in record["stages"]), key=by_length):
            for start, end in self.places_of(s)[:1]:
                self.mark("stage", start, end, s["stage"], s["actual_or_expected"])
        for s in sorted((s for record in records for s in record["commitments"]), key=by_length):
            for start, end in self.places_of(s)[:1]:
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

    def places_of(self, cells):
        """Where the quote of `cells` stands: the place that the label tells, else every one."""
        if cells.get("place"):
            return [cells["place"]]
        words = cells["quote"]
        at, found = self.text.find(words), []
        while at >= 0:
            found.append((at, at + len(words)))
            at = self.text.find(words, at + 1)
        return found

    def speech(self):
        for s in sorted(self.label["statements"], key=lambda s: (len(s["quote"]), s["quote"])):
            places = self.places_of(s)
            if not places:
                continue
            start, end = places[0]
            self.mark("content", start, end, "CONTENT")
            for head, cell in (("source", "source_words"), ("cue", "cue_words")):
                words = s.get(cell)
                near = [
                    (a, b)
                    for a, b in (find_all(self.text, words) if words else [])
                    if a < start and start - b < 250 or b > end and a - end < 250 or start <= a < end
                ]
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


def aliases_of(data):
    """Spellings of parties."""
    return json.loads((data / "evaluation/party_aliases.json").read_text(encoding="utf-8"))


def cut_all(paths, texts, reader):
    """`sentences_of` of many articles; the program runs on each, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda pair: sentences_of(*pair, reader), zip(paths, texts)))


def articles(data, part, reader):
    """The labelled articles of `gold/<part>`, in order of their names."""
    aliases, paths = aliases_of(data), sorted((data / f"gold/{part}/articles").glob("*.json"))
    texts = [json.loads(p.read_text(encoding="utf-8"))["text"] for p in paths]
    label = lambda p: json.loads((data / f"gold/{part}/labels/{p.name}").read_text(encoding="utf-8"))
    return [Marked(p.stem, t, label(p), s, aliases) for p, t, s in zip(paths, texts, cut_all(paths, texts, reader))]
