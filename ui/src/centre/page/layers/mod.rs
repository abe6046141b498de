//! What the version heard does, around and on the systems of the page.
//!
//! | module | what it is |
//! | --- | --- |
//! | `curves` | tempo above the systems, loudness below them |
//! | `moods` | brackets over the bars of moods |
//! | `pins` | marks at pinned heads |
//! | `slips` | what a recording plays otherwise than it is written |
//! | `places` | a system, and where bars are in it |
//! | `paint` | how shapes are drawn on the screen |
//!
//! Shapes are plain data in staff spaces, so that the same are drawn on the screen and printed. They are made anew
//! only when what they tell of or the page has changed.

mod curves;
mod moods;
mod paint;
mod pins;
mod places;
mod slips;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use protocol::{LayerRoom, LayerShape, LegendLine, PageView, VersionId};

use super::repeats::Chosen;
use super::sheet::Sheet;
use crate::centre::cached::Cached;
use crate::centre::slip_marks::{self, SlipMarks};
use crate::{Model, UiCommand};
use curves::Curves;
use places::Part;
use slips::{Mark, Slips};

pub(super) use paint::{shapes as paint_shapes, sign as paint_sign};

/// What shapes are made from, but for the page.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Source {
    has_curves: bool,
    has_marks: bool,
    slips: SlipMarks,
    score_revision: u64,
    heard: Option<(VersionId, u64)>,
    moods: [u64; 2],
}

/// A page as it was told: the same only if it is the very same.
#[derive(Clone, Debug)]
struct Told(Arc<PageView>);

impl PartialEq for Told {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// What is the same on every page.
#[derive(Clone, Debug, Default)]
struct Content {
    curves: Option<Curves>,
    moods: Vec<moods::Bracket>,
    pinned: Vec<u32>,
    slips: Slips,
    room: LayerRoom,
    legend: Vec<LegendLine>,
}

/// Which layers are shown, and their shapes.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// Whether tempo and loudness are drawn as curves.
    pub has_curves: bool,
    /// Whether moods and pinned notes are marked.
    pub has_marks: bool,
    /// Which slips of a recording are marked, here and on the roll.
    pub(in crate::centre) slips: SlipMarks,
    content: Cached<Source, Content>,
    drawn: Cached<(Source, Told, u64), Vec<Drawn>>,
}

/// What is drawn on a system.
#[derive(Clone, Debug, Default)]
struct Drawn {
    shapes: Vec<LayerShape>,
    marks: Vec<Mark>,
}

impl Layers {
    /// Shows a layer or hides it; says whether the command is for one.
    pub fn toggle(&mut self, command: UiCommand) -> bool {
        match command {
            UiCommand::PageCurves => self.has_curves = !self.has_curves,
            UiCommand::PageMarks => self.has_marks = !self.has_marks,
            _ => match slip_marks::kind(command) {
                Some(kind) => self.slips.toggle(kind),
                None => return false,
            },
        }
        true
    }

    /// Whether a layer is shown; none for other commands.
    pub fn is_on(&self, command: UiCommand) -> Option<bool> {
        match command {
            UiCommand::PageCurves => Some(self.has_curves),
            UiCommand::PageMarks => Some(self.has_marks),
            _ => slip_marks::kind(command).map(|kind| self.slips.has(kind)),
        }
    }

    /// Works out what is shown, if anything that it is made from has changed.
    pub(super) fn refresh(&mut self, model: &Model) {
        let source = self.source(model);
        self.content.get(source, |source| Content::new(source, model));
    }

    /// Makes the shapes for a page, if it, what they tell of or the passes that are meant have changed.
    pub(super) fn draw(&mut self, model: &Model, (sheet, chosen): (&Sheet, &Chosen)) {
        self.refresh(model);
        let (source, Some(content)) = (self.source(model), self.content.current()) else { return };
        let key = (source, Told(Arc::clone(sheet.view())), chosen.revision());
        self.drawn.get(key, |_| {
            let systems = 0..sheet.systems().len();
            systems.map(|system| content.draw(model, Part { sheet, system, chosen })).collect()
        });
    }

    fn source(&self, model: &Model) -> Source {
        Source {
            has_curves: self.has_curves,
            has_marks: self.has_marks,
            slips: self.slips,
            score_revision: model.score_revision,
            heard: model.listening().map(|version| (version.id, version.revision)),
            moods: [model.mood_revision, model.moods_of_revision],
        }
    }

    /// The room that the layers take around each system.
    pub fn room(&self) -> LayerRoom {
        self.content.current().map(|content| content.room).unwrap_or_default()
    }

    /// What the shapes mean; nothing while there are none.
    pub fn legend(&self) -> &[LegendLine] {
        self.content.current().map_or(&[][..], |content| &content.legend[..])
    }

    /// The moods that are drawn on no system of a page, since other times of its bars are meant, in words.
    pub(super) fn moods_left_out(&self, sheet: &Sheet, chosen: &Chosen) -> Vec<String> {
        let content = self.content.current();
        content.map_or_else(Vec::new, |content| moods::left_out(&content.moods, (sheet, chosen)))
    }

    /// The shapes of a system.
    pub fn of_system(&self, system: usize) -> &[LayerShape] {
        self.drawn_on(system).map_or(&[][..], |drawn| &drawn.shapes[..])
    }

    /// The marks of slips on a system.
    pub(super) fn marks_of_system(&self, system: usize) -> &[Mark] {
        self.drawn_on(system).map_or(&[][..], |drawn| &drawn.marks[..])
    }

    fn drawn_on(&self, system: usize) -> Option<&Drawn> {
        self.drawn.current()?.get(system)
    }
}

impl Content {
    fn new(source: &Source, model: &Model) -> Self {
        let mut content = Self::default();
        if source.has_curves {
            content.curves = Curves::new(model);
        }
        if source.has_marks {
            content.moods = moods::brackets(model);
            content.pinned = pins::pinned(model);
        }
        content.slips = Slips::new(model, source.slips);
        content.room = content.needed();
        content.legend = content.meaning(source, model);
        content
    }

    /// Brackets stand above the system, the tempo above them, the loudness below.
    fn needed(&self) -> LayerRoom {
        let brackets = if self.moods.is_empty() { 0.0 } else { moods::ROOM };
        let curve = self.curves.as_ref().map_or(0.0, |_| curves::ROOM);
        LayerRoom { above: brackets + curve, below: curve }
    }

    fn meaning(&self, source: &Source, model: &Model) -> Vec<LegendLine> {
        let mut lines = Vec::new();
        lines.extend(self.curves.iter().flat_map(|curves| curves.legend(&model.score.beat)));
        if !source.has_marks {
            lines.extend(self.slips.legend());
            return lines;
        }
        if !self.moods.is_empty() {
            lines.push(moods::legend(model));
        }
        if !self.pinned.is_empty() {
            lines.push(pins::legend());
        }
        lines.extend(self.slips.legend());
        let mut say = |words: &str| {
            lines.push(LegendLine::Shapes { shapes: Vec::new(), words: words.to_owned() });
        };
        if self.slips.is_clean() {
            say("nothing else than what is written was played");
        } else if self.moods.is_empty() && self.pinned.is_empty() && self.slips.is_empty() {
            say("no moods and no pinned notes in this version");
        }
        lines
    }

    /// What is drawn on a system, the lowest first.
    fn draw(&self, model: &Model, part: Part<'_>) -> Drawn {
        let mut shapes = Vec::new();
        if let Some(curves) = &self.curves {
            let lift = if self.moods.is_empty() { 0.0 } else { moods::ROOM };
            curves.draw(part, lift, &mut shapes);
        }
        moods::draw(&self.moods, part, &mut shapes);
        let marks = self.slips.draw(&model.score, part, &mut shapes);
        pins::draw(&self.pinned, part, &mut shapes);
        Drawn { shapes, marks }
    }
}
