//! Who is judged: performers as they come, and PianoFlow sampled in other ways.

use std::path::Path;

use anyhow::Result;
use burn::tensor::Device;
use notation::Score;
use performance::Performance;
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
    performer: Box<dyn Performer>,
}

impl NamedPerformer {
    /// One take of a whole piece, in the performer's own tempo: people do not keep to the marks that
    /// they are compared under, and how far the tempo of a piece is off is a figure by itself.
    pub fn play(&self, score: &Score, seed: u64) -> Result<Performance> {
        self.play_at(score, seed, BaseTempo::Free)
    }

    /// One take of a whole piece at a base tempo.
    pub fn play_at(&self, score: &Score, seed: u64, base_tempo: BaseTempo) -> Result<Performance> {
        let controls = Controls { seed, base_tempo, ..Controls::default() };
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
        named.push(NamedPerformer { name: id.clone(), performer: registry.load(id, &resources)? });
        if id != PianoFlow::INFO.id {
            continue;
        }
        for variant in variants {
            let flow = PianoFlow::load(&models.join(id), device.clone())?;
            let sampling = variant.of(flow.sampling());
            let flow = flow.with_sampling(sampling);
            let flow = if *variant == Variant::FullNoise { flow.alike() } else { flow };
            let flow = if let Variant::Without(group) = variant { flow.blind_to(group) } else { flow };
            let performer = Box::new(flow);
            named.push(NamedPerformer { name: format!("{id}, {}", variant.name()), performer });
        }
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_changes_what_it_names_and_nothing_else() {
        let own = Sampling { noise: [0.5; 9], gain: [1.3; 9], drift: 0.3, steps: 8, ..Sampling::default() };
        let full = Variant::FullNoise.of(&own);
        assert_eq!((full.noise, full.gain, full.drift, full.steps), ([1.0; 9], [1.0; 9], 1.0, 8));
        assert_eq!(Variant::Steps(3).of(&own), Sampling { steps: 3, ..own });
        assert_eq!(Variant::Steps(3).name(), "3 steps");
    }
}
