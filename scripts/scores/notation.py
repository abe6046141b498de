"""A small language for writing piano music by hand, and its MusicXML 4.0 writer.

A piece is a list of bars; a bar is a text with one line for each voice:

    R:  e5:4.( d5:8) | never mind bar lines here, each bar is a text of its own
    L:  \\p c3+g3:2

Voices: R, R2, R3 (upper staff), L, L2, L3 (lower staff). A line holds tokens:

    c4  f#4  b-3      pitch and octave (c4 is middle c), # sharp, - flat, ## and -- double
    c4+e4+g4          chord
    r  s              rest, invisible rest
    :8 :4. :16        length, kept until the next one is given; :bar is a whole bar
    ~ ( ) ' > _ @ %   after the length: tie on, slur on, slur off, staccato, accent, tenuto,
                      fermata, arpeggio; ^ is a strong accent
    !turn !trill !mordent !inverted !breath
    *c5:8  **c5:8     grace note with a slash, without a slash
    <3:2  >           tuplet on, off
    \\p \\mf \\sfz ...    dynamics             \\< \\> \\!    hairpin on, on, off
    \\ped \\up          pedal down, up        "text"       words
    \\tempo=8:72       a metronome mark
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction as F
from math import lcm
from xml.sax.saxutils import escape

TYPES = {1: "whole", 2: "half", 4: "quarter", 8: "eighth", 16: "16th", 32: "32nd", 64: "64th"}
VOICES = {"R": (1, 1), "R2": (1, 2), "R3": (1, 3), "L": (2, 5), "L2": (2, 6), "L3": (2, 7)}
STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
DYNAMICS = {"ppp", "pp", "p", "mp", "mf", "f", "ff", "fff", "sf", "sfz", "fp", "fz", "rf"}
ORNAMENTS = {
    "turn": "<turn/>",
    "trill": "<trill-mark/>",
    "mordent": "<mordent/>",
    "inverted": "<inverted-mordent/>",
}
NOTE = re.compile(
    r"^(?P<grace>\*{0,2})(?P<pitches>r|s|[a-g](?:#{1,2}|-{1,2})?\d(?:\+[a-g](?:#{1,2}|-{1,2})?\d)*)"
    r"(?::(?P<dur>bar|\d+\.{0,2}))?(?P<marks>[~()'>_@%^]*)(?P<orn>(?:![a-z]+)*)$"
)
TOKEN = re.compile(r'"[^"]*"|\S+')


@dataclass
class Bar:
    """One written bar."""

    voices: dict[str, str]
    number: str = ""
    length: F | None = None
    implicit: bool = False
    time: tuple[int, int] | None = None
    key: int | None = None
    tempo: tuple[str, str, float] | None = None
    repeat_start: bool = False
    repeat_end: bool = False
    ending: str = ""
    ending_open: bool = False
    final: bool = False
    double: bool = False
    fine: bool = False
    da_capo: bool = False


@dataclass
class Piece:
    """A piece and how it is laid out."""

    title: str
    composer: str
    key: int
    time: tuple[int, int]
    name: str
    minor: bool = False
    bars: list[Bar] = field(default_factory=list)
    opus: str = ""

    def bar(self, text: str, **options) -> Bar:
        """Adds a bar; `text` has a line for each voice."""
        voices = {}
        for line in text.strip().splitlines():
            name, _, tokens = line.strip().partition(":")
            if name not in VOICES:
                raise ValueError(f"{self.title}: no voice {name!r} in {line!r}")
            voices[name] = tokens.strip()
        bar = Bar(voices, **options)
        self.bars.append(bar)
        return bar


def duration(text: str, bar_length: F) -> tuple[F, str, int]:
    """Quarters, note type and dots of a length such as `8.`."""
    if text == "bar":
        return bar_length, "", 0
    value = int(text.rstrip("."))
    dots = len(text) - len(str(value))
    length = F(4, value) * (2 - F(1, 2**dots))
    return length, TYPES[value], dots


def pitch_xml(text: str) -> str:
    """The `<pitch>` of `f#4`."""
    step, octave = text[0], text[-1]
    alter = text[1:-1].count("#") - text[1:-1].count("-")
    alter = f"<alter>{alter}</alter>" if alter else ""
    return f"<pitch><step>{step.upper()}</step>{alter}<octave>{octave}</octave></pitch>"


def direction(body: str, staff: int, placement: str = "", sound: str = "") -> str:
    """A `<direction>`."""
    place = f' placement="{placement}"' if placement else ""
    return (
        f"<direction{place}><direction-type>{body}</direction-type><staff>{staff}</staff>{sound}</direction>"
    )


def metronome(unit: str, per_minute: float) -> tuple[str, float]:
    """The `<metronome>` element and its quarters per minute."""
    length, kind, dots = duration(unit, F(4))
    quarters = float(per_minute * length)
    dot = "<beat-unit-dot/>" * dots
    mark = f"<metronome><beat-unit>{kind}</beat-unit>{dot}<per-minute>{per_minute:g}</per-minute></metronome>"
    return mark, quarters


class Writer:
    """Turns a piece into MusicXML."""

    def __init__(self, piece: Piece):
        self.piece = piece
        self.time = piece.time
        self.ties: dict[str, set[str]] = {}
        self.slurs: dict[str, list[int]] = {}
        self.lengths: set[int] = {1}
        self.wedge: dict[int, bool] = {}

    def write(self) -> str:
        """The whole document."""
        # Two passes: the first only collects the divisions that the lengths need.
        self.divisions = 5040
        self.measures()
        self.divisions = lcm(*self.lengths)
        self.ties, self.slurs, self.time = {}, {}, self.piece.time
        body = "".join(self.measures())
        p = self.piece
        work = f"<work><work-number>{escape(p.opus)}</work-number><work-title>{escape(p.title)}</work-title></work>"
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN"'
            ' "http://www.musicxml.org/dtds/partwise.dtd">\n'
            f'<score-partwise version="4.0">\n{work}\n'
            f'<identification><creator type="composer">{escape(p.composer)}</creator>'
            "<rights>Public domain. Typeset by Espressivo and dedicated to the public domain (CC0 1.0).</rights>"
            "<encoding><software>Espressivo scripts/scores</software></encoding></identification>\n"
            '<part-list><score-part id="P1"><part-name>Piano</part-name></score-part></part-list>\n'
            f'<part id="P1">\n{body}</part>\n</score-partwise>\n'
        )

    def measures(self) -> list[str]:
        """Every `<measure>`."""
        result, number, names = [], 0, set()
        for index, bar in enumerate(self.piece.bars):
            if bar.time:
                self.time = bar.time
            if bar.number:
                # A second ending has the number of the first and a letter: 8, 8a, 9.
                number = int(re.match(r"\d+", bar.number)[0])
            elif not bar.implicit:
                number += 1
            name = bar.number or (str(number) if not bar.implicit else f"X{index}" if index else "0")
            try:
                result.append(self.measure(bar, index, name))
            except (ValueError, KeyError) as error:
                raise ValueError(f"{self.piece.name}, bar {name}: {error}") from error
            if name in names:
                raise ValueError(f"{self.piece.name}: two bars have the number {name}")
            names.add(name)
        open_ties = {voice: pitches for voice, pitches in self.ties.items() if pitches}
        open_slurs = {voice: slurs for voice, slurs in self.slurs.items() if slurs}
        if open_ties or open_slurs:
            raise ValueError(f"{self.piece.name}: open ties {open_ties}, slurs {open_slurs}")
        return result

    def measure(self, bar: Bar, index: int, name: str) -> str:
        """One `<measure>`."""
        length = bar.length if bar.length is not None else F(4 * self.time[0], self.time[1])
        out = [f'<measure number="{name}"' + (' implicit="yes"' if bar.implicit else "") + ">\n"]
        out.append(self.left_barline(bar))
        out.append(self.attributes(bar, index))
        if bar.tempo:
            words, unit, per_minute = bar.tempo
            mark, quarters = metronome(unit, per_minute)
            text = f'<words font-weight="bold">{escape(words)}</words>' if words else ""
            both = f"{text}</direction-type><direction-type>{mark}" if text else mark
            out.append(direction(both, 1, "above", f'<sound tempo="{quarters:g}"/>') + "\n")
        for k, (voice, tokens) in enumerate(bar.voices.items()):
            if k:
                out.append(f"<backup><duration>{self.ticks(length)}</duration></backup>\n")
            body, used = self.voice(voice, tokens, length)
            if used != length:
                raise ValueError(f"voice {voice} lasts {used} quarters, the bar {length}")
            out.append(body)
        if bar.fine:
            out.append(direction("<words>Fine</words>", 1, "above", '<sound fine="yes"/>') + "\n")
        if bar.da_capo:
            out.append(direction("<words>D.C. al Fine</words>", 1, "above", '<sound dacapo="yes"/>') + "\n")
        out.append(self.right_barline(bar))
        out.append("</measure>\n")
        return "".join(out)

    def attributes(self, bar: Bar, index: int) -> str:
        """`<attributes>` where something starts or changes."""
        parts = []
        if index == 0:
            parts.append(f"<divisions>{self.divisions}</divisions>")
        key = bar.key if bar.key is not None else (self.piece.key if index == 0 else None)
        if key is not None:
            mode = "minor" if self.piece.minor else "major"
            parts.append(f"<key><fifths>{key}</fifths><mode>{mode}</mode></key>")
        if index == 0 or bar.time:
            beats, unit = self.time
            parts.append(f"<time><beats>{beats}</beats><beat-type>{unit}</beat-type></time>")
        if index == 0:
            parts.append("<staves>2</staves>")
            parts.append('<clef number="1"><sign>G</sign><line>2</line></clef>')
            parts.append('<clef number="2"><sign>F</sign><line>4</line></clef>')
        return f"<attributes>{''.join(parts)}</attributes>\n" if parts else ""

    def left_barline(self, bar: Bar) -> str:
        """Repeat and ending at the left."""
        ending = f'<ending number="{bar.ending}" type="start"/>' if bar.ending else ""
        style = "<bar-style>heavy-light</bar-style>" if bar.repeat_start else ""
        repeat = '<repeat direction="forward"/>' if bar.repeat_start else ""
        return f'<barline location="left">{style}{ending}{repeat}</barline>\n' if ending or repeat else ""

    def right_barline(self, bar: Bar) -> str:
        """Repeat, ending, double and final bar at the right."""
        style = "light-heavy" if bar.repeat_end or bar.final else "light-light" if bar.double else ""
        kind = "stop" if bar.repeat_end or not bar.ending_open else "discontinue"
        ending = f'<ending number="{bar.ending}" type="{kind}"/>' if bar.ending else ""
        repeat = '<repeat direction="backward"/>' if bar.repeat_end else ""
        if not (style or ending or repeat):
            return ""
        style = f"<bar-style>{style}</bar-style>" if style else ""
        return f'<barline location="right">{style}{ending}{repeat}</barline>\n'

    def ticks(self, length: F) -> int:
        """Quarters in divisions."""
        self.lengths.add(length.denominator)
        return int(length * self.divisions)

    def voice(self, voice: str, tokens: str, bar_length: F) -> tuple[str, F]:
        """The elements of one voice in one bar, and how long they last."""
        out, used, last = [], F(0), ("4", *duration("4", bar_length))
        tuplet: tuple[int, int] | None = None
        opening = False
        words = TOKEN.findall(tokens)
        for k, token in enumerate(words):
            if match := re.match(r"^<(\d+):(\d+)$", token):
                tuplet, opening = (int(match[1]), int(match[2])), True
                continue
            if token == ">":
                tuplet = None
                continue
            if token[0] in '"\\':
                out.append(self.direction_token(voice, token))
                continue
            match = NOTE.match(token)
            if not match:
                raise ValueError(f"cannot read {token!r}")
            if match["grace"]:
                out.append(self.grace(voice, match))
                continue
            if match["dur"]:
                last = (match["dur"], *duration(match["dur"], bar_length))
            _, length, kind, dots = last
            closing = tuplet is not None and k + 1 < len(words) and words[k + 1] == ">"
            if tuplet:
                length = length * tuplet[1] / tuplet[0]
            out.append(self.note(voice, match, length, kind, dots, tuplet, opening, closing))
            opening = False
            used += length
        return "".join(out), used

    def direction_token(self, voice: str, token: str) -> str:
        """Dynamics, hairpins, pedal, words, tempo."""
        staff = VOICES[voice][0]
        name = token[1:]
        if token[0] == '"':
            return direction(f'<words font-style="italic">{escape(token[1:-1])}</words>', staff, "below") + "\n"
        if name in DYNAMICS:
            return direction(f"<dynamics><{name}/></dynamics>", staff, "below") + "\n"
        if name in "<>":
            kind = "crescendo" if name == "<" else "diminuendo"
            self.wedge[staff] = True
            return direction(f'<wedge type="{kind}"/>', staff, "below") + "\n"
        if name == "!":
            return direction('<wedge type="stop"/>', staff, "below") + "\n"
        if name in ("ped", "up"):
            kind = "start" if name == "ped" else "stop"
            return direction(f'<pedal type="{kind}" line="no" sign="yes"/>', staff, "below") + "\n"
        if match := re.match(r"^tempo=(\d+\.*):([\d.]+)$", name):
            mark, quarters = metronome(match[1], float(match[2]))
            return direction(mark, staff, "above", f'<sound tempo="{quarters:g}"/>') + "\n"
        raise ValueError(f"cannot read {token!r}")

    def grace(self, voice: str, match: re.Match) -> str:
        """A grace note."""
        staff, number = VOICES[voice]
        slash = ' slash="yes"' if match["grace"] == "*" else ""
        _, kind, dots = duration(match["dur"] or "8", F(4))
        out = []
        for k, pitch in enumerate(match["pitches"].split("+")):
            notations = self.notations(voice, match) if k == 0 else ""
            chord = "<chord/>" if k else ""
            out.append(
                f"<note><grace{slash}/>{chord}{pitch_xml(pitch)}<voice>{number}</voice>"
                f"<type>{kind}</type>{'<dot/>' * dots}<staff>{staff}</staff>{notations}</note>\n"
            )
        return "".join(out)

    def note(self, voice, match, length, kind, dots, tuplet, opening, closing) -> str:
        """A note, chord or rest."""
        staff, number = VOICES[voice]
        modification = ""
        if tuplet:
            modification = (
                f"<time-modification><actual-notes>{tuplet[0]}</actual-notes>"
                f"<normal-notes>{tuplet[1]}</normal-notes></time-modification>"
            )
        tail = f"<voice>{number}</voice>" + (f"<type>{kind}</type>" if kind else "")
        tail += "<dot/>" * dots + modification
        ticks = f"<duration>{self.ticks(length)}</duration>"
        tuplet_xml = ('<tuplet type="start" bracket="no"/>' if opening else "") + (
            '<tuplet type="stop"/>' if closing else ""
        )
        pitches = match["pitches"]
        if pitches == "s":
            return f"<forward>{ticks}<voice>{number}</voice><staff>{staff}</staff></forward>\n"
        if pitches == "r":
            whole = ' measure="yes"' if not kind else ""
            fermata = "<fermata/>" if "@" in match["marks"] else ""
            notations = f"<notations>{tuplet_xml}{fermata}</notations>" if tuplet_xml or fermata else ""
            return f"<note><rest{whole}/>{ticks}{tail}<staff>{staff}</staff>{notations}</note>\n"
        out = []
        tied = self.ties.get(voice, set())
        going_on = set()
        for k, pitch in enumerate(pitches.split("+")):
            stop, start = pitch in tied, "~" in match["marks"]
            if start:
                going_on.add(pitch)
            ties = ('<tie type="stop"/>' if stop else "") + ('<tie type="start"/>' if start else "")
            signs = ('<tied type="stop"/>' if stop else "") + ('<tied type="start"/>' if start else "")
            if k == 0:
                notations = self.notations(voice, match, signs + tuplet_xml)
            else:
                arpeggio = "<arpeggiate/>" if "%" in match["marks"] else ""
                notations = f"<notations>{signs}{arpeggio}</notations>" if signs or arpeggio else ""
            chord = "<chord/>" if k else ""
            out.append(
                f"<note>{chord}{pitch_xml(pitch)}{ticks}{ties}{tail}<staff>{staff}</staff>{notations}</note>\n"
            )
        missing = tied - set(pitches.split("+"))
        if missing:
            raise ValueError(f"tie without its second note: {missing}")
        self.ties[voice] = going_on
        return "".join(out)

    def notations(self, voice: str, match: re.Match, first: str = "") -> str:
        """Slurs, articulations, ornaments, fermata."""
        marks = match["marks"]
        body = first
        numbers = self.slurs.setdefault(voice, [])
        for _ in range(marks.count(")")):
            if not numbers:
                raise ValueError(f"slur ends that never started at {match[0]!r}")
            body += f'<slur type="stop" number="{numbers.pop()}"/>'
        for _ in range(marks.count("(")):
            base = {"R": 1, "R2": 3, "R3": 5, "L": 7, "L2": 9, "L3": 11}[voice]
            free = next(n for n in (base, base + 1) if n not in numbers)
            numbers.append(free)
            body += f'<slur type="start" number="{free}"/>'
        ornaments = [name for name in match["orn"].split("!") if name]
        signs = "".join(ORNAMENTS[name] for name in ornaments if name in ORNAMENTS)
        body += f"<ornaments>{signs}</ornaments>" if signs else ""
        kinds = {">": "accent", "^": "strong-accent", "'": "staccato", "_": "tenuto"}
        articulations = "".join(f"<{xml}/>" for sign, xml in kinds.items() if sign in marks)
        articulations += "<breath-mark/>" if "breath" in ornaments else ""
        body += f"<articulations>{articulations}</articulations>" if articulations else ""
        body += "<fermata/>" if "@" in marks else ""
        body += "<arpeggiate/>" if "%" in marks else ""
        return f"<notations>{body}</notations>" if body else ""
