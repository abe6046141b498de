//! What the columns share: computed once a score.

use notation::{Direction, DirectionKind, Marks, Note, Quarters, Score};

use super::form::Form;
use super::voices::Voices;
use crate::tempo_marks;

/// What is computed once a score.
pub(super) struct Context<'a> {
    pub score: &'a Score,
    /// Index of each note's onset.
    pub onset_of: Vec<usize>,
    pub onsets: Vec<Onset>,
    /// Mean pitch within two quarters of each onset.
    pub mean_pitch: Vec<f64>,
    /// Notes a quarter within two quarters of each onset.
    pub density: Vec<f64>,
    /// Distinct onsets of each staff class (0 upper, 1 lower), with the top pitch there.
    pub lines: [Vec<LinePoint>; 2],
    pub levels: Vec<(f64, f64)>,
    pub tempi: Vec<(f64, f64)>,
    /// Directions that change the tempo, in order.
    pub tempo_changes: Vec<&'a Direction>,
    /// Mean of the marked tempo over all notes.
    pub mean_tempo: f64,
    /// First and last onset of the slur over each note.
    pub slurs: Vec<Option<(f64, f64)>>,
    pub end: f64,
    pub voices: Voices,
    pub form: Form,
}

pub(super) struct Onset {
    pub at: f64,
    pub notes: std::ops::Range<usize>,
    pub fermata: bool,
    /// Highest and lowest pitch still sounding from before.
    pub held: Option<(u8, u8)>,
}

#[derive(Clone, Copy)]
pub(super) struct LinePoint {
    pub at: f64,
    pub top: u8,
}

impl<'a> Context<'a> {
    pub fn of(score: &'a Score) -> Self {
        let groups = score.onset_groups();
        let mut onset_of = vec![0; score.notes.len()];
        let mut onsets = Vec::with_capacity(groups.len());
        // When each pitch ends that was struck so far.
        let mut ends: [Option<Quarters>; 128] = [None; 128];
        for (k, group) in groups.into_iter().enumerate() {
            let at = score.notes[group.start].onset;
            let held = (0..128_u8).filter(|p| ends[usize::from(*p)].is_some_and(|end| end > at));
            let held = held.clone().max().zip(held.min());
            let mut fermata = false;
            for n in group.clone() {
                onset_of[n] = k;
                fermata |= score.notes[n].marks.contains(Marks::FERMATA);
                let end = &mut ends[usize::from(score.notes[n].pitch & 127)];
                *end = (*end).max(Some(score.notes[n].offset()));
            }
            onsets.push(Onset { at: at.to_f64(), notes: group, fermata, held });
        }
        let (mean_pitch, density) = surroundings(score, &onsets);
        let lines = [0, 1].map(|staff| line(score, &onsets, staff));
        let levels = dynamic_levels(score);
        let tempi = tempo_marks::marked_tempi(score);
        let marked = score.notes.iter().filter_map(|n| tempo_marks::mark_at(&tempi, n.onset.to_f64()));
        let (sum, count) = marked.fold((0.0, 0.0), |(s, c), (_, tempo)| (s + tempo, c + 1.0));
        let mean_tempo = sum / f64::max(count, 1.0);
        let slurs = slurs(score);
        let end = score.end().to_f64();
        Self {
            score,
            onset_of,
            onsets,
            mean_pitch,
            density,
            lines,
            levels,
            tempi,
            tempo_changes: score.directions.iter().filter(|d| changes_tempo(d.kind)).collect(),
            mean_tempo,
            slurs,
            end,
            voices: Voices::of(score),
            form: Form::of(score),
        }
    }
}

fn changes_tempo(kind: DirectionKind) -> bool {
    use DirectionKind::{ATempo, Accelerando, Metronome, Ritardando, Tempo};
    matches!(kind, ATempo | Accelerando | Metronome(_) | Ritardando | Tempo(_))
}

/// 0 for the upper staff, 1 for those below.
pub(super) fn staff_class(note: &Note) -> usize {
    usize::from(note.staff > 1)
}

fn line(score: &Score, onsets: &[Onset], staff: usize) -> Vec<LinePoint> {
    let mut line = Vec::new();
    for onset in onsets {
        let pitches = score.notes[onset.notes.clone()].iter().filter(|n| staff_class(n) == staff);
        if let Some(top) = pitches.map(|n| n.pitch).max() {
            line.push(LinePoint { at: onset.at, top });
        }
    }
    line
}

/// Mean pitch and density within two quarters of each onset.
fn surroundings(score: &Score, onsets: &[Onset]) -> (Vec<f64>, Vec<f64>) {
    const REACH: f64 = 2.0;
    let (mut first, mut last) = (0, 0);
    let (mut sum, mut count) = (0.0, 0.0);
    let add = |k: usize| {
        let notes = &score.notes[onsets[k].notes.clone()];
        (notes.iter().map(|n| f64::from(n.pitch)).sum::<f64>(), notes.len() as f64)
    };
    let mut means = Vec::with_capacity(onsets.len());
    let mut densities = Vec::with_capacity(onsets.len());
    for onset in onsets {
        while last < onsets.len() && onsets[last].at <= onset.at + REACH {
            let (s, c) = add(last);
            (sum, count, last) = (sum + s, count + c, last + 1);
        }
        while onsets[first].at < onset.at - REACH {
            let (s, c) = add(first);
            (sum, count, first) = (sum - s, count - c, first + 1);
        }
        means.push(sum / f64::max(count, 1.0));
        densities.push(count / (2.0 * REACH));
    }
    (means, densities)
}

/// Dynamic signs as (quarters, level -1..1).
fn dynamic_levels(score: &Score) -> Vec<(f64, f64)> {
    let signs = score.directions.iter().filter_map(|d| match d.kind {
        DirectionKind::Dynamic(level) => Some((d.onset.to_f64(), (f64::from(level.level()) - 5.5) / 4.5)),
        _ => None,
    });
    signs.collect()
}

/// First and last onset of the slur over each note, voice by voice.
fn slurs(score: &Score) -> Vec<Option<(f64, f64)>> {
    let mut voices = std::collections::BTreeMap::<_, Vec<usize>>::new();
    for (index, note) in score.notes.iter().enumerate() {
        voices.entry((note.part, note.staff, note.voice)).or_default().push(index);
    }
    let mut spans = vec![None; score.notes.len()];
    for voice in voices.values() {
        let at = |index: usize| score.notes[index].onset.to_f64();
        let has = |index: usize, mark: Marks| score.notes[index].marks.intersects(mark);
        let mut start = None;
        for &index in voice {
            if has(index, Marks::SLUR_START) {
                start = Some(at(index));
            }
            spans[index] = start.filter(|_| has(index, Marks::SLURRED)).map(|start| (start, start));
        }
        let mut end = None;
        for &index in voice.iter().rev() {
            if has(index, Marks::SLUR_STOP) {
                end = Some(at(index));
            }
            spans[index] = spans[index].zip(end).map(|((start, _), end)| (start, end));
        }
    }
    spans
}
