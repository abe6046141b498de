//! A performer for tests, which needs no network, and who readies it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use notation::Score;
use performance::{Performance, deadpan};
use performers::finish::Finishing;
use performers::{
    Abilities, ChoiceKnob, Job, Knob, KnobOption, Manner, NumberKnob, PerformError, Performer, PerformerInfo,
    ReferenceKnob, Request, Run,
};
use protocol::{DeviceSetting, DeviceView, PerformerView};
use studio::roster::{Ready, Roster};

/// A performer that plays the deadpan, louder by its seed; a few seeds misbehave.
pub struct Fake;

pub const FAKE: &str = "fake";
/// Panics when it is readied.
pub const BROKEN: &str = "broken";
/// Plays one note every 20 ms and hands each over.
pub const SLOW: u64 = 1_000_000;
/// Panics.
pub const PANIC: u64 = 2_000_000;
/// Fails.
pub const FAIL: u64 = 3_000_000;

/// Knobs of the performer, which change nothing, but for whose manner it plays in.
const SWING: NumberKnob = NumberKnob {
    id: "swing",
    name: "Swing",
    description: "Nothing",
    min: 0.0,
    max: 1.0,
    default: 0.0,
    is_share: true,
};
const STYLE: ChoiceKnob = ChoiceKnob {
    id: "style",
    name: "Style",
    description: "Nothing",
    options: &[
        KnobOption { id: "classical", name: "Classical", description: "Nothing" },
        KnobOption { id: "pop", name: "Pop", description: "Nothing" },
    ],
};

/// Whose loudness every note has.
const LIKE: ReferenceKnob =
    ReferenceKnob { id: "like", name: "Play it like", description: "As loud as somebody", enables: &[] };

impl Performer for Fake {
    fn info(&self) -> PerformerInfo {
        PerformerInfo {
            id: FAKE,
            name: "Fake",
            description: "Plays for tests",
            abilities: Abilities { streams: true, ..Abilities::default() },
            knobs: &[Knob::Number(SWING), Knob::Choice(STYLE), Knob::Reference(LIKE)],
            finishing: Finishing::PLAIN,
        }
    }

    fn perform(&self, request: &Request<'_>, run: &Run<'_>) -> Result<Performance, PerformError> {
        let seed = request.controls.seed;
        let mut played = deadpan(request.score);
        let wanted = request.region.notes(request.score);
        for (k, note) in played.notes.iter_mut().enumerate() {
            note.velocity = 30 + ((seed.wrapping_mul(31) + k as u64 * 7) % 90) as u8;
            note.onset_secs *= 1.0 + (seed % 7) as f64 / 50.0;
        }
        if let Some(manner) = LIKE.manner(request.controls) {
            let velocity = manner.numbers.first().map_or(1.0, |mean| mean.clamp(1.0, 127.0)) as u8;
            played.notes.iter_mut().for_each(|note| note.velocity = velocity);
        }
        played.notes.retain(|n| wanted.binary_search(&n.note).is_ok());
        match seed {
            PANIC => panic!("a fake panic"),
            FAIL => return Err(PerformError::EmptyRegion),
            SLOW => {
                for k in 0..played.notes.len() {
                    run.step(k as f32 / played.notes.len() as f32)?;
                    let first = Performance { notes: played.notes[..=k].to_vec(), pedals: Vec::new() };
                    run.hand_over(&first);
                    std::thread::sleep(Duration::from_millis(20));
                }
            }
            _ => {}
        }
        run.step(1.0)?;
        Ok(played)
    }

    fn manner(&self, _: &Score, played: &Performance, name: &str, job: &Job) -> Result<Manner, PerformError> {
        job.step(0.5)?;
        let sum: f32 = played.notes.iter().map(|note| f32::from(note.velocity)).sum();
        let numbers = vec![(sum / played.notes.len() as f32).round(), played.notes.len() as f32];
        Ok(Manner { name: name.to_owned(), model: FAKE.to_owned(), numbers })
    }
}

/// The fake, and what it stands on.
pub struct FakeRoster {
    pub on_gpu: bool,
}

impl Roster for FakeRoster {
    fn fallback(&self) -> Option<String> {
        Some("rules".into())
    }

    fn list(&self) -> Vec<PerformerView> {
        vec![PerformerView { id: FAKE.into(), name: "Fake".into(), ..PerformerView::default() }]
    }

    fn device(&mut self, _: DeviceSetting) -> Result<DeviceView, String> {
        Ok(DeviceView { name: "a fake CPU".into(), is_gpu: false })
    }

    fn ready(&mut self, id: &str, setting: DeviceSetting) -> Result<Ready, PerformError> {
        if id == "missing" {
            return Err(PerformError::Model {
                what: "the model is missing".into(),
                path: PathBuf::from("m"),
            });
        }
        assert_ne!(id, BROKEN, "a model that breaks down while it is loaded");
        if id != FAKE && id != "rules" {
            return Err(PerformError::Unknown { id: id.into(), known: FAKE.into() });
        }
        let on_gpu = self.on_gpu && setting != DeviceSetting::Cpu;
        Ok(if on_gpu {
            Ready { performer: Arc::new(Lost), on_gpu }
        } else {
            Ready { performer: Arc::new(Fake), on_gpu }
        })
    }
}

/// A graphics processor that goes away.
struct Lost;

impl Performer for Lost {
    fn info(&self) -> PerformerInfo {
        Fake.info()
    }

    fn perform(&self, _: &Request<'_>, _: &Run<'_>) -> Result<Performance, PerformError> {
        panic!("device lost")
    }
}
