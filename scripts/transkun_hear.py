"""Lets the Python package transkun 2.0.1 hear sound files, and keeps what it finds beside them.

    python3 scripts/transkun_hear.py WAV... [--threads N] [--again]

Each WAV is mono, of 16 bits, at 44.1 kHz. What the package finds in NAME.wav is written to NAME.transkun.json: its
events as [pitch, velocity, start, end], where pitch -64 is the sustain pedal, and how many seconds that took without
loading the network. A file that has that beside it is not heard again, unless `--again` is given. Needs torch,
torchaudio, transkun, pretty_midi and what those import. `espressivo evaluate transcription --peer PYTHON` runs it, and
reads what it has written.
"""

import argparse
import os
from pathlib import Path

from transkun_parity import package, reference


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--again", action="store_true")
    args = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", str(args.threads))
    loaded = []

    def model():
        if not loaded:
            loaded.append(package(args.threads))
        return loaded[0]

    for number, path in enumerate(args.files, start=1):
        found = reference(path, model, args.again)
        events, secs = len(found["events"]), found["secs"]
        print(f"{number} of {len(args.files)}, {path}: {events} events in {secs:.1f} s", flush=True)


if __name__ == "__main__":
    main()
