//! `<dynamics>`, in a direction or at a note.

use super::reader::Reader;
use crate::error::ImportError;
use crate::marks::{DirectionKind, Dynamic};
use crate::text;
use crate::words;

/// Longest text that is kept, in characters.
const LONGEST_TEXT: usize = 300;

/// Most signs of one `<dynamics>`.
const MOST_SIGNS: usize = 8;

/// What the signs of `<dynamics>` mean, each with its text: `<sf/><mp/>` is an accent and a level, and
/// so is `<fp/>`. Our own written-out files say each alone.
pub(super) fn dynamics(reader: &mut Reader<'_, '_>) -> Result<Vec<(DirectionKind, String)>, ImportError> {
    let is_exact = reader.score.is_exact;
    let most = if is_exact { 1 } else { MOST_SIGNS };
    let (mut found, mut count) = (Vec::new(), 0);
    while let Some(tag) = reader.xml.child()? {
        let name = tag.name().to_owned();
        let written = reader.xml.text()?;
        count += 1;
        if count > most {
            continue;
        }
        let written = if name == "other-dynamics" {
            text::shortened(&text::one_line(&written), LONGEST_TEXT)
        } else {
            name
        };
        let kinds = level(&written).map_or_else(|| words::meanings(&written), |kind| vec![kind]);
        let after = level_after(&written).filter(|_| !is_exact).map(DirectionKind::Dynamic);
        found.extend(kinds.into_iter().chain(after).map(|kind| (kind, written.clone())));
    }
    Ok(found)
}

/// The level that an accent leaves behind: *fp* is loud, then soft.
fn level_after(name: &str) -> Option<Dynamic> {
    match name {
        "fp" | "ffp" | "mfp" | "sfp" | "sffp" | "sfzp" | "fzp" => Some(Dynamic::P),
        "fpp" | "sfpp" => Some(Dynamic::Pp),
        _ => None,
    }
}

/// What the element of `<dynamics>` with a name asks for: a level or a single accent; nothing for other
/// names.
pub(super) fn level(name: &str) -> Option<DirectionKind> {
    Some(match name {
        "n" | "ppppp" | "pppppp" => DirectionKind::Dynamic(Dynamic::Pppp),
        "fffff" | "ffffff" => DirectionKind::Dynamic(Dynamic::Ffff),
        "sf" | "sfz" | "sffz" | "sfp" | "sfpp" | "sfzp" | "fz" | "rf" | "rfz" | "fp" | "pf" => {
            DirectionKind::Sforzando
        }
        letters => DirectionKind::Dynamic(Dynamic::from_letters(letters)?),
    })
}
