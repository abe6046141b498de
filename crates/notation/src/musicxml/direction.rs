//! `<direction>` and `<sound>`: dynamics, hairpins, tempo, words, pedal, and the signs of repeats.

use super::page::{Page, PageDirection, Sign, Spot};
use super::reader::PageReader;
use super::xml::Tag;
use crate::error::ImportError;
use crate::marks::{DirectionKind, Dynamic};
use crate::score::{Place, Warning};
use crate::time::Quarters;
use crate::words;

/// Kinds of line that start at one direction and stop at another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Wedge,
    Dashes,
    Pedal,
    /// From `una corda` to `tre corde`.
    Soft,
}

/// Lines of one part that are still open.
#[derive(Debug, Default)]
pub(super) struct Spans {
    /// Kind, number, indices into the page's directions.
    open: Vec<(Line, u32, Vec<usize>)>,
}

impl Spans {
    /// No score has more lines open at a time than this; the first is given up for a new one.
    const MOST: usize = 64;

    fn start(&mut self, line: Line, number: u32, directions: Vec<usize>) {
        if self.open.len() >= Self::MOST {
            self.open.remove(0);
        }
        self.open.push((line, number, directions));
    }

    /// The directions that the line began with.
    fn stop(&mut self, line: Line, number: u32) -> Option<Vec<usize>> {
        let same = |(l, n, _): &(Line, u32, Vec<usize>)| *l == line && *n == number;
        let at = self.open.iter().rposition(same)?;
        Some(self.open.swap_remove(at).2)
    }

    /// A hairpin that nothing ends is taken to last for its measure.
    pub fn close(&mut self, page: &mut Page) {
        for (line, _, directions) in self.open.drain(..) {
            for index in directions.into_iter().filter(|_| line == Line::Wedge) {
                let Some(direction) = page.directions.get_mut(index) else { continue };
                direction.end = Some(Spot { measure: direction.spot.measure + 1, at: Quarters::ZERO });
                let measure =
                    page.measures.get(direction.spot.measure as usize).map(|(number, _)| number.clone());
                let part = page.parts.get(usize::from(direction.part)).map(|p| p.id.clone());
                let message =
                    "a hairpin has no end; it is taken to last to the end of its measure".to_owned();
                page.warnings.push(Warning { place: Place { line: None, measure, part }, message });
            }
        }
    }
}

/// Longest text that is kept of a direction, in characters.
const LONGEST_TEXT: usize = 300;
/// Most directions of a file; the largest scores have some thousands.
const MOST_DIRECTIONS: usize = 100_000;
/// Most different phrases that are looked up.
const MOST_PHRASES: usize = 5_000;
/// Most things that one `<direction>` may say; more is nonsense and left out.
const MOST_FOUND: usize = 32;

/// What one `<direction>` holds, before its staff and offset are known.
#[derive(Default)]
struct Draft {
    found: Vec<(DirectionKind, String)>,
    /// Lines that start here: kind, number, and which of `found` they extend (all, if none).
    starts: Vec<(Line, u32, Option<usize>)>,
    stops: Vec<(Line, u32)>,
    signs: Vec<Sign>,
    /// Signs that only words speak of.
    word_signs: Vec<Sign>,
    tempo: Option<f64>,
    staff: Option<u8>,
    offset: Quarters,
}

impl<'a> PageReader<'a, '_> {
    pub(super) fn direction(&mut self) -> Result<(), ImportError> {
        let mut draft = Draft::default();
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "direction-type" => self.direction_type(&mut draft)?,
                "staff" => draft.staff = self.xml.number::<u8>()?,
                "offset" => self.offset(&tag, &mut draft)?,
                "sound" => {
                    draft.tempo = tempo(&tag).or(draft.tempo);
                    draft.signs.extend(signs(&tag));
                    self.xml.skip()?;
                }
                _ => self.xml.skip()?,
            }
        }
        self.place_direction(draft)
    }

    /// `<sound>` between the notes.
    pub(super) fn sound(&mut self, tag: &Tag<'a>) -> Result<(), ImportError> {
        let draft = Draft { tempo: tempo(tag), signs: signs(tag), ..Draft::default() };
        self.place_direction(draft)
    }

    /// Only an offset that is meant to sound moves what it stands with; others are layout.
    fn offset(&mut self, tag: &Tag<'a>, draft: &mut Draft) -> Result<(), ImportError> {
        let sounds = tag.is("sound", "yes");
        let divisions = self.xml.number::<f64>()?.unwrap_or(0.0);
        if sounds {
            draft.offset =
                Quarters::nearest((divisions / self.state().divisions as f64).clamp(-999.0, 999.0), 48);
        }
        Ok(())
    }

    fn direction_type(&mut self, draft: &mut Draft) -> Result<(), ImportError> {
        while let Some(tag) = self.xml.child()? {
            let number = tag.number::<u32>("number").unwrap_or(1);
            match tag.name() {
                "dynamics" => {
                    self.dynamics(draft)?;
                    continue;
                }
                "words" => {
                    let text = self.xml.text()?;
                    if !text.is_empty() && draft.found.len() < MOST_FOUND {
                        let text: String = text.chars().take(LONGEST_TEXT).collect();
                        let kinds = self.meanings(&text);
                        draft.read_words(&text, &kinds);
                    }
                    continue;
                }
                "metronome" => {
                    let before = draft.found.len();
                    self.metronome(draft)?;
                    if tag.is("print-object", "no") {
                        // A tempo for playback alone has no text.
                        draft.found[before..].iter_mut().for_each(|(_, text)| text.clear());
                    }
                    continue;
                }
                "wedge" => match tag.attribute("type").as_deref() {
                    Some("crescendo") => draft.open(Line::Wedge, number, DirectionKind::Crescendo),
                    Some("diminuendo") => draft.open(Line::Wedge, number, DirectionKind::Diminuendo),
                    Some("stop") => draft.stops.push((Line::Wedge, number)),
                    _ => {}
                },
                "dashes" if tag.is("type", "start") => draft.starts.push((Line::Dashes, number, None)),
                "dashes" if tag.is("type", "stop") => draft.stops.push((Line::Dashes, number)),
                "pedal" => match tag.attribute("type").as_deref() {
                    Some("start") => draft.open(Line::Pedal, number, DirectionKind::SustainPedal),
                    Some("stop" | "discontinue") => draft.stops.push((Line::Pedal, number)),
                    Some("change") => {
                        draft.stops.push((Line::Pedal, number));
                        draft.open(Line::Pedal, number, DirectionKind::SustainPedal);
                    }
                    _ => {}
                },
                "segno" => draft.word_signs.push(Sign::Segno),
                "coda" => draft.word_signs.push(Sign::Coda),
                _ => {}
            }
            self.xml.skip()?;
        }
        Ok(())
    }

    /// What a phrase means. Scores say the same few phrases again and again, so each is looked up
    /// once; past a number that no score reaches, all are plain words.
    fn meanings(&mut self, text: &str) -> Vec<DirectionKind> {
        if let Some(known) = self.phrases.get(text) {
            return known.clone();
        }
        if self.phrases.len() >= MOST_PHRASES {
            return vec![DirectionKind::Words];
        }
        let kinds = words::meanings(text);
        self.phrases.insert(text.to_owned(), kinds.clone());
        kinds
    }

    /// The first sign of `<dynamics>`.
    fn dynamics(&mut self, draft: &mut Draft) -> Result<(), ImportError> {
        let mut first = true;
        while let Some(tag) = self.xml.child()? {
            let name = tag.name().to_owned();
            let text = self.xml.text()?;
            if !std::mem::take(&mut first) {
                continue;
            }
            let text = if name == "other-dynamics" { text.into_owned() } else { name };
            match dynamic(&text) {
                Some(kind) => draft.found.push((kind, text)),
                None => {
                    draft.found.extend(words::meanings(&text).into_iter().map(|kind| (kind, text.clone())))
                }
            }
        }
        Ok(())
    }

    /// Beat unit, dots and number; a range or `ca.` counts by its first number. An equation of
    /// two note values has no number and is kept as words.
    fn metronome(&mut self, draft: &mut Draft) -> Result<(), ImportError> {
        let (mut unit, mut dots, mut per_minute, mut text) = (None, 0, None, String::new());
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "beat-unit" if unit.is_none() => {
                    let name = self.xml.text()?;
                    unit = beat_unit(&name);
                    text = name.into_owned();
                }
                "beat-unit-dot" => {
                    dots += 1;
                    self.xml.skip()?;
                }
                "per-minute" => {
                    let number = self.xml.text()?;
                    per_minute = first_number(&number);
                    text = format!("{text}{} = {number}", ".".repeat(dots.min(3)));
                }
                _ => self.xml.skip()?,
            }
        }
        if let (Some(unit), Some(per_minute)) = (unit, per_minute) {
            let dotted =
                (0..dots.min(3)).fold((unit, unit), |(sum, last), _| (sum + last / 2.0, last / 2.0)).0;
            draft.found.push((DirectionKind::Metronome(dotted * per_minute), text));
        }
        Ok(())
    }

    fn place_direction(&mut self, mut draft: Draft) -> Result<(), ImportError> {
        draft.settle_tempo();
        draft.starts.retain(|(_, _, index)| index.is_none_or(|k| k < MOST_FOUND));
        draft.starts.truncate(MOST_FOUND);
        draft.found.truncate(MOST_FOUND);
        let spot = Spot { measure: self.measure, at: (self.position + draft.offset).max(Quarters::ZERO) };
        for (line, number) in std::mem::take(&mut draft.stops) {
            let Some(started) = self.state_mut().spans.stop(line, number) else {
                if line == Line::Soft {
                    continue;
                }
                self.warn("a hairpin, pedal or dashed line stops that was not started; left out");
                continue;
            };
            for index in started {
                self.page.directions[index].end = Some(spot);
            }
        }
        let first = self.page.directions.len();
        for (kind, text) in draft.found {
            let text = text.chars().take(LONGEST_TEXT).collect();
            let (part, staff) = (self.part, draft.staff);
            self.page.directions.push(PageDirection { spot, end: None, part, staff, kind, text });
        }
        for (line, number, index) in draft.starts {
            let directions = match index {
                Some(index) => vec![first + index],
                None => (first..self.page.directions.len()).collect(),
            };
            self.state_mut().spans.start(line, number, directions);
        }
        let end = self.end_of_measure();
        if draft.signs.is_empty() {
            // Words stand where there is room; what they ask for happens at the bar line.
            for sign in draft.word_signs {
                let at_start = matches!(sign, Sign::Segno | Sign::Coda);
                let spot = if at_start { Spot { measure: self.measure, at: Quarters::ZERO } } else { end };
                self.page.signs.push((spot, sign));
            }
        }
        self.page.signs.extend(draft.signs.into_iter().map(|sign| (spot, sign)));
        if self.page.directions.len() > MOST_DIRECTIONS {
            return Err(ImportError::TooLarge { what: "directions", limit: MOST_DIRECTIONS as u64 });
        }
        Ok(())
    }
}

impl Draft {
    fn open(&mut self, line: Line, number: u32, kind: DirectionKind) {
        self.starts.push((line, number, Some(self.found.len())));
        self.found.push((kind, String::new()));
    }

    fn read_words(&mut self, text: &str, kinds: &[DirectionKind]) {
        let squeezed: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        let sign = match squeezed.as_str() {
            "fine" => Some(Sign::Fine),
            "tocoda" => Some(Sign::ToCoda),
            s if s.starts_with("dacapo") || s == "dc" || s.starts_with("dcal") => Some(Sign::DaCapo),
            s if s.starts_with("dalsegno") || s == "ds" || s.starts_with("dsal") => Some(Sign::DalSegno),
            _ => None,
        };
        self.word_signs.extend(sign);
        if words::lifts_soft_pedal(text) {
            self.stops.push((Line::Soft, 0));
        }
        for kind in kinds {
            if *kind == DirectionKind::SoftPedal {
                self.starts.push((Line::Soft, 0, Some(self.found.len())));
            }
            self.found.push((*kind, text.to_owned()));
        }
    }

    /// A tempo for playback belongs to the tempo word or metronome mark that it stands with;
    /// alone it is a metronome mark that is not printed.
    fn settle_tempo(&mut self) {
        let Some(tempo) = self.tempo else { return };
        if self.found.iter().any(|(kind, _)| matches!(kind, DirectionKind::Metronome(_))) {
            return;
        }
        let is_word = |kind: &DirectionKind| matches!(kind, DirectionKind::Tempo(_));
        match self.found.iter_mut().find(|(kind, _)| is_word(kind)) {
            Some((kind, _)) => *kind = DirectionKind::Tempo(Some(tempo)),
            None => self.found.push((DirectionKind::Metronome(tempo), String::new())),
        }
    }
}

/// Quarters per minute of `<sound tempo>`.
fn tempo(tag: &Tag<'_>) -> Option<f64> {
    tag.number::<f64>("tempo").filter(|t| t.is_finite() && *t > 0.0 && *t < 10_000.0)
}

/// The signs that `<sound>` carries for playback.
fn signs(tag: &Tag<'_>) -> Vec<Sign> {
    let has = |name: &str| tag.attribute(name).is_some_and(|v| !matches!(v.trim(), "" | "no"));
    let all = [
        ("segno", Sign::Segno),
        ("coda", Sign::Coda),
        ("fine", Sign::Fine),
        ("tocoda", Sign::ToCoda),
        ("dacapo", Sign::DaCapo),
        ("dalsegno", Sign::DalSegno),
    ];
    all.into_iter().filter(|(name, _)| has(name)).map(|(_, sign)| sign).collect()
}

/// Levels, and single accents; nothing for letters that are neither.
fn dynamic(name: &str) -> Option<DirectionKind> {
    Some(match name {
        "n" | "pppp" | "ppppp" | "pppppp" => DirectionKind::Dynamic(Dynamic::Pppp),
        "ppp" => DirectionKind::Dynamic(Dynamic::Ppp),
        "pp" => DirectionKind::Dynamic(Dynamic::Pp),
        "p" => DirectionKind::Dynamic(Dynamic::P),
        "mp" => DirectionKind::Dynamic(Dynamic::Mp),
        "mf" => DirectionKind::Dynamic(Dynamic::Mf),
        "f" => DirectionKind::Dynamic(Dynamic::F),
        "ff" => DirectionKind::Dynamic(Dynamic::Ff),
        "fff" => DirectionKind::Dynamic(Dynamic::Fff),
        "ffff" | "fffff" | "ffffff" => DirectionKind::Dynamic(Dynamic::Ffff),
        "sf" | "sfz" | "sffz" | "sfp" | "sfpp" | "sfzp" | "fz" | "rf" | "rfz" | "fp" | "pf" => {
            DirectionKind::Sforzando
        }
        _ => return None,
    })
}

/// Quarters of a beat unit's name.
fn beat_unit(name: &str) -> Option<f64> {
    Some(match name {
        "long" => 16.0,
        "breve" => 8.0,
        "whole" => 4.0,
        "half" => 2.0,
        "quarter" => 1.0,
        "eighth" => 0.5,
        "16th" => 0.25,
        "32nd" => 0.125,
        _ => return None,
    })
}

fn first_number(text: &str) -> Option<f64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[start..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    rest[..end].trim_end_matches('.').parse::<f64>().ok().filter(|n| *n > 0.0 && *n < 10_000.0)
}
