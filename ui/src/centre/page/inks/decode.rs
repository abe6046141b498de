//! From a PNG in base64 to an image.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use egui::{Color32, ColorImage};
use protocol::DrawnSystem;

/// A system's ink in white; none if it cannot be read.
pub(super) fn image(drawn: &DrawnSystem) -> Option<ColorImage> {
    let png = BASE64.decode(&drawn.ink_png).ok()?;
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info().ok()?;
    let mut ink = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut ink).ok()?;
    if (info.color_type, info.bit_depth) != (png::ColorType::Grayscale, png::BitDepth::Eight) {
        return None;
    }
    let size = [info.width as usize, info.height as usize];
    let pixels: Vec<Color32> = ink.iter().map(|&ink| Color32::from_white_alpha(ink)).collect();
    (pixels.len() == size[0] * size[1]).then(|| ColorImage::new(size, pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_is_white_as_opaque_as_there_is_much() {
        let mut png = Vec::new();
        let mut encoder = png::Encoder::new(&mut png, 3, 2);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().expect("a header");
        writer.write_image_data(&[0, 128, 255, 0, 0, 7]).expect("an image");
        writer.finish().expect("an end");
        let drawn = DrawnSystem { ink_png: BASE64.encode(&png), ..DrawnSystem::default() };
        let image = image(&drawn).expect("it can be read");
        assert_eq!(image.size, [3, 2]);
        let alphas: Vec<u8> = image.pixels.iter().map(|pixel| pixel.a()).collect();
        assert_eq!(alphas, [0, 128, 255, 0, 0, 7]);
        assert_eq!(image.pixels[1], Color32::from_rgba_premultiplied(128, 128, 128, 128));
    }

    #[test]
    fn what_cannot_be_read_is_no_picture() {
        for text in ["", "no base64!", "aGVsbG8="] {
            let drawn = DrawnSystem { ink_png: text.to_owned(), ..DrawnSystem::default() };
            assert_eq!(image(&drawn), None);
        }
    }
}
