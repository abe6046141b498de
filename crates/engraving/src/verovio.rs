//! Verovio: MusicXML in, one page of SVG for each system out.

use std::sync::{Mutex, PoisonError};
use std::{fs, io};

use verovio_sys::ffi;

use crate::error::EngravingError;
use crate::glyphs;

/// Half a staff space, in the pixels of the page.
const UNIT: f32 = 9.0;

/// A staff space in the units in which Verovio draws, of which a pixel has ten.
pub(crate) const SPACE: f32 = 20.0 * UNIT;

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

/// Draws a score on pages of this width in staff spaces, until it is done or `page` says no.
pub(crate) fn draw(
    music_xml: &str,
    width_spaces: f32,
    mut page: impl FnMut(String) -> bool,
) -> Result<(), EngravingError> {
    let lock = || ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let guard = lock();
    // Its warnings would go to the standard error.
    ffi::enable_log(0);
    let mut verovio = ffi::new_toolkit(false);
    let folder = measurements()?;
    let is_read = folder.path().to_str().is_some_and(|path| ffi::set_resource_path(verovio.pin_mut(), path));
    if !is_read || !ffi::set_options(verovio.pin_mut(), &options(width_spaces)) {
        return Err(EngravingError::Verovio("Verovio cannot be set up".to_owned()));
    }
    if !ffi::load_data(verovio.pin_mut(), music_xml) {
        return Err(EngravingError::Refused);
    }
    // When it draws it asks for outlines, which it need not have.
    drop(folder);
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

/// A temporary folder with what Verovio reads.
fn measurements() -> io::Result<tempfile::TempDir> {
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
    let width = (width_spaces.clamp(WIDTHS.0, WIDTHS.1) * 2.0 * UNIT).round();
    format!(
        r#"{{
            "inputFrom": "musicxml", "font": "Leipzig", "unit": {UNIT}, "scale": 100,
            "breaks": "auto", "systemMaxPerPage": 1, "pageWidth": {width}, "pageHeight": 60000,
            "adjustPageHeight": true, "header": "none", "footer": "none", "condense": "none",
            "pageMarginLeft": 32, "pageMarginRight": 27, "pageMarginTop": 9, "pageMarginBottom": 9,
            "smuflTextFont": "none", "svgRemoveXlink": true, "svgFormatRaw": true, "xmlIdSeed": 1
        }}"#
    )
}
