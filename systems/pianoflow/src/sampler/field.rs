//! The velocity field of one window, with guidance by the mood.

use analysis::features;

use super::canvas::{Canvas, Painted};
use super::note_window::NoteWindow;
use crate::ensemble::{ConditionedEnsemble, Ensemble};
use crate::given::Given;

/// The velocity field of one window, with guidance by the mood.
pub(super) struct Field<'a> {
    networks: ConditionedEnsemble<'a>,
    /// How far beyond the null condition's field, if there is a mood.
    strength: Option<f32>,
}

impl<'a> Field<'a> {
    /// Of the window; `clean` and `known` are its values and which of them are known.
    pub fn new(
        ensemble: &'a Ensemble,
        canvas: &Canvas<'_>,
        window: &NoteWindow,
        clean: &[f32],
        known: &[bool],
    ) -> Self {
        let mood = canvas.mood.as_ref();
        let of_window = |p: &Painted<'_>| p.mood.vectors(p.score, window.start..window.end, p.width);
        let given = Given {
            features: canvas.features[window.start * features::WIDTH..window.end * features::WIDTH].to_vec(),
            known: clean.iter().zip(known).map(|(v, k)| if *k { *v } else { 0.0 }).collect(),
            unknown: known.iter().map(|k| f32::from(u8::from(!*k))).collect(),
            condition: mood.map(of_window),
        };
        Self { networks: ensemble.condition(&given), strength: mood.map(|p| p.mood.strength as f32) }
    }

    /// `v = v_u + strength (v_c - v_u)` (systems A.4), or the only `v` there is.
    pub fn at(&mut self, x: &[f32], time: f64) -> Vec<f32> {
        let out = self.networks.velocity(x, time as f32);
        let Some(strength) = self.strength else { return out };
        let (free, moved) = out.split_at(x.len());
        free.iter().zip(moved).map(|(u, c)| u + strength * (c - u)).collect()
    }
}
