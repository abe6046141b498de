"""Compares our transcription with that of the Python package transkun 2.0.1, note by note.

    python3 scripts/transkun_parity.py PROGRAM WAV... [--threads N] [--again]

PROGRAM is the example `transcribe` of the crate `transcription` (`cargo build --release -p transcription
--example transcribe`); each WAV is mono, of 16 bits, at 44.1 kHz. What the package finds is kept beside the
sound, as NAME.transkun.json, unless `--again` is given. Needs torch, torchaudio, transkun, pretty_midi and
what those import. Prints a line for each file: notes of either, those that differ, the largest difference in
seconds, the time that both took (torch with `--threads` threads, 2 unless given) and exits with 1 where more
than one note in a hundred differs.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
import wave
from pathlib import Path

# Times that differ by less are equal.
TOLERANCE_SECS = 1e-3


def package(threads):
    """The package's network with its published weights, as its own command line loads it."""
    warnings.simplefilter("ignore")
    import torch
    import transkun
    from transkun.ModelTransformer import ModelConfig, TransKun

    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    folder = Path(transkun.__file__).parent / "pretrained"
    config = ModelConfig()
    config.__dict__.update(json.loads((folder / "2.0.conf").read_text())["Model"]["config"])
    model = TransKun(conf=config)
    checkpoint = torch.load(folder / "2.0.pt", map_location="cpu", weights_only=True)
    model.load_state_dict(checkpoint["state_dict"], strict=False)
    return model.eval()


def samples(path):
    """The samples of a file, -1 to 1, one row each."""
    import numpy

    with wave.open(str(path)) as file:
        if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, 44100):
            sys.exit(f"{path} is not mono, of 16 bits, at 44.1 kHz")
        data = numpy.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    return data.reshape(-1, 1).astype(numpy.float32) / 2**15


def reference(path, model, again):
    """What the package finds: its events as [pitch, velocity, start, end], and how long it took."""
    kept = path.with_suffix(".transkun.json")
    if kept.exists() and not again:
        return json.loads(kept.read_text())
    import torch

    sound = torch.from_numpy(samples(path))
    start = time.perf_counter()
    events = model().transcribe(sound)
    secs = time.perf_counter() - start
    found = {"secs": secs, "events": [[e.pitch, int(e.velocity), e.start, e.end] for e in events]}
    kept.write_text(json.dumps(found))
    return found


def ours(program, path):
    """What our program finds, in the same form."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        subprocess.run([program, path, out], check=True, stderr=subprocess.DEVNULL)
        found = json.loads(out.read_text())
    events = [[n["pitch"], n["velocity"], n["onset_secs"], n["end_secs"]] for n in found["notes"]]
    down = None
    for secs, value in found["pedal"]:
        if value > 0:
            down = (value, secs)
        elif down is not None:
            events.append([-64, down[0], down[1], secs])
            down = None
    return {"secs": found["took_secs"], "events": events}


def pairs(theirs, ours):
    """Pairs of events of one pitch, nearest onset first and at most 50 ms apart, and those left over."""
    near = sorted(
        (abs(a[2] - b[2]), i, k)
        for i, a in enumerate(theirs)
        for k, b in enumerate(ours)
        if a[0] == b[0] and abs(a[2] - b[2]) <= 0.05
    )
    found, left, right = [], set(range(len(theirs))), set(range(len(ours)))
    for _, i, k in near:
        if i in left and k in right:
            found.append((theirs[i], ours[k]))
            left.discard(i)
            right.discard(k)
    return found, [theirs[i] for i in sorted(left)], [ours[k] for k in sorted(right)]


def compare(path, theirs, ours):
    """Prints how two lists of events differ; returns how many of their notes differ, and how many there are."""
    # The package hears the soft pedal, too (-67).
    of_interest = [e for e in theirs["events"] if e[0] != -67]
    both, lost, added = pairs(of_interest, ours["events"])
    times = [max(abs(a[2] - b[2]), abs(a[3] - b[3])) for a, b in both]
    velocities = sum(a[1] != b[1] for a, b in both)
    late = sum(t > TOLERANCE_SECS for t in times)
    equal = sorted(t for t in times if t <= TOLERANCE_SECS)
    largest = equal[-1] if equal else 0.0
    print(
        f"{path.stem:16} notes {len(of_interest):5}  lost {len(lost)}  added {len(added)}  off in time {late}"
        f"  velocity {velocities}  largest difference of the others {largest * 1e6:.1f} us"
        f"  package {theirs['secs']:.1f} s  ours {ours['secs']:.1f} s"
    )
    for kind, events in (("lost", lost), ("added", added)):
        for event in events:
            print(f"    {kind} {event}")
    for (a, b), t in zip(both, times):
        if t > TOLERANCE_SECS or a[1] != b[1]:
            print(f"    differs: {a} and {b}")
    return len(lost) + len(added) + late, len(of_interest)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
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

    differ, whole = 0, 0
    for path in args.files:
        theirs = reference(path, model, args.again)
        one, all_of = compare(path, theirs, ours(args.program.absolute(), path))
        differ, whole = differ + one, whole + all_of
    print(f"{differ} of {whole} notes and pedals differ")
    sys.exit(differ * 100 > whole)


if __name__ == "__main__":
    main()
