//! A keyboard that a test plays on.
#![allow(dead_code, clippy::unwrap_used)]

use std::any::Any;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sound::Keyboard;
use sound::keyboard::{Hear, KeyboardPorts, KeyboardState};
use sound::transport::Transport;

/// The name of the keyboard.
pub const NAME: &str = "Piano";

#[derive(Clone, Default)]
pub struct Plug {
    hear: Arc<Mutex<Option<Hear>>>,
}

impl Plug {
    /// Plugs it in and waits until it is listened to.
    pub fn start(&self, transport: &Transport) -> Keyboard {
        let keyboard = Keyboard::start(NAME, Box::new(self.clone()), transport);
        let begin = Instant::now();
        while keyboard.state() != KeyboardState::Connected {
            assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", keyboard.state());
            std::thread::sleep(Duration::from_millis(2));
        }
        keyboard
    }

    /// Sends a message.
    pub fn send(&self, message: &[u8]) {
        self.hear.lock().unwrap().as_mut().unwrap()(1_000, message);
    }
}

impl KeyboardPorts for Plug {
    fn names(&mut self) -> Result<Vec<String>, String> {
        Ok(vec![NAME.to_owned()])
    }

    fn open(&mut self, _name: &str, hear: Hear) -> Result<Box<dyn Any>, String> {
        *self.hear.lock().unwrap() = Some(hear);
        Ok(Box::new(()))
    }
}
