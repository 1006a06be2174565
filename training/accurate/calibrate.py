"""Fits how far to trust the marks, on the articles of gold/train that two models of `--without` have not seen: a temperature and a bias for
each head, put into the accurate.json of the model and of both halves.

Probabilities are softmax(scores / temperature). Before Viterbi `bias` is added to the log-probability of every class but O.
"""

import argparse
from pathlib import Path

import numpy as np

import marked
import score
from base import base_files
from batches import Pieces
from decode import viterbi
from export import describe, described, runner
from labels import MARK_HEADS, spans
from score import log_softmax

TEMPERATURES = [round(0.6 + 0.1 * i, 1) for i in range(25)]
BIASES = [round(-2.0 + 0.25 * i, 2) for i in range(17)]


def span_temperature(scored, classes, head):
    """The temperature at which the probability of a found span (geometric mean over its words) best tells whether the span is right."""
    found = []
    for sentence, out in scored:
        gold = sentence.gold[head]
        for start, end, kind in spans(viterbi(log_softmax(out[head]), classes)):
            if not all(label is None for label in sentence.labels[head][start:end]):
                path = [classes.index(("B-" if at == start else "I-") + kind) for at in range(start, end)]
                right = any(score.dice((start, end), g) >= 0.5 and g[2] == kind for g in gold)
                found.append((out[head][start:end], path, right))
    if len(found) < 20:
        return 1.0

    def loss(t):
        total = 0.0
        for rows, path, right in found:
            p = np.exp(log_softmax(rows / t)[np.arange(len(path)), path].mean())
            total -= np.log(max(1e-6, p if right else 1 - p))
        return total

    return min(TEMPERATURES, key=loss)


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--model", type=Path, required=True, help="folder with accurate.onnx and accurate.json, which is written anew")
    a.add_argument("--halves", type=Path, nargs=2, required=True, help="the models that were learned with --without 0 and 1")
    a.add_argument("--data", type=Path, required=True)
    a.add_argument("--base", type=Path, required=True)
    a.add_argument("--program", type=Path, required=True)
    a.add_argument("--work", type=Path, default=Path("target-accurate"))
    a = a.parse_args()
    a.work.mkdir(parents=True, exist_ok=True)
    about = described(a.model)
    pieces = Pieces(base_files(a.base, a.work) / "tokenizer.json")
    held, scored = marked.articles(a.data, "train", a.program), []
    for m in held:
        m.sentences = [s for s in m.sentences if pieces.encode(s.words) is not None]
    runs = [runner(half / about["model"]) for half in a.halves]
    for at, m in enumerate(held):
        scored += [(s, runs[at % 2](*pieces.encode(s.words))) for s in m.sentences]
    about["temperature"], about["bias"] = {}, {}
    for head in MARK_HEADS:
        classes = about[head]
        if head not in ("agreement", "stage", "commitment", "source", "cue", "content"):
            continue
        t = about["temperature"][head] = span_temperature(scored, classes, head)
        best = {}
        for bias in BIASES:
            predictions = [{head: viterbi(log_softmax(out[head] / t), classes, bias)} for _, out in scored]
            best[bias] = score.spans_of(held, predictions, head)["f1"]
        # The bias nearest to none within half a point of the best.
        about["bias"][head] = min((b for b in BIASES if best[b] >= max(best.values()) - 0.005), key=abs)
        print(head, "temperature", t, "bias", about["bias"][head], "F1", best[0.0], "->", best[about["bias"][head]], flush=True)
    for folder in (a.model, *a.halves):
        describe(folder, temperature=about["temperature"], bias=about["bias"])


if __name__ == "__main__":
    main()
