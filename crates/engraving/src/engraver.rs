//! Scores laid out in systems.

use notation::{PrintedScore, Score};

use crate::copy::{self, Copy};
use crate::error::EngravingError;
use crate::layout::Layout;
use crate::pages::Pages;
use crate::system::System;
use crate::verovio::ENDLESS;

/// Of a page with more notes than these the beginning is laid out alone first.
const BEGINNING: usize = 400;

/// A score to be engraved as it stands on the page: each printed measure once, with repeat signs.
#[derive(Clone, Debug)]
pub struct Engraver {
    /// The page, and its beginning, if it is long.
    whole: Copy,
    beginning: Option<Copy>,
}

impl Engraver {
    /// Gets the page of a score ready. Where its signs cannot be found again, the page has the repeats written
    /// out.
    ///
    /// # Errors
    /// When it cannot be written as MusicXML.
    pub fn new(score: &Score) -> Result<Self, EngravingError> {
        let printed = PrintedScore::of(score);
        let beginning = copy::beginning(&printed, BEGINNING);
        let beginning = beginning.map(|first| copy::copy(first, score)).transpose()?;
        Ok(Self { whole: copy::copy(printed, score)?, beginning })
    }

    /// Lays the score out in systems of a width in staff spaces. `ready` gets each system with its number,
    /// from 0 at the top, as soon as it is there; `is_stopped` is asked between them and while they are waited for.
    ///
    /// Verovio lays a whole score out before it draws the first system. So that something can be shown
    /// soon, the first systems of a long score are those of its beginning, laid out alone. When the whole
    /// is there, systems come again from the top, in place of those that had their number, unless they
    /// are the same.
    ///
    /// # Errors
    /// When Verovio does not take the score or cannot run.
    pub fn systems(
        &self,
        width_spaces: f32,
        is_stopped: impl FnMut() -> bool,
        ready: impl FnMut(usize, System),
    ) -> Result<(), EngravingError> {
        self.lay_out(width_spaces, |system| vec![system], is_stopped, ready)
    }

    /// Lays the score out in one endless system. `ready` gets it in parts, each of which is some measures;
    /// their pictures in a scale join without a gap. Otherwise it is as with [`Self::systems`].
    ///
    /// # Errors
    /// When Verovio does not take the score or cannot run.
    pub fn line(
        &self,
        is_stopped: impl FnMut() -> bool,
        ready: impl FnMut(usize, System),
    ) -> Result<(), EngravingError> {
        self.lay_out(ENDLESS, System::parts, is_stopped, ready)
    }

    fn lay_out(
        &self,
        width_spaces: f32,
        cut: impl Fn(System) -> Vec<System>,
        mut is_stopped: impl FnMut() -> bool,
        mut ready: impl FnMut(usize, System),
    ) -> Result<(), EngravingError> {
        let mut shown: Vec<Layout> = Vec::new();
        if let Some(beginning) = &self.beginning {
            let mut waiting: Option<System> = None;
            let mut pages = Pages::of(&beginning.music_xml, width_spaces)?;
            while let Some(page) = pages.next(&mut is_stopped) {
                for system in cut(System::read(&page?, &beginning.named)?) {
                    // The last one would go on; it is not shown.
                    if let Some(system) = waiting.replace(system) {
                        shown.push(system.layout.clone());
                        ready(shown.len() - 1, system);
                    }
                }
            }
        }
        if is_stopped() {
            return Ok(());
        }
        let mut pages = Pages::of(&self.whole.music_xml, width_spaces)?;
        let mut number = 0;
        while let Some(page) = pages.next(&mut is_stopped) {
            for system in cut(System::read(&page?, &self.whole.named)?) {
                if shown.get(number) != Some(&system.layout) {
                    ready(number, system);
                }
                number += 1;
            }
        }
        Ok(())
    }
}
