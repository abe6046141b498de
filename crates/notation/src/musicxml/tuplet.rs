//! Reading so many notes in the time of others.

use super::reader::Reader;
use crate::error::ImportError;
use crate::note_value::Tuplet;

/// `<time-modification>` and its like.
pub(super) fn tuplet(reader: &mut Reader<'_, '_>) -> Result<Option<Tuplet>, ImportError> {
    let (mut actual, mut normal) = (None, None);
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "actual-notes" => actual = reader.xml.number::<u8>()?,
            "normal-notes" => normal = reader.xml.number::<u8>()?,
            _ => reader.xml.skip()?,
        }
    }
    let known = actual.zip(normal).filter(|(actual, normal)| *actual > 0 && *normal > 0);
    Ok(known.map(|(actual, normal)| Tuplet { actual, normal }))
}
