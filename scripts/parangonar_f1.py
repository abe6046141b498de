"""Prints how right the matchers of the package parangonar are on the recordings that our alignment is judged by.

    pip install parangonar==3.4
    cargo run --release -p alignment --example judge -- SAMPLES --write CASES
    python scripts/parangonar_f1.py SAMPLES CASES [--kinds undamaged,restarts] [--matchers dual,automatic]
                                    [--time-limit SECONDS]

SAMPLES is the folder `asap/samples` of the data folder. CASES has a folder for each kind of damage and in it a file
for each recording: its keys, and the score note that each was struck for; and a folder `scores` with the notes of
each piece. The package reads the score of a sample itself, of other pieces it gets these notes. A pair of note and key
counts as in `alignment::judge`: of the same pitch, and in damaged recordings whichever of equal bars it is in.
A recording that a matcher does not finish within the time limit is counted apart and is in no mean.
`espressivo evaluate alignment --parangonar PYTHON` runs it beside our alignment and prints both.
"""

import argparse
import csv
import json
import multiprocessing
import pathlib
import time
import warnings

import numpy as np
import parangonar
import partitura

warnings.filterwarnings("ignore")

MATCHERS = {
    "dual": parangonar.DualDTWNoteMatcher,
    "automatic": parangonar.AutomaticNoteMatcher,
}

# Notes that a matcher aligns before it is timed.
WARM_UP_NOTES = 60


def score_notes(folder, rows):
    """The notes of a score, unfolded, with identifiers such as n12-1: of a file, else of the rows of CASES/scores."""
    if (folder / "xml_score.musicxml").is_file():
        score = partitura.load_musicxml(folder / "xml_score.musicxml", force_note_ids="keep")
        part = partitura.score.merge_parts(score)
        part = partitura.score.unfold_part_maximal(part, ignore_leaps=False)
        return part.note_array(include_grace_notes=True)
    divisions = 10080
    fields = [
        ("onset_beat", "f4"),
        ("duration_beat", "f4"),
        ("onset_quarter", "f4"),
        ("duration_quarter", "f4"),
        ("onset_div", "i4"),
        ("duration_div", "i4"),
        ("pitch", "i4"),
        ("voice", "i4"),
        ("id", "U256"),
        ("is_grace", "b"),
        ("grace_type", "U256"),
        ("divs_pq", "i4"),
    ]
    notes = []
    for row in rows:
        onset, duration, grace = float(row["onset"]), float(row["duration"]), row["grace"] == "1"
        divs = (round(divisions * onset), round(divisions * duration))
        kind = "grace" if grace else ""
        notes.append(
            (onset, duration, onset, duration, *divs, int(row["pitch"]), int(row["voice"]), row["id"], grace, kind, divisions)
        )
    return np.array(notes, dtype=fields)


def read_rows(path):
    """The rows of a file whose columns are separated by tabs."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def recorded_notes(path):
    """The keys of a case and the score note of each: none for keys that are struck for no note as it is written."""
    rows = read_rows(path)
    fields = [
        ("onset_sec", "f4"),
        ("duration_sec", "f4"),
        ("pitch", "i4"),
        ("velocity", "i4"),
        ("track", "i4"),
        ("channel", "i4"),
        ("id", "U16"),
    ]
    keys = [
        (float(r["onset"]), float(r["duration"]), int(r["pitch"]), int(r["velocity"]), 0, 0, f"p{k}")
        for k, r in enumerate(rows)
    ]
    truth = [None if r["note"] == "-" or r["note"].startswith("!") else r["note"] for r in rows]
    return np.array(keys, dtype=fields), truth


def f1(found, truth, names):
    """F1 of the pairs; notes with the same name are the same."""
    name = lambda note: names.get(note, note)
    wanted = sum(note is not None for note in truth)
    right = sum(truth[key] is not None and name(truth[key]) == name(note) for note, key in found)
    return 2 * right / max(wanted + len(found), 1)


def judge(matcher, score, keys, truth, names):
    """F1 and seconds of a matcher."""
    start = time.perf_counter()
    pairs = MATCHERS[matcher]()(score, keys)
    secs = time.perf_counter() - start
    pitches = dict(zip(score["id"], score["pitch"]))
    found = [
        (pair["score_id"], int(str(pair["performance_id"])[1:])) for pair in pairs if pair["label"] == "match"
    ]
    found = [(note, key) for note, key in found if pitches[note] == keys["pitch"][key]]
    return f1(found, truth, names), secs


def warm_up(matcher, score, keys):
    """Lets a matcher align a few notes, so that what it compiles is compiled before the first recording is timed."""
    try:
        MATCHERS[matcher]()(score[:WARM_UP_NOTES], keys[:WARM_UP_NOTES])
    except Exception as error:  # so few notes may be too few for it
        print(f"{matcher}: no warm-up: {type(error).__name__}", flush=True)


def judge_into(connection, *work):
    """Sends what `judge` finds, or what went wrong."""
    try:
        connection.send(judge(*work))
    except Exception as error:
        connection.send(f"{type(error).__name__}: {error}")
    connection.close()


def judge_within(limit, *work):
    """F1 and seconds of a matcher in a process of its own, which is ended at the time limit; none then. A matcher that
    fails has found nothing: the third is what it said."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=judge_into, args=(theirs, *work))
    start = time.perf_counter()
    process.start()
    theirs.close()
    answer = None
    if ours.poll(limit):
        try:
            answer = ours.recv()
        except EOFError:
            answer = "the process ended without an answer"
    else:
        process.kill()
    process.join()
    secs = time.perf_counter() - start
    if answer is None:
        return None, secs, f"not finished within {limit:g} s"
    if isinstance(answer, str):
        return 0.0, secs, answer
    return *answer, ""


def arguments():
    """What the program is told."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samples", type=pathlib.Path)
    parser.add_argument("cases", type=pathlib.Path)
    parser.add_argument("--kinds", default="", help="folders of CASES, separated by commas [default: all]")
    parser.add_argument("--matchers", default="dual,automatic", help="dual, automatic")
    parser.add_argument("--most-keys", type=int, default=10**9, help="leave longer recordings out")
    parser.add_argument("--every", type=int, default=1, help="only every Nth recording")
    parser.add_argument("--time-limit", type=float, help="seconds for a recording [default: as long as it takes]")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures of each kind into a file")
    return parser.parse_args()


def main():
    options = arguments()
    folders = (path.name for path in options.cases.iterdir() if path.is_dir() and path.name != "scores")
    kinds = options.kinds.split(",") if options.kinds else sorted(folders)
    scores, equal, figures, warm = {}, {}, [], set()
    for kind in kinds:
        rows = {matcher: [] for matcher in options.matchers.split(",")}
        for path in sorted((options.cases / kind).glob("*.tsv"))[:: options.every]:
            keys, truth = recorded_notes(path)
            if len(keys) > options.most_keys:
                continue
            piece = path.stem.rsplit("__", 1)[0]
            if piece not in scores:
                rows_of_score = read_rows(options.cases / "scores" / f"{piece}.tsv")
                scores[piece] = score_notes(options.samples / piece, rows_of_score)
                equal[piece] = {row["id"]: row["name"] for row in rows_of_score}
            names = {} if kind == "undamaged" else equal[piece]
            for matcher, done in rows.items():
                if matcher not in warm:
                    warm_up(matcher, scores[piece], keys)
                    warm.add(matcher)
                work = (matcher, scores[piece], keys, truth, names)
                right, secs, problem = judge_within(options.time_limit, *work)
                done.append({"name": path.stem, "keys": len(keys), "f1": right, "secs": secs})
                told = "   -  " if right is None else f"{right:.4f}"
                print(f"{kind:<20} {matcher:<10} {told} {len(keys):>6} {secs:8.2f} {path.stem} {problem}", flush=True)
        for matcher, done in rows.items():
            figures.append({"kind": kind, "matcher": matcher, "rows": done})
            finished = [row for row in done if row["f1"] is not None]
            if finished:
                f1s = [row["f1"] for row in finished]
                secs = sum(row["secs"] for row in finished)
                speed = sum(row["keys"] for row in finished) / max(secs, 1e-9)
                print(f"= {kind:<18} {matcher:<10} mean {np.mean(f1s):.4f} worst {min(f1s):.4f} of {len(finished)} "
                      f"({len(done) - len(finished)} not finished), {secs:.1f} s, {speed:.0f} keys/s", flush=True)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
