"""Fits how far to trust the marks, on the fifth of gold/train that taught nothing: a temperature and a bias for each head, put into accurate.json.

Probabilities are softmax(scores / temperature). Before Viterbi `bias` is added to the log-probability of every class but O.
"""

import argparse
import json
from pathlib import Path

import numpy as np

import corpus
import marked
import score
from batches import Pieces
from decode import viterbi
from export import runner
from labels import MARK_HEADS
from score import log_softmax
from train import base_files

TEMPERATURES = [round(0.6 + 0.1 * i, 1) for i in range(25)]
BIASES = [round(-1.0 + 0.25 * i, 2) for i in range(13)]


def temperature(scored, classes, head):
    """The temperature of least cross-entropy over words that hold or are given a mark; the many plain words would drown the others."""
    index = {c: i for i, c in enumerate(classes)}
    rows, gold = [], []
    for sentence, out in scored:
        for label, row in zip(sentence.labels.get(head, []), out[head]):
            if label is not None and (label != "O" or log_softmax(row)[0] < np.log(0.9)):
                rows.append(row)
                gold.append(index[label])
    if len(rows) < 50:
        return 1.0
    rows, gold = np.array(rows), np.array(gold)
    return min(TEMPERATURES, key=lambda t: -log_softmax(rows / t)[np.arange(len(gold)), gold].mean())


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--model", type=Path, required=True, help="folder with accurate.onnx and accurate.json, which is written anew")
    a.add_argument("--data", type=Path, required=True)
    a.add_argument("--base", type=Path, required=True)
    a.add_argument("--program", type=Path, required=True)
    a.add_argument("--rules", type=Path, default=Path(__file__).resolve().parents[2] / "rules")
    a.add_argument("--work", type=Path, default=Path("target-accurate"))
    a.add_argument("--hold-back", type=int, default=5)
    a = a.parse_args()
    a.work.mkdir(parents=True, exist_ok=True)
    about = json.loads((a.model / "accurate.json").read_text(encoding="utf-8"))
    pieces = Pieces(base_files(a.base, a.work) / "tokenizer.json")
    run = runner(a.model / about["model"])
    scores_of = lambda sentences: [(s, run(*c)) for s in sentences if (c := pieces.encode(s.words)) is not None]
    held = [m for m in marked.articles(a.data, "train", a.program) if int(m.name[1:]) % a.hold_back == 0]
    for m in held:
        m.sentences = [s for s in m.sentences if pieces.encode(s.words) is not None]
    scored = scores_of([s for m in held for s in m.sentences])
    data = a.data / "data" if (a.data / "data").exists() else a.data
    trees = scores_of(corpus.treebank(data, "dev", corpus.Lexicon(a.rules)))
    about["temperature"], about["bias"] = {}, {}
    for head in MARK_HEADS:
        classes = about[head]
        t = about["temperature"][head] = temperature(trees if head in ("names", "title") else scored, classes, head)
        if head not in ("agreement", "stage", "commitment", "source", "cue", "content"):
            continue
        best = {}
        for bias in BIASES:
            predictions = [{head: viterbi(log_softmax(out[head] / t), classes, bias)} for _, out in scored]
            best[bias] = score.spans_of(held, predictions, head)["f1"]
        # The bias nearest to none within half a point of the best.
        about["bias"][head] = min((b for b in BIASES if best[b] >= max(best.values()) - 0.005), key=abs)
        print(head, "temperature", t, "bias", about["bias"][head], "F1", best[0.0], "->", best[about["bias"][head]], flush=True)
    (a.model / "accurate.json").write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
