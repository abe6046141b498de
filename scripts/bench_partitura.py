#!/usr/bin/env python3
"""Times partitura's MusicXML reader on the corpus that `cargo bench -p notation` reads.

    python scripts/bench_partitura.py [--data DIR] [--every N] [--unfold]

Needs `pip install partitura`. Files are unpacked beforehand and read from memory; every N-th file
of the corpus is taken (all of them take many minutes). With --unfold the score is also unfolded
maximally and turned into a note array, which is what the importer's `maximal` figure includes.
"""

import argparse
import glob
import gzip
import io
import os
import sys
import time
import warnings


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    default = os.environ.get("ESPRESSIVO_DATA", os.path.join(here, "..", "..", "shared", "data"))
    parser.add_argument("--data", default=default, help="folder that holds musicxml-corpus")
    parser.add_argument("--every", type=int, default=20, help="take every N-th file")
    parser.add_argument("--unfold", action="store_true", help="unfold and build the note array too")
    arguments = parser.parse_args()

    warnings.simplefilter("ignore")
    import partitura
    from partitura.score import unfold_part_maximal

    sys.setrecursionlimit(100_000)
    paths = sorted(glob.glob(os.path.join(arguments.data, "musicxml-corpus", "*.gz")))[:: arguments.every]
    if not paths:
        sys.exit(f"no files in {arguments.data}/musicxml-corpus")
    total_bytes = total_notes = 0
    total_secs = 0.0
    for path in paths:
        with gzip.open(path) as file:
            text = file.read()
        start = time.perf_counter()
        score = partitura.load_musicxml(io.BytesIO(text))
        parts = score.parts
        if arguments.unfold:
            parts = [unfold_part_maximal(part) for part in parts]
            notes = sum(len(part.note_array()) for part in parts)
        else:
            notes = sum(len(part.notes) for part in parts)
        secs = time.perf_counter() - start
        total_secs += secs
        total_bytes += len(text)
        total_notes += notes
        print(f"{len(text) / 1e6:7.2f} MB {secs:7.2f} s {len(text) / 1e6 / secs:7.2f} MB/s  {os.path.basename(path)}")
    print(
        f"{len(paths)} files, {total_bytes / 1e6:.1f} MB, {total_notes} notes in {total_secs:.1f} s: "
        f"{total_bytes / 1e6 / total_secs:.2f} MB/s (partitura {partitura.__version__}, one thread)"
    )


if __name__ == "__main__":
    main()
