//! Formats of sound, told by how a file begins.

/// Enough of a file to tell what it is: an Ogg file names its coding in its first packet.
pub const HEAD_BYTES: usize = 64;

/// What a file that may hold sound is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundFormat {
    /// A format that is read, by its name.
    Read(&'static str),
    /// One that is not, in the words that go after *this is*.
    Other(&'static str),
}

impl SoundFormat {
    /// What begins like this; none for what is no sound and no video.
    pub fn of(head: &[u8]) -> Option<Self> {
        let riff = head.get(8..12).filter(|_| head.starts_with(b"RIFF"));
        match riff {
            Some(b"WAVE") => return Some(Self::Read("WAV")),
            Some(b"AVI ") => return Some(Self::Other("a video (AVI)")),
            _ => {}
        }
        if head.starts_with(b"OggS") {
            return Some(ogg(head));
        }
        if head.get(4..8) == Some(b"ftyp") {
            return Some(mp4(head));
        }
        let starts: [(&[u8], Self); 10] = [
            (b"fLaC", Self::Read("FLAC")),
            (b"ID3", Self::Read("MP3")),
            (b"RF64", Self::Other("a WAV file of more than 4 GiB")),
            (b"FORM", Self::Other("an AIFF file")),
            (b"caff", Self::Other("an Apple Core Audio file")),
            (b"#!AMR", Self::Other("an AMR file")),
            (b"\x1a\x45\xdf\xa3", Self::Other("a video (Matroska or WebM)")),
            (b"\x30\x26\xb2\x75", Self::Other("a Windows Media file")),
            (b"FLV", Self::Other("a video (Flash)")),
            (b"\0\0\x01\xba", Self::Other("a video (MPEG)")),
        ];
        let known = starts.into_iter().find(|(start, _)| head.starts_with(start)).map(|(_, format)| format);
        known.or_else(|| mpeg(head))
    }
}

/// A stream of Ogg pages by its first packet.
fn ogg(head: &[u8]) -> SoundFormat {
    let has = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    match () {
        () if has(b"OpusHead") => SoundFormat::Other("sound in Opus"),
        () if has(b"Speex   ") => SoundFormat::Other("speech in Speex"),
        () if has(b"theora") => SoundFormat::Other("a video (Ogg Theora)"),
        () => SoundFormat::Read("Ogg"),
    }
}

/// A file of the MP4 family by its brand.
fn mp4(head: &[u8]) -> SoundFormat {
    match head.get(8..11) {
        Some(b"M4A" | b"M4B") => SoundFormat::Other("sound in AAC or ALAC (M4A)"),
        _ => SoundFormat::Other("a video, or sound in AAC (MP4)"),
    }
}

/// A stream of MPEG frames by the first one: 11 bits of ones, then version and layer (ISO/IEC 11172-3, 2.4.2.3).
/// What would be layer 1, which nobody uses, is text in UTF-16 as a rule: the same bits mark its byte order.
fn mpeg(head: &[u8]) -> Option<SoundFormat> {
    let [first, second, ..] = *head else { return None };
    if first != 0xff || second & 0xe0 != 0xe0 {
        return None;
    }
    match ((second >> 3) & 3, (second >> 1) & 3) {
        (0 | 2 | 3, 1) => Some(SoundFormat::Read("MP3")),
        // Layer 1 is out of use, and a text in UTF-16 begins like it.
        (2 | 3, 2) => Some(SoundFormat::Other("sound in MPEG layer 2")),
        (2 | 3, 0) if second & 0xf6 == 0xf0 => Some(SoundFormat::Other("sound in AAC")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_how_they_begin() {
        let other = |head: &[u8]| matches!(SoundFormat::of(head), Some(SoundFormat::Other(_)));
        assert_eq!(SoundFormat::of(b"RIFF\x24\0\0\0WAVEfmt "), Some(SoundFormat::Read("WAV")));
        assert_eq!(SoundFormat::of(b"fLaC\0\0\0\x22"), Some(SoundFormat::Read("FLAC")));
        assert_eq!(SoundFormat::of(b"ID3\x04\0"), Some(SoundFormat::Read("MP3")));
        for frame in [b"\xff\xfb\x90\x64", b"\xff\xfa\x90\x64", b"\xff\xf3\x90\x64", b"\xff\xe3\x90\x64"] {
            assert_eq!(SoundFormat::of(frame), Some(SoundFormat::Read("MP3")), "{frame:x?}");
        }
        let page = |packet: &[u8]| [&b"OggS\0\x02"[..], &[0; 21], &[1, 30], packet].concat();
        assert_eq!(SoundFormat::of(&page(b"\x01vorbis\0\0")), Some(SoundFormat::Read("Ogg")));
        assert!(other(&page(b"OpusHead\x01")));
        assert!(other(b"\0\0\0\x20ftypisom\0\0"));
        assert!(other(b"\0\0\0\x20ftypM4A \0\0"));
        assert!(other(b"\x1a\x45\xdf\xa3\x01"));
        assert!(other(b"RIFF\x24\0\0\0AVI LIST"));
        assert!(other(b"\xff\xf1\x50\x80"));
    }

    #[test]
    fn what_is_no_sound_is_none_of_them() {
        for head in [
            &b""[..],
            b"\xff",
            b"ab",
            b"A text about music.",
            b"MThd\0\0\0\x06",
            b"\xff\xd8\xff\xe0",
            b"\xff\xff",
            b"\xff\xfe<\0?\0x\0",
        ] {
            assert_eq!(SoundFormat::of(head), None, "{head:x?}");
        }
        assert_eq!(SoundFormat::of(b"RIFF\x24\0\0\0sfbkLIST"), None);
    }
}
