//! `<dynamics>`, in a direction or at a note.

use super::reader::Reader;
use crate::error::ImportError;
use crate::marks::{DirectionKind, Dynamic};
use crate::text;
use crate::words;

/// Longest text that is kept, in characters.
const LONGEST_TEXT: usize = 300;

/// What the first sign of `<dynamics>` means, and its text.
pub(super) fn dynamics(reader: &mut Reader<'_, '_>) -> Result<Vec<(DirectionKind, String)>, ImportError> {
    let mut found = None;
    while let Some(tag) = reader.xml.child()? {
        let name = tag.name().to_owned();
        let written = reader.xml.text()?;
        if found.is_some() {
            continue;
        }
        let written = if name == "other-dynamics" {
            text::shortened(&text::one_line(&written), LONGEST_TEXT)
        } else {
            name
        };
        let kinds = level(&written).map_or_else(|| words::meanings(&written), |kind| vec![kind]);
        found = Some(kinds.into_iter().map(|kind| (kind, written.clone())).collect());
    }
    Ok(found.unwrap_or_default())
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
