//! Stretches of the page that are played several times, and which time is meant there.

use std::collections::BTreeMap;

use protocol::{EngravedMeasure, SystemView};

use super::playing::{MeasurePlace, Playing, SAME_QUARTERS};

/// After a repeated stretch so many measures that are played once still belong to its last pass: an ending.
const ENDING_MEASURES: usize = 4;

/// Measures of the page one after the other that are played together, several times.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// The bar that it begins with the first time, by which it is known in every layout of the page.
    bar: u32,
    /// Where in the score each pass begins, in quarters; rising.
    starts: Vec<f64>,
    /// How long it is, each time.
    length: f64,
}

impl Stretch {
    fn new(engraved: &EngravedMeasure) -> Self {
        let bar = engraved.passes.first().map_or(0, |first| first.measure);
        let starts = engraved.passes.iter().map(|pass| pass.start_quarters).collect();
        Self { bar, starts, length: engraved.length_quarters }
    }

    /// How often it is played.
    pub fn passes(&self) -> usize {
        self.starts.len()
    }

    /// Whether a measure follows it each time.
    fn is_followed_by(&self, engraved: &EngravedMeasure) -> bool {
        let mut pairs = self.starts.iter().zip(&engraved.passes);
        self.starts.len() == engraved.passes.len()
            && pairs.all(|(start, pass)| (start + self.length - pass.start_quarters).abs() < SAME_QUARTERS)
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
    /// For each system and each of its measures the stretch that it is in.
    of_measures: Vec<Vec<Option<usize>>>,
    /// For each step of [`Playing`] the pass that is heard there: its own, or the one that it ends.
    heard: Vec<Option<Pass>>,
}

impl Repeats {
    /// Finds the stretches of a page.
    pub fn new(systems: &[SystemView], playing: &Playing) -> Self {
        let mut repeats = Self::default();
        let mut inside = None;
        for (system, place) in systems.iter().enumerate() {
            let mut of_measures = Vec::with_capacity(place.measures.len());
            for engraved in &place.measures {
                let before = inside;
                inside = (engraved.passes.len() > 1).then(|| repeats.add(engraved, before));
                if let Some(stretch) = inside.filter(|_| of_measures.is_empty() || inside != before) {
                    let bar = engraved.passes.first().map_or(0, |first| first.measure as usize);
                    repeats.rows.push(Row { system, left: engraved.left, bar, stretch });
                }
                of_measures.push(inside);
            }
            repeats.of_measures.push(of_measures);
        }
        repeats.heard = repeats.heard(playing);
        repeats
    }

    /// Adds a measure to the stretch before it, or begins one with it; gives its number.
    fn add(&mut self, engraved: &EngravedMeasure, before: Option<usize>) -> usize {
        let stretch = before.and_then(|number| self.stretches.get_mut(number));
        if let Some((stretch, number)) = stretch.zip(before)
            && stretch.is_followed_by(engraved)
        {
            stretch.length += engraved.length_quarters;
            return number;
        }
        self.stretches.push(Stretch::new(engraved));
        self.stretches.len() - 1
    }

    fn heard(&self, playing: &Playing) -> Vec<Option<Pass>> {
        let mut ending: Option<Pass> = None;
        let mut left = 0;
        let heard = playing.steps().iter().map(|step| {
            if let Some(stretch) = self.at(step.place) {
                (ending, left) = (Some((stretch, step.pass)), ENDING_MEASURES);
                return ending;
            }
            let pass = ending.filter(|_| left > 0);
            left = left.saturating_sub(1);
            pass
        });
        heard.collect()
    }

    /// A stretch by its number.
    pub fn stretch(&self, number: usize) -> Option<&Stretch> {
        self.stretches.get(number)
    }

    /// The number of the stretch that a measure is in; none if it is played once.
    pub fn at(&self, place: MeasurePlace) -> Option<usize> {
        *self.of_measures.get(place.system)?.get(place.measure)?
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
    /// Passes, by the first bar of their stretch.
    chosen: BTreeMap<u32, usize>,
    /// The first bar of the stretch where the playhead is, and the pass.
    heard: Option<(u32, usize)>,
    /// Whether a pass of it was chosen since the playhead came there.
    is_overruled: bool,
    /// Rises whenever another pass may be meant.
    revision: u64,
}

impl Chosen {
    /// The playhead is in this step of [`Playing`].
    pub fn hear(&mut self, repeats: &Repeats, step: Option<usize>) {
        let pass = step.and_then(|step| *repeats.heard.get(step)?);
        let heard = pass.and_then(|(number, pass)| Some((repeats.stretch(number)?.bar, pass)));
        if self.heard != heard {
            (self.heard, self.is_overruled) = (heard, false);
            self.revision += 1;
        }
    }

    /// A person chooses a pass.
    pub fn choose(&mut self, stretch: &Stretch, pass: usize) {
        self.chosen.insert(stretch.bar, pass);
        self.revision += 1;
        self.is_overruled |= self.heard.is_some_and(|(bar, _)| bar == stretch.bar);
    }

    /// Rises whenever another pass may be meant, for what is made from it.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The pass that is meant, from 0.
    pub fn pass(&self, stretch: &Stretch) -> usize {
        let is_heard = |heard: &(u32, usize)| heard.0 == stretch.bar && !self.is_overruled;
        let heard = self.heard.filter(is_heard).map(|heard| heard.1);
        let pass = heard.or_else(|| self.chosen.get(&stretch.bar).copied()).unwrap_or_default();
        pass.min(stretch.passes().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use protocol::EngravedPass;

    use super::*;

    /// Measures of four quarters, by the bars that they are.
    fn system(measures: &[&[u32]]) -> SystemView {
        let pass = |bar: &u32| EngravedPass { measure: *bar, start_quarters: f64::from(*bar) * 4.0 };
        let measure = |(bars, left): (&&[u32], u8)| {
            let (passes, left) = (bars.iter().map(pass).collect(), f32::from(left) * 10.0);
            EngravedMeasure { passes, length_quarters: 4.0, left, right: left + 10.0 }
        };
        SystemView { measures: measures.iter().zip(0..).map(measure).collect(), ..SystemView::default() }
    }

    fn repeats(systems: &[SystemView]) -> Repeats {
        Repeats::new(systems, &Playing::new(systems))
    }

    /// Bars 1 to 3, a first and a second ending, a bar more; then the first three once again.
    fn endings() -> Repeats {
        repeats(&[system(&[&[0, 4, 9], &[1, 5, 10]]), system(&[&[2, 6, 11], &[3]]), system(&[&[7], &[8]])])
    }

    #[test]
    fn a_stretch_is_what_is_played_together() {
        let repeats = endings();
        let stretch = Stretch { bar: 0, starts: vec![0.0, 16.0, 36.0], length: 12.0 };
        assert_eq!((&repeats.stretches[..], stretch.passes()), (&[stretch][..], 3));
        assert_eq!(repeats.of_measures, [vec![Some(0), Some(0)], vec![Some(0), None], vec![None, None]]);
        // It says so where it begins and where a system begins with it.
        let rows = |system| repeats.rows(system).iter().map(|row| (row.left, row.bar)).collect::<Vec<_>>();
        assert_eq!([rows(0), rows(1), rows(2)], [vec![(0.0, 0)], vec![(0.0, 2)], vec![]]);
    }

    #[test]
    fn stretches_that_are_repeated_apart_are_two() {
        let repeats = repeats(&[system(&[&[0, 2], &[1, 3], &[4, 6], &[5, 7]]), system(&[&[8, 10], &[9]])]);
        let found: Vec<(u32, f64)> = repeats.stretches.iter().map(|s| (s.bar, s.length)).collect();
        assert_eq!(found, [(0, 8.0), (4, 8.0), (8, 4.0)]);
        assert_eq!(repeats.rows(0).iter().map(|row| row.left).collect::<Vec<_>>(), [0.0, 20.0]);
    }

    #[test]
    fn the_pass_heard_is_meant_then_the_one_chosen_then_the_first() {
        let repeats = endings();
        let stretch = &repeats.stretches[0];
        let mut chosen = Chosen::default();
        assert_eq!(chosen.pass(stretch), 0);
        chosen.choose(stretch, 2);
        assert_eq!(chosen.pass(stretch), 2);
        // It goes on with the second pass, and into the second ending.
        for step in [5, 7] {
            chosen.hear(&repeats, Some(step));
            assert_eq!(chosen.pass(stretch), 1, "step {step}");
        }
        chosen.choose(stretch, 0);
        chosen.hear(&repeats, Some(6));
        assert_eq!(chosen.pass(stretch), 0, "who chooses while it plays is right");
        chosen.hear(&repeats, Some(9));
        assert_eq!(chosen.pass(stretch), 2, "until it comes to another pass");
        chosen.hear(&repeats, None);
        assert_eq!(chosen.pass(stretch), 0);
    }
}
