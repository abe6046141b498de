//! From a score to the columns of a container.

use notation::{Direction, DirectionKind, Grace, Note, Quarters, Score, words};

use super::classes;
use super::container::{Columns, DirectionRow, ScoreEntry};

/// Marks that containers hold: those of the page, without details of ornaments.
const MARKS: u32 = 0xffff;

/// Appends the score's notes to table `score` and returns its entry, which has the names of `named`.
pub fn write(score: &Score, named: ScoreEntry, columns: &mut Columns) -> ScoreEntry {
    let first = columns.rows("score");
    let pickup = pickup(score);
    let mut signs = Signs::new(&score.directions);
    for note in &score.notes {
        let (dynamic, hairpin) = signs.at(note.onset);
        columns.push("score", &row(score, note, pickup, dynamic, hairpin));
    }
    let at = |q: Quarters| (q + pickup).to_f64();
    let bar = |k: usize| {
        let measure = &score.measures[k];
        // A pick-up belongs to a full measure.
        let start = if k == 0 { 0.0 } else { at(measure.start) };
        // Numbered as on the page, by counting: what is printed may be `X1`, or the same twice.
        (start, at(measure.end), (measure.written + 1).into())
    };
    let directions = score.directions.iter().filter_map(|d| direction(d, pickup));
    ScoreEntry {
        first,
        count: score.notes.len(),
        bars: (0..score.measures.len()).map(bar).collect(),
        directions: directions.collect(),
        tempi: score.directions.iter().filter_map(|d| Some((at(d.onset), tempo(d)?, None))).collect(),
        ..named
    }
}

/// What a first measure lacks to a full one: containers count from the start of a full measure.
pub fn pickup(score: &Score) -> Quarters {
    let missing = score.measures.first().map(|m| m.time.measure_length() - (m.end - m.start));
    missing.unwrap_or_default().max(Quarters::ZERO)
}

fn row(score: &Score, note: &Note, pickup: Quarters, dynamic: u8, hairpin: i8) -> [f64; 16] {
    let measure = note.measure as usize;
    let time = score.time_signature_at(note.onset);
    let position = score.measures.get(measure).map(|m| m.position(note.onset, measure == 0));
    // Containers number the staves of all parts through.
    let before: u8 = score.parts.iter().take(usize::from(note.part)).map(|p| p.staves).sum();
    let flags = match note.grace {
        None => 0,
        Some(Grace::Acciaccatura) => 3,
        Some(Grace::Appoggiatura) => 1,
    };
    [
        (note.onset + pickup).to_f64(),
        note.duration.to_f64(),
        position.unwrap_or_default().to_f64(),
        f64::from(note.measure),
        f64::from(time.beats),
        f64::from(time.beat_type),
        f64::from(score.key_signature_at(note.onset).fifths),
        f64::from(note.pitch),
        f64::from(note.voice),
        f64::from(note.staff + before),
        f64::from(flags),
        f64::from(note.marks.bits() & MARKS),
        f64::from(dynamic),
        f64::from(hairpin),
        f64::from(note.id.written),
        f64::from(note.id.pass),
    ]
}

/// Dynamics and hairpins, asked for from onset to onset.
struct Signs<'a> {
    directions: &'a [Direction],
    next: usize,
    dynamic: u8,
    /// Hairpins that have begun: end and direction.
    hairpins: Vec<(Quarters, i8)>,
}

impl<'a> Signs<'a> {
    fn new(directions: &'a [Direction]) -> Self {
        Self { directions, next: 0, dynamic: 0, hairpins: Vec::new() }
    }

    /// The last dynamic and the last hairpin at a point no earlier than the one before.
    fn at(&mut self, onset: Quarters) -> (u8, i8) {
        while let Some(direction) = self.directions.get(self.next).filter(|d| d.onset <= onset) {
            match (direction.kind, direction.end) {
                // Containers count signs, not words such as `p dolce`.
                (DirectionKind::Dynamic(level), _) if direction.text.chars().all(|c| "pmf".contains(c)) => {
                    self.dynamic = level.level();
                }
                (DirectionKind::Crescendo, Some(end)) => self.hairpins.push((end, 1)),
                (DirectionKind::Diminuendo, Some(end)) => self.hairpins.push((end, -1)),
                _ => {}
            }
            self.next += 1;
        }
        self.hairpins.retain(|(end, _)| *end > onset);
        (self.dynamic, self.hairpins.last().map_or(0, |(_, hairpin)| *hairpin))
    }
}

fn direction(direction: &Direction, pickup: Quarters) -> Option<DirectionRow> {
    let class = classes::class(direction.kind)?;
    let at = |q: Quarters| (q + pickup).to_f64();
    let text = Some(direction.text.clone()).filter(|t| !t.is_empty());
    Some((at(direction.onset), direction.end.map(at), class.to_owned(), text, direction.staff))
}

/// Quarters per minute of a metronome mark, or of a tempo word that the file gives a number to.
fn tempo(direction: &Direction) -> Option<f64> {
    match direction.kind {
        DirectionKind::Metronome(per_minute) => Some(per_minute),
        DirectionKind::Tempo(Some(per_minute)) => {
            let by_word = DirectionKind::Tempo(Some(per_minute));
            (!words::meanings(&direction.text).contains(&by_word)).then_some(per_minute)
        }
        _ => None,
    }
}
