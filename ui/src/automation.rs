//! What is on screen, in words, for a program that drives the app from outside.
//!
//! The page is one canvas, and a test cannot look into a canvas. It can ask here for every widget of
//! the last frame: what it is, what it is called, where it is. It then moves the real pointer there.
//! Nothing can be changed this way, and nothing is collected until somebody asks.

use egui::accesskit::{Node, Role, Toggled};
use egui::{Context, FullOutput};
use serde::{Deserialize, Serialize};

/// A widget that a pointer or a key can act on, or a text that can be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Widget {
    /// What it is, in AccessKit's words: `Button`, `Label`, `Slider`, `TextInput`…
    pub role: String,
    /// What it is called.
    pub label: String,
    /// What it holds: a text, a number.
    pub value: String,
    /// Left, top, width and height in pixels of the page.
    pub rect: [f64; 4],
    /// Whether it cannot be used now.
    pub is_disabled: bool,
    /// Whether it is on; none if it is nothing that can be.
    pub is_on: Option<bool>,
}

/// Keeps the widgets of the last frame, once it has been asked for them.
#[derive(Default)]
pub struct WidgetProbe {
    is_asked: bool,
    /// Of the last frame; none before the first one since the question.
    widgets: Option<Vec<Widget>>,
    frames: u64,
}

/// The widgets of the last frame. The first time there is no answer yet: ask again.
pub fn widgets(ctx: &Context) -> Option<Vec<Widget>> {
    let probe = ctx.plugin_or_default::<WidgetProbe>();
    let widgets = {
        let mut probe = probe.lock();
        probe.is_asked = true;
        probe.widgets.clone()
    };
    if widgets.is_none() {
        ctx.enable_accesskit();
    }
    // What changed since the last frame is in the next answer.
    ctx.request_repaint();
    widgets
}

/// How many frames were drawn so far.
pub fn frames(ctx: &Context) -> u64 {
    ctx.plugin_or_default::<WidgetProbe>().lock().frames
}

impl egui::Plugin for WidgetProbe {
    fn debug_name(&self) -> &'static str {
        "widget probe"
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        self.frames += 1;
        if !self.is_asked {
            return;
        }
        if let Some(update) = &output.platform_output.accesskit_update {
            let zoom = f64::from(ctx.zoom_factor());
            self.widgets = Some(update.nodes.iter().filter_map(|(_, node)| widget(node, zoom)).collect());
        }
    }
}

/// A node in words; none for one that is nothing by itself.
fn widget(node: &Node, zoom: f64) -> Option<Widget> {
    let bounds = node.bounds()?;
    let (label, value) = (node.label().unwrap_or_default(), node.value().unwrap_or_default());
    let is_silent = label.is_empty() && value.is_empty();
    if is_silent && matches!(node.role(), Role::Unknown | Role::GenericContainer | Role::Window) {
        return None;
    }
    if node.role() == Role::TextRun {
        // The same words again, as a part of their label.
        return None;
    }
    Some(Widget {
        role: format!("{:?}", node.role()),
        label: label.to_owned(),
        value: if value.is_empty() {
            node.numeric_value().map(|v| v.to_string()).unwrap_or_default()
        } else {
            value.to_owned()
        },
        rect: [bounds.x0, bounds.y0, bounds.width(), bounds.height()].map(|v| v * zoom),
        is_disabled: node.is_disabled(),
        is_on: node.toggled().map(|t| t == Toggled::True).or(node.is_selected()),
    })
}

/// What the page can be asked from JavaScript: `face.automation_widgets()`.
#[cfg(target_arch = "wasm32")]
pub mod page {
    use std::cell::RefCell;

    use egui::Context;
    use wasm_bindgen::prelude::wasm_bindgen;

    thread_local! {
        static CONTEXT: RefCell<Option<Context>> = const { RefCell::new(None) };
    }

    /// Lets the page be asked about this context.
    pub fn install(ctx: &Context) {
        ctx.plugin_or_default::<super::WidgetProbe>();
        CONTEXT.set(Some(ctx.clone()));
    }

    fn with<T>(f: impl FnOnce(&Context) -> T) -> Option<T> {
        CONTEXT.with_borrow(|ctx| ctx.as_ref().map(f))
    }

    /// The widgets on screen as JSON; nothing until the next frame after the first question.
    #[wasm_bindgen]
    pub fn automation_widgets() -> Option<String> {
        serde_json::to_string(&with(super::widgets)??).ok()
    }

    /// How many frames were drawn so far.
    #[wasm_bindgen]
    pub fn automation_frames() -> f64 {
        with(super::frames).unwrap_or_default() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(ctx: &Context) {
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            let mut on = true;
            let _ = ui.button("Perform");
            ui.checkbox(&mut on, "Follow");
            ui.add_enabled(false, egui::Button::new("Undo"));
            ui.label("Ready");
        });
        // Nobody paints it.
        output.textures_delta.clear();
    }

    #[test]
    fn every_widget_is_told_with_its_place_and_state() {
        let ctx = Context::default();
        assert_eq!(widgets(&ctx), None);
        frame(&ctx);
        frame(&ctx);
        let seen = widgets(&ctx).unwrap_or_default();
        let find = |label: &str| seen.iter().find(|w| w.label == label || w.value == label);
        let perform = find("Perform");
        assert!(
            perform.is_some_and(|w| w.role == "Button" && !w.is_disabled && w.rect[2] > 10.0),
            "{seen:?}"
        );
        assert!(find("Follow").is_some_and(|w| w.is_on == Some(true)), "{seen:?}");
        assert!(find("Undo").is_some_and(|w| w.is_disabled), "{seen:?}");
        assert!(find("Ready").is_some_and(|w| w.role == "Label"), "{seen:?}");
        assert_eq!(frames(&ctx), 2);
    }

    #[test]
    fn nothing_is_collected_until_somebody_asks() {
        let ctx = Context::default();
        ctx.add_plugin(WidgetProbe::default());
        frame(&ctx);
        assert!(ctx.plugin::<WidgetProbe>().lock().widgets.is_none());
    }
}
