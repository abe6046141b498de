"""Puts the network that hears notes, Transkun V2, into a folder.

    python3 scripts/fetch_transcriber.py FOLDER

Fetches the Python package that carries the published weights with pip, checks them by SHA-256 and
keeps what the app reads: the weights as safetensors, in single precision as they are published, and
the network's sizes. Needs nothing but Python's own library and pip; `cargo xtask` calls it.
"""

import collections
import io
import json
import math
import pickle
import sys
import zipfile
from pathlib import Path

import fetching

PACKAGE = "transkun==2.0.1"
WHAT = "transcriber"
WEIGHTS = "transkun/pretrained/2.0.pt"
CONFIG = "transkun/pretrained/2.0.conf"
LICENCE = "transkun-2.0.1.dist-info/LICENSE"
FILES = {
    WEIGHTS: "50a80010effc2a59ffcd068a95cd2b29bd7f23a27a3515bc3ccd209c89a3d44c",
    CONFIG: "d3d989214eb148230ee5df476d994dcde6af595904d3f968f1221d2e3bea5ac6",
    LICENCE: "7662b6b4acfb7090612b946c1f427d8c7b591cda7d7a16139aed4eb66d20b066",
}
NOTICE = """\
Transkun V2, a network for piano transcription by Yujia Yan and Zhiyao Duan ("Scoring intervals using
non-hierarchical transformer for automatic piano transcription", ISMIR 2024), from the Python package
transkun 2.0.1 (https://github.com/Yujia-Yan/Transkun), under the MIT licence, which is in LICENSE
beside this file. Changed: the weights are stored as safetensors, the sizes as JSON.
"""
MADE = {"model.safetensors", "config.json", "LICENSE", "NOTICE"}


class Tensors(pickle.Unpickler):
    """Reads the table of a checkpoint of PyTorch, which is a pickle. It calls nothing but what tables of tensors
    need, all of it defined here; numbers stay where they are in the archive."""

    def __init__(self, data, archive, folder):
        super().__init__(io.BytesIO(data))
        self.archive, self.folder = archive, folder

    def find_class(self, module, name):
        known = {
            ("collections", "OrderedDict"): collections.OrderedDict,
            ("torch", "FloatStorage"): "F32",
            ("torch._utils", "_rebuild_tensor_v2"): tensor,
            ("torch._utils", "_rebuild_parameter"): lambda data, *_: data,
        }
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"the checkpoint asks for {module}.{name}")
        return known[module, name]

    def persistent_load(self, key):
        _, kind, name, *_ = key
        return kind, self.archive.read(f"{self.folder}/data/{name}")


def tensor(storage, offset, shape, strides, *_):
    """A tensor out of its numbers, four bytes each, which lie row after row."""
    kind, data = storage
    expected = [math.prod(shape[k + 1 :]) for k in range(len(shape))]
    if any(a != b for a, b, length in zip(strides, expected, shape) if length > 1):
        raise pickle.UnpicklingError("the numbers of a tensor do not lie row after row")
    return kind, list(shape), data[4 * offset : 4 * (offset + math.prod(shape))]


def weights(checkpoint):
    """The checkpoint's tensors by their names."""
    with zipfile.ZipFile(io.BytesIO(checkpoint)) as archive:
        [table] = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        folder = table.removesuffix("/data.pkl")
        if archive.read(f"{folder}/byteorder") != b"little":
            raise pickle.UnpicklingError("the bytes of the numbers are in another order")
        return Tensors(archive.read(table), archive, folder).load()["state_dict"]


def main(folder):
    fetching.check_is_ours(folder, MADE, NOTICE, WHAT)
    published = fetching.published(PACKAGE, FILES, WHAT)
    sizes = json.loads(published[CONFIG])["Model"]["config"]
    fetching.put(folder, {
        "model.safetensors": fetching.safetensors(weights(published[WEIGHTS])),
        "config.json": json.dumps(sizes, indent=2).encode() + b"\n",
        "LICENSE": published[LICENCE],
        "NOTICE": NOTICE.encode(),
    })


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]).absolute())
