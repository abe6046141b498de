//! What stands between the notes of a part, by measure: changes of key and metre, starts and ends of
//! directions.

use super::asked::{self, Printed};
use super::directions::Line;
use super::error::WriteError;
use super::heads::place;
use super::swing::Marking;
use crate::marks::{Direction, DirectionKind};
use crate::musicxml::written_out;
use crate::score::{KeySignature, Measure, Score, TimeSignature};
use crate::time::Quarters;

/// MusicXML counts lines at a time from 1 to this.
const MOST_NUMBERS: usize = 16;

/// Something between the notes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Event {
    Key(KeySignature),
    Time(TimeSignature),
    Swing(Marking),
    /// A direction, and the number of its line.
    Start(Box<Printed>, usize),
    Stop(Line, usize, Option<u8>),
}

/// An event and how far into its measure it stands.
pub(super) type Placed = (Quarters, Event);

/// What comes first at one point: changes, then the ends of lines, then their starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Change,
    Stop,
    Start,
}

/// The events of a part in each measure, in order. The swing stands in the first part alone.
pub(super) fn events(score: &Score, part: u16) -> Result<Vec<Vec<Placed>>, WriteError> {
    let measures = &score.measures;
    let mut events: Vec<Vec<(Quarters, Rank, Event)>> = vec![Vec::new(); measures.len()];
    let mut add = |(measure, at): (usize, Quarters), rank: Rank, event: Event| {
        events[measure].push((at, rank, event));
    };
    for (at, key) in &score.key_signatures {
        add(place(measures, *at), Rank::Change, Event::Key(*key));
    }
    for (at, time) in &score.time_signatures {
        add(place(measures, *at), Rank::Change, Event::Time(*time));
    }
    for (at, swing) in score.swing.iter().filter(|_| part == 0) {
        let (measure, at) = place(measures, *at);
        let refused = || WriteError::Swing { measure: measures[measure].number.clone() };
        add((measure, at), Rank::Start, Event::Swing(Marking::of(*swing).ok_or_else(refused)?));
    }
    let directions: Vec<&Direction> = score.directions.iter().filter(|d| d.part == part).collect();
    check_tempi(measures, &directions)?;
    for (printed, number) in numbered(asked::printed(&directions)) {
        let at = place(measures, printed.onset);
        let line = Line::of(&printed).zip(printed.end);
        let (staff, onset) = (printed.staff, printed.onset);
        add(at, Rank::Start, Event::Start(Box::new(printed), number));
        if let Some((line, end)) = line {
            // A line without length ends right after its start.
            let (end, rank) =
                if end == onset { (at, Rank::Start) } else { (place_of_end(measures, end), Rank::Stop) };
            add(end, rank, Event::Stop(line, number, staff));
        }
    }
    let in_order = |mut events: Vec<(Quarters, Rank, Event)>| {
        events.sort_by_key(|(at, rank, _)| (*at, *rank));
        events.into_iter().map(|(at, _, event)| (at, event)).collect()
    };
    Ok(events.into_iter().map(in_order).collect())
}

/// Refuses tempi that a reader would not believe.
fn check_tempi(measures: &[Measure], directions: &[&Direction]) -> Result<(), WriteError> {
    for Direction { onset, kind, .. } in directions {
        if let DirectionKind::Metronome(tempo) | DirectionKind::Tempo(Some(tempo)) = *kind
            && !written_out::is_tempo(tempo)
        {
            let (measure, _) = place(measures, *onset);
            return Err(WriteError::Tempo { measure: measures[measure].number.clone() });
        }
    }
    Ok(())
}

/// A line ends within the measure before a bar line.
fn place_of_end(measures: &[Measure], end: Quarters) -> (usize, Quarters) {
    let measure = measures.partition_point(|m| m.start < end).saturating_sub(1);
    (measure, end - measures.get(measure).map_or(Quarters::ZERO, |m| m.start))
}

/// Gives each line a number that no other line of its kind has at the time. Where there are too many,
/// what a direction asks for is written without a line.
fn numbered(printed: Vec<Printed>) -> Vec<(Printed, usize)> {
    let mut taken: [Vec<Quarters>; 3] = Default::default();
    let number = |printed: Printed| {
        let Some(line) = Line::of(&printed) else { return (printed, 1) };
        let taken = &mut taken[line as usize];
        let end = printed.end.unwrap_or(printed.onset);
        let free = taken.iter().position(|until| *until <= printed.onset).unwrap_or(taken.len());
        if free >= MOST_NUMBERS {
            return (printed.hidden(), 1);
        }
        if free == taken.len() {
            taken.push(end);
        } else {
            taken[free] = end;
        }
        (printed, free + 1)
    };
    printed.into_iter().map(number).collect()
}
