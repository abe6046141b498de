//! Which systems play, the one that plays when nobody is named first. A new system adds its line here.

use performers::Registry;

/// Every performer.
pub fn registry() -> Registry {
    Registry::default().with(pianoflow::entry()).with(kth_rules::entry())
}
