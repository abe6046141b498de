//! Where an event ends whose length is wrong.
//!
//! A tempo has three bytes of data whatever its length says, a text has no events in it, and a system
//! exclusive message ends with its own last byte. Where a length says otherwise, what follows decides: it
//! has to read as events.

use super::events::{BlockHead, Event, EventReader};

/// So many events have to make sense.
const PROBED: usize = 4;

/// Longest text that is looked through, in bytes.
const LONGEST_TEXT: usize = 4096;

/// The byte that ends a system exclusive message.
const END_OF_EXCLUSIVE: u8 = 0xf7;

/// The end of the meta or system exclusive event that comes next, if it is not where its length says.
pub(super) fn true_end(reader: &EventReader<'_>) -> Option<usize> {
    let head = reader.block_head()?;
    match head.kind {
        Some(0x01..=0x0f) => text_end(reader, &head),
        Some(kind) => meta_end(reader, &head, data_length(kind)?),
        None => exclusive_end(reader, &head),
    }
}

/// The length of the data of meta events that always have the same.
fn data_length(kind: u8) -> Option<usize> {
    Some(match kind {
        0x2f => 0,
        0x20 | 0x21 => 1,
        0x59 => 2,
        0x51 => 3,
        0x58 => 4,
        _ => return None,
    })
}

fn meta_end(reader: &EventReader<'_>, head: &BlockHead, length: usize) -> Option<usize> {
    let right = head.start + length;
    // Bytes that fill an event up, and an event that is as short as it says, have no event there.
    let follows = || reader.has_status(right) && is_plausible(reader, right);
    (head.end != right && follows()).then_some(right)
}

/// A text ends where events begin that all have a status byte; texts in other writing than ASCII do not
/// look so.
fn text_end(reader: &EventReader<'_>, head: &BlockHead) -> Option<usize> {
    let data = reader.bytes().get(head.start..)?;
    let is_text = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t');
    let strange = data.iter().take(LONGEST_TEXT).position(|byte| !is_text(*byte))?;
    // Before a status byte stands the time of its event, which may look like a letter.
    let right = head.start + if data[strange] >= 0x80 { strange.checked_sub(1)? } else { strange };
    if right == head.end || (right > head.end && is_plausible(reader, head.end)) {
        return None;
    }
    let mut probe = reader.at_byte(right);
    for _ in 0..PROBED {
        if is_over(&probe) {
            break;
        }
        if !probe.has_status(probe.at()) || !matches!(probe.next(), Ok((Some(_), _))) {
            return None;
        }
    }
    Some(right)
}

fn exclusive_end(reader: &EventReader<'_>, head: &BlockHead) -> Option<usize> {
    let data = reader.bytes().get(head.start..)?;
    let length = data.iter().position(|byte| *byte >= 0x80)?;
    let right = head.start + length + 1;
    // A message may also go on in a later event; then this one has no end of its own.
    // The end alone is left over: as the time of an event it would be hours.
    let lacks_its_end = head.end + 1 == right;
    let is_cut = head.end < right && (lacks_its_end || !is_plausible(reader, head.end));
    let is_wrong = head.end > right || is_cut;
    (is_wrong && data[length] == END_OF_EXCLUSIVE && is_plausible(reader, right)).then_some(right)
}

/// Whether events can be read from a byte on: several, or all up to the end of the track.
fn is_plausible(reader: &EventReader<'_>, at: usize) -> bool {
    let mut probe = reader.at_byte(at);
    for _ in 0..PROBED {
        if is_over(&probe) {
            return true;
        }
        match probe.next() {
            Ok((Some(_), Event::EndOfTrack)) => return true,
            Ok((Some(_), _)) => {}
            _ => return false,
        }
    }
    true
}

/// Whether the file or the track ends.
fn is_over(reader: &EventReader<'_>) -> bool {
    reader.bytes().get(reader.at()..).is_none_or(|rest| rest.is_empty() || rest.starts_with(b"MTrk"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the event at the start of the bytes ends, if its length is wrong.
    fn end(bytes: &[u8]) -> Option<usize> {
        true_end(&EventReader::new(bytes, 0))
    }

    /// Bytes, and two notes after them.
    fn before_notes(bytes: &[u8]) -> Vec<u8> {
        [bytes, &NOTES].concat()
    }

    const NOTES: [u8; 16] = [0, 0x90, 60, 80, 96, 0x80, 60, 0, 0, 0x90, 62, 80, 96, 0x80, 62, 0];

    #[test]
    fn a_tempo_has_three_bytes() {
        let tempo = |length: u8| before_notes(&[0, 0xff, 0x51, length, 7, 0xa1, 0x20]);
        assert_eq!(end(&tempo(3)), None);
        for length in [0, 1, 2, 4, 9, 15, 19, 120] {
            assert_eq!(end(&tempo(length)), Some(7), "{length}");
        }
        assert_eq!(end(&before_notes(&[0, 0xff, 0x51, 1, 7])), None, "it is as short as it says");
        let filled = before_notes(&[0, 0xff, 0x51, 5, 7, 0xa1, 0x20, 0, 0]);
        assert_eq!(end(&filled), None);
    }

    #[test]
    fn the_end_of_a_track_has_no_data() {
        assert_eq!(end(&before_notes(&[0, 0xff, 0x2f, 16])), Some(4));
        assert_eq!(end(&[vec![0, 0xff, 0x2f, 16], vec![0; 16]].concat()), None);
    }

    #[test]
    fn a_system_exclusive_message_ends_with_its_last_byte() {
        let message = |length: u8| before_notes(&[0, 0xf0, length, 0x7e, 0x7f, 9, 1, 0xf7]);
        assert_eq!(end(&message(5)), None);
        for length in [0, 2, 4, 6, 11, 20, 100] {
            assert_eq!(end(&message(length)), Some(8), "{length}");
        }
        // Without a length at all.
        assert_eq!(end(&before_notes(&[0, 0xf0, 0x7e, 0x7f, 9, 1, 0xf7])), Some(7));
        // A message in two parts.
        let parts = before_notes(&[0, 0xf0, 2, 0x7e, 0x7f, 0, 0xf7, 2, 1, 0xf7]);
        assert_eq!(end(&parts), None);
    }

    #[test]
    fn a_text_has_no_events_in_it() {
        let text = |length: u8| before_notes(&[0, 0xff, 1, length, b'a', b'b', b'c']);
        assert_eq!(end(&text(3)), None);
        for length in [0, 1, 4, 8, 13, 19, 120] {
            assert_eq!(end(&text(length)), Some(7), "{length}");
        }
        let latin = [0, 0xff, 3, 9, b'P', b'r', 0xe4, b'l', b'u', b'd', b'i', b'u', b'm'];
        assert_eq!(end(&before_notes(&latin)), None);
        assert_eq!(end(&before_notes(&[0, 0xff, 1, 4, b'a', b'b', b'c', 0])), None, "a zero at its end");
        // A time of 96 looks like a letter.
        assert_eq!(end(&[0, 0xff, 1, 1, b'a', 96, 0x90, 60, 80, 96, 0x80, 60, 0]), None);
    }
}
