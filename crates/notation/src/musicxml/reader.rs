//! From XML to the page: header, parts and measures.

use std::collections::HashMap;

use super::direction::Spans;
use super::page::{Page, Sign, Spot};
use super::xml::{Tag, Xml};
use crate::error::ImportError;
use crate::marks::DirectionKind;
use crate::options::Limits;
use crate::score::{KeySignature, Part, Place, TimeSignature, Warning};
use crate::time::Quarters;

/// More warnings than anybody reads.
const MAX_WARNINGS: usize = 200;
/// Longest measure number and part name that is kept, in characters.
const LONGEST_NAME: usize = 100;
/// Most repeats, endings and jumps.
const MOST_SIGNS: usize = 5_000;
/// Finest common grid of all times, in parts of a quarter: keeps exact arithmetic within `i64`.
const FINEST_GRID: i64 = 1 << 31;

/// What is remembered of a part from measure to measure.
#[derive(Debug)]
pub(super) struct PartState {
    pub divisions: i64,
    /// Semitones from written to sounding pitch, for all staves and for single ones.
    pub transpose: i16,
    pub transpose_staff: HashMap<u8, i16>,
    pub spans: Spans,
}

impl Default for PartState {
    fn default() -> Self {
        Self { divisions: 1, transpose: 0, transpose_staff: HashMap::new(), spans: Spans::default() }
    }
}

/// Where reading stands.
pub(super) struct PageReader<'a, 'l> {
    pub xml: Xml<'a>,
    pub limits: &'l Limits,
    pub page: Page,
    /// Parts by identifier: index into the page's parts.
    by_id: HashMap<String, u16>,
    states: Vec<PartState>,
    /// Phrases met so far and what they mean.
    pub phrases: HashMap<String, Vec<DirectionKind>>,
    /// Least common multiple of all denominators so far.
    grid: i64,
    /// The part and measure being read.
    pub part: u16,
    pub measure: u32,
    /// Time since the start of the measure.
    pub position: Quarters,
    /// Furthest position in the measure so far.
    pub reached: Quarters,
    /// Start and duration of the previous note, for chords.
    pub previous: Option<(Quarters, Quarters)>,
}

impl<'a, 'l> PageReader<'a, 'l> {
    /// Reads a whole document.
    pub fn read(text: &'a str, limits: &'l Limits) -> Result<Page, ImportError> {
        let mut reader = Self {
            xml: Xml::new(text, limits.depth),
            limits,
            page: Page::default(),
            by_id: HashMap::new(),
            states: Vec::new(),
            phrases: HashMap::new(),
            grid: 1,
            part: 0,
            measure: 0,
            position: Quarters::ZERO,
            reached: Quarters::ZERO,
            previous: None,
        };
        reader.document().map_err(|error| reader.placed(error))?;
        reader.finish();
        Ok(reader.page)
    }

    fn document(&mut self) -> Result<(), ImportError> {
        let Some(root) = self.xml.child()? else {
            return Err(ImportError::NotMusicXml { root: String::new() });
        };
        let timewise = match root.name() {
            "score-partwise" => false,
            "score-timewise" => true,
            other => return Err(ImportError::NotMusicXml { root: other.chars().take(60).collect() }),
        };
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "work" | "identification" | "credit" | "movement-title" | "part-list" => self.header(&tag)?,
                "part" if !timewise => self.part(&tag)?,
                "measure" if timewise => self.measure_of_parts(&tag)?,
                _ => self.xml.skip()?,
            }
        }
        Ok(())
    }

    /// `<part>` of a partwise score.
    fn part(&mut self, tag: &Tag<'a>) -> Result<(), ImportError> {
        self.enter_part(tag)?;
        let mut index = 0;
        while let Some(tag) = self.xml.child()? {
            if tag.name() == "measure" {
                self.enter_measure(&tag, index)?;
                self.measure_content()?;
                index += 1;
            } else {
                self.xml.skip()?;
            }
        }
        Ok(())
    }

    /// `<measure>` of a timewise score.
    fn measure_of_parts(&mut self, tag: &Tag<'a>) -> Result<(), ImportError> {
        let index = self.page.measures.len();
        self.enter_measure(tag, index)?;
        while let Some(tag) = self.xml.child()? {
            if tag.name() == "part" {
                self.enter_part(&tag)?;
                self.rewind();
                self.measure_content()?;
            } else {
                self.xml.skip()?;
            }
        }
        Ok(())
    }

    fn enter_part(&mut self, tag: &Tag<'a>) -> Result<(), ImportError> {
        let id = tag.attribute("id").unwrap_or_default();
        self.part = match self.by_id.get(id.as_ref()) {
            Some(index) => *index,
            None => self.add_part(id.as_ref(), String::new())?,
        };
        Ok(())
    }

    /// Lists a part under its identifier.
    pub fn add_part(&mut self, id: &str, name: String) -> Result<u16, ImportError> {
        if self.page.parts.len() >= self.limits.parts {
            return Err(ImportError::TooLarge { what: "parts", limit: self.limits.parts as u64 });
        }
        let index = u16::try_from(self.page.parts.len()).unwrap_or(u16::MAX);
        let cut = |text: &str| text.chars().take(LONGEST_NAME).collect();
        self.page.parts.push(Part { id: cut(id), name: cut(&name), staves: 1 });
        self.states.push(PartState::default());
        self.by_id.insert(id.to_owned(), index);
        Ok(index)
    }

    fn enter_measure(&mut self, tag: &Tag<'a>, index: usize) -> Result<(), ImportError> {
        if index >= self.limits.measures {
            return Err(ImportError::TooLarge { what: "measures", limit: self.limits.measures as u64 });
        }
        self.measure = u32::try_from(index).unwrap_or(u32::MAX);
        if index >= self.page.measures.len() {
            let printed = tag.attribute("number").map(|n| n.chars().take(LONGEST_NAME).collect());
            let number = printed.unwrap_or_else(|| (index + 1).to_string());
            self.page.measures.push((number, Quarters::ZERO));
        }
        self.rewind();
        Ok(())
    }

    fn rewind(&mut self) {
        self.position = Quarters::ZERO;
        self.reached = Quarters::ZERO;
        self.previous = None;
    }

    /// Everything within one measure of one part.
    fn measure_content(&mut self) -> Result<(), ImportError> {
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "note" => self.note(&tag)?,
                "backup" => self.backup()?,
                "forward" => self.forward()?,
                "attributes" => self.attributes()?,
                "direction" => self.direction()?,
                "barline" => self.barline(&tag)?,
                "sound" => {
                    self.sound(&tag)?;
                    self.xml.skip()?;
                }
                _ => self.xml.skip()?,
            }
        }
        if self.page.signs.len() > MOST_SIGNS {
            return Err(ImportError::TooLarge { what: "repeat signs", limit: MOST_SIGNS as u64 });
        }
        if let Some((_, length)) = self.page.measures.get_mut(self.measure as usize) {
            *length = (*length).max(self.reached);
        }
        Ok(())
    }

    fn backup(&mut self) -> Result<(), ImportError> {
        let duration = self.only_duration()?;
        self.go_back(duration);
        Ok(())
    }

    /// Moves back in the measure, at most to its start.
    pub fn go_back(&mut self, duration: Quarters) {
        self.position -= duration;
        if self.position < Quarters::ZERO {
            self.warn("the music goes back behind the start of the measure; it stops there");
            self.position = Quarters::ZERO;
        }
    }

    fn forward(&mut self) -> Result<(), ImportError> {
        let duration = self.only_duration()?;
        self.advance(duration)
    }

    fn only_duration(&mut self) -> Result<Quarters, ImportError> {
        let mut duration = Quarters::ZERO;
        while let Some(tag) = self.xml.child()? {
            if tag.name() == "duration" {
                duration = self.duration()?;
                if duration < Quarters::ZERO {
                    self.warn("a backup or forward has a negative duration; left out");
                    duration = Quarters::ZERO;
                }
            } else {
                self.xml.skip()?;
            }
        }
        Ok(duration)
    }

    /// The text of `<duration>` in quarters, by the divisions in force. May be negative.
    pub fn duration(&mut self) -> Result<Quarters, ImportError> {
        let text = self.xml.text()?;
        let divisions = self.state().divisions;
        let (numerator, denominator) = match text.parse::<i64>() {
            Ok(whole) => (whole, divisions),
            // A decimal number of divisions: to three places.
            Err(_) => match text.parse::<f64>() {
                Ok(decimal) if decimal.is_finite() => ((decimal * 1000.0).round() as i64, divisions * 1000),
                _ => {
                    self.warn("a duration is not a number; taken as nothing");
                    return Ok(Quarters::ZERO);
                }
            },
        };
        if (numerator / denominator).unsigned_abs() > self.limits.quarters.unsigned_abs() {
            return Err(ImportError::TooLarge {
                what: "quarters in a duration",
                limit: self.limits.quarters as u64,
            });
        }
        let duration = Quarters::new(numerator, denominator);
        self.admit(duration.denominator())?;
        Ok(duration)
    }

    /// Keeps all times on one grid that exact arithmetic can hold.
    fn admit(&mut self, denominator: i64) -> Result<(), ImportError> {
        if self.grid % denominator != 0 {
            let (mut a, mut b) = (self.grid, denominator);
            while b != 0 {
                (a, b) = (b, a % b);
            }
            let grid = (self.grid / a).checked_mul(denominator).filter(|g| *g <= FINEST_GRID);
            self.grid =
                grid.ok_or(ImportError::TooLarge { what: "different divisions", limit: FINEST_GRID as u64 })?;
        }
        Ok(())
    }

    /// Moves on in the measure.
    pub fn advance(&mut self, duration: Quarters) -> Result<(), ImportError> {
        self.position += duration;
        self.reached = self.reached.max(self.position);
        if self.position > Quarters::whole(self.limits.quarters) {
            return Err(ImportError::TooLarge {
                what: "quarters in a measure",
                limit: self.limits.quarters as u64,
            });
        }
        Ok(())
    }

    fn attributes(&mut self) -> Result<(), ImportError> {
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "divisions" => match self.xml.number::<f64>()? {
                    Some(divisions) if (1.0..=1e6).contains(&divisions) => {
                        self.state_mut().divisions = divisions.round() as i64;
                    }
                    _ => self.warn(
                        "the divisions of a quarter are not a number from 1 to a million; left as they were",
                    ),
                },
                "key" => self.key()?,
                "time" => self.time()?,
                "staves" => {
                    let staves = self.xml.number::<u8>()?.unwrap_or(1).max(1);
                    let part = &mut self.page.parts[usize::from(self.part)];
                    part.staves = part.staves.max(staves);
                }
                "transpose" => self.transpose(&tag)?,
                _ => self.xml.skip()?,
            }
        }
        Ok(())
    }

    fn key(&mut self) -> Result<(), ImportError> {
        let (mut fifths, mut minor) = (None, false);
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "fifths" => fifths = self.xml.number::<i8>()?,
                "mode" => minor = self.xml.text()? == "minor",
                _ => self.xml.skip()?,
            }
        }
        if let Some(fifths) = fifths {
            self.page.keys.push((self.here(), KeySignature { fifths: fifths.clamp(-7, 7), minor }));
        }
        Ok(())
    }

    /// The first beats and beat type; sums such as 3+2 are added up.
    fn time(&mut self) -> Result<(), ImportError> {
        let (mut beats, mut beat_type) = (None, None);
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "beats" if beats.is_none() => {
                    let text = self.xml.text()?;
                    beats = text.split('+').try_fold(0_u8, |sum, n| sum.checked_add(n.trim().parse().ok()?));
                }
                "beat-type" if beat_type.is_none() => beat_type = self.xml.number::<u8>()?,
                _ => self.xml.skip()?,
            }
        }
        match (beats, beat_type) {
            (Some(beats @ 1..), Some(beat_type @ 1..)) => {
                self.admit(TimeSignature { beats, beat_type }.measure_length().denominator())?;
                self.page.times.push((self.here(), TimeSignature { beats, beat_type }));
            }
            _ => self.warn("a time signature without plain beats; the metre before it goes on"),
        }
        Ok(())
    }

    fn transpose(&mut self, tag: &Tag<'a>) -> Result<(), ImportError> {
        let staff = tag.number::<u8>("number");
        let (mut chromatic, mut octaves) = (0.0, 0.0);
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "chromatic" => chromatic = self.xml.number::<f64>()?.unwrap_or(0.0),
                "octave-change" => octaves = self.xml.number::<f64>()?.unwrap_or(0.0),
                _ => self.xml.skip()?,
            }
        }
        let semitones = (chromatic + 12.0 * octaves).round().clamp(-127.0, 127.0) as i16;
        let state = self.state_mut();
        match staff {
            Some(staff) => drop(state.transpose_staff.insert(staff, semitones)),
            None => {
                state.transpose = semitones;
                state.transpose_staff.clear();
            }
        }
        Ok(())
    }

    fn barline(&mut self, tag: &Tag<'a>) -> Result<(), ImportError> {
        let spot = match tag.attribute("location").as_deref() {
            Some("left") => Spot { measure: self.measure, at: Quarters::ZERO },
            Some("middle") => self.here(),
            _ => self.end_of_measure(),
        };
        while let Some(tag) = self.xml.child()? {
            let sign = match tag.name() {
                "repeat" if tag.is("direction", "forward") => Some(Sign::RepeatStart),
                "repeat" => Some(Sign::RepeatEnd(tag.number("times").unwrap_or(2).clamp(2, 16))),
                "ending" if tag.is("type", "start") => {
                    Some(Sign::EndingStart(ending_numbers(&tag.attribute("number").unwrap_or_default())))
                }
                "ending" => Some(Sign::EndingStop),
                "segno" => Some(Sign::Segno),
                "coda" => Some(Sign::Coda),
                _ => None,
            };
            self.page.signs.extend(sign.map(|s| (spot, s)));
            self.xml.skip()?;
        }
        Ok(())
    }

    /// The current point.
    pub fn here(&self) -> Spot {
        Spot { measure: self.measure, at: self.position }
    }

    /// The bar line after the current measure.
    pub fn end_of_measure(&self) -> Spot {
        Spot { measure: self.measure + 1, at: Quarters::ZERO }
    }

    /// What is known of the current part.
    pub fn state(&self) -> &PartState {
        &self.states[usize::from(self.part)]
    }

    /// What is known of the current part.
    pub fn state_mut(&mut self) -> &mut PartState {
        &mut self.states[usize::from(self.part)]
    }

    /// Notes something guessed or left out at the current place.
    pub fn warn(&mut self, message: &str) {
        if self.page.warnings.len() < MAX_WARNINGS {
            let place = Place { line: Some(self.xml.line()), ..self.place() };
            self.page.warnings.push(Warning { place, message: message.to_owned() });
        }
    }

    fn place(&self) -> Place {
        let part = self.page.parts.get(usize::from(self.part)).map(|p| p.id.clone());
        let measure = self.page.measures.get(self.measure as usize).map(|(number, _)| number.clone());
        Place { line: None, measure, part }
    }

    /// Adds part and measure to an error of the XML.
    fn placed(&self, error: ImportError) -> ImportError {
        match error {
            ImportError::Xml { place, message } if place.part.is_none() && !self.page.measures.is_empty() => {
                ImportError::Xml { place: Place { line: place.line, ..self.place() }, message }
            }
            other => other,
        }
    }

    /// What can only be done at the end: open hairpins and pedals.
    fn finish(&mut self) {
        for state in &mut self.states {
            state.spans.close(&mut self.page);
        }
    }
}

/// `1`, `1,2`, `1, 2`, `1-3`; anything else counts as the first.
fn ending_numbers(text: &str) -> Vec<u8> {
    let mut numbers = Vec::new();
    for item in text.split([',', ' ', '.']).filter(|t| !t.is_empty()) {
        let (from, to) = item.split_once('-').unwrap_or((item, item));
        if let (Ok(from), Ok(to)) = (from.trim().parse::<u8>(), to.trim().parse::<u8>()) {
            numbers.extend(from.max(1)..=to.min(16));
        }
    }
    if numbers.is_empty() { vec![1] } else { numbers }
}
