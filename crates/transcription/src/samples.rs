//! Sound that is read block by block.

/// Samples a second that the network hears.
pub const SAMPLE_RATE: u32 = 44_100;

/// Mono sound at [`SAMPLE_RATE`], read from front to back in blocks, full scale being -1 to 1.
pub trait Samples {
    /// Why reading fails.
    type Error;

    /// Reads the next samples into `into`, as many as come easily; returns how many, 0 at the end.
    ///
    /// # Errors
    /// When the source fails.
    fn read(&mut self, into: &mut [f32]) -> Result<usize, Self::Error>;

    /// How many samples there are from start to end, where the source tells.
    fn length_hint(&self) -> Option<u64>;
}
