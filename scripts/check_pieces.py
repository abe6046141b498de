"""Whether other programs read new pieces, and whether their bars add up there.

Usage: check_pieces.py FOLDER [--bars N] [--program partitura|music21]

FOLDER holds MusicXML files, as `espressivo compose --count 20 -o FOLDER` or `espressivo evaluate pieces --out`
writes them. Each is read by partitura and by music21 (pip install partitura music21), or by the one that is named:
its bars are counted (`--bars` says how many there have to be), each has to be as long as its metre says, in every
part and every voice at most, and notes have to be those of the file: as many heads that are not tied to one before,
with the same pitches. Prints a line for each file and program with a fault, then how many files are in order.
Exits with 1 if one is not.
"""

import argparse
import sys
import warnings
import xml.etree.ElementTree
from collections import Counter
from fractions import Fraction
from pathlib import Path

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
TOLERANCE = Fraction(1, 10_000)  # of a quarter


def pitches(path):
    """The pitches of all notes of a file, a tied one once."""
    found = Counter()
    for note in xml.etree.ElementTree.parse(path).iter("note"):
        pitch = note.find("pitch")
        if pitch is None or any(tie.get("type") == "stop" for tie in note.findall("tie")):
            continue
        alter = int(float(pitch.findtext("alter") or 0))
        found[12 * (int(pitch.findtext("octave")) + 1) + STEPS[pitch.findtext("step")] + alter] += 1
    return found


def read_partitura(path):
    """Faults of bars, how many bars there are, and pitches."""
    import partitura
    from partitura.score import Measure

    faults, notes, count = [], Counter(), 0
    for part in partitura.load_musicxml(str(path)).parts:
        measures = list(part.iter_all(Measure))
        count = max(count, len(measures))
        for measure in measures:
            start, end = measure.start.t, measure.end.t
            length = float(part.quarter_map(end) - part.quarter_map(start))
            beats, beat_type, _ = part.time_signature_map(start)
            if abs(length - 4 * beats / beat_type) > TOLERANCE:
                faults.append(f"bar {measure.number} is {length:g} quarters long")
        last = measures[-1].end.t if measures else 0
        for note in part.notes_tied:
            notes[note.midi_pitch] += 1
            if note.start.t + note.duration_tied > last:
                faults.append(f"a note ends after the last bar at {note.end_tied.t}")
    return faults, count, notes


def read_music21(path):
    """The same of music21."""
    import music21

    faults, notes, count = [], Counter(), 0
    for part in music21.converter.parse(str(path), format="musicxml", forceSource=True).parts:
        measures = list(part.getElementsByClass(music21.stream.Measure))
        count = max(count, len(measures))
        for number, measure in enumerate(measures):
            full = Fraction(measure.barDuration.quarterLength)
            following = measures[number + 1].offset if number + 1 < len(measures) else None
            if following is not None and abs(Fraction(following) - Fraction(measure.offset) - full) > TOLERANCE:
                faults.append(f"bar {measure.number} is {following - measure.offset} quarters long")
            for voice in list(measure.voices) or [measure]:
                # A voice that is silent at its end has no rest there.
                if Fraction(voice.highestTime) - full > TOLERANCE:
                    faults.append(f"a voice of bar {measure.number} is {voice.highestTime} quarters long")
                for element in voice.notes:
                    for note in getattr(element, "notes", [element]):
                        if note.tie is None or note.tie.type == "start":
                            notes[note.pitch.midi] += 1
    return faults, count, notes


READERS = {"partitura": read_partitura, "music21": read_music21}


def check(path, program, bars):
    """What is not in order, in words."""
    warnings.simplefilter("ignore")
    try:
        faults, count, notes = READERS[program](path)
    except Exception as error:  # a program that cannot read a file is a fault
        return [f"not read: {type(error).__name__}: {error}"]
    if bars is not None and count != bars:
        faults.append(f"{count} bars instead of {bars}")
    expected = pitches(path)
    if notes != expected:
        missing, extra = (expected - notes).total(), (notes - expected).total()
        faults.append(f"{missing} notes are missing, {extra} are extra")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bars", type=int, help="how many bars every piece has")
    parser.add_argument("--program", choices=READERS, help="read the files with this one alone")
    arguments = parser.parse_args()
    paths = sorted(arguments.folder.glob("*.musicxml"))
    if not paths:
        sys.exit(f"{arguments.folder}: there are no MusicXML files")
    is_in_order = True
    for program in [arguments.program] if arguments.program else READERS:
        good = 0
        for path in paths:
            faults = check(path, program, arguments.bars)
            good += not faults
            if faults:
                print(f"{path.name}: {program}: {'; '.join(faults[:3])}", flush=True)
        print(f"{program}: {good} of {len(paths)} files are in order")
        is_in_order &= good == len(paths)
    sys.exit(not is_in_order)


if __name__ == "__main__":
    main()
