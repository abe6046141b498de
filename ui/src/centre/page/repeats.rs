//! Stretches of the page that are played several times, and which time is meant there.

use std::collections::BTreeMap;

use protocol::SystemView;

/// After a repeated stretch so many bars that are played once still belong to its last pass: an ending.
const ENDING_BARS: u32 = 4;

/// Measures of the page one after the other that are played together, several times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The bar with which each pass begins; rising.
    firsts: Vec<u32>,
    /// How many bars it has.
    length: u32,
}

impl Stretch {
    /// How often it is played.
    pub fn passes(&self) -> usize {
        self.firsts.len()
    }

    /// By which it is known in every layout of the page.
    fn key(&self) -> u32 {
        self.firsts.first().copied().unwrap_or_default()
    }

    /// Whether a measure that is played as these bars goes on with it.
    fn goes_on_with(&self, bars: &[u32]) -> bool {
        bars.len() == self.firsts.len()
            && self.firsts.iter().zip(bars).all(|(first, bar)| first + self.length == *bar)
    }
}

/// A place where the page says how often a stretch is played: where it begins, and where a system begins with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// In which system.
    pub system: usize,
    /// Left edge of the measure.
    pub left: f32,
    /// The bar that the measure is the first time.
    pub bar: usize,
    /// The stretch, by its number.
    pub stretch: usize,
}

/// A stretch by its number, and one of its passes, from 0.
pub type Pass = (usize, usize);

/// All stretches of a page that are played several times.
#[derive(Clone, Debug, Default)]
pub struct Repeats {
    stretches: Vec<Stretch>,
    /// Ordered by system.
    rows: Vec<Row>,
    /// For each bar that is played which pass of which stretch it is in.
    of_bars: Vec<Option<Pass>>,
    /// The same, where endings belong to the pass before them.
    heard: Vec<Option<Pass>>,
}

impl Repeats {
    /// Finds the stretches of a page of a score with so many bars.
    pub fn new(systems: &[SystemView], bars: usize) -> Self {
        let mut repeats = Self { of_bars: vec![None; bars], ..Self::default() };
        let mut is_inside = false;
        for (system, place) in systems.iter().enumerate() {
            for (k, engraved) in place.measures.iter().enumerate() {
                let &[first, _, ..] = &engraved.measures[..] else {
                    is_inside = false;
                    continue;
                };
                let last = repeats.stretches.last_mut().filter(|_| is_inside);
                let last = last.filter(|stretch| stretch.goes_on_with(&engraved.measures));
                let is_new = last.is_none();
                match last {
                    Some(stretch) => stretch.length += 1,
                    None => {
                        repeats.stretches.push(Stretch { firsts: engraved.measures.clone(), length: 1 });
                    }
                }
                is_inside = true;
                if is_new || k == 0 {
                    let stretch = repeats.stretches.len() - 1;
                    repeats.rows.push(Row { system, left: engraved.left, bar: first as usize, stretch });
                }
            }
        }
        repeats.find_bars();
        repeats
    }

    fn find_bars(&mut self) {
        let passes = || {
            self.stretches.iter().enumerate().flat_map(|(number, stretch)| {
                let ends = stretch.firsts.iter().map(move |first| (*first, *first + stretch.length));
                ends.enumerate().map(move |(pass, ends)| ((number, pass), ends))
            })
        };
        let mut of_bars = vec![None; self.of_bars.len()];
        for (pass, (first, end)) in passes() {
            for bar in first..end {
                if let Some(found) = of_bars.get_mut(bar as usize) {
                    *found = Some(pass);
                }
            }
        }
        let mut heard = of_bars.clone();
        for (pass, (_, end)) in passes() {
            for bar in end..end + ENDING_BARS {
                match heard.get_mut(bar as usize) {
                    Some(found) if found.is_none() => *found = Some(pass),
                    _ => break,
                }
            }
        }
        (self.of_bars, self.heard) = (of_bars, heard);
    }

    /// A stretch by its number.
    pub fn stretch(&self, number: usize) -> Option<&Stretch> {
        self.stretches.get(number)
    }

    /// The stretch that a bar is in, and in which pass; none if it is played once.
    pub fn pass_of(&self, bar: usize) -> Option<Pass> {
        *self.of_bars.get(bar)?
    }

    /// Where a system says how often its measures are played.
    pub fn rows(&self, system: usize) -> &[Row] {
        let first = self.rows.partition_point(|row| row.system < system);
        let last = self.rows.partition_point(|row| row.system <= system);
        self.rows.get(first..last).unwrap_or_default()
    }
}

/// Which pass is meant of each stretch: the one where the playhead is, else the one that was chosen, else the first.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Passes, by the key of their stretch.
    chosen: BTreeMap<u32, usize>,
    /// The key of the stretch where the playhead is, and the pass.
    heard: Option<(u32, usize)>,
    /// Whether a pass of it was chosen since the playhead came there.
    is_overruled: bool,
}

impl Chosen {
    /// The playhead is in this bar.
    pub fn hear(&mut self, repeats: &Repeats, bar: Option<usize>) {
        let pass = bar.and_then(|bar| *repeats.heard.get(bar)?);
        let heard = pass.and_then(|(number, pass)| Some((repeats.stretch(number)?.key(), pass)));
        if self.heard != heard {
            (self.heard, self.is_overruled) = (heard, false);
        }
    }

    /// A person chooses a pass.
    pub fn choose(&mut self, stretch: &Stretch, pass: usize) {
        self.chosen.insert(stretch.key(), pass);
        self.is_overruled |= self.heard.is_some_and(|(key, _)| key == stretch.key());
    }

    /// The pass that is meant, from 0.
    pub fn pass(&self, stretch: &Stretch) -> usize {
        let key = stretch.key();
        let heard = self.heard.filter(|heard| heard.0 == key && !self.is_overruled).map(|heard| heard.1);
        let pass = heard.or_else(|| self.chosen.get(&key).copied()).unwrap_or_default();
        pass.min(stretch.passes().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use protocol::EngravedMeasure;

    use super::*;

    fn system(measures: &[&[u32]]) -> SystemView {
        let measure = |(bars, left): (&&[u32], u8)| {
            let left = f32::from(left) * 10.0;
            EngravedMeasure { measures: bars.to_vec(), left, right: left + 10.0 }
        };
        SystemView { measures: measures.iter().zip(0..).map(measure).collect(), ..SystemView::default() }
    }

    /// Bars 1 to 3, a first and a second ending, two bars more; then the first three once again.
    fn repeats() -> Repeats {
        let systems =
            [system(&[&[0, 4, 10], &[1, 5, 11]]), system(&[&[2, 6, 12], &[3]]), system(&[&[7], &[8]])];
        Repeats::new(&systems, 13)
    }

    #[test]
    fn a_stretch_is_what_is_played_together() {
        let repeats = repeats();
        assert_eq!(repeats.stretches, [Stretch { firsts: vec![0, 4, 10], length: 3 }]);
        assert_eq!([0, 5, 12].map(|bar| repeats.pass_of(bar)), [Some((0, 0)), Some((0, 1)), Some((0, 2))]);
        assert_eq!([3, 7, 9, 99].map(|bar| repeats.pass_of(bar)), [None; 4]);
        // It says so where it begins and where a system begins with it.
        let rows = |system| repeats.rows(system).iter().map(|row| (row.left, row.bar)).collect::<Vec<_>>();
        assert_eq!([rows(0), rows(1), rows(2)], [vec![(0.0, 0)], vec![(0.0, 2)], vec![]]);
    }

    #[test]
    fn stretches_that_are_repeated_apart_are_two() {
        let systems = [system(&[&[0, 2], &[1, 3], &[4, 6], &[5, 7]]), system(&[&[8, 10], &[9]])];
        let repeats = Repeats::new(&systems, 11);
        let lengths: Vec<(u32, u32)> = repeats.stretches.iter().map(|s| (s.key(), s.length)).collect();
        assert_eq!(lengths, [(0, 2), (4, 2), (8, 1)]);
        assert_eq!(repeats.rows(0).iter().map(|row| row.left).collect::<Vec<_>>(), [0.0, 20.0]);
    }

    #[test]
    fn the_pass_heard_is_meant_then_the_one_chosen_then_the_first() {
        let repeats = repeats();
        let stretch = repeats.stretch(0).unwrap_or_else(|| panic!("there is one"));
        let mut chosen = Chosen::default();
        assert_eq!(chosen.pass(stretch), 0);
        chosen.choose(stretch, 2);
        assert_eq!(chosen.pass(stretch), 2);
        // It goes on with the second pass, and into the second ending.
        for bar in [5, 7] {
            chosen.hear(&repeats, Some(bar));
            assert_eq!(chosen.pass(stretch), 1, "bar {bar}");
        }
        chosen.choose(stretch, 0);
        chosen.hear(&repeats, Some(6));
        assert_eq!(chosen.pass(stretch), 0, "who chooses while it plays is right");
        chosen.hear(&repeats, Some(10));
        assert_eq!(chosen.pass(stretch), 2, "until it comes to another pass");
        chosen.hear(&repeats, None);
        assert_eq!(chosen.pass(stretch), 0);
    }
}
