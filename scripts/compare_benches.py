#!/usr/bin/env python3
"""Runs the benchmarks of two checkouts by turns and compares their figures.

    git worktree add ../before 066679a
    scripts/compare_benches.py ../before . --runs 3
    scripts/compare_benches.py ../before . musicxml codec

Both are built first, each into a folder of its own (`target` in the checkout, else `--old-target` and
`--new-target`, for which the folder of a build that is there saves an hour); then each benchmark runs in the one and in the other, so often, and the best figure of either
counts, since other programs only make a machine slower. A row says by how much the new figure is worse
(positive) or better (negative); rows that are worse by more than 5 % are marked, and the program ends with 1.
Figures with a name that only one checkout prints are left out and counted. `window` measures the window and
needs what `cargo xtask setup` installs.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys

BENCHES = ("musicxml", "codec", "synthesis", "open", "frame", "pianoflow")
IN_MS = {"ps": 1e-9, "ns": 1e-6, "µs": 1e-3, "us": 1e-3, "ms": 1.0, "s": 1000.0}
SPEEDS = ("notes/s", "times")
FIGURE = re.compile(r"(?<![\w.])(\d[\d.,]*)\s?(notes/s|times|ps|ns|µs|us|ms|s)(?![\w/])")
WORSE = 0.05
# What figures of 066679a are called today: it timed all networks of the model where one is timed now, too.
RENAMED = (
    (r"one window of (.*) steps$", "all networks of the model, the same window"),
    (r"a piece of 1,000 notes, (\d+) steps$", r"a piece of 1,000 notes, the model as it is, \1 steps"),
)


def run(checkout, target, *arguments):
    environment = dict(os.environ, CARGO_TARGET_DIR=str(target))
    done = subprocess.run(["cargo", *arguments], cwd=checkout, env=environment, text=True, stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"{checkout}: cargo {' '.join(arguments)} failed")
    return done.stdout


def figures(output):
    """The first figure of each line by its name: what stands before it, or on the line above. Times are in
    ms, speeds are as they are; Criterion's and Divan's lines have the best or lowest first."""
    found, above = {}, ""
    for line in output.splitlines():
        words = line.strip(" │├╰─\t")
        match = FIGURE.search(words)
        if not match:
            above = words or above
            continue
        number, unit = match.groups()
        name = re.sub(r"\s+", " ", words[: match.start()]).strip(" :[")
        name = above if name in ("", "time") else name
        for pattern, today in RENAMED:
            name = re.sub("^" + pattern, today, name)
        value = float(number.replace(",", "")) * IN_MS.get(unit, 1.0)
        found.setdefault((name, unit in SPEEDS), value)
    return found


def best(one, other, is_speed):
    return max(one, other) if is_speed else min(one, other)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=pathlib.Path)
    parser.add_argument("new", type=pathlib.Path)
    parser.add_argument("benches", nargs="*", default=BENCHES, help="of " + ", ".join(BENCHES) + ", window")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--old-target", type=pathlib.Path)
    parser.add_argument("--new-target", type=pathlib.Path)
    given = parser.parse_args()
    sides = [
        (checkout.resolve(), (target or checkout / "target").resolve())
        for checkout, target in ((given.old, given.old_target), (given.new, given.new_target))
    ]
    named = [word for bench in given.benches if bench != "window" for word in ("--bench", bench)]
    for checkout, target in sides if named else ():
        run(checkout, target, "bench", "--workspace", "--no-run", *named)
    is_worse = False
    for bench in given.benches:
        command = ["xtask", "bench", bench] if bench == "window" else ["bench", "--workspace", "--bench", bench]
        kept = [{}, {}]
        for _ in range(given.runs):
            for side, (checkout, target) in zip(kept, sides):
                for name, value in figures(run(checkout, target, *command)).items():
                    side[name] = best(side.get(name, value), value, name[1])
        old, new = kept
        for name, is_speed in (key for key in old if key in new):
            before, now = old[name, is_speed], new[name, is_speed]
            loss = (before / now if is_speed else now / before) - 1.0
            mark = "  WORSE" if loss > WORSE else ""
            is_worse |= bool(mark)
            unit = "" if is_speed else " ms"
            print(f"{bench:10} {name:48} {before:12.4g} {now:12.4g}{unit:3} {100.0 * loss:+6.1f} %{mark}")
        alone = len(old.keys() ^ new.keys())
        if alone:
            print(f"{bench:10} {alone} figures are in one checkout only")
    sys.exit(1 if is_worse else 0)


if __name__ == "__main__":
    main()
