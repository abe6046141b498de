//! The fonts of words on the page, and of musical signs among them: Liberation Serif, which has the
//! widths that Verovio reckons with, and Leipzig. Fonts of the system are not looked at: a page is the
//! same on every machine.

use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use resvg::usvg::fontdb::Database;

use crate::glyphs;

/// What stands before the bytes of a font in a style sheet of `verovio-data`.
const FONT: &str = "base64,";

/// The fonts.
pub(crate) fn fonts() -> Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    FONTS.get_or_init(|| Arc::new(load())).clone()
}

fn load() -> Database {
    let mut fonts = Database::new();
    for sheet in ["Liberation.css", "Leipzig.css"] {
        for font in glyphs::text(sheet).into_iter().flat_map(embedded) {
            fonts.load_font_data(font);
        }
    }
    // Verovio asks for Times, which is not there, and then for any font with serifs.
    let first = fonts.faces().next().and_then(|face| face.families.first()).map(|(name, _)| name.clone());
    fonts.set_serif_family(first.unwrap_or_default());
    fonts
}

/// The fonts in a style sheet.
fn embedded(sheet: &str) -> Vec<Vec<u8>> {
    let texts = sheet.split(FONT).skip(1).filter_map(|rest| rest.split(')').next());
    let decode = |text: &str| base64::engine::general_purpose::STANDARD.decode(text.trim()).ok();
    texts.filter_map(decode).filter_map(|packed| wuff::decompress_woff2(&packed).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_four_faces_of_text_and_one_of_signs() {
        let fonts = fonts();
        let name = |face: &resvg::usvg::fontdb::FaceInfo| face.families[0].0.clone();
        let names: Vec<String> = fonts.faces().map(name).collect();
        assert_eq!(names.len(), 5, "{names:?}");
        assert!(names[..4].iter().all(|name| name.contains("Liberation")), "{names:?}");
        assert_eq!(names[4], "Leipzig");
    }
}
