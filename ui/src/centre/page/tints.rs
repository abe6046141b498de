//! Note heads in colours that say what the version heard does with them.

use egui::{FontId, Mesh, Painter, Pos2, Rect, Shape, pos2, vec2};
use protocol::{SystemView, VersionId};

use super::inks::Ink;
use super::paint::Painting;
use crate::centre::cached::Cached;
use crate::theme::Tokens;
use crate::{Model, UiCommand};

/// Colours are full from so many steps of velocity on.
const FULL_VELOCITY: f32 = 28.0;
/// Colours are full from so many octaves of length on: twice as long, or half.
const FULL_OCTAVES: f32 = 1.0;
/// Fainter than this is not drawn.
const FAINTEST: f32 = 0.06;
/// Size of the strip of colours.
const STRIP: egui::Vec2 = vec2(92.0, 8.0);

/// What colours say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// Louder or softer than the deadpan.
    Loudness,
    /// Held longer or shorter than written.
    Length,
}

/// What colours can say, with the commands that choose it.
pub const TINTS: [(Tint, UiCommand); 2] =
    [(Tint::Loudness, UiCommand::TintLoudness), (Tint::Length, UiCommand::TintLength)];

impl Tint {
    /// What the colours say, in words.
    pub(super) fn words(self) -> String {
        let [less, more] = self.ends();
        format!("Colours of notes: {less}, {more}")
    }

    /// What the two ends of the colours are.
    fn ends(self) -> [&'static str; 2] {
        match self {
            Self::Loudness => ["softer", "louder than deadpan"],
            Self::Length => ["shorter", "longer than written"],
        }
    }
}

/// What values were made from.
#[derive(Clone, Debug, PartialEq)]
struct TintKey {
    tint: Tint,
    score_revision: u64,
    versions: [Option<(VersionId, u64)>; 2],
}

/// The colours chosen, and what they are for each note.
#[derive(Clone, Debug, Default)]
pub struct Tints {
    /// None for none.
    pub chosen: Option<Tint>,
    values: Cached<TintKey, Vec<f32>>,
}

impl Tints {
    /// Chooses a tint, or none if it is chosen already.
    pub fn toggle(&mut self, tint: Tint) {
        self.chosen = if self.chosen == Some(tint) { None } else { Some(tint) };
    }

    /// Works out the values, if anything that they are made from has changed.
    pub fn refresh(&mut self, model: &Model) {
        let Some(tint) = self.chosen else { return };
        let versions = [model.listening(), model.versions.get(&VersionId::Deadpan)];
        let versions = versions.map(|version| version.map(|v| (v.id, v.revision)));
        let key = TintKey { tint, score_revision: model.score_revision, versions };
        self.values.get(key, |_| values(model, tint));
    }

    /// How much of a tint a note has, from -1 to 1, and 0 for none.
    pub fn value(&self, note: u32) -> f32 {
        let values = self.values.current().filter(|_| self.chosen.is_some());
        values.and_then(|values| values.get(note as usize)).copied().unwrap_or(0.0)
    }
}

/// What of a tint each note of the score has.
fn values(model: &Model, tint: Tint) -> Vec<f32> {
    let mut values = vec![0.0; model.score.notes.len()];
    let Some(heard) = model.listening() else { return values };
    let deadpan = model.versions.get(&VersionId::Deadpan).filter(|deadpan| deadpan.score == heard.score);
    let mut set = |note: u32, value: f32| {
        if let Some(place) = values.get_mut(note as usize).filter(|_| value.is_finite()) {
            *place = value.clamp(-1.0, 1.0);
        }
    };
    match (tint, deadpan) {
        (Tint::Loudness, Some(deadpan)) => {
            for played in &heard.performance.notes {
                if let Some(plain) = deadpan.performance.get(played.note) {
                    let louder = f32::from(played.velocity) - f32::from(plain.velocity);
                    set(played.note, louder / FULL_VELOCITY);
                }
            }
        }
        // Loudness is nothing by itself.
        (Tint::Loudness, None) => {}
        (Tint::Length, _) => {
            for (played, ratio) in heard.performance.notes.iter().zip(&heard.articulation) {
                if let Some(ratio) = ratio {
                    set(played.note, ratio.log2() / FULL_OCTAVES);
                }
            }
        }
    }
    values
}

/// The heads of a system in their colours, over its ink.
pub(super) fn heads(
    painter: &Painter,
    painting: &Painting<'_>,
    place: &SystemView,
    (corner, ink): (Pos2, &Ink),
) {
    if painting.tints.chosen.is_none() {
        return;
    }
    let mut mesh = Mesh::with_texture(ink.texture());
    for head in &place.heads {
        let value = painting.tints.value(head.note);
        if value.abs() >= FAINTEST {
            let part = ink.part([head.left, head.top, head.right, head.bottom]);
            let color = painting.stage.tokens.tint(value);
            mesh.add_rect_with_uv(painting.head_rect(corner, head), part, color);
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// What the colours mean, in the lower left corner.
pub(super) fn legend(painter: &Painter, rect: Rect, tint: Option<Tint>, tokens: &Tokens) {
    let Some([less, more]) = tint.map(Tint::ends) else { return };
    let font = FontId::proportional(11.5);
    let [less, more] =
        [less, more].map(|word| painter.layout_no_wrap(word.to_owned(), font.clone(), tokens.text));
    let size = vec2(less.size().x + STRIP.x + more.size().x + 32.0, 24.0);
    let card = Rect::from_min_size(pos2(rect.left() + 10.0, rect.bottom() - size.y - 10.0), size);
    painter.rect_filled(card, 6, tokens.raised);
    let words_y = card.center().y - less.size().y / 2.0;
    let strip_left = card.left() + 8.0 + less.size().x + 8.0;
    painter.galley(pos2(card.left() + 8.0, words_y), less, tokens.text);
    painter.galley(pos2(strip_left + STRIP.x + 8.0, words_y), more, tokens.text);
    let strip = Rect::from_min_size(pos2(strip_left, card.center().y - STRIP.y / 2.0), STRIP);
    let mut mesh = Mesh::default();
    let steps = 24;
    for k in 0..steps {
        let at = |k: i32| strip.left() + strip.width() * k as f32 / steps as f32;
        let part = Rect::from_min_max(pos2(at(k), strip.top()), pos2(at(k + 1), strip.bottom()));
        mesh.add_colored_rect(part, tokens.tint(2.0 * (k as f32 + 0.5) / steps as f32 - 1.0));
    }
    painter.add(Shape::mesh(mesh));
}
