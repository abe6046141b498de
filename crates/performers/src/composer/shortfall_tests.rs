#![allow(clippy::unwrap_used)]

use notation::{Measure, Note, Score, TimeSignature};

use super::*;
use crate::composer::{ComposerInfo, Constraints, Kept, Variation};

/// Tells what is the lowest, and writes nothing.
struct Told(Option<Lowest>);

impl Composer for Told {
    fn info(&self) -> ComposerInfo {
        ComposerInfo { id: "told", name: "Told", description: "For tests", needs_model: false }
    }

    fn compose(
        &self,
        _: &VariationRequest<'_>,
        _: &Job,
        _: &mut dyn FnMut(&Variation),
    ) -> Result<Vec<Variation>, ComposeError> {
        Ok(Vec::new())
    }

    fn lowest(&self, _: &VariationRequest<'_>, _: &Job) -> Result<Option<Lowest>, ComposeError> {
        Ok(self.0)
    }
}

fn alike(overall: f64) -> Similarity {
    Similarity { pitch: overall, onset: 1.0, duration: 1.0, equal: overall }
}

fn said(lowest: Option<Lowest>, made: &[f64], asked: f64) -> Option<String> {
    let score = Score {
        measures: vec![Measure::regular(0, TimeSignature::default())],
        notes: vec![Note::default()],
        ..Score::default()
    };
    let constraints = Constraints { keep_rhythm: true, ..Constraints::default() };
    let request =
        VariationRequest { score: &score, bars: 0..1, similarity: asked, count: 5, seed: 1, constraints };
    let made: Vec<Similarity> = made.iter().map(|overall| alike(*overall)).collect();
    why_so_similar(&Told(lowest), &request, &made, &Job::default()).unwrap()
}

#[test]
fn what_holds_variations_up_is_said_where_they_are_too_similar() {
    let lowest = Lowest { similarity: 0.38, held_by: Some((Kept::Rhythm, 0.04)) };
    let expected = "With the rhythm kept, variations of these bars are about 38 % alike at the least. Without it \
                    they could be as far away as 4 %";
    assert_eq!(said(Some(lowest), &[0.40, 0.44], 0.1).as_deref(), Some(expected));
    assert_eq!(said(Some(lowest), &[0.40, 0.44], 0.4), None, "near enough");
    assert_eq!(said(Some(lowest), &[], 0.1), None);
    assert_eq!(said(None, &[0.4], 0.1), None);
}

#[test]
fn what_was_made_is_not_below_the_lowest() {
    let lowest = Lowest { similarity: 0.38, held_by: None };
    let expected = "Variations of these bars are about 31 % alike at the least";
    assert_eq!(said(Some(lowest), &[0.31, 0.44], 0.1).as_deref(), Some(expected));
}

#[test]
fn each_thing_that_is_kept_can_be_let_go() {
    let all = Constraints {
        keep_rhythm: true,
        keep_melody: true,
        stay_in_scale: true,
        pitches: Some((40, 80)),
        largest_chord: Some(3),
    };
    assert_eq!(all.kept().len(), 5);
    for kept in all.kept() {
        let others = all.without(kept).kept();
        assert!(others.len() == 4 && !others.contains(&kept));
    }
    assert_eq!(all.kept().iter().fold(all, |left, kept| left.without(*kept)), Constraints::default());
}
