//! Room on the page for what a version does, and what is asked for to print it.

use std::collections::BTreeSet;
use std::sync::Arc;

use protocol::{LayerInk, LayerShape, LegendLine, PageView, PrintRequest, SystemLayers, TintedHead};

use super::legend::FAINTEST;
use super::sheet::Sheet;
use super::{Page, passes};
use crate::Model;

/// Room for labels of repeated bars, their middle above the system, and the size of their letters,
/// in staff spaces.
const LABEL_ROOM: f32 = 1.2;
const LABEL_MIDDLE: f32 = 0.35;
const LABEL_LETTERS: f32 = 1.3;

impl Page {
    /// Makes room around the systems for what is drawn there. The system at the top of the view stays there.
    pub(super) fn make_room(&mut self) {
        let room = self.layers.room();
        if let Some(next) = &mut self.next {
            next.sheet.set_room(room);
        }
        let Some(sheet) = self.shown.as_mut().map(|leaf| &mut leaf.sheet) else { return };
        if sheet.room() != room {
            let system = sheet.system_at(self.scroll / self.scale);
            let before = sheet.extent(system).0;
            sheet.set_room(room);
            self.scroll.y += (sheet.extent(system).0 - before) * self.scale;
        }
    }

    /// What is asked for to print a page that was engraved for paper, with what is shown on the one in the window;
    /// none if it is of another score than the version heard plays.
    pub(in crate::centre) fn print_request(
        &mut self,
        model: &Model,
        paper: PageView,
    ) -> Option<PrintRequest> {
        let version = model.listening().filter(|version| version.score == paper.score)?.id;
        let score = paper.score;
        let sheet = Sheet::new(Arc::new(paper), &model.score);
        self.tints.refresh(model);
        // The next frame draws them for the page in the window again.
        self.layers.draw(model, (&sheet, &self.chosen));
        let systems = 0..sheet.systems().len();
        let tints = self.tints.legend().into_iter();
        let mut legend: Vec<LegendLine> = tints.chain(self.layers.legend().iter().cloned()).collect();
        let times = if legend.is_empty() { BTreeSet::new() } else { self.times_printed(&sheet) };
        let has_times = times.len() > 1;
        match times.first() {
            Some(_) if has_times => legend.push(words("repeated bars: the time that is named above them")),
            Some(time) => legend.push(words(&format!("repeated bars: time {time}"))),
            None => {}
        }
        let left_out = self.layers.moods_left_out(&sheet, &self.chosen);
        if !left_out.is_empty() {
            legend.push(words(&format!("at other times, not drawn: {}", left_out.join("; "))));
        }
        let labels: Vec<Vec<LayerShape>> =
            systems.clone().map(|system| self.labels_on(&sheet, system, has_times)).collect();
        if systems.clone().any(|system| !sheet.labels(system).is_empty()) {
            legend.push(words("in brackets: which time bars are played that are written out again"));
        }
        let mut room = self.layers.room();
        if labels.iter().any(|labels| !labels.is_empty()) {
            room.above = room.above.max(LABEL_ROOM);
        }
        let drawn = systems.zip(labels).map(|(system, labels)| self.drawn_on(&sheet, system, labels));
        Some(PrintRequest { version, score, room, legend, systems: drawn.collect() })
    }

    /// Of which times what is drawn is, from 1, where bars are repeated: paper has no numbers to choose by.
    fn times_printed(&self, sheet: &Sheet) -> BTreeSet<usize> {
        let stretches = (0..).map_while(|number| sheet.repeats().stretch(number));
        stretches.map(|stretch| self.chosen.pass(stretch) + 1).collect()
    }

    /// What stands above the bars of a system: which time they are played where they are written out again and, if it
    /// is not the same everywhere, of which time that is what is drawn.
    fn labels_on(&self, sheet: &Sheet, system: usize, has_times: bool) -> Vec<LayerShape> {
        let mut labels: Vec<LayerShape> =
            sheet.labels(system).iter().map(|again| label(again.left, again.text.clone())).collect();
        if has_times {
            labels.extend(sheet.repeats().rows(system).iter().filter_map(|row| {
                let time = self.chosen.pass(sheet.repeats().stretch(row.stretch)?) + 1;
                Some(label(row.left, format!("time {time}")))
            }));
        }
        labels
    }

    fn drawn_on(&self, sheet: &Sheet, system: usize, labels: Vec<LayerShape>) -> SystemLayers {
        let heads = sheet.systems().get(system).map_or(&[][..], |place| &place.heads[..]);
        let tinted = |head: &protocol::EngravedHead| TintedHead {
            left: head.left,
            top: head.top,
            right: head.right,
            bottom: head.bottom,
            value: sheet.note_meant(system, head, &self.chosen).map_or(0.0, |note| self.tints.value(note)),
        };
        let tints = heads.iter().map(tinted).filter(|head| head.value.abs() >= FAINTEST).collect();
        SystemLayers { shapes: self.layers.of_system(system).iter().cloned().chain(labels).collect(), tints }
    }
}

/// Words above a system, over a measure that begins at `left`.
fn label(left: f32, text: String) -> LayerShape {
    let at = (passes::beside_number(left, false), -LABEL_MIDDLE);
    LayerShape::Text { at, size: LABEL_LETTERS, text, ink: LayerInk::Axis }
}

/// A line of the legend without shapes.
fn words(words: &str) -> LegendLine {
    LegendLine::Shapes { shapes: Vec::new(), words: words.to_owned() }
}
