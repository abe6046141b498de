//! Room on the page for what a version does, and what is asked for to print it.

use std::collections::BTreeSet;
use std::sync::Arc;

use protocol::{LayerInk, LayerShape, LegendLine, PageView, PrintRequest, SystemLayers, TintedHead};

use super::labels::PassLabel;
use super::legend::FAINTEST;
use super::sheet::Sheet;
use super::{Page, passes};
use crate::Model;

/// Room for labels of bars that are written out again, their middle above the system, and the size of their letters,
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
        if !legend.is_empty() {
            legend.extend(self.pass_printed(&sheet));
        }
        let mut room = self.layers.room();
        if systems.clone().any(|system| !sheet.labels(system).is_empty()) {
            room.above = room.above.max(LABEL_ROOM);
            let words = "in brackets: which time bars are played that are written out again".to_owned();
            legend.push(LegendLine::Shapes { shapes: Vec::new(), words });
        }
        Some(PrintRequest {
            version,
            score,
            room,
            legend,
            systems: systems.map(|system| self.drawn_on(&sheet, system)).collect(),
        })
    }

    /// Which time what is drawn is of, where bars are repeated: paper has no numbers to choose by.
    fn pass_printed(&self, sheet: &Sheet) -> Option<LegendLine> {
        let stretches = (0..).map_while(|number| sheet.repeats().stretch(number));
        let passes: BTreeSet<usize> = stretches.map(|stretch| self.chosen.pass(stretch) + 1).collect();
        let words = match (passes.first()?, passes.len()) {
            (pass, 1) => format!("repeated bars: time {pass}"),
            _ => "repeated bars: the time chosen in each".to_owned(),
        };
        Some(LegendLine::Shapes { shapes: Vec::new(), words })
    }

    fn drawn_on(&self, sheet: &Sheet, system: usize) -> SystemLayers {
        let heads = sheet.systems().get(system).map_or(&[][..], |place| &place.heads[..]);
        let tinted = |head: &protocol::EngravedHead| TintedHead {
            left: head.left,
            top: head.top,
            right: head.right,
            bottom: head.bottom,
            value: sheet.note_meant(system, head, &self.chosen).map_or(0.0, |note| self.tints.value(note)),
        };
        let tints = heads.iter().map(tinted).filter(|head| head.value.abs() >= FAINTEST).collect();
        let labels = sheet.labels(system).iter().map(label);
        SystemLayers { shapes: self.layers.of_system(system).iter().cloned().chain(labels).collect(), tints }
    }
}

/// Which time a bar is played that is written out again.
fn label(label: &PassLabel) -> LayerShape {
    let at = (passes::beside_number(label.left, false), -LABEL_MIDDLE);
    LayerShape::Text { at, size: LABEL_LETTERS, text: label.text.clone(), ink: LayerInk::Axis }
}
