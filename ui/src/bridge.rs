//! The way to the shell and back: two calls of Tauri's, `subscribe` and `send`.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use protocol::{Command, Event, Level, Message};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Events that have arrived, each with the second of the page's clock.
#[derive(Clone, Default)]
pub struct Inbox {
    events: Rc<RefCell<Vec<(Event, f64)>>>,
    /// Wakes the page up; set once it can be woken.
    context: Rc<RefCell<Option<egui::Context>>>,
}

impl Inbox {
    /// What has arrived since the last call.
    pub fn take(&self) -> Vec<(Event, f64)> {
        self.events.take()
    }

    /// Lets arriving events ask for a frame.
    pub fn wake(&self, ctx: &egui::Context) {
        self.context.replace(Some(ctx.clone()));
    }

    fn put(&self, event: Event) {
        self.events.borrow_mut().push((event, now_secs()));
        if let Some(ctx) = self.context.borrow().as_ref() {
            ctx.request_repaint();
        }
    }

    /// Tells the person about a fault of the bridge itself.
    fn complain(&self, text: String) {
        self.put(Event::Message(Message { level: Level::Error, text }));
    }
}

/// The page's clock, which is egui's too, in seconds.
fn now_secs() -> f64 {
    web_sys::window().and_then(|w| w.performance()).map_or(0.0, |p| p.now() / 1000.0)
}

/// The shell, as the page sees it.
pub struct Bridge {
    core: JsValue,
    invoke: Function,
    inbox: Inbox,
}

impl Bridge {
    /// Finds Tauri in the page and asks for events. An error says what to do.
    pub async fn connect(inbox: Inbox) -> Result<Self, JsValue> {
        let tauri = Reflect::get(&js_sys::global(), &"__TAURI__".into())?;
        if tauri.is_undefined() {
            return Err("This page works inside Espressivo alone: start the app".into());
        }
        let core = Reflect::get(&tauri, &"core".into())?;
        let invoke = Reflect::get(&core, &"invoke".into())?.dyn_into::<Function>()?;
        let bridge = Self { core, invoke, inbox };
        bridge.subscribe().await?;
        Ok(bridge)
    }

    async fn subscribe(&self) -> Result<(), JsValue> {
        let class = Reflect::get(&self.core, &"Channel".into())?.dyn_into::<Function>()?;
        let channel = Reflect::construct(&class, &Array::new())?;
        let inbox = self.inbox.clone();
        let hear = Closure::<dyn FnMut(JsValue)>::new(move |told: JsValue| match event(&told) {
            Ok(event) => inbox.put(event),
            Err(error) => inbox
                .complain(format!("Something that Espressivo told its window could not be read: {error}")),
        });
        // The channel lives as long as the page.
        Reflect::set(&channel, &"onmessage".into(), &hear.into_js_value())?;
        let arguments = Object::new();
        Reflect::set(&arguments, &"channel".into(), &channel)?;
        JsFuture::from(self.call("subscribe", &arguments)?).await?;
        Ok(())
    }

    /// Sends a command. What goes wrong on the way is told as a message.
    pub fn send(&self, command: &Command) {
        match self.try_send(command) {
            Ok(answer) => {
                let inbox = self.inbox.clone();
                spawn_local(async move {
                    if let Err(error) = JsFuture::from(answer).await {
                        inbox.complain(format!("Espressivo did not do what was asked: {}", words(&error)));
                    }
                });
            }
            Err(error) => {
                self.inbox.complain(format!("What was asked did not reach Espressivo: {}", words(&error)));
            }
        }
    }

    fn try_send(&self, command: &Command) -> Result<Promise, JsValue> {
        let json = serde_json::to_string(command).map_err(|e| JsValue::from(e.to_string()))?;
        let arguments = Object::new();
        Reflect::set(&arguments, &"command".into(), &JSON::parse(&json)?)?;
        self.call("send", &arguments)
    }

    fn call(&self, name: &str, arguments: &Object) -> Result<Promise, JsValue> {
        self.invoke.call2(&self.core, &name.into(), arguments)?.dyn_into()
    }
}

fn event(told: &JsValue) -> Result<Event, String> {
    let json = JSON::stringify(told).map_err(|e| words(&e))?;
    serde_json::from_str(&String::from(json)).map_err(|e| e.to_string())
}

/// A JavaScript error as text.
pub fn words(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|e| String::from(e.message()));
    message.or_else(|| error.as_string()).unwrap_or_else(|| format!("{error:?}"))
}
