"""Sentences as tensors."""

import torch
from tokenizers import Tokenizer

from labels import HIDDEN, shape

CLS, SEP, MOST_PIECES = 101, 102, 480


class Pieces:
    """WordPiece of single words: clean, lower-case, strip accents, cut at punctuation, longest pieces first (BERT uncased)."""

    def __init__(self, tokenizer_json):
        self.tokenizer = Tokenizer.from_file(str(tokenizer_json))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.known = {}

    def of(self, word):
        if word not in self.known:
            self.known[word] = self.tokenizer.encode(word, add_special_tokens=False).ids
        return self.known[word]

    def encode(self, words):
        """`ids`, `first`, `shape` of a sentence; None where it is too long. A word without pieces points at [CLS]."""
        ids, first = [CLS], [0]
        for word in words:
            pieces = self.of(word)
            first.append(len(ids) if pieces else 0)
            ids += pieces
        ids.append(SEP)
        return (ids, first, [0] + [shape(w) for w in words]) if len(ids) <= MOST_PIECES and len(words) <= 200 else None


def examples(sentences, pieces, classes, relations):
    """What training needs of each sentence; classes outside of the inventories teach nothing."""
    index = {h: {c: i for i, c in enumerate([*cs, *HIDDEN.get(h, [])])} for h, cs in classes.items()}
    rel = {r: i for i, r in enumerate(relations)}
    found = []
    for s in sentences:
        coded = pieces.encode(s.words)
        if coded is None or not s.words:
            continue
        labels = {h: [index[h].get(l, -100) for l in ls] for h, ls in s.labels.items()}
        heads = s.heads
        rels = [rel.get(r, -100) for r in s.relations] if s.heads is not None else None
        found.append((coded, labels, heads, rels, s.weight, s.share))
    return found


def collate(batch, heads):
    """Padded tensors: ids, first, shape, mask, words, targets (-100 where nothing is taught), and the weight of each sentence."""
    length, n = max(len(b[0][0]) for b in batch), max(len(b[0][1]) for b in batch)
    ids, mask = torch.zeros(len(batch), length, dtype=torch.long), torch.zeros(len(batch), 1, 1, length, dtype=torch.bool)
    first, shapes = (torch.zeros(len(batch), n, dtype=torch.long) for _ in range(2))
    targets = {h: torch.full((len(batch), n - 1), -100) for h in [*heads, "arc", "label"]}
    words = torch.zeros(len(batch), n, dtype=torch.bool)
    for i, ((x, f, s), labels, arcs, rels, _, _) in enumerate(batch):
        ids[i, : len(x)] = torch.tensor(x)
        mask[i, 0, 0, : len(x)] = True
        first[i, : len(f)] = torch.tensor(f)
        shapes[i, : len(s)] = torch.tensor(s)
        words[i, : len(f)] = True
        for h, ls in labels.items():
            targets[h][i, : len(ls)] = torch.tensor(ls)
        if arcs is not None:
            targets["arc"][i, : len(arcs)] = torch.tensor(arcs)
            targets["label"][i, : len(rels)] = torch.tensor(rels)
    return ids, first, shapes, mask, words, targets, torch.tensor([b[4] for b in batch])


def shuffled(examples, most, rng):
    """Batches of sentences of similar length with at most `most` pieces, padding included, in random order; some examples
    are left out, as their share says."""
    order = [i for i, e in enumerate(examples) if e[5] >= 1.0 or rng.random() < e[5]]
    return packed(order, lambda i: len(examples[i][0][0]), most, 1500, rng)


def packed(order, length, most, together, rng):
    """Batches of what `order` numbers, in random order: of so many as are looked at `together` those of similar `length`, of which a batch
    holds at most `most`, padding included."""
    rng.shuffle(order)
    batches = []
    for start in range(0, len(order), together):
        batch = []
        for i in sorted(order[start : start + together], key=length):
            if batch and (len(batch) + 1) * length(i) > most:
                batches.append(batch)
                batch = []
            batch.append(i)
        batches.append(batch)
    rng.shuffle(batches)
    return batches
