"""The network: a BERT encoder of six layers with the heads of the accurate reader."""

import torch
import torch.nn.functional as F
from torch import nn

from labels import FACTORED, HIDDEN, NAME_HEADS, SHAPES, SPEECH_HEADS, SYNTAX_HEADS

WIDTH, HEADS, LAYERS, INNER, PIECES = 384, 12, 6, 1536, 30522


# Masks of `Drop`, by share and kind of number.
MASKS = {}


class Drop(nn.Module):
    """Dropout whose masks are cut, at random places, from one long mask: drawing a number for every value costs a tenth of a step."""

    SIZE = 1 << 22

    def __init__(self, share):
        super().__init__()
        self.share = share

    def forward(self, x):
        if not self.training or self.share == 0.0:
            return x
        if 2 * x.numel() > self.SIZE or x.device.type != "cpu":
            return F.dropout(x, self.share)
        key = (self.share, x.dtype)
        if key not in MASKS:
            kept = torch.rand(self.SIZE, generator=torch.Generator().manual_seed(7)) >= self.share
            MASKS[key] = (kept / (1 - self.share)).to(x.dtype)
        start = int(torch.randint(self.SIZE - x.numel(), ()))
        return x * MASKS[key][start : start + x.numel()].view(x.shape)


class Layer(nn.Module):
    def __init__(self, drop):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = Drop(drop)
        self.eager = False

    def forward(self, x, mask):
        b, n = (1, -1) if self.eager else x.shape[:2]
        q, k, v = (t.view(b, n, HEADS, WIDTH // HEADS).transpose(1, 2) for t in self.qkv(x).split(WIDTH, -1))
        # Plain operators and, one sentence at a time, fixed shapes: runtimes know them, and on a processor their gradients come sooner.
        scores = q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5
        a = torch.softmax(scores if self.eager else scores + mask, -1) @ v
        x = self.norm1(x + self.drop(self.out(a.transpose(1, 2).reshape(b, n, WIDTH))))
        return self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    def __init__(self, drop=0.1):
        super().__init__()
        self.pieces = nn.Embedding(PIECES, WIDTH)
        self.places = nn.Embedding(512, WIDTH)
        self.kind = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = Drop(drop)
        self.layers = nn.ModuleList(Layer(drop) for _ in range(LAYERS))
        # Capitals, added to the first piece of each word: the vocabulary is lower case, so that the encoder would not see them.
        self.shapes = nn.Embedding(len(SHAPES), WIDTH)
        nn.init.zeros_(self.shapes.weight)

    def load(self, state):
        """Takes the weights of a BERT checkpoint (names as in `transformers`)."""
        g = lambda name: state[name].float()
        with torch.no_grad():
            self.pieces.weight.copy_(g("embeddings.word_embeddings.weight"))
            self.places.weight.copy_(g("embeddings.position_embeddings.weight"))
            self.kind.copy_(g("embeddings.token_type_embeddings.weight")[0])
            self.norm.weight.copy_(g("embeddings.LayerNorm.weight"))
            self.norm.bias.copy_(g("embeddings.LayerNorm.bias"))
            for i, layer in enumerate(self.layers):
                p = f"encoder.layer.{i}."
                for part in ("weight", "bias"):
                    getattr(layer.qkv, part).copy_(
                        torch.cat([g(f"{p}attention.self.{n}.{part}") for n in ("query", "key", "value")])
                    )
                    getattr(layer.out, part).copy_(g(f"{p}attention.output.dense.{part}"))
                    getattr(layer.norm1, part).copy_(g(f"{p}attention.output.LayerNorm.{part}"))
                    getattr(layer.up, part).copy_(g(f"{p}intermediate.dense.{part}"))
                    getattr(layer.down, part).copy_(g(f"{p}output.dense.{part}"))
                    getattr(layer.norm2, part).copy_(g(f"{p}output.LayerNorm.{part}"))

    def forward(self, ids, first, shape, mask):
        """States after every layer. `mask`: [B, 1, 1, L], true where there is a piece; unused when eager."""
        n = ids.shape[1]
        places = torch.arange(n, device=ids.device)
        at = (first.unsqueeze(2) == places).to(self.shapes.weight.dtype)  # [B, N+1, L]
        # The root's place and words that vanish (first = 0) share [CLS]: they add nothing to it.
        at = at * (first > 0).to(at.dtype).unsqueeze(2)
        x = self.pieces(ids) + self.places(places) + self.kind + at.transpose(1, 2) @ self.shapes(shape)
        x = self.drop(self.norm(x))
        mask = None if mask is None else (~mask).to(x.dtype) * -1e4
        if torch.is_autocast_enabled(x.device.type):
            x, mask = (None if t is None else t.to(torch.get_autocast_dtype(x.device.type)) for t in (x, mask))
        states = []
        for layer in self.layers:
            x = layer(x, mask)
            states.append(x)
        return states


class Mix(nn.Module):
    """A learned average of the last layers' states."""

    def __init__(self, last=4):
        super().__init__()
        self.last = last
        self.weights = nn.Parameter(torch.tensor([0.0] * (last - 1) + [1.0]))

    def forward(self, states):
        w = torch.softmax(self.weights, 0)
        return sum(w[i] * s for i, s in enumerate(states[-self.last :]))


class Factored(nn.Module):
    """Scores of O, B-k1, I-k1, B-k2, …: the score of O, B or I, and that of the kind on top of B and I."""

    def __init__(self, width, classes):
        super().__init__()
        kinds = (classes - 1) // 2
        self.score = nn.Linear(width, 3 + kinds)
        spread = torch.zeros(3 + kinds, classes)
        spread[0, 0] = 1.0
        for k in range(kinds):
            spread[1, 1 + 2 * k] = spread[2, 2 + 2 * k] = 1.0
            spread[3 + k, 1 + 2 * k] = spread[3 + k, 2 + 2 * k] = 1.0
        self.register_buffer("spread", spread)

    def forward(self, x):
        return self.score(x) @ self.spread

    def folded(self):
        """The same as one linear layer."""
        linear = nn.Linear(self.score.in_features, self.spread.shape[1])
        with torch.no_grad():
            linear.weight.copy_(self.spread.T @ self.score.weight)
            linear.bias.copy_(self.score.bias @ self.spread)
        return linear


def shown(head, scores):
    """`scores` of a head without the hidden classes: these count as O."""
    for _ in HIDDEN.get(head, ()):
        scores = torch.cat([torch.maximum(scores[..., :1], scores[..., -1:]), scores[..., 1:-1]], -1)
    return scores


class Reader(nn.Module):
    """Encoder and heads. `classes`: head name -> list of classes; `relations`: list of relations."""

    def __init__(self, classes, relations, arc=256, lab=100, shape_width=32, drop=0.25):
        super().__init__()
        self.encoder = Encoder()
        self.syntax_mix, self.name_mix, self.mark_mix = Mix(), Mix(), Mix()
        self.shapes = nn.Embedding(len(SHAPES), shape_width)
        k = WIDTH + shape_width
        self.drop = Drop(drop)
        self.tag, self.name, self.speech = (nn.Linear(k, 256) for _ in range(3))
        self.mark = nn.Linear(k, 384)
        width = lambda h: 256 if h in (*SYNTAX_HEADS, *NAME_HEADS, *SPEECH_HEADS) else 384
        count = lambda h: len(classes[h]) + len(HIDDEN.get(h, ()))
        self.outs = nn.ModuleDict({h: (Factored if h in FACTORED else nn.Linear)(width(h), count(h)) for h in classes})
        self.arc_dep, self.arc_head = nn.Linear(k, arc), nn.Linear(k, arc)
        self.arc = nn.Parameter(torch.randn(arc + 1, arc) * 0.02)
        self.lab_dep, self.lab_head = nn.Linear(k, lab), nn.Linear(k, lab)
        # [lab + 1, relations * (lab + 1)]: one bilinear form a relation.
        self.relations = len(relations)
        self.lab = nn.Parameter(torch.randn(lab + 1, self.relations * (lab + 1)) * 0.02)

    def words(self, ids, first, shape, mask):
        states = self.encoder(ids, first, shape, mask)
        at = first.unsqueeze(-1).expand(-1, -1, WIDTH)
        shapes = self.shapes(shape)
        pick = lambda mix: torch.cat([torch.gather(mix(states), 1, at), shapes], -1)
        return pick(self.syntax_mix), pick(self.name_mix), pick(self.mark_mix)

    def forward(self, ids, first, shape, mask=None):
        """Dictionary of word heads' scores [B, N, classes], with `arc` [B, N, N+1] and the two sides of the label scores."""
        w, n, m = (self.drop(state) for state in self.words(ids, first, shape, mask))
        x = w[:, 1:]
        out = self.scores(x, n[:, 1:], m[:, 1:], self.outs)
        dep, head = self.drop(F.gelu(self.arc_dep(x))), self.drop(F.gelu(self.arc_head(w)))
        one = lambda t: torch.cat([t, torch.ones_like(t[..., :1])], -1)
        out["arc"] = (one(dep) @ self.arc) @ head.transpose(1, 2)
        out["dep"], out["head"] = one(self.drop(F.gelu(self.lab_dep(x)))), one(self.drop(F.gelu(self.lab_head(w))))
        return out

    def scores(self, syntax, names, marks, outs):
        """Scores of the word heads from the words' states."""
        hidden = lambda layer, x: self.drop(F.gelu(layer(x)))
        tag, name = hidden(self.tag, syntax), hidden(self.name, names)
        mark, speech = hidden(self.mark, marks), hidden(self.speech, marks)
        of = lambda h: tag if h in SYNTAX_HEADS else name if h in NAME_HEADS else speech if h in SPEECH_HEADS else mark
        return {h: o(of(h)) for h, o in outs.items()}

    def label_at(self, out, heads, known):
        """Relation scores [words, R] of the `known` words [B, N] for the given heads."""
        h = torch.gather(out["head"], 1, heads.clamp(min=0).unsqueeze(-1).expand(-1, -1, out["head"].size(-1)))[known]
        left = (out["dep"][known] @ self.lab).view(len(h), self.relations, -1)
        return (left @ h.unsqueeze(-1)).squeeze(-1)

    def label_all(self, out):
        """Relation scores [B, N, N+1, R] for every head."""
        b, n, k = out["dep"].shape
        left = (out["dep"] @ self.lab).view(b, n * self.relations, k)
        return (left @ out["head"].transpose(1, 2)).view(b, n, self.relations, -1).permute(0, 1, 3, 2)
