//! Pianist Transformer as a [`Performer`].

mod around;

use std::cell::Cell;
use std::path::Path;

use neural::sampling::Choice;
use performance::{Pedal, PedalEvent, Performance, PlayedNote, SHORTEST_PRESS_SECS};
use performers::finish::Finishing;
use performers::{Abilities, Knob, NumberKnob, PerformError, Performer, PerformerInfo, Request, Run};

use crate::config::Settings;
use crate::network::Network;
use crate::roll::{Roll, Struck};
use crate::tokens::{LONGEST_IOI_MS, PedalMove, Stream, movements};
use crate::weights;
use around::around;

const TEMPERATURE: NumberKnob = NumberKnob {
    id: "temperature",
    name: "Temperature",
    description: "How much is left to chance; at 0 the likeliest value is always taken and all takes are the same",
    min: 0.0,
    max: 2.0,
    default: 1.0,
    is_share: true,
};

const TOP_P: NumberKnob = NumberKnob {
    id: "top-p",
    name: "Breadth",
    description: "How many of the likeliest values are chosen from; with less, unlikely ones are never taken",
    min: 0.0,
    max: 1.0,
    default: 0.95,
    is_share: true,
};

/// Played notes between two times that what is ready is handed over.
const NOTES_A_PART: usize = 32;

/// The trained network and how it plays.
pub struct PianistTransformer {
    network: Network,
    settings: Settings,
}

impl PianistTransformer {
    /// What it is called.
    pub const INFO: PerformerInfo = PerformerInfo {
        id: "pianist-transformer",
        name: "Pianist Transformer",
        description: "A network that plays from left to right, note by note, as it learned from recordings",
        abilities: Abilities { follows_mood: false, streams: true, needs_model: true, needs_device: false },
        knobs: &[Knob::Number(TEMPERATURE), Knob::Number(TOP_P)],
        finishing: Finishing { final_ritard: 0.0, pedal_changes: false, pauses: true },
    };

    /// Reads the model folder.
    ///
    /// # Errors
    /// When its files are missing, damaged or do not fit each other.
    pub fn load(folder: &Path) -> Result<Self, PerformError> {
        let settings = weights::settings(folder)?;
        Ok(Self { network: Network::load(folder, &settings.network)?, settings })
    }
}

impl Performer for PianistTransformer {
    fn info(&self) -> PerformerInfo {
        Self::INFO
    }

    fn perform(&self, request: &Request<'_>, run: &Run<'_>) -> Result<Performance, PerformError> {
        let wanted = request.region.notes(request.score);
        if wanted.is_empty() {
            return Err(PerformError::EmptyRegion);
        }
        run.step(0.0)?;
        let stream = Stream::of_score(request.score, self.settings.playing.chords);
        let around = around(&stream, request.context, &wanted);
        let [temperature, top_p] = [TEMPERATURE, TOP_P].map(|knob| knob.value(request.controls));
        let roll = Roll {
            literal: &stream.events,
            known: &around.known,
            start_ms: around.start_ms,
            choice: Choice { temperature, top_p },
            seed: request.controls.seed,
        };
        let handed_over = Cell::new(0);
        let hear = |struck: &[Struck]| {
            run.step(struck.len() as f32 / around.known.len() as f32)?;
            let is_part = struck.len() < around.known.len();
            if is_part && run.wants_partial() && struck.len() >= handed_over.get() + NOTES_A_PART {
                handed_over.set(struck.len());
                let ready = whole_first_notes(performance(&stream, struck, &wanted), &wanted);
                if !ready.notes.is_empty() {
                    run.hand_over(&ready);
                }
            }
            Ok(())
        };
        let struck = roll.play(&self.network, &self.settings.playing, &hear)?;
        let mut played = performance(&stream, &struck, &wanted);
        if stream.order.last().is_some_and(|last| wanted.binary_search(last).is_ok()) {
            lift_at_end(&mut played);
        }
        Ok(played)
    }
}

/// A pedal that is down at the end of the piece comes up with the last key.
fn lift_at_end(played: &mut Performance) {
    let keys_secs = played.notes.iter().map(|n| n.onset_secs + n.duration_secs).fold(0.0, f64::max);
    // What the pedal does in the long time after the last note that its tokens tell of.
    played.pedals.retain(|pedal| pedal.time_secs <= keys_secs);
    if played.pedals.last().is_some_and(|pedal| pedal.value > 0) {
        played.pedals.push(PedalEvent { time_secs: keys_secs, pedal: Pedal::Sustain, value: 0 });
    }
}

/// The wanted notes of what was played so far, with the pedal from each of them to the next.
fn performance(stream: &Stream, struck: &[Struck], wanted: &[u32]) -> Performance {
    let mut played = Performance::default();
    let mut pedal = 0;
    for (k, (note, Struck { onset_ms, event })) in stream.order.iter().zip(struck).enumerate() {
        if wanted.binary_search(note).is_err() {
            continue;
        }
        played.notes.push(PlayedNote {
            note: *note,
            onset_secs: secs(*onset_ms),
            duration_secs: secs(i64::from(event.duration_ms)).max(SHORTEST_PRESS_SECS),
            velocity: event.velocity.clamp(1, 127),
        });
        let gap_ms = match (struck.get(k + 1), stream.events.get(k + 1)) {
            (Some(next), _) => next.onset_ms - onset_ms,
            // The next note was not played (yet): as long as it is written.
            (None, Some(written)) => i64::from(written.ioi_ms),
            (None, None) => i64::from(LONGEST_IOI_MS),
        };
        for PedalMove { at_ms, value } in movements(event, *onset_ms, gap_ms) {
            if std::mem::replace(&mut pedal, value) != value {
                played.pedals.push(PedalEvent { time_secs: secs(at_ms), pedal: Pedal::Sustain, value });
            }
        }
    }
    played.notes.sort_by_key(|note| note.note);
    played
}

fn secs(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

/// Only the first notes of the region, without gaps: the stream may have others of a chord first.
fn whole_first_notes(mut ready: Performance, wanted: &[u32]) -> Performance {
    let count = ready.notes.iter().zip(wanted).take_while(|(note, wanted)| note.note == **wanted).count();
    ready.notes.truncate(count);
    ready
}
