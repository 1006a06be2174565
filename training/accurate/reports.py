"""Reads `training/labels`: our own reports and news whose labels stand in lines (its README says what each line means)."""

import gzip
import json
import re
import tempfile
import tomllib
from pathlib import Path

from labels import put
from marked import Marked, aliases_of, cut_all, find_all

PRONOUNS = {"he", "she", "they", "it", "i", "we"}
DAYS = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Yesterday", "Today"}
# How far from its content, in words, the cue of a statement is looked for.
FAR = 14


class Cues:
    """Verbs of speech (`rules/en/speech.toml`): how strongly each one speaks, and what may follow it as part of the cue."""

    def __init__(self, rules):
        self.verbs = {}
        for entry in tomllib.loads((rules / "en/speech.toml").read_text(encoding="utf-8"))["cue"]:
            behind = {t for t in entry["takes"] if t not in ("clause", "quote", "to", "object", "whom")}
            cost = {"speech": 0, "attitude": 3}.get(entry["kind"], 6)
            for verb in entry["verbs"]:
                first, *rest = verb.split()
                self.verbs.setdefault(first, []).append((rest, cost, behind))

    def of(self, words, tags):
        """Cues of a sentence: (first, end, cost)."""
        low = [w.lower() for w in words]
        for i, (lemma, kind) in enumerate(tags):
            if low[i : i + 2] == ["according", "to"]:
                yield i, i + 2, 0
            elif kind == "VERB":
                for rest, cost, behind in self.verbs.get(lemma, ()):
                    end = i + 1 + len(rest)
                    if low[i + 1 : end] == rest:
                        yield i, end + (low[end : end + 1] != [] and low[end] in behind), cost - len(rest)


class Report(Marked):
    """An article whose labels give speakers, but not the words that stand for them, nor the cue."""

    def __init__(self, *cells, cues, whole):
        self.cues, self.whole = cues, whole
        super().__init__(*cells)

    def speech(self):
        told = []
        for s in sorted(self.label["statements"], key=lambda s: (len(s["quote"]), s["quote"])):
            start, end = s["place"]
            self.mark("content", start, end, "CONTENT")
            told.append((s["speaker"], [(n, low, high) for n, low, high in self.cut(start, end)]))
        missing, touched = {"source": set(), "cue": set()}, set()
        for speaker, parts in told:
            touched |= {n for n, _, _ in parts}
            found = self.who(speaker, parts)
            if found is None:
                for head in missing:
                    missing[head] |= {n for n, _, _ in parts}
                continue
            number, low, high = found
            self.point("source", number, low, high)
            cue = self.cue(found, next((p for p in parts if p[0] == number), None))
            if cue is None:
                missing["cue"].add(number)
            else:
                self.point("cue", number, *cue)
        for number, sentence in enumerate(self.sentences):
            count = sum(l != "O" for l in sentence.labels["content"])
            # Where only some speech is labelled, sentences teach it that are speech in good part.
            silent = not self.whole and 3 * count < len(sentence.words)
            for head in ("source", "cue", "content"):
                if silent or head in missing and number in missing[head]:
                    sentence.labels[head] = [None if l == "O" or silent else l for l in sentence.labels[head]]

    def point(self, head, number, low, high):
        labels = self.sentences[number].labels[head]
        if all(l == "O" for l in labels[low:high]):
            put(labels, low, high, head.upper())
            self.sentences[number].gold[head].append((low, high, head.upper()))

    def free(self, number, low, high):
        """Whether no speech stands there."""
        return all(l == "O" for l in self.sentences[number].labels["content"][low:high])

    def who(self, speaker, parts):
        """The words for `speaker` that are nearest to the content: the name, its last word, or a pronoun before or behind a cue."""
        if not speaker or not parts:
            return None
        last = speaker.split()[-1]
        spellings = [speaker] + (
            [last] if len(last) > 2 and " " in speaker and all(w[:1].isupper() for w in speaker.split()) else []
        )
        quoted = all(2 * (high - low) > len(self.sentences[n].words) for n, low, high in parts)
        near = [parts, [(n + step, None, None) for n, step in ((parts[0][0], -1), (parts[-1][0], 1))] if quoted else []]
        for number_of_try, some in enumerate(near):
            for spelling in spellings:
                places = [c for a, b in find_all(self.text, spelling, fold=True) for c in self.cut(a, b)]
                found = [
                    (0 if low is None else max(low - d, c - high, 0), n, c, d)
                    for n, low, high in some
                    for m, c, d in places
                    if m == n and self.free(m, c, d)
                ]
                if found:
                    _, number, low, high = min(found)
                    return number, self.whole_phrase(number, low), high
            if number_of_try == 0:
                for n, low, high in some:
                    words = self.sentences[n].words
                    for first, end, _ in self.cues.of(words, self.tags[n]):
                        for i in (first - 1, first - 2, end):
                            if (
                                0 <= i < len(words)
                                and words[i].lower() in PRONOUNS
                                and self.free(n, i, i + 1)
                                and self.free(n, first, end)
                            ):
                                return n, i, i + 1
        return None

    def whole_phrase(self, number, low):
        """Titles, roles and adjectives before a name belong to it: "the prime minister Ann Lee"."""
        words, tags, start = self.sentences[number].words, self.tags[number], low
        while low - start < 8 and start > 0 and self.free(number, start - 1, start):
            word, kind = words[start - 1], tags[start - 1][1]
            if kind in ("NOUN", "PROPN", "ADJ") and word not in DAYS or word in ("'s", "’s"):
                start -= 1
                continue
            return start - 1 if kind == "DET" or word.lower() in ("its", "their", "his", "her") else start
        return start

    def cue(self, source, part):
        """The cue between or beside source and content, which may stand in another sentence (`part` is none, then)."""
        number, low, high = source
        best = None
        for first, end, cost in self.cues.of(self.sentences[number].words, self.tags[number]):
            while end > first + 1 and not self.free(number, first, end):
                end -= 1
            if not self.free(number, first, end) or first < high and end > low:
                continue
            gap = max(low - end, first - high, 0)
            away = max(part[1] - end, first - part[2], 0) if part else 0
            if away <= FAR and gap <= FAR and (best is None or gap + away + cost < best[0]):
                best = (gap + away + cost, first, end)
        return best and best[1:]


def entries(path):
    """The entries of a file of labels: (id, day, title, text or none, lines of labels)."""
    found, text = [], None
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("@ "):
            name, *about = (c.strip() for c in line[2:].split(" | ", 2))
            text = [] if len(about) == 2 else None
            found.append([name, *(about if len(about) == 2 else ("", "")), text, []])
        elif found and text is not None:
            if line.strip() == "--":
                text = None
            else:
                text.append(line)
        elif found and line.strip() not in ("", "-"):
            found[-1][4].append(line)
    return [(name, day, title, text and "\n".join(text) + "\n", lines) for name, day, title, text, lines in found]


def place_of(text, words):
    """Where the words of a field stand: at `start-end` (bytes), else at the first place, however much white space is between them."""
    if m := re.fullmatch(r"(\d+)-(\d+)", words):
        start, end = (len(text.encode()[: int(b)].decode()) for b in m.groups())
        return start, end
    m = re.search(r"\s+".join(re.escape(w) for w in words.split()), text)
    if not m:
        raise ValueError(f"`{words}` does not stand in the text")
    return m.span()


def label(text, lines):
    """Lines of labels in the form of `gold/train`."""
    agreements, statements = {}, []
    for line in lines:
        kind, rest = line[:1], line[2:].rstrip() + " "
        fields = [c.strip() for c in rest.split(" | ", {"A": 3, "S": 4, "Q": 4}.get(kind, 2))]
        if kind == "A":
            parts = [[p.strip(" ;") for p in c.split(" ; ") if p.strip(" ;")] for c in fields[2:4]]
            names = [text[slice(*place_of(text, n))] for n in parts[0]]
            agreements[fields[0]] = {"names": names, "kind": fields[1], "parties": parts[1], "stages": [], "commitments": []}
            continue
        start, end = place_of(text, fields[-1])
        cells = {"quote": text[start:end], "place": (start, end)}
        if kind == "S":
            agreements[fields[0]]["stages"].append({**cells, "stage": fields[1], "actual_or_expected": fields[2]})
        elif kind == "C":
            agreements[fields[0]]["commitments"].append({**cells, "category": fields[1]})
        elif kind == "Q":
            statements.append({**cells, "speaker": fields[3]})
    return {"agreements": list(agreements.values()), "statements": statements}


def articles(labels, data, reader, rules):
    """The reports and the news of `training/labels`: two lists of articles. Places in news are bytes of `data/wikinews/wikinews.jsonl.gz`."""
    aliases, cues, news = aliases_of(data), Cues(rules), {}
    with gzip.open(data / "data/wikinews/wikinews.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            about = json.loads(line)
            news[about["id"]] = about["text"]
    both = []
    for folder, whole in (("reports", True), ("wikinews", False)):
        found = [e for p in sorted((labels / folder).glob("*.txt")) for e in entries(p)]
        texts = [news[name] if text is None else text for name, _, _, text, _ in found]
        with tempfile.TemporaryDirectory() as work:
            paths = [Path(work) / f"{name}.json" for name, *_ in found]
            for path, text, (name, day, title, _, _) in zip(paths, texts, found):
                path.write_text(
                    json.dumps({"id": name, "published": day or "2010-01-01", "title": title, "text": text}), encoding="utf-8"
                )
            cut = cut_all(paths, texts, reader)
        both.append([Report(e[0], t, label(t, e[4]), s, aliases, cues=cues, whole=whole) for e, t, s in zip(found, texts, cut)])
    return both
