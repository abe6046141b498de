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

/// Levels, and single accents; nothing for letters that are neither.
pub(super) fn level(name: &str) -> Option<DirectionKind> {
    Some(match name {
        "n" | "pppp" | "ppppp" | "pppppp" => DirectionKind::Dynamic(Dynamic::Pppp),
        "ppp" => DirectionKind::Dynamic(Dynamic::Ppp),
        "pp" => DirectionKind::Dynamic(Dynamic::Pp),
        "p" => DirectionKind::Dynamic(Dynamic::P),
        "mp" => DirectionKind::Dynamic(Dynamic::Mp),
        "mf" => DirectionKind::Dynamic(Dynamic::Mf),
        "f" => DirectionKind::Dynamic(Dynamic::F),
        "ff" => DirectionKind::Dynamic(Dynamic::Ff),
        "fff" => DirectionKind::Dynamic(Dynamic::Fff),
        "ffff" | "fffff" | "ffffff" => DirectionKind::Dynamic(Dynamic::Ffff),
        "sf" | "sfz" | "sffz" | "sfp" | "sfpp" | "sfzp" | "fz" | "rf" | "rfz" | "fp" | "pf" => {
            DirectionKind::Sforzando
        }
        _ => return None,
    })
}
