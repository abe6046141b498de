//! Events of an exported file, and the file that they make.

use midly::num::{u4, u7, u15, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};

use super::options::ExportError;

/// The longest pause between two events.
const LONGEST_DELTA: u32 = (1 << 28) - 1;

/// Events of a track by tick; at one tick the lower rank comes first.
pub type Events<'a> = Vec<(u64, u8, TrackEventKind<'a>)>;

/// The bytes of a file with these tracks; all last to `end_tick`.
pub fn file(ticks_per_quarter: u32, tracks: Vec<Events<'_>>, end_tick: u64) -> Result<Vec<u8>, ExportError> {
    let ticks = u15::from(ticks_per_quarter.min(0x7fff) as u16);
    let mut smf = Smf::new(Header::new(Format::Parallel, Timing::Metrical(ticks)));
    for track in tracks {
        smf.tracks.push(deltas(track, end_tick)?);
    }
    let mut bytes = Vec::new();
    // Writing to memory fails only for more tracks than the parts that a score can have.
    smf.write_std(&mut bytes).map_err(|_| ExportError::Empty)?;
    Ok(bytes)
}

/// A channel's message.
pub fn midi<'a>(channel: u4, message: MidiMessage) -> TrackEventKind<'a> {
    TrackEventKind::Midi { channel, message }
}

/// A controller's new value.
pub fn controller<'a>(channel: u4, controller: u8, value: u8) -> TrackEventKind<'a> {
    let (controller, value) = (u7::from(controller.min(127)), u7::from(value.min(127)));
    midi(channel, MidiMessage::Controller { controller, value })
}

/// Names a track.
pub fn name_track<'a>(events: &mut Events<'a>, name: &'a str) {
    events.push((0, 0, TrackEventKind::Meta(MetaMessage::TrackName(name.as_bytes()))));
}

/// A channel's instrument from the start on.
pub fn program<'a>(channel: u4, program: u8) -> (u64, u8, TrackEventKind<'a>) {
    (0, 1, midi(channel, MidiMessage::ProgramChange { program: u7::from(program.min(127)) }))
}

/// Sorts events and turns their ticks into steps; ends the track.
fn deltas(mut events: Events<'_>, end_tick: u64) -> Result<Vec<TrackEvent<'_>>, ExportError> {
    events.sort_by_key(|(tick, rank, _)| (*tick, *rank));
    let end_tick = events.last().map_or(end_tick, |(tick, ..)| end_tick.max(*tick));
    events.push((end_tick, u8::MAX, TrackEventKind::Meta(MetaMessage::EndOfTrack)));
    let mut now = 0;
    let mut track = Vec::with_capacity(events.len());
    for (tick, _, kind) in events {
        let delta = u32::try_from(tick - now).ok().filter(|d| *d <= LONGEST_DELTA);
        let delta = delta.ok_or(ExportError::Pause(LONGEST_DELTA))?;
        track.push(TrackEvent { delta: u28::from(delta), kind });
        now = tick;
    }
    Ok(track)
}
