//! The page of a window as the receiver of events, which may not be there yet.

use std::sync::{Mutex, PoisonError};

use application::text::shown_message;
use protocol::{Event, Level, Message};
use tauri::ipc::Channel;

/// The way to the page.
#[derive(Default)]
pub struct Face {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    channel: Option<Channel<Event>>,
    /// Messages sent before the page listened. Views are not kept: the page requests all of them.
    unheard: Vec<Event>,
}

impl Face {
    /// The page listens on this channel from now on.
    pub fn attach(&self, channel: Channel<Event>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for event in state.unheard.drain(..) {
            // Sending to a page that is gone again fails; the next one requests everything.
            let _ = channel.send(event);
        }
        state.channel = Some(channel);
    }

    /// Tells the page, if it listens.
    pub fn tell(&self, event: Event) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &state.channel {
            Some(channel) => drop(channel.send(event)),
            None if matches!(event, Event::Message(_) | Event::Lacking(_)) => state.unheard.push(event),
            None => {}
        }
    }

    /// Tells of something that did not work.
    pub fn warn(&self, text: String) {
        let text = shown_message(&text);
        self.tell(Event::Message(Message { level: Level::Warning, text }));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use protocol::StartView;
    use tauri::ipc::InvokeResponseBody;

    use super::*;

    fn listener() -> (Channel<Event>, Arc<Mutex<Vec<String>>>) {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ear = heard.clone();
        let channel = Channel::new(move |body| {
            if let InvokeResponseBody::Json(json) = body {
                ear.lock().unwrap().push(json);
            }
            Ok(())
        });
        (channel, heard)
    }

    #[test]
    fn messages_wait_for_the_page_and_views_do_not() {
        let face = Face::default();
        face.warn("a.mid is damaged".into());
        face.tell(Event::Start(StartView::default()));
        let (channel, heard) = listener();
        face.attach(channel);
        assert_eq!(heard.lock().unwrap().len(), 1);
        assert!(heard.lock().unwrap()[0].contains("a.mid is damaged"));
        face.tell(Event::Start(StartView::default()));
        assert_eq!(heard.lock().unwrap().len(), 2);
    }

    #[test]
    fn a_reloaded_page_takes_the_place_of_the_old_one() {
        let face = Face::default();
        let ((old, heard_old), (new, heard_new)) = (listener(), listener());
        face.attach(old);
        face.attach(new);
        face.warn("once".into());
        assert_eq!((heard_old.lock().unwrap().len(), heard_new.lock().unwrap().len()), (0, 1));
    }
}
