//! The picture of a system.

/// How much ink there is at each pixel of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ink {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Row after row from the top, each from the left: 0 for none, 255 for all.
    pub coverage: Vec<u8>,
}

impl Ink {
    /// The picture as PNG with one channel of 8 bits: 255 is ink.
    pub fn to_png(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        // Writing into memory does not fail, and the sizes fit each other.
        let written = encoder.write_header().and_then(|mut w| w.write_image_data(&self.coverage));
        debug_assert!(written.is_ok());
        bytes
    }
}
