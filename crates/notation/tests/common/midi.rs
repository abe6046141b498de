//! Standard MIDI Files written byte by byte.

/// A file of one chunk for each track.
pub fn file(format: u16, division: u16, tracks: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"MThd\0\0\0\x06".to_vec();
    bytes.extend(format.to_be_bytes());
    bytes.extend((tracks.len() as u16).to_be_bytes());
    bytes.extend(division.to_be_bytes());
    for track in tracks {
        bytes.extend(b"MTrk");
        bytes.extend((track.len() as u32).to_be_bytes());
        bytes.extend(track);
    }
    bytes
}

/// The end of a track.
pub const END: [u8; 4] = [0, 0xff, 0x2f, 0];

/// A track of quarters on a channel, 96 ticks each.
pub fn quarters(channel: u8, pitches: &[u8]) -> Vec<u8> {
    let mut track = Vec::new();
    for pitch in pitches {
        track.extend([0, 0x90 | channel, *pitch, 64, 96, 0x80 | channel, *pitch, 0]);
    }
    track.extend(END);
    track
}
