//! From the document to what the face draws. Every number is finite, since JSON has no others.

use application::text::{shown, shown_message};
use notation::metronome::beat_name;
use notation::{Hand, Score};
use performance::codec::{self, Coded};
use performance::{BeatCurve, Performance, deadpan};
use performers::base_tempo;
use protocol::{
    BeatView, MeasureView, NoteView, PinView, ScoreId, ScoreView, TakeView, TempoPoint, VersionId,
    VersionView,
};

use crate::document::{Pins, Take};

/// A score of a project with that title.
pub fn score_view(id: ScoreId, title: &str, score: &Score) -> ScoreView {
    let hand = |hand: Hand| match hand {
        Hand::Right => protocol::Hand::Right,
        Hand::Left => protocol::Hand::Left,
    };
    let note = |n: &notation::Note| NoteView {
        onset_quarters: n.onset.to_f64(),
        duration_quarters: if n.grace.is_some() { 0.0 } else { n.duration.to_f64() },
        pitch: n.pitch,
        hand: hand(n.hand()),
        measure: n.measure,
        is_grace: n.grace.is_some(),
    };
    let measure = |m: &notation::Measure| MeasureView {
        start_quarters: m.start.to_f64(),
        end_quarters: m.end.to_f64(),
        number: shown(&m.number),
        pass: m.pass,
        metre: (m.time.beats, m.time.beat_type),
        beat_quarters: m.time.beat_length().to_f64(),
    };
    ScoreView {
        id,
        title: title.to_owned(),
        composer: score.composer.as_deref().map(shown),
        notes: score.notes.iter().map(note).collect(),
        measures: score.measures.iter().map(measure).collect(),
        end_quarters: score.end().to_f64(),
        beat: BeatView {
            name: beat_name(base_tempo::beat(score)),
            marked: base_tempo::mark(score).map(|mark| mark.per_minute),
            quarters: base_tempo::beat(score).to_f64().max(1.0 / 64.0),
        },
        warnings: score.warnings.iter().map(warning).collect(),
    }
}

/// A warning of an importer with its place, in one line.
pub fn warning(warning: &notation::Warning) -> String {
    let place = warning.place.to_string();
    let message = &warning.message;
    shown_message(&if place.is_empty() { message.clone() } else { format!("{place}: {message}") })
}

/// A performance with its tempo curve: what views, sound and comparison are made of.
pub struct Clocked {
    /// The performance in terms of the curve.
    pub coded: Coded,
    /// Score time to seconds.
    pub curve: BeatCurve,
}

impl Clocked {
    /// Finds the curve of a performance; that of the page if nothing is played.
    pub fn of(score: &Score, played: &Performance) -> Self {
        let coded = codec::encode(score, played);
        let curve = if coded.onsets.is_empty() { deadpan::written_clock(score) } else { coded.curve() };
        Self { coded, curve }
    }

    /// The curve as pairs of quarters and seconds, at least two, both rising.
    pub fn points(&self, end_quarters: f64) -> Vec<(f64, f64)> {
        let mut points: Vec<(f64, f64)> = self.curve.points().collect();
        let last = points.last().map_or(0.0, |p| p.0);
        let end = if end_quarters > last + 1e-6 { end_quarters } else { last + 1.0 };
        points.push((end, self.curve.secs_at(end)));
        points.retain(|(q, s)| q.is_finite() && s.is_finite());
        points.dedup_by(|b, a| b.0 <= a.0 || b.1 <= a.1);
        points
    }
}

/// The notes of a version.
pub fn version_view(
    (id, score_id): (VersionId, ScoreId),
    revision: u64,
    score: &Score,
    played: &Performance,
    (pins, drawn): (&Pins, &Pins),
    ready_quarters: f64,
) -> VersionView {
    let clocked = Clocked::of(score, played);
    let tempo = |o: &codec::CodedOnset| TempoPoint {
        quarters: o.at.to_f64(),
        quarters_per_minute: 60.0 / o.beat_period_secs,
    };
    VersionView {
        id,
        score: score_id,
        revision,
        clock: clocked.points(score.end().to_f64()),
        tempo: clocked.coded.onsets.iter().map(tempo).collect(),
        articulation: articulation(score, played, &clocked.coded),
        ready_quarters,
        end_secs: played.end_secs(),
        pins: pin_views(pins),
        drawn: pin_views(drawn),
        slips: Vec::new(),
        performance: played.clone(),
    }
}

/// Played over written duration of each played note.
fn articulation(score: &Score, played: &Performance, coded: &Coded) -> Vec<Option<f32>> {
    let mut coded = coded.notes.iter().peekable();
    let value = |note: u32| {
        let coded = coded.next_if(|c| c.note == note)?;
        let is_written = score.notes.get(note as usize).is_some_and(|n| n.grace.is_none());
        let ratio = coded.articulation_log2.exp2() as f32;
        (is_written && ratio.is_finite()).then_some(ratio)
    };
    played.notes.iter().map(|n| n.note).map(value).collect()
}

fn pin_views(pins: &Pins) -> Vec<PinView> {
    pins.iter().map(|(note, kind)| PinView { note: *note, kind: *kind }).collect()
}

/// A take in the list.
pub fn take_view(take: &Take) -> TakeView {
    let origin = &take.origin;
    TakeView {
        id: take.id,
        name: shown(&take.name),
        origin: shown_message(&origin.text),
        parent: origin.parent,
        bars: origin.bars.clone(),
        performer: shown(&origin.performer),
        seed: origin.seed,
        mood: shown_message(&origin.mood),
        strength: origin.strength,
        base_tempo: origin.base_tempo,
        amounts: origin.amounts,
        knobs: origin.knobs.clone(),
        is_edited: take.is_edited,
        is_streaming: false,
        length_secs: take.performance.end_secs(),
        own_sound: None,
    }
}
