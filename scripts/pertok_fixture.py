"""PerTok of MidiTok: what `cadenza::pertok` is checked against.

    pip install miditok symusic numpy
    python scripts/pertok_fixture.py fixture       # writes systems/cadenza/tests/fixtures/pertok.json.gz
    python scripts/pertok_fixture.py table DATA    # vocabularies and mean lengths, on the data folder

`fixture` cuts the scores of `scores/` into four bars each, in the order of the page. Each is taken as
written and in variations: transposed, with other velocities, each note played a little early or late. Every
excerpt is told in several settings. Beside them stand small pieces on which MidiTok goes wrong, with what
it makes of its own tokens.

`table` takes four bars each of the scores of DATA/asap, as `espressivo evaluate pertok` does, and prints
REMI, TSD and Structured beside PerTok. Their settings are MidiTok's own, on the keys of a piano.
"""

import array
import gzip
import json
import random
import sys
import warnings
import xml.etree.ElementTree as ET
from fractions import Fraction as F
from importlib.metadata import version
from pathlib import Path

from miditok import REMI, TSD, PerTok, Structured, TokenizerConfig
from symusic import Note, Score, TimeSignature, Track

warnings.filterwarnings("ignore")

ROOT = Path(__file__).resolve().parent.parent
FIXTURE = ROOT / "systems" / "cadenza" / "tests" / "fixtures" / "pertok.json.gz"
BARS = 4
TICKS = 960  # a quarter, of the excerpts; settings have fewer, and ticks are rounded down
VARIATIONS = 4
SPECIAL = ["PAD", "BOS", "EOS", "MASK"]
KEYS = (21, 108)
COMMON = {"beats": 4, "beat_type": 4}

# The settings, as `cadenza::pertok::Config` reads them.
DEFAULT = {
    "ticks_per_quarter": 320,
    "grids": [{"from": 0, "to": 4, "steps": 4}, {"from": 0, "to": 4, "steps": 3}],
    "places": "time_shift",
    "micro_timing": {"max_shift_quarters": 0.125, "bins": 30},
    "velocities": 32,
    "durations": True,
    "pitches": list(KEYS),
    "time_signatures": [],
    "metre": COMMON,
}
SETTINGS = {
    "default": DEFAULT,
    "positions": {
        **DEFAULT,
        "ticks_per_quarter": 480,
        "grids": [{"from": 0, "to": 4, "steps": 8}],
        "places": "position",
        "micro_timing": {"max_shift_quarters": 0.0625, "bins": 20},
        "velocities": 16,
        "pitches": [0, 127],
    },
    "written": {
        **DEFAULT,
        "ticks_per_quarter": 480,
        "grids": [{"from": 0, "to": 4, "steps": 3}, {"from": 0, "to": 6, "steps": 4}],
        "micro_timing": None,
        "velocities": None,
        "durations": False,
    },
    "metres": {
        **DEFAULT,
        "ticks_per_quarter": 480,
        "grids": [{"from": 0, "to": 4, "steps": 6}, {"from": 0, "to": 8, "steps": 4}],
        "micro_timing": {"max_shift_quarters": 0.1, "bins": 25},
        "velocities": 127,
        "time_signatures": [{"beats": n, "beat_type": 4} for n in (2, 3, 4)],
    },
}


def grids(settings):
    """MidiTok's `beat_res`. A dictionary has each key once, so a range that is there is cut in two."""
    ranges = {}
    for grid in settings["grids"]:
        key = (grid["from"], grid["to"])
        if key in ranges:
            middle = grid["from"] + 1
            ranges[grid["from"], middle] = ranges[middle, grid["to"]] = grid["steps"]
        else:
            ranges[key] = grid["steps"]
    return ranges


def pertok(settings):
    """MidiTok's tokenizer of some settings."""
    micro_timing, velocities = settings["micro_timing"], settings["velocities"]
    metres = {}
    for metre in settings["time_signatures"]:
        metres.setdefault(metre["beat_type"], []).append(metre["beats"])
    return PerTok(
        TokenizerConfig(
            pitch_range=tuple(settings["pitches"]),
            beat_res=grids(settings),
            num_velocities=velocities or 32,
            special_tokens=SPECIAL,
            use_velocities=velocities is not None,
            use_note_duration_programs=[0] if settings["durations"] else [],
            use_time_signatures=bool(metres),
            **({"time_signature_range": metres} if metres else {}),
            use_pitchdrum_tokens=False,
            ticks_per_quarter=settings["ticks_per_quarter"],
            use_microtiming=micro_timing is not None,
            max_microtiming_shift=micro_timing["max_shift_quarters"] if micro_timing else 0,
            num_microtiming_bins=micro_timing["bins"] if micro_timing else 1,
            use_position_toks=settings["places"] == "position",
        )
    )


def music(notes, metres, ticks):
    """A score of one track; notes are (onset, duration, pitch, velocity), in the order of onset, pitch."""
    score = Score(ticks)
    score.time_signatures.extend([TimeSignature(at, beats, beat) for at, beats, beat in metres])
    track = Track(program=0)
    order = sorted(notes, key=lambda note: (note[0], note[2], note[1], note[3]))
    track.notes.extend([Note(*note) for note in order])
    score.tracks.append(track)
    return score


def encode(tokenizer, notes, metres, ticks):
    return tokenizer.encode(music(notes, metres, ticks))[0].ids


def scaled(notes, ticks):
    """Notes in other ticks, rounded down."""
    return [
        (onset * ticks // TICKS, max(duration * ticks // TICKS, 1), pitch, velocity)
        for onset, duration, pitch, velocity in notes
    ]


def written(path):
    """The notes of each bar of one of our MusicXML files (ties merged, grace notes left out) and the metre.

    Times are quarters, from the bar line; in a pick-up from that of its full bar."""
    bars, tied, divisions, metre = [], {}, 1, (4, 4)
    steps = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    for measure in ET.parse(path).iter("measure"):
        notes, at, longest, before = [], F(0), F(0), F(0)
        for item in measure:
            length = F(int(item.findtext("duration", "0")), divisions)
            if item.tag == "attributes":
                divisions = int(item.findtext("divisions", str(divisions)))
                if item.find("time") is not None:
                    metre = (int(item.findtext("time/beats")), int(item.findtext("time/beat-type")))
            elif item.tag == "backup":
                at -= length
            elif item.tag == "forward":
                at += length
            elif item.tag == "note" and item.find("grace") is None:
                onset = before if item.find("chord") is not None else at
                before, at = onset, onset + length
                if item.find("pitch") is None:
                    continue
                octave, alter = int(item.findtext("pitch/octave")), int(item.findtext("pitch/alter", "0"))
                pitch = 12 * (octave + 1) + steps[item.findtext("pitch/step")] + alter
                ties = {tie.get("type") for tie in item.iter("tie")}
                if "stop" in ties and pitch in tied:
                    tied[pitch][1] += length
                else:
                    notes.append([onset, length, pitch])
                    tied[pitch] = notes[-1]
                if "start" not in ties:
                    tied.pop(pitch, None)
            longest = max(longest, at)
        full = F(4 * metre[0], metre[1])
        if not bars and longest < full:
            for note in notes:
                note[0] += full - longest
        bars.append((notes, metre))
    return bars


def excerpts():
    """Four bars each, as written and varied."""
    chance = random.Random(18)
    for path in sorted((ROOT / "scores").glob("*.musicxml")):
        bars = written(path)
        for first in range(0, len(bars) - BARS + 1, BARS):
            metre = bars[first][1]
            length = F(4 * metre[0], metre[1])
            plain = [
                (int((k * length + onset) * TICKS), int(duration * TICKS), pitch, 64)
                for k, (notes, _) in enumerate(bars[first : first + BARS])
                for onset, duration, pitch in notes
            ]
            for variation in range(VARIATIONS):
                by = chance.randint(-5, 6) if variation else 0
                off = [0, 30, 60, 110][variation]
                notes = [
                    (
                        max(onset + chance.randint(-off, off), 0),
                        max(duration - chance.randint(0, off), 1),
                        pitch + by,
                        chance.randint(20, 110) if variation else velocity,
                    )
                    for onset, duration, pitch, velocity in plain
                ]
                name = f"{path.stem}, bars from {first + 1}, variation {variation}"
                yield {"name": name, "metre": metre, "notes": sorted(notes)}


def fault(name, settings, notes, metres):
    """What MidiTok makes of notes, and of its own tokens. Notes are told in the settings' ticks."""
    tokenizer, ticks = pertok(settings), settings["ticks_per_quarter"]
    sequence = tokenizer.encode(music(notes, metres, ticks))
    tokens = sequence[0].tokens
    decoded = tokenizer.decode(sequence)  # which changes the sequence
    return {
        "name": name,
        "settings": settings,
        "notes": notes,
        "metres": metres,
        "tokens": tokens,
        "onsets": [note.time for track in decoded.tracks for note in track.notes],
    }


def faults():
    """Small pieces on which MidiTok goes wrong."""
    told = {**DEFAULT, "velocities": None, "durations": False}
    metres = [(4, 4), (3, 4), (6, 4), (3, 8), (2, 2)]
    metres = {**told, "time_signatures": [{"beats": n, "beat_type": d} for n, d in metres]}
    steps = [(320 * k, 160, 60 + k, 64) for k in range(10)]
    eighths = [(160 * k, 160, 60 + k, 64) for k in range(7)]
    late = [(92, 80, 60, 64), (94, 80, 64, 64)]
    early = [(0, 80, 60, 64), (950, 80, 62, 64), (1280, 80, 64, 64)]
    far = [(0, 80, 60, 64), (1760, 80, 62, 64)]
    return [
        fault("near positions", {**told, "places": "position"}, late, []),
        fault("eighths as beats", metres, eighths, [(0, 3, 8)]),
        fault("halves as beats", metres, steps, [(0, 2, 2)]),
        fault("change of metre", metres, steps, [(0, 3, 4), (960, 4, 4)]),
        fault("early note at a change", metres, early, [(0, 3, 4), (960, 4, 4)]),
        fault("long silence", metres, far, [(0, 6, 4)]),
    ]


def fixture():
    all_excerpts = list(excerpts())
    told = []
    for name, settings in SETTINGS.items():
        tokenizer, ticks = pertok(settings), settings["ticks_per_quarter"]
        tells_metre = bool(settings["time_signatures"])
        ids = [
            None
            if tells_metre and excerpt["metre"][1] != 4
            else encode(tokenizer, scaled(excerpt["notes"], ticks), [(0, *excerpt["metre"])], ticks)
            for excerpt in all_excerpts
        ]
        vocabulary = sorted(tokenizer.vocab, key=tokenizer.vocab.get)
        told.append({"name": name, "settings": settings, "vocabulary": vocabulary, "ids": ids})
        count = sum(tokens is not None for tokens in ids)
        print(f"{name}: {len(vocabulary)} tokens, {count} excerpts of {len(all_excerpts)}")
    numbers = {
        "miditok": version("miditok"),
        "ticks_per_quarter": TICKS,
        "excerpts": all_excerpts,
        "told": told,
        "faults": faults(),
    }
    text = json.dumps(numbers, separators=(",", ":"))
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{FIXTURE}: {FIXTURE.stat().st_size} bytes")
    for case in numbers["faults"]:
        print(case["name"], *case["tokens"], "decoded", case["onsets"], "of", [n[0] for n in case["notes"]])


def of_data(data, ticks):
    """Four bars of four quarters each, cut from the scores of the split `valid` as `espressivo evaluate
    pertok` cuts them: notes without grace notes, in ticks, all with one velocity."""
    folder = Path(data) / "asap"
    index = json.loads((folder / "valid.json").read_text())
    raw = gzip.decompress((folder / "valid.bin.gz").read_bytes())
    codes = {"f32": "f", "u16": "H", "u8": "B"}

    def column(name):
        place = index["columns"][name]
        values = array.array(codes[place["type"]])
        end = place["offset"] + place["count"] * values.itemsize
        values.frombytes(raw[place["offset"] : end])
        return values

    names = ("onset_q", "dur_q", "bar", "ts_num", "ts_den", "pitch", "flags")
    onset, duration, bar, beats, beat_type, pitch, flags = map(column, names)
    for score in index["scores"]:
        bars, rows = score["bars"], range(score["first"], score["first"] + score["count"])
        full = {bar[row]: 4 * beats[row] / beat_type[row] for row in rows}
        for first in range(0, len(bars) - BARS + 1, BARS):
            chosen = range(first, first + BARS)
            lengths = [bars[k][1] - bars[k][0] for k in chosen]
            if set(lengths) != {4} or any(full.get(k, 4) != 4 for k in chosen):
                continue
            start = bars[first][1] - 4
            notes = [
                (
                    max(int((onset[row] - start) * ticks + 0.5), 0),
                    max(int(duration[row] * ticks + 0.5), 1),
                    pitch[row],
                    64,
                )
                for row in rows
                if bar[row] in chosen and not flags[row] & 1
            ]
            if notes:
                yield notes


def table(data):
    """Prints vocabulary (without special tokens) and mean tokens of an excerpt."""
    common = {"pitch_range": KEYS, "num_velocities": 32, "special_tokens": SPECIAL}
    common["use_pitchdrum_tokens"] = False
    unplayed = {**DEFAULT, "micro_timing": None, "velocities": None}
    tokenizers = {
        "REMI": REMI(TokenizerConfig(**common)),
        "TSD": TSD(TokenizerConfig(**common)),
        "Structured": Structured(TokenizerConfig(**common)),
        "PerTok": pertok(unplayed),
        "PerTok, played": pertok(DEFAULT),
        "PerTok without durations": pertok({**unplayed, "durations": False}),
    }
    ticks = DEFAULT["ticks_per_quarter"]
    all_excerpts = list(of_data(data, ticks))
    count = len(all_excerpts)
    print(f"{count} excerpts, {sum(map(len, all_excerpts)) / count:.1f} notes each")
    means = {}
    for name, tokenizer in tokenizers.items():
        lengths = [len(encode(tokenizer, notes, [(0, 4, 4)], ticks)) for notes in all_excerpts]
        means[name] = sum(lengths) / count
        size = len(tokenizer.vocab) - len(SPECIAL)
        print(f"{name:26}{size:6}{means[name]:9.1f}{means[name] / means['REMI']:7.3f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["fixture"]:
            fixture()
        case ["table", data]:
            table(data)
        case _:
            sys.exit(__doc__)
