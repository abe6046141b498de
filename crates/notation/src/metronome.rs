//! Metronome marks: what is printed, and what it counts.

use crate::marks::{Direction, DirectionKind};
use crate::note_value;
use crate::time::Quarters;

/// A metronome mark: `dotted quarter = 60`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MetronomeMark {
    /// Where it stands.
    pub onset: Quarters,
    /// What it counts.
    pub beat: Quarters,
    /// How many of them a minute.
    pub per_minute: f64,
    /// Whether whoever reads the score sees it; else it is in the file for playback alone.
    pub is_printed: bool,
}

impl MetronomeMark {
    /// Seconds per quarter.
    pub fn secs_per_quarter(&self) -> f64 {
        60.0 / (self.per_minute * self.beat.to_f64())
    }

    /// As people write it: `quarter = 66`.
    pub fn text(&self) -> String {
        format!("{} = {:.0}", beat_name(self.beat), self.per_minute)
    }
}

impl Direction {
    /// The metronome mark that is printed here. Tempi for playback alone, those of MIDI files
    /// included, are none: nothing is printed, so their text is empty.
    pub fn metronome_mark(&self) -> Option<MetronomeMark> {
        let DirectionKind::Metronome(quarters_per_minute) = self.kind else { return None };
        if self.text.is_empty() || !quarters_per_minute.is_finite() || quarters_per_minute <= 0.0 {
            return None;
        }
        let unit = self.text.split('=').next().and_then(printed_value);
        let beat = unit.unwrap_or(Quarters::whole(1));
        let per_minute = quarters_per_minute / beat.to_f64();
        Some(MetronomeMark { onset: self.onset, beat, per_minute, is_printed: true })
    }
}

/// The note values that people count in, among all types of notes: from `long` to `32nd`.
const COUNTED: std::ops::Range<usize> = 1..9;

/// The length of a note value as importers print it: its name and its dots, `quarter.`.
fn printed_value(text: &str) -> Option<Quarters> {
    let text = text.trim();
    let name = text.trim_end_matches('.');
    let dots = u32::try_from(text.len() - name.len()).ok()?;
    Some(note_value::value(note_value::of_type(name)?, dots, None))
}

/// A metronome mark as importers print it, `quarter. = 60`, for a tempo in quarters a minute: to a tenth. None for
/// what no mark can say.
pub(crate) fn printed(beat: Quarters, quarters_per_minute: f64) -> Option<String> {
    let dotted = |plain: Quarters| note_value::value(plain, 1, None);
    let unit = note_value::TYPES[COUNTED].iter().find_map(|(name, plain)| {
        let is_plain = (beat == *plain).then(|| (*name).to_owned());
        is_plain.or_else(|| (beat == dotted(*plain)).then(|| format!("{name}.")))
    })?;
    let per_minute = quarters_per_minute / beat.to_f64();
    if !(1.0..10_000.0).contains(&per_minute) {
        return None;
    }
    let text = format!("{per_minute:.1}");
    Some(format!("{unit} = {}", text.strip_suffix(".0").unwrap_or(&text)))
}

/// What a musician calls a note value: `dotted quarter`. Values that have no such name are told in
/// quarters.
pub fn beat_name(beat: Quarters) -> String {
    for (name, plain) in &note_value::TYPES[COUNTED] {
        if beat == *plain {
            return (*name).to_owned();
        }
        if beat == note_value::value(*plain, 1, None) {
            return format!("dotted {name}");
        }
    }
    format!("{} quarters", beat.to_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(quarters_per_minute: f64, text: &str) -> Option<MetronomeMark> {
        let kind = DirectionKind::Metronome(quarters_per_minute);
        let onset = Quarters::ZERO;
        Direction { onset, end: None, part: 0, staff: None, kind, text: text.into() }.metronome_mark()
    }

    #[test]
    fn a_printed_mark_says_what_it_counts() {
        let found = |per_minute, text| mark(per_minute, text).map(|m| (m.beat, m.per_minute));
        assert_eq!(found(66.0, "quarter = 66"), Some((Quarters::whole(1), 66.0)));
        assert_eq!(found(90.0, "quarter. = 60"), Some((Quarters::new(3, 2), 60.0)));
        assert_eq!(found(144.0, "half = ca. 72"), Some((Quarters::whole(2), 72.0)));
        assert_eq!(found(70.0, "eighth.. = 80"), Some((Quarters::new(7, 8), 80.0)));
        assert_eq!(found(66.0, "Lento"), Some((Quarters::whole(1), 66.0)));
    }

    #[test]
    fn what_is_printed_is_read_as_it_is_meant() {
        for (beat, per_minute, text) in [
            (Quarters::whole(1), 66.0, "quarter = 66"),
            (Quarters::new(3, 2), 90.0, "quarter. = 60"),
            (Quarters::whole(2), 133.0, "half = 66.5"),
        ] {
            assert_eq!(printed(beat, per_minute).as_deref(), Some(text));
            let read = mark(per_minute, text).map(|m| (m.beat, m.per_minute));
            assert_eq!(read, Some((beat, per_minute / beat.to_f64())));
        }
        assert_eq!(printed(Quarters::new(5, 7), 60.0), None);
        assert_eq!(printed(Quarters::whole(1), f64::NAN), None);
    }

    #[test]
    fn a_tempo_for_playback_is_no_mark() {
        assert_eq!(mark(120.0, ""), None);
        assert_eq!(mark(0.0, "quarter = 0"), None);
        assert_eq!(mark(f64::NAN, "quarter = much"), None);
    }

    #[test]
    fn note_values_have_the_names_that_musicians_use() {
        assert_eq!(beat_name(Quarters::whole(1)), "quarter");
        assert_eq!(beat_name(Quarters::new(3, 2)), "dotted quarter");
        assert_eq!(beat_name(Quarters::new(3, 4)), "dotted eighth");
        assert_eq!(beat_name(Quarters::whole(2)), "half");
        assert_eq!(beat_name(Quarters::new(7, 8)), "0.875 quarters");
    }
}
