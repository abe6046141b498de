"""Robert Schumann, Von fremden Ländern und Menschen op. 15 no. 1, complete with its repeats."""

from notation import Piece

piece = Piece(
    title="Von fremden Ländern und Menschen", opus="Op. 15 No. 1", composer="Robert Schumann",
    key=1, time=(2, 4), name="schumann_kinderszenen_1",
)

# Melody ; inner note at the end of each triplet ; first two of each triplet ; bass.
OPENING = """
b4:4( g5                 ; g4 g4   ; b3 d4 a#3 e4  ; g3:8 r c#3 r
f#5:8. e5:16 d5:4)       ; f#4 a4  ; a3 d4 c4 d4   ; d3:8 r f#3 r
b4:4( g5                 ; g4 g4   ; b3 d4 a#3 e4  ; g3:8 r c#3 r
f#5:8. e5:16 d5:4)       ; f#4 a4  ; a3 d4 c4 d4   ; d3:8 r f#3 r
b4:4( g5                 ; g4 g4   ; b3 d4 g3 d4   ; g3:8 r b2 r
e5:8. d5:16 c5:4         ; g4 g4   ; g3 e4 g3 c4   ; c3:8 r e3 r
a4:4 d5                  ; g4 f#4  ; g3 c4 f#3 c4  ; d3:8 r d3 r
b4:2)                    ; g4 g4   ; d3 b3 g3 b3   ; g2:4 r
"""
MIDDLE = """
\\p g4+b4:4( a4+c5        ; e4 e4   ; r b3 r a3     ; e3:4 a2
f#4+a4:4 g4+b4)          ; d4 d4   ; r a3 r g3     ; d3:8. c3:16 b2:4
e4+g4:4( e4+a4           ; c4 c4   ; r g3 r f#3    ; c3:4 f#2
d#4+f#4:4 d4+g4)         ; b3 b3   ; r f#3 r g3    ; b2:8. a2:16 g2:4
\\< e4:4( f#4             ; c4 d4   ; r g3 c3 a3    ; c3:4 d3
"ritard." g4:8. a4:16 \\! b4:8.@ c5:16 ; d4 d4 ; d3 g3 r a3 ; b2:8. a2:16 g2:4
"""


def triplets(left: str) -> str:
    """Two triplets of the left hand, their third note in the right."""
    a, b, c, d = left.split()
    return f"<3:2 {a}:8 {b} r > <3:2 {c}:8 {d} r >"


def add(text: str, **marks) -> None:
    """Adds bars; `marks` are options by the number of the line."""
    for k, line in enumerate(text.strip().splitlines()):
        melody, inner, left, bass = (part.strip() for part in line.split(";"))
        first, second = inner.split()
        piece.bar(
            f"R: {melody}\nR2: <3:2 r:8 r {first} > <3:2 r:8 r {second} >\nL: {triplets(left)}\nL2: {bass}",
            **marks.get(f"bar{k}", {}),
        )


lines = OPENING.strip().splitlines()
add(
    "\n".join(["\\p " + lines[0], *lines[1:]]),
    bar0={"tempo": ("Andantino", "4", 80)}, bar7={"repeat_end": True},
)
add(MIDDLE, bar0={"repeat_start": True})
# The melody comes back from above: its slur began in the bar before.
back = '"a tempo" d5:4 g5      ; g4 g4 ; b3 d4 a#3 e4 ; g3:8 r c#3 r'
end = lines[7].replace("g3 b3", "r b3")
add("\n".join([back, *lines[1:7], end]), bar7={"repeat_end": True})
