//! What is done to a take after its performer has played it, whoever played.
//!
//! A performer that was trained on chords and tempi has no model of fingers and keys: it may roll a chord
//! too little, put a grace note after its beat, hold a key that it must strike again. Each step
//! here looks for one such fault, leaves what is already well as it is, to the last bit, and moves
//! notes of the region alone. Pinned onsets stay; random numbers come from the seed.
//!
//! [`shape`] is for what a pianist does on purpose: it works on the region in its free time, before
//! amounts of expression are applied, and does not depend on the notes around. [`keys()`] is for what a
//! keyboard allows, at the very end, when the region is in its place.

mod arpeggios;
mod chords;
mod final_ritard;
mod grace_notes;
mod keys;
mod last_bars;
mod last_chord;
mod pauses;
mod pedal;
mod scene;
mod unisons;

use performance::Performance;
use serde::Serialize;

use crate::request::Request;
pub use keys::keys;
use scene::Scene;

/// Which steps a performer needs beyond those that do no harm to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Finishing {
    /// By which share of its length a quarter at the very end is longer than the performer plays
    /// it; 0 for one that slows down enough.
    pub final_ritard: f64,
    /// Whether the pedal is changed where the harmony does and the performer holds it through.
    pub pedal_changes: bool,
    /// Whether time stands at fermatas on rests and bar lines, as far as the performer plays on there.
    pub pauses: bool,
}

impl Finishing {
    /// What does no harm to anybody, pedal changes and pauses.
    pub const PLAIN: Self = Self { final_ritard: 0.0, pedal_changes: true, pauses: true };
}

impl Default for Finishing {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// Tight chords, rolls, grace notes, pauses, pedal changes, the final ritardando, the last bars and the
/// last chord.
pub fn shape(request: &Request<'_>, finishing: Finishing, played: &mut Performance) {
    let scene = Scene::of(request);
    final_ritard::apply(&scene, played, finishing.final_ritard);
    last_bars::slow_beats(&scene, played);
    if finishing.pauses {
        pauses::apply(&scene, played);
    }
    chords::apply(&scene, played);
    arpeggios::apply(&scene, played);
    grace_notes::apply(&scene, played);
    last_chord::apply(&scene, played);
    last_bars::holds(&scene, played);
    pedal::apply(&scene, played, finishing.pedal_changes);
}

/// Takes the beats of the last bars back to what people do once more, for what changes them after [`shape`]:
/// twice as much of what a pianist does at an end is more than any does.
pub fn last_beats(request: &Request<'_>, played: &mut Performance) {
    last_bars::slow_beats(&Scene::of(request), played);
}

/// Takes the end of the last keys back to what people do once more.
pub fn last_keys(request: &Request<'_>, played: &mut Performance) {
    last_bars::holds(&Scene::of(request), played);
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
