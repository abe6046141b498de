//! The scheduler's ends of the queues to and from the engine.

use std::collections::VecDeque;
use std::sync::Arc;

use rtrb::{Consumer, Producer};

use crate::transport::command::{Command, Returned};
use crate::transport::shared_status::SharedStatus;

/// Queues and status that the scheduler shares with the engine.
pub(crate) struct Link {
    commands: Producer<Command>,
    /// Commands that there was no room for yet.
    backlog: VecDeque<Command>,
    pub returned: Consumer<Returned>,
    pub status: Arc<SharedStatus>,
}

impl Link {
    pub(crate) fn new(
        commands: Producer<Command>,
        returned: Consumer<Returned>,
        status: Arc<SharedStatus>,
    ) -> Self {
        Self { commands, backlog: VecDeque::new(), returned, status }
    }

    pub(crate) fn send(&mut self, command: Command) {
        self.backlog.push_back(command);
        self.flush();
    }

    /// Hands over what there is room for; the rest later.
    pub(crate) fn flush(&mut self) {
        while let Some(command) = self.backlog.pop_front() {
            if let Err(rtrb::PushError::Full(command)) = self.commands.push(command) {
                self.backlog.push_front(command);
                return;
            }
        }
    }
}
