//! Which notes of a performance count.

use performance::PlayedNote;

/// A played note that counts, and whether its duration is known.
pub(super) type Usable<'a> = Option<(&'a PlayedNote, bool)>;
