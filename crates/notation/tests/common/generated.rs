//! Measures, notes and directions as readers make them.

use notation::{
    Direction, DirectionKind, Dynamic, Grace, KeySignature, Marks, Measure, Note, NoteId, Part, Quarters,
    Score, Swing, TimeSignature,
};
use proptest::prelude::*;

type RawNote = (u16, u8, u8, u8, u8, u32, u8, u8);

/// Denominators of times, in parts of a quarter.
const GRIDS: [i64; 8] = [1, 2, 3, 4, 5, 8, 12, 28];

fn notes() -> impl Strategy<Value = Vec<RawNote>> {
    let note = (any::<u16>(), any::<u8>(), 0..8_u8, 21..109_u8, any::<u8>(), any::<u32>(), 1..4_u8, 0..5_u8);
    proptest::collection::vec(note, 1..60)
}

fn directions() -> impl Strategy<Value = Vec<(u16, u8, u8, u8, u8)>> {
    proptest::collection::vec((any::<u16>(), any::<u8>(), 0..14_u8, 0..14_u8, 0..3_u8), 0..30)
}

pub fn score() -> impl Strategy<Value = Score> {
    let measures = proptest::collection::vec((1..25_i64, 0..3_u8, any::<u32>(), any::<u8>()), 1..8);
    let changes = proptest::collection::vec((any::<u16>(), -7..8_i8, 0..6_u8), 0..4);
    (1..3_u16, 1..4_u8, measures, notes(), directions(), changes).prop_map(
        |(parts, staves, measures, notes, directions, changes)| {
            let mut score = empty(parts, staves, &measures);
            add_changes(&mut score, &changes);
            add_notes(&mut score, &notes);
            add_directions(&mut score, &directions);
            score
        },
    )
}

fn empty(parts: u16, staves: u8, measures: &[(i64, u8, u32, u8)]) -> Score {
    let part = |k: u16| Part { id: format!("P{}", k + 1), name: "Two & \"Hands\"".into(), staves };
    let mut score =
        Score { parts: (0..parts).map(part).collect(), title: Some("A < B".into()), ..Score::default() };
    let mut at = Quarters::ZERO;
    for (length, grid, written, pass) in measures {
        let end = at + Quarters::new(*length, GRIDS[usize::from(*grid) + 1]);
        let number = format!("X{}", written % 7);
        let time = TimeSignature::default();
        score.measures.push(Measure { start: at, end, number, written: *written, pass: *pass, time });
        at = end;
    }
    score
}

/// A point of the score on one of the grids.
fn point(score: &Score, raw: u16, grid: u8) -> Quarters {
    let grid = GRIDS[usize::from(grid) % GRIDS.len()];
    let steps = (score.end().to_f64() * grid as f64) as i64;
    Quarters::new(i64::from(raw) % steps.max(1), grid)
}

fn add_changes(score: &mut Score, changes: &[(u16, i8, u8)]) {
    for (raw, fifths, kind) in changes {
        let at = point(score, *raw, *kind);
        score.key_signatures.push((at, KeySignature { fifths: *fifths, minor: *kind == 0 }));
        score.time_signatures.push((at, TimeSignature { beats: kind + 2, beat_type: 8 }));
        let pair = GRIDS[usize::from(*kind)];
        let pair =
            if pair == 3 { Quarters::new(3, 2) } else { Quarters::new(2, if pair % 4 == 0 { 4 } else { 2 }) };
        score.swing.push((at, Swing { pair, first: kind + 1, second: 1 }));
    }
    score.key_signatures.sort_by_key(|(at, _)| *at);
    score.time_signatures.sort_by_key(|(at, _)| *at);
    score.swing.sort_by_key(|(at, _)| *at);
    let times: Vec<TimeSignature> = score.measures.iter().map(|m| score.time_signature_at(m.start)).collect();
    for (measure, time) in score.measures.iter_mut().zip(times) {
        measure.time = time;
    }
}

fn add_notes(score: &mut Score, notes: &[RawNote]) {
    for (k, (raw, length, grid, pitch, grace, marks, staff, voice)) in notes.iter().enumerate() {
        let onset = point(score, *raw, *grid);
        let grace = match grace % 8 {
            0 => Some(Grace::Acciaccatura),
            1 => Some(Grace::Appoggiatura),
            _ => None,
        };
        let is_tied = *length > 200;
        let duration = if grace.is_some() && !is_tied {
            Quarters::ZERO
        } else {
            // No reader makes notes that go on after the last measure.
            let length = Quarters::new(i64::from(*length) % 40 + 1, GRIDS[usize::from(*grid)]);
            length.min(score.end() - onset)
        };
        let part = (k % score.parts.len()) as u16;
        let staff = (*staff).min(score.parts[0].staves);
        let measure = score.measures.partition_point(|m| m.start <= onset) as u32 - 1;
        let id = NoteId { written: (k as u32) ^ 5, pass: *voice + 1 };
        let marks = settled(Marks::from_bits_truncate(*marks & (marks >> 7)), grace.is_some());
        let voice = [1, 2, 3, 5, 255][usize::from(*voice)];
        score.notes.push(Note {
            id,
            onset,
            duration,
            pitch: *pitch,
            measure,
            part,
            staff,
            voice,
            grace,
            marks,
        });
    }
    score.notes.sort_by_key(|n| (n.onset, n.pitch, n.id));
}

/// Accidentals at an ornament.
const ACCIDENTALS: Marks = Marks::ABOVE_FLAT
    .union(Marks::ABOVE_NATURAL)
    .union(Marks::ABOVE_SHARP)
    .union(Marks::BELOW_FLAT)
    .union(Marks::BELOW_NATURAL)
    .union(Marks::BELOW_SHARP);

/// Marks as readers set them: none without the one that it belongs to.
fn settled(mut marks: Marks, is_grace: bool) -> Marks {
    let needs = [
        (Marks::INVERTED, Marks::MORDENT | Marks::TURN),
        (Marks::DELAYED, Marks::TURN),
        (Marks::ARPEGGIO_DOWN, Marks::ARPEGGIO),
        (Marks::TREMOLO_STROKES | Marks::TREMOLO_PAIR, Marks::TREMOLO),
        (ACCIDENTALS, Marks::TRILL | Marks::TURN | Marks::MORDENT),
    ];
    for (mark, needed) in needs {
        if !marks.intersects(needed) {
            marks -= mark;
        }
    }
    if is_grace { marks } else { marks - Marks::GRACE_CHORD }
}

const TEXTS: [&str; 14] = [
    "",
    "",
    "p",
    "sfz",
    "dolce",
    "p cresc.",
    "pp una corda",
    "quarter. = 60",
    "quarter = quarter.",
    "D.C. al Fine",
    "Allegro",
    "rit.",
    "half = ca. 72",
    "cresc. ed accel.",
];

fn add_directions(score: &mut Score, directions: &[(u16, u8, u8, u8, u8)]) {
    for (raw, length, kind, text, staff) in directions {
        let onset = point(score, *raw, *length);
        let length = Quarters::new(i64::from(length % 20), 3);
        let end = (length < Quarters::whole(5)).then(|| (onset + length).min(score.end()));
        let text = TEXTS[usize::from(*text)].to_owned();
        let kinds = [
            notation::words::meaning(&text),
            DirectionKind::Dynamic(Dynamic::ALL[usize::from(*raw) % 10]),
            DirectionKind::Sforzando,
            DirectionKind::Crescendo,
            DirectionKind::Diminuendo,
            DirectionKind::Metronome(f64::from(*raw) / 7.0 + 0.1),
            DirectionKind::Tempo(Some(f64::from(*raw) + 0.3)),
            DirectionKind::Tempo(None),
            DirectionKind::Ritardando,
            DirectionKind::ATempo,
            DirectionKind::SustainPedal,
            DirectionKind::SoftPedal,
            DirectionKind::Words,
            DirectionKind::Fermata,
        ];
        let part = raw % score.parts.len() as u16;
        let staff = (*staff > 0).then_some(*staff);
        let kind = kinds[usize::from(*kind)];
        score.directions.push(Direction { onset, end, part, staff, kind, text });
    }
    score.directions.sort_by_key(|d| (d.onset, d.part));
}
