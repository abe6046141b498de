//! Scores as printed music, engraved by Verovio.
