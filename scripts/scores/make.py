"""Writes scores/*.musicxml from the pieces in this folder: python3 scripts/scores/make.py"""

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE.parent.parent / "scores"
NOT_PIECES = {"make", "check", "notation"}

sys.path.insert(0, str(HERE))
from notation import Writer  # noqa: E402

for path in sorted(HERE.glob("*.py")):
    if path.stem in NOT_PIECES:
        continue
    piece = importlib.import_module(path.stem).piece
    target = OUT / f"{piece.name}.musicxml"
    target.write_text(Writer(piece).write(), encoding="utf-8")
    print(f"{target.name}: {len(piece.bars)} bars")
