//! How people of one piece differ from each other as wholes, and what takes lack of that.

use pianoflow::take_variety::TakeVariety;
use pianoflow::values::{ARTICULATION, KINDS, QUARTER_TEMPO, VELOCITY};

use super::played::{Example, Side};

/// Standard deviations between performances of one piece, of people and of takes.
#[derive(Clone, Copy, Debug)]
pub struct Between {
    /// Of people.
    pub people: Side,
    /// Of takes that differ from note to note alone.
    pub takes: Side,
}

impl Between {
    /// Over all pieces, each with as much weight as it has performances beyond the first.
    pub fn of(examples: &[Example]) -> Self {
        Self {
            people: between(&examples.iter().map(|e| e.people.as_slice()).collect::<Vec<_>>()),
            takes: between(&examples.iter().map(|e| e.takes.as_slice()).collect::<Vec<_>>()),
        }
    }

    /// What takes have to draw, so that they differ `share` times as much as people: what noise from note
    /// to note makes of it already is taken off.
    pub fn lacking(&self, share: f64) -> TakeVariety {
        let lacks = |people: f64, takes: f64| {
            let wanted = share * people;
            let rest = wanted * wanted - takes * takes;
            if rest > 0.0 { rest.sqrt() } else { 0.0 }
        };
        let spread = |kind: usize| lacks(self.people.spread[kind], self.takes.spread[kind]).min(1.0);
        let level = |kind: usize| lacks(self.people.level[kind], self.takes.level[kind]);
        TakeVariety {
            spread: std::array::from_fn(spread),
            velocity: level(VELOCITY).min(32.0),
            tempo: level(QUARTER_TEMPO).min(1.0),
            articulation: level(ARTICULATION).min(1.0),
        }
    }
}

fn between(pieces: &[&[Side]]) -> Side {
    let over = |of: &dyn Fn(&Side) -> f64| pooled(pieces.iter().map(|sides| sides.iter().map(of).collect()));
    Side {
        level: std::array::from_fn::<_, KINDS, _>(|kind| over(&|side| side.level[kind])),
        spread: std::array::from_fn::<_, KINDS, _>(|kind| over(&|side| side.spread[kind])),
    }
}

/// Standard deviation within groups; what is missing does not count.
fn pooled(groups: impl Iterator<Item = Vec<f64>>) -> f64 {
    let (mut square, mut free) = (0.0, 0.0);
    for group in groups {
        let known: Vec<f64> = group.into_iter().filter(|x| x.is_finite()).collect();
        let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
        square += known.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
        free += known.len().saturating_sub(1) as f64;
    }
    if free > 0.0 { (square / free).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviations_are_within_groups_and_singles_do_not_count() {
        let groups = [vec![1.0, 3.0], vec![100.0, f64::NAN], vec![7.0, 9.0, 8.0]];
        // Squares 2 and 2, free 1 and 2.
        assert!((pooled(groups.into_iter()) - (4.0f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!(pooled([vec![5.0]].into_iter()), 0.0);
    }

    #[test]
    fn takes_draw_what_noise_does_not_make() {
        let side = |level: f64, spread: f64| Side { level: [level; KINDS], spread: [spread; KINDS] };
        let lacking = Between { people: side(0.5, 0.13), takes: side(0.3, 0.2) }.lacking(1.0);
        assert!((lacking.tempo - 0.4).abs() < 1e-12 && (lacking.velocity - 0.4).abs() < 1e-12);
        assert_eq!(lacking.spread, [0.0; KINDS], "takes differ enough");
        let none = Between { people: side(0.5, 0.13), takes: side(0.3, 0.2) }.lacking(0.0);
        assert!(none == TakeVariety::default() && none.is_sound());
    }
}
