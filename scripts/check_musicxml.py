"""What other programs read from the MusicXML that Espressivo writes.

Usage: check_musicxml.py FOLDER [--program partitura|music21] [--jobs N] [--name PART] [--every N] [--most-notes N]

FOLDER holds pairs: NAME.musicxml, and NAME.csv with the notes that it was made from (id, onset and
duration in quarters as fractions, MIDI pitch, part, staff, voice, grace). They are made by

    cargo run --release -p notation --example musicxml_pairs -- FOLDER SCORE_OR_FOLDER...

so that all of the corpus is checked by

    cargo run --release -p notation --example musicxml_pairs -- /tmp/pairs ../shared/data/musicxml-corpus
    python scripts/check_musicxml.py /tmp/pairs --jobs 2

which takes hours on one core. `--every 5` reads every fifth score alone, in both its forms, and `--most-notes 3000`
leaves out files with more notes; what is left out is counted.

Each file is read by partitura and by music21 (pip install partitura music21), or by the one that is
named, and their notes are compared with the table: onset, duration (heads that are tied added up), pitch,
staff; for partitura, which keeps the identifiers of note heads, note by note and with the voice. Onsets are
counted from the first one, since each program counts a pick-up in a way of its own. Prints one line for each
file and program with a difference, with the first notes that differ, then a table: for each program and form
(as played, as written) files, notes, and how often each thing differs.
Exits with 1 if a note is missing, is too much or has another onset, duration, pitch, staff or voice.
"""

import argparse
import csv
import itertools
import sys
import time
import warnings
import xml.etree.ElementTree
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from pathlib import Path

VOICES = 256  # layers of a voice have numbers that are by multiples of this larger
TOLERANCE = Fraction(1, 10_000)  # of a quarter: both programs round rare divisions
EXAMPLES = 3  # differences of a kind that are named for a file
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


def measure_starts(path):
    """Where the measures of a file begin, in quarters: each is as long as the longest of its voices in any part."""
    lengths = []
    for part in xml.etree.ElementTree.parse(path).iter("part"):
        divisions = 1
        for number, measure in enumerate(part.iter("measure")):
            place = longest = Fraction(0)
            for element in measure:
                divisions = int(element.findtext("divisions") or divisions)
                if element.tag not in ("note", "backup", "forward") or element.find("chord") is not None:
                    continue
                quarters = Fraction(element.findtext("duration") or 0) / divisions
                place += -quarters if element.tag == "backup" else quarters
                longest = max(longest, place)
            if number == len(lengths):
                lengths.append(longest)
            lengths[number] = max(lengths[number], longest)
    return [0, *itertools.accumulate(lengths)]


def read_music21(path):
    """Keeps no identifiers: a list of notes, whose tied heads are joined by pitch, staff and place. Measures begin
    where the file says: music21 gives a pick-up the room of a whole one, and a staff whose only voice crosses to the
    other one ends early."""
    import music21

    score = music21.converter.parse(str(path), format="musicxml", forceSource=True)
    heads = []
    staves = Counter()
    starts = measure_starts(path)
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
    """How often each thing differs, and the first examples in words: note by note where a program keeps
    identifiers, else as a bag."""
    differences, examples = Counter({"tie": gaps}), []
    from_the_first(list(expected.values()))
    from_the_first(found if isinstance(found, list) else list(found.values()))
    if isinstance(found, list):
        key = lambda note: (rounded(note["onset"]), rounded(note["duration"]), note["pitch"], note["staff"])
        ours, theirs = Counter(map(key, expected.values())), Counter(map(key, found))
        for word, bag in (("missing", ours - theirs), ("extra", theirs - ours)):
            differences[word] = bag.total()
            examples += [f"{word} {in_words(*note)}" for note in sorted(bag)[:EXAMPLES]]
        return +differences, examples
    differences["missing"] = len(expected.keys() - found.keys())
    differences["extra"] = len(found.keys() - expected.keys())
    examples += [f"missing {name}" for name in sorted(expected.keys() - found.keys())[:EXAMPLES]]
    examples += [f"extra {name}" for name in sorted(found.keys() - expected.keys())[:EXAMPLES]]
    for identifier in sorted(expected.keys() & found.keys()):
        for field in FIELDS:
            a, b = expected[identifier][field], found[identifier][field]
            if abs(a - b) > TOLERANCE if field in ("onset", "duration") else a != b:
                differences[field] += 1
                if differences[field] <= EXAMPLES:
                    examples.append(f"{field} of {identifier} {a} read as {b}")
    return +differences, examples


def in_words(onset, duration, pitch, staff):
    """A note of a bag, whose times were rounded."""
    onset, duration = (float(2 * TOLERANCE * time) for time in (onset, duration))
    return f"pitch {pitch} at {onset:g} for {duration:g} on staff {staff}"


READERS = {"partitura": read_partitura, "music21": read_music21}


def check(pair):
    """What a program reads otherwise of a file: number of notes, how often each thing differs, in words."""
    path, program = pair
    warnings.simplefilter("ignore")
    expected = table(path.with_suffix(".csv"))
    try:
        differences, examples = compare(expected, *READERS[program](path))
    except Exception as error:  # a program that cannot read a file is a difference
        differences, examples = Counter({"unread": 1}), [f"{type(error).__name__}: {error}"]
    return len(expected), differences, examples


def checked(pairs, jobs):
    """What `check` says of each pair, in order, with so many processes."""
    if jobs == 1:
        yield from map(check, pairs)
        return
    # Processes are made anew, since music21 keeps what it has read.
    with ProcessPoolExecutor(jobs, max_tasks_per_child=16) as pool:
        yield from pool.map(check, pairs)


def form(path):
    """Which of the two forms of a score a file is, by its name."""
    word = path.stem.rsplit("-", 1)[-1]
    return word if word in ("played", "written") else "other"


def score_name(path):
    """The name of the score that a file is a form of."""
    return path.stem if form(path) == "other" else path.stem.rsplit("-", 1)[0]


def chosen(paths, every, most_notes):
    """All forms of every Nth score, without files of more notes; the size of a table is known by its lines."""
    scores = {name: number for number, name in enumerate(sorted(set(map(score_name, paths))))}
    paths = [path for path in paths if scores[score_name(path)] % every == 0]
    if most_notes is None:
        return paths
    return [path for path in paths if sum(1 for _ in path.with_suffix(".csv").open()) - 1 <= most_notes]


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a number from 1 on")
    return number


def print_sums(sums):
    """A table with a row for each program and form."""
    kinds = sorted({kind for total in sums.values() for kind in total} - {"files", "notes", "equal"})
    heads = ["program", "form", "files", "notes", "equal files", *kinds]
    rows = [[*key, *(str(total[kind]) for kind in ("files", "notes", "equal", *kinds))] for key, total in sums.items()]
    widths = [max(map(len, column)) for column in zip(heads, *rows)]
    for row in (heads, *rows):
        words = [word.ljust(width) if k < 2 else word.rjust(width) for k, (word, width) in enumerate(zip(row, widths))]
        print("  ".join(words).rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--program", choices=READERS, help="read the files with this one alone")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes read files")
    parser.add_argument("--name", default="", help="check files alone with this in their names")
    parser.add_argument("--every", type=positive, default=1, metavar="N", help="check every Nth score alone")
    parser.add_argument("--most-notes", type=positive, metavar="N", help="leave out files with more notes")
    arguments = parser.parse_args()
    paths = sorted(path for path in arguments.folder.glob("*.musicxml") if arguments.name in path.name)
    paths = [path for path in paths if path.with_suffix(".csv").exists()]
    if not paths:
        sys.exit(f"{arguments.folder}: there are no such pairs")
    found, paths = len(paths), chosen(paths, arguments.every, arguments.most_notes)
    if len(paths) < found:
        print(f"{len(paths)} of {found} files are checked", flush=True)
    if not paths:
        sys.exit("no file is left to check")
    programs = [arguments.program] if arguments.program else list(READERS)
    pairs = [(path, program) for program in programs for path in paths]
    sums, begun = {}, time.monotonic()
    for done, ((path, program), result) in enumerate(zip(pairs, checked(pairs, max(arguments.jobs, 1))), 1):
        notes, differences, examples = result
        total = sums.setdefault((program, form(path)), Counter())
        total += Counter(files=1, notes=notes, equal=int(not differences)) + differences
        if differences:
            print(f"{path.name}: {program}: {dict(differences)}: {'; '.join(examples)}", flush=True)
        if done % 20 == 0:
            print(f"{done} of {len(pairs)} after {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    print_sums(sums)
    sys.exit(any(total["equal"] < total["files"] for total in sums.values()))


if __name__ == "__main__":
    main()
