//! A composer for tests, and a roster that has it beside the fake performer.

use std::sync::Arc;
use std::time::Duration;

use notation::Quarters;
use performers::composer::{
    ComposeError, Composer, ComposerInfo, Kept, Lowest, Similarity, Sound, Variation, VariationRequest,
    excerpt,
};
use performers::piece::{PieceError, PieceWriter};
use performers::{Job, PerformError};
use protocol::{
    Bars, ComposerView, DeviceSetting, DeviceView, PerformerView, VaryConstraints, VaryRequest, VersionId,
    WriterView,
};
use studio::roster::{Ready, Roster};

use super::{FAIL, FakeRoster, PANIC, SLOW};

pub const TOY: &str = "toy";

/// Moves every third note up by some semitones; a few seeds misbehave as those of the fake performer do.
pub struct Toy;

impl Composer for Toy {
    fn info(&self) -> ComposerInfo {
        ComposerInfo { id: TOY, name: "Toy", description: "Varies for tests", needs_model: false }
    }

    fn compose(
        &self,
        request: &VariationRequest<'_>,
        job: &Job,
        ready: &mut dyn FnMut(&Variation),
    ) -> Result<Vec<Variation>, ComposeError> {
        request.check()?;
        let passage = excerpt(request.score, request.bars.clone());
        let length = passage.measures.last().map_or(Quarters::ZERO, |m| m.end);
        let mut all = Vec::new();
        for k in 0..request.count {
            job.step(k as f32 / request.count as f32)?;
            match request.seed {
                PANIC => panic!("a toy panic"),
                FAIL => return Err(ComposeError::TooNarrow { found: 0, wanted: request.count }),
                SLOW if k > 0 => loop {
                    job.step(0.5)?;
                    std::thread::sleep(Duration::from_millis(10));
                },
                _ => {}
            }
            let mut score = passage.clone();
            let up = 1 + ((request.seed + k as u64) % 5) as u8;
            for note in score.notes.iter_mut().skip(k % 3).step_by(3) {
                note.pitch += up;
            }
            score.notes.sort_by_key(|n| (n.onset, n.pitch));
            let similarity = Similarity::between(&Sound::of(&passage), &Sound::of(&score), length);
            let variation = Variation { score, similarity };
            ready(&variation);
            all.push(variation);
        }
        Ok(all)
    }

    fn lowest(&self, request: &VariationRequest<'_>, _: &Job) -> Result<Option<Lowest>, ComposeError> {
        let held_by = request.constraints.keep_rhythm.then_some((Kept::Rhythm, 0.1));
        Ok(Some(Lowest { similarity: 0.6, held_by }))
    }
}

/// The fake performer and the toy composer.
pub struct VaryingRoster;

const PERFORMERS: FakeRoster = FakeRoster { on_gpu: false };

impl Roster for VaryingRoster {
    fn list(&self) -> Vec<PerformerView> {
        PERFORMERS.list()
    }

    fn device(&mut self, setting: DeviceSetting) -> Result<DeviceView, String> {
        FakeRoster { on_gpu: false }.device(setting)
    }

    fn ready(&mut self, id: &str, setting: DeviceSetting) -> Result<Ready, PerformError> {
        FakeRoster { on_gpu: false }.ready(id, setting)
    }

    fn fallback(&self) -> Option<String> {
        PERFORMERS.fallback()
    }

    fn composers(&self) -> Vec<ComposerView> {
        vec![ComposerView { id: TOY.into(), name: "Toy".into(), ..ComposerView::default() }]
    }

    fn composer(&mut self, id: &str) -> Result<Arc<dyn Composer>, ComposeError> {
        if id == TOY {
            return Ok(Arc::new(Toy));
        }
        Err(ComposeError::Unknown { id: id.into(), known: TOY.into() })
    }

    fn writers(&self) -> Vec<WriterView> {
        vec![super::writer::view()]
    }

    fn writer(&mut self, id: &str) -> Result<Arc<dyn PieceWriter>, PieceError> {
        if id == TOY {
            return Ok(Arc::new(super::writer::ToyWriter));
        }
        Err(PieceError::Unknown { id: id.into(), known: TOY.into() })
    }
}

/// Asks for five variations of some bars of a version.
pub fn vary(of: VersionId, bars: Bars, seed: u64) -> VaryRequest {
    VaryRequest {
        composer: TOY.into(),
        of,
        bars,
        count: 5,
        similarity: 0.7,
        constraints: VaryConstraints::default(),
        seed,
    }
}
