//! Verovio: MusicXML in, one page of SVG for each system out.

use std::sync::{Mutex, PoisonError};
use std::{fs, io};

use tempfile::TempDir;
use verovio_sys::ffi;

use crate::error::EngravingError;
use crate::glyphs;

/// Half a staff space, in the pixels of the page.
const UNIT: f32 = 9.0;

/// A staff space in the units in which Verovio draws, of which a pixel has ten.
pub(crate) const SPACE: f32 = 20.0 * UNIT;

/// In place of a width: everything stands in one system, as wide as it is.
pub(crate) const ENDLESS: f32 = 0.0;

/// The narrowest and the widest page, in staff spaces.
const WIDTHS: (f32, f32) = (20.0, 5_000.0);

/// The files that Verovio reads: measurements of the music fonts and of Times, and names of signs.
const FILES: [&str; 7] = [
    "Bravura.xml",
    "Leipzig.xml",
    "tuning-glyphnames.json",
    "text/Times.xml",
    "text/Times-bold.xml",
    "text/Times-italic.xml",
    "text/Times-bold-italic.xml",
];

/// Verovio keeps its log, and some of what it reads, once for the whole process.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A page of SVG, or why there is none.
pub(crate) type Page = Result<String, EngravingError>;

/// What is to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Request {
    /// How wide pages are, in staff spaces, or [`ENDLESS`].
    pub width_spaces: f32,
    /// The path of a folder with [`measurements`].
    pub folder: String,
    pub music_xml: String,
}

/// Draws a score on pages, until it is done or `page` says no.
pub(crate) fn draw(request: &Request, mut page: impl FnMut(String) -> bool) -> Result<(), EngravingError> {
    let lock = || ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let guard = lock();
    // Its warnings would go to the standard error.
    ffi::enable_log(0);
    let mut verovio = ffi::new_toolkit(false);
    let options = options(request.width_spaces);
    if !ffi::set_resource_path(verovio.pin_mut(), &request.folder)
        || !ffi::set_options(verovio.pin_mut(), &options)
    {
        return Err(EngravingError::Verovio("Verovio cannot be set up".to_owned()));
    }
    if !ffi::load_data(verovio.pin_mut(), &request.music_xml) {
        return Err(EngravingError::Refused);
    }
    let count = ffi::page_count(verovio.pin_mut());
    drop(guard);
    for number in 1..=count {
        let guard = lock();
        let svg = ffi::render_to_svg(verovio.pin_mut(), number, false);
        drop(guard);
        if !page(svg) {
            break;
        }
    }
    let _guard = lock();
    drop(verovio);
    Ok(())
}

/// A temporary folder with what Verovio reads while it lays a score out. When it draws, it looks there for
/// outlines of signs, too, which it need not find.
pub(crate) fn measurements() -> io::Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("espressivo-").tempdir()?;
    fs::create_dir(folder.path().join("text"))?;
    for file in FILES {
        fs::write(folder.path().join(file), glyphs::text(file).unwrap_or_default())?;
    }
    Ok(folder)
}

/// One system a page, as high as it is; nothing around it. `xmlIdSeed` makes pages of one score the same
/// each time.
fn options(width_spaces: f32) -> String {
    let breaks = if width_spaces == ENDLESS { "none" } else { "auto" };
    let width = (width_spaces.clamp(WIDTHS.0, WIDTHS.1) * 2.0 * UNIT).round();
    format!(
        r#"{{
            "inputFrom": "musicxml", "font": "Leipzig", "unit": {UNIT}, "scale": 100,
            "breaks": "{breaks}", "systemMaxPerPage": 1, "pageWidth": {width}, "pageHeight": 60000,
            "adjustPageHeight": true, "header": "none", "footer": "none", "condense": "none",
            "pageMarginLeft": 32, "pageMarginRight": 27, "pageMarginTop": 9, "pageMarginBottom": 9,
            "smuflTextFont": "none", "svgRemoveXlink": true, "svgFormatRaw": true, "xmlIdSeed": 1
        }}"#
    )
}
