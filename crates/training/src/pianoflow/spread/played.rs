//! How wide people and takes play one piece, and where their levels lie.

use anyhow::Result;
use notation::Score;
use performance::Performance;
use performance::metrics::{self, Figures, NoteFlags};
use performers::{BaseTempo, Controls, Job, Region, Request, Run, take};
use pianoflow::PianoFlow;
use pianoflow::values::{self, CHORD, KINDS, Values, WIDTH};

use crate::datasets::{Human, Piece};
use crate::evaluate::Five;

/// What was measured of a piece.
#[derive(Clone, Debug)]
pub struct Example {
    /// Composer and title: what must not be learned from when it is left out.
    pub name: String,
    /// What its spread is told from ([`PianoFlow::spread_inputs`]).
    pub inputs: Vec<f64>,
    /// log2 of people's mean spread over that of takes, by figure of the evaluation.
    pub ratio: Five,
    /// People, each other than the others.
    pub people: Vec<Side>,
    /// Takes, a seed each.
    pub takes: Vec<Side>,
}

/// A performance as a whole, by kind of value; NaN where it has nothing of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    /// Means: MIDI velocity, log2 of seconds per quarter, ...
    pub level: [f64; KINDS],
    /// log2 of standard deviations.
    pub spread: [f64; KINDS],
}

impl Side {
    /// Of a performance as values.
    fn of(score: &Score, values: &Values) -> Self {
        let (mut level, mut spread) = ([f64::NAN; KINDS], [f64::NAN; KINDS]);
        for kind in 0..KINDS {
            // As the gain has it, how far a grace note lies from its chord is no spread of a chord.
            let counts = |n: usize| kind != CHORD || score.notes[n].grace.is_none();
            let columns = || (0..WIDTH).filter(move |column| values::kind_of(*column) == kind);
            let cells = (0..score.notes.len()).filter(|n| counts(*n));
            let cells = cells.flat_map(|n| columns().map(move |column| values.get(n, column)));
            let cells: Vec<f64> = cells.filter(|cell| cell.is_finite()).collect();
            if cells.len() >= metrics::LEAST_SHARED {
                let count = cells.len() as f64;
                let mean = cells.iter().sum::<f64>() / count;
                let square = cells.iter().map(|cell| (cell - mean).powi(2)).sum::<f64>();
                level[kind] = mean;
                spread[kind] = (square / count).sqrt().max(1e-6).log2();
            }
        }
        Self { level, spread }
    }
}

/// Plays a piece and measures it and its people, over at most about `most_notes` notes; nothing if
/// fewer than `least_people` played it.
pub fn play(
    player: &PianoFlow,
    piece: &Piece,
    takes: usize,
    most_notes: usize,
    least_people: usize,
) -> Result<Option<Example>> {
    let score = &piece.score;
    let region = excerpt(score, most_notes);
    let notes = region.notes(score);
    let people: Vec<_> = piece.humans.iter().map(|human| within(human, &notes)).collect();
    let figures: Vec<Figures> =
        people.iter().map(|(played, flags)| Figures::of(score, played, Some(flags.as_slice()))).collect();
    let kept = metrics::without_duplicates(&figures);
    if notes.is_empty() || kept.len() < least_people.max(1) {
        return Ok(None);
    }
    let side = |played: &Performance, flags: Option<&[NoteFlags]>| {
        Side::of(score, &values::encode(score, played, flags))
    };
    let sides = kept.iter().map(|k| side(&people[*k].0, Some(people[*k].1.as_slice())));
    let (mut own, mut own_sides) = (Vec::new(), Vec::new());
    for seed in 1..=takes.max(1) as u64 {
        let played = one_take(player, score, &region, seed)?;
        own.push(metrics::deviation(&Figures::of(score, &played, None)));
        own_sides.push(side(&played, None));
    }
    let theirs = metrics::mean(kept.iter().map(|k| metrics::deviation(&figures[*k])));
    let own = metrics::mean(own);
    Ok(Some(Example {
        name: format!("{}: {}", piece.composer, piece.title),
        inputs: player.spread_inputs(score, &Run::of(&Job::default()))?,
        ratio: std::array::from_fn(|k| log2_ratio(theirs[k], own[k])),
        people: sides.collect(),
        takes: own_sides,
    }))
}

/// A take of a region, in the performer's own tempo.
pub fn one_take(player: &PianoFlow, score: &Score, region: &Region, seed: u64) -> Result<Performance> {
    let controls = Controls { seed, base_tempo: BaseTempo::Free, ..Controls::default() };
    let request = Request { score, region, context: None, controls: &controls };
    Ok(take::perform(player, &request, &Job::default())?)
}

fn log2_ratio(theirs: Option<f64>, own: Option<f64>) -> Option<f64> {
    let (theirs, own) = theirs.zip(own).filter(|(theirs, own)| *theirs > 0.0 && *own > 0.0)?;
    Some((theirs / own).log2())
}

/// The whole of a score, or of a long one the bars in its middle.
pub fn excerpt(score: &Score, most_notes: usize) -> Region {
    let most = most_notes.max(1);
    let from = (score.notes.len() / 2).saturating_sub(most / 2);
    let edges = score.notes.get(from).zip(score.notes.get(from + most));
    match edges.filter(|_| score.notes.len() > most) {
        Some((first, last)) => {
            let first = first.measure as usize;
            Region::Measures(first..(last.measure as usize).max(first + 1))
        }
        None => Region::All,
    }
}

/// What a person played of some notes in a row, ascending.
pub fn within(human: &Human, notes: &[u32]) -> (Performance, Vec<NoteFlags>) {
    let inside = |note: u32| notes.first().zip(notes.last()).is_some_and(|(a, b)| (*a..=*b).contains(&note));
    let played = human.performance.notes.iter().zip(&human.flags).filter(|(played, _)| inside(played.note));
    let (notes, flags) = played.map(|(played, flags)| (*played, *flags)).unzip();
    (Performance { notes, pedals: human.performance.pedals.clone() }, flags)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use notation::{Note, Quarters};
    use pianoflow::values::{PEDAL, VELOCITY};

    fn score(notes: usize) -> Score {
        let note =
            |k: usize| Note { onset: Quarters::whole(k as i64), measure: (k / 4) as u32, ..Note::default() };
        let measures = (0..notes.div_ceil(4) as u32)
            .map(|bar| notation::Measure::regular(bar, notation::TimeSignature::default()))
            .collect();
        Score { notes: (0..notes).map(note).collect(), measures, ..Score::default() }
    }

    #[test]
    fn a_long_piece_is_cut_to_bars_in_its_middle_and_people_with_it() {
        let score = score(1000);
        assert_eq!(excerpt(&score, 1000), Region::All);
        let region = excerpt(&score, 200);
        assert_eq!(region, Region::Measures(100..150));
        let played = |k: u32| performance::PlayedNote {
            note: k,
            onset_secs: f64::from(k),
            duration_secs: 0.5,
            velocity: 64,
        };
        let performance = Performance { notes: (0..1000).map(played).collect(), pedals: Vec::new() };
        let mut flags = vec![NoteFlags::default(); 1000];
        flags[400].timing_outlier = true;
        let human = Human { midi: String::new(), performance, flags };
        let (cut, flags) = within(&human, &region.notes(&score));
        assert_eq!((cut.notes.len(), flags.len()), (200, 200));
        assert!(cut.notes[0].note == 400 && flags[0].timing_outlier && !flags[1].timing_outlier);
    }

    #[test]
    fn a_side_has_the_mean_and_the_deviation_of_each_kind() {
        let score = score(40);
        let mut values = Values(vec![f32::NAN; 40 * WIDTH]);
        for n in 0..40 {
            values.0[n * WIDTH + VELOCITY] = if n % 2 == 0 { 60.0 } else { 68.0 };
            values.0[n * WIDTH + PEDAL.start] = 0.25;
            values.0[n * WIDTH + PEDAL.start + 1] = 0.75;
        }
        let side = Side::of(&score, &values);
        assert_eq!((side.level[VELOCITY], side.spread[VELOCITY]), (64.0, 2.0));
        assert_eq!((side.level[PEDAL.start], side.spread[PEDAL.start]), (0.5, -2.0));
        assert!(side.level[CHORD].is_nan());
    }
}
