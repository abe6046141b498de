"""Writes what the Python package transkun 2.0.1 hears in a short sound that is computed from a formula.

    python3 scripts/transkun_fixture.py crates/transcription/tests/fixtures/chords.json

The test `chords_are_heard_as_the_package_hears_them_needs_transcriber` makes the same sound. Needs what
`transkun_parity.py` needs.
"""

import json
import math
import sys
from pathlib import Path

import numpy
import torch

import transkun_parity

SECS = 6.0
# Pitch, onset, end and loudness.
NOTES = [
    (60, 0.5, 1.4, 0.10), (64, 0.5, 1.4, 0.07), (67, 0.5, 1.4, 0.08), (72, 0.9, 1.3, 0.12),
    (48, 1.5, 3.4, 0.15), (74, 1.5, 1.9, 0.06), (76, 2.0, 2.4, 0.09), (77, 2.5, 2.8, 0.13),
    (79, 2.9, 3.3, 0.16), (36, 3.5, 5.5, 0.20), (55, 3.6, 4.6, 0.05), (84, 4.0, 4.2, 0.12),
    (84, 4.4, 5.2, 0.04),
]
HARMONICS = 8
FADE = 40.0


def sound():
    """Decaying harmonics, rounded to 16 bits."""
    t = numpy.arange(int(SECS * 44100)) / 44100
    out = numpy.zeros_like(t)
    for pitch, onset, end, loudness in NOTES:
        frequency = 440.0 * 2.0 ** ((pitch - 69) / 12.0)
        since = t - onset
        envelope = numpy.where(since < 0, 0.0, numpy.exp(-FADE * numpy.maximum(t - end, 0.0)))
        for k in range(1, HARMONICS + 1):
            decay = numpy.exp(-(1.0 + 0.6 * k) * numpy.maximum(since, 0.0))
            out += loudness / k * envelope * decay * numpy.sin(2.0 * math.pi * frequency * k * since)
    return (numpy.round(out * 32768.0) / 32768.0).astype(numpy.float32)


def main(path):
    model = transkun_parity.package(2)
    events = model.transcribe(torch.from_numpy(sound().reshape(-1, 1)))
    rows = [[e.pitch, int(e.velocity), round(e.start, 6), round(e.end, 6)] for e in events]
    lines = ",\n".join("    " + json.dumps(row) for row in rows)
    path.write_text('{\n  "columns": "pitch (-64: sustain pedal), velocity, onset_secs, end_secs",\n'
                    f'  "events": [\n{lines}\n  ]\n}}\n')


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
