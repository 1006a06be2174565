"""Writes a trained reader as ONNX with 8-bit weights, with its description and vocabulary."""

import hashlib
import json
import logging
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from encoder import Reader, shown
from labels import SHAPES, WORD_HEADS


class Exported(nn.Module):
    """One sentence at a time; outputs in a fixed order."""

    def __init__(self, reader):
        super().__init__()
        self.r = r = reader
        with torch.no_grad():
            # The constant that each side of the bilinear forms carries becomes a bias.
            arc, k, n = r.arc, r.lab_dep.out_features, r.relations
            self.arc = linear(arc[:-1], arc[-1])
            lab = r.lab.view(k + 1, n, k + 1)
            self.lab = linear(lab[:-1, :, :-1].reshape(k, -1), lab[-1, :, :-1].reshape(-1))
            self.lab_bias = linear(lab[:-1, :, -1], lab[-1, :, -1])
        self.heads = nn.ModuleDict({h: o.folded() if hasattr(o, "folded") else o for h, o in r.outs.items()})

    def forward(self, ids, first, shape):
        r, k = self.r, self.r.lab_dep.out_features
        ids, first, shape = ids.long(), first.long(), shape.long()
        states, shapes = r.encoder(ids, first, shape, None), r.shapes(shape)
        words = lambda mix: torch.cat([mix(states)[:, first[0]], shapes], -1)
        w, n, m = words(r.syntax_mix), words(r.name_mix), words(r.mark_mix)
        x = w[:, 1:]
        scores = r.scores(x, n[:, 1:], m[:, 1:], self.heads)
        arc = self.arc(F.gelu(r.arc_dep(x))) @ F.gelu(r.arc_head(w)).transpose(1, 2)
        dep, head = F.gelu(r.lab_dep(x)), F.gelu(r.lab_head(w))
        # [N * R, k] @ [k, N + 1], then relations last.
        label = (self.lab(dep).view(-1, k) @ head[0].t()).view(1, -1, r.relations, head.shape[1]).permute(0, 1, 3, 2)
        return (
            arc,
            label + self.lab_bias(dep).unsqueeze(2),
            *(shown(h, scores[h]) for h in self.heads),
            # For the second look (`focus.py`); the root comes first.
            r.mark_mix(states)[:, first[0]],
        )


def linear(weight, bias):
    """`x @ weight + bias` as a layer."""
    layer = nn.Linear(*weight.shape)
    layer.weight.copy_(weight.t())
    layer.bias.copy_(bias)
    return layer


def description(classes, relations, model, version):
    return {
        "version": version,
        "model": "accurate.onnx",
        "sha256": sha256(model),
        "vocabulary": "vocab.txt",
        "vocabulary_sha256": sha256(model.parent / "vocab.txt"),
        "inputs": ["ids", "first", "shape"],
        "outputs": ["arc", "label", *WORD_HEADS, "states"],
        "most_words": 200,
        "most_pieces": 480,
        "shapes": SHAPES,
        "relations": relations,
        **{h: classes[h] for h in WORD_HEADS},
    }


def sha256(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def described(folder):
    """What `accurate.json` in a folder says of its reader."""
    return json.loads((folder / "accurate.json").read_text(encoding="utf-8"))


def describe(folder, **more):
    """Adds to `accurate.json` in a folder."""
    file = folder / "accurate.json"
    about = {**(described(folder) if file.exists() else {}), **more}
    file.write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_onnx(net, arguments, inputs, outputs, axes, file, reduce_range=True):
    """Writes a network that is called with `arguments` as ONNX with 8-bit weights. `axes`: which axes of inputs and outputs vary."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "float.onnx"
        torch.onnx.export(
            net,
            arguments,
            str(whole),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            str(whole),
            str(file),
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=reduce_range,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )


def export(reader, classes, relations, base, out, version="1", reduce_range=True):
    """Writes `accurate.onnx`, `accurate.json` and `vocab.txt` into `out`; returns sizes in bytes."""
    out.mkdir(parents=True, exist_ok=True)
    plain = Reader(classes, relations)
    plain.load_state_dict(reader.state_dict())
    for layer in plain.encoder.layers:
        layer.eager = True
    plain.eval()
    ids = torch.tensor([[101, 2023, 2003, 1037, 102]], dtype=torch.int32)
    first = torch.tensor([[0, 1, 2, 3]], dtype=torch.int32)
    axes = {
        "ids": {1: "L"},
        "first": {1: "N1"},
        "shape": {1: "N1"},
        "arc": {1: "N", 2: "N1"},
        "label": {1: "N", 2: "N1"},
        "states": {1: "N1"},
        **{h: {1: "N"} for h in WORD_HEADS},
    }
    small = out / "accurate.onnx"
    outputs = ["arc", "label", *WORD_HEADS, "states"]
    write_onnx(Exported(plain), (ids, first, first), ["ids", "first", "shape"], outputs, axes, small, reduce_range)
    shutil.copy(Path(base) / "vocab.txt", out / "vocab.txt")
    (out / "accurate.json").unlink(missing_ok=True)
    describe(out, **description(classes, relations, small, version))
    return {p.name: p.stat().st_size for p in sorted(out.iterdir())}


def vectors(model, words, pieces, out):
    """Writes what an exported model makes of some sentences, for tests of other implementations: one JSON object a line."""
    lines = []
    for sentence in words:
        ids, first, shape = coded = pieces.encode(sentence)
        arc = [[round(float(x), 2) for x in row] for row in runner(model)(*coded)["arc"]] if sentence else []
        lines.append({"words": sentence, "ids": ids, "first": first, "shape": shape, "arc": arc})
    text = ",\n".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)
    out.write_text(f"[\n{text}\n]\n", encoding="utf-8")


def runner(model, outputs=None):
    """Runs an exported model on one sentence at a time: arrays by head, without the batch axis. `outputs`: only these heads."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    names = outputs or [o.name for o in session.get_outputs()]

    def run(ids, first, shape):
        feed = {k: np.array([v], np.int32) for k, v in (("ids", ids), ("first", first), ("shape", shape))}
        return {n: v[0] for n, v in zip(names, session.run(names, feed))}

    return run
