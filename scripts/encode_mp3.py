"""Makes an MP3 file of a mono WAV file of 16 bits, by the library libmp3lame (LGPL; on Debian the package libmp3lame0).

    python3 scripts/encode_mp3.py IN.wav OUT.mp3 [--kbit 64]
    python3 scripts/encode_mp3.py --check

For machines that have the library and neither lame nor ffmpeg. Nothing but Python is needed. The file begins with the
frame that says how many samples the encoder has added at both ends, so that decoders can leave them out. `--check` says
by its exit status whether the library is there.
"""

import argparse
import ctypes
import ctypes.util
import os
import sys
import wave
from pathlib import Path

# Samples that are encoded at once.
BLOCK = 1 << 16

# The library's name for one channel (MPEG_mode MONO), and for averages that do not vary (vbr_off).
MONO = 3
CONSTANT = 0


def library():
    """The library, or none."""
    for name in ("libmp3lame.so.0", "libmp3lame.0.dylib", "libmp3lame.dll", ctypes.util.find_library("mp3lame")):
        try:
            lame = ctypes.CDLL(name) if name else None
        except OSError:
            lame = None
        if lame is not None:
            lame.lame_init.restype = ctypes.c_void_p
            return lame
    return None


def encoder(lame, rate, kbit):
    """An encoder of mono sound."""
    flags = ctypes.c_void_p(lame.lame_init())
    for name, value in (
        ("in_samplerate", rate),
        ("out_samplerate", rate),
        ("num_channels", 1),
        ("mode", MONO),
        ("VBR", CONSTANT),
        ("brate", kbit),
        ("bWriteVbrTag", 1),
    ):
        getattr(lame, f"lame_set_{name}")(flags, ctypes.c_int(value))
    if lame.lame_init_params(flags) < 0:
        sys.exit(f"the encoder does not take {rate} samples a second at {kbit} kbit/s")
    return flags


def encode(lame, source, target, kbit):
    """Encodes a file."""
    with wave.open(str(source)) as sound:
        if (sound.getnchannels(), sound.getsampwidth()) != (1, 2):
            sys.exit(f"{source} is not mono, of 16 bits")
        flags = encoder(lame, sound.getframerate(), kbit)
        # As large as a block can become (lame.h).
        room = ctypes.create_string_buffer(BLOCK * 5 // 4 + 7200)
        size = ctypes.c_int(len(room))
        with open(target, "wb") as out:
            while samples := sound.readframes(BLOCK):
                count = ctypes.c_int(len(samples) // 2)
                written = lame.lame_encode_buffer(flags, samples, samples, count, room, size)
                if written < 0:
                    sys.exit(f"{source}: the encoder fails with {written}")
                out.write(room.raw[:written])
            out.write(room.raw[: lame.lame_encode_flush(flags, room, size)])
            # The frame with the lengths takes the place of the empty one at the beginning.
            lame.lame_get_lametag_frame.restype = ctypes.c_size_t
            length = lame.lame_get_lametag_frame(flags, room, ctypes.c_size_t(len(room)))
            if 0 < length <= len(room):
                out.seek(0)
                out.write(room.raw[:length])
        lame.lame_close(flags)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, nargs="?")
    parser.add_argument("target", type=Path, nargs="?")
    parser.add_argument("--kbit", type=int, default=64)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    lame = library()
    if lame is None:
        sys.exit("the library libmp3lame is not on this machine")
    if args.check:
        return
    if args.source is None or args.target is None:
        parser.error("name a WAV file and the MP3 file to write")
    unfinished = args.target.with_name(args.target.name + ".part")
    encode(lame, args.source, unfinished, args.kbit)
    os.replace(unfinished, args.target)


if __name__ == "__main__":
    main()
