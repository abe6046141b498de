//! Colours on white paper.

use protocol::LayerInk;

/// Red, green and blue.
type Rgb = [u8; 3];

/// What is printed of the music.
const MUSIC: Rgb = [0x14, 0x16, 0x1c];
/// Note heads at the one end of the colours, and at the other.
const ENDS: [Rgb; 2] = [[0x0b, 0x6f, 0xd6], [0xd1, 0x48, 0x0a]];

/// The colour of the music.
pub(super) fn music() -> String {
    hex(MUSIC)
}

/// The colour of a note head from -1 to 1.
pub(super) fn tint(value: f32) -> String {
    let far = ENDS[usize::from(value > 0.0)];
    let share = value.abs().min(1.0).sqrt();
    let mixed = |k: usize| {
        let (from, to) = (f32::from(MUSIC[k]), f32::from(far[k]));
        (from + share * (to - from)).round() as u8
    };
    hex([mixed(0), mixed(1), mixed(2)])
}

/// The colour of a shape.
pub(super) fn layer(ink: LayerInk) -> String {
    hex(match ink {
        LayerInk::Tempo => [0x5a, 0x4a, 0xd1],
        LayerInk::Dynamics => [0x1e, 0x7a, 0x4c],
        LayerInk::Axis => [0x64, 0x6b, 0x79],
        LayerInk::Mood => [0x2a, 0x2e, 0x37],
        LayerInk::Pin => [0xb8, 0x24, 0x7f],
        LayerInk::Missed => [0xc0, 0x35, 0x2e],
        LayerInk::Wrong => [0x94, 0x60, 0x0a],
        LayerInk::Extra => [0x1f, 0x6f, 0xb8],
        LayerInk::Hesitation => [0x8a, 0x2b, 0xa8],
    })
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_go_from_the_ink_to_either_colour() {
        assert_eq!(
            [tint(0.0), tint(-1.0), tint(1.0), tint(9.0)],
            ["#14161c", "#0b6fd6", "#d1480a", "#d1480a"]
        );
        assert_eq!(tint(f32::NAN).len(), 7);
    }
}
