//! Metronome marks that equate two note values, such as *quarter = dotted quarter*.

use super::written::{Position, WrittenScore};
use crate::marks::DirectionKind;
use crate::tempo::{BELIEVABLE_QUARTERS_PER_MINUTE, UNMARKED_QUARTERS_PER_MINUTE};

/// Gives each such mark its tempo: that of the mark before it in the written score, times its ratio.
pub(super) fn settle(score: &mut WrittenScore) {
    if score.directions.iter().all(|d| d.tempo_ratio.is_none()) {
        return;
    }
    let mut order: Vec<usize> = (0..score.directions.len()).collect();
    order.sort_by_key(|k| score.directions[*k].position);
    // Several parts may say the same at one place: the ratio is taken of what was before it.
    let (mut tempo, mut before) = (UNMARKED_QUARTERS_PER_MINUTE, UNMARKED_QUARTERS_PER_MINUTE);
    let mut here: Option<Position> = None;
    for k in order {
        let direction = &mut score.directions[k];
        if here != Some(direction.position) {
            (here, before) = (Some(direction.position), tempo);
        }
        if let Some(ratio) = direction.tempo_ratio {
            let new = before * ratio;
            let believable = BELIEVABLE_QUARTERS_PER_MINUTE.contains(&new);
            direction.kind = DirectionKind::Metronome(if believable { new } else { before });
        }
        match direction.kind {
            _ if !direction.passes.are_all() => {}
            DirectionKind::Metronome(mark) | DirectionKind::Tempo(Some(mark)) => tempo = mark,
            _ => {}
        }
    }
}
