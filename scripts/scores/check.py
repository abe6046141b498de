"""Compares scores/*.musicxml with score MIDIs of the same pieces that others typeset.

    python3 scripts/scores/check.py [folder with the MIDIs]

Needs the packages partitura and mido. Prints, for each piece, how many notes (onset and pitch,
grace notes left out) are in both, and each one that is not.
"""

import os
import sys
import warnings
from collections import Counter
from fractions import Fraction as F
from pathlib import Path

import mido
import partitura

warnings.filterwarnings("ignore")
HERE = Path(__file__).resolve().parent
SCORES = HERE.parent.parent / "scores"
DATA = Path(os.environ.get("ESPRESSIVO_DATA", HERE.parent.parent.parent / "shared" / "data"))
REFERENCE = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "public-domain-scores"

# Ours, theirs, the part of theirs that ours holds in quarters (None: all), whether theirs has the
# repeats written out, and how many notes differ on purpose (the pieces' files say why).
PAIRS = [
    ("bach_prelude_c_bwv846", "bach_prelude_c", None, True, 0),
    ("petzold_minuet_g", "bach_minuet_g", None, False, 2),
    ("chopin_prelude_op28_7", "chopin_28_7", None, True, 1),
    ("chopin_prelude_op28_4", "chopin_28_4", None, True, 2),
    ("schumann_kinderszenen_1", "schumann_15_1", None, False, 0),
    ("satie_gymnopedie_1", "gymnopedie_1", None, True, 0),
    ("burgmuller_arabesque", "burgmuller_arabesque", None, True, 0),
    ("beethoven_fur_elise_theme", "fur_elise", 65.7, True, 0),
]


def ours(path: Path, unfold: bool) -> Counter:
    """Onset in 48ths of a quarter and pitch of every note of a score."""
    score = partitura.load_musicxml(str(path))
    part = partitura.score.merge_parts(score.parts)
    if unfold:
        part = partitura.score.unfold_part_maximal(part)
    keep = [n for n in part.note_array() if n["duration_quarter"] > 0]
    first = min(n["onset_quarter"] for n in keep)
    return Counter((round((n["onset_quarter"] - first) * 48), int(n["pitch"])) for n in keep)


def theirs(path: Path, end: float | None) -> Counter:
    """The same of a score MIDI."""
    midi = mido.MidiFile(str(path))
    notes = []
    for track in midi.tracks:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity:
                notes.append((F(tick, midi.ticks_per_beat), message.note))
    first = min(onset for onset, _ in notes)
    notes = [(onset - first, pitch) for onset, pitch in notes]
    return Counter((round(onset * 48), pitch) for onset, pitch in notes if end is None or onset < end)


def main() -> int:
    """Checks every pair; fails on any that differs."""
    worst = 0
    for name, other, end, unfold, allowed in PAIRS:
        path = SCORES / f"{name}.musicxml"
        if not path.exists():
            print(f"{name}: not there")
            continue
        a, b = ours(path, unfold), theirs(REFERENCE / f"{other}.mid", end)
        a, b = Counter(set(a)), Counter(set(b))  # unisons of two voices count once
        both = sum((a & b).values())
        print(f"{name}: {both} of {sum(a.values())} notes agree, the other has {sum(b.values())}")
        for label, rest in (("only ours", a - b), ("only theirs", b - a)):
            for onset, pitch in sorted(rest)[:20]:
                print(f"    {label}: quarter {onset / 48:g}, pitch {pitch}")
        worst = max(worst, sum((b - a).values()) - allowed)
    return 0 if worst <= 0 else 1


if __name__ == "__main__":
    sys.exit(main())
