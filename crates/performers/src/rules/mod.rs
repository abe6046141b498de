//! KTH rules.
