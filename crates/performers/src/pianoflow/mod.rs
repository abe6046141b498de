//! PianoFlow.
