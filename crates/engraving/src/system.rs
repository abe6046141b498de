//! A system: where things stand in it, and how it is drawn.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::copy::{DIGITS, Named};
use crate::error::EngravingError;
use crate::fonts::fonts;
use crate::glyphs;
use crate::ink::Ink;
use crate::layout::{Head, Layout};
use crate::outline::{self, Outline};
use crate::reading::{self, Reading};
use crate::verovio::SPACE;

/// The largest picture, in pixels.
const MOST_PIXELS: f32 = 1e8;

/// A part of an endless system ends with the first measure that makes it as wide as this, in staff spaces.
const LEAST_PART: f32 = 48.0;
/// Parts begin at whole multiples of this, so that sums of their widths are exact.
const CUT_STEP: f32 = 0.25;

/// Measures beside one another, with all staves.
#[derive(Clone, Debug)]
pub struct System {
    /// Where its measures and note heads stand.
    pub layout: Layout,
    /// Where it begins in its drawing, in staff spaces, if it is a part of an endless system.
    begins: Option<f32>,
    drawing: Arc<Drawing>,
}

/// What Verovio drew.
#[derive(Debug)]
struct Drawing {
    /// The page, with the outlines of its signs.
    svg: String,
    /// The same as shapes, for an endless system, of which many parts are drawn. Of others it takes less time
    /// to make it anew than memory to keep it.
    tree: OnceLock<Tree>,
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
        Ok(Self { layout, begins: None, drawing: Arc::new(Drawing { svg, tree: OnceLock::new() }) })
    }

    /// An endless system in parts, cut at bar lines. Their layouts count from their own left edges.
    pub(crate) fn parts(self) -> Vec<Self> {
        let mut parts = Vec::new();
        let (mut first, mut left) = (0, 0.0);
        for (k, measure) in self.layout.measures.iter().enumerate() {
            let is_last = k + 1 == self.layout.measures.len();
            if !is_last && measure.right - left < LEAST_PART {
                continue;
            }
            let right =
                if is_last { self.layout.width } else { (measure.right / CUT_STEP).round() * CUT_STEP };
            parts.push(self.part(first..k + 1, left, right));
            (first, left) = (k + 1, right);
        }
        parts
    }

    /// Some measures of an endless system, from one place in it to another.
    fn part(&self, measures: Range<usize>, left: f32, right: f32) -> Self {
        let Layout { height, staves_top, staves_bottom, .. } = self.layout;
        let mut measures = self.layout.measures.get(measures).unwrap_or_default().to_vec();
        for measure in &mut measures {
            (measure.left, measure.right) = (measure.left - left, measure.right - left);
        }
        let is_here = |head: &&Head| (left..right).contains(&((head.left + head.right) / 2.0));
        let moved = |head: &Head| Head { left: head.left - left, right: head.right - left, ..head.clone() };
        let heads = self.layout.heads.iter().filter(is_here).map(moved).collect();
        let layout = Layout { width: right - left, height, staves_top, staves_bottom, measures, heads };
        Self { layout, begins: Some(left), drawing: Arc::clone(&self.drawing) }
    }

    /// Draws the system with a staff space as high as so many pixels.
    ///
    /// # Errors
    /// When the picture would have no size or be too large.
    pub fn draw(&self, pixels_per_space: f32) -> Result<Ink, EngravingError> {
        let height = (self.layout.height * pixels_per_space).ceil();
        let (left, width) = self.columns(pixels_per_space);
        let size = EngravingError::Size { width, height };
        // No comparison is true of what is no number.
        let is_possible = width >= 1.0 && height >= 1.0 && width * height <= MOST_PIXELS;
        if !is_possible {
            return Err(size);
        }
        let Some(mut picture) = Pixmap::new(width as u32, height as u32) else { return Err(size) };
        // A pixel of the page is a tenth of the units in which lengths on it are counted.
        let scale = pixels_per_space * 10.0 / SPACE;
        let place = Transform::from_scale(scale, scale).post_translate(-left, 0.0);
        match self.begins {
            Some(_) => resvg::render(self.drawing.kept_tree()?, place, &mut picture.as_mut()),
            None => resvg::render(&self.drawing.tree()?, place, &mut picture.as_mut()),
        }
        let coverage = picture.pixels().iter().map(|pixel| pixel.alpha()).collect();
        Ok(Ink { width: picture.width(), height: picture.height(), coverage })
    }

    /// All that is on the system, signs and words too, as outlines. What reaches over the edge of a part of an
    /// endless system is in both parts.
    ///
    /// # Errors
    /// When what Verovio drew cannot be read.
    pub fn outlines(&self) -> Result<Vec<Outline>, EngravingError> {
        let mut outlines = Vec::new();
        let scale = 10.0 / SPACE;
        let place = Transform::from_scale(scale, scale);
        match self.begins {
            Some(begins) => {
                let (place, within) = (place.post_translate(-begins, 0.0), 0.0..=self.layout.width);
                outline::add(self.drawing.kept_tree()?.root(), place, &within, &mut outlines);
            }
            None => outline::add(self.drawing.tree()?.root(), place, &outline::ANYWHERE, &mut outlines),
        }
        Ok(outlines)
    }

    /// The first column of its picture in the whole drawing, and how many there are. A part ends where the next
    /// one begins.
    fn columns(&self, pixels_per_space: f32) -> (f32, f32) {
        let width = self.layout.width;
        match self.begins {
            Some(begins) => {
                let left = (begins * pixels_per_space).round();
                (left, ((begins + width) * pixels_per_space).round() - left)
            }
            None => (0.0, (width * pixels_per_space).ceil()),
        }
    }
}

impl Drawing {
    fn tree(&self) -> Result<Tree, EngravingError> {
        let options = Options { fontdb: fonts(), ..Options::default() };
        Tree::from_str(&self.svg, &options).map_err(|error| EngravingError::Page(error.to_string()))
    }

    fn kept_tree(&self) -> Result<&Tree, EngravingError> {
        if let Some(tree) = self.tree.get() {
            return Ok(tree);
        }
        let tree = self.tree()?;
        Ok(self.tree.get_or_init(|| tree))
    }
}
