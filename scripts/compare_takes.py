#!/usr/bin/env python3
"""Compares the takes of two builds of `espressivo`, note by note.

    pip install mido
    scripts/compare_takes.py OLD NEW --csv as_marked.csv
    scripts/compare_takes.py OLD NEW --new-option=--bpm --new-option=free --csv free.csv

OLD and NEW are the programs `espressivo` of two checkouts, say of 066679a and of today:

    git worktree add ../before 066679a
    (cd ../before && CARGO_TARGET_DIR=target cargo build --release --bin espressivo)
    cargo build --release --workspace
    scripts/compare_takes.py ../before/target/release/espressivo TARGET/release/espressivo

Both perform each score of `scores/` of this checkout with PianoFlow and the rules and three seeds: as it is,
with other amounts, with a mood, and with bars 5 to 8 performed anew in the first take of the same program.
Only options that both have are used. Each runs in an empty folder and without `$ESPRESSIVO_MODELS`, so that
it finds the models of its own source tree, on the processor. Files are written with `--exact`; times are
compared in milliseconds, so that builds may write other ticks.

A line for every take says *equal*, or how many notes differ in onset, velocity and release and by how much,
how many notes are in one take only, and how many movements of the pedal. Before that stands what kind of
difference it is:

    tempo       one factor between all onsets, nothing else but releases and pedals that go with it
    releases    onsets and velocities are equal
    pedal       all notes are equal
    end         everything is equal up to the last tenth of the notes
    other       none of these

Tables count takes by variant and performer, and kinds of difference. `--csv` writes the same figures, one
row a take: two runs of which one has more `--new-option`s show what that option explains. Ends with 1 if a
take differs.

Builds since 066679a play the base tempo as marked, so that all takes differ by a factor; with `--bpm free`
they play as the performer would, as 066679a did.
"""

import argparse
import csv
import os
import pathlib
import statistics
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
# Ticks of `--exact` are 1.04 ms long: equal times are equal but for the arithmetic of reading them.
SAME_MS = 0.01
TICK_MS = 1.05
COLUMNS = (
    "variant", "performer", "score", "seed", "kind", "notes_old", "notes_new", "only_old", "only_new",
    "onsets", "onset_ms", "velocities", "velocity", "releases", "release_ms", "tempo_factor", "from_note",
    "pedals_old", "pedals_new", "pedals_differ",
)
# What differs between two notes, and its column with the most.
SIDES = (("onsets", "onset_ms", "ms"), ("velocities", "velocity", ""), ("releases", "release_ms", "ms"))


def perform(program, options, arguments, folder):
    command = [str(program), "perform", *arguments, "--device", "cpu", "--exact", *options]
    environment = {name: value for name, value in os.environ.items() if name != "ESPRESSIVO_MODELS"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stderr}")


def contents(path):
    """Notes as (pitch, onset, release, velocity) and pedals as (controller, time, value), in ms, in order."""
    file = mido.MidiFile(path)
    notes, pedals, down, now_ms = [], [], {}, 0.0
    for message in file:
        now_ms += 1000.0 * message.time
        if message.type == "note_on" and message.velocity > 0:
            down.setdefault((message.channel, message.note), []).append((now_ms, message.velocity))
        elif message.type in ("note_off", "note_on"):
            starts = down.get((message.channel, message.note))
            if starts:
                onset_ms, velocity = starts.pop(0)
                notes.append((message.note, onset_ms, now_ms, velocity))
        elif message.type == "control_change" and message.control in (64, 66, 67):
            pedals.append((message.control, now_ms, message.value))
    return sorted(notes, key=lambda note: (note[1], note[0])), pedals


def of_pitch(notes):
    by_pitch = {}
    for note in notes:
        by_pitch.setdefault(note[0], []).append(note)
    return by_pitch


def paired(old, new):
    """Pairs of notes of one pitch, in order of time. Where one take has more of a pitch than the other, those
    are left out without which the others are nearest in onset."""
    pairs, only_old, only_new = [], 0, 0
    new_of = of_pitch(new)
    for pitch, olds in of_pitch(old).items():
        news = new_of.pop(pitch, [])
        few, many = sorted((olds, news), key=len)
        while len(few) < len(many):
            def cost(left_out):
                rest = many[:left_out] + many[left_out + 1:]
                return sum(abs(a[1] - b[1]) for a, b in zip(few, rest))
            many = [note for k, note in enumerate(many) if k != min(range(len(many)), key=cost)]
        only_old += max(0, len(olds) - len(news))
        only_new += max(0, len(news) - len(olds))
        pairs += zip(*((few, many) if len(olds) <= len(news) else (many, few)))
    only_new += sum(map(len, new_of.values()))
    return sorted(pairs, key=lambda pair: (pair[0][1], pair[0][0])), only_old, only_new


def largest(values):
    return max(values, default=0.0)


def moved(pedals):
    """What the pedal does, without when, and when."""
    return [(controller, value) for controller, _, value in pedals], [time_ms for _, time_ms, _ in pedals]


def pedals_that_differ(old, new):
    (old_what, old_ms), (new_what, new_ms) = moved(old), moved(new)
    if old_what != new_what:
        return len(set(old) ^ set(new))
    return sum(abs(a - b) > SAME_MS for a, b in zip(old_ms, new_ms))


def tempo_factor(pairs):
    """The factor between all onsets, counted from the first; nothing if there is none."""
    first_old, first_new = pairs[0][0][1], pairs[0][1][1]
    spans = [(a[1] - first_old, b[1] - first_new) for a, b in pairs]
    longest = largest(a for a, _ in spans)
    ratios = [b / a for a, b in spans if a > longest / 2]
    factor = statistics.median(ratios) if ratios else 1.0
    # Both onsets are rounded to ticks, the factor as far as the longest span is known.
    is_one = all(abs(a * factor - b) <= 2 * TICK_MS for a, b in spans)
    return factor if is_one else None


def compare(old, new):
    """The figures of `COLUMNS` from `kind` on."""
    (old_notes, old_pedals), (new_notes, new_pedals) = old, new
    pairs, only_old, only_new = paired(old_notes, new_notes)
    onsets = [abs(a[1] - b[1]) for a, b in pairs]
    releases = [abs(a[2] - b[2]) for a, b in pairs]
    velocities = [abs(a[3] - b[3]) for a, b in pairs]
    differs = [onset > SAME_MS or release > SAME_MS or velocity > 0
               for onset, release, velocity in zip(onsets, releases, velocities)]
    pedals = pedals_that_differ(old_pedals, new_pedals)
    first = differs.index(True) if True in differs else None
    factor = tempo_factor(pairs) if pairs else None
    is_whole = only_old == only_new == 0
    if is_whole and first is None:
        kind = "pedal" if pedals else "equal"
    elif is_whole and not any(velocities) and largest(onsets) <= SAME_MS:
        kind = "releases"
    elif is_whole and not any(velocities) and factor is not None:
        kind = "tempo"
    elif is_whole and first >= 0.9 * len(pairs):
        kind = "end"
    else:
        kind = "other"
    return {
        "kind": kind,
        "notes_old": len(old_notes),
        "notes_new": len(new_notes),
        "only_old": only_old,
        "only_new": only_new,
        "onsets": sum(onset > SAME_MS for onset in onsets),
        "onset_ms": round(largest(onsets), 1),
        "velocities": sum(velocity > 0 for velocity in velocities),
        "velocity": largest(velocities),
        "releases": sum(release > SAME_MS for release in releases),
        "release_ms": round(largest(releases), 1),
        "tempo_factor": "" if factor is None else round(factor, 4),
        "from_note": "" if first is None else first + 1,
        "pedals_old": len(old_pedals),
        "pedals_new": len(new_pedals),
        "pedals_differ": pedals,
    }


def in_words(found):
    """What differs, in words."""
    if found["kind"] == "equal":
        return "equal"
    words = [f"{found['kind']}:"]
    if found["only_old"] or found["only_new"]:
        words.append(f"{found['only_old']} notes in the old one only, {found['only_new']} in the new one;")
    sides = [
        f"{found[count]} {count} by {found[most]} {unit} at most".replace("  ", " ")
        for count, most, unit in SIDES
        if found[count]
    ]
    if sides:
        words.append(f"of {found['notes_old']} notes, from the {found['from_note']}. on, {', '.join(sides)};")
    if found["pedals_differ"]:
        both = f"{found['pedals_old']} old, {found['pedals_new']} new"
        words.append(f"{found['pedals_differ']} movements of the pedal, {both};")
    if found["kind"] == "tempo":
        words.append(f"factor {found['tempo_factor']};")
    return " ".join(words).rstrip(";")


def takes(program, options, given, folder):
    for score in sorted((ROOT / "scores").glob("*.musicxml")):
        for performer in given.performers:
            for seed in given.seeds:
                plain = folder / f"{score.stem}-{performer}-{seed}.mid"
                for variant, more in VARIANTS.items():
                    out = plain if variant == "plain" else folder / f"{plain.stem}-{variant.replace(' ', '-')}.mid"
                    more = ["--bars", "5-8", "--of", str(plain)] if more is None else more
                    own = [str(score), "--performer", performer, "--seed", str(seed), "-o", str(out)]
                    perform(program, options, own + more, folder)
                    yield (variant, performer, score.stem, seed), contents(out)


def counted(title, rows):
    """How many takes of each kind there are, for each name."""
    table = {}
    for name, kind in rows:
        kinds = table.setdefault(name, {})
        kinds[kind] = kinds.get(kind, 0) + 1
    print(f"\n{title}")
    for name, kinds in table.items():
        print(f"  {name:28} " + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=pathlib.Path)
    parser.add_argument("new", type=pathlib.Path)
    parser.add_argument("--old-option", action="append", default=[], help="given to the old program alone")
    parser.add_argument("--new-option", action="append", default=[], help="given to the new program alone")
    parser.add_argument("--performers", nargs="+", default=PERFORMERS)
    parser.add_argument("--seeds", nargs="+", type=int, default=SEEDS)
    parser.add_argument("--csv", type=pathlib.Path, help="writes a row a take")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folders = [pathlib.Path(folder) / name for name in ("old", "new")]
        for each in folders:
            each.mkdir()
        old = dict(takes(given.old.resolve(), given.old_option, given, folders[0]))
        new = dict(takes(given.new.resolve(), given.new_option, given, folders[1]))
    found = {key: compare(take, new[key]) for key, take in old.items()}
    for (variant, performer, score, seed), figures in found.items():
        print(f"{variant:9} {performer:9} {score:28} seed {seed}: {in_words(figures)}")
    counted("By variant and performer", ((f"{key[0]}, {key[1]}", each["kind"]) for key, each in found.items()))
    counted("By score", ((key[2], each["kind"]) for key, each in found.items()))
    if given.csv:
        with given.csv.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows([*key, *(each[name] for name in COLUMNS[4:])] for key, each in found.items())
    sys.exit(0 if all(each["kind"] == "equal" for each in found.values()) else 1)


if __name__ == "__main__":
    main()
