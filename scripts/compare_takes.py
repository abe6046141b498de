#!/usr/bin/env python3
"""Compares the takes of two builds of `espressivo`, note by note.

    pip install mido
    scripts/compare_takes.py OLD NEW [--new-option=--bpm --new-option=free]

Both programs perform each score of `scores/` with PianoFlow and the rules and three seeds: as it is, with
other amounts, with a mood, and with bars 5 to 8 performed anew in the first take. Files are written
with `--exact`, in ticks of constant length. A row of the table says how many takes are equal in
notes and pedals; takes that are not are listed with what differs. Ends with 1 if one differs.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import mido

ROOT = pathlib.Path(__file__).resolve().parent.parent
SEEDS = (1, 2, 3)
PERFORMERS = ("pianoflow", "rules")
VARIANTS = {
    "plain": [],
    "amounts": ["--dynamics", "1.4", "--tempo", "0.6", "--rubato", "1.5", "--articulation", "0.7", "--pedal", "0.5"],
    "mood": ["--mood", "gentle", "--strength", "0.8"],
    "bars 5-8": None,
}


def perform(program, options, score, performer, seed, more, out):
    command = [program, "perform", score, "--performer", performer, "--seed", str(seed), "--exact", "-o", out]
    done = subprocess.run(command + options + more, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command + options + more))}\n{done.stderr}")


def contents(path):
    """Notes as (onset, end, pitch, velocity) and pedals as (tick, controller, value), in order."""
    notes, pedals = [], []
    for track in mido.MidiFile(path).tracks:
        tick, down = 0, {}
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity > 0:
                down.setdefault((message.channel, message.note), []).append((tick, message.velocity))
            elif message.type in ("note_off", "note_on"):
                starts = down.get((message.channel, message.note))
                if starts:
                    start, velocity = starts.pop(0)
                    notes.append((start, tick, message.note, velocity))
            elif message.type == "control_change" and message.control in (64, 66, 67):
                pedals.append((tick, message.control, message.value))
    return sorted(notes), sorted(pedals)


def difference(old, new):
    """What differs, in words; nothing if the takes are equal."""
    (old_notes, old_pedals), (new_notes, new_pedals) = old, new
    words = []
    if len(old_notes) != len(new_notes):
        words.append(f"{len(old_notes)} notes, now {len(new_notes)}")
    elif old_notes != new_notes:
        by_pitch = zip(sorted(old_notes, key=lambda n: (n[2], n[0])), sorted(new_notes, key=lambda n: (n[2], n[0])))
        pairs = [(a, b) for a, b in by_pitch if a != b]
        columns = ("onset", "end", "pitch", "velocity")
        sides = [
            f"{name} of {sum(a[i] != b[i] for a, b in pairs)} by {max(abs(a[i] - b[i]) for a, b in pairs)} at most"
            for i, name in enumerate(columns)
            if any(a[i] != b[i] for a, b in pairs)
        ]
        first = min(min(a[0], b[0]) for a, b in pairs)
        last = max(a[1] for a in old_notes)
        words.append(f"{len(pairs)} of {len(old_notes)} notes, from tick {first} of {last}: " + ", ".join(sides))
    if old_pedals != new_pedals:
        only = len(set(old_pedals) ^ set(new_pedals))
        words.append(f"{only} pedal values in one only of {len(old_pedals)} and {len(new_pedals)}")
    return "; ".join(words)


def takes(program, options, folder):
    for score in sorted((ROOT / "scores").glob("*.musicxml")):
        for performer in PERFORMERS:
            for seed in SEEDS:
                plain = folder / f"{score.stem}-{performer}-{seed}.mid"
                for variant, more in VARIANTS.items():
                    out = plain if variant == "plain" else folder / f"{plain.stem}-{variant.replace(' ', '-')}.mid"
                    more = ["--bars", "5-8", "--of", str(plain)] if more is None else more
                    perform(program, options, score, performer, seed, more, out)
                    yield (variant, performer, score.stem, seed), contents(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--new-option", action="append", default=[], help="given to the new program alone")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folders = [pathlib.Path(folder) / name for name in ("old", "new")]
        for each in folders:
            each.mkdir()
        old = dict(takes(given.old, [], folders[0]))
        new = dict(takes(given.new, given.new_option, folders[1]))
    rows, told = {}, []
    for key, take in old.items():
        words = difference(take, new[key])
        equal, count = rows.get(key[:2], (0, 0))
        rows[key[:2]] = (equal + (not words), count + 1)
        if words:
            told.append(f"{key[0]:9} {key[1]:9} {key[2]:28} seed {key[3]}: {words}")
    for (variant, performer), (equal, count) in rows.items():
        print(f"{variant:9} {performer:9} {equal} of {count} equal")
    print("\n".join(told))
    sys.exit(1 if told else 0)


if __name__ == "__main__":
    main()
