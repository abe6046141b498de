"""J. S. Bach, Prelude in C major BWV 846, complete (without the bar added by Schwencke)."""

from notation import Piece

piece = Piece(
    title="Prelude in C major", opus="BWV 846/1", composer="Johann Sebastian Bach",
    key=0, time=(4, 4), name="bach_prelude_c_bwv846",
)

# The five notes of each half bar, low to high; the two halves of a bar are alike.
HARMONIES = """
c4 e4 g4 c5 e5 | c4 d4 a4 d5 f5 | b3 d4 g4 d5 f5 | c4 e4 g4 c5 e5
c4 e4 a4 e5 a5 | c4 d4 f#4 a4 d5 | b3 d4 g4 d5 g5 | b3 c4 e4 g4 c5
a3 c4 e4 g4 c5 | d3 a3 d4 f#4 c5 | g3 b3 d4 g4 b4 | g3 b-3 e4 g4 c#5
f3 a3 d4 a4 d5 | f3 a-3 d4 f4 b4 | e3 g3 c4 g4 c5 | e3 f3 a3 c4 f4
d3 f3 a3 c4 f4 | g2 d3 g3 b3 f4 | c3 e3 g3 c4 e4 | c3 g3 b-3 c4 e4
f2 f3 a3 c4 e4 | f#2 c3 a3 c4 e-4 | a-2 f3 b3 c4 d4 | g2 f3 g3 b3 d4
g2 e3 g3 c4 e4 | g2 d3 g3 c4 f4 | g2 d3 g3 b3 f4 | g2 e-3 a3 c4 f#4
g2 e3 g3 c4 g4 | g2 d3 g3 c4 f4 | g2 d3 g3 b3 f4 | c2 c3 g3 b-3 e4
"""

bars = [bar.split() for line in HARMONIES.strip().splitlines() for bar in line.split("|")]
for number, (bass, tenor, *upper) in enumerate(bars):
    piece.bar(
        f"""
        R:  r:8 {upper[0]}:16 {' '.join(upper[1:])} {' '.join(upper)} r:8 {upper[0]}:16 {' '.join(upper[1:])} {' '.join(upper)}
        L:  {bass}:2 {bass}
        L2: s:16 {tenor}:8.~ {tenor}:4 s:16 {tenor}:8.~ {tenor}:4
        """,
        tempo=("Andante", "4", 72) if number == 0 else None,
    )

piece.bar(
    """
    R:  r:8 f3:16 a3 c4 f4 c4 a3 c4 a3 f3 a3 f3 d3 f3 d3
    L:  c2:1
    L2: s:16 c3:8.~ c3:2.
    """
)
piece.bar(
    """
    R:  r:8 g4:16 b4 d5 f5 d5 b4 d5 b4 g4 b4 d4 f4 "rit." e4 d4
    L:  c2:1
    L2: s:16 b2:8.~ b2:2.
    """
)
piece.bar(
    """
    R:  e4+g4+c5:1@
    L:  c2+c3:1@
    """,
    final=True,
)
