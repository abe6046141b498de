"""Prints how right the matchers of the package parangonar are on the recordings that our alignment is judged by.

    pip install parangonar==3.4
    cargo run --release -p alignment --example judge -- SAMPLES --write CASES
    python scripts/parangonar_f1.py SAMPLES CASES [--kinds undamaged,restarts] [--matchers dual,automatic]

SAMPLES is the folder `asap/samples` of the data folder. CASES has a folder for each kind of damage and in it a file
for each recording: its keys, and the score note that each was struck for; and a folder `scores` with the notes of
each piece. The package reads the score of a sample itself, of other pieces it gets these notes. A pair of note and key
counts as in `alignment::judge`: of the same pitch, and in damaged recordings whichever of equal bars it is in.
`espressivo evaluate alignment --parangonar PYTHON` runs it beside our alignment and prints both.
"""

import argparse
import csv
import json
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samples", type=pathlib.Path)
    parser.add_argument("cases", type=pathlib.Path)
    parser.add_argument("--kinds", default="", help="folders of CASES, separated by commas [default: all]")
    parser.add_argument("--matchers", default="dual,automatic", help="dual, automatic")
    parser.add_argument("--most-keys", type=int, default=10**9, help="leave longer recordings out")
    parser.add_argument("--every", type=int, default=1, help="only every Nth recording")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures of each kind into a file")
    options = parser.parse_args()
    folders = (path.name for path in options.cases.iterdir() if path.is_dir() and path.name != "scores")
    kinds = options.kinds.split(",") if options.kinds else sorted(folders)
    scores, equal, figures = {}, {}, []
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
                try:
                    right, secs = judge(matcher, scores[piece], keys, truth, names)
                except Exception as error:  # a matcher that fails has found nothing
                    print(f"{kind:<20} {matcher:<10} {path.stem}: {type(error).__name__}: {error}", flush=True)
                    right, secs = 0.0, 0.0
                done.append((right, secs, len(keys)))
                print(f"{kind:<20} {matcher:<10} {right:.4f} {len(keys):>6} {secs:8.2f} {path.stem}", flush=True)
        for matcher, done in rows.items():
            if done:
                f1s = [right for right, _, _ in done]
                speed = sum(keys for _, _, keys in done) / max(sum(secs for _, secs, _ in done), 1e-9)
                print(f"= {kind:<18} {matcher:<10} mean {np.mean(f1s):.4f} worst {min(f1s):.4f} of {len(done)}, "
                      f"{speed:.0f} keys/s", flush=True)
                figures.append({"kind": kind, "matcher": matcher, "count": len(done), "mean": float(np.mean(f1s)),
                                "worst": min(f1s), "keys_a_second": speed})
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
