"""Ludwig van Beethoven, Für Elise WoO 59: the theme with both repeats (bars 1-22), closed in A minor."""

from fractions import Fraction as F

from notation import Piece

piece = Piece(
    title="Für Elise (theme)", opus="WoO 59", composer="Ludwig van Beethoven",
    key=0, minor=True, time=(3, 8), name="beethoven_fur_elise_theme",
)

TURN = "e5:16( d#5 e5 b4 d5 c5"
A_MINOR = "\\ped a2:16 e3 a3 \\up r r:8"
E_MAJOR = "\\ped e2:16 e3 g#3 \\up r r:8"
THEME = [
    (TURN, "r:4."),
    ("a4:8) r:16 c4( e4 a4", A_MINOR),
    ("b4:8) r:16 e4( g#4 b4", E_MAJOR),
    ("c5:8) r:16 e4 e5:16( d#5", A_MINOR),
    ("e5:16 d#5 e5 b4 d5 c5", "r:4."),
    ("a4:8) r:16 c4( e4 a4", A_MINOR),
    ("b4:8) r:16 e4( c5 b4)", E_MAJOR),
]
MIDDLE = [
    ("\\< e5:8.( g4:16 f5 e5", "\\ped c3:16 g3 c4 \\up r r:8"),
    ("d5:8. f4:16 e5 d5", "\\ped g2:16 g3 b3 \\up r r:8"),
    ("\\! \\> c5:8. e4:16 d5 c5", A_MINOR),
    ("b4:8) \\! r:16 e4( e5) r", "\\ped e2:16 e3 e4 \\up r r e4("),
    ("\\pp r:16 e5( e6) r r d#5(", "e5:16) r r d#5( e5) r"),
    ("e5:8) r:16 d#5( e5 d#5", "r:16 d#5( e5) r r:8"),
]
ONSET = ("e5:16 d#5 e5 b4 d5 c5", "r:4.")  # the theme again, its slur already begun


def add(bars, first_options=None):
    """Adds bars of right and left hand."""
    for k, (right, left) in enumerate(bars):
        piece.bar(f"R: {right}\nL: {left}", **((first_options or {}) if k == 0 else {}))


piece.bar("R: \\pp e5:16( d#5\nL: r:8", length=F(1, 2), implicit=True, tempo=("Poco moto", "8", 138))
add([ONSET] + THEME[1:])
piece.bar("R: a4:4\nL: \\ped a2:16 e3 a3 \\up r", length=1, ending="1", repeat_end=True, number="8")
piece.bar(f"R: a4:8 r:16 b4:16( c5 d5)\nL: {A_MINOR}", ending="2", number="8a")
add(MIDDLE, {"repeat_start": True})
add([ONSET] + THEME[1:])
piece.bar(f"R: a4:8 r:16 b4:16( c5 d5)\nL: {A_MINOR}", ending="1", repeat_end=True, number="22")
piece.bar(
    'R: "poco rit." a4:8 r:8\nL: \\ped a2:16 e3 a3:8@ \\up',
    length=1, ending="2", final=True, number="22a",
)
