"""Christian Petzold (once given to Bach), Minuet in G, BWV Anh. 114, complete with its repeats."""

from notation import Piece

piece = Piece(
    title="Minuet in G major", opus="BWV Anh. 114", composer="Christian Petzold",
    key=1, time=(3, 4), name="petzold_minuet_g",
)

RIGHT = """
\\mf d5:4_ g4:8( a4 b4 c5) | d5:4_ g4' g4' | e5:4_ c5:8( d5 e5 f#5) | g5:4_ g4' g4'
c5:4( d5:8 c5 b4 a4) | b4:4( c5:8 b4 a4 g4) | f#4:4( g4:8 a4 b4 g4) | **b4:8( a4:2.)
\\p d5:4_ g4:8( a4 b4 c5) | d5:4_ g4' g4' | e5:4_ c5:8( d5 e5 f#5) | g5:4_ g4' g4'
c5:4( d5:8 c5 b4 a4) | b4:4( c5:8 b4 a4 g4) | \\< a4:4( b4:8 a4 g4 f#4) | g4:2. \\!
\\f b5:4_ g5:8( a5 b5 g5) | a5:4_ d5:8( e5 f#5 d5) | g5:4_ e5:8( f#5 g5 d5) | c#5:4( b4:8 c#5 a4:4)
\\< a4:8( b4 c#5 d5 e5 f#5) \\! | g5:4_ f#5_ e5_ | f#5:4( a4 c#5) | d5:2.
\\p d5:4_ g4:8( f#4 g4:4') | e5:4_ g4:8( f#4 g4:4') | d5:4_ c5_ b4_ | a4:8( g4 f#4 g4 a4:4)
\\mf \\< d4:8( e4 f#4 g4 a4 b4) \\! | c5:4_ b4_ a4_ | b4:8( d5) g4:4 f#4 | b3+d4+g4:2.
"""
LEFT = """
g3+b3+d4:2 a3:4 | b3:2. | c4:2. | b3:2. | a3:2. | g3:2. | d4:4' b3' g3' | d4:4' d3:8( c4 b3 a3)
b3:2 a3:4 | g3:4' b3' g3' | c4:2. | b3:4 c4:8( b3 a3 g3) | a3:2 f#3:4 | g3:2 b3:4 | c4:4' d4' d3' | g3:2 g2:4
g3:2. | f#3:2. | e3:4' g3' e3' | a3:2 a2:4 | a3:2. | b3:4' d4' c#4' | d4:4' f#3' a3' | d4:4' d3' c4'
b3:2 b3:4 ; r:4 d4:2 | c4:2 c4:4 ; r:4 e4:2 | b3:4_ a3_ g3_ | d4:2 r:4 | d3:2. ; s:2 f#3:4 | e3:4' g3' f#3' | g3:4' b2' d3' | g3:4' d3' g2
"""


def bars(text: str) -> list[str]:
    """One text for each bar."""
    return [bar.strip() for line in text.strip().splitlines() for bar in line.split("|")]


for k, (right, left) in enumerate(zip(bars(RIGHT), bars(LEFT), strict=True)):
    lower, _, inner = left.partition(";")
    piece.bar(
        f"R: {right}\nL: {lower}" + (f"\nL2: {inner}" if inner else ""),
        tempo=("Moderato", "4", 112) if k == 0 else None,
        repeat_start=k == 16,
        repeat_end=k in (15, 31),
    )
