"""Trains the accurate reader and writes the files that the program ships. See README.md."""

import argparse
import os
import pickle
import random
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
import torch
import torch.nn.functional as F

import corpus
import marked
import reports
import score
from base import base_files
from batches import Pieces, collate, examples, shuffled
from encoder import Reader, shown
from export import export
from labels import WORD_HEADS

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
    "modality": 0.7,
    "commitment": 1.0,
    "source": 1.2,
    "cue": 1.2,
    "content": 1.5,
}
KIND_WEIGHT = {"stage": 0.25, "commitment": 0.25}
# What a sentence of each source of labels counts, and how likely an epoch sees one that is marked nowhere.
SOURCES = {"reports": (0.5, 0.35), "wikinews": (1.0, 0.5), "gold": (1.5, 0.5)}
# The reports that the first part learns from, and those that the second part learns from, too: the order in which they were written. What
# came after the shipped model (`more`) taught it nothing.
EARLY = ("conflict", "economy", "mixed", "papers", "security")
LATER = ("bodies", "press", "truce", "wiki", "world")


def loss_of(net, out, targets, words, weights):
    count = words[:, 1:].sum().clamp(min=1)
    total = 0.0
    for head, target in targets.items():
        if head == "label" or not (target >= 0).any():
            continue
        scores = out[head].float()
        if head == "arc":
            scores = scores.masked_fill(~words.unsqueeze(1), -1e4)
        part = F.cross_entropy(scores.flatten(0, 1), target.flatten(), ignore_index=-100, reduction="none").view(target.shape)
        total = total + WEIGHT[head] * (part.sum(1) * weights).sum() / count
    # What kind a span is of: few words teach it, so that it counts by itself, among the words of spans.
    for head, weight in KIND_WEIGHT.items():
        inside = targets[head] > 0
        if inside.any():
            part = F.cross_entropy(out[head].float()[inside][:, 1::2], (targets[head][inside] - 1) // 2, reduction="none")
            total = total + weight * (part * weights.unsqueeze(1).expand_as(inside)[inside]).mean()
    known = targets["label"] >= 0
    if known.any():
        scores = net.label_at(out, targets["arc"], known).float()
        total = total + WEIGHT["label"] * F.cross_entropy(scores, targets["label"][known], reduction="sum") / count
    return total


def torch_runner(net):
    """The net in full precision, one sentence at a time."""

    def run(ids, first, shape):
        with torch.inference_mode():
            i, f, s = (torch.tensor([x]) for x in (ids, first, shape))
            out = net(i, f, s, torch.ones(1, 1, 1, i.shape[1], dtype=torch.bool))
            label = net.label_all(out)
        return {"arc": out["arc"][0].numpy(), **{h: shown(h, out[h])[0].numpy() for h in WORD_HEADS}, "label": label[0].numpy()}

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


def taught_by(articles, source):
    """The sentences of labelled articles, weighed as their source is."""
    weight, share = SOURCES[source]
    for sentence in (s for m in articles for s in m.sentences):
        sentence.weight, sentence.share = weight, 1.0 if any(sentence.gold.values()) else share
        yield sentence


def learned_from(a, data, pieces, lexicon):
    """Examples by where they come from, and what the heads choose from. Those of gold/train are lists, one for each article."""
    trees, late = (corpus.treebank(data, part, lexicon) for part in ("train", "dev"))
    classes = {h: cs or corpus.inventory(trees, h, 4) for h, cs in WORD_HEADS.items()}
    relations = sorted({r for s in trees for r in s.relations})
    written, news = reports.articles(a.labels, a.data, a.program, a.rules)
    begin = lambda names: (m for m in written if m.name.startswith(names))
    early = [*taught_by(begin(EARLY), "reports"), *taught_by(news, "wikinews")]
    later = list(taught_by(begin(LATER), "reports"))
    if a.few:
        trees, late, early, later = (some[: a.few] for some in (trees, late, early, later))
    of = lambda some: examples(some, pieces, classes, relations)
    gold = [of(taught_by([m], "gold")) for m in marked.articles(a.data, "train", a.program)]
    return {"trees": of(trees), "late": of(late), "early": of(early), "later": of(later), "gold": gold}, classes, relations


def learn(net, groups, warm_up, epochs, examples_of, a, first=0, after=None):
    """Learns for the epochs from `first` on: the rate rises over a share `warm_up` of all of them, then falls to nothing. `examples_of` gives
    what an epoch sees, `after` is called behind each with its number and the optimizer. `groups`: parameters with their rates."""
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    rates, began = [group["lr"] for group in optimizer.param_groups], time.time()
    if first:
        optimizer.load_state_dict(torch.load(a.work / "checkpoint.pt", weights_only=False)["optimizer"])
    for epoch in range(first, len(epochs)):
        net.train()
        # The order of an epoch depends on its seed alone, so that a resumed run sees the same batches.
        seen = examples_of(epoch)
        order = shuffled(seen, a.most, random.Random(epochs[epoch]))
        torch.manual_seed(epochs[epoch])
        total = 0.0
        for number, batch in enumerate(order):
            ids, firsts, shapes, mask, words, targets, weights = collate([seen[i] for i in batch], WORD_HEADS)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                out = net(ids, firsts, shapes, mask)
                loss = loss_of(net, out, targets, words, weights)
            loss.backward()
            done = (epoch + number / len(order)) / len(epochs)
            for group, rate in zip(optimizer.param_groups, rates):
                group["lr"] = rate * min((done + 1e-4) / warm_up, 1 - done)
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            total += loss.item()
            if number % 100 == 99:
                took = time.time() - began
                print(f"epoch {epoch + 1} step {number + 1}/{len(order)} loss {total / 100:.3f} {took:.0f} s", flush=True)
                total = 0.0
        if after:
            after(epoch + 1, optimizer)


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument(
        "--data",
        type=Path,
        required=True,
        help="folder with data/ud, data/names, data/wikinews, gold/train and evaluation/party_aliases.json",
    )
    a.add_argument(
        "--labels",
        type=Path,
        default=Path(__file__).resolve().parents[1] / "labels",
        help="folder with labelled reports and news",
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
    a.add_argument("--epochs", type=int, default=9)
    a.add_argument("--then", type=int, default=2, help="epochs of the second part, which learns from gold/train, too")
    a.add_argument(
        "--without",
        type=int,
        choices=[0, 1],
        help="leave out the articles of gold/train whose place in the order of their names is even (0) or odd (1): for extraction, whose "
        "models are learned from articles that taught the reader nothing",
    )
    a.add_argument("--most", type=int, default=1024, help="pieces in a batch, padding included")
    a.add_argument("--rate", type=float, default=2.5e-4)
    a.add_argument("--then-rate", type=float, default=1e-4)
    a.add_argument(
        "--share", type=float, default=0.5, help="of the end of the second part in the mean of weights that is exported"
    )
    a.add_argument("--seed", type=int, default=1)
    a.add_argument(
        "--late", type=int, default=2, help="in how many last epochs the dev parts of the treebanks are learned from, too"
    )
    a.add_argument("--freeze-pieces", action="store_true", help="leave the embeddings of pieces as they are: half of all weights")
    a.add_argument("--few", type=int, default=0, help="learn from so many sentences only, to try things")
    a.add_argument("--resume", action="store_true", help="go on from the last whole epoch of the first part in --work")
    a.add_argument(
        "--score",
        nargs="*",
        default=["dev"],
        choices=["dev", "test", "gold"],
        help="what to score after training; gold: marks, on gold/dev and what --without left out",
    )
    a = a.parse_args()
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.manual_seed(a.seed)
    a.work.mkdir(parents=True, exist_ok=True)
    base = base_files(a.base, a.work)
    pieces = Pieces(base / "tokenizer.json")
    lexicon = corpus.Lexicon(a.rules)
    data = a.data / "data" if (a.data / "data").exists() else a.data

    read = a.work / "examples.pickle"
    if not (a.resume and read.exists()):
        read.write_bytes(pickle.dumps(learned_from(a, data, pieces, lexicon)))
    taught, classes, relations = pickle.loads(read.read_bytes())
    sizes = ({k: len(v) for k, v in taught.items()}, len(relations), {h: len(c) for h, c in classes.items()})
    print("sentences {}; {} relations, {}".format(*sizes), flush=True)

    net = Reader(classes, relations)
    from safetensors.torch import load_file

    net.encoder.load(load_file(base / "model.safetensors"))
    # Most pieces are seen seldom: their embeddings move slowly. What starts from nothing moves fast.
    pieces_only = [net.encoder.pieces.weight]
    inner = [
        p
        for n, p in net.named_parameters()
        if n.startswith("encoder.") and n not in ("encoder.shapes.weight", "encoder.pieces.weight")
    ]
    chosen = {id(p) for p in pieces_only + inner}
    outer = [p for p in net.parameters() if id(p) not in chosen]
    groups = lambda rate, fast: [{"params": p, "lr": rate * n} for p, n in ((pieces_only, 0.2), (inner, 1.0), (outer, fast))]
    first, checkpoint = 0, a.work / "checkpoint.pt"
    if a.resume and checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False)
        net.load_state_dict(saved["net"])
        first = saved["epoch"]
    net.encoder.pieces.weight.requires_grad_(not a.freeze_pieces)
    dev = {"EWT dev": corpus.treebank(data, "dev", lexicon, ("EWT",)), "GUM dev": corpus.treebank(data, "dev", lexicon, ("GUM",))}
    first_part = taught["trees"] + taught["early"]

    def after(epoch, optimizer):
        torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch}, checkpoint)
        net.eval()
        few = {name: sentences[:150] for name, sentences in dev.items()}
        evaluate(torch_runner(net), few, pieces, classes, relations)

    late = lambda epoch: taught["late"] if epoch + a.late >= a.epochs else []
    seeds = [a.seed * 1000 + epoch for epoch in range(a.epochs)]
    learn(net, groups(a.rate, 6.0), 0.06, seeds, lambda epoch: first_part + late(epoch), a, first, after)
    gold = [e for at, article in enumerate(taught["gold"]) if a.without is None or at % 2 != a.without for e in article]
    second_part = first_part + taught["late"] + taught["later"] + gold
    seeds = [a.seed * 1000 + 500 + epoch for epoch in range(a.then)]
    before = {name: weights.clone() for name, weights in net.state_dict().items()}
    learn(net, groups(a.then_rate, 3.0), 0.03, seeds, lambda _: second_part, a)
    torch.save(net.state_dict(), a.work / "second.pt")
    # Between the two ends: what the second part gained is kept, and less of what it forgot is lost (WiSE-FT, Wortsman et al. 2022).
    net.load_state_dict({name: torch.lerp(before[name], weights, a.share) for name, weights in net.state_dict().items()})
    net.eval()
    print(export(net, classes, relations, base, a.out), flush=True)
    sets = dev if "dev" in a.score else {}
    if "test" in a.score:
        sets = {
            **sets,
            "EWT test": corpus.treebank(data, "test", lexicon, ("EWT",)),
            "GUM test": corpus.treebank(data, "test", lexicon, ("GUM",)),
            "GUM news test": corpus.treebank(data, "test", lexicon, ("GUMnews",)),
        }
    if "gold" in a.score:
        sets["marks, gold/dev"] = marked.articles(a.data, "dev", a.program)
        if a.without is not None:
            sets["marks, gold/train, left out"] = marked.articles(a.data, "train", a.program)[a.without :: 2]
    evaluate(torch_runner(net), sets, pieces, classes, relations)


if __name__ == "__main__":
    main()
