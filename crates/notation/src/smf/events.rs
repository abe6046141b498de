//! The events of a track, decoded one by one.
//!
//! The crate midly, which writes our files, does not read them: it ends a number of more than four
//! bytes after the fourth, so that what follows becomes other events, and takes a length beyond the
//! end of the file for the rest of it, both without a word; and it gives up a track for a key
//! signature of one byte. What would have to be checked before it is most of this file.

use std::fmt;

/// What an event does, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// A key goes down.
    NoteOn { channel: u8, key: u8, velocity: u8 },
    /// A key comes up.
    NoteOff { channel: u8, key: u8 },
    /// A controller has a new value.
    Controller { channel: u8, controller: u8, value: u8 },
    /// A channel changes its program.
    Program { channel: u8, program: u8 },
    /// A meta event, by its type.
    Meta { kind: u8, data: &'a [u8] },
    /// The end of the track.
    EndOfTrack,
    /// Aftertouch, pitch bend, system exclusive and other events that a piano has no use for.
    Other,
}

/// Why no further event can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Where the event starts, in bytes from the start of the file.
    pub at: usize,
    /// What is wrong with it.
    pub kind: FaultKind,
}

/// What is wrong with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// The file ends within it.
    CutShort,
    /// A number of variable length has more than four bytes.
    LongNumber,
    /// A byte above 127 where a value from 0 to 127 has to stand.
    BadData(u8),
    /// A value without a status byte before it.
    NoStatus(u8),
    /// A status byte that no event has.
    BadStatus(u8),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FaultKind::CutShort => write!(f, "the file ends within the event at byte {}", self.at),
            FaultKind::LongNumber => {
                write!(f, "the length of the event at byte {} has more than four bytes", self.at)
            }
            FaultKind::BadData(byte) => {
                write!(f, "the event at byte {} has {byte} where a value from 0 to 127 belongs", self.at)
            }
            FaultKind::NoStatus(byte) => {
                write!(f, "the event at byte {} starts with {byte}, which is no status byte", self.at)
            }
            FaultKind::BadStatus(byte) => {
                write!(f, "the event at byte {} has the status {byte:#04x}, which no event has", self.at)
            }
        }
    }
}

/// A number of variable length: its value, or nothing if it has more than four bytes.
type Number = Option<u32>;

/// Where the data of a meta or system exclusive event lie.
pub(super) struct BlockHead {
    /// The type of a meta event.
    pub kind: Option<u8>,
    /// Where the data start, in bytes from the start of the file.
    pub start: usize,
    /// Where they end by their length, which may be beyond the end of the file.
    pub end: usize,
}

/// A position within the events of a track.
#[derive(Clone)]
pub(super) struct EventReader<'a> {
    /// The whole file; what lies before `at` is read.
    bytes: &'a [u8],
    at: usize,
    /// The status of the last channel event. Meta and system exclusive events leave it as it is:
    /// the standard says otherwise, but many programs write files so.
    running: Option<u8>,
    /// Where the data of the next event end, whatever their length says.
    known_end: Option<usize>,
}

impl<'a> EventReader<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, running: None, known_end: None }
    }

    /// The same reader at another byte.
    pub fn at_byte(&self, at: usize) -> Self {
        Self { at, ..self.clone() }
    }

    /// The whole file.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The data of the next event, if it is a meta or system exclusive event.
    pub fn block_head(&self) -> Option<BlockHead> {
        let mut reader = self.clone();
        reader.number().ok()?;
        let kind = match reader.byte().ok()? {
            0xff => Some(reader.byte().ok()?),
            0xf0 => None,
            _ => return None,
        };
        let length = reader.number().ok()?? as usize;
        Some(BlockHead { kind, start: reader.at, end: reader.at.saturating_add(length) })
    }

    /// Whether the event at a byte has a status byte of its own.
    pub fn has_status(&self, at: usize) -> bool {
        let mut reader = self.at_byte(at);
        reader.number().is_ok() && reader.peek().is_ok_and(|byte| byte >= 0x80)
    }

    /// The next event, whose data end at a byte.
    pub fn next_ending_at(&mut self, end: usize) -> Result<(Number, Event<'a>), Fault> {
        self.known_end = Some(end);
        let event = self.next();
        self.known_end = None;
        event
    }

    /// Where the next event starts.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Time since the event before, in ticks, and the event. The time is nothing where its number
    /// has more than four bytes, which is no reason to stop.
    pub fn next(&mut self) -> Result<(Number, Event<'a>), Fault> {
        let start = self.at;
        let read = |reader: &mut Self| {
            let delta = reader.number()?;
            Ok((delta, reader.event()?))
        };
        read(self).map_err(|kind| Fault { at: start, kind })
    }

    fn event(&mut self) -> Result<Event<'a>, FaultKind> {
        let first = self.peek()?;
        let status = if first < 0x80 {
            self.running.ok_or(FaultKind::NoStatus(first))?
        } else {
            self.at += 1;
            first
        };
        if status < 0xf0 {
            self.running = Some(status);
            return self.channel_event(status);
        }
        match status {
            0xff => {
                let kind = self.byte()?;
                let data = self.block()?;
                Ok(if kind == 0x2f { Event::EndOfTrack } else { Event::Meta { kind, data } })
            }
            0xf0 | 0xf7 => self.block().map(|_| Event::Other),
            // Other system messages have no place in a file; those with a known length do no harm.
            0xf1 | 0xf3 => self.data().map(|_| Event::Other),
            0xf2 => self.data().and_then(|_| self.data()).map(|_| Event::Other),
            0xf6 | 0xf8 | 0xfa..=0xfc | 0xfe => Ok(Event::Other),
            _ => Err(FaultKind::BadStatus(status)),
        }
    }

    fn channel_event(&mut self, status: u8) -> Result<Event<'a>, FaultKind> {
        let channel = status & 0x0f;
        let first = self.data()?;
        Ok(match status >> 4 {
            0x8 => {
                self.data()?;
                Event::NoteOff { channel, key: first }
            }
            0x9 => match self.data()? {
                0 => Event::NoteOff { channel, key: first },
                velocity => Event::NoteOn { channel, key: first, velocity },
            },
            0xb => Event::Controller { channel, controller: first, value: self.data()? },
            0xc => Event::Program { channel, program: first },
            0xd => Event::Other,
            _ => self.data().map(|_| Event::Other)?,
        })
    }

    fn peek(&self) -> Result<u8, FaultKind> {
        self.bytes.get(self.at).copied().ok_or(FaultKind::CutShort)
    }

    fn byte(&mut self) -> Result<u8, FaultKind> {
        let byte = self.peek()?;
        self.at += 1;
        Ok(byte)
    }

    /// A value from 0 to 127.
    fn data(&mut self) -> Result<u8, FaultKind> {
        match self.byte()? {
            byte if byte < 0x80 => Ok(byte),
            byte => Err(FaultKind::BadData(byte)),
        }
    }

    /// Seven bits a byte, most significant first; all bytes but the last have the high bit set.
    fn number(&mut self) -> Result<Number, FaultKind> {
        let mut value = 0_u32;
        for count in 1..=8 {
            let byte = self.byte()?;
            if count <= 4 {
                value = value << 7 | u32::from(byte & 0x7f);
            }
            if byte < 0x80 {
                return Ok((count <= 4).then_some(value));
            }
        }
        Err(FaultKind::LongNumber)
    }

    /// Bytes after their number.
    fn block(&mut self) -> Result<&'a [u8], FaultKind> {
        let length = self.number()?.ok_or(FaultKind::LongNumber)? as usize;
        let end = self.known_end.or(self.at.checked_add(length));
        let end = end.filter(|end| (self.at..=self.bytes.len()).contains(end)).ok_or(FaultKind::CutShort)?;
        let block = &self.bytes[self.at..end];
        self.at = end;
        Ok(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(bytes: &[u8]) -> (Vec<(Number, Event<'_>)>, Option<Fault>) {
        let mut reader = EventReader::new(bytes, 0);
        let mut events = Vec::new();
        while reader.at() < bytes.len() {
            match reader.next() {
                Ok(event) => events.push(event),
                Err(fault) => return (events, Some(fault)),
            }
        }
        (events, None)
    }

    #[test]
    fn running_status_goes_on_after_a_meta_event() {
        let (found, fault) =
            events(&[0, 0x90, 60, 80, 0, 0xff, 1, 1, b'x', 5, 62, 80, 0, 0xf0, 1, 0xf7, 0, 62, 0]);
        let on = |key| Event::NoteOn { channel: 0, key, velocity: 80 };
        assert_eq!((found[0], found[2]), ((Some(0), on(60)), (Some(5), on(62))));
        assert_eq!(found[4].1, Event::NoteOff { channel: 0, key: 62 });
        assert_eq!(fault, None);
    }

    #[test]
    fn faults_say_what_and_where() {
        let fault = |bytes: &[u8]| events(bytes).1.map(|fault| fault.to_string()).unwrap_or_default();
        assert_eq!(fault(&[0, 60]), "the event at byte 0 starts with 60, which is no status byte");
        assert_eq!(fault(&[0, 0x90, 60]), "the file ends within the event at byte 0");
        assert_eq!(
            fault(&[0, 0x90, 60, 80, 0, 0x90, 200]),
            "the event at byte 4 has 200 where a value from 0 to 127 belongs"
        );
        assert_eq!(fault(&[0, 0xf4]), "the event at byte 0 has the status 0xf4, which no event has");
        let long = [0, 0xff, 1, 0xff, 0xff, 0xff, 0xff, 0x7f];
        assert_eq!(fault(&long), "the length of the event at byte 0 has more than four bytes");
        assert_eq!(fault(&[0, 0xff, 1, 9, 1]), "the file ends within the event at byte 0");
    }

    #[test]
    fn a_time_of_more_than_four_bytes_is_passed_over() {
        let (found, fault) = events(&[0xff, 0xff, 0xff, 0xff, 0x7f, 0x90, 60, 64]);
        assert_eq!(found, [(None, Event::NoteOn { channel: 0, key: 60, velocity: 64 })]);
        assert_eq!(fault, None);
    }
}
