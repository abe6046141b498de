//! The groove as a [`Performer`].

use std::cell::Cell;
use std::path::Path;

use neural::chance::{Chances, place_of};
use notation::{Marks, Note, Score};
use performance::deadpan::VELOCITY;
use performance::{Performance, PlayedNote, SHORTEST_PRESS_SECS};
use performers::finish::Finishing;
use performers::{
    Abilities, ChoiceKnob, Controls, Knob, KnobOption, NumberKnob, PerformError, Performer, PerformerInfo,
    Request, Run,
};

use super::columns::rows;
use super::config::{self, FILE_NAME, ON_GRID, Settings, TIMINGS, VELOCITY_STEP};
use super::network::{Logits, Network};
use super::times::Times;

const STYLE: ChoiceKnob = ChoiceKnob {
    id: "style",
    name: "Style",
    description: "Whose loudness and timing it has",
    options: &[
        KnobOption { id: "classical", name: "Classical", description: "Pianists who play classical music" },
        KnobOption {
            id: "pop",
            name: "Pop",
            description: "Piano arrangements of pop songs, mostly on the grid",
        },
    ],
};

const AMOUNT: NumberKnob = NumberKnob {
    id: "amount",
    name: "Amount",
    description: "How far loudness and timing are from the score played literally",
    min: 0.0,
    max: 1.5,
    default: 1.0,
    is_share: true,
};

const VARIETY: NumberKnob = NumberKnob {
    id: "variety",
    name: "Variety",
    description: "How much a take leaves to chance; at 0 all takes are the same",
    min: 0.0,
    max: 1.5,
    default: 0.7,
    is_share: true,
};

const SWING: NumberKnob = NumberKnob {
    id: "swing",
    name: "Swing",
    description: "Makes the first of two eighths longer, as much as jazz drummers do at the tempo",
    min: 0.0,
    max: 1.0,
    default: 0.0,
    is_share: true,
};

const ACCENTS: NumberKnob = NumberKnob {
    id: "keep-accents",
    name: "Keep my accents",
    description: "How much of the loudness stays that notes have in a MIDI file, for scores that are one",
    min: 0.0,
    max: 1.0,
    default: 0.0,
    is_share: true,
};

/// Per cents of a sixteenth in a quarter.
const PER_CENTS_OF_A_QUARTER: f64 = 400.0;

/// The last bin of micro-timing: nothing is later.
const LAST_TIMING: f64 = TIMINGS as f64 - 1.0;

/// Played over written length of notes that are marked short.
const STACCATO: f64 = 0.5;
const STACCATISSIMO: f64 = 0.3;

/// What chance is drawn for.
const OF_VELOCITY: u64 = 1;
const OF_TIMING: u64 = 2;

/// The trained network and its styles.
pub struct Groove {
    network: Network,
    settings: Settings,
    /// The network's number of each option of [`STYLE`].
    styles: Vec<usize>,
}

impl Groove {
    /// What it is called.
    pub const INFO: PerformerInfo = PerformerInfo {
        id: "groove",
        name: "Groove",
        description: "A network that keeps the tempo: it plays how loud and how far from the grid each note is",
        abilities: Abilities { follows_mood: false, streams: true, needs_model: true, needs_device: false },
        knobs: &[
            Knob::Choice(STYLE),
            Knob::Number(AMOUNT),
            Knob::Number(VARIETY),
            Knob::Number(SWING),
            Knob::Number(ACCENTS),
        ],
        finishing: Finishing { final_ritard: 0.0, pedal_changes: false, pauses: false },
    };

    /// Reads the model folder.
    ///
    /// # Errors
    /// When its files are missing, damaged or do not fit each other, or a style is not in them.
    pub fn load(folder: &Path) -> Result<Self, PerformError> {
        let settings = config::settings(folder)?;
        let number = |option: &KnobOption| {
            settings.styles.iter().position(|style| style == option.id).ok_or_else(|| PerformError::Model {
                what: format!("the model has no style `{}`", option.id),
                path: folder.join(FILE_NAME),
            })
        };
        let styles = STYLE.options.iter().map(number).collect::<Result<Vec<usize>, PerformError>>()?;
        Ok(Self { network: Network::load(folder, &settings)?, settings, styles })
    }
}

impl Performer for Groove {
    fn info(&self) -> PerformerInfo {
        Self::INFO
    }

    fn perform(&self, request: &Request<'_>, run: &Run<'_>) -> Result<Performance, PerformError> {
        let wanted = request.region.notes(request.score);
        let (Some(first), Some(last)) = (wanted.first().copied(), wanted.last().copied()) else {
            return Err(PerformError::EmptyRegion);
        };
        run.step(0.0)?;
        let (score, controls) = (request.score, request.controls);
        let times = Times::of(score, controls, SWING.value(controls));
        let rows = rows(score, &|n| times.period_secs[n]);
        run.step(0.1)?;
        let hand = Hand::of(self, score, controls, &times);
        let (first, end) = (first as usize, last as usize + 1);
        let done = Cell::new(0.1);
        let step = || run.step(done.get());
        let mut part = |logits: &Logits| {
            let ready = logits.notes();
            done.set(0.1 + 0.9 * ready as f32 / (end - first) as f32);
            if run.wants_partial() && first + ready < end {
                let count = wanted.partition_point(|n| (*n as usize) < first + ready);
                if count > 0 {
                    run.hand_over(&hand.play(&wanted[..count], first, logits));
                }
            }
            step()
        };
        let style = self.styles[STYLE.index(controls)];
        let logits = self.network.read_all(&rows, style, first..end, &step, &mut part)?;
        Ok(hand.play(&wanted, first, &logits))
    }
}

/// How notes become what is played of them.
struct Hand<'a> {
    score: &'a Score,
    times: &'a Times,
    loud: Chances,
    late: Chances,
    amount: f64,
    variety: f64,
    accents: f64,
}

impl<'a> Hand<'a> {
    fn of(groove: &Groove, score: &'a Score, controls: &Controls, times: &'a Times) -> Self {
        let style = STYLE.options[STYLE.index(controls)].id;
        let coherence = groove.settings.coherence.get(style).copied().unwrap_or_default();
        Self {
            score,
            times,
            loud: Chances::of(score, &coherence.velocity, controls.seed, OF_VELOCITY),
            late: Chances::of(score, &coherence.timing, controls.seed, OF_TIMING),
            amount: AMOUNT.value(controls),
            variety: VARIETY.value(controls),
            accents: ACCENTS.value(controls),
        }
    }

    /// Plays notes by what is likely for those from `first` on.
    fn play(&self, notes: &[u32], first: usize, logits: &Logits) -> Performance {
        let drawn = |note: usize| {
            let (velocity, timing) = logits.of_note(note - first);
            let velocity = VELOCITY_STEP * place_of(velocity, self.loud.below(note, self.variety));
            // The bin itself, so that what is on the grid is exactly there.
            let bin = place_of(timing, self.late.below(note, self.variety)).min(LAST_TIMING).floor();
            let late = bin - ON_GRID as f64;
            (velocity, late / PER_CENTS_OF_A_QUARTER * self.times.period_secs[note])
        };
        let range = first..first + logits.notes();
        let drawn: Vec<(f64, f64)> = range.clone().map(drawn).collect();
        let mut late_secs: Vec<f64> = drawn.iter().map(|(_, late)| self.amount * late).collect();
        for group in &self.times.fixed {
            if range.start <= group.start && group.end <= range.end {
                self.keep_mean(group.start, &mut late_secs[group.start - first..group.end - first]);
            }
        }
        let note = |n: &u32| self.note(*n, drawn[*n as usize - first].0, late_secs[*n as usize - first]);
        Performance { notes: notes.iter().map(note).collect(), pedals: Vec::new() }
    }

    /// Moves the notes of an onset together so that their mean is where they are due, or all of them there if one
    /// has no room for it. The first of them is `note`.
    fn keep_mean(&self, note: usize, late_secs: &mut [f64]) {
        let is_main = |k: usize| self.score.notes[note + k].grace.is_none();
        let main = (0..late_secs.len()).filter(|k| is_main(*k));
        let (sum, count) = main.fold((0.0, 0.0), |(sum, count), k| (sum + late_secs[k], count + 1.0));
        let mean = if count > 0.0 { sum / count } else { 0.0 };
        let fits = late_secs.iter().enumerate().all(|(k, late)| {
            let (early, later) = self.times.room_secs[note + k];
            (-early..=later).contains(&(late - mean))
        });
        late_secs.iter_mut().for_each(|late| *late = if fits { *late - mean } else { 0.0 });
    }

    fn note(&self, note: u32, velocity: f64, late_secs: f64) -> PlayedNote {
        let (score, n) = (self.score, note as usize);
        let ((begins, ends), (early, later)) = (self.times.due_secs[n], self.times.room_secs[n]);
        let onset_secs = begins + late_secs.clamp(-early, later);
        let literal = f64::from(VELOCITY);
        let velocity = literal + self.amount * (velocity - literal);
        let own = score.velocities.get(&score.notes[n].id.written);
        let velocity = own.map_or(velocity, |own| velocity + self.accents * (f64::from(*own) - velocity));
        let written_secs = (ends - begins) * held(&score.notes[n]);
        PlayedNote {
            note,
            onset_secs,
            // Notes that are not marked short end when they are written to, early or late as they begin.
            duration_secs: (begins + written_secs - onset_secs).max(SHORTEST_PRESS_SECS),
            velocity: velocity.round().clamp(1.0, 127.0) as u8,
        }
    }
}

/// How much of its written length a note is held.
fn held(note: &Note) -> f64 {
    match () {
        () if note.marks.contains(Marks::STACCATISSIMO) => STACCATISSIMO,
        () if note.marks.contains(Marks::STACCATO) => STACCATO,
        () => 1.0,
    }
}
