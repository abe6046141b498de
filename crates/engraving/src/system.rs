//! A system: where things stand in it, and how it is drawn.

use std::fmt::Write as _;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::copy::{DIGITS, Named};
use crate::error::EngravingError;
use crate::fonts::fonts;
use crate::glyphs;
use crate::ink::Ink;
use crate::layout::Layout;
use crate::reading::{self, Reading};
use crate::verovio::SPACE;

/// The largest picture, in pixels.
const MOST_PIXELS: f32 = 1e8;

/// Measures beside one another, with all staves.
#[derive(Clone, Debug)]
pub struct System {
    /// Where its measures and note heads stand.
    pub layout: Layout,
    /// The page as Verovio drew it, with the outlines of its signs.
    svg: String,
}

impl System {
    /// Reads a page of Verovio's; `named` says what the numbers in its `id`s mean.
    pub(crate) fn read(page: &str, named: &Named) -> Result<Self, EngravingError> {
        let Reading { layout, suffix, signs } = reading::read(page, named)?;
        let mut outlines = String::from("<defs>");
        for sign in signs {
            // Written into memory, which does not fail.
            let outline = glyphs::outline(&sign).unwrap_or_default();
            let _ = write!(outlines, "<g id=\"{sign}-{suffix}\">{outline}</g>");
        }
        outlines.push_str("</defs>");
        let mut svg = page.replace(DIGITS, "");
        let start = svg.find('>').map_or(0, |end| end + 1);
        svg.insert_str(start, &outlines);
        Ok(Self { layout, svg })
    }

    /// Draws the system with a staff space as high as so many pixels.
    ///
    /// # Errors
    /// When the picture would have no size or be too large.
    pub fn draw(&self, pixels_per_space: f32) -> Result<Ink, EngravingError> {
        let (width, height) = (self.layout.width, self.layout.height);
        let (width, height) = ((width * pixels_per_space).ceil(), (height * pixels_per_space).ceil());
        let size = EngravingError::Size { width, height };
        // No comparison is true of what is no number.
        let is_possible = width >= 1.0 && height >= 1.0 && width * height <= MOST_PIXELS;
        if !is_possible {
            return Err(size);
        }
        let Some(mut picture) = Pixmap::new(width as u32, height as u32) else { return Err(size) };
        // A pixel of the page is a tenth of the units in which lengths on it are counted.
        let scale = pixels_per_space * 10.0 / SPACE;
        resvg::render(&self.tree()?, Transform::from_scale(scale, scale), &mut picture.as_mut());
        let coverage = picture.pixels().iter().map(|pixel| pixel.alpha()).collect();
        Ok(Ink { width: picture.width(), height: picture.height(), coverage })
    }

    /// The page as shapes. It takes less time to make it anew than memory to keep it.
    fn tree(&self) -> Result<Tree, EngravingError> {
        let options = Options { fontdb: fonts(), ..Options::default() };
        Tree::from_str(&self.svg, &options).map_err(|error| EngravingError::Page(error.to_string()))
    }
}
