"""What other programs read from the MusicXML that Espressivo writes.

Usage: check_musicxml.py FOLDER

FOLDER holds pairs: NAME.musicxml, and NAME.csv with the notes that it was made from (id, onset and
duration in quarters as fractions, MIDI pitch, part, staff, voice, grace). They are made by

    cargo run --release -p notation --example musicxml_pairs -- FOLDER SCORE...

Each file is read by partitura and by music21 (pip install partitura music21), and their notes are
compared with the table: onset, duration (heads that are tied added up), pitch, staff; for partitura,
which keeps the identifiers of note heads, note by note and with the voice. Onsets are counted from the
first one, since each program counts a pick-up in a way of its own. Prints one line for each file and
program with a difference, then the sums.
Exits with 1 if a note is missing, is too much or has another onset, duration, pitch, staff or voice.
"""

import csv
import itertools
import sys
import warnings
from collections import Counter
from fractions import Fraction
from pathlib import Path

VOICES = 256  # layers of a voice have numbers that are by multiples of this larger
TOLERANCE = Fraction(1, 10_000)  # of a quarter: both programs round rare divisions
FIELDS = ("onset", "duration", "pitch", "staff", "voice")


def table(path):
    """The notes of a table by identifier."""
    notes = {}
    for row in csv.DictReader(path.open()):
        notes[row["id"]] = {
            "onset": Fraction(row["onset"]),
            "duration": Fraction(row["duration"]),
            "pitch": int(row["pitch"]),
            "staff": int(row["staff"]),
            "voice": int(row["voice"]),
            "grace": row["grace"] == "1",
        }
    return notes


def owner(identifier):
    """The note that a head is part of, and which head it is: `n4-1-2` is the second of `n4-1`."""
    parts = identifier.split("-")
    return "-".join(parts[:2]), int(parts[2]) if len(parts) > 2 else 1


def merged(heads):
    """Notes from their heads; tied heads must follow each other."""
    notes, gaps = {}, 0
    for (note, number), head in sorted(heads.items()):
        if number == 1:
            notes[note] = dict(head)
            continue
        first = notes[note]
        gaps += abs(first["onset"] + first["duration"] - head["onset"]) > TOLERANCE
        gaps += first["pitch"] != head["pitch"] or not head["is_tied"]
        first["duration"] += head["duration"]
    return notes, gaps


def read_partitura(path):
    import partitura

    heads = {}
    for part in partitura.load_musicxml(str(path)).parts:
        for note in part.notes:
            quarters = [Fraction(float(part.quarter_map(t.t))).limit_denominator(1 << 20) for t in (note.start, note.end)]
            heads[owner(note.id)] = {
                "onset": quarters[0],
                "duration": quarters[1] - quarters[0],
                "pitch": note.midi_pitch,
                "staff": note.staff or 1,
                "voice": note.voice % VOICES,
                "is_tied": note.tie_prev is not None,
            }
    return merged(heads)


def read_music21(path):
    """Keeps no identifiers: a list of notes, whose tied heads are joined by pitch, staff and place."""
    import music21

    score = music21.converter.parse(str(path), format="musicxml", forceSource=True)
    heads = []
    staves = Counter()
    # Measures follow each other: music21 gives a pick-up the room of a whole one, and fills empty staves.
    lengths = [[Fraction(m.highestTime) for m in p.getElementsByClass(music21.stream.Measure)] for p in score.parts]
    starts = [0, *itertools.accumulate(min(measure) for measure in zip(*lengths))]
    for part in score.parts:
        # A part with several staves is several parts, named P1-Staff1, P1-Staff2.
        staves[str(part.id).split("-Staff")[0]] += 1
        staff = staves[str(part.id).split("-Staff")[0]]
        for start, measure in zip(starts, part.getElementsByClass(music21.stream.Measure)):
            for voice in list(measure.voices) or [measure]:
                shift = start + (0 if voice is measure else Fraction(voice.offset))
                for element in voice.notes:
                    for note in getattr(element, "notes", [element]):
                        heads.append({
                            "onset": shift + Fraction(element.offset),
                            "duration": Fraction(element.duration.quarterLength),
                            "pitch": note.pitch.midi,
                            "staff": staff,
                            "tie": note.tie.type if note.tie is not None else None,
                        })
    waiting, notes, gaps = {}, [], 0
    for head in sorted(heads, key=lambda head: (head["onset"], head["duration"] > 0)):
        place = (head["pitch"], head["staff"], rounded(head["onset"]))
        first = None
        if head["tie"] in ("stop", "continue"):
            first = waiting.get(place, []).pop() if waiting.get(place) else None
            gaps += first is None
        if first is None:
            first = head
            notes.append(first)
        else:
            first["duration"] += head["duration"]
        if head["tie"] in ("start", "continue"):
            end = rounded(head["onset"] + head["duration"])
            waiting.setdefault((head["pitch"], head["staff"], end), []).append(first)
    return notes, gaps + sum(map(len, waiting.values()))


def from_the_first(notes):
    """Onsets counted from the first one."""
    first = min((note["onset"] for note in notes), default=0)
    for note in notes:
        note["onset"] -= first


def rounded(quarters):
    return round(quarters / TOLERANCE / 2)


def compare(expected, found, gaps):
    """How often each thing differs: note by note where a program keeps identifiers, else as a bag."""
    differences = Counter({"tie": gaps})
    from_the_first(list(expected.values()))
    from_the_first(found if isinstance(found, list) else list(found.values()))
    if isinstance(found, list):
        key = lambda note: (rounded(note["onset"]), rounded(note["duration"]), note["pitch"], note["staff"])
        ours, theirs = Counter(map(key, expected.values())), Counter(map(key, found))
        differences["missing"] = (ours - theirs).total()
        differences["extra"] = (theirs - ours).total()
        return +differences
    differences["missing"] = len(expected.keys() - found.keys())
    differences["extra"] = len(found.keys() - expected.keys())
    for identifier in expected.keys() & found.keys():
        for field in FIELDS:
            a, b = expected[identifier][field], found[identifier][field]
            differences[field] += abs(a - b) > TOLERANCE if field in ("onset", "duration") else a != b
    return +differences


def main():
    warnings.simplefilter("ignore")
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    pairs = sorted(path for path in folder.glob("*.musicxml") if path.with_suffix(".csv").exists())
    if not pairs:
        sys.exit(f"{folder}: there are no pairs")
    sums = {}
    for path in pairs:
        expected = table(path.with_suffix(".csv"))
        for name, read in (("partitura", read_partitura), ("music21", read_music21)):
            total = sums.setdefault(name, Counter())
            total["files"] += 1
            total["notes"] += len(expected)
            try:
                differences = compare(expected, *read(path))
            except Exception as error:  # a program that cannot read a file is a difference
                differences = Counter({"unread": 1})
                print(f"{path.name}: {name}: {type(error).__name__}: {error}", flush=True)
            total["equal files"] += not differences
            total.update(differences)
            if differences:
                print(f"{path.name}: {name}: {dict(differences)}", flush=True)
    for name, total in sums.items():
        print(f"{name}: {dict(total)}")
    sys.exit(any(total["equal files"] < total["files"] for total in sums.values()))


if __name__ == "__main__":
    main()
