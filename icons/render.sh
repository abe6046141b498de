#!/usr/bin/env bash
# Draws the icons that systems want from icon.svg (Debian: librsvg2-bin, imagemagick).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for size in 32 128 256 512; do
  rsvg-convert --width "$size" --height "$size" icon.svg --output "${size}x${size}.png"
done
mv 512x512.png icon.png
convert 256x256.png -define icon:auto-resize=256,128,64,48,32,16 icon.ico
