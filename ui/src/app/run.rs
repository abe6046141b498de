//! What each command does.

use protocol::limits::RATES_PERCENT;
use protocol::{Command, PageView, PlayState, PunchIn, RecordRequest, RecordState, RecordWith, Settings};

use super::App;
use crate::actions::{SCALES, other_version, why_not};
use crate::dialogs::Dialog;
use crate::side::Only;
use crate::unpinned::Unpinned;
use crate::{UiCommand, best, own_sound, variations, words};

use UiCommand as C;

/// Steps of the tempo keys, in percent.
const TEMPO_STEP: f64 = 5.0;

/// Steps of the size of the window's parts.
const SCALE_STEP: f32 = 0.1;

impl App {
    /// Carries out a command, or says why not.
    pub fn run(&mut self, command: UiCommand, ctx: &egui::Context) {
        if let Some(reason) = why_not(command, &self.model) {
            self.toasts.say(reason);
            return;
        }
        let pins = matches!(command, C::PinSelected | C::UnpinSelected);
        if pins && self.centre.selected_notes().is_empty() && self.centre.selected_bars().is_none() {
            return self.toasts.say("Select notes, or drag over some bars in the ruler first");
        }
        if command == C::CompareView && self.centre.is_on(command) == Some(false) {
            self.choose_compared();
        }
        if self.centre.run(command, &self.model, &mut self.out) {
            return;
        }
        match command {
            C::NewWindow => self.out.send(Command::NewWindow),
            C::Open => self.out.send(Command::OpenDialog),
            C::ImportRecording => self.out.send(Command::ImportRecording(None)),
            C::Save => self.out.send(Command::Save),
            C::SaveAs => self.out.send(Command::SaveAs(None)),
            C::ExportReport => self.out.send(Command::ExportReport(None)),
            C::PrintPage => self.print_page(),
            C::ShowExported => self.out.send(Command::ShowExported),
            C::Close => self.leave(Command::Close),
            C::CloseWindow => self.leave(Command::CloseWindow),
            C::Quit => self.leave(Command::Quit),
            C::Undo => self.out.send(Command::Undo),
            C::Redo => self.out.send(Command::Redo),
            C::UseNewReading => self.out.send(Command::AdoptReading),
            C::PlayPause => self.out.send(Command::TogglePlay),
            C::Stop => self.out.send(Command::Stop),
            C::SwapCompared => self.switch_versions(),
            C::StarPassage => self.star(),
            C::MakeBest => self.make_best(),
            C::Metronome => self.out.send(Command::Metronome(!self.model.transport.metronome)),
            C::CountIn => self.out.send(Command::CountIn(!self.model.transport.count_in)),
            C::OwnSound => self.hear_own_sound(),
            C::GoToStart => self.out.send(Command::SeekQuarters(0.0)),
            C::PreviousBar => self.seek_bar(-1),
            C::NextBar => self.seek_bar(1),
            C::GoToBar => self.transport_bar.go_to_bar(&self.model),
            C::Loop => self.toggle_loop(),
            C::LoopSelection => match self.centre.selected_bars() {
                Some(bars) => self.out.send(Command::Loop(Some(bars))),
                None => self.toasts.say("Drag over some bars in the ruler first"),
            },
            C::Record => self.record(),
            C::ArmRecording => self.arm_recording(),
            C::RecordBars => self.record_bars(),
            C::Slower => self.step_tempo(-TEMPO_STEP),
            C::Faster => self.step_tempo(TEMPO_STEP),
            C::NormalTempo => self.out.send(Command::Rate(100.0)),
            C::Perform => self.perform(),
            C::Vary => self.vary(),
            C::DuplicateTake | C::RenameTake | C::DeleteTake => self.run_on_take(command),
            C::ScaleUp => self.scale(self.model.settings.settings.scale + SCALE_STEP),
            C::ScaleDown => self.scale(self.model.settings.settings.scale - SCALE_STEP),
            C::ScaleReset => self.scale(1.0),
            C::NewPiece
            | C::Continue
            | C::SaveMidi
            | C::SaveWav
            | C::Palette
            | C::Shortcuts
            | C::Messages
            | C::Settings
            | C::KeptRecordings
            | C::About => self.open_dialog(command),
            // What is left belongs to the piano roll, which has had its say.
            _ => {}
        }
        ctx.request_repaint();
    }

    /// Leaves the project, after the shell was told all that is set.
    fn leave(&mut self, command: Command) {
        if self.model.project.is_some() {
            self.perform.leave(&mut self.out);
            self.variations.leave(&mut self.out);
        }
        self.out.send(command);
    }

    /// Records, or stops. What waits for playing to begin begins; what waits for the first key is given up.
    fn record(&mut self) {
        let waits_for_key = self.model.settings.settings.keyboard.with == RecordWith::Free;
        let command = match self.model.keyboard.state {
            RecordState::Off => Command::Record(RecordRequest::default()),
            RecordState::Armed if !waits_for_key => Command::Record(RecordRequest::default()),
            RecordState::Armed | RecordState::CountIn | RecordState::Recording => Command::StopRecording,
        };
        self.out.send(command);
    }

    fn arm_recording(&mut self) {
        self.out.send(match self.model.keyboard.state {
            RecordState::Off => Command::Record(RecordRequest { replace: None, waits: true }),
            _ => Command::StopRecording,
        });
    }

    /// Records the selected bars of the version that is heard anew.
    fn record_bars(&mut self) {
        if self.model.keyboard.state != RecordState::Off {
            return self.out.send(Command::StopRecording);
        }
        let Some(project) = &self.model.project else { return };
        match self.centre.selected_bars() {
            Some(bars) => {
                let replace = Some(PunchIn { bars, of: project.listening });
                self.out.send(Command::Record(RecordRequest { replace, waits: false }));
            }
            None => self.toasts.say("Drag over some bars in the ruler first"),
        }
    }

    /// Has the score engraved for paper, whatever the window shows of it.
    fn print_page(&mut self) {
        self.out.send(Command::EngravePaper(self.model.score.id));
        self.is_printing = true;
    }

    /// Prints what was engraved for paper, with what is shown on the page.
    pub(super) fn print_on(&mut self, paper: PageView) {
        if !std::mem::take(&mut self.is_printing) {
            return;
        }
        if let Some(problem) = paper.problem {
            return self.toasts.say(problem);
        }
        match self.centre.print_request(&self.model, paper) {
            Some(request) => self.out.send(Command::PrintPage(Box::new(request), None)),
            None => self.toasts.say("Another score is heard now; print the page again"),
        }
    }

    fn open_dialog(&mut self, command: UiCommand) {
        if command == C::About && self.model.about.is_none() {
            self.out.send(Command::About);
        }
        if command == C::Settings {
            self.out.send(Command::FindMidiPorts);
        }
        self.dialog = Dialog::of(command, &self.model, self.centre.selected_bars());
    }

    fn perform(&mut self) {
        match self.perform.request(&self.model, self.centre.selected_bars()) {
            Ok(request) => match Unpinned::of(&request, &self.model) {
                Some(unpinned) => self.dialog = Some(Dialog::Unpinned(unpinned)),
                None => {
                    self.out.send(Command::Perform(request));
                    let takes = self.model.project.as_ref().map_or(&[][..], |project| &project.takes);
                    self.perform.performed(takes);
                }
            },
            Err(reason) => self.toasts.say(reason),
        }
    }

    /// Opens the panel of variations, if there are bars to vary or variations to hear.
    fn vary(&mut self) {
        let bars = variations::bars_to_vary(self.centre.selected_bars().as_ref());
        match bars {
            Err(reason) if self.model.variations.is_none() => self.toasts.say(reason),
            _ => {
                self.variations.open();
                self.only = Only::Perform;
            }
        }
    }

    /// The recording that is heard as it is, or through the piano: the other of the two.
    fn hear_own_sound(&mut self) {
        if let Some((id, own)) = own_sound::heard(&self.model) {
            let command = Command::HearOwnSound(id, !own_sound::is_on(own));
            self.out.send(command);
        }
    }

    /// With nothing compared yet, the two versions are a pair from now on.
    fn switch_versions(&mut self) {
        self.choose_compared();
        self.out.send(Command::SwapCompared);
    }

    /// Compares with the version that *Switch versions* goes to, if nothing is compared yet.
    fn choose_compared(&mut self) {
        let Some(project) = &self.model.project else { return };
        let other = other_version(project).filter(|_| project.compared.is_none());
        if let Some(other) = other {
            self.out.send(Command::Compare(Some(other)));
        }
    }

    fn star(&mut self) {
        let Some(project) = &self.model.project else { return };
        match best::passage(&self.model, self.centre.selected_bars()) {
            Some(bars) => best::star(project, bars, &mut self.out),
            None => self.toasts.say("Drag over some bars in the ruler first"),
        }
    }

    fn make_best(&mut self) {
        if let Some(project) = &self.model.project {
            self.out.send(Command::MakeBest(project.listening));
        }
    }

    /// While some bars repeat, the number keys hear the takes in the order of the list, or the variations while their
    /// panel is open.
    pub(super) fn hear_by_number(&mut self, ctx: &egui::Context) {
        if !best::are_numbers_takes(&self.model) {
            return;
        }
        let Some(number) = best::pressed_number(ctx) else { return };
        if let Some(made) = self.variations.numbered(&self.model) {
            return match made.list.get(number - 1) {
                Some(variation) => {
                    variations::hear(&self.model, made, variation.number, &mut self.out);
                }
                None => self.toasts.say(format!("There is no variation {number} in the list")),
            };
        }
        let take = self.model.project.iter().flat_map(|p| &p.takes).nth(number - 1);
        match take {
            Some(take) => self.out.send(Command::Listen(take.id)),
            None => self.toasts.say(format!("There is no take {number} in the list")),
        }
    }

    fn run_on_take(&mut self, command: UiCommand) {
        let Some(project) = &self.model.project else { return };
        let id = project.listening;
        match command {
            C::DuplicateTake => self.out.send(Command::Duplicate(id)),
            C::RenameTake => {
                // Its name is written in the panel.
                self.only = Only::Takes;
                self.takes.rename(id, words::version(self.model.project.as_ref(), id));
            }
            _ => self.out.send(Command::Delete(id)),
        }
    }

    /// Repetition off if it is on; else over the selection, or the whole piece.
    fn toggle_loop(&mut self) {
        let bars = match &self.model.transport.looped {
            Some(_) => None,
            None => Some(self.centre.selected_bars().unwrap_or(0..self.model.score.measures.len())),
        };
        self.out.send(Command::Loop(bars));
    }

    fn seek_bar(&mut self, bars: isize) {
        let transport = &self.model.transport;
        let score = &self.model.score;
        let Some(here) = words::measure_at(score, transport.position_quarters) else { return };
        let into_quarters = transport.position_quarters - score.measures[here].start_quarters;
        // From within a bar, back means its start; while playing one has a moment to press again.
        let grace_quarters = if transport.state == PlayState::Playing { 1.0 } else { 1e-6 };
        let steps = if bars < 0 && into_quarters > grace_quarters { bars + 1 } else { bars };
        let target = here.saturating_add_signed(steps).min(score.measures.len() - 1);
        self.out.send(Command::SeekQuarters(score.measures[target].start_quarters));
    }

    fn step_tempo(&mut self, percent: f64) {
        let rate = self.model.transport.rate_percent + percent;
        self.out.send(Command::Rate(rate.clamp(*RATES_PERCENT.start(), *RATES_PERCENT.end())));
    }

    fn scale(&mut self, scale: f32) {
        let scale = (scale * 10.0).round() / 10.0;
        let settings = Settings {
            scale: scale.clamp(*SCALES.start(), *SCALES.end()),
            ..self.model.settings.settings.clone()
        };
        self.out.send(Command::Settings(settings));
    }
}
