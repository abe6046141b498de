//! Who is judged: performers as they come, and PianoFlow sampled in other ways.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use burn::tensor::Device;
use notation::Score;
use performance::{Knobs, Performance};
use performers::{BaseTempo, Controls, Job, Performer, Region, Request, Resources, take};
use pianoflow::PianoFlow;
use pianoflow::settings::Sampling;

/// Another way to sample than the model's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// Starting noise of 1, no gain, and no hold on slow changes of tempo: what the network learned,
    /// before anything was chosen.
    FullNoise,
    /// So many Euler steps.
    Steps(usize),
    /// Blind to a group of what it reads.
    Without(&'static str),
}

impl Variant {
    fn name(self) -> String {
        match self {
            Self::FullNoise => "full noise".into(),
            Self::Steps(1) => "1 step".into(),
            Self::Steps(steps) => format!("{steps} steps"),
            Self::Without(group) => format!("no {group}"),
        }
    }

    fn of(self, own: &Sampling) -> Sampling {
        let plain = Sampling::default();
        match self {
            Self::FullNoise => {
                Sampling { noise: plain.noise, gain: plain.gain, drift: plain.drift, ..own.clone() }
            }
            Self::Steps(steps) => Sampling { steps, ..own.clone() },
            Self::Without(_) => own.clone(),
        }
    }
}

/// A performer under the name of its row.
pub struct NamedPerformer {
    /// Its name in tables.
    pub name: String,
    performer: Arc<dyn Performer>,
    /// Where its knobs stand; those that are not named at their default.
    knobs: Knobs,
}

/// A knob by its name, and values to try.
pub type Tried = (String, Vec<f64>);

impl NamedPerformer {
    fn new(name: String, performer: Box<dyn Performer>) -> Self {
        Self { name, performer: Arc::from(performer), knobs: Knobs::new() }
    }

    /// Whether it has a knob of that name.
    pub fn has(&self, knob: &str) -> bool {
        self.performer.info().knobs.iter().any(|own| own.id() == knob)
    }

    /// With every combination of the values of those knobs that it has, a row each; as it is if it has none
    /// of them.
    ///
    /// # Errors
    /// When a knob cannot have a value.
    pub fn tried(self, knobs: &[Tried]) -> Result<Vec<Self>> {
        let mut players = vec![self];
        for (id, values) in knobs {
            if !players.iter().any(|player| player.has(id)) {
                continue;
            }
            let with = |(player, value): (&Self, f64)| {
                let mut knobs = player.knobs.clone();
                knobs.insert(id.clone(), value.into());
                Self {
                    name: format!("{}, {id} {value}", player.name),
                    performer: player.performer.clone(),
                    knobs,
                }
            };
            let pairs = players.iter().flat_map(|player| values.iter().map(move |value| (player, *value)));
            players = pairs.map(with).collect();
        }
        for player in &players {
            player
                .performer
                .info()
                .check(&Controls { knobs: player.knobs.clone(), ..Controls::default() })?;
        }
        Ok(players)
    }

    /// One take of a whole piece, in the performer's own tempo: people do not keep to the marks that
    /// they are compared under, and how far the tempo of a piece is off is a figure by itself.
    pub fn play(&self, score: &Score, seed: u64) -> Result<Performance> {
        self.play_at(score, seed, BaseTempo::Free)
    }

    /// One take of a whole piece at a base tempo.
    pub fn play_at(&self, score: &Score, seed: u64, base_tempo: BaseTempo) -> Result<Performance> {
        let controls = Controls { seed, base_tempo, knobs: self.knobs.clone(), ..Controls::default() };
        let request = Request { score, region: &Region::All, context: None, controls: &controls };
        Ok(take::perform(&*self.performer, &request, &Job::default())?)
    }
}

/// Readies performers, and after PianoFlow its variants.
pub fn load(
    ids: &[String],
    variants: &[Variant],
    models: &Path,
    device: &Device,
) -> Result<Vec<NamedPerformer>> {
    let registry = application::systems::registry();
    let resources = Resources { models, device: neural::device::choice_of(device) };
    let mut named = Vec::new();
    for id in ids {
        named.push(NamedPerformer::new(id.clone(), registry.load(id, &resources)?));
        if id != PianoFlow::INFO.id {
            continue;
        }
        for variant in variants {
            let flow = PianoFlow::load(&models.join(id), device.clone())?;
            let sampling = variant.of(flow.sampling());
            let flow = flow.with_sampling(sampling);
            let flow = if *variant == Variant::FullNoise { flow.alike() } else { flow };
            let flow = if let Variant::Without(group) = variant { flow.blind_to(group) } else { flow };
            named.push(NamedPerformer::new(format!("{id}, {}", variant.name()), Box::new(flow)));
        }
    }
    Ok(named)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use performers::Knob;

    use super::*;

    #[test]
    fn a_variant_changes_what_it_names_and_nothing_else() {
        let own = Sampling { noise: [0.5; 9], gain: [1.3; 9], drift: 0.3, steps: 8, ..Sampling::default() };
        let full = Variant::FullNoise.of(&own);
        assert_eq!((full.noise, full.gain, full.drift, full.steps), ([1.0; 9], [1.0; 9], 1.0, 8));
        assert_eq!(Variant::Steps(3).of(&own), Sampling { steps: 3, ..own });
        assert_eq!(Variant::Steps(3).name(), "3 steps");
    }

    #[test]
    fn every_combination_of_knobs_that_a_performer_has_is_tried() {
        let rules = || {
            let ids = ["rules".to_owned()];
            load(&ids, &[], Path::new("none"), &Device::flex()).unwrap().pop().unwrap()
        };
        let Knob::Number(knob) = rules().performer.info().knobs[0] else { panic!("swing is a number") };
        let grid = |id: &str, values: &[f64]| (id.to_owned(), values.to_vec());
        let tried = rules().tried(&[grid(knob.id, &[knob.min, knob.max]), grid("none", &[1.0])]).unwrap();
        let names: Vec<&str> = tried.iter().map(|player| player.name.as_str()).collect();
        let expected = [knob.min, knob.max].map(|value| format!("rules, {} {value}", knob.id));
        assert_eq!(names, expected);
        assert_eq!(tried[1].knobs[knob.id], knob.max.into());
        assert_eq!(rules().tried(&[grid("none", &[1.0])]).unwrap()[0].name, "rules");
        assert!(rules().tried(&[grid(knob.id, &[knob.max + 1.0])]).is_err());
    }
}
