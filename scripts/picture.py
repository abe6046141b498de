"""Draws docs/performance.svg: a score played deadpan and by PianoFlow, from two MIDI files.

    espressivo export SCORE --exact -o deadpan.mid
    espressivo perform SCORE --exact -o pianoflow.mid
    python scripts/picture.py deadpan.mid pianoflow.mid docs/performance.svg

Needs mido. Notes are coloured by velocity; the curve is the tempo from beat to beat.
"""

import sys

import mido

WIDTH, ROLL, CURVE, LEFT, GAP = 1100, 190, 70, 90, 26
INK, GRID = "#2d3142", "#d9dce3"


def notes_of(path):
    """(seconds, seconds, pitch, velocity) of every note."""
    now, down, out = 0.0, {}, []
    for message in mido.MidiFile(path):
        now += message.time
        if message.type == "note_on" and message.velocity:
            down.setdefault((message.channel, message.note), []).append((now, message.velocity))
        elif message.type in ("note_off", "note_on"):
            started = down.get((message.channel, message.note))
            if started:
                start, velocity = started.pop(0)
                out.append((start, now, message.note, velocity))
    return sorted(out)


def colour(velocity):
    """Blue and soft to red and loud."""
    x = min(max((velocity - 20) / 90, 0), 1)
    return f"hsl({230 - 230 * x:.0f},70%,{58 - 8 * x:.0f}%)"


def onsets_of(notes):
    """Starts that are at least 60 ms apart: chords count once."""
    out = []
    for start, *_ in notes:
        if not out or start - out[-1] > 0.06:
            out.append(start)
    return out


def panel(name, notes, reference, top):
    end = max(n[1] for n in notes)
    low, high = min(n[2] for n in notes) - 1, max(n[2] for n in notes) + 1
    x = lambda t: LEFT + t / end * (WIDTH - LEFT - 10)
    y = lambda p: top + ROLL - (p - low) / (high - low) * ROLL
    parts = [f'<text x="10" y="{top + 16}" class="name">{name}</text>']
    for second in range(0, int(end) + 1, 10):
        parts.append(f'<path d="M{x(second):.1f} {top}v{ROLL + CURVE}" stroke="{GRID}"/>')
        parts.append(f'<text x="{x(second) + 3:.1f}" y="{top + ROLL + CURVE - 3}" class="tick">{second} s</text>')
    for start, stop, pitch, velocity in notes:
        width = max(x(stop) - x(start), 1.5)
        parts.append(f'<rect x="{x(start):.1f}" y="{y(pitch):.1f}" width="{width:.1f}" height="4" rx="1" '
                     f'fill="{colour(velocity)}"/>')
    points = []
    by_order = list(zip(reference, notes))
    last = None
    for (written, *_), (played, *_) in by_order:
        if last is None:
            last = (written, played)
        elif written - last[0] > 1.0 and played > last[1]:
            ratio = (written - last[0]) / (played - last[1])
            level = top + ROLL + CURVE / 2 - (ratio - 1) * CURVE / 2
            level = min(max(level, top + ROLL + 4), top + ROLL + CURVE - 4)
            points.append(f"{x((played + last[1]) / 2):.1f},{level:.1f}")
            last = (written, played)
    parts.append(f'<text x="10" y="{top + ROLL + CURVE / 2:.0f}" class="tick">tempo</text>')
    parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{INK}" stroke-width="1.5"/>')
    return "\n".join(parts)


def main(deadpan, played, target):
    literal, alive = notes_of(deadpan), notes_of(played)
    key = lambda n: n[2]
    # The k-th note of a pitch is the k-th: that pairs the two files for the tempo curve.
    order = sorted(range(len(literal)), key=lambda k: (key(literal[k]), literal[k][0]))
    other = sorted(range(len(alive)), key=lambda k: (key(alive[k]), alive[k][0]))
    paired = sorted((literal[a], alive[b]) for a, b in zip(order, other))
    literal, alive = [p[0] for p in paired], [p[1] for p in paired]
    height = 2 * (ROLL + CURVE) + 3 * GAP
    body = [panel("Deadpan", literal, literal, GAP), panel("PianoFlow", alive, literal, ROLL + CURVE + 2 * GAP)]
    style = f".name{{font:600 14px sans-serif;fill:{INK}}}.tick{{font:10px sans-serif;fill:#7a8090}}"
    svg = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"><style>{style}</style>'
           f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n' + "\n".join(body) + "\n</svg>\n")
    with open(target, "w") as file:
        file.write(svg)


if __name__ == "__main__":
    main(*sys.argv[1:])
