//! The face as the app's page: starts it on the canvas and joins it to the shell.

use protocol::Event;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlCanvasElement;

use crate::bridge::{Bridge, Inbox, words};
use crate::{App, automation, theme};

/// Identifier of the canvas in the page.
const CANVAS: &str = "espressivo";

/// Called once the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    wasm_bindgen_futures::spawn_local(async {
        if let Err(error) = run().await {
            notice(&words(&error));
        }
    });
}

async fn run() -> Result<(), JsValue> {
    let canvas = element(CANVAS).ok_or("The page has no canvas")?.dyn_into::<HtmlCanvasElement>()?;
    let inbox = Inbox::default();
    let bridge = Bridge::connect(inbox.clone()).await?;
    let create: eframe::AppCreator<'static> = Box::new(move |creation| {
        inbox.wake(&creation.egui_ctx);
        theme::install(&creation.egui_ctx);
        automation::page::install(&creation.egui_ctx);
        Ok(Box::new(Page { app: App::new(), inbox, bridge }))
    });
    // A panic ends the module with an uncaught error, which the page itself shows.
    eframe::WebRunner::new().start(canvas, eframe::WebOptions::default(), create).await
}

struct Page {
    app: App,
    inbox: Inbox,
    bridge: Bridge,
}

impl Page {
    fn receive(&mut self) {
        for (event, at_secs) in self.inbox.take() {
            if let Event::Project(project) = &event {
                name_window(project.as_ref().map(|p| p.name.as_str()));
            }
            self.app.receive(event, at_secs);
        }
    }
}

impl eframe::App for Page {
    fn logic(&mut self, _ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.receive();
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.app.ui(ui);
        for command in self.app.take_commands() {
            self.bridge.send(&command);
        }
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

fn element(id: &str) -> Option<web_sys::Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}

fn name_window(piece: Option<&str>) {
    let title = piece.map_or("Espressivo".to_owned(), |name| format!("{name} – Espressivo"));
    if let Some(document) = web_sys::window().and_then(|w| w.document()) {
        document.set_title(&title);
    }
}

/// Shows the page's own notice, for when there is no face to show anything.
fn notice(text: &str) {
    if let (Some(words), Some(notice)) = (element("notice-text"), element("notice")) {
        words.set_text_content(Some(&format!("The window could not start.\n\n{text}")));
        notice.remove_attribute("hidden").ok();
    }
}
