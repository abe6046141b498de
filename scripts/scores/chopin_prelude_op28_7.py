"""Frédéric Chopin, Prelude in A major op. 28 no. 7, complete."""

from notation import Piece

piece = Piece(
    title="Prélude in A major", opus="Op. 28 No. 7", composer="Frédéric Chopin",
    key=3, time=(3, 4), name="chopin_prelude_op28_7",
)

piece.bar(
    'R: \\p "dolce" e4:4(\nL: r:4',
    length=1, implicit=True, tempo=("Andantino", "4", 66),
)

# Right hand ; left hand ; inner voice of the right hand.
BARS = """
c#5:8. d5:16 d4+g#4+b4:4_ d4+g#4+b4_          ; \\ped e2:4 e3+e4 e3+e4
d4+g#4+b4:2) d5+f#5:4(                        ; e3+e4:2 \\up r:4
b#4+d#5:8. c#5+e5:16 c#5+a5:4_ c#5+a5_        ; \\ped a2:4 a3+e4 a3+e4
c#5+a5:2) e4+c#5:4(                           ; a3+e4:2 \\up r:4
c#4+a#4:8. d4+b4:16 f#4+d5:4_ f#4+d5_         ; \\ped e2:4 e3+b3 e3+b3
f#4+d5:2) d4+g#4:4(                           ; e3+b3:2 \\up r:4
d4+g#4:8. c#4+a4:16 c#4+c#5:4_ c#4+c#5_       ; \\ped a1:4 e3+a3+e4 e3+a3+e4
c#4+c#5:2) s:4                                ; e3+a3+e4:2 \\up r:4          ; s:2 e4:4~
\\< c#5:8.( d5:16 d4+g#4+b4:4_ d4+g#4+b4_     ; \\ped e2:4 e3+e4 e3+e4       ; e4+g#4:4 s:2
d4+g#4+b4:2) d5+f#5:4(                        ; e3+e4:2 \\up r:4
b#4+d#5:8. c#5+e5:16 a5+c#6:4_ a5+c#6_        ; \\ped a2:4 a3+e4+a4 a3+e4+a4
\\! \\mf a#4+c#5+e5+a#5+c#6:2)% \\> a#4+c#5:4( ; f#3+c#4+e4+f#4:2 \\up r:4
a#4+c#5:8. b4+d5:16 b4+f#5:4_ a4+f#5_ \\!     ; \\ped b1:4 f#3+d4 f#3+b3+d4
\\p g#4+f#5:2) d4+g#4:4(                      ; e3+b3+d4:2 \\up r:4
d4+b4:8. c#4+a4:16 *a4:8 c#5+a5:4_ c#5+a5_       ; \\ped a1:4 e3+a3+e4 a3+e4      ; s:4 a4:2~
c#5+a5:2)                                     ; a3+e4:2 \\up                ; a4:2
"""

lines = BARS.strip().splitlines()
for k, line in enumerate(lines):
    parts = line.split(";")
    text = f"R: {parts[0]}\nL: {parts[1]}"
    if len(parts) > 2:
        text += f"\nR2: {parts[2]}"
    last = k == len(lines) - 1
    piece.bar(text, final=last, length=2 if last else None)
