//! Pictures of the systems, as textures that take any colour.
//!
//! Only what is in view and a screen around it is asked for. While a picture in another scale is on its way, the
//! one that is there is drawn larger or smaller.

mod decode;

use std::collections::BTreeMap;
use std::fmt;

use egui::{Context, Rect, TextureHandle, TextureId, TextureOptions, Ui, Vec2, pos2, vec2};
use protocol::{Command, DrawnSystem};

use super::asking::PageKey;
use super::sheet::Sheet;
use crate::Outbox;

/// A scale has to stay for this long before systems that have a picture are drawn in it.
pub const SETTLE_SECS: f32 = 0.15;
/// Textures keep within this, but for what is in view and near it.
const MOST_BYTES: usize = 96 << 20;
/// Pictures decoded in one frame.
const DECODED_AT_ONCE: usize = 3;
/// After this long an answer is no longer waited for.
const PATIENCE_SECS: f64 = 6.0;

/// The picture of a system.
#[derive(Clone)]
pub struct Ink {
    texture: TextureHandle,
    /// Pixels for a staff space.
    scale: f32,
    size: [usize; 2],
    /// The frame in which it was wanted last.
    wanted_in: u64,
}

impl fmt::Debug for Ink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ink").field("scale", &self.scale).field("size", &self.size).finish_non_exhaustive()
    }
}

impl Ink {
    /// The texture: white, as opaque as there is ink.
    pub fn texture(&self) -> TextureId {
        self.texture.id()
    }

    /// Pixels for a staff space.
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// What it covers of its system, in staff spaces.
    pub fn size_spaces(&self) -> Vec2 {
        vec2(self.size[0] as f32, self.size[1] as f32) / self.scale
    }

    /// Which part of the texture shows a part of the system: left, top, right and bottom in staff spaces.
    pub fn part(&self, [left, top, right, bottom]: [f32; 4]) -> Rect {
        let size = self.size_spaces();
        let at = |x: f32, y: f32| pos2(x / size.x, y / size.y);
        Rect::from_min_max(at(left, top), at(right, bottom))
    }

    fn bytes(&self) -> usize {
        self.size[0] * self.size[1] * 4
    }
}

/// A picture that was asked for.
#[derive(Clone, Copy, Debug)]
struct Asked {
    scale: f32,
    at_secs: f64,
}

/// Pictures of the systems of one page.
#[derive(Clone, Debug, Default)]
pub struct Inks {
    arrived: Vec<DrawnSystem>,
    inks: BTreeMap<u32, Ink>,
    asked: BTreeMap<u32, Asked>,
    frame: u64,
}

impl Inks {
    /// A picture has arrived.
    pub fn put(&mut self, drawn: DrawnSystem) {
        self.arrived.retain(|other| other.system != drawn.system);
        self.arrived.push(drawn);
    }

    /// A system is another one now.
    pub fn forget(&mut self, system: u32) {
        self.arrived.retain(|drawn| drawn.system != system);
        self.inks.remove(&system);
        self.asked.remove(&system);
    }

    /// The picture of a system, in whichever scale there is one.
    pub fn get(&self, system: usize) -> Option<&Ink> {
        self.inks.get(&u32::try_from(system).ok()?)
    }

    /// Whether every one of some systems has a picture.
    pub fn has_all(&self, systems: impl IntoIterator<Item = usize>) -> bool {
        systems.into_iter().all(|system| self.get(system).is_some())
    }

    /// Makes textures of pictures that have arrived, a few in each frame.
    pub fn take_in(&mut self, ctx: &Context) {
        self.frame += 1;
        let most_side = ctx.input(|i| i.max_texture_side);
        let count = self.arrived.len().min(DECODED_AT_ONCE);
        for drawn in self.arrived.drain(..count) {
            let Some(image) = decode::image(&drawn) else { continue };
            let size = image.size;
            if size.iter().any(|&side| side == 0 || side > most_side) {
                continue;
            }
            let name = format!("system {}", drawn.system);
            let texture = ctx.load_texture(name, image, TextureOptions::LINEAR);
            let ink = Ink { texture, scale: drawn.pixels_per_space, size, wanted_in: self.frame };
            self.inks.insert(drawn.system, ink);
        }
        if !self.arrived.is_empty() {
            ctx.request_repaint();
        }
    }

    /// Asks for pictures of some systems, the most important first, in pixels for a staff space. In a scale that
    /// may still change only those without a picture are asked for.
    pub fn ask(
        &mut self,
        ui: &Ui,
        key: &PageKey,
        sheet: &Sheet,
        systems: impl IntoIterator<Item = usize>,
        (pixels, is_settled): (f32, bool),
        out: &mut Outbox,
    ) {
        let (now_secs, most_side) = ui.input(|i| (i.time, i.max_texture_side as f32));
        for system in systems {
            let (Some(place), Ok(number)) = (sheet.systems().get(system), u32::try_from(system)) else {
                continue;
            };
            // A texture has its limits; what is larger is drawn less sharp.
            let side = place.width.max(place.height) + 1.0;
            let scale = pixels.min((most_side / side).floor());
            if let Some(ink) = self.inks.get_mut(&number) {
                ink.wanted_in = self.frame;
                if ink.scale == scale || !is_settled {
                    continue;
                }
            }
            let is_on_its_way =
                |asked: &Asked| asked.scale == scale && now_secs - asked.at_secs < PATIENCE_SECS;
            if let Some(asked) = self.asked.get(&number).filter(|&asked| is_on_its_way(asked)) {
                // Asked for again if it does not come.
                let left_secs = PATIENCE_SECS - (now_secs - asked.at_secs);
                ui.ctx().request_repaint_after_secs(left_secs as f32);
                continue;
            }
            self.asked.insert(number, Asked { scale, at_secs: now_secs });
            let PageKey { score, width_spaces, .. } = *key;
            out.send(Command::DrawSystem { score, width_spaces, system: number, pixels_per_space: scale });
        }
        self.trim();
    }

    /// Lets pictures go that were wanted longest ago, until they keep within their room.
    fn trim(&mut self) {
        let mut bytes: usize = self.inks.values().map(Ink::bytes).sum();
        while bytes > MOST_BYTES {
            let oldest = self.inks.iter().min_by_key(|(_, ink)| ink.wanted_in);
            let Some((&system, _)) = oldest.filter(|(_, ink)| ink.wanted_in < self.frame) else { return };
            bytes -= self.inks.remove(&system).map_or(0, |ink| ink.bytes());
            self.asked.remove(&system);
        }
    }
}
