//! Every colour and every distance of the window, in one place.
//!
//! [`Tokens`] are what things are called (`playhead`, `right_hand`), not what they look like; there
//! is one set for light and one for dark. [`install`] teaches egui's own widgets the same look.

#[cfg(test)]
mod contrast;
mod style;

use egui::Color32;
use protocol::{Hand, LayerInk, Level};

pub use style::install;

/// The colours of a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Whether it is light on dark.
    pub is_dark: bool,

    // Surfaces
    /// Behind piano roll, lanes and text fields.
    pub canvas: Color32,
    /// Side panels and bars.
    pub panel: Color32,
    /// Cards, menus and dialogs, a step above the panel.
    pub raised: Color32,
    /// Lines between surfaces.
    pub border: Color32,

    // Words
    /// Text.
    pub text: Color32,
    /// Text that can wait: units, hints, origins.
    pub weak: Color32,
    /// Headings.
    pub strong: Color32,

    // Controls
    /// A button at rest.
    pub control: Color32,
    /// A button under the pointer.
    pub control_hovered: Color32,
    /// A button pressed.
    pub control_active: Color32,
    /// What is on, chosen or the next thing to do.
    pub accent: Color32,
    /// The same under the pointer.
    pub accent_hovered: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// The ground of something chosen in a list.
    pub accent_faint: Color32,
    /// Accent as text or as a thin line.
    pub accent_text: Color32,

    // Messages
    /// Good to know.
    pub info: Color32,
    /// Not done as asked.
    pub warning: Color32,
    /// Failed.
    pub error: Color32,
    /// Went well.
    pub success: Color32,

    // Piano roll and lanes
    /// A loud note of the right hand.
    pub right_hand: Color32,
    /// A soft note of the right hand.
    pub right_hand_soft: Color32,
    /// A loud note of the left hand.
    pub left_hand: Color32,
    /// A soft note of the left hand.
    pub left_hand_soft: Color32,
    /// Outline of a selected note, and of handles.
    pub selected_note: Color32,
    /// Notes of the version compared with: opaque, close to the canvas.
    pub ghost: Color32,
    /// Outline of the same.
    pub ghost_edge: Color32,
    /// Rows of black keys.
    pub black_key_row: Color32,
    /// Lines between bars.
    pub bar_line: Color32,
    /// Lines between beats.
    pub beat_line: Color32,
    /// Lines between octaves and the lines of lanes.
    pub grid_line: Color32,
    /// A white key of the keyboard.
    pub white_key: Color32,
    /// A black key of the keyboard.
    pub black_key: Color32,
    /// A key that sounds.
    pub sounding_key: Color32,
    /// Names of keys on the keyboard.
    pub key_text: Color32,
    /// Ground of the ruler.
    pub ruler: Color32,
    /// Selected bars, laid over the roll.
    pub selection_fill: Color32,
    /// Their edge.
    pub selection_edge: Color32,
    /// Repeated bars in the ruler.
    pub loop_fill: Color32,
    /// Their edge.
    pub loop_edge: Color32,
    /// The playhead.
    pub playhead: Color32,
    /// Where no notes are ready yet.
    pub unready: Color32,
    /// The mark of a pinned value.
    pub pin: Color32,
    /// The mark of a hesitation.
    pub hesitation: Color32,
    /// The first version's curve in a lane.
    pub curve: Color32,
    /// The compared version's curve.
    pub curve_compared: Color32,
    /// A curve while it is drawn by hand.
    pub drawn: Color32,
    /// The paper of the engraved page.
    pub page: Color32,
    /// What is printed on it.
    pub page_ink: Color32,
    /// Note heads that sound.
    pub page_sounding: Color32,
    /// The curve of loudness on it.
    pub page_dynamics: Color32,
    /// Heads of notes that are softer, shorter or earlier.
    pub page_less: Color32,
    /// Heads of notes that are louder, longer or later.
    pub page_more: Color32,
    /// The ground of a mood that is slower and softer, on the lane of moods.
    pub mood_calm: Color32,
    /// The ground of one that is neither.
    pub mood_even: Color32,
    /// The ground of one that is faster and louder.
    pub mood_stirred: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

const fn rgba(hex: u32, alpha: u8) -> Color32 {
    Color32::from_rgba_unmultiplied_const((hex >> 16) as u8, (hex >> 8) as u8, hex as u8, alpha)
}

/// Light on dark.
pub const DARK: Tokens = Tokens {
    is_dark: true,
    canvas: rgb(0x13151a),
    panel: rgb(0x1b1e25),
    raised: rgb(0x252932),
    border: rgb(0x30353f),
    text: rgb(0xdfe2e8),
    weak: rgb(0x9aa2b1),
    strong: rgb(0xf7f8fa),
    control: rgb(0x2b303a),
    control_hovered: rgb(0x363c48),
    control_active: rgb(0x424957),
    accent: rgb(0x7567f0),
    accent_hovered: rgb(0x8579f7),
    on_accent: rgb(0xffffff),
    accent_faint: rgb(0x2f2c52),
    accent_text: rgb(0xaaa1ff),
    info: rgb(0x6cb2f5),
    warning: rgb(0xefb54a),
    error: rgb(0xf47c76),
    success: rgb(0x62c894),
    right_hand: rgb(0x6fd0ff),
    right_hand_soft: rgb(0x1f567d),
    left_hand: rgb(0xffbe5c),
    left_hand_soft: rgb(0x7a4a17),
    selected_note: rgb(0xffffff),
    ghost: rgb(0x262a33),
    ghost_edge: rgb(0x464d5b),
    black_key_row: rgb(0x0f1115),
    bar_line: rgb(0x3c424e),
    beat_line: rgb(0x22262e),
    grid_line: rgb(0x252a33),
    white_key: rgb(0xd9dce2),
    black_key: rgb(0x23262d),
    sounding_key: rgb(0x8f84ff),
    key_text: rgb(0x4c5362),
    ruler: rgb(0x1b1e25),
    selection_fill: rgba(0x8579f7, 38),
    selection_edge: rgb(0x9a90ff),
    loop_fill: rgba(0x62c894, 70),
    loop_edge: rgb(0x62c894),
    playhead: rgb(0xff6a5f),
    unready: rgba(0x0a0b0e, 130),
    pin: rgb(0xff8fd0),
    hesitation: rgb(0xd78bf2),
    curve: rgb(0xaaa1ff),
    curve_compared: rgb(0x8b93a3),
    drawn: rgb(0xff8fd0),
    page: rgb(0x16181e),
    page_ink: rgb(0xd9dde5),
    page_sounding: rgb(0xa497ff),
    page_dynamics: rgb(0x62c894),
    page_less: rgb(0x3f9cff),
    page_more: rgb(0xff7f3a),
    mood_calm: rgb(0x1f5270),
    mood_even: rgb(0x433c7a),
    mood_stirred: rgb(0x80402e),
};

/// Dark on light.
pub const LIGHT: Tokens = Tokens {
    is_dark: false,
    canvas: rgb(0xffffff),
    panel: rgb(0xf5f5f7),
    raised: rgb(0xffffff),
    border: rgb(0xd9dae0),
    text: rgb(0x2a2e37),
    weak: rgb(0x646b79),
    strong: rgb(0x12141a),
    control: rgb(0xe8e8ed),
    control_hovered: rgb(0xdcdde4),
    control_active: rgb(0xcfd0d9),
    accent: rgb(0x5a4ad1),
    accent_hovered: rgb(0x4b3cbd),
    on_accent: rgb(0xffffff),
    accent_faint: rgb(0xe6e3fb),
    accent_text: rgb(0x4b3cbd),
    info: rgb(0x1f6fb8),
    warning: rgb(0x94600a),
    error: rgb(0xc0352e),
    success: rgb(0x1e7a4c),
    right_hand: rgb(0x0b5fa5),
    right_hand_soft: rgb(0x9cc9ea),
    left_hand: rgb(0xb4550a),
    left_hand_soft: rgb(0xf3c795),
    selected_note: rgb(0x12141a),
    ghost: rgb(0xe9eaee),
    ghost_edge: rgb(0xb9bdc7),
    black_key_row: rgb(0xf6f6f9),
    bar_line: rgb(0xb9bdc7),
    beat_line: rgb(0xe6e7ec),
    grid_line: rgb(0xe9eaee),
    white_key: rgb(0xffffff),
    black_key: rgb(0x343943),
    sounding_key: rgb(0x7567f0),
    key_text: rgb(0x646b79),
    ruler: rgb(0xf5f5f7),
    selection_fill: rgba(0x5a4ad1, 30),
    selection_edge: rgb(0x5a4ad1),
    loop_fill: rgba(0x1e7a4c, 60),
    loop_edge: rgb(0x1e7a4c),
    playhead: rgb(0xdb3a2f),
    unready: rgba(0xd9dae0, 110),
    pin: rgb(0xb8247f),
    hesitation: rgb(0x8a2ba8),
    curve: rgb(0x5a4ad1),
    curve_compared: rgb(0x8a909d),
    drawn: rgb(0xb8247f),
    page: rgb(0xffffff),
    page_ink: rgb(0x14161c),
    page_sounding: rgb(0x5a4ad1),
    page_dynamics: rgb(0x1e7a4c),
    page_less: rgb(0x0b6fd6),
    page_more: rgb(0xd1480a),
    mood_calm: rgb(0xb9dbf2),
    mood_even: rgb(0xd3cdf8),
    mood_stirred: rgb(0xf8c9b2),
};

/// How opaque is what cannot be used now. Text in [`Tokens::text`] stays readable with it: 4.5 to 1 on every
/// surface (WCAG 2.2, 1.4.3); [`Tokens::weak`] would not.
pub const DISABLED: f32 = 0.72;

/// The tokens of the theme that this part of the window is drawn in.
pub fn of(ui: &egui::Ui) -> &'static Tokens {
    if ui.visuals().dark_mode { &DARK } else { &LIGHT }
}

/// The ink of text that can wait. What cannot be used is faint already and has the ink of text.
pub fn weak(ui: &egui::Ui) -> Color32 {
    let tokens = of(ui);
    if ui.is_enabled() { tokens.weak } else { tokens.text }
}

impl Tokens {
    /// The colour of a note: its hand as hue, its velocity from soft to loud. Never transparent.
    pub fn note(&self, hand: Hand, velocity: u8) -> Color32 {
        let (soft, loud) = match hand {
            Hand::Right => (self.right_hand_soft, self.right_hand),
            Hand::Left => (self.left_hand_soft, self.left_hand),
        };
        // Most playing lies between 20 and 110.
        let share = ((f32::from(velocity) - 20.0) / 90.0).clamp(0.0, 1.0);
        soft.lerp_to_gamma(loud, share)
    }

    /// The ground of a mood: `stir` is -1 for slower and softer, 1 for faster and louder; fainter the
    /// less sure (0 to 1) it is.
    pub fn mood(&self, stir: f32, sureness: f32) -> Color32 {
        let far = if stir < 0.0 { self.mood_calm } else { self.mood_stirred };
        let full = self.mood_even.lerp_to_gamma(far, stir.abs().min(1.0));
        self.canvas.lerp_to_gamma(full, 0.35 + 0.65 * sureness.clamp(0.0, 1.0))
    }

    /// The colour of a note head on the page for -1, as soft, short or early as is shown, to 1, as loud, long
    /// or late.
    pub fn tint(&self, value: f32) -> Color32 {
        let far = if value < 0.0 { self.page_less } else { self.page_more };
        self.page_ink.lerp_to_gamma(far, value.abs().min(1.0).sqrt())
    }

    /// The colour of what is drawn on the page about a version.
    pub fn layer(&self, ink: LayerInk) -> Color32 {
        match ink {
            LayerInk::Tempo => self.curve,
            LayerInk::Dynamics => self.page_dynamics,
            LayerInk::Axis => self.weak,
            LayerInk::Mood => self.text,
            LayerInk::Pin => self.pin,
            LayerInk::Missed => self.error,
            LayerInk::Wrong => self.warning,
            LayerInk::Extra => self.info,
            LayerInk::Hesitation => self.hesitation,
        }
    }

    /// The colour of a message.
    pub fn level(&self, level: Level) -> Color32 {
        match level {
            Level::Info => self.info,
            Level::Warning => self.warning,
            Level::Error => self.error,
        }
    }
}

/// Distances, in points.
pub mod space {
    /// Between things that belong together.
    pub const SMALL: f32 = 4.0;
    /// Between things.
    pub const MEDIUM: f32 = 8.0;
    /// Between groups.
    pub const LARGE: f32 = 16.0;
    /// Height of a button, a field, a line of a list.
    pub const CONTROL: f32 = 28.0;
    /// Rounding of buttons and fields.
    pub const RADIUS: u8 = 6;
    /// Rounding of cards and dialogs.
    pub const RADIUS_LARGE: u8 = 10;
}
