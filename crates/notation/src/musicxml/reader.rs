//! The state of reading: the XML, what was read so far, and where in it reading stands.
//!
//! The elements are read in files of their own, `attributes` to `note`; `document` calls them in
//! the order in which they come.

use std::collections::HashMap;

use super::cursor::{self, Cursor, Exact};
use super::lines::OpenLines;
use super::written::{
    PartMeasure, Position, Sign, SignName, Style, StyleKind, WrittenDirection, WrittenMeasure, WrittenScore,
    WrittenSign,
};
use super::written_out;
use super::xml::{Tag, Xml};
use crate::error::ImportError;
use crate::marks::DirectionKind;
use crate::options::Limits;
use crate::score::{Part, Place, TimeSignature, Warning};
use crate::text;
use crate::time::{Quarters, lcm};

/// More warnings than anybody reads.
const MOST_WARNINGS: usize = 200;
/// Longest measure number and part name that is kept, in characters.
const LONGEST_NAME: usize = 100;
/// Most repeats, endings and jumps.
const MOST_SIGNS: usize = 5_000;
/// Most directions of a file; the largest scores have some thousands.
const MOST_DIRECTIONS: usize = 100_000;
/// Finest common grid of all times, in parts of a quarter: keeps exact arithmetic within `i64`.
pub(super) const FINEST_GRID: i64 = 1 << 31;

/// What is remembered of a part from measure to measure.
#[derive(Debug)]
pub(super) struct PartState {
    pub divisions: i64,
    /// The last metre.
    pub time: TimeSignature,
    /// The metre before it, and the measure in which it changed.
    pub time_before: Option<(TimeSignature, u32)>,
    /// Whether the music is in free time (`senza-misura`) since.
    pub is_free: bool,
    /// Semitones from written to sounding pitch, for all staves and for single ones.
    pub transpose: i16,
    pub transpose_staff: HashMap<u8, i16>,
    pub lines: OpenLines,
    /// Notes that are written and do not sound.
    pub silent_notes: usize,
}

impl Default for PartState {
    fn default() -> Self {
        Self {
            divisions: 1,
            time: TimeSignature::default(),
            time_before: None,
            is_free: false,
            transpose: 0,
            transpose_staff: HashMap::new(),
            lines: OpenLines::default(),
            silent_notes: 0,
        }
    }
}

/// Where reading stands.
pub(super) struct Reader<'a, 'l> {
    pub xml: Xml<'a>,
    pub limits: &'l Limits,
    pub score: WrittenScore,
    /// Parts by identifier: index into the score's parts.
    by_id: HashMap<String, u16>,
    states: Vec<PartState>,
    /// Phrases met so far and what they mean.
    pub phrases: HashMap<String, Vec<DirectionKind>>,
    /// The names of segnos and codas, by their number.
    sign_names: HashMap<String, u16>,
    /// Least common multiple of all denominators so far.
    grid: i64,
    /// The part and measure being read.
    pub part: u16,
    pub measure: u32,
    pub cursor: Cursor,
    /// Position and duration of the previous note, for chords.
    pub previous: Option<(Quarters, Quarters)>,
    /// Grace notes that no main note has followed yet, as indices into the score's notes.
    pub open_graces: Vec<usize>,
    /// What had been read before the measure of the current part.
    before_measure: Lengths,
    /// Warnings beyond the most that are kept.
    more_warnings: usize,
}

impl<'a, 'l> Reader<'a, 'l> {
    pub fn new(text: &'a str, limits: &'l Limits) -> Self {
        Self {
            xml: Xml::new(text, limits.depth),
            limits,
            score: WrittenScore::default(),
            by_id: HashMap::new(),
            states: Vec::new(),
            phrases: HashMap::new(),
            sign_names: HashMap::new(),
            grid: 1,
            part: 0,
            measure: 0,
            cursor: Cursor::default(),
            previous: None,
            open_graces: Vec::new(),
            before_measure: Lengths::default(),
            more_warnings: 0,
        }
    }

    /// Starts or continues a part.
    pub fn enter_part(&mut self, tag: &Tag<'a>) -> Result<(), ImportError> {
        let id = tag.attribute("id").unwrap_or_default();
        self.part = match self.by_id.get(id.as_ref()) {
            Some(index) => *index,
            None => self.add_part(id.as_ref(), "")?,
        };
        Ok(())
    }

    /// Lists a part under its identifier.
    pub fn add_part(&mut self, id: &str, name: &str) -> Result<u16, ImportError> {
        if self.score.parts.len() >= self.limits.parts {
            return Err(ImportError::too_large("parts", self.limits.parts as u64));
        }
        let index = u16::try_from(self.score.parts.len()).unwrap_or(u16::MAX);
        let part = Part { id: shown(id), name: shown(name), staves: 1 };
        self.score.parts.push(part);
        self.states.push(PartState::default());
        self.by_id.insert(id.to_owned(), index);
        Ok(index)
    }

    /// Starts the measure with an index, or continues it in another part.
    pub fn enter_measure(&mut self, tag: &Tag<'a>, index: usize) -> Result<(), ImportError> {
        if index >= self.limits.measures {
            return Err(ImportError::too_large("measures", self.limits.measures as u64));
        }
        self.measure = u32::try_from(index).unwrap_or(u32::MAX);
        if index >= self.score.measures.len() {
            // What is printed, where that is not what the measure is told from others by.
            let text = tag.attribute("text").filter(|text| self.score.is_exact || !text.is_empty());
            let printed = text.or_else(|| tag.attribute("number")).map(|number| shown(&number));
            let number = printed.unwrap_or_else(|| (index + 1).to_string());
            let is_implicit = tag.is("implicit", "yes");
            self.score.measures.push(WrittenMeasure {
                number,
                length: Quarters::ZERO,
                is_implicit,
                own_name: self.own_name(tag),
            });
        }
        self.rewind();
        Ok(())
    }

    /// The name of a measure of a written-out file.
    fn own_name(&self, tag: &Tag<'a>) -> Option<(u32, u8)> {
        if self.score.is_written_out { written_out::parse_measure_id(&tag.attribute("id")?) } else { None }
    }

    /// Goes to the start of the measure.
    pub fn rewind(&mut self) {
        self.cursor = Cursor::default();
        self.previous = None;
        self.open_graces.clear();
        self.before_measure = Lengths::of(&self.score);
    }

    /// Ends the measure of the current part.
    pub fn leave_measure(&mut self) -> Result<(), ImportError> {
        self.close_graces();
        if self.score.signs.len() > MOST_SIGNS {
            return Err(ImportError::too_large("repeat signs", MOST_SIGNS as u64));
        }
        if self.score.is_exact {
            self.leave_exact_measure();
            return Ok(());
        }
        let exact = self.cursor.finish();
        let state = &self.states[usize::from(self.part)];
        let reached = exact.as_ref().map_or(self.cursor.reached(), |exact| exact.reached);
        let reached = cursor::rounded_length(reached, state.time.measure_length(), state.divisions);
        if let Some(exact) = exact {
            self.before_measure.make_exact(&mut self.score, &exact);
        }
        if let Some(measure) = self.score.measures.get_mut(self.measure as usize) {
            measure.length = measure.length.max(reached);
        }
        let (part, measure, is_free) = (self.part, self.measure, state.is_free);
        self.score.part_measures.push(PartMeasure { part, measure, reached, is_free });
        Ok(())
    }

    /// A measure of an exact file ends where reading stands at its end.
    fn leave_exact_measure(&mut self) {
        let reached = self.cursor.position();
        if let Some(measure) = self.score.measures.get_mut(self.measure as usize) {
            measure.length = measure.length.max(reached);
        }
        let (part, measure) = (self.part, self.measure);
        self.score.part_measures.push(PartMeasure { part, measure, reached, is_free: false });
    }

    /// The grace notes since the last main note end what was before them, not what follows. At the
    /// start of a measure there is nothing before them.
    pub fn close_graces(&mut self) {
        let is_written_out = self.score.is_written_out;
        for index in self.open_graces.drain(..).filter(|_| !is_written_out) {
            let note = &mut self.score.notes[index];
            note.ends_measure = note.position.offset > Quarters::ZERO;
        }
    }

    /// A duration of the file, in divisions, as quarters. May be negative.
    pub fn duration(&mut self) -> Result<Quarters, ImportError> {
        let text = self.xml.text()?;
        let divisions = self.state().divisions;
        let (numerator, denominator) = match text.parse::<i64>() {
            Ok(whole) => (whole, divisions),
            // A decimal number of divisions: the simple fraction that it stands for, else to three places.
            Err(_) => match text.parse::<f64>() {
                Ok(decimal) if decimal.is_finite() => match cursor::of_decimal(decimal, divisions) {
                    Some(simple) => (simple.numerator(), simple.denominator()),
                    None => ((decimal * 1000.0).round() as i64, divisions * 1000),
                },
                _ => {
                    self.warn("a duration is not a number; taken as nothing");
                    return Ok(Quarters::ZERO);
                }
            },
        };
        if (numerator / denominator).unsigned_abs() > self.limits.quarters.unsigned_abs() {
            return Err(ImportError::too_large("quarters in a duration", self.limits.quarters as u64));
        }
        let duration = Quarters::new(numerator, denominator);
        self.admit(duration.denominator())?;
        Ok(duration)
    }

    /// What a positive duration means, by the value of its note.
    pub fn exact_duration(&mut self, written: Quarters, notated: Option<Quarters>) -> Quarters {
        if self.score.is_exact {
            return written;
        }
        let exact = cursor::exact(written, self.state().divisions, notated);
        if exact == written || self.admit(exact.denominator()).is_ok() { exact } else { written }
    }

    /// Keeps all times on one grid that exact arithmetic can hold.
    pub fn admit(&mut self, denominator: i64) -> Result<(), ImportError> {
        if self.grid % denominator != 0 {
            let grid = lcm(self.grid, denominator).filter(|grid| *grid <= FINEST_GRID);
            self.grid =
                grid.ok_or_else(|| ImportError::too_large("different divisions", FINEST_GRID as u64))?;
        }
        Ok(())
    }

    /// Keeps a length that is written as a fraction within what exact arithmetic can hold.
    pub fn admit_length(&mut self, length: Quarters) -> Result<(), ImportError> {
        let most = self.limits.quarters;
        if length > Quarters::whole(most) {
            return Err(ImportError::too_large("quarters in a direction", most.unsigned_abs()));
        }
        self.admit(length.denominator())
    }

    /// Moves on in the measure by a duration as written and as meant.
    pub fn advance(&mut self, written: Quarters, exact: Quarters) -> Result<(), ImportError> {
        self.cursor.advance(written, exact);
        if self.cursor.position() > Quarters::whole(self.limits.quarters) {
            return Err(ImportError::too_large("quarters in a measure", self.limits.quarters as u64));
        }
        Ok(())
    }

    /// Moves back in the measure, at most to its start.
    pub fn go_back(&mut self, duration: Quarters) {
        if self.cursor.go_back(duration) {
            self.warn("the music goes back behind the start of the measure; it stops there");
        }
    }

    /// Whether this is a further part of an exact file: its changes of metre and key are those of
    /// the first.
    pub fn is_repeated_part(&self) -> bool {
        self.score.is_exact && self.part > 0
    }

    /// The current point.
    pub fn here(&self) -> Position {
        Position { measure: self.measure, offset: self.cursor.position() }
    }

    /// Adds a direction.
    pub fn add_direction(&mut self, direction: WrittenDirection) -> Result<(), ImportError> {
        self.score.directions.push(direction);
        if self.score.directions.len() > MOST_DIRECTIONS {
            return Err(ImportError::too_large("directions", MOST_DIRECTIONS as u64));
        }
        Ok(())
    }

    /// Adds what a measure style says of the current measure.
    pub fn add_style(&mut self, staff: Option<u8>, kind: StyleKind) -> Result<(), ImportError> {
        let (part, measure) = (self.part, self.measure);
        self.score.styles.push(Style { part, staff, measure, kind });
        if self.score.styles.len() > MOST_SIGNS {
            return Err(ImportError::too_large("measure styles", MOST_SIGNS as u64));
        }
        Ok(())
    }

    /// Adds a sign of the current part.
    pub fn add_sign(&mut self, position: Position, sign: Sign) {
        self.score.signs.push(WrittenSign { position, sign, part: self.part });
    }

    /// The number of a name that a file gives a segno or coda; nothing beyond as many as can be told apart.
    pub fn sign_name(&mut self, name: &str) -> SignName {
        let next = u16::try_from(self.sign_names.len()).ok().filter(|next| usize::from(*next) < MOST_SIGNS);
        match self.sign_names.get(name.trim()) {
            Some(number) => Some(*number),
            None => {
                self.sign_names.insert(name.trim().to_owned(), next?);
                next
            }
        }
    }

    /// The metre before the one that began in this measure, else the metre that goes on.
    pub fn metre_before(&self) -> TimeSignature {
        let PartState { time, time_before, .. } = self.state();
        time_before.filter(|(_, measure)| *measure == self.measure).map_or(*time, |(before, _)| before)
    }

    /// What is known of the current part.
    pub fn state(&self) -> &PartState {
        &self.states[usize::from(self.part)]
    }

    /// What is known of the current part.
    pub fn state_mut(&mut self) -> &mut PartState {
        &mut self.states[usize::from(self.part)]
    }

    /// Remembers something guessed or left out at the current place.
    pub fn warn(&mut self, message: impl Into<String>) {
        if self.score.warnings.len() >= MOST_WARNINGS {
            self.more_warnings += 1;
            return;
        }
        let place = Place { line: Some(self.xml.line()), ..self.place() };
        self.score.warnings.push(Warning { place, message: message.into() });
    }

    fn place(&self) -> Place {
        self.score.place(self.measure, Some(self.part))
    }

    /// Adds part and measure to an error.
    pub fn placed(&self, error: ImportError) -> ImportError {
        if self.score.measures.is_empty() { error } else { error.at(self.place()) }
    }

    /// The score, with what can only be known at the end.
    pub fn finish(mut self) -> WrittenScore {
        for (state, part) in self.states.iter_mut().zip(&self.score.parts) {
            if state.silent_notes > 0 {
                let place = Place { part: Some(part.id.clone()), ..Place::default() };
                let message = match state.silent_notes {
                    1 => "1 note is written not to sound and is left out".to_owned(),
                    notes => format!("{notes} notes are written not to sound and are left out"),
                };
                self.score.warnings.push(Warning { place, message });
            }
        }
        for state in &mut self.states {
            state.lines.close(&mut self.score);
        }
        if self.more_warnings > 0 {
            let message = format!("{} more such warnings are left out", self.more_warnings);
            self.score.warnings.push(Warning { place: Place::default(), message });
        }
        self.score
    }
}

/// How much of everything had been read at some point.
#[derive(Clone, Copy, Debug, Default)]
struct Lengths {
    notes: usize,
    directions: usize,
    times: usize,
    keys: usize,
    swings: usize,
    signs: usize,
    barlines: usize,
}

impl Lengths {
    fn of(score: &WrittenScore) -> Self {
        Self {
            notes: score.notes.len(),
            directions: score.directions.len(),
            times: score.times.len(),
            keys: score.keys.len(),
            swings: score.swings.len(),
            signs: score.signs.len(),
            barlines: score.middle_barlines.len(),
        }
    }

    /// Puts what was read since at its exact times.
    fn make_exact(self, score: &mut WrittenScore, exact: &Exact) {
        for note in &mut score.notes[self.notes..] {
            let onset = note.position.offset;
            note.position.offset = exact.of(onset);
            let end = exact.of(onset + note.duration);
            if !note.duration.is_zero() && end > note.position.offset {
                note.duration = end - note.position.offset;
            }
        }
        let directions = score.directions[self.directions..].iter_mut().map(|d| &mut d.position);
        let times = score.times[self.times..].iter_mut().map(|(position, _)| position);
        let keys = score.keys[self.keys..].iter_mut().map(|(position, _)| position);
        let swings = score.swings[self.swings..].iter_mut().map(|(position, _)| position);
        let signs = score.signs[self.signs..].iter_mut().map(|sign| &mut sign.position);
        let barlines = score.middle_barlines[self.barlines..].iter_mut();
        for position in directions.chain(times).chain(keys).chain(swings).chain(signs).chain(barlines) {
            position.offset = exact.of(position.offset);
        }
    }
}

/// A name in a form that can be shown.
fn shown(name: &str) -> String {
    if name.len() <= LONGEST_NAME && name.bytes().all(|b| b.is_ascii_graphic()) {
        return name.to_owned();
    }
    text::shortened(&text::one_line(name), LONGEST_NAME)
}
