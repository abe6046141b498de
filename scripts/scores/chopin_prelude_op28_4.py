"""Frédéric Chopin, Prelude in E minor op. 28 no. 4, complete."""

from notation import Piece

piece = Piece(
    title="Prélude in E minor", opus="Op. 28 No. 4", composer="Frédéric Chopin",
    key=1, minor=True, time=(2, 2), name="chopin_prelude_op28_4",
)

RIGHT = """
b4:2.( c5:4
b4:2. c5:4
b4:2. c5:4
b4:2. b-4:4
a4:2. b4:4
a4:2. b4:4
a4:2. b4:8. a4:16
\\> a4:2. g#4:4~
g#4:4) \\! a4:8( b4 d5 c5 e4 a4
f#4:2.) a4:4(
f#4:2.) *b4:8 a4:4(
\\< g4:8 f#4 c4 b3 d#4 f#4 <3:2 d5 c5 b4 > \\!
\\p b4:2. c5:4
b4:2. c5:4
b4:2. c5:4
"stretto" \\< b4:8.!turn a#4:16 a#4:4 a5 f#5:8. e5:16 \\!
\\f e5:8 d#5 c6 d#5 \\> d#5 e5 g5 b4
d5:8 c5 <3:2 e5 e4 a4 > f#4:4. a4:8 \\!
\\p f#4:2.) *b4:8 a4:4(
"dim." f#4:2.~ f#4:8. e4:16
e4:2. f#4:4
e4:2. f#4:4
"smorz." e4:2) r:2@
\\pp e4:2( d#4
e4:1)@
"""
# Chords of the left hand and how many eighths they are repeated.
LEFT = """
g3+b3+e4 8
f#3+a3+e4 4 f#3+a3+d#4 4
f3+a3+d#4 4 f3+a3+d4 2 f3+g#3+d4 2
e3+g#3+d4 4 e3+g3+d4 2 e3+g3+c#4 2
e3+g3+c4 4 e3+f#3+c4 4
e3+f#3+c4 4 d#3+f#3+c4 4
d3+f#3+c4 8
d3+f3+c4 4 d3+f3+b3 4
c3+e3+b3 2 c3+e3+a3 6
b2+e3+a3 2 b2+d#3+a3 2 c3+e3+a3 4
b2+d#3+a3 4 c3+e3+a3 4
REST b2+d#3+a3:4 r r:2
g3+b3+e4 8
f#3+a3+e4 4 f3+a3+d#4 4
f3+g#3+d#4 2 f3+g#3+d4 2 e3+g#3+d4 4
e3+g3+d4 2 e3+g3+c#4 2 c#3+e3+a#3 2 c3+e3+a3 2
b1+b2 1 a3+c4+f#4+a4 3 g3+b3+d#4+f#4 1 g3+b3+e4 3
a3+c4+e4 2 a2 1 e3+f#3+c4 1 b2+e3+b3 2 c3+e3+a3 2
b2+e3+b3 4 c3+e3+a3 4
b2+e3+b3 2 b2+e3+b3 2 b2+d#3+b3 2 b2+d#3+a3 2
c3+g3 4 c3+b-3 2 c3+e3+a3 2
b2+e3+a3 2 b2+e3+g#3 2 b2+e3+g3 4
REST b-2+c3+g3:2 r:2@
REST b1+b2+e3+f#3+b3:2 b1+f#2+b2+d#3+f#3+b3
REST e1+e2+e3+g3+b3:1@
"""


def eighths(line: str) -> str:
    """The written-out repetitions of a bar."""
    if line.startswith("REST"):
        return line.removeprefix("REST").strip()
    words = line.split()
    chords = [chord for chord, count in zip(words[::2], words[1::2]) for _ in range(int(count))]
    return " ".join([f"{chords[0]}:8", *chords[1:]])


piece.bar(
    'R: \\p "espressivo" b3:8.( b4:16)\nL: r:4',
    length=1, implicit=True, tempo=("Largo", "4", 60),
)
lefts = LEFT.strip().splitlines()
rights = RIGHT.strip().splitlines()
for k, (right, left) in enumerate(zip(rights, lefts, strict=True)):
    # The pick-up is counted as a bar of its own, so the last bar is whole.
    piece.bar(f"R: {right}\nL: {eighths(left)}", final=k == len(rights) - 1)
