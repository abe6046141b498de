//! The MIDI keyboard: which there are, whether it is plugged in, and what the face is told of it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use application::files;
use application::limits::RECORDING_BYTES;
use protocol::{Event, KeyboardView, Level, PlayState, RecordState, Settings};

use super::Session;
use super::input::Input;
use crate::jobs::News;
use crate::kept;
use crate::playback::LostPort;
use crate::queue::guarded;

/// A port of the system through which programs send notes to one another. Nobody plays on it.
const THROUGH: &str = "Midi Through";

impl Session {
    pub(super) fn find_keyboards(&mut self) {
        self.keyboards = self.playback.keyboards();
        self.tell_keyboard();
    }

    /// Listens to the keyboard of the settings.
    pub(super) fn use_keyboard(&mut self) {
        let keyboard = &self.settings.keyboard;
        self.playback.set_keyboard(keyboard.port.as_deref(), keyboard.thru);
    }

    /// Other settings are used from now on: what was played on another keyboard is a recording of its own.
    pub(super) fn keyboard_set(&mut self, old: &Settings) {
        let (before, now) = (&old.keyboard, &self.settings.keyboard);
        let is_other = before.port != now.port;
        if is_other || before.thru != now.thru {
            if is_other {
                self.stop_recording();
            }
            self.use_keyboard();
        }
    }

    /// Whether there is a keyboard to record from; chooses one if none is chosen, and says what to do if there
    /// is none.
    pub(super) fn has_keyboard(&mut self) -> bool {
        if let Some(port) = self.settings.keyboard.port.clone() {
            if !self.playback.keyboard().is_connected {
                self.say(
                    Level::Info,
                    format!("the MIDI keyboard {port} is not plugged in; connect it, or choose another one in the settings"),
                );
                return false;
            }
            return true;
        }
        self.keyboards = self.playback.keyboards();
        let played = |name: &&String| !name.starts_with(THROUGH);
        let first = self.keyboards.as_ref().ok().and_then(|names| names.iter().find(played).cloned());
        match first {
            Some(port) => self.change_settings_now(|now| now.keyboard.port = Some(port)),
            None => self.say(
                Level::Info,
                "no MIDI keyboard is plugged in; connect one and switch it on, then record again",
            ),
        }
        self.settings.keyboard.port.is_some()
    }

    /// The keyboard was unplugged. What was played so far is a recording.
    pub(super) fn keyboard_lost(&mut self, lost: &LostPort) {
        let ends = if self.taking.is_some() { "; what was played until then is recorded" } else { "" };
        self.say(Level::Warning, format!("{}{ends}; it is heard again when it is plugged in", lost.why));
        self.stop_recording();
    }

    /// The keyboard, if there is something new to show.
    pub(super) fn tell_keyboard(&mut self) {
        if let Some(lost) = self.playback.lost_keyboard() {
            self.keyboard_lost(&lost);
        }
        let view = self.keyboard_view();
        if self.keyboard_shown.as_ref() != Some(&view) {
            self.keyboard_shown = Some(view.clone());
            self.emit(Event::Keyboard(Box::new(view)));
        }
    }

    fn keyboard_view(&mut self) -> KeyboardView {
        let keyboard = self.playback.keyboard();
        let counts = self.playback.status().state == PlayState::CountIn;
        let whole_ms = |time: Duration| (time.as_secs_f32() * 1000.0).round();
        let tenths_ms = |time: Duration| (time.as_secs_f32() * 10_000.0).round() / 10.0;
        let taking = self.taking.as_ref();
        KeyboardView {
            ports: self.keyboards.clone().unwrap_or_default(),
            no_midi: self.keyboards.as_ref().err().cloned(),
            is_connected: keyboard.is_connected,
            state: match taking {
                None => RecordState::Off,
                Some(taking) if taking.is_armed() => RecordState::Armed,
                Some(_) if counts => RecordState::CountIn,
                Some(_) => RecordState::Recording,
            },
            replaces: taking.and_then(|taking| taking.punch.clone()),
            notes: taking.map_or(0, |taking| taking.keys.struck()),
            secs: taking.map_or(0, |taking| taking.secs(keyboard.now_secs)),
            output_ms: keyboard.latency.output.map(whole_ms),
            jitter_ms: keyboard.latency.jitter.map(tenths_ms),
            kept: self.shared.kept(),
        }
    }

    /// Writes something that was kept as a MIDI file of the person's own.
    pub(super) fn save_kept(&mut self, id: &str, to: &Path) {
        let Some(from) = self.kept_path(id) else { return };
        let (to, shared) = (to.to_owned(), self.shared.clone());
        let inbox = self.inbox.clone();
        self.takes_down.add(move || {
            let copied = guarded(|| {
                let bytes = files::read(&from, RECORDING_BYTES).map_err(|error| error.to_string())?;
                files::replace(&to, &bytes).map_err(|error| error.to_string())
            });
            let message = match copied {
                Ok(()) => {
                    kept::remove(&from);
                    shared.forget_kept(&from);
                    (Level::Info, format!("saved: {}", to.display()))
                }
                Err(why) => {
                    (Level::Error, format!("what was played cannot be saved ({why}): {}", to.display()))
                }
            };
            let (level, text) = message;
            // A window that is closed is told nothing.
            inbox.send(Input::News(News::Say(protocol::Message { level, text }))).ok();
        });
    }

    pub(super) fn drop_kept(&mut self, id: &str) {
        let Some(path) = self.kept_path(id) else { return };
        self.shared.forget_kept(&path);
        kept::remove(&path);
        self.tell_keyboard();
    }

    /// The file of something that was kept; a message if it is no more.
    pub(super) fn kept_path(&self, id: &str) -> Option<PathBuf> {
        let path = self.shared.kept_path(id);
        if path.is_none() {
            self.say(Level::Info, "this recording is not kept any more");
        }
        path
    }
}
