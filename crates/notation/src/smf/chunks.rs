//! The chunks of a file: header, tracks, and what a wrong length does to them.
//!
//! Programs write wrong lengths, and files are cut short. So a track ends where its end-of-track
//! event is, and its length only decides in doubt.

use super::division::Division;
use super::error::SmfError;

const TRACK: &[u8] = b"MTrk";
const HEADER: &[u8] = b"MThd\0\0\0\x06";

/// Most bytes before a header in which one is looked for.
const MOST_BEFORE: usize = 4096;

/// A position among the chunks of a file.
pub(super) struct Chunks<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Bytes before the header that belong to something else.
    pub before: usize,
    /// The number of tracks that the header promises.
    pub promised: usize,
    /// What a tick is.
    pub division: Division,
}

/// A track's place in the file, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TrackChunk {
    /// Where its events start.
    pub start: usize,
    /// Where it ends by its own length.
    pub end: usize,
}

/// What follows an end-of-track event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The next chunk, as the length says.
    AsSaid,
    /// The next chunk, though the length says otherwise.
    OtherLength,
    /// More events, as the length says.
    MoreEvents,
}

impl<'a> Chunks<'a> {
    /// Reads the header. `bytes` may be a RIFF file around the Standard MIDI File, and something else
    /// may stand before either.
    pub fn open(bytes: &'a [u8]) -> Result<Self, SmfError> {
        let before = start(bytes).ok_or(SmfError::NotMidi)?;
        let bytes = unwrap_riff(&bytes[before..]).ok_or(SmfError::NotMidi)?;
        let broken = |what: &str| SmfError::Broken { track: None, what: what.to_owned() };
        let length = number(bytes, 4).filter(|l| *l >= 6).ok_or_else(|| broken("its header is too short"))?;
        let field = |at: usize| Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
        let fields = (field(8), field(10), field(12));
        let (Some(format), Some(tracks), Some(division)) = fields else {
            return Err(broken("it ends within its header"));
        };
        match format {
            0 | 1 => {}
            2 => return Err(SmfError::ManySongs),
            _ => return Err(broken(&format!("its header names format {format}, which no standard has"))),
        }
        let division = Division::read(division)?;
        let at = 8_usize.saturating_add(length as usize).min(bytes.len());
        Ok(Self { bytes, at, before, promised: usize::from(tracks), division })
    }

    /// All bytes, to which the places of tracks refer.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The next track; chunks of other kinds are passed over.
    pub fn next_track(&mut self) -> Option<TrackChunk> {
        loop {
            let rest = self.bytes.get(self.at..)?;
            if rest.len() < 8 {
                return None;
            }
            let length = number(self.bytes, self.at + 4)? as usize;
            let start = self.at + 8;
            if rest.starts_with(TRACK) {
                let end = start.saturating_add(length);
                return Some(TrackChunk { start, end });
            }
            // A chunk of another kind ends within the file and is followed by a chunk.
            let end = start.saturating_add(length);
            self.at = if starts_chunk(self.bytes, self.at) && starts_chunk(self.bytes, end) {
                end
            } else {
                self.find_track(self.at)
            };
        }
    }

    /// Goes on with the chunk at a byte.
    pub fn resume(&mut self, at: usize) {
        self.at = at.max(self.at);
    }

    /// What follows a track's end-of-track event that ends at `at`.
    pub fn after_end(&self, track: TrackChunk, at: usize) -> Ending {
        if at == track.end {
            return Ending::AsSaid;
        }
        if at > track.end || starts_chunk(self.bytes, at) {
            return Ending::OtherLength;
        }
        let rest = &self.bytes[at..track.end.min(self.bytes.len())];
        // Some programs fill their chunks up with zeros.
        if rest.iter().all(|b| *b == 0) { Ending::AsSaid } else { Ending::MoreEvents }
    }

    /// Whether a track without an end-of-track event may end at `at`.
    pub fn may_end(&self, track: TrackChunk, at: usize) -> bool {
        at >= self.bytes.len() || (at == track.end && starts_chunk(self.bytes, at))
    }

    /// Where the next chunk starts after a track whose events make no sense from `at` on.
    pub fn after_fault(&self, track: TrackChunk, at: usize) -> usize {
        let is_next = track.end >= at && track.end < self.bytes.len() && starts_chunk(self.bytes, track.end);
        if is_next { track.end } else { self.find_track(at) }
    }

    /// The next place that reads `MTrk`, else the end of the file.
    fn find_track(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        let found = rest.windows(TRACK.len()).position(|w| w == TRACK);
        found.map_or(self.bytes.len(), |at| from + at)
    }
}

/// Whether a chunk starts at a byte, or the file ends there: four letters and a length that fits.
fn starts_chunk(bytes: &[u8], at: usize) -> bool {
    if at >= bytes.len() {
        return at == bytes.len();
    }
    let rest = &bytes[at..];
    let is_name = rest.len() >= 8 && rest[..4].iter().all(u8::is_ascii_alphanumeric);
    let fits = || number(bytes, at + 4).is_some_and(|l| l as usize <= rest.len() - 8);
    rest.starts_with(TRACK) || (is_name && fits())
}

/// Four bytes as a number.
fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(field.try_into().ok()?))
}

/// Where a Standard MIDI File starts: at the beginning, or after what mail programs and old systems
/// put before it. Its header is told by its name and its length of six.
pub(super) fn start(bytes: &[u8]) -> Option<usize> {
    if bytes.starts_with(b"MThd") || bytes.starts_with(b"RIFF") {
        return Some(0);
    }
    let head = &bytes[..bytes.len().min(MOST_BEFORE)];
    head.windows(HEADER.len()).position(|w| w == HEADER)
}

/// The Standard MIDI File in a RIFF file, whose chunks have little-endian lengths.
fn unwrap_riff(bytes: &[u8]) -> Option<&[u8]> {
    if !bytes.starts_with(b"RIFF") {
        return bytes.starts_with(b"MThd").then_some(bytes);
    }
    let mut at = 12;
    loop {
        let header = bytes.get(at..at + 8)?;
        let length = u32::from_le_bytes(header[4..].try_into().ok()?) as usize;
        let data = &bytes[at + 8..];
        if header.starts_with(b"data") {
            let data = &data[..length.min(data.len())];
            return data.starts_with(b"MThd").then_some(data);
        }
        at = at.checked_add(8)?.checked_add(length + length % 2)?;
    }
}
