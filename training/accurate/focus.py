"""Trains the second look of the accurate reader: what each word says of one agreement, over the sentences of an article. See README.md.

The encoder reads each sentence by itself and is left as it is. Its states of all words that extraction reads, with marks on those that
mention the agreement in focus, go through two more layers that see the whole article."""

import argparse
import json
import os
import random
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from batches import Pieces, packed
from export import describe, runner, sha256, write_onnx
from labels import CATEGORIES, FOCUS_HEADS, MODALITIES, STAGES

STATE, WIDTH, HEADS, LAYERS = 384, 256, 8, 2
# Words of an article that are looked at: those of the sentences nearest to the mentions.
MOST = 1000
# How many sentences before a word the agreement was last mentioned, up to 5; or how many after it it is mentioned next, up to 4.
BACK, AHEAD = 5, 4
# What an article of each source of labels counts.
WEIGHT = {"gold": 3.0, "reports": 0.6, "news": 1.0}


class Layer(nn.Module):
    def __init__(self, drop):
        super().__init__()
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(3 * WIDTH, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.drop = nn.Dropout(drop)

    def forward(self, x, mask):
        b, n = (1, -1) if mask is None else x.shape[:2]
        q, k, v = (t.view(b, n, HEADS, WIDTH // HEADS).transpose(1, 2) for t in self.qkv(self.norm1(x)).split(WIDTH, -1))
        scores = q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5
        a = torch.softmax(scores if mask is None else scores + mask, -1) @ v
        x = x + self.drop(self.out(a.transpose(1, 2).reshape(b, n, WIDTH)))
        return x + self.drop(self.down(F.gelu(self.up(self.norm2(x)))))


class Focus(nn.Module):
    """Scores of each word for each head of `FOCUS_HEADS`. `role` of a word: 1 in a mention of the agreement, 2 in one of another, 0
    elsewhere; `place`: its distance in sentences, see `distance`."""

    def __init__(self, drop=0.2):
        super().__init__()
        self.norm, self.take = nn.LayerNorm(STATE), nn.Linear(STATE, WIDTH)
        self.role, self.place = nn.Embedding(3, WIDTH), nn.Embedding(BACK + AHEAD + 1, WIDTH)
        nn.init.normal_(self.role.weight, 0, 0.5)
        nn.init.normal_(self.place.weight, 0, 0.2)
        self.begin, self.end, self.drop = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH), nn.Dropout(drop)
        self.layers = nn.ModuleList(Layer(drop) for _ in range(LAYERS))
        self.outs = nn.ModuleDict({head: nn.Linear(WIDTH, len(classes)) for head, classes in FOCUS_HEADS.items()})

    def forward(self, states, role, place, mask=None):
        x = self.drop(self.begin(self.take(self.norm(states)) + self.role(role) + self.place(place)))
        for layer in self.layers:
            x = layer(x, mask)
        x = self.drop(self.end(x))
        return {head: out(x) for head, out in self.outs.items()}


class Exported(nn.Module):
    """One agreement at a time; outputs in a fixed order."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, states, role, place):
        return tuple(self.net(states, role.long(), place.long()).values())


def encoder(model, pieces):
    """The states that an exported reader gives of the words of a sentence, in half precision."""
    states = runner(model, ["states"])

    def run(words):
        coded = pieces.encode(words)
        if coded is None:
            middle = len(words) // 2
            return np.concatenate([run(words[:middle]), run(words[middle:])])
        return states(*coded)["states"][1:].astype(np.float16)

    return run


def distance(sentence, mentioned):
    """The number for the place of a word in `sentence` by the sentences in which the agreement is `mentioned`."""
    back = min((sentence - at for at in mentioned if at <= sentence), default=99)
    ahead = min((at - sentence for at in mentioned if at > sentence), default=99)
    return min(back, BACK) if back <= ahead or back <= 2 else BACK + min(ahead, AHEAD)


def nearest(sentences, mentioned):
    """Numbers of the words of the sentences that stand nearest to the mentions, up to `MOST` words, in order of the text. `sentences`: the
    sentence of each word."""
    if len(sentences) <= MOST:
        return list(range(len(sentences)))
    words = {}
    for word, sentence in enumerate(sentences):
        words.setdefault(sentence, []).append(word)
    kept = []
    for sentence in sorted(words, key=lambda s: (min(abs(s - at) for at in mentioned), s)):
        if len(kept) + len(words[sentence]) > MOST:
            break
        kept += words[sentence]
    return sorted(kept)


def examples(article, states):
    """One example for each chain of mentions of an article."""
    sentences = [at for at, words in article["sentences"] for _ in words]
    every = {word for chain in article["chains"] for start, end in chain["mentions"] for word in range(start, end)}
    for chain in article["chains"]:
        own = {word for start, end in chain["mentions"] for word in range(start, end)}
        if not own:
            continue
        mentioned = sorted({sentences[word] for word in own})
        kept = nearest(sentences, mentioned)
        number = {word: at for at, word in enumerate(kept)}

        def cut(cells):
            """Cells that are looked at, with the numbers of their first and last words there."""
            for cell in cells:
                inside = [number[word] for word in range(*cell["words"]) if word in number]
                if inside:
                    yield cell, inside[0], inside[-1] + 1

        taught = {head: np.zeros(len(kept), np.int64) for head in ("stage", "commitment")}
        taught["modality"] = np.full(len(kept), -100, np.int64)
        for cell, start, end in cut(chain["stages"]):
            taught["stage"][start:end] = 1 + STAGES.index(cell["stage"])
            taught["modality"][start:end] = MODALITIES.index(cell["modality"])
        for cell, start, end in cut(chain["commitments"]):
            taught["commitment"][start:end] = 1 + CATEGORIES.index(cell["category"])
        asked = lambda cells: [(start, end, float(cell["right"])) for cell, start, end in cut(cells)]
        yield {
            "corpus": article["corpus"],
            "number": article["number"],
            "states": states[kept],
            "role": np.array([1 if word in own else 2 if word in every else 0 for word in kept]),
            "place": np.array([distance(sentences[word], mentioned) for word in kept]),
            "agreement": float(chain["agreement"]),
            "mentions": [(start, end) for _, start, end in cut({"words": words} for words in chain["mentions"])],
            "taught": taught,
            "tellings": [
                (1 + STAGES.index(c["stage"]), start, end, float(c["right"])) for c, start, end in cut(chain["tellings"])
            ],
            "parties": asked(chain["parties"]),
            "said": asked(chain["said"]),
        }


def collate(batch):
    longest = max(len(e["role"]) for e in batch)
    states = torch.zeros(len(batch), longest, STATE)
    role, place = (torch.zeros(len(batch), longest, dtype=torch.long) for _ in range(2))
    mask = torch.full((len(batch), 1, 1, longest), -1e4)
    for at, e in enumerate(batch):
        n = len(e["role"])
        states[at, :n] = torch.from_numpy(e["states"].astype(np.float32))
        role[at, :n], place[at, :n], mask[at, ..., :n] = torch.from_numpy(e["role"]), torch.from_numpy(e["place"]), 0.0
    return states, role, place, mask


def surest(stage, kind, start, end):
    """How much the word that speaks most for a stage speaks for it."""
    return (stage[start:end, kind] - stage[start:end, 0]).max()


def spoken(out, spans):
    """The mean score of the words of each span."""
    return torch.stack([out[start:end, 0].mean() for start, end, *_ in spans])


def loss_of(out, e):
    """The loss of one example; sums over words and spans are brought to the size of a mean by how many there are in an article."""
    total, n = 0.0, len(e["role"])
    binary = lambda scores, right: F.binary_cross_entropy_with_logits(scores, torch.tensor(right), reduction="sum")
    if e["agreement"]:
        taught = {head: torch.from_numpy(labels) for head, labels in e["taught"].items()}
        entropy = lambda head: F.cross_entropy(out[head][:n], taught[head], ignore_index=-100, reduction="sum")
        total = total + entropy("stage") / 80 + 0.7 * entropy("commitment") / 80 + 0.5 * entropy("modality") / 30
        if e["tellings"]:
            scores = torch.stack([surest(out["stage"], kind, start, end) for kind, start, end, _ in e["tellings"]])
            total = total + 0.5 * binary(scores, [right for *_, right in e["tellings"]]) / 3
        if e["parties"]:
            total = total + 0.5 * binary(spoken(out["party"], e["parties"]), [right for *_, right in e["parties"]]) / 3
    if e["said"]:
        total = total + binary(spoken(out["about"], e["said"]), [right for *_, right in e["said"]]) / 3
    return total + 0.7 * binary(spoken(out["agreement"], e["mentions"]).mean(), e["agreement"])


def average_precision(pairs):
    """Of (score, right) pairs, the surest first."""
    right = np.array([right for _, right in sorted(pairs, key=lambda pair: -pair[0])], float)
    return float((right * np.cumsum(right) / np.arange(1, len(right) + 1)).sum() / max(right.sum(), 1))


def score(net, some):
    """Prints how well right ones stand before wrong ones: tellings of stages, parties, statements about the agreement, agreements."""
    net.eval()
    found = {"stage": [], "party": [], "about": [], "agreement": []}
    with torch.inference_mode():
        for e in some:
            out = {head: scores[0] for head, scores in net(*collate([e])).items()}
            found["agreement"].append((spoken(out["agreement"], e["mentions"]).mean().item(), e["agreement"]))
            if e["agreement"]:
                found["stage"] += [(surest(out["stage"], kind, s, t).item(), right) for kind, s, t, right in e["tellings"]]
                found["party"] += [(out["party"][s:t, 0].mean().item(), right) for s, t, right in e["parties"]]
            found["about"] += [(out["about"][s:t, 0].mean().item(), right) for s, t, right in e["said"]]
    return "  ".join(f"{head} {average_precision(pairs):.3f}" for head, pairs in found.items())


def learn(net, taught, epochs, rate, seed, judged):
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.02, betas=(0.9, 0.98))
    shuffle, began = random.Random(seed), time.time()
    for epoch in range(epochs):
        net.train()
        batches = packed(list(range(len(taught))), lambda at: len(taught[at]["role"]), 3000, 600, shuffle)
        total = 0.0
        for number, batch in enumerate(batches):
            batch = [taught[at] for at in batch]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                out = net(*collate(batch))
            out = {head: scores.float() for head, scores in out.items()}
            each = [WEIGHT[e["corpus"]] * loss_of({h: s[at] for h, s in out.items()}, e) for at, e in enumerate(batch)]
            loss = sum(each) / len(each)
            loss.backward()
            done = (epoch + number / len(batches)) / epochs
            for group in optimizer.param_groups:
                group["lr"] = rate * min((done + 1e-3) / 0.06, 1 - done)
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            total += loss.item()
        print(f"epoch {epoch + 1} loss {total / len(batches):.3f} {time.time() - began:.0f} s", flush=True)
        for name, some in judged.items():
            print(f"  {name}: {score(net, some)}", flush=True)


def export(net, out):
    """Writes `focus.onnx` with 8-bit weights, and what it is into `accurate.json`, which describes the whole reader."""
    net.eval()
    role = torch.zeros(1, 5, dtype=torch.int32)
    names = ("states", "role", "place")
    small = out / "focus.onnx"
    axes = {name: {1: "N"} for name in (*names, *FOCUS_HEADS)}
    write_onnx(Exported(net), (torch.randn(1, 5, STATE), role, role), names, FOCUS_HEADS, axes, small)
    about = {"model": small.name, "sha256": sha256(small), "most_words": MOST, "back": BACK, "ahead": AHEAD, **FOCUS_HEADS}
    describe(out, focus=about)
    return small.stat().st_size


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--examples", type=Path, required=True, help="file that `chancery-train focus` wrote")
    a.add_argument(
        "--out", type=Path, required=True, help="folder of the reader (accurate.onnx, accurate.json); focus.onnx comes there"
    )
    a.add_argument(
        "--halves",
        type=Path,
        nargs=2,
        required=True,
        help="folders of the readers that were learned `--without 0` and `--without 1`",
    )
    a.add_argument(
        "--without",
        type=int,
        choices=[0, 1],
        help="leave out the articles whose place in the order of their corpus is even (0) or odd (1)",
    )
    a.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json of the base model")
    a.add_argument("--epochs", type=int, default=4)
    a.add_argument("--rate", type=float, default=5e-4)
    a.add_argument("--seed", type=int, default=1)
    a = a.parse_args()
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.manual_seed(a.seed)
    pieces = Pieces(a.tokenizer)
    own, *halves = (encoder(folder / "accurate.onnx", pieces) for folder in (a.out, *a.halves))
    sets = {"taught": [], "left out, gold/train": [], "gold/dev": []}
    with a.examples.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            if not article["sentences"]:
                continue
            corpus, half = article["corpus"], article["number"] % 2
            # What the reader makes of articles that taught it is no example of what it will make of others.
            read = halves[half] if corpus == "gold" else own
            states = np.concatenate([read(words) for _, words in article["sentences"]])
            left_out = a.without is not None and half == a.without
            if corpus == "dev" or left_out:
                name = "gold/dev" if corpus == "dev" else "left out, gold/train" if corpus == "gold" else None
            else:
                name = "taught"
            if name:
                sets[name].extend(examples(article, states))
    taught = sets.pop("taught")
    print(f"{len(taught)} agreements", {name: len(some) for name, some in sets.items()}, flush=True)
    net = Focus()
    learn(net, taught, a.epochs, a.rate, a.seed, {name: some for name, some in sets.items() if some})
    print(export(net, a.out), "bytes", flush=True)


if __name__ == "__main__":
    main()
