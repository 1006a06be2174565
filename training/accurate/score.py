"""Scores predictions: trees, tags, names and marks."""

import json
from collections import Counter

import numpy as np

from decode import tree, viterbi
from labels import apply_lemma_rule, spans


def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def predict(run, sentences, pieces, classes, relations, temperature=None, bias=None):
    """`run(ids, first, shape)` gives arrays by head for one sentence. Yields a dictionary of predictions a sentence, None for long ones."""
    temperature, bias = temperature or {}, bias or {}
    for s in sentences:
        coded = pieces.encode(s.words)
        if coded is None:
            yield None
            continue
        out = run(*coded)
        p = {"heads": tree(out["arc"])}
        p["relations"] = [relations[int(out["label"][i, h].argmax())] for i, h in enumerate(p["heads"])]
        for h, cs in classes.items():
            x = out[h]
            if h in ("upos", "feats", "lemma", "modality"):
                p[h] = [cs[int(i)] for i in x.argmax(-1)]
            else:
                p[h] = viterbi(log_softmax(x / temperature.get(h, 1.0)), cs, bias.get(h, 0.0))
        yield p


def syntax(sentences, predictions):
    """Percentages over all words: UPOS, FEATS bundles, lemmas, UAS, LAS without and with subtypes."""
    c = Counter()
    for s, p in zip(sentences, predictions):
        c["words"] += len(s.words)
        if p is None:
            continue
        for i, w in enumerate(s.words):
            head = s.heads[i] == p["heads"][i]
            c["upos"] += s.labels["upos"][i] == p["upos"][i]
            c["feats"] += s.labels["feats"][i] == p["feats"][i]
            c["lemma"] += s.lemmas[i] == apply_lemma_rule(w, p["lemma"][i])
            c["uas"] += head
            c["las"] += head and s.relations[i].split(":")[0] == p["relations"][i].split(":")[0]
            c["las_subtypes"] += head and s.relations[i] == p["relations"][i]
    return {k: round(100 * c[k] / max(1, c["words"]), 2) for k in ("upos", "feats", "lemma", "uas", "las", "las_subtypes")}


def f1(gold, found, hit):
    p, r = hit / max(1, found), hit / max(1, gold)
    return {"gold": gold, "found": found, "p": round(p, 3), "r": round(r, 3), "f1": round(2 * p * r / max(1e-9, p + r), 3)}


def exact(sentences, predictions, head):
    """Exact spans with their kinds."""
    gold = found = hit = 0
    kinds = Counter()
    for s, p in zip(sentences, predictions):
        if p is None or head not in s.labels:
            continue
        g, f = {x for x in spans(s.labels[head]) if x[2] != "OTHER"}, set(spans(p[head]))
        gold, found, hit = gold + len(g), found + len(f), hit + len(g & f)
        for k, spans_ in (("gold", g), ("found", f), ("hit", g & f)):
            for span in spans_:
                kinds[k, span[2]] += 1
    result = f1(gold, found, hit)
    result["kinds"] = {k: f1(kinds["gold", k], kinds["found", k], kinds["hit", k])["f1"] for k in sorted({k for _, k in kinds})}
    return result


def dice(a, b):
    """Overlap of two word ranges, 0 to 1."""
    common = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return 2 * common / (a[1] - a[0] + b[1] - b[0])


def spans_of(articles, predictions, head, typed=True):
    """Spans of labelled news that overlap a label of the same kind by at least half (Dice over words), one to one.

    A span is looked for in its sentence: content that runs over several sentences counts once in each. Labels quote one telling of an event, all
    others count as spurious here. Predictions that lie on words which teach nothing ("the deal" beside a better name) are left out.
    """
    gold = found = hit = 0
    for s, p in zip((s for a in articles for s in a.sentences), predictions):
        g = list(s.gold[head])
        f = [] if p is None else [x for x in spans(p[head]) if not all(y is None for y in s.labels[head][x[0] : x[1]])]
        gold, found = gold + len(g), found + len(f)
        near = lambda a, b: dice(a, b) >= 0.5 and (not typed or a[2] == b[2])
        pairs = sorted((-dice(a, b), i, j) for i, a in enumerate(g) for j, b in enumerate(f) if near(a, b))
        used_g, used_f = set(), set()
        for _, i, j in pairs:
            if i not in used_g and j not in used_f:
                used_g.add(i)
                used_f.add(j)
        hit += len(used_g)
    return f1(gold, found, hit)


def marks(articles, predictions):
    """Scores of all heads of marks, by `spans_of`, and how often the modality is right where both see a stage."""
    result = {}
    for head in ("agreement", "stage", "commitment", "source", "cue", "content"):
        result[head] = spans_of(articles, predictions, head)
        if head in ("stage", "commitment"):
            result[head + " untyped"] = spans_of(articles, predictions, head, typed=False)
    right = total = 0
    for s, p in zip((s for a in articles for s in a.sentences), predictions):
        for g, f in zip(s.labels["modality"], p["modality"] if p else []):
            if g != "O" and f != "O":
                total, right = total + 1, right + (g == f)
    result["modality where both"] = round(right / max(1, total), 3)
    return result


def show(name, result):
    print(f"{name}: {json.dumps(result)}", flush=True)
