//! Passages as they are performed, and how they agree with people.

use anyhow::{Context, Result, ensure};
use burn::tensor::Device;
use performance::cues::{Cues, Measured};
use performance::metrics::{self, Figures};
use performance::{KnobValue, Knobs, Manner, Performance};
use performers::{BaseTempo, Controls, Knob, Performer, Request, Resources, take};

use super::job::Job;
use super::material::Material;
use super::options::Options;
use crate::evaluate::{Five, Row, between_takes, side_by_side};

/// A performer and where its knobs stand.
pub(super) struct Player {
    pub id: &'static str,
    pub performer: Box<dyn Performer>,
    /// The knob that a manner is given to, if it has one.
    pub knob: Option<&'static str>,
    /// Where the others stand.
    pub knobs: Knobs,
}

/// A passage as it was performed.
pub(super) struct Played {
    /// Its cues.
    pub cues: Cues,
    /// Its figures.
    pub figures: Figures,
}

impl Player {
    /// Readies a performer, which need not have a knob for references if none is given to it.
    pub fn ready(options: &Options, id: &str, device: &Device) -> Result<Self> {
        let resources = Resources { models: &options.models, device: neural::device::choice_of(device) };
        let performer: Box<dyn Performer> = application::systems::registry().load(id, &resources)?;
        let info = performer.info();
        let knob = info.knobs.iter().find_map(|knob| match knob {
            Knob::Reference(knob) => Some(knob.id),
            _ => None,
        });
        let is_judged = id == options.performer;
        ensure!(
            knob.is_some() || !is_judged,
            "{id} plays in nobody's manner: it has no setting for a reference"
        );
        let knobs = if is_judged { info.read(&options.set)? } else { Knobs::new() };
        Ok(Self { id: info.id, performer, knob, knobs })
    }

    /// Reads the manner of one of the references of a piece.
    pub fn manner(&self, piece: &Material<'_>, person: usize) -> Result<Manner> {
        let reference = piece.references.get(person).context("a person who played nothing")?;
        let job = performers::Job::default();
        let manner =
            self.performer.manner(&piece.piece.score, &reference.performance(), reference.name(), &job);
        manner.with_context(|| format!("reading the manner of {}", reference.name()))
    }

    /// Plays the passage of a piece in the performer's own tempo.
    pub fn play(&self, piece: &Material<'_>, manner: Option<&Manner>, seed: u64) -> Result<Played> {
        let mut knobs = self.knobs.clone();
        if let Some((knob, manner)) = self.knob.zip(manner) {
            knobs.insert(knob.to_owned(), KnobValue::Manner(manner.clone()));
        }
        let score = &piece.piece.score;
        let controls = Controls { seed, base_tempo: BaseTempo::Free, knobs, ..Controls::default() };
        let request = Request { score, region: &piece.region, context: None, controls: &controls };
        let take = take::perform(&*self.performer, &request, &performers::Job::default())
            .with_context(|| format!("{} plays {}", self.id, piece.piece.title))?;
        Ok(Played::of(piece, &take))
    }
}

impl Played {
    fn of(piece: &Material<'_>, take: &Performance) -> Self {
        let score = &piece.piece.score;
        let cues = Measured::of(score, take, None).cues(piece.bars.clone());
        Self { cues, figures: Figures::of(score, take, None) }
    }
}

/// What was played of one piece, each with the person whose manner it is if this is a person of the piece.
type OfPiece<'a> = Vec<(&'a Figures, Option<usize>)>;

/// How takes with references agree with the people of what they play, beside takes without one, of the same
/// performer and of others.
pub(super) fn agreement(
    options: &Options,
    device: &Device,
    material: &[Material<'_>],
    player: &Player,
    jobs: &[Job],
    played: &[Played],
    said: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Row>> {
    let mut rows = vec![humans(material)];
    for (kind, is_own) in [("of another piece", false), ("of the same piece", true)] {
        let mut of_pieces: Vec<OfPiece<'_>> = vec![Vec::new(); material.len()];
        for (job, played) in jobs.iter().zip(played).filter(|(job, _)| (job.from == job.to) == is_own) {
            let person = material[job.from].references.get(job.person).map(|reference| reference.person);
            of_pieces[job.to].push((&played.figures, person.filter(|_| is_own)));
        }
        rows.push(row(format!("{}, reference {kind}", player.id), material, &of_pieces));
    }
    let alone = |player: &Player| -> Result<Vec<Played>> {
        said(&format!("{} performs {} passages without a reference", player.id, material.len()));
        let play = |k: usize| player.play(&material[k], None, options.seed);
        side_by_side(material.len(), options.workers, &play)
    };
    let mut without = |name: String, played: &[Played]| {
        let of_pieces: Vec<OfPiece<'_>> = played.iter().map(|one| vec![(&one.figures, None)]).collect();
        rows.push(row(name, material, &of_pieces));
    };
    without(format!("{}, no reference", player.id), &alone(player)?);
    for id in &options.beside {
        let other = Player::ready(options, id, device)?;
        without(id.clone(), &alone(&other)?);
    }
    Ok(rows)
}

/// The ceiling: agreement between all pairs of people in the passages.
fn humans(material: &[Material<'_>]) -> Row {
    let agreement = metrics::mean(material.iter().map(|piece| metrics::mutual_agreement(&piece.people)));
    Row {
        name: "humans".into(),
        scores: material.len(),
        agreement,
        spread: [Some(1.0); 5],
        diversity: Some(agreement),
    }
}

/// The mean over what is played of a piece, then over pieces of which something is. A take is not compared
/// with the person whose manner it has.
fn row(name: String, material: &[Material<'_>], of_pieces: &[OfPiece<'_>]) -> Row {
    let (mut agreement, mut spread, mut diversity) = (Vec::new(), Vec::new(), Vec::new());
    for (piece, played) in material.iter().zip(of_pieces).filter(|(_, played)| !played.is_empty()) {
        let with_people = played.iter().map(|(take, whose)| with_others(take, &piece.people, *whose));
        agreement.push(metrics::mean(with_people));
        let spreads = played.iter().map(|(take, _)| metrics::spread(take, &piece.people));
        spread.push(metrics::mean(spreads));
        if played.len() > 1 {
            let takes: Vec<Figures> = played.iter().map(|(take, _)| (*take).clone()).collect();
            diversity.push(between_takes(&takes));
        }
    }
    Row {
        name,
        scores: agreement.len(),
        agreement: metrics::mean(agreement),
        spread: metrics::mean(spread),
        diversity: (!diversity.is_empty()).then(|| metrics::mean(diversity)),
    }
}

/// Mean agreement with the people of a piece, but for one.
fn with_others(take: &Figures, people: &[Figures], but: Option<usize>) -> Five {
    let others = people.iter().enumerate().filter(|(person, _)| Some(*person) != but);
    metrics::mean(others.map(|(_, person)| metrics::agreement(take, person)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn figures(values: impl Fn(usize) -> f64) -> Figures {
        Figures { values: std::array::from_fn(|_| (0..30).map(&values).collect()) }
    }

    #[test]
    fn nobody_is_compared_with_the_person_whose_manner_it_is() {
        let rising = figures(|k| k as f64);
        let people = [rising.clone(), figures(|k| -(k as f64))];
        let r = |but| with_others(&rising, &people, but)[0].unwrap();
        assert!((r(None)).abs() < 1e-9);
        assert!((r(Some(0)) + 1.0).abs() < 1e-9);
        assert!((r(Some(1)) - 1.0).abs() < 1e-9);
    }
}
