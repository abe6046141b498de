//! The dialogs over the window, of which one is open at a time.

use egui::{Id, Modal, Vec2};
use protocol::{Bars, Command};

use crate::about::About;
use crate::kept::KeptRecordings;
use crate::messages::History;
use crate::new_piece::NewPiece;
use crate::palette::Palette;
use crate::played_file::PlayedFile;
use crate::save::{Kind, Save};
use crate::settings::SettingsPage;
use crate::shortcuts::ShortcutsPage;
use crate::unpinned::Unpinned;
use crate::{Model, Outbox, UiCommand};

/// The dialog that is open.
#[derive(Debug)]
pub enum Dialog {
    /// Find a command.
    Palette(Palette),
    /// All keys.
    Shortcuts(ShortcutsPage),
    /// What was told.
    Messages(History),
    /// Settings.
    Settings(Box<SettingsPage>),
    /// Versions and licences.
    About(About),
    /// How to write a file.
    Save(Save),
    /// What to do with a file that looks like a recording.
    PlayedFile(PlayedFile),
    /// What was played and is no version.
    Kept(KeptRecordings),
    /// What to do with values that are drawn and not pinned.
    Unpinned(Unpinned),
    /// What to write.
    NewPiece(NewPiece),
}

impl Dialog {
    /// The dialog that a command opens.
    pub fn of(command: UiCommand, model: &Model, selection: Option<Bars>) -> Option<Self> {
        match command {
            UiCommand::Palette => Some(Self::Palette(Palette::default())),
            UiCommand::Shortcuts => Some(Self::Shortcuts(ShortcutsPage)),
            UiCommand::Messages => Some(Self::Messages(History)),
            UiCommand::Settings => Some(Self::Settings(Box::new(SettingsPage::new(model)))),
            UiCommand::About => Some(Self::About(About)),
            UiCommand::KeptRecordings => Some(Self::Kept(KeptRecordings)),
            UiCommand::NewPiece => Some(Self::NewPiece(NewPiece::piece())),
            UiCommand::Continue => NewPiece::more(model, selection).map(Self::NewPiece),
            UiCommand::SaveMidi => Some(Self::Save(Save::new(Kind::Midi, selection, model))),
            UiCommand::SaveWav => Some(Self::Save(Save::new(Kind::Wav, selection, model))),
            _ => None,
        }
    }

    /// Shows it; `false` once it is done with.
    pub fn ui(&mut self, ctx: &egui::Context, model: &Model, out: &mut Outbox) -> bool {
        let window = ctx.content_rect().size();
        let mut modal = Modal::new(Id::unique("dialog"));
        if let Self::Palette(_) = self {
            // Where the eye is when a menu opens, and the list may grow downwards.
            let area = egui::Area::new(Id::unique("palette"))
                .kind(egui::UiKind::Modal)
                .order(egui::Order::Foreground)
                .anchor(egui::Align2::CENTER_TOP, Vec2::new(0.0, window.y * 0.1));
            modal = modal.area(area);
        }
        let style = ctx.global_style();
        let margin = if matches!(self, Self::Palette(_)) { 10 } else { 20 };
        let frame = egui::Frame::window(&style).inner_margin(margin);
        let shown = modal.frame(frame).show(ctx, |ui| {
            ui.set_width(self.width().min(window.x - 64.0));
            ui.set_max_height(window.y - 96.0);
            match self {
                Self::Palette(palette) => palette.ui(ui, model, out),
                Self::Shortcuts(page) => page.ui(ui),
                Self::Messages(history) => history.ui(ui, model, out),
                Self::Settings(page) => page.ui(ui, model, out),
                Self::About(about) => about.ui(ui, model),
                Self::Kept(kept) => kept.ui(ui, model, out),
                Self::Save(save) => save.ui(ui, model, out),
                Self::PlayedFile(file) => file.ui(ui, model, out),
                Self::Unpinned(unpinned) => unpinned.ui(ui, model, out),
                Self::NewPiece(piece) => piece.ui(ui, model, out),
            }
        });
        let is_left = !shown.inner && shown.should_close();
        if let (Self::PlayedFile(_), true) = (&self, is_left) {
            out.send(Command::DismissPlayedFile);
        }
        let is_done = shown.inner || is_left;
        !is_done
    }

    fn width(&self) -> f32 {
        match self {
            Self::Palette(_) => 520.0,
            Self::Shortcuts(_) => 980.0,
            Self::Messages(_) => 560.0,
            Self::Settings(_) | Self::About(_) | Self::Kept(_) => 480.0,
            Self::Save(_) | Self::PlayedFile(_) | Self::Unpinned(_) | Self::NewPiece(_) => 440.0,
        }
    }
}
