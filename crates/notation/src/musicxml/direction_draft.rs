//! What one `<direction>` says, until it is known where it stands.

use super::jump_words;
use super::lines::Line;
use super::sound::Sound;
use super::tempo_words::{self, TempoWords};
use super::written::{Passes, Sign};
use super::written_out::Asked;
use crate::marks::DirectionKind;
use crate::time::Quarters;

/// Longest text that is kept of a direction, in characters.
pub(super) const LONGEST_TEXT: usize = 300;
/// Most things that one `<direction>` may say; more is nonsense and left out.
pub(super) const MOST_FOUND: usize = 32;

/// What one `<direction>` holds, before its staff and offset are known.
#[derive(Default)]
pub(super) struct Draft {
    pub found: Vec<Found>,
    /// In a written-out file what the direction asks for, where MusicXML has no words for it.
    pub hidden: Option<Vec<Asked>>,
    /// Lines that start here: kind, number, and which of `found` they extend (all, if none).
    pub starts: Vec<(Line, u32, Option<usize>)>,
    pub stops: Vec<(Line, u32)>,
    /// Words and signs, in which jumps are looked for.
    pub texts: Vec<String>,
    pub sound: Sound,
    pub staff: Option<u8>,
    /// By which what is played is moved, and what is printed.
    pub sounding_offset: Quarters,
    pub printed_offset: Quarters,
}

/// Something that a direction asks for.
pub(super) struct Found {
    pub kind: DirectionKind,
    pub text: String,
    pub tempo_ratio: Option<f64>,
    /// How long it lasts, where the direction says it.
    pub length: Option<Quarters>,
    /// The passes in which it holds, and whether it stands where the sound does, not the direction.
    pub passes: Passes,
    pub is_of_sound: bool,
}

impl Found {
    /// A mark that equates two note values: the new tempo over the one before it.
    pub fn ratio(ratio: f64, text: String) -> Self {
        Self { tempo_ratio: Some(ratio), ..Self::new(DirectionKind::Metronome(0.0), text) }
    }

    pub fn new(kind: DirectionKind, text: String) -> Self {
        Self { kind, text, tempo_ratio: None, length: None, passes: Passes::default(), is_of_sound: false }
    }
}

impl Draft {
    pub fn open(&mut self, line: Line, number: u32, kind: DirectionKind) {
        self.starts.push((line, number, Some(self.found.len())));
        self.found.push(Found::new(kind, String::new()));
    }

    pub fn add_text(&mut self, text: &str) {
        if self.texts.iter().map(String::len).sum::<usize>() < LONGEST_TEXT && self.texts.len() < MOST_FOUND {
            self.texts.push(text.to_owned());
        }
    }

    /// The tempo of a metronome mark that several words and symbols make up together, such as a note in a
    /// music font and *= 66*, where none of them says it alone.
    pub fn settle_equation(&mut self) {
        let is_mark = |found: &Found| matches!(found.kind, DirectionKind::Metronome(_));
        if self.texts.len() < 2 || self.found.iter().any(is_mark) {
            return;
        }
        let Some(TempoWords::Tempo(tempo, text)) = tempo_words::read(&self.texts.join(" ")) else { return };
        let mark = Found::new(DirectionKind::Metronome(tempo), text);
        let is_equation = |found: &&mut Found| found.kind == DirectionKind::Words && found.text.contains('=');
        match self.found.iter_mut().find(is_equation) {
            Some(words) => *words = mark,
            None => self.found.push(mark),
        }
    }

    /// A tempo for playback belongs to the tempo word or metronome mark that it stands with;
    /// alone it is a metronome mark that is not printed.
    pub fn settle_tempo(&mut self, is_exact: bool) {
        let Some(tempo) = self.sound.tempo else { return };
        let is_elsewhere = self.sound.offset.is_some_and(|offset| offset != self.sounding_offset);
        if is_elsewhere || !self.sound.passes.are_all() {
            let found = Found::new(DirectionKind::Metronome(tempo), String::new());
            self.found.push(Found { passes: self.sound.passes, is_of_sound: is_elsewhere, ..found });
            return;
        }
        let is_mark = |found: &&mut Found| matches!(found.kind, DirectionKind::Metronome(_));
        if let Some(mark) = self.found.iter_mut().find(is_mark) {
            if mark.tempo_ratio.take().is_some() || is_exact {
                mark.kind = DirectionKind::Metronome(tempo);
            }
            return;
        }
        let is_word = |found: &&mut Found| matches!(found.kind, DirectionKind::Tempo(_));
        match self.found.iter_mut().find(is_word) {
            Some(word) => word.kind = DirectionKind::Tempo(Some(tempo)),
            None => self.found.push(Found::new(DirectionKind::Metronome(tempo), String::new())),
        }
    }

    /// A loudness for playback belongs to the dynamics that it stands with; alone it is a level that
    /// is not printed.
    pub fn settle_level(&mut self) {
        let is_loudness = |found: &Found| {
            use DirectionKind::{Crescendo, Diminuendo, Dynamic, Sforzando};
            matches!(found.kind, Dynamic(_) | Sforzando | Crescendo | Diminuendo)
        };
        if let Some(level) = self.sound.level.filter(|_| !self.found.iter().any(is_loudness)) {
            self.found.push(Found::new(DirectionKind::Dynamic(level), String::new()));
        }
    }

    /// What a hidden text asks for takes the place of what the words would ask for.
    pub fn settle_hidden(&mut self) {
        let Some(asked) = self.hidden.take() else { return };
        let text = self.found.first().map_or_else(String::new, |found| found.text.clone());
        let found = |(kind, length)| Found { length, ..Found::new(kind, text.clone()) };
        self.found = asked.into_iter().map(found).collect();
    }

    /// The signs for playback, and those that the words speak of beside them. Words also say how far a
    /// jump goes and whether repeats are played after it.
    pub fn signs(&mut self) -> Vec<Sign> {
        let of_words = if self.texts.is_empty() { Vec::new() } else { jump_words::signs_of(&self.texts) };
        let mut signs = std::mem::take(&mut self.sound.signs);
        if signs.is_empty() {
            return of_words;
        }
        let described =
            of_words.iter().find_map(|sign| if let Sign::Jump(jump) = sign { Some(*jump) } else { None });
        for sign in &mut signs {
            if let (Sign::Jump(jump), Some(described)) = (sign, described) {
                (jump.until, jump.with_repeats) = (described.until, described.with_repeats);
            }
        }
        let is_new = |sign: &Sign| !signs.iter().any(|known| jump_words::covers(known, sign));
        let more: Vec<Sign> = of_words.into_iter().filter(is_new).collect();
        signs.extend(more);
        signs
    }

    /// Words of jumps that are not understood, where nothing else says what they mean.
    pub fn strange_words(&self) -> Option<&String> {
        self.texts.iter().find(|text| jump_words::looks_like_one(text))
    }
}
